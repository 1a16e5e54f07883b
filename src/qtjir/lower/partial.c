// Lowering for evaluation at compile time. The module grows while parts of it run: a function is declared when
// something that calls it is lowered, and gets its body when it is first called, so that an evaluation costs what it
// executes and not what it could reach. What the checker has not finished (a body, the value of a constant) is
// therefore asked for late, or never.
#include "qtjir/lower/internal.h"

Lowerer *lower_open(Sema *sema, Arena *arena) {
    Lowerer *p = lowerer_create(arena, sema_types(sema), sema_names(sema), sema_sources(sema), sema_diags(sema));
    p->module->is_partial = true;
    p->verifier = ir_verifier_create(p->module, "lowering");
    return p;
}

void lower_close(Lowerer *p) { ir_verifier_destroy(p->verifier); }

IrModule *lower_opened_module(Lowerer *p) { return p->module; }

static void require_sound(Lowerer *p, const IrFunc *func) {
    StrBuf errors = {0};
    if (!ir_verifier_func(p->verifier, func, &errors)) ICE("QTJIR broken after lowering:\n%s", strbuf_str(&errors).ptr);
    strbuf_free(&errors);
}

// The functions that compare what was compared; they have no other callers than the code just made.
static void finish(Lowerer *p, IrFunc *func) {
    uint32_t first = p->next_equal;
    lowerer_run(p);
    require_sound(p, func);
    for (uint32_t i = first; i < p->next_equal; i++) require_sound(p, p->pending_equals.items[i].func);
}

// A function that could not be lowered to its end has no body.
static void forget_body(IrFunc *func) {
    func->entry = func->last_block = NULL;
    func->block_count = func->inst_count = 0;
    func->is_extern = true;
}

IrFunc *lower_constant(Lowerer *p, const TExpr *value) {
    IrFunc *func = ir_func_add(p->module, "constant", type_func(p->types, NULL, 0, value->type));
    func->span = value->span;
    FuncLowerer f;
    func_lowerer_begin(&f, p, func, value->span);
    f.is_constant = true;
    func_lowerer_begin_body(&f);
    IrInst *result = lower_expr(&f, value, f.result);
    func_lowerer_end(&f, result);
    if (f.gave_up) return NULL;
    finish(p, func);
    return func;
}

bool lower_body(Lowerer *p, IrFunc *func) {
    if (func->entry) return true;
    func->is_extern = false;
    if (!lower_function(p, func->inst)) {
        forget_body(func);
        return false;
    }
    finish(p, func);
    return true;
}

void lower_initial(Lowerer *p, IrGlobal *global) {
    if (global->source) global->initial = global->source->initial;
    if (!global->initial) return;
    lowerer_require_const(p, global->initial);
    lowerer_run(p);
    StrBuf errors = {0};
    if (!ir_verifier_global(p->verifier, global, &errors))
        ICE("QTJIR broken after lowering:\n%s", strbuf_str(&errors).ptr);
    strbuf_free(&errors);
}

void lower_new_error_names(Lowerer *p, Sema *sema) {
    IrModule *m = p->module;
    for (uint32_t code = m->error_names.len; code < sema_error_code_count(sema); code++)
        VEC_PUSH(m->arena, &m->error_names, sema_error_name(sema, code));
}
