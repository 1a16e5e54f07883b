// Where the ground floor gets its heap from. Every allocation of the compiler's own data passes through here, so that
// the hostile build (JANUS_HOSTILE) can make any one of them fail. Failure is an internal error: callers never see
// NULL.
#ifndef JANUS_BASE_MEMORY_H
#define JANUS_BASE_MEMORY_H

#include <stddef.h>

void *memory_acquire(size_t size);
// `count` times MEMORY_LARGE_PAGE bytes, aligned to that, which the kernel is asked to back with large pages: touching
// such memory for the first time costs one page fault, not hundreds.
enum { MEMORY_LARGE_PAGE = 2 << 20 };
void *memory_acquire_pages(size_t count);
void *memory_resize(void *block, size_t size);
void memory_release(void *block);

#endif
