// Any text ends in messages or in a checked program, within bounded time and memory; a program without errors lowers to
// QTJIR that the verifier accepts, before and after the passes of every mode. Its functions are evaluated at compile
// time as far as that goes.
//
// The text is the entry module, or several: a line `//@ a/b.jan` begins the text of that file, next to the entry. The
// standard library comes from JANUS_STD or the source tree; each of its files is read once and then served from memory.
#include <stdio.h>
#include <stdlib.h>

#include "interp/consteval.h"
#include "qtjir/lower.h"
#include "sema/sema_internal.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOT "/fuzz"
#define STD_ROOT "/std"
#define MARKER "//@ "

typedef struct File {
    const char *path;
    Str text;
} File;

enum { FILES_LARGEST = 256, OWN_FILES_LARGEST = 8 };

typedef struct Input {
    File items[OWN_FILES_LARGEST];
    uint32_t len;
} Input;

// The standard library's files, each read when it is first asked for; the only state that runs share.
static struct {
    Arena *arena;
    const char *root;
    File items[FILES_LARGEST];
    uint32_t len;
} library;

#ifndef FUZZ_STD
#define FUZZ_STD "std"
#endif

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    library.arena = arena_create();
    const char *given = getenv("JANUS_STD");
    library.root = given ? given : FUZZ_STD;
    return 0;
}

static bool files_find(const File *files, uint32_t count, const char *path, Str *text) {
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(files[i].path, path) != 0) continue;
        *text = files[i].text;
        return true;
    }
    return false;
}

static bool read_library(const char *path, Str *text) {
    if (files_find(library.items, library.len, path, text)) return true;
    char file[4096];
    int len = snprintf(file, sizeof file, "%s%s", library.root, path + strlen(STD_ROOT));
    if (len >= (int)sizeof file || !file_read(library.arena, file, text)) return false;
    ENSURE(library.len < FILES_LARGEST);
    library.items[library.len++] = (File){str_c(library.arena, str_from(path)), *text};
    return true;
}

static bool read_file(void *context, const char *path, Str *text) {
    const Input *input = context;
    if (str_starts_with(str_from(path), STD_ROOT "/")) return read_library(path, text);
    return files_find(input->items, input->len, path, text);
}

// ---- one input

static Input input_split(Arena *arena, Str text) {
    Input input = {{{ROOT "/main.jan", text}}, 1};
    for (size_t at = 0; at < text.len && input.len < OWN_FILES_LARGEST;) {
        const char *newline = memchr(text.ptr + at, '\n', text.len - at);
        size_t end = newline ? (size_t)(newline - text.ptr) : text.len;
        Str line = {text.ptr + at, end - at};
        if (str_starts_with(line, MARKER)) {
            File *last = &input.items[input.len - 1], *file = &input.items[input.len++];
            last->text.len = (size_t)(line.ptr - last->text.ptr);
            line.ptr += sizeof MARKER - 1;
            line.len -= sizeof MARKER - 1;
            file->path = arena_printf(arena, ROOT "/" STR_FMT, STR_ARG(line));
            file->text = (Str){text.ptr + end, text.len - end};
        }
        at = end + 1;
    }
    return input;
}

static void require_verified(const IrModule *module, const char *after) {
    StrBuf errors = {0};
    if (!ir_verify_module(module, after, &errors)) ICE("QTJIR broken after %s:\n%s", after, strbuf_str(&errors).ptr);
    strbuf_free(&errors);
}

// Whatever was checked becomes a root, so that inputs without `main` are lowered too.
static void lower_all(Sema *s, FuncInst *main_func) {
    for (uint32_t i = 0; i < s->all_funcs.len; i++)
        if (s->all_funcs.items[i]->body) VEC_PUSH(s->arena, &s->exports, s->all_funcs.items[i]);
    uint32_t count = main_func ? 0 : sema_test_count(s);
    FuncInst **tests = ARENA_ARRAY(s->arena, FuncInst *, count + 1);
    for (uint32_t i = 0; i < count; i++) tests[i] = sema_test(s, i);
    uint32_t errors = s->diags->error_count;
    IrModule *module = lower_program(s, s->arena, main_func, tests, count);
    ENSURE(module || s->diags->error_count > errors);
    if (!module) return;
    require_verified(module, "lowering");
    // A module goes through the passes of one mode; those of the fast one are the others' and more.
    ir_run_passes(module, s->diags->all.len % 2 ? MODE_DEBUG : MODE_FAST, NULL, NULL);
}

// A loop of millions of steps shows no more than one of a hundred thousand, and takes as long as many other inputs.
static void limit_evaluation(Sema *s, uint64_t steps) { s->eval_steps = EVAL_TOTAL_LIMIT - steps; }

// A constant `1` or `true` for every parameter; NULL when there is one of another type.
static TExpr **simple_arguments(Context *c, const FuncInst *func) {
    TExpr **args = ARENA_ARRAY(c->sema->arena, TExpr *, func->type->param_count + 1);
    for (uint32_t i = 0; i < func->type->param_count; i++) {
        Type *type = func->type->params[i];
        if (!type_is_int(type) && type->kind != TYPE_BOOL) return NULL;
        args[i] = texpr_int(c, type, 1, func->span);
    }
    return args;
}

// Programs have few constants and many functions, so the evaluator is given those too. It may refuse them, and stops
// soon.
static void evaluate_all(Sema *s) {
    uint32_t count = s->all_funcs.len;
    limit_evaluation(s, 50000);
    for (uint32_t i = 0; i < count; i++) {
        FuncInst *func = s->all_funcs.items[i];
        if (!func->body || !func->type || func->type->kind != TYPE_FUNC) continue;
        Context c = {.sema = s, .module = s->entry, .in_const = true};
        TExpr **args = simple_arguments(&c, func);
        if (args) const_eval(&c, make_call(&c, func, args, func->type->param_count, func->span));
    }
}

static void check_spans(const Diags *diags) {
    for (uint32_t i = 0; i < diags->all.len; i++) {
        const Diag *diag = diags->all.items[i];
        const Source *source = sources_get(diags->sources, diag->span.file);
        ENSURE(diag->span.start <= diag->span.end && diag->span.end <= source->text.len);
        for (uint32_t k = 0; k < diag->notes.len; k++)
            ENSURE(diag->notes.items[k].span.end <=
                   sources_get(diags->sources, diag->notes.items[k].span.file)->text.len);
        for (uint32_t k = 0; k < diag->fixes.len; k++)
            ENSURE(diag->fixes.items[k].span.end <=
                   sources_get(diags->sources, diag->fixes.items[k].span.file)->text.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_create();
    SourceMap sources;
    Diags diags;
    sources_init(&sources, arena);
    diags_init(&diags, arena, &sources);
    NameTable *names = names_create(arena);
    Input input = input_split(arena, (Str){(const char *)data, size});
    ModuleFiles files = {read_file, &input};
    SemaOptions options = {
        .std_root = STD_ROOT, .arch = "x86_64", .with_tests = true, .files = &files, .evaluator = &interp_evaluator};
    Sema *sema = sema_create(arena, names, &sources, &diags, &options);
    limit_evaluation(sema, 100000);
    bool read = sema_check_file(sema, input.items[0].path);
    ENSURE(read);
    FuncInst *main_func = diags.error_count ? NULL : sema_main(sema);
    if (!diags.error_count) {
        lower_all(sema, main_func);
        evaluate_all(sema);
    }
    check_spans(&diags);
    sema_destroy(sema);
    names_destroy(names);
    arena_destroy(arena);
    return 0;
}
