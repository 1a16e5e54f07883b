// Values that are built part by part in their destination: structs, arrays, variants, and the coercions that wrap. The
// destination is fresh memory: no part of the value can read it, so parts are written as they are evaluated.
#include "qtjir/lower/internal.h"

static void lower_struct(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    for (uint32_t k = 0; k < e->type->field_count && f->block; k++) {
        uint32_t i = e->aggregate.order ? e->aggregate.order[k] : k;
        lower_into(f, e->aggregate.fields[i], emit_field(f, dest, i));
    }
}

static IrInst *emit_array_element(FuncLowerer *f, IrInst *array, IrInst *index) {
    if (!f->block) return NULL;
    Type *pointer = type_ptr(f->p->types, array->type->element->element, array->type->is_const);
    return emit2(f, IR_ELEM_ADDR, pointer, array, index);
}

static IrInst *emit_array_element_at(FuncLowerer *f, IrInst *array, uint64_t index) {
    return emit_array_element(f, array, emit_int(f, f->p->type_usize, index));
}

static void lower_array(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    for (uint64_t i = 0; i < e->type->length && f->block; i++)
        lower_into(f, e->aggregate.fields[i], emit_array_element_at(f, dest, i));
}

static bool is_zero(const TExpr *e) {
    return e->kind == TEXPR_CONST && e->constant->kind == CONST_INT && e->constant->bits == 0;
}

// Every byte of the array is the same: one fill instead of a loop.
static bool lower_repeat_fill(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    Type *element = e->type->element;
    const TExpr *value = e->repeat.element;
    bool is_byte = element->kind == TYPE_U8;
    if (!is_byte && !(type_is_scalar(element) && is_zero(value))) return false;
    IrInst *byte = is_byte ? lower_value(f, value) : emit_int(f, f->p->type_u8, 0);
    IrInst *first = f->block ? emit_address_as(f, dest, type_ptr(f->p->types, element, false)) : NULL;
    emit3(f, IR_MEM_FILL, f->p->type_void, first, byte, emit_int(f, f->p->type_usize, e->type->length));
    return true;
}

enum { REPEAT_UNROLLED = 4 };

static void lower_repeat(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    uint64_t length = e->type->length;
    Type *element = e->type->element;
    if (!length || type_is_zero_sized(element)) {
        lower_effect(f, e->repeat.element);
        return;
    }
    if (lower_repeat_fill(f, e, dest)) return;
    // The first element is written before any loop, so every path writes some of the array.
    IrInst *value = type_is_scalar(element) ? lower_value(f, e->repeat.element) : NULL;
    IrInst *first = emit_array_element_at(f, dest, 0);
    if (value)
        emit_store(f, first, value);
    else
        lower_into(f, e->repeat.element, first);
    if (!f->block) return;
    const uint64_t from = 1;
    if (length <= REPEAT_UNROLLED) {
        for (uint64_t i = from; i < length; i++) {
            IrInst *to = emit_array_element_at(f, dest, i);
            if (value)
                emit_store(f, to, value);
            else
                emit_copy(f, to, first);
        }
        return;
    }
    CountedLoop loop;
    IrInst *index = counted_loop_begin(f, &loop, from, emit_int(f, f->p->type_usize, length));
    IrInst *to = emit_array_element(f, dest, index);
    if (value)
        emit_store(f, to, value);
    else
        emit_copy(f, to, first);
    counted_loop_end(f, &loop);
}

static IrInst *lower_variant(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    const Variant *variant = &e->type->variants[e->variant.variant];
    if (e->type->is_plain_enum) return emit_int(f, e->type, (uint64_t)variant->discriminant);
    IrInst *tag = emit1(f, IR_ENUM_SET_TAG, f->p->type_void, dest);
    if (tag) tag->path.variant = e->variant.variant;
    for (uint32_t k = 0; k < variant->field_count && f->block; k++) {
        uint32_t i = e->variant.order ? e->variant.order[k] : k;
        lower_into(f, e->variant.fields[i], emit_variant_field(f, dest, e->variant.variant, i));
    }
    return NULL;
}

IrInst *lower_aggregate(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    switch (e->kind) {
    case TEXPR_STRUCT: lower_struct(f, e, dest); return NULL;
    case TEXPR_ARRAY: lower_array(f, e, dest); return NULL;
    case TEXPR_ARRAY_REPEAT: lower_repeat(f, e, dest); return NULL;
    default: return lower_variant(f, e, dest);
    }
}

// ---- coercions

// The op that marks a wrapper answers where the payload goes. A scalar is evaluated first, anything else is built right
// there.
static void lower_wrapped(FuncLowerer *f, IrOp mark, const TExpr *payload, IrInst *dest) {
    IrInst *value = type_in_memory(payload->type) ? NULL : lower_value(f, payload);
    if (!f->block) return;
    IrInst *inside = emit_pointer_to(f, mark, dest, dest->type->element->element);
    if (FAULT_IN(f->p->types, WRAP_TWICE)) inside = emit_pointer_to(f, mark, inside, inside->type->element);
    if (value)
        emit_store(f, inside, value);
    else if (type_in_memory(payload->type))
        lower_into(f, payload, inside);
}

