// The proof behind a match: what its arms leave out, and which of them some value comes to (match_prove.c), asked column
// by column of what patterns look at (match_column.c).
#ifndef JANUS_SEMA_BODY_MATCH_H
#define JANUS_SEMA_BODY_MATCH_H

#include "sema/sema_internal.h"

enum { MATCH_MISSING_LIMIT = 3 };   // values named in a message

// One alternative of an arm, in the order in which they are tried.
typedef struct MatchRow {
    const TPattern *pattern;
    bool is_guarded;
    bool is_reached;                // answered: some value may come to it
} MatchRow;

typedef struct MatchProof {
    const char *missing[MATCH_MISSING_LIMIT];   // values that no row without guard matches, written as patterns
    uint32_t missing_count;
    bool has_more;                  // not all of them are named
    bool gave_up;                   // the work grew beyond its bound: what is missing is not known, and rows count as reached
} MatchProof;

// The texts of the answer live in `arena`. `complete` fills in a type that the proof looks into: the proof itself knows of values
// and patterns only, and nothing of how types come to be.
typedef bool MatchComplete(Sema *s, Type *t, Span used_at);
MatchProof match_prove(Sema *s, MatchComplete *complete, Arena *arena, Type *subject, MatchRow *rows, uint32_t count);

// ---- match_column.c: the values of one type, in order, and the patterns that stand for stretches of them
// Each value of the type has an ordinal: an integer its own (signed ones shifted so that they compare alike), a variant its
// index, null 0 and Some 1. Of a type without such an order (texts, floats, errors) the values that patterns mention are
// ranked from 1, and 0 stands for all others.
typedef struct ColumnEntry {
    uint64_t low, high;
    const TPattern *pattern;        // what stands there, no alternatives
    uint32_t line;                  // of the matrix, for its owner
} ColumnEntry;

typedef struct Column {
    Type *type;
    ColumnEntry *entries;           // by `low`, then by line
    uint32_t count;
    uint64_t min, max;              // the ordinals of the type
    bool is_ranked;
} Column;

// Gives the entries their ordinals and sorts them; those whose pattern fits no value go away.
void column_order(Column *column);
uint32_t column_part_count(const Column *column, uint64_t ordinal);
Type *column_part_type(const Column *column, uint64_t ordinal, uint32_t part);
// Does the pattern match every value of its type, given that its parts do?
bool column_is_single(const TPattern *p);

// Texts and floats: of the values that no pattern mentions, one stands for all in a message.
bool column_is_endless(const Column *column);

// The values `next` to `high` as a message writes them, one text after the other: neighbouring integers are one range.
typedef struct ColumnTexts {
    const Column *column;
    uint64_t next, high;
    uint32_t other;                 // how far into the unmentioned errors of a closed set
    bool done;
} ColumnTexts;
// NULL after the last one. `parts`: the texts of their parts, or NULL for any.
const char *column_next_text(ColumnTexts *texts, Arena *arena, Sema *s, const char *const *parts);

#endif
