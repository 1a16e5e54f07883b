// What an object for a machine without Linux must not have. The module holds what its exports reach and nothing else,
// so whatever is found here is used; the message says by which calls, from the export down.
#include "driver/freestanding.h"

typedef struct Step {
    const IrFunc *func;
    const struct Step *from; // whose call led here; NULL for an export
    Span at; // of that call
} Step;

typedef struct Walk {
    Session *s;
    VEC(const Step *) steps; // in the order in which they were found
    Map seen; // IrFunc → Step
} Walk;

static void visit(Walk *w, const IrFunc *f, const Step *from, Span at) {
    if (map_get(&w->seen, f)) return;
    Step *step = ARENA_NEW(w->s->arena, Step);
    *step = (Step){f, from, at};
    map_put(w->s->arena, &w->seen, f, step);
    VEC_PUSH(w->s->arena, &w->steps, step);
}

// The runtime's assembly has routines that make system calls, and others: those are no externs of anybody's.
bool freestanding_is_linux_routine(const IrFunc *f) {
    return f->is_extern && strncmp(f->name, "__janus_", 8) == 0 && strcmp(f->name, "__janus_trap") != 0;
}

// At the call in the user's own file that leads there, if there is one.
static void report(Walk *w, const Step *step, Span at) {
    const Step *last = step;
    while (last->from && last->from->from) last = last->from;
    Span place = last->from ? last->at : at;
    Diag *d =
        diag_error(&w->s->diags, DIAG_E5003, place, "this makes a system call, and with --freestanding there is none");
    if (last->from) diag_note(&w->s->diags, d, at, "the call is made here, in `%s`", step->func->name);
}

static void look_into(Walk *w, const Step *step) {
    bool reported = false;
    for (const IrBlock *b = step->func->entry; b; b = b->next)
        for (const IrInst *i = b->first; i; i = i->next) {
            bool names_func = i->op == IR_CALL || i->op == IR_FUNC_ADDR;
            if (!reported && (i->op == IR_SYSCALL || (names_func && freestanding_is_linux_routine(i->func)))) {
                report(w, step, i->span);
                reported = true; // one for each function that makes them
            }
            if (names_func) visit(w, i->func, step, i->span);
        }
}

static void check_roots(Session *s, const IrModule *module) {
    FuncInst *main_func = s->sema ? sema_main(s->sema) : NULL;
    if (main_func) {
        diag_error(&s->diags, DIAG_E5003, main_func->span,
                   "`main` is called by the operating system, and with --freestanding there is none");
        return;
    }
    // A file that is only checked may be a part of what is built.
    if (!s->build->may_be_library) return;
    for (uint32_t i = 0; i < module->funcs.len; i++)
        if (module->funcs.items[i]->is_export && !module->funcs.items[i]->is_runtime) return;
    diag_error(&s->diags, DIAG_E1012, (Span){0},
               "this exports nothing, and an object without an operating system has no `main`");
}

void freestanding_check(Session *s, const IrModule *module) {
    check_roots(s, module);
    Walk w = {.s = s};
    for (uint32_t i = 0; i < module->funcs.len; i++)
        if (module->funcs.items[i]->is_export) visit(&w, module->funcs.items[i], NULL, module->funcs.items[i]->span);
    // Functions that only a global's value names have no call that leads to them.
    for (uint32_t next = 0, i = 0;;) {
        while (next < w.steps.len) look_into(&w, w.steps.items[next++]);
        if (i == module->funcs.len) break;
        visit(&w, module->funcs.items[i], NULL, module->funcs.items[i]->span);
        i++;
    }
}
