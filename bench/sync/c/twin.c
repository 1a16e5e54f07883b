// The C twins: the algorithms of std.sync, step for step, in C11. What Janus loses against these, its compiler loses.
#include "cells.h"
#include "twin.h"
#include "twin_chan.h"
#include "twin_ring.h"

LOCK_CELL(twin_mutex, TwinMutex, twin_mutex_init(l), twin_mutex_lock(l), twin_mutex_unlock(l))
LOCK_CELL(twin_spin, TwinSpin, twin_spin_init(l), twin_spin_lock(l), twin_spin_unlock(l))

QUEUE_CELL(twin_chan, TwinChan, twin_chan_init(q, capacity), twin_chan_send(q, v) == SENT, twin_chan_recv(q, &v))
QUEUE_CELL(twin_try, TwinChan, twin_chan_init(q, capacity), twin_try_send(q, v) == SENT, twin_try_recv(q, &v) == RECEIVED)
BATCH_CELL(twin_batch, TwinChan, twin_chan_init(q, capacity), twin_send_slice(q, vs, count), twin_recv_slice(q, vs, count))
QUEUE_CELL(twin_ring, TwinRing, twin_ring_init(q, capacity), twin_ring_push(q, v), twin_ring_pop(q, &v))
BATCH_CELL(twin_ring_batch, TwinRing, twin_ring_init(q, capacity), twin_ring_push_slice(q, vs, count), twin_ring_pop_slice(q, vs, count))
PARK_CELL(twin_parker, TwinParker, twin_parker_init(p), twin_park(p), twin_unpark(p))

typedef struct Counter {
    _Alignas(LINE) _Atomic uint64_t value;
    _Alignas(LINE) uint64_t n;
    Meter meter;
} Counter;

static void *add_body(void *p)
{
    Runner *r = p;
    Counter *c = r->context;
    Meter *m = r->index == 0 ? &c->meter : NULL;
    for (uint64_t i = 0; i < c->n; i++) {
        atomic_fetch_add_explicit(&c->value, 1, memory_order_relaxed);
        if (m && i + 1 == m->next) meter_stamp(m, i + 1);
    }
    return NULL;
}

static void twin_add(uint64_t n, uint64_t param, unsigned threads)
{
    static Counter counter;
    Runner runners[MAX_THREADS];
    (void)param;
    counter.n = n;
    meter_start(&counter.meter, n);
    run_threads(runners, threads, add_body, &counter, 0);
    if (atomic_load(&counter.value) != n * threads) fail_with("lost additions");
    meter_report(&counter.meter, n, 1);
}

int main(int argc, char **argv)
{
    static const CellEntry entries[] = {
        {"mutex", "lock", twin_mutex}, {"mutex", "wait", twin_mutex_turns}, {"spin", "lock", twin_spin},        {"chan", "chan", twin_chan}, {"chan", "try", twin_try},
        {"chan", "batch", twin_batch}, {"ring", "try", twin_ring},         {"ring", "batch", twin_ring_batch},
        {"parker", "park", twin_parker}, {"fetch_add", "add", twin_add},
    };
    return cells_main(argc, argv, entries, sizeof entries / sizeof entries[0]);
}
