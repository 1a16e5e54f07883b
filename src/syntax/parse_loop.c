// while, for and using: constructs with a head, a `do` and one body. Labels are put in by the statement parser.
#include "syntax/foreign/foreign.h"

Node *parse_while(Parser *p) {
    Node *node = parser_node(p, NODE_WHILE);
    uint32_t opener = p->s.pos;
    parser_advance(p);
    if (parser_accept(p, TOKEN_LET)) {
        node->while_loop.pattern = parse_pattern(p);
        parser_expect(p, TOKEN_ASSIGN, "`=` after the pattern");
    }
    node->while_loop.condition =
        !node->while_loop.pattern && foreign_loop_without_condition(
                                         p, parser_previous(p)->end - parser_previous(p)->start == 4 ? "loop" : "while")
            ? parser_bad(p)
            : parse_head(p);
    node->while_loop.body = parse_body(p, "the condition", opener, "`while`");
    return parser_done(p, node);
}

// A `for` that was reported to be a `while`.
static Node *parse_for_as_while(Parser *p, Node *node, uint32_t opener, bool has_condition) {
    node->kind = NODE_WHILE;
    node->while_loop.condition = has_condition ? parse_head(p) : parser_bad(p);
    node->while_loop.body = parse_body(p, "the condition", opener, "`while`");
    return parser_done(p, node);
}

Node *parse_for(Parser *p) {
    Node *node = parser_node(p, NODE_FOR);
    uint32_t opener = p->s.pos;
    parser_advance(p);
    bool is_while, readable = !p->panic && foreign_for(p, &is_while);
    if (readable && (is_while || foreign_loop_without_condition(p, "for")))
        return parse_for_as_while(p, node, opener, is_while);
    node->for_loop.by_pointer = parser_accept(p, TOKEN_STAR);
    node->for_loop.name = parser_expect_name(p, &node->for_loop.name_span, "the name of the loop variable after `for`");
    if (parser_accept(p, TOKEN_COMMA))
        node->for_loop.index = parser_expect_name(p, &node->for_loop.index_span, "the name of the index after `,`");
    parser_expect(p, TOKEN_IN, "`in` after the loop variable");
    if (p->panic)
        node->for_loop.subject = parser_bad(p);
    else
        node->for_loop.subject = parse_head(p);
    node->for_loop.body = parse_body(p, "what the loop goes over", opener, "`for`");
    return parser_done(p, node);
}

Node *parse_using(Parser *p) {
    Node *node = parser_node(p, NODE_USING);
    uint32_t opener = p->s.pos;
    parser_advance(p);
    node->using.name = parser_expect_name(p, &node->using.name_span, "a name after `using`");
    parser_expect(p, TOKEN_ASSIGN, "`=` after the name");
    node->using.value = p->panic ? parser_bad(p) : parse_head(p);
    node->using.body = parse_body(p, "the value of `using`", opener, "`using`");
    return parser_done(p, node);
}
