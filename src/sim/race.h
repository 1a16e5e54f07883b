// Happens-before by vector clocks, and the races found with it. Everything that threads do to shared memory is told here
// in the order it takes effect; memory is that of an interleaving, but the order between threads comes only from what the memory orders
// promise. It keeps its knowledge of an object in the object's shadow.
#ifndef JANUS_SIM_RACE_H
#define JANUS_SIM_RACE_H

#include "interp/interp.h"

typedef struct Races Races;
Races *races_create(InterpMachine *m); // one for an execution
void races_destroy(Races *races); // after the machine was reset, so that no shadow is left
void races_spawn(Races *races, InterpThread *parent, const InterpThread *child);
// Both answer false after the thread was made to fail for a race. `kind` is READ, WRITE or FREE.
bool races_plain_access(Races *races, InterpThread *t, InterpOpKind kind, InterpObject *o, uint64_t offset, uint64_t size);
// Atomic, or of the kernel; its memory stands. `exchanged`: a CMPXCHG that stored.
bool races_operation(Races *races, InterpThread *t, const InterpOp *op, bool exchanged);
void races_forget(Races *races, InterpObject *o); // it ends

#endif
