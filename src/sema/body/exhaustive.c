// Is a match complete, and can each of its arms be reached? Both questions are asked of a matrix: one row per arm
// without guard, one column per place still to be looked at (Maranget, "Warnings for pattern matching", 2007). Looking
// at the first column splits its type into heads: the variants of an enum, null and Some, the fields of a struct, the
// disjoint ranges an integer's patterns cut its type into, the errors of a closed set, each text mentioned. Heads no
// row mentions are alike, so they are followed once, through the rows that match anything.
//
// All memory is an arena of its own. The work is bounded: beyond STEP_LIMIT the match counts as too entangled to prove
// and an `else` arm is asked for.
#include "sema/body/body.h"
#include "sema/body/failures.h"

#include <inttypes.h>

enum {
    STEP_LIMIT = 2000000, // of one question
    TOTAL_LIMIT = 20000000, // of one match; arms after it are taken to be reached
    WITNESS_LIMIT = 3,
};

// One alternative of a column's type. Integers are ordered by a key that makes signed and unsigned compare alike.
typedef struct Head {
    enum {
        HEAD_BOOL,
        HEAD_VARIANT,
        HEAD_NULL,
        HEAD_SOME,
        HEAD_STRUCT,
        HEAD_RANGE,
        HEAD_ERROR,
        HEAD_TEXT,
        HEAD_REAL
    } kind;
    uint64_t low, high; // BOOL, RANGE: keys; VARIANT: index; ERROR: the code
    Str text;
    double real;
} Head;

typedef struct Row {
    TPattern **cells; // NULL matches anything
} Row;

typedef struct Matrix {
    VEC(Row) rows;
} Matrix;

typedef VEC(Head) HeadList;
typedef VEC(const char *) WitnessCells;
typedef VEC(const char **) Witnesses; // each: one text per column

typedef struct Solver {
    Arena *arena;
    Context *c;
    uint64_t steps, total;
    bool exhausted;
} Solver;

static bool out_of_steps(Solver *s) {
    if (s->steps > STEP_LIMIT) s->exhausted = true;
    return s->exhausted;
}

// ---- Heads -------------------------------------------------------------------------------------------------------------
static bool is_wild(const TPattern *p) { return !p || p->kind == PATTERN_ANY || p->kind == PATTERN_BIND; }

static uint64_t int_key(const Type *t, uint64_t bits) { return type_is_signed(t) ? bits ^ ((uint64_t)1 << 63) : bits; }

static uint64_t int_min_key(const Type *t) {
    return type_is_signed(t) ? int_key(t, ~(uint64_t)0 << (type_bits(t) - 1)) : 0;
}

static uint64_t int_max_key(const Type *t) {
    unsigned bits = type_bits(t);
    if (type_is_signed(t)) return int_key(t, ((uint64_t)1 << (bits - 1)) - 1);
    return bits >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << bits) - 1;
}

static Head head_of(Solver *s, const TPattern *p) {
    Head h = {0};
    switch (p->kind) {
    case PATTERN_NULL: h.kind = HEAD_NULL; break;
    case PATTERN_SOME: h.kind = HEAD_SOME; break;
    case PATTERN_VARIANT: h.kind = HEAD_VARIANT, h.low = p->index; break;
    case PATTERN_STRUCT: h.kind = HEAD_STRUCT; break;
    case PATTERN_RANGE:
        h.kind = HEAD_RANGE;
        h.low = int_key(p->type, p->value->bits);
        h.high = int_key(p->type, p->high->bits) - (p->inclusive ? 0 : 1);
        break;
    case PATTERN_ERROR: h.kind = HEAD_ERROR, h.low = p->value->bits; break;
    case PATTERN_CONST:
        if (p->value->kind == CONST_STR)
            h.kind = HEAD_TEXT, h.text = p->value->bytes;
        else if (p->value->kind == CONST_FLOAT)
            h.kind = HEAD_REAL, h.real = p->value->real;
        else if (p->type->kind == TYPE_BOOL)
            h.kind = HEAD_BOOL, h.low = p->value->bits != 0;
        else
            h.kind = HEAD_RANGE, h.low = h.high = int_key(p->type, p->value->bits);
        break;
    default: ICE("pattern kind %d has no head", (int)p->kind);
    }
    (void)s;
    return h;
}

