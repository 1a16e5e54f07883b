// The exit for broken invariants. It neither unwinds nor runs exit handlers: the state it would touch is the state that
// was just found broken. 101 tells callers and tests apart from a user's mistake (1).
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

NORETURN void internal_error(const char *file, int line, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fflush(stdout);
    fputs("internal error: ", stderr);
    vfprintf(stderr, fmt, args);
    fprintf(stderr, " (%s:%d)\n", file, line);
    fflush(stderr);
    va_end(args);
    _Exit(101);
}
