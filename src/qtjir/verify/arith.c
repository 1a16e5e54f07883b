// Rules of arithmetic, conversions, bits and checks. Nothing converts silently: operands and results are of one type,
// and a conversion says from what to what.
#include "qtjir/verify/internal.h"

static bool int_binary(Verify *v, const IrInst *i) {
    return verify_operand_int(v, i, 0) && verify_same(v, i, 0, 1) && verify_result(v, i, i->args[0]->type);
}

static bool int_unary(Verify *v, const IrInst *i) {
    return verify_operand_int(v, i, 0) && verify_result(v, i, i->args[0]->type);
}

static bool shift(Verify *v, const IrInst *i) {
    return verify_operand_int(v, i, 0) && verify_operand_int(v, i, 1) && verify_result(v, i, i->args[0]->type);
}

static bool float_binary(Verify *v, const IrInst *i) {
    return verify_operand_float(v, i, 0) && verify_same(v, i, 0, 1) && verify_result(v, i, i->args[0]->type);
}

static bool operand_has_bits(Verify *v, const IrInst *i) {
    if (i->args[0]->type->kind == TYPE_BOOL || type_is_int(i->args[0]->type)) return true;
    return verify_fail(v, "operand 1 must be an integer or bool, it is `%s`", verify_text(v, i->args[0]->type));
}

static bool bit_binary(Verify *v, const IrInst *i) {
    return operand_has_bits(v, i) && verify_same(v, i, 0, 1) && verify_result(v, i, i->args[0]->type);
}

bool rule_ADD(Verify *v, const IrInst *i) { return int_binary(v, i); }
bool rule_SUB(Verify *v, const IrInst *i) { return int_binary(v, i); }
bool rule_MUL(Verify *v, const IrInst *i) { return int_binary(v, i); }
bool rule_DIV(Verify *v, const IrInst *i) { return int_binary(v, i); }
bool rule_REM(Verify *v, const IrInst *i) { return int_binary(v, i); }
bool rule_NEG(Verify *v, const IrInst *i) { return int_unary(v, i); }
bool rule_SHL(Verify *v, const IrInst *i) { return shift(v, i); }
bool rule_SHR(Verify *v, const IrInst *i) { return shift(v, i); }
bool rule_ADD_WRAP(Verify *v, const IrInst *i) { return int_binary(v, i); }
bool rule_SUB_WRAP(Verify *v, const IrInst *i) { return int_binary(v, i); }
bool rule_MUL_WRAP(Verify *v, const IrInst *i) { return int_binary(v, i); }
bool rule_AND(Verify *v, const IrInst *i) { return bit_binary(v, i); }
bool rule_OR(Verify *v, const IrInst *i) { return bit_binary(v, i); }
bool rule_XOR(Verify *v, const IrInst *i) { return bit_binary(v, i); }
bool rule_NOT(Verify *v, const IrInst *i) { return operand_has_bits(v, i) && verify_result(v, i, i->args[0]->type); }
bool rule_FADD(Verify *v, const IrInst *i) { return float_binary(v, i); }
bool rule_FSUB(Verify *v, const IrInst *i) { return float_binary(v, i); }
bool rule_FMUL(Verify *v, const IrInst *i) { return float_binary(v, i); }
bool rule_FDIV(Verify *v, const IrInst *i) { return float_binary(v, i); }
bool rule_FREM(Verify *v, const IrInst *i) { return float_binary(v, i); }
bool rule_FNEG(Verify *v, const IrInst *i) {
    return verify_operand_float(v, i, 0) && verify_result(v, i, i->args[0]->type);
}

// Pointers, functions and niche optionals have no order, but are equal or not.
bool rule_CMP(Verify *v, const IrInst *i) {
    const Type *t = i->args[0]->type;
    if (!verify_same(v, i, 0, 1)) return false;
    if (t->kind == TYPE_SLICE) return verify_fail(v, "slices are not compared as values");
    if (i->compare > COMPARE_GE) return verify_fail(v, "there is no such comparison");
    return verify_result_kind(v, i, TYPE_BOOL);
}

// ---- conversions -----------------------------------------------------------------------------------------------------

static bool result_int(Verify *v, const IrInst *i) {
    return type_is_int(i->type) || verify_fail(v, "the result must be an integer, it is `%s`", verify_text(v, i->type));
}

static bool result_float(Verify *v, const IrInst *i) {
    return type_is_float(i->type) || verify_fail(v, "the result must be a float, it is `%s`", verify_text(v, i->type));
}

