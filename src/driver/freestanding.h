// Objects for a machine without an operating system.
#ifndef JANUS_FREESTANDING_H
#define JANUS_FREESTANDING_H

#include "driver/session.h"

// Reports E5003 for what the module needs Linux for: `main`, system calls, and the runtime's routines that make them.
void freestanding_check(Session *s, const IrModule *module);

#endif
