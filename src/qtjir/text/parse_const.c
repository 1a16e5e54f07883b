// The initial values of globals. A value's type comes from where it stands, so the text carries none; whether the value
// fits that type beyond its shape is the verifier's question.
#include "qtjir/text/internal.h"

static ConstValue *const_new(Parser *p, ConstKind kind, Type *type) {
    ConstValue *c = ARENA_NEW(p->arena, ConstValue);
    c->kind = kind;
    c->type = type;
    return c;
}

// The type of item `i` of a constant that has items.
static Type *item_type(const ConstValue *c, uint64_t i) {
    switch (c->kind) {
    case CONST_STRUCT: return c->type->fields[i].type;
    case CONST_ENUM: return c->type->variants[c->index].fields[i].type;
    default: return c->type->element;
    }
}

static void read_items(Parser *p, ConstValue *c, char close, uint32_t depth) {
    uint64_t expected = text_const_count(c);
    VEC(ConstValue *) items = {0};
    Span span = p->now.span;
    while (!p->failed && !read_at_punct(p, close)) {
        if (items.len >= expected) break;
        ConstValue *item = read_const(p, item_type(c, items.len), depth + 1);
        VEC_PUSH(p->scratch, &items, item);
        if (!read_accept_punct(p, ',')) break;
    }
    if (!p->failed && (items.len != expected || !read_at_punct(p, close)))
        read_error(p, DIAG_E0007, span, "expected %llu items, as the type has", (unsigned long long)expected);
    read_punct(p, close);
    c->items = arena_copy(p->arena, items.items, items.len * sizeof(ConstValue *));
    c->count = items.len;
}

// A value with a shape that only types of `kind` have.
static ConstValue *read_shaped(Parser *p, ConstKind kind, Type *type, TypeKind type_kind, const char *what) {
    if (type->kind != type_kind) read_error(p, DIAG_E0007, p->now.span, "%s needs a type of that shape", what);
    return const_new(p, kind, type);
}

static ConstValue *read_single(Parser *p, ConstValue *c, uint32_t depth) {
    if (p->failed) return c;
    c->items = ARENA_ARRAY(p->arena, ConstValue *, 1);
    c->items[0] = read_const(p, c->type->element, depth + 1);
    c->count = 1;
    return c;
}

static ConstValue *read_variant_const(Parser *p, Type *type, uint32_t depth) {
    ConstValue *c = read_shaped(p, CONST_ENUM, type, TYPE_ENUM, "`variant`");
    Span span = p->now.span;
    c->index = read_small(p, "variant");
    if (!p->failed && c->index >= type->variant_count) read_error(p, DIAG_E0007, span, "the type has no such variant");
    read_punct(p, '{');
    if (!p->failed) read_items(p, c, '}', depth);
    return c;
}

static Global *read_global_name(Parser *p) {
    Global *global = ARENA_NEW(p->arena, Global);
    SymbolRef ref = {.span = p->now.span, .global_const = global};
    ref.name = read_symbol(p, "the name of a global");
    global->symbol = ref.name->text;
    VEC_PUSH(p->scratch, &p->symbols, ref);
    return global;
}

ConstValue *read_const(Parser *p, Type *type, uint32_t depth) {
    if (depth > PARSE_DEPTH) read_error(p, DIAG_E0009, p->now.span, "values nest too deep");
    ConstValue *c;
    if (p->now.kind == LEX_NUMBER) {
        c = const_new(p, CONST_INT, type);
        c->bits = read_integer(p);
    } else if (p->now.kind == LEX_STRING) {
        c = const_new(p, CONST_STR, type);
        c->bytes = read_string(p, "a string");
    } else if (read_accept_word(p, "float")) {
        c = const_new(p, CONST_FLOAT, type);
        c->real = read_float(p);
    } else if (read_accept_word(p, "null")) {
        c = const_new(p, CONST_NULL, type);
    } else if (read_accept_word(p, "undefined")) {
        c = const_new(p, CONST_UNDEFINED, type);
    } else if (read_accept_word(p, "void")) {
        c = const_new(p, CONST_VOID, type);
    } else if (read_accept_word(p, "some")) {
        c = read_single(p, read_shaped(p, CONST_SOME, type, TYPE_OPTIONAL, "`some`"), depth);
    } else if (read_accept_word(p, "repeat")) {
        c = read_single(p, read_shaped(p, CONST_REPEAT, type, TYPE_ARRAY, "`repeat`"), depth);
    } else if (read_accept_word(p, "variant")) {
        c = read_variant_const(p, type, depth);
    } else if (read_accept_word(p, "func")) {
        c = const_new(p, CONST_FUNC, type);
        c->func = ARENA_NEW(p->arena, FuncInst);
        SymbolRef ref = {.span = p->now.span, .func_const = c->func};
        ref.name = read_symbol(p, "the name of a function");
        c->func->symbol = ref.name->text;
        VEC_PUSH(p->scratch, &p->symbols, ref);
    } else if (read_accept_word(p, "addr")) {
        c = const_new(p, CONST_GLOBAL, type);
        c->global = read_global_name(p);
    } else if (read_accept_word(p, "part")) {
        c = const_new(p, CONST_GLOBAL, type);
        c->global = read_global_name(p);
        c->bits = read_integer(p);
    } else if (read_accept_word(p, "slice")) {
        c = const_new(p, CONST_SLICE, type);
        c->global = read_global_name(p);
        c->index = read_small(p, "index");
        c->count = read_integer(p);
    } else if (read_at_punct(p, '{')) {
        c = read_shaped(p, CONST_STRUCT, type, TYPE_STRUCT, "`{`");
        read_next(p);
        if (!p->failed) read_items(p, c, '}', depth);
    } else if (read_at_punct(p, '[')) {
        c = read_shaped(p, CONST_ARRAY, type, TYPE_ARRAY, "`[`");
        read_next(p);
        if (!p->failed) read_items(p, c, ']', depth);
    } else {
        c = const_new(p, CONST_UNDEFINED, type);
        read_expected(p, "a value");
    }
    return c;
}
