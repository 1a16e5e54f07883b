// std.sync.mutex, std.sync.spin and std.sync.parker in C11.
#ifndef BENCH_SYNC_TWIN_H
#define BENCH_SYNC_TWIN_H
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ACQUIRE memory_order_acquire
#define RELEASE memory_order_release
#define RELAXED memory_order_relaxed
#define SEQ_CST memory_order_seq_cst

enum { SPIN_LIMIT = 200, BACKOFF_LIMIT = 64 };

static inline void futex_wait(_Atomic uint32_t *word, uint32_t expected)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

static inline void futex_wake(_Atomic uint32_t *word, int count) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0); }

static inline void pause_for(uint32_t pauses)
{
    for (uint32_t i = 0; i < pauses; i++) relax();
}

typedef struct TwinMutex {
    _Atomic uint32_t word;
} TwinMutex;

static inline void twin_mutex_init(TwinMutex *m) { atomic_init(&m->word, 0); }

static inline bool twin_mutex_take(TwinMutex *m, uint32_t free, uint32_t as)
{
    return atomic_compare_exchange_strong_explicit(&m->word, &free, as, ACQUIRE, RELAXED);
}

// Looks again after 1, 2, 4, … pauses.
static bool twin_mutex_spin(TwinMutex *m, uint32_t as)
{
    for (uint32_t pauses = 1; pauses < SPIN_LIMIT; pauses *= 2) {
        pause_for(pauses);
        if (atomic_load_explicit(&m->word, RELAXED) == 0 && twin_mutex_take(m, 0, as)) return true;
    }
    return false;
}

static void twin_mutex_lock_contended(TwinMutex *m)
{
    if (twin_mutex_spin(m, 1)) return;
    while (atomic_exchange_explicit(&m->word, 2, ACQUIRE) != 0) {
        futex_wait(&m->word, 2);
        if (twin_mutex_spin(m, 2)) return;
    }
}

static inline void twin_mutex_lock(TwinMutex *m)
{
    if (!twin_mutex_take(m, 0, 1)) twin_mutex_lock_contended(m);
}

static inline void twin_mutex_unlock(TwinMutex *m)
{
    if (atomic_exchange_explicit(&m->word, 0, RELEASE) == 2) futex_wake(&m->word, 1);
}

typedef struct TwinSpin {
    atomic_bool held;
} TwinSpin;

static inline void twin_spin_init(TwinSpin *l) { atomic_init(&l->held, false); }

static inline void twin_spin_lock(TwinSpin *l)
{
    for (int pauses = 1; atomic_exchange_explicit(&l->held, true, ACQUIRE);) {
        while (atomic_load_explicit(&l->held, RELAXED)) {
            for (int i = 0; i < pauses; i++) relax();
            if (pauses < BACKOFF_LIMIT) pauses *= 2;
        }
    }
}

static inline void twin_spin_unlock(TwinSpin *l) { atomic_store_explicit(&l->held, false, RELEASE); }

enum { PARKED, EMPTY_PLACE, PERMIT };

typedef struct TwinParker {
    _Atomic uint32_t state;
} TwinParker;

static inline void twin_parker_init(TwinParker *p) { atomic_init(&p->state, EMPTY_PLACE); }

static inline void twin_park(TwinParker *p)
{
    if (atomic_fetch_sub_explicit(&p->state, 1, ACQUIRE) == PERMIT) return;
    while (true) {
        futex_wait(&p->state, PARKED);
        uint32_t want = PERMIT;
        if (atomic_compare_exchange_strong_explicit(&p->state, &want, EMPTY_PLACE, ACQUIRE, RELAXED)) return;
    }
}

static inline void twin_unpark(TwinParker *p)
{
    if (atomic_exchange_explicit(&p->state, PERMIT, RELEASE) == PARKED) futex_wake(&p->state, 1);
}

#endif
