// Types of QTJIR text. Nominal types are found by name in the table of definitions, whose heads a first walk over the
// text has collected, so definitions may mention each other in any order. Offsets written in a definition are believed:
// the layout they describe replaces the computed one, and the verifier judges it.
#include "qtjir/text/internal.h"

static Type *read_type_at(Parser *p, uint32_t depth);

static Type *type_nothing(Parser *p) { return type_primitive(p->module->types, TYPE_VOID); }

// The name of a nominal type, bare or quoted.
static const Name *read_type_name(Parser *p) {
    if (p->now.kind == LEX_STRING) return read_symbol(p, "the name of a type");
    Str rest = {p->source->text.ptr + p->now.span.start, p->source->text.len - p->now.span.start};
    size_t len = p->now.kind == LEX_WORD ? text_bare_name(rest) : 0;
    if (!len) {
        read_expected(p, "a type");
        return NULL;
    }
    const Name *name = name_intern(p->module->names, rest.ptr, len);
    p->at = p->now.span.start + (uint32_t)len;
    read_next(p);
    return name;
}

static bool find_primitive(Str word, TypeKind *kind) {
#define PRIMITIVE(k, name, bits, is_signed)                                                                            \
    if (str_equal_c(word, name)) {                                                                                     \
        *kind = TYPE_##k;                                                                                              \
        return true;                                                                                                   \
    }
#define TYPE(k)
#include "sema/types.def"
    return false;
}

static Type *read_named(Parser *p) {
    Types *types = p->module->types;
    TypeKind primitive;
    if (p->now.kind == LEX_WORD && find_primitive(p->now.text, &primitive)) {
        read_next(p);
        return type_primitive(types, primitive);
    }
    if (read_accept_word(p, "str")) return type_str(types);
    if (read_accept_word(p, "error")) return type_any_error(types);
    Span span = p->now.span;
    const Name *name = read_type_name(p);
    if (!name) return type_nothing(p);
    Type *found = map_get(&p->types, name);
    if (found) return found;
    read_error(p, DIAG_E0007, span, "type `%.60s` has no definition", name->text);
    return type_nothing(p);
}

static Type *read_func_type(Parser *p, uint32_t depth) {
    VEC(Type *) params = {0};
    read_punct(p, '(');
    while (!p->failed && !read_at_punct(p, ')')) {
        Type *param = read_type_at(p, depth + 1);
        VEC_PUSH(p->scratch, &params, param);
        if (!read_accept_punct(p, ',')) break;
    }
    read_punct(p, ')');
    Type *result = type_nothing(p);
    if (p->now.kind == LEX_ARROW) {
        read_next(p);
        result = read_type_at(p, depth + 1);
    }
    return type_func(p->module->types, params.items, params.len, result);
}

// Without a trailing `! E`.
static Type *read_prefix(Parser *p, uint32_t depth) {
    Types *types = p->module->types;
    if (depth > PARSE_DEPTH) {
        read_error(p, DIAG_E0009, p->now.span, "types nest too deep");
        return type_nothing(p);
    }
    if (read_accept_punct(p, '*')) {
        bool is_const = read_accept_word(p, "const");
        return type_ptr(types, read_prefix(p, depth + 1), is_const);
    }
    if (read_accept_punct(p, '?')) return type_optional(types, read_prefix(p, depth + 1));
    if (read_accept_punct(p, '[')) {
        if (read_accept_punct(p, ']')) {
            bool is_const = read_accept_word(p, "const");
            return type_slice(types, read_prefix(p, depth + 1), is_const);
        }
        uint64_t length = read_integer(p);
        read_punct(p, ']');
        return type_array(types, read_prefix(p, depth + 1), length);
    }
    if (read_accept_punct(p, '(')) {
        Type *inner = read_type_at(p, depth + 1);
        read_punct(p, ')');
        return inner;
    }
    if (read_accept_word(p, "func")) return read_func_type(p, depth);
    return read_named(p);
}

