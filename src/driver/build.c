// The pipeline, as a list: check, lower, verify, passes, emit, link. A file that ends in .qir holds QTJIR text and
// enters it after lowering.
#define _GNU_SOURCE
#include "driver/build.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/backend.h"
#include "driver/find.h"
#include "driver/freestanding.h"
#include "driver/interpret.h"
#include "driver/link.h"
#include "driver/process.h"
#include "driver/workspace.h"
#include "qtjir/lower.h"

#define RUNTIME_LIBC "rt/libc.c"

static bool fail(const char *fmt, ...) PRINTF_LIKE(1, 2);
static bool fail(const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fputs("janus: ", stderr);
    vfprintf(stderr, fmt, args);
    fputs("\n", stderr);
    va_end(args);
    return false;
}

// ---- front: file → verified module. NULL after errors, which have been reported.

static void require_verified(const IrModule *module, const char *after) {
    StrBuf errors = {0};
    if (!ir_verify_module(module, after, &errors)) ICE("QTJIR broken after %s:\n%s", after, strbuf_str(&errors).ptr);
    strbuf_free(&errors);
}

static void note_pass(void *context, const char *name) { session_end_phase(context, name); }

static IrModule *finish_front(Session *s, IrModule *module) {
    if (module && s->build->freestanding) freestanding_check(s, module);
    if (!session_report(s)) return NULL;
    session_end_phase(s, "lower");
    require_verified(module, "lowering");
    session_end_phase(s, "verify");
    ir_run_passes(module, s->build->mode, note_pass, s);
    return module;
}

static IrModule *parse_qir(Session *s, const char *file) {
    Str text;
    if (!file_read(s->arena, file, &text)) return fail("cannot read %s: %s", file, strerror(errno)), NULL;
    Source *source = sources_add(&s->sources, file, text);
    Types *types = types_create(s->arena, s->names);
    return ir_parse(s->arena, types, s->names, &s->sources, &s->diags, source);
}

static IrModule *front_of_qir(Session *s, const char *file) {
    IrModule *module = parse_qir(s, file);
    if (!module) {
        session_report(s);
        return NULL;
    }
    return finish_front(s, module);
}

static bool load_runtime(Session *s, Sema *sema) {
    return sema_load_runtime(sema, "std.rt") && (!s->build->is_watched || sema_load_runtime(sema, "std.rt.watch"));
}

// Whatever is not to run by itself may go without `main`; a freestanding object must.
static bool makes_library(const Session *s) {
    return s->build->may_be_library && (s->build->freestanding || (s->sema && sema_is_library(s->sema)));
}

static IrModule *front_of_program(Session *s, const char *file) {
    if (str_ends_with(str_from(file), ".qir")) return front_of_qir(s, file);
    Sema *sema = session_open_sema(s, false);
    bool ok = sema_check_file(sema, file);
    bool is_library = ok && makes_library(s);
    FuncInst *main_func = ok && !is_library ? sema_require_main(sema) : NULL;
    if (main_func)
        load_runtime(s, sema);
    else if (is_library)
        sema_load_runtime(sema, "std.rt.panic");
    session_end_check(s);
    if (!(main_func || is_library) || s->diags.error_count) return session_report(s), NULL;
    IrModule *module = lower_program(sema, s->arena, main_func, NULL, 0);
    return finish_front(s, module);
}

static IrModule *front_of_tests(Session *s, const char *file) {
    Sema *sema = session_open_sema(s, true);
    bool ok = sema_check_file(sema, file) && load_runtime(s, sema) && sema_load_runtime(sema, "std.rt.select");
    session_end_check(s);
    if (!ok || s->diags.error_count) return session_report(s), NULL;
    uint32_t count = sema_test_count(sema);
    FuncInst **tests = ARENA_ARRAY(s->arena, FuncInst *, count + 1);
    for (uint32_t i = 0; i < count; i++) tests[i] = sema_test(sema, i);
    return finish_front(s, lower_program(sema, s->arena, NULL, tests, count));
}

// ---- back: module → file

static const char *runtime_path(Session *s, const char *leaf) {
    return path_join(s->arena, s->std_root ? s->std_root : "std", leaf);
}

static void note_report(Session *s, const BackendReport *report) {
    session_end_phase(s, "emit");
    session_note_part(s, "llvm build", report->build_ms);
    if (s->build->mode != MODE_DEBUG || s->build->sanitize) session_note_part(s, "llvm optimise", report->optimise_ms);
    session_note_part(s, "llvm code", report->code_ms);
}

