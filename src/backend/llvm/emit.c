// One unit of a QTJIR module → LLVM module: globals, then one function body after the other. Functions are declared
// when they are first referred to.
//
// Blocks are created in the function's order, which is the order of the source, but filled in reverse post-order, so
// that a value is always built before its uses. Blocks that can't be reached are left out. Every operation is named in
// emit_inst: a new one that is not handled is a compiler warning there.
#include "backend/llvm/emit.h"

static Value emit_call(Emitter *e, IrInst *inst) {
    Value result;
    if (inst->op == IR_CALL) {
        result = abi_call(e, inst->func->type, abi_func(e, inst->func), inst->func->is_extern || inst->func->is_export,
                          inst->args, inst->arg_count);
    } else {
        result = abi_call(e, operand_type(inst, 0), operand(e, inst, 0), false, inst->args + 1, inst->arg_count - 1);
    }
    return result;
}

static LLVMBasicBlockRef block_of(Emitter *e, const IrBlock *b) { return e->blocks[b->id]; }

// A block with a switch is beyond LLVM's fast instruction selection, so that few cases are compared one by one.
static void emit_compare_chain(Emitter *e, IrInst *inst, LLVMValueRef on) {
    for (uint32_t i = 0; i < inst->jump.case_count; i++) {
        const IrCase *c = &inst->jump.cases[i];
        LLVMValueRef value = llvm_int(e, operand_type(inst, 0), c->value);
        LLVMValueRef equal = LLVMBuildICmp(e->builder, LLVMIntEQ, on, value, "");
        bool last = i + 1 == inst->jump.case_count;
        LLVMBasicBlockRef next = last ? block_of(e, inst->jump.targets[0]) : block_after_current(e, "");
        LLVMBuildCondBr(e->builder, equal, block_of(e, c->target), next);
        if (!last) LLVMPositionBuilderAtEnd(e->builder, next);
    }
}

enum { CHAIN_LIMIT = 5 };

static void emit_switch(Emitter *e, IrInst *inst) {
    LLVMValueRef on = operand(e, inst, 0);
    if (e->options->mode == MODE_DEBUG && inst->jump.case_count && inst->jump.case_count <= CHAIN_LIMIT) {
        emit_compare_chain(e, inst, on);
        return;
    }
    LLVMValueRef sw = LLVMBuildSwitch(e->builder, on, block_of(e, inst->jump.targets[0]), inst->jump.case_count);
    for (uint32_t i = 0; i < inst->jump.case_count; i++) {
        const IrCase *c = &inst->jump.cases[i];
        LLVMAddCase(sw, llvm_int(e, operand_type(inst, 0), c->value), block_of(e, c->target));
    }
}

static void emit_terminator(Emitter *e, IrInst *inst) {
    switch (inst->op) {
    case IR_JUMP: LLVMBuildBr(e->builder, block_of(e, inst->jump.targets[0])); break;
    case IR_BRANCH:
        LLVMBuildCondBr(e->builder, operand(e, inst, 0), block_of(e, inst->jump.targets[0]),
                        block_of(e, inst->jump.targets[1]));
        break;
    case IR_SWITCH: emit_switch(e, inst); break;
    case IR_RET: abi_return(e, inst); break;
    case IR_UNREACHABLE: LLVMBuildUnreachable(e->builder); break;
    default: llvm_emit_trap(e, inst); break;
    }
}

static Value emit_constant(Emitter *e, IrInst *inst) {
    Type *t = inst->type;
    switch (inst->op) {
    case IR_CONST_INT:
        if (LLVMGetTypeKind(llvm_type(e, t)) == LLVMPointerTypeKind)
            return value_of(LLVMConstIntToPtr(llvm_usize(e, inst->imm), e->ptr));
        return value_of(llvm_int(e, t, inst->imm));
    case IR_CONST_FLOAT: return value_of(LLVMConstReal(llvm_type(e, t), inst->real));
    case IR_CONST_STR: return (Value){llvm_text(e, inst->bytes), llvm_usize(e, inst->bytes.len)};
    case IR_CONST_NULL: return value_of(LLVMConstNull(e->ptr));
    case IR_UNDEF:
        if (llvm_is_pair(t)) return (Value){LLVMGetUndef(e->ptr), LLVMGetUndef(e->i64)};
        return value_of(LLVMGetUndef(llvm_type(e, t)));
    case IR_FUNC_ADDR: return value_of(abi_func(e, inst->func));
    case IR_GLOBAL_ADDR: return value_of(llvm_global(e, inst->global));
    default: ICE("`%s` is no constant", ir_op_text(inst->op));
    }
}

