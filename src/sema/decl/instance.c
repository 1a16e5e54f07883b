// Instances: a declaration with its arguments, one per distinct list in a whole program. An instance remembers who
// required it, which is what messages show as a chain, and what keeps instances that require ever new ones finite.
#include "sema/decl/decl.h"

static void report_too_deep(Sema *s, const Decl *decl, Instance *parent, Span at, const char *why) {
    Diag *d = instance_error(s, parent, DIAG_E3008, at, "instances of `%s` %s", decl->name->text, why);
    diag_add_chain(s, d, parent);
}

// NULL after E3008. The parent of a non-generic instance is of no interest to anybody.
static Instance *instance_new(Sema *s, Decl *decl, Type **args, uint32_t count, Instance *parent, Span at) {
    if (count == 0 || (parent && parent->arg_count == 0)) parent = NULL;
    const char *why = NULL;
    if (parent && parent->depth >= INSTANCE_DEPTH_LIMIT)
        why = "require each other without end";
    else if (decl->instances.len >= INSTANCE_COUNT_LIMIT)
        why = "are too many for one program";
    else if (generic_args_too_large(args, count))
        why = "have arguments that keep growing";
    if (why) {
        report_too_deep(s, decl, parent, at, why);
        return NULL;
    }
    Instance *instance = ARENA_NEW(s->arena, Instance);
    *instance = (Instance){.decl = decl,
                           .args = args,
                           .arg_count = count,
                           .parent = parent,
                           .required_at = at,
                           .depth = parent ? parent->depth + 1 : 0};
    return instance;
}

static Type **copy_args(Sema *s, Type **args, uint32_t count) {
    return count ? arena_copy(s->arena, args, sizeof(*args) * count) : NULL;
}

// ---- types -------------------------------------------------------------------------------------------------------------

static Type *nominal_new(Sema *s, Decl *decl, Type **args, uint32_t count, Instance *parent, Span at) {
    Type *t = type_nominal(s->types, decl->kind == DECL_STRUCT ? TYPE_STRUCT : TYPE_ENUM, decl, args, count);
    if (t->instance || t->state == STAGE_DONE) return t;
    Instance *instance = instance_new(s, decl, args, count, parent, at);
    if (!instance) {
        t->state = STAGE_BROKEN;
        return type_primitive(s->types, TYPE_ERROR);
    }
    instance->type = instance->self_type = t;
    t->instance = instance;
    if (count == 0) decl->type = t;
    map_put(s->arena, &decl->instances, t, instance);
    if (count && !t->has_param) {
        PendingBounds pending = {decl, args, instance->parent, at};
        VEC_PUSH(s->arena, &s->tables->pending, pending);
    }
    return t;
}

Type *nominal_instance(Sema *s, Decl *decl, Type **args, uint32_t count, Instance *parent, Span at) {
    if (decl->kind == DECL_ERROR_SET) return decl->type;
    if (count == 0 && decl->generic_count == 0 && decl->type) return decl->type;
    if (!generic_args_fit(s, decl, args, count, parent, at)) return type_primitive(s->types, TYPE_ERROR);
    Type *t = nominal_new(s, decl, copy_args(s, args, count), count, parent, at);
    bounds_flush(s);
    return t;
}

// ---- functions ---------------------------------------------------------------------------------------------------------

static bool type_has_error(const Type *func) {
    for (uint32_t i = 0; i < func->param_count; i++)
        if (func->params[i]->kind == TYPE_ERROR) return true;
    return func->kind == TYPE_ERROR || (func->element && func->element->kind == TYPE_ERROR);
}

// What callers get when there is no such instance: nobody lowers it, and its ERROR types silence follow-ups.
static FuncInst *func_broken(Sema *s, Decl *decl, Instance *parent, Span at) {
    FuncInst *func = ARENA_NEW(s->arena, FuncInst);
    Type *error = type_primitive(s->types, TYPE_ERROR);
    Type *signature = decl_signature(s, decl);
    uint32_t count = signature->kind == TYPE_FUNC ? signature->param_count : 0;
    Type **params = ARENA_ARRAY(s->arena, Type *, count ? count : 1);
    for (uint32_t i = 0; i < count; i++) params[i] = error;
    Instance *instance = ARENA_NEW(s->arena, Instance);
    *instance = (Instance){.decl = decl, .parent = parent, .required_at = at, .func = func};
    func->decl = decl;
    func->type = instance->type = type_func(s->types, params, count, error);
    func->instance = instance;
    func->symbol = decl->name->text;
    func->span = decl->span;
    func->state = STAGE_BROKEN;
    return func;
}

