// Types and declarations spelled as in C, Go, Python, Rust or Zig.
#include "syntax/foreign/foreign.h"

#define AT_WORD(p, ...)                                                                                                \
    parser_word_in(p, parser_token(p), (const char *const[]){__VA_ARGS__},                                             \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static Span gap_after(const Parser *p, uint32_t end) { return (Span){p->source->index, end, end}; }

static const char *source_text(Parser *p, uint32_t start, uint32_t end) {
    return arena_printf(p->arena, "%.*s", (int)(end - start), p->source->text.ptr + start);
}

static bool is_type_name(Str text) {
    static const char *const TYPES[] = {"i8",     "i16",   "i32",      "i64",  "isize", "u8",    "u16",  "u32",
                                        "u64",    "usize", "f32",      "f64",  "bool",  "str",   "void", "int",
                                        "uint",   "float", "double",   "char", "long",  "short", "byte", "string",
                                        "String", "const", "unsigned", "auto", "size_t"};
    for (uint32_t i = 0; i < ARRAY_LEN(TYPES); i++)
        if (str_equal_c(text, TYPES[i])) return true;
    return text.len > 1 && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z';
}

// ---- Types -------------------------------------------------------------------------------------

// `&T`, `&mut T` are pointers, `&[T]` and `&mut [T]` slices, `&str` is `str`.
Node *foreign_reference_type(Parser *p) {
    if (p->plain) return NULL;
    Node *node = parser_node(p, NODE_TYPE_PTR);
    Span sign = parser_here(p);
    Diag *diag =
        parser_soft(p, DIAG_E0007, sign, "the type of a pointer is written `*T`, or `*const T` when it only reads");
    parser_advance(p);
    bool mutable = parser_is_word(p, parser_token(p), "mut");
    if (mutable) parser_advance(p);
    node->type_ptr.is_const = !mutable;
    sign.end = parser_token(p)->start;
    if (parser_at(p, TOKEN_LBRACKET) && parser_peek(p, 1)->kind == TOKEN_IDENT &&
        parser_peek(p, 2)->kind == TOKEN_RBRACKET && !parse_starts_type(p, 3)) {
        node->kind = NODE_TYPE_SLICE;
        sign.end = parser_token(p)->end;
        parser_advance(p);
        node->type_ptr.element = parse_type_prefix(p, "a type");
        diag_fix(p->diags, diag, sign, mutable ? "[]" : "[]const ", "write a slice");
        diag_fix(p->diags, diag, parser_here(p), "", NULL);
        parser_advance(p);
        return parser_done(p, node);
    }
    bool text = AT_WORD(p, "str") && !mutable;
    if (text)
        diag_fix(p->diags, diag, sign, "", "write `str`");
    else
        diag_fix(p->diags, diag, sign, mutable ? "*" : "*const ", mutable ? "write `*`" : "write `*const`");
    node->type_ptr.element = parse_type_prefix(p, "a type after `&`");
    return text && !p->panic ? node->type_ptr.element : parser_done(p, node);
}

Node *foreign_type_suffix(Parser *p, Node *type) {
    if (p->plain) return type;
    if (p->panic || parser_token(p)->newline || !parser_adjacent(parser_previous(p), parser_token(p))) return type;
    Span front = {p->source->index, type->span.start, type->span.start};
    const SigToken *next = parser_peek(p, 1);
    if (parser_at(p, TOKEN_QUESTION)) {
        Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "the `?` of an optional stands before its type: `?T`");
        diag_fix(p->diags, diag, front, "?", "write it before the type");
        diag_fix(p->diags, diag, parser_here(p), "", NULL);
        parser_advance(p);
    } else if (parser_at(p, TOKEN_STAR) &&
               (next->kind == TOKEN_COMMA || next->kind == TOKEN_RPAREN || next->kind == TOKEN_ASSIGN)) {
        Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "the `*` of a pointer stands before its type: `*T`");
        diag_fix(p->diags, diag, front, "*", "write it before the type");
        diag_fix(p->diags, diag, parser_here(p), "", NULL);
        parser_advance(p);
    } else if (parser_at(p, TOKEN_LBRACKET) && next->kind == TOKEN_RBRACKET) {
        Span span = span_join(parser_here(p), parser_span(p, next));
        Diag *diag = parser_soft(p, DIAG_E0007, span, "the `[]` of a slice stands before its type: `[]T`");
        diag_fix(p->diags, diag, front, "[]", "write it before the type");
        diag_fix(p->diags, diag, span, "", NULL);
        parser_advance(p);
        parser_advance(p);
    }
    return type;
}

