// What the text renderer's files share: the printer's state, cleaned text, and a source line with marks below it.
#ifndef JANUS_DIAG_RENDER_H
#define JANUS_DIAG_RENDER_H

#include "diag/diag.h"

typedef enum Style { STYLE_PLAIN, STYLE_ERROR, STYLE_WARNING, STYLE_NOTE, STYLE_GUTTER, STYLE_BOLD, STYLE_FIX } Style;

typedef struct Renderer {
    Diags *diags;
    FILE *out;
    StrBuf text;            // of the diagnostic being rendered; written out when it is complete
    StrBuf marks;           // the line below the source line
    bool colour;
    int gutter;             // width of the widest line number of this diagnostic
} Renderer;

// Bytes [from, to) of a line that get a mark. An empty range marks the place before `from`.
typedef struct Mark {
    size_t from, to;
} Mark;

void render_style(Renderer *r, Style style);
void render_gutter(Renderer *r, uint32_t line);     // 0: no number
void render_marked_line(Renderer *r, uint32_t number, Str line, const Mark *marks, size_t count, char symbol, Style style);
void render_fix(Renderer *r, const Diag *diag);

// One cell sequence for the code point at `at`: appended to `out` in a form that is safe on a terminal. Answers its
// width in cells and stores the number of bytes it took.
int clean_code_point(StrBuf *out, const char *at, size_t left, size_t *taken);
// Appends text that may hold anything as valid UTF-8 without control characters; newlines stay.
void clean_text(StrBuf *out, const char *text);

// The printable end of a span: never before its start, never past the text.
Span span_clamped(const Source *source, Span span);

#endif
