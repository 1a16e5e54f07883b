// QTJIR as text; text.h shows the form. What is printed parses back to the same text. Source positions are left out, so
// that goldens do not change when a line moves.
#include "qtjir/text.h"

#include <inttypes.h>

static void print_fields(StrBuf *out, TextTypes *types, const Field *fields, uint32_t count, const uint64_t *offsets,
                         bool named, const char *open, const char *between, const char *close) {
    strbuf_puts(out, open);
    for (uint32_t i = 0; i < count; i++) {
        if (i) strbuf_puts(out, between);
        if (named) strbuf_printf(out, "%s ", fields[i].name ? fields[i].name->text : "_");
        text_type(out, types, fields[i].type);
        if (fields[i].align) strbuf_printf(out, " align %" PRIu32, fields[i].align);
        if (offsets) strbuf_printf(out, " @%" PRIu64, offsets[i]);
    }
    strbuf_puts(out, close);
}

static void print_variants(StrBuf *out, TextTypes *types, const Type *t, const Layout *layout) {
    for (uint32_t v = 0; v < t->variant_count; v++) {
        const Variant *variant = &t->variants[v];
        strbuf_printf(out, "    %s = %" PRId64, variant->name ? variant->name->text : "_", variant->discriminant);
        const uint64_t *offsets = layout->variant_offsets ? layout->variant_offsets[v] : NULL;
        if (variant->has_fields)
            print_fields(out, types, variant->fields, variant->field_count, offsets, true, " { ", ", ", " }");
        else if (variant->has_tuple)
            print_fields(out, types, variant->fields, variant->field_count, offsets, false, " ( ", ", ", " )");
        strbuf_putc(out, '\n');
    }
}

static void print_type(StrBuf *out, TextTypes *types, Type *t) {
    strbuf_puts(out, "type ");
    text_type(out, types, t);
    strbuf_puts(out, " = ");
    if (t->kind == TYPE_ERROR_SET) {
        strbuf_puts(out, "error\n");
        return;
    }
    const char *kind = t->kind == TYPE_STRUCT ? "struct" : "enum";
    if (!text_type_ready(types, t)) {
        strbuf_printf(out, "opaque %s\n", kind);
        return;
    }
    const Layout *layout = type_layout(types->types, t);
    strbuf_printf(out, "%s%s", t->kind == TYPE_ENUM && t->is_plain_enum ? "plain " : "", kind);
    if (t->kind == TYPE_ENUM) {
        strbuf_putc(out, ' ');
        text_type(out, types, t->tag_type);
    }
    strbuf_printf(out, " size %" PRIu64 " align %" PRIu32 " {\n", layout->size, layout->align);
    if (t->kind == TYPE_ENUM)
        print_variants(out, types, t, layout);
    else if (t->field_count)
        print_fields(out, types, t->fields, t->field_count, layout->field_offsets, true, "    ", "\n    ", "\n");
    strbuf_puts(out, "}\n");
}

void text_print_types(StrBuf *out, TextTypes *types) {
    for (uint32_t i = 0; i < types->nominal.len; i++) print_type(out, types, types->nominal.items[i]);
}

// ---- constants of globals --------------------------------------------------------------------------------------------

static void print_const(StrBuf *out, const ConstValue *c);

static void print_const_items(StrBuf *out, const ConstValue *c, char open, char close) {
    uint64_t count = text_const_count(c);
    strbuf_putc(out, open);
    for (uint64_t i = 0; i < count; i++) {
        if (i) strbuf_puts(out, ", ");
        print_const(out, c->items[i]);
    }
    strbuf_putc(out, close);
}

static void print_const(StrBuf *out, const ConstValue *c) {
    switch (c->kind) {
    case CONST_INT: text_int(out, c->type, c->bits); break;
    case CONST_FLOAT: strbuf_printf(out, "float %.17g", c->real); break;
    case CONST_STR: text_quote(out, c->bytes); break;
    case CONST_NULL: strbuf_puts(out, "null"); break;
    case CONST_SOME:
        strbuf_puts(out, "some ");
        print_const(out, c->items[0]);
        break;
    case CONST_UNDEFINED: strbuf_puts(out, "undefined"); break;
    case CONST_STRUCT: print_const_items(out, c, '{', '}'); break;
    case CONST_ARRAY: print_const_items(out, c, '[', ']'); break;
    case CONST_REPEAT:
        strbuf_puts(out, "repeat ");
        print_const(out, c->items[0]);
        break;
    case CONST_ENUM:
        strbuf_printf(out, "variant %" PRIu32 " ", c->index);
        print_const_items(out, c, '{', '}');
        break;
    case CONST_FUNC:
        strbuf_puts(out, "func ");
        text_quote(out, str_from(c->func->symbol));
        break;
    case CONST_GLOBAL:
        strbuf_puts(out, c->bits || c->type->element != c->global->type ? "part " : "addr ");
        text_quote(out, str_from(c->global->symbol));
        if (c->bits || c->type->element != c->global->type) strbuf_printf(out, " %" PRIu64, c->bits);
        break;
    case CONST_SLICE:
        strbuf_puts(out, "slice ");
        text_quote(out, str_from(c->global->symbol));
        strbuf_printf(out, " %" PRIu32 " %" PRIu64, c->index, c->count);
        break;
    case CONST_VOID: strbuf_puts(out, "void"); break;
    }
}

