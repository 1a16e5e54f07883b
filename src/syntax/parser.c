// The parser's ground: the token stream without comments, node construction, reporting, nesting limits, and where things
// begin. It knows brackets, lines and keywords, and no construct of the language or of another.
#include "syntax/parser.h"
#include "syntax/lexer.h"

enum {
    DEPTH_LIMIT = 256, // nested constructs: bounds the parser's own recursion
    TREE_DEPTH_LIMIT = 1000, // with chains: bounds the recursion of everything that walks the tree
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

// ---- Beginnings ----------------------------------------------------------------------------------

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

uint32_t parser_indent(const Parser *p, uint32_t offset) {
    const char *text = p->source->text.ptr;
    while (offset > 0 && text[offset - 1] != '\n') offset--;
    uint32_t n = 0;
    while (text[offset + n] == ' ' || text[offset + n] == '\t') n++;
    return n;
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
