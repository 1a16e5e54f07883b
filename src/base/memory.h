// Where the ground floor gets its heap from. Every allocation of the compiler's own data passes through here, so that the
// hostile build (JANUS_HOSTILE) can make any one of them fail. Failure is an internal error: callers never see NULL.
#ifndef JANUS_BASE_MEMORY_H
#define JANUS_BASE_MEMORY_H

#include <stddef.h>

void *memory_acquire(size_t size);
void *memory_resize(void *block, size_t size);
void memory_release(void *block);

#endif
