// Loads, stores, addresses, and what is read and written by address: slices, optionals, error unions, payload enums.
// Whole values move by llvm.memcpy; field and tag positions come from type_layout.
#include "backend/llvm/emit.h"

static Types *types_of(Emitter *e) { return e->ir->types; }
static Type *pointee(const IrInst *inst, uint32_t i) { return operand_type(inst, i)->element; }

static LLVMValueRef load_aligned(Emitter *e, LLVMTypeRef type, LLVMValueRef address, unsigned align) {
    LLVMValueRef load = LLVMBuildLoad2(e->builder, type, address, "");
    LLVMSetAlignment(load, align);
    return load;
}

static void store_aligned(Emitter *e, LLVMValueRef v, LLVMValueRef address, unsigned align) {
    LLVMSetAlignment(LLVMBuildStore(e->builder, v, address), align);
}

// ---- what LLVM may know of a value that was loaded: no more than its type promises. Memory without a value is no
// counterexample, for nothing may depend on it.

// Numbers from `low` up to `high`, of which the latter may be below the former: then they go round.
static void note_range(Emitter *e, LLVMValueRef load, uint64_t low, uint64_t high) {
    if (e->options->mode == MODE_DEBUG) return; // nobody would read it
    LLVMTypeRef type = LLVMTypeOf(load);
    LLVMValueRef from = LLVMConstInt(type, low, false), to = LLVMConstInt(type, high + 1, false);
    if (from == to) return; // all there are
    LLVMMetadataRef range[] = {LLVMValueAsMetadata(from), LLVMValueAsMetadata(to)};
    LLVMSetMetadata(load, e->range_kind, LLVMMetadataAsValue(e->ctx, LLVMMDNodeInContext2(e->ctx, range, 2)));
}

static void note_discriminants(Emitter *e, LLVMValueRef load, const Type *t) {
    if (!t->variant_count) return;
    int64_t low = t->variants[0].discriminant, high = low;
    bool is_signed = type_is_signed(t->tag_type);
    for (uint32_t i = 1; i < t->variant_count; i++) {
        int64_t n = t->variants[i].discriminant;
        if (is_signed ? n < low : (uint64_t)n < (uint64_t)low) low = n;
        if (is_signed ? n > high : (uint64_t)n > (uint64_t)high) high = n;
    }
    note_range(e, load, (uint64_t)low, (uint64_t)high);
}

static void note_value(Emitter *e, LLVMValueRef load, const Type *t) {
    if (t->kind == TYPE_BOOL) note_range(e, load, 0, 1);
    if (t->kind == TYPE_ENUM) note_discriminants(e, load, t);
    if (e->options->mode != MODE_DEBUG && llvm_is_never_null(t))
        LLVMSetMetadata(load, e->nonnull_kind, LLVMMetadataAsValue(e->ctx, LLVMMDNodeInContext2(e->ctx, NULL, 0)));
}

Value llvm_emit_load(Emitter *e, Type *t, LLVMValueRef address) {
    if (type_size(types_of(e), t) == 0) return no_value();
    unsigned align = type_align(types_of(e), t);
    if (t->kind == TYPE_BOOL) {
        LLVMValueRef byte = load_aligned(e, e->i8, address, align);
        note_value(e, byte, t);
        return value_of(LLVMBuildTrunc(e->builder, byte, e->i1, ""));
    }
    if (llvm_is_pair(t)) {
        LLVMValueRef pointer = load_aligned(e, e->ptr, address, align);
        return (Value){pointer, load_aligned(e, e->i64, llvm_offset(e, address, 8), align)};
    }
    LLVMValueRef load = load_aligned(e, llvm_type(e, t), address, align);
    note_value(e, load, t);
    return value_of(load);
}

void llvm_emit_store(Emitter *e, Type *t, LLVMValueRef address, Value v) {
    if (!v.v) return;
    unsigned align = type_align(types_of(e), t);
    if (t->kind == TYPE_BOOL) v.v = LLVMBuildZExt(e->builder, v.v, e->i8, "");
    store_aligned(e, v.v, address, align);
    if (v.len) store_aligned(e, v.len, llvm_offset(e, address, 8), align);
}

