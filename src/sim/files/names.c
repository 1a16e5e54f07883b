// Calls on names: what is made, moved, removed and listed, and what is told of a node.
#define _GNU_SOURCE
#include "sim/files/table.h"

enum { MODE_FOLDER = 0040000, MODE_FILE = 0100000, MODE_PIPE = 0010000, BLOCK = 4096, STAT_SECTOR = 512, DEVICE = 1 };

// ---- making and removing -----------------------------------------------------------------------------------------------------

// Where a name can be made: there is none yet, and the folder is there to stay. `of_folder`: a slash may follow it.
static int64_t find_free(const Files *files, int folder, Str path, bool of_folder, Place *out) {
    int64_t error = files_find(files, folder, path, out);
    if (error) return error;
    if (out->node) return -EEXIST;
    if (out->wants_folder && !of_folder) return -ENOENT;
    return files_is_gone(files, out->folder) ? -ENOENT : 0;
}

int64_t files_mkdir(Files *files, int folder, Str path, uint32_t mode) {
    Place p;
    int64_t error = find_free(files, folder, path, true, &p);
    if (error) return error;
    disk_set_mode(files->disk, disk_make_folder(files->disk, p.folder, p.name), mode & 01777 & ~022u);
    return 0;
}

static int64_t remove_folder(Files *files, const Place *p) {
    switch (p->last) {
    case LAST_ROOT: return -EBUSY;
    case LAST_DOT: return -EINVAL;
    case LAST_DOT_DOT: return -ENOTEMPTY;
    case LAST_NAME: break;
    }
    if (!p->node) return -ENOENT;
    if (!disk_is_folder(files->disk, p->node)) return -ENOTDIR;
    if (disk_entry_count(files->disk, p->node)) return -ENOTEMPTY;
    disk_unlink(files->disk, p->folder, p->name);
    return 0;
}

int64_t files_unlink(Files *files, int folder, Str path, int flags) {
    Place p;
    if (flags & ~AT_REMOVEDIR) return -EINVAL;
    int64_t error = files_find(files, folder, path, &p);
    if (error) return error;
    if (flags & AT_REMOVEDIR) return remove_folder(files, &p);
    if (p.last != LAST_NAME) return -EISDIR;
    if (!p.node) return -ENOENT;
    if (disk_is_folder(files->disk, p.node)) return -EISDIR;
    if (p.wants_folder) return -ENOTDIR;
    disk_unlink(files->disk, p.folder, p.name);
    return 0;
}

int64_t files_link(Files *files, int folder, Str path, int to_folder, Str to_path, int flags) {
    Place from, to;
    if (flags & ~AT_SYMLINK_FOLLOW) return flags & AT_EMPTY_PATH ? FILES_UNKNOWN : -EINVAL;
    int64_t error = files_find(files, folder, path, &from);
    if (error) return error;
    if (!from.node) return -ENOENT;
    bool is_folder = disk_is_folder(files->disk, from.node);
    if (from.wants_folder && !is_folder) return -ENOTDIR;
    error = find_free(files, to_folder, to_path, false, &to);
    if (error) return error;
    if (is_folder) return -EPERM;
    disk_link(files->disk, from.node, to.folder, to.name);
    return 0;
}

// ---- moving --------------------------------------------------------------------------------------------------------------------

enum { NO_REPLACE = 1, EXCHANGE = 2 };

static int64_t check_names(const Files *files, const Place *from, const Place *to, uint32_t flags) {
    if (from->last != LAST_NAME) return -EBUSY;
    if (to->last != LAST_NAME) return flags & NO_REPLACE ? -EEXIST : -EBUSY;
    if (from->is_too_long) return -ENAMETOOLONG;
    if (!from->node) return -ENOENT;
    if (to->is_too_long) return -ENAMETOOLONG;
    if ((flags & NO_REPLACE) && to->node) return -EEXIST;
    if ((flags & EXCHANGE) && !to->node) return -ENOENT;
    if ((flags & EXCHANGE) && to->wants_folder && !disk_is_folder(files->disk, to->node)) return -ENOTDIR;
    if (disk_is_folder(files->disk, from->node)) return 0;
    if (from->wants_folder || (to->wants_folder && !(flags & EXCHANGE))) return -ENOTDIR;
    return 0;
}

// No folder may come below itself.
static int64_t check_circle(const Files *files, const Place *from, const Place *to, uint32_t flags) {
    if (from->folder == to->folder) return 0;
    if (disk_is_folder(files->disk, from->node) && files_is_below(files, to->folder, from->node)) return -EINVAL;
    if (to->node && disk_is_folder(files->disk, to->node) && files_is_below(files, from->folder, to->node))
        return flags & EXCHANGE ? -EINVAL : -ENOTEMPTY;
    return 0;
}

