// The formatter's entry, and the check of its result: it is read back and compared with what it was made from, and laid
// out once more to see that it stays as it is. A formatter that trusts itself is a danger to every file it touches.
#include "syntax/format/internal.h"

static void lay_out(Arena *arena, const ModuleTree *tree, uint32_t columns, StrBuf *out) {
    Layout layout = {.arena = arena, .tree = tree, .line = columns};
    format_mark(arena, tree, &layout.marks);
    format_layout(&layout);
    format_print(&layout, out);
}

static Str token_text(const ModuleTree *tree, const Token *t) {
    return (Str){tree->source->text.ptr + t->start, t->kind == TOKEN_EOF ? 0 : t->end - t->start};
}

// The next token from *at on that is a comment, or that is neither a comment nor a comma.
static const Token *next_of(const ModuleTree *tree, uint32_t *at, bool comments) {
    const TokenList *list = &tree->tokens;
    while (*at < list->tokens.len) {
        const Token *t = &list->tokens.items[(*at)++];
        if (format_is_comment(t) ? comments : !comments && t->kind != TOKEN_COMMA) return t;
    }
    return NULL;
}

static bool same_tokens(const ModuleTree *a, const ModuleTree *b, bool comments) {
    for (uint32_t i = 0, k = 0;;) {
        const Token *x = next_of(a, &i, comments), *y = next_of(b, &k, comments);
        if (!x || !y) return !x && !y;
        if (x->kind != y->kind || !str_equal(token_text(a, x), token_text(b, y))) return false;
    }
}

static bool same_tree(const ModuleTree *a, const ModuleTree *b) {
    StrBuf left = {0}, right = {0};
    ast_dump_module(&left, a);
    ast_dump_module(&right, b);
    bool same = str_equal(strbuf_str(&left), strbuf_str(&right));
    strbuf_free(&left);
    strbuf_free(&right);
    return same;
}

static const char *find_difference(Arena *arena, NameTable *names, const ModuleTree *before, uint32_t columns,
                                   StrBuf *out) {
    SourceMap sources;
    Diags diags;
    sources_init(&sources, arena);
    diags_init(&diags, arena, &sources);
    Source *source = sources_add(&sources, before->source->path, str_copy(arena, strbuf_str(out)));
    ModuleTree *after = parse_module(arena, &diags, names, source);
    if (diags.error_count > 0) return "the result does not parse";
    if (!same_tree(before, after)) return "the result has another meaning";
    if (!same_tokens(before, after, false)) return "the result has other tokens";
    if (!same_tokens(before, after, true)) return "the result has other comments";
    StrBuf again = {0};
    lay_out(arena, after, columns, &again);
    bool stable = str_equal(strbuf_str(&again), source->text);
    strbuf_free(&again);
    return stable ? NULL : "the result would change again";
}

FormatResult format_source(Arena *arena, Diags *diags, NameTable *names, const Source *source, uint32_t columns,
                           StrBuf *out, const char **why) {
    uint32_t errors = diags->error_count;
    ModuleTree *tree = parse_module(arena, diags, names, source);
    if (diags->error_count > errors) return FORMAT_SYNTAX_ERRORS;
    lay_out(arena, tree, columns, out);
    *why = find_difference(arena, names, tree, columns, out);
    return *why ? FORMAT_BROKEN : FORMAT_OK;
}
