// "Did you mean": the candidate with the smallest edit distance, if that is at most a third of the name. Costs are
// bounded whatever the program looks like: long names are skipped and only so many candidates are looked at.
#include "sema/help/help.h"

#include "sema/decl/decl.h"

enum {
    LONGEST_NAME = 48,
    MOST_CANDIDATES = 2000,
    CLOSE_DISTANCE = 2, // and no other candidate as near: then the suggestion shows its edit
    CLOSE_LENGTH = 3, // of the name written; shorter ones are near to everything
};

NearName near_name_start(const Name *wanted) {
    return (NearName){.wanted = wanted, .distance = (wanted->len + 2) / 3 + 1};
}

void near_name_consider(NearName *near, const Name *candidate) {
    if (!candidate || candidate == near->wanted || candidate->len > LONGEST_NAME || near->wanted->len > LONGEST_NAME)
        return;
    if (near->considered++ > MOST_CANDIDATES) return;
    size_t longer =
        candidate->len > near->wanted->len ? candidate->len - near->wanted->len : near->wanted->len - candidate->len;
    if (longer > near->distance) return;
    size_t distance = str_edit_distance(name_str(near->wanted), name_str(candidate));
    if (distance >= candidate->len) return;
    if (near->best && distance == near->distance && candidate != near->best) near->tied = true;
    if (distance >= near->distance) return;
    near->distance = distance;
    near->best = candidate;
    near->tied = false;
}

void near_name_consider_methods(Sema *s, NearName *near, const void *head, const Module *user) {
    const ImplTable *table = impl_table(s, NULL);
    const ImplList *list = table && head ? map_get(&table->by_head, head) : NULL;
    for (uint32_t i = 0; list && i < list->impls.len; i++)
        for (uint32_t k = 0; k < list->impls.items[i]->method_count; k++) {
            const Decl *method = list->impls.items[i]->methods[k];
            if (method->is_pub || method->module == user) near_name_consider(near, method->name);
        }
}

static bool is_word_part(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The wanted name where the diagnostic points: all of its span or the end of it, as in `.Rde` and `Color.Rde`.
static bool find_written(const Sema *s, const Diag *d, const NearName *near, Span *out) {
    if (!span_known(d->span)) return false;
    const Source *source = sources_get(s->sources, d->span.file);
    uint32_t len = near->wanted->len;
    if (d->span.end > source->text.len || d->span.end < d->span.start || d->span.end - d->span.start < len)
        return false;
    *out = (Span){d->span.file, d->span.end - len, d->span.end};
    if (memcmp(source->text.ptr + out->start, near->wanted->text, len) != 0) return false;
    return out->start == d->span.start || !is_word_part(source->text.ptr[out->start - 1]);
}

void near_name_note(Sema *s, Diag *d, const NearName *near) { near_name_note_with(s, d, near, ""); }

void near_name_note_with(Sema *s, Diag *d, const NearName *near, const char *suffix) {
    if (!near->best) return;
    Span written;
    bool close = !near->tied && near->distance <= CLOSE_DISTANCE && near->wanted->len >= CLOSE_LENGTH;
    if (close && find_written(s, d, near, &written))
        diag_fix_likely(s->diags, d, written, arena_printf(s->arena, "%s%s", near->best->text, suffix),
                        "did you mean `%s`?", near->best->text);
    else
        diag_note(s->diags, d, (Span){0}, "did you mean `%s`?", near->best->text);
}
