// What only the machine has: system calls, hints and checksums, as inline assembly or intrinsics per target.
#include "backend/llvm/emit.h"

typedef struct Machine {
    const char *prefix;             // of the target's name
    const char *syscall_text;
    const char *result;             // constraint of the result
    const char *inputs[7];          // number, then arguments
    const char *clobbers;
    const char *prefetch_write;
    const char *crc32c[4]; // the next checksum from the last one and 1, 2, 4, 8 bytes
    const char *crc32c_constraints;
    const char *has_crc32c, *has_crc32c_constraints; // the word that tells
    unsigned has_crc32c_low, has_crc32c_bits;        // the bits of it that are not all 0 then
    const char *spin_hint; // an intrinsic
    bool spin_hint_takes_scope;
} Machine;

// The kernel's calling conventions. x86_64: rcx and r11 are overwritten by the instruction itself.
static const Machine machines[] = {
    {"x86_64",
     "syscall",
     "={rax}",
     {"{rax}", "{rdi}", "{rsi}", "{rdx}", "{r10}", "{r8}", "{r9}"},
     ",~{rcx},~{r11},~{memory},~{dirflag},~{fpsr},~{flags}",
     "prefetchw ($0)",
     {"crc32b ${2:b}, ${0:k}", "crc32w ${2:w}, ${0:k}", "crc32l ${2:k}, ${0:k}", "crc32q $2, $0"},
     "=r,0,r",
     "movl $$1, %eax\n\tcpuid",
     "={rcx},~{rax},~{rbx},~{rdx},~{dirflag},~{fpsr},~{flags}",
     20,
     1,
     "llvm.x86.sse2.pause",
     false},
    {"aarch64",
     "svc #0",
     "={x0}",
     {"{x8}", "{x0}", "{x1}", "{x2}", "{x3}", "{x4}", "{x5}"},
     ",~{memory}",
     "prfm pstl1keep, [$0]",
     {".arch_extension crc\n\tcrc32cb ${0:w}, ${1:w}, ${2:w}", ".arch_extension crc\n\tcrc32ch ${0:w}, ${1:w}, ${2:w}",
      ".arch_extension crc\n\tcrc32cw ${0:w}, ${1:w}, ${2:w}", ".arch_extension crc\n\tcrc32cx ${0:w}, ${1:w}, $2"},
     "=r,r,r",
     "mrs $0, ID_AA64ISAR0_EL1", // which the kernel answers (since 4.11)
     "=r",
     16,
     4,
     "llvm.aarch64.isb",
     true},
};

static const Machine *machine_of(Emitter *e) {
    for (size_t i = 0; i < ARRAY_LEN(machines); i++)
        if (strncmp(e->options->target, machines[i].prefix, strlen(machines[i].prefix)) == 0) return &machines[i];
    ICE("no machine description for %s", e->options->target);
}

static LLVMValueRef assembly(Emitter *e, LLVMTypeRef type, const char *text, Str constraints, LLVMValueRef *args,
                             unsigned count, bool has_effects) {
    LLVMValueRef code = LLVMGetInlineAsm(type, text, strlen(text), constraints.ptr, constraints.len, has_effects, false,
                                         LLVMInlineAsmDialectATT, false);
    return LLVMBuildCall2(e->builder, type, code, args, count, "");
}

static LLVMValueRef call_assembly(Emitter *e, LLVMTypeRef type, const char *text, Str constraints, LLVMValueRef *args,
                                  unsigned count) {
    return assembly(e, type, text, constraints, args, count, true);
}

static LLVMValueRef to_register(Emitter *e, const Type *t, LLVMValueRef v) {
    if (LLVMGetTypeKind(LLVMTypeOf(v)) == LLVMPointerTypeKind) return LLVMBuildPtrToInt(e->builder, v, e->i64, "");
    return llvm_int_resize(e, v, 64, llvm_int_signed(e, t));
}

