// The tree as nested lists, one kind after the other in the order of ast.def. Tests of precedence and of recovery
// compare these texts, so a construct prints what decides its meaning and nothing else.
#include <inttypes.h>

#include "syntax/ast.h"

static const char *const UNARY_TEXTS[UNARY_OP_COUNT] = {
#define PREFIX(kind, text) text,
#include "syntax/operators.def"
};

static void dump_name(StrBuf *b, const Name *name) { strbuf_puts(b, name ? name->text : "-"); }

static void dump_text(StrBuf *b, Str text) {
    strbuf_putc(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\')
            strbuf_printf(b, "\\%c", c);
        else if (c < ' ' || c == 0x7F)
            strbuf_printf(b, "\\x%02X", c);
        else
            strbuf_putc(b, (char)c);
    }
    strbuf_putc(b, '"');
}

static void dump_list(StrBuf *b, const NodeList *list) {
    for (uint32_t i = 0; i < list->len; i++) {
        strbuf_putc(b, ' ');
        ast_dump_node(b, list->items[i]);
    }
}

static void dump_bracketed(StrBuf *b, const NodeList *list) {
    strbuf_puts(b, " [");
    for (uint32_t i = 0; i < list->len; i++) {
        if (i > 0) strbuf_putc(b, ' ');
        ast_dump_node(b, list->items[i]);
    }
    strbuf_putc(b, ']');
}

static void dump_child(StrBuf *b, const Node *node) {
    strbuf_putc(b, ' ');
    ast_dump_node(b, node);
}

static void dump_flag(StrBuf *b, bool set, const char *word) {
    if (set) strbuf_printf(b, " %s", word);
}

static void open_named(StrBuf *b, const char *word, const Name *name) {
    strbuf_printf(b, "(%s %s", word, name ? name->text : "-");
}

// Opens a list with `word` and gives up to three children; the caller closes it.
static void open_with(StrBuf *b, const char *word, const Node *first, const Node *second) {
    strbuf_printf(b, "(%s", word);
    if (first) dump_child(b, first);
    if (second) dump_child(b, second);
}

static void dump_use(StrBuf *b, const Node *n) {
    strbuf_puts(b, "(use ");
    for (uint32_t i = 0; i < n->use.path.len; i++) strbuf_printf(b, "%s%s", i ? "." : "", n->use.path.items[i]->text);
    dump_flag(b, n->item.is_pub, "pub");
    if (n->use.alias) strbuf_printf(b, " as %s", n->use.alias->text);
    for (uint32_t i = 0; i < n->use.members.len; i++) {
        const UseMember *m = &n->use.members.items[i];
        strbuf_printf(b, " (%s%s%s)", m->name->text, m->alias ? " " : "", m->alias ? m->alias->text : "");
    }
    strbuf_putc(b, ')');
}

