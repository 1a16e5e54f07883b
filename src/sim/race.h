// Happens-before by vector clocks, and the races found with it. Every visible operation is told here in the order it
// takes effect; memory is that of an interleaving, but the order between threads comes only from what the memory orders
// promise.
#ifndef JANUS_SIM_RACE_H
#define JANUS_SIM_RACE_H

#include "interp/interp.h"

typedef struct Races Races;
Races *races_create(InterpMachine *m); // one for a machine; told of deaths and kernel accesses by it
void races_reset(Races *races); // before the machine is
void races_destroy(Races *races); // likewise
void races_spawn(Races *races, const InterpThread *parent, InterpThread *child);
// False after the thread was made to fail for a race. `exchanged`: a CMPXCHG that stored.
bool races_operation(Races *races, InterpThread *t, const InterpOp *op, bool exchanged);
// The kernel clears the word of a thread that ends: a release.
bool races_exit(Races *races, InterpThread *t, InterpObject *word, uint64_t offset);

#endif
