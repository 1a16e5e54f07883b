// Type forms, and the arguments in brackets that may be types, expressions or ranges. Types are expressions: a name or
// a path is the same node in either role, and what `x[…]` means is decided by the checker.
#include "syntax/foreign/foreign.h"

bool parse_starts_type(const Parser *p, uint32_t ahead) {
    for (;; ahead++) {
        const SigToken *token = parser_peek(p, ahead);
        if (token->newline) return false;
        switch (token->kind) {
        case TOKEN_IDENT:
        case TOKEN_SELF_TYPE:
        case TOKEN_STAR:
        case TOKEN_QUESTION:
        case TOKEN_FUNC:
        case TOKEN_LPAREN:
        case TOKEN_QUESTION_QUESTION: return true;
        case TOKEN_LBRACKET: {
            // `[a][b]T` is a type, `[a][b]` indexes a literal: what follows the second bracket tells.
            uint32_t depth = 0;
            do {
                TokenKind kind = (TokenKind)parser_peek(p, ahead)->kind;
                if (kind == TOKEN_EOF) return false;
                depth += kind == TOKEN_LBRACKET || kind == TOKEN_LPAREN || kind == TOKEN_LBRACE;
                depth -= kind == TOKEN_RBRACKET || kind == TOKEN_RPAREN || kind == TOKEN_RBRACE;
                ahead++;
            } while (depth > 0);
            if (parser_peek(p, ahead)->kind == TOKEN_CONST) return true;
            ahead--;
            break;
        }
        default: return false;
        }
    }
}

static Node *parse_type_path(Parser *p) {
    Node *node = parser_node(p, NODE_NAME);
    node->name.name = parser_name(p, parser_token(p));
    parser_advance(p);
    parser_done(p, node);
    uint32_t saved = parser_scope(p);
    while (!p->panic && (!parser_starts_line(p) || parser_at(p, TOKEN_DOT)) && parser_chain(p)) {
        if (parser_at(p, TOKEN_LBRACKET) && parser_peek(p, 1)->kind == TOKEN_RBRACKET) break;
        if (parser_at(p, TOKEN_DOT) || (parser_at(p, TOKEN_COLON) && foreign_path_separator(p))) {
            Node *member = parser_node_from(p, NODE_MEMBER, node);
            parser_advance(p);
            member->member.base = node;
            member->member.name = parser_expect_name(p, &member->member.name_span, "a name after `.`");
            node = parser_done(p, member);
        } else if (parser_at(p, TOKEN_LBRACKET) || (parser_at(p, TOKEN_LT) && !p->mode.no_angle)) {
            Node *bracket = parser_node_from(p, NODE_BRACKET, node);
            bracket->bracket.base = node;
            if (parser_at(p, TOKEN_LBRACKET))
                parse_bracket_args(p, &bracket->bracket.args);
            else
                legacy_angle_args(p, &bracket->bracket.args);
            node = parser_done(p, bracket);
        } else {
            break;
        }
    }
    parser_scope_end(p, saved);
    return node;
}

// At `[`.
static Node *parse_array_or_slice(Parser *p) {
    Node *node = parser_node(p, NODE_TYPE_SLICE);
    uint32_t open = p->s.pos;
    parser_advance(p);
    if (parser_accept(p, TOKEN_RBRACKET) || foreign_many_pointer(p)) {
        node->type_ptr.is_const = parser_accept(p, TOKEN_CONST);
        node->type_ptr.element = parse_type_prefix(p, "the element type of the slice");
        return parser_done(p, node);
    }
    node->kind = NODE_TYPE_ARRAY;
    Surroundings saved = parser_enter_bracket(p);
    node->type_array.length = parse_expr(p);
    if (foreign_array_type(p, open, node)) {
        if (p->panic) parser_recover_close(p, TOKEN_RBRACKET);
        parser_leave_bracket(p, saved);
        return parser_done(p, node);
    }
    if (!parser_expect_close(p, TOKEN_RBRACKET, open, "`]` after the array's length"))
        parser_recover_close(p, TOKEN_RBRACKET);
    parser_leave_bracket(p, saved);
    node->type_array.element = parse_type_prefix(p, "the element type of the array");
    return parser_done(p, node);
}

