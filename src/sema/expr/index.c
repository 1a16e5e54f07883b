// `x[…]` on values: an element or, with a range, a slice. Which of the two, or neither, is decided by what x is;
// generic arguments never come here. Arrays are indexed in place, so `xs[i] = v` writes the array itself; a slice is a
// value that points.
#include "sema/expr/expr.h"

static TExpr *check_index_value(Context *c, Node *node) {
    TExpr *e = check_value(c, node, NULL);
    if (is_error(e)) return e;
    if (is_int_literal(e)) {
        // A negative constant stays signed, so that it traps like any other negative index.
        Type *type = prim(c, untyped_value(e).negative ? TYPE_I64 : TYPE_USIZE);
        return literal_convert(c, e, type, node->span);
    }
    if (e->type->kind == TYPE_NEVER || type_is_int(e->type)) return e;
    if (is_float_literal(e)) e = default_literal(c, e);
    context_error(c, DIAG_E2001, node->span, "an index must be an integer, this is `%s`", show(c, e->type));
    return texpr_error(c, node->span);
}

static TExpr *check_slicing(Context *c, TExpr *base, Node *range, Span span) {
    TExpr *low = range->range.low ? check_index_value(c, range->range.low) : NULL;
    TExpr *high = range->range.high ? check_index_value(c, range->range.high) : NULL;
    if ((low && is_error(low)) || (high && is_error(high))) return texpr_error(c, span);
    bool is_array = base->type->kind == TYPE_ARRAY;
    bool is_const = base->type->is_const;
    if (is_array) {
        is_const = !texpr_is_place(base) || base->kind == TEXPR_TEMP || !base->is_mutable;
        base = as_place(c, base);
    } else {
        base = load_place(c, base);
    }
    if (is_error(base)) return base;
    Type *type = type_slice(c->sema->types, base->type->element, is_const);
    TExpr *e = texpr_new(c, is_array ? TEXPR_SLICE_ARRAY : TEXPR_SLICE_SLICE, type, span);
    e->slice.base = base;
    e->slice.low = low;
    e->slice.high = high;
    e->slice.inclusive = high && range->range.inclusive;
    e->slice.checked = true;
    return e;
}

static TExpr *check_element(Context *c, TExpr *base, Node *index_node, Span span) {
    TExpr *index = check_index_value(c, index_node);
    if (is_error(index)) return texpr_error(c, span);
    bool is_array = base->type->kind == TYPE_ARRAY;
    base = is_array ? as_place(c, base) : load_place(c, base);
    if (is_error(base)) return base;
    TExpr *e = texpr_new(c, is_array ? TEXPR_INDEX_ARRAY : TEXPR_INDEX_SLICE, base->type->element, span);
    e->index.base = base;
    e->index.index = index;
    e->index.checked = true;
    e->is_mutable = is_array ? base->is_mutable : !base->type->is_const;
    return e;
}

TExpr *check_bracket(Context *c, Node *node, Type *expected) {
    (void)expected;
    NodeList *args = &node->bracket.args;
    TExpr *base = check_operand_place(c, node->bracket.base, NULL);
    base = auto_deref(c, base);
    if (is_error(base)) {
        for (uint32_t i = 0; i < args->len; i++)
            if (args->items[i]->kind != NODE_RANGE && !node_needs_expected(args->items[i]))
                check_expr(c, args->items[i], NULL);
        return texpr_error(c, node->span);
    }
    if (base->type->kind != TYPE_ARRAY && base->type->kind != TYPE_SLICE) {
        if (is_literal(base) || is_bare_null(base)) base = default_literal(c, base);
        if (is_error(base)) return base;
        Diag *d = context_error(c, DIAG_E2012, node->span, "`%s` cannot be indexed", show(c, base->type));
        if (base->type->kind == TYPE_OPTIONAL)
            diag_note(c->sema->diags, d, (Span){0}, "the value may be null: use `.?` or `??` first");
        return texpr_error(c, node->span);
    }
    if (args->len != 1) {
        context_error(c, DIAG_E2012, node->span, "an index is one value or one range, %u given", args->len);
        return texpr_error(c, node->span);
    }
    Node *arg = skip_parens(args->items[0]);
    if (arg->kind == NODE_RANGE) return check_slicing(c, base, arg, node->span);
    return check_element(c, base, args->items[0], node->span);
}