static void print_global(StrBuf *out, TextTypes *types, const IrGlobal *g) {
    strbuf_puts(out, g->is_var ? "var " : "global ");
    text_quote(out, str_from(g->name));
    strbuf_putc(out, ' ');
    text_type(out, types, g->type);
    if (g->align) strbuf_printf(out, " align %" PRIu32, g->align);
    if (g->initial) {
        strbuf_puts(out, " = ");
        print_const(out, g->initial);
    }
    strbuf_putc(out, '\n');
}

// ---- instructions ----------------------------------------------------------------------------------------------------

// Writes the separator that is due: a space after the head, a comma between items.
typedef struct Items {
    StrBuf *out;
    bool any;
} Items;

static StrBuf *next_item(Items *items) {
    strbuf_puts(items->out, items->any ? ", " : " ");
    items->any = true;
    return items->out;
}

static void print_operand(StrBuf *out, const IrInst *operand) {
    if (operand)
        strbuf_printf(out, "%%%" PRIu32, operand->id);
    else
        strbuf_puts(out, "%?");
}

static void print_operands(Items *items, const IrInst *inst) {
    for (uint32_t i = 0; i < inst->arg_count; i++) print_operand(next_item(items), inst->args[i]);
}

static void print_block_name(StrBuf *out, const IrBlock *b) {
    if (b)
        strbuf_printf(out, "b%" PRIu32, b->id);
    else
        strbuf_puts(out, "b?");
}

static void print_switch(Items *items, const IrInst *inst) {
    StrBuf *out = items->out;
    print_block_name(next_item(items), inst->jump.targets[0]);
    strbuf_puts(out, " [");
    for (uint32_t i = 0; i < inst->jump.case_count; i++) {
        if (i) strbuf_puts(out, ", ");
        const Type *type = inst->arg_count && inst->args[0] ? inst->args[0]->type : inst->type;
        text_int(out, type, inst->jump.cases[i].value);
        strbuf_puts(out, ": ");
        print_block_name(out, inst->jump.cases[i].target);
    }
    strbuf_putc(out, ']');
}

static void print_call(StrBuf *out, const IrInst *inst) {
    strbuf_putc(out, ' ');
    text_quote(out, str_from(inst->func ? inst->func->name : ""));
    strbuf_putc(out, '(');
    for (uint32_t i = 0; i < inst->arg_count; i++) {
        if (i) strbuf_puts(out, ", ");
        print_operand(out, inst->args[i]);
    }
    strbuf_putc(out, ')');
}

