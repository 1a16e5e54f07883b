/* Runs a program as on a kernel with pages of 64 KiB: rounds the lengths of mmap and mprotect up as that kernel does, and, when the
   first argument is `told`, puts 65536 where the auxiliary vector names the page. `untold` leaves 4096 there. x86_64 only. */
#define _GNU_SOURCE
#include <elf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static const unsigned long long PAGE = 65536;

/* At the first instruction the stack holds the count, the arguments, 0, the environment, 0 and the vector. */
static void tell_page(pid_t child) {
    struct user_regs_struct r;
    ptrace(PTRACE_GETREGS, child, 0, &r);
    unsigned long at = r.rsp;
    at += 8 * (ptrace(PTRACE_PEEKDATA, child, at, 0) + 2);
    while (ptrace(PTRACE_PEEKDATA, child, at, 0)) at += 8;
    for (at += 8; ptrace(PTRACE_PEEKDATA, child, at, 0) != AT_NULL; at += 16)
        if (ptrace(PTRACE_PEEKDATA, child, at, 0) == AT_PAGESZ) ptrace(PTRACE_POKEDATA, child, at + 8, PAGE);
}

static void round_length(pid_t thread) {
    struct user_regs_struct r;
    ptrace(PTRACE_GETREGS, thread, 0, &r);
    if (r.orig_rax != SYS_mmap && r.orig_rax != SYS_mprotect) return;
    if (r.rax != (unsigned long long)-38) return; /* on the way out */
    r.rsi = (r.rsi + PAGE - 1) & ~(PAGE - 1);
    ptrace(PTRACE_SETREGS, thread, 0, &r);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    pid_t child = fork();
    if (!child) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        execv(argv[2], argv + 2);
        _exit(127);
    }
    int status;
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) return 3;
    ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACECLONE | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    if (!strcmp(argv[1], "told")) tell_page(child);
    ptrace(PTRACE_SYSCALL, child, 0, 0);
    for (pid_t thread; (thread = waitpid(-1, &status, __WALL)) > 0;) {
        if (thread == child && WIFEXITED(status)) return WEXITSTATUS(status);
        if (WIFSIGNALED(status)) {
            fprintf(stderr, "killed by signal %d\n", WTERMSIG(status));
            return 1;
        }
        if (!WIFSTOPPED(status)) continue;
        int signal = WSTOPSIG(status);
        if (signal == (SIGTRAP | 0x80)) round_length(thread);
        int passed_on = signal == (SIGTRAP | 0x80) || signal == SIGTRAP || signal == SIGSTOP ? 0 : signal;
        ptrace(PTRACE_SYSCALL, thread, 0, passed_on);
    }
    return 1;
}
