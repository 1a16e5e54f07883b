// while, while let, for, break and continue. Every loop becomes LOOP with explicit counters, so nothing about iteration
// is left to be decided: a `for` over a slice keeps the slice, its length and an index; an inclusive range asks whether
// its last value was reached before it counts on, so it may end at the largest value of its type.
#include "sema/body/body.h"

static TLoop *loop_new(Context *c, const Name *label, Span span) {
    TLoop *loop = ARENA_NEW(c->sema->arena, TLoop);
    loop->label = label;
    loop->span = span;
    if (c->func) loop->id = c->func->local_count++;
    return loop;
}

static void loop_enter(Context *c, LoopScope *scope, TLoop *loop) {
    *scope = (LoopScope){.parent = c->loops, .loop = loop, .defer_depth = c->defer_depth};
    c->loops = scope;
}

static void loop_leave(Context *c) { c->loops = c->loops->parent; }

static TExpr *loop_expr(Context *c, TLoop *loop, TExpr *condition, TExpr *body, TExpr *step, bool has_break,
                        Span span) {
    TExpr *e = texpr_new(c, TEXPR_LOOP, !condition && !has_break ? prim(c, TYPE_NEVER) : prim(c, TYPE_VOID), span);
    e->loop.loop = loop;
    e->loop.condition = condition;
    e->loop.body = body;
    e->loop.step = step;
    return e;
}

static TExpr *jump_expr(Context *c, TExprKind kind, TLoop *loop, Span span) {
    TExpr *e = texpr_new(c, kind, prim(c, TYPE_NEVER), span);
    e->jump.loop = loop;
    return e;
}

// ---- while -------------------------------------------------------------------------------------------------------------
static TExpr *check_while_let(Context *c, Node *node) {
    Sema *s = c->sema;
    TLoop *loop = loop_new(c, node->while_loop.label, node->span);
    LoopScope scope;
    loop_enter(c, &scope, loop);
    bool is_fresh;
    TExpr *subject = check_subject(c, let_subject(node->while_loop.condition), &is_fresh);
    scope_push(c);
    TArm *arms = ARENA_ARRAY(s->arena, TArm, 2);
    arms[0].pattern = check_pattern(c, node->while_loop.pattern, subject, is_fresh);
    arms[0].span = node->while_loop.pattern->span;
    if (!check_let_guard(c, node->while_loop.condition, &arms[0].guard)) arms[0].pattern = NULL;
    arms[0].body = check_block(c, node->while_loop.body, prim(c, TYPE_VOID));
    scope_pop(c);
    loop_leave(c);
    TPattern *any = ARENA_NEW(s->arena, TPattern);
    *any = (TPattern){.kind = PATTERN_ANY, .type = subject->type, .span = node->span};
    arms[1] = (TArm){.pattern = any, .body = jump_expr(c, TEXPR_BREAK, loop, node->span), .span = node->span};
    if (is_error(subject) || !arms[0].pattern) return texpr_error(c, node->span);
    TExpr *match =
        texpr_new(c, TEXPR_MATCH, is_never(arms[0].body) ? prim(c, TYPE_NEVER) : prim(c, TYPE_VOID), node->span);
    match->match.subject = subject;
    match->match.arms = arms;
    match->match.arm_count = 2;
    TExpr *body = block_new(c, node->span);
    block_add(c, body, match);
    return loop_expr(c, loop, NULL, body, NULL, true, node->span);
}

TExpr *check_while(Context *c, Node *node) {
    if (node->while_loop.pattern) return check_while_let(c, node);
    TExpr *condition = check_condition(c, node->while_loop.condition);
    TLoop *loop = loop_new(c, node->while_loop.label, node->span);
    LoopScope scope;
    loop_enter(c, &scope, loop);
    TExpr *body = check_block(c, node->while_loop.body, prim(c, TYPE_VOID));
    loop_leave(c);
    if (is_error(condition) || is_never(condition)) return is_never(condition) ? condition : texpr_error(c, node->span);
    if (condition->kind == TEXPR_CONST && condition->constant->kind == CONST_INT && condition->constant->bits)
        condition = NULL;
    return loop_expr(c, loop, condition, body, NULL, scope.has_break, node->span);
}