static bool head_equal(const Head *a, const Head *b) {
    if (a->kind != b->kind) return false;
    if (a->kind == HEAD_TEXT) return str_equal(a->text, b->text);
    if (a->kind == HEAD_REAL) return a->real == b->real;
    return a->low == b->low;
}

// Does every value of `piece` fit the pattern with head `h`? Ranges were cut so that a piece lies inside or outside.
static bool head_covers(const Head *h, const Head *piece) {
    if (h->kind != piece->kind) return false;
    if (h->kind == HEAD_RANGE) return h->low <= piece->low && piece->high <= h->high;
    return head_equal(h, piece);
}

static uint32_t head_arity(const Type *t, const Head *h) {
    switch (h->kind) {
    case HEAD_SOME: return 1;
    case HEAD_VARIANT: return t->variants[h->low].field_count;
    case HEAD_STRUCT: return t->field_count;
    default: return 0;
    }
}

static Type *head_part(Type *t, const Head *h, uint32_t i) {
    switch (h->kind) {
    case HEAD_SOME: return t->element;
    case HEAD_VARIANT: return t->variants[h->low].fields[i].type;
    default: return t->fields[i].type;
    }
}

static void heads_add(Solver *s, HeadList *list, Head h) {
    for (uint32_t i = 0; i < list->len; i++)
        if (head_equal(&list->items[i], &h) && (h.kind != HEAD_RANGE || list->items[i].high == h.high)) return;
    VEC_PUSH(s->arena, list, h);
}

static void heads_sort(HeadList *list) {
    for (uint32_t i = 1; i < list->len; i++) {
        Head h = list->items[i];
        uint32_t k = i;
        for (; k > 0 && list->items[k - 1].low > h.low; k--) list->items[k] = list->items[k - 1];
        list->items[k] = h;
    }
}

// Cuts the type's whole range at the ends of all ranges used.
static void cut_ranges(Solver *s, const Type *t, const HeadList *used, HeadList *pieces) {
    VEC(uint64_t) starts = {0};
    uint64_t min = int_min_key(t), max = int_max_key(t);
    VEC_PUSH(s->arena, &starts, min);
    for (uint32_t i = 0; i < used->len; i++) {
        VEC_PUSH(s->arena, &starts, used->items[i].low);
        if (used->items[i].high < max) VEC_PUSH(s->arena, &starts, used->items[i].high + 1);
        s->steps++;
    }
    for (uint32_t i = 1; i < starts.len; i++) {
        uint64_t v = starts.items[i];
        uint32_t k = i;
        for (; k > 0 && starts.items[k - 1] > v; k--) starts.items[k] = starts.items[k - 1];
        starts.items[k] = v;
    }
    for (uint32_t i = 0; i < starts.len; i++) {
        if (i > 0 && starts.items[i] == starts.items[i - 1]) continue;
        uint32_t next = i + 1;
        while (next < starts.len && starts.items[next] == starts.items[i]) next++;
        Head piece = {
            .kind = HEAD_RANGE, .low = starts.items[i], .high = next < starts.len ? starts.items[next] - 1 : max};
        VEC_PUSH(s->arena, pieces, piece);
    }
}

