// What comes after a dot on a value: fields, `len` and `ptr`, and the same behind `?.`. Pointers are followed through
// any number of levels. A field of a value that is no place is read from a temporary.
#include "sema/expr/expr.h"

#include "sema/body/body.h"
#include "sema/help/help.h"

bool field_visible(const Context *c, const Type *owner, const Field *field) {
    return field->is_pub || !owner->decl || owner->decl->module == c->module;
}

static TExpr *struct_member(Context *c, TExpr *base, const Name *name, Span name_span, Span span, bool quiet) {
    Type *type = base->type;
    for (uint32_t i = 0; i < type->field_count; i++) {
        const Field *field = &type->fields[i];
        if (field->name != name) continue;
        if (!field_visible(c, type, field)) {
            Diag *d =
                context_error(c, DIAG_E1004, name_span, "field `%s` of `%s` is private", name->text, show(c, type));
            diag_note(c->sema->diags, d, field->span, "declared here without `pub`");
            return texpr_error(c, span);
        }
        if (field->type->kind == TYPE_ERROR) return texpr_error(c, span);
        return texpr_field(c, as_place(c, base), i, span);
    }
    if (quiet) return NULL;
    Diag *d = context_error(c, DIAG_E1007, name_span, "`%s` has no field `%s`", show(c, type), name->text);
    NearName near = near_name_start(name);
    for (uint32_t i = 0; i < type->field_count; i++)
        if (type->fields[i].name && field_visible(c, type, &type->fields[i]))
            near_name_consider(&near, type->fields[i].name);
    near_name_note(c->sema, d, &near);
    return texpr_error(c, span);
}

static TExpr *slice_member(Context *c, TExpr *base, const Name *name, Span span) {
    Sema *s = c->sema;
    if (name != s->n.len && name != s->n.ptr) return NULL;
    TExpr *slice = load_place(c, base);
    if (is_error(slice)) return slice;
    if (name == s->n.len) return texpr_unary(c, TEXPR_SLICE_LEN, prim(c, TYPE_USIZE), slice, span);
    Type *pointer = type_ptr(s->types, slice->type->element, slice->type->is_const);
    return texpr_unary(c, TEXPR_SLICE_PTR, pointer, slice, span);
}

TExpr *member_of(Context *c, TExpr *base, const Name *name, Span name_span, Span span, bool quiet) {
    Sema *s = c->sema;
    base = auto_deref(c, base);
    Type *type = base->type;
    if (is_error(base) || !name) return texpr_error(c, span);
    if (type_is_nominal(type) && !type_complete(s, type, span)) return texpr_error(c, span);
    TExpr *e = NULL;
    if (type->kind == TYPE_STRUCT) return struct_member(c, base, name, name_span, span, quiet);
    if (type->kind == TYPE_SLICE)
        e = slice_member(c, base, name, span);
    else if (type->kind == TYPE_ARRAY && name == s->n.len)
        e = texpr_int(c, prim(c, TYPE_USIZE), type->length, span);
    if (e || quiet) return e;
    if (type->kind == TYPE_NEVER) return base;
    if (is_literal(base) || is_bare_null(base)) {
        base = default_literal(c, base);
        if (is_error(base)) return base;
        type = base->type;
    }
    Diag *d = context_error(c, DIAG_E1007, name_span, "`%s` has no field `%s`", show(c, type), name->text);
    if (suggest_member(s, d, type, name, name_span, false)) return texpr_error(c, span);
    if (type->kind == TYPE_OPTIONAL)
        diag_note(s->diags, d, (Span){0}, "the value may be null: use `?.%s`, or `.?` to insist", name->text);
    else if (type->kind == TYPE_ERROR_UNION)
        diag_note(s->diags, d, (Span){0}, "this may fail: propagate with `?` or handle with `catch`");
    else if (type->kind == TYPE_ENUM)
        diag_note(s->diags, d, (Span){0}, "what a variant carries is reached by `match`");
    return texpr_error(c, span);
}

// `x.f` where f is a method that was not called: says so instead of "no field".
static TExpr *report_uncalled(Context *c, TExpr *base, Node *node) {
    Method m;
    if (!method_of_value(c, base, node->member.name, &m)) return NULL;
    Diag *d = context_error(c, DIAG_E2020, node->span, "the method `%s` is not a value", node->member.name->text);
    diag_note(c->sema->diags, d, (Span){0}, "call it: `.%s(…)`", node->member.name->text);
    return texpr_error(c, node->span);
}

