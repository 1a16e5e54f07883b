// Generic arguments from ordinary ones. Parameter types (with PARAMs) are held against argument types, looking through
// the implicit conversions a call may apply: `*[N]T` for a `[]T`, `T` for a `?T`. What binds a parameter, strongest
// first: an argument written out, an argument with a type of its own, the type the result is wanted as, a literal's
// default. A parameter bound by one argument is not widened by another: the other is converted to it, or reported.
#include "sema/expr/expr.h"

void infer_init(Inference *inf, Context *c, Decl **params, uint32_t count) {
    Arena *arena = c->sema->arena;
    *inf = (Inference){.c = c, .params = params, .count = count};
    inf->args = ARENA_ARRAY(arena, Type *, count);
    inf->hints = ARENA_ARRAY(arena, Type *, count);
    inf->source = ARENA_ARRAY(arena, uint32_t, count);
}

static int64_t param_index(const Inference *inf, const Type *t) {
    for (uint32_t i = 0; t->kind == TYPE_PARAM && i < inf->count; i++)
        if (inf->params[i] == t->decl) return i;
    return -1;
}

bool infer_knows(const Inference *inf, const Type *t, bool with_hints) {
    if (!t->has_param) return true;
    if (t->kind == TYPE_PARAM) {
        int64_t i = param_index(inf, t);
        return i < 0 || inf->args[i] || (with_hints && inf->hints[i]);
    }
    if (t->element && !infer_knows(inf, t->element, with_hints)) return false;
    if (t->errors && !infer_knows(inf, t->errors, with_hints)) return false;
    if (t->length_param && !infer_knows(inf, t->length_param, with_hints)) return false;
    for (uint32_t i = 0; i < t->param_count; i++)
        if (!infer_knows(inf, t->params[i], with_hints)) return false;
    return true;
}

Type *infer_substitute(Inference *inf, Type *t, bool with_hints, Span span) {
    if (!t->has_param || inf->count == 0) return t;
    Context *c = inf->c;
    Type **args = ARENA_ARRAY(c->sema->arena, Type *, inf->count);
    for (uint32_t i = 0; i < inf->count; i++) {
        args[i] = inf->args[i] ? inf->args[i] : with_hints ? inf->hints[i] : NULL;
        if (!args[i])
            args[i] = inf->params[i]->type ? inf->params[i]->type : type_param(c->sema->types, inf->params[i]);
    }
    return type_substitute(c->sema, t, inf->params, args, inf->count, c->instance, span);
}

static bool bind(Inference *inf, uint32_t index, Type *actual, Type **into, uint32_t source) {
    if (actual->kind == TYPE_ERROR) inf->failed = true;
    // What has no type of its own binds nothing.
    if (actual->kind == TYPE_ERROR || actual->kind == TYPE_NEVER || actual->kind == TYPE_INT_LITERAL ||
        actual->kind == TYPE_FLOAT_LITERAL)
        return true;
    bool is_value = inf->params[index]->param.value_type != NULL;
    if (is_value != (actual->kind == TYPE_VALUE)) return false;
    if (into[index]) return into[index] == actual;
    into[index] = actual;
    if (into == inf->args) inf->source[index] = source;
    return true;
}

