// Equality of contents. Scalars are compared in place; every other type gets one function `eq <type>`, made when first
// asked for, which compares field by field and calls the functions of its parts. Elements without padding and with one
// bit pattern per value are compared as bytes.
#include "qtjir/lower/internal.h"

// Equal values have equal bytes: not so for floats (0.0 and -0.0, NaN).
static bool type_is_bytewise(const Type *t) { return t->kind != TYPE_SLICE && type_is_scalar(t) && !type_is_float(t); }

// A slice is compared as its const form, so that both share one function.
static Type *operand_type(Lowerer *p, Type *type) {
    return type->kind == TYPE_SLICE ? type_slice(p->types, type->element, true) : type_ptr(p->types, type, true);
}

static IrFunc *request_equal(Lowerer *p, Type *type) {
    if (type->kind == TYPE_SLICE) type = type_slice(p->types, type->element, true);
    IrFunc *func = map_get(&p->equal_by_type, type);
    if (func) return func;
    Type *operand = operand_type(p, type);
    Type *signature = type_func(p->types, (Type *[]){operand, operand}, 2, p->type_bool);
    // The text alone may mean several types of one name; the number keeps symbols apart.
    const char *name = arena_printf(p->arena, "eq %s #%u", type_text(p->arena, type), p->equal_by_type.len);
    func = ir_func_add(p->module, name, signature);
    map_put(p->arena, &p->equal_by_type, type, func);
    EqualTask task = {type, func};
    VEC_PUSH(p->arena, &p->pending_equals, task);
    return func;
}

IrInst *lower_equal_slices(FuncLowerer *f, IrInst *a, IrInst *b) {
    if (!f->block) return NULL;
    Type *type = operand_type(f->p, a->type);
    if (a->type != type) a = emit1(f, IR_SLICE_CONST, type, a);
    if (b->type != type) b = emit1(f, IR_SLICE_CONST, type, b);
    return emit_call(f, request_equal(f->p, type), (IrInst *[]){a, b}, 2);
}

IrInst *lower_equal_at(FuncLowerer *f, Type *type, IrInst *a, IrInst *b) {
    if (!f->block) return NULL;
    if (type_is_scalar(type)) {
        IrInst *x = emit_load(f, a);
        IrInst *y = emit_load(f, b);
        return type->kind == TYPE_SLICE ? lower_equal_slices(f, x, y) : emit_compare(f, COMPARE_EQ, x, y);
    }
    if (type_is_zero_sized(type)) return emit_int(f, f->p->type_bool, 1);
    Type *operand = operand_type(f->p, type);
    a = emit_address_as(f, a, operand);
    b = emit_address_as(f, b, operand);
    return emit_call(f, request_equal(f->p, type), (IrInst *[]){a, b}, 2);
}

// ---- bodies

static void require(FuncLowerer *f, IrInst *same, Label *differ) {
    Label next = {0};
    emit_branch(f, same, &next, differ);
    label_begin(f, &next);
}

static void equal_elements(FuncLowerer *f, Type *element, IrInst *a, IrInst *b, IrInst *count, Label *differ) {
    if (type_is_bytewise(element)) {
        require(f, emit3(f, IR_MEM_EQUAL, f->p->type_bool, a, b, count), differ);
        return;
    }
    Type *slice = type_slice(f->p->types, element, true), *pointer = type_ptr(f->p->types, element, true);
    IrInst *left = emit2(f, IR_SLICE_MAKE, slice, a, count), *right = emit2(f, IR_SLICE_MAKE, slice, b, count);
    CountedLoop loop;
    IrInst *index = counted_loop_begin(f, &loop, 0, count);
    IrInst *x = emit2(f, IR_SLICE_ELEM, pointer, left, index);
    IrInst *y = emit2(f, IR_SLICE_ELEM, pointer, right, index);
    require(f, lower_equal_at(f, element, x, y), differ);
    counted_loop_end(f, &loop);
}

static void equal_slice(FuncLowerer *f, Type *type, IrInst *a, IrInst *b, Label *differ) {
    Type *usize = f->p->type_usize, *pointer = type_ptr(f->p->types, type->element, true);
    IrInst *count = emit1(f, IR_SLICE_LEN, usize, a);
    require(f, emit_compare(f, COMPARE_EQ, count, emit1(f, IR_SLICE_LEN, usize, b)), differ);
    a = emit1(f, IR_SLICE_PTR, pointer, a);
    b = emit1(f, IR_SLICE_PTR, pointer, b);
    equal_elements(f, type->element, a, b, count, differ);
}

