// if, if let, comptime if and match, and how the values of their branches become one type. `if let` is a match with two
// arms. Wanted as a statement, every branch drops its value; with a type known, every branch is coerced to it; with
// none, the outermost construct collects the values of all branches below it and unites them once.
#include "sema/body/body.h"
#include "sema/body/failures.h"

// ---- Uniting -----------------------------------------------------------------------------------------------------------
typedef struct Leaves {
    VEC(TExpr **) slots;
    Span empty; // a branch without a value
    bool has_empty, has_error;
} Leaves;

static void leaves_collect(Context *c, TExpr **slot, Leaves *out) {
    TExpr *e = *slot;
    if (is_never(e)) return;
    switch (e->kind) {
    case TEXPR_BLOCK:
        if (e->block.result) {
            leaves_collect(c, &e->block.result, out);
            return;
        }
        break;
    case TEXPR_IF:
        if (!e->if_expr.else_expr) break;
        leaves_collect(c, &e->if_expr.then_expr, out);
        leaves_collect(c, &e->if_expr.else_expr, out);
        return;
    case TEXPR_MATCH:
        for (uint32_t i = 0; i < e->match.arm_count; i++) leaves_collect(c, &e->match.arms[i].body, out);
        return;
    default: break;
    }
    if (is_error(e))
        out->has_error = true;
    else if (e->type->kind == TYPE_VOID) {
        out->has_empty = true;
        out->empty = e->span;
    } else
        VEC_PUSH(c->sema->arena, &out->slots, slot);
}

static void retype(TExpr *e, Type *type) {
    if (is_never(e)) return;
    switch (e->kind) {
    case TEXPR_BLOCK:
        if (!e->block.result) return;
        retype(e->block.result, type);
        break;
    case TEXPR_IF:
        if (!e->if_expr.else_expr) return;
        retype(e->if_expr.then_expr, type);
        retype(e->if_expr.else_expr, type);
        break;
    case TEXPR_MATCH:
        for (uint32_t i = 0; i < e->match.arm_count; i++) retype(e->match.arms[i].body, type);
        break;
    default: return;
    }
    e->type = type;
}

TExpr *unite_branches(Context *c, TExpr *e) {
    if (is_never(e)) return e;
    Leaves leaves = {0};
    leaves_collect(c, &e, &leaves);
    if (leaves.has_error) return texpr_error(c, e->span);
    if (leaves.slots.len == 0) {
        e->type = prim(c, TYPE_VOID);
        return e;
    }
    if (leaves.has_empty) {
        TExpr *other = *leaves.slots.items[0];
        Diag *d = context_error(c, DIAG_E2001, leaves.empty, "this branch has no value, but another one has");
        diag_note(c->sema->diags, d, other->span, "the other branch's value");
        return texpr_error(c, e->span);
    }
    uint32_t count = leaves.slots.len;
    TExpr **values = ARENA_ARRAY(c->sema->arena, TExpr *, count);
    for (uint32_t i = 0; i < count; i++) values[i] = *leaves.slots.items[i];
    Type *type = common_type(c, values, count, e->span);
    if (type_is_error(type)) return texpr_error(c, e->span);
    for (uint32_t i = 0; i < count; i++) {
        if (type->kind == TYPE_INT_LITERAL || type->kind == TYPE_FLOAT_LITERAL)
            *leaves.slots.items[i] = default_literal(c, values[i]);
        else
            *leaves.slots.items[i] = coerce_value(c, values[i], type, values[i]->span, "branch");
    }
    type = (*leaves.slots.items[0])->type;
    for (uint32_t i = 0; i < count; i++)
        if (is_error(*leaves.slots.items[i])) return texpr_error(c, e->span);
    if (e == *leaves.slots.items[0]) return e;
    retype(e, type);
    return e;
}

// A branch that must give `expected` but ends without a value.
static TExpr *require_value(Context *c, TExpr *branch, Type *expected) {
    if (!expected || wants_statement(expected) || branch->type->kind != TYPE_VOID || is_error(branch)) return branch;
    if (expected->kind == TYPE_ERROR_UNION && expected->element->kind == TYPE_VOID) {
        TExpr *block = block_new(c, branch->span);
        block_add(c, block, branch);
        block->block.result = success_value(c, expected, branch->span);
        block->type = expected;
        return block;
    }
    context_error(c, DIAG_E2001, branch->span, "this branch has no value, but `%s` is expected", show(c, expected));
    return texpr_error(c, branch->span);
}

