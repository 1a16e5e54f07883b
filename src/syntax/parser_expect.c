// What is missing: where the grammar wants something and something else stands there, one report says both, or that a
// word of another language stands there. Names are asked for here too, since what is no name may be one badly chosen.
#include "syntax/foreign/foreign.h"
#include "syntax/parser.h"

static bool is_keyword(TokenKind kind) { return kind >= TOKEN_AND && kind <= TOKEN_WHILE; }

static const char *describe(Parser *p, const SigToken *token) {
    Str text = parser_text(p, token);
    if (text.len > 40) text.len = 40;
    switch (token->kind) {
    case TOKEN_EOF: return p->s.nested ? "the end of `{ }`" : "the end of the file";
    case TOKEN_STRING:
    case TOKEN_STRING_BLOCK: return "a string";
    case TOKEN_INTERP: return "an interpolated string";
    default:
        return arena_printf(p->arena, "%s`" STR_FMT "`", is_keyword((TokenKind)token->kind) ? "the keyword " : "",
                            STR_ARG(text));
    }
}

// Where something is missing at the end of a line, the place to show is that line, not the next.
static Diag *parser_missing(Parser *p, const char *what) {
    const SigToken *token = parser_token(p);
    if (token->kind == TOKEN_ERROR) return p->silent;
    Diag *refused = foreign_refused(p);
    if (refused) return refused;
    TokenKind before = (TokenKind)parser_previous(p)->kind;
    bool begins = p->s.pos == p->element_start || before == TOKEN_COMMA || before == TOKEN_LBRACE;
    bool line_over = p->s.pos > 0 && !p->s.nested && ((token->newline && !begins) || token->kind == TOKEN_EOF);
    if (line_over)
        return parser_soft(p, DIAG_E0007, parser_span(p, parser_previous(p)), "expected %s, found the end of the %s",
                           what, token->kind == TOKEN_EOF ? "file" : "line");
    return parser_soft(p, DIAG_E0007, parser_here(p), "expected %s, found %s", what, describe(p, token));
}

Diag *parser_expected(Parser *p, const char *what) {
    Diag *diag = parser_missing(p, what);
    p->panic = true;
    return diag;
}

Diag *parser_expected_soft(Parser *p, const char *what) {
    Diag *diag = parser_missing(p, what);
    if (parser_at(p, TOKEN_ERROR)) p->panic = true;
    return diag;
}

bool parser_expect(Parser *p, TokenKind kind, const char *what) {
    if (p->panic) return false;
    if (parser_accept(p, kind)) return true;
    parser_expected(p, what);
    return false;
}

bool parser_expect_close(Parser *p, TokenKind kind, uint32_t open, const char *what) {
    if (p->panic) return false;
    if (parser_accept(p, kind)) return true;
    bool silent = parser_at(p, TOKEN_ERROR);
    Diag *diag = parser_expected(p, what);
    if (!silent) diag_note(p->diags, diag, parser_span(p, &p->s.items[open]), "opened here");
    return false;
}

// A keyword where a name is due, followed by what follows names: a name badly chosen, and all that is wrong.
static bool keyword_as_name(const Parser *p) {
    TokenKind kind = parser_kind(p);
    if (!is_keyword(kind) || kind == TOKEN_IN || kind == TOKEN_DO || parser_starts_line(p)) return false;
    switch (parser_peek(p, 1)->kind) {
    case TOKEN_COLON:
    case TOKEN_ASSIGN:
    case TOKEN_COMMA:
    case TOKEN_LPAREN:
    case TOKEN_RPAREN:
    case TOKEN_RBRACKET:
    case TOKEN_RBRACE:
    case TOKEN_PIPE:
    case TOKEN_IN: return true;
    case TOKEN_LBRACE: return !parser_peek(p, 1)->newline;
    default: return false;
    }
}

const Name *parser_expect_name(Parser *p, Span *span, const char *what) {
    *span = parser_here(p);
    if (!p->panic && parser_at(p, TOKEN_IDENT) && !parser_starts_line(p)) {
        const Name *name = parser_name(p, parser_token(p));
        parser_advance(p);
        return name;
    }
    if (!p->panic && keyword_as_name(p)) {
        parser_expected_soft(p, what);
        const Name *name = parser_name(p, parser_token(p));
        parser_advance(p);
        return name;
    }
    parser_expected(p, what);
    return p->discard;
}

const Name *parser_declare_name(Parser *p, Span *span, const char *what) {
    if (!p->panic && parser_is_word(p, parser_token(p), "_") && !parser_starts_line(p))
        parser_soft(p, DIAG_E0007, parser_here(p), "expected %s; `_` only discards a value", what);
    return parser_expect_name(p, span, what);
}

const Name *parser_expect_member(Parser *p, Span *span, const char *what) {
    if (p->panic || !is_keyword(parser_kind(p)) || !parser_adjacent(parser_previous(p), parser_token(p)))
        return parser_expect_name(p, span, what);
    *span = parser_here(p);
    const Name *name = parser_name(p, parser_token(p));
    parser_advance(p);
    return name;
}
