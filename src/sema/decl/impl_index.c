// The tables of impls: by trait, and by what the target begins with.
#include "sema/decl/decl.h"

static const char HEADS[TYPE_KIND_COUNT];

const void *type_head(const Type *t) {
    if (t->kind == TYPE_PARAM) return NULL;
    if (type_is_nominal(t) && t->decl) return t->decl;
    return &HEADS[t->kind];
}

ImplTable *impl_table(Sema *s, const Decl *trait) {
    return map_get(&s->impl_index, trait ? (const void *)trait : (const void *)s);
}

static ImplTable *impl_table_for(Sema *s, const Decl *trait) {
    ImplTable *table = impl_table(s, trait);
    if (table) return table;
    table = ARENA_NEW(s->arena, ImplTable);
    map_put(s->arena, &s->impl_index, trait ? (const void *)trait : (const void *)s, table);
    return table;
}

void impl_register(Sema *s, Impl *impl) {
    ImplTable *table = impl_table_for(s, impl->trait);
    const void *head = type_head(impl->target);
    ImplList *list = head ? map_get(&table->by_head, head) : &table->wildcard;
    if (!list) {
        list = ARENA_NEW(s->arena, ImplList);
        map_put(s->arena, &table->by_head, head, list);
    }
    VEC_PUSH(s->arena, &list->impls, impl);
}

Decl *impl_method(const Impl *impl, const Name *name) {
    for (uint32_t i = 0; i < impl->method_count; i++)
        if (impl->methods[i]->name == name) return impl->methods[i];
    return NULL;
}

Decl *method_of_generic(Sema *s, const Decl *decl, const Name *name) {
    ImplTable *table = impl_table(s, NULL);
    ImplList *list = table ? map_get(&table->by_head, decl) : NULL;
    for (uint32_t i = 0; list && i < list->impls.len; i++) {
        Decl *method = impl_method(list->impls.items[i], name);
        if (method) return method;
    }
    return NULL;
}
