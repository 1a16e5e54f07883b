// Constants: when a declaration's value is evaluated, and what guards it. Values are evaluated on demand and once; one
// that needs itself is reported where the circle closes. A constant or variable gets a Global when its address is asked
// for: the Global exists before its initial value does, so variables may hold each other's addresses.
//
// What is written as a constant is one (const_of_tree); anything else is a question for the evaluator, which lowers the
// value and runs it.
#include "sema/body/body.h"
#include "sema/expr/expr.h"

#include "sema/decl/decl.h"
#include "sema/constant/constant.h"

// ---- Evaluating --------------------------------------------------------------------------------------------------------
static Global *promote(void *context, ConstValue *value) {
    Context *c = context;
    return global_promote(c, value, c->evaluated_at);
}

static void report(Context *c, const TExpr *value, const ConstAnswer *answer) {
    Sema *s = c->sema;
    if (!answer->message) return;
    Span span = span_known(answer->span) ? answer->span : value->span;
    if (!answer->func) {
        context_error(c, answer->code, span, "%s", answer->message);
        return;
    }
    Diag *d = context_error(c, answer->code, value->span, "%s", answer->message);
    diag_note(s->diags, d, span, "while evaluating this in `%s`", answer->func);
}

// What is left of the steps that all constants of a program may take; said once that it is nothing: what is evaluated
// after that is not at fault.
static bool charge(Context *c, const TExpr *value, ConstAnswer *answer) {
    Sema *s = c->sema;
    bool had_some = s->eval_steps < EVAL_TOTAL_LIMIT;
    s->eval_steps += answer->steps;
    if (s->eval_steps < EVAL_TOTAL_LIMIT) return true;
    answer->message = had_some
                          ? arena_printf(s->arena, "the constants of this program take more than %d steps to evaluate",
                                         EVAL_TOTAL_LIMIT)
                          : NULL;
    answer->code = DIAG_E4002;
    report(c, value, answer);
    return false;
}

static ConstValue *ask(Context *c, TExpr *value) {
    Sema *s = c->sema;
    const ConstEvaluator *evaluator = s->options.evaluator;
    if (!evaluator) ICE("a constant is to be evaluated, and there is no evaluator");
    if (!s->evaluator) s->evaluator = evaluator->open(s);
    uint64_t left = s->eval_steps < EVAL_TOTAL_LIMIT ? EVAL_TOTAL_LIMIT - s->eval_steps : 0;
    if (!left) return NULL;
    ConstQuestion question = {.value = value,
                              .arena = s->arena,
                              .step_limit = left < EVAL_STEP_LIMIT ? left : EVAL_STEP_LIMIT,
                              .promote = promote,
                              .context = c};
    ConstAnswer answer;
    Span outer = c->evaluated_at;
    c->evaluated_at = value->span;
    evaluator->answer(s->evaluator, &question, &answer);
    c->evaluated_at = outer;
    if (!charge(c, value, &answer)) return NULL;
    if (!answer.value) report(c, value, &answer);
    return answer.value;
}

// Poison has been reported, or comes of an impl that does not fit its trait, which is reported where the impl stands.
static void expect_report(Sema *s, const char *what) {
    for (uint32_t m = 0; m < s->modules.len; m++)
        for (uint32_t i = 0; i < s->modules.items[m]->impls.len && s->diags->error_count == 0; i++)
            impl_check(s, s->modules.items[m]->impls.items[i]);
    if (s->diags->error_count == 0) ICE("%s is broken, and nothing was reported", what);
}

static bool is_ready(Sema *s, const TExpr *e) {
    if (texpr_make_ready(s, e)) return true;
    expect_report(s, "a value");
    return false;
}

ConstValue *const_eval(Context *c, TExpr *value) {
    if (is_error(value)) return NULL;
    ConstValue *known = const_of_tree(c, value);
    if (known) return known;
    if (is_int_literal(value) || is_float_literal(value)) value = default_literal(c, value);
    if (is_error(value) || !is_ready(c->sema, value)) return NULL;
    if (value->type->kind == TYPE_ERROR_UNION) {
        context_error(c, DIAG_E4001, value->span, "an error union cannot be a constant; take its value with `catch`");
        return NULL;
    }
    return ask(c, value);
}

