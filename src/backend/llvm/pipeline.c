// The ends of the backend: the target machine at the start, optimisation and the output file at the finish. Pipelines
// are texts that LLVM parses; a debug build runs none, which is also the fastest.
#define _GNU_SOURCE
#include <llvm-c/Analysis.h>
#include <llvm-c/Error.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <time.h>

#include "backend/llvm/emit.h"

typedef struct Target {
    const char *name, *triple, *cpu;
} Target;

static const Target targets[] = {
    {"x86_64-linux", "x86_64-unknown-linux-gnu", "x86-64"},
    {"aarch64-linux", "aarch64-unknown-linux-gnu", "generic"},
};

static const Target *target_named(const char *name) {
    for (size_t i = 0; i < ARRAY_LEN(targets); i++)
        if (strcmp(targets[i].name, name) == 0) return &targets[i];
    return NULL;
}

static void initialize_target(const Target *target) {
    if (strncmp(target->name, "x86_64", 6) == 0) {
        LLVMInitializeX86TargetInfo();
        LLVMInitializeX86Target();
        LLVMInitializeX86TargetMC();
        LLVMInitializeX86AsmPrinter();
        LLVMInitializeX86AsmParser();
    } else {
        LLVMInitializeAArch64TargetInfo();
        LLVMInitializeAArch64Target();
        LLVMInitializeAArch64TargetMC();
        LLVMInitializeAArch64AsmPrinter();
        LLVMInitializeAArch64AsmParser();
    }
}

static bool optimises(const Emitter *e) { return e->options->mode != MODE_DEBUG; }

bool pipeline_start(Emitter *e, StrBuf *error) {
    const Target *target = target_named(e->options->target);
    if (!target) {
        strbuf_printf(error, "unknown target `%s`", e->options->target);
        return false;
    }
    initialize_target(target);
    LLVMTargetRef found;
    char *message = NULL;
    if (LLVMGetTargetFromTriple(target->triple, &found, &message)) {
        strbuf_printf(error, "LLVM has no target %s: %s", target->triple, message);
        LLVMDisposeMessage(message);
        return false;
    }
    // libc's own start code wants position-independent code, and who links a library may; a static executable is at a
    // fixed address.
    bool moves = e->options->libc || e->options->library;
    LLVMRelocMode relocation = moves ? LLVMRelocPIC : LLVMRelocStatic;
    LLVMCodeGenOptLevel level = optimises(e) ? LLVMCodeGenLevelDefault : LLVMCodeGenLevelNone;
    e->machine =
        LLVMCreateTargetMachine(found, target->triple, target->cpu, "", level, relocation, LLVMCodeModelDefault);
    LLVMSetTarget(e->module, target->triple);
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(e->machine);
    LLVMSetModuleDataLayout(e->module, layout);
    LLVMDisposeTargetData(layout);
    return true;
}

double pipeline_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void verify_module(Emitter *e, const char *when) {
    char *message = NULL;
    if (LLVMVerifyModule(e->module, LLVMReturnStatusAction, &message)) ICE("LLVM module broken %s: %s", when, message);
    LLVMDisposeMessage(message);
}

static void run_passes(Emitter *e) {
    const char *sanitize = e->options->sanitize ? e->options->sanitize : "";
    const char *instrument = strcmp(sanitize, "address") == 0  ? "asan"
                             : strcmp(sanitize, "thread") == 0 ? "tsan-module,function(tsan)"
                                                               : "";
    const char *optimise = optimises(e) ? "default<O2>" : "";
    if (!*instrument && !*optimise) return;
    const char *passes = arena_printf(e->arena, "%s%s%s", optimise, *optimise && *instrument ? "," : "", instrument);
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMPassBuilderOptionsSetSLPVectorization(options, true); // as clang does, unlike LLVM's own default
    LLVMErrorRef failed = LLVMRunPasses(e->module, passes, e->machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (failed) ICE("LLVM pipeline `%s`: %s", passes, LLVMGetErrorMessage(failed));
}

static bool write_bytes(const Emitter *e, Str bytes, StrBuf *error) {
    return e->options->write(e->options->write_context, e->unit, bytes, error);
}

// Into memory first: LLVM ends the process when one of its own writes fails.
static bool write_output(Emitter *e, StrBuf *error) {
    if (e->options->emit == EMIT_LLVM) {
        char *text = LLVMPrintModuleToString(e->module);
        bool ok = write_bytes(e, str_from(text), error);
        LLVMDisposeMessage(text);
        return ok;
    }
    LLVMCodeGenFileType type = e->options->emit == EMIT_OBJECT ? LLVMObjectFile : LLVMAssemblyFile;
    char *message = NULL;
    LLVMMemoryBufferRef buffer = NULL;
    if (LLVMTargetMachineEmitToMemoryBuffer(e->machine, e->module, type, &message, &buffer))
        ICE("LLVM emits no machine code: %s", message ? message : "unknown error");
    bool ok = write_bytes(e, (Str){LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer)}, error);
    LLVMDisposeMemoryBuffer(buffer);
    return ok;
}

bool pipeline_finish(Emitter *e, StrBuf *error) {
    if (e->failure) {
        strbuf_puts(error, e->failure);
        return false;
    }
    double start = pipeline_now();
    if (e->options->verify) verify_module(e, "after emission");
    run_passes(e);
    double optimised = pipeline_now();
    e->optimise_ms = optimised - start;
    bool written = write_output(e, error);
    e->code_ms = pipeline_now() - optimised;
    return written;
}

void pipeline_dispose(Emitter *e) {
    if (e->machine) LLVMDisposeTargetMachine(e->machine);
    if (e->builder) LLVMDisposeBuilder(e->builder);
    if (e->module) LLVMDisposeModule(e->module);
    if (e->ctx) LLVMContextDispose(e->ctx);
}
