// Linking. Without libc the executable is static and made of the program's own objects: lld, or any other ELF linker,
// gets it directly. With libc the C compiler links, because only it knows where the platform keeps its start files and
// sanitizers.
#include "driver/link.h"

#include <errno.h>
#include <stdio.h>

#include "driver/process.h"

typedef VEC(const char *) Arguments;

static void add(Arena *arena, Arguments *a, const char *text) { VEC_PUSH(arena, a, text); }

static void add_all(Arena *arena, Arguments *a, const char *const *texts, size_t count) {
    for (size_t i = 0; i < count; i++) add(arena, a, texts[i]);
}

static Arguments direct_arguments(Arena *arena, const BuildSettings *build, const char *const *objects,
                                  uint32_t object_count, const char *output) {
    static const char *const fixed[] = {"-static", "--gc-sections",  "-z", "noexecstack", "-z",
                                        "relro",   "--build-id=none"};
    Arguments a = {0};
    add(arena, &a, "");
    add(arena, &a, "-m");
    add(arena, &a, build->target->emulation);
    add_all(arena, &a, fixed, ARRAY_LEN(fixed));
    add(arena, &a, "-o");
    add(arena, &a, output);
    add_all(arena, &a, objects, object_count);
    add(arena, &a, NULL);
    return a;
}

static Arguments libc_arguments(Arena *arena, const BuildSettings *build, const char *libc_start,
                                const char *const *objects, uint32_t object_count, const char *output) {
    Arguments a = {0};
    add(arena, &a, "");
    if (!target_is_host(build->target)) add(arena, &a, arena_printf(arena, "--target=%s", build->target->triple));
    if (build->sanitize) add(arena, &a, arena_printf(arena, "-fsanitize=%s", build->sanitize));
    add(arena, &a, "-pthread");
    add(arena, &a, "-O1");
    add(arena, &a, "-Wl,--gc-sections");
    add(arena, &a, "-o");
    add(arena, &a, output);
    add_all(arena, &a, objects, object_count);
    add(arena, &a, libc_start);
    for (uint32_t i = 0; i < build->libraries.len; i++)
        add(arena, &a, arena_printf(arena, "-l%s", build->libraries.items[i]));
    add(arena, &a, "-lm");
    add(arena, &a, NULL);
    return a;
}

// To linkers and compilers a name that begins so means something else.
static const char *as_path(Arena *arena, const char *path) {
    return *path == '-' || *path == '@' ? arena_printf(arena, "./%s", path) : path;
}

static bool report_end(Arena *arena, const char *linker, ProcessEnd end) {
    if (process_exit_code(end) == 0) return true;
    const char *how = end.signal ? arena_printf(arena, "killed by %s", process_signal_name(arena, end.signal))
                                 : arena_printf(arena, "exit code %d", end.exit_code);
    fprintf(stderr, "janus: linking failed (%s, %s)\n", linker, how);
    return false;
}

bool link_executable(Arena *arena, const BuildSettings *build, const char *libc_start, const char *const *objects,
                     uint32_t object_count, const char *output, int *interrupted) {
    static const char *const linkers[] = {"ld.lld-19", "ld.lld", "ld"};
    static const char *const compilers[] = {"clang-19", "clang", "cc"};
    output = as_path(arena, output);
    const char *const *candidates = build->libc ? compilers : linkers;
    Arguments a = build->libc ? libc_arguments(arena, build, libc_start, objects, object_count, output)
                              : direct_arguments(arena, build, objects, object_count, output);
    for (size_t i = 0; i < ARRAY_LEN(linkers); i++) {
        a.items[0] = candidates[i];
        ProcessEnd end = process_run(a.items, interrupted);
        if (*interrupted) return false;
        if (!end.failed) return report_end(arena, candidates[i], end);
        if (errno != ENOENT) break;
    }
    fprintf(stderr, "janus: no linker found: install %s\n", build->libc ? "clang-19" : "lld-19");
    return false;
}
