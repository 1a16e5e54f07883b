// Reads the command line with getopt_long; the tables come from the .def files, and so does the help.
#define _GNU_SOURCE
#include "driver/usage.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool usage_error(int *exit_code, const char *fmt, ...) PRINTF_LIKE(2, 3);
static bool usage_error(int *exit_code, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fputs("janus: ", stderr);
    vfprintf(stderr, fmt, args);
    fputs("\n", stderr);
    va_end(args);
    *exit_code = EXIT_USAGE;
    return false;
}

static bool set_output_kind(Options *o, const char *text, int *exit_code) {
    static const struct {
        const char *name;
        OutputKind kind;
    } kinds[] = {{"qtjir", OUTPUT_QTJIR}, {"llvm", OUTPUT_LLVM}, {"asm", OUTPUT_ASSEMBLY}, {"obj", OUTPUT_OBJECT}};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kinds[i].name, text) != 0) continue;
        o->build.output_kind = kinds[i].kind;
        return true;
    }
    return usage_error(exit_code, "--emit must be qtjir, llvm, asm or obj, not `%s`", text);
}

static bool set_sanitizer(Options *o, const char *text, int *exit_code) {
    if (strcmp(text, "address") != 0 && strcmp(text, "thread") != 0 && strcmp(text, "undefined") != 0)
        return usage_error(exit_code, "--sanitize must be address, thread or undefined, not `%s`", text);
    o->build.sanitize = text;
    o->build.libc = true;
    return true;
}

static bool set_target(Options *o, Arena *arena, const char *text, int *exit_code) {
    o->build.target = target_named(text);
    return o->build.target || usage_error(exit_code, "--target must be %s, not `%s`", target_names(arena), text);
}

enum { MOST_JOBS = 64 };

static bool set_jobs(Options *o, const char *text, int *exit_code) {
    char *end;
    errno = 0;
    unsigned long jobs = strtoul(text, &end, 10);
    if (errno || *end || end == text || jobs == 0 || jobs > MOST_JOBS)
        return usage_error(exit_code, "--jobs must be a number from 1 to %d, not `%s`", MOST_JOBS, text);
    o->build.jobs = (uint32_t)jobs;
    return true;
}

static uint32_t default_jobs(void) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : processors > MOST_JOBS ? MOST_JOBS : (uint32_t)processors;
}

static bool set_timeout(Options *o, const char *text, int *exit_code) {
    char *end;
    errno = 0;
    unsigned long seconds = strtoul(text, &end, 10);
    if (errno || *end || end == text || seconds == 0 || seconds > 86400)
        return usage_error(exit_code, "--timeout must be a number of seconds from 1 to 86400, not `%s`", text);
    o->timeout = (uint32_t)seconds;
    return true;
}

static bool set_number(uint64_t *out, const char *name, const char *text, uint64_t low, uint64_t high, int *exit_code) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno || *end || end == text || *text == '-' || number < low || number > high)
        return usage_error(exit_code, "--%s must be a number from %llu to %llu, not `%s`", name,
                           (unsigned long long)low, (unsigned long long)high, text);
    *out = number;
    return true;
}

static bool set_mode(Options *o, BuildMode mode, int *exit_code) {
    if (o->build.mode != MODE_DEBUG && o->build.mode != mode)
        return usage_error(exit_code, "--release and --fast exclude each other");
    o->build.mode = mode;
    return true;
}

static bool apply(Options *o, Arena *arena, OptionKind kind, char *argument, int *exit_code) {
    switch (kind) {
    case OPTION_OUTPUT: o->output = argument; return *argument || usage_error(exit_code, "--output needs a path");
    case OPTION_RELEASE: return set_mode(o, MODE_RELEASE, exit_code);
    case OPTION_FAST: return set_mode(o, MODE_FAST, exit_code);
    case OPTION_EMIT: return set_output_kind(o, argument, exit_code);
    case OPTION_TARGET: return set_target(o, arena, argument, exit_code);
    case OPTION_JOBS: return set_jobs(o, argument, exit_code);
    case OPTION_LIBC: o->build.libc = true; return true;
    case OPTION_FREESTANDING: o->build.freestanding = true; return true;
    case OPTION_LINK:
        o->build.libc = true;
        VEC_PUSH(arena, &o->build.libraries, argument);
        return true;
    case OPTION_SANITIZE: return set_sanitizer(o, argument, exit_code);
    case OPTION_TIME: o->report.time = true; return true;
    case OPTION_JSON: o->report.json = true; return true;
    case OPTION_FILTER: o->filter = argument; return true;
    case OPTION_TIMEOUT: return set_timeout(o, argument, exit_code);
    case OPTION_CHECK: o->check = true; return true;
    case OPTION_STDIN: o->from_stdin = true; return true;
    case OPTION_INTERPRET: o->interpret = true; return true;
    case OPTION_SEED: return set_number(&o->limits.seed, "seed", argument, 0, UINT64_MAX, exit_code);
    case OPTION_SEEDS: return set_number(&o->limits.seeds, "seeds", argument, 1, 1000000, exit_code);
    case OPTION_STEPS: return set_number(&o->limits.steps, "steps", argument, 1, UINT64_MAX, exit_code);
    case OPTION_MEMORY: return set_number(&o->limits.memory, "memory", argument, 1, 1 << 20, exit_code);
    case OPTION_FRAMES: return set_number(&o->limits.frames, "frames", argument, 1, 1000000, exit_code);
    case OPTION_HELP:
        usage_print_command(stdout, o->command);
        *exit_code = EXIT_OK;
        return false;
    case OPTION_COUNT: break;
    }
    ICE("option without an effect");
}

