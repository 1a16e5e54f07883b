// Inside the syntax layer: the parser's state and what its files offer each other.
//
// Errors work by panic: the first mistake is reported and sets `panic`, while it is set nothing more is reported and no
// list goes on, until a place of recovery (the end of a statement, a list's closing bracket, an item) clears it. So
// one mistake gives one message. Mistakes after which parsing goes on as if nothing had happened are "soft".
#ifndef JANUS_SYNTAX_PARSER_H
#define JANUS_SYNTAX_PARSER_H

#include "syntax/ast.h"

// A token without the comments between; `newline` also holds when the newline stands before such a comment.
typedef struct SigToken {
    uint32_t index; // in the module's TokenList
    uint32_t start, end;
    uint8_t kind;
    bool newline;
    uint8_t whole_else; // WholeElse: of a `do` behind `else`
} SigToken;

// Whether a `do` behind `else` shares the `end` of its `if`, which is a mistake.
typedef enum WholeElse { WHOLE_ELSE_NO, WHOLE_ELSE_LIKELY, WHOLE_ELSE_CERTAIN } WholeElse;

typedef struct Stream {
    SigToken *items; // ends in TOKEN_EOF
    uint32_t len, pos;
    bool nested; // of a hole in an interpolated string: its nodes belong to that one token
    uint32_t outer;
    uint32_t elses_read; // index of the token up to which it is known of each `else do` what its `end` closes
} Stream;

// What the surroundings change about the grammar. Entering a bracket or a block sets all of it afresh.
typedef struct Mode {
    bool newlines; // a newline may end a statement
    bool arm; // a line that begins with `.` starts the next match arm
    bool head; // of if, while, for, using: `NAME {` may be a legacy brace body
    bool no_struct; // of match: `NAME {` is the list of arms
    bool open_range; // `a..` may end here
    bool no_angle; // `<` after a type is a comparison
} Mode;

typedef struct Parser {
    Arena *arena;
    Diags *diags;
    NameTable *names;
    const Source *source;
    ModuleTree *tree;
    Stream s;
    SigToken nobody; // see parser_edit
    Mode mode;
    bool panic;
    bool plain; // nothing is read as another language's: a module that has no mistake so has none
    bool stopped; // gave up: too deep or too many errors; everything left is silent
    uint32_t error_count;
    uint32_t brackets; // open around here, through blocks
    uint32_t method_brackets; // those of them that end no statement: around the methods of a trait or impl
    uint32_t heads; // heads being read since the last block began: a `do` belongs to them
    uint32_t ifs; // branches around here that an `else` could belong to
    uint32_t depth, chain, peak; // see parser_enter
    uint32_t element_start; // position where the current statement, arm, field or item begins
    uint32_t item_start; // position of the current item's first token
    uint32_t missing_end_at; // position + 1 where a missing `end` has been reported
    Diag *silent; // what reporting answers while nothing is shown
    const Name *discard; // "_"
    Diag *legacy_union; // the report about the `union` whose variants are being read, or NULL
    TokenKind list_close; // of the methods that are being read
    uint32_t choices; // branches of `comptime if` between declarations or members around here
    uint32_t stray_else; // item_start + 1 of the item in which an `else` without an `if` has been reported
    uint32_t several_results; // item_start + 1 of the item whose result has been reported to be more than one
    uint32_t variant_words; // the same of an enum in which a word before a variant has been reported
    bool in_strays; // between declarations, after a statement or `end` that has been reported
    Diag *path_diag; // of `a::b`, and where its next `::` would stand
    uint32_t path_at;
    uint64_t constructs[27]; // by first letter, or `[`, the constructs of other languages that may begin so
    uint64_t construct_lengths[16]; // and by the length of their word
} Parser;

// ---- parser.c: tokens
static inline const SigToken *parser_token(const Parser *p) { return &p->s.items[p->s.pos]; }
static inline TokenKind parser_kind(const Parser *p) { return (TokenKind)p->s.items[p->s.pos].kind; }
static inline bool parser_at(const Parser *p, TokenKind kind) { return parser_kind(p) == kind; }
const SigToken *parser_peek(const Parser *p, uint32_t ahead);
const SigToken *parser_previous(const Parser *p);
void parser_advance(Parser *p);
SigToken *parser_edit(Parser *p, uint32_t ahead); // to be changed; from the end of the file on, one that nobody reads
bool parser_accept(Parser *p, TokenKind kind);
// A comma, or what closes a list, belongs to one around the statements that are being read.
static inline bool parser_in_list(const Parser *p) { return p->brackets > p->method_brackets; }
void parser_join_line(Parser *p); // the newline before the current token ends nothing
// What only goes on with the line before: reported at the beginning of one, and then read as if it stood there.
bool parser_take_line_start(Parser *p, TokenKind kind);
bool parser_at_loose_operator(const Parser *p); // such a thing, where a statement begins
#define PARSER_LOOSE_LINE "a line cannot begin with `" STR_FMT "`; it belongs on the line before"
bool parser_starts_line(const Parser *p); // and a newline means something here
bool parser_at_same_line(const Parser *p, TokenKind kind);
Str parser_text(const Parser *p, const SigToken *token);
bool parser_is_word(const Parser *p, const SigToken *token, const char *word); // an IDENT spelled so
bool parser_adjacent(const SigToken *a, const SigToken *b); // nothing between them
Span parser_span(const Parser *p, const SigToken *token);
Span parser_here(const Parser *p);
const Name *parser_name(Parser *p, const SigToken *token);

