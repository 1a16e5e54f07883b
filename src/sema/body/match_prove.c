// Is a match complete, and can each of its arms be reached? Both are read off one matrix: a line per alternative of an
// arm, a column per place still to be looked at (Maranget, "Warnings for pattern matching", 2007). A column's values stand
// in order (match_column.c); its patterns cut them into pieces within which no pattern tells values apart, and each piece
// leads to a matrix of the lines that are left, with the parts of its values as columns. What comes first in a matrix and
// looks at nothing more is reached; a matrix without lines is what is missing.
//
// A column whose patterns have no parts, and which is the last, is swept in one go: that is sorting, however many arms
// there are. Matrices met again are not proved again, so the work grows with the number of different ones, and only a
// match whose columns are truly entangled has many. Beyond STEP_LIMIT it is given up.
//
// Memory follows the depth of the proof: each level has arenas that it resets. What answers need outlives them.
#include "sema/body/match.h"

#include <stdlib.h>

enum {
    STEP_LIMIT = 20000000, // cells written and compared, of one match
    DEPTH_LIMIT = 1000, // columns that are looked at one after the other
    MEMO_LIMIT = 32 << 20, // bytes of remembered matrices
    NOBODY = UINT32_MAX,
};

typedef struct Line {
    const TPattern **cells; // NULL matches anything
    uint32_t row;
} Line;

typedef struct Matrix {
    Line *lines;
    uint32_t count;
    Type **types;
    uint32_t columns;
} Matrix;

// Values without a line, as a text for each column.
typedef struct Missing {
    const char **texts[MATCH_MISSING_LIMIT];
    uint32_t count;
    bool has_more;
} Missing;

typedef struct Known {
    const void **key;
    size_t words;
    Missing missing;
    struct Known *next; // of the same hash
} Known;

typedef struct Level {
    Arena *matrix, *piece; // what the matrix in hand needs; what one piece of it leads to
} Level;

typedef struct Prover {
    Sema *sema;
    MatchComplete *complete;
    Arena *arena; // of the proof
    MatchRow *rows;
    uint64_t steps;
    size_t memo_bytes;
    bool gave_up;
    Map known; // hash → Known
    VEC(Level) levels;
} Prover;

static Missing prove(Prover *p, Matrix m, uint32_t depth);

static bool out_of_steps(Prover *p, uint64_t more) {
    p->steps += more;
    if (p->steps > STEP_LIMIT) p->gave_up = true;
    return p->gave_up;
}

static Level *level_of(Prover *p, uint32_t depth) {
    while (p->levels.len <= depth) VEC_PUSH(p->arena, &p->levels, ((Level){arena_create(), arena_create()}));
    return &p->levels.items[depth];
}

// ---- Patterns, without what always matches -----------------------------------------------------------------------------
typedef VEC(TPattern *) PatternList;

static bool add_alternatives(Arena *arena, const TPattern *pattern, PatternList *out);

// NULL when the pattern matches everything. Alternatives in alternatives become one list, and parts that may all be
// anything are left out.
static TPattern *simplify(Arena *arena, const TPattern *pattern) {
    if (!pattern || pattern->kind == PATTERN_ANY || pattern->kind == PATTERN_BIND) return NULL;
    TPattern *out = arena_copy(arena, pattern, sizeof *pattern);
    if (pattern->kind == PATTERN_OR) {
        PatternList list = {0};
        if (!add_alternatives(arena, pattern, &list)) return NULL;
        out->subs = list.items;
        out->sub_count = list.len;
        return out;
    }
    bool has_parts = false;
    out->subs = ARENA_ARRAY(arena, TPattern *, pattern->sub_count + 1);
    for (uint32_t i = 0; i < pattern->sub_count; i++) {
        out->subs[i] = simplify(arena, pattern->subs[i]);
        has_parts |= out->subs[i] != NULL;
    }
    if (has_parts) return out;
    out->sub_count = 0;
    return column_is_single(out) ? NULL : out;
}

// False when one of them matches everything.
static bool add_alternatives(Arena *arena, const TPattern *pattern, PatternList *out) {
    for (uint32_t i = 0; i < pattern->sub_count; i++) {
        const TPattern *sub = pattern->subs[i];
        if (sub && sub->kind == PATTERN_OR) {
            if (!add_alternatives(arena, sub, out)) return false;
            continue;
        }
        TPattern *simple = simplify(arena, sub);
        if (!simple) return false;
        VEC_PUSH(arena, out, simple);
    }
    return true;
}

