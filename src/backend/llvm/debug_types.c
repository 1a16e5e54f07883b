// Types as a debugger sees them. Structs show their fields, slices { ptr, len }, optionals { payload, has }, error
// unions { payload, error }, payload enums { tag, value } where value is a union of the variants; offsets are the
// layout's.
//
// Types may be circular through pointers. A composite type is first known by a placeholder and replaced when its
// members are done; what was built in between points at the replacement from then on.
#include "backend/llvm/emit.h"

enum {
    DW_TAG_STRUCTURE = 0x13,
    DW_ATE_BOOLEAN = 0x02,
    DW_ATE_FLOAT = 0x04,
    DW_ATE_SIGNED = 0x05,
    DW_ATE_UNSIGNED = 0x07,
    DW_ATE_UNSIGNED_CHAR = 0x08
};

// Beyond this depth of types inside types a member is shown as bytes: no hostile type exhausts the stack.
enum { DEEPEST = 200 };

typedef struct Members {
    LLVMMetadataRef *items;
    uint32_t count;
} Members;

static Types *types_of(Emitter *e) { return e->ir->types; }
static uint64_t bits_of(Emitter *e, Type *t) { return type_size(types_of(e), t) * 8; }

static LLVMMetadataRef basic(Emitter *e, const char *name, uint64_t bits, unsigned encoding) {
    return LLVMDIBuilderCreateBasicType(e->debug.builder, name, strlen(name), bits, encoding, LLVMDIFlagZero);
}

static LLVMMetadataRef bytes_of(Emitter *e, uint64_t size) {
    LLVMMetadataRef range = LLVMDIBuilderGetOrCreateSubrange(e->debug.builder, 0, (int64_t)size);
    return LLVMDIBuilderCreateArrayType(e->debug.builder, size * 8, 8, basic(e, "u8", 8, DW_ATE_UNSIGNED_CHAR), &range,
                                        1);
}

static LLVMMetadataRef member(Emitter *e, const char *name, LLVMMetadataRef type, uint64_t size, uint64_t offset) {
    DebugInfo *d = &e->debug;
    return LLVMDIBuilderCreateMemberType(d->builder, d->unit, name, strlen(name), debug_file(e, 0), 0, size * 8, 0,
                                         offset * 8, LLVMDIFlagZero, type);
}

static LLVMMetadataRef member_of(Emitter *e, const char *name, Type *t, uint64_t offset) {
    return member(e, name, debug_type(e, t), type_size(types_of(e), t), offset);
}

static LLVMMetadataRef composite(Emitter *e, const char *name, uint64_t size, const Members *members, bool is_union) {
    DebugInfo *d = &e->debug;
    LLVMMetadataRef file = debug_file(e, 0);
    if (is_union)
        return LLVMDIBuilderCreateUnionType(d->builder, d->unit, name, strlen(name), file, 0, size * 8, 0,
                                            LLVMDIFlagZero, members->items, members->count, 0, "", 0);
    return LLVMDIBuilderCreateStructType(d->builder, d->unit, name, strlen(name), file, 0, size * 8, 0, LLVMDIFlagZero,
                                         NULL, members->items, members->count, 0, NULL, "", 0);
}

static Members members_new(Emitter *e, uint32_t capacity) {
    return (Members){ARENA_ARRAY(e->arena, LLVMMetadataRef, capacity + 1), 0};
}

static void members_add(Members *m, LLVMMetadataRef item) { m->items[m->count++] = item; }

static const char *field_name(Emitter *e, const Field *f, uint32_t index) {
    return f->name ? f->name->text : arena_printf(e->arena, "_%u", index);
}

static LLVMMetadataRef enumeration(Emitter *e, const char *name, Type *t) {
    DebugInfo *d = &e->debug;
    bool is_unsigned = !type_is_signed(t->tag_type);
    LLVMMetadataRef *items = ARENA_ARRAY(e->arena, LLVMMetadataRef, t->variant_count + 1);
    for (uint32_t i = 0; i < t->variant_count; i++) {
        const Variant *v = &t->variants[i];
        items[i] = LLVMDIBuilderCreateEnumerator(d->builder, v->name->text, v->name->len, v->discriminant, is_unsigned);
    }
    return LLVMDIBuilderCreateEnumerationType(d->builder, d->unit, name, strlen(name), debug_file(e, 0), 0,
                                              bits_of(e, t->tag_type), 0, items, t->variant_count,
                                              debug_type(e, t->tag_type));
}

