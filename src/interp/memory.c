// Bytes and their shadows: what is defined, and what the addresses among them point to. Everything that changes bytes
// goes through here or through the fast paths of run.c, which do the same for one scalar.
//
// An address loses its object when its bytes are overwritten in part or moved to an odd place; whoever reads an address
// without an object, or makes one from an integer, gets the exposed object that lies there. Reading the bytes of an
// address as anything else, and copying only some of them, exposes the object.
#include "base/memory.h"

#include <stdlib.h>

#include "interp/internal.h"

const Object object_none = {.kind = OBJECT_NONE};
const Object object_undefined = {.kind = OBJECT_UNDEFINED};

void *memory_zeroed(uint64_t size) {
    void *bytes = memory_acquire(size ? size : 1);
    memset(bytes, 0, size ? size : 1);
    return bytes;
}

bool memory_reserve(Thread *t, uint64_t size) {
    Machine *m = t->m;
    if (size > m->limits.memory || m->memory_used > m->limits.memory - size)
        return fail(t, INTERP_FAIL_LIMIT, 0, "%s needs more than %llu MiB of memory",
                    m->pure ? "the evaluation" : "the program", (unsigned long long)(m->limits.memory >> 20));
    m->memory_used += size;
    return true;
}

void memory_release_reserved(Machine *m, uint64_t size) {
    m->memory_used -= size < m->memory_used ? size : m->memory_used;
}

void interp_discharge(InterpMachine *m, uint64_t size) { memory_release_reserved(m, size); }

// ---- the definedness shadow ------------------------------------------------------------------------------------------

static uint64_t shadow_bytes(uint64_t size) { return size / 8 + 9; }

static uint64_t targets_bytes(uint64_t size) { return (size / 8 + 1) * sizeof(Object *); }

static bool bit_of(const uint8_t *bits, uint64_t at) { return bits[at >> 3] >> (at & 7) & 1; }

static void bit_set(uint8_t *bits, uint64_t at, bool on) {
    if (on)
        bits[at >> 3] |= (uint8_t)(1 << (at & 7));
    else
        bits[at >> 3] &= (uint8_t)~(1 << (at & 7));
}

static void bits_fill(uint8_t *bits, uint64_t at, uint64_t count, bool on) {
    while (count && (at & 7)) bit_set(bits, at++, on), count--;
    memset(bits + (at >> 3), on ? 0xff : 0, count >> 3);
    at += count & ~UINT64_C(7);
    for (count &= 7; count; count--) bit_set(bits, at++, on);
}

static bool bits_all(const uint8_t *bits, uint64_t at, uint64_t count) {
    while (count && (at & 7)) {
        if (!bit_of(bits, at++)) return false;
        count--;
    }
    for (; count >= 8; count -= 8, at += 8)
        if (bits[at >> 3] != 0xff) return false;
    for (; count; count--)
        if (!bit_of(bits, at++)) return false;
    return true;
}

bool memory_defined(const Object *o, uint64_t offset, uint64_t size) {
    return !o->defined || bits_all(o->defined, offset, size);
}

uint64_t memory_undefined_mask(const Object *o, uint64_t offset, uint64_t size) {
    if (!o->defined) return 0;
    uint16_t bits;
    memcpy(&bits, o->defined + (offset >> 3), sizeof bits);
    return ~(uint64_t)(bits >> (offset & 7)) & ((UINT64_C(1) << size) - 1);
}

static void ensure_defined_shadow(Machine *m, Object *o) {
    if (o->defined) return;
    uint64_t size = shadow_bytes(o->full_size);
    o->defined = memory_acquire(size);
    memset(o->defined, 0xff, size);
    o->flags |= OBJECT_OWNS_DEFINED;
    m->memory_used += size;
}

static void drop_targets(Object *o, uint64_t offset, uint64_t size) {
    if (!o->targets || !size) return;
    for (uint64_t w = offset >> 3; w <= (offset + size - 1) >> 3; w++) o->targets[w] = NULL;
}

