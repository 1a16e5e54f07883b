// Expressions and statements spelled as in C, Go, Python, Rust or Zig. Where a sign or a word has one counterpart here
// the token is rewritten in place and parsing goes on as if it had been written so.
#include "syntax/foreign/foreign.h"

#define NOT_UNPACKED "there is no `...`: nothing is unpacked; a function takes many values as a slice, `[]const T`"

#define AT_WORD(p, ...)                                                                                                \
    parser_word_in(p, parser_token(p), (const char *const[]){__VA_ARGS__},                                             \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

void foreign_remove_tokens(Parser *p, uint32_t at, uint32_t count) {
    if (p->stopped) return;
    ENSURE(at + count < p->s.len);
    SigToken *items = p->s.items;
    memmove(items + at, items + at + count, sizeof(*items) * (p->s.len - at - count));
    p->s.len -= count;
}

static bool next_on_line(const Parser *p, uint32_t ahead, TokenKind kind) {
    return parser_peek(p, ahead)->kind == kind && !parser_peek(p, ahead)->newline;
}

// ---- Paths -------------------------------------------------------------------------------------

bool foreign_path_separator(Parser *p) {
    if (p->plain) return false;
    if (p->panic || !foreign_pair(p, TOKEN_COLON, TOKEN_COLON)) return false;
    const SigToken *after = parser_peek(p, 2);
    if (after->newline || (after->kind != TOKEN_IDENT && after->kind != TOKEN_LBRACE)) return false;
    // One message for a path of any length.
    if (p->path_diag && p->path_at == p->s.pos) {
        diag_fix(p->diags, p->path_diag, foreign_two(p), ".", NULL);
    } else {
        p->path_diag = parser_soft(p, DIAG_E0007, foreign_two(p), "the parts of a path are separated by `.`, not `::`");
        diag_fix(p->diags, p->path_diag, foreign_two(p), ".", "write `.`");
    }
    p->path_at = p->s.pos + 3;
    foreign_merge(p, TOKEN_DOT);
    return true;
}

bool foreign_path_root(Parser *p) {
    if (p->plain) return false;
    if (p->panic || !foreign_pair(p, TOKEN_COLON, TOKEN_COLON) || !next_on_line(p, 2, TOKEN_IDENT)) return false;
    Span span = foreign_two(p);
    p->path_diag = parser_soft(p, DIAG_E0016, span,
                               "there is no `::`; a name of this module stands alone, one of another behind that "
                               "module and a `.`");
    diag_fix_likely(p->diags, p->path_diag, span, "", "remove `::`");
    parser_advance(p);
    parser_advance(p);
    // What else of the path is written so belongs to the same mistake.
    p->path_at = p->s.pos + 1;
    return true;
}

bool foreign_turbofish(Parser *p, NodeList *args) {
    if (p->plain) return false;
    if (!foreign_pair(p, TOKEN_COLON, TOKEN_COLON) || !next_on_line(p, 2, TOKEN_LT)) return false;
    Span colons = foreign_two(p);
    parser_advance(p);
    parser_advance(p);
    Diag *diag = legacy_angle_open(p);
    diag_fix(p->diags, diag, colons, "", NULL);
    legacy_angle_list(p, args, diag);
    return true;
}

bool foreign_arrow(Parser *p) {
    if (p->plain) return false;
    const SigToken *next = parser_peek(p, 1);
    if (parser_token(p)->newline || next->kind != TOKEN_IDENT || !parser_adjacent(parser_token(p), next) ||
        !parser_adjacent(parser_previous(p), parser_token(p)))
        return false;
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p),
                             "a member is reached with `.`, through a pointer too; there is no `->`");
    diag_fix(p->diags, diag, parser_here(p), ".", "write `.`");
    parser_edit(p, 0)->kind = TOKEN_DOT;
    return true;
}

// ---- Signs -------------------------------------------------------------------------------------

static bool ends_operand(const SigToken *token) {
    switch (token->kind) {
    case TOKEN_END:
    case TOKEN_ELSE:
    case TOKEN_DO:
    case TOKEN_EOF:
    case TOKEN_COMMA:
    case TOKEN_SEMICOLON:
    case TOKEN_RPAREN:
    case TOKEN_RBRACKET:
    case TOKEN_LBRACE:
    case TOKEN_RBRACE: return true;
    default: return token->newline;
    }
}

