// The checker as a plain list of steps: load modules until no `use` is left, index impls, check what the user's modules
// declare, collect the roots, then drain the queue of function instances.
#include "sema/decl/decl.h"
#include "sema/load/load.h"

// ---- creation ----------------------------------------------------------------------------------------------------------

static void intern_names(Sema *s) {
    s->n.self = name_intern_c(s->names, "self");
    s->n.Self = name_intern_c(s->names, "Self");
    s->n.underscore = name_intern_c(s->names, "_");
    s->n.len = name_intern_c(s->names, "len");
    s->n.ptr = name_intern_c(s->names, "ptr");
    s->n.Some = name_intern_c(s->names, "Some");
    s->n.close = name_intern_c(s->names, "close");
    s->n.display = name_intern_c(s->names, "display");
    s->n.compare = name_intern_c(s->names, "compare");
    s->n.main = name_intern_c(s->names, "main");
}

static void add_primitives(Sema *s) {
    static const struct {
        TypeKind kind;
        const char *name;
    } primitives[] = {
#define PRIMITIVE(kind, name, bits, is_signed) {TYPE_##kind, name},
#define TYPE(kind)
#include "sema/types.def"
    };
    for (size_t i = 0; i < ARRAY_LEN(primitives); i++)
        map_put(s->arena, &s->tables->primitives, name_intern_c(s->names, primitives[i].name),
                type_primitive(s->types, primitives[i].kind));
    map_put(s->arena, &s->tables->primitives, name_intern_c(s->names, "str"), type_str(s->types));
}

static Decl *add_builtin(Sema *s, DeclKind kind, const char *name) {
    Decl *d = decl_new(s, kind, name_intern_c(s->names, name), (Span){0}, NULL, NULL);
    d->is_pub = true;
    d->state = STAGE_DONE;
    map_put(s->arena, &s->tables->builtins, d->name, d);
    return d;
}

static void add_builtins(Sema *s) {
    add_builtin(s, DECL_BUILTIN, "Some")->builtin = BUILTIN_SOME;
    add_builtin(s, DECL_BUILTIN, "assert")->builtin = BUILTIN_ASSERT;
    add_builtin(s, DECL_BUILTIN, "panic")->builtin = BUILTIN_PANIC;
    add_builtin(s, DECL_BUILTIN, "unreachable")->builtin = BUILTIN_UNREACHABLE;
    s->trait_copy = add_builtin(s, DECL_TRAIT, "Copy");
    s->trait_copy->contract.builtin = TRAIT_COPY;
    s->trait_atomic_eligible = add_builtin(s, DECL_TRAIT, "AtomicEligible");
    s->trait_atomic_eligible->contract.builtin = TRAIT_ATOMIC_ELIGIBLE;
    add_builtin(s, DECL_MODULE, "target")->link.target = s->target;
}

Sema *sema_create(Arena *arena, NameTable *names, SourceMap *sources, Diags *diags, const SemaOptions *options) {
    Sema *s = ARENA_NEW(arena, Sema);
    s->arena = arena;
    s->names = names;
    s->sources = sources;
    s->diags = diags;
    s->options = *options;
    s->types = types_create(arena, names);
    s->tables = ARENA_NEW(arena, DeclTables);
    VEC_PUSH(arena, &s->error_names, NULL);
    intern_names(s);
    add_primitives(s);
    const char *arch = options->arch ? options->arch : "x86_64";
    s->target = module_from_text(
        s, "target",
        arena_printf(arena,
                     "profile :kernel\npub enum Arch { x86_64, aarch64 }\npub enum Os { linux }\n"
                     "pub const arch: Arch = .%s\npub const os: Os = .linux\npub const libc: bool = %s\n"
                     "pub const freestanding: bool = %s\n",
                     arch, options->libc ? "true" : "false", options->freestanding ? "true" : "false"));
    add_builtins(s);
    return s;
}

void sema_destroy(Sema *sema) {
    if (sema->evaluator) sema->options.evaluator->close(sema->evaluator);
    for (uint32_t i = 0; i < sema->modules.len; i++) arena_destroy(sema->modules.items[i]->arena);
    types_destroy(sema->types);
}

// ---- steps -------------------------------------------------------------------------------------------------------------

static Decl *prelude_trait(Sema *s, const char *name) {
    Decl *d = module_lookup(s, s->prelude, name_intern_c(s->names, name));
    return d && d->kind == DECL_TRAIT ? d : NULL;
}

static bool load_prelude(Sema *s) {
    if (s->prelude || !s->options.std_root) return true;
    s->prelude = module_load_std(s, "std.prelude");
    if (s->prelude) return true;
    diag_error(s->diags, DIAG_E1003, (Span){0}, "module `std.prelude` not found: there is no standard library in `%s`",
               s->options.std_root);
    return false;
}

static void load_used_modules(Sema *s) {
    while (s->tables->modules_used < s->modules.len) {
        module_load_uses(s, s->modules.items[s->tables->modules_used++]);
    }
}

static void index_impls(Sema *s) {
    s->tables->hold_bounds++;
    for (; s->tables->modules_indexed < s->modules.len; s->tables->modules_indexed++) {
        Module *m = s->modules.items[s->tables->modules_indexed];
        for (uint32_t i = 0; i < m->impls.len; i++) impl_resolve_header(s, m->impls.items[i]);
    }
    s->tables->hold_bounds--;
    impls_check_overlap(s);
    bounds_flush(s);
}