static void equal_array(FuncLowerer *f, Type *type, IrInst *a, IrInst *b, Label *differ) {
    Type *pointer = type_ptr(f->p->types, type->element, true);
    IrInst *count = emit_int(f, f->p->type_usize, type->length);
    a = emit_address_as(f, a, pointer);
    b = emit_address_as(f, b, pointer);
    equal_elements(f, type->element, a, b, count, differ);
}

static void equal_struct(FuncLowerer *f, Type *type, IrInst *a, IrInst *b, Label *differ) {
    uint32_t count = type->field_count;
    if (FAULT_IN(f->p->types, EQUAL_SKIPS_LAST) && count > 1) count--;
    for (uint32_t i = 0; i < count; i++) {
        if (type_is_zero_sized(type->fields[i].type)) continue;
        IrInst *x = emit_field(f, a, i);
        IrInst *y = emit_field(f, b, i);
        require(f, lower_equal_at(f, type->fields[i].type, x, y), differ);
    }
}

static void equal_optional(FuncLowerer *f, Type *type, IrInst *a, IrInst *b, Label *differ, Label *same) {
    IrInst *has = emit_optional_has(f, a);
    require(f, emit_compare(f, COMPARE_EQ, has, emit_optional_has(f, b)), differ);
    Label full = {0};
    emit_branch(f, has, &full, same);
    label_begin(f, &full);
    if (type_is_zero_sized(type->element)) return;
    IrInst *x = emit_pointer_to(f, IR_OPTIONAL_PAYLOAD, a, type->element);
    IrInst *y = emit_pointer_to(f, IR_OPTIONAL_PAYLOAD, b, type->element);
    require(f, lower_equal_at(f, type->element, x, y), differ);
}

static void equal_enum(FuncLowerer *f, Type *type, IrInst *a, IrInst *b, Label *differ, Label *same) {
    IrInst *tag = emit1(f, IR_ENUM_TAG, type->tag_type, a);
    require(f, emit_compare(f, COMPARE_EQ, tag, emit1(f, IR_ENUM_TAG, type->tag_type, b)), differ);
    uint32_t count = 0;
    for (uint32_t v = 0; v < type->variant_count; v++) count += type->variants[v].field_count > 0;
    Label *labels = ARENA_ARRAY(f->p->arena, Label, type->variant_count);
    IrInst *choice = emit1(f, IR_SWITCH, f->p->type_void, tag);
    if (!choice) return;
    choice->jump.targets[0] = label_block(f, same);
    choice->jump.cases = ARENA_ARRAY(f->p->arena, IrCase, count);
    for (uint32_t v = 0; v < type->variant_count; v++) {
        if (!type->variants[v].field_count) continue;
        choice->jump.cases[choice->jump.case_count++] =
            (IrCase){(uint64_t)type->variants[v].discriminant, label_block(f, &labels[v])};
    }
    for (uint32_t v = 0; v < type->variant_count; v++) {
        if (!type->variants[v].field_count) continue;
        label_begin(f, &labels[v]);
        for (uint32_t i = 0; i < type->variants[v].field_count; i++) {
            Type *field = type->variants[v].fields[i].type;
            if (type_is_zero_sized(field)) continue;
            IrInst *x = emit_variant_field(f, a, v, i);
            IrInst *y = emit_variant_field(f, b, v, i);
            require(f, lower_equal_at(f, field, x, y), differ);
        }
        emit_jump(f, same);
    }
}

void lower_equal_body(Lowerer *p, Type *type, IrFunc *func) {
    FuncLowerer f;
    func_lowerer_begin(&f, p, func, (Span){0});
    Type *operand = operand_type(p, type);
    IrInst *a = func_lowerer_param(&f, 0, operand), *b = func_lowerer_param(&f, 1, operand);
    func_lowerer_begin_body(&f);
    Label differ = {0}, same = {0};
    switch (type->kind) {
    case TYPE_SLICE: equal_slice(&f, type, a, b, &differ); break;
    case TYPE_ARRAY: equal_array(&f, type, a, b, &differ); break;
    case TYPE_STRUCT: equal_struct(&f, type, a, b, &differ); break;
    case TYPE_OPTIONAL: equal_optional(&f, type, a, b, &differ, &same); break;
    case TYPE_ENUM: equal_enum(&f, type, a, b, &differ, &same); break;
    default: ICE("lowering: no equality for %s", type_text(p->arena, type));
    }
    emit_jump(&f, &same);
    label_begin(&f, &same);
    emit_return(&f, emit_int(&f, p->type_bool, 1));
    label_begin(&f, &differ);
    emit_return(&f, emit_int(&f, p->type_bool, 0));
    f.block = NULL;
}
