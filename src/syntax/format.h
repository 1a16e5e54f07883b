// `janus fmt` as a function: one canonical layout for a source, made from its token list and its tree.
#ifndef JANUS_SYNTAX_FORMAT_H
#define JANUS_SYNTAX_FORMAT_H

#include "syntax/ast.h"

enum { FORMAT_COLUMNS = 120 }; // of a line of ours

typedef enum FormatResult {
    FORMAT_OK,
    FORMAT_SYNTAX_ERRORS,       // reported to `diags`; such a source has no layout
    FORMAT_BROKEN,              // the result failed its own check and must not be used: an internal error
} FormatResult;

// Lays `source` out into `out`, in lines of `columns` where that can be. Before FORMAT_OK is answered the result has
// been read back: it has the same tree, the same tokens but for commas at the ends of lists, the same comments, and is
// its own layout. `why` gets a phrase for FORMAT_BROKEN.
FormatResult format_source(Arena *arena, Diags *diags, NameTable *names, const Source *source, uint32_t columns,
                           StrBuf *out, const char **why);

#endif
