// Worlds for the interpreter: a program's threads under a seeded scheduler, races judged on the way, and the kernel that answers its
// system calls. Over interp.h alone.
#ifndef JANUS_SIM_SIM_H
#define JANUS_SIM_SIM_H

#include "interp/interp.h"

typedef struct Disk Disk; // sim/disk/disk.h

// The kernel a program sees: time is virtual, there is one processor, and nothing happens that the program did not ask
// for.
typedef struct SimKernel SimKernel;
typedef enum SimSyscallEnd {
    SIM_SYSCALL_DONE, // with a result
    SIM_SYSCALL_EXIT, // the process ends; the result is its exit code
    SIM_SYSCALL_ABORT, // the process ends as by SIGABRT
    SIM_SYSCALL_SLEEP, // the result is how many nanoseconds; the call then answers 0
    SIM_SYSCALL_UNKNOWN,
} SimSyscallEnd;
typedef struct SimSyscall {
    uint64_t number;
    SimSyscallEnd (*call)(SimKernel *kernel, InterpThread *t, const uint64_t args[6], int64_t *result);
} SimSyscall;
void *sim_kernel_context(SimKernel *kernel); // of the run
uint64_t sim_kernel_now(const SimKernel *kernel); // nanoseconds

typedef struct SimRun {
    const SimSyscall *syscalls; // replace those of the same number
    uint32_t syscall_count;
    uint64_t seed;
    uint64_t step_limit; // 0: none
    uint32_t argument_count;
    const char *const *arguments;
    Disk *disk; // what the program's files are on; NULL: a safe one of its own, with an empty folder /tmp
    void *context;
    void (*write)(void *context, int fd, const uint8_t *bytes, size_t len);
    int64_t (*read)(void *context, uint8_t *bytes, size_t len); // of descriptor 0; NULL: always at its end
} SimRun;

typedef enum SimEnd { SIM_END_EXIT, SIM_END_ABORT, SIM_END_FAILED } SimEnd;

typedef struct SimOutcome {
    SimEnd end;
    int exit_code; // EXIT
    InterpFailureKind failure; // FAILED
    UndefinedKind undefined; // FAILED by undefined behaviour
    bool concurrent; // a second thread was started: another seed may end otherwise
    uint64_t steps;
} SimOutcome;

// Runs main on a seeded scheduler, one visible operation at a time. Text about a failure goes to `write` as descriptor
// 2. The machine is reset before and after.
void sim_run_main(InterpMachine *m, const SimRun *run, SimOutcome *outcome);
enum { SIM_EXIT_ABORT = 134, SIM_EXIT_UNDEFINED = 102, SIM_EXIT_LIMIT = 103 };
int sim_exit_code(const SimOutcome *outcome); // of a process that ended so

#endif
