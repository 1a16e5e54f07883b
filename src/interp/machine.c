// One execution: its objects, its threads, and what resets them. Threads keep their numbers over resets, because
// addresses depend on them: a thread is found again by its parent and by how many threads that one had started before
// it.
#include "base/memory.h"

#include "interp/internal.h"

enum { MOST_THREADS = 1000, MOST_FRAMES = 100000 };
static const uint64_t MOST_MEMORY = UINT64_C(1) << 30;

// Where things are. Slots and pages of the first thread get most of the room, 32 GiB each those of another one.
static const uint64_t ARGUMENTS_BASE = UINT64_C(1) << 39, MAIN_PAGES = UINT64_C(1) << 41,
                      MAIN_PAGES_END = UINT64_C(1) << 44;
static const uint64_t SLOTS = UINT64_C(1) << 45, MAIN_SLOTS = UINT64_C(1) << 46,
                      PAGES = (UINT64_C(1) << 46) + (UINT64_C(1) << 45);
static const uint64_t THREAD_ROOM = UINT64_C(1) << 35;

// ---- threads -------------------------------------------------------------------------------------------------------------

static void thread_drop_memory(Thread *t) {
    while (t->frame_count) frame_pop(t);
    for (uint32_t i = 0; i < t->pages.len; i++) {
        Object *o = t->pages.items[i];
        if (o->size) object_end(t->m, o);
        o->base = 0;
    }
    t->next_slot = t->index ? SLOTS + t->index * THREAD_ROOM : MAIN_SLOTS;
    t->slot_end = t->index ? t->next_slot + THREAD_ROOM : PAGES;
    t->next_pages = t->index ? PAGES + t->index * THREAD_ROOM : MAIN_PAGES;
    t->pages_end = t->index ? t->next_pages + THREAD_ROOM : MAIN_PAGES_END;
}

static void thread_rewind(Thread *t) {
    thread_drop_memory(t);
    t->status = INTERP_RUNNING;
    t->children = 0;
    t->stamp = 1;
    t->granted = t->seen = 0;
    t->given_spurious = false;
    t->steps = t->extra = 0;
    t->result = (Value){0};
    t->failure = (InterpFailure){0};
    if (t->stack && t->stack->stack_users) t->stack->stack_users--;
    t->stack = NULL;
}

static void thread_destroy(Thread *t) {
    thread_drop_memory(t);
    thread_release_chunks(t, true);
    while (t->slab && t->slab->prev) t->slab = t->slab->prev;
    for (Slab *s = t->slab, *next; s; s = next) {
        next = s->next;
        memory_release(s->objects);
        memory_release(s);
    }
    memory_release(t->regs);
    memory_release(t->frames);
}

static Thread *thread_find(Machine *m, uint32_t parent, uint32_t ordinal) {
    for (uint32_t i = 1; i < m->threads.len; i++)
        if (m->threads.items[i]->parent == parent && m->threads.items[i]->ordinal == ordinal)
            return m->threads.items[i];
    return NULL;
}

static Thread *thread_add(Machine *m, uint32_t parent) {
    Thread *t = ARENA_NEW(m->thread_arena, Thread);
    t->m = m;
    t->index = m->threads.len;
    t->parent = parent;
    VEC_PUSH(m->thread_arena, &m->threads, t);
    thread_rewind(t);
    return t;
}

static bool thread_begin(Thread *t) {
    if (t->m->is_too_large || t->m->interp->is_too_large)
        return fail(t, INTERP_FAIL_LIMIT, 0, "the program's variables need more than %llu MiB of memory",
                    (unsigned long long)(t->m->limits.memory >> 20));
    if (!frame_push(t, (Func *)t->entry)) return false;
    if (t->entry_count) memcpy(t->regs, t->entry_args, t->entry_count * sizeof(Value));
    if (!t->is_main) return true;
    Func *init = map_get(&t->m->interp->func_by_name, name_intern_c(t->m->interp->module->names, "__janus_init"));
    if (!init) return true;
    if (!frame_push(t, init)) return false;
    Object *arguments = &t->m->arguments;
    t->frames[1].is_detached = true;
    t->regs[t->frames[1].regs] = (Value){arguments->base, {arguments}};
    return true;
}

