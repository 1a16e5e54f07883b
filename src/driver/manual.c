// `janus manual`: the manual page janus(1) in the man format on standard output, made from the tables. An undated page,
// so that the same compiler always prints the same bytes.
#include "driver/usage.h"

// Roff reads a `-` as a hyphen and a line that begins with `.` or `'` as a request.
static void put_roff(FILE *out, const char *text) {
    if (*text == '.' || *text == '\'') fputs("\\&", out);
    for (; *text; text++) {
        if (*text == '-')
            fputs("\\-", out);
        else if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '`')
            fputs("\\(ga", out);
        else if (*text == '\'')
            fputs("\\(aq", out);
        else
            fputc(*text, out);
    }
}

static void print_option(FILE *out, const OptionInfo *o) {
    fputs(".TP\n", out);
    fputs("\\fB", out);
    if (o->letter) fprintf(out, "\\-%c\\fR, \\fB", o->letter);
    fputs("\\-\\-", out);
    put_roff(out, o->name);
    fputs("\\fR", out);
    if (o->argument) fprintf(out, "=\\fI%s\\fR", o->argument);
    fputc('\n', out);
    put_roff(out, o->help);
    fputs(".\n", out);
}

static void print_command(FILE *out, Command command) {
    const CommandInfo *c = &command_infos[command];
    fprintf(out, ".SS janus %s\n.B janus %s\n[\\fIOPTION\\fR...]", c->name, c->name);
    if (*c->arguments) fputs(" \\fI", out), put_roff(out, c->arguments), fputs("\\fR", out);
    fputs("\n.PP\n", out);
    put_roff(out, c->summary);
    fputs(".\n", out);
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_belongs(&option_infos[i], command) && i != OPTION_HELP) print_option(out, &option_infos[i]);
}

int command_manual(const Options *options) {
    (void)options;
    FILE *out = stdout;
    fputs(".TH JANUS 1 \"\" \"janus " JANUS_VERSION "\" \"User Commands\"\n"
          ".SH NAME\n"
          "janus \\- compiler and tools of the Janus language\n"
          ".SH SYNOPSIS\n"
          ".B janus\n"
          "\\fICOMMAND\\fR [\\fIOPTION\\fR...] \\fIARGUMENT\\fR...\n"
          ".SH DESCRIPTION\n"
          "Compiles programs written in Janus to static executables, and checks, tests, formats and repairs their "
          "source.\n"
          "Every command has an option \\fB\\-\\-help\\fR that lists its options.\n"
          ".SH COMMANDS\n",
          out);
    for (int i = 0; i < COMMAND_COUNT; i++) print_command(out, (Command)i);
    fputs(".SH EXIT STATUS\n"
          ".TP\n.B 0\nEverything went well. A program under \\fBjanus run\\fR answers with its own status.\n"
          ".TP\n.B 1\nThe source has errors, or a check found something to change.\n"
          ".TP\n.B 2\nThe command line was wrong.\n"
          ".TP\n.B 101\nThe compiler itself is at fault.\n"
          ".SH ENVIRONMENT\n"
          ".TP\n.B JANUS_STD\nThe folder of the standard library, instead of the one that belongs to the executable.\n"
          ".TP\n.B NO_COLOR\nWhen set, diagnostics are never coloured.\n"
          ".TP\n.B TMPDIR\nThe folder for temporary files, instead of /tmp.\n",
          out);
    return EXIT_OK;
}
