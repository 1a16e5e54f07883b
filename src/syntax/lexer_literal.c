// Numbers, characters and strings: where they end, what is wrong with them, and what they mean. The same reader of
// escapes serves the lexer (which reports) and the parser (which decodes); it writes only when given a place to write.
#include "syntax/lexer.h"

#include <stdlib.h>

enum { INTERP_DEPTH_LIMIT = 16 };

// ---- Numbers -----------------------------------------------------------------------------------

static bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 99;
}

static char text_at(const Lexer *lx, uint32_t pos) { return pos < lx->end ? lx->text[pos] : '\0'; }

// Digits with single `_` between them. False, with `*bad` at the culprit, for anything else.
static bool digits_valid(const char *text, uint32_t start, uint32_t end, int base, uint32_t *bad) {
    *bad = start;
    if (start == end) return false;
    for (uint32_t i = start; i < end; i++) {
        *bad = i;
        bool separator = text[i] == '_' && i > start && i + 1 < end && text[i - 1] != '_';
        if (!separator && digit_value(text[i]) >= base) return false;
    }
    return true;
}

static TokenKind number_error(Lexer *lx, uint32_t start, const char *what) {
    lexer_error(lx, DIAG_E0004, start, lx->pos, "malformed number `%.*s`: %s",
                (int)(lx->pos - start > 48 ? 48 : lx->pos - start), lx->text + start, what);
    return TOKEN_ERROR;
}

static TokenKind scan_based(Lexer *lx, int base, const char *what) {
    uint32_t start = lx->pos, bad;
    lx->pos += 2;
    while (is_word_char(text_at(lx, lx->pos))) lx->pos++;
    return digits_valid(lx->text, start + 2, lx->pos, base, &bad) ? TOKEN_INT : number_error(lx, start, what);
}

TokenKind lexer_scan_number(Lexer *lx) {
    uint32_t start = lx->pos, bad;
    char second = text_at(lx, start + 1);
    if (lx->text[start] == '0' && (second == 'x' || second == 'X'))
        return scan_based(lx, 16, "hexadecimal digits with single `_` between them follow `0x`");
    if (lx->text[start] == '0' && (second == 'o' || second == 'O'))
        return scan_based(lx, 8, "octal digits with single `_` between them follow `0o`");
    if (lx->text[start] == '0' && (second == 'b' || second == 'B'))
        return scan_based(lx, 2, "binary digits with single `_` between them follow `0b`");

    bool ok = true, is_float = false;
    uint32_t part = start;
    while (digit_value(text_at(lx, lx->pos)) < 10 || text_at(lx, lx->pos) == '_') lx->pos++;
    ok &= digits_valid(lx->text, part, lx->pos, 10, &bad);
    if (text_at(lx, lx->pos) == '.' && digit_value(text_at(lx, lx->pos + 1)) < 10) {
        is_float = true;
        part = ++lx->pos;
        while (digit_value(text_at(lx, lx->pos)) < 10 || text_at(lx, lx->pos) == '_') lx->pos++;
        ok &= digits_valid(lx->text, part, lx->pos, 10, &bad);
    }
    if (text_at(lx, lx->pos) == 'e' || text_at(lx, lx->pos) == 'E') {
        is_float = true;
        lx->pos++;
        if (text_at(lx, lx->pos) == '+' || text_at(lx, lx->pos) == '-') lx->pos++;
        part = lx->pos;
        while (digit_value(text_at(lx, lx->pos)) < 10 || text_at(lx, lx->pos) == '_') lx->pos++;
        ok &= digits_valid(lx->text, part, lx->pos, 10, &bad);
    }
    if (is_word_char(text_at(lx, lx->pos))) {
        while (is_word_char(text_at(lx, lx->pos))) lx->pos++;
        return number_error(lx, start, "letters follow the digits");
    }
    if (!ok) return number_error(lx, start, "`_` stands only between two digits, and an exponent needs digits");
    if (is_float && literal_float((Str){lx->text + start, lx->pos - start}) > 1.7976931348623157e308)
        return number_error(lx, start, "it is larger than any `f64`");
    return is_float ? TOKEN_FLOAT : TOKEN_INT;
}

