// The compile-time evaluator's insides: a walk over the typed tree. Memory is made of ConstValues in a scratch arena: a
// local is a cell, an aggregate's parts are cells of their own, and storing copies into the cell. What a place denotes is
// its cell. The last step copies the result out of the scratch arena; nothing of the evaluation survives it.
#ifndef JANUS_SEMA_CONSTEVAL_H
#define JANUS_SEMA_CONSTEVAL_H

#include "sema/control.h"
#include "sema/expr.h"

// Kinds of values that exist only while evaluating, beside those of ConstKind.
enum {
    EVAL_OK = 100, // success of an error union: items[0]
    EVAL_ERR, // its error: bits is the code
    EVAL_PTR, // pointer to the cell items[0]
    EVAL_SLICE, // `count` elements of the array cell items[0] from `index`
};
enum {
    EVAL_STEP_LIMIT = 1000000,
    EVAL_TOTAL_LIMIT = 16000000, // of all evaluations together
    EVAL_DEPTH_LIMIT = 2500,
};

typedef enum Flow { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN, FLOW_STOP } Flow;

typedef struct Frame {
    struct Frame *parent;
    Map cells; // Local → ConstValue
    const FuncInst *func; // NULL: the expression itself
} Frame;

typedef struct Eval {
    Context *c;
    Sema *sema;
    Arena *arena;
    Frame *frame;
    Span span; // of the whole expression
    uint64_t steps;
    Flow flow; // anything but NEXT: evaluation is on its way out, values are NULL
    const TLoop *target; // BREAK, CONTINUE
    ConstValue *result; // RETURN
} Eval;

// Reports and stops; always NULL.
ConstValue *eval_fail(Eval *e, DiagCode code, Span span, const char *fmt, ...) PRINTF_LIKE(4, 5);
bool eval_step(Eval *e, Span span, uint64_t count); // false when over the limit (reported)
ConstValue *eval_value(Eval *e, const TExpr *t); // NULL when flow is not NEXT
ConstValue *eval_place(Eval *e, const TExpr *t); // the cell
ConstValue *eval_control(Eval *e, const TExpr *t);
ConstValue *eval_call(Eval *e, FuncInst *func, TExpr *const *args, uint32_t count, Span span);
ConstValue *eval_intrinsic(Eval *e, const TExpr *t);
ConstValue *eval_new(Eval *e, int kind, Type *type);
ConstValue *eval_int(Eval *e, Type *type, uint64_t bits);
ConstValue *eval_void(Eval *e);
ConstValue *eval_copy(Eval *e, const ConstValue *v, Span span); // all the way down
void eval_bind(Eval *e, const Local *local, ConstValue *cell);
// Makes the parts of a repeated array or an undefined aggregate into cells. False after a report.
bool eval_expand(Eval *e, ConstValue *cell, const Type *type, Span span);
ConstValue *eval_element(Eval *e, const ConstValue *slice, const Type *element, uint64_t i, Span span); // cell
uint64_t eval_slice_len(const ConstValue *slice);
bool eval_equal(Eval *e, ConstValue *a, ConstValue *b, Type *type, Span span);
bool eval_index(Eval *e, const TExpr *index, uint64_t *out);
// ---- consteval_number.c; a text answer is what went wrong
uint64_t int_normal(const Type *t, uint64_t bits);
const char *int_binary(BinaryOp op, const Type *t, uint64_t a, uint64_t b, const Type *amount, uint64_t *out);
const char *const_cast(const Type *to, const Type *from, const ConstValue *v, ConstValue *out);
const char *float_binary(BinaryOp op, double a, double b, double *out);
bool compare_ordered(CompareOp op, const Type *t, const ConstValue *a, const ConstValue *b);
// ---- consteval_result.c: a copy that outlives the evaluation. NULL after a report.
ConstValue *eval_persist(Eval *e, const ConstValue *v, Type *type);

#endif