bool foreign_step(Parser *p, const Node *base) {
    TokenKind kind = parser_kind(p);
    if (parser_token(p)->newline || !foreign_pair(p, kind, kind) || !ends_operand(parser_peek(p, 2))) return false;
    bool plus = kind == TOKEN_PLUS;
    Span span = foreign_two(p);
    Diag *diag = parser_soft(p, DIAG_E0007, span, "there is no `%s`; `%s= 1` stands on a line of its own",
                             plus ? "++" : "--", plus ? "+" : "-");
    uint32_t first = p->s.nested ? p->s.outer : p->s.items[p->element_start].index;
    bool whole = base->first_token == first && !p->s.nested && p->mode.newlines &&
                 (parser_peek(p, 2)->newline || parser_peek(p, 2)->kind == TOKEN_END);
    if (whole) diag_fix(p->diags, diag, span, plus ? " += 1" : " -= 1", "write `%s= 1`", plus ? "+" : "-");
    parser_advance(p);
    parser_advance(p);
    return true;
}

bool foreign_prefix_plus(Parser *p) {
    if (p->plain) return false;
    if (parser_peek(p, 1)->newline || parser_at_loose_operator(p)) return false;
    if (foreign_pair(p, TOKEN_PLUS, TOKEN_PLUS)) {
        parser_soft(p, DIAG_E0007, foreign_two(p), "there is no `++`; `+= 1` stands on a line of its own");
        parser_advance(p);
    } else {
        if (!parse_starts_expr((TokenKind)parser_peek(p, 1)->kind)) return false;
        Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "there is no prefix `+`");
        diag_fix(p->diags, diag, parser_here(p), "", "remove `+`");
    }
    parser_advance(p);
    return true;
}

// A name or a literal, which cannot go on with the operand before it.
static bool is_plain_operand(const SigToken *token) {
    switch (token->kind) {
    case TOKEN_IDENT:
    case TOKEN_INT:
    case TOKEN_FLOAT:
    case TOKEN_CHAR:
    case TOKEN_STRING:
    case TOKEN_INTERP:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_NULL_KW: return true;
    default: return false;
    }
}

// `x? - 1` is not one: no colon follows on its line, or behind a comma.
bool foreign_ternary(Parser *p) {
    if (p->plain) return false;
    if (!parse_starts_expr((TokenKind)parser_peek(p, 1)->kind) || parser_adjacent(parser_token(p), parser_peek(p, 1)))
        return false;
    uint32_t depth = 0;
    for (uint32_t i = 1; i < 64; i++) {
        const SigToken *t = parser_peek(p, i);
        if (t->newline || t->kind == TOKEN_EOF || (depth == 0 && (t->kind == TOKEN_COMMA || t->kind == TOKEN_DO)))
            return false;
        if (t->kind == TOKEN_LPAREN || t->kind == TOKEN_LBRACKET || t->kind == TOKEN_LBRACE) depth++;
        if (t->kind == TOKEN_RPAREN || t->kind == TOKEN_RBRACKET || t->kind == TOKEN_RBRACE) {
            if (depth == 0) return false;
            depth--;
        }
        if (t->kind == TOKEN_COLON && depth == 0) {
            parser_error(p, DIAG_E0007, parser_here(p), FOREIGN_NO_TERNARY);
            return true;
        }
    }
    return false;
}

