// Function signatures: resolved once per declaration, with PARAM types for what is generic. Also the rules for the
// functions that something outside the program calls: main, extern and export.
#include "sema/sema_decl.h"

static Type *param_type(Context *c, Node *param) {
    Sema *s = c->sema;
    if (param->kind != NODE_PARAM) return type_primitive(s->types, TYPE_ERROR);
    if (param->param.is_comptime)
        context_error(c, DIAG_E0016, param->span, "`comptime` parameters are not supported; take the value as a generic argument: `[%s: usize]`",
                      param->param.name ? param->param.name->text : "N");
    if (param->param.type) return resolve_type(c, param->param.type);
    if (param->param.is_self) context_error(c, DIAG_E2019, param->span, "`self` needs a type: `*Self`, `*const Self` or `Self`");
    else context_error(c, DIAG_E2019, param->span, "this parameter needs a type");
    return type_primitive(s->types, TYPE_ERROR);
}

// More make every later step slow, and mean a mistake.
bool signature_count_fits(Context *c, const NodeList *params) {
    if (params->len <= PARAM_COUNT_LIMIT) return true;
    context_error(c, DIAG_E0016, params->items[PARAM_COUNT_LIMIT]->span, "more than %d parameters are not supported", PARAM_COUNT_LIMIT);
    return false;
}

static void report_repeated_params(Sema *s, const NodeList *params) {
    Map seen = {0};
    for (uint32_t i = 0; i < params->len; i++) {
        const Node *param = params->items[i];
        if (param->kind != NODE_PARAM || !param->param.name || param->param.name == s->n.underscore) continue;
        const Node *first = map_get(&seen, param->param.name);
        if (first) {
            Diag *d = diag_error(s->diags, DIAG_E1002, param->param.name_span, "parameter `%s` is already declared", param->param.name->text);
            diag_note(s->diags, d, first->param.name_span, "first declared here");
        } else {
            map_put(s->arena, &seen, param->param.name, (void *)(uintptr_t)param);
        }
    }
}

// `self` must be the type, or a pointer to it.
static void check_self_type(Context *c, const Decl *func, const Type *type, const Node *param) {
    if (type->kind == TYPE_ERROR) return;
    if (!func->impl && !func->trait) {
        context_error(c, DIAG_E1001, param->span, "`self` is for methods: declare this function in an `impl`");
        return;
    }
    if (!c->self_type || c->self_type->kind == TYPE_ERROR) return;
    const Type *pointee = type->kind == TYPE_PTR ? type->element : type;
    if (type != c->self_type && pointee != c->self_type)
        context_error(c, DIAG_E2019, param->span, "`self` must have type `*Self`, `*const Self` or `Self`");
}

Type *decl_signature(Sema *s, Decl *func) {
    Type *error = type_primitive(s->types, TYPE_ERROR);
    if (func->state >= 2) return func->type;
    if (func->state == 1) {
        diag_error(s->diags, DIAG_E4003, func->span, "the signature of `%s` depends on itself", func->name->text);
        return type_func(s->types, NULL, 0, error);
    }
    if (func->impl) impl_resolve_header(s, func->impl);
    if (func->kind != DECL_FUNC || !func->node) return func->type = type_func(s->types, NULL, 0, type_primitive(s->types, TYPE_VOID));
    func->state = 1;
    Context c = context_for_decl(s, func, NULL);
    for (uint32_t i = 0; i < func->generic_count; i++) param_resolve_bounds(s, func->generics[i]);
    Node *node = func->node;
    uint32_t count = node->func.params.len;
    Type **params = ARENA_ARRAY(s->arena, Type *, count ? count : 1);
    bool bad = !signature_count_fits(&c, &node->func.params);
    for (uint32_t i = 0; i < count; i++) {
        params[i] = param_type(&c, node->func.params.items[i]);
        if (node->func.params.items[i]->kind == NODE_PARAM && node->func.params.items[i]->param.is_self)
            check_self_type(&c, func, params[i], node->func.params.items[i]);
        bad |= params[i]->kind == TYPE_ERROR;
    }
    report_repeated_params(s, &node->func.params);
    Type *result = node->func.result ? resolve_type(&c, node->func.result) : type_primitive(s->types, TYPE_VOID);
    bad |= result->kind == TYPE_ERROR;
    if (node->func.attrs.len) attr_align(&c, &node->func.attrs, NULL);
    func->type = type_func(s->types, params, count, result);
    func->state = bad ? 3 : 2;
    return func->type;
}

// ---- functions called from outside -------------------------------------------------------------------------------------

static bool has_c_form(Sema *s, Type *t, bool is_result) {
    switch (t->kind) {
    case TYPE_VOID:
    case TYPE_NEVER: return is_result;
    case TYPE_BOOL: case TYPE_PTR: case TYPE_FUNC: return true;
    case TYPE_OPTIONAL: return t->element->kind == TYPE_PTR || t->element->kind == TYPE_FUNC;
    case TYPE_ENUM: return type_complete(s, t, (Span){0}) && t->is_plain_enum;
    default: return type_is_int(t) || type_is_float(t);
    }
}

static void check_c_types(Sema *s, Decl *func, const char *what) {
    Node *node = func->node;
    for (uint32_t i = 0; i < func->type->param_count; i++) {
        if (has_c_form(s, func->type->params[i], false)) continue;
        Node *param = node->func.params.items[i];
        Diag *d = diag_error(s->diags, DIAG_E2028, param->kind == NODE_PARAM && param->param.type ? param->param.type->span : param->span,
                             "`%s` cannot be passed to an `%s` function", type_text(s->arena, func->type->params[i]), what);
        diag_note(s->diags, d, (Span){0}, "pass integers, floats, `bool`, pointers, or enums without payloads");
    }
    if (!has_c_form(s, func->type->element, true))
        diag_error(s->diags, DIAG_E2028, node->func.result ? node->func.result->span : func->span, "an `%s` function cannot return `%s`", what,
                   type_text(s->arena, func->type->element));
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
        Diag *d = diag_error(s->diags, DIAG_E2028, func->node->func.params.items[0]->span, "`main` takes no parameters");
        diag_note(s->diags, d, (Span){0}, "the program's arguments are in `std.os.args`");
    }
    if (!main_result_fits(func->type->element))
        diag_error(s->diags, DIAG_E2028, func->node->func.result->span, "`main` returns nothing, `!void` or `u8`, not `%s`",
                   type_text(s->arena, func->type->element));
}

void signature_check(Sema *s, Decl *func) {
    decl_signature(s, func);
    if (func->state != 2) return;
    if (func->module->is_entry && func->name == s->n.main && !func->impl && !func->trait && !func->is_extern) check_main(s, func);
    if (!func->is_extern && !func->is_export) return;
    const char *what = func->is_extern ? "extern" : "export";
    if (func->generic_count) diag_error(s->diags, DIAG_E2028, func->span, "an `%s` function cannot be generic", what);
    else if (func->impl || func->trait) diag_error(s->diags, DIAG_E2028, func->span, "a method cannot be `%s`", what);
    else check_c_types(s, func, what);
}
