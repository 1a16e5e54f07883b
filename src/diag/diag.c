// Collection of diagnostics: formatting, dropping of repetitions, order. What a diagnostic looks like is the renderers'
// business.
#include "diag/diag.h"

#include <stdlib.h>

static const char *const code_names[] = {
#define CODE(id, title) #id,
#include "diag/codes.def"
#undef CODE
};

static const char *const code_titles[] = {
#define CODE(id, title) title,
#include "diag/codes.def"
#undef CODE
};

const char *diag_code_name(DiagCode code) { return code_names[code]; }
const char *diag_code_title(DiagCode code) { return code_titles[code]; }

void diags_init(Diags *d, Arena *arena, SourceMap *sources) {
    *d = (Diags){.arena = arena, .sources = sources, .hidden = ARENA_NEW(arena, Diag)};
}

static const char *format_text(Arena *arena, const char *fmt, va_list args) {
    StrBuf buffer = {0};
    strbuf_vprintf(&buffer, fmt, args);
    const char *text = str_c(arena, strbuf_str(&buffer));
    strbuf_free(&buffer);
    return text;
}

static bool same_report(const Diag *a, const Diag *b) {
    if (a->code != b->code || a->span.file != b->span.file) return false;
    // Without a place only the wording tells two mistakes apart.
    if (!span_known(a->span)) return strcmp(a->message, b->message) == 0;
    return a->span.start == b->span.start && a->span.end == b->span.end;
}

// The map knows pointers only, so the key is a hash of what same_report compares, dressed as one. Two different reports
// that collide are both shown: the entry's own diagnostic decides.
static const void *report_key(const Diag *diag) {
    uint32_t parts[4] = {(uint32_t)diag->code, diag->span.file, diag->span.start, diag->span.end};
    uint64_t hash = hash_bytes(parts, sizeof parts, 0);
    if (!span_known(diag->span)) {
        uint32_t code = (uint32_t)diag->code;
        hash = hash_bytes(diag->message, strlen(diag->message), code);
    }
    return (const void *)(uintptr_t)(hash | 1); // never NULL
}

static const void *owned_key(const Diag *diag, const void *owner, const char *message) {
    uint64_t hash = (uint64_t)(uintptr_t)report_key(diag);
    hash = hash_bytes(&owner, sizeof owner, hash);
    if (message) hash = hash_bytes(message, strlen(message), hash);
    return (const void *)(uintptr_t)(hash | 1);
}

static Diag *diag_store(Diags *d, Diag probe) {
    Diag *diag = arena_copy(d->arena, &probe, sizeof probe);
    diag->order = d->all.len;
    VEC_PUSH(d->arena, &d->all, diag);
    d->error_count += diag->severity == SEVERITY_ERROR;
    return diag;
}

static Diag *report(Diags *d, Severity severity, DiagCode code, Span span, const char *fmt, va_list args) {
    // Warnings may fill half of the room, so that they never crowd out the errors.
    uint32_t limit = severity == SEVERITY_ERROR ? DIAGS_STORED_LIMIT : DIAGS_STORED_LIMIT / 2;
    if (d->all.len >= limit) {
        d->unstored += severity == SEVERITY_ERROR;
        d->unstored_warnings += severity != SEVERITY_ERROR;
        d->error_count += severity == SEVERITY_ERROR;
        return d->hidden;
    }
    if (span_known(span)) {
        // Checked before the message is made: most repetitions come in numbers.
        Diag probe = {.code = code, .span = span};
        const Diag *earlier = map_get(&d->seen, report_key(&probe));
        if (earlier && same_report(earlier, &probe)) return d->hidden;
    }
    Diag probe = {.code = code, .severity = severity, .span = span, .message = format_text(d->arena, fmt, args)};
    const void *key = report_key(&probe);
    const Diag *earlier = map_get(&d->seen, key);
    if (earlier && same_report(earlier, &probe)) return d->hidden;
    Diag *diag = diag_store(d, probe);
    map_put(d->arena, &d->seen, key, diag);
    return diag;
}

