// The power of a test's disk: one call that no kernel has, for `std.os.power`. A test takes an empty disk, says at which
// call on files the power goes, and crashes the disk; what a crash may leave it gets one after the other, or drawn.
//
// Only calls that may change what a crash leaves are counted: before each other one the disk holds what it held before the
// counted one that comes next. Once the power is gone every call on files fails, so that what a program does after the
// first error changes nothing; closing is no call on the disk, and the standard streams are not of it.
//
// A test may also let one call fail, of all on files, and nothing else: with an error, of which a sync leaves uncertain what
// it should have forced, or by taking or giving only a part; and it may let the disk be full.
#include "sim/kernel.h"

enum { EINTR = 4, EINVAL = 22, MOST_ERROR = 4095 };
enum { OP_TAKE, OP_STOP, OP_COUNT, OP_CRASH, OP_DRAW, OP_FAIL, OP_ASKED, OP_ROOM };
enum { CALL_WRITE = 1, CALL_CLOSE = 3, CALL_WRITEV = 20, CALL_OPENAT = 257, LAST_STREAM = 2 };
enum { CALL_READ = 0, CALL_PREAD64 = 17, CALL_PWRITE64 = 18, CALL_FSYNC = 74, CALL_FDATASYNC = 75 };
enum { OPEN_CREATE = 0100, OPEN_TRUNCATE = 01000 };

// read, fstat, lseek, pread64, dup, fcntl, flock, getcwd, statfs, fstatfs, getdents64, fadvise64, newfstatat,
// sync_file_range, preadv2, statx
static const uint64_t UNCOUNTED[] = {0, 5, 8, 17, 32, 72, 73, 79, 137, 138, 217, 221, 262, 277, 327, 332};

// Calls during which a signal may come: read, write, pread64, pwrite64, writev, flock, fsync, fdatasync, ftruncate, openat,
// fallocate, preadv2
static const uint64_t INTERRUPTED[] = {0, 1, 17, 18, 20, 73, 74, 75, 77, 257, 285, 327};

static bool is_one_of(const uint64_t *numbers, size_t count, uint64_t number) {
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number) return true;
    return false;
}

static bool may_change(const InterpOp *op) {
    if (op->number == CALL_OPENAT) return op->args[2] & (OPEN_CREATE | OPEN_TRUNCATE);
    return !is_one_of(UNCOUNTED, ARRAY_LEN(UNCOUNTED), op->number);
}

static bool is_beside_disk(const InterpOp *op) {
    bool of_stream = (op->number == CALL_WRITE || op->number == CALL_WRITEV) && op->args[0] <= LAST_STREAM;
    return of_stream || op->number == CALL_CLOSE;
}

bool kernel_is_stopped(SimKernel *k, const InterpOp *op) {
    Power *power = &k->power;
    if (is_beside_disk(op)) return false;
    if (!may_change(op)) return power->calls > power->stop_at;
    return power->calls++ >= power->stop_at;
}

bool kernel_fails(SimKernel *k, const InterpOp *op, uint64_t args[6], int64_t *result) {
    Power *power = &k->power;
    if (is_beside_disk(op) || power->asked++ != power->fail_at) return false;
    if (power->failure == EINTR && !is_one_of(INTERRUPTED, ARRAY_LEN(INTERRUPTED), op->number)) return false;
    if (!power->failure) {
        bool has_size = op->number == CALL_READ || op->number == CALL_WRITE || op->number == CALL_PREAD64 ||
                        op->number == CALL_PWRITE64;
        if (has_size && args[2] > 1) args[2] /= 2;
        return false;
    }
    bool is_sync = op->number == CALL_FSYNC || op->number == CALL_FDATASYNC;
    if (is_sync && power->failure != EINTR) files_fail_sync(kernel_files(k), (int)args[0]);
    *result = -(int64_t)power->failure;
    return true;
}

static void let_none_fail(Power *power) {
    power->asked = 0;
    power->fail_at = UINT64_MAX;
}

static void start_counting(Power *power, uint64_t stop_at) {
    power->calls = 0;
    power->stop_at = stop_at;
}

// A test may have gone on to another crash than the one whose ways were walked: they begin anew where the two part.
static uint32_t choose_anew(void *context, uint32_t count, DiskChoice what) {
    DiskWalk *walk = context;
    if (walk->at < walk->len && walk->counts[walk->at] != count) walk->len = walk->at;
    return disk_walk_choose(walk, count, what);
}

static void crash(SimKernel *k, const DiskChooser *chooser) {
    (void)kernel_files(k); // so that there is a disk
    files_destroy(k->files);
    k->files = NULL;
    disk_crash(k->own_disk ? k->own_disk : k->run->disk, chooser);
    start_counting(&k->power, UINT64_MAX);
    let_none_fail(&k->power);
}

SimSyscallEnd kernel_power(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)t;
    Power *power = &k->power;
    DiskDraw draw = disk_draw(args[1]);
    switch (args[0]) {
    case OP_TAKE:
        *result = -EINVAL;
        if (args[1] > DISK_SAFE) return SIM_SYSCALL_DONE;
        kernel_take_disk(k, (DiskModel)args[1]);
        start_counting(power, UINT64_MAX);
        let_none_fail(power);
        *result = 0;
        return SIM_SYSCALL_DONE;
    case OP_STOP: start_counting(power, args[1]); return SIM_SYSCALL_DONE;
    case OP_COUNT: return *result = (int64_t)power->calls, SIM_SYSCALL_DONE;
    case OP_CRASH:
        power->walk.at = 0;
        crash(k, &(DiskChooser){choose_anew, &power->walk});
        *result = disk_walk_next(&power->walk);
        return SIM_SYSCALL_DONE;
    case OP_DRAW:
        disk_walk_free(&power->walk);
        crash(k, &(DiskChooser){disk_draw_choose, &draw});
        return SIM_SYSCALL_DONE;
    case OP_FAIL:
        *result = -EINVAL;
        if (args[2] > MOST_ERROR) return SIM_SYSCALL_DONE;
        power->asked = 0;
        power->fail_at = args[1];
        power->failure = args[2];
        *result = 0;
        return SIM_SYSCALL_DONE;
    case OP_ASKED: return *result = (int64_t)power->asked, SIM_SYSCALL_DONE;
    case OP_ROOM: {
        (void)kernel_files(k); // so that there is a disk
        Disk *disk = k->own_disk ? k->own_disk : k->run->disk;
        disk_set_capacity(disk, args[1] < UINT64_MAX / 2 ? disk_used(disk) + args[1] : UINT64_MAX / 2);
        return SIM_SYSCALL_DONE;
    }
    default: *result = -EINVAL; return SIM_SYSCALL_DONE;
    }
}

void kernel_power_end(SimKernel *k) { disk_walk_free(&k->power.walk); }
