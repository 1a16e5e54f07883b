// Error unions in bodies: `?`, `catch`, `fail` and `return`. `?` and `fail` need a function whose result is an error
// union; the error set of what they pass on must be the function's own, or the function's must be open (`!T`).
#include "sema/body/body.h"
#include "sema/expr/expr.h"
#include "sema/body/failures.h"
#include "sema/help/help.h"

// False after a report: the function around cannot return an error from here.
static bool may_return_error(Context *c, Span span, const char *what) {
    if (c->defer_depth > 0) {
        context_error(c, DIAG_E2029, span, "%s would leave a deferred block", what);
        return false;
    }
    if (!c->result || c->result->kind != TYPE_ERROR_UNION) {
        if (c->result && type_is_error(c->result)) return false;
        Diag *d = context_error(c, DIAG_E2015, span, "%s needs a function that returns an error union", what);
        if (c->func && c->func->is_test)
            diag_note(c->sema->diags, d, (Span){0}, "a test has no result; write `catch` instead");
        else if (c->func && c->result)
            diag_note(c->sema->diags, d, c->func->span, "this function returns `%s`", show(c, c->result));
        return false;
    }
    return true;
}

TExpr *propagate(Context *c, TExpr *operand, Span span) {
    Type *type = operand->type;
    TExpr *e = texpr_new(c, TEXPR_TRY, type->element, span);
    e->try_expr.operand = operand;
    if (!may_return_error(c, span, "`?`")) {
        // The payload's type is known all the same, so what follows can be checked; the report marks the body as
        // broken.
        return e;
    }
    failures_note(c, operand);
    Type *outer = c->result->errors;
    Type *any = type_any_error(c->sema->types);
    if (type->errors == any && outer != any) {
        failures_fit(c, operand, outer, span);
    } else if (outer != type->errors && outer != any) {
        Diag *d = context_error(c, DIAG_E2001, span, "errors of `%s` cannot be returned as `%s`", show(c, type->errors),
                                show(c, outer));
        if (c->func) diag_note(c->sema->diags, d, c->func->span, "this function returns `%s`", show(c, c->result));
    }
    return e;
}

TExpr *check_try(Context *c, Node *node) {
    TExpr *operand = check_value(c, node->operand.operand, NULL);
    if (is_error(operand) || is_never(operand)) return operand;
    if (operand->type->kind == TYPE_ERROR_UNION) return propagate(c, operand, node->span);
    Type *type = default_literal(c, operand)->type;
    Diag *d =
        context_error(c, DIAG_E2014, node->span, "`?` propagates errors, but this is of type `%s`", show(c, type));
    if (type->kind == TYPE_OPTIONAL)
        diag_note(c->sema->diags, d, (Span){0}, "unwrap an optional with `.?`, `??` or `if let Some(x) = …`");
    return texpr_error(c, node->span);
}

// The one report since there were `before`, if it is about `node` as a whole, which is an operation.
static Diag *report_about(Context *c, const Node *node, uint32_t before) {
    Diags *diags = c->sema->diags;
    if (node->kind != NODE_BINARY && node->kind != NODE_UNARY && node->kind != NODE_AS) return NULL;
    if (diags->all.len != before + 1) return NULL;
    Diag *d = VEC_LAST(&diags->all);
    bool same = d->span.file == node->span.file && d->span.start == node->span.start && d->span.end == node->span.end;
    return same && d->severity == SEVERITY_ERROR ? d : NULL;
}

// `a + f() catch 0` is `(a + f()) catch 0`, and `f() catch 0 == 4` is `f() catch (0 == 4)`.
static void note_operand_reach(Context *c, const Node *operand, uint32_t before) {
    Diag *d = report_about(c, operand, before);
    if (!d || (d->code != DIAG_E2003 && d->code != DIAG_E2016 && d->code != DIAG_E2030)) return;
    diag_note(c->sema->diags, d, (Span){0},
              "`catch` handles all that stands to its left; to handle one call in it, put that call and its `catch` "
              "in parentheses");
}

static void note_handler_reach(Context *c, const Node *handler, uint32_t before) {
    Diag *d = report_about(c, handler, before);
    if (!d || d->code != DIAG_E2001) return;
    diag_note(c->sema->diags, d, (Span){0},
              "all that stands to the right of `catch` is its handler; to go on with the result, put the call and its "
              "`catch` in parentheses");
}

