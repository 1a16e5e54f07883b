// Blocks and plain statements: let, assignment, defer, using, and the rule for values nobody takes. After a statement
// that does not come back the rest of its block is still checked, reported once as unreachable, and left out of the
// tree.
#include "sema/body/body.h"
#include "sema/expr/expr.h"
#include "sema/body/failures.h"
#include "sema/help/help.h"
#include "sema/constant/constant.h"

// ---- Dropping values ---------------------------------------------------------------------------------------------------
static bool is_call_like(const Node *node) {
    switch (node->kind) {
    case NODE_CALL:
    case NODE_PIPELINE:
    case NODE_INTRINSIC:
    case NODE_TRY:
    case NODE_CATCH:
    case NODE_COMPTIME:
    case NODE_WHEN:
    case NODE_BAD: return true;
    case NODE_PAREN:
    case NODE_UNWRAP: return is_call_like(node->operand.operand);
    default: return false;
    }
}

// An optional may hold what must be used: a lock that was free, say.
static bool must_be_used(Context *c, Type *t, Span span) {
    while (t->kind == TYPE_OPTIONAL) t = t->element;
    if (t->kind == TYPE_ERROR_UNION) return true;
    if (!type_is_nominal(t)) return false;
    type_complete(c->sema, t, span);
    return t->is_must_use;
}

// A function says `{.must_use.}` of its result, and a trait of those of all its implementations.
static bool is_marked(Sema *s, const Decl *func) {
    if (!func || func->kind != DECL_FUNC) return false;
    Decl *required = func->impl && func->impl->trait ? trait_method(func->impl->trait, func->name) : NULL;
    if (required) (void)decl_signature(s, required);
    return func->func.must_use || (required && required->func.must_use);
}

static const Decl *marked_callee(Sema *s, const TExpr *value);

static const Decl *marked_of_two(Sema *s, const TExpr *a, const TExpr *b) {
    const Decl *found = marked_callee(s, a);
    return found ? found : marked_callee(s, b);
}

// What the compiler keeps of an operand, as of the left of `??`, is a value of the block as well.
static const Decl *marked_of_block(Sema *s, const TExpr *block) {
    const Decl *found = marked_callee(s, block->block.result);
    for (uint32_t i = 0; !found && i < block->block.statements.len; i++) {
        const TExpr *statement = block->block.statements.items[i];
        if (statement->kind == TEXPR_LET && !statement->let.local->name) found = marked_callee(s, statement->let.value);
    }
    return found;
}

// What was called and wants its result to be used, or NULL. What `?`, `.?`, `??` and `catch` leave of a result is still
// it, and so is what they put in its place, and what a branch gives.
static const Decl *marked_callee(Sema *s, const TExpr *value) {
    const Decl *found = NULL;
    if (!value) return NULL;
    switch (value->kind) {
    case TEXPR_CALL: return is_marked(s, value->call.func->decl) ? value->call.func->decl : NULL;
    case TEXPR_LOAD:
    case TEXPR_TEMP: return marked_callee(s, value->unary.operand);
    case TEXPR_TRY: return marked_callee(s, value->try_expr.operand);
    case TEXPR_PAYLOAD: return marked_callee(s, value->payload.operand);
    case TEXPR_COERCE: return marked_callee(s, value->coerce.operand);
    case TEXPR_CATCH: return marked_of_two(s, value->catch_expr.operand, value->catch_expr.handler);
    case TEXPR_ORELSE: return marked_of_two(s, value->orelse.operand, value->orelse.fallback);
    case TEXPR_IF: return marked_of_two(s, value->if_expr.then_expr, value->if_expr.else_expr);
    case TEXPR_BLOCK: return marked_of_block(s, value);
    case TEXPR_MATCH:
        for (uint32_t i = 0; !found && i < value->match.arm_count; i++)
            found = marked_callee(s, value->match.arms[i].body);
        return found;
    default: return NULL;
    }
}

