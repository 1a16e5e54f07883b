// Values at compile time: one case per kind of value node. A value that comes back is the caller's own: constants and loads are
// copied, so writing to a cell never changes a constant or another cell.
#include "sema/consteval.h"

static ConstValue *undefined_read(Eval *e, Span span) {
    return eval_fail(e, DIAG_E4002, span, "an undefined value is read");
}

static bool is_number(const ConstValue *v) { return v->kind == CONST_INT || v->kind == CONST_FLOAT; }

// A number, or stops.
static ConstValue *eval_number(Eval *e, const TExpr *t) {
    ConstValue *v = eval_value(e, t);
    if (v && !is_number(v))
        return v->kind == CONST_UNDEFINED ? undefined_read(e, t->span)
                                          : eval_fail(e, DIAG_E4001, t->span, "this is not known at compile time");
    return v;
}

static ConstValue *eval_unary_op(Eval *e, const TExpr *t) {
    ConstValue *v = eval_number(e, t->op1.operand);
    if (!v) return NULL;
    if (t->op1.op == UNARY_NOT) return eval_int(e, t->type, !v->bits);
    if (t->op1.op == UNARY_BIT_NOT) return eval_int(e, t->type, int_normal(t->type, ~v->bits));
    if (v->kind == CONST_FLOAT) {
        v->real = -v->real;
        return v;
    }
    uint64_t bits;
    const char *trap = int_binary(BINARY_SUB, t->type, 0, v->bits, NULL, &bits);
    return trap ? eval_fail(e, DIAG_E4002, t->span, "%s", trap) : eval_int(e, t->type, bits);
}

static ConstValue *eval_binary_values(Eval *e, BinaryOp op, Type *type, const ConstValue *a, const ConstValue *b,
                                      const Type *amount, Span span) {
    if (a->kind == CONST_FLOAT) {
        ConstValue *out = eval_new(e, CONST_FLOAT, type);
        const char *trap = float_binary(op, a->real, b->real, &out->real);
        if (type->kind == TYPE_F32) out->real = (double)(float)out->real;
        return trap ? eval_fail(e, DIAG_E4002, span, "%s", trap) : out;
    }
    uint64_t bits;
    const char *trap = int_binary(op, type, a->bits, b->bits, amount, &bits);
    return trap ? eval_fail(e, DIAG_E4002, span, "%s", trap) : eval_int(e, type, bits);
}

static ConstValue *eval_binary(Eval *e, const TExpr *t) {
    ConstValue *a = eval_number(e, t->op2.left);
    ConstValue *b = a ? eval_number(e, t->op2.right) : NULL;
    return b ? eval_binary_values(e, t->op2.op, t->type, a, b, t->op2.right->type, t->span) : NULL;
}

static ConstValue *eval_assign_op(Eval *e, const TExpr *t) {
    ConstValue *value = eval_number(e, t->assign_op.value);
    ConstValue *cell = value ? eval_place(e, t->assign_op.place) : NULL;
    if (!cell) return NULL;
    if (!is_number(cell)) return undefined_read(e, t->span);
    ConstValue *result = eval_binary_values(e, t->assign_op.op, t->assign_op.place->type, cell, value,
                                            t->assign_op.value->type, t->span);
    if (!result) return NULL;
    *cell = *result;
    return eval_void(e);
}

static ConstValue *eval_logical(Eval *e, const TExpr *t) {
    ConstValue *a = eval_number(e, t->op2.left);
    if (!a || (t->op2.op == BINARY_AND) != (a->bits != 0)) return a;
    return eval_number(e, t->op2.right);
}

static bool same_address(const ConstValue *a, const ConstValue *b, bool *known) {
    *known = true;
    if (a->kind == CONST_GLOBAL && b->kind == CONST_GLOBAL) return a->global == b->global;
    if (a->kind == CONST_FUNC && b->kind == CONST_FUNC) return a->func == b->func;
    if ((int)a->kind == EVAL_PTR && (int)b->kind == EVAL_PTR) return a->items[0] == b->items[0];
    *known = false;
    return false;
}

static ConstValue *eval_compare(Eval *e, const TExpr *t) {
    ConstValue *a = eval_value(e, t->compare.left);
    ConstValue *b = a ? eval_value(e, t->compare.right) : NULL;
    if (!b) return NULL;
    if (is_number(a) && is_number(b))
        return eval_int(e, t->type, compare_ordered(t->compare.op, t->compare.left->type, a, b));
    if (a->kind == CONST_UNDEFINED || b->kind == CONST_UNDEFINED) return undefined_read(e, t->span);
    bool known, same = same_address(a, b, &known);
    if (!known || (t->compare.op != COMPARE_EQ && t->compare.op != COMPARE_NE))
        return eval_fail(e, DIAG_E4001, t->span, "addresses cannot be compared at compile time");
    return eval_int(e, t->type, same == (t->compare.op == COMPARE_EQ));
}

