// Compile-time values as LLVM constants. A value is written into an image of its bytes plus a list of the addresses in
// it; the constant is then the runs of bytes and the addresses in order. So constants obey the same layout as
// everything else, whatever their type. A value that is all zero (or undefined) has no image: it goes to
// zero-initialised memory, at any size.
#include "backend/llvm/emit.h"

static const uint64_t LARGEST_IMAGE = UINT64_C(1) << 30;

typedef struct Address {
    uint64_t offset;
    LLVMValueRef value;
} Address;

typedef struct Image {
    uint8_t *bytes;
    uint64_t size;
    VEC(Address) addresses; // in ascending order of offset
} Image;

static bool is_all_zero(const ConstValue *v) {
    switch (v->kind) {
    case CONST_INT: return v->bits == 0;
    case CONST_FLOAT: {
        double zero = 0; // not -0.0, whose sign bit is set
        return memcmp(&v->real, &zero, sizeof zero) == 0;
    }
    case CONST_NULL:
    case CONST_UNDEFINED:
    case CONST_VOID: return true;
    case CONST_REPEAT: return v->type->length == 0 || is_all_zero(v->items[0]);
    case CONST_STRUCT:
    case CONST_ARRAY:
        for (uint64_t i = 0; i < v->count; i++)
            if (!is_all_zero(v->items[i])) return false;
        return true;
    default: return false;
    }
}

static void write_int(Image *image, uint64_t at, uint64_t bits, uint64_t size) {
    for (uint64_t i = 0; i < size && i < 8; i++) image->bytes[at + i] = (uint8_t)(bits >> (8 * i));
}

static void write_address(Emitter *e, Image *image, uint64_t at, LLVMValueRef value) {
    VEC_PUSH(e->arena, &image->addresses, ((Address){at, value}));
}

static LLVMValueRef global_address(Emitter *e, const Global *g, uint64_t offset) {
    IrGlobal *ir = map_get(&e->ir->global_by_source, g);
    ENSURE(ir);
    LLVMValueRef base = llvm_global(e, ir);
    if (offset == 0) return base;
    LLVMValueRef index = llvm_usize(e, offset);
    return LLVMConstInBoundsGEP2(e->i8, base, &index, 1);
}

static LLVMValueRef func_address(Emitter *e, const FuncInst *func) {
    IrFunc *ir = map_get(&e->ir->func_by_inst, func);
    ENSURE(ir);
    return abi_func(e, ir);
}

static void write_float(Image *image, uint64_t at, const ConstValue *v) {
    if (v->type->kind == TYPE_F32) {
        float narrow = (float)v->real;
        memcpy(image->bytes + at, &narrow, sizeof narrow);
    } else {
        memcpy(image->bytes + at, &v->real, sizeof v->real);
    }
}

static void write_value(Emitter *e, Image *image, uint64_t at, const ConstValue *v) {
    Types *types = e->ir->types;
    Type *t = v->type;
    switch (v->kind) {
    case CONST_INT: write_int(image, at, v->bits, type_size(types, t)); break;
    case CONST_FLOAT: write_float(image, at, v); break;
    case CONST_STR:
        write_address(e, image, at, llvm_text(e, v->bytes));
        write_int(image, at + 8, v->bytes.len, 8);
        break;
    case CONST_NULL:
    case CONST_UNDEFINED:
    case CONST_VOID: break;
    case CONST_SOME: {
        const Layout *layout = type_layout(types, t);
        write_value(e, image, at + layout->payload_offset, v->items[0]);
        if (!layout->has_niche) image->bytes[at + layout->tag_offset] = 1;
        break;
    }
    case CONST_STRUCT: {
        const Layout *layout = type_layout(types, t);
        for (uint64_t i = 0; i < v->count; i++) write_value(e, image, at + layout->field_offsets[i], v->items[i]);
        break;
    }
    case CONST_ARRAY:
    case CONST_REPEAT: {
        uint64_t stride = type_size(types, t->element);
        for (uint64_t i = 0; i < t->length; i++)
            write_value(e, image, at + i * stride, v->items[v->kind == CONST_REPEAT ? 0 : i]);
        break;
    }
    case CONST_ENUM: {
        const Layout *layout = type_layout(types, t);
        write_int(image, at + layout->tag_offset, (uint64_t)t->variants[v->index].discriminant, layout->tag_size);
        for (uint64_t i = 0; i < v->count; i++)
            write_value(e, image, at + layout->variant_offsets[v->index][i], v->items[i]);
        break;
    }
    case CONST_FUNC: write_address(e, image, at, func_address(e, v->func)); break;
    case CONST_GLOBAL: write_address(e, image, at, global_address(e, v->global, v->bits)); break;
    case CONST_SLICE:
        write_address(e, image, at, global_address(e, v->global, v->index * type_size(types, t->element)));
        write_int(image, at + 8, v->count, 8);
        break;
    }
}

static LLVMValueRef byte_run(Emitter *e, const Image *image, uint64_t from, uint64_t to) {
    return LLVMConstStringInContext2(e->ctx, (const char *)image->bytes + from, to - from, true);
}

