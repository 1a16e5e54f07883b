// The executable: reads the command line and calls the command. Exit codes: 0, 1 for errors in the user's program, 2 for wrong
// usage, 101 for an internal error; `run` answers with the program's own.
#include "driver/build.h"
#include "driver/usage.h"
#include "tool/explain.h"
#include "tool/fix.h"
#include "tool/fmt.h"
#include "tool/test.h"

static int dispatch(const Options *options) {
    switch (options->command) {
    case COMMAND_BUILD: return command_build(options);
    case COMMAND_RUN: return command_run(options);
    case COMMAND_CHECK: return command_check(options);
    case COMMAND_TEST: return command_test(options);
    case COMMAND_VERIFY: return command_verify(options);
    case COMMAND_FMT: return command_fmt(options);
    case COMMAND_FIX: return command_fix(options);
    case COMMAND_EXPLAIN: return command_explain(options);
    case COMMAND_COMPLETIONS: return command_completions(options);
    case COMMAND_MANUAL: return command_manual(options);
    case COMMAND_COUNT: break;
    }
    ICE("unknown command");
}

int main(int argc, char **argv) {
    Arena *arena = arena_create();
    Options options;
    int exit_code;
    if (options_parse(&options, arena, argc, argv, &exit_code)) exit_code = dispatch(&options);
    arena_destroy(arena);
    return exit_code;
}
