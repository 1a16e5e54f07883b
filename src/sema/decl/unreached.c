// Generic bodies that nobody instantiates. A body is checked once per instance, so one without instances would be read
// by nobody; here at least its names are looked up: what a path begins with, and the members of modules. What depends
// on the generic arguments is left to instances, as are the branches of `comptime if`, which another choice may leave
// out. Names declared in the body are locals of the ERROR type, about which everything else keeps silent.
//
// The same walk answers whether a constant of a generic declaration (a length, an argument, an alignment) mentions a
// parameter that stands for nothing yet: such a one is never checked, for the checker knows values of concrete types
// only.
#include "sema/decl/decl.h"

#include "sema/body/body.h"

enum { UNREACHED_DEPTH_LIMIT = 600 };

typedef struct Walk {
    Context c;
    uint32_t depth;
    bool is_open; // a parameter without a value was met
} Walk;

static void walk(Walk *w, Node *node);

static void walk_list(Walk *w, const NodeList *list) {
    for (uint32_t i = 0; i < list->len; i++) walk(w, list->items[i]);
}

// ---- Names -------------------------------------------------------------------------------------------------------------
static void declare(Walk *w, const Name *name) {
    Sema *s = w->c.sema;
    if (!name) return;
    Local *local = ARENA_NEW(s->arena, Local);
    local->name = name;
    local->type = type_primitive(s->types, TYPE_ERROR);
    VEC_PUSH(s->arena, &w->c.scope->locals, local);
}

static Scope *open(Walk *w) {
    Scope *outer = w->c.scope;
    Scope *scope = ARENA_NEW(w->c.sema->arena, Scope);
    scope->parent = outer;
    w->c.scope = scope;
    return outer;
}

static bool is_discard(const Walk *w, const Node *node) {
    return node->kind == NODE_NAME && node->name.name == w->c.sema->n.underscore;
}

static EntityKind walk_name(Walk *w, Node *node) {
    Entity e = entity_resolve(&w->c, node);
    w->is_open |= (e.kind == ENTITY_TYPE || e.kind == ENTITY_VALUE_PARAM) && e.type && e.type->has_param;
    return e.kind;
}

// `a.b.c`: as far as it leads through modules, the rest depends on what it finds there.
static EntityKind walk_path(Walk *w, Node *node) {
    if (node->kind == NODE_NAME) return is_discard(w, node) ? ENTITY_ERROR : walk_name(w, node);
    if (node->kind != NODE_MEMBER) {
        walk(w, node);
        return ENTITY_ERROR;
    }
    if (w->depth >= UNREACHED_DEPTH_LIMIT) return ENTITY_ERROR;
    w->depth++;
    EntityKind base = walk_path(w, node->member.base);
    w->depth--;
    return base == ENTITY_MODULE && node->member.name ? entity_resolve(&w->c, node).kind : ENTITY_ERROR;
}

// ---- Patterns ----------------------------------------------------------------------------------------------------------
static void walk_pattern(Walk *w, Node *node) {
    if (!node || w->depth >= UNREACHED_DEPTH_LIMIT) return;
    w->depth++;
    switch (node->kind) {
    case NODE_PAT_NAME: declare(w, node->pat_name.name); break;
    case NODE_PAT_VALUE: walk(w, node->pat_value.value); break;
    case NODE_PAT_RANGE:
        walk(w, node->pat_range.low);
        walk(w, node->pat_range.high);
        break;
    case NODE_PAT_VARIANT:
        walk(w, node->pat_variant.path);
        for (uint32_t i = 0; i < node->pat_variant.fields.len; i++) walk_pattern(w, node->pat_variant.fields.items[i]);
        break;
    case NODE_PAT_FIELD:
        if (node->pat_field.pattern)
            walk_pattern(w, node->pat_field.pattern);
        else
            declare(w, node->pat_field.name);
        break;
    case NODE_PAT_OR:
        for (uint32_t i = 0; i < node->pat_or.alternatives.len; i++)
            walk_pattern(w, node->pat_or.alternatives.items[i]);
        break;
    default: break;
    }
    w->depth--;
}

