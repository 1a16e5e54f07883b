// Block scopes of a function body. A scope knows its locals in order of declaration; a later one shadows an earlier one
// of the same name. Locals nobody used are reported when their scope ends, unless something in it is wrong: then the
// use may have been lost with the error.
#include "sema/body/body.h"

Scope *scope_push(Context *c) {
    Scope *scope = ARENA_NEW(c->sema->arena, Scope);
    scope->parent = c->scope;
    scope->errors_before = c->errors;
    c->scope = scope;
    return scope;
}

void scope_pop(Context *c) {
    Scope *scope = c->scope;
    ENSURE(scope);
    c->scope = scope->parent;
    if (c->errors != scope->errors_before || !context_warns(c)) return;
    for (uint32_t i = 0; i < scope->locals.len; i++) {
        Local *local = scope->locals.items[i];
        if (local->is_used || local->is_param || !local->name || local->name->text[0] == '_') continue;
        Diag *d = diag_warning(c->sema->diags, DIAG_W0001, local->span, "`%s` is never used", local->name->text);
        diag_note(c->sema->diags, d, (Span){0}, "a name that begins with `_` may stay unused");
    }
}

void scope_declare(Context *c, Local *local) {
    if (!local->name) return;
    for (uint32_t i = c->scope->locals.len; i-- > 0;) {
        Local *other = c->scope->locals.items[i];
        if (other->name != local->name) continue;
        if (other->is_var != local->is_var) {
            Diag *d = context_error(c, DIAG_E1006, local->span,
                                    "`%s` is declared by `%s` here but by `%s` before in the same scope",
                                    local->name->text, local->is_var ? "var" : "let", other->is_var ? "var" : "let");
            diag_note(c->sema->diags, d, other->span, "first declared here");
        }
        break;
    }
    VEC_PUSH(c->sema->arena, &c->scope->locals, local);
}

Local *scope_lookup(const Scope *scope, const Name *name) {
    for (; scope; scope = scope->parent)
        for (uint32_t i = scope->locals.len; i-- > 0;)
            if (scope->locals.items[i]->name == name) return scope->locals.items[i];
    return NULL;
}
