// Function signatures: resolved once per declaration, with PARAM types for what is generic. Also the rules for the
// functions that something outside the program calls: main, extern and export.
#include "sema/decl/decl.h"

static Type *param_type(Context *c, Node *param) {
    Sema *s = c->sema;
    if (param->kind != NODE_PARAM) return type_primitive(s->types, TYPE_ERROR);
    if (param->param.is_comptime && param->param.is_self)
        context_error(c, DIAG_E0013, param->span, "`self` is a value, so it cannot be `comptime`");
    if (param->param.type) return resolve_type(c, param->param.type);
    if (param->param.is_self)
        context_error(c, DIAG_E2019, param->span, "`self` needs a type: `*Self`, `*const Self` or `Self`");
    else
        context_error(c, DIAG_E2019, param->span, "this parameter needs a type");
    return type_primitive(s->types, TYPE_ERROR);
}

// More make every later step slow, and mean a mistake.
bool signature_count_fits(Context *c, const NodeList *params) {
    if (params->len <= PARAM_COUNT_LIMIT) return true;
    context_error(c, DIAG_E0016, params->items[PARAM_COUNT_LIMIT]->span, "more than %d parameters are not supported",
                  PARAM_COUNT_LIMIT);
    return false;
}

static void report_repeated_params(Sema *s, const NodeList *params) {
    Map seen = {0};
    for (uint32_t i = 0; i < params->len; i++) {
        const Node *param = params->items[i];
        if (param->kind != NODE_PARAM || !param->param.name || param->param.name == s->n.underscore) continue;
        if (param->param.is_self && i > 0) continue; // reported for where it stands
        const Node *first = map_get(&seen, param->param.name);
        if (first) {
            Diag *d = diag_error(s->diags, DIAG_E1002, param->param.name_span, "parameter `%s` is already declared",
                                 param->param.name->text);
            diag_note(s->diags, d, first->param.name_span, "first declared here");
        } else {
            map_put(s->arena, &seen, param->param.name, (void *)(uintptr_t)param);
        }
    }
}

// `self` must be the type, or a pointer to it.
static void check_self_type(Context *c, const Decl *func, const Type *type, const Node *param, bool is_first) {
    if (type->kind == TYPE_ERROR) return;
    if (!func->impl && !func->trait) {
        context_error(c, DIAG_E1001, param->span, "`self` is for methods: declare this function in an `impl`");
        return;
    }
    if (!is_first) {
        context_error(c, DIAG_E2019, param->span, "`self` is the first parameter of a method");
        return;
    }
    if (!c->self_type || c->self_type->kind == TYPE_ERROR) return;
    const Type *pointee = type->kind == TYPE_PTR ? type->element : type;
    if (type != c->self_type && pointee != c->self_type)
        context_error(c, DIAG_E2019, param->span, "`self` must have type `*Self`, `*const Self` or `Self`");
}

static bool any_returns(const NodeList *list, uint32_t depth);

// Whether a `return` here has a value that no function without a result could have; a call may be one that gives
// nothing.
static bool returns_value(const Node *node, uint32_t depth) {
    if (!node || depth > 64) return false;
    switch (node->kind) {
    case NODE_BLOCK: return any_returns(&node->block.statements, depth);
    case NODE_IF:
        return !node->if_expr.is_comptime && (returns_value(node->if_expr.then_block, depth + 1) ||
                                              returns_value(node->if_expr.else_branch, depth + 1));
    case NODE_WHILE: return returns_value(node->while_loop.body, depth + 1);
    case NODE_FOR: return returns_value(node->for_loop.body, depth + 1);
    case NODE_USING: return returns_value(node->using.body, depth + 1);
    case NODE_WHEN: return returns_value(node->when.statement, depth + 1);
    case NODE_MATCH:
        for (uint32_t i = 0; i < node->match.arms.len; i++)
            if (node->match.arms.items[i]->kind == NODE_ARM &&
                returns_value(node->match.arms.items[i]->arm.body, depth + 1))
                return true;
        return false;
    case NODE_RETURN:
        switch (node->jump.value ? node->jump.value->kind : NODE_CALL) {
        case NODE_INT:
        case NODE_FLOAT:
        case NODE_STRING:
        case NODE_CHAR:
        case NODE_BOOL:
        case NODE_BINARY:
        case NODE_NAME:
        case NODE_MEMBER:
        case NODE_STRUCT_LIT: return true;
        default: return false;
        }
    default: return false;
    }
}

static bool any_returns(const NodeList *list, uint32_t depth) {
    for (uint32_t i = 0; i < list->len; i++)
        if (returns_value(list->items[i], depth + 1)) return true;
    return false;
}

// The one attribute of a function says something of its result, so there must be one.
static void read_attributes(Context *c, Decl *func, const Type *result) {
    for (uint32_t i = 0; i < func->node->item.attrs.len; i++) {
        const Node *attr = func->node->item.attrs.items[i];
        if (attr->kind != NODE_ATTR || !attr->attr.name) continue;
        bool known = str_equal_c(name_str(attr->attr.name), "must_use") && !attr->attr.value;
        if (known && result->kind != TYPE_VOID && result->kind != TYPE_NEVER) {
            func->func.must_use = true;
        } else if (known) {
            context_error(c, DIAG_E0014, attr->attr.name_span, "`%s` has no result that could be dropped",
                          func->name->text);
        } else {
            Diag *d = context_error(c, DIAG_E0014, attr->attr.name_span, "attribute `%s` is not understood here",
                                    attr->attr.name->text);
            diag_note(c->sema->diags, d, (Span){0}, "known of a function: `{.must_use.}`");
        }
    }
}

