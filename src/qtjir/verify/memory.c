// Rules of constants, memory, addresses and slices. An address computed from a const one is const.
#include "qtjir/verify/internal.h"

bool rule_CONST_INT(Verify *v, const IrInst *i) {
    const Type *t = i->type;
    bool holds_int = type_is_int(t) || t->kind == TYPE_BOOL || t->kind == TYPE_ERROR_SET || t->kind == TYPE_ENUM;
    if (!holds_int) return verify_fail(v, "`%s` has no integer constants", verify_text(v, t));
    if (!verify_int_fits(t, i->imm)) return verify_fail(v, "the constant does not fit `%s`", verify_text(v, t));
    if (t->kind == TYPE_ERROR_SET && (i->imm == 0 || i->imm >= v->m->error_names.len))
        return verify_fail(v, "the module has no error of this code");
    return true;
}

bool rule_CONST_FLOAT(Verify *v, const IrInst *i) {
    return type_is_float(i->type) || verify_fail(v, "`%s` has no floating-point constants", verify_text(v, i->type));
}

bool rule_CONST_STR(Verify *v, const IrInst *i) { return verify_result(v, i, type_str(v->types)); }

bool rule_CONST_NULL(Verify *v, const IrInst *i) {
    return i->type->kind == TYPE_OPTIONAL || verify_fail(v, "`%s` is not an optional", verify_text(v, i->type));
}

bool rule_UNDEF(Verify *v, const IrInst *i) {
    (void)v, (void)i;
    return true;    // any scalar, which holds for every result
}

bool rule_FUNC_ADDR(Verify *v, const IrInst *i) {
    if (!i->func || i->func->module != v->m) return verify_fail(v, "the function is not in the module");
    return verify_result(v, i, i->func->type);
}

bool rule_GLOBAL_ADDR(Verify *v, const IrInst *i) {
    if (!i->global || !map_get(&v->globals, i->global)) return verify_fail(v, "the global is not in the module");
    if (!i->global->is_var && i->type->kind == TYPE_PTR && !i->type->is_const)
        return verify_fail(v, "the address of a constant global must be const");
    return verify_result_address(v, i, i->global->type, i->type->is_const);
}

// ---- slots, loads and stores -----------------------------------------------------------------------------------------

bool rule_SLOT(Verify *v, const IrInst *i) {
    if (i->block != v->f->entry) return verify_fail(v, "slots belong into the entry block");
    if (i->slot.align & (i->slot.align - 1)) return verify_fail(v, "the alignment is not a power of two");
    return verify_result_address(v, i, i->slot.type_arg, false) && verify_layout(v, i->slot.type_arg);
}

static bool operand_is_slot(Verify *v, const IrInst *i) {
    return i->args[0]->op == IR_SLOT || verify_fail(v, "operand 1 must be a slot itself");
}

bool rule_LIVE(Verify *v, const IrInst *i) { return operand_is_slot(v, i); }
bool rule_DEAD(Verify *v, const IrInst *i) { return operand_is_slot(v, i); }

bool rule_LOAD(Verify *v, const IrInst *i) {
    Type *t = verify_address(v, i, 0);
    return t && verify_result(v, i, t);
}

bool rule_STORE(Verify *v, const IrInst *i) {
    Type *t = verify_address(v, i, 0);
    return t && verify_writable(v, i, 0) && verify_operand(v, i, 1, t);
}

static Type *volatile_operand(Verify *v, const IrInst *i) {
    Type *t = verify_address(v, i, 0);
    if (!t) return NULL;
    const Type *inner = t->kind == TYPE_OPTIONAL ? t->element : t;
    bool is_address = inner->kind == TYPE_PTR || inner->kind == TYPE_FUNC;
    if (is_address || t->kind == TYPE_BOOL || (type_is_int(t) && type_bits(t) <= 64)) return t;
    verify_fail(v, "`%s` is nothing that a device register holds", verify_text(v, t));
    return NULL;
}

bool rule_VOLATILE_LOAD(Verify *v, const IrInst *i) {
    Type *t = volatile_operand(v, i);
    return t && verify_result(v, i, t);
}

bool rule_VOLATILE_STORE(Verify *v, const IrInst *i) {
    Type *t = volatile_operand(v, i);
    return t && verify_writable(v, i, 0) && verify_operand(v, i, 1, t);
}

static bool addresses_agree(Verify *v, const IrInst *i, uint32_t a, uint32_t b) {
    Type *x = verify_address(v, i, a), *y = x ? verify_address(v, i, b) : NULL;
    if (!x || !y) return false;
    if (x != y)
        return verify_fail(v, "operands %u and %u must be addresses of one type, they are `%s` and `%s`", a + 1, b + 1,
                           verify_text(v, i->args[a]->type), verify_text(v, i->args[b]->type));
    return verify_layout(v, x);
}

