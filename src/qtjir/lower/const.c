// Compile-time values. Scalars are emitted where they are used; anything else becomes a private constant global, one
// for each ConstValue, that is copied from. What a constant points to (functions, globals) is requested through a list,
// so neither cycles nor long chains of globals cost stack.
#include "qtjir/lower/internal.h"

IrGlobal *lowerer_request_global(Lowerer *p, Global *global) {
    IrGlobal *ir = map_get(&p->module->global_by_source, global);
    if (ir) return ir;
    bool is_partial = p->module->is_partial;
    ir = ir_global_add(p->module, global->symbol, global->type, is_partial ? NULL : global->initial);
    ir->is_var = global->is_var;
    ir->align = global->align;
    ir->span = global->span;
    ir->source = global;
    map_put(p->arena, &p->module->global_by_source, global, ir);
    if (is_partial) return ir; // its value is asked for when somebody looks at it
    if (global->initial) VEC_PUSH(p->arena, &p->pending_consts, global->initial);
    return ir;
}

void lowerer_require_const(Lowerer *p, const ConstValue *c) {
    if (c->func) lowerer_request_func(p, c->func);
    if (c->global) lowerer_request_global(p, c->global);
    uint64_t count = c->kind == CONST_REPEAT ? 1 : c->count;
    if (!c->items || c->kind == CONST_SLICE) return;
    for (uint64_t i = 0; i < count; i++) {
        ConstValue *item = c->items[i];
        if (item && (item->items || item->func || item->global)) VEC_PUSH(p->arena, &p->pending_consts, item);
    }
}

static IrInst *emit_global_address(FuncLowerer *f, IrGlobal *global) {
    IrInst *inst = emit0(f, IR_GLOBAL_ADDR, type_ptr(f->p->types, global->type, !global->is_var));
    if (inst) inst->global = global;
    return inst;
}

IrInst *lower_global_address(FuncLowerer *f, Global *global) {
    return f->block ? emit_global_address(f, lowerer_request_global(f->p, global)) : NULL;
}

IrInst *lower_const_address(FuncLowerer *f, ConstValue *c) {
    if (!f->block) return NULL;
    Lowerer *p = f->p;
    IrGlobal *global = map_get(&p->global_by_const, c);
    if (!global) {
        const char *name = arena_printf(p->arena, "const.%u", p->global_by_const.len);
        global = ir_global_add(p->module, name, c->type, c);
        map_put(p->arena, &p->global_by_const, c, global);
        VEC_PUSH(p->arena, &p->pending_consts, c);
    }
    return emit_global_address(f, global);
}

static IrInst *lower_const_slice(FuncLowerer *f, const ConstValue *c) {
    IrInst *array = lower_global_address(f, c->global);
    if (!array) return NULL;
    Type *usize = f->p->type_usize;
    Type *pointer = type_ptr(f->p->types, c->type->element, c->type->is_const);
    IrInst *first;
    if (array->type->element->kind == TYPE_ARRAY && c->index) {
        Type *inner = type_ptr(f->p->types, array->type->element->element, array->type->is_const);
        first = emit_address_as(f, emit2(f, IR_ELEM_ADDR, inner, array, emit_int(f, usize, c->index)), pointer);
    } else {
        first = emit_address_as(f, array, pointer);
    }
    return emit2(f, IR_SLICE_MAKE, c->type, first, emit_int(f, usize, c->count));
}

static IrInst *lower_const_some(FuncLowerer *f, const ConstValue *c) {
    IrInst *slot = slot_temp(f, c->type);
    IrInst *payload = lower_const(f, c->items[0], NULL);
    if (!f->block) return NULL;
    emit_store(f, emit_pointer_to(f, IR_OPTIONAL_SET_SOME, slot, c->type->element), payload);
    return emit_load(f, slot);
}

// From the address of the whole to that of the part, field by field and element by element.
static IrInst *lower_part_address(FuncLowerer *f, IrInst *address, const ConstValue *c) {
    uint64_t offset = c->bits, index = 0;
    while (address && (address->type->element != c->type->element || offset)) {
        Type *whole = address->type->element, *part = type_part_at(f->p->types, whole, &offset, &index);
        if (!part) ICE("lowering %s: there is no such part of `%s`", f->func->name, c->global->symbol);
        if (whole->kind == TYPE_STRUCT) {
            address = emit_field(f, address, (uint32_t)index);
            continue;
        }
        IrInst *number = emit_int(f, f->p->type_usize, index);
        address = emit2(f, IR_ELEM_ADDR, type_ptr(f->p->types, part, address->type->is_const), address, number);
    }
    return address;
}

static IrInst *lower_scalar_const(FuncLowerer *f, const ConstValue *c) {
    IrInst *inst;
    switch (c->kind) {
    case CONST_INT: return emit_int(f, c->type, c->bits);
    case CONST_FLOAT:
        inst = emit0(f, IR_CONST_FLOAT, c->type);
        if (inst) inst->real = c->real;
        return inst;
    case CONST_STR:
        inst = emit0(f, IR_CONST_STR, type_str(f->p->types));
        if (inst) inst->bytes = c->bytes;
        return inst;
    case CONST_NULL: return emit0(f, IR_CONST_NULL, c->type);
    case CONST_UNDEFINED: return emit0(f, IR_UNDEF, c->type);
    case CONST_FUNC: return lower_func_ref(f, c->func, c->type);
    case CONST_GLOBAL: {
        IrInst *address = lower_part_address(f, lower_global_address(f, c->global), c);
        return address ? emit_address_as(f, address, c->type) : NULL;
    }
    case CONST_SLICE: return lower_const_slice(f, c);
    case CONST_SOME: return lower_const_some(f, c);
    default: ICE("lowering %s: constant of kind %d is not a scalar", f->func->name, (int)c->kind);
    }
}

IrInst *lower_const(FuncLowerer *f, const ConstValue *c, IrInst *dest) {
    if (c->kind == CONST_VOID || !f->block) return NULL;
    if (type_is_scalar(c->type)) return lower_scalar_const(f, c);
    if (!type_in_memory(c->type) || !dest) return NULL;
    if (c->kind == CONST_NULL)
        emit1(f, IR_OPTIONAL_SET_NONE, f->p->type_void, dest);
    else if (c->kind == CONST_UNDEFINED)
        emit1(f, IR_UNDEF_MEM, f->p->type_void, dest);
    else
        emit_copy(f, dest, lower_const_address(f, (ConstValue *)c));
    return NULL;
}