static bool dump_item(StrBuf *b, const Node *n) {
    switch (n->kind) {
    case NODE_USE: dump_use(b, n); return true;
    case NODE_CONST:
    case NODE_GLOBAL:
        open_named(b, n->kind == NODE_CONST ? "const" : "global", n->item.name);
        dump_flag(b, n->item.is_pub, "pub");
        dump_list(b, &n->item.attrs);
        dump_child(b, n->constant.type);
        dump_child(b, n->constant.value);
        break;
    case NODE_FUNC:
        open_named(b, "func", n->item.name);
        dump_flag(b, n->item.is_pub, "pub");
        dump_flag(b, n->func.is_extern, "extern");
        dump_flag(b, n->func.is_export, "export");
        dump_list(b, &n->item.attrs);
        if (n->func.generics.len) dump_bracketed(b, &n->func.generics);
        dump_bracketed(b, &n->func.params);
        dump_child(b, n->func.result);
        dump_child(b, n->func.body);
        break;
    case NODE_STRUCT:
        open_named(b, "struct", n->item.name);
        dump_flag(b, n->item.is_pub, "pub");
        dump_flag(b, n->struct_decl.is_unique, "unique");
        dump_flag(b, n->struct_decl.is_extern, "extern");
        dump_list(b, &n->item.attrs);
        if (n->struct_decl.generics.len) dump_bracketed(b, &n->struct_decl.generics);
        dump_list(b, &n->struct_decl.fields);
        break;
    case NODE_ENUM:
        open_named(b, "enum", n->item.name);
        dump_flag(b, n->item.is_pub, "pub");
        dump_flag(b, n->enum_decl.is_unique, "unique");
        if (n->enum_decl.generics.len) dump_bracketed(b, &n->enum_decl.generics);
        dump_list(b, &n->enum_decl.variants);
        break;
    case NODE_VARIANT:
        open_named(b, "variant", n->item.name);
        dump_flag(b, n->variant.has_tuple, "tuple");
        dump_flag(b, n->variant.has_fields, "fields");
        dump_list(b, &n->variant.fields);
        if (n->variant.discriminant) {
            strbuf_puts(b, " =");
            dump_child(b, n->variant.discriminant);
        }
        break;
    case NODE_ERROR_SET:
        open_named(b, "error", n->item.name);
        dump_flag(b, n->item.is_pub, "pub");
        for (uint32_t i = 0; i < n->error_set.members.len; i++)
            strbuf_printf(b, " %s", n->error_set.members.items[i]->text);
        break;
    case NODE_TRAIT:
        open_named(b, "trait", n->item.name);
        dump_flag(b, n->item.is_pub, "pub");
        if (n->trait.generics.len) dump_bracketed(b, &n->trait.generics);
        dump_list(b, &n->trait.methods);
        break;
    case NODE_IMPL:
        strbuf_puts(b, "(impl");
        if (n->impl.generics.len) dump_bracketed(b, &n->impl.generics);
        dump_child(b, n->impl.trait);
        dump_child(b, n->impl.target);
        dump_list(b, &n->impl.methods);
        break;
    case NODE_ALIAS:
        open_named(b, "type", n->item.name);
        dump_flag(b, n->item.is_pub, "pub");
        if (n->alias.generics.len) dump_bracketed(b, &n->alias.generics);
        dump_child(b, n->alias.type);
        break;
    case NODE_TEST:
        strbuf_puts(b, "(test ");
        dump_text(b, n->test.title);
        dump_child(b, n->test.body);
        break;
    case NODE_GENERIC:
        if (n->generic.bounds.len == 0) {
            dump_name(b, n->generic.name);
            return true;
        }
        strbuf_putc(b, '(');
        dump_name(b, n->generic.name);
        dump_list(b, &n->generic.bounds);
        break;
    case NODE_PARAM:
        strbuf_putc(b, '(');
        dump_name(b, n->param.name);
        dump_flag(b, n->param.is_comptime, "comptime");
        dump_child(b, n->param.type);
        break;
    case NODE_FIELD_DECL:
        if (n->item.name == NULL) {
            ast_dump_node(b, n->field_decl.type);
            return true;
        }
        open_named(b, "field", n->item.name);
        dump_flag(b, n->item.is_pub, "pub");
        dump_list(b, &n->item.attrs);
        dump_child(b, n->field_decl.type);
        if (n->field_decl.value) dump_child(b, n->field_decl.value);
        break;
    case NODE_ATTR:
        open_named(b, "attr", n->attr.name);
        if (n->attr.value) dump_child(b, n->attr.value);
        break;
    default: return false;
    }
    strbuf_putc(b, ')');
    return true;
}

static void dump_interp(StrBuf *b, const Node *n) {
    strbuf_puts(b, "(interp");
    for (uint32_t i = 0; i < n->interp.parts.len; i++) {
        dump_child(b, n->interp.parts.items[i]);
        if (n->interp.specs.items[i].len > 0) strbuf_printf(b, ":" STR_FMT, STR_ARG(n->interp.specs.items[i]));
    }
    strbuf_putc(b, ')');
}

// The values that print as one word.
static bool dump_leaf(StrBuf *b, const Node *n) {
    switch (n->kind) {
    case NODE_BAD: strbuf_puts(b, "<bad>"); return true;
    case NODE_INT: strbuf_printf(b, "%" PRIu64 "%s", n->integer.value, n->integer.too_large ? "!" : ""); return true;
    case NODE_FLOAT: strbuf_printf(b, "%gf", n->floating.value); return true;
    case NODE_CHAR: strbuf_printf(b, "'%" PRIu64 "'", n->integer.value); return true;
    case NODE_STRING: dump_text(b, n->string.bytes); return true;
    case NODE_INTERP: dump_interp(b, n); return true;
    case NODE_BOOL: strbuf_puts(b, n->boolean.value ? "true" : "false"); return true;
    case NODE_NULL_LIT:
    case NODE_PAT_NULL: strbuf_puts(b, "null"); return true;
    case NODE_UNDEFINED: strbuf_puts(b, "undefined"); return true;
    case NODE_NAME: dump_name(b, n->name.name); return true;
    case NODE_DOT_NAME: strbuf_printf(b, ".%s", n->name.name->text); return true;
    case NODE_PAT_WILDCARD: strbuf_putc(b, '_'); return true;
    case NODE_PAT_NAME: strbuf_printf(b, "$%s", n->pat_name.name->text); return true;
    case NODE_PAT_VALUE: ast_dump_node(b, n->pat_value.value); return true;
    default: return false;
    }
}

