// The typed tree: what the program means, one tree per function instance. Every conversion, wrap, unwrap, error step
// and cleanup is an explicit node put here by the checker; whoever lowers it decides nothing. Types are concrete: no
// PARAM, no literal type, no ERROR type occurs in a function without errors.
//
// Places denote memory, values do not. A value becomes a place through TEMP, a place becomes a value through LOAD.
// A LOAD of a non-scalar means "copy from there"; consumers build aggregates straight into their destination.
#ifndef JANUS_SEMA_TAST_H
#define JANUS_SEMA_TAST_H

#include "sema/types.h"
#include "syntax/ast.h"

typedef enum TExprKind {
#define TEXPR(kind, name) TEXPR_##kind,
#include "sema/tast.def"
    TEXPR_KIND_COUNT
} TExprKind;

typedef enum IntrinsicKind {
#define INTRINSIC(kind, name, generics, args) INTRINSIC_##kind,
#include "sema/intrinsics.def"
    INTRINSIC_KIND_COUNT
} IntrinsicKind;

// C11 orderings; the discriminants of std.sync.atomics.Ordering (and of the built-in orderings of intrinsics).
typedef enum MemoryOrder { ORDER_RELAXED, ORDER_CONSUME, ORDER_ACQUIRE, ORDER_RELEASE, ORDER_ACQ_REL, ORDER_SEQ_CST } MemoryOrder;
// Discriminants of std.sync.atomics.RmwOp.
typedef enum RmwOp { RMW_XCHG, RMW_ADD, RMW_SUB, RMW_AND, RMW_OR, RMW_XOR, RMW_NAND, RMW_MIN, RMW_MAX } RmwOp;

typedef enum CoerceKind {
    COERCE_INT_WIDEN,           // value-preserving
    COERCE_PTR_CONST,           // *T → *const T
    COERCE_SLICE_CONST,         // []T → []const T
    COERCE_ARRAY_PTR_SLICE,     // *[N]T → []T (operand a pointer value)
    COERCE_SOME,                // T → ?T
    COERCE_OK,                  // T → T ! E
    COERCE_ERR,                 // E → T ! E
    COERCE_ERROR_SET,           // error set → any error; or back, where inference knows that it fits
    COERCE_OPTIONAL_INSIDE,     // ?*T → ?*const T, ?[]T → ?[]const T
    COERCE_UNION_INSIDE,        // T ! E → U ! F: T is U, *U or []U seen through const; E is F, or F is any error
    COERCE_NEVER,               // never → anything: the operand does not return
} CoerceKind;

typedef enum CompareOp { COMPARE_EQ, COMPARE_NE, COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE } CompareOp;

typedef struct TExpr TExpr;
typedef struct TPattern TPattern;
typedef struct FuncInst FuncInst;
typedef struct Global Global;
typedef VEC(TExpr *) TExprList;

// What made a local, for messages.
typedef enum LocalOrigin {
    LOCAL_DECLARED, LOCAL_PARAM, LOCAL_BOUND, LOCAL_ELEMENT, LOCAL_COUNTER, LOCAL_USING, LOCAL_CAUGHT,
} LocalOrigin;

typedef struct Local {
    const Name *name;           // NULL for the checker's own temporaries
    Type *type;
    Span span;
    uint32_t id;                // unique in its function
    uint32_t align;             // 0: natural
    LocalOrigin origin;
    bool is_var;                // assignable
    bool is_param;
    bool is_used;
    bool is_owned;              // a unique value taken out of a fresh one by a pattern, inside `owned_in`
    bool is_moved;              // a unique parameter, or an owned value, that was handed on at moved_at
    Span moved_at;
    const void *owned_in;       // the innermost loop around the pattern, for the checker
    struct Failures *failures;  // the errors it can hold, for the checker; NULL: any its type has
    Type *written;              // its type with the declaration's parameters left open, for the checker (written.c); NULL: not known
} Local;

typedef struct TLoop TLoop;     // identity of a loop: what break and continue name
struct TLoop {
    const Name *label;
    Span span;
    uint32_t id;
};