static Value emit_inst(Emitter *e, IrInst *inst) {
    switch (inst->op) {
    case IR_CONST_INT:
    case IR_CONST_FLOAT:
    case IR_CONST_STR:
    case IR_CONST_NULL:
    case IR_UNDEF:
    case IR_FUNC_ADDR:
    case IR_GLOBAL_ADDR: return emit_constant(e, inst);
    case IR_PARAM:
    case IR_SLOT: return e->values[inst->id]; // made before the body
    case IR_LIVE:
    case IR_DEAD:
    case IR_LOAD:
    case IR_STORE:
    case IR_VOLATILE_LOAD:
    case IR_VOLATILE_STORE:
    case IR_COPY:
    case IR_UNDEF_MEM:
    case IR_MEM_COPY:
    case IR_MEM_FILL:
    case IR_MEM_EQUAL:
    case IR_FIELD_ADDR:
    case IR_ELEM_ADDR:
    case IR_PTR_CAST:
    case IR_PTR_FROM_INT:
    case IR_INT_FROM_PTR: return llvm_emit_memory(e, inst);
    case IR_SLICE_ELEM:
    case IR_SLICE_MAKE:
    case IR_SLICE_PTR:
    case IR_SLICE_LEN:
    case IR_SLICE_CONST: return llvm_emit_slice(e, inst);
    case IR_OPTIONAL_HAS:
    case IR_OPTIONAL_PAYLOAD:
    case IR_OPTIONAL_SET_SOME:
    case IR_OPTIONAL_SET_NONE:
    case IR_ERROR_IS:
    case IR_ERROR_CODE:
    case IR_ERROR_PAYLOAD:
    case IR_ERROR_SET_OK:
    case IR_ERROR_SET_ERR:
    case IR_ERROR_WIDEN:
    case IR_ERROR_NARROW:
    case IR_ERROR_NAME:
    case IR_ENUM_TAG:
    case IR_ENUM_SET_TAG:
    case IR_VARIANT_FIELD:
    case IR_ENUM_TO_INT:
    case IR_ENUM_FROM_INT: return llvm_emit_tagged(e, inst);
    case IR_ADD:
    case IR_SUB:
    case IR_MUL:
    case IR_DIV:
    case IR_REM:
    case IR_NEG:
    case IR_SHL:
    case IR_SHR:
    case IR_ADD_WRAP:
    case IR_SUB_WRAP:
    case IR_MUL_WRAP:
    case IR_AND:
    case IR_OR:
    case IR_XOR:
    case IR_NOT: return llvm_emit_arithmetic(e, inst);
    case IR_FADD:
    case IR_FSUB:
    case IR_FMUL:
    case IR_FDIV:
    case IR_FREM:
    case IR_FNEG: return llvm_emit_float(e, inst);
    case IR_CMP: return llvm_emit_compare(e, inst);
    case IR_INT_WIDEN:
    case IR_INT_TRUNC:
    case IR_INT_CAST:
    case IR_INT_TO_FLOAT:
    case IR_FLOAT_TO_INT:
    case IR_FLOAT_CAST:
    case IR_BOOL_TO_INT:
    case IR_BITCAST: return llvm_emit_conversion(e, inst);
    case IR_POPCOUNT:
    case IR_CLZ:
    case IR_CTZ:
    case IR_BYTE_SWAP: return llvm_emit_bits(e, inst);
    case IR_ADD_OVERFLOW:
    case IR_SUB_OVERFLOW:
    case IR_MUL_OVERFLOW: llvm_emit_overflow_op(e, inst); break;
    case IR_CHECK_BOUNDS:
    case IR_CHECK_SLICE:
    case IR_CHECK_TRUE: llvm_emit_check(e, inst); break;
    case IR_ATOMIC_LOAD:
    case IR_ATOMIC_STORE:
    case IR_ATOMIC_RMW:
    case IR_ATOMIC_CMPXCHG:
    case IR_FENCE:
    case IR_COMPILER_FENCE: return llvm_emit_atomic(e, inst);
    case IR_CALL:
    case IR_CALL_PTR: return emit_call(e, inst);
    case IR_SYSCALL:
    case IR_SPIN_HINT:
    case IR_PREFETCH_WRITE:
    case IR_CRC32C:
    case IR_HAS_CRC32C: return llvm_emit_machine(e, inst);
    case IR_CLEANUP_PUSH:
    case IR_CLEANUP_POP: break; // for the verifier alone
    case IR_JUMP:
    case IR_BRANCH:
    case IR_SWITCH:
    case IR_RET:
    case IR_TRAP:
    case IR_PANIC:
    case IR_UNREACHABLE: emit_terminator(e, inst); break;
    case IR_OP_COUNT: ICE("not an operation");
    }
    return no_value();
}

