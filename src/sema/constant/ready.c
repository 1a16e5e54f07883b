// Whether a piece of the typed tree can be lowered before checking is over. By then nothing has made sure that every
// type it mentions is complete, and after a report there may be poison in it; both are found by one walk. The walk
// nests as deep as the tree, which checking has bounded.
#include "sema/sema_internal.h"

typedef struct Walk {
    Sema *s;
    Span span; // of the node
} Walk;

static bool type_ready(Walk *w, Type *t);

static bool parts_ready(Walk *w, Type *t) {
    switch (t->kind) {
    case TYPE_ERROR:
    case TYPE_PARAM:
    case TYPE_VALUE:
    case TYPE_INT_LITERAL:
    case TYPE_FLOAT_LITERAL: return false;
    case TYPE_FUNC:
        for (uint32_t i = 0; i < t->param_count; i++)
            if (!type_ready(w, t->params[i])) return false;
        return type_ready(w, t->element);
    default: break;
    }
    if (t->has_param || !type_complete(w->s, t, w->span)) return false;
    // What a pointer leads to may be incomplete: a type may hold a pointer to itself.
    if (t->kind == TYPE_PTR || t->kind == TYPE_SLICE) return !type_is_error(t->element);
    return true;
}

static bool type_ready(Walk *w, Type *t) {
    if (!t) return false;
    if (map_get(&w->s->lowerable_types, t)) return true;
    if (!parts_ready(w, t)) return false;
    map_put(w->s->arena, &w->s->lowerable_types, t, t);
    return true;
}

static bool local_ready(Walk *w, const Local *local) { return !local || type_ready(w, local->type); }

static bool pattern_ready(Walk *w, const TPattern *p) {
    if (!p) return true;
    if (!type_ready(w, p->type) || !local_ready(w, p->local)) return false;
    for (uint32_t i = 0; i < p->sub_count; i++)
        if (!pattern_ready(w, p->subs[i])) return false;
    return true;
}

static bool ready(Walk *w, const TExpr *e);

static bool all_ready(Walk *w, TExpr *const *items, uint64_t count) {
    for (uint64_t i = 0; i < count; i++)
        if (items[i] && !ready(w, items[i])) return false;
    return true;
}

static bool two_ready(Walk *w, const TExpr *a, const TExpr *b) { return (!a || ready(w, a)) && (!b || ready(w, b)); }

static bool match_ready(Walk *w, const TExpr *e) {
    if (!ready(w, e->match.subject)) return false;
    for (uint32_t i = 0; i < e->match.arm_count; i++) {
        const TArm *arm = &e->match.arms[i];
        if (!arm->pattern || !pattern_ready(w, arm->pattern) || !two_ready(w, arm->guard, arm->body)) return false;
    }
    return true;
}

