// Operators of other languages, between two operands: signs that are ours written together, and words. Each is read as
// the operator it is meant for, or as the nearest one where there is none, so that what follows is not disturbed.
#include "syntax/foreign/foreign.h"

bool foreign_pair(const Parser *p, TokenKind first, TokenKind second) {
    return parser_at(p, first) && parser_peek(p, 1)->kind == second &&
           parser_adjacent(parser_token(p), parser_peek(p, 1));
}

Span foreign_two(const Parser *p) { return span_join(parser_here(p), parser_span(p, parser_peek(p, 1))); }

void foreign_merge(Parser *p, TokenKind kind) {
    uint32_t start = parser_edit(p, 0)->start;
    bool newline = parser_edit(p, 0)->newline;
    parser_advance(p);
    parser_edit(p, 0)->start = start;
    parser_edit(p, 0)->newline = newline;
    parser_edit(p, 0)->kind = (uint8_t)kind;
}

typedef enum Certainty {
    MESSAGE, // nothing is certain enough to be written down
    LIKELY, // elsewhere it rounds another way, compares something else, or binds less or more than ours
    CERTAIN,
} Certainty;

typedef struct ForeignSign {
    TokenKind first, second;
    const char *theirs;
    TokenKind kind; // what it is read as
    Certainty certainty;
    const char *ours; // the operator; or, without a fix, what to do instead
} ForeignSign;

#define POWER "multiply, or write a function"
#define ASSIGNED(op) "write the variable again: `a = a " op " b`"

static const ForeignSign SIGNS[] = {
    {TOKEN_EQ, TOKEN_ASSIGN, "===", TOKEN_EQ, CERTAIN, "=="},
    {TOKEN_NE, TOKEN_ASSIGN, "!==", TOKEN_NE, CERTAIN, "!="},
    {TOKEN_LT, TOKEN_GT, "<>", TOKEN_NE, CERTAIN, "!="},
    {TOKEN_TILDE, TOKEN_ASSIGN, "~=", TOKEN_NE, LIKELY, "!="},
    {TOKEN_ASSIGN, TOKEN_SLASH_ASSIGN, "=/=", TOKEN_NE, CERTAIN, "!="},
    {TOKEN_LE, TOKEN_GT, "<=>", TOKEN_LT, MESSAGE,
     "ask with `<`, `==` and `>`; the order of a type is `compare` of `Ord`"},
    {TOKEN_QUESTION, TOKEN_COLON, "?:", TOKEN_QUESTION_QUESTION, LIKELY, "??"},
    {TOKEN_SHR, TOKEN_GT, ">>>", TOKEN_SHR, LIKELY, ">>"},
    {TOKEN_SHL, TOKEN_LT, "<<<", TOKEN_SHL, LIKELY, "<<"},
    {TOKEN_PERCENT, TOKEN_PERCENT, "%%", TOKEN_PERCENT, LIKELY, "%"},
    {TOKEN_TILDE, TOKEN_SLASH, "~/", TOKEN_SLASH, LIKELY, "/"},
    {TOKEN_CARET, TOKEN_CARET, "^^", TOKEN_NE, LIKELY, "!="},
    {TOKEN_AMP, TOKEN_CARET, "&^", TOKEN_AMP, MESSAGE, "bits are cleared with `a & ~b`"},
    {TOKEN_ASSIGN, TOKEN_TILDE, "=~", TOKEN_EQ, MESSAGE,
     "text is searched by a function; there are no regular expressions"},
    {TOKEN_LT, TOKEN_PIPE, "<|", TOKEN_LT, MESSAGE,
     "a function is called with parentheses, or behind its value: `x |> f()`"},
    {TOKEN_AS, TOKEN_BANG, "as!", TOKEN_AS, CERTAIN, "as"},
    {TOKEN_AS, TOKEN_QUESTION, "as?", TOKEN_AS, LIKELY, "as"},
    {TOKEN_AMP_AMP, TOKEN_ASSIGN, "&&=", TOKEN_ASSIGN, MESSAGE, ASSIGNED("and")},
    {TOKEN_PIPE_PIPE, TOKEN_ASSIGN, "||=", TOKEN_ASSIGN, MESSAGE, ASSIGNED("or")},
    {TOKEN_QUESTION_QUESTION, TOKEN_ASSIGN,
     "?"
     "?=",
     TOKEN_ASSIGN, MESSAGE,
     ASSIGNED("?"
              "?")},
    {TOKEN_SHR, TOKEN_GE, ">>>=", TOKEN_SHR_ASSIGN, LIKELY, ">>="},
    {TOKEN_STAR, TOKEN_STAR, "**", TOKEN_STAR, MESSAGE, POWER},
    {TOKEN_STAR, TOKEN_STAR_ASSIGN, "**=", TOKEN_STAR_ASSIGN, MESSAGE, POWER},
};