// The type of a construct from its branches: never if no branch comes back.
static Type *join_type(Context *c, Type *expected, TExpr *a, TExpr *b) {
    if (is_never(a) && is_never(b)) return prim(c, TYPE_NEVER);
    if (expected) return expected;
    return is_never(a) ? b->type : a->type;
}

// What the branch of an `if` without `else` is wanted for, when the `if` itself is wanted as `expected`: a value in it
// is a mistake unless values are dropped here, and then it is one mistake, reported by lone_value.
static Type *lone_expected(Context *c, Type *expected) { return wants_statement(expected) ? prim(c, TYPE_VOID) : NULL; }

static bool lone_value(Context *c, const TExpr *branch, Type *expected, Span span) {
    if (wants_statement(expected) || is_never(branch) || is_error(branch) || branch->type->kind == TYPE_VOID)
        return false;
    context_error(c, DIAG_E2001, span, "an `if` without `else` has no value");
    return true;
}

// ---- if ----------------------------------------------------------------------------------------------------------------
static TExpr *check_comptime_if(Context *c, Node *node, Type *expected);

static TExpr *check_else(Context *c, Node *node, Type *expected, bool is_comptime) {
    if (is_comptime && node->kind == NODE_IF) return check_comptime_if(c, node, expected);
    return check_branch(c, node, expected);
}

// A name used only in the branch that is left out is used all the same, for another choice.
static void mark_names_used(Context *c, const Node *skipped) {
    const ModuleTree *tree = c->module->tree;
    if (!skipped || !tree) return;
    for (uint32_t i = skipped->first_token; i <= skipped->last_token && i < tree->tokens.tokens.len; i++) {
        Token token = tree->tokens.tokens.items[i];
        if (token.kind != TOKEN_IDENT || token.end <= token.start) continue;
        Local *local = scope_lookup(
            c->scope, name_intern(c->sema->names, tree->source->text.ptr + token.start, token.end - token.start));
        if (local) local->is_used = true;
    }
}

static TExpr *check_comptime_if(Context *c, Node *node, Type *expected) {
    if (node->if_expr.pattern) {
        context_error(c, DIAG_E0016, node->span, "`comptime if let` is not supported");
        return texpr_error(c, node->span);
    }
    bool in_const = c->in_const;
    c->in_const = true;
    TExpr *condition = check_condition(c, node->if_expr.condition);
    c->in_const = in_const;
    ConstValue *value = is_error(condition) ? NULL : const_eval(c, condition);
    if (!value) return texpr_error(c, node->span);
    Node *chosen = value->bits ? node->if_expr.then_block : node->if_expr.else_branch;
    mark_names_used(c, value->bits ? node->if_expr.else_branch : node->if_expr.then_block);
    if (!chosen) return block_new(c, node->span);
    return require_value(c, check_else(c, chosen, expected, !value->bits), expected);
}

static TPattern *pattern_any(Context *c, Type *type, Span span) {
    TPattern *any = ARENA_NEW(c->sema->arena, TPattern);
    *any = (TPattern){.kind = PATTERN_ANY, .type = type, .span = span};
    return any;
}

static TExpr *check_guard(Context *c, Node *node) {
    bool in_guard = c->in_guard;
    c->in_guard = true;
    TExpr *guard = check_condition(c, node);
    c->in_guard = in_guard;
    return guard;
}

static bool is_conjunction(const Node *node) { return node->kind == NODE_BINARY && node->binary.op == BINARY_AND; }

Node *let_subject(Node *condition) {
    while (is_conjunction(condition)) condition = condition->binary.left;
    return condition;
}

// `((subject and a) and b)`: the operands right of the subject, joined again.
bool check_let_guard(Context *c, Node *condition, TExpr **guard) {
    if (!is_conjunction(condition)) return true;
    TExpr *left = NULL;
    if (!check_let_guard(c, condition->binary.left, &left)) return false;
    TExpr *right = check_guard(c, condition->binary.right);
    if (is_error(right)) return false;
    *guard = right;
    if (!left) return true;
    TExpr *both = texpr_new(c, TEXPR_LOGICAL, prim(c, TYPE_BOOL), condition->span);
    both->op2.op = BINARY_AND;
    both->op2.left = left;
    both->op2.right = right;
    *guard = both;
    return true;
}

