// Calls. What the callee denotes decides: a function (generic arguments inferred), a method (receiver adapted to what
// `self` wants), a variant, a builtin, or a value of function type. Arguments are checked exactly once, left to right,
// and end as values of exactly the parameter types.
#include "sema/expr/expr.h"

#include "sema/body/body.h"
#include "sema/decl/decl.h"
#include "sema/help/help.h"
#include "sema/load/load.h"

// ---- receivers
static TExpr *report_immutable(Context *c, const TExpr *place, const Name *method, Span span) {
    Diag *d = context_error(c, DIAG_E2006, span, "`%s` changes its receiver, which is immutable here", method->text);
    const TExpr *root = place_root(place);
    Diags *diags = c->sema->diags;
    if (root->kind == TEXPR_LOCAL)
        note_immutable(c, d, root->local);
    else if (root->kind == TEXPR_DEREF || root->kind == TEXPR_INDEX_SLICE)
        diag_note(diags, d, (Span){0}, "it is reached through a `const` pointer or slice");
    else if (root->kind == TEXPR_GLOBAL)
        diag_note(diags, d, root->global->span, "it is a constant");
    return texpr_error(c, span);
}

static TExpr *adapt_receiver(Context *c, TExpr *receiver, Type *wanted, const Decl *method, Span span) {
    TExpr *e = receiver;
    bool by_address = wanted->kind == TYPE_PTR;
    Type *target = by_address ? wanted->element : wanted;
    while (e->type != target && e->type != wanted && e->type->kind == TYPE_PTR) {
        TExpr *pointer = load_place(c, e);
        if (is_error(pointer)) return pointer;
        e = texpr_deref(c, pointer, e->span);
    }
    if (!by_address || e->type == wanted) return coerce_value(c, e, wanted, span, "receiver");
    if (e->type != target) return coerce_value(c, load_place(c, e), wanted, span, "receiver");
    e = as_place(c, e);
    if (is_error(e)) return e;
    if (!wanted->is_const && !e->is_mutable) return report_immutable(c, e, method->name, span);
    TExpr *address = texpr_addr(c, e, span);
    return coerce_value(c, address, wanted, span, "receiver");
}

// ---- calls of known functions
TExpr *make_call(Context *c, FuncInst *func, TExpr **args, uint32_t count, Span span) {
    Type *type = func->type;
    if (!type || type->kind != TYPE_FUNC || type->element->kind == TYPE_ERROR) return texpr_error(c, span);
    // A method that does not fit its trait; impl.c reports it where it is declared.
    if (type->param_count != count) return texpr_error(c, span);
    TExpr *e = texpr_new(c, TEXPR_CALL, type->element, span);
    e->call.func = func;
    e->call.args = ARENA_ARRAY(c->sema->arena, TExpr *, count);
    e->call.arg_count = count;
    for (uint32_t i = 0; i < count; i++) {
        e->call.args[i] = coerce_value(c, args[i], type->params[i], args[i]->span, NULL);
        if (is_error(e->call.args[i])) e = e->kind == TEXPR_ERROR ? e : texpr_error(c, span);
        if (e->kind == TEXPR_ERROR) return e;
    }
    return e;
}

static const char *argument_name(Context *c, const Decl *decl, uint32_t index) {
    if (decl->node && decl->node->kind == NODE_FUNC && index < decl->func.params.len) {
        const Node *param = decl->func.params.items[index];
        if (param->kind == NODE_PARAM && param->param.name)
            return arena_printf(c->sema->arena, "argument `%s`", param->param.name->text);
    }
    return arena_printf(c->sema->arena, "argument %u", index + 1);
}

