// `comptime if` between declarations, and between the members of a struct, an enum, a trait or an impl: each branch is
// a list of what may stand around it, of which the checker takes one. The tree is that of an `if` whose blocks hold
// items or members.
#include "syntax/foreign/foreign.h"

static Node *parse_choice_branch(Parser *p, ListParser list, bool has_do) {
    Node *block = parser_node(p, NODE_BLOCK);
    Surroundings saved = parser_enter_block(p);
    if (has_do) {
        block->first_token = block->last_token = parser_previous(p)->index;
        block->span = parser_span(p, parser_previous(p));
    }
    block->block.has_do = has_do;
    p->choices++;
    list(p, &block->block.statements);
    p->choices--;
    parser_leave_block(p, saved);
    return block->block.statements.len > 0 || has_do ? parser_done(p, block) : block;
}

// Behind the `do`. One that is missing is reported, and the branch read as if it were there.
static bool open_branch(Parser *p) {
    if (p->panic) {
        while (!parser_at(p, TOKEN_EOF) && !parser_at(p, TOKEN_DO) && !parser_token(p)->newline) parser_advance(p);
        p->panic = p->stopped;
    } else if (!parser_at(p, TOKEN_DO)) {
        parser_expected_soft(p, "`do` after the condition");
    }
    return parser_accept(p, TOKEN_DO);
}

Node *parse_choice(Parser *p, Node *root, ListParser list) {
    uint32_t opener = p->s.pos;
    VEC(Node *) chain = {0};
    parser_advance(p);
    Node *link = root;
    bool fits = parser_enter(p);
    while (fits) {
        VEC_PUSH(p->arena, &chain, link);
        link->kind = NODE_IF;
        link->if_expr.is_comptime = true;
        parser_advance(p);
        link->if_expr.condition = parse_head(p);
        bool has_do = open_branch(p);
        link->if_expr.then_block = parse_choice_branch(p, list, has_do);
        if (!parser_accept(p, TOKEN_ELSE)) break;
        if (!parser_at(p, TOKEN_IF) || parser_token(p)->newline) {
            // Declarations cannot stand in a block of their own: there is no other way to read it.
            if (parser_at_same_line(p, TOKEN_DO)) {
                (void)foreign_report_else_do(p);
                parser_advance(p);
            }
            link->if_expr.else_branch = parse_choice_branch(p, list, false);
            break;
        }
        fits = chain.len < CHOICE_LIMIT && !p->stopped;
        if (!fits)
            parser_error(p, DIAG_E0009, parser_here(p), "a chain of more than %d choices is not supported",
                         CHOICE_LIMIT);
        if (fits) link = link->if_expr.else_branch = parser_node(p, NODE_IF);
    }
    parser_leave(p);
    p->item_start = opener;
    if (!p->panic && !parser_accept(p, TOKEN_END)) parser_missing_end(p, opener, "`comptime if`");
    for (uint32_t i = 0; i < chain.len; i++) parser_done(p, chain.items[i]);
    return root;
}

Node *parse_member_choice(Parser *p, ListParser list) {
    uint32_t start = p->s.pos, item = p->item_start;
    Node *choice = parse_choice(p, parser_node(p, NODE_BAD), list);
    p->item_start = item;
    if (p->panic) parser_recover_element(p, TOKEN_RBRACE, start);
    (void)parser_accept(p, TOKEN_COMMA);
    return choice;
}