// `[T; N]`, with the current token behind `T`.
bool foreign_array_type(Parser *p, uint32_t open, Node *type) {
    if (p->plain) return false;
    if (!p->panic && parser_at(p, TOKEN_COLON)) {
        parser_error(p, DIAG_E0016, parser_span(p, &p->s.items[open]), FOREIGN_NO_MAP);
        return true;
    }
    if (!p->panic && parser_at(p, TOKEN_COMMA)) {
        parser_error(p, DIAG_E0016, parser_span(p, &p->s.items[open]), FOREIGN_NO_TUPLE);
        return true;
    }
    if (p->panic || !parser_at(p, TOKEN_SEMICOLON)) return false;
    Span start = parser_span(p, &p->s.items[open]);
    parser_advance(p);
    uint32_t count_start = parser_token(p)->start;
    type->type_array.element = type->type_array.length;
    type->type_array.length = parse_expr(p);
    if (p->panic || !parser_at(p, TOKEN_RBRACKET)) return true;
    Span whole = span_join(start, parser_here(p));
    Diag *diag = parser_soft(p, DIAG_E0007, whole, "the type of an array is written `[N]T`");
    const char *count = source_text(p, count_start, parser_previous(p)->end);
    const char *element = source_text(p, type->type_array.element->span.start, type->type_array.element->span.end);
    diag_fix(p->diags, diag, whole, arena_printf(p->arena, "[%s]%s", count, element), "write `[%s]%s`", count, element);
    parser_advance(p);
    return true;
}

bool foreign_type_signs(Parser *p) {
    if (p->plain) return false;
    TokenKind next = (TokenKind)parser_peek(p, 1)->kind;
    if (p->panic || (next != TOKEN_LBRACKET && next != TOKEN_LT && next != TOKEN_MINUS)) return false;
    const SigToken *token = parser_token(p), *third = parser_peek(p, 2);
    bool map = next == TOKEN_LBRACKET && parser_is_word(p, token, "map") && foreign_type_behind_brackets(p);
    bool sends = next == TOKEN_LT && third->kind == TOKEN_MINUS && parser_is_word(p, token, "chan");
    bool receives = foreign_pair(p, TOKEN_LT, TOKEN_MINUS) && parser_is_word(p, third, "chan");
    if (!map && !sends && !receives) return false;
    parser_error(p, DIAG_E0016, parser_here(p), "%s", map ? FOREIGN_NO_MAP : FOREIGN_CHANNEL);
    return true;
}

bool foreign_many_pointer(Parser *p) {
    if (p->plain) return false;
    if (p->panic || (!parser_at(p, TOKEN_STAR) && !parser_at(p, TOKEN_COLON))) return false;
    uint32_t ahead = 1;
    while (ahead < 4 && parser_peek(p, ahead)->kind != TOKEN_RBRACKET) ahead++;
    if (parser_peek(p, ahead)->kind != TOKEN_RBRACKET) return false;
    Span span = span_join(parser_span(p, parser_previous(p)), parser_span(p, parser_peek(p, ahead)));
    parser_soft(p, DIAG_E0016, span,
                "many elements are a slice, `[]T` or `[]const T`; where they end is not known of a pointer, `*T`");
    for (uint32_t i = 0; i <= ahead; i++) parser_advance(p);
    return true;
}

// All of an enum are one message.
void foreign_variant_word(Parser *p) {
    if (p->plain) return;
    const SigToken *next = parser_peek(p, 1);
    if (p->panic || next->kind != TOKEN_IDENT || next->newline || !parser_is_word(p, parser_token(p), "case")) return;
    if (p->variant_words != p->item_start + 1)
        parser_soft(p, DIAG_E0016, parser_here(p),
                    "there is no `case` here; the variants of an enum stand in a list: `enum Color { Red, Green }`");
    p->variant_words = p->item_start + 1;
    parser_advance(p);
}