uint64_t literal_int(Str text, bool *too_large) {
    uint64_t value = 0, base = 10;
    size_t i = 0;
    *too_large = false;
    if (text.len > 2 && text.ptr[0] == '0') {
        char c = text.ptr[1] | 0x20;
        base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
        i = base == 10 ? 0 : 2;
    }
    for (; i < text.len; i++) {
        if (text.ptr[i] == '_') continue;
        uint64_t digit = (uint64_t)digit_value(text.ptr[i]);
        if (value > (UINT64_MAX - digit) / base) {
            *too_large = true;
            return UINT64_MAX;
        }
        value = value * base + digit;
    }
    return value;
}

double literal_float(Str text) {
    StrBuf digits = {0};
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_') strbuf_putc(&digits, text.ptr[i]);
    strbuf_putc(&digits, '\0');
    double value = strtod(digits.data, NULL);
    strbuf_free(&digits);
    return value;
}

// ---- Escapes -----------------------------------------------------------------------------------

// Reads text with escapes from `pos` to `end`. With `lx` it reports; with `out` it writes (never more bytes than read).
typedef struct EscapeReader {
    const char *text;
    uint32_t pos, end;
    Lexer *lx;
    char *out;
    uint32_t out_len;
    uint32_t last; // value of the last character read
    bool failed;
} EscapeReader;

static void reader_put(EscapeReader *r, uint32_t byte) {
    if (r->out) r->out[r->out_len++] = (char)byte;
}

static void reader_put_code_point(EscapeReader *r, uint32_t cp) {
    if (cp < 0x80) {
        reader_put(r, cp);
    } else if (cp < 0x800) {
        reader_put(r, 0xC0 | cp >> 6);
        reader_put(r, 0x80 | (cp & 0x3F));
    } else if (cp < 0x10000) {
        reader_put(r, 0xE0 | cp >> 12);
        reader_put(r, 0x80 | (cp >> 6 & 0x3F));
        reader_put(r, 0x80 | (cp & 0x3F));
    } else {
        reader_put(r, 0xF0 | cp >> 18);
        reader_put(r, 0x80 | (cp >> 12 & 0x3F));
        reader_put(r, 0x80 | (cp >> 6 & 0x3F));
        reader_put(r, 0x80 | (cp & 0x3F));
    }
}

static void reader_fail(EscapeReader *r, uint32_t start, const char *message) {
    r->failed = true;
    if (r->lx) lexer_error(r->lx, DIAG_E0005, start, r->pos, "%s", message);
}

static void read_hex_escape(EscapeReader *r, uint32_t start) {
    uint32_t value = 0, count = 0;
    while (count < 2 && r->pos < r->end && digit_value(r->text[r->pos]) < 16) {
        value = value * 16 + (uint32_t)digit_value(r->text[r->pos++]);
        count++;
    }
    r->last = value;
    if (count < 2)
        reader_fail(r, start, "`\\x` needs two hexadecimal digits, as in `\\x1B`");
    else
        reader_put(r, value);
}

static void read_unicode_escape(EscapeReader *r, uint32_t start) {
    uint32_t value = 0, count = 0;
    bool opened = r->pos < r->end && r->text[r->pos] == '{';
    r->pos += opened;
    while (opened && r->pos < r->end && digit_value(r->text[r->pos]) < 16) {
        value = value > 0xFFFFFF ? value : value * 16 + (uint32_t)digit_value(r->text[r->pos]);
        r->pos++;
        count++;
    }
    bool closed = opened && r->pos < r->end && r->text[r->pos] == '}';
    r->pos += closed;
    r->last = value;
    if (!closed || count == 0)
        reader_fail(r, start, "`\\u` needs a code point in braces, as in `\\u{1F600}`");
    else if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        reader_fail(r, start, "this is not a Unicode code point");
    else
        reader_put_code_point(r, value);
}

