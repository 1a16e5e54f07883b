// What an unknown name may have meant, from what programmers of other languages write.
#include "sema/help/help.h"

#include "sema/decl/decl.h"
#include "sema/load/load.h"

typedef struct Known {
    const char *word;
    const char *ours;   // what to write instead, a certain fix; NULL: only the note
    const char *note;
} Known;

static const Known KNOWN[] = {
    {"nil", "null", NULL},
    {"NULL", "null", NULL},
    {"nullptr", "null", NULL},
    {"None", "null", NULL},
    {"True", "true", NULL},
    {"False", "false", NULL},
    {"this", "self", NULL},
    {"string", "str", NULL},
    {"String", "str", NULL},
    {"boolean", "bool", NULL},
    {"byte", "u8", NULL},
    {"float", "f64", NULL},
    {"double", "f64", NULL},
    {"float32", "f32", NULL},
    {"float64", "f64", NULL},
    {"size_t", "usize", NULL},
    {"char", "u8", NULL},
    {"rune", "u32", NULL},
    {"int8", "i8", NULL},
    {"int16", "i16", NULL},
    {"int32", "i32", NULL},
    {"int64", "i64", NULL},
    {"uint8", "u8", NULL},
    {"uint16", "u16", NULL},
    {"uint32", "u32", NULL},
    {"uint64", "u64", NULL},
    {"uint8_t", "u8", NULL},
    {"uint16_t", "u16", NULL},
    {"uint32_t", "u32", NULL},
    {"uint64_t", "u64", NULL},
    {"int32_t", "i32", NULL},
    {"int64_t", "i64", NULL},
    {"int", NULL, "integers say their size: `i32`, `i64` (what a literal is by itself), or `usize` for lengths"},
    {"uint", NULL, "integers say their size: `u32`, `u64`, or `usize` for lengths"},
    {"long", NULL, "integers say their size: `i64`"},
    {"short", NULL, "integers say their size: `i16`"},
    {"unsigned", NULL, "integers say their size: `u32`"},
    {"Option", NULL, "an optional is written `?T`"},
    {"Optional", NULL, "an optional is written `?T`"},
    {"Maybe", NULL, "an optional is written `?T`"},
    {"Result", NULL, "what may fail has the type `T ! E`, with `error E { … }`"},
    {"Ok", NULL, "success is the value itself: `return value`"},
    {"Err", NULL, "an error is returned with `fail E.Name`"},
    {"Box", NULL, "there is no hidden allocation; hold a pointer `*T` to memory that somebody owns"},
    {"Vec", NULL, "there is no hidden allocation; an array `[N]T` or a slice `[]T` of it holds several values"},
    {"ArrayList", NULL, "there is no hidden allocation; an array `[N]T` or a slice `[]T` of it holds several values"},
    {"HashMap", NULL, "the standard library has no hash map; `std.collections.skiplist` is an ordered map"},
    {"printf", NULL, "text is printed with `println($\"n = {n}\")`"},
    {"fmt", NULL, "text is printed with `println(…)`; `use std.fmt` has writers"},
    {"console", NULL, "text is printed with `println(…)`"},
    {"puts", "println", NULL},
    {"echo", "println", NULL},
    {"Println", "println", NULL},
    {"len", NULL, "a length is a field: `xs.len`"},
    {"sizeof", NULL, "the size of a type is `@size_of[T]()`"},
    {"range", NULL, "a range is written `0..<n`, without the end, or `0..n`, with it"},
    {"make", NULL, "memory comes from an array or an allocator; nothing allocates by itself"},
    {"append", NULL, "memory comes from an array or an allocator; nothing allocates by itself"},
    {"malloc", NULL, "memory comes from an array or an allocator of `std.mem`; nothing allocates by itself"},
    {"free", NULL, "memory is given back to the allocator it came from; see `std.mem`"},
    {"drop", NULL, "a value is closed by `using`, or by its own `close`"},
    {"pass", NULL, "an empty body is `do end`; nothing stands for it"},
    {"loop", NULL, "a loop without end is `while true do … end`"},
    {"exit", NULL, "`main` ends the program; `-> u8` gives its exit code"},
    {"format", NULL, "text is formatted by `$\"…\"` as it is written"},
    {"sprintf", NULL, "text is formatted by `$\"…\"` as it is written"},
    {"std", NULL, "bind a module first: `use std.fmt` binds `fmt`"},
    {"main", NULL, "a program begins with `func main() do … end`"},
    {"thread", NULL, NULL},
};

