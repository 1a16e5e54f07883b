// Shortest ways from one corner of a grid of 160 by 160 places, by a binary heap.
#include "input.h"

enum { SIDE = 160, NODES = SIDE * SIDE };
static const uint32_t FAR = 4294967295;

typedef struct Entry {
    uint32_t distance, node;
} Entry;
typedef struct Heap {
    Entry *entries;
    size_t len;
} Heap;
typedef struct Edge {
    uint32_t to, cost;
} Edge;

static uint32_t first[NODES + 1], distances[NODES];
static Edge edges[NODES * 4];
static Entry entries[NODES * 4];

static void push(Heap *heap, Entry entry) {
    size_t at = heap->len++;
    while (at > 0) {
        size_t parent = (at - 1) / 2;
        if (heap->entries[parent].distance <= entry.distance) break;
        heap->entries[at] = heap->entries[parent];
        at = parent;
    }
    heap->entries[at] = entry;
}

static Entry pop(Heap *heap) {
    Entry top = heap->entries[0];
    heap->len--;
    Entry last = heap->entries[heap->len];
    size_t at = 0;
    for (;;) {
        size_t child = at * 2 + 1;
        if (child >= heap->len) break;
        if (child + 1 < heap->len && heap->entries[child + 1].distance < heap->entries[child].distance) child++;
        if (heap->entries[child].distance >= last.distance) break;
        heap->entries[at] = heap->entries[child];
        at = child;
    }
    heap->entries[at] = last;
    return top;
}

static void find_ways(uint32_t from) {
    for (size_t i = 0; i < NODES; i++) distances[i] = FAR;
    Heap heap = {entries, 0};
    distances[from] = 0;
    push(&heap, (Entry){0, from});
    while (heap.len > 0) {
        Entry entry = pop(&heap);
        if (entry.distance != distances[entry.node]) continue;
        for (uint32_t i = first[entry.node]; i < first[entry.node + 1]; i++) {
            Edge edge = edges[i];
            uint32_t distance = entry.distance + edge.cost;
            if (distance < distances[edge.to]) {
                distances[edge.to] = distance;
                push(&heap, (Entry){distance, edge.to});
            }
        }
    }
}

static size_t edge_count;

static void add_edge(size_t to, uint64_t cost) {
    edges[edge_count] = (Edge){(uint32_t)to, (uint32_t)(cost % 100 + 1)};
    edge_count++;
}

int main(int argc, char **argv) {
    uint64_t seed = 88172645463325252;
    for (size_t node = 0; node < NODES; node++) {
        first[node] = (uint32_t)edge_count;
        size_t x = node % SIDE, y = node / SIDE;
        if (x > 0) add_edge(node - 1, next_number(&seed));
        if (x + 1 < SIDE) add_edge(node + 1, next_number(&seed));
        if (y > 0) add_edge(node - SIDE, next_number(&seed));
        if (y + 1 < SIDE) add_edge(node + SIDE, next_number(&seed));
    }
    first[NODES] = (uint32_t)edge_count;
    uint64_t sum = 0, count = rounds(argc, argv);
    for (uint64_t i = 0; i < count; i++) {
        find_ways((uint32_t)(i % NODES));
        sum += distances[NODES - 1];
    }
    printf("%llu\n", (unsigned long long)sum);
}
