// Types as they were written. In an instance all types are concrete, so what a parameter stands for looks like what was
// named; yet a bound decides what a method means for the parameter alone. Locals keep their types with the parameters
// of the declaration left open, and from them this is read off an expression when a bound may have a say. NULL: not
// known, and then whatever is of the argument's type counts as the parameter's. Nothing is resolved here, nothing reported.
#include "sema/expr/expr.h"

// Whose parameters a type is written with, and what stands for them.
typedef struct Writer {
    Types *types;
    Decl **params;
    Type **args; // NULL: the parameters' own types
    uint32_t count;
    Type *self; // what `Self` is there, or NULL
} Writer;

bool written_matters(const Context *c) { return c->instance && c->instance->decl && c->instance->arg_count; }

static Type *element_of(const Type *written) { return written ? written->element : NULL; }

// ---- from syntax -------------------------------------------------------------------------------------------------------
static Type *from_node(const Writer *w, const Node *node, Type *type);

static Type *from_name(const Writer *w, const Name *name, Type *type) {
    for (uint32_t i = 0; i < w->count; i++)
        if (w->params[i]->name == name) return w->args ? w->args[i] : w->params[i]->type;
    return name && str_equal_c(name_str(name), "Self") ? w->self : type;
}

// `Box[S]`, of the declaration that is named; an alias with arguments could be of any form.
static Type *from_bracket(const Writer *w, const Node *node, const Type *type) {
    const Node *base = node->bracket.base;
    const Name *name = base->kind == NODE_NAME ? base->name.name : base->kind == NODE_MEMBER ? base->member.name : NULL;
    bool is_named = (type->kind == TYPE_STRUCT || type->kind == TYPE_ENUM) && type->decl && type->decl->name == name;
    if (!is_named || type->param_count != node->bracket.args.len) return NULL;
    Type **args = ARENA_ARRAY(types_arena(w->types), Type *, type->param_count);
    for (uint32_t i = 0; i < type->param_count; i++) {
        args[i] = from_node(w, node->bracket.args.items[i], type->params[i]);
        if (!args[i]) return NULL;
    }
    return type_nominal(w->types, type->kind, type->decl, args, type->param_count);
}

// What `node` denotes, where it denotes `type` once the parameters are known.
static Type *from_node(const Writer *w, const Node *node, Type *type) {
    Type *element;
    switch (node->kind) {
    case NODE_NAME: return from_name(w, node->name.name, type);
    case NODE_MEMBER: return type;
    case NODE_PAREN: return from_node(w, node->operand.operand, type);
    case NODE_BRACKET: return from_bracket(w, node, type);
    case NODE_TYPE_PTR:
    case NODE_TYPE_SLICE:
        element = type->element ? from_node(w, node->type_ptr.element, type->element) : NULL;
        if (!element) return NULL;
        return type->kind == TYPE_PTR ? type_ptr(w->types, element, type->is_const)
                                      : type_slice(w->types, element, type->is_const);
    case NODE_TYPE_OPTIONAL:
        element = type->element ? from_node(w, node->type_optional.element, type->element) : NULL;
        return element ? type_optional(w->types, element) : NULL;
    case NODE_TYPE_ARRAY:
        element = type->element ? from_node(w, node->type_array.element, type->element) : NULL;
        return element ? type_array(w->types, element, type->length) : NULL;
    default: return NULL;
    }
}

Type *written_node(const Context *c, const Node *node, Type *type) {
    if (!written_matters(c)) return NULL;
    const Decl *decl = c->instance->decl;
    Writer w = {c->sema->types, decl->generics, NULL, decl->generic_count, context_written_self(c)};
    return from_node(&w, node, type);
}

// A field of `owner`, whose arguments are as written; declared by `node`.
static Type *written_field(const Context *c, Type *owner, const Node *node, Type *type) {
    const Decl *decl = owner->decl;
    if (!decl || owner->param_count != decl->generic_count || !node || node->kind != NODE_FIELD_DECL) return NULL;
    Writer w = {c->sema->types, decl->generics, owner->params, decl->generic_count, owner};
    return node->field_decl.type ? from_node(&w, node->field_decl.type, type) : NULL;
}