// ---- Items -------------------------------------------------------------------------------------

typedef struct ItemWord {
    const char *word;
    TokenKind kind;     // TOKEN_EOF: the word is dropped
    const char *ours, *instead;
} ItemWord;

static const ItemWord ITEM_WORDS[] = {
    {"def", TOKEN_FUNC, "func", "a function is declared with `func`"},
    {"function", TOKEN_FUNC, "func", "a function is declared with `func`"},
    {"fun", TOKEN_FUNC, "func", "a function is declared with `func`"},
    {"proc", TOKEN_FUNC, "func", "a function is declared with `func`"},
    {"class", TOKEN_STRUCT, "struct", "data is a `struct`, its methods stand in an `impl`"},
    {"record", TOKEN_STRUCT, "struct", "data is declared with `struct`"},
    {"interface", TOKEN_TRAIT, "trait", "what types have in common is a `trait`"},
    {"protocol", TOKEN_TRAIT, "trait", "what types have in common is a `trait`"},
    {"typedef", TOKEN_TYPE, "type", "a type gets another name with `type Name = Type`"},
    {"typealias", TOKEN_TYPE, "type", "a type gets another name with `type Name = Type`"},
    {"public", TOKEN_PUB, "pub", "what other modules may use is marked with `pub`"},
    {"private", TOKEN_EOF, "", "everything is private to its module unless `pub`"},
    {"static", TOKEN_EOF, "", "a module's variable is a `var`"},
    {"inline", TOKEN_EOF, "", "the compiler decides what to inline"},
    {"async", TOKEN_EOF, NULL, "threads are started with `thread_spawn` of `std.thread`"},
};

// A class is shared where a struct is copied, and `typedef` may name the type first.
static bool means_more(const Parser *p, const ItemWord *w) {
    return w->kind == TOKEN_STRUCT || (w->kind == TOKEN_TYPE && parser_peek(p, 2)->kind != TOKEN_ASSIGN);
}

static bool begins_item(const Parser *p, const SigToken *token) {
    if (token->newline) return false;
    switch (token->kind) {
    case TOKEN_IDENT:
    case TOKEN_FUNC:
    case TOKEN_STRUCT:
    case TOKEN_ENUM:
    case TOKEN_VAR:
    case TOKEN_CONST: return !parser_is_word(p, token, "is");
    default: return false;
    }
}

bool foreign_item_word(Parser *p) {
    if (p->plain) return false;
    if (p->panic || !parser_at(p, TOKEN_IDENT) || !begins_item(p, parser_peek(p, 1))) return false;
    for (uint32_t i = 0; i < ARRAY_LEN(ITEM_WORDS); i++) {
        const ItemWord *w = &ITEM_WORDS[i];
        if (!parser_is_word(p, parser_token(p), w->word)) continue;
        Span span = parser_here(p);
        Diag *diag = parser_soft(p, DIAG_E0007, span, "there is no `%s`: %s", w->word, w->instead);
        if (w->kind != TOKEN_EOF) {
            diag_fix(p->diags, diag, span, w->ours, "write `%s`", w->ours);
            if (means_more(p, w)) diag_doubt(diag);
            parser_edit(p, 0)->kind = (uint8_t)w->kind;
            return true;
        }
        bool variable = parser_is_word(p, parser_token(p), "static") && parser_peek(p, 1)->kind == TOKEN_IDENT;
        if (variable && parser_is_word(p, parser_peek(p, 1), "mut")) foreign_remove_tokens(p, p->s.pos + 1, 1);
        if (variable) {
            diag_fix_likely(p->diags, diag, span, "var", "write `var`");
            parser_edit(p, 0)->kind = TOKEN_VAR;
            return true;
        }
        span.end = parser_peek(p, 1)->start;
        if (w->ours) diag_fix(p->diags, diag, span, "", "remove `%s`", w->word);
        parser_advance(p);
        return true;
    }
    return false;
}

static bool is_bracket(const SigToken *t) { return t->kind == TOKEN_LBRACKET || t->kind == TOKEN_RBRACKET; }

