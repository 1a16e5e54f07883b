// Cures for names that mean nothing here: words of other languages, members that lack their `self.` or their type, and
// modules of the standard library that are not used yet.
#ifndef JANUS_SEMA_HELP_SUGGEST_H
#define JANUS_SEMA_HELP_SUGGEST_H

#include "sema/internal.h"

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
