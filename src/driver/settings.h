// What the parts below the commands want to be told, each its own. options.c fills them in; nothing below a command knows the
// command line.
#ifndef JANUS_DRIVER_SETTINGS_H
#define JANUS_DRIVER_SETTINGS_H

#include "driver/target.h"
#include "qtjir/ir.h"

enum { EXIT_OK = 0, EXIT_ERRORS = 1, EXIT_USAGE = 2 };     // and 101 for an internal error, see base/error.c

// What a build writes.
typedef enum OutputKind { OUTPUT_EXECUTABLE, OUTPUT_QTJIR, OUTPUT_LLVM, OUTPUT_ASSEMBLY, OUTPUT_OBJECT } OutputKind;

typedef struct BuildSettings {
    BuildMode mode;
    OutputKind output_kind;
    const Target *target;
    uint32_t jobs;              // threads that emit, at least 1
    bool libc, freestanding;
    const char *sanitize;       // NULL: none
    VEC(const char *) libraries;
    bool is_watched;            // run by this process, which says when a stack is used up
    bool may_be_library;        // may go without `main`
    bool is_last;               // the process ends soon: memory need not be given back
} BuildSettings;

typedef struct ReportSettings {
    bool time, json;
} ReportSettings;

typedef struct InterpretSettings {
    uint64_t seed, seeds;       // the first seed and how many
    uint64_t steps, memory, frames; // limits, memory in MiB; 0: the default
} InterpretSettings;

#endif
