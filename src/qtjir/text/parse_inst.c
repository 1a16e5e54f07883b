// Blocks and instructions of one function. The numbers of the text are kept as ids; values and blocks may be used
// before the line that defines them, so operands and targets are noted and resolved at the function's end. Instructions
// without a result get the ids after the largest one written.
#include "qtjir/text/internal.h"

// Wants a comma before every item but the first.
static void read_separator(Parser *p, bool *any) {
    if (*any) read_punct(p, ',');
    *any = true;
}

static uint32_t read_block_number(Parser *p) {
    Str word = p->now.text;
    uint64_t number = 0;
    bool fits = p->now.kind == LEX_WORD && word.len > 1 && word.len < 11 && word.ptr[0] == 'b';
    for (size_t i = 1; fits && i < word.len; i++) {
        fits = word.ptr[i] >= '0' && word.ptr[i] <= '9';
        number = number * 10 + (uint64_t)(word.ptr[i] - '0');
    }
    if (!fits || number > INT32_MAX) {
        read_expected(p, "a block");
        return 0;
    }
    read_next(p);
    return (uint32_t)number;
}

static void read_target(Parser *p, IrBlock **place) {
    BlockRef ref = {.place = place, .span = p->now.span};
    ref.id = read_block_number(p);
    VEC_PUSH(p->scratch, &p->targets, ref);
}

typedef VEC(OperandRef) OperandList;

static void read_operand(Parser *p, OperandList *list) {
    if (p->now.kind != LEX_VALUE) {
        read_expected(p, "a value");
        return;
    }
    OperandRef ref = {.index = list->len, .id = p->now.number, .span = p->now.span};
    VEC_PUSH(p->scratch, list, ref);
    read_next(p);
}

static int read_word_of(Parser *p, int (*find)(Str), const char *what) {
    int found = p->now.kind == LEX_WORD ? find(p->now.text) : -1;
    if (found < 0) {
        read_expected(p, what);
        return 0;
    }
    read_next(p);
    return found;
}

static MemoryOrder read_order(Parser *p) { return (MemoryOrder)read_word_of(p, text_find_order, "a memory order"); }

static void read_symbol_ref(Parser *p, IrFunc **func, IrGlobal **global) {
    SymbolRef ref = {.span = p->now.span, .func = func, .global = global};
    ref.name = read_symbol(p, func ? "the name of a function" : "the name of a global");
    VEC_PUSH(p->scratch, &p->symbols, ref);
}

static void read_cases(Parser *p, IrInst *inst) {
    VEC(IrCase) cases = {0};
    VEC(BlockRef) refs = {0};
    read_punct(p, '[');
    while (!p->failed && !read_at_punct(p, ']')) {
        IrCase one = {.value = read_integer(p)};
        read_punct(p, ':');
        BlockRef ref = {.span = p->now.span};
        ref.id = read_block_number(p);
        VEC_PUSH(p->scratch, &cases, one);
        VEC_PUSH(p->scratch, &refs, ref);
        if (!read_accept_punct(p, ',')) break;
    }
    read_punct(p, ']');
    inst->jump.cases = arena_copy(p->arena, cases.items, cases.len * sizeof(IrCase));
    inst->jump.case_count = cases.len;
    for (uint32_t i = 0; i < cases.len; i++) {
        refs.items[i].place = &inst->jump.cases[i].target;
        VEC_PUSH(p->scratch, &p->targets, refs.items[i]);
    }
}

static void read_slot(Parser *p, IrInst *inst) {
    inst->slot.type_arg = inst->type->kind == TYPE_PTR ? inst->type->element : inst->type;
    if (p->now.kind == LEX_STRING) inst->slot.name = read_symbol(p, "the name of a slot")->text;
    if (read_accept_word(p, "align")) inst->slot.align = read_align(p);
}

