// Pointer-keyed maps that remember insertion order. Up to SMALL_MAP entries are searched in a row, which is what most
// maps of a compiler stay at; beyond that an index of slots, at most half full, points into the entries. Growing leaves
// the old storage in the arena, so the total cost is a constant factor of the final size.
#include "base/base.h"
#include "base/hostile.h"

enum { SMALL_MAP = HOSTILE ? 1 : 8 };

// Pointers differ in their middle bits; a multiplication by an odd constant spreads those over the upper half.
static uint32_t key_slot(const void *key, uint32_t slot_count) {
    uint64_t mixed = (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15);
    return hash_slot(mixed >> 32, slot_count);
}

static MapEntry *map_find(const Map *map, const void *key) {
    if (!map->slots) {
        for (uint32_t i = 0; i < map->len; i++)
            if (map->entries[i].key == key) return &map->entries[i];
        return NULL;
    }
    for (uint32_t at = key_slot(key, map->slot_count); map->slots[at]; at = (at + 1) & (map->slot_count - 1)) {
        MapEntry *entry = &map->entries[map->slots[at] - 1];
        if (entry->key == key) return entry;
    }
    return NULL;
}

static void map_index_entry(Map *map, uint32_t entry) {
    uint32_t at = key_slot(map->entries[entry].key, map->slot_count);
    while (map->slots[at]) at = (at + 1) & (map->slot_count - 1);
    map->slots[at] = entry + 1;
}

static void map_rebuild_index(Arena *arena, Map *map) {
    if (map->slot_count > UINT32_MAX / 4) ICE("map with more than %u entries", (unsigned)map->len);
    map->slot_count = map->slot_count ? map->slot_count * 4 : SMALL_MAP * 8;
    map->slots = ARENA_ARRAY(arena, uint32_t, map->slot_count);
    for (uint32_t i = 0; i < map->len; i++) map_index_entry(map, i);
}

void *map_get(const Map *map, const void *key) {
    MapEntry *entry = map_find(map, key);
    return entry ? entry->value : NULL;
}

void map_put(Arena *arena, Map *map, const void *key, void *value) {
    ENSURE(key != NULL);
    MapEntry *entry = map_find(map, key);
    if (entry) {
        entry->value = value;
        return;
    }
    if (map->len == map->cap) map->entries = vec_grow(arena, map->entries, map->len, &map->cap, sizeof(MapEntry));
    map->entries[map->len++] = (MapEntry){key, value};
    if (map->len <= SMALL_MAP) return;
    if (map->len > map->slot_count / 2)
        map_rebuild_index(arena, map);
    else
        map_index_entry(map, map->len - 1);
}