Diag *diag_error_of(Diags *d, const void *owner, DiagCode code, Span span, const char *fmt, ...) {
    if (d->all.len >= DIAGS_STORED_LIMIT) {
        d->unstored++;
        d->error_count++;
        return d->hidden;
    }
    Diag probe = {.code = code, .severity = SEVERITY_ERROR, .span = span, .owner = owner};
    va_list args;
    va_start(args, fmt);
    probe.message = format_text(d->arena, fmt, args);
    va_end(args);
    const void *key = report_key(&probe), *own = owned_key(&probe, owner, NULL);
    const void *said = owned_key(&probe, NULL, probe.message);
    const Diag *first = map_get(&d->seen, key), *mine = map_get(&d->seen, own), *same = map_get(&d->seen, said);
    if (first && same_report(first, &probe) && (!first->owner || first->owner == owner)) return d->hidden;
    if (mine && same_report(mine, &probe) && mine->owner == owner) return d->hidden;
    if (same && same_report(same, &probe) && strcmp(same->message, probe.message) == 0) return d->hidden;
    Diag *diag = diag_store(d, probe);
    if (!first) map_put(d->arena, &d->seen, key, diag);
    map_put(d->arena, &d->seen, own, diag);
    map_put(d->arena, &d->seen, said, diag);
    return diag;
}

Diag *diag_error(Diags *d, DiagCode code, Span span, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    Diag *diag = report(d, SEVERITY_ERROR, code, span, fmt, args);
    va_end(args);
    return diag;
}

Diag *diag_warning(Diags *d, DiagCode code, Span span, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    Diag *diag = report(d, SEVERITY_WARNING, code, span, fmt, args);
    va_end(args);
    return diag;
}

void diag_note(Diags *d, Diag *diag, Span span, const char *fmt, ...) {
    if (diag == d->hidden) return;
    va_list args;
    va_start(args, fmt);
    DiagNote note = {span, format_text(d->arena, fmt, args)};
    va_end(args);
    VEC_PUSH(d->arena, &diag->notes, note);
}

static void add_fix(Diags *d, Diag *diag, Span span, const char *replacement, const char *label_fmt, va_list args) {
    DiagFix fix = {span, str_c(d->arena, str_from(replacement))};
    VEC_PUSH(d->arena, &diag->fixes, fix);
    // Further edits of one fix may leave the label to the first.
    if (label_fmt) diag->fix_label = format_text(d->arena, label_fmt, args);
}

void diag_fix(Diags *d, Diag *diag, Span span, const char *replacement, const char *label_fmt, ...) {
    if (diag == d->hidden) return;
    va_list args;
    va_start(args, label_fmt);
    add_fix(d, diag, span, replacement, label_fmt, args);
    va_end(args);
}

void diag_fix_likely(Diags *d, Diag *diag, Span span, const char *replacement, const char *label_fmt, ...) {
    if (diag == d->hidden) return;
    va_list args;
    va_start(args, label_fmt);
    add_fix(d, diag, span, replacement, label_fmt, args);
    va_end(args);
    diag_doubt(diag);
}

void diag_doubt(Diag *diag) { diag->fix_degree = FIX_LIKELY; }

static int compare_u32(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

static int compare_place(const void *left, const void *right) {
    const Diag *a = *(Diag *const *)left, *b = *(Diag *const *)right;
    int by_file = compare_u32(a->span.file, b->span.file);
    if (by_file) return by_file;
    int by_start = compare_u32(a->span.start, b->span.start);
    return by_start ? by_start : compare_u32(a->order, b->order);
}

Diag **diags_sorted(const Diags *d) {
    Diag **sorted = arena_copy(d->arena, d->all.items, sizeof(Diag *) * d->all.len);
    if (d->all.len) qsort(sorted, d->all.len, sizeof(Diag *), compare_place);
    return sorted;
}
