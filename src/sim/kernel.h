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

// What a test does to its disk (syscall_power.c).
typedef struct Power {
    uint64_t calls;             // that may change the disk, since the test began to count
    uint64_t stop_at;           // from this one on every call fails; UINT64_MAX: none does
    uint64_t asked;             // calls on files at all, since one was told to fail
    uint64_t fail_at;           // this one fails, once; UINT64_MAX: none does
    uint64_t failure;           // an error number; 0: it takes or gives a part only
    DiskWalk walk;              // through what the crash of one moment may leave
} Power;

struct SimKernel {
    InterpMachine *m;
    const SimRun *run;
    Races *races;
    Disk *own_disk;             // made when the program first asks for files
    Files *files;               // likewise
    Power power;
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
void kernel_take_disk(SimKernel *kernel, DiskModel model); // an empty one but for /tmp, in place of that of the run
enum { SYSCALL_POWER = 1000000 }; // no kernel has it
SimSyscallEnd kernel_power(SimKernel *kernel, InterpThread *t, const uint64_t args[6], int64_t *result);
bool kernel_is_stopped(SimKernel *kernel, const InterpOp *op); // this call, on files, finds no power
// This call, on files, is the one that fails: true, with its answer; or its arguments ask for less.
bool kernel_fails(SimKernel *kernel, const InterpOp *op, uint64_t args[6], int64_t *result);
void kernel_power_end(SimKernel *kernel);
extern const SimSyscall kernel_file_calls[];
extern const uint32_t kernel_file_call_count;
// The replacements of the run come first.
SimSyscallEnd sim_syscall(SimKernel *kernel, InterpThread *t, const InterpOp *op, int64_t *result);

#endif
