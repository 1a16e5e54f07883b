// Paths as text; the file system is not asked. "." is the folder of a bare file name and vanishes when joined, so paths
// come out the way a user would write them.
#include "base/base.h"

const char *path_join(Arena *arena, const char *dir, const char *leaf) {
    size_t len = strlen(dir);
    if (leaf[0] == '/' || len == 0 || strcmp(dir, ".") == 0) return str_c(arena, str_from(leaf));
    return arena_printf(arena, dir[len - 1] == '/' ? "%s%s" : "%s/%s", dir, leaf);
}

// The length of the path without slashes at its end; the root keeps its one.
static size_t trimmed_length(const char *path, size_t len) {
    while (len > 1 && path[len - 1] == '/') len--;
    return len;
}

static size_t leaf_start(const char *path, size_t len) {
    while (len > 0 && path[len - 1] != '/') len--;
    return len;
}

const char *path_dirname(Arena *arena, const char *path) {
    size_t start = leaf_start(path, trimmed_length(path, strlen(path)));
    if (start == 0) return ".";
    return str_c(arena, (Str){path, trimmed_length(path, start)});
}

const char *path_basename(Arena *arena, const char *path) {
    size_t len = trimmed_length(path, strlen(path));
    size_t start = leaf_start(path, len);
    if (start == len) start = 0; // the root itself
    return str_c(arena, (Str){path + start, len - start});
}
