// Cures for names that mean nothing here.
#ifndef JANUS_SEMA_HELP_HELP_H
#define JANUS_SEMA_HELP_HELP_H

#include "sema/internal.h"

// ---- near_name.c: feed every candidate, then add "did you mean" to the diagnostic if one is close enough
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

// ---- suggest.c
// Words of other languages, members that lack their `self.` or their type, modules of the standard library that are not used yet.
// Adds a note or a fix for the unknown `name` at `at`; false when nothing is known about it.
bool suggest_name(Context *c, Diag *d, const Name *name, Span at);
// A method or field of another language that a type here has in another form; likewise.
bool suggest_member(Sema *s, Diag *d, const Type *type, const Name *name, Span name_span, bool is_call);
// `use std.chan` where `std.sync.chan` is meant.
void suggest_module(Sema *s, Diag *d, const Node *use);
// Text of one character where a byte is wanted; false when it is something else.
bool suggest_character(Sema *s, Diag *d, Span text);
bool suggest_text(Sema *s, Diag *d, Span character);   // the other way round
// Why a type cannot be printed, and what to do.
void suggest_display(Sema *s, Diag *d, const Type *type);
// Where interpolated text can be made, for one that should have gone further.
void suggest_interpolation(Sema *s, Diag *d);

#endif