bool foreign_macro_mark(Parser *p, const Node *base) {
    if (p->plain) return false;
    static const char *const WORDS[] = {"println", "print",       "eprint",        "eprintln", "assert",  "assert_eq",
                                        "panic",   "format",      "vec",           "write",    "writeln", "dbg",
                                        "todo",    "unreachable", "unimplemented", "matches"};
    static const char *const OURS[] = {"println", "print", "eprint", "eprintln", "assert", "panic"};
    const SigToken *next = parser_peek(p, 1);
    if (base->kind != NODE_NAME || !parser_adjacent(parser_previous(p), parser_token(p)) ||
        !parser_adjacent(parser_token(p), next) || (next->kind != TOKEN_LPAREN && next->kind != TOKEN_LBRACKET) ||
        !parser_word_in(p, parser_previous(p), WORDS, ARRAY_LEN(WORDS)))
        return false;
    if (str_equal_c(name_str(base->name.name), "vec")) {
        parser_soft(p, DIAG_E0007, base->span,
                    "there are no macros; an array is written `[a, b]`, and nothing allocates by itself");
        parser_advance(p);
        return true;
    }
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p),
                             "there are no macros; `" STR_FMT "` is called as a function, without `!`",
                             STR_ARG(name_str(base->name.name)));
    diag_fix(p->diags, diag, parser_here(p), "", "remove `!`");
    // The braces of a format would be printed as they are.
    Str first = parser_text(p, parser_peek(p, 2));
    bool plain = parser_peek(p, 2)->kind != TOKEN_STRING || !memchr(first.ptr, '{', first.len);
    if (!plain || next->kind != TOKEN_LPAREN || !parser_word_in(p, parser_previous(p), OURS, ARRAY_LEN(OURS)))
        diag_doubt(diag);
    parser_advance(p);
    return true;
}

bool foreign_bare_point(Parser *p, const Node *whole) {
    if (p->plain) return false;
    const SigToken *point = parser_previous(p), *next = parser_token(p);
    bool adjacent = parser_adjacent(point, next), fraction = adjacent && next->kind == TOKEN_INT;
    char first = next->start < p->source->text.len ? p->source->text.ptr[next->start] : '\0';
    bool named = adjacent && ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_');
    if (whole ? whole->kind != NODE_INT || named : !fraction) return false;
    uint32_t at = whole ? point->end : point->start;
    Diag *diag =
        parser_soft(p, DIAG_E0004, parser_span(p, point), "a number has digits before and after its decimal point");
    diag_fix(p->diags, diag, (Span){p->source->index, at, at}, "0", "write the zero");
    if (fraction) parser_advance(p);
    return true;
}

void foreign_range_mark(Parser *p) {
    if (p->plain) return;
    if (!parser_adjacent(parser_previous(p), parser_token(p))) return;
    if (parser_at(p, TOKEN_ASSIGN)) {
        Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p),
                                 "`a..b` includes `b` already (`a..<b` leaves it out); there is no `..=`");
        diag_fix(p->diags, diag, parser_here(p), "", "write `..`");
        parser_advance(p);
    } else if (parser_at(p, TOKEN_DOT) && ends_operand(parser_peek(p, 1))) {
        parser_error(p, DIAG_E0016, parser_here(p), NOT_UNPACKED);
    } else if (parser_at(p, TOKEN_DOT) && parser_adjacent(parser_token(p), parser_peek(p, 1)) &&
               parser_peek(p, 1)->kind != TOKEN_IDENT) {
        parser_soft(p, DIAG_E0007, parser_here(p), "there is no `...`: `a..b` includes `b`, `a..<b` leaves it out");
        parser_advance(p);
    }
}

// ---- Values ------------------------------------------------------------------------------------

void foreign_argument_name(Parser *p, uint32_t *named) {
    if (p->plain) return;
    const SigToken *sign = parser_peek(p, 1), *next = parser_peek(p, 2);
    bool longer =
        parser_adjacent(sign, next) && (!parse_starts_expr((TokenKind)next->kind) || next->kind == TOKEN_TILDE);
    if (!parser_at(p, TOKEN_IDENT) || (sign->kind != TOKEN_COLON && sign->kind != TOKEN_ASSIGN) || longer) return;
    if (!(*named)++)
        parser_soft(p, DIAG_E0007, parser_here(p),
                    "arguments have no names; they stand in the order of the parameters");
    parser_advance(p);
    parser_advance(p);
}

// `...xs` before an argument or element.
void foreign_spread(Parser *p) {
    if (p->plain) return;
    if (!foreign_pair(p, TOKEN_DOT_DOT, TOKEN_DOT)) return;
    parser_soft(p, DIAG_E0016, parser_here(p), NOT_UNPACKED);
    parser_advance(p);
    parser_advance(p);
}

