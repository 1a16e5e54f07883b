// Sizes, alignments, offsets and niches: decided here and nowhere else. Natural C alignment throughout; a struct keeps
// the order of its fields. What a type holds by value is laid out first, from a stack of its own rather than by
// recursion, so a long chain of nested types costs no call depth. A type that contains itself is the checker's to
// reject; meeting one here is an internal error. Sizes saturate at TYPE_SIZE_LIMIT.
//
//   optional of pointer, func   one word, null is empty                 (niche)
//   other optional              { payload, u8 flag }
//   error union                 { payload, u16 code at the next even offset }; code 0 is success
//   enum without payloads       its tag
//   enum with payloads          { tag, payloads from round_up(tag size, largest field alignment) }
//   slice                       { pointer, length }
#include "sema/types.h"

typedef VEC(Type *) Pending;

static uint64_t saturate(uint64_t size) { return size < TYPE_SIZE_LIMIT ? size : TYPE_SIZE_LIMIT; }
static uint64_t round_up(uint64_t size, uint64_t align) { return saturate((size + align - 1) & ~(align - 1)); }
static uint32_t max_align(uint32_t a, uint32_t b) { return a > b ? a : b; }

// Stands in `layout` while what the type holds is being laid out.
static const Layout IN_PROGRESS = {.size = 0, .align = 1};

static uint64_t layout_fields(Field *fields, uint32_t count, uint64_t offset, uint64_t *offsets, uint32_t *align) {
    for (uint32_t i = 0; i < count; i++) {
        const Layout *field = fields[i].type->layout;
        uint32_t field_align = max_align(field->align, fields[i].align);
        *align = max_align(*align, field_align);
        offset = round_up(offset, field_align);
        offsets[i] = offset;
        offset = saturate(offset + field->size);
    }
    return offset;
}

static void swap_first_offsets(Layout *out) {
    uint64_t first = out->field_offsets[0];
    out->field_offsets[0] = out->field_offsets[1];
    out->field_offsets[1] = first;
}

static void layout_struct(Arena *arena, const Type *t, Layout *out) {
    out->align = max_align(1, t->align);
    out->field_offsets = ARENA_ARRAY(arena, uint64_t, t->field_count);
    uint64_t end = layout_fields(t->fields, t->field_count, 0, out->field_offsets, &out->align);
    out->size = round_up(end, out->align);
}

static void layout_enum(Arena *arena, const Type *t, Layout *out) {
    const Layout *tag = t->tag_type->layout;
    out->tag_size = (uint32_t)tag->size;
    out->align = max_align(tag->align, t->align);
    out->size = round_up(tag->size, out->align);
    if (t->is_plain_enum) return;
    uint32_t payload_align = 1;
    for (uint32_t v = 0; v < t->variant_count; v++)
        for (uint32_t f = 0; f < t->variants[v].field_count; f++) {
            const Field *field = &t->variants[v].fields[f];
            payload_align = max_align(payload_align, max_align(field->type->layout->align, field->align));
        }
    out->align = max_align(out->align, payload_align);
    out->payload_offset = round_up(tag->size, payload_align);
    out->variant_offsets = ARENA_ARRAY(arena, uint64_t *, t->variant_count);
    uint64_t end = tag->size;
    for (uint32_t v = 0; v < t->variant_count; v++) {
        const Variant *variant = &t->variants[v];
        out->variant_offsets[v] = ARENA_ARRAY(arena, uint64_t, variant->field_count);
        uint32_t align = 1;
        uint64_t variant_end =
            layout_fields(variant->fields, variant->field_count, out->payload_offset, out->variant_offsets[v], &align);
        if (variant->field_count && variant_end > end) end = variant_end;
    }
    out->size = round_up(end, out->align);
}

static void layout_optional(const Type *t, Layout *out) {
    out->has_niche = t->element->kind == TYPE_PTR || t->element->kind == TYPE_FUNC;
    if (out->has_niche) {
        out->size = out->align = 8;
        return;
    }
    const Layout *payload = t->element->layout;
    out->align = payload->align;
    out->tag_offset = payload->size;
    out->tag_size = 1;
    out->size = round_up(payload->size + 1, out->align);
}

static void layout_error_union(const Type *t, Layout *out) {
    const Layout *payload = t->element->layout;
    out->align = max_align(payload->align, 2);
    out->tag_offset = round_up(payload->size, 2);
    out->tag_size = 2;
    out->size = round_up(out->tag_offset + 2, out->align);
}

