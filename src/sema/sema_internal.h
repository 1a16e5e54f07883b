// The checker's own table of contents. A generic declaration's signature is resolved once, with PARAM types. A body is checked once per
// instance, with the arguments known, so the typed tree of an instance holds concrete types only. Work is a queue, not recursion:
// reaching an instance puts it on Sema.queue; sema.c drains it.
//
//   the ground     model.h, decl.c, context.c, texpr.c, types.c, type_print.c, layout.c: they call no wing
//   load/          files to modules, and modules to tables of names
//   decl/          what declarations mean: entities, types, signatures, instances, traits and impls, symbols
//   expr/          expressions, by family
//   body/          statements, control, patterns, errors, moves
//   constant/      constants and their evaluation
//   help/          cures for names that mean nothing here
//
// A wing's header of its own name says what the other wings may call beside the contract below.
#ifndef JANUS_SEMA_SEMA_INTERNAL_H
#define JANUS_SEMA_SEMA_INTERNAL_H

#include "sema/model.h"

// ======== the ground =================================================================================================
// ---- decl.c
Decl *decl_new(Sema *s, DeclKind kind, const Name *name, Span span, Module *m, Node *node);
void decl_collect_generics(Sema *s, Decl *owner, Impl *impl, Module *m, const NodeList *nodes, Decl **first, uint32_t first_count,
                           Decl ***out, uint32_t *out_count);
Decl *trait_method(const Decl *trait, const Name *name);         // NULL when the trait has none of that name
// ---- context.c
Context context_for_decl(Sema *s, Decl *decl, Instance *instance);
Context context_for_impl(Sema *s, Impl *impl);
Type *context_written_self(const Context *c);                    // `Self` with the parameters left open; NULL where there is none
bool instance_is_open(const Instance *instance);                // a generic type checked with its own parameters as arguments
bool resolve_enter(Sema *s, Span at);                            // counts depth; false after E0009. Pair with resolve_leave
void resolve_leave(Sema *s);
// Resolves one declaration because another needs it, by `call(context)`; such calls may nest without end.
void resolve_nested(Sema *s, void (*call)(void *context), void *context);
// ---- texpr.c
Type *prim(const Context *c, TypeKind kind);
const char *show(const Context *c, const Type *t);             // the type as the user writes it
TExpr *texpr_new(Context *c, TExprKind kind, Type *type, Span span);
TExpr *texpr_error(Context *c, Span span);
TExpr *texpr_int(Context *c, Type *type, uint64_t bits, Span span);
TExpr *texpr_local(Context *c, Local *local, Span span);
TExpr *texpr_load(Context *c, TExpr *place);                    // without the unique check
Local *local_new(Context *c, const Name *name, Type *type, Span span, bool is_var);
ConstValue *const_int(Sema *s, Type *type, uint64_t bits);
ConstValue *const_str(Sema *s, Str bytes);
TExpr *texpr_const(Context *c, ConstValue *value, Span span);
TExpr *texpr_bool(Context *c, bool value, Span span);
TExpr *texpr_str(Context *c, Str bytes, Span span);
TExpr *texpr_unary(Context *c, TExprKind kind, Type *type, TExpr *operand, Span span);
TExpr *texpr_coerce(Context *c, CoerceKind kind, Type *type, TExpr *operand);
TExpr *texpr_addr(Context *c, TExpr *place, Span span);        // `*T` or `*const T` by the place's mutability
TExpr *texpr_deref(Context *c, TExpr *pointer, Span span);     // pointer: a value
TExpr *texpr_field(Context *c, TExpr *base, uint32_t index, Span span);
TExpr *texpr_let(Context *c, Local *local, TExpr *value, Span span);
Node *skip_parens(Node *node);
TExpr *block_new(Context *c, Span span);
// The success value of a function that returns an error union without payload.
TExpr *success_value(Context *c, Type *result, Span span);
static inline bool is_error(const TExpr *e) { return e->type->kind == TYPE_ERROR; }
static inline bool is_int_literal(const TExpr *e) { return e->type->kind == TYPE_INT_LITERAL; }
static inline bool is_float_literal(const TExpr *e) { return e->type->kind == TYPE_FLOAT_LITERAL; }
static inline bool is_literal(const TExpr *e) { return is_int_literal(e) || is_float_literal(e); }
static inline bool is_bare_null(const TExpr *e) {
    return e->kind == TEXPR_NULL_VALUE && e->type->kind == TYPE_OPTIONAL && e->type->element->kind == TYPE_NEVER;
}
static inline bool is_never(const TExpr *e) { return e->type->kind == TYPE_NEVER; }
static inline bool wants_statement(const Type *expected) { return expected && expected->kind == TYPE_VOID; }