static TExpr *wrong_count(Context *c, const char *name, const Decl *decl, uint32_t wanted, NodeList *args, Span span) {
    Diag *d = context_error(c, DIAG_E2004, span, "%s takes %u argument%s, %u given", name, wanted,
                            wanted == 1 ? "" : "s", args->len);
    bool prints = decl && decl->module == c->sema->prelude;
    if (prints && args->len > 1)
        diag_note(c->sema->diags, d, (Span){0}, "values and text are put together by interpolation: `%s($\"{a} {b}\")`",
                  decl->name->text);
    else if (prints && args->len == 0)
        diag_note(c->sema->diags, d, (Span){0}, "an empty line is `println(\"\")`");
    else if (decl && span_known(decl->span))
        diag_note(c->sema->diags, d, decl->span, "declared here");
    if (decl && decl->func.has_self && args->len + 1 == wanted)
        diag_note(c->sema->diags, d, (Span){0}, "it is a method: call it on a value, `x.%s(…)`", decl->name->text);
    check_stray_args(c, args);
    return texpr_error(c, span);
}

// An argument of type never tells nothing about generic parameters, and nothing need be known: the call does not take
// place. What stands before that argument is evaluated. NULL when the call is like any other.
static TExpr *never_called(Inference *inf, TExpr *receiver, ArgSlot *slots, uint32_t count, Span span) {
    Context *c = inf->c;
    bool unknown = false;
    for (uint32_t i = 0; i < inf->count; i++) unknown = unknown || !inf->args[i];
    if (!unknown || inf->failed) return NULL;
    TExpr **values = ARENA_ARRAY(c->sema->arena, TExpr *, count + 1);
    uint32_t given = 0;
    if (receiver) values[given++] = receiver;
    for (uint32_t i = 0; i < count; i++) values[given++] = slots[i].value;
    return never_reached(c, values, given, span);
}

// What the call would print is allowed in this module.
static bool may_display(Context *c, Decl *decl, const TExpr *receiver, const Inference *inf, const NodeList *args,
                        Span span) {
    const Decl *display = c->sema->trait_display;
    if (!display) return true;
    if (receiver && ((decl->impl && decl->impl->trait == display) || decl->trait == display) &&
        !profile_check_display(c, receiver->type, span))
        return false;
    for (uint32_t i = 0; i < decl->generic_count; i++)
        for (uint32_t k = 0; k < decl->generics[i]->param.bound_trait_count; k++)
            if (decl->generics[i]->param.bound_traits[k] == display && inf->args[i] &&
                !profile_check_display(c, inf->args[i], args->len == 1 ? args->items[0]->span : span))
                return false;
    return true;
}

// Takes the arguments of `comptime` parameters out of `args`: they are generic arguments. `offset` is 1 when the
// receiver stands for the first parameter. False after a report.
static bool take_comptime(Context *c, const Decl *decl, uint32_t offset, NodeList *args, Type **generics) {
    const NodeList *written = &decl->node->func.params;
    uint32_t next = decl->generic_count - decl->func.comptime_count;
    NodeList values = {0};
    bool ok = true;
    for (uint32_t i = 0; i < args->len; i++) {
        Node *param = i + offset < written->len ? written->items[i + offset] : NULL;
        if (!param || param->kind != NODE_PARAM || !param->param.is_comptime || param->param.is_self ||
            next >= decl->generic_count) {
            VEC_PUSH(c->sema->arena, &values, args->items[i]);
            continue;
        }
        generics[next] = resolve_generic_arg(c, args->items[i], decl->generics[next]);
        ok = ok && !(generics[next] && generics[next]->kind == TYPE_ERROR);
        next++;
    }
    *args = values;
    return ok;
}

// Text that goes where anything is shown, and looks as if it were interpolated.
static void check_shown_text(Context *c, const Type *param, Node *arg) {
    Node *text = skip_parens(arg);
    if (text->kind != NODE_STRING || param->kind != TYPE_PARAM) return;
    for (uint32_t i = 0; i < param->decl->param.bound_trait_count; i++)
        if (param->decl->param.bound_traits[i] == c->sema->trait_display) suggest_dollar(c, text);
}

