// `else do … end`, where one `end` closes both the branch and its `if`, as in other languages with `do`. Janus reads a
// `do` behind `else` as a block of its own, which has its own `end`, so a function written the other way lacks one `end`
// for each such `else`. Which of them lack theirs is decided for a whole function at once, from its tokens: by how many
// are missing, and by the indentation of each `end`. A function that lacks none is read as it stands.
#include "syntax/foreign/foreign.h"

typedef struct Open {
    uint32_t word; // position of the `do`, or `{`
    bool is_else; // `else do`, of the entry below it
} Open;

typedef struct Scan {
    Parser *p;
    uint32_t from, to; // positions in the stream
    VEC(Open) open;
    uint32_t lacking; // as many `end`s are still unaccounted for
    uint32_t undecided; // as many `else do` have not met their `end`
} Scan;

static const SigToken *token_at(const Scan *s, uint32_t position) { return &s->p->s.items[position]; }

static bool begins_function(const Parser *p, uint32_t position) {
    const SigToken *t = &p->s.items[position];
    if (t->kind == TOKEN_TEST) return t->newline;
    return t->kind == TOKEN_FUNC && p->s.items[position + 1].kind == TOKEN_IDENT;
}

// In column one no function goes on over the word of an item, nor one inside an item over what closes that item.
static bool ends_function(const Parser *p, uint32_t position, bool inside) {
    const SigToken *t = &p->s.items[position];
    if (p->s.nested || !t->newline || parser_indent(p, t->start) > 0) return false;
    if (inside && (t->kind == TOKEN_END || t->kind == TOKEN_RBRACE)) return true;
    return parser_is_item_word((TokenKind)t->kind);
}

// The function around the current token; all of the stream when there is none, as in a hole of a string.
static Scan scan_start(Parser *p) {
    Scan s = {.p = p, .from = p->s.pos, .to = p->s.pos};
    while (s.from > 0 && !begins_function(p, s.from)) s.from--;
    bool inside = begins_function(p, s.from) && parser_indent(p, p->s.items[s.from].start) > 0;
    while (s.to + 1 < p->s.len && !begins_function(p, s.to) && !ends_function(p, s.to, inside)) s.to++;
    return s;
}

// `else if`: the `do` of its condition opens nothing that has an `end`.
static bool goes_on_chain(const Scan *s, uint32_t position) {
    const SigToken *next = token_at(s, position + 1);
    return token_at(s, position)->kind == TOKEN_ELSE && next->kind == TOKEN_IF && !next->newline;
}

static bool is_elif(const Scan *s, uint32_t position) {
    static const char *const WORDS[] = {"elif", "elseif", "elsif"};
    return parser_word_in(s->p, token_at(s, position), WORDS, ARRAY_LEN(WORDS));
}

// The `do` at `position` follows an `else` on its line; not that of an `if` in braces, which has been closed.
static bool opens_else(const Scan *s, uint32_t position) {
    if (position < s->from + 2 || token_at(s, position)->newline) return false;
    const SigToken *word = token_at(s, position - 1), *before = token_at(s, position - 2);
    return word->kind == TOKEN_ELSE && (before->kind != TOKEN_RBRACE || word->newline);
}

static bool first_of_line(const Scan *s, uint32_t position) { return position == 0 || token_at(s, position)->newline; }

static uint32_t line_indent(const Scan *s, uint32_t position) {
    return parser_indent(s->p, token_at(s, position)->start);
}

static bool on_one_line(const Scan *s, uint32_t from, uint32_t to) {
    for (uint32_t i = from + 1; i <= to; i++)
        if (token_at(s, i)->newline) return false;
    return true;
}

// By the looks of it the `end` closes what was opened at `opener`, on a line of its own or on the same one.
static bool looks_whole(const Scan *s, uint32_t opener, uint32_t end) {
    const SigToken *next = token_at(s, end + 1);
    if (on_one_line(s, opener, end)) return next->newline || next->kind != TOKEN_END;
    uint32_t indent = line_indent(s, end);
    if (!first_of_line(s, end) || indent != line_indent(s, opener)) return false;
    return next->kind != TOKEN_END || !next->newline || line_indent(s, end + 1) != indent;
}

