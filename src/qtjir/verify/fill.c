// Memory that the lowering made for itself is written before it is read: a temporary on every path to a read, the
// result of a function on every path to a return. A branch that forgets its value, or a null that is never written,
// shows here.
//
// Only what nobody else can be blamed for is judged. A local may be read before it has a value, that is the program's
// affair; and once an address has gone where it cannot be followed, its memory counts as written. A write to a part
// counts for the whole, as aggregates are built part by part.
#include "qtjir/verify/internal.h"

typedef struct Fill {
    uint32_t places;
    uint32_t *number; // by id of an address: its place + 1, or 0
    FactEvents uses;
} Fill;

static bool is_judged(Verify *v, const IrInst *i) {
    if (i->op == IR_SLOT) return !i->slot.local && !i->slot.name && !type_is_zero_sized(i->slot.type_arg);
    return i->op == IR_PARAM && i->path.index == 0 && ir_result_by_address(v->f->type) &&
           !type_is_zero_sized(v->f->type->element);
}

// The operand whose place the result lies in, or -1; a cast to an address of the same type, too.
static int place_base(const IrInst *i) {
    if (i->op == IR_PTR_CAST) return i->type->element == i->args[0]->type->element ? 0 : -1;
    return verify_place_base(i->op);
}

static FactKind call_use(const Type *type, uint32_t k) {
    return k == 0 && ir_result_by_address(type) ? FACT_BEGINS : FACT_NEEDED;
}

static FactKind use_of(const IrInst *i, uint32_t k) {
    switch (i->op) {
    case IR_LIVE:
    case IR_DEAD: return FACT_ENDS;
    case IR_LOAD:
    case IR_MEM_EQUAL:
    case IR_OPTIONAL_HAS:
    case IR_ERROR_IS:
    case IR_ERROR_CODE:
    case IR_ENUM_TAG:
    case IR_ATOMIC_LOAD:
    case IR_VOLATILE_LOAD: return FACT_NEEDED;
    case IR_COPY:
    case IR_MEM_COPY: return k == 0 ? FACT_BEGINS : FACT_NEEDED;
    case IR_CALL: return call_use(i->func->type, k);
    case IR_CALL_PTR: return k == 0 ? FACT_NEEDED : call_use(i->args[0]->type, k - 1);
    case IR_OPTIONAL_SET_SOME:
    case IR_ERROR_SET_OK: return FACT_BEGINS;
    default: return place_base(i) == (int)k ? FACT_UNTOUCHED : FACT_BEGINS;
    }
}

static void collect_uses(Verify *v, Fill *fill) {
    uint32_t result = 0;
    for (uint32_t n = 0; n < v->cfg->count; n++)
        for (const IrInst *i = v->cfg->blocks[n]->first; i; i = i->next) {
            for (uint32_t k = 0; k < i->arg_count; k++) {
                uint32_t number = fill->number[i->args[k]->id];
                FactKind kind = number ? use_of(i, k) : FACT_UNTOUCHED;
                if (kind != FACT_UNTOUCHED) VEC_PUSH(v->arena, &fill->uses, ((FactEvent){i, n, number - 1, kind}));
            }
            if (i->op == IR_RET && result)
                VEC_PUSH(v->arena, &fill->uses, ((FactEvent){i, n, result - 1, FACT_NEEDED}));
            int base = place_base(i);
            if (base >= 0) fill->number[i->id] = fill->number[i->args[base]->id];
            if (!is_judged(v, i)) continue;
            fill->number[i->id] = ++fill->places;
            if (i->op == IR_PARAM) result = fill->places;
        }
}

bool verify_fill(Verify *v) {
    Fill fill = {.number = ARENA_ARRAY(v->arena, uint32_t, v->f->inst_count)};
    collect_uses(v, &fill);
    const FactEvent *unmet = verify_facts(v, &fill.uses, fill.places);
    if (!unmet) return true;
    return verify_fail(v, unmet->inst->op == IR_RET ? "the result may not have been written"
                                                    : "a temporary is read where it may not have been written");
}
