// Diagnostics are data: collected while the compiler works, sorted by place, rendered last.
// One mistake, one diagnostic: callers poison what they could not understand instead of reporting again.
#ifndef JANUS_DIAG_DIAG_H
#define JANUS_DIAG_DIAG_H

#include <stdio.h>

#include "base/source.h"

typedef enum DiagCode {
#define CODE(id, title) DIAG_##id,
#include "diag/codes.def"
#undef CODE
    DIAG_CODE_COUNT
} DiagCode;

typedef enum Severity { SEVERITY_ERROR, SEVERITY_WARNING } Severity;

typedef struct DiagNote {
    Span span;              // may be unknown: then only the text is shown
    const char *text;
} DiagNote;

// How sure a fix is. Certain: it keeps the meaning of what was written, or what was written can be read in no other
// way; `janus fix` applies it. Likely: a good guess, such as a near name; it is shown, and never written to a file.
typedef enum FixDegree { FIX_CERTAIN, FIX_LIKELY } FixDegree;

// A machine-applicable edit: replace `span` with `text`. Several edits of one diagnostic are applied together.
typedef struct DiagFix {
    Span span;
    const char *text;
} DiagFix;

typedef struct Diag {
    DiagCode code;
    Severity severity;
    Span span;
    const char *message;
    const void *owner;      // diag_error_of: whose mistake it is; NULL otherwise
    uint32_t order;         // of creation: keeps sorting stable
    VEC(DiagNote) notes;
    VEC(DiagFix) fixes;
    const char *fix_label;  // "write `func` instead"
    FixDegree fix_degree;   // of all edits together: one that is only likely makes the whole so
} Diag;

typedef struct Diags {
    Arena *arena;
    SourceMap *sources;
    VEC(Diag *) all;
    uint32_t error_count;
    Map seen;               // (code, span) already reported: the second is dropped; with an owner also (code, span, owner) and the wording
    uint32_t unstored;      // errors beyond DIAGS_STORED_LIMIT: counted, not kept
    uint32_t unstored_warnings; // likewise
    Diag *hidden;           // what a repeated or unstored one answers; notes and fixes added to it are dropped
} Diags;

// Past this many only the count goes on, so hostile input cannot fill the memory with messages about itself.
enum { DIAGS_STORED_LIMIT = 1000 };

void diags_init(Diags *d, Arena *arena, SourceMap *sources);
// Never NULL: a repeated (code, span) answers a Diag that is not shown, so notes can be added blindly.
Diag *diag_error(Diags *d, DiagCode code, Span span, const char *fmt, ...) PRINTF_LIKE(4, 5);
// Likewise, but of one of several owners that share the text at `span`, such as instances of a generic: another owner's is
// dropped only when it says the same.
Diag *diag_error_of(Diags *d, const void *owner, DiagCode code, Span span, const char *fmt, ...) PRINTF_LIKE(5, 6);
Diag *diag_warning(Diags *d, DiagCode code, Span span, const char *fmt, ...) PRINTF_LIKE(4, 5);
void diag_note(Diags *d, Diag *diag, Span span, const char *fmt, ...) PRINTF_LIKE(4, 5);
void diag_fix(Diags *d, Diag *diag, Span span, const char *replacement, const char *label_fmt, ...) PRINTF_LIKE(5, 6);
void diag_fix_likely(Diags *d, Diag *diag, Span span, const char *replacement, const char *label_fmt, ...) PRINTF_LIKE(5, 6);
void diag_doubt(Diag *diag); // what makes the fix of `diag` only likely has been found

// All of them in the order they are shown, in a fresh array of d->all.len.
Diag **diags_sorted(const Diags *d);

const char *diag_code_name(DiagCode code);          // "E2010", "W0001"
const char *diag_code_title(DiagCode code);

// Sorted by file order, start, creation. Text: message, source line with a marked span, notes, fix.
void diags_render_text(Diags *d, FILE *out, bool colour);
void diags_render_json(Diags *d, FILE *out);        // one object a line

#endif
