// What follows a value: members, calls, brackets, `?`, `.*`, `.?` and the braces of a struct literal. Calls, brackets
// and braces never begin a line, so that the next statement is never taken for an argument list.
#include "syntax/foreign/foreign.h"

void parse_call_args(Parser *p, NodeList *out) {
    uint32_t open = p->s.pos, named = 0;
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    while (!p->panic && !parser_at(p, TOKEN_RPAREN)) {
        foreign_argument_name(p, &named);
        foreign_spread(p);
        Node *arg = parse_expr(p);
        VEC_PUSH(p->arena, out, arg);
        foreign_argument_end(p);
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    if (!parser_expect_close(p, TOKEN_RPAREN, open, "`,` or `)` after the argument"))
        parser_recover_close(p, TOKEN_RPAREN);
    parser_leave_bracket(p, saved);
}

bool parse_looks_like_struct_literal(const Parser *p) {
    const SigToken *first = parser_peek(p, 1), *second = parser_peek(p, 2), *third = parser_peek(p, 3);
    if (first->kind == TOKEN_IDENT && second->kind == TOKEN_COLON)
        return third->kind != TOKEN_WHILE && third->kind != TOKEN_FOR;
    if (first->kind == TOKEN_DOT_DOT) return true;
    if (first->kind != TOKEN_RBRACE) return false;
    if (!p->mode.head) return true;
    switch (second->kind) {
    case TOKEN_DO:
    case TOKEN_DOT:
    case TOKEN_EQ:
    case TOKEN_NE:
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_CATCH: return !second->newline;
    default: return false;
    }
}

// A name, a path or an instance of one; `*last` is the name it ends in.
static bool is_path(const Parser *p, const Node *node, const Name **last) {
    *last = NULL;
    for (;;) {
        switch (node->kind) {
        case NODE_NAME:
        case NODE_DOT_NAME:
            if (*last == NULL) *last = node->name.name;
            return node->name.name != p->discard && !str_equal_c(name_str(node->name.name), "self");
        case NODE_MEMBER:
            if (*last == NULL) *last = node->member.name;
            node = node->member.base;
            break;
        case NODE_BRACKET: node = node->bracket.base; break;
        default: return false;
        }
    }
}

// In the head of a match a literal stands in parentheses. One without is recognised by the `{` of the arms behind it.
static bool literal_without_parentheses(Parser *p, const Node *path) {
    if (!p->mode.no_struct || parser_token(p)->newline || !parse_looks_like_struct_literal(p)) return false;
    uint32_t depth = 0, ahead = 0;
    for (;; ahead++) {
        TokenKind kind = parser_peek(p, ahead)->kind;
        if (kind == TOKEN_EOF || kind == TOKEN_FAT_ARROW || ahead > 1000) return false;
        if (kind == TOKEN_LBRACE) depth++;
        if (kind == TOKEN_RBRACE && --depth == 0) break;
    }
    const SigToken *close = parser_peek(p, ahead), *arms = parser_peek(p, ahead + 1);
    if (arms->kind != TOKEN_LBRACE || arms->newline) return false;
    Span span = {p->source->index, path->span.start, close->end};
    Diag *diag = parser_soft(p, DIAG_E0007, span, "a literal in the head of a `match` stands in parentheses");
    diag_fix(p->diags, diag, (Span){span.file, span.start, span.start}, "(", "write `( )`");
    diag_fix(p->diags, diag, (Span){span.file, span.end, span.end}, ")", NULL);
    return true;
}

static bool at_struct_literal(Parser *p, const Node *base) {
    const Name *last;
    if (!parser_at(p, TOKEN_LBRACE) || parser_token(p)->newline || !is_path(p, base, &last)) return false;
    if (p->mode.no_struct) return literal_without_parentheses(p, base);
    if (parse_looks_like_struct_literal(p)) return true;
    bool type_name = last->text[0] >= 'A' && last->text[0] <= 'Z';
    return !p->mode.head && type_name;
}

static Node *parse_field_init(Parser *p) {
    Node *field = parser_node(p, NODE_FIELD_INIT);
    bool dotted = foreign_dotted_field(p);
    const SigToken *name_token = parser_token(p);
    if (parse_starts_expr(parser_kind(p)) && !parser_at(p, TOKEN_IDENT))
        parser_expected(p, "a field name; a literal names its fields: `x: value`");
    field->field_init.name = parser_expect_name(p, &field->field_init.name_span, "a field name");
    if (!p->panic && (parser_at(p, TOKEN_COMMA) || parser_at(p, TOKEN_RBRACE))) {
        Str name = parser_text(p, name_token);
        Span span = field->field_init.name_span;
        Diag *diag = parser_soft(p, DIAG_E0007, span, "expected `:` and a value after the field name `" STR_FMT "`",
                                 STR_ARG(name));
        diag_fix(p->diags, diag, (Span){span.file, span.end, span.end},
                 arena_printf(p->arena, ": " STR_FMT, STR_ARG(name)), "give the field the variable of its name");
        field->field_init.value = parser_bad(p);
        return parser_done(p, field);
    }
    if (!p->panic && parser_at(p, TOKEN_ASSIGN)) {
        if (!dotted) foreign_field_equals(p);
        parser_advance(p);
    } else {
        parser_expect(p, TOKEN_COLON, "`:` after the field name");
    }
    field->field_init.value = parse_expr(p);
    return parser_done(p, field);
}

// At `{`.
static Node *parse_struct_literal(Parser *p, Node *type) {
    Node *node = parser_node_from(p, NODE_STRUCT_LIT, type);
    uint32_t open = p->s.pos;
    node->struct_lit.type = type;
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    while (!p->panic && !parser_at(p, TOKEN_RBRACE)) {
        if (parser_accept(p, TOKEN_DOT_DOT)) {
            node->struct_lit.has_defaults = true;
            if (parser_is_word(p, parser_token(p), "defaults"))
                parser_advance(p);
            else
                parser_expected(p, "`defaults` after `..`");
            (void)parser_accept(p, TOKEN_COMMA);
            break;
        }
        Node *field = parse_field_init(p);
        VEC_PUSH(p->arena, &node->struct_lit.fields, field);
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    if (!parser_expect_close(p, TOKEN_RBRACE, open,
                             node->struct_lit.has_defaults ? "`}` after `..defaults`" : "`,` or `}` after the field"))
        parser_recover_close(p, TOKEN_RBRACE);
    parser_leave_bracket(p, saved);
    return parser_done(p, node);
}

static Node *parse_member(Parser *p, Node *base, NodeKind kind) {
    Node *node = parser_node_from(p, kind, base);
    node->member.base = base;
    parser_advance(p);
    if (kind == NODE_MEMBER && foreign_bare_point(p, base)) {
        node->kind = NODE_BAD;
        return parser_done(p, node);
    }
    const char *what = kind == NODE_MEMBER ? "a field or method name after `.`" : "a field name after `?.`";
    node->member.name = parser_expect_member(p, &node->member.name_span, what);
    return parser_done(p, node);
}

static Node *parse_suffix_mark(Parser *p, Node *base, NodeKind kind) {
    Node *node = parser_node_from(p, kind, base);
    node->operand.operand = base;
    parser_advance(p);
    return parser_done(p, node);
}

static Node *parse_call(Parser *p, Node *callee) {
    Node *node = parser_node_from(p, NODE_CALL, callee);
    node->call.callee = callee;
    parse_call_args(p, &node->call.args);
    return parser_done(p, node);
}

static Node *parse_bracket(Parser *p, Node *base, bool angle) {
    Node *node = parser_node_from(p, NODE_BRACKET, base);
    node->bracket.base = base;
    if (angle)
        legacy_angle_args(p, &node->bracket.args);
    else
        parse_bracket_args(p, &node->bracket.args);
    return parser_done(p, node);
}

// `a::b`, `f::<T>`
static Node *parse_colons(Parser *p, Node *base) {
    if (foreign_path_separator(p)) return parse_member(p, base, NODE_MEMBER);
    Node *node = parser_node_from(p, NODE_BRACKET, base);
    node->bracket.base = base;
    return foreign_turbofish(p, &node->bracket.args) ? parser_done(p, node) : NULL;
}

// One step further, or NULL when nothing follows.
static Node *parse_suffix(Parser *p, Node *base) {
    bool same_line = !parser_token(p)->newline;
    switch (parser_kind(p)) {
    case TOKEN_ARROW: return foreign_arrow(p) ? parse_member(p, base, NODE_MEMBER) : NULL;
    case TOKEN_COLON: return parse_colons(p, base);
    case TOKEN_PLUS:
    case TOKEN_MINUS: return foreign_step(p, base) ? base : NULL;
    case TOKEN_BANG: return foreign_macro_mark(p, base) ? base : NULL;
    case TOKEN_DOT: return parse_member(p, base, NODE_MEMBER);
    case TOKEN_QUESTION_DOT: return parse_member(p, base, NODE_OPT_MEMBER);
    case TOKEN_DOT_STAR: return parse_suffix_mark(p, base, NODE_DEREF);
    case TOKEN_DOT_QUESTION: return parse_suffix_mark(p, base, NODE_UNWRAP);
    case TOKEN_QUESTION:
        if (same_line && foreign_ternary(p)) return base;
        return parse_suffix_mark(p, base, NODE_TRY);
    case TOKEN_LPAREN: return same_line ? parse_call(p, base) : NULL;
    case TOKEN_LBRACKET: return same_line ? parse_bracket(p, base, false) : NULL;
    case TOKEN_LT: return legacy_at_angle_call(p) ? parse_bracket(p, base, true) : NULL;
    case TOKEN_LBRACE:
        if (foreign_typed_array(p, base)) return parser_bad(p);
        return at_struct_literal(p, base) ? parse_struct_literal(p, base) : NULL;
    default: return NULL;
    }
}

Node *parse_postfix(Parser *p, Node *base, bool until_call) {
    switch (base->kind) {
    case NODE_RETURN:
    case NODE_FAIL:
    case NODE_BREAK:
    case NODE_CONTINUE: return base;
    default: break;
    }
    while (!p->panic && parse_continues(p)) {
        Node *next = parse_suffix(p, base);
        if (next == NULL || !parser_chain(p)) break;
        base = next;
        if (until_call && base->kind == NODE_CALL) break;
    }
    return base;
}
