// Object files → executable, by the system's linker.
#ifndef JANUS_DRIVER_LINK_H
#define JANUS_DRIVER_LINK_H

#include "driver/settings.h"

// `libc_start` is the C file with the start code of programs that link libc. False when it failed; the linker (or this
// function) has said why on standard error. `interrupted` gets the signal that came for this process meanwhile, or 0;
// then nothing was said.
bool link_executable(Arena *arena, const BuildSettings *build, const char *libc_start,
                     const char *const *objects, uint32_t object_count, const char *output, int *interrupted);

#endif
