// What the two halves of evaluation share: eval.c runs, read_back.c turns memory into constants.
#ifndef JANUS_INTERP_CONSTANT_EVAL_H
#define JANUS_INTERP_CONSTANT_EVAL_H

#include "interp/internal.h"

typedef struct Eval {
    Interp *p;
    Machine *m;
    const InterpEval *how;
    InterpEvalEnd *end;
    uint32_t items; // of the result so far
    uint64_t steps_of_result;
    Map promoted; // Object → the Global that holds what it held
} Eval;

void *eval_refuse(Eval *e, const char *fmt, ...) PRINTF_LIKE(2, 3); // a mistake of the program; always NULL
void *eval_refuse_unknown(Eval *e, const char *fmt, ...) PRINTF_LIKE(2, 3); // what there is not at compile time
// Of a thread that is about to return; `place` holds what is no scalar.
ConstValue *eval_read_result(Eval *e, Thread *t, Type *type, Object *place);

#endif