typedef struct ForeignWord {
    const char *word, *ours;
    TokenKind kind;
} ForeignWord;

static const ForeignWord WORDS[] = {
    {"orelse", "??", TOKEN_QUESTION_QUESTION},
    {"mod", "%", TOKEN_PERCENT},
    {"rem", "%", TOKEN_PERCENT},
    {"div", "/", TOKEN_SLASH},
    {"is", "==", TOKEN_EQ},
    {"xor", "^", TOKEN_CARET},
    {"shl", "<<", TOKEN_SHL},
    {"shr", ">>", TOKEN_SHR},
};

static void report(Parser *p, Span span, const char *theirs, const char *ours, Certainty certainty) {
    if (certainty == MESSAGE) {
        parser_soft(p, DIAG_E0007, span, "there is no `%s`; %s", theirs, ours);
        return;
    }
    Diag *diag = parser_soft(p, DIAG_E0007, span, "there is no `%s`; the operator is `%s`", theirs, ours);
    diag_fix(p->diags, diag, span, ours, "write `%s`", ours);
    if (certainty == LIKELY) diag_doubt(diag);
}

static bool operator_word(Parser *p) {
    const SigToken *next = parser_peek(p, 1);
    if (next->newline || !parse_starts_expr((TokenKind)next->kind) || next->kind == TOKEN_LPAREN) return false;
    for (uint32_t i = 0; i < ARRAY_LEN(WORDS); i++) {
        if (!parser_is_word(p, parser_token(p), WORDS[i].word)) continue;
        if (WORDS[i].kind == TOKEN_EQ && next->kind == TOKEN_NOT && !parser_peek(p, 2)->newline) {
            report(p, foreign_two(p), "is not", "!=", LIKELY);
            foreign_merge(p, TOKEN_NE);
            return true;
        }
        report(p, parser_here(p), WORDS[i].word, WORDS[i].ours, LIKELY);
        parser_edit(p, 0)->kind = (uint8_t)WORDS[i].kind;
        return true;
    }
    return false;
}

static bool operator_sign(Parser *p) {
    if (!parser_adjacent(parser_token(p), parser_peek(p, 1))) return false;
    for (uint32_t i = 0; i < ARRAY_LEN(SIGNS); i++) {
        if (!foreign_pair(p, SIGNS[i].first, SIGNS[i].second)) continue;
        report(p, foreign_two(p), SIGNS[i].theirs, SIGNS[i].ours, SIGNS[i].certainty);
        foreign_merge(p, SIGNS[i].kind);
        return true;
    }
    if (!foreign_pair(p, TOKEN_PLUS, TOKEN_PLUS) || !parse_starts_expr((TokenKind)parser_peek(p, 2)->kind))
        return false;
    report(p, foreign_two(p), "++", "text is joined by interpolation: `$\"{a}{b}\"`", MESSAGE);
    foreign_merge(p, TOKEN_PLUS);
    return true;
}

// `if x |value| {`
static bool at_payload(const Parser *p) {
    if (!parser_at(p, TOKEN_PIPE) || !p->mode.head) return false;
    const SigToken *name = parser_peek(p, 1), *close = parser_peek(p, 2), *open = parser_peek(p, 3);
    return name->kind == TOKEN_IDENT && close->kind == TOKEN_PIPE && !open->newline &&
           (open->kind == TOKEN_DO || open->kind == TOKEN_LBRACE);
}

void foreign_operator(Parser *p) {
    if (p->plain) return;
    const SigToken *token = parser_token(p);
    if (token->newline) return;
    if (token->kind == TOKEN_IDENT && operator_word(p)) return;
    if (token->kind == TOKEN_IDENT && p->mode.head &&
        (parser_is_word(p, token, "to") || parser_is_word(p, token, "upto"))) {
        Diag *diag =
            parser_soft(p, DIAG_E0007, parser_here(p), "a range is written `a..b`, or `a..<b` without its end");
        diag_fix_likely(p->diags, diag, parser_here(p), "..", "write `..`");
        parser_edit(p, 0)->kind = TOKEN_DOT_DOT;
    } else if (at_payload(p)) {
        Str name = parser_text(p, parser_peek(p, 1));
        parser_error(p, DIAG_E0007, parser_here(p),
                     "what an optional holds is named with `if let Some(" STR_FMT ") = … do`", STR_ARG(name));
    } else {
        (void)operator_sign(p);
    }
}

// ---- Channels ----------------------------------------------------------------------------------

#define RECEIVED "there is no `<-`; a value is taken from a channel with `chan_recv(&c)` of `std.sync.chan`"
#define SENT "there is no `<-`; a value is sent with `chan_send(&c, value)` of `std.sync.chan`"