static void read_escape(EscapeReader *r) {
    static const char LETTERS[] = "nrt0\\\"'", VALUES[] = "\n\r\t\0\\\"'";
    uint32_t start = r->pos++;
    if (r->pos >= r->end) {
        reader_fail(r, start, "`\\` needs a character after it");
        return;
    }
    char c = r->text[r->pos++];
    const char *found = c ? strchr(LETTERS, c) : NULL;
    if (found) {
        r->last = (unsigned char)VALUES[found - LETTERS];
        reader_put(r, r->last);
    } else if (c == 'x') {
        read_hex_escape(r, start);
    } else if (c == 'u') {
        read_unicode_escape(r, start);
    } else {
        while (r->pos < r->end && ((unsigned char)r->text[r->pos] & 0xC0) == 0x80) r->pos++;
        reader_fail(r, start, "unknown escape; those known are \\n \\r \\t \\0 \\\\ \\\" \\' \\xNN and \\u{...}");
    }
}

static void read_plain(EscapeReader *r) {
    uint32_t cp = (unsigned char)r->text[r->pos];
    uint32_t len = utf8_read(r->text, r->pos, r->end, &cp);
    r->last = cp;
    for (uint32_t i = 0; i < (len ? len : 1); i++) reader_put(r, (unsigned char)r->text[r->pos + i]);
    r->pos += len ? len : 1;
}

static void read_all(EscapeReader *r, bool braces) {
    while (r->pos < r->end) {
        char c = r->text[r->pos];
        if (c == '\\') {
            read_escape(r);
        } else if (braces && (c == '{' || c == '}')) {
            uint32_t start = r->pos;
            bool twice = r->pos + 1 < r->end && r->text[r->pos + 1] == c;
            r->pos += twice ? 2 : 1;
            reader_put(r, (unsigned char)c);
            if (!twice) reader_fail(r, start, "a brace that is part of the text is written twice: `}}`");
        } else if (c == '\r' && r->pos + 1 < r->end && r->text[r->pos + 1] == '\n') {
            r->pos++;
        } else {
            read_plain(r);
        }
    }
}

static Str decode(Arena *arena, const Source *source, uint32_t start, uint32_t end, bool braces) {
    EscapeReader r = {.text = source->text.ptr, .pos = start, .end = end, .out = arena_alloc(arena, end - start + 1)};
    read_all(&r, braces);
    return (Str){r.out, r.out_len};
}

// ---- Characters --------------------------------------------------------------------------------

// Behind `break` or `continue`, where only a label could stand.
static bool is_after_jump(const Lexer *lx, uint32_t start) {
    while (start > 0 && lx->text[start - 1] == ' ') start--;
    return (start >= 5 && memcmp(lx->text + start - 5, "break", 5) == 0) ||
           (start >= 8 && memcmp(lx->text + start - 8, "continue", 8) == 0);
}

// Where text between single quotes ends: at a quote on its line behind which a value may be over. In `'a: while 'b'` the
// second quote begins something.
static bool closing_quote(const Lexer *lx, uint32_t start, uint32_t *close) {
    uint32_t pos = start + 1;
    while (pos < lx->end && lx->text[pos] != '\n' && lx->text[pos] != '\'')
        pos += lx->text[pos] == '\\' && text_at(lx, pos + 1) != '\n' ? 2 : 1;
    *close = pos;
    if (pos >= lx->end || lx->text[pos] != '\'') return false;
    char next = text_at(lx, pos + 1);
    return !is_word_char(next) && (unsigned char)next < 0x80 && next != '\'';
}

