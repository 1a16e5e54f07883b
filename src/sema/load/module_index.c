// The modules of the standard library by their last name, for messages only: the folder is read when the first mistake
// asks.
#define _XOPEN_SOURCE 700

#include <dirent.h>

#include "sema/decl/decl.h"
#include "sema/load/load.h"

enum { DEEPEST = 6, MOST_ENTRIES = 2000 };

typedef struct Walk {
    Sema *s;
    const Name *wanted;
    const Name *found;
    uint32_t entries, matches;
} Walk;

static void consider(Walk *w, const char *module, const char *last) {
    if (!str_equal_c(name_str(w->wanted), last)) return;
    w->matches++;
    w->found = name_intern_c(w->s->names, module);
}

static void walk(Walk *w, const char *folder, const char *prefix, uint32_t depth) {
    DIR *dir = depth < DEEPEST ? opendir(folder) : NULL;
    if (!dir) return;
    for (struct dirent *entry; (entry = readdir(dir)) && w->entries++ < MOST_ENTRIES;) {
        Str name = str_from(entry->d_name);
        if (name.len == 0 || name.ptr[0] == '.') continue;
        Arena *arena = w->s->arena;
        if (str_ends_with(name, ".jan")) {
            const char *last = arena_printf(arena, "%.*s", (int)(name.len - 4), name.ptr);
            consider(w, arena_printf(arena, "%s.%s", prefix, last), last);
        } else if (!memchr(name.ptr, '.', name.len)) {
            const char *inner = arena_printf(arena, "%s/%s", folder, entry->d_name),
                       *module = arena_printf(arena, "%s.%s", prefix, entry->d_name);
            if (file_exists(arena_printf(arena, "%s/mod.jan", inner))) consider(w, module, entry->d_name);
            walk(w, inner, module, depth + 1);
        }
    }
    closedir(dir);
}

const Name *module_find_std(Sema *s, const Name *last) {
    if (!s->options.std_root || s->options.files) return NULL;
    Walk w = {.s = s, .wanted = last};
    walk(&w, s->options.std_root, "std", 0);
    return w.matches == 1 ? w.found : NULL;
}
