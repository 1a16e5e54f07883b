// How functions look to the machine: parameters, results, attributes, linkage, calls.
//
// Every function, internal ones too, has the C calling convention, so that a function's address can be called from
// assembly, from C and through a function pointer alike; LLVM changes the convention of internal functions whose
// address is never taken. Scalars travel by value, a slice as two values, anything else by address; a result that is no
// scalar is written through a first parameter, or, where it is small and the code is optimised, see result.c. Small
// integers are extended by the caller, as C expects.
#include "backend/llvm/emit.h"

static LLVMAttributeRef enum_attribute(Emitter *e, const char *name, uint64_t value) {
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    ENSURE(kind != 0);
    return LLVMCreateEnumAttribute(e->ctx, kind, value);
}

static LLVMAttributeRef text_attribute(Emitter *e, const char *name, const char *value) {
    return LLVMCreateStringAttribute(e->ctx, name, (unsigned)strlen(name), value, (unsigned)strlen(value));
}

void abi_init(Emitter *e) {
    Attributes *a = &e->attributes;
    a->nounwind = enum_attribute(e, "nounwind", 0);
    a->noreturn = enum_attribute(e, "noreturn", 0);
    a->cold = enum_attribute(e, "cold", 0);
    a->minsize = enum_attribute(e, "minsize", 0);
    a->optsize = enum_attribute(e, "optsize", 0);
    a->noinline = enum_attribute(e, "noinline", 0);
    a->inlinehint = enum_attribute(e, "inlinehint", 0);
    a->nonnull = enum_attribute(e, "nonnull", 0);
    a->noalias = enum_attribute(e, "noalias", 0);
    a->zeroext = enum_attribute(e, "zeroext", 0);
    a->signext = enum_attribute(e, "signext", 0);
    a->readonly = enum_attribute(e, "readonly", 0);
    a->noredzone = enum_attribute(e, "noredzone", 0);
    a->no_bcmp = text_attribute(e, "no-builtin-bcmp", "");
    a->frame_pointer = text_attribute(e, "frame-pointer", "all");
    a->no_builtins = text_attribute(e, "no-builtins", "");
    // A frame larger than a page touches each of its pages in order, so that it can't step over the guard page.
    a->probe_stack = text_attribute(e, "probe-stack", "inline-asm");
    a->align_kind = LLVMGetEnumAttributeKindForName("align", 5);
    a->dereferenceable_kind = LLVMGetEnumAttributeKindForName("dereferenceable", 15);
    a->sret_kind = LLVMGetEnumAttributeKindForName("sret", 4);
    const char *sanitize = e->options->sanitize;
    if (sanitize && strcmp(sanitize, "address") == 0) a->sanitize = enum_attribute(e, "sanitize_address", 0);
    if (sanitize && strcmp(sanitize, "thread") == 0) a->sanitize = enum_attribute(e, "sanitize_thread", 0);
}

static bool passes_nothing(const Type *param) { return param->kind == TYPE_VOID || param->kind == TYPE_NEVER; }

// How many LLVM parameters a Janus parameter takes.
static uint32_t param_width(const Type *param) {
    if (ir_param_by_address(param)) return 1;
    if (passes_nothing(param)) return 0;
    return llvm_is_pair(param) ? 2 : 1;
}

static uint32_t first_param(const Type *func_type) { return ir_result_by_address(func_type) ? 1 : 0; }

// Whether the address of the result is an LLVM parameter as well.
static bool takes_address(Emitter *e, const Type *func_type) {
    return ir_result_by_address(func_type) && !result_parts(e, func_type);
}

static LLVMTypeRef result_type(Emitter *e, const Type *func_type) {
    const ResultParts *parts = result_parts(e, func_type);
    if (parts) return parts->type;
    return ir_result_by_address(func_type) ? e->void_type : llvm_type(e, func_type->element);
}

// Small integers as 32 bits: nothing else for the machine, where they have a register's width anyway, and the one form
// that LLVM's fast instruction selection knows. Optimised code is better off with the exact type.
static bool is_widened(Emitter *e, const Type *param) {
    if (e->options->mode != MODE_DEBUG) return false;
    const Type *r = llvm_representation(e, param);
    return (r->kind == TYPE_BOOL || r->kind == TYPE_ERROR_SET || type_is_int(r)) && llvm_int_bits(e, r) < 32;
}

