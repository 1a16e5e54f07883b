// Evaluation of constants: a function runs on a machine that has no kernel and no variables, and is left at its return,
// so that its frame is there while the result is read. read_back.c makes the constant of it.
#include "interp/constant/eval.h"

// The innermost place that the program has: of what the compiler makes, the caller.
static void note_place(Eval *e, const Thread *t) {
    for (uint32_t i = t->frame_count; i-- > 0;) {
        const Frame *frame = &t->frames[i];
        const IrInst *inst = frame_origin(frame);
        if (!inst || (i > 0 && !frame->func->ir->inst)) continue;
        e->end->span = inst->span;
        e->end->func = i > 0 ? frame->func->ir : NULL;
        return;
    }
}

static void explain(Eval *e, const Thread *t, InterpStatus status) {
    note_place(e, t);
    if (status == INTERP_AT_OP) {
        e->end->failure = INTERP_FAIL_UNSUPPORTED;
        eval_refuse_unknown(e, "a system call cannot be made at compile time");
        return;
    }
    if (status != INTERP_FAILED) {
        e->end->failure = INTERP_FAIL_LIMIT;
        e->end->is_over_limit = true;
        eval_refuse(e, "this takes more than %llu steps to evaluate", (unsigned long long)e->how->step_limit);
        return;
    }
    const InterpFailure *failure = &t->failure;
    e->end->failure = failure->kind;
    switch (failure->kind) {
    case INTERP_FAIL_PANIC: eval_refuse(e, "panic: %s", failure->message); break;
    case INTERP_FAIL_UNDEFINED:
        eval_refuse(e, "%s: %s", interp_undefined_text(failure->undefined), failure->message);
        break;
    case INTERP_FAIL_UNSUPPORTED: eval_refuse_unknown(e, "%s", failure->message); break;
    case INTERP_FAIL_TRAP:
        e->end->trap = failure->trap;
        if (failure->trap == TRAP_UNKNOWN || failure->trap == TRAP_ESCAPE)
            eval_refuse_unknown(e, "%s", failure->message);
        else
            eval_refuse(e, "%s", failure->message);
        break;
    case INTERP_FAIL_LIMIT:
    case INTERP_FAIL_DEADLOCK: eval_refuse(e, "%s", failure->message); break;
    }
}

// A place for a result that is no scalar, as the caller's frame would have it.
static Object *result_place(Machine *m, Type *t) {
    Types *types = m->interp->module->types;
    uint64_t size = type_size(types, t);
    if (size > m->limits.memory) return NULL;
    Object *o = ARENA_NEW(m->arena, Object);
    *o = (Object){.base = UINT64_C(1) << 38,
                  .size = size,
                  .full_size = size,
                  .log_align = 12,
                  .kind = OBJECT_PAGES,
                  .bytes = arena_alloc(m->arena, size + 8),
                  .defined = arena_alloc(m->arena, size / 8 + 9),
                  .flags = 0};
    return o;
}

// Addresses have numbers here that mean nothing in the program, so whatever comes out after one was looked at is not to
// be had.
static void *refuse_address(Eval *e, const IrFunc *called) {
    const IrInst *inst = e->m->address_seen_by;
    const IrFunc *func = inst ? inst->block->func : NULL;
    *e->end = (InterpEvalEnd){.steps = e->end->steps,
                              .failure = INTERP_FAIL_UNSUPPORTED,
                              .span = inst ? inst->span : (Span){0},
                              .func = func == called ? NULL : func};
    return eval_refuse_unknown(e, "the number of an address is not known at compile time");
}

static ConstValue *run(Eval *e, const IrFunc *func) {
    Machine *m = e->m;
    Object *place = NULL;
    Value argument = {0};
    if (ir_result_by_address(func->type)) {
        place = result_place(m, func->type->element);
        if (!place) return eval_refuse(e, "the result is too large to be evaluated");
        argument = (Value){place->base, {place}};
    }
    Thread *t = interp_start(m, func, &argument, place ? 1 : 0);
    InterpStatus status = interp_step(t, e->how->step_limit);
    ConstValue *value = NULL;
    if (status == INTERP_AT_OP && t->op.kind == INTERP_OP_EXIT)
        value = eval_read_result(e, t, func->type->element, place);
    else
        explain(e, t, status);
    e->end->steps = t->steps + e->steps_of_result;
    if (place) object_end(m, place);
    // Of a program that asks for what there is not (a system call, a variable), that is the better reason.
    bool is_other_reason = !value && e->end->is_unknown;
    return m->address_seen && !is_other_reason ? refuse_address(e, func) : value;
}

ConstValue *interp_eval(InterpMachine *m, const IrFunc *func, const InterpEval *how, InterpEvalEnd *end) {
    *end = (InterpEvalEnd){0};
    Eval e = {.m = m, .p = m->interp, .how = how, .end = end};
    ENSURE(m->pure && func->entry && func->type->param_count == 0);
    interp_machine_reset(m);
    return run(&e, func);
}