static Node *parse_func_type(Parser *p) {
    Node *node = parser_node(p, NODE_TYPE_FUNC);
    parser_advance(p);
    if (parser_at_same_line(p, TOKEN_IDENT)) {
        parser_error(p, DIAG_E0013, parser_here(p),
                     "a function with a name is declared in a module, not inside an expression");
        return parser_done(p, node);
    }
    uint32_t open = p->s.pos;
    if (!parser_expect(p, TOKEN_LPAREN, "`(` and the parameter types after `func`")) return parser_done(p, node);
    Surroundings saved = parser_enter_bracket(p);
    bool reported = false;
    while (!p->panic && !parser_at(p, TOKEN_RPAREN)) {
        Node *param = parse_type(p, "a parameter type");
        VEC_PUSH(p->arena, &node->type_func.params, param);
        if (param->kind == NODE_NAME && parser_accept(p, TOKEN_COLON)) {
            if (!reported)
                parser_soft(p, DIAG_E0016, param->span,
                            "a function type lists types only, and functions without a name are not supported");
            reported = true;
            parse_type(p, "a type after `:`");
        }
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    if (!parser_expect_close(p, TOKEN_RPAREN, open, "`,` or `)` after the parameter type"))
        parser_recover_close(p, TOKEN_RPAREN);
    parser_leave_bracket(p, saved);
    if (!parser_starts_line(p) && parser_accept(p, TOKEN_ARROW))
        node->type_func.result = parse_type(p, "the result type after `->`");
    if (!p->panic && !p->mode.head && p->heads == 0 && parser_at_same_line(p, TOKEN_DO)) {
        if (!reported) parser_soft(p, DIAG_E0016, node->span, "functions without a name are not supported");
        node->kind = NODE_BAD;
        parse_body(p, "the result type", p->s.pos, "function");
    }
    return parser_done(p, node);
}

static Node *parse_optional(Parser *p, const char *what) {
    Node *outer = parser_node(p, NODE_TYPE_OPTIONAL), *inner = outer;
    if (parser_at(p, TOKEN_QUESTION_QUESTION)) {
        inner = parser_node(p, NODE_TYPE_OPTIONAL);
        inner->span.start++;
        outer->type_optional.element = inner;
    }
    parser_advance(p);
    inner->type_optional.element = parse_type_prefix(p, what);
    parser_done(p, inner);
    return parser_done(p, outer);
}

static Node *parse_type_form(Parser *p, const char *what) {
    Node *node = NULL;
    if (parser_at_statement_word(p)) {
        node = parser_bad(p);
        parser_expected(p, what);
        return node;
    }
    if (foreign_type_word(p) || foreign_type_signs(p)) return parser_bad(p);
    switch (parser_kind(p)) {
    case TOKEN_AMP: return foreign_reference_type(p);
    case TOKEN_STAR:
        node = parser_node(p, NODE_TYPE_PTR);
        parser_advance(p);
        node->type_ptr.is_const = parser_accept(p, TOKEN_CONST);
        node->type_ptr.element = parse_type_prefix(p, "the type pointed to after `*`");
        return parser_done(p, node);
    case TOKEN_QUESTION:
    case TOKEN_QUESTION_QUESTION: return parse_optional(p, "a type after `?`");
    case TOKEN_BANG:
        node = parser_node(p, NODE_TYPE_ERROR_UNION);
        parser_advance(p);
        node->type_error_union.payload = parse_type_prefix(p, "a type after `!`");
        return parser_done(p, node);
    case TOKEN_LBRACKET: return parse_array_or_slice(p);
    case TOKEN_FUNC: return parse_func_type(p);
    case TOKEN_LPAREN: {
        uint32_t open = p->s.pos;
        node = parser_node(p, NODE_PAREN);
        parser_advance(p);
        Surroundings saved = parser_enter_bracket(p);
        node->operand.operand = parse_type(p, "a type after `(`");
        foreign_tuple(p, open);
        if (!parser_expect_close(p, TOKEN_RPAREN, open, "`)` after the type")) parser_recover_close(p, TOKEN_RPAREN);
        parser_leave_bracket(p, saved);
        return parser_done(p, node);
    }
    case TOKEN_SELF_TYPE: return parse_type_path(p);
    case TOKEN_IDENT:
        if (parser_is_word(p, parser_token(p), "fn") && parser_peek(p, 1)->kind == TOKEN_LPAREN && legacy_fn(p))
            return parse_func_type(p);
        if (!parser_starts_line(p)) return parse_type_path(p);
        break;
    case TOKEN_COLON:
        if (foreign_path_root(p)) return parse_type_path(p);
        break;
    default: break;
    }
    node = parser_bad(p);
    parser_expected(p, what);
    return node;
}

Node *parse_type_prefix(Parser *p, const char *what) {
    if (p->panic) return parser_bad(p);
    Node *node = parser_enter(p) ? parse_type_form(p, what) : parser_bad(p);
    parser_leave(p);
    return node;
}

Node *parse_type(Parser *p, const char *what) {
    Node *payload = foreign_function_type(p, foreign_type_suffix(p, parse_type_prefix(p, what)));
    if (p->panic || !parser_at_same_line(p, TOKEN_BANG)) return payload;
    Node *node = parser_node_from(p, NODE_TYPE_ERROR_UNION, payload);
    parser_advance(p);
    node->type_error_union.payload = payload;
    node->type_error_union.errors = parse_type_prefix(p, "an error set after `!`");
    return parser_done(p, node);
}

static Node *parse_bracket_arg(Parser *p) {
    if (parser_at(p, TOKEN_DOT_DOT) || parser_at(p, TOKEN_DOT_DOT_LT)) {
        Node *range = parser_node(p, NODE_RANGE);
        range->range.inclusive = parser_at(p, TOKEN_DOT_DOT);
        parser_advance(p);
        bool open = range->range.inclusive && (parser_at(p, TOKEN_RBRACKET) || parser_at(p, TOKEN_COMMA));
        range->range.high = open ? NULL : parse_range_end(p);
        return parser_done(p, range);
    }
    if (parser_at(p, TOKEN_BANG)) return parse_type(p, "a type");
    const SigToken *token = parser_token(p);
    if (parser_is_word(p, token, "_") && parser_peek(p, 1)->kind != TOKEN_DOT) {
        Node *node = parser_node(p, NODE_NAME);
        node->name.name = p->discard;
        parser_advance(p);
        return parser_done(p, node);
    }
    Node *arg = parse_expr(p);
    if (p->panic || !parser_at(p, TOKEN_BANG)) return arg;
    Node *node = parser_node_from(p, NODE_TYPE_ERROR_UNION, arg);
    parser_advance(p);
    node->type_error_union.payload = arg;
    node->type_error_union.errors = parse_type_prefix(p, "an error set after `!`");
    return parser_done(p, node);
}

void parse_bracket_args(Parser *p, NodeList *out) {
    uint32_t open = p->s.pos;
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    p->mode.open_range = true;
    if (parser_at(p, TOKEN_RBRACKET))
        parser_soft(p, DIAG_E0007, span_join(parser_span(p, &p->s.items[open]), parser_here(p)),
                    "expected an index, a range or arguments inside `[ ]`");
    while (!p->panic && !parser_at(p, TOKEN_RBRACKET)) {
        Node *arg = parse_bracket_arg(p);
        VEC_PUSH(p->arena, out, arg);
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    if (!parser_expect_close(p, TOKEN_RBRACKET, open, "`,` or `]`")) parser_recover_close(p, TOKEN_RBRACKET);
    parser_leave_bracket(p, saved);
}
