// Rules that need every path of a function: a definition dominates its uses; a slot is not used where it may be dead;
// the open cleanup tokens of a place are the same however it is reached.
//
// Slots are judged 64 at a time, one word a block, so memory does not grow with blocks times slots. An address computed
// from a slot by the ops of address_base counts as the slot. A pointer the program holds does not: ptr.cast makes one
// of an address, and so does memory; keeping it longer than what it points to is the program's mistake, not the
// compiler's.
#include "qtjir/verify_internal.h"

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

typedef enum TouchKind { TOUCH_USE, TOUCH_LIVE, TOUCH_DEAD } TouchKind;

typedef struct Touch {
    const IrInst *inst;
    uint32_t block; // index in the Cfg
    uint32_t slot; // number among the tracked ones
    TouchKind kind;
} Touch;

typedef struct SlotLife {
    uint32_t tracked; // slots that have a live or a dead
    uint32_t *number; // by id of the address: number of its slot + 1, or 0
    Touch *touches; // grouped by slot / 64, in program order within
    uint32_t *group_start;
    uint32_t groups;
    VEC(Touch) all;
} SlotLife;

// The operand whose place the result lies in, or -1.
static int address_base(IrOp op) {
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
            TouchKind kind = i->op == IR_LIVE ? TOUCH_LIVE : i->op == IR_DEAD ? TOUCH_DEAD : TOUCH_USE;
            for (uint32_t k = 0; k < i->arg_count; k++) {
                uint32_t number = life->number[i->args[k]->id];
                Touch touch = {i, n, number - 1, kind};
                if (number) VEC_PUSH(v->arena, &life->all, touch);
            }
            int base = address_base(i->op);
            if (base >= 0) life->number[i->id] = life->number[i->args[base]->id];
        }
}

static void group_touches(Verify *v, SlotLife *life) {
    life->groups = (life->tracked + 63) / 64;
    life->group_start = ARENA_ARRAY(v->arena, uint32_t, life->groups + 1);
    life->touches = ARENA_ARRAY(v->arena, Touch, life->all.len);
    for (uint32_t n = 0; n < life->all.len; n++) life->group_start[life->all.items[n].slot / 64 + 1]++;
    for (uint32_t g = 0; g < life->groups; g++) life->group_start[g + 1] += life->group_start[g];
    uint32_t *filled = ARENA_ARRAY(v->arena, uint32_t, life->groups);
    for (uint32_t n = 0; n < life->all.len; n++) {
        uint32_t group = life->all.items[n].slot / 64;
        life->touches[life->group_start[group] + filled[group]++] = life->all.items[n];
    }
}

typedef struct BlockLife {
    uint64_t in, set, keep; // surely alive at the start; made alive; not made dead
} BlockLife;

static void apply_touch(uint64_t *set, uint64_t *keep, const Touch *touch) {
    uint64_t bit = UINT64_C(1) << (touch->slot % 64);
    if (touch->kind == TOUCH_LIVE) *set |= bit;
    if (touch->kind == TOUCH_DEAD) {
        *set &= ~bit;
        *keep &= ~bit;
    }
}

static void solve_life(const Cfg *cfg, BlockLife *lives) {
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t n = 1; n < cfg->count; n++) {
            uint64_t in = UINT64_MAX;
            for (uint32_t p = cfg->pred_start[n]; p < cfg->pred_start[n + 1]; p++) {
                const BlockLife *pred = &lives[cfg->preds[p]];
                in &= (pred->in & pred->keep) | pred->set;
            }
            changed |= in != lives[n].in;
            lives[n].in = in;
        }
    }
}

static bool verify_group(Verify *v, const SlotLife *life, uint32_t group, BlockLife *lives) {
    const Touch *first = life->touches + life->group_start[group], *end = life->touches + life->group_start[group + 1];
    for (uint32_t n = 0; n < v->cfg->count; n++) lives[n] = (BlockLife){n ? UINT64_MAX : 0, 0, UINT64_MAX};
    for (const Touch *t = first; t < end; t++) apply_touch(&lives[t->block].set, &lives[t->block].keep, t);
    solve_life(v->cfg, lives);
    uint64_t alive = 0, unused = UINT64_MAX;
    for (const Touch *t = first; t < end; t++) {
        if (t == first || t->block != t[-1].block) alive = lives[t->block].in;
        if (t->kind == TOUCH_USE && !(alive >> (t->slot % 64) & 1)) {
            v->block = t->inst->block;
            v->inst = t->inst;
            return verify_fail(v, "a slot is used where it may be dead");
        }
        apply_touch(&alive, &unused, t);
    }
    return true;
}

bool verify_slots(Verify *v) {
    SlotLife life = {0};
    find_tracked(v, &life);
    if (!life.tracked) return true;
    collect_touches(v, &life);
    group_touches(v, &life);
    BlockLife *lives = ARENA_ARRAY(v->arena, BlockLife, v->cfg->count);
    for (uint32_t g = 0; g < life.groups; g++)
        if (!verify_group(v, &life, g, lives)) return false;
    return true;
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