// Behind `[[…]]`; 0 when there is none. What is in it has no brackets of its own.
static uint32_t attribute_length(const Parser *p) {
    uint32_t ahead = 2;
    if (!foreign_pair(p, TOKEN_LBRACKET, TOKEN_LBRACKET)) return 0;
    while (!is_bracket(parser_peek(p, ahead)) && parser_peek(p, ahead)->kind != TOKEN_EOF) ahead++;
    if (parser_peek(p, ahead)->kind != TOKEN_RBRACKET) return 0;
    return parser_peek(p, ahead + 1)->kind == TOKEN_RBRACKET ? ahead + 2 : 0;
}

// A statement may be `[[x]]`, an array in an array: what a block is worth. An attribute has a name in it, and behind it
// what it belongs to.
bool foreign_attribute_ahead(const Parser *p) {
    uint32_t length = attribute_length(p);
    if (!length || parser_peek(p, 2)->kind != TOKEN_IDENT) return false;
    const SigToken *behind = parser_peek(p, length);
    switch (behind->kind) {
    case TOKEN_LET:
    case TOKEN_VAR:
    case TOKEN_CONST:
    case TOKEN_FUNC:
    case TOKEN_STRUCT:
    case TOKEN_ENUM: return true;
    case TOKEN_SEMICOLON: return parser_peek(p, length + 1)->newline;
    case TOKEN_IF:
    case TOKEN_FOR:
    case TOKEN_WHILE:
    case TOKEN_RETURN:
    case TOKEN_IDENT: return !behind->newline;
    default: return false;
    }
}

bool foreign_attribute(Parser *p) {
    if (p->plain) return false;
    if (p->panic) return false;
    bool any = false;
    for (uint32_t length; (length = attribute_length(p)) != 0; any = true) {
        Span span = span_join(parser_here(p), parser_span(p, parser_peek(p, length - 1)));
        if (!any)
            parser_soft(p, DIAG_E0016, span, "an attribute is written `{.name.}`, as `{.must_use.}` before a function");
        for (uint32_t i = 0; i < length; i++) parser_advance(p);
    }
    return any;
}

// The tokens become those of `struct P`.
bool foreign_named_type(Parser *p) {
    if (p->plain) return false;
    const SigToken *name = parser_peek(p, 1), *third = parser_peek(p, 2);
    bool is_const = parser_at(p, TOKEN_CONST) && third->kind == TOKEN_ASSIGN;
    if (p->panic || name->kind != TOKEN_IDENT || (!is_const && !parser_at(p, TOKEN_TYPE))) return false;
    if (!is_const && third->kind == TOKEN_ASSIGN) return false;
    const SigToken *word = is_const ? parser_peek(p, 3) : third;
    if (word->kind != TOKEN_STRUCT && word->kind != TOKEN_ENUM && word->kind != TOKEN_TRAIT &&
        !parser_is_word(p, word, "interface"))
        return false;
    TokenKind kind = word->kind == TOKEN_IDENT ? TOKEN_TRAIT : (TokenKind)word->kind;
    const char *ours = kind == TOKEN_STRUCT ? "struct" : kind == TOKEN_ENUM ? "enum" : "trait";
    Span span = span_join(parser_here(p), parser_span(p, word));
    Str text = parser_text(p, name);
    Diag *diag =
        parser_soft(p, DIAG_E0007, span, "a type is declared with its keyword and its name: `%s " STR_FMT " { … }`",
                    ours, STR_ARG(text));
    diag_fix(p->diags, diag, span, arena_printf(p->arena, "%s " STR_FMT, ours, STR_ARG(text)), "write `%s " STR_FMT "`",
             ours, STR_ARG(text));
    parser_edit(p, 0)->kind = (uint8_t)kind;
    foreign_remove_tokens(p, p->s.pos + 2, is_const ? 2 : 1);
    return true;
}

