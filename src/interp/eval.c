// Evaluation of constants: a function is called with constants on a machine that has no kernel and no variables, and what it leaves is read
// back as a constant. Its arguments become images like those of globals, so they may hold texts and addresses of constants.
#include "base/memory.h"
#include "interp/internal.h"

enum { DEPTH_LIMIT = 200, COUNT_LIMIT = 1 << 24 };

typedef struct Eval {
    Interp *p;
    Machine *m;
    Arena *arena;
    InterpEvalError *error;
} Eval;

static void *refuse(Eval *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void *refuse(Eval *e, const char *fmt, ...) {
    if (e->error->message) return NULL;
    StrBuf text = {0};
    va_list args;
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    e->error->message = str_c(e->arena, strbuf_str(&text));
    strbuf_free(&text);
    return NULL;
}

// ---- from memory to constants ------------------------------------------------------------------------------------------

static ConstValue *read_back(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth);

static ConstValue *new_const(Eval *e, Type *t, ConstKind kind) {
    ConstValue *c = ARENA_NEW(e->arena, ConstValue);
    c->type = t;
    c->kind = kind;
    return c;
}

static ConstValue *read_items(Eval *e, ConstValue *c, Object *o, uint64_t at, uint64_t count, const Field *fields,
                              const uint64_t *offsets, uint32_t depth) {
    if (count > COUNT_LIMIT) return refuse(e, "the result is too large for a constant");
    c->count = count;
    c->items = ARENA_ARRAY(e->arena, ConstValue *, count + 1);
    uint64_t stride = fields ? 0 : type_size(e->p->module->types, c->type->element);
    for (uint64_t i = 0; i < count; i++) {
        c->items[i] = read_back(e, fields ? fields[i].type : c->type->element, o,
                                at + (fields ? offsets[i] : i * stride), depth + 1);
        if (!c->items[i]) return NULL;
    }
    return c;
}

static bool read_tag(Eval *e, Object *o, uint64_t at, uint32_t size, uint64_t *tag) {
    *tag = 0;
    if (!memory_defined(o, at, size)) return refuse(e, "the result is undefined in part"), false;
    memcpy(tag, o->bytes + at, size);
    return true;
}

static ConstValue *read_optional(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth) {
    const Layout *layout = type_layout(e->p->module->types, t);
    uint64_t tag;
    if (!read_tag(e, o, at + layout->tag_offset, layout->has_niche ? 8 : 1, &tag)) return NULL;
    if (!tag) return new_const(e, t, CONST_NULL);
    ConstValue *c = new_const(e, t, CONST_SOME);
    c->count = 1;
    c->items = ARENA_ARRAY(e->arena, ConstValue *, 1);
    c->items[0] = read_back(e, t->element, o, at + layout->payload_offset, depth + 1);
    return c->items[0] ? c : NULL;
}

static ConstValue *read_enum(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth) {
    const Layout *layout = type_layout(e->p->module->types, t);
    uint64_t tag;
    if (!read_tag(e, o, at + layout->tag_offset, layout->tag_size, &tag)) return NULL;
    uint64_t mask = layout->tag_size < 8 ? (UINT64_C(1) << layout->tag_size * 8) - 1 : UINT64_MAX;
    for (uint32_t v = 0; v < t->variant_count; v++) {
        if (((uint64_t)t->variants[v].discriminant & mask) != tag) continue;
        ConstValue *c = new_const(e, t, CONST_ENUM);
        c->index = v;
        return read_items(e, c, o, at, t->variants[v].field_count, t->variants[v].fields, layout->variant_offsets[v],
                          depth);
    }
    return refuse(e, "the result is no variant of its enum");
}

static ConstValue *value_as_const(Eval *e, Type *t, Value v, Value len) {
    if (t->kind == TYPE_SLICE) {
        if (value_is_undefined_address(v) || len.undefined) return new_const(e, t, CONST_UNDEFINED);
        bool is_text = t->is_const && t->element->kind == TYPE_U8;
        if (!is_text) return refuse(e, "the result is a slice of something else than bytes");
        uint64_t at = v.bits - v.object->base;
        if (len.bits &&
            (at > v.object->size || v.object->size - at < len.bits || !memory_defined(v.object, at, len.bits)))
            return refuse(e, "the result holds a slice of memory that is gone");
        ConstValue *c = new_const(e, t, CONST_STR);
        c->bytes = str_copy(e->arena, (Str){len.bits ? (const char *)v.object->bytes + at : "", len.bits});
        return c;
    }
    Shape s = shape_of(e->p, t);
    if (s.is_address) {
        if (value_is_undefined_address(v)) return new_const(e, t, CONST_UNDEFINED);
        if (t->kind == TYPE_OPTIONAL && v.bits == 0) return new_const(e, t, CONST_NULL);
        Type *held = t->kind == TYPE_OPTIONAL ? t->element : t;
        if (v.object->kind != OBJECT_FUNC || held->kind != TYPE_FUNC || !((const Func *)v.object->origin)->ir->inst)
            return refuse(e, "the result points into the evaluation");
        ConstValue *c = new_const(e, held, CONST_FUNC);
        c->func = ((const Func *)v.object->origin)->ir->inst;
        if (t == held) return c;
        ConstValue *some = new_const(e, t, CONST_SOME);
        some->count = 1;
        some->items = ARENA_ARRAY(e->arena, ConstValue *, 1);
        some->items[0] = c;
        return some;
    }
    if (v.undefined) return new_const(e, t, CONST_UNDEFINED);
    ConstValue *c = new_const(e, t, type_is_float(t) ? CONST_FLOAT : CONST_INT);
    c->bits = v.bits;
    if (t->kind == TYPE_F64) memcpy(&c->real, &v.bits, 8);
    if (t->kind == TYPE_F32) {
        float narrow;
        memcpy(&narrow, &v.bits, sizeof narrow);
        c->real = (double)narrow;
    }
    if (type_is_float(t)) c->bits = 0;
    return c;
}

static ConstValue *read_scalar(Eval *e, Type *t, Object *o, uint64_t at) {
    Shape s = shape_of(e->p, t);
    if (!s.is_slice) return value_as_const(e, t, memory_load(e->m, NULL, o, at, s), (Value){0});
    Value len = {0};
    memcpy(&len.bits, o->bytes + at + 8, 8);
    len.undefined = memory_undefined_mask(o, at + 8, 8);
    return value_as_const(e, t, memory_load_address(e->m, NULL, o, at), len);
}

static ConstValue *read_back(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth) {
    const Layout *layout = type_layout(e->p->module->types, t);
    if (depth > DEPTH_LIMIT) return refuse(e, "the result nests too deep");
    if (t->kind == TYPE_VOID) return new_const(e, t, CONST_VOID);
    if (type_is_scalar(t)) return read_scalar(e, t, o, at);
    switch (t->kind) {
    case TYPE_STRUCT:
        return read_items(e, new_const(e, t, CONST_STRUCT), o, at, t->field_count, t->fields, layout->field_offsets,
                          depth);
    case TYPE_ARRAY: return read_items(e, new_const(e, t, CONST_ARRAY), o, at, t->length, NULL, NULL, depth);
    case TYPE_OPTIONAL: return read_optional(e, t, o, at, depth);
    case TYPE_ENUM: return read_enum(e, t, o, at, depth);
    default: return refuse(e, "the result has no constant form");
    }
}

// ---- arguments ---------------------------------------------------------------------------------------------------------

// Where each argument's image is among the statics; the result's place comes first, when there is one.
static uint32_t *make_images(Eval *e, const IrFunc *func, ConstValue *const *args, uint32_t count) {
    Types *types = e->p->module->types;
    uint32_t *images = ARENA_ARRAY(e->arena, uint32_t, count + 1);
    for (uint32_t i = 0; i <= count; i++) {
        Type *t = i == 0 ? func->type->element : args[i - 1]->type;
        Static *s = image_create(e->p, type_size(types, t), log2_of(type_align(types, t)));
        if (i > 0 && !image_set(e->p, s, args[i - 1])) refuse(e, "an argument is too large");
        VEC_PUSH(e->p->arena, &e->p->statics, s);
        images[i] = e->p->statics.len - 1;
    }
    return images;
}

static bool pass_arguments(Eval *e, const IrFunc *func, const uint32_t *images, uint32_t count, Value *values,
                           uint32_t limit, uint32_t *used) {
    uint32_t n = 0;
    if (ir_result_by_address(func->type)) {
        Object *o = &e->m->statics[images[0]];
        o->flags = 0;
        memory_set_defined(e->m, o, 0, o->full_size, false);
        values[n++] = (Value){o->base, {o}};
    }
    for (uint32_t i = 0; i < count; i++) {
        Type *t = func->type->params[i];
        Object *o = &e->m->statics[images[i + 1]];
        if (n + 2 > limit) return refuse(e, "the function takes too many arguments"), false;
        if (ir_param_by_address(t)) {
            values[n++] = (Value){o->base, {o}};
            continue;
        }
        Shape s = shape_of(e->p, t);
        s.is_address |= s.is_slice;
        values[n++] = memory_load(e->m, NULL, o, 0, s);
        if (!s.is_slice) continue;
        values[n] = (Value){0};
        memcpy(&values[n++].bits, o->bytes + 8, 8);
    }
    *used = n;
    return true;
}

static bool run(Eval *e, Thread *t, uint64_t step_limit) {
    InterpStatus status = interp_step(t, step_limit ? step_limit : UINT64_MAX);
    if (status == INTERP_AT_OP && t->op.kind == INTERP_OP_EXIT) status = interp_commit(t, (Value){0});
    if (status == INTERP_DONE) return true;
    const IrInst *at = thread_origin(t);
    if (at) e->error->span = at->span;
    if (status == INTERP_FAILED)
        refuse(e, "%s", t->failure.message);
    else if (status == INTERP_AT_OP)
        refuse(e, "a system call cannot be made at compile time");
    else
        refuse(e, "the evaluation takes more than %llu steps", (unsigned long long)step_limit);
    return false;
}

static ConstValue *result_of(Eval *e, const IrFunc *func, Thread *t, uint32_t image) {
    Type *result = func->type->element;
    if (result->kind == TYPE_VOID) return new_const(e, result, CONST_VOID);
    if (!ir_result_by_address(func->type))
        return value_as_const(e, result, t->result, result->kind == TYPE_SLICE ? t->regs[1] : (Value){0});
    return read_back(e, result, &e->m->statics[image], 0, 0);
}

ConstValue *interp_eval(const IrModule *module, const IrFunc *func, ConstValue *const *args, uint32_t count,
                        uint64_t step_limit, Arena *arena, InterpEvalError *error) {
    *error = (InterpEvalError){.span = func->span};
    Eval e = {.p = interp_create(module), .arena = arena, .error = error};
    ConstValue *out = NULL;
    Value values[8];
    uint32_t used;
    if (count != func->type->param_count) {
        refuse(&e, "the function takes %u arguments, %u are given", func->type->param_count, count);
        interp_destroy(e.p);
        return NULL;
    }
    uint32_t *images = make_images(&e, func, args, count);
    e.m = interp_machine_create(e.p, &(InterpLimits){.memory = UINT64_C(256) << 20, .frames = 10000}, true);
    if (!func->entry)
        refuse(&e, "the foreign function `%s` is not known at compile time", func->name);
    else if (pass_arguments(&e, func, images, count, values, ARRAY_LEN(values), &used)) {
        Thread *t = interp_start(e.m, func, values, used);
        if (run(&e, t, step_limit)) out = result_of(&e, func, t, images[0]);
    }
    interp_machine_destroy(e.m);
    interp_destroy(e.p);
    return out;
}
