// From QTJIR to what the run loop executes: operands become register numbers, types become sizes, offsets and
// alignments, and what is only a name for another value (casts, parts of slices) disappears. A slot that holds a scalar
// and whose address goes nowhere but into loads and stores becomes a register; its definedness travels with the value,
// so nothing is lost by that.
#include <stdlib.h>

#include "interp/internal.h"

typedef struct Decoder {
    Interp *p;
    Func *f;
    Types *types;
    VEC(Code) code;
    VEC(const IrInst *) origins;
    VEC(uint32_t) operands;
    VEC(SlotInfo) slots;
    uint32_t *regs; // by instruction id: its register, or, of a promoted slot, the register it is
    uint32_t *slot_numbers; // by instruction id
    bool *promoted;
    uint32_t *starts; // by block id: its first code
    uint32_t next_reg;
} Decoder;

// ---- types -------------------------------------------------------------------------------------------------------------

static const Type *int_like(const Type *t) { return t->kind == TYPE_ENUM ? t->tag_type : t; }

Shape shape_of(Interp *p, const Type *t) {
    Type *held = (Type *)int_like(t); // a plain enum may be padded
    uint32_t size = (uint32_t)type_size(p->module->types, held);
    Shape s = {.size = (uint8_t)size,
               .log_align = log2_of(type_align(p->module->types, held)),
               .shift = (uint8_t)(size < 8 ? 64 - size * 8 : 0)};
    s.is_address = t->kind == TYPE_PTR || t->kind == TYPE_FUNC || t->kind == TYPE_OPTIONAL;
    s.is_slice = t->kind == TYPE_SLICE;
    s.is_signed = type_is_int(int_like(t)) && type_is_signed(int_like(t));
    s.is_checked = t->kind == TYPE_BOOL || t->kind == TYPE_ENUM || t->kind == TYPE_ERROR_SET;
    return s;
}

bool value_exists(const Interp *p, const Type *t, uint64_t bits) {
    if (t->kind == TYPE_BOOL) return bits <= 1;
    if (t->kind == TYPE_ERROR_SET && bits >= p->module->error_names.len) return false;
    if (t->kind != TYPE_ENUM && !(t->kind == TYPE_ERROR_SET && t->variant_count)) return true;
    return type_variant_numbered(t, (int64_t)bits) != NULL;
}

// Answers yes where looking would take too long.
static bool holds_addresses(const Type *t, uint32_t depth, uint32_t *looks) {
    if (depth > 64 || ++*looks > 4000) return true;
    switch (t->kind) {
    case TYPE_PTR:
    case TYPE_FUNC:
    case TYPE_SLICE: return true;
    case TYPE_ARRAY:
    case TYPE_OPTIONAL:
    case TYPE_ERROR_UNION: return holds_addresses(t->element, depth + 1, looks);
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < t->field_count; i++)
            if (holds_addresses(t->fields[i].type, depth + 1, looks)) return true;
        return false;
    case TYPE_ENUM:
        for (uint32_t v = 0; v < t->variant_count; v++)
            for (uint32_t i = 0; i < t->variants[v].field_count; i++)
                if (holds_addresses(t->variants[v].fields[i].type, depth + 1, looks)) return true;
        return false;
    default: return false;
    }
}

bool type_holds_addresses(const Type *t) {
    uint32_t looks = 0;
    return holds_addresses(t, 0, &looks);
}

// ---- emission ----------------------------------------------------------------------------------------------------------

static Code *emit(Decoder *d, const IrInst *inst, StepKind kind) {
    Code code = {.kind = (uint16_t)kind};
    VEC_PUSH(d->p->arena, &d->code, code);
    VEC_PUSH(d->p->arena, &d->origins, inst);
    return &VEC_LAST(&d->code);
}

static uint32_t reg(const Decoder *d, const IrInst *value) { return d->regs[value->id]; }
static uint32_t arg(const Decoder *d, const IrInst *inst, uint32_t k) { return d->regs[inst->args[k]->id]; }
static Type *pointee(const IrInst *inst, uint32_t k) { return inst->args[k]->type->element; }
static bool is_wide(const Type *t) { return t->kind == TYPE_SLICE; }

static uint32_t new_reg(Decoder *d, uint32_t count) {
    uint32_t r = d->next_reg;
    d->next_reg += count;
    return r;
}

static uint32_t result_reg(Decoder *d, const IrInst *inst) {
    return d->regs[inst->id] = new_reg(d, is_wide(inst->type) ? 2 : 1);
}

static Code *emit_result(Decoder *d, const IrInst *inst, StepKind kind) {
    uint32_t dst = result_reg(d, inst);
    Code *c = emit(d, inst, kind);
    c->dst = dst;
    return c;
}

static Code *emit_unary(Decoder *d, const IrInst *inst, StepKind kind) {
    Code *c = emit_result(d, inst, kind);
    c->a = arg(d, inst, 0);
    return c;
}

static Code *emit_binary(Decoder *d, const IrInst *inst, StepKind kind) {
    Code *c = emit_unary(d, inst, kind);
    c->b = arg(d, inst, 1);
    return c;
}

