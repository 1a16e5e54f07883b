// Arithmetic, comparison and bits. Checked integer operations use LLVM's overflow intrinsics followed by a branch to a
// trap block; unchecked ones are the plain instruction, which wraps.
#include "backend/llvm/emit.h"

static LLVMTypeRef int_type_of(LLVMValueRef v) { return LLVMTypeOf(v); }

typedef struct Overflow {
    const char *for_signed, *for_unsigned;
} Overflow;

static const Overflow ADDITION = {"llvm.sadd.with.overflow", "llvm.uadd.with.overflow"};
static const Overflow SUBTRACTION = {"llvm.ssub.with.overflow", "llvm.usub.with.overflow"};
static const Overflow MULTIPLICATION = {"llvm.smul.with.overflow", "llvm.umul.with.overflow"};

static LLVMValueRef overflow_pair(Emitter *e, const Overflow *o, bool is_signed, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef args[] = {a, b};
    return llvm_intrinsic(e, is_signed ? o->for_signed : o->for_unsigned, int_type_of(a), args, 2);
}

static LLVMValueRef checked(Emitter *e, IrInst *inst, const Overflow *operation, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef pair = overflow_pair(e, operation, llvm_int_signed(e, inst->type), a, b);
    llvm_emit_trap_if(e, LLVMBuildExtractValue(e->builder, pair, 1, ""), TRAP_OVERFLOW, inst->span);
    return LLVMBuildExtractValue(e->builder, pair, 0, "");
}

// Unsigned sums and differences of an index's width are compared before they are made, in optimised code: LLVM's passes
// reason with comparisons and with operations that do not wrap, so that one check makes later ones, bounds among them,
// go away; to them the intrinsics are a riddle, which cost one instruction less where nothing follows from the check. The
// operation stands before the branch, where it is poison if it wraps and nobody uses it, so that the code
// generator can still make one instruction of both.
static LLVMValueRef checked_unsigned(Emitter *e, IrInst *inst, LLVMValueRef a, LLVMValueRef b) {
    bool is_sum = inst->op == IR_ADD;
    LLVMValueRef limit = is_sum ? LLVMBuildNot(e->builder, b, "") : b;
    LLVMValueRef bad = LLVMBuildICmp(e->builder, is_sum ? LLVMIntUGT : LLVMIntULT, a, limit, "");
    LLVMValueRef result = is_sum ? LLVMBuildNUWAdd(e->builder, a, b, "") : LLVMBuildNUWSub(e->builder, a, b, "");
    llvm_emit_trap_if(e, bad, TRAP_OVERFLOW, inst->span);
    return result;
}

static LLVMValueRef checked_sum(Emitter *e, IrInst *inst, LLVMValueRef a, LLVMValueRef b) {
    bool is_index = !llvm_int_signed(e, inst->type) && llvm_int_bits(e, inst->type) == 64;
    if (is_index && e->options->mode != MODE_DEBUG) return checked_unsigned(e, inst, a, b);
    return checked(e, inst, inst->op == IR_ADD ? &ADDITION : &SUBTRACTION, a, b);
}

// A quotient does not exist for a zero divisor, nor for the smallest number divided by -1.
static void check_division(Emitter *e, IrInst *inst, LLVMValueRef a, LLVMValueRef b) {
    LLVMTypeRef type = int_type_of(a);
    LLVMValueRef is_zero = LLVMBuildICmp(e->builder, LLVMIntEQ, b, LLVMConstNull(type), "");
    llvm_emit_trap_if(e, is_zero, TRAP_DIV_ZERO, inst->span);
    if (!llvm_int_signed(e, inst->type)) return;
    if (LLVMIsAConstantInt(b) && LLVMConstIntGetSExtValue(b) != -1) return;
    LLVMValueRef smallest = LLVMConstInt(type, UINT64_C(1) << (LLVMGetIntTypeWidth(type) - 1), false);
    LLVMValueRef a_smallest = LLVMBuildICmp(e->builder, LLVMIntEQ, a, smallest, "");
    LLVMValueRef b_minus_one = LLVMBuildICmp(e->builder, LLVMIntEQ, b, LLVMConstAllOnes(type), "");
    llvm_emit_trap_if(e, LLVMBuildAnd(e->builder, a_smallest, b_minus_one, ""), TRAP_OVERFLOW, inst->span);
}