static void layout_array(const Type *t, Layout *out) {
    const Layout *element = t->element->layout;
    out->align = element->align;
    bool fits = element->size == 0 || t->length <= TYPE_SIZE_LIMIT / element->size;
    out->size = fits ? saturate(element->size * t->length) : TYPE_SIZE_LIMIT;
}

// Everything the type holds by value has its layout by now.
static Layout *layout_compute(Types *types, const Type *t) {
    Arena *arena = types_arena(types);
    Layout *out = ARENA_NEW(arena, Layout);
    switch (t->kind) {
    case TYPE_VOID:
    case TYPE_NEVER:
    case TYPE_ERROR: out->align = 1; break;
    case TYPE_PTR:
    case TYPE_FUNC: out->size = out->align = 8; break;
    case TYPE_SLICE:
        out->size = 16;
        out->align = 8;
        break;
    case TYPE_ERROR_SET: out->size = out->align = 2; break;
    case TYPE_ARRAY: layout_array(t, out); break;
    case TYPE_OPTIONAL: layout_optional(t, out); break;
    case TYPE_ERROR_UNION:
        layout_error_union(t, out);
        if (FAULT_IN(types, TAG_OVER_PAYLOAD)) out->tag_offset = 0;
        break;
    case TYPE_STRUCT:
        layout_struct(arena, t, out);
        if (FAULT_IN(types, OFFSETS_SWAPPED) && t->field_count > 1) swap_first_offsets(out);
        break;
    case TYPE_ENUM: layout_enum(arena, t, out); break;
    case TYPE_INT_LITERAL:
    case TYPE_FLOAT_LITERAL:
    case TYPE_PARAM:
    case TYPE_VALUE: ICE("layout of `%s`, which is not a concrete type", type_text(arena, t));
    default: out->size = out->align = type_bits(t) / 8; break;
    }
    return out;
}

static void push_pending(Types *types, Pending *pending, const Type *holder, Type *held) {
    if (held->layout == &IN_PROGRESS)
        ICE("layout of `%s`, which contains itself", type_text(types_arena(types), holder));
    if (!held->layout) VEC_PUSH(types_arena(types), pending, held);
}

static void push_held(Types *types, Pending *pending, const Type *t) {
    switch (t->kind) {
    case TYPE_ARRAY:
    case TYPE_OPTIONAL:
    case TYPE_ERROR_UNION:
        if (t->kind == TYPE_ARRAY) ENSURE(!t->length_param);
        if (type_is_scalar(t)) break;
        push_pending(types, pending, t, t->element);
        break;
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < t->field_count; i++) push_pending(types, pending, t, t->fields[i].type);
        break;
    case TYPE_ENUM:
        ENSURE(t->tag_type != NULL);
        push_pending(types, pending, t, t->tag_type);
        for (uint32_t v = 0; v < t->variant_count; v++)
            for (uint32_t f = 0; f < t->variants[v].field_count; f++)
                push_pending(types, pending, t, t->variants[v].fields[f].type);
        break;
    default: break;
    }
}

const Layout *type_layout(Types *types, Type *t) {
    if (t->layout) return t->layout;
    Pending pending = {0};
    VEC_PUSH(types_arena(types), &pending, t);
    while (pending.len) {
        Type *top = VEC_LAST(&pending);
        if (!top->layout) {
            top->layout = &IN_PROGRESS;
            push_held(types, &pending, top);
            continue;
        }
        pending.len--;
        if (top->layout == &IN_PROGRESS) top->layout = layout_compute(types, top);
    }
    return t->layout;
}

uint64_t type_size(Types *types, Type *t) { return type_layout(types, t)->size; }
uint32_t type_align(Types *types, Type *t) { return type_layout(types, t)->align; }

Type *type_part_at(Types *types, Type *whole, uint64_t *offset, uint64_t *index) {
    if (whole->kind == TYPE_ARRAY) {
        uint64_t stride = type_size(types, whole->element);
        if (!stride || *offset / stride >= whole->length) return NULL;
        *index = *offset / stride;
        *offset %= stride;
        return whole->element;
    }
    if (whole->kind != TYPE_STRUCT) return NULL;
    const Layout *layout = type_layout(types, whole);
    for (uint32_t i = 0; i < whole->field_count; i++) {
        uint64_t start = layout->field_offsets[i];
        if (*offset < start || *offset - start >= type_size(types, whole->fields[i].type)) continue;
        *index = i;
        *offset -= start;
        return whole->fields[i].type;
    }
    return NULL;
}

bool type_has_part(Types *types, Type *whole, uint64_t offset, const Type *part) {
    uint64_t index;
    while (whole && (whole != part || offset)) whole = type_part_at(types, whole, &offset, &index);
    return whole != NULL;
}