void interp_thread_reset(InterpThread *t) {
    Object *stack = t->stack;
    thread_rewind(t);
    if (stack) {
        stack->stack_users++;
        t->stack = stack;
    }
    thread_begin(t);
}

uint32_t interp_thread_count(const InterpMachine *m) { return m->threads.len; }
InterpThread *interp_thread(const InterpMachine *m, uint32_t index) {
    return index < m->threads.len && m->threads.items[index]->started ? m->threads.items[index] : NULL;
}
uint32_t interp_thread_index(const InterpThread *t) { return t->index; }
uint64_t interp_steps(const InterpThread *t) { return t->steps; }

// ---- starting ------------------------------------------------------------------------------------------------------------

static Thread *first_thread(Machine *m) {
    Thread *t = m->threads.len ? m->threads.items[0] : thread_add(m, 0);
    t->started = true;
    return t;
}

InterpThread *interp_start(InterpMachine *m, const IrFunc *func, const InterpValue *arguments, uint32_t count) {
    Thread *t = first_thread(m);
    ENSURE(count <= ARRAY_LEN(t->entry_args));
    t->entry = interp_func(m->interp, func);
    t->is_main = false;
    t->entry_count = count;
    if (count) memcpy(t->entry_args, arguments, count * sizeof *arguments);
    thread_begin(t);
    return t;
}

// What the kernel tells about itself: pairs of a kind and a number, the last kind being 0.
enum { AT_PAGESZ = 6, AT_MINSIGSTKSZ = 51 };
static const uint64_t AUXILIARY[] = {AT_PAGESZ, PAGE_SIZE, AT_MINSIGSTKSZ, 2048, 0, 0};

// As the kernel lays it out: count, addresses of the arguments, null, null, auxiliary vector; then the texts.
static void load_arguments(Machine *m, uint32_t count, const char *const *arguments) {
    uint64_t words = count + 3 + ARRAY_LEN(AUXILIARY), size = words * 8;
    for (uint32_t i = 0; i < count; i++) size += strlen(arguments[i]) + 1;
    Object *o = &m->arguments;
    if (o->flags & OBJECT_OWNS_BYTES) object_end(m, o);
    *o = (Object){.base = ARGUMENTS_BASE,
                  .size = size,
                  .full_size = size,
                  .kind = OBJECT_ARGUMENTS,
                  .log_align = 4,
                  .flags = OBJECT_OWNS_BYTES | OBJECT_SHARED,
                  .bytes = memory_zeroed(size)};
    m->memory_used += size;
    uint64_t at = words * 8, number = count;
    memcpy(o->bytes, &number, 8);
    memcpy(o->bytes + (count + 3) * 8, AUXILIARY, sizeof AUXILIARY);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t address = o->base + at;
        memcpy(o->bytes + 8 + i * 8, &address, 8);
        memcpy(o->bytes + at, arguments[i], strlen(arguments[i]) + 1);
        at += strlen(arguments[i]) + 1;
    }
    memory_expose(m, o);
}

InterpThread *interp_start_main(InterpMachine *m, uint32_t argument_count, const char *const *arguments) {
    Func *entry = map_get(&m->interp->func_by_name, name_intern_c(m->interp->module->names, "__janus_main"));
    if (!entry) return NULL;
    load_arguments(m, argument_count, arguments);
    Thread *t = first_thread(m);
    t->entry = entry;
    t->entry_count = 0;
    t->is_main = true;
    thread_begin(t);
    return t;
}

