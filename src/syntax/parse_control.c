// Blocks, if, match and jumps. A block that braces enclose is read as if `do … end` were written, with one message
// for the whole construct whose edits cover all of its braces.
#include "syntax/foreign/foreign.h"

Node *parse_head(Parser *p) {
    Mode saved = p->mode;
    p->mode.head = true;
    p->heads++;
    Node *node = parse_expr(p);
    p->heads--;
    p->mode = saved;
    return node;
}

// ---- Bodies ------------------------------------------------------------------------------------

typedef enum BodyKind {
    BODY_DO,
    BODY_BRACES,
    BODY_ASSUMED,       // no `do` was found; a missing `end` would be the same mistake
    BODY_JUMP,          // one jump or call without `do … end`, as in C
} BodyKind;

static bool at_brace_body(const Parser *p) {
    if (!parser_at(p, TOKEN_LBRACE)) return false;
    return parser_peek(p, 1)->newline || (foreign_ends_line_in_braces(p) && !parse_looks_like_struct_literal(p));
}

// After a mistake in the head: to the `do` on the same line, if there is one.
static BodyKind skip_to_body(Parser *p, Diag **legacy) {
    while (!parser_at(p, TOKEN_EOF) && !parser_at(p, TOKEN_DO) && !parser_at(p, TOKEN_END) &&
           !parser_token(p)->newline && !at_brace_body(p))
        parser_advance(p);
    p->panic = p->stopped;
    if (parser_accept(p, TOKEN_DO)) return BODY_DO;
    if (parser_at(p, TOKEN_LBRACE) && !parser_token(p)->newline) {
        // The braces belong to the mistake that has been reported.
        *legacy = p->silent;
        parser_advance(p);
        return BODY_BRACES;
    }
    return BODY_ASSUMED;
}

static bool at_jump(const Parser *p) {
    if (parser_token(p)->newline) return false;
    // A call behind a condition in parentheses, as in C.
    if (parser_at(p, TOKEN_IDENT) && parser_previous(p)->kind == TOKEN_RPAREN && !foreign_at_header_word(p))
        return true;
    return parser_at(p, TOKEN_RETURN) || parser_at(p, TOKEN_BREAK) || parser_at(p, TOKEN_CONTINUE) ||
           parser_at(p, TOKEN_FAIL);
}

static void parse_lone_jump(Parser *p, Node *block, Diag *diag) {
    uint32_t start = parser_token(p)->start;
    Surroundings saved = parser_enter_block(p);
    block->block.has_do = true;
    Node *jump = parser_at(p, TOKEN_IDENT) ? parse_simple_statement(p) : parse_jump(p);
    VEC_PUSH(p->arena, &block->block.statements, jump);
    parser_leave_block(p, saved);
    if (p->panic) return;
    uint32_t end = parser_previous(p)->end;
    diag_fix(p->diags, diag, (Span){p->source->index, start, start}, "do ", "write `do … end`");
    diag_fix(p->diags, diag, (Span){p->source->index, end, end}, " end", NULL);
}

// Whether the tokens from `from` to here stand on one line, but for what is in brackets.
static bool is_one_line(const Parser *p, uint32_t from) {
    uint32_t depth = 0;
    for (uint32_t i = from; i < p->s.pos; i++) {
        TokenKind kind = (TokenKind)p->s.items[i].kind;
        if (depth == 0 && i > from && p->s.items[i].newline) return false;
        depth += kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET || kind == TOKEN_LBRACE;
        depth -= depth > 0 && (kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET || kind == TOKEN_RBRACE);
    }
    return true;
}

