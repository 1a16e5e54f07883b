// Spellings of older Janus. Each is read as what it stood for, so that nothing after it is disturbed, and reported
// once (E0010) with the edits that turn it into the canonical form when those are certain.
#include "syntax/parser.h"

static Span join(Span a, Span b) {
    a.end = b.end;
    return a;
}

static Span between(Span a, Span b) { return (Span){a.file, a.end, b.start}; }

static bool only_blanks(const Parser *p, uint32_t start, uint32_t end) {
    for (uint32_t i = start; i < end; i++)
        if (p->source->text.ptr[i] != ' ' && p->source->text.ptr[i] != '\t') return false;
    return true;
}

// ---- Words and separators ----------------------------------------------------------------------

// Without the `;` the line before would go on with this token, and two statements would become one.
static bool could_go_on(const Parser *p, const SigToken *next) {
    switch (next->kind) {
    case TOKEN_AS:
    case TOKEN_WHEN:
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_IN:
    case TOKEN_CATCH:
    case TOKEN_DO: return true;
    case TOKEN_DOT:
    case TOKEN_DOT_STAR:
    case TOKEN_DOT_QUESTION: return !next->newline || !p->mode.arm;
    case TOKEN_LPAREN:
    case TOKEN_LBRACKET:
    case TOKEN_LBRACE:
    case TOKEN_COMMA:
    case TOKEN_COLON: return !next->newline;
    case TOKEN_MINUS: return !next->newline || !p->mode.arm;
    default: return next->kind > TOKEN_DOT_QUESTION && next->kind <= TOKEN_COLON_ASSIGN;
    }
}

// Nothing but the end of the line, or of what the statement stands in, follows.
static bool ends_line(const SigToken *next) {
    return next->newline || next->kind == TOKEN_EOF || next->kind == TOKEN_END || next->kind == TOKEN_ELSE ||
           next->kind == TOKEN_RBRACE || next->kind == TOKEN_SEMICOLON;
}

// What follows on the line can be a statement of its own, which is reached.
static bool may_begin_line(const Parser *p, const SigToken *next) {
    TokenKind before = (TokenKind)parser_previous(p)->kind;
    bool jump = before == TOKEN_RETURN || before == TOKEN_BREAK || before == TOKEN_CONTINUE;
    bool chain = before == TOKEN_ELSE && next->kind == TOKEN_IF;
    return !jump && !chain && !p->s.nested && !p->mode.arm;
}

// Stands where a statement, an item or an arm is over, or none has begun. There is a fix only when the lines stay as far
// apart as the `;` keeps them.
bool legacy_semicolon(Parser *p) {
    Span span = parser_here(p);
    const SigToken *next = parser_peek(p, 1);
    Diag *diag = parser_soft(p, DIAG_E0010, span, "statements end with their line, not with `;`");
    if (could_go_on(p, next)) {
        parser_advance(p);
        return true;
    }
    if (ends_line(next)) {
        diag_fix(p->diags, diag, span, "", "remove `;`");
    } else {
        const char *text = p->source->text.ptr;
        uint32_t line = span.start, blanks = 0;
        while (line > 0 && text[line - 1] != '\n') line--;
        while (text[line + blanks] == ' ' || text[line + blanks] == '\t') blanks++;
        span.end = only_blanks(p, span.end, next->start) ? next->start : span.end;
        diag_fix(p->diags, diag, span, arena_printf(p->arena, "\n%.*s", (int)blanks, text + line), "begin a new line");
        if (!may_begin_line(p, next)) diag_doubt(diag);
    }
    parser_advance(p);
    return true;
}

static void report_word(Parser *p, const char *message, const char *word) {
    Diag *diag = parser_soft(p, DIAG_E0010, parser_here(p), "%s", message);
    diag_fix(p->diags, diag, parser_here(p), word, "write `%s`", word);
}

bool legacy_fn(Parser *p) {
    report_word(p, "a function is declared with `func`, not `fn`", "func");
    return true;
}

