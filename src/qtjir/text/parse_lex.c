// Tokens of QTJIR text, and the small steps every part of the parser is made of.
#include "qtjir/text/internal.h"

#include <stdlib.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void read_error(Parser *p, DiagCode code, Span span, const char *fmt, ...) {
    if (!p->failed) {
        va_list args;
        va_start(args, fmt);
        StrBuf text = {0};
        strbuf_vprintf(&text, fmt, args);
        va_end(args);
        diag_error(p->diags, code, span, STR_FMT, STR_ARG(strbuf_str(&text)));
        strbuf_free(&text);
    }
    p->failed = true;
    p->at = (uint32_t)p->source->text.len;
    p->now = (Lexeme){.kind = LEX_END, .span = span};
}

void read_expected(Parser *p, const char *what) {
    Lexeme t = p->now;
    if (t.kind == LEX_END)
        read_error(p, DIAG_E0007, t.span, "expected %s, found the end of the text", what);
    else if (t.kind == LEX_NEWLINE)
        read_error(p, DIAG_E0007, t.span, "expected %s, found the end of the line", what);
    else
        read_error(p, DIAG_E0007, t.span, "expected %s, found `%.*s`", what, t.text.len > 40 ? 40 : (int)t.text.len,
                   t.text.ptr);
}

static int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void lex_string(Parser *p, Lexeme *t) {
    Str text = p->source->text;
    StrBuf bytes = {0};
    uint32_t at = t->span.start + 1;
    const char *problem = NULL;
    while (!problem && at < text.len && text.ptr[at] != '"') {
        char c = text.ptr[at++];
        if (c == '\n') {
            problem = "the string does not end on its line";
        } else if (c != '\\') {
            strbuf_putc(&bytes, c);
        } else if (at < text.len && (text.ptr[at] == '"' || text.ptr[at] == '\\')) {
            strbuf_putc(&bytes, text.ptr[at++]);
        } else if (at < text.len && text.ptr[at] == 'n') {
            strbuf_putc(&bytes, '\n');
            at++;
        } else if (at + 2 < text.len && text.ptr[at] == 'x' && hex_digit(text.ptr[at + 1]) >= 0 &&
                   hex_digit(text.ptr[at + 2]) >= 0) {
            strbuf_putc(&bytes, (char)(hex_digit(text.ptr[at + 1]) * 16 + hex_digit(text.ptr[at + 2])));
            at += 3;
        } else {
            problem = "escapes are \\\" \\\\ \\n and \\xNN";
        }
    }
    if (!problem && at >= text.len) problem = "the string does not end";
    t->kind = LEX_STRING;
    t->bytes = str_copy(p->arena, strbuf_str(&bytes));
    p->at = problem ? at : at + 1;
    strbuf_free(&bytes);
    if (problem) read_error(p, DIAG_E0007, t->span, "%s", problem);
}

static uint32_t lex_word_end(Str text, uint32_t at) {
    while (at < text.len && (is_letter(text.ptr[at]) || is_digit(text.ptr[at]) || text.ptr[at] == '.')) at++;
    return at;
}

// Integers, and everything printf's %g may write.
static uint32_t lex_number_end(Str text, uint32_t at) {
    char before = 0;
    if (text.ptr[at] == '-') at++;
    for (; at < text.len; before = text.ptr[at++]) {
        char c = text.ptr[at];
        bool exponent_sign = (c == '+' || c == '-') && (before == 'e' || before == 'E');
        if (!is_digit(c) && !is_letter(c) && c != '.' && !exponent_sign) break;
    }
    return at;
}

static void lex_value(Parser *p, Lexeme *t) {
    Str text = p->source->text;
    uint32_t end = t->span.start + 1;
    uint64_t number = 0;
    for (; end < text.len && is_digit(text.ptr[end]) && number < UINT32_MAX; end++)
        number = number * 10 + (uint64_t)(text.ptr[end] - '0');
    t->kind = LEX_VALUE;
    t->number = (uint32_t)number;
    p->at = end;
    if (end == t->span.start + 1 || number >= UINT32_MAX)
        read_error(p, DIAG_E0007, t->span, "expected the number of a value after `%%`");
}

