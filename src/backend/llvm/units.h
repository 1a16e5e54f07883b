// How a QTJIR module is divided into units, each of which becomes an LLVM module, and an object file, of its own.
#ifndef JANUS_BACKEND_LLVM_UNITS_H
#define JANUS_BACKEND_LLVM_UNITS_H

#include <llvm-c/Types.h>

#include "backend/backend.h"

// Hangs off `scratch` of every function during an emission.
typedef struct FuncPlan {
    const char *symbol;
    uint32_t unit;          // where its body goes
    bool assigned;          // `unit` is known; while planning
    bool shared;            // other units refer to it: its symbol is visible to them
    LLVMValueRef value;     // in the unit being built; NULL until it is declared there
    bool copied;            // the unit being built has a copy of the body, for inlining
} FuncPlan;

// Hangs off `scratch` of every global. All globals are in unit 0.
typedef struct GlobalPlan {
    bool shared;
    LLVMValueRef value;
} GlobalPlan;

typedef struct UnitPlan {
    FuncPlan *funcs;        // by position in the module
    GlobalPlan *globals;
    uint32_t unit_count;
    Map public_funcs;       // Name → the IrFunc that has this symbol by right: an export, else an extern
} UnitPlan;

static inline FuncPlan *func_plan(const IrFunc *f) { return f->scratch; }
static inline GlobalPlan *global_plan(const IrGlobal *g) { return g->scratch; }

// Whether units that refer to `f` of another unit get a copy of its body, for LLVM to inline. What only copies refer to
// is not copied in turn, unless it asks to be inlined: long chains of calls would bring everything into every unit.
bool unit_may_copy(const IrFunc *f, const BackendOptions *options, bool from_copy);

void units_plan(UnitPlan *plan, Arena *arena, IrModule *module, const BackendOptions *options);
// Forgets what the unit built before has declared.
void units_begin(UnitPlan *plan, const IrModule *module);
void units_forget(IrModule *module);

#endif
