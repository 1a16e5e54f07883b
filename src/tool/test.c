// Runs test blocks. Each file becomes one executable; each of its tests is a process that gets the test's number as its
// argument, two at a time, with a time limit: a test that crashes, hangs or exits takes no other one with it. Under the
// interpreter the tests run in this process, one after the other, each as often as there are seeds to try. Results are
// printed in the order of the source, whatever order they finish in.
#define _GNU_SOURCE
#include "tool/test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver/build.h"
#include "driver/find.h"
#include "driver/interpret.h"
#include "driver/process.h"
#include "driver/workspace.h"
#include "qtjir/lower.h"

typedef struct Outcome {
    bool done, passed, timed_out;
    ProcessEnd end;
    const char *output;
} Outcome;

typedef struct TestRun {
    Workspace *workspace;
    const char *filter; // NULL: all tests are wanted
    uint32_t timeout;
    const InterpretSettings *interpreted; // NULL: tests are processes
    const char *emulator; // NULL: tests run on this machine
    uint32_t passed, failed;
    int interrupted; // the signal, once one came
} TestRun;

// ---- finding files

// A line that begins with `test`, as a test block's does wherever it stands. Reading is cheaper than compiling every
// file of a folder. What cannot be read is left to the compiler, which says why.
static bool may_have_tests(Arena *arena, const char *path) {
    Str text;
    if (!file_read(arena, path, &text)) return true;
    if (memmem(text.ptr, text.len, "\xEF\xBB\xBFtest", 7) == text.ptr) return true;
    const char *end = text.ptr + text.len;
    for (const char *p = text.ptr; p < end; p++) {
        while (p < end && (*p == ' ' || *p == '\t')) p++;
        if (end - p > 4 && memcmp(p, "test", 4) == 0 && strchr(" \t\"", p[4])) return true;
        p = memchr(p, '\n', (size_t)(end - p));
        if (!p) return false;
    }
    return false;
}

// ---- running

static bool is_wanted(const TestRun *run, const FuncInst *test) {
    const char *filter = run->filter;
    if (!filter) return true;
    return memmem(test->test_name.ptr, test->test_name.len, filter, strlen(filter)) != NULL;
}

static void print_indented(const char *text) {
    while (*text) {
        size_t len = strcspn(text, "\n");
        printf("    %.*s\n", (int)len, text);
        text += len + (text[len] == '\n');
    }
}

static void print_end(Arena *arena, ProcessEnd end) {
    if (end.failed) return; // the output says it
    if (end.signal)
        printf("    killed by %s\n", process_signal_name(arena, end.signal));
    else if (end.exit_code == 0)
        puts("    left before its end (exit code 0)");
    else
        printf("    exit code %d\n", end.exit_code);
}

static void print_outcome(TestRun *run, Arena *arena, const char *file, const FuncInst *test, const Outcome *outcome) {
    printf("%s %s: " STR_FMT "\n", outcome->passed ? "ok" : "FAIL", file, STR_ARG(test->test_name));
    if (outcome->passed) {
        run->passed++;
        return;
    }
    run->failed++;
    if (outcome->output) print_indented(outcome->output);
    if (outcome->timed_out)
        printf("    stopped after %u s\n", run->timeout);
    else
        print_end(arena, outcome->end);
}

static bool has_passed(ProcessEnd end) { return !end.failed && !end.signal && end.exit_code == TEST_PASSED; }

static void take_result(TestRun *run, Arena *arena, ProcessPool *pool, Outcome *outcomes) {
    StrBuf output = {0};
    ProcessResult result = process_pool_wait(pool, &output);
    run->interrupted = result.interrupted;
    if (run->interrupted) return;
    Outcome *outcome = &outcomes[result.tag];
    bool passed = !result.timed_out && has_passed(result.end);
    *outcome = (Outcome){true, passed, result.timed_out, result.end, NULL};
    if (output.len && !outcome->passed) outcome->output = str_c(arena, strbuf_str(&output));
    strbuf_free(&output);
}