static void ensure_targets(Machine *m, Object *o) {
    if (o->targets) return;
    uint64_t size = targets_bytes(o->full_size);
    if (o->target_room) {
        o->targets = o->target_room;
        memset(o->targets, 0, size);
        return;
    }
    o->targets = memory_zeroed(size);
    o->flags |= OBJECT_OWNS_TARGETS;
    m->memory_used += size;
}

void memory_set_defined(Machine *m, Object *o, uint64_t offset, uint64_t size, bool defined) {
    if (!size || (defined && !o->defined)) return;
    ensure_defined_shadow(m, o);
    bits_fill(o->defined, offset, size, defined);
    if (!defined) drop_targets(o, offset, size);
}

// ---- scalars ---------------------------------------------------------------------------------------------------------

static void set_mask(Machine *m, Object *o, uint64_t offset, uint64_t size, uint64_t undefined) {
    if (!o->defined && !undefined) return;
    ensure_defined_shadow(m, o);
    uint16_t bits, all = (uint16_t)(((UINT32_C(1) << size) - 1) << (offset & 7));
    uint8_t *at = o->defined + (offset >> 3);
    memcpy(&bits, at, sizeof bits);
    bits = (uint16_t)((bits | all) & ~(undefined << (offset & 7) & all));
    memcpy(at, &bits, sizeof bits);
}

void memory_store(Machine *m, Object *o, uint64_t offset, uint64_t size, Value v) {
    memcpy(o->bytes + offset, &v.bits, size);
    set_mask(m, o, offset, size, v.undefined);
    drop_targets(o, offset, size);
}

void memory_store_address(Machine *m, Object *o, uint64_t offset, Value v) {
    memcpy(o->bytes + offset, &v.bits, 8);
    bool is_undefined = value_is_undefined_address(v);
    set_mask(m, o, offset, 8, is_undefined ? 0xff : 0);
    if (is_undefined || v.object == NO_OBJECT) {
        drop_targets(o, offset, 8);
        return;
    }
    ensure_targets(m, o);
    if (offset & 7) {
        drop_targets(o, offset, 8);
        memory_expose(m, v.object);
    } else {
        o->targets[offset >> 3] = v.object;
    }
    if (o->flags & OBJECT_SHARED) memory_share(m, v.object);
}

Value memory_load_address(Machine *m, Thread *t, Object *o, uint64_t offset) {
    Value v;
    memcpy(&v.bits, o->bytes + offset, 8);
    if (memory_undefined_mask(o, offset, 8)) {
        v.object = UNDEFINED_OBJECT;
        return v;
    }
    if (o->targets && !(offset & 7) && o->targets[offset >> 3]) {
        v.object = o->targets[offset >> 3];
        return v;
    }
    return memory_from_int(m, t, v.bits);
}

Value memory_load(Machine *m, Thread *t, Object *o, uint64_t offset, Shape shape) {
    if (shape.is_address) return memory_load_address(m, t, o, offset);
    Value v = {0};
    memcpy(&v.bits, o->bytes + offset, shape.size);
    v.bits = number_extend(v.bits, shape.shift, shape.is_signed);
    v.undefined = memory_undefined_mask(o, offset, shape.size);
    memory_expose_range(m, o, offset, shape.size);
    return v;
}

void interp_poke(InterpObject *o, uint64_t offset, uint64_t size, InterpValue value, bool is_address) {
    if (offset > o->size || o->size - offset < size) return;
    memcpy(o->bytes + offset, &value.bits, size);
    if (o->defined) bits_fill(o->defined, offset, size, true);
    drop_targets(o, offset, size);
    if (is_address && o->targets && !(offset & 7) && value.object->kind > OBJECT_UNDEFINED)
        o->targets[offset >> 3] = value.object;
}

// ---- ranges ----------------------------------------------------------------------------------------------------------

