// Opening files, and what else is asked of descriptors.
#define _GNU_SOURCE
#include "sim/files/table.h"

// ---- opening ---------------------------------------------------------------------------------------------------------------

static int64_t check_found(const Files *files, const Place *p, int flags) {
    bool is_folder = disk_is_folder(files->disk, p->node), writes = (flags & O_ACCMODE) != O_RDONLY;
    if ((flags & FLAG_CREATE) && (flags & FLAG_EXCLUSIVE)) return -EEXIST;
    if ((flags & FLAG_CREATE) && is_folder) return -EISDIR;
    if (!is_folder && (p->wants_folder || (flags & FLAG_FOLDER))) return -ENOTDIR;
    if (is_folder && (writes || (flags & FLAG_TRUNCATE))) return -EISDIR;
    return 0;
}

static int64_t find_or_make(Files *files, int folder, Str path, int flags, uint32_t mode, DiskNode *out) {
    Place p;
    int64_t error = files_find_parent(files, folder, path, &p);
    if (error) return error;
    if ((flags & FLAG_CREATE) && p.last == LAST_NAME && p.wants_folder) return -EISDIR;
    if (p.is_too_long) return -ENAMETOOLONG;
    *out = p.node;
    if (p.node) {
        error = check_found(files, &p, flags);
        if (!error && (flags & FLAG_TRUNCATE) && disk_size(files->disk, p.node)) disk_truncate(files->disk, p.node, 0);
        return error;
    }
    if (!(flags & FLAG_CREATE)) return -ENOENT;
    if (files_is_gone(files, p.folder)) return -ENOENT;
    *out = disk_make_file(files->disk, p.folder, p.name);
    disk_set_mode(files->disk, *out, mode & 07777 & ~022u);
    return 0;
}

int64_t files_open(Files *files, int folder, Str path, int flags, uint32_t mode) {
    if (flags & FLAG_PATH) return FILES_UNKNOWN;
    if ((flags & FLAG_CREATE) && (flags & FLAG_FOLDER)) return -EINVAL;
    if (flags & FLAG_NO_NAME) return -EOPNOTSUPP;
    if ((flags & FLAG_DIRECT) || (flags & O_ACCMODE) == O_ACCMODE) return -EINVAL;
    int fd = files_lowest_free(files, 0);
    if (fd < 0) return -EMFILE;
    DiskNode node;
    int64_t error = find_or_make(files, folder, path, flags, mode, &node);
    if (error) return error;
    uint32_t file = files_take_open(files);
    disk_hold(files->disk, node);
    files->open[file].node = node;
    files->open[file].flags =
        (flags & ~(FLAG_CREATE | FLAG_EXCLUSIVE | O_NOCTTY | FLAG_TRUNCATE | FLAG_CLOEXEC)) | FLAG_LARGE;
    files_set(files, fd, file, flags & FLAG_CLOEXEC);
    return fd;
}

// ---- copies, flags, locks ----------------------------------------------------------------------------------------------------

static int64_t duplicate(Files *files, int fd, int from, bool closes_on_exec) {
    int copy = files_lowest_free(files, from);
    if (copy < 0) return -EMFILE;
    files_set(files, copy, files->descriptors[fd].file - 1, closes_on_exec);
    return copy;
}

int64_t files_dup(Files *files, int fd) { return files_get(files, fd) ? duplicate(files, fd, 0, false) : -EBADF; }

int64_t files_fcntl(Files *files, int fd, int command, uint64_t argument) {
    enum { DUPLICATE_CLOEXEC = 1030, CHANGEABLE = FLAG_APPEND | O_NONBLOCK };
    OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    switch (command) {
    case F_DUPFD:
    case DUPLICATE_CLOEXEC:
        if (argument >= MOST_DESCRIPTORS) return -EINVAL;
        return duplicate(files, fd, (int)argument, command == DUPLICATE_CLOEXEC);
    case F_GETFD: return files->descriptors[fd].closes_on_exec ? FD_CLOEXEC : 0;
    case F_SETFD: files->descriptors[fd].closes_on_exec = argument & FD_CLOEXEC; return 0;
    case F_GETFL: return f->flags;
    case F_SETFL: f->flags = (f->flags & ~CHANGEABLE) | ((int)argument & CHANGEABLE); return 0;
    default: return FILES_UNKNOWN;
    }
}

// Locks are of open files, so two of one process exclude each other. Nobody else would give one back: a call that has to
// wait is not answered.
int64_t files_flock(Files *files, int fd, int operation) {
    enum { SHARED = 1, EXCLUSIVE = 2, NO_WAIT = 4, UNLOCK = 8 };
    int wanted = operation & ~NO_WAIT;
    OpenFile *f = files_get(files, fd);
    if (wanted != SHARED && wanted != EXCLUSIVE && wanted != UNLOCK) return -EINVAL;
    if (!f) return -EBADF;
    if (f->stream >= 0) return FILES_UNKNOWN;
    if (wanted == UNLOCK) return f->lock = 0;
    int had = f->lock;
    if (had == wanted) return 0;
    f->lock = 0; // a lock is changed by giving it back first
    for (uint32_t i = 0; i < files->open_count; i++) {
        const OpenFile *other = &files->open[i];
        if (!other->descriptors || other == f || other->node != f->node || !other->lock) continue;
        if (other->lock == EXCLUSIVE || wanted == EXCLUSIVE) {
            if (operation & NO_WAIT) return -EWOULDBLOCK;
            f->lock = had;
            return FILES_UNKNOWN;
        }
    }
    f->lock = wanted;
    return 0;
}
