// Whole constructs of other languages: a word, the block it opens, and the clauses that belong to it, as `try`, `catch`
// and `finally`. Invariant: a construct is one message. Nothing of it is read as Janus, and parsing goes on behind its
// last clause. What ends it is its braces, or else its indentation, which is right where a block's words are not ours.
#include "syntax/foreign/foreign.h"

// Where one may stand, and what else must hold.
enum {
    STATEMENT = 1, // where a statement begins
    VALUE = 2, // where a value is expected
    ITEM = 4, // where a declaration begins
    CLAUSED = 8, // only with one of its clauses: without it the block is that of something else
    UNCLOSED = 16, // not when an `end` closes it: then a mark is wrong, and nothing else
    EVERYWHERE = STATEMENT | VALUE | ITEM,
    INSIDE = STATEMENT | ITEM, // statements astray between declarations are statements
};

// `head` says what stands between the word and the end of the construct's first block or line:
//   `(` what is in parentheses    `[` in brackets    `<` in angles    `f` `func`    `:` `=` themselves    `w` `next`
//   `*` anything up to what the next of these stands for
//   `b` a block: `{`, `do`, or what is indented below `:`, `of`, `with`, or the word itself
//   `{` a block in braces         `i` an indented block below `:`, `of` or `with`
//   `l` the rest of the line, with a block in braces that begins on it    `d` the same, from the next line if none is left
//   `]` the rest of the brackets that the word opens, around captures     `>` a statement indented deeper, on the next line
//   `t` parentheses that begin with a type no value begins with    `n` a name right behind, as no value has one
//   `}` braces that do not begin with what a list of ours does
typedef struct Construct {
    const char *word, *head;
    uint8_t places;
    const char *clauses; // that may follow the block
    const char *next; // the word that `w` stands for
    const char *instead;
} Construct;

#define INDENTED "a body goes from `do` to its `end`, whatever its indentation"
#define MATCH "cases are told apart with `match x { pattern => value, else => value }`"
#define TRY "an error is handled where it arises: `f() catch |e| do … end`"
#define LOCK "a lock is held with `using` and what its `lock` answers"
#define CLOSED "what is closed at the end of a block is bound with `using x = … do … end`"
#define TESTED_LAST "a loop that tests at its end is `while true do … break when not condition end`"
#define NEGATED "negate the condition: `if not … do … end`"
#define ELEMENTS "a loop over elements is written `for x in xs do … end`"
#define MODULE "a file is a module, named after its path; nothing declares it"
#define ALIAS "a type gets another name with `type Name = Type`; a struct or an enum is declared by its name"
#define FOREIGN_OF_C "a function of C is declared with `extern func`, and its library linked with `--link`"
#define RECEIVER "a method stands in `impl Type { … }`, and its first parameter is `self: *Self`"
#define BODY "a body goes from `do` to its `end`, though it be one statement"
#define CHOICE "a choice is written `if condition do a else b end`"
#define BOUND "a pattern is asked for with `if let Some(x) = y do … end`, or with `match`"
#define MADE                                                                                                           \
    "nothing allocates by itself: memory comes from an array or an allocator, and a channel is made by `chan_new`"
#define SHAPES "what types have in common is a `trait` of functions, `func f(self: *Self)`; data is a `struct`"
#define THREAD "a thread is started with `thread_spawn` of `std.thread`, and a function that is declared"

