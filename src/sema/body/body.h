// Shared by the files that check bodies: what a construct is wanted for, and the entry points between them.
//
// `expected` means three things here: NULL asks to infer, void asks for a statement (values must be droppable), and
// any other type asks for a value of exactly that type. In the first case the branches of nested if, match and blocks
// stay as they are until the outermost construct unites them, so that a literal in one adapts to all others.
#ifndef JANUS_SEMA_BODY_BODY_H
#define JANUS_SEMA_BODY_BODY_H

#include "sema/sema_internal.h"


// One statement: its type is void or never, values are dropped by the rules.
TExpr *check_statement(Context *c, Node *node);
// A branch or the last statement of a block.
TExpr *check_branch(Context *c, Node *node, Type *expected);
// Like check_control, but leaves unequal branches for an enclosing construct to unite when `expected` is NULL.
TExpr *check_tail(Context *c, Node *node, Type *expected);
// A block. With `open_union`, a last call that gives an error union is the block's value although a statement is
// wanted.
TExpr *check_block_tail(Context *c, Node *block, Type *expected, bool open_union);
void block_add(Context *c, TExpr *block, TExpr *statement);
TExpr *drop_value(Context *c, TExpr *value, Span span);
// What is left of an operation on `operands` when one of them does not come back: those before it and that one itself.
// NULL when all come back.
TExpr *never_reached(Context *c, TExpr *const *operands, uint32_t count, Span span);

// unique.c
typedef struct MovedPath {
    const Moved *last, *start;
} MovedPath;
void moved_note(Context *c, Local *local, Span span);
// Ends a path that began when c->moved was `start`: what was moved on it counts as there again.
MovedPath moved_take(Context *c, const Moved *start);
// Paths join: what was moved on that one is moved from here on.
void moved_give(Context *c, MovedPath path);
// branch.c
TExpr *check_if(Context *c, Node *node, Type *expected);
TExpr *check_match(Context *c, Node *node, Type *expected);
TExpr *unite_branches(Context *c, TExpr *e);
// `if let p = subject and a and b`, and the same of `while`: what is matched, and the conditions after it, which see
// the names of the pattern. `guard` stays as it is without any; false when one is wrong.
Node *let_subject(Node *condition);
bool check_let_guard(Context *c, Node *condition, TExpr **guard);
// What a match is held against: a place, with pointers to nominal values followed.
TExpr *check_subject(Context *c, Node *node, bool *is_fresh);
// loop.c
TExpr *check_while(Context *c, Node *node);
TExpr *check_for(Context *c, Node *node);
TExpr *check_jump(Context *c, Node *node);
// error.c
TExpr *check_try(Context *c, Node *node);
// `operand?`: the value, or a return with the error. The operand is of an error union.
TExpr *propagate(Context *c, TExpr *operand, Span span);
TExpr *check_catch(Context *c, Node *node, Type *expected);
TExpr *check_fail(Context *c, Node *node);
TExpr *check_return(Context *c, Node *node);

#endif
