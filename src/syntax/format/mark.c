// What the formatter asks the tree about single tokens. One walk over all nodes; the parts of an interpolated string
// are not entered, for to the formatter such a string is one token.
#include "syntax/format/internal.h"

typedef struct Marker {
    const Token *tokens;
    Marks *marks;
} Marker;

static void mark_node(Marker *m, const Node *n);

static void mark(Marker *m, uint32_t token, Mark bit) { m->marks->bits[token] |= (uint16_t)bit; }

static uint32_t next_token(const Marker *m, uint32_t token) {
    do token++;
    while (format_is_comment(&m->tokens[token]));
    return token;
}

static uint32_t previous_token(const Marker *m, uint32_t token) {
    do token--;
    while (format_is_comment(&m->tokens[token]));
    return token;
}

static void mark_list(Marker *m, const NodeList *list) {
    for (uint32_t i = 0; i < list->len; i++) mark_node(m, list->items[i]);
}

static void mark_starts(Marker *m, const NodeList *list) {
    for (uint32_t i = 0; i < list->len; i++) {
        mark(m, list->items[i]->first_token, MARK_START);
        mark_node(m, list->items[i]);
    }
}

// Fields or variants, with the choices between them.
static void mark_elements(Marker *m, const NodeList *list) {
    for (uint32_t i = 0; i < list->len; i++)
        if (list->items[i]->kind == NODE_IF) mark(m, list->items[i]->last_token, MARK_CHOICE_END);
    mark_list(m, list);
}

// A list in braces whose parts begin lines: the brace stands before the first of them.
static void mark_members(Marker *m, const NodeList *list, Mark kind, uint32_t anchor) {
    if (list->len > 0) {
        uint32_t open = previous_token(m, list->items[0]->first_token);
        mark(m, open, kind);
        m->marks->anchors[open] = anchor;
    }
    mark_starts(m, list);
}

static void mark_body(Marker *m, const Node *block, const Node *owner) {
    if (!block) return;
    if (block->kind == NODE_BLOCK && block->block.has_do) m->marks->anchors[block->first_token] = owner->first_token;
    mark_node(m, block);
}

static void mark_if(Marker *m, const Node *root) {
    for (const Node *link = root; link; link = link->if_expr.else_branch) {
        if (link->kind != NODE_IF) {
            mark_node(m, link);
            return;
        }
        mark_node(m, link->if_expr.pattern);
        mark_node(m, link->if_expr.condition);
        mark_body(m, link->if_expr.then_block, root);
        if (link == root) continue;
        mark(m, link->first_token, MARK_CHAIN);
        mark(m, link->if_expr.then_block->first_token, MARK_CHAIN);
    }
}

static void mark_for(Marker *m, const Node *n) {
    uint32_t at = n->first_token;
    while (m->tokens[at].kind != TOKEN_FOR) at = next_token(m, at);
    at = next_token(m, at);
    if (n->for_loop.by_pointer) {
        mark(m, at, MARK_PREFIX);
        at = next_token(m, at);
    }
    if (n->for_loop.index) mark(m, next_token(m, at), MARK_PLAIN_COMMA);
    mark_node(m, n->for_loop.subject);
    mark_body(m, n->for_loop.body, n);
}

static void mark_catch(Marker *m, const Node *n) {
    mark_node(m, n->catch_expr.operand);
    if (n->catch_expr.binding) {
        uint32_t open = next_token(m, next_token(m, n->catch_expr.operand->last_token));
        mark(m, open, MARK_PREFIX);
        mark(m, next_token(m, next_token(m, open)), MARK_TIGHT);
    }
    mark_node(m, n->catch_expr.handler);
}

