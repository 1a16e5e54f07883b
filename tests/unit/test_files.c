// The simulated file calls against the real kernel: scripts made from a seed run in a fresh temporary folder and on the
// simulated disk at once, and every answer must be the same: results, error numbers, bytes, what stat tells, names.
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/files/files.h"

enum { HANDLES = 6, CALLS = 150, SEEDS = 120, LARGEST = 5000, NAMES = 4096 };

typedef struct Pair {
    int real, simulated; // descriptors; -1: closed on both sides
} Pair;

typedef struct Run {
    uint64_t state;
    Disk *disk;
    Files *files;
    Pair pairs[HANDLES];
    StrBuf log; // the calls so far, for who reads a difference
    bool has_allocate, has_flags; // what the folder's file system can do
} Run;

static uint32_t roll(Run *r, uint32_t sides) {
    r->state = r->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(r->state >> 33) % sides;
}

static int64_t real(int64_t result) { return result < 0 ? -errno : result; }

static void check(Run *r, int64_t is, int64_t should_be) {
    strbuf_printf(&r->log, " = %lld\n", (long long)should_be);
    if (is != should_be) fail_msg("%s... but the simulated call answers %lld", strbuf_str(&r->log).ptr, (long long)is);
}

static void check_bytes(Run *r, const void *is, const void *should_be, uint64_t size) {
    if (memcmp(is, should_be, size) != 0) fail_msg("%s... but the bytes differ", strbuf_str(&r->log).ptr);
}

static const char *roll_path(Run *r) {
    static char too_long[300];
    memset(too_long, 'x', sizeof too_long - 1);
    static const char *const PATHS[] = {"a",   "b",      "c",    "d",        "e",        "d/a", "d/b",
                                        "d/e", "d/e/a",  "e/a",  "e/b",      "a/",       "d/",  "e//",
                                        "./a", "d/../b", "d/.",  "d/..",     ".",        "",    "missing/x",
                                        "a/x", "a/../b", "d//a", "d/e/../a", "missing/", "d/e/"};
    uint32_t i = roll(r, ARRAY_LEN(PATHS) * 2 + 1);
    if (i == ARRAY_LEN(PATHS) * 2) return too_long;
    return PATHS[i < ARRAY_LEN(PATHS) ? i : i % 11]; // plain ones more often
}

// ---- calls on descriptors

static void call_open(Run *r) {
    static const int EXTRAS[] = {
        O_CREAT,     O_CREAT | O_EXCL,  O_CREAT | O_TRUNC,   O_TRUNC,    O_APPEND, O_CREAT | O_APPEND,
        O_DIRECTORY, O_CREAT | O_DSYNC, O_CREAT | O_CLOEXEC, O_NOFOLLOW, O_CREAT,  0};
    int flags = (int)roll(r, 3) | EXTRAS[roll(r, ARRAY_LEN(EXTRAS))];
    Pair *p = &r->pairs[roll(r, HANDLES)];
    const char *path = roll_path(r);
    if (p->real >= 0) {
        strbuf_printf(&r->log, "close(%d)", (int)(p - r->pairs));
        int64_t is = files_close(r->files, p->simulated);
        check(r, is, real(close(p->real)));
    }
    strbuf_printf(&r->log, "%d: open(\"%.20s\", 0%o)", (int)(p - r->pairs), path, (unsigned)flags);
    int64_t is = files_open(r->files, AT_FDCWD, str_from(path), flags, 0666),
            should_be = real(openat(AT_FDCWD, path, flags, 0666));
    p->real = should_be < 0 ? -1 : (int)should_be;
    p->simulated = is < 0 ? -1 : (int)is;
    check(r, is < 0 ? is : 0, should_be < 0 ? should_be : 0);
}

static void check_stat(Run *r, int64_t is, const uint8_t told[FILES_STAT_SIZE], int64_t should_be,
                       const struct stat *real_stat) {
    check(r, is, should_be);
    if (should_be < 0) return;
    uint64_t links, size;
    uint32_t mode;
    memcpy(&links, told + 16, 8);
    memcpy(&mode, told + 24, 4);
    memcpy(&size, told + 48, 8);
    if (mode != real_stat->st_mode) fail_msg("%s... but the mode is 0%o", strbuf_str(&r->log).ptr, mode);
    if (S_ISDIR(mode)) return; // file systems count folders in their own ways
    if (links != real_stat->st_nlink || size != (uint64_t)real_stat->st_size)
        fail_msg("%s... but there are %llu links and %llu bytes, not %llu and %llu", strbuf_str(&r->log).ptr,
                 (unsigned long long)links, (unsigned long long)size, (unsigned long long)real_stat->st_nlink,
                 (unsigned long long)real_stat->st_size);
}