static const Construct CONSTRUCTS[] = {
    {"try", "b", EVERYWHERE, "catch except rescue finally ensure else", NULL, TRY},
    {"try", "({", EVERYWHERE, "catch finally", NULL, TRY},
    {"begin", "b", EVERYWHERE | CLAUSED, "rescue except ensure", NULL, TRY},
    {"do", "{", STATEMENT | ITEM | CLAUSED, "catch finally", NULL, TRY},
    {"do", "{", STATEMENT | ITEM | CLAUSED, "while until", NULL, TESTED_LAST},
    {"repeat", "b", INSIDE | CLAUSED, "while until", NULL, TESTED_LAST},
    {"guard", "*b", INSIDE, "", NULL,
     "leave early with `let x = y ?? return …`, `return … when not condition`, or `if let … do`"},
    {"lock", "(b", INSIDE, "", NULL, LOCK},
    {"synchronized", "(b", INSIDE, "", NULL, LOCK},
    {"with", "*b", INSIDE, "", NULL, CLOSED},
    {"using", "({", INSIDE, "", NULL, CLOSED},
    {"switch", "{", EVERYWHERE, "", NULL, MATCH},
    {"switch", "*b", EVERYWHERE, "", NULL, MATCH},
    {"case", "*b", EVERYWHERE, "", NULL, MATCH},
    {"select", "{", INSIDE, "", NULL, "`chan_select` of `std.sync.chan` waits for one of several channels"},
    {"when", "({", EVERYWHERE, "", NULL, MATCH},
    {"when", "{", EVERYWHERE, "", NULL, "a chain of conditions is written `if … do … else if … do … else … end`"},
    {"when", "*b", INSIDE, "else", NULL, "a block with a condition is written `if … do … end`"},
    {"match", "*i", EVERYWHERE, "", NULL, MATCH},
    {"unless", "*b", INSIDE, "else", NULL, NEGATED},
    {"until", "*b", INSIDE, "", NULL, "a loop is `while`, its condition negated: `while not … do … end`"},
    {"foreach", "(b", INSIDE, "", NULL, ELEMENTS},
    {"if", "*i", INSIDE | UNCLOSED, "elif else", NULL, INDENTED},
    {"if", "(>", INSIDE | UNCLOSED, "else", NULL, BODY},
    {"while", "(>", INSIDE | UNCLOSED, "", NULL, BODY},
    {"for", "(>", INSIDE | UNCLOSED, "", NULL,
     "a loop is written `for x in xs do … end`, or `while condition do … end`"},
    {"if", "*wl", STATEMENT | VALUE | UNCLOSED, "", "then", CHOICE},
    {"if", "w*b", INSIDE, "else", "case", BOUND},
    {"while", "w*b", INSIDE, "", "case", BOUND},
    {"while", "*i", INSIDE | UNCLOSED, "else", NULL, INDENTED},
    {"for", "*i", INSIDE | UNCLOSED, "else", NULL, INDENTED},
    {"while", "(:(b", INSIDE, "", NULL, "what a loop does after each turn stands at the end of its body"},
    {"defer", "f({", INSIDE, "", NULL, "what is deferred is a call or a block: `defer do … end`"},
    {"go", "f({", INSIDE, "", NULL, THREAD},
    {"spawn", "f({", INSIDE, "", NULL, THREAD},
    {"def", "*i", INSIDE | UNCLOSED, "", NULL, "a function is declared with `func name(…) do … end`; " INDENTED},
    {"class", "*i", INSIDE | UNCLOSED, "", NULL,
     "data is a `struct Name { … }`, its methods stand in an `impl Name { … }`"},
    {"namespace", "*{", ITEM, "", NULL, MODULE},
    {"module", "*{", ITEM, "", NULL, MODULE},
    {"mod", "*{", ITEM, "", NULL, MODULE},
    {"import", "(", ITEM, "", NULL, "a module is named by its path, without quotes, each with its own `use std.fmt`"},
    {"import", "{l", ITEM, "", NULL, "names of a module are bound with `use a.b.{x, y}`"},
    {"import", "*wl", ITEM, "", "from", "names of a module are bound with `use a.b.{x, y}`"},
    {"default", "l", ITEM, "", NULL, "what other modules may use is marked with `pub` where it is declared"},
    {"crate", "l", ITEM, "", NULL, "a module is named by its path, `use a.b`; a library of C with `--link`"},
    {"use", "wl", INSIDE, "", "zig", FOREIGN_OF_C},
    {"use", "wl", INSIDE, "", "c", FOREIGN_OF_C},
    {"using", "*=l", ITEM, "", NULL, "a type gets another name with `type Name = Type`"},
    {"template", "<d", ITEM, "", NULL, "generic parameters stand in brackets behind the name: `func f[T](x: T)`"},
    {"func", "({", STATEMENT | VALUE, "", NULL, FOREIGN_NO_LAMBDA},
    {"func", "(*{", VALUE, "", NULL, FOREIGN_NO_LAMBDA},
    {"[", "]({", STATEMENT | VALUE, "", NULL, FOREIGN_NO_LAMBDA},
    {"[", "](*{", STATEMENT | VALUE, "", NULL, FOREIGN_NO_LAMBDA},
    {"[", "]{", STATEMENT | VALUE, "", NULL, FOREIGN_NO_LAMBDA},
    {"func", "(*b", INSIDE, "", NULL, RECEIVER},
    {"fn", "(*b", INSIDE, "", NULL, RECEIVER},
    {"make", "t", STATEMENT | VALUE, "", NULL, MADE},
    {"map", "[nl", STATEMENT | VALUE, "", NULL, FOREIGN_NO_MAP},
    {"map", "[n", STATEMENT | VALUE, "", NULL, FOREIGN_NO_MAP},
    {"async", "w*i", INSIDE, "", "def", "threads are started with `thread_spawn` of `std.thread`; " INDENTED},
    {"interface", "*}", ITEM, "", NULL, SHAPES},
    {"type", "*w}", ITEM, "", "interface", SHAPES},
    {"delete", "[l", INSIDE, "", NULL, "memory is given back to the allocator it came from"},
    {"typedef", "l", INSIDE, "", NULL, ALIAS},
};

