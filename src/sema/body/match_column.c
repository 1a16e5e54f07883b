// What one column of a match's matrix looks at: a type whose values stand in order, and patterns that each cover a
// stretch of them. Everything the proof needs of a type is here: how its values are ordered, which parts they have and
// how they are written in a message.
#include "sema/body/match.h"

#include <inttypes.h>
#include <stdlib.h>

enum { TEXT_SHOWN = 200 }; // bytes of a text that a message repeats

// ---- Ordinals ----------------------------------------------------------------------------------------------------------
static uint64_t int_ordinal(const Type *t, uint64_t bits) {
    return type_is_signed(t) ? bits ^ ((uint64_t)1 << 63) : bits;
}

static uint64_t int_first(const Type *t) {
    return type_is_signed(t) ? int_ordinal(t, ~(uint64_t)0 << (type_bits(t) - 1)) : 0;
}

static uint64_t int_last(const Type *t) {
    unsigned bits = type_bits(t);
    if (type_is_signed(t)) return int_ordinal(t, ((uint64_t)1 << (bits - 1)) - 1);
    return bits >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << bits) - 1;
}

static void range_ordinals(const TPattern *p, uint64_t *low, uint64_t *high) {
    *low = int_ordinal(p->type, p->value->bits);
    *high = *low;
    if (p->kind == PATTERN_RANGE) *high = int_ordinal(p->type, p->high->bits) - (p->inclusive ? 0 : 1);
}

bool column_is_single(const TPattern *p) {
    if (p->kind == PATTERN_STRUCT) return true;
    if (p->kind == PATTERN_VARIANT) return p->type->variant_count == 1;
    if (p->kind != PATTERN_RANGE) return false;
    uint64_t low, high;
    range_ordinals(p, &low, &high);
    return low == int_first(p->type) && high == int_last(p->type);
}

// Where the entry's pattern stands; false when no value of the type fits it.
static bool entry_place(const Type *t, ColumnEntry *e) {
    const TPattern *p = e->pattern;
    switch (p->kind) {
    case PATTERN_NULL:
    case PATTERN_STRUCT: e->low = e->high = 0; return true;
    case PATTERN_SOME: e->low = e->high = 1; return true;
    case PATTERN_VARIANT: e->low = e->high = p->index; return true;
    case PATTERN_CONST:
        if (t->kind == TYPE_BOOL) e->low = e->high = p->value->bits != 0;
        if (type_is_int(t)) range_ordinals(p, &e->low, &e->high);
        return t->kind != TYPE_ENUM;
    case PATTERN_RANGE: range_ordinals(p, &e->low, &e->high); return true;
    case PATTERN_ERROR: return true;
    default: ICE("pattern kind %d stands for no values", (int)p->kind);
    }
}

static int compare_numbers(double a, double b) {
    if (a != a || b != b) return (a != a) - (b != b);
    return a < b ? -1 : a > b;
}

static int compare_consts(const ConstValue *a, const ConstValue *b) {
    if (a->kind == CONST_FLOAT) return compare_numbers(a->real, b->real);
    if (a->kind != CONST_STR) return a->bits < b->bits ? -1 : a->bits > b->bits;
    size_t shared = a->bytes.len < b->bytes.len ? a->bytes.len : b->bytes.len;
    int order = shared ? memcmp(a->bytes.ptr, b->bytes.ptr, shared) : 0;
    return order ? order : a->bytes.len < b->bytes.len ? -1 : a->bytes.len > b->bytes.len;
}

static int compare_values(const void *left, const void *right) {
    return compare_consts(((const ColumnEntry *)left)->pattern->value, ((const ColumnEntry *)right)->pattern->value);
}

