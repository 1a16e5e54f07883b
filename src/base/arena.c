// Arenas: memory that is handed out piecewise and taken back all at once.
//
// Small requests are cut from a list of chunks that grow from 64 KiB to a large page; a request too big to share a
// chunk gets one of its own, so that it neither wastes the rest of the current chunk nor makes the next one huge. A
// reset keeps every chunk: the list is walked again from its start and big chunks wait on a spare list. Under the
// address sanitizer what is not handed out is poisoned, so a pointer that outlives a reset is caught at its first use.
#include "base/base.h"
#include "base/hostile.h"
#include "base/memory.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif

#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define POISON(ptr, size) ASAN_POISON_MEMORY_REGION((ptr), (size))
#define UNPOISON(ptr, size) ASAN_UNPOISON_MEMORY_REGION((ptr), (size))
#else
#define POISON(ptr, size) ((void)(ptr), (void)(size))
#define UNPOISON(ptr, size) ((void)(ptr), (void)(size))
#endif

// In the hostile build all but the smallest requests get a block of the heap of their own, which a reset frees, so that
// the address sanitizer sees where each of them ends and when.
enum {
    ARENA_ALIGN = 16,
    CHUNK_FIRST = HOSTILE ? 256 : 64 << 10,
    CHUNK_LARGEST = HOSTILE ? CHUNK_FIRST : MEMORY_LARGE_PAGE,
    CHUNK_SHARED_LIMIT = CHUNK_FIRST / 4,
};

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *next;
    size_t cap, used;
    size_t padding; // keeps `bytes` aligned to ARENA_ALIGN
    unsigned char bytes[];
};
static_assert(offsetof(Chunk, bytes) % ARENA_ALIGN == 0, "chunk contents must be aligned");

struct Arena {
    Chunk *first; // shared chunks, in the order in which they are filled
    Chunk *current; // the one being filled, NULL before the first request
    Chunk *big; // chunks of a single request each
    Chunk *big_spare; // the same, free since the last reset
    size_t next_cap;
    size_t handed_out;
};

static Chunk *chunk_create(size_t cap) {
    bool pages = !HOSTILE && cap == CHUNK_LARGEST - sizeof(Chunk);
    Chunk *chunk = pages ? memory_acquire_pages(1) : memory_acquire(sizeof(Chunk) + cap);
    chunk->next = NULL;
    chunk->cap = cap;
    chunk->used = 0;
    POISON(chunk->bytes, cap);
    return chunk;
}

static void chunks_destroy(Chunk *chunk) {
    while (chunk) {
        Chunk *next = chunk->next;
        UNPOISON(chunk->bytes, chunk->cap);
        memory_release(chunk);
        chunk = next;
    }
}

static void *chunk_take(Chunk *chunk, size_t size) {
    unsigned char *bytes = chunk->bytes + chunk->used;
    chunk->used += size;
    UNPOISON(bytes, size);
    memset(bytes, 0, size);
    return bytes;
}

// Takes the first spare chunk that fits without wasting more than half of itself, else makes one.
static Chunk *big_chunk_obtain(Arena *arena, size_t size) {
    for (Chunk **link = &arena->big_spare; *link; link = &(*link)->next) {
        Chunk *chunk = *link;
        if (chunk->cap < size || chunk->cap / 2 > size) continue;
        *link = chunk->next;
        return chunk;
    }
    return chunk_create(size);
}

// Moves on to a shared chunk with room for `size`: one kept by a reset if there is one, else a new one.
static void arena_advance(Arena *arena, size_t size) {
    Chunk *next = arena->current ? arena->current->next : arena->first;
    if (!next || next->cap < size) {
        Chunk *fresh = chunk_create(arena->next_cap - sizeof(Chunk));
        if (arena->next_cap < CHUNK_LARGEST) arena->next_cap *= 2;
        fresh->next = next;
        if (arena->current)
            arena->current->next = fresh;
        else
            arena->first = fresh;
        next = fresh;
    }
    arena->current = next;
}

Arena *arena_create(void) {
    Arena *arena = memory_acquire(sizeof(Arena));
    *arena = (Arena){.next_cap = CHUNK_FIRST};
    return arena;
}

void arena_destroy(Arena *arena) {
    if (!arena) return;
    chunks_destroy(arena->first);
    chunks_destroy(arena->big);
    chunks_destroy(arena->big_spare);
    memory_release(arena);
}

void arena_reset(Arena *arena) {
    for (Chunk *chunk = arena->first; chunk; chunk = chunk->next) {
        POISON(chunk->bytes, chunk->used);
        chunk->used = 0;
    }
    if (HOSTILE) {
        chunks_destroy(arena->big);
        arena->big = NULL;
    }
    while (arena->big) {
        Chunk *chunk = arena->big;
        arena->big = chunk->next;
        POISON(chunk->bytes, chunk->used);
        chunk->used = 0;
        chunk->next = arena->big_spare;
        arena->big_spare = chunk;
    }
    arena->current = NULL;
    arena->handed_out = 0;
}

void *arena_alloc(Arena *arena, size_t size) {
    if (size > PTRDIFF_MAX / 2) ICE("allocation of %zu bytes", size);
    // An empty request still gets an address of its own.
    size_t rounded = size ? (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1) : ARENA_ALIGN;
    arena->handed_out += rounded;
    if (rounded > CHUNK_SHARED_LIMIT) {
        Chunk *chunk = big_chunk_obtain(arena, rounded);
        chunk->next = arena->big;
        arena->big = chunk;
        return chunk_take(chunk, rounded);
    }
    if (!arena->current || arena->current->cap - arena->current->used < rounded) arena_advance(arena, rounded);
    return chunk_take(arena->current, rounded);
}

void *arena_copy(Arena *arena, const void *data, size_t size) {
    void *copy = arena_alloc(arena, size);
    if (size) memcpy(copy, data, size);
    return copy;
}

size_t arena_used(const Arena *arena) { return arena->handed_out; }
