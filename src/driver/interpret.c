// Between the command line and the interpreter: streams, limits, seeds.
#define _GNU_SOURCE
#include "driver/interpret.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "interp/interp.h"
#include "sim/sim.h"
#include "qtjir/lower.h"

static const uint64_t TEST_STEPS = 200000000;

bool interpret_possible(const BuildSettings *build) {
    if (strcmp(build->target->arch, "x86_64") == 0 && !build->libc) return true;
    fputs("janus: --interpret runs programs for x86_64-linux without libc\n", stderr);
    return false;
}

static InterpLimits limits_of(const InterpretSettings *o) {
    return (InterpLimits){.memory = o->memory << 20, .frames = o->frames};
}

static void write_through(void *context, int fd, const uint8_t *bytes, size_t len) {
    (void)context;
    (void)fd_write(fd, (Str){(const char *)bytes, len});
}

static int64_t read_through(void *context, uint8_t *bytes, size_t len) {
    (void)context;
    ssize_t n;
    do n = read(0, bytes, len);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

static bool has_main(const IrModule *module) {
    for (uint32_t i = 0; i < module->funcs.len; i++)
        if (strcmp(module->funcs.items[i]->name, "__janus_main") == 0 && module->funcs.items[i]->entry) return true;
    return false;
}

int interpret_program(const IrModule *module, const InterpretSettings *settings, char *const *arguments,
                      uint32_t count) {
    if (!has_main(module)) {
        fputs("janus: the module has no function `__janus_main` to run\n", stderr);
        return EXIT_ERRORS;
    }
    Interp *interp = interp_create(module);
    InterpLimits limits = limits_of(settings);
    InterpMachine *m = interp_machine_create(interp, &limits, false);
    SimRun run = {.seed = settings->seed,
                  .step_limit = settings->steps,
                  .argument_count = count,
                  .arguments = (const char *const *)arguments,
                  .write = write_through,
                  .read = read_through};
    SimOutcome outcome;
    fflush(NULL);
    sim_run_main(m, &run, &outcome);
    interp_machine_destroy(m);
    interp_destroy(interp);
    return sim_exit_code(&outcome);
}

// ---- tests

struct TestInterpreter {
    Arena *arena;
    const InterpretSettings *settings;
    Interp *interp;
    InterpMachine *m;
};

TestInterpreter *test_interpreter_create(const IrModule *module, const InterpretSettings *settings) {
    InterpLimits limits = limits_of(settings);
    Interp *interp = interp_create(module);
    Arena *arena = arena_create();
    TestInterpreter *ti = ARENA_NEW(arena, TestInterpreter);
    *ti = (TestInterpreter){arena, settings, interp, interp_machine_create(interp, &limits, false)};
    return ti;
}

void test_interpreter_destroy(TestInterpreter *ti) {
    interp_machine_destroy(ti->m);
    interp_destroy(ti->interp);
    arena_destroy(ti->arena);
}

enum { OUTPUT_LIMIT = 64 * 1024 };

static void collect(void *context, int fd, const uint8_t *bytes, size_t len) {
    (void)fd;
    StrBuf *output = context;
    size_t room = output->len < OUTPUT_LIMIT ? OUTPUT_LIMIT - output->len : 0;
    strbuf_append(output, bytes, len < room ? len : room);
}

static ProcessEnd end_of(const SimOutcome *outcome) {
    int code = sim_exit_code(outcome);
    bool aborted = outcome->end != SIM_END_EXIT && code == SIM_EXIT_ABORT;
    return aborted ? (ProcessEnd){.signal = SIGABRT} : (ProcessEnd){.exit_code = code};
}

ProcessEnd test_interpreter_run(TestInterpreter *ti, uint32_t number, StrBuf *output) {
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    const char *arguments[] = {"test", text};
    const InterpretSettings *o = ti->settings;
    SimRun run = {.step_limit = o->steps ? o->steps : TEST_STEPS,
                  .argument_count = 2,
                  .arguments = arguments,
                  .context = output,
                  .write = collect};
    SimOutcome outcome = {0};
    for (uint64_t i = 0; i < o->seeds; i++) {
        strbuf_clear(output);
        run.seed = o->seed + i;
        sim_run_main(ti->m, &run, &outcome);
        if (sim_exit_code(&outcome) != TEST_PASSED || !outcome.concurrent) break;
    }
    return end_of(&outcome);
}