static int compare_places(const void *left, const void *right) {
    const ColumnEntry *a = left, *b = right;
    if (a->low != b->low) return a->low < b->low ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static void rank_values(Column *column) {
    ColumnEntry *entries = column->entries;
    qsort(entries, column->count, sizeof *entries, compare_values);
    for (uint32_t i = 0; i < column->count; i++) {
        bool is_new = i == 0 || compare_values(&entries[i - 1], &entries[i]) != 0;
        entries[i].low = entries[i].high = i == 0 ? 1 : entries[i - 1].low + is_new;
    }
    const Type *t = column->type;
    column->max = column->count ? entries[column->count - 1].low : 0;
    bool all_named = t->kind == TYPE_ERROR_SET && t->decl && column->max == t->variant_count;
    column->min = all_named && column->max > 0;
}

static uint64_t last_ordinal(const Type *t) {
    switch (t->kind) {
    case TYPE_BOOL:
    case TYPE_OPTIONAL: return 1;
    case TYPE_ENUM: return t->variant_count - 1;
    case TYPE_STRUCT: return 0;
    default: return int_last(t);
    }
}

static bool type_is_ordered(const Type *t) {
    return t->kind == TYPE_BOOL || t->kind == TYPE_OPTIONAL || t->kind == TYPE_ENUM || t->kind == TYPE_STRUCT ||
           type_is_int(t);
}

void column_order(Column *column) {
    const Type *t = column->type;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < column->count; i++)
        if (entry_place(t, &column->entries[i])) column->entries[kept++] = column->entries[i];
    column->count = kept;
    column->is_ranked = !type_is_ordered(t);
    if (column->is_ranked) {
        if (kept) rank_values(column);
    } else {
        column->min = type_is_int(t) ? int_first(t) : 0;
        column->max = last_ordinal(t);
    }
    if (kept) qsort(column->entries, kept, sizeof *column->entries, compare_places);
}

bool column_is_endless(const Column *column) {
    return type_is_float(column->type) || (column->type->kind == TYPE_SLICE && column->is_ranked && column->count);
}

// ---- Parts -------------------------------------------------------------------------------------------------------------
uint32_t column_part_count(const Column *column, uint64_t ordinal) {
    const Type *t = column->type;
    switch (t->kind) {
    case TYPE_OPTIONAL: return ordinal == 1;
    case TYPE_ENUM: return t->variants[ordinal].field_count;
    case TYPE_STRUCT: return t->field_count;
    default: return 0;
    }
}

Type *column_part_type(const Column *column, uint64_t ordinal, uint32_t part) {
    const Type *t = column->type;
    if (t->kind == TYPE_OPTIONAL) return t->element;
    return t->kind == TYPE_ENUM ? t->variants[ordinal].fields[part].type : t->fields[part].type;
}

// ---- Texts -------------------------------------------------------------------------------------------------------------
static const char *int_text(Arena *arena, const Type *t, uint64_t ordinal) {
    if (type_is_signed(t)) return arena_printf(arena, "%" PRId64, (int64_t)(ordinal ^ ((uint64_t)1 << 63)));
    return arena_printf(arena, "%" PRIu64, ordinal);
}

static const char *range_text(Arena *arena, const Type *t, uint64_t low, uint64_t high) {
    if (low == int_first(t) && high == int_last(t)) return "_";
    if (low == high) return int_text(arena, t, low);
    if (high == int_last(t)) return arena_printf(arena, "%s..", int_text(arena, t, low));
    return arena_printf(arena, "%s..%s", int_text(arena, t, low), int_text(arena, t, high));
}

// A variant or struct with its parts. Parts that may be anything are left out where parts have names.
static const char *shape_text(Arena *arena, const Column *column, uint64_t ordinal, const char *const *parts) {
    const Type *t = column->type;
    bool is_variant = t->kind == TYPE_ENUM;
    const Field *fields = is_variant ? t->variants[ordinal].fields : t->fields;
    const char *name = is_variant ? t->variants[ordinal].name->text : t->decl ? t->decl->name->text : "";
    bool named = !is_variant || t->variants[ordinal].has_fields;
    uint32_t count = column_part_count(column, ordinal);
    StrBuf text = {0};
    strbuf_printf(&text, "%s%s", is_variant ? "." : "", name);
    if (count) strbuf_puts(&text, named ? " { " : "(");
    bool has_rest = false;
    const char *comma = "";
    for (uint32_t i = 0; i < count; i++) {
        const char *part = parts ? parts[i] : "_";
        if (named && strcmp(part, "_") == 0) {
            has_rest = true;
            continue;
        }
        strbuf_puts(&text, comma);
        if (named) strbuf_printf(&text, "%s: ", fields[i].name ? fields[i].name->text : "_");
        strbuf_puts(&text, part);
        comma = ", ";
    }
    if (has_rest) strbuf_printf(&text, "%s..", comma);
    if (count) strbuf_puts(&text, named ? " }" : ")");
    const char *copy = str_c(arena, strbuf_str(&text));
    strbuf_free(&text);
    return copy;
}

