// Inside the syntax layer: the lexer's state and the reading of literals. The lexer finds where a literal ends and
// reports what is wrong with it; the parser decodes it again, silently, when it builds the node.
#ifndef JANUS_SYNTAX_LEXER_H
#define JANUS_SYNTAX_LEXER_H

#include "syntax/ast.h"

typedef struct Lexer {
    Arena *arena;
    Diags *diags;
    const Source *source;
    const char *text;
    uint32_t pos, end;
    uint32_t errors, lifetimes; // reported; met
    bool newline;               // a line began since the last token
    TokenList *out;
} Lexer;

// Lexes a part of a source, as for the expressions of an interpolated string. The closing EOF token covers the byte
// at `end`, so that a message about it points at the brace that ended the part.
void lex_range(Arena *arena, Diags *diags, const Source *source, uint32_t start, uint32_t end, TokenList *out);

// Reports unless the source has given enough errors already.
Diag *lexer_error(Lexer *lx, DiagCode code, uint32_t start, uint32_t end, const char *fmt, ...) PRINTF_LIKE(5, 6);

// Each reads one literal at lx->pos, leaves lx->pos behind it, and answers the kind of token it makes.
TokenKind lexer_scan_number(Lexer *lx);
TokenKind lexer_scan_char(Lexer *lx);
TokenKind lexer_scan_string(Lexer *lx);
TokenKind lexer_scan_interp(Lexer *lx);

// Length of the well-formed UTF-8 sequence at text[pos], or 0.
uint32_t utf8_read(const char *text, uint32_t pos, uint32_t end, uint32_t *code_point);

// Values of literals the lexer accepted. Spans are those of the tokens, quotes included.
uint64_t literal_int(Str text, bool *too_large);
double literal_float(Str text);
uint64_t literal_char(const Source *source, uint32_t start, uint32_t end);
Str literal_string(Arena *arena, const Source *source, uint32_t start, uint32_t end);
Str literal_string_block(Arena *arena, const Source *source, uint32_t start, uint32_t end);

// One step through an interpolated string: text, then perhaps a hole `{expression:spec}`.
typedef struct InterpPiece {
    uint32_t text_start, text_end;
    bool has_hole, has_spec;
    uint32_t hole_start, hole_end;      // the expression
    uint32_t spec_start, spec_end;
    uint32_t next;                      // where the next piece begins
} InterpPiece;
// The text of a multi-line string: where its first line ends, and the white space that its other lines have in common.
typedef struct BlockText {
    uint32_t start, end, first_end, indent;
} BlockText;
// What stands between the quotes, one or three on either side.
typedef struct InterpText {
    bool is_block;
    uint32_t start, end;
    BlockText block;
} InterpText;
// Of the whole token [start, end).
InterpText literal_interp_whole(const Source *source, uint32_t start, uint32_t end);
// `pos` begins right after the opening quotes; `end` is where the closing ones begin. False when nothing is left.
bool literal_interp_piece(const Source *source, uint32_t pos, uint32_t end, InterpPiece *out);
Str literal_interp_text(Arena *arena, const Source *source, const InterpText *whole, uint32_t start, uint32_t end);

#endif
