// The evaluator of the checker's constants. One module and one Interp grow over the whole check: a value becomes a
// function of its own, and what it calls is lowered, verified and decoded once, when it is first called. Evaluations
// nest, since finding out that a function is needed may mean checking its body, which may have constants of its own:
// each level has its machine, kept for the next time.
#include "interp/consteval.h"

#include "interp/interp.h"
#include "qtjir/lower.h"

enum { NESTED = 4000, ITEM_LIMIT = 1 << 20, FRAME_LIMIT = 10000 };
static const uint64_t MEMORY_LIMIT = UINT64_C(256) << 20, LEAST_MEMORY = UINT64_C(2) << 20;

// Why an evaluation could not go on where the program would have to grow.
typedef struct Refusal {
    DiagCode code;
    const char *why; // "": reported already; NULL: there was none
} Refusal;

typedef struct State {
    Sema *sema;
    Arena *arena;
    Lowerer *lowerer;
    InterpSource source;
    Interp *interp;
    VEC(InterpMachine *) machines; // by depth
    uint32_t depth;
    Refusal *refusal; // of the innermost evaluation
} State;

static const char *refuse(State *s, DiagCode code, const char *why) {
    *s->refusal = (Refusal){code, why};
    return why;
}

static const char *get_body(void *context, IrFunc *func) {
    State *s = context;
    if (func->entry) return NULL;
    DiagCode code = DIAG_E4001;
    const char *why = sema_prepare_func(s->sema, func->inst, &code);
    if (why) return refuse(s, code, why);
    lower_new_error_names(s->lowerer, s->sema);
    return lower_body(s->lowerer, func) ? NULL : refuse(s, DIAG_E4002, "");
}

static const char *get_initial(void *context, IrGlobal *global) {
    State *s = context;
    lower_initial(s->lowerer, global);
    if (global->initial) return NULL;
    bool is_broken = global->source && !sema_global_is_sound(global->source);
    return refuse(s, DIAG_E4003, is_broken ? "" : "this constant is needed to evaluate itself");
}

static void *open_state(Sema *sema) {
    Arena *arena = arena_create();
    State *s = ARENA_NEW(arena, State);
    s->sema = sema;
    s->arena = arena;
    s->lowerer = lower_open(sema, arena);
    s->source = (InterpSource){get_body, get_initial, s};
    s->interp = interp_create_growing(lower_opened_module(s->lowerer), &s->source);
    return s;
}

static void close_state(void *state) {
    State *s = state;
    for (uint32_t i = 0; i < s->machines.len; i++) interp_machine_destroy(s->machines.items[i]);
    interp_destroy(s->interp);
    lower_close(s->lowerer);
    arena_destroy(s->arena);
}

// The innermost evaluation has the least memory, so all of them together have twice the limit.
static InterpMachine *machine_at(State *s, uint32_t depth) {
    if (depth < s->machines.len) return s->machines.items[depth];
    uint64_t memory = depth < 16 ? MEMORY_LIMIT >> depth : 0;
    InterpLimits limits = {.memory = memory > LEAST_MEMORY ? memory : LEAST_MEMORY, .frames = FRAME_LIMIT};
    VEC_PUSH(s->arena, &s->machines, interp_machine_create(s->interp, &limits, true));
    return VEC_LAST(&s->machines);
}

// "`n` is not known at compile time": the place is a mention of a local.
static const char *name_unknown(State *s, Span span, Arena *arena) {
    const Source *source = sources_get(sema_sources(s->sema), span.file);
    Str text = {source->text.ptr + span.start, span.end - span.start};
    bool is_name = text.len > 0 && text.len < 100;
    for (size_t i = 0; i < text.len && is_name; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        is_name = c == '_' || c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    return is_name ? arena_printf(arena, "`" STR_FMT "` is not known at compile time", STR_ARG(text))
                   : "this value is not known at compile time";
}

static void explain(State *s, const ConstQuestion *q, const InterpEvalEnd *end, const Refusal *refusal,
                    ConstAnswer *a) {
    a->message = end->message;
    a->code = end->is_unknown ? DIAG_E4001 : DIAG_E4002;
    if (refusal->why) {
        a->code = refusal->code;
        a->message = refusal->why[0] ? refusal->why : NULL;
    } else if (end->failure == INTERP_FAIL_TRAP && end->trap == TRAP_UNKNOWN) {
        a->message = name_unknown(s, end->span, q->arena);
    }
    a->span = end->span;
    a->func = end->func ? end->func->name : NULL;
}

static void answer(void *state, const ConstQuestion *q, ConstAnswer *a) {
    State *s = state;
    *a = (ConstAnswer){0};
    if (s->depth >= NESTED) {
        a->code = DIAG_E0009;
        a->message = "evaluations need each other through more than 4000 steps";
        return;
    }
    lower_new_error_names(s->lowerer, s->sema);
    IrFunc *func = lower_constant(s->lowerer, q->value);
    if (!func) return;
    Refusal refusal = {0}, *outer = s->refusal;
    s->refusal = &refusal;
    InterpEval how = {q->arena, q->step_limit, ITEM_LIMIT, q->promote, q->context};
    InterpEvalEnd end;
    a->value = interp_eval(machine_at(s, s->depth++), func, &how, &end);
    s->depth--;
    s->refusal = outer;
    a->steps = end.steps;
    if (!a->value) explain(s, q, &end, &refusal, a);
}

const ConstEvaluator interp_evaluator = {open_state, close_state, answer};
