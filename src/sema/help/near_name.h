// Near-name suggestions: feed every candidate, then add "did you mean" to the diagnostic if one is close enough.
#ifndef JANUS_SEMA_HELP_NEAR_NAME_H
#define JANUS_SEMA_HELP_NEAR_NAME_H

#include "sema/internal.h"

typedef struct NearName {
    const Name *wanted;
    const Name *best;
    size_t distance;
    bool tied;                  // another candidate is as near
    uint32_t considered;
} NearName;

NearName near_name_start(const Name *wanted);
void near_name_consider(NearName *near, const Name *candidate);
// The methods of a type's own impl blocks that `user` may call. `head`: see type_head.
void near_name_consider_methods(Sema *s, NearName *near, const void *head, const Module *user);
// Adds the suggestion, as a fix of the name at the diagnostic's place when there is no doubt; nothing when no candidate
// is near.
void near_name_note(Sema *s, Diag *d, const NearName *near);
// The same for a name that stands for more: the fix writes `suffix` behind the right one.
void near_name_note_with(Sema *s, Diag *d, const NearName *near, const char *suffix);

#endif
