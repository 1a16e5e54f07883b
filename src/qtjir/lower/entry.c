// The function the runtime calls: `__janus_main() -> i32`. It calls main, or the test whose number the runtime was
// given, and turns the result into an exit code; an error result goes to the runtime by name.
#include "qtjir/lower.h"
#include "qtjir/lower/internal.h"

// A function of the runtime: the export itself when it was loaded, else a declaration.
static IrFunc *runtime_func(Lowerer *p, const char *symbol, Type *type) {
    const Name *name = name_intern_c(p->names, symbol);
    IrFunc *func = map_get(&p->func_by_symbol, name);
    if (func && func->type != type) ICE("the runtime's %s has another type than the compiler calls", symbol);
    if (func) return func;
    func = ir_func_add(p->module, symbol, type);
    func->is_extern = true;
    map_put(p->arena, &p->func_by_symbol, name, func);
    return func;
}

static void return_code(FuncLowerer *f, uint64_t code) { emit_return(f, emit_int(f, f->p->type_i32, code)); }

static void report_error(FuncLowerer *f, IrInst *result) {
    Lowerer *p = f->p;
    Type *pointer = type_ptr(p->types, p->type_u8, true);
    Type *type = type_func(p->types, (Type *[]){pointer, p->type_usize}, 2, p->type_void);
    IrInst *code = emit1(f, IR_ERROR_CODE, result->type->element->errors, result);
    IrInst *name = emit1(f, IR_ERROR_NAME, type_str(p->types), code);
    IrInst *bytes = emit1(f, IR_SLICE_PTR, pointer, name);
    IrInst *length = emit1(f, IR_SLICE_LEN, p->type_usize, name);
    emit_call(f, runtime_func(p, "__janus_main_error", type), (IrInst *[]){bytes, length}, 2);
    return_code(f, 1);
}

static void return_payload(FuncLowerer *f, IrInst *value, int otherwise) {
    if (value)
        emit_return(f, emit_int_as(f, value, f->p->type_i32, false));
    else
        return_code(f, otherwise);
}

// Calls `inst`, which has no parameters, and returns its exit code: `at_end` when it came to its end without one of its
// own.
static void call_and_return(FuncLowerer *f, FuncInst *inst, int at_end) {
    IrFunc *func = lowerer_request_func(f->p, inst);
    Type *result = func->type->element;
    f->span = inst->span;
    if (result->kind != TYPE_ERROR_UNION) {
        return_payload(f, emit_call(f, func, NULL, 0), at_end);
        return;
    }
    IrInst *slot = slot_add(f, result, NULL);
    emit_call(f, func, &slot, 1);
    Label bad = {0}, good = {0};
    emit_branch(f, emit1(f, IR_ERROR_IS, f->p->type_bool, slot), &bad, &good);
    label_begin(f, &good);
    bool has_value = type_is_scalar(result->element);
    return_payload(f, has_value ? emit_load(f, emit_pointer_to(f, IR_ERROR_PAYLOAD, slot, result->element)) : NULL,
                   at_end);
    label_begin(f, &bad);
    report_error(f, slot);
}

enum { EXIT_NO_SUCH_TEST = 2 };

static void select_test(FuncLowerer *f, FuncInst **tests, uint32_t count) {
    Lowerer *p = f->p;
    IrFunc *selected = runtime_func(p, "__janus_test_selected", type_func(p->types, NULL, 0, p->type_u32));
    IrInst *number = emit_call(f, selected, NULL, 0);
    IrInst *choice = emit1(f, IR_SWITCH, p->type_void, number);
    Label none = {0}, *labels = ARENA_ARRAY(p->arena, Label, count);
    choice->jump.targets[0] = label_block(f, &none);
    choice->jump.case_count = count;
    choice->jump.cases = ARENA_ARRAY(p->arena, IrCase, count);
    for (uint32_t i = 0; i < count; i++) choice->jump.cases[i] = (IrCase){i, label_block(f, &labels[i])};
    for (uint32_t i = 0; i < count; i++) {
        label_begin(f, &labels[i]);
        call_and_return(f, tests[i], TEST_PASSED);
    }
    label_begin(f, &none);
    return_code(f, EXIT_NO_SUCH_TEST);
}

void lower_entry(Lowerer *p, FuncInst *main_func, FuncInst **tests, uint32_t test_count) {
    if (!main_func && !test_count) return;
    const char *symbol = "__janus_main";
    IrFunc *func = ir_func_add(p->module, symbol, type_func(p->types, NULL, 0, p->type_i32));
    func->is_export = true;
    map_put(p->arena, &p->func_by_symbol, name_intern_c(p->names, symbol), func);
    FuncLowerer f;
    func_lowerer_begin(&f, p, func, (Span){0});
    func_lowerer_begin_body(&f);
    if (test_count)
        select_test(&f, tests, test_count);
    else
        call_and_return(&f, main_func, 0);
}
