// Atomic operations. Each is one LLVM atomic instruction whose alignment is its size; `consume` is compiled as acquire.
// A bool is a byte in memory, so it becomes one before and is narrowed again after.
#include "backend/llvm/emit.h"

static LLVMAtomicOrdering ordering_of(MemoryOrder order) {
    switch (order) {
    case ORDER_RELAXED: return LLVMAtomicOrderingMonotonic;
    case ORDER_CONSUME:
    case ORDER_ACQUIRE: return LLVMAtomicOrderingAcquire;
    case ORDER_RELEASE: return LLVMAtomicOrderingRelease;
    case ORDER_ACQ_REL: return LLVMAtomicOrderingAcquireRelease;
    case ORDER_SEQ_CST: return LLVMAtomicOrderingSequentiallyConsistent;
    }
    ICE("unknown memory order");
}

static LLVMValueRef to_memory(Emitter *e, const Type *t, LLVMValueRef v) {
    return t->kind == TYPE_BOOL ? LLVMBuildZExt(e->builder, v, e->i8, "") : v;
}

static LLVMValueRef from_memory(Emitter *e, const Type *t, LLVMValueRef v) {
    return t->kind == TYPE_BOOL ? LLVMBuildTrunc(e->builder, v, e->i1, "") : v;
}

static unsigned atomic_align(Emitter *e, Type *t) { return (unsigned)type_size(e->ir->types, t); }

static LLVMValueRef emit_atomic_load(Emitter *e, IrInst *inst) {
    LLVMValueRef load = LLVMBuildLoad2(e->builder, llvm_memory_type(e, inst->type), operand(e, inst, 0), "");
    LLVMSetAlignment(load, atomic_align(e, inst->type));
    LLVMSetOrdering(load, ordering_of(inst->atomic.order));
    return from_memory(e, inst->type, load);
}

static void emit_atomic_store(Emitter *e, IrInst *inst) {
    Type *t = operand_type(inst, 1);
    LLVMValueRef store = LLVMBuildStore(e->builder, to_memory(e, t, operand(e, inst, 1)), operand(e, inst, 0));
    LLVMSetAlignment(store, atomic_align(e, t));
    LLVMSetOrdering(store, ordering_of(inst->atomic.order));
}

static LLVMAtomicRMWBinOp rmw_operation(RmwOp op, bool is_signed) {
    switch (op) {
    case RMW_XCHG: return LLVMAtomicRMWBinOpXchg;
    case RMW_ADD: return LLVMAtomicRMWBinOpAdd;
    case RMW_SUB: return LLVMAtomicRMWBinOpSub;
    case RMW_AND: return LLVMAtomicRMWBinOpAnd;
    case RMW_OR: return LLVMAtomicRMWBinOpOr;
    case RMW_XOR: return LLVMAtomicRMWBinOpXor;
    case RMW_NAND: return LLVMAtomicRMWBinOpNand;
    case RMW_MIN: return is_signed ? LLVMAtomicRMWBinOpMin : LLVMAtomicRMWBinOpUMin;
    case RMW_MAX: return is_signed ? LLVMAtomicRMWBinOpMax : LLVMAtomicRMWBinOpUMax;
    }
    ICE("unknown atomic operation");
}

static LLVMValueRef build_rmw(Emitter *e, IrInst *inst, LLVMAtomicRMWBinOp op, LLVMValueRef v, unsigned align) {
    LLVMValueRef rmw =
        LLVMBuildAtomicRMW(e->builder, op, operand(e, inst, 0), v, ordering_of(inst->atomic.order), false);
    LLVMSetAlignment(rmw, align);
    return rmw;
}

// not (x and y) of bools in bytes: LLVM's nand would set all eight bits. With y it flips x, without y the answer is
// true.
static LLVMValueRef emit_bool_nand(Emitter *e, IrInst *inst) {
    LLVMBasicBlockRef flip = block_after_current(e, "nand.flip");
    LLVMBasicBlockRef set = block_after_current(e, "nand.set");
    LLVMBasicBlockRef done = block_after_current(e, "nand.done");
    LLVMValueRef one = LLVMConstInt(e->i8, 1, false);
    LLVMBuildCondBr(e->builder, operand(e, inst, 1), flip, set);
    LLVMPositionBuilderAtEnd(e->builder, flip);
    LLVMValueRef flipped = build_rmw(e, inst, LLVMAtomicRMWBinOpXor, one, 1);
    LLVMBuildBr(e->builder, done);
    LLVMPositionBuilderAtEnd(e->builder, set);
    LLVMValueRef replaced = build_rmw(e, inst, LLVMAtomicRMWBinOpXchg, one, 1);
    LLVMBuildBr(e->builder, done);
    LLVMPositionBuilderAtEnd(e->builder, done);
    LLVMValueRef before = LLVMBuildPhi(e->builder, e->i8, "");
    LLVMValueRef values[] = {flipped, replaced};
    LLVMBasicBlockRef blocks[] = {flip, set};
    LLVMAddIncoming(before, values, blocks, 2);
    return LLVMBuildTrunc(e->builder, before, e->i1, "");
}