// ---- for ---------------------------------------------------------------------------------------------------------------
static TExpr *let_hidden(Context *c, Type *type, TExpr *value, bool is_var, Local **out) {
    *out = local_new(c, NULL, type, value->span, is_var);
    (*out)->is_used = true;
    written_bind(c, *out, value);
    TExpr *let = texpr_new(c, TEXPR_LET, prim(c, TYPE_VOID), value->span);
    let->let.local = *out;
    let->let.value = value;
    return let;
}

static TExpr *read_local(Context *c, Local *local, Span span) { return texpr_load(c, texpr_local(c, local, span)); }

static TExpr *compare(Context *c, CompareOp op, TExpr *left, TExpr *right) {
    TExpr *e = texpr_new(c, TEXPR_COMPARE, prim(c, TYPE_BOOL), left->span);
    e->compare.op = op;
    e->compare.left = left;
    e->compare.right = right;
    return e;
}

// local = local +% 1; the condition has shown that it does not matter whether it wraps.
static TExpr *count_up(Context *c, Local *local, Span span) {
    TExpr *e = texpr_new(c, TEXPR_ASSIGN_OP, prim(c, TYPE_VOID), span);
    e->assign_op.op = BINARY_ADD_WRAP;
    e->assign_op.place = texpr_local(c, local, span);
    e->assign_op.value = texpr_int(c, local->type, 1, span);
    return e;
}

// Declares the user's names of one round and checks the body with them. `element` and `index` become their values.
static TExpr *check_round(Context *c, Node *node, TLoop *loop, TExpr *element, LocalOrigin origin, TExpr *index,
                          bool *has_break) {
    LoopScope scope;
    loop_enter(c, &scope, loop);
    scope_push(c);
    TExpr *round = block_new(c, node->span);
    const Name *names[2] = {node->for_loop.name, node->for_loop.index};
    Span spans[2] = {node->for_loop.name_span, node->for_loop.index_span};
    TExpr *values[2] = {element, index};
    for (int i = 0; i < 2; i++) {
        if (!names[i] || !values[i] || names[i] == c->sema->n.underscore) continue;
        Local *local = local_new(c, names[i], values[i]->type, spans[i], false);
        local->origin = i == 1 ? LOCAL_COUNTER : origin;
        written_bind(c, local, values[i]);
        scope_declare(c, local);
        if (is_error(values[i])) continue;
        TExpr *let = texpr_new(c, TEXPR_LET, prim(c, TYPE_VOID), spans[i]);
        let->let.local = local;
        let->let.value = values[i];
        block_add(c, round, let);
    }
    block_add(c, round, check_block(c, node->for_loop.body, prim(c, TYPE_VOID)));
    scope_pop(c);
    loop_leave(c);
    *has_break = scope.has_break;
    return round;
}

// A loop whose head is broken or does not come back: of the body only the mistakes matter.
static TExpr *check_broken_for(Context *c, Node *node) {
    TLoop *loop = loop_new(c, node->for_loop.label, node->span);
    bool has_break;
    TExpr *unknown = texpr_error(c, node->span);
    check_round(c, node, loop, unknown, LOCAL_ELEMENT, unknown, &has_break);
    return texpr_error(c, node->span);
}

// What it would go through never comes.
static TExpr *check_unreached_for(Context *c, Node *node, TExpr *stuck) {
    Unreached before = context_enter_unreached(c);
    check_broken_for(c, node);
    context_leave_unreached(c, before);
    return stuck;
}