static TExpr *check_if_let(Context *c, Node *node, Type *expected) {
    Sema *s = c->sema;
    bool is_fresh, has_else = node->if_expr.else_branch != NULL;
    Type *wanted = expected;
    if (!has_else) expected = lone_expected(c, expected);
    TExpr *subject = check_subject(c, let_subject(node->if_expr.condition), &is_fresh);
    TArm *arms = ARENA_ARRAY(s->arena, TArm, 2);
    scope_push(c);
    TPattern *pattern = check_pattern(c, node->if_expr.pattern, subject, is_fresh);
    const Moved *start = c->moved;
    arms[0] = (TArm){.pattern = pattern, .span = node->if_expr.pattern->span};
    if (!check_let_guard(c, node->if_expr.condition, &arms[0].guard)) pattern = NULL;
    arms[0].body = require_value(c, check_branch(c, node->if_expr.then_block, expected), expected);
    scope_pop(c);
    if (!has_else && lone_value(c, arms[0].body, wanted, node->span)) pattern = NULL;
    if (!has_else) expected = prim(c, TYPE_VOID);
    MovedPath taken = moved_take(c, start);
    arms[1] = (TArm){.pattern = pattern_any(c, subject->type, node->span),
                     .span = has_else ? node->if_expr.else_branch->span : node->span};
    arms[1].body = has_else ? require_value(c, check_branch(c, node->if_expr.else_branch, expected), expected)
                            : block_new(c, node->span);
    if (is_never(arms[1].body)) moved_take(c, start);
    if (!is_never(arms[0].body)) moved_give(c, taken);
    if (is_error(subject) || !pattern) return texpr_error(c, node->span);
    TExpr *e = texpr_new(c, TEXPR_MATCH, join_type(c, expected, arms[0].body, arms[1].body), node->span);
    e->match.subject = subject;
    e->match.arms = arms;
    e->match.arm_count = 2;
    return e;
}

TExpr *check_if(Context *c, Node *node, Type *expected) {
    if (node->if_expr.is_comptime) return check_comptime_if(c, node, expected);
    if (node->if_expr.pattern) return check_if_let(c, node, expected);
    TExpr *condition = check_condition(c, node->if_expr.condition);
    bool has_else = node->if_expr.else_branch != NULL;
    Type *wanted = expected;
    if (!has_else) expected = lone_expected(c, expected);
    const Moved *start = c->moved;
    TExpr *then_expr = require_value(c, check_branch(c, node->if_expr.then_block, expected), expected);
    bool is_lone = !has_else && lone_value(c, then_expr, wanted, node->span);
    if (!has_else) expected = prim(c, TYPE_VOID);
    MovedPath taken = moved_take(c, start);
    TExpr *else_expr =
        has_else ? require_value(c, check_branch(c, node->if_expr.else_branch, expected), expected) : NULL;
    if (else_expr && is_never(else_expr)) moved_take(c, start);
    if (!is_never(then_expr)) moved_give(c, taken);
    if (is_lone || is_error(condition) ||
        (!wants_statement(expected) && (is_error(then_expr) || (else_expr && is_error(else_expr)))))
        return texpr_error(c, node->span);
    Type *type = has_else ? join_type(c, expected, then_expr, else_expr) : prim(c, TYPE_VOID);
    TExpr *e = texpr_new(c, TEXPR_IF, type, node->span);
    e->if_expr.condition = condition;
    e->if_expr.then_expr = then_expr;
    e->if_expr.else_expr = else_expr;
    return e;
}

