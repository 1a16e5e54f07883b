// The dispatcher over all kinds of the typed tree, and the operators: arithmetic, comparisons, casts. An expression is
// lowered towards a destination: without one, the value of a scalar is answered; with one, the value is built in the
// fresh memory there, so that no aggregate is ever a value.
#include <stdlib.h>

#include "qtjir/lower/internal.h"

static IrInst *lower_logical(FuncLowerer *f, const TExpr *e) {
    IrInst *anchor = f->anchor;
    IrInst *slot = slot_temp(f, e->type);
    IrInst *left = lower_value(f, e->op2.left);
    emit_store(f, slot, left);
    Label right = {0}, end = {0};
    bool is_and = e->op2.op == BINARY_AND;
    emit_branch(f, left, is_and ? &right : &end, is_and ? &end : &right);
    label_begin(f, &right);
    IrInst *second = lower_value(f, e->op2.right);
    if (!FAULT_IN(f->p->types, STORE_FORGOTTEN)) emit_store(f, slot, second);
    emit_jump(f, &end);
    label_begin(f, &end);
    f->anchor = anchor;
    if (FAULT_IN(f->p->types, BRANCH_VALUE_ESCAPES) && second) return second;
    return emit_load(f, slot);
}

static IrInst *lower_equal(FuncLowerer *f, const TExpr *e) {
    // What is on the left stays what it was, whatever the right side does.
    const TExpr *second = e->equal.right;
    bool harmless =
        place_is_simple(second) || (second->kind == TEXPR_TEMP && second->unary.operand->kind == TEXPR_CONST);
    IrInst *left = harmless ? lower_place(f, e->equal.left) : lower_operand_address(f, e->equal.left);
    IrInst *right = lower_place(f, second);
    IrInst *same = lower_equal_at(f, e->equal.left->type, left, right);
    return e->equal.negate ? emit1(f, IR_NOT, f->p->type_bool, same) : same;
}

static IrInst *lower_null(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    if (type_is_scalar(e->type)) return emit0(f, IR_CONST_NULL, e->type);
    if (!FAULT_IN(f->p->types, NONE_NEVER_WRITTEN)) emit1(f, IR_OPTIONAL_SET_NONE, f->p->type_void, dest);
    return NULL;
}

static IrInst *lower_undefined(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    if (type_is_scalar(e->type)) return emit0(f, IR_UNDEF, e->type);
    if (type_in_memory(e->type)) emit1(f, IR_UNDEF_MEM, f->p->type_void, dest);
    return NULL;
}

static IrInst *lower_load(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *address = lower_place(f, texpr_is_place(e) ? e : e->unary.operand);
    if (type_is_scalar(e->type)) return emit_load(f, address);
    if (dest && f->block) emit_copy(f, dest, address);
    return NULL;
}

static IrInst *lower_slice_ptr(FuncLowerer *f, const TExpr *e) {
    IrInst *slice = lower_value(f, e->unary.operand);
    if (!f->block) return NULL;
    Type *pointer = type_ptr(f->p->types, slice->type->element, slice->type->is_const);
    return emit_address_as(f, emit1(f, IR_SLICE_PTR, pointer, slice), e->type);
}

static IrInst *lower_slice_make(FuncLowerer *f, const TExpr *e) {
    IrInst *pointer = lower_value(f, e->slice_make.pointer);
    IrInst *length = lower_value(f, e->slice_make.length);
    if (!f->block) return NULL;
    pointer = emit_address_as(f, pointer, type_ptr(f->p->types, e->type->element, e->type->is_const));
    return emit2(f, IR_SLICE_MAKE, e->type, pointer, emit_int_as(f, length, f->p->type_usize, false));
}

static IrInst *lower_is_null(FuncLowerer *f, const TExpr *e) {
    IrInst *has = emit_optional_has(f, lower_place(f, e->unary.operand));
    return emit1(f, IR_NOT, f->p->type_bool, has);
}

// Always through a cast, even to the same type: from here on the program holds the pointer and may keep it longer than
// the slot lives, so the verifier must not take its uses for the compiler's own.
static IrInst *lower_address_of(FuncLowerer *f, const TExpr *e) {
    IrInst *address = lower_place(f, e->unary.operand);
    return f->block ? emit1(f, IR_PTR_CAST, e->type, address) : NULL;
}

