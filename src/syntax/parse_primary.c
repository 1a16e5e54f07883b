// Values that stand on their own: literals, names, parentheses, arrays, intrinsics and interpolated strings. Holes of
// an interpolated string are lexed and parsed from the same source, so everything in them has its true place.
#include "syntax/lexer.h"
#include "syntax/foreign/foreign.h"

bool parse_starts_expr(TokenKind kind) {
    switch (kind) {
    case TOKEN_IDENT:
    case TOKEN_INT:
    case TOKEN_FLOAT:
    case TOKEN_CHAR:
    case TOKEN_STRING:
    case TOKEN_STRING_BLOCK:
    case TOKEN_INTERP:
    case TOKEN_INTRINSIC:
    case TOKEN_ERROR:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_NULL_KW:
    case TOKEN_UNDEFINED:
    case TOKEN_SELF:
    case TOKEN_SELF_TYPE:
    case TOKEN_NOT:
    case TOKEN_MINUS:
    case TOKEN_TILDE:
    case TOKEN_AMP:
    case TOKEN_BANG:
    case TOKEN_STAR:
    case TOKEN_QUESTION:
    case TOKEN_FUNC:
    case TOKEN_LPAREN:
    case TOKEN_LBRACKET:
    case TOKEN_LBRACE:
    case TOKEN_DOT:
    case TOKEN_IF:
    case TOKEN_MATCH:
    case TOKEN_DO:
    case TOKEN_WHILE:
    case TOKEN_FOR:
    case TOKEN_USING:
    case TOKEN_COMPTIME:
    case TOKEN_RETURN:
    case TOKEN_FAIL:
    case TOKEN_BREAK:
    case TOKEN_CONTINUE: return true;
    default: return false;
    }
}

Node *parse_literal(Parser *p) {
    const SigToken *token = parser_token(p);
    Node *node = parser_node(p, NODE_INT);
    switch (token->kind) {
    case TOKEN_INT: node->integer.value = literal_int(parser_text(p, token), &node->integer.too_large); break;
    case TOKEN_FLOAT:
        node->kind = NODE_FLOAT;
        node->floating.value = literal_float(parser_text(p, token));
        break;
    case TOKEN_CHAR:
        node->kind = NODE_CHAR;
        node->integer.value = literal_char(p->source, token->start, token->end);
        break;
    case TOKEN_STRING:
        node->kind = NODE_STRING;
        node->string.bytes = literal_string(p->arena, p->source, token->start, token->end);
        break;
    case TOKEN_STRING_BLOCK:
        node->kind = NODE_STRING;
        node->string.bytes = literal_string_block(p->arena, p->source, token->start, token->end);
        break;
    case TOKEN_TRUE:
    case TOKEN_FALSE:
        node->kind = NODE_BOOL;
        node->boolean.value = token->kind == TOKEN_TRUE;
        break;
    case TOKEN_NULL_KW: node->kind = NODE_NULL_LIT; break;
    default: node->kind = NODE_UNDEFINED; break;
    }
    parser_advance(p);
    return parser_done(p, node);
}

// ---- Interpolation -----------------------------------------------------------------------------

static Node *parse_hole(Parser *p, const InterpPiece *piece, uint32_t outer) {
    TokenList tokens = {0};
    lex_range(p->arena, p->diags, p->source, piece->hole_start, piece->hole_end, &tokens);
    Stream stream = p->s;
    Surroundings saved = parser_enter_bracket(p);
    p->s = parser_stream(p, &tokens, true, outer);
    Node *node;
    if (parser_at(p, TOKEN_EOF)) {
        node = parser_bad(p);
        parser_soft(p, DIAG_E0007, (Span){p->source->index, piece->text_end, piece->next},
                    "expected an expression inside the `{ }` of the string; a brace that is text is written `{{`");
    } else {
        node = parse_expr(p);
        if (!p->panic && !parser_at(p, TOKEN_EOF)) parser_expected(p, "`}` after the expression");
    }
    p->panic = p->stopped;
    p->s = stream;
    if (p->stopped) p->s.pos = p->s.len - 1;
    parser_leave_bracket(p, saved);
    return node;
}

