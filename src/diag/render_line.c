// A source line and the marks below it. Tabs become four cells and wide characters count two, so the marks stand under
// what they mean. A line too long to read is cut to a window around its first mark.
#include "diag/render.h"

enum { LINE_LONGEST = 240, WINDOW_BEFORE = 60, WINDOW_LENGTH = 160 };

void render_style(Renderer *r, Style style) {
    static const char *const sequences[] = {
        [STYLE_PLAIN] = "\x1b[0m",   [STYLE_ERROR] = "\x1b[1;31m",  [STYLE_WARNING] = "\x1b[1;33m",
        [STYLE_NOTE] = "\x1b[1;36m", [STYLE_GUTTER] = "\x1b[1;34m", [STYLE_BOLD] = "\x1b[1m",
        [STYLE_FIX] = "\x1b[1;32m",
    };
    if (r->colour) strbuf_puts(&r->text, sequences[style]);
}

static bool is_marked(size_t at, const Mark *marks, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (at >= marks[i].from && (at < marks[i].to || (at == marks[i].from && marks[i].to <= marks[i].from)))
            return true;
    return false;
}

static bool continues_sequence(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

static size_t boundary_at_or_after(Str line, size_t at) {
    while (at < line.len && continues_sequence(line.ptr[at])) at++;
    return at < line.len ? at : line.len;
}

typedef struct Window {
    size_t from, to;
} Window;

static Window visible_window(Str line, size_t first_mark) {
    if (line.len <= LINE_LONGEST) return (Window){0, line.len};
    size_t from = first_mark > WINDOW_BEFORE ? boundary_at_or_after(line, first_mark - WINDOW_BEFORE) : 0;
    size_t to = line.len - from > WINDOW_LENGTH ? boundary_at_or_after(line, from + WINDOW_LENGTH) : line.len;
    return (Window){from, to};
}

static void append_repeated(StrBuf *b, char c, int count) {
    for (int i = 0; i < count; i++) strbuf_putc(b, c);
}

static void trim_spaces(StrBuf *b) {
    while (b->len && b->data[b->len - 1] == ' ') b->len--;
    if (b->data) b->data[b->len] = '\0';
}

void render_gutter(Renderer *r, uint32_t line) {
    render_style(r, STYLE_GUTTER);
    if (line)
        strbuf_printf(&r->text, "%*u |", r->gutter, (unsigned)line);
    else
        strbuf_printf(&r->text, "%*s |", r->gutter, "");
    render_style(r, STYLE_PLAIN);
}

void render_marked_line(Renderer *r, uint32_t number, Str line, const Mark *marks, size_t count, char symbol,
                        Style style) {
    Window window = visible_window(line, count ? marks[0].from : 0);
    strbuf_clear(&r->marks);
    render_gutter(r, number);
    strbuf_putc(&r->text, ' ');
    if (window.from > 0) {
        strbuf_puts(&r->text, "...");
        append_repeated(&r->marks, ' ', 3);
    }
    for (size_t at = window.from, taken = 0; at < window.to; at += taken) {
        int width = clean_code_point(&r->text, line.ptr + at, line.len - at, &taken);
        append_repeated(&r->marks, is_marked(at, marks, count) ? symbol : ' ', width);
    }
    // A mark just past the last character, as for something missing at the end of a line.
    if (window.to == line.len && is_marked(line.len, marks, count)) strbuf_putc(&r->marks, symbol);
    if (window.to < line.len) strbuf_puts(&r->text, "...");
    trim_spaces(&r->text);
    strbuf_putc(&r->text, '\n');
    trim_spaces(&r->marks);
    if (r->marks.len == 0) return;
    render_gutter(r, 0);
    strbuf_putc(&r->text, ' ');
    render_style(r, style);
    strbuf_append(&r->text, r->marks.data, r->marks.len);
    render_style(r, STYLE_PLAIN);
    strbuf_putc(&r->text, '\n');
}
