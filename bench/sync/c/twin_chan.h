// std.sync.chan in C11, for uint64_t.
#ifndef BENCH_SYNC_TWIN_CHAN_H
#define BENCH_SYNC_TWIN_CHAN_H
#include "twin.h"

enum { PATIENCE_LIMIT = 64, HOLD = 64, AHEAD = 256 / sizeof(uint64_t), CLOSED_BIT = 1, ONE = 2, CAPACITY_LIMIT = 4096 };
typedef enum SendResult { SENT, FULL, SEND_CLOSED } SendResult;
typedef enum RecvResult { RECEIVED, EMPTY, RECV_CLOSED } RecvResult;

// std.sync.look: how long a side holds back before it looks at the word that the other one writes.
typedef struct Look {
    size_t found;
    uint32_t patience, hold;
} Look;

static inline void look_begin(const Look *l)
{
    if (l->found) pause_for(l->patience);
}

static inline void look_end(Look *l, size_t found, size_t capacity)
{
    l->found = found;
    if (found == 0) return;
    if (found >= capacity / 2) {
        l->patience /= 2;
    } else if (found < capacity / 4) {
        if (l->hold) {
            l->hold--;
        } else if (l->patience < PATIENCE_LIMIT) {
            l->patience = l->patience ? l->patience * 2 : 1;
        } else if (found <= 2) {
            l->patience = 0;
            l->hold = HOLD;
        }
    }
}

typedef struct TwinChan {
    uint64_t *backing;
    size_t capacity;
    TwinParker *shared_parker;
    TwinParker send_parker, recv_parker;
    atomic_bool send_asleep, recv_asleep;
    _Alignas(LINE) _Atomic size_t sent;
    _Alignas(LINE) size_t send_slot;
    size_t received_copy;
    Look send_look;
    _Alignas(LINE) _Atomic size_t received;
    _Alignas(LINE) size_t recv_slot;
    size_t sent_copy;
    Look recv_look;
} TwinChan;

static _Alignas(LINE) uint64_t twin_chan_backing[CAPACITY_LIMIT];

static void twin_chan_init(TwinChan *c, size_t capacity)
{
    memset(c, 0, sizeof *c);
    c->backing = twin_chan_backing;
    c->capacity = capacity;
    twin_parker_init(&c->send_parker);
    twin_parker_init(&c->recv_parker);
}

static inline size_t wrapped(size_t slot, size_t capacity) { return slot < capacity ? slot : 0; }

// Both answer the slot after the last one used.
static inline size_t copy_in(uint64_t *backing, size_t slot, size_t capacity, const uint64_t *vs, size_t n)
{
    size_t head = capacity - slot < n ? capacity - slot : n;
    memmove(backing + slot, vs, head * sizeof *vs);
    memmove(backing, vs + head, (n - head) * sizeof *vs);
    return head == n ? slot + n : n - head;
}

static inline size_t copy_out(const uint64_t *backing, size_t slot, size_t capacity, uint64_t *out, size_t n)
{
    size_t head = capacity - slot < n ? capacity - slot : n;
    memmove(out, backing + slot, head * sizeof *out);
    memmove(out + head, backing, (n - head) * sizeof *out);
    return head == n ? slot + n : n - head;
}

// Fetches the line of a slot that will be written soon, once for each line.
static inline void prefetch_ahead(uint64_t *backing, size_t slot, size_t capacity)
{
    if (slot % (64 / sizeof *backing) != 0 || capacity < 8 * AHEAD) return;
    __builtin_prefetch(&backing[slot + AHEAD >= capacity ? slot + AHEAD - capacity : slot + AHEAD], 1);
}

static inline size_t twin_look_for_room(TwinChan *c, size_t sent)
{
    look_begin(&c->send_look);
    c->received_copy = atomic_load_explicit(&c->received, SEQ_CST);
    size_t n = c->capacity - ((sent - c->received_copy) >> 1);
    look_end(&c->send_look, n, c->capacity);
    return n;
}

static inline size_t twin_room(TwinChan *c, size_t sent, size_t wanted)
{
    size_t n = c->capacity - ((sent - c->received_copy) >> 1);
    return n >= wanted ? n : twin_look_for_room(c, sent);
}

static inline size_t twin_look_for_values(TwinChan *c, size_t received)
{
    look_begin(&c->recv_look);
    c->sent_copy = atomic_load_explicit(&c->sent, SEQ_CST);
    size_t n = (c->sent_copy - received) >> 1;
    look_end(&c->recv_look, n, c->capacity);
    return n;
}

static inline size_t twin_waiting(TwinChan *c, size_t received, size_t wanted)
{
    size_t n = (c->sent_copy - received) >> 1;
    return n >= wanted ? n : twin_look_for_values(c, received);
}