// Text of several lines elsewhere, read to its end: `'''text'''`.
static void scan_quoted_thrice(Lexer *lx, uint32_t start) {
    uint32_t pos = start + 3;
    while (pos < lx->end && !(lx->text[pos] == '\'' && text_at(lx, pos + 1) == '\'' && text_at(lx, pos + 2) == '\''))
        pos++;
    lx->pos = pos < lx->end ? pos + 3 : start + 3;
    lexer_error(lx, DIAG_E0005, start, lx->pos, "text of several lines stands between `\"\"\"` and `\"\"\"`");
}

// `&'a str`, `<'a>`: where a name with a quote says how long something lives elsewhere. One in a file says it for all.
static bool is_lifetime(const Lexer *lx, uint32_t start, uint32_t end) {
    char before = start > 0 ? lx->text[start - 1] : '\0', after = text_at(lx, end);
    return before == '&' || ((before == '<' || lx->lifetimes) && (after == '>' || after == ','));
}

TokenKind lexer_scan_char(Lexer *lx) {
    uint32_t start = lx->pos;
    EscapeReader r = {.text = lx->text, .pos = start + 1, .end = lx->end, .lx = lx};
    char c = text_at(lx, r.pos);
    if (c == '\'' && text_at(lx, r.pos + 1) == '\'') {
        scan_quoted_thrice(lx, start);
        return TOKEN_ERROR;
    }
    if (c == '\'') {
        lx->pos = r.pos + 1;
        lexer_error(lx, DIAG_E0005, start, lx->pos,
                    "a character literal needs one character between the quotes; text is written with `\"`");
        return TOKEN_ERROR;
    }
    if (c == '\\')
        read_escape(&r);
    else if (c != '\n' && c != '\r' && r.pos < r.end)
        read_plain(&r);
    lx->pos = r.pos;
    if (text_at(lx, r.pos) == '\'') {
        lx->pos++;
        return r.failed ? TOKEN_ERROR : TOKEN_CHAR;
    }
    uint32_t word = r.pos, close;
    while (word < lx->end && (is_word_char(lx->text[word]) || (unsigned char)lx->text[word] >= 0x80)) word++;
    bool closed = closing_quote(lx, start, &close);
    lx->pos = closed ? close + 1 : word;
    if (r.failed) return TOKEN_ERROR;
    bool label = !closed && (text_at(lx, word) == ':' || is_after_jump(lx, start));
    if (closed) {
        Diag *diag = lexer_error(lx, DIAG_E0005, start, lx->pos,
                                 "a character literal holds one character; text is written with double quotes");
        const char *text = arena_printf(lx->arena, "\"%.*s\"", (int)(close - start - 1), lx->text + start + 1);
        bool plain = !memchr(lx->text + start, '"', close - start);
        if (diag && plain)
            diag_fix(lx->diags, diag, (Span){lx->source->index, start, lx->pos}, text, "write double quotes");
    } else if (label) {
        Diag *diag = lexer_error(lx, DIAG_E0005, start, lx->pos, "a label is a name without a quote");
        if (diag) diag_fix(lx->diags, diag, (Span){lx->source->index, start, start + 1}, "", "remove `'`");
    } else if (is_lifetime(lx, start, word)) {
        if (!lx->lifetimes++)
            lexer_error(lx, DIAG_E0005, start, lx->pos,
                        "nothing says how long a value lives; a pointer is `*T`, and its owner sees to it");
    } else
        lexer_error(lx, DIAG_E0005, start, lx->pos, "this character literal is not closed; `'` is missing");
    return TOKEN_ERROR;
}

uint64_t literal_char(const Source *source, uint32_t start, uint32_t end) {
    EscapeReader r = {.text = source->text.ptr, .pos = start + 1, .end = end - 1};
    if (r.text[r.pos] == '\\')
        read_escape(&r);
    else
        read_plain(&r);
    return r.last;
}

// ---- Strings -----------------------------------------------------------------------------------