// `head`: where what stands before the body begins.
static BodyKind open_body(Parser *p, const char *after, uint32_t head, Diag **legacy) {
    if (p->panic) return skip_to_body(p, legacy);
    if (parser_accept(p, TOKEN_DO)) return BODY_DO;
    if (parser_at(p, TOKEN_LBRACE)) {
        *legacy = legacy_open_body(p, *legacy);
        return BODY_BRACES;
    }
    if (at_jump(p)) {
        *legacy = parser_soft(p, DIAG_E0007, parser_here(p),
                              "expected `do` after %s; one statement has its `do … end` too", after);
        return BODY_JUMP;
    }
    Span here = parser_here(p);
    const char *what = arena_printf(p->arena, "`do` after %s", after);
    if (parser_at_same_line(p, TOKEN_ASSIGN)) {
        Diag *diag = parser_error(p, DIAG_E0007, here, "expected %s, found `=`; comparing is written `==`", what);
        diag_fix_likely(p->diags, diag, here, "==", "compare instead");
        return skip_to_body(p, legacy);
    }
    if (parser_at_same_line(p, TOKEN_FAT_ARROW)) {
        Diag *diag = parser_error(p, DIAG_E0007, here, "expected %s, found `=>`; \"at least\" is written `>=`", what);
        diag_fix_likely(p->diags, diag, here, ">=", "compare instead");
        return skip_to_body(p, legacy);
    }
    Diag *diag = parser_expected_soft(p, what);
    bool then = parser_is_word(p, parser_token(p), "then") && !parser_token(p)->newline;
    if (then || parser_at_same_line(p, TOKEN_COLON)) {
        bool colon = parser_at(p, TOKEN_COLON);
        parser_edit(p, 0)->kind = TOKEN_DO;
        parser_fix_word(p, diag, here, "do", "write `do`");
        parser_advance(p);
        if (!colon || !parser_token(p)->newline) return BODY_DO;
        // As in Python: that the body then lacks its `end` is the same mistake.
        diag_note(p->diags, diag, (Span){0}, "a body goes from `do` to its `end`, whatever its indentation");
        return BODY_ASSUMED;
    }
    if (parser_token(p)->newline) {
        uint32_t end = parser_previous(p)->end;
        diag_fix(p->diags, diag, (Span){here.file, end, end}, " do", "add `do`");
        // A head that is broken off takes the first statement of the body for the rest of itself.
        if (!is_one_line(p, head)) diag_doubt(diag);
        return BODY_ASSUMED;
    }
    p->panic = true;
    return skip_to_body(p, legacy);
}

// A `}` where `end` is due. It closes this body for certain when it stands where that `end` would.
static void take_brace_for_end(Parser *p, uint32_t opener, const char *what) {
    const SigToken *open = &p->s.items[opener], *brace = parser_token(p);
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "expected `end`, found `}`");
    diag_note(p->diags, diag, parser_span(p, open), "this %s is open", what);
    parser_fix_word(p, diag, parser_here(p), "end", "write `end`");
    bool in_place =
        brace->newline ? parser_indent(p, brace->start) == parser_indent(p, open->start) : is_one_line(p, opener);
    if (!in_place) diag_doubt(diag);
    parser_advance(p);
}

// The statements of a body and what closes it.
static void parse_block_rest(Parser *p, Node *block, BodyKind kind, Diag *legacy, uint32_t opener, const char *what) {
    if (kind == BODY_JUMP) {
        parse_lone_jump(p, block, legacy);
        parser_done(p, block);
        return;
    }
    Surroundings saved = parser_enter_block(p);
    block->block.has_do = true;
    parse_statements(p, &block->block.statements, kind == BODY_BRACES);
    parser_leave_block(p, saved);
    if (kind == BODY_BRACES) {
        legacy_close_body(p, legacy);
    } else if (!parser_accept(p, TOKEN_END)) {
        if (parser_at(p, TOKEN_RBRACE) && p->brackets == 0)
            take_brace_for_end(p, opener, what);
        else if (kind == BODY_DO)
            parser_missing_end(p, opener, what);
    }
    parser_done(p, block);
}

Node *parse_body(Parser *p, const char *after, uint32_t opener, const char *what) {
    Node *block = parser_node(p, NODE_BLOCK);
    Diag *legacy = NULL;
    BodyKind kind = open_body(p, after, opener, &legacy);
    parse_block_rest(p, block, kind, legacy, opener, what);
    return block;
}

Node *parse_legacy_block(Parser *p) {
    Node *block = parser_node(p, NODE_BLOCK);
    uint32_t opener = p->s.pos;
    Diag *legacy = legacy_open_body(p, NULL);
    parse_block_rest(p, block, BODY_BRACES, legacy, opener, "`{`");
    return block;
}

// ---- if ----------------------------------------------------------------------------------------

// One branch of an if, up to its `else`, `end` or `}`.
static Node *parse_branch(Parser *p, bool has_do, bool braces) {
    Node *block = parser_node(p, NODE_BLOCK);
    Surroundings saved = parser_enter_block(p);
    const SigToken *open = parser_previous(p);
    has_do = has_do && (open->kind == TOKEN_DO || open->kind == TOKEN_LBRACE);
    if (has_do) {
        block->first_token = block->last_token = p->s.nested ? p->s.outer : open->index;
        block->span = parser_span(p, open);
    }
    block->block.has_do = has_do;
    parse_statements(p, &block->block.statements, braces);
    parser_leave_block(p, saved);
    return block->block.statements.len > 0 || has_do ? parser_done(p, block) : block;
}

