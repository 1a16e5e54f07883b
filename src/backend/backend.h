// The one interface between QTJIR and machine code. An implementation turns a verified module into a file.
#ifndef JANUS_BACKEND_BACKEND_H
#define JANUS_BACKEND_BACKEND_H

#include "qtjir/ir.h"

typedef enum EmitKind { EMIT_OBJECT, EMIT_ASSEMBLY, EMIT_LLVM } EmitKind;

// Large modules are divided: EMIT_OBJECT may make several objects, which are linked in the order of their numbers.
enum { BACKEND_MOST_OBJECTS = 64 };

// Takes what was made: object `number`, or the one text as number 0. Objects come in any order and from several
// threads, each number once. False with `error` set stops the emission.
typedef bool BackendWrite(void *context, uint32_t number, Str bytes, StrBuf *error);

typedef struct BackendOptions {
    const char *target;         // "x86_64-linux"
    BuildMode mode;
    bool debug_info;            // on for debug and release builds
    bool libc;                  // links libc: its memory routines and start code are used
    bool library;               // no program: position-independent, the runtime hidden and only what is used of it
    bool freestanding;          // a library that needs no operating system
    const char *sanitize;       // NULL, or "address", "thread", "undefined"; needs libc
    Str runtime_assembly;       // the target's start code and thread entry, assembled into the object (std/rt/*.s)
    const char *working_dir;    // for debug information
    EmitKind emit;
    BackendWrite *write;
    void *write_context;
    bool may_split;             // EMIT_OBJECT of a large module may make several objects
    uint32_t jobs;              // threads to emit them on; 0 counts as 1. What is written doesn't depend on it
    bool is_last;               // the process ends soon: memory need not be given back
    bool verify;                // runs LLVM's verifier on what is emitted, whatever its size
    struct BackendReport *report; // NULL: not wanted
} BackendOptions;

// What a backend tells about a module that it has emitted. The times are sums over all threads.
typedef struct BackendReport {
    uint32_t object_count;
    double build_ms, optimise_ms, code_ms;
} BackendReport;

// True when all was written; otherwise `error` says why (I/O only: a module that cannot be emitted is an internal
// error).
bool backend_emit(IrModule *module, const BackendOptions *options, StrBuf *error);

#endif