LLVMTypeRef abi_func_type(Emitter *e, const Type *t) {
    LLVMTypeRef known = map_get(&e->func_types, t);
    if (known) return known;
    uint32_t count = 1, n = 0;
    for (uint32_t i = 0; i < t->param_count; i++) count += param_width(t->params[i]);
    LLVMTypeRef *params = ARENA_ARRAY(e->arena, LLVMTypeRef, count + 1);
    if (takes_address(e, t)) params[n++] = e->ptr;
    for (uint32_t i = 0; i < t->param_count; i++) {
        Type *p = t->params[i];
        if (ir_param_by_address(p)) {
            params[n++] = e->ptr;
        } else if (llvm_is_pair(p)) {
            params[n++] = e->ptr;
            params[n++] = e->i64;
        } else if (!passes_nothing(p)) {
            params[n++] = is_widened(e, p) ? e->i32 : llvm_type(e, p);
        }
    }
    LLVMTypeRef type = LLVMFunctionType(result_type(e, t), params, n, false);
    map_put(e->arena, &e->func_types, t, type);
    return type;
}

// The same attributes stand at a function and at each call of it; `add` knows which.
typedef void (*AddAttribute)(LLVMValueRef, LLVMAttributeIndex, LLVMAttributeRef);

static void add_memory_attributes(Emitter *e, LLVMValueRef on, AddAttribute add, unsigned at, Type *t) {
    if (e->options->mode == MODE_DEBUG) return; // nobody would read them
    Attributes *a = &e->attributes;
    add(on, at, a->nonnull);
    add(on, at, LLVMCreateEnumAttribute(e->ctx, a->align_kind, type_align(e->ir->types, t)));
    uint64_t size = type_size(e->ir->types, t);
    if (size) add(on, at, LLVMCreateEnumAttribute(e->ctx, a->dereferenceable_kind, size));
}

// A pointer that is no optional is never null, wherever it comes from. Nothing is said about what it points to: one past
// the end, at the start of an empty slice, or made of a number, it may lead nowhere.
static void add_pointer_attributes(Emitter *e, LLVMValueRef on, AddAttribute add, unsigned at, const Type *t) {
    if (e->options->mode != MODE_DEBUG && llvm_is_never_null(t)) add(on, at, e->attributes.nonnull);
}

static void add_extension(Emitter *e, LLVMValueRef on, AddAttribute add, unsigned at, const Type *t) {
    const Type *r = llvm_representation(e, t);
    bool is_integer = r->kind == TYPE_BOOL || r->kind == TYPE_ERROR_SET || type_is_int(r);
    if (is_integer && llvm_int_bits(e, r) < 32)
        add(on, at, llvm_int_signed(e, r) ? e->attributes.signext : e->attributes.zeroext);
}

// `sret` makes a function hand the address back as C expects, and costs a debug build the fast instruction selection.
static void add_signature_attributes(Emitter *e, LLVMValueRef on, AddAttribute add, const Type *t, bool is_public) {
    bool sret = is_public || e->options->mode != MODE_DEBUG;
    // C on aarch64 leaves the upper bits of a narrow argument or result open, so nothing may be said about them.
    bool extends = !is_public || strncmp(e->options->target, "aarch64", 7) != 0;
    unsigned at = 1;
    if (takes_address(e, t)) {
        Type *result = t->element;
        add_memory_attributes(e, on, add, at, result);
        add(on, at, e->attributes.noalias);
        if (sret && type_size(e->ir->types, result))
            add(on, at, LLVMCreateTypeAttribute(e->ctx, e->attributes.sret_kind, llvm_memory_type(e, result)));
        at++;
    } else if (!ir_result_by_address(t)) {
        if (extends) add_extension(e, on, add, LLVMAttributeReturnIndex, t->element);
        add_pointer_attributes(e, on, add, LLVMAttributeReturnIndex, t->element);
    }
    for (uint32_t i = 0; i < t->param_count; i++) {
        Type *p = t->params[i];
        if (ir_param_by_address(p))
            add_memory_attributes(e, on, add, at, p);
        else if (extends && !is_widened(e, p))
            add_extension(e, on, add, at, p);
        add_pointer_attributes(e, on, add, at, p);
        at += param_width(p);
    }
}

