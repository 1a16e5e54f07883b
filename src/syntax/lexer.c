// Text to tokens. The token list is lossless together with the source: comments are tokens, newlines are a mark on
// the token that follows them. What cannot be read becomes one TOKEN_ERROR, reported here and passed over silently
// by the parser. Invalid UTF-8 is reported once for a source: a binary file is one mistake, not thousands.
#include "syntax/lexer.h"

enum {
    SOURCE_SIZE_LIMIT = 64 << 20,
};

typedef struct Keyword {
    const char *text;
    uint8_t len;
    uint8_t kind;
} Keyword;

static const Keyword KEYWORDS[] = {
#define KEYWORD(kind, text) {text, sizeof(text) - 1, TOKEN_##kind},
#include "syntax/tokens.def"
};

static bool is_ident_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static bool is_ident_part(char c) { return is_ident_start(c) || (c >= '0' && c <= '9'); }

static char lexer_peek(const Lexer *lx, uint32_t ahead) {
    return ahead < lx->end - lx->pos ? lx->text[lx->pos + ahead] : '\0';
}

static void lexer_push(Lexer *lx, TokenKind kind, uint32_t start) {
    Token token = {.kind = (uint8_t)kind, .newline_before = lx->newline, .start = start, .end = lx->pos};
    VEC_PUSH(lx->arena, &lx->out->tokens, token);
    lx->newline = false;
}

static void check_utf8(Lexer *lx) {
    for (uint32_t pos = lx->pos; pos < lx->end;) {
        uint32_t cp, len = utf8_read(lx->text, pos, lx->end, &cp);
        if (len == 0) {
            lexer_error(lx, DIAG_E0006, pos, pos + 1, "this byte (0x%02X) is not valid UTF-8",
                        (unsigned)(unsigned char)lx->text[pos]);
            return;
        }
        pos += len;
    }
}

static void scan_line_comment(Lexer *lx) {
    uint32_t start = lx->pos;
    TokenKind kind = TOKEN_COMMENT;
    if (lexer_peek(lx, 2) == '/' && lexer_peek(lx, 3) != '/')
        kind = TOKEN_DOC;
    else if (lexer_peek(lx, 2) == '!')
        kind = TOKEN_MODULE_DOC;
    while (lx->pos < lx->end && lx->text[lx->pos] != '\n') lx->pos++;
    uint32_t next = lx->pos;
    if (lx->pos > start && lx->text[lx->pos - 1] == '\r') lx->pos--;
    lexer_push(lx, kind, start);
    lx->pos = next;
}

static void scan_block_comment(Lexer *lx) {
    uint32_t start = lx->pos;
    bool newline = false, closed = false;
    lx->pos += 2;
    while (lx->pos < lx->end && !closed) {
        if (lx->text[lx->pos] == '*' && lexer_peek(lx, 1) == '/') {
            lx->pos += 2;
            closed = true;
        } else {
            newline |= lx->text[lx->pos] == '\n';
            lx->pos++;
        }
    }
    if (!closed) lexer_error(lx, DIAG_E0003, start, start + 2, "this comment is never closed; `*/` is missing");
    lexer_push(lx, closed ? TOKEN_COMMENT : TOKEN_ERROR, start);
    lx->newline = newline;
}

static TokenKind word_kind(const char *text, uint32_t len) {
    for (size_t i = 0; i < ARRAY_LEN(KEYWORDS); i++)
        if (KEYWORDS[i].len == len && KEYWORDS[i].text[0] == text[0] && memcmp(KEYWORDS[i].text, text, len) == 0)
            return (TokenKind)KEYWORDS[i].kind;
    return TOKEN_IDENT;
}

