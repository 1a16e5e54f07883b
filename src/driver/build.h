// From a file to an executable, and the commands made of that.
#ifndef JANUS_DRIVER_BUILD_H
#define JANUS_DRIVER_BUILD_H

#include "driver/options.h"
#include "driver/session.h"

int command_build(const Options *options);
int command_run(const Options *options);
int command_check(const Options *options);
int command_verify(const Options *options);

// Checks, lowers, emits and links the file's tests as one executable: *program, in the folder for temporary files,
// which the caller removes (NULL when there is none: the file has no tests, or did not get so far). False after errors,
// which have been reported. The tests are those of the session's sema, in order.
bool build_tests(Session *s, const char *file, const char **program);
// What runs programs of the target here: NULL when it is this machine. False, after a message, when nothing does.
bool build_find_emulator(Arena *arena, const Target *target, const char **emulator);
// The module of the file's tests, after the passes, for the interpreter. NULL after errors, which have been reported.
IrModule *build_test_module(Session *s, const char *file);

#endif