static TExpr *call_func(Context *c, Decl *decl, Type **known, TExpr *receiver, NodeList *args, Type *expected,
                        Span span) {
    Sema *s = c->sema;
    Type *signature = decl_signature(s, decl);
    // Of a signature with a mistake in it nothing is known for certain, not even the number of parameters.
    if (!signature || signature->kind != TYPE_FUNC || decl->state == STAGE_BROKEN) {
        check_stray_args(c, args);
        return texpr_error(c, span);
    }
    uint32_t offset = receiver ? 1 : 0, wanted = signature->param_count + decl->func.comptime_count;
    if (args->len + offset != wanted)
        return wrong_count(c, arena_printf(s->arena, "`%s`", decl->name->text), decl, wanted - offset, args, span);
    Inference inf;
    infer_init(&inf, c, decl->generics, decl->generic_count);
    for (uint32_t i = 0; known && i < decl->generic_count; i++) inf.args[i] = known[i];
    NodeList values = *args;
    if (decl->func.comptime_count && !take_comptime(c, decl, offset, &values, inf.args)) {
        check_stray_args(c, &values);
        return texpr_error(c, span);
    }
    args = &values;
    uint32_t count = args->len;
    if (receiver && signature->params[0]->has_param && known == NULL) {
        Type *self = signature->params[0]->kind == TYPE_PTR ? signature->params[0]->element : signature->params[0];
        infer_unify(&inf, self, receiver->type, inf.args, 0);
    }
    infer_hint(&inf, signature->element, expected);
    ArgSlot *slots = ARENA_ARRAY(s->arena, ArgSlot, count);
    for (uint32_t i = 0; i < count; i++)
        slots[i] = (ArgSlot){.node = args->items[i],
                             .pattern = signature->params[offset + i],
                             .what = argument_name(c, decl, offset + i)};
    infer_args(&inf, slots, count);
    TExpr *stuck = never_called(&inf, receiver, slots, count, span);
    if (stuck) return stuck;
    if (!infer_finish(&inf, decl->name, span)) return texpr_error(c, span);
    if (inf.failed && decl->generic_count) return texpr_error(c, span);
    if (!may_display(c, decl, receiver, &inf, args, span)) return texpr_error(c, span);
    for (uint32_t i = 0; i < count; i++) check_shown_text(c, signature->params[offset + i], args->items[i]);
    FuncInst *func = func_instance(s, decl, inf.args, decl->generic_count, c->instance, span);
    Type *type = func->type;
    if (!type || type->kind != TYPE_FUNC || type->param_count != count + offset) return texpr_error(c, span);
    TExpr *e = texpr_new(c, TEXPR_CALL, type->element, span);
    e->call.func = func;
    e->call.args = ARENA_ARRAY(s->arena, TExpr *, count + offset);
    e->call.arg_count = count + offset;
    // That the result was not declared is reported in the body of the instance: of the value nothing more is said.
    bool ok = type->element->kind != TYPE_ERROR && !decl->func.lacks_result;
    if (receiver) e->call.args[0] = adapt_receiver(c, receiver, type->params[0], decl, receiver->span);
    for (uint32_t i = 0; i < count; i++)
        e->call.args[offset + i] =
            coerce_value(c, slots[i].value, type->params[offset + i], args->items[i]->span, slots[i].what);
    for (uint32_t i = 0; i < count + offset; i++) ok = ok && !is_error(e->call.args[i]);
    return ok ? e : texpr_error(c, span);
}

static TExpr *func_ref(Inference *inf, const Entity *entity, Span span) {
    Context *c = inf->c;
    Decl *decl = entity->decl;
    if (decl->func.comptime_count) {
        context_error(c, DIAG_E3003, span, "`%s` has a `comptime` parameter: it can be called, but it is no value",
                      decl->name->text);
        return texpr_error(c, span);
    }
    if (!infer_finish(inf, decl->name, span)) return texpr_error(c, span);
    FuncInst *func = func_instance(c->sema, decl, inf->args, decl->generic_count, c->instance, span);
    if (!func->type || func->type->kind != TYPE_FUNC || func->type->element->kind == TYPE_ERROR)
        return texpr_error(c, span);
    TExpr *e = texpr_new(c, TEXPR_FUNC_REF, func->type, span);
    e->func = func;
    return e;
}

