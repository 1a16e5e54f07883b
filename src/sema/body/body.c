// Checks the body of one function instance: declares its parameters, checks the block, and makes sure that every path
// gives a result. The instance's generic arguments are known by now, so the typed tree holds concrete types only.
#include "sema/body/body.h"
#include "sema/body/failures.h"

static void declare_params(Context *c, FuncInst *func, NodeList params) {
    func->param_count = func->type->param_count;
    func->params = ARENA_ARRAY(c->sema->arena, Local *, func->param_count ? func->param_count : 1);
    for (uint32_t i = 0; i < func->param_count; i++) {
        Node *node = i < params.len ? params.items[i] : NULL;
        const Name *name = node ? node->param.name : NULL;
        if (node && node->param.is_self) name = c->sema->n.self;
        Span span = node ? node->param.name_span : func->span;
        if (node && !span_known(span)) span = node->span;
        Local *local = local_new(c, name, func->type->params[i], span, false);
        local->is_param = true;
        if (c->decl->type && c->decl->type->kind == TYPE_FUNC) local->written = c->decl->type->params[i];
        local->origin = LOCAL_PARAM;
        func->params[i] = local;
        type_complete(c->sema, local->type, span);
        if (!name || name == c->sema->n.underscore) continue;
        for (uint32_t k = 0; k < i; k++) {
            if (func->params[k]->name != name) continue;
            Diag *d = context_error(c, DIAG_E1002, span, "parameter `%s` is declared twice", name->text);
            diag_note(c->sema->diags, d, func->params[k]->span, "first declared here");
            break;
        }
        scope_declare(c, local);
    }
}

// The place to point at when the end of a body is reached without a value.
static Span end_of_body(Node *body) {
    Span span = body->span;
    if (span.end >= span.start + 3) span.start = span.end - 3;
    return span;
}

static TExpr *check_function_block(Context *c, FuncInst *func, Node *body) {
    Sema *s = c->sema;
    Type *result = c->result;
    bool plain_ok = result->kind == TYPE_ERROR_UNION && result->element->kind == TYPE_VOID;
    bool no_value = result->kind == TYPE_VOID || result->kind == TYPE_NEVER || result->kind == TYPE_ERROR || plain_ok;
    uint32_t poison = c->poison;
    TExpr *block = check_block_tail(c, body, no_value ? prim(c, TYPE_VOID) : result, plain_ok);
    if (block->kind != TEXPR_BLOCK || is_never(block)) return block;
    if (block->block.result) failures_note(c, block->block.result);
    if (plain_ok) {
        if (!block->block.result) block->block.result = success_value(c, result, end_of_body(body));
        block->type = result;
        return block;
    }
    if (result->kind == TYPE_VOID || result->kind == TYPE_ERROR) return block;
    if (result->kind == TYPE_NEVER || !block->block.result) {
        if (c->poison != poison) return block;
        if (result->kind == TYPE_NEVER)
            context_error(c, DIAG_E2017, end_of_body(body),
                          "this function promises never to return, but its end can be reached");
        else {
            Diag *d =
                context_error(c, DIAG_E2017, end_of_body(body),
                              "the end of this function can be reached without a value of type `%s`", show(c, result));
            diag_note(s->diags, d, func->span, "`%s` must return a value on every path",
                      func->decl && func->decl->name ? func->decl->name->text : "it");
        }
    }
    return block;
}

// Poison that nobody has reported: what is returned comes from the function itself, or from one that waits for its
// result as this one does.
static void report_unknown_return(Context *c) {
    Diag *d = context_error(c, DIAG_E2001, c->broken_return, "this function returns nothing, but a value is given");
    diag_note(c->sema->diags, d, c->func->span, "declare its result with `-> T`");
}

void check_body(Sema *s, FuncInst *func) {
    if (func->state != STAGE_NEW) return;
    Instance *instance = func->instance;
    Decl *decl = func->decl ? func->decl : instance ? instance->decl : NULL;
    if (!decl || !decl->node) {
        func->state = STAGE_DONE;
        return;
    }
    if (decl->func.body_damaged) {
        func->state = STAGE_BROKEN;
        return;
    }
    func->state = STAGE_RUNNING;
    Node *node = decl->node;
    Node *body = node->kind == NODE_TEST ? node->test.body : node->func.body;
    Context c = {
        .sema = s,
        .module = decl->module,
        .instance = instance,
        .decl = decl,
        .impl = decl->impl,
        .self_type = instance ? instance->self_type : NULL,
        .func = func,
        .result = func->type->kind == TYPE_FUNC ? func->type->element : func->type,
    };
    scope_push(&c);
    if (node->kind != NODE_TEST && func->type->kind == TYPE_FUNC) declare_params(&c, func, decl->func.params);
    if (body) {
        if (c.result->kind != TYPE_VOID) type_complete(s, c.result, func->span);
        func->body = check_function_block(&c, func, body);
    }
    scope_pop(&c);
    if (!c.errors && span_known(c.broken_return)) report_unknown_return(&c);
    func->state = c.poison ? STAGE_BROKEN : STAGE_DONE;
}

typedef struct Checking {
    Sema *sema;
    FuncInst *func;
} Checking;

static void check_nested(void *context) {
    Checking *checking = context;
    check_body(checking->sema, checking->func);
}

void check_body_nested(Sema *s, FuncInst *func) {
    Checking checking = {s, func};
    resolve_nested(s, check_nested, &checking);
}
