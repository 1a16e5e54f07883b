// Starting and awaiting other programs. A captured child is a process group of its own, so that what it started goes
// down with it, and its output pipe is never trusted to close: the end of the child itself is what counts.
//
// While there are children, the signals that would end this process are blocked and taken one by one: no child outlives
// it unnoticed, and its callers can remove what they made. Children start with the mask that this process had before.
#define _GNU_SOURCE
#include "driver/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static ProcessEnd end_of(int status) {
    return WIFSIGNALED(status) ? (ProcessEnd){.signal = WTERMSIG(status)}
                               : (ProcessEnd){.exit_code = WEXITSTATUS(status)};
}

int process_exit_code(ProcessEnd end) { return end.signal ? 128 + end.signal : end.exit_code; }

const char *process_signal_name(Arena *arena, int number) {
    const char *name = sigabbrev_np(number);
    if (!name) return arena_printf(arena, "signal %d", number);
    return arena_printf(arena, "SIG%s (%s)", name, sigdescr_np(number));
}

static bool is_ignored(int number) {
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Those of the signals that end a process which do so here.
static sigset_t ending_signals(void) {
    static const int numbers[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (!is_ignored(numbers[i])) sigaddset(&set, numbers[i]);
    return set;
}

// Passes on what was sent to this process alone; the keyboard's signals reach the program without help.
static int wait_passing_signals(pid_t pid, const sigset_t *set, int *last) {
    int status = 0;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        int number = sigwaitinfo(set, NULL);
        if (number == SIGTERM || number == SIGHUP) kill(pid, number);
        if (number > 0 && number != SIGCHLD) *last = number;
    }
    return status;
}

ProcessEnd process_run(const char *const *argv, int *interrupted) {
    sigset_t set = ending_signals(), before;
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, &before);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &before);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t pid;
    int failed = posix_spawnp(&pid, argv[0], NULL, &attributes, (char *const *)argv, environ);
    posix_spawnattr_destroy(&attributes);
    int last = 0;
    int status = failed ? 0 : wait_passing_signals(pid, &set, &last);
    // What came at the end was for the program, too.
    static const struct timespec at_once = {0};
    for (int number; !failed && (number = sigtimedwait(&set, NULL, &at_once)) > 0;)
        if (number != SIGCHLD) last = number;
    *interrupted = last;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = failed;
    return failed ? (ProcessEnd){.failed = true} : end_of(status);
}

enum { OUTPUT_LIMIT = 64 * 1024, POLL_MILLISECONDS = 5 };

typedef struct Child {
    pid_t pid; // 0: free
    int fd; // -1: closed by all who held it
    int64_t deadline; // milliseconds
    uint32_t tag;
    StrBuf output;
} Child;

struct ProcessPool {
    Child children[PROCESS_POOL_SIZE];
    int signals; // signalfd of the signals that are held back
    sigset_t mask; // before that
    uint32_t timeout;
};

static int64_t now_milliseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

ProcessPool *process_pool_create(Arena *arena, uint32_t timeout_seconds) {
    ProcessPool *pool = ARENA_NEW(arena, ProcessPool);
    pool->timeout = timeout_seconds;
    sigset_t set = ending_signals();
    sigprocmask(SIG_BLOCK, &set, &pool->mask);
    pool->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return pool;
}

void process_pool_destroy(ProcessPool *pool) {
    if (pool->signals >= 0) close(pool->signals);
    sigprocmask(SIG_SETMASK, &pool->mask, NULL);
}

static Child *free_child(const ProcessPool *pool) {
    for (size_t i = 0; i < PROCESS_POOL_SIZE; i++)
        if (!pool->children[i].pid) return (Child *)&pool->children[i];
    return NULL;
}

bool process_pool_full(const ProcessPool *pool) { return !free_child(pool); }

bool process_pool_empty(const ProcessPool *pool) {
    for (size_t i = 0; i < PROCESS_POOL_SIZE; i++)
        if (pool->children[i].pid) return false;
    return true;
}

