// Checks and what happens when one fails. A check is a compare and a branch; the failing side is a block at the end of
// the function that calls a routine of the runtime and does not come back. The routines are cold and never inlined, so
// the price of a check is the branch.
#include "backend/llvm/emit.h"

LLVMBasicBlockRef block_after_current(Emitter *e, const char *name) {
    LLVMBasicBlockRef next = LLVMGetNextBasicBlock(LLVMGetInsertBlock(e->builder));
    if (next) return LLVMInsertBasicBlockInContext(e->ctx, next, name);
    return LLVMAppendBasicBlockInContext(e->ctx, e->llvm_func, name);
}

// What a failed check calls: the numbers of its message, if it has any, and its place. The rest, the file and the text,
// is the same for all checks of a kind in a file, so a routine of the unit adds it and makes the runtime's
// TrapLocation. A check thus needs no data of its own, which LLVM would otherwise carry through every pass.
typedef enum Routine {
    ROUTINE_BOUNDS = TRAP_KIND_COUNT, // those before have a TrapKind's text
    ROUTINE_BOUNDS_SIGNED,
    ROUTINE_PANIC,
    ROUTINE_SLICE, // and three more: bit 0 is set if the low end is signed, bit 1 if the high end is
} Routine;

static const char *runtime_name(Routine routine) {
    if (routine >= ROUTINE_SLICE) return "__janus_trap_slice";
    switch (routine) {
    case ROUTINE_BOUNDS: return "__janus_trap_bounds";
    case ROUTINE_BOUNDS_SIGNED: return "__janus_trap_bounds_signed";
    case ROUTINE_PANIC: return "__janus_panic";
    default: return "__janus_trap_at";
    }
}

// A place is one number: column in the low 12 bits, line in the next 20, and what goes beyond them in the upper half,
// so that it is a small constant nearly always. LLVM takes a large one for worth computing on the way to the check.
enum { COLUMN_BITS = 12, LINE_BITS = 20 };

static LLVMValueRef place_of(Emitter *e, Span span) {
    if (!span_known(span)) return llvm_usize(e, 0);
    LineColumn at = source_position(sources_get(e->ir->sources, span.file), span.start);
    uint64_t low = at.column % (1u << COLUMN_BITS) | at.line % (1u << LINE_BITS) << COLUMN_BITS;
    uint64_t high = at.column >> COLUMN_BITS | (uint64_t)(at.line >> LINE_BITS) << LINE_BITS;
    return llvm_usize(e, high << 32 | low);
}

// The `count` bits of `number` from `first` on, moved to bit `to` of an i32.
static LLVMValueRef take_bits(Emitter *e, LLVMValueRef number, unsigned first, unsigned count, unsigned to) {
    LLVMValueRef shifted = LLVMBuildLShr(e->builder, number, llvm_usize(e, first), "");
    LLVMValueRef bits = LLVMBuildAnd(e->builder, shifted, llvm_usize(e, (UINT64_C(1) << count) - 1), "");
    return LLVMBuildTrunc(e->builder, LLVMBuildShl(e->builder, bits, llvm_usize(e, to), ""), e->i32, "");
}

// { file: *const u8, file_len: u64, line: u32, column: u32 } in the frame of the routine being built.
static LLVMValueRef build_location(Emitter *e, uint32_t file, LLVMValueRef place) {
    LLVMValueRef location = LLVMBuildAlloca(e->builder, e->location, "");
    Str path = file ? str_from(sources_get(e->ir->sources, file)->path) : STR("");
    LLVMValueRef line = LLVMBuildOr(e->builder, take_bits(e, place, COLUMN_BITS, LINE_BITS, 0),
                                    take_bits(e, place, 32 + LINE_BITS, 32 - LINE_BITS, LINE_BITS), "");
    LLVMValueRef column = LLVMBuildOr(e->builder, take_bits(e, place, 0, COLUMN_BITS, 0),
                                      take_bits(e, place, 32, 32 - COLUMN_BITS, COLUMN_BITS), "");
    LLVMBuildStore(e->builder, llvm_text(e, path), location);
    LLVMBuildStore(e->builder, llvm_usize(e, path.len), llvm_offset(e, location, 8));
    LLVMBuildStore(e->builder, line, llvm_offset(e, location, 16));
    LLVMBuildStore(e->builder, column, llvm_offset(e, location, 20));
    return location;
}