static void call_read(Run *r, const Pair *p) {
    static uint8_t is_bytes[LARGEST], bytes[LARGEST];
    uint32_t size = roll(r, 4) ? roll(r, 40) : roll(r, LARGEST);
    int64_t at = roll(r, 2) ? -1 : (int64_t)roll(r, 3000);
    strbuf_printf(&r->log, "read(%d, %u, %lld)", (int)(p - r->pairs), size, (long long)at);
    int64_t is = files_read(r->files, p->simulated, at, is_bytes, size);
    int64_t should_be = real(at < 0 ? read(p->real, bytes, size) : pread(p->real, bytes, size, at));
    check(r, is, should_be);
    if (should_be > 0) check_bytes(r, is_bytes, bytes, (uint64_t)should_be);
}

static void call_write(Run *r, const Pair *p) {
    static uint8_t bytes[LARGEST];
    uint32_t size = roll(r, 4) ? roll(r, 40) : roll(r, LARGEST);
    int64_t at = roll(r, 2) ? -1 : (int64_t)roll(r, 3000);
    for (uint32_t i = 0; i < size; i++) bytes[i] = (uint8_t)roll(r, 256);
    strbuf_printf(&r->log, "write(%d, %u, %lld)", (int)(p - r->pairs), size, (long long)at);
    int64_t is = files_write(r->files, p->simulated, at, bytes, size);
    check(r, is, real(at < 0 ? write(p->real, bytes, size) : pwrite(p->real, bytes, size, at)));
}

// The names of a folder in their order, one a line.
static int64_t sorted_names(uint8_t *bytes, int64_t size, StrBuf *out) {
    const char *names[64];
    uint32_t count = 0;
    for (int64_t at = 0; at < size;) {
        uint16_t record;
        memcpy(&record, bytes + at + 16, 2);
        const char *name = (const char *)bytes + at + 19;
        uint32_t i = count++;
        for (; i && strcmp(names[i - 1], name) > 0; i--) names[i] = names[i - 1];
        names[i] = name;
        at += record;
    }
    for (uint32_t i = 0; i < count; i++) strbuf_printf(out, "%s\n", names[i]);
    return count;
}

static int64_t all_names(Run *r, const Pair *p, bool simulated, uint32_t room, StrBuf *out) {
    static uint8_t bytes[NAMES];
    int64_t n, used = 0;
    do {
        uint32_t size = room < NAMES - used ? room : (uint32_t)(NAMES - used);
        n = simulated ? files_entries(r->files, p->simulated, bytes + used, size)
                      : real(syscall(SYS_getdents64, p->real, bytes + used, size));
        if (n > 0) used += n;
    } while (n > 0);
    return n < 0 ? n : sorted_names(bytes, used, out);
}

static void call_list(Run *r, const Pair *p) {
    StrBuf is = {0}, should_be = {0};
    uint32_t room = roll(r, 2) ? NAMES : 24 + roll(r, 100);
    strbuf_printf(&r->log, "getdents64(%d, %u)", (int)(p - r->pairs), room);
    int64_t count = all_names(r, p, true, room, &is);
    check(r, count, all_names(r, p, false, room, &should_be));
    check_bytes(r, strbuf_str(&is).ptr, strbuf_str(&should_be).ptr, should_be.len + 1);
    if (count >= 0) {
        strbuf_puts(&r->log, "lseek to the start");
        int64_t start = files_seek(r->files, p->simulated, 0, SEEK_SET);
        check(r, start, real(lseek(p->real, 0, SEEK_SET)));
    }
    strbuf_free(&is);
    strbuf_free(&should_be);
}

