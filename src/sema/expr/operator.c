// Operators: arithmetic, bits, comparison, logic and `as`. Both sides of a binary operator come to one type here, by
// widening or by a literal taking the other side's type, so the typed tree never holds a mixed operation. Shifts keep
// the left side's type; their amount may be of any integer type.
#include "sema/expr/expr.h"

#include "sema/body/body.h"
#include "sema/help/help.h"
#include "sema/constant/constant.h"

static const char *unwrap_help(const Type *t) {
    if (t->kind == TYPE_OPTIONAL) return "the value may be null: use `.?` or `??`";
    if (t->kind == TYPE_ERROR_UNION) return "this may fail: propagate with `?` or handle with `catch`";
    return NULL;
}

static TExpr *undefined_operator(Context *c, Span span, const char *op, const Type *type, const char *help) {
    Diag *d = context_error(c, DIAG_E2003, span, "`%s` is not defined for `%s`", op, show(c, type));
    if (!help) help = unwrap_help(type);
    if (help) diag_note(c->sema->diags, d, (Span){0}, "%s", help);
    return texpr_error(c, span);
}

// ---- unary
static TExpr *check_address(Context *c, Node *node, Type *expected) {
    Type *pointer = expected_core(expected);
    Type *hint = NULL;
    if (pointer && pointer->kind == TYPE_PTR)
        hint = pointer->element;
    else if (pointer && pointer->kind == TYPE_SLICE) // `&[1, 2, 3]` where a slice is due
        hint = pointer;
    Node *operand = skip_parens(node->unary.operand);
    TExpr *e = check_operand_place(c, operand, hint);
    if (is_error(e)) return e;
    if (texpr_is_place(e) && e->kind != TEXPR_TEMP) return texpr_addr(c, e, node->span);
    e = load_place(c, e);
    switch (e->kind) {
    case TEXPR_FUNC_REF: {
        Diag *d = context_error(c, DIAG_E2024, node->span, "a function has no address to take");
        diag_note(c->sema->diags, d, (Span){0}, "the name alone is the function pointer");
        return texpr_error(c, node->span);
    }
    default: break;
    }
    if (e->type->kind == TYPE_VOID || e->type->kind == TYPE_NEVER || is_bare_null(e)) {
        context_error(c, DIAG_E2024, node->span, "there is nothing here to take the address of");
        return texpr_error(c, node->span);
    }
    if (is_literal(e) || (e->kind == TEXPR_CONST && operand->kind != NODE_STRING)) {
        Diag *d = context_error(c, DIAG_E2024, node->span, "a number has no address");
        diag_note(c->sema->diags, d, (Span){0}, "give it a name with `let` first");
        return texpr_error(c, node->span);
    }
    ConstValue *value = const_of_tree(c, e);
    Type *type = type_ptr(c->sema->types, e->type, true);
    if (value) {
        ConstValue *address = ARENA_NEW(c->sema->arena, ConstValue);
        address->kind = CONST_GLOBAL;
        address->type = type;
        address->global = global_promote(c, value, e->span);
        return texpr_const(c, address, node->span);
    }
    return texpr_unary(c, TEXPR_ADDR, type, texpr_unary(c, TEXPR_TEMP, e->type, e, e->span), node->span);
}

static TExpr *new_unary(Context *c, UnaryOp op, TExpr *operand, Span span) {
    TExpr *e = texpr_new(c, TEXPR_UNARY, operand->type, span);
    e->op1.op = op;
    e->op1.operand = operand;
    return e;
}