static void emit_move(Decoder *d, const IrInst *inst, uint32_t dst, uint32_t src) {
    Code *c = emit(d, inst, STEP_MOVE);
    c->dst = dst;
    c->a = src;
}

static void set_shape(Code *c, Shape s) {
    c->shift = s.shift;
    c->flags |= s.is_signed ? CODE_SIGNED : 0;
}

// A name for a register that another value has already.
static void alias(Decoder *d, const IrInst *inst, uint32_t r) { d->regs[inst->id] = r; }

static void unsupported(Decoder *d, const IrInst *inst, const char *what) {
    emit(d, inst, STEP_UNSUPPORTED)->ptr = what;
}

// ---- slots -------------------------------------------------------------------------------------------------------------

static void refuse_promotion(Decoder *d, const IrInst *inst) {
    for (uint32_t k = 0; k < inst->arg_count; k++) {
        const IrInst *slot = inst->args[k];
        if (slot->op != IR_SLOT) continue;
        bool plain = k == 0 && (inst->op == IR_LOAD || inst->op == IR_STORE || inst->op == IR_LIVE ||
                                inst->op == IR_DEAD || inst->op == IR_UNDEF_MEM);
        if (!plain) d->promoted[slot->id] = false;
    }
}

static void find_promoted(Decoder *d) {
    for (const IrInst *i = d->f->ir->entry->first; i; i = i->next)
        if (i->op == IR_SLOT) d->promoted[i->id] = type_is_scalar(i->slot.type_arg);
    for (const IrBlock *b = d->f->ir->entry; b; b = b->next)
        for (const IrInst *i = b->first; i; i = i->next) refuse_promotion(d, i);
}

static void add_slot(Decoder *d, const IrInst *inst) {
    Type *t = inst->slot.type_arg;
    if (d->promoted[inst->id]) {
        d->regs[inst->id] = new_reg(d, is_wide(t) ? 2 : 1);
        return;
    }
    uint32_t align = type_align(d->types, t);
    if (inst->slot.align > align) align = inst->slot.align;
    SlotInfo slot = {.inst = inst,
                     .size = type_size(d->types, t),
                     .reg = new_reg(d, 1),
                     .log_align = log2_of(align),
                     .always_live = true,
                     .has_addresses = type_holds_addresses(t)};
    d->regs[inst->id] = slot.reg;
    d->slot_numbers[inst->id] = d->slots.len;
    VEC_PUSH(d->p->arena, &d->slots, slot);
}

static uint64_t place(uint64_t *end, uint64_t size) {
    uint64_t at = *end;
    *end = (at + size + 15) & ~UINT64_C(15);
    return at;
}

static void lay_out_frame(Decoder *d) {
    uint64_t end = 0;
    VEC_EACH (SlotInfo, s, &d->slots) {
        s->bytes_at = place(&end, s->size);
        s->defined_at = place(&end, s->size / 8 + 9);
        if (s->has_addresses) s->targets_at = place(&end, (s->size / 8 + 1) * sizeof(Object *));
    }
    d->f->frame_bytes = end;
}

static void find_slots(Decoder *d) {
    find_promoted(d);
    for (const IrInst *i = d->f->ir->entry->first; i; i = i->next)
        if (i->op == IR_SLOT) add_slot(d, i);
    for (const IrBlock *b = d->f->ir->entry; b; b = b->next)
        for (const IrInst *i = b->first; i; i = i->next)
            if ((i->op == IR_LIVE || i->op == IR_DEAD) && !d->promoted[i->args[0]->id])
                d->slots.items[d->slot_numbers[i->args[0]->id]].always_live = false;
}

static void emit_undefined(Decoder *d, const IrInst *inst, const Type *t, uint32_t r) {
    Shape s = shape_of(d->p, t);
    emit(d, inst, s.is_address || s.is_slice ? STEP_UNDEF_ADDRESS : STEP_UNDEF)->dst = r;
    if (s.is_slice) emit(d, inst, STEP_UNDEF)->dst = r + 1;
}

static void decode_life(Decoder *d, const IrInst *inst) {
    const IrInst *slot = inst->args[0];
    if (d->promoted[slot->id]) {
        if (inst->op == IR_LIVE) emit_undefined(d, inst, slot->slot.type_arg, reg(d, slot));
        return;
    }
    Code *c = emit(d, inst, inst->op == IR_LIVE ? STEP_LIVE : STEP_DEAD);
    c->a = d->slot_numbers[slot->id];
}

// ---- memory ------------------------------------------------------------------------------------------------------------