// ---- parser.c: nodes
Node *parser_node(Parser *p, NodeKind kind); // begins at the current token
Node *parser_node_from(Parser *p, NodeKind kind, const Node *first); // begins where `first` does
Node *parser_done(Parser *p, Node *node); // ends at the previous token
Node *parser_bad(Parser *p);

// ---- parser.c: errors
Diag *parser_error(Parser *p, DiagCode code, Span span, const char *fmt, ...) PRINTF_LIKE(4, 5); // panics
Diag *parser_soft(Parser *p, DiagCode code, Span span, const char *fmt, ...) PRINTF_LIKE(4, 5);
void parser_fix_word(Parser *p, Diag *diag, Span span, const char *word, const char *label);

// ---- parser_expect.c
Diag *parser_expected(Parser *p, const char *what); // "expected <what>, found …"; panics
Diag *parser_expected_soft(Parser *p, const char *what);
bool parser_expect(Parser *p, TokenKind kind, const char *what);
bool parser_expect_close(Parser *p, TokenKind kind, uint32_t open, const char *what);
const Name *parser_expect_name(Parser *p, Span *span, const char *what);
const Name *parser_declare_name(Parser *p, Span *span, const char *what); // of what is spoken of later, so not `_`
// After a `.`, where a keyword right behind it is a name too: `.and`.
const Name *parser_expect_member(Parser *p, Span *span, const char *what);

// ---- parser.c: nesting
// Counts nested constructs; every recursion of the grammar passes one. False and silence when there are too many.
// A chain (a + b + c…) is no recursion here but makes the tree as deep; parser_chain counts its links. `peak` is never
// less than the depth of any node made since the enclosing parser_scope.
bool parser_enter(Parser *p);
void parser_leave(Parser *p);
bool parser_chain(Parser *p);
uint32_t parser_scope(Parser *p);
void parser_scope_end(Parser *p, uint32_t saved);

// ---- parser.c: surroundings and beginnings
typedef struct Surroundings {
    Mode mode;
    uint32_t heads;
} Surroundings;
Surroundings parser_enter_bracket(Parser *p);
void parser_leave_bracket(Parser *p, Surroundings saved);
Surroundings parser_enter_block(Parser *p);
void parser_leave_block(Parser *p, Surroundings saved);
Stream parser_stream(Parser *p, const TokenList *tokens, bool nested, uint32_t outer);
bool parser_at_column_one(const Parser *p);
bool parser_at_outer_item(const Parser *p); // a keyword that only begins items, at column 1
bool parser_at_statement_word(const Parser *p); // first of its line, and cannot stand within an expression
uint32_t parser_indent(const Parser *p, uint32_t offset); // of the line that `offset` is on

// ---- parser_recover.c
void parser_recover_statement(Parser *p, uint32_t start); // `start`: of the statement
// Behind the list's closing bracket, where panic ends; or, when it is missing, still here and in panic.
bool parser_recover_close(Parser *p, TokenKind close);
// At the next `,` or line of a list in braces, or the next item; `start` is where the element, or the item, began.
void parser_recover_element(Parser *p, TokenKind close, uint32_t start);
void parser_recover_item(Parser *p, uint32_t start);
void parser_missing_end(Parser *p, uint32_t opener, const char *what);
// Behind the `end` of a function or test that began at `opener`: whether that `end` came too early, going by
// indentation. Then it has been reported, and the rest of the body skipped.
bool parser_early_end(Parser *p, uint32_t opener, const char *what);

// ---- parse_item.c
Node *parse_item(Parser *p);
void parse_items(Parser *p);
void parse_item_list(Parser *p, NodeList *out); // to the end, or to the `end` or `else` of the branch around
void parse_attributes(Parser *p, NodeList *out);
Node *parse_const(Parser *p, NodeList attrs);