// False when the value is none that must be used. `conditional`: before a `when`, which no assignment may have.
static bool report_dropped(Context *c, const Node *node, const TExpr *value, bool conditional) {
    const Decl *callee = marked_callee(c->sema, value);
    if (!callee) return false;
    Diag *d = context_error(c, DIAG_E2010, node->span, "the result of `%s` must be used", callee->name->text);
    diag_note(c->sema->diags, d, callee->span, "it is declared so here, with `{.must_use.}`");
    diag_note(c->sema->diags, d, (Span){0}, "write `_ = …` to discard it");
    Span front = {node->span.file, node->span.start, node->span.start};
    if (!conditional) diag_fix_likely(c->sema->diags, d, front, "_ = ", "discard it");
    return true;
}

static TExpr *check_dropped(Context *c, Node *node, bool conditional) {
    TExpr *value = check_expr(c, node, prim(c, TYPE_VOID));
    if (is_error(value) || is_never(value) || value->type->kind == TYPE_VOID) return value;
    if (must_be_used(c, value->type, node->span)) {
        Diag *d =
            context_error(c, DIAG_E2010, node->span, "this value of type `%s` must be used", show(c, value->type));
        diag_note(c->sema->diags, d, (Span){0},
                  value->type->kind == TYPE_ERROR_UNION
                      ? "propagate the error with `?`, handle it with `catch`, or write `_ = …` to discard it"
                      : "write `_ = …` to discard it");
        return texpr_error(c, node->span);
    }
    if (report_dropped(c, node, value, conditional)) return texpr_error(c, node->span);
    if (!is_call_like(node)) {
        Diag *d = context_error(c, DIAG_E2010, node->span, "the value of this expression is not used");
        diag_note(c->sema->diags, d, (Span){0},
                  node->kind == NODE_UNARY && node->unary.op == UNARY_NEG
                      ? "to go on with the line before, end that line with `-`"
                      : "write `_ = …` to discard it");
        return texpr_error(c, node->span);
    }
    return drop_value(c, value, node->span);
}

// ---- Statements --------------------------------------------------------------------------------------------------------
static uint32_t align_attribute(Context *c, Node *attr) {
    uint64_t align = 0;
    if (!attr->attr.value || !const_eval_usize(c, attr->attr.value, &align)) return 0;
    if (align == 0 || (align & (align - 1)) || align > 4096) {
        context_error(c, DIAG_E0014, attr->attr.value->span, "an alignment is a power of two up to 4096");
        return 0;
    }
    return (uint32_t)align;
}

static void let_attributes(Context *c, Node *node, Local *local) {
    for (uint32_t i = 0; i < node->let.attrs.len; i++) {
        Node *attr = node->let.attrs.items[i];
        if (str_equal_c(name_str(attr->attr.name), "align") && attr->attr.value)
            local->align = align_attribute(c, attr);
        else
            context_error(c, DIAG_E0014, attr->span, "attribute `%s` has no meaning on a local", attr->attr.name->text);
    }
}

static TExpr *let_undefined(Context *c, Node *node, Type *type) {
    if (!type) {
        context_error(c, DIAG_E2018, node->let.value->span, "`undefined` needs a declared type: `%s: T = undefined`",
                      node->let.name->text);
        return texpr_error(c, node->span);
    }
    return texpr_new(c, TEXPR_UNDEFINED, type, node->let.value->span);
}

