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

enum { SPIN_LIMIT = 100, BACKOFF_LIMIT = 64 };

static inline void futex_wait(_Atomic uint32_t *word, uint32_t expected)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

static inline void futex_wake(_Atomic uint32_t *word, int count) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0); }

typedef struct TwinMutex {
    _Atomic uint32_t word;
} TwinMutex;

static inline void twin_mutex_init(TwinMutex *m) { atomic_init(&m->word, 0); }

static inline bool twin_mutex_take(TwinMutex *m, uint32_t free)
{
    return atomic_compare_exchange_strong_explicit(&m->word, &free, 1, ACQUIRE, RELAXED);
}

static void twin_mutex_lock_contended(TwinMutex *m)
{
    for (int i = 0; i < SPIN_LIMIT; i++) {
        if (atomic_load_explicit(&m->word, RELAXED) == 0 && twin_mutex_take(m, 0)) return;
        relax();
    }
    while (atomic_exchange_explicit(&m->word, 2, ACQUIRE) != 0) futex_wait(&m->word, 2);
}

static inline void twin_mutex_lock(TwinMutex *m)
{
    if (!twin_mutex_take(m, 0)) twin_mutex_lock_contended(m);
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
