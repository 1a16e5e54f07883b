// The parts declarations are made of: documentation, attributes, generic parameters, and the lists in braces of
// structs, enums and error sets. A mistake in one field or variant does not disturb the next.
#include "syntax/foreign/foreign.h"

// The `///` lines right above the current token, joined; one space after the slashes is not part of the text.
Str parse_doc(Parser *p) {
    if (p->s.nested) return STR("");
    const Token *tokens = p->tree->tokens.tokens.items;
    uint32_t first = parser_token(p)->index, last = first;
    while (first > 0 && tokens[first - 1].kind == TOKEN_DOC && tokens[first - 1].newline_before) first--;
    if (first == last) return STR("");
    StrBuf text = {0};
    for (uint32_t i = first; i < last; i++) {
        Str line = {p->source->text.ptr + tokens[i].start + 3, tokens[i].end - tokens[i].start - 3};
        uint32_t skip = line.len > 0 && line.ptr[0] == ' ';
        if (i > first) strbuf_putc(&text, '\n');
        strbuf_append(&text, line.ptr + skip, line.len - skip);
    }
    Str doc = str_copy(p->arena, strbuf_str(&text));
    strbuf_free(&text);
    return doc;
}

// At `{.`, through `.}`.
void parse_attributes(Parser *p, NodeList *out) {
    while (!p->panic && parser_at(p, TOKEN_LATTR)) {
        uint32_t open = p->s.pos;
        parser_advance(p);
        Surroundings saved = parser_enter_bracket(p);
        while (!p->panic && !parser_at(p, TOKEN_RATTR)) {
            (void)parser_accept(p, TOKEN_DOT);
            Node *attr = parser_node(p, NODE_ATTR);
            attr->attr.name = parser_expect_name(p, &attr->attr.name_span, "the name of an attribute");
            if (parser_accept(p, TOKEN_COLON)) attr->attr.value = parse_expr(p);
            parser_done(p, attr);
            VEC_PUSH(p->arena, out, attr);
            if (!parser_accept(p, TOKEN_COMMA)) break;
        }
        if (!parser_expect_close(p, TOKEN_RATTR, open, "`,` or `.}` after the attribute"))
            parser_recover_close(p, TOKEN_RATTR);
        parser_leave_bracket(p, saved);
    }
}

static Node *parse_generic(Parser *p) {
    Node *node = parser_node(p, NODE_GENERIC);
    node->generic.name = parser_declare_name(p, &node->generic.name_span, "the name of a generic parameter");
    if (parser_accept(p, TOKEN_COLON)) {
        do {
            Node *bound = parse_type_prefix(p, "a trait or a type after `:`");
            VEC_PUSH(p->arena, &node->generic.bounds, bound);
        } while (parser_accept(p, TOKEN_PLUS));
    }
    return parser_done(p, node);
}