// ---- Lines -------------------------------------------------------------------------------------------------------------
static bool line_matches_all(const Matrix *m, const Line *line) {
    for (uint32_t i = 0; i < m->columns; i++)
        if (line->cells[i]) return false;
    return true;
}

static bool is_guarded(const Prover *p, const Line *line) { return p->rows[line->row].is_guarded; }

static void reach(Prover *p, const Line *line) { p->rows[line->row].is_reached = true; }

// A line that matches everything is reached when it comes first. With a guard it leaves everything to those after it,
// without one it leaves them nothing.
static void settle_lines(Prover *p, Matrix *m) {
    for (; m->count && is_guarded(p, m->lines) && line_matches_all(m, m->lines); m->lines++, m->count--) {
        reach(p, m->lines);
    }
    for (uint32_t i = 0; i < m->count; i++)
        if (!is_guarded(p, &m->lines[i]) && line_matches_all(m, &m->lines[i])) m->count = i + 1;
}

// Nothing can be missing, and everybody is known to be reached.
static bool has_nothing_to_tell(const Prover *p, const Matrix *m) {
    const Line *last = &m->lines[m->count - 1];
    if (is_guarded(p, last) || !line_matches_all(m, last)) return false;
    for (uint32_t i = 0; i < m->count; i++)
        if (!p->rows[m->lines[i].row].is_reached) return false;
    return true;
}

static bool has_no_values(const Matrix *m) {
    for (uint32_t i = 0; i < m->columns; i++)
        if (m->types[i]->kind == TYPE_ENUM && m->types[i]->variant_count == 0) return true;
    return false;
}

// ---- What is missing ---------------------------------------------------------------------------------------------------
static void missing_add(Missing *out, const char **texts) {
    if (out->count < MATCH_MISSING_LIMIT)
        out->texts[out->count++] = texts;
    else
        out->has_more = true;
}

static Missing missing_everything(Prover *p, uint32_t columns) {
    const char **texts = ARENA_ARRAY(p->arena, const char *, columns + 1);
    for (uint32_t i = 0; i < columns; i++) texts[i] = "_";
    return (Missing){.texts = {texts}, .count = 1};
}

// What is missing behind pieces of a column, `texts` without that column: neighbours that miss the same are one.
typedef struct Gap {
    const Column *column;
    uint32_t at, others; // the column, and how many there are besides
    uint64_t low, high;
    Missing behind;
    bool is_open;
    Missing *out;
} Gap;

static const char **texts_with(Prover *p, const Gap *g, const char *own, const char **others) {
    const char **texts = ARENA_ARRAY(p->arena, const char *, g->others + 1);
    for (uint32_t i = 0; i < g->others; i++) texts[i + (i >= g->at)] = others[i];
    texts[g->at] = own;
    return texts;
}

static void gap_close(Prover *p, Gap *g) {
    if (!g->is_open) return;
    g->is_open = false;
    ColumnTexts texts = {.column = g->column, .next = g->low, .high = g->high};
    const char *text;
    while ((g->out->count < MATCH_MISSING_LIMIT || !g->out->has_more) &&
           (text = column_next_text(&texts, p->arena, p->sema, NULL)))
        for (uint32_t i = 0; i < g->behind.count; i++) missing_add(g->out, texts_with(p, g, text, g->behind.texts[i]));
    g->out->has_more |= g->behind.has_more || (g->low == 0 && column_is_endless(g->column));
}

static bool missing_equal(const Missing *a, const Missing *b, uint32_t columns) {
    if (a->count != b->count || a->has_more || b->has_more) return false;
    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t k = 0; k < columns; k++)
            if (strcmp(a->texts[i][k], b->texts[i][k]) != 0) return false;
    return true;
}

static void gap_add(Prover *p, Gap *g, uint64_t low, uint64_t high, Missing behind) {
    if (behind.count == 0) return;
    if (g->is_open && g->high + 1 == low && missing_equal(&g->behind, &behind, g->others)) {
        g->high = high;
        return;
    }
    gap_close(p, g);
    g->low = low;
    g->high = high;
    g->behind = behind;
    g->is_open = true;
}

// Behind one value with parts: `behind` has the texts of the parts first.
static void gap_add_parts(Prover *p, Gap *g, uint64_t ordinal, uint32_t parts, const Missing *behind) {
    gap_close(p, g);
    for (uint32_t i = 0; i < behind->count; i++) {
        ColumnTexts texts = {.column = g->column, .next = ordinal, .high = ordinal};
        const char *own = column_next_text(&texts, p->arena, p->sema, behind->texts[i]);
        missing_add(g->out, texts_with(p, g, own, behind->texts[i] + parts));
    }
    g->out->has_more |= behind->has_more;
}

