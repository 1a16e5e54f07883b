// The file system calls of one process, answered from a disk as Linux answers them: descriptors, paths, positions, flags,
// error numbers. There are no symbolic links, no other users (the process may do everything), and no other file systems.
//
// Each function answers as the call does: a result, or an error number below zero. FILES_UNKNOWN: it asks for what
// there is not here, and nothing was done. Buffers are the caller's; lengths are those that the call was given.
#ifndef JANUS_SIM_FILES_FILES_H
#define JANUS_SIM_FILES_FILES_H

#include "sim/disk/disk.h"

#define FILES_UNKNOWN INT64_MIN
enum { FILES_STAT_SIZE = 144, FILES_STATX_SIZE = 256, FILES_STATFS_SIZE = 120, FILES_PATH_LIMIT = 4096, FILES_LARGEST_IO = 0x7ffff000 };

typedef struct Files Files;
Files *files_create(Disk *disk); // descriptors 0, 1 and 2 are streams; the working folder is the root
void files_destroy(Files *files); // drops what was open; before the disk goes

// ---- descriptors
int files_stream(const Files *files, int fd); // 0, 1 or 2 when it is (a copy of) that stream; -1
int64_t files_open(Files *files, int folder, Str path, int flags, uint32_t mode);
int64_t files_close(Files *files, int fd);
int64_t files_dup(Files *files, int fd);
int64_t files_fcntl(Files *files, int fd, int command, uint64_t argument);
int64_t files_flock(Files *files, int fd, int operation);

// ---- contents. Those with `at` below zero use and move the descriptor's position.
// How many bytes a read may get; the buffer then needs to hold no more.
int64_t files_readable(const Files *files, int fd, int64_t at, uint64_t size);
int64_t files_read(Files *files, int fd, int64_t at, uint8_t *bytes, uint64_t size);
int64_t files_write(Files *files, int fd, int64_t at, const uint8_t *bytes, uint64_t size);
int64_t files_seek(Files *files, int fd, int64_t offset, int whence);
int64_t files_truncate(Files *files, int fd, int64_t size);
int64_t files_allocate(Files *files, int fd, int mode, int64_t offset, int64_t size);
int64_t files_sync(Files *files, int fd, bool data_only);
void files_fail_sync(Files *files, int fd); // a sync of it answers an error: what that leaves
int64_t files_sync_range(Files *files, int fd, int64_t offset, int64_t size, uint32_t flags);
int64_t files_advise(Files *files, int fd, int64_t size, int advice);

// ---- names
int64_t files_mkdir(Files *files, int folder, Str path, uint32_t mode);
int64_t files_unlink(Files *files, int folder, Str path, int flags);
int64_t files_rename(Files *files, int folder, Str path, int to_folder, Str to_path, uint32_t flags);
int64_t files_link(Files *files, int folder, Str path, int to_folder, Str to_path, int flags);
int64_t files_entries(Files *files, int fd, uint8_t *bytes, uint64_t size); // getdents64
int64_t files_stat(Files *files, int fd, uint8_t out[FILES_STAT_SIZE]);
int64_t files_stat_at(Files *files, int folder, Str path, int flags, uint8_t out[FILES_STAT_SIZE]);
int64_t files_statx(Files *files, int folder, Str path, int flags, uint32_t mask, uint8_t out[FILES_STATX_SIZE]);
int64_t files_statfs(Files *files, Str path, uint8_t out[FILES_STATFS_SIZE]);
int64_t files_statfs_of(Files *files, int fd, uint8_t out[FILES_STATFS_SIZE]);
int64_t files_set_mode(Files *files, int fd, uint32_t mode); // fchmod
int64_t files_working_folder(Files *files, uint8_t *bytes, uint64_t size); // getcwd

#endif