static IrInst *lower_kind(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    switch (e->kind) {
    case TEXPR_LOCAL:
    case TEXPR_GLOBAL:
    case TEXPR_DEREF:
    case TEXPR_FIELD:
    case TEXPR_INDEX_ARRAY:
    case TEXPR_INDEX_SLICE:
    case TEXPR_PAYLOAD:
    case TEXPR_TEMP:
    case TEXPR_LOAD: return lower_load(f, e, dest);
    case TEXPR_CONST: return lower_const(f, e->constant, dest);
    case TEXPR_UNDEFINED: return lower_undefined(f, e, dest);
    case TEXPR_NULL_VALUE: return lower_null(f, e, dest);
    case TEXPR_FUNC_REF: return lower_func_ref(f, e->func, e->type);
    case TEXPR_ADDR: return lower_address_of(f, e);
    case TEXPR_SLICE_ARRAY:
    case TEXPR_SLICE_SLICE: return lower_slice_of(f, e);
    case TEXPR_SLICE_LEN: return emit1(f, IR_SLICE_LEN, f->p->type_usize, lower_value(f, e->unary.operand));
    case TEXPR_SLICE_PTR: return lower_slice_ptr(f, e);
    case TEXPR_SLICE_MAKE: return lower_slice_make(f, e);
    case TEXPR_UNARY: return lower_unary(f, e);
    case TEXPR_BINARY: {
        IrInst *left = lower_value(f, e->op2.left);
        IrInst *right = lower_value(f, e->op2.right);
        return lower_binary_op(f, e->op2.op, left, right);
    }
    case TEXPR_LOGICAL: return lower_logical(f, e);
    case TEXPR_COMPARE: {
        IrInst *left = lower_value(f, e->compare.left);
        IrInst *right = lower_value(f, e->compare.right);
        return emit_compare(f, e->compare.op, left, right);
    }
    case TEXPR_EQUAL: return lower_equal(f, e);
    case TEXPR_COERCE: return lower_coerce(f, e, dest);
    case TEXPR_CAST: return lower_cast(f, e);
    case TEXPR_STRUCT:
    case TEXPR_ARRAY:
    case TEXPR_ARRAY_REPEAT:
    case TEXPR_ENUM: return lower_aggregate(f, e, dest);
    case TEXPR_ERROR_VALUE: return emit_int(f, e->type, e->error.code);
    case TEXPR_IS_NULL: return lower_is_null(f, e);
    case TEXPR_CALL: return lower_call(f, e, dest);
    case TEXPR_CALL_INDIRECT: return lower_call_indirect(f, e, dest);
    case TEXPR_INTRINSIC: return lower_intrinsic(f, e, dest);
    case TEXPR_TRY: return lower_try(f, e, dest);
    case TEXPR_CATCH: return lower_catch(f, e, dest);
    case TEXPR_ORELSE: return lower_orelse(f, e, dest);
    case TEXPR_PANIC: lower_panic(f, e); return NULL;
    case TEXPR_ASSERT: lower_assert(f, e); return NULL;
    case TEXPR_UNREACHABLE: emit_trap(f, TRAP_UNREACHABLE); return NULL;
    case TEXPR_BLOCK: return lower_block(f, e, dest);
    case TEXPR_USING: return lower_using(f, e, dest);
    case TEXPR_MATCH: return lower_match(f, e, dest);
    case TEXPR_DISCARD: lower_effect(f, e->unary.operand); return NULL;
    case TEXPR_IF:
    case TEXPR_LOOP:
    case TEXPR_BREAK:
    case TEXPR_CONTINUE:
    case TEXPR_RETURN:
    case TEXPR_ASSIGN:
    case TEXPR_ASSIGN_OP: return lower_control(f, e, dest);
    case TEXPR_LET:
    case TEXPR_DEFER: ICE("lowering %s: %s outside a block", f->func->name, texpr_kind_name(e->kind));
    case TEXPR_ERROR:
    case TEXPR_KIND_COUNT: break;
    }
    ICE("lowering %s: a poisoned expression", f->func->name);
}

IrInst *lower_expr(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    Span outer = f->span;
    if (!lower_descend(f, e->span)) return NULL;
    // A copy out of a place that nobody wants is no copy.
    if (!dest && type_in_memory(e->type) && e->kind != TEXPR_LOAD && !texpr_is_place(e)) dest = slot_temp(f, e->type);
    IrInst *value = lower_kind(f, e, dest);
    if (value && dest) {
        emit_store(f, dest, value);
        value = NULL;
    }
    f->depth--;
    f->span = outer;
    return f->block ? value : NULL;
}

IrInst *lower_value(FuncLowerer *f, const TExpr *e) { return lower_expr(f, e, NULL); }
void lower_effect(FuncLowerer *f, const TExpr *e) { lower_expr(f, e, NULL); }
void lower_into(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    if (e->type->kind == TYPE_VOID || e->type->kind == TYPE_NEVER) dest = NULL;
    lower_expr(f, e, dest);
}

// ---- operators

static IrOp binary_op(BinaryOp op, bool is_float) {
    switch (op) {
    case BINARY_ADD: return is_float ? IR_FADD : IR_ADD;
    case BINARY_SUB: return is_float ? IR_FSUB : IR_SUB;
    case BINARY_MUL: return is_float ? IR_FMUL : IR_MUL;
    case BINARY_DIV: return is_float ? IR_FDIV : IR_DIV;
    case BINARY_REM: return is_float ? IR_FREM : IR_REM;
    case BINARY_ADD_WRAP: return IR_ADD_WRAP;
    case BINARY_SUB_WRAP: return IR_SUB_WRAP;
    case BINARY_MUL_WRAP: return IR_MUL_WRAP;
    case BINARY_BIT_AND: return IR_AND;
    case BINARY_BIT_OR: return IR_OR;
    case BINARY_BIT_XOR: return IR_XOR;
    case BINARY_SHL: return IR_SHL;
    case BINARY_SHR: return IR_SHR;
    default: ICE("lowering: not an arithmetic operator");
    }
}