// `x => x + 1`
void foreign_argument_end(Parser *p) {
    if (p->plain) return;
    if (parser_at(p, TOKEN_FAT_ARROW) || parser_at(p, TOKEN_ARROW)) (void)foreign_lambda(p);
}

// Behind `->` it may name its parts; and what such a function returns is the same mistake.
void foreign_tuple(Parser *p, uint32_t open) {
    if (p->plain) return;
    TokenKind before = (TokenKind)p->s.items[open > 0 ? open - 1 : 0].kind;
    bool result = before == TOKEN_ARROW, told = p->several_results == p->item_start + 1;
    if (p->panic || (!parser_at(p, TOKEN_COMMA) && !(result && parser_at(p, TOKEN_COLON)))) return;
    if (before == TOKEN_RETURN && told)
        p->panic = true;
    else
        parser_error(p, DIAG_E0016, parser_span(p, &p->s.items[open]), result ? FOREIGN_ONE_RESULT : FOREIGN_NO_TUPLE);
    if (result) p->several_results = p->item_start + 1;
}

void foreign_assigned_condition(Parser *p) {
    if (p->plain) return;
    if (p->panic || !parser_at(p, TOKEN_ASSIGN)) return;
    Diag *diag = parser_error(p, DIAG_E0016, parser_here(p),
                              "an assignment is a statement and has no value; comparing is written `==`");
    diag_fix_likely(p->diags, diag, parser_here(p), "==", "compare instead");
}

bool foreign_string_prefix(Parser *p) {
    if (p->plain) return false;
    const SigToken *next = parser_peek(p, 1);
    if (next->kind != TOKEN_STRING || !parser_adjacent(parser_token(p), next)) return false;
    bool format = AT_WORD(p, "f", "F");
    Diag *diag =
        format ? parser_soft(p, DIAG_E0007, parser_here(p), "an interpolated string begins with `$\"`")
               : parser_soft(p, DIAG_E0007, parser_here(p), "a string has no prefix but `$`; it is a slice of bytes");
    diag_fix(p->diags, diag, parser_here(p), format ? "$" : "", format ? "write `$`" : "remove it");
    // Colons in holes and backslashes mean other things elsewhere, and any other word may be a piece of something else.
    Str text = parser_text(p, next);
    bool same =
        !memchr(text.ptr, format ? ':' : '\\', text.len) && (format || AT_WORD(p, "r", "R", "u", "u8", "b", "c", "L"));
    if (!same) diag_doubt(diag);
    parser_advance(p);
    return true;
}

bool foreign_word_value(Parser *p) {
    if (p->plain) return false;
    const SigToken *next = parser_peek(p, 1);
    if (next->newline || (next->kind != TOKEN_IDENT && next->kind != TOKEN_FUNC)) return false;
    if (AT_WORD(p, "new"))
        parser_soft(p, DIAG_E0007, parser_here(p),
                    "there is no `new`: a value is written `Type { field: … }`, and memory comes from an allocator");
    else if (AT_WORD(p, "await"))
        parser_soft(p, DIAG_E0007, parser_here(p), "there is no `await`: a call returns when the work is done");
    else if (AT_WORD(p, "go", "spawn", "async"))
        parser_soft(p, DIAG_E0007, parser_here(p),
                    "there is no `" STR_FMT "`: a thread is started with `thread_spawn` of `std.thread`",
                    STR_ARG(parser_text(p, parser_token(p))));
    else
        return false;
    parser_advance(p);
    return true;
}