static Node *interp_text(Parser *p, const InterpText *whole, uint32_t start, uint32_t end) {
    Node *text = parser_node(p, NODE_STRING);
    text->span.start = start;
    text->span.end = end;
    text->string.bytes = literal_interp_text(p->arena, p->source, whole, start, end);
    return text;
}

// The parts alternate and begin and end with text, which may be empty.
static Node *parse_interp(Parser *p) {
    Node *node = parser_node(p, NODE_INTERP);
    const SigToken *token = parser_token(p);
    InterpText whole = literal_interp_whole(p->source, token->start, token->end);
    uint32_t outer = node->first_token, pos = whole.start, end = whole.end;
    InterpPiece piece = {0};
    bool text_last = false;
    while (!p->stopped && literal_interp_piece(p->source, pos, end, &piece)) {
        VEC_PUSH(p->arena, &node->interp.parts, interp_text(p, &whole, piece.text_start, piece.text_end));
        VEC_PUSH(p->arena, &node->interp.specs, STR(""));
        text_last = !piece.has_hole;
        if (piece.has_hole) {
            Node *hole = parse_hole(p, &piece, outer);
            Str spec = {p->source->text.ptr + piece.spec_start, piece.spec_end - piece.spec_start};
            VEC_PUSH(p->arena, &node->interp.parts, hole);
            VEC_PUSH(p->arena, &node->interp.specs, spec);
        }
        pos = piece.next;
    }
    if (!p->stopped && !text_last) {
        VEC_PUSH(p->arena, &node->interp.parts, interp_text(p, &whole, end, end));
        VEC_PUSH(p->arena, &node->interp.specs, STR(""));
    }
    parser_advance(p);
    return p->stopped ? node : parser_done(p, node);
}

// ---- Names, parentheses, arrays, intrinsics ----------------------------------------------------

static Node *parse_name(Parser *p) {
    Node *node = parser_node(p, NODE_NAME);
    node->name.name = parser_name(p, parser_token(p));
    if (node->name.name == p->discard && parser_peek(p, 1)->kind != TOKEN_ASSIGN) {
        parser_soft(p, DIAG_E0007, parser_here(p), "expected a value; `_` only discards one, as in `_ = f()`");
        node->kind = NODE_BAD;
    }
    parser_advance(p);
    return parser_done(p, node);
}

static Node *parse_dot_name(Parser *p) {
    Node *node = parser_node(p, NODE_DOT_NAME);
    Span span;
    parser_advance(p);
    if (parser_at_same_line(p, TOKEN_LBRACE)) {
        parser_error(p, DIAG_E0007, node->span, "a literal begins with the name of its type: `Type { field: value }`");
        parser_advance(p);
        Surroundings saved = parser_enter_bracket(p);
        parser_recover_close(p, TOKEN_RBRACE);
        parser_leave_bracket(p, saved);
        node->kind = NODE_BAD;
        return parser_done(p, node);
    }
    if (foreign_bare_point(p, NULL)) {
        node->kind = NODE_BAD;
        return parser_done(p, node);
    }
    node->name.name = parser_expect_member(p, &span, "a variant name after `.`");
    return parser_done(p, node);
}

static Node *parse_paren(Parser *p) {
    Node *node = parser_node(p, NODE_PAREN);
    uint32_t open = p->s.pos;
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    node->operand.operand = parse_expr(p);
    if (!p->panic && parser_at(p, TOKEN_BANG)) {
        Node *type = parser_node_from(p, NODE_TYPE_ERROR_UNION, node->operand.operand);
        parser_advance(p);
        type->type_error_union.payload = node->operand.operand;
        type->type_error_union.errors = parse_type_prefix(p, "an error set after `!`");
        node->operand.operand = parser_done(p, type);
    }
    foreign_tuple(p, open);
    foreign_assigned_condition(p);
    if (!parser_expect_close(p, TOKEN_RPAREN, open, "`)`")) parser_recover_close(p, TOKEN_RPAREN);
    parser_leave_bracket(p, saved);
    parser_done(p, node);
    return foreign_cast(p, node) ? parse_unary(p) : node;
}

