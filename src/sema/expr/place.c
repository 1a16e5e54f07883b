// Places: what pointers lead to, what is part of what, and how a place becomes a value.
#include "sema/expr/expr.h"

#include "sema/body/body.h"

TExpr *auto_deref(Context *c, TExpr *e) {
    while (e->type->kind == TYPE_PTR) {
        TExpr *pointer = load_place(c, e);
        if (is_error(pointer)) return pointer;
        e = texpr_deref(c, pointer, e->span);
    }
    return e;
}

const TExpr *place_root(const TExpr *place) {
    for (;;) {
        switch (place->kind) {
        case TEXPR_FIELD: place = place->field.base; break;
        case TEXPR_INDEX_ARRAY: place = place->index.base; break;
        case TEXPR_PAYLOAD: place = place->payload.operand; break;
        default: return place;
        }
    }
}

void note_immutable(Context *c, Diag *d, const Local *local) {
    static const char *const NOTES[] = {
        [LOCAL_DECLARED] = "it is declared here without `var`",
        [LOCAL_PARAM] = "parameters are immutable; take a pointer, or copy it into a `var`",
        [LOCAL_BOUND] = "what a pattern binds is an immutable copy; copy it into a `var`",
        [LOCAL_ELEMENT] = "this is an immutable copy of the element; `for *x in …` binds a pointer to it",
        [LOCAL_COUNTER] = "the loop alone changes it; copy it into a `var`",
        [LOCAL_USING] = "what `using` binds is immutable; keep it in a `var`, and close that with `defer`",
        [LOCAL_CAUGHT] = "what `catch` binds is immutable; copy it into a `var`",
    };
    diag_note(c->sema->diags, d, local->span, "%s", NOTES[local->origin]);
    if (local->origin != LOCAL_DECLARED || !span_known(local->span) || local->span.start < 4) return;
    const char *text = sources_get(c->sema->sources, local->span.file)->text.ptr;
    uint32_t at = local->span.start - 4;
    bool word = memcmp(text + at, "let ", 4) == 0 &&
                (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n' || text[at - 1] == '\t');
    if (word) diag_fix(c->sema->diags, d, (Span){local->span.file, at, at + 3}, "var", "declare it with `var`");
}

// ---- places and values
// A part of a value without a name, which nobody else can reach.
static bool is_part_of_fresh(const TExpr *place) {
    while (place->kind == TEXPR_PAYLOAD || place->kind == TEXPR_FIELD)
        place = place->kind == TEXPR_FIELD ? place->field.base : place->payload.operand;
    return place->kind == TEXPR_TEMP;
}

// A parameter that is unique was handed over for good, and so was what a pattern took out of a fresh value. The whole
// of it may be moved on, once, in no loop that it lives longer than, and in no defer. All else that is unique stays
// put.
static bool move_out(Context *c, TExpr *place) {
    if (is_part_of_fresh(place)) return true;
    Local *local = place->kind == TEXPR_LOCAL ? place->local : NULL;
    if (!local || !(local->is_param || local->is_owned) || c->defer_depth || c->in_guard) return false;
    if (c->loops != local->owned_in) return false;
    moved_note(c, local, place->span);
    return true;
}

TExpr *as_place(Context *c, TExpr *e) {
    if (is_error(e) || texpr_is_place(e)) return e;
    TExpr *temp = texpr_unary(c, TEXPR_TEMP, e->type, e, e->span);
    temp->is_mutable = true;
    return temp;
}

TExpr *load_place(Context *c, TExpr *place) {
    if (is_error(place) || !texpr_is_place(place)) return place;
    if (place->kind == TEXPR_TEMP) return place->unary.operand;
    Type *type = place->type;
    if (!type_complete(c->sema, type, place->span)) return texpr_error(c, place->span);
    if (!type_is_copyable(c->sema, type, place->span) && !move_out(c, place)) {
        Diag *d =
            context_error(c, DIAG_E2011, place->span, "this would copy a value of the unique type `%s`", show(c, type));
        diag_note(c->sema->diags, d, (Span){0}, "use it through a pointer, with `&`");
        return texpr_error(c, place->span);
    }
    return texpr_load(c, place);
}
