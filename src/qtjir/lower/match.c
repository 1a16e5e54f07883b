// Match: arms are tried in order; an arm whose pattern or guard fails goes on to the next. Where every arm asks for
// constants or variants, one SWITCH picks the first arm that can match, and an arm that then fails (a guard, a part)
// falls back to testing those after it in order. No arm matching cannot happen (the checker proved it) and traps.
#include <stdlib.h>

#include "qtjir/lower/internal.h"

typedef struct ArmLabels {
    Label test; // the whole pattern is to be tested
    Label direct; // the switch chose it: the top of the pattern matches
} ArmLabels;

typedef struct Choice {
    uint64_t value;
    uint32_t arm;
} Choice;
typedef VEC(Choice) ChoiceList;

// ---- the switch

static bool subs_are_irrefutable(const TPattern *p) {
    for (uint32_t i = 0; i < p->sub_count; i++)
        if (!pattern_is_irrefutable(p->subs[i])) return false;
    return true;
}

static bool type_is_switchable(const Type *t) {
    return type_is_int(t) || t->kind == TYPE_ENUM || t->kind == TYPE_ERROR_SET;
}

// False when the pattern is not a choice of values.
static bool collect_choices(FuncLowerer *f, const TPattern *p, const Type *type, uint32_t arm, ChoiceList *out) {
    Choice choice = {0, arm};
    switch (p->kind) {
    case PATTERN_CONST:
    case PATTERN_ERROR:
        if (p->value->kind != CONST_INT) return false;
        choice.value = p->value->bits;
        break;
    case PATTERN_VARIANT: choice.value = (uint64_t)type->variants[p->index].discriminant; break;
    case PATTERN_OR:
        for (uint32_t i = 0; i < p->sub_count; i++)
            if (!collect_choices(f, p->subs[i], type, arm, out)) return false;
        return true;
    default: return false;
    }
    VEC_PUSH(f->p->arena, out, choice);
    return true;
}

static int compare_choices(const void *a, const void *b) {
    const Choice *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return x->arm < y->arm ? -1 : x->arm > y->arm;
}

// One choice per value: the first arm that names it.
static void keep_first_arms(ChoiceList *choices, bool last_wins) {
    if (choices->len) qsort(choices->items, choices->len, sizeof *choices->items, compare_choices);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < choices->len; i++)
        if (last_wins && kept && choices->items[kept - 1].value == choices->items[i].value)
            choices->items[kept - 1] = choices->items[i];
        else if (!kept || choices->items[kept - 1].value != choices->items[i].value)
            choices->items[kept++] = choices->items[i];
    choices->len = kept;
}

// An alternative with parts to test or bind is not settled by the switch.
static bool or_is_settled(const TPattern *p) {
    if (pattern_has_bindings(p)) return false;
    for (uint32_t i = 0; i < p->sub_count; i++) {
        const TPattern *sub = p->subs[i];
        if (sub->kind == PATTERN_OR ? !or_is_settled(sub) : !subs_are_irrefutable(sub)) return false;
    }
    return true;
}

static Label *arm_entry(const TArm *arm, ArmLabels *labels) {
    bool needs_test = arm->pattern->kind == PATTERN_OR && !or_is_settled(arm->pattern);
    return needs_test ? &labels->test : &labels->direct;
}

// Answers false, with nothing emitted, when this match is no choice of values.
static bool lower_switch(FuncLowerer *f, const TExpr *e, IrInst *subject, ArmLabels *labels, Label *none) {
    Type *type = subject->type->element;
    if (!type_is_switchable(type)) return false;
    ChoiceList choices = {0};
    uint32_t catch_all = e->match.arm_count;
    for (uint32_t i = 0; i < e->match.arm_count && catch_all == e->match.arm_count; i++) {
        const TPattern *p = e->match.arms[i].pattern;
        if (p->kind == PATTERN_ANY || p->kind == PATTERN_BIND)
            catch_all = i;
        else if (!collect_choices(f, p, type, i, &choices))
            return false;
    }
    // Arms after a guarded catch-all are only reached through it, by testing.
    keep_first_arms(&choices, FAULT_IN(f->p->types, LAST_ARM_WINS));
    if (choices.len < 2) return false;
    bool has_tag = type->kind == TYPE_ENUM && !type->is_plain_enum;
    IrInst *value = has_tag ? emit1(f, IR_ENUM_TAG, type->tag_type, subject) : emit_load(f, subject);
    IrInst *inst = emit1(f, IR_SWITCH, f->p->type_void, value);
    if (!inst) return true;
    if (!f->anchor) f->anchor = inst;
    inst->jump.cases = ARENA_ARRAY(f->p->arena, IrCase, choices.len);
    for (uint32_t i = 0; i < choices.len; i++) {
        Choice c = choices.items[i];
        Label *entry = arm_entry(&e->match.arms[c.arm], &labels[c.arm]);
        inst->jump.cases[inst->jump.case_count++] = (IrCase){c.value, label_block(f, entry)};
    }
    Label *otherwise = catch_all < e->match.arm_count ? &labels[catch_all].test : none;
    inst->jump.targets[0] = label_block(f, otherwise);
    return true;
}

