// The system calls on descriptors and names: arguments come out of the program's memory, results go into it. The standard
// streams are the run's; everything else is answered by files/.
#include "base/memory.h"

#include "sim/kernel.h"

enum { MOST_PIECES = 1024, PIECE_SIZE = 16, ERROR_BAD_DESCRIPTOR = 9, ERROR_INVALID = 22, ERROR_UNSUPPORTED = 95 };

typedef SimSyscallEnd End;

Files *kernel_files(SimKernel *k) {
    if (k->files) return k->files;
    if (!k->run->disk && !k->own_disk) kernel_take_disk(k, DISK_SAFE);
    return k->files = files_create(k->own_disk ? k->own_disk : k->run->disk);
}

void kernel_take_disk(SimKernel *k, DiskModel model) {
    if (k->files) files_destroy(k->files);
    if (k->own_disk) disk_destroy(k->own_disk);
    k->files = NULL;
    k->own_disk = disk_create(&(DiskOptions){.model = model});
    disk_set_mode(k->own_disk, disk_make_folder(k->own_disk, DISK_ROOT, STR("tmp")), 01777);
    disk_settle(k->own_disk);
}

static End answer(int64_t value, int64_t *result) {
    *result = value;
    return value == FILES_UNKNOWN ? SIM_SYSCALL_UNKNOWN : SIM_SYSCALL_DONE;
}

static bool failed(const InterpThread *t) { return interp_status(t) == INTERP_FAILED; }

// After a failure of the thread the answer does not matter.
static Str path_at(InterpThread *t, uint64_t address) { return interp_read_text(t, address, FILES_PATH_LIMIT); }

// ---- reading and writing -----------------------------------------------------------------------------------------------------

typedef struct Piece {
    uint64_t address, size;
} Piece;

// Copies `size` bytes into the program's memory, piece by piece.
static void scatter(InterpThread *t, const Piece *pieces, uint64_t count, const uint8_t *bytes, uint64_t size) {
    for (uint64_t i = 0; i < count && size && !failed(t); i++) {
        uint64_t part = pieces[i].size < size ? pieces[i].size : size;
        uint8_t *to = part ? interp_write_memory(t, pieces[i].address, part) : NULL;
        if (to) memcpy(to, bytes, part);
        bytes += part;
        size -= part;
    }
}

static int64_t read_stream(SimKernel *k, int stream, uint8_t *bytes, uint64_t size) {
    if (stream != 0) return -ERROR_BAD_DESCRIPTOR;
    return k->run->read && size ? k->run->read(k->run->context, bytes, size) : 0;
}

static End read_pieces(SimKernel *k, InterpThread *t, int fd, int64_t at, const Piece *pieces, uint64_t count,
                       int64_t *result) {
    enum { LARGEST_OF_STREAM = 1 << 20 };
    Files *files = kernel_files(k);
    int stream = files_stream(files, fd);
    uint64_t size = 0;
    for (uint64_t i = 0; i < count; i++) size += pieces[i].size;
    bool of_stream = stream >= 0 && at < 0;
    int64_t room = of_stream ? (int64_t)(size < LARGEST_OF_STREAM ? size : LARGEST_OF_STREAM)
                             : files_readable(files, fd, at, size);
    if (room <= 0 && !of_stream) return answer(room, result);
    uint8_t *bytes = memory_acquire((size_t)room + 1);
    *result =
        of_stream ? read_stream(k, stream, bytes, (uint64_t)room) : files_read(files, fd, at, bytes, (uint64_t)room);
    if (*result > 0) scatter(t, pieces, count, bytes, (uint64_t)*result);
    memory_release(bytes);
    return SIM_SYSCALL_DONE;
}

static End write_bytes(SimKernel *k, int fd, int64_t at, const uint8_t *bytes, uint64_t size, int64_t *result) {
    Files *files = kernel_files(k);
    int stream = files_stream(files, fd);
    if (stream < 0 || at >= 0) return answer(files_write(files, fd, at, bytes, size), result);
    if (stream == 0) return answer(-ERROR_BAD_DESCRIPTOR, result);
    if (k->run->write) k->run->write(k->run->context, stream, bytes, size);
    return answer((int64_t)size, result);
}

