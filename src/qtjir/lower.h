// Typed tree → QTJIR. Translates, decides nothing.
#ifndef JANUS_LOWER_H
#define JANUS_LOWER_H

#include "qtjir/ir.h"
#include "sema/sema.h"

// The exit code of a test that came to its end: one that no test answers by chance, so that a test that exits early has not passed.
enum { TEST_PASSED = 76 };

// Lowers every checked function reachable from the roots, the globals they use, and the entry that the runtime calls:
// `__janus_main() -> i32`, which calls main (an error result prints its name and answers 1), or, when `tests` is
// not empty, runs the test whose number `__janus_test_selected() -> u32` answers, and answers TEST_PASSED. Only for programs without errors.
// NULL after reporting that a function is too large or nests too deeply.
IrModule *lower_program(Sema *sema, Arena *arena, FuncInst *main_func, FuncInst **tests, uint32_t test_count);

#endif
