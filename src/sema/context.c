// Where declarations are resolved, and the guard against resolution that leads to ever deeper resolution.
#include "sema/decl/decl.h"

Context context_for_impl(Sema *s, Impl *impl) {
    return (Context){.sema = s, .module = impl->module, .impl = impl, .self_type = impl->target};
}

Context context_for_decl(Sema *s, Decl *decl, Instance *instance) {
    Context c = {.sema = s, .module = decl->module, .decl = decl, .impl = decl->impl, .instance = instance};
    const Decl *trait = decl->kind == DECL_TRAIT ? decl : decl->trait;
    if (instance)
        c.self_type = instance->self_type;
    else if (decl->impl)
        c.self_type = decl->impl->target;
    else if (trait && trait->contract.self_param)
        c.self_type = trait->contract.self_param->type;
    return c;
}

bool resolve_enter(Sema *s, Span at) {
    if (s->tables->depth >= RESOLVE_DEPTH_LIMIT) {
        diag_error(s->diags, DIAG_E0009, at, "declarations refer to each other through more than %d steps",
                   RESOLVE_DEPTH_LIMIT);
        return false;
    }
    s->tables->depth++;
    return true;
}

void resolve_leave(Sema *s) { s->tables->depth--; }

void resolve_nested(Sema *s, void (*call)(void *context), void *context) {
    uint32_t outer = s->expr_depth;
    s->expr_depth = 0;
    deep_call(&s->stack, call, context);
    s->expr_depth = outer;
}

bool instance_is_open(const Instance *instance) {
    for (uint32_t i = 0; i < instance->arg_count; i++)
        if (instance->args[i]->has_param) return true;
    return false;
}

// `find[str, u8]`, cut where the arguments get longer than a reader wants them.
static void put_instance(StrBuf *out, const Instance *instance) {
    enum { LONGEST = 100 };
    strbuf_puts(out, instance->decl->name->text);
    strbuf_putc(out, '[');
    size_t start = out->len;
    for (uint32_t i = 0; i < instance->arg_count; i++) {
        if (i) strbuf_puts(out, ", ");
        type_print(out, instance->args[i]);
    }
    if (out->len - start > LONGEST) {
        out->len = start + LONGEST;
        strbuf_puts(out, "…");
    }
    strbuf_putc(out, ']');
}

void diag_add_chain(Sema *s, Diag *d, const Instance *instance) {
    enum { SHOWN = 6 };
    uint32_t shown = 0;
    for (const Instance *i = instance; i && i->arg_count; i = i->parent) {
        if (!span_known(i->required_at) || !i->decl || instance_is_open(i)) continue;
        if (++shown > SHOWN) {
            diag_note(s->diags, d, (Span){0}, "… and %u more above that", i->depth + 1);
            return;
        }
        StrBuf text = {0};
        put_instance(&text, i);
        diag_note(s->diags, d, i->required_at, "`%s` is required from here", strbuf_str(&text).ptr);
        strbuf_free(&text);
    }
}

Diag *context_error(Context *c, DiagCode code, Span span, const char *fmt, ...) {
    c->errors++;
    c->poison++;
    if (c->module->lost_names && (code == DIAG_E1001 || code == DIAG_E1005 || code == DIAG_E1009))
        return c->sema->diags->hidden;
    if (c->type_unknown && code == DIAG_E2018) return c->sema->diags->hidden;
    StrBuf text = {0};
    va_list args;
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    strbuf_puts(&text, "");
    Diag *d = diag_error(c->sema->diags, code, span, STR_FMT, STR_ARG(strbuf_str(&text)));
    strbuf_free(&text);
    diag_add_chain(c->sema, d, c->instance);
    return d;
}
