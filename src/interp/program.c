// A program: its functions, decoded when first called, and the images of its globals and strings. An image is bytes
// plus the places of addresses in it, as the back end writes them too; each machine turns images into objects of its
// own. Addresses of images and functions are given out once, in the order of the module.
#include "base/memory.h"

#include "interp/internal.h"

enum { STATIC_BASE = 0x10000, LARGEST_IMAGE = 1 << 30 };
static const uint64_t FUNC_BASE = UINT64_C(1) << 40;

uint8_t log2_of(uint64_t power) {
    uint8_t log = 0;
    while (power > 1) power >>= 1, log++;
    return log;
}

// ---- images ------------------------------------------------------------------------------------------------------------

Static *image_create(Interp *p, uint64_t size, uint8_t log_align) {
    Static *s = ARENA_NEW(p->arena, Static);
    uint64_t align = UINT64_C(1) << (log_align < 4 ? 4 : log_align);
    s->size = size;
    s->log_align = log_align;
    s->base = (p->next_address + align - 1) & ~(align - 1);
    p->next_address = s->base + size + OBJECT_GAP;
    return s;
}

static void image_fill(Interp *p, Static *image) {
    if (!image->bytes) image->bytes = arena_alloc(p->arena, image->size + 8);
}

static void relocate(Interp *p, Static *image, uint64_t at, uint32_t target, bool is_func, uint64_t addend) {
    Relocation r = {at, addend, target, is_func};
    uint64_t address = addend + (is_func ? p->funcs.items[target]->object.base : p->statics.items[target]->base);
    memcpy(image->bytes + at, &address, 8);
    VEC_PUSH(p->arena, &image->relocations, r);
}

static void write_int(Static *image, uint64_t at, uint64_t bits, uint64_t size) {
    memcpy(image->bytes + at, &bits, size < 8 ? size : 8);
}

static void undefine(Interp *p, Static *image, uint64_t at, uint64_t size) {
    if (!image->defined) {
        image->defined = arena_alloc(p->arena, image->size / 8 + 9);
        memset(image->defined, 0xff, image->size / 8 + 9);
    }
    for (uint64_t i = at; i < at + size; i++) image->defined[i >> 3] &= (uint8_t)~(1 << (i & 7));
}

static void write_float(Static *image, uint64_t at, const ConstValue *v) {
    float narrow = (float)v->real;
    if (v->type->kind == TYPE_F32)
        memcpy(image->bytes + at, &narrow, sizeof narrow);
    else
        memcpy(image->bytes + at, &v->real, sizeof v->real);
}

static void write_items(Interp *p, Static *image, uint64_t at, const ConstValue *v, const uint64_t *offsets) {
    for (uint64_t i = 0; i < v->count; i++) image_write(p, image, at + offsets[i], v->items[i]);
}

static uint32_t static_of_source(Interp *p, const Global *global) {
    return interp_static_of_global(p, map_get(&p->module->global_by_source, global));
}

// The depth of a constant is bounded by that of its type, which the verifier bounds.
void image_write(Interp *p, Static *image, uint64_t at, const ConstValue *v) {
    Types *types = p->module->types;
    const Layout *layout = type_layout(types, v->type);
    switch (v->kind) {
    case CONST_VOID: break;
    case CONST_INT: write_int(image, at, v->bits, layout->size); break;
    case CONST_FLOAT: write_float(image, at, v); break;
    case CONST_STR:
        relocate(p, image, at, interp_static_of_text(p, v->bytes), false, 0);
        write_int(image, at + 8, v->bytes.len, 8);
        break;
    case CONST_NULL:
        if (!layout->has_niche) undefine(p, image, at + layout->payload_offset, type_size(types, v->type->element));
        break;
    case CONST_UNDEFINED: undefine(p, image, at, layout->size); break;
    case CONST_SOME:
        image_write(p, image, at + layout->payload_offset, v->items[0]);
        if (!layout->has_niche) image->bytes[at + layout->tag_offset] = 1;
        break;
    case CONST_STRUCT: write_items(p, image, at, v, layout->field_offsets); break;
    case CONST_ARRAY:
    case CONST_REPEAT: {
        uint64_t stride = type_size(types, v->type->element);
        for (uint64_t i = 0; i < v->type->length && stride; i++)
            image_write(p, image, at + i * stride, v->items[v->kind == CONST_REPEAT ? 0 : i]);
        break;
    }
    case CONST_ENUM:
        write_int(image, at + layout->tag_offset, (uint64_t)v->type->variants[v->index].discriminant, layout->tag_size);
        write_items(p, image, at, v, layout->variant_offsets[v->index]);
        break;
    case CONST_FUNC: {
        const IrFunc *ir = map_get(&p->module->func_by_inst, v->func);
        relocate(p, image, at, interp_func(p, ir)->index, true, 0);
        break;
    }
    case CONST_GLOBAL: relocate(p, image, at, static_of_source(p, v->global), false, v->bits); break;
    case CONST_SLICE:
        relocate(p, image, at, static_of_source(p, v->global), false, v->index * type_size(types, v->type->element));
        write_int(image, at + 8, v->count, 8);
        break;
    }
}

