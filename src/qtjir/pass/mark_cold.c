// Optimised code: what runs only when a program ends badly becomes cold, so that the backend neither spends time on it nor
// puts it into others. A function that never returns, and the runtime's own exports, are cold by themselves; so is then
// whatever else can only be reached through them. All else is warm: what is exported, what a global's value names, what
// nothing names, and what a warm function names.
//
// During the pass `scratch` of a function holds a Mark.
#include "qtjir/ir.h"

typedef struct Mark {
    bool is_named; // by some function
    bool is_warm;
} Mark;

typedef VEC(IrFunc *) Work;

static Mark *mark_of(const IrFunc *f) { return f->scratch; }

static void warm(IrModule *m, Work *work, IrFunc *f) {
    if (mark_of(f)->is_warm || f->is_cold) return;
    mark_of(f)->is_warm = true;
    VEC_PUSH(m->arena, work, f);
}

static IrFunc *named_by(const IrInst *i) { return i->op == IR_CALL || i->op == IR_FUNC_ADDR ? i->func : NULL; }

static void warm_in_value(IrModule *m, Work *work, const ConstValue *v) {
    if (v->kind == CONST_FUNC) {
        IrFunc *f = map_get(&m->func_by_inst, v->func);
        if (f) warm(m, work, f);
    }
    for (uint64_t i = 0; i < ir_value_count(v); i++) warm_in_value(m, work, v->items[i]);
}

static void find_named(IrModule *m) {
    for (uint32_t n = 0; n < m->funcs.len; n++)
        for (IrBlock *b = m->funcs.items[n]->entry; b; b = b->next)
            for (IrInst *i = b->first; i; i = i->next)
                if (named_by(i)) mark_of(named_by(i))->is_named = true;
}

void pass_mark_cold(IrModule *m) {
    Mark *marks = ARENA_ARRAY(m->arena, Mark, m->funcs.len);
    Work work = {0};
    for (uint32_t n = 0; n < m->funcs.len; n++) {
        IrFunc *f = m->funcs.items[n];
        f->scratch = &marks[n];
        if (f->is_runtime) f->is_cold = true;
    }
    find_named(m);
    for (uint32_t n = 0; n < m->funcs.len; n++) {
        IrFunc *f = m->funcs.items[n];
        if (f->is_export || !mark_of(f)->is_named) warm(m, &work, f);
    }
    for (uint32_t n = 0; n < m->globals.len; n++)
        if (m->globals.items[n]->initial) warm_in_value(m, &work, m->globals.items[n]->initial);
    while (work.len) {
        for (IrBlock *b = VEC_POP(&work)->entry; b; b = b->next)
            for (IrInst *i = b->first; i; i = i->next)
                if (named_by(i)) warm(m, &work, named_by(i));
    }
    for (uint32_t n = 0; n < m->funcs.len; n++)
        if (!marks[n].is_warm) m->funcs.items[n]->is_cold = true;
}