// What follows the operands.
static void read_extras(Parser *p, IrInst *inst, bool any) {
    OpForm form = text_op_form(inst->op);
    if (form == FORM_SLOT) {
        read_slot(p, inst);
        return;
    }
    if (form == FORM_PLAIN || form == FORM_COMPARE || form == FORM_CALL) return;
    read_separator(p, &any);
    switch (form) {
    case FORM_INT: inst->imm = read_integer(p); break;
    case FORM_FLOAT: inst->real = read_float(p); break;
    case FORM_BYTES: inst->bytes = read_string(p, "a string"); break;
    case FORM_FUNC: read_symbol_ref(p, &inst->func, NULL); break;
    case FORM_GLOBAL: read_symbol_ref(p, NULL, &inst->global); break;
    case FORM_INDEX: inst->path.index = read_small(p, "index"); break;
    case FORM_VARIANT: inst->path.variant = read_small(p, "variant"); break;
    case FORM_VARIANT_FIELD:
        inst->path.variant = read_small(p, "variant");
        read_separator(p, &any);
        inst->path.index = read_small(p, "index");
        break;
    case FORM_TRAP: inst->trap = (TrapKind)read_word_of(p, text_find_trap, "a kind of trap"); break;
    case FORM_ORDER: inst->atomic.order = read_order(p); break;
    case FORM_RMW:
        inst->atomic.rmw = (RmwOp)read_word_of(p, text_find_rmw, "a read-modify-write operation");
        read_separator(p, &any);
        inst->atomic.order = read_order(p);
        break;
    case FORM_CMPXCHG:
        inst->atomic.order = read_order(p);
        read_separator(p, &any);
        inst->atomic.failure_order = read_order(p);
        if (!read_accept_punct(p, ',')) break;
        inst->atomic.weak = read_accept_word(p, "weak");
        if (!inst->atomic.weak) read_expected(p, "`weak`");
        break;
    case FORM_JUMP: read_target(p, &inst->jump.targets[0]); break;
    case FORM_BRANCH:
        read_target(p, &inst->jump.targets[0]);
        read_separator(p, &any);
        read_target(p, &inst->jump.targets[1]);
        break;
    case FORM_SWITCH:
        read_target(p, &inst->jump.targets[0]);
        read_cases(p, inst);
        break;
    default: break;
    }
}

static IrInst *append_with(Parser *p, IrBlock *b, IrOp op, Type *type, Span span, const OperandList *operands) {
    IrInst *inst = ir_append(b, op, type, span, NULL, 0);
    inst->args = ARENA_ARRAY(p->arena, IrInst *, operands->len);
    inst->arg_count = operands->len;
    for (uint32_t i = 0; i < operands->len; i++) {
        OperandRef ref = operands->items[i];
        ref.inst = inst;
        VEC_PUSH(p->scratch, &p->operands, ref);
    }
    return inst;
}

static void read_inst(Parser *p, IrBlock *b) {
    Definition definition = {.span = p->now.span, .id = p->now.number};
    Span span = p->now.span;
    bool has_result = p->now.kind == LEX_VALUE;
    if (has_result) {
        read_next(p);
        read_punct(p, '=');
    }
    IrOp op = (IrOp)read_word_of(p, text_find_op, "an operation");
    bool unchecked = read_accept_word(p, "unchecked");
    Type *type = has_result ? read_type(p) : type_primitive(p->module->types, TYPE_VOID);
    OpForm form = text_op_form(op);
    CompareOp compare = COMPARE_EQ;
    IrFunc **callee = NULL;
    SymbolRef callee_ref = {0};
    OperandList operands = {0};
    bool any = false;
    if (form == FORM_COMPARE) compare = (CompareOp)read_word_of(p, text_find_compare, "a comparison");
    if (form == FORM_CALL) {
        callee_ref.span = p->now.span;
        callee_ref.name = read_symbol(p, "the name of a function");
        read_punct(p, '(');
    }
    while (p->now.kind == LEX_VALUE) {
        read_operand(p, &operands);
        any = true;
        if (text_op_form(op) == FORM_CALL && read_at_punct(p, ')')) break;
        if (!read_at_punct(p, ',')) break;
        // The comma may belong to what follows the operands.
        uint32_t comma = p->at;
        Lexeme at_comma = p->now;
        read_next(p);
        if (p->now.kind == LEX_VALUE) continue;
        p->at = comma;
        p->now = p->failed ? p->now : at_comma;
        break;
    }
    if (form == FORM_CALL) read_punct(p, ')');
    if (p->failed) return;
    IrInst *inst = append_with(p, b, op, type, span, &operands);
    inst->unchecked = unchecked;
    if (form == FORM_COMPARE) inst->compare = compare;
    if (form == FORM_CALL) {
        callee = &inst->func;
        callee_ref.func = callee;
        VEC_PUSH(p->scratch, &p->symbols, callee_ref);
    }
    read_extras(p, inst, any);
    definition.inst = inst;
    if (has_result) VEC_PUSH(p->scratch, &p->values, definition);
    read_end_of_line(p);
}

