// Expressions, entry and dispatch: which family a node belongs to, what a path denotes as a value, and the few
// operators on places that belong nowhere else. Invariants: the result is never NULL; after a report it has the ERROR
// type, and whoever meets that type keeps silent; nesting is bounded here for all later passes.
#include "sema/expr/expr.h"

#include "sema/body/body.h"
#include "sema/help/help.h"

Type *expected_core(Type *expected) {
    while (expected && (expected->kind == TYPE_OPTIONAL || expected->kind == TYPE_ERROR_UNION))
        expected = expected->element;
    return expected;
}

bool node_needs_expected(Node *node) {
    node = skip_parens(node);
    switch (node->kind) {
    case NODE_DOT_NAME:
    case NODE_NULL_LIT:
    case NODE_UNDEFINED: return true;
    case NODE_CALL: return skip_parens(node->call.callee)->kind == NODE_DOT_NAME;
    case NODE_STRUCT_LIT: return node->struct_lit.type && node->struct_lit.type->kind == NODE_DOT_NAME;
    case NODE_ARRAY_LIT: return node->array_lit.elements.len == 0;
    default: return false;
    }
}

void check_stray_args(Context *c, NodeList *args) {
    for (uint32_t i = 0; i < args->len; i++)
        if (!node_needs_expected(args->items[i])) check_expr(c, args->items[i], NULL);
}

// ---- variants and error members by name
int64_t variant_find(Context *c, Type *type, const Name *name, Span span) {
    if (!type_complete(c->sema, type, span)) return -1;
    for (uint32_t i = 0; i < type->variant_count; i++)
        if (type->variants[i].name == name) return i;
    return -1;
}

TExpr *error_no_variant(Context *c, Type *type, const Name *name, Span span) {
    if (type->state == STAGE_BROKEN) return texpr_error(c, span);
    Diag *d = context_error(c, DIAG_E1008, span, "`%s` has no variant `%s`", show(c, type), name->text);
    NearName near = near_name_start(name);
    for (uint32_t i = 0; i < type->variant_count; i++) near_name_consider(&near, type->variants[i].name);
    near_name_note(c->sema, d, &near);
    return texpr_error(c, span);
}

static TExpr *error_value(Context *c, Type *set, const Name *name, uint32_t code, Span span) {
    TExpr *e = texpr_new(c, TEXPR_ERROR_VALUE, set, span);
    e->error.code = code;
    e->error.name = name;
    return e;
}

// `.Name`: the expected type decides, its innermost layer first, then the error sets on the way there.
static TExpr *check_dot_name(Context *c, Node *node, Type *expected) {
    const Name *name = node->name.name;
    Type *core = expected_core(expected);
    if (!core) {
        Diag *d = context_error(c, DIAG_E2018, node->span, "cannot tell which type `.%s` belongs to", name->text);
        diag_note(c->sema->diags, d, (Span){0}, "write `Type.%s`", name->text);
        return texpr_error(c, node->span);
    }
    if (core->kind == TYPE_ERROR) return texpr_error(c, node->span);
    int64_t index = core->kind == TYPE_ENUM ? variant_find(c, core, name, node->span) : -1;
    if (index >= 0) return make_variant(c, core, (uint32_t)index, NULL, node->span);
    for (Type *t = expected; t; t = t->kind == TYPE_OPTIONAL || t->kind == TYPE_ERROR_UNION ? t->element : NULL) {
        Type *set = t->kind == TYPE_ERROR_UNION ? t->errors : t->kind == TYPE_ERROR_SET ? t : NULL;
        const Variant *member = set && set->decl ? error_set_member(set, name) : NULL;
        if (member) return error_value(c, set, name, (uint32_t)member->discriminant, node->span);
    }
    if (core->kind == TYPE_ENUM || (core->kind == TYPE_ERROR_SET && core->decl))
        return error_no_variant(c, core, name, node->span);
    context_error(c, DIAG_E2001, node->span, "expected `%s`, found the variant name `.%s`", show(c, expected),
                  name->text);
    return texpr_error(c, node->span);
}

// ---- paths as values
static TExpr *local_value(Context *c, Local *local, Span span) {
    if (local->is_moved) {
        Diag *d = context_error(c, DIAG_E2011, span, "`%s` is used after it was moved",
                                local->name ? local->name->text : "value");
        diag_note(c->sema->diags, d, local->moved_at, "moved here");
        return texpr_error(c, span);
    }
    if (local->type->kind == TYPE_ERROR) return texpr_error(c, span);
    return texpr_local(c, local, span);
}

