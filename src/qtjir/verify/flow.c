// Rules that need every path of a function: a definition dominates its uses; a slot is not used where it may be dead;
// the open cleanup tokens of a place are the same however it is reached.
//
// Slots are judged 64 at a time, one word a block, so memory does not grow with blocks times slots. An address computed
// from a slot by the ops of address_base counts as the slot. A pointer the program holds does not: ptr.cast makes one
// of an address, and so does memory; keeping it longer than what it points to is the program's mistake, not the
// compiler's.
#include "qtjir/verify/internal.h"

// ---- dominance -------------------------------------------------------------------------------------------------------

static bool defined_before(const Verify *v, const IrInst *def, const IrInst *use) {
    if (def->block == use->block) return v->position[def->id] < v->position[use->id];
    return cfg_reachable(v->cfg, def->block) && cfg_dominates(v->cfg, def->block, use->block);
}

bool verify_dominance(Verify *v) {
    for (uint32_t n = 0; n < v->cfg->count; n++) {
        v->block = v->cfg->blocks[n];
        for (const IrInst *i = v->block->first; i; i = i->next) {
            v->inst = i;
            for (uint32_t k = 0; k < i->arg_count; k++)
                if (!defined_before(v, i->args[k], i))
                    return verify_fail(v, "operand %u is used on a path that does not define it", k + 1);
        }
    }
    return true;
}

// ---- life of slots ---------------------------------------------------------------------------------------------------

typedef struct SlotLife {
    uint32_t tracked; // slots that have a live or a dead
    uint32_t *number; // by id of the address: number of its slot + 1, or 0
    FactEvents touches;
} SlotLife;

static void find_tracked(Verify *v, SlotLife *life) {
    life->number = ARENA_ARRAY(v->arena, uint32_t, v->f->inst_count);
    for (uint32_t n = 0; n < v->cfg->count; n++)
        for (const IrInst *i = v->cfg->blocks[n]->first; i; i = i->next)
            if ((i->op == IR_LIVE || i->op == IR_DEAD) && !life->number[i->args[0]->id])
                life->number[i->args[0]->id] = ++life->tracked;
}

static void collect_touches(Verify *v, SlotLife *life) {
    for (uint32_t n = 0; n < v->cfg->count; n++)
        for (const IrInst *i = v->cfg->blocks[n]->first; i; i = i->next) {
            FactKind kind = i->op == IR_LIVE ? FACT_BEGINS : i->op == IR_DEAD ? FACT_ENDS : FACT_NEEDED;
            for (uint32_t k = 0; k < i->arg_count; k++) {
                uint32_t number = life->number[i->args[k]->id];
                if (number) VEC_PUSH(v->arena, &life->touches, ((FactEvent){i, n, number - 1, kind}));
            }
            int base = verify_place_base(i->op);
            if (base >= 0) life->number[i->id] = life->number[i->args[base]->id];
        }
}

bool verify_slots(Verify *v) {
    SlotLife life = {0};
    find_tracked(v, &life);
    if (!life.tracked) return true;
    collect_touches(v, &life);
    return !verify_facts(v, &life.touches, life.tracked) || verify_fail(v, "a slot is used where it may be dead");
}

// ---- cleanup tokens --------------------------------------------------------------------------------------------------

// A stack of open tokens. Each push makes one, and a push is met once, so equal stacks are one object.
typedef struct OpenToken OpenToken;
struct OpenToken {
    uint64_t token;
    const OpenToken *below;
};

typedef struct TokenState {
    const OpenToken *open;
    bool known;
} TokenState;

static bool step_token(Verify *v, const IrInst *i, Map *pushed, const OpenToken **open) {
    if (i->op == IR_CLEANUP_PUSH) {
        const void *key = (const void *)(uintptr_t)(i->imm + 1);
        if (map_get(pushed, key)) return verify_fail(v, "the token is pushed a second time");
        OpenToken *top = ARENA_NEW(v->arena, OpenToken);
        *top = (OpenToken){i->imm, *open};
        map_put(v->arena, pushed, key, top);
        *open = top;
    } else if (i->op == IR_CLEANUP_POP) {
        if (!*open) return verify_fail(v, "no token is open");
        if ((*open)->token != i->imm) return verify_fail(v, "the token is not the last one opened");
        *open = (*open)->below;
    } else if (i->op == IR_RET && *open) {
        return verify_fail(v, "a cleanup is open at the return");
    }
    return true;
}

bool verify_cleanups(Verify *v) {
    TokenState *states = ARENA_ARRAY(v->arena, TokenState, v->cfg->count);
    Map pushed = {0};
    states[0].known = true;
    for (uint32_t n = 0; n < v->cfg->count; n++) {
        const OpenToken *open = states[n].open;
        v->block = v->cfg->blocks[n];
        for (const IrInst *i = v->block->first; i; i = i->next) {
            v->inst = i;
            if (!step_token(v, i, &pushed, &open)) return false;
        }
        IrInst *end = v->block->last;
        for (uint32_t t = 0; t < ir_target_count(end); t++) {
            TokenState *state = &states[v->cfg->order[(*ir_target(end, t))->id]];
            if (state->known && state->open != open)
                return verify_fail(v, "the open cleanups differ between the ways into b%u", (*ir_target(end, t))->id);
            *state = (TokenState){open, true};
        }
    }
    return true;
}
