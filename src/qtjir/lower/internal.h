// What the files of the lowering share. A Lowerer is the whole program: which functions and globals were asked for, and
// the module they go to. A FuncLowerer is one function under construction: the block that instructions are appended to,
// where each local lives, what must be cleaned up on the way out.
//
// Invariants.
// - `block` is NULL when control cannot get here: after a jump, a return, a call that does not return. Every emit_
//   function then does
//   nothing and answers NULL, so code after the end of control needs no care, and no unreachable block is ever made.
//   A Label gets its block with the first jump to it; a label nobody jumped to stays unreachable when it begins.
// - The entry block holds parameters and slots only; it ends in a jump to the body.
// - A temporary lives until its statement ends. Where it is made conditionally, its LIVE stands before the first branch
//   of the statement (`anchor`), so that the DEAD at the statement's end holds on every path.
#ifndef JANUS_QTJIR_LOWER_INTERNAL_H
#define JANUS_QTJIR_LOWER_INTERNAL_H

#include "diag/diag.h"
#include "qtjir/ir.h"
#include "qtjir/lower.h"

enum {
    LOWER_DEPTH_LIMIT = 2500, // nested expressions: bounds the C stack
    LOWER_INST_LIMIT = 1000000, // instructions of one function: cleanups are emitted once per way out
};

typedef struct EqualTask {
    Type *type;
    IrFunc *func;
} EqualTask;

struct Lowerer {
    Arena *arena;
    Types *types;
    NameTable *names;
    Diags *diags;
    IrModule *module;
    IrVerifier *verifier; // of a module that grows; else NULL
    VEC(FuncInst *) pending; // requested, body not lowered yet; taken in order
    uint32_t next_pending;
    VEC(EqualTask) pending_equals;
    uint32_t next_equal;
    VEC(ConstValue *) pending_consts; // whose functions and globals were not requested yet
    uint32_t next_const;
    Map func_by_symbol; // Name → IrFunc: an extern and the export it means are one function
    Map equal_by_type; // Type → IrFunc
    Map global_by_const; // ConstValue → IrGlobal
    Type *type_void, *type_bool, *type_u8, *type_i32, *type_u32, *type_usize, *type_isize;
};

typedef struct Label {
    IrBlock *block; // NULL while nobody jumps to it
} Label;

// One thing to do when a scope is left. Innermost first through `outer`.
typedef struct Cleanup {
    struct Cleanup *outer;
    const TExpr *code; // of a defer or using; NULL: `slots` die
    uint32_t token;
    VEC(IrInst *) slots;
} Cleanup;

typedef struct LoopFrame {
    struct LoopFrame *outer;
    const TLoop *loop;
    Label *exit, *next;
    Cleanup *cleanups; // those open around the loop: a jump to it leaves them alone
} LoopFrame;

typedef struct FuncLowerer {
    Lowerer *p;
    IrFunc *func;
    IrBlock *block; // NULL: control does not get here
    IrInst *entry_end; // the entry block's jump; slots go before it
    IrInst *result; // where a non-scalar result goes
    Type *result_type;
    Span span; // of the node being lowered
    Map places; // Local → its address
    Cleanup *cleanups; // innermost
    Cleanup *temps; // where temporaries of the current statement are noted
    Cleanup *kept; // where TEMP nodes are noted: in an initialiser they live as long as the local
    IrInst *anchor; // the first branch of the current statement while inside one of its conditional parts
    LoopFrame *loops;
    uint32_t next_token;
    uint32_t depth;
    uint32_t emitted;
    bool has_loop;
    bool gave_up; // over a limit, reported
    bool is_constant; // a value that is evaluated at compile time: of the function around it nothing exists
} FuncLowerer;

// ---- func.c: requests and function bodies
Lowerer *lowerer_create(Arena *arena, Types *types, NameTable *names, SourceMap *sources, Diags *diags);
IrFunc *lowerer_request_func(Lowerer *p, FuncInst *inst);
IrFunc *lowerer_find_func(Lowerer *p, const char *symbol); // NULL when nobody requested it
void lowerer_run(Lowerer *p); // until nothing is pending
bool lower_function(Lowerer *p, FuncInst *inst); // false after giving up
// The end of a function whose body left `value`.
void func_lowerer_end(FuncLowerer *f, IrInst *value);
void func_lowerer_begin(FuncLowerer *f, Lowerer *p, IrFunc *func, Span span); // then parameters, then
void func_lowerer_begin_body(FuncLowerer *f);
IrInst *func_lowerer_param(FuncLowerer *f, uint32_t index, Type *type);
void lower_give_up(FuncLowerer *f, const char *why);
bool lower_descend(FuncLowerer *f, Span span);   // one level deeper; false where no code is reached, or too deep

