// Rules of parameters, calls, cleanup tokens and terminators.
#include "qtjir/verify/internal.h"

#include <stdlib.h>

bool rule_PARAM(Verify *v, const IrInst *i) {
    if (i->block != v->f->entry || (i->prev && i->prev->op != IR_PARAM))
        return verify_fail(v, "parameters come first in the entry block");
    uint32_t index = i->path.index;
    const Type *type = v->f->type;
    if (index >= v->f->param_count) return verify_fail(v, "the function has no parameter %u", (unsigned)index);
    if (v->params_seen[index]++) return verify_fail(v, "parameter %u is named twice", (unsigned)index);
    if (ir_result_by_address(type)) {
        if (index == 0) return verify_result_address(v, i, type->element, false) && verify_layout(v, type->element);
        index--;
    }
    Type *param = type->params[index];
    if (!ir_param_by_address(param)) return verify_result(v, i, param);
    return verify_result_address(v, i, param, true) && verify_layout(v, param);
}

// ---- calls -----------------------------------------------------------------------------------------------------------

static bool returns_never(const IrInst *i) {
    if (i->op == IR_CALL) return i->func->type->element->kind == TYPE_NEVER;
    return i->op == IR_CALL_PTR && i->args[0]->type->kind == TYPE_FUNC && i->args[0]->type->element->kind == TYPE_NEVER;
}

static bool verify_argument(Verify *v, const IrInst *i, uint32_t k, Type *param) {
    if (!ir_param_by_address(param)) return verify_operand(v, i, k, param);
    const Type *t = i->args[k]->type;
    if (t->kind == TYPE_PTR && t->element == param) return verify_layout(v, param);
    return verify_fail(v, "operand %u must be the address of a `%s`, it is `%s`", k + 1, verify_text(v, param),
                       verify_text(v, t));
}

// Operands from `first` on, against the function's type.
static bool verify_call(Verify *v, const IrInst *i, uint32_t first, const Type *type) {
    bool by_address = ir_result_by_address(type);
    uint32_t expected = type->param_count + by_address;
    if (i->arg_count - first != expected)
        return verify_fail(v, "the function takes %u operands, %u are given", (unsigned)expected,
                           (unsigned)(i->arg_count - first));
    if (by_address) {
        Type *t = verify_address(v, i, first);
        if (!t || !verify_writable(v, i, first)) return false;
        if (t != type->element)
            return verify_fail(v, "operand %u must be the address of the result, a `%s`", first + 1,
                               verify_text(v, type->element));
        if (!verify_layout(v, t)) return false;
    }
    for (uint32_t n = 0; n < type->param_count; n++)
        if (!verify_argument(v, i, first + by_address + n, type->params[n])) return false;
    bool has_value = type->element->kind != TYPE_NEVER && !by_address;
    if (!verify_result(v, i, has_value ? type->element : type_primitive(v->types, TYPE_VOID))) return false;
    if (returns_never(i) && (!i->next || i->next->op != IR_UNREACHABLE))
        return verify_fail(v, "a call that does not return must be followed by unreachable");
    return true;
}

bool rule_CALL(Verify *v, const IrInst *i) {
    if (!i->func || i->func->module != v->m) return verify_fail(v, "the function is not in the module");
    return verify_call(v, i, 0, i->func->type);
}

bool rule_CALL_PTR(Verify *v, const IrInst *i) {
    if (i->arg_count == 0) return verify_fail(v, "the function to call is missing");
    const Type *type = i->args[0]->type;
    if (type->kind != TYPE_FUNC)
        return verify_fail(v, "operand 1 must be a function, it is `%s`", verify_text(v, type));
    return verify_call(v, i, 1, type);
}

bool rule_SYSCALL(Verify *v, const IrInst *i) {
    if (i->arg_count < 1 || i->arg_count > 7) return verify_fail(v, "a system call takes 1 to 7 operands");
    for (uint32_t k = 0; k < i->arg_count; k++) {
        const Type *t = i->args[k]->type;
        if (!type_is_int(t) && t->kind != TYPE_PTR)
            return verify_fail(v, "operand %u must be an integer or an address, it is `%s`", k + 1, verify_text(v, t));
    }
    return verify_result_kind(v, i, TYPE_ISIZE);
}

