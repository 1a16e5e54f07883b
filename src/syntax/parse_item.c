// Items: what a module is made of. Statements met at this level are read as such, reported once and dropped.
#include "syntax/foreign/foreign.h"

typedef struct Modifiers {
    bool is_pub, is_extern, is_export, is_unique;
    Span pub, extern_span, export_span, unique;
} Modifiers;

static void take_modifier(Parser *p, bool *flag, Span *span) {
    if (*flag) {
        Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "`" STR_FMT "` is written twice",
                                 STR_ARG(parser_text(p, parser_token(p))));
        diag_fix(p->diags, diag, parser_here(p), "", "remove one");
    }
    *flag = true;
    *span = parser_here(p);
    parser_advance(p);
}

static void take_modifiers(Parser *p, Modifiers *m) {
    for (;;) {
        switch (parser_kind(p)) {
        case TOKEN_PUB: take_modifier(p, &m->is_pub, &m->pub); break;
        case TOKEN_EXTERN: take_modifier(p, &m->is_extern, &m->extern_span); break;
        case TOKEN_EXPORT: take_modifier(p, &m->is_export, &m->export_span); break;
        case TOKEN_UNIQUE: take_modifier(p, &m->is_unique, &m->unique); break;
        default: return;
        }
        (void)foreign_modifier_suffix(p);
        if (p->panic) return;
    }
}

static Modifiers parse_modifiers(Parser *p) {
    Modifiers m = {0};
    take_modifiers(p, &m);
    return m;
}

static void reject_modifier(Parser *p, bool given, Span span, const char *word, const char *on) {
    if (given) parser_soft(p, DIAG_E0013, span, "`%s` has no meaning on %s", word, on);
}

// Elsewhere it makes a declaration known to other modules.
static void reject_export(Parser *p, const Modifiers *m) {
    if (!m->is_export) return;
    Diag *diag = parser_soft(p, DIAG_E0013, m->export_span, "`export` has no meaning on this declaration");
    diag_fix_likely(p->diags, diag, m->export_span, "pub", "what other modules may use is marked with `pub`");
}

// ---- Functions ---------------------------------------------------------------------------------

static Node *parse_param(Parser *p) {
    Node *node = parser_node(p, NODE_PARAM);
    (void)foreign_attribute(p);
    node->param.is_comptime = parser_accept(p, TOKEN_COMPTIME);
    foreign_param_mut(p);
    if (foreign_variadic_param(p)) return parser_done(p, node);
    if (foreign_self_param(p, node)) return parser_done(p, node);
    if (parser_at(p, TOKEN_SELF)) {
        node->param.is_self = true;
        node->param.name = parser_name(p, parser_token(p));
        node->param.name_span = parser_here(p);
        parser_advance(p);
        parser_expect(p, TOKEN_COLON, "`:` and the type of `self`, as in `self: *Self`");
    } else if (!foreign_typed_name(p, &node->param.name, &node->param.name_span)) {
        node->param.name = parser_expect_name(p, &node->param.name_span, "a parameter name");
        parser_expect(p, TOKEN_COLON, "`:` and a type after the parameter name");
    }
    node->param.type = parse_type(p, "a type after `:`");
    if (!p->panic && parser_at(p, TOKEN_ASSIGN)) {
        parser_soft(p, DIAG_E0016, parser_here(p), "parameters have no default values");
        parser_advance(p);
        parse_expr(p);
    }
    return parser_done(p, node);
}