// ---- Tokens ahead ------------------------------------------------------------------------------

static const SigToken *token_at(const Parser *p, uint32_t at) { return &p->s.items[at < p->s.len ? at : p->s.len - 1]; }

static bool over(const Parser *p, uint32_t at) { return token_at(p, at)->kind == TOKEN_EOF; }

static bool begins_item(const Parser *p, uint32_t at) {
    const SigToken *t = token_at(p, at);
    return t->newline && parser_is_item_word((TokenKind)t->kind) && parser_indent(p, t->start) == 0;
}

static bool is_spelled(const Parser *p, uint32_t at, const char *word) {
    return str_equal_c(parser_text(p, token_at(p, at)), word);
}

static bool is_one_of(const Parser *p, uint32_t at, const char *words) {
    Str text = parser_text(p, token_at(p, at));
    for (const char *word = words; *word; word += *word == ' ') {
        size_t len = strcspn(word, " ");
        if (len == text.len && memcmp(word, text.ptr, len) == 0) return true;
        word += len;
    }
    return false;
}

// Behind the bracket that closes the one at `at`; at the next declaration when none does.
static uint32_t after_group(const Parser *p, uint32_t at, TokenKind open, TokenKind close) {
    uint32_t depth = 0;
    for (; !over(p, at); at++) {
        if (depth > 0 && begins_item(p, at)) return at;
        depth += token_at(p, at)->kind == open;
        depth -= token_at(p, at)->kind == close;
        if (depth == 0) return at + 1;
    }
    return at;
}

static uint32_t line_end(const Parser *p, uint32_t at) {
    while (!over(p, at) && !token_at(p, at)->newline) at++;
    return at;
}

static bool closes_block(const Parser *p, uint32_t at) {
    return token_at(p, at)->kind == TOKEN_END || token_at(p, at)->kind == TOKEN_RBRACE ||
           is_one_of(p, at, "endif endwhile endfor done fi esac");
}

// Behind the word that closes the construct's block, or at one: of the same line, or below its beginning.
static bool is_closed(const Parser *p, uint32_t end) {
    uint32_t indent = parser_indent(p, parser_token(p)->start);
    for (uint32_t at = end - 1; at <= end; at++) {
        const SigToken *t = token_at(p, at);
        bool in_place = t->newline ? parser_indent(p, t->start) == indent : at < end;
        if (in_place && (closes_block(p, at) || (at == end && t->kind == TOKEN_ELSE))) return true;
    }
    return false;
}

// Behind what is indented deeper than the line of `at`, with the arms `| pattern` below it, and behind the word that
// closes it.
static uint32_t after_indented(const Parser *p, uint32_t at) {
    uint32_t indent = parser_indent(p, token_at(p, at)->start);
    for (at++; !over(p, at); at++) {
        const SigToken *t = token_at(p, at);
        if (!t->newline || parser_indent(p, t->start) > indent - (t->kind == TOKEN_PIPE && indent > 0)) continue;
        return closes_block(p, at) && parser_indent(p, t->start) == indent ? at + 1 : at;
    }
    return at;
}

