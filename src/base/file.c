// Files and paths. Reading refuses everything but regular files, so that a pipe or a device given as a source can
// neither block the compiler nor feed it forever. Writing goes to a neighbour first and renames it into place: an
// interrupted formatter run leaves either the old file or the new one.
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"
#include "base/memory.h"

static const off_t LARGEST_FILE = (off_t)1 << 30;

// Reads until `size` bytes are there or the file ends. A negative answer is an error in errno.
static ssize_t read_fully(int fd, char *into, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t n = read(fd, into + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

static bool read_open_file(Arena *arena, int fd, Str *out) {
    struct stat st;
    if (fstat(fd, &st) != 0) return false;
    if (!S_ISREG(st.st_mode)) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
        return false;
    }
    if (st.st_size > LARGEST_FILE) {
        errno = EFBIG;
        return false;
    }
    char *text = arena_alloc(arena, (size_t)st.st_size + 1);
    ssize_t len = read_fully(fd, text, (size_t)st.st_size);
    if (len < 0) return false;
    text[len] = '\0';
    *out = (Str){text, (size_t)len};
    return true;
}

bool file_read(Arena *arena, const char *path, Str *out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return false;
    bool ok = read_open_file(arena, fd, out);
    int saved = errno;
    close(fd);
    errno = saved;
    return ok;
}

bool fd_write(int fd, Str bytes) {
    while (bytes.len) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes.ptr += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

// Closes in every case; a failed close is a failed write.
static bool write_and_close(int fd, Str bytes) {
    bool ok = fd_write(fd, bytes);
    int saved = errno;
    if (close(fd) != 0 && ok) return false;
    errno = saved;
    return ok;
}

static bool write_in_place(const char *path, Str bytes) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return fd >= 0 && write_and_close(fd, bytes);
}

// `existing` gives the permissions to keep; NULL asks for those of a new file.
static bool write_by_rename(const char *path, Str bytes, const struct stat *existing) {
    size_t len = strlen(path);
    char *temporary = memory_acquire(len + sizeof ".XXXXXX");
    memcpy(temporary, path, len);
    memcpy(temporary + len, ".XXXXXX", sizeof ".XXXXXX");
    bool ok = false;
    int fd = mkstemp(temporary);
    if (fd >= 0) {
        mode_t mode = existing ? existing->st_mode & 07777 : 0;
        if (!existing) {
            mode_t mask = umask(0);
            umask(mask);
            mode = 0666 & ~mask;
        }
        ok = fchmod(fd, mode) == 0;
        ok = write_and_close(fd, bytes) && ok;
        ok = ok && rename(temporary, path) == 0;
        if (!ok) {
            int saved = errno;
            unlink(temporary);
            errno = saved;
        }
    }
    int saved = errno;
    memory_release(temporary);
    errno = saved;
    return ok;
}

bool file_write(const char *path, Str bytes) {
    struct stat st;
    if (lstat(path, &st) != 0) return errno == ENOENT ? write_by_rename(path, bytes, NULL) : false;
    // A link, a device or a file with other names is written through, as a rename would cut it off.
    if (!S_ISREG(st.st_mode) || st.st_nlink > 1) return write_in_place(path, bytes);
    return write_by_rename(path, bytes, &st);
}

bool file_exists(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool dir_exists(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}