static int spawn_captured(const char *const *argv, int output_fd, const sigset_t *mask, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output_fd, 1);
    posix_spawn_file_actions_adddup2(&actions, output_fd, 2);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, mask);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    int failed = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

bool process_pool_start(ProcessPool *pool, const char *const *argv, uint32_t tag) {
    Child *child = free_child(pool);
    ENSURE(child);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    fcntl(ends[1], F_SETFL, 0); // the child's end blocks, as programs expect
    pid_t pid;
    int failed = spawn_captured(argv, ends[1], &pool->mask, &pid);
    close(ends[1]);
    if (failed) {
        close(ends[0]);
        errno = failed;
        return false;
    }
    *child = (Child){pid, ends[0], now_milliseconds() + (int64_t)pool->timeout * 1000, tag, {0}};
    return true;
}

// Takes what is there. Beyond the limit it is read and dropped, so that the child does not block on a full pipe.
static void read_available(Child *child) {
    char buffer[4096];
    while (child->fd >= 0) {
        ssize_t n = read(child->fd, buffer, sizeof buffer);
        if (n < 0) {
            if (errno == EINTR) continue;
            return;
        }
        if (n == 0) {
            close(child->fd);
            child->fd = -1;
            return;
        }
        size_t room = child->output.len < OUTPUT_LIMIT ? OUTPUT_LIMIT - child->output.len : 0;
        strbuf_append(&child->output, buffer, (size_t)n < room ? (size_t)n : room);
    }
}

static void wait_for_output(ProcessPool *pool) {
    struct pollfd fds[PROCESS_POOL_SIZE + 1] = {{pool->signals, POLLIN, 0}};
    nfds_t count = 1;
    int timeout = -1;
    for (size_t i = 0; i < PROCESS_POOL_SIZE; i++) {
        Child *child = &pool->children[i];
        if (!child->pid) continue;
        int64_t left = child->deadline - now_milliseconds();
        if (child->fd >= 0) fds[count++] = (struct pollfd){child->fd, POLLIN, 0};
        // A child that closed its output, or left it to another process, ends without waking us.
        int64_t longest = child->fd >= 0 ? 50 : POLL_MILLISECONDS;
        if (left < longest) longest = left < 0 ? 0 : left;
        if (timeout < 0 || longest < timeout) timeout = (int)longest;
    }
    poll(fds, count, timeout);
}

// True when the child is over.
static bool step_child(Child *child, ProcessResult *result, StrBuf *output) {
    read_available(child);
    bool late = now_milliseconds() >= child->deadline;
    if (late) kill(-child->pid, SIGKILL);
    int status;
    if (waitpid(child->pid, &status, late ? 0 : WNOHANG) != child->pid) return false;
    kill(-child->pid, SIGKILL); // whatever it left behind
    read_available(child);
    if (child->fd >= 0) close(child->fd);
    *result = (ProcessResult){late, 0, end_of(status), child->tag};
    strbuf_append(output, child->output.data, child->output.len);
    strbuf_free(&child->output);
    *child = (Child){0};
    return true;
}

static void end_children(ProcessPool *pool) {
    for (size_t i = 0; i < PROCESS_POOL_SIZE; i++) {
        Child *child = &pool->children[i];
        if (!child->pid) continue;
        kill(-child->pid, SIGKILL);
        while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        if (child->fd >= 0) close(child->fd);
        strbuf_free(&child->output);
        *child = (Child){0};
    }
}

ProcessResult process_pool_wait(ProcessPool *pool, StrBuf *output) {
    ENSURE(!process_pool_empty(pool));
    for (ProcessResult result;;) {
        struct signalfd_siginfo info;
        if (read(pool->signals, &info, sizeof info) == (ssize_t)sizeof info) {
            end_children(pool);
            return (ProcessResult){.interrupted = (int)info.ssi_signo};
        }
        for (size_t i = 0; i < PROCESS_POOL_SIZE; i++)
            if (pool->children[i].pid && step_child(&pool->children[i], &result, output)) return result;
        wait_for_output(pool);
    }
}
