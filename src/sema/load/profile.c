// Profiles: what a module may do. A module may use only modules of its own rung or a lower one; since every module is
// held to that, checking direct uses is enough. The chain of `use` that led to the offender is shown all the same.
#include "sema/decl/decl.h"
#include "sema/load/load.h"

static const char *const RUNGS[] = {"kernel", "core", "service", "cluster"};
// Profiles of other compilers of Janus.
static const char *const ELSEWHERE[] = {"script", "sovereign", "compute", "full", "min", "go", "elixir", "npu", "embedded"};
enum { RUNG_KERNEL, RUNG_CORE, LONGEST_CHAIN = 8 };

int profile_of_tree(Sema *s, const ModuleTree *tree) {
    if (!tree->profile) return RUNG_CORE;
    for (int i = 0; i < (int)ARRAY_LEN(RUNGS); i++)
        if (str_equal_c(name_str(tree->profile), RUNGS[i])) return i;
    bool foreign = false;
    for (uint32_t i = 0; i < ARRAY_LEN(ELSEWHERE); i++) foreign |= str_equal_c(name_str(tree->profile), ELSEWHERE[i]);
    Diag *d = diag_error(s->diags, DIAG_E5002, tree->profile_span,
                         foreign ? "there is no profile `:%s` here" : "unknown profile `:%s`", tree->profile->text);
    NearName near = near_name_start(tree->profile);
    for (size_t i = 0; i < ARRAY_LEN(RUNGS); i++) near_name_consider(&near, name_intern_c(s->names, RUNGS[i]));
    if (!foreign) near_name_note(s, d, &near);
    diag_note(s->diags, d, (Span){0}, "profiles are `:kernel`, `:core`, `:service` and `:cluster`");
    return RUNG_CORE;
}

static void note_declared(Sema *s, Diag *d, const Module *m) {
    if (m->tree->profile)
        diag_note(s->diags, d, m->tree->profile_span, "`%s` is declared `:%s` here", m->path->text, RUNGS[m->profile]);
    else
        diag_note(s->diags, d, (Span){0}, "`%s` declares no profile, so it is `:core`", m->path->text);
}

// From the offender up to the entry: who led there.
static void note_chain(Sema *s, Diag *d, const Module *user) {
    uint32_t shown = 0;
    for (const Module *m = user; m->loaded_by; m = m->loaded_by) {
        if (++shown > LONGEST_CHAIN) {
            diag_note(s->diags, d, (Span){0}, "… and so on, up to the entry");
            return;
        }
        diag_note(s->diags, d, m->loaded_at, "`%s` is used by `%s` here", m->path->text, m->loaded_by->path->text);
    }
}

void profile_check_use(Sema *s, Module *user, Module *used, Span at) {
    if (used->profile <= user->profile) return;
    Diag *d = diag_error(s->diags, DIAG_E5001, at, "`%s` needs profile `:%s`, but `%s` is `:%s`", used->path->text,
                         RUNGS[used->profile], user->path->text, RUNGS[user->profile]);
    note_declared(s, d, used);
    note_declared(s, d, user);
    note_chain(s, d, user);
}

bool profile_check_display(Context *c, const Type *type, Span at) {
    while (type->kind == TYPE_PTR) type = type->element;
    // In an instance the type is the caller's choice, and the caller has been asked.
    if (!type_is_float(type) || c->module->profile != RUNG_KERNEL || (c->instance && c->instance->arg_count))
        return true;
    Diag *d = context_error(c, DIAG_E5001, at, "printing a `%s` needs profile `:core`, but `%s` is `:kernel`",
                            show(c, type), c->module->path->text);
    note_declared(c->sema, d, c->module);
    note_chain(c->sema, d, c->module);
    return false;
}

bool profile_check_extern(Context *c, const Decl *func, Span at) {
    if (!func->is_extern || c->module->profile != RUNG_KERNEL || func->module == c->module) return true;
    Diag *d = context_error(
        c, DIAG_E5001, at, "a `:kernel` module may call only `extern` functions it declares itself; `%s` needs `:core`",
        func->name->text);
    diag_note(c->sema->diags, d, func->span, "declared in `%s` here", func->module->path->text);
    note_declared(c->sema, d, c->module);
    note_chain(c->sema, d, c->module);
    return false;
}
