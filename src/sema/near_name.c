// "Did you mean": the candidate with the smallest edit distance, if that is at most a third of the name. Costs are bounded
// whatever the program looks like: long names are skipped and only so many candidates are looked at.
#include "sema/near_name.h"

enum { LONGEST_NAME = 48, MOST_CANDIDATES = 2000 };

NearName near_name_start(const Name *wanted) {
    return (NearName){.wanted = wanted, .distance = (wanted->len + 2) / 3 + 1};
}

void near_name_consider(NearName *near, const Name *candidate) {
    if (!candidate || candidate == near->wanted || candidate->len > LONGEST_NAME || near->wanted->len > LONGEST_NAME) return;
    if (near->considered++ > MOST_CANDIDATES) return;
    size_t longer = candidate->len > near->wanted->len ? candidate->len - near->wanted->len : near->wanted->len - candidate->len;
    if (longer >= near->distance) return;
    size_t distance = str_edit_distance(name_str(near->wanted), name_str(candidate));
    if (distance >= near->distance || distance >= candidate->len) return;
    near->distance = distance;
    near->best = candidate;
}

void near_name_note(Sema *s, Diag *d, const NearName *near) {
    if (near->best) diag_note(s->diags, d, (Span){0}, "did you mean `%s`?", near->best->text);
}
