// `comptime if` between declarations and between members: which items a module has, which fields, variants and methods
// a type, a trait or an impl. Items are chosen before any of the module's names exist, and members once for all
// instances, so the condition asks about `target` and nothing else. The branch left out is not looked at.
#include "sema/decl/decl.h"
#include "sema/load/load.h"

// What the condition is made of; false after a report.
static bool asks_target(Sema *s, const Node *node) {
    switch (node->kind) {
    case NODE_BOOL:
    case NODE_DOT_NAME: return true;
    case NODE_PAREN: return asks_target(s, node->operand.operand);
    case NODE_UNARY: return asks_target(s, node->unary.operand);
    case NODE_BINARY: return asks_target(s, node->binary.left) && asks_target(s, node->binary.right);
    case NODE_MEMBER: return asks_target(s, node->member.base);
    case NODE_NAME:
        if (str_equal_c(name_str(node->name.name), "target")) return true;
        break;
    case NODE_BAD: return false;
    default: break;
    }
    diag_error(
        s->diags, DIAG_E4001, node->span,
        "between declarations and members `comptime if` asks about `target` only: no other name has a value yet");
    return false;
}

// NULL when neither branch is taken, and after a report, which `known` tells.
static const Node *chosen(Sema *s, const Node *choice, bool *known_out) {
    for (;;) {
        bool known = asks_target(s, choice->if_expr.condition);
        TExpr *condition = NULL;
        if (known) {
            Context c = {.sema = s, .module = s->target, .in_const = true};
            condition = check_condition(&c, choice->if_expr.condition);
            ConstValue *value = condition->type->kind == TYPE_BOOL ? const_eval(&c, condition) : NULL;
            known = value != NULL;
            if (known && value->bits) return choice->if_expr.then_block;
        }
        if (!known) {
            *known_out = false;
            return NULL;
        }
        const Node *other = choice->if_expr.else_branch;
        if (!other || other->kind != NODE_IF) return other;
        choice = other;
    }
}

bool members_choose(Sema *s, const NodeList *items, NodeList *out) {
    bool known = true;
    for (uint32_t i = 0; i < items->len; i++) {
        const Node *item = items->items[i];
        if (item->kind != NODE_IF) {
            VEC_PUSH(s->arena, out, items->items[i]);
            continue;
        }
        const Node *branch = chosen(s, item, &known);
        if (branch && branch->kind == NODE_BLOCK) known &= members_choose(s, &branch->block.statements, out);
    }
    return known;
}

void items_choose(Sema *s, Module *m, const NodeList *items, NodeList *out) {
    if (!members_choose(s, items, out)) m->lost_names = true;
}