static bool mark_item(Marker *m, const Node *n) {
    switch (n->kind) {
    case NODE_USE:
    case NODE_ERROR_SET: return true;
    case NODE_CONST:
    case NODE_GLOBAL:
        mark_list(m, &n->item.attrs);
        mark_node(m, n->constant.type);
        mark_node(m, n->constant.value);
        return true;
    case NODE_FUNC:
        mark_list(m, &n->item.attrs);
        mark_list(m, &n->func.generics);
        mark_list(m, &n->func.params);
        mark_node(m, n->func.result);
        mark_body(m, n->func.body, n);
        return true;
    case NODE_STRUCT:
        mark_list(m, &n->item.attrs);
        mark_list(m, &n->struct_decl.generics);
        mark_elements(m, &n->struct_decl.fields);
        return true;
    case NODE_ENUM:
        mark_list(m, &n->item.attrs);
        mark_list(m, &n->enum_decl.generics);
        mark_elements(m, &n->enum_decl.variants);
        return true;
    case NODE_VARIANT:
        mark_elements(m, &n->variant.fields);
        mark_node(m, n->variant.discriminant);
        return true;
    case NODE_TRAIT:
        mark_list(m, &n->trait.generics);
        mark_members(m, &n->trait.methods, MARK_METHODS, n->first_token);
        return true;
    case NODE_IMPL:
        mark_list(m, &n->impl.generics);
        mark_node(m, n->impl.trait);
        mark_node(m, n->impl.target);
        mark_members(m, &n->impl.methods, MARK_METHODS, n->first_token);
        return true;
    case NODE_ALIAS:
        mark_list(m, &n->alias.generics);
        mark_node(m, n->alias.type);
        return true;
    case NODE_TEST: mark_body(m, n->test.body, n); return true;
    case NODE_GENERIC: mark_list(m, &n->generic.bounds); return true;
    case NODE_PARAM: mark_node(m, n->param.type); return true;
    case NODE_FIELD_DECL:
        mark_list(m, &n->item.attrs);
        mark_node(m, n->field_decl.type);
        mark_node(m, n->field_decl.value);
        return true;
    case NODE_ATTR: mark_node(m, n->attr.value); return true;
    default: return false;
    }
}

static bool mark_type(Marker *m, const Node *n) {
    switch (n->kind) {
    case NODE_TYPE_PTR:
        mark(m, n->first_token, MARK_PREFIX);
        mark_node(m, n->type_ptr.element);
        return true;
    case NODE_TYPE_SLICE: {
        uint32_t close = next_token(m, n->first_token);
        mark(m, next_token(m, close), MARK_TIGHT);
        mark_node(m, n->type_ptr.element);
        return true;
    }
    case NODE_TYPE_ARRAY:
        mark_node(m, n->type_array.length);
        mark(m, n->type_array.element->first_token, MARK_TIGHT);
        mark_node(m, n->type_array.element);
        return true;
    case NODE_TYPE_OPTIONAL:
        mark(m, n->first_token, MARK_PREFIX);
        mark_node(m, n->type_optional.element);
        return true;
    case NODE_TYPE_ERROR_UNION:
        if (!n->type_error_union.errors) mark(m, n->first_token, MARK_PREFIX);
        mark_node(m, n->type_error_union.payload);
        mark_node(m, n->type_error_union.errors);
        return true;
    case NODE_TYPE_FUNC:
        mark_list(m, &n->type_func.params);
        mark_node(m, n->type_func.result);
        return true;
    default: return false;
    }
}