// The last parameter is the place, those before are handed on.
static void build_routine(Emitter *e, LLVMValueRef fn, Routine routine, uint32_t file, unsigned count) {
    LLVMValueRef args[5];
    LLVMTypeRef params[5];
    unsigned n = 0;
    if (routine < (Routine)TRAP_KIND_COUNT) {
        Str text = str_from(ir_trap_text((TrapKind)routine));
        args[n++] = llvm_text(e, text);
        args[n++] = llvm_usize(e, text.len);
    }
    for (unsigned i = 0; i + 1 < count; i++) args[n++] = LLVMGetParam(fn, i);
    if (routine >= ROUTINE_SLICE) args[n++] = LLVMConstInt(e->i8, (unsigned)(routine - ROUTINE_SLICE), false);
    args[n++] = build_location(e, file, LLVMGetParam(fn, count - 1));
    for (unsigned i = 0; i < n; i++) params[i] = LLVMTypeOf(args[i]);
    LLVMTypeRef type = LLVMFunctionType(e->void_type, params, n, false);
    LLVMBuildCall2(e->builder, type, abi_public_func(e, runtime_name(routine), type, true), args, n, "");
    LLVMBuildUnreachable(e->builder);
}

static LLVMValueRef trap_routine(Emitter *e, Routine routine, uint32_t file, LLVMTypeRef type, unsigned count) {
    const void *key = (const void *)((uintptr_t)file << 32 | ((uintptr_t)routine + 1));
    LLVMValueRef fn = map_get(&e->trap_routines, key);
    if (fn) return fn;
    const char *name = arena_printf(e->arena, "%s.%u.%u", runtime_name(routine), (unsigned)routine, (unsigned)file);
    fn = LLVMAddFunction(e->module, name, type);
    map_put(e->arena, &e->trap_routines, key, fn);
    abi_mark_trap(e, fn);
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMMetadataRef location = LLVMGetCurrentDebugLocation2(e->builder);
    debug_clear_location(e);
    LLVMPositionBuilderAtEnd(e->builder, LLVMAppendBasicBlockInContext(e->ctx, fn, ""));
    build_routine(e, fn, routine, file, count);
    LLVMPositionBuilderAtEnd(e->builder, here);
    LLVMSetCurrentDebugLocation2(e->builder, location);
    return fn;
}

// Ends the block. `args` has room for the place behind the `count` numbers.
static void build_call(Emitter *e, Routine routine, Span span, LLVMValueRef *args, unsigned count) {
    LLVMTypeRef params[4];
    ENSURE(count < ARRAY_LEN(params));
    args[count++] = place_of(e, span);
    for (unsigned i = 0; i < count; i++) params[i] = LLVMTypeOf(args[i]);
    LLVMTypeRef type = LLVMFunctionType(e->void_type, params, count, false);
    LLVMValueRef fn = trap_routine(e, routine, span_known(span) ? span.file : 0, type, count);
    LLVMBuildCall2(e->builder, type, fn, args, count, "");
    LLVMBuildUnreachable(e->builder);
}

static void build_trap(Emitter *e, TrapKind kind, Span span) {
    LLVMValueRef args[1];
    build_call(e, (Routine)kind, span, args, 0);
}

