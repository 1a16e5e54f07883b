// How a thread ends badly: one line of text and a place. The text lives in the arena of the execution.
#include "interp/internal.h"

#include <stdio.h>

const IrInst *frame_origin(const Frame *frame) {
    if (!frame->at || !frame->func->code_count) return NULL;
    return frame->func->origins[frame->at - frame->func->code];
}

const IrInst *thread_origin(const Thread *t) {
    return t->frame_count ? frame_origin(&t->frames[t->frame_count - 1]) : NULL;
}

static bool fail_text(Thread *t, InterpFailureKind kind, UndefinedKind undefined, const char *fmt, va_list args) {
    StrBuf text = {0};
    strbuf_vprintf(&text, fmt, args);
    const IrInst *inst = thread_origin(t);
    t->failure =
        (InterpFailure){.kind = kind, .undefined = undefined, .message = str_c(t->m->arena, strbuf_str(&text))};
    if (inst) t->failure.span = inst->span;
    t->status = INTERP_FAILED;
    strbuf_free(&text);
    return false;
}

bool fail(Thread *t, InterpFailureKind kind, UndefinedKind undefined, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fail_text(t, kind, undefined, fmt, args);
    va_end(args);
    return false;
}

bool fail_undefined(Thread *t, UndefinedKind kind, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fail_text(t, INTERP_FAIL_UNDEFINED, kind, fmt, args);
    va_end(args);
    return false;
}

bool fail_trap(Thread *t, TrapKind trap) {
    fail(t, INTERP_FAIL_TRAP, 0, "%s", ir_trap_text(trap));
    t->failure.trap = trap;
    return false;
}

bool fail_bytes(Thread *t, const char *where) {
    return fail_undefined(t, UNDEFINED_BYTES, "%s depends on bytes that were never written", where);
}

InterpStatus interp_fail_at(InterpThread *t, InterpFailureKind kind, UndefinedKind undefined, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fail_text(t, kind, undefined, fmt, args);
    va_end(args);
    return t->status;
}

const InterpFailure *interp_failure(const InterpThread *t) { return t->status == INTERP_FAILED ? &t->failure : NULL; }

void interp_print_frames(StrBuf *out, const InterpThread *t, uint32_t limit) {
    for (uint32_t i = t->frame_count; i-- > 0 && limit--;) {
        const Frame *frame = &t->frames[i];
        const IrInst *inst = frame_origin(frame);
        strbuf_printf(out, "  in %s at ", frame->func->ir->name);
        interp_print_position(out, t->m->interp, inst ? inst->span : frame->func->ir->span);
        strbuf_putc(out, '\n');
    }
}
