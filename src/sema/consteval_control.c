// Control flow at compile time: blocks with their deferred work, branches, matches, loops, calls and error unions. A jump sets
// Eval.flow; every construct between it and its target hands it on, after running its own cleanups.
#include "sema/consteval.h"

static bool is_true(const ConstValue *v) { return v->kind == CONST_INT && v->bits != 0; }

// ---- Cleanups ----------------------------------------------------------------------------------------------------------
// Runs deferred work while a jump may be under way; the jump goes on afterwards unless the work itself failed.
static void run_cleanup(Eval *e, const TExpr *work) {
    if (e->flow == FLOW_STOP) return;
    Flow flow = e->flow;
    const TLoop *target = e->target;
    ConstValue *result = e->result;
    e->flow = FLOW_NEXT;
    eval_value(e, work);
    if (e->flow == FLOW_STOP) return;
    e->flow = flow;
    e->target = target;
    e->result = result;
}

static ConstValue *eval_block(Eval *e, const TExpr *t) {
    VEC(const TExpr *) deferred = {0};
    for (uint32_t i = 0; i < t->block.statements.len && e->flow == FLOW_NEXT; i++) {
        const TExpr *statement = t->block.statements.items[i];
        if (statement->kind == TEXPR_DEFER)
            VEC_PUSH(e->arena, &deferred, statement->defer.body);
        else
            eval_value(e, statement);
    }
    ConstValue *v = NULL;
    if (e->flow == FLOW_NEXT) v = t->block.result ? eval_value(e, t->block.result) : eval_void(e);
    for (uint32_t i = deferred.len; i-- > 0;) run_cleanup(e, deferred.items[i]);
    return v;
}

static ConstValue *eval_using(Eval *e, const TExpr *t) {
    ConstValue *v = eval_value(e, t->using_expr.value);
    if (!v) return NULL;
    eval_bind(e, t->using_expr.local, v);
    ConstValue *body = eval_value(e, t->using_expr.body);
    run_cleanup(e, t->using_expr.close);
    return body;
}

// ---- Matching ----------------------------------------------------------------------------------------------------------
static bool in_range(const TPattern *p, const ConstValue *v) {
    return compare_ordered(COMPARE_LE, p->type, p->value, v) &&
           compare_ordered(p->inclusive ? COMPARE_LE : COMPARE_LT, p->type, v, p->high);
}

static bool matches(Eval *e, const TPattern *p, ConstValue *v, Span span) {
    if (!eval_step(e, span, 1)) return false;
    if (v->kind == CONST_UNDEFINED && p->kind != PATTERN_ANY && p->kind != PATTERN_BIND) {
        if (p->type->kind == TYPE_STRUCT && eval_expand(e, v, p->type, span)) return matches(e, p, v, span);
        eval_fail(e, DIAG_E4002, span, "an undefined value is read");
        return false;
    }
    switch (p->kind) {
    case PATTERN_ANY: return true;
    case PATTERN_BIND: {
        ConstValue *copy = eval_copy(e, v, span);
        if (copy) eval_bind(e, p->local, copy);
        return copy != NULL;
    }
    case PATTERN_NULL: return v->kind == CONST_NULL;
    case PATTERN_SOME:
        return v->kind != CONST_NULL && matches(e, p->subs[0], v->kind == CONST_SOME ? v->items[0] : v, span);
    case PATTERN_VARIANT:
        if (v->kind != CONST_ENUM) return v->bits == (uint64_t)p->type->variants[p->index].discriminant;
        if (v->index != p->index) return false;
        break;
    case PATTERN_STRUCT: break;
    case PATTERN_CONST: return eval_equal(e, v, p->value, p->type, span);
    case PATTERN_RANGE: return in_range(p, v);
    case PATTERN_ERROR: return v->bits == p->value->bits;
    case PATTERN_OR:
        for (uint32_t i = 0; i < p->sub_count; i++)
            if (matches(e, p->subs[i], v, span)) return true;
        return false;
    }
    for (uint32_t i = 0; i < p->sub_count; i++)
        if (p->subs[i] && !matches(e, p->subs[i], v->items[i], span)) return false;
    return true;
}