TExpr *check_catch(Context *c, Node *node, Type *expected) {
    Sema *s = c->sema;
    uint32_t reports = s->diags->all.len;
    TExpr *operand = check_value(c, node->catch_expr.operand, NULL);
    if (is_error(operand)) note_operand_reach(c, node->catch_expr.operand, reports);
    bool broken = is_error(operand) || is_never(operand);
    Unreached before = context_enter_unreached(c);
    Type *payload = NULL, *errors = prim(c, TYPE_ERROR);
    if (!broken && operand->type->kind != TYPE_ERROR_UNION) {
        operand = default_literal(c, operand);
        Diag *d = context_error(c, DIAG_E2014, node->catch_expr.operand->span,
                                "`catch` handles errors, but this is of type `%s`", show(c, operand->type));
        if (operand->type->kind == TYPE_OPTIONAL)
            diag_note(s->diags, d, (Span){0}, "a default for null is written `??`");
        broken = true;
    }
    if (!broken) {
        payload = operand->type->element;
        errors = operand->type->errors;
    } else if (expected && !wants_statement(expected))
        payload = expected;
    // `let x: ?T = f() catch null`: the payload meets the handler in the optional that is wanted.
    // Without a wish, `f() catch null` of a `T` is a `?T`: `if let Some(x) = f() catch null`.
    bool made_optional = !broken && !expected && node->catch_expr.handler->kind == NODE_NULL_LIT &&
                         payload->kind != TYPE_OPTIONAL && payload->kind != TYPE_VOID && payload->kind != TYPE_NEVER;
    bool wants_const =
        !broken && expected && expected->kind == TYPE_OPTIONAL && becomes_const(payload, expected->element);
    if (made_optional || wants_const) expected = type_optional(s->types, payload);
    bool wraps = !broken && expected && expected->kind == TYPE_OPTIONAL && expected->element == payload;
    // What never succeeds has no value to agree with: the handler's is that of the whole.
    bool endless = !broken && payload->kind == TYPE_NEVER;
    if (endless) payload = NULL;
    Type *result = wraps || endless ? expected : payload;
    scope_push(c);
    Local *error = NULL;
    if (node->catch_expr.binding && node->catch_expr.binding != s->n.underscore) {
        error = local_new(c, node->catch_expr.binding, errors, node->catch_expr.binding_span, false);
        error->origin = LOCAL_CAUGHT;
        error->failures = broken ? NULL : failures_of(c, operand);
        scope_declare(c, error);
    }
    const Moved *start = c->moved;
    reports = s->diags->all.len;
    TExpr *handler = check_branch(c, node->catch_expr.handler, result);
    if (is_error(handler)) note_handler_reach(c, node->catch_expr.handler, reports);
    if (is_never(handler)) moved_take(c, start);
    if (endless && !is_error(handler)) {
        if (!expected) handler = unite_branches(c, handler);
        result = handler->type;
    }
    if (payload && payload->kind != TYPE_VOID && !is_error(handler) && handler->type->kind == TYPE_VOID) {
        if (!broken)
            context_error(c, DIAG_E2001, node->catch_expr.handler->span,
                          "this handler has no value, but `%s` is expected", show(c, payload));
        broken = true;
    }
    scope_pop(c);
    if (is_never(operand) && !is_error(operand)) {
        context_leave_unreached(c, before);
        return operand;
    }
    if (broken || is_error(handler)) return texpr_error(c, node->span);
    TExpr *e = texpr_new(c, TEXPR_CATCH, result, node->span);
    e->catch_expr.operand = operand;
    e->catch_expr.error = error;
    e->catch_expr.handler = handler;
    e->catch_expr.wraps = wraps;
    return e;
}

static TExpr *return_expr(Context *c, TExpr *value, Span span) {
    TExpr *e = texpr_new(c, TEXPR_RETURN, prim(c, TYPE_NEVER), span);
    e->ret.value = value;
    return e;
}