// ======== declarations ===============================================================================================
// Resolves NAME, MEMBER, BRACKET (as generic arguments) and type forms. Reports unknown and private names (with
// near-name suggestion), marks locals used.
Entity entity_resolve(Context *c, Node *node);
// The same where only some NameKinds have a meaning: names of others are not suggested.
Entity entity_resolve_as(Context *c, Node *node, uint32_t wanted);
// A name as seen from the module: own declarations, imports, prelude. NULL when there is none; nothing reported.
Decl *module_lookup(Sema *s, Module *m, const Name *name);
Local *scope_lookup(const Scope *scope, const Name *name);

// The type a node denotes; the ERROR type after a report. Never NULL. May be incomplete.
Type *resolve_type(Context *c, Node *node);
// One generic argument: a type, a value (for a parameter with value_type), or NULL for `_`.
Type *resolve_generic_arg(Context *c, Node *node, Decl *param);
// Fills in fields or variants; reports recursion by value (E2023). False when broken.
bool type_complete(Sema *s, Type *t, Span used_at);
bool type_is_copyable(Sema *s, Type *t, Span used_at);          // not unique
void param_resolve_bounds(Sema *s, Decl *param);

// The FUNC type with PARAMs (self included as the first parameter).
Type *decl_signature(Sema *s, Decl *func);
Type *type_substitute(Sema *s, Type *t, Decl **params, Type **args, uint32_t count, Instance *parent, Span at);
// Struct or enum with all arguments known. Checks count, kinds and bounds (E3001, E3002, E3007).
Type *nominal_instance(Sema *s, Decl *decl, Type **args, uint32_t count, Instance *parent, Span at);
// Function with all arguments known: checks bounds, gives the concrete signature, queues the body. Never NULL;
// func->type is ERROR-free or func->state is STAGE_BROKEN.
FuncInst *func_instance(Sema *s, Decl *decl, Type **args, uint32_t count, Instance *parent, Span at);
// Adds "required from here" notes for the chain that leads to `instance`.
void diag_add_chain(Sema *s, Diag *d, const Instance *instance);
// An error at `span` in the text of `instance` (or of none: NULL). Instances that differ are told apart. One that lies in std and was
// asked for by a program is reported where that was, with a note for `span`. The chain is the caller's to add.
Diag *instance_error(Sema *s, Instance *instance, DiagCode code, Span span, const char *fmt, ...) PRINTF_LIKE(5, 6);
// A program requires the instance, which exists, from another place as well.
void instance_require_again(Sema *s, Instance *instance, Span at);
// diag_error plus the context's chain. The context counts it, so that what asks whether *this* function is wrong need not ask about
// the whole compilation: the answer then does not depend on the order of declarations.
Diag *context_error(Context *c, DiagCode code, Span span, const char *fmt, ...) PRINTF_LIKE(4, 5);
// Around what is checked but comes to nothing, as it cannot be reached: values in error there that no report explains, such as
// those of a name whose value never comes, do not make the function broken.
typedef struct Unreached { uint32_t poison, errors; } Unreached;
Unreached context_enter_unreached(const Context *c);
void context_leave_unreached(Context *c, Unreached before);

bool type_implements(Sema *s, Type *t, Decl *trait);            // compiler-owned traits included
// Of the traits that bound a parameter which stands for the receiver, in the body of an instance. `written` is the receiver's type with
// the parameters left open; NULL: every parameter with this argument may be meant.
Method method_of_bound(Context *c, Type *receiver, const Type *written, const Name *name);
Method method_own(Context *c, Type *receiver, const Name *name); // of the type's own impls
// On the type's own impls, then on traits visible from the module.
Method method_find(Context *c, Type *receiver, const Name *name);
// Reports a method that is private or ambiguous (E1004, E1009); true when it did.
bool method_reject(Context *c, const Method *m, Span name_span);
Method method_of_trait(Sema *s, Type *receiver, Decl *trait, const Name *name);
// Does `pattern` (with PARAMs) equal `t` under some binding? Fills bindings by PARAM index of `params`.
bool type_match(Sema *s, Type *pattern, Type *t, Decl **params, uint32_t count, Type **bindings);
// Adds a ready impl (state 2, target and methods set) that no source declares, e.g. of an anonymous type.
void impl_register(Sema *s, Impl *impl);
// The member of an error set, or NULL: sets keep their members as Type.variants, `discriminant` being the code.
const Variant *error_set_member(const Type *set, const Name *name);
// Reports every declaration of a module that nobody asked for: headers, fields, impls against their traits (E3004,
// E3005, E3006), non-generic bodies are queued.
void module_check_all(Sema *s, Module *m);