// Characters beyond ASCII that are no letters of any language, as far as a message needs to know: [low, high] pairs.
static const uint32_t NO_LETTERS[][2] = {
    {0x0080, 0x00A9}, {0x00AB, 0x00B4}, {0x00B6, 0x00B9}, {0x00BB, 0x00BF},   {0x00D7, 0x00D7},
    {0x00F7, 0x00F7}, {0x2000, 0x2BFF}, {0x2E00, 0x2E7F}, {0x3000, 0x3004},   {0x3008, 0x3020},
    {0x3030, 0x3030}, {0xE000, 0xF8FF}, {0xFE00, 0xFE6F}, {0xFEFF, 0xFF0F},   {0xFF1A, 0xFF20},
    {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF}, {0x1F000, 0x1FFFF}, {0xE0000, 0x10FFFF},
};

// The length of a letter that is not ASCII; 0 when something else is there.
static uint32_t foreign_letter(const Lexer *lx) {
    uint32_t cp, len;
    if ((unsigned char)lexer_peek(lx, 0) < 0x80) return 0;
    if ((len = utf8_read(lx->text, lx->pos, lx->end, &cp)) == 0) return 0;
    for (size_t i = 0; i < ARRAY_LEN(NO_LETTERS); i++)
        if (cp >= NO_LETTERS[i][0] && cp <= NO_LETTERS[i][1]) return 0;
    return len;
}

// A word with other letters than those of ASCII is reported and is a name all the same, so that nothing follows from
// it.
static void scan_word(Lexer *lx) {
    uint32_t start = lx->pos, len;
    bool foreign = false;
    while ((len = is_ident_part(lexer_peek(lx, 0)) ? 1 : foreign_letter(lx)) != 0) {
        foreign |= (unsigned char)lx->text[lx->pos] >= 0x80;
        lx->pos += len;
    }
    if (foreign)
        lexer_error(lx, DIAG_E0001, start, lx->pos, "a name is made of ASCII letters, digits and `_`; `%.*s` is none",
                    (int)(lx->pos - start), lx->text + start);
    lexer_push(lx, word_kind(lx->text + start, lx->pos - start), start);
}

// `{.` opens attributes only before a name that `:`, `,` or `.}` follows; else a match whose first arm is `.Variant`
// right behind its brace would be misread.
static bool at_attribute(const Lexer *lx) {
    if (!is_ident_start(lexer_peek(lx, 2))) return false;
    uint32_t i = 2;
    while (is_ident_part(lexer_peek(lx, i))) i++;
    while (lexer_peek(lx, i) == ' ' || lexer_peek(lx, i) == '\t') i++;
    char c = lexer_peek(lx, i);
    return c == ':' || c == ',' || (c == '.' && lexer_peek(lx, i + 1) == '}');
}

#define NEXT(n, c) (lexer_peek(lx, (n)) == (c))
#define TAKE(n, kind) return *len = (n), TOKEN_##kind