TExpr *check_unary(Context *c, Node *node, Type *expected) {
    UnaryOp op = node->unary.op;
    if (op == UNARY_ADDR) return check_address(c, node, expected);
    Type *wanted = op == UNARY_NOT ? NULL : expected_core(expected);
    TExpr *operand = check_value(c, node->unary.operand, wanted && type_is_numeric(wanted) ? wanted : NULL);
    if (is_error(operand)) return operand;
    if (is_never(operand)) return operand;
    if (is_bare_null(operand)) {
        default_literal(c, operand);
        return texpr_error(c, node->span);
    }
    Type *type = operand->type;
    if (op == UNARY_NOT) {
        if (type->kind != TYPE_BOOL) {
            if (is_literal(operand)) type = default_literal(c, operand)->type;
            return undefined_operator(c, node->span, "not", type,
                                      c->compared_not == node
                                          ? "`not` is applied before the comparison; put that in parentheses"
                                      : type_is_int(type) ? "`~` is the bitwise complement"
                                                          : NULL);
        }
        return new_unary(c, op, operand, node->span);
    }
    if (is_literal(operand)) {
        // `~0` of an unsigned type is all ones, which no untyped number is.
        Type *core = expected_core(expected);
        if (op == UNARY_BIT_NOT && is_int_literal(operand) && core && type_is_int(core) && !type_is_signed(core)) {
            operand = literal_convert(c, operand, core, node->span);
            return is_error(operand) ? operand : new_unary(c, op, operand, node->span);
        }
        TExpr *folded = literal_fold_unary(c, op, operand, node->span);
        return folded ? folded : undefined_operator(c, node->span, "~", prim(c, TYPE_F64), NULL);
    }
    if (op == UNARY_NEG) {
        if (type_is_float(type) || (type_is_int(type) && type_is_signed(type)))
            return new_unary(c, op, operand, node->span);
        return undefined_operator(c, node->span, "-", type,
                                  type_is_int(type) ? "it has no negative values; convert to a signed type first"
                                                    : NULL);
    }
    if (type_is_int(type)) return new_unary(c, op, operand, node->span);
    return undefined_operator(c, node->span, "~", type, type->kind == TYPE_BOOL ? "`not` negates a bool" : NULL);
}

// ---- arithmetic
bool operator_fits(BinaryOp op, const Type *t) {
    if (type_is_int(t) || t->kind == TYPE_INT_LITERAL) return true;
    if (type_is_float(t) || t->kind == TYPE_FLOAT_LITERAL) return binary_op_group(op) == OPERATOR_ARITHMETIC;
    return false;
}

static const char *arithmetic_help(BinaryOp op, const Type *t) {
    if (t->kind == TYPE_SLICE && op == BINARY_ADD) return "text is joined by interpolation: `$\"{a}{b}\"`";
    if (t->kind == TYPE_BOOL && (op == BINARY_BIT_AND || op == BINARY_BIT_OR))
        return op == BINARY_BIT_AND ? "write `and`" : "write `or`";
    if (t->kind == TYPE_BOOL && op == BINARY_BIT_XOR) return "write `!=`";
    if (t->kind == TYPE_PTR) return "read through the pointer with `.*`";
    return NULL;
}

TExpr *compound_undefined(Context *c, Span span, BinaryOp op, const Type *type) {
    return undefined_operator(c, span, arena_printf(c->sema->arena, "%s=", binary_op_text(op)), type,
                              arithmetic_help(op, type));
}

// The side whose values the other can hold is the one to convert; signs and floats leave the choice to the reader.
static void note_conversion(Context *c, Diag *d, const Type *left, const Type *right) {
    const char *l = show(c, left), *r = show(c, right);
    if (left->kind == TYPE_INT_LITERAL || left->kind == TYPE_FLOAT_LITERAL || right->kind == TYPE_INT_LITERAL ||
        right->kind == TYPE_FLOAT_LITERAL)
        diag_note(c->sema->diags, d, (Span){0}, "convert one side with `as`");
    else
        diag_note(c->sema->diags, d, (Span){0}, "convert one side: `… as %s` on the left or `… as %s` on the right", r,
                  l);
    note_same_numbers(c, d, left, right);
}

static TExpr *mismatch(Context *c, BinaryOp op, const TExpr *left, const TExpr *right, Span span) {
    const char *l = is_int_literal(left) ? "integer" : is_float_literal(left) ? "float" : show(c, left->type);
    const char *r = is_int_literal(right) ? "integer" : is_float_literal(right) ? "float" : show(c, right->type);
    if (left->type->is_interpolation || right->type->is_interpolation) {
        context_error(c, DIAG_E2001, span,
                      "`%s` does not work on interpolated text: it is no `str`, and is made only where it is written",
                      binary_op_text(op));
        return texpr_error(c, span);
    }
    Diag *d = context_error(c, DIAG_E2001, span, "the two sides of `%s` have different types: `%s` and `%s`",
                            binary_op_text(op), l, r);
    if (type_is_numeric(left->type) && type_is_numeric(right->type))
        note_conversion(c, d, left->type, right->type);
    else if (left->type->kind == TYPE_U8 || right->type->kind == TYPE_U8)
        suggest_character(c->sema, d, left->type->kind == TYPE_U8 ? right->span : left->span);
    return texpr_error(c, span);
}

