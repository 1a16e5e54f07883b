// Statements that begin with a word of another language. A word that is also an ordinary name is only taken for one
// when what follows it could not follow a name.
#include "syntax/foreign/foreign.h"

#define AT_WORD(p, ...)                                                                                                \
    parser_word_in(p, parser_token(p), (const char *const[]){__VA_ARGS__},                                             \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

// `print x`: a call that lacks its parentheses.
static Node *bare_call(Parser *p) {
    Node *node = parser_bad(p);
    const SigToken *word = parser_token(p);
    Span gap = {p->source->index, word->end, parser_peek(p, 1)->start};
    Diag *diag =
        parser_soft(p, DIAG_E0007, parser_here(p), "`" STR_FMT "` is a function; its arguments stand in parentheses",
                    STR_ARG(parser_text(p, word)));
    parser_advance(p);
    do parse_expr(p);
    while (!p->panic && parser_accept(p, TOKEN_COMMA));
    if (p->panic || (!parser_token(p)->newline && !parser_at(p, TOKEN_END))) return parser_done(p, node);
    uint32_t end = parser_previous(p)->end;
    diag_fix(p->diags, diag, gap, "(", "add the parentheses");
    // Elsewhere it ends the line.
    if (parser_is_word(p, word, "print")) diag_doubt(diag);
    diag_fix(p->diags, diag, (Span){gap.file, end, end}, ")", NULL);
    return parser_done(p, node);
}

// `int x = 3`, `auto x = 3`: read as the assignment it looks like behind the type.
static bool declaration(Parser *p) {
    static const char *const WORDS[] = {"auto", "val", "local", "my"};
    const SigToken *type = parser_token(p), *name = parser_peek(p, 1), *after = parser_peek(p, 2);
    if (name->kind != TOKEN_IDENT || name->newline || after->newline ||
        (after->kind != TOKEN_ASSIGN && after->kind != TOKEN_SEMICOLON))
        return false;
    if (foreign_instead(parser_text(p, type)) && !parser_word_in(p, type, WORDS, ARRAY_LEN(WORDS))) return false;
    Str text = parser_text(p, type), variable = parser_text(p, name);
    if (parser_word_in(p, type, WORDS, ARRAY_LEN(WORDS))) {
        Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p),
                                 "a variable is declared with `let`, or with `var` if it changes");
        const char *word = legacy_is_changed_later(p, variable) ? "var" : "let";
        diag_fix(p->diags, diag, parser_here(p), word, "write `%s`", word);
    } else {
        parser_soft(p, DIAG_E0007, parser_here(p),
                    "a variable is declared with `let` or `var`, its type behind the name: `var " STR_FMT ": " STR_FMT
                    "`",
                    STR_ARG(variable), STR_ARG(text));
    }
    parser_advance(p);
    if (after->kind == TOKEN_SEMICOLON) parser_advance(p);
    return true;
}

// `--n`, which would otherwise negate twice.
static bool prefix_step(Parser *p) {
    const SigToken *next = parser_peek(p, 1), *name = parser_peek(p, 2);
    if (next->kind != parser_kind(p) || !parser_adjacent(parser_token(p), next) || name->kind != TOKEN_IDENT ||
        !parser_adjacent(next, name))
        return false;
    bool plus = parser_at(p, TOKEN_PLUS);
    Span span = span_join(parser_here(p), parser_span(p, next));
    Diag *diag = parser_soft(p, DIAG_E0007, span, "there is no `%s`; `%s= 1` stands on a line of its own",
                             plus ? "++" : "--", plus ? "+" : "-");
    if (parser_peek(p, 3)->newline) {
        diag_fix(p->diags, diag, span, "", "write `%s= 1`", plus ? "+" : "-");
        diag_fix(p->diags, diag, (Span){span.file, name->end, name->end}, plus ? " += 1" : " -= 1", NULL);
    }
    parser_advance(p);
    parser_advance(p);
    return true;
}

static bool replace_word(Parser *p, const char *instead, const char *word, TokenKind kind) {
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "there is no `" STR_FMT "`: %s",
                             STR_ARG(parser_text(p, parser_token(p))), instead);
    diag_fix(p->diags, diag, parser_here(p), word, "write `%s`", word);
    parser_edit(p, 0)->kind = (uint8_t)kind;
    return true;
}

// `throw new E()`: the `new` is part of it.
static bool raised(Parser *p) {
    (void)replace_word(p, "an error is returned with `fail`", "fail", TOKEN_FAIL);
    if (parser_is_word(p, parser_peek(p, 1), "new") && parser_peek(p, 2)->kind == TOKEN_IDENT)
        foreign_remove_tokens(p, p->s.pos + 1, 1);
    return true;
}

