// Counts and pads the syncs of a program: syncs LEAST_MICROSECONDS COUNT_FILE PROGRAM ARGUMENT…
//
// Each fsync and fdatasync takes at least the stated time, as on a disk that needs that long. The first eight bytes of COUNT_FILE hold, lowest byte
// first, how many were done. The kernel stops the program at these calls (seccomp, user notification), and a thread of this process does the sync
// on a copy of the descriptor: that works for programs without a C library too, where LD_PRELOAD would be ignored. What the detour costs, some
// 20 µs, is part of the padding. Syncs of several threads are done at the same time, up to SUPERVISORS of them.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static constexpr int SUPERVISORS = 16;
static constexpr int NOT_RUN = 126;

#if defined(__x86_64__)
static constexpr uint32_t MACHINE = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
static constexpr uint32_t MACHINE = AUDIT_ARCH_AARCH64;
#endif

[[noreturn]] static void fail(const char *what) {
    fprintf(stderr, "syncs: %s: %s\n", what, strerror(errno));
    _Exit(NOT_RUN);
}

// Answers the descriptor at which the kernel tells of the syncs of this process.
static int ask_for_syncs() {
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsync, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fdatasync, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
    };
    sock_fprog program = {sizeof code / sizeof code[0], code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("prctl");
    int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    if (listener < 0) fail("seccomp");
    return listener;
}

// The child: its listener's number goes to `tell`, and it begins when `wait` has said that the other side has a copy.
[[noreturn]] static void become(char **command, int tell, int wait) {
    int listener = ask_for_syncs();
    char begin = 0;
    if (write(tell, &listener, sizeof listener) != sizeof listener || read(wait, &begin, 1) != 1)
        fail("the first words to the supervisor");
    execvp(command[0], command);
    fail(command[0]);
}

static int copy_descriptor(int process, int descriptor) {
    return (int)syscall(SYS_pidfd_getfd, process, descriptor, 0);
}

static void supervise(int listener, int process, std::chrono::microseconds least, std::atomic<uint64_t> *count) {
    for (;;) {
        seccomp_notif call{};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) {
            if (errno == EINTR || errno == ENOENT) continue; // whoever made the call was killed meanwhile
            return;
        }
        auto begun = std::chrono::steady_clock::now();
        int file = copy_descriptor(process, (int)call.data.args[0]);
        int code = file < 0 ? -1 : call.data.nr == SYS_fsync ? fsync(file) : fdatasync(file);
        int error = code == 0 ? 0 : -errno;
        if (file >= 0) close(file);
        std::this_thread::sleep_until(begun + least);
        count->fetch_add(1);
        seccomp_notif_resp answer = {call.id, 0, error, 0};
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

// The count lies in the file itself, so that the program can read it at any time.
static std::atomic<uint64_t> *map_count(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0 || ftruncate(file, sizeof(uint64_t)) != 0) fail(path);
    void *place = mmap(nullptr, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (place == MAP_FAILED) fail("mmap");
    return new (place) std::atomic<uint64_t>(0);
}

int main(int count, char **words) {
    if (count < 4) {
        fprintf(stderr, "usage: syncs LEAST_MICROSECONDS COUNT_FILE PROGRAM ARGUMENT…\n");
        return NOT_RUN;
    }
    std::chrono::microseconds least(strtoull(words[1], nullptr, 10));
    std::atomic<uint64_t> *syncs = map_count(words[2]);
    int told[2], begin[2];
    if (pipe2(told, O_CLOEXEC) != 0 || pipe2(begin, O_CLOEXEC) != 0) fail("pipe2");
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) become(words + 3, told[1], begin[0]);
    close(told[1]);
    int theirs = -1;
    if (read(told[0], &theirs, sizeof theirs) != sizeof theirs) return NOT_RUN; // it has said why
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    int listener = process < 0 ? -1 : copy_descriptor(process, theirs);
    if (listener < 0) fail("pidfd_getfd");
    for (int i = 0; i < SUPERVISORS; i++) std::thread(supervise, listener, process, least, syncs).detach();
    if (write(begin[1], "b", 1) != 1) fail("write");
    int status = 0;
    if (waitpid(child, &status, 0) != child) fail("waitpid");
    // Not exit: the supervisors wait for calls that no longer come.
    _Exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
