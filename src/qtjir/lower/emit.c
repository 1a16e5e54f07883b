// The lowering's pen: appends instructions to the current block, makes slots and labels. Every function does nothing
// and answers NULL while control cannot get here (f->block is NULL), so callers may go on with the NULLs they were
// given. No two of them may stand in one argument list: C leaves their order open, and the module's text must not
// depend on it.
#include "qtjir/lower/internal.h"

IrInst *emit_many(FuncLowerer *f, IrOp op, Type *type, IrInst **args, uint32_t count) {
    if (!f->block) return NULL;
    if (++f->emitted > LOWER_INST_LIMIT) {
        lower_give_up(f, "this function is too large: every way out repeats its cleanups");
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++)
        if (!args[i]) ICE("lowering %s: operand %u of %s has no value", f->func->name, i, ir_op_text(op));
    IrInst *inst = ir_append(f->block, op, type, f->span, args, count);
    if (ir_op_is_terminator(op)) f->block = NULL;
    return inst;
}

IrInst *emit0(FuncLowerer *f, IrOp op, Type *type) { return emit_many(f, op, type, NULL, 0); }
IrInst *emit1(FuncLowerer *f, IrOp op, Type *type, IrInst *a) { return emit_many(f, op, type, &a, 1); }
IrInst *emit2(FuncLowerer *f, IrOp op, Type *type, IrInst *a, IrInst *b) {
    return emit_many(f, op, type, (IrInst *[]){a, b}, 2);
}
IrInst *emit3(FuncLowerer *f, IrOp op, Type *type, IrInst *a, IrInst *b, IrInst *c) {
    return emit_many(f, op, type, (IrInst *[]){a, b, c}, 3);
}

// Constants are kept as their type's bits, sign- or zero-extended to 64.
static uint64_t bits_for(const Type *type, uint64_t bits) {
    const Type *t = type->kind == TYPE_ENUM ? type->tag_type : type;
    uint32_t width = t && (type_is_int(t) || t->kind == TYPE_BOOL) ? type_bits(t) : 64;
    if (width >= 64) return bits;
    uint64_t low = bits & ((UINT64_C(1) << width) - 1);
    if (type_is_int(t) && type_is_signed(t) && (low >> (width - 1))) low |= ~UINT64_C(0) << width;
    return low;
}

IrInst *emit_int(FuncLowerer *f, Type *type, uint64_t bits) {
    IrInst *inst = emit0(f, IR_CONST_INT, type);
    if (inst) inst->imm = bits_for(type, bits);
    return inst;
}

// ---- memory

IrInst *emit_load(FuncLowerer *f, IrInst *address) {
    return f->block ? emit1(f, IR_LOAD, address->type->element, address) : NULL;
}

void emit_store(FuncLowerer *f, IrInst *address, IrInst *value) { emit2(f, IR_STORE, f->p->type_void, address, value); }

void emit_copy(FuncLowerer *f, IrInst *to, IrInst *from) {
    if (!f->block) return;
    Type *type = from->type->element;
    if (FAULT_IN(f->p->types, COPY_ONE_FIELD) && type->kind == TYPE_STRUCT && type->field_count > 1) {
        IrInst *first = emit_field(f, to, 0);
        emit_copy(f, first, emit_field(f, from, 0));
        return;
    }
    if (type_is_scalar(type))
        emit_store(f, to, emit_load(f, from));
    else if (type_in_memory(type))
        emit2(f, IR_COPY, f->p->type_void, to, from);
}

IrInst *emit_pointer_to(FuncLowerer *f, IrOp op, IrInst *address, Type *to) {
    if (!f->block) return NULL;
    return emit1(f, op, type_ptr(f->p->types, to, address->type->is_const), address);
}

// For a fault: a field of the same type in a struct of another source than the function's.
static uint32_t twin_field(const FuncLowerer *f, const Type *owner, uint32_t index) {
    if (!owner->fields[index].name || owner->fields[index].span.file == f->func->span.file) return index;
    uint32_t twin = index ^ 1;
    return twin < owner->field_count && owner->fields[twin].type == owner->fields[index].type ? twin : index;
}

