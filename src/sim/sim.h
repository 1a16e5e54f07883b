// Worlds for the interpreter: a program's threads under a seeded scheduler, races judged on the way, and the kernel that answers its
// system calls. Over interp.h alone.
#ifndef JANUS_SIM_SIM_H
#define JANUS_SIM_SIM_H

#include "interp/interp.h"

typedef enum InterpEnd { INTERP_END_EXIT, INTERP_END_ABORT, INTERP_END_FAILED } InterpEnd;

// The kernel a program sees: time is virtual, there is one processor, and nothing happens that the program did not ask
// for.
typedef struct InterpKernel InterpKernel;
typedef enum InterpSyscallEnd {
    INTERP_SYSCALL_DONE, // with a result
    INTERP_SYSCALL_EXIT, // the process ends; the result is its exit code
    INTERP_SYSCALL_ABORT, // the process ends as by SIGABRT
    INTERP_SYSCALL_SLEEP, // the result is how many nanoseconds; the call then answers 0
    INTERP_SYSCALL_UNKNOWN,
} InterpSyscallEnd;
typedef struct InterpSyscall {
    uint64_t number;
    InterpSyscallEnd (*call)(InterpKernel *kernel, InterpThread *t, const uint64_t args[6], int64_t *result);
} InterpSyscall;
InterpSyscallEnd interp_syscall(InterpKernel *kernel, InterpThread *t, const InterpOp *op,
                                int64_t *result); // replacements first
void *interp_kernel_context(InterpKernel *kernel);
uint64_t interp_kernel_now(const InterpKernel *kernel); // nanoseconds

typedef struct InterpRun {
    const InterpSyscall *syscalls; // replace those of the same number
    uint32_t syscall_count;
    uint64_t seed;
    uint64_t step_limit; // 0: none
    uint32_t argument_count;
    const char *const *arguments;
    void *context;
    void (*write)(void *context, int fd, const uint8_t *bytes, size_t len);
    int64_t (*read)(void *context, uint8_t *bytes, size_t len); // of descriptor 0; NULL: always at its end
} InterpRun;

typedef struct InterpOutcome {
    InterpEnd end;
    int exit_code; // EXIT
    InterpFailureKind failure; // FAILED
    UndefinedKind undefined; // FAILED by undefined behaviour
    bool concurrent; // a second thread was started: another seed may end otherwise
    uint64_t steps;
} InterpOutcome;

// Runs main on a seeded scheduler, one visible operation at a time. Text about a failure goes to `write` as descriptor
// 2. The machine is reset first.
void interp_run_main(InterpMachine *m, const InterpRun *run, InterpOutcome *outcome);
enum { INTERP_EXIT_ABORT = 134, INTERP_EXIT_UNDEFINED = 102, INTERP_EXIT_LIMIT = 103 };
int interp_exit_code(const InterpOutcome *outcome); // of a process that ended so

#endif