static LLVMValueRef emit_syscall(Emitter *e, IrInst *inst) {
    const Machine *m = machine_of(e);
    LLVMTypeRef params[ARRAY_LEN(m->inputs)];
    LLVMValueRef args[ARRAY_LEN(m->inputs)];
    StrBuf constraints = {0};
    strbuf_puts(&constraints, m->result);
    ENSURE(inst->arg_count >= 1 && inst->arg_count <= ARRAY_LEN(m->inputs));
    for (uint32_t i = 0; i < inst->arg_count; i++) {
        params[i] = e->i64;
        args[i] = to_register(e, operand_type(inst, i), operand(e, inst, i));
        strbuf_printf(&constraints, ",%s", m->inputs[i]);
    }
    strbuf_puts(&constraints, m->clobbers);
    LLVMTypeRef type = LLVMFunctionType(e->i64, params, inst->arg_count, false);
    LLVMValueRef result = call_assembly(e, type, m->syscall_text, strbuf_str(&constraints), args, inst->arg_count);
    strbuf_free(&constraints);
    return result;
}

// As assembly, since LLVM would make code for the instruction only in functions that are declared to need it, and those
// it does not put into others. Nothing but the result comes of it, so it may be moved and left out.
static LLVMValueRef emit_crc32c(Emitter *e, IrInst *inst) {
    const Machine *m = machine_of(e);
    LLVMTypeRef params[] = {e->i64, e->i64};
    LLVMValueRef args[] = {llvm_int_resize(e, operand(e, inst, 0), 64, false),
                           llvm_int_resize(e, operand(e, inst, 1), 64, false)};
    const char *text = m->crc32c[__builtin_ctzll(type_size(e->ir->types, operand_type(inst, 1)))];
    LLVMValueRef result =
        assembly(e, LLVMFunctionType(e->i64, params, 2, false), text, str_from(m->crc32c_constraints), args, 2, false);
    return LLVMBuildTrunc(e->builder, result, e->i32, "");
}

static LLVMValueRef emit_has_crc32c(Emitter *e) {
    const Machine *m = machine_of(e);
    LLVMValueRef word = assembly(e, LLVMFunctionType(e->i64, NULL, 0, false), m->has_crc32c,
                                 str_from(m->has_crc32c_constraints), NULL, 0, false);
    uint64_t bits = ((UINT64_C(1) << m->has_crc32c_bits) - 1) << m->has_crc32c_low;
    LLVMValueRef telling = LLVMBuildAnd(e->builder, word, LLVMConstInt(e->i64, bits, false), "");
    return LLVMBuildICmp(e->builder, LLVMIntNE, telling, LLVMConstInt(e->i64, 0, false), "");
}

Value llvm_emit_machine(Emitter *e, IrInst *inst) {
    if (inst->op == IR_SYSCALL) return value_of(emit_syscall(e, inst));
    if (inst->op == IR_CRC32C) return value_of(emit_crc32c(e, inst));
    if (inst->op == IR_HAS_CRC32C) return value_of(emit_has_crc32c(e));
    if (inst->op == IR_PREFETCH_WRITE) {
        // As assembly, since LLVM asks for a feature that the oldest x86_64 lacks; where it does, the instruction does
        // nothing.
        LLVMValueRef address = operand(e, inst, 0);
        LLVMTypeRef param = LLVMTypeOf(address), hint = LLVMFunctionType(e->void_type, &param, 1, false);
        call_assembly(e, hint, machine_of(e)->prefetch_write, STR("r"), &address, 1);
        return no_value();
    }
    ENSURE(inst->op == IR_SPIN_HINT);
    // An intrinsic may touch any memory, which keeps the loads of the waiting loop inside it. Assembly would do that
    // too, but counts as a call, and a loop with a call in it is not unrolled: the misprediction at the end of each
    // short wait is as long as the wait.
    LLVMValueRef whole_system = LLVMConstInt(e->i32, 15, false);
    llvm_intrinsic(e, machine_of(e)->spin_hint, NULL, &whole_system, machine_of(e)->spin_hint_takes_scope ? 1 : 0);
    return no_value();
}
