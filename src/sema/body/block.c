// Blocks as they are filled: statements one by one, values that are dropped, operations whose operands do not come back.
#include "sema/body/body.h"

void block_add(Context *c, TExpr *block, TExpr *statement) {
    VEC_PUSH(c->sema->arena, &block->block.statements, statement);
    if (is_never(statement)) block->type = prim(c, TYPE_NEVER);
}

TExpr *drop_value(Context *c, TExpr *value, Span span) {
    if (is_error(value) || is_never(value)) return value;
    TExpr *drop = texpr_new(c, TEXPR_DISCARD, prim(c, TYPE_VOID), span);
    if (texpr_is_place(value)) {
        // The address is enough to evaluate what the place depends on, and it copies nothing.
        TExpr *address =
            texpr_new(c, TEXPR_ADDR, type_ptr(c->sema->types, value->type, !value->is_mutable), value->span);
        address->unary.operand = value;
        value = address;
    } else if (value->type->kind == TYPE_VOID)
        return value;
    else
        value = default_literal(c, value);
    drop->unary.operand = value;
    return drop;
}

TExpr *never_reached(Context *c, TExpr *const *operands, uint32_t count, Span span) {
    uint32_t last = 0;
    while (last < count && !is_never(operands[last])) last++;
    if (last >= count) return NULL;
    if (last == 0) return operands[0];
    TExpr *block = block_new(c, span);
    for (uint32_t i = 0; i <= last; i++)
        // What has no type of its own has nothing to evaluate either.
        if (!is_literal(operands[i]) && !is_bare_null(operands[i]))
            block_add(c, block, drop_value(c, operands[i], operands[i]->span));
    return block;
}
