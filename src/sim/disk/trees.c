// Ways to answer the questions of a crash: all of them, one after the other, or some drawn from a seed.
#include <stdlib.h>

#include "base/memory.h"

#include "sim/disk/disk.h"
#include "sim/random.h"

// ---- all -----------------------------------------------------------------------------------------------------------------------

// The next way is the one that differs in the last answer that can still grow.
uint32_t disk_walk_choose(void *context, uint32_t count, DiskChoice what) {
    DiskWalk *walk = context;
    (void)what;
    if (walk->at == walk->len) {
        if (walk->len == walk->room) {
            walk->room = walk->room ? walk->room * 2 : 64;
            walk->answers = memory_resize(walk->answers, walk->room * sizeof *walk->answers);
            walk->counts = memory_resize(walk->counts, walk->room * sizeof *walk->counts);
        }
        walk->answers[walk->len] = 0;
        walk->counts[walk->len++] = count;
    }
    ENSURE(walk->counts[walk->at] == count);
    return walk->answers[walk->at++];
}

bool disk_walk_next(DiskWalk *walk) {
    walk->at = 0;
    while (walk->len && walk->answers[walk->len - 1] + 1 == walk->counts[walk->len - 1]) walk->len--;
    if (!walk->len) return false;
    walk->answers[walk->len - 1]++;
    return true;
}

void disk_walk_free(DiskWalk *walk) {
    memory_release(walk->answers);
    memory_release(walk->counts);
    *walk = (DiskWalk){0};
}

static int compare_texts(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void sort_unique(DiskTrees *trees) {
    uint32_t kept = 0;
    if (trees->count) qsort(trees->texts, trees->count, sizeof *trees->texts, compare_texts);
    for (uint32_t i = 0; i < trees->count; i++) {
        if (kept && strcmp(trees->texts[kept - 1], trees->texts[i]) == 0)
            memory_release(trees->texts[i]);
        else
            trees->texts[kept++] = trees->texts[i];
    }
    trees->count = kept;
}

static void add_text(DiskTrees *trees, StrBuf *text) {
    if (trees->count == trees->room) {
        sort_unique(trees);
        if (trees->count * 2 >= trees->room) {
            trees->room = trees->room ? trees->room * 2 : 256;
            trees->texts = memory_resize(trees->texts, trees->room * sizeof *trees->texts);
        }
    }
    char *copy = memory_acquire(text->len + 1);
    memcpy(copy, strbuf_str(text).ptr, text->len + 1);
    trees->texts[trees->count++] = copy;
}

bool disk_crash_trees(const Disk *disk, uint64_t limit, DiskTrees *out) {
    DiskWalk walk = {0};
    DiskChooser chooser = {disk_walk_choose, &walk};
    StrBuf text = {0};
    uint64_t ways = 0;
    bool goes_on = true;
    *out = (DiskTrees){0};
    for (; goes_on && ways < limit; ways++) {
        strbuf_clear(&text);
        disk_crash_text(disk, &chooser, &text);
        add_text(out, &text);
        goes_on = disk_walk_next(&walk);
    }
    sort_unique(out);
    strbuf_free(&text);
    disk_walk_free(&walk);
    return !goes_on;
}

void disk_trees_free(DiskTrees *trees) {
    for (uint32_t i = 0; i < trees->count; i++) memory_release(trees->texts[i]);
    memory_release(trees->texts);
    *trees = (DiskTrees){0};
}

// ---- some ----------------------------------------------------------------------------------------------------------------------

DiskDraw disk_draw(uint64_t seed) {
    DiskDraw draw = {.state = seed};
    draw.bias = (DiskBias)(random_next(&draw.state) % (DISK_BIAS_NEWEST + 1));
    return draw;
}

uint32_t disk_draw_choose(void *context, uint32_t count, DiskChoice what) {
    DiskDraw *draw = context;
    uint64_t random = random_next(&draw->state);
    (void)what;
    switch (draw->bias) {
    case DISK_BIAS_EVEN: break;
    case DISK_BIAS_ALL: return count - 1;
    case DISK_BIAS_NONE: return 0;
    case DISK_BIAS_NEWEST:
        if (random % 8) return count - 1;
        random /= 8;
        break;
    }
    return (uint32_t)(random % count);
}
