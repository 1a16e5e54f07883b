// The bodies of the cells as macros over the operations of one implementation, so that every C and C++ peer runs the same loop
// with its operations inlined. Each macro defines `static void NAME(uint64_t n, uint64_t param, unsigned threads)`.
#ifndef BENCH_SYNC_CELLS_H
#define BENCH_SYNC_CELLS_H
#include "harness.h"

// What threads share starts with a cache line, here and in the other languages.
#define ALIGNED __attribute__((aligned(128)))

// TYPE: the lock. INIT, LOCK, UNLOCK: statements over `l`, a pointer to it.
#define LOCK_CELL(NAME, TYPE, INIT, LOCK, UNLOCK)                                                        \
    typedef struct NAME##_state {                                                                        \
        TYPE lock;                                                                                       \
        Guarded guarded;                                                                                 \
        uint64_t n, rounds;                                                                              \
    } NAME##_state;                                                                                      \
    static void *NAME##_body(void *p)                                                                    \
    {                                                                                                    \
        Runner *r = (Runner *)p;                                                                         \
        NAME##_state *s = (NAME##_state *)r->context;                                                    \
        TYPE *l = &s->lock;                                                                              \
        uint64_t n = s->n, rounds = s->rounds, done = 0;                                                 \
        for (int more = 1; more;) {                                                                      \
            LOCK;                                                                                        \
            more = guarded_step(&s->guarded, n, rounds);                                                 \
            UNLOCK;                                                                                      \
            done += (uint64_t)more;                                                                      \
        }                                                                                                \
        r->done = done;                                                                                  \
        return NULL;                                                                                     \
    }                                                                                                    \
    static void *NAME##_turns_body(void *p)                                                              \
    {                                                                                                    \
        Runner *r = (Runner *)p;                                                                         \
        NAME##_state *s = (NAME##_state *)r->context;                                                    \
        TYPE *l = &s->lock;                                                                              \
        uint64_t n = s->n, rounds = s->rounds, done = 0, longest = 0, last = clock_read(CLOCK_MONOTONIC);  \
        for (int more = 1; more;) {                                                                      \
            LOCK;                                                                                        \
            more = guarded_step(&s->guarded, n, rounds);                                                 \
            UNLOCK;                                                                                      \
            done += (uint64_t)more;                                                                      \
            uint64_t now = clock_read(CLOCK_MONOTONIC);                                                  \
            if (now - last > longest) longest = now - last;                                              \
            last = now;                                                                                  \
        }                                                                                                \
        LOCK;                                                                                            \
        if (longest > longest_turn) longest_turn = longest;                                              \
        UNLOCK;                                                                                          \
        r->done = done;                                                                                  \
        return NULL;                                                                                     \
    }                                                                                                    \
    static void NAME##_run(uint64_t n, uint64_t rounds, unsigned threads, void *(*body)(void *))         \
    {                                                                                                    \
        ALIGNED static NAME##_state state;                                                               \
        NAME##_state *s = &state;                                                                        \
        TYPE *l = &s->lock;                                                                              \
        Runner runners[MAX_THREADS];                                                                     \
        INIT;                                                                                            \
        s->guarded.x = 88172645463325252u;                                                               \
        s->n = n;                                                                                        \
        s->rounds = rounds;                                                                              \
        meter_start(&s->guarded.meter, n);                                                               \
        run_threads(runners, threads, body, s, 0);                                                       \
        meter_report(&s->guarded.meter, n, smallest_share(runners, threads));                            \
    }                                                                                                    \
    static void NAME(uint64_t n, uint64_t rounds, unsigned threads) { NAME##_run(n, rounds, threads, NAME##_body); } \
    static void NAME##_turns(uint64_t n, uint64_t rounds, unsigned threads) { NAME##_run(n, rounds, threads, NAME##_turns_body); }

// TYPE: the queue. INIT over `q` and `capacity`. SEND: an expression, true when the value `v` went in. RECV: true when one came out
// into `v`. Blocking queues just never answer false.
#define QUEUE_CELL(NAME, TYPE, INIT, SEND, RECV)                                                         \
    typedef struct NAME##_state {                                                                        \
        TYPE queue;                                                                                      \
        char padding[LINE];                                                                              \
        uint64_t n;                                                                                      \
        Meter meter;                                                                                     \
    } NAME##_state;                                                                                      \
    static void *NAME##_body(void *p)                                                                    \
    {                                                                                                    \
        Runner *r = (Runner *)p;                                                                         \
        NAME##_state *s = (NAME##_state *)r->context;                                                    \
        TYPE *q = &s->queue;                                                                             \
        uint64_t n = s->n;                                                                               \
        if (r->index == 1) {                                                                             \
            for (uint64_t i = 0; i < n; i++) {                                                           \
                uint64_t v = i;                                                                          \
                while (!(SEND)) relax();                                                                 \
            }                                                                                            \
            return NULL;                                                                                 \
        }                                                                                                \
        for (uint64_t i = 0; i < n; i++) {                                                               \
            uint64_t v = 0;                                                                              \
            while (!(RECV)) relax();                                                                     \
            if (v != i) fail_with("a value out of order");                                               \
            if (i + 1 == s->meter.next) meter_stamp(&s->meter, i + 1);                                   \
        }                                                                                                \
        return NULL;                                                                                     \
    }                                                                                                    \
    static void NAME(uint64_t n, uint64_t capacity, unsigned threads)                                    \
    {                                                                                                    \
        ALIGNED static NAME##_state state;                                                                      \
        NAME##_state *s = &state;                                                                        \
        TYPE *q = &s->queue;                                                                             \
        Runner runners[MAX_THREADS];                                                                     \
        INIT;                                                                                            \
        s->n = n;                                                                                        \
        meter_start(&s->meter, n);                                                                       \
        run_threads(runners, threads, NAME##_body, s, 0);                                                \
        meter_report(&s->meter, n, 1);                                                                   \
    }

// Batches of 32. SEND: how many of the `count` values at `vs` went in; RECV: how many came out into `vs`, at most `count`.
#define BATCH_CELL(NAME, TYPE, INIT, SEND, RECV)                                                         \
    typedef struct NAME##_state {                                                                        \
        TYPE queue;                                                                                      \
        char padding[LINE];                                                                              \
        uint64_t n;                                                                                      \
        Meter meter;                                                                                     \
    } NAME##_state;                                                                                      \
    static void *NAME##_body(void *p)                                                                    \
    {                                                                                                    \
        Runner *r = (Runner *)p;                                                                         \
        NAME##_state *s = (NAME##_state *)r->context;                                                    \
        TYPE *q = &s->queue;                                                                             \
        uint64_t n = s->n, batch[32];                                                                    \
        if (r->index == 1) {                                                                             \
            for (uint64_t i = 0; i < n; i += 32) {                                                       \
                for (uint64_t k = 0; k < 32; k++) batch[k] = i + k;                                      \
                for (uint64_t *vs = batch, count = 32; count;) {                                         \
                    uint64_t went = (uint64_t)(SEND);                                                    \
                    if (!went) relax();                                                                  \
                    vs += went;                                                                          \
                    count -= went;                                                                       \
                }                                                                                        \
            }                                                                                            \
            return NULL;                                                                                 \
        }                                                                                                \
        for (uint64_t i = 0; i < n;) {                                                                   \
            uint64_t *vs = batch, count = 32;                                                            \
            uint64_t came = (uint64_t)(RECV);                                                            \
            if (!came) relax();                                                                          \
            for (uint64_t k = 0; k < came; k++)                                                          \
                if (batch[k] != i + k) fail_with("a value out of order");                                \
            i += came;                                                                                   \
            if (i >= s->meter.next) meter_stamp(&s->meter, i);                                           \
        }                                                                                                \
        return NULL;                                                                                     \
    }                                                                                                    \
    static void NAME(uint64_t n, uint64_t capacity, unsigned threads)                                    \
    {                                                                                                    \
        ALIGNED static NAME##_state state;                                                                      \
        NAME##_state *s = &state;                                                                        \
        TYPE *q = &s->queue;                                                                             \
        Runner runners[MAX_THREADS];                                                                     \
        INIT;                                                                                            \
        s->n = n / 32 * 32;                                                                              \
        meter_start(&s->meter, n);                                                                       \
        run_threads(runners, threads, NAME##_body, s, 0);                                                \
        meter_report(&s->meter, n, 1);                                                                   \
    }

// Two threads take turns n times. TYPE: one thread's place to sleep, padded to lines of their own. PARK and UNPARK over `p`.
#define PARK_CELL(NAME, TYPE, INIT, PARK, UNPARK)                                                        \
    typedef struct NAME##_state {                                                                        \
        struct {                                                                                         \
            TYPE place;                                                                                  \
            char padding[LINE];                                                                          \
        } places[2];                                                                                     \
        uint64_t n;                                                                                      \
        Meter meter;                                                                                     \
    } NAME##_state;                                                                                      \
    static void NAME##_park(TYPE *p) { PARK; }                                                           \
    static void NAME##_unpark(TYPE *p) { UNPARK; }                                                       \
    static void *NAME##_body(void *context)                                                              \
    {                                                                                                    \
        Runner *r = (Runner *)context;                                                                   \
        NAME##_state *s = (NAME##_state *)r->context;                                                    \
        TYPE *mine = &s->places[r->index].place, *other = &s->places[1 - r->index].place;                \
        for (uint64_t i = 0; i < s->n; i++) {                                                            \
            if (r->index == 0) NAME##_unpark(other);                                                     \
            NAME##_park(mine);                                                                           \
            if (r->index == 1) NAME##_unpark(other);                                                     \
            else if (i + 1 == s->meter.next) meter_stamp(&s->meter, i + 1);                              \
        }                                                                                                \
        return NULL;                                                                                     \
    }                                                                                                    \
    static void NAME(uint64_t n, uint64_t together, unsigned threads)                                    \
    {                                                                                                    \
        ALIGNED static NAME##_state state;                                                                      \
        NAME##_state *s = &state;                                                                        \
        Runner runners[MAX_THREADS];                                                                     \
        for (int i = 0; i < 2; i++) {                                                                    \
            TYPE *p = &s->places[i].place;                                                               \
            INIT;                                                                                        \
        }                                                                                                \
        s->n = n;                                                                                        \
        meter_start(&s->meter, n);                                                                       \
        run_threads(runners, threads, NAME##_body, s, (int)together);                                    \
        meter_report(&s->meter, n, 1);                                                                   \
    }

typedef struct CellEntry {
    const char *impl, *kind;
    void (*run)(uint64_t n, uint64_t param, unsigned threads);
} CellEntry;

// `CELL` is a kind and, for locks and counters, the number of threads: lock2, try2, batch2, chan2, park2, add1.
static inline int cells_main(int argc, char **argv, const CellEntry *entries, size_t count)
{
    if (argc != 5) fail_with("usage: program IMPLEMENTATION CELL N PARAM");
    size_t kind_len = strlen(argv[2]) - 1;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(entries[i].impl, argv[1]) || strlen(entries[i].kind) != kind_len || strncmp(entries[i].kind, argv[2], kind_len)) continue;
        entries[i].run(strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10), (unsigned)(argv[2][kind_len] - '0'));
        return 0;
    }
    fail_with("no such implementation or cell");
    return 1;
}

#endif
