// Literals and their arithmetic. An integer literal has no type until it meets one: it stays a CONST of type
// INT_LITERAL, and operators on two of them are computed here, exactly, so `200 + 100` is 300 and only then too large
// for `u8`. Nothing of these types is left once coerce_value or default_literal has seen the value.
#include "sema/expr/expr.h"

#include <math.h>

LitInt untyped_value(const TExpr *e) {
    const ConstValue *v = e->constant;
    bool negative = v->index != 0;
    return (LitInt){negative, negative ? 0 - v->bits : v->bits};
}

uint64_t literal_bits(LitInt value) { return value.negative ? 0 - value.magnitude : value.magnitude; }

TExpr *literal_new_int(Context *c, LitInt value, Span span) {
    if (value.magnitude == 0) value.negative = false;
    if (value.negative && value.magnitude > UINT64_C(1) << 63) {
        context_error(c, DIAG_E2002, span, "this number is smaller than any integer type can hold");
        return texpr_error(c, span);
    }
    // Always a value of its own: constants are shared, this one is marked with its sign.
    ConstValue *v = ARENA_NEW(c->sema->arena, ConstValue);
    v->kind = CONST_INT;
    v->type = prim(c, TYPE_INT_LITERAL);
    v->bits = literal_bits(value);
    v->index = value.negative ? 1 : 0;
    return texpr_const(c, v, span);
}

TExpr *literal_new_float(Context *c, Type *type, double value, Span span) {
    ConstValue *v = ARENA_NEW(c->sema->arena, ConstValue);
    v->kind = CONST_FLOAT;
    v->type = type;
    v->real = type->kind == TYPE_F32 ? (double)(float)value : value;
    return texpr_const(c, v, span);
}

static uint64_t int_max(const Type *type) {
    uint32_t bits = type_bits(type);
    uint64_t all = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    return type_is_signed(type) ? all >> 1 : all;
}

bool literal_fits(LitInt value, const Type *type) {
    if (!value.negative) return value.magnitude <= int_max(type);
    return type_is_signed(type) && value.magnitude <= int_max(type) + 1;
}

static TExpr *report_range(Context *c, LitInt value, Type *type, Span span) {
    uint64_t max = int_max(type);
    const char *sign = value.negative ? "-" : "";
    if (type_is_signed(type))
        context_error(c, DIAG_E2002, span, "`%s%llu` does not fit in `%s`, which holds -%llu to %llu", sign,
                      (unsigned long long)value.magnitude, show(c, type), (unsigned long long)(max + 1),
                      (unsigned long long)max);
    else
        context_error(c, DIAG_E2002, span, "`%s%llu` does not fit in `%s`, which holds 0 to %llu", sign,
                      (unsigned long long)value.magnitude, show(c, type), (unsigned long long)max);
    return texpr_error(c, span);
}

TExpr *literal_convert(Context *c, TExpr *literal, Type *target, Span span) {
    if (type_is_float(target)) {
        bool single = target->kind == TYPE_F32;
        double real = literal->constant->real;
        if (is_int_literal(literal)) {
            LitInt v = untyped_value(literal);
            real = single ? (double)(float)v.magnitude : (double)v.magnitude; // rounded once
            if (v.negative) real = -real;
        }
        if (single && isfinite(real) && !isfinite((float)real)) {
            context_error(c, DIAG_E2002, span, "this number does not fit in `f32`, whose largest is 3.4028235e38");
            return texpr_error(c, span);
        }
        return literal_new_float(c, target, real, literal->span);
    }
    LitInt v = untyped_value(literal);
    if (!literal_fits(v, target)) return report_range(c, v, target, span);
    return texpr_int(c, target, literal_bits(v), literal->span);
}

TExpr *default_literal(Context *c, TExpr *value) {
    if (is_int_literal(value)) return literal_convert(c, value, prim(c, TYPE_I64), value->span);
    if (is_float_literal(value)) return literal_convert(c, value, prim(c, TYPE_F64), value->span);
    if (is_bare_null(value)) {
        context_error(c, DIAG_E2018, value->span, "cannot tell what `null` is an optional of; write the type");
        return texpr_error(c, value->span);
    }
    return value;
}

// ---- exact arithmetic on sign and magnitude; false when the result leaves 64 bits
static bool lit_add(LitInt a, LitInt b, LitInt *out) {
    if (a.negative == b.negative) {
        *out = (LitInt){a.negative, a.magnitude + b.magnitude};
        return out->magnitude >= a.magnitude;
    }
    if (a.magnitude >= b.magnitude)
        *out = (LitInt){a.negative, a.magnitude - b.magnitude};
    else
        *out = (LitInt){b.negative, b.magnitude - a.magnitude};
    return true;
}

static bool lit_mul(LitInt a, LitInt b, LitInt *out) {
    *out = (LitInt){a.negative != b.negative, a.magnitude * b.magnitude};
    return a.magnitude == 0 || b.magnitude <= UINT64_MAX / a.magnitude;
}

static bool lit_bits(BinaryOp op, LitInt a, LitInt b, LitInt *out) {
    uint64_t x = literal_bits(a), y = literal_bits(b);
    uint64_t r = op == BINARY_BIT_AND ? x & y : op == BINARY_BIT_OR ? x | y : x ^ y;
    bool negative = op == BINARY_BIT_AND  ? a.negative && b.negative
                    : op == BINARY_BIT_OR ? a.negative || b.negative
                                          : a.negative != b.negative;
    *out = (LitInt){negative, negative ? 0 - r : r};
    // With a negative operand the 64 bits must hold both signs.
    bool mixed = a.negative || b.negative;
    return !mixed || ((a.negative || a.magnitude <= INT64_MAX) && (b.negative || b.magnitude <= INT64_MAX));
}