// `extern "C"`, `pub(crate)`: through what stands behind the modifier. `export { a }`, which is a whole line, panics.
bool foreign_modifier_suffix(Parser *p) {
    if (p->plain) return false;
    const SigToken *before = parser_previous(p);
    if (p->panic || parser_token(p)->newline) return false;
    if (before->kind == TOKEN_EXTERN && parser_at(p, TOKEN_STRING)) {
        parser_soft(p, DIAG_E0016, parser_here(p),
                    "nothing names another language's calls: each function of C is declared with `extern func`");
        parser_advance(p);
        p->panic = p->stopped || parser_at(p, TOKEN_LBRACE);
        return true;
    }
    if (before->kind == TOKEN_EXPORT && (parser_at(p, TOKEN_LBRACE) || parser_at(p, TOKEN_STAR))) {
        parser_error(p, DIAG_E0016, parser_span(p, before),
                     "nothing lists what other modules may use: it is marked with `pub` where it is declared");
        return true;
    }
    if (before->kind != TOKEN_PUB || !parser_at(p, TOKEN_LPAREN)) return false;
    parser_soft(p, DIAG_E0016, parser_here(p), "`pub` is for every module; there are no other degrees of it");
    while (!parser_at(p, TOKEN_EOF) && !parser_token(p)->newline && !parser_accept(p, TOKEN_RPAREN)) parser_advance(p);
    return true;
}

// `static void f(int x) {`, `int x = 1;`: modifiers, a type and a name, which may be those of a class, before what says
// which of the two it is. The last name is in front of `*at`.
static bool at_c_declaration(const Parser *p, uint32_t *at) {
    static const char *const MODIFIERS[] = {"public", "private", "protected", "static", "inline", "virtual", "final"};
    if (!parser_at(p, TOKEN_IDENT)) return false;
    bool typed = is_type_name(parser_text(p, parser_token(p))), colon = false;
    if (!typed && !parser_word_in(p, parser_token(p), MODIFIERS, ARRAY_LEN(MODIFIERS))) return false;
    for (uint32_t i = 1; i < 16; i++) {
        const SigToken *t = parser_peek(p, i), *before = parser_peek(p, i - 1);
        bool behind_name = i > 1 && before->kind == TOKEN_IDENT;
        if (t->newline) return false;
        switch (t->kind) {
        case TOKEN_IDENT:
        case TOKEN_STAR:
        case TOKEN_AMP:
        case TOKEN_CONST: typed |= behind_name && is_type_name(parser_text(p, before)); break;
        case TOKEN_COLON: colon = true; break;
        case TOKEN_ASSIGN:
        case TOKEN_SEMICOLON: *at = i; return typed && !colon && behind_name;
        case TOKEN_LPAREN: *at = i; return behind_name;
        default: return false;
        }
    }
    return false;
}

bool foreign_c_declaration(Parser *p) {
    if (p->plain) return false;
    uint32_t at;
    if (p->panic || !at_c_declaration(p, &at)) return false;
    Str name = parser_text(p, parser_peek(p, at - 1));
    if (parser_peek(p, at)->kind == TOKEN_LPAREN)
        parser_error(p, DIAG_E0007, parser_here(p),
                     "a function is declared with `func " STR_FMT "(…) do … end`, its result behind `->`",
                     STR_ARG(name));
    else
        parser_error(p, DIAG_E0016, parser_here(p),
                     "a module's variable is declared with `var " STR_FMT ": T = …`, what does not change with `const`",
                     STR_ARG(name));
    return true;
}

// `package main`, `namespace a`, `from a import b`, `import "a"`: the line is skipped.
bool foreign_module_word(Parser *p) {
    if (p->plain) return false;
    const SigToken *next = parser_peek(p, 1);
    bool using_word = parser_at(p, TOKEN_USING) && parser_is_word(p, next, "namespace");
    if (p->panic || !(parser_at(p, TOKEN_IDENT) || using_word) || next->newline) return false;
    const char *message = using_word ? "names of a module are bound with `use a.b.{x, y}`" : NULL;
    if (AT_WORD(p, "package", "module", "namespace", "mod") && next->kind == TOKEN_IDENT)
        message = "a file is a module, named after its path; nothing declares it";
    if (AT_WORD(p, "from") && next->kind == TOKEN_IDENT) message = "names of a module are bound with `use a.b.{x, y}`";
    if (AT_WORD(p, "import", "include", "require") && next->kind == TOKEN_STRING)
        message = "a module is named by its path, without quotes: `use std.fmt`";
    if (!message) return false;
    parser_soft(p, DIAG_E0007, parser_here(p), "there is no `" STR_FMT "` here: %s",
                STR_ARG(parser_text(p, parser_token(p))), message);
    do parser_advance(p);
    while (!parser_at(p, TOKEN_EOF) && !parser_token(p)->newline);
    return true;
}

