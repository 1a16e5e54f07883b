// A module's own declarations, as tables: nothing is resolved here but names to Decls. Every other file of the group
// works on what this one makes. Error codes are numbered here, in load order.
#include "sema/decl/decl.h"
#include "sema/load/load.h"

void module_declare(Sema *s, Module *m, Decl *decl) {
    if (decl->name == s->n.underscore) return;
    Decl *first = map_get(&m->names, decl->name);
    if (first) {
        Diag *d =
            diag_error(s->diags, DIAG_E1002, decl->span, "`%s` is already declared in this module", decl->name->text);
        diag_note(s->diags, d, first->span, "first declared here");
        return;
    }
    map_put(s->arena, &m->names, decl->name, decl);
}

static bool is_comptime(const Node *param) {
    return param->kind == NODE_PARAM && param->param.is_comptime && !param->param.is_self && param->param.name &&
           param->param.type;
}

// `comptime n: usize` is the generic parameter `[n: usize]`, whose argument stands among those of the call.
static void split_params(Sema *s, Decl *func) {
    Node *node = func->node;
    func->func.params = node->func.params;
    func->func.generic_nodes = node->func.generics;
    for (uint32_t i = 0; i < node->func.params.len; i++) {
        Node *param = node->func.params.items[i];
        if (is_comptime(param)) func->func.comptime_count++;
    }
    if (func->func.comptime_count == 0) return;
    func->func.params = func->func.generic_nodes = (NodeList){0};
    for (uint32_t i = 0; i < node->func.generics.len; i++)
        VEC_PUSH(s->arena, &func->func.generic_nodes, node->func.generics.items[i]);
    for (uint32_t i = 0; i < node->func.params.len; i++) {
        Node *param = node->func.params.items[i];
        if (!is_comptime(param)) {
            VEC_PUSH(s->arena, &func->func.params, param);
            continue;
        }
        Node *generic = ARENA_NEW(s->arena, Node);
        *generic = (Node){.kind = NODE_GENERIC,
                          .first_token = param->first_token,
                          .last_token = param->last_token,
                          .span = param->span};
        generic->generic.name = param->param.name;
        generic->generic.name_span = param->param.name_span;
        VEC_PUSH(s->arena, &generic->generic.bounds, param->param.type);
        VEC_PUSH(s->arena, &func->func.generic_nodes, generic);
    }
}

static Decl *declare_item(Sema *s, DeclKind kind, Module *m, Node *node) {
    Decl *d = decl_new(s, kind, node->item.name, node->item.name_span, m, node);
    d->is_pub = node->item.is_pub;
    return d;
}

static Decl *collect_func(Sema *s, Module *m, Node *node) {
    Decl *d = declare_item(s, DECL_FUNC, m, node);
    d->is_extern = node->func.is_extern;
    d->is_export = node->func.is_export;
    split_params(s, d);
    d->func.has_self = node->func.params.len > 0 && node->func.params.items[0]->kind == NODE_PARAM &&
                       node->func.params.items[0]->param.is_self;
    return d;
}

// The methods' generics begin with what the impl or trait brings along, so they are collected when that is known.
static Decl **collect_methods(Sema *s, Module *m, const NodeList *written, Impl *impl, Decl *trait, uint32_t *count) {
    NodeList nodes = {0};
    items_choose(s, m, written, &nodes);
    Decl **methods = nodes.len ? ARENA_ARRAY(s->arena, Decl *, nodes.len) : NULL;
    *count = 0;
    for (uint32_t i = 0; i < nodes.len; i++) {
        if (nodes.items[i]->kind != NODE_FUNC || !nodes.items[i]->item.name) continue;
        Decl *method = collect_func(s, m, nodes.items[i]);
        method->impl = impl;
        method->trait = trait;
        methods[(*count)++] = method;
    }
    return methods;
}

static void report_repeated_methods(Sema *s, Decl **methods, uint32_t count) {
    Map seen = {0};
    for (uint32_t i = 0; i < count; i++) {
        Decl *first = map_get(&seen, methods[i]->name);
        if (first) {
            Diag *d = diag_error(s->diags, DIAG_E1002, methods[i]->span, "method `%s` is already declared",
                                 methods[i]->name->text);
            diag_note(s->diags, d, first->span, "first declared here");
        } else {
            map_put(s->arena, &seen, methods[i]->name, methods[i]);
        }
    }
}

static Decl *collect_trait(Sema *s, Module *m, Node *node) {
    Decl *trait = declare_item(s, DECL_TRAIT, m, node);
    if (node->trait.generics.len)
        diag_error(s->diags, DIAG_E0016, node->trait.generics.items[0]->span,
                   "traits with generic parameters are not supported");
    Decl *self = decl_new(s, DECL_PARAM, s->n.Self, trait->span, m, NULL);
    self->param.owner = trait;
    self->type = type_param(s->types, self);
    self->param.bound_traits = ARENA_ARRAY(s->arena, Decl *, 1);
    self->param.bound_traits[0] = trait;
    self->param.bound_trait_count = 1;
    self->param.bounds_state = STAGE_DONE;
    trait->contract.self_param = self;
    trait->contract.methods = collect_methods(s, m, &node->trait.methods, NULL, trait, &trait->contract.method_count);
    for (uint32_t i = 0; i < trait->contract.method_count; i++) {
        Decl *method = trait->contract.methods[i];
        method->is_pub = true;
        decl_collect_generics(s, method, NULL, m, &method->func.generic_nodes, &trait->contract.self_param, 1,
                              &method->generics, &method->generic_count);
    }
    report_repeated_methods(s, trait->contract.methods, trait->contract.method_count);
    trait_index_methods(s, trait);
    return trait;
}

