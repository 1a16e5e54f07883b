// What an unknown name may have meant.
#include "sema/help/help.h"

#include "sema/decl/decl.h"
#include "sema/load/load.h"

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

// That a member has this name does not say that it was meant: a variable may have been forgotten.
static bool suggest_prefix(Context *c, Diag *d, const Name *name, Span at, uint32_t wanted) {
    Sema *s = c->sema;
    Span front = {at.file, at.start, at.start};
    if (wanted & (NAME_VALUE | NAME_FUNC) && is_member_of_self(c, name)) {
        if (self_in_scope(c))
            diag_fix_likely(s->diags, d, front, "self.", "write `self.%s`", name->text);
        else
            diag_note(s->diags, d, (Span){0},
                      "`%s` belongs to `%s`; a method that declares `self` reaches it as `self.%s`", name->text,
                      type_text(s->arena, c->self_type), name->text);
        return true;
    }
    const Name *owner = wanted & NAME_VARIANT ? owner_of_variant(c->module, name) : NULL;
    if (!owner) return false;
    diag_fix_likely(s->diags, d, front, arena_printf(s->arena, "%s.", owner->text), "write `%s.%s`", owner->text,
                    name->text);
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
    diag_fix_likely(s->diags, d, place, arena_printf(s->arena, after_line ? "\nuse %s" : "use %s\n", path->text),
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

// ---- names of other languages ----------------------------------------------------------------------------------------

// What is to be written instead means what we say it means: nothing here hides it, and `self` is there.
static bool means_ours(Context *c, const char *ours) {
    const Name *name = name_intern_c(c->sema->names, ours);
    if (name == c->sema->n.self) return self_in_scope(c) != NULL;
    return !scope_lookup(c->scope, name) && !map_get(&c->module->names, name);
}

static void note_module(Sema *s, Diag *d, const char *modules) {
    char last[32];
    for (const char *at = modules; at && *at;) {
        size_t len = strcspn(at, " ");
        ENSURE(len < sizeof last);
        memcpy(last, at, len);
        last[len] = '\0';
        at += len + (at[len] == ' ');
        const Name *path = module_find_std(s, name_intern_c(s->names, last));
        if (!path) continue;
        diag_note(s->diags, d, (Span){0}, "see `%s` of the standard library", path->text);
        return;
    }
}

static void suggest_known(Context *c, Diag *d, const KnownName *known, Span at, uint32_t wanted) {
    Sema *s = c->sema;
    bool is_type = known->places == NAME_TYPE;
    if (is_type && wanted & NAME_FUNC) {
        diag_note(s->diags, d, (Span){0}, "a number is converted with `as`, behind it: `x as %s`",
                  known->ours ? known->ours : "i64");
        return;
    }
    if (known->ours) {
        diag_fix(s->diags, d, at, known->ours, "write `%s`", known->ours);
        // Where a value may stand, too, it may be a variable that was forgotten.
        bool forgotten = is_type && wanted & NAME_VALUE;
        if (known->degree == FIX_LIKELY || forgotten || !means_ours(c, known->ours)) diag_doubt(d);
    }
    if (known->note) diag_note(s->diags, d, (Span){0}, "%s", known->note);
    note_module(s, d, known->modules);
}

Diag *suggest_name(Context *c, const Name *name, Span at, bool *known) {
    uint32_t wanted = c->wanted ? c->wanted : NAME_USUAL;
    const KnownName *foreign = known_name_find(name, wanted);
    if (!foreign && wanted & NAME_FUNC) foreign = known_name_find(name, NAME_TYPE); // `int(x)`
    const char *instead = !foreign && wanted & NAME_USUAL ? foreign_instead(name_str(name)) : NULL;
    Diag *d = context_error(c, DIAG_E1001, at, foreign || instead ? "there is no `%s` here" : "unknown name `%s`",
                            name->text);
    *known = true;
    if (d == c->sema->diags->hidden) return d;
    if (wanted & NAME_USUAL && suggest_prefix(c, d, name, at, wanted)) return d;
    if (foreign)
        suggest_known(c, d, foreign, at, wanted);
    else if (instead)
        diag_note(c->sema->diags, d, (Span){0}, "%s", instead);
    else
        *known = (wanted & NAME_MODULE && suggest_use(c, d, name)) || (wanted & NAME_TYPE && suggest_type(c, d, name));
    return d;
}

void suggest_module(Sema *s, Diag *d, const Node *use) {
    uint32_t count = use->use.path.len;
    const Name *path = module_find_std(s, use->use.path.items[count - 1]);
    if (!path) return;
    Span span = span_join(use->use.path_spans.items[0], use->use.path_spans.items[count - 1]);
    diag_fix_likely(s->diags, d, span, path->text, "write `use %s`", path->text);
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
        // What stands around it may bind more closely than `==`.
        diag_fix_likely(s->diags, d, span, "len == 0", "write `.len == 0`");
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

static bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Behind the name in `{name}`, `{name.part}` or `{name:04x}`, with the name from `at` on; 0 when it is none of these.
static size_t name_in_braces(Str text, size_t at) {
    size_t end = at;
    while (end < text.len && (begins_name(text.ptr[end]) || (end > at && text.ptr[end] >= '0' && text.ptr[end] <= '9')))
        end++;
    size_t close = end;
    while (close < text.len && text.ptr[close] != '}' && text.ptr[close] != '{' && text.ptr[close] != '\n') close++;
    bool goes_on = end < close && (text.ptr[end] == '.' || text.ptr[end] == ':' || text.ptr[end] == '[');
    bool closed = close < text.len && text.ptr[close] == '}';
    return end > at && closed && (end == close || goes_on) ? end : 0;
}

void suggest_dollar(Context *c, const Node *text) {
    Sema *s = c->sema;
    if (!context_warns(c)) return;
    Str written = {sources_get(s->sources, text->span.file)->text.ptr + text->span.start,
                   text->span.end - text->span.start};
    Diag *d = NULL;
    for (size_t i = 0; i + 1 < written.len; i++) {
        if (written.ptr[i] != '{') continue;
        if (written.ptr[i + 1] == '{') {
            i++;
            continue;
        }
        size_t end = name_in_braces(written, i + 1);
        Local *local =
            end ? scope_lookup(c->scope, name_intern(s->names, written.ptr + i + 1, (uint32_t)(end - i - 1))) : NULL;
        if (!local) continue;
        local->is_used = true; // that it is not is the same mistake
        if (d) continue;
        d = diag_warning(s->diags, DIAG_W0004, text->span, "`%s` in braces is printed as it stands", local->name->text);
        diag_fix_likely(s->diags, d, (Span){text->span.file, text->span.start, text->span.start}, "$",
                        "an interpolated string begins with `$`");
    }
}