static bool children_ready(Walk *w, const TExpr *e) {
    switch (e->kind) {
    case TEXPR_ERROR: return false;
    case TEXPR_DEREF:
    case TEXPR_TEMP:
    case TEXPR_LOAD:
    case TEXPR_ADDR:
    case TEXPR_SLICE_LEN:
    case TEXPR_SLICE_PTR:
    case TEXPR_IS_NULL:
    case TEXPR_DISCARD: return ready(w, e->unary.operand);
    case TEXPR_LOCAL: return local_ready(w, e->local);
    case TEXPR_GLOBAL: return type_ready(w, e->global->type);
    case TEXPR_CONST: return type_ready(w, e->constant->type);
    case TEXPR_FUNC_REF: return type_ready(w, e->func->type);
    case TEXPR_PAYLOAD: return ready(w, e->payload.operand);
    case TEXPR_FIELD: return ready(w, e->field.base);
    case TEXPR_INDEX_ARRAY:
    case TEXPR_INDEX_SLICE: return two_ready(w, e->index.base, e->index.index);
    case TEXPR_SLICE_ARRAY:
    case TEXPR_SLICE_SLICE: return ready(w, e->slice.base) && two_ready(w, e->slice.low, e->slice.high);
    case TEXPR_SLICE_MAKE: return two_ready(w, e->slice_make.pointer, e->slice_make.length);
    case TEXPR_UNARY: return ready(w, e->op1.operand);
    case TEXPR_BINARY:
    case TEXPR_LOGICAL: return two_ready(w, e->op2.left, e->op2.right);
    case TEXPR_COMPARE: return two_ready(w, e->compare.left, e->compare.right);
    case TEXPR_EQUAL: return two_ready(w, e->equal.left, e->equal.right);
    case TEXPR_COERCE: return ready(w, e->coerce.operand);
    case TEXPR_CAST: return ready(w, e->cast.operand);
    case TEXPR_STRUCT: return all_ready(w, e->aggregate.fields, e->type->field_count);
    case TEXPR_ARRAY: return all_ready(w, e->aggregate.fields, e->type->length);
    case TEXPR_ARRAY_REPEAT: return ready(w, e->repeat.element);
    case TEXPR_ENUM:
        return !e->variant.fields || all_ready(w, e->variant.fields, e->type->variants[e->variant.variant].field_count);
    case TEXPR_CALL: return type_ready(w, e->call.func->type) && all_ready(w, e->call.args, e->call.arg_count);
    case TEXPR_CALL_INDIRECT:
        return ready(w, e->call_indirect.callee) && all_ready(w, e->call_indirect.args, e->call_indirect.arg_count);
    case TEXPR_INTRINSIC:
        if (e->intrinsic.type_arg && !type_ready(w, e->intrinsic.type_arg)) return false;
        return all_ready(w, e->intrinsic.args, e->intrinsic.arg_count);
    case TEXPR_TRY: return ready(w, e->try_expr.operand);
    case TEXPR_CATCH:
        return local_ready(w, e->catch_expr.error) && two_ready(w, e->catch_expr.operand, e->catch_expr.handler);
    case TEXPR_ORELSE: return two_ready(w, e->orelse.operand, e->orelse.fallback);
    case TEXPR_PANIC: return ready(w, e->panic.message);
    case TEXPR_ASSERT: return two_ready(w, e->assertion.condition, e->assertion.message);
    case TEXPR_BLOCK:
        return all_ready(w, e->block.statements.items, e->block.statements.len) && two_ready(w, e->block.result, NULL);
    case TEXPR_IF: return ready(w, e->if_expr.condition) && two_ready(w, e->if_expr.then_expr, e->if_expr.else_expr);
    case TEXPR_MATCH: return match_ready(w, e);
    case TEXPR_LOOP: return two_ready(w, e->loop.condition, e->loop.body) && two_ready(w, e->loop.step, NULL);
    case TEXPR_RETURN: return two_ready(w, e->ret.value, NULL);
    case TEXPR_LET: return local_ready(w, e->let.local) && ready(w, e->let.value);
    case TEXPR_ASSIGN: return two_ready(w, e->assign.place, e->assign.value);
    case TEXPR_ASSIGN_OP: return two_ready(w, e->assign_op.place, e->assign_op.value);
    case TEXPR_DEFER: return ready(w, e->defer.body);
    case TEXPR_USING:
        return local_ready(w, e->using_expr.local) && two_ready(w, e->using_expr.value, e->using_expr.body) &&
               ready(w, e->using_expr.close);
    case TEXPR_UNDEFINED:
    case TEXPR_ERROR_VALUE:
    case TEXPR_NULL_VALUE:
    case TEXPR_UNREACHABLE:
    case TEXPR_BREAK:
    case TEXPR_CONTINUE: return true;
    case TEXPR_KIND_COUNT: break;
    }
    return false;
}

static bool ready(Walk *w, const TExpr *e) {
    if (!e->type) return false;
    Span outer = w->span;
    w->span = e->span;
    bool ok = type_ready(w, e->type) && children_ready(w, e);
    w->span = outer;
    return ok;
}

bool texpr_make_ready(Sema *s, const TExpr *e) {
    Walk w = {s, e->span};
    return ready(&w, e);
}