IrInst *lower_binary_op(FuncLowerer *f, BinaryOp op, IrInst *left, IrInst *right) {
    if (!f->block) return NULL;
    IrInst *inst = emit2(f, binary_op(op, type_is_float(left->type)), left->type, left, right);
    if (FAULT_IN(f->p->types, ARITHMETIC_UNCHECKED) && inst && (op == BINARY_ADD || op == BINARY_SUB))
        inst->unchecked = true;
    return inst;
}

IrInst *lower_unary(FuncLowerer *f, const TExpr *e) {
    IrInst *value = lower_value(f, e->op1.operand);
    if (!f->block) return NULL;
    if (e->op1.op == UNARY_NEG) return emit1(f, type_is_float(value->type) ? IR_FNEG : IR_NEG, value->type, value);
    ENSURE(e->op1.op == UNARY_NOT || e->op1.op == UNARY_BIT_NOT);
    return emit1(f, IR_NOT, value->type, value);
}

IrInst *lower_error_as(FuncLowerer *f, IrInst *code, Type *errors) {
    if (!f->block || code->type == errors) return f->block ? code : NULL;
    bool narrows = code->type == type_any_error(f->p->types);
    return emit1(f, narrows ? IR_ERROR_NARROW : IR_ERROR_WIDEN, errors, code);
}

// ---- casts

// low <= x <= high over each run of neighbouring discriminants.
typedef struct Run {
    int64_t low, high;
} Run;

static int compare_signed(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int compare_unsigned(const void *a, const void *b) {
    uint64_t x = (uint64_t)*(const int64_t *)a, y = (uint64_t)*(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static IrInst *emit_in_run(FuncLowerer *f, IrInst *x, Run run) {
    if (run.low == run.high) return emit_compare(f, COMPARE_EQ, x, emit_int(f, x->type, (uint64_t)run.low));
    IrInst *above = emit_compare(f, COMPARE_GE, x, emit_int(f, x->type, (uint64_t)run.low));
    IrInst *below = emit_compare(f, COMPARE_LE, x, emit_int(f, x->type, (uint64_t)run.high));
    return emit2(f, IR_AND, f->p->type_bool, above, below);
}

static IrInst *emit_is_declared(FuncLowerer *f, const Type *type, IrInst *x) {
    uint32_t count = type->variant_count;
    if (!count) return emit_int(f, f->p->type_bool, 0);
    int64_t *values = ARENA_ARRAY(f->p->arena, int64_t, count);
    for (uint32_t i = 0; i < count; i++) values[i] = type->variants[i].discriminant;
    qsort(values, count, sizeof *values, type_is_signed(x->type) ? compare_signed : compare_unsigned);
    IrInst *all = NULL;
    for (uint32_t i = 0; i < count;) {
        Run run = {values[i], values[i]};
        for (i++; i < count && (uint64_t)values[i] - (uint64_t)run.high <= 1; i++) run.high = values[i];
        IrInst *one = emit_in_run(f, x, run);
        all = all ? emit2(f, IR_OR, f->p->type_bool, all, one) : one;
    }
    return all;
}

static IrInst *cast_number(FuncLowerer *f, IrInst *value, Type *to) {
    if (!f->block || value->type == to) return f->block ? value : NULL;
    Type *from = value->type;
    if (type_is_float(from)) return emit1(f, type_is_float(to) ? IR_FLOAT_CAST : IR_FLOAT_TO_INT, to, value);
    if (type_is_float(to)) return emit1(f, IR_INT_TO_FLOAT, to, value);
    return emit_int_as(f, value, to, false);
}

IrInst *lower_cast(FuncLowerer *f, const TExpr *e) {
    IrInst *value = lower_value(f, e->cast.operand);
    if (!f->block || value->type == e->type) return f->block ? value : NULL;
    if (value->type->kind == TYPE_BOOL) {
        if (type_is_int(e->type)) return emit1(f, IR_BOOL_TO_INT, e->type, value);
        value = emit1(f, IR_BOOL_TO_INT, f->p->type_u8, value);
    } else if (value->type->kind == TYPE_ENUM) {
        value = emit1(f, IR_ENUM_TO_INT, value->type->tag_type, value);
    }
    if (e->type->kind != TYPE_ENUM) return cast_number(f, value, e->type);
    value = cast_number(f, value, e->type->tag_type);
    if (!f->block) return NULL;
    emit_check_true(f, emit_is_declared(f, e->type, value), TRAP_CAST);
    return emit1(f, IR_ENUM_FROM_INT, e->type, value);
}
