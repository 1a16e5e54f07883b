// From type expressions to types. What is no type is reported once and becomes the ERROR type.
#include "sema/decl/decl.h"

// An array of more bytes than this cannot exist; refusing it here keeps every later size computation in range.
static const uint64_t LONGEST_ARRAY = UINT64_C(1) << 40;

static Type *error_type(Sema *s) { return type_primitive(s->types, TYPE_ERROR); }

static Type *type_of_entity(Context *c, const Node *node, const Entity *e) {
    switch (e->kind) {
    case ENTITY_ERROR: return error_type(c->sema);
    case ENTITY_TYPE: return e->type;
    case ENTITY_GENERIC_TYPE: {
        StrBuf list = {0};
        for (uint32_t i = 0; i < e->decl->generic_count; i++)
            strbuf_printf(&list, "%s%s", i ? ", " : "", e->decl->generics[i]->name->text);
        Diag *d = context_error(c, DIAG_E3010, node->span, "`%s` needs generic arguments: `%s[%s]`",
                                e->decl->name->text, e->decl->name->text, strbuf_str(&list).ptr);
        strbuf_free(&list);
        diag_note(c->sema->diags, d, e->decl->span, "declared here");
        return error_type(c->sema);
    }
    case ENTITY_TRAIT: {
        Diag *d = context_error(c, DIAG_E2019, node->span, "`%s` is a trait, not a type", e->decl->name->text);
        diag_note(c->sema->diags, d, (Span){0}, "traits bound generic parameters: `[T: %s]`", e->decl->name->text);
        return error_type(c->sema);
    }
    case ENTITY_NOT_PATH:
        context_error(c, DIAG_E2019, node->span, "a type is expected here");
        return error_type(c->sema);
    default:
        context_error(c, DIAG_E2019, node->span, "a type is expected here, and this is %s", entity_describe(e));
        return error_type(c->sema);
    }
}

static bool array_size_possible(uint64_t count, const Type *element) {
    for (; count <= LONGEST_ARRAY && element->kind == TYPE_ARRAY && !element->length_param;
         element = element->element) {
        if (element->length > 1 && count > LONGEST_ARRAY / element->length) return false;
        count *= element->length;
    }
    return count <= LONGEST_ARRAY;
}

// Parameters are in a value, and where there are no instances they have no values. Types are resolved once for each
// instance, signatures once for all.
static Type *refuse_computed(Context *c, const Node *node) {
    if (!c->instance) {
        Diag *d = context_error(c, DIAG_E0016, node->span,
                                "computing with generic parameters in a signature is not supported");
        diag_note(c->sema->diags, d, (Span){0},
                  "a parameter alone can stand there; make what is computed one of its own, or use a slice");
    }
    return error_type(c->sema);
}

static Type *resolve_array(Context *c, Node *node) {
    Sema *s = c->sema;
    Type *element = resolve_type(c, node->type_array.element);
    Node *length = node->type_array.length;
    uint64_t count = 0;
    bool is_param = false;
    Type *param = NULL;
    if (length->kind == NODE_INT) {
        count = length->integer.value;
        if (length->integer.too_large) count = UINT64_MAX;
    } else {
        if (length->kind == NODE_NAME) {
            Entity e = entity_resolve_as(c, length, NAME_VALUE);
            if (e.kind == ENTITY_ERROR) return error_type(s);
            if (e.kind == ENTITY_VALUE_PARAM) {
                is_param = true;
                param = e.type;
            }
        }
        if (is_param && param->kind == TYPE_VALUE) {
            if (!type_is_int(param->element) || (param->value < 0 && type_is_signed(param->element))) {
                context_error(c, DIAG_E3007, length->span, "an array length cannot be `%s`",
                              type_text(s->arena, param));
                return error_type(s);
            }
            count = (uint64_t)param->value;
        } else if (is_param) {
            if (!type_is_int(param->decl->param.value_type)) {
                context_error(c, DIAG_E3007, length->span,
                              "an array length must be an integer, and `%s` is of type `%s`", param->decl->name->text,
                              type_text(s->arena, param->decl->param.value_type));
                return error_type(s);
            }
            return element->kind == TYPE_ERROR ? element : type_array_param(s->types, element, param);
        } else {
            uint32_t open = c->open;
            if (!const_eval_usize(c, length, &count))
                return c->open != open ? refuse_computed(c, length) : error_type(s);
        }
    }
    if (element->kind == TYPE_ERROR) return element;
    if (!array_size_possible(count, element)) {
        context_error(c, DIAG_E2002, length->span,
                      "an array cannot have more than %llu elements, those of inner arrays included",
                      (unsigned long long)LONGEST_ARRAY);
        return error_type(s);
    }
    return type_array(s->types, element, count);
}