static void print_after_operands(Items *items, const IrInst *inst) {
    StrBuf *out = items->out;
    switch (text_op_form(inst->op)) {
    case FORM_INT: text_int(next_item(items), inst->type, inst->imm); break;
    case FORM_FLOAT: strbuf_printf(next_item(items), "%.17g", inst->real); break;
    case FORM_BYTES: text_quote(next_item(items), inst->bytes); break;
    case FORM_FUNC: text_quote(next_item(items), str_from(inst->func ? inst->func->name : "")); break;
    case FORM_GLOBAL: text_quote(next_item(items), str_from(inst->global ? inst->global->name : "")); break;
    case FORM_SLOT:
        if (inst->slot.name) {
            strbuf_putc(out, ' ');
            text_quote(out, str_from(inst->slot.name));
        }
        if (inst->slot.align) strbuf_printf(out, " align %" PRIu32, inst->slot.align);
        break;
    case FORM_INDEX: strbuf_printf(next_item(items), "%" PRIu32, inst->path.index); break;
    case FORM_VARIANT: strbuf_printf(next_item(items), "%" PRIu32, inst->path.variant); break;
    case FORM_VARIANT_FIELD:
        strbuf_printf(next_item(items), "%" PRIu32, inst->path.variant);
        strbuf_printf(next_item(items), "%" PRIu32, inst->path.index);
        break;
    case FORM_TRAP: strbuf_puts(next_item(items), text_trap(inst->trap)); break;
    case FORM_ORDER: strbuf_puts(next_item(items), text_order(inst->atomic.order)); break;
    case FORM_RMW:
        strbuf_puts(next_item(items), text_rmw(inst->atomic.rmw));
        strbuf_puts(next_item(items), text_order(inst->atomic.order));
        break;
    case FORM_CMPXCHG:
        strbuf_puts(next_item(items), text_order(inst->atomic.order));
        strbuf_puts(next_item(items), text_order(inst->atomic.failure_order));
        if (inst->atomic.weak) strbuf_puts(next_item(items), "weak");
        break;
    case FORM_JUMP: print_block_name(next_item(items), inst->jump.targets[0]); break;
    case FORM_BRANCH:
        print_block_name(next_item(items), inst->jump.targets[0]);
        print_block_name(next_item(items), inst->jump.targets[1]);
        break;
    case FORM_SWITCH: print_switch(items, inst); break;
    case FORM_PLAIN:
    case FORM_COMPARE:
    case FORM_CALL: break;
    }
}

void text_print_inst(StrBuf *out, TextTypes *types, const IrInst *inst) {
    bool has_result = inst->type && inst->type->kind != TYPE_VOID;
    if (has_result) strbuf_printf(out, "%%%" PRIu32 " = ", inst->id);
    strbuf_puts(out, ir_op_text(inst->op));
    if (inst->unchecked) strbuf_puts(out, " unchecked");
    if (has_result) {
        strbuf_putc(out, ' ');
        text_type(out, types, inst->type);
    }
    OpForm form = text_op_form(inst->op);
    if (form == FORM_CALL) {
        print_call(out, inst);
        return;
    }
    if (form == FORM_COMPARE) strbuf_printf(out, " %s", text_compare(inst->compare));
    Items items = {out, false};
    print_operands(&items, inst);
    print_after_operands(&items, inst);
}

static void print_func(StrBuf *out, TextTypes *types, const IrFunc *f) {
    strbuf_printf(out, "%s%s%s%sfunc ", f->is_extern ? "extern " : "", f->is_export ? "export " : "",
                  f->inline_hint ? "inline " : "", f->is_cold ? "cold " : "");
    text_quote(out, str_from(f->name));
    strbuf_puts(out, " (");
    for (uint32_t i = 0; i < f->type->param_count; i++) {
        if (i) strbuf_puts(out, ", ");
        text_type(out, types, f->type->params[i]);
    }
    strbuf_putc(out, ')');
    if (f->type->element->kind != TYPE_VOID) {
        strbuf_puts(out, " -> ");
        text_type(out, types, f->type->element);
    }
    if (!f->entry) {
        strbuf_puts(out, "\n");
        return;
    }
    strbuf_puts(out, " {\n");
    for (const IrBlock *b = f->entry; b; b = b->next) {
        print_block_name(out, b);
        strbuf_puts(out, ":\n");
        for (const IrInst *inst = b->first; inst; inst = inst->next) {
            strbuf_puts(out, "    ");
            text_print_inst(out, types, inst);
            strbuf_putc(out, '\n');
        }
    }
    strbuf_puts(out, "}\n");
}

void ir_print_func(StrBuf *out, const IrFunc *f) { print_func(out, NULL, f); }

void ir_print_module(StrBuf *out, const IrModule *m) {
    Arena *arena = arena_create();
    TextTypes types = {.arena = arena, .names = m->names, .types = m->types};
    text_types_collect(&types, m);
    if (m->checks_stripped || m->unreachable_removed)
        strbuf_printf(out, "flags%s%s\n", m->checks_stripped ? " checks_stripped" : "",
                      m->unreachable_removed ? " unreachable_removed" : "");
    for (uint32_t code = 1; code < m->error_names.len; code++) {
        strbuf_printf(out, "error %" PRIu32 " ", code);
        text_quote(out, name_str(m->error_names.items[code]));
        strbuf_putc(out, '\n');
    }
    text_print_types(out, &types);
    for (uint32_t i = 0; i < m->globals.len; i++) print_global(out, &types, m->globals.items[i]);
    for (uint32_t i = 0; i < m->funcs.len; i++) print_func(out, &types, m->funcs.items[i]);
    arena_destroy(arena);
}
