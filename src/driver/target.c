// The table of targets. A program built for another machine runs under an emulator of user programs, when there is one.
#include "driver/target.h"

#include <stdlib.h>
#include <unistd.h>

static const Target targets[] = {
    {"x86_64-linux", "x86_64", "rt/x86_64.s", "elf_x86_64", "x86_64-linux-gnu", {"qemu-x86_64-static", "qemu-x86_64"}},
    {"aarch64-linux",
     "aarch64",
     "rt/aarch64.s",
     "aarch64linux",
     "aarch64-linux-gnu",
     {"qemu-aarch64-static", "qemu-aarch64"}},
};

#ifdef __aarch64__
enum { HOST = 1 };
#else
enum { HOST = 0 };
#endif

const Target *target_named(const char *name) {
    for (size_t i = 0; i < ARRAY_LEN(targets); i++)
        if (strcmp(targets[i].name, name) == 0) return &targets[i];
    return NULL;
}

const Target *target_host(void) { return &targets[HOST]; }

bool target_is_host(const Target *target) { return target == &targets[HOST]; }

const char *target_names(Arena *arena) {
    const char *text = targets[0].name;
    for (size_t i = 1; i < ARRAY_LEN(targets); i++) text = arena_printf(arena, "%s or %s", text, targets[i].name);
    return text;
}

static const char *find_program(Arena *arena, const char *name) {
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t len = strcspn(path, ":");
        const char *candidate = arena_printf(arena, "%.*s/%s", (int)len, path, name);
        if (len && access(candidate, X_OK) == 0) return candidate;
        path += len + (path[len] == ':');
    }
    return NULL;
}

const char *target_emulator(Arena *arena, const Target *target) {
    for (size_t i = 0; i < ARRAY_LEN(target->emulators); i++) {
        const char *found = find_program(arena, target->emulators[i]);
        if (found) return found;
    }
    return NULL;
}
