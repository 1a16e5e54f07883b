// Implicit conversions: the one place that decides which exist, and the only one that builds their nodes. A conversion
// is a chain of at most a few steps (widen, then wrap, then success); `attempt` walks the target's layers from the
// outside in and builds the chain from the inside out. At most one optional layer is ever added silently.
#include "sema/expr/expr.h"
#include "sema/help/help.h"
#include "sema/constant/constant.h"

// Every value of `from` is a value of `to`, which is wider.
bool int_widens(const Type *from, const Type *to) {
    if (!type_is_int(from) || !type_is_int(to) || type_bits(to) <= type_bits(from)) return false;
    return !type_is_signed(from) || type_is_signed(to);
}

static bool is_array_value(const TExpr *e) {
    return e->type->kind == TYPE_ARRAY && (e->kind == TEXPR_ARRAY || e->kind == TEXPR_ARRAY_REPEAT);
}

static TExpr *slice_const(Context *c, TExpr *slice) {
    return texpr_coerce(c, COERCE_SLICE_CONST, type_slice(c->sema->types, slice->type->element, true), slice);
}

// An array literal where a slice is due: constant ones live in the program image, others until the statement ends.
static TExpr *literal_slice(Context *c, TExpr *array, Type *target) {
    Types *types = c->sema->types;
    ConstValue *value = const_of_tree(c, array);
    if (value) {
        ConstValue *slice = ARENA_NEW(c->sema->arena, ConstValue);
        slice->kind = CONST_SLICE;
        slice->type = target;
        slice->global = global_promote(c, value, array->span);
        slice->count = array->type->length;
        return texpr_const(c, slice, array->span);
    }
    TExpr *temp = texpr_unary(c, TEXPR_TEMP, array->type, array, array->span);
    TExpr *address = texpr_addr(c, temp, array->span);
    return texpr_coerce(c, COERCE_ARRAY_PTR_SLICE, type_slice(types, array->type->element, true), address);
}

static bool wraps_to(const Type *set, const Type *errors) {
    return set == errors || (errors->decl == NULL && set->kind == TYPE_ERROR_SET);
}

bool becomes_const(const Type *from, const Type *to) {
    return (to->kind == TYPE_PTR || to->kind == TYPE_SLICE) && from->kind == to->kind && from->element == to->element &&
           to->is_const;
}

// The conversions that go through one level: of what is inside an optional, and of both sides of an error union.
static bool optional_converts(const Type *from, const Type *to) {
    return from->kind == TYPE_OPTIONAL && becomes_const(from->element, to->element);
}

static bool union_converts(const Type *from, const Type *to) {
    return (from->element == to->element || becomes_const(from->element, to->element)) &&
           (from->errors == to->errors || to->errors->decl == NULL);
}

// `v` as `target`, or NULL. Without `build` the answer is only whether it works (any non-NULL).
static TExpr *attempt(Context *c, TExpr *v, Type *target, bool may_wrap, bool build) {
    Types *types = c->sema->types;
    Type *from = v->type;
    if (from == target) return v;
    if (from->kind == TYPE_NEVER) return build ? texpr_coerce(c, COERCE_NEVER, target, v) : v;
    if (is_bare_null(v) && target->kind == TYPE_OPTIONAL && may_wrap)
        return build ? texpr_new(c, TEXPR_NULL_VALUE, target, v->span) : v;

    switch (target->kind) {
    case TYPE_F32:
    case TYPE_F64:
        if (is_literal(v)) return build ? literal_convert(c, v, target, v->span) : v;
        return NULL;
    case TYPE_PTR:
        if (becomes_const(from, target)) return build ? texpr_coerce(c, COERCE_PTR_CONST, target, v) : v;
        return NULL;
    case TYPE_SLICE:
        if (becomes_const(from, target)) return build ? slice_const(c, v) : v;
        if (from->kind == TYPE_PTR && from->element->kind == TYPE_ARRAY && from->element->element == target->element &&
            (target->is_const || !from->is_const)) {
            if (!build) return v;
            TExpr *slice =
                texpr_coerce(c, COERCE_ARRAY_PTR_SLICE, type_slice(types, target->element, from->is_const), v);
            return slice->type == target ? slice : slice_const(c, slice);
        }
        if (is_array_value(v) && from->element == target->element && target->is_const)
            return build ? literal_slice(c, v, target) : v;
        return NULL;
    case TYPE_ERROR_SET:
        if (from->kind == TYPE_ERROR_SET && wraps_to(from, target))
            return build ? texpr_coerce(c, COERCE_ERROR_SET, target, v) : v;
        return NULL;
    case TYPE_OPTIONAL: {
        if (optional_converts(from, target)) return build ? texpr_coerce(c, COERCE_OPTIONAL_INSIDE, target, v) : v;
        if (!may_wrap) return NULL;
        TExpr *inner = attempt(c, v, target->element, false, build);
        if (!inner || !build) return inner;
        if (FAULT_IN(types, WRAP_FORGOTTEN)) return inner;
        return is_error(inner) ? inner : texpr_coerce(c, COERCE_SOME, target, inner);
    }
    case TYPE_ERROR_UNION: {
        if (from->kind == TYPE_ERROR_UNION) {
            if (!union_converts(from, target)) return NULL;
            return build ? texpr_coerce(c, COERCE_UNION_INSIDE, target, v) : v;
        }
        if (from->kind == TYPE_ERROR_SET && wraps_to(from, target->errors)) {
            if (!build) return v;
            TExpr *code = from == target->errors ? v : texpr_coerce(c, COERCE_ERROR_SET, target->errors, v);
            return texpr_coerce(c, COERCE_ERR, target, code);
        }
        TExpr *inner = attempt(c, v, target->element, may_wrap, build);
        if (!inner || !build) return inner;
        return is_error(inner) ? inner : texpr_coerce(c, COERCE_OK, target, inner);
    }
    default: break;
    }
    if (type_is_int(target)) {
        if (is_int_literal(v)) return build ? literal_convert(c, v, target, v->span) : v;
        if (int_widens(from, target) && FAULT_IN(types, WIDEN_FORGOTTEN)) return v;
        if (int_widens(from, target)) return build ? texpr_coerce(c, COERCE_INT_WIDEN, target, v) : v;
    }
    return NULL;
}