bool foreign_receive(Parser *p) {
    if (p->plain) return false;
    if (!foreign_pair(p, TOKEN_LT, TOKEN_MINUS) || parser_peek(p, 1)->newline) return false;
    parser_soft(p, DIAG_E0007, foreign_two(p), RECEIVED);
    parser_advance(p);
    parser_advance(p);
    return true;
}

// `c <- v` is a comparison with `-v`, which nobody writes as a statement.
void foreign_send(Parser *p, const Node *statement) {
    if (p->panic || statement->kind != NODE_BINARY || statement->binary.op != BINARY_LT) return;
    const Node *right = statement->binary.right;
    if (right->kind != NODE_UNARY || right->unary.op != UNARY_NEG || right->span.start != statement->binary.op_span.end)
        return;
    parser_soft(p, DIAG_E0007, statement->binary.op_span, SENT);
}

// ---- Conditions behind what they decide --------------------------------------------------------

// Whether the line that begins with `t` goes on with a condition that an `if` before it has begun.
static bool goes_on(const SigToken *before, const SigToken *t) {
    return t->kind == TOKEN_DO || t->kind == TOKEN_AND || t->kind == TOKEN_OR || before->kind == TOKEN_AND ||
           before->kind == TOKEN_OR;
}

// Whether the `if` at the current token belongs to what stands before it: no block follows its condition.
static bool is_postfix(const Parser *p) {
    uint32_t depth = 0;
    for (uint32_t i = 1;; i++) {
        const SigToken *t = parser_peek(p, i);
        if (t->kind == TOKEN_EOF || t->kind == TOKEN_END) return i > 1;
        if (depth == 0 && t->newline && !goes_on(parser_peek(p, i - 1), t)) return i > 1;
        if (t->kind == TOKEN_LPAREN || t->kind == TOKEN_LBRACKET) depth++;
        if ((t->kind == TOKEN_RPAREN || t->kind == TOKEN_RBRACKET) && depth > 0) depth--;
        if (t->kind == TOKEN_DO || t->kind == TOKEN_LBRACE || t->kind == TOKEN_LET || t->kind == TOKEN_ELSE ||
            parser_is_word(p, t, "then"))
            return false;
    }
}

void foreign_postfix_condition(Parser *p) {
    if (p->plain) return;
    if (p->panic || parser_token(p)->newline || p->s.nested) return;
    bool negated = parser_is_word(p, parser_token(p), "unless");
    if ((!negated && !parser_at(p, TOKEN_IF)) || !is_postfix(p)) return;
    const char *ours = negated ? "when not" : "when";
    Diag *diag = parser_soft(p, DIAG_E0016, parser_here(p),
                             "there is no `" STR_FMT "` here; a condition behind a call or a jump is written `%s`",
                             STR_ARG(parser_text(p, parser_token(p))), ours);
    diag_fix_likely(p->diags, diag, parser_here(p), ours, "write `%s`", ours);
    parser_edit(p, 0)->kind = TOKEN_WHEN;
}

static Str source_slice(const Parser *p, const Node *node) {
    return (Str){p->source->text.ptr + node->span.start, node->span.end - node->span.start};
}

// `a if c else b`
bool foreign_conditional(Parser *p, const Node *value) {
    if (p->plain) return false;
    if (p->panic || parser_token(p)->newline || !parser_at(p, TOKEN_IF)) return false;
    uint32_t depth = 0;
    for (uint32_t i = 1; i < 64; i++) {
        const SigToken *t = parser_peek(p, i);
        if (t->newline || t->kind == TOKEN_EOF || t->kind == TOKEN_DO || t->kind == TOKEN_LBRACE) return false;
        if (t->kind == TOKEN_ELSE && depth == 0) break;
        depth += t->kind == TOKEN_LPAREN || t->kind == TOKEN_LBRACKET;
        depth -= depth > 0 && (t->kind == TOKEN_RPAREN || t->kind == TOKEN_RBRACKET);
    }
    Span whole = {p->source->index, value->span.start, value->span.end};
    Diag *diag = parser_soft(p, DIAG_E0007, parser_here(p),
                             "a choice between values begins with its condition: `if condition do a else b end`");
    parser_advance(p);
    Node *condition = parse_expr(p);
    if (p->panic || !parser_accept(p, TOKEN_ELSE)) return true;
    Node *other = parse_expr(p);
    if (p->panic) return true;
    whole.end = other->span.end;
    Str chosen = source_slice(p, value), asked = source_slice(p, condition), rest = source_slice(p, other);
    const char *ours = arena_printf(p->arena, "if " STR_FMT " do " STR_FMT " else " STR_FMT " end", STR_ARG(asked),
                                    STR_ARG(chosen), STR_ARG(rest));
    diag_fix_likely(p->diags, diag, whole, ours, "write it so");
    return true;
}