static const Node *member_named(const NodeList *members, const Name *name) {
    for (uint32_t i = 0; i < members->len; i++) {
        const Node *member = members->items[i];
        if ((member->kind == NODE_FIELD_DECL || member->kind == NODE_VARIANT) && member->item.name == name)
            return member;
    }
    return NULL;
}

// ---- from expressions --------------------------------------------------------------------------------------------------
// `pattern` with `args` for `params`; NULL when it mentions one that is not known.
static Type *replace(Types *types, Type *pattern, const Decl *decl, Type **args) {
    if (!pattern->has_param) return pattern;
    if (pattern->kind == TYPE_PARAM) {
        for (uint32_t i = 0; i < decl->generic_count; i++)
            if (decl->generics[i] == pattern->decl) return args[i];
        return NULL;
    }
    if (pattern->kind == TYPE_STRUCT || pattern->kind == TYPE_ENUM) {
        Type **parts = ARENA_ARRAY(types_arena(types), Type *, pattern->param_count);
        for (uint32_t i = 0; i < pattern->param_count; i++)
            if (!(parts[i] = replace(types, pattern->params[i], decl, args))) return NULL;
        return type_nominal(types, pattern->kind, pattern->decl, parts, pattern->param_count);
    }
    Type *element = pattern->element ? replace(types, pattern->element, decl, args) : NULL;
    if (!element) return NULL;
    switch (pattern->kind) {
    case TYPE_PTR: return type_ptr(types, element, pattern->is_const);
    case TYPE_SLICE: return type_slice(types, element, pattern->is_const);
    case TYPE_OPTIONAL: return type_optional(types, element);
    case TYPE_ERROR_UNION: return type_error_union(types, element, pattern->errors);
    default: return NULL;
    }
}

// What an argument written as `t` for a parameter of type `pattern` tells of the generic arguments.
static void learn(const Type *pattern, Type *t, const Decl *decl, Type **args) {
    if (!t || !pattern->has_param) return;
    for (uint32_t i = 0; pattern->kind == TYPE_PARAM && i < decl->generic_count; i++)
        if (decl->generics[i] == pattern->decl && !args[i]) args[i] = t;
    if (pattern->kind != t->kind || pattern->decl != t->decl || pattern->param_count != t->param_count) return;
    if (pattern->element) learn(pattern->element, t->element, decl, args);
    for (uint32_t i = 0; i < pattern->param_count; i++) learn(pattern->params[i], t->params[i], decl, args);
}

// Of a trait's method counts what the trait says of it, for which type ever: its Self is what it was called on.
static Type *written_result(const Context *c, const TExpr *call) {
    const Decl *decl = call->call.func->decl;
    if (decl && decl->impl && decl->impl->trait) decl = trait_method(decl->impl->trait, decl->name);
    const Type *signature = decl ? decl->type : NULL;
    if (!signature || signature->kind != TYPE_FUNC || signature->param_count != call->call.arg_count) return NULL;
    Type **args = ARENA_ARRAY(c->sema->arena, Type *, decl->generic_count ? decl->generic_count : 1);
    for (uint32_t i = 0; signature->element->has_param && i < signature->param_count; i++)
        learn(signature->params[i], written_type(c, call->call.args[i]), decl, args);
    return replace(c->sema->types, signature->element, decl, args);
}

static Type *written_coercion(const Context *c, const TExpr *e) {
    Types *types = c->sema->types;
    Type *from = written_type(c, e->coerce.operand), *element = element_of(from);
    switch (e->coerce.kind) {
    case COERCE_PTR_CONST: return element ? type_ptr(types, element, true) : NULL;
    case COERCE_SLICE_CONST: return element ? type_slice(types, element, true) : NULL;
    case COERCE_ARRAY_PTR_SLICE:
        element = element_of(element);
        return element ? type_slice(types, element, e->type->is_const) : NULL;
    case COERCE_SOME: return from ? type_optional(types, from) : NULL;
    case COERCE_OK: return from ? type_error_union(types, from, e->type->errors) : NULL;
    default: return NULL;
    }
}