static void run_all(TestRun *run, Session *s, const char *file, const char *program) {
    uint32_t count = sema_test_count(s->sema), next = 0, shown = 0;
    Outcome *outcomes = ARENA_ARRAY(s->arena, Outcome, count + 1);
    ProcessPool *pool = process_pool_create(s->arena, run->timeout);
    while (shown < count && !run->interrupted) {
        const FuncInst *test = sema_test(s->sema, shown);
        if (!is_wanted(run, test)) {
            shown++;
        } else if (outcomes[shown].done) {
            print_outcome(run, s->arena, file, test, &outcomes[shown++]);
            fflush(stdout);
        } else if (next < count && !process_pool_full(pool)) {
            uint32_t number = next++;
            if (!is_wanted(run, sema_test(s->sema, number))) continue;
            const char *argv[] = {run->emulator, program, arena_printf(s->arena, "%u", number), NULL};
            if (!process_pool_start(pool, run->emulator ? argv : argv + 1, number))
                outcomes[number] = (Outcome){true,
                                             false,
                                             false,
                                             {.failed = true},
                                             arena_printf(s->arena, "cannot start the test: %s", strerror(errno))};
        } else {
            take_result(run, s->arena, pool, outcomes);
        }
    }
    process_pool_destroy(pool);
}

// One machine for all tests of the file: a reset is cheaper than a new one.
static void interpret_all(TestRun *run, Session *s, const char *file, const IrModule *module) {
    TestInterpreter *interpreter = test_interpreter_create(module, run->interpreted);
    for (uint32_t i = 0; i < sema_test_count(s->sema); i++) {
        const FuncInst *test = sema_test(s->sema, i);
        if (!is_wanted(run, test)) continue;
        StrBuf output = {0};
        Outcome outcome = {.done = true};
        outcome.end = test_interpreter_run(interpreter, i, &output);
        outcome.passed = has_passed(outcome.end);
        if (output.len && !outcome.passed) outcome.output = str_c(s->arena, strbuf_str(&output));
        strbuf_free(&output);
        print_outcome(run, s->arena, file, test, &outcome);
        fflush(stdout);
    }
    test_interpreter_destroy(interpreter);
}

static void interpret_file(TestRun *run, const char *file) {
    Session *s = workspace_open(run->workspace);
    IrModule *module = build_test_module(s, file);
    if (!module) {
        printf("FAIL %s: does not build\n", file);
        run->failed++;
    } else if (sema_test_count(s->sema)) {
        session_print_phases(s);
        interpret_all(run, s, file, module);
    }
    fflush(stdout);
    session_destroy(s);
}

static void run_file(TestRun *run, const char *file) {
    if (run->interpreted) {
        interpret_file(run, file);
        return;
    }
    Session *s = workspace_open(run->workspace);
    const char *program;
    if (build_tests(s, file, &program)) {
        session_print_phases(s);
        if (program) run_all(run, s, file, program);
    } else {
        printf("FAIL %s: does not build\n", file);
        run->failed++;
    }
    fflush(stdout);
    if (program) unlink(program);
    session_destroy(s);
}

// Ends this process as the signal would have done, had it not been held back.
static void end_by(int number) {
    fflush(stdout);
    raise(number);
}

int command_test(const Options *options) {
    Arena *arena = arena_create();
    TestRun run = {.filter = options->filter,
                   .timeout = options->timeout,
                   .interpreted = options->interpret ? &options->limits : NULL};
    bool possible = options->interpret ? interpret_possible(&options->build)
                                       : build_find_emulator(arena, options->build.target, &run.emulator);
    if (!possible) return arena_destroy(arena), EXIT_ERRORS;
    run.workspace = workspace_create(&options->build, &options->report);
    Paths unreadable = {0};
    Paths files = find_files(arena, options->arguments, options->argument_count, may_have_tests, &unreadable);
    // Nobody knows what tests they have.
    for (uint32_t i = 0; i < unreadable.len; i++) printf("FAIL %s: cannot be read\n", unreadable.items[i]);
    run.failed = unreadable.len;
    for (uint32_t i = 0; i < files.len && !run.interrupted; i++) run_file(&run, files.items[i]);
    if (run.interrupted) end_by(run.interrupted);
    printf("%u passed, %u failed\n", run.passed, run.failed);
    workspace_destroy(run.workspace);
    arena_destroy(arena);
    return run.failed ? EXIT_ERRORS : EXIT_OK;
}
