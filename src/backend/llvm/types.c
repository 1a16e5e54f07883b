// From Janus types to the few LLVM types the backend uses, and small builders of integers and addresses. LLVM never
// learns what a struct looks like: memory is bytes, and fields are byte offsets from type_layout.
#include "backend/llvm/emit.h"

bool llvm_is_pair(const Type *t) { return t->kind == TYPE_SLICE; }

bool llvm_is_never_null(const Type *t) { return t->kind == TYPE_PTR || t->kind == TYPE_FUNC; }

const Type *llvm_representation(Emitter *e, const Type *t) {
    (void)e;
    if (t->kind == TYPE_ENUM && t->is_plain_enum) return t->tag_type;
    return t;
}

unsigned llvm_int_bits(Emitter *e, const Type *t) {
    t = llvm_representation(e, t);
    if (t->kind == TYPE_BOOL) return 1;
    if (t->kind == TYPE_ERROR_SET) return 16;
    return type_bits(t);
}

bool llvm_int_signed(Emitter *e, const Type *t) {
    t = llvm_representation(e, t);
    return type_is_int(t) && type_is_signed(t);
}

LLVMTypeRef llvm_type(Emitter *e, const Type *t) {
    switch (t->kind) {
    case TYPE_VOID:
    case TYPE_NEVER: return e->void_type;
    case TYPE_F32: return e->f32;
    case TYPE_F64: return e->f64;
    case TYPE_PTR:
    case TYPE_FUNC:
    case TYPE_OPTIONAL: return e->ptr;
    case TYPE_SLICE: return e->slice;
    default: break;
    }
    if (!type_is_scalar(t)) ICE("a type held in memory was asked for as a register");
    return LLVMIntTypeInContext(e->ctx, llvm_int_bits(e, t));
}

LLVMTypeRef llvm_bytes_type(Emitter *e, uint64_t size) { return LLVMArrayType2(e->i8, size); }

enum { VECTOR_BYTES = 16 };

// What a vector register holds some of is aligned for it, as C does with arrays: nothing else costs so little. It is no
// promise to anybody, and debug builds, which have no vectors, do without.
unsigned llvm_place_align(Emitter *e, Type *t, uint32_t asked) {
    uint32_t align = type_align(e->ir->types, t);
    bool has_vectors = e->options->mode != MODE_DEBUG && type_size(e->ir->types, t) >= VECTOR_BYTES;
    if (has_vectors && align < VECTOR_BYTES) align = VECTOR_BYTES;
    return asked > align ? asked : align;
}

LLVMTypeRef llvm_memory_type(Emitter *e, Type *t) {
    if (t->kind == TYPE_BOOL) return e->i8;
    if (t->kind == TYPE_VOID || t->kind == TYPE_NEVER || !type_is_scalar(t))
        return llvm_bytes_type(e, type_size(e->ir->types, t));
    return llvm_type(e, t);
}

LLVMValueRef llvm_usize(Emitter *e, uint64_t n) { return LLVMConstInt(e->i64, n, false); }

LLVMValueRef llvm_int(Emitter *e, const Type *t, uint64_t bits) {
    unsigned width = llvm_int_bits(e, t);
    if (width < 64) bits &= (UINT64_C(1) << width) - 1;
    return LLVMConstInt(LLVMIntTypeInContext(e->ctx, width), bits, false);
}

LLVMValueRef llvm_offset(Emitter *e, LLVMValueRef base, uint64_t offset) {
    if (offset == 0) return base;
    LLVMValueRef index = llvm_usize(e, offset);
    return LLVMBuildInBoundsGEP2(e->builder, e->i8, base, &index, 1, "");
}

LLVMValueRef llvm_int_resize(Emitter *e, LLVMValueRef v, unsigned to_bits, bool is_signed) {
    unsigned from_bits = LLVMGetIntTypeWidth(LLVMTypeOf(v));
    if (from_bits == to_bits) return v;
    LLVMTypeRef to = LLVMIntTypeInContext(e->ctx, to_bits);
    if (from_bits > to_bits) return LLVMBuildTrunc(e->builder, v, to, "");
    return is_signed ? LLVMBuildSExt(e->builder, v, to, "") : LLVMBuildZExt(e->builder, v, to, "");
}

static Intrinsic declare_intrinsic(Emitter *e, const char *name, LLVMTypeRef overload) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    ENSURE(id != 0);
    size_t overloads = overload ? 1 : 0;
    return (Intrinsic){name, overload, LLVMIntrinsicGetType(e->ctx, id, &overload, overloads),
                       LLVMGetIntrinsicDeclaration(e->module, id, &overload, overloads)};
}

// LLVM finds an intrinsic by its text, twice; most functions of a checked language use the same few all the time.
static Intrinsic find_intrinsic(Emitter *e, const char *name, LLVMTypeRef overload) {
    for (uint32_t i = 0; i < e->intrinsic_count; i++)
        if (e->intrinsics[i].name == name && e->intrinsics[i].overload == overload) return e->intrinsics[i];
    Intrinsic found = declare_intrinsic(e, name, overload);
    if (e->intrinsic_count < ARRAY_LEN(e->intrinsics)) e->intrinsics[e->intrinsic_count++] = found;
    return found;
}

LLVMValueRef llvm_intrinsic(Emitter *e, const char *name, LLVMTypeRef overload, LLVMValueRef *args, unsigned count) {
    Intrinsic intrinsic = find_intrinsic(e, name, overload);
    return LLVMBuildCall2(e->builder, intrinsic.type, intrinsic.func, args, count, "");
}
