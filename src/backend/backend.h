// The one interface between QTJIR and machine code. An implementation turns a verified module into a file.
#ifndef JANUS_BACKEND_H
#define JANUS_BACKEND_H

#include "qtjir/ir.h"

typedef enum EmitKind { EMIT_OBJECT, EMIT_ASSEMBLY, EMIT_LLVM } EmitKind;

typedef struct BackendOptions {
    const char *target;         // "x86_64-linux"
    BuildMode mode;
    bool debug_info;            // on for debug and release builds
    bool libc;                  // links libc: its memory routines and start code are used
    const char *sanitize;       // NULL, or "address", "thread", "undefined"; needs libc
    Str runtime_assembly;       // the target's start code and thread entry, assembled into the object (std/rt/*.s)
    const char *working_dir;    // for debug information
    EmitKind emit;
    const char *output;         // path
} BackendOptions;

// True when the file was written; otherwise `error` says why (I/O only: a module that cannot be emitted is an internal error).
bool backend_emit(IrModule *module, const BackendOptions *options, StrBuf *error);

#endif
