// Constructors of the typed tree. Each fills exactly one node, asks nothing and reports nothing; whether the node is
// right is the caller's business. Nodes live in the session arena, for the lowerer reads them after checking ended.
#include "sema/expr/expr.h"

static const char *const KIND_NAMES[TEXPR_KIND_COUNT] = {
#define TEXPR(kind, name) [TEXPR_##kind] = name,
#include "sema/tast.def"
};

static const bool KIND_IS_PLACE[TEXPR_KIND_COUNT] = {
#define PLACE(kind, name) [TEXPR_##kind] = true,
#define TEXPR(kind, name) [TEXPR_##kind] = false,
#include "sema/tast.def"
};

const char *texpr_kind_name(TExprKind kind) {
    ENSURE(kind < TEXPR_KIND_COUNT);
    return KIND_NAMES[kind];
}

bool texpr_is_place(const TExpr *e) { return KIND_IS_PLACE[e->kind]; }

Type *prim(const Context *c, TypeKind kind) { return type_primitive(c->sema->types, kind); }

const char *show(const Context *c, const Type *t) { return type_text(c->sema->arena, t); }

TExpr *texpr_new(Context *c, TExprKind kind, Type *type, Span span) {
    TExpr *e = ARENA_NEW(c->sema->arena, TExpr);
    e->kind = kind;
    e->type = type;
    e->span = span;
    return e;
}

TExpr *texpr_error(Context *c, Span span) {
    c->poison++;
    return texpr_new(c, TEXPR_ERROR, prim(c, TYPE_ERROR), span);
}

TExpr *texpr_const(Context *c, ConstValue *value, Span span) {
    TExpr *e = texpr_new(c, TEXPR_CONST, value->type, span);
    e->constant = value;
    return e;
}

TExpr *texpr_int(Context *c, Type *type, uint64_t bits, Span span) {
    return texpr_const(c, const_int(c->sema, type, bits), span);
}

TExpr *texpr_bool(Context *c, bool value, Span span) { return texpr_int(c, prim(c, TYPE_BOOL), value ? 1 : 0, span); }

TExpr *texpr_str(Context *c, Str bytes, Span span) { return texpr_const(c, const_str(c->sema, bytes), span); }

TExpr *texpr_unary(Context *c, TExprKind kind, Type *type, TExpr *operand, Span span) {
    TExpr *e = texpr_new(c, kind, type, span);
    e->unary.operand = operand;
    return e;
}

TExpr *texpr_coerce(Context *c, CoerceKind kind, Type *type, TExpr *operand) {
    TExpr *e = texpr_new(c, TEXPR_COERCE, type, operand->span);
    e->coerce.kind = kind;
    e->coerce.operand = operand;
    return e;
}

TExpr *texpr_load(Context *c, TExpr *place) { return texpr_unary(c, TEXPR_LOAD, place->type, place, place->span); }

TExpr *texpr_local(Context *c, Local *local, Span span) {
    TExpr *e = texpr_new(c, TEXPR_LOCAL, local->type, span);
    e->local = local;
    e->is_mutable = local->is_var;
    return e;
}

// Taking the address of what a pointer leads to gives that pointer back, so no DEREF is left to evaluate.
TExpr *texpr_addr(Context *c, TExpr *place, Span span) {
    Type *type = type_ptr(c->sema->types, place->type, !place->is_mutable);
    if (place->kind == TEXPR_DEREF && place->unary.operand->type == type) return place->unary.operand;
    return texpr_unary(c, TEXPR_ADDR, type, place, span);
}

TExpr *texpr_deref(Context *c, TExpr *pointer, Span span) {
    TExpr *e = texpr_unary(c, TEXPR_DEREF, pointer->type->element, pointer, span);
    e->is_mutable = !pointer->type->is_const;
    return e;
}

TExpr *texpr_field(Context *c, TExpr *base, uint32_t index, Span span) {
    TExpr *e = texpr_new(c, TEXPR_FIELD, base->type->fields[index].type, span);
    e->field.base = base;
    e->field.index = index;
    e->is_mutable = base->is_mutable;
    return e;
}

// Of a block that the compiler made of an expression, so it lends: nothing in the expression may live shorter for it.
TExpr *texpr_let(Context *c, Local *local, TExpr *value, Span span) {
    TExpr *e = texpr_new(c, TEXPR_LET, prim(c, TYPE_VOID), span);
    e->let.local = local;
    e->let.value = value;
    e->let.lends = true;
    return e;
}

// Constant initialisers have no function to number their locals in; any number unique in the program does.
Local *local_new(Context *c, const Name *name, Type *type, Span span, bool is_var) {
    Local *local = ARENA_NEW(c->sema->arena, Local);
    local->name = name;
    local->type = type;
    local->span = span;
    local->is_var = is_var;
    local->id = c->func ? c->func->local_count++ : c->sema->anonymous_count++;
    return local;
}

Node *skip_parens(Node *node) {
    while (node->kind == NODE_PAREN) node = node->operand.operand;
    return node;
}

TExpr *block_new(Context *c, Span span) { return texpr_new(c, TEXPR_BLOCK, prim(c, TYPE_VOID), span); }

// An empty block is the one value of type void.
TExpr *success_value(Context *c, Type *result, Span span) {
    TExpr *ok = texpr_new(c, TEXPR_COERCE, result, span);
    ok->coerce.kind = COERCE_OK;
    ok->coerce.operand = block_new(c, span);
    return ok;
}

ConstValue *const_int(Sema *s, Type *type, uint64_t bits) {
    ConstValue *v = ARENA_NEW(s->arena, ConstValue);
    v->kind = CONST_INT;
    v->type = type;
    v->bits = bits;
    return v;
}

ConstValue *const_str(Sema *s, Str bytes) {
    ConstValue *v = ARENA_NEW(s->arena, ConstValue);
    v->kind = CONST_STR;
    v->type = type_str(s->types);
    v->bytes = bytes;
    v->count = bytes.len;
    return v;
}
