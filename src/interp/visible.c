// The one place where a thread stops for an operation that others could notice.
#include "interp/internal.h"

bool op_visible(Thread *t, const InterpOp *op) {
    if (t->seen < t->granted) {
        t->seen++;
        return true;
    }
    t->seen = 0;
    t->op = *op;
    t->op.inst = thread_origin(t);
    if (t->op.inst) t->op.span = t->op.inst->span;
    t->status = INTERP_AT_OP;
    return false;
}
