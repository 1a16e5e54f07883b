// The parser's ground: the token stream without comments, node construction, reporting, nesting limits and recovery.
// It knows brackets, lines and keywords, and no construct of the language.
#include "syntax/foreign/foreign.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"

enum {
    DEPTH_LIMIT = 256,          // nested constructs: bounds the parser's own recursion
    TREE_DEPTH_LIMIT = 1000,    // with chains: bounds the recursion of everything that walks the tree
    ERROR_LIMIT = 100,
};

// ---- Tokens ------------------------------------------------------------------------------------

Stream parser_stream(Parser *p, const TokenList *tokens, bool nested, uint32_t outer) {
    uint32_t count = 0;
    VEC_EACH (Token, t, &tokens->tokens)
        count += t->kind != TOKEN_COMMENT && t->kind != TOKEN_DOC && t->kind != TOKEN_MODULE_DOC;
    Stream s = {.items = ARENA_ARRAY(p->arena, SigToken, count), .nested = nested, .outer = outer};
    bool newline = false;
    for (uint32_t i = 0; i < tokens->tokens.len; i++) {
        const Token *t = &tokens->tokens.items[i];
        newline |= t->newline_before;
        if (t->kind == TOKEN_COMMENT || t->kind == TOKEN_DOC || t->kind == TOKEN_MODULE_DOC) continue;
        s.items[s.len++] =
            (SigToken){.index = i, .start = t->start, .end = t->end, .kind = t->kind, .newline = newline};
        newline = false;
    }
    return s;
}

const SigToken *parser_peek(const Parser *p, uint32_t ahead) {
    uint32_t last = p->s.len - 1;
    return &p->s.items[ahead < last - p->s.pos ? p->s.pos + ahead : last];
}

const SigToken *parser_previous(const Parser *p) { return &p->s.items[p->s.pos > 0 ? p->s.pos - 1 : 0]; }

void parser_advance(Parser *p) {
    if (p->s.pos + 1 < p->s.len) p->s.pos++;
}

// The last token stays the end of the file, whatever becomes of the others: every loop over tokens ends there. A report
// may have stopped the parser, and thus have taken it there, between a look at a token and its change.
SigToken *parser_edit(Parser *p, uint32_t ahead) {
    if (!p->stopped && p->s.len - p->s.pos > ahead + 1) return &p->s.items[p->s.pos + ahead];
    p->nobody = p->s.items[p->s.len - 1];
    return &p->nobody;
}

bool parser_accept(Parser *p, TokenKind kind) {
    if (p->panic || !parser_at(p, kind)) return false;
    parser_advance(p);
    return true;
}

void parser_join_line(Parser *p) {
    if (!parser_at_statement_word(p)) parser_edit(p, 0)->newline = false;
}

bool parser_take_line_start(Parser *p, TokenKind kind) {
    if (p->panic || !parser_starts_line(p) || !parser_at(p, kind)) return false;
    parser_soft(p, DIAG_E0007, parser_here(p), PARSER_LOOSE_LINE, STR_ARG(parser_text(p, parser_token(p))));
    parser_edit(p, 0)->newline = false;
    return true;
}

bool parser_at_loose_operator(const Parser *p) {
    TokenKind kind = parser_kind(p), before = (TokenKind)parser_previous(p)->kind;
    bool goes_on = (kind >= TOKEN_ASSIGN && kind <= TOKEN_PIPE_GT) || kind == TOKEN_AS || kind == TOKEN_WHEN ||
                   kind == TOKEN_DOT_DOT || kind == TOKEN_DOT_DOT_LT || kind == TOKEN_ARROW;
    return goes_on && parser_starts_line(p) && p->s.pos == p->element_start && before != TOKEN_DO &&
           before != TOKEN_ELSE && before != TOKEN_LBRACE;
}

bool parser_starts_line(const Parser *p) { return p->mode.newlines && parser_token(p)->newline; }

bool parser_at_same_line(const Parser *p, TokenKind kind) { return parser_at(p, kind) && !parser_starts_line(p); }

Str parser_text(const Parser *p, const SigToken *token) {
    if (token->kind == TOKEN_EOF) return STR("");
    return (Str){p->source->text.ptr + token->start, token->end - token->start};
}

bool parser_is_word(const Parser *p, const SigToken *token, const char *word) {
    return token->kind == TOKEN_IDENT && str_equal_c(parser_text(p, token), word);
}

bool parser_adjacent(const SigToken *a, const SigToken *b) { return a->end == b->start; }