static bool dump_expression(StrBuf *b, const Node *n) {
    switch (n->kind) {
    case NODE_UNARY: open_with(b, UNARY_TEXTS[n->unary.op], n->unary.operand, NULL); break;
    case NODE_BINARY: open_with(b, binary_op_text(n->binary.op), n->binary.left, n->binary.right); break;
    case NODE_ASSIGN:
        strbuf_printf(b, "(%s=", binary_op_text(n->binary.op));
        dump_child(b, n->binary.left);
        dump_child(b, n->binary.right);
        break;
    case NODE_RANGE:
        strbuf_puts(b, n->range.inclusive ? "(.." : "(..<");
        dump_child(b, n->range.low);
        dump_child(b, n->range.high);
        break;
    case NODE_CALL:
        open_with(b, "call", n->call.callee, NULL);
        dump_list(b, &n->call.args);
        break;
    case NODE_BRACKET:
        open_with(b, "at", n->bracket.base, NULL);
        dump_list(b, &n->bracket.args);
        break;
    case NODE_MEMBER:
    case NODE_OPT_MEMBER:
        open_with(b, n->kind == NODE_MEMBER ? "." : "?.", n->member.base, NULL);
        strbuf_putc(b, ' ');
        dump_name(b, n->member.name);
        break;
    case NODE_DEREF: open_with(b, ".*", n->operand.operand, NULL); break;
    case NODE_UNWRAP: open_with(b, ".?", n->operand.operand, NULL); break;
    case NODE_TRY: open_with(b, "try", n->operand.operand, NULL); break;
    case NODE_PAREN: open_with(b, "paren", n->operand.operand, NULL); break;
    case NODE_CATCH:
        open_with(b, "catch", n->catch_expr.operand, NULL);
        if (n->catch_expr.binding) strbuf_printf(b, " |%s|", n->catch_expr.binding->text);
        dump_child(b, n->catch_expr.handler);
        break;
    case NODE_ORELSE: open_with(b, "?\?", n->pair.left, n->pair.right); break;
    case NODE_PIPELINE: open_with(b, "|>", n->pair.left, n->pair.right); break;
    case NODE_AS: open_with(b, "as", n->as.operand, n->as.type); break;
    case NODE_STRUCT_LIT:
        open_with(b, "new", n->struct_lit.type, NULL);
        dump_list(b, &n->struct_lit.fields);
        dump_flag(b, n->struct_lit.has_defaults, "..defaults");
        break;
    case NODE_FIELD_INIT:
        strbuf_putc(b, '(');
        dump_name(b, n->field_init.name);
        dump_child(b, n->field_init.value);
        break;
    case NODE_ARRAY_LIT:
        strbuf_puts(b, "(array");
        dump_list(b, &n->array_lit.elements);
        break;
    case NODE_ARRAY_REPEAT: open_with(b, "repeat", n->array_repeat.element, n->array_repeat.count); break;
    case NODE_INTRINSIC:
        strbuf_printf(b, "(@%s", n->intrinsic.name->text);
        if (n->intrinsic.has_generics) dump_bracketed(b, &n->intrinsic.generics);
        dump_list(b, &n->intrinsic.args);
        break;
    case NODE_TYPE_PTR: open_with(b, n->type_ptr.is_const ? "*const" : "*", n->type_ptr.element, NULL); break;
    case NODE_TYPE_SLICE: open_with(b, n->type_ptr.is_const ? "[]const" : "[]", n->type_ptr.element, NULL); break;
    case NODE_TYPE_ARRAY: open_with(b, "[n]", n->type_array.length, n->type_array.element); break;
    case NODE_TYPE_OPTIONAL: open_with(b, "?", n->type_optional.element, NULL); break;
    case NODE_TYPE_ERROR_UNION: open_with(b, "!", n->type_error_union.payload, n->type_error_union.errors); break;
    case NODE_TYPE_FUNC:
        strbuf_puts(b, "(func-type");
        dump_bracketed(b, &n->type_func.params);
        dump_child(b, n->type_func.result);
        break;
    default: return false;
    }
    strbuf_putc(b, ')');
    return true;
}

