// Runs test blocks. Each file becomes one executable; each of its tests is a process that gets the test's number as its
// argument, two at a time, with a time limit: a test that crashes, hangs or exits takes no other one with it. Under the
// interpreter the tests run in this process, one after the other, each as often as there are seeds to try. Results are
// printed in the order of the source, whatever order they finish in.
#define _GNU_SOURCE
#include "tool/test.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver/build.h"
#include "driver/interpret.h"
#include "driver/process.h"

typedef VEC(const char *) Paths;

typedef struct Outcome {
    bool done, passed, timed_out;
    int exit_code;
    const char *output;
} Outcome;

typedef struct TestRun {
    const Options *options;
    const char *emulator; // NULL: tests run on this machine
    uint32_t passed, failed;
} TestRun;

// ---- finding files

// A line that begins with `test "`. Reading is cheaper than compiling every file of a folder.
static bool has_test_block(Arena *arena, const char *path) {
    Str text;
    if (!file_read(arena, path, &text)) return false;
    for (const char *p = text.ptr; (p = strstr(p, "test \"")); p++)
        if (p == text.ptr || p[-1] == '\n') return true;
    return false;
}

static int by_name(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

enum { DEEPEST_FOLDER = 64 };

static void find_in_folder(Arena *arena, const char *folder, Paths *found, int depth) {
    DIR *dir = depth < DEEPEST_FOLDER ? opendir(folder) : NULL;
    if (!dir) return;
    Paths entries = {0};
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            VEC_PUSH(arena, &entries, path_join(arena, folder, str_c(arena, str_from(entry->d_name))));
    closedir(dir);
    if (entries.len) qsort(entries.items, entries.len, sizeof *entries.items, by_name);
    for (uint32_t i = 0; i < entries.len; i++) {
        const char *path = entries.items[i];
        if (dir_exists(path))
            find_in_folder(arena, path, found, depth + 1);
        else if (str_ends_with(str_from(path), ".jan") && file_exists(path) && has_test_block(arena, path))
            VEC_PUSH(arena, found, path);
    }
}

static Paths find_files(Arena *arena, const Options *options) {
    Paths found = {0};
    for (uint32_t i = 0; i < options->argument_count; i++) {
        const char *path = options->arguments[i];
        if (dir_exists(path))
            find_in_folder(arena, path, &found, 0);
        else
            VEC_PUSH(arena, &found, path);
    }
    return found;
}

// ---- running

static bool is_wanted(const TestRun *run, const FuncInst *test) {
    const char *filter = run->options->filter;
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

static void print_outcome(TestRun *run, const char *file, const FuncInst *test, const Outcome *outcome) {
    printf("%s %s: " STR_FMT "\n", outcome->passed ? "ok" : "FAIL", file, STR_ARG(test->test_name));
    if (outcome->passed) {
        run->passed++;
        return;
    }
    run->failed++;
    if (outcome->output) print_indented(outcome->output);
    if (outcome->timed_out)
        printf("    stopped after %u s\n", run->options->timeout);
    else if (outcome->exit_code > 128)
        printf("    ended by signal %d\n", outcome->exit_code - 128);
    else
        printf("    exit code %d\n", outcome->exit_code);
}

static void take_result(Arena *arena, ProcessPool *pool, Outcome *outcomes) {
    StrBuf output = {0};
    ProcessResult result = process_pool_wait(pool, &output);
    Outcome *outcome = &outcomes[result.tag];
    *outcome = (Outcome){true, !result.timed_out && result.exit_code == 0, result.timed_out, result.exit_code, NULL};
    if (output.len && !outcome->passed) outcome->output = str_c(arena, strbuf_str(&output));
    strbuf_free(&output);
}

static void run_all(TestRun *run, Session *s, const char *file, const char *program) {
    uint32_t count = sema_test_count(s->sema), next = 0, shown = 0;
    Outcome *outcomes = ARENA_ARRAY(s->arena, Outcome, count + 1);
    ProcessPool *pool = process_pool_create(s->arena, run->options->timeout);
    while (shown < count) {
        const FuncInst *test = sema_test(s->sema, shown);
        if (!is_wanted(run, test)) {
            shown++;
        } else if (outcomes[shown].done) {
            print_outcome(run, file, test, &outcomes[shown++]);
            fflush(stdout);
        } else if (next < count && !process_pool_full(pool)) {
            uint32_t number = next++;
            if (!is_wanted(run, sema_test(s->sema, number))) continue;
            const char *argv[] = {run->emulator, program, arena_printf(s->arena, "%u", number), NULL};
            if (!process_pool_start(pool, run->emulator ? argv : argv + 1, number))
                outcomes[number] = (Outcome){true, false, false, 127,
                                             arena_printf(s->arena, "cannot start the test: %s", strerror(errno))};
        } else {
            take_result(s->arena, pool, outcomes);
        }
    }
}

// One machine for all tests of the file: a reset is cheaper than a new one.
static void interpret_all(TestRun *run, Session *s, const char *file, const IrModule *module) {
    TestInterpreter *interpreter = test_interpreter_create(module, run->options);
    for (uint32_t i = 0; i < sema_test_count(s->sema); i++) {
        const FuncInst *test = sema_test(s->sema, i);
        if (!is_wanted(run, test)) continue;
        StrBuf output = {0};
        Outcome outcome = {.done = true};
        outcome.exit_code = test_interpreter_run(interpreter, i, &output);
        outcome.passed = outcome.exit_code == 0;
        if (output.len && !outcome.passed) outcome.output = str_c(s->arena, strbuf_str(&output));
        strbuf_free(&output);
        print_outcome(run, file, test, &outcome);
        fflush(stdout);
    }
    test_interpreter_destroy(interpreter);
}

static void interpret_file(TestRun *run, const char *file) {
    Session *s = session_create(run->options);
    IrModule *module = build_test_module(s, file);
    if (!module) {
        printf("FAIL %s: does not build\n", file);
        run->failed++;
    } else if (sema_test_count(s->sema)) {
        interpret_all(run, s, file, module);
    }
    fflush(stdout);
    session_destroy(s);
}

static void run_file(TestRun *run, const char *file) {
    if (run->options->interpret) {
        interpret_file(run, file);
        return;
    }
    Session *s = session_create(run->options);
    const char *program = build_temporary(s->arena, "");
    if (program && build_tests(s, file, program)) {
        run_all(run, s, file, program);
    } else {
        printf("FAIL %s: does not build\n", file);
        run->failed++;
    }
    fflush(stdout);
    if (program) unlink(program);
    session_destroy(s);
}

int command_test(const Options *options) {
    Arena *arena = arena_create();
    TestRun run = {.options = options};
    bool possible =
        options->interpret ? interpret_possible(options) : build_find_emulator(arena, options, &run.emulator);
    if (!possible) return arena_destroy(arena), EXIT_ERRORS;
    Paths files = find_files(arena, options);
    for (uint32_t i = 0; i < files.len; i++) run_file(&run, files.items[i]);
    printf("%u passed, %u failed\n", run.passed, run.failed);
    arena_destroy(arena);
    return run.failed ? EXIT_ERRORS : EXIT_OK;
}