// `[a, b]`, `[x; n]`, and the types `[N]T` and `[]T`, told apart by what follows the bracket.
static Node *parse_array(Parser *p) {
    if (parser_peek(p, 1)->kind == TOKEN_RBRACKET) {
        const SigToken *after = parser_peek(p, 2);
        p->s.pos += 2;
        bool type = !after->newline && (after->kind == TOKEN_CONST || parse_starts_type(p, 0));
        p->s.pos -= 2;
        if (type) return parse_type_prefix(p, "a type");
    }
    Node *node = parser_node(p, NODE_ARRAY_LIT);
    uint32_t open = p->s.pos;
    const SigToken *first_in = parser_peek(p, 1);
    bool dots = first_in->kind == TOKEN_DOT_DOT && parser_peek(p, 3)->kind == TOKEN_RBRACKET;
    if ((parser_is_word(p, first_in, "_") && parser_peek(p, 2)->kind == TOKEN_RBRACKET) || dots) {
        parser_error(p, DIAG_E0007, parser_here(p), "an array is written `[a, b]`, without its type");
        return parser_done(p, node);
    }
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    Node *first = NULL;
    bool comma = false, repeat = false;
    while (!p->panic && !parser_at(p, TOKEN_RBRACKET)) {
        foreign_spread(p);
        Node *element = parse_expr(p);
        VEC_PUSH(p->arena, &node->array_lit.elements, element);
        if (first == NULL) first = element;
        foreign_map_entry(p);
        if (!comma && parser_accept(p, TOKEN_SEMICOLON)) {
            repeat = true;
            node->kind = NODE_ARRAY_REPEAT;
            node->array_repeat.element = first;
            node->array_repeat.count = parse_expr(p);
            break;
        }
        if (!parser_accept(p, TOKEN_COMMA)) break;
        comma = true;
    }
    if (!parser_expect_close(p, TOKEN_RBRACKET, open, repeat ? "`]` after the count" : "`,` or `]` after the element"))
        parser_recover_close(p, TOKEN_RBRACKET);
    parser_leave_bracket(p, saved);
    if (!p->panic && !repeat && !comma && first != NULL && parse_starts_type(p, 0)) {
        node->kind = NODE_TYPE_ARRAY;
        node->type_array.length = first;
        node->type_array.element = parse_type_prefix(p, "the element type of the array");
    }
    return parser_done(p, node);
}

static Node *parse_intrinsic(Parser *p) {
    Node *node = parser_node(p, NODE_INTRINSIC);
    Str text = parser_text(p, parser_token(p));
    node->intrinsic.name = name_intern(p->names, text.ptr + 1, text.len - 1);
    parser_advance(p);
    if (parser_at_same_line(p, TOKEN_LBRACKET)) {
        node->intrinsic.has_generics = true;
        parse_bracket_args(p, &node->intrinsic.generics);
    }
    if (!p->panic && parser_at(p, TOKEN_LPAREN) && !parser_token(p)->newline)
        parse_call_args(p, &node->intrinsic.args);
    else
        parser_expected(p, "`(` and the arguments of the intrinsic");
    return parser_done(p, node);
}

// The lexer has reported it. A malformed number or character still ends where it should, so its line is read on.
static Node *parse_unreadable(Parser *p) {
    Node *node = parser_bad(p);
    char c = p->source->text.ptr[parser_token(p)->start];
    p->panic = !((c >= '0' && c <= '9') || c == '\'');
    parser_advance(p);
    return node;
}