// ---- arms

static void test_parts(FuncLowerer *f, const TPattern *p, IrInst *subject, Label *fail) {
    if (p->kind != PATTERN_VARIANT) return;
    for (uint32_t i = 0; i < p->sub_count && f->block; i++)
        if (!pattern_is_irrefutable(p->subs[i]))
            pattern_test(f, p->subs[i], emit_variant_field(f, subject, p->index, i), fail);
}

static void lower_guard(FuncLowerer *f, const TExpr *guard, const Cleanup *bound, Label *fail) {
    Label yes = {0}, no = {0};
    StatementState s;
    statement_begin(f, &s);
    IrInst *value = lower_value(f, guard);
    statement_end(f, &s);
    emit_branch(f, value, &yes, &no);
    label_begin(f, &no);
    cleanup_emit_dead(f, bound);
    emit_jump(f, fail);
    label_begin(f, &yes);
}

static void lower_arm(FuncLowerer *f, const TArm *arm, IrInst *subject, IrInst *slot, Label *fail, Label *end) {
    if (!f->block) return;
    Span outer = f->span;
    f->span = arm->span;
    Cleanup *outside = f->cleanups;
    Cleanup *bound = cleanup_push_slots(f);
    pattern_bind(f, arm->pattern, subject, bound);
    if (arm->guard && f->block) lower_guard(f, arm->guard, bound, fail);
    lower_branch(f, arm->body, slot);
    cleanup_leave(f, outside);
    emit_jump(f, end);
    f->span = outer;
}

// The last arm of a match on something with two values and no guards needs no test: both cases cannot have failed.
static bool last_is_certain(const TExpr *e) {
    for (uint32_t i = 0; i < e->match.arm_count; i++)
        if (e->match.arms[i].guard) return false;
    const TPattern *p = e->match.arms[e->match.arm_count - 1].pattern;
    if (p->kind == PATTERN_SOME) return subs_are_irrefutable(p);
    return p->kind == PATTERN_NULL || (p->kind == PATTERN_CONST && p->type->kind == TYPE_BOOL);
}

IrInst *lower_match(FuncLowerer *f, const TExpr *e, IrInst *dest) {
    IrInst *anchor = f->anchor;
    IrInst *slot = control_dest(f, e, dest);
    IrInst *subject = lower_place(f, e->match.subject);
    if (!f->block) return NULL;
    uint32_t count = e->match.arm_count;
    ArmLabels *labels = ARENA_ARRAY(f->p->arena, ArmLabels, count + 1);
    Label *none = &labels[count].test, end = {0};
    bool switched = count && lower_switch(f, e, subject, labels, none);
    bool certain = count && !switched && last_is_certain(e);
    if (!switched) emit_jump(f, &labels[0].test);
    for (uint32_t i = 0; i < count; i++) {
        const TArm *arm = &e->match.arms[i];
        Label *fail = &labels[i + 1].test, matched = {0};
        if (labels[i].test.block) {
            label_begin(f, &labels[i].test);
            if (!(certain && i + 1 == count)) pattern_test(f, arm->pattern, subject, fail);
            emit_jump(f, &matched);
        }
        if (labels[i].direct.block) {
            label_begin(f, &labels[i].direct);
            test_parts(f, arm->pattern, subject, fail);
            emit_jump(f, &matched);
        }
        label_begin(f, &matched);
        lower_arm(f, arm, subject, slot, fail, &end);
    }
    if (none->block) {
        label_begin(f, none);
        emit_trap(f, TRAP_UNREACHABLE);
    }
    label_begin(f, &end);
    f->anchor = anchor;
    return control_result(f, e, slot, dest);
}