// What is all zero, or all undefined, has no image: such arrays are large.
static bool is_plain_zero(const ConstValue *v) {
    if (v->kind == CONST_REPEAT) return v->type->length == 0 || is_plain_zero(v->items[0]);
    return (v->kind == CONST_INT && v->bits == 0) || v->kind == CONST_VOID;
}

// The contents of an image whose value it is; false when that is too large to be written down.
bool image_set(Interp *p, Static *image, const ConstValue *v) {
    if (!v || is_plain_zero(v)) return true;
    if (v->kind == CONST_UNDEFINED) {
        image->is_undefined = true;
        return true;
    }
    if (image->size > LARGEST_IMAGE) return false;
    image_fill(p, image);
    image_write(p, image, 0, v);
    return true;
}

uint32_t interp_static_of_text(Interp *p, Str text) {
    const Name *key = name_intern(p->module->names, text.ptr ? text.ptr : "", text.len);
    uintptr_t known = (uintptr_t)map_get(&p->static_by_text, key);
    if (known) return (uint32_t)known - 1;
    Static *s = image_create(p, text.len, 0);
    image_fill(p, s);
    if (text.len) memcpy(s->bytes, text.ptr, text.len);
    VEC_PUSH(p->arena, &p->statics, s);
    map_put(p->arena, &p->static_by_text, key, (void *)(uintptr_t)p->statics.len);
    return p->statics.len - 1;
}

static uint32_t add_global(Interp *p, const IrGlobal *g) {
    Types *types = p->module->types;
    uint32_t align = type_align(types, g->type);
    Static *s = image_create(p, type_size(types, g->type), log2_of(g->align > align ? g->align : align));
    s->global = g;
    s->is_var = g->is_var;
    VEC_PUSH(p->arena, &p->statics, s);
    map_put(p->arena, &p->static_by_global, g, (void *)(uintptr_t)p->statics.len);
    return p->statics.len - 1;
}

uint32_t interp_static_of_global(Interp *p, const IrGlobal *g) {
    ENSURE(g);
    uintptr_t known = (uintptr_t)map_get(&p->static_by_global, g);
    if (known) return (uint32_t)known - 1;
    ENSURE(p->source);
    return add_global(p, g);
}

// ---- functions -----------------------------------------------------------------------------------------------------------

static BuiltinKind builtin_of(const char *name) {
    static const struct {
        const char *name;
        BuiltinKind kind;
    } builtins[] = {{"__janus_thread_clone", BUILTIN_CLONE},
                    {"memcpy", BUILTIN_COPY},
                    {"memmove", BUILTIN_COPY},
                    {"memset", BUILTIN_SET},
                    {"memcmp", BUILTIN_COMPARE},
                    {"bcmp", BUILTIN_COMPARE},
                    {"strlen", BUILTIN_LENGTH},
                    {"fmod", BUILTIN_FMOD},
                    {"fmodf", BUILTIN_FMODF}};
    for (size_t i = 0; i < ARRAY_LEN(builtins); i++)
        if (strcmp(builtins[i].name, name) == 0) return builtins[i].kind;
    return BUILTIN_MISSING;
}

static Func *add_func(Interp *p, const IrFunc *ir) {
    Func *f = ARENA_NEW(p->arena, Func);
    f->ir = ir;
    f->index = p->funcs.len;
    f->object = (Object){.base = FUNC_BASE + (uint64_t)f->index * OBJECT_GAP, .kind = OBJECT_FUNC, .origin = f};
    if (p->source)
        f->builtin = BUILTIN_LATER;
    else if (!ir->entry)
        f->builtin = builtin_of(ir->name);
    else
        map_put(p->arena, &p->func_by_name, name_intern_c(p->module->names, ir->name), f);
    VEC_PUSH(p->arena, &p->funcs, f);
    map_put(p->arena, &p->func_by_ir, ir, f);
    return f;
}