static bool unify_exact(Inference *inf, Type *pattern, Type *actual, Type **into, uint32_t source) {
    if (pattern == actual || !pattern->has_param) return pattern == actual || actual->kind == TYPE_ERROR;
    if (pattern->kind == TYPE_PARAM) {
        int64_t i = param_index(inf, pattern);
        return i >= 0 && bind(inf, (uint32_t)i, actual, into, source);
    }
    if (pattern->kind != actual->kind) return false;
    switch (pattern->kind) {
    case TYPE_PTR:
    case TYPE_SLICE:
        return (pattern->is_const || !actual->is_const) &&
               unify_exact(inf, pattern->element, actual->element, into, source);
    case TYPE_OPTIONAL: return unify_exact(inf, pattern->element, actual->element, into, source);
    case TYPE_ARRAY:
        if (pattern->length_param) {
            Types *types = inf->c->sema->types;
            Type *of = pattern->length_param->decl && pattern->length_param->decl->param.value_type
                           ? pattern->length_param->decl->param.value_type
                           : prim(inf->c, TYPE_USIZE);
            Type *length = type_value(types, of, (int64_t)actual->length);
            if (!unify_exact(inf, pattern->length_param, length, into, source)) return false;
        } else if (pattern->length != actual->length) {
            return false;
        }
        return unify_exact(inf, pattern->element, actual->element, into, source);
    case TYPE_ERROR_UNION:
        return unify_exact(inf, pattern->element, actual->element, into, source) &&
               (pattern->errors == type_any_error(inf->c->sema->types) ||
                unify_exact(inf, pattern->errors, actual->errors, into, source));
    case TYPE_FUNC:
    case TYPE_STRUCT:
    case TYPE_ENUM:
        if (pattern->decl != actual->decl || pattern->param_count != actual->param_count) return false;
        for (uint32_t i = 0; i < pattern->param_count; i++)
            if (!unify_exact(inf, pattern->params[i], actual->params[i], into, source)) return false;
        return pattern->kind != TYPE_FUNC || unify_exact(inf, pattern->element, actual->element, into, source);
    default: return false;
    }
}

bool infer_unify(Inference *inf, Type *pattern, Type *actual, Type **into, uint32_t source) {
    if (!pattern->has_param || pattern->kind == TYPE_PARAM || pattern->kind == actual->kind)
        return unify_exact(inf, pattern, actual, into, source);
    switch (pattern->kind) {
    case TYPE_SLICE:
        if (actual->kind == TYPE_PTR && actual->element->kind == TYPE_ARRAY) actual = actual->element;
        return actual->kind == TYPE_ARRAY && unify_exact(inf, pattern->element, actual->element, into, source);
    case TYPE_OPTIONAL: return infer_unify(inf, pattern->element, actual, into, source);
    case TYPE_ERROR_UNION:
        if (actual->kind == TYPE_ERROR_SET) return unify_exact(inf, pattern->errors, actual, into, source);
        return infer_unify(inf, pattern->element, actual, into, source);
    default: return false;
    }
}

// The wanted type may wrap the result once or more: the first layer that fits counts.
void infer_hint(Inference *inf, Type *pattern, Type *expected) {
    if (!pattern->has_param || inf->count == 0) return;
    size_t size = sizeof(Type *) * inf->count;
    Type **kept = arena_copy(inf->c->sema->arena, inf->hints, size);
    while (expected && expected->kind != TYPE_ERROR && expected->kind != TYPE_VOID) {
        if (unify_exact(inf, pattern, expected, inf->hints, 0)) return;
        memcpy(inf->hints, kept, size);
        bool wraps = expected->kind == TYPE_OPTIONAL || expected->kind == TYPE_ERROR_UNION;
        expected = wraps ? expected->element : NULL;
    }
}

// The parameter of `pattern` that `actual` contradicts, for the message; -1 when the shapes differ already.
static int64_t find_conflict(Inference *inf, const Type *pattern, const Type *actual, Type **found) {
    if (pattern->kind == TYPE_PARAM) {
        int64_t i = param_index(inf, pattern);
        if (i >= 0 && inf->args[i] && inf->args[i] != actual) {
            *found = (Type *)actual;
            return i;
        }
        return -1;
    }
    if (pattern->kind != actual->kind) {
        bool wrapped = pattern->kind == TYPE_OPTIONAL || pattern->kind == TYPE_ERROR_UNION;
        return wrapped ? find_conflict(inf, pattern->element, actual, found) : -1;
    }
    int64_t i = -1;
    if (pattern->element && actual->element) i = find_conflict(inf, pattern->element, actual->element, found);
    for (uint32_t k = 0; i < 0 && k < pattern->param_count && k < actual->param_count; k++)
        i = find_conflict(inf, pattern->params[k], actual->params[k], found);
    return i;
}