static TExpr *global_place(Context *c, Decl *decl, Span span) {
    Type *type = const_decl_type(c->sema, decl, span);
    if (!type || type->kind == TYPE_ERROR) return texpr_error(c, span);
    Global *global = decl_global(c->sema, decl);
    if (!global) return texpr_error(c, span);
    TExpr *e = texpr_new(c, TEXPR_GLOBAL, global->type, span);
    e->global = global;
    e->is_mutable = global->is_var;
    return e;
}

// Scalar constants are values; what lives in memory is read in place. `&LIMIT` wants the address all the same.
static TExpr *constant_value(Context *c, Decl *decl, Span span, bool want_place) {
    if (decl->kind == DECL_GLOBAL) return global_place(c, decl, span);
    ConstValue *value = const_of_decl(c->sema, decl, span);
    if (!value || value->type->kind == TYPE_ERROR) return texpr_error(c, span);
    bool plain = type_is_scalar(value->type) && value->type->kind != TYPE_OPTIONAL;
    if (want_place || !plain) return global_place(c, decl, span);
    return texpr_const(c, value, span);
}

static TExpr *not_a_value(Context *c, Span span, const char *what) {
    context_error(c, DIAG_E2020, span, "%s is not a value", what);
    return texpr_error(c, span);
}

TExpr *entity_value(Context *c, Node *node, const Entity *entity, Type *expected, bool want_place) {
    Span span = node->span;
    Arena *arena = c->sema->arena;
    switch (entity->kind) {
    case ENTITY_ERROR: return texpr_error(c, span);
    case ENTITY_LOCAL: return local_value(c, entity->local, span);
    case ENTITY_CONST: return constant_value(c, entity->decl, span, want_place);
    case ENTITY_VALUE_PARAM:
        if (entity->type->kind != TYPE_VALUE) return texpr_error(c, span);
        return texpr_int(c, entity->type->element, (uint64_t)entity->type->value, span);
    case ENTITY_VARIANT: return make_variant(c, entity->type, entity->index, NULL, span);
    case ENTITY_GENERIC_VARIANT: return make_generic_variant(c, entity->decl, entity->index, NULL, expected, span);
    case ENTITY_ERROR_MEMBER: {
        const Name *name = node->kind == NODE_MEMBER ? node->member.name : sema_error_name(c->sema, entity->code);
        return error_value(c, entity->type, name, entity->code, span);
    }
    case ENTITY_FUNC: return func_value(c, entity, expected, span);
    case ENTITY_BUILTIN:
        if (entity->decl->builtin == BUILTIN_UNREACHABLE)
            return texpr_new(c, TEXPR_UNREACHABLE, prim(c, TYPE_NEVER), span);
        return not_a_value(c, span, arena_printf(arena, "`%s` must be called; it", entity->decl->name->text));
    case ENTITY_MODULE: return not_a_value(c, span, "a module");
    case ENTITY_TRAIT: return not_a_value(c, span, "a trait");
    case ENTITY_TYPE:
        if (entity->type && entity->type->kind == TYPE_ERROR) return texpr_error(c, span);
        return not_a_value(c, span, arena_printf(arena, "the type `%s`", entity->type ? show(c, entity->type) : ""));
    case ENTITY_GENERIC_TYPE: return not_a_value(c, span, "a type");
    case ENTITY_NOT_PATH:
    case ENTITY_VALUE_MEMBER: break;
    }
    ICE("no value for entity %d", (int)entity->kind);
}

static TExpr *check_path(Context *c, Node *node, Type *expected, bool want_place) {
    Entity entity = entity_resolve(c, node);
    if (entity.kind != ENTITY_NOT_PATH && entity.kind != ENTITY_VALUE_MEMBER)
        return entity_value(c, node, &entity, expected, want_place);
    switch (node->kind) {
    case NODE_MEMBER: return check_member(c, node);
    case NODE_BRACKET: return check_bracket(c, node, expected);
    default: ICE("a path that is none: %s", node_kind_name(node->kind));
    }
}

// ---- operators on places
static TExpr *check_deref(Context *c, Node *node) {
    TExpr *pointer = check_value(c, node->operand.operand, NULL);
    if (is_error(pointer)) return pointer;
    if (pointer->type->kind != TYPE_PTR) {
        Diag *d = context_error(c, DIAG_E2003, node->span, "`.*` needs a pointer, this is `%s`",
                                show(c, default_literal(c, pointer)->type));
        if (pointer->type->kind == TYPE_OPTIONAL && pointer->type->element->kind == TYPE_PTR)
            diag_note(c->sema->diags, d, (Span){0}, "the pointer may be null: use `.?.*`, or `if let Some(p) = …`");
        return texpr_error(c, node->span);
    }
    return texpr_deref(c, pointer, node->span);
}