// ---- Parameters, fields, results ---------------------------------------------------------------

bool foreign_self_param(Parser *p, Node *param) {
    if (p->plain) return false;
    uint32_t ahead = parser_at(p, TOKEN_AMP) ? 1 : 0;
    bool mutable = ahead && parser_is_word(p, parser_peek(p, 1), "mut");
    if (mutable) ahead++;
    const SigToken *self = parser_peek(p, ahead), *after = parser_peek(p, ahead + 1);
    if (p->panic || self->kind != TOKEN_SELF || (after->kind != TOKEN_COMMA && after->kind != TOKEN_RPAREN))
        return false;
    Span span = span_join(parser_here(p), parser_span(p, self));
    Diag *diag =
        parser_soft(p, DIAG_E0007, span,
                    "`self` is a parameter with a type: `self: *Self`, or `self: *const Self` when it only reads");
    if (ahead) diag_fix(p->diags, diag, span, mutable ? "self: *Self" : "self: *const Self", "write its type");
    param->param.is_self = true;
    param->param.name = parser_name(p, self);
    param->param.name_span = parser_span(p, self);
    for (uint32_t i = 0; i <= ahead; i++) parser_advance(p);
    param->param.type = parser_bad(p);
    return true;
}

void foreign_param_mut(Parser *p) {
    if (p->plain) return;
    const SigToken *next = parser_peek(p, 1);
    if (p->panic || !parser_is_word(p, parser_token(p), "mut") ||
        (next->kind != TOKEN_IDENT && next->kind != TOKEN_SELF))
        return;
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "parameters cannot be assigned; there is no `mut`");
    diag_note(p->diags, diag, (Span){0},
              "take a pointer, `*T`, to change what the caller has, or copy it into a `var`");
    parser_advance(p);
}

bool foreign_variadic_param(Parser *p) {
    if (p->plain) return false;
    bool behind = parser_at(p, TOKEN_IDENT) && parser_peek(p, 1)->kind == TOKEN_DOT_DOT;
    bool star = parser_at(p, TOKEN_STAR) && parser_previous(p)->kind != TOKEN_COLON &&
                (parser_peek(p, 1)->kind == TOKEN_IDENT || parser_peek(p, 1)->kind == TOKEN_STAR);
    if (p->panic || !(behind || star || parser_at(p, TOKEN_DOT_DOT))) return false;
    parser_error(p, DIAG_E0016, parser_here(p), FOREIGN_NO_VARIADIC);
    return true;
}

Node *foreign_function_type(Parser *p, Node *type) {
    if (p->plain) return type;
    if (p->panic || !parser_at_same_line(p, TOKEN_ARROW) || p->brackets == 0 || type->kind == NODE_TYPE_FUNC)
        return type;
    parser_error(p, DIAG_E0007, parser_here(p), "the type of a function is written `func(A) -> B`");
    return type;
}

bool foreign_typed_name(Parser *p, const Name **name, Span *span) {
    if (p->plain) return false;
    const SigToken *second = parser_peek(p, 1);
    if (p->panic || !parser_at(p, TOKEN_IDENT) || second->newline) return false;
    Str left = parser_text(p, parser_token(p)), right = parser_text(p, second);
    bool swapped = second->kind == TOKEN_IDENT && is_type_name(left) && !is_type_name(right);
    if (!swapped && (!parse_starts_type(p, 1) || parser_peek(p, 2)->kind == TOKEN_COLON)) return false;
    if (second->kind == TOKEN_LPAREN) return false;
    Span both = span_join(parser_here(p), parser_span(p, second));
    if (swapped) {
        Diag *diag =
            parser_soft(p, DIAG_E0007, both, "the name comes first, then `:` and the type: `" STR_FMT ": " STR_FMT "`",
                        STR_ARG(right), STR_ARG(left));
        diag_fix(p->diags, diag, both, arena_printf(p->arena, STR_FMT ": " STR_FMT, STR_ARG(right), STR_ARG(left)),
                 "write `" STR_FMT ": " STR_FMT "`", STR_ARG(right), STR_ARG(left));
        *name = parser_name(p, second);
        *span = parser_span(p, second);
        // The type's token stays in front of the parser.
        SigToken type = *parser_token(p);
        parser_advance(p);
        *parser_edit(p, 0) = type;
        parser_edit(p, 0)->newline = false;
        return true;
    }
    *name = parser_name(p, parser_token(p));
    *span = parser_here(p);
    Diag *diag = parser_soft(p, DIAG_E0007, parser_span(p, second), "expected `:` between `" STR_FMT "` and its type",
                             STR_ARG(left));
    diag_fix(p->diags, diag, gap_after(p, parser_token(p)->end), ":", "add `:`");
    parser_advance(p);
    return true;
}