// ---- match -------------------------------------------------------------------------------------------------------------
TExpr *check_subject(Context *c, Node *node, bool *is_fresh) {
    *is_fresh = false;
    TExpr *subject = check_expr(c, node, NULL);
    if (is_error(subject)) return subject;
    if (!texpr_is_place(subject)) {
        *is_fresh = true;
        if (is_never(subject)) return subject;
        subject = default_literal(c, subject);
        if (subject->type->kind == TYPE_VOID) {
            context_error(c, DIAG_E2020, node->span, "this has no value to be matched");
            return texpr_error(c, node->span);
        }
        subject = as_place(c, subject);
    } else
        *is_fresh = subject->kind == TEXPR_TEMP;
    while (subject->type->kind == TYPE_PTR) {
        Type *target = subject->type->element;
        if (target->kind != TYPE_ENUM && target->kind != TYPE_STRUCT && target->kind != TYPE_OPTIONAL &&
            target->kind != TYPE_PTR)
            break;
        TExpr *deref = texpr_new(c, TEXPR_DEREF, target, node->span);
        deref->is_mutable = !subject->type->is_const;
        deref->unary.operand = texpr_load(c, subject);
        subject = deref;
        *is_fresh = false;
    }
    if (!type_complete(c->sema, subject->type, node->span)) return texpr_error(c, node->span);
    return subject;
}

// `match f() { Ok(v) => …, Err(e) => … }`: what may fail is not a value of two variants.
static bool matches_result(Context *c, const Node *node, const TExpr *subject) {
    if (is_error(subject) || subject->type->kind != TYPE_ERROR_UNION) return false;
    for (uint32_t i = 0; i < node->match.arms.len; i++) {
        const Node *pattern =
            node->match.arms.items[i]->kind == NODE_ARM ? node->match.arms.items[i]->arm.pattern : NULL;
        if (!pattern || pattern->kind != NODE_PAT_VARIANT) continue;
        Diag *d = context_error(c, DIAG_E2021, node->match.subject->span,
                                "this may fail, and patterns do not look into a `%s`", show(c, subject->type));
        diag_note(c->sema->diags, d, (Span){0},
                  "handle the error first: `let v = f() catch |e| do … end`, or match on `e` there");
        return true;
    }
    return false;
}

static bool check_arm(Context *c, Node *node, TExpr *subject, bool is_fresh, Type *expected, TArm *out) {
    bool ok = true;
    scope_push(c);
    out->span = node->arm.pattern ? node->arm.pattern->span : node->span;
    out->pattern = node->arm.is_else || !node->arm.pattern ? pattern_any(c, subject->type, node->span)
                                                           : check_pattern(c, node->arm.pattern, subject, is_fresh);
    if (!out->pattern) ok = false;
    if (node->arm.guard) {
        out->guard = check_guard(c, node->arm.guard);
        if (is_error(out->guard)) ok = false;
    }
    out->body = require_value(c, check_branch(c, node->arm.body, expected), expected);
    if (is_error(out->body) && !wants_statement(expected)) ok = false;
    scope_pop(c);
    return ok;
}

TExpr *check_match(Context *c, Node *node, Type *expected) {
    bool is_fresh, ok = true;
    TExpr *subject = check_subject(c, node->match.subject, &is_fresh);
    if (matches_result(c, node, subject)) return texpr_error(c, node->span);
    uint32_t count = node->match.arms.len;
    TArm *arms = ARENA_ARRAY(c->sema->arena, TArm, count ? count : 1);
    bool patterns_ok = !is_error(subject);
    Type *type = prim(c, TYPE_NEVER);
    const Moved *start = c->moved;
    MovedPath *paths = ARENA_ARRAY(c->sema->arena, MovedPath, count ? count : 1);
    for (uint32_t i = 0; i < count; i++) {
        Node *arm = node->match.arms.items[i];
        if (arm->kind != NODE_ARM) {
            ok = patterns_ok = false;
            continue;
        }
        if (!check_arm(c, arm, subject, is_fresh, expected, &arms[i])) ok = false;
        if (!arms[i].pattern) patterns_ok = false;
        MovedPath path = moved_take(c, start);
        if (is_never(arms[i].body)) continue;
        paths[i] = path;
        if (type->kind == TYPE_NEVER || type->kind == TYPE_ERROR) type = expected ? expected : arms[i].body->type;
    }
    for (uint32_t i = 0; i < count; i++) moved_give(c, paths[i]);
    if (patterns_ok && !is_never(subject))
        check_exhaustive(c, subject->type, failures_of(c, subject), arms, count, node->match.subject->span);
    if (is_never(subject)) return subject;
    if (!ok || !patterns_ok) return texpr_error(c, node->span);
    TExpr *e = texpr_new(c, TEXPR_MATCH, type, node->span);
    e->match.subject = subject;
    e->match.arms = arms;
    e->match.arm_count = count;
    return e;
}
