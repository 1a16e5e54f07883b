// Memory that the lowering made for itself is written before it is read: a temporary on every path to a read, the
// result of a function on every path to a return. A branch that forgets its value, or a null that is never written,
// shows here.
//
// Only what nobody else can be blamed for is judged. A local may be read before it has a value, that is the program's
// affair; and once an address has gone where it cannot be followed, its memory counts as written. A write to a part
// counts for the whole, as aggregates are built part by part. The sets are solved for 64 places at a time.
#include "qtjir/verify_internal.h"

typedef enum UseKind { USE_NONE, USE_READ, USE_WRITE, USE_FORGET } UseKind;

typedef struct Use {
    const IrInst *inst;
    uint32_t block; // index in the Cfg
    uint32_t place; // number among the judged ones
    UseKind kind;
} Use;

typedef struct Fill {
    uint32_t places;
    uint32_t *number; // by id of an address: its place + 1, or 0
    VEC(Use) uses; // in program order
} Fill;

typedef struct BlockFill {
    uint64_t in, set, keep; // surely written at the start; gets written; is not forgotten
} BlockFill;

static bool is_judged(Verify *v, const IrInst *i) {
    if (i->op == IR_SLOT) return !i->slot.local && !i->slot.name && !type_is_zero_sized(i->slot.type_arg);
    return i->op == IR_PARAM && i->path.index == 0 && ir_result_by_address(v->f->type) &&
           !type_is_zero_sized(v->f->type->element);
}

// The operand whose place the result lies in, or -1.
static int place_base(const IrInst *i) {
    switch (i->op) {
    case IR_FIELD_ADDR:
    case IR_ELEM_ADDR:
    case IR_OPTIONAL_PAYLOAD:
    case IR_OPTIONAL_SET_SOME:
    case IR_ERROR_PAYLOAD:
    case IR_ERROR_SET_OK:
    case IR_VARIANT_FIELD: return 0;
    case IR_PTR_CAST: return i->type->element == i->args[0]->type->element ? 0 : -1;
    default: return -1;
    }
}

static UseKind call_use(const Type *type, uint32_t k) {
    return k == 0 && ir_result_by_address(type) ? USE_WRITE : USE_READ;
}

static UseKind use_of(const IrInst *i, uint32_t k) {
    switch (i->op) {
    case IR_LIVE:
    case IR_DEAD: return USE_FORGET;
    case IR_LOAD:
    case IR_MEM_EQUAL:
    case IR_OPTIONAL_HAS:
    case IR_ERROR_IS:
    case IR_ERROR_CODE:
    case IR_ENUM_TAG:
    case IR_ATOMIC_LOAD: return USE_READ;
    case IR_COPY:
    case IR_MEM_COPY: return k == 0 ? USE_WRITE : USE_READ;
    case IR_CALL: return call_use(i->func->type, k);
    case IR_CALL_PTR: return k == 0 ? USE_READ : call_use(i->args[0]->type, k - 1);
    case IR_OPTIONAL_SET_SOME:
    case IR_ERROR_SET_OK: return USE_WRITE;
    default: return place_base(i) == (int)k ? USE_NONE : USE_WRITE;
    }
}

static void collect_uses(Verify *v, Fill *fill) {
    uint32_t result = 0;
    for (uint32_t n = 0; n < v->cfg->count; n++)
        for (const IrInst *i = v->cfg->blocks[n]->first; i; i = i->next) {
            for (uint32_t k = 0; k < i->arg_count; k++) {
                uint32_t number = fill->number[i->args[k]->id];
                UseKind kind = number ? use_of(i, k) : USE_NONE;
                if (kind != USE_NONE) VEC_PUSH(v->arena, &fill->uses, ((Use){i, n, number - 1, kind}));
            }
            if (i->op == IR_RET && result) VEC_PUSH(v->arena, &fill->uses, ((Use){i, n, result - 1, USE_READ}));
            int base = place_base(i);
            if (base >= 0) fill->number[i->id] = fill->number[i->args[base]->id];
            if (!is_judged(v, i)) continue;
            fill->number[i->id] = ++fill->places;
            if (i->op == IR_PARAM) result = fill->places;
        }
}

static void apply(uint64_t *set, uint64_t *keep, const Use *use) {
    uint64_t bit = UINT64_C(1) << (use->place % 64);
    if (use->kind == USE_WRITE) *set |= bit;
    if (use->kind == USE_FORGET) {
        *set &= ~bit;
        *keep &= ~bit;
    }
}

static void solve(const Cfg *cfg, BlockFill *fills) {
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t n = 1; n < cfg->count; n++) {
            uint64_t in = UINT64_MAX;
            for (uint32_t p = cfg->pred_start[n]; p < cfg->pred_start[n + 1]; p++) {
                const BlockFill *pred = &fills[cfg->preds[p]];
                in &= (pred->in & pred->keep) | pred->set;
            }
            changed |= in != fills[n].in;
            fills[n].in = in;
        }
    }
}

static bool verify_group(Verify *v, const Use *uses, uint32_t count, BlockFill *fills) {
    for (uint32_t n = 0; n < v->cfg->count; n++) fills[n] = (BlockFill){n ? UINT64_MAX : 0, 0, UINT64_MAX};
    for (const Use *u = uses; u < uses + count; u++) apply(&fills[u->block].set, &fills[u->block].keep, u);
    solve(v->cfg, fills);
    uint64_t written = 0, unused = UINT64_MAX;
    for (const Use *u = uses; u < uses + count; u++) {
        if (u == uses || u->block != u[-1].block) written = fills[u->block].in;
        if (u->kind == USE_READ && !(written >> (u->place % 64) & 1)) {
            v->block = u->inst->block;
            v->inst = u->inst;
            return verify_fail(v, u->inst->op == IR_RET ? "the result may not have been written"
                                                        : "a temporary is read where it may not have been written");
        }
        apply(&written, &unused, u);
    }
    return true;
}

bool verify_fill(Verify *v) {
    Fill fill = {.number = ARENA_ARRAY(v->arena, uint32_t, v->f->inst_count)};
    collect_uses(v, &fill);
    if (!fill.places) return true;
    BlockFill *fills = ARENA_ARRAY(v->arena, BlockFill, v->cfg->count);
    Use *group = ARENA_ARRAY(v->arena, Use, fill.uses.len + 1);
    uint32_t *start = ARENA_ARRAY(v->arena, uint32_t, fill.places / 64 + 2);
    VEC_EACH (Use, u, &fill.uses) start[u->place / 64 + 1]++;
    for (uint32_t g = 0; g <= fill.places / 64; g++) start[g + 1] += start[g];
    uint32_t *filled = ARENA_ARRAY(v->arena, uint32_t, fill.places / 64 + 1);
    VEC_EACH (Use, u, &fill.uses) group[start[u->place / 64] + filled[u->place / 64]++] = *u;
    for (uint32_t g = 0; g <= fill.places / 64; g++)
        if (!verify_group(v, group + start[g], start[g + 1] - start[g], fills)) return false;
    return true;
}
