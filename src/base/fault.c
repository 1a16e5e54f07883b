// Which fault is in force: the names of the faults, and the question whether one was asked for.
#include "base/fault.h"

#include <string.h>

#ifdef JANUS_FAULTS

static const char *const NAMES[] = {
    "",
#define FAULT(kind, name, text) name,
#include "base/faults.def"
#undef FAULT
};

Fault fault_find(const char *name) {
    unsigned fault = 0;
    while (fault < FAULT_COUNT && strcmp(NAMES[fault], name ? name : "") != 0) fault++;
    return (Fault)fault;
}

#endif