static void decode_load(Decoder *d, const IrInst *inst) {
    const IrInst *from = inst->args[0];
    if (from->op == IR_SLOT && d->promoted[from->id]) {
        uint32_t dst = result_reg(d, inst);
        emit_move(d, inst, dst, reg(d, from));
        if (is_wide(inst->type)) emit_move(d, inst, dst + 1, reg(d, from) + 1);
        return;
    }
    Shape s = shape_of(d->p, inst->type);
    StepKind kind = STEP_LOAD_64;
    if (s.is_slice)
        kind = STEP_LOAD_SLICE;
    else if (s.is_address)
        kind = STEP_LOAD_ADDRESS;
    else if (s.is_checked)
        kind = STEP_LOAD_CHECKED;
    else if (s.size == 1)
        kind = s.is_signed ? STEP_LOAD_I8 : STEP_LOAD_U8;
    else if (s.size == 2)
        kind = s.is_signed ? STEP_LOAD_I16 : STEP_LOAD_U16;
    else if (s.size == 4)
        kind = s.is_signed ? STEP_LOAD_I32 : STEP_LOAD_U32;
    Code *c = emit_unary(d, inst, kind);
    set_shape(c, s);
    c->ptr = inst->type;
}

static void decode_store(Decoder *d, const IrInst *inst) {
    const IrInst *to = inst->args[0];
    uint32_t value = arg(d, inst, 1);
    Type *t = inst->args[1]->type;
    if (to->op == IR_SLOT && d->promoted[to->id]) {
        emit_move(d, inst, reg(d, to), value);
        if (is_wide(t)) emit_move(d, inst, reg(d, to) + 1, value + 1);
        return;
    }
    Shape s = shape_of(d->p, t);
    StepKind kind = s.is_slice     ? STEP_STORE_SLICE
                    : s.is_address ? STEP_STORE_ADDRESS
                    : s.size == 1  ? STEP_STORE_8
                    : s.size == 2  ? STEP_STORE_16
                    : s.size == 4  ? STEP_STORE_32
                                   : STEP_STORE_64;
    Code *c = emit(d, inst, kind);
    c->a = arg(d, inst, 0);
    c->b = value;
}

// Fields of bulk operations: a and b are addresses, dst a count, imm the size of an element, shift its alignment.
static void decode_bulk(Decoder *d, const IrInst *inst, StepKind kind) {
    Type *t = pointee(inst, 0);
    const IrInst *slot = inst->args[0];
    if (inst->op == IR_UNDEF_MEM && slot->op == IR_SLOT && d->promoted[slot->id]) {
        emit_undefined(d, inst, t, reg(d, slot));
        return;
    }
    uint32_t result = inst->op == IR_MEM_EQUAL ? result_reg(d, inst) : 0;
    Code *c = emit(d, inst, kind);
    c->a = arg(d, inst, 0);
    if (inst->arg_count > 1) c->b = arg(d, inst, 1);
    if (inst->arg_count > 2) c->dst = arg(d, inst, 2);
    c->imm = type_size(d->types, t);
    c->shift = log2_of(type_align(d->types, t));
    // The result's register follows in a move, because the fields are taken.
    if (inst->op == IR_MEM_EQUAL) emit(d, inst, STEP_MOVE)->dst = result;
}

static void emit_offset(Decoder *d, const IrInst *inst, uint64_t offset) {
    if (offset == 0) {
        alias(d, inst, arg(d, inst, 0));
        return;
    }
    emit_unary(d, inst, STEP_OFFSET)->imm = offset;
}

static void emit_element(Decoder *d, const IrInst *inst, const Type *element) {
    emit_binary(d, inst, STEP_ELEMENT)->imm = type_size(d->types, (Type *)element);
}

static void decode_slice_make(Decoder *d, const IrInst *inst) {
    uint32_t dst = result_reg(d, inst);
    emit_move(d, inst, dst, arg(d, inst, 0));
    emit_move(d, inst, dst + 1, arg(d, inst, 1));
}

static void decode_bitcast(Decoder *d, const IrInst *inst) {
    Shape from = shape_of(d->p, inst->args[0]->type), to = shape_of(d->p, inst->type);
    if (from.is_address && to.is_address) {
        alias(d, inst, arg(d, inst, 0));
    } else if (to.is_address) {
        emit_unary(d, inst, STEP_FROM_INT);
    } else if (from.is_address) {
        emit_unary(d, inst, STEP_TO_INT);
    } else {
        set_shape(emit_unary(d, inst, STEP_EXTEND), to);
        if (!to.is_checked) return;
        Code *check = emit(d, inst, STEP_CHECK_VALUE);
        check->a = reg(d, inst);
        check->ptr = inst->type;
    }
}

// ---- tagged values -------------------------------------------------------------------------------------------------------

static TagInfo *tag_info(Decoder *d, Type *t) {
    TagInfo *info = ARENA_NEW(d->p->arena, TagInfo);
    const Layout *layout = type_layout(d->types, t);
    *info = (TagInfo){.type = t, .size = layout->size, .offset = layout->tag_offset, .tag_size = layout->tag_size};
    info->kind = t->kind == TYPE_OPTIONAL ? TAG_OPTIONAL : t->kind == TYPE_ENUM ? TAG_ENUM : TAG_ERROR;
    info->log_align = log2_of(layout->tag_size);
    info->is_signed = t->kind == TYPE_ENUM && type_is_signed(t->tag_type);
    return info;
}