IrInst *emit_field(FuncLowerer *f, IrInst *address, uint32_t index) {
    if (!f->block) return NULL;
    Type *owner = address->type->element;
    ENSURE(owner->kind == TYPE_STRUCT && index < owner->field_count);
    if (FAULT_IN(f->p->types, STRUCT_AS_UNION) && owner->field_count == 2 && index == 0)
        return emit_pointer_to(f, IR_ERROR_PAYLOAD, address, owner->fields[0].type);
    if (FAULT_IN(f->p->types, FIELD_ACROSS_MODULES)) index = twin_field(f, owner, index);
    IrInst *inst = emit_pointer_to(f, IR_FIELD_ADDR, address, owner->fields[index].type);
    if (inst) inst->path.index = index;
    return inst;
}

IrInst *emit_variant_field(FuncLowerer *f, IrInst *address, uint32_t variant, uint32_t index) {
    if (!f->block) return NULL;
    Type *owner = address->type->element;
    ENSURE(owner->kind == TYPE_ENUM && variant < owner->variant_count && index < owner->variants[variant].field_count);
    const Variant *fields = &owner->variants[variant];
    if (FAULT_IN(f->p->types, VARIANT_FIELD_WRONG) && index && fields->fields[0].type == fields->fields[index].type)
        index = 0;
    IrInst *inst = emit_pointer_to(f, IR_VARIANT_FIELD, address, owner->variants[variant].fields[index].type);
    if (inst) {
        inst->path.variant = variant;
        inst->path.index = index;
    }
    return inst;
}

IrInst *emit_address_as(FuncLowerer *f, IrInst *address, Type *pointer_type) {
    if (!f->block || address->type == pointer_type) return f->block ? address : NULL;
    return emit1(f, IR_PTR_CAST, pointer_type, address);
}

IrInst *emit_optional_has(FuncLowerer *f, IrInst *address) {
    return emit1(f, IR_OPTIONAL_HAS, f->p->type_bool, address);
}

// ---- numbers and checks

IrInst *emit_compare(FuncLowerer *f, CompareOp op, IrInst *a, IrInst *b) {
    IrInst *inst = emit2(f, IR_CMP, f->p->type_bool, a, b);
    if (inst) inst->compare = op;
    return inst;
}

void emit_check_true(FuncLowerer *f, IrInst *condition, TrapKind trap) {
    IrInst *inst = emit1(f, IR_CHECK_TRUE, f->p->type_void, condition);
    if (inst) inst->trap = trap;
}

static bool int_always_fits(const Type *from, const Type *to) {
    uint32_t from_bits = type_bits(from), to_bits = type_bits(to);
    if (type_is_signed(from)) return type_is_signed(to) && to_bits >= from_bits;
    return type_is_signed(to) ? to_bits > from_bits : to_bits >= from_bits;
}

IrInst *emit_int_as(FuncLowerer *f, IrInst *value, Type *to, bool unchecked) {
    if (!f->block || value->type == to) return f->block ? value : NULL;
    if (int_always_fits(value->type, to)) return emit1(f, IR_INT_WIDEN, to, value);
    IrInst *inst = emit1(f, IR_INT_CAST, to, value);
    if (inst) inst->unchecked = unchecked;
    return inst;
}

// ---- control

IrInst *emit_call(FuncLowerer *f, IrFunc *func, IrInst **args, uint32_t count) {
    Type *result = func->type->element;
    bool has_value = type_is_scalar(result);
    IrInst *call = emit_many(f, IR_CALL, has_value ? result : f->p->type_void, args, count);
    if (!call) return NULL;
    call->func = func;
    if (result->kind == TYPE_NEVER) emit0(f, IR_UNREACHABLE, f->p->type_void);
    return has_value ? call : NULL;
}

void emit_trap(FuncLowerer *f, TrapKind trap) {
    IrInst *inst = emit0(f, IR_TRAP, f->p->type_void);
    if (inst) inst->trap = trap;
}

void emit_return(FuncLowerer *f, IrInst *value) { emit_many(f, IR_RET, f->p->type_void, &value, value ? 1 : 0); }

IrBlock *label_block(FuncLowerer *f, Label *label) {
    if (!label->block) label->block = ir_block_add(f->func);
    return label->block;
}

void label_begin(FuncLowerer *f, Label *label) {
    ENSURE(!f->block);
    f->block = f->gave_up ? NULL : label->block;
}

void emit_jump(FuncLowerer *f, Label *to) {
    IrInst *inst = emit0(f, IR_JUMP, f->p->type_void);
    if (inst) inst->jump.targets[0] = label_block(f, to);
}