static void bind_slot(Inference *inf, ArgSlot *slot, Type *type, uint32_t number) {
    Context *c = inf->c;
    if (type->kind == TYPE_ERROR) {
        inf->failed = true;
        return;
    }
    // What an argument that does not fit has bound is forgotten, and so is that it did.
    size_t args_size = sizeof(Type *) * inf->count, source_size = sizeof(uint32_t) * inf->count;
    Type **args = arena_copy(c->sema->arena, inf->args, args_size);
    uint32_t *source = arena_copy(c->sema->arena, inf->source, source_size);
    if (infer_unify(inf, slot->pattern, type, inf->args, number)) return;
    Type *found = NULL;
    int64_t i = find_conflict(inf, slot->pattern, type, &found);
    memcpy(inf->args, args, args_size);
    memcpy(inf->source, source, source_size);
    if (infer_knows(inf, slot->pattern, false)) {
        Type *target = infer_substitute(inf, slot->pattern, false, slot->node->span);
        if (coerce_possible(c, slot->value, target)) return;
    }
    inf->failed = true;
    if (i < 0 || inf->source[i] == 0) {
        Type *shown = infer_substitute(inf, slot->pattern, false, slot->node->span);
        context_error(c, DIAG_E2001, slot->node->span, "%s: expected `%s`, found `%s`", slot->what, show(c, shown),
                      show(c, type));
    } else {
        context_error(c, DIAG_E2001, slot->node->span, "`%s` cannot be both `%s` (argument %u) and `%s` (argument %u)",
                      inf->params[i]->name->text, show(c, inf->args[i]), inf->source[i], show(c, found), number);
    }
    slot->value = texpr_error(c, slot->node->span);
}

// `&[1, 2, 3]` for a `*const [N]u32`: the length is to be found out, but what the elements are is known.
static Type *element_hint(Inference *inf, Type *pattern, Span span) {
    if (pattern->kind == TYPE_PTR) pattern = pattern->element;
    if (pattern->kind != TYPE_ARRAY || !infer_knows(inf, pattern->element, true)) return NULL;
    return type_slice(inf->c->sema->types, infer_substitute(inf, pattern->element, true, span), true);
}

// `map(&xs, id)`: `id` is generic itself, and what `map` makes of its other arguments tells of which type it is. NULL
// when the argument is anything else.
static TExpr *check_partial_func(Inference *inf, ArgSlot *slot) {
    Type *pattern = expected_core(slot->pattern);
    Node *node = skip_parens(slot->node);
    if (pattern->kind != TYPE_FUNC) return NULL;
    if (node->kind != NODE_NAME && node->kind != NODE_MEMBER && node->kind != NODE_BRACKET) return NULL;
    Entity entity = entity_resolve(inf->c, node);
    if (entity.kind == ENTITY_ERROR) return texpr_error(inf->c, node->span);
    if (entity.kind != ENTITY_FUNC || entity.decl->generic_count == 0) return NULL;
    return func_value_partial(inf, &entity, pattern, node->span);
}

static void check_slot(Inference *inf, ArgSlot *slot) {
    Type *wanted = NULL;
    Span span = slot->node->span;
    const Node *form = skip_parens(slot->node);
    if (form->kind == NODE_ARRAY_LIT || form->kind == NODE_ARRAY_REPEAT ||
        (form->kind == NODE_UNARY && form->unary.op == UNARY_ADDR))
        wanted = element_hint(inf, slot->pattern, span);
    if (infer_knows(inf, slot->pattern, false))
        wanted = infer_substitute(inf, slot->pattern, false, span);
    else if (infer_knows(inf, slot->pattern, true))
        wanted = infer_substitute(inf, slot->pattern, true, span);
    slot->value = wanted ? NULL : check_partial_func(inf, slot);
    if (!slot->value) slot->value = check_value(inf->c, slot->node, wanted);
    if (is_error(slot->value)) inf->failed = true;
}