// The longest operator or bracket at lx->pos; TOKEN_ERROR when there is none.
static TokenKind punct_kind(const Lexer *lx, uint32_t *len) {
    switch (lx->text[lx->pos]) {
    case '(': TAKE(1, LPAREN);
    case ')': TAKE(1, RPAREN);
    case '[': TAKE(1, LBRACKET);
    case ']': TAKE(1, RBRACKET);
    case '{':
        if (NEXT(1, '.') && at_attribute(lx)) TAKE(2, LATTR);
        TAKE(1, LBRACE);
    case '}': TAKE(1, RBRACE);
    case ',': TAKE(1, COMMA);
    case ';': TAKE(1, SEMICOLON);
    case '~': TAKE(1, TILDE);
    case ':':
        if (NEXT(1, '=')) TAKE(2, COLON_ASSIGN);
        TAKE(1, COLON);
    case '.':
        if (NEXT(1, '.') && NEXT(2, '<')) TAKE(3, DOT_DOT_LT);
        if (NEXT(1, '.')) TAKE(2, DOT_DOT);
        if (NEXT(1, '*')) TAKE(2, DOT_STAR);
        if (NEXT(1, '?')) TAKE(2, DOT_QUESTION);
        if (NEXT(1, '}')) TAKE(2, RATTR);
        TAKE(1, DOT);
    case '?':
        if (NEXT(1, '?')) TAKE(2, QUESTION_QUESTION);
        // `x?.*` and `a?..b` are `?` and what follows.
        if (NEXT(1, '.') && is_ident_start(lexer_peek(lx, 2))) TAKE(2, QUESTION_DOT);
        TAKE(1, QUESTION);
    case '!':
        if (NEXT(1, '=')) TAKE(2, NE);
        TAKE(1, BANG);
    case '=':
        if (NEXT(1, '=')) TAKE(2, EQ);
        if (NEXT(1, '>')) TAKE(2, FAT_ARROW);
        TAKE(1, ASSIGN);
    case '+':
        if (NEXT(1, '%') && NEXT(2, '=')) TAKE(3, PLUS_WRAP_ASSIGN);
        if (NEXT(1, '%')) TAKE(2, PLUS_WRAP);
        if (NEXT(1, '=')) TAKE(2, PLUS_ASSIGN);
        TAKE(1, PLUS);
    case '-':
        if (NEXT(1, '>')) TAKE(2, ARROW);
        if (NEXT(1, '%') && NEXT(2, '=')) TAKE(3, MINUS_WRAP_ASSIGN);
        if (NEXT(1, '%')) TAKE(2, MINUS_WRAP);
        if (NEXT(1, '=')) TAKE(2, MINUS_ASSIGN);
        TAKE(1, MINUS);
    case '*':
        if (NEXT(1, '%') && NEXT(2, '=')) TAKE(3, STAR_WRAP_ASSIGN);
        if (NEXT(1, '%')) TAKE(2, STAR_WRAP);
        if (NEXT(1, '=')) TAKE(2, STAR_ASSIGN);
        TAKE(1, STAR);
    case '/':
        if (NEXT(1, '=')) TAKE(2, SLASH_ASSIGN);
        TAKE(1, SLASH);
    case '%':
        if (NEXT(1, '=')) TAKE(2, PERCENT_ASSIGN);
        TAKE(1, PERCENT);
    case '&':
        if (NEXT(1, '&')) TAKE(2, AMP_AMP);
        if (NEXT(1, '=')) TAKE(2, AND_ASSIGN);
        TAKE(1, AMP);
    case '|':
        if (NEXT(1, '|')) TAKE(2, PIPE_PIPE);
        if (NEXT(1, '>')) TAKE(2, PIPE_GT);
        if (NEXT(1, '=')) TAKE(2, OR_ASSIGN);
        TAKE(1, PIPE);
    case '^':
        if (NEXT(1, '=')) TAKE(2, XOR_ASSIGN);
        TAKE(1, CARET);
    case '<':
        if (NEXT(1, '<') && NEXT(2, '=')) TAKE(3, SHL_ASSIGN);
        if (NEXT(1, '<')) TAKE(2, SHL);
        if (NEXT(1, '=')) TAKE(2, LE);
        TAKE(1, LT);
    case '>':
        if (NEXT(1, '>') && NEXT(2, '=')) TAKE(3, SHR_ASSIGN);
        if (NEXT(1, '>')) TAKE(2, SHR);
        if (NEXT(1, '=')) TAKE(2, GE);
        TAKE(1, GT);
    default: TAKE(1, ERROR);
    }
}

#undef NEXT
#undef TAKE

