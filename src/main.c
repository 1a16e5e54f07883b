// The executable: reads the command line and calls the command. Exit codes: 0, 1 for errors in the user's program, 2 for wrong
// usage, 101 for an internal error; `run` answers with the program's own.
#include <stdio.h>

#include "diag/diag.h"
#include "driver/build.h"
#include "tool/test.h"

static int command_explain(const Options *options) {
    for (uint32_t i = 0; i < options->argument_count; i++) {
        uint32_t code = 0;
        while (code < DIAG_CODE_COUNT && strcmp(diag_code_name((DiagCode)code), options->arguments[i]) != 0) code++;
        if (code == DIAG_CODE_COUNT) {
            fprintf(stderr, "janus: no diagnostic has the code `%s`\n", options->arguments[i]);
            return EXIT_USAGE;
        }
        printf("%s: %s\n", options->arguments[i], diag_code_title((DiagCode)code));
    }
    return EXIT_OK;
}

static int dispatch(const Options *options) {
    switch (options->command) {
    case COMMAND_BUILD: return command_build(options);
    case COMMAND_RUN: return command_run(options);
    case COMMAND_CHECK: return command_check(options);
    case COMMAND_TEST: return command_test(options);
    case COMMAND_VERIFY: return command_verify(options);
    case COMMAND_EXPLAIN: return command_explain(options);
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