// `let pattern =`, or nothing.
static Node *parse_head_pattern(Parser *p) {
    if (!parser_accept(p, TOKEN_LET)) return NULL;
    Node *pattern = parse_pattern(p);
    parser_expect(p, TOKEN_ASSIGN, "`=` after the pattern");
    return pattern;
}

static void close_if(Parser *p, BodyKind kind, Diag *legacy, uint32_t opener) {
    if (kind == BODY_BRACES) {
        legacy_close_body(p, legacy);
    } else if (!parser_accept(p, TOKEN_END)) {
        if (parser_at(p, TOKEN_RBRACE) && p->brackets == 0)
            take_brace_for_end(p, opener, "`if`");
        else if (kind == BODY_DO)
            parser_missing_end(p, opener, "`if`");
    }
}

// At the `else` of an if, or at the `}` before it. False when there is none.
static bool take_else(Parser *p, BodyKind *kind, Diag *legacy) {
    if (p->panic) return false;
    if (*kind == BODY_BRACES) {
        foreign_elif_behind_brace(p);
        if (!parser_at(p, TOKEN_RBRACE) || parser_peek(p, 1)->kind != TOKEN_ELSE) return false;
        legacy_else(p, legacy);
        if (!parser_at(p, TOKEN_IF)) *kind = parser_previous(p)->kind == TOKEN_LBRACE ? BODY_BRACES : BODY_DO;
        return true;
    }
    if (parser_accept(p, TOKEN_ELSE)) return true;
    if (!foreign_at_elif(p)) return false;
    foreign_report_elif(p);
    return true;
}

// `else if` goes on the chain, which has one `end`; an `if` on the line after `else` is a statement with its own.
Node *parse_if(Parser *p, bool is_comptime) {
    Node *root = parser_node(p, NODE_IF), *link = root;
    if (is_comptime) {
        const SigToken *word = parser_previous(p);
        root->first_token = p->s.nested ? p->s.outer : word->index;
        root->span.start = word->start;
    }
    uint32_t opener = p->s.pos, links = 0;
    Diag *legacy = NULL;
    BodyKind kind;
    bool closed = false;
    VEC(Node *) chain = {0};
    for (;;) {
        VEC_PUSH(p->arena, &chain, link);
        uint32_t head = p->s.pos;
        parser_advance(p);
        link->if_expr.is_comptime = is_comptime;
        link->if_expr.pattern = parse_head_pattern(p);
        link->if_expr.condition = parse_head(p);
        kind = open_body(p, "the condition", head, &legacy);
        if (kind == BODY_JUMP) {
            link->if_expr.then_block = parser_node(p, NODE_BLOCK);
            parse_lone_jump(p, link->if_expr.then_block, legacy);
            parser_done(p, link->if_expr.then_block);
            closed = true;
            break;
        }
        p->ifs++;
        link->if_expr.then_block = parse_branch(p, true, kind == BODY_BRACES);
        p->ifs--;
        if (!take_else(p, &kind, legacy)) break;
        if (!parser_at(p, TOKEN_IF) || parser_token(p)->newline) {
            bool stray_do = !parser_token(p)->newline && parser_at(p, TOKEN_LBRACE) && kind != BODY_BRACES &&
                            !parse_looks_like_struct_literal(p);
            if (stray_do) {
                legacy = legacy_open_body(p, legacy);
                kind = BODY_BRACES;
            }
            (void)foreign_else_mark(p);
            if (kind != BODY_BRACES) (void)foreign_else_do(p);
            link->if_expr.else_branch = parse_branch(p, false, kind == BODY_BRACES);
            break;
        }
        p->chain++;
        links++;
        if (p->depth + p->chain > p->peak) p->peak = p->depth + p->chain - 1;
        if (!parser_chain(p)) break;
        link->if_expr.else_branch = parser_node(p, NODE_IF);
        link = link->if_expr.else_branch;
    }
    p->chain -= links;
    if (!closed) close_if(p, kind, legacy, opener);
    for (uint32_t i = 0; i < chain.len; i++) parser_done(p, chain.items[i]);
    return root;
}

