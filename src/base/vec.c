// Growth of the arena-backed vectors: doubling, so pushes cost constant time on average and the abandoned storage never
// exceeds the live one.
#include "base/base.h"
#include "base/hostile.h"

void *vec_grow(Arena *arena, void *items, uint32_t len, uint32_t *cap, size_t item_size) {
    if (*cap > UINT32_MAX / 2) ICE("vector with more than %u items", (unsigned)len);
    uint32_t grown_cap = *cap ? *cap * 2 : HOSTILE ? 1 : 8;
    void *grown = arena_alloc(arena, (size_t)grown_cap * item_size);
    if (len) memcpy(grown, items, (size_t)len * item_size);
    *cap = grown_cap;
    return grown;
}