static End write_piece(SimKernel *k, InterpThread *t, int fd, int64_t at, Piece piece, int64_t *result) {
    const uint8_t *bytes = interp_read_memory(t, piece.address, piece.size);
    return bytes ? write_bytes(k, fd, at, bytes, piece.size, result) : SIM_SYSCALL_DONE;
}

static End sys_read(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return read_pieces(k, t, (int)args[0], -1, &(Piece){args[1], args[2]}, 1, result);
}

static End sys_pread64(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    if ((int64_t)args[3] < 0) return answer(-ERROR_INVALID, result);
    return read_pieces(k, t, (int)args[0], (int64_t)args[3], &(Piece){args[1], args[2]}, 1, result);
}

static End sys_write(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return write_piece(k, t, (int)args[0], -1, (Piece){args[1], args[2]}, result);
}

static End sys_pwrite64(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    if ((int64_t)args[3] < 0) return answer(-ERROR_INVALID, result);
    return write_piece(k, t, (int)args[0], (int64_t)args[3], (Piece){args[1], args[2]}, result);
}

// The pieces of a call on several buffers. NULL: the call has its answer, or the thread failed.
static Piece *read_list(InterpThread *t, uint64_t address, uint64_t count, int64_t *result) {
    uint64_t total = 0;
    *result = -ERROR_INVALID;
    if (count > MOST_PIECES) return NULL;
    *result = 0;
    const uint8_t *list = count ? interp_read_memory(t, address, count * PIECE_SIZE) : NULL;
    if (count && !list) return NULL;
    Piece *pieces = memory_acquire((count + 1) * sizeof *pieces);
    if (count) memcpy(pieces, list, count * sizeof *pieces);
    for (uint64_t i = 0; i < count; i++) {
        if (pieces[i].size > INT64_MAX) {
            *result = -ERROR_INVALID;
            memory_release(pieces);
            return NULL;
        }
        if (pieces[i].size > FILES_LARGEST_IO - total) pieces[i].size = FILES_LARGEST_IO - total;
        total += pieces[i].size;
    }
    return pieces;
}

static End sys_writev(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    Piece *pieces = read_list(t, args[1], args[2], result);
    if (!pieces) return SIM_SYSCALL_DONE;
    StrBuf all = {0};
    for (uint64_t i = 0; i < args[2] && !failed(t); i++) {
        const uint8_t *bytes = pieces[i].size ? interp_read_memory(t, pieces[i].address, pieces[i].size) : NULL;
        if (bytes) strbuf_append(&all, bytes, pieces[i].size);
    }
    End end = failed(t) ? SIM_SYSCALL_DONE
                        : write_bytes(k, (int)args[0], -1, (const uint8_t *)strbuf_str(&all).ptr, all.len, result);
    strbuf_free(&all);
    memory_release(pieces);
    return end;
}

static End sys_preadv2(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    enum { KNOWN_FLAGS = 31 };
    int64_t at = (int64_t)args[3];
    if (at < -1) return answer(-ERROR_INVALID, result);
    Piece *pieces = read_list(t, args[1], args[2], result);
    if (!pieces) return SIM_SYSCALL_DONE;
    End end = args[5] & ~(uint64_t)KNOWN_FLAGS ? answer(-ERROR_UNSUPPORTED, result)
                                               : read_pieces(k, t, (int)args[0], at, pieces, args[2], result);
    memory_release(pieces);
    return end;
}

// ---- descriptors ---------------------------------------------------------------------------------------------------------------

#define FILE_CALL(name, value)                                                                                         \
    static End sys_##name(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {                    \
        (void)t;                                                                                                       \
        return answer(value, result);                                                                                  \
    }
