// The checker's model: declarations, modules, instances, scopes, contexts, and what a path denotes. Plain data that belongs to no
// file; sema_internal.h says who works on it.
#ifndef JANUS_SEMA_MODEL_H
#define JANUS_SEMA_MODEL_H

#include "base/deep.h"
#include "sema/sema.h"

typedef enum DeclKind {
    DECL_FUNC, DECL_STRUCT, DECL_ENUM, DECL_ERROR_SET, DECL_TRAIT, DECL_CONST, DECL_GLOBAL, DECL_ALIAS,
    DECL_MODULE,            // a name bound to a module by `use`
    DECL_PARAM,             // a generic parameter
    DECL_TEST,
    DECL_IMPORT,            // a name bound by `use a.b.{x}`, before it is resolved; module_lookup never answers one
    DECL_BUILTIN,           // Some, assert, panic, unreachable; the compiler-owned traits are DECL_TRAIT with builtin_trait set
} DeclKind;

typedef enum Builtin { BUILTIN_NONE, BUILTIN_SOME, BUILTIN_ASSERT, BUILTIN_PANIC, BUILTIN_UNREACHABLE } Builtin;
typedef enum BuiltinTrait { TRAIT_DECLARED, TRAIT_COPY, TRAIT_ATOMIC_ELIGIBLE } BuiltinTrait;

typedef struct Impl Impl;
typedef struct Instance Instance;
typedef struct Scope Scope;
typedef struct Context Context;
typedef struct Failures Failures;

// What a function declaration has beside its head.
typedef struct FuncPart {
    NodeList params;                // those that exist when it runs, as written
    NodeList generic_nodes;         // its generic parameters as written, then the `comptime` ones
    uint32_t comptime_count;        // how many of those; the last of its generics
    bool has_self;                  // first parameter is self
    bool lacks_result;              // returns a value without `-> T`, reported in its body; its calls are poison
    bool must_use;                  // `{.must_use.}`: its result may not be dropped; also of the method of a trait
    bool body_damaged;              // only half read, so not checked; of a TEST too
} FuncPart;

// A generic parameter.
typedef struct ParamPart {
    Decl *owner;                    // the declaration it parameterises; NULL for an impl's
    uint32_t index;                 // position in its owner's list
    Node **bounds;                  // as written
    uint32_t bound_count;
    Decl **bound_traits;            // once resolved
    uint32_t bound_trait_count;
    Type *value_type;               // of a compile-time value (`[N: usize]`, `[O: Ordering]`), once resolved
    Stage bounds_state;             // of `bound_traits` and `value_type`
    bool is_comptime;               // from a `comptime` parameter
} ParamPart;

typedef struct ConstantPart {
    ConstValue *value;              // CONST, once evaluated
    Global *global;                 // of what needs an address
} ConstantPart;

typedef struct TraitPart {
    BuiltinTrait builtin;
    Decl **methods;                 // FUNCs; with body: default method
    uint32_t method_count;
    Decl *self_param;               // the PARAM `Self`, the first of its methods' generics
} TraitPart;

// A name bound by `use`. An IMPORT that turns out to name a module, or nothing, becomes a MODULE.
typedef struct LinkPart {
    Module *target;                 // NULL: broken
    const Name *member;             // IMPORT: the member's name in `target`
    Module *submodule;              // IMPORT: the module to bind when `target` has no such member
    Decl *found;                    // IMPORT: what it names, once resolved
} LinkPart;

struct Decl {
    DeclKind kind;
    const Name *name;
    Span span;                      // of the name
    Module *module;
    Node *node;                     // its syntax; NULL for what the compiler makes
    bool is_pub, is_extern, is_export, is_unique;
    bool is_used;                   // MODULE, IMPORT: its module needs it
    bool self_missed;               // that it has no `self` was reported, where it is used or where a trait wants it
    bool is_damaged;                // STRUCT, ENUM: only half read, so poisoned; PARAM: what bounds it is not known
    Decl **generics;                // PARAMs; a method's include its impl's first
    uint32_t generic_count;
    Impl *impl;                     // method or parameter of this impl
    Decl *trait;                    // method of this trait
    Type *type;                     // ALIAS target, CONST/GLOBAL type, FUNC signature with PARAMs, PARAM type, nominal without generics
    Stage state;                    // of `type`/`value`
    Map instances;                  // memo: hash-consed argument tuple (a FUNC type of the args) → Instance
    union {                         // by kind
        FuncPart func;              // FUNC, TEST
        ParamPart param;
        ConstantPart constant;      // CONST, GLOBAL
        NodeList members;           // STRUCT, ENUM: fields or variants as written, those that `comptime if` leaves
        TraitPart contract;         // TRAIT
        LinkPart link;              // MODULE, IMPORT
        Builtin builtin;            // BUILTIN
    };
};

