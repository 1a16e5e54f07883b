// What errors an open result (`!T`) can hold. The type says only "some error"; which ones is inferred from the body,
// and known beside the type: of a function by what it fails with and passes on, of an immutable name by what it was
// bound to. A match on such an error needs no `else` when its arms name all of them. What comes from elsewhere (a
// parameter, a field, a function value) may be any error. Answers are asked for late, so bodies that nobody has checked
// yet are checked then.
#include "sema/body/failures.h"

enum { FAILURE_DEPTH_LIMIT = 10000 }; // bodies checked because of each other's errors

struct Failures {
    VEC(Failure) errors;
    VEC(const Type *) sets; // closed: any of their members
    VEC(FuncInst *) funcs; // whatever these can fail with
    bool unknown;
};

static Failures *failures_new(Sema *s) { return ARENA_NEW(s->arena, Failures); }

static bool is_open(const Context *c, const Type *t) {
    Type *any = type_any_error(c->sema->types);
    return t == any || (t->kind == TYPE_ERROR_UNION && t->errors == any);
}

// ---- Collecting --------------------------------------------------------------------------------------------------------
static void add_error(Sema *s, Failures *f, Type *set, uint32_t code) {
    for (uint32_t i = 0; i < f->errors.len; i++)
        if (f->errors.items[i].code == code) return;
    Failure failure = {set, code};
    VEC_PUSH(s->arena, &f->errors, failure);
}

static void add_set(Sema *s, Failures *f, const Type *set) {
    for (uint32_t i = 0; i < f->sets.len; i++)
        if (f->sets.items[i] == set) return;
    VEC_PUSH(s->arena, &f->sets, set);
}

static void add_func(Sema *s, Failures *f, FuncInst *func) {
    for (uint32_t i = 0; i < f->funcs.len; i++)
        if (f->funcs.items[i] == func) return;
    VEC_PUSH(s->arena, &f->funcs, func);
}

static void add_all(Sema *s, Failures *f, const Failures *more) {
    for (uint32_t i = 0; i < more->errors.len; i++)
        add_error(s, f, more->errors.items[i].set, more->errors.items[i].code);
    for (uint32_t i = 0; i < more->sets.len; i++) add_set(s, f, more->sets.items[i]);
    for (uint32_t i = 0; i < more->funcs.len; i++) add_func(s, f, more->funcs.items[i]);
    f->unknown |= more->unknown;
}

// The errors that `e`, an error or an error union, can hold.
static void add_value(Context *c, Failures *f, const TExpr *e) {
    Sema *s = c->sema;
    if (e->type->kind == TYPE_NEVER || e->type->kind == TYPE_ERROR) return;
    if (e->kind == TEXPR_ERROR_VALUE) {
        add_error(s, f, e->type, e->error.code);
        return;
    }
    if (!is_open(c, e->type)) {
        const Type *set = e->type->kind == TYPE_ERROR_UNION ? e->type->errors : e->type;
        if (set->kind == TYPE_ERROR_SET && set->decl) add_set(s, f, set);
        return;
    }
    switch (e->kind) {
    case TEXPR_COERCE:
        if (e->coerce.kind == COERCE_OK || e->coerce.kind == COERCE_NEVER) return;
        add_value(c, f, e->coerce.operand);
        return;
    case TEXPR_CALL: add_func(s, f, e->call.func); return;
    case TEXPR_LOAD:
    case TEXPR_TEMP: add_value(c, f, e->unary.operand); return;
    case TEXPR_LOCAL:
        if (e->local->failures)
            add_all(s, f, e->local->failures);
        else
            f->unknown = true;
        return;
    case TEXPR_BLOCK:
        if (e->block.result) add_value(c, f, e->block.result);
        return;
    case TEXPR_IF:
        add_value(c, f, e->if_expr.then_expr);
        if (e->if_expr.else_expr) add_value(c, f, e->if_expr.else_expr);
        return;
    case TEXPR_MATCH:
        for (uint32_t i = 0; i < e->match.arm_count; i++) add_value(c, f, e->match.arms[i].body);
        return;
    default: f->unknown = true; return;
    }
}

Failures *failures_of(Context *c, const TExpr *value) {
    if (!is_open(c, value->type)) return NULL;
    Failures *f = failures_new(c->sema);
    add_value(c, f, value);
    return f;
}

void failures_note(Context *c, const TExpr *value) {
    if (c->dead || !c->func || !c->result || !is_open(c, c->result)) return;
    if (!c->func->failures) c->func->failures = failures_new(c->sema);
    add_value(c, c->func->failures, value);
}

// ---- Answering ---------------------------------------------------------------------------------------------------------
typedef struct Search {
    Context *c;
    FailureList *out;
    Map seen; // FuncInst → itself
    VEC(FuncInst *) waiting;
    FuncInst *unfinished; // its body is being checked around here
    bool unknown, broken;
} Search;