static bool ends_operand(TokenKind kind) {
    switch (kind) {
    case TOKEN_IDENT:
    case TOKEN_INT:
    case TOKEN_FLOAT:
    case TOKEN_CHAR:
    case TOKEN_STRING:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_RPAREN:
    case TOKEN_RBRACKET:
    case TOKEN_DOT_STAR:
    case TOKEN_DOT_QUESTION:
    case TOKEN_QUESTION: return true;
    default: return false;
    }
}

// `? a` and `: b`, each on a line of its own below the condition.
static bool ternary_lines(Parser *p, Node **out) {
    if (!parser_at(p, TOKEN_QUESTION) || !parser_token(p)->newline ||
        parser_adjacent(parser_token(p), parser_peek(p, 1)))
        return false;
    *out = parser_bad(p);
    parser_soft(p, DIAG_E0007, parser_here(p), FOREIGN_NO_TERNARY);
    do parser_advance(p);
    while (!parser_at(p, TOKEN_EOF) && (!parser_token(p)->newline || parser_at(p, TOKEN_COLON)));
    parser_done(p, *out);
    return true;
}

// An operator at the beginning of a line, apart from its right side: the left one is the line before.
static bool leading_operator(Parser *p, Node **out) {
    switch (parser_kind(p)) {
    case TOKEN_PLUS:
    case TOKEN_STAR:
    case TOKEN_SLASH:
    case TOKEN_PERCENT:
    case TOKEN_PLUS_WRAP:
    case TOKEN_MINUS_WRAP:
    case TOKEN_STAR_WRAP:
    case TOKEN_EQ:
    case TOKEN_NE:
    case TOKEN_LT:
    case TOKEN_LE:
    case TOKEN_GT:
    case TOKEN_GE:
    case TOKEN_PIPE:
    case TOKEN_CARET:
    case TOKEN_SHL:
    case TOKEN_SHR: break;
    default: return false;
    }
    const SigToken *token = parser_token(p), *next = parser_peek(p, 1);
    if (p->s.pos == 0 || !token->newline || next->newline || parser_adjacent(token, next) ||
        !parse_starts_expr((TokenKind)next->kind) || !ends_operand((TokenKind)parser_previous(p)->kind))
        return false;
    Span span = parser_here(p);
    uint32_t end = parser_previous(p)->end;
    Str op = parser_text(p, token);
    Diag *diag = parser_soft(p, DIAG_E0007, span, PARSER_LOOSE_LINE, STR_ARG(op));
    diag_fix_likely(p->diags, diag, (Span){span.file, end, end}, arena_printf(p->arena, " " STR_FMT, STR_ARG(op)),
                    "move it up");
    diag_fix(p->diags, diag, (Span){span.file, span.start, next->start}, "", NULL);
    *out = parser_bad(p);
    parser_advance(p);
    (void)parse_expr(p);
    parser_done(p, *out);
    return true;
}

static bool at_double_dash(const Parser *p) {
    return foreign_pair(p, TOKEN_MINUS, TOKEN_MINUS) && !parser_adjacent(parser_peek(p, 1), parser_peek(p, 2));
}

bool foreign_double_dash(Parser *p) {
    if (p->plain) return false;
    if (!at_double_dash(p)) return false;
    Span span = foreign_two(p);
    Diag *diag = parser_soft(p, DIAG_E0007, span, "a comment begins with `//`, not `--`");
    diag_fix(p->diags, diag, span, "//", "write `//`");
    do parser_advance(p);
    while (!parser_at(p, TOKEN_EOF) && !parser_token(p)->newline);
    return true;
}

// `name:` before anything but a loop is where a `goto` leads; `name: loop` is a loop. True when it was one of these; then
// `*out` is the whole statement, or the loop follows.
static bool label(Parser *p, Node **out) {
    const SigToken *colon = parser_peek(p, 1), *next = parser_peek(p, 2);
    if (colon->kind != TOKEN_COLON || colon->newline) return false;
    if (!next->newline && parser_is_word(p, next, "loop")) {
        parser_edit(p, 2)->kind = TOKEN_WHILE;
        return true;
    }
    if (next->kind == TOKEN_COLON || (!next->newline && next->kind != TOKEN_IDENT && next->kind != TOKEN_RETURN) ||
        (parser_peek(p, 3)->kind == TOKEN_ASSIGN && !next->newline))
        return false;
    *out = parser_bad(p);
    parser_soft(p, DIAG_E0016, parser_here(p),
                "there is no `goto`, and a name before a colon is that of a loop: `name: while … do`");
    parser_advance(p);
    parser_advance(p);
    if (!parser_token(p)->newline) (void)parse_statement(p);
    parser_done(p, *out);
    return true;
}