static TExpr *not_optional(Context *c, Span span, const TExpr *e, const char *op) {
    Diag *d = context_error(c, DIAG_E2013, span, "`%s` needs an optional, this is `%s`", op, show(c, e->type));
    if (e->type->kind == TYPE_ERROR_UNION)
        diag_note(c->sema->diags, d, (Span){0}, "an error union is unwrapped with `?` or `catch`");
    else if (e->type->kind == TYPE_PTR && e->type->element->kind == TYPE_OPTIONAL)
        diag_note(c->sema->diags, d, (Span){0}, "what the pointer leads to is an optional: `.*%s`",
                  op[0] == '.' ? op : " ??");
    return texpr_error(c, span);
}

static TExpr *check_unwrap(Context *c, Node *node) {
    TExpr *place = check_expr(c, node->operand.operand, NULL);
    if (is_error(place)) return place;
    if (place->type->kind != TYPE_OPTIONAL) {
        if (is_literal(place)) place = default_literal(c, place);
        return is_error(place) ? place : not_optional(c, node->span, place, ".?");
    }
    if (is_bare_null(place)) {
        default_literal(c, place);
        return texpr_error(c, node->span);
    }
    place = as_place(c, place);
    TExpr *e = texpr_new(c, TEXPR_PAYLOAD, place->type->element, node->span);
    e->payload.operand = place;
    e->payload.checked = true;
    e->is_mutable = place->is_mutable;
    return e;
}

// `a ?? b` where b is an optional too: a when it holds something, else b as it is.
static TExpr *orelse_optional(Context *c, TExpr *left, TExpr *right, Span span) {
    Local *kept = local_new(c, NULL, left->type, left->span, false);
    TExpr *block = texpr_new(c, TEXPR_BLOCK, left->type, span);
    VEC_PUSH(c->sema->arena, &block->block.statements, texpr_let(c, kept, left, left->span));
    TExpr *choice = texpr_new(c, TEXPR_IF, left->type, span);
    choice->if_expr.condition =
        texpr_unary(c, TEXPR_IS_NULL, prim(c, TYPE_BOOL), texpr_local(c, kept, left->span), left->span);
    choice->if_expr.then_expr = right;
    choice->if_expr.else_expr = texpr_load(c, texpr_local(c, kept, left->span));
    block->block.result = choice;
    return block;
}

static TExpr *check_orelse(Context *c, Node *node, Type *expected) {
    Type *hint = expected ? type_optional(c->sema->types, expected_core(expected)) : NULL;
    TExpr *left = check_value(c, node->pair.left, hint);
    if (is_error(left)) {
        if (!node_needs_expected(node->pair.right)) check_expr(c, node->pair.right, NULL);
        return left;
    }
    if (left->type->kind != TYPE_OPTIONAL) {
        if (is_literal(left)) left = default_literal(c, left);
        return is_error(left) ? left : not_optional(c, node->pair.left->span, left, "??");
    }
    if (is_bare_null(left)) {
        default_literal(c, left);
        return texpr_error(c, node->span);
    }
    Type *payload = left->type->element;
    const Moved *start = c->moved;
    TExpr *right = check_value(c, node->pair.right, payload);
    if (is_never(right)) moved_take(c, start);
    if (right->type == left->type && right->type != payload) return orelse_optional(c, left, right, node->span);
    right = coerce_value(c, right, payload, node->pair.right->span, "value for null");
    if (is_error(right)) return right;
    TExpr *e = texpr_new(c, TEXPR_ORELSE, payload, node->span);
    e->orelse.operand = left;
    e->orelse.fallback = right;
    return e;
}

// ---- dispatch
// `*p` in the place of a value: what p points to is `p.*`.
static TExpr *type_as_value(Context *c, Node *node) {
    Node *inner = skip_parens(node->kind == NODE_TYPE_PTR && !node->type_ptr.is_const ? node->type_ptr.element : node);
    bool path = inner != node && (inner->kind == NODE_NAME || inner->kind == NODE_MEMBER || inner->kind == NODE_CALL);
    if (!path) return not_a_value(c, node->span, "a type");
    Entity entity = inner->kind == NODE_CALL ? (Entity){.kind = ENTITY_VALUE_MEMBER} : entity_resolve(c, inner);
    if (entity.kind == ENTITY_ERROR) return texpr_error(c, node->span);
    if (entity.kind != ENTITY_LOCAL && entity.kind != ENTITY_CONST && entity.kind != ENTITY_VALUE_MEMBER)
        return not_a_value(c, node->span, "a type");
    Diag *d = context_error(c, DIAG_E2020, node->span,
                            "`*` before a name makes a type; what a pointer points to is written `.*` behind it");
    diag_fix(c->sema->diags, d, (Span){node->span.file, node->span.start, inner->span.start}, "", "write `.*`");
    diag_fix(c->sema->diags, d, (Span){node->span.file, inner->span.end, node->span.end}, ".*", NULL);
    return texpr_error(c, node->span);
}

