// From files to modules. A module is known by its file: whatever path leads to a file, resolved through symbolic links,
// it is loaded once. Loading is a queue (Sema.modules, walked by sema.c), never recursion, so a long chain of `use`
// costs no stack. A module's names are bound before the modules it uses are looked at, which is what makes circles
// harmless.
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "sema/decl/decl.h"
#include "sema/load/load.h"

static const Name *path_name(Sema *s, const char *path) { return name_intern_c(s->names, path); }

// Files are looked at here only: on the disk, or where the options say instead.
static bool source_read(Sema *s, const char *path, Str *text) {
    const ModuleFiles *files = s->options.files;
    return files ? files->read(files->context, path, text) : file_read(s->arena, path, text);
}

static bool source_exists(Sema *s, const char *path) {
    Str text;
    return s->options.files ? source_read(s, path, &text) : file_exists(path);
}

static const char *real_path(Sema *s, const char *path) {
    if (s->options.files) return path;
    char *resolved = realpath(path, NULL);
    if (!resolved) return path;
    const char *copy = str_c(s->arena, str_from(resolved));
    free(resolved);
    return copy;
}

// Module paths must be unique, for symbols are made of them; two entries of the same base name are told apart by a
// number.
static const Name *unique_module_path(Sema *s, const char *path) {
    const Name *name = name_intern_c(s->names, path);
    for (unsigned n = 2; map_get(&s->module_by_path, name); n++)
        name = name_intern_c(s->names, arena_printf(s->arena, "%s~%u", path, n));
    return name;
}

static double processor_milliseconds(void) { return (double)clock() * 1000 / CLOCKS_PER_SEC; }

static Module *module_add(Sema *s, const char *path, const char *file, Str text, bool is_std) {
    Module *m = ARENA_NEW(s->arena, Module);
    m->path = unique_module_path(s, path);
    m->file = file;
    m->arena = arena_create();
    m->is_std = is_std;
    m->index = s->modules.len;
    Source *source = sources_add(s->sources, file, text);
    m->first_error = s->diags->all.len;
    double start = processor_milliseconds();
    m->tree = parse_module(m->arena, s->diags, s->names, source);
    s->parse_milliseconds += processor_milliseconds() - start;
    m->errors_end = s->diags->all.len;
    m->profile = profile_of_tree(s, m->tree);
    map_put(s->arena, &s->module_by_path, m->path, m);
    VEC_PUSH(s->arena, &s->modules, m);
    module_collect(s, m);
    module_note_damage(s, m);
    return m;
}

// NULL with errno set when the file cannot be read.
static Module *module_load_file(Sema *s, const char *path, const char *file, bool is_std) {
    const Name *shown = path_name(s, file);
    Module *m = map_get(&s->tables->module_by_file, shown);
    if (m) return m;
    const Name *real = path_name(s, real_path(s, file));
    m = map_get(&s->tables->module_by_file, real);
    if (!m) {
        Str text;
        if (!source_read(s, file, &text)) return NULL;
        m = module_add(s, path, file, text, is_std);
        map_put(s->arena, &s->tables->module_by_file, real, m);
    }
    map_put(s->arena, &s->tables->module_by_file, shown, m);
    return m;
}

// "std.sync.chan" for a file below std's folder, whose own name does not matter; NULL for any other.
static const char *std_path_of(Sema *s, const char *real_file) {
    if (!s->options.std_root) return NULL;
    const char *root = real_path(s, s->options.std_root);
    size_t len = strlen(root);
    if (strncmp(real_file, root, len) != 0 || real_file[len] != '/') return NULL;
    StrBuf path = {0};
    strbuf_puts(&path, "std.");
    for (const char *at = real_file + len + 1; *at; at++) strbuf_putc(&path, *at == '/' ? '.' : *at);
    Str text = strbuf_str(&path);
    if (str_ends_with(text, ".jan")) text.len -= 4;
    text = str_copy(s->arena, text);
    if (str_ends_with(text, ".mod")) text.len -= 4;
    strbuf_free(&path);
    return str_c(s->arena, text);
}

static const char *entry_path(Sema *s, const char *file) {
    Str base = str_from(path_basename(s->arena, file));
    if (str_ends_with(base, ".jan")) base.len -= 4;
    return base.len ? str_c(s->arena, base) : "main";
}

Module *module_load_entry(Sema *s, const char *path) {
    const char *std_path = std_path_of(s, real_path(s, path));
    errno = 0;
    Module *m = module_load_file(s, std_path ? std_path : entry_path(s, path), path, std_path != NULL);
    if (!m) {
        diag_error(s->diags, DIAG_E1014, (Span){0}, "cannot read `%s`: %s", path,
                   errno ? strerror(errno) : "not a regular file");
        return NULL;
    }
    m->is_entry = true;
    if (!m->root) m->root = path_dirname(s->arena, path);
    return m;
}

Module *module_load_std(Sema *s, const char *path) {
    if (!s->options.std_root) return NULL;
    const Name *parts[8];
    uint32_t count = 0;
    for (const char *at = path; *at && count < ARRAY_LEN(parts);) {
        size_t len = strcspn(at, ".");
        parts[count++] = name_intern(s->names, at, len);
        at += len + (at[len] == '.');
    }
    const char *tried[2];
    return module_find(s, NULL, parts, count, tried);
}

static const char *join_parts(Sema *s, const Name *const *parts, uint32_t count, char separator) {
    StrBuf text = {0};
    for (uint32_t i = 0; i < count; i++) {
        if (i) strbuf_putc(&text, separator);
        strbuf_append(&text, parts[i]->text, parts[i]->len);
    }
    const char *copy = str_c(s->arena, strbuf_str(&text));
    strbuf_free(&text);
    return copy;
}

Module *module_find(Sema *s, Module *user, const Name *const *path, uint32_t count, const char **tried) {
    tried[0] = tried[1] = NULL;
    if (count == 0) return NULL;
    bool is_std = str_equal_c(name_str(path[0]), "std");
    if (count == 1 && str_equal_c(name_str(path[0]), "target")) return s->target;
    const char *root = is_std ? s->options.std_root : user && !(user->is_std && !user->is_entry) ? user->root : NULL;
    if (!root || (is_std && count == 1)) return NULL;
    const char *stem = path_join(s->arena, root, join_parts(s, path + is_std, count - is_std, '/'));
    const char *dotted = join_parts(s, path, count, '.');
    for (int i = 0; i < 2; i++) {
        const char *file = arena_printf(s->arena, i ? "%s/mod.jan" : "%s.jan", stem);
        // Where the standard library lies is of no interest to a reader of messages.
        tried[i] = is_std ? arena_printf(s->arena, "std%s", file + strlen(root)) : file;
        Module *known = map_get(&s->tables->module_by_file, path_name(s, file));
        if (!known && !source_exists(s, file)) continue;
        Module *m = known ? known : module_load_file(s, dotted, file, is_std);
        if (m && !m->root) m->root = user ? user->root : root;
        return m;
    }
    return NULL;
}

Module *module_from_text(Sema *s, const char *path, const char *text) {
    const char *shown = arena_printf(s->arena, "<%s>", path);
    Module *m = module_add(s, path, shown, str_copy(s->arena, str_from(text)), true);
    m->profile = 0;
    return m;
}
