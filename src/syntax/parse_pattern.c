// Patterns: of match arms, `if let` and `while let`. A lone name binds; a path with a dot, parentheses or braces names
// a variant or a struct; whether such a name exists is the checker's question.
#include "syntax/foreign/foreign.h"

static Node *parse_pattern_path(Parser *p);

static Node *parse_pattern_number(Parser *p) {
    Node *sign = parser_at(p, TOKEN_MINUS) ? parser_node(p, NODE_UNARY) : NULL;
    if (sign) {
        parser_advance(p);
        sign->unary.op = UNARY_NEG;
    }
    if (sign && !parser_at(p, TOKEN_INT) && !parser_at(p, TOKEN_FLOAT)) {
        Node *bad = parser_bad(p);
        parser_expected(p, "a number after `-`");
        return bad;
    }
    Node *value = parse_literal(p);
    if (!sign) return value;
    sign->unary.operand = value;
    return parser_done(p, sign);
}

static bool is_literal(TokenKind kind) {
    switch (kind) {
    case TOKEN_INT:
    case TOKEN_FLOAT:
    case TOKEN_CHAR:
    case TOKEN_STRING:
    case TOKEN_STRING_BLOCK:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_MINUS: return true;
    default: return false;
    }
}

static bool at_range(const Parser *p) { return parser_at(p, TOKEN_DOT_DOT) || parser_at(p, TOKEN_DOT_DOT_LT); }

// What can stand behind a pattern, and so behind a range without an end.
static bool ends_pattern(TokenKind kind) {
    switch (kind) {
    case TOKEN_FAT_ARROW:
    case TOKEN_WHEN:
    case TOKEN_PIPE:
    case TOKEN_COMMA:
    case TOKEN_RPAREN:
    case TOKEN_RBRACE:
    case TOKEN_ASSIGN: return true;
    default: return false;
    }
}

// At the `..` or `..<` behind `low`, which is NULL in `..9`. An end is a number or the path of a constant.
static Node *parse_range_pattern(Parser *p, Node *low) {
    Node *node = low ? parser_node_from(p, NODE_PAT_RANGE, low) : parser_node(p, NODE_PAT_RANGE);
    node->pat_range.low = low;
    node->pat_range.inclusive = parser_at(p, TOKEN_DOT_DOT);
    parser_advance(p);
    foreign_range_mark(p);
    if (is_literal(parser_kind(p))) {
        node->pat_range.high = parse_pattern_number(p);
    } else if (parser_at(p, TOKEN_IDENT)) {
        node->pat_range.high = parse_pattern_path(p);
    } else if (!low || !node->pat_range.inclusive || !ends_pattern(parser_kind(p))) {
        node->pat_range.high = parser_bad(p);
        parser_expected(p, "the end of the range");
    }
    return parser_done(p, node);
}

static Node *parse_value_pattern(Parser *p) {
    Node *value = parse_pattern_number(p);
    if (!p->panic && at_range(p)) return parse_range_pattern(p, value);
    Node *node = parser_node_from(p, NODE_PAT_VALUE, value);
    node->pat_value.value = value;
    return parser_done(p, node);
}

