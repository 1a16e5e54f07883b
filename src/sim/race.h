// Happens-before by vector clocks, and the races found with it. Every visible operation is told here in the order it
// takes effect; memory is that of an interleaving, but the order between threads comes only from what the memory orders
// promise. It keeps its knowledge of an object in the object's shadow.
#ifndef JANUS_SIM_RACE_H
#define JANUS_SIM_RACE_H

#include "interp/interp.h"

typedef struct Races Races;
Races *races_create(InterpMachine *m); // one for an execution
void races_destroy(Races *races); // after the machine was reset, so that no shadow is left
void races_spawn(Races *races, InterpThread *parent, const InterpThread *child);
// False after the thread was made to fail for a race. The operation's memory stands; `exchanged`: a CMPXCHG that stored.
bool races_operation(Races *races, InterpThread *t, const InterpOp *op, bool exchanged);
void races_kernel_access(Races *races, InterpThread *t, InterpObject *o, uint64_t offset, uint64_t size, bool is_write);
void races_forget(Races *races, InterpObject *o); // it ends

#endif
