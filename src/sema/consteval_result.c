// What an evaluation leaves behind, and the intrinsics it can compute. The result is copied out of the scratch arena; a pointer
// or slice to memory of the evaluation becomes a constant of its own in the program, if nobody may write through it.
#include "sema/consteval.h"

static ConstValue *persist_slice(Eval *e, const ConstValue *v, Type *type) {
    Sema *s = e->sema;
    if (!type->is_const)
        return eval_fail(e, DIAG_E4001, e->span, "a `%s` to memory of the evaluation would outlive it",
                         type_text(s->arena, type));
    bool is_text = type->element->kind == TYPE_U8;
    char *text = is_text ? arena_alloc(s->arena, v->count + 1) : NULL;
    ConstValue *array = ARENA_NEW(s->arena, ConstValue);
    array->kind = CONST_ARRAY;
    array->type = type_array(s->types, type->element, v->count);
    array->count = v->count;
    array->items = is_text ? NULL : ARENA_ARRAY(s->arena, ConstValue *, v->count ? v->count : 1);
    for (uint64_t i = 0; i < v->count; i++) {
        ConstValue *cell = eval_element(e, v, type->element, i, e->span);
        if (!cell) return NULL;
        if (is_text && cell->kind == CONST_INT)
            text[i] = (char)cell->bits;
        else if (is_text)
            return eval_fail(e, DIAG_E4002, e->span, "an undefined value is read");
        else if (!(array->items[i] = eval_persist(e, cell, type->element)))
            return NULL;
    }
    ConstValue *out;
    if (is_text) {
        out = const_str(s, (Str){text, v->count});
        out->type = type;
        return out;
    }
    out = ARENA_NEW(s->arena, ConstValue);
    out->kind = CONST_SLICE;
    out->type = type;
    out->count = v->count;
    out->global = global_promote(e->c, array, e->span);
    return out;
}

static ConstValue *persist_pointer(Eval *e, const ConstValue *v, Type *type) {
    Sema *s = e->sema;
    Type *target = type->kind == TYPE_OPTIONAL ? type->element : type;
    if (target->kind != TYPE_PTR || !target->is_const)
        return eval_fail(e, DIAG_E4001, e->span, "a `%s` to memory of the evaluation would outlive it",
                         type_text(s->arena, type));
    ConstValue *inner = eval_persist(e, v->items[0], target->element);
    if (!inner) return NULL;
    ConstValue *out = ARENA_NEW(s->arena, ConstValue);
    out->kind = CONST_GLOBAL;
    out->type = type;
    out->global = global_promote(e->c, inner, e->span);
    return out;
}

static Type *part_type(const ConstValue *v, Type *type, uint64_t i) {
    switch (type->kind) {
    case TYPE_STRUCT: return type->fields[i].type;
    case TYPE_ENUM: return type->variants[v->index].fields[i].type;
    case TYPE_ARRAY:
    case TYPE_OPTIONAL: return type->element;
    default: return v->items[i]->type ? v->items[i]->type : type;
    }
}

ConstValue *eval_persist(Eval *e, const ConstValue *v, Type *type) {
    Sema *s = e->sema;
    switch ((int)v->kind) {
    case EVAL_OK:
    case EVAL_ERR:
        return eval_fail(e, DIAG_E4001, e->span, "an error union cannot be a constant; take its value with `catch`");
    case EVAL_SLICE: return persist_slice(e, v, type);
    case EVAL_PTR: return persist_pointer(e, v, type);
    default: break;
    }
    ConstValue *out = ARENA_NEW(s->arena, ConstValue);
    *out = *v;
    out->type = type;
    uint64_t count = v->kind == CONST_SOME || v->kind == CONST_REPEAT                             ? 1
                     : v->kind == CONST_STRUCT || v->kind == CONST_ARRAY || v->kind == CONST_ENUM ? v->count
                                                                                                  : 0;
    if (count == 0) return out;
    out->items = ARENA_ARRAY(s->arena, ConstValue *, count);
    for (uint64_t i = 0; i < count; i++) {
        out->items[i] = eval_persist(e, v->items[i], part_type(v, type, i));
        if (!out->items[i]) return NULL;
    }
    return out;
}

// ---- Intrinsics --------------------------------------------------------------------------------------------------------
static uint64_t low_bits(const Type *t, uint64_t bits) {
    return type_bits(t) >= 64 ? bits : bits & (((uint64_t)1 << type_bits(t)) - 1);
}

static uint64_t count_bits(IntrinsicKind kind, const Type *t, uint64_t bits) {
    unsigned width = type_bits(t);
    uint64_t n = 0;
    bits = low_bits(t, bits);
    if (kind == INTRINSIC_POPCOUNT) {
        for (; bits; bits &= bits - 1) n++;
        return n;
    }
    if (kind == INTRINSIC_BYTE_SWAP) {
        for (unsigned i = 0; i < width; i += 8) n = n << 8 | (bits >> i & 0xff);
        return n;
    }
    for (unsigned i = 0; i < width; i++, n++)
        if (bits >> (kind == INTRINSIC_CLZ ? width - 1 - i : i) & 1) break;
    return n;
}

