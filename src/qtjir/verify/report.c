// How a broken rule is reported.
#include "qtjir/verify/internal.h"

bool verify_fail(Verify *v, const char *fmt, ...) {
    if (v->failed) return false;
    v->failed = true;
    StrBuf *out = v->errors;
    if (v->after_pass) strbuf_printf(out, "after %s: ", v->after_pass);
    if (v->f) strbuf_printf(out, "%s: ", v->f->name ? v->f->name : "?");
    if (v->block) strbuf_printf(out, "b%u: ", (unsigned)v->block->id);
    if (v->inst) {
        text_print_inst(out, NULL, v->inst);
        strbuf_puts(out, ": ");
    }
    va_list args;
    va_start(args, fmt);
    strbuf_vprintf(out, fmt, args);
    va_end(args);
    strbuf_putc(out, '\n');
    return false;
}

const char *verify_text(Verify *v, const Type *t) { return type_text(v->arena, t); }
