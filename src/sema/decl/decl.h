// What the files of the declaration group share: the tables behind modules, impls and instances, and the functions that
// nobody outside the group calls.
#ifndef JANUS_SEMA_DECL_DECL_H
#define JANUS_SEMA_DECL_DECL_H

#include "sema/help/near_name.h"
#include "sema/internal.h"

enum {
    RESOLVE_DEPTH_LIMIT = 256,      // aliases, imports and by-value fields that lead to each other: E0009
    INSTANCE_DEPTH_LIMIT = 64,      // instances required by instances: E3008
    INSTANCE_COUNT_LIMIT = 10000,   // of one declaration: E3008
    PARAM_COUNT_LIMIT = 1024,       // of a function: E0016
    ARGUMENT_WEIGHT_LIMIT = 500,    // nodes of an argument list written out: E3008
};

// Arguments of a nominal type whose bounds wait until the types in hand are complete.
typedef struct PendingBounds {
    Decl *decl;
    Type **args;
    Instance *parent;
    Span at;
} PendingBounds;

typedef VEC(Impl *) ImplVec;
typedef struct ImplList {
    ImplVec impls;
    uint32_t compared;              // those below have been compared with each other for overlap
} ImplList;

// Impls of one trait (or the inherent ones), by what their target begins with.
typedef struct ImplTable {
    Map by_head;                    // type_head → ImplList
    ImplList wildcard;              // target is a bare PARAM
    Map known;                      // Type → a marker: type_implements already decided
} ImplTable;

typedef struct TraitList {
    VEC(Decl *) traits;
} TraitList;

typedef struct DeclTables {
    Map module_by_file;             // Name of a path, as joined or real → Module
    Map builtins;                   // Name → Decl
    Map primitives;                 // Name → Type
    Map traits_by_method;           // Name → TraitList
    Map symbols;                    // Name → how often it was wanted, as a symbol
    Map exports;                    // Name → Decl
    uint32_t modules_used, modules_indexed, modules_exported;   // how far into Sema.modules each step has come
    VEC(PendingBounds) pending;
    uint32_t hold_bounds;           // > 0: types are being completed or impls not yet indexed
    uint32_t depth;                 // of resolution in resolution
    uint32_t implements_depth;
} DeclTables;

// ---- module.c: files to modules
Module *module_load_entry(Sema *s, const char *path);
Module *module_load_std(Sema *s, const char *path);              // "std.prelude"; NULL when there is no such file
// By path from `user`'s root or std. NULL when there is no file; the paths tried go to tried[0..1].
Module *module_find(Sema *s, Module *user, const Name *const *path, uint32_t count, const char **tried);
const Name *module_find_std(Sema *s, const Name *last);            // module_index.c: "std.sync.chan" for `chan`; NULL unless there is just one
Module *module_from_text(Sema *s, const char *path, const char *text);
// ---- collect.c: a module's own declarations and the names its `use` lines bind
void module_collect(Sema *s, Module *m);
// ---- choose.c: the items that are there for this target
// The members in `list` with every `comptime if` replaced by the branch that is taken; false after a report.
bool members_choose(Sema *s, const NodeList *list, NodeList *out);
void items_choose(Sema *s, Module *m, const NodeList *items, NodeList *out);
void module_note_damage(Sema *s, Module *m);      // what its syntax errors leave unusable
bool use_is_damaged(Sema *s, const Module *m, const Node *use);
void module_declare(Sema *s, Module *m, Decl *decl);
// ---- use.c
void module_bind_use(Sema *s, Module *m, Node *node);           // names only
void module_load_uses(Sema *s, Module *m);                       // the modules behind them
Decl *import_resolve(Sema *s, Decl *import);                     // a MODULE with target NULL after a report
// A public member as seen from `user`. NULL with *is_private when it exists but may not be used.
Decl *module_member(Sema *s, Module *m, const Name *name, const Module *user, bool *is_private);
// ---- profile.c
int profile_of_tree(Sema *s, const ModuleTree *tree);
void profile_check_use(Sema *s, Module *user, Module *used, Span at);
bool profile_check_extern(Context *c, const Decl *func, Span at);
// Floating-point text needs `:core`. False after a report.
bool profile_check_display(Context *c, const Type *type, Span at);
// ---- context.c
Context context_for_decl(Sema *s, Decl *decl, Instance *instance);
Context context_for_impl(Sema *s, Impl *impl);
bool instance_is_open(const Instance *instance);                // a generic type checked with its own parameters as arguments
bool resolve_enter(Sema *s, Span at);                            // counts depth; false after E0009. Pair with resolve_leave
void resolve_leave(Sema *s);
// ---- entity.c
Entity entity_of_decl(Context *c, Decl *decl, Span at);
const char *entity_describe(const Entity *e);                    // "a function"
// ---- resolve_type.c
Type *alias_type(Sema *s, Decl *alias, Type **args, uint32_t count, Instance *parent, Span at);
// ---- nominal.c
void bounds_flush(Sema *s);
void nominal_check_generic(Sema *s, Decl *decl);                 // a generic struct or enum with its own PARAMs as arguments
void error_set_declare(Sema *s, Decl *decl);
uint32_t attr_align(Context *c, const NodeList *attrs, bool *must_use);
// ---- generic.c
bool generic_args_fit(Sema *s, Decl *decl, Type **args, uint32_t count, Instance *parent, Span at);   // E3001, E3007
bool generic_args_satisfy(Sema *s, Decl *decl, Type **args, Instance *parent, Span at);               // E3002
bool generic_args_too_large(Type **args, uint32_t count);
// ---- signature.c
void signature_check(Sema *s, Decl *func);                       // E2028
bool signature_count_fits(Context *c, const NodeList *params);  // E0016
// ---- impl.c
void impl_resolve_header(Sema *s, Impl *impl);
void impl_check(Sema *s, Impl *impl);                            // against its trait
void impls_check_overlap(Sema *s);
const void *type_head(const Type *t);
ImplTable *impl_table(Sema *s, const Decl *trait);               // trait NULL: inherent; NULL when there is none
Decl *impl_method(const Impl *impl, const Name *name);
void trait_index_methods(Sema *s, Decl *trait);
// The method of this name among the inherent impls of a generic declaration, arguments unknown.
Decl *method_of_generic(Sema *s, const Decl *decl, const Name *name);
// ---- unreached.c
void unreached_check(Sema *s, Module *m);                        // the names in generic bodies that have no instance
bool constant_is_open(const Context *c, Node *node);             // mentions a parameter that has no value here, or a name that was reported
// ---- substitute.c
bool types_overlap(Sema *s, Type *a, Decl **a_params, uint32_t a_count, Type *b, Decl **b_params, uint32_t b_count);

#endif