static ConstValue *eval_bitcast(Eval *e, const TExpr *t, const ConstValue *v) {
    Type *to = t->type, *from = t->intrinsic.args[0]->type;
    bool to_float = type_is_float(to), from_float = type_is_float(from);
    if (!(type_is_int(to) || to_float) || !(type_is_int(from) || from_float))
        return eval_fail(e, DIAG_E4001, t->span, "`@bitcast` of this type cannot be evaluated at compile time");
    uint64_t bits = v->bits;
    if (from_float && from->kind == TYPE_F32) {
        float f = (float)v->real;
        uint32_t word;
        memcpy(&word, &f, sizeof word);
        bits = word;
    } else if (from_float)
        memcpy(&bits, &v->real, sizeof bits);
    if (!to_float) return eval_int(e, to, int_normal(to, bits));
    ConstValue *out = eval_new(e, CONST_FLOAT, to);
    if (to->kind == TYPE_F32) {
        uint32_t word = (uint32_t)bits;
        float f;
        memcpy(&f, &word, sizeof f);
        out->real = f;
    } else
        memcpy(&out->real, &bits, sizeof bits);
    return out;
}

static ConstValue *eval_overflow(Eval *e, const TExpr *t, const ConstValue *a, const ConstValue *b) {
    BinaryOp op = t->intrinsic.kind == INTRINSIC_ADD_OVERFLOW   ? BINARY_ADD
                  : t->intrinsic.kind == INTRINSIC_SUB_OVERFLOW ? BINARY_SUB
                                                                : BINARY_MUL;
    uint64_t bits;
    if (int_binary(op, t->type->element, a->bits, b->bits, NULL, &bits)) return eval_new(e, CONST_NULL, t->type);
    ConstValue *some = eval_new(e, CONST_SOME, t->type);
    some->items = ARENA_ARRAY(e->arena, ConstValue *, 1);
    some->items[0] = eval_int(e, t->type->element, bits);
    some->count = 1;
    return some;
}

static ConstValue *eval_move(Eval *e, const TExpr *t, const ConstValue *target, const ConstValue *source) {
    Type *element = t->intrinsic.args[0]->type->element;
    uint64_t count = eval_slice_len(target);
    bool is_fill = t->intrinsic.kind == INTRINSIC_FILL;
    if (is_fill && element->kind != TYPE_U8)
        return eval_fail(e, DIAG_E4001, t->span, "`@fill` can be evaluated at compile time for bytes only");
    if (!is_fill && eval_slice_len(source) != count)
        return eval_fail(e, DIAG_E4002, t->span, "source and destination differ in length");
    if (!eval_step(e, t->span, count)) return NULL;
    // All is read before anything is written: the two may overlap.
    ConstValue **values = ARENA_ARRAY(e->arena, ConstValue *, count ? count : 1);
    for (uint64_t i = 0; i < count; i++) {
        ConstValue *from = is_fill ? (ConstValue *)source : eval_element(e, source, element, i, t->span);
        if (!from || !(values[i] = eval_copy(e, from, t->span))) return NULL;
    }
    for (uint64_t i = 0; i < count; i++) {
        ConstValue *cell = eval_element(e, target, element, i, t->span);
        if (!cell) return NULL;
        *cell = *values[i];
    }
    return eval_void(e);
}

ConstValue *eval_intrinsic(Eval *e, const TExpr *t) {
    ConstValue *args[2] = {NULL, NULL};
    for (uint32_t i = 0; i < t->intrinsic.arg_count && i < 2; i++) {
        args[i] = eval_value(e, t->intrinsic.args[i]);
        if (!args[i]) return NULL;
    }
    switch (t->intrinsic.kind) {
    case INTRINSIC_TRUNCATE: return eval_int(e, t->type, int_normal(t->type, args[0]->bits));
    case INTRINSIC_BITCAST: return eval_bitcast(e, t, args[0]);
    case INTRINSIC_POPCOUNT:
    case INTRINSIC_CLZ:
    case INTRINSIC_CTZ:
    case INTRINSIC_BYTE_SWAP:
        return eval_int(e, t->type, int_normal(t->type, count_bits(t->intrinsic.kind, t->type, args[0]->bits)));
    case INTRINSIC_ADD_OVERFLOW:
    case INTRINSIC_SUB_OVERFLOW:
    case INTRINSIC_MUL_OVERFLOW: return eval_overflow(e, t, args[0], args[1]);
    case INTRINSIC_COPY:
    case INTRINSIC_FILL: return eval_move(e, t, args[0], args[1]);
    case INTRINSIC_ERROR_NAME: {
        const Name *name = sema_error_name(e->sema, (uint32_t)args[0]->bits);
        ConstValue *v = eval_new(e, CONST_STR, t->type);
        v->bytes = name ? name_str(name) : STR("?");
        return v;
    }
    default: return eval_fail(e, DIAG_E4001, t->span, "this intrinsic cannot be evaluated at compile time");
    }
}
