// A whole module: the profile line, the items, and what is left when a syntax error swallowed some.
#include "syntax/foreign/foreign.h"
#include "syntax/parser.h"

// What is wrong in `tree`, whose tokens are read from the first on, goes to `diags`.
static void parse_tokens(Arena *arena, Diags *diags, NameTable *names, ModuleTree *tree, bool plain) {
    Parser p = {.arena = arena, .diags = diags, .names = names, .source = tree->source, .tree = tree, .plain = plain};
    p.silent = ARENA_NEW(arena, Diag);
    p.discard = name_intern_c(names, "_");
    p.mode.newlines = true;
    if (!plain) foreign_begin(&p);
    p.s = parser_stream(&p, &tree->tokens, false, 0);
    parse_items(&p);
    tree->is_cut = p.stopped;
}

// Forms of other languages are only looked for in what has a mistake without them, so that none of them is ever seen in
// a valid program.
ModuleTree *parse_module(Arena *arena, Diags *diags, NameTable *names, const Source *source) {
    ModuleTree *tree = ARENA_NEW(arena, ModuleTree);
    uint32_t errors = diags->error_count;
    tree->source = (Source *)source;
    lex_source(arena, diags, source, &tree->tokens);
    if (diags->error_count == errors) {
        ModuleTree plain = *tree;
        Diags unseen;
        diags_init(&unseen, arena, diags->sources);
        parse_tokens(arena, &unseen, names, &plain, true);
        if (unseen.error_count == 0) {
            *tree = plain;
            return tree;
        }
    }
    parse_tokens(arena, diags, names, tree, false);
    return tree;
}