static void parse_params(Parser *p, NodeList *out) {
    uint32_t open = p->s.pos;
    if (!parser_expect(p, TOKEN_LPAREN, "`(` and the parameters")) return;
    Surroundings saved = parser_enter_bracket(p);
    p->heads++;
    while (!p->panic && !parser_at(p, TOKEN_RPAREN)) {
        Node *param = parse_param(p);
        VEC_PUSH(p->arena, out, param);
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    if (!parser_expect_close(p, TOKEN_RPAREN, open, "`,` or `)` after the parameter"))
        parser_recover_close(p, TOKEN_RPAREN);
    p->heads--;
    parser_leave_bracket(p, saved);
}

// At `func` or, reported, `fn`. `body_optional`: in a trait.
static Node *parse_func(Parser *p, Node *node, Modifiers m, bool body_optional) {
    uint32_t opener = p->s.pos;
    node->kind = NODE_FUNC;
    node->func.is_extern = m.is_extern;
    node->func.is_export = m.is_export;
    reject_modifier(p, m.is_unique, m.unique, "unique", "a function");
    if (m.is_extern) reject_modifier(p, m.is_export, m.export_span, "export", "an `extern` function");
    parser_advance(p);
    node->item.name = parser_declare_name(p, &node->item.name_span, "a name after `func`");
    parse_generics(p, &node->func.generics);
    parse_params(p, &node->func.params);
    const char *after = "the parameters";
    (void)parser_take_line_start(p, TOKEN_ARROW);
    if (!parser_starts_line(p) && (parser_accept(p, TOKEN_ARROW) || foreign_result(p))) {
        p->heads++; // the `do` after a function type is the declaration's own
        node->func.result = parse_type(p, "the result type after `->`");
        p->heads--;
        foreign_results(p);
        after = "the result type";
    }
    bool has_body = parser_at(p, TOKEN_DO) || parser_at(p, TOKEN_LBRACE);
    if (m.is_extern || (body_optional && !p->panic && !has_body)) {
        if (m.is_extern && !p->panic && has_body) {
            parser_soft(p, DIAG_E0013, parser_here(p),
                        "an `extern` function is defined elsewhere and has no body here");
            parse_body(p, after, opener, "function");
        }
        return parser_done(p, node);
    }
    node->func.body = parse_body(p, after, opener, "function");
    return parser_done(p, node);
}

static void parse_trait_methods(Parser *p, NodeList *out);
static void parse_impl_methods(Parser *p, NodeList *out);

static void parse_method_list(Parser *p, NodeList *out, bool in_trait) {
    while (!p->stopped && !parser_at(p, p->list_close) && !parser_at_branch_end(p) && !foreign_at_item_end(p) &&
           !parser_at(p, TOKEN_EOF)) {
        uint32_t start = p->s.pos;
        p->element_start = start;
        if (parser_at_choice(p)) {
            Node *choice = parse_member_choice(p, in_trait ? parse_trait_methods : parse_impl_methods);
            VEC_PUSH(p->arena, out, choice);
            continue;
        }
        Node *node = parser_node(p, NODE_FUNC);
        node->item.doc = parse_doc(p);
        (void)foreign_attribute(p);
        parse_attributes(p, &node->item.attrs);
        Modifiers m = parse_modifiers(p);
        while (foreign_item_word(p)) take_modifiers(p, &m);
        node->item.is_pub = m.is_pub;
        uint32_t opener = p->s.pos;
        bool fn = parser_is_word(p, parser_token(p), "fn") && parser_peek(p, 1)->kind == TOKEN_IDENT;
        if (parser_at(p, TOKEN_FUNC) || (fn && legacy_fn(p))) {
            parse_func(p, node, m, in_trait);
            VEC_PUSH(p->arena, out, node);
            if (parser_early_end(p, opener, "method")) continue;
        } else if (start > 0 && parser_at_outer_item(p)) {
            break;
        } else {
            parser_expected(p, "a method; only functions stand here");
        }
        if (!p->panic && parser_at(p, TOKEN_SEMICOLON)) legacy_semicolon(p);
        (void)parser_accept(p, TOKEN_COMMA);
        if (p->panic) {
            parser_recover_element(p, TOKEN_RBRACE, start);
            (void)parser_accept(p, TOKEN_COMMA);
        } else if (!parser_token(p)->newline && !parser_at(p, TOKEN_RBRACE) && !parser_at_branch_end(p) &&
                   !parser_at(p, TOKEN_EOF)) {
            if (parser_at(p, TOKEN_FUNC) || parser_at(p, TOKEN_PUB)) {
                parser_expected_soft(p, "a new line between the methods");
            } else {
                parser_expected(p, "a new line between the methods");
                parser_recover_element(p, TOKEN_RBRACE, start);
            }
        }
        if (p->s.pos == start) parser_advance(p);
    }
}

static void parse_trait_methods(Parser *p, NodeList *out) { parse_method_list(p, out, true); }

static void parse_impl_methods(Parser *p, NodeList *out) { parse_method_list(p, out, false); }

// `{ func … func … }` of a trait or an impl.
static void parse_methods(Parser *p, NodeList *out, bool in_trait) {
    uint32_t open = p->s.pos;
    Diag *list;
    TokenKind close = foreign_open_list(p, &list);
    if (!parser_expect(p, TOKEN_LBRACE, "`{` and the methods")) return;
    Surroundings saved = parser_enter_bracket(p);
    p->mode.newlines = true;
    uint32_t choices = p->choices, outer_brackets = p->method_brackets;
    TokenKind outer_close = p->list_close;
    p->method_brackets = p->brackets;
    p->choices = 0;
    p->list_close = close;
    parse_method_list(p, out, in_trait);
    p->list_close = outer_close;
    p->choices = choices;
    p->method_brackets = outer_brackets;
    p->mode.newlines = false;
    foreign_close_item(p, close, list, open, "`}` after the methods");
    parser_leave_bracket(p, saved);
}

static Node *parse_trait(Parser *p, Node *node) {
    node->kind = NODE_TRAIT;
    parser_advance(p);
    node->item.name = parser_declare_name(p, &node->item.name_span, "a name after `trait`");
    parse_generics(p, &node->trait.generics);
    parse_methods(p, &node->trait.methods, true);
    return parser_done(p, node);
}

static Node *parse_impl(Parser *p, Node *node) {
    node->kind = NODE_IMPL;
    parser_advance(p);
    parse_generics(p, &node->impl.generics);
    node->impl.target = parse_type_prefix(p, "a type or a trait after `impl`");
    if (parser_accept(p, TOKEN_FOR)) {
        node->impl.trait = node->impl.target;
        node->impl.target = parse_type_prefix(p, "a type after `for`");
    }
    (void)foreign_impl_colon(p, node);
    parse_methods(p, &node->impl.methods, false);
    return parser_done(p, node);
}

// ---- Constants, variables, aliases, tests ------------------------------------------------------

static Node *parse_value_item(Parser *p, Node *node) {
    bool is_const = !parser_at(p, TOKEN_VAR);
    node->kind = is_const ? NODE_CONST : NODE_GLOBAL;
    parser_advance(p);
    node->item.name =
        parser_declare_name(p, &node->item.name_span, is_const ? "a name after `const`" : "a name after `var`");
    if (!parser_starts_line(p) && parser_accept(p, TOKEN_COLON))
        node->constant.type = parse_type(p, "a type after `:`");
    if (!p->panic && parser_at_same_line(p, TOKEN_COMMA))
        parser_error(p, DIAG_E0016, parser_here(p), "`%s` binds one name; write a declaration for each",
                     is_const ? "const" : "var");
    (void)parser_take_line_start(p, TOKEN_ASSIGN);
    legacy_declared_walrus(p);
    if (!p->panic && !parser_at_same_line(p, TOKEN_ASSIGN) && (parser_starts_line(p) || parser_at(p, TOKEN_EOF))) {
        node->constant.value = parser_bad(p);
        parser_error(p, DIAG_E0007, node->item.name_span, "`" STR_FMT "` needs a value: write `= …`%s",
                     STR_ARG(name_str(node->item.name)), is_const ? "" : ", or `= undefined` to leave it unset");
        return parser_done(p, node);
    }
    parser_expect(p, TOKEN_ASSIGN, node->constant.type ? "`=` after the type" : "`:` or `=` after the name");
    node->constant.value = parse_expr(p);
    return parser_done(p, node);
}

Node *parse_const(Parser *p, NodeList attrs) {
    Node *node = parser_node(p, NODE_CONST);
    node->item.attrs = attrs;
    return parse_value_item(p, node);
}

static Node *parse_alias(Parser *p, Node *node) {
    node->kind = NODE_ALIAS;
    parser_advance(p);
    node->item.name = parser_declare_name(p, &node->item.name_span, "a name after `type`");
    parse_generics(p, &node->alias.generics);
    if (parser_expect(p, TOKEN_ASSIGN, "`=` and a type after the name")) parser_join_line(p);
    node->alias.type = parse_type(p, "a type after `=`");
    return parser_done(p, node);
}

static Node *parse_test(Parser *p, Node *node) {
    uint32_t opener = p->s.pos;
    node->kind = NODE_TEST;
    parser_advance(p);
    node->item.name_span = parser_here(p);
    if (parser_at(p, TOKEN_STRING)) {
        Node *name = parse_literal(p);
        node->test.title = name->string.bytes;
    } else if (parser_at_same_line(p, TOKEN_IDENT)) {
        Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "the name of a test stands in quotes");
        diag_fix(p->diags, diag, parser_here(p),
                 arena_printf(p->arena, "\"" STR_FMT "\"", STR_ARG(parser_text(p, parser_token(p)))), "add the quotes");
        node->test.title = parser_text(p, parser_token(p));
        parser_advance(p);
    } else {
        parser_expected(p, "the name of the test in quotes");
    }
    node->test.body = parse_body(p, "the name of the test", opener, "test");
    return parser_done(p, node);
}

