// Statements, and the lists of them that blocks are. A list ends at `end`, `else`, a closing bracket of what is around
// it, or a keyword at column 1 that can only begin an item; its caller says what was missing.
#include "syntax/foreign/foreign.h"

// A variant or a struct in the place of the name: no other declaration has a dot, a parenthesis or a brace there.
static bool at_let_pattern(const Parser *p) {
    if (parser_token(p)->newline) return false;
    if (parser_at(p, TOKEN_DOT)) return parser_peek(p, 1)->kind == TOKEN_IDENT;
    const SigToken *next = parser_peek(p, 1);
    if (!parser_at(p, TOKEN_IDENT) || next->newline) return false;
    if (next->kind == TOKEN_LPAREN) return parser_adjacent(parser_token(p), next);
    return next->kind == TOKEN_LBRACE || next->kind == TOKEN_DOT;
}

// `let Some(x) = f()`, also with the `else` that other languages put there: read to its end, so that it is one mistake.
static void parse_let_pattern(Parser *p, Node *node) {
    Node *pattern = parse_pattern(p);
    if (p->panic) return;
    bool is_struct = pattern->kind == NODE_PAT_VARIANT && pattern->pat_variant.has_fields;
    Diag *diag = parser_soft(p, DIAG_E0007, pattern->span, "`%s` binds one name, this is a pattern",
                             node->let.is_var ? "var" : "let");
    diag_note(p->diags, diag, (Span){0},
              is_struct ? "name the whole value, and reach its parts as fields"
                        : "a pattern stands in `if let … = value do`, `while let` or `match`");
    if (parser_at_same_line(p, TOKEN_ASSIGN)) {
        parser_advance(p);
        parse_expr(p);
    }
    node->let.value = parser_bad(p);
    if (foreign_skip_else(p)) return;
    bool has_body = parser_peek(p, 1)->kind == TOKEN_DO;
    if (p->panic || !parser_at_same_line(p, TOKEN_ELSE) || (p->ifs > 0 && !has_body)) return;
    uint32_t opener = p->s.pos;
    parser_advance(p);
    if (has_body)
        parse_body(p, "`else`", opener, "`else`");
    else
        parse_simple_statement(p);
}

static Node *parse_let(Parser *p, NodeList attrs) {
    Node *node = parser_node(p, NODE_LET);
    bool is_var = parser_at(p, TOKEN_VAR);
    node->let.is_var = is_var;
    node->let.attrs = attrs;
    parser_advance(p);
    if (parser_is_word(p, parser_token(p), "mut") && parser_peek(p, 1)->kind == TOKEN_IDENT) {
        Diag *diag =
            parser_soft(p, DIAG_E0007, parser_here(p),
                        "expected a name after `let`, found `mut`; a variable that changes is declared with `var`");
        diag_fix(p->diags, diag, span_join(node->span, parser_here(p)), "var", "write `var`");
        node->let.is_var = is_var = true;
        parser_advance(p);
    }
    if (!p->panic && !parser_token(p)->newline && (parser_at(p, TOKEN_LPAREN) || parser_at(p, TOKEN_LBRACKET)))
        parser_error(p, DIAG_E0016, parser_here(p),
                     "`%s` binds one name; there are no tuples, and a struct's parts are its fields",
                     is_var ? "var" : "let");
    if (!p->panic && at_let_pattern(p)) {
        parse_let_pattern(p, node);
        return parser_done(p, node);
    }
    node->let.name = parser_expect_name(p, &node->let.name_span, is_var ? "a name after `var`" : "a name after `let`");
    if (!parser_starts_line(p) && parser_accept(p, TOKEN_COLON)) node->let.type = parse_type(p, "a type after `:`");
    if (!p->panic && parser_at_same_line(p, TOKEN_COMMA))
        parser_error(p, DIAG_E0016, parser_here(p),
                     "`%s` binds one name; write a declaration for each, and reach the parts of a struct as fields",
                     is_var ? "var" : "let");
    (void)parser_take_line_start(p, TOKEN_ASSIGN);
    legacy_declared_walrus(p);
    if (p->panic) {
        node->let.value = parser_bad(p);
    } else if (parser_at_same_line(p, TOKEN_ASSIGN)) {
        parser_advance(p);
        node->let.value = parse_expr(p);
        (void)foreign_let_else(p);
    } else {
        node->let.value = parser_bad(p);
        if (parser_starts_line(p) || parser_at(p, TOKEN_END) || parser_at(p, TOKEN_EOF))
            parser_error(p, DIAG_E0007, node->let.name_span,
                         "`" STR_FMT "` needs a value: write `= …`, or `= undefined` to leave it unset",
                         STR_ARG(name_str(node->let.name)));
        else
            parser_expected(p, node->let.type ? "`=` after the type" : "`:` or `=` after the name");
    }
    return parser_done(p, node);
}