enum { LONG_BASE = 256 };

static OptionKind kind_of(int code) {
    if (code >= LONG_BASE) return (OptionKind)(code - LONG_BASE);
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_infos[i].letter == code) return (OptionKind)i;
    return OPTION_COUNT;
}

static bool parse_options(Options *o, Arena *arena, int argc, char **argv, int *exit_code) {
    struct option longs[OPTION_COUNT + 1] = {0};
    char shorts[2 * OPTION_COUNT + 2] = ":";
    size_t n = 1;
    for (int i = 0; i < OPTION_COUNT; i++) {
        const OptionInfo *info = &option_infos[i];
        longs[i] = (struct option){info->name, info->argument ? required_argument : no_argument, NULL, LONG_BASE + i};
        if (info->letter) shorts[n++] = info->letter;
        if (info->letter && info->argument) shorts[n++] = ':';
    }
    opterr = 0;
    for (int code; (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        const char *written = argv[optind - 1];
        if (code == '?')
            return usage_error(exit_code, "unknown option `%s` (janus %s --help lists them)", written,
                               command_infos[o->command].name);
        if (code == ':') return usage_error(exit_code, "option `%s` needs an argument", written);
        OptionKind kind = kind_of(code);
        ENSURE(kind != OPTION_COUNT);
        if (!(option_infos[kind].commands & (1 << o->command)))
            return usage_error(exit_code, "`janus %s` has no option --%s", command_infos[o->command].name,
                               option_infos[kind].name);
        if (!apply(o, arena, kind, optarg, exit_code)) return false;
    }
    o->arguments = argv + optind;
    o->argument_count = (uint32_t)(argc - optind);
    return true;
}

static bool command_named(const char *name, Command *command) {
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(command_infos[i].name, name) != 0) continue;
        *command = (Command)i;
        return true;
    }
    return false;
}

bool options_parse(Options *o, Arena *arena, int argc, char **argv, int *exit_code) {
    *o = (Options){.timeout = 10, .limits = {.seeds = 1}, .build = {.target = target_host(), .jobs = default_jobs()}};
    *exit_code = EXIT_OK;
    if (argc < 2) {
        usage_print_overview(stderr);
        *exit_code = EXIT_USAGE;
        return false;
    }
    bool asks_help = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0;
    bool asks_version = strcmp(argv[1], "--version") == 0;
    if ((asks_help || asks_version) && argc > 2)
        return usage_error(exit_code, "%s stands alone (janus COMMAND --help helps with a command)", argv[1]);
    if (asks_version) return puts("janus " JANUS_VERSION), false;
    if (asks_help) return usage_print_overview(stdout), false;
    if (!command_named(argv[1], &o->command))
        return usage_error(exit_code, "unknown command `%s` (janus --help lists them)", argv[1]);
    if (!parse_options(o, arena, argc - 1, argv + 1, exit_code)) return false;
    const CommandInfo *c = &command_infos[o->command];
    bool optional = !*c->arguments || *c->arguments == '[';
    if (o->argument_count == 0 && !optional)
        return usage_error(exit_code, "`janus %s` needs %s (janus %s --help says more)", c->name, c->arguments,
                           c->name);
    if (o->argument_count > 0 && !*c->arguments)
        return usage_error(exit_code, "`janus %s` takes no arguments", c->name);
    if (o->command == COMMAND_BUILD && o->argument_count > 1)
        return usage_error(exit_code, "`janus build` takes one file; the modules it uses are found by their names");
    if (o->command == COMMAND_BUILD && o->build.freestanding && o->build.output_kind == OUTPUT_EXECUTABLE)
        return usage_error(exit_code, "--freestanding makes objects, which the host links: add --emit=obj");
    if (o->build.freestanding && o->build.libc)
        return usage_error(exit_code, "--freestanding and --libc exclude each other");
    if (o->output && strcmp(o->output, "-") == 0 && o->build.output_kind == OUTPUT_EXECUTABLE)
        return usage_error(exit_code, "an executable can't be written to standard output");
    o->build.is_watched = (o->command == COMMAND_RUN || o->command == COMMAND_TEST) && !o->interpret;
    o->build.may_be_library = o->command == COMMAND_BUILD && o->build.output_kind != OUTPUT_EXECUTABLE;
    o->build.is_last = o->command != COMMAND_TEST;
    return true;
}