// Storing a parameter into its slot belongs to setting the function up.
static bool is_set_up(const IrInst *inst) {
    if (inst->op == IR_PARAM || inst->op == IR_SLOT || inst->op == IR_LIVE) return true;
    return inst->op == IR_STORE && inst->args[1]->op == IR_PARAM;
}

static void emit_block(Emitter *e, IrBlock *b) {
    LLVMPositionBuilderAtEnd(e->builder, block_of(e, b));
    for (IrInst *inst = b->first; inst; inst = inst->next) {
        if (is_set_up(inst))
            debug_clear_location(e);
        else
            debug_set_location(e, inst->span);
        e->values[inst->id] = emit_inst(e, inst);
    }
}

static void emit_params(Emitter *e, IrFunc *f) {
    for (IrInst *inst = f->entry->first; inst; inst = inst->next) {
        if (inst->op != IR_PARAM) continue;
        e->values[inst->id] = abi_param(e, f, inst->path.index);
        if (e->values[inst->id].v) debug_declare_param(e, inst, e->values[inst->id].v);
    }
}

static uint32_t successor_count(const IrInst *last) {
    switch (last->op) {
    case IR_JUMP: return 1;
    case IR_BRANCH: return 2;
    case IR_SWITCH: return 1 + last->jump.case_count;
    default: return 0;
    }
}

static IrBlock *successor(const IrInst *last, uint32_t i) {
    if (last->op == IR_SWITCH && i > 0) return last->jump.cases[i - 1].target;
    return last->jump.targets[i];
}

typedef struct Visit {
    IrBlock *block;
    uint32_t next;
} Visit;

// Post-order of the blocks that can be reached, without recursion. Answers how many there are.
static uint32_t post_order(Emitter *e, IrFunc *f, IrBlock **order) {
    bool *seen = ARENA_ARRAY(e->arena, bool, f->block_count);
    Visit *stack = ARENA_ARRAY(e->arena, Visit, f->block_count);
    uint32_t depth = 0, n = 0;
    stack[depth++] = (Visit){f->entry, 0};
    seen[f->entry->id] = true;
    while (depth) {
        Visit *top = &stack[depth - 1];
        if (top->next == successor_count(top->block->last)) {
            order[n++] = top->block;
            depth--;
            continue;
        }
        IrBlock *s = successor(top->block->last, top->next++);
        if (seen[s->id]) continue;
        seen[s->id] = true;
        stack[depth++] = (Visit){s, 0};
    }
    return n;
}

static void emit_func(Emitter *e, IrFunc *f) {
    e->func = f;
    e->llvm_func = abi_func(e, f);
    e->values = ARENA_ARRAY(e->arena, Value, f->inst_count + 1);
    e->blocks = ARENA_ARRAY(e->arena, LLVMBasicBlockRef, f->block_count);
    e->traps.len = 0;
    IrBlock **order = ARENA_ARRAY(e->arena, IrBlock *, f->block_count);
    uint32_t count = post_order(e, f, order);
    for (uint32_t i = 0; i < count; i++) e->blocks[order[i]->id] = (LLVMBasicBlockRef)e->llvm_func; // reached
    for (IrBlock *b = f->entry; b; b = b->next)
        if (e->blocks[b->id]) e->blocks[b->id] = LLVMAppendBasicBlockInContext(e->ctx, e->llvm_func, "");
    debug_enter_func(e, f);
    LLVMPositionBuilderAtEnd(e->builder, block_of(e, f->entry));
    debug_clear_location(e);
    e->result = result_parts(e, f->type) ? result_slot(e, f->type) : NULL;
    emit_params(e, f);
    llvm_emit_slots(e, f->entry);
    for (uint32_t i = count; i > 0; i--) emit_block(e, order[i - 1]);
    debug_leave_func(e);
}