// ---- use ---------------------------------------------------------------------------------------

static void parse_use_group(Parser *p, Node *node) {
    uint32_t open = p->s.pos;
    node->use.has_group = true;
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    if (parser_at(p, TOKEN_RBRACE)) parser_expected_soft(p, "a name inside `{ }`");
    while (!p->panic && !parser_at(p, TOKEN_RBRACE)) {
        UseMember member = {0};
        member.name = parser_declare_name(p, &member.name_span, "a name to use");
        if (parser_accept(p, TOKEN_AS)) member.alias = parser_declare_name(p, &member.alias_span, "a name after `as`");
        VEC_PUSH(p->arena, &node->use.members, member);
        if (!parser_accept(p, TOKEN_COMMA)) break;
    }
    if (!parser_expect_close(p, TOKEN_RBRACE, open, "`,` or `}` after the name")) parser_recover_close(p, TOKEN_RBRACE);
    parser_leave_bracket(p, saved);
}

static Node *parse_use(Parser *p, Node *node) {
    node->kind = NODE_USE;
    parser_advance(p);
    foreign_use_path(p);
    do {
        if (node->use.path.len > 0 && parser_at_same_line(p, TOKEN_LBRACE)) {
            parse_use_group(p, node);
            break;
        }
        Span span;
        const Name *name =
            parser_expect_name(p, &span, node->use.path.len ? "a name after `.`" : "the name of a module after `use`");
        VEC_PUSH(p->arena, &node->use.path, name);
        VEC_PUSH(p->arena, &node->use.path_spans, span);
    } while (parser_accept(p, TOKEN_DOT) || (!parser_starts_line(p) && foreign_use_separator(p)));
    if (!p->panic && parser_at_same_line(p, TOKEN_DOT_STAR))
        parser_error(p, DIAG_E0007, parser_here(p),
                     "`use` names what it binds: `use a.b.{x, y}`, or `use a.b` and then `b.x`");
    (void)parser_take_line_start(p, TOKEN_AS);
    if (!parser_starts_line(p) && !node->use.has_group && parser_accept(p, TOKEN_AS))
        node->use.alias = parser_declare_name(p, &node->use.alias_span, "a name after `as`");
    return parser_done(p, node);
}

