// The state of the simulated kernel; schedule.c runs it, syscall.c answers for it.
#ifndef JANUS_SIM_KERNEL_H
#define JANUS_SIM_KERNEL_H

#include "sim/files/files.h"
#include "sim/race.h"
#include "sim/sim.h"

enum { PROCESS_ID = 1000 }; // and that of its first thread; those of the others follow

// What the scheduler asks of every thread at every step is kept here.
typedef struct ThreadState {
    InterpThread *thread;       // NULL: none has this number in this execution
    InterpStatus status;        // as its last step or commit left it
    bool asleep;                // in a futex operation or a sleep
    bool yielded;               // gives way until another thread has run
    bool chosen;                // its pending operation may be carried out
    uint64_t futex;             // address of the word it sleeps on; 0: a plain sleep
    uint64_t wake_at;           // UINT64_MAX: never
    uint64_t asleep_since;      // order among sleepers
} ThreadState;

struct SimKernel {
    InterpMachine *m;
    const SimRun *run;
    Races *races;
    Disk *own_disk;             // made when the program first asks for files
    Files *files;               // likewise
    uint64_t random;            // state of what decides about the schedule
    uint64_t random_bytes;      // of what the program is given
    uint64_t now;               // nanoseconds
    uint64_t sleeps;
    uint32_t current;
    uint32_t stay;              // of 8 choices, how many stay with the running thread
    bool concurrent;            // a second thread was started
    ThreadState *states;        // by number of thread
    uint32_t state_count, state_room, yield_count;
};

Files *kernel_files(SimKernel *kernel);
extern const SimSyscall kernel_file_calls[];
extern const uint32_t kernel_file_call_count;
// The replacements of the run come first.
SimSyscallEnd sim_syscall(SimKernel *kernel, InterpThread *t, const InterpOp *op, int64_t *result);

#endif
