// Numbers at compile time, with the meaning they have at run time: arithmetic that overflows, divides by zero or shifts too far
// fails with the text of the trap it would be, and so does a conversion whose value does not fit.
#include <math.h>

#include "sema/consteval.h"

static const char OVERFLOW_TEXT[] = "integer overflow";
static const char RANGE_TEXT[] = "value does not fit";

// Bits beyond the type's width become copies of its sign, or zero.
uint64_t int_normal(const Type *t, uint64_t bits) {
    unsigned width = t->kind == TYPE_BOOL ? 1 : type_bits(t);
    if (width == 0 || width >= 64) return bits;
    uint64_t mask = ((uint64_t)1 << width) - 1;
    bits &= mask;
    if (type_is_signed(t) && bits >> (width - 1)) bits |= ~mask;
    return bits;
}

// `r` is the result in 64 bits and right unless `lost`; it must be its own normal form.
static const char *exact_result(const Type *t, uint64_t r, bool lost, uint64_t *out) {
    *out = int_normal(t, r);
    return lost || *out != r ? OVERFLOW_TEXT : NULL;
}

static const char *int_add(const Type *t, uint64_t a, uint64_t b, uint64_t *out) {
    uint64_t r = a + b;
    return exact_result(t, r, type_is_signed(t) ? ((a ^ r) & (b ^ r)) >> 63 : r < a, out);
}

static const char *int_sub(const Type *t, uint64_t a, uint64_t b, uint64_t *out) {
    uint64_t r = a - b;
    return exact_result(t, r, type_is_signed(t) ? ((a ^ b) & (a ^ r)) >> 63 : a < b, out);
}

static const char *int_mul(const Type *t, uint64_t a, uint64_t b, uint64_t *out) {
    bool is_signed = type_is_signed(t), a_minus = is_signed && a >> 63, b_minus = is_signed && b >> 63;
    uint64_t x = a_minus ? 0 - a : a, y = b_minus ? 0 - b : b;
    bool lost = x != 0 && y > UINT64_MAX / x, minus = a_minus != b_minus;
    uint64_t size = x * y;
    if (is_signed && size > ((uint64_t)1 << 63) - (minus ? 0 : 1)) lost = true;
    return exact_result(t, minus ? 0 - size : size, lost, out);
}

static const char *int_divide(BinaryOp op, const Type *t, uint64_t a, uint64_t b, uint64_t *out) {
    if (b == 0) return "division by zero";
    if (!type_is_signed(t)) {
        *out = op == BINARY_DIV ? a / b : a % b;
        return NULL;
    }
    if (b == UINT64_MAX && op == BINARY_REM) {
        *out = 0;
        return NULL;
    }
    if (b == UINT64_MAX) return int_sub(t, 0, a, out);
    *out = (uint64_t)(op == BINARY_DIV ? (int64_t)a / (int64_t)b : (int64_t)a % (int64_t)b);
    return NULL;
}

static const char *int_shift(BinaryOp op, const Type *t, uint64_t a, uint64_t b, const Type *amount, uint64_t *out) {
    if ((amount && type_is_signed(amount) && (int64_t)b < 0) || b >= type_bits(t)) return "shift amount out of range";
    if (op == BINARY_SHL)
        *out = int_normal(t, a << b);
    else if (!type_is_signed(t))
        *out = a >> b;
    else
        *out = (int64_t)a < 0 ? ~(~a >> b) : a >> b;
    return NULL;
}

const char *int_binary(BinaryOp op, const Type *t, uint64_t a, uint64_t b, const Type *amount, uint64_t *out) {
    switch (op) {
    case BINARY_ADD: return int_add(t, a, b, out);
    case BINARY_SUB: return int_sub(t, a, b, out);
    case BINARY_MUL: return int_mul(t, a, b, out);
    case BINARY_ADD_WRAP: *out = int_normal(t, a + b); return NULL;
    case BINARY_SUB_WRAP: *out = int_normal(t, a - b); return NULL;
    case BINARY_MUL_WRAP: *out = int_normal(t, a * b); return NULL;
    case BINARY_DIV:
    case BINARY_REM: return int_divide(op, t, a, b, out);
    case BINARY_BIT_AND: *out = a & b; return NULL;
    case BINARY_BIT_OR: *out = a | b; return NULL;
    case BINARY_BIT_XOR: *out = int_normal(t, a ^ b); return NULL;
    case BINARY_SHL:
    case BINARY_SHR: return int_shift(op, t, a, b, amount, out);
    default: return "operator without a value";
    }
}

const char *float_binary(BinaryOp op, double a, double b, double *out) {
    switch (op) {
    case BINARY_ADD: *out = a + b; return NULL;
    case BINARY_SUB: *out = a - b; return NULL;
    case BINARY_MUL: *out = a * b; return NULL;
    case BINARY_DIV: *out = a / b; return NULL;
    case BINARY_REM: *out = fmod(a, b); return NULL;
    default: return "operator without a value";
    }
}

bool compare_ordered(CompareOp op, const Type *t, const ConstValue *a, const ConstValue *b) {
    int order;
    if (a->kind == CONST_FLOAT) {
        // Nothing but `!=` holds for a NaN.
        if (a->real != a->real || b->real != b->real) return op == COMPARE_NE;
        order = (a->real > b->real) - (a->real < b->real);
    } else if (type_is_signed(t) || (t->kind == TYPE_ENUM && t->tag_type && type_is_signed(t->tag_type)))
        order = ((int64_t)a->bits > (int64_t)b->bits) - ((int64_t)a->bits < (int64_t)b->bits);
    else
        order = (a->bits > b->bits) - (a->bits < b->bits);
    switch (op) {
    case COMPARE_EQ: return order == 0;
    case COMPARE_NE: return order != 0;
    case COMPARE_LT: return order < 0;
    case COMPARE_LE: return order <= 0;
    case COMPARE_GT: return order > 0;
    case COMPARE_GE: return order >= 0;
    }
    return false;
}

static const char *float_to_int(const Type *to, double value, ConstValue *out) {
    double whole = trunc(value);
    unsigned bits = type_bits(to);
    double limit = ldexp(1.0, (int)(type_is_signed(to) ? bits - 1 : bits));
    if (value != value || whole >= limit || whole < (type_is_signed(to) ? -limit : 0.0)) return RANGE_TEXT;
    out->bits = whole < 0 ? (uint64_t)(int64_t)whole : (uint64_t)whole;
    return NULL;
}

const char *const_cast(const Type *to, const Type *from, const ConstValue *v, ConstValue *out) {
    const Type *source = from->kind == TYPE_ENUM && from->tag_type ? from->tag_type : from;
    if (type_is_float(to)) {
        out->kind = CONST_FLOAT;
        double real = v->kind == CONST_FLOAT   ? v->real
                      : type_is_signed(source) ? (double)(int64_t)v->bits
                                               : (double)v->bits;
        out->real = to->kind == TYPE_F32 ? (double)(float)real : real;
        return NULL;
    }
    out->kind = CONST_INT;
    if (to->kind == TYPE_ENUM) {
        for (uint32_t i = 0; i < to->variant_count; i++)
            if ((uint64_t)to->variants[i].discriminant == v->bits) {
                out->bits = v->bits;
                return NULL;
            }
        return RANGE_TEXT;
    }
    if (v->kind == CONST_FLOAT) return float_to_int(to, v->real, out);
    out->bits = int_normal(to, v->bits);
    bool was_minus = type_is_signed(source) && v->bits >> 63, is_minus = type_is_signed(to) && out->bits >> 63;
    return out->bits == v->bits && was_minus == is_minus ? NULL : RANGE_TEXT;
}