static TExpr *check_let(Context *c, Node *node) {
    Sema *s = c->sema;
    Node *init = node->let.value;
    bool is_discard = node->let.name == s->n.underscore;
    Type *type = node->let.type ? resolve_type(c, node->let.type) : NULL;
    if (type && type->kind != TYPE_ERROR && (!type_complete(s, type, node->let.type->span))) type = prim(c, TYPE_ERROR);
    TExpr *value;
    if (!init)
        value = texpr_error(c, node->span);
    else if (init->kind == NODE_UNDEFINED)
        value = let_undefined(c, node, type);
    else if (type)
        value = check_coerced(c, init, type);
    else if (is_discard)
        return drop_value(c, check_expr(c, init, NULL), node->span);
    else
        value = default_literal(c, check_value(c, init, NULL));
    if (is_discard) return drop_value(c, value, node->span);
    bool broken = is_error(value) || is_never(value);
    if (!type) type = value->type;
    if (!broken && type->kind == TYPE_VOID) {
        context_error(c, DIAG_E2020, init->span, "this has no value that `%s` could hold", node->let.name->text);
        broken = true;
    }
    if (!broken && !type_complete(s, type, node->span)) broken = true;
    if (!broken && type_size(s->types, type) > VARIABLE_SIZE_LIMIT) {
        Diag *d = context_error(c, DIAG_E2002, node->let.name_span,
                                "`%s` would need %llu bytes; a variable has at most %llu", node->let.name->text,
                                (unsigned long long)type_size(s->types, type), (unsigned long long)VARIABLE_SIZE_LIMIT);
        diag_note(s->diags, d, (Span){0},
                  "memory of this size is asked for when the program runs, and used through a slice");
        broken = true;
    }
    Type *local_type = broken && !node->let.type ? prim(c, TYPE_ERROR) : type;
    Local *local = local_new(c, node->let.name, local_type, node->let.name_span, node->let.is_var);
    if (!broken && !local->is_var) local->failures = failures_of(c, value);
    if (node->let.type)
        local->written = written_node(c, node->let.type, type);
    else
        written_bind(c, local, value);
    let_attributes(c, node, local);
    scope_declare(c, local);
    if (is_never(value)) return value;
    if (broken) return texpr_error(c, node->span);
    TExpr *let = texpr_new(c, TEXPR_LET, prim(c, TYPE_VOID), node->span);
    let->let.local = local;
    let->let.value = value;
    return let;
}

// Says why a place cannot be assigned to; `target` is what was written on the left.
static void report_not_assignable(Context *c, Node *target, TExpr *place) {
    Diag *d;
    bool is_path = target->kind == NODE_NAME || target->kind == NODE_MEMBER;
    if (place->kind == TEXPR_CONST && is_path) {
        context_error(c, DIAG_E2006, target->span, "a constant cannot be assigned");
        return;
    }
    if (!texpr_is_place(place) || place->kind == TEXPR_TEMP) {
        context_error(c, DIAG_E2006, target->span,
                      "only a variable, a field, an element or what a pointer points to can be assigned");
        return;
    }
    const TExpr *root = place_root(place);
    if (root->kind == TEXPR_LOCAL && root->local->name) {
        d = context_error(c, DIAG_E2006, target->span, "`%s` is immutable", root->local->name->text);
        note_immutable(c, d, root->local);
        // Another variable, or a new one, may have been meant; a part that is assigned tells that this one was.
        if (place == root) diag_doubt(d);
    } else if (root->kind == TEXPR_GLOBAL)
        context_error(c, DIAG_E2006, target->span, "a constant cannot be assigned");
    else if (root->kind == TEXPR_DEREF)
        context_error(c, DIAG_E2006, target->span, "this is reached through a `*const` pointer and cannot be assigned");
    else if (root->kind == TEXPR_INDEX_SLICE)
        context_error(c, DIAG_E2006, target->span, "the elements of a `[]const` slice cannot be assigned");
    else
        context_error(c, DIAG_E2006, target->span, "this cannot be assigned");
}