static Node *parse_braces(Parser *p) {
    Node *node = parser_bad(p);
    if (foreign_array_braces(p)) return parser_done(p, node);
    if (foreign_lambda_ahead(p) && foreign_lambda(p)) return node;
    if (!parse_looks_like_struct_literal(p)) return parse_legacy_block(p);
    parser_error(p, DIAG_E0007, parser_here(p), "expected the name of the type before the `{` of a literal");
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    parser_recover_close(p, TOKEN_RBRACE);
    parser_leave_bracket(p, saved);
    return parser_done(p, node);
}

static Node *parse_comptime(Parser *p) {
    const SigToken *next = parser_peek(p, 1);
    if (next->kind == TOKEN_IF) {
        parser_advance(p);
        return parse_if(p, true);
    }
    Node *node = parser_node(p, NODE_COMPTIME);
    uint32_t opener = p->s.pos;
    parser_advance(p);
    if (parser_at(p, TOKEN_DO) || parser_at_same_line(p, TOKEN_LBRACE)) {
        node->operand.operand = parse_body(p, "`comptime`", opener, "`comptime` block");
    } else {
        node->operand.operand = parser_bad(p);
        parser_expected(p, "`if` or `do` after `comptime`");
    }
    return parser_done(p, node);
}

static Node *parse_second_let(Parser *p) {
    Node *bad = parser_bad(p);
    parser_error(p, DIAG_E0016, parser_here(p),
                 "a condition takes one `let`, at its beginning; nest another `if let` in the body");
    return bad;
}

Node *parse_primary(Parser *p) {
    Node *construct = foreign_construct_value(p);
    if (construct) return construct;
    switch (parser_kind(p)) {
    case TOKEN_INT:
    case TOKEN_FLOAT:
    case TOKEN_CHAR:
    case TOKEN_STRING:
    case TOKEN_STRING_BLOCK:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_NULL_KW:
    case TOKEN_UNDEFINED: return parse_literal(p);
    case TOKEN_INTERP: return parse_interp(p);
    case TOKEN_IDENT:
        if (foreign_string_prefix(p)) return parse_literal(p);
        if (foreign_lambda_ahead(p) && foreign_lambda(p)) return parser_bad(p);
        if (foreign_word_value(p) && !parser_at(p, TOKEN_IDENT)) break;
        return parse_name(p);
    case TOKEN_SELF:
    case TOKEN_SELF_TYPE: return parse_name(p);
    case TOKEN_PIPE:
    case TOKEN_PIPE_PIPE: foreign_lambda(p); return parser_bad(p);
    case TOKEN_DOT: return parse_dot_name(p);
    case TOKEN_LPAREN:
        if (foreign_lambda_ahead(p) && foreign_lambda(p)) return parser_bad(p);
        return parse_paren(p);
    case TOKEN_LBRACKET: return parse_array(p);
    case TOKEN_INTRINSIC: return parse_intrinsic(p);
    case TOKEN_LBRACE: return parse_braces(p);
    case TOKEN_IF: return parse_if(p, false);
    case TOKEN_MATCH: return parse_match(p);
    case TOKEN_WHILE: return parse_while(p);
    case TOKEN_FOR: return parse_for(p);
    case TOKEN_USING: return parse_using(p);
    case TOKEN_COMPTIME: return parse_comptime(p);
    case TOKEN_RETURN:
    case TOKEN_FAIL:
    case TOKEN_BREAK:
    case TOKEN_CONTINUE: return parse_jump(p);
    case TOKEN_ERROR: return parse_unreadable(p);
    case TOKEN_DO:
        if (!p->mode.head) return parse_body(p, "here", p->s.pos, "`do`");
        break;
    case TOKEN_LET:
        if (p->mode.head) return parse_second_let(p);
        break;
    case TOKEN_COLON:
        if (foreign_path_root(p)) return parse_name(p);
        break;
    default: break;
    }
    Node *bad = parser_bad(p);
    if (parser_at_loose_operator(p))
        parser_error(p, DIAG_E0007, parser_here(p), PARSER_LOOSE_LINE, STR_ARG(parser_text(p, parser_token(p))));
    else
        parser_expected(p, "an expression");
    return bad;
}
