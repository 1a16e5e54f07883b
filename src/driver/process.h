// Other programs: the linker, a program under `janus run`, tests.
#ifndef JANUS_DRIVER_PROCESS_H
#define JANUS_DRIVER_PROCESS_H

#include "base/base.h"

// How a process ended. A signal's number and an exit code are told apart: any program may exit with 139.
typedef struct ProcessEnd {
    bool failed; // it could not be started, and errno says why
    int signal; // that killed it, or 0
    int exit_code; // when there was no signal
} ProcessEnd;

// As a shell has it: 128 + n when signal n killed the process.
int process_exit_code(ProcessEnd end);
// "SIGSEGV (Segmentation fault)".
const char *process_signal_name(Arena *arena, int number);

// Runs argv[0] (searched in PATH) with the caller's standard streams and waits for it. SIGTERM and SIGHUP are passed on
// to it, the keyboard's signals reach it anyway. `interrupted` gets the last such signal, or 0.
ProcessEnd process_run(const char *const *argv, int *interrupted);

typedef struct ProcessResult {
    bool timed_out;
    int interrupted; // 0, or the signal that this process got: no child is left, and nothing else is set
    ProcessEnd end;
    uint32_t tag; // of the caller
} ProcessResult;

// A few child processes at a time, each with a time limit and its output (standard output and error together) captured.
typedef struct ProcessPool ProcessPool;
enum { PROCESS_POOL_SIZE = 2 };
// While there is a pool, signals that would end this process are held back and end the children first.
ProcessPool *process_pool_create(Arena *arena, uint32_t timeout_seconds);
void process_pool_destroy(ProcessPool *pool);
bool process_pool_full(const ProcessPool *pool);
bool process_pool_empty(const ProcessPool *pool);
// False with errno set when it could not be started.
bool process_pool_start(ProcessPool *pool, const char *const *argv, uint32_t tag);
// Waits until one of them is done. `output` gets what it printed, cut after 64 KiB.
ProcessResult process_pool_wait(ProcessPool *pool, StrBuf *output);

#endif