static Span equals_with_blank(const Parser *p, const SigToken *name, const SigToken *sign) {
    return (Span){p->source->index, name->end, sign->end};
}

bool foreign_dotted_field(Parser *p) {
    if (p->plain) return false;
    const SigToken *name = parser_peek(p, 1), *sign = parser_peek(p, 2);
    if (p->panic || !parser_at(p, TOKEN_DOT) || name->kind != TOKEN_IDENT || sign->kind != TOKEN_ASSIGN) return false;
    Diag *diag =
        parser_soft(p, DIAG_E0007, parser_here(p), "a field of a literal is written `name: value`, without the dot");
    diag_fix(p->diags, diag, parser_here(p), "", "write `:`");
    diag_fix(p->diags, diag, equals_with_blank(p, name, sign), ":", NULL);
    parser_advance(p);
    return true;
}

void foreign_field_equals(Parser *p) {
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "expected `:` after the field name, found `=`");
    diag_fix(p->diags, diag, equals_with_blank(p, parser_previous(p), parser_token(p)), ":", "write `:`");
}

// What the function then returns is the same mistake.
static void report_results(Parser *p) {
    parser_error(p, DIAG_E0016, parser_here(p), FOREIGN_ONE_RESULT);
    p->several_results = p->item_start + 1;
}

void foreign_results(Parser *p) {
    if (p->plain) return;
    if (!p->panic && parser_at_same_line(p, TOKEN_COMMA)) report_results(p);
}

bool foreign_result(Parser *p) {
    if (p->plain) return false;
    if (p->panic || parser_token(p)->newline) return false;
    Span here = parser_here(p);
    if (parser_at(p, TOKEN_COLON) || parser_at(p, TOKEN_FAT_ARROW)) {
        if (!parse_starts_type(p, 1)) return false;
        Diag *diag = parser_soft(p, DIAG_E0007, here, "the result of a function comes after `->`");
        parser_fix_word(p, diag, here, "->", "write `->`");
        parser_advance(p);
        return true;
    }
    if (parser_at(p, TOKEN_LPAREN)) {
        report_results(p);
        return false;
    }
    if ((!parse_starts_type(p, 0) && !parser_at(p, TOKEN_BANG)) || foreign_at_header_word(p)) return false;
    Diag *diag = parser_soft(p, DIAG_E0007, here, "the result of a function comes after `->`");
    here.end = here.start;
    diag_fix(p->diags, diag, here, "-> ", "add `->`");
    return true;
}

// ---- Lists in braces ---------------------------------------------------------------------------

TokenKind foreign_open_list(Parser *p, Diag **diag) {
    *diag = NULL;
    if (p->panic || !parser_at(p, TOKEN_DO)) return TOKEN_RBRACE;
    *diag =
        parser_soft(p, DIAG_E0007, parser_here(p), "what is listed here stands in braces, not between `do` and `end`");
    diag_fix(p->diags, *diag, parser_here(p), "{", "write `{ }`");
    parser_edit(p, 0)->kind = TOKEN_LBRACE;
    return TOKEN_END;
}

bool foreign_close_list(Parser *p, TokenKind close, Diag *diag) {
    if (close != TOKEN_END || p->panic) return false;
    if (!parser_at(p, TOKEN_END)) {
        diag->fixes.len = 0;
        return false;
    }
    diag_fix(p->diags, diag, parser_here(p), "}", NULL);
    parser_advance(p);
    return true;
}

