// Shared by the two files of intrinsics: the call in hand, and helpers that read its arguments.
#ifndef JANUS_SEMA_EXPR_INTRINSIC_H
#define JANUS_SEMA_EXPR_INTRINSIC_H

#include "sema/body/body.h"
#include "sema/expr/expr.h"

typedef struct IntrinsicCall {
    Context *c;
    Node *node;
    IntrinsicKind kind;
    const char *name;
    NodeList *generics, *args;
} IntrinsicCall;

// Reports E2027 and gives the error expression.
TExpr *intrinsic_misuse(IntrinsicCall *call, Span span, const char *fmt, ...) PRINTF_LIKE(3, 4);
// The generic argument as a type; NULL for `_` (only where `may_infer`) or after a report, told apart by *ok.
Type *intrinsic_type(IntrinsicCall *call, uint32_t index, bool may_infer, bool *ok);
TExpr *intrinsic_value(IntrinsicCall *call, uint32_t index);   // argument as a value, literals at their default
TExpr *intrinsic_node(IntrinsicCall *call, Type *type, TExpr **args, uint32_t count);
TExpr **intrinsic_args(IntrinsicCall *call, TExpr *a, TExpr *b, TExpr *c);

// atomic.c
TExpr *check_atomic(IntrinsicCall *call);
TExpr *check_volatile(IntrinsicCall *call);

#endif
