// Reading, writing, positions, sizes and syncs of open files.
#define _GNU_SOURCE
#include "sim/files/table.h"

static bool may_read(const OpenFile *f) { return (f->flags & O_ACCMODE) != O_WRONLY; }
static bool may_write(const OpenFile *f) { return (f->flags & O_ACCMODE) != O_RDONLY; }

// A file that can be read at `at`, or an error.
static int64_t check_read(const Files *files, const OpenFile *f, int64_t at) {
    if (!f) return -EBADF;
    if (f->stream >= 0) return at >= 0 ? -ESPIPE : FILES_UNKNOWN;
    if (!may_read(f)) return -EBADF;
    return disk_is_folder(files->disk, f->node) ? -EISDIR : 0;
}

int64_t files_readable(const Files *files, int fd, int64_t at, uint64_t size) {
    const OpenFile *f = files_get(files, fd);
    int64_t error = check_read(files, f, at);
    if (error) return error;
    uint64_t from = at < 0 ? f->position : (uint64_t)at, end = disk_size(files->disk, f->node);
    uint64_t left = from < end ? end - from : 0;
    if (size > FILES_LARGEST_IO) size = FILES_LARGEST_IO;
    return (int64_t)(size < left ? size : left);
}

int64_t files_read(Files *files, int fd, int64_t at, uint8_t *bytes, uint64_t size) {
    OpenFile *f = files_get(files, fd);
    int64_t error = check_read(files, f, at);
    if (error) return error;
    uint64_t n = disk_read(files->disk, f->node, at < 0 ? f->position : (uint64_t)at, bytes, size);
    if (at < 0) f->position += n;
    return (int64_t)n;
}

int64_t files_write(Files *files, int fd, int64_t at, const uint8_t *bytes, uint64_t size) {
    OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (f->stream >= 0) return at >= 0 ? -ESPIPE : FILES_UNKNOWN;
    if (!may_write(f)) return -EBADF;
    if (size > FILES_LARGEST_IO) size = FILES_LARGEST_IO;
    uint64_t offset = f->flags & FLAG_APPEND ? disk_size(files->disk, f->node) : at < 0 ? f->position : (uint64_t)at;
    if (!size) return 0;
    if (offset >= DISK_FILE_LIMIT) return -EFBIG;
    if (size > DISK_FILE_LIMIT - offset) size = DISK_FILE_LIMIT - offset;
    uint64_t n = disk_write(files->disk, f->node, offset, bytes, size);
    if (at < 0) f->position = offset + n;
    if (!n) return -ENOSPC;
    if (f->flags & FLAG_DSYNC) disk_sync_written(files->disk, f->node, offset, n);
    return (int64_t)n;
}

int64_t files_seek(Files *files, int fd, int64_t offset, int whence) {
    OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (f->stream >= 0) return -ESPIPE;
    if (whence < 0 || whence > 4) return -EINVAL;
    bool is_folder = disk_is_folder(files->disk, f->node);
    if (whence > SEEK_END || (is_folder && whence != SEEK_SET)) return FILES_UNKNOWN;
    uint64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? f->position : disk_size(files->disk, f->node);
    int64_t to;
    if (__builtin_add_overflow((int64_t)from, offset, &to)) return offset < 0 ? -EINVAL : -EOVERFLOW;
    if (to < 0) return -EINVAL;
    f->position = (uint64_t)to;
    return to;
}

int64_t files_truncate(Files *files, int fd, int64_t size) {
    if (size < 0) return -EINVAL;
    const OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (f->stream >= 0 || !may_write(f)) return -EINVAL;
    if ((uint64_t)size > DISK_FILE_LIMIT) return -EFBIG;
    disk_truncate(files->disk, f->node, (uint64_t)size);
    return 0;
}

int64_t files_allocate(Files *files, int fd, int mode, int64_t offset, int64_t size) {
    enum { KEEP_SIZE = 1, PUNCH = 2 };
    const OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (offset < 0 || size <= 0) return -EINVAL;
    if (mode & ~(KEEP_SIZE | PUNCH)) return -EOPNOTSUPP;
    if ((mode & PUNCH) && !(mode & KEEP_SIZE)) return -EOPNOTSUPP;
    if (f->stream >= 0) return may_write(f) ? -ESPIPE : -EBADF;
    if (!may_write(f)) return -EBADF;
    if (offset > INT64_MAX - size || (uint64_t)(offset + size) > DISK_FILE_LIMIT) return -EFBIG;
    if (mode & PUNCH) {
        disk_punch(files->disk, f->node, (uint64_t)offset, (uint64_t)size);
        return 0;
    }
    return disk_allocate(files->disk, f->node, (uint64_t)offset, (uint64_t)size, mode & KEEP_SIZE) ? 0 : -ENOSPC;
}

int64_t files_sync(Files *files, int fd, bool data_only) {
    const OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (f->stream >= 0) return -EINVAL;
    if (disk_is_folder(files->disk, f->node))
        disk_sync_folder(files->disk, f->node);
    else
        disk_sync_file(files->disk, f->node, data_only);
    return 0;
}

void files_fail_sync(Files *files, int fd) {
    const OpenFile *f = files_get(files, fd);
    if (!f || f->stream >= 0) return;
    if (disk_is_folder(files->disk, f->node))
        disk_fail_sync_folder(files->disk, f->node);
    else
        disk_fail_sync_file(files->disk, f->node);
}

// It promises nothing, so nothing is forced.
int64_t files_sync_range(Files *files, int fd, int64_t offset, int64_t size, uint32_t flags) {
    enum { ALL_FLAGS = 7 };
    const OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if ((flags & ~(uint32_t)ALL_FLAGS) || offset < 0 || size < 0 || offset > INT64_MAX - size) return -EINVAL;
    return f->stream >= 0 ? -ESPIPE : 0;
}

int64_t files_advise(Files *files, int fd, int64_t size, int advice) {
    enum { DONT_NEED = 4, LAST_ADVICE = 5 };
    const OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (f->stream >= 0) return -ESPIPE;
    if (size < 0 || advice < 0 || advice > LAST_ADVICE) return -EINVAL;
    if (advice == DONT_NEED && !disk_is_folder(files->disk, f->node)) disk_evict(files->disk, f->node);
    return 0;
}
