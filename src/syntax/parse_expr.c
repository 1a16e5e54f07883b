// Operators, lowest first: catch, |>, or, and, ??, comparison, | ^ &, shifts, ranges, + -, * / %, as, then the unary
// ones. The two rules beyond precedence, no chained comparison and no mixing of | ^ & without parentheses, are
// checked where the second operator of a chain is met; parentheses are nodes of their own, so they lift both.
#include "syntax/foreign/foreign.h"

typedef enum Precedence {
    PREC_NONE,
    PREC_PIPE,
    PREC_OR,
    PREC_AND,
    PREC_ORELSE,
    PREC_COMPARE,
    PREC_BITS,
    PREC_SHIFT,
    PREC_RANGE,
    PREC_ADD,
    PREC_MUL,
    PREC_AS
} Precedence;

static Node *parse_binary(Parser *p, Precedence min);

static Precedence operator_of(TokenKind kind, BinaryOp *op) {
    switch (kind) {
#define OPERATOR(kind, text, token, precedence, group)                                                                 \
    case TOKEN_##token: return *op = BINARY_##kind, PREC_##precedence;
#include "syntax/operators.def"
    case TOKEN_PIPE_PIPE: return *op = BINARY_OR, PREC_OR; // reported, and read as what they mean
    case TOKEN_AMP_AMP: return *op = BINARY_AND, PREC_AND;
    case TOKEN_PIPE_GT: return PREC_PIPE;
    case TOKEN_QUESTION_QUESTION: return PREC_ORELSE;
    case TOKEN_DOT_DOT:
    case TOKEN_DOT_DOT_LT: return PREC_RANGE;
    case TOKEN_AS: return PREC_AS;
    default: return PREC_NONE;
    }
}

static bool is_jump(const Node *node) {
    return node->kind == NODE_RETURN || node->kind == NODE_FAIL || node->kind == NODE_BREAK ||
           node->kind == NODE_CONTINUE;
}

bool parse_continues(const Parser *p) {
    if (!parser_starts_line(p)) return true;
    switch (parser_kind(p)) {
    case TOKEN_DOT:
    case TOKEN_DOT_STAR:
    case TOKEN_DOT_QUESTION: return !p->mode.arm;
    case TOKEN_QUESTION_DOT:
    case TOKEN_QUESTION_QUESTION:
    case TOKEN_PIPE_GT:
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_CATCH:
    case TOKEN_AMP_AMP:
    case TOKEN_PIPE_PIPE: return true;
    default: return false;
    }
}

Node *parse_range_end(Parser *p) { return parse_binary(p, PREC_ADD); }

// At `..` or `..<`, after the low end.
static Node *parse_range(Parser *p, Node *low) {
    Node *node = parser_node_from(p, NODE_RANGE, low);
    if (low->kind == NODE_RANGE)
        parser_soft(p, DIAG_E0011, parser_here(p), "a range cannot begin or end with a range without parentheses");
    node->range.low = low;
    node->range.inclusive = parser_at(p, TOKEN_DOT_DOT);
    parser_advance(p);
    foreign_range_mark(p);
    bool open =
        p->mode.open_range && node->range.inclusive && (parser_at(p, TOKEN_RBRACKET) || parser_at(p, TOKEN_COMMA));
    if (!open) node->range.high = parse_range_end(p);
    return parser_done(p, node);
}

static Node *parse_as(Parser *p, Node *operand) {
    Node *node = parser_node_from(p, NODE_AS, operand);
    bool no_angle = p->mode.no_angle;
    parser_advance(p);
    p->mode.no_angle = true;
    node->as.operand = operand;
    node->as.type = parse_type_prefix(p, "a type after `as`");
    p->mode.no_angle = no_angle;
    return parser_done(p, node);
}