// In column one stands what closes an item, not what closes a body in it.
bool foreign_at_item_end(const Parser *p) { return parser_at(p, TOKEN_END) && parser_at_column_one(p); }

void foreign_close_item(Parser *p, TokenKind close, Diag *diag, uint32_t open, const char *what) {
    if (foreign_close_list(p, close, diag)) return;
    if (p->panic || !foreign_at_item_end(p)) {
        parser_expect_close(p, TOKEN_RBRACE, open, what);
        return;
    }
    Diag *wrong =
        parser_soft(p, DIAG_E0007, parser_here(p), "what is opened with `{` is closed with `}`, not with `end`");
    diag_fix(p->diags, wrong, parser_here(p), "}", "write `}`");
    if (parser_peek(p, 1)->kind == TOKEN_RBRACE) diag_doubt(wrong);
    diag_note(p->diags, wrong, parser_span(p, &p->s.items[open]), "opened here");
    parser_advance(p);
}

// `use "a/b"`, `use <stdio>`; `super`, `self` and `crate` before the path.
void foreign_use_path(Parser *p) {
    if (p->plain) return;
    static const char *const RELATIVE[] = {"super", "crate"};
    const SigToken *next = parser_peek(p, 1);
    if (p->panic || parser_token(p)->newline) return;
    if (foreign_path_root(p)) return;
    if (parser_at(p, TOKEN_STRING) || parser_at(p, TOKEN_LT)) {
        parser_error(p, DIAG_E0007, parser_here(p), "a module is named by its path, without quotes: `use std.fmt`");
        return;
    }
    bool relative = parser_word_in(p, parser_token(p), RELATIVE, ARRAY_LEN(RELATIVE)) || parser_at(p, TOKEN_SELF);
    if (relative && next->kind == TOKEN_COLON)
        parser_error(p, DIAG_E0007, parser_here(p), "a module is named by its whole path, from the root: `use a.b`");
}

bool foreign_use_separator(Parser *p) {
    if (p->plain) return false;
    if (foreign_path_separator(p)) {
        parser_advance(p);
        return true;
    }
    if (p->panic || !parser_at(p, TOKEN_SLASH) || parser_peek(p, 1)->newline) return false;
    if (p->path_diag && p->path_at == p->s.pos) {
        diag_fix(p->diags, p->path_diag, parser_here(p), ".", NULL);
    } else {
        p->path_diag = parser_soft(p, DIAG_E0007, parser_here(p), "the parts of a path are separated by `.`, not `/`");
        diag_fix(p->diags, p->path_diag, parser_here(p), ".", "write `.`");
    }
    p->path_at = p->s.pos + 2;
    parser_advance(p);
    return true;
}

bool foreign_impl_colon(Parser *p, Node *impl) {
    if (p->plain) return false;
    if (p->panic || !parser_at(p, TOKEN_COLON) || impl->impl.trait) return false;
    Node *type = impl->impl.target;
    Span sign = parser_here(p);
    parser_advance(p);
    Node *trait = parse_type_prefix(p, "a trait");
    if (p->panic) return false;
    Diag *diag = parser_soft(p, DIAG_E0007, sign, "a trait is implemented with `impl Trait for Type`");
    const char *text = arena_printf(p->arena, "%s for %s", source_text(p, trait->span.start, trait->span.end),
                                    source_text(p, type->span.start, type->span.end));
    diag_fix(p->diags, diag, span_join(type->span, trait->span), text, "write `%s`", text);
    impl->impl.trait = trait;
    return true;
}

bool foreign_parent(Parser *p) {
    if (p->plain) return false;
    if (p->panic || (!parser_at(p, TOKEN_COLON) && !AT_WORD(p, "extends", "implements"))) return false;
    parser_soft(p, DIAG_E0007, parser_here(p),
                "a type has no parent; it gets a trait with `impl Trait for Type { … }`");
    while (!parser_at(p, TOKEN_EOF) && !parser_at(p, TOKEN_LBRACE) && !parser_peek(p, 1)->newline) parser_advance(p);
    if (!parser_at(p, TOKEN_LBRACE)) parser_advance(p);
    return true;
}
