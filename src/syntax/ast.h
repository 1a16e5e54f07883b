// The parser's tree: what was written. Never rewritten after parsing; comments stay in the token list, which the
// formatter walks beside the tree. Each node knows its tokens, so the two together are lossless.
#ifndef JANUS_SYNTAX_AST_H
#define JANUS_SYNTAX_AST_H

#include "base/source.h"
#include "diag/diag.h"

typedef enum TokenKind {
#define TOKEN(kind, text) TOKEN_##kind,
#include "syntax/tokens.def"
    TOKEN_KIND_COUNT
} TokenKind;

typedef struct Token {
    uint8_t kind;                   // TokenKind
    bool newline_before;            // first token of its line
    uint32_t start, end;            // byte offsets into the source
} Token;

typedef struct TokenList {
    VEC(Token) tokens;              // with comments; ends in TOKEN_EOF. NEWLINE tokens are not stored: newline_before tells
} TokenList;

typedef enum NodeKind {
#define NODE(kind, name) NODE_##kind,
#include "syntax/ast.def"
#undef NODE
    NODE_KIND_COUNT
} NodeKind;

typedef struct Node Node;
typedef VEC(Node *) NodeList;

typedef enum UnaryOp {
#define PREFIX(kind, text) UNARY_##kind,
#include "syntax/operators.def"
    UNARY_OP_COUNT
} UnaryOp;

typedef enum BinaryOp {
#define OPERATOR(kind, text, token, precedence, group) BINARY_##kind,
#include "syntax/operators.def"
    BINARY_NONE                     // in ASSIGN: plain `=`
} BinaryOp;

typedef enum OperatorGroup {
    OPERATOR_ARITHMETIC, OPERATOR_INTEGER, OPERATOR_BITS, OPERATOR_SHIFT, OPERATOR_COMPARISON, OPERATOR_LOGIC,
} OperatorGroup;

typedef struct UseMember {
    const Name *name, *alias;
    Span name_span, alias_span;
} UseMember;

// What all items have in common, fields and variants included; whoever lists or documents them reads this alone.
typedef struct ItemHead {
    const Name *name;               // NULL where there is none
    Span name_span;
    bool is_pub;
    NodeList attrs;
    Str doc;                        // the joined text of the /// lines above, or empty
} ItemHead;

struct Node {
    NodeKind kind;
    uint32_t first_token, last_token;   // inclusive, into the module's TokenList
    Span span;
    union {
        // ---- items: each begins with its head
        ItemHead item;
        struct { ItemHead item_; VEC(const Name *) path; VEC(Span) path_spans; // use a.b.c
                 const Name *alias; Span alias_span;               // `as x`, or NULL
                 bool has_group;                                   // `.{x, y as z}`
                 VEC(UseMember) members; } use;
        struct { ItemHead item_; Node *type, *value; } constant;    // CONST, GLOBAL (`var` in a module)
        struct { ItemHead item_; NodeList generics, params; Node *result;                        // result NULL: void
                 Node *body;                                        // BLOCK; NULL for extern and required trait methods
                 bool is_extern, is_export; } func;
        struct { ItemHead item_; NodeList generics, fields; bool is_unique, is_extern; } struct_decl; // FIELD_DECL
        struct { ItemHead item_; NodeList generics, variants; bool is_unique; } enum_decl;       // VARIANT
        struct { ItemHead item_; bool has_tuple, has_fields; NodeList fields;                    // FIELD_DECL; unnamed in a tuple
                 Node *discriminant; } variant;
        struct { ItemHead item_; VEC(const Name *) members; VEC(Span) member_spans; } error_set;
        struct { ItemHead item_; NodeList generics, methods; } trait;
        struct { ItemHead item_; NodeList generics; Node *trait, *target; NodeList methods; } impl; // trait NULL: inherent; no name
        struct { ItemHead item_; NodeList generics; Node *type; } alias;
        struct { ItemHead item_; Str title; Node *body; } test;     // no name but a title, the decoded string
        struct { ItemHead item_; Node *type, *value; } field_decl;
        struct { const Name *name; Span name_span; NodeList bounds; } generic;                   // bounds: type expressions
        struct { const Name *name; Span name_span; Node *type; bool is_comptime, is_self; } param;
        struct { const Name *name; Span name_span; Node *value; } attr;                          // {.name.} or {.name: value.}