typedef enum PatternKind {
    PATTERN_ANY,                // _ ; matches, binds nothing
    PATTERN_BIND,               // binds a copy of what is there (for a unique value: moves it)
    PATTERN_NULL,               // optional is null
    PATTERN_SOME,               // subs[0] on the payload
    PATTERN_VARIANT,            // enum variant `index`; subs[i] on payload field i (NULL entries match anything)
    PATTERN_STRUCT,             // subs[i] on field i
    PATTERN_CONST,              // equal to the scalar or str constant `value`
    PATTERN_RANGE,              // low <= x and x < high, or <= high when inclusive
    PATTERN_ERROR,              // an error code: constant `value`
    PATTERN_OR,                 // any of subs; all bind the same Locals
} PatternKind;

struct TPattern {
    PatternKind kind;
    Type *type;                 // of the place it is held against
    Span span;
    Local *local;               // BIND
    uint32_t index;             // VARIANT
    TPattern **subs;
    uint32_t sub_count;
    ConstValue *value, *high;   // CONST, ERROR; RANGE low and high
    bool inclusive;
};

typedef struct TArm {
    TPattern *pattern;
    TExpr *guard;               // NULL when it has none; sees the bindings
    TExpr *body;                // of the match's type, or of type never
    Span span;
} TArm;

struct TExpr {
    TExprKind kind;
    Type *type;                 // of the value, or of what is at the place
    Span span;
    bool is_mutable;            // places: may be assigned through
    union {
        Local *local;                                               // LOCAL
        Global *global;                                             // GLOBAL
        struct { TExpr *operand; } unary;                           // DEREF(pointer value) PAYLOAD(place; see checked) TEMP(value)
                                                                    // LOAD(place)
                                                                    // ADDR(place) SLICE_LEN SLICE_PTR (slice value)
                                                                    // IS_NULL(place of optional) DISCARD(value)
                                                                    // ERROR_VALUE unused
        struct { TExpr *operand; bool checked; } payload;           // PAYLOAD
        struct { TExpr *base; uint32_t index; } field;              // FIELD: base is a place of STRUCT type
        struct { TExpr *base, *index; bool checked; } index;        // INDEX_ARRAY(place) INDEX_SLICE(slice value); index is of an integer
                                                                    // type (any width; negative traps)
        struct { TExpr *base, *low, *high; bool inclusive; bool checked; } slice; // SLICE_ARRAY(place) SLICE_SLICE(slice value); low/high
                                                                                  // NULL when open; type is the slice
        struct { TExpr *pointer, *length; } slice_make;             // SLICE_MAKE
        ConstValue *constant;                                       // CONST: any scalar constant, str included
        FuncInst *func;                                             // FUNC_REF
        struct { UnaryOp op; TExpr *operand; } op1;                 // UNARY: NEG (traps on overflow), NOT, BIT_NOT
        struct { BinaryOp op; TExpr *left, *right; } op2;           // BINARY: arithmetic, bits, shifts (right may have another integer
                                                                    // type); LOGICAL: AND OR
        struct { CompareOp op; TExpr *left, *right; } compare;      // COMPARE: scalars of one type, not slices; bool result
        struct { TExpr *left, *right; bool negate; } equal;         // EQUAL: places of one type (slices, structs, enums, optionals,
                                                                    // arrays): contents
        struct { CoerceKind kind; TExpr *operand; } coerce;         // COERCE
        struct { TExpr *operand; } cast;                            // CAST: numeric, bool or plain enum to number; number to plain enum;
                                                                    // traps if it does not fit
        struct { TExpr **fields;                                    // STRUCT: one per field in order; ARRAY: one per element
                 uint32_t *order;                                   // field indices as they are evaluated; NULL: from the first on
                 Type *written; } aggregate;                        // as Local.written
        struct { TExpr *element; } repeat;                          // ARRAY_REPEAT: type.length copies, evaluated once
        struct { uint32_t variant; TExpr **fields; uint32_t *order; } variant; // ENUM with or without payload; order as above
        struct { uint32_t code; const Name *name; } error;          // ERROR_VALUE of an ERROR_SET type
        struct { FuncInst *func; TExpr **args; uint32_t arg_count; } call;             // CALL; arguments are evaluated left to right
        struct { TExpr *callee; TExpr **args; uint32_t arg_count; } call_indirect;
        struct { IntrinsicKind kind; Type *type_arg; MemoryOrder order, failure_order; RmwOp rmw; bool weak;
                 TExpr **args; uint32_t arg_count; } intrinsic;     // sizes, names and @src are CONST already, @slice is SLICE_MAKE
        struct { TExpr *operand; } try_expr;                        // TRY: error union value; on error returns it, converted to the
                                                                    // function's error set, through all cleanups
        struct { TExpr *operand; Local *error; TExpr *handler;      // CATCH: handler of the result's type (or never); error NULL when
                                                                    // unnamed
                 bool wraps; } catch_expr;                          // the result is an optional, and the payload becomes its value
        struct { TExpr *operand, *fallback; } orelse;               // ORELSE: optional value; fallback of the payload's type (or never)
        struct { TExpr *message; } panic;                           // PANIC: a str value
        struct { TExpr *condition, *message; } assertion;           // ASSERT: message NULL or a str value
        struct { TExprList statements; TExpr *result; } block;      // BLOCK: a scope; result NULL for void (or never, when the last
                                                                    // statement does not return)
        struct { TExpr *condition, *then_expr, *else_expr; } if_expr;                  // IF: else_expr NULL only when void
        struct { TExpr *subject; TArm *arms; uint32_t arm_count; } match;              // MATCH: subject is a place; arms in order; the
                                                                                       // checker proved them exhaustive
        struct { TLoop *loop; TExpr *condition, *body, *step; } loop;                  // LOOP: condition NULL: forever; step runs on
                                                                                       // continue too; type never if nothing breaks out
        struct { TLoop *loop; } jump;                               // BREAK CONTINUE
        struct { TExpr *value; } ret;                               // RETURN: value has the function's result type; NULL for void
        struct { Local *local; TExpr *value; bool lends; } let;     // LET: value may be UNDEFINED; lends: its temporaries live as those of
                                                                    // the statement around the block
        struct { TExpr *place, *value; } assign;                    // ASSIGN: value evaluated first, then the place
        struct { BinaryOp op; TExpr *place, *value; } assign_op;    // ASSIGN_OP: place evaluated once
        struct { TExpr *body; } defer;                              // DEFER: runs when the enclosing BLOCK is left, by any way out
        struct { Local *local; TExpr *value, *close, *body; } using_expr; // USING: let local = value; body; close on every way out (close
                                                                          // is a call of type void)
    };
};