// Whatever bits a device has in its register: those of a bool are compared, no other type has any that are no value.
static Value emit_volatile_load(Emitter *e, Type *t, LLVMValueRef address) {
    LLVMValueRef load = load_aligned(e, llvm_memory_type(e, t), address, type_align(types_of(e), t));
    LLVMSetVolatile(load, true);
    if (t->kind != TYPE_BOOL) return value_of(load);
    return value_of(LLVMBuildICmp(e->builder, LLVMIntNE, load, LLVMConstInt(e->i8, 0, false), ""));
}

static void emit_volatile_store(Emitter *e, Type *t, LLVMValueRef address, LLVMValueRef v) {
    if (t->kind == TYPE_BOOL) v = LLVMBuildZExt(e->builder, v, e->i8, "");
    LLVMValueRef store = LLVMBuildStore(e->builder, v, address);
    LLVMSetAlignment(store, type_align(types_of(e), t));
    LLVMSetVolatile(store, true);
}

// All slots of a function, before any code: an alloca behind a branch would grow the stack at run time.
void llvm_emit_slots(Emitter *e, IrBlock *entry) {
    for (IrInst *inst = entry->first; inst; inst = inst->next) {
        if (inst->op != IR_SLOT) continue;
        Type *t = inst->slot.type_arg;
        LLVMValueRef slot = LLVMBuildAlloca(e->builder, llvm_memory_type(e, t), inst->slot.name ? inst->slot.name : "");
        LLVMSetAlignment(slot, llvm_place_align(e, t, inst->slot.align));
        e->values[inst->id] = value_of(slot);
        debug_declare_slot(e, inst, slot);
    }
}

// LLVM learns the life of a slot only where it optimises: in debug builds the debugger shall see it for longer.
static void emit_lifetime(Emitter *e, IrInst *inst, const char *name) {
    if (e->options->mode == MODE_DEBUG && !e->options->sanitize) return;
    LLVMValueRef args[] = {llvm_usize(e, type_size(types_of(e), inst->args[0]->slot.type_arg)), operand(e, inst, 0)};
    llvm_intrinsic(e, name, e->ptr, args, 2);
}

static void emit_copy(Emitter *e, LLVMValueRef to, LLVMValueRef from, Type *t) {
    uint64_t size = type_size(types_of(e), t);
    unsigned align = type_align(types_of(e), t);
    if (size) LLVMBuildMemCpy(e->builder, to, align, from, align, llvm_usize(e, size));
}

static LLVMValueRef byte_count(Emitter *e, LLVMValueRef elements, Type *element) {
    return LLVMBuildMul(e->builder, elements, llvm_usize(e, type_size(types_of(e), element)), "");
}

static LLVMValueRef emit_equal_bytes(Emitter *e, IrInst *inst) {
    LLVMTypeRef params[] = {e->ptr, e->ptr, e->i64};
    LLVMTypeRef type = LLVMFunctionType(e->i32, params, 3, false);
    const char *routine = e->options->freestanding ? "memcmp" : "bcmp";
    LLVMValueRef compare = abi_public_func(e, routine, type, false);
    LLVMValueRef args[] = {operand(e, inst, 0), operand(e, inst, 1),
                           byte_count(e, operand(e, inst, 2), pointee(inst, 0))};
    LLVMValueRef differs = LLVMBuildCall2(e->builder, type, compare, args, 3, "");
    return LLVMBuildICmp(e->builder, LLVMIntEQ, differs, LLVMConstInt(e->i32, 0, false), "");
}

static LLVMValueRef emit_element(Emitter *e, LLVMValueRef base, LLVMValueRef index, Type *element) {
    uint64_t size = type_size(types_of(e), element);
    if (size == 0) return base;
    // For a power of two an integer type of that size reads better and is the same arithmetic.
    LLVMTypeRef stride = size == 1   ? e->i8
                         : size == 2 ? e->i16
                         : size == 4 ? e->i32
                         : size == 8 ? e->i64
                                     : llvm_bytes_type(e, size);
    return LLVMBuildInBoundsGEP2(e->builder, stride, base, &index, 1, "");
}