static int64_t check_target(const Files *files, const Place *from, const Place *to) {
    bool is_folder = disk_is_folder(files->disk, from->node);
    if (!to->node) return files_is_gone(files, to->folder) ? -ENOENT : 0;
    if (is_folder && !disk_is_folder(files->disk, to->node)) return -ENOTDIR;
    if (!is_folder && disk_is_folder(files->disk, to->node)) return -EISDIR;
    return is_folder && disk_entry_count(files->disk, to->node) ? -ENOTEMPTY : 0;
}

int64_t files_rename(Files *files, int folder, Str path, int to_folder, Str to_path, uint32_t flags) {
    Place from, to;
    if ((flags & ~(uint32_t)(NO_REPLACE | EXCHANGE)) || flags == (NO_REPLACE | EXCHANGE)) return -EINVAL;
    int64_t error = files_find_parent(files, folder, path, &from);
    if (error) return error;
    error = files_find_parent(files, to_folder, to_path, &to);
    if (error) return error;
    error = check_names(files, &from, &to, flags);
    if (!error) error = check_circle(files, &from, &to, flags);
    if (error || from.node == to.node) return error;
    if (flags & EXCHANGE) {
        disk_exchange(files->disk, from.folder, from.name, to.folder, to.name);
        return 0;
    }
    error = check_target(files, &from, &to);
    if (!error) disk_rename(files->disk, from.folder, from.name, to.folder, to.name);
    return error;
}

// ---- telling -------------------------------------------------------------------------------------------------------------------

static void put(uint8_t *out, uint32_t at, uint64_t value, uint32_t size) { memcpy(out + at, &value, size); }

static uint32_t folders_in(const Disk *disk, DiskNode folder) {
    uint32_t count = 0;
    Str name;
    uint64_t cookie;
    for (uint32_t i = 0; i < disk_entry_count(disk, folder); i++)
        count += disk_is_folder(disk, disk_entry(disk, folder, i, &name, &cookie));
    return count;
}

static void describe(const Disk *disk, DiskNode node, uint8_t out[FILES_STAT_SIZE]) {
    bool is_folder = disk_is_folder(disk, node);
    bool is_gone = node != DISK_ROOT && !disk_links(disk, node);
    memset(out, 0, FILES_STAT_SIZE);
    put(out, 0, DEVICE, 8);
    put(out, 8, node, 8);
    put(out, 16, !is_folder ? disk_links(disk, node) : is_gone ? 0 : 2 + folders_in(disk, node), 8);
    put(out, 24, (is_folder ? MODE_FOLDER : MODE_FILE) | disk_mode(disk, node), 4);
    put(out, 48, is_folder ? BLOCK : disk_size(disk, node), 8);
    put(out, 56, BLOCK, 8);
    put(out, 64, is_folder ? BLOCK / STAT_SECTOR : disk_file_sectors(disk, node), 8);
}

int64_t files_stat(Files *files, int fd, uint8_t out[FILES_STAT_SIZE]) {
    const OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (f->stream < 0) {
        describe(files->disk, f->node, out);
        return 0;
    }
    memset(out, 0, FILES_STAT_SIZE);
    put(out, 16, 1, 8);
    put(out, 24, MODE_PIPE | 0600, 4);
    put(out, 56, BLOCK, 8);
    return 0;
}

int64_t files_stat_at(Files *files, int folder, Str path, int flags, uint8_t out[FILES_STAT_SIZE]) {
    Place p;
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)) return -EINVAL;
    if (!path.len && (flags & AT_EMPTY_PATH)) {
        if (folder != AT_FDCWD) return files_stat(files, folder, out);
        describe(files->disk, files->working_folder, out);
        return 0;
    }
    int64_t error = files_find(files, folder, path, &p);
    if (error) return error;
    if (!p.node) return -ENOENT;
    if (p.wants_folder && !disk_is_folder(files->disk, p.node)) return -ENOTDIR;
    describe(files->disk, p.node, out);
    return 0;
}