// Standard output for `-`.
static bool write_result(const char *output, Str bytes) {
    bool is_stdout = strcmp(output, "-") == 0;
    return is_stdout ? fwrite(bytes.ptr, 1, bytes.len, stdout) == bytes.len && fflush(stdout) == 0
                     : file_write(output, bytes);
}

static const char *result_name(const char *output) { return strcmp(output, "-") == 0 ? "standard output" : output; }

static bool write_file(void *output, uint32_t number, Str bytes, StrBuf *error) {
    ENSURE(number == 0);
    if (write_result(output, bytes)) return true;
    strbuf_printf(error, "cannot write %s: %s", result_name(output), strerror(errno));
    return false;
}

// Objects on their way to the linker are files without a name: however this process ends, none stays behind.
typedef struct Objects {
    int fds[BACKEND_MOST_OBJECTS];
} Objects;

static bool write_object(void *context, uint32_t number, Str bytes, StrBuf *error) {
    Objects *objects = context;
    ENSURE(number < BACKEND_MOST_OBJECTS);
    int fd = memfd_create("janus-object", 0);
    objects->fds[number] = fd;
    if (fd >= 0 && fd_write(fd, bytes)) return true;
    strbuf_printf(error, "cannot keep an object for the linker: %s", strerror(errno));
    return false;
}

// A module that came as text brings the runtime that it wants.
static bool has_watch(const IrModule *module) {
    for (uint32_t i = 0; i < module->funcs.len; i++)
        if (strcmp(module->funcs.items[i]->name, "__janus_watch") == 0) return true;
    return false;
}

static bool read_assembly(Session *s, const IrModule *module, Str *assembly) {
    const char *path = runtime_path(s, s->build->target->runtime);
    if (!file_read(s->arena, path, assembly))
        return fail("cannot read the runtime %s: %s (JANUS_STD names the standard library)", path, strerror(errno));
    const struct {
        bool set;
        const char *name;
    } symbols[] = {
        {has_watch(module), "WATCHED"}, {makes_library(s), "LIBRARY"}, {s->build->freestanding, "FREESTANDING"}};
    for (size_t i = 0; i < ARRAY_LEN(symbols); i++)
        if (symbols[i].set)
            *assembly =
                str_from(arena_printf(s->arena, ".set .L_%s, 1\n" STR_FMT, symbols[i].name, STR_ARG(*assembly)));
    return true;
}

// Answers how many objects were written, 0 after an error; anything but an executable is one file.
static uint32_t emit(Session *s, IrModule *module, EmitKind kind, BackendWrite *write, void *context) {
    const BuildSettings *o = s->build;
    char folder[PATH_MAX];
    const char *verify = getenv("JANUS_VERIFY_LLVM");
    BackendReport report;
    BackendOptions options = {
        .may_split = write == write_object,
        .jobs = o->jobs,
        .is_last = o->is_last,
        .verify = verify && *verify,
        .report = &report,
        .target = o->target->name,
        .mode = o->mode,
        .debug_info = o->mode != MODE_FAST,
        .libc = o->libc,
        .library = makes_library(s),
        .freestanding = o->freestanding,
        .sanitize = o->sanitize,
        .working_dir = getcwd(folder, sizeof folder) ? folder : ".",
        .emit = kind,
        .write = write,
        .write_context = context,
    };
    if (!o->libc && kind != EMIT_LLVM && !read_assembly(s, module, &options.runtime_assembly)) return 0;
    StrBuf error = {0};
    bool ok = backend_emit(module, &options, &error);
    if (!ok) fail("%s", strbuf_str(&error).ptr);
    strbuf_free(&error);
    if (ok) note_report(s, &report);
    return ok ? report.object_count : 0;
}

static bool print_qtjir(const IrModule *module, const char *output) {
    StrBuf text = {0};
    ir_print_module(&text, module);
    bool ok = write_result(output, strbuf_str(&text));
    if (!ok) fail("cannot write %s: %s", result_name(output), strerror(errno));
    strbuf_free(&text);
    return ok;
}

static const char *make_temporary_program(Arena *arena) {
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder) folder = "/tmp";
    char *path = (char *)arena_printf(arena, "%s/janus.XXXXXX", folder);
    int fd = mkstemp(path);
    if (fd < 0) return fail("cannot make a temporary file in %s: %s", folder, strerror(errno)), NULL;
    close(fd);
    return path;
}