// ---- Control -----------------------------------------------------------------------------------------------------------
// The subject does not see the names of the pattern, the conditions after it do. Leaves their scope open.
static Scope *walk_let_condition(Walk *w, Node *pattern, Node *condition) {
    Node *subject = pattern ? let_subject(condition) : NULL;
    if (subject) walk(w, subject);
    Scope *outer = open(w);
    walk_pattern(w, pattern);
    if (condition == subject) return outer;
    if (!subject) {
        walk(w, condition);
        return outer;
    }
    for (Node *link = condition; link != subject; link = link->binary.left) walk(w, link->binary.right);
    return outer;
}

static void walk_if(Walk *w, Node *node) {
    if (node->if_expr.is_comptime) {
        walk(w, node->if_expr.condition);
        return;
    }
    Scope *outer = walk_let_condition(w, node->if_expr.pattern, node->if_expr.condition);
    walk(w, node->if_expr.then_block);
    w->c.scope = outer;
    walk(w, node->if_expr.else_branch);
}

static void walk_arm(Walk *w, Node *node) {
    if (node->kind != NODE_ARM) return;
    Scope *outer = open(w);
    walk_pattern(w, node->arm.pattern);
    walk(w, node->arm.guard);
    walk(w, node->arm.body);
    w->c.scope = outer;
}

static void walk_for(Walk *w, Node *node) {
    walk(w, node->for_loop.subject);
    Scope *outer = open(w);
    declare(w, node->for_loop.name);
    declare(w, node->for_loop.index);
    walk(w, node->for_loop.body);
    w->c.scope = outer;
}

static bool walk_control(Walk *w, Node *node) {
    Scope *outer = w->c.scope;
    switch (node->kind) {
    case NODE_BLOCK:
        open(w);
        walk_list(w, &node->block.statements);
        break;
    case NODE_IF: walk_if(w, node); break;
    case NODE_MATCH:
        walk(w, node->match.subject);
        for (uint32_t i = 0; i < node->match.arms.len; i++) walk_arm(w, node->match.arms.items[i]);
        break;
    case NODE_WHILE:
        walk_let_condition(w, node->while_loop.pattern, node->while_loop.condition);
        walk(w, node->while_loop.body);
        break;
    case NODE_FOR: walk_for(w, node); break;
    case NODE_LET:
        walk(w, node->let.type);
        walk(w, node->let.value);
        walk_list(w, &node->let.attrs);
        declare(w, node->let.name);
        break;
    case NODE_CONST:
        walk(w, node->constant.type);
        walk(w, node->constant.value);
        declare(w, node->item.name);
        break;
    case NODE_USING:
        walk(w, node->using.value);
        open(w);
        declare(w, node->using.name);
        walk(w, node->using.body);
        break;
    case NODE_CATCH:
        walk(w, node->catch_expr.operand);
        open(w);
        declare(w, node->catch_expr.binding);
        walk(w, node->catch_expr.handler);
        break;
    case NODE_RETURN:
    case NODE_FAIL:
    case NODE_BREAK:
    case NODE_CONTINUE: walk(w, node->jump.value); break;
    case NODE_WHEN:
        walk(w, node->when.condition);
        walk(w, node->when.statement);
        break;
    default: return false;
    }
    w->c.scope = outer;
    return true;
}

