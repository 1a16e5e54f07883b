// Fast mode: checks go away, arithmetic no longer traps, and what cannot be reached is taken for that: the rest of an
// exhaustive match, and `unreachable`. An assertion, a panic and `@trap`, which the program wrote itself, stay.
#include "qtjir/text.h"

static bool is_stripped(const IrInst *i) {
    if (i->op == IR_CHECK_TRUE) return i->trap != TRAP_ASSERT;
    return i->op == IR_CHECK_BOUNDS || i->op == IR_CHECK_SLICE;
}

void pass_strip_checks(IrModule *m) {
    for (uint32_t n = 0; n < m->funcs.len; n++)
        for (IrBlock *b = m->funcs.items[n]->entry; b; b = b->next)
            for (IrInst *i = b->first, *next; i; i = next) {
                next = i->next;
                if (FAULT_IN(m->types, CHECK_LEFT) && i->op == IR_CHECK_BOUNDS) continue;
                if (is_stripped(i))
                    ir_remove(i);
                else if (i->op == IR_TRAP && i->trap != TRAP_EXPLICIT)
                    i->op = IR_UNREACHABLE;
                else if (text_op_traps(i->op))
                    i->unchecked = true;
            }
    m->checks_stripped = true;
}