static TExpr *check_for_range(Context *c, Node *node, Node *range) {
    if (!range->range.low || !range->range.high) {
        context_error(c, DIAG_E0016, range->span, "a range to count over needs both ends");
        return check_broken_for(c, node);
    }
    TExpr *ends[2] = {check_value(c, range->range.low, NULL), check_value(c, range->range.high, NULL)};
    if (node->for_loop.by_pointer)
        context_error(c, DIAG_E2024, node->for_loop.name_span, "the numbers of a range have no address");
    if (is_error(ends[0]) || is_error(ends[1])) return check_broken_for(c, node);
    TExpr *stuck = never_reached(c, ends, 2, range->span);
    if (stuck) return check_unreached_for(c, node, stuck);
    Type *type = common_type(c, ends, 2, range->span);
    if (type->kind == TYPE_INT_LITERAL) type = prim(c, TYPE_I64);
    if (!type_is_error(type) && !type_is_int(type)) {
        context_error(c, DIAG_E2001, range->span, "a range to count over has integer ends, not `%s`", show(c, type));
        return check_broken_for(c, node);
    }
    if (type_is_error(type)) return check_broken_for(c, node);
    TExpr *low = coerce_value(c, ends[0], type, range->range.low->span, "start of the range");
    TExpr *high = coerce_value(c, ends[1], type, range->range.high->span, "end of the range");
    if (is_error(low) || is_error(high)) return check_broken_for(c, node);

    Span span = range->span;
    TExpr *block = block_new(c, node->span);
    Local *counter, *limit, *more = NULL;
    block_add(c, block, let_hidden(c, type, low, true, &counter));
    block_add(c, block, let_hidden(c, type, high, false, &limit));
    TExpr *condition = compare(c, range->range.inclusive ? COMPARE_LE : COMPARE_LT, read_local(c, counter, span),
                               read_local(c, limit, span));
    TExpr *step = count_up(c, counter, span);
    if (range->range.inclusive) {
        block_add(c, block, let_hidden(c, prim(c, TYPE_BOOL), condition, true, &more));
        condition = read_local(c, more, span);
        TExpr *last = texpr_new(c, TEXPR_ASSIGN, prim(c, TYPE_VOID), span);
        last->assign.place = texpr_local(c, more, span);
        last->assign.value = compare(c, COMPARE_NE, read_local(c, counter, span), read_local(c, limit, span));
        TExpr *both = block_new(c, span);
        block_add(c, both, last);
        block_add(c, both, step);
        step = both;
    }
    // The rounds are counted from 0 beside the numbers.
    TExpr *round = NULL;
    if (node->for_loop.index) {
        Local *index;
        block_add(c, block,
                  let_hidden(c, prim(c, TYPE_USIZE), texpr_int(c, prim(c, TYPE_USIZE), 0, span), true, &index));
        round = read_local(c, index, span);
        TExpr *both = block_new(c, span);
        block_add(c, both, step);
        block_add(c, both, count_up(c, index, span));
        step = both;
    }
    TLoop *loop = loop_new(c, node->for_loop.label, node->span);
    bool has_break;
    TExpr *body = check_round(c, node, loop, read_local(c, counter, span), LOCAL_COUNTER, round, &has_break);
    block_add(c, block, loop_expr(c, loop, condition, body, step, has_break, node->span));
    return block;
}

// The slice a `for` walks over, evaluated once before the loop; an array value first gets a hidden local.
static TExpr *iterated_slice(Context *c, TExpr *block, TExpr *subject, Span span) {
    Sema *s = c->sema;
    while (subject->type->kind == TYPE_PTR &&
           (subject->type->element->kind == TYPE_ARRAY || subject->type->element->kind == TYPE_SLICE)) {
        TExpr *pointer = texpr_is_place(subject) ? texpr_load(c, subject) : subject;
        TExpr *deref = texpr_new(c, TEXPR_DEREF, pointer->type->element, span);
        deref->is_mutable = !pointer->type->is_const;
        deref->unary.operand = pointer;
        subject = deref;
    }
    if (subject->type->kind == TYPE_SLICE) return texpr_is_place(subject) ? texpr_load(c, subject) : subject;
    if (subject->type->kind != TYPE_ARRAY) {
        const Type *type = subject->type;
        Diag *d = context_error(c, DIAG_E2001, span, "cannot iterate over `%s`: a range, a slice or an array is needed",
                                show(c, type));
        if (type->kind == TYPE_ERROR_UNION)
            diag_note(s->diags, d, (Span){0}, "this may fail: propagate with `?` or handle with `catch`");
        else if (type->kind == TYPE_OPTIONAL)
            diag_note(s->diags, d, (Span){0}, "the value may be null: use `.?`, `??` or `if let Some(x) = …`");
        else if (type_is_int(type))
            diag_note(s->diags, d, (Span){0}, "counting is `for i in 0..<n do`");
        return NULL;
    }
    if (subject->kind == TEXPR_TEMP) subject = subject->unary.operand;
    if (!texpr_is_place(subject)) {
        Local *holder;
        block_add(c, block, let_hidden(c, subject->type, subject, false, &holder));
        subject = texpr_local(c, holder, span);
    }
    TExpr *slice =
        texpr_new(c, TEXPR_SLICE_ARRAY, type_slice(s->types, subject->type->element, !subject->is_mutable), span);
    slice->slice.base = subject;
    return slice;
}

