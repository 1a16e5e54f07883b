// Where a value may be missing: propagation, catch, default, and the ends of the program: panic and assert. The operand
// is looked at where it is, or in a temporary; fallbacks and handlers run only when they are needed.
#include "qtjir/lower/internal.h"

static IrInst *emit_error_payload(FuncLowerer *f, IrInst *operand) {
    if (!f->block) return NULL;
    return emit_pointer_to(f, IR_ERROR_PAYLOAD, operand, operand->type->element->element);
}

// The payload at `address`, as a value or copied to dest. A void payload is nothing.
static IrInst *take(FuncLowerer *f, IrInst *address, IrInst *dest) {
    if (!f->block) return NULL;
    Type *type = address->type->element;
    if (type_is_scalar(type) && !dest) return emit_load(f, address);
    if (dest) emit_copy(f, dest, address);
    return NULL;
}

// A payload of type never cannot be there.
static void emit_absent(FuncLowerer *f, const Type *payload) {
    if (f->block && payload->kind == TYPE_NEVER) emit_trap(f, TRAP_UNREACHABLE);
}

static void lower_propagate(FuncLowerer *f, IrInst *operand) {
    if (!f->block) return;
    if (f->is_constant) {
        emit_trap(f, TRAP_ESCAPE);
        return;
    }
    IrInst *code = emit1(f, IR_ERROR_CODE, operand->type->element->errors, operand);
    if (f->result_type->kind != TYPE_ERROR_UNION)
        ICE("lowering %s: propagation out of a function without errors", f->func->name);
    if (!FAULT_IN(f->p->types, CODE_NOT_WIDENED)) code = lower_error_as(f, code, f->result_type->errors);
    emit2(f, IR_ERROR_SET_ERR, f->p->type_void, f->result, code);
    cleanup_unwind(f, NULL);
    emit_return(f, NULL);
}

IrInst *lower_try(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *anchor = f->anchor;
    IrInst *operand = lower_transient_address(f, e->try_expr.operand);
    Label bad = {0}, good = {0};
    emit_branch(f, emit1(f, IR_ERROR_IS, f->p->type_bool, operand), &bad, &good);
    // The error path leaves, so what follows is not conditional.
    f->anchor = anchor;
    label_begin(f, &bad);
    lower_propagate(f, operand);
    label_begin(f, &good);
    emit_absent(f, e->type);
    if (FAULT_IN(f->p->types, UNWRAP_KEEPS_TYPE) && type_is_scalar(e->type) && !dest)
        return emit1(f, IR_LOAD, e->type, operand);
    return e->type->kind == TYPE_VOID ? NULL : take(f, emit_error_payload(f, operand), dest);
}

static void lower_handler(FuncLowerer *f, const TExpr *e, IrInst *operand, IrInst *slot) {
    if (!f->block) return;
    Cleanup *outside = f->cleanups;
    Cleanup *scope = cleanup_push_slots(f);
    if (e->catch_expr.error) {
        IrInst *code = emit1(f, IR_ERROR_CODE, operand->type->element->errors, operand);
        code = lower_error_as(f, code, e->catch_expr.error->type);
        emit_store(f, slot_local(f, e->catch_expr.error, scope), code);
    }
    lower_branch(f, e->catch_expr.handler, slot);
    cleanup_leave(f, outside);
}

IrInst *lower_catch(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *anchor = f->anchor;
    IrInst *slot = control_dest(f, e, dest);
    IrInst *operand = lower_transient_address(f, e->catch_expr.operand);
    Label bad = {0}, good = {0}, end = {0};
    emit_branch(f, emit1(f, IR_ERROR_IS, f->p->type_bool, operand), &bad, &good);
    label_begin(f, &good);
    if (f->block) emit_absent(f, operand->type->element->element);
    IrInst *to = slot;
    if (to && f->block && e->catch_expr.wraps) to = emit_pointer_to(f, IR_OPTIONAL_SET_SOME, to, e->type->element);
    if (to && f->block) take(f, emit_error_payload(f, operand), to);
    emit_jump(f, &end);
    label_begin(f, &bad);
    lower_handler(f, e, operand, slot);
    emit_jump(f, &end);
    label_begin(f, &end);
    f->anchor = anchor;
    return control_result(f, e, slot, dest);
}

IrInst *lower_orelse(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *anchor = f->anchor;
    IrInst *slot = control_dest(f, e, dest);
    IrInst *operand = lower_transient_address(f, e->orelse.operand);
    Label full = {0}, empty = {0}, end = {0};
    emit_branch(f, emit_optional_has(f, operand), &full, &empty);
    label_begin(f, &full);
    if (slot && f->block)
        take(f, emit_pointer_to(f, IR_OPTIONAL_PAYLOAD, operand, operand->type->element->element), slot);
    emit_jump(f, &end);
    label_begin(f, &empty);
    lower_branch(f, e->orelse.fallback, slot);
    emit_jump(f, &end);
    label_begin(f, &end);
    f->anchor = anchor;
    return control_result(f, e, slot, dest);
}

void lower_panic(FuncLowerer *f, const TExpr *e) {
    emit1(f, IR_PANIC, f->p->type_void, lower_value(f, e->panic.message));
}

void lower_assert(FuncLowerer *f, const TExpr *e) {
    if (!e->assertion.message) {
        emit_check_true(f, lower_value(f, e->assertion.condition), TRAP_ASSERT);
        return;
    }
    IrInst *anchor = f->anchor;
    Label good = {0}, bad = {0};
    lower_condition(f, e->assertion.condition, &good, &bad);
    label_begin(f, &bad);
    IrInst *message = lower_value(f, e->assertion.message);
    emit1(f, IR_PANIC, f->p->type_void, message);
    label_begin(f, &good);
    f->anchor = anchor;
}