static void emit_tag(Decoder *d, const IrInst *inst, StepKind kind, uint64_t value) {
    TagInfo *info = tag_info(d, pointee(inst, 0));
    info->value = value;
    Code *c = emit(d, inst, kind);
    c->a = arg(d, inst, 0);
    if (inst->arg_count > 1) c->b = arg(d, inst, 1);
    c->ptr = info;
}

static void emit_get_tag(Decoder *d, const IrInst *inst, StepKind kind) {
    uint32_t dst = result_reg(d, inst);
    emit_tag(d, inst, kind, 0);
    VEC_LAST(&d->code).dst = dst;
}

static void decode_optional(Decoder *d, const IrInst *inst) {
    const Layout *layout = type_layout(d->types, pointee(inst, 0));
    switch (inst->op) {
    case IR_OPTIONAL_HAS:
        if (layout->has_niche) {
            Code *load = emit_unary(d, inst, STEP_LOAD_ADDRESS);
            load->ptr = pointee(inst, 0);
            Code *c = emit(d, inst, STEP_NOT_NULL);
            c->dst = c->a = reg(d, inst);
        } else {
            emit_get_tag(d, inst, STEP_IS_TAGGED);
        }
        break;
    case IR_OPTIONAL_SET_SOME:
        if (!layout->has_niche) emit_tag(d, inst, STEP_SET_TAG, 1);
        emit_offset(d, inst, layout->payload_offset);
        break;
    case IR_OPTIONAL_SET_NONE:
        if (layout->has_niche)
            emit(d, inst, STEP_STORE_NULL)->a = arg(d, inst, 0);
        else
            emit_tag(d, inst, STEP_SET_TAG, 0);
        break;
    default: emit_offset(d, inst, layout->payload_offset); break;
    }
}

static void decode_variant(Decoder *d, const IrInst *inst) {
    Type *t = pointee(inst, 0);
    uint32_t dst = result_reg(d, inst);
    emit_tag(d, inst, STEP_VARIANT, (uint64_t)t->variants[inst->path.variant].discriminant);
    Code *c = &VEC_LAST(&d->code);
    TagInfo *info = (TagInfo *)c->ptr;
    info->field_offset = type_layout(d->types, t)->variant_offsets[inst->path.variant][inst->path.index];
    info->variant = inst->path.variant;
    c->dst = dst;
}

static void decode_enum_from_int(Decoder *d, const IrInst *inst) {
    alias(d, inst, arg(d, inst, 0));
    Code *c = emit(d, inst, STEP_CHECK_VALUE);
    c->a = arg(d, inst, 0);
    c->ptr = inst->type;
}

// ---- numbers -------------------------------------------------------------------------------------------------------------

static void emit_number(Decoder *d, const IrInst *inst, StepKind kind) {
    Code *c = inst->arg_count > 1 ? emit_binary(d, inst, kind) : emit_unary(d, inst, kind);
    set_shape(c, shape_of(d->p, inst->type));
    if (inst->unchecked) c->flags |= CODE_UNCHECKED;
}

static void decode_arithmetic(Decoder *d, const IrInst *inst) {
    static const StepKind kinds[3][4] = {{STEP_ADD, STEP_ADD_64, STEP_ADD_U64, STEP_ADD_WRAP},
                                         {STEP_SUB, STEP_SUB_64, STEP_SUB_U64, STEP_SUB_WRAP},
                                         {STEP_MUL, STEP_MUL_64, STEP_MUL_U64, STEP_MUL_WRAP}};
    int row = inst->op == IR_ADD ? 0 : inst->op == IR_SUB ? 1 : 2;
    Shape s = shape_of(d->p, inst->type);
    emit_number(d, inst, kinds[row][inst->unchecked ? 3 : s.size < 8 ? 0 : s.is_signed ? 1 : 2]);
}

static void decode_float(Decoder *d, const IrInst *inst, StepKind kind) {
    Code *c = inst->arg_count > 1 ? emit_binary(d, inst, kind) : emit_unary(d, inst, kind);
    if (inst->args[0]->type->kind == TYPE_F32) c->flags |= CODE_F32;
}

static void decode_compare(Decoder *d, const IrInst *inst) {
    const Type *t = inst->args[0]->type;
    static const StepKind is_signed[] = {STEP_EQ, STEP_NE, STEP_LT, STEP_LE, STEP_GT, STEP_GE};
    static const StepKind is_unsigned[] = {STEP_EQ, STEP_NE, STEP_LT_U, STEP_LE_U, STEP_GT_U, STEP_GE_U};
    static const StepKind is_address[] = {STEP_EQ_ADDRESS, STEP_NE_ADDRESS, STEP_LT_U, STEP_LE_U, STEP_GT_U, STEP_GE_U};
    Shape s = shape_of(d->p, t);
    if (type_is_float(t))
        decode_float(d, inst, STEP_FLOAT_COMPARE);
    else if (s.is_address && inst->compare > COMPARE_NE)
        unsupported(d, inst, "an order of addresses");
    else
        emit_binary(d, inst, (s.is_address ? is_address : s.is_signed ? is_signed : is_unsigned)[inst->compare]);
}