// Past the closing quote of a one-line string whose text begins at `pos`; false at the end of the line.
static bool skip_string(const char *text, uint32_t *pos, uint32_t end) {
    while (*pos < end && text[*pos] != '\n') {
        char c = text[*pos];
        *pos += c == '\\' && *pos + 1 < end && text[*pos + 1] != '\n' ? 2 : 1;
        if (c == '"') return true;
    }
    return false;
}

static bool at_triple_quote(const Lexer *lx, uint32_t pos) {
    return text_at(lx, pos) == '"' && text_at(lx, pos + 1) == '"' && text_at(lx, pos + 2) == '"';
}

static void check_escapes(Lexer *lx, uint32_t start, uint32_t end) {
    EscapeReader r = {.text = lx->text, .pos = start, .end = end, .lx = lx};
    read_all(&r, false);
}

static TokenKind scan_string_block(Lexer *lx) {
    uint32_t start = lx->pos;
    lx->pos += 3;
    while (lx->pos < lx->end) {
        if (at_triple_quote(lx, lx->pos)) {
            check_escapes(lx, start + 3, lx->pos);
            lx->pos += 3;
            return TOKEN_STRING_BLOCK;
        }
        lx->pos += lx->text[lx->pos] == '\\' && lx->pos + 1 < lx->end ? 2 : 1;
    }
    lexer_error(lx, DIAG_E0002, start, start + 3, "this multi-line string is never closed; `\"\"\"` is missing");
    return TOKEN_ERROR;
}

TokenKind lexer_scan_string(Lexer *lx) {
    if (at_triple_quote(lx, lx->pos)) return scan_string_block(lx);
    uint32_t start = lx->pos++;
    if (skip_string(lx->text, &lx->pos, lx->end)) {
        check_escapes(lx, start + 1, lx->pos - 1);
        return TOKEN_STRING;
    }
    if (lx->pos > start + 1 && lx->text[lx->pos - 1] == '\r') lx->pos--;
    lexer_error(lx, DIAG_E0002, start, lx->pos, "this string is not closed on its line; `\"` is missing");
    return TOKEN_ERROR;
}

Str literal_string(Arena *arena, const Source *source, uint32_t start, uint32_t end) {
    return decode(arena, source, start + 1, end - 1, false);
}

static bool is_blank(const char *text, uint32_t start, uint32_t end) {
    while (start < end && (text[start] == ' ' || text[start] == '\t' || text[start] == '\r')) start++;
    return start == end;
}

static uint32_t line_end(const char *text, uint32_t start, uint32_t end) {
    const char *newline = memchr(text + start, '\n', end - start);
    return newline ? (uint32_t)(newline - text) : end;
}

// The length of the white space every line of [start, end) begins with. Blank lines do not count, except the last:
// it holds the closing quotes.
static uint32_t common_indentation(const char *text, uint32_t start, uint32_t end) {
    uint32_t common = UINT32_MAX, reference = start;
    for (uint32_t line = start;;) {
        uint32_t stop = line_end(text, line, end);
        if (stop == end || !is_blank(text, line, stop)) {
            uint32_t n = 0;
            while (line + n < stop && (text[line + n] == ' ' || text[line + n] == '\t') &&
                   (common == UINT32_MAX || (n < common && text[line + n] == text[reference + n])))
                n++;
            if (common == UINT32_MAX) reference = line;
            common = n;
        }
        if (stop == end) return common;
        line = stop + 1;
    }
}

static BlockText block_text(const Source *source, uint32_t start, uint32_t end) {
    uint32_t first_end = line_end(source->text.ptr, start, end);
    uint32_t indent = first_end == end ? 0 : common_indentation(source->text.ptr, first_end + 1, end);
    return (BlockText){start, end, first_end, indent};
}