// ---- The list of items -------------------------------------------------------------------------

static Node *parse_keyword_item(Parser *p, Node *node, Modifiers m) {
    TokenKind kind = parser_kind(p);
    if (kind != TOKEN_FUNC && kind != TOKEN_STRUCT)
        reject_modifier(p, m.is_extern, m.extern_span, "extern", "this declaration");
    if (kind != TOKEN_FUNC) reject_export(p, &m);
    if (kind != TOKEN_STRUCT && kind != TOKEN_ENUM && kind != TOKEN_FUNC)
        reject_modifier(p, m.is_unique, m.unique, "unique", "this declaration");
    if (kind == TOKEN_IMPL || kind == TOKEN_TEST)
        reject_modifier(p, m.is_pub, m.pub, "pub", kind == TOKEN_IMPL ? "an `impl` block" : "a test");
    bool takes_attrs =
        kind == TOKEN_FUNC || kind == TOKEN_STRUCT || kind == TOKEN_ENUM || kind == TOKEN_VAR || kind == TOKEN_CONST;
    if (node->item.attrs.len > 0 && !takes_attrs)
        parser_soft(p, DIAG_E0014, node->item.attrs.items[0]->span, "attributes have no meaning on this declaration");
    switch (kind) {
    case TOKEN_USE: return parse_use(p, node);
    case TOKEN_CONST:
    case TOKEN_VAR: return parse_value_item(p, node);
    case TOKEN_FUNC: return parse_func(p, node, m, false);
    case TOKEN_STRUCT: return parse_struct(p, node, m.is_unique, m.is_extern);
    case TOKEN_ENUM: return parse_enum(p, node, m.is_unique, NULL);
    case TOKEN_ERROR_KW: return parse_error_set(p, node);
    case TOKEN_TRAIT: return parse_trait(p, node);
    case TOKEN_IMPL: return parse_impl(p, node);
    case TOKEN_TYPE: return parse_alias(p, node);
    case TOKEN_TEST: return parse_test(p, node);
    default: return NULL;
    }
}

