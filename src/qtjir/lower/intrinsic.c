// Intrinsics. Sizes, names and source positions are constants by now; what is left here is memory, bits, atomics and
// the machine.
#include "qtjir/lower/internal.h"

static void set_atomic(IrInst *inst, const TExpr *e) {
    if (!inst) return;
    inst->atomic.order = e->intrinsic.order;
    inst->atomic.failure_order = e->intrinsic.failure_order;
    inst->atomic.rmw = e->intrinsic.rmw;
    inst->atomic.weak = e->intrinsic.weak;
}

// An optional result is written by the op itself; one with a niche is a scalar and read back.
static IrInst *lower_to_optional(FuncLowerer *f, const TExpr *e, IrOp op, IrInst **args, uint32_t count, IrInst *dest) {
    IrInst *slot = control_dest(f, e, dest);
    IrInst *operands[4] = {slot};
    for (uint32_t i = 0; i < count; i++) operands[i + 1] = args[i];
    if (FAULT_IN(f->p->types, EXCHANGE_NOT_STORED) && op == IR_ATOMIC_CMPXCHG) operands[3] = operands[2];
    IrInst *inst = emit_many(f, op, f->p->type_void, operands, count + 1);
    if (op == IR_ATOMIC_CMPXCHG) set_atomic(inst, e);
    return control_result(f, e, slot, dest);
}

static IrInst *emit_slice_pointer(FuncLowerer *f, IrInst *slice) {
    if (!f->block) return NULL;
    return emit1(f, IR_SLICE_PTR, type_ptr(f->p->types, slice->type->element, slice->type->is_const), slice);
}

static void lower_mem_copy(FuncLowerer *f, IrInst *to, IrInst *from) {
    Type *usize = f->p->type_usize;
    IrInst *count = emit1(f, IR_SLICE_LEN, usize, to);
    IrInst *same = emit_compare(f, COMPARE_EQ, count, emit1(f, IR_SLICE_LEN, usize, from));
    emit_check_true(f, same, TRAP_COPY);
    IrInst *target = emit_slice_pointer(f, to), *source = emit_slice_pointer(f, from);
    emit3(f, IR_MEM_COPY, f->p->type_void, target, source, count);
}

static void lower_mem_fill(FuncLowerer *f, IrInst *to, IrInst *byte) {
    IrInst *count = emit1(f, IR_SLICE_LEN, f->p->type_usize, to);
    emit3(f, IR_MEM_FILL, f->p->type_void, emit_slice_pointer(f, to), byte, count);
}

static bool type_is_bits(const Type *t) { return type_is_int(t) || type_is_float(t); }

// Between numbers an instruction; anything else is written as one type and read as the other.
static IrInst *lower_bitcast(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    const TExpr *operand = e->intrinsic.args[0];
    if (type_is_bits(operand->type) && type_is_bits(e->type))
        return emit1(f, IR_BITCAST, e->type, lower_value(f, operand));
    IrInst *slot = slot_temp(f, operand->type);
    lower_into(f, operand, slot);
    if (!f->block) return NULL;
    IrInst *address = emit_address_as(f, slot, type_ptr(f->p->types, e->type, false));
    if (type_is_scalar(e->type)) return emit_load(f, address);
    emit_copy(f, dest, address);
    return NULL;
}

// Counts are made in the operand's type.
static IrInst *lower_count(FuncLowerer *f, const TExpr *e, IrOp op, IrInst *value) {
    if (!f->block) return NULL;
    IrInst *count = emit1(f, op, value->type, value);
    return f->block ? emit_int_as(f, count, e->type, true) : NULL;
}

static IrInst *lower_truncate(FuncLowerer *f, const TExpr *e, IrInst *value) {
    if (!f->block || value->type == e->type) return f->block ? value : NULL;
    if (type_bits(e->type) > type_bits(value->type)) return emit_int_as(f, value, e->type, true);
    return emit1(f, IR_INT_TRUNC, e->type, value);
}

static IrInst *lower_ptr_cast(FuncLowerer *f, const TExpr *e, IrInst *value) {
    if (!f->block || value->type == e->type) return f->block ? value : NULL;
    bool both = value->type->kind == TYPE_PTR && e->type->kind == TYPE_PTR;
    return emit1(f, both ? IR_PTR_CAST : IR_BITCAST, e->type, value);
}

static IrInst *lower_with_order(FuncLowerer *f, const TExpr *e, IrOp op, IrInst **args, uint32_t count) {
    IrInst *inst = emit_many(f, op, e->type, args, count);
    set_atomic(inst, e);
    return type_is_scalar(e->type) ? inst : NULL;
}

