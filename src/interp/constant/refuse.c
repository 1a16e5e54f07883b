// What an evaluation refuses, and in which words.
#include "interp/constant/eval.h"

static void refuse_text(Eval *e, const char *fmt, va_list args) {
    if (e->end->message) return;
    StrBuf text = {0};
    strbuf_vprintf(&text, fmt, args);
    e->end->message = str_c(e->how->arena, strbuf_str(&text));
    strbuf_free(&text);
}

void *eval_refuse(Eval *e, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    refuse_text(e, fmt, args);
    va_end(args);
    return NULL;
}

void *eval_refuse_unknown(Eval *e, const char *fmt, ...) {
    if (!e->end->message) e->end->is_unknown = true;
    va_list args;
    va_start(args, fmt);
    refuse_text(e, fmt, args);
    va_end(args);
    return NULL;
}