TExpr *check_for(Context *c, Node *node) {
    Sema *s = c->sema;
    Node *subject_node = node->for_loop.subject;
    while (subject_node->kind == NODE_PAREN) subject_node = subject_node->operand.operand;
    if (subject_node->kind == NODE_RANGE) return check_for_range(c, node, subject_node);
    Span span = subject_node->span;
    TExpr *subject = check_expr(c, subject_node, NULL);
    if (is_never(subject)) return check_unreached_for(c, node, subject);
    if (is_error(subject)) return check_broken_for(c, node);
    TExpr *block = block_new(c, node->span);
    TExpr *slice = iterated_slice(c, block, subject, span);
    if (!slice) return check_broken_for(c, node);
    Type *element = slice->type->element;
    if (!type_complete(s, element, span)) return check_broken_for(c, node);
    Local *items, *length, *index;
    block_add(c, block, let_hidden(c, slice->type, slice, false, &items));
    TExpr *len = texpr_new(c, TEXPR_SLICE_LEN, prim(c, TYPE_USIZE), span);
    len->unary.operand = read_local(c, items, span);
    block_add(c, block, let_hidden(c, prim(c, TYPE_USIZE), len, false, &length));
    block_add(c, block, let_hidden(c, prim(c, TYPE_USIZE), texpr_int(c, prim(c, TYPE_USIZE), 0, span), true, &index));
    TExpr *condition = compare(c, COMPARE_LT, read_local(c, index, span), read_local(c, length, span));

    TExpr *place = texpr_new(c, TEXPR_INDEX_SLICE, element, span);
    place->is_mutable = !slice->type->is_const;
    place->index.base = read_local(c, items, span);
    place->index.index = read_local(c, index, span);
    TExpr *value;
    if (node->for_loop.by_pointer) {
        value = texpr_new(c, TEXPR_ADDR, type_ptr(s->types, element, slice->type->is_const), span);
        value->unary.operand = place;
    } else if (node->for_loop.name == s->n.underscore)
        value = NULL;
    else if (!type_is_copyable(s, element, span)) {
        Diag *d = context_error(c, DIAG_E2011, node->for_loop.name_span,
                                "the elements are of unique type `%s` and cannot be copied", show(c, element));
        diag_note(s->diags, d, (Span){0}, "write `for *%s in …` to get a pointer to each",
                  node->for_loop.name ? node->for_loop.name->text : "x");
        return check_broken_for(c, node);
    } else
        value = texpr_load(c, place);
    TLoop *loop = loop_new(c, node->for_loop.label, node->span);
    bool has_break;
    TExpr *body = check_round(c, node, loop, value, LOCAL_ELEMENT,
                              node->for_loop.index ? read_local(c, index, span) : NULL, &has_break);
    block_add(c, block, loop_expr(c, loop, condition, body, count_up(c, index, span), has_break, node->span));
    return block;
}

// ---- break and continue ------------------------------------------------------------------------------------------------
TExpr *check_jump(Context *c, Node *node) {
    const char *word = node->kind == NODE_BREAK ? "break" : "continue";
    const Name *label = node->jump.label;
    LoopScope *target = c->loops;
    while (target && label && target->loop->label != label) target = target->parent;
    if (!target) {
        if (!c->loops)
            context_error(c, DIAG_E1011, node->span, "`%s` stands outside a loop", word);
        else {
            Diag *d = context_error(c, DIAG_E1010, node->jump.label_span, "no enclosing loop has the label `%s`",
                                    label->text);
            for (LoopScope *l = c->loops; l; l = l->parent)
                if (l->loop->label)
                    diag_note(c->sema->diags, d, l->loop->span, "this one is `%s`", l->loop->label->text);
        }
        return texpr_error(c, node->span);
    }
    if (target->defer_depth < c->defer_depth) {
        context_error(c, DIAG_E2029, node->span, "`%s` would leave a deferred block", word);
        return texpr_error(c, node->span);
    }
    if (node->kind == NODE_BREAK) target->has_break = true;
    return jump_expr(c, node->kind == NODE_BREAK ? TEXPR_BREAK : TEXPR_CONTINUE, target->loop, node->span);
}
