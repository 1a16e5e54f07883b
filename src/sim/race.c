// See race.h. For each piece of shared memory four sets are kept: the last plain writes, plain reads, atomic writes and
// atomic reads, each an epoch (thread and its clock) or, after concurrent ones, a list of them. Pieces are as small as
// the accesses seen, block by block. An access races with what is not atomic on both sides, not reading on both sides,
// and not before it. Accesses from before memory was shared count as one, at the owner's clock then.
#include "sim/race.h"

#include "base/memory.h"

enum { LOG_BLOCK = 6, BLOCK_BYTES = 1 << LOG_BLOCK };

typedef enum SetKind { SET_WRITE, SET_READ, SET_ATOMIC_WRITE, SET_ATOMIC_READ, SET_COUNT } SetKind;

typedef struct Epoch {
    const IrInst *site;
    uint32_t clock;
    uint16_t thread;
    uint16_t many; // clock is then the number of a list
} Epoch; // clock 0, not many: empty

typedef VEC(Epoch) EpochList;

// Of BLOCK_BYTES of an object.
typedef struct RaceBlock {
    Epoch (*cells)[SET_COUNT]; // one for each 1 << log_grain bytes
    uint8_t log_grain;
    uint64_t messages; // a bit for each byte at which something was released
    struct RaceBlock *next_free;
} RaceBlock;

// What is known of an object, from the first access to it that is judged to its end.
typedef struct ObjectRaces {
    uint64_t base; // address, once something was released in it
    uint64_t block_count;
    RaceBlock *blocks[];
} ObjectRaces;

typedef struct Clock {
    uint32_t *at;
    uint32_t len;
} Clock;

typedef struct ThreadClocks {
    Clock now; // what happens before it
    Clock pending; // what an acquire fence would add
    Clock fence; // what it had released at its last release fence
} ThreadClocks;

struct Races {
    InterpMachine *m;
    Arena *arena;
    uint64_t charged; // bytes, to the machine
    bool is_full; // more would be over its limit
    VEC(ThreadClocks) threads;
    Map messages; // address → Clock
    VEC(EpochList) lists;
    RaceBlock *free_blocks;
    void *free_cells[LOG_BLOCK + 1]; // by grain, each beginning with the address of the next
};

// ---- clocks ------------------------------------------------------------------------------------------------------------

static uint32_t clock_get(const Clock *c, uint32_t thread) { return thread < c->len ? c->at[thread] : 0; }

static void clock_room(Races *races, Clock *c, uint32_t len) {
    if (len <= c->len) return;
    uint32_t room = (len + 7) & ~7u;
    uint32_t *at = ARENA_ARRAY(races->arena, uint32_t, room);
    if (c->len) memcpy(at, c->at, c->len * sizeof *at);
    *c = (Clock){at, room};
}

static void clock_join(Races *races, Clock *to, const Clock *from) {
    clock_room(races, to, from->len);
    for (uint32_t i = 0; i < from->len; i++)
        if (from->at[i] > to->at[i]) to->at[i] = from->at[i];
}

static void clock_copy(Races *races, Clock *to, const Clock *from) {
    clock_room(races, to, from->len);
    if (from->len) memcpy(to->at, from->at, from->len * sizeof *to->at);
    for (uint32_t i = from->len; i < to->len; i++) to->at[i] = 0;
}

static ThreadClocks *clocks_at(Races *races, uint32_t thread) {
    while (races->threads.len <= thread) VEC_PUSH(races->arena, &races->threads, (ThreadClocks){0});
    ThreadClocks *c = &races->threads.items[thread];
    clock_room(races, &c->now, thread + 1);
    if (!c->now.at[thread]) c->now.at[thread] = 1;
    return c;
}

static ThreadClocks *clocks_of(Races *races, const InterpThread *t) { return clocks_at(races, interp_thread_index(t)); }