// `do … end` that begins and ends on one line.
static uint32_t after_short_do(const Parser *p, uint32_t at) {
    uint32_t depth = 0;
    for (uint32_t i = at; !over(p, i) && (i == at || !token_at(p, i)->newline); i++) {
        depth += token_at(p, i)->kind == TOKEN_DO;
        depth -= token_at(p, i)->kind == TOKEN_END;
        if (depth == 0) return i + 1;
    }
    return after_indented(p, at);
}

static bool ends_line(const Parser *p, uint32_t at) { return over(p, at + 1) || token_at(p, at + 1)->newline; }

// The braces of a block; right behind the word they may be those of a literal.
static bool at_block_brace(const Parser *p, uint32_t at, bool word) {
    if (token_at(p, at)->kind != TOKEN_LBRACE) return false;
    bool field = token_at(p, at + 1)->kind == TOKEN_IDENT && token_at(p, at + 2)->kind == TOKEN_COLON;
    return !field && !(word && token_at(p, at + 1)->kind == TOKEN_RBRACE);
}

static bool at_indented(const Parser *p, uint32_t at) {
    bool mark = token_at(p, at)->kind == TOKEN_COLON || is_one_of(p, at, "of with");
    return mark && ends_line(p, at) && !over(p, at + 1) &&
           parser_indent(p, token_at(p, at + 1)->start) >= parser_indent(p, token_at(p, at)->start);
}

// A word on a line of its own, above what is indented deeper.
static bool at_alone(const Parser *p, uint32_t at) {
    return token_at(p, at)->newline && ends_line(p, at) && !over(p, at + 1) &&
           parser_indent(p, token_at(p, at + 1)->start) > parser_indent(p, token_at(p, at)->start);
}

// Behind the block at `at` of the kind that `sign` stands for; 0 when there is none. `word`: directly behind it.
static uint32_t after_block(const Parser *p, uint32_t at, char sign, bool word) {
    if (word && sign == 'b' && at_alone(p, at - 1)) return after_indented(p, at - 1);
    if (token_at(p, at)->newline && token_at(p, at)->kind != TOKEN_LBRACE) return 0;
    if (sign != 'i' && at_block_brace(p, at, word)) return after_group(p, at, TOKEN_LBRACE, TOKEN_RBRACE);
    if (sign != '{' && at_indented(p, at)) return after_indented(p, at);
    if (sign == 'b' && token_at(p, at)->kind == TOKEN_DO) return after_short_do(p, at);
    return 0;
}

// Up to a bracket that closes what is around, or the end of the line.
static uint32_t after_line(const Parser *p, uint32_t at) {
    uint32_t depth = 0;
    for (; !over(p, at) && !token_at(p, at)->newline && token_at(p, at)->kind != TOKEN_SEMICOLON; at++) {
        TokenKind kind = (TokenKind)token_at(p, at)->kind;
        if (kind == TOKEN_LBRACE) at = after_group(p, at, TOKEN_LBRACE, TOKEN_RBRACE) - 1;
        depth += kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET;
        if (kind != TOKEN_RPAREN && kind != TOKEN_RBRACKET && kind != TOKEN_RBRACE) continue;
        if (depth == 0) break;
        depth--;
    }
    return at;
}

// A statement on the next line, indented deeper than the line of the construct's word, that goes on with nothing.
static uint32_t after_lone_statement(const Parser *p, uint32_t at) {
    const SigToken *t = token_at(p, at), *word = parser_token(p);
    bool nests = t->kind == TOKEN_IF || t->kind == TOKEN_WHILE || t->kind == TOKEN_FOR;
    bool begins = nests || t->kind == TOKEN_IDENT || t->kind == TOKEN_RETURN || t->kind == TOKEN_BREAK ||
                  t->kind == TOKEN_CONTINUE || t->kind == TOKEN_FAIL || t->kind == TOKEN_STAR ||
                  t->kind == TOKEN_PLUS || t->kind == TOKEN_MINUS;
    if (!begins || !t->newline || is_spelled(p, at, "then") ||
        parser_indent(p, t->start) <= parser_indent(p, word->start))
        return 0;
    // More lines of the same depth, and an `end` below them, are a body that lacks its `do`.
    uint32_t end = after_indented(p, at - 1);
    return nests || is_closed(p, end) ? end : after_line(p, at + 1);
}