// `name := value`, read as a declaration.
static Node *parse_walrus(Parser *p) {
    Node *node = parser_node(p, NODE_LET);
    node->let.name = parser_name(p, parser_token(p));
    node->let.name_span = parser_here(p);
    legacy_report_walrus(p, &node->let.is_var);
    parser_advance(p);
    parser_advance(p);
    node->let.value = parse_expr(p);
    return parser_done(p, node);
}

static bool assignment_of(TokenKind kind, BinaryOp *op) {
    switch (kind) {
    case TOKEN_ASSIGN: return *op = BINARY_NONE, true;
#define COMPOUND(kind, token)                                                                                          \
    case TOKEN_##token: return *op = BINARY_##kind, true;
#include "syntax/operators.def"
    default: return false;
    }
}

// Only these may be skipped by a condition; anything else would leave a reader to guess what is.
static bool takes_when(const Node *node) {
    switch (node->kind) {
    case NODE_RETURN:
    case NODE_FAIL:
    case NODE_BREAK:
    case NODE_CONTINUE:
    case NODE_CALL:
    case NODE_INTRINSIC:
    case NODE_PIPELINE:
    case NODE_BAD: return true;
    case NODE_TRY: return takes_when(node->operand.operand);
    default: return false;
    }
}

Node *parse_simple_statement(Parser *p) {
    Node *node = parse_expr(p);
    BinaryOp op;
    if (!p->panic && !parser_starts_line(p) && assignment_of(parser_kind(p), &op)) {
        Node *assign = parser_node_from(p, NODE_ASSIGN, node);
        assign->binary.op = op;
        assign->binary.op_span = parser_here(p);
        assign->binary.left = node;
        parser_advance(p);
        assign->binary.right = parse_expr(p);
        node = parser_done(p, assign);
        if (!p->panic && !parser_starts_line(p) && assignment_of(parser_kind(p), &op))
            parser_error(p, DIAG_E0007, parser_here(p),
                         "an assignment is a statement and has no value to assign again");
    }
    foreign_send(p, node);
    foreign_postfix_condition(p);
    if (p->panic || !parser_at_same_line(p, TOKEN_WHEN)) return node;
    Node *when = parser_node_from(p, NODE_WHEN, node);
    if (!takes_when(node))
        parser_soft(p, DIAG_E0013, parser_here(p),
                    "`when` can follow `return`, `break`, `continue`, `fail` and calls only; use `if` here");
    parser_advance(p);
    when->when.statement = node;
    when->when.condition = parse_expr(p);
    return parser_done(p, when);
}

static Node *parse_labelled(Parser *p) {
    const Name *label = parser_name(p, parser_token(p));
    Span span = parser_here(p);
    Node *start = parser_bad(p);
    if (label == p->discard) parser_soft(p, DIAG_E0007, span, "expected the name of a loop; `_` only discards a value");
    parser_advance(p);
    parser_advance(p);
    Node *loop = parser_at(p, TOKEN_WHILE) ? parse_while(p) : parse_for(p);
    if (loop->kind == NODE_WHILE) {
        loop->while_loop.label = label;
        loop->while_loop.label_span = span;
    } else {
        loop->for_loop.label = label;
        loop->for_loop.label_span = span;
    }
    loop->first_token = start->first_token;
    loop->span.start = start->span.start;
    return loop;
}

static Node *parse_defer(Parser *p) {
    Node *node = parser_node(p, NODE_DEFER);
    parser_advance(p);
    if (parser_starts_line(p) || !parse_starts_expr(parser_kind(p))) {
        node->operand.operand = parser_bad(p);
        parser_expected(p, "an expression or `do` after `defer`");
    } else {
        node->operand.operand = parse_simple_statement(p);
    }
    return parser_done(p, node);
}

static const char *misplaced_item(const Parser *p) {
    switch (parser_kind(p)) {
    case TOKEN_FUNC: return parser_peek(p, 1)->kind == TOKEN_IDENT ? "a function" : NULL;
    case TOKEN_STRUCT: return "a struct";
    case TOKEN_ENUM: return "an enum";
    case TOKEN_ERROR_KW: return "an error set";
    case TOKEN_TRAIT: return "a trait";
    case TOKEN_IMPL: return "an `impl` block";
    case TOKEN_USE: return "a `use`";
    case TOKEN_TEST: return "a test";
    case TOKEN_TYPE: return "a type alias";
    case TOKEN_EXTERN:
    case TOKEN_EXPORT:
    case TOKEN_PUB:
    case TOKEN_UNIQUE: return "a declaration of this kind";
    case TOKEN_PROFILE: return "the profile";
    default: return NULL;
    }
}

// Read whole, so that its own `end`s do not end the block it stands in.
static Node *parse_misplaced_item(Parser *p, const char *what) {
    Node *bad = parser_bad(p);
    parser_soft(p, DIAG_E0013, parser_here(p), "%s is declared in a module, not inside a function", what);
    if (parser_enter(p)) parse_item(p);
    parser_leave(p);
    return parser_done(p, bad);
}

