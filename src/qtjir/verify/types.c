// Rules about types and globals: only concrete types occur; a type held by value is complete, its parts lie within it
// in ascending order, aligned and apart from each other; a global's initial value has the shape and the type of the
// global.
#include "qtjir/verify/internal.h"

#include <inttypes.h>

static uint8_t *type_mark(Verify *v, const Type *t) {
    if (t->id >= v->type_mark_count) {
        uint32_t count = t->id < UINT32_MAX / 4 ? t->id * 2 + 256 : UINT32_MAX / 2;
        uint8_t *grown = arena_alloc(v->module_arena, count);
        if (v->type_mark_count) memcpy(grown, v->type_marks, v->type_mark_count);
        v->type_marks = grown;
        v->type_mark_count = count;
    }
    return &v->type_marks[t->id];
}

typedef VEC(Type *) TypeStack;

static void push_parts(Verify *v, TypeStack *stack, Type *t) {
    if (t->element) VEC_PUSH(v->arena, stack, t->element);
    if (t->errors) VEC_PUSH(v->arena, stack, t->errors);
    if (t->kind == TYPE_FUNC)
        for (uint32_t i = 0; i < t->param_count; i++) VEC_PUSH(v->arena, stack, t->params[i]);
}

bool verify_concrete(Verify *v, Type *t) {
    if (*type_mark(v, t) & TYPE_MARK_CONCRETE) return true;
    TypeStack stack = {0};
    VEC_PUSH(v->arena, &stack, t);
    while (stack.len) {
        Type *top = VEC_POP(&stack);
        if (*type_mark(v, top) & TYPE_MARK_CONCRETE) continue;
        bool foreign = top->kind == TYPE_INT_LITERAL || top->kind == TYPE_FLOAT_LITERAL || top->kind == TYPE_ERROR ||
                       top->kind == TYPE_PARAM || top->kind == TYPE_VALUE || top->length_param;
        if (foreign || (top->kind == TYPE_ERROR_UNION && (!top->errors || top->errors->kind != TYPE_ERROR_SET)))
            return verify_fail(v, "type `%s` is not concrete", verify_text(v, t));
        *type_mark(v, top) |= TYPE_MARK_CONCRETE;
        push_parts(v, &stack, top);
    }
    return true;
}

// ---- layouts ---------------------------------------------------------------------------------------------------------

static bool layout_broken(Verify *v, const Type *t, const char *how) {
    return verify_fail(v, "layout of `%s`: %s", verify_text(v, t), how);
}

static bool fields_agree(Verify *v, const Type *t, const Layout *layout, const Field *fields, uint32_t count,
                         const uint64_t *offsets, uint64_t start) {
    uint64_t end = start;
    for (uint32_t i = 0; i < count; i++) {
        const Layout *field = type_layout(v->types, fields[i].type);
        uint32_t align = field->align > fields[i].align ? field->align : fields[i].align;
        if (offsets[i] < end) return layout_broken(v, t, "fields overlap or are out of order");
        if (offsets[i] % align) return layout_broken(v, t, "a field is not aligned");
        if (layout->align < align) return layout_broken(v, t, "it is aligned less than one of its fields");
        if (offsets[i] > layout->size || layout->size - offsets[i] < field->size)
            return layout_broken(v, t, "a field does not lie within it");
        end = offsets[i] + field->size;
    }
    return true;
}

static bool variants_agree(Verify *v, const Type *t, const Layout *layout) {
    for (uint32_t n = 0; n < t->variant_count; n++)
        if (!fields_agree(v, t, layout, t->variants[n].fields, t->variants[n].field_count, layout->variant_offsets[n],
                          layout->tag_size))
            return false;
    return true;
}

// The payload and the tag of an optional or an error union.
static bool tagged_agrees(Verify *v, const Type *t, const Layout *layout) {
    const Layout *payload = type_layout(v->types, t->element);
    uint64_t tag_end = layout->tag_offset + layout->tag_size, payload_end = layout->payload_offset + payload->size;
    if (layout->tag_offset < payload_end && layout->payload_offset < tag_end)
        return layout_broken(v, t, "tag and payload overlap");
    if (layout->tag_offset % layout->tag_size || layout->payload_offset % payload->align ||
        layout->align < payload->align)
        return layout_broken(v, t, "a part is not aligned");
    if (tag_end > layout->size || payload_end > layout->size)
        return layout_broken(v, t, "a part does not lie within it");
    return true;
}

