// Object file → executable, by the system's linker.
#ifndef JANUS_LINK_H
#define JANUS_LINK_H

#include "driver/options.h"

// `libc_start` is the C file with the start code of programs that link libc. False when it failed; the linker (or this
// function) has said why on standard error.
bool link_executable(Arena *arena, const Options *options, const char *libc_start, const char *object,
                     const char *output);

#endif
