// Tells how far apart processors 0 and 1 are at this moment: two threads pinned to them pass a cache line to and fro for 10 ms. Prints
// the median nanoseconds of one pass. `probe work ROUNDS` prints what that many rounds of the critical section's work take instead.
#include "harness.h"
#include <stdatomic.h>

static _Alignas(128) _Atomic uint64_t ball;
static _Atomic int stop;

static void *player(void *p)
{
    Runner *r = p;
    if (r->index == 1) {
        for (uint64_t want = 1; !atomic_load_explicit(&stop, memory_order_relaxed);) {
            if (atomic_load_explicit(&ball, memory_order_acquire) != want) continue;
            atomic_store_explicit(&ball, want + 1, memory_order_release);
            want += 2;
        }
        return NULL;
    }
    uint64_t gaps[4096], count = 0, turn = 0, first = clock_read(CLOCK_MONOTONIC), before = first;
    while (before - first < 10000000 && count < 4096) {
        for (int i = 0; i < 50; i++, turn += 2) {
            atomic_store_explicit(&ball, turn + 1, memory_order_release);
            while (atomic_load_explicit(&ball, memory_order_acquire) != turn + 2) continue;
        }
        uint64_t now = clock_read(CLOCK_MONOTONIC);
        gaps[count++] = now - before;
        before = now;
    }
    atomic_store(&stop, 1);
    qsort(gaps, count, sizeof gaps[0], compare_u64);
    printf("%.1f\n", (double)gaps[count / 2] / 100);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        uint64_t gaps[65], rounds = strtoull(argv[2], NULL, 10), x = 88172645463325252u;
        for (int i = 0; i < 65; i++) {
            uint64_t before = clock_read(CLOCK_MONOTONIC);
            for (int k = 0; k < 100; k++) x = work(x, rounds);
            gaps[i] = clock_read(CLOCK_MONOTONIC) - before;
        }
        qsort(gaps, 65, sizeof gaps[0], compare_u64);
        printf("%.2f %s\n", (double)gaps[32] / 100, x ? "" : "zero");
        return 0;
    }
    Runner runners[2];
    run_threads(runners, 2, player, NULL, 0);
    return 0;
}