// A thread's clock is also the stamp of what it does to memory that is not shared yet.
static void clock_tick(Races *races, InterpThread *t) {
    interp_thread_stamp(t, ++clocks_of(races, t)->now.at[interp_thread_index(t)]);
}

void races_spawn(Races *races, InterpThread *parent, const InterpThread *child) {
    clocks_of(races, child); // first: it may move the others
    clock_join(races, &clocks_of(races, child)->now, &clocks_of(races, parent)->now);
    clock_tick(races, parent);
}

// ---- epochs ------------------------------------------------------------------------------------------------------------

static const Epoch *set_unordered(const Races *races, const Epoch *set, const Clock *now, uint32_t thread) {
    if (set->many) {
        const EpochList *list = &races->lists.items[set->clock];
        for (uint32_t i = 0; i < list->len; i++)
            if (list->items[i].thread != thread && list->items[i].clock > clock_get(now, list->items[i].thread))
                return &list->items[i];
        return NULL;
    }
    return set->clock && set->thread != thread && set->clock > clock_get(now, set->thread) ? set : NULL;
}

static void set_add(Races *races, Epoch *set, const Clock *now, Epoch epoch) {
    if (!set->many) {
        if (!set->clock || set->thread == epoch.thread || set->clock <= clock_get(now, set->thread)) {
            *set = epoch;
            return;
        }
        EpochList list = {0};
        VEC_PUSH(races->arena, &list, *set);
        VEC_PUSH(races->arena, &list, epoch);
        VEC_PUSH(races->arena, &races->lists, list);
        *set = (Epoch){.clock = races->lists.len - 1, .many = 1};
        return;
    }
    EpochList *list = &races->lists.items[set->clock];
    for (uint32_t i = 0; i < list->len; i++)
        if (list->items[i].thread == epoch.thread) {
            list->items[i] = epoch;
            return;
        }
    VEC_PUSH(races->arena, list, epoch);
}

static Epoch (*cells_take(Races *races, uint8_t log_grain))[SET_COUNT] {
    size_t size = (BLOCK_BYTES >> log_grain) * sizeof(Epoch[SET_COUNT]);
    void *cells = races->free_cells[log_grain];
    if (cells) {
        memcpy(&races->free_cells[log_grain], cells, sizeof(void *));
        memset(cells, 0, size);
        return cells;
    }
    if (interp_charge(races->m, size))
        races->charged += size;
    else
        races->is_full = true;
    return arena_alloc(races->arena, size);
}

static void cells_give_back(Races *races, const RaceBlock *block) {
    memcpy(block->cells, &races->free_cells[block->log_grain], sizeof(void *));
    races->free_cells[block->log_grain] = block->cells;
}

// What is known of a piece is known of all its parts.
static void block_refine(Races *races, RaceBlock *block, uint8_t log_grain) {
    Epoch(*cells)[SET_COUNT] = cells_take(races, log_grain);
    for (uint32_t i = 0; i < (uint32_t)BLOCK_BYTES >> log_grain; i++)
        memcpy(cells[i], block->cells[i << log_grain >> block->log_grain], sizeof *cells);
    for (uint32_t i = 0; i < (uint32_t)BLOCK_BYTES >> log_grain; i++)
        for (int kind = 0; kind < SET_COUNT; kind++) {
            if (!cells[i][kind].many) continue;
            EpochList copy = {0};
            const EpochList *list = &races->lists.items[cells[i][kind].clock];
            for (uint32_t k = 0; k < list->len; k++) VEC_PUSH(races->arena, &copy, list->items[k]);
            VEC_PUSH(races->arena, &races->lists, copy);
            cells[i][kind].clock = races->lists.len - 1;
        }
    cells_give_back(races, block);
    block->cells = cells;
    block->log_grain = log_grain;
}

static uint8_t grain_of(uint64_t from, uint64_t to) {
    uint8_t log = 0;
    while (log < LOG_BLOCK && !((from | to) >> log & 1)) log++;
    return log;
}

