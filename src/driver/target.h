// The machines that programs are built for, and what the driver has to know about each.
#ifndef JANUS_DRIVER_TARGET_H
#define JANUS_DRIVER_TARGET_H

#include "base/base.h"

typedef struct Target {
    const char *name;           // as --target takes it and the backend knows it
    const char *arch;           // `target.arch` of a program
    const char *runtime;        // start code and memory routines, in the standard library
    const char *emulation;      // for the linker's -m
    const char *triple;         // for the C compiler's --target
    const char *emulators[2];   // programs that run its executables elsewhere
} Target;

const Target *target_named(const char *name);       // NULL when there is none
const Target *target_host(void);                    // the machine this compiler runs on
bool target_is_host(const Target *target);
// The names of all, for messages: "a or b".
const char *target_names(Arena *arena);
// The path of an emulator for a foreign target; NULL when none is installed.
const char *target_emulator(Arena *arena, const Target *target);

#endif
