// backend_emit for everybody: loads the LLVM half of the backend on its first use and calls it. That half is a shared
// module next to the executable, because loading LLVM takes longer than checking a small program and most commands
// never emit anything.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>

#include "backend/backend.h"

#define MODULE "janus-llvm.so"
#define ENTRY "janus_llvm_emit"

typedef bool Emit(IrModule *module, const BackendOptions *options, StrBuf *error);

// Next to the executable, in the folder above (the unit tests), or where an installation puts it.
static const char *find_module(Arena *arena) {
    static const char *const places[] = {MODULE, "../" MODULE, "../lib/janus/" MODULE};
    char exe[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (len <= 0) return NULL;
    exe[len] = '\0';
    const char *folder = path_dirname(arena, exe);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        const char *path = path_join(arena, folder, places[i]);
        if (file_exists(path)) return path;
    }
    return NULL;
}

// Never unloaded; asking again for what is loaded costs nothing.
static Emit *load_emit(StrBuf *error) {
    Arena *arena = arena_create();
    const char *path = find_module(arena);
    void *module = path ? dlopen(path, RTLD_LAZY | RTLD_LOCAL) : NULL;
    void *entry = module ? dlsym(module, ENTRY) : NULL;
    if (!path)
        strbuf_puts(error, "the code generator " MODULE " is missing: it belongs next to the janus executable");
    else if (!entry)
        strbuf_printf(error, "cannot load the code generator: %s", dlerror());
    arena_destroy(arena);
    Emit *emit;
    memcpy(&emit, &entry, sizeof emit);
    return emit;
}

bool backend_emit(IrModule *module, const BackendOptions *options, StrBuf *error) {
    Emit *emit = load_emit(error);
    return emit && emit(module, options, error);
}
