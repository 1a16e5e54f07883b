// Frames, slots and mappings of a thread. A frame's slots lie in a stack of memory that grows by chunks, their records
// in a stack of records that grows by slabs; slabs are never freed while the machine lives, so an address that outlives
// its slot points to a record still, of which only the range of addresses can have changed.
#include "base/memory.h"

#include "interp/internal.h"

enum { CHUNK_SIZE = 256 << 10, SLAB_SIZE = 256, ROOM_FOR_FRAMES = 64, ROOM_FOR_REGS = 1024 };

// ---- stacks --------------------------------------------------------------------------------------------------------------

// What a thread always has is no charge on the memory limit.
static bool chunk_is_first(const Chunk *c) { return !c->prev && c->size == CHUNK_SIZE; }

static void chunk_release(Machine *m, Chunk *c) {
    if (!chunk_is_first(c)) memory_release_reserved(m, c->size);
    memory_release(c->bytes);
    memory_release(c);
}

static bool chunk_take(Thread *t, uint64_t size, uint8_t **out) {
    if (!t->chunk || t->chunk->size - t->chunk->used < size) {
        Chunk *next = t->chunk ? t->chunk->next : NULL;
        if (next &&
            next->size < size) { // too small for this frame: it is not needed before the frames below have ended
            t->chunk->next = next->next;
            if (next->next) next->next->prev = t->chunk;
            chunk_release(t->m, next);
            next = NULL;
        }
        if (!next) {
            uint64_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
            bool is_first = !t->chunk && room == CHUNK_SIZE;
            if (!is_first && !memory_reserve(t, room)) return false;
            next = memory_zeroed(sizeof *next);
            *next = (Chunk){.prev = t->chunk,
                            .next = t->chunk ? t->chunk->next : NULL,
                            .size = room,
                            .bytes = memory_acquire(room)};
            if (next->next) next->next->prev = next;
            if (t->chunk) t->chunk->next = next;
        }
        next->used = 0;
        t->chunk = next;
    }
    *out = t->chunk->bytes + t->chunk->used;
    t->chunk->used += size;
    return true;
}

void thread_release_chunks(Thread *t, bool all) {
    Chunk *first = t->chunk;
    while (first && first->prev) first = first->prev;
    bool keep = first && !all && chunk_is_first(first);
    for (Chunk *c = keep ? first->next : first, *next; c; c = next) {
        next = c->next;
        chunk_release(t->m, c);
    }
    t->chunk = keep ? first : NULL;
    if (!keep) return;
    first->next = NULL;
    first->used = 0;
}

static Object *slab_take(Thread *t, uint32_t count) {
    while (!t->slab || t->slab->size - t->slab->used < count) {
        Slab *next = t->slab ? t->slab->next : NULL;
        if (!next) {
            uint32_t size = count > SLAB_SIZE ? count : SLAB_SIZE;
            next = memory_zeroed(sizeof *next);
            *next = (Slab){.prev = t->slab, .size = size, .objects = memory_zeroed(size * sizeof(Object))};
            if (t->slab) t->slab->next = next;
        }
        next->used = 0;
        t->slab = next;
    }
    Object *objects = t->slab->objects + t->slab->used;
    t->slab->used += count;
    return objects;
}

// ---- slots ---------------------------------------------------------------------------------------------------------------

// A new life of the slot: at a new address, so that what points to an earlier one is known to be stale.
static void slot_appear(Thread *t, Frame *frame, uint32_t index) {
    const SlotInfo *info = &frame->func->slots[index];
    Object *o = &frame->slots[index];
    uint64_t align = UINT64_C(1) << (info->log_align < 4 ? 4 : info->log_align);
    o->base = (t->next_slot + align - 1) & ~(align - 1);
    t->next_slot = o->base + info->size + OBJECT_GAP;
    o->size = o->full_size = info->size;
    o->flags = 0;
    o->local_read = o->local_write = 0;
    o->owner = (uint16_t)t->index;
    memset(o->defined, 0, info->size / 8 + 9);
    t->extra += info->size >> 9;
    o->targets = NULL;
    t->regs[frame->regs + info->reg] = (Value){o->base, {o}};
}

