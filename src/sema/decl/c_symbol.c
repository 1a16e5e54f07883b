// C symbols: what `export` and `extern` functions are called in the object file. A symbol is one function in the whole
// program, so it is exported once, by nobody where the runtime has it, and has one type wherever it is named. Checked
// here, so that `janus check` refuses what could not be linked.
#include "sema/decl/decl.h"

static bool is_reserved(const Name *name) {
    static const char *const symbols[] = {
#define RESERVED(symbol) symbol,
#include "sema/decl/reserved.def"
    };
    for (size_t i = 0; i < ARRAY_LEN(symbols); i++)
        if (strcmp(name->text, symbols[i]) == 0) return true;
    return strncmp(name->text, "__janus_", 8) == 0;
}

// False after a report. The entry's own `main` is judged with the other rules for `main`.
static bool may_export(Sema *s, const Decl *d) {
    if (d->module->is_std || !is_reserved(d->name)) return true;
    if (d->name == s->n.main && d->module->is_entry) return false;
    diag_error(s->diags, DIAG_E2028, d->span, "`%s` cannot be an `export` function: the runtime has the symbol",
               d->name->text);
    return false;
}

static void collect_export(Sema *s, Decl *d) {
    signature_check(s, d);
    if (!may_export(s, d)) return;
    Decl *first = map_get(&s->tables->exports, d->name);
    if (first) {
        Diag *diag = diag_error(s->diags, DIAG_E1002, d->span, "the symbol `%s` is exported already", d->name->text);
        diag_note(s->diags, diag, first->span, "first exported here");
        return;
    }
    map_put(s->arena, &s->tables->exports, d->name, d);
    if (d->generic_count || d->state != STAGE_DONE) return;
    FuncInst *func = func_instance(s, d, NULL, 0, NULL, d->span);
    func->is_runtime = d->module->is_std;
    VEC_PUSH(s->arena, &s->exports, func);
}

void c_symbols_collect(Sema *s) {
    for (; s->tables->modules_exported < s->modules.len; s->tables->modules_exported++) {
        Module *m = s->modules.items[s->tables->modules_exported];
        for (uint32_t i = 0; i < m->decls.len; i++)
            if (m->decls.items[i]->kind == DECL_FUNC && m->decls.items[i]->is_export)
                collect_export(s, m->decls.items[i]);
    }
}

// What names the symbol first decides: its export, or else the first `extern` in the order of modules.
static void check_extern(Sema *s, Map *known, Decl *d) {
    Type *type = decl_signature(s, d);
    if (d->state != STAGE_DONE) return;
    const Decl *exported = map_get(&s->tables->exports, d->name),
               *other = exported ? exported : map_get(known, d->name);
    if (!other) map_put(s->arena, known, d->name, d);
    if (!other || other->state != STAGE_DONE || other->type == type) return;
    Diag *diag = diag_error(s->diags, DIAG_E2028, d->span, "`%s` is `%s` here, and `%s` where it is %s", d->name->text,
                            type_text(s->arena, type), type_text(s->arena, other->type),
                            exported ? "exported" : "declared first");
    diag_note(s->diags, diag, other->span, exported ? "exported here" : "first declared here");
}

void c_symbols_check(Sema *s) {
    Map known = {0}; // Name → the first extern of that name
    for (uint32_t i = 0; i < s->modules.len; i++) {
        const Module *m = s->modules.items[i];
        for (uint32_t k = 0; k < m->decls.len; k++)
            if (m->decls.items[k]->kind == DECL_FUNC && m->decls.items[k]->is_extern)
                check_extern(s, &known, m->decls.items[k]);
    }
}