static bool equal_fields(Eval *e, ConstValue *a, ConstValue *b, const Field *fields, uint32_t count, Span span) {
    for (uint32_t i = 0; i < count; i++)
        if (!eval_equal(e, a->items[i], b->items[i], fields[i].type, span)) return false;
    return true;
}

bool eval_equal(Eval *e, ConstValue *a, ConstValue *b, Type *type, Span span) {
    if (!eval_step(e, span, 1)) return false;
    if (a->kind == CONST_UNDEFINED || b->kind == CONST_UNDEFINED) return undefined_read(e, span), false;
    switch (type->kind) {
    case TYPE_SLICE: {
        uint64_t count = eval_slice_len(a);
        if (count != eval_slice_len(b)) return false;
        for (uint64_t i = 0; i < count; i++) {
            ConstValue *x = eval_element(e, a, type->element, i, span),
                       *y = x ? eval_element(e, b, type->element, i, span) : NULL;
            if (!y || !eval_equal(e, x, y, type->element, span)) return false;
        }
        return true;
    }
    case TYPE_ARRAY:
        if (!eval_expand(e, a, type, span) || !eval_expand(e, b, type, span)) return false;
        for (uint64_t i = 0; i < type->length; i++)
            if (!eval_equal(e, a->items[i], b->items[i], type->element, span)) return false;
        return true;
    case TYPE_OPTIONAL:
        if (a->kind == CONST_NULL || b->kind == CONST_NULL) return a->kind == b->kind;
        return eval_equal(e, a->kind == CONST_SOME ? a->items[0] : a, b->kind == CONST_SOME ? b->items[0] : b,
                          type->element, span);
    case TYPE_STRUCT: return equal_fields(e, a, b, type->fields, type->field_count, span);
    case TYPE_ENUM:
        if (a->kind == CONST_ENUM && b->kind == CONST_ENUM)
            return a->index == b->index &&
                   equal_fields(e, a, b, type->variants[a->index].fields, type->variants[a->index].field_count, span);
        return a->bits == b->bits;
    default: break;
    }
    if (is_number(a) && is_number(b)) return compare_ordered(COMPARE_EQ, type, a, b);
    bool known, same = same_address(a, b, &known);
    if (!known) eval_fail(e, DIAG_E4001, span, "these values cannot be compared at compile time");
    return same;
}

static ConstValue *eval_equality(Eval *e, const TExpr *t) {
    ConstValue *a = texpr_is_place(t->equal.left) ? eval_place(e, t->equal.left) : eval_value(e, t->equal.left);
    ConstValue *b = !a                               ? NULL
                    : texpr_is_place(t->equal.right) ? eval_place(e, t->equal.right)
                                                     : eval_value(e, t->equal.right);
    if (!b) return NULL;
    // Comparing may write repeated elements out, which must not happen to a shared constant.
    a = eval_copy(e, a, t->span);
    b = a ? eval_copy(e, b, t->span) : NULL;
    if (!b) return NULL;
    bool equal = eval_equal(e, a, b, t->equal.left->type, t->span);
    return e->flow == FLOW_NEXT ? eval_int(e, t->type, equal != t->equal.negate) : NULL;
}

static ConstValue *wrap(Eval *e, int kind, Type *type, ConstValue *inner) {
    if (!inner) return NULL;
    ConstValue *v = eval_new(e, kind, type);
    v->items = ARENA_ARRAY(e->arena, ConstValue *, 1);
    v->items[0] = inner;
    v->count = 1;
    return v;
}

static ConstValue *slice_of_pointer(Eval *e, Type *type, const ConstValue *pointer, uint64_t count, Span span) {
    if ((int)pointer->kind != EVAL_PTR && pointer->kind != CONST_GLOBAL)
        return eval_fail(e, DIAG_E4001, span, "what this pointer points to is not known at compile time");
    ConstValue *v = eval_new(e, pointer->kind == CONST_GLOBAL ? CONST_SLICE : EVAL_SLICE, type);
    v->items = pointer->items;
    v->global = pointer->global;
    v->count = count;
    return v;
}