// ---- Expressions -------------------------------------------------------------------------------------------------------
static void walk_expr(Walk *w, Node *node) {
    switch (node->kind) {
    case NODE_NAME:
    case NODE_MEMBER: walk_path(w, node); break;
    case NODE_OPT_MEMBER: walk(w, node->member.base); break;
    case NODE_UNARY: walk(w, node->unary.operand); break;
    case NODE_BINARY:
    case NODE_ASSIGN:
        walk(w, node->binary.left);
        walk(w, node->binary.right);
        break;
    case NODE_RANGE:
        walk(w, node->range.low);
        walk(w, node->range.high);
        break;
    case NODE_CALL:
        walk(w, node->call.callee);
        walk_list(w, &node->call.args);
        break;
    case NODE_BRACKET:
        walk(w, node->bracket.base);
        walk_list(w, &node->bracket.args);
        break;
    case NODE_DEREF:
    case NODE_UNWRAP:
    case NODE_TRY:
    case NODE_PAREN:
    case NODE_DEFER:
    case NODE_COMPTIME: walk(w, node->operand.operand); break;
    case NODE_ORELSE:
    case NODE_PIPELINE:
        walk(w, node->pair.left);
        walk(w, node->pair.right);
        break;
    case NODE_AS:
        walk(w, node->as.operand);
        walk(w, node->as.type);
        break;
    case NODE_STRUCT_LIT:
        walk(w, node->struct_lit.type);
        for (uint32_t i = 0; i < node->struct_lit.fields.len; i++)
            if (node->struct_lit.fields.items[i]->kind == NODE_FIELD_INIT)
                walk(w, node->struct_lit.fields.items[i]->field_init.value);
        break;
    case NODE_ARRAY_LIT: walk_list(w, &node->array_lit.elements); break;
    case NODE_ARRAY_REPEAT:
        walk(w, node->array_repeat.element);
        walk(w, node->array_repeat.count);
        break;
    case NODE_INTRINSIC:
        walk_list(w, &node->intrinsic.generics);
        walk_list(w, &node->intrinsic.args);
        break;
    case NODE_INTERP: walk_list(w, &node->interp.parts); break;
    case NODE_ATTR: walk(w, node->attr.value); break;
    case NODE_TYPE_PTR:
    case NODE_TYPE_SLICE: walk(w, node->type_ptr.element); break;
    case NODE_TYPE_ARRAY:
        walk(w, node->type_array.length);
        walk(w, node->type_array.element);
        break;
    case NODE_TYPE_OPTIONAL: walk(w, node->type_optional.element); break;
    case NODE_TYPE_ERROR_UNION:
        walk(w, node->type_error_union.payload);
        walk(w, node->type_error_union.errors);
        break;
    case NODE_TYPE_FUNC:
        for (uint32_t i = 0; i < node->type_func.params.len; i++) {
            Node *param = node->type_func.params.items[i];
            walk(w, param->kind == NODE_PARAM ? param->param.type : param);
        }
        walk(w, node->type_func.result);
        break;
    default: break;
    }
}

static void walk(Walk *w, Node *node) {
    if (!node || w->depth >= UNREACHED_DEPTH_LIMIT) return;
    w->depth++;
    if (!walk_control(w, node)) walk_expr(w, node);
    w->depth--;
}

// ---- Constants of generic declarations ---------------------------------------------------------------------------------
static bool has_open_parameters(const Context *c) {
    if (c->self_type && c->self_type->has_param) return true;
    if (c->instance && c->instance->decl) return instance_is_open(c->instance);
    return (c->decl && c->decl->generic_count) || (c->impl && c->impl->generic_count);
}

bool constant_is_open(Context *c, Node *node) {
    if (!has_open_parameters(c)) return false;
    Walk w = {.c = *c};
    walk(&w, node);
    bool is_wrong = w.c.errors != c->errors;
    c->errors = w.c.errors;
    c->poison = w.c.poison;
    if (w.is_open && !is_wrong) c->open++;
    return w.is_open || is_wrong;
}

// ---- Declarations ------------------------------------------------------------------------------------------------------
static void check_unreached(Sema *s, Decl *decl) {
    if (decl->kind != DECL_FUNC || decl->generic_count == 0 || decl->instances.len || decl->func.body_damaged) return;
    if (!decl->node || decl->node->kind != NODE_FUNC || !decl->node->func.body) return;
    Walk w = {.c = context_for_decl(s, decl, NULL)};
    open(&w);
    for (uint32_t i = 0; i < decl->node->func.params.len; i++) {
        const Node *param = decl->node->func.params.items[i];
        if (param->kind == NODE_PARAM) declare(&w, param->param.is_self ? s->n.self : param->param.name);
    }
    walk(&w, decl->node->func.body);
}

void unreached_check(Sema *s, Module *m) {
    for (uint32_t i = 0; i < m->decls.len; i++) {
        Decl *decl = m->decls.items[i];
        check_unreached(s, decl);
        for (uint32_t k = 0; decl->kind == DECL_TRAIT && k < decl->contract.method_count; k++)
            check_unreached(s, decl->contract.methods[k]);
    }
    for (uint32_t i = 0; i < m->impls.len; i++)
        for (uint32_t k = 0; k < m->impls.items[i]->method_count; k++)
            check_unreached(s, m->impls.items[i]->methods[k]);
}
