// Results in registers. QTJIR has a function write a result that is no scalar through an address; where LLVM optimises,
// a small one travels as up to three registers instead: the function writes to a slot of its own and loads the parts
// when it returns, the caller stores them where it wants the result, and LLVM dissolves both. The parts are the scalars
// that the type is made of, or, where it isn't made of few scalars, its bytes in words. extern and export functions
// have no such results, so C never sees this.
#include "backend/llvm/emit.h"

enum { MOST_WORD_BYTES = 16 };

static bool add_part(ResultParts *parts, uint64_t offset, LLVMTypeRef type, unsigned align) {
    if (parts->count == ARRAY_LEN(parts->items)) return false;
    parts->items[parts->count++] = (ResultPart){offset, type, align};
    return true;
}

static bool add_scalars(Emitter *e, ResultParts *parts, Type *t, uint64_t offset) {
    Types *types = e->ir->types;
    const Layout *layout = type_layout(types, t);
    if (layout->size == 0) return true;
    if (llvm_is_pair(t)) return add_part(parts, offset, e->ptr, 8) && add_part(parts, offset + 8, e->i64, 8);
    if (type_is_scalar(t)) return add_part(parts, offset, llvm_memory_type(e, t), layout->align);
    switch (t->kind) {
    case TYPE_OPTIONAL:
        return !layout->has_niche && add_scalars(e, parts, t->element, offset + layout->payload_offset) &&
               add_part(parts, offset + layout->tag_offset, e->i8, 1);
    case TYPE_ERROR_UNION:
        return add_scalars(e, parts, t->element, offset + layout->payload_offset) &&
               add_part(parts, offset + layout->tag_offset, e->i16, 2);
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < t->field_count; i++)
            if (!add_scalars(e, parts, t->fields[i].type, offset + layout->field_offsets[i])) return false;
        return true;
    default: return false;
    }
}

// Words read past no byte of the value: the last is as wide as what is left.
static bool add_words(Emitter *e, ResultParts *parts, Type *t) {
    const Layout *layout = type_layout(e->ir->types, t);
    if (layout->size > MOST_WORD_BYTES) return false;
    parts->count = 0;
    for (uint64_t at = 0; at < layout->size; at += 8) {
        uint64_t left = layout->size - at;
        unsigned bits = left < 8 ? (unsigned)left * 8 : 64;
        add_part(parts, at, LLVMIntTypeInContext(e->ctx, bits), layout->align < 8 ? layout->align : 8);
    }
    return true;
}

static LLVMTypeRef combined_type(Emitter *e, const ResultParts *parts) {
    LLVMTypeRef types[ARRAY_LEN(parts->items)];
    for (uint32_t i = 0; i < parts->count; i++) types[i] = parts->items[i].type;
    return parts->count == 1 ? types[0] : LLVMStructTypeInContext(e->ctx, types, parts->count, false);
}

const ResultParts *result_parts(Emitter *e, const Type *func_type) {
    if (e->options->mode == MODE_DEBUG || !ir_result_by_address(func_type)) return NULL;
    Type *t = func_type->element;
    ResultParts *parts = map_get(&e->result_parts, t);
    if (!parts) {
        parts = ARENA_NEW(e->arena, ResultParts);
        bool fits = add_scalars(e, parts, t, 0) || add_words(e, parts, t);
        if (!fits) parts->count = 0;
        if (parts->count) parts->type = combined_type(e, parts);
        map_put(e->arena, &e->result_parts, t, parts);
    }
    return parts->count ? parts : NULL;
}

LLVMValueRef result_slot(Emitter *e, const Type *func_type) {
    LLVMValueRef slot = LLVMBuildAlloca(e->builder, llvm_memory_type(e, func_type->element), "result");
    LLVMSetAlignment(slot, type_align(e->ir->types, func_type->element));
    return slot;
}

LLVMValueRef result_load(Emitter *e, const ResultParts *parts, LLVMValueRef from) {
    LLVMValueRef all = parts->count == 1 ? NULL : LLVMGetPoison(parts->type);
    for (uint32_t i = 0; i < parts->count; i++) {
        const ResultPart *p = &parts->items[i];
        LLVMValueRef part = LLVMBuildLoad2(e->builder, p->type, llvm_offset(e, from, p->offset), "");
        LLVMSetAlignment(part, p->align);
        all = all ? LLVMBuildInsertValue(e->builder, all, part, i, "") : part;
    }
    return all;
}

void result_store(Emitter *e, const ResultParts *parts, LLVMValueRef result, LLVMValueRef to) {
    for (uint32_t i = 0; i < parts->count; i++) {
        const ResultPart *p = &parts->items[i];
        LLVMValueRef part = parts->count == 1 ? result : LLVMBuildExtractValue(e->builder, result, i, "");
        LLVMSetAlignment(LLVMBuildStore(e->builder, part, llvm_offset(e, to, p->offset)), p->align);
    }
}
