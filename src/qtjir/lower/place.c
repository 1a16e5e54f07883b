// Places: addresses of locals, globals, fields, elements and payloads, with the checks that lead there; and slices,
// which are made from addresses. Constness of an address follows what it was derived from.
#include "qtjir/lower/internal.h"

bool place_is_frozen(const TExpr *e) {
    for (;;) {
        switch (e->kind) {
        case TEXPR_LOCAL: return !e->local->is_var;
        case TEXPR_GLOBAL: return !e->global->is_var;
        case TEXPR_TEMP: return true;
        case TEXPR_FIELD: e = e->field.base; break;
        case TEXPR_INDEX_ARRAY: e = e->index.base; break;
        case TEXPR_PAYLOAD: e = e->payload.operand; break;
        default: return false;
        }
    }
}

// A constant, or a variable's own value.
static bool value_is_simple(const TExpr *e) {
    if (e->kind == TEXPR_COERCE && e->coerce.kind == COERCE_INT_WIDEN) e = e->coerce.operand;
    if (e->kind == TEXPR_CONST) return true;
    return e->kind == TEXPR_LOAD && place_is_simple(e->unary.operand);
}

bool place_is_simple(const TExpr *e) {
    for (uint32_t steps = 0; steps < 16; steps++) {
        switch (e->kind) {
        case TEXPR_LOCAL:
        case TEXPR_GLOBAL: return true;
        case TEXPR_FIELD: e = e->field.base; break;
        case TEXPR_DEREF:
            if (e->unary.operand->kind != TEXPR_LOAD) return false;
            e = e->unary.operand->unary.operand;
            break;
        case TEXPR_INDEX_ARRAY:
            if (!value_is_simple(e->index.index)) return false;
            e = e->index.base;
            break;
        case TEXPR_INDEX_SLICE:
            if (!value_is_simple(e->index.index) || e->index.base->kind != TEXPR_LOAD) return false;
            e = e->index.base->unary.operand;
            break;
        default: return false;
        }
    }
    return false;
}

IrInst *lower_transient_address(FuncLowerer *f, const TExpr *e) {
    if (!f->block) return NULL;
    if (texpr_is_place(e)) return lower_place(f, e);
    if (e->kind == TEXPR_LOAD) return lower_place(f, e->unary.operand);
    if (e->kind == TEXPR_CONST && type_in_memory(e->type)) return lower_const_address(f, e->constant);
    IrInst *slot = slot_temp(f, e->type);
    lower_into(f, e, slot);
    return f->block ? slot : NULL;
}

IrInst *lower_operand_address(FuncLowerer *f, const TExpr *e) {
    if (!f->block) return NULL;
    const TExpr *place = texpr_is_place(e) ? e : e->kind == TEXPR_LOAD ? e->unary.operand : NULL;
    if (place && !place_is_frozen(place)) {
        IrInst *slot = slot_temp(f, e->type);
        lower_into(f, e, slot);
        return f->block ? slot : NULL;
    }
    return lower_transient_address(f, e);
}

// ---- elements

// A negative index keeps its bits: as a number without sign it is larger than any length, so the one comparison of the
// bounds check catches it too. The check gets it with its own type, so that the message shows it as it was.
IrInst *lower_index(FuncLowerer *f, const TExpr *e, bool checked) {
    IrInst *index = lower_value(f, e);
    if (f->block && checked && type_is_signed(index->type)) {
        if (type_bits(index->type) < 64) index = emit1(f, IR_INT_WIDEN, type_primitive(f->p->types, TYPE_I64), index);
        return emit1(f, IR_BITCAST, f->p->type_usize, index);
    }
    return f->block ? emit_int_as(f, index, f->p->type_usize, !checked) : NULL;
}

// What lower_index made of a signed index, before that.
static IrInst *as_written(IrInst *index) {
    return index->op == IR_BITCAST && type_is_signed(index->args[0]->type) ? index->args[0] : index;
}

static void emit_bounds_check(FuncLowerer *f, IrInst *index, IrInst *length) {
    if (FAULT_IN(f->p->types, BOUNDS_DROPPED)) return;
    emit2(f, IR_CHECK_BOUNDS, f->p->type_void, as_written(index), length);
}

static bool index_is_in_range(const TExpr *index, uint64_t length) {
    return index->kind == TEXPR_CONST && index->constant->kind == CONST_INT && index->constant->bits < length &&
           (int64_t)index->constant->bits >= 0;
}

static IrInst *lower_array_element(FuncLowerer *f, const TExpr *e) {
    IrInst *array = lower_place(f, e->index.base);
    if (!f->block) return NULL;
    uint64_t length = array->type->element->length;
    bool is_known = index_is_in_range(e->index.index, length);
    IrInst *index = is_known ? emit_int(f, f->p->type_usize, e->index.index->constant->bits)
                             : lower_index(f, e->index.index, e->index.checked);
    if (!f->block) return NULL;
    if (e->index.checked && !is_known) emit_bounds_check(f, index, emit_int(f, f->p->type_usize, length));
    Type *pointer = type_ptr(f->p->types, e->type, array->type->is_const);
    return emit2(f, IR_ELEM_ADDR, pointer, array, index);
}

