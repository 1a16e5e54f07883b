// QTJIR: a typed, monomorphic control-flow graph. Values are the results of instructions, each defined once and
// dominating its uses; variables are slots. Scalars (type_is_scalar) are values, everything else is handled by address.
// There are no phis: a value that depends on the path goes through a slot. Cleanups are bracketed by tokens, so that
// the verifier can prove that every path runs each exactly once. ops.def lists the operations; verify.c holds one rule
// for each.
#ifndef JANUS_QTJIR_IR_H
#define JANUS_QTJIR_IR_H

#include "sema/tast.h"

typedef enum IrOp {
#define OP(kind, text, operands, has_result, class) IR_##kind,
#include "qtjir/ops.def"
#undef OP
    IR_OP_COUNT
} IrOp;

typedef enum TrapKind {
#define TRAP(kind, text) TRAP_##kind,
#include "qtjir/traps.def"
#undef TRAP
    TRAP_KIND_COUNT
} TrapKind;

typedef struct IrInst IrInst;
typedef struct IrBlock IrBlock;
typedef struct IrFunc IrFunc;
typedef struct IrGlobal IrGlobal;

typedef struct IrCase {
    uint64_t value;
    IrBlock *target;
} IrCase;

struct IrInst {
    IrOp op;
    uint32_t id;                // unique in its function; printed as %id
    Type *type;                 // of the result; void when it has none
    Span span;
    IrBlock *block;
    IrInst *prev, *next;
    IrInst **args;
    uint32_t arg_count;
    bool unchecked;             // arithmetic and conversions that do not trap
    union {
        uint64_t imm;                                               // CONST_INT, CLEANUP_*
        double real;                                                // CONST_FLOAT
        Str bytes;                                                  // CONST_STR
        IrFunc *func;                                               // CALL FUNC_ADDR
        IrGlobal *global;                                           // GLOBAL_ADDR
        struct { Type *type_arg; const char *name; uint32_t align; const Local *local; } slot; // SLOT: name NULL for temporaries
        struct { uint32_t variant, index; } path;                   // FIELD_ADDR PARAM (index) VARIANT_FIELD ENUM_SET_TAG (variant)
        CompareOp compare;                                          // CMP
        TrapKind trap;                                              // CHECK_TRUE TRAP
        struct { MemoryOrder order, failure_order; RmwOp rmw; bool weak; } atomic;
        struct { IrBlock *targets[2]; IrCase *cases; uint32_t case_count; } jump; // JUMP BRANCH SWITCH
    };
};

struct IrBlock {
    uint32_t id;                // printed as bN; the entry block is first
    IrFunc *func;
    IrInst *first, *last;       // last is the only terminator
    IrBlock *next;              // in the function's order
    void *scratch;              // of the running pass
};

struct IrFunc {
    const char *name;           // symbol, unique
    Type *type;                 // FUNC
    IrBlock *entry, *last_block;
    uint32_t block_count, inst_count;
    uint32_t param_count;       // operands of a call to it: the result's address, if any, included
    bool is_extern;             // no body
    bool is_export;             // visible outside the object; C calling convention, like extern
    bool is_runtime;            // an export that only this program's own code names: objects without `main` hide it
    bool no_return;             // result type never
    bool inline_hint, is_cold;
    Span span;                  // of its name
    FuncInst *inst;             // NULL for what the compiler makes itself and for parsed text
    struct IrModule *module;
    void *scratch;              // of the backend
};

struct IrGlobal {
    const char *name;
    Type *type;
    ConstValue *initial;
    bool is_var;
    uint32_t align;             // 0: natural
    Span span;
    Global *source;             // NULL for what the compiler makes itself and for parsed text
    void *scratch;
};

