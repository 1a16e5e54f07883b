// What a match must be told: an arm that no value comes to (E2022), values that no arm covers (E2009). The proof is made
// in match_prove.c; here is what becomes of it. A match on an error of open type is judged by the errors that can be there.
#include "sema/body/body.h"
#include "sema/body/failures.h"
#include "sema/body/match.h"

// A frequent surprise: a constant's bare name, which binds instead of comparing.
static void note_shadowed_constant(Context *c, Diag *d, const TArm *arms, const TArm *end) {
    for (const TArm *arm = arms; arm < end; arm++) {
        if (arm->guard || arm->pattern->kind != PATTERN_BIND) continue;
        const Name *name = arm->pattern->local->name;
        Decl *decl = name ? module_lookup(c->sema, c->module, name) : NULL;
        if (!decl || decl->kind != DECL_CONST) continue;
        diag_note(c->sema->diags, d, arm->pattern->span,
                  "`%s` here is a new name for any value; compare with the constant in a guard: `x when x == %s`",
                  name->text, name->text);
        return;
    }
}

typedef struct Rows {
    VEC(MatchRow) list;
    VEC(const TArm *) arms; // whose they are
} Rows;

// One row for each alternative of an arm.
static Rows rows_of(Arena *arena, const TArm *arms, uint32_t count) {
    Rows rows = {0};
    for (const TArm *arm = arms; arm < arms + count; arm++) {
        bool is_or = arm->pattern->kind == PATTERN_OR;
        for (uint32_t i = 0; i < (is_or ? arm->pattern->sub_count : 1); i++) {
            MatchRow row = {.pattern = is_or ? arm->pattern->subs[i] : arm->pattern, .is_guarded = arm->guard != NULL};
            VEC_PUSH(arena, &rows.list, row);
            VEC_PUSH(arena, &rows.arms, arm);
        }
    }
    return rows;
}

static void report_unreached(Context *c, const Rows *rows, const TArm *arms) {
    for (uint32_t i = 0; i < rows->list.len; i++) {
        if (rows->list.items[i].is_reached) continue;
        Diag *d = context_error(c, DIAG_E2022, rows->list.items[i].pattern->span, "this pattern is never reached");
        diag_note(c->sema->diags, d, (Span){0}, "the arms before it match every value it could");
        note_shadowed_constant(c, d, arms, rows->arms.items[i]);
    }
}

static void mark_errors(const TPattern *p, bool *is_named, uint32_t count) {
    if (p->kind == PATTERN_ERROR && p->value->bits < count) is_named[p->value->bits] = true;
    if (p->kind == PATTERN_OR)
        for (uint32_t i = 0; i < p->sub_count; i++) mark_errors(p->subs[i], is_named, count);
}

// A match on an error of open type: it is complete when its arms name all the errors that can be there. True when that
// was to be decided here: it is, or what is missing has been reported.
static bool check_open_errors(Context *c, Arena *arena, const Rows *rows, const Type *subject, const Failures *failures,
                              Span match_span) {
    if (subject != type_any_error(c->sema->types)) return false;
    FailureList errors = {0};
    FuncInst *unfinished;
    FailureAnswer answer = failures_resolve(c, failures, &errors, &unfinished);
    if (answer == FAILURES_UNKNOWN) return false;
    if (answer == FAILURES_BROKEN) return true;
    if (answer == FAILURES_UNFINISHED) {
        failures_report_unfinished(c, DIAG_E2009, unfinished, match_span, "end the match with an `else` arm");
        return true;
    }
    uint32_t count = c->sema->error_names.len;
    bool *is_named = ARENA_ARRAY(arena, bool, count + 1);
    for (uint32_t i = 0; i < rows->list.len; i++)
        if (!rows->list.items[i].is_guarded) mark_errors(rows->list.items[i].pattern, is_named, count);
    StrBuf list = {0};
    uint32_t missing = 0;
    for (uint32_t i = 0; i < errors.len; i++) {
        uint32_t code = errors.items[i].code;
        if (is_named[code]) continue;
        if (++missing > MATCH_MISSING_LIMIT) break;
        strbuf_printf(&list, "%s`%s.%s`", missing > 1 ? ", " : "", errors.items[i].set->decl->name->text,
                      c->sema->error_names.items[code]->text);
    }
    if (missing) {
        Diag *d = context_error(c, DIAG_E2009, match_span, "this match does not cover %s%s",
                                str_c(arena, strbuf_str(&list)), missing > MATCH_MISSING_LIMIT ? " and more" : "");
        diag_note(c->sema->diags, d, (Span){0}, "add the missing arms, or an `else` arm");
    }
    strbuf_free(&list);
    return true;
}

static void report_missing(Context *c, Arena *arena, const MatchProof *proof, Type *subject, Span match_span) {
    if (subject == type_any_error(c->sema->types)) {
        Diag *d = context_error(c, DIAG_E2009, match_span, "this match does not cover every error that can come here");
        diag_note(c->sema->diags, d, (Span){0},
                  "which ones is not known: they come from a parameter, a field, a variable or a call through a "
                  "value; add an `else` arm");
        return;
    }
    StrBuf list = {0};
    for (uint32_t i = 0; i < proof->missing_count; i++) {
        bool is_last = i + 1 == proof->missing_count && !proof->has_more;
        strbuf_printf(&list, "%s`%s`", i == 0 ? "" : is_last ? " and " : ", ", proof->missing[i]);
    }
    if (proof->has_more) strbuf_puts(&list, " and more");
    bool is_endless = type_is_float(subject) || subject->kind == TYPE_SLICE || strcmp(proof->missing[0], "_") == 0;
    const char *missing =
        is_endless ? arena_printf(arena, "every value of `%s`", show(c, subject)) : str_c(arena, strbuf_str(&list));
    Diag *d = context_error(c, DIAG_E2009, match_span, "this match does not cover %s", missing);
    diag_note(c->sema->diags, d, (Span){0}, "add the missing arms, or an `else` arm");
    strbuf_free(&list);
}

static void report_gave_up(Context *c, Span match_span) {
    Diag *d = context_error(c, DIAG_E2009, match_span, "this match is too entangled to prove that it is exhaustive");
    diag_note(c->sema->diags, d, (Span){0},
              "too many combinations of its columns differ: end it with an `else` arm, or match on one part first and "
              "on the others inside its arms");
}

static bool is_closed(const Rows *rows) {
    for (uint32_t i = 0; i < rows->list.len; i++) {
        PatternKind kind = rows->list.items[i].pattern->kind;
        if (!rows->list.items[i].is_guarded && (kind == PATTERN_ANY || kind == PATTERN_BIND)) return true;
    }
    return false;
}

void check_exhaustive(Context *c, Type *subject, const Failures *failures, TArm *arms, uint32_t count,
                      Span match_span) {
    if (type_is_error(subject)) return;
    Arena *arena = arena_create();
    Rows rows = rows_of(arena, arms, count);
    MatchProof proof = match_prove(c->sema, type_complete, arena, subject, rows.list.items, rows.list.len);
    report_unreached(c, &rows, arms);
    bool is_decided = is_closed(&rows) || check_open_errors(c, arena, &rows, subject, failures, match_span);
    if (!is_decided && proof.gave_up)
        report_gave_up(c, match_span);
    else if (!is_decided && proof.missing_count)
        report_missing(c, arena, &proof, subject, match_span);
    arena_destroy(arena);
}
