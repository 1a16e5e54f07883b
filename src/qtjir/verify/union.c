// Rules of optionals, error unions and enums. The payload's address has exactly the payload's type, so a value wrapped
// twice, or not at all, cannot pass: the store through that address would differ in type.
#include "qtjir/verify/internal.h"

static Type *optional_operand(Verify *v, const IrInst *i) {
    return verify_address_of(v, i, 0, TYPE_OPTIONAL, "an optional");
}

bool rule_OPTIONAL_HAS(Verify *v, const IrInst *i) {
    return optional_operand(v, i) && verify_result_kind(v, i, TYPE_BOOL);
}

bool rule_OPTIONAL_PAYLOAD(Verify *v, const IrInst *i) {
    Type *t = optional_operand(v, i);
    return t && verify_result_address(v, i, t->element, i->args[0]->type->is_const);
}

bool rule_OPTIONAL_SET_SOME(Verify *v, const IrInst *i) {
    Type *t = optional_operand(v, i);
    return t && verify_writable(v, i, 0) && verify_result_address(v, i, t->element, false);
}

bool rule_OPTIONAL_SET_NONE(Verify *v, const IrInst *i) { return optional_operand(v, i) && verify_writable(v, i, 0); }

// ---- error unions ----------------------------------------------------------------------------------------------------

static Type *union_operand(Verify *v, const IrInst *i) {
    return verify_address_of(v, i, 0, TYPE_ERROR_UNION, "an error union");
}

bool rule_ERROR_IS(Verify *v, const IrInst *i) { return union_operand(v, i) && verify_result_kind(v, i, TYPE_BOOL); }

bool rule_ERROR_CODE(Verify *v, const IrInst *i) {
    Type *t = union_operand(v, i);
    return t && verify_result(v, i, t->errors);
}

bool rule_ERROR_PAYLOAD(Verify *v, const IrInst *i) {
    Type *t = union_operand(v, i);
    return t && verify_result_address(v, i, t->element, i->args[0]->type->is_const);
}

bool rule_ERROR_SET_OK(Verify *v, const IrInst *i) {
    Type *t = union_operand(v, i);
    return t && verify_writable(v, i, 0) && verify_result_address(v, i, t->element, false);
}

bool rule_ERROR_SET_ERR(Verify *v, const IrInst *i) {
    Type *t = union_operand(v, i);
    return t && verify_writable(v, i, 0) && verify_operand(v, i, 1, t->errors);
}

static bool operand_is_error(Verify *v, const IrInst *i) {
    if (i->args[0]->type->kind == TYPE_ERROR_SET) return true;
    return verify_fail(v, "operand 1 must be an error, it is `%s`", verify_text(v, i->args[0]->type));
}

bool rule_ERROR_WIDEN(Verify *v, const IrInst *i) {
    if (i->args[0]->type == type_any_error(v->types)) return verify_fail(v, "operand 1 is of the open set already");
    return operand_is_error(v, i) && verify_result(v, i, type_any_error(v->types));
}

// Narrowing is for what the inferred errors of a function allow; it never hides a mistake between two closed sets.
bool rule_ERROR_NARROW(Verify *v, const IrInst *i) {
    Type *any = type_any_error(v->types);
    if (!verify_operand(v, i, 0, any)) return false;
    if (i->type->kind == TYPE_ERROR_SET && i->type != any) return true;
    return verify_fail(v, "the result must be a closed error set, it is `%s`", verify_text(v, i->type));
}

bool rule_ERROR_NAME(Verify *v, const IrInst *i) {
    return operand_is_error(v, i) && verify_result(v, i, type_str(v->types));
}

// ---- enums -----------------------------------------------------------------------------------------------------------

static Type *enum_operand(Verify *v, const IrInst *i) {
    Type *t = verify_address_of(v, i, 0, TYPE_ENUM, "an enum with payloads");
    if (!t || !t->is_plain_enum) return t;
    verify_fail(v, "operand 1 must be the address of an enum with payloads, it is `%s`",
                verify_text(v, i->args[0]->type));
    return NULL;
}

static bool variant_exists(Verify *v, const Type *t, uint32_t variant) {
    if (variant < t->variant_count) return true;
    return verify_fail(v, "`%s` has no variant %u", verify_text(v, t), (unsigned)variant);
}

bool rule_ENUM_TAG(Verify *v, const IrInst *i) {
    Type *t = enum_operand(v, i);
    return t && verify_result(v, i, t->tag_type);
}

bool rule_ENUM_SET_TAG(Verify *v, const IrInst *i) {
    Type *t = enum_operand(v, i);
    return t && verify_writable(v, i, 0) && variant_exists(v, t, i->path.variant);
}

bool rule_VARIANT_FIELD(Verify *v, const IrInst *i) {
    Type *t = enum_operand(v, i);
    if (!t || !variant_exists(v, t, i->path.variant)) return false;
    const Variant *variant = &t->variants[i->path.variant];
    if (i->path.index >= variant->field_count)
        return verify_fail(v, "variant %u of `%s` has no field %u", (unsigned)i->path.variant, verify_text(v, t),
                           (unsigned)i->path.index);
    return verify_result_address(v, i, variant->fields[i->path.index].type, i->args[0]->type->is_const);
}

static bool is_plain_enum(Verify *v, const Type *t, const char *what) {
    if (t->kind == TYPE_ENUM && t->is_plain_enum && t->tag_type) return true;
    return verify_fail(v, "%s must be a plain enum, it is `%s`", what, verify_text(v, t));
}

bool rule_ENUM_TO_INT(Verify *v, const IrInst *i) {
    const Type *t = i->args[0]->type;
    return is_plain_enum(v, t, "operand 1") && verify_result(v, i, t->tag_type);
}

bool rule_ENUM_FROM_INT(Verify *v, const IrInst *i) {
    return is_plain_enum(v, i->type, "the result") && verify_operand(v, i, 0, i->type->tag_type);
}
