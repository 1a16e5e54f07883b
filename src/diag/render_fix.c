// The help part of a diagnostic: its label and the lines as they would read with the edits applied, new text marked
// with `~`. Edits far apart are shown as separate pieces; the file itself is never touched here.
#include <stdlib.h>

#include "diag/render.h"

enum { FIX_LINES_SHOWN = 8, FIX_PIECES_SHOWN = 4 };

typedef struct Piece {
    const Source *source;
    uint32_t first_line; // number of the first line shown
    StrBuf text; // the patched lines
    VEC(Mark) marks; // new text, as offsets in `text`
} Piece;

static int compare_fix_place(const void *left, const void *right) {
    const DiagFix *a = left, *b = right;
    if (a->span.file != b->span.file) return a->span.file < b->span.file ? -1 : 1;
    if (a->span.start != b->span.start) return a->span.start < b->span.start ? -1 : 1;
    return 0;
}

static uint32_t line_end_offset(const Source *source, uint32_t line) {
    Str text = source_line(source, line);
    return (uint32_t)(text.ptr - source->text.ptr) + (uint32_t)text.len;
}

// Applies fixes[0..count), which lie in neighbouring lines, to the lines they touch.
static void piece_build(Renderer *r, Piece *piece, const DiagFix *fixes, size_t count, uint32_t last_line) {
    const Source *source = piece->source;
    uint32_t at = source->line_starts[piece->first_line - 1];
    uint32_t end = line_end_offset(source, last_line);
    for (size_t i = 0; i < count; i++) {
        Span span = span_clamped(source, fixes[i].span);
        if (span.start < at) continue; // overlaps the edit before it: nothing sensible to show
        strbuf_append(&piece->text, source->text.ptr + at, span.start - at);
        Mark mark = {piece->text.len, piece->text.len + strlen(fixes[i].text)};
        strbuf_puts(&piece->text, fixes[i].text);
        if (mark.to > mark.from) VEC_PUSH(r->diags->arena, &piece->marks, mark);
        at = span.end;
    }
    if (end > at) strbuf_append(&piece->text, source->text.ptr + at, end - at);
}

static void piece_print(Renderer *r, Piece *piece) {
    Str text = strbuf_str(&piece->text);
    Mark *in_line = ARENA_ARRAY(r->diags->arena, Mark, piece->marks.len + 1);
    uint32_t shown = 0;
    for (size_t start = 0; start <= text.len; shown++) {
        if (shown == FIX_LINES_SHOWN) {
            render_gutter(r, 0);
            strbuf_puts(&r->text, " ...\n");
            return;
        }
        const char *newline = memchr(text.ptr + start, '\n', text.len - start);
        size_t end = newline ? (size_t)(newline - text.ptr) : text.len;
        size_t count = 0;
        VEC_EACH (Mark, mark, &piece->marks) {
            size_t from = mark->from > start ? mark->from : start, to = mark->to < end ? mark->to : end;
            if (from < to) in_line[count++] = (Mark){from - start, to - start};
        }
        Str line = {text.ptr + start, end - start};
        if (line.len && line.ptr[line.len - 1] == '\r') line.len--;
        render_marked_line(r, piece->first_line + shown, line, in_line, count, '~', STYLE_FIX);
        start = end + 1;
    }
}

// Whole lines that go: what is left to show is only what stands below them.
static bool removes_lines(Renderer *r, const DiagFix *fix) {
    if (fix->text[0] || !span_known(fix->span)) return false;
    const Source *source = sources_get(r->diags->sources, fix->span.file);
    Span span = span_clamped(source, fix->span);
    Str text = source->text;
    bool at_start = span.start == 0 || text.ptr[span.start - 1] == '\n';
    return at_start && span.end > span.start && (span.end == text.len || text.ptr[span.end - 1] == '\n');
}

void render_fix(Renderer *r, const Diag *diag) {
    if (!diag->fix_label && diag->fixes.len == 0) return;
    render_style(r, STYLE_FIX);
    strbuf_puts(&r->text, diag->fix_degree == FIX_LIKELY ? "help (likely)" : "help");
    render_style(r, STYLE_PLAIN);
    strbuf_puts(&r->text, ": ");
    clean_text(&r->text, diag->fix_label ? diag->fix_label : "this edit is suggested");
    strbuf_putc(&r->text, '\n');
    if (diag->fixes.len == 0 || (diag->fixes.len == 1 && removes_lines(r, &diag->fixes.items[0]))) return;

    DiagFix *fixes = arena_copy(r->diags->arena, diag->fixes.items, sizeof(DiagFix) * diag->fixes.len);
    qsort(fixes, diag->fixes.len, sizeof(DiagFix), compare_fix_place);
    uint32_t pieces = 0;
    for (size_t first = 0, after = 0; first < diag->fixes.len && pieces < FIX_PIECES_SHOWN; first = after, pieces++) {
        after = first + 1;
        if (!span_known(fixes[first].span)) continue;
        const Source *source = sources_get(r->diags->sources, fixes[first].span.file);
        Span span = span_clamped(source, fixes[first].span);
        Piece piece = {.source = source, .first_line = source_position(source, span.start).line};
        uint32_t last_line = source_position(source, span.end).line;
        for (; after < diag->fixes.len && fixes[after].span.file == span.file; after++) {
            Span next = span_clamped(source, fixes[after].span);
            if (source_position(source, next.start).line > last_line + 1) break;
            uint32_t next_last = source_position(source, next.end).line;
            if (next_last > last_line) last_line = next_last;
        }
        piece_build(r, &piece, fixes + first, after - first, last_line);
        render_gutter(r, 0);
        strbuf_putc(&r->text, '\n');
        piece_print(r, &piece);
        strbuf_free(&piece.text);
    }
}