static void slot_prepare(Thread *t, Frame *frame, uint32_t index, uint8_t *memory) {
    const SlotInfo *info = &frame->func->slots[index];
    Object *o = &frame->slots[index];
    o->kind = OBJECT_SLOT;
    o->origin = info->inst;
    o->bytes = memory + info->bytes_at;
    o->defined = memory + info->defined_at;
    o->target_room = info->has_addresses ? (Object **)(void *)(memory + info->targets_at) : NULL;
    o->log_align = info->log_align;
    o->page_rights = NULL;
    o->shadow = NULL;
    o->stack_users = 0;
    o->size = 0;
    o->flags = 0;
    o->targets = NULL;
    if (info->always_live)
        slot_appear(t, frame, index);
    else
        t->regs[frame->regs + info->reg] = (Value){o->base, {o}};
}

static void slot_vanish(Thread *t, Object *o) {
    if (o->flags & OBJECT_EXPOSED || o->flags & (OBJECT_OWNS_TARGETS | OBJECT_OWNS_DEFINED) || o->shadow) {
        uint8_t *bytes = o->bytes, *defined = o->flags & OBJECT_OWNS_DEFINED ? NULL : o->defined;
        object_end(t->m, o);
        o->bytes = bytes;
        o->defined = defined;
    }
    o->size = 0;
    o->flags = OBJECT_FREED;
}

static bool slot_may_end(Thread *t, Object *o) {
    if (!o->size) return true;
    if (o->stack_users)
        return fail_undefined(t, UNDEFINED_STACK, "the scope of a thread's stack ends before the thread");
    if (!t->m->concurrent || !(o->flags & OBJECT_SHARED)) return true;
    return plain_accesses(t, INTERP_OP_FREE, o, 0, o->size);
}

void slot_begin(Thread *t, Frame *frame, uint32_t index) {
    Object *o = &frame->slots[index];
    if (o->size) slot_vanish(t, o);
    slot_appear(t, frame, index);
}

bool slot_end(Thread *t, Frame *frame, uint32_t index) {
    Object *o = &frame->slots[index];
    if (!slot_may_end(t, o)) return false;
    slot_vanish(t, o);
    return true;
}

// ---- frames --------------------------------------------------------------------------------------------------------------

static void grow(Thread *t, uint32_t regs) {
    if (t->frame_count == t->frame_cap) {
        t->frame_cap = t->frame_cap ? t->frame_cap * 2 : ROOM_FOR_FRAMES;
        t->frames = memory_resize(t->frames, t->frame_cap * sizeof(Frame));
    }
    if (regs <= t->reg_cap) return;
    uint32_t cap = t->reg_cap ? t->reg_cap : ROOM_FOR_REGS;
    while (cap < regs) cap *= 2;
    t->regs = memory_resize(t->regs, cap * sizeof(Value));
    memset(t->regs + t->reg_cap, 0, (cap - t->reg_cap) * sizeof(Value));
    t->reg_cap = cap;
}

bool frame_push(Thread *t, Func *f) {
    if (!f->decoded) func_decode(t->m->interp, f);
    if (t->frame_count >= t->m->limits.frames)
        return fail(t, INTERP_FAIL_LIMIT, 0, "more than %llu calls are open at once",
                    (unsigned long long)t->m->limits.frames);
    if (t->next_slot + f->frame_bytes + f->slot_count * (uint64_t)8192 > t->slot_end)
        return fail(t, INTERP_FAIL_LIMIT, 0, "the thread has used up its addresses");
    uint32_t base = 0;
    if (t->frame_count) {
        const Frame *caller = &t->frames[t->frame_count - 1];
        base = caller->regs + caller->func->reg_count;
    }
    grow(t, base + f->reg_count + 1);
    Frame *frame = &t->frames[t->frame_count];
    *frame = (Frame){
        f, f->code, base, NULL, t->chunk, t->chunk ? t->chunk->used : 0, t->slab, t->slab ? t->slab->used : 0, false};
    if (f->slot_count) {
        uint8_t *memory;
        if (!chunk_take(t, f->frame_bytes, &memory)) return false;
        frame->slots = slab_take(t, f->slot_count);
        for (uint32_t i = 0; i < f->slot_count; i++) slot_prepare(t, frame, i, memory);
    }
    t->frame_count++;
    return true;
}

bool frame_may_end(Thread *t) {
    Frame *frame = &t->frames[t->frame_count - 1];
    for (uint32_t i = 0; i < frame->func->slot_count; i++)
        if (!slot_may_end(t, &frame->slots[i])) return false;
    return true;
}