// The memory routines that LLVM may call on its own. Loops inside them must not be turned into calls of themselves, and
// a program that links libc uses libc's.
static bool is_memory_routine(const char *name) {
    static const char *const names[] = {"memcpy", "memset", "memmove", "memcmp", "bcmp", "strlen"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

bool abi_has_body(const Emitter *e, const IrFunc *f) {
    if (f->is_extern || !f->entry) return false;
    return !(e->options->libc && f->is_export && is_memory_routine(f->name));
}

// Traps and panics must stay out of line: the code at the place of the error is one rarely taken jump.
static bool is_trap_routine(const char *name) {
    return strncmp(name, "__janus_trap", 12) == 0 || strcmp(name, "__janus_panic") == 0;
}

// An interrupt handler may run on this very stack, and a host has the four memory routines that C compilers ask for.
static void add_freestanding_attributes(Emitter *e, LLVMValueRef fn) {
    LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, e->attributes.noredzone);
    LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, e->attributes.no_bcmp);
}

// What ends the program is neither worth the time to optimise it nor the room of what would be inlined into it.
static void add_cold_attributes(Emitter *e, LLVMValueRef fn) {
    const LLVMAttributeRef all[] = {e->attributes.cold, e->attributes.optsize, e->attributes.minsize};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, all[i]);
}

void abi_mark_trap(Emitter *e, LLVMValueRef fn) {
    Attributes *a = &e->attributes;
    LLVMSetLinkage(fn, LLVMInternalLinkage);
    const LLVMAttributeRef all[] = {a->nounwind, a->noreturn, a->noinline};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, all[i]);
    add_cold_attributes(e, fn);
    if (e->options->mode == MODE_DEBUG || e->options->sanitize)
        LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, a->frame_pointer);
    if (e->options->freestanding) add_freestanding_attributes(e, fn);
}

static void add_func_attributes(Emitter *e, IrFunc *f, LLVMValueRef fn) {
    Attributes *a = &e->attributes;
    const LLVMAttributeIndex whole = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;
    bool is_trap = is_trap_routine(f->name);
    LLVMAddAttributeAtIndex(fn, whole, a->nounwind);
    if (f->no_return || is_trap) LLVMAddAttributeAtIndex(fn, whole, a->noreturn);
    if (f->is_cold || is_trap) add_cold_attributes(e, fn);
    if (is_trap)
        LLVMAddAttributeAtIndex(fn, whole, a->noinline);
    else if (f->inline_hint)
        LLVMAddAttributeAtIndex(fn, whole, a->inlinehint);
    if (!abi_has_body(e, f)) return;
    LLVMAddAttributeAtIndex(fn, whole, a->probe_stack);
    if (e->options->mode == MODE_DEBUG || e->options->sanitize) LLVMAddAttributeAtIndex(fn, whole, a->frame_pointer);
    if (is_memory_routine(f->name)) LLVMAddAttributeAtIndex(fn, whole, a->no_builtins);
    if (e->options->freestanding) add_freestanding_attributes(e, fn);
    if (a->sanitize) LLVMAddAttributeAtIndex(fn, whole, a->sanitize);
}

static void set_linkage(Emitter *e, IrFunc *f, LLVMValueRef fn) {
    FuncPlan *plan = func_plan(f);
    bool hidden = f->is_runtime && e->options->library;
    if (f->is_extern || (f->is_export && !hidden)) return;
    if (!plan->shared)
        LLVMSetLinkage(fn, LLVMInternalLinkage);
    else
        LLVMSetVisibility(fn, LLVMHiddenVisibility);
    bool elsewhere = plan->unit != e->unit && abi_has_body(e, f) && !is_trap_routine(f->name);
    if (!elsewhere || !unit_may_copy(f, e->options, e->copying)) return;
    VEC_PUSH(e->arena, &e->copies, f);
    plan->copied = true;
}

static LLVMValueRef find_public(Emitter *e, const char *name) {
    IrFunc *f = map_get(&e->plan->public_funcs, name_intern_c(e->ir->names, name));
    return f ? abi_func(e, f) : LLVMGetNamedFunction(e->module, name);
}