// Every error code of the program has its name in every error set: codes are global.
static LLVMMetadataRef error_enumeration(Emitter *e) {
    DebugInfo *d = &e->debug;
    uint32_t count = e->ir->error_names.len;
    LLVMMetadataRef *items = ARENA_ARRAY(e->arena, LLVMMetadataRef, count + 1);
    uint32_t n = 0;
    items[n++] = LLVMDIBuilderCreateEnumerator(d->builder, "none", 4, 0, true);
    for (uint32_t i = 1; i < count; i++) {
        const Name *name = e->ir->error_names.items[i];
        items[n++] = LLVMDIBuilderCreateEnumerator(d->builder, name->text, name->len, i, true);
    }
    return LLVMDIBuilderCreateEnumerationType(d->builder, d->unit, "error", 5, debug_file(e, 0), 0, 16, 0, items, n,
                                              basic(e, "u16", 16, DW_ATE_UNSIGNED));
}

static Members variant_members(Emitter *e, const Variant *v, const uint64_t *offsets, uint64_t payload) {
    Members m = members_new(e, v->field_count);
    for (uint32_t i = 0; i < v->field_count; i++)
        members_add(&m, member_of(e, field_name(e, &v->fields[i], i), v->fields[i].type, offsets[i] - payload));
    return m;
}

static Members enum_members(Emitter *e, const char *name, Type *t, const Layout *layout) {
    uint64_t payload = layout->payload_offset, room = layout->size - payload;
    Members variants = members_new(e, t->variant_count);
    for (uint32_t i = 0; i < t->variant_count; i++) {
        const Variant *v = &t->variants[i];
        if (v->field_count == 0) continue;
        Members fields = variant_members(e, v, layout->variant_offsets[i], payload);
        LLVMMetadataRef type = composite(e, v->name->text, room, &fields, false);
        members_add(&variants, member(e, v->name->text, type, room, 0));
    }
    Members m = members_new(e, 2);
    members_add(&m, member(e, "tag", enumeration(e, arena_printf(e->arena, "%s.tag", name), t), layout->tag_size,
                           layout->tag_offset));
    members_add(&m, member(e, "value", composite(e, "", room, &variants, true), room, payload));
    return m;
}

static Members composite_members(Emitter *e, const char *name, Type *t, const Layout *layout) {
    Members m = members_new(e, t->field_count + 2);
    switch (t->kind) {
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < t->field_count; i++)
            members_add(&m, member_of(e, field_name(e, &t->fields[i], i), t->fields[i].type, layout->field_offsets[i]));
        return m;
    case TYPE_SLICE:
        members_add(&m, member_of(e, "ptr", type_ptr(types_of(e), t->element, t->is_const), 0));
        members_add(&m, member_of(e, "len", type_primitive(types_of(e), TYPE_USIZE), 8));
        return m;
    case TYPE_OPTIONAL:
        members_add(&m, member_of(e, "payload", t->element, layout->payload_offset));
        members_add(&m, member_of(e, "has", type_primitive(types_of(e), TYPE_BOOL), layout->tag_offset));
        return m;
    case TYPE_ERROR_UNION:
        if (!type_is_zero_sized(t->element))
            members_add(&m, member_of(e, "payload", t->element, layout->payload_offset));
        members_add(&m, member_of(e, "error", t->errors, layout->tag_offset));
        return m;
    default: return enum_members(e, name, t, layout);
    }
}