// Brings two numbers to one type. False when there is none (nothing reported).
static bool unite_numbers(Context *c, TExpr **left, TExpr **right) {
    Type *l = (*left)->type, *r = (*right)->type;
    if (l == r) return true;
    if (is_literal(*left) && coerce_possible(c, *left, r)) {
        *left = coerce_value(c, *left, r, (*left)->span, NULL);
        return true;
    }
    if (is_literal(*right) && coerce_possible(c, *right, l)) {
        *right = coerce_value(c, *right, l, (*right)->span, NULL);
        return true;
    }
    if (int_widens(l, r)) {
        *left = texpr_coerce(c, COERCE_INT_WIDEN, r, *left);
        return true;
    }
    if (int_widens(r, l)) {
        *right = texpr_coerce(c, COERCE_INT_WIDEN, l, *right);
        return true;
    }
    return false;
}

static TExpr *new_binary(Context *c, TExprKind kind, BinaryOp op, TExpr *left, TExpr *right, Type *type, Span span) {
    TExpr *e = texpr_new(c, kind, type, span);
    e->op2.op = op;
    e->op2.left = left;
    e->op2.right = right;
    return e;
}

TExpr *shift_amount(Context *c, const Type *shifted, TExpr *amount) {
    if (is_int_literal(amount)) {
        LitInt value = untyped_value(amount);
        if (!value.negative && value.magnitude < type_bits(shifted))
            return literal_convert(c, amount, prim(c, TYPE_U32), amount->span);
        context_error(c, DIAG_E4002, amount->span, "`%s` has %u bits; it cannot be shifted by this amount",
                      show(c, shifted), type_bits(shifted));
        return texpr_error(c, amount->span);
    }
    if (is_error(amount) || amount->type->kind == TYPE_NEVER || type_is_int(amount->type)) return amount;
    amount = default_literal(c, amount);
    if (is_error(amount)) return amount;
    context_error(c, DIAG_E2001, amount->span, "a shift amount is an integer, not `%s`", show(c, amount->type));
    return texpr_error(c, amount->span);
}

static TExpr *check_shift(Context *c, BinaryOp op, TExpr *left, TExpr *right, Type *expected, Span span) {
    // A literal that is shifted by something takes the type that is wanted, else the amount's.
    if (is_int_literal(left)) {
        Type *core = expected_core(expected);
        left = literal_convert(c, left, core && type_is_int(core) ? core : right->type, left->span);
    }
    if (!is_error(left)) right = shift_amount(c, left->type, right);
    if (is_error(left) || is_error(right)) return texpr_error(c, span);
    return new_binary(c, TEXPR_BINARY, op, left, right, left->type, span);
}

static TExpr *check_arithmetic(Context *c, Node *node, Type *expected) {
    BinaryOp op = node->binary.op;
    Type *core = expected_core(expected);
    Type *hint = core && type_is_numeric(core) ? core : NULL;
    TExpr *left = check_value(c, node->binary.left, hint);
    Type *right_hint = binary_op_group(op) == OPERATOR_SHIFT                                 ? NULL
                       : !is_error(left) && type_is_numeric(left->type) && !is_literal(left) ? left->type
                                                                                             : hint;
    TExpr *right = check_value(c, node->binary.right, right_hint);
    if (is_error(left) || is_error(right)) return texpr_error(c, node->span);
    Span span = node->span;
    TExpr *stuck = never_reached(c, (TExpr *[]){left, right}, 2, span);
    if (stuck) return stuck;
    TExpr *bad = !operator_fits(op, left->type) ? left : !operator_fits(op, right->type) ? right : NULL;
    if (bad) {
        Type *type = is_literal(bad) ? prim(c, TYPE_F64) : bad->type;
        if (is_bare_null(bad)) {
            default_literal(c, bad);
            return texpr_error(c, span);
        }
        return undefined_operator(c, span, binary_op_text(op), type, arithmetic_help(op, type));
    }
    if (is_literal(left) && is_literal(right)) {
        TExpr *folded = literal_fold_binary(c, op, left, right, span);
        return folded ? folded : undefined_operator(c, span, binary_op_text(op), prim(c, TYPE_F64), NULL);
    }
    if (binary_op_group(op) == OPERATOR_SHIFT) return check_shift(c, op, left, right, expected, span);
    if (!unite_numbers(c, &left, &right)) return mismatch(c, op, left, right, span);
    if (is_error(left) || is_error(right)) return texpr_error(c, span);
    return new_binary(c, TEXPR_BINARY, op, left, right, left->type, span);
}

