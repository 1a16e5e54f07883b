// What commands.def and options.def say, as tables, and what is printed from them: help, shell completions and the
// manual.
#ifndef JANUS_DRIVER_USAGE_H
#define JANUS_DRIVER_USAGE_H

#include <stdio.h>

#include "driver/options.h"

typedef enum OptionKind {
#define OPTION(kind, name, letter, argument, commands, help) OPTION_##kind,
#include "driver/options.def"
#undef OPTION
    OPTION_COUNT
} OptionKind;

typedef struct OptionInfo {
    const char *name;
    char letter;                // or 0
    const char *argument;       // or NULL
    int commands;               // bits: 1 << Command
    const char *help;
} OptionInfo;

typedef struct CommandInfo {
    const char *name, *arguments, *summary;
} CommandInfo;

extern const OptionInfo option_infos[OPTION_COUNT];
extern const CommandInfo command_infos[COMMAND_COUNT];

static inline bool option_belongs(const OptionInfo *option, Command command) { return option->commands & (1 << command); }

void usage_print_overview(FILE *out);
void usage_print_command(FILE *out, Command command);

// `janus completions SHELL` and `janus manual`, which answer an exit code.
int command_completions(const Options *options);
int command_manual(const Options *options);

#endif