// A function some of whose own arguments are still to be found out.
static bool names_open_func(Inference *inf, Node *node) {
    node = skip_parens(node);
    if (node->kind != NODE_NAME && node->kind != NODE_MEMBER && node->kind != NODE_BRACKET) return false;
    Entity entity = entity_resolve(inf->c, node);
    if (entity.kind != ENTITY_FUNC) return false;
    for (uint32_t i = 0; i < entity.decl->generic_count; i++)
        if (!entity.args || !entity.args[i]) return true;
    return false;
}

static bool waits_for_others(Inference *inf, const ArgSlot *slot) {
    if (infer_knows(inf, slot->pattern, false)) return false;
    return node_needs_expected(slot->node) ||
           (expected_core(slot->pattern)->kind == TYPE_FUNC && names_open_func(inf, slot->node));
}

void infer_args(Inference *inf, ArgSlot *slots, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        ArgSlot *slot = &slots[i];
        if (slot_waits(slot)) continue;
        if (waits_for_others(inf, slot)) {
            slot->postponed = true;
            continue;
        }
        check_slot(inf, slot);
        if (slot->pattern->has_param && inf->count && !is_error(slot->value) && !is_literal(slot->value))
            bind_slot(inf, slot, slot->value->type, i + 1);
    }
    // Literals follow what others said, then the wanted type, then their default.
    for (uint32_t i = 0; i < count; i++) {
        ArgSlot *slot = &slots[i];
        if (!slot->value || !is_literal(slot->value) || !slot->pattern->has_param || inf->count == 0) continue;
        Type *usual = prim(inf->c, is_int_literal(slot->value) ? TYPE_I64 : TYPE_F64);
        if (infer_knows(inf, slot->pattern, false)) {
            if (!coerce_possible(inf->c, slot->value, infer_substitute(inf, slot->pattern, false, slot->node->span)))
                bind_slot(inf, slot, usual, i + 1); // reports whom it contradicts
            continue;
        }
        if (infer_knows(inf, slot->pattern, true)) {
            Type *wanted = infer_substitute(inf, slot->pattern, true, slot->node->span);
            if (coerce_possible(inf->c, slot->value, wanted)) {
                bind_slot(inf, slot, wanted, i + 1);
                continue;
            }
        }
        bind_slot(inf, slot, usual, i + 1);
    }
    for (uint32_t i = 0; i < count; i++) {
        ArgSlot *slot = &slots[i];
        if (!slot->postponed) continue;
        if (inf->failed && !infer_knows(inf, slot->pattern, true) && node_needs_expected(slot->node)) {
            slot->value = texpr_error(inf->c, slot->node->span);
            continue;
        }
        check_slot(inf, slot);
        if (!is_error(slot->value) && !infer_knows(inf, slot->pattern, false) && !is_bare_null(slot->value))
            bind_slot(inf, slot, slot->value->type, i + 1);
    }
    for (uint32_t i = 0; i < inf->count; i++)
        if (!inf->args[i]) inf->args[i] = inf->hints[i];
}

bool infer_finish(Inference *inf, const Name *of, Span span) {
    for (uint32_t i = 0; i < inf->count; i++) {
        param_resolve_bounds(inf->c->sema, inf->params[i]);
        if (inf->params[i]->is_damaged) return false;
    }
    for (uint32_t i = 0; i < inf->count; i++) {
        if (inf->args[i]) continue;
        if (!inf->failed) {
            Diag *d = context_error(inf->c, DIAG_E3003, span, "generic argument `%s` of `%s` cannot be inferred",
                                    inf->params[i]->name->text, of->text);
            diag_note(inf->c->sema->diags, d, (Span){0}, "write it in brackets: `%s[…]`", of->text);
        }
        return false;
    }
    return true;
}
