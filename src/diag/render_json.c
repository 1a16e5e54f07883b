// The machine form of diagnostics: one JSON object a line, in the order of the text form. Lines and columns count from
// 1, columns in code points; `start` and `end` of an edit are byte offsets, for tools that apply it. A diagnostic
// without a place has no "file" and no positions.
#include <jansson.h>
#include <stdlib.h>

#include "diag/render.h"

static json_t *json_clean_string(const char *text) {
    StrBuf clean = {0};
    clean_text(&clean, text);
    Str s = strbuf_str(&clean);
    json_t *value = json_stringn(s.ptr, s.len);
    strbuf_free(&clean);
    return value;
}

static void set_number(json_t *object, const char *key, uint32_t value) {
    json_object_set_new(object, key, json_integer((json_int_t)value));
}

static void set_place(json_t *object, const SourceMap *sources, Span span) {
    if (!span_known(span)) return;
    const Source *source = sources_get(sources, span.file);
    span = span_clamped(source, span);
    LineColumn start = source_position(source, span.start), end = source_position(source, span.end);
    json_object_set_new(object, "file", json_clean_string(source->path));
    set_number(object, "line", start.line);
    set_number(object, "column", start.column);
    set_number(object, "end_line", end.line);
    set_number(object, "end_column", end.column);
}

static json_t *notes_json(const Diags *d, const Diag *diag) {
    json_t *notes = json_array();
    VEC_EACH (DiagNote, note, &diag->notes) {
        json_t *object = json_object();
        json_object_set_new(object, "message", json_clean_string(note->text));
        set_place(object, d->sources, note->span);
        json_array_append_new(notes, object);
    }
    return notes;
}

// The replacement goes to a tool, so it is passed on as it is unless it could not be JSON.
static json_t *replacement_json(const char *text) {
    json_t *value = json_string(text);
    return value ? value : json_clean_string(text);
}

static json_t *fixes_json(const Diags *d, const Diag *diag) {
    json_t *fixes = json_array();
    VEC_EACH (DiagFix, fix, &diag->fixes) {
        json_t *object = json_object();
        set_place(object, d->sources, fix->span);
        if (span_known(fix->span)) {
            Span span = span_clamped(sources_get(d->sources, fix->span.file), fix->span);
            set_number(object, "start", span.start);
            set_number(object, "end", span.end);
        }
        json_object_set_new(object, "replacement", replacement_json(fix->text));
        json_array_append_new(fixes, object);
    }
    return fixes;
}

// Of these `janus fix` applies the first only.
static const char *degree_name(FixDegree degree) { return degree == FIX_CERTAIN ? "certain" : "likely"; }

void diags_render_json(Diags *d, FILE *out) {
    Diag **sorted = diags_sorted(d);
    for (uint32_t i = 0; i < d->all.len; i++) {
        const Diag *diag = sorted[i];
        json_t *object = json_object();
        json_object_set_new(object, "code", json_string(diag_code_name(diag->code)));
        json_object_set_new(object, "severity", json_string(diag->severity == SEVERITY_ERROR ? "error" : "warning"));
        json_object_set_new(object, "message", json_clean_string(diag->message));
        set_place(object, d->sources, diag->span);
        json_object_set_new(object, "notes", notes_json(d, diag));
        json_object_set_new(object, "fixes", fixes_json(d, diag));
        if (diag->fixes.len) json_object_set_new(object, "degree", json_string(degree_name(diag->fix_degree)));
        if (diag->fix_label) json_object_set_new(object, "help", json_clean_string(diag->fix_label));
        char *line = json_dumps(object, JSON_COMPACT);
        if (!line) ICE("a diagnostic could not be written as JSON");
        fprintf(out, "%s\n", line);
        free(line);
        json_decref(object);
    }
}
