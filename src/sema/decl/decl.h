// What the files of the declaration group share: the tables behind modules, impls and instances, and the functions that
// nobody outside the group calls.
#ifndef JANUS_SEMA_DECL_DECL_H
#define JANUS_SEMA_DECL_DECL_H

#include "sema/help/help.h"
#include "sema/sema_internal.h"

enum {
    RESOLVE_DEPTH_LIMIT = 100000,   // constants, aliases, imports and types that lead to each other: E0009
    HELD_DEPTH_LIMIT = 10000,       // types that hold each other by value: E0009
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

// ---- lookup.c
Decl *import_resolve(Sema *s, Decl *import);                     // a MODULE with target NULL after a report
// A public member as seen from `user`. NULL with *is_private when it exists but may not be used.
Decl *module_member(Sema *s, Module *m, const Name *name, const Module *user, bool *is_private);
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
// ---- c_symbol.c
void c_symbols_collect(Sema *s);                                 // the exports of modules that are new
void c_symbols_check(Sema *s);                                   // one symbol, one type
// ---- signature.c
void signature_check(Sema *s, Decl *func);                       // E2028
bool signature_count_fits(Context *c, const NodeList *params);  // E0016
// ---- impl.c, impl_index.c
void impl_resolve_header(Sema *s, Impl *impl);
void impl_check(Sema *s, Impl *impl);                            // against its trait
void impls_check_overlap(Sema *s);
const void *type_head(const Type *t);
ImplTable *impl_table(Sema *s, const Decl *trait);               // trait NULL: inherent; NULL when there is none
Decl *impl_method(const Impl *impl, const Name *name);
void trait_index_methods(Sema *s, Decl *trait);
// The method of this name among the inherent impls of a generic declaration, arguments unknown.
Decl *method_of_generic(Sema *s, const Decl *decl, const Name *name);
// ---- unused.c
void unused_check(Sema *s, Module *m);                           // W0003
// ---- unreached.c
void unreached_check(Sema *s, Module *m);                        // the names in generic bodies that have no instance
bool constant_is_open(Context *c, Node *node);                   // mentions a parameter that has no value here (counted), or a name that
                                                                 // was reported
// ---- substitute.c
bool types_overlap(Sema *s, Type *a, Decl **a_params, uint32_t a_count, Type *b, Decl **b_params, uint32_t b_count);

#endif