IrInst *lower_intrinsic(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    if (e->intrinsic.kind == INTRINSIC_BITCAST) return lower_bitcast(f, e, dest);
    uint32_t count = e->intrinsic.arg_count;
    IrInst **args = ARENA_ARRAY(f->p->arena, IrInst *, count + 1);
    for (uint32_t i = 0; i < count; i++) args[i] = lower_value(f, e->intrinsic.args[i]);
    if (!f->block) return NULL;
    switch (e->intrinsic.kind) {
    case INTRINSIC_ATOMIC_LOAD: return lower_with_order(f, e, IR_ATOMIC_LOAD, args, count);
    case INTRINSIC_ATOMIC_STORE: return lower_with_order(f, e, IR_ATOMIC_STORE, args, count);
    case INTRINSIC_ATOMIC_RMW: return lower_with_order(f, e, IR_ATOMIC_RMW, args, count);
    case INTRINSIC_FENCE: return lower_with_order(f, e, IR_FENCE, args, count);
    case INTRINSIC_COMPILER_FENCE: return lower_with_order(f, e, IR_COMPILER_FENCE, args, count);
    case INTRINSIC_ATOMIC_CMPXCHG: ENSURE(count == 3); return lower_to_optional(f, e, IR_ATOMIC_CMPXCHG, args, 3, dest);
    case INTRINSIC_VOLATILE_LOAD: return emit1(f, IR_VOLATILE_LOAD, e->type, args[0]);
    case INTRINSIC_VOLATILE_STORE: emit2(f, IR_VOLATILE_STORE, f->p->type_void, args[0], args[1]); return NULL;
    case INTRINSIC_ADD_OVERFLOW: ENSURE(count == 2); return lower_to_optional(f, e, IR_ADD_OVERFLOW, args, 2, dest);
    case INTRINSIC_SUB_OVERFLOW: ENSURE(count == 2); return lower_to_optional(f, e, IR_SUB_OVERFLOW, args, 2, dest);
    case INTRINSIC_MUL_OVERFLOW: ENSURE(count == 2); return lower_to_optional(f, e, IR_MUL_OVERFLOW, args, 2, dest);
    case INTRINSIC_PTR_CAST: return lower_ptr_cast(f, e, args[0]);
    case INTRINSIC_INT_FROM_PTR: return emit1(f, IR_INT_FROM_PTR, e->type, args[0]);
    case INTRINSIC_PTR_FROM_INT: return emit1(f, IR_PTR_FROM_INT, e->type, args[0]);
    case INTRINSIC_COPY: lower_mem_copy(f, args[0], args[1]); return NULL;
    case INTRINSIC_FILL: lower_mem_fill(f, args[0], args[1]); return NULL;
    case INTRINSIC_TRUNCATE: return lower_truncate(f, e, args[0]);
    case INTRINSIC_POPCOUNT: return lower_count(f, e, IR_POPCOUNT, args[0]);
    case INTRINSIC_CLZ: return lower_count(f, e, IR_CLZ, args[0]);
    case INTRINSIC_CTZ: return lower_count(f, e, IR_CTZ, args[0]);
    case INTRINSIC_BYTE_SWAP: return emit1(f, IR_BYTE_SWAP, e->type, args[0]);
    case INTRINSIC_SYSCALL: return emit_many(f, IR_SYSCALL, f->p->type_isize, args, count);
    case INTRINSIC_SPIN_HINT: emit0(f, IR_SPIN_HINT, f->p->type_void); return NULL;
    case INTRINSIC_PREFETCH_WRITE: emit1(f, IR_PREFETCH_WRITE, f->p->type_void, args[0]); return NULL;
    case INTRINSIC_CRC32C: ENSURE(count == 2); return emit2(f, IR_CRC32C, e->type, args[0], args[1]);
    case INTRINSIC_HAS_CRC32C: return emit0(f, IR_HAS_CRC32C, e->type);
    case INTRINSIC_TRAP: emit_trap(f, TRAP_EXPLICIT); return NULL;
    case INTRINSIC_ERROR_NAME: return emit1(f, IR_ERROR_NAME, type_str(f->p->types), args[0]);
    case INTRINSIC_BITCAST:
    case INTRINSIC_SIZE_OF:
    case INTRINSIC_ALIGN_OF:
    case INTRINSIC_OFFSET_OF:
    case INTRINSIC_SLICE:
    case INTRINSIC_SRC:
    case INTRINSIC_TYPE_NAME:
    case INTRINSIC_KIND_COUNT: break;
    }
    ICE("lowering %s: intrinsic %d is not a run-time operation", f->func->name, (int)e->intrinsic.kind);
}