static Type *resolve_error_union(Context *c, Node *node) {
    Sema *s = c->sema;
    Type *payload = node->type_error_union.payload ? resolve_type(c, node->type_error_union.payload)
                                                   : type_primitive(s->types, TYPE_VOID);
    Type *errors = type_any_error(s->types);
    if (node->type_error_union.errors) {
        errors = resolve_type(c, node->type_error_union.errors);
        if (errors->kind != TYPE_ERROR && errors->kind != TYPE_ERROR_SET) {
            Diag *d =
                context_error(c, DIAG_E2019, node->type_error_union.errors->span,
                              "an error set is expected after `!`, and `%s` is none", type_text(s->arena, errors));
            if (payload->kind == TYPE_ERROR_SET)
                diag_note(s->diags, d, (Span){0}, "the type of the value comes first: `%s ! %s`",
                          type_text(s->arena, errors), type_text(s->arena, payload));
            return error_type(s);
        }
    }
    if (payload->kind == TYPE_ERROR || errors->kind == TYPE_ERROR) return error_type(s);
    if (payload->kind == TYPE_ERROR_UNION) {
        context_error(c, DIAG_E0016, node->span, "an error union of an error union is not supported");
        return error_type(s);
    }
    return type_error_union(s->types, payload, errors);
}

static Type *resolve_func(Context *c, Node *node) {
    Sema *s = c->sema;
    uint32_t count = node->type_func.params.len;
    Type **params = count ? ARENA_ARRAY(s->arena, Type *, count) : NULL;
    bool bad = !signature_count_fits(c, &node->type_func.params);
    for (uint32_t i = 0; i < count; i++) {
        Node *param = node->type_func.params.items[i];
        if (param->kind == NODE_PARAM) param = param->param.type;
        params[i] = param ? resolve_type(c, param) : error_type(s);
        bad |= params[i]->kind == TYPE_ERROR;
    }
    Type *result =
        node->type_func.result ? resolve_type(c, node->type_func.result) : type_primitive(s->types, TYPE_VOID);
    return bad || result->kind == TYPE_ERROR ? error_type(s) : type_func(s->types, params, count, result);
}

Type *resolve_type(Context *c, Node *node) {
    Sema *s = c->sema;
    switch (node->kind) {
    case NODE_BAD: return error_type(s);
    case NODE_PAREN: return resolve_type(c, node->operand.operand);
    case NODE_TYPE_PTR: {
        Type *element = resolve_type(c, node->type_ptr.element);
        return element->kind == TYPE_ERROR ? element : type_ptr(s->types, element, node->type_ptr.is_const);
    }
    case NODE_TYPE_SLICE: {
        Type *element = resolve_type(c, node->type_ptr.element);
        return element->kind == TYPE_ERROR ? element : type_slice(s->types, element, node->type_ptr.is_const);
    }
    case NODE_TYPE_OPTIONAL: {
        Type *element = resolve_type(c, node->type_optional.element);
        return element->kind == TYPE_ERROR ? element : type_optional(s->types, element);
    }
    case NODE_TYPE_ARRAY: return resolve_array(c, node);
    case NODE_TYPE_ERROR_UNION: return resolve_error_union(c, node);
    case NODE_TYPE_FUNC: return resolve_func(c, node);
    default: {
        Entity e = entity_resolve_as(c, node, NAME_TYPE);
        return type_of_entity(c, node, &e);
    }
    }
}

// ---- generic arguments -------------------------------------------------------------------------------------------------

static Type *value_of_variant(Context *c, Type *type, const Name *name, Span at) {
    if (type->kind != TYPE_ENUM) {
        context_error(c, DIAG_E3007, at, "a value of type `%s` is expected here", show(c, type));
        return error_type(c->sema);
    }
    if (!type_complete(c->sema, type, at)) return error_type(c->sema);
    NearName near = near_name_start(name);
    for (uint32_t i = 0; i < type->variant_count; i++) {
        if (type->variants[i].name == name) return type_value(c->sema->types, type, type->variants[i].discriminant);
        near_name_consider(&near, type->variants[i].name);
    }
    Diag *d = context_error(c, DIAG_E1008, at, "enum `%s` has no variant `%s`", show(c, type), name->text);
    near_name_note(c->sema, d, &near);
    return error_type(c->sema);
}

static Type *resolve_value_arg(Context *c, Node *node, Decl *param) {
    Sema *s = c->sema;
    Type *wanted = param->param.value_type;
    if (node->kind == NODE_DOT_NAME) return value_of_variant(c, wanted, node->name.name, node->span);
    Entity e = entity_resolve_as(c, node, NAME_VALUE);
    switch (e.kind) {
    case ENTITY_ERROR: return error_type(s);
    case ENTITY_VALUE_PARAM: {
        Type *given = e.type->kind == TYPE_VALUE ? e.type->element : e.type->decl->param.value_type;
        if (given == wanted) return e.type;
        context_error(c, DIAG_E3007, node->span, "`%s` takes a `%s`, and this is a `%s`", param->name->text,
                      type_text(s->arena, wanted), type_text(s->arena, given));
        return error_type(s);
    }
    case ENTITY_VARIANT:
        if (e.type == wanted) return type_value(s->types, wanted, e.type->variants[e.index].discriminant);
        break;
    case ENTITY_TYPE:
    case ENTITY_GENERIC_TYPE:
    case ENTITY_TRAIT:
    case ENTITY_MODULE:
        context_error(c, DIAG_E3007, node->span, "`%s` takes a value of type `%s`, and this is %s", param->name->text,
                      type_text(s->arena, wanted), entity_describe(&e));
        return error_type(s);
    default: break;
    }
    uint32_t open = c->open;
    if (constant_is_open(c, node)) return c->open != open ? refuse_computed(c, node) : error_type(s);
    TExpr *value = check_coerced(c, node, wanted);
    if (is_error(value)) return error_type(s);
    ConstValue *constant = const_eval(c, value);
    return constant ? type_value(s->types, wanted, (int64_t)constant->bits) : error_type(s);
}

