// Places at compile time, and the memory they lie in: cells, their copies, and the elements of slices.
#include "sema/consteval.h"

ConstValue *eval_new(Eval *e, int kind, Type *type) {
    ConstValue *v = ARENA_NEW(e->arena, ConstValue);
    v->kind = (ConstKind)kind;
    v->type = type;
    return v;
}

ConstValue *eval_int(Eval *e, Type *type, uint64_t bits) {
    ConstValue *v = eval_new(e, CONST_INT, type);
    v->bits = bits;
    return v;
}

ConstValue *eval_void(Eval *e) { return eval_new(e, CONST_VOID, type_primitive(e->sema->types, TYPE_VOID)); }

void eval_bind(Eval *e, const Local *local, ConstValue *cell) { map_put(e->arena, &e->frame->cells, local, cell); }

// How many of `items` are there and belong to the value.
static uint64_t part_count(const ConstValue *v) {
    switch ((int)v->kind) {
    case CONST_SOME:
    case CONST_REPEAT:
    case EVAL_OK: return 1;
    case CONST_STRUCT:
    case CONST_ARRAY:
    case CONST_ENUM: return v->count;
    default: return 0;
    }
}

ConstValue *eval_copy(Eval *e, const ConstValue *v, Span span) {
    uint64_t count = part_count(v);
    if (!eval_step(e, span, count + 1)) return NULL;
    ConstValue *copy = ARENA_NEW(e->arena, ConstValue);
    *copy = *v;
    if (count == 0) return copy;
    copy->items = ARENA_ARRAY(e->arena, ConstValue *, count);
    for (uint64_t i = 0; i < count; i++) {
        copy->items[i] = eval_copy(e, v->items[i], span);
        if (!copy->items[i]) return NULL;
    }
    return copy;
}

bool eval_expand(Eval *e, ConstValue *cell, const Type *type, Span span) {
    bool repeat = cell->kind == CONST_REPEAT;
    if (!repeat && cell->kind != CONST_UNDEFINED) return true;
    if (type->kind != TYPE_STRUCT && type->kind != TYPE_ARRAY) return true;
    uint64_t count = type->kind == TYPE_STRUCT ? type->field_count : type->length;
    if (!eval_step(e, span, count)) return false;
    ConstValue **items = ARENA_ARRAY(e->arena, ConstValue *, count ? count : 1);
    for (uint64_t i = 0; i < count; i++) {
        items[i] = repeat
                       ? eval_copy(e, cell->items[0], span)
                       : eval_new(e, CONST_UNDEFINED, type->kind == TYPE_STRUCT ? type->fields[i].type : type->element);
        if (!items[i]) return false;
    }
    cell->kind = type->kind == TYPE_STRUCT ? CONST_STRUCT : CONST_ARRAY;
    cell->items = items;
    cell->count = count;
    return true;
}

// The element of an array cell. A shared, immutable cell is never expanded.
static ConstValue *array_element(Eval *e, ConstValue *array, const Type *type, uint64_t i, bool is_mutable, Span span) {
    if (array->kind == CONST_REPEAT && !is_mutable) return array->items[0];
    if (array->kind == CONST_UNDEFINED && !is_mutable) return eval_new(e, CONST_UNDEFINED, type->element);
    if (!eval_expand(e, array, type, span)) return NULL;
    if ((array->kind != CONST_ARRAY && array->kind != CONST_STRUCT) || i >= array->count)
        return eval_fail(e, DIAG_E4001, span, "this element has no value at compile time");
    return array->items[i];
}

uint64_t eval_slice_len(const ConstValue *slice) { return slice->kind == CONST_STR ? slice->bytes.len : slice->count; }

ConstValue *eval_element(Eval *e, const ConstValue *slice, const Type *element, uint64_t i, Span span) {
    if (i >= eval_slice_len(slice))
        return eval_fail(e, DIAG_E4002, span, "index out of range: index %llu, length %llu", (unsigned long long)i,
                         (unsigned long long)eval_slice_len(slice));
    if (slice->kind == CONST_STR)
        return eval_int(e, type_primitive(e->sema->types, TYPE_U8), (unsigned char)slice->bytes.ptr[i]);
    ConstValue *array = NULL;
    bool shared = slice->kind == CONST_SLICE;
    if (shared)
        array = slice->global && !slice->global->is_var ? slice->global->initial : NULL;
    else if ((int)slice->kind == EVAL_SLICE)
        array = slice->items[0];
    if (!array) return eval_fail(e, DIAG_E4001, span, "the elements of this slice are not known at compile time");
    Type *type = array->type && array->type->kind == TYPE_ARRAY ? array->type : shared ? slice->global->type : NULL;
    if (!type) type = type_array(e->sema->types, (Type *)element, slice->index + slice->count);
    return array_element(e, array, type, slice->index + i, !shared, span);
}

