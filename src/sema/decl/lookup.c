// What a bound name means, found when somebody asks: imports, members of modules, names as a module sees them.
#include "sema/decl/decl.h"

static Decl *import_broken(Decl *import) {
    import->state = STAGE_BROKEN;
    import->kind = DECL_MODULE;
    import->link.target = NULL;
    return import;
}

static Decl *import_find(Sema *s, Decl *import) {
    if (import->link.submodule) {
        import->kind = DECL_MODULE;
        import->link.target = import->link.submodule;
        return import;
    }
    Module *m = import->link.target;
    if (!m) return import_broken(import);
    bool is_private;
    Decl *found = module_member(s, m, import->link.member, import->module, &is_private);
    if (found) return found;
    if (is_private) {
        Decl *hidden = map_get(&m->names, import->link.member);
        Diag *d = diag_error(s->diags, DIAG_E1004, import->span, "`%s` is private to module `%s`",
                             import->link.member->text, m->path->text);
        diag_note(s->diags, d, hidden->span, "declared here without `pub`");
        return import_broken(import);
    }
    if (m->lost_names) return import_broken(import); // a syntax error there may have swallowed it
    Diag *d = diag_error(s->diags, DIAG_E1005, import->span, "module `%s` has no `%s`", m->path->text,
                         import->link.member->text);
    NearName near = near_name_start(import->link.member);
    for (uint32_t i = 0; i < m->names.len; i++)
        if (((Decl *)m->names.entries[i].value)->is_pub) near_name_consider(&near, m->names.entries[i].key);
    near_name_note(s, d, &near);
    return import_broken(import);
}

typedef struct Importing {
    Sema *sema;
    Decl *import, *found;
} Importing;

static void find_import(void *context) {
    Importing *importing = context;
    importing->found = import_find(importing->sema, importing->import);
}

Decl *import_resolve(Sema *s, Decl *import) {
    if (import->kind != DECL_IMPORT) return import;
    if (import->state == STAGE_DONE) return import->link.found;
    if (import->state == STAGE_RUNNING) {
        diag_error(s->diags, DIAG_E1013, import->span,
                   "`%s` is only ever re-exported: the modules pass it on in a circle", import->name->text);
        return import_broken(import);
    }
    if (!resolve_enter(s, import->span)) return import_broken(import);
    import->state = STAGE_RUNNING;
    Importing importing = {.sema = s, .import = import};
    resolve_nested(s, find_import, &importing);
    Decl *found = importing.found;
    resolve_leave(s);
    if (import->state == STAGE_BROKEN) return import;
    import->state = STAGE_DONE;
    import->link.found = found;
    return found;
}

Decl *module_member(Sema *s, Module *m, const Name *name, const Module *user, bool *is_private) {
    *is_private = false;
    Decl *d = map_get(&m->names, name);
    if (!d) return NULL;
    if (!d->is_pub && user != m) {
        *is_private = true;
        return NULL;
    }
    return import_resolve(s, d);
}

Decl *module_lookup(Sema *s, Module *m, const Name *name) {
    Decl *d = map_get(&m->names, name);
    if (d) {
        d->is_used = true;
        return import_resolve(s, d);
    }
    if (s->prelude && s->prelude != m) {
        d = map_get(&s->prelude->names, name);
        if (d && d->is_pub) return import_resolve(s, d);
    }
    return map_get(&s->tables->builtins, name);
}
