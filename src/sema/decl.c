// Declarations as they are made from items: nothing is resolved here.
#include "sema/sema_internal.h"

Decl *decl_new(Sema *s, DeclKind kind, const Name *name, Span span, Module *m, Node *node) {
    Decl *d = ARENA_NEW(s->arena, Decl);
    d->kind = kind;
    d->name = name;
    d->span = span;
    d->module = m;
    d->node = node;
    return d;
}

static void report_repeated_generic(Sema *s, Decl **list, uint32_t count, const Decl *param) {
    for (uint32_t i = 0; i < count; i++) {
        if (list[i]->name != param->name) continue;
        Diag *d = diag_error(s->diags, DIAG_E1002, param->span, "generic parameter `%s` is already declared",
                             param->name->text);
        diag_note(s->diags, d, list[i]->span, "first declared here");
        return;
    }
}

void decl_collect_generics(Sema *s, Decl *owner, Impl *impl, Module *m, const NodeList *nodes, Decl **first,
                           uint32_t first_count, Decl ***out, uint32_t *out_count) {
    uint32_t count = first_count + nodes->len;
    Decl **list = count ? ARENA_ARRAY(s->arena, Decl *, count) : NULL;
    for (uint32_t i = 0; i < first_count; i++) list[i] = first[i];
    uint32_t at = first_count;
    for (uint32_t i = 0; i < nodes->len; i++) {
        Node *node = nodes->items[i];
        if (node->kind != NODE_GENERIC || !node->generic.name) continue;
        Decl *param = decl_new(s, DECL_PARAM, node->generic.name, node->generic.name_span, m, node);
        param->param.owner = owner;
        param->impl = impl;
        param->param.index = at;
        param->param.is_comptime = owner && owner->kind == DECL_FUNC && i + owner->func.comptime_count >= nodes->len;
        param->param.bounds = node->generic.bounds.items;
        param->param.bound_count = node->generic.bounds.len;
        param->type = type_param(s->types, param);
        report_repeated_generic(s, list, at, param);
        list[at++] = param;
    }
    *out = list;
    *out_count = at;
}

const Name *sema_error_name(const Sema *sema, uint32_t code) {
    return code < sema->error_names.len ? sema->error_names.items[code] : NULL;
}

const Name *decl_name(const Decl *decl) { return decl->name; }

Decl *trait_method(const Decl *trait, const Name *name) {
    for (uint32_t i = 0; i < trait->contract.method_count; i++)
        if (trait->contract.methods[i]->name == name) return trait->contract.methods[i];
    return NULL;
}
