// Impl blocks: their headers, the index by trait and by what the target begins with, and the checks of an impl against
// its trait and against other impls. `impl Pair[A, B]` introduces A and B: names in the target's brackets that mean
// nothing yet are the impl's parameters, with the bounds of the struct's own.
#include "sema/decl/decl.h"

// ---- headers -----------------------------------------------------------------------------------------------------------

typedef struct Introduced {
    VEC(Decl *) params;
} Introduced;

static void introduce(Context *c, Introduced *found, Node *node, Decl *like) {
    Sema *s = c->sema;
    const Name *name = node->name.name;
    if (!name || name == s->n.underscore || name == s->n.Self || map_get(&s->tables->primitives, name)) return;
    if (module_lookup(s, c->module, name)) return;
    for (uint32_t i = 0; i < found->params.len; i++)
        if (found->params.items[i]->name == name) return;
    Decl *param = decl_new(s, DECL_PARAM, name, node->span, c->module, NULL);
    param->impl = c->impl;
    param->param.index = found->params.len;
    param->type = type_param(s->types, param);
    param->param.bounds_state = STAGE_DONE;
    if (like) {
        param_resolve_bounds(s, like);
        param->param.bound_traits = like->param.bound_traits;
        param->param.bound_trait_count = like->param.bound_trait_count;
        param->param.value_type = like->param.value_type;
    }
    VEC_PUSH(s->arena, &found->params, param);
}

// Walks the arguments in the target's brackets, at any depth; `like` is the parameter an argument stands for.
static void introduce_names(Context *c, Introduced *found, Node *node, Decl *like, bool in_brackets) {
    switch (node->kind) {
    case NODE_NAME:
        if (in_brackets) introduce(c, found, node, like);
        return;
    case NODE_PAREN: introduce_names(c, found, node->operand.operand, like, in_brackets); return;
    case NODE_TYPE_PTR:
    case NODE_TYPE_SLICE: introduce_names(c, found, node->type_ptr.element, NULL, in_brackets); return;
    case NODE_TYPE_OPTIONAL: introduce_names(c, found, node->type_optional.element, NULL, in_brackets); return;
    case NODE_TYPE_ARRAY: introduce_names(c, found, node->type_array.element, NULL, in_brackets); return;
    case NODE_BRACKET: {
        Node *base = node->bracket.base;
        Decl *owner = NULL;
        if (base->kind == NODE_NAME || base->kind == NODE_MEMBER) {
            Entity e = entity_resolve_as(c, base, NAME_TYPE);
            if (e.kind == ENTITY_GENERIC_TYPE) owner = e.decl;
        }
        for (uint32_t i = 0; i < node->bracket.args.len; i++)
            introduce_names(c, found, node->bracket.args.items[i],
                            owner && i < owner->generic_count ? owner->generics[i] : NULL, true);
        return;
    }
    default: return;
    }
}

static bool mentions(const Type *t, const Decl *param) {
    if (!t->has_param) return false;
    if (t->kind == TYPE_PARAM) return t->decl == param;
    if ((t->element && mentions(t->element, param)) || (t->length_param && mentions(t->length_param, param)))
        return true;
    for (uint32_t i = 0; i < t->param_count; i++)
        if (mentions(t->params[i], param)) return true;
    return false;
}

static bool names_trait(Context *c, Node *node) {
    Decl *decl = node->kind == NODE_NAME && node->name.name ? module_lookup(c->sema, c->module, node->name.name) : NULL;
    return decl && decl->kind == DECL_TRAIT && decl->contract.builtin == TRAIT_DECLARED;
}

static const char *node_text(Context *c, const Node *node) {
    return arena_printf(c->sema->arena, "%.*s", (int)(node->span.end - node->span.start),
                        c->module->tree->source->text.ptr + node->span.start);
}

