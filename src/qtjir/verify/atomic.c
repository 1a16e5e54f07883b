// Rules of atomics: what may be accessed atomically, which operations a type has, and which orders an operation can
// have.
#include "qtjir/verify/internal.h"

static bool eligible(Verify *v, const Type *t) {
    bool plain = t->kind == TYPE_ENUM && t->is_plain_enum;
    bool address = t->kind == TYPE_PTR || (t->kind == TYPE_OPTIONAL && t->element->kind == TYPE_PTR);
    if (type_is_int(t) || t->kind == TYPE_BOOL || address || plain) return true;
    return verify_fail(v, "`%s` cannot be accessed atomically", verify_text(v, t));
}

static Type *atomic_operand(Verify *v, const IrInst *i, uint32_t k) {
    Type *t = verify_address(v, i, k);
    return t && eligible(v, t) ? t : NULL;
}

static bool order_exists(Verify *v, MemoryOrder order) {
    return order <= ORDER_SEQ_CST || verify_fail(v, "there is no such memory order");
}

static bool order_not(Verify *v, MemoryOrder order, MemoryOrder refused) {
    return order != refused || verify_fail(v, "the order cannot be %s", text_order(refused));
}

// What only reads, and so releases nothing.
static bool load_order(Verify *v, MemoryOrder order) {
    return order_exists(v, order) && order_not(v, order, ORDER_RELEASE) && order_not(v, order, ORDER_ACQ_REL);
}

bool rule_ATOMIC_LOAD(Verify *v, const IrInst *i) {
    Type *t = atomic_operand(v, i, 0);
    return t && verify_result(v, i, t) && load_order(v, i->atomic.order);
}

bool rule_ATOMIC_STORE(Verify *v, const IrInst *i) {
    Type *t = atomic_operand(v, i, 0);
    MemoryOrder order = i->atomic.order;
    return t && verify_writable(v, i, 0) && verify_operand(v, i, 1, t) && order_exists(v, order) &&
           order_not(v, order, ORDER_ACQUIRE) && order_not(v, order, ORDER_CONSUME) &&
           order_not(v, order, ORDER_ACQ_REL);
}

static bool rmw_fits(Verify *v, const Type *t, RmwOp op) {
    if (op > RMW_MAX) return verify_fail(v, "there is no such read-modify-write operation");
    bool bits = op == RMW_AND || op == RMW_OR || op == RMW_XOR || op == RMW_NAND;
    if (type_is_int(t) || op == RMW_XCHG || (bits && t->kind == TYPE_BOOL)) return true;
    return verify_fail(v, "`%s` has no atomic %s", verify_text(v, t), text_rmw(op));
}

bool rule_ATOMIC_RMW(Verify *v, const IrInst *i) {
    Type *t = atomic_operand(v, i, 0);
    return t && verify_writable(v, i, 0) && verify_operand(v, i, 1, t) && verify_result(v, i, t) &&
           rmw_fits(v, t, i->atomic.rmw) && order_exists(v, i->atomic.order);
}

bool rule_ATOMIC_CMPXCHG(Verify *v, const IrInst *i) {
    Type *result = verify_address_of(v, i, 0, TYPE_OPTIONAL, "an optional");
    Type *t = result ? atomic_operand(v, i, 1) : NULL;
    if (!t) return false;
    if (result->element != t)
        return verify_fail(v, "operand 1 must be the address of an optional `%s`, it is `%s`", verify_text(v, t),
                           verify_text(v, i->args[0]->type));
    return verify_writable(v, i, 0) && verify_writable(v, i, 1) && verify_operand(v, i, 2, t) &&
           verify_operand(v, i, 3, t) && order_exists(v, i->atomic.order) && load_order(v, i->atomic.failure_order);
}

bool rule_FENCE(Verify *v, const IrInst *i) { return order_exists(v, i->atomic.order); }
bool rule_COMPILER_FENCE(Verify *v, const IrInst *i) { return order_exists(v, i->atomic.order); }
