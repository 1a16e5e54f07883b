// The hostile build (JANUS_HOSTILE): a compiler to whom everything happens that may happen. Any allocation can be made
// to fail, hash tables change their order or keep all in one bucket, arenas hand out a block of the heap for nearly
// every request, vectors begin with one item and move each time they grow. Nothing it prints may change, and it must
// never end in any way but its usual ones. What is asked for stands in the environment and is read once; these statics
// are the only ones of the compiler, and exist in no other build.
//
//   JANUS_FAIL_ALLOCATION=N   the N-th allocation fails, counted from 1
//   JANUS_COUNT_ALLOCATIONS=1 says at the end how many there were
//   JANUS_HASH_SEED=N         another order in every hash table
//   JANUS_ONE_BUCKET=1        all keys of a table collide
#include "base/hostile.h"

#ifdef JANUS_HOSTILE

#include <stdio.h>
#include <stdlib.h>

typedef struct Wishes {
    bool read, one_bucket;
    unsigned long fail, count;
    uint64_t seed;
} Wishes;

static Wishes wishes;

static unsigned long number_of(const char *variable) {
    const char *text = getenv(variable);
    return text ? strtoul(text, NULL, 10) : 0;
}

static void print_count(void) { fprintf(stderr, "allocations: %lu\n", wishes.count); }

static Wishes *wishes_read(void) {
    if (wishes.read) return &wishes;
    wishes.read = true;
    wishes.fail = number_of("JANUS_FAIL_ALLOCATION");
    wishes.seed = number_of("JANUS_HASH_SEED");
    wishes.one_bucket = number_of("JANUS_ONE_BUCKET") != 0;
    if (number_of("JANUS_COUNT_ALLOCATIONS")) atexit(print_count);
    return &wishes;
}

bool hostile_allocation_fails(void) {
    Wishes *w = wishes_read();
    return ++w->count == w->fail;
}

uint32_t hostile_slot(uint64_t hash, uint32_t slot_count) {
    const Wishes *w = wishes_read();
    if (w->one_bucket) return 0;
    if (w->seed) hash = ((hash ^ w->seed) * UINT64_C(0xD6E8FEB86659FD93)) >> 32;
    return (uint32_t)hash & (slot_count - 1);
}

#endif
