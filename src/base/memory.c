// The one place that asks the C library for memory. In the hostile build the environment variable JANUS_FAIL_ALLOCATION
// names the allocation (counted from 1) that shall fail; walking that number upwards visits every allocation site and
// shows that each of them ends in a clean internal error. The counter is the only static of the compiler and does not
// exist in any other build.
#define _DEFAULT_SOURCE
#include "base/memory.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/base.h"

#ifdef JANUS_HOSTILE
static bool allocation_must_fail(void) {
    static unsigned long count;
    const char *text = getenv("JANUS_FAIL_ALLOCATION");
    return text && ++count == strtoul(text, NULL, 10);
}
#else
static bool allocation_must_fail(void) { return false; }
#endif

void *memory_resize(void *block, size_t size) {
    void *fresh = allocation_must_fail() ? NULL : realloc(block, size ? size : 1);
    if (!fresh) ICE("out of memory (%zu bytes asked for)", size);
    return fresh;
}

void *memory_acquire_pages(size_t count) {
    size_t size = count * MEMORY_LARGE_PAGE;
    void *fresh = allocation_must_fail() ? NULL : aligned_alloc(MEMORY_LARGE_PAGE, size);
    if (!fresh) ICE("out of memory (%zu bytes asked for)", size);
    madvise(fresh, size, MADV_HUGEPAGE); // a kernel without them refuses, which changes nothing
    return fresh;
}

void *memory_acquire(size_t size) { return memory_resize(NULL, size); }

void memory_release(void *block) { free(block); }