// ---- Pieces ------------------------------------------------------------------------------------------------------------
typedef struct Cut {
    Column column;
    uint64_t *starts; // of the pieces, ascending
    uint32_t count;
    bool has_parts;
} Cut;

static int compare_starts(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static uint32_t count_entries(const Matrix *m, uint32_t at) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        const TPattern *cell = m->lines[i].cells[at];
        if (cell) count += cell->kind == PATTERN_OR ? cell->sub_count : 1;
    }
    return count;
}

static void cut_entry(Cut *cut, const TPattern *pattern, uint32_t line) {
    cut->column.entries[cut->column.count++] = (ColumnEntry){.pattern = pattern, .line = line};
    cut->has_parts |= pattern->sub_count > 0;
}

static Cut cut_column(Arena *arena, const Matrix *m, uint32_t at) {
    Cut cut = {.column = {.type = m->types[at]}};
    uint32_t count = count_entries(m, at);
    cut.column.entries = ARENA_ARRAY(arena, ColumnEntry, count + 1);
    for (uint32_t i = 0; i < m->count; i++) {
        const TPattern *cell = m->lines[i].cells[at];
        if (cell && cell->kind == PATTERN_OR)
            for (uint32_t k = 0; k < cell->sub_count; k++) cut_entry(&cut, cell->subs[k], i);
        else if (cell)
            cut_entry(&cut, cell, i);
    }
    column_order(&cut.column);
    uint64_t *starts = ARENA_ARRAY(arena, uint64_t, 2 * (size_t)count + 1);
    uint32_t n = 0;
    starts[n++] = cut.column.min;
    for (uint32_t i = 0; i < cut.column.count; i++) {
        const ColumnEntry *e = &cut.column.entries[i];
        starts[n++] = e->low;
        if (e->high < cut.column.max) starts[n++] = e->high + 1;
    }
    qsort(starts, n, sizeof *starts, compare_starts);
    for (uint32_t i = 0; i < n; i++)
        if (i == 0 || starts[i] != starts[i - 1]) starts[cut.count++] = starts[i];
    cut.starts = starts;
    return cut;
}

static uint64_t piece_end(const Cut *cut, uint32_t i) {
    return i + 1 < cut->count ? cut->starts[i + 1] - 1 : cut->column.max;
}

// ---- The last column, without parts: a sweep ---------------------------------------------------------------------------
// Entries with the smallest line on top; those that ended before the piece in hand are dropped when they come there.
typedef struct Heap {
    const ColumnEntry **items;
    uint32_t len;
} Heap;

static void heap_push(Heap *h, const ColumnEntry *e) {
    uint32_t i = h->len++;
    for (; i > 0 && h->items[(i - 1) / 2]->line > e->line; i = (i - 1) / 2) h->items[i] = h->items[(i - 1) / 2];
    h->items[i] = e;
}

static const ColumnEntry *heap_pop(Heap *h) {
    const ColumnEntry *top = h->items[0], *last = h->items[--h->len];
    uint32_t i = 0;
    for (uint32_t child; (child = 2 * i + 1) < h->len; i = child) {
        if (child + 1 < h->len && h->items[child + 1]->line < h->items[child]->line) child++;
        if (h->items[child]->line >= last->line) break;
        h->items[i] = h->items[child];
    }
    h->items[i] = last;
    return top;
}

// The first line without guard for the values from `low` on.
static uint32_t first_line(Heap *plain, uint64_t low, uint32_t closing) {
    while (plain->len && plain->items[0]->high < low) heap_pop(plain);
    return plain->len ? plain->items[0]->line : closing;
}

