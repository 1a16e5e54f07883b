// What all programs begin with: how often to do the work, and the same numbers as input.jan makes.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline uint64_t rounds(int argc, char **argv) {
    uint64_t n = 0;
    for (const char *c = argc > 1 ? argv[1] : "1"; *c; c++) n = n * 10 + (uint64_t)(*c - '0');
    return n;
}

static inline uint64_t next_number(uint64_t *state) {
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}