bool rule_INT_WIDEN(Verify *v, const IrInst *i) {
    if (!verify_operand_int(v, i, 0) || !result_int(v, i)) return false;
    const Type *from = i->args[0]->type, *to = i->type;
    bool fits = type_is_signed(from) == type_is_signed(to) ? type_bits(from) <= type_bits(to)
                                                           : !type_is_signed(from) && type_bits(from) < type_bits(to);
    return fits || verify_fail(v, "`%s` does not hold every `%s`", verify_text(v, to), verify_text(v, from));
}

bool rule_INT_TRUNC(Verify *v, const IrInst *i) {
    if (!verify_operand_int(v, i, 0) || !result_int(v, i)) return false;
    return type_bits(i->type) <= type_bits(i->args[0]->type) || verify_fail(v, "the result is wider than the operand");
}

bool rule_INT_CAST(Verify *v, const IrInst *i) { return verify_operand_int(v, i, 0) && result_int(v, i); }
bool rule_INT_TO_FLOAT(Verify *v, const IrInst *i) { return verify_operand_int(v, i, 0) && result_float(v, i); }
bool rule_FLOAT_TO_INT(Verify *v, const IrInst *i) { return verify_operand_float(v, i, 0) && result_int(v, i); }
bool rule_FLOAT_CAST(Verify *v, const IrInst *i) { return verify_operand_float(v, i, 0) && result_float(v, i); }
bool rule_BOOL_TO_INT(Verify *v, const IrInst *i) { return verify_operand_bool(v, i, 0) && result_int(v, i); }

bool rule_BITCAST(Verify *v, const IrInst *i) {
    Type *from = i->args[0]->type;
    if (from->kind == TYPE_SLICE || i->type->kind == TYPE_SLICE) return verify_fail(v, "slices have no bits to cast");
    if (type_size(v->types, from) == type_size(v->types, i->type)) return true;
    return verify_fail(v, "`%s` and `%s` differ in size", verify_text(v, from), verify_text(v, i->type));
}

// ---- bits ------------------------------------------------------------------------------------------------------------

bool rule_POPCOUNT(Verify *v, const IrInst *i) { return int_unary(v, i); }
bool rule_CLZ(Verify *v, const IrInst *i) { return int_unary(v, i); }
bool rule_CTZ(Verify *v, const IrInst *i) { return int_unary(v, i); }
bool rule_BYTE_SWAP(Verify *v, const IrInst *i) { return int_unary(v, i); }

static bool overflow(Verify *v, const IrInst *i) {
    Type *t = verify_address_of(v, i, 0, TYPE_OPTIONAL, "an optional");
    return t && verify_writable(v, i, 0) && verify_operand_int(v, i, 1) && verify_same(v, i, 1, 2) &&
           verify_operand(v, i, 1, t->element);
}

bool rule_ADD_OVERFLOW(Verify *v, const IrInst *i) { return overflow(v, i); }
bool rule_SUB_OVERFLOW(Verify *v, const IrInst *i) { return overflow(v, i); }
bool rule_MUL_OVERFLOW(Verify *v, const IrInst *i) { return overflow(v, i); }

// ---- checks ----------------------------------------------------------------------------------------------------------

static bool checks_allowed(Verify *v) {
    return !v->m->checks_stripped || verify_fail(v, "a check is left although checks were stripped");
}

// A signed index is compared by its bits, like any other; its type tells the message how to show it.
static bool operand_is_index(Verify *v, const IrInst *i, uint32_t k) {
    TypeKind kind = i->args[k]->type->kind;
    return kind == TYPE_I64 || kind == TYPE_ISIZE || verify_operand_usize(v, i, k);
}

bool rule_CHECK_BOUNDS(Verify *v, const IrInst *i) {
    return checks_allowed(v) && operand_is_index(v, i, 0) && verify_operand_usize(v, i, 1);
}

bool rule_CHECK_SLICE(Verify *v, const IrInst *i) {
    return checks_allowed(v) && operand_is_index(v, i, 0) && operand_is_index(v, i, 1) && verify_operand_usize(v, i, 2);
}

bool rule_CHECK_TRUE(Verify *v, const IrInst *i) {
    if (i->trap >= TRAP_KIND_COUNT) return verify_fail(v, "there is no such trap");
    return (i->trap == TRAP_ASSERT || checks_allowed(v)) && verify_operand_bool(v, i, 0);
}