static void copy_defined(Machine *m, Object *to, uint64_t to_at, Object *from, uint64_t from_at, uint64_t size) {
    if (!from->defined || memory_defined(from, from_at, size)) {
        if (to->defined) bits_fill(to->defined, to_at, size, true);
        return;
    }
    ensure_defined_shadow(m, to);
    if (to == from && to_at > from_at) {
        for (uint64_t i = size; i-- > 0;) bit_set(to->defined, to_at + i, bit_of(from->defined, from_at + i));
        return;
    }
    uint64_t i = 0;
    if (((to_at ^ from_at) & 7) == 0) {
        for (; i < size && ((to_at + i) & 7); i++) bit_set(to->defined, to_at + i, bit_of(from->defined, from_at + i));
        uint64_t whole = (size - i) >> 3;
        memmove(to->defined + ((to_at + i) >> 3), from->defined + ((from_at + i) >> 3), whole);
        i += whole << 3;
    }
    for (; i < size; i++) bit_set(to->defined, to_at + i, bit_of(from->defined, from_at + i));
}

// Whole words keep their objects; what is copied in part is exposed.
static void copy_targets(Machine *m, Object *to, uint64_t to_at, Object *from, uint64_t from_at, uint64_t size) {
    if (!from->targets) {
        drop_targets(to, to_at, size);
        return;
    }
    bool aligned = ((to_at ^ from_at) & 7) == 0;
    uint64_t lead = aligned ? (8 - (to_at & 7)) & 7 : size;
    if (lead > size) lead = size;
    uint64_t words = (size - lead) >> 3, tail = size - lead - words * 8;
    if (lead) memory_expose_range(m, from, from_at, lead);
    if (tail) memory_expose_range(m, from, from_at + size - tail, tail);
    if (words) {
        ensure_targets(m, to);
        Object **first = to->targets + ((to_at + lead) >> 3);
        memmove(first, from->targets + ((from_at + lead) >> 3), words * sizeof(Object *));
        if (to->flags & OBJECT_SHARED)
            for (uint64_t w = 0; w < words; w++)
                if (first[w]) memory_share(m, first[w]);
    }
    drop_targets(to, to_at, lead);
    drop_targets(to, to_at + size - tail, tail);
}

void memory_copy(Machine *m, Object *to, uint64_t to_at, Object *from, uint64_t from_at, uint64_t size) {
    if (!size) return;
    memmove(to->bytes + to_at, from->bytes + from_at, size);
    copy_defined(m, to, to_at, from, from_at, size);
    copy_targets(m, to, to_at, from, from_at, size);
}

void memory_fill(Machine *m, Object *o, uint64_t offset, uint64_t size, uint8_t byte) {
    if (!size) return;
    memset(o->bytes + offset, byte, size);
    memory_set_defined(m, o, offset, size, true);
    drop_targets(o, offset, size);
}

// ---- integers and addresses --------------------------------------------------------------------------------------------