LLVMValueRef abi_func(Emitter *e, IrFunc *f) {
    FuncPlan *plan = func_plan(f);
    if (plan->value) return plan->value;
    if (f->is_extern || f->is_export) {
        // An extern and an export of one name, or two externs, are one symbol.
        IrFunc *first = map_get(&e->plan->public_funcs, name_intern_c(e->ir->names, f->name));
        if (first != f) return plan->value = abi_func(e, first);
    }
    LLVMValueRef fn = LLVMAddFunction(e->module, plan->symbol, abi_func_type(e, f->type));
    plan->value = fn;
    LLVMSetFunctionCallConv(fn, LLVMCCallConv);
    set_linkage(e, f, fn);
    add_func_attributes(e, f, fn);
    add_signature_attributes(e, fn, LLVMAddAttributeAtIndex, f->type, f->is_extern || f->is_export);
    return fn;
}

LLVMValueRef abi_public_func(Emitter *e, const char *name, LLVMTypeRef type, bool no_return) {
    LLVMValueRef fn = find_public(e, name);
    if (fn) return fn;
    fn = LLVMAddFunction(e->module, name, type);
    const LLVMAttributeIndex whole = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;
    LLVMAddAttributeAtIndex(fn, whole, e->attributes.nounwind);
    if (!no_return) return fn;
    LLVMAddAttributeAtIndex(fn, whole, e->attributes.noreturn);
    LLVMAddAttributeAtIndex(fn, whole, e->attributes.cold);
    return fn;
}

// PARAM numbers a function's operands as a call does: the address of the result first, when there is one.
Value abi_param(Emitter *e, IrFunc *f, uint32_t index) {
    const Type *t = f->type;
    uint32_t skip = first_param(t);
    if (index < skip) return value_of(e->result ? e->result : LLVMGetParam(e->llvm_func, 0));
    uint32_t at = takes_address(e, t) ? 1 : 0;
    index -= skip;
    ENSURE(index < t->param_count);
    for (uint32_t i = 0; i < index; i++) at += param_width(t->params[i]);
    Type *p = t->params[index];
    if (param_width(p) == 0) return no_value();
    Value v = value_of(LLVMGetParam(e->llvm_func, at));
    if (is_widened(e, p)) v.v = LLVMBuildTrunc(e->builder, v.v, llvm_type(e, p), "");
    if (param_width(p) == 2) v.len = LLVMGetParam(e->llvm_func, at + 1);
    return v;
}

Value abi_call(Emitter *e, const Type *t, LLVMValueRef callee, bool is_public, IrInst **args, uint32_t arg_count) {
    LLVMValueRef *flat = ARENA_ARRAY(e->arena, LLVMValueRef, arg_count * 2 + 1);
    uint32_t n = 0, skip = first_param(t);
    const ResultParts *parts = result_parts(e, t);
    for (uint32_t i = parts ? 1 : 0; i < arg_count; i++) {
        Value v = e->values[args[i]->id];
        const Type *p = i >= skip && i - skip < t->param_count ? t->params[i - skip] : NULL;
        if (p && is_widened(e, p)) v.v = llvm_int_resize(e, v.v, 32, llvm_int_signed(e, p));
        if (v.v) flat[n++] = v.v;
        if (v.len) flat[n++] = v.len;
    }
    LLVMTypeRef type = abi_func_type(e, t);
    ENSURE(LLVMCountParamTypes(type) == n);
    LLVMValueRef call = LLVMBuildCall2(e->builder, type, callee, flat, n, "");
    add_signature_attributes(e, call, LLVMAddCallSiteAttribute, t, is_public);
    if (parts) result_store(e, parts, call, e->values[args[0]->id].v);
    if (ir_result_by_address(t) || passes_nothing(t->element)) return no_value();
    if (!llvm_is_pair(t->element)) return value_of(call);
    return (Value){LLVMBuildExtractValue(e->builder, call, 0, ""), LLVMBuildExtractValue(e->builder, call, 1, "")};
}

void abi_return(Emitter *e, IrInst *inst) {
    if (e->result) {
        LLVMBuildRet(e->builder, result_load(e, result_parts(e, e->func->type), e->result));
        return;
    }
    if (inst->arg_count == 0 || !e->values[inst->args[0]->id].v) {
        LLVMBuildRetVoid(e->builder);
        return;
    }
    Value v = e->values[inst->args[0]->id];
    if (v.len) {
        LLVMValueRef pair = LLVMBuildInsertValue(e->builder, LLVMGetPoison(e->slice), v.v, 0, "");
        v.v = LLVMBuildInsertValue(e->builder, pair, v.len, 1, "");
    }
    LLVMBuildRet(e->builder, v.v);
}