static LLVMValueRef emit_division(Emitter *e, IrInst *inst, LLVMValueRef a, LLVMValueRef b) {
    if (!inst->unchecked) check_division(e, inst, a, b);
    bool is_signed = llvm_int_signed(e, inst->type);
    if (inst->op == IR_DIV)
        return is_signed ? LLVMBuildSDiv(e->builder, a, b, "") : LLVMBuildUDiv(e->builder, a, b, "");
    return is_signed ? LLVMBuildSRem(e->builder, a, b, "") : LLVMBuildURem(e->builder, a, b, "");
}

// The amount has an integer type of its own. Compared unsigned, a negative amount is too large as well. Where nothing
// is checked the amount is taken modulo the width, which is what the machine does.
static LLVMValueRef emit_shift(Emitter *e, IrInst *inst, LLVMValueRef a, LLVMValueRef amount) {
    unsigned bits = LLVMGetIntTypeWidth(int_type_of(a));
    if (!inst->unchecked) {
        LLVMValueRef width = LLVMConstInt(int_type_of(amount), bits, false);
        llvm_emit_trap_if(e, LLVMBuildICmp(e->builder, LLVMIntUGE, amount, width, ""), TRAP_SHIFT, inst->span);
    }
    amount = llvm_int_resize(e, amount, bits, false);
    if (inst->unchecked) amount = LLVMBuildAnd(e->builder, amount, LLVMConstInt(int_type_of(a), bits - 1, false), "");
    if (inst->op == IR_SHL) return LLVMBuildShl(e->builder, a, amount, "");
    return llvm_int_signed(e, inst->type) ? LLVMBuildAShr(e->builder, a, amount, "")
                                          : LLVMBuildLShr(e->builder, a, amount, "");
}

Value llvm_emit_arithmetic(Emitter *e, IrInst *inst) {
    LLVMBuilderRef b = e->builder;
    LLVMValueRef x = operand(e, inst, 0), y = inst->arg_count > 1 ? operand(e, inst, 1) : NULL;
    bool trap = !inst->unchecked;
    switch (inst->op) {
    case IR_ADD: return value_of(trap ? checked_sum(e, inst, x, y) : LLVMBuildAdd(b, x, y, ""));
    case IR_SUB: return value_of(trap ? checked_sum(e, inst, x, y) : LLVMBuildSub(b, x, y, ""));
    case IR_MUL: return value_of(trap ? checked(e, inst, &MULTIPLICATION, x, y) : LLVMBuildMul(b, x, y, ""));
    case IR_NEG:
        return value_of(trap ? checked(e, inst, &SUBTRACTION, LLVMConstNull(int_type_of(x)), x)
                             : LLVMBuildNeg(b, x, ""));
    case IR_DIV:
    case IR_REM: return value_of(emit_division(e, inst, x, y));
    case IR_SHL:
    case IR_SHR: return value_of(emit_shift(e, inst, x, y));
    case IR_ADD_WRAP: return value_of(LLVMBuildAdd(b, x, y, ""));
    case IR_SUB_WRAP: return value_of(LLVMBuildSub(b, x, y, ""));
    case IR_MUL_WRAP: return value_of(LLVMBuildMul(b, x, y, ""));
    case IR_AND: return value_of(LLVMBuildAnd(b, x, y, ""));
    case IR_OR: return value_of(LLVMBuildOr(b, x, y, ""));
    case IR_XOR: return value_of(LLVMBuildXor(b, x, y, ""));
    case IR_NOT: return value_of(LLVMBuildNot(b, x, ""));
    default: ICE("`%s` is no arithmetic operation", ir_op_text(inst->op));
    }
}

Value llvm_emit_float(Emitter *e, IrInst *inst) {
    LLVMBuilderRef b = e->builder;
    LLVMValueRef x = operand(e, inst, 0), y = inst->arg_count > 1 ? operand(e, inst, 1) : NULL;
    switch (inst->op) {
    case IR_FADD: return value_of(LLVMBuildFAdd(b, x, y, ""));
    case IR_FSUB: return value_of(LLVMBuildFSub(b, x, y, ""));
    case IR_FMUL: return value_of(LLVMBuildFMul(b, x, y, ""));
    case IR_FDIV: return value_of(LLVMBuildFDiv(b, x, y, ""));
    case IR_FREM: return value_of(LLVMBuildFRem(b, x, y, ""));
    case IR_FNEG: return value_of(LLVMBuildFNeg(b, x, ""));
    default: ICE("`%s` is no float operation", ir_op_text(inst->op));
    }
}