static void decode_conversion(Decoder *d, const IrInst *inst) {
    Shape from = shape_of(d->p, inst->args[0]->type), to = shape_of(d->p, inst->type);
    Code *c;
    switch (inst->op) {
    case IR_INT_WIDEN:
    case IR_INT_TRUNC:
    case IR_BOOL_TO_INT: set_shape(emit_unary(d, inst, STEP_EXTEND), to); return;
    case IR_INT_CAST:
        if (inst->unchecked) {
            set_shape(emit_unary(d, inst, STEP_EXTEND), to);
            return;
        }
        c = emit_unary(d, inst, STEP_INT_CAST);
        break;
    case IR_INT_TO_FLOAT: c = emit_unary(d, inst, STEP_INT_TO_FLOAT); break;
    case IR_FLOAT_TO_INT: c = emit_unary(d, inst, STEP_FLOAT_TO_INT); break;
    default: c = emit_unary(d, inst, STEP_FLOAT_CAST); break;
    }
    set_shape(c, to);
    if (from.is_signed) c->flags |= CODE_FROM_SIGNED;
    if (inst->args[0]->type->kind == TYPE_F32) c->flags |= CODE_FROM_F32;
    if (inst->type->kind == TYPE_F32) c->flags |= CODE_F32;
    if (inst->unchecked) c->flags |= CODE_UNCHECKED;
}

static void decode_overflow(Decoder *d, const IrInst *inst) {
    Code *c = emit(d, inst, STEP_OVERFLOW);
    c->dst = arg(d, inst, 0);
    c->a = arg(d, inst, 1);
    c->b = arg(d, inst, 2);
    set_shape(c, shape_of(d->p, inst->args[1]->type));
}

// ---- calls and jumps -------------------------------------------------------------------------------------------------------

static uint32_t add_operands(Decoder *d, const IrInst *inst, uint32_t first) {
    uint32_t start = d->operands.len;
    for (uint32_t k = first; k < inst->arg_count; k++) {
        VEC_PUSH(d->p->arena, &d->operands, arg(d, inst, k));
        if (is_wide(inst->args[k]->type)) VEC_PUSH(d->p->arena, &d->operands, arg(d, inst, k) + 1);
    }
    return start;
}

// a: the first operand, b: how many; ptr: the function, or c: the register that holds it.
static void decode_call(Decoder *d, const IrInst *inst) {
    bool direct = inst->op == IR_CALL;
    uint32_t dst = inst->type->kind != TYPE_VOID ? result_reg(d, inst) : new_reg(d, 1);
    uint32_t start = add_operands(d, inst, direct ? 0 : 1);
    Code *c = emit(d, inst, direct ? STEP_CALL : STEP_CALL_POINTER);
    c->dst = dst;
    c->a = start;
    c->b = d->operands.len - start;
    if (is_wide(inst->type)) c->flags |= CODE_WIDE;
    if (direct)
        c->ptr = interp_func(d->p, inst->func);
    else
        c->c = arg(d, inst, 0);
}

static void decode_syscall(Decoder *d, const IrInst *inst) {
    uint32_t dst = result_reg(d, inst), start = add_operands(d, inst, 0);
    Code *c = emit(d, inst, STEP_SYSCALL);
    c->dst = dst;
    c->a = start;
    c->b = inst->arg_count;
}

static int by_value(const void *a, const void *b) {
    uint64_t x = ((const IrCase *)a)->value, y = ((const IrCase *)b)->value;
    return (x > y) - (x < y);
}

static void decode_switch(Decoder *d, const IrInst *inst) {
    SwitchTable *table = ARENA_NEW(d->p->arena, SwitchTable);
    uint32_t n = table->count = inst->jump.case_count;
    table->values = ARENA_ARRAY(d->p->arena, uint64_t, n + 1);
    table->targets = ARENA_ARRAY(d->p->arena, uint32_t, n + 1);
    table->otherwise = inst->jump.targets[0]->id;
    IrCase *sorted = ARENA_ARRAY(d->p->arena, IrCase, n + 1);
    if (n) memcpy(sorted, inst->jump.cases, n * sizeof *sorted);
    if (n) qsort(sorted, n, sizeof *sorted, by_value);
    for (uint32_t i = 0; i < n; i++) {
        table->values[i] = sorted[i].value;
        table->targets[i] = sorted[i].target->id;
    }
    Code *c = emit(d, inst, STEP_SWITCH);
    c->a = arg(d, inst, 0);
    c->ptr = table;
}

static void decode_return(Decoder *d, const IrInst *inst) {
    Code *c = emit(d, inst, STEP_RETURN);
    if (!inst->arg_count) return;
    c->b = is_wide(inst->args[0]->type) ? 2 : 1;
    c->a = arg(d, inst, 0);
}