// The block of `from`, its pieces no larger than [from, to) asks for. NULL: nothing is known and nothing shall be.
static RaceBlock *block_of(Races *races, ObjectRaces *o, uint64_t from, uint64_t to, bool make) {
    RaceBlock **at = &o->blocks[from / BLOCK_BYTES];
    uint8_t log_grain = grain_of(from, to);
    if (!*at) {
        if (!make) return NULL;
        RaceBlock *block = races->free_blocks;
        if (block)
            races->free_blocks = block->next_free;
        else
            block = ARENA_NEW(races->arena, RaceBlock);
        *block = (RaceBlock){.cells = cells_take(races, log_grain), .log_grain = log_grain};
        *at = block;
    }
    if ((*at)->log_grain > log_grain && make) block_refine(races, *at, log_grain);
    return *at;
}

static ObjectRaces *object_races(InterpObject *object) {
    void **shadow = interp_object_shadow(object);
    if (*shadow) return *shadow;
    uint64_t count = interp_object_size(object) / BLOCK_BYTES + 1,
             size = sizeof(ObjectRaces) + count * sizeof(RaceBlock *);
    ObjectRaces *o = memory_acquire(size);
    memset(o, 0, size);
    o->block_count = count;
    return *shadow = o;
}

void races_forget(Races *races, InterpObject *object) {
    void **shadow = interp_object_shadow(object);
    ObjectRaces *o = *shadow;
    for (uint64_t i = 0; i < o->block_count; i++) {
        RaceBlock *block = o->blocks[i];
        if (!block) continue;
        cells_give_back(races, block);
        block->next_free = races->free_blocks;
        races->free_blocks = block;
    }
    memory_release(o);
    *shadow = NULL;
}

// ---- accesses ------------------------------------------------------------------------------------------------------------

typedef struct Access {
    InterpObject *object;
    uint64_t offset, size;
    bool is_write, is_atomic;
    bool record;
} Access;

static const char *access_name(bool is_write, bool is_atomic) {
    return is_write ? is_atomic ? "atomic write" : "write" : is_atomic ? "atomic read" : "read";
}

static bool report(Races *races, InterpThread *t, const Access *a, SetKind kind, const Epoch *other) {
    StrBuf text = {0};
    bool other_writes = kind == SET_WRITE || kind == SET_ATOMIC_WRITE, other_atomic = kind >= SET_ATOMIC_WRITE;
    strbuf_printf(&text, "%s of ", access_name(a->is_write, a->is_atomic));
    interp_describe(&text, interp_machine_program(races->m), a->object);
    strbuf_printf(&text, " by thread %u and %s by thread %u", interp_thread_index(t),
                  access_name(other_writes, other_atomic), other->thread);
    if (other->site) {
        strbuf_puts(&text, " at ");
        interp_print_position(&text, interp_machine_program(races->m), other->site->span);
    }
    strbuf_puts(&text, ", neither of which happens before the other");
    interp_fail_at(t, INTERP_FAIL_UNDEFINED, UNDEFINED_RACE, "%s", strbuf_str(&text).ptr);
    strbuf_free(&text);
    return false;
}

static bool check_owner(Races *races, InterpThread *t, const Access *a, const Clock *now) {
    InterpPast past = interp_object_past(a->object);
    if (past.owner == interp_thread_index(t)) return true;
    uint32_t known = clock_get(now, past.owner);
    Epoch before = {.thread = (uint16_t)past.owner};
    if (past.written > known) return report(races, t, a, SET_WRITE, &before);
    return !a->is_write || past.read <= known || report(races, t, a, SET_READ, &before);
}

static bool conflicts(const Access *a, SetKind kind) {
    bool other_writes = kind == SET_WRITE || kind == SET_ATOMIC_WRITE, other_atomic = kind >= SET_ATOMIC_WRITE;
    return (a->is_write || other_writes) && !(a->is_atomic && other_atomic);
}

static SetKind own_kind(const Access *a) {
    return (a->is_atomic ? SET_ATOMIC_WRITE : SET_WRITE) + (a->is_write ? 0 : 1);
}