// `x |> f` is `x |> f()`. What follows the call belongs to the whole: `x |> f()?` propagates the error of f(x).
static Node *parse_pipeline(Parser *p, Node *left) {
    Node *node = parser_node_from(p, NODE_PIPELINE, left);
    parser_advance(p);
    node->pair.left = left;
    if (!parse_starts_expr(parser_kind(p))) {
        node->pair.right = parser_bad(p);
        parser_expected(p, "a function or a call after `|>`");
        return parser_done(p, node);
    }
    Node *right = parse_postfix(p, parse_primary(p), true);
    if (!p->panic && right->kind != NODE_CALL && right->kind != NODE_BAD) {
        if (right->kind != NODE_NAME && right->kind != NODE_MEMBER && right->kind != NODE_BRACKET)
            parser_soft(p, DIAG_E0007, right->span, "expected a function or a call after `|>`");
        Node *call = parser_node_from(p, NODE_CALL, right);
        call->call.callee = right;
        right = parser_done(p, call);
    }
    node->pair.right = right;
    return parse_postfix(p, parser_done(p, node), false);
}

// Right-associative, so that `a ?? b ?? c` needs only its last operand to be no optional.
static Node *parse_orelse(Parser *p, Node *left) {
    Node *node = parser_node_from(p, NODE_ORELSE, left);
    parser_advance(p);
    node->pair.left = left;
    node->pair.right = parser_enter(p) ? parse_binary(p, PREC_ORELSE) : parser_bad(p);
    parser_leave(p);
    return parser_done(p, node);
}

static void check_chain(Parser *p, const Node *left, BinaryOp op, bool *reported) {
    if (*reported || left->kind != NODE_BINARY) return;
    BinaryOp before = left->binary.op;
    OperatorGroup group = binary_op_group(op), group_before = binary_op_group(before);
    if (group == OPERATOR_COMPARISON && group_before == OPERATOR_COMPARISON) {
        *reported = true;
        Diag *diag =
            parser_soft(p, DIAG_E0012, parser_here(p), "comparisons do not chain; join two of them with `and`");
        diag_note(p->diags, diag, left->binary.op_span, "the first comparison is here");
    } else if (group == OPERATOR_BITS && group_before == OPERATOR_BITS && op != before) {
        *reported = true;
        Diag *diag = parser_soft(
            p, DIAG_E0011, parser_here(p), "`" STR_FMT "` and `" STR_FMT "` need parentheses to show which comes first",
            STR_ARG(parser_text(p, parser_token(p))), (int)(left->binary.op_span.end - left->binary.op_span.start),
            p->source->text.ptr + left->binary.op_span.start);
        diag_note(p->diags, diag, left->binary.op_span, "the other operator is here");
    }
}

static Node *parse_operation(Parser *p, Node *left, BinaryOp op, Precedence prec) {
    Node *node = parser_node_from(p, NODE_BINARY, left);
    node->binary.op = op;
    node->binary.op_span = parser_here(p);
    node->binary.left = left;
    if (parser_at(p, TOKEN_AMP_AMP))
        legacy_report_operator(p, "and");
    else if (parser_at(p, TOKEN_PIPE_PIPE))
        legacy_report_operator(p, "or");
    parser_advance(p);
    node->binary.right = parse_binary(p, prec + 1);
    return parser_done(p, node);
}

static Node *parse_binary(Parser *p, Precedence min) {
    uint32_t saved = parser_scope(p);
    bool reported = false;
    Node *left = parse_unary(p);
    while (!p->panic && !is_jump(left) && parse_continues(p)) {
        BinaryOp op = BINARY_NONE;
        foreign_operator(p);
        Precedence prec = operator_of(parser_kind(p), &op);
        if (prec == PREC_NONE || prec < min || !parser_chain(p)) break;
        switch (prec) {
        case PREC_PIPE: left = parse_pipeline(p, left); break;
        case PREC_ORELSE: left = parse_orelse(p, left); break;
        case PREC_RANGE: left = parse_range(p, left); break;
        case PREC_AS: left = parse_as(p, left); break;
        default: check_chain(p, left, op, &reported); left = parse_operation(p, left, op, prec);
        }
    }
    parser_scope_end(p, saved);
    return left;
}