static bool dump_control(StrBuf *b, const Node *n) {
    switch (n->kind) {
    case NODE_BLOCK:
        strbuf_puts(b, "(do");
        dump_list(b, &n->block.statements);
        break;
    case NODE_IF:
        strbuf_puts(b, n->if_expr.is_comptime ? "(comptime-if" : "(if");
        if (n->if_expr.pattern) {
            strbuf_puts(b, " let");
            dump_child(b, n->if_expr.pattern);
        }
        dump_child(b, n->if_expr.condition);
        dump_child(b, n->if_expr.then_block);
        if (n->if_expr.else_branch) dump_child(b, n->if_expr.else_branch);
        break;
    case NODE_MATCH:
        open_with(b, "match", n->match.subject, NULL);
        dump_list(b, &n->match.arms);
        break;
    case NODE_ARM:
        strbuf_puts(b, n->arm.is_else ? "(else" : "(arm");
        if (n->arm.pattern) dump_child(b, n->arm.pattern);
        if (n->arm.guard) {
            strbuf_puts(b, " when");
            dump_child(b, n->arm.guard);
        }
        dump_child(b, n->arm.body);
        break;
    case NODE_WHILE:
        strbuf_puts(b, "(while");
        if (n->while_loop.label) strbuf_printf(b, " %s:", n->while_loop.label->text);
        if (n->while_loop.pattern) {
            strbuf_puts(b, " let");
            dump_child(b, n->while_loop.pattern);
        }
        dump_child(b, n->while_loop.condition);
        dump_child(b, n->while_loop.body);
        break;
    case NODE_FOR:
        strbuf_puts(b, "(for");
        if (n->for_loop.label) strbuf_printf(b, " %s:", n->for_loop.label->text);
        strbuf_puts(b, n->for_loop.by_pointer ? " *" : " ");
        dump_name(b, n->for_loop.name);
        if (n->for_loop.index) strbuf_printf(b, " %s", n->for_loop.index->text);
        dump_child(b, n->for_loop.subject);
        dump_child(b, n->for_loop.body);
        break;
    case NODE_LET:
        open_named(b, n->let.is_var ? "var" : "let", n->let.name);
        dump_list(b, &n->let.attrs);
        if (n->let.type) {
            strbuf_puts(b, " :");
            dump_child(b, n->let.type);
        }
        dump_child(b, n->let.value);
        break;
    case NODE_USING:
        open_named(b, "using", n->using.name);
        dump_child(b, n->using.value);
        dump_child(b, n->using.body);
        break;
    case NODE_DEFER: open_with(b, "defer", n->operand.operand, NULL); break;
    case NODE_COMPTIME: open_with(b, "comptime", n->operand.operand, NULL); break;
    case NODE_RETURN: open_with(b, "return", n->jump.value, NULL); break;
    case NODE_FAIL: open_with(b, "fail", n->jump.value, NULL); break;
    case NODE_BREAK:
    case NODE_CONTINUE:
        strbuf_puts(b, n->kind == NODE_BREAK ? "(break" : "(continue");
        if (n->jump.label) strbuf_printf(b, " %s", n->jump.label->text);
        break;
    case NODE_WHEN: open_with(b, "when", n->when.condition, n->when.statement); break;
    default: return false;
    }
    strbuf_putc(b, ')');
    return true;
}

static bool dump_pattern(StrBuf *b, const Node *n) {
    switch (n->kind) {
    case NODE_PAT_RANGE:
        open_with(b, n->pat_range.inclusive ? ".." : "..<", n->pat_range.low, n->pat_range.high);
        break;
    case NODE_PAT_VARIANT:
        open_with(b, "pat", n->pat_variant.path, NULL);
        dump_flag(b, n->pat_variant.has_tuple, "tuple");
        dump_flag(b, n->pat_variant.has_fields, "fields");
        dump_list(b, &n->pat_variant.fields);
        dump_flag(b, n->pat_variant.has_rest, "..");
        break;
    case NODE_PAT_FIELD:
        strbuf_putc(b, '(');
        dump_name(b, n->pat_field.name);
        if (n->pat_field.pattern) dump_child(b, n->pat_field.pattern);
        break;
    case NODE_PAT_OR:
        strbuf_puts(b, "(|");
        dump_list(b, &n->pat_or.alternatives);
        break;
    default: return false;
    }
    strbuf_putc(b, ')');
    return true;
}

void ast_dump_node(StrBuf *out, const Node *node) {
    if (node == NULL)
        strbuf_putc(out, '-');
    else if (!dump_leaf(out, node) && !dump_expression(out, node) && !dump_control(out, node) &&
             !dump_pattern(out, node))
        ENSURE(dump_item(out, node));
}

void ast_dump_module(StrBuf *out, const ModuleTree *tree) {
    if (tree->profile) strbuf_printf(out, "(profile %s)\n", tree->profile->text);
    for (uint32_t i = 0; i < tree->items.len; i++) {
        ast_dump_node(out, tree->items.items[i]);
        strbuf_putc(out, '\n');
    }
}