static void sweep(Prover *p, const Matrix *m, const Cut *cut, Arena *arena, Gap *gap) {
    const Column *column = &cut->column;
    Heap plain = {ARENA_ARRAY(arena, const ColumnEntry *, column->count + 1), 0};
    Heap guarded = {ARENA_ARRAY(arena, const ColumnEntry *, column->count + 1), 0};
    Missing nothing_else = missing_everything(p, 0);
    uint32_t closing = line_matches_all(m, &m->lines[m->count - 1]) ? m->count - 1 : NOBODY;
    if (closing != NOBODY && is_guarded(p, &m->lines[closing])) closing = NOBODY;
    uint32_t furthest = 0, next = 0; // the last line that values came to
    for (uint32_t i = 0; i < cut->count; i++) {
        uint64_t low = cut->starts[i];
        for (; next < column->count && column->entries[next].low == low; next++) {
            const ColumnEntry *e = &column->entries[next];
            heap_push(is_guarded(p, &m->lines[e->line]) ? &guarded : &plain, e);
        }
        uint32_t first = first_line(&plain, low, closing);
        while (guarded.len && guarded.items[0]->line < first) {
            const ColumnEntry *e = heap_pop(&guarded);
            if (e->high >= low) reach(p, &m->lines[e->line]);
        }
        if (first == NOBODY)
            gap_add(p, gap, low, piece_end(cut, i), nothing_else);
        else
            reach(p, &m->lines[first]);
        if (first > furthest) furthest = first;
    }
    for (uint32_t i = 0; i < m->count && i < furthest; i++)
        if (!m->lines[i].cells[0] && is_guarded(p, &m->lines[i])) reach(p, &m->lines[i]);
}

// ---- Any other column: a matrix for each piece -------------------------------------------------------------------------
// The entries that cover the piece in hand, by line.
typedef struct Active {
    const ColumnEntry **items;
    uint32_t count;
} Active;

static void active_add(Active *a, const ColumnEntry *e) {
    uint32_t i = a->count++;
    for (; i > 0 && a->items[i - 1]->line > e->line; i--) a->items[i] = a->items[i - 1];
    a->items[i] = e;
}

static void active_drop(Active *a, uint64_t low) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->items[i]->high >= low) a->items[kept++] = a->items[i];
    a->count = kept;
}

static void add_line(Arena *arena, Matrix *out, const Matrix *m, uint32_t line, uint32_t at, const TPattern *cell,
                     uint32_t parts) {
    const TPattern **cells = ARENA_ARRAY(arena, const TPattern *, out->columns + 1), **from = m->lines[line].cells;
    for (uint32_t i = 0; i < parts; i++) cells[i] = cell && i < cell->sub_count ? cell->subs[i] : NULL;
    for (uint32_t i = 0, k = parts; i < m->columns; i++)
        if (i != at) cells[k++] = from[i];
    out->lines[out->count++] = (Line){cells, m->lines[line].row};
}

// The lines that values of the piece come to, the parts of the column in its place.
static Matrix piece_matrix(Prover *p, Arena *arena, const Matrix *m, uint32_t at, const Cut *cut, uint64_t ordinal,
                           const Active *active, uint32_t parts) {
    Matrix out = {.columns = m->columns - 1 + parts};
    out.types = ARENA_ARRAY(arena, Type *, out.columns + 1);
    for (uint32_t i = 0; i < parts; i++) {
        out.types[i] = column_part_type(&cut->column, ordinal, i);
        p->complete(p->sema, out.types[i], (Span){0});
    }
    for (uint32_t i = 0, k = parts; i < m->columns; i++)
        if (i != at) out.types[k++] = m->types[i];
    out.lines = ARENA_ARRAY(arena, Line, m->count + active->count + 1);
    uint32_t next = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        if (!m->lines[i].cells[at]) add_line(arena, &out, m, i, at, NULL, parts);
        for (; next < active->count && active->items[next]->line == i; next++)
            add_line(arena, &out, m, i, at, active->items[next]->pattern, parts);
    }
    return out;
}

static uint32_t active_parts(const Cut *cut, const Active *active, uint64_t ordinal) {
    for (uint32_t i = 0; i < active->count; i++)
        if (active->items[i]->pattern->sub_count) return column_part_count(&cut->column, ordinal);
    return 0;
}

static void prove_pieces(Prover *p, const Matrix *m, uint32_t at, const Cut *cut, uint32_t depth, Gap *gap) {
    const Column *column = &cut->column;
    Arena *arena = level_of(p, depth)->piece;
    Active active = {ARENA_ARRAY(level_of(p, depth)->matrix, const ColumnEntry *, column->count + 1), 0};
    Missing unmentioned = {0}; // behind the values that no pattern names
    bool is_asked = false;
    uint32_t next = 0;
    for (uint32_t i = 0; i < cut->count && !p->gave_up; i++) {
        uint64_t low = cut->starts[i];
        active_drop(&active, low);
        for (; next < column->count && column->entries[next].low == low; next++)
            active_add(&active, &column->entries[next]);
        if (active.count == 0 && is_asked) {
            gap_add(p, gap, low, piece_end(cut, i), unmentioned);
            continue;
        }
        uint32_t parts = active_parts(cut, &active, low);
        arena_reset(arena);
        Missing behind = prove(p, piece_matrix(p, arena, m, at, cut, low, &active, parts), depth + 1);
        if (active.count == 0) {
            unmentioned = behind;
            is_asked = true;
        }
        if (parts)
            gap_add_parts(p, gap, low, parts, &behind);
        else
            gap_add(p, gap, low, piece_end(cut, i), behind);
    }
}

