// Any bytes parse: a tree that can be walked, and messages that lie in the source. Text in which the lexer and the
// parser found nothing wrong has no unreadable node, and anything unreadable has a message.
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
    NameTable *names = names_create(arena);
    Source *source = sources_add(&sources, "fuzz.jan", str_copy(arena, (Str){(const char *)data, size}));
    ModuleTree *tree = parse_module(arena, &diags, names, source);

    StrBuf text = {0};
    ast_dump_module(&text, tree);
    Str dump = strbuf_str(&text);
    bool unreadable = false;
    for (size_t i = 0; i + 5 <= dump.len && diags.error_count == 0; i++)
        unreadable |= memcmp(dump.ptr + i, "<bad>", 5) == 0;
    // The word may also stand in a string of the program.
    for (size_t i = 0; i + 5 <= size; i++) unreadable &= memcmp(data + i, "<bad>", 5) != 0;
    ENSURE(!unreadable);
    for (uint32_t i = 0; i < diags.all.len; i++) {
        const Diag *diag = diags.all.items[i];
        ENSURE(diag->span.start <= diag->span.end && diag->span.end <= size);
        for (uint32_t k = 0; k < diag->fixes.len; k++)
            ENSURE(diag->fixes.items[k].span.start <= diag->fixes.items[k].span.end &&
                   diag->fixes.items[k].span.end <= size);
    }
    strbuf_free(&text);
    names_destroy(names);
    arena_destroy(arena);
    return 0;
}