Func *interp_func(Interp *p, const IrFunc *ir) {
    Func *f = map_get(&p->func_by_ir, ir);
    if (p->source) return f ? f : add_func(p, ir);
    ENSURE(f);
    if (ir->entry) return f;
    Func *body = map_get(&p->func_by_name, name_intern_c(p->module->names, ir->name));
    return body ? body : f;
}

// ---- programs ------------------------------------------------------------------------------------------------------------

static void add_globals(Interp *p) {
    const IrModule *m = p->module;
    for (uint32_t i = 0; i < m->globals.len; i++) add_global(p, m->globals.items[i]);
    for (uint32_t i = 0; i < m->globals.len; i++) {
        if (!image_set(p, p->statics.items[i], m->globals.items[i]->initial)) p->is_too_large = true;
    }
}

// Strings get their addresses now and not when the code that names them is first reached, which may differ between
// executions.
static void add_strings(Interp *p) {
    for (uint32_t i = 0; i < p->module->error_names.len; i++) {
        const Name *name = p->module->error_names.items[i];
        interp_static_of_text(p, name ? name_str(name) : STR(""));
    }
    for (uint32_t i = 0; i < p->module->funcs.len; i++)
        for (const IrBlock *b = p->module->funcs.items[i]->entry; b; b = b->next)
            for (const IrInst *inst = b->first; inst; inst = inst->next)
                if (inst->op == IR_CONST_STR) interp_static_of_text(p, inst->bytes);
}

Interp *interp_create(const IrModule *module) {
    Arena *arena = arena_create();
    Interp *p = ARENA_NEW(arena, Interp);
    p->arena = arena;
    p->module = module;
    p->next_address = STATIC_BASE;
    for (uint32_t i = 0; i < module->funcs.len; i++) add_func(p, module->funcs.items[i]);
    add_globals(p);
    add_strings(p);
    return p;
}

Interp *interp_create_growing(const IrModule *module, const InterpSource *source) {
    Arena *arena = arena_create();
    Interp *p = ARENA_NEW(arena, Interp);
    p->arena = arena;
    p->module = module;
    p->source = source;
    p->next_address = STATIC_BASE;
    return p;
}

void interp_destroy(Interp *p) { arena_destroy(p->arena); }

// ---- text --------------------------------------------------------------------------------------------------------------

void interp_print_position(StrBuf *out, const Interp *p, Span span) {
    if (!span_known(span)) {
        strbuf_puts(out, ":0:0");
        return;
    }
    const Source *source = sources_get(p->module->sources, span.file);
    LineColumn at = source_position(source, span.start);
    strbuf_printf(out, "%s:%u:%u", source->path, at.line, at.column);
}

void interp_describe(StrBuf *out, const Interp *p, const InterpObject *o) {
    switch ((ObjectKind)o->kind) {
    case OBJECT_NONE: strbuf_puts(out, "nothing"); break;
    case OBJECT_UNDEFINED: strbuf_puts(out, "an undefined place"); break;
    case OBJECT_FUNC: strbuf_printf(out, "function `%s`", ((const Func *)o->origin)->ir->name); break;
    case OBJECT_STRING: strbuf_puts(out, "a text constant"); break;
    case OBJECT_PAGES: strbuf_puts(out, "mapped pages"); break;
    case OBJECT_ARGUMENTS: strbuf_puts(out, "the program's arguments"); break;
    case OBJECT_GLOBAL: {
        const IrGlobal *g = o->origin;
        strbuf_printf(out, "%s `%s`", g->is_var ? "variable" : "constant", g->name);
        break;
    }
    case OBJECT_SLOT: {
        const IrInst *slot = o->origin;
        if (slot->slot.name)
            strbuf_printf(out, "`%s`", slot->slot.name);
        else
            strbuf_puts(out, "a temporary");
        if (!span_known(slot->span)) break;
        strbuf_puts(out, " (");
        interp_print_position(out, p, slot->span);
        strbuf_putc(out, ')');
        break;
    }
    }
}

const char *interp_undefined_text(UndefinedKind kind) {
    static const char *const texts[] = {
#define UNDEFINED(kind, text) text,
#include "interp/undefined.def"
#undef UNDEFINED
    };
    return texts[kind];
}
