// Constants: what the other wings may ask beside the contract of internal.h.
#ifndef JANUS_SEMA_CONSTANT_CONSTANT_H
#define JANUS_SEMA_CONSTANT_CONSTANT_H

#include "sema/sema_internal.h"

// A constant context of its own: initialisers, lengths.
Context const_context(Sema *s, Module *module, Decl *decl);
// A local `const`: declared in the current scope.
TExpr *check_local_const(Context *c, Node *node);
ConstValue *const_of_tree(Context *c, TExpr *e);                // NULL when it is not made of constants alone
Global *global_promote(Context *c, ConstValue *value, Span span);

#endif
