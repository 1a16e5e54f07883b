// Hashing of bytes, for tables and for cache keys: XXH3, which is stable across versions and machines.
#include "base/base.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(const void *data, size_t len, uint64_t seed) {
    return XXH3_64bits_withSeed(len ? data : "", len, seed);
}