// The same in another form. There are no times here, and the mask says so.
int64_t files_statx(Files *files, int folder, Str path, int flags, uint32_t mask, uint8_t out[FILES_STATX_SIZE]) {
    enum { SYNC_FLAGS = 0x6000, TOLD = 0x71f };
    uint8_t told[FILES_STAT_SIZE];
    if ((flags & SYNC_FLAGS) == SYNC_FLAGS || (mask >> 31)) return -EINVAL;
    int64_t error = files_stat_at(files, folder, path, flags & ~SYNC_FLAGS, told);
    if (error) return error;
    memset(out, 0, FILES_STATX_SIZE);
    put(out, 0, TOLD, 4);
    put(out, 4, BLOCK, 4);
    memcpy(out + 16, told + 16, 4); // links
    memcpy(out + 28, told + 24, 2); // mode
    memcpy(out + 32, told + 8, 8); // number
    memcpy(out + 40, told + 48, 8); // size
    memcpy(out + 48, told + 64, 8); // blocks
    put(out, 140, DEVICE, 4);
    return 0;
}

static void describe_system(const Disk *disk, uint8_t out[FILES_STATFS_SIZE]) {
    enum { TYPE_EXT = 0xef53, MOST_NODES = 1 << 20, LONGEST_NAME = 255 };
    uint64_t all = disk_capacity(disk) / BLOCK, used = (disk_used(disk) + BLOCK - 1) / BLOCK;
    uint64_t fields[FILES_STATFS_SIZE / 8] = {TYPE_EXT,   BLOCK,      all, all - used,   all - used,
                                              MOST_NODES, MOST_NODES, 0,   LONGEST_NAME, BLOCK};
    memcpy(out, fields, sizeof fields);
}

int64_t files_statfs(Files *files, Str path, uint8_t out[FILES_STATFS_SIZE]) {
    Place p;
    int64_t error = files_find(files, AT_FDCWD, path, &p);
    if (error) return error;
    if (!p.node) return -ENOENT;
    if (p.wants_folder && !disk_is_folder(files->disk, p.node)) return -ENOTDIR;
    describe_system(files->disk, out);
    return 0;
}

int64_t files_statfs_of(Files *files, int fd, uint8_t out[FILES_STATFS_SIZE]) {
    const OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (f->stream >= 0) return FILES_UNKNOWN;
    describe_system(files->disk, out);
    return 0;
}

int64_t files_set_mode(Files *files, int fd, uint32_t mode) {
    const OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (f->stream >= 0) return FILES_UNKNOWN;
    disk_set_mode(files->disk, f->node, mode & 07777);
    return 0;
}

int64_t files_working_folder(Files *files, uint8_t *bytes, uint64_t size) {
    ENSURE(files->working_folder == DISK_ROOT); // there is no call that changes it
    if (size < 2) return -ERANGE;
    memcpy(bytes, "/", 2);
    return 2;
}

// ---- listing -------------------------------------------------------------------------------------------------------------------

// One record; 0: it has no room.
static uint64_t put_entry(const Disk *disk, uint8_t *bytes, uint64_t room, DiskNode node, Str name, uint64_t cookie) {
    enum { HEAD = 19, TYPE_FOLDER = 4, TYPE_FILE = 8 };
    uint64_t size = (HEAD + name.len + 1 + 7) & ~UINT64_C(7);
    if (size > room) return 0;
    memset(bytes, 0, size);
    put(bytes, 0, node, 8);
    put(bytes, 8, cookie, 8);
    put(bytes, 16, size, 2);
    bytes[18] = disk_is_folder(disk, node) ? TYPE_FOLDER : TYPE_FILE;
    memcpy(bytes + HEAD, name.ptr, name.len);
    return size;
}

// The folder itself and the one above have the cookies 1 and 2; those of the disk follow.
int64_t files_entries(Files *files, int fd, uint8_t *bytes, uint64_t size) {
    const Disk *disk = files->disk;
    OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    if (f->stream >= 0 || !disk_is_folder(disk, f->node)) return -ENOTDIR;
    if (files_is_gone(files, f->node)) return -ENOENT;
    uint64_t used = 0;
    uint32_t count = disk_entry_count(disk, f->node);
    for (uint32_t i = 0; i < count + 2; i++) {
        Str name = i == 0 ? STR(".") : STR("..");
        uint64_t cookie = i + 1;
        DiskNode node = i == 0   ? f->node
                        : i == 1 ? disk_parent(disk, f->node)
                                 : disk_entry(disk, f->node, i - 2, &name, &cookie);
        if (i >= 2) cookie += 2;
        if (cookie <= f->position) continue;
        uint64_t taken = put_entry(disk, bytes + used, size - used, node, name, cookie);
        if (!taken) return used ? (int64_t)used : -EINVAL;
        used += taken;
        f->position = cookie;
    }
    return (int64_t)used;
}
