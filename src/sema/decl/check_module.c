// Everything a module declares, asked for or not: `janus check` reports mistakes in code nobody calls. Generic
// functions are checked as far as that is possible without arguments: their signatures and bounds.
#include "sema/decl/decl.h"

static void check_func(Sema *s, Decl *func) {
    signature_check(s, func);
    bool is_open = func->generic_count > 0 || (func->trait && !func->impl);
    if (func->state != STAGE_DONE || is_open || func->is_extern || !func->node->func.body) return;
    func_instance(s, func, NULL, 0, NULL, func->span);
}

// Defaults are checked here too, for a literal may always give the field.
static void check_defaults(Sema *s, const Type *t) {
    Context c = context_for_decl(s, t->decl, t->instance);
    c.in_const = true;
    for (uint32_t i = 0; t->kind == TYPE_STRUCT && i < t->field_count; i++)
        if (t->fields[i].default_value && t->fields[i].type->kind != TYPE_ERROR)
            check_coerced(&c, t->fields[i].default_value, t->fields[i].type);
}

static void check_nominal(Sema *s, Decl *decl) {
    for (uint32_t i = 0; i < decl->generic_count; i++) param_resolve_bounds(s, decl->generics[i]);
    if (decl->generic_count) {
        nominal_check_generic(s, decl);
        return;
    }
    Type *t = nominal_instance(s, decl, NULL, 0, NULL, decl->span);
    if (type_complete(s, t, decl->span)) check_defaults(s, t);
}

static void check_alias(Sema *s, Decl *alias) {
    for (uint32_t i = 0; i < alias->generic_count; i++) param_resolve_bounds(s, alias->generics[i]);
    Type **args = ARENA_ARRAY(s->arena, Type *, alias->generic_count ? alias->generic_count : 1);
    for (uint32_t i = 0; i < alias->generic_count; i++) args[i] = alias->generics[i]->type;
    alias_type(s, alias, args, alias->generic_count, NULL, alias->span);
}

static void check_decl(Sema *s, Decl *decl) {
    switch (decl->kind) {
    case DECL_FUNC: check_func(s, decl); return;
    case DECL_STRUCT:
    case DECL_ENUM: check_nominal(s, decl); return;
    case DECL_ALIAS: check_alias(s, decl); return;
    case DECL_CONST:
        const_of_decl(s, decl, decl->span);
        if (decl->node && decl->node->item.attrs.len) decl_global(s, decl);
        return;
    case DECL_GLOBAL: decl_global(s, decl); return;
    case DECL_TRAIT:
        for (uint32_t i = 0; i < decl->contract.method_count; i++) decl_signature(s, decl->contract.methods[i]);
        return;
    case DECL_IMPORT: import_resolve(s, decl); return;
    default: return;
    }
}

void module_check_all(Sema *s, Module *m) {
    if (m->is_checked) return;
    m->is_checked = true;
    for (uint32_t i = 0; i < m->decls.len; i++) check_decl(s, m->decls.items[i]);
    for (uint32_t i = 0; i < m->impls.len; i++) {
        Impl *impl = m->impls.items[i];
        impl_check(s, impl);
        for (uint32_t k = 0; impl->state == STAGE_DONE && k < impl->method_count; k++) check_func(s, impl->methods[k]);
    }
}