static const Known *find_known(const Name *name) {
    for (uint32_t i = 0; i < ARRAY_LEN(KNOWN); i++)
        if (str_equal_c(name_str(name), KNOWN[i].word)) return KNOWN[i].ours || KNOWN[i].note ? &KNOWN[i] : NULL;
    return NULL;
}

// ---- members that lack what is before their dot ------------------------------------------------------------------------

static const Local *self_in_scope(const Context *c) {
    for (const Scope *scope = c->scope; scope; scope = scope->parent)
        for (uint32_t i = 0; i < scope->locals.len; i++)
            if (scope->locals.items[i]->name == c->sema->n.self) return scope->locals.items[i];
    return NULL;
}

static bool is_member_of_self(Context *c, const Name *name) {
    const Type *type = c->self_type;
    if (!type || type->kind == TYPE_ERROR) return false;
    for (uint32_t i = 0; type->kind == TYPE_STRUCT && type->state == STAGE_DONE && i < type->field_count; i++)
        if (type->fields[i].name == name) return true;
    for (uint32_t i = 0; c->impl && i < c->impl->method_count; i++)
        if (c->impl->methods[i]->name == name) return true;
    return false;
}

static const Name *variant_list_has(const Decl *decl, const Name *name) {
    const Node *node = decl->node;
    if (!node) return NULL;
    if (decl->kind == DECL_ENUM)
        for (uint32_t i = 0; i < decl->members.len; i++) {
            const Node *variant = decl->members.items[i];
            if (variant->kind == NODE_VARIANT && variant->item.name == name) return decl->name;
        }
    if (decl->kind == DECL_ERROR_SET)
        for (uint32_t i = 0; i < node->error_set.members.len; i++)
            if (node->error_set.members.items[i] == name) return decl->name;
    return NULL;
}

// The one type of the module that has a variant or an error of this name.
static const Name *owner_of_variant(const Module *m, const Name *name) {
    const Name *owner = NULL;
    for (uint32_t i = 0; i < m->decls.len; i++) {
        const Name *found = variant_list_has(m->decls.items[i], name);
        if (found && owner) return NULL;
        if (found) owner = found;
    }
    return owner;
}

static bool suggest_prefix(Context *c, Diag *d, const Name *name, Span at) {
    Sema *s = c->sema;
    Span front = {at.file, at.start, at.start};
    if (is_member_of_self(c, name)) {
        if (self_in_scope(c))
            diag_fix(s->diags, d, front, "self.", "write `self.%s`", name->text);
        else
            diag_note(s->diags, d, (Span){0},
                      "`%s` belongs to `%s`; a method that declares `self` reaches it as `self.%s`", name->text,
                      type_text(s->arena, c->self_type), name->text);
        return true;
    }
    const Name *owner = owner_of_variant(c->module, name);
    if (!owner) return false;
    diag_fix(s->diags, d, front, arena_printf(s->arena, "%s.", owner->text), "write `%s.%s`", owner->text, name->text);
    return true;
}

// ---- modules that are not used ------------------------------------------------------------------------------------------

// Where a `use` is inserted: behind the last one, or the profile, or at the front.
static Span use_place(const Module *m, bool *after_line) {
    const Source *source = m->tree->source;
    uint32_t at = m->tree->profile ? m->tree->profile_span.end : 0;
    for (uint32_t i = 0; i < m->tree->items.len; i++)
        if (m->tree->items.items[i]->kind == NODE_USE) at = m->tree->items.items[i]->span.end;
    *after_line = at > 0;
    return (Span){source->index, at, at};
}