// `impl Type for Trait`: read as it was meant.
static void report_exchanged(Context *c, Impl *impl) {
    Node *first = impl->trait_node, *second = impl->target_node;
    if (!first || names_trait(c, first) || !names_trait(c, second)) return;
    Diag *d = context_error(c, DIAG_E3009, span_join(first->span, second->span),
                            "the trait stands before `for` and the type behind it");
    diag_fix(c->sema->diags, d, first->span, node_text(c, second), "exchange them");
    diag_fix(c->sema->diags, d, second->span, node_text(c, first), NULL);
    impl->trait_node = second;
    impl->target_node = first;
}

static bool resolve_trait(Context *c, Impl *impl) {
    Node *node = impl->trait_node;
    if (!node) return true;
    Entity e = entity_resolve_as(c, node, NAME_TRAIT);
    if (e.kind == ENTITY_ERROR) return false;
    if (e.kind != ENTITY_TRAIT) {
        context_error(c, DIAG_E3009, node->span, "a trait is expected before `for`, and this is %s",
                      entity_describe(&e));
        return false;
    }
    if (e.decl->contract.builtin != TRAIT_DECLARED) {
        context_error(c, DIAG_E3009, node->span, "`%s` is decided by the compiler and cannot be implemented",
                      e.decl->name->text);
        return false;
    }
    impl->trait = e.decl;
    return true;
}

static bool check_inherent_home(Context *c, Impl *impl) {
    if (impl->trait || impl->module->is_std) return true;
    const Type *t = impl->target;
    if (type_is_nominal(t) && t->decl && t->decl->module == impl->module) return true;
    Diag *d = context_error(c, DIAG_E0016, impl->target_node->span, "methods of `%s` cannot be added here", show(c, t));
    diag_note(c->sema->diags, d, (Span){0},
              "a type's own `impl` blocks stand in the module that declares it; anywhere else, implement a trait");
    return false;
}

static bool check_params_used(Context *c, const Impl *impl) {
    for (uint32_t i = 0; i < impl->generic_count; i++) {
        if (mentions(impl->target, impl->generics[i])) continue;
        context_error(c, DIAG_E3003, impl->generics[i]->span,
                      "generic parameter `%s` does not occur in the type, so it can never be inferred",
                      impl->generics[i]->name->text);
        return false;
    }
    return true;
}

static bool resolve_header(Context *c, Impl *impl) {
    Sema *s = c->sema;
    if (!impl->target_node) return false;
    if (impl->node->impl.generics.len == 0) {
        Introduced found = {0};
        introduce_names(c, &found, impl->target_node, NULL, false);
        impl->generics = found.params.items;
        impl->generic_count = found.params.len;
    }
    report_exchanged(c, impl);
    impl->target = resolve_type(c, impl->target_node);
    bool has_trait = resolve_trait(c, impl);
    if (impl->target->kind == TYPE_ERROR || !has_trait) return false;
    for (uint32_t i = 0; i < impl->generic_count; i++) param_resolve_bounds(s, impl->generics[i]);
    if (!impl->trait && impl->target->kind == TYPE_PARAM) {
        context_error(c, DIAG_E2019, impl->target_node->span,
                      "methods cannot be added to every type; implement a trait: `impl[%s] Trait for %s`",
                      impl->target->decl->name->text, impl->target->decl->name->text);
        return false;
    }
    return check_inherent_home(c, impl) && check_params_used(c, impl);
}

void impl_resolve_header(Sema *s, Impl *impl) {
    if (impl->state != STAGE_NEW) return;
    impl->state = STAGE_RUNNING;
    impl->target = type_primitive(s->types, TYPE_ERROR);
    Context c = context_for_impl(s, impl);
    c.self_type = NULL;
    s->tables->hold_bounds++;
    bool ok = resolve_header(&c, impl);
    s->tables->hold_bounds--;
    for (uint32_t i = 0; i < impl->method_count; i++) {
        Decl *method = impl->methods[i];
        decl_collect_generics(s, method, impl, method->module, &method->func.generic_nodes, impl->generics,
                              impl->generic_count, &method->generics, &method->generic_count);
        if (impl->trait) method->is_pub = true;
    }
    if (!ok && impl->target->kind != TYPE_ERROR && !impl->trait) impl->target = type_primitive(s->types, TYPE_ERROR);
    impl->state = ok ? STAGE_DONE : STAGE_BROKEN;
    if (ok) impl_register(s, impl);
}