static bool layout_agrees(Verify *v, Type *t) {
    const Layout *layout = type_layout(v->types, t);
    if (layout->size >= TYPE_SIZE_LIMIT) return layout_broken(v, t, "it is too large");
    if (layout->align == 0 || (layout->align & (layout->align - 1)))
        return layout_broken(v, t, "its alignment is not a power of two");
    if (layout->size % layout->align) return layout_broken(v, t, "its size is not a multiple of its alignment");
    switch (t->kind) {
    case TYPE_STRUCT: return fields_agree(v, t, layout, t->fields, t->field_count, layout->field_offsets, 0);
    case TYPE_ENUM: return t->is_plain_enum || variants_agree(v, t, layout);
    case TYPE_OPTIONAL: return layout->has_niche || tagged_agrees(v, t, layout);
    case TYPE_ERROR_UNION: return tagged_agrees(v, t, layout);
    default: return true;
    }
}

static void push_held(Verify *v, TypeStack *stack, Type *t) {
    if (type_is_scalar(t)) return;
    if (t->kind == TYPE_ARRAY || t->kind == TYPE_OPTIONAL || t->kind == TYPE_ERROR_UNION)
        VEC_PUSH(v->arena, stack, t->element);
    if (t->kind == TYPE_STRUCT)
        for (uint32_t i = 0; i < t->field_count; i++) VEC_PUSH(v->arena, stack, t->fields[i].type);
    if (t->kind == TYPE_ENUM)
        for (uint32_t n = 0; n < t->variant_count; n++)
            for (uint32_t i = 0; i < t->variants[n].field_count; i++)
                VEC_PUSH(v->arena, stack, t->variants[n].fields[i].type);
}

bool verify_layout(Verify *v, Type *t) {
    if (*type_mark(v, t) & TYPE_MARK_LAYOUT) return true;
    TypeStack stack = {0};
    VEC_PUSH(v->arena, &stack, t);
    while (stack.len) {
        Type *top = VEC_POP(&stack);
        if (*type_mark(v, top) & TYPE_MARK_LAYOUT) continue;
        if (!verify_concrete(v, top)) return false;
        if (!text_type_ready(&v->ready, top))
            return verify_fail(v, "type `%s` is used by value but is not complete", verify_text(v, top));
        if (!layout_agrees(v, top)) return false;
        *type_mark(v, top) |= TYPE_MARK_LAYOUT;
        push_held(v, &stack, top);
    }
    return true;
}

// ---- initial values --------------------------------------------------------------------------------------------------

bool verify_int_fits(const Type *t, uint64_t bits) {
    if (t->kind == TYPE_BOOL) return bits <= 1;
    if (t->kind == TYPE_ERROR_SET) return bits <= UINT16_MAX;
    if (t->kind == TYPE_ENUM) return t->tag_type && type_is_int(t->tag_type) && verify_int_fits(t->tag_type, bits);
    uint32_t width = type_bits(t);
    if (width >= 64) return true;
    if (!type_is_signed(t)) return bits >> width == 0;
    int64_t value = (int64_t)bits, limit = INT64_C(1) << (width - 1);
    return value >= -limit && value < limit;
}

static bool verify_const(Verify *v, const IrGlobal *g, const ConstValue *c, Type *type, uint32_t depth);

static bool const_mismatch(Verify *v, const IrGlobal *g, const ConstValue *c, const Type *type) {
    (void)c;
    return verify_fail(v, "initial value of global `%s`: a value does not fit its type `%s`", g->name,
                       verify_text(v, type));
}

