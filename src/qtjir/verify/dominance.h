// The shape of one function: its reachable blocks in reverse post-order, their predecessors, and who dominates whom.
#ifndef JANUS_QTJIR_VERIFY_DOMINANCE_H
#define JANUS_QTJIR_VERIFY_DOMINANCE_H

#include "qtjir/ir.h"

#define BLOCK_UNREACHABLE UINT32_MAX

typedef struct Cfg {
    IrBlock **blocks;           // reachable ones in reverse post-order; the entry is first
    uint32_t count;
    uint32_t *order;            // by block id: index into blocks, or BLOCK_UNREACHABLE
    uint32_t *pred_start;       // by index: where its predecessors begin; one entry more than blocks
    uint32_t *preds;            // indices; one for each edge
    uint32_t *idom;             // by index: immediate dominator; the entry's is itself
    uint32_t *enter, *leave;    // by index: interval in a walk of the dominator tree
} Cfg;

// Block ids are unique and below block_count, and every block ends in its terminator.
Cfg *cfg_build(Arena *arena, const IrFunc *f);
bool cfg_reachable(const Cfg *cfg, const IrBlock *b);
bool cfg_dominates(const Cfg *cfg, const IrBlock *a, const IrBlock *b);     // both reachable; reflexive

#endif