Node *parse_statement(Parser *p) {
    Node *foreign;
    if (foreign_statement(p, &foreign)) return foreign;
    const SigToken *token = parser_token(p), *next = parser_peek(p, 1), *third = parser_peek(p, 2);
    const char *item = misplaced_item(p);
    if (item) return parse_misplaced_item(p, item);
    switch (token->kind) {
    case TOKEN_LET:
    case TOKEN_VAR: return parse_let(p, (NodeList){0});
    case TOKEN_CONST: return parse_const(p, (NodeList){0});
    case TOKEN_LATTR: {
        NodeList attrs = {0};
        Node *start = parser_bad(p);
        parse_attributes(p, &attrs);
        if (p->panic) return start;
        bool is_const = parser_at(p, TOKEN_CONST);
        if (!is_const && !parser_at(p, TOKEN_LET) && !parser_at(p, TOKEN_VAR)) {
            parser_soft(p, DIAG_E0014, parser_done(p, start)->span, "attributes stand before a declaration");
            return parser_starts_line(p) || parser_at(p, TOKEN_END) ? start : parse_statement(p);
        }
        Node *node = is_const ? parse_const(p, attrs) : parse_let(p, attrs);
        node->first_token = start->first_token;
        node->span.start = start->span.start;
        return node;
    }
    case TOKEN_DEFER: return parse_defer(p);
    case TOKEN_IDENT:
        if (next->kind == TOKEN_COLON && (third->kind == TOKEN_WHILE || third->kind == TOKEN_FOR))
            return parse_labelled(p);
        if (legacy_at_walrus(p)) return parse_walrus(p);
        return parse_simple_statement(p);
    default: return parse_simple_statement(p);
    }
}

// A lone word before the mistake is often a keyword with a typing error in it.
static void suggest_keyword(Parser *p, Diag *diag, const Node *statement) {
    static const char *const WORDS[] = {"if",     "while", "for",   "match", "let", "var",
                                        "return", "using", "defer", "fail",  "else"};
    if (statement->kind != NODE_NAME) return;
    Str name = name_str(statement->name.name);
    if (str_equal_c(name, "elif") || str_equal_c(name, "elseif")) {
        diag_note(p->diags, diag, statement->span, "another condition is written `else if`");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(WORDS) && name.len < 16; i++) {
        if (name.len > 2 && str_edit_distance(name, str_from(WORDS[i])) == 1) {
            diag_note(p->diags, diag, statement->span, "did you mean `%s`?", WORDS[i]);
            return;
        }
    }
}

static void finish_statement(Parser *p, const Node *statement, uint32_t start) {
    if (p->panic) {
        parser_recover_statement(p, start);
        return;
    }
    TokenKind kind = parser_kind(p);
    if (parser_token(p)->newline || kind == TOKEN_END || kind == TOKEN_ELSE || kind == TOKEN_EOF ||
        kind == TOKEN_RBRACE)
        return;
    if (parser_in_list(p) && (kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET || kind == TOKEN_COMMA)) return;
    if (kind == TOKEN_SEMICOLON) {
        legacy_semicolon(p);
        return;
    }
    if (kind == TOKEN_WHEN) {
        parser_error(p, DIAG_E0013, parser_here(p),
                     "`when` can follow `return`, `break`, `continue`, `fail` and calls only; use `if` here");
    } else if (kind == TOKEN_IDENT && statement->kind == NODE_NAME && parser_is_word(p, parser_token(p), "then")) {
        parser_expected(p, "the end of the line after the statement");
    } else if (!foreign_statement_end(p, statement)) {
        suggest_keyword(p, parser_expected(p, "the end of the line after the statement"), statement);
    }
    parser_recover_statement(p, start);
}

// True at an `else` that belongs to no `if`, which has then been reported and passed over.
static bool skip_stray_else(Parser *p) {
    if (!parser_at(p, TOKEN_ELSE) || p->ifs > 0) return false;
    parser_soft(p, DIAG_E0007, parser_here(p), "this `else` belongs to no `if`");
    p->stray_else = p->item_start + 1;
    parser_advance(p);
    return true;
}

void parse_statements(Parser *p, NodeList *out, bool braces) {
    while (!p->stopped && !parser_at(p, TOKEN_EOF) && !parser_at(p, TOKEN_END) && !parser_at_outer_item(p)) {
        TokenKind kind = parser_kind(p);
        if (kind == TOKEN_RBRACE) break;
        if (parser_in_list(p) && (kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET || kind == TOKEN_COMMA)) break;
        if (kind == TOKEN_SEMICOLON) {
            legacy_semicolon(p);
            continue;
        }
        if (kind == TOKEN_IDENT && !braces && p->ifs > 0 && foreign_at_elif(p)) break;
        if (kind == TOKEN_ELSE) {
            if (!braces && skip_stray_else(p)) continue;
            break;
        }
        uint32_t start = p->s.pos;
        p->element_start = start;
        Node *statement = parse_statement(p);
        VEC_PUSH(p->arena, out, statement);
        finish_statement(p, statement, start);
        if (p->s.pos == start) parser_advance(p);
    }
}