bool coerce_possible(Context *c, const TExpr *value, Type *target) {
    if (value->type->kind == TYPE_ERROR || target->kind == TYPE_ERROR) return true;
    return attempt(c, (TExpr *)value, target, true, false) != NULL;
}

static const char *describe(Context *c, const TExpr *v) {
    if (is_int_literal(v)) return "an integer";
    if (is_float_literal(v)) return "a floating-point number";
    if (is_bare_null(v)) return "`null`";
    return arena_printf(c->sema->arena, "`%s`", show(c, v->type));
}

static bool is_read_only(const Type *t) { return (t->kind == TYPE_PTR || t->kind == TYPE_SLICE) && t->is_const; }

static void note_address(Context *c, Diag *d, const TExpr *value, const Type *to) {
    const TExpr *place = value->kind == TEXPR_LOAD ? value->unary.operand : NULL;
    if (place && texpr_is_place(place) && place->kind != TEXPR_TEMP && (to->is_const || place->is_mutable))
        diag_fix_likely(c->sema->diags, d, (Span){value->span.file, value->span.start, value->span.start}, "&",
                        "take the address with `&`");
    else
        diag_note(c->sema->diags, d, (Span){0}, "take the address with `&`");
}

// `&x`, or `&x.field`, of what was not declared with `var`.
static bool is_frozen_local(const TExpr *value) {
    if (value->kind != TEXPR_ADDR) return false;
    const TExpr *root = place_root(value->unary.operand);
    return root->kind == TEXPR_LOCAL && root->local->name && !root->local->is_var;
}

// `usize` and `u64` hold the same numbers here, and elsewhere they do not.
void note_same_numbers(Context *c, Diag *d, const Type *a, const Type *b) {
    if (!type_is_int(a) || !type_is_int(b) || a == b) return;
    if (type_bits(a) != type_bits(b) || type_is_signed(a) != type_is_signed(b)) return;
    bool is_a = a->kind == TYPE_USIZE || a->kind == TYPE_ISIZE;
    diag_note(c->sema->diags, d, (Span){0},
              "`%s` is as wide as an address; it has as many bits as `%s` on this target, and is a type of its own",
              show(c, is_a ? a : b), show(c, is_a ? b : a));
}

