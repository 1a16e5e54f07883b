// Calls. Arguments are evaluated left to right: scalars are values, everything else is the address of a copy that
// nobody changes while the callee reads it (or of the thing itself where it cannot change). A non-scalar result is
// written straight into the destination, which is the first operand.
#include "qtjir/lower/internal.h"

static IrInst *lower_argument(FuncLowerer *f, const TExpr *arg) {
    if (!ir_param_by_address(arg->type)) return lower_value(f, arg);
    IrInst *address = lower_operand_address(f, arg);
    return f->block ? emit_address_as(f, address, type_ptr(f->p->types, arg->type, true)) : NULL;
}

static uint32_t lower_arguments(FuncLowerer *f, IrInst **to, TExpr **args, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) to[i] = lower_argument(f, args[i]);
    return count;
}

// An extern may have been declared with another type than the function of its symbol has: then the address is
// converted.
IrInst *lower_func_ref(FuncLowerer *f, FuncInst *inst, Type *type) {
    IrFunc *func = lowerer_request_func(f->p, inst);
    IrInst *address = emit0(f, IR_FUNC_ADDR, func->type);
    if (!address) return NULL;
    address->func = func;
    return func->type == type ? address : emit1(f, IR_BITCAST, type, address);
}

static IrInst *emit_call_pointer(FuncLowerer *f, IrInst **args, uint32_t count) {
    if (!f->block) return NULL;
    Type *result = args[0]->type->element;
    bool has_value = type_is_scalar(result);
    IrInst *call = emit_many(f, IR_CALL_PTR, has_value ? result : f->p->type_void, args, count);
    if (call && result->kind == TYPE_NEVER) emit0(f, IR_UNREACHABLE, f->p->type_void);
    return has_value ? call : NULL;
}

IrInst *lower_call(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrFunc *func = lowerer_request_func(f->p, e->call.func);
    Type *type = e->call.func->type;
    IrInst **args = ARENA_ARRAY(f->p->arena, IrInst *, e->call.arg_count + 2);
    uint32_t count = 1; // [0] is for the callee's address
    bool by_address = ir_result_by_address(type);
    if (by_address && !FAULT_IN(f->p->types, RESULT_ADDRESS_MISSING)) args[count++] = dest;
    count += lower_arguments(f, args + count, e->call.args, e->call.arg_count);
    if (!f->block) return NULL;
    if (FAULT_IN(f->p->types, ARGUMENT_MISSING) && e->call.arg_count) count--;
    IrInst *result;
    if (func->type == type) {
        result = emit_call(f, func, args + 1, count - 1);
    } else {
        args[0] = lower_func_ref(f, e->call.func, type);
        result = emit_call_pointer(f, args, count);
    }
    return result;
}

IrInst *lower_call_indirect(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst **args = ARENA_ARRAY(f->p->arena, IrInst *, e->call_indirect.arg_count + 2);
    uint32_t count = 0;
    args[count++] = lower_value(f, e->call_indirect.callee);
    if (!f->block) return NULL;
    if (ir_result_by_address(args[0]->type)) args[count++] = dest;
    count += lower_arguments(f, args + count, e->call_indirect.args, e->call_indirect.arg_count);
    return emit_call_pointer(f, args, count);
}