const char *symbol_for_instance(Sema *s, const Instance *instance);
const char *symbol_unique(Sema *s, const char *text);          // with a number when it is taken: `a.b.c` may be a variable and a method

// ======== expressions ================================================================================================
// `expected` is a hint (may be NULL). The result may be a place or a value and of another type. Never NULL; TEXPR_ERROR after a report.
TExpr *check_expr(Context *c, Node *node, Type *expected);
TExpr *check_value(Context *c, Node *node, Type *expected);     // as a value: places are loaded (E2011 for unique ones)
TExpr *check_coerced(Context *c, Node *node, Type *target);     // as a value of exactly `target`, with coercion nodes; E2001 otherwise
TExpr *check_condition(Context *c, Node *node);                 // bool
// Coerces an already checked value; `what` names the position in messages ("argument `n`", "result", …).
TExpr *coerce_value(Context *c, TExpr *value, Type *target, Span span, const char *what);
bool coerce_possible(Context *c, const TExpr *value, Type *target);
TExpr *default_literal(Context *c, TExpr *value);               // INT_LITERAL → i64, FLOAT_LITERAL → f64
TExpr *load_place(Context *c, TExpr *place);                    // LOAD, or the value itself; E2011 for a unique place
TExpr *as_place(Context *c, TExpr *e);                          // TEMP around a value
// Of branches: literals adapt, never is absorbed, one side may wrap into ?T.
Type *common_type(Context *c, TExpr **values, uint32_t count, Span span);
// A call of a known function with checked arguments (for desugaring): inserts coercions.
TExpr *make_call(Context *c, FuncInst *func, TExpr **args, uint32_t count, Span span);
// Infers generic arguments from argument expressions; see call.c.
TExpr *check_call(Context *c, Node *node, Type *expected);
TExpr *check_intrinsic(Context *c, Node *node, Type *expected); // intrinsic.c (third group)
// Types with the parameters of the declaration around left open; NULL where that is not known. `type` is the concrete one.
bool written_matters(const Context *c);                          // in an instance with arguments
Type *written_type(const Context *c, const TExpr *e);
Type *written_node(const Context *c, const Node *node, Type *type);
void written_bind(const Context *c, Local *local, const TExpr *value);            // the local holds the value
void written_pattern(const Context *c, const TPattern *p, Type *written);        // its locals are parts of what is of that type

// ======== bodies and constants =======================================================================================
void check_body(Sema *s, FuncInst *func);                       // one instance: params, body, missing return
void check_body_nested(Sema *s, FuncInst *func);                // likewise, where another declaration needs it
TExpr *check_block(Context *c, Node *block, Type *expected);    // a scope of its own; value as the block's type
// IF MATCH WHILE FOR BLOCK LET USING DEFER RETURN FAIL BREAK CONTINUE WHEN COMPTIME ASSIGN, and TRY CATCH.
TExpr *check_control(Context *c, Node *node, Type *expected);
TPattern *check_pattern(Context *c, Node *pattern, const TExpr *subject, bool subject_is_fresh); // declares its bindings in c->scope
// E2009 names what is missing, E2022. `failures`: the errors that a subject of open type can be, or NULL.
void check_exhaustive(Context *c, Type *subject, const Failures *failures, TArm *arms, uint32_t count, Span match_span);
Scope *scope_push(Context *c);
void scope_pop(Context *c);                                     // warns about unused locals
void scope_declare(Context *c, Local *local);                   // E1006

// Evaluates a checked value at compile time. NULL after a report (E4001 …).
ConstValue *const_eval(Context *c, TExpr *value);
ConstValue *const_of_decl(Sema *s, Decl *decl, Span used_at);   // a CONST's value; E4003 on a cycle; sets decl->type
Type *const_decl_type(Sema *s, Decl *decl, Span used_at);       // type of a CONST or GLOBAL
Global *decl_global(Sema *s, Decl *decl);                       // its address
bool const_eval_usize(Context *c, Node *node, uint64_t *out);   // array lengths
enum {
    EVAL_STEP_LIMIT = 10000000,
    EVAL_TOTAL_LIMIT = 100000000,   // of all evaluations together
};
bool texpr_make_ready(Sema *s, const TExpr *e);                 // ready.c: completes its types; false when it is poisoned

#endif
