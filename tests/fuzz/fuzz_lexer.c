// Any bytes lex: tokens lie in the source in order, do not overlap, and end with EOF; every message lies in the source.
#include "base/source.h"
#include "diag/diag.h"
#include "syntax/ast.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_create();
    SourceMap sources;
    Diags diags;
    sources_init(&sources, arena);
    diags_init(&diags, arena, &sources);
    Source *source = sources_add(&sources, "fuzz.jan", str_copy(arena, (Str){(const char *)data, size}));
    TokenList list = {0};
    lex_source(arena, &diags, source, &list);

    uint32_t end = 0;
    for (uint32_t i = 0; i < list.tokens.len; i++) {
        const Token *token = &list.tokens.items[i];
        ENSURE(token->start >= end && token->end >= token->start && token->end <= size);
        ENSURE(token->kind < TOKEN_KIND_COUNT);
        ENSURE((token->kind == TOKEN_EOF) == (i + 1 == list.tokens.len));
        end = token->end;
    }
    for (uint32_t i = 0; i < diags.all.len; i++)
        ENSURE(diags.all.items[i]->span.start <= diags.all.items[i]->span.end && diags.all.items[i]->span.end <= size);
    arena_destroy(arena);
    return 0;
}