static bool is_type_of_go(const Parser *p, uint32_t at) {
    const SigToken *t = token_at(p, at), *next = token_at(p, at + 1);
    if (t->kind == TOKEN_LBRACKET) return next->kind == TOKEN_RBRACKET && token_at(p, at + 2)->kind == TOKEN_IDENT;
    if (is_spelled(p, at, "chan"))
        return next->kind == TOKEN_IDENT || next->kind == TOKEN_STRUCT || next->kind == TOKEN_FUNC ||
               (next->kind == TOKEN_LBRACKET && token_at(p, at + 2)->kind == TOKEN_RBRACKET);
    return next->kind == TOKEN_LBRACKET && is_spelled(p, at, "map");
}

static uint32_t after_name_behind(const Parser *p, uint32_t at) {
    const SigToken *t = token_at(p, at);
    if (!parser_adjacent(token_at(p, at - 1), t)) return 0;
    if (t->kind == TOKEN_IDENT || t->kind == TOKEN_FUNC) return at + 1;
    return t->kind == TOKEN_LBRACKET && token_at(p, at + 1)->kind == TOKEN_RBRACKET ? at + 2 : 0;
}

// `&]`, `=, &n]`, `n = 1]`: few, as every array would otherwise be looked through.
static uint32_t after_captures(const Parser *p, uint32_t at) {
    enum { MOST = 32 };
    for (uint32_t i = at; i < at + MOST; i++) {
        switch (token_at(p, i)->kind) {
        case TOKEN_IDENT:
        case TOKEN_AMP:
        case TOKEN_ASSIGN:
        case TOKEN_STAR: break;
        case TOKEN_INT:
        case TOKEN_STRING:
        case TOKEN_COLON:
        case TOKEN_LPAREN:
        case TOKEN_RPAREN:
        case TOKEN_DOT:
        case TOKEN_COMMA:
            if (i == at) return 0;
            break;
        case TOKEN_RBRACKET: return i + 1;
        default: return 0;
        }
    }
    return 0;
}

static uint32_t after_other_list(const Parser *p, uint32_t at) {
    const SigToken *t = token_at(p, at), *first = token_at(p, at + 1), *second = token_at(p, at + 2);
    bool other = first->kind == TOKEN_IDENT &&
                 (second->kind == TOKEN_COLON || second->kind == TOKEN_LPAREN || second->kind == TOKEN_QUESTION ||
                  second->kind == TOKEN_SEMICOLON || second->newline);
    return t->kind == TOKEN_LBRACE && other ? after_group(p, at, TOKEN_LBRACE, TOKEN_RBRACE) : 0;
}

static uint32_t after_sign(const Parser *p, uint32_t at, const char *head, bool word, const char *next);

// The first place on the line where the rest of the head fits.
static uint32_t after_rest(const Parser *p, uint32_t at, const char *head, const char *next) {
    if (token_at(p, at)->newline) return 0;
    for (uint32_t i = at, depth = 0; !over(p, i) && (i == at || !token_at(p, i)->newline); i++) {
        TokenKind kind = (TokenKind)token_at(p, i)->kind;
        uint32_t end = depth == 0 && i > at ? after_sign(p, i, head, false, next) : 0;
        if (end) return end;
        depth += kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET || kind == TOKEN_LBRACE;
        bool closes = kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET || kind == TOKEN_RBRACE;
        if (closes && depth == 0) return 0;
        depth -= closes;
        // What a declaration or a body of ours opens ends the head, so that the line is left to them.
        if (depth == 0 && (kind == TOKEN_FAT_ARROW || kind == TOKEN_DO)) return 0;
    }
    return 0;
}

