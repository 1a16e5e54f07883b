// The questions that rules ask of operands and results, with the words in which they complain.
#include "qtjir/verify/internal.h"

Type *verify_address(Verify *v, const IrInst *i, uint32_t k) {
    Type *t = i->args[k]->type;
    if (t->kind == TYPE_PTR) return t->element;
    verify_fail(v, "operand %u must be an address, it is `%s`", k + 1, verify_text(v, t));
    return NULL;
}

Type *verify_address_of(Verify *v, const IrInst *i, uint32_t k, TypeKind kind, const char *what) {
    Type *t = verify_address(v, i, k);
    if (!t) return NULL;
    if (t->kind == kind) return verify_layout(v, t) ? t : NULL;
    verify_fail(v, "operand %u must be the address of %s, it is `%s`", k + 1, what, verify_text(v, i->args[k]->type));
    return NULL;
}

bool verify_writable(Verify *v, const IrInst *i, uint32_t k) {
    if (!i->args[k]->type->is_const) return true;
    return verify_fail(v, "operand %u is a const address, nothing may be written through it", k + 1);
}

bool verify_operand(Verify *v, const IrInst *i, uint32_t k, const Type *expected) {
    const Type *t = i->args[k]->type;
    if (t == expected) return true;
    return verify_fail(v, "operand %u must be `%s`, it is `%s`", k + 1, verify_text(v, expected), verify_text(v, t));
}

bool verify_operand_usize(Verify *v, const IrInst *i, uint32_t k) {
    return verify_operand(v, i, k, type_primitive(v->types, TYPE_USIZE));
}

bool verify_operand_bool(Verify *v, const IrInst *i, uint32_t k) {
    return verify_operand(v, i, k, type_primitive(v->types, TYPE_BOOL));
}

bool verify_operand_str(Verify *v, const IrInst *i, uint32_t k) { return verify_operand(v, i, k, type_str(v->types)); }

bool verify_operand_int(Verify *v, const IrInst *i, uint32_t k) {
    if (type_is_int(i->args[k]->type)) return true;
    return verify_fail(v, "operand %u must be an integer, it is `%s`", k + 1, verify_text(v, i->args[k]->type));
}

bool verify_operand_float(Verify *v, const IrInst *i, uint32_t k) {
    if (type_is_float(i->args[k]->type)) return true;
    return verify_fail(v, "operand %u must be a float, it is `%s`", k + 1, verify_text(v, i->args[k]->type));
}

bool verify_same(Verify *v, const IrInst *i, uint32_t a, uint32_t b) {
    if (i->args[a]->type == i->args[b]->type) return true;
    return verify_fail(v, "operands %u and %u must have one type, they are `%s` and `%s`", a + 1, b + 1,
                       verify_text(v, i->args[a]->type), verify_text(v, i->args[b]->type));
}

bool verify_result(Verify *v, const IrInst *i, const Type *expected) {
    if (i->type == expected) return true;
    return verify_fail(v, "the result must be `%s`, it is `%s`", verify_text(v, expected), verify_text(v, i->type));
}

bool verify_result_kind(Verify *v, const IrInst *i, TypeKind kind) {
    return verify_result(v, i, type_primitive(v->types, kind));
}

bool verify_result_address(Verify *v, const IrInst *i, const Type *pointee, bool is_const) {
    if (i->type->kind == TYPE_PTR && i->type->element == pointee && i->type->is_const == is_const) return true;
    return verify_fail(v, "the result must be the %saddress of a `%s`, it is `%s`", is_const ? "const " : "",
                       verify_text(v, pointee), verify_text(v, i->type));
}
