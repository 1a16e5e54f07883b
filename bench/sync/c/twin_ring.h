// std.sync.ring in C11, for uint64_t.
#ifndef BENCH_SYNC_TWIN_RING_H
#define BENCH_SYNC_TWIN_RING_H
#include "twin_chan.h"

typedef struct TwinRing {
    uint64_t *backing;
    size_t capacity;
    _Alignas(LINE) _Atomic size_t pushed;
    _Alignas(LINE) size_t push_slot;
    size_t push_count, popped_copy;
    Look push_look;
    _Alignas(LINE) _Atomic size_t popped;
    _Alignas(LINE) size_t pop_slot;
    size_t pop_count, pushed_copy;
    Look pop_look;
} TwinRing;

static void twin_ring_init(TwinRing *r, size_t capacity)
{
    memset(r, 0, sizeof *r);
    r->backing = twin_chan_backing;
    r->capacity = capacity;
}

static inline size_t twin_ring_free(TwinRing *r, size_t pushed, size_t wanted)
{
    size_t n = r->capacity - (pushed - r->popped_copy);
    if (n >= wanted) return n;
    look_begin(&r->push_look);
    r->popped_copy = atomic_load_explicit(&r->popped, ACQUIRE);
    n = r->capacity - (pushed - r->popped_copy);
    look_end(&r->push_look, n, r->capacity);
    return n;
}

static inline size_t twin_ring_used(TwinRing *r, size_t popped, size_t wanted)
{
    size_t n = r->pushed_copy - popped;
    if (n >= wanted) return n;
    look_begin(&r->pop_look);
    r->pushed_copy = atomic_load_explicit(&r->pushed, ACQUIRE);
    n = r->pushed_copy - popped;
    look_end(&r->pop_look, n, r->capacity);
    return n;
}

static inline bool twin_ring_push(TwinRing *r, uint64_t v)
{
    size_t pushed = r->push_count;
    if (twin_ring_free(r, pushed, 1) == 0) return false;
    size_t slot = wrapped(r->push_slot, r->capacity);
    prefetch_ahead(r->backing, slot, r->capacity);
    r->backing[slot] = v;
    r->push_slot = slot + 1;
    r->push_count = pushed + 1;
    atomic_store_explicit(&r->pushed, pushed + 1, RELEASE);
    return true;
}

static inline bool twin_ring_pop(TwinRing *r, uint64_t *out)
{
    size_t popped = r->pop_count;
    if (twin_ring_used(r, popped, 1) == 0) return false;
    size_t slot = wrapped(r->pop_slot, r->capacity);
    *out = r->backing[slot];
    r->pop_slot = slot + 1;
    r->pop_count = popped + 1;
    atomic_store_explicit(&r->popped, popped + 1, RELEASE);
    return true;
}

static inline size_t twin_ring_push_slice(TwinRing *r, const uint64_t *vs, size_t count)
{
    size_t pushed = r->push_count, n = twin_ring_free(r, pushed, count);
    if (n > count) n = count;
    if (n == 0) return 0;
    r->push_slot = copy_in(r->backing, wrapped(r->push_slot, r->capacity), r->capacity, vs, n);
    r->push_count = pushed + n;
    atomic_store_explicit(&r->pushed, pushed + n, RELEASE);
    return n;
}

static inline size_t twin_ring_pop_slice(TwinRing *r, uint64_t *out, size_t count)
{
    size_t popped = r->pop_count, n = twin_ring_used(r, popped, count);
    if (n > count) n = count;
    if (n == 0) return 0;
    r->pop_slot = copy_out(r->backing, wrapped(r->pop_slot, r->capacity), r->capacity, out, n);
    r->pop_count = popped + n;
    atomic_store_explicit(&r->popped, popped + n, RELEASE);
    return n;
}

#endif
