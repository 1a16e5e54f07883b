// Programs and tests under the interpreter.
#ifndef JANUS_DRIVER_INTERPRET_H
#define JANUS_DRIVER_INTERPRET_H

#include "driver/process.h"
#include "driver/settings.h"

// False, after a message, when the target is not the one whose kernel the interpreter plays.
bool interpret_possible(const BuildSettings *build);
// Runs the program with this process's standard streams; `arguments` are its own, its name first. Answers its exit code: 134 for
// a panic, as for SIGABRT, and see interp.h for undefined behaviour and limits.
int interpret_program(const IrModule *module, const InterpretSettings *settings, char *const *arguments, uint32_t count);

typedef struct TestInterpreter TestInterpreter;
TestInterpreter *test_interpreter_create(const IrModule *module, const InterpretSettings *settings);
void test_interpreter_destroy(TestInterpreter *ti);
// The test of this number, with each seed in turn until one fails; a test that starts no thread runs once. Answers how
// it ended, SIGABRT for a panic; `output` gets what was printed under the last seed.
ProcessEnd test_interpreter_run(TestInterpreter *ti, uint32_t number, StrBuf *output);

#endif