// The column's heads: `used` as the rows mention them, `all` cut to disjoint ones. `open` when values exist beyond
// `all`.
static void column_heads(Solver *s, Type *t, const HeadList *used, HeadList *all, bool *open) {
    *open = false;
    switch (t->kind) {
    case TYPE_BOOL:
        for (uint64_t i = 0; i < 2; i++) VEC_PUSH(s->arena, all, ((Head){.kind = HEAD_BOOL, .low = i}));
        return;
    case TYPE_ENUM:
        for (uint32_t i = 0; i < t->variant_count; i++)
            VEC_PUSH(s->arena, all, ((Head){.kind = HEAD_VARIANT, .low = i}));
        return;
    case TYPE_OPTIONAL:
        VEC_PUSH(s->arena, all, (Head){.kind = HEAD_NULL});
        VEC_PUSH(s->arena, all, (Head){.kind = HEAD_SOME});
        return;
    case TYPE_STRUCT: VEC_PUSH(s->arena, all, (Head){.kind = HEAD_STRUCT}); return;
    case TYPE_ERROR_SET:
        for (uint32_t i = 0; i < used->len; i++) VEC_PUSH(s->arena, all, used->items[i]);
        *open = !t->decl || used->len < t->variant_count;
        return;
    default:
        if (type_is_int(t)) {
            cut_ranges(s, t, used, all);
            return;
        }
        for (uint32_t i = 0; i < used->len; i++) VEC_PUSH(s->arena, all, used->items[i]);
        *open = true;
    }
}

// ---- Matrices ----------------------------------------------------------------------------------------------------------
// Writes alternatives in the first column out as rows of their own.
static void add_expanded(Solver *s, Matrix *m, TPattern **cells, uint32_t columns) {
    if (columns > 0 && cells[0] && cells[0]->kind == PATTERN_OR) {
        for (uint32_t i = 0; i < cells[0]->sub_count; i++) {
            TPattern **copy = ARENA_ARRAY(s->arena, TPattern *, columns);
            memcpy(copy, cells, sizeof(*copy) * columns);
            copy[0] = cells[0]->subs[i];
            add_expanded(s, m, copy, columns);
        }
        return;
    }
    s->steps += 8 + columns; // memory counts, not only time
    VEC_PUSH(s->arena, &m->rows, (Row){cells});
}

static TPattern **specialise(Solver *s, TPattern **cells, uint32_t columns, uint32_t arity) {
    TPattern **out = ARENA_ARRAY(s->arena, TPattern *, columns - 1 + arity + 1);
    const TPattern *first = cells[0];
    for (uint32_t i = 0; i < arity; i++) out[i] = !is_wild(first) && i < first->sub_count ? first->subs[i] : NULL;
    for (uint32_t i = 1; i < columns; i++) out[arity + i - 1] = cells[i];
    return out;
}

static Matrix matrix_for_head(Solver *s, const Matrix *m, uint32_t columns, const Type *t, const Head *h) {
    Matrix out = {0};
    uint32_t arity = head_arity(t, h);
    for (uint32_t i = 0; i < m->rows.len; i++) {
        TPattern **cells = m->rows.items[i].cells;
        s->steps++;
        if (!is_wild(cells[0])) {
            Head own = head_of(s, cells[0]);
            if (!head_covers(&own, h)) continue;
        }
        add_expanded(s, &out, specialise(s, cells, columns, arity), columns - 1 + arity);
    }
    return out;
}

static Matrix matrix_default(Solver *s, const Matrix *m, uint32_t columns) {
    Matrix out = {0};
    for (uint32_t i = 0; i < m->rows.len; i++) {
        s->steps++;
        if (is_wild(m->rows.items[i].cells[0]))
            add_expanded(s, &out, specialise(s, m->rows.items[i].cells, columns, 0), columns - 1);
    }
    return out;
}

static HeadList matrix_heads(Solver *s, const Matrix *m) {
    HeadList used = {0};
    for (uint32_t i = 0; i < m->rows.len && !out_of_steps(s); i++)
        if (!is_wild(m->rows.items[i].cells[0])) {
            s->steps += used.len / 8 + 1;
            heads_add(s, &used, head_of(s, m->rows.items[i].cells[0]));
        }
    if (used.len && used.items[0].kind == HEAD_RANGE) heads_sort(&used);
    return used;
}

static bool any_covers(const HeadList *used, const Head *h) {
    for (uint32_t i = 0; i < used->len; i++)
        if (head_covers(&used->items[i], h)) return true;
    return false;
}