InterpThread *interp_spawn(InterpThread *parent) {
    Machine *m = parent->m;
    ENSURE(parent->status == INTERP_AT_OP && parent->op.kind == INTERP_OP_SPAWN);
    uint32_t ordinal = parent->children++;
    Thread *t = thread_find(m, parent->index, ordinal);
    if (!t && m->threads.len >= m->limits.threads) {
        fail(parent, INTERP_FAIL_LIMIT, 0, "more than %u threads are started", m->limits.threads);
        return NULL;
    }
    if (!t)
        t = thread_add(m, parent->index);
    else
        thread_rewind(t);
    t->ordinal = ordinal;
    t->entry_count = 1;
    t->started = true;
    const InterpOp *op = &parent->op;
    Value callee = op->expected;
    t->entry = callee.object->origin;
    t->entry_args[0] = op->value;
    t->tid_word = op->args[3];
    memory_share(m, op->value.object);
    Object *word = memory_from_int(m, parent, t->tid_word).object;
    memory_share(m, word);
    if (op->args[2]) memory_share(m, memory_from_int(m, parent, op->args[2]).object);
    if (op->args[1]) {
        t->stack = memory_from_int(m, parent, op->args[1] - 1).object;
        if (t->stack->size)
            t->stack->stack_users++;
        else
            t->stack = NULL;
    }
    m->concurrent = true;
    m->watch_read |= OBJECT_SHARED;
    m->watch_write |= OBJECT_SHARED;
    thread_begin(t);
    return t;
}

// ---- machines ------------------------------------------------------------------------------------------------------------

static void set_watches(Machine *m) {
    m->concurrent = false;
    m->watch_read = OBJECT_GUARDED;
    m->watch_write = OBJECT_GUARDED | OBJECT_READ_ONLY;
}

InterpMachine *interp_machine_create(Interp *p, const InterpLimits *limits, bool pure) {
    Arena *arena = arena_create();
    Machine *m = ARENA_NEW(arena, Machine);
    m->thread_arena = arena;
    m->arena = arena_create();
    m->interp = p;
    m->pure = pure;
    if (limits) m->limits = *limits;
    if (!m->limits.memory) m->limits.memory = MOST_MEMORY;
    if (!m->limits.frames || m->limits.frames > 10 * MOST_FRAMES) m->limits.frames = MOST_FRAMES;
    if (!m->limits.threads || m->limits.threads > MOST_THREADS) m->limits.threads = MOST_THREADS;
    if (!p->source && p->statics.len) machine_static(m, p->statics.len - 1);
    set_watches(m);
    return m;
}

void interp_machine_reset(InterpMachine *m) {
    for (uint32_t i = 0; i < m->threads.len; i++) {
        Thread *t = m->threads.items[i];
        t->stack = NULL;
        thread_rewind(t);
        thread_release_chunks(t, false); // or one execution would have less memory than the next
        t->started = false;
    }
    for (uint32_t i = 0; i < m->exposed_count; i++) m->exposed[i]->flags &= ~(uint32_t)OBJECT_EXPOSED;
    // The constants of a program that grows stay as they are.
    for (uint32_t i = 0; i < m->statics.len && !m->interp->source; i++) {
        Object *o = m->statics.items[i];
        const Static *s = m->interp->statics.items[i];
        object_forget_shadow(m, o);
        o->flags &= ~(uint32_t)OBJECT_EXPOSED;
        o->local_read = o->local_write = 0;
        if (!s->is_var || !o->bytes) continue;
        if (o->flags & OBJECT_OWNS_TARGETS && !s->relocations.len) object_release_targets(m, o);
        static_load(m, i);
    }
    if (m->arguments.flags & OBJECT_OWNS_BYTES) object_end(m, &m->arguments);
    m->exposed_count = 0;
    m->address_seen = false;
    m->address_seen_by = NULL;
    arena_reset(m->arena);
    set_watches(m);
}

void interp_machine_destroy(InterpMachine *m) {
    interp_machine_reset(m);
    for (uint32_t i = 0; i < m->threads.len; i++) thread_destroy(m->threads.items[i]);
    for (uint32_t i = 0; i < m->statics.len; i++) {
        Object *o = m->statics.items[i];
        if (!(o->flags & OBJECT_OWNS_BYTES)) o->bytes = NULL;
        object_reset(m, o);
    }
    memory_release(m->exposed);
    arena_destroy(m->arena);
    arena_destroy(m->thread_arena);
}
