// Replaces the compiler's own exit for broken invariants, which runs no handlers and so would end a fuzzer without the
// input that led there: abort is what the fuzzer catches.
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

NORETURN void internal_error(const char *file, int line, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fputs("internal error: ", stderr);
    vfprintf(stderr, fmt, args);
    fprintf(stderr, " (%s:%d)\n", file, line);
    va_end(args);
    abort();
}
