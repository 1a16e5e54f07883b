// Applies the certain fixes to a file, in rounds: check, take every diagnostic whose edits do not collide with those
// taken before, apply, check again. Between rounds the text is held in memory and given to the checker in place of the
// file, which is written once at the end. Invariants:
//
// 1. Only certain fixes are applied; one that is likely is shown with what is left of the mistakes.
// 2. A file without errors keeps its meaning. What a warning says of a text is only sure when there are no errors in it, so
//    its fix is applied to such a text alone.
// 3. A file never gets worse: the text written is the one with the fewest mistakes, and none of them is of an earlier
//    phase than what there was before. When fixes bring such mistakes to light, the file is left as it was and that is
//    said.
// 4. Fixing what has been fixed changes nothing: the rounds are repeated until they end where they began.
#define _XOPEN_SOURCE 700
#include "tool/fix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "driver/find.h"
#include "driver/workspace.h"

enum { PASS_LIMIT = 20, ROUND_LIMIT = 10, SINGLE_LIMIT = 20 };

// By the phase that finds it: one phase's mistakes hide those of the next. Types, generics, compile time and profiles
// are one phase: their mistakes are found side by side.
typedef enum MistakeKind { MISTAKE_SYNTAX, MISTAKE_NAMES, MISTAKE_TYPES, MISTAKE_COUNT } MistakeKind;

typedef struct Damage {
    uint32_t of[MISTAKE_COUNT]; // errors
} Damage;

typedef struct Edit {
    uint32_t start, end;
    const char *text;
    uint32_t order; // of insertions at one place
} Edit;

typedef VEC(Edit) Edits;

typedef struct Checked {
    Session *session;
    Damage damage;
    uint32_t file; // index of the source that is being fixed
} Checked;

static MistakeKind mistake_kind(const Diag *diag) {
    switch (diag_code_name(diag->code)[1]) {
    case '0': return MISTAKE_SYNTAX;
    case '1': return MISTAKE_NAMES;
    default: return MISTAKE_TYPES;
    }
}

// `text` in place of the file. `path` is resolved, so that modules that use it back find the same text.
static Checked check_text(Workspace *workspace, const char *path, Str text) {
    workspace_put_text(workspace, path, text);
    Checked c = {.session = workspace_open(workspace)};
    Session *s = c.session;
    sema_check_file(session_open_sema(s, true), path);
    for (uint32_t i = 1; i < s->sources.sources.len && !c.file; i++)
        if (strcmp(s->sources.sources.items[i]->path, path) == 0) c.file = i;
    for (uint32_t i = 0; i < s->diags.all.len; i++)
        if (s->diags.all.items[i]->severity == SEVERITY_ERROR) c.damage.of[mistake_kind(s->diags.all.items[i])]++;
    return c;
}

// Syntax errors hide others, so fewer of them is progress even if more of the others come to light.
static bool is_worse(Damage now, Damage before) {
    uint32_t syntax = now.of[MISTAKE_SYNTAX], syntax_before = before.of[MISTAKE_SYNTAX];
    if (syntax != syntax_before) return syntax > syntax_before;
    return now.of[MISTAKE_NAMES] + now.of[MISTAKE_TYPES] > before.of[MISTAKE_NAMES] + before.of[MISTAKE_TYPES];
}

// The kind of the first mistakes that a reader meets; behind the last when there are none.
static MistakeKind first_kind(Damage damage) {
    MistakeKind kind = MISTAKE_SYNTAX;
    while (kind < MISTAKE_COUNT && !damage.of[kind]) kind++;
    return kind;
}

// ---- Edits -------------------------------------------------------------------------------------

static bool collide(const Edit *a, const Edit *b) {
    bool same_place = a->start == b->start && (a->start == a->end || b->start == b->end);
    return same_place || (a->start < b->end && b->start < a->end);
}

// All edits of one diagnostic or none: half of a fix may be no program.
static bool take_fixes(Arena *arena, Edits *taken, const Diag *diag, uint32_t file) {
    uint32_t before = taken->len;
    if (diag->fix_degree != FIX_CERTAIN) return false;
    VEC_EACH (DiagFix, fix, &diag->fixes) {
        Edit edit = {fix->span.start, fix->span.end, fix->text, taken->len};
        bool bad = fix->span.file != file || edit.start > edit.end;
        for (uint32_t i = 0; i < taken->len && !bad; i++) {
            const Edit *other = &taken->items[i];
            bool both_insert = edit.start == edit.end && other->start == other->end;
            bad = collide(&edit, other) && !(i >= before && both_insert);
        }
        if (bad) {
            taken->len = before;
            return false;
        }
        VEC_PUSH(arena, taken, edit);
    }
    return taken->len > before;
}