static LLVMMetadataRef composite_type(Emitter *e, Type *t) {
    DebugInfo *d = &e->debug;
    const char *name = type_text(e->arena, t);
    const Layout *layout = type_layout(types_of(e), t);
    LLVMMetadataRef placeholder =
        LLVMDIBuilderCreateReplaceableCompositeType(d->builder, DW_TAG_STRUCTURE, name, strlen(name), d->unit,
                                                    debug_file(e, 0), 0, 0, layout->size * 8, 0, LLVMDIFlagZero, "", 0);
    map_put(e->arena, &d->types, t, placeholder);
    Members m = composite_members(e, name, t, layout);
    LLVMMetadataRef type = composite(e, name, layout->size, &m, false);
    LLVMMetadataReplaceAllUsesWith(placeholder, type);
    return type;
}

static LLVMMetadataRef array_type(Emitter *e, Type *t) {
    LLVMMetadataRef range = LLVMDIBuilderGetOrCreateSubrange(e->debug.builder, 0, (int64_t)t->length);
    return LLVMDIBuilderCreateArrayType(e->debug.builder, bits_of(e, t), 0, debug_type(e, t->element), &range, 1);
}

// A type that the program only ever points to may never have been completed; what it holds is nobody's business then.
static LLVMMetadataRef pointer_type(Emitter *e, Type *to) {
    bool is_opaque = !to || to->kind == TYPE_VOID || to->kind == TYPE_NEVER || to->kind == TYPE_FUNC ||
                     !text_type_ready(&e->debug.ready, to);
    return LLVMDIBuilderCreatePointerType(e->debug.builder, is_opaque ? NULL : debug_type(e, to), 64, 0, 0, "", 0);
}

static LLVMMetadataRef primitive_type(Emitter *e, Type *t) {
    const char *name = type_text(e->arena, t);
    uint64_t bits = bits_of(e, t);
    if (t->kind == TYPE_BOOL) return basic(e, name, bits, DW_ATE_BOOLEAN);
    if (type_is_float(t)) return basic(e, name, bits, DW_ATE_FLOAT);
    // So that text is shown as text.
    if (t->kind == TYPE_U8) return basic(e, name, bits, DW_ATE_UNSIGNED_CHAR);
    return basic(e, name, bits, type_is_signed(t) ? DW_ATE_SIGNED : DW_ATE_UNSIGNED);
}

static LLVMMetadataRef describe(Emitter *e, Type *t) {
    switch (t->kind) {
    case TYPE_PTR: return pointer_type(e, t->element);
    case TYPE_FUNC: return pointer_type(e, NULL);
    case TYPE_ARRAY: return array_type(e, t);
    case TYPE_ERROR_SET: return error_enumeration(e);
    case TYPE_OPTIONAL:
        // With a niche the empty optional is the null pointer, and that is what a debugger shows best.
        if (type_layout(types_of(e), t)->has_niche) return debug_type(e, t->element);
        return composite_type(e, t);
    case TYPE_ENUM:
        if (t->is_plain_enum) return enumeration(e, type_text(e->arena, t), t);
        return composite_type(e, t);
    case TYPE_STRUCT:
    case TYPE_SLICE:
    case TYPE_ERROR_UNION: return composite_type(e, t);
    case TYPE_VOID:
    case TYPE_NEVER: return bytes_of(e, 0);
    default: return primitive_type(e, t);
    }
}

LLVMMetadataRef debug_type(Emitter *e, Type *t) {
    LLVMMetadataRef known = map_get(&e->debug.types, t);
    if (known) return known;
    if (e->debug.depth >= DEEPEST) return bytes_of(e, type_size(types_of(e), t));
    e->debug.depth++;
    LLVMMetadataRef type = describe(e, t);
    e->debug.depth--;
    map_put(e->arena, &e->debug.types, t, type);
    return type;
}

LLVMMetadataRef debug_file(Emitter *e, uint32_t file) {
    DebugInfo *d = &e->debug;
    if (d->files[file]) return d->files[file];
    Str path = str_from(file ? sources_get(e->ir->sources, file)->path : "<none>");
    Str dir = str_from(e->options->working_dir ? e->options->working_dir : ".");
    return d->files[file] = LLVMDIBuilderCreateFile(d->builder, path.ptr, path.len, dir.ptr, dir.len);
}