static Type **types_for_head(Solver *s, Type **types, uint32_t columns, const Head *h) {
    uint32_t arity = head_arity(types[0], h);
    Type **out = ARENA_ARRAY(s->arena, Type *, columns + arity);
    for (uint32_t i = 0; i < arity; i++) {
        out[i] = head_part(types[0], h, i);
        type_complete(s->c->sema, out[i], (Span){0});
    }
    for (uint32_t i = 1; i < columns; i++) out[arity + i - 1] = types[i];
    return out;
}

// ---- What is missing ---------------------------------------------------------------------------------------------------
static const char *int_text(Solver *s, const Type *t, uint64_t key) {
    if (type_is_signed(t)) return arena_printf(s->arena, "%" PRId64, (int64_t)(key ^ ((uint64_t)1 << 63)));
    return arena_printf(s->arena, "%" PRIu64, key);
}

static const char *head_text(Solver *s, const Type *t, const Head *h, const char **parts) {
    switch (h->kind) {
    case HEAD_BOOL: return h->low ? "true" : "false";
    case HEAD_NULL: return "null";
    case HEAD_SOME: return arena_printf(s->arena, "Some(%s)", parts[0]);
    case HEAD_RANGE:
        if (h->low == h->high) return int_text(s, t, h->low);
        if (h->high == int_max_key(t)) return arena_printf(s->arena, "%s..", int_text(s, t, h->low));
        return arena_printf(s->arena, "%s..%s", int_text(s, t, h->low), int_text(s, t, h->high));
    case HEAD_VARIANT:
    case HEAD_STRUCT: {
        bool is_variant = h->kind == HEAD_VARIANT;
        const Field *fields = is_variant ? t->variants[h->low].fields : t->fields;
        uint32_t count = head_arity(t, h);
        const char *name = is_variant ? t->variants[h->low].name->text : t->decl ? t->decl->name->text : "";
        bool braces = !is_variant || t->variants[h->low].has_fields;
        const char *text = arena_printf(s->arena, "%s%s%s", is_variant ? "." : "", name,
                                        count == 0 ? ""
                                        : braces   ? " { "
                                                   : "(");
        bool rest = false, first = true;
        for (uint32_t i = 0; i < count; i++) {
            if (braces && strcmp(parts[i], "_") == 0) {
                rest = true;
                continue;
            }
            if (braces)
                text = arena_printf(s->arena, "%s%s%s: %s", text, first ? "" : ", ",
                                    fields[i].name ? fields[i].name->text : "_", parts[i]);
            else
                text = arena_printf(s->arena, "%s%s%s", text, first ? "" : ", ", parts[i]);
            first = false;
        }
        if (rest) text = arena_printf(s->arena, "%s%s..", text, first ? "" : ", ");
        return count == 0 ? text : arena_printf(s->arena, "%s%s", text, braces ? " }" : ")");
    }
    case HEAD_ERROR: {
        Sema *sema = s->c->sema;
        return h->low < sema->error_names.len ? arena_printf(s->arena, ".%s", sema->error_names.items[h->low]->text)
                                              : "_";
    }
    default: return "_";
    }
}

static void witness_add(Solver *s, Witnesses *out, const char *first, const char **rest, uint32_t rest_count) {
    if (out->len >= WITNESS_LIMIT) return;
    const char **cells = ARENA_ARRAY(s->arena, const char *, rest_count + 1);
    cells[0] = first;
    for (uint32_t i = 0; i < rest_count; i++) cells[i + 1] = rest[i];
    VEC_PUSH(s->arena, out, cells);
}

// Names for the values no head of `all` stands for.
static void open_texts(Solver *s, const Type *t, const HeadList *used, WitnessCells *out) {
    if (t->kind == TYPE_ERROR_SET && t->decl) {
        for (uint32_t i = 0; i < t->variant_count && out->len < WITNESS_LIMIT; i++) {
            bool is_used = false;
            for (uint32_t k = 0; k < used->len; k++)
                is_used |= used->items[k].low == (uint64_t)t->variants[i].discriminant;
            if (!is_used) VEC_PUSH(s->arena, out, arena_printf(s->arena, ".%s", t->variants[i].name->text));
        }
        return;
    }
    VEC_PUSH(s->arena, out, "_");
}