static ConstValue *eval_match(Eval *e, const TExpr *t) {
    ConstValue *subject = eval_place(e, t->match.subject);
    if (!subject) return NULL;
    for (uint32_t i = 0; i < t->match.arm_count; i++) {
        const TArm *arm = &t->match.arms[i];
        bool taken = matches(e, arm->pattern, subject, t->span);
        if (e->flow != FLOW_NEXT) return NULL;
        if (!taken) continue;
        if (arm->guard) {
            ConstValue *guard = eval_value(e, arm->guard);
            if (!guard) return NULL;
            if (!is_true(guard)) continue;
        }
        return eval_value(e, arm->body);
    }
    return eval_fail(e, DIAG_E4002, t->span, "no arm matches");
}

// ---- Loops -------------------------------------------------------------------------------------------------------------
static ConstValue *eval_loop(Eval *e, const TExpr *t) {
    for (;;) {
        if (t->loop.condition) {
            ConstValue *condition = eval_value(e, t->loop.condition);
            if (!condition) return NULL;
            if (!is_true(condition)) return eval_void(e);
        }
        eval_value(e, t->loop.body);
        if (e->flow == FLOW_BREAK && e->target == t->loop.loop) {
            e->flow = FLOW_NEXT;
            return eval_void(e);
        }
        if (e->flow == FLOW_CONTINUE && e->target == t->loop.loop) e->flow = FLOW_NEXT;
        if (e->flow != FLOW_NEXT) return NULL;
        if (t->loop.step && !eval_value(e, t->loop.step)) return NULL;
        if (!eval_step(e, t->span, 1)) return NULL;
    }
}

// ---- Calls -------------------------------------------------------------------------------------------------------------
static bool callable(Eval *e, FuncInst *func, Span span) {
    const char *name = func->symbol ? func->symbol : "this function";
    if (func->is_extern || (func->decl && func->decl->is_extern)) {
        eval_fail(e, DIAG_E4001, span, "`%s` is defined elsewhere and cannot be called at compile time", name);
        return false;
    }
    if (func->state == 0) check_body(e->sema, func);
    if (func->state == 3) {
        if (e->sema->diags->error_count == 0) ICE("function `%s` is broken without a report", name);
        e->flow = FLOW_STOP;
        return false;
    }
    if (func->state == 1)
        eval_fail(e, DIAG_E4003, span, "`%s` is needed at compile time to check `%s` itself", name, name);
    else if (!func->body)
        eval_fail(e, DIAG_E4001, span, "`%s` has no body to evaluate", name);
    else
        return true;
    return false;
}

ConstValue *eval_call(Eval *e, FuncInst *func, TExpr *const *args, uint32_t count, Span span) {
    if (!callable(e, func, span)) return NULL;
    Frame frame = {.parent = e->frame, .func = func};
    for (uint32_t i = 0; i < count; i++) {
        ConstValue *v = eval_value(e, args[i]);
        if (!v) return NULL;
        if (func->params && i < func->param_count && func->params[i])
            map_put(e->arena, &frame.cells, func->params[i], v);
    }
    e->frame = &frame;
    ConstValue *v = eval_value(e, func->body);
    e->frame = frame.parent;
    if (e->flow == FLOW_RETURN) {
        e->flow = FLOW_NEXT;
        v = e->result ? e->result : eval_void(e);
    }
    return e->flow == FLOW_NEXT ? v : NULL;
}

static ConstValue *leave(Eval *e, Flow flow, const TLoop *target, ConstValue *result) {
    e->flow = flow;
    e->target = target;
    e->result = result;
    return NULL;
}

static ConstValue *eval_return(Eval *e, const TExpr *t) {
    ConstValue *v = NULL;
    if (t->ret.value && !(v = eval_value(e, t->ret.value))) return NULL;
    return leave(e, FLOW_RETURN, NULL, v);
}

static ConstValue *eval_try(Eval *e, const TExpr *t) {
    ConstValue *v = eval_value(e, t->try_expr.operand);
    if (!v) return NULL;
    if ((int)v->kind == EVAL_OK) return v->items[0];
    return (int)v->kind == EVAL_ERR ? leave(e, FLOW_RETURN, NULL, v)
                                    : eval_fail(e, DIAG_E4001, t->span, "this is not known at compile time");
}