bool eval_index(Eval *e, const TExpr *index, uint64_t *out) {
    ConstValue *v = eval_value(e, index);
    if (!v) return false;
    if (v->kind != CONST_INT) return eval_fail(e, DIAG_E4002, index->span, "an undefined value is read"), false;
    if (type_is_signed(index->type) && (int64_t)v->bits < 0) {
        eval_fail(e, DIAG_E4002, index->span, "index out of range: index %lld", (long long)v->bits);
        return false;
    }
    *out = v->bits;
    return true;
}

static ConstValue *global_cell(Eval *e, const Global *global, Span span) {
    if (global->is_var)
        return eval_fail(e, DIAG_E4001, span, "`%s` is a variable: it has no value at compile time",
                         global->decl ? global->decl->name->text : "this");
    if (global->initial) return global->initial;
    if (global->decl && global->decl->state == 3) {
        e->flow = FLOW_STOP;
        return NULL;
    }
    return eval_fail(e, DIAG_E4003, span, "this constant is needed to evaluate itself");
}

static ConstValue *local_cell(Eval *e, const Local *local, Span span) {
    ConstValue *cell = map_get(&e->frame->cells, local);
    if (cell) return cell;
    return eval_fail(e, DIAG_E4001, span, "`%s` is not known at compile time",
                     local->name ? local->name->text : "this value");
}

static ConstValue *deref_cell(Eval *e, const TExpr *t) {
    ConstValue *pointer = eval_value(e, t->unary.operand);
    if (!pointer) return NULL;
    if ((int)pointer->kind == EVAL_PTR) return pointer->items[0];
    if (pointer->kind == CONST_GLOBAL) return global_cell(e, pointer->global, t->span);
    return eval_fail(e, DIAG_E4001, t->span, "what this pointer points to is not known at compile time");
}

ConstValue *eval_place(Eval *e, const TExpr *t) {
    if (!eval_step(e, t->span, 1)) return NULL;
    ConstValue *base;
    uint64_t i;
    switch (t->kind) {
    case TEXPR_LOCAL: return local_cell(e, t->local, t->span);
    case TEXPR_GLOBAL: return global_cell(e, t->global, t->span);
    case TEXPR_DEREF: return deref_cell(e, t);
    case TEXPR_TEMP: return eval_value(e, t->unary.operand);
    case TEXPR_FIELD:
        base = eval_place(e, t->field.base);
        if (!base) return NULL;
        if (base->kind == CONST_UNDEFINED && !t->is_mutable) return eval_new(e, CONST_UNDEFINED, t->type);
        if (!eval_expand(e, base, t->field.base->type, t->span)) return NULL;
        if (base->kind != CONST_STRUCT)
            return eval_fail(e, DIAG_E4001, t->span, "this field has no value at compile time");
        return base->items[t->field.index];
    case TEXPR_INDEX_ARRAY:
        base = eval_place(e, t->index.base);
        if (!base || !eval_index(e, t->index.index, &i)) return NULL;
        if (i >= t->index.base->type->length)
            return eval_fail(e, DIAG_E4002, t->span, "index out of range: index %llu, length %llu",
                             (unsigned long long)i, (unsigned long long)t->index.base->type->length);
        return array_element(e, base, t->index.base->type, i, t->is_mutable, t->span);
    case TEXPR_INDEX_SLICE:
        base = eval_value(e, t->index.base);
        if (!base || !eval_index(e, t->index.index, &i)) return NULL;
        return eval_element(e, base, t->type, i, t->span);
    case TEXPR_PAYLOAD:
        base = eval_place(e, t->payload.operand);
        if (!base) return NULL;
        if (base->kind == CONST_NULL) return eval_fail(e, DIAG_E4002, t->span, "unwrapped null");
        if (base->kind == CONST_SOME) return base->items[0];
        // A word-sized optional may hold its pointer without a layer around it.
        return base->kind == CONST_UNDEFINED ? eval_fail(e, DIAG_E4002, t->span, "an undefined value is read") : base;
    default:
        return eval_fail(e, DIAG_E4001, t->span, "%s cannot be evaluated at compile time", texpr_kind_name(t->kind));
    }
}