Value llvm_emit_memory(Emitter *e, IrInst *inst) {
    switch (inst->op) {
    case IR_LIVE: emit_lifetime(e, inst, "llvm.lifetime.start"); break;
    case IR_DEAD: emit_lifetime(e, inst, "llvm.lifetime.end"); break;
    case IR_LOAD: return llvm_emit_load(e, inst->type, operand(e, inst, 0));
    case IR_STORE: llvm_emit_store(e, operand_type(inst, 1), operand(e, inst, 0), e->values[inst->args[1]->id]); break;
    case IR_VOLATILE_LOAD: return emit_volatile_load(e, inst->type, operand(e, inst, 0));
    case IR_VOLATILE_STORE:
        emit_volatile_store(e, operand_type(inst, 1), operand(e, inst, 0), operand(e, inst, 1));
        break;
    case IR_COPY: emit_copy(e, operand(e, inst, 0), operand(e, inst, 1), pointee(inst, 0)); break;
    case IR_UNDEF_MEM: break; // nothing reads it before it is written
    case IR_MEM_COPY: {
        Type *element = pointee(inst, 0);
        unsigned align = type_align(types_of(e), element);
        LLVMValueRef size = byte_count(e, operand(e, inst, 2), element);
        LLVMBuildMemMove(e->builder, operand(e, inst, 0), align, operand(e, inst, 1), align, size);
        break;
    }
    case IR_MEM_FILL: {
        Type *element = pointee(inst, 0);
        LLVMValueRef size = byte_count(e, operand(e, inst, 2), element);
        LLVMBuildMemSet(e->builder, operand(e, inst, 0), operand(e, inst, 1), size, type_align(types_of(e), element));
        break;
    }
    case IR_MEM_EQUAL: return value_of(emit_equal_bytes(e, inst));
    case IR_FIELD_ADDR: {
        const Layout *layout = type_layout(types_of(e), pointee(inst, 0));
        return value_of(llvm_offset(e, operand(e, inst, 0), layout->field_offsets[inst->path.index]));
    }
    case IR_ELEM_ADDR:
        return value_of(emit_element(e, operand(e, inst, 0), operand(e, inst, 1), pointee(inst, 0)->element));
    case IR_PTR_CAST: return e->values[inst->args[0]->id];
    case IR_PTR_FROM_INT: return value_of(LLVMBuildIntToPtr(e->builder, operand(e, inst, 0), e->ptr, ""));
    case IR_INT_FROM_PTR: return value_of(LLVMBuildPtrToInt(e->builder, operand(e, inst, 0), e->i64, ""));
    default: ICE("`%s` is no memory operation", ir_op_text(inst->op));
    }
    return no_value();
}

Value llvm_emit_slice(Emitter *e, IrInst *inst) {
    switch (inst->op) {
    case IR_SLICE_ELEM:
        return value_of(emit_element(e, operand(e, inst, 0), operand(e, inst, 1), operand_type(inst, 0)->element));
    case IR_SLICE_MAKE: return (Value){operand(e, inst, 0), operand(e, inst, 1)};
    case IR_SLICE_PTR: return value_of(operand(e, inst, 0));
    case IR_SLICE_LEN: return value_of(operand_len(e, inst, 0));
    case IR_SLICE_CONST: return e->values[inst->args[0]->id];
    default: ICE("`%s` is no slice operation", ir_op_text(inst->op));
    }
}

static LLVMValueRef emit_optional_has(Emitter *e, LLVMValueRef base, const Layout *layout) {
    if (layout->has_niche) {
        LLVMValueRef pointer = load_aligned(e, e->ptr, base, layout->align);
        return LLVMBuildIsNotNull(e->builder, pointer, "");
    }
    LLVMValueRef flag = load_aligned(e, e->i8, llvm_offset(e, base, layout->tag_offset), 1);
    note_range(e, flag, 0, 1);
    return LLVMBuildICmp(e->builder, LLVMIntNE, flag, LLVMConstInt(e->i8, 0, false), "");
}