// By the looks of it the `end` closes the block behind `else` only, and the next one the `if`.
static bool looks_inner(const Scan *s, uint32_t opener, uint32_t end) {
    const SigToken *next = token_at(s, end + 1);
    return first_of_line(s, end) && next->kind == TOKEN_END && next->newline &&
           line_indent(s, end + 1) == line_indent(s, opener) && line_indent(s, end) > line_indent(s, opener);
}

static void take_end(Scan *s, uint32_t end) {
    if (s->open.len == 0) return;
    Open closed = VEC_POP(&s->open);
    if (!closed.is_else) return;
    uint32_t opener = VEC_LAST(&s->open).word;
    bool looks = looks_whole(s, opener, end), forced = s->undecided <= s->lacking;
    s->undecided--;
    if (s->lacking == 0 || looks_inner(s, opener, end) || !(looks || forced)) return;
    bool certain = looks || s->undecided + 1 == s->lacking;
    s->lacking--;
    (void)VEC_POP(&s->open);
    s->p->s.items[closed.word].whole_else = certain ? WHOLE_ELSE_CERTAIN : WHOLE_ELSE_LIKELY;
}

// Calls `visit` with each `do` that opens something, with each brace, and with each `end`.
static void scan_words(Scan *s, void (*visit)(Scan *s, uint32_t position, bool is_else)) {
    bool chained = false;
    for (uint32_t i = s->from; i < s->to; i++) {
        const SigToken *t = token_at(s, i);
        if (goes_on_chain(s, i) || is_elif(s, i)) chained = true;
        if (t->kind == TOKEN_DO && !chained) visit(s, i, opens_else(s, i));
        if (t->kind == TOKEN_DO || t->kind == TOKEN_END) chained = false;
        if (t->kind == TOKEN_END || t->kind == TOKEN_LBRACE || t->kind == TOKEN_RBRACE) visit(s, i, false);
    }
}

static bool in_braces(const Scan *s) {
    return s->open.len == 0 || token_at(s, VEC_LAST(&s->open).word)->kind == TOKEN_LBRACE;
}

// An `else` right inside braces is the arm of a match.
static void walk(Scan *s, uint32_t position, bool is_else) {
    Open open = {position, is_else && !in_braces(s)};
    switch (token_at(s, position)->kind) {
    case TOKEN_END: take_end(s, position); break;
    case TOKEN_RBRACE:
        if (s->open.len > 0 && in_braces(s)) (void)VEC_POP(&s->open);
        break;
    default: s->undecided -= is_else && !open.is_else; VEC_PUSH(s->p->arena, &s->open, open);
    }
}

static void count(Scan *s, uint32_t position, bool is_else) {
    TokenKind kind = (TokenKind)token_at(s, position)->kind;
    if (kind == TOKEN_DO) s->lacking++;
    if (kind == TOKEN_END) s->lacking--;
    s->undecided += is_else;
}

static void decide(Parser *p) {
    Scan s = scan_start(p);
    scan_words(&s, count);
    if ((int32_t)s.lacking < 0) s.lacking = 0;
    scan_words(&s, walk);
    p->s.elses_read = token_at(&s, s.to)->index;
}

bool foreign_else_do(Parser *p) {
    if (p->plain) return false;
    const SigToken *word = parser_token(p);
    if (p->panic || word->kind != TOKEN_DO || word->newline) return false;
    if (word->index >= p->s.elses_read) decide(p);
    if (!word->whole_else) return false;
    Diag *diag = foreign_report_else_do(p);
    if (word->whole_else == WHOLE_ELSE_LIKELY) diag_doubt(diag);
    parser_advance(p);
    return true;
}

Diag *foreign_report_else_do(Parser *p) {
    Span span = parser_here(p);
    Diag *diag = parser_soft(p, DIAG_E0007, span,
                             "nothing stands between `else` and its statements; the one `end` closes the whole `if`");
    span.start = parser_previous(p)->end;
    diag_fix(p->diags, diag, span, "", "remove `do`");
    return diag;
}