static void emit_check(Decoder *d, const IrInst *inst, StepKind kind) {
    Code *c = emit(d, inst, kind);
    c->a = arg(d, inst, 0);
    if (inst->arg_count > 1) c->b = arg(d, inst, 1);
    if (inst->arg_count > 2) c->c = arg(d, inst, 2);
    if (inst->op == IR_CHECK_TRUE)
        c->imm = inst->trap;
    else
        c->flags |= (type_is_signed(inst->args[0]->type) ? CODE_SIGNED : 0) |
                    (type_is_signed(inst->args[1]->type) ? CODE_SIGNED_HIGH : 0);
}

static void emit_atomic(Decoder *d, const IrInst *inst, StepKind kind) {
    bool has_result = inst->type->kind != TYPE_VOID;
    uint32_t dst = has_result ? result_reg(d, inst) : 0;
    Code *c = emit(d, inst, kind);
    c->dst = has_result ? dst : arg(d, inst, 0); // CMPXCHG: the optional
    uint32_t first = inst->op == IR_ATOMIC_CMPXCHG ? 1 : 0;
    c->a = arg(d, inst, first);
    if (inst->arg_count > first + 1) c->b = arg(d, inst, first + 1);
    if (inst->arg_count > first + 2) c->c = arg(d, inst, first + 2);
}

static void decode_static(Decoder *d, const IrInst *inst, uint32_t index, uint64_t len) {
    uint32_t dst = result_reg(d, inst);
    Code *c = emit(d, inst, STEP_STATIC);
    c->dst = dst;
    c->a = index;
    if (!is_wide(inst->type)) return;
    c = emit(d, inst, STEP_CONST);
    c->dst = dst + 1;
    c->imm = len;
}

static void decode_float_const(Decoder *d, const IrInst *inst) {
    Code *c = emit_result(d, inst, STEP_CONST);
    float narrow = (float)inst->real;
    if (inst->type->kind == TYPE_F32)
        memcpy(&c->imm, &narrow, sizeof narrow);
    else
        memcpy(&c->imm, &inst->real, sizeof inst->real);
}

// ---- one instruction -------------------------------------------------------------------------------------------------------

