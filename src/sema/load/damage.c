// What syntax errors did to a module's declarations. Checking goes on around the damage, so that one run shows mistakes
// of every kind, but nothing is said about what was only half read: a damaged body is not checked, a damaged type or
// signature is poisoned, and when the damage may have swallowed names, unknown names are not reported in that module.
#include "sema/decl/decl.h"
#include "sema/load/load.h"

static bool covers(const Node *node, const Diag *d) {
    return node && node->span.file == d->span.file && node->span.start <= d->span.start &&
           d->span.start <= node->span.end;
}

static void damage_func(Sema *s, Decl *func, const Diag *d) {
    func->func.body_damaged = true;
    if (d->code == DIAG_E0008 && func->kind == DECL_FUNC) return; // a missing `end`: the signature is whole
    const Node *body = func->kind == DECL_TEST ? func->node->test.body : func->node->func.body;
    if (func->kind == DECL_TEST || (body && d->span.start >= body->span.start)) return;
    func->type = type_func(s->types, NULL, 0, type_primitive(s->types, TYPE_ERROR));
    func->state = STAGE_BROKEN;
}

// The method that the damage lies in; false when it lies outside all of them.
static bool damage_method(Sema *s, Decl **methods, uint32_t count, const Diag *d) {
    for (uint32_t i = 0; i < count; i++) {
        if (!covers(methods[i]->node, d)) continue;
        damage_func(s, methods[i], d);
        return true;
    }
    return false;
}

static bool damage_decl(Sema *s, Decl *decl, const Diag *d) {
    switch (decl->kind) {
    case DECL_FUNC:
    case DECL_TEST: damage_func(s, decl, d); return true;
    case DECL_STRUCT:
    case DECL_ENUM: decl->is_damaged = true; return true;
    case DECL_CONST:
    case DECL_GLOBAL:
    case DECL_ALIAS:
        decl->type = type_primitive(s->types, TYPE_ERROR);
        decl->state = STAGE_BROKEN;
        return true;
    case DECL_TRAIT: return damage_method(s, decl->contract.methods, decl->contract.method_count, d);
    default: return false;
    }
}

static bool damage_found(Sema *s, Module *m, const Diag *d) {
    for (uint32_t i = 0; i < m->decls.len; i++)
        if (covers(m->decls.items[i]->node, d)) return damage_decl(s, m->decls.items[i], d);
    for (uint32_t i = 0; i < m->impls.len; i++)
        if (covers(m->impls.items[i]->node, d))
            return damage_method(s, m->impls.items[i]->methods, m->impls.items[i]->method_count, d);
    return false;
}

// On the node's last line, behind it: what was skipped there belonged to it.
static bool trails(const Module *m, const Node *node, const Diag *d) {
    if (node->span.file != d->span.file || d->span.start < node->span.end) return false;
    Str text = m->tree->source->text;
    return !memchr(text.ptr + node->span.end, '\n', d->span.start - node->span.end);
}

bool use_is_damaged(Sema *s, const Module *m, const Node *use) {
    for (uint32_t i = m->first_error; i < m->errors_end; i++)
        if (covers(use, s->diags->all.items[i]) || trails(m, use, s->diags->all.items[i])) return true;
    return false;
}

void module_note_damage(Sema *s, Module *m) {
    m->lost_names |= m->tree->is_cut;
    for (uint32_t i = m->first_error; i < m->errors_end; i++)
        if (!damage_found(s, m, s->diags->all.items[i])) m->lost_names = true;
}