// ---- comparison
static bool comparable(Context *c, Type *t, Span span, Map *seen) {
    if (map_get(seen, t)) return true;
    map_put(c->sema->arena, seen, t, t);
    switch (t->kind) {
    case TYPE_VOID:
    case TYPE_NEVER:
    case TYPE_ERROR_UNION: return false;
    case TYPE_SLICE:
    case TYPE_ARRAY:
    case TYPE_OPTIONAL: return comparable(c, t->element, span, seen);
    case TYPE_STRUCT:
    case TYPE_ENUM: break;
    default: return true;
    }
    if (!type_complete(c->sema, t, span) || !type_is_copyable(c->sema, t, span)) return false;
    for (uint32_t i = 0; i < t->field_count; i++)
        if (!comparable(c, t->fields[i].type, span, seen)) return false;
    for (uint32_t i = 0; i < t->variant_count; i++)
        for (uint32_t k = 0; k < t->variants[i].field_count; k++)
            if (!comparable(c, t->variants[i].fields[k].type, span, seen)) return false;
    return true;
}

bool type_is_comparable(Context *c, Type *t, Span span) {
    Map seen = {0};
    return comparable(c, t, span, &seen);
}

static bool compares_as_scalar(const Type *t) {
    return type_is_numeric(t) || t->kind == TYPE_BOOL || t->kind == TYPE_PTR || t->kind == TYPE_FUNC ||
           t->kind == TYPE_ERROR_SET || (t->kind == TYPE_ENUM && t->is_plain_enum);
}

static TExpr *null_test(Context *c, TExpr *operand, BinaryOp op, Span span) {
    if (is_error(operand) || is_never(operand)) return operand;
    if (op != BINARY_EQ && op != BINARY_NE) return undefined_operator(c, span, binary_op_text(op), operand->type, NULL);
    if (operand->type->kind != TYPE_OPTIONAL || is_bare_null(operand)) {
        if (is_literal(operand) || is_bare_null(operand)) operand = default_literal(c, operand);
        if (!is_error(operand))
            context_error(c, DIAG_E2013, span, "`%s` is not an optional, so it is never null", show(c, operand->type));
        return texpr_error(c, span);
    }
    TExpr *test = texpr_unary(c, TEXPR_IS_NULL, prim(c, TYPE_BOOL), as_place(c, operand), span);
    if (op == BINARY_EQ) return test;
    return new_unary(c, UNARY_NOT, test, span);
}

static TExpr *compare_equal(Context *c, BinaryOp op, TExpr *left, TExpr *right, Span span) {
    TExpr *e = texpr_new(c, TEXPR_EQUAL, prim(c, TYPE_BOOL), span);
    e->equal.left = as_place(c, left);
    e->equal.right = as_place(c, right);
    e->equal.negate = op == BINARY_NE;
    return e;
}

static const char *order_help(const Type *t) {
    if (t->kind == TYPE_SLICE || t->kind == TYPE_STRUCT || t->kind == TYPE_ENUM)
        return "order values with `compare` of the trait `Ord`";
    return NULL;
}

// A slice is compared as one of constants, so that either side may be read-only.
static Type *compared_as(Context *c, Type *t) {
    return t->kind == TYPE_SLICE ? type_slice(c->sema->types, t->element, true) : t;
}