struct Impl {
    Module *module;
    Node *node;
    Decl **generics;
    uint32_t generic_count;
    Node *trait_node, *target_node; // as meant: `impl T for Trait` is read the other way round, after a report
    Decl *trait;                    // NULL: inherent
    Type *target;                   // with PARAMs
    Decl **methods;
    uint32_t method_count;
    Stage state;                    // of the header
    bool is_compared;               // with its trait
};

struct Module {
    const Name *path;               // "std.sync.chan"; the entry's is its file's base name
    const char *file;
    ModuleTree *tree;
    Arena *arena;
    uint32_t index;                 // load order
    int profile;                    // rung 0 kernel … 3 cluster
    Map names;                      // Name → Decl: own declarations and imports
    VEC(Decl *) decls;              // own, in source order, tests included
    VEC(Impl *) impls;
    VEC(Module *) used;
    Span *used_spans;
    bool is_entry, is_std;
    uint32_t first_error, errors_end; // the diagnostics that reading its text left
    Map unknown_names;              // Name → itself: reported already, where one declaration or `use` cures every mention
    Map missing_modules;            // paths of `use` that have been reported (E1003)
    bool lost_names;                // syntax errors may have swallowed declarations: unknown names are not reported
    const char *root;               // folder that `use` paths of this module start from
    Module *loaded_by;              // the module whose `use` led here first, and where; NULL for entries and implicit ones
    Span loaded_at;
    bool is_checked;                // module_check_all has run
    bool traits_known;
    Map visible_traits;             // TRAIT Decl → what makes its methods visible here, itself or an IMPORT (lazily)
};

// A mistake found inside std that is a program's: it is told where the program asked for the instance.
typedef struct InstanceReport {
    DiagCode code;
    const char *message;
    Span found_at;
    const char *found_in;           // "load[u32, .release]"
} InstanceReport;

// One declaration with its arguments: a struct, an enum, a function. Keeps who required it first.
struct Instance {
    Decl *decl;
    Type **args;                    // for decl->generics, in order
    uint32_t arg_count;
    Instance *parent;               // instance whose checking required this one; NULL from non-generic code
    Span required_at;
    uint32_t depth;                 // > 64 is E3008
    Type *self_type;                // what `Self` means, or NULL
    Type *type;                     // the nominal type, or the concrete FUNC type
    FuncInst *func;                 // FUNC
    VEC(Span) also_at;              // of std, required from a program: where it was required again
    VEC(InstanceReport) reports;    // and what the program was told
};

struct Scope {
    Scope *parent;
    VEC(Local *) locals;            // later ones shadow earlier ones of the same name
    VEC(Decl *) consts;             // local `const`
    bool is_defer;                  // body of a defer: no jump may leave it
    uint32_t errors_before;         // the context's when it was opened: unused names are not reported once more came
};

typedef struct LoopScope LoopScope;
struct LoopScope {
    LoopScope *parent;
    TLoop *loop;
    bool has_break;
    uint32_t defer_depth;
};

// Where an expression or type stands. One per function body, constant initialiser, or signature.
typedef struct Moved {
    Local *local;
    const struct Moved *before;
} Moved;

// What a name stands for, as far as the place it is in tells: a type where a type stands, a module or a type before a dot.
typedef enum NameKind {
    NAME_VALUE = 1, NAME_FUNC = 2, NAME_TYPE = 4, NAME_TRAIT = 8, NAME_MODULE = 16, NAME_VARIANT = 32,
    NAME_USUAL = NAME_VALUE | NAME_FUNC | NAME_VARIANT, // in an expression
} NameKind;

struct Context {
    Sema *sema;
    Module *module;
    Instance *instance;             // NULL in non-generic, non-method code
    Decl *decl;                     // the declaration being resolved (its PARAMs are visible as PARAM types when instance is NULL)
    Impl *impl;                     // likewise for an impl header and its methods' signatures
    Type *self_type;                // `Self`, or NULL
    FuncInst *func;                 // NULL outside bodies
    Type *result;                   // the function's result
    Scope *scope;                   // NULL outside bodies
    LoopScope *loops;
    uint32_t defer_depth;           // > 0 inside a defer's body
    bool in_guard;                  // nothing is moved: the guard may fail
    const Moved *moved;             // unique values handed on, on the path that leads here (unique.c)
    const Node *compared_not;       // `not a` on the left of a comparison, where `not (a == b)` may be meant
    bool in_const;                  // initialiser of a constant: calls are evaluated
    bool dead;                      // code here cannot be reached (statement.c warns once)
    Span evaluated_at;              // the value under evaluation
    uint32_t errors;                // reported of this context, shown or not …
    uint32_t poison;                // … and values in error that were made in it, for whatever reason
    uint32_t open;                  // constants met that have no value before the generic arguments are known
    Span broken_return;             // a poisoned value that a function without a result returns
    uint32_t wanted;                // NameKinds that the name being resolved may be of; 0: NAME_USUAL
    bool type_unknown;              // a type that was asked for is in error: what depends on it cannot be told (E2018 is not reported)
};