static const char *hash_meaning(const Lexer *lx, uint32_t start, bool blank) {
    static const char *const DIRECTIVES[] = {"#define", "#if", "#undef", "#pragma", "#else", "#endif", "#error"};
    Str line = {lx->text + start, lx->end - start};
    if (blank) return "a comment begins with `//`, not `#`";
    if (str_starts_with(line, "#include")) return "there is no preprocessor; a module is named with `use`";
    if (str_starts_with(line, "#[") || str_starts_with(line, "#!["))
        return "there is no `#[ ]` here; an attribute is written `{.name.}`, and a trait implemented with `impl`";
    for (uint32_t i = 0; i < ARRAY_LEN(DIRECTIVES); i++)
        if (str_starts_with(line, DIRECTIVES[i]))
            return "there is no preprocessor; a constant is a `const`, and `comptime if` chooses what is compiled";
    return "unexpected character `#`; a comment begins with `//`";
}

// A comment of Python or the shell, or a line for the C preprocessor: read as a comment, whatever it says.
static void scan_hash(Lexer *lx) {
    uint32_t start = lx->pos;
    Span span = {lx->source->index, start, start + 1};
    bool blank = lexer_peek(lx, 1) == ' ' || lexer_peek(lx, 1) == '\n' || lexer_peek(lx, 1) == '\0';
    while (lx->pos < lx->end && lx->text[lx->pos] != '\n') lx->pos++;
    Diag *diag = lexer_error(lx, DIAG_E0001, span.start, span.end, "%s", hash_meaning(lx, start, blank));
    if (diag && blank) diag_fix(lx->diags, diag, span, "//", "write `//`");
    lexer_push(lx, TOKEN_COMMENT, start);
}

// `“text”`, as word processors write it: one mistake, up to the closing quotation mark or the end of the line.
static void scan_typographic_string(Lexer *lx) {
    static const char CLOSING[] = "\xE2\x80\x9D";
    uint32_t start = lx->pos, mark = sizeof(CLOSING) - 1;
    bool closed = false, plain = true;
    lx->pos += mark;
    while (lx->pos < lx->end && lx->text[lx->pos] != '\n' && !closed) {
        closed = lx->end - lx->pos >= mark && memcmp(lx->text + lx->pos, CLOSING, mark) == 0;
        plain &= lx->text[lx->pos] != '"';
        lx->pos += closed ? mark : 1;
    }
    Diag *diag = lexer_error(lx, DIAG_E0001, start, lx->pos, "a string stands between `\"`, not between `“` and `”`");
    if (diag && closed && plain) {
        const char *text =
            arena_printf(lx->arena, "\"%.*s\"", (int)(lx->pos - start - 2 * mark), lx->text + start + mark);
        diag_fix(lx->diags, diag, (Span){lx->source->index, start, lx->pos}, text, "write `\"`");
    }
    lexer_push(lx, TOKEN_ERROR, start);
}

static bool is_invisible(uint32_t cp) {
    return (cp >= 0x80 && cp <= 0xA0) || cp == 0xAD || (cp >= 0x2000 && cp <= 0x200F) ||
           (cp >= 0x2028 && cp <= 0x202F) || (cp >= 0x205F && cp <= 0x206F) || cp == 0x3000 || cp == 0xFEFF;
}

typedef struct OtherSign {
    uint32_t code_point;
    const char *ours; // what is written for it here
} OtherSign;

static const OtherSign *find_other_sign(uint32_t code_point) {
    static const OtherSign SIGNS[] = {
        {0x2260, "!="}, {0x2264, "<="}, {0x2265, ">="},  {0x2192, "->"}, {0x21D2, "=>"}, {0xD7, "*"},
        {0xF7, "/"},    {0x2212, "-"},  {0x2227, "and"}, {0x2228, "or"}, {0xAC, "not"},  {0xA7, NULL},
    };
    for (uint32_t i = 0; i < ARRAY_LEN(SIGNS); i++)
        if (SIGNS[i].code_point == code_point) return &SIGNS[i];
    return NULL;
}

