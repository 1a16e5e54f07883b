// Where paths lead. A path is walked part by part; what its last part names need not be there.
#define _GNU_SOURCE
#include "sim/files/table.h"

enum { LONGEST_NAME = 255 };

bool files_is_gone(const Files *files, DiskNode folder) {
    return folder != DISK_ROOT && disk_links(files->disk, folder) == 0;
}

bool files_is_below(const Files *files, DiskNode folder, DiskNode above) {
    while (folder != above && folder != DISK_ROOT && !files_is_gone(files, folder))
        folder = disk_parent(files->disk, folder);
    return folder == above;
}

static int64_t begin(const Files *files, int folder, Str path, DiskNode *out) {
    *out = DISK_ROOT;
    if (path.ptr[0] == '/') return 0;
    *out = files->working_folder;
    if (folder == AT_FDCWD) return 0;
    const OpenFile *f = files_get(files, folder);
    if (!f) return -EBADF;
    if (f->stream >= 0 || !disk_is_folder(files->disk, f->node)) return -ENOTDIR;
    *out = f->node;
    return 0;
}

// Into `place` goes one more part; what was the last one so far must be a folder.
static int64_t step_into(const Files *files, Place *place, Str part) {
    if (place->is_too_long) return -ENAMETOOLONG;
    if (!place->node) return -ENOENT;
    if (!disk_is_folder(files->disk, place->node)) return -ENOTDIR;
    place->folder = place->node;
    place->name = part;
    if (str_equal_c(part, ".")) {
        place->last = LAST_DOT;
    } else if (str_equal_c(part, "..")) {
        place->last = LAST_DOT_DOT;
        place->node = disk_parent(files->disk, place->folder);
        if (files_is_gone(files, place->node)) return -ENOENT;
    } else {
        place->last = LAST_NAME;
        place->is_too_long = part.len > LONGEST_NAME;
        place->node = place->is_too_long ? 0 : disk_find(files->disk, place->folder, part);
    }
    return 0;
}

int64_t files_find(const Files *files, int folder, Str path, Place *out) {
    int64_t error = files_find_parent(files, folder, path, out);
    return !error && out->is_too_long ? -ENAMETOOLONG : error;
}

int64_t files_find_parent(const Files *files, int folder, Str path, Place *out) {
    *out = (Place){.last = LAST_ROOT};
    if (!path.len) return -ENOENT;
    if (path.len >= FILES_PATH_LIMIT) return -ENAMETOOLONG;
    int64_t error = begin(files, folder, path, &out->node);
    if (error) return error;
    out->folder = out->node;
    for (size_t at = 0; at < path.len;) {
        while (at < path.len && path.ptr[at] == '/') at++;
        size_t first = at;
        while (at < path.len && path.ptr[at] != '/') at++;
        if (at == first) break;
        error = step_into(files, out, (Str){path.ptr + first, at - first});
        if (error) return error;
    }
    out->wants_folder = path.ptr[path.len - 1] == '/';
    return 0;
}
