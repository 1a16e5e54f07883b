// Going on after a mistake: to the next statement, element or item, or behind a list; and where an `end` is missing. What
// is skipped is read as far as it has mistakes of its own.
#include "syntax/foreign/foreign.h"
#include "syntax/parser.h"

static int bracket_step(TokenKind kind) {
    switch (kind) {
    case TOKEN_LPAREN:
    case TOKEN_LBRACKET:
    case TOKEN_LBRACE:
    case TOKEN_LATTR: return 1;
    case TOKEN_RPAREN:
    case TOKEN_RBRACKET:
    case TOKEN_RBRACE:
    case TOKEN_RATTR: return -1;
    default: return 0;
    }
}

// A block met while skipping is read for its own mistakes and to keep `do` and `end` in step; its tree is dropped.
static void skip_block(Parser *p) {
    p->panic = false;
    if (parser_enter(p)) parse_body(p, "here", p->s.pos, "`do`");
    parser_leave(p);
}

void parser_recover_statement(Parser *p, uint32_t start) {
    uint32_t depth = 0;
    while (!parser_at(p, TOKEN_EOF)) {
        const SigToken *token = parser_token(p);
        bool moved = p->s.pos > start;
        if (parser_at_statement_word(p)) break;
        if (depth == 0) {
            if ((moved && token->newline) || token->kind == TOKEN_END || token->kind == TOKEN_ELSE ||
                token->kind == TOKEN_SEMICOLON)
                break;
            if (parser_in_list(p) && (bracket_step((TokenKind)token->kind) < 0 || token->kind == TOKEN_COMMA)) break;
            if (p->brackets > 0 && token->kind == TOKEN_RBRACE) break;
            if (token->kind == TOKEN_DO) {
                skip_block(p);
                break;
            }
        }
        int step = bracket_step((TokenKind)token->kind);
        depth = step > 0 ? depth + 1 : step < 0 && depth > 0 ? depth - 1 : depth;
        parser_advance(p);
    }
    // The `;` behind a broken statement belongs to the same mistake: it may stand in the middle of what was meant.
    if (!p->stopped && parser_at(p, TOKEN_SEMICOLON)) parser_advance(p);
    p->panic = p->stopped;
}

// Only looks at tokens: what is between is dropped either way, and reading it again for each bracket around would take
// time exponential in their number.
bool parser_recover_close(Parser *p, TokenKind close) {
    uint32_t start = p->s.pos, depth = 0, blocks = 0;
    while (!p->stopped && !parser_at(p, TOKEN_EOF)) {
        const SigToken *next = parser_peek(p, 1);
        TokenKind kind = parser_kind(p);
        // After an unclosed string the rest of its line, with the bracket looked for, is gone.
        bool cut = parser_token(p)->newline && p->s.pos > 0 && parser_previous(p)->kind == TOKEN_ERROR;
        if (cut || (blocks == 0 && (parser_at_statement_word(p) || kind == TOKEN_END))) break;
        if (depth == 0 && blocks == 0 && kind == close) {
            parser_advance(p);
            p->panic = false;
            return true;
        }
        int step = bracket_step(kind);
        if ((step < 0 && depth == 0) || (kind == TOKEN_DO && p->heads > 0)) break;
        depth = (uint32_t)((int)depth + step);
        blocks += kind == TOKEN_DO;
        blocks -= kind == TOKEN_END || (kind == TOKEN_ELSE && next->kind == TOKEN_IF && !next->newline && blocks > 0);
        parser_advance(p);
    }
    if (!p->stopped) p->s.pos = start;
    return false;
}

void parser_recover_element(Parser *p, TokenKind close, uint32_t start) {
    uint32_t depth = 0;
    while (!p->stopped && !parser_at(p, TOKEN_EOF)) {
        TokenKind kind = parser_kind(p);
        int step = bracket_step(kind);
        bool moved = p->s.pos > start;
        if (depth == 0 && (kind == close || kind == TOKEN_COMMA || (moved && parser_token(p)->newline))) break;
        if (parser_at_outer_item(p) && !(kind == TOKEN_PUB && !moved)) break;
        if (step < 0 && depth == 0) break;
        depth = (uint32_t)((int)depth + step);
        if (kind == TOKEN_DO)
            skip_block(p);
        else
            parser_advance(p);
    }
    p->panic = p->stopped;
}