// The place in the list of exposed objects of the last one that begins at or below `address`, plus one.
static uint32_t exposed_before(const Machine *m, uint64_t address) {
    uint32_t low = 0, high = m->exposed_count;
    if (high && m->exposed[high - 1]->base <= address) return high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (m->exposed[middle]->base <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void memory_expose(Machine *m, Object *o) {
    if (o->kind > OBJECT_UNDEFINED) m->address_seen = true;
    if (o->kind <= OBJECT_FUNC || !o->size || (o->flags & OBJECT_EXPOSED)) return;
    o->flags |= OBJECT_EXPOSED;
    if (m->exposed_count == m->exposed_cap) {
        m->exposed_cap = m->exposed_cap ? m->exposed_cap * 2 : 64;
        m->exposed = memory_resize(m->exposed, m->exposed_cap * sizeof(Object *));
    }
    uint32_t at = exposed_before(m, o->base);
    memmove(m->exposed + at + 1, m->exposed + at, (m->exposed_count - at) * sizeof(Object *));
    m->exposed[at] = o;
    m->exposed_count++;
}

static void unexpose(Machine *m, Object *o) {
    uint32_t at = exposed_before(m, o->base);
    ENSURE(at > 0 && m->exposed[at - 1] == o);
    m->exposed_count--;
    memmove(m->exposed + at - 1, m->exposed + at, (m->exposed_count - (at - 1)) * sizeof(Object *));
    o->flags &= ~(uint32_t)OBJECT_EXPOSED;
}

// A record whose object is another one by now is left alone.
static bool points_into(const Object *o, uint64_t address) {
    return address >= o->base && address - o->base <= o->full_size;
}

void memory_expose_range(Machine *m, Object *o, uint64_t offset, uint64_t size) {
    if (!o->targets || !size) return;
    for (uint64_t w = offset >> 3; w <= (offset + size - 1) >> 3; w++) {
        if (!o->targets[w]) continue;
        uint64_t address;
        memcpy(&address, o->bytes + w * 8, 8);
        if (points_into(o->targets[w], address)) memory_expose(m, o->targets[w]);
    }
}

Value memory_from_int(Machine *m, Thread *t, uint64_t address) {
    uint32_t at = exposed_before(m, address);
    if (at) {
        Object *o = m->exposed[at - 1];
        if (address - o->base <= o->full_size) {
            if (t && o->owner != t->index) memory_share(m, o);
            return (Value){address, {o}};
        }
    }
    Interp *p = m->interp;
    uint64_t first = p->funcs.len ? p->funcs.items[0]->object.base : 0;
    uint64_t index = (address - first) / OBJECT_GAP;
    if (p->funcs.len && address >= first && index < p->funcs.len && p->funcs.items[index]->object.base == address)
        return (Value){address, {&p->funcs.items[index]->object}};
    return (Value){address, {NO_OBJECT}};
}

// ---- sharing ---------------------------------------------------------------------------------------------------------

static bool may_be_shared(const Object *o) {
    return o->kind > OBJECT_FUNC && o->size && !(o->flags & (OBJECT_SHARED | OBJECT_READ_ONLY));
}

void memory_share(Machine *m, Object *first) {
    if (!may_be_shared(first)) return;
    Object *work = first;
    first->flags |= OBJECT_SHARED;
    first->next_work = NULL;
    (void)m;
    while (work) {
        Object *o = work;
        work = o->next_work;
        if (!o->targets) continue;
        for (uint64_t w = 0; w < o->full_size / 8; w++) {
            Object *target = o->targets[w];
            uint64_t address;
            memcpy(&address, o->bytes + w * 8, 8);
            if (!target || !may_be_shared(target) || !points_into(target, address)) continue;
            target->flags |= OBJECT_SHARED;
            target->next_work = work;
            work = target;
        }
    }
}

// ---- the ends of objects -----------------------------------------------------------------------------------------------

void object_release_targets(Machine *m, Object *o) {
    memory_release(o->targets);
    memory_release_reserved(m, targets_bytes(o->full_size));
    o->targets = NULL;
    o->flags &= ~(uint32_t)OBJECT_OWNS_TARGETS;
}

void object_reset(Machine *m, Object *o) {
    uint64_t returned = 0;
    if (o->flags & OBJECT_OWNS_BYTES) memory_release(o->bytes), returned += o->full_size;
    if (o->flags & OBJECT_OWNS_DEFINED) memory_release(o->defined), returned += shadow_bytes(o->full_size);
    if (o->flags & OBJECT_OWNS_TARGETS) object_release_targets(m, o);
    if (o->page_rights) memory_release(o->page_rights);
    memory_release_reserved(m, returned);
    o->bytes = o->defined = o->page_rights = NULL;
    o->targets = NULL;
    o->size = 0;
    o->flags = OBJECT_FREED;
}

void object_end(Machine *m, Object *o) {
    if (o->flags & OBJECT_EXPOSED) unexpose(m, o);
    object_forget_shadow(m, o);
    object_reset(m, o);
}
