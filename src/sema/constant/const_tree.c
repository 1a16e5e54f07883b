// What is written as a constant: literals, names of what is known already, and aggregates of such. Nothing is computed
// here, so this says nothing about the meaning of the language that the evaluator could contradict; it is what spares
// most constants an evaluation. Such a value can also be promoted to the program image, so that its address outlives
// the statement.
#include "sema/expr/expr.h"
#include "sema/constant/constant.h"

static ConstValue *const_new(Context *c, ConstKind kind, Type *type) {
    ConstValue *v = ARENA_NEW(c->sema->arena, ConstValue);
    v->kind = kind;
    v->type = type;
    return v;
}

static ConstValue *const_items(Context *c, ConstKind kind, Type *type, TExpr **parts, uint64_t count) {
    ConstValue *v = const_new(c, kind, type);
    v->items = ARENA_ARRAY(c->sema->arena, ConstValue *, count);
    v->count = count;
    for (uint64_t i = 0; i < count; i++) {
        v->items[i] = const_of_tree(c, parts[i]);
        if (!v->items[i]) return NULL;
    }
    return v;
}

static ConstValue *const_of_variant(Context *c, TExpr *e) {
    const Variant *variant = &e->type->variants[e->variant.variant];
    if (e->type->is_plain_enum) return const_int(c->sema, e->type, (uint64_t)variant->discriminant);
    ConstValue *v =
        const_items(c, CONST_ENUM, e->type, e->variant.fields, e->variant.fields ? variant->field_count : 0);
    if (v) v->index = e->variant.variant;
    return v;
}

static ConstValue *const_of_address(Context *c, Type *type, Global *global) {
    ConstValue *v = const_new(c, CONST_GLOBAL, type);
    v->global = global;
    return v;
}

// An optional whose contents are seen through const: what it holds takes the new type as well.
static ConstValue *const_of_inside(Context *c, TExpr *e) {
    ConstValue *inner = const_of_tree(c, e->coerce.operand);
    if (!inner || (inner->kind != CONST_SOME && inner->kind != CONST_NULL)) return NULL;
    ConstValue *v = arena_copy(c->sema->arena, inner, sizeof *inner);
    v->type = e->type;
    if (v->kind == CONST_NULL) return v;
    ConstValue *held = arena_copy(c->sema->arena, inner->items[0], sizeof *held);
    held->type = e->type->element;
    v->items = arena_copy(c->sema->arena, &held, sizeof held);
    return v;
}

static ConstValue *const_of_coercion(Context *c, TExpr *e) {
    if (e->coerce.kind == COERCE_SOME) return const_items(c, CONST_SOME, e->type, &e->coerce.operand, 1);
    if (e->coerce.kind == COERCE_OPTIONAL_INSIDE) return const_of_inside(c, e);
    bool renames = e->coerce.kind == COERCE_PTR_CONST || e->coerce.kind == COERCE_SLICE_CONST ||
                   e->coerce.kind == COERCE_INT_WIDEN || e->coerce.kind == COERCE_ERROR_SET;
    if (!renames && e->coerce.kind != COERCE_ARRAY_PTR_SLICE) return NULL;
    ConstValue *inner = const_of_tree(c, e->coerce.operand);
    if (!inner) return NULL;
    bool is_whole = inner->kind == CONST_GLOBAL && inner->type->element == inner->global->type;
    if (!renames && !is_whole) return NULL;
    ConstValue *v = arena_copy(c->sema->arena, inner, sizeof *inner);
    v->type = e->type;
    if (renames) return v;
    v->kind = CONST_SLICE;
    v->count = inner->type->element->length;
    return v;
}

ConstValue *const_of_tree(Context *c, TExpr *e) {
    switch (e->kind) {
    case TEXPR_CONST: return e->constant;
    case TEXPR_ARRAY: return const_items(c, CONST_ARRAY, e->type, e->aggregate.fields, e->type->length);
    case TEXPR_STRUCT: return const_items(c, CONST_STRUCT, e->type, e->aggregate.fields, e->type->field_count);
    case TEXPR_ARRAY_REPEAT: {
        ConstValue *v = const_items(c, CONST_REPEAT, e->type, &e->repeat.element, 1);
        if (v) v->count = e->type->length;
        return v;
    }
    case TEXPR_ENUM: return const_of_variant(c, e);
    case TEXPR_ERROR_VALUE: return const_int(c->sema, e->type, e->error.code);
    case TEXPR_NULL_VALUE: return const_new(c, CONST_NULL, e->type);
    case TEXPR_FUNC_REF: {
        ConstValue *v = const_new(c, CONST_FUNC, e->type);
        v->func = e->func;
        return v;
    }
    case TEXPR_ADDR:
        return e->unary.operand->kind == TEXPR_GLOBAL ? const_of_address(c, e->type, e->unary.operand->global) : NULL;
    case TEXPR_COERCE: return const_of_coercion(c, e);
    case TEXPR_LOAD: return texpr_is_place(e->unary.operand) ? const_of_tree(c, e->unary.operand) : NULL;
    case TEXPR_GLOBAL: return e->global->is_var ? NULL : e->global->initial;
    default: return NULL;
    }
}

Global *global_promote(Context *c, ConstValue *value, Span span) {
    Sema *s = c->sema;
    Global *global = ARENA_NEW(s->arena, Global);
    global->symbol = arena_printf(s->arena, "%s.literal.%u", c->module->path->text, s->anonymous_count++);
    global->type = value->type;
    global->initial = value;
    global->span = span;
    VEC_PUSH(s->arena, &s->globals, global);
    return global;
}
