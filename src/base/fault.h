// Faults on purpose. A compiler built with JANUS_FAULTS can be told, by the environment variable JANUS_FAULT, to make
// one of the mistakes in faults.def; the suite `faults` then holds the verifier and the differential tests to noticing
// it. In every other build the questions are constants, so nothing of this is left.
//
// The fault in force is kept with the table of types, which checker, lowering, passes and backend all have at hand.
#ifndef JANUS_BASE_FAULT_H
#define JANUS_BASE_FAULT_H

#ifdef JANUS_FAULTS

typedef enum Fault {
    FAULT_NONE,
#define FAULT(kind, name, text) FAULT_##kind,
#include "base/faults.def"
#undef FAULT
    FAULT_COUNT
} Fault;

// FAULT_NONE for NULL and ""; FAULT_COUNT for a name that no fault has.
Fault fault_find(const char *name);

struct Types;
void types_set_fault(struct Types *types, Fault fault);
Fault types_fault(const struct Types *types);
#define FAULT_IN(types, kind) (types_fault(types) == FAULT_##kind)

#else

#define FAULT_IN(types, kind) false

#endif

#endif