static uint32_t after_bracket(const Parser *p, uint32_t at, TokenKind open, TokenKind close, const char *head,
                              const char *next) {
    if (token_at(p, at)->newline || token_at(p, at)->kind != open) return 0;
    return after_sign(p, after_group(p, at, open, close), head, false, next);
}

static uint32_t after_sign(const Parser *p, uint32_t at, const char *head, bool word, const char *next) {
    if (*head == '\0') return at;
    const SigToken *t = token_at(p, at);
    switch (*head) {
    case 'b':
    case 'i': return after_block(p, at, *head, word);
    case '{': at = after_block(p, at, '{', word); return at ? after_sign(p, at, head + 1, false, next) : 0;
    case 'l': return !t->newline ? after_line(p, at) : 0;
    case '>': return after_lone_statement(p, at);
    case '}': return after_other_list(p, at);
    case ']': at = after_captures(p, at); return at ? after_sign(p, at, head + 1, false, next) : 0;
    case 't':
        if (t->newline || t->kind != TOKEN_LPAREN || !is_type_of_go(p, at + 1)) return 0;
        return after_group(p, at, TOKEN_LPAREN, TOKEN_RPAREN);
    case 'n': at = after_name_behind(p, at); return at ? after_sign(p, at, head + 1, false, next) : 0;
    case '*': return after_rest(p, at, head + 1, next);
    case '(': return after_bracket(p, at, TOKEN_LPAREN, TOKEN_RPAREN, head + 1, next);
    case '[': return after_bracket(p, at, TOKEN_LBRACKET, TOKEN_RBRACKET, head + 1, next);
    case '<': return after_bracket(p, at, TOKEN_LT, TOKEN_GT, head + 1, next);
    case 'd': return begins_item(p, at) ? at : after_line(p, at + 1);
    case 'f': return t->kind == TOKEN_FUNC ? after_sign(p, at + 1, head + 1, false, next) : 0;
    case ':': return t->kind == TOKEN_COLON ? after_sign(p, at + 1, head + 1, false, next) : 0;
    case '=': return t->kind == TOKEN_ASSIGN ? after_sign(p, at + 1, head + 1, false, next) : 0;
    default:
        // Asked about every word on the line of an `if`: the first letter nearly always tells.
        if (t->kind != TOKEN_IDENT || p->source->text.ptr[t->start] != *next || !is_spelled(p, at, next)) return 0;
        return after_sign(p, at + 1, head + 1, false, next);
    }
}

// ---- Clauses -----------------------------------------------------------------------------------

// A clause without a block, such as `while (c)` behind `do { … }`, ends with its line; on a line of its own a block would
// make it a statement.
static uint32_t after_clause(const Parser *p, uint32_t at, const char *clauses, uint32_t indent) {
    const SigToken *t = token_at(p, at);
    if (over(p, at) || !is_one_of(p, at, clauses) || (t->newline && parser_indent(p, t->start) != indent)) return 0;
    uint32_t end = after_sign(p, at + 1, "b", true, NULL);
    if (!end) end = after_rest(p, at + 1, "b", NULL);
    if (!end && token_at(p, at + 1)->kind == TOKEN_IF) end = after_sign(p, at + 2, "(>", false, NULL);
    bool last = t->kind == TOKEN_WHILE || is_spelled(p, at, "until");
    if (last && end && t->newline) return 0;
    return last || !end ? line_end(p, at + 1) : end;
}

// Behind the clauses; 0 when one is needed and none is there.
static uint32_t after_clauses(const Parser *p, const Construct *c, uint32_t at) {
    uint32_t indent = parser_indent(p, parser_token(p)->start);
    bool any = false;
    for (uint32_t end; (end = after_clause(p, at, c->clauses, indent)) != 0; any = true) at = end;
    if (any && closes_block(p, at) && token_at(p, at)->newline && parser_indent(p, token_at(p, at)->start) == indent)
        at++;
    if (c->places & UNCLOSED && is_closed(p, at)) return 0;
    return any || !(c->places & CLAUSED) ? at : 0;
}