        // ---- expressions
        struct { uint64_t value; bool too_large; } integer;         // INT and CHAR
        struct { double value; } floating;
        struct { Str bytes; } string;                               // decoded
        struct { NodeList parts; VEC(Str) specs; } interp;          // STRING and expression nodes in turn; specs[i] is part i's text after
                                                                    // `:`
        struct { bool value; } boolean;
        struct { const Name *name; } name;                          // NAME (also `self`, `Self`, primitive types), DOT_NAME
        struct { UnaryOp op; Node *operand; } unary;
        struct { BinaryOp op; Span op_span; Node *left, *right; } binary;      // BINARY, ASSIGN (op BINARY_NONE: `=`)
        struct { Node *low, *high; bool inclusive; } range;         // either end may be NULL
        struct { Node *callee; NodeList args; } call;
        struct { Node *base; NodeList args; } bracket;              // x[…]: index, slice (an arg is RANGE) or generic arguments
        struct { Node *base; const Name *name; Span name_span; } member;       // MEMBER, OPT_MEMBER
        struct { Node *operand; } operand;                          // DEREF, UNWRAP, TRY, PAREN, DEFER, COMPTIME
        struct { Node *operand, *handler; const Name *binding; Span binding_span; } catch_expr; // binding NULL when there is none
        struct { Node *left, *right; } pair;                        // ORELSE, PIPELINE
        struct { Node *operand, *type; } as;
        struct { Node *type; NodeList fields; bool has_defaults; } struct_lit; // FIELD_INIT; type may be DOT_NAME (`.Put { … }`)
        struct { const Name *name; Span name_span; Node *value; } field_init;
        struct { NodeList elements; } array_lit;
        struct { Node *element, *count; } array_repeat;             // [x; n]
        struct { const Name *name; NodeList generics, args; bool has_generics; } intrinsic;      // name without `@`

        // ---- type forms
        struct { Node *element; bool is_const; } type_ptr;          // TYPE_PTR, TYPE_SLICE
        struct { Node *length, *element; } type_array;
        struct { Node *element; } type_optional;
        struct { Node *payload, *errors; } type_error_union;        // errors NULL: `!T`
        struct { NodeList params; Node *result; } type_func;

        // ---- control
        struct { NodeList statements; bool has_do; } block;         // its value is its last statement's, if that is an expression
        struct { Node *pattern;                                     // NULL, or `if let pattern = condition`
                 Node *condition, *then_block, *else_branch; bool is_comptime; } if_expr;         // else_branch: BLOCK, IF or NULL
        struct { Node *subject; NodeList arms; } match;
        struct { Node *pattern, *guard, *body; bool is_else; } arm; // else arm: pattern NULL
        struct { const Name *label; Span label_span; Node *pattern, *condition, *body; } while_loop;
        struct { const Name *label; Span label_span; const Name *name; Span name_span; bool by_pointer;
                 const Name *index; Span index_span; Node *subject, *body; } for_loop;
        struct { const Name *name; Span name_span; Node *type, *value; bool is_var; NodeList attrs; } let;  // name "_": discard
        struct { const Name *name; Span name_span; Node *value, *body; } using;
        struct { Node *value; const Name *label; Span label_span; } jump;      // RETURN, FAIL, BREAK, CONTINUE
        struct { Node *statement, *condition; } when;

        // ---- patterns
        struct { const Name *name; } pat_name;
        struct { Node *value; } pat_value;                          // literal, negated literal or path
        struct { Node *low, *high; bool inclusive; } pat_range;
        struct { Node *path;                                        // NAME (`Some`), DOT_NAME or MEMBER/BRACKET path; also a struct's type
                 NodeList fields;                                   // tuple: patterns; braces: PAT_FIELD
                 bool has_tuple, has_fields, has_rest; } pat_variant;           // rest: `..`
        struct { const Name *name; Span name_span; Node *pattern; } pat_field; // pattern NULL: binds the name
        struct { NodeList alternatives; } pat_or;
    };
};

typedef struct ModuleTree {
    Source *source;
    TokenList tokens;
    const Name *profile;            // NULL: not declared
    Span profile_span;
    NodeList items;
    Str doc;
    bool is_cut;                    // the parser gave up: the rest of the source was not read
} ModuleTree;

const char *token_kind_text(TokenKind kind);
const char *node_kind_name(NodeKind kind);
const char *binary_op_text(BinaryOp op);                        // of NONE: nothing
// What there is here instead of a word that begins something in other languages; NULL when it is none of them.
const char *foreign_instead(Str word);
OperatorGroup binary_op_group(BinaryOp op);                     // not of NONE

// Lexes a whole source; errors go to `diags`, and the text in error becomes TOKEN_ERROR. Never fails.
void lex_source(Arena *arena, Diags *diags, const Source *source, TokenList *out);
// Parses a whole source; never NULL. Recovers at statements and items; unreadable expressions become NODE_BAD.
ModuleTree *parse_module(Arena *arena, Diags *diags, NameTable *names, const Source *source);

// The tree as nested lists, `(+ a (* b c))`: for tests and for looking at. `node` may be NULL: `-`.
void ast_dump_node(StrBuf *out, const Node *node);
void ast_dump_module(StrBuf *out, const ModuleTree *tree);      // one item a line

#endif
