// Who implements what, and which method a name means on a type: what a bound says of the parameter that the type stands
// for, then the type's own impls, then the traits the module can see. Answers about closed types are remembered once
// they are yes; "no" is rare and may change when a module is added.
#include "sema/decl/decl.h"

enum { PROOF_DEPTH_LIMIT = 64 };

static bool is_atomic_eligible(Sema *s, Type *t) {
    if (type_is_int(t) || t->kind == TYPE_BOOL || t->kind == TYPE_PTR) return true;
    if (t->kind == TYPE_OPTIONAL) return t->element->kind == TYPE_PTR; // null takes the place of an address: one word
    return t->kind == TYPE_ENUM && type_complete(s, t, (Span){0}) && t->is_plain_enum;
}

static bool param_has_bound(Sema *s, Decl *param, const Decl *trait) {
    param_resolve_bounds(s, param);
    for (uint32_t i = 0; i < param->param.bound_trait_count; i++)
        if (param->param.bound_traits[i] == trait) return true;
    return false;
}

static bool impl_bounds_hold(Sema *s, const Impl *impl, Type **bindings) {
    for (uint32_t i = 0; i < impl->generic_count; i++) {
        Decl *param = impl->generics[i];
        param_resolve_bounds(s, param);
        for (uint32_t k = 0; k < param->param.bound_trait_count; k++)
            if (!bindings[i] || !type_implements(s, bindings[i], param->param.bound_traits[k])) return false;
    }
    return true;
}

static const Impl *find_in_list(Sema *s, const ImplList *list, Type *t, Type ***bindings) {
    for (uint32_t i = 0; list && i < list->impls.len; i++) {
        const Impl *impl = list->impls.items[i];
        Type **found = impl->generic_count ? ARENA_ARRAY(s->arena, Type *, impl->generic_count) : NULL;
        if (!type_match(s, impl->target, t, impl->generics, impl->generic_count, found)) continue;
        if (!impl_bounds_hold(s, impl, found)) continue;
        *bindings = found;
        return impl;
    }
    return NULL;
}

static const Impl *find_impl(Sema *s, const Decl *trait, Type *t, Type ***bindings) {
    ImplTable *table = impl_table(s, trait);
    if (!table || s->tables->implements_depth >= PROOF_DEPTH_LIMIT) return NULL;
    s->tables->implements_depth++;
    const void *head = type_head(t);
    const Impl *impl = head ? find_in_list(s, map_get(&table->by_head, head), t, bindings) : NULL;
    if (!impl) impl = find_in_list(s, &table->wildcard, t, bindings);
    s->tables->implements_depth--;
    return impl;
}

bool type_implements(Sema *s, Type *t, Decl *trait) {
    if (t->kind == TYPE_ERROR) return true;
    if (t->kind == TYPE_VALUE) return false;
    if (t->kind == TYPE_PARAM && param_has_bound(s, t->decl, trait)) return true;
    if (trait->contract.builtin == TRAIT_COPY) return t->kind != TYPE_PARAM && type_is_copyable(s, t, (Span){0});
    if (trait->contract.builtin == TRAIT_ATOMIC_ELIGIBLE) return is_atomic_eligible(s, t);
    ImplTable *table = impl_table(s, trait);
    if (!table) return false;
    if (map_get(&table->known, t)) return true;
    Type **bindings;
    if (!find_impl(s, trait, t, &bindings)) return false;
    if (!t->has_param) map_put(s->arena, &table->known, t, t);
    return true;
}

// ---- methods -----------------------------------------------------------------------------------------------------------

void trait_index_methods(Sema *s, Decl *trait) {
    for (uint32_t i = 0; i < trait->contract.method_count; i++) {
        const Name *name = trait->contract.methods[i]->name;
        TraitList *list = map_get(&s->tables->traits_by_method, name);
        if (!list) {
            list = ARENA_NEW(s->arena, TraitList);
            map_put(s->arena, &s->tables->traits_by_method, name, list);
        }
        VEC_PUSH(s->arena, &list->traits, trait);
    }
}

Method method_of_trait(Sema *s, Type *receiver, Decl *trait, const Name *name) {
    Method none = {.decl = NULL, .self_type = receiver};
    Decl *declared = trait_method(trait, name);
    if (!declared) return none;
    Type **bindings = NULL;
    const Impl *impl = find_impl(s, trait, receiver, &bindings);
    if (!impl) return none;
    Decl *method = impl_method(impl, name);
    if (method)
        return (Method){
            .decl = method, .impl_args = bindings, .impl_arg_count = impl->generic_count, .self_type = receiver};
    if (!declared->node || !declared->node->func.body) return none;
    Type **self = ARENA_ARRAY(s->arena, Type *, 1);
    self[0] = receiver;
    return (Method){.decl = declared, .impl_args = self, .impl_arg_count = 1, .self_type = receiver};
}