// `n = 3` where nothing is called so: a declaration without its word. It declares the name, so that later mentions are
// no mistakes.
static bool assigns_unknown(Context *c, Node *node) {
    Sema *s = c->sema;
    Node *left = node->binary.left;
    if (left->kind != NODE_NAME || !left->name.name || node->binary.op != BINARY_NONE ||
        scope_lookup(c->scope, left->name.name) || module_lookup(s, c->module, left->name.name) ||
        left->name.name == s->n.self || left->name.name == s->n.Self || c->module->lost_names)
        return false;
    for (const Scope *scope = c->scope; scope; scope = scope->parent)
        for (uint32_t i = 0; i < scope->consts.len; i++)
            if (scope->consts.items[i]->name == left->name.name) return false;
    for (uint32_t i = 0; c->self_type && c->self_type->kind == TYPE_STRUCT && i < c->self_type->field_count; i++)
        if (c->self_type->fields[i].name == left->name.name) return false;
    NearName near = near_name_start(left->name.name);
    for (const Scope *scope = c->scope; scope; scope = scope->parent)
        for (uint32_t i = 0; i < scope->locals.len; i++) near_name_consider(&near, scope->locals.items[i]->name);
    Decl *param = c->instance ? c->instance->decl : c->decl;
    for (uint32_t i = 0; param && i < param->generic_count; i++)
        if (param->generics[i]->name == left->name.name) return false;
    if (near.best) return false;
    check_expr(c, node->binary.right, NULL);
    Diag *d = context_error(c, DIAG_E1001, left->span,
                            "unknown name `%s`; a variable is declared with `let`, or with `var` if it changes",
                            left->name.name->text);
    diag_fix_likely(s->diags, d, (Span){left->span.file, left->span.start, left->span.start}, "var ", "declare it");
    Local *local = local_new(c, left->name.name, prim(c, TYPE_ERROR), left->span, true);
    local->is_used = true;
    scope_declare(c, local);
    return true;
}

static TExpr *check_assign(Context *c, Node *node) {
    Node *left = node->binary.left, *right = node->binary.right;
    if (left->kind == NODE_NAME && left->name.name == c->sema->n.underscore) {
        if (node->binary.op != BINARY_NONE) context_error(c, DIAG_E2006, left->span, "`_` has no value");
        return drop_value(c, check_expr(c, right, NULL), node->span);
    }
    if (assigns_unknown(c, node)) return texpr_error(c, node->span);
    TExpr *place = check_expr(c, left, NULL);
    if (is_error(place)) {
        check_expr(c, right, NULL);
        return texpr_error(c, node->span);
    }
    bool assignable = texpr_is_place(place) && place->kind != TEXPR_TEMP && place->is_mutable;
    if (!assignable) {
        report_not_assignable(c, left, place);
        if (!node_needs_expected(right)) check_expr(c, right, NULL);
        return texpr_error(c, node->span);
    }
    Type *type = place->type;
    if (node->binary.op == BINARY_NONE) {
        TExpr *value = right->kind == NODE_UNDEFINED ? texpr_new(c, TEXPR_UNDEFINED, type, right->span)
                                                     : check_coerced(c, right, type);
        if (is_error(value)) return texpr_error(c, node->span);
        TExpr *e = texpr_new(c, TEXPR_ASSIGN, prim(c, TYPE_VOID), node->span);
        e->assign.place = place;
        e->assign.value = value;
        return e;
    }
    BinaryOp op = node->binary.op;
    if (!operator_fits(op, type)) {
        if (!node_needs_expected(right)) check_expr(c, right, NULL);
        return compound_undefined(c, node->binary.op_span, op, type);
    }
    bool is_shift = binary_op_group(op) == OPERATOR_SHIFT;
    TExpr *value = is_shift ? shift_amount(c, type, check_value(c, right, NULL)) : check_coerced(c, right, type);
    if (is_error(value)) return texpr_error(c, node->span);
    TExpr *e = texpr_new(c, TEXPR_ASSIGN_OP, prim(c, TYPE_VOID), node->span);
    e->assign_op.op = op;
    e->assign_op.place = place;
    e->assign_op.value = value;
    return e;
}