// ---- against the trait -------------------------------------------------------------------------------------------------

static void check_method_signature(Sema *s, Impl *impl, Decl *required, Decl *method) {
    Type *wanted = decl_signature(s, required), *given = decl_signature(s, method);
    if (required->state != STAGE_DONE || method->state != STAGE_DONE) return;
    uint32_t own = required->generic_count - 1, first = impl->generic_count;
    if (method->generic_count - first != own) {
        Diag *d = diag_error(s->diags, DIAG_E3005, method->span,
                             "`%s` has %u generic parameter%s, and trait `%s` gives it %u", method->name->text,
                             method->generic_count - first, method->generic_count - first == 1 ? "" : "s",
                             impl->trait->name->text, own);
        diag_note(s->diags, d, required->span, "required here");
        return;
    }
    Type **args = ARENA_ARRAY(s->arena, Type *, required->generic_count);
    args[0] = impl->target;
    for (uint32_t i = 0; i < own; i++) args[1 + i] = method->generics[first + i]->type;
    wanted = type_substitute(s, wanted, required->generics, args, required->generic_count, NULL, method->span);
    if (wanted == given || wanted->kind == TYPE_ERROR) return;
    method->self_missed = required->func.has_self && !method->func.has_self;
    Diag *d = diag_error(s->diags, DIAG_E3005, method->span, "`%s` is `%s` here, and trait `%s` wants `%s`",
                         method->name->text, type_text(s->arena, given), impl->trait->name->text,
                         type_text(s->arena, wanted));
    diag_note(s->diags, d, required->span, "required here");
}

// The impl's one method that the trait does not have, if there is just one: then it is the missing one by another name.
static Decl *only_stranger(const Impl *impl, const Decl *trait) {
    Decl *found = NULL;
    for (uint32_t i = 0; i < impl->method_count; i++) {
        bool known = false;
        for (uint32_t k = 0; k < trait->contract.method_count; k++)
            known |= trait->contract.methods[k]->name == impl->methods[i]->name;
        if (!known && found) return NULL;
        if (!known) found = impl->methods[i];
    }
    return found;
}

static void check_against_trait(Sema *s, Impl *impl) {
    Decl *trait = impl->trait;
    uint32_t lacking = 0;
    for (uint32_t i = 0; i < trait->contract.method_count; i++)
        lacking += !impl_method(impl, trait->contract.methods[i]->name) && !trait->contract.methods[i]->node->func.body;
    for (uint32_t i = 0; i < trait->contract.method_count; i++) {
        Decl *required = trait->contract.methods[i];
        Decl *method = impl_method(impl, required->name);
        if (method) {
            check_method_signature(s, impl, required, method);
        } else if (!required->node->func.body && !impl->module->lost_names) {
            Decl *stranger = only_stranger(impl, trait);
            if (stranger && lacking == 1) {
                Diag *d = diag_error(s->diags, DIAG_E3004, stranger->span,
                                     "trait `%s` has no method `%s`; the one it lacks here is `%s`", trait->name->text,
                                     stranger->name->text, required->name->text);
                diag_note(s->diags, d, required->span, "`%s` is `%s`", required->name->text,
                          type_text(s->arena, decl_signature(s, required)));
                return;
            }
            Diag *d = diag_error(s->diags, DIAG_E3004, impl->trait_node->span, "`%s` for `%s` lacks the method `%s`",
                                 trait->name->text, type_text(s->arena, impl->target), required->name->text);
            diag_note(s->diags, d, required->span, "required here");
        }
    }
    for (uint32_t i = 0; i < impl->method_count; i++) {
        bool known = false;
        NearName near = near_name_start(impl->methods[i]->name);
        for (uint32_t k = 0; k < trait->contract.method_count && !known; k++) {
            known = trait->contract.methods[k]->name == impl->methods[i]->name;
            near_name_consider(&near, trait->contract.methods[k]->name);
        }
        if (known || trait->module->lost_names) continue;
        Diag *d = diag_error(s->diags, DIAG_E1009, impl->methods[i]->span, "trait `%s` has no method `%s`",
                             trait->name->text, impl->methods[i]->name->text);
        near_name_note(s, d, &near);
    }
}

