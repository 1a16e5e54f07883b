// Lays files out in place, or names those that would change (--check), or goes from standard input to standard output
// (--stdin). A file with syntax errors is left alone. A layout that fails the formatter's own check is an internal
// error and nothing is written.
#include "tool/fmt.h"

#include <errno.h>
#include <stdio.h>

#include "driver/find.h"
#include "driver/session.h"
#include "syntax/format.h"

enum { STDIN_LIMIT = 65 << 20 }; // past the limit of the lexer, which then reports it

typedef enum Outcome { OUTCOME_SAME, OUTCOME_CHANGED, OUTCOME_FAILED } Outcome;

static bool read_stdin(Arena *arena, Str *out) {
    StrBuf text = {0};
    char block[1 << 14];
    for (size_t n; text.len < STDIN_LIMIT && (n = fread(block, 1, sizeof block, stdin)) > 0;)
        strbuf_append(&text, block, n);
    *out = str_copy(arena, strbuf_str(&text));
    strbuf_free(&text);
    return !ferror(stdin);
}

typedef struct Formatting {
    const BuildSettings *build;
    const ReportSettings *report;
    bool check; // write nothing
} Formatting;

// One file, or standard input when `path` is NULL.
static Outcome format_one(const Formatting *f, const char *path) {
    Session *s = session_create(f->build, f->report);
    Str text;
    bool read = path ? file_read(s->arena, path, &text) : read_stdin(s->arena, &text);
    if (!read) {
        fprintf(stderr, "janus: cannot read %s: %s\n", path ? path : "standard input", strerror(errno));
        session_destroy(s);
        return OUTCOME_FAILED;
    }
    StrBuf out = {0};
    const char *why = NULL;
    Source *source = sources_add(&s->sources, path ? path : "<stdin>", text);
    FormatResult result = format_source(s->arena, &s->diags, s->names, source, FORMAT_COLUMNS, &out, &why);
    if (result == FORMAT_BROKEN) ICE("formatting %s: %s; nothing was written", source->path, why);
    session_report(s);
    Outcome outcome = OUTCOME_FAILED;
    if (result == FORMAT_OK) {
        Str formatted = strbuf_str(&out);
        outcome = str_equal(formatted, text) ? OUTCOME_SAME : OUTCOME_CHANGED;
        bool written = true;
        if (!path && !f->check)
            written = fwrite(formatted.ptr, 1, formatted.len, stdout) == formatted.len && fflush(stdout) == 0;
        if (path && outcome == OUTCOME_CHANGED && !f->check) written = file_write(path, formatted);
        if (!written) {
            fprintf(stderr, "janus: cannot write %s: %s\n", path ? path : "standard output", strerror(errno));
            outcome = OUTCOME_FAILED;
        }
    }
    strbuf_free(&out);
    session_destroy(s);
    return outcome;
}

static bool format_file(void *context, const char *path) {
    const Formatting *f = context;
    Outcome outcome = format_one(f, path);
    if (outcome == OUTCOME_FAILED) return false;
    if (outcome == OUTCOME_SAME || !f->check) return true;
    if (path) printf("%s\n", path);
    return false;
}

int command_fmt(const Options *options) {
    Formatting f = {&options->build, &options->report, options->check};
    bool ok;
    if (!options->from_stdin) {
        ok = for_each_file(options->arguments, options->argument_count, format_file, &f);
    } else if (options->argument_count > 0) {
        fputs("janus: --stdin takes no files\n", stderr);
        return EXIT_USAGE;
    } else {
        ok = format_file(&f, NULL);
    }
    return ok ? EXIT_OK : EXIT_ERRORS;
}