static ConstValue *eval_catch(Eval *e, const TExpr *t) {
    ConstValue *v = eval_value(e, t->catch_expr.operand);
    if (!v) return NULL;
    if ((int)v->kind == EVAL_OK && t->catch_expr.wraps) {
        ConstValue *some = eval_new(e, CONST_SOME, t->type);
        some->items = v->items;
        some->count = 1;
        return some;
    }
    if ((int)v->kind == EVAL_OK) return v->items[0];
    if (t->catch_expr.error) eval_bind(e, t->catch_expr.error, eval_int(e, t->catch_expr.error->type, v->bits));
    return eval_value(e, t->catch_expr.handler);
}

// ---- Statements --------------------------------------------------------------------------------------------------------
static ConstValue *eval_assign(Eval *e, const TExpr *t) {
    ConstValue *v = eval_value(e, t->assign.value);
    ConstValue *cell = v ? eval_place(e, t->assign.place) : NULL;
    if (!cell) return NULL;
    *cell = *v;
    return eval_void(e);
}

static ConstValue *eval_let(Eval *e, const TExpr *t) {
    ConstValue *v = eval_value(e, t->let.value);
    if (!v) return NULL;
    eval_bind(e, t->let.local, v);
    return eval_void(e);
}

static ConstValue *eval_assert(Eval *e, const TExpr *t) {
    ConstValue *v = eval_value(e, t->assertion.condition);
    if (!v) return NULL;
    if (is_true(v)) return eval_void(e);
    ConstValue *message = t->assertion.message ? eval_value(e, t->assertion.message) : NULL;
    if (message && message->kind == CONST_STR)
        return eval_fail(e, DIAG_E4002, t->span, "assertion failed: " STR_FMT, STR_ARG(message->bytes));
    return eval_fail(e, DIAG_E4002, t->span, "assertion failed");
}

static ConstValue *eval_panic(Eval *e, const TExpr *t) {
    ConstValue *message = eval_value(e, t->panic.message);
    if (!message) return NULL;
    if (message->kind == CONST_STR)
        return eval_fail(e, DIAG_E4002, t->span, "panic: " STR_FMT, STR_ARG(message->bytes));
    return eval_fail(e, DIAG_E4002, t->span, "panic");
}

ConstValue *eval_control(Eval *e, const TExpr *t) {
    ConstValue *v;
    switch (t->kind) {
    case TEXPR_BLOCK: return eval_block(e, t);
    case TEXPR_IF:
        v = eval_value(e, t->if_expr.condition);
        if (!v) return NULL;
        if (is_true(v)) return eval_value(e, t->if_expr.then_expr);
        return t->if_expr.else_expr ? eval_value(e, t->if_expr.else_expr) : eval_void(e);
    case TEXPR_MATCH: return eval_match(e, t);
    case TEXPR_LOOP: return eval_loop(e, t);
    case TEXPR_BREAK: return leave(e, FLOW_BREAK, t->jump.loop, NULL);
    case TEXPR_CONTINUE: return leave(e, FLOW_CONTINUE, t->jump.loop, NULL);
    case TEXPR_RETURN: return eval_return(e, t);
    case TEXPR_LET: return eval_let(e, t);
    case TEXPR_ASSIGN: return eval_assign(e, t);
    case TEXPR_DISCARD: return eval_value(e, t->unary.operand) ? eval_void(e) : NULL;
    case TEXPR_DEFER: return eval_fail(e, DIAG_E4001, t->span, "a deferred block cannot stand here at compile time");
    case TEXPR_USING: return eval_using(e, t);
    case TEXPR_TRY: return eval_try(e, t);
    case TEXPR_CATCH: return eval_catch(e, t);
    case TEXPR_ASSERT: return eval_assert(e, t);
    case TEXPR_PANIC: return eval_panic(e, t);
    case TEXPR_UNREACHABLE: return eval_fail(e, DIAG_E4002, t->span, "reached unreachable code");
    default:
        return eval_fail(e, DIAG_E4001, t->span, "%s cannot be evaluated at compile time", texpr_kind_name(t->kind));
    }
}
