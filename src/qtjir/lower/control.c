// Control flow: if, loops, jumps, returns, assignments. A scalar result of a branching construct goes through a slot;
// conditions are lowered straight to jumps, so `and`, `or` and `not` in them cost no value.
#include "qtjir/lower/internal.h"

void lower_condition(FuncLowerer *f, const TExpr *e, Label *yes, Label *no) {
    if (!f->block) return;
    if (e->kind == TEXPR_CONST && e->constant->kind == CONST_INT) {
        emit_jump(f, e->constant->bits ? yes : no);
        return;
    }
    if (e->kind == TEXPR_UNARY && e->op1.op == UNARY_NOT && f->depth < LOWER_DEPTH_LIMIT) {
        f->depth++;
        lower_condition(f, e->op1.operand, no, yes);
        f->depth--;
        return;
    }
    if (e->kind == TEXPR_LOGICAL && f->depth < LOWER_DEPTH_LIMIT) {
        Label right = {0};
        f->depth++;
        if (e->op2.op == BINARY_AND)
            lower_condition(f, e->op2.left, &right, no);
        else
            lower_condition(f, e->op2.left, yes, &right);
        label_begin(f, &right);
        lower_condition(f, e->op2.right, yes, no);
        f->depth--;
        return;
    }
    Span outer = f->span;
    IrInst *value = lower_value(f, e);
    f->span = e->span;
    emit_branch(f, value, yes, no);
    f->span = outer;
}

IrInst *control_dest(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    return dest || !type_is_scalar(e->type) ? dest : slot_temp(f, e->type);
}

IrInst *control_result(FuncLowerer *f, const TExpr *e, IrInst *slot, IrInst *dest) {
    return !dest && slot && type_is_scalar(e->type) ? emit_load(f, slot) : NULL;
}

// A value without pointers cannot refer to a temporary, so the temporaries of its branch may die with the branch.
static bool value_holds_no_pointer(const Type *t) {
    if (t->kind == TYPE_VOID || t->kind == TYPE_NEVER || t->kind == TYPE_BOOL) return true;
    return type_is_int(t) || type_is_float(t) || t->kind == TYPE_ERROR_SET ||
           (t->kind == TYPE_ENUM && t->is_plain_enum);
}

void lower_branch(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    if (!f->block) return;
    if (!value_holds_no_pointer(e->type)) {
        lower_into(f, e, dest);
        return;
    }
    StatementState s;
    statement_begin(f, &s);
    lower_into(f, e, dest);
    statement_end(f, &s);
}

static IrInst *lower_if(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *anchor = f->anchor;
    IrInst *slot = control_dest(f, e, dest);
    Label yes = {0}, no = {0}, end = {0};
    lower_condition(f, e->if_expr.condition, &yes, e->if_expr.else_expr ? &no : &end);
    label_begin(f, &yes);
    lower_branch(f, e->if_expr.then_expr, slot);
    if (FAULT_IN(f->p->types, TERMINATOR_MISSING) && e->if_expr.else_expr) f->block = NULL;
    emit_jump(f, &end);
    if (e->if_expr.else_expr) {
        label_begin(f, &no);
        lower_branch(f, e->if_expr.else_expr, slot);
        emit_jump(f, &end);
    }
    label_begin(f, &end);
    f->anchor = anchor;
    return control_result(f, e, slot, dest);
}

// ---- loops

// The condition's temporaries die on both ways out of it.
static void lower_loop_condition(FuncLowerer *f, const TExpr *condition, Label *body, Label *exit) {
    StatementState s;
    Label yes = {0}, no = {0};
    statement_begin(f, &s);
    lower_condition(f, condition, &yes, &no);
    label_begin(f, &yes);
    cleanup_emit_dead(f, &s.own);
    emit_jump(f, body);
    label_begin(f, &no);
    cleanup_emit_dead(f, &s.own);
    emit_jump(f, exit);
    statement_end(f, &s);
}

static void lower_loop(FuncLowerer *f, const TExpr *e) {
    Label header = {0}, body = {0}, next = {0}, exit = {0};
    const TExpr *step = e->loop.step;
    f->has_loop = true;
    emit_jump(f, &header);
    label_begin(f, &header);
    if (e->loop.condition) {
        lower_loop_condition(f, e->loop.condition, &body, &exit);
        label_begin(f, &body);
    }
    LoopFrame frame = {f->loops, e->loop.loop, &exit, step ? &next : &header, f->cleanups};
    f->loops = &frame;
    lower_statement(f, e->loop.body);
    f->loops = frame.outer;
    emit_jump(f, frame.next);
    if (step) {
        label_begin(f, &next);
        lower_statement(f, step);
        emit_jump(f, &header);
    }
    label_begin(f, &exit);
}