// What is called where it was declared, `}()`, and what ends a statement elsewhere.
static uint32_t after_tail(const Parser *p, uint32_t at) {
    if (token_at(p, at)->kind == TOKEN_LPAREN && !token_at(p, at)->newline)
        at = after_group(p, at, TOKEN_LPAREN, TOKEN_RPAREN);
    return token_at(p, at)->kind == TOKEN_SEMICOLON ? at + 1 : at;
}

// An ordinary name may have these in front of a block: `guard = f() catch do`, `until(n) catch do`.
static bool may_be_name(const Parser *p, const char *head) {
    const SigToken *next = parser_peek(p, 1);
    if (!parser_at(p, TOKEN_IDENT) || *head != '*') return false;
    if (next->kind == TOKEN_LPAREN) return foreign_is_declared(p, parser_text(p, parser_token(p)));
    return next->kind != TOKEN_IDENT && next->kind != TOKEN_LET && next->kind != TOKEN_VAR && next->kind != TOKEN_NOT &&
           next->kind != TOKEN_LBRACE && (next->kind < TOKEN_INT || next->kind > TOKEN_INTRINSIC) &&
           next->kind != TOKEN_TRUE && next->kind != TOKEN_FALSE && next->kind != TOKEN_SELF;
}

_Static_assert(ARRAY_LEN(CONSTRUCTS) <= 64, "Parser.constructs has a bit for each");

// Of words by their first letter, and one for what begins with a bracket.
static uint32_t slot_of(char first) { return first == '[' ? 26 : (uint32_t)(first - 'a'); }

void foreign_begin(Parser *p) {
    for (uint32_t i = 0; i < ARRAY_LEN(CONSTRUCTS); i++) {
        p->constructs[slot_of(*CONSTRUCTS[i].word)] |= UINT64_C(1) << i;
        size_t length = strlen(CONSTRUCTS[i].word);
        ENSURE(length < ARRAY_LEN(p->construct_lengths));
        p->construct_lengths[length] |= UINT64_C(1) << i;
    }
}

// Those whose word begins as the current one and is as long: a bit each. Most words of a program begin none.
static uint64_t candidates(const Parser *p) {
    Str text = parser_text(p, parser_token(p));
    char first = *text.ptr;
    bool possible = ((first >= 'a' && first <= 'z') || first == '[') && text.len < ARRAY_LEN(p->construct_lengths);
    return possible ? p->constructs[slot_of(first)] & p->construct_lengths[text.len] : 0;
}

static Node *construct_at(Parser *p, uint8_t place) {
    if (p->panic || p->stopped || (p->s.nested && place != VALUE)) return NULL;
    TokenKind kind = parser_kind(p);
    if (kind != TOKEN_IDENT && kind != TOKEN_LBRACKET && (kind < TOKEN_AND || kind > TOKEN_WHILE)) return NULL;
    for (uint64_t left = candidates(p); left; left &= left - 1) {
        const Construct *c = &CONSTRUCTS[__builtin_ctzll(left)];
        if (!(c->places & place) || !is_spelled(p, p->s.pos, c->word) || may_be_name(p, c->head)) continue;
        uint32_t end = after_sign(p, p->s.pos + 1, c->head, true, c->next);
        if (end) end = after_clauses(p, c, end);
        if (!end) continue;
        if (kind == TOKEN_LBRACKET)
            parser_soft(p, DIAG_E0016, parser_here(p), "%s", c->instead);
        else
            parser_soft(p, DIAG_E0016, parser_here(p), "there is no `%s`%s here; %s", c->word,
                        kind == TOKEN_IDENT ? "" : " of this form", c->instead);
        Node *node = parser_bad(p);
        end = after_tail(p, end);
        while (!p->stopped && p->s.pos < end && !parser_at(p, TOKEN_EOF)) parser_advance(p);
        return parser_done(p, node);
    }
    return NULL;
}

Node *foreign_construct_statement(Parser *p) {
    if (p->plain) return NULL;
    return construct_at(p, STATEMENT);
}
Node *foreign_construct_value(Parser *p) {
    if (p->plain) return NULL;
    return p->heads == 0 && !p->mode.no_struct ? construct_at(p, VALUE) : NULL;
}
bool foreign_construct_item(Parser *p) {
    if (p->plain) return false;
    return construct_at(p, ITEM) != NULL;
}