bool legacy_import(Parser *p) {
    if (!parser_is_word(p, parser_token(p), "import") || parser_token(p)->newline != true) return false;
    const SigToken *next = parser_peek(p, 1);
    if (next->newline || next->kind != TOKEN_IDENT) return false;
    report_word(p, "a module is named with `use`, not `import`", "use");
    return true;
}

bool legacy_union(Parser *p, Diag **diag) {
    const SigToken *name = parser_peek(p, 1);
    if (!parser_is_word(p, parser_token(p), "union") || name->kind != TOKEN_IDENT || name->newline) return false;
    *diag = parser_soft(p, DIAG_E0010, parser_here(p), "a union with payloads is an `enum` whose variants carry them");
    diag_fix(p->diags, *diag, parser_here(p), "enum", "write an `enum`");
    return true;
}

// ---- `:=` --------------------------------------------------------------------------------------

bool legacy_at_walrus(const Parser *p) {
    return parser_at(p, TOKEN_IDENT) && parser_peek(p, 1)->kind == TOKEN_COLON_ASSIGN && !parser_peek(p, 1)->newline;
}

// Whether the name is assigned to, or its address taken, before the next function.
bool legacy_is_changed_later(const Parser *p, Str name) {
    for (uint32_t i = p->s.pos + 2; i + 1 < p->s.len; i++) {
        const SigToken *t = &p->s.items[i];
        if (t->kind == TOKEN_FUNC || t->kind == TOKEN_TEST) return false;
        if (t->kind != TOKEN_IDENT || !str_equal(parser_text(p, t), name)) continue;
        TokenKind after = (TokenKind)p->s.items[i + 1].kind, before = (TokenKind)p->s.items[i - 1].kind;
        if ((after >= TOKEN_ASSIGN && after <= TOKEN_SHR_ASSIGN) || before == TOKEN_AMP) return true;
    }
    return false;
}

void legacy_report_walrus(Parser *p, bool *is_var) {
    Span name = parser_here(p), op = parser_span(p, parser_peek(p, 1));
    Diag *diag = parser_soft(p, DIAG_E0010, op, "a variable is declared with `let` or `var`, not `:=`");
    if (diag == p->silent) return;
    *is_var = legacy_is_changed_later(p, parser_text(p, parser_token(p)));
    const char *word = *is_var ? "var" : "let";
    diag_fix(p->diags, diag, (Span){name.file, name.start, name.start}, arena_printf(p->arena, "%s ", word),
             "declare it with `%s`", word);
    diag_fix(p->diags, diag, op, "=", "declare it with `%s`", word);
}

void legacy_declared_walrus(Parser *p) {
    if (p->panic || !parser_at_same_line(p, TOKEN_COLON_ASSIGN)) return;
    Diag *diag = parser_soft(p, DIAG_E0010, parser_here(p), "a declaration gives its value with `=`, not `:=`");
    diag_fix(p->diags, diag, parser_here(p), "=", "write `=`");
    parser_edit(p, 0)->kind = TOKEN_ASSIGN;
}

// ---- Operators ---------------------------------------------------------------------------------

bool legacy_at_try(const Parser *p) {
    const SigToken *next = parser_peek(p, 1);
    if (!parser_is_word(p, parser_token(p), "try") || next->newline) return false;
    return next->kind == TOKEN_IDENT || next->kind == TOKEN_SELF || next->kind == TOKEN_INTRINSIC;
}

Node *legacy_parse_try(Parser *p) {
    Node *node = parser_node(p, NODE_TRY);
    Span word = parser_here(p);
    parser_advance(p);
    Span operand = parser_here(p);
    node->operand.operand = parse_unary(p);
    if (p->panic) return parser_done(p, node);
    Diag *diag =
        parser_soft(p, DIAG_E0010, word, "an error is passed on with `?` after the expression, not `try` before it");
    uint32_t end = parser_previous(p)->end;
    diag_fix(p->diags, diag, (Span){word.file, word.start, operand.start}, "", "write `?` behind it");
    diag_fix(p->diags, diag, (Span){word.file, end, end}, "?", "write `?` behind it");
    return parser_done(p, node);
}