static TExpr *check_defer(Context *c, Node *node) {
    Scope *scope = scope_push(c);
    scope->is_defer = true;
    c->defer_depth++;
    bool dead = c->dead;
    TExpr *body = check_statement(c, node->operand.operand);
    c->dead = dead;
    c->defer_depth--;
    scope_pop(c);
    if (is_error(body)) return body;
    TExpr *e = texpr_new(c, TEXPR_DEFER, prim(c, TYPE_VOID), node->span);
    e->defer.body = body;
    return e;
}

// The call that ends a `using`: Close.close on the local, which may be changed by it although its name is immutable.
static TExpr *using_close(Context *c, Local *local, Span span) {
    Sema *s = c->sema;
    Method m = {0};
    if (s->trait_close && type_implements(s, local->type, s->trait_close))
        m = method_of_trait(s, local->type, s->trait_close, s->n.close);
    if (!m.decl) {
        Diag *d = context_error(c, DIAG_E2025, span, "`using` needs a type that implements `Close`; `%s` does not",
                                show(c, local->type));
        diag_note(s->diags, d, (Span){0}, "write `impl Close for %s { func close(self: *Self) do … end }`",
                  show(c, local->type));
        return NULL;
    }
    FuncInst *close = func_instance(s, m.decl, m.impl_args, m.impl_arg_count, c->instance, span);
    TExpr *place = texpr_local(c, local, span);
    place->is_mutable = true;
    TExpr *self = texpr_new(c, TEXPR_ADDR, type_ptr(s->types, local->type, false), span);
    self->unary.operand = place;
    TExpr **args = ARENA_ARRAY(s->arena, TExpr *, 1);
    args[0] = self;
    return make_call(c, close, args, 1, span);
}

static TExpr *check_using(Context *c, Node *node) {
    Sema *s = c->sema;
    TExpr *value = default_literal(c, check_value(c, node->using.value, NULL));
    scope_push(c);
    bool broken = is_error(value) || is_never(value);
    Unreached before = context_enter_unreached(c);
    Type *type = broken ? prim(c, TYPE_ERROR) : value->type;
    Local *local = local_new(c, node->using.name, type, node->using.name_span, false);
    local->origin = LOCAL_USING;
    written_bind(c, local, value);
    local->is_used = true;
    TExpr *close = NULL;
    if (!broken) {
        if (type_complete(s, type, node->using.value->span)) close = using_close(c, local, node->using.value->span);
        if (!close || is_error(close)) broken = true;
    }
    if (broken) local->type = prim(c, TYPE_ERROR);
    if (local->name != s->n.underscore) scope_declare(c, local);
    TExpr *body = node->using.body ? check_block(c, node->using.body, prim(c, TYPE_VOID)) : block_new(c, node->span);
    scope_pop(c);
    if (is_never(value)) {
        context_leave_unreached(c, before);
        return value;
    }
    if (broken) return texpr_error(c, node->span);
    TExpr *e = texpr_new(c, TEXPR_USING, is_never(body) ? prim(c, TYPE_NEVER) : prim(c, TYPE_VOID), node->span);
    e->using_expr.local = local;
    e->using_expr.value = value;
    e->using_expr.close = close->type->kind == TYPE_VOID ? close : drop_value(c, close, node->span);
    e->using_expr.body = body;
    return e;
}

static TExpr *check_when(Context *c, Node *node) {
    TExpr *condition = check_condition(c, node->when.condition);
    const Moved *start = c->moved;
    Node *inner = node->when.statement;
    TExpr *statement = is_call_like(inner) ? check_dropped(c, inner, true) : check_statement(c, inner);
    if (is_never(statement)) moved_take(c, start);
    if (is_error(condition) || is_error(statement)) return texpr_error(c, node->span);
    TExpr *e = texpr_new(c, TEXPR_IF, prim(c, TYPE_VOID), node->span);
    e->if_expr.condition = condition;
    e->if_expr.then_expr = statement;
    return e;
}

