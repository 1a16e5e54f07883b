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

Type *context_written_self(const Context *c) {
    const Decl *decl = c->instance ? c->instance->decl : NULL;
    if (!decl) return c->self_type;
    if (decl->impl) return decl->impl->target;
    return decl->trait ? decl->trait->contract.self_param->type : NULL;
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

static bool same_span(Span a, Span b) { return a.file == b.file && a.start == b.start && a.end == b.end; }

void diag_add_chain(Sema *s, Diag *d, const Instance *instance) {
    enum { SHOWN = 6 };
    uint32_t shown = 0;
    bool is_in_std = instance && instance->decl && instance->decl->module && instance->decl->module->is_std;
    for (const Instance *i = instance; i && i->arg_count; i = i->parent) {
        if (!span_known(i->required_at) || !i->decl || instance_is_open(i)) continue;
        if (is_in_std && same_span(i->required_at, d->span)) continue; // the place of the report itself
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

// ---- mistakes of instances ---------------------------------------------------------------------------------------------
static bool span_is_std(const Sema *s, Span span) {
    for (uint32_t i = 0; i < s->modules.len; i++) {
        const Module *m = s->modules.items[i];
        if (m->tree && m->tree->source->index == span.file) return m->is_std && !m->is_entry;
    }
    return false;
}

// The instance of std that a program asked for, and that led to this one; NULL when none did.
static Instance *asked_for(const Sema *s, Instance *instance) {
    for (Instance *i = instance; i && i->arg_count; i = i->parent)
        if (span_known(i->required_at) && !span_is_std(s, i->required_at)) return instance_is_open(i) ? NULL : i;
    return NULL;
}

static Diag *report_asked(Sema *s, const InstanceReport *r, Span at) {
    // Each stands for itself; only the same words at the same place are one.
    Diag *d = diag_error_of(s->diags, r, r->code, at, "%s", r->message);
    diag_note(s->diags, d, r->found_at, "found here, in `%s`", r->found_in);
    return d;
}

static Diag *report_in_std(Sema *s, Instance *asked, Instance *instance, DiagCode code, Span span,
                           const char *message) {
    StrBuf name = {0};
    put_instance(&name, instance);
    InstanceReport *r = ARENA_NEW(s->arena, InstanceReport);
    *r = (InstanceReport){code, message, span, str_c(s->arena, strbuf_str(&name))};
    strbuf_free(&name);
    VEC_PUSH(s->arena, &asked->reports, *r);
    Diag *d = report_asked(s, r, asked->required_at);
    for (uint32_t i = 0; i < asked->also_at.len; i++) report_asked(s, r, asked->also_at.items[i]);
    return d;
}

Diag *instance_error(Sema *s, Instance *instance, DiagCode code, Span span, const char *fmt, ...) {
    StrBuf text = {0};
    va_list args;
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    const char *message = str_c(s->arena, strbuf_str(&text));
    strbuf_free(&text);
    bool is_one_of_many = instance && instance->arg_count && !instance_is_open(instance);
    if (!is_one_of_many || !span_known(span)) return diag_error(s->diags, code, span, "%s", message);
    Instance *asked = span_is_std(s, span) ? asked_for(s, instance) : NULL;
    if (asked) return report_in_std(s, asked, instance, code, span, message);
    return diag_error_of(s->diags, instance, code, span, "%s", message);
}

void instance_require_again(Sema *s, Instance *instance, Span at) {
    enum { MOST = 100 };
    bool is_std = instance->decl->module && instance->decl->module->is_std && !instance->decl->module->is_entry;
    if (!is_std || !instance->arg_count || instance->also_at.len >= MOST || !span_known(at)) return;
    if (same_span(at, instance->required_at)) return;
    if (span_is_std(s, at) || span_is_std(s, instance->required_at)) return;
    VEC_PUSH(s->arena, &instance->also_at, at);
    for (uint32_t i = 0; i < instance->reports.len; i++) report_asked(s, &instance->reports.items[i], at);
}

Unreached context_enter_unreached(const Context *c) { return (Unreached){c->poison, c->errors}; }

void context_leave_unreached(Context *c, Unreached before) { c->poison = before.poison + (c->errors - before.errors); }

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
    Diag *d = instance_error(c->sema, c->instance, code, span, STR_FMT, STR_ARG(strbuf_str(&text)));
    strbuf_free(&text);
    diag_add_chain(c->sema, d, c->instance);
    return d;
}