void impl_check(Sema *s, Impl *impl) {
    impl_resolve_header(s, impl);
    if (impl->state != STAGE_DONE || !impl->trait || impl->is_compared) return;
    impl->is_compared = true;
    check_against_trait(s, impl);
}

// ---- against each other ------------------------------------------------------------------------------------------------

static bool impls_overlap(Sema *s, const Impl *a, const Impl *b) {
    return types_overlap(s, a->target, a->generics, a->generic_count, b->target, b->generics, b->generic_count);
}

static void compare_trait_impls(Sema *s, const Impl *first, const Impl *second) {
    if (!first->node || !second->node || !impls_overlap(s, first, second)) return;
    Diag *d = diag_error(s->diags, DIAG_E3006, second->target_node->span, "`%s` is implemented for `%s` already",
                         second->trait->name->text, type_text(s->arena, second->target));
    diag_note(s->diags, d, first->target_node->span, "by this `impl` for `%s`", type_text(s->arena, first->target));
}

static void compare_trait_table(Sema *s, ImplTable *table) {
    ImplList *any = &table->wildcard;
    for (uint32_t k = 0; k < table->by_head.len; k++) {
        ImplList *list = table->by_head.entries[k].value;
        for (uint32_t i = 0; i < list->impls.len; i++) {
            for (uint32_t j = 0; i >= list->compared && j < i; j++)
                compare_trait_impls(s, list->impls.items[j], list->impls.items[i]);
            for (uint32_t j = i >= list->compared ? 0 : any->compared; j < any->impls.len; j++) {
                const Impl *a = any->impls.items[j], *b = list->impls.items[i];
                bool a_first = a->module->index < b->module->index || (a->module == b->module && a->node && b->node &&
                                                                       a->node->span.start < b->node->span.start);
                compare_trait_impls(s, a_first ? a : b, a_first ? b : a);
            }
        }
        list->compared = list->impls.len;
    }
    for (uint32_t i = any->compared; i < any->impls.len; i++)
        for (uint32_t j = 0; j < i; j++) compare_trait_impls(s, any->impls.items[j], any->impls.items[i]);
    any->compared = any->impls.len;
}

typedef struct MethodGroup {
    VEC(Decl *) methods;
} MethodGroup;

// Only methods of one name are compared, so many impl blocks of one type cost nothing.
static void compare_inherent_list(Sema *s, ImplList *list) {
    if (list->compared == list->impls.len || list->impls.len < 2) return;
    Map groups = {0};
    for (uint32_t i = 0; i < list->impls.len; i++) {
        const Impl *impl = list->impls.items[i];
        for (uint32_t k = 0; k < impl->method_count; k++) {
            Decl *method = impl->methods[k];
            MethodGroup *group = map_get(&groups, method->name);
            if (!group) {
                group = ARENA_NEW(s->arena, MethodGroup);
                map_put(s->arena, &groups, method->name, group);
            }
            for (uint32_t j = 0; j < group->methods.len; j++) {
                const Decl *first = group->methods.items[j];
                if (first->impl == impl || !impls_overlap(s, first->impl, impl)) continue;
                Diag *d = diag_error(s->diags, DIAG_E1002, method->span, "method `%s` of `%s` is already declared",
                                     method->name->text, type_text(s->arena, impl->target));
                diag_note(s->diags, d, first->span, "first declared here");
                break;
            }
            VEC_PUSH(s->arena, &group->methods, method);
        }
    }
    list->compared = list->impls.len;
}

void impls_check_overlap(Sema *s) {
    for (uint32_t i = 0; i < s->impl_index.len; i++) {
        ImplTable *table = s->impl_index.entries[i].value;
        if (s->impl_index.entries[i].key != s) {
            compare_trait_table(s, table);
            continue;
        }
        for (uint32_t k = 0; k < table->by_head.len; k++) compare_inherent_list(s, table->by_head.entries[k].value);
    }
}