static void learn_visible_traits(Sema *s, Module *m) {
    if (m->traits_known) return;
    m->traits_known = true;
    for (int pass = 0; pass < 2; pass++) {
        Module *from = pass ? s->prelude : m;
        for (uint32_t i = 0; from && i < from->names.len; i++) {
            Decl *decl = from->names.entries[i].value;
            if (pass && !decl->is_pub) continue;
            if (decl->kind != DECL_TRAIT && decl->kind != DECL_IMPORT) continue;
            Decl *trait = import_resolve(s, decl);
            if (trait->kind == DECL_TRAIT && !map_get(&m->visible_traits, trait))
                map_put(s->arena, &m->visible_traits, trait, decl);
        }
    }
}

// A trait that bounds one of the function's own parameters counts as visible in its body, however it was named there.
static bool trait_is_visible(Context *c, const Decl *trait) {
    learn_visible_traits(c->sema, c->module);
    if (map_get(&c->module->visible_traits, trait)) return true;
    const Decl *decl = c->instance ? c->instance->decl : c->decl;
    for (uint32_t i = 0; decl && i < decl->generic_count; i++)
        if (param_has_bound(c->sema, decl->generics[i], trait)) return true;
    return false;
}

Method method_own(Context *c, Type *receiver, const Name *name) {
    Sema *s = c->sema;
    Method result = {.decl = NULL, .self_type = receiver};
    ImplTable *table = impl_table(s, NULL);
    const void *head = type_head(receiver);
    const ImplList *list = table && head ? map_get(&table->by_head, head) : NULL;
    for (uint32_t i = 0; list && i < list->impls.len; i++) {
        const Impl *impl = list->impls.items[i];
        Decl *method = impl_method(impl, name);
        if (!method) continue;
        Type **bindings = impl->generic_count ? ARENA_ARRAY(s->arena, Type *, impl->generic_count) : NULL;
        if (!type_match(s, impl->target, receiver, impl->generics, impl->generic_count, bindings)) continue;
        result.decl = method;
        result.impl_args = bindings;
        result.impl_arg_count = impl->generic_count;
        result.is_private = !method->is_pub && method->module != c->module;
        return result;
    }
    return result;
}

static const Decl *trait_of(const Decl *method) { return method->impl ? method->impl->trait : method->trait; }

static void mark_used(Context *c, const Method *m) {
    Decl *visible_by = map_get(&c->module->visible_traits, trait_of(m->decl));
    if (visible_by) visible_by->is_used = true;
}

static void add_candidate(Method *found, const Method *m) {
    if (!m->decl || m->decl == found->decl) return;
    if (!found->decl)
        *found = *m;
    else if (!found->rival)
        found->rival = m->decl;
}

Method method_of_bound(Context *c, Type *receiver, const Type *written, const Name *name) {
    Method found = {.decl = NULL, .self_type = receiver};
    const Instance *instance = c->instance;
    for (uint32_t i = 0; instance && instance->decl && i < instance->arg_count; i++) {
        Decl *param = instance->decl->generics[i];
        if (instance->args[i] != receiver || (written && written != param->type)) continue;
        param_resolve_bounds(c->sema, param);
        for (uint32_t k = 0; k < param->param.bound_trait_count; k++) {
            Method m = method_of_trait(c->sema, receiver, param->param.bound_traits[k], name);
            add_candidate(&found, &m);
        }
    }
    if (found.decl) mark_used(c, &found);
    return found;
}

Method method_find(Context *c, Type *receiver, const Name *name) {
    Method own = method_own(c, receiver, name);
    if ((own.decl && !own.is_private) || receiver->kind == TYPE_ERROR) return own;
    Method found = {.decl = NULL};
    TraitList *list = map_get(&c->sema->tables->traits_by_method, name);
    for (uint32_t i = 0; list && i < list->traits.len; i++) {
        if (!trait_is_visible(c, list->traits.items[i])) continue;
        Method m = method_of_trait(c->sema, receiver, list->traits.items[i], name);
        add_candidate(&found, &m);
    }
    if (!found.decl) return own;
    mark_used(c, &found);
    return found;
}

bool method_reject(Context *c, const Method *m, Span name_span) {
    Sema *s = c->sema;
    const char *name = m->decl->name->text, *type = type_text(s->arena, m->self_type);
    if (m->is_private) {
        Diag *d = context_error(c, DIAG_E1004, name_span, "method `%s` of `%s` is private to module `%s`", name, type,
                                m->decl->module->path->text);
        diag_note(s->diags, d, m->decl->span, "declared here without `pub`");
        return true;
    }
    if (!m->rival) return false;
    const Decl *first = trait_of(m->decl), *second = trait_of(m->rival);
    Diag *d = context_error(c, DIAG_E1009, name_span, "`%s` has two methods `%s`, of the traits `%s` and `%s`", type,
                            name, first->name->text, second->name->text);
    diag_note(s->diags, d, m->decl->span, "this one is `%s.%s(…)`", first->name->text, name);
    diag_note(s->diags, d, m->rival->span, "this one is `%s.%s(…)`", second->name->text, name);
    return true;
}