static ConstValue *eval_coerce(Eval *e, const TExpr *t) {
    ConstValue *v = eval_value(e, t->coerce.operand);
    if (!v) return NULL;
    switch (t->coerce.kind) {
    case COERCE_INT_WIDEN:
    case COERCE_PTR_CONST:
    case COERCE_SLICE_CONST:
    case COERCE_ERROR_SET: v->type = t->type; return v;
    case COERCE_ARRAY_PTR_SLICE:
        return slice_of_pointer(e, t->type, v, t->coerce.operand->type->element->length, t->span);
    case COERCE_SOME: return wrap(e, CONST_SOME, t->type, v);
    case COERCE_OK: return wrap(e, EVAL_OK, t->type, v);
    case COERCE_ERR: {
        ConstValue *error = eval_new(e, EVAL_ERR, t->type);
        error->bits = v->bits;
        return error;
    }
    case COERCE_NEVER: break;
    }
    return eval_fail(e, DIAG_E4001, t->span, "this never gives a value");
}

static ConstValue *eval_cast(Eval *e, const TExpr *t) {
    ConstValue *v = eval_number(e, t->cast.operand);
    if (!v) return NULL;
    ConstValue *out = eval_new(e, CONST_INT, t->type);
    const char *trap = const_cast(t->type, t->cast.operand->type, v, out);
    return trap ? eval_fail(e, DIAG_E4002, t->span, "%s", trap) : out;
}

static ConstValue *eval_items(Eval *e, const TExpr *t, int kind, TExpr *const *fields, const uint32_t *order,
                              uint64_t count) {
    if (!eval_step(e, t->span, count)) return NULL;
    ConstValue *v = eval_new(e, kind, t->type);
    v->count = count;
    v->items = ARENA_ARRAY(e->arena, ConstValue *, count ? count : 1);
    for (uint64_t k = 0; k < count; k++) {
        uint64_t i = order ? order[k] : k;
        v->items[i] = eval_value(e, fields[i]);
        if (!v->items[i]) return NULL;
    }
    return v;
}

static ConstValue *eval_variant(Eval *e, const TExpr *t) {
    const Variant *variant = &t->type->variants[t->variant.variant];
    if (t->type->is_plain_enum) return eval_int(e, t->type, (uint64_t)variant->discriminant);
    ConstValue *v = eval_items(e, t, CONST_ENUM, t->variant.fields, t->variant.order, variant->field_count);
    if (v) v->index = t->variant.variant;
    return v;
}

static ConstValue *eval_slice(Eval *e, const TExpr *t) {
    bool of_array = t->kind == TEXPR_SLICE_ARRAY;
    bool of_global = of_array && t->slice.base->kind == TEXPR_GLOBAL; // its address is enough
    ConstValue *base = of_global ? NULL : of_array ? eval_place(e, t->slice.base) : eval_value(e, t->slice.base);
    if (!base && !of_global) return NULL;
    uint64_t length = of_array ? t->slice.base->type->length : eval_slice_len(base), low = 0, high = length;
    if (t->slice.low && !eval_index(e, t->slice.low, &low)) return NULL;
    if (t->slice.high && !eval_index(e, t->slice.high, &high)) return NULL;
    if (t->slice.high && t->slice.inclusive) high++;
    if (low > high || high > length)
        return eval_fail(e, DIAG_E4002, t->span, "slice out of range: from %llu to %llu, length %llu",
                         (unsigned long long)low, (unsigned long long)high, (unsigned long long)length);
    ConstValue *v;
    if (!of_array) {
        v = eval_new(e, (int)base->kind, t->type);
        *v = *base;
        v->type = t->type;
        if (v->kind == CONST_STR) v->bytes = (Str){base->bytes.ptr + low, high - low};
    } else if (of_global) {
        v = eval_new(e, CONST_SLICE, t->type);
        v->global = t->slice.base->global;
    } else
        v = wrap(e, EVAL_SLICE, t->type, base);
    v->index += (uint32_t)low;
    v->count = high - low;
    return v;
}

static ConstValue *eval_address(Eval *e, const TExpr *t) {
    const TExpr *place = t->unary.operand;
    if (place->kind == TEXPR_GLOBAL) {
        ConstValue *v = eval_new(e, CONST_GLOBAL, t->type);
        v->global = place->global;
        return v;
    }
    if (place->kind == TEXPR_DEREF) return eval_value(e, place->unary.operand);
    return wrap(e, EVAL_PTR, t->type, eval_place(e, place));
}

