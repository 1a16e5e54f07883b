// The emitter: one turns one QTJIR module into one LLVM module and dies with it.
//
// How values are held: integers, floats, pointers and the like as one LLVM value; bool as i1 (i8 in memory); a slice as
// two values, pointer and length, never as a first-class aggregate; everything else stays in memory and is known by its
// address. Offsets come from type_layout alone: LLVM sees bytes, so it can't lay anything out on its own.
#ifndef JANUS_BACKEND_LLVM_EMITTER_H
#define JANUS_BACKEND_LLVM_EMITTER_H

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/TargetMachine.h>

#include "backend/llvm/units.h"
#include "qtjir/text.h"

typedef struct Value {
    LLVMValueRef v;
    LLVMValueRef len; // slices only
} Value;

typedef struct TrapBlock {
    TrapKind kind;
    Span span;
    LLVMBasicBlockRef block;
} TrapBlock;

typedef struct Intrinsic {
    const char *name; // compared as an address: callers pass literals
    LLVMTypeRef overload, type;
    LLVMValueRef func;
} Intrinsic;

typedef struct ResultPart {
    uint64_t offset;
    LLVMTypeRef type;
    unsigned align;
} ResultPart;

typedef struct ResultParts {
    ResultPart items[3];
    uint32_t count; // 0: not in registers
    LLVMTypeRef type; // of the LLVM function's result
} ResultParts;

typedef struct DebugInfo {
    LLVMDIBuilderRef builder; // NULL: no debug information
    LLVMMetadataRef unit;
    LLVMMetadataRef *files; // by source index
    LLVMMetadataRef subprogram; // of the function being emitted; NULL when it has no source
    uint32_t subprogram_file;
    Map types; // Type → metadata
    TextTypes ready; // memo of complete types
    Map file_scopes; // per function: Source → lexical block of another file
    LLVMMetadataRef last_location; // of the line whose offsets these are
    uint32_t last_file, last_start, last_end;
    uint32_t depth;
} DebugInfo;

typedef struct Attributes {
    LLVMAttributeRef nounwind, noreturn, cold, minsize, optsize, noinline, inlinehint, nonnull, noalias, zeroext, signext;
    LLVMAttributeRef frame_pointer, no_builtins, probe_stack, sanitize, readonly, noredzone, no_bcmp;
    unsigned align_kind, dereferenceable_kind, sret_kind;
} Attributes;

typedef struct Emitter {
    Arena *arena; // dies with the emission
    IrModule *ir;
    const BackendOptions *options;
    LLVMContextRef ctx;
    LLVMModuleRef module;
    LLVMBuilderRef builder;
    LLVMTargetMachineRef machine;
    LLVMTypeRef void_type, i1, i8, i16, i32, i64, f32, f64, ptr, slice, location;
    unsigned range_kind, nonnull_kind; // of metadata
    Attributes attributes;
    Map func_types; // FUNC Type → LLVMTypeRef
    Map result_parts; // Type → ResultParts
    Map strings; // Name → the constant that holds its text
    Map trap_routines; // internal to the unit, made on first use: see traps.c
    Intrinsic intrinsics[32]; // declared in the module; when full, further ones are looked up by LLVM
    uint32_t intrinsic_count;
    UnitPlan *plan;
    uint32_t unit; // which of the plan's
    bool copying; // the bodies of the unit's own functions are done
    VEC(IrFunc *) copies; // small functions of other units whose bodies are still to be copied here
    double build_ms, optimise_ms, code_ms;
    LLVMValueRef error_names; // table of slices, made on first use
    DebugInfo debug;
    const char *failure; // a limit of the object format was hit: reported instead of written
    // ---- of the function being emitted
    IrFunc *func;
    LLVMValueRef llvm_func;
    Value *values; // by instruction id
    LLVMBasicBlockRef *blocks; // by block id
    LLVMBasicBlockRef entry;
    LLVMValueRef result; // where a result that is returned in registers is written; else NULL
    VEC(TrapBlock) traps;
} Emitter;

static inline LLVMValueRef operand(Emitter *e, const IrInst *inst, uint32_t i) {
    assert(i < inst->arg_count && e->values[inst->args[i]->id].v);
    return e->values[inst->args[i]->id].v;
}
static inline LLVMValueRef operand_len(Emitter *e, const IrInst *inst, uint32_t i) {
    assert(i < inst->arg_count && e->values[inst->args[i]->id].len);
    return e->values[inst->args[i]->id].len;
}
static inline Type *operand_type(const IrInst *inst, uint32_t i) { return inst->args[i]->type; }
static inline Value value_of(LLVMValueRef v) { return (Value){v, NULL}; }
static inline Value no_value(void) { return (Value){NULL, NULL}; }

#endif
