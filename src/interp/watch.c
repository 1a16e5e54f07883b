// What a driver may know of memory and threads, and what it is told when things happen that it does not commit.
#include "interp/internal.h"

void interp_observe(InterpMachine *m, const InterpObserver *observer) {
    m->observer = observer ? *observer : (InterpObserver){0};
}

void object_forget_shadow(Machine *m, Object *o) {
    if (!o->shadow) return;
    if (m->observer.death) m->observer.death(m->observer.context, o);
    o->shadow = NULL;
}

void kernel_accesses(Thread *t, InterpOpKind kind, Object *o, uint64_t offset, uint64_t size) {
    Machine *m = t->m;
    if (m->concurrent && (o->flags & OBJECT_SHARED) && m->observer.kernel_access)
        m->observer.kernel_access(m->observer.context, t, kind, o, offset, size);
}

// An instruction that is run again after an operation of its own was committed has been here before.
bool plain_accesses(Thread *t, InterpOpKind kind, Object *o, uint64_t offset, uint64_t size) {
    const InterpObserver *observer = &t->m->observer;
    if (observer->plain_access)
        return t->granted || observer->plain_access(observer->context, t, kind, o, offset, size);
    InterpOp op = {.kind = kind, .object = o, .address = o->base + offset, .offset = offset, .size = size};
    return op_visible(t, &op);
}

void **interp_object_shadow(InterpObject *o) { return &o->shadow; }
uint64_t interp_object_size(const InterpObject *o) { return o->full_size; }
InterpPast interp_object_past(const InterpObject *o) { return (InterpPast){o->owner, o->local_read, o->local_write}; }

void interp_thread_stamp(InterpThread *t, uint32_t stamp) { t->stamp = stamp; }
const IrInst *interp_thread_inst(const InterpThread *t) { return thread_origin(t); }
const Interp *interp_machine_program(const InterpMachine *m) { return m->interp; }

bool interp_op_stands(const InterpThread *t) {
    const InterpOp *op = &t->op;
    const Object *o = op->object;
    if (!op->size || !o) return true;
    return op->address - o->base == op->offset && op->offset < o->size && o->size - op->offset >= op->size;
}

bool interp_charge(InterpMachine *m, uint64_t size) {
    if (size > m->limits.memory || m->memory_used > m->limits.memory - size) return false;
    m->memory_used += size;
    return true;
}

uint64_t interp_memory_limit(const InterpMachine *m) { return m->limits.memory; }