static bool begins_statement(const Parser *p) {
    switch (parser_kind(p)) {
    case TOKEN_IF:
    case TOKEN_MATCH:
    case TOKEN_WHILE:
    case TOKEN_FOR:
    case TOKEN_RETURN:
    case TOKEN_USING:
    case TOKEN_DEFER:
    case TOKEN_DO:
    case TOKEN_BREAK:
    case TOKEN_CONTINUE:
    case TOKEN_FAIL:
    case TOKEN_COMPTIME: return true;
    case TOKEN_IDENT: {
        TokenKind next = (TokenKind)parser_peek(p, 1)->kind;
        return next == TOKEN_LPAREN || next == TOKEN_DOT || next == TOKEN_ASSIGN || next == TOKEN_COLON_ASSIGN;
    }
    default: return false;
    }
}

// A run of them is one mistake.
static void parse_stray_statement(Parser *p) {
    if (p->in_strays) {
        p->panic = true;
        return;
    }
    p->in_strays = true;
    if (parser_at(p, TOKEN_COMPTIME))
        parser_soft(p, DIAG_E0016, parser_here(p),
                    "between declarations `comptime` is followed by `if`; blocks stand inside a function");
    else
        parser_soft(p, DIAG_E0013, parser_here(p), "expected a declaration; statements stand inside a function");
    if (!legacy_at_walrus(p))
        parse_simple_statement(p);
    else
        p->panic = true;
}

// A word in the place of a keyword.
static void parse_unknown_item(Parser *p) {
    static const char *const WORDS[] = {"func", "struct", "enum", "const",  "trait",  "impl",   "error",  "test",
                                        "use",  "type",   "pub",  "extern", "export", "unique", "profile"};
    const SigToken *token = parser_token(p);
    if (parser_at(p, TOKEN_END) || parser_at(p, TOKEN_ELSE)) {
        if (!p->in_strays && parser_at(p, TOKEN_END))
            parser_soft(p, DIAG_E0007, parser_here(p), "this `end` closes nothing that is open");
        else if (!p->in_strays)
            parser_soft(p, DIAG_E0007, parser_here(p), "this `else` belongs to no `if`");
        p->in_strays = true;
        parser_advance(p);
        return;
    }
    if (parser_at(p, TOKEN_PROFILE)) {
        parser_error(p, DIAG_E0013, parser_here(p), "the profile is declared once, before everything else in the file");
        // It is taken for what it says all the same, so that nothing needs a higher rung because of this.
        const SigToken *name = parser_peek(p, 2);
        if (p->tree->profile || parser_peek(p, 1)->kind != TOKEN_COLON || name->kind != TOKEN_IDENT) return;
        p->tree->profile = parser_name(p, name);
        p->tree->profile_span = parser_span(p, name);
        return;
    }
    Str text = parser_text(p, token);
    Span here = parser_here(p);
    bool word = token->kind == TOKEN_IDENT && text.len < 16;
    Diag *diag = parser_expected(p, "a declaration");
    if (diag->code == DIAG_E0016) {
        // A word before a declaration, which is read without it.
        const SigToken *next = parser_peek(p, 1);
        bool goes_on =
            parser_is_item_word((TokenKind)next->kind) || next->kind == TOKEN_CONST || next->kind == TOKEN_VAR;
        p->panic = p->stopped || next->newline || !goes_on;
        return;
    }
    for (size_t i = 0; word && i < ARRAY_LEN(WORDS); i++) {
        size_t distance = str_edit_distance(text, str_from(WORDS[i]));
        if (distance <= 2 && distance < text.len / 2 + 1) {
            diag_fix_likely(p->diags, diag, here, WORDS[i], "did you mean `%s`?", WORDS[i]);
            return;
        }
    }
}