static void lower_jump(FuncLowerer *f, const TExpr *e) {
    LoopFrame *frame = f->loops;
    while (frame && frame->loop != e->jump.loop) frame = frame->outer;
    if (!frame && f->is_constant) {
        emit_trap(f, TRAP_ESCAPE);
        return;
    }
    if (!frame) ICE("lowering %s: a jump to a loop that is not around it", f->func->name);
    cleanup_unwind(f, frame->cleanups);
    emit_jump(f, e->kind == TEXPR_BREAK ? frame->exit : frame->next);
}

// The value is there before any cleanup runs.
static void lower_return(FuncLowerer *f, const TExpr *e) {
    if (f->is_constant) {
        emit_trap(f, TRAP_ESCAPE);
        return;
    }
    IrInst *value = NULL;
    Cleanup *kept = f->cleanups;
    if (FAULT_IN(f->p->types, RETURN_TOO_LATE)) {
        cleanup_unwind(f, NULL);
        f->cleanups = NULL;
    }
    if (e->ret.value) {
        if (f->result)
            lower_into(f, e->ret.value, f->result);
        else
            value = lower_value(f, e->ret.value);
    }
    cleanup_unwind(f, NULL);
    emit_return(f, value);
    f->cleanups = kept;
}

// ---- assignments

// Neither reads memory nor runs code, so it may be built over the old value.
static bool value_is_inert(const TExpr *e) {
    for (;;) {
        switch (e->kind) {
        case TEXPR_CONST:
        case TEXPR_UNDEFINED:
        case TEXPR_NULL_VALUE:
        case TEXPR_ERROR_VALUE: return true;
        case TEXPR_ENUM: return e->type->variants[e->variant.variant].field_count == 0;
        case TEXPR_COERCE:
            if (e->coerce.kind != COERCE_SOME && e->coerce.kind != COERCE_OK && e->coerce.kind != COERCE_ERR)
                return false;
            e = e->coerce.operand;
            break;
        default: return false;
        }
    }
}

static void lower_assign(FuncLowerer *f, const TExpr *e) {
    const TExpr *place = e->assign.place, *value = e->assign.value;
    if (type_is_scalar(value->type)) {
        IrInst *v = lower_value(f, value);
        IrInst *to = lower_place(f, place);
        if (FAULT_IN(f->p->types, STORE_TO_CONST) && to)
            to = emit_address_as(f, to, type_ptr(f->p->types, to->type->element, true));
        emit_store(f, to, v);
    } else if (!type_in_memory(value->type)) {
        lower_effect(f, value);
        lower_place(f, place);
    } else if (place_is_simple(place) && value_is_inert(value)) {
        lower_into(f, value, lower_place(f, place));
    } else if (place_is_simple(place) && value->kind == TEXPR_LOAD) {
        IrInst *from = lower_place(f, value->unary.operand);
        IrInst *to = lower_place(f, place);
        emit_copy(f, to, from);
    } else {
        IrInst *slot = slot_temp(f, value->type);
        lower_into(f, value, slot);
        emit_copy(f, lower_place(f, place), slot);
    }
}

static void lower_assign_op(FuncLowerer *f, const TExpr *e) {
    IrInst *value = lower_value(f, e->assign_op.value);
    IrInst *place = lower_place(f, e->assign_op.place);
    IrInst *old = emit_load(f, place);
    emit_store(f, place, lower_binary_op(f, e->assign_op.op, old, value));
}

IrInst *lower_control(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    switch (e->kind) {
    case TEXPR_IF: return lower_if(f, e, dest);
    case TEXPR_LOOP: lower_loop(f, e); return NULL;
    case TEXPR_BREAK:
    case TEXPR_CONTINUE: lower_jump(f, e); return NULL;
    case TEXPR_RETURN: lower_return(f, e); return NULL;
    case TEXPR_ASSIGN: lower_assign(f, e); return NULL;
    case TEXPR_ASSIGN_OP: lower_assign_op(f, e); return NULL;
    default: ICE("lowering: not a control construct");
    }
}