TExpr *check_member(Context *c, Node *node) {
    if (!node->member.name) return texpr_error(c, node->span);
    TExpr *base = check_operand_place(c, node->member.base, NULL);
    if (is_error(base)) return texpr_error(c, node->span);
    TExpr *e = member_of(c, base, node->member.name, node->member.name_span, node->span, true);
    if (e) return e;
    e = is_literal(base) || is_bare_null(base) ? NULL : report_uncalled(c, base, node);
    return e ? e : member_of(c, base, node->member.name, node->member.name_span, node->span, false);
}

// ---- `?.`
// On an error union this is `?` and then `.`: the member is that of the value. The operand, an optional or not, is
// evaluated once. The address of an optional is kept in a local of the compiler's; where it is no place, it becomes a
// temporary of the statement around, because the member may be an address inside it.
bool opt_access_begin(Context *c, Node *node, OptAccess *out) {
    TExpr *base = check_operand_place(c, node, NULL);
    if (is_error(base)) return false;
    if (is_literal(base) || is_bare_null(base)) base = default_literal(c, base);
    if (base->type->kind == TYPE_ERROR_UNION) {
        base = load_place(c, base);
        if (is_error(base)) return false;
        *out = (OptAccess){.payload = as_place(c, propagate(c, base, node->span))};
        return true;
    }
    base = auto_deref(c, base);
    if (is_error(base)) return false;
    if (base->type->kind != TYPE_OPTIONAL) {
        context_error(c, DIAG_E2013, node->span, "`?.` needs an optional or an error union, this is `%s`",
                      show(c, base->type));
        return false;
    }
    TExpr *address = texpr_addr(c, as_place(c, base), base->span);
    Local *kept = local_new(c, NULL, address->type, base->span, false);
    written_bind(c, kept, address);
    out->bind = texpr_let(c, kept, address, base->span);
    TExpr *place = texpr_deref(c, texpr_load(c, texpr_local(c, kept, base->span)), base->span);
    out->test = texpr_unary(c, TEXPR_IS_NULL, prim(c, TYPE_BOOL), place, base->span);
    out->payload = texpr_new(c, TEXPR_PAYLOAD, place->type->element, base->span);
    out->payload->payload.operand = place;
    out->payload->payload.checked = false;
    out->payload->is_mutable = place->is_mutable;
    return true;
}

// { let kept = operand; if kept is null then null else Some(result) }; a result that is optional already stays one.
TExpr *opt_access_end(Context *c, const OptAccess *access, TExpr *result, Span span) {
    if (!access->bind) return result;
    result = default_literal(c, load_place(c, result));
    if (is_error(result)) return result;
    Type *type = result->type;
    bool has_value = type->kind != TYPE_VOID && type->kind != TYPE_NEVER;
    TExpr *choice;
    if (has_value) {
        if (type->kind != TYPE_OPTIONAL) {
            type = type_optional(c->sema->types, type);
            result = texpr_coerce(c, COERCE_SOME, type, result);
        }
        choice = texpr_new(c, TEXPR_IF, type, span);
        choice->if_expr.condition = access->test;
        choice->if_expr.then_expr = texpr_new(c, TEXPR_NULL_VALUE, type, span);
        choice->if_expr.else_expr = result;
    } else {
        type = prim(c, TYPE_VOID);
        TExpr *present = texpr_new(c, TEXPR_UNARY, prim(c, TYPE_BOOL), span);
        present->op1.op = UNARY_NOT;
        present->op1.operand = access->test;
        choice = texpr_new(c, TEXPR_IF, type, span);
        choice->if_expr.condition = present;
        choice->if_expr.then_expr = result;
    }
    TExpr *block = texpr_new(c, TEXPR_BLOCK, type, span);
    VEC_PUSH(c->sema->arena, &block->block.statements, access->bind);
    if (has_value)
        block->block.result = choice;
    else
        VEC_PUSH(c->sema->arena, &block->block.statements, choice);
    return block;
}

TExpr *check_opt_member(Context *c, Node *node) {
    OptAccess access;
    if (!node->member.name || !opt_access_begin(c, node->member.base, &access)) return texpr_error(c, node->span);
    TExpr *member = member_of(c, access.payload, node->member.name, node->member.name_span, node->span, false);
    return opt_access_end(c, &access, member, node->span);
}