static void call_on_descriptor(Run *r) {
    Pair *p = &r->pairs[roll(r, HANDLES)];
    for (int i = 0; p->real < 0 && i < HANDLES; i++) p = &r->pairs[roll(r, HANDLES)]; // open ones more often
    int n = (int)(p - r->pairs), a = (int)roll(r, 3000) - 200, b = (int)roll(r, 2000) - 100;
    struct stat should_stat;
    uint8_t told[FILES_STAT_SIZE];
    int64_t is;
    uint32_t kind = roll(r, 18);
    switch (kind) {
    case 0:
    case 1:
    case 2: call_read(r, p); return;
    case 3:
    case 4:
    case 5: call_write(r, p); return;
    case 6: call_list(r, p); return;
    case 7: {
        struct stat now;
        bool is_folder = p->real >= 0 && fstat(p->real, &now) == 0 && S_ISDIR(now.st_mode);
        int whence = is_folder ? SEEK_SET : (int)roll(r, 3);
        strbuf_printf(&r->log, "lseek(%d, %d, %d)", n, is_folder ? 0 : a, whence);
        is = files_seek(r->files, p->simulated, is_folder ? 0 : a, whence);
        check(r, is, real(lseek(p->real, is_folder ? 0 : a, whence)));
        return;
    }
    case 8:
        strbuf_printf(&r->log, "ftruncate(%d, %d)", n, a);
        is = files_truncate(r->files, p->simulated, a);
        check(r, is, real(ftruncate(p->real, a)));
        return;
    case 9: {
        int mode = (int[]){0, 1, 3, 2}[roll(r, 4)];
        if (!r->has_allocate) return;
        strbuf_printf(&r->log, "fallocate(%d, %d, %d, %d)", n, mode, a, b);
        is = files_allocate(r->files, p->simulated, mode, a, b);
        check(r, is, real(fallocate(p->real, mode, a, b)));
        return;
    }
    case 10:
        strbuf_printf(&r->log, "fsync(%d)", n);
        is = files_sync(r->files, p->simulated, false);
        check(r, is, real(fsync(p->real)));
        return;
    case 11:
        strbuf_printf(&r->log, "sync_file_range(%d, %d, %d)", n, a, b);
        is = files_sync_range(r->files, p->simulated, a, b, 2);
        check(r, is, real(sync_file_range(p->real, a, b, 2)));
        return;
    case 12: {
        int advice = (int)roll(r, 7);
        strbuf_printf(&r->log, "fadvise(%d, %d, %d, %d)", n, a, b, advice);
        is = files_advise(r->files, p->simulated, b, advice);
        check(r, is, -posix_fadvise(p->real, a, b, advice));
        return;
    }
    case 13: {
        int operation = (int[]){LOCK_SH, LOCK_EX, LOCK_UN, 3}[roll(r, 4)] | LOCK_NB;
        strbuf_printf(&r->log, "flock(%d, %d)", n, operation);
        is = files_flock(r->files, p->simulated, operation);
        check(r, is, real(flock(p->real, operation)));
        return;
    }
    case 14: {
        Pair *copy = &r->pairs[roll(r, HANDLES)];
        if (copy->real >= 0) return;
        strbuf_printf(&r->log, "%d: dup(%d)", (int)(copy - r->pairs), n);
        is = files_dup(r->files, p->simulated);
        int64_t should_be = real(dup(p->real));
        *copy = (Pair){should_be < 0 ? -1 : (int)should_be, is < 0 ? -1 : (int)is};
        check(r, is < 0 ? is : 0, should_be < 0 ? should_be : 0);
        return;
    }
    case 15: {
        int command = (int[]){F_GETFD, F_SETFD, F_GETFL, F_SETFL}[roll(r, 4)], argument = roll(r, 2) ? 0
                                                                                          : command == F_SETFD
                                                                                              ? 1
                                                                                              : O_APPEND;
        strbuf_printf(&r->log, "fcntl(%d, %d, %d)", n, command, argument);
        is = files_fcntl(r->files, p->simulated, command, (uint64_t)argument);
        check(r, is, real(fcntl(p->real, command, argument)));
        return;
    }
    case 16:
        strbuf_printf(&r->log, "close(%d)", n);
        is = files_close(r->files, p->simulated);
        check(r, is, real(close(p->real)));
        *p = (Pair){-1, -1};
        return;
    default:
        strbuf_printf(&r->log, "fstat(%d)", n);
        is = files_stat(r->files, p->simulated, told);
        check_stat(r, is, told, real(fstat(p->real, &should_stat)), &should_stat);
    }
}

// ---- calls on names

static void call_statx(Run *r, const char *path) {
    struct statx is_told, told;
    int flags = roll(r, 2) ? AT_SYMLINK_NOFOLLOW : 0x6000; // that one is refused
    strbuf_printf(&r->log, "statx(\"%.20s\", %d)", path, flags);
    int64_t is = files_statx(r->files, AT_FDCWD, str_from(path), flags, STATX_BASIC_STATS, (uint8_t *)&is_told);
    check(r, is, real(statx(AT_FDCWD, path, flags, STATX_BASIC_STATS, &told)));
    if (is < 0) return;
    bool same = is_told.stx_mode == told.stx_mode;
    if (!S_ISDIR(told.stx_mode))
        same = same && is_told.stx_nlink == told.stx_nlink && is_told.stx_size == told.stx_size;
    if (!same) fail_msg("%s... but it tells something else", strbuf_str(&r->log).ptr);
}