void legacy_report_operator(Parser *p, const char *word) {
    Span span = parser_here(p);
    Diag *diag = parser_soft(p, DIAG_E0010, span, "the operator is the word `%s`", word);
    parser_fix_word(p, diag, span, word, arena_printf(p->arena, "write `%s`", word));
}

Node *legacy_parse_not(Parser *p) {
    Node *node = parser_node(p, NODE_UNARY);
    Span span = parser_here(p);
    node->unary.op = UNARY_NOT;
    Diag *diag = parser_soft(p, DIAG_E0010, span, "negation is the word `not`");
    const SigToken *next = parser_peek(p, 1);
    diag_fix(p->diags, diag, span, parser_adjacent(parser_token(p), next) ? "not " : "not", "write `not`");
    parser_advance(p);
    node->unary.operand = parse_unary(p);
    return parser_done(p, node);
}

// ---- Generic arguments in angle brackets -------------------------------------------------------

// `name<A, B>(`: no space before `<`, only what types are made of inside, and the call right behind it. A comparison
// of that shape would be an error in any case.
bool legacy_at_angle_call(const Parser *p) {
    if (!parser_adjacent(parser_previous(p), parser_token(p)) || parser_previous(p)->kind != TOKEN_IDENT) return false;
    uint32_t depth = 0;
    for (uint32_t i = 0; i < 64; i++) {
        const SigToken *t = parser_peek(p, i), *next = parser_peek(p, i + 1);
        switch (t->kind) {
        case TOKEN_LT: depth++; break;
        case TOKEN_GT: depth--; break;
        case TOKEN_SHR:
            if (depth < 2) return false;
            depth -= 2;
            break;
        case TOKEN_IDENT:
        case TOKEN_DOT:
        case TOKEN_COMMA:
        case TOKEN_STAR:
        case TOKEN_CONST:
        case TOKEN_QUESTION:
        case TOKEN_LBRACKET:
        case TOKEN_RBRACKET:
        case TOKEN_INT: break;
        default: return false;
        }
        if (depth == 0) return parser_adjacent(t, next) && (next->kind == TOKEN_LPAREN || next->kind == TOKEN_DOT);
    }
    return false;
}

Diag *legacy_angle_open(Parser *p) {
    Diag *diag =
        parser_soft(p, DIAG_E0010, parser_here(p), "generic parameters and arguments stand in `[ ]`, not `< >`");
    diag_fix(p->diags, diag, parser_here(p), "[", "write `[ ]`");
    parser_advance(p);
    return diag;
}

// `>>` closes two lists: the first half of it is consumed here.
void legacy_angle_close(Parser *p, Diag *diag) {
    if (p->panic) return;
    SigToken *token = parser_edit(p, 0);
    if (token->kind == TOKEN_SHR) {
        diag_fix(p->diags, diag, (Span){p->source->index, token->start, token->start + 1}, "]", "write `[ ]`");
        token->kind = TOKEN_GT;
        token->start++;
    } else if (token->kind == TOKEN_GT) {
        diag_fix(p->diags, diag, parser_here(p), "]", "write `[ ]`");
        parser_advance(p);
    } else {
        diag->fixes.len = 0;
        p->panic = true;
    }
}

void legacy_angle_args(Parser *p, NodeList *out) { legacy_angle_list(p, out, legacy_angle_open(p)); }

void legacy_angle_list(Parser *p, NodeList *out, Diag *diag) {
    Surroundings saved = parser_enter_bracket(p);
    do {
        Node *arg = parser_at(p, TOKEN_INT) ? parse_literal(p) : parse_type(p, "a type argument");
        VEC_PUSH(p->arena, out, arg);
    } while (parser_accept(p, TOKEN_COMMA));
    parser_leave_bracket(p, saved);
    legacy_angle_close(p, diag);
}

// ---- Braces around bodies ----------------------------------------------------------------------

Diag *legacy_open_body(Parser *p, Diag *diag) {
    Span span = parser_here(p);
    if (diag == NULL) diag = parser_soft(p, DIAG_E0010, span, "a body stands between `do` and `end`, not in braces");
    parser_fix_word(p, diag, span, "do", "write `do … end`");
    parser_advance(p);
    return diag;
}