// The part [from, to) of a multi-line string. The newline after the opening quotes is not part of the text, nor is the
// white space before closing quotes that stand on a line of their own; the newline before those is.
static Str decode_block(Arena *arena, const Source *source, const BlockText *block, uint32_t from, uint32_t to,
                        bool braces) {
    const char *text = source->text.ptr;
    if (block->first_end == block->end) return decode(arena, source, from, to, braces);
    EscapeReader r = {.text = text, .out = arena_alloc(arena, to - from + 1)};
    uint32_t pos = from;
    if (from == block->start && is_blank(text, from, block->first_end)) pos = block->first_end + 1;
    while (pos < to) {
        if (pos > block->first_end && text[pos - 1] == '\n') {
            uint32_t stop = line_end(text, pos, block->end);
            bool blank = is_blank(text, pos, stop);
            if (blank && stop == block->end) break;
            pos += blank || stop - pos < block->indent ? stop - pos : block->indent;
        }
        uint32_t stop = line_end(text, pos, to);
        r.pos = pos;
        r.end = stop < to ? stop + 1 : to;
        read_all(&r, braces);
        pos = r.end;
    }
    return (Str){r.out, r.out_len};
}

Str literal_string_block(Arena *arena, const Source *source, uint32_t start, uint32_t end) {
    BlockText block = block_text(source, start + 3, end - 3);
    return decode_block(arena, source, &block, block.start, block.end, false);
}

// ---- Interpolation -----------------------------------------------------------------------------

typedef enum SkipResult { SKIP_DONE, SKIP_OPEN_TEXT, SKIP_OPEN_HOLE, SKIP_TOO_DEEP } SkipResult;

static SkipResult skip_interp(const char *text, uint32_t *pos, uint32_t end, uint32_t depth);

static void skip_char_literal(const char *text, uint32_t *pos, uint32_t end) {
    uint32_t p = *pos + 1, cp;
    if (p < end && text[p] == '\\') {
        p += 2;
        while (p < end && text[p] != '\'' && text[p] != '\n' && text[p] != '"') p++;
    } else {
        uint32_t len = utf8_read(text, p, end, &cp);
        p += len ? len : 1;
    }
    *pos = p < end && text[p] == '\'' ? p + 1 : *pos + 1;
}

// Past the `}` of a hole whose text begins at `pos`. `colon` becomes the place of the first `:` outside brackets.
static SkipResult skip_hole(const char *text, uint32_t *pos, uint32_t end, uint32_t depth, uint32_t *colon) {
    uint32_t brackets = 0;
    *colon = 0;
    while (*pos < end && text[*pos] != '\n') {
        char c = text[*pos];
        if (c == '\'' && *colon == 0) {
            skip_char_literal(text, pos, end);
            continue;
        }
        *pos += 1;
        if (c == '"') {
            if (!skip_string(text, pos, end)) return SKIP_OPEN_HOLE;
        } else if (c == '$' && *pos < end && text[*pos] == '"') {
            *pos += 1;
            SkipResult nested = skip_interp(text, pos, end, depth + 1);
            if (nested != SKIP_DONE) return nested;
        } else if (c == '(' || c == '[' || c == '{') {
            brackets++;
        } else if ((c == ')' || c == ']') && brackets > 0) {
            brackets--;
        } else if (c == '}') {
            if (brackets == 0) return SKIP_DONE;
            brackets--;
        } else if (c == ':' && brackets == 0 && *colon == 0) {
            *colon = *pos - 1;
        }
    }
    return SKIP_OPEN_HOLE;
}

// Past the escape whose backslash is right before `*pos`. The braces of `\u{41}` are no hole.
static void skip_escape(const char *text, uint32_t *pos, uint32_t end) {
    if (*pos >= end || text[*pos] == '\n') return;
    bool unicode = text[*pos] == 'u';
    *pos += 1;
    if (!unicode || *pos >= end || text[*pos] != '{') return;
    *pos += 1;
    while (*pos < end && digit_value(text[*pos]) < 16) *pos += 1;
    if (*pos < end && text[*pos] == '}') *pos += 1;
}

