// Cures for names that mean nothing here.
#ifndef JANUS_SEMA_HELP_HELP_H
#define JANUS_SEMA_HELP_HELP_H

#include "sema/sema_internal.h"

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
// Adds the suggestion, as a likely fix of the name at the diagnostic's place when one candidate is close, or as a note;
// nothing when no candidate is near. Never a certain fix: that a name is near to another says nothing about what the
// author forgot.
void near_name_note(Sema *s, Diag *d, const NearName *near);
// The same for a name that stands for more: the fix writes `suffix` behind the right one.
void near_name_note_with(Sema *s, Diag *d, const NearName *near, const char *suffix);

// ---- known_name.c
// Names of other languages and of earlier Janus.
typedef struct KnownName {
    const char *word;
    uint8_t places;         // NameKinds of the places where it is taken for one
    const char *ours;       // what to write instead, or NULL
    FixDegree degree;       // of writing it
    const char *note;       // or NULL
    const char *modules;    // last names of modules of std; the first of them that there is has what is meant. Or NULL
} KnownName;

// NULL when the name says nothing, or nothing in a place that wants these NameKinds.
const KnownName *known_name_find(const Name *name, uint32_t wanted);

// ---- suggest.c
// The former, members that lack their `self.` or their type, modules of the standard library that are not used yet.
// Reports the unknown `name` at `at`, with a note or a fix if something is known about it; `*known` says whether.
Diag *suggest_name(Context *c, const Name *name, Span at, bool *known);
// A method or field of another language that a type here has in another form; likewise.
bool suggest_member(Sema *s, Diag *d, const Type *type, const Name *name, Span name_span, bool is_call);
// `use std.chan` where `std.sync.chan` is meant.
void suggest_module(Sema *s, Diag *d, const Node *use);
// Text of one character where a byte is wanted; false when it is something else.
bool suggest_character(Sema *s, Diag *d, Span text);
bool suggest_text(Sema *s, Diag *d, Span character);   // the other way round
// Why a type cannot be printed, and what to do.
void suggest_display(Sema *s, Diag *d, const Type *type);
// A literal that is about to be shown has a local's name in braces, as only interpolated text does anything with (W0004).
void suggest_dollar(Context *c, const Node *text);
// Where interpolated text can be made, for one that should have gone further.
void suggest_interpolation(Sema *s, Diag *d);

#endif