TExpr *check_fail(Context *c, Node *node) {
    bool allowed = may_return_error(c, node->span, "`fail`");
    if (!node->jump.value) {
        context_error(c, DIAG_E2020, node->span, "`fail` needs an error");
        return texpr_error(c, node->span);
    }
    if (!allowed) {
        if (node->jump.value->kind != NODE_DOT_NAME) check_value(c, node->jump.value, NULL);
        return texpr_error(c, node->span);
    }
    TExpr *value = default_literal(c, check_value(c, node->jump.value, c->result->errors));
    if (is_error(value)) return value;
    if (value->type->kind != TYPE_ERROR_SET) {
        context_error(c, DIAG_E2001, node->jump.value->span, "`fail` needs an error, but this is of type `%s`",
                      show(c, value->type));
        return texpr_error(c, node->span);
    }
    failures_note(c, value);
    Type *any = type_any_error(c->sema->types), *outer = c->result->errors;
    if (value->type == any && outer != any) {
        if (!failures_fit(c, value, outer, node->jump.value->span)) return texpr_error(c, node->span);
        value = texpr_coerce(c, COERCE_ERROR_SET, outer, value);
    }
    value = coerce_value(c, value, c->result, node->jump.value->span, "error");
    return is_error(value) ? value : return_expr(c, value, node->span);
}

// `-> T` behind the parameters, where the function is written in this module's text.
static void note_result(Context *c, Diag *d, const Type *result) {
    const char *type = show(c, result);
    if (result->is_interpolation) {
        suggest_interpolation(c->sema, d);
        return;
    }
    if (c->func->is_test) {
        diag_note(c->sema->diags, d, (Span){0}, "a test has no result; say what must hold with `assert`");
        return;
    }
    diag_note(c->sema->diags, d, c->func->span, "declare its result with `-> %s`", type);
    const Node *node = c->func->decl ? c->func->decl->node : NULL;
    if (!node || node->kind != NODE_FUNC || !node->func.body || node->func.body->kind != NODE_BLOCK) return;
    const char *text = sources_get(c->sema->sources, node->span.file)->text.ptr;
    uint32_t at = node->func.body->span.start;
    if (at < 2 || text[at] != 'd' || text[at - 1] != ' ' || text[at - 2] != ')') return;
    diag_fix_likely(c->sema->diags, d, (Span){node->span.file, at, at}, arena_printf(c->sema->arena, "-> %s ", type),
                    "declare the result");
}

TExpr *check_return(Context *c, Node *node) {
    Node *written = node->jump.value;
    if (!c->result) {
        context_error(c, DIAG_E0013, node->span, "`return` stands outside a function");
        return texpr_error(c, node->span);
    }
    bool in_defer = c->defer_depth > 0;
    if (in_defer) context_error(c, DIAG_E2029, node->span, "`return` would leave a deferred block");
    Type *result = c->result;
    if (!written) {
        if (in_defer) return texpr_error(c, node->span);
        if (result->kind == TYPE_VOID || result->kind == TYPE_ERROR) return return_expr(c, NULL, node->span);
        if (result->kind == TYPE_ERROR_UNION && result->element->kind == TYPE_VOID)
            return return_expr(c, success_value(c, result, node->span), node->span);
        Diag *d = context_error(c, DIAG_E2017, node->span, "`return` needs a value of type `%s`", show(c, result));
        if (c->func) diag_note(c->sema->diags, d, c->func->span, "because of this function's result");
        return texpr_error(c, node->span);
    }
    if (result->kind == TYPE_ERROR || result->kind == TYPE_NEVER) {
        check_expr(c, written, NULL);
        if (result->kind == TYPE_NEVER)
            context_error(c, DIAG_E2017, node->span, "this function promises never to return");
        return texpr_error(c, node->span);
    }
    if (result->kind == TYPE_VOID) {
        TExpr *value = default_literal(c, check_expr(c, written, NULL));
        if (is_error(value)) c->broken_return = written->span;
        if (is_error(value) || is_never(value)) return value;
        if (value->type->kind != TYPE_VOID) {
            Diag *d =
                context_error(c, DIAG_E2001, written->span,
                              "this function returns nothing, but a value of type `%s` is given", show(c, value->type));
            if (c->func) note_result(c, d, value->type);
            return texpr_error(c, node->span);
        }
        TExpr *block = block_new(c, node->span);
        block_add(c, block, value);
        block_add(c, block, return_expr(c, NULL, node->span));
        return block;
    }
    TExpr *value = check_coerced(c, written, result);
    if (is_error(value) || in_defer) return texpr_error(c, node->span);
    failures_note(c, value);
    return return_expr(c, value, node->span);
}