static void find_missing(Solver *s, const Matrix *m, Type **types, uint32_t columns, Witnesses *out, uint32_t depth) {
    s->steps++;
    if (out_of_steps(s)) return;
    if (depth > 200) {
        s->exhausted = true;
        return;
    }
    if (columns == 0) {
        if (m->rows.len == 0) VEC_PUSH(s->arena, out, ARENA_ARRAY(s->arena, const char *, 1));
        return;
    }
    Type *t = types[0];
    HeadList used = matrix_heads(s, m), all = {0};
    if (used.len == 0 && !(t->kind == TYPE_ENUM && t->variant_count == 0)) {
        // Nobody looks at this column. At the very top the heads are more telling than `_`.
        bool top =
            columns == 1 && depth == 0 &&
            (t->kind == TYPE_ENUM || t->kind == TYPE_OPTIONAL || t->kind == TYPE_BOOL || t->kind == TYPE_ERROR_SET);
        if (!top) {
            Matrix rest = matrix_default(s, m, columns);
            Witnesses sub = {0};
            find_missing(s, &rest, types + 1, columns - 1, &sub, depth + 1);
            for (uint32_t i = 0; i < sub.len; i++) witness_add(s, out, "_", sub.items[i], columns - 1);
            return;
        }
    }
    bool open;
    column_heads(s, t, &used, &all, &open);
    if (out_of_steps(s)) return;
    Matrix rest = matrix_default(s, m, columns);
    Witnesses beyond = {0}; // what the rows that match any head leave open in the other columns
    bool has_unused = open;
    for (uint32_t i = 0; i < all.len && !has_unused; i++) has_unused = !any_covers(&used, &all.items[i]);
    if (has_unused) find_missing(s, &rest, types + 1, columns - 1, &beyond, depth + 1);
    if (open && beyond.len > 0) {
        WitnessCells texts = {0};
        open_texts(s, t, &used, &texts);
        for (uint32_t k = 0; k < texts.len; k++) witness_add(s, out, texts.items[k], beyond.items[0], columns - 1);
    }
    for (uint32_t i = 0; i < all.len && out->len < WITNESS_LIMIT && !out_of_steps(s); i++) {
        const Head *h = &all.items[i];
        uint32_t arity = head_arity(t, h);
        if (any_covers(&used, h)) {
            Matrix inner = matrix_for_head(s, m, columns, t, h);
            Witnesses sub = {0};
            find_missing(s, &inner, types_for_head(s, types, columns, h), columns - 1 + arity, &sub, depth + 1);
            for (uint32_t k = 0; k < sub.len; k++)
                witness_add(s, out, head_text(s, t, h, sub.items[k]), sub.items[k] + arity, columns - 1);
        } else if (beyond.len > 0) {
            const char **parts = ARENA_ARRAY(s->arena, const char *, arity + 1);
            for (uint32_t k = 0; k < arity; k++) parts[k] = "_";
            witness_add(s, out, head_text(s, t, h, parts), beyond.items[0], columns - 1);
        }
    }
}

// The pieces of a pattern's own head: itself, or a range cut where the rows' ranges within it end.
static void own_pieces(Solver *s, const Matrix *m, const Type *t, Head own, HeadList *pieces) {
    if (own.kind != HEAD_RANGE || own.low == own.high) {
        VEC_PUSH(s->arena, pieces, own);
        return;
    }
    HeadList used = {0}, cut = {0};
    VEC_PUSH(s->arena, &used, own);
    for (uint32_t i = 0; i < m->rows.len; i++) {
        s->steps++;
        if (is_wild(m->rows.items[i].cells[0])) continue;
        Head h = head_of(s, m->rows.items[i].cells[0]);
        if (h.high < own.low || h.low > own.high) continue;
        if (h.low < own.low) h.low = own.low;
        if (h.high > own.high) h.high = own.high;
        VEC_PUSH(s->arena, &used, h);
    }
    if (used.len > 4000) {
        s->exhausted = true;
        return;
    }
    cut_ranges(s, t, &used, &cut);
    for (uint32_t i = 0; i < cut.len; i++)
        if (head_covers(&own, &cut.items[i])) VEC_PUSH(s->arena, pieces, cut.items[i]);
}