const char *sema_prepare_func(Sema *s, FuncInst *func, DiagCode *code) {
    const char *name = func->symbol ? func->symbol : "this function";
    *code = DIAG_E4001;
    if (func->is_extern || (func->decl && func->decl->is_extern))
        return arena_printf(s->arena, "`%s` is defined elsewhere and cannot be called at compile time", name);
    if (func->state == STAGE_NEW) check_body_nested(s, func);
    if (func->state == STAGE_BROKEN) {
        expect_report(s, name);
        return "";
    }
    if (func->state == STAGE_RUNNING) {
        *code = DIAG_E4003;
        return arena_printf(s->arena, "`%s` is needed at compile time to check `%s` itself", name, name);
    }
    if (!func->body) return arena_printf(s->arena, "`%s` has no body to evaluate", name);
    return is_ready(s, func->body) ? NULL : "";
}

bool sema_global_is_sound(const Global *global) { return !global->decl || global->decl->state != STAGE_BROKEN; }

bool const_eval_usize(Context *c, Node *node, uint64_t *out) {
    if (constant_is_open(c, node)) return false;
    bool in_const = c->in_const;
    c->in_const = true;
    TExpr *value = check_coerced(c, node, prim(c, TYPE_USIZE));
    c->in_const = in_const;
    ConstValue *result = is_error(value) ? NULL : const_eval(c, value);
    if (!result) return false;
    *out = result->bits;
    return true;
}

// ---- Declarations ------------------------------------------------------------------------------------------------------
static Type *broken_decl(Sema *s, Decl *decl) {
    if (!decl->type) decl->type = type_primitive(s->types, TYPE_ERROR);
    decl->state = STAGE_BROKEN;
    return decl->type;
}

static Type *declared_type(Context *c, Decl *decl) {
    Node *node = decl->node->constant.type;
    if (!node) return NULL;
    Type *type = resolve_type(c, node);
    if (!type_is_error(type) && !type_complete(c->sema, type, node->span)) type = prim(c, TYPE_ERROR);
    return type;
}

Context const_context(Sema *s, Module *module, Decl *decl) {
    Context c = context_for_decl(s, decl, NULL);
    c.module = module;
    c.in_const = true;
    return c;
}

static ConstValue *initial_value(Context *c, Decl *decl, Type *type) {
    Sema *s = c->sema;
    Node *node = decl->node->constant.value;
    bool is_var = decl->kind == DECL_GLOBAL;
    if (!node) return NULL;
    if (node->kind == NODE_UNDEFINED) {
        if (!is_var)
            context_error(c, DIAG_E4001, node->span, "a constant needs a value");
        else if (!type)
            context_error(c, DIAG_E2018, node->span, "`undefined` needs a declared type");
        if (!is_var || !type || type_is_error(type)) return NULL;
        ConstValue *undefined = ARENA_NEW(s->arena, ConstValue);
        undefined->kind = CONST_UNDEFINED;
        undefined->type = type;
        return undefined;
    }
    if (type && type_is_error(type)) {
        check_expr(c, node, NULL);
        return NULL;
    }
    TExpr *value = type ? check_coerced(c, node, type) : default_literal(c, check_expr(c, node, NULL));
    if (is_error(value)) return NULL;
    if (value->type->kind == TYPE_VOID || is_never(value)) {
        context_error(c, DIAG_E2020, node->span, "this has no value that `%s` could hold", decl->name->text);
        return NULL;
    }
    return const_eval(c, value);
}

// Evaluates with the context at hand; the declaration is marked before and settled after.
static ConstValue *settle(Context *c, Decl *decl) {
    Sema *s = c->sema;
    decl->state = STAGE_RUNNING;
    if (!decl->type) decl->type = declared_type(c, decl);
    ConstValue *value = initial_value(c, decl, decl->type);
    if (!value) {
        broken_decl(s, decl);
        return NULL;
    }
    if (!decl->type) decl->type = value->type;
    decl->constant.value = value;
    decl->state = STAGE_DONE;
    if (decl->constant.global) decl->constant.global->initial = value;
    return value;
}

typedef struct Settling {
    Sema *sema;
    Decl *decl;
    ConstValue *value;
} Settling;