static bool verify_items(Verify *v, const IrGlobal *g, const ConstValue *c, uint32_t depth) {
    uint64_t count = text_const_count(c);
    if (count && !c->items) return const_mismatch(v, g, c, c->type);
    for (uint64_t i = 0; i < count; i++) {
        Type *type = c->type->element;
        if (c->kind == CONST_STRUCT) type = c->type->fields[i].type;
        if (c->kind == CONST_ENUM) type = c->type->variants[c->index].fields[i].type;
        if (!verify_const(v, g, c->items[i], type, depth + 1)) return false;
    }
    return true;
}

static bool const_kind_fits(Verify *v, const ConstValue *c, const Type *t) {
    switch (c->kind) {
    case CONST_INT:
        return (type_is_int(t) || t->kind == TYPE_BOOL || t->kind == TYPE_ERROR_SET || t->kind == TYPE_ENUM) &&
               type_is_scalar(t) && verify_int_fits(t, c->bits);
    case CONST_FLOAT: return type_is_float(t);
    case CONST_STR: return t == type_str(v->types);
    case CONST_NULL:
    case CONST_SOME: return t->kind == TYPE_OPTIONAL;
    case CONST_UNDEFINED: return true;
    case CONST_STRUCT: return t->kind == TYPE_STRUCT;
    case CONST_ARRAY:
    case CONST_REPEAT: return t->kind == TYPE_ARRAY;
    case CONST_ENUM: return t->kind == TYPE_ENUM && c->index < t->variant_count;
    case CONST_FUNC: return t->kind == TYPE_FUNC && c->func && c->func->type == t;
    case CONST_GLOBAL: return t->kind == TYPE_PTR && c->global;
    case CONST_SLICE: return t->kind == TYPE_SLICE && c->global && c->global->type->kind == TYPE_ARRAY;
    case CONST_VOID: return t->kind == TYPE_VOID;
    }
    return false;
}

// Addresses in initial values: the global is in the module and of the right type, a slice stays inside its array.
static bool verify_const_address(Verify *v, const IrGlobal *g, const ConstValue *c) {
    if (c->kind == CONST_FUNC) {
        if (map_get(&v->m->func_by_inst, c->func)) return true;
        return verify_fail(v, "initial value of global `%s`: function `%s` is not in the module", g->name,
                           c->func->symbol);
    }
    const IrGlobal *target = map_get(&v->m->global_by_source, c->global);
    if (!target || !map_get(&v->globals, target))
        return verify_fail(v, "initial value of global `%s`: global `%s` is not in the module", g->name,
                           c->global->symbol);
    bool fits = c->kind == CONST_SLICE ? c->type->element == target->type->element
                                       : verify_layout(v, target->type) &&
                                             type_has_part(v->types, target->type, c->bits, c->type->element);
    if (!fits) return const_mismatch(v, g, c, c->type);
    if (!c->type->is_const && !target->is_var)
        return verify_fail(v, "initial value of global `%s`: a writable address of the constant `%s`", g->name,
                           target->name);
    if (c->kind == CONST_SLICE && (c->index > target->type->length || c->count > target->type->length - c->index))
        return verify_fail(v, "initial value of global `%s`: a slice leaves the array `%s`", g->name, target->name);
    return true;
}

static bool verify_const(Verify *v, const IrGlobal *g, const ConstValue *c, Type *type, uint32_t depth) {
    enum { CONST_DEPTH = 2000 };
    if (!c || c->type != type || !const_kind_fits(v, c, type)) return const_mismatch(v, g, c, type);
    if (depth > CONST_DEPTH) return verify_fail(v, "initial value of global `%s`: nests too deep", g->name);
    if (c->kind == CONST_FUNC || c->kind == CONST_GLOBAL || c->kind == CONST_SLICE)
        return verify_const_address(v, g, c);
    return verify_items(v, g, c, depth);
}

bool verify_global(Verify *v, const IrGlobal *g) {
    if (!g->type) return verify_fail(v, "global `%s` has no type", g->name);
    if (!verify_concrete(v, g->type) || !verify_layout(v, g->type)) return false;
    if (g->align & (g->align - 1)) return verify_fail(v, "alignment of global `%s` is not a power of two", g->name);
    return !g->initial || verify_const(v, g, g->initial, g->type, 0);
}