static Node *parse_catch(Parser *p, Node *operand) {
    Node *node = parser_node_from(p, NODE_CATCH, operand);
    uint32_t opener = p->s.pos;
    node->catch_expr.operand = operand;
    parser_advance(p);
    if (parser_accept(p, TOKEN_PIPE)) {
        node->catch_expr.binding =
            parser_expect_name(p, &node->catch_expr.binding_span, "a name for the error after `|`");
        parser_expect(p, TOKEN_PIPE, "`|` after the name of the error");
    } else if (legacy_at_catch_binding(p)) {
        const SigToken *name = parser_token(p);
        node->catch_expr.binding = parser_name(p, name);
        node->catch_expr.binding_span = parser_here(p);
        node->catch_expr.handler = parser_node(p, NODE_BLOCK);
        Diag *diag = legacy_catch_binding(p, name);
        parser_advance(p);
        legacy_open_body(p, diag);
        Surroundings saved = parser_enter_block(p);
        node->catch_expr.handler->block.has_do = true;
        parse_statements(p, &node->catch_expr.handler->block.statements, true);
        legacy_close_body(p, diag);
        parser_leave_block(p, saved);
        parser_done(p, node->catch_expr.handler);
        return parser_done(p, node);
    }
    if (p->panic)
        node->catch_expr.handler = parser_bad(p);
    else if (parser_at(p, TOKEN_DO))
        node->catch_expr.handler = parse_body(p, "`catch`", opener, "`catch`");
    else if (parser_at(p, TOKEN_LBRACE))
        node->catch_expr.handler = parse_legacy_block(p);
    else
        node->catch_expr.handler = parse_binary(p, PREC_PIPE);
    return parser_done(p, node);
}

Node *parse_expr(Parser *p) {
    uint32_t saved = parser_scope(p);
    Node *left = parse_binary(p, PREC_PIPE);
    while (!p->panic && !is_jump(left) && parser_at(p, TOKEN_CATCH) && parse_continues(p) && parser_chain(p))
        left = parse_catch(p, left);
    if (foreign_conditional(p, left)) left = parser_done(p, parser_node_from(p, NODE_BAD, left));
    parser_scope_end(p, saved);
    return left;
}

static Node *parse_prefix_operator(Parser *p, UnaryOp op) {
    Node *node = parser_node(p, NODE_UNARY);
    node->unary.op = op;
    parser_advance(p);
    node->unary.operand = parse_unary(p);
    return parser_done(p, node);
}

static Node *parse_address(Parser *p) {
    Node *node = parser_node(p, NODE_UNARY);
    node->unary.op = UNARY_ADDR;
    parser_advance(p);
    foreign_reference_mut(p);
    node->unary.operand = parse_unary(p);
    return parser_done(p, node);
}

static Node *parse_unary_inner(Parser *p) {
    switch (parser_kind(p)) {
    case TOKEN_MINUS: return parse_prefix_operator(p, UNARY_NEG);
    case TOKEN_NOT: return parse_prefix_operator(p, UNARY_NOT);
    case TOKEN_TILDE: return parse_prefix_operator(p, UNARY_BIT_NOT);
    case TOKEN_AMP: return parse_address(p);
    case TOKEN_PLUS:
        if (foreign_prefix_plus(p)) return parse_unary(p);
        return parse_postfix(p, parse_primary(p), false);
    case TOKEN_BANG: return legacy_parse_not(p);
    case TOKEN_LT: return foreign_receive(p) ? parse_unary(p) : parse_postfix(p, parse_primary(p), false);
    case TOKEN_FUNC: {
        Node *construct = foreign_construct_value(p);
        return construct ? construct : parse_type_prefix(p, "a type");
    }
    case TOKEN_STAR:
    case TOKEN_QUESTION:
    case TOKEN_QUESTION_QUESTION: return parse_type_prefix(p, "a type");
    default:
        if (legacy_at_try(p)) return legacy_parse_try(p);
        return parse_postfix(p, parse_primary(p), false);
    }
}

Node *parse_unary(Parser *p) {
    if (p->panic) return parser_bad(p);
    uint32_t saved = parser_scope(p);
    Node *node = parser_enter(p) ? parse_unary_inner(p) : parser_bad(p);
    parser_leave(p);
    parser_scope_end(p, saved);
    return node;
}
