// What the files of the verifier share. A rule answers false after it has reported; helpers do the same, so rules are
// chains of `&&`. Only the first broken rule of a function is kept: what follows one mistake says little.
#ifndef JANUS_QTJIR_VERIFY_INTERNAL_H
#define JANUS_QTJIR_VERIFY_INTERNAL_H

#include "qtjir/verify/dominance.h"
#include "qtjir/text.h"

typedef struct Verify {
    Arena *module_arena;        // lives as long as the verification
    Arena *arena;               // reset for each function
    const IrModule *m;
    Types *types;
    const char *after_pass;
    StrBuf *errors;
    const IrFunc *f;
    const IrBlock *block;
    const IrInst *inst;         // being judged; NULL: the block or the function as a whole
    bool failed;                // this function has its message
    IrInst **defs;              // by id
    uint32_t *position;         // by id: place in its block
    uint8_t *params_seen;
    Cfg *cfg;
    TextTypes ready;            // memo of complete types
    uint8_t *type_marks;        // by type id: TYPE_MARK_…
    uint32_t type_mark_count;
    Map globals;                // of the module, as a set
    uint32_t globals_noted;     // so many of them
} Verify;

enum { TYPE_MARK_CONCRETE = 1, TYPE_MARK_LAYOUT = 2 };

bool verify_fail(Verify *v, const char *fmt, ...) PRINTF_LIKE(2, 3);        // answers false
const char *verify_text(Verify *v, const Type *t);

// types.c
bool verify_concrete(Verify *v, Type *t);                   // nothing in it that only the checker knows
bool verify_layout(Verify *v, Type *t);                     // complete, and its layout does not contradict itself
bool verify_global(Verify *v, const IrGlobal *g);
bool verify_int_fits(const Type *t, uint64_t bits);         // integers, bool, plain enums, error codes

// operand.c: operands are numbered from 0 in code and from 1 in messages
Type *verify_address(Verify *v, const IrInst *i, uint32_t k);           // what is there; NULL after reporting
Type *verify_address_of(Verify *v, const IrInst *i, uint32_t k, TypeKind kind, const char *what);
bool verify_writable(Verify *v, const IrInst *i, uint32_t k);
bool verify_operand(Verify *v, const IrInst *i, uint32_t k, const Type *expected);
bool verify_operand_usize(Verify *v, const IrInst *i, uint32_t k);
bool verify_operand_bool(Verify *v, const IrInst *i, uint32_t k);
bool verify_operand_int(Verify *v, const IrInst *i, uint32_t k);
bool verify_operand_float(Verify *v, const IrInst *i, uint32_t k);
bool verify_operand_str(Verify *v, const IrInst *i, uint32_t k);
bool verify_same(Verify *v, const IrInst *i, uint32_t a, uint32_t b);   // two operands of one type
bool verify_result(Verify *v, const IrInst *i, const Type *expected);
bool verify_result_kind(Verify *v, const IrInst *i, TypeKind kind);
bool verify_result_address(Verify *v, const IrInst *i, const Type *pointee, bool is_const);

// flow.c: what needs the whole function
bool verify_dominance(Verify *v);
bool verify_slots(Verify *v);
bool verify_cleanups(Verify *v);
// fill.c
bool verify_fill(Verify *v);

// facts.c
typedef enum FactKind { FACT_UNTOUCHED, FACT_NEEDED, FACT_BEGINS, FACT_ENDS } FactKind;
typedef struct FactEvent {
    const IrInst *inst;
    uint32_t block;             // index in the Cfg
    uint32_t fact;              // numbered from 0
    FactKind kind;
} FactEvent;
typedef VEC(FactEvent) FactEvents;
// Events stand in program order. Answers one that needs what may not hold there, and makes it the place of the next
// message; NULL when there is none.
const FactEvent *verify_facts(Verify *v, const FactEvents *events, uint32_t count);
int verify_place_base(IrOp op);                             // the operand whose place the result lies in, or -1

// One rule for each operation; its operands are known to exist, to have values and to be as many as they must.
#define OP(kind, text, operands, has_result, class) bool rule_##kind(Verify *v, const IrInst *i);
#include "qtjir/ops.def"
#undef OP

#endif