FILE_CALL(close, files_close(kernel_files(k), (int)args[0]))
FILE_CALL(lseek, files_seek(kernel_files(k), (int)args[0], (int64_t)args[1], (int)args[2]))
FILE_CALL(dup, files_dup(kernel_files(k), (int)args[0]))
FILE_CALL(fcntl, files_fcntl(kernel_files(k), (int)args[0], (int)args[1], args[2]))
FILE_CALL(flock, files_flock(kernel_files(k), (int)args[0], (int)args[1]))
FILE_CALL(fsync, files_sync(kernel_files(k), (int)args[0], false))
FILE_CALL(fdatasync, files_sync(kernel_files(k), (int)args[0], true))
FILE_CALL(ftruncate, files_truncate(kernel_files(k), (int)args[0], (int64_t)args[1]))
FILE_CALL(fchmod, files_set_mode(kernel_files(k), (int)args[0], (uint32_t)args[1]))
FILE_CALL(fadvise64, files_advise(kernel_files(k), (int)args[0], (int64_t)args[2], (int)args[3]))
FILE_CALL(fallocate, files_allocate(kernel_files(k), (int)args[0], (int)args[1], (int64_t)args[2], (int64_t)args[3]))
FILE_CALL(sync_file_range,
          files_sync_range(kernel_files(k), (int)args[0], (int64_t)args[1], (int64_t)args[2], (uint32_t)args[3]))
#undef FILE_CALL

// An answer that goes to `address` when it is none below zero.
static End answer_bytes(InterpThread *t, int64_t value, uint64_t address, const uint8_t *bytes, uint64_t size,
                        int64_t *result) {
    uint8_t *to = value >= 0 && size ? interp_write_memory(t, address, size) : NULL;
    if (to) memcpy(to, bytes, size);
    return answer(value, result);
}

static End sys_fstat(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    uint8_t out[FILES_STAT_SIZE];
    return answer_bytes(t, files_stat(kernel_files(k), (int)args[0], out), args[1], out, sizeof out, result);
}

static End sys_fstatfs(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    uint8_t out[FILES_STATFS_SIZE];
    return answer_bytes(t, files_statfs_of(kernel_files(k), (int)args[0], out), args[1], out, sizeof out, result);
}

static End sys_getdents64(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    enum { LARGEST = 1 << 20 };
    uint64_t size = (uint32_t)args[2] < LARGEST ? (uint32_t)args[2] : LARGEST;
    uint8_t *bytes = memory_acquire(size + 1);
    int64_t n = files_entries(kernel_files(k), (int)args[0], bytes, size);
    End end = answer_bytes(t, n, args[1], bytes, n > 0 ? (uint64_t)n : 0, result);
    memory_release(bytes);
    return end;
}

static End sys_getcwd(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    uint8_t bytes[FILES_PATH_LIMIT];
    int64_t n = files_working_folder(kernel_files(k), bytes, args[1] < sizeof bytes ? args[1] : sizeof bytes);
    return answer_bytes(t, n, args[0], bytes, n > 0 ? (uint64_t)n : 0, result);
}

// ---- names ---------------------------------------------------------------------------------------------------------------------

enum { WORKING_FOLDER = -100, REMOVE_FOLDER = 0x200 };

static End sys_openat(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    Str path = path_at(t, args[1]);
    return path.ptr ? answer(files_open(kernel_files(k), (int)args[0], path, (int)args[2], (uint32_t)args[3]), result)
                    : SIM_SYSCALL_DONE;
}

static End make_folder(SimKernel *k, InterpThread *t, int folder, uint64_t at, uint64_t mode, int64_t *result) {
    Str path = path_at(t, at);
    return path.ptr ? answer(files_mkdir(kernel_files(k), folder, path, (uint32_t)mode), result) : SIM_SYSCALL_DONE;
}

static End sys_mkdir(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return make_folder(k, t, WORKING_FOLDER, args[0], args[1], result);
}

static End sys_mkdirat(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return make_folder(k, t, (int)args[0], args[1], args[2], result);
}

static End take_away(SimKernel *k, InterpThread *t, int folder, uint64_t at, int flags, int64_t *result) {
    Str path = path_at(t, at);
    return path.ptr ? answer(files_unlink(kernel_files(k), folder, path, flags), result) : SIM_SYSCALL_DONE;
}

