// Dominators by the iterative algorithm over reverse post-order: simple, and linear on the graphs that structured code
// gives. The dominator tree is numbered by intervals, so a question is two comparisons. No recursion: a function may be
// one chain of a hundred thousand blocks.
#include "qtjir/verify/dominance.h"

typedef struct Visit {
    IrBlock *block;
    uint32_t next_target;
} Visit;

static void number_blocks(Arena *arena, const IrFunc *f, Cfg *cfg) {
    enum { SEEN = BLOCK_UNREACHABLE - 1 };
    IrBlock **post = ARENA_ARRAY(arena, IrBlock *, f->block_count);
    Visit *stack = ARENA_ARRAY(arena, Visit, f->block_count);
    uint32_t depth = 0, finished = 0;
    cfg->order = ARENA_ARRAY(arena, uint32_t, f->block_count);
    for (uint32_t i = 0; i < f->block_count; i++) cfg->order[i] = BLOCK_UNREACHABLE;
    stack[depth++] = (Visit){f->entry, 0};
    cfg->order[f->entry->id] = SEEN;
    while (depth) {
        Visit *top = &stack[depth - 1];
        if (top->next_target < ir_target_count(top->block->last)) {
            IrBlock *target = *ir_target(top->block->last, top->next_target++);
            if (cfg->order[target->id] != BLOCK_UNREACHABLE) continue;
            cfg->order[target->id] = SEEN;
            stack[depth++] = (Visit){target, 0};
        } else {
            post[finished++] = top->block;
            depth--;
        }
    }
    cfg->count = finished;
    cfg->blocks = ARENA_ARRAY(arena, IrBlock *, finished);
    for (uint32_t i = 0; i < finished; i++) {
        cfg->blocks[i] = post[finished - 1 - i];
        cfg->order[cfg->blocks[i]->id] = i;
    }
}

static void collect_preds(Arena *arena, Cfg *cfg) {
    cfg->pred_start = ARENA_ARRAY(arena, uint32_t, cfg->count + 1);
    for (uint32_t i = 0; i < cfg->count; i++)
        for (uint32_t t = 0; t < ir_target_count(cfg->blocks[i]->last); t++)
            cfg->pred_start[cfg->order[(*ir_target(cfg->blocks[i]->last, t))->id] + 1]++;
    for (uint32_t i = 0; i < cfg->count; i++) cfg->pred_start[i + 1] += cfg->pred_start[i];
    cfg->preds = ARENA_ARRAY(arena, uint32_t, cfg->pred_start[cfg->count]);
    uint32_t *filled = ARENA_ARRAY(arena, uint32_t, cfg->count);
    for (uint32_t i = 0; i < cfg->count; i++)
        for (uint32_t t = 0; t < ir_target_count(cfg->blocks[i]->last); t++) {
            uint32_t target = cfg->order[(*ir_target(cfg->blocks[i]->last, t))->id];
            cfg->preds[cfg->pred_start[target] + filled[target]++] = i;
        }
}

static uint32_t common_dominator(const Cfg *cfg, uint32_t a, uint32_t b) {
    while (a != b) {
        while (a > b) a = cfg->idom[a];
        while (b > a) b = cfg->idom[b];
    }
    return a;
}

static void find_dominators(Arena *arena, Cfg *cfg) {
    cfg->idom = ARENA_ARRAY(arena, uint32_t, cfg->count);
    for (uint32_t i = 1; i < cfg->count; i++) cfg->idom[i] = BLOCK_UNREACHABLE;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 1; i < cfg->count; i++) {
            uint32_t found = BLOCK_UNREACHABLE;
            for (uint32_t p = cfg->pred_start[i]; p < cfg->pred_start[i + 1]; p++) {
                uint32_t pred = cfg->preds[p];
                if (cfg->idom[pred] == BLOCK_UNREACHABLE) continue;
                found = found == BLOCK_UNREACHABLE ? pred : common_dominator(cfg, pred, found);
            }
            changed |= cfg->idom[i] != found;
            cfg->idom[i] = found;
        }
    }
}

// A dominator comes before what it dominates in reverse post-order, so the tree's children lists are made in one sweep
// and its subtree sizes in another; intervals follow from the sizes.
static void number_tree(Arena *arena, Cfg *cfg) {
    uint32_t *size = ARENA_ARRAY(arena, uint32_t, cfg->count);
    uint32_t *given = ARENA_ARRAY(arena, uint32_t, cfg->count);
    cfg->enter = ARENA_ARRAY(arena, uint32_t, cfg->count);
    cfg->leave = ARENA_ARRAY(arena, uint32_t, cfg->count);
    for (uint32_t i = cfg->count; i-- > 0;) {
        size[i]++;
        if (i) size[cfg->idom[i]] += size[i];
    }
    cfg->leave[0] = size[0];
    for (uint32_t i = 1; i < cfg->count; i++) {
        uint32_t parent = cfg->idom[i];
        cfg->enter[i] = cfg->enter[parent] + 1 + given[parent];
        cfg->leave[i] = cfg->enter[i] + size[i];
        given[parent] += size[i];
    }
}

Cfg *cfg_build(Arena *arena, const IrFunc *f) {
    Cfg *cfg = ARENA_NEW(arena, Cfg);
    number_blocks(arena, f, cfg);
    collect_preds(arena, cfg);
    find_dominators(arena, cfg);
    number_tree(arena, cfg);
    return cfg;
}

bool cfg_reachable(const Cfg *cfg, const IrBlock *b) { return cfg->order[b->id] != BLOCK_UNREACHABLE; }

bool cfg_dominates(const Cfg *cfg, const IrBlock *a, const IrBlock *b) {
    uint32_t x = cfg->order[a->id], y = cfg->order[b->id];
    return cfg->enter[x] <= cfg->enter[y] && cfg->leave[y] <= cfg->leave[x];
}