Span parser_span(const Parser *p, const SigToken *token) {
    bool past_end = token->kind == TOKEN_EOF && !p->s.nested;
    return (Span){p->source->index, token->start, past_end ? token->start : token->end};
}

Span parser_here(const Parser *p) { return parser_span(p, parser_token(p)); }

const Name *parser_name(Parser *p, const SigToken *token) {
    Str text = parser_text(p, token);
    return name_intern(p->names, text.ptr, text.len);
}

// ---- Nodes -------------------------------------------------------------------------------------

Node *parser_node(Parser *p, NodeKind kind) {
    Node *node = ARENA_NEW(p->arena, Node);
    const SigToken *token = parser_token(p);
    node->kind = kind;
    node->first_token = node->last_token = p->s.nested ? p->s.outer : token->index;
    node->span = parser_span(p, token);
    return node;
}

Node *parser_node_from(Parser *p, NodeKind kind, const Node *first) {
    Node *node = parser_node(p, kind);
    node->first_token = first->first_token;
    node->span.start = first->span.start;
    return node;
}

Node *parser_done(Parser *p, Node *node) {
    const SigToken *last = parser_previous(p);
    uint32_t index = p->s.nested ? p->s.outer : last->index;
    if (last->end <= node->span.start || index < node->first_token) {
        node->span.end = node->span.end < node->span.start ? node->span.start : node->span.end;
        return node;
    }
    node->last_token = index;
    node->span.end = last->end;
    return node;
}

Node *parser_bad(Parser *p) { return parser_node(p, NODE_BAD); }

// ---- Errors ------------------------------------------------------------------------------------

static void parser_stop(Parser *p) {
    p->stopped = true;
    p->panic = true;
    p->s.pos = p->s.len - 1;
}

static Diag *parser_report(Parser *p, DiagCode code, Span span, const char *fmt, va_list args) {
    if (p->panic || p->stopped) return p->silent;
    StrBuf text = {0};
    strbuf_vprintf(&text, fmt, args);
    Str s = strbuf_str(&text);
    Diag *diag = diag_error(p->diags, code, span, STR_FMT, STR_ARG(s));
    strbuf_free(&text);
    if (++p->error_count >= ERROR_LIMIT) {
        diag_note(p->diags, diag, (Span){0}, "too many mistakes; the rest of the file is not read");
        parser_stop(p);
    }
    return diag;
}

Diag *parser_error(Parser *p, DiagCode code, Span span, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    Diag *diag = parser_report(p, code, span, fmt, args);
    va_end(args);
    p->panic = true;
    return diag;
}

Diag *parser_soft(Parser *p, DiagCode code, Span span, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    Diag *diag = parser_report(p, code, span, fmt, args);
    va_end(args);
    return diag;
}

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

