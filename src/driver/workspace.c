// Texts by path. Each text has an arena of its own that goes when the next one takes its place, for a text may be put
// thousands of times.
#include "driver/workspace.h"

typedef struct Held {
    Arena *arena; // of the text
    Str text;
} Held;

struct Workspace {
    Arena *arena; // of the names and of what is kept for each
    const BuildSettings *build;
    const ReportSettings *report;
    NameTable *paths;
    Map texts; // Name of the path → Held
};

// What a session reads lives as long as the session.
typedef struct Reader {
    Workspace *workspace;
    Arena *arena;
    ModuleFiles files;
} Reader;

static bool read_text(void *context, const char *path, Str *text) {
    const Reader *reader = context;
    const Held *held = map_get(&reader->workspace->texts, name_intern_c(reader->workspace->paths, path));
    if (!held) return file_read(reader->arena, path, text);
    *text = str_copy(reader->arena, held->text);
    return true;
}

Workspace *workspace_create(const BuildSettings *build, const ReportSettings *report) {
    Arena *arena = arena_create();
    Workspace *w = ARENA_NEW(arena, Workspace);
    *w = (Workspace){.arena = arena, .build = build, .report = report, .paths = names_create(arena)};
    return w;
}

void workspace_destroy(Workspace *w) {
    for (uint32_t i = 0; i < w->texts.len; i++) arena_destroy(((Held *)w->texts.entries[i].value)->arena);
    names_destroy(w->paths);
    arena_destroy(w->arena);
}

void workspace_put_text(Workspace *w, const char *path, Str text) {
    const Name *name = name_intern_c(w->paths, path);
    Held *held = map_get(&w->texts, name);
    Arena *arena = arena_create();
    Str copy = str_copy(arena, text); // before the old text goes: it may be part of it
    if (held) {
        arena_destroy(held->arena);
    } else {
        held = ARENA_NEW(w->arena, Held);
        map_put(w->arena, &w->texts, name, held);
    }
    *held = (Held){arena, copy};
}

Session *workspace_open(Workspace *w) {
    Session *s = session_create(w->build, w->report);
    if (!w->texts.len) return s;
    Reader *reader = ARENA_NEW(s->arena, Reader);
    *reader = (Reader){w, s->arena, {read_text, reader}};
    s->files = &reader->files;
    return s;
}