bool foreign_statement(Parser *p, Node **out) {
    if (p->plain) return false;
    const SigToken *next = parser_peek(p, 1);
    *out = foreign_construct_statement(p);
    if (!*out && at_double_dash(p)) {
        *out = parser_bad(p);
        (void)foreign_double_dash(p);
        parser_done(p, *out);
    }
    if (*out) return true;
    if (leading_operator(p, out) || ternary_lines(p, out)) return true;
    if (parser_at(p, TOKEN_LBRACKET)) {
        if (!foreign_attribute_ahead(p)) return false;
        *out = parser_bad(p);
        bool marked = foreign_attribute(p), alone = marked && parser_accept(p, TOKEN_SEMICOLON);
        if (!alone) *out = NULL;
        return alone;
    }
    if (parser_at(p, TOKEN_PLUS) || parser_at(p, TOKEN_MINUS)) return prefix_step(p) && false;
    // `'outer: while`: the lexer has reported the quote.
    if (parser_at(p, TOKEN_ERROR) && next->kind == TOKEN_COLON && p->source->text.ptr[parser_token(p)->start] == '\'' &&
        (parser_peek(p, 2)->kind == TOKEN_WHILE || parser_peek(p, 2)->kind == TOKEN_FOR ||
         parser_is_word(p, parser_peek(p, 2), "loop"))) {
        parser_advance(p);
        parser_advance(p);
        if (parser_at(p, TOKEN_IDENT)) parser_edit(p, 0)->kind = TOKEN_WHILE;
        return false;
    }
    if (!parser_at(p, TOKEN_IDENT)) return false;
    if (label(p, out)) return *out != NULL;
    if (AT_WORD(p, "loop") && !next->newline && (next->kind == TOKEN_DO || next->kind == TOKEN_LBRACE)) {
        parser_edit(p, 0)->kind = TOKEN_WHILE;
        return false;
    }
    bool value_follows =
        !next->newline && (next->kind == TOKEN_IDENT || next->kind == TOKEN_STRING || next->kind == TOKEN_INT ||
                           next->kind == TOKEN_INTERP || next->kind == TOKEN_CHAR);
    if (!next->newline && AT_WORD(p, "throw", "raise") && (value_follows || next->kind == TOKEN_DOT))
        return raised(p) && false;
    if (!value_follows) return false;
    if (AT_WORD(p, "foreach"))
        return replace_word(p, "a loop over elements is written `for x in xs do`", "for", TOKEN_FOR) && false;
    if (AT_WORD(p, "errdefer")) {
        parser_error(p, DIAG_E0007, parser_here(p),
                     "there is no `errdefer`; handle the error with `catch |e| do … end`, or use `defer` or `using`");
        *out = parser_bad(p);
        return true;
    }
    if (AT_WORD(p, "print", "println", "eprint", "eprintln", "assert", "panic", "echo", "puts")) {
        *out = bare_call(p);
        return true;
    }
    (void)declaration(p);
    return false;
}

// Where the line should be over: what other languages have behind a statement.
bool foreign_statement_end(Parser *p, const Node *statement) {
    if (p->plain) return false;
    switch (parser_kind(p)) {
    case TOKEN_COMMA:
        if (statement->kind == NODE_RETURN && p->several_results == p->item_start + 1) {
            p->panic = true;
            return true;
        }
        parser_error(p, DIAG_E0016, parser_here(p), "%s",
                     statement->kind == NODE_RETURN
                         ? "a function returns one value; several go into a struct"
                         : "there are no lists of variables or values; write a statement for each");
        return true;
    case TOKEN_IF:
    case TOKEN_WHILE:
    case TOKEN_FOR: {
        if (parser_previous(p)->kind != TOKEN_END) return false;
        Diag *diag = parser_error(p, DIAG_E0007, parser_here(p), "a block is closed with `end` alone");
        diag_fix(p->diags, diag, (Span){p->source->index, parser_previous(p)->end, parser_token(p)->end}, "",
                 "remove `" STR_FMT "`", STR_ARG(parser_text(p, parser_token(p))));
        return true;
    }
    case TOKEN_ARROW:
    case TOKEN_FAT_ARROW: parser_error(p, DIAG_E0016, parser_here(p), FOREIGN_NO_LAMBDA); return true;
    case TOKEN_COLON:
        if (foreign_labelled_block(p)) return true;
        p->panic = foreign_path_root(p);
        return p->panic;
    case TOKEN_LBRACE: break;
    default: return false;
    }
    const char *instead = statement->kind == NODE_LET
                              ? "an array is written `[a, b]`, without its type; a struct `Type { field: … }`"
                          : statement->kind == NODE_DEFER ? "what is deferred is a call or a block: `defer do … end`"
                                                          : NULL;
    Diag *diag = parser_expected(p, "the end of the line after the statement");
    if (instead) diag_note(p->diags, diag, (Span){0}, "%s", instead);
    return true;
}