static void report_other_sign(Lexer *lx, Span span, const OtherSign *sign) {
    int len = (int)(span.end - span.start);
    const char *text = lx->text + span.start;
    if (!sign->ours) {
        lexer_error(lx, DIAG_E0016, span.start, span.end,
                    "there is no `%.*s` here; what the compiler itself offers begins with `@`, as in `@size_of[T]()`",
                    len, text);
        return;
    }
    Diag *diag =
        lexer_error(lx, DIAG_E0001, span.start, span.end, "there is no `%.*s` here; write `%s`", len, text, sign->ours);
    if (diag) diag_fix(lx->diags, diag, span, sign->ours, "write `%s`", sign->ours);
}

// Text between backticks, over lines too: one mistake.
static void scan_backticks(Lexer *lx) {
    uint32_t start = lx->pos;
    const char *close = memchr(lx->text + start + 1, '`', lx->end - start - 1);
    const char *line = memchr(lx->text + start + 1, '\n', lx->end - start - 1);
    lx->pos = close ? (uint32_t)(close + 1 - lx->text) : line ? (uint32_t)(line - lx->text) : lx->end;
    bool one_line = close && (!line || close < line);
    Diag *diag = lexer_error(lx, DIAG_E0001, start, start + 1,
                             "there is no `` ` ``; text is written with `\"`, over several lines with `\"\"\"`");
    bool plain = one_line && close > lx->text + start + 1 && !memchr(lx->text + start, '"', lx->pos - start) &&
                 !memchr(lx->text + start, '\\', lx->pos - start) && !memchr(lx->text + start, '$', lx->pos - start);
    if (diag && plain) {
        const char *text = arena_printf(lx->arena, "\"%.*s\"", (int)(lx->pos - start - 2), lx->text + start + 1);
        diag_fix(lx->diags, diag, (Span){lx->source->index, start, lx->pos}, text, "write `\"`");
    }
    lexer_push(lx, TOKEN_ERROR, start);
}

// One message for a run of characters that mean nothing.
static void scan_unexpected(Lexer *lx) {
    bool apart =
        lx->pos == 0 || lx->text[lx->pos - 1] == ' ' || lx->text[lx->pos - 1] == '\t' || lx->text[lx->pos - 1] == '\n';
    if (apart && lx->text[lx->pos] == '#' && lexer_peek(lx, 1) != '#' && (unsigned char)lexer_peek(lx, 1) < 0x80) {
        scan_hash(lx);
        return;
    }
    if (lx->text[lx->pos] == '`') {
        scan_backticks(lx);
        return;
    }
    uint32_t start = lx->pos, cp = 0, count = 0, invalid = 0, first = 0;
    if (utf8_read(lx->text, lx->pos, lx->end, &cp) && cp == 0x201C) {
        scan_typographic_string(lx);
        return;
    }
    while (lx->pos < lx->end && !(count > 0 && foreign_letter(lx))) {
        char c = lx->text[lx->pos];
        bool high = (unsigned char)c >= 0x80;
        if (!high && c != '#' && c != '`' && c != '\\' && c != '@' && c != '$' && (c >= ' ' && c != 0x7F)) break;
        if (c == '\n' || c == '\t' || c == '\r' || (count > 0 && (c == '@' || c == '$'))) break;
        uint32_t len = utf8_read(lx->text, lx->pos, lx->end, &cp);
        if (len == 0) invalid++;
        if (count++ == 0) first = cp;
        lx->pos += len ? len : 1;
    }
    if (invalid == 0) {
        Span span = {lx->source->index, start, lx->pos};
        const OtherSign *other = count == 1 ? find_other_sign(first) : NULL;
        if (other)
            report_other_sign(lx, span, other);
        else if (first < 0x20 || first == 0x7F)
            lexer_error(lx, DIAG_E0001, span.start, span.end, "unexpected control character (U+%04X)", (unsigned)first);
        else if (is_invisible(first))
            lexer_error(lx, DIAG_E0001, span.start, span.end, "unexpected invisible character (U+%04X)",
                        (unsigned)first);
        else if (lx->text[start] == '@')
            lexer_error(lx, DIAG_E0001, span.start, span.end, "expected the name of an intrinsic right after `@`");
        else if (lx->text[start] == '$')
            lexer_error(lx, DIAG_E0001, span.start, span.end, "expected a string right after `$`");
        else
            lexer_error(lx, DIAG_E0001, span.start, span.end, "unexpected character%s `%.*s`", count > 1 ? "s" : "",
                        (int)(span.end - span.start > 64 ? 0 : span.end - span.start), lx->text + start);
    }
    lexer_push(lx, TOKEN_ERROR, start);
}