// Stops behind the closing quote of the interpolated string whose text begins at `pos`.
static SkipResult skip_interp(const char *text, uint32_t *pos, uint32_t end, uint32_t depth) {
    if (depth > INTERP_DEPTH_LIMIT) return SKIP_TOO_DEEP;
    while (*pos < end && text[*pos] != '\n') {
        char c = text[*pos], next = *pos + 1 < end ? text[*pos + 1] : '\0';
        *pos += 1;
        if (c == '"') return SKIP_DONE;
        if (c == '\\') {
            skip_escape(text, pos, end);
        } else if (c == '{' && next == '{') {
            *pos += 1;
        } else if (c == '{') {
            uint32_t colon;
            SkipResult hole = skip_hole(text, pos, end, depth, &colon);
            if (hole != SKIP_DONE) return hole;
        }
    }
    return SKIP_OPEN_TEXT;
}

bool literal_interp_piece(const Source *source, uint32_t pos, uint32_t end, InterpPiece *out) {
    const char *text = source->text.ptr;
    *out = (InterpPiece){.text_start = pos, .text_end = end, .next = end};
    if (pos >= end) return false;
    while (pos < end) {
        char c = text[pos], next = pos + 1 < end ? text[pos + 1] : '\0';
        if (c == '\\') {
            pos++;
            skip_escape(text, &pos, end);
        } else if ((c == '{' || c == '}') && next == c) {
            pos += 2;
        } else if (c == '{') {
            uint32_t colon, close = pos + 1;
            out->text_end = pos;
            out->hole_start = pos + 1;
            SkipResult result = skip_hole(text, &close, end, 0, &colon);
            ENSURE(result == SKIP_DONE);
            out->has_hole = true;
            out->has_spec = colon != 0;
            out->hole_end = colon ? colon : close - 1;
            out->spec_start = colon ? colon + 1 : close - 1;
            out->spec_end = close - 1;
            out->next = close;
            return true;
        } else {
            pos++;
        }
    }
    return true;
}

Str literal_interp_text(Arena *arena, const Source *source, const InterpText *whole, uint32_t start, uint32_t end) {
    if (whole->is_block) return decode_block(arena, source, &whole->block, start, end, true);
    return decode(arena, source, start, end, true);
}

InterpText literal_interp_whole(const Source *source, uint32_t start, uint32_t end) {
    const char *text = source->text.ptr;
    if (end - start < 7 || text[start + 2] != '"' || text[start + 3] != '"')
        return (InterpText){.start = start + 2, .end = end - 1};
    return (InterpText){
        .is_block = true, .start = start + 4, .end = end - 3, .block = block_text(source, start + 4, end - 3)};
}

static TokenKind interp_done(Lexer *lx, uint32_t start) {
    InterpText whole = literal_interp_whole(lx->source, start, lx->pos);
    InterpPiece piece;
    for (uint32_t pos = whole.start; literal_interp_piece(lx->source, pos, whole.end, &piece); pos = piece.next) {
        EscapeReader r = {.text = lx->text, .pos = piece.text_start, .end = piece.text_end, .lx = lx};
        read_all(&r, true);
    }
    return TOKEN_INTERP;
}

// Stops behind the closing quotes, also after an error if there are any.
static TokenKind scan_interp_block(Lexer *lx) {
    uint32_t start = lx->pos, open_hole = 0;
    SkipResult result = SKIP_DONE;
    lx->pos += 4;
    while (lx->pos < lx->end && !at_triple_quote(lx, lx->pos)) {
        char c = lx->text[lx->pos];
        lx->pos++;
        if (c == '\\') {
            skip_escape(lx->text, &lx->pos, lx->end);
        } else if (c == '{' && text_at(lx, lx->pos) == '{') {
            lx->pos++;
        } else if (c == '{' && result == SKIP_DONE) {
            uint32_t colon;
            open_hole = lx->pos - 1;
            result = skip_hole(lx->text, &lx->pos, lx->end, 0, &colon);
            if (result != SKIP_DONE) lx->pos = open_hole + 1;
        }
    }
    bool closed = lx->pos < lx->end;
    if (closed) lx->pos += 3;
    if (closed && result == SKIP_DONE) return interp_done(lx, start);
    if (result == SKIP_TOO_DEEP)
        lexer_error(lx, DIAG_E0009, open_hole, open_hole + 1, "interpolated strings nest more than %d deep",
                    INTERP_DEPTH_LIMIT);
    else if (result == SKIP_OPEN_HOLE)
        lexer_error(lx, DIAG_E0002, open_hole, open_hole + 1,
                    "this `{` lacks its `}` on the same line; a brace that is text is written `{{`");
    else
        lexer_error(lx, DIAG_E0002, start, start + 4, "this multi-line string is never closed; `\"\"\"` is missing");
    return TOKEN_ERROR;
}