static void init_types(Emitter *e) {
    e->void_type = LLVMVoidTypeInContext(e->ctx);
    e->i1 = LLVMInt1TypeInContext(e->ctx);
    e->i8 = LLVMInt8TypeInContext(e->ctx);
    e->i16 = LLVMInt16TypeInContext(e->ctx);
    e->i32 = LLVMInt32TypeInContext(e->ctx);
    e->i64 = LLVMInt64TypeInContext(e->ctx);
    e->f32 = LLVMFloatTypeInContext(e->ctx);
    e->f64 = LLVMDoubleTypeInContext(e->ctx);
    e->ptr = LLVMPointerTypeInContext(e->ctx, 0);
    LLVMTypeRef pair[] = {e->ptr, e->i64};
    e->slice = LLVMStructTypeInContext(e->ctx, pair, 2, false);
    LLVMTypeRef location[] = {e->ptr, e->i64, e->i32, e->i32};
    e->location = LLVMStructCreateNamed(e->ctx, "TrapLocation");
    LLVMStructSetBody(e->location, location, 4, false);
    e->range_kind = LLVMGetMDKindIDInContext(e->ctx, "range", 5);
    e->nonnull_kind = LLVMGetMDKindIDInContext(e->ctx, "nonnull", 7);
}

static void emit_all(Emitter *e) {
    for (uint32_t i = 0; i < e->ir->funcs.len; i++) {
        IrFunc *f = e->ir->funcs.items[i];
        if (func_plan(f)->unit == e->unit && abi_has_body(e, f)) emit_func(e, f);
    }
}

// What the library gives away, and from there what has been referred to: checks name their part of the runtime only
// when they are emitted.
static void emit_used(Emitter *e) {
    bool *emitted = ARENA_ARRAY(e->arena, bool, e->ir->funcs.len + 1);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < e->ir->funcs.len; i++) {
            IrFunc *f = e->ir->funcs.items[i];
            bool is_root = f->is_export && !f->is_runtime;
            if (emitted[i] || !abi_has_body(e, f) || (!is_root && !func_plan(f)->value)) continue;
            emitted[i] = more = true;
            emit_func(e, f);
        }
    }
}

static void emit_unit(Emitter *e) {
    init_types(e);
    abi_init(e);
    debug_init(e);
    if (e->unit == 0) {
        Str assembly = e->options->runtime_assembly;
        if (assembly.len) LLVMSetModuleInlineAsm2(e->module, assembly.ptr, assembly.len);
        llvm_define_globals(e);
    }
    if (e->options->library)
        emit_used(e);
    else
        emit_all(e);
    e->copying = true;
    for (uint32_t i = 0; i < e->copies.len; i++) {
        emit_func(e, e->copies.items[i]);
        LLVMSetLinkage(abi_func(e, e->copies.items[i]), LLVMAvailableExternallyLinkage);
    }
    debug_finish(e);
}

Emitter *emitter_create(UnitPlan *plan, uint32_t unit, IrModule *module, const BackendOptions *options) {
    Arena *arena = arena_create();
    Emitter *e = ARENA_NEW(arena, Emitter);
    *e = (Emitter){.arena = arena, .ir = module, .options = options, .plan = plan, .unit = unit};
    return e;
}

bool emitter_build(Emitter *e, StrBuf *error) {
    double start = pipeline_now();
    e->ctx = LLVMContextCreate();
    // Names inside functions are for people. LLVM's passes would make up one for nearly every value.
    LLVMContextSetDiscardValueNames(e->ctx, e->options->emit != EMIT_LLVM);
    e->module = LLVMModuleCreateWithNameInContext("janus", e->ctx);
    e->builder = LLVMCreateBuilderInContext(e->ctx);
    if (!pipeline_start(e, error)) return false;
    units_begin(e->plan, e->ir);
    emit_unit(e);
    e->build_ms = pipeline_now() - start;
    return true;
}

void emitter_destroy(Emitter *e) {
    pipeline_dispose(e);
    arena_destroy(e->arena);
}