static LLVMValueRef emit_atomic_rmw(Emitter *e, IrInst *inst) {
    Type *t = inst->type;
    if (t->kind == TYPE_BOOL && inst->atomic.rmw == RMW_NAND) return emit_bool_nand(e, inst);
    LLVMAtomicRMWBinOp op = rmw_operation(inst->atomic.rmw, llvm_int_signed(e, t));
    LLVMValueRef v = to_memory(e, t, operand(e, inst, 1));
    // LLVM exchanges pointers but does arithmetic on integers only.
    bool is_address = LLVMGetTypeKind(LLVMTypeOf(v)) == LLVMPointerTypeKind && inst->atomic.rmw != RMW_XCHG;
    if (is_address) v = LLVMBuildPtrToInt(e->builder, v, e->i64, "");
    LLVMValueRef before = build_rmw(e, inst, op, v, atomic_align(e, t));
    if (is_address) before = LLVMBuildIntToPtr(e->builder, before, e->ptr, "");
    return from_memory(e, t, before);
}

// Writes an optional: empty when the exchange took place, else the value that was found.
static void emit_atomic_cmpxchg(Emitter *e, IrInst *inst) {
    Type *t = operand_type(inst, 2);
    LLVMValueRef expected = to_memory(e, t, operand(e, inst, 2)), desired = to_memory(e, t, operand(e, inst, 3));
    LLVMValueRef pair =
        LLVMBuildAtomicCmpXchg(e->builder, operand(e, inst, 1), expected, desired, ordering_of(inst->atomic.order),
                               ordering_of(inst->atomic.failure_order), false);
    LLVMSetAlignment(pair, atomic_align(e, t));
    LLVMSetWeak(pair, inst->atomic.weak);
    LLVMValueRef found = LLVMBuildExtractValue(e->builder, pair, 0, "");
    LLVMValueRef stored = LLVMBuildExtractValue(e->builder, pair, 1, "");
    LLVMValueRef to = operand(e, inst, 0);
    const Layout *layout = type_layout(e->ir->types, operand_type(inst, 0)->element);
    if (layout->has_niche) {
        // No cell of pointers holds null; LLVM needs to hear it, or comparing the optional with null would compare the
        // pointer too.
        if (e->options->mode != MODE_DEBUG) {
            LLVMValueRef is_pointer = LLVMBuildIsNotNull(e->builder, found, "");
            llvm_intrinsic(e, "llvm.assume", NULL, &is_pointer, 1);
        }
        found = LLVMBuildSelect(e->builder, stored, LLVMConstNull(e->ptr), found, "");
        LLVMBuildStore(e->builder, found, to);
        return;
    }
    LLVMValueRef payload = LLVMBuildStore(e->builder, found, llvm_offset(e, to, layout->payload_offset));
    LLVMSetAlignment(payload, type_align(e->ir->types, t));
    LLVMValueRef flag = LLVMBuildZExt(e->builder, LLVMBuildNot(e->builder, stored, ""), e->i8, "");
    LLVMBuildStore(e->builder, flag, llvm_offset(e, to, layout->tag_offset));
}

// A relaxed fence orders nothing and is not an instruction.
static void emit_fence(Emitter *e, IrInst *inst) {
    if (inst->atomic.order == ORDER_RELAXED) return;
    LLVMBuildFence(e->builder, ordering_of(inst->atomic.order), inst->op == IR_COMPILER_FENCE, "");
}

Value llvm_emit_atomic(Emitter *e, IrInst *inst) {
    switch (inst->op) {
    case IR_ATOMIC_LOAD: return value_of(emit_atomic_load(e, inst));
    case IR_ATOMIC_STORE: emit_atomic_store(e, inst); break;
    case IR_ATOMIC_RMW: return value_of(emit_atomic_rmw(e, inst));
    case IR_ATOMIC_CMPXCHG: emit_atomic_cmpxchg(e, inst); break;
    case IR_FENCE:
    case IR_COMPILER_FENCE: emit_fence(e, inst); break;
    default: ICE("`%s` is no atomic operation", ir_op_text(inst->op));
    }
    return no_value();
}
