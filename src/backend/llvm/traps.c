// Checks and what happens when one fails. A check is a compare and a branch; the failing side is a block at the end of the
// function that calls a routine of the runtime and does not come back. The routines are cold and never inlined, so
// the price of a check is the branch. A source position is one constant, shared by all checks there.
#include "backend/llvm/emit.h"

LLVMBasicBlockRef block_after_current(Emitter *e, const char *name) {
    LLVMBasicBlockRef next = LLVMGetNextBasicBlock(LLVMGetInsertBlock(e->builder));
    if (next) return LLVMInsertBasicBlockInContext(e->ctx, next, name);
    return LLVMAppendBasicBlockInContext(e->ctx, e->llvm_func, name);
}

static LLVMValueRef private_constant(Emitter *e, LLVMValueRef initial, unsigned align) {
    LLVMValueRef global = LLVMAddGlobal(e->module, LLVMTypeOf(initial), "");
    LLVMSetInitializer(global, initial);
    LLVMSetGlobalConstant(global, true);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    LLVMSetUnnamedAddress(global, LLVMGlobalUnnamedAddr);
    LLVMSetAlignment(global, align);
    return global;
}

// In a debug build, where most of them stay in use, the locations of a unit are one array: a global each would cost LLVM more time
// than the checks themselves. The array's size is known only at the end, so a placeholder stands for it until then.
static LLVMValueRef add_location(Emitter *e, LLVMValueRef fields[4]) {
    LLVMValueRef constant = LLVMConstNamedStruct(e->location, fields, 4);
    if (e->options->mode != MODE_DEBUG) return private_constant(e, constant, 8);
    if (!e->location_array) e->location_array = LLVMAddGlobal(e->module, e->i8, "");
    LLVMValueRef offset = llvm_usize(e, (uint64_t)e->location_constants.len * 24);
    VEC_PUSH(e->arena, &e->location_constants, constant);
    return LLVMConstInBoundsGEP2(e->i8, e->location_array, &offset, 1);
}

void llvm_define_locations(Emitter *e) {
    if (!e->location_array) return;
    LLVMValueRef all = LLVMConstArray2(e->location, e->location_constants.items, e->location_constants.len);
    LLVMReplaceAllUsesWith(e->location_array, private_constant(e, all, 8));
    LLVMDeleteGlobal(e->location_array);
    e->location_array = NULL;
}

// { file: *const u8, file_len: u64, line: u32, column: u32 }; an unknown place has an empty file.
static LLVMValueRef location_constant(Emitter *e, Span span) {
    const void *key = (const void *)((uintptr_t)span.file << 32 | span.start);
    if (!span_known(span)) key = &e->locations; // an address that is no such number
    LLVMValueRef known = map_get(&e->locations, key);
    if (known) return known;
    LineColumn at = {0, 0};
    Str path = STR("");
    if (span_known(span)) {
        const Source *source = sources_get(e->ir->sources, span.file);
        at = source_position(source, span.start);
        path = str_from(source->path);
    }
    LLVMValueRef fields[] = {llvm_text(e, path), llvm_usize(e, path.len), LLVMConstInt(e->i32, at.line, false),
                             LLVMConstInt(e->i32, at.column, false)};
    LLVMValueRef constant = add_location(e, fields);
    map_put(e->arena, &e->locations, key, constant);
    return constant;
}

static void call_runtime(Emitter *e, const char *name, LLVMValueRef *args, unsigned count) {
    LLVMTypeRef params[8];
    for (unsigned i = 0; i < count; i++) params[i] = LLVMTypeOf(args[i]);
    LLVMTypeRef type = LLVMFunctionType(e->void_type, params, count, false);
    LLVMBuildCall2(e->builder, type, abi_public_func(e, name, type, true), args, count, "");
    LLVMBuildUnreachable(e->builder);
}

// One routine per kind and unit that adds the text, so that the place of a check passes only where it is.
static LLVMValueRef trap_routine(Emitter *e, TrapKind kind, LLVMTypeRef type) {
    if (e->trap_routines[kind]) return e->trap_routines[kind];
    LLVMValueRef fn = LLVMAddFunction(e->module, arena_printf(e->arena, "__janus_trap.%u", (unsigned)kind), type);
    e->trap_routines[kind] = fn;
    abi_mark_trap(e, fn);
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMMetadataRef location = LLVMGetCurrentDebugLocation2(e->builder);
    debug_clear_location(e);
    LLVMPositionBuilderAtEnd(e->builder, LLVMAppendBasicBlockInContext(e->ctx, fn, ""));
    Str text = str_from(ir_trap_text(kind));
    LLVMValueRef args[] = {llvm_text(e, text), llvm_usize(e, text.len), LLVMGetParam(fn, 0)};
    call_runtime(e, "__janus_trap", args, 3);
    LLVMPositionBuilderAtEnd(e->builder, here);
    LLVMSetCurrentDebugLocation2(e->builder, location);
    return fn;
}

static void build_trap(Emitter *e, TrapKind kind, Span span) {
    LLVMTypeRef type = LLVMFunctionType(e->void_type, &e->ptr, 1, false);
    LLVMValueRef arg = location_constant(e, span);
    LLVMBuildCall2(e->builder, type, trap_routine(e, kind, type), &arg, 1, "");
    LLVMBuildUnreachable(e->builder);
}

// The block for traps of this kind at this place. Checks of one place follow each other, so a short look back finds it.
static LLVMBasicBlockRef trap_block(Emitter *e, TrapKind kind, Span span) {
    uint32_t stop = e->traps.len > 8 ? e->traps.len - 8 : 0;
    for (uint32_t i = e->traps.len; i > stop; i--) {
        TrapBlock *t = &e->traps.items[i - 1];
        if (t->kind == kind && memcmp(&t->span, &span, sizeof span) == 0) return t->block;
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
static void trap_with_numbers(Emitter *e, LLVMValueRef bad, const char *routine, IrInst *inst) {
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMBasicBlockRef trap = LLVMAppendBasicBlockInContext(e->ctx, e->llvm_func, "trap");
    LLVMPositionBuilderAtEnd(e->builder, trap);
    LLVMValueRef args[4];
    for (uint32_t i = 0; i < inst->arg_count; i++) args[i] = operand(e, inst, i);
    args[inst->arg_count] = location_constant(e, inst->span);
    call_runtime(e, routine, args, inst->arg_count + 1);
    LLVMPositionBuilderAtEnd(e->builder, here);
    branch_to_trap(e, bad, trap);
}

void llvm_emit_check(Emitter *e, IrInst *inst) {
    LLVMBuilderRef b = e->builder;
    switch (inst->op) {
    case IR_CHECK_BOUNDS: {
        LLVMValueRef bad = LLVMBuildICmp(b, LLVMIntUGE, operand(e, inst, 0), operand(e, inst, 1), "");
        trap_with_numbers(e, bad, "__janus_trap_bounds", inst);
        break;
    }
    case IR_CHECK_SLICE: {
        LLVMValueRef low = LLVMBuildICmp(b, LLVMIntUGT, operand(e, inst, 0), operand(e, inst, 1), "");
        LLVMValueRef high = LLVMBuildICmp(b, LLVMIntUGT, operand(e, inst, 1), operand(e, inst, 2), "");
        trap_with_numbers(e, LLVMBuildOr(b, low, high, ""), "__janus_trap_slice", inst);
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
    LLVMValueRef args[] = {operand(e, inst, 0), operand_len(e, inst, 0), location_constant(e, inst->span)};
    call_runtime(e, "__janus_panic", args, 3);
}
