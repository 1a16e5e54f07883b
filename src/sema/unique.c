// Where unique values are on the paths of a body. A unique parameter may be handed on once; whether it has been is
// known per path: a branch that does not come back leaves no trace behind it, and one that does adds what it moved.
#include "sema/control.h"

// One bit per parameter; those beyond the sixty-fourth stay moved once they are.
MovedParams moved_params(const Context *c) {
    MovedParams moved = 0;
    if (!c->func || !c->func->params) return 0;
    for (uint32_t i = 0; i < c->func->param_count && i < 64; i++)
        if (c->func->params[i] && c->func->params[i]->is_moved) moved |= (MovedParams)1 << i;
    return moved;
}

void moved_params_set(Context *c, MovedParams moved) {
    if (!c->func || !c->func->params) return;
    for (uint32_t i = 0; i < c->func->param_count && i < 64; i++)
        if (c->func->params[i]) c->func->params[i]->is_moved = moved >> i & 1;
}