// NULL when the function's signature is unknown.
static Type *func_infer_start(Inference *inf, Context *c, const Entity *entity) {
    Decl *decl = entity->decl;
    Type *signature = decl_signature(c->sema, decl);
    if (!signature || signature->kind != TYPE_FUNC) return NULL;
    infer_init(inf, c, decl->generics, decl->generic_count);
    for (uint32_t i = 0; entity->args && i < decl->generic_count; i++) inf->args[i] = entity->args[i];
    return signature;
}

TExpr *func_value(Context *c, const Entity *entity, Type *expected, Span span) {
    Inference inf;
    Type *signature = func_infer_start(&inf, c, entity);
    if (!signature) return texpr_error(c, span);
    Type *core = expected_core(expected);
    if (core && core->kind == TYPE_FUNC) infer_unify(&inf, signature, core, inf.args, 0);
    return func_ref(&inf, entity, span);
}

static void unify_known(Inference *outer, Inference *inner, Type *pattern, Type *given, Span span) {
    if (infer_knows(outer, given, false))
        infer_unify(inner, pattern, infer_substitute(outer, given, false, span), inner->args, 0);
    else if (infer_knows(outer, given, true))
        infer_unify(inner, pattern, infer_substitute(outer, given, true, span), inner->hints, 0);
}

TExpr *func_value_partial(Inference *outer, const Entity *entity, Type *pattern, Span span) {
    Inference inner;
    Type *signature = func_infer_start(&inner, outer->c, entity);
    if (!signature) return texpr_error(outer->c, span);
    if (pattern->kind == TYPE_FUNC && pattern->param_count == signature->param_count) {
        for (uint32_t i = 0; i < pattern->param_count; i++)
            unify_known(outer, &inner, signature->params[i], pattern->params[i], span);
        unify_known(outer, &inner, signature->element, pattern->element, span);
        for (uint32_t i = 0; i < inner.count; i++)
            if (!inner.args[i]) inner.args[i] = inner.hints[i];
    }
    return func_ref(&inner, entity, span);
}

static TExpr *call_value(Context *c, TExpr *callee, NodeList *args, Span span) {
    if (is_error(callee)) {
        check_stray_args(c, args);
        return texpr_error(c, span);
    }
    callee = auto_deref(c, callee);
    callee = default_literal(c, load_place(c, callee));
    if (is_error(callee)) return callee;
    Type *type = callee->type;
    if (type->kind != TYPE_FUNC) {
        Diag *d = context_error(c, DIAG_E2005, callee->span, "a value of type `%s` cannot be called", show(c, type));
        if (type->kind == TYPE_OPTIONAL && type->element->kind == TYPE_FUNC)
            diag_note(c->sema->diags, d, (Span){0}, "the function may be null: use `.?` or `if let` first");
        check_stray_args(c, args);
        return texpr_error(c, span);
    }
    if (args->len != type->param_count)
        return wrong_count(c, arena_printf(c->sema->arena, "a `%s`", show(c, type)), NULL, type->param_count, args,
                           span);
    TExpr *e = texpr_new(c, TEXPR_CALL_INDIRECT, type->element, span);
    e->call_indirect.callee = callee;
    e->call_indirect.args = ARENA_ARRAY(c->sema->arena, TExpr *, args->len);
    e->call_indirect.arg_count = args->len;
    bool ok = true;
    for (uint32_t i = 0; i < args->len; i++) {
        TExpr *arg = check_value(c, args->items[i], type->params[i]);
        const char *what = arena_printf(c->sema->arena, "argument %u", i + 1);
        e->call_indirect.args[i] = coerce_value(c, arg, type->params[i], args->items[i]->span, what);
        ok = ok && !is_error(e->call_indirect.args[i]);
    }
    return ok ? e : texpr_error(c, span);
}

// ---- methods
typedef struct MethodCall {
    const Name *name;
    Span name_span;
    NodeList *generics; // NULL when none were written
    NodeList *args;
    Node *node; // the whole call
} MethodCall;