static ConstValue *eval_orelse(Eval *e, const TExpr *t) {
    ConstValue *v = eval_value(e, t->orelse.operand);
    if (!v) return NULL;
    if (v->kind == CONST_NULL) return eval_value(e, t->orelse.fallback);
    return v->kind == CONST_SOME ? v->items[0] : v;
}

static ConstValue *eval_load(Eval *e, const TExpr *t) {
    ConstValue *cell = eval_place(e, t->unary.operand);
    if (!cell) return NULL;
    if (cell->kind == CONST_UNDEFINED && type_is_scalar(t->type)) return undefined_read(e, t->span);
    return eval_copy(e, cell, t->span);
}

static ConstValue *eval_func(Eval *e, const TExpr *t, FuncInst *func) {
    ConstValue *v = eval_new(e, CONST_FUNC, t->type);
    v->func = func;
    return v;
}

static ConstValue *dispatch(Eval *e, const TExpr *t) {
    ConstValue *v;
    switch (t->kind) {
    case TEXPR_CONST: return eval_copy(e, t->constant, t->span);
    case TEXPR_UNDEFINED: return eval_new(e, CONST_UNDEFINED, t->type);
    case TEXPR_FUNC_REF: return eval_func(e, t, t->func);
    case TEXPR_LOAD: return eval_load(e, t);
    case TEXPR_ADDR: return eval_address(e, t);
    case TEXPR_SLICE_ARRAY:
    case TEXPR_SLICE_SLICE: return eval_slice(e, t);
    case TEXPR_SLICE_LEN:
        v = eval_value(e, t->unary.operand);
        return v ? eval_int(e, t->type, eval_slice_len(v)) : NULL;
    case TEXPR_UNARY: return eval_unary_op(e, t);
    case TEXPR_BINARY: return eval_binary(e, t);
    case TEXPR_LOGICAL: return eval_logical(e, t);
    case TEXPR_COMPARE: return eval_compare(e, t);
    case TEXPR_EQUAL: return eval_equality(e, t);
    case TEXPR_COERCE: return eval_coerce(e, t);
    case TEXPR_CAST: return eval_cast(e, t);
    case TEXPR_STRUCT:
        return eval_items(e, t, CONST_STRUCT, t->aggregate.fields, t->aggregate.order, t->type->field_count);
    case TEXPR_ARRAY: return eval_items(e, t, CONST_ARRAY, t->aggregate.fields, NULL, t->type->length);
    case TEXPR_ARRAY_REPEAT: return wrap(e, CONST_REPEAT, t->type, eval_value(e, t->repeat.element));
    case TEXPR_ENUM: return eval_variant(e, t);
    case TEXPR_ERROR_VALUE: return eval_int(e, t->type, t->error.code);
    case TEXPR_NULL_VALUE: return eval_new(e, CONST_NULL, t->type);
    case TEXPR_IS_NULL:
        v = texpr_is_place(t->unary.operand) ? eval_place(e, t->unary.operand) : eval_value(e, t->unary.operand);
        return v ? eval_int(e, t->type, v->kind == CONST_NULL) : NULL;
    case TEXPR_CALL: return eval_call(e, t->call.func, t->call.args, t->call.arg_count, t->span);
    case TEXPR_CALL_INDIRECT:
        v = eval_value(e, t->call_indirect.callee);
        if (!v) return NULL;
        if (v->kind != CONST_FUNC)
            return eval_fail(e, DIAG_E4001, t->span, "the function called here is not known at compile time");
        return eval_call(e, v->func, t->call_indirect.args, t->call_indirect.arg_count, t->span);
    case TEXPR_INTRINSIC: return eval_intrinsic(e, t);
    case TEXPR_ORELSE: return eval_orelse(e, t);
    case TEXPR_ASSIGN_OP: return eval_assign_op(e, t);
    case TEXPR_ERROR: e->flow = FLOW_STOP; return NULL;
    default: return eval_control(e, t);
    }
}

ConstValue *eval_value(Eval *e, const TExpr *t) {
    if (!eval_step(e, t->span, 1)) return NULL;
    if (e->sema->eval_depth >= EVAL_DEPTH_LIMIT)
        return eval_fail(e, DIAG_E4002, t->span, "the evaluation nests too deep");
    e->sema->eval_depth++;
    ConstValue *v = texpr_is_place(t) ? eval_place(e, t) : dispatch(e, t);
    e->sema->eval_depth--;
    return e->flow == FLOW_NEXT ? v : NULL;
}
