// Tidies the graph that lowering leaves: jumps to blocks that only jump go straight to the end of the chain, a branch
// with one target becomes a jump, blocks that cannot be reached go away, and a block with one way in is joined to the
// block it follows. What instructions do is not touched. Ids are dense again afterwards.
//
// During the pass `scratch` of a block holds a Prune.
#include "qtjir/ir.h"

typedef struct Prune {
    IrBlock *forward; // where a jump to this block really leads
    uint32_t edges; // ways into it from reachable blocks
    IrBlock *only_pred; // the source of the last edge counted
    bool reached;
    bool joins; // goes to the end of its only predecessor
} Prune;

static Prune *note(const IrBlock *b) { return b->scratch; }

static bool only_jumps(const IrBlock *b) { return b->first == b->last && b->last->op == IR_JUMP; }

// The end of the chain of empty blocks that begins at b. Chains are walked once: all of their blocks get the answer. A
// circle of empty blocks leads to itself.
static IrBlock *chain_end(IrBlock *b) {
    IrBlock *end = b;
    while (!note(end)->forward && only_jumps(end)) {
        note(end)->forward = end;
        end = end->last->jump.targets[0];
    }
    if (note(end)->forward) end = note(end)->forward;
    for (IrBlock *at = b; at != end && note(at)->forward == at;) {
        IrBlock *next = at->last->jump.targets[0];
        note(at)->forward = end;
        at = next;
    }
    note(end)->forward = end;
    return end;
}

static void thread_jumps(IrFunc *f) {
    for (IrBlock *b = f->entry; b; b = b->next) {
        IrInst *last = b->last;
        for (uint32_t t = 0; t < ir_target_count(last); t++) *ir_target(last, t) = chain_end(*ir_target(last, t));
        if (last->op == IR_BRANCH && last->jump.targets[0] == last->jump.targets[1]) {
            last->op = IR_JUMP;
            last->arg_count = 0;
        }
    }
}

static void mark_reachable(Arena *arena, IrFunc *f) {
    VEC(IrBlock *) work = {0};
    note(f->entry)->reached = true;
    VEC_PUSH(arena, &work, f->entry);
    while (work.len) {
        IrBlock *b = VEC_POP(&work);
        for (uint32_t t = 0; t < ir_target_count(b->last); t++) {
            IrBlock *target = *ir_target(b->last, t);
            note(target)->edges++;
            note(target)->only_pred = b;
            if (note(target)->reached) continue;
            note(target)->reached = true;
            VEC_PUSH(arena, &work, target);
        }
    }
}

static void keep_reached(IrFunc *f) {
    if (FAULT_IN(f->module->types, BLOCKS_LEFT)) return;
    IrBlock *last = NULL;
    for (IrBlock *b = f->entry; b; b = b->next) {
        if (!note(b)->reached) continue;
        if (last) last->next = b;
        last = b;
    }
    last->next = NULL;
    f->last_block = last;
}

// True when b is entered from one place only, by a jump.
static bool joins_its_pred(const IrFunc *f, const IrBlock *b) {
    if (b == f->entry || note(b)->edges != 1 || note(b)->only_pred == b) return false;
    const IrInst *last =
        note(b)->only_pred->last; // none: the predecessor was absorbed, and what it ended in was no jump
    return last && last->op == IR_JUMP;
}

static void absorb(IrBlock *b, IrBlock *next) {
    ir_remove(b->last);
    for (IrInst *i = next->first; i; i = i->next) i->block = b;
    next->first->prev = b->last;
    if (b->last)
        b->last->next = next->first;
    else
        b->first = next->first;
    b->last = next->last;
    next->first = next->last = NULL;
    note(next)->reached = false;
}

// Only the head of a chain absorbs, so every instruction moves at most once.
static void join_blocks(IrFunc *f) {
    Prune *absorbed = NULL;
    for (IrBlock *b = f->entry; b; b = b->next) note(b)->joins = joins_its_pred(f, b);
    for (IrBlock *b = f->entry; b; b = b->next) {
        if (!note(b)->reached || note(b)->joins) continue;
        while (b->last->op == IR_JUMP) {
            IrBlock *next = b->last->jump.targets[0];
            if (!note(next)->joins) break;
            absorb(b, next);
            absorbed = note(next);
        }
    }
    if (absorbed) keep_reached(f);
}

static void prune_func(Arena *arena, IrFunc *f) {
    for (IrBlock *b = f->entry; b; b = b->next) b->scratch = ARENA_NEW(arena, Prune);
    thread_jumps(f);
    mark_reachable(arena, f);
    keep_reached(f);
    join_blocks(f);
    for (IrBlock *b = f->entry; b; b = b->next) b->scratch = NULL;
    ir_func_renumber(f);
}

void pass_prune(IrModule *m) {
    Arena *arena = arena_create();
    for (uint32_t i = 0; i < m->funcs.len; i++) {
        if (!m->funcs.items[i]->entry) continue;
        prune_func(arena, m->funcs.items[i]);
        arena_reset(arena);
    }
    arena_destroy(arena);
    m->unreachable_removed = true;
}