// ---- parse_choice.c
enum { CHOICE_LIMIT = 100 };
typedef void (*ListParser)(Parser *p, NodeList *out); // to the end of the list, or to the `end` or `else` of the branch around
bool parser_is_item_word(TokenKind kind); // of words that begin a declaration
bool parser_word_in(const Parser *p, const SigToken *token, const char *const *words, uint32_t count);
bool parser_at_choice(const Parser *p); // at `comptime` before `if`
bool parser_at_branch_end(const Parser *p); // at the `end` or `else` of such a branch
Node *parse_choice(Parser *p, Node *root, ListParser list); // at a choice; `list` reads what the branches hold
Node *parse_member_choice(Parser *p, ListParser list); // a choice between the fields, variants or methods of a list in braces

// ---- parse_decl.c
Str parse_doc(Parser *p);
void parse_generics(Parser *p, NodeList *out);
// What all items have, `node->item`, is filled before.
Node *parse_struct(Parser *p, Node *node, bool is_unique, bool is_extern);
Node *parse_enum(Parser *p, Node *node, bool is_unique, Diag *legacy_union);
Node *parse_error_set(Parser *p, Node *node);

// ---- parse_type.c
Node *parse_type(Parser *p, const char *what); // with `T ! E`
Node *parse_type_prefix(Parser *p, const char *what); // without
void parse_bracket_args(Parser *p, NodeList *out); // at `[`, through `]`
bool parse_starts_type(const Parser *p, uint32_t ahead);

// ---- parse_expr.c, parse_postfix.c, parse_primary.c, parse_control.c, parse_loop.c
bool parse_continues(const Parser *p); // the current token may go on with an expression
bool parse_looks_like_struct_literal(const Parser *p); // at `{`
Node *parse_expr(Parser *p);
Node *parse_unary(Parser *p);
Node *parse_range_end(Parser *p);
Node *parse_primary(Parser *p);
Node *parse_postfix(Parser *p, Node *base, bool until_call);
bool parse_starts_expr(TokenKind kind);
void parse_call_args(Parser *p, NodeList *out);
Node *parse_literal(Parser *p);
Node *parse_if(Parser *p, bool is_comptime);
Node *parse_match(Parser *p);
Node *parse_while(Parser *p);
Node *parse_for(Parser *p);
Node *parse_using(Parser *p);
Node *parse_jump(Parser *p);
Node *parse_head(Parser *p); // the expression before a `do`
// `do … end`, or a brace body with a message. `after` completes "expected `do` after …".
Node *parse_body(Parser *p, const char *after, uint32_t opener, const char *what);
Node *parse_legacy_block(Parser *p); // at `{` where a block is meant

// ---- parse_stmt.c
Node *parse_statement(Parser *p);
Node *parse_simple_statement(Parser *p); // no declaration
void parse_statements(Parser *p, NodeList *out, bool braces);

// ---- parse_pattern.c
Node *parse_pattern(Parser *p);

// ---- legacy.c: spellings of older Janus; each answers whether it was one, having reported it
bool legacy_semicolon(Parser *p);
bool legacy_fn(Parser *p); // at `fn`; the caller goes on as for `func`
bool legacy_import(Parser *p);
bool legacy_union(Parser *p, Diag **diag);
bool legacy_at_walrus(const Parser *p);
void legacy_declared_walrus(Parser *p); // `:=` behind `let`, `var` or `const` and the name: read as `=`
void legacy_report_walrus(Parser *p, bool *is_var);
// At a name that is being declared: whether it is assigned to, or its address taken, before the next function.
bool legacy_is_changed_later(const Parser *p, Str name);
bool legacy_at_try(const Parser *p);
Node *legacy_parse_try(Parser *p);
void legacy_report_operator(Parser *p, const char *word); // && and ||
Node *legacy_parse_not(Parser *p);
bool legacy_at_angle_call(const Parser *p); // `name<T>(…` in an expression
void legacy_angle_args(Parser *p, NodeList *out); // at `<`, through `>`
void legacy_angle_list(Parser *p, NodeList *out, Diag *diag); // behind `<`, through `>`
Diag *legacy_angle_open(Parser *p);
void legacy_angle_close(Parser *p, Diag *diag);
Diag *legacy_open_body(Parser *p, Diag *diag); // at `{`; adds to `diag` if there is one
void legacy_else(Parser *p, Diag *diag); // at `}` before `else`, through `else` and its `{`
void legacy_close_body(Parser *p, Diag *diag); // at `}`
bool legacy_at_catch_binding(const Parser *p); // `catch e {`
Diag *legacy_catch_binding(Parser *p, const SigToken *name);
bool legacy_profile(Parser *p); // `{.profile: x.}`
bool legacy_late_profile(Parser *p); // the same behind declarations

#endif
