// Scopes and the ways out of them. The stack of cleanups holds, innermost first, the code of defers and usings and the
// slots that die with a scope. Falling out of a scope runs its cleanups and forgets them; a jump out runs them again
// and leaves the stack as it was for the code that follows. Each run of cleanup code is lowered outside the cleanup
// itself, right after its token is popped, so the verifier sees tokens strictly nested on every path.
#include "qtjir/lower/internal.h"

static Cleanup *push(FuncLowerer *f, Cleanup *c) {
    c->outer = f->cleanups;
    f->cleanups = c;
    return c;
}

Cleanup *cleanup_push_slots(FuncLowerer *f) { return push(f, ARENA_NEW(f->p->arena, Cleanup)); }

void cleanup_push_code(FuncLowerer *f, const TExpr *code) {
    if (!f->block) return;
    Cleanup *c = ARENA_NEW(f->p->arena, Cleanup);
    c->code = code;
    c->token = FAULT_IN(f->p->types, TOKEN_REUSED) ? 0 : f->next_token++;
    IrInst *inst = emit0(f, IR_CLEANUP_PUSH, f->p->type_void);
    if (inst) inst->imm = c->token;
    push(f, c);
}

void cleanup_emit_dead(FuncLowerer *f, const Cleanup *c) {
    for (uint32_t i = c->slots.len; i-- > 0;) emit1(f, IR_DEAD, f->p->type_void, c->slots.items[i]);
}

// At a return the frame goes anyway: slots need not die one by one.
static void run(FuncLowerer *f, const Cleanup *c, bool returns) {
    if (!f->block) return;
    if (!c->code) {
        if (!returns) cleanup_emit_dead(f, c);
        return;
    }
    IrInst *inst = emit0(f, IR_CLEANUP_POP, f->p->type_void);
    if (inst) inst->imm = c->token;
    lower_statement(f, c->code);
}

void cleanup_leave(FuncLowerer *f, Cleanup *until) {
    while (f->cleanups != until) {
        Cleanup *c = f->cleanups;
        f->cleanups = c->outer;
        run(f, c, false);
    }
}

// For a fault: the stack the other way round.
static Cleanup *reversed(FuncLowerer *f, const Cleanup *c) {
    Cleanup *top = NULL;
    for (; c; c = c->outer) {
        Cleanup *copy = ARENA_NEW(f->p->arena, Cleanup);
        *copy = *c;
        copy->outer = top;
        top = copy;
    }
    return top;
}

void cleanup_unwind(FuncLowerer *f, Cleanup *until) {
    if (FAULT_IN(f->p->types, CLEANUP_SKIPPED) && until) return;
    Cleanup *kept = f->cleanups;
    if (FAULT_IN(f->p->types, CLEANUP_REORDERED) && !until) f->cleanups = reversed(f, kept);
    Cleanup *innermost = f->cleanups;
    for (Cleanup *c = innermost; c != until && f->block; c = c->outer) {
        f->cleanups = c->outer;
        run(f, c, !until);
    }
    f->cleanups = kept;
}

// ---- statements

void statement_begin(FuncLowerer *f, StatementState *s) {
    *s = (StatementState){.temps = f->temps, .kept = f->kept, .anchor = f->anchor};
    push(f, &s->own);
    f->temps = f->kept = &s->own;
    f->anchor = NULL;
}

void statement_end(FuncLowerer *f, StatementState *s) {
    ENSURE(f->cleanups == &s->own);
    cleanup_leave(f, s->own.outer);
    f->temps = s->temps;
    f->kept = s->kept;
    f->anchor = s->anchor;
}

void lower_statement(FuncLowerer *f, const TExpr *e) {
    if (!f->block) return;
    StatementState s;
    statement_begin(f, &s);
    lower_effect(f, e);
    statement_end(f, &s);
}

// A scalar is evaluated before its slot lives; anything else is built in the slot.
static void lower_let_value(FuncLowerer *f, const Local *local, const TExpr *value, Cleanup *owner) {
    if (value->kind == TEXPR_UNDEFINED) {
        slot_local(f, local, owner);
        return;
    }
    if (local->type->kind == TYPE_NEVER) {
        lower_effect(f, value);
        return;
    }
    bool in_place = !type_is_scalar(local->type) || value->kind == TEXPR_IF || value->kind == TEXPR_MATCH ||
                    value->kind == TEXPR_CATCH || value->kind == TEXPR_ORELSE;
    if (in_place) {
        IrInst *slot = slot_local(f, local, owner);
        lower_into(f, value, slot);
        return;
    }
    IrInst *v = lower_value(f, value);
    IrInst *slot = slot_local(f, local, owner);
    emit_store(f, slot, v);
}

// What an initialiser takes the address of lives as long as the local, which may hold that address.
static void lower_let(FuncLowerer *f, const TExpr *e, Cleanup *scope) {
    Span outer = f->span;
    f->span = e->span;
    if (e->let.lends) {
        lower_let_value(f, e->let.local, e->let.value, scope);
    } else {
        StatementState s;
        statement_begin(f, &s);
        f->kept = scope;
        lower_let_value(f, e->let.local, e->let.value, scope);
        statement_end(f, &s);
    }
    f->span = outer;
}

// The slots of a block's locals; a new list after a defer, so that what is declared later dies first.
static Cleanup *block_slots(FuncLowerer *f, Cleanup *outside) {
    if (f->cleanups != outside && !f->cleanups->code) return f->cleanups;
    return cleanup_push_slots(f);
}

IrInst *lower_block(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    Cleanup *outside = f->cleanups;
    for (uint32_t i = 0; i < e->block.statements.len && f->block; i++) {
        const TExpr *statement = e->block.statements.items[i];
        if (statement->kind == TEXPR_LET)
            lower_let(f, statement, block_slots(f, outside));
        else if (statement->kind == TEXPR_DEFER)
            cleanup_push_code(f, statement->defer.body);
        else
            lower_statement(f, statement);
    }
    IrInst *value = e->block.result ? lower_expr(f, e->block.result, dest) : NULL;
    cleanup_leave(f, outside);
    return value;
}

IrInst *lower_using(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    Cleanup *outside = f->cleanups;
    Cleanup *slots = cleanup_push_slots(f);
    StatementState s;
    statement_begin(f, &s);
    f->kept = slots;
    lower_let_value(f, e->using_expr.local, e->using_expr.value, slots);
    statement_end(f, &s);
    cleanup_push_code(f, e->using_expr.close);
    IrInst *value = lower_expr(f, e->using_expr.body, dest);
    cleanup_leave(f, outside);
    return value;
}