static Type *read_type_at(Parser *p, uint32_t depth) {
    Type *t = read_prefix(p, depth);
    if (!read_accept_punct(p, '!')) return t;
    Span span = p->now.span;
    Type *errors = read_prefix(p, depth + 1);
    if (!p->failed && errors->kind != TYPE_ERROR_SET) {
        read_error(p, DIAG_E0007, span, "expected an error set after `!`");
        return t;
    }
    return p->failed ? t : type_error_union(p->module->types, t, errors);
}

Type *read_type(Parser *p) { return read_type_at(p, 0); }

// ---- the table -------------------------------------------------------------------------------------------------------

static void read_type_head(Parser *p) {
    Span span = p->now.span;
    const Name *name = read_type_name(p);
    read_punct(p, '=');
    if (!read_accept_word(p, "opaque")) read_accept_word(p, "plain");
    TypeKind kind = TYPE_STRUCT;
    if (read_accept_word(p, "enum"))
        kind = TYPE_ENUM;
    else if (read_accept_word(p, "error"))
        kind = TYPE_ERROR_SET;
    else if (!read_accept_word(p, "struct"))
        read_expected(p, "`struct`, `enum` or `error`");
    if (p->failed) return;
    if (map_get(&p->types, name)) {
        read_error(p, DIAG_E0007, span, "type `%.60s` is defined twice", name->text);
        return;
    }
    // A name object of its own keeps the types of two parsed texts apart.
    Name *own = arena_copy(p->arena, name, sizeof(Name) + name->len + 1);
    map_put(p->scratch, &p->types, name, type_named(p->module->types, kind, own));
}

void read_type_heads(Parser *p) {
    read_reset(p);
    while (!p->failed && p->now.kind != LEX_END) {
        if (read_accept_word(p, "type")) read_type_head(p);
        while (p->now.kind != LEX_NEWLINE && p->now.kind != LEX_END) read_next(p);
        read_next(p);
    }
}

typedef VEC(Field) FieldList;

// One field: `name type align N @offset`; the name only when `named`.
static void read_field(Parser *p, bool named, FieldList *fields, ExplicitLayout *layout) {
    Field field = {.span = p->now.span, .is_pub = true};
    if (named && p->now.kind == LEX_WORD) {
        field.name = name_intern(p->module->names, p->now.text.ptr, p->now.text.len);
        read_next(p);
    } else if (named) {
        read_expected(p, "the name of a field");
    }
    field.type = read_type(p);
    if (read_accept_word(p, "align")) field.align = read_align(p);
    bool has_offset = read_accept_punct(p, '@');
    uint64_t offset = has_offset ? read_integer(p) : 0;
    if (!p->failed && has_offset != (layout != NULL))
        read_error(p, DIAG_E0007, field.span,
                   layout ? "expected the field's offset, as the type has a size"
                          : "an offset needs the size of the type");
    if (layout) VEC_PUSH(p->scratch, &layout->offsets, offset);
    VEC_PUSH(p->scratch, fields, field);
}

static void read_struct_body(Parser *p, Type *t, ExplicitLayout *layout) {
    FieldList fields = {0};
    while (!p->failed && !read_at_punct(p, '}')) {
        read_field(p, true, &fields, layout);
        read_end_of_line(p);
        read_skip_lines(p);
    }
    t->fields = arena_copy(p->arena, fields.items, fields.len * sizeof(Field));
    t->field_count = fields.len;
}

static void read_variant(Parser *p, Variant *variant, ExplicitLayout *layout) {
    variant->span = p->now.span;
    if (p->now.kind != LEX_WORD) {
        read_expected(p, "the name of a variant");
        return;
    }
    variant->name = name_intern(p->module->names, p->now.text.ptr, p->now.text.len);
    read_next(p);
    read_punct(p, '=');
    variant->discriminant = (int64_t)read_integer(p);
    variant->has_fields = read_accept_punct(p, '{');
    variant->has_tuple = !variant->has_fields && read_accept_punct(p, '(');
    if (!variant->has_fields && !variant->has_tuple) return;
    char close = variant->has_fields ? '}' : ')';
    FieldList fields = {0};
    while (!p->failed && !read_at_punct(p, close)) {
        read_field(p, variant->has_fields, &fields, layout);
        if (!read_accept_punct(p, ',')) break;
    }
    read_punct(p, close);
    variant->fields = arena_copy(p->arena, fields.items, fields.len * sizeof(Field));
    variant->field_count = fields.len;
}