// ---- entry.c
void lower_entry(Lowerer *p, FuncInst *main_func, FuncInst **tests, uint32_t test_count);

// ---- emit.c: instructions
IrInst *emit_many(FuncLowerer *f, IrOp op, Type *type, IrInst **args, uint32_t count);
IrInst *emit0(FuncLowerer *f, IrOp op, Type *type);
IrInst *emit1(FuncLowerer *f, IrOp op, Type *type, IrInst *a);
IrInst *emit2(FuncLowerer *f, IrOp op, Type *type, IrInst *a, IrInst *b);
IrInst *emit3(FuncLowerer *f, IrOp op, Type *type, IrInst *a, IrInst *b, IrInst *c);
IrInst *emit_int(FuncLowerer *f, Type *type, uint64_t bits);
IrInst *emit_load(FuncLowerer *f, IrInst *address);
void emit_store(FuncLowerer *f, IrInst *address, IrInst *value);
void emit_copy(FuncLowerer *f, IrInst *to, IrInst *from); // memory types and scalars; nothing for void
IrInst *emit_compare(FuncLowerer *f, CompareOp op, IrInst *a, IrInst *b);
void emit_check_true(FuncLowerer *f, IrInst *condition, TrapKind trap);
IrInst *emit_field(FuncLowerer *f, IrInst *address, uint32_t index);
IrInst *emit_variant_field(FuncLowerer *f, IrInst *address, uint32_t variant, uint32_t index);
IrInst *emit_pointer_to(FuncLowerer *f, IrOp op, IrInst *address, Type *to); // result *to, as const as `address`
IrInst *emit_address_as(FuncLowerer *f, IrInst *address, Type *pointer_type); // PTR_CAST if it differs
IrInst *emit_int_as(FuncLowerer *f, IrInst *value, Type *to, bool unchecked); // widens, or casts with a check
IrInst *emit_optional_has(FuncLowerer *f, IrInst *address);
IrInst *emit_call(FuncLowerer *f, IrFunc *func, IrInst **args, uint32_t count);
void emit_trap(FuncLowerer *f, TrapKind trap);
void emit_return(FuncLowerer *f, IrInst *value);
void emit_jump(FuncLowerer *f, Label *to);
void emit_branch(FuncLowerer *f, IrInst *condition, Label *yes, Label *no);
IrBlock *label_block(FuncLowerer *f, Label *label);
void label_begin(FuncLowerer *f, Label *label);
// A slot in the entry block, without LIVE and DEAD.
IrInst *slot_add(FuncLowerer *f, Type *type, const Local *local);
// A slot that lives from here to the end of the statement (or as long as `owner` says).
IrInst *slot_temp_in(FuncLowerer *f, Type *type, Cleanup *owner);
IrInst *slot_temp(FuncLowerer *f, Type *type);
// The slot of a local, live from here, dead when `owner` is left; noted as the local's place.
IrInst *slot_local(FuncLowerer *f, const Local *local, Cleanup *owner);

typedef struct CountedLoop {
    IrInst *counter;
    IrBlock *header;
    Label exit;
} CountedLoop;
// for index in first..<count: answers the index; the loop's code goes between begin and end.
IrInst *counted_loop_begin(FuncLowerer *f, CountedLoop *loop, uint64_t first, IrInst *count);
void counted_loop_end(FuncLowerer *f, CountedLoop *loop);

// ---- value.c: the dispatcher, operators and conversions
bool type_in_memory(const Type *t); // neither scalar nor void nor never
// The value of a scalar when `dest` is NULL; else builds the value in the fresh memory at `dest` and answers NULL.
// Any other type without `dest` is evaluated for its effects.
IrInst *lower_expr(FuncLowerer *f, const TExpr *e, IrInst *dest);
IrInst *lower_value(FuncLowerer *f, const TExpr *e);
void lower_effect(FuncLowerer *f, const TExpr *e);
void lower_into(FuncLowerer *f, const TExpr *e, IrInst *dest);
IrInst *lower_binary_op(FuncLowerer *f, BinaryOp op, IrInst *left, IrInst *right);
IrInst *lower_unary(FuncLowerer *f, const TExpr *e);
IrInst *lower_cast(FuncLowerer *f, const TExpr *e);
IrInst *lower_error_as(FuncLowerer *f, IrInst *code, Type *errors); // to or from the open set, where that differs

