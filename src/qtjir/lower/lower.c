// From a checked program to a module: names of errors, roots, then everything reachable from them. Roots are the
// exported functions of the loaded modules, in load order, and main or the tests. Where each family of nodes is
// lowered: see internal.h.
#include "qtjir/lower.h"

#include "qtjir/lower/internal.h"

// The module already has the empty name of code 0.
static void lower_error_names(IrModule *m, Sema *sema) {
    for (uint32_t code = 1; code < sema_error_code_count(sema); code++)
        VEC_PUSH(m->arena, &m->error_names, sema_error_name(sema, code));
}

IrModule *lower_program(Sema *sema, Arena *arena, FuncInst *main_func, FuncInst **tests, uint32_t test_count) {
    Diags *diags = sema_diags(sema);
    uint32_t errors_before = diags->error_count;
    Lowerer *p = lowerer_create(arena, sema_types(sema), sema_names(sema), sema_sources(sema), diags);
    lower_error_names(p->module, sema);
    for (uint32_t i = 0; i < sema_export_count(sema); i++) lowerer_request_func(p, sema_export(sema, i));
    lower_entry(p, main_func, tests, test_count);
    lowerer_run(p);
    return diags->error_count == errors_before ? p->module : NULL;
}