static inline bool twin_publish_sent(TwinChan *c, size_t sent, size_t n)
{
    if (!atomic_compare_exchange_strong_explicit(&c->sent, &sent, sent + n * ONE, SEQ_CST, ACQUIRE)) return false;
    if (atomic_load_explicit(&c->recv_asleep, SEQ_CST)) twin_unpark(c->shared_parker ? c->shared_parker : &c->recv_parker);
    return true;
}

static inline void twin_publish_received(TwinChan *c, size_t received, size_t n)
{
    atomic_store_explicit(&c->received, received + n * ONE, SEQ_CST);
    if (atomic_load_explicit(&c->send_asleep, SEQ_CST)) twin_unpark(&c->send_parker);
}

static inline SendResult twin_try_send(TwinChan *c, uint64_t v)
{
    size_t sent = atomic_load_explicit(&c->sent, ACQUIRE);
    if (sent & CLOSED_BIT) return SEND_CLOSED;
    if (twin_room(c, sent, 1) == 0) return atomic_load_explicit(&c->sent, SEQ_CST) & CLOSED_BIT ? SEND_CLOSED : FULL;
    size_t slot = wrapped(c->send_slot, c->capacity);
    prefetch_ahead(c->backing, slot, c->capacity);
    c->backing[slot] = v;
    if (!twin_publish_sent(c, sent, 1)) return SEND_CLOSED;
    c->send_slot = slot + 1;
    return SENT;
}

static inline RecvResult twin_try_recv(TwinChan *c, uint64_t *out)
{
    size_t received = atomic_load_explicit(&c->received, RELAXED);
    if (twin_waiting(c, received, 1) == 0) return c->sent_copy & CLOSED_BIT ? RECV_CLOSED : EMPTY;
    size_t slot = wrapped(c->recv_slot, c->capacity);
    *out = c->backing[slot];
    c->recv_slot = slot + 1;
    twin_publish_received(c, received, 1);
    return RECEIVED;
}

static inline bool twin_full_and_open(TwinChan *c)
{
    size_t sent = atomic_load_explicit(&c->sent, SEQ_CST);
    return !(sent & CLOSED_BIT) && (sent - atomic_load_explicit(&c->received, SEQ_CST)) >> 1 == c->capacity;
}

static inline bool twin_empty_and_open(TwinChan *c)
{
    size_t sent = atomic_load_explicit(&c->sent, SEQ_CST);
    return !(sent & CLOSED_BIT) && sent == atomic_load_explicit(&c->received, RELAXED);
}

static void twin_wait_for_room(TwinChan *c)
{
    for (uint32_t pauses = 1; pauses < SPIN_LIMIT; pauses *= 2) {
        if (!twin_full_and_open(c)) return;
        pause_for(pauses);
    }
    atomic_store_explicit(&c->send_asleep, true, SEQ_CST);
    if (twin_full_and_open(c)) twin_park(&c->send_parker);
    atomic_store_explicit(&c->send_asleep, false, RELAXED);
}

static void twin_wait_for_value(TwinChan *c)
{
    for (uint32_t pauses = 1; pauses < SPIN_LIMIT; pauses *= 2) {
        if (!twin_empty_and_open(c)) return;
        pause_for(pauses);
    }
    atomic_store_explicit(&c->recv_asleep, true, SEQ_CST);
    if (twin_empty_and_open(c)) twin_park(c->shared_parker ? c->shared_parker : &c->recv_parker);
    atomic_store_explicit(&c->recv_asleep, false, RELAXED);
}

static inline SendResult twin_chan_send(TwinChan *c, uint64_t v)
{
    while (true) {
        SendResult result = twin_try_send(c, v);
        if (result != FULL) return result;
        twin_wait_for_room(c);
    }
}

static inline bool twin_chan_recv(TwinChan *c, uint64_t *out)
{
    while (true) {
        RecvResult result = twin_try_recv(c, out);
        if (result != EMPTY) return result == RECEIVED;
        twin_wait_for_value(c);
    }
}

static inline size_t twin_send_slice(TwinChan *c, const uint64_t *vs, size_t count)
{
    size_t sent = atomic_load_explicit(&c->sent, ACQUIRE);
    if (sent & CLOSED_BIT) return 0;
    size_t n = twin_room(c, sent, count);
    if (n > count) n = count;
    if (n == 0) return 0;
    size_t after = copy_in(c->backing, wrapped(c->send_slot, c->capacity), c->capacity, vs, n);
    if (!twin_publish_sent(c, sent, n)) return 0;
    c->send_slot = after;
    return n;
}

static inline size_t twin_recv_slice(TwinChan *c, uint64_t *out, size_t count)
{
    size_t received = atomic_load_explicit(&c->received, RELAXED);
    size_t n = twin_waiting(c, received, count);
    if (n > count) n = count;
    if (n == 0) return 0;
    c->recv_slot = copy_out(c->backing, wrapped(c->recv_slot, c->capacity), c->capacity, out, n);
    twin_publish_received(c, received, n);
    return n;
}

#endif