static const void *message_key(uint64_t address) { return (const void *)(uintptr_t)address; }

// A plain write ends whatever was released through the place before.
static void forget_messages(Races *races, const ObjectRaces *o, RaceBlock *block, uint64_t from, uint64_t to) {
    uint64_t touched = UINT64_MAX >> (BLOCK_BYTES - (to - from)) << from % BLOCK_BYTES & block->messages;
    block->messages &= ~touched;
    for (uint64_t i = from; touched >> i % BLOCK_BYTES; i++) {
        if (!(touched >> i % BLOCK_BYTES & 1)) continue;
        Clock *message = map_get(&races->messages, message_key(o->base + i));
        if (message->len) memset(message->at, 0, message->len * sizeof *message->at);
        if (i % BLOCK_BYTES == BLOCK_BYTES - 1) return;
    }
}

// Whether the thread has made the same access since it last released anything: whatever conflicts with this one, of then
// or since, conflicts with that one, and was or will be found by it. Only the place is new.
static bool is_known(RaceBlock *block, const Access *a, uint64_t from, uint64_t to, const Epoch *epoch) {
    uint64_t grain = UINT64_C(1) << block->log_grain, first = from % BLOCK_BYTES >> block->log_grain;
    uint64_t end = first + ((to - from) >> block->log_grain);
    if ((from | to) & (grain - 1)) return false;
    SetKind own = own_kind(a);
    for (uint64_t i = first; i < end; i++) {
        const Epoch *last = &block->cells[i][own];
        if (last->clock != epoch->clock || last->thread != epoch->thread || last->many) return false;
    }
    for (uint64_t i = first; i < end; i++) block->cells[i][own].site = epoch->site;
    return true;
}

static bool access_cells(Races *races, InterpThread *t, const Access *a, RaceBlock *block, uint64_t from, uint64_t to,
                         const Clock *now, Epoch epoch) {
    SetKind own = own_kind(a);
    uint64_t last = (to - 1) % BLOCK_BYTES >> block->log_grain;
    for (uint64_t cell = from % BLOCK_BYTES >> block->log_grain; cell <= last; cell++) {
        Epoch *sets = block->cells[cell];
        for (int kind = 0; kind < SET_COUNT; kind++) {
            const Epoch *other =
                conflicts(a, (SetKind)kind) ? set_unordered(races, &sets[kind], now, epoch.thread) : NULL;
            if (other) return report(races, t, a, (SetKind)kind, other);
        }
        if (a->record) set_add(races, &sets[own], now, epoch);
    }
    return true;
}

static bool access_memory(Races *races, InterpThread *t, const Access *a) {
    uint32_t thread = interp_thread_index(t);
    const Clock *now = &clocks_at(races, thread)->now;
    Epoch epoch = {interp_thread_inst(t), now->at[thread], (uint16_t)thread, 0};
    ObjectRaces *o = *interp_object_shadow(a->object);
    if (!o && !a->record) return check_owner(races, t, a, now);
    if (!o) o = object_races(a->object);
    bool owner_checked = false;
    for (uint64_t at = a->offset, end; at < a->offset + a->size; at = end) {
        end = (at / BLOCK_BYTES + 1) * BLOCK_BYTES;
        if (end > a->offset + a->size) end = a->offset + a->size;
        RaceBlock *block = o->blocks[at / BLOCK_BYTES];
        if (block && block->messages && a->is_write && !a->is_atomic) forget_messages(races, o, block, at, end);
        if (block && a->record && is_known(block, a, at, end, &epoch)) continue;
        if (!owner_checked && !check_owner(races, t, a, now)) return false;
        owner_checked = true;
        block = block_of(races, o, at, end, a->record);
        if (block && !access_cells(races, t, a, block, at, end, now, epoch)) return false;
    }
    if (!races->is_full) return true;
    interp_fail_at(t, INTERP_FAIL_LIMIT, 0, "the search for races needs more than %llu MiB of memory",
                   (unsigned long long)(interp_memory_limit(races->m) >> 20));
    return false;
}

