// What surely holds wherever it is needed: a fact per place (a slot is alive, a temporary is written), which begins and ends
// with certain instructions and holds at the start of a block when it does at the end of every block before it. Nothing
// holds at the entry. The sets are solved for 64 facts at a time.
#include "qtjir/verify/internal.h"

typedef struct BlockFacts {
    uint64_t in, begun, kept; // surely hold at the start; begin; do not end
} BlockFacts;

// The operand whose place the result lies in, or -1.
int verify_place_base(IrOp op) {
    switch (op) {
    case IR_FIELD_ADDR:
    case IR_ELEM_ADDR:
    case IR_OPTIONAL_PAYLOAD:
    case IR_OPTIONAL_SET_SOME:
    case IR_ERROR_PAYLOAD:
    case IR_ERROR_SET_OK:
    case IR_VARIANT_FIELD: return 0;
    default: return -1;
    }
}

static void apply(uint64_t *begun, uint64_t *kept, const FactEvent *event) {
    uint64_t bit = UINT64_C(1) << (event->fact % 64);
    if (event->kind == FACT_BEGINS) *begun |= bit;
    if (event->kind == FACT_ENDS) {
        *begun &= ~bit;
        *kept &= ~bit;
    }
}

static void solve(const Cfg *cfg, BlockFacts *facts) {
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t n = 1; n < cfg->count; n++) {
            uint64_t in = UINT64_MAX;
            for (uint32_t p = cfg->pred_start[n]; p < cfg->pred_start[n + 1]; p++) {
                const BlockFacts *pred = &facts[cfg->preds[p]];
                in &= (pred->in & pred->kept) | pred->begun;
            }
            changed |= in != facts[n].in;
            facts[n].in = in;
        }
    }
}

static const FactEvent *first_unmet(Verify *v, const FactEvent *first, const FactEvent *end, BlockFacts *facts) {
    for (uint32_t n = 0; n < v->cfg->count; n++) facts[n] = (BlockFacts){n ? UINT64_MAX : 0, 0, UINT64_MAX};
    for (const FactEvent *e = first; e < end; e++) apply(&facts[e->block].begun, &facts[e->block].kept, e);
    solve(v->cfg, facts);
    uint64_t holding = 0, unused = UINT64_MAX;
    for (const FactEvent *e = first; e < end; e++) {
        if (e == first || e->block != e[-1].block) holding = facts[e->block].in;
        if (e->kind == FACT_NEEDED && !(holding >> (e->fact % 64) & 1)) return e;
        apply(&holding, &unused, e);
    }
    return NULL;
}

const FactEvent *verify_facts(Verify *v, const FactEvents *events, uint32_t count) {
    if (!count) return NULL;
    uint32_t groups = (count + 63) / 64;
    uint32_t *start = ARENA_ARRAY(v->arena, uint32_t, groups + 1), *filled = ARENA_ARRAY(v->arena, uint32_t, groups);
    FactEvent *grouped = ARENA_ARRAY(v->arena, FactEvent, events->len);
    BlockFacts *facts = ARENA_ARRAY(v->arena, BlockFacts, v->cfg->count);
    VEC_EACH (FactEvent, e, events) start[e->fact / 64 + 1]++;
    for (uint32_t g = 0; g < groups; g++) start[g + 1] += start[g];
    VEC_EACH (FactEvent, e, events) grouped[start[e->fact / 64] + filled[e->fact / 64]++] = *e;
    for (uint32_t g = 0; g < groups; g++) {
        const FactEvent *unmet = first_unmet(v, grouped + start[g], grouped + start[g + 1], facts);
        if (!unmet) continue;
        v->block = unmet->inst->block;
        v->inst = unmet->inst;
        return unmet;
    }
    return NULL;
}