static bool is_space_at(const Parser *p, uint32_t offset) {
    if (offset >= p->source->text.len) return true;
    char c = p->source->text.ptr[offset];
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Replaces `span` by a word, keeping it apart from its neighbours.
void parser_fix_word(Parser *p, Diag *diag, Span span, const char *word, const char *label) {
    bool before = span.start == 0 || is_space_at(p, span.start - 1);
    bool after = is_space_at(p, span.end) || p->source->text.ptr[span.end] == ')' ||
                 p->source->text.ptr[span.end] == ',' || p->source->text.ptr[span.end] == ';';
    diag_fix(p->diags, diag, span, arena_printf(p->arena, "%s%s%s", before ? "" : " ", word, after ? "" : " "), "%s",
             label);
}

static bool too_deep(Parser *p) {
    parser_soft(p, DIAG_E0009, parser_here(p),
                "this nests too deeply; the limit is %d constructs, or %d operators in a row", DEPTH_LIMIT,
                TREE_DEPTH_LIMIT);
    parser_stop(p);
    return false;
}

bool parser_enter(Parser *p) {
    p->depth++;
    if (p->depth > DEPTH_LIMIT || p->depth + p->chain > TREE_DEPTH_LIMIT) return too_deep(p);
    if (p->depth + p->chain > p->peak) p->peak = p->depth + p->chain;
    return true;
}

void parser_leave(Parser *p) { p->depth--; }

bool parser_chain(Parser *p) { return ++p->peak <= TREE_DEPTH_LIMIT || too_deep(p); }

uint32_t parser_scope(Parser *p) {
    uint32_t saved = p->peak;
    p->peak = p->depth + p->chain;
    return saved;
}

void parser_scope_end(Parser *p, uint32_t saved) {
    if (saved > p->peak) p->peak = saved;
}

// ---- Surroundings ------------------------------------------------------------------------------

Surroundings parser_enter_bracket(Parser *p) {
    Surroundings saved = {p->mode, p->heads};
    p->mode = (Mode){0};
    p->brackets++;
    return saved;
}

void parser_leave_bracket(Parser *p, Surroundings saved) {
    p->mode = saved.mode;
    p->heads = saved.heads;
    p->brackets--;
}

Surroundings parser_enter_block(Parser *p) {
    Surroundings saved = {p->mode, p->heads};
    p->mode = (Mode){.newlines = true};
    p->heads = 0;
    return saved;
}

void parser_leave_block(Parser *p, Surroundings saved) {
    p->mode = saved.mode;
    p->heads = saved.heads;
}

// ---- Recovery ----------------------------------------------------------------------------------

bool parser_at_column_one(const Parser *p) {
    const SigToken *token = parser_token(p);
    return token->start == 0 || (token->newline && p->source->text.ptr[token->start - 1] == '\n');
}

bool parser_is_item_word(TokenKind kind) {
    switch (kind) {
    case TOKEN_PUB:
    case TOKEN_FUNC:
    case TOKEN_STRUCT:
    case TOKEN_ENUM:
    case TOKEN_ERROR_KW:
    case TOKEN_TRAIT:
    case TOKEN_IMPL:
    case TOKEN_USE:
    case TOKEN_TEST:
    case TOKEN_TYPE:
    case TOKEN_EXTERN:
    case TOKEN_EXPORT:
    case TOKEN_UNIQUE:
    case TOKEN_PROFILE: return true;
    default: return false;
    }
}

// Words that begin an item elsewhere; a name in front of another one begins nothing else here.
static bool at_foreign_item(const Parser *p) {
    static const char *const WORDS[] = {"fn", "def", "function", "class", "import", "interface"};
    const SigToken *next = parser_peek(p, 1);
    if (!parser_at(p, TOKEN_IDENT) || next->kind != TOKEN_IDENT || next->newline) return false;
    return parser_word_in(p, parser_token(p), WORDS, ARRAY_LEN(WORDS));
}

bool parser_at_outer_item(const Parser *p) {
    return !p->s.nested && parser_at_column_one(p) && (parser_is_item_word(parser_kind(p)) || at_foreign_item(p));
}

bool parser_at_statement_word(const Parser *p) {
    if (!parser_token(p)->newline) return false;
    switch (parser_kind(p)) {
    case TOKEN_LET:
    case TOKEN_VAR:
    case TOKEN_CONST:
    case TOKEN_RETURN:
    case TOKEN_WHILE:
    case TOKEN_FOR:
    case TOKEN_USING:
    case TOKEN_DEFER:
    case TOKEN_END:
    case TOKEN_ELSE:
    case TOKEN_BREAK:
    case TOKEN_CONTINUE:
    case TOKEN_FAIL:
    case TOKEN_PUB:
    case TOKEN_STRUCT:
    case TOKEN_ENUM:
    case TOKEN_TRAIT:
    case TOKEN_IMPL:
    case TOKEN_USE:
    case TOKEN_EXTERN:
    case TOKEN_EXPORT:
    case TOKEN_UNIQUE: return true;
    case TOKEN_FUNC: return parser_peek(p, 1)->kind == TOKEN_IDENT;
    default: return parser_at_outer_item(p);
    }
}

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
            if (p->brackets > 0 && (bracket_step((TokenKind)token->kind) < 0 || token->kind == TOKEN_COMMA)) break;
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

uint32_t parser_indent(const Parser *p, uint32_t offset) {
    const char *text = p->source->text.ptr;
    while (offset > 0 && text[offset - 1] != '\n') offset--;
    uint32_t n = 0;
    while (text[offset + n] == ' ' || text[offset + n] == '\t') n++;
    return n;
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

bool parser_word_in(const Parser *p, const SigToken *token, const char *const *words, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (parser_is_word(p, token, words[i])) return true;
    return false;
}

bool parser_at_choice(const Parser *p) { return parser_at(p, TOKEN_COMPTIME) && parser_peek(p, 1)->kind == TOKEN_IF; }

bool parser_at_branch_end(const Parser *p) {
    return p->choices > 0 && (parser_at(p, TOKEN_END) || parser_at(p, TOKEN_ELSE));
}