static bool method_of_bounds(Context *c, const TExpr *value, const Name *name, Method *out) {
    if (!written_matters(c)) return false;
    bool may_be = false;
    for (Type *type = value->type; type && !may_be; type = type->kind == TYPE_PTR ? type->element : NULL)
        may_be = method_of_bound(c, type, NULL, name).decl != NULL;
    Type *written = may_be ? written_type(c, value) : NULL;
    for (Type *type = value->type; may_be;) {
        *out = method_of_bound(c, type, written, name);
        if (out->decl) return true;
        if (type->kind != TYPE_PTR) return false;
        type = type->element;
        if (written) written = written->kind == TYPE_PTR ? written->element : type;
    }
    return false;
}

bool method_of_value(Context *c, const TExpr *value, const Name *name, Method *out) {
    if (method_of_bounds(c, value, name, out)) return true;
    for (Type *type = value->type;; type = type->element) {
        if (type_is_nominal(type) && !type_complete(c->sema, type, (Span){0})) return false;
        *out = method_own(c, type, name);
        if (out->decl && !out->is_private) return true;
        if (type->kind != TYPE_PTR) break;
    }
    for (Type *type = value->type;; type = type->element) {
        *out = method_find(c, type, name);
        if (out->decl) return true;
        if (type->kind != TYPE_PTR) return false;
    }
}

static TExpr *call_method(Context *c, TExpr *receiver, const Method *m, const MethodCall *call, Type *expected) {
    Sema *s = c->sema;
    Span span = call->node->span;
    Decl *decl = m->decl;
    if (method_reject(c, m, call->name_span)) {
        check_stray_args(c, call->args);
        return texpr_error(c, span);
    }
    if (!decl->func.has_self) {
        Diag *d = context_error(c, DIAG_E1009, call->name_span, "`%s` takes no `self`, so it is not called on a value",
                                call->name->text);
        const Type *type = receiver->type;
        while (type->kind == TYPE_PTR) type = type->element;
        diag_note(s->diags, d, (Span){0}, "write `%s.%s(…)`", show(c, type), call->name->text);
        check_stray_args(c, call->args);
        return texpr_error(c, span);
    }
    uint32_t first = m->impl_arg_count;
    Type **known = ARENA_ARRAY(s->arena, Type *, decl->generic_count);
    for (uint32_t i = 0; i < first && i < decl->generic_count; i++) known[i] = m->impl_args[i];
    if (call->generics) {
        uint32_t own = decl->generic_count - first - decl->func.comptime_count;
        if (call->generics->len != own) {
            Diag *d = context_error(c, DIAG_E3001, call->name_span, "`%s` takes %u generic argument%s, %u given",
                                    decl->name->text, own, own == 1 ? "" : "s", call->generics->len);
            diag_note(s->diags, d, decl->span, "declared here");
            check_stray_args(c, call->args);
            return texpr_error(c, span);
        }
        for (uint32_t i = 0; i < own; i++) {
            known[first + i] = resolve_generic_arg(c, call->generics->items[i], decl->generics[first + i]);
            if (known[first + i] && known[first + i]->kind == TYPE_ERROR) {
                check_stray_args(c, call->args);
                return texpr_error(c, span);
            }
        }
    }
    return call_func(c, decl, known, receiver, call->args, expected, span);
}

static void suggest_method(Context *c, Diag *d, const Type *type, const Name *wanted) {
    NearName near = near_name_start(wanted);
    near_name_consider_methods(c->sema, &near, type_head(type), c->module);
    near_name_note(c->sema, d, &near);
}

static TExpr *stray(Context *c, const MethodCall *call) {
    check_stray_args(c, call->args);
    return texpr_error(c, call->node->span);
}

// The method exists, of a trait that this module does not name.
static bool note_unseen_trait(Context *c, Diag *d, Type *type, const Name *name) {
    TraitList *list = map_get(&c->sema->tables->traits_by_method, name);
    for (uint32_t i = 0; list && i < list->traits.len; i++) {
        const Decl *trait = list->traits.items[i];
        if (!trait->is_pub || !method_of_trait(c->sema, type, list->traits.items[i], name).decl) continue;
        const char *module = trait->module->path->text;
        diag_note(c->sema->diags, d, (Span){0}, "it is a method of the trait `%s`; write `use %s.{%s}` to see it here",
                  trait->name->text, module, trait->name->text);
        return true;
    }
    return false;
}