static TExpr *check_comptime(Context *c, Node *node, Type *expected) {
    Node *operand = node->operand.operand;
    bool in_const = c->in_const;
    c->in_const = true;
    TExpr *value = operand->kind == NODE_IF ? check_control(c, operand, expected) : check_expr(c, operand, expected);
    if (!is_error(value) && texpr_is_place(value)) value = load_place(c, value);
    c->in_const = in_const;
    if (is_error(value)) return value;
    if (!expected || !wants_statement(expected)) value = default_literal(c, value);
    ConstValue *result = const_eval(c, value);
    if (!result) return texpr_error(c, node->span);
    if (value->type->kind == TYPE_VOID) return block_new(c, node->span);
    return texpr_const(c, result, node->span);
}

static bool has_no_value(const Node *node) {
    switch (node->kind) {
    case NODE_WHILE:
    case NODE_FOR:
    case NODE_LET:
    case NODE_USING:
    case NODE_DEFER:
    case NODE_RETURN:
    case NODE_FAIL:
    case NODE_BREAK:
    case NODE_CONTINUE:
    case NODE_WHEN:
    case NODE_ASSIGN:
    case NODE_CONST: return true;
    default: return false;
    }
}

TExpr *check_statement(Context *c, Node *node) {
    Type *no_value = prim(c, TYPE_VOID);
    if (node->kind == NODE_BLOCK) return check_block_tail(c, node, no_value, false);
    if (node->kind == NODE_IF || node->kind == NODE_MATCH || has_no_value(node)) return check_tail(c, node, no_value);
    return check_dropped(c, node, false);
}

// ---- Blocks ------------------------------------------------------------------------------------------------------------
TExpr *check_branch(Context *c, Node *node, Type *expected) {
    if (wants_statement(expected) || has_no_value(node)) return check_statement(c, node);
    if (node->kind == NODE_IF || node->kind == NODE_MATCH || node->kind == NODE_BLOCK)
        return check_tail(c, node, expected);
    if (!expected) return check_value(c, node, NULL);
    TExpr *value = check_coerced(c, node, expected);
    if (value->kind == TEXPR_COERCE && value->coerce.kind == COERCE_NEVER) return value->coerce.operand;
    return value;
}

// The last statement of a function that returns an error union without payload: `run()` of such a type is the result.
static TExpr *check_open_union(Context *c, Node *node) {
    switch (node->kind) {
    case NODE_CALL:
    case NODE_NAME:
    case NODE_MEMBER:
    case NODE_PIPELINE: break;
    default: return check_statement(c, node);
    }
    TExpr *value = check_expr(c, node, c->result);
    if (is_error(value) || is_never(value) || value->type->kind == TYPE_VOID) return value;
    if (value->type->kind == TYPE_ERROR_UNION && value->type->element->kind == TYPE_VOID && value->type != c->result &&
        c->result->errors == type_any_error(c->sema->types)) {
        TExpr *pass_on = texpr_new(c, TEXPR_TRY, prim(c, TYPE_VOID), node->span);
        pass_on->try_expr.operand = load_place(c, value);
        failures_note(c, pass_on->try_expr.operand);
        return pass_on;
    }
    if (value->type->kind == TYPE_ERROR_UNION || value->type->kind == TYPE_ERROR_SET)
        return coerce_value(c, load_place(c, value), c->result, node->span, "result");
    if (report_dropped(c, node, value, false)) return texpr_error(c, node->span);
    if (is_call_like(node) && !must_be_used(c, value->type, node->span)) return drop_value(c, value, node->span);
    Diag *d = context_error(c, DIAG_E2010, node->span, "the value of this expression is not used");
    diag_note(c->sema->diags, d, (Span){0}, "write `_ = …` to discard it");
    return texpr_error(c, node->span);
}