bool foreign_cast(Parser *p, const Node *paren) {
    if (p->plain) return false;
    static const char *const TYPES[] = {"i8",     "i16",  "i32",   "i64",      "isize", "u8",  "u16",
                                        "u32",    "u64",  "usize", "f32",      "f64",   "int", "float",
                                        "double", "char", "long",  "unsigned", "size_t"};
    const Node *type = paren->operand.operand;
    TokenKind kind = parser_kind(p);
    if (p->panic || parser_token(p)->newline || type->kind != NODE_NAME ||
        (kind != TOKEN_IDENT && kind != TOKEN_INT && kind != TOKEN_FLOAT && kind != TOKEN_LPAREN))
        return false;
    bool known = false;
    Str name = name_str(type->name.name);
    for (uint32_t i = 0; i < ARRAY_LEN(TYPES); i++) known |= str_equal_c(name, TYPES[i]);
    if (!known) return false;
    Diag *diag = parser_soft(p, DIAG_E0007, paren->span,
                             "a number is converted with `as`, behind it: `x as " STR_FMT "`", STR_ARG(name));
    const SigToken *token = parser_token(p);
    if (kind != TOKEN_LPAREN && ends_operand(parser_peek(p, 1))) {
        Span front = paren->span;
        front.end = token->start;
        // A cast that cuts bits off is a conversion that stops here.
        diag_fix_likely(p->diags, diag, front, "", "write `as`");
        diag_fix(p->diags, diag, (Span){front.file, token->end, token->end},
                 arena_printf(p->arena, " as " STR_FMT, STR_ARG(name)), NULL);
    }
    return true;
}

bool foreign_lambda(Parser *p) {
    if (p->plain) return false;
    parser_error(p, DIAG_E0016, parser_here(p), FOREIGN_NO_LAMBDA);
    return true;
}

bool foreign_typed_array(Parser *p, const Node *type) {
    if (p->plain) return false;
    if ((type->kind != NODE_TYPE_SLICE && type->kind != NODE_TYPE_ARRAY) ||
        !parser_adjacent(parser_previous(p), parser_token(p)))
        return false;
    parser_soft(p, DIAG_E0007, type->span,
                "an array is written `[a, b]`, without its type; `&[a, b]` is a slice of one");
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    p->panic = true;
    parser_recover_close(p, TOKEN_RBRACE);
    parser_leave_bracket(p, saved);
    return true;
}

#define NO_MAP_LITERAL "there is no literal of a map; a struct is written `Type { field: value }`"

void foreign_map_entry(Parser *p) {
    if (p->plain) return;
    if (!p->panic && parser_at(p, TOKEN_COLON)) parser_error(p, DIAG_E0016, parser_here(p), NO_MAP_LITERAL);
}

bool foreign_array_braces(Parser *p) {
    if (p->plain) return false;
    const SigToken *first = parser_peek(p, 1), *second = parser_peek(p, 2);
    bool value = first->kind == TOKEN_INT || first->kind == TOKEN_FLOAT || first->kind == TOKEN_STRING ||
                 first->kind == TOKEN_CHAR || first->kind == TOKEN_IDENT;
    bool map = value && first->kind != TOKEN_IDENT && second->kind == TOKEN_COLON;
    if (!value || (second->kind != TOKEN_COMMA && !map)) return false;
    Diag *diag = parser_soft(p, map ? DIAG_E0016 : DIAG_E0007, parser_here(p),
                             map ? NO_MAP_LITERAL : "an array is written `[a, b]`");
    if (!map) diag_fix(p->diags, diag, parser_here(p), "[", "write `[ ]`");
    parser_advance(p);
    Surroundings saved = parser_enter_bracket(p);
    uint32_t before = p->s.pos;
    p->panic = true;
    bool closed = parser_recover_close(p, TOKEN_RBRACE);
    if (closed && diag->fixes.len) diag_fix(p->diags, diag, parser_span(p, parser_previous(p)), "]", NULL);
    if (!closed && p->s.pos < before) p->s.pos = before;
    p->panic = !closed;
    parser_leave_bracket(p, saved);
    return true;
}

void foreign_reference_mut(Parser *p) {
    if (p->plain) return;
    const SigToken *next = parser_peek(p, 1);
    if (!parser_is_word(p, parser_token(p), "mut") || next->newline ||
        (next->kind != TOKEN_IDENT && next->kind != TOKEN_SELF))
        return;
    Span span = parser_here(p);
    Diag *diag =
        parser_soft(p, DIAG_E0007, span, "`&` of a `var` is a pointer to change it through; there is no `mut`");
    span.end = next->start;
    diag_fix(p->diags, diag, span, "", "remove `mut`");
    parser_advance(p);
}