static void decode_inst(Decoder *d, const IrInst *inst) {
    switch (inst->op) {
    case IR_CONST_INT: {
        uint64_t bits =
            number_extend(inst->imm, shape_of(d->p, inst->type).shift, shape_of(d->p, inst->type).is_signed);
        emit_result(d, inst, STEP_CONST)->imm = bits;
        break;
    }
    case IR_CONST_FLOAT: decode_float_const(d, inst); break;
    case IR_CONST_STR: decode_static(d, inst, interp_static_of_text(d->p, inst->bytes), inst->bytes.len); break;
    case IR_CONST_NULL: emit_result(d, inst, STEP_NULL); break;
    case IR_UNDEF: emit_undefined(d, inst, inst->type, result_reg(d, inst)); break;
    case IR_FUNC_ADDR: emit_result(d, inst, STEP_CONST_FUNC)->ptr = interp_func(d->p, inst->func); break;
    case IR_GLOBAL_ADDR: decode_static(d, inst, interp_static_of_global(d->p, inst->global), 0); break;
    case IR_PARAM:
    case IR_SLOT: break; // have their registers already
    case IR_LIVE:
    case IR_DEAD: decode_life(d, inst); break;
    case IR_LOAD: decode_load(d, inst); break;
    case IR_STORE: decode_store(d, inst); break;
    case IR_VOLATILE_LOAD:
        emit(d, inst, STEP_VOLATILE);
        decode_load(d, inst);
        break;
    case IR_VOLATILE_STORE:
        emit(d, inst, STEP_VOLATILE);
        decode_store(d, inst);
        break;
    case IR_COPY: decode_bulk(d, inst, STEP_COPY); break;
    case IR_UNDEF_MEM: decode_bulk(d, inst, STEP_UNDEF_MEM); break;
    case IR_MEM_COPY: decode_bulk(d, inst, STEP_MEM_COPY); break;
    case IR_MEM_FILL: decode_bulk(d, inst, STEP_MEM_FILL); break;
    case IR_MEM_EQUAL: decode_bulk(d, inst, STEP_MEM_EQUAL); break;
    case IR_FIELD_ADDR:
        emit_offset(d, inst, type_layout(d->types, pointee(inst, 0))->field_offsets[inst->path.index]);
        break;
    case IR_ELEM_ADDR: emit_element(d, inst, pointee(inst, 0)->element); break;
    case IR_SLICE_ELEM: emit_element(d, inst, inst->args[0]->type->element); break;
    case IR_PTR_CAST:
    case IR_SLICE_PTR:
    case IR_SLICE_CONST:
    case IR_ERROR_WIDEN:
    case IR_ENUM_TO_INT: alias(d, inst, arg(d, inst, 0)); break;
    case IR_SLICE_LEN: alias(d, inst, arg(d, inst, 0) + 1); break;
    case IR_PTR_FROM_INT: emit_unary(d, inst, STEP_FROM_INT); break;
    case IR_INT_FROM_PTR: emit_unary(d, inst, STEP_TO_INT); break;
    case IR_SLICE_MAKE: decode_slice_make(d, inst); break;
    case IR_OPTIONAL_HAS:
    case IR_OPTIONAL_PAYLOAD:
    case IR_OPTIONAL_SET_SOME:
    case IR_OPTIONAL_SET_NONE: decode_optional(d, inst); break;
    case IR_ERROR_IS: emit_get_tag(d, inst, STEP_IS_TAGGED); break;
    case IR_ERROR_CODE:
    case IR_ENUM_TAG: emit_get_tag(d, inst, STEP_GET_TAG); break;
    case IR_ERROR_PAYLOAD: emit_offset(d, inst, type_layout(d->types, pointee(inst, 0))->payload_offset); break;
    case IR_ERROR_SET_OK:
        emit_tag(d, inst, STEP_SET_TAG, 0);
        emit_offset(d, inst, type_layout(d->types, pointee(inst, 0))->payload_offset);
        break;
    case IR_ERROR_SET_ERR: emit_tag(d, inst, STEP_SET_TAG_FROM, 0); break;
    case IR_ERROR_NAME: emit_unary(d, inst, STEP_ERROR_NAME); break;
    case IR_ENUM_SET_TAG:
        emit_tag(d, inst, STEP_SET_TAG, (uint64_t)pointee(inst, 0)->variants[inst->path.variant].discriminant);
        break;
    case IR_VARIANT_FIELD: decode_variant(d, inst); break;
    case IR_ERROR_NARROW:
    case IR_ENUM_FROM_INT: decode_enum_from_int(d, inst); break;
    case IR_ADD:
    case IR_SUB:
    case IR_MUL: decode_arithmetic(d, inst); break;
    case IR_DIV: emit_number(d, inst, STEP_DIV); break;
    case IR_REM: emit_number(d, inst, STEP_REM); break;
    case IR_NEG: emit_number(d, inst, inst->unchecked ? STEP_NEG_WRAP : STEP_NEG); break;
    case IR_SHL:
    case IR_SHR: {
        uint8_t amount = shape_of(d->p, inst->args[1]->type).shift;
        emit_number(d, inst, inst->op == IR_SHL ? STEP_SHL : STEP_SHR);
        VEC_LAST(&d->code).imm = amount;
        break;
    }
    case IR_ADD_WRAP: emit_number(d, inst, STEP_ADD_WRAP); break;
    case IR_SUB_WRAP: emit_number(d, inst, STEP_SUB_WRAP); break;
    case IR_MUL_WRAP: emit_number(d, inst, STEP_MUL_WRAP); break;
    case IR_AND: emit_number(d, inst, STEP_AND); break;
    case IR_OR: emit_number(d, inst, STEP_OR); break;
    case IR_XOR: emit_number(d, inst, STEP_XOR); break;
    case IR_NOT: emit_number(d, inst, inst->type->kind == TYPE_BOOL ? STEP_NOT_BOOL : STEP_NOT); break;
    case IR_FADD:
    case IR_FSUB:
    case IR_FMUL:
    case IR_FDIV:
    case IR_FREM:
    case IR_FNEG: decode_float(d, inst, STEP_FLOAT); break;
    case IR_CMP: decode_compare(d, inst); break;
    case IR_INT_WIDEN:
    case IR_INT_TRUNC:
    case IR_INT_CAST:
    case IR_INT_TO_FLOAT:
    case IR_FLOAT_TO_INT:
    case IR_FLOAT_CAST:
    case IR_BOOL_TO_INT: decode_conversion(d, inst); break;
    case IR_BITCAST: decode_bitcast(d, inst); break;
    case IR_POPCOUNT: emit_number(d, inst, STEP_POPCOUNT); break;
    case IR_CLZ: emit_number(d, inst, STEP_CLZ); break;
    case IR_CTZ: emit_number(d, inst, STEP_CTZ); break;
    case IR_BYTE_SWAP: emit_number(d, inst, STEP_BYTE_SWAP); break;
    case IR_ADD_OVERFLOW:
    case IR_SUB_OVERFLOW:
    case IR_MUL_OVERFLOW: decode_overflow(d, inst); break;
    case IR_CHECK_BOUNDS: emit_check(d, inst, STEP_CHECK_BOUNDS); break;
    case IR_CHECK_SLICE: emit_check(d, inst, STEP_CHECK_SLICE); break;
    case IR_CHECK_TRUE: emit_check(d, inst, STEP_CHECK_TRUE); break;
    case IR_ATOMIC_LOAD: emit_atomic(d, inst, STEP_ATOMIC_LOAD); break;
    case IR_ATOMIC_STORE: emit_atomic(d, inst, STEP_ATOMIC_STORE); break;
    case IR_ATOMIC_RMW: emit_atomic(d, inst, STEP_ATOMIC_RMW); break;
    case IR_ATOMIC_CMPXCHG: emit_atomic(d, inst, STEP_ATOMIC_CMPXCHG); break;
    case IR_FENCE: emit(d, inst, STEP_FENCE); break;
    case IR_COMPILER_FENCE: break;
    case IR_CALL:
    case IR_CALL_PTR: decode_call(d, inst); break;
    case IR_SYSCALL: decode_syscall(d, inst); break;
    case IR_SPIN_HINT: emit(d, inst, STEP_SPIN); break;
    case IR_PREFETCH_WRITE: break;
    case IR_CRC32C: emit_binary(d, inst, STEP_CRC32C)->imm = type_size(d->types, inst->args[1]->type); break;
    case IR_HAS_CRC32C: emit_result(d, inst, STEP_HAS_CRC32C); break;
    case IR_CLEANUP_PUSH:
    case IR_CLEANUP_POP: break;
    case IR_JUMP: emit(d, inst, STEP_JUMP)->a = inst->jump.targets[0]->id; break;
    case IR_BRANCH: {
        Code *c = emit(d, inst, STEP_BRANCH);
        c->dst = arg(d, inst, 0);
        c->a = inst->jump.targets[0]->id;
        c->b = inst->jump.targets[1]->id;
        break;
    }
    case IR_SWITCH: decode_switch(d, inst); break;
    case IR_RET: decode_return(d, inst); break;
    case IR_TRAP: emit(d, inst, STEP_TRAP)->imm = inst->trap; break;
    case IR_PANIC: emit(d, inst, STEP_PANIC)->a = arg(d, inst, 0); break;
    case IR_UNREACHABLE: emit(d, inst, STEP_UNREACHABLE); break;
    case IR_OP_COUNT: break;
    }
}

