// The tables of the command line and the help made of them.
#include "driver/usage.h"

enum {
#define COMMAND(kind, name, arguments, summary) FOR_##kind = 1 << COMMAND_##kind,
#include "driver/commands.def"
#undef COMMAND
    FOR_ALL = (1 << COMMAND_COUNT) - 1
};

const OptionInfo option_infos[OPTION_COUNT] = {
#define OPTION(kind, name, letter, argument, commands, help) {name, letter, argument, commands, help},
#include "driver/options.def"
#undef OPTION
};

const CommandInfo command_infos[COMMAND_COUNT] = {
#define COMMAND(kind, name, arguments, summary) {name, arguments, summary},
#include "driver/commands.def"
#undef COMMAND
};

void usage_print_overview(FILE *out) {
    fputs("usage: janus COMMAND [OPTION...] ARGUMENT...\n\ncommands:\n", out);
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-11s %s\n", command_infos[i].name, command_infos[i].summary);
    fputs("\n`janus COMMAND --help` lists the options of a command; `janus --version` prints the version.\n", out);
}

static void print_option(FILE *out, const OptionInfo *o) {
    char left[64];
    char letter[8] = "    ";
    if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(left, sizeof left, "%s--%s%s%s", letter, o->name, o->argument ? "=" : "", o->argument ? o->argument : "");
    fprintf(out, "  %-26s %s\n", left, o->help);
}

void usage_print_command(FILE *out, Command command) {
    const CommandInfo *c = &command_infos[command];
    fprintf(out, "usage: janus %s [OPTION...]%s%s\n\n%s\n\noptions:\n", c->name, *c->arguments ? " " : "", c->arguments,
            c->summary);
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_belongs(&option_infos[i], command)) print_option(out, &option_infos[i]);
}