// ---- if and loops ------------------------------------------------------------------------------

bool foreign_at_elif(const Parser *p) {
    if (p->plain) return false;
    const SigToken *next = parser_peek(p, 1);
    if (!AT_WORD(p, "elif", "elseif", "elsif")) return false;
    return !next->newline && next->kind != TOKEN_ASSIGN && next->kind != TOKEN_DOT &&
           parse_starts_expr((TokenKind)next->kind);
}

void foreign_report_elif(Parser *p) {
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "another condition is written `else if`");
    diag_fix(p->diags, diag, parser_here(p), "else if", "write `else if`");
    parser_edit(p, 0)->kind = TOKEN_IF;
    parser_edit(p, 0)->newline = false;
}

// The two words of ours are the one of theirs: it stays as `if`, and stands for the `else` before it as well.
void foreign_elif_behind_brace(Parser *p) {
    if (p->plain) return;
    const SigToken *word = parser_peek(p, 1);
    if (p->panic || !parser_at(p, TOKEN_RBRACE) || word->newline || p->s.pos == 0 ||
        !parser_word_in(p, word, (const char *const[]){"elif", "elseif", "elsif"}, 3))
        return;
    Diag *diag = parser_soft(p, DIAG_E0007, parser_span(p, word), "another condition is written `else if`");
    diag_doubt(diag);
    // The `}` takes the place of the token before it, which is behind us, and the word that of the brace.
    uint32_t at = p->s.pos;
    p->s.items[at - 1] = p->s.items[at];
    p->s.items[at] = *word;
    parser_edit(p, 0)->kind = TOKEN_ELSE;
    parser_edit(p, 1)->kind = TOKEN_IF;
    p->s.pos--;
}

bool foreign_else_mark(Parser *p) {
    if (p->plain) return false;
    if (!parser_at_same_line(p, TOKEN_COLON)) return false;
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "nothing stands between `else` and its statements");
    diag_fix(p->diags, diag, parser_here(p), "", "remove `:`");
    parser_advance(p);
    return true;
}

bool foreign_loop_without_condition(Parser *p, const char *word) {
    if (p->plain) return false;
    if (parser_token(p)->newline || (!parser_at(p, TOKEN_DO) && !parser_at(p, TOKEN_LBRACE))) return false;
    const SigToken *before = parser_previous(p);
    Diag *diag = parser_soft(p, DIAG_E0007, parser_span(p, before),
                             "a loop that goes on until `break` is written `while true do`, not `%s`", word);
    diag_fix(p->diags, diag, parser_span(p, before), "while true", "write `while true`");
    return true;
}

// Replaces the parentheses around everything that `for` goes over.
static bool for_in_parentheses(Parser *p) {
    uint32_t depth = 0;
    for (uint32_t i = 0; i < 256; i++) {
        const SigToken *t = parser_peek(p, i);
        if (t->kind == TOKEN_EOF || (i > 0 && t->newline)) return false;
        depth += t->kind == TOKEN_LPAREN;
        depth -= t->kind == TOKEN_RPAREN;
        if (depth > 0) continue;
        const SigToken *after = parser_peek(p, i + 1);
        Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p),
                                 "the head of `for` stands without parentheses: `for x in xs do`");
        if (after->kind != TOKEN_DO && after->kind != TOKEN_LBRACE) {
            diag_note(p->diags, diag, (Span){0}, "with an index, the element comes first: `for x, i in xs do`");
            p->panic = true;
            return true;
        }
        diag_fix(p->diags, diag, parser_here(p), "", "remove the parentheses");
        diag_fix(p->diags, diag, parser_span(p, t), "", NULL);
        foreign_remove_tokens(p, p->s.pos + i, 1);
        foreign_remove_tokens(p, p->s.pos, 1);
        return true;
    }
    return false;
}