static End sys_rmdir(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return take_away(k, t, WORKING_FOLDER, args[0], REMOVE_FOLDER, result);
}

static End sys_unlink(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return take_away(k, t, WORKING_FOLDER, args[0], 0, result);
}

static End sys_unlinkat(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return take_away(k, t, (int)args[0], args[1], (int)args[2], result);
}

static End move(SimKernel *k, InterpThread *t, const uint64_t from[2], const uint64_t to[2], uint64_t flags,
                int64_t *result) {
    Str path = path_at(t, from[1]);
    if (!path.ptr) return SIM_SYSCALL_DONE;
    Str to_path = path_at(t, to[1]);
    if (!to_path.ptr) return SIM_SYSCALL_DONE;
    return answer(files_rename(kernel_files(k), (int)from[0], path, (int)to[0], to_path, (uint32_t)flags), result);
}

static End sys_rename(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return move(k, t, (uint64_t[]){(uint64_t)WORKING_FOLDER, args[0]}, (uint64_t[]){(uint64_t)WORKING_FOLDER, args[1]},
                0, result);
}

static End sys_renameat(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return move(k, t, args, args + 2, 0, result);
}

static End sys_renameat2(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    return move(k, t, args, args + 2, args[4], result);
}

static End sys_linkat(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    Str path = path_at(t, args[1]);
    if (!path.ptr) return SIM_SYSCALL_DONE;
    Str to_path = path_at(t, args[3]);
    if (!to_path.ptr) return SIM_SYSCALL_DONE;
    return answer(files_link(kernel_files(k), (int)args[0], path, (int)args[2], to_path, (int)args[4]), result);
}

static End sys_newfstatat(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    uint8_t out[FILES_STAT_SIZE];
    Str path = path_at(t, args[1]);
    if (!path.ptr) return SIM_SYSCALL_DONE;
    int64_t value = files_stat_at(kernel_files(k), (int)args[0], path, (int)args[3], out);
    return answer_bytes(t, value, args[2], out, sizeof out, result);
}

static End sys_statx(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    uint8_t out[FILES_STATX_SIZE];
    Str path = path_at(t, args[1]);
    if (!path.ptr) return SIM_SYSCALL_DONE;
    int64_t value = files_statx(kernel_files(k), (int)args[0], path, (int)args[2], (uint32_t)args[3], out);
    return answer_bytes(t, value, args[4], out, sizeof out, result);
}

static End sys_statfs(SimKernel *k, InterpThread *t, const uint64_t args[6], int64_t *result) {
    uint8_t out[FILES_STATFS_SIZE];
    Str path = path_at(t, args[0]);
    if (!path.ptr) return SIM_SYSCALL_DONE;
    return answer_bytes(t, files_statfs(kernel_files(k), path, out), args[1], out, sizeof out, result);
}

const SimSyscall kernel_file_calls[] = {
    {0, sys_read},        {1, sys_write},       {3, sys_close},     {5, sys_fstat},
    {8, sys_lseek},       {17, sys_pread64},    {18, sys_pwrite64}, {20, sys_writev},
    {32, sys_dup},        {72, sys_fcntl},      {73, sys_flock},    {74, sys_fsync},
    {75, sys_fdatasync},  {77, sys_ftruncate},  {79, sys_getcwd},   {91, sys_fchmod},
    {138, sys_fstatfs},   {332, sys_statx},     {82, sys_rename},   {83, sys_mkdir},
    {84, sys_rmdir},      {87, sys_unlink},     {137, sys_statfs},  {217, sys_getdents64},
    {221, sys_fadvise64}, {257, sys_openat},    {258, sys_mkdirat}, {262, sys_newfstatat},
    {263, sys_unlinkat},  {264, sys_renameat},  {265, sys_linkat},  {277, sys_sync_file_range},
    {285, sys_fallocate}, {316, sys_renameat2}, {327, sys_preadv2},
};
const uint32_t kernel_file_call_count = ARRAY_LEN(kernel_file_calls);
