// Putting arguments in the place of generic parameters, and the two questions that are its inverse: does a pattern with
// parameters equal a type, and can two patterns ever equal the same type.
#include "sema/decl/decl.h"

typedef struct Substitution {
    Sema *s;
    Decl **params;
    Type **args;
    uint32_t count;
    Instance *parent;
    Span at;
} Substitution;

static Type *substitute(const Substitution *sub, Type *t);

// NULL when an element became the ERROR type.
static Type **substitute_list(const Substitution *sub, Type **list, uint32_t count) {
    Type **out = ARENA_ARRAY(sub->s->arena, Type *, count ? count : 1);
    for (uint32_t i = 0; i < count; i++) {
        out[i] = substitute(sub, list[i]);
        if (out[i]->kind == TYPE_ERROR) return NULL;
    }
    return out;
}

static Type *substitute_array(const Substitution *sub, Type *t, Type *element) {
    if (!t->length_param) return type_array(sub->s->types, element, t->length);
    Type *length = substitute(sub, t->length_param);
    if (length->kind == TYPE_PARAM) return type_array_param(sub->s->types, element, length);
    if (length->kind == TYPE_VALUE && (length->value >= 0 || !type_is_signed(length->element)))
        return type_array(sub->s->types, element, (uint64_t)length->value);
    if (length->kind != TYPE_ERROR) {
        Diag *d = instance_error(sub->s, sub->parent, DIAG_E3007, sub->at, "an array length cannot be `%s`",
                                 type_text(sub->s->arena, length));
        diag_add_chain(sub->s, d, sub->parent);
    }
    return type_primitive(sub->s->types, TYPE_ERROR);
}

static Type *substitute(const Substitution *sub, Type *t) {
    Types *types = sub->s->types;
    if (!t->has_param) return t;
    if (t->kind == TYPE_PARAM) {
        for (uint32_t i = 0; i < sub->count; i++)
            if (sub->params[i] == t->decl) return sub->args[i] ? sub->args[i] : t;
        return t;
    }
    if (t->kind == TYPE_STRUCT || t->kind == TYPE_ENUM) {
        Type **args = substitute_list(sub, t->params, t->param_count);
        return args ? nominal_instance(sub->s, t->decl, args, t->param_count, sub->parent, sub->at)
                    : type_primitive(types, TYPE_ERROR);
    }
    Type *element = t->element ? substitute(sub, t->element) : NULL;
    if (element && element->kind == TYPE_ERROR) return element;
    switch (t->kind) {
    case TYPE_PTR: return type_ptr(types, element, t->is_const);
    case TYPE_SLICE: return type_slice(types, element, t->is_const);
    case TYPE_OPTIONAL: return type_optional(types, element);
    case TYPE_ERROR_UNION: return type_error_union(types, element, t->errors);
    case TYPE_ARRAY: return substitute_array(sub, t, element);
    case TYPE_FUNC: {
        Type **params = substitute_list(sub, t->params, t->param_count);
        return params ? type_func(types, params, t->param_count, element) : type_primitive(types, TYPE_ERROR);
    }
    default: return t;
    }
}

Type *type_substitute(Sema *s, Type *t, Decl **params, Type **args, uint32_t count, Instance *parent, Span at) {
    Substitution sub = {s, params, args, count, parent, at};
    return substitute(&sub, t);
}

// ---- matching ----------------------------------------------------------------------------------------------------------

static bool bind(Type *param, Type *t, Decl **params, uint32_t count, Type **bindings) {
    for (uint32_t i = 0; i < count; i++) {
        if (params[i] != param->decl) continue;
        bool wants_value = param->decl->param.value_type != NULL;
        bool is_value = t->kind == TYPE_VALUE || (t->kind == TYPE_PARAM && t->decl->param.value_type);
        if (wants_value != is_value) return false;
        if (bindings[i]) return bindings[i] == t;
        bindings[i] = t;
        return true;
    }
    return param == t;
}

static bool match_length(Sema *s, const Type *pattern, Type *t, Decl **params, uint32_t count, Type **bindings) {
    if (!pattern->length_param) return !t->length_param && pattern->length == t->length;
    if (t->length_param) return bind(pattern->length_param, t->length_param, params, count, bindings);
    param_resolve_bounds(s, pattern->length_param->decl);
    Type *of = pattern->length_param->decl->param.value_type;
    if (!of) of = type_primitive(s->types, TYPE_USIZE);
    return bind(pattern->length_param, type_value(s->types, of, (int64_t)t->length), params, count, bindings);
}

bool type_match(Sema *s, Type *pattern, Type *t, Decl **params, uint32_t count, Type **bindings) {
    if (pattern->kind == TYPE_PARAM) return bind(pattern, t, params, count, bindings);
    if (!pattern->has_param) return pattern == t;
    if (pattern->kind != t->kind || pattern->param_count != t->param_count) return false;
    if (type_is_nominal(pattern) ? pattern->decl != t->decl : pattern->is_const != t->is_const) return false;
    if (pattern->errors != t->errors) return false;
    if (pattern->element && !type_match(s, pattern->element, t->element, params, count, bindings)) return false;
    if (pattern->kind == TYPE_ARRAY && !match_length(s, pattern, t, params, count, bindings)) return false;
    for (uint32_t i = 0; i < pattern->param_count; i++)
        if (!type_match(s, pattern->params[i], t->params[i], params, count, bindings)) return false;
    return true;
}

// ---- overlap -----------------------------------------------------------------------------------------------------------

typedef struct Unifier {
    Arena *arena;
    Decl **params[2];
    uint32_t counts[2];
    Map bound; // PARAM Decl → Type
} Unifier;

static bool is_variable(const Unifier *u, const Type *t) {
    if (t->kind != TYPE_PARAM) return false;
    for (int side = 0; side < 2; side++)
        for (uint32_t i = 0; i < u->counts[side]; i++)
            if (u->params[side][i] == t->decl) return true;
    return false;
}

static Type *follow(const Unifier *u, Type *t) {
    for (Type *next; t->kind == TYPE_PARAM && (next = map_get(&u->bound, t->decl)); t = next) continue;
    return t;
}

// Bindings can become cyclic (T with ?T); the depth limit answers those with "no".
static bool unify(Unifier *u, Type *a, Type *b, uint32_t depth) {
    a = follow(u, a);
    b = follow(u, b);
    if (a == b) return true;
    if (depth == 0) return false;
    if (is_variable(u, a) || is_variable(u, b)) {
        bool left = is_variable(u, a);
        map_put(u->arena, &u->bound, (left ? a : b)->decl, left ? b : a);
        return true;
    }
    if (a->kind != b->kind || a->param_count != b->param_count || a->errors != b->errors) return false;
    if (a->kind == TYPE_VALUE || a->kind == TYPE_PARAM || (!a->has_param && !b->has_param)) return false;
    if (type_is_nominal(a) ? a->decl != b->decl : a->is_const != b->is_const) return false;
    if (a->element && !unify(u, a->element, b->element, depth - 1)) return false;
    if (a->kind == TYPE_ARRAY && !a->length_param && !b->length_param && a->length != b->length) return false;
    for (uint32_t i = 0; i < a->param_count; i++)
        if (!unify(u, a->params[i], b->params[i], depth - 1)) return false;
    return true;
}

bool types_overlap(Sema *s, Type *a, Decl **a_params, uint32_t a_count, Type *b, Decl **b_params, uint32_t b_count) {
    Unifier u = {.arena = s->arena, .params = {a_params, b_params}, .counts = {a_count, b_count}};
    return unify(&u, a, b, 64);
}