// ---- What is never reached ---------------------------------------------------------------------------------------------
static bool is_useful(Solver *s, const Matrix *m, TPattern **cells, Type **types, uint32_t columns, uint32_t depth) {
    s->steps++;
    if (out_of_steps(s) || depth > 200) return true;
    if (columns == 0) return m->rows.len == 0;
    if (m->rows.len == 0) return true;
    TPattern *first = cells[0];
    if (first && first->kind == PATTERN_OR) {
        for (uint32_t i = 0; i < first->sub_count; i++) {
            TPattern **copy = ARENA_ARRAY(s->arena, TPattern *, columns);
            memcpy(copy, cells, sizeof(*copy) * columns);
            copy[0] = first->subs[i];
            if (is_useful(s, m, copy, types, columns, depth + 1)) return true;
        }
        return false;
    }
    Type *t = types[0];
    bool wild = is_wild(first), open = false;
    HeadList used = {0}, all = {0};
    if (wild) {
        used = matrix_heads(s, m);
        if (used.len == 0) {
            Matrix rest = matrix_default(s, m, columns);
            return is_useful(s, &rest, cells + 1, types + 1, columns - 1, depth + 1);
        }
        column_heads(s, t, &used, &all, &open);
    } else
        own_pieces(s, m, t, head_of(s, first), &all);
    bool rest_asked = false;
    for (uint32_t i = 0; i < all.len; i++) {
        const Head *h = &all.items[i];
        if (out_of_steps(s)) return true;
        if (wild && !any_covers(&used, h)) {
            rest_asked = true;
            continue;
        }
        uint32_t arity = head_arity(t, h);
        Matrix inner = matrix_for_head(s, m, columns, t, h);
        if (is_useful(s, &inner, specialise(s, cells, columns, arity), types_for_head(s, types, columns, h),
                      columns - 1 + arity, depth + 1))
            return true;
    }
    if (!wild || !(open || rest_asked)) return false;
    Matrix rest = matrix_default(s, m, columns);
    return is_useful(s, &rest, cells + 1, types + 1, columns - 1, depth + 1);
}

// A frequent surprise: a constant's bare name, which binds instead of comparing.
static void note_shadowed_constant(Solver *s, Diag *d, const TArm *arms, const TArm *end) {
    for (const TArm *arm = arms; arm < end; arm++) {
        if (arm->guard || arm->pattern->kind != PATTERN_BIND) continue;
        const Name *name = arm->pattern->local->name;
        Decl *decl = name ? module_lookup(s->c->sema, s->c->module, name) : NULL;
        if (!decl || decl->kind != DECL_CONST) continue;
        diag_note(s->c->sema->diags, d, arm->pattern->span,
                  "`%s` here is a new name for any value; compare with the constant in a guard: `x when x == %s`",
                  name->text, name->text);
        return;
    }
}

// Reports each top-level alternative no value can reach. The pattern's rows are added unless the arm has a guard.
static void check_arm_reached(Solver *s, Matrix *m, Type **types, const TArm *arms, const TArm *arm) {
    uint32_t count = arm->pattern->kind == PATTERN_OR ? arm->pattern->sub_count : 1;
    for (uint32_t i = 0; i < count; i++) {
        TPattern **cells = ARENA_ARRAY(s->arena, TPattern *, 1);
        cells[0] = arm->pattern->kind == PATTERN_OR ? arm->pattern->subs[i] : arm->pattern;
        if (m->rows.len > 0 && s->total < TOTAL_LIMIT && !is_useful(s, m, cells, types, 1, 0)) {
            Diag *d = context_error(s->c, DIAG_E2022, cells[0]->span, "this pattern is never reached");
            diag_note(s->c->sema->diags, d, (Span){0}, "the arms before it match every value it could");
            note_shadowed_constant(s, d, arms, arm);
        }
        if (!arm->guard) add_expanded(s, m, cells, 1);
    }
}

