// Typed tree → QTJIR. Translates, decides nothing.
#ifndef JANUS_QTJIR_LOWER_H
#define JANUS_QTJIR_LOWER_H

#include "qtjir/ir.h"
#include "sema/sema.h"

// The exit code of a test that came to its end: one that no test answers by chance, so that a test that exits early has
// not passed.
enum { TEST_PASSED = 76 };

// Lowers every checked function reachable from the roots, the globals they use, and the entry that the runtime calls:
// `__janus_main() -> i32`, which calls main (an error result prints its name and answers 1), or, when `tests` is not
// empty, runs the test whose number `__janus_test_selected() -> u32` answers, and answers TEST_PASSED. Only for
// programs without errors. NULL after reporting that a function is too large or nests too deeply.
IrModule *lower_program(Sema *sema, Arena *arena, FuncInst *main_func, FuncInst **tests, uint32_t test_count);

// ---- piece by piece, for what is evaluated at compile time
// A module that holds what has been reached so far. Functions and globals come into it without bodies and values, which are added when an
// execution gets there.
typedef struct Lowerer Lowerer;
Lowerer *lower_open(Sema *sema, Arena *arena);
void lower_close(Lowerer *p); // the module goes with its arena
IrModule *lower_opened_module(Lowerer *p);
// A new function without parameters whose result is the value. Its temporaries live until it has returned. NULL after a
// report.
IrFunc *lower_constant(Lowerer *p, const TExpr *value);
bool lower_body(Lowerer *p, IrFunc *func);          // of a checked function; false after a report
void lower_initial(Lowerer *p, IrGlobal *global);   // a value that the checker knows by now
void lower_new_error_names(Lowerer *p, Sema *sema); // those that came since the last call

#endif
