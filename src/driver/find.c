// Finds the files that the arguments of a command name: a folder stands for all files in and below it, in order. Hidden files are left
// out, links to other folders are not followed, and a folder that cannot be read is said and counted.
#define _GNU_SOURCE
#include "driver/find.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEEPEST_FOLDER = 64 };

typedef struct Finder {
    Arena *arena;
    FileFilter wanted;
    Paths *found, *unreadable;
} Finder;

static int by_name(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static bool is_link(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static void find_in_folder(const Finder *f, const char *folder, int depth) {
    errno = ENAMETOOLONG;
    DIR *dir = depth < DEEPEST_FOLDER ? opendir(folder) : NULL;
    if (!dir) {
        fprintf(stderr, "janus: cannot read %s: %s\n", folder, strerror(errno));
        VEC_PUSH(f->arena, f->unreadable, folder);
        return;
    }
    Paths entries = {0};
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            VEC_PUSH(f->arena, &entries, path_join(f->arena, folder, str_c(f->arena, str_from(entry->d_name))));
    closedir(dir);
    if (entries.len) qsort(entries.items, entries.len, sizeof *entries.items, by_name);
    for (uint32_t i = 0; i < entries.len; i++) {
        const char *path = entries.items[i];
        if (dir_exists(path) && !is_link(path))
            find_in_folder(f, path, depth + 1);
        else if (str_ends_with(str_from(path), ".jan") && file_exists(path) &&
                 (!f->wanted || f->wanted(f->arena, path)))
            VEC_PUSH(f->arena, f->found, path);
    }
}

Paths find_files(Arena *arena, char *const *named, uint32_t count, FileFilter wanted, Paths *unreadable) {
    Paths found = {0};
    Finder finder = {arena, wanted, &found, unreadable};
    for (uint32_t i = 0; i < count; i++) {
        const char *path = named[i];
        if (dir_exists(path))
            find_in_folder(&finder, path, 0);
        else
            VEC_PUSH(arena, &found, path);
    }
    return found;
}

bool for_each_file(char *const *named, uint32_t count, bool (*act)(void *context, const char *path), void *context) {
    Arena *arena = arena_create();
    Paths unreadable = {0};
    Paths files = find_files(arena, named, count, NULL, &unreadable);
    bool ok = unreadable.len == 0;
    for (uint32_t i = 0; i < files.len; i++) ok &= act(context, files.items[i]);
    arena_destroy(arena);
    return ok;
}