// `[T, U: Ord]`, when they are there.
void parse_generics(Parser *p, NodeList *out) {
    bool angle = parser_at(p, TOKEN_LT);
    if (p->panic || parser_token(p)->newline || (!angle && !parser_at(p, TOKEN_LBRACKET))) return;
    uint32_t open = p->s.pos;
    Diag *legacy = angle ? legacy_angle_open(p) : NULL;
    if (!angle) parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    if (parser_at(p, TOKEN_RBRACKET)) parser_expected_soft(p, "a generic parameter");
    while (!p->panic && !parser_at(p, TOKEN_RBRACKET) && !parser_at(p, TOKEN_GT)) {
        Node *generic = parse_generic(p);
        VEC_PUSH(p->arena, out, generic);
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    if (angle)
        legacy_angle_close(p, legacy);
    else if (!parser_expect_close(p, TOKEN_RBRACKET, open, "`,` or `]` after the generic parameter"))
        parser_recover_close(p, TOKEN_RBRACKET);
    parser_leave_bracket(p, saved);
}

// ---- Lists in braces ---------------------------------------------------------------------------

// `end` closes lists that were opened with `do`, and branches; before what follows a name it is a name badly chosen.
static bool at_list_end_word(const Parser *p) {
    if (!parser_at(p, TOKEN_END)) return parser_at_branch_end(p);
    TokenKind next = parser_peek(p, 1)->kind;
    return p->choices > 0 || parser_peek(p, 1)->newline ||
           !(next == TOKEN_COLON || next == TOKEN_COMMA || next == TOKEN_LPAREN || next == TOKEN_LBRACE ||
             next == TOKEN_ASSIGN || next == TOKEN_RBRACE);
}

// Between two elements. A missing comma between two lines is reported, with its fix, and not missed any further.
static bool parse_separator(Parser *p, TokenKind close, const char *what, uint32_t start) {
    if (p->panic) {
        parser_recover_element(p, close, start);
        (void)parser_accept(p, TOKEN_COMMA);
        return true;
    }
    if (parser_accept(p, TOKEN_COMMA)) return true;
    if (parser_at(p, close) || parser_at(p, TOKEN_EOF) || at_list_end_word(p)) return false;
    if (parser_at_choice(p)) {
        const SigToken *last = parser_previous(p);
        Diag *diag =
            parser_soft(p, DIAG_E0007, parser_span(p, last), "expected `,` between the %s and the choice", what);
        diag_fix(p->diags, diag, (Span){p->source->index, last->end, last->end}, ",", "add `,`");
        return true;
    }
    if (parser_at(p, TOKEN_SEMICOLON)) {
        Diag *diag = parser_soft(p, DIAG_E0010, parser_here(p), "%s are separated by `,`, not `;`", what);
        diag_fix(p->diags, diag, parser_here(p), ",", "write `,`");
        parser_advance(p);
        return true;
    }
    if (parser_token(p)->newline && p->variant_words == p->item_start + 1) return true; // lines separate them there
    if (parser_token(p)->newline && !parser_at_outer_item(p) && !parser_at(p, TOKEN_ERROR)) {
        const SigToken *last = parser_previous(p);
        Span span = parser_span(p, last);
        Diag *diag = parser_soft(p, DIAG_E0007, span, "expected `,` between the %s, found the end of the line", what);
        diag_fix(p->diags, diag, (Span){span.file, span.end, span.end}, ",", "add `,`");
        return true;
    }
    parser_expected(p, arena_printf(p->arena, "`,` or `}` after the %.*s", (int)strlen(what) - 1, what));
    parser_recover_element(p, close, start);
    (void)parser_accept(p, TOKEN_COMMA);
    return true;
}

static bool list_goes_on(Parser *p, TokenKind close) {
    return !p->stopped && !parser_at(p, close) && !parser_at(p, TOKEN_EOF) &&
           !(parser_at_outer_item(p) && parser_kind(p) != TOKEN_PUB) && !at_list_end_word(p);
}

static Node *parse_field(Parser *p) {
    Node *node = parser_node(p, NODE_FIELD_DECL);
    node->item.doc = parse_doc(p);
    parse_attributes(p, &node->item.attrs);
    node->item.is_pub = parser_accept(p, TOKEN_PUB);
    if (!p->panic && parser_at(p, TOKEN_FUNC)) {
        parser_soft(p, DIAG_E0013, parser_here(p), "methods are declared in an `impl` block, not inside the type");
        parse_item(p);
        return NULL;
    }
    if (!foreign_typed_name(p, &node->item.name, &node->item.name_span)) {
        node->item.name = parser_declare_name(p, &node->item.name_span, "a field name");
        parser_expect(p, TOKEN_COLON, "`:` and a type after the field name");
    }
    node->field_decl.type = parse_type(p, "a type after `:`");
    if (parser_accept(p, TOKEN_ASSIGN)) node->field_decl.value = parse_expr(p);
    return parser_done(p, node);
}

static void parse_field_list(Parser *p, NodeList *out) {
    p->mode.newlines = false; // in a branch, too
    while (list_goes_on(p, TOKEN_RBRACE)) {
        uint32_t start = p->s.pos;
        p->element_start = start;
        bool choice = parser_at_choice(p);
        Node *field = choice ? parse_member_choice(p, parse_field_list) : parse_field(p);
        if (field == NULL) continue;
        VEC_PUSH(p->arena, out, field);
        if (choice) continue;
        if (!parse_separator(p, TOKEN_RBRACE, "fields", start)) break;
        if (p->s.pos == start) parser_advance(p);
    }
}

// A list in braces, which has branches of its own only.
static void parse_list_in_braces(Parser *p, NodeList *out, ListParser list) {
    Surroundings saved = parser_enter_bracket(p);
    uint32_t choices = p->choices;
    p->choices = 0;
    list(p, out);
    p->choices = choices;
    parser_leave_bracket(p, saved);
}

static void parse_fields(Parser *p, NodeList *out) {
    uint32_t open = p->s.pos;
    Diag *list;
    TokenKind close = foreign_open_list(p, &list);
    if (!parser_expect(p, TOKEN_LBRACE, "`{` and the fields")) return;
    Surroundings saved = parser_enter_bracket(p);
    parse_list_in_braces(p, out, parse_field_list);
    foreign_close_item(p, close, list, open, "`}` after the fields");
    parser_leave_bracket(p, saved);
}

Node *parse_struct(Parser *p, Node *node, bool is_unique, bool is_extern) {
    node->kind = NODE_STRUCT;
    node->struct_decl.is_unique = is_unique;
    node->struct_decl.is_extern = is_extern;
    parser_advance(p);
    (void)foreign_attribute(p);
    node->item.name = parser_declare_name(p, &node->item.name_span, "a name after `struct`");
    parse_generics(p, &node->struct_decl.generics);
    (void)foreign_parent(p);
    parse_fields(p, &node->struct_decl.fields);
    return parser_done(p, node);
}

static void parse_variant_tuple(Parser *p, Node *node) {
    uint32_t open = p->s.pos;
    parser_advance(p);
    node->variant.has_tuple = true;
    Surroundings saved = parser_enter_bracket(p);
    while (!p->panic && !parser_at(p, TOKEN_RPAREN)) {
        Node *field = parser_node(p, NODE_FIELD_DECL);
        field->field_decl.type = parse_type(p, "a type in the variant's parentheses");
        parser_done(p, field);
        VEC_PUSH(p->arena, &node->variant.fields, field);
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    if (!parser_expect_close(p, TOKEN_RPAREN, open, "`,` or `)` after the type")) parser_recover_close(p, TOKEN_RPAREN);
    parser_leave_bracket(p, saved);
}

static Node *parse_variant(Parser *p, Diag *legacy_union) {
    Node *node = parser_node(p, NODE_VARIANT);
    node->item.doc = parse_doc(p);
    foreign_variant_word(p);
    node->item.name = parser_declare_name(p, &node->item.name_span, "the name of a variant");
    if (p->panic) return parser_done(p, node);
    if (parser_at(p, TOKEN_LPAREN)) {
        parse_variant_tuple(p, node);
    } else if (parser_at(p, TOKEN_LBRACE)) {
        node->variant.has_fields = true;
        parse_fields(p, &node->variant.fields);
    } else if (legacy_union && parser_at(p, TOKEN_COLON)) {
        uint32_t name_end = parser_previous(p)->end;
        parser_advance(p);
        Node *field = parser_node(p, NODE_FIELD_DECL);
        uint32_t type_start = parser_token(p)->start;
        field->field_decl.type = parse_type(p, "a type after `:`");
        parser_done(p, field);
        VEC_PUSH(p->arena, &node->variant.fields, field);
        node->variant.has_tuple = true;
        Span span = {p->source->index, name_end, type_start};
        diag_fix(p->diags, legacy_union, span, "(", "write an `enum`");
        span.start = span.end = parser_previous(p)->end;
        diag_fix(p->diags, legacy_union, span, ")", "write an `enum`");
    }
    if (parser_accept(p, TOKEN_ASSIGN)) node->variant.discriminant = parse_expr(p);
    return parser_done(p, node);
}

static void parse_variant_list(Parser *p, NodeList *out) {
    p->mode.newlines = false; // in a branch, too
    while (list_goes_on(p, TOKEN_RBRACE)) {
        uint32_t start = p->s.pos;
        p->element_start = start;
        bool choice = parser_at_choice(p);
        Node *variant = choice ? parse_member_choice(p, parse_variant_list) : parse_variant(p, p->legacy_union);
        VEC_PUSH(p->arena, out, variant);
        if (choice) continue;
        if (!parse_separator(p, TOKEN_RBRACE, "variants", start)) break;
        if (p->s.pos == start) parser_advance(p);
    }
}

Node *parse_enum(Parser *p, Node *node, bool is_unique, Diag *legacy_union) {
    node->kind = NODE_ENUM;
    node->enum_decl.is_unique = is_unique;
    parser_advance(p);
    (void)foreign_attribute(p);
    node->item.name = parser_declare_name(p, &node->item.name_span, "a name after `enum`");
    parse_generics(p, &node->enum_decl.generics);
    uint32_t open = p->s.pos;
    Diag *list;
    TokenKind close = foreign_open_list(p, &list);
    if (!parser_expect(p, TOKEN_LBRACE, "`{` and the variants")) return parser_done(p, node);
    Surroundings saved = parser_enter_bracket(p);
    p->legacy_union = legacy_union;
    parse_list_in_braces(p, &node->enum_decl.variants, parse_variant_list);
    p->legacy_union = NULL;
    foreign_close_item(p, close, list, open, "`}` after the variants");
    parser_leave_bracket(p, saved);
    return parser_done(p, node);
}

Node *parse_error_set(Parser *p, Node *node) {
    node->kind = NODE_ERROR_SET;
    parser_advance(p);
    node->item.name = parser_declare_name(p, &node->item.name_span, "a name after `error`");
    uint32_t open = p->s.pos;
    Diag *list;
    TokenKind close = foreign_open_list(p, &list);
    if (!parser_expect(p, TOKEN_LBRACE, "`{` and the errors")) return parser_done(p, node);
    Surroundings saved = parser_enter_bracket(p);
    while (list_goes_on(p, TOKEN_RBRACE)) {
        uint32_t start = p->s.pos;
        p->element_start = start;
        Span span;
        if (parser_at_choice(p)) {
            parser_error(p, DIAG_E0016, parser_here(p), "a choice between the errors of a set is not supported");
            parser_recover_element(p, TOKEN_RBRACE, start);
            continue;
        }
        const Name *name = parser_declare_name(p, &span, "the name of an error");
        if (!p->panic) {
            VEC_PUSH(p->arena, &node->error_set.members, name);
            VEC_PUSH(p->arena, &node->error_set.member_spans, span);
        }
        if (!p->panic && parser_at(p, TOKEN_LPAREN)) {
            Node *payload = parser_node(p, NODE_VARIANT);
            parser_soft(p, DIAG_E0016, parser_here(p),
                        "errors carry no values; return what belongs to one in a struct or an enum");
            parse_variant_tuple(p, payload);
        }
        if (!parse_separator(p, TOKEN_RBRACE, "errors", start)) break;
        if (p->s.pos == start) parser_advance(p);
    }
    foreign_close_item(p, close, list, open, "`}` after the errors");
    parser_leave_bracket(p, saved);
    return parser_done(p, node);
}