static bool suggest_use(Context *c, Diag *d, const Name *name) {
    Sema *s = c->sema;
    const Name *path = module_find_std(s, name);
    if (!path) return false;
    bool after_line;
    Span place = use_place(c->module, &after_line);
    diag_fix(s->diags, d, place, arena_printf(s->arena, after_line ? "\nuse %s" : "use %s\n", path->text),
             "add `use %s`", path->text);
    return true;
}

// `RwLock` is what `std.sync.rwlock` or a module of a name like `rw_lock` would declare.
static bool suggest_type(Context *c, Diag *d, const Name *name) {
    Sema *s = c->sema;
    char plain[64], parted[64];
    uint32_t n = 0, k = 0;
    if (name->len == 0 || name->len > 30 || name->text[0] < 'A' || name->text[0] > 'Z') return false;
    for (uint32_t i = 0; i < name->len; i++) {
        char ch = name->text[i];
        bool upper = ch >= 'A' && ch <= 'Z';
        if (upper && i > 0) parted[k++] = '_';
        plain[n++] = parted[k++] = upper ? (char)(ch - 'A' + 'a') : ch;
    }
    plain[n] = parted[k] = '\0';
    const Name *path = module_find_std(s, name_intern_c(s->names, plain));
    if (!path) path = module_find_std(s, name_intern_c(s->names, parted));
    if (!path) return false;
    diag_note(s->diags, d, (Span){0}, "`use %s.{%s}` would bind it", path->text, name->text);
    return true;
}

bool suggest_name(Context *c, Diag *d, const Name *name, Span at) {
    Sema *s = c->sema;
    const Known *known = find_known(name);
    if (suggest_prefix(c, d, name, at)) return true;
    if (known && known->ours) {
        diag_fix(s->diags, d, at, known->ours, "write `%s`", known->ours);
        return true;
    }
    if (known) {
        diag_note(s->diags, d, (Span){0}, "%s", known->note);
        return true;
    }
    return suggest_use(c, d, name) || suggest_type(c, d, name);
}

void suggest_module(Sema *s, Diag *d, const Node *use) {
    uint32_t count = use->use.path.len;
    const Name *path = module_find_std(s, use->use.path.items[count - 1]);
    if (!path) return;
    Span span = span_join(use->use.path_spans.items[0], use->use.path_spans.items[count - 1]);
    diag_fix(s->diags, d, span, path->text, "write `use %s`", path->text);
}

// ---- members ------------------------------------------------------------------------------------------------------------

static bool is_one_of(const Name *name, const char *const *words, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (str_equal_c(name_str(name), words[i])) return true;
    return false;
}

// From the dot through `()`; false when something stands in the parentheses.
static bool whole_call(Sema *s, Span name, bool is_call, Span *out) {
    const Source *source = sources_get(s->sources, name.file);
    *out = name;
    if (!is_call) return true;
    if (name.end + 2 > source->text.len || memcmp(source->text.ptr + name.end, "()", 2) != 0) return false;
    out->end += 2;
    return true;
}