// A NaN is unequal to everything and neither less nor greater than anything.
static LLVMRealPredicate float_predicate(CompareOp op) {
    switch (op) {
    case COMPARE_EQ: return LLVMRealOEQ;
    case COMPARE_NE: return LLVMRealUNE;
    case COMPARE_LT: return LLVMRealOLT;
    case COMPARE_LE: return LLVMRealOLE;
    case COMPARE_GT: return LLVMRealOGT;
    case COMPARE_GE: return LLVMRealOGE;
    }
    ICE("unknown comparison");
}

static LLVMIntPredicate int_predicate(CompareOp op, bool is_signed) {
    switch (op) {
    case COMPARE_EQ: return LLVMIntEQ;
    case COMPARE_NE: return LLVMIntNE;
    case COMPARE_LT: return is_signed ? LLVMIntSLT : LLVMIntULT;
    case COMPARE_LE: return is_signed ? LLVMIntSLE : LLVMIntULE;
    case COMPARE_GT: return is_signed ? LLVMIntSGT : LLVMIntUGT;
    case COMPARE_GE: return is_signed ? LLVMIntSGE : LLVMIntUGE;
    }
    ICE("unknown comparison");
}

Value llvm_emit_compare(Emitter *e, IrInst *inst) {
    const Type *t = operand_type(inst, 0);
    LLVMValueRef x = operand(e, inst, 0), y = operand(e, inst, 1);
    if (type_is_float(t)) return value_of(LLVMBuildFCmp(e->builder, float_predicate(inst->compare), x, y, ""));
    return value_of(LLVMBuildICmp(
        e->builder, int_predicate(inst->compare, llvm_int_signed(e, t) || FAULT_IN(e->ir->types, COMPARED_AS_SIGNED)),
        x, y, ""));
}

Value llvm_emit_bits(Emitter *e, IrInst *inst) {
    LLVMValueRef x = operand(e, inst, 0);
    LLVMTypeRef type = int_type_of(x);
    LLVMValueRef zero_is_defined[] = {x, LLVMConstInt(e->i1, 0, false)};
    LLVMValueRef result = x;
    switch (inst->op) {
    case IR_POPCOUNT: result = llvm_intrinsic(e, "llvm.ctpop", type, &x, 1); break;
    case IR_CLZ: result = llvm_intrinsic(e, "llvm.ctlz", type, zero_is_defined, 2); break;
    case IR_CTZ: result = llvm_intrinsic(e, "llvm.cttz", type, zero_is_defined, 2); break;
    case IR_BYTE_SWAP:
        if (LLVMGetIntTypeWidth(type) > 8) result = llvm_intrinsic(e, "llvm.bswap", type, &x, 1);
        break;
    default: ICE("`%s` is no bit operation", ir_op_text(inst->op));
    }
    return value_of(llvm_int_resize(e, result, llvm_int_bits(e, inst->type), false));
}

// Writes an optional: the result, and whether there is one. The number type never has a niche.
void llvm_emit_overflow_op(Emitter *e, IrInst *inst) {
    const Overflow *operation = inst->op == IR_ADD_OVERFLOW   ? &ADDITION
                                : inst->op == IR_SUB_OVERFLOW ? &SUBTRACTION
                                                              : &MULTIPLICATION;
    LLVMValueRef to = operand(e, inst, 0);
    Type *optional = operand_type(inst, 0)->element;
    const Layout *layout = type_layout(e->ir->types, optional);
    LLVMValueRef pair =
        overflow_pair(e, operation, llvm_int_signed(e, optional->element), operand(e, inst, 1), operand(e, inst, 2));
    LLVMValueRef fits = LLVMBuildNot(e->builder, LLVMBuildExtractValue(e->builder, pair, 1, ""), "");
    LLVMValueRef result = LLVMBuildExtractValue(e->builder, pair, 0, "");
    llvm_emit_store(e, optional->element, llvm_offset(e, to, layout->payload_offset), value_of(result));
    LLVMValueRef flag = LLVMBuildZExt(e->builder, fits, e->i8, "");
    LLVMBuildStore(e->builder, flag, llvm_offset(e, to, layout->tag_offset));
}