void emit_branch(FuncLowerer *f, IrInst *condition, Label *yes, Label *no) {
    IrInst *inst = emit1(f, IR_BRANCH, f->p->type_void, condition);
    if (!inst) return;
    inst->jump.targets[0] = label_block(f, yes);
    inst->jump.targets[1] = label_block(f, no);
    if (!f->anchor) f->anchor = inst;
}

// ---- slots

IrInst *slot_add(FuncLowerer *f, Type *type, const Local *local) {
    if (!f->block) return NULL;
    // The checker refuses what a program declares; a wrapper around it may just exceed the limit.
    if (type_layout(f->p->types, type)->size >= TYPE_SIZE_LIMIT) {
        lower_give_up(f, "a value here is too large");
        return NULL;
    }
    Type *pointer = type_ptr(f->p->types, type, false);
    IrInst *slot = ir_insert_before(f->entry_end, IR_SLOT, pointer, local ? local->span : f->span, NULL, 0);
    slot->slot.type_arg = type;
    if (local) {
        slot->slot.name = local->name ? local->name->text : NULL;
        slot->slot.align = local->align;
        slot->slot.local = local;
    }
    return slot;
}

IrInst *slot_temp_in(FuncLowerer *f, Type *type, Cleanup *owner) {
    IrInst *slot = slot_add(f, type, NULL);
    if (!slot) return NULL;
    if (FAULT_IN(f->p->types, LIVE_MISSING) && type->kind == TYPE_BOOL) {
        // The slot is noted all the same, so it dies without having lived.
    } else if (f->anchor)
        ir_insert_before(f->anchor, IR_LIVE, f->p->type_void, f->span, &slot, 1);
    else
        emit1(f, IR_LIVE, f->p->type_void, slot);
    VEC_PUSH(f->p->arena, &owner->slots, slot);
    return slot;
}

IrInst *slot_temp(FuncLowerer *f, Type *type) { return slot_temp_in(f, type, f->temps); }

IrInst *slot_local(FuncLowerer *f, const Local *local, Cleanup *owner) {
    IrInst *slot = slot_add(f, local->type, local);
    if (!slot) return NULL;
    emit1(f, IR_LIVE, f->p->type_void, slot);
    if (FAULT_IN(f->p->types, SLOT_DIES_EARLY)) owner = f->temps;
    VEC_PUSH(f->p->arena, &owner->slots, slot);
    map_put(f->p->arena, &f->places, local, slot);
    return slot;
}

// ---- loops of the compiler's own

IrInst *counted_loop_begin(FuncLowerer *f, CountedLoop *loop, uint64_t first, IrInst *count) {
    *loop = (CountedLoop){0};
    if (!f->block) return NULL;
    loop->counter = slot_add(f, f->p->type_usize, NULL);
    emit_store(f, loop->counter, emit_int(f, f->p->type_usize, first));
    Label header = {0}, body = {0};
    emit_jump(f, &header);
    label_begin(f, &header);
    loop->header = header.block;
    IrInst *index = emit_load(f, loop->counter);
    IrInst *anchor = f->anchor;
    emit_branch(f, emit_compare(f, COMPARE_LT, index, count), &body, &loop->exit);
    f->anchor = anchor;
    label_begin(f, &body);
    return index;
}

void counted_loop_end(FuncLowerer *f, CountedLoop *loop) {
    if (f->block) {
        // The count fits, so the next index does.
        IrInst *index = emit_load(f, loop->counter);
        emit_store(f, loop->counter, emit2(f, IR_ADD_WRAP, f->p->type_usize, index, emit_int(f, f->p->type_usize, 1)));
        Label header = {loop->header};
        emit_jump(f, &header);
    }
    label_begin(f, &loop->exit);
}

void lower_give_up(FuncLowerer *f, const char *why) {
    if (!f->gave_up) diag_error(f->p->diags, DIAG_E0009, f->span, "%s", why);
    f->gave_up = true;
    f->block = NULL;
}

bool lower_descend(FuncLowerer *f, Span span) {
    if (!f->block) return false;
    f->span = span;
    if (f->depth < LOWER_DEPTH_LIMIT) return f->depth++, true;
    lower_give_up(f, "this expression nests too deeply");
    return false;
}

bool type_in_memory(const Type *t) { return !type_is_scalar(t) && t->kind != TYPE_VOID && t->kind != TYPE_NEVER; }