static bool lit_shift(BinaryOp op, LitInt a, LitInt b, LitInt *out) {
    uint32_t n = (uint32_t)b.magnitude;
    if (op == BINARY_SHL) {
        *out = (LitInt){a.negative, a.magnitude << n};
        return (out->magnitude >> n) == a.magnitude;
    }
    if (!a.negative)
        *out = (LitInt){false, a.magnitude >> n};
    else // rounds towards minus infinity, as shifting the bits does
        *out = (LitInt){true, ((a.magnitude - 1) >> n) + 1};
    return true;
}

static TExpr *fold_int(Context *c, BinaryOp op, LitInt a, LitInt b, Span span) {
    LitInt r = {false, 0};
    bool ok = true;
    switch (op) {
    case BINARY_ADD:
    case BINARY_ADD_WRAP: ok = lit_add(a, b, &r); break;
    case BINARY_SUB:
    case BINARY_SUB_WRAP:
        b.negative = !b.negative;
        ok = lit_add(a, b, &r);
        break;
    case BINARY_MUL:
    case BINARY_MUL_WRAP: ok = lit_mul(a, b, &r); break;
    case BINARY_DIV:
    case BINARY_REM:
        if (b.magnitude == 0) {
            context_error(c, DIAG_E4002, span, "division by zero");
            return texpr_error(c, span);
        }
        if (op == BINARY_DIV)
            r = (LitInt){a.negative != b.negative, a.magnitude / b.magnitude};
        else
            r = (LitInt){a.negative, a.magnitude % b.magnitude};
        break;
    case BINARY_BIT_AND:
    case BINARY_BIT_OR:
    case BINARY_BIT_XOR: ok = lit_bits(op, a, b, &r); break;
    case BINARY_SHL:
    case BINARY_SHR:
        if (b.negative || b.magnitude >= 64) {
            context_error(c, DIAG_E4002, span, "shift amount must be between 0 and 63");
            return texpr_error(c, span);
        }
        ok = lit_shift(op, a, b, &r);
        break;
    default: ICE("no literal operator %d", (int)op);
    }
    if (!ok) {
        context_error(c, DIAG_E2002, span, "the result does not fit in any integer type");
        return texpr_error(c, span);
    }
    return literal_new_int(c, r, span);
}

static double literal_real(const TExpr *e) {
    if (is_float_literal(e)) return e->constant->real;
    LitInt v = untyped_value(e);
    return v.negative ? -(double)v.magnitude : (double)v.magnitude;
}

// NULL when the operator does not fold (the caller reports what is wrong with it).
TExpr *literal_fold_binary(Context *c, BinaryOp op, TExpr *left, TExpr *right, Span span) {
    if (is_int_literal(left) && is_int_literal(right))
        return fold_int(c, op, untyped_value(left), untyped_value(right), span);
    double a = literal_real(left), b = literal_real(right), r;
    switch (op) {
    case BINARY_ADD: r = a + b; break;
    case BINARY_SUB: r = a - b; break;
    case BINARY_MUL: r = a * b; break;
    case BINARY_DIV: r = a / b; break;
    default: return NULL;
    }
    return literal_new_float(c, prim(c, TYPE_FLOAT_LITERAL), r, span);
}

TExpr *literal_fold_unary(Context *c, UnaryOp op, TExpr *operand, Span span) {
    if (is_float_literal(operand))
        return op == UNARY_NEG ? literal_new_float(c, operand->type, -operand->constant->real, span) : NULL;
    LitInt v = untyped_value(operand);
    if (op == UNARY_NEG) {
        v.negative = !v.negative;
        return literal_new_int(c, v, span);
    }
    if (op == UNARY_BIT_NOT) { // -v - 1
        LitInt r;
        v.negative = !v.negative;
        if (lit_add(v, (LitInt){true, 1}, &r)) return literal_new_int(c, r, span);
        context_error(c, DIAG_E2002, span, "the result does not fit in any integer type");
        return texpr_error(c, span);
    }
    return NULL;
}

TExpr *check_literal(Context *c, Node *node, Type *expected) {
    switch (node->kind) {
    case NODE_INT:
    case NODE_CHAR:
        if (node->integer.too_large) {
            context_error(c, DIAG_E2002, node->span, "this number does not fit in any integer type");
            return texpr_error(c, node->span);
        }
        return literal_new_int(c, (LitInt){false, node->integer.value}, node->span);
    case NODE_FLOAT: return literal_new_float(c, prim(c, TYPE_FLOAT_LITERAL), node->floating.value, node->span);
    case NODE_STRING: return texpr_str(c, node->string.bytes, node->span);
    case NODE_BOOL: return texpr_bool(c, node->boolean.value, node->span);
    case NODE_NULL_LIT: {
        Type *type = expected;
        if (type && type->kind == TYPE_ERROR_UNION) type = type->element;
        if (!type || type->kind != TYPE_OPTIONAL) // `?never`: fits every optional
            type = type_optional(c->sema->types, prim(c, TYPE_NEVER));
        return texpr_new(c, TEXPR_NULL_VALUE, type, node->span);
    }
    case NODE_UNDEFINED:
        if (!expected) {
            context_error(c, DIAG_E2018, node->span, "`undefined` has no type of its own; write the type");
            return texpr_error(c, node->span);
        }
        return texpr_new(c, TEXPR_UNDEFINED, expected, node->span);
    default: ICE("no literal: %s", node_kind_name(node->kind));
    }
}
