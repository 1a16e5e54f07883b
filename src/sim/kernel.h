// The state of the simulated kernel; schedule.c runs it, syscall.c answers for it.
#ifndef JANUS_SIM_KERNEL_H
#define JANUS_SIM_KERNEL_H

#include "sim/race.h"
#include "sim/sim.h"

typedef struct ThreadState {
    bool asleep;                // in a futex operation or a sleep
    bool yielded;               // gives way until another thread has run
    bool chosen;                // its pending operation may be carried out
    bool timed_out;
    uint64_t futex;             // address of the word it sleeps on; 0: a plain sleep
    uint64_t wake_at;           // UINT64_MAX: never
    uint64_t asleep_since;      // order among sleepers
} ThreadState;

struct InterpKernel {
    InterpMachine *m;
    const InterpRun *run;
    Arena *arena;
    Races *races;
    uint64_t random;
    uint64_t now;               // nanoseconds
    uint64_t sleeps;
    uint32_t current;
    uint32_t stay;              // of 8 choices, how many stay with the running thread
    ThreadState *states;
    uint32_t state_count, yield_count;
};

#endif