static void find_prelude_traits(Sema *s) {
    if (!s->prelude || s->trait_display) return;
    s->trait_display = prelude_trait(s, "Display");
    s->trait_ord = prelude_trait(s, "Ord");
    s->trait_close = prelude_trait(s, "Close");
}

static void collect_tests(Sema *s, Module *entry) {
    for (uint32_t i = 0; s->options.with_tests && i < entry->decls.len; i++) {
        Decl *d = entry->decls.items[i];
        if (d->kind != DECL_TEST) continue;
        FuncInst *test = func_instance(s, d, NULL, 0, NULL, d->span);
        bool known = false;
        for (uint32_t k = 0; k < s->tests.len && !known; k++) known = s->tests.items[k] == test;
        if (!known) VEC_PUSH(s->arena, &s->tests, test);
    }
}

static void drain_queue(Sema *s) {
    while (s->queue_next < s->queue.len) {
        FuncInst *func = s->queue.items[s->queue_next++];
        if (func->state == STAGE_NEW) check_body(s, func);
    }
}

// Everything up to checked bodies, for the modules that are new since the last time.
static void check_loaded(Sema *s) {
    load_used_modules(s);
    find_prelude_traits(s);
    index_impls(s);
    for (uint32_t i = 0; i < s->modules.len; i++) {
        Module *m = s->modules.items[i];
        if (m->is_entry || !m->is_std) module_check_all(s, m);
    }
    c_symbols_collect(s);
}

bool sema_check_file(Sema *s, const char *path) {
    Module *entry = module_load_entry(s, path);
    if (!entry) return false;
    s->entry = entry;
    if (!load_prelude(s)) return true; // without it every name of the prelude would be reported
    check_loaded(s);
    c_symbols_check(s);
    collect_tests(s, entry);
    drain_queue(s);
    for (uint32_t i = 0; i < s->modules.len; i++)
        if (s->modules.items[i]->is_checked) unreached_check(s, s->modules.items[i]);
    // With an error the use may have been lost.
    for (uint32_t i = 0; i < s->modules.len && s->diags->error_count == 0; i++)
        if (s->modules.items[i]->is_checked) unused_check(s, s->modules.items[i]);
    return true;
}

bool sema_load_runtime(Sema *s, const char *name) {
    Module *rt = module_load_std(s, name);
    if (!rt) {
        diag_error(s->diags, DIAG_E1003, (Span){0}, "module `%s` not found: there is no standard library in `%s`", name,
                   s->options.std_root ? s->options.std_root : "");
        return false;
    }
    check_loaded(s);
    drain_queue(s);
    return true;
}

// ---- answers -----------------------------------------------------------------------------------------------------------

Types *sema_types(const Sema *sema) { return sema->types; }
NameTable *sema_names(const Sema *sema) { return sema->names; }
SourceMap *sema_sources(const Sema *sema) { return sema->sources; }
Diags *sema_diags(const Sema *sema) { return sema->diags; }
double sema_parse_milliseconds(const Sema *sema) { return sema->parse_milliseconds; }

FuncInst *sema_main(Sema *s) {
    Decl *d = s->entry ? map_get(&s->entry->names, s->n.main) : NULL;
    if (!d || d->kind != DECL_FUNC || d->generic_count || d->is_extern) return NULL;
    FuncInst *func = func_instance(s, d, NULL, 0, NULL, d->span);
    drain_queue(s);
    return func;
}

FuncInst *sema_require_main(Sema *s) {
    if (s->options.std_root && !s->prelude) return NULL; // reported; nothing was checked
    // Any syntax error may have swallowed it, also one inside the declaration before it.
    if (s->entry && (s->entry->lost_names || s->entry->errors_end > s->entry->first_error)) return NULL;
    FuncInst *func = sema_main(s);
    if (func) return func;
    if (!s->entry || !map_get(&s->entry->names, s->n.main)) {
        Diag *d = diag_error(s->diags, DIAG_E1012, (Span){0}, "`%s` has no `main` function",
                             s->entry ? s->entry->file : "the program");
        if (s->exports.len)
            diag_note(s->diags, d, (Span){0},
                      "add `func main() do … end`, or make an object of what it exports: --emit=obj");
        else
            diag_note(s->diags, d, (Span){0}, "add `func main() do … end`");
    } else if (s->diags->error_count == 0) {
        Decl *other = map_get(&s->entry->names, s->n.main);
        diag_error(s->diags, DIAG_E1012, other->span, "`main` must be a function of this module");
    }
    return NULL;
}

bool sema_is_library(const Sema *s) {
    return s->entry && !s->entry->lost_names && !map_get(&s->entry->names, s->n.main) && s->exports.len > 0;
}

uint32_t sema_export_count(const Sema *sema) { return sema->exports.len; }
FuncInst *sema_export(const Sema *sema, uint32_t index) { return sema->exports.items[index]; }
uint32_t sema_test_count(const Sema *sema) { return sema->tests.len; }
FuncInst *sema_test(const Sema *sema, uint32_t index) { return sema->tests.items[index]; }
uint32_t sema_error_code_count(const Sema *sema) { return sema->error_names.len; }