static bool is_of_module(const Decl *decl) { return decl && map_get(&decl->module->names, decl->name) == decl; }

Type *written_type(const Context *c, const TExpr *e) {
    Types *types = c->sema->types;
    Type *inner;
    switch (e->kind) {
    case TEXPR_LOCAL: return e->local->written;
    case TEXPR_GLOBAL: return is_of_module(e->global->decl) ? e->type : NULL;
    case TEXPR_LOAD:
    case TEXPR_TEMP: return written_type(c, e->unary.operand);
    case TEXPR_ADDR:
        inner = written_type(c, e->unary.operand);
        return inner ? type_ptr(types, inner, e->type->is_const) : NULL;
    case TEXPR_DEREF: return element_of(written_type(c, e->unary.operand));
    case TEXPR_PAYLOAD: return element_of(written_type(c, e->payload.operand));
    case TEXPR_TRY: return element_of(written_type(c, e->try_expr.operand));
    case TEXPR_CATCH: return e->catch_expr.wraps ? NULL : element_of(written_type(c, e->catch_expr.operand));
    case TEXPR_ORELSE: return element_of(written_type(c, e->orelse.operand));
    case TEXPR_INDEX_ARRAY:
    case TEXPR_INDEX_SLICE: return element_of(written_type(c, e->index.base));
    case TEXPR_SLICE_ARRAY:
    case TEXPR_SLICE_SLICE:
        inner = element_of(written_type(c, e->slice.base));
        return inner ? type_slice(types, inner, e->type->is_const) : NULL;
    case TEXPR_FIELD: {
        const Field *field = &e->field.base->type->fields[e->field.index];
        Type *owner = written_type(c, e->field.base);
        if (!owner || owner->kind != TYPE_STRUCT || !owner->decl) return NULL;
        return written_field(c, owner, member_named(&owner->decl->members, field->name), e->type);
    }
    case TEXPR_STRUCT: return e->aggregate.written;
    case TEXPR_CALL: return written_result(c, e);
    case TEXPR_COERCE: return written_coercion(c, e);
    default: return NULL;
    }
}

void written_bind(const Context *c, Local *local, const TExpr *value) {
    if (written_matters(c)) local->written = written_type(c, value);
}

// ---- from patterns -----------------------------------------------------------------------------------------------------
static void bind_fields(const Context *c, const TPattern *p, Type *owner, const NodeList *members,
                        const Field *fields) {
    for (uint32_t i = 0; i < p->sub_count; i++) {
        if (!p->subs[i]) continue;
        const Node *node = fields[i].name     ? member_named(members, fields[i].name)
                           : i < members->len ? members->items[i]
                                              : NULL;
        written_pattern(c, p->subs[i], written_field(c, owner, node, fields[i].type));
    }
}

void written_pattern(const Context *c, const TPattern *p, Type *written) {
    if (!p || !written) return;
    const Decl *decl = written->decl;
    switch (p->kind) {
    case PATTERN_BIND: p->local->written = written; return;
    case PATTERN_SOME: written_pattern(c, p->subs[0], written->element); return;
    case PATTERN_OR:
        for (uint32_t i = 0; i < p->sub_count; i++) written_pattern(c, p->subs[i], written);
        return;
    case PATTERN_STRUCT:
        if (written->kind == TYPE_STRUCT && decl) bind_fields(c, p, written, &decl->members, p->type->fields);
        return;
    case PATTERN_VARIANT: {
        const Variant *variant = &p->type->variants[p->index];
        const Node *node = written->kind == TYPE_ENUM && decl ? member_named(&decl->members, variant->name) : NULL;
        if (node && node->kind == NODE_VARIANT) bind_fields(c, p, written, &node->variant.fields, variant->fields);
        return;
    }
    default: return;
    }
}