// Ids index tables, so they must not exceed what a function of this length of text can have use for.
static uint32_t id_limit(const Parser *p) {
    uint64_t limit = 64 + (uint64_t)(p->at - p->func_start);
    return limit > INT32_MAX ? INT32_MAX : (uint32_t)limit;
}

static void resolve_values(Parser *p) {
    uint32_t limit = id_limit(p), next = 0;
    for (uint32_t i = 0; i < p->values.len; i++) {
        const Definition *d = &p->values.items[i];
        if (d->id > limit) {
            read_error(p, DIAG_E0007, d->span, "the number of this value is out of proportion to its function");
            return;
        }
        if (d->id >= next) next = d->id + 1;
    }
    IrInst **table = ARENA_ARRAY(p->scratch, IrInst *, next);
    for (uint32_t i = 0; i < p->values.len; i++) {
        const Definition *d = &p->values.items[i];
        if (table[d->id]) {
            read_error(p, DIAG_E0007, d->span, "value %%%u is defined twice", (unsigned)d->id);
            return;
        }
        table[d->id] = d->inst;
    }
    for (uint32_t i = 0; i < p->operands.len; i++) {
        const OperandRef *ref = &p->operands.items[i];
        IrInst *found = ref->id < next ? table[ref->id] : NULL;
        if (!found) {
            read_error(p, DIAG_E0007, ref->span, "value %%%u is not defined in this function", (unsigned)ref->id);
            return;
        }
        ref->inst->args[ref->index] = found;
    }
    for (IrBlock *b = p->func->entry; b; b = b->next)
        for (IrInst *inst = b->first; inst; inst = inst->next) inst->id = UINT32_MAX;
    for (uint32_t i = 0; i < p->values.len; i++) p->values.items[i].inst->id = p->values.items[i].id;
    for (IrBlock *b = p->func->entry; b; b = b->next)
        for (IrInst *inst = b->first; inst; inst = inst->next)
            if (inst->id == UINT32_MAX) inst->id = next++;
    p->func->inst_count = next;
}

static void resolve_blocks(Parser *p) {
    uint32_t limit = id_limit(p), next = 0;
    for (uint32_t i = 0; i < p->blocks.len; i++)
        if (p->blocks.items[i]->id >= next) next = p->blocks.items[i]->id + 1;
    if (next > limit) {
        read_error(p, DIAG_E0007, p->func->span, "the number of a block is out of proportion to its function");
        return;
    }
    IrBlock **table = ARENA_ARRAY(p->scratch, IrBlock *, next);
    for (uint32_t i = 0; i < p->blocks.len; i++) {
        IrBlock *b = p->blocks.items[i];
        if (table[b->id]) {
            read_error(p, DIAG_E0007, p->func->span, "block b%u is defined twice", (unsigned)b->id);
            return;
        }
        table[b->id] = b;
    }
    for (uint32_t i = 0; i < p->targets.len; i++) {
        const BlockRef *ref = &p->targets.items[i];
        if (ref->id >= next || !table[ref->id]) {
            read_error(p, DIAG_E0007, ref->span, "block b%u is not defined in this function", (unsigned)ref->id);
            return;
        }
        *ref->place = table[ref->id];
    }
    p->func->block_count = next;
}

static bool at_label(const Parser *p) {
    if (p->now.kind != LEX_WORD || p->now.text.ptr[0] != 'b') return false;
    return p->at < p->source->text.len && p->source->text.ptr[p->at] == ':';
}

// After the `{`.
void read_func_body(Parser *p) {
    p->func_start = p->at;
    p->values.len = p->operands.len = p->targets.len = p->blocks.len = 0;
    read_end_of_line(p);
    read_skip_lines(p);
    IrBlock *b = NULL;
    while (!p->failed && !read_at_punct(p, '}')) {
        if (at_label(p)) {
            uint32_t id = read_block_number(p);
            read_punct(p, ':');
            b = ir_block_add(p->func);
            b->id = id;
            VEC_PUSH(p->scratch, &p->blocks, b);
            read_end_of_line(p);
        } else if (b) {
            read_inst(p, b);
        } else {
            read_expected(p, "the label of a block");
        }
        read_skip_lines(p);
    }
    if (!p->failed) resolve_values(p);
    if (!p->failed) resolve_blocks(p);
    read_punct(p, '}');
    if (!p->failed) read_end_of_line(p);
}