Type *decl_signature(Sema *s, Decl *func) {
    Type *error = type_primitive(s->types, TYPE_ERROR);
    if (func->state >= STAGE_DONE) return func->type;
    if (func->state == STAGE_RUNNING) {
        diag_error(s->diags, DIAG_E4003, func->span, "the signature of `%s` depends on itself", func->name->text);
        return type_func(s->types, NULL, 0, error);
    }
    if (func->impl) impl_resolve_header(s, func->impl);
    if (func->kind != DECL_FUNC || !func->node)
        return func->type = type_func(s->types, NULL, 0, type_primitive(s->types, TYPE_VOID));
    func->state = STAGE_RUNNING;
    Context c = context_for_decl(s, func, NULL);
    bool bad = false;
    for (uint32_t i = 0; i < func->generic_count; i++) {
        const Decl *param = func->generics[i];
        param_resolve_bounds(s, func->generics[i]);
        bad |= param->param.is_comptime && !param->param.value_type;
        if (param->param.is_comptime && param->param.bound_trait_count)
            context_error(&c, DIAG_E2019, param->param.bounds[0]->span, "`%s` is a trait, not a type",
                          param->param.bound_traits[0]->name->text);
    }
    Node *node = func->node;
    uint32_t count = func->func.params.len;
    Type **params = ARENA_ARRAY(s->arena, Type *, count ? count : 1);
    bad |= !signature_count_fits(&c, &node->func.params);
    for (uint32_t i = 0; i < count; i++) {
        Node *param = func->func.params.items[i];
        params[i] = param_type(&c, param);
        if (param->kind == NODE_PARAM && param->param.is_self) check_self_type(&c, func, params[i], param, i == 0);
        bad |= params[i]->kind == TYPE_ERROR || (i > 0 && param->kind == NODE_PARAM && param->param.is_self);
    }
    report_repeated_params(s, &node->func.params);
    Type *result = node->func.result ? resolve_type(&c, node->func.result) : type_primitive(s->types, TYPE_VOID);
    bad |= result->kind == TYPE_ERROR;
    if (!node->func.result && node->func.body) func->func.lacks_result = returns_value(node->func.body, 0);
    read_attributes(&c, func, result);
    func->type = type_func(s->types, params, count, result);
    func->state = bad ? STAGE_BROKEN : STAGE_DONE;
    return func->type;
}

// ---- functions called from outside -------------------------------------------------------------------------------------

static bool has_c_form(Sema *s, Type *t, bool is_result) {
    switch (t->kind) {
    case TYPE_VOID:
    case TYPE_NEVER: return is_result;
    case TYPE_BOOL:
    case TYPE_PTR:
    case TYPE_FUNC: return true;
    case TYPE_OPTIONAL: return t->element->kind == TYPE_PTR || t->element->kind == TYPE_FUNC;
    case TYPE_ENUM: return type_complete(s, t, (Span){0}) && t->is_plain_enum;
    default: return type_is_int(t) || type_is_float(t);
    }
}

static void check_c_types(Sema *s, Decl *func, const char *what) {
    Node *node = func->node;
    for (uint32_t i = 0; i < func->type->param_count; i++) {
        if (has_c_form(s, func->type->params[i], false)) continue;
        Node *param = func->func.params.items[i];
        Diag *d =
            diag_error(s->diags, DIAG_E2028,
                       param->kind == NODE_PARAM && param->param.type ? param->param.type->span : param->span,
                       "`%s` cannot be passed to an `%s` function", type_text(s->arena, func->type->params[i]), what);
        diag_note(s->diags, d, (Span){0}, "pass integers, floats, `bool`, pointers, or enums without payloads");
    }
    if (!has_c_form(s, func->type->element, true))
        diag_error(s->diags, DIAG_E2028, node->func.result ? node->func.result->span : func->span,
                   "an `%s` function cannot return `%s`", what, type_text(s->arena, func->type->element));
}

static bool main_result_fits(const Type *t) {
    if (t->kind == TYPE_ERROR_UNION) t = t->element;
    return t->kind == TYPE_VOID || t->kind == TYPE_U8 || t->kind == TYPE_NEVER;
}

static void check_main(Sema *s, Decl *func) {
    if (func->generic_count) {
        diag_error(s->diags, DIAG_E2028, func->span, "`main` cannot be generic");
        return;
    }
    if (func->type->param_count) {
        Diag *d =
            diag_error(s->diags, DIAG_E2028, func->node->func.params.items[0]->span, "`main` takes no parameters");
        diag_note(s->diags, d, (Span){0}, "the program's arguments are in `std.os.args`");
    }
    if (func->is_export)
        diag_error(s->diags, DIAG_E2028, func->span,
                   "`main` cannot be an `export` function: the runtime has the symbol");
    if (!main_result_fits(func->type->element))
        diag_error(s->diags, DIAG_E2028, func->node->func.result->span,
                   "`main` returns nothing, `!void` or `u8`, not `%s`", type_text(s->arena, func->type->element));
}

void signature_check(Sema *s, Decl *func) {
    decl_signature(s, func);
    if (func->state != STAGE_DONE) return;
    if (func->module->is_entry && func->name == s->n.main && !func->impl && !func->trait && !func->is_extern)
        check_main(s, func);
    if (!func->is_extern && !func->is_export) return;
    const char *what = func->is_extern ? "extern" : "export";
    if (func->generic_count)
        diag_error(s->diags, DIAG_E2028, func->span, "an `%s` function cannot be generic", what);
    else if (func->impl || func->trait)
        diag_error(s->diags, DIAG_E2028, func->span, "a method cannot be `%s`", what);
    else
        check_c_types(s, func, what);
}