// ---- functions -----------------------------------------------------------------------------------------------------------

// Parameters come first in the registers, in the order of a call's operands.
static void assign_params(Decoder *d) {
    const IrFunc *ir = d->f->ir;
    uint32_t *first = ARENA_ARRAY(d->p->arena, uint32_t, ir->param_count + 1);
    uint32_t skip = ir_result_by_address(ir->type) ? 1 : 0;
    for (uint32_t i = 0; i < ir->param_count; i++) {
        bool wide =
            i >= skip && !ir_param_by_address(ir->type->params[i - skip]) && is_wide(ir->type->params[i - skip]);
        first[i] = new_reg(d, wide ? 2 : 1);
    }
    d->f->param_regs = d->next_reg;
    for (const IrInst *i = ir->entry->first; i; i = i->next)
        if (i->op == IR_PARAM) d->regs[i->id] = first[i->path.index];
}

// Block numbers become code numbers.
static void resolve_jumps(Decoder *d) {
    VEC_EACH (Code, c, &d->code) {
        if (c->kind == STEP_JUMP || c->kind == STEP_BRANCH) c->a = d->starts[c->a];
        if (c->kind == STEP_BRANCH) c->b = d->starts[c->b];
        if (c->kind != STEP_SWITCH) continue;
        SwitchTable *table = (SwitchTable *)c->ptr;
        table->otherwise = d->starts[table->otherwise];
        for (uint32_t i = 0; i < table->count; i++) table->targets[i] = d->starts[table->targets[i]];
    }
}

// From the entry outwards, so that a block comes after those that dominate it and its operands have their registers.
static void decode_blocks(Decoder *d, Arena *scratch) {
    const IrFunc *ir = d->f->ir;
    bool *seen = ARENA_ARRAY(scratch, bool, ir->block_count + 1);
    VEC(IrBlock *) pending = {0};
    VEC_PUSH(scratch, &pending, ir->entry);
    while (pending.len) {
        IrBlock *b = VEC_POP(&pending);
        if (seen[b->id]) continue;
        seen[b->id] = true;
        d->starts[b->id] = d->code.len;
        for (const IrInst *i = b->first; i; i = i->next) decode_inst(d, i);
        for (uint32_t t = ir_target_count(b->last); t-- > 0;) VEC_PUSH(scratch, &pending, *ir_target(b->last, t));
    }
}

void func_decode(Interp *p, Func *f) {
    const IrFunc *ir = f->ir;
    Arena *scratch = arena_create();
    Decoder d = {.p = p, .f = f, .types = p->module->types};
    d.regs = ARENA_ARRAY(scratch, uint32_t, ir->inst_count + 1);
    d.slot_numbers = ARENA_ARRAY(scratch, uint32_t, ir->inst_count + 1);
    d.promoted = ARENA_ARRAY(scratch, bool, ir->inst_count + 1);
    d.starts = ARENA_ARRAY(scratch, uint32_t, ir->block_count + 1);
    assign_params(&d);
    find_slots(&d);
    decode_blocks(&d, scratch);
    resolve_jumps(&d);
    lay_out_frame(&d);
    f->code = d.code.items;
    f->origins = d.origins.items;
    f->code_count = d.code.len;
    f->operands = d.operands.items;
    f->slots = d.slots.items;
    f->slot_count = d.slots.len;
    f->reg_count = d.next_reg;
    f->decoded = true;
    arena_destroy(scratch);
}
