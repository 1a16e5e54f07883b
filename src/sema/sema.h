// The checker's public face: from a file to checked function instances. internal.h is for src/sema alone.
#ifndef JANUS_SEMA_SEMA_H
#define JANUS_SEMA_SEMA_H

#include "sema/tast.h"

typedef struct Sema Sema;
typedef struct Module Module;

// Where modules come from instead of the disk: an editor's unsaved buffers, a test's table. Paths are the ones `use`
// leads to; links between files do not exist there, so a path is a module's identity.
typedef struct ModuleFiles {
    bool (*read)(void *context, const char *path, Str *text);   // false: there is no such file
    void *context;
} ModuleFiles;

// Values at compile time: the checker asks, a layer that can lower functions and run them answers.
typedef struct ConstQuestion {
    const TExpr *value;             // all types in it are complete
    Arena *arena;                   // of the answer
    uint64_t step_limit;
    Global *(*promote)(void *context, ConstValue *value);   // a constant of the program, for a pointer in the answer to lead to
    void *context;
} ConstQuestion;
typedef struct ConstAnswer {
    ConstValue *value;              // NULL: there is none, because of what follows
    uint64_t steps;                 // taken
    DiagCode code;
    const char *message;            // NULL: reported already
    Span span;                      // where; unknown: the whole value
    const char *func;               // in which function; NULL: in the value itself
} ConstAnswer;
typedef struct ConstEvaluator {
    void *(*open)(Sema *sema);      // when the first question is asked
    void (*close)(void *state);
    void (*answer)(void *state, const ConstQuestion *question, ConstAnswer *answer);
} ConstEvaluator;

typedef struct SemaOptions {
    const char *std_root;           // folder of std/
    bool libc;                      // `target.libc`
    bool freestanding;              // `target.freestanding`
    const char *arch;               // "x86_64"
    bool with_tests;                // test blocks of the entry modules become instances
    const ModuleFiles *files;       // NULL: the disk
    const ConstEvaluator *evaluator;
} SemaOptions;

// What the rest of the compiler may read of a Sema (the whole struct is in sema_internal.h).
Sema *sema_create(Arena *arena, NameTable *names, SourceMap *sources, Diags *diags, const SemaOptions *options);
void sema_destroy(Sema *sema);
Types *sema_types(const Sema *sema);
NameTable *sema_names(const Sema *sema);
SourceMap *sema_sources(const Sema *sema);
Diags *sema_diags(const Sema *sema);
double sema_parse_milliseconds(const Sema *sema);               // processor time spent on lexing and parsing so far

// Loads the file as an entry module (its folder becomes the root for `use`), with everything it uses, and checks every
// declaration of it and, from there, every instance reached. False when the file cannot be read (already reported).
bool sema_check_file(Sema *sema, const char *path);
// The entry module's main, or NULL (sema_require_main reports E1012). The runtime's functions are loaded by
// sema_load_runtime.
FuncInst *sema_main(Sema *sema);
FuncInst *sema_require_main(Sema *sema);
// The entry module has no `main` and can do without one: it exports functions.
bool sema_is_library(const Sema *sema);
// A module of std/rt by its name ("std.rt"): its export functions become roots.
bool sema_load_runtime(Sema *sema, const char *module);
uint32_t sema_export_count(const Sema *sema);                   // export functions of all loaded modules, in load order
FuncInst *sema_export(const Sema *sema, uint32_t index);
uint32_t sema_test_count(const Sema *sema);                     // tests of entry modules, in order
FuncInst *sema_test(const Sema *sema, uint32_t index);
uint32_t sema_error_code_count(const Sema *sema);               // codes 1 … count-1 are in use
const Name *sema_error_name(const Sema *sema, uint32_t code);   // "NotFound"
// For the evaluator: checks the body of a function that is about to run, if nobody has, and completes what it mentions.
// NULL, or why it cannot be evaluated; "" after a report.
const char *sema_prepare_func(Sema *sema, FuncInst *func, DiagCode *code);
bool sema_global_is_sound(const Global *global);                // false: its value was reported
// Of a Decl, for those who print types and symbols.
const Name *decl_name(const Decl *decl);

#endif
