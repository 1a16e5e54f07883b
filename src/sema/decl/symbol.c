// Names of instances in the object file: the path a reader would write, with types qualified by their modules, so that
// a debugger and a profiler show something readable. Uniqueness does not rest on that: a name already given gets a
// number.
#include "sema/decl/decl.h"

// A name that is longer is cut: nobody reads it, and many instances of long arguments would fill the memory with it.
enum { SYMBOL_LONGEST = 1000 };

static void put_name(StrBuf *out, const Name *name) {
    size_t room = out->len < SYMBOL_LONGEST ? SYMBOL_LONGEST - out->len : 0;
    strbuf_append(out, name->text, name->len < room ? name->len : room);
}

static void put_type(StrBuf *out, const Type *t, const Module *home);

static void put_list(StrBuf *out, Type *const *args, uint32_t first, uint32_t count) {
    if (first >= count) return;
    strbuf_putc(out, '[');
    for (uint32_t i = first; i < count && out->len < SYMBOL_LONGEST; i++) {
        if (i > first) strbuf_putc(out, ',');
        put_type(out, args[i], NULL);
    }
    strbuf_putc(out, ']');
}

// `home` is the module whose path stands in front already.
static void put_type(StrBuf *out, const Type *t, const Module *home) {
    if (out->len >= SYMBOL_LONGEST) return;
    switch (t->kind) {
    case TYPE_PTR:
        strbuf_puts(out, t->is_const ? "*const " : "*");
        put_type(out, t->element, NULL);
        return;
    case TYPE_SLICE:
        if (t->is_const && t->element->kind == TYPE_U8) {
            strbuf_puts(out, "str");
            return;
        }
        strbuf_puts(out, t->is_const ? "[]const " : "[]");
        put_type(out, t->element, NULL);
        return;
    case TYPE_ARRAY:
        if (t->length_param)
            strbuf_printf(out, "[%s]", t->length_param->decl->name->text);
        else
            strbuf_printf(out, "[%llu]", (unsigned long long)t->length);
        put_type(out, t->element, NULL);
        return;
    case TYPE_OPTIONAL:
        strbuf_putc(out, '?');
        put_type(out, t->element, NULL);
        return;
    case TYPE_ERROR_UNION:
        put_type(out, t->element, NULL);
        strbuf_putc(out, '!');
        put_type(out, t->errors, NULL);
        return;
    case TYPE_FUNC:
        strbuf_puts(out, "func(");
        for (uint32_t i = 0; i < t->param_count && out->len < SYMBOL_LONGEST; i++) {
            if (i) strbuf_putc(out, ',');
            put_type(out, t->params[i], NULL);
        }
        strbuf_puts(out, ")->");
        put_type(out, t->element, NULL);
        return;
    case TYPE_STRUCT:
    case TYPE_ENUM:
    case TYPE_ERROR_SET:
        if (!t->decl) {
            strbuf_puts(out, "error");
            return;
        }
        if (t->decl->module && t->decl->module != home) strbuf_printf(out, "%s.", t->decl->module->path->text);
        put_name(out, t->decl->name);
        put_list(out, t->params, 0, t->param_count);
        return;
    case TYPE_VALUE: strbuf_printf(out, "%lld", (long long)t->value); return;
    default: type_print(out, t);
    }
}

// How often a name was wanted is remembered with it, so that many of one name are numbered without trying them all.
const char *symbol_unique(Sema *s, const char *text) {
    Map *symbols = &s->tables->symbols;
    const Name *wanted = name_intern_c(s->names, text), *name = wanted;
    uintptr_t count = (uintptr_t)map_get(symbols, wanted) + 1;
    while (map_get(symbols, name))
        name = name_intern_c(s->names, arena_printf(s->arena, "%s#%u", text, (unsigned)++count));
    map_put(s->arena, symbols, wanted, (void *)count);
    if (name != wanted) map_put(s->arena, symbols, name, (void *)(uintptr_t)1);
    return name->text;
}

const char *symbol_for_instance(Sema *s, const Instance *instance) {
    Decl *decl = instance->decl;
    if (decl->is_extern || decl->is_export) return decl->name->text;
    StrBuf out = {0};
    strbuf_printf(&out, "%s.", decl->module->path->text);
    uint32_t first = 0;
    if (decl->kind == DECL_TEST) strbuf_puts(&out, "test.");
    if (instance->self_type && (decl->impl || decl->trait)) {
        put_type(&out, instance->self_type, decl->module);
        strbuf_putc(&out, '.');
        const Decl *trait = decl->impl ? decl->impl->trait : decl->trait;
        if (trait) strbuf_printf(&out, "%s.", trait->name->text);
        first = decl->impl ? decl->impl->generic_count : 1;
    }
    if (decl->name->len)
        put_name(&out, decl->name);
    else
        strbuf_puts(&out, "anonymous");
    put_list(&out, instance->args, first, instance->arg_count);
    const char *symbol = symbol_unique(s, str_c(s->arena, strbuf_str(&out)));
    strbuf_free(&out);
    return symbol;
}