bool races_plain_access(Races *races, InterpThread *t, InterpOpKind kind, InterpObject *o, uint64_t offset,
                        uint64_t size) {
    return access_memory(races, t, &(Access){o, offset, size, kind != INTERP_OP_READ, false, kind != INTERP_OP_FREE});
}

// ---- what atomics order ----------------------------------------------------------------------------------------------------

static bool acquires(MemoryOrder o) {
    return o == ORDER_ACQUIRE || o == ORDER_CONSUME || o == ORDER_ACQ_REL || o == ORDER_SEQ_CST;
}
static bool releases(MemoryOrder o) { return o == ORDER_RELEASE || o == ORDER_ACQ_REL || o == ORDER_SEQ_CST; }

static void receive(Races *races, InterpThread *t, uint64_t address, MemoryOrder order) {
    const Clock *message = map_get(&races->messages, message_key(address));
    if (!message) return;
    ThreadClocks *c = clocks_of(races, t);
    clock_join(races, acquires(order) ? &c->now : &c->pending, message);
}

// A write carries what its thread released; a read-modify-write also carries on what it found, as part of the release
// sequence.
static void send(Races *races, InterpThread *t, const InterpOp *op, bool carries_on) {
    ThreadClocks *c = clocks_of(races, t);
    Clock *message = map_get(&races->messages, message_key(op->address));
    if (!message) {
        message = ARENA_NEW(races->arena, Clock);
        map_put(races->arena, &races->messages, message_key(op->address), message);
    }
    ObjectRaces *o = object_races(op->object);
    o->base = op->address - op->offset;
    o->blocks[op->offset / BLOCK_BYTES]->messages |= UINT64_C(1) << op->offset % BLOCK_BYTES;
    const Clock *released = releases(op->order) ? &c->now : &c->fence;
    if (carries_on)
        clock_join(races, message, released);
    else
        clock_copy(races, message, released);
    if (releases(op->order)) clock_tick(races, t);
}

static void fence(Races *races, InterpThread *t, MemoryOrder order) {
    ThreadClocks *c = clocks_of(races, t);
    if (acquires(order)) clock_join(races, &c->now, &c->pending);
    if (!releases(order)) return;
    clock_copy(races, &c->fence, &c->now);
    clock_tick(races, t);
}

bool races_operation(Races *races, InterpThread *t, const InterpOp *op, bool exchanged) {
    Access a = {op->object, op->offset, op->size, false, true, true};
    switch (op->kind) {
    case INTERP_OP_READ:
        if (!access_memory(races, t, &a)) return false;
        receive(races, t, op->address, op->order);
        return true;
    case INTERP_OP_WRITE:
    case INTERP_OP_EXIT:
        if (!op->size) return true;
        a.is_write = true;
        if (!access_memory(races, t, &a)) return false;
        send(races, t, op, false);
        return true;
    case INTERP_OP_RMW:
    case INTERP_OP_CMPXCHG: {
        a.is_write = op->kind == INTERP_OP_RMW || exchanged;
        if (!access_memory(races, t, &a)) return false;
        receive(races, t, op->address, a.is_write ? op->order : op->failure_order);
        if (a.is_write) send(races, t, op, true);
        return true;
    }
    case INTERP_OP_FUTEX_WAIT:
    case INTERP_OP_JOIN: return access_memory(races, t, &a);
    case INTERP_OP_FENCE: fence(races, t, op->order); return true;
    default: return true;
    }
}

// ---- life --------------------------------------------------------------------------------------------------------------

Races *races_create(InterpMachine *m) {
    Arena *arena = arena_create();
    Races *races = ARENA_NEW(arena, Races);
    races->arena = arena;
    races->m = m;
    return races;
}

void races_destroy(Races *races) {
    interp_discharge(races->m, races->charged);
    arena_destroy(races->arena);
}