// Some trait that declares the method is implemented for the type, so the method should be there.
static bool lacks_reported(Context *c, Type *type, const Name *name) {
    TraitList *list = map_get(&c->sema->tables->traits_by_method, name);
    for (uint32_t i = 0; list && i < list->traits.len; i++)
        if (list->traits.items[i]->contract.builtin == TRAIT_DECLARED &&
            type_implements(c->sema, type, list->traits.items[i]) &&
            !method_of_trait(c->sema, type, list->traits.items[i], name).decl)
            return true;
    return false;
}

// `receiver.name(args)` or a call of a field that holds a function.
static TExpr *call_member(Context *c, TExpr *receiver, const MethodCall *call, Type *expected) {
    Span span = call->node->span;
    if (!is_error(receiver) && (is_literal(receiver) || is_bare_null(receiver)))
        receiver = default_literal(c, receiver);
    if (is_error(receiver) || !call->name) {
        check_stray_args(c, call->args);
        return texpr_error(c, span);
    }
    Method m;
    if (method_of_value(c, receiver, call->name, &m)) return call_method(c, receiver, &m, call, expected);
    Node *callee = skip_parens(call->node->call.callee);
    if (!call->generics) {
        TExpr *field = member_of(c, receiver, call->name, call->name_span, callee->span, true);
        if (field && (is_error(field) || field->type->kind == TYPE_FUNC)) return call_value(c, field, call->args, span);
        if (field) {
            Diag *d = context_error(c, DIAG_E2005, call->name_span, "the field `%s` is a `%s`, which cannot be called",
                                    call->name->text, show(c, field->type));
            if (call->args->len == 0 && call->node->span.end == call->name_span.end + 2)
                diag_fix(c->sema->diags, d, (Span){call->name_span.file, call->name_span.end, call->node->span.end}, "",
                         "remove the parentheses");
            check_stray_args(c, call->args);
            return texpr_error(c, span);
        }
    }
    const Type *type = receiver->type;
    if (type->kind == TYPE_NEVER) {
        check_stray_args(c, call->args);
        return receiver;
    }
    while (type->kind == TYPE_PTR) type = type->element;
    // An impl that lacks this method has been reported where it stands.
    if (lacks_reported(c, (Type *)type, call->name)) return stray(c, call);
    if (type->kind != TYPE_ERROR && type->state != STAGE_BROKEN) {
        Diag *d =
            context_error(c, DIAG_E1009, call->name_span, "`%s` has no method `%s`", show(c, type), call->name->text);
        if (suggest_member(c->sema, d, type, call->name, call->name_span, true)) return stray(c, call);
        if (note_unseen_trait(c, d, (Type *)type, call->name)) return stray(c, call);
        suggest_method(c, d, type, call->name);
        if (type->kind == TYPE_OPTIONAL)
            diag_note(c->sema->diags, d, (Span){0}, "the value may be null: use `?.%s(…)`", call->name->text);
        else if (type->kind == TYPE_ERROR_UNION)
            diag_note(c->sema->diags, d, (Span){0}, "this may fail: propagate with `?` or handle with `catch`");
    }
    check_stray_args(c, call->args);
    return texpr_error(c, span);
}

static TExpr *check_opt_call(Context *c, Node *node, Node *member, NodeList *generics, Type *expected) {
    OptAccess access;
    if (!opt_access_begin(c, member->member.base, &access)) {
        check_stray_args(c, &node->call.args);
        return texpr_error(c, node->span);
    }
    MethodCall call = {member->member.name, member->member.name_span, generics, &node->call.args, node};
    TExpr *result = call_member(c, access.payload, &call, expected_core(expected));
    return opt_access_end(c, &access, result, node->span);
}