// ---- match -------------------------------------------------------------------------------------

static Node *parse_arm(Parser *p) {
    Node *arm = parser_node(p, NODE_ARM);
    if (parser_accept(p, TOKEN_ELSE)) {
        arm->arm.is_else = true;
    } else {
        arm->arm.pattern = parse_pattern(p);
    }
    if (parser_at(p, TOKEN_WHEN) && parser_accept(p, TOKEN_WHEN)) arm->arm.guard = parse_expr(p);
    const char *what = arm->arm.is_else ? "`=>` after `else`" : "`=>` after the pattern";
    if (!p->panic && parser_at(p, TOKEN_ARROW)) {
        Diag *diag = parser_expected_soft(p, what);
        diag_fix(p->diags, diag, parser_here(p), "=>", "write `=>`");
        parser_advance(p);
    } else if (!p->panic && parser_at(p, TOKEN_COLON)) {
        Diag *diag = parser_expected_soft(p, what);
        parser_fix_word(p, diag, parser_here(p), "=>", "write `=>`");
        parser_advance(p);
    } else if (parser_at_same_line(p, TOKEN_DO)) {
        Diag *diag = parser_expected_soft(p, what);
        parser_fix_word(p, diag, (Span){p->source->index, parser_here(p).start, parser_here(p).start}, "=>",
                        "add `=>`");
    } else {
        parser_expect(p, TOKEN_FAT_ARROW, what);
    }
    if (!p->panic && parser_at(p, TOKEN_LBRACE) && parser_peek(p, 1)->kind == TOKEN_RBRACE)
        arm->arm.body = parse_legacy_block(p);
    else
        arm->arm.body = p->panic ? parser_bad(p) : parse_simple_statement(p);
    return parser_done(p, arm);
}

static void parse_arms(Parser *p, Node *node, TokenKind close) {
    while (!p->stopped && !parser_at(p, close) && !parser_at(p, TOKEN_EOF) && !parser_at_outer_item(p)) {
        uint32_t start = p->s.pos;
        p->element_start = start;
        if (parser_at(p, TOKEN_END) || (parser_at(p, TOKEN_RBRACE) && close != TOKEN_RBRACE) ||
            parser_at(p, TOKEN_RPAREN) || parser_at(p, TOKEN_RBRACKET))
            break;
        Node *arm = parse_arm(p);
        VEC_PUSH(p->arena, &node->match.arms, arm);
        bool separated = !p->panic && (parser_accept(p, TOKEN_COMMA) || parser_starts_line(p) || parser_at(p, close));
        if (!separated && parser_at(p, TOKEN_SEMICOLON) && !p->panic) separated = legacy_semicolon(p);
        if (!separated) {
            parser_expected(p, "`,` or a new line between the arms of the match");
            parser_recover_element(p, close, start);
            (void)parser_accept(p, TOKEN_COMMA);
        }
        if (p->s.pos == start) parser_advance(p);
    }
}

Node *parse_match(Parser *p) {
    Node *node = parser_node(p, NODE_MATCH);
    parser_advance(p);
    Mode head = p->mode;
    p->mode.no_struct = true;
    p->heads++;
    node->match.subject = parse_expr(p);
    p->heads--;
    p->mode = head;
    uint32_t open = p->s.pos;
    TokenKind close = TOKEN_RBRACE;
    if (p->panic) {
        while (!parser_at(p, TOKEN_EOF) && !parser_token(p)->newline && !parser_at(p, TOKEN_LBRACE)) parser_advance(p);
        p->panic = p->stopped || !parser_at(p, TOKEN_LBRACE);
        open = p->s.pos;
    }
    Diag *list = NULL;
    if (!p->panic && parser_at(p, TOKEN_DO)) {
        close = foreign_open_list(p, &list);
        parser_advance(p);
    } else if (!parser_expect(p, TOKEN_LBRACE, "`{` after the value to match")) {
        return parser_done(p, node);
    }
    Surroundings saved = parser_enter_bracket(p);
    uint32_t ifs = p->ifs;
    p->ifs = 0;
    p->mode.newlines = true;
    p->mode.arm = true;
    parse_arms(p, node, close);
    p->ifs = ifs;
    p->mode.newlines = false;
    if (!foreign_close_list(p, close, list) &&
        !parser_expect_close(p, close, open, close == TOKEN_END ? "`end`" : "`}` after the arms of the match") &&
        !p->stopped)
        parser_recover_close(p, close);
    parser_leave_bracket(p, saved);
    return parser_done(p, node);
}