static void scan_intrinsic(Lexer *lx) {
    uint32_t start = lx->pos++;
    while (lx->pos < lx->end && is_ident_part(lx->text[lx->pos])) lx->pos++;
    lexer_push(lx, TOKEN_INTRINSIC, start);
}

static void scan_literal(Lexer *lx, TokenKind (*scan)(Lexer *)) {
    uint32_t start = lx->pos;
    TokenKind kind = scan(lx);
    lexer_push(lx, kind, start);
    // A literal that ran to the end of the text for want of its end: the next token is on none of its lines.
    lx->newline = kind == TOKEN_ERROR && lx->pos == lx->end && memchr(lx->text + start, '\n', lx->pos - start);
}

static void lexer_step(Lexer *lx) {
    char c = lx->text[lx->pos];
    if (c == '\n') {
        lx->newline = true;
        lx->pos++;
    } else if (c == ' ' || c == '\t' || c == '\r') {
        lx->pos++;
    } else if (c == '/' && lexer_peek(lx, 1) == '/') {
        scan_line_comment(lx);
    } else if (c == '/' && lexer_peek(lx, 1) == '*') {
        scan_block_comment(lx);
    } else if (is_ident_start(c) || foreign_letter(lx)) {
        scan_word(lx);
    } else if (c >= '0' && c <= '9') {
        scan_literal(lx, lexer_scan_number);
    } else if (c == '"') {
        scan_literal(lx, lexer_scan_string);
    } else if (c == '\'') {
        scan_literal(lx, lexer_scan_char);
    } else if (c == '$' && lexer_peek(lx, 1) == '"') {
        scan_literal(lx, lexer_scan_interp);
    } else if (c == '@' && is_ident_start(lexer_peek(lx, 1))) {
        scan_intrinsic(lx);
    } else {
        uint32_t len, start = lx->pos;
        TokenKind kind = punct_kind(lx, &len);
        if (kind == TOKEN_ERROR) {
            scan_unexpected(lx);
        } else {
            lx->pos += len;
            lexer_push(lx, kind, start);
        }
    }
}

void lex_range(Arena *arena, Diags *diags, const Source *source, uint32_t start, uint32_t end, TokenList *out) {
    Lexer lx = {.arena = arena,
                .diags = diags,
                .source = source,
                .text = source->text.ptr,
                .pos = start,
                .end = end,
                .out = out};
    while (lx.pos < lx.end) lexer_step(&lx);
    Token eof = {.kind = TOKEN_EOF, .start = end, .end = end + 1};
    VEC_PUSH(arena, &out->tokens, eof);
}

void lex_source(Arena *arena, Diags *diags, const Source *source, TokenList *out) {
    Lexer lx = {
        .arena = arena, .diags = diags, .source = source, .text = source->text.ptr, .newline = true, .out = out};
    if (source->text.len > SOURCE_SIZE_LIMIT) {
        lexer_error(&lx, DIAG_E0015, 0, 0, "the source has %zu bytes; the limit is %d", source->text.len,
                    SOURCE_SIZE_LIMIT);
    } else {
        lx.end = (uint32_t)source->text.len;
        if (str_starts_with(source->text, "\xEF\xBB\xBF")) lx.pos = 3;
        check_utf8(&lx);
        while (lx.pos < lx.end) lexer_step(&lx);
    }
    lx.newline = true;
    lexer_push(&lx, TOKEN_EOF, lx.pos);
}