struct Sema {
    Arena *arena;
    double parse_milliseconds;
    NameTable *names;
    SourceMap *sources;
    Diags *diags;
    Types *types;
    SemaOptions options;
    VEC(Module *) modules;          // in load order
    Map module_by_path;             // Name → Module
    Module *prelude;                // std.prelude; its pub names are visible everywhere
    Module *target;                 // the built-in module `target`
    Module *entry;
    VEC(FuncInst *) queue;          // instances whose bodies wait to be checked
    uint32_t queue_next;
    VEC(FuncInst *) exports;
    VEC(FuncInst *) tests;
    VEC(FuncInst *) all_funcs;
    VEC(Global *) globals;
    VEC(const Name *) error_names;  // by code; [0] unused
    Map impl_index;                 // trait Decl (or the Sema itself for inherent ones) → VEC of Impl *
    // Names the checker asks for all the time.
    struct { const Name *self, *Self, *underscore, *len, *ptr, *Some, *close, *display, *compare, *main; } n;
    Decl *trait_display, *trait_ord, *trait_close, *trait_copy, *trait_atomic_eligible;   // found through the prelude
    uint32_t anonymous_count;
    uint64_t global_bytes;          // of `globals`
    DeepStack stack;
    uint32_t expr_depth;            // how deep check_expr is nested right now; bounded (E0009)
    uint32_t failure_depth;         // bodies under way because a match asked which errors they return
    uint32_t default_depth, default_count;  // field defaults under way in each other, and those within the outermost
    uint64_t eval_steps;            // of all evaluations so far
    void *evaluator;                // its state, once a question was asked
    Map lowerable_types;            // Type → itself: ready.c
    struct DeclTables *tables;      // of the declaration group (decl/decl.h)
};

// Warnings are for those who can act on them: none inside the standard library, unless it is what is being checked.
static inline bool context_warns(const Context *c) { return !c->module->is_std || c->module->is_entry; }

// What a path denotes. A node that is no path (a call, a literal, …) is ENTITY_NOT_PATH; nothing has been reported then.
typedef enum EntityKind {
    ENTITY_NOT_PATH,
    ENTITY_ERROR,                   // reported
    ENTITY_MODULE,
    ENTITY_TYPE,                    // a complete type expression, generic arguments given (or none needed)
    ENTITY_GENERIC_TYPE,            // a generic struct, enum or alias without arguments: to be inferred
    ENTITY_TRAIT,
    ENTITY_FUNC,                    // `decl`, with explicit generic arguments so far (NULL entries: `_`)
    ENTITY_LOCAL,
    ENTITY_CONST,                   // CONST or GLOBAL: `decl`
    ENTITY_VALUE_PARAM,             // a generic value parameter: `type` is its VALUE
    ENTITY_VARIANT,                 // of enum `type`; `index`
    ENTITY_GENERIC_VARIANT,         // of generic enum `decl` without arguments; `index` into its `members`
    ENTITY_ERROR_MEMBER,            // of error set `type`; `code`
    ENTITY_BUILTIN,
    ENTITY_VALUE_MEMBER,            // a value followed by members: `base` is the value's node; an ordinary expression
} EntityKind;

typedef struct Entity {
    EntityKind kind;
    Decl *decl;
    Type *type;                     // TYPE, VALUE_PARAM, VARIANT, ERROR_MEMBER; FUNC found on a type (`Type.method`): that type
    Type *written;                  // TYPE: with the parameters of the declaration around left open; NULL: not known
    Module *module;
    Local *local;
    Type **args;                    // FUNC: decl->generic_count entries, NULL where unknown; or NULL altogether
    Impl *impl;                     // FUNC of an impl
    uint32_t index, code;
    Span span;
} Entity;

typedef struct Method {
    Decl *decl;                     // NULL: none
    Type **impl_args;               // bindings of the impl's generics (the first of decl->generics); for a default method of a trait:
                                    // Self's type is `self_type`
    uint32_t impl_arg_count;
    Type *self_type;
    bool is_private;                // exists but is not visible from here
    Decl *rival;                    // another visible trait gives the type a method of this name: method_reject reports it
} Method;

#endif