// ---- Compile-time values ---------------------------------------------------------------------------------------------
typedef enum ConstKind {
    CONST_INT,          // integers, bool, plain enums (discriminant), error codes: `bits`, sign- or zero-extended to 64
    CONST_FLOAT,
    CONST_STR,          // a slice of const u8 with these bytes
    CONST_NULL,         // optional without value
    CONST_SOME,         // optional: items[0]
    CONST_UNDEFINED,
    CONST_STRUCT,       // items per field
    CONST_ARRAY,        // items per element
    CONST_REPEAT,       // array: items[0] in every element
    CONST_ENUM,         // payload enum: variant `index`, items per field
    CONST_FUNC,         // function pointer
    CONST_GLOBAL,       // address of `global`, or of what lies `bits` bytes into it
    CONST_SLICE,        // `count` elements of the array `global` from element `index`
    CONST_VOID,
} ConstKind;

struct ConstValue {
    ConstKind kind;
    Type *type;
    uint64_t bits;
    double real;
    Str bytes;
    ConstValue **items;
    uint64_t count;
    uint32_t index;
    FuncInst *func;
    Global *global;
};

// A module-level constant or variable that has an address.
struct Global {
    const char *symbol;         // unique in the program
    Type *type;
    ConstValue *initial;
    bool is_var;
    uint32_t align;             // 0: natural
    Span span;
    Decl *decl;
};

// One function with all its generic arguments known: what gets checked, lowered and emitted, once in a program.
struct FuncInst {
    Decl *decl;                 // NULL for what the compiler makes itself
    struct Instance *instance;  // arguments and chain (sema/sema.h)
    const char *symbol;         // unique: `std.sync.mutex.mutex_lock[u32]`, or the C name of extern and export
    Type *type;                 // FUNC, concrete
    Local **params;
    uint32_t param_count;
    TExpr *body;                // BLOCK; NULL for extern
    Stage state;                // of the body
    bool is_extern, is_export;  // C symbol, C calling convention
    bool is_runtime;            // an export of the standard library: the runtime's
    bool is_test;
    Str test_name;
    Span span;                  // of its name
    uint32_t local_count;
    struct Failures *failures;  // the errors it returns, for the checker; NULL when its result is open: none so far
};

const char *texpr_kind_name(TExprKind kind);
bool texpr_is_place(const TExpr *e);

#endif