static Missing split(Prover *p, const Matrix *m, uint32_t at, uint32_t depth) {
    Missing out = {0};
    Arena *arena = level_of(p, depth)->matrix;
    Cut cut = cut_column(arena, m, at);
    if (out_of_steps(p, cut.count)) return out;
    Gap gap = {.column = &cut.column, .at = at, .others = m->columns - 1, .out = &out};
    if (m->columns == 1 && !cut.has_parts && m->count)
        sweep(p, m, &cut, arena, &gap);
    else
        prove_pieces(p, m, at, &cut, depth, &gap);
    gap_close(p, &gap);
    return out;
}

// ---- Matrices met before -----------------------------------------------------------------------------------------------
static size_t key_words(const Matrix *m) { return 1 + m->columns + (size_t)m->count * (m->columns + 1); }

static const void **key_of(Arena *arena, const Matrix *m) {
    const void **key = ARENA_ARRAY(arena, const void *, key_words(m));
    size_t n = 0;
    key[n++] = (const void *)(uintptr_t)m->columns;
    for (uint32_t i = 0; i < m->columns; i++) key[n++] = m->types[i];
    for (uint32_t i = 0; i < m->count; i++) {
        key[n++] = (const void *)(uintptr_t)m->lines[i].row;
        for (uint32_t k = 0; k < m->columns; k++) key[n++] = m->lines[i].cells[k];
    }
    return key;
}

static const void *key_hash(const void **key, size_t words) {
    return (const void *)(uintptr_t)(hash_bytes(key, words * sizeof *key, 0) | 1);
}

static const Known *known_find(const Prover *p, const void *hash, const void **key, size_t words) {
    for (const Known *k = map_get(&p->known, hash); k; k = k->next)
        if (k->words == words && memcmp(k->key, key, words * sizeof *key) == 0) return k;
    return NULL;
}

static void known_add(Prover *p, const void *hash, const void **key, size_t words, Missing missing) {
    if (p->gave_up || p->memo_bytes + words * sizeof *key > MEMO_LIMIT) return;
    p->memo_bytes += words * sizeof *key;
    Known *k = ARENA_NEW(p->arena, Known);
    *k = (Known){arena_copy(p->arena, key, words * sizeof *key), words, missing, map_get(&p->known, hash)};
    map_put(p->arena, &p->known, hash, k);
}

// ---- The proof ---------------------------------------------------------------------------------------------------------
// A column with one shape of value costs nothing to split; otherwise the one that most lines look at, among those that
// the first line looks at.
static uint32_t choose_column(const Matrix *m) {
    uint32_t best = 0, best_count = 0;
    for (uint32_t i = 0; i < m->columns; i++) {
        if (!m->lines[0].cells[i]) continue;
        if (m->types[i]->kind == TYPE_STRUCT) return i;
        uint32_t count = 0;
        for (uint32_t k = 0; k < m->count; k++) count += m->lines[k].cells[i] != NULL;
        if (count > best_count) best = i, best_count = count;
    }
    return best;
}

static bool column_is_used(const Matrix *m, uint32_t at) {
    for (uint32_t i = 0; i < m->count; i++)
        if (m->lines[i].cells[at]) return true;
    return false;
}

// The matrix without the columns that nobody looks at; `kept` becomes the list of the others.
static Matrix used_columns(Arena *arena, const Matrix *m, uint32_t *kept) {
    Matrix out = {.count = m->count, .types = ARENA_ARRAY(arena, Type *, m->columns + 1)};
    for (uint32_t i = 0; i < m->columns; i++)
        if (column_is_used(m, i)) {
            kept[out.columns] = i;
            out.types[out.columns++] = m->types[i];
        }
    if (out.columns == m->columns) return *m;
    out.lines = ARENA_ARRAY(arena, Line, m->count + 1);
    for (uint32_t i = 0; i < m->count; i++) {
        const TPattern **cells = ARENA_ARRAY(arena, const TPattern *, out.columns + 1);
        for (uint32_t k = 0; k < out.columns; k++) cells[k] = m->lines[i].cells[kept[k]];
        out.lines[i] = (Line){cells, m->lines[i].row};
    }
    return out;
}

