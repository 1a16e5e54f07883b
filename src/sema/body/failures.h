// The errors that values of open error types can hold, as inferred from function bodies (failures.c).
#ifndef JANUS_SEMA_BODY_FAILURES_H
#define JANUS_SEMA_BODY_FAILURES_H

#include "sema/sema_internal.h"

typedef struct Failure {
    Type *set;
    uint32_t code;
} Failure;
typedef VEC(Failure) FailureList;

// NULL for what has no open type.
Failures *failures_of(Context *c, const TExpr *value);
// `value` may end as the result of the function around: an error, an error union, or the operand of `?`.
void failures_note(Context *c, const TExpr *value);

typedef enum FailureAnswer {
    FAILURES_KNOWN,
    FAILURES_UNKNOWN,               // any error
    FAILURES_UNFINISHED,            // they depend on the body that is being checked, or on too many others
    FAILURES_BROKEN,                // of a function with mistakes, which have been reported
} FailureAnswer;
// The errors one by one. `unfinished` becomes the function whose errors are not known yet, or NULL.
FailureAnswer failures_resolve(Context *c, const Failures *failures, FailureList *out, FuncInst **unfinished);

// Whether `value`, of an open error type, can only hold errors of the closed `set`; reports what else it can hold, at
// `span`.
bool failures_fit(Context *c, const TExpr *value, const Type *set, Span span);
// How to make the errors of `unfinished` known; at most one report for each place that needs them.
void failures_report_unfinished(Context *c, DiagCode code, const FuncInst *unfinished, Span span, const char *instead);

#endif