static TExpr *dispatch(Context *c, Node *node, Type *expected) {
    switch (node->kind) {
    case NODE_BAD: return texpr_error(c, node->span);
    case NODE_INT:
    case NODE_FLOAT:
    case NODE_CHAR:
    case NODE_STRING:
    case NODE_BOOL:
    case NODE_NULL_LIT:
    case NODE_UNDEFINED: return check_literal(c, node, expected);
    case NODE_INTERP: return check_interp(c, node);
    case NODE_NAME:
    case NODE_MEMBER:
    case NODE_BRACKET: return check_path(c, node, expected, false);
    case NODE_DOT_NAME: return check_dot_name(c, node, expected);
    case NODE_UNARY: return check_unary(c, node, expected);
    case NODE_BINARY: return check_binary(c, node, expected);
    case NODE_RANGE: return not_a_value(c, node->span, "a range");
    case NODE_CALL: return check_call(c, node, expected);
    case NODE_OPT_MEMBER: return check_opt_member(c, node);
    case NODE_DEREF: return check_deref(c, node);
    case NODE_UNWRAP: return check_unwrap(c, node);
    case NODE_ORELSE: return check_orelse(c, node, expected);
    case NODE_PIPELINE: return check_pipeline(c, node, expected);
    case NODE_AS: return check_as(c, node);
    case NODE_STRUCT_LIT: return check_struct_literal(c, node, expected);
    case NODE_ARRAY_LIT: return check_array_literal(c, node, expected);
    case NODE_ARRAY_REPEAT: return check_array_repeat(c, node, expected);
    case NODE_INTRINSIC: return check_intrinsic(c, node, expected);
    case NODE_PAREN: return check_expr(c, node->operand.operand, expected);
    case NODE_TYPE_PTR: return type_as_value(c, node);
    case NODE_TYPE_SLICE:
    case NODE_TYPE_ARRAY:
    case NODE_TYPE_OPTIONAL:
    case NODE_TYPE_ERROR_UNION:
    case NODE_TYPE_FUNC: return not_a_value(c, node->span, "a type");
    case NODE_TRY:
    case NODE_CATCH:
    case NODE_ASSIGN:
    case NODE_BLOCK:
    case NODE_IF:
    case NODE_MATCH:
    case NODE_WHILE:
    case NODE_FOR:
    case NODE_LET:
    case NODE_USING:
    case NODE_DEFER:
    case NODE_RETURN:
    case NODE_FAIL:
    case NODE_BREAK:
    case NODE_CONTINUE:
    case NODE_WHEN:
    case NODE_COMPTIME: return check_control(c, node, expected);
    default: break;
    }
    return not_a_value(c, node->span, node_kind_name(node->kind));
}

static bool asks_for_error(const Type *t) {
    while (t && (t->kind == TYPE_OPTIONAL || t->kind == TYPE_ERROR_UNION || t->kind == TYPE_PTR ||
                 t->kind == TYPE_SLICE || t->kind == TYPE_ARRAY))
        t = t->element;
    return t && t->kind == TYPE_ERROR;
}

TExpr *check_expr(Context *c, Node *node, Type *expected) {
    Sema *s = c->sema;
    if (s->expr_depth >= EXPR_DEPTH_LIMIT) {
        context_error(c, DIAG_E0009, node->span, "this expression is nested too deeply");
        return texpr_error(c, node->span);
    }
    s->expr_depth++;
    bool unknown = c->type_unknown;
    c->type_unknown = unknown || asks_for_error(expected);
    TExpr *e = dispatch(c, node, expected);
    c->type_unknown = unknown;
    s->expr_depth--;
    return e;
}

TExpr *check_coerced(Context *c, Node *node, Type *target) {
    TExpr *e = check_expr(c, node, target);
    return coerce_value(c, e, target, node->span, NULL);
}

TExpr *check_operand_place(Context *c, Node *node, Type *expected) {
    Node *inner = skip_parens(node);
    if (inner->kind == NODE_NAME || inner->kind == NODE_MEMBER) return check_path(c, inner, expected, true);
    return check_expr(c, node, expected);
}

TExpr *check_condition(Context *c, Node *node) {
    Type *boolean = prim(c, TYPE_BOOL);
    TExpr *e = check_value(c, node, NULL);
    return coerce_value(c, e, boolean, node->span, "condition");
}

TExpr *check_value(Context *c, Node *node, Type *expected) { return load_place(c, check_expr(c, node, expected)); }