// ---- builtins
static TExpr *check_some(Context *c, Node *node, Type *expected) {
    NodeList *args = &node->call.args;
    if (args->len != 1) return wrong_count(c, "`Some`", NULL, 1, args, node->span);
    while (expected && expected->kind == TYPE_ERROR_UNION) expected = expected->element;
    Type *payload = expected && expected->kind == TYPE_OPTIONAL ? expected->element : NULL;
    TExpr *value = check_value(c, args->items[0], payload);
    // An expected type that does not fit is left for whoever expected it to report.
    if (payload && !is_error(value) && coerce_possible(c, value, payload))
        value = coerce_value(c, value, payload, args->items[0]->span, NULL);
    else
        value = default_literal(c, value);
    if (is_error(value) || is_never(value)) return value;
    if (value->type->kind == TYPE_VOID) {
        context_error(c, DIAG_E2020, args->items[0]->span, "there is no value here to wrap");
        return texpr_error(c, node->span);
    }
    return texpr_coerce(c, COERCE_SOME, type_optional(c->sema->types, value->type), value);
}

static TExpr *check_message(Context *c, Node *node, const char *what) {
    Type *text = type_str(c->sema->types);
    TExpr *value = check_value(c, node, text);
    return coerce_value(c, value, text, node->span, what);
}

static TExpr *check_builtin(Context *c, Node *node, const Decl *decl, Type *expected) {
    NodeList *args = &node->call.args;
    switch (decl->builtin) {
    case BUILTIN_SOME: return check_some(c, node, expected);
    case BUILTIN_ASSERT: {
        if (args->len != 1 && args->len != 2) {
            context_error(c, DIAG_E2004, node->span,
                          "`assert` takes a condition and perhaps a message, %u arguments given", args->len);
            check_stray_args(c, args);
            return texpr_error(c, node->span);
        }
        TExpr *condition = check_condition(c, args->items[0]);
        TExpr *message = args->len == 2 ? check_message(c, args->items[1], "message of `assert`") : NULL;
        if (is_error(condition) || (message && is_error(message))) return texpr_error(c, node->span);
        TExpr *e = texpr_new(c, TEXPR_ASSERT, prim(c, TYPE_VOID), node->span);
        e->assertion.condition = condition;
        e->assertion.message = message;
        return e;
    }
    case BUILTIN_PANIC: {
        if (args->len != 1) return wrong_count(c, "`panic`", NULL, 1, args, node->span);
        TExpr *message = check_message(c, args->items[0], "message of `panic`");
        if (is_error(message)) return message;
        TExpr *e = texpr_new(c, TEXPR_PANIC, prim(c, TYPE_NEVER), node->span);
        e->panic.message = message;
        return e;
    }
    case BUILTIN_UNREACHABLE:
        context_error(c, DIAG_E2005, node->span, "`unreachable` is written without parentheses");
        return texpr_error(c, node->span);
    case BUILTIN_NONE: break;
    }
    ICE("no builtin %d", (int)decl->builtin);
}

// ---- dispatch
static TExpr *call_of_type(Context *c, Node *node, const Entity *entity) {
    const char *name = entity->type ? show(c, entity->type) : entity->decl->name->text;
    Diag *d = context_error(c, DIAG_E2005, node->call.callee->span, "`%s` is a type and cannot be called", name);
    if (entity->type && type_is_numeric(entity->type))
        diag_note(c->sema->diags, d, (Span){0}, "numbers are converted with `as`: `x as %s`", name);
    else if (!entity->type || entity->type->kind == TYPE_STRUCT)
        diag_note(c->sema->diags, d, (Span){0}, "a struct is made with `%s { field: value, … }`", name);
    check_stray_args(c, &node->call.args);
    return texpr_error(c, node->span);
}

static TExpr *call_entity(Context *c, Node *node, const Entity *entity, Type *expected) {
    NodeList *args = &node->call.args;
    switch (entity->kind) {
    case ENTITY_ERROR: check_stray_args(c, args); return texpr_error(c, node->span);
    case ENTITY_FUNC: return call_func(c, entity->decl, entity->args, NULL, args, expected, node->span);
    case ENTITY_VARIANT: return make_variant(c, entity->type, entity->index, args, node->span);
    case ENTITY_GENERIC_VARIANT:
        return make_generic_variant(c, entity->decl, entity->index, args, expected, node->span);
    case ENTITY_BUILTIN: return check_builtin(c, node, entity->decl, expected);
    case ENTITY_TYPE:
    case ENTITY_GENERIC_TYPE: return call_of_type(c, node, entity);
    default: return call_value(c, entity_value(c, node->call.callee, entity, NULL, false), args, node->span);
    }
}

