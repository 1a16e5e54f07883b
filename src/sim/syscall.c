// What the simulated kernel answers, but for files (syscall_files.c). Futex operations and yields are the scheduler's;
// everything else that is not in a table is not there.
#include "sim/kernel.h"
#include "sim/random.h"

enum { ENOMEM = 12, EINVAL = 22, EIO = 5, ESRCH = 3 };
enum { SIGNAL_ABORT = 6 };
static const uint64_t EPOCH = UINT64_C(1750000000000000000); // the wall clock's start

typedef SimSyscallEnd End;

static End sys_mmap(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)k;
    enum { MAP_FIXED = 16, MAP_ANONYMOUS = 32 };
    if (!args[1] || args[0] || (args[3] & MAP_FIXED) || !(args[3] & MAP_ANONYMOUS) || args[1] > TYPE_SIZE_LIMIT)
        return *result = -EINVAL, SIM_SYSCALL_DONE;
    uint64_t address = interp_map_pages(t, args[1]);
    if (address && (args[2] & 3) != 3) interp_protect_pages(t, address, args[1], args[2] & 1, args[2] & 2);
    *result = address ? (int64_t)address : -ENOMEM;
    return SIM_SYSCALL_DONE;
}

static End sys_munmap(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)k;
    *result = interp_unmap_pages(t, args[0], args[1]) ? 0 : -EINVAL;
    return SIM_SYSCALL_DONE;
}

static End sys_mprotect(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)k;
    *result = interp_protect_pages(t, args[0], args[1], args[2] & 1, args[2] & 2) ? 0 : -ENOMEM;
    return SIM_SYSCALL_DONE;
}

static void write_time(InterpThread *t, uint64_t address, uint64_t ns) {
    int64_t fields[2] = {(int64_t)(ns / 1000000000), (int64_t)(ns % 1000000000)};
    uint8_t *to = interp_write_memory(t, address, sizeof fields);
    if (to) memcpy(to, fields, sizeof fields);
}

// Time goes on with every look at it, so that waiting for a moment ends.
static End sys_clock_gettime(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    k->now += 1000;
    write_time(t, args[1], args[0] == 0 ? EPOCH + k->now : k->now);
    *result = 0;
    return SIM_SYSCALL_DONE;
}

static End sys_nanosleep(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)k;
    const uint8_t *time = interp_read_memory(t, args[0], 16);
    int64_t fields[2];
    if (!time) return SIM_SYSCALL_DONE;
    memcpy(fields, time, sizeof fields);
    if (fields[0] < 0 || fields[1] < 0 || fields[1] >= 1000000000) return *result = -EINVAL, SIM_SYSCALL_DONE;
    if (fields[0] > 1000000000) fields[0] = 1000000000;
    *result = fields[0] * 1000000000 + fields[1];
    return SIM_SYSCALL_SLEEP;
}

static End sys_getrandom(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    enum { KNOWN_FLAGS = 7, LARGEST = 1 << 20 };
    *result = -EINVAL;
    if (args[2] & ~(uint64_t)KNOWN_FLAGS) return SIM_SYSCALL_DONE;
    uint64_t size = args[1] < LARGEST ? args[1] : LARGEST;
    uint8_t *to = interp_write_memory(t, args[0], size);
    for (uint64_t i = 0; to && i < size; i++) to[i] = (uint8_t)(random_next(&k->random_bytes) >> 32);
    *result = (int64_t)size;
    return SIM_SYSCALL_DONE;
}

static End sys_getpid(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)k, (void)t, (void)args;
    *result = PROCESS_ID;
    return SIM_SYSCALL_DONE;
}

static End sys_gettid(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)k, (void)args;
    *result = PROCESS_ID + (int64_t)interp_thread_index(t);
    return SIM_SYSCALL_DONE;
}

static End sys_tgkill(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)k, (void)t;
    *result = -ESRCH;
    if (args[0] != PROCESS_ID) return SIM_SYSCALL_DONE;
    return args[2] == SIGNAL_ABORT ? SIM_SYSCALL_ABORT : SIM_SYSCALL_UNKNOWN;
}

static End sys_exit_group(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)k, (void)t;
    *result = (int64_t)(args[0] & 0xff);
    return SIM_SYSCALL_EXIT;
}

// One processor; the answer is the size of the mask.
static End sys_sched_getaffinity(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)k;
    *result = -EINVAL;
    if (args[1] < 8) return SIM_SYSCALL_DONE;
    uint64_t mask = 1;
    uint8_t *to = interp_write_memory(t, args[2], sizeof mask);
    if (to) memcpy(to, &mask, sizeof mask);
    *result = sizeof mask;
    return SIM_SYSCALL_DONE;
}

static const SimSyscall TABLE[] = {{9, sys_mmap},
                                   {10, sys_mprotect},
                                   {11, sys_munmap},
                                   {35, sys_nanosleep},
                                   {39, sys_getpid},
                                   {186, sys_gettid},
                                   {204, sys_sched_getaffinity},
                                   {228, sys_clock_gettime},
                                   {231, sys_exit_group},
                                   {234, sys_tgkill},
                                   {318, sys_getrandom},
                                   {SYSCALL_POWER, kernel_power}};

SimSyscallEnd sim_syscall(SimKernel *k, InterpThread *t, const InterpOp *op, int64_t *result) {
    *result = 0;
    for (uint32_t i = 0; i < k->run->syscall_count; i++)
        if (k->run->syscalls[i].number == op->number) return k->run->syscalls[i].call(k, t, op->args, result);
    for (size_t i = 0; i < ARRAY_LEN(TABLE); i++)
        if (TABLE[i].number == op->number) return TABLE[i].call(k, t, op->args, result);
    for (uint32_t i = 0; i < kernel_file_call_count; i++) {
        if (kernel_file_calls[i].number != op->number) continue;
        if (kernel_is_stopped(k, op)) return *result = -EIO, SIM_SYSCALL_DONE;
        uint64_t args[6];
        memcpy(args, op->args, sizeof args);
        return kernel_fails(k, op, args, result) ? SIM_SYSCALL_DONE : kernel_file_calls[i].call(k, t, args, result);
    }
    return SIM_SYSCALL_UNKNOWN;
}

void *sim_kernel_context(SimKernel *k) { return k->run->context; }
uint64_t sim_kernel_now(const SimKernel *k) { return k->now; }