bool rule_COPY(Verify *v, const IrInst *i) { return addresses_agree(v, i, 0, 1) && verify_writable(v, i, 0); }

bool rule_UNDEF_MEM(Verify *v, const IrInst *i) {
    Type *t = verify_address(v, i, 0);
    return t && verify_writable(v, i, 0) && verify_layout(v, t);
}

bool rule_MEM_COPY(Verify *v, const IrInst *i) {
    return addresses_agree(v, i, 0, 1) && verify_writable(v, i, 0) && verify_operand_usize(v, i, 2);
}

bool rule_MEM_FILL(Verify *v, const IrInst *i) {
    Type *t = verify_address(v, i, 0);
    return t && verify_writable(v, i, 0) && verify_layout(v, t) &&
           verify_operand(v, i, 1, type_primitive(v->types, TYPE_U8)) && verify_operand_usize(v, i, 2);
}

bool rule_MEM_EQUAL(Verify *v, const IrInst *i) {
    return addresses_agree(v, i, 0, 1) && verify_operand_usize(v, i, 2) && verify_result_kind(v, i, TYPE_BOOL);
}

// ---- addresses -------------------------------------------------------------------------------------------------------

bool rule_FIELD_ADDR(Verify *v, const IrInst *i) {
    Type *t = verify_address_of(v, i, 0, TYPE_STRUCT, "a struct");
    if (!t) return false;
    if (i->path.index >= t->field_count)
        return verify_fail(v, "`%s` has no field %u", verify_text(v, t), (unsigned)i->path.index);
    return verify_result_address(v, i, t->fields[i->path.index].type, i->args[0]->type->is_const);
}

bool rule_ELEM_ADDR(Verify *v, const IrInst *i) {
    Type *t = verify_address_of(v, i, 0, TYPE_ARRAY, "an array");
    return t && verify_operand_usize(v, i, 1) && verify_result_address(v, i, t->element, i->args[0]->type->is_const);
}

static Type *operand_slice(Verify *v, const IrInst *i) {
    Type *t = i->args[0]->type;
    if (t->kind == TYPE_SLICE) return t;
    verify_fail(v, "operand 1 must be a slice, it is `%s`", verify_text(v, t));
    return NULL;
}

bool rule_SLICE_ELEM(Verify *v, const IrInst *i) {
    Type *t = operand_slice(v, i);
    return t && verify_operand_usize(v, i, 1) && verify_result_address(v, i, t->element, t->is_const) &&
           verify_layout(v, t->element);
}

static bool result_is_address(Verify *v, const IrInst *i) {
    return i->type->kind == TYPE_PTR ||
           verify_fail(v, "the result must be an address, it is `%s`", verify_text(v, i->type));
}

bool rule_PTR_CAST(Verify *v, const IrInst *i) { return verify_address(v, i, 0) && result_is_address(v, i); }
bool rule_PTR_FROM_INT(Verify *v, const IrInst *i) { return verify_operand_usize(v, i, 0) && result_is_address(v, i); }
bool rule_INT_FROM_PTR(Verify *v, const IrInst *i) {
    return verify_address(v, i, 0) && verify_result_kind(v, i, TYPE_USIZE);
}

// ---- slices ----------------------------------------------------------------------------------------------------------

static bool result_is_slice(Verify *v, const IrInst *i, const Type *element, bool is_const) {
    if (i->type->kind == TYPE_SLICE && i->type->element == element && i->type->is_const == is_const) return true;
    return verify_fail(v, "the result must be a %sslice of `%s`, it is `%s`", is_const ? "const " : "",
                       verify_text(v, element), verify_text(v, i->type));
}

bool rule_SLICE_MAKE(Verify *v, const IrInst *i) {
    Type *t = verify_address(v, i, 0);
    return t && verify_operand_usize(v, i, 1) && result_is_slice(v, i, t, i->args[0]->type->is_const);
}

bool rule_SLICE_PTR(Verify *v, const IrInst *i) {
    Type *t = operand_slice(v, i);
    return t && verify_result_address(v, i, t->element, t->is_const);
}

bool rule_SLICE_LEN(Verify *v, const IrInst *i) { return operand_slice(v, i) && verify_result_kind(v, i, TYPE_USIZE); }

bool rule_SLICE_CONST(Verify *v, const IrInst *i) {
    Type *t = operand_slice(v, i);
    if (t && t->is_const) return verify_fail(v, "operand 1 is a const slice already");
    return t && result_is_slice(v, i, t->element, true);
}