static int by_place(const void *left, const void *right) {
    const Edit *a = left, *b = right;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static Str apply(Arena *arena, Str text, Edits *edits) {
    qsort(edits->items, edits->len, sizeof *edits->items, by_place);
    StrBuf out = {0};
    uint32_t at = 0;
    VEC_EACH (Edit, edit, edits) {
        strbuf_append(&out, text.ptr + at, edit->start - at);
        strbuf_puts(&out, edit->text);
        at = edit->end;
    }
    strbuf_append(&out, text.ptr + at, text.len - at);
    Str result = str_copy(arena, strbuf_str(&out));
    strbuf_free(&out);
    return result;
}

// ---- Rounds ------------------------------------------------------------------------------------

typedef struct FixSettings {
    const BuildSettings *build;
    const ReportSettings *report;
    bool check; // write nothing
} FixSettings;

typedef struct Fixing {
    const FixSettings *settings;
    Workspace *workspace;
    Arena *arena;
    const char *path;
    MistakeKind first; // of the mistakes in the file
    Str best; // no text met so far has less damage
    Damage damage; // of `best`
    uint32_t applied; // diagnostics, on the way to it
    bool taken_back; // a text was refused for mistakes of an earlier phase
} Fixing;

static Checked check_of(const Fixing *f, Str text) { return check_text(f->workspace, f->path, text); }

// All fixes of a text that do not collide, applied. The same text when there are none.
static Str apply_all(const Fixing *f, Str text, const Checked *checked, uint32_t *count) {
    Diag **sorted = diags_sorted(&checked->session->diags);
    Edits all = {0};
    bool clean = first_kind(checked->damage) == MISTAKE_COUNT;
    for (uint32_t i = 0; i < checked->session->diags.all.len; i++)
        if (clean || sorted[i]->severity == SEVERITY_ERROR)
            *count += take_fixes(f->arena, &all, sorted[i], checked->file);
    return all.len ? apply(f->arena, text, &all) : text;
}

// Makes a text the best if it is no worse than the best so far.
static void take_text(Fixing *f, Str text, Damage damage, uint32_t applied) {
    bool earlier = first_kind(damage) < f->first;
    f->taken_back |= earlier;
    if (earlier || is_worse(damage, f->damage)) return;
    f->best = text;
    f->damage = damage;
    f->applied = applied;
}

// A fixed mistake may have hidden others, so a round may find more than the one before; what counts is where it ends.
static void run_rounds(Fixing *f) {
    Str text = f->best;
    uint32_t count = f->applied;
    for (int round = 0; round <= ROUND_LIMIT; round++) {
        Checked checked = check_of(f, text);
        if (round > 0) take_text(f, text, checked.damage, count);
        Str next = apply_all(f, text, &checked, &count);
        session_destroy(checked.session);
        if (str_equal(next, text)) return;
        text = next;
    }
}

// When the fixes together did no good: those that do some alone.
static void try_singly(Fixing *f) {
    Checked checked = check_of(f, f->best);
    Diag **sorted = diags_sorted(&checked.session->diags);
    Str text = f->best;
    uint32_t tried = 0;
    for (uint32_t i = 0; i < checked.session->diags.all.len && tried < SINGLE_LIMIT && str_equal(text, f->best); i++) {
        Edits one = {0};
        if (sorted[i]->severity != SEVERITY_ERROR || !take_fixes(f->arena, &one, sorted[i], checked.file)) continue;
        tried++;
        Str changed = apply(f->arena, text, &one);
        Checked after = check_of(f, changed);
        take_text(f, changed, after.damage, f->applied + 1);
        session_destroy(after.session);
    }
    session_destroy(checked.session);
}

static void run_passes(Fixing *f) {
    Checked checked = check_of(f, f->best);
    f->damage = checked.damage;
    f->first = first_kind(checked.damage);
    session_destroy(checked.session);
    for (int pass = 0; pass < PASS_LIMIT; pass++) {
        Str before = f->best;
        run_rounds(f);
        if (str_equal(f->best, before)) try_singly(f);
        if (str_equal(f->best, before)) return;
    }
}

// What is left, as `janus check` would say it of the file as it is now.
static bool report_rest(const Fixing *f, const char *path) {
    Workspace *workspace = workspace_create(f->settings->build, f->settings->report);
    Session *s = workspace_open(workspace);
    bool read = sema_check_file(session_open_sema(s, true), path);
    bool ok = session_report(s) && read;
    session_destroy(s);
    workspace_destroy(workspace);
    return ok;
}

static bool finish(const Fixing *f, const char *path, Str original) {
    bool changed = !str_equal(f->best, original);
    if (!changed && f->taken_back)
        fprintf(stderr, "janus: %s is left as it was: its fixes would bring mistakes of an earlier kind\n", path);
    if (f->settings->check) {
        if (changed) printf("%s\n", path);
        return !changed;
    }
    if (changed && !file_write(path, f->best)) {
        fprintf(stderr, "janus: cannot write %s: %s\n", path, strerror(errno));
        return false;
    }
    if (changed) printf("%s: %u fixed\n", path, (unsigned)f->applied);
    fflush(stdout);
    return report_rest(f, path);
}

static bool fix_file(void *context, const char *path) {
    const FixSettings *settings = context;
    Arena *arena = arena_create();
    Str original;
    char *resolved = realpath(path, NULL);
    bool ok = false;
    if (!resolved || !file_read(arena, path, &original)) {
        fprintf(stderr, "janus: cannot read %s: %s\n", path, strerror(errno));
    } else {
        Fixing f = {.settings = settings,
                    .workspace = workspace_create(settings->build, settings->report),
                    .arena = arena,
                    .path = resolved,
                    .best = original};
        run_passes(&f);
        ok = finish(&f, path, original);
        workspace_destroy(f.workspace);
    }
    free(resolved);
    arena_destroy(arena);
    return ok;
}

int command_fix(const Options *options) {
    FixSettings settings = {&options->build, &options->report, options->check};
    bool ok = for_each_file(options->arguments, options->argument_count, fix_file, &settings);
    return ok ? EXIT_OK : EXIT_ERRORS;
}