void lower_some_into(FuncLowerer *f, const TExpr *payload, IrInst *dest) {
    lower_wrapped(f, IR_OPTIONAL_SET_SOME, payload, dest);
}

static IrInst *lower_coerce_some(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *slot = dest ? dest : slot_temp(f, e->type);
    lower_some_into(f, e->coerce.operand, slot);
    return dest ? NULL : emit_load(f, slot);
}

static void lower_coerce_err(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *code = lower_value(f, e->coerce.operand);
    code = lower_error_as(f, code, e->type->errors);
    emit2(f, IR_ERROR_SET_ERR, f->p->type_void, dest, code);
}

// The payload at `from`, written to `to` as a type that may see what it points to through const.
static void copy_as_const(FuncLowerer *f, IrInst *to, IrInst *from) {
    if (!f->block) return;
    Type *type = to->type->element;
    if (from->type->element == type) {
        emit_copy(f, to, from);
        return;
    }
    IrInst *value = emit_load(f, from);
    emit_store(f, to,
               type->kind == TYPE_SLICE ? emit1(f, IR_SLICE_CONST, type, value) : emit_address_as(f, value, type));
}

static IrInst *lower_optional_inside(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *anchor = f->anchor;
    IrInst *slot = dest ? dest : slot_temp(f, e->type);
    IrInst *operand = lower_transient_address(f, e->coerce.operand);
    Label full = {0}, empty = {0}, end = {0};
    emit_branch(f, emit_optional_has(f, operand), &full, &empty);
    label_begin(f, &full);
    if (f->block) {
        IrInst *from = emit_pointer_to(f, IR_OPTIONAL_PAYLOAD, operand, operand->type->element->element);
        copy_as_const(f, emit_pointer_to(f, IR_OPTIONAL_SET_SOME, slot, e->type->element), from);
    }
    emit_jump(f, &end);
    label_begin(f, &empty);
    emit1(f, IR_OPTIONAL_SET_NONE, f->p->type_void, slot);
    emit_jump(f, &end);
    label_begin(f, &end);
    f->anchor = anchor;
    return dest || !f->block ? NULL : emit_load(f, slot);
}

static void lower_union_inside(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *anchor = f->anchor;
    IrInst *operand = lower_transient_address(f, e->coerce.operand);
    Label bad = {0}, good = {0}, end = {0};
    emit_branch(f, emit1(f, IR_ERROR_IS, f->p->type_bool, operand), &bad, &good);
    label_begin(f, &good);
    if (f->block) {
        Type *payload = e->type->element;
        IrInst *to = emit_pointer_to(f, IR_ERROR_SET_OK, dest, payload);
        if (payload->kind != TYPE_VOID && payload->kind != TYPE_NEVER)
            copy_as_const(f, to, emit_pointer_to(f, IR_ERROR_PAYLOAD, operand, operand->type->element->element));
    }
    emit_jump(f, &end);
    label_begin(f, &bad);
    if (f->block) {
        IrInst *code = emit1(f, IR_ERROR_CODE, operand->type->element->errors, operand);
        emit2(f, IR_ERROR_SET_ERR, f->p->type_void, dest, lower_error_as(f, code, e->type->errors));
    }
    emit_jump(f, &end);
    label_begin(f, &end);
    f->anchor = anchor;
}

static IrInst *lower_widen(FuncLowerer *f, const TExpr *e) {
    IrInst *value = lower_value(f, e->coerce.operand);
    if (!f->block || value->type == e->type) return f->block ? value : NULL;
    return emit1(f, type_is_float(e->type) ? IR_FLOAT_CAST : IR_INT_WIDEN, e->type, value);
}

IrInst *lower_coerce(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    const TExpr *operand = e->coerce.operand;
    switch (e->coerce.kind) {
    case COERCE_INT_WIDEN: return lower_widen(f, e);
    case COERCE_PTR_CONST: return emit_address_as(f, lower_value(f, operand), e->type);
    case COERCE_SLICE_CONST:
        if (FAULT_IN(f->p->types, SLICE_CONST_LOST)) return lower_value(f, operand);
        return emit1(f, IR_SLICE_CONST, e->type, lower_value(f, operand));
    case COERCE_ARRAY_PTR_SLICE: return emit_slice_of_array(f, lower_value(f, operand), e->type);
    case COERCE_SOME: return lower_coerce_some(f, e, dest);
    case COERCE_OK: lower_wrapped(f, IR_ERROR_SET_OK, operand, dest); return NULL;
    case COERCE_ERR: lower_coerce_err(f, e, dest); return NULL;
    case COERCE_ERROR_SET: return lower_error_as(f, lower_value(f, operand), e->type);
    case COERCE_OPTIONAL_INSIDE: return lower_optional_inside(f, e, dest);
    case COERCE_UNION_INSIDE: lower_union_inside(f, e, dest); return NULL;
    case COERCE_NEVER: lower_effect(f, operand); return NULL;
    }
    ICE("lowering: unknown coercion");
}