// Of a string whose hole runs on over lines: where the string ends, if the hole is closed soon and the string on that
// line. Zero where it does not look like that.
static uint32_t end_of_long_interp(const Lexer *lx, uint32_t pos) {
    enum { LINES = 20 };
    uint32_t brackets = 0, lines = 0;
    while (pos < lx->end && lines < LINES) {
        char c = lx->text[pos++];
        if (c == '\n') {
            lines++;
        } else if (c == '/' && text_at(lx, pos) == '/') {
            while (pos < lx->end && lx->text[pos] != '\n') pos++;
        } else if (c == '"') {
            if (!skip_string(lx->text, &pos, lx->end)) return 0;
        } else if (c == '(' || c == '[' || c == '{') {
            brackets++;
        } else if (c == ')' || c == ']' || c == '}') {
            if (brackets > 0)
                brackets--;
            else if (c != '}' || lines == 0)
                return 0;
            else
                return skip_interp(lx->text, &pos, lx->end, 0) == SKIP_DONE ? pos : 0;
        }
    }
    return 0;
}

// Where the first hole that is not closed on its line begins.
static uint32_t open_hole_of(const Lexer *lx, uint32_t start) {
    uint32_t pos = start + 2, colon;
    while (pos < lx->end && lx->text[pos] != '\n') {
        char c = lx->text[pos++];
        if (c == '\\') {
            skip_escape(lx->text, &pos, lx->end);
        } else if (c == '{' && text_at(lx, pos) == '{') {
            pos++;
        } else if (c == '{') {
            uint32_t hole = pos;
            if (skip_hole(lx->text, &pos, lx->end, 0, &colon) != SKIP_DONE) return hole;
        }
    }
    return pos;
}

TokenKind lexer_scan_interp(Lexer *lx) {
    uint32_t start = lx->pos;
    if (at_triple_quote(lx, start + 1)) return scan_interp_block(lx);
    lx->pos = start + 2;
    SkipResult result = skip_interp(lx->text, &lx->pos, lx->end, 0);
    if (result == SKIP_DONE) return interp_done(lx, start);
    uint32_t close = result == SKIP_OPEN_HOLE ? end_of_long_interp(lx, open_hole_of(lx, start)) : 0;
    while (lx->pos < lx->end && lx->text[lx->pos] != '\n') lx->pos++;
    if (lx->text[lx->pos - 1] == '\r') lx->pos--;
    if (close) {
        lexer_error(lx, DIAG_E0002, start, lx->pos,
                    "what stands in the braces of a string stays on one line; give it a name with `let` before");
        lx->pos = close;
    } else if (result == SKIP_TOO_DEEP)
        lexer_error(lx, DIAG_E0009, start, lx->pos, "interpolated strings nest more than %d deep", INTERP_DEPTH_LIMIT);
    else if (result == SKIP_OPEN_HOLE)
        lexer_error(lx, DIAG_E0002, start, lx->pos, "this string is not closed on its line; a `{` in it lacks its `}`");
    else
        lexer_error(lx, DIAG_E0002, start, lx->pos, "this string is not closed on its line; `\"` is missing");
    return TOKEN_ERROR;
}