TExpr *check_block_tail(Context *c, Node *node, Type *expected, bool open_union) {
    if (node->kind != NODE_BLOCK) return check_branch(c, node, expected);
    TExpr *block = block_new(c, node->span);
    scope_push(c);
    bool was_dead = c->dead, is_dead = false;
    uint32_t count = node->block.statements.len;
    for (uint32_t i = 0; i < count; i++) {
        Node *statement = node->block.statements.items[i];
        if (is_dead && !c->dead && context_warns(c)) {
            Diag *d = diag_warning(c->sema->diags, DIAG_W0002, statement->span, "this is never reached");
            if (i > 0)
                diag_note(c->sema->diags, d, node->block.statements.items[i - 1]->span,
                          "control does not come back from here");
        }
        c->dead |= is_dead;
        bool is_last = i + 1 == count;
        Unreached before = context_enter_unreached(c);
        TExpr *e;
        if (is_last && open_union)
            e = check_open_union(c, statement);
        else
            e = is_last && !is_dead ? check_branch(c, statement, expected) : check_statement(c, statement);
        if (is_dead) {
            context_leave_unreached(c, before);
            continue;
        }
        is_dead = is_never(e);
        // What follows a branch chosen at compile time is for the other choices: nothing to warn about.
        if (is_dead && statement->kind == NODE_IF && statement->if_expr.is_comptime) c->dead = true;
        if (is_last && !is_dead && e->type->kind != TYPE_VOID && !is_error(e) &&
            (open_union || !wants_statement(expected))) {
            block->block.result = e;
            block->type = e->type;
        } else if (is_last && is_error(e) && !wants_statement(expected)) {
            block->block.result = e;
            block->type = expected ? expected : e->type;
        } else
            block_add(c, block, e);
    }
    c->dead = was_dead;
    scope_pop(c);
    return block;
}

TExpr *check_block(Context *c, Node *node, Type *expected) { return check_block_tail(c, node, expected, false); }

// ---- Dispatch ----------------------------------------------------------------------------------------------------------
TExpr *check_tail(Context *c, Node *node, Type *expected) {
    switch (node->kind) {
    case NODE_BLOCK: return check_block_tail(c, node, expected, false);
    case NODE_IF: return check_if(c, node, expected);
    case NODE_MATCH: return check_match(c, node, expected);
    case NODE_WHILE: return check_while(c, node);
    case NODE_FOR: return check_for(c, node);
    case NODE_LET: return check_let(c, node);
    case NODE_CONST: return check_local_const(c, node);
    case NODE_USING: return check_using(c, node);
    case NODE_DEFER: return check_defer(c, node);
    case NODE_RETURN: return check_return(c, node);
    case NODE_FAIL: return check_fail(c, node);
    case NODE_BREAK:
    case NODE_CONTINUE: return check_jump(c, node);
    case NODE_WHEN: return check_when(c, node);
    case NODE_COMPTIME: return check_comptime(c, node, expected);
    case NODE_ASSIGN: return check_assign(c, node);
    case NODE_TRY: return check_try(c, node);
    case NODE_CATCH: return check_catch(c, node, expected);
    default:
        context_error(c, DIAG_E0013, node->span, "%s cannot stand here", node_kind_name(node->kind));
        return texpr_error(c, node->span);
    }
}

TExpr *check_control(Context *c, Node *node, Type *expected) {
    bool scratch_scope = !c->scope;
    if (scratch_scope) scope_push(c);
    // A hint that is no definite type is none.
    if (expected &&
        (expected->has_param || expected->kind == TYPE_INT_LITERAL || expected->kind == TYPE_FLOAT_LITERAL ||
         expected->kind == TYPE_ERROR || expected->kind == TYPE_NEVER))
        expected = NULL;
    TExpr *e = check_tail(c, node, expected);
    if (!expected && (node->kind == NODE_BLOCK || node->kind == NODE_IF || node->kind == NODE_MATCH))
        e = unite_branches(c, e);
    if (scratch_scope) scope_pop(c);
    return e;
}