// What the user may have meant; one hint at most.
static void add_help(Context *c, Diag *d, const TExpr *value, const Type *to) {
    const Type *from = value->type;
    Diags *diags = c->sema->diags;
    Span none = {0};
    bool text = to->kind == TYPE_SLICE && to->is_const && to->element->kind == TYPE_U8;
    if (from->is_interpolation)
        suggest_interpolation(c->sema, d);
    else if (text && (type_is_int(from) || from->kind == TYPE_INT_LITERAL) && suggest_text(c->sema, d, value->span))
        return;
    else if (to->kind == TYPE_U8 && suggest_character(c->sema, d, value->span))
        return;
    else if (to->kind == TYPE_BOOL && type_is_numeric(from))
        diag_note(diags, d, none, "a number is no `bool`; compare it: `!= 0`");
    else if (to->kind == TYPE_BOOL && from->kind == TYPE_OPTIONAL)
        diag_note(diags, d, none, "compare it with `null`, or open it with `if let Some(x) = …`");
    else if (from->kind == TYPE_FLOAT_LITERAL && type_is_int(to))
        diag_note(diags, d, none, "write it without a fraction, or convert with `as %s`, which cuts it off",
                  show(c, to));
    else if (type_is_float(from) && type_is_int(to))
        diag_note(diags, d, none,
                  "convert with `as %s`, which cuts the fraction off and traps if the rest does not fit", show(c, to));
    else if (type_is_float(to) && type_is_numeric(from))
        diag_note(diags, d, none, "convert with `as %s`", show(c, to));
    else if (type_is_numeric(from) && type_is_numeric(to)) {
        diag_note(diags, d, none, "convert with `as %s`; it traps if the value does not fit", show(c, to));
        note_same_numbers(c, d, from, to);
    } else if (from->kind == TYPE_OPTIONAL && from->element == to)
        diag_note(diags, d, none, "the value may be null: use `.?`, `??` or `if let Some(x) = …`");
    else if (from->kind == TYPE_ERROR_UNION && (from->element == to || to->kind == TYPE_BOOL))
        diag_note(diags, d, none, "this may fail: propagate with `?` or handle with `catch`");
    else if (from->kind == TYPE_ERROR_UNION && to->kind == TYPE_ERROR_UNION)
        diag_note(diags, d, none, "unwrap with `?` first, so that the error is converted");
    else if (from->kind == TYPE_PTR && from->element == to)
        diag_note(diags, d, none, "read through the pointer with `.*`");
    else if (to->kind == TYPE_PTR && to->element == from)
        note_address(c, d, value, to);
    else if ((to->kind == TYPE_SLICE && from->kind == TYPE_ARRAY && to->element == from->element))
        diag_note(diags, d, none, "take the address with `&` to get a slice of the array");
    else if (to->kind == TYPE_PTR && from == type_ptr(c->sema->types, to->element, true) && is_frozen_local(value))
        note_immutable(c, d, place_root(value->unary.operand)->local);
    else if ((to->kind == TYPE_PTR || to->kind == TYPE_SLICE) && is_read_only(from) && !to->is_const)
        diag_note(diags, d, none, "what it points to is read-only; only a `var` can be changed through a pointer");
}

TExpr *coerce_value(Context *c, TExpr *value, Type *target, Span span, const char *what) {
    if (value->type->kind == TYPE_ERROR || target->kind == TYPE_ERROR) return texpr_error(c, value->span);
    // Reading a place is itself a step: callers may hand over either.
    if (texpr_is_place(value)) {
        value = load_place(c, value);
        if (is_error(value)) return value;
    }
    TExpr *result = attempt(c, value, target, true, true);
    if (result) return result;
    Diag *d;
    if (what)
        d = context_error(c, DIAG_E2001, span, "%s: expected `%s`, found %s", what, show(c, target),
                          describe(c, value));
    else
        d = context_error(c, DIAG_E2001, span, "expected `%s`, found %s", show(c, target), describe(c, value));
    add_help(c, d, value, target);
    return texpr_error(c, value->span);
}

// ---- the common type of branches and elements
static bool all_fit(Context *c, TExpr **values, uint32_t count, Type *target) {
    for (uint32_t i = 0; i < count; i++)
        if (!coerce_possible(c, values[i], target)) return false;
    return true;
}

Type *common_type(Context *c, TExpr **values, uint32_t count, Span span) {
    TExpr *first = NULL, *other = NULL;
    bool has_null = false, has_float = false, all_literal = true;
    for (uint32_t i = 0; i < count; i++) {
        TExpr *v = values[i];
        if (is_error(v)) return v->type;
        if (v->type->kind == TYPE_NEVER) continue;
        if (is_bare_null(v)) {
            has_null = true;
            continue;
        }
        has_float |= is_float_literal(v);
        if (is_literal(v)) {
            if (!first) first = v;
            continue;
        }
        if (all_literal) {
            if (first) other = first;
            first = v;
            all_literal = false;
        } else if (!other && v->type != first->type) {
            other = v;
        }
    }
    if (!first) {
        if (!has_null) return prim(c, count ? TYPE_NEVER : TYPE_VOID);
        context_error(c, DIAG_E2018, span, "cannot tell what `null` is an optional of; write the type");
        return prim(c, TYPE_ERROR);
    }
    if (all_literal) {
        Type *number = prim(c, has_float ? TYPE_F64 : TYPE_I64);
        return has_null ? type_optional(c->sema->types, number) : number;
    }
    if (!has_null && !other) return first->type;
    for (uint32_t i = 0; i < count; i++) {
        Type *t = values[i]->type;
        if (t->kind == TYPE_NEVER || is_literal(values[i]) || is_bare_null(values[i])) continue;
        if (all_fit(c, values, count, t)) return t;
    }
    for (uint32_t i = 0; has_null && i < count; i++) {
        Type *t = values[i]->type;
        if (t->kind == TYPE_NEVER || is_literal(values[i]) || is_bare_null(values[i])) continue;
        t = type_optional(c->sema->types, t);
        if (all_fit(c, values, count, t)) return t;
    }
    if (!other) other = first;
    for (uint32_t i = 0; i < count && other == first; i++)
        if (!coerce_possible(c, values[i], first->type)) other = values[i];
    Diag *d = context_error(c, DIAG_E2001, other->span, "this is %s, but another value here is %s", describe(c, other),
                            describe(c, first));
    diag_note(c->sema->diags, d, first->span, "this is %s", describe(c, first));
    return prim(c, TYPE_ERROR);
}