// `else` behind the value of a `let`, and its block. Behind that of an `if` around here only braces are certain.
bool foreign_skip_else(Parser *p) {
    if (p->plain) return false;
    if (p->panic || !parser_at_same_line(p, TOKEN_ELSE)) return false;
    uint32_t end = after_block(p, p->s.pos + 1, p->ifs > 0 ? '{' : 'b', false);
    while (p->s.pos < end && !parser_at(p, TOKEN_EOF)) parser_advance(p);
    return end > 0;
}

bool foreign_let_else(Parser *p) {
    if (p->plain) return false;
    Span here = parser_here(p);
    if (!foreign_skip_else(p)) return false;
    parser_soft(p, DIAG_E0016, here,
                "there is no `let … else`; leave early with `?? return …`, or use `if let … do … end`");
    return true;
}

bool foreign_ends_line_in_braces(const Parser *p) {
    enum { MOST = 256 };
    uint32_t depth = 0;
    for (uint32_t at = p->s.pos; at < p->s.pos + MOST && !over(p, at); at++) {
        depth += token_at(p, at)->kind == TOKEN_LBRACE;
        depth -= token_at(p, at)->kind == TOKEN_RBRACE;
        if (depth == 0 || token_at(p, at + 1)->newline) return depth == 0 && ends_line(p, at);
    }
    return false;
}

bool foreign_labelled_block(Parser *p) {
    if (p->plain) return false;
    const SigToken *open = token_at(p, p->s.pos + 1);
    if (p->panic || open->kind != TOKEN_LBRACE || open->newline || parser_previous(p)->kind != TOKEN_IDENT)
        return false;
    parser_error(p, DIAG_E0016, parser_span(p, parser_previous(p)),
                 "a block has no name; its value is that of its last line: `let x = do … end`");
    uint32_t end = after_tail(p, after_group(p, p->s.pos + 1, TOKEN_LBRACE, TOKEN_RBRACE));
    while (p->s.pos < end && !parser_at(p, TOKEN_EOF)) parser_advance(p);
    return true;
}

bool foreign_type_behind_brackets(const Parser *p) {
    return after_name_behind(p, after_group(p, p->s.pos + 1, TOKEN_LBRACKET, TOKEN_RBRACKET)) != 0;
}

// ---- Functions without a name ------------------------------------------------------------------

// At `(`, `{` or `fn`: `(x, y) => …`, `{ x -> … }`, `fn(x) { … }`.
bool foreign_lambda_ahead(const Parser *p) {
    uint32_t at = p->s.pos;
    if (p->mode.arm || p->heads > 0) return false;
    if (parser_at(p, TOKEN_LBRACE)) {
        if (token_at(p, ++at)->kind == TOKEN_IDENT) return token_at(p, at + 1)->kind == TOKEN_ARROW;
        if (token_at(p, at)->kind != TOKEN_LPAREN || token_at(p, at)->newline) return false;
        TokenKind after = (TokenKind)token_at(p, after_group(p, at, TOKEN_LPAREN, TOKEN_RPAREN))->kind;
        return after == TOKEN_ARROW || after == TOKEN_IN;
    }
    bool word = parser_at(p, TOKEN_IDENT);
    // A call, nearly always, so that the word is looked at last.
    if (word && (token_at(p, ++at)->kind != TOKEN_LPAREN || !parser_adjacent(parser_token(p), token_at(p, at)) ||
                 *parser_text(p, parser_token(p)).ptr != 'f' || !is_one_of(p, at - 1, "fn function")))
        return false;
    if (token_at(p, at)->kind != TOKEN_LPAREN) return false;
    at = after_group(p, at, TOKEN_LPAREN, TOKEN_RPAREN);
    if (token_at(p, at)->kind == TOKEN_COLON && token_at(p, at + 2)->kind == TOKEN_FAT_ARROW) at += 2;
    const SigToken *after = token_at(p, at);
    return !after->newline && (after->kind == TOKEN_FAT_ARROW || after->kind == TOKEN_ARROW ||
                               (word && (after->kind == TOKEN_LBRACE || after->kind == TOKEN_DO)));
}