bool rule_SPIN_HINT(Verify *v, const IrInst *i) {
    (void)v, (void)i;
    return true;
}

bool rule_PREFETCH_WRITE(Verify *v, const IrInst *i) { return verify_address(v, i, 0); }

bool rule_CRC32C(Verify *v, const IrInst *i) {
    if (!verify_operand(v, i, 0, type_primitive(v->types, TYPE_U32)) || !verify_operand_int(v, i, 1)) return false;
    if (type_is_signed(i->args[1]->type)) return verify_fail(v, "operand 2 must be unsigned");
    return verify_result_kind(v, i, TYPE_U32);
}

bool rule_HAS_CRC32C(Verify *v, const IrInst *i) { return verify_result_kind(v, i, TYPE_BOOL); }

// Where tokens stand is a question of all paths: flow.c.
static bool token_in_range(Verify *v, const IrInst *i) {
    return i->imm < UINT32_MAX || verify_fail(v, "the token is out of range");
}

bool rule_CLEANUP_PUSH(Verify *v, const IrInst *i) { return token_in_range(v, i); }
bool rule_CLEANUP_POP(Verify *v, const IrInst *i) { return token_in_range(v, i); }

// ---- terminators; that targets exist is known before ------------------------------------------------------------------

bool rule_JUMP(Verify *v, const IrInst *i) {
    (void)v, (void)i;
    return true;
}

bool rule_BRANCH(Verify *v, const IrInst *i) { return verify_operand_bool(v, i, 0); }

static int compare_values(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

bool rule_SWITCH(Verify *v, const IrInst *i) {
    const Type *t = i->args[0]->type;
    if (!type_is_int(t) && t->kind != TYPE_ENUM && t->kind != TYPE_ERROR_SET)
        return verify_fail(v, "operand 1 must be an integer, a plain enum or an error, it is `%s`", verify_text(v, t));
    uint64_t *values = ARENA_ARRAY(v->arena, uint64_t, i->jump.case_count);
    for (uint32_t n = 0; n < i->jump.case_count; n++) {
        values[n] = i->jump.cases[n].value;
        if (!verify_int_fits(t, values[n]))
            return verify_fail(v, "case %u does not fit `%s`", n + 1, verify_text(v, t));
    }
    if (i->jump.case_count) qsort(values, i->jump.case_count, sizeof(uint64_t), compare_values);
    for (uint32_t n = 1; n < i->jump.case_count; n++)
        if (values[n] == values[n - 1]) return verify_fail(v, "a value has two cases");
    return true;
}

bool rule_RET(Verify *v, const IrInst *i) {
    Type *result = v->f->type->element;
    if (result->kind == TYPE_NEVER) return verify_fail(v, "a function that does not return has no ret");
    uint32_t expected = result->kind != TYPE_VOID && !ir_result_by_address(v->f->type);
    if (i->arg_count != expected)
        return verify_fail(v, "ret takes %u operands here, %u are given", (unsigned)expected, (unsigned)i->arg_count);
    return !expected || verify_operand(v, i, 0, result);
}

bool rule_TRAP(Verify *v, const IrInst *i) {
    if (i->trap >= TRAP_KIND_COUNT) return verify_fail(v, "there is no such trap");
    if (v->m->checks_stripped && i->trap != TRAP_EXPLICIT)
        return verify_fail(v, "a check is left although checks were stripped");
    if (i->trap != TRAP_UNKNOWN && i->trap != TRAP_ESCAPE) return true;
    return v->m->is_partial ||
           verify_fail(v, "a program that runs is not stopped for what only a compiler does not know");
}

bool rule_PANIC(Verify *v, const IrInst *i) { return verify_operand_str(v, i, 0); }

bool rule_UNREACHABLE(Verify *v, const IrInst *i) {
    if (i->prev && (i->prev->op == IR_CALL || i->prev->op == IR_CALL_PTR) && returns_never(i->prev)) return true;
    return v->m->checks_stripped || verify_fail(v, "unreachable must follow a call that does not return");
}