// A match on an error of open type: it is complete when its arms name all the errors that can be there. True when that
// was to be decided here: it is, or what is missing has been reported.
static bool check_open_errors(Solver *s, const Matrix *m, const Type *subject, const Failures *failures,
                              Span match_span) {
    Context *c = s->c;
    if (subject != type_any_error(c->sema->types)) return false;
    FailureList errors = {0};
    FuncInst *unfinished;
    FailureAnswer answer = failures_resolve(c, failures, &errors, &unfinished);
    if (answer == FAILURES_UNKNOWN) return false;
    if (answer == FAILURES_BROKEN) return true;
    if (answer == FAILURES_UNFINISHED) {
        failures_report_unfinished(c, DIAG_E2009, unfinished, match_span, "end the match with an `else` arm");
        return true;
    }
    HeadList used = matrix_heads(s, m);
    StrBuf list = {0};
    uint32_t missing = 0;
    for (uint32_t i = 0; i < errors.len; i++) {
        Head h = {.kind = HEAD_ERROR, .low = errors.items[i].code};
        if (any_covers(&used, &h)) continue;
        if (++missing > WITNESS_LIMIT) break;
        strbuf_printf(&list, "%s`%s.%s`", missing > 1 ? ", " : "", errors.items[i].set->decl->name->text,
                      c->sema->error_names.items[h.low]->text);
    }
    if (missing) {
        Diag *d = context_error(c, DIAG_E2009, match_span, "this match does not cover %s%s",
                                str_c(s->arena, strbuf_str(&list)), missing > WITNESS_LIMIT ? " and more" : "");
        diag_note(c->sema->diags, d, (Span){0}, "add the missing arms, or an `else` arm");
    }
    strbuf_free(&list);
    return true;
}

void check_exhaustive(Context *c, Type *subject, const Failures *failures, TArm *arms, uint32_t count,
                      Span match_span) {
    if (type_is_error(subject)) return;
    Solver s = {.arena = arena_create(), .c = c};
    Type **types = ARENA_ARRAY(s.arena, Type *, 1);
    types[0] = subject;
    Matrix m = {0};
    bool closed = false; // an arm that matches everything
    for (uint32_t i = 0; i < count; i++) {
        check_arm_reached(&s, &m, types, arms, &arms[i]);
        if (!arms[i].guard && is_wild(arms[i].pattern)) closed = true;
        s.total += s.steps;
        s.steps = 0;
        s.exhausted = false;
    }
    Witnesses missing = {0};
    s.exhausted = false;
    if (!closed && check_open_errors(&s, &m, subject, failures, match_span)) closed = true;
    if (!closed) find_missing(&s, &m, types, 1, &missing, 0);
    if (s.exhausted && !closed) {
        Diag *d =
            context_error(c, DIAG_E2009, match_span, "this match is too entangled to prove that it is exhaustive");
        diag_note(c->sema->diags, d, (Span){0}, "end it with an `else` arm");
    } else if (missing.len > 0) {
        StrBuf list = {0};
        for (uint32_t i = 0; i < missing.len; i++)
            strbuf_printf(&list, "%s`%s`", i == 0 ? "" : i + 1 == missing.len ? " and " : ", ", missing.items[i][0]);
        bool unnamed = strcmp(missing.items[0][0], "_") == 0;
        bool open = subject == type_any_error(c->sema->types);
        Diag *d =
            open ? context_error(c, DIAG_E2009, match_span, "this match does not cover every error that can come here")
            : unnamed ? context_error(c, DIAG_E2009, match_span, "this match does not cover every value of `%s`",
                                      show(c, subject))
                      : context_error(c, DIAG_E2009, match_span, "this match does not cover %s",
                                      str_c(c->sema->arena, strbuf_str(&list)));
        diag_note(c->sema->diags, d, (Span){0},
                  open ? "which ones is not known: they come from a parameter, a field, a variable or a call through a "
                         "value; add an `else` arm"
                       : "add the missing arms, or an `else` arm");
        strbuf_free(&list);
    }
    arena_destroy(s.arena);
}
