// Inside the LLVM backend: what its files call of each other. The emitter itself is in emitter.h.
#ifndef JANUS_BACKEND_LLVM_EMIT_H
#define JANUS_BACKEND_LLVM_EMIT_H

#include "backend/llvm/emitter.h"

// ---- emit.c: the life of an emitter
// Building uses the module and all that hangs off it, so units are built one after the other; what follows, pipeline_finish, touches
// nothing but the emitter and can run on a thread of its own.
Emitter *emitter_create(UnitPlan *plan, uint32_t unit, IrModule *module, const BackendOptions *options);
bool emitter_build(Emitter *e, StrBuf *error);
void emitter_destroy(Emitter *e);

// ---- types.c
LLVMTypeRef llvm_type(Emitter *e, const Type *t); // in a register
LLVMTypeRef llvm_memory_type(Emitter *e, Type *t); // of a slot or global of this type
unsigned llvm_place_align(Emitter *e, Type *t, uint32_t asked); // of a slot or global of this type
LLVMTypeRef llvm_bytes_type(Emitter *e, uint64_t size); // [size x i8]
const Type *llvm_representation(Emitter *e, const Type *t); // the integer behind plain enums; else the type itself
unsigned llvm_int_bits(Emitter *e, const Type *t); // of an integer-like type in a register
bool llvm_int_signed(Emitter *e, const Type *t);
bool llvm_is_pair(const Type *t); // a slice: two values
bool llvm_is_never_null(const Type *t); // a pointer of any kind that is no optional
LLVMValueRef llvm_int(Emitter *e, const Type *t, uint64_t bits);
LLVMValueRef llvm_usize(Emitter *e, uint64_t n);
LLVMValueRef llvm_offset(Emitter *e, LLVMValueRef base, uint64_t offset);
LLVMValueRef llvm_int_resize(Emitter *e, LLVMValueRef v, unsigned to_bits, bool is_signed);
LLVMValueRef llvm_intrinsic(Emitter *e, const char *name, LLVMTypeRef overload, LLVMValueRef *args, unsigned count);

// ---- abi.c
void abi_init(Emitter *e);
LLVMTypeRef abi_func_type(Emitter *e, const Type *func_type);
LLVMValueRef abi_func(Emitter *e, IrFunc *f); // declares it in this unit when that has not been done
// The function with this public symbol; `type` is what it is declared with when the program does not know it.
LLVMValueRef abi_public_func(Emitter *e, const char *name, LLVMTypeRef type, bool no_return);
bool abi_has_body(const Emitter *e, const IrFunc *f);
Value abi_param(Emitter *e, IrFunc *f, uint32_t index);
Value abi_call(Emitter *e, const Type *func_type, LLVMValueRef callee, bool is_public, IrInst **args, uint32_t arg_count);
void abi_return(Emitter *e, IrInst *inst);

void abi_mark_trap(Emitter *e, LLVMValueRef fn); // internal, cold, out of line, does not return

// ---- result.c
const ResultParts *result_parts(Emitter *e, const Type *func_type); // NULL: the result is not returned in several registers
LLVMValueRef result_slot(Emitter *e, const Type *func_type); // in the entry block
LLVMValueRef result_load(Emitter *e, const ResultParts *parts, LLVMValueRef from);
void result_store(Emitter *e, const ResultParts *parts, LLVMValueRef result, LLVMValueRef to);

// ---- memory.c
Value llvm_emit_load(Emitter *e, Type *t, LLVMValueRef address);
void llvm_emit_store(Emitter *e, Type *t, LLVMValueRef address, Value v);
void llvm_emit_slots(Emitter *e, IrBlock *entry);
Value llvm_emit_memory(Emitter *e, IrInst *inst);
Value llvm_emit_slice(Emitter *e, IrInst *inst);
Value llvm_emit_tagged(Emitter *e, IrInst *inst); // optionals, error unions, enums

// ---- arith.c, convert.c
Value llvm_emit_arithmetic(Emitter *e, IrInst *inst);
Value llvm_emit_float(Emitter *e, IrInst *inst);
Value llvm_emit_compare(Emitter *e, IrInst *inst);
Value llvm_emit_bits(Emitter *e, IrInst *inst);
void llvm_emit_overflow_op(Emitter *e, IrInst *inst);
Value llvm_emit_conversion(Emitter *e, IrInst *inst);

// ---- atomic.c
Value llvm_emit_atomic(Emitter *e, IrInst *inst);

// ---- traps.c
LLVMBasicBlockRef block_after_current(Emitter *e, const char *name);
void llvm_emit_trap_if(Emitter *e, LLVMValueRef bad, TrapKind kind, Span span);
void llvm_emit_check(Emitter *e, IrInst *inst);
void llvm_emit_trap(Emitter *e, IrInst *inst); // TRAP, PANIC

// ---- machine.c
Value llvm_emit_machine(Emitter *e, IrInst *inst); // system calls, hints, checksums

// ---- const.c
LLVMValueRef llvm_text(Emitter *e, Str text); // address of the bytes, followed by a zero byte
LLVMValueRef llvm_error_names(Emitter *e);
LLVMValueRef llvm_global(Emitter *e, IrGlobal *g); // its address; declares it in this unit when that has not been done
void llvm_define_globals(Emitter *e); // of the module: for unit 0

// ---- debug.c, debug_types.c
void debug_init(Emitter *e);
void debug_finish(Emitter *e);
void debug_enter_func(Emitter *e, IrFunc *f);
void debug_leave_func(Emitter *e);
void debug_set_location(Emitter *e, Span span); // for the instructions built next
void debug_clear_location(Emitter *e);
void debug_declare_slot(Emitter *e, IrInst *slot, LLVMValueRef storage);
void debug_declare_param(Emitter *e, IrInst *param, LLVMValueRef address);
void debug_declare_global(Emitter *e, IrGlobal *g, LLVMValueRef global);
LLVMMetadataRef debug_file(Emitter *e, uint32_t file);
LLVMMetadataRef debug_type(Emitter *e, Type *t);

// ---- pipeline.c
bool pipeline_start(Emitter *e, StrBuf *error); // the target machine and the module's data layout
double pipeline_now(void); // milliseconds of this thread's processor time
bool pipeline_finish(Emitter *e, StrBuf *error); // passes, then the output file
void pipeline_dispose(Emitter *e);

#endif
