// The program as a list of work: functions become IrFuncs when they are first asked for, and their bodies are lowered
// in that order, so the module's order does not depend on anything but the program. A function's parameters come in by
// value or by address; every scalar one gets a slot of its name, so that a debugger sees variables only.
#include "qtjir/lower/internal.h"

Lowerer *lowerer_create(Arena *arena, Types *types, NameTable *names, SourceMap *sources, Diags *diags) {
    Lowerer *p = ARENA_NEW(arena, Lowerer);
    p->arena = arena;
    p->types = types;
    p->names = names;
    p->diags = diags;
    p->module = ir_module_create(arena, types, names, sources);
    p->type_void = type_primitive(types, TYPE_VOID);
    p->type_bool = type_primitive(types, TYPE_BOOL);
    p->type_u8 = type_primitive(types, TYPE_U8);
    p->type_i32 = type_primitive(types, TYPE_I32);
    p->type_u32 = type_primitive(types, TYPE_U32);
    p->type_usize = type_primitive(types, TYPE_USIZE);
    p->type_isize = type_primitive(types, TYPE_ISIZE);
    return p;
}

IrFunc *lowerer_find_func(Lowerer *p, const char *symbol) {
    return map_get(&p->func_by_symbol, name_intern_c(p->names, symbol));
}

// A function of a module that grows: its body is asked for when it is first called. What it is not is the body of an
// extern function of the same symbol: that one is defined elsewhere.
static IrFunc *declare_func(Lowerer *p, FuncInst *inst) {
    IrFunc *func = ir_func_add(p->module, inst->symbol ? inst->symbol : "a function", inst->type);
    func->is_extern = true;
    func->inst = inst;
    func->span = inst->span;
    map_put(p->arena, &p->module->func_by_inst, inst, func);
    return func;
}

IrFunc *lowerer_request_func(Lowerer *p, FuncInst *inst) {
    IrFunc *func = map_get(&p->module->func_by_inst, inst);
    if (func) return func;
    if (p->module->is_partial) return declare_func(p, inst);
    const Name *symbol = name_intern_c(p->names, inst->symbol);
    func = map_get(&p->func_by_symbol, symbol);
    if (!func) {
        func = ir_func_add(p->module, inst->symbol, inst->type);
        func->is_extern = true;
        map_put(p->arena, &p->func_by_symbol, symbol, func);
    }
    if (inst->body) {
        if (!func->is_extern || func->type != inst->type)
            ICE("lowering: two functions have the symbol %s", inst->symbol);
        func->is_extern = false;
        func->is_export = inst->is_export;
        func->is_runtime = inst->is_runtime;
        func->inst = inst;
        func->span = inst->span;
        VEC_PUSH(p->arena, &p->pending, inst);
    } else {
        if (!inst->is_extern) ICE("lowering: %s was called but not checked", inst->symbol);
        if (!func->inst) {
            func->inst = inst;
            func->span = inst->span;
        }
    }
    map_put(p->arena, &p->module->func_by_inst, inst, func);
    return func;
}

// ---- one function

void func_lowerer_begin(FuncLowerer *f, Lowerer *p, IrFunc *func, Span span) {
    *f = (FuncLowerer){.p = p, .func = func, .span = span, .result_type = func->type->element};
    f->block = ir_block_add(func);
    f->temps = f->kept = cleanup_push_slots(f);
    if (ir_result_by_address(func->type))
        f->result = func_lowerer_param(f, 0, type_ptr(p->types, f->result_type, false));
}

IrInst *func_lowerer_param(FuncLowerer *f, uint32_t index, Type *type) {
    IrInst *param = emit0(f, IR_PARAM, type);
    param->path.index = index;
    return param;
}

void func_lowerer_begin_body(FuncLowerer *f) {
    Label body = {0};
    IrBlock *entry = f->block;
    emit_jump(f, &body);
    f->entry_end = entry->last;
    label_begin(f, &body);
}

static void lower_params(FuncLowerer *f, const FuncInst *inst) {
    uint32_t count = inst->type->param_count, first = f->result ? 1 : 0;
    IrInst **params = ARENA_ARRAY(f->p->arena, IrInst *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        Type *type = inst->type->params[i];
        bool by_address = ir_param_by_address(type);
        params[i] = func_lowerer_param(f, first + i, by_address ? type_ptr(f->p->types, type, true) : type);
    }
    func_lowerer_begin_body(f);
    for (uint32_t i = 0; i < count && i < inst->param_count; i++) {
        const Local *local = inst->params[i];
        if (!local) continue;
        IrInst *address = params[i];
        if (!ir_param_by_address(inst->type->params[i])) {
            f->span = local->span;
            address = slot_add(f, local->type, local);
            emit_store(f, address, params[i]);
        }
        map_put(f->p->arena, &f->places, local, address);
    }
}

enum { INLINE_HINT_LIMIT = 24 };

void func_lowerer_end(FuncLowerer *f, IrInst *value) {
    bool falls_off = f->result_type->kind == TYPE_NEVER || (type_is_scalar(f->result_type) && !value);
    if (falls_off)
        emit_trap(f, TRAP_UNREACHABLE);
    else
        emit_return(f, value);
}

bool lower_function(Lowerer *p, FuncInst *inst) {
    IrFunc *func = lowerer_request_func(p, inst);
    FuncLowerer f;
    func_lowerer_begin(&f, p, func, inst->span);
    lower_params(&f, inst);
    f.span = inst->body->span;
    IrInst *value = lower_expr(&f, inst->body, f.result);
    // The return stands at the body's end, where a debugger shows the last line.
    if (inst->body->span.end > inst->body->span.start) f.span.start = f.span.end - 1;
    func_lowerer_end(&f, value);
    func->is_cold = func->no_return && !f.has_loop;
    func->inline_hint = f.emitted <= INLINE_HINT_LIMIT && !f.has_loop && !func->no_return;
    return !f.gave_up;
}

void lowerer_run(Lowerer *p) {
    for (;;) {
        if (p->next_pending < p->pending.len)
            lower_function(p, p->pending.items[p->next_pending++]);
        else if (p->next_equal < p->pending_equals.len) {
            EqualTask task = p->pending_equals.items[p->next_equal++];
            lower_equal_body(p, task.type, task.func);
        } else if (p->next_const < p->pending_consts.len)
            lowerer_require_const(p, p->pending_consts.items[p->next_const++]);
        else
            break;
    }
}
