// Atomic operations and visible operations. Where several threads run, an atomic access to shared memory is an
// operation of its own, and what it finds is what its commit gives it.
#include "interp/internal.h"

static uint64_t extended(const Type *t, uint64_t bits, uint64_t size) {
    const Type *number = t->kind == TYPE_ENUM ? t->tag_type : t;
    return number_extend(bits, (uint32_t)(64 - size * 8), type_is_int(number) && type_is_signed(number));
}

static const Type *op_type(const InterpOp *op) {
    const IrInst *inst = op->inst;
    return inst->op == IR_ATOMIC_LOAD || inst->op == IR_ATOMIC_RMW ? inst->type : inst->args[inst->arg_count - 1]->type;
}

InterpValue interp_rmw_result(const InterpOp *op, InterpValue found) {
    uint64_t a = found.bits, b = op->value.bits, out = b;
    const Type *t = op_type(op);
    bool is_signed = type_is_int(t) && type_is_signed(t);
    InterpValue result = op->value;
    switch (op->rmw) {
    case RMW_XCHG: return result;
    case RMW_ADD: out = a + b; break;
    case RMW_SUB: out = a - b; break;
    case RMW_AND: out = a & b; break;
    case RMW_OR: out = a | b; break;
    case RMW_XOR: out = a ^ b; break;
    case RMW_NAND: out = t->kind == TYPE_BOOL ? !(a & b) : ~(a & b); break;
    case RMW_MIN: out = (is_signed ? (int64_t)a < (int64_t)b : a < b) ? a : b; break;
    case RMW_MAX: out = (is_signed ? (int64_t)a > (int64_t)b : a > b) ? a : b; break;
    }
    result.bits = extended(t, out, op->size);
    return result;
}

bool interp_exchange_succeeds(const InterpOp *op, InterpValue found) {
    uint64_t mask = op->size < 8 ? (UINT64_C(1) << (op->size * 8)) - 1 : UINT64_MAX;
    return ((found.bits ^ op->expected.bits) & mask) == 0;
}

static Value load(Thread *t, const InterpOp *op, const Type *type) {
    Shape s = shape_of(t->m->interp, type);
    return memory_load(t->m, t, op->object, op->offset, s);
}

InterpValue interp_memory_value(const InterpThread *t) { return load((Thread *)t, &t->op, op_type(&t->op)); }

static void store(Thread *t, const InterpOp *op, Value v) {
    if (op->is_address)
        memory_store_address(t->m, op->object, op->offset, v);
    else
        memory_store(t->m, op->object, op->offset, op->size, v);
}

static bool is_undefined(const InterpOp *op, Value v) {
    return op->is_address ? value_is_undefined_address(v) : v.undefined != 0;
}

// Empty when the exchange took place, else what was found.
static void store_found(Thread *t, const IrInst *inst, Value to, const InterpOp *op, bool exchanged, Value found) {
    const Layout *layout = type_layout(t->m->interp->module->types, inst->args[0]->type->element);
    uint64_t at = to.bits - to.object->base;
    if (layout->has_niche) {
        memory_store_address(t->m, to.object, at, exchanged ? (Value){0, {NO_OBJECT}} : found);
        return;
    }
    if (exchanged)
        memory_set_defined(t->m, to.object, at + layout->payload_offset, op->size, false);
    else if (op->is_address)
        memory_store_address(t->m, to.object, at + layout->payload_offset, found);
    else
        memory_store(t->m, to.object, at + layout->payload_offset, op->size, found);
    memory_store(t->m, to.object, at + layout->tag_offset, 1, (Value){!exchanged, {0}});
}

static bool carry_out(Thread *t, const IrInst *inst, const Code *c, Value *r, const InterpOp *op, Value found) {
    switch (op->kind) {
    case INTERP_OP_WRITE: store(t, op, op->value); return true;
    case INTERP_OP_READ: r[c->dst] = found; return true;
    case INTERP_OP_RMW:
        if (is_undefined(op, found) || is_undefined(op, op->value)) return fail_bytes(t, "an atomic operation");
        r[c->dst] = found;
        store(t, op, interp_rmw_result(op, found));
        return true;
    default: {
        if (is_undefined(op, found) || is_undefined(op, op->expected)) return fail_bytes(t, "a compare-exchange");
        bool exchanged = interp_exchange_succeeds(op, found) && !t->given_spurious;
        if (exchanged) store(t, op, op->value);
        store_found(t, inst, r[c->dst], op, exchanged, found);
        return true;
    }
    }
}

static InterpOpKind kind_of(IrOp op) {
    switch (op) {
    case IR_ATOMIC_LOAD: return INTERP_OP_READ;
    case IR_ATOMIC_STORE: return INTERP_OP_WRITE;
    case IR_ATOMIC_RMW: return INTERP_OP_RMW;
    default: return INTERP_OP_CMPXCHG;
    }
}

bool run_atomic(Thread *t, const IrInst *inst, const Code *c, Value *r) {
    Value address = r[c->a];
    InterpOp op = {.kind = kind_of(inst->op),
                   .is_atomic = true,
                   .object = address.object,
                   .address = address.bits,
                   .order = inst->atomic.order,
                   .failure_order = inst->atomic.failure_order,
                   .rmw = inst->atomic.rmw,
                   .weak = inst->atomic.weak,
                   .inst = inst};
    const Type *type = op_type(&op);
    Shape shape = shape_of(t->m->interp, type);
    op.size = shape.size;
    op.is_address = shape.is_address;
    op.offset = address.bits - address.object->base;
    if (op.kind == INTERP_OP_WRITE || op.kind == INTERP_OP_RMW) op.value = r[c->b];
    if (op.kind == INTERP_OP_CMPXCHG) {
        op.expected = r[c->b];
        op.value = r[c->c];
        const Layout *layout = type_layout(t->m->interp->module->types, inst->args[0]->type->element);
        if (!memory_access(t, r[c->dst], layout->size, log2_of(layout->align), true)) return false;
    }
    if (!memory_check(t, address, op.size, log2_of(op.size), op.kind != INTERP_OP_READ)) return false;
    bool visible = t->m->concurrent && (op.object->flags & OBJECT_SHARED) && !(op.object->flags & OBJECT_READ_ONLY);
    if (!visible) {
        t->given_spurious = false;
        return carry_out(t, inst, c, r, &op, op.kind == INTERP_OP_WRITE ? (Value){0} : load(t, &op, type));
    }
    return op_visible(t, &op) && carry_out(t, inst, c, r, &op, t->given);
}
