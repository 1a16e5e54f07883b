// The command line as data. commands.def and options.def are the only lists of commands and options.
#ifndef JANUS_DRIVER_OPTIONS_H
#define JANUS_DRIVER_OPTIONS_H

#include "driver/settings.h"

typedef enum Command {
#define COMMAND(kind, name, arguments, summary) COMMAND_##kind,
#include "driver/commands.def"
#undef COMMAND
    COMMAND_COUNT
} Command;

#define JANUS_VERSION "0.1.0"

typedef struct Options {
    Command command;
    char **arguments;           // files, paths or codes; for `run` what follows the file goes to the program
    uint32_t argument_count;
    const char *output;         // NULL: not given
    BuildSettings build;
    ReportSettings report;
    InterpretSettings limits;   // of --interpret
    bool interpret;
    bool check;                 // change nothing, answer whether something would change
    bool from_stdin;
    const char *filter;         // NULL: none
    uint32_t timeout;           // seconds
} Options;

// Answers false when there is nothing left to do (help, version or a usage error, already printed): exit with
// *exit_code.
bool options_parse(Options *options, Arena *arena, int argc, char **argv, int *exit_code);

#endif