static bool mark_expression(Marker *m, const Node *n) {
    switch (n->kind) {
    case NODE_DOT_NAME: mark(m, n->first_token, MARK_OPERAND); return true;
    case NODE_UNARY:
        if (n->unary.op != UNARY_NOT) mark(m, n->first_token, MARK_PREFIX);
        mark_node(m, n->unary.operand);
        return true;
    case NODE_BINARY:
    case NODE_ASSIGN:
        mark_node(m, n->binary.left);
        mark_node(m, n->binary.right);
        return true;
    case NODE_RANGE:
        mark_node(m, n->range.low);
        mark_node(m, n->range.high);
        return true;
    case NODE_CALL:
        mark_node(m, n->call.callee);
        mark_list(m, &n->call.args);
        return true;
    case NODE_BRACKET:
        mark_node(m, n->bracket.base);
        mark_list(m, &n->bracket.args);
        return true;
    case NODE_MEMBER:
    case NODE_OPT_MEMBER: mark_node(m, n->member.base); return true;
    case NODE_PAREN:
        mark(m, n->first_token, MARK_PAREN);
        mark_node(m, n->operand.operand);
        return true;
    case NODE_DEREF:
    case NODE_UNWRAP:
    case NODE_TRY: mark_node(m, n->operand.operand); return true;
    case NODE_CATCH: mark_catch(m, n); return true;
    case NODE_ORELSE:
    case NODE_PIPELINE:
        mark_node(m, n->pair.left);
        mark_node(m, n->pair.right);
        return true;
    case NODE_AS:
        mark_node(m, n->as.operand);
        mark_node(m, n->as.type);
        return true;
    case NODE_STRUCT_LIT:
        mark_node(m, n->struct_lit.type);
        mark_list(m, &n->struct_lit.fields);
        return true;
    case NODE_FIELD_INIT: mark_node(m, n->field_init.value); return true;
    case NODE_ARRAY_LIT:
        mark(m, n->first_token, MARK_ARRAY);
        mark_list(m, &n->array_lit.elements);
        return true;
    case NODE_ARRAY_REPEAT:
        mark_node(m, n->array_repeat.element);
        mark_node(m, n->array_repeat.count);
        return true;
    case NODE_INTRINSIC:
        mark_list(m, &n->intrinsic.generics);
        mark_list(m, &n->intrinsic.args);
        return true;
    default: return mark_type(m, n);
    }
}

static bool mark_control(Marker *m, const Node *n) {
    switch (n->kind) {
    case NODE_BLOCK: mark_starts(m, &n->block.statements); return true;
    case NODE_IF: mark_if(m, n); return true;
    case NODE_MATCH:
        mark_node(m, n->match.subject);
        mark_members(m, &n->match.arms, MARK_MATCH, n->first_token);
        return true;
    case NODE_ARM:
        mark_node(m, n->arm.pattern);
        mark_node(m, n->arm.guard);
        mark_node(m, n->arm.body);
        return true;
    case NODE_WHILE:
        mark_node(m, n->while_loop.pattern);
        mark_node(m, n->while_loop.condition);
        mark_body(m, n->while_loop.body, n);
        return true;
    case NODE_FOR: mark_for(m, n); return true;
    case NODE_LET:
        mark_list(m, &n->let.attrs);
        mark_node(m, n->let.type);
        mark_node(m, n->let.value);
        return true;
    case NODE_USING:
        mark_node(m, n->using.value);
        mark_body(m, n->using.body, n);
        return true;
    case NODE_DEFER:
    case NODE_COMPTIME: mark_body(m, n->operand.operand, n); return true;
    case NODE_RETURN:
    case NODE_FAIL:
    case NODE_BREAK:
    case NODE_CONTINUE: mark_node(m, n->jump.value); return true;
    case NODE_WHEN:
        mark_node(m, n->when.statement);
        mark_node(m, n->when.condition);
        return true;
    default: return false;
    }
}

static bool mark_pattern(Marker *m, const Node *n) {
    switch (n->kind) {
    case NODE_PAT_VALUE: mark_node(m, n->pat_value.value); return true;
    case NODE_PAT_RANGE:
        if (!n->pat_range.low) mark(m, n->first_token, MARK_OPERAND);
        mark_node(m, n->pat_range.low);
        mark_node(m, n->pat_range.high);
        return true;
    case NODE_PAT_VARIANT:
        mark_node(m, n->pat_variant.path);
        mark_list(m, &n->pat_variant.fields);
        return true;
    case NODE_PAT_FIELD: mark_node(m, n->pat_field.pattern); return true;
    case NODE_PAT_OR: mark_list(m, &n->pat_or.alternatives); return true;
    default: return false;
    }
}

// The kinds none of these know are leaves without a question to them.
static void mark_node(Marker *m, const Node *n) {
    if (n && !mark_expression(m, n) && !mark_control(m, n) && !mark_pattern(m, n)) (void)mark_item(m, n);
}

void format_mark(Arena *arena, const ModuleTree *tree, Marks *out) {
    uint32_t count = tree->tokens.tokens.len;
    out->bits = ARENA_ARRAY(arena, uint16_t, count);
    out->anchors = ARENA_ARRAY(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) out->anchors[i] = UINT32_MAX;
    Marker m = {.tokens = tree->tokens.tokens.items, .marks = out};
    mark_starts(&m, &tree->items);
}
