// What every C and C++ program of this benchmark shares: clocks, pinning, the work inside a critical section, and the report.
// A program is called as `program IMPLEMENTATION CELL N PARAM` and prints one line: median chunk in ns per operation, wall ns per
// operation, CPU ns per operation, smallest share of a thread (1 where there is only one kind of thread). In the cells `wait` the first is the
// longest turn of any thread in ns: from asking for the lock to having given it back. (One look at the clock for each turn, outside the lock: within it a
// look that enters the kernel, as not all languages can help, would invite it to take the processor away from who holds the lock.) N is split into CHUNKS
// chunks; the thread that counts operations stamps the clock at the end of each.
#ifndef BENCH_SYNC_HARNESS_H
#define BENCH_SYNC_HARNESS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHUNKS = 64, MAX_THREADS = 4, LINE = 128 };

typedef struct Meter {
    uint64_t chunk, next, stamps_used;
    uint64_t stamps[CHUNKS + 1];
    uint64_t cpu_start;
} Meter;

static inline uint64_t clock_read(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline void fail_with(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static inline void pin_to(unsigned cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set)) fail_with("sched_setaffinity failed");
}

static inline void meter_start(Meter *m, uint64_t n)
{
    m->chunk = n / CHUNKS ? n / CHUNKS : 1;
    m->next = m->chunk;
    m->cpu_start = clock_read(CLOCK_PROCESS_CPUTIME_ID);
    m->stamps[0] = clock_read(CLOCK_MONOTONIC);
    m->stamps_used = 1;
}

// To be called when `done`, which only grows, has reached `next`.
static inline void meter_stamp(Meter *m, uint64_t done)
{
    while (m->next <= done) m->next += m->chunk;
    if (m->stamps_used <= CHUNKS) m->stamps[m->stamps_used++] = clock_read(CLOCK_MONOTONIC);
}

static inline int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

// Of the cells `wait`; written by who has the lock.
static uint64_t longest_turn;

static inline void meter_report(Meter *m, uint64_t n, double share)
{
    uint64_t end = clock_read(CLOCK_MONOTONIC), cpu = clock_read(CLOCK_PROCESS_CPUTIME_ID) - m->cpu_start;
    uint64_t gaps[CHUNKS], count = m->stamps_used - 1;
    if (count == 0) fail_with("too few operations");
    for (uint64_t i = 0; i < count; i++) gaps[i] = m->stamps[i + 1] - m->stamps[i];
    qsort(gaps, count, sizeof gaps[0], compare_u64);
    double first = longest_turn ? (double)longest_turn : (double)gaps[count / 2] / (double)m->chunk;
    printf("%.4f %.4f %.4f %.4f\n", first, (double)(end - m->stamps[0]) / (double)n, (double)cpu / (double)n, share);
}

// Dependent shifts and exclusive ors, which no compiler shortens: `rounds` times about 1.5 ns.
static inline uint64_t work(uint64_t x, uint64_t rounds)
{
    for (uint64_t i = 0; i < rounds; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    return x;
}

static inline void relax(void)
{
#if defined __x86_64__
    __builtin_ia32_pause();
#else
    __asm__ volatile("isb");
#endif
}

// What a lock guards in the lock cells.
typedef struct Guarded {
    uint64_t count, x;
    Meter meter;
} Guarded;

// Inside the lock; false when all is done.
static inline int guarded_step(Guarded *g, uint64_t n, uint64_t rounds)
{
    if (g->count >= n) return 0;
    g->count++;
    g->x = work(g->x, rounds);
    if (g->count == g->meter.next) meter_stamp(&g->meter, g->count);
    return 1;
}

static pthread_barrier_t start_line;

// Runs `count` threads of `body`, thread i pinned to processor i % 2, or to 0 when `together`; body waits on start_line itself.
typedef struct Runner {
    void *(*body)(void *);
    void *context;
    unsigned index, cpu;
    uint64_t done;
} Runner;

static void *runner_main(void *p)
{
    Runner *r = (Runner *)p;
    pin_to(r->cpu);
    pthread_barrier_wait(&start_line);
    return r->body(r);
}

static inline void run_threads(Runner *runners, unsigned count, void *(*body)(void *), void *context, int together)
{
    pthread_t threads[MAX_THREADS];
    pthread_barrier_init(&start_line, NULL, count);
    for (unsigned i = 0; i < count; i++) {
        runners[i].body = body;
        runners[i].context = context;
        runners[i].index = i;
        runners[i].cpu = together ? 0 : i % 2;
        runners[i].done = 0;
        if (pthread_create(&threads[i], NULL, runner_main, &runners[i])) fail_with("pthread_create failed");
    }
    for (unsigned i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

static inline double smallest_share(const Runner *runners, unsigned count)
{
    uint64_t least = UINT64_MAX, sum = 0;
    for (unsigned i = 0; i < count; i++) {
        sum += runners[i].done;
        if (runners[i].done < least) least = runners[i].done;
    }
    return sum ? (double)least * count / (double)sum : 0;
}

#endif