void parser_recover_item(Parser *p, uint32_t start) {
    uint32_t depth = 0;
    while (!p->stopped && !parser_at(p, TOKEN_EOF)) {
        TokenKind kind = parser_kind(p);
        bool first = parser_token(p)->newline && p->s.pos > start;
        if (depth == 0 && parser_at_branch_end(p)) break;
        if (first && parser_at_column_one(p) && foreign_instead(parser_text(p, parser_token(p)))) break;
        if (first && (parser_is_item_word(kind) || kind == TOKEN_CONST || kind == TOKEN_VAR || kind == TOKEN_LATTR) &&
            (depth == 0 || parser_at_column_one(p)))
            break;
        if (kind == TOKEN_DO) {
            skip_block(p);
            if (depth == 0) break;
            continue;
        }
        int step = bracket_step(kind);
        depth = step > 0 ? depth + 1 : step < 0 && depth > 0 ? depth - 1 : depth;
        parser_advance(p);
    }
    p->panic = p->stopped;
}

// The `do` between `from` and here that lacks its `end`, going by indentation: the first whose block is closed by an
// `end` further left than the line that opens it. Only asked once it is known that one is missing.
static uint32_t find_unclosed(Parser *p, uint32_t from, uint32_t fallback) {
    VEC(uint32_t) open = {0};
    uint32_t chained = 0; // the first `do` of a chain of `else if`, which has one `end`
    for (uint32_t i = from; i < p->s.pos; i++) {
        const SigToken *t = &p->s.items[i];
        if (t->kind == TOKEN_DO) {
            VEC_PUSH(p->arena, &open, chained ? chained : i);
            chained = 0;
        } else if (t->kind == TOKEN_END && open.len > 0) {
            uint32_t opener = VEC_POP(&open);
            if (t->newline && parser_indent(p, t->start) < parser_indent(p, p->s.items[opener].start)) return opener;
        } else if (t->kind == TOKEN_ELSE && p->s.items[i + 1].kind == TOKEN_IF && !p->s.items[i + 1].newline &&
                   open.len > 0) {
            chained = VEC_POP(&open);
        }
    }
    return open.len > 0 ? VEC_LAST(&open) : fallback;
}

// The keyword that the `do` at `position` belongs to.
static uint32_t find_opener(const Parser *p, uint32_t from, uint32_t position) {
    for (uint32_t i = position; i > from; i--) {
        switch (p->s.items[i - 1].kind) {
        case TOKEN_IF:
        case TOKEN_WHILE:
        case TOKEN_FOR:
        case TOKEN_USING:
        case TOKEN_TEST:
        case TOKEN_FUNC:
        case TOKEN_CATCH:
        case TOKEN_COMPTIME:
        case TOKEN_DEFER: return i - 1;
        case TOKEN_ELSE:
            if (i < position) return i - 1;
            break;
        case TOKEN_DO:
        case TOKEN_END:
        case TOKEN_FAT_ARROW:
        case TOKEN_ASSIGN: return position;
        default: break;
        }
    }
    return position;
}

void parser_missing_end(Parser *p, uint32_t opener, const char *what) {
    if (p->panic || p->stopped || p->missing_end_at == p->s.pos + 1) return;
    p->missing_end_at = p->s.pos + 1;
    if (parser_at(p, TOKEN_EOF) && parser_previous(p)->kind == TOKEN_ERROR)
        return; // an unclosed string or comment has taken the `end` with it
    if (!p->s.nested && (parser_at(p, TOKEN_EOF) || parser_at_outer_item(p))) {
        uint32_t unclosed = find_unclosed(p, p->item_start, opener);
        if (unclosed != opener && p->s.items[unclosed].kind == TOKEN_DO)
            unclosed = find_opener(p, p->item_start, unclosed);
        if (unclosed != opener) {
            opener = unclosed;
            what = arena_printf(p->arena, "`" STR_FMT "`", STR_ARG(parser_text(p, &p->s.items[opener])));
        }
    }
    parser_soft(p, DIAG_E0008, parser_span(p, &p->s.items[opener]), "this %s is never closed; `end` is missing", what);
}