// The block for traps of this kind at this place, which is all that a message says. Checks of one place follow each
// other, so a short look back finds it.
static LLVMBasicBlockRef trap_block(Emitter *e, TrapKind kind, Span span) {
    uint32_t stop = e->traps.len > 8 ? e->traps.len - 8 : 0;
    for (uint32_t i = e->traps.len; i > stop; i--) {
        TrapBlock *t = &e->traps.items[i - 1];
        if (t->kind == kind && t->span.file == span.file && t->span.start == span.start) return t->block;
    }
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    TrapBlock t = {kind, span, LLVMAppendBasicBlockInContext(e->ctx, e->llvm_func, "trap")};
    LLVMPositionBuilderAtEnd(e->builder, t.block);
    build_trap(e, kind, span);
    LLVMPositionBuilderAtEnd(e->builder, here);
    VEC_PUSH(e->arena, &e->traps, t);
    return t.block;
}

static void branch_to_trap(Emitter *e, LLVMValueRef bad, LLVMBasicBlockRef trap) {
    LLVMBasicBlockRef go_on = block_after_current(e, "");
    LLVMBuildCondBr(e->builder, bad, trap, go_on);
    LLVMPositionBuilderAtEnd(e->builder, go_on);
}

void llvm_emit_trap_if(Emitter *e, LLVMValueRef bad, TrapKind kind, Span span) {
    if (LLVMIsAConstantInt(bad) && LLVMConstIntGetZExtValue(bad) == 0) return;
    branch_to_trap(e, bad, trap_block(e, kind, span));
}

// Traps whose message shows numbers known only at run time: a block of their own.
static void trap_with_numbers(Emitter *e, LLVMValueRef bad, Routine routine, IrInst *inst) {
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMBasicBlockRef trap = LLVMAppendBasicBlockInContext(e->ctx, e->llvm_func, "trap");
    LLVMPositionBuilderAtEnd(e->builder, trap);
    LLVMValueRef args[4];
    for (uint32_t i = 0; i < inst->arg_count; i++) args[i] = operand(e, inst, i);
    build_call(e, routine, inst->span, args, inst->arg_count);
    LLVMPositionBuilderAtEnd(e->builder, here);
    branch_to_trap(e, bad, trap);
}

void llvm_emit_check(Emitter *e, IrInst *inst) {
    LLVMBuilderRef b = e->builder;
    switch (inst->op) {
    case IR_CHECK_BOUNDS: {
        LLVMValueRef bad = LLVMBuildICmp(b, LLVMIntUGE, operand(e, inst, 0), operand(e, inst, 1), "");
        bool is_signed = type_is_signed(inst->args[0]->type);
        trap_with_numbers(e, bad, is_signed ? ROUTINE_BOUNDS_SIGNED : ROUTINE_BOUNDS, inst);
        break;
    }
    case IR_CHECK_SLICE: {
        LLVMValueRef low = LLVMBuildICmp(b, LLVMIntUGT, operand(e, inst, 0), operand(e, inst, 1), "");
        LLVMValueRef high = LLVMBuildICmp(b, LLVMIntUGT, operand(e, inst, 1), operand(e, inst, 2), "");
        unsigned signs = type_is_signed(inst->args[0]->type) + 2u * type_is_signed(inst->args[1]->type);
        trap_with_numbers(e, LLVMBuildOr(b, low, high, ""), (Routine)(ROUTINE_SLICE + signs), inst);
        break;
    }
    case IR_CHECK_TRUE: llvm_emit_trap_if(e, LLVMBuildNot(b, operand(e, inst, 0), ""), inst->trap, inst->span); break;
    default: ICE("`%s` is no check", ir_op_text(inst->op));
    }
}

void llvm_emit_trap(Emitter *e, IrInst *inst) {
    if (inst->op == IR_TRAP) {
        build_trap(e, inst->trap, inst->span);
        return;
    }
    LLVMValueRef args[3] = {operand(e, inst, 0), operand_len(e, inst, 0)};
    build_call(e, ROUTINE_PANIC, inst->span, args, 2);
}