static Missing with_unused(Prover *p, Missing missing, const uint32_t *kept, uint32_t kept_count, uint32_t columns) {
    if (kept_count == columns) return missing;
    for (uint32_t i = 0; i < missing.count; i++) {
        const char **texts = missing_everything(p, columns).texts[0];
        for (uint32_t k = 0; k < kept_count; k++) texts[kept[k]] = missing.texts[i][k];
        missing.texts[i] = texts;
    }
    return missing;
}

static Missing prove_used(Prover *p, const Matrix *m, uint32_t depth) {
    if (m->columns == 1) return split(p, m, 0, depth);
    size_t words = key_words(m);
    const void **key = key_of(level_of(p, depth)->matrix, m), *hash = key_hash(key, words);
    const Known *known = known_find(p, hash, key, words);
    if (known) return known->missing;
    Missing missing = split(p, m, choose_column(m), depth);
    known_add(p, hash, key, words, missing);
    return missing;
}

static Missing prove(Prover *p, Matrix m, uint32_t depth) {
    Missing none = {0};
    if (depth > DEPTH_LIMIT) p->gave_up = true;
    if (out_of_steps(p, 8 + (uint64_t)m.count * (m.columns + 1))) return none;
    settle_lines(p, &m);
    bool is_empty = has_no_values(&m);
    if (m.count == 0) return is_empty ? none : missing_everything(p, m.columns);
    if (is_empty) // what comes to a line when nothing can come is not for this proof to say
        for (uint32_t i = 0; i < m.count; i++) reach(p, &m.lines[i]);
    if (has_nothing_to_tell(p, &m) || is_empty) return none;
    if (line_matches_all(&m, m.lines)) {
        reach(p, m.lines);
        return none;
    }
    Arena *arena = level_of(p, depth)->matrix;
    arena_reset(arena);
    uint32_t *kept = ARENA_ARRAY(arena, uint32_t, m.columns + 1);
    Matrix used = used_columns(arena, &m, kept);
    return with_unused(p, prove_used(p, &used, depth), kept, used.columns, m.columns);
}

// Where no pattern looks at the subject, its variants say more than that everything is missing.
static bool is_told_by_variants(const Matrix *m) {
    const Type *t = m->types[0];
    return !column_is_used(m, 0) &&
           (t->kind == TYPE_ENUM || t->kind == TYPE_OPTIONAL || t->kind == TYPE_BOOL || t->kind == TYPE_ERROR_SET);
}

static Matrix matrix_of(Prover *p, Type **subject, uint32_t count) {
    Matrix m = {ARENA_ARRAY(p->arena, Line, count + 1), count, subject, 1};
    for (uint32_t i = 0; i < count; i++) {
        const TPattern **cells = ARENA_ARRAY(p->arena, const TPattern *, 1);
        cells[0] = simplify(p->arena, p->rows[i].pattern);
        m.lines[i] = (Line){cells, i};
    }
    return m;
}

MatchProof match_prove(Sema *s, MatchComplete *complete, Arena *arena, Type *subject, MatchRow *rows, uint32_t count) {
    Prover p = {.sema = s, .complete = complete, .arena = arena, .rows = rows};
    Matrix m = matrix_of(&p, &subject, count);
    settle_lines(&p, &m);
    bool is_closed = m.count && !is_guarded(&p, &m.lines[m.count - 1]) && line_matches_all(&m, &m.lines[m.count - 1]);
    bool by_variants = is_told_by_variants(&m) && !has_no_values(&m) && !is_closed;
    Missing missing = by_variants ? split(&p, &m, 0, 0) : prove(&p, m, 0);
    MatchProof proof = {.gave_up = p.gave_up && !is_closed};
    if (p.gave_up)
        for (uint32_t i = 0; i < m.count; i++) reach(&p, &m.lines[i]);
    if (!p.gave_up) proof.missing_count = missing.count, proof.has_more = missing.has_more;
    for (uint32_t i = 0; i < proof.missing_count; i++) proof.missing[i] = missing.texts[i][0];
    for (uint32_t i = 0; i < p.levels.len; i++) {
        arena_destroy(p.levels.items[i].matrix);
        arena_destroy(p.levels.items[i].piece);
    }
    return proof;
}