// ---- place.c
IrInst *lower_place(FuncLowerer *f, const TExpr *e);
bool place_is_frozen(const TExpr *e); // nobody can change what is there
bool place_is_simple(const TExpr *e); // finding it has no effects
// The address of a non-scalar value that stays as it is until the statement ends.
IrInst *lower_operand_address(FuncLowerer *f, const TExpr *e);
// The same for a value that is consumed before anything else runs.
IrInst *lower_transient_address(FuncLowerer *f, const TExpr *e);
IrInst *lower_index(FuncLowerer *f, const TExpr *e, bool checked);
IrInst *lower_slice_of(FuncLowerer *f, const TExpr *e);
IrInst *emit_slice_of_array(FuncLowerer *f, IrInst *address, Type *slice_type);

// ---- aggregate.c
IrInst *lower_aggregate(FuncLowerer *f, const TExpr *e, IrInst *dest); // STRUCT ARRAY ARRAY_REPEAT ENUM
IrInst *lower_coerce(FuncLowerer *f, const TExpr *e, IrInst *dest);
void lower_some_into(FuncLowerer *f, const TExpr *payload, IrInst *dest);

// ---- call.c
IrInst *lower_call(FuncLowerer *f, const TExpr *e, IrInst *dest);
IrInst *lower_call_indirect(FuncLowerer *f, const TExpr *e, IrInst *dest);
IrInst *lower_func_ref(FuncLowerer *f, FuncInst *inst, Type *type);

// ---- const.c
IrInst *lower_const(FuncLowerer *f, const ConstValue *c, IrInst *dest);
IrInst *lower_const_address(FuncLowerer *f, ConstValue *c); // of a private global that holds it
IrGlobal *lowerer_request_global(Lowerer *p, Global *global);
void lowerer_require_const(Lowerer *p, const ConstValue *c); // requests what it points to
IrInst *lower_global_address(FuncLowerer *f, Global *global);

// ---- equal.c
IrInst *lower_equal_at(FuncLowerer *f, Type *type, IrInst *a, IrInst *b); // bool: equal contents at two addresses
IrInst *lower_equal_slices(FuncLowerer *f, IrInst *a, IrInst *b);
void lower_equal_body(Lowerer *p, Type *type, IrFunc *func);

// ---- control.c
IrInst *lower_control(FuncLowerer *f, const TExpr *e, IrInst *dest);
void lower_condition(FuncLowerer *f, const TExpr *e, Label *yes, Label *no);
// One alternative of an if, a match, a catch …
void lower_branch(FuncLowerer *f, const TExpr *e, IrInst *dest);
IrInst *control_dest(FuncLowerer *f, const TExpr *e, IrInst *dest); // dest, or a slot for a scalar result
IrInst *control_result(FuncLowerer *f, const TExpr *e, IrInst *slot, IrInst *dest);

// ---- error.c: TRY CATCH ORELSE PANIC ASSERT
IrInst *lower_try(FuncLowerer *f, const TExpr *e, IrInst *dest);
IrInst *lower_catch(FuncLowerer *f, const TExpr *e, IrInst *dest);
IrInst *lower_orelse(FuncLowerer *f, const TExpr *e, IrInst *dest);
void lower_panic(FuncLowerer *f, const TExpr *e);
void lower_assert(FuncLowerer *f, const TExpr *e);

// ---- match.c
IrInst *lower_match(FuncLowerer *f, const TExpr *e, IrInst *dest);
// pattern.c
void pattern_test(FuncLowerer *f, const TPattern *p, IrInst *address, Label *fail); // goes on where it matches
void pattern_bind(FuncLowerer *f, const TPattern *p, IrInst *address, Cleanup *owner); // after a successful test
bool pattern_is_irrefutable(const TPattern *p);
bool pattern_has_bindings(const TPattern *p);

// ---- intrinsic.c
IrInst *lower_intrinsic(FuncLowerer *f, const TExpr *e, IrInst *dest);

// ---- cleanup.c
typedef struct StatementState {
    Cleanup own;
    Cleanup *temps, *kept;
    IrInst *anchor;
} StatementState;
void statement_begin(FuncLowerer *f, StatementState *s);
void statement_end(FuncLowerer *f, StatementState *s); // its temporaries die
void lower_statement(FuncLowerer *f, const TExpr *e);
Cleanup *cleanup_push_slots(FuncLowerer *f);
void cleanup_push_code(FuncLowerer *f, const TExpr *code);
void cleanup_emit_dead(FuncLowerer *f, const Cleanup *c);
void cleanup_leave(FuncLowerer *f, Cleanup *until); // falls out of scopes: runs and forgets
void cleanup_unwind(FuncLowerer *f, Cleanup *until); // jumps out of scopes: runs, the scopes stay; NULL: returns
IrInst *lower_block(FuncLowerer *f, const TExpr *e, IrInst *dest);
IrInst *lower_using(FuncLowerer *f, const TExpr *e, IrInst *dest);

#endif