static void parse_pattern_fields(Parser *p, Node *node) {
    uint32_t open = p->s.pos;
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    node->pat_variant.has_fields = true;
    while (!p->panic && !parser_at(p, TOKEN_RBRACE)) {
        if (parser_accept(p, TOKEN_DOT_DOT)) {
            node->pat_variant.has_rest = true;
            (void)parser_accept(p, TOKEN_COMMA);
            break;
        }
        Node *field = parser_node(p, NODE_PAT_FIELD);
        field->pat_field.name = parser_expect_name(p, &field->pat_field.name_span, "a field name or `..`");
        if (parser_accept(p, TOKEN_COLON)) field->pat_field.pattern = parse_pattern(p);
        parser_done(p, field);
        VEC_PUSH(p->arena, &node->pat_variant.fields, field);
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    const char *what = node->pat_variant.has_rest ? "`}` after `..`" : "`,` or `}` after the field";
    if (!parser_expect_close(p, TOKEN_RBRACE, open, what)) parser_recover_close(p, TOKEN_RBRACE);
    parser_leave_bracket(p, saved);
}

static void parse_pattern_tuple(Parser *p, Node *node) {
    uint32_t open = p->s.pos;
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    node->pat_variant.has_tuple = true;
    while (!p->panic && !parser_at(p, TOKEN_RPAREN)) {
        Node *element = parse_pattern(p);
        VEC_PUSH(p->arena, &node->pat_variant.fields, element);
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    if (!parser_expect_close(p, TOKEN_RPAREN, open, "`,` or `)` in the pattern")) parser_recover_close(p, TOKEN_RPAREN);
    parser_leave_bracket(p, saved);
}

// The name or path a pattern begins with, as an expression: `x`, `.Put`, `Color.Red`, `Tree[i64].Leaf`.
static Node *parse_pattern_path(Parser *p) {
    Node *path = parser_node(p, parser_at(p, TOKEN_DOT) ? NODE_DOT_NAME : NODE_NAME);
    if (path->kind == NODE_DOT_NAME) {
        Span span;
        parser_advance(p);
        path->name.name = parser_expect_member(p, &span, "a variant name after `.`");
    } else {
        path->name.name = parser_name(p, parser_token(p));
        parser_advance(p);
    }
    parser_done(p, path);
    uint32_t saved = parser_scope(p);
    while (!p->panic && !parser_starts_line(p) && parser_chain(p)) {
        Node *outer;
        if (parser_at(p, TOKEN_DOT) || (parser_at(p, TOKEN_COLON) && foreign_path_separator(p))) {
            outer = parser_node_from(p, NODE_MEMBER, path);
            parser_advance(p);
            outer->member.base = path;
            outer->member.name = parser_expect_member(p, &outer->member.name_span, "a name after `.`");
        } else if (parser_at(p, TOKEN_LBRACKET)) {
            outer = parser_node_from(p, NODE_BRACKET, path);
            outer->bracket.base = path;
            parse_bracket_args(p, &outer->bracket.args);
        } else {
            break;
        }
        path = parser_done(p, outer);
    }
    parser_scope_end(p, saved);
    return path;
}

// In the head of a match nothing else could follow a pattern but `=>`, `when` and `|`, so a brace belongs to it.
static Node *parse_path_pattern(Parser *p) {
    Node *path = parse_pattern_path(p);
    if (!p->panic && at_range(p) && !parser_starts_line(p)) return parse_range_pattern(p, path);
    Node *node = parser_node_from(p, NODE_PAT_VARIANT, path);
    if (!p->panic && parser_at_same_line(p, TOKEN_LPAREN)) {
        parse_pattern_tuple(p, node);
    } else if (!p->panic && parser_at_same_line(p, TOKEN_LBRACE)) {
        parse_pattern_fields(p, node);
    } else if (path->kind == NODE_NAME) {
        node->kind = path->name.name == p->discard ? NODE_PAT_WILDCARD : NODE_PAT_NAME;
        node->pat_name.name = path->name.name;
        return parser_done(p, node);
    }
    node->pat_variant.path = path;
    return parser_done(p, node);
}

static Node *parse_single_pattern(Parser *p) {
    TokenKind kind = parser_kind(p);
    if (is_literal(kind)) return parse_value_pattern(p);
    if (kind == TOKEN_NULL_KW) {
        Node *node = parser_node(p, NODE_PAT_NULL);
        parser_advance(p);
        return parser_done(p, node);
    }
    if (kind == TOKEN_IDENT || kind == TOKEN_DOT || kind == TOKEN_SELF_TYPE) return parse_path_pattern(p);
    if (kind == TOKEN_LPAREN) {
        uint32_t open = p->s.pos;
        parser_advance(p);
        Surroundings saved = parser_enter_bracket(p);
        Node *inner = parse_pattern(p);
        if (!parser_expect_close(p, TOKEN_RPAREN, open, "`)` after the pattern")) parser_recover_close(p, TOKEN_RPAREN);
        parser_leave_bracket(p, saved);
        return inner;
    }
    if (kind == TOKEN_DOT_DOT_LT || (kind == TOKEN_DOT_DOT && !ends_pattern(parser_peek(p, 1)->kind)))
        return parse_range_pattern(p, NULL);
    if (kind == TOKEN_COLON && foreign_path_root(p)) return parse_path_pattern(p);
    Node *bad = parser_bad(p);
    Diag *diag = parser_expected(p, "a pattern");
    if (diag && kind == TOKEN_DOT_DOT)
        diag_note(p->diags, diag, (Span){0}, "`..` leaves out fields with names; `_` stands for a value without one");
    if (diag && (kind == TOKEN_STAR || kind == TOKEN_AMP || kind == TOKEN_VAR))
        diag_note(p->diags, diag, (Span){0}, "a pattern binds copies; to change what it matched, assign that anew");
    return bad;
}

Node *parse_pattern(Parser *p) {
    if (p->panic) return parser_bad(p);
    if (!parser_enter(p)) {
        parser_leave(p);
        return parser_bad(p);
    }
    Node *first = parse_single_pattern(p);
    if (!p->panic && parser_at(p, TOKEN_PIPE)) {
        Node *node = parser_node_from(p, NODE_PAT_OR, first);
        VEC_PUSH(p->arena, &node->pat_or.alternatives, first);
        while (parser_accept(p, TOKEN_PIPE)) {
            Node *next = parse_single_pattern(p);
            VEC_PUSH(p->arena, &node->pat_or.alternatives, next);
        }
        first = parser_done(p, node);
    }
    parser_leave(p);
    return first;
}
