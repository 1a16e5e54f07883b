// The text form of diagnostics, for people:
//
//     error[E2010]: value dropped silently
//      --> main.jan:3:5
//       |
//     3 |     compute()
//       |     ^^^^^^^^^
//
// followed by notes, each with a place of its own if it has one, and by the fix. After DIAGS_SHOWN of them only the
// number of the rest is told; warnings make room for errors then.
#include "diag/render.h"

enum { DIAGS_SHOWN = 100, NOTES_SHOWN = 24 };

static int digits_of(uint32_t n) {
    int digits = 1;
    for (; n >= 10; n /= 10) digits++;
    return digits;
}

static void widen_gutter(Renderer *r, Span span) {
    if (!span_known(span)) return;
    const Source *source = sources_get(r->diags->sources, span.file);
    // A fix may add lines, but rarely enough of them for another digit; then only the alignment suffers.
    int digits = digits_of(source_position(source, span_clamped(source, span).end).line);
    if (digits > r->gutter) r->gutter = digits;
}

static void render_place(Renderer *r, Span span, Style style) {
    const Source *source = sources_get(r->diags->sources, span.file);
    span = span_clamped(source, span);
    LineColumn at = source_position(source, span.start);
    render_style(r, STYLE_GUTTER);
    strbuf_printf(&r->text, "%*s--> ", r->gutter, "");
    render_style(r, STYLE_PLAIN);
    clean_text(&r->text, source->path);
    strbuf_printf(&r->text, ":%u:%u\n", (unsigned)at.line, (unsigned)at.column);
    render_gutter(r, 0);
    strbuf_putc(&r->text, '\n');
    Str line = source_line(source, at.line);
    size_t line_offset = (size_t)(line.ptr - source->text.ptr);
    // A span over several lines is marked to the end of its first.
    Mark mark = {span.start - line_offset, span.end - line_offset};
    if (mark.from > line.len) mark.from = line.len;
    if (mark.to > line.len) mark.to = line.len;
    render_marked_line(r, at.line, line, &mark, 1, '^', style);
}

static void render_notes(Renderer *r, const Diag *diag) {
    for (uint32_t i = 0; i < diag->notes.len; i++) {
        const DiagNote *note = &diag->notes.items[i];
        if (i == NOTES_SHOWN) {
            strbuf_printf(&r->text, "note: %u more notes not shown\n", (unsigned)(diag->notes.len - i));
            return;
        }
        render_style(r, STYLE_NOTE);
        strbuf_puts(&r->text, "note");
        render_style(r, STYLE_PLAIN);
        strbuf_puts(&r->text, ": ");
        clean_text(&r->text, note->text);
        strbuf_putc(&r->text, '\n');
        if (span_known(note->span)) render_place(r, note->span, STYLE_NOTE);
    }
}

static void render_diag(Renderer *r, const Diag *diag) {
    bool is_error = diag->severity == SEVERITY_ERROR;
    r->gutter = 1;
    widen_gutter(r, diag->span);
    VEC_EACH (DiagNote, note, &diag->notes) widen_gutter(r, note->span);
    VEC_EACH (DiagFix, fix, &diag->fixes) widen_gutter(r, fix->span);

    render_style(r, is_error ? STYLE_ERROR : STYLE_WARNING);
    strbuf_printf(&r->text, "%s[%s]", is_error ? "error" : "warning", diag_code_name(diag->code));
    render_style(r, STYLE_PLAIN);
    render_style(r, STYLE_BOLD);
    strbuf_puts(&r->text, ": ");
    clean_text(&r->text, diag->message);
    render_style(r, STYLE_PLAIN);
    strbuf_putc(&r->text, '\n');
    if (span_known(diag->span)) render_place(r, diag->span, is_error ? STYLE_ERROR : STYLE_WARNING);
    render_notes(r, diag);
    render_fix(r, diag);
    strbuf_putc(&r->text, '\n');
}

static void append_count(StrBuf *b, uint32_t count, const char *what) {
    if (b->len) strbuf_puts(b, ", ");
    strbuf_printf(b, "%u %s%s", (unsigned)count, what, count == 1 ? "" : "s");
}

void diags_render_text(Diags *d, FILE *out, bool colour) {
    Renderer r = {.diags = d, .out = out, .colour = colour};
    Diag **sorted = diags_sorted(d);
    uint32_t warnings = 0, shown = 0;
    for (uint32_t i = 0; i < d->all.len; i++) warnings += sorted[i]->severity == SEVERITY_WARNING;
    uint32_t errors = d->all.len - warnings;
    uint32_t room_for_warnings = errors < DIAGS_SHOWN ? DIAGS_SHOWN - errors : 0;
    for (uint32_t i = 0; i < d->all.len && shown < DIAGS_SHOWN; i++) {
        if (sorted[i]->severity == SEVERITY_WARNING) {
            if (room_for_warnings == 0) continue;
            room_for_warnings--;
        }
        strbuf_clear(&r.text);
        render_diag(&r, sorted[i]);
        fwrite(r.text.data, 1, r.text.len, out);
        shown++;
    }
    warnings += d->unstored_warnings;
    uint32_t rest = d->all.len - shown + d->unstored + d->unstored_warnings;
    if (rest) fprintf(out, "%u more not shown\n", (unsigned)rest);
    strbuf_clear(&r.text);
    if (d->error_count) append_count(&r.text, d->error_count, "error");
    if (warnings) append_count(&r.text, warnings, "warning");
    if (r.text.len) fprintf(out, "%s\n", r.text.data);
    strbuf_free(&r.text);
    strbuf_free(&r.marks);
}
