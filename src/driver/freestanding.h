// Objects for a machine without an operating system.
#ifndef JANUS_FREESTANDING_H
#define JANUS_FREESTANDING_H

#include "driver/session.h"

// Reports E5003 for what the module needs Linux for: `main`, system calls, and the runtime's routines that make them.
void freestanding_check(Session *s, const IrModule *module);
// A routine of the runtime, written in assembly or C, that makes system calls.
bool freestanding_is_linux_routine(const IrFunc *f);

#endif
