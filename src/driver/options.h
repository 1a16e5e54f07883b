// The command line as data. commands.def and options.def are the only lists of commands and options.
#ifndef JANUS_DRIVER_OPTIONS_H
#define JANUS_DRIVER_OPTIONS_H

#include "driver/target.h"
#include "qtjir/ir.h"

typedef enum Command {
#define COMMAND(kind, name, arguments, summary) COMMAND_##kind,
#include "driver/commands.def"
#undef COMMAND
    COMMAND_COUNT
} Command;

#define JANUS_VERSION "0.1.0"

// What a build writes.
typedef enum OutputKind { OUTPUT_EXECUTABLE, OUTPUT_QTJIR, OUTPUT_LLVM, OUTPUT_ASSEMBLY, OUTPUT_OBJECT } OutputKind;

enum { EXIT_OK = 0, EXIT_ERRORS = 1, EXIT_USAGE = 2 };     // and 101 for an internal error, see base/error.c

typedef struct Options {
    Command command;
    char **arguments;           // files, paths or codes; for `run` what follows the file goes to the program
    uint32_t argument_count;
    const char *output;         // NULL: not given
    OutputKind output_kind;
    BuildMode mode;
    const Target *target;
    uint32_t jobs;              // threads that emit, at least 1
    bool libc;
    bool freestanding;
    const char *sanitize;       // NULL: none
    VEC(const char *) libraries;
    bool time, json;
    bool check;                 // change nothing, answer whether something would change
    bool from_stdin;
    const char *filter;         // NULL: none
    uint32_t timeout;           // seconds
    bool interpret;
    uint64_t seed, seeds;       // --interpret: the first seed and how many
    uint64_t steps, memory, frames;     // --interpret: limits, memory in MiB; 0: the default
} Options;

// Answers false when there is nothing left to do (help, version or a usage error, already printed): exit with
// *exit_code.
bool options_parse(Options *options, Arena *arena, int argc, char **argv, int *exit_code);

#endif
