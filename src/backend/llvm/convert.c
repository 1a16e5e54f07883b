// Conversions between number types. A checked one traps unless the value survives.
#include "backend/llvm/emit.h"

static LLVMTypeRef int_of_bits(Emitter *e, unsigned bits) { return LLVMIntTypeInContext(e->ctx, bits); }

static LLVMValueRef is_negative(Emitter *e, LLVMValueRef v) {
    return LLVMBuildICmp(e->builder, LLVMIntSLT, v, LLVMConstNull(LLVMTypeOf(v)), "");
}

static LLVMValueRef either(Emitter *e, LLVMValueRef a, LLVMValueRef b) {
    if (!a) return b;
    return b ? LLVMBuildOr(e->builder, a, b, "") : a;
}

// Fits when nothing is lost on the way there and back, and the sign means the same on both sides.
static LLVMValueRef emit_int_cast(Emitter *e, IrInst *inst) {
    const Type *from = operand_type(inst, 0);
    unsigned from_bits = llvm_int_bits(e, from), to_bits = llvm_int_bits(e, inst->type);
    bool from_signed = llvm_int_signed(e, from), to_signed = llvm_int_signed(e, inst->type);
    LLVMValueRef v = operand(e, inst, 0);
    LLVMValueRef result = llvm_int_resize(e, v, to_bits, from_signed);
    if (inst->unchecked) return result;
    LLVMValueRef bad = NULL;
    if (to_bits < from_bits) {
        LLVMValueRef back = llvm_int_resize(e, result, from_bits, to_signed);
        bad = LLVMBuildICmp(e->builder, LLVMIntNE, back, v, "");
    }
    if (from_signed && !to_signed) bad = either(e, bad, is_negative(e, v));
    if (!from_signed && to_signed && to_bits <= from_bits) bad = either(e, bad, is_negative(e, result));
    if (bad) llvm_emit_trap_if(e, bad, TRAP_CAST, inst->span);
    return result;
}

static double power_of_two(unsigned exponent) {
    double p = 1;
    while (exponent--) p *= 2;
    return p;
}

// In range: above the integer just below the smallest, below the integer just above the largest. Where the float type
// can't hold the former exactly, the smallest integer itself is exact and is compared instead. A NaN fails both
// comparisons.
static LLVMValueRef float_in_range(Emitter *e, LLVMValueRef v, bool is_f32, unsigned bits, bool is_signed) {
    LLVMTypeRef type = LLVMTypeOf(v);
    unsigned mantissa = is_f32 ? 24 : 53;
    double high = power_of_two(is_signed ? bits - 1 : bits);
    double low = is_signed ? -high : 0;
    bool exact_below = !is_signed || bits - 1 < mantissa;
    LLVMValueRef bound = LLVMConstReal(type, exact_below ? low - 1 : low);
    LLVMValueRef above = LLVMBuildFCmp(e->builder, exact_below ? LLVMRealOGT : LLVMRealOGE, v, bound, "");
    LLVMValueRef below = LLVMBuildFCmp(e->builder, LLVMRealOLT, v, LLVMConstReal(type, high), "");
    return LLVMBuildAnd(e->builder, above, below, "");
}

static LLVMValueRef emit_float_to_int(Emitter *e, IrInst *inst) {
    LLVMValueRef v = operand(e, inst, 0);
    unsigned bits = llvm_int_bits(e, inst->type);
    bool is_signed = llvm_int_signed(e, inst->type);
    if (!inst->unchecked) {
        bool is_f32 = operand_type(inst, 0)->kind == TYPE_F32;
        LLVMValueRef fits = float_in_range(e, v, is_f32, bits, is_signed);
        llvm_emit_trap_if(e, LLVMBuildNot(e->builder, fits, ""), TRAP_CAST, inst->span);
    }
    LLVMTypeRef to = int_of_bits(e, bits);
    return is_signed ? LLVMBuildFPToSI(e->builder, v, to, "") : LLVMBuildFPToUI(e->builder, v, to, "");
}

// Between scalars of one size in memory. A bool is a byte there.
static Value emit_bitcast(Emitter *e, IrInst *inst) {
    const Type *from = operand_type(inst, 0), *to = inst->type;
    if (llvm_is_pair(from) || llvm_is_pair(to)) return e->values[inst->args[0]->id];
    LLVMValueRef v = operand(e, inst, 0);
    if (from->kind == TYPE_BOOL) v = LLVMBuildZExt(e->builder, v, e->i8, "");
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(v));
    LLVMTypeRef type = llvm_type(e, to);
    LLVMTypeKind to_kind = LLVMGetTypeKind(type);
    if (to->kind == TYPE_BOOL) {
        v = LLVMBuildTrunc(e->builder, v, e->i1, "");
    } else if (to_kind == LLVMPointerTypeKind && kind != LLVMPointerTypeKind) {
        if (kind != LLVMIntegerTypeKind) v = LLVMBuildBitCast(e->builder, v, e->i64, "");
        v = LLVMBuildIntToPtr(e->builder, v, type, "");
    } else if (kind == LLVMPointerTypeKind && to_kind != LLVMPointerTypeKind) {
        v = LLVMBuildPtrToInt(e->builder, v, e->i64, "");
        if (to_kind != LLVMIntegerTypeKind) v = LLVMBuildBitCast(e->builder, v, type, "");
    } else {
        v = LLVMBuildBitCast(e->builder, v, type, "");
    }
    return value_of(v);
}

Value llvm_emit_conversion(Emitter *e, IrInst *inst) {
    if (inst->op == IR_BITCAST) return emit_bitcast(e, inst);
    LLVMValueRef v = operand(e, inst, 0);
    const Type *from = operand_type(inst, 0);
    switch (inst->op) {
    case IR_INT_WIDEN: {
        bool by_sign = llvm_int_signed(e, from) || FAULT_IN(e->ir->types, SIGN_EXTENDED);
        return value_of(llvm_int_resize(e, v, llvm_int_bits(e, inst->type), by_sign));
    }
    case IR_INT_TRUNC: return value_of(llvm_int_resize(e, v, llvm_int_bits(e, inst->type), false));
    case IR_INT_CAST: return value_of(emit_int_cast(e, inst));
    case IR_INT_TO_FLOAT: {
        LLVMTypeRef to = llvm_type(e, inst->type);
        return value_of(llvm_int_signed(e, from) ? LLVMBuildSIToFP(e->builder, v, to, "")
                                                 : LLVMBuildUIToFP(e->builder, v, to, ""));
    }
    case IR_FLOAT_TO_INT: return value_of(emit_float_to_int(e, inst));
    case IR_FLOAT_CAST: return value_of(LLVMBuildFPCast(e->builder, v, llvm_type(e, inst->type), ""));
    case IR_BOOL_TO_INT: return value_of(llvm_int_resize(e, v, llvm_int_bits(e, inst->type), false));
    default: ICE("`%s` is no conversion", ir_op_text(inst->op));
    }
}