void read_next(Parser *p) {
    Str text = p->source->text;
    if (p->failed) return;
    while (p->at < text.len) {
        char c = text.ptr[p->at];
        if (c == ';')
            while (p->at < text.len && text.ptr[p->at] != '\n') p->at++;
        else if (c == ' ' || c == '\t' || c == '\r')
            p->at++;
        else
            break;
    }
    Lexeme t = {.span = {p->source->index, p->at, p->at + 1}};
    if (p->at >= text.len) {
        t.span.end = p->at;
        p->now = t;
        return;
    }
    char c = text.ptr[p->at];
    char following = p->at + 1 < text.len ? text.ptr[p->at + 1] : 0;
    if (c == '\n') {
        t.kind = LEX_NEWLINE;
        p->at++;
    } else if (c == '"') {
        lex_string(p, &t);
    } else if (c == '%') {
        lex_value(p, &t);
    } else if (c == '-' && following == '>') {
        t.kind = LEX_ARROW;
        p->at += 2;
    } else if (is_digit(c) || (c == '-' && (is_digit(following) || is_letter(following)))) {
        t.kind = LEX_NUMBER;
        p->at = lex_number_end(text, p->at);
    } else if (is_letter(c)) {
        t.kind = LEX_WORD;
        p->at = lex_word_end(text, p->at);
    } else {
        t.kind = LEX_PUNCT;
        t.punct = c;
        p->at++;
    }
    if (p->failed) return;
    t.span.end = p->at;
    t.text = (Str){text.ptr + t.span.start, t.span.end - t.span.start};
    p->now = t;
}

void read_reset(Parser *p) {
    p->at = 0;
    read_next(p);
}

bool read_at_punct(const Parser *p, char c) { return p->now.kind == LEX_PUNCT && p->now.punct == c; }

bool read_at_word(const Parser *p, const char *word) {
    return p->now.kind == LEX_WORD && str_equal_c(p->now.text, word);
}

bool read_accept_punct(Parser *p, char c) {
    bool found = read_at_punct(p, c);
    if (found) read_next(p);
    return found;
}

bool read_accept_word(Parser *p, const char *word) {
    bool found = read_at_word(p, word);
    if (found) read_next(p);
    return found;
}

void read_punct(Parser *p, char c) {
    char what[] = {'`', c, '`', 0};
    if (!read_accept_punct(p, c)) read_expected(p, what);
}

void read_end_of_line(Parser *p) {
    if (p->now.kind == LEX_NEWLINE)
        read_next(p);
    else if (p->now.kind != LEX_END)
        read_expected(p, "the end of the line");
}

void read_skip_lines(Parser *p) {
    while (p->now.kind == LEX_NEWLINE) read_next(p);
}

uint64_t read_integer(Parser *p) {
    if (p->now.kind != LEX_NUMBER) {
        read_expected(p, "a number");
        return 0;
    }
    Str text = p->now.text;
    bool negative = text.ptr[0] == '-', fits = text.len > (size_t)negative;
    uint64_t limit = negative ? UINT64_C(1) << 63 : UINT64_MAX, value = 0;
    for (size_t i = negative; fits && i < text.len; i++) {
        uint64_t digit = (uint64_t)(text.ptr[i] - '0');
        fits = is_digit(text.ptr[i]) && value <= (limit - digit) / 10;
        value = value * 10 + digit;
    }
    if (!fits) {
        read_expected(p, "an integer of 64 bits");
        return 0;
    }
    read_next(p);
    return negative ? 0 - value : value;
}

uint32_t read_small(Parser *p, const char *what) {
    Span span = p->now.span;
    uint64_t value = read_integer(p);
    if (value <= INT32_MAX) return (uint32_t)value;
    read_error(p, DIAG_E0007, span, "%s out of range", what);
    return 0;
}

uint32_t read_align(Parser *p) {
    Span span = p->now.span;
    uint32_t align = read_small(p, "alignment");
    if (!p->failed && (align == 0 || (align & (align - 1)) || align > 1u << 20)) {
        read_error(p, DIAG_E0007, span, "an alignment is a power of two up to 1048576");
        return 1;
    }
    return p->failed ? 1 : align;
}

double read_float(Parser *p) {
    if (p->now.kind != LEX_NUMBER && p->now.kind != LEX_WORD) {
        read_expected(p, "a number");
        return 0;
    }
    const char *text = str_c(p->scratch, p->now.text);
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end) read_expected(p, "a floating-point number");
    read_next(p);
    return value;
}

Str read_string(Parser *p, const char *what) {
    Str bytes = p->now.bytes;
    if (p->now.kind != LEX_STRING) {
        read_expected(p, what);
        return (Str){"", 0};
    }
    read_next(p);
    return bytes;
}

const Name *read_symbol(Parser *p, const char *what) {
    Span span = p->now.span;
    Str bytes = read_string(p, what);
    if (!p->failed && (bytes.len == 0 || memchr(bytes.ptr, 0, bytes.len)))
        read_error(p, DIAG_E0007, span, "expected %s, found an empty name or a zero byte", what);
    return name_intern(p->module->names, bytes.ptr, bytes.len);
}
