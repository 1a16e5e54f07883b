// Interned names: an open-addressing table of pointers to names that live in the arena. The table itself is on the
// heap, for its old storage would be dead weight in an arena each time it doubles. It is at most half full.
#include "base/base.h"
#include "base/hostile.h"
#include "base/memory.h"

struct NameTable {
    Arena *arena;
    Name **slots;
    uint32_t slot_count; // a power of two
    uint32_t len;
};

static Name **slots_create(uint32_t count) {
    Name **slots = memory_acquire(sizeof(Name *) * (size_t)count);
    memset(slots, 0, sizeof(Name *) * (size_t)count);
    return slots;
}

NameTable *names_create(Arena *arena) {
    NameTable *table = memory_acquire(sizeof(NameTable));
    *table = (NameTable){.arena = arena, .slots = slots_create(1024), .slot_count = 1024};
    return table;
}

void names_destroy(NameTable *table) {
    if (!table) return;
    memory_release(table->slots);
    memory_release(table);
}

static void names_double(NameTable *table) {
    if (table->slot_count > UINT32_MAX / 2) ICE("more than %u names", (unsigned)table->len);
    uint32_t count = table->slot_count * 2;
    Name **slots = slots_create(count);
    for (uint32_t i = 0; i < table->slot_count; i++) {
        Name *name = table->slots[i];
        if (!name) continue;
        uint32_t at = hash_slot(name->hash, count);
        while (slots[at]) at = (at + 1) & (count - 1);
        slots[at] = name;
    }
    memory_release(table->slots);
    table->slots = slots;
    table->slot_count = count;
}

const Name *name_intern(NameTable *table, const char *text, size_t len) {
    if (len >= UINT32_MAX) ICE("name of %zu bytes", len);
    uint32_t hash = (uint32_t)hash_bytes(text, len, 0);
    uint32_t mask = table->slot_count - 1, at = hash_slot(hash, table->slot_count);
    for (; table->slots[at]; at = (at + 1) & mask) {
        const Name *name = table->slots[at];
        if (name->hash == hash && name->len == len && (len == 0 || memcmp(name->text, text, len) == 0)) return name;
    }
    Name *fresh = arena_alloc(table->arena, sizeof(Name) + len + 1);
    fresh->len = (uint32_t)len;
    fresh->hash = hash;
    if (len) memcpy(fresh->text, text, len);
    table->slots[at] = fresh;
    if (++table->len > table->slot_count / 2) names_double(table);
    return fresh;
}

const Name *name_intern_c(NameTable *table, const char *c_string) {
    return name_intern(table, c_string, strlen(c_string));
}