// One type for both sides of a comparison. False after a report.
static bool unite_compared(Context *c, BinaryOp op, TExpr **left, TExpr **right, Span span) {
    Type *l = compared_as(c, (*left)->type), *r = compared_as(c, (*right)->type);
    if (is_literal(*left) && is_literal(*right)) {
        bool real = is_float_literal(*left) || is_float_literal(*right);
        TExpr *both[] = {*left, *right};
        Type *type = prim(c, real ? TYPE_F64 : TYPE_I64);
        if (!real && ((!untyped_value(both[0]).negative && untyped_value(both[0]).magnitude > INT64_MAX) ||
                      (!untyped_value(both[1]).negative && untyped_value(both[1]).magnitude > INT64_MAX)))
            type = prim(c, TYPE_U64);
        *left = coerce_value(c, *left, type, (*left)->span, NULL);
        *right = coerce_value(c, *right, type, (*right)->span, NULL);
        return !is_error(*left) && !is_error(*right);
    }
    if ((*left)->type == (*right)->type || (type_is_numeric(l) && type_is_numeric(r) && unite_numbers(c, left, right)))
        return !is_error(*left) && !is_error(*right);
    *left = load_place(c, *left);
    *right = load_place(c, *right);
    if (is_error(*left) || is_error(*right)) return false;
    Type *type = coerce_possible(c, *right, l) ? l : r;
    if (!coerce_possible(c, *left, type) || !coerce_possible(c, *right, type)) {
        mismatch(c, op, *left, *right, span);
        return false;
    }
    *left = coerce_value(c, *left, type, (*left)->span, NULL);
    *right = coerce_value(c, *right, type, (*right)->span, NULL);
    return !is_error(*left) && !is_error(*right);
}

static TExpr *check_comparison(Context *c, Node *node) {
    BinaryOp op = node->binary.op;
    Span span = node->span;
    Node *l = node->binary.left, *r = node->binary.right;
    if (skip_parens(r)->kind == NODE_NULL_LIT) return null_test(c, check_expr(c, l, NULL), op, span);
    if (skip_parens(l)->kind == NODE_NULL_LIT) return null_test(c, check_expr(c, r, NULL), op, span);
    if (l->kind == NODE_UNARY && l->unary.op == UNARY_NOT) c->compared_not = l;
    TExpr *left, *right;
    if (node_needs_expected(l) && !node_needs_expected(r)) {
        right = check_expr(c, r, NULL);
        left = is_error(right) ? right : check_expr(c, l, is_literal(right) ? NULL : compared_as(c, right->type));
    } else {
        left = check_expr(c, l, NULL);
        if (is_error(left) && node_needs_expected(r)) return left;
        right = check_expr(c, r, is_error(left) || is_literal(left) ? NULL : compared_as(c, left->type));
    }
    if (is_error(left) || is_error(right)) return texpr_error(c, span);
    TExpr *stuck = never_reached(c, (TExpr *[]){left, right}, 2, span);
    if (stuck) return stuck;
    if (!unite_compared(c, op, &left, &right, span)) return texpr_error(c, span);
    Type *type = left->type;
    if (op != BINARY_EQ && op != BINARY_NE) {
        if (!type_is_numeric(type)) return undefined_operator(c, span, binary_op_text(op), type, order_help(type));
    } else if (!type_is_comparable(c, type, span)) {
        if (type->state != STAGE_BROKEN) {
            Diag *d = context_error(c, DIAG_E2030, span, "values of type `%s` cannot be compared", show(c, type));
            const char *help = unwrap_help(type);
            if (help) diag_note(c->sema->diags, d, (Span){0}, "%s", help);
        }
        return texpr_error(c, span);
    }
    if (!compares_as_scalar(type)) return compare_equal(c, op, left, right, span);
    TExpr *e = texpr_new(c, TEXPR_COMPARE, prim(c, TYPE_BOOL), span);
    e->compare.op = (CompareOp)(op - BINARY_EQ);
    e->compare.left = load_place(c, left);
    e->compare.right = load_place(c, right);
    return e;
}

// ---- logic
static TExpr *logic_operand(Context *c, Node *node, BinaryOp op, bool *is_default) {
    TExpr *e = check_value(c, node, NULL);
    if (is_default && op == BINARY_OR && !is_error(e) &&
        (e->type->kind == TYPE_OPTIONAL || e->type->kind == TYPE_ERROR_UNION)) {
        context_error(c, DIAG_E2001, node->span, "`or` joins two `bool`; another value for %s is given with `%s`",
                      e->type->kind == TYPE_OPTIONAL ? "null" : "an error",
                      e->type->kind == TYPE_OPTIONAL ? "??" : "catch");
        *is_default = true;
        return texpr_error(c, node->span);
    }
    const char *what = op == BINARY_AND ? "operand of `and`" : "operand of `or`";
    return coerce_value(c, e, prim(c, TYPE_BOOL), node->span, what);
}