// ---- Jumps -------------------------------------------------------------------------------------

Node *parse_jump(Parser *p) {
    TokenKind word = parser_kind(p);
    Node *node = parser_node(p, word == TOKEN_RETURN  ? NODE_RETURN
                                : word == TOKEN_FAIL  ? NODE_FAIL
                                : word == TOKEN_BREAK ? NODE_BREAK
                                                      : NODE_CONTINUE);
    parser_advance(p);
    bool same_line = !parser_token(p)->newline;
    if (word != TOKEN_FAIL) foreign_postfix_condition(p);
    if (word == TOKEN_BREAK || word == TOKEN_CONTINUE) {
        if (same_line && parser_at(p, TOKEN_COLON) && parser_peek(p, 1)->kind == TOKEN_IDENT) {
            Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "a label is named without `:`");
            diag_fix(p->diags, diag, parser_here(p), "", "remove `:`");
            parser_advance(p);
            p->panic =
                p->panic || (!parser_peek(p, 1)->newline && parse_starts_expr((TokenKind)parser_peek(p, 1)->kind));
        }
        if (same_line && parser_at(p, TOKEN_IDENT)) {
            node->jump.label_span = parser_here(p);
            node->jump.label = parser_name(p, parser_token(p));
            parser_advance(p);
        }
    } else if (same_line && parser_at(p, TOKEN_DO) && p->heads > 0 && word == TOKEN_RETURN) {
        // The `do` belongs to the head around: `using x = e ?? return do`.
    } else if (same_line && parse_starts_expr(parser_kind(p))) {
        node->jump.value = parse_expr(p);
    } else if (word == TOKEN_FAIL) {
        node->jump.value = parser_bad(p);
        parser_expected(p, "an error after `fail`");
    }
    return parser_done(p, node);
}

// To what is not indented deeper than the line of `opener`; the `end` that closed it there, too, is passed over.
static void skip_rest_of_body(Parser *p, uint32_t opener) {
    uint32_t indent = parser_indent(p, p->s.items[opener].start);
    while (!parser_at(p, TOKEN_EOF) &&
           !(parser_token(p)->newline && parser_indent(p, parser_token(p)->start) <= indent))
        parser_advance(p);
    if (parser_at(p, TOKEN_END)) parser_advance(p);
}

// What may follow a function or test, however it is indented: lines mean nothing to the grammar.
static bool at_next_declaration(const Parser *p) {
    TokenKind kind = parser_kind(p);
    return parser_is_item_word(kind) || kind == TOKEN_CONST || kind == TOKEN_VAR || kind == TOKEN_RBRACE ||
           parser_at_branch_end(p) || parser_at_choice(p);
}

bool parser_early_end(Parser *p, uint32_t opener, const char *what) {
    const SigToken *end = parser_previous(p), *next = parser_token(p);
    if (p->panic || p->stopped || p->s.nested || end->kind != TOKEN_END || !end->newline || !next->newline ||
        next->kind == TOKEN_EOF || at_next_declaration(p))
        return false;
    uint32_t outer = parser_indent(p, p->s.items[opener].start), indent = parser_indent(p, end->start);
    bool goes_on =
        parser_indent(p, next->start) > outer || (next->kind == TOKEN_END && parser_indent(p, next->start) == outer);
    if (indent <= outer || !goes_on) return false;
    if (p->stray_else == p->item_start + 1) {
        // The `else` that lost its `if` to the same `end` has been reported.
        skip_rest_of_body(p, opener);
        return true;
    }
    Span span = parser_span(p, end);
    Diag *diag = parser_soft(p, DIAG_E0007, span,
                             "this `end` is one too many: it closes the %s, whose body seems to go on below", what);
    diag_note(p->diags, diag, parser_span(p, &p->s.items[opener]), "the %s begins here", what);
    const char *text = p->source->text.ptr;
    uint32_t line = span.start - indent;
    bool alone = text[span.end] == '\n' || (text[span.end] == '\r' && text[span.end + 1] == '\n');
    if (alone) span = (Span){span.file, line, span.end + (text[span.end] == '\r') + 1};
    diag_fix_likely(p->diags, diag, span, "", "remove it");
    skip_rest_of_body(p, opener);
    return true;
}
