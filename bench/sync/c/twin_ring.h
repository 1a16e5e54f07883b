// std.sync.ring in C11, for uint64_t.
#ifndef BENCH_SYNC_TWIN_RING_H
#define BENCH_SYNC_TWIN_RING_H
#include "twin_chan.h"

typedef struct TwinRing {
    uint64_t *backing;
    size_t capacity;
    _Alignas(64) _Atomic size_t pushed;
    size_t push_slot, popped_copy;
    _Alignas(64) _Atomic size_t popped;
    size_t pop_slot, pushed_copy;
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
    r->popped_copy = atomic_load_explicit(&r->popped, ACQUIRE);
    return r->capacity - (pushed - r->popped_copy);
}

static inline size_t twin_ring_used(TwinRing *r, size_t popped, size_t wanted)
{
    size_t n = r->pushed_copy - popped;
    if (n >= wanted) return n;
    r->pushed_copy = atomic_load_explicit(&r->pushed, ACQUIRE);
    return r->pushed_copy - popped;
}

static inline bool twin_ring_push(TwinRing *r, uint64_t v)
{
    size_t pushed = atomic_load_explicit(&r->pushed, RELAXED);
    if (twin_ring_free(r, pushed, 1) == 0) return false;
    r->backing[r->push_slot] = v;
    r->push_slot = slot_after(r->push_slot, r->capacity);
    atomic_store_explicit(&r->pushed, pushed + 1, RELEASE);
    return true;
}

static inline bool twin_ring_pop(TwinRing *r, uint64_t *out)
{
    size_t popped = atomic_load_explicit(&r->popped, RELAXED);
    if (twin_ring_used(r, popped, 1) == 0) return false;
    *out = r->backing[r->pop_slot];
    r->pop_slot = slot_after(r->pop_slot, r->capacity);
    atomic_store_explicit(&r->popped, popped + 1, RELEASE);
    return true;
}

static inline size_t twin_ring_push_slice(TwinRing *r, const uint64_t *vs, size_t count)
{
    size_t pushed = atomic_load_explicit(&r->pushed, RELAXED), n = twin_ring_free(r, pushed, count);
    if (n > count) n = count;
    if (n == 0) return 0;
    size_t head = r->capacity - r->push_slot < n ? r->capacity - r->push_slot : n;
    memcpy(r->backing + r->push_slot, vs, head * sizeof *vs);
    memcpy(r->backing, vs + head, (n - head) * sizeof *vs);
    r->push_slot = r->push_slot + n >= r->capacity ? r->push_slot + n - r->capacity : r->push_slot + n;
    atomic_store_explicit(&r->pushed, pushed + n, RELEASE);
    return n;
}

static inline size_t twin_ring_pop_slice(TwinRing *r, uint64_t *out, size_t count)
{
    size_t popped = atomic_load_explicit(&r->popped, RELAXED), n = twin_ring_used(r, popped, count);
    if (n > count) n = count;
    if (n == 0) return 0;
    size_t head = r->capacity - r->pop_slot < n ? r->capacity - r->pop_slot : n;
    memcpy(out, r->backing + r->pop_slot, head * sizeof *out);
    memcpy(out + head, r->backing, (n - head) * sizeof *out);
    r->pop_slot = r->pop_slot + n >= r->capacity ? r->pop_slot + n - r->capacity : r->pop_slot + n;
    atomic_store_explicit(&r->popped, popped + n, RELEASE);
    return n;
}

#endif