static IrInst *lower_slice_element(FuncLowerer *f, const TExpr *e) {
    IrInst *slice = lower_value(f, e->index.base);
    IrInst *index = lower_index(f, e->index.index, e->index.checked);
    if (!f->block) return NULL;
    if (e->index.checked) emit_bounds_check(f, index, emit1(f, IR_SLICE_LEN, f->p->type_usize, slice));
    Type *pointer = type_ptr(f->p->types, slice->type->element, slice->type->is_const);
    return emit2(f, IR_SLICE_ELEM, pointer, slice, index);
}

static IrInst *lower_payload(FuncLowerer *f, const TExpr *e) {
    IrInst *optional = lower_place(f, e->payload.operand);
    if (!f->block) return NULL;
    if (e->payload.checked) emit_check_true(f, emit_optional_has(f, optional), TRAP_NULL);
    return emit_pointer_to(f, IR_OPTIONAL_PAYLOAD, optional, optional->type->element->element);
}

static IrInst *lower_temp(FuncLowerer *f, const TExpr *e) {
    IrInst *slot = slot_temp_in(f, e->unary.operand->type, f->kept);
    lower_into(f, e->unary.operand, slot);
    return slot;
}

static IrInst *lower_local(FuncLowerer *f, const TExpr *e) {
    IrInst *address = map_get(&f->places, e->local);
    if (!address && f->is_constant)
        emit_trap(f, TRAP_UNKNOWN);
    else if (!address)
        ICE("lowering %s: local %s is used before its let", f->func->name, e->local->name ? e->local->name->text : "_");
    return address;
}

static IrInst *lower_place_kind(FuncLowerer *f, const TExpr *e) {
    switch (e->kind) {
    case TEXPR_LOCAL: return lower_local(f, e);
    case TEXPR_GLOBAL: return lower_global_address(f, e->global);
    case TEXPR_DEREF: return lower_value(f, e->unary.operand);
    case TEXPR_FIELD: return emit_field(f, lower_place(f, e->field.base), e->field.index);
    case TEXPR_INDEX_ARRAY: return lower_array_element(f, e);
    case TEXPR_INDEX_SLICE: return lower_slice_element(f, e);
    case TEXPR_PAYLOAD: return lower_payload(f, e);
    case TEXPR_TEMP: return lower_temp(f, e);
    default: ICE("lowering %s: %s is not a place", f->func->name, texpr_kind_name(e->kind));
    }
}

IrInst *lower_place(FuncLowerer *f, const TExpr *e) {
    Span outer = f->span;
    if (!lower_descend(f, e->span)) return NULL;
    IrInst *address = lower_place_kind(f, e);
    f->depth--;
    f->span = outer;
    return f->block ? address : NULL;
}

// ---- slices

IrInst *emit_slice_of_array(FuncLowerer *f, IrInst *address, Type *slice_type) {
    if (!f->block) return NULL;
    uint64_t length = FAULT_IN(f->p->types, SLICE_LENGTH_LOST) ? 0 : address->type->element->length;
    IrInst *first = emit_address_as(f, address, type_ptr(f->p->types, slice_type->element, slice_type->is_const));
    return emit2(f, IR_SLICE_MAKE, slice_type, first, emit_int(f, f->p->type_usize, length));
}

// An end that is included is counted up by one. It is held against the length before, so that the largest number and -1,
// which would become 0, are out of range like any other.
static IrInst *after_included_end(FuncLowerer *f, IrInst *high, IrInst *length, bool checked) {
    Type *usize = f->p->type_usize;
    if (checked) emit3(f, IR_CHECK_SLICE, f->p->type_void, emit_int(f, usize, 0), as_written(high), length);
    return emit2(f, IR_ADD_WRAP, usize, high, emit_int(f, usize, 1));
}

IrInst *lower_slice_of(FuncLowerer *f, const TExpr *e) {
    Type *usize = f->p->type_usize;
    bool is_array = e->kind == TEXPR_SLICE_ARRAY;
    IrInst *base = is_array ? lower_place(f, e->slice.base) : lower_value(f, e->slice.base);
    IrInst *low = e->slice.low ? lower_index(f, e->slice.low, e->slice.checked) : NULL;
    IrInst *high = e->slice.high ? lower_index(f, e->slice.high, e->slice.checked) : NULL;
    if (!f->block) return NULL;
    IrInst *slice = is_array ? emit_slice_of_array(f, base, e->type) : base;
    if (!is_array && slice->type != e->type) slice = emit1(f, IR_SLICE_CONST, e->type, slice);
    if (!low && !high) return slice;
    IrInst *length = emit1(f, IR_SLICE_LEN, usize, slice);
    if (!high)
        high = length;
    else if (e->slice.inclusive)
        high = after_included_end(f, high, length, e->slice.checked);
    bool from_start = !low;
    if (!low) low = emit_int(f, usize, 0);
    if (e->slice.checked) emit3(f, IR_CHECK_SLICE, f->p->type_void, as_written(low), as_written(high), length);
    Type *pointer = type_ptr(f->p->types, e->type->element, e->type->is_const);
    IrInst *first = from_start ? emit1(f, IR_SLICE_PTR, pointer, slice) : emit2(f, IR_SLICE_ELEM, pointer, slice, low);
    IrInst *count = from_start ? high : emit2(f, IR_SUB_WRAP, usize, high, low);
    return emit2(f, IR_SLICE_MAKE, e->type, first, count);
}