static const char *quoted_text(Arena *arena, Str bytes) {
    if (bytes.len > TEXT_SHOWN) return "_";
    StrBuf text = {0};
    strbuf_putc(&text, '"');
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char b = (unsigned char)bytes.ptr[i];
        if (b == '"' || b == '\\')
            strbuf_printf(&text, "\\%c", b);
        else if (b < ' ' || b == 0x7f)
            strbuf_printf(&text, "\\x%02x", b);
        else
            strbuf_putc(&text, (char)b);
    }
    strbuf_putc(&text, '"');
    const char *copy = str_c(arena, strbuf_str(&text));
    strbuf_free(&text);
    return copy;
}

static const char *value_text(Arena *arena, Sema *s, const ConstValue *v) {
    if (v->kind == CONST_STR) return quoted_text(arena, v->bytes);
    if (v->kind != CONST_INT) return "_";
    return v->bits < s->error_names.len ? arena_printf(arena, ".%s", s->error_names.items[v->bits]->text) : "_";
}

static bool error_is_mentioned(const Column *column, uint64_t code) {
    uint32_t low = 0, high = column->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint64_t bits = column->entries[middle].pattern->value->bits;
        if (bits == code) return true;
        if (bits < code)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool value_is_mentioned(const Column *column, const ConstValue *v) {
    for (uint32_t i = 0; i < column->count; i++)
        if (compare_consts(column->entries[i].pattern->value, v) == 0) return true;
    return false;
}

// A text or number that no pattern mentions, as an example of all others.
static const char *example_text(Arena *arena, const Column *column) {
    bool is_float = type_is_float(column->type);
    for (uint32_t i = 0;; i++) {
        ConstValue v = {.kind = is_float ? CONST_FLOAT : CONST_STR, .real = i};
        if (i > 0) v.bytes = str_from(arena_printf(arena, "text %u", i));
        if (!value_is_mentioned(column, &v))
            return is_float ? arena_printf(arena, "%u.0", i) : quoted_text(arena, v.bytes);
    }
}

// One of the values that no pattern mentions; those of a closed set have names, found from index `*at` on.
static const char *other_text(Arena *arena, const Column *column, uint32_t *at) {
    const Type *t = column->type;
    if (t->kind != TYPE_ERROR_SET || !t->decl) {
        if (*at) return NULL;
        return column_is_endless(column) ? example_text(arena, column) : "_";
    }
    while (*at < t->variant_count && error_is_mentioned(column, (uint64_t)t->variants[*at].discriminant)) ++*at;
    return *at < t->variant_count ? arena_printf(arena, ".%s", t->variants[*at].name->text) : NULL;
}

static const char *ordinal_text(Arena *arena, Sema *s, const Column *column, uint64_t ordinal,
                                const char *const *parts) {
    switch (column->type->kind) {
    case TYPE_BOOL: return ordinal ? "true" : "false";
    case TYPE_OPTIONAL: return ordinal ? arena_printf(arena, "Some(%s)", parts ? parts[0] : "_") : "null";
    case TYPE_ENUM:
    case TYPE_STRUCT: return shape_text(arena, column, ordinal, parts);
    default: break;
    }
    for (uint32_t i = 0; i < column->count; i++)
        if (column->entries[i].low == ordinal) return value_text(arena, s, column->entries[i].pattern->value);
    return "_";
}

const char *column_next_text(ColumnTexts *texts, Arena *arena, Sema *s, const char *const *parts) {
    const Column *column = texts->column;
    if (texts->done) return NULL;
    if (type_is_int(column->type)) {
        texts->done = true;
        return range_text(arena, column->type, texts->next, texts->high);
    }
    if (column->is_ranked && texts->next == 0) {
        const char *text = other_text(arena, column, &texts->other);
        texts->other++;
        if (text) return text;
        texts->next++;
    }
    if (texts->next > texts->high) return NULL;
    texts->done = texts->next == texts->high;
    return ordinal_text(arena, s, column, texts->next++, parts);
}