static void found(Search *q, Type *set, uint32_t code) {
    for (uint32_t i = 0; i < q->out->len; i++)
        if (q->out->items[i].code == code) return;
    Failure failure = {set, code};
    VEC_PUSH(q->c->sema->arena, q->out, failure);
}

static void found_all(Search *q, const Failures *f) {
    Sema *s = q->c->sema;
    q->unknown |= f->unknown;
    for (uint32_t i = 0; i < f->errors.len; i++) found(q, f->errors.items[i].set, f->errors.items[i].code);
    for (uint32_t i = 0; i < f->sets.len; i++) {
        const Type *set = f->sets.items[i];
        for (uint32_t k = 0; k < set->variant_count; k++)
            found(q, (Type *)set, (uint32_t)set->variants[k].discriminant);
    }
    for (uint32_t i = 0; i < f->funcs.len; i++) {
        if (map_get(&q->seen, f->funcs.items[i])) continue;
        map_put(s->arena, &q->seen, f->funcs.items[i], f->funcs.items[i]);
        VEC_PUSH(s->arena, &q->waiting, f->funcs.items[i]);
    }
}

static void found_func(Search *q, FuncInst *func) {
    Sema *s = q->c->sema;
    const Type *result = func->type && func->type->kind == TYPE_FUNC ? func->type->element : NULL;
    if (!result || func->is_extern || !is_open(q->c, result)) {
        q->unknown = true;
        return;
    }
    if (func->state == STAGE_NEW && s->failure_depth < FAILURE_DEPTH_LIMIT) {
        s->failure_depth++;
        check_body_nested(s, func);
        s->failure_depth--;
    }
    if (func->state < STAGE_DONE)
        q->unfinished = func;
    else if (func->state == STAGE_BROKEN)
        q->broken = true;
    else if (func->failures)
        found_all(q, func->failures);
}

FailureAnswer failures_resolve(Context *c, const Failures *failures, FailureList *out, FuncInst **unfinished) {
    Search q = {.c = c, .out = out};
    if (failures) found_all(&q, failures);
    for (uint32_t i = 0; i < q.waiting.len && !q.unknown && !q.broken && !q.unfinished; i++)
        found_func(&q, q.waiting.items[i]);
    *unfinished = q.unfinished;
    if (q.broken) return FAILURES_BROKEN;
    return !failures || q.unknown ? FAILURES_UNKNOWN : q.unfinished ? FAILURES_UNFINISHED : FAILURES_KNOWN;
}

// ---- Fitting a closed set ----------------------------------------------------------------------------------------------
void failures_report_unfinished(Context *c, DiagCode code, const FuncInst *unfinished, Span span, const char *instead) {
    const char *name = unfinished->decl ? unfinished->decl->name->text : unfinished->symbol;
    Diag *d =
        unfinished->state == STAGE_RUNNING
            ? context_error(c, code, span, "the errors of `%s` are not known here, where they are being inferred", name)
            : context_error(c, code, span, "the errors of `%s` are inferred through too many functions", name);
    diag_note(c->sema->diags, d, unfinished->span, "declare its error set, as in `T ! E`, or %s", instead);
}

// What else than errors of `set` is among `errors`, as text; NULL when nothing is.
static const char *strangers(Sema *s, const FailureList *errors, const Type *set) {
    enum { NAMED = 4 };
    StrBuf list = {0};
    uint32_t count = 0;
    for (uint32_t i = 0; i < errors->len; i++) {
        Failure f = errors->items[i];
        if (type_variant_numbered(set, f.code) || ++count > NAMED) continue;
        strbuf_printf(&list, "%s`%s.%s`", count > 1 ? ", " : "", f.set->decl->name->text,
                      s->error_names.items[f.code]->text);
    }
    if (count > NAMED) strbuf_printf(&list, " and %u more", count - NAMED);
    const char *text = count ? str_c(s->arena, strbuf_str(&list)) : NULL;
    strbuf_free(&list);
    return text;
}

bool failures_fit(Context *c, const TExpr *value, const Type *set, Span span) {
    Sema *s = c->sema;
    FailureList errors = {0};
    FuncInst *unfinished;
    FailureAnswer answer = failures_resolve(c, failures_of(c, value), &errors, &unfinished);
    if (answer == FAILURES_BROKEN) return true;
    const char *instead = "handle them here with `catch`";
    if (answer == FAILURES_UNFINISHED) {
        failures_report_unfinished(c, DIAG_E2001, unfinished, span, instead);
        return false;
    }
    const char *more = answer == FAILURES_KNOWN ? strangers(s, &errors, set) : NULL;
    if (answer == FAILURES_KNOWN && !more) return true;
    Diag *d =
        more ? context_error(c, DIAG_E2001, span, "this can fail with %s, which `%s` does not hold", more, show(c, set))
             : context_error(c, DIAG_E2001, span, "this can fail with any error, not only with those of `%s`",
                             show(c, set));
    if (c->func && c->result) diag_note(s->diags, d, c->func->span, "this function returns `%s`", show(c, c->result));
    return false;
}
