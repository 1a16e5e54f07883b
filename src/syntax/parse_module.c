// A whole module: the profile line, the items, and what is left when a syntax error swallowed some.
#include "syntax/foreign/foreign.h"
#include "syntax/parser.h"

ModuleTree *parse_module(Arena *arena, Diags *diags, NameTable *names, const Source *source) {
    ModuleTree *tree = ARENA_NEW(arena, ModuleTree);
    tree->source = (Source *)source;
    lex_source(arena, diags, source, &tree->tokens);
    Parser p = {.arena = arena, .diags = diags, .names = names, .source = source, .tree = tree};
    p.silent = ARENA_NEW(arena, Diag);
    p.discard = name_intern_c(names, "_");
    p.mode.newlines = true;
    foreign_begin(&p);
    p.s = parser_stream(&p, &tree->tokens, false, 0);
    parse_items(&p);
    tree->is_cut = p.stopped;
    return tree;
}
