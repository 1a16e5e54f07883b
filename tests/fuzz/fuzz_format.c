// Whatever parses can be laid out: the formatter's own check of its result (same tree, tokens and comments, and stable)
// holds for every source without syntax errors.
#include <stdio.h>

#include "syntax/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_create();
    SourceMap sources;
    Diags diags;
    sources_init(&sources, arena);
    diags_init(&diags, arena, &sources);
    NameTable *names = names_create(arena);
    Source *source = sources_add(&sources, "fuzz.jan", str_copy(arena, (Str){(const char *)data, size}));
    StrBuf out = {0};
    const char *why = NULL;
    FormatResult result = format_source(arena, &diags, names, source, FORMAT_COLUMNS, &out, &why);
    if (result == FORMAT_BROKEN) ICE("%s:\n%s", why, strbuf_str(&out).ptr);
    ENSURE((result == FORMAT_SYNTAX_ERRORS) == (diags.error_count > 0));
    strbuf_free(&out);
    names_destroy(names);
    arena_destroy(arena);
    return 0;
}