TExpr *check_binary(Context *c, Node *node, Type *expected) {
    BinaryOp op = node->binary.op;
    if (op == BINARY_AND || op == BINARY_OR) {
        bool is_default = false;
        TExpr *left = logic_operand(c, node->binary.left, op, &is_default);
        if (is_default) return left;
        const Moved *start = c->moved;
        TExpr *right = logic_operand(c, node->binary.right, op, NULL);
        if (right->kind == TEXPR_COERCE && right->coerce.kind == COERCE_NEVER) moved_take(c, start);
        if (is_error(left) || is_error(right)) return texpr_error(c, node->span);
        return new_binary(c, TEXPR_LOGICAL, op, left, right, prim(c, TYPE_BOOL), node->span);
    }
    return binary_op_group(op) == OPERATOR_COMPARISON ? check_comparison(c, node) : check_arithmetic(c, node, expected);
}

// ---- as
static bool castable(const Type *from, const Type *to) {
    bool from_number = type_is_int(from) || type_is_float(from);
    bool to_number = type_is_int(to) || type_is_float(to);
    if (from_number && to_number) return true;
    if (type_is_int(to) && (from->kind == TYPE_BOOL || (from->kind == TYPE_ENUM && from->is_plain_enum))) return true;
    return type_is_int(from) && to->kind == TYPE_ENUM && to->is_plain_enum;
}

static bool is_literal_tree(Node *node) {
    node = skip_parens(node);
    switch (node->kind) {
    case NODE_INT:
    case NODE_FLOAT:
    case NODE_CHAR: return true;
    case NODE_UNARY: return is_literal_tree(node->unary.operand);
    case NODE_BINARY: return is_literal_tree(node->binary.left) && is_literal_tree(node->binary.right);
    default: return false;
    }
}

// A hint is an order for `if`, `match` and the like, also deep inside an operand, and `as` asks nothing of what it
// converts. So only literals, which have no type of their own, hear of it.
static bool takes_hint(Node *node) {
    switch (skip_parens(node)->kind) {
    case NODE_UNARY:
    case NODE_BINARY: return is_literal_tree(node);
    case NODE_DOT_NAME:
    case NODE_NULL_LIT:
    case NODE_ARRAY_LIT: return true;
    default: return false;
    }
}

TExpr *check_as(Context *c, Node *node) {
    Type *to = resolve_type(c, node->as.type);
    TExpr *value = check_value(c, node->as.operand, to->kind != TYPE_ERROR && takes_hint(node->as.operand) ? to : NULL);
    if (is_error(value) || to->kind == TYPE_ERROR) return texpr_error(c, node->span);
    if ((type_is_nominal(to) && !type_complete(c->sema, to, node->span)) ||
        (type_is_nominal(value->type) && !type_complete(c->sema, value->type, node->span)))
        return texpr_error(c, node->span);
    if (is_literal(value) && !(is_float_literal(value) && type_is_int(to)) && coerce_possible(c, value, to))
        return coerce_value(c, value, to, node->span, NULL);
    value = default_literal(c, value);
    if (is_error(value)) return value;
    if (value->type == to) return value;
    if (castable(value->type, to)) {
        TExpr *e = texpr_new(c, TEXPR_CAST, to, node->span);
        e->cast.operand = value;
        return e;
    }
    if (coerce_possible(c, value, to)) return coerce_value(c, value, to, node->span, NULL);
    Diag *d = context_error(c, DIAG_E2016, node->span, "`%s` cannot be converted to `%s` with `as`",
                            show(c, value->type), show(c, to));
    if (value->type->kind == TYPE_PTR && to->kind == TYPE_PTR)
        diag_note(c->sema->diags, d, (Span){0}, "`@ptr_cast[%s](…)` changes what a pointer leads to", show(c, to));
    else if (value->type->kind == TYPE_PTR && type_is_int(to))
        diag_note(c->sema->diags, d, (Span){0}, "`@int_from_ptr(…)` gives the address");
    else if (type_is_int(value->type) && to->kind == TYPE_PTR)
        diag_note(c->sema->diags, d, (Span){0}, "`@ptr_from_int[%s](…)` makes a pointer", show(c, to));
    return texpr_error(c, node->span);
}
