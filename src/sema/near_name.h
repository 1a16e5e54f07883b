// Near-name suggestions: feed every candidate, then add "did you mean" to the diagnostic if one is close enough.
#ifndef JANUS_NEAR_NAME_H
#define JANUS_NEAR_NAME_H

#include "sema/sema_internal.h"

typedef struct NearName {
    const Name *wanted;
    const Name *best;
    size_t distance;
    uint32_t considered;
} NearName;

NearName near_name_start(const Name *wanted);
void near_name_consider(NearName *near, const Name *candidate);
// Adds the note; nothing when no candidate is near.
void near_name_note(Sema *s, Diag *d, const NearName *near);

#endif