static Type *resolve_type_arg(Context *c, Node *node, Decl *param) {
    Sema *s = c->sema;
    switch (node->kind) {
    case NODE_INT:
    case NODE_FLOAT:
    case NODE_CHAR:
    case NODE_STRING:
    case NODE_BOOL:
    case NODE_NULL_LIT:
    case NODE_DOT_NAME:
    case NODE_UNARY:
    case NODE_BINARY:
    case NODE_CALL:
    case NODE_RANGE:
    case NODE_ARRAY_LIT:
        context_error(c, DIAG_E3007, node->span, "`%s` takes a type, and this is a value", param->name->text);
        return error_type(s);
    case NODE_NAME:
    case NODE_MEMBER:
    case NODE_BRACKET: {
        Entity e = entity_resolve_as(c, node, NAME_TYPE);
        if (e.kind == ENTITY_VALUE_PARAM || e.kind == ENTITY_CONST || e.kind == ENTITY_VARIANT ||
            e.kind == ENTITY_LOCAL) {
            context_error(c, DIAG_E3007, node->span, "`%s` takes a type, and this is %s", param->name->text,
                          entity_describe(&e));
            return error_type(s);
        }
        return type_of_entity(c, node, &e);
    }
    default: return resolve_type(c, node);
    }
}

Type *resolve_generic_arg(Context *c, Node *node, Decl *param) {
    if (node->kind == NODE_NAME && node->name.name == c->sema->n.underscore) return NULL;
    if (node->kind == NODE_BAD) return error_type(c->sema);
    param_resolve_bounds(c->sema, param);
    if (param->is_damaged) return error_type(c->sema);
    return param->param.value_type ? resolve_value_arg(c, node, param) : resolve_type_arg(c, node, param);
}

// ---- aliases -----------------------------------------------------------------------------------------------------------

typedef struct Aliasing {
    Sema *sema;
    Decl *alias;
    Type *type;
} Aliasing;

static void resolve_alias(void *context) {
    Aliasing *a = context;
    Context c = context_for_decl(a->sema, a->alias, NULL);
    a->type = resolve_type(&c, a->alias->node->alias.type);
}

static Type *alias_target(Sema *s, Decl *alias, Span at) {
    if (alias->state >= STAGE_DONE) return alias->type;
    if (alias->state == STAGE_RUNNING) {
        diag_error(s->diags, DIAG_E2023, alias->span, "type `%s` is an alias of itself", alias->name->text);
        return error_type(s);
    }
    alias->state = STAGE_RUNNING;
    Type *type = error_type(s);
    if (resolve_enter(s, at)) {
        Aliasing aliasing = {.sema = s, .alias = alias};
        resolve_nested(s, resolve_alias, &aliasing);
        type = aliasing.type;
        resolve_leave(s);
    }
    // An alias of an alias doubles at every step if it names the other twice; nothing that walks types could cope.
    if (type->kind != TYPE_ERROR && generic_args_too_large(&type, 1)) {
        diag_error(s->diags, DIAG_E0009, alias->span, "written out, the type `%s` would be too large",
                   alias->name->text);
        type = error_type(s);
    }
    alias->type = type;
    alias->state = type->kind == TYPE_ERROR ? STAGE_BROKEN : STAGE_DONE;
    return type;
}

Type *alias_type(Sema *s, Decl *alias, Type **args, uint32_t count, Instance *parent, Span at) {
    Type *target = alias_target(s, alias, at);
    if (alias->generic_count == 0 || target->kind == TYPE_ERROR) return target;
    if (!generic_args_fit(s, alias, args, count, parent, at)) return error_type(s);
    if (generic_args_too_large(args, count)) {
        Diag *d = diag_error(s->diags, DIAG_E3008, at, "the arguments of `%s` keep growing", alias->name->text);
        diag_add_chain(s, d, parent);
        return error_type(s);
    }
    bool open = false;
    for (uint32_t i = 0; i < count; i++) open |= args[i]->has_param;
    if (!open && !generic_args_satisfy(s, alias, args, parent, at)) return error_type(s);
    return type_substitute(s, target, alias->generics, args, count, parent, at);
}
