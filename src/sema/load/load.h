// Files to modules, and modules to tables of names: what the other wings may ask of this one.
#ifndef JANUS_SEMA_LOAD_LOAD_H
#define JANUS_SEMA_LOAD_LOAD_H

#include "sema/sema_internal.h"

// ---- module.c: files to modules
Module *module_load_entry(Sema *s, const char *path);
Module *module_load_std(Sema *s, const char *path);              // "std.prelude"; NULL when there is no such file
// By path from `user`'s root or std. NULL when there is no file; the paths tried go to tried[0..1].
Module *module_find(Sema *s, Module *user, const Name *const *path, uint32_t count, const char **tried);
const Name *module_find_std(Sema *s, const Name *last);            // module_index.c: "std.sync.chan" for `chan`; NULL unless just one
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
// ---- profile.c
int profile_of_tree(Sema *s, const ModuleTree *tree);
void profile_check_use(Sema *s, Module *user, Module *used, Span at);
bool profile_check_extern(Context *c, const Decl *func, Span at);
// Floating-point text needs `:core`. False after a report.
bool profile_check_display(Context *c, const Type *type, Span at);

#endif