// *output is NULL for a temporary program, which the caller removes. It is made at the last moment: a compilation that
// is interrupted leaves nothing.
static bool emit_executable(Session *s, IrModule *module, const char **output) {
    Objects objects;
    for (uint32_t i = 0; i < BACKEND_MOST_OBJECTS; i++) objects.fds[i] = -1;
    uint32_t count = emit(s, module, EMIT_OBJECT, write_object, &objects);
    const char **paths = ARENA_ARRAY(s->arena, const char *, count + 1);
    for (uint32_t i = 0; i < count; i++) paths[i] = arena_printf(s->arena, "/proc/self/fd/%d", objects.fds[i]);
    bool is_temporary = !*output;
    if (count && is_temporary) *output = make_temporary_program(s->arena);
    int interrupted = 0;
    bool ok = count && *output &&
              link_executable(s->arena, s->build, runtime_path(s, RUNTIME_LIBC), paths, count, *output, &interrupted);
    if (interrupted) {
        if (is_temporary) unlink(*output);
        raise(interrupted);
    }
    if (count) session_end_phase(s, "link");
    for (uint32_t i = 0; i < BACKEND_MOST_OBJECTS; i++)
        if (objects.fds[i] >= 0) close(objects.fds[i]);
    return ok;
}

static bool write_module(Session *s, IrModule *module, const char *output) {
    switch (s->build->output_kind) {
    case OUTPUT_EXECUTABLE: return emit_executable(s, module, &output);
    case OUTPUT_QTJIR: return print_qtjir(module, output);
    case OUTPUT_LLVM: return emit(s, module, EMIT_LLVM, write_file, (char *)output);
    case OUTPUT_ASSEMBLY: return emit(s, module, EMIT_ASSEMBLY, write_file, (char *)output);
    case OUTPUT_OBJECT: return emit(s, module, EMIT_OBJECT, write_file, (char *)output);
    }
    ICE("unknown output");
}

// With libc the start code and what threads begin in are C's, and the C compiler brings them when it links. An object that
// somebody else links needs them from there, and this is the only place to say so.
static void tell_what_to_link(Session *s, const IrModule *module) {
    OutputKind kind = s->build->output_kind;
    if (!s->build->libc || (kind != OUTPUT_OBJECT && kind != OUTPUT_ASSEMBLY)) return;
    bool needed = !makes_library(s);
    for (uint32_t i = 0; i < module->funcs.len; i++) needed |= freestanding_is_linux_routine(module->funcs.items[i]);
    if (needed)
        fprintf(stderr, "janus: with --libc this needs %s, which starts programs and threads: link it too\n",
                runtime_path(s, RUNTIME_LIBC));
}

// ---- commands

// `dir/name.jan` → `name` in the current folder.
static const char *default_output(Session *s, const char *file) {
    OutputKind kind = s->build->output_kind;
    if (kind == OUTPUT_QTJIR || kind == OUTPUT_LLVM || kind == OUTPUT_ASSEMBLY) return "-";
    Str name = str_from(path_basename(s->arena, file));
    if (name.len > 4 && (str_ends_with(name, ".jan") || str_ends_with(name, ".qir")))
        name.len -= 4;
    else if (kind == OUTPUT_EXECUTABLE)
        return arena_printf(s->arena, "%s.out", name.ptr);
    return arena_printf(s->arena, "%.*s%s", STR_ARG(name), kind == OUTPUT_OBJECT ? ".o" : "");
}