// `for (int x : xs)`, `for (xs) |x|`
static bool for_declared(Parser *p) {
    if (!parser_at(p, TOKEN_LPAREN)) return false;
    bool colon = false;
    uint32_t depth = 0, i = 0;
    for (; i < 256; i++) {
        const SigToken *t = parser_peek(p, i);
        if (t->kind == TOKEN_EOF || (i > 0 && t->newline)) return false;
        depth += t->kind == TOKEN_LPAREN;
        depth -= t->kind == TOKEN_RPAREN;
        colon |= t->kind == TOKEN_COLON;
        if (depth == 0) break;
    }
    if (!colon && parser_peek(p, i + 1)->kind != TOKEN_PIPE) return false;
    parser_error(p, DIAG_E0007, parser_here(p),
                 "a loop over elements is written `for x in xs do`, or `for x, i in xs do`");
    return true;
}

// `for let x in xs`: a loop declares its variable itself.
static void for_declaring_word(Parser *p) {
    const SigToken *next = parser_peek(p, 1);
    if (!parser_at(p, TOKEN_LET) && !parser_at(p, TOKEN_VAR) && !parser_at(p, TOKEN_CONST)) return;
    if (next->kind != TOKEN_IDENT || next->newline) return;
    Span span = parser_here(p);
    span.end = next->start;
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p), "the variable of a loop is declared by `for` itself");
    diag_fix(p->diags, diag, span, "", "remove it");
    parser_advance(p);
}

bool foreign_for(Parser *p, bool *is_while) {
    if (p->plain) return false;
    bool has_in = false, has_of = false, has_semicolon = false, has_assign = false, is_go = false;
    uint32_t len = 0;
    for (const SigToken *t = parser_token(p); len < 256; t = parser_peek(p, ++len)) {
        if (t->kind == TOKEN_EOF || t->kind == TOKEN_DO || t->kind == TOKEN_LBRACE || (len > 0 && t->newline)) break;
        has_in |= t->kind == TOKEN_IN;
        has_of |= parser_is_word(p, t, "of");
        has_semicolon |= t->kind == TOKEN_SEMICOLON && !has_in; // after `in` it is that of `[x; n]`
        has_assign |= t->kind == TOKEN_ASSIGN || t->kind == TOKEN_COLON_ASSIGN;
        is_go |= parser_is_word(p, t, "range");
    }
    *is_while = false;
    if (parser_token(p)->newline || len == 0) return true;
    if (has_semicolon) {
        parser_error(p, DIAG_E0007, parser_here(p),
                     "there is no `for` of three parts; count with `for i in 0..<n do`, or use `while`");
        return false;
    }
    if (for_declared(p)) return false;
    if (parser_at(p, TOKEN_LPAREN) && (has_in || has_of) && for_in_parentheses(p)) {
        if (p->panic) return false;
        has_of = has_of && !has_in;
    }
    for_declaring_word(p);
    if (has_in) return true;
    const SigToken *word = parser_peek(p, 1);
    if (has_of && parser_at(p, TOKEN_IDENT) && parser_is_word(p, word, "of")) {
        Diag *diag = parser_soft(p, DIAG_E0007, parser_span(p, word), "what a loop goes over comes after `in`");
        diag_fix(p->diags, diag, parser_span(p, word), "in", "write `in`");
        parser_edit(p, 1)->kind = TOKEN_IN;
        return true;
    }
    if (has_assign) {
        parser_error(p, DIAG_E0007, parser_here(p),
                     is_go ? "a loop over elements is written `for x, i in xs do`: the element, then its index"
                           : "a loop that counts is written `for i in 0..<n do`, without the end, or `0..n`, with it");
        return false;
    }
    if (parser_at(p, TOKEN_STAR) || len < 2) return true;
    if (parser_at(p, TOKEN_IDENT) && (is_plain_operand(word) || word->kind == TOKEN_COMMA)) {
        parser_error(p, DIAG_E0007, parser_here(p),
                     "what a loop goes over stands behind `in`, as in `for x in xs do` or `for x, i in xs do`");
        return false;
    }
    Diag *diag = parser_soft(
        p, DIAG_E0007, parser_span(p, parser_previous(p)),
        "a loop with a condition is written `while`; `for` goes over a range or elements: `for x in xs do`");
    diag_fix(p->diags, diag, parser_span(p, parser_previous(p)), "while", "write `while`");
    *is_while = true;
    return true;
}