static void settle_nested(void *context) {
    Settling *settling = context;
    Context c = const_context(settling->sema, settling->decl->module, settling->decl);
    settling->value = settle(&c, settling->decl);
}

ConstValue *const_of_decl(Sema *s, Decl *decl, Span used_at) {
    if (decl->state == STAGE_DONE) return decl->constant.value;
    if (decl->state == STAGE_BROKEN || !decl->node) return NULL;
    if (decl->state == STAGE_RUNNING) {
        Diag *d = diag_error(s->diags, DIAG_E4003, decl->span, "the value of `%s` depends on itself", decl->name->text);
        diag_note(s->diags, d, used_at, "it is needed here to evaluate it");
        decl->state = STAGE_BROKEN;
        return NULL;
    }
    if (!resolve_enter(s, used_at)) {
        broken_decl(s, decl);
        return NULL;
    }
    Settling settling = {.sema = s, .decl = decl};
    resolve_nested(s, settle_nested, &settling);
    resolve_leave(s);
    return settling.value;
}

Type *const_decl_type(Sema *s, Decl *decl, Span used_at) {
    if (decl->type) return decl->type;
    if (decl->node && decl->node->constant.type && decl->state == STAGE_NEW) {
        Context c = const_context(s, decl->module, decl);
        return decl->type = declared_type(&c, decl);
    }
    if (!const_of_decl(s, decl, used_at)) return broken_decl(s, decl);
    return decl->type;
}

static const char *global_symbol(Sema *s, const Decl *decl) {
    const char *module = decl->module && decl->module->path ? decl->module->path->text : "";
    if (decl->module && map_get(&decl->module->names, decl->name) == decl)
        return arena_printf(s->arena, "%s.%s", module, decl->name->text);
    return arena_printf(s->arena, "%s.%s.%u", module, decl->name->text, s->anonymous_count++);
}

Global *decl_global(Sema *s, Decl *decl) {
    if (decl->constant.global) return decl->constant.global;
    Type *type = const_decl_type(s, decl, decl->span);
    if (!type || type_is_error(type)) return NULL;
    Global *global = ARENA_NEW(s->arena, Global);
    global->symbol = symbol_unique(s, global_symbol(s, decl));
    global->type = type;
    global->is_var = decl->kind == DECL_GLOBAL;
    global->span = decl->span;
    global->decl = decl;
    decl->constant.global = global;
    VEC_PUSH(s->arena, &s->globals, global);
    uint64_t size = type_complete(s, type, decl->span) ? type_size(s->types, type) : 0;
    if (size > VARIABLE_SIZE_LIMIT - s->global_bytes) {
        diag_error(s->diags, DIAG_E2002, decl->span,
                   "with the %llu bytes of `%s`, the variables and constants of the program need more than %llu",
                   (unsigned long long)size, decl->name->text, (unsigned long long)VARIABLE_SIZE_LIMIT);
        decl->state = STAGE_BROKEN;
        return NULL;
    }
    s->global_bytes += size;
    if (decl->node && decl->node->item.attrs.len) {
        Context c = const_context(s, decl->module, decl);
        global->align = attr_align(&c, &decl->node->item.attrs, NULL);
    }
    global->initial = decl->constant.value;
    if (decl->state == STAGE_NEW) const_of_decl(s, decl, decl->span);
    if (decl->state == STAGE_BROKEN) return NULL;
    return global;
}

TExpr *check_local_const(Context *c, Node *node) {
    Sema *s = c->sema;
    Decl *decl = decl_new(s, DECL_CONST, node->item.name, node->item.name_span, c->module, node);
    for (uint32_t i = 0; i < c->scope->consts.len; i++) {
        Decl *other = c->scope->consts.items[i];
        if (other->name != decl->name) continue;
        Diag *d =
            context_error(c, DIAG_E1002, decl->span, "`%s` is already a constant of this block", decl->name->text);
        diag_note(s->diags, d, other->span, "first declared here");
        break;
    }
    bool in_const = c->in_const;
    c->in_const = true;
    settle(c, decl);
    if (node->item.attrs.len) decl_global(s, decl);
    c->in_const = in_const;
    VEC_PUSH(s->arena, &c->scope->consts, decl);
    return block_new(c, node->span);
}
