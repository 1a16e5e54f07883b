// Types as the user writes them. Parentheses appear exactly where the grammar would otherwise read another type:
// `?(?u8)`, `*(u8 ! E)`, `(func() -> u8) ! E`. A type is a graph with sharing, so its text can be exponentially longer
// than its declaration; beyond TEXT_LIMIT bytes the rest is shown as `...`.
#include "sema/types.h"

#include <inttypes.h>

#include "sema/sema.h"

enum { TEXT_LIMIT = 2000 };

static const char *const NAMES[TYPE_KIND_COUNT] = {
#define PRIMITIVE(kind, name, bits, is_signed) [TYPE_##kind] = name,
#define TYPE(kind) [TYPE_##kind] = NULL,
#include "sema/types.def"
};

typedef struct Style {
    TypeNamer namer;            // NULL: by declaration and arguments
    void *context;
    size_t limit;               // of out->len
    bool for_people;            // the open error set has no name in source: `!T`, where QTJIR writes `T ! error`
} Style;

static void print_at(StrBuf *out, const Type *t, const Style *style);

static void print_grouped(StrBuf *out, const Type *t, bool grouped, const Style *style) {
    if (grouped) strbuf_putc(out, '(');
    print_at(out, t, style);
    if (grouped) strbuf_putc(out, ')');
}

// True when ` ! E` written after the type would be read as part of a function's result.
static bool ends_in_func(const Type *t) {
    while (t->kind == TYPE_PTR || t->kind == TYPE_SLICE || t->kind == TYPE_ARRAY || t->kind == TYPE_OPTIONAL)
        t = t->element;
    return t->kind == TYPE_FUNC;
}

static void print_list(StrBuf *out, Type **items, uint32_t count, const Style *style) {
    for (uint32_t i = 0; i < count; i++) {
        if (i) strbuf_puts(out, ", ");
        print_at(out, items[i], style);
    }
}

static void print_nominal(StrBuf *out, const Type *t, const Style *style) {
    if (style->namer) {
        style->namer(style->context, out, t);
        return;
    }
    if (t->decl && t->is_interpolation)
        strbuf_puts(out, "interpolated text");
    else if (t->decl)
        strbuf_puts(out, decl_name(t->decl)->text);
    else
        strbuf_puts(out, t->name ? t->name->text : "error");
    if (!t->param_count) return;
    strbuf_putc(out, '[');
    print_list(out, t->params, t->param_count, style);
    strbuf_putc(out, ']');
}

static void print_value(StrBuf *out, const Type *t) {
    const Type *of = t->element;
    if (of->kind == TYPE_BOOL) {
        strbuf_puts(out, t->value ? "true" : "false");
        return;
    }
    const Variant *variant = of->kind == TYPE_ENUM ? type_variant_numbered(of, t->value) : NULL;
    if (variant && variant->name) {
        strbuf_printf(out, ".%s", variant->name->text);
        return;
    }
    if (type_is_int(of) && !type_is_signed(of))
        strbuf_printf(out, "%" PRIu64, (uint64_t)t->value);
    else
        strbuf_printf(out, "%" PRId64, t->value);
}

static void print_at(StrBuf *out, const Type *t, const Style *style) {
    if (out->len > style->limit) {
        if (!str_ends_with(strbuf_str(out), "...")) strbuf_puts(out, "...");
        return;
    }
    if (NAMES[t->kind]) {
        strbuf_puts(out, NAMES[t->kind]);
        return;
    }
    switch (t->kind) {
    case TYPE_INT_LITERAL: strbuf_puts(out, "integer literal"); break;
    case TYPE_FLOAT_LITERAL: strbuf_puts(out, "float literal"); break;
    case TYPE_PTR:
        strbuf_puts(out, t->is_const ? "*const " : "*");
        print_grouped(out, t->element, t->element->kind == TYPE_ERROR_UNION, style);
        break;
    case TYPE_SLICE:
        if (t->is_const && t->element->kind == TYPE_U8) {
            strbuf_puts(out, "str");
            break;
        }
        strbuf_puts(out, t->is_const ? "[]const " : "[]");
        print_grouped(out, t->element, t->element->kind == TYPE_ERROR_UNION, style);
        break;
    case TYPE_ARRAY:
        strbuf_putc(out, '[');
        if (t->length_param)
            print_at(out, t->length_param, style);
        else
            strbuf_printf(out, "%" PRIu64, t->length);
        strbuf_putc(out, ']');
        print_grouped(out, t->element, t->element->kind == TYPE_ERROR_UNION, style);
        break;
    case TYPE_OPTIONAL:
        strbuf_putc(out, '?');
        print_grouped(out, t->element, t->element->kind == TYPE_ERROR_UNION || t->element->kind == TYPE_OPTIONAL,
                      style);
        break;
    case TYPE_ERROR_UNION:
        if (style->for_people && t->errors->kind == TYPE_ERROR_SET && !t->errors->decl) {
            strbuf_putc(out, '!');
            print_grouped(out, t->element, t->element->kind == TYPE_ERROR_UNION, style);
            break;
        }
        print_grouped(out, t->element, t->element->kind == TYPE_ERROR_UNION || ends_in_func(t->element), style);
        strbuf_puts(out, " ! ");
        print_at(out, t->errors, style);
        break;
    case TYPE_FUNC:
        strbuf_puts(out, "func(");
        print_list(out, t->params, t->param_count, style);
        strbuf_putc(out, ')');
        if (t->element->kind == TYPE_VOID) break;
        strbuf_puts(out, " -> ");
        print_at(out, t->element, style);
        break;
    case TYPE_STRUCT:
    case TYPE_ENUM:
    case TYPE_ERROR_SET: print_nominal(out, t, style); break;
    case TYPE_PARAM: strbuf_puts(out, decl_name(t->decl)->text); break;
    case TYPE_VALUE: print_value(out, t); break;
    default: strbuf_puts(out, "<error>"); break;
    }
}

void type_print_named(StrBuf *out, const Type *t, TypeNamer namer, void *context, size_t limit) {
    print_at(out, t, &(Style){.namer = namer, .context = context, .limit = out->len + limit});
}

void type_print(StrBuf *out, const Type *t) { type_print_named(out, t, NULL, NULL, TEXT_LIMIT); }

const char *type_text(Arena *arena, const Type *t) {
    StrBuf out = {0};
    print_at(&out, t, &(Style){.limit = TEXT_LIMIT, .for_people = true});
    const char *text = str_c(arena, strbuf_str(&out));
    strbuf_free(&out);
    return text;
}