static Type *self_type_of(Sema *s, Decl *decl, Type **args, Instance *parent, Span at) {
    if (decl->impl)
        return type_substitute(s, decl->impl->target, decl->impl->generics, args, decl->impl->generic_count, parent,
                               at);
    return decl->trait ? args[0] : NULL;
}

static FuncInst *func_new(Sema *s, Decl *decl, Instance *instance, bool satisfied) {
    Type *signature = decl_signature(s, decl);
    FuncInst *func = ARENA_NEW(s->arena, FuncInst);
    instance->func = func;
    instance->self_type = self_type_of(s, decl, instance->args, instance, instance->required_at);
    instance->type = type_substitute(s, signature, decl->generics, instance->args, instance->arg_count, instance,
                                     instance->required_at);
    func->decl = decl;
    func->instance = instance;
    func->type = instance->type;
    func->span = decl->span;
    func->is_extern = decl->is_extern;
    func->is_export = decl->is_export;
    func->is_test = decl->kind == DECL_TEST;
    if (func->is_test) func->test_name = decl->node->test.title;
    func->symbol = symbol_for_instance(s, instance);
    if (!satisfied || decl->state == STAGE_BROKEN || type_has_error(func->type)) func->state = STAGE_BROKEN;
    return func;
}

// A trait's method with a known Self is the method of Self's impl, or the trait's default.
static bool redirect_trait_method(Sema *s, Decl **decl, Type ***args, uint32_t count, Instance *parent, Span at) {
    Decl *wanted = *decl;
    Type *self = (*args)[0];
    Method m = method_of_trait(s, self, wanted->trait, wanted->name);
    if (!m.decl || m.decl->generic_count - m.impl_arg_count != count - 1) {
        if (!m.decl) {
            Diag *d = instance_error(s, parent, DIAG_E3002, at, "`%s` does not implement `%s`",
                                     type_text(s->arena, self), wanted->trait->name->text);
            diag_add_chain(s, d, parent);
        }
        return false;
    }
    if (m.decl == wanted) return true;
    Type **list = ARENA_ARRAY(s->arena, Type *, m.decl->generic_count ? m.decl->generic_count : 1);
    for (uint32_t i = 0; i < m.impl_arg_count; i++) list[i] = m.impl_args[i];
    for (uint32_t i = m.impl_arg_count; i < m.decl->generic_count; i++) list[i] = (*args)[i - m.impl_arg_count + 1];
    *decl = m.decl;
    *args = list;
    return true;
}

FuncInst *func_instance(Sema *s, Decl *decl, Type **args, uint32_t count, Instance *parent, Span at) {
    if (decl->impl) impl_resolve_header(s, decl->impl);
    if (!generic_args_fit(s, decl, args, count, parent, at)) return func_broken(s, decl, parent, at);
    if (decl->trait && !decl->impl) {
        if (!redirect_trait_method(s, &decl, &args, count, parent, at)) return func_broken(s, decl, parent, at);
        count = decl->generic_count;
    }
    const Type *key =
        type_func(s->types, args, FAULT_IN(s->types, INSTANCE_SHARED) ? 0 : count, type_primitive(s->types, TYPE_VOID));
    Instance *known = map_get(&decl->instances, key);
    if (known) {
        instance_require_again(s, known, at);
        return known->func;
    }
    Instance *instance = instance_new(s, decl, copy_args(s, args, count), count, parent, at);
    if (!instance) return func_broken(s, decl, parent, at);
    map_put(s->arena, &decl->instances, key, instance);
    bool satisfied = generic_args_satisfy(s, decl, instance->args, instance->parent, at);
    FuncInst *func = func_new(s, decl, instance, satisfied);
    if (func->state == STAGE_BROKEN) return func;
    VEC_PUSH(s->arena, &s->all_funcs, func);
    if (!func->is_extern) VEC_PUSH(s->arena, &s->queue, func);
    return func;
}