static TExpr *check_dot_call(Context *c, Node *node, Node *callee, Type *expected) {
    Type *core = expected_core(expected);
    if (core && core->kind == TYPE_ENUM) {
        int64_t index = variant_find(c, core, callee->name.name, callee->span);
        if (index >= 0) return make_variant(c, core, (uint32_t)index, &node->call.args, node->span);
        check_stray_args(c, &node->call.args);
        error_no_variant(c, core, callee->name.name, callee->span);
        return texpr_error(c, node->span);
    }
    TExpr *value = check_expr(c, callee, expected); // reports what is missing, or gives an error value
    return call_value(c, value, &node->call.args, node->span);
}

TExpr *check_call(Context *c, Node *node, Type *expected) {
    Node *callee = node->call.callee;
    NodeList *args = &node->call.args;
    if (callee->kind == NODE_PAREN && skip_parens(callee)->kind == NODE_NAME) callee = skip_parens(callee);
    if (callee->kind == NODE_DOT_NAME) return check_dot_call(c, node, callee, expected);
    bool bracketed = callee->kind == NODE_BRACKET;
    Node *path = bracketed ? callee->bracket.base : callee;
    NodeList *generics = bracketed ? &callee->bracket.args : NULL;
    if (path->kind == NODE_OPT_MEMBER) return check_opt_call(c, node, path, generics, expected);
    if (callee->kind != NODE_NAME && callee->kind != NODE_MEMBER && !bracketed)
        return call_value(c, check_expr(c, callee, NULL), args, node->span);
    Entity entity = entity_resolve_as(c, callee, NAME_FUNC | NAME_VARIANT);
    if (entity.kind != ENTITY_NOT_PATH && entity.kind != ENTITY_VALUE_MEMBER)
        return call_entity(c, node, &entity, expected);
    if (path->kind == NODE_MEMBER && (!bracketed || entity_resolve(c, path).kind == ENTITY_VALUE_MEMBER)) {
        TExpr *receiver = check_operand_place(c, path->member.base, NULL);
        Method m;
        bool is_method = bracketed && !is_error(receiver) && !is_literal(receiver) &&
                         method_of_value(c, receiver, path->member.name, &m);
        if (!bracketed || is_method || is_error(receiver)) {
            MethodCall call = {path->member.name, path->member.name_span, generics, args, node};
            return call_member(c, receiver, &call, expected);
        }
    }
    return call_value(c, check_expr(c, callee, NULL), args, node->span); // `table[i](x)`
}

// `x |> f(a)` is `f(x, a)`: the call is put together as syntax, so that methods, variants and inference work as in any
// call.
static Node *pipe_into(Context *c, Node *value, Node *target, Span span) {
    Arena *arena = c->sema->arena;
    if (target->kind == NODE_TRY || target->kind == NODE_UNWRAP) {
        Node *inner = pipe_into(c, value, target->operand.operand, span);
        Node *outer = arena_copy(arena, target, sizeof *target);
        outer->operand.operand = inner;
        return outer;
    }
    Node *call = ARENA_NEW(arena, Node);
    call->kind = NODE_CALL;
    call->first_token = value->first_token;
    call->last_token = target->last_token;
    call->span = span;
    call->call.callee = target;
    VEC_PUSH(arena, &call->call.args, value);
    if (target->kind == NODE_CALL) {
        call->call.callee = target->call.callee;
        for (uint32_t i = 0; i < target->call.args.len; i++)
            VEC_PUSH(arena, &call->call.args, target->call.args.items[i]);
    }
    return call;
}

TExpr *check_pipeline(Context *c, Node *node, Type *expected) {
    Node *call = pipe_into(c, node->pair.left, node->pair.right, node->span);
    return check_expr(c, call, expected);
}