static void collect_impl(Sema *s, Module *m, Node *node) {
    Impl *impl = ARENA_NEW(s->arena, Impl);
    impl->module = m;
    impl->node = node;
    impl->trait_node = node->impl.trait;
    impl->target_node = node->impl.target;
    decl_collect_generics(s, NULL, impl, m, &node->impl.generics, NULL, 0, &impl->generics, &impl->generic_count);
    impl->methods = collect_methods(s, m, &node->impl.methods, impl, NULL, &impl->method_count);
    report_repeated_methods(s, impl->methods, impl->method_count);
    VEC_PUSH(s->arena, &m->impls, impl);
}

static Decl *collect_nominal(Sema *s, Module *m, Node *node) {
    bool is_struct = node->kind == NODE_STRUCT;
    Decl *d = declare_item(s, is_struct ? DECL_STRUCT : DECL_ENUM, m, node);
    d->is_unique = is_struct ? node->struct_decl.is_unique : node->enum_decl.is_unique;
    d->is_extern = is_struct && node->struct_decl.is_extern;
    d->is_damaged = !members_choose(s, is_struct ? &node->struct_decl.fields : &node->enum_decl.variants, &d->members);
    decl_collect_generics(s, d, NULL, m, is_struct ? &node->struct_decl.generics : &node->enum_decl.generics, NULL, 0,
                          &d->generics, &d->generic_count);
    return d;
}

// What an item declares; NULL for those that declare no name.
static Decl *collect_item(Sema *s, Module *m, Node *node) {
    Decl *d = NULL;
    switch (node->kind) {
    case NODE_FUNC:
        d = collect_func(s, m, node);
        decl_collect_generics(s, d, NULL, m, &d->func.generic_nodes, NULL, 0, &d->generics, &d->generic_count);
        return d;
    case NODE_CONST:
    case NODE_GLOBAL: return declare_item(s, node->kind == NODE_CONST ? DECL_CONST : DECL_GLOBAL, m, node);
    case NODE_STRUCT:
    case NODE_ENUM: return collect_nominal(s, m, node);
    case NODE_ERROR_SET:
        d = declare_item(s, DECL_ERROR_SET, m, node);
        error_set_declare(s, d);
        return d;
    case NODE_TRAIT: return collect_trait(s, m, node);
    case NODE_ALIAS:
        d = declare_item(s, DECL_ALIAS, m, node);
        decl_collect_generics(s, d, NULL, m, &node->alias.generics, NULL, 0, &d->generics, &d->generic_count);
        return d;
    case NODE_IMPL: collect_impl(s, m, node); return NULL;
    case NODE_USE:
        if (!use_is_damaged(s, m, node)) module_bind_use(s, m, node);
        return NULL;
    case NODE_TEST:
        d = decl_new(s, DECL_TEST,
                     name_intern(s->names, node->test.title.ptr ? node->test.title.ptr : "", node->test.title.len),
                     node->item.name_span, m, node);
        VEC_PUSH(s->arena, &m->decls, d);
        return NULL;
    default: return NULL;
    }
}

void module_collect(Sema *s, Module *m) {
    NodeList items = {0};
    items_choose(s, m, &m->tree->items, &items);
    for (uint32_t i = 0; i < items.len; i++) {
        Decl *d = collect_item(s, m, items.items[i]);
        if (!d || !d->name) continue;
        VEC_PUSH(s->arena, &m->decls, d);
        module_declare(s, m, d);
    }
}

static bool use_is_readable(const Node *node) {
    for (uint32_t i = 0; i < node->use.path.len; i++)
        if (!node->use.path.items[i]) return false;
    return node->use.path.len > 0;
}

void module_bind_use(Sema *s, Module *m, Node *node) {
    if (!use_is_readable(node)) return;
    if (!node->use.has_group) {
        uint32_t last = node->use.path.len - 1;
        const Name *name = node->use.alias ? node->use.alias : node->use.path.items[last];
        Decl *d = decl_new(s, DECL_MODULE, name,
                           node->use.alias ? node->use.alias_span : node->use.path_spans.items[last], m, node);
        d->is_pub = node->item.is_pub;
        module_declare(s, m, d);
        VEC_PUSH(s->arena, &m->decls, d);
        return;
    }
    VEC_EACH (UseMember, member, &node->use.members) {
        if (!member->name) continue;
        Decl *d = decl_new(s, DECL_IMPORT, member->alias ? member->alias : member->name,
                           member->alias ? member->alias_span : member->name_span, m, node);
        d->is_pub = node->item.is_pub;
        d->link.member = member->name;
        module_declare(s, m, d);
        VEC_PUSH(s->arena, &m->decls, d);
    }
}
