// What the expression files share among themselves. The checker's contract with the other groups is internal.h.
#ifndef JANUS_SEMA_EXPR_EXPR_H
#define JANUS_SEMA_EXPR_EXPR_H

#include "sema/sema_internal.h"

// Past this nesting an expression is refused (E0009): every later pass recurses over the typed tree as well.
enum { EXPR_DEPTH_LIMIT = 1200 };

// ---- expr.c
// Follows pointers (any number of levels) to the place they lead to; other expressions stay as they are.
TExpr *auto_deref(Context *c, TExpr *e);
// `expected` without optional and error-union layers: what an untyped form like `.Name` or `[…]` is matched against.
Type *expected_core(Type *expected);
// The variant of an enum, or -1. Completes the type.
int64_t variant_find(Context *c, Type *type, const Name *name, Span span);
TExpr *error_no_variant(Context *c, Type *type, const Name *name, Span span);
// A place for `&`, indexing and comparison: constants get their address instead of their value.
TExpr *check_operand_place(Context *c, Node *node, Type *expected);
TExpr *entity_value(Context *c, Node *node, const Entity *entity, Type *expected, bool want_place);

// Checks arguments that belong to a call already reported, so that names in them count as used.
void check_stray_args(Context *c, NodeList *args);
// Does the form take its type from where it stands (`.Name`, `null`, `undefined`)?
bool node_needs_expected(Node *node);

// ---- literal.c
// Untyped integers are CONST nodes of type INT_LITERAL: `bits` in two's complement, `index` 1 when negative.
typedef struct LitInt {
    bool negative;
    uint64_t magnitude;
} LitInt;
LitInt untyped_value(const TExpr *e);
TExpr *literal_new_int(Context *c, LitInt value, Span span);
TExpr *literal_new_float(Context *c, Type *type, double value, Span span);
bool literal_fits(LitInt value, const Type *type);
uint64_t literal_bits(LitInt value);
TExpr *literal_convert(Context *c, TExpr *literal, Type *target, Span span);      // to int or float; E2002
TExpr *literal_fold_binary(Context *c, BinaryOp op, TExpr *left, TExpr *right, Span span);
TExpr *literal_fold_unary(Context *c, UnaryOp op, TExpr *operand, Span span);
TExpr *check_literal(Context *c, Node *node, Type *expected);

// ---- coerce.c
// `*T` as `*const T`, `[]T` as `[]const T`: the same word or two, with less allowed.
bool becomes_const(const Type *from, const Type *to);
void note_same_numbers(Context *c, Diag *d, const Type *a, const Type *b);
bool int_widens(const Type *from, const Type *to);

// ---- operator.c
TExpr *check_unary(Context *c, Node *node, Type *expected);
TExpr *check_binary(Context *c, Node *node, Type *expected);
TExpr *check_as(Context *c, Node *node);
bool type_is_comparable(Context *c, Type *t, Span span);        // has `==`
bool operator_fits(BinaryOp op, const Type *t);                 // arithmetic and bits, so `op=` as well
// What a value of type `shifted` is shifted by: of any integer type. A constant that is too far is reported.
TExpr *shift_amount(Context *c, const Type *shifted, TExpr *amount);
TExpr *compound_undefined(Context *c, Span span, BinaryOp op, const Type *type); // reports that `op=` is not

// ---- member.c
TExpr *check_member(Context *c, Node *node);
TExpr *check_opt_member(Context *c, Node *node);
// The field, length or pointer `name` of `base`, through pointers. With `quiet`: NULL when there is none.
TExpr *member_of(Context *c, TExpr *base, const Name *name, Span name_span, Span span, bool quiet);
typedef struct OptAccess {
    TExpr *bind;                    // LET of the operand (or of its address); NULL after `?` on an error union
    TExpr *test;                    // IS_NULL
    TExpr *payload;                 // place
} OptAccess;
bool opt_access_begin(Context *c, Node *base, OptAccess *out);
TExpr *opt_access_end(Context *c, const OptAccess *access, TExpr *result, Span span);
bool field_visible(const Context *c, const Type *owner, const Field *field);

// ---- infer.c
typedef struct Inference {
    Context *c;
    Decl **params;
    Type **args;                    // NULL: not known yet
    Type **hints;                   // from the expected type: weaker than any argument
    uint32_t *source;               // argument (from 1) that bound the parameter; 0: written out
    uint32_t count;
    bool failed;                    // an operand was in error: nothing more is reported
} Inference;
typedef struct ArgSlot {
    Node *node;
    Type *pattern;                  // parameter type, with PARAMs; ERROR where it waits for them (see slot_waits)
    TExpr *value;                   // once checked
    const char *what;               // "argument `n`", for messages
    bool postponed;
} ArgSlot;
// A field whose type is computed from the parameters: it tells nothing of them, and is checked once they are known.
static inline bool slot_waits(const ArgSlot *slot) { return slot->pattern->kind == TYPE_ERROR; }
void infer_init(Inference *inf, Context *c, Decl **params, uint32_t count);
bool infer_knows(const Inference *inf, const Type *t, bool with_hints);
Type *infer_substitute(Inference *inf, Type *t, bool with_hints, Span span);
bool infer_unify(Inference *inf, Type *pattern, Type *actual, Type **into, uint32_t source);
void infer_hint(Inference *inf, Type *pattern, Type *expected);
// Checks every slot's node, as a value, and binds what it tells about the parameters.
void infer_args(Inference *inf, ArgSlot *slots, uint32_t count);
// Every parameter known? Otherwise E3003 (unless something was in error already).
bool infer_finish(Inference *inf, const Name *of, Span span);

// `let` before the local's name becomes `var`, when that is what stands there.
// The place that fields, elements of arrays and payloads are parts of.
const TExpr *place_root(const TExpr *place);
// Why a local cannot be changed, and how it could.
void note_immutable(Context *c, Diag *d, const Local *local);

// ---- call.c
// The method that `name` means on the value: what a bound says of the parameter it is of, what the type has of its own, or what traits
// in scope give it, each through any number of pointers before the next.
bool method_of_value(Context *c, const TExpr *value, const Name *name, Method *out);
TExpr *check_pipeline(Context *c, Node *node, Type *expected);
TExpr *func_value(Context *c, const Entity *entity, Type *expected, Span span);
// A generic function as an argument of type `pattern`, of which `outer` knows a part: that part decides its arguments.
TExpr *func_value_partial(Inference *outer, const Entity *entity, Type *pattern, Span span);

// ---- index.c
TExpr *check_bracket(Context *c, Node *node, Type *expected);

// ---- aggregate.c
TExpr *check_struct_literal(Context *c, Node *node, Type *expected);
TExpr *check_array_literal(Context *c, Node *node, Type *expected);
TExpr *check_array_repeat(Context *c, Node *node, Type *expected);
// `.Name(args)`, `Enum.Name(args)` and, with args NULL, the variant without payload.
TExpr *make_variant(Context *c, Type *type, uint32_t index, NodeList *args, Span span);
TExpr *make_generic_variant(Context *c, Decl *decl, uint32_t index, NodeList *args, Type *expected, Span span);
// The declaration's type with its own parameters as arguments.
Type *generic_self(Context *c, Decl *decl, Span span);

// ---- interp.c
TExpr *check_interp(Context *c, Node *node);

#endif