// Runs of bytes around the addresses, as one packed struct of exactly the image's size.
static LLVMValueRef image_constant(Emitter *e, const Image *image) {
    LLVMValueRef *parts = ARENA_ARRAY(e->arena, LLVMValueRef, image->addresses.len * 2 + 1);
    uint32_t n = 0;
    uint64_t at = 0;
    VEC_EACH (Address, address, &image->addresses) {
        if (address->offset > at) parts[n++] = byte_run(e, image, at, address->offset);
        parts[n++] = address->value;
        at = address->offset + 8;
    }
    if (at < image->size) parts[n++] = byte_run(e, image, at, image->size);
    if (n == 1) return parts[0];
    return LLVMConstStructInContext(e->ctx, parts, n, true);
}

static LLVMValueRef constant_of(Emitter *e, const ConstValue *v, Type *t) {
    uint64_t size = type_size(e->ir->types, t);
    if (size == 0 || !v || is_all_zero(v)) return LLVMConstNull(llvm_bytes_type(e, size));
    if (size > LARGEST_IMAGE) {
        e->failure = "an initialised constant is larger than 1 GiB";
        return LLVMConstNull(llvm_bytes_type(e, size));
    }
    Image image = {.bytes = arena_alloc(e->arena, size), .size = size};
    write_value(e, &image, 0, v);
    return image_constant(e, &image);
}

LLVMValueRef llvm_text(Emitter *e, Str text) {
    const Name *key = name_intern(e->ir->names, text.ptr, text.len);
    LLVMValueRef known = map_get(&e->strings, key);
    if (known) return known;
    LLVMValueRef bytes = LLVMConstStringInContext2(e->ctx, text.ptr, text.len, false);
    LLVMValueRef global = LLVMAddGlobal(e->module, LLVMTypeOf(bytes), "str");
    LLVMSetInitializer(global, bytes);
    LLVMSetGlobalConstant(global, true);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    LLVMSetUnnamedAddress(global, LLVMGlobalUnnamedAddr);
    LLVMSetAlignment(global, 1);
    map_put(e->arena, &e->strings, key, global);
    return global;
}

LLVMValueRef llvm_error_names(Emitter *e) {
    if (e->error_names) return e->error_names;
    uint32_t count = e->ir->error_names.len;
    LLVMValueRef *rows = ARENA_ARRAY(e->arena, LLVMValueRef, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const Name *name = e->ir->error_names.items[i];
        Str text = name ? name_str(name) : STR("");
        LLVMValueRef row[] = {llvm_text(e, text), llvm_usize(e, text.len)};
        rows[i] = LLVMConstStructInContext(e->ctx, row, 2, false);
    }
    LLVMValueRef table = LLVMConstArray2(e->slice, rows, count);
    e->error_names = LLVMAddGlobal(e->module, LLVMTypeOf(table), "error_names");
    LLVMSetInitializer(e->error_names, table);
    LLVMSetGlobalConstant(e->error_names, true);
    LLVMSetLinkage(e->error_names, LLVMPrivateLinkage);
    return e->error_names;
}

LLVMValueRef llvm_global(Emitter *e, IrGlobal *g) {
    GlobalPlan *plan = global_plan(g);
    if (plan->value) return plan->value;
    LLVMTypeRef type = llvm_bytes_type(e, type_size(e->ir->types, g->type));
    plan->value = LLVMAddGlobal(e->module, type, g->name);
    LLVMSetVisibility(plan->value, LLVMHiddenVisibility);
    LLVMSetGlobalConstant(plan->value, !g->is_var);
    LLVMSetAlignment(plan->value, llvm_place_align(e, g->type, g->align));
    return plan->value;
}

// Two steps, as initial values name other globals: first a placeholder for each, then their contents. A constant's
// exact LLVM type is known only with its contents, so the placeholder of a variable without addresses is final and the
// others are replaced.
void llvm_define_globals(Emitter *e) {
    for (uint32_t i = 0; i < e->ir->globals.len; i++) llvm_global(e, e->ir->globals.items[i]);
    for (uint32_t i = 0; i < e->ir->globals.len; i++) {
        IrGlobal *g = e->ir->globals.items[i];
        LLVMValueRef contents = constant_of(e, g->initial, g->type);
        GlobalPlan *plan = global_plan(g);
        LLVMValueRef placeholder = plan->value, global = placeholder;
        if (LLVMGlobalGetValueType(placeholder) != LLVMTypeOf(contents)) {
            LLVMSetValueName2(placeholder, "", 0);
            global = LLVMAddGlobal(e->module, LLVMTypeOf(contents), g->name);
            LLVMSetInitializer(global,
                               contents); // first, so that what the contents say of the placeholder is replaced too
            LLVMReplaceAllUsesWith(placeholder, global);
            LLVMDeleteGlobal(placeholder);
            plan->value = global;
        } else {
            LLVMSetInitializer(global, contents);
        }
        LLVMSetGlobalConstant(global, !g->is_var);
        LLVMSetVisibility(global, plan->shared ? LLVMHiddenVisibility : LLVMDefaultVisibility);
        if (!plan->shared) LLVMSetLinkage(global, LLVMInternalLinkage);
        if (!g->is_var) LLVMSetUnnamedAddress(global, LLVMGlobalUnnamedAddr);
        LLVMSetAlignment(global, llvm_place_align(e, g->type, g->align));
        debug_declare_global(e, g, global);
    }
}
