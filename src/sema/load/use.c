// `use`: names bound to modules and to members of modules. Binding comes first and needs no other module; then the
// modules are loaded; what a bound member means is found when somebody asks (import_resolve), for modules may use each
// other in a circle and re-export at any depth.
#include "sema/decl/decl.h"
#include "sema/help/help.h"
#include "sema/load/load.h"

static Span path_span(const Node *node) {
    return span_join(node->use.path_spans.items[0], node->use.path_spans.items[node->use.path_spans.len - 1]);
}

static void module_record_use(Sema *s, Module *m, Module *used, Span at) {
    if (used != m && !used->loaded_by && !used->is_entry && used != s->prelude && used != s->target) {
        used->loaded_by = m;
        used->loaded_at = at;
    }
    profile_check_use(s, m, used, at);
    for (uint32_t i = 0; i < m->used.len; i++)
        if (m->used.items[i] == used) return;
    uint32_t cap = m->used.cap;
    VEC_PUSH(s->arena, &m->used, used);
    if (m->used.cap != cap) {
        Span *spans = ARENA_ARRAY(s->arena, Span, m->used.cap);
        if (cap) memcpy(spans, m->used_spans, sizeof(Span) * cap);
        m->used_spans = spans;
    }
    m->used_spans[m->used.len - 1] = at;
}

static const char *dotted_path(Sema *s, const Node *node, uint32_t count, const Name *last) {
    StrBuf text = {0};
    for (uint32_t i = 0; i < count; i++) strbuf_printf(&text, "%s%s", i ? "." : "", node->use.path.items[i]->text);
    if (last) strbuf_printf(&text, "%s%s", count ? "." : "", last->text);
    const char *copy = str_c(s->arena, strbuf_str(&text));
    strbuf_free(&text);
    return copy;
}

// One missing module is one mistake, however many `use` lines of the module name it.
static bool missing_module_is_known(Sema *s, Module *m, const Node *node) {
    const Name *path = name_intern_c(s->names, dotted_path(s, node, node->use.path.len, NULL));
    if (map_get(&m->missing_modules, path)) return true;
    map_put(s->arena, &m->missing_modules, path, (void *)(uintptr_t)path);
    return false;
}

static void note_tried(Sema *s, Diag *d, const Node *node, const char *const *tried) {
    if (tried[0]) {
        diag_note(s->diags, d, (Span){0}, "looked for `%s` and `%s`", tried[0], tried[1]);
        return;
    }
    if (str_equal_c(name_str(node->use.path.items[0]), "std"))
        diag_note(s->diags, d, (Span){0},
                  s->options.std_root ? "name a module of the standard library, as in `use std.sync.chan`"
                                      : "the standard library was not found");
    else
        diag_note(s->diags, d, (Span){0}, "a module of the standard library can use only modules of `std`");
}

// `use a.b.C` where C is a member of the module a.b: say how to write it.
static void note_member_form(Sema *s, Diag *d, Module *m, const Node *node) {
    uint32_t count = node->use.path.len;
    const char *tried[2];
    Module *outer = count > 1 ? module_find(s, m, node->use.path.items, count - 1, tried) : NULL;
    const Name *last = node->use.path.items[count - 1];
    if (!outer || !map_get(&outer->names, last)) return;
    diag_note(s->diags, d, (Span){0}, "`%s` is a member of module `%s`", last->text, outer->path->text);
    if (!node->use.alias)
        diag_fix(s->diags, d, node->use.path_spans.items[count - 1], arena_printf(s->arena, "{%s}", last->text),
                 "write `use %s`",
                 dotted_path(s, node, count - 1, name_intern_c(s->names, arena_printf(s->arena, "{%s}", last->text))));
}

static void load_plain_use(Sema *s, Module *m, Decl *decl) {
    Node *node = decl->node;
    const char *tried[2];
    decl->state = STAGE_DONE;
    decl->link.target = module_find(s, m, node->use.path.items, node->use.path.len, tried);
    if (decl->link.target) {
        module_record_use(s, m, decl->link.target, path_span(node));
        return;
    }
    decl->state = STAGE_BROKEN;
    if (missing_module_is_known(s, m, node)) return;
    Diag *d = diag_error(s->diags, DIAG_E1003, path_span(node), "module `%s` not found",
                         dotted_path(s, node, node->use.path.len, NULL));
    note_tried(s, d, node, tried);
    note_member_form(s, d, m, node);
    if (!d->fixes.len) suggest_module(s, d, node);
}

// A member of a group is one of the module's names, or else a module below it.
static void load_group_member(Sema *s, Module *m, Decl *decl) {
    Node *node = decl->node;
    uint32_t count = node->use.path.len;
    const char *tried[2], *member_tried[2];
    decl->link.target = module_find(s, m, node->use.path.items, count, tried);
    if (decl->link.target && map_get(&decl->link.target->names, decl->link.member)) {
        module_record_use(s, m, decl->link.target, path_span(node));
        return;
    }
    const Name **path = ARENA_ARRAY(s->arena, const Name *, count + 1);
    memcpy(path, node->use.path.items, sizeof(*path) * count);
    path[count] = decl->link.member;
    decl->link.submodule = module_find(s, m, path, count + 1, member_tried);
    if (decl->link.submodule) {
        module_record_use(s, m, decl->link.submodule, decl->span);
        return;
    }
    if (decl->link.target) {
        module_record_use(s, m, decl->link.target, path_span(node));
        return;
    }
    decl->state = STAGE_BROKEN;
    decl->kind = DECL_MODULE;
    if (missing_module_is_known(s, m, node)) return;
    Diag *d =
        diag_error(s->diags, DIAG_E1003, path_span(node), "module `%s` not found", dotted_path(s, node, count, NULL));
    note_tried(s, d, node, tried);
    suggest_module(s, d, node);
}

void module_load_uses(Sema *s, Module *m) {
    for (uint32_t i = 0; i < m->decls.len; i++) {
        Decl *d = m->decls.items[i];
        if (d->kind == DECL_MODULE) load_plain_use(s, m, d);
        if (d->kind == DECL_IMPORT) load_group_member(s, m, d);
    }
}