Node *parse_item(Parser *p) {
    Node *node = parser_node(p, NODE_BAD);
    Str doc = parse_doc(p);
    NodeList attrs = {0};
    p->item_start = p->s.pos;
    if (legacy_late_profile(p)) return NULL;
    (void)foreign_attribute(p);
    parse_attributes(p, &attrs);
    if (p->panic) return NULL;
    Modifiers m = parse_modifiers(p);
    if (p->panic) return NULL;
    if (foreign_construct_item(p) || foreign_c_declaration(p) || foreign_double_dash(p)) return NULL;
    while (foreign_item_word(p)) take_modifiers(p, &m);
    (void)foreign_named_type(p);
    if (foreign_module_word(p)) return NULL;
    if (parser_at_choice(p)) {
        reject_modifier(p, m.is_pub, m.pub, "pub", "a choice between declarations; each has its own");
        if (attrs.len > 0)
            parser_soft(p, DIAG_E0014, attrs.items[0]->span,
                        "attributes have no meaning on a choice between declarations");
        return parse_choice(p, node, parse_item_list);
    }
    uint32_t opener = p->s.pos;
    node->item = (ItemHead){.is_pub = m.is_pub, .attrs = attrs, .doc = doc};
    Node *item = parse_keyword_item(p, node, m);
    if (item && (item->kind == NODE_FUNC || item->kind == NODE_TEST))
        parser_early_end(p, opener, item->kind == NODE_FUNC ? "function" : "test");
    if (item) return item;
    Diag *legacy = NULL;
    if (parser_is_word(p, parser_token(p), "fn") && parser_peek(p, 1)->kind == TOKEN_IDENT && legacy_fn(p))
        return parse_func(p, node, m, false);
    if (legacy_import(p)) return parse_use(p, node);
    if (legacy_union(p, &legacy)) return parse_enum(p, node, m.is_unique, legacy);
    if (parser_at(p, TOKEN_LET)) {
        Diag *diag = parser_soft(p, DIAG_E0013, parser_here(p),
                                 "a module declares constants with `const` and variables with `var`, not `let`");
        diag_fix(p->diags, diag, parser_here(p), "const", "write `const`");
        return parse_value_item(p, node);
    }
    if (begins_statement(p))
        parse_stray_statement(p);
    else
        parse_unknown_item(p);
    return NULL;
}

// `profile :name`, before anything else.
static void parse_profile(Parser *p) {
    if (legacy_profile(p) || !parser_accept(p, TOKEN_PROFILE)) return;
    if (parser_at_same_line(p, TOKEN_IDENT)) {
        Span gap = {p->source->index, parser_token(p)->start, parser_token(p)->start};
        Diag *diag = parser_expected_soft(p, "`:` and the name of a profile, as in `profile :core`");
        diag_fix(p->diags, diag, gap, ":", "add `:`");
        p->tree->profile = parser_expect_name(p, &p->tree->profile_span, "the name of a profile");
    } else if (parser_expect(p, TOKEN_COLON, "`:` and the name of a profile, as in `profile :core`"))
        p->tree->profile = parser_expect_name(p, &p->tree->profile_span, "the name of a profile after `:`");
    if (p->panic) parser_recover_item(p, 0);
    if (!p->tree->profile || p->tree->profile == p->discard) p->tree->profile = NULL;
}

static void read_module_doc(Parser *p) {
    StrBuf text = {0};
    VEC_EACH (Token, t, &p->tree->tokens.tokens) {
        if (t->kind != TOKEN_MODULE_DOC) continue;
        Str line = {p->source->text.ptr + t->start + 3, t->end - t->start - 3};
        uint32_t skip = line.len > 0 && line.ptr[0] == ' ';
        if (text.len > 0) strbuf_putc(&text, '\n');
        strbuf_append(&text, line.ptr + skip, line.len - skip);
    }
    p->tree->doc = text.len > 0 ? str_copy(p->arena, strbuf_str(&text)) : STR("");
    strbuf_free(&text);
}

void parse_items(Parser *p) {
    read_module_doc(p);
    parse_profile(p);
    parse_item_list(p, &p->tree->items);
}

void parse_item_list(Parser *p, NodeList *out) {
    while (!p->stopped && !parser_at(p, TOKEN_EOF)) {
        if (parser_at_branch_end(p)) return;
        uint32_t start = p->s.pos;
        p->element_start = start;
        if (parser_at(p, TOKEN_SEMICOLON)) {
            legacy_semicolon(p);
            continue;
        }
        Node *item = parse_item(p);
        if (item) p->in_strays = false;
        if (item) VEC_PUSH(p->arena, out, item);
        if (!p->panic && item && !parser_token(p)->newline && !parser_at(p, TOKEN_EOF) &&
            !parser_at(p, TOKEN_SEMICOLON) && !parser_at_branch_end(p))
            parser_expected(p, "a new line after the declaration");
        if (p->panic) parser_recover_item(p, start);
        if (p->s.pos == start) parser_advance(p);
    }
}
