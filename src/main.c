// The executable: puts right what the parent process may have left odd, reads the command line and calls the command.
// Exit codes: 0, 1 for errors in the user's program and for results that could not be written, 2 for wrong usage, 101
// for an internal error; `run` answers with the program's own.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

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

// A standard stream that is closed would give its number to the next file that is opened, and messages would go into
// that. What takes its place fails as a closed one does: it is open the wrong way round.
static void hold_standard_streams(void) {
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

// With SIGCHLD ignored, a property that is inherited, nobody would learn how a child ended.
static void accept_child_signals(void) { signal(SIGCHLD, SIG_DFL); }

// A result that is lost must not look like success.
static int end_output(int exit_code) {
    errno = 0;
    bool lost = ferror(stdout) || fflush(stdout) != 0;
    if (!lost || exit_code != EXIT_OK) return exit_code;
    fprintf(stderr, "janus: cannot write standard output%s%s\n", errno ? ": " : "", errno ? strerror(errno) : "");
    return EXIT_ERRORS;
}

int main(int argc, char **argv) {
    hold_standard_streams();
    accept_child_signals();
    Arena *arena = arena_create();
    Options options;
    int exit_code;
    if (options_parse(&options, arena, argc, argv, &exit_code)) exit_code = dispatch(&options);
    arena_destroy(arena);
    return end_output(exit_code);
}
