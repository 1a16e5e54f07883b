// The one place that asks the C library for memory, and where the hostile build makes it fail. Each failure ends in a
// clean internal error.
#define _DEFAULT_SOURCE
#include "base/memory.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/base.h"
#include "base/hostile.h"

void *memory_resize(void *block, size_t size) {
    void *fresh = hostile_allocation_fails() ? NULL : realloc(block, size ? size : 1);
    if (!fresh) ICE("out of memory (%zu bytes asked for)", size);
    return fresh;
}

void *memory_acquire_pages(size_t count) {
    size_t size = count * MEMORY_LARGE_PAGE;
    void *fresh = hostile_allocation_fails() ? NULL : aligned_alloc(MEMORY_LARGE_PAGE, size);
    if (!fresh) ICE("out of memory (%zu bytes asked for)", size);
    madvise(fresh, size, MADV_HUGEPAGE); // a kernel without them refuses, which changes nothing
    return fresh;
}

void *memory_acquire(size_t size) { return memory_resize(NULL, size); }

void memory_release(void *block) { free(block); }