static void read_enum_body(Parser *p, Type *t, ExplicitLayout *layout) {
    VEC(Variant) variants = {0};
    while (!p->failed && !read_at_punct(p, '}')) {
        Variant variant = {0};
        Span span = p->now.span;
        read_variant(p, &variant, layout);
        if (t->is_plain_enum && (variant.has_fields || variant.has_tuple))
            read_error(p, DIAG_E0007, span, "a variant of a plain enum has no payload");
        VEC_PUSH(p->scratch, &variants, variant);
        read_end_of_line(p);
        read_skip_lines(p);
    }
    t->variants = arena_copy(p->arena, variants.items, variants.len * sizeof(Variant));
    t->variant_count = variants.len;
}

void read_type_definition(Parser *p) {
    const Name *name = read_type_name(p);
    Type *t = name ? map_get(&p->types, name) : NULL;
    read_punct(p, '=');
    if (!t) return;
    bool opaque = read_accept_word(p, "opaque");
    t->is_plain_enum = read_accept_word(p, "plain") && t->kind == TYPE_ENUM;
    read_next(p);
    if (opaque || t->kind == TYPE_ERROR_SET) {
        t->state = opaque ? STAGE_NEW : STAGE_DONE;
        read_end_of_line(p);
        return;
    }
    Span span = p->now.span;
    if (t->kind == TYPE_ENUM) {
        t->tag_type = read_type(p);
        if (!p->failed && !type_is_int(t->tag_type))
            read_error(p, DIAG_E0007, span, "the tag of an enum is an integer");
    }
    ExplicitLayout *layout = NULL;
    if (read_accept_word(p, "size")) {
        layout = ARENA_NEW(p->scratch, ExplicitLayout);
        layout->type = t;
        layout->span = span;
        layout->size = read_integer(p);
        if (!read_accept_word(p, "align")) read_expected(p, "`align`");
        layout->align = t->align = read_align(p);
        VEC_PUSH(p->scratch, &p->layouts, layout);
    }
    read_punct(p, '{');
    read_end_of_line(p);
    read_skip_lines(p);
    if (t->kind == TYPE_STRUCT)
        read_struct_body(p, t, layout);
    else
        read_enum_body(p, t, layout);
    read_punct(p, '}');
    read_end_of_line(p);
    t->state = p->failed ? STAGE_BROKEN : STAGE_DONE;
}

// Replaces the computed layout by the written one where they differ.
static void believe_layout(Parser *p, const ExplicitLayout *written) {
    Type *t = written->type;
    Layout *layout = arena_copy(p->arena, type_layout(p->module->types, t), sizeof(Layout));
    layout->size = written->size;
    layout->align = written->align;
    const uint64_t *offset = written->offsets.items;
    if (t->kind == TYPE_STRUCT) {
        layout->field_offsets = arena_copy(p->arena, offset, t->field_count * sizeof(uint64_t));
    } else if (layout->variant_offsets) {
        layout->variant_offsets = ARENA_ARRAY(p->arena, uint64_t *, t->variant_count);
        for (uint32_t v = 0; v < t->variant_count; v++) {
            if (!t->variants[v].field_count) continue;
            layout->variant_offsets[v] = arena_copy(p->arena, offset, t->variants[v].field_count * sizeof(uint64_t));
            offset += t->variants[v].field_count;
        }
    }
    t->layout = layout;
}

void read_types_finish(Parser *p) {
    TextTypes ready = {.arena = p->scratch};
    for (uint32_t i = 0; !p->failed && i < p->types.len; i++) {
        Type *t = p->types.entries[i].value;
        if (t->state == STAGE_DONE && !text_type_ready(&ready, t))
            read_error(p, DIAG_E2023, (Span){p->source->index, 0, 0},
                       "type `%.60s` contains itself, holds an opaque type, or nests too deep", t->name->text);
    }
    for (uint32_t i = 0; !p->failed && i < p->layouts.len; i++) believe_layout(p, p->layouts.items[i]);
}