// An `end` in place of the `}` is what the fix would have made of it. A body that is never closed has its message
// already; half of its edits would help nobody.
void legacy_close_body(Parser *p, Diag *diag) {
    if (p->panic) return;
    if (parser_at(p, TOKEN_RBRACE)) {
        parser_fix_word(p, diag, parser_here(p), "end", "write `do … end`");
        parser_advance(p);
    } else if (!parser_accept(p, TOKEN_END)) {
        diag->fixes.len = 0;
        p->missing_end_at = p->s.pos + 1;
    }
}

void legacy_else(Parser *p, Diag *diag) {
    Span close = parser_here(p), word = parser_span(p, parser_peek(p, 1));
    Span rest = only_blanks(p, close.end, word.start) ? (Span){close.file, close.start, word.start} : close;
    diag_fix(p->diags, diag, rest, "", "write `do … end`");
    parser_advance(p);
    parser_advance(p);
    if (!parser_at(p, TOKEN_LBRACE) && !parser_at(p, TOKEN_DO)) return;
    Span open = parser_here(p);
    bool close_by = only_blanks(p, word.end, open.start);
    diag_fix(p->diags, diag, close_by ? join(between(word, open), open) : open, "", "write `do … end`");
    parser_advance(p);
}

bool legacy_at_catch_binding(const Parser *p) {
    const SigToken *name = parser_token(p), *brace = parser_peek(p, 1);
    if (name->kind != TOKEN_IDENT || brace->kind != TOKEN_LBRACE || brace->newline) return false;
    const SigToken *first = parser_peek(p, 2), *second = parser_peek(p, 3);
    char initial = p->source->text.ptr[name->start];
    if (first->kind == TOKEN_RBRACE) return !(initial >= 'A' && initial <= 'Z');
    return !(first->kind == TOKEN_IDENT && second->kind == TOKEN_COLON) && first->kind != TOKEN_DOT_DOT;
}

Diag *legacy_catch_binding(Parser *p, const SigToken *name) {
    Span span = parser_span(p, name);
    Diag *diag = parser_soft(p, DIAG_E0010, span, "the handler of an error is written `catch |" STR_FMT "| do … end`",
                             STR_ARG(parser_text(p, name)));
    diag_fix(p->diags, diag, span, arena_printf(p->arena, "|" STR_FMT "|", STR_ARG(parser_text(p, name))),
             "write `do … end`");
    return diag;
}

// ---- The rest ----------------------------------------------------------------------------------

bool legacy_late_profile(Parser *p) {
    if (!parser_at(p, TOKEN_LATTR) || parser_peek(p, 1)->kind != TOKEN_PROFILE) return false;
    parser_soft(p, DIAG_E0010, parser_span(p, parser_peek(p, 1)),
                "the profile is declared by the module's first line, as in `profile :core`");
    while (!parser_at(p, TOKEN_EOF) && !parser_at(p, TOKEN_RATTR)) parser_advance(p);
    (void)parser_accept(p, TOKEN_RATTR);
    return true;
}

bool legacy_profile(Parser *p) {
    const SigToken *colon = parser_peek(p, 2), *name = parser_peek(p, 3), *close = parser_peek(p, 4);
    if (!parser_at(p, TOKEN_LATTR) || parser_peek(p, 1)->kind != TOKEN_PROFILE || colon->kind != TOKEN_COLON ||
        name->kind != TOKEN_IDENT || close->kind != TOKEN_RATTR)
        return false;
    Span span = join(parser_here(p), parser_span(p, close));
    Diag *diag = parser_soft(p, DIAG_E0010, span, "the profile is declared with `profile :" STR_FMT "`",
                             STR_ARG(parser_text(p, name)));
    diag_fix(p->diags, diag, span, arena_printf(p->arena, "profile :" STR_FMT, STR_ARG(parser_text(p, name))),
             "write `profile :" STR_FMT "`", STR_ARG(parser_text(p, name)));
    p->tree->profile = parser_name(p, name);
    p->tree->profile_span = parser_span(p, name);
    for (int i = 0; i < 5; i++) parser_advance(p);
    return true;
}
