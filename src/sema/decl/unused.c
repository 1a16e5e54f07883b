// Names that `use` binds and nothing in the module needs. A name is needed when it was looked up, or when it is a trait by
// which a method was found. Where some code of the module was not looked at (branches of `comptime if`, tests that are not
// asked for), a mention in the text is enough. Nothing is said of what is passed on (`pub use`), nor of a module that does
// something by being loaded: it exports functions, or implements a trait for a type and owns neither.
#include "sema/decl/decl.h"

static bool is_word_char(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Whether `name` stands in the text of the module, its `use` lines aside.
static bool is_mentioned(const Module *m, const Name *name) {
    Str text = m->tree->source->text;
    uint32_t item = 0;
    for (size_t at = 0; at + name->len <= text.len; at++) {
        while (item < m->tree->items.len &&
               (m->tree->items.items[item]->kind != NODE_USE || m->tree->items.items[item]->span.end <= at))
            item++;
        if (item < m->tree->items.len && m->tree->items.items[item]->span.start <= at) {
            at = m->tree->items.items[item]->span.end;
            continue;
        }
        if ((at > 0 && is_word_char(text.ptr[at - 1])) || memcmp(text.ptr + at, name->text, name->len) != 0) continue;
        if (at + name->len == text.len || !is_word_char(text.ptr[at + name->len])) return true;
    }
    return false;
}

static bool is_read_whole(Sema *s, const Module *m) {
    for (uint32_t i = 0; i < m->tree->tokens.tokens.len; i++)
        if (m->tree->tokens.tokens.items[i].kind == TOKEN_COMPTIME) return false;
    if (s->options.with_tests && m->is_entry) return true;
    for (uint32_t i = 0; i < m->decls.len; i++)
        if (m->decls.items[i]->kind == DECL_TEST) return false;
    return true;
}

// A body without instances is not checked, so that a method may be called there which this trait gives.
static bool may_give_method(const Module *m, const Decl *decl) {
    if (decl->kind != DECL_IMPORT || decl->state != STAGE_DONE || decl->link.found->kind != DECL_TRAIT) return false;
    const Decl *trait = decl->link.found;
    for (uint32_t i = 0; i < trait->contract.method_count; i++)
        if (is_mentioned(m, trait->contract.methods[i]->name)) return true;
    return false;
}

// The trait, or what the target is made of.
static bool is_owned(const Module *m, const Impl *impl) {
    const Type *target = impl->state == STAGE_DONE ? impl->target : NULL;
    while (target && target->element) target = target->element;
    return !impl->trait || impl->trait->module == m || (target && target->decl && target->decl->module == m);
}

static bool does_something(const Module *m) {
    for (uint32_t i = 0; i < m->decls.len; i++)
        if (m->decls.items[i]->is_export) return true;
    for (uint32_t i = 0; i < m->impls.len; i++)
        if (!is_owned(m, m->impls.items[i])) return true;
    return false;
}

// Whether the module, or one that it loads and that was not `seen`, does something by being loaded.
static bool has_effect(Module *m, Map *seen, Arena *arena) {
    if (map_get(seen, m)) return false;
    map_put(arena, seen, m, m);
    bool found = does_something(m);
    for (uint32_t i = 0; i < m->used.len; i++) found |= has_effect(m->used.items[i], seen, arena);
    return found;
}

static bool is_unused(Sema *s, Module *m, const Decl *d, bool read_whole) {
    if (d->kind != DECL_MODULE && d->kind != DECL_IMPORT) return false;
    if (!d->node || d->node->kind != NODE_USE || d->is_pub || d->is_used || d->state == STAGE_BROKEN) return false;
    if (d->name->text[0] == '_' || (!read_whole && is_mentioned(m, d->name)) || may_give_method(m, d)) return false;
    Map seen = {0};
    if (s->prelude && !m->is_std) has_effect(s->prelude, &seen, s->arena); // what is there in any case
    Module *used = d->link.submodule ? d->link.submodule : d->link.target;
    return used && !has_effect(used, &seen, s->arena);
}

// The whole line, with its comment, when nothing else stands on it.
static Span span_to_remove(const Source *source, Span span) {
    Str text = source->text;
    uint32_t start = span.start, end = span.end;
    while (start > 0 && (text.ptr[start - 1] == ' ' || text.ptr[start - 1] == '\t')) start--;
    while (end < text.len && (text.ptr[end] == ' ' || text.ptr[end] == '\t' || text.ptr[end] == '\r')) end++;
    if (end + 1 < text.len && memcmp(text.ptr + end, "//", 2) == 0)
        while (end < text.len && text.ptr[end] != '\n') end++;
    bool alone = (start == 0 || text.ptr[start - 1] == '\n') && (end == text.len || text.ptr[end] == '\n');
    if (!alone) return span;
    return (Span){span.file, start, end < text.len ? end + 1 : end};
}

typedef VEC(const Decl *) DeclList;

static bool lists(const DeclList *unused, const Name *name) {
    for (uint32_t i = 0; i < unused->len; i++)
        if (unused->items[i]->name == name) return true;
    return false;
}

// The names of the group that stay, as written: the first to the last edit replaces what stands between the braces.
static void fix_group(Sema *s, Diag *d, const Module *m, Node *use, const DeclList *unused) {
    StrBuf kept = {0};
    const char *text = m->tree->source->text.ptr;
    Span inside = {0};
    VEC_EACH (UseMember, member, &use->use.members) {
        Span span = member->alias ? span_join(member->name_span, member->alias_span) : member->name_span;
        inside = span_known(inside) ? span_join(inside, span) : span;
        if (lists(unused, member->alias ? member->alias : member->name)) continue;
        strbuf_printf(&kept, "%s%.*s", kept.len ? ", " : "", (int)(span.end - span.start), text + span.start);
    }
    diag_fix(s->diags, d, inside, strbuf_str(&kept).ptr, unused->len == 1 ? "remove it" : "remove them");
    strbuf_free(&kept);
}

static void report(Sema *s, const Module *m, Node *use, const DeclList *unused) {
    StrBuf names = {0};
    for (uint32_t i = 0; i < unused->len; i++)
        strbuf_printf(&names, "%s`%s`",
                      i == 0                 ? ""
                      : i + 1 == unused->len ? " and "
                                             : ", ",
                      unused->items[i]->name->text);
    Diag *d =
        diag_warning(s->diags, DIAG_W0003, unused->items[0]->span, STR_FMT " %s bound by this `use` and never used",
                     STR_ARG(strbuf_str(&names)), unused->len == 1 ? "is" : "are");
    strbuf_free(&names);
    if (use->use.has_group && unused->len < use->use.members.len)
        fix_group(s, d, m, use, unused);
    else
        diag_fix(s->diags, d, span_to_remove(m->tree->source, use->span), "", "remove the line");
}

void unused_check(Sema *s, Module *m) {
    if (!m->tree || (m->is_std && !m->is_entry)) return;
    bool read_whole = is_read_whole(s, m);
    for (uint32_t i = 0; i < m->tree->items.len; i++) {
        Node *use = m->tree->items.items[i];
        DeclList unused = {0};
        for (uint32_t k = 0; use->kind == NODE_USE && k < m->decls.len; k++)
            if (m->decls.items[k]->node == use && is_unused(s, m, m->decls.items[k], read_whole))
                VEC_PUSH(s->arena, &unused, m->decls.items[k]);
        if (unused.len) report(s, m, use, &unused);
    }
}