typedef struct IrModule {
    Arena *arena;
    Types *types;
    NameTable *names;
    SourceMap *sources;
    VEC(IrFunc *) funcs;
    VEC(IrGlobal *) globals;
    VEC(const Name *) error_names;      // by error code; [0] is empty
    Map func_by_inst;                   // FuncInst → IrFunc
    Map global_by_source;               // Global → IrGlobal
    bool is_partial;                    // grows while it is evaluated: functions may lack their bodies, globals their values
    bool checks_stripped;               // strip-checks has run: the verifier then refuses any check
    bool unreachable_removed;           // prune has run: every block is reachable from its entry
} IrModule;

IrModule *ir_module_create(Arena *arena, Types *types, NameTable *names, SourceMap *sources);
IrFunc *ir_func_add(IrModule *m, const char *name, Type *type);
IrGlobal *ir_global_add(IrModule *m, const char *name, Type *type, ConstValue *initial);
IrBlock *ir_block_add(IrFunc *f);                                   // appended to the function's order
IrInst *ir_append(IrBlock *b, IrOp op, Type *type, Span span, IrInst **args, uint32_t arg_count);
IrInst *ir_insert_before(IrInst *at, IrOp op, Type *type, Span span, IrInst **args, uint32_t arg_count);
void ir_remove(IrInst *inst);
bool ir_block_ended(const IrBlock *b);                              // has its terminator
// The ways out of a block: none for RET, TRAP, PANIC and UNREACHABLE; of a SWITCH the default first, then the cases.
uint32_t ir_target_count(const IrInst *terminator);
IrBlock **ir_target(IrInst *terminator, uint32_t index);
void ir_func_renumber(IrFunc *f);                                   // dense ids in the order of the text
// The result operand comes first when the FUNC type's result is not a scalar, nor void, nor never.
bool ir_result_by_address(const Type *func_type);
bool ir_param_by_address(const Type *param_type);
const char *ir_op_text(IrOp op);
bool ir_op_is_terminator(IrOp op);
uint64_t ir_value_count(const ConstValue *v);                       // the values that it has in `items`; a repeated one is there once
const char *ir_trap_text(TrapKind kind);

// ---- text
// Prints, and parses back to the same text. Types are printed by type_print; the parser finds nominal types in the table of definitions
// that the printed module opens with (`type Pair[u8, str] = struct … { … }`); see print.c for the form. ir_parse: NULL after an error in
// the text.
void ir_print_module(StrBuf *out, const IrModule *m);
void ir_print_func(StrBuf *out, const IrFunc *f);
IrModule *ir_parse(Arena *arena, Types *types, NameTable *names, SourceMap *sources, Diags *diags, const Source *source);

// ---- verifier: the first broken rule of each function, as "function: block: instruction: rule"; true when there is none.
bool ir_verify_module(const IrModule *m, const char *after_pass, StrBuf *errors);

// The same piece by piece, for a module that grows: what was found out about types and globals is kept.
typedef struct IrVerifier IrVerifier;
IrVerifier *ir_verifier_create(const IrModule *m, const char *after_pass);
void ir_verifier_destroy(IrVerifier *verifier);
bool ir_verifier_func(IrVerifier *verifier, const IrFunc *f, StrBuf *errors);
bool ir_verifier_global(IrVerifier *verifier, const IrGlobal *g, StrBuf *errors);

// ---- passes. pipeline.c lists them; each is followed by the verifier (a failure is an internal error naming function, op and pass).
typedef enum BuildMode { MODE_DEBUG, MODE_RELEASE, MODE_FAST } BuildMode;
// `done`, which may be NULL, is called after each pass and again, with the name "verify", after the verifier that follows it.
typedef void PassDone(void *context, const char *name);
void ir_run_passes(IrModule *m, BuildMode mode, PassDone *done, void *context);
void pass_prune(IrModule *m);               // blocks that cannot be reached, jumps to jumps
void pass_strip_checks(IrModule *m);        // fast mode
void pass_mark_cold(IrModule *m);           // optimised modes: what runs only when the program ends badly

#endif
