// A hash map of numbers with open addressing: 100,000 entries put, found, half of them removed, and found again.
#include "input.h"

enum { CAPACITY = 262144, COUNT = 100000 };

typedef enum : uint8_t { EMPTY, FULL, REMOVED } State;
typedef struct Slot {
    uint64_t key, value;
    State state;
} Slot;

typedef struct Map {
    Slot *slots;
    size_t len, used;
} Map;

static Slot store[CAPACITY];

static size_t hash(uint64_t x) {
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
    return x ^ (x >> 32);
}

static void map_clear(Map *m) {
    for (size_t i = 0; i < m->len; i++) m->slots[i].state = EMPTY;
    m->used = 0;
}

static Slot *map_find(const Map *m, uint64_t key) {
    size_t mask = m->len - 1, at = hash(key) & mask;
    for (;;) {
        Slot *slot = &m->slots[at];
        if (slot->state == EMPTY) return NULL;
        if (slot->state == FULL && slot->key == key) return slot;
        at = (at + 1) & mask;
    }
}

static void map_put(Map *m, uint64_t key, uint64_t value) {
    Slot *slot = map_find(m, key);
    if (slot) {
        slot->value = value;
        return;
    }
    size_t mask = m->len - 1, at = hash(key) & mask;
    while (m->slots[at].state == FULL) at = (at + 1) & mask;
    m->slots[at] = (Slot){key, value, FULL};
    m->used++;
}

static bool map_remove(Map *m, uint64_t key) {
    Slot *slot = map_find(m, key);
    if (!slot) return false;
    slot->state = REMOVED;
    m->used--;
    return true;
}

int main(int argc, char **argv) {
    Map map = {store, CAPACITY, 0};
    uint64_t sum = 0;
    for (uint64_t n = rounds(argc, argv); n > 0; n--) {
        map_clear(&map);
        uint64_t seed = 88172645463325252;
        for (size_t i = 0; i < COUNT; i++) map_put(&map, next_number(&seed), i);
        seed = 88172645463325252;
        for (size_t i = 0; i < COUNT; i++) {
            uint64_t key = next_number(&seed);
            if (i % 2 == 0) map_remove(&map, key);
        }
        seed = 88172645463325252;
        for (size_t i = 0; i < 2 * COUNT; i++) {
            const Slot *slot = map_find(&map, next_number(&seed));
            if (slot) sum += slot->value;
        }
        sum += map.used;
    }
    printf("%llu\n", (unsigned long long)sum);
}