void frame_pop(Thread *t) {
    Frame *frame = &t->frames[--t->frame_count];
    for (uint32_t i = 0; i < frame->func->slot_count; i++) slot_vanish(t, &frame->slots[i]);
    if (frame->chunk) {
        t->chunk = frame->chunk;
        t->chunk->used = frame->chunk_used;
    } else if (t->chunk) {
        while (t->chunk->prev) t->chunk = t->chunk->prev;
        t->chunk->used = 0;
    }
    if (frame->slab) {
        t->slab = frame->slab;
        t->slab->used = frame->slab_used;
    } else if (t->slab) {
        while (t->slab->prev) t->slab = t->slab->prev;
        t->slab->used = 0;
    }
}

// The word that the program gave for it is cleared as the thread ends, and the memory of its stack is the program's again.
bool thread_may_end(Thread *t, Value result) {
    InterpOp op = {.kind = INTERP_OP_EXIT, .value = result};
    Value word = {0, {NO_OBJECT}};
    if (t->tid_word) {
        word = memory_from_int(t->m, t, t->tid_word);
        if (!memory_check(t, word, 4, 2, true)) return false;
        op.object = word.object;
        op.address = word.bits;
        op.offset = word.bits - word.object->base;
        op.size = 4;
        op.is_atomic = true;
        op.order = ORDER_RELEASE;
    }
    if (!op_visible(t, &op)) return false;
    if (op.size) memory_store(t->m, op.object, op.offset, op.size, (Value){0});
    if (t->stack) t->stack->stack_users--;
    t->stack = NULL;
    return true;
}

// ---- mappings ------------------------------------------------------------------------------------------------------------

Object *thread_add_pages(Thread *t, uint64_t size) {
    Machine *m = t->m;
    if (size > m->limits.memory || m->memory_used > m->limits.memory - size || size > t->pages_end - t->next_pages)
        return NULL;
    m->memory_used += size;
    Object *o = NULL;
    for (uint32_t i = 0; i < t->pages.len && !o; i++)
        if (!t->pages.items[i]->size && !t->pages.items[i]->base) o = t->pages.items[i];
    if (!o) {
        o = ARENA_NEW(m->thread_arena, Object);
        VEC_PUSH(m->thread_arena, &t->pages, o);
    }
    *o = (Object){.base = t->next_pages,
                  .size = size,
                  .full_size = size,
                  .kind = OBJECT_PAGES,
                  .log_align = 12,
                  .owner = (uint16_t)t->index,
                  .bytes = memory_zeroed(size),
                  .flags = OBJECT_OWNS_BYTES,
                  .local_write = t->stamp};
    t->next_pages += size + PAGE_SIZE;
    return o;
}

uint64_t interp_map_pages(InterpThread *t, uint64_t size) {
    Object *o = thread_add_pages(t, (size + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1));
    if (!o) return 0;
    memory_expose(t->m, o);
    return o->base;
}

bool interp_unmap_pages(InterpThread *t, uint64_t address, uint64_t size) {
    Object *o = memory_from_int(t->m, t, address).object;
    size = (size + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
    if (o->kind != OBJECT_PAGES || o->base != address || o->size != size) return false;
    if (o->stack_users)
        return fail_undefined(t, UNDEFINED_STACK, "the stack of a thread that still runs is unmapped"), true;
    kernel_accesses(t, INTERP_OP_WRITE, o, 0, size);
    object_end(t->m, o);
    return true;
}

bool interp_protect_pages(InterpThread *t, uint64_t address, uint64_t size, bool readable, bool writable) {
    Object *o = memory_from_int(t->m, t, address).object;
    if (o->kind != OBJECT_PAGES || (address & (PAGE_SIZE - 1))) return false;
    uint64_t offset = address - o->base, pages = o->full_size / PAGE_SIZE;
    size = (size + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
    if (offset > o->size || o->size - offset < size) return false;
    if (!o->page_rights) {
        o->page_rights = memory_acquire(pages + 1);
        memset(o->page_rights, 3, pages + 1);
    }
    memset(o->page_rights + offset / PAGE_SIZE, (readable ? 1 : 0) | (writable ? 2 : 0), size / PAGE_SIZE);
    o->flags |= OBJECT_GUARDED;
    return true;
}