static void call_on_names(Run *r) {
    const char *path = roll_path(r), *other = roll_path(r);
    struct stat should_stat;
    uint8_t told[FILES_STAT_SIZE];
    int64_t is;
    switch (roll(r, 7)) {
    case 0:
        strbuf_printf(&r->log, "mkdir(\"%.20s\")", path);
        is = files_mkdir(r->files, AT_FDCWD, str_from(path), 0777);
        check(r, is, real(mkdir(path, 0777)));
        return;
    case 1: {
        int flags = roll(r, 2) ? AT_REMOVEDIR : 0;
        strbuf_printf(&r->log, "unlinkat(\"%.20s\", %d)", path, flags);
        is = files_unlink(r->files, AT_FDCWD, str_from(path), flags);
        check(r, is, real(unlinkat(AT_FDCWD, path, flags)));
        return;
    }
    case 2:
    case 3: {
        uint32_t flags = r->has_flags ? (uint32_t[]){0, 0, 1, 2}[roll(r, 4)] : 0;
        strbuf_printf(&r->log, "renameat2(\"%.20s\", \"%.20s\", %u)", path, other, flags);
        is = files_rename(r->files, AT_FDCWD, str_from(path), AT_FDCWD, str_from(other), flags);
        check(r, is, real(syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, other, flags)));
        return;
    }
    case 4:
        strbuf_printf(&r->log, "link(\"%.20s\", \"%.20s\")", path, other);
        is = files_link(r->files, AT_FDCWD, str_from(path), AT_FDCWD, str_from(other), 0);
        check(r, is, real(linkat(AT_FDCWD, path, AT_FDCWD, other, 0)));
        return;
    case 5: call_statx(r, path); return;
    default:
        strbuf_printf(&r->log, "stat(\"%.20s\")", path);
        is = files_stat_at(r->files, AT_FDCWD, str_from(path), 0, told);
        check_stat(r, is, told, real(stat(path, &should_stat)), &should_stat);
    }
}

// ---- runs

static void probe(Run *r) {
    int fd = openat(AT_FDCWD, "a", O_CREAT | O_RDWR, 0666);
    assert_true(fd >= 0);
    r->has_allocate = fallocate(fd, 3, 0, 1) == 0;
    close(fd);
    r->has_flags = syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", 1) == 0;
    unlink(r->has_flags ? "b" : "a");
}

static int remove_entry(const char *path, const struct stat *told, int kind, struct FTW *place) {
    (void)told, (void)kind, (void)place;
    return remove(path);
}

static void run_seed(uint64_t seed) {
    char folder[] = "/tmp/janus-files-XXXXXX";
    int home = open(".", O_RDONLY | O_DIRECTORY);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(chdir(folder), 0);
    Run r = {.state = seed, .disk = disk_create(&(DiskOptions){.model = (DiskModel)(seed % (DISK_SAFE + 1))})};
    r.files = files_create(r.disk);
    strbuf_printf(&r.log, "seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < HANDLES; i++) r.pairs[i] = (Pair){-1, -1};
    probe(&r);
    for (int i = 0; i < 3; i++) {
        const char *path = (const char *[]){"d", "d/e", "e"}[i];
        assert_int_equal(mkdir(path, 0777), 0);
        assert_int_equal(files_mkdir(r.files, AT_FDCWD, str_from(path), 0777), 0);
    }
    for (int i = 0; i < CALLS; i++) {
        uint32_t kind = roll(&r, 8);
        if (kind < 2)
            call_open(&r);
        else if (kind < 5)
            call_on_names(&r);
        else
            call_on_descriptor(&r);
    }
    for (int i = 0; i < HANDLES; i++)
        if (r.pairs[i].real >= 0) close(r.pairs[i].real);
    files_destroy(r.files);
    disk_destroy(r.disk);
    strbuf_free(&r.log);
    assert_int_equal(fchdir(home), 0);
    close(home);
    assert_int_equal(nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static void test_like_the_kernel(void **state) {
    (void)state;
    umask(022);
    uint64_t first = getenv("FILES_SEED") ? strtoull(getenv("FILES_SEED"), NULL, 10) : 1;
    for (uint64_t seed = first; seed < first + SEEDS; seed++) run_seed(seed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like_the_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
