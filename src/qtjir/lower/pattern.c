// Patterns held against the memory of the subject. A test goes on in a new block where the pattern matches and jumps to
// `fail` where it does not; bindings are made in a second walk, once the whole pattern is known to match, so nothing is
// copied in vain.
#include "qtjir/lower/internal.h"

bool pattern_is_irrefutable(const TPattern *p) {
    if (!p || p->kind == PATTERN_ANY || p->kind == PATTERN_BIND) return true;
    if (p->kind != PATTERN_STRUCT && p->kind != PATTERN_OR) return false;
    for (uint32_t i = 0; i < p->sub_count; i++) {
        bool sure = pattern_is_irrefutable(p->subs[i]);
        if (p->kind == PATTERN_OR && sure) return true;
        if (p->kind == PATTERN_STRUCT && !sure) return false;
    }
    return p->kind == PATTERN_STRUCT;
}

bool pattern_has_bindings(const TPattern *p) {
    if (!p) return false;
    if (p->kind == PATTERN_BIND) return true;
    for (uint32_t i = 0; i < p->sub_count; i++)
        if (pattern_has_bindings(p->subs[i])) return true;
    return false;
}

static void require(FuncLowerer *f, IrInst *condition, Label *fail) {
    Label next = {0};
    emit_branch(f, condition, &next, fail);
    label_begin(f, &next);
}

// The value of `c` in the type of the place, which for errors may be wider than the constant's own.
static IrInst *lower_pattern_const(FuncLowerer *f, const ConstValue *c, Type *type) {
    return c->kind == CONST_INT ? emit_int(f, type, c->bits) : lower_const(f, c, NULL);
}

static void test_const(FuncLowerer *f, const TPattern *p, IrInst *address, Label *fail) {
    IrInst *value = emit_load(f, address);
    IrInst *wanted = lower_pattern_const(f, p->value, address->type->element);
    if (!f->block) return;
    bool is_slice = value->type->kind == TYPE_SLICE;
    require(f, is_slice ? lower_equal_slices(f, value, wanted) : emit_compare(f, COMPARE_EQ, value, wanted), fail);
}

static void test_range(FuncLowerer *f, const TPattern *p, IrInst *address, Label *fail) {
    IrInst *value = emit_load(f, address);
    Type *type = address->type->element;
    if (p->value) require(f, emit_compare(f, COMPARE_GE, value, lower_pattern_const(f, p->value, type)), fail);
    if (p->high)
        require(f,
                emit_compare(f, p->inclusive ? COMPARE_LE : COMPARE_LT, value, lower_pattern_const(f, p->high, type)),
                fail);
}

static void test_variant(FuncLowerer *f, const TPattern *p, IrInst *address, Label *fail) {
    Type *type = address->type->element;
    uint64_t wanted = (uint64_t)type->variants[p->index].discriminant;
    IrInst *tag = type->is_plain_enum ? emit_load(f, address) : emit1(f, IR_ENUM_TAG, type->tag_type, address);
    if (f->block) require(f, emit_compare(f, COMPARE_EQ, tag, emit_int(f, tag->type, wanted)), fail);
}

static IrInst *optional_payload(FuncLowerer *f, IrInst *address) {
    return f->block ? emit_pointer_to(f, IR_OPTIONAL_PAYLOAD, address, address->type->element->element) : NULL;
}

// Where part `i` of a matching pattern is.
static IrInst *sub_address(FuncLowerer *f, const TPattern *p, IrInst *address, uint32_t i) {
    if (p->kind == PATTERN_SOME) return optional_payload(f, address);
    if (p->kind == PATTERN_VARIANT) return emit_variant_field(f, address, p->index, i);
    return emit_field(f, address, i);
}

static void test_or(FuncLowerer *f, const TPattern *p, IrInst *address, Label *fail) {
    Label matched = {0};
    for (uint32_t i = 0; i < p->sub_count; i++) {
        Label next = {0};
        bool is_last = i + 1 == p->sub_count;
        pattern_test(f, p->subs[i], address, is_last ? fail : &next);
        emit_jump(f, &matched);
        if (!is_last) label_begin(f, &next);
    }
    label_begin(f, &matched);
}

void pattern_test(FuncLowerer *f, const TPattern *p, IrInst *address, Label *fail) {
    if (!p || !f->block || pattern_is_irrefutable(p)) return;
    Span outer = f->span;
    f->span = p->span;
    switch (p->kind) {
    case PATTERN_ANY:
    case PATTERN_BIND: break;
    case PATTERN_NULL: require(f, emit1(f, IR_NOT, f->p->type_bool, emit_optional_has(f, address)), fail); break;
    case PATTERN_SOME: require(f, emit_optional_has(f, address), fail); break;
    case PATTERN_VARIANT: test_variant(f, p, address, fail); break;
    case PATTERN_STRUCT: break;
    case PATTERN_CONST:
    case PATTERN_ERROR: test_const(f, p, address, fail); break;
    case PATTERN_RANGE: test_range(f, p, address, fail); break;
    case PATTERN_OR: test_or(f, p, address, fail); break;
    }
    if (p->kind == PATTERN_SOME || p->kind == PATTERN_VARIANT || p->kind == PATTERN_STRUCT)
        for (uint32_t i = 0; i < p->sub_count && f->block; i++)
            if (!pattern_is_irrefutable(p->subs[i])) pattern_test(f, p->subs[i], sub_address(f, p, address, i), fail);
    f->span = outer;
}

// All alternatives bind the same locals: each gets its slot once, whichever alternative fills it.
static void bind_slots(FuncLowerer *f, const TPattern *p, Cleanup *owner) {
    if (!p) return;
    if (p->kind == PATTERN_BIND)
        slot_local(f, p->local, owner);
    else if (p->kind == PATTERN_OR)
        bind_slots(f, p->sub_count ? p->subs[0] : NULL, owner);
    else
        for (uint32_t i = 0; i < p->sub_count; i++) bind_slots(f, p->subs[i], owner);
}

static void bind_values(FuncLowerer *f, const TPattern *p, IrInst *address);

static void bind_or(FuncLowerer *f, const TPattern *p, IrInst *address) {
    Label bound = {0};
    for (uint32_t i = 0; i < p->sub_count; i++) {
        Label next = {0};
        bool is_last = i + 1 == p->sub_count;
        if (!is_last) pattern_test(f, p->subs[i], address, &next);
        bind_values(f, p->subs[i], address);
        emit_jump(f, &bound);
        if (!is_last) label_begin(f, &next);
    }
    label_begin(f, &bound);
}

static void bind_values(FuncLowerer *f, const TPattern *p, IrInst *address) {
    if (!f->block || !pattern_has_bindings(p)) return;
    if (p->kind == PATTERN_BIND) {
        IrInst *slot = map_get(&f->places, p->local);
        ENSURE(slot);
        emit_copy(f, slot, address);
    } else if (p->kind == PATTERN_OR) {
        bind_or(f, p, address);
    } else {
        for (uint32_t i = 0; i < p->sub_count; i++)
            if (pattern_has_bindings(p->subs[i])) bind_values(f, p->subs[i], sub_address(f, p, address, i));
    }
}

void pattern_bind(FuncLowerer *f, const TPattern *p, IrInst *address, Cleanup *owner) {
    if (!f->block || !pattern_has_bindings(p)) return;
    bind_slots(f, p, owner);
    bind_values(f, p, address);
}