static bool is_source(const Session *s, const char *output) {
    struct stat out, in;
    if (stat(output, &out) != 0) return false;
    for (uint32_t i = 1; i < s->sources.sources.len; i++)
        if (stat(s->sources.sources.items[i]->path, &in) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
            return true;
    return false;
}

int command_build(const Options *options) {
    Session *s = session_create(&options->build, &options->report);
    const char *file = options->arguments[0];
    const char *output = options->output ? options->output : default_output(s, file);
    IrModule *module = front_of_program(s, file);
    int code = EXIT_ERRORS;
    if (module && is_source(s, output)) {
        fail("%s is a source of the program and is not overwritten: -o names another file", output);
        code = EXIT_USAGE;
    } else if (module && write_module(s, module, output)) {
        tell_what_to_link(s, module);
        code = EXIT_OK;
    }
    session_print_phases(s);
    session_destroy(s);
    return code;
}

bool build_find_emulator(Arena *arena, const Target *target, const char **emulator) {
    *emulator = NULL;
    if (target_is_host(target)) return true;
    *emulator = target_emulator(arena, target);
    return *emulator ||
           fail("programs for %s need %s to run here: install qemu-user", target->name, target->emulators[1]);
}

static int run_interpreted(const Options *options) {
    if (!interpret_possible(&options->build)) return EXIT_ERRORS;
    Session *s = session_create(&options->build, &options->report);
    IrModule *module = front_of_program(s, options->arguments[0]);
    int code = EXIT_ERRORS;
    if (module) {
        session_print_phases(s);
        code = interpret_program(module, &options->limits, options->arguments, options->argument_count);
    }
    session_destroy(s);
    return code;
}

// The keyboard's signal, a pipe that nobody reads and what was passed on from our own caller surprise nobody.
static bool is_expected_end(int number, int interrupted) {
    return number == SIGINT || number == SIGPIPE || number == interrupted;
}

static int run_program(Arena *arena, const char *const *argv) {
    int interrupted = 0;
    ProcessEnd end = process_run(argv, &interrupted);
    if (end.failed) {
        fail("cannot run %s: %s", argv[0], strerror(errno));
        return EXIT_ERRORS;
    }
    if (end.signal && !is_expected_end(end.signal, interrupted))
        fail("killed by %s", process_signal_name(arena, end.signal));
    return process_exit_code(end);
}

int command_run(const Options *options) {
    if (options->interpret) return run_interpreted(options);
    Session *s = session_create(&options->build, &options->report);
    const char *emulator;
    if (!build_find_emulator(s->arena, options->build.target, &emulator)) return session_destroy(s), EXIT_ERRORS;
    IrModule *module = front_of_program(s, options->arguments[0]);
    int code = EXIT_ERRORS;
    const char *program = NULL;
    if (module && emit_executable(s, module, &program)) {
        session_print_phases(s);
        const char **argv = ARENA_ARRAY(s->arena, const char *, options->argument_count + 2);
        argv[0] = emulator;
        argv[1] = program;
        for (uint32_t i = 1; i < options->argument_count; i++) argv[i + 1] = options->arguments[i];
        fflush(NULL);
        code = run_program(s->arena, emulator ? argv : argv + 1);
    }
    if (program) unlink(program);
    session_destroy(s);
    return code;
}

// What only the calls of the whole object tell, which `build` would refuse too.
static void check_freestanding(Session *s, Sema *sema) {
    sema_load_runtime(sema, "std.rt.panic");
    if (s->diags.error_count == 0) freestanding_check(s, lower_program(sema, s->arena, NULL, NULL, 0));
}

static bool check_file(void *context, const char *path) {
    Session *s = workspace_open(context);
    Sema *sema = session_open_sema(s, true);
    bool read = sema_check_file(sema, path);
    if (read && s->build->freestanding && s->diags.error_count == 0) check_freestanding(s, sema);
    session_end_check(s);
    bool ok = session_report(s) && read;
    session_print_phases(s);
    session_destroy(s);
    return ok;
}

int command_check(const Options *options) {
    Workspace *workspace = workspace_create(&options->build, &options->report);
    bool ok = for_each_file(options->arguments, options->argument_count, check_file, workspace);
    workspace_destroy(workspace);
    return ok ? EXIT_OK : EXIT_ERRORS;
}

int command_verify(const Options *options) {
    bool ok = true;
    for (uint32_t i = 0; i < options->argument_count; i++) {
        Session *s = session_create(&options->build, &options->report);
        IrModule *module = parse_qir(s, options->arguments[i]);
        StrBuf errors = {0};
        bool good = session_report(s) && module && ir_verify_module(module, "parsing", &errors);
        if (errors.len) {
            fputs(strbuf_str(&errors).ptr, stderr);
            if (errors.data[errors.len - 1] != '\n') fputc('\n', stderr);
        }
        ok = good && ok;
        strbuf_free(&errors);
        session_destroy(s);
    }
    return ok ? EXIT_OK : EXIT_ERRORS;
}

IrModule *build_test_module(Session *s, const char *file) { return front_of_tests(s, file); }

bool build_tests(Session *s, const char *file, const char **program) {
    *program = NULL;
    IrModule *module = front_of_tests(s, file);
    if (module && sema_test_count(s->sema) == 0) return true; // no program: there is nothing to run
    return module && emit_executable(s, module, program);
}
