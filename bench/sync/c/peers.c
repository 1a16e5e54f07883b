// The peers written in C: glibc's pthread and C11 mutexes and semaphore, nsync, Concurrency Kit.
#include "cells.h"
#include <ck_ring.h>
#include <ck_spinlock.h>
#include <nsync.h>
#include <semaphore.h>
#include <threads.h>

LOCK_CELL(pthread_lock, pthread_mutex_t, pthread_mutex_init(l, NULL), pthread_mutex_lock(l), pthread_mutex_unlock(l))
LOCK_CELL(mtx, mtx_t, mtx_init(l, mtx_plain), mtx_lock(l), mtx_unlock(l))
LOCK_CELL(nsync, nsync_mu, nsync_mu_init(l), nsync_mu_lock(l), nsync_mu_unlock(l))
LOCK_CELL(ck_lock, ck_spinlock_fas_t, ck_spinlock_fas_init(l), ck_spinlock_fas_lock_eb(l), ck_spinlock_fas_unlock(l))
PARK_CELL(semaphore, sem_t, sem_init(p, 0, 0), sem_wait(p), sem_post(p))

// ck_ring holds one value less than its size, which is a power of two.
typedef struct CkRing {
    ck_ring_t ring;
    ck_ring_buffer_t buffer[4096];
} CkRing;

static bool ck_pop(CkRing *q, uint64_t *v)
{
    void *p;
    if (!ck_ring_dequeue_spsc(&q->ring, q->buffer, &p)) return false;
    *v = (uint64_t)(uintptr_t)p;
    return true;
}

QUEUE_CELL(ck_queue, CkRing, ck_ring_init(&q->ring, (unsigned)capacity), ck_ring_enqueue_spsc(&q->ring, q->buffer, (void *)(uintptr_t)v),
           ck_pop(q, &v))

int main(int argc, char **argv)
{
    static const CellEntry entries[] = {
        {"pthread", "wait", pthread_lock_turns}, {"mtx", "wait", mtx_turns}, {"nsync", "wait", nsync_turns},
        {"pthread", "lock", pthread_lock}, {"mtx", "lock", mtx},       {"nsync", "lock", nsync},
        {"ck", "lock", ck_lock},           {"ck_ring", "try", ck_queue}, {"semaphore", "park", semaphore},
    };
    return cells_main(argc, argv, entries, sizeof entries / sizeof entries[0]);
}