bool suggest_member(Sema *s, Diag *d, const Type *type, const Name *name, Span name_span, bool is_call) {
    static const char *const LENGTH[] = {"len", "length", "size", "count", "Length", "Len"};
    static const char *const UNWRAP[] = {"unwrap", "expect", "value"};
    static const char *const TEST[] = {"is_some", "is_none", "has_value", "is_null"};
    static const char *const EMPTY[] = {"is_empty", "empty"};
    Span span;
    bool plain = whole_call(s, name_span, is_call, &span);
    bool sequence = type->kind == TYPE_SLICE || type->kind == TYPE_ARRAY;
    if (sequence && plain && is_one_of(name, LENGTH, ARRAY_LEN(LENGTH))) {
        diag_fix(s->diags, d, span, "len", "write `.len`");
        return true;
    }
    if (sequence && plain && is_one_of(name, EMPTY, ARRAY_LEN(EMPTY))) {
        diag_fix(s->diags, d, span, "len == 0", "write `.len == 0`");
        return true;
    }
    if (sequence && is_one_of(name, (const char *const[]){"iter", "into_iter", "items"}, 3)) {
        diag_note(s->diags, d, (Span){0}, "`for x in xs do` goes over it as it is; `for *x in xs` by address");
        return true;
    }
    if (sequence && is_one_of(name, (const char *const[]){"push", "append", "push_back", "add"}, 4)) {
        diag_note(s->diags, d, (Span){0},
                  "an array or slice has a fixed length; keep a count of what is in use next to it");
        return true;
    }
    if (type->kind == TYPE_OPTIONAL && plain && is_call && is_one_of(name, UNWRAP, ARRAY_LEN(UNWRAP))) {
        diag_fix(s->diags, d, span, "?", "write `.?`");
        return true;
    }
    if (type->kind == TYPE_OPTIONAL && is_one_of(name, TEST, ARRAY_LEN(TEST))) {
        diag_note(s->diags, d, (Span){0}, "an optional is compared with `null`, or opened with `if let Some(x) = …`");
        return true;
    }
    if (is_one_of(name, (const char *const[]){"unwrap_or", "orElse", "or_else"}, 3)) {
        diag_note(s->diags, d, (Span){0},
                  type->kind == TYPE_ERROR_UNION ? "another value for an error is written `catch`"
                                                 : "another value for null is written `??`");
        return true;
    }
    if (is_one_of(name, (const char *const[]){"to_string", "toString", "String", "str"}, 4)) {
        diag_note(s->diags, d, (Span){0}, "text is made where it is written: `$\"{x}\"`");
        return true;
    }
    if (is_one_of(name, (const char *const[]){"clone", "copy"}, 2) && type->kind != TYPE_ERROR && !type->is_unique) {
        diag_note(s->diags, d, (Span){0}, "assigning a value copies it");
        return true;
    }
    return false;
}

bool suggest_character(Sema *s, Diag *d, Span text) {
    const char *source = sources_get(s->sources, text.file)->text.ptr + text.start;
    uint32_t len = text.end - text.start;
    bool plain = len == 3 && source[1] != '\'' && source[1] != '\\',
         escaped = len == 4 && source[1] == '\\' && source[2] != '"';
    if (len < 3 || source[0] != '"' || source[len - 1] != '"' || (!plain && !escaped)) return false;
    diag_fix(s->diags, d, text, arena_printf(s->arena, "'%.*s'", (int)(len - 2), source + 1),
             "a character stands in single quotes");
    return true;
}

bool suggest_text(Sema *s, Diag *d, Span character) {
    const char *source = sources_get(s->sources, character.file)->text.ptr + character.start;
    uint32_t len = character.end - character.start;
    if (len < 3 || source[0] != '\'' || source[len - 1] != '\'' || source[1] == '"' || source[1] == '\\') return false;
    diag_fix(s->diags, d, character, arena_printf(s->arena, "\"%.*s\"", (int)(len - 2), source + 1),
             "text stands in double quotes");
    return true;
}

void suggest_display(Sema *s, Diag *d, const Type *type) {
    Span none = {0};
    const char *text = type_text(s->arena, type);
    switch (type->kind) {
    case TYPE_OPTIONAL:
        diag_note(s->diags, d, none, "the value may be null: use `??`, `.?` or `if let Some(x) = …`");
        break;
    case TYPE_ERROR_UNION:
        diag_note(s->diags, d, none, "this may fail: propagate with `?` or handle with `catch`");
        break;
    case TYPE_ARRAY:
    case TYPE_SLICE: diag_note(s->diags, d, none, "print its elements in a loop: `for x in xs do … end`"); break;
    case TYPE_PTR: diag_note(s->diags, d, none, "print what it points to: `p.*`"); break;
    case TYPE_ERROR_SET: diag_note(s->diags, d, none, "the name of an error is `@error_name(e)`"); break;
    case TYPE_STRUCT:
    case TYPE_ENUM:
        diag_note(s->diags, d, none,
                  "write `impl Display for %s { func display(self: *const Self, w: *Writer) do … end }`, with `use "
                  "std.fmt.{Writer}`",
                  text);
        break;
    default: break;
    }
}

void suggest_interpolation(Sema *s, Diag *d) {
    diag_note(s->diags, d, (Span){0},
              "interpolated text is made only where it is written: by `println`, or by `fmt.write` into a buffer");
}