static void emit_optional_flag(Emitter *e, LLVMValueRef base, const Layout *layout, uint64_t flag) {
    store_aligned(e, LLVMConstInt(e->i8, flag, false), llvm_offset(e, base, layout->tag_offset), 1);
}

static Value emit_error_name(Emitter *e, LLVMValueRef code) {
    LLVMValueRef index = LLVMBuildZExt(e->builder, code, e->i64, "");
    LLVMValueRef row = LLVMBuildInBoundsGEP2(e->builder, e->slice, llvm_error_names(e), &index, 1, "");
    LLVMValueRef pointer = load_aligned(e, e->ptr, row, 8);
    return (Value){pointer, load_aligned(e, e->i64, llvm_offset(e, row, 8), 8)};
}

static LLVMValueRef error_code_address(Emitter *e, IrInst *inst) {
    return llvm_offset(e, operand(e, inst, 0), type_layout(types_of(e), pointee(inst, 0))->tag_offset);
}

static LLVMValueRef load_error_code(Emitter *e, IrInst *inst) {
    LLVMValueRef code = load_aligned(e, e->i16, error_code_address(e, inst), 2);
    note_range(e, code, 0, e->ir->error_names.len - 1);
    return code;
}

Value llvm_emit_tagged(Emitter *e, IrInst *inst) {
    LLVMValueRef base = inst->arg_count ? operand(e, inst, 0) : NULL;
    Type *t = operand_type(inst, 0);
    const Layout *layout = t->kind == TYPE_PTR ? type_layout(types_of(e), t->element) : NULL;
    switch (inst->op) {
    case IR_OPTIONAL_HAS: return value_of(emit_optional_has(e, base, layout));
    case IR_OPTIONAL_PAYLOAD: return value_of(llvm_offset(e, base, layout->payload_offset));
    case IR_OPTIONAL_SET_SOME:
        if (!layout->has_niche) emit_optional_flag(e, base, layout, 1);
        return value_of(llvm_offset(e, base, layout->payload_offset));
    case IR_OPTIONAL_SET_NONE:
        if (layout->has_niche)
            store_aligned(e, LLVMConstNull(e->ptr), base, layout->align);
        else
            emit_optional_flag(e, base, layout, 0);
        break;
    case IR_ERROR_IS: {
        LLVMValueRef code = load_error_code(e, inst);
        return value_of(LLVMBuildICmp(e->builder, LLVMIntNE, code, LLVMConstInt(e->i16, 0, false), ""));
    }
    case IR_ERROR_CODE: return value_of(load_error_code(e, inst));
    case IR_ERROR_PAYLOAD: return value_of(llvm_offset(e, base, layout->payload_offset));
    case IR_ERROR_SET_OK:
        store_aligned(e, LLVMConstInt(e->i16, 0, false), error_code_address(e, inst), 2);
        return value_of(llvm_offset(e, base, layout->payload_offset));
    case IR_ERROR_SET_ERR: store_aligned(e, operand(e, inst, 1), error_code_address(e, inst), 2); break;
    case IR_ERROR_WIDEN:
    case IR_ERROR_NARROW: return value_of(base);
    case IR_ERROR_NAME: return emit_error_name(e, base);
    case IR_ENUM_TAG: {
        Type *tag = t->element->tag_type;
        LLVMValueRef load =
            load_aligned(e, llvm_type(e, tag), llvm_offset(e, base, layout->tag_offset), type_align(types_of(e), tag));
        note_discriminants(e, load, t->element);
        return value_of(load);
    }
    case IR_ENUM_SET_TAG: {
        Type *tag = t->element->tag_type;
        LLVMValueRef bits = llvm_int(e, tag, (uint64_t)t->element->variants[inst->path.variant].discriminant);
        store_aligned(e, bits, llvm_offset(e, base, layout->tag_offset), type_align(types_of(e), tag));
        break;
    }
    case IR_VARIANT_FIELD:
        return value_of(llvm_offset(e, base, layout->variant_offsets[inst->path.variant][inst->path.index]));
    case IR_ENUM_TO_INT:
    case IR_ENUM_FROM_INT: return value_of(base);
    default: ICE("`%s` is no operation on tagged values", ir_op_text(inst->op));
    }
    return no_value();
}
