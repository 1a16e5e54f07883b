// From memory to constants. Scalars are read as their types say; what is undefined as a whole stays so, what is
// undefined in part, or no value of its type, is refused. An address stays an address when it is that of a function, of
// a constant or of a variable of the program. What belongs to the evaluation is gone with it: a place that is still
// there and that nobody may write through the pointer becomes a constant of the program; anything else is refused.
#include "interp/constant/eval.h"
#include "sema/sema.h"

enum { DEPTH_LIMIT = 200, REPEAT_FROM = 16, STEPS_PER_ITEM = 16 };

static ConstValue *read_back(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth);

static Types *types_of(const Eval *e) { return e->p->module->types; }

static bool count_items(Eval *e, uint64_t count) {
    e->steps_of_result += count * STEPS_PER_ITEM;
    if (count <= e->how->item_limit - e->items) {
        e->items += (uint32_t)count;
        return true;
    }
    eval_refuse(e, "the result has more than %u parts", e->how->item_limit);
    return false;
}

static ConstValue *new_const(Eval *e, Type *t, ConstKind kind) {
    ConstValue *c = ARENA_NEW(e->how->arena, ConstValue);
    c->type = t;
    c->kind = kind;
    return c;
}

static ConstValue *wrap(Eval *e, Type *t, ConstKind kind, ConstValue *inner) {
    if (!inner) return NULL;
    ConstValue *c = new_const(e, t, kind);
    c->count = 1;
    c->items = ARENA_ARRAY(e->how->arena, ConstValue *, 1);
    c->items[0] = inner;
    return c;
}

static void *refuse_partial(Eval *e) { return eval_refuse(e, "the result is undefined in part"); }

static bool is_undefined(const Object *o, uint64_t at, uint64_t size) {
    if (!o->defined || !size) return false;
    for (uint64_t i = at; i < at + size; i++) {
        if (!(i & 7) && at + size - i >= 8 && !o->defined[i >> 3])
            i += 7;
        else if (o->defined[i >> 3] >> (i & 7) & 1)
            return false;
    }
    return true;
}

// ---- what an address leads to ------------------------------------------------------------------------------------------

static const char *text_of(Eval *e, const Type *t) { return type_text(e->how->arena, t); }

static void *refuse_outliving(Eval *e, const Type *t) {
    return eval_refuse_unknown(e, "a `%s` to memory of the evaluation would outlive it", text_of(e, t));
}

static Global *source_of(const Object *o) {
    return o->kind == OBJECT_GLOBAL && o->origin ? ((const IrGlobal *)o->origin)->source : NULL;
}

static bool is_variable(const Object *o) {
    return o->kind == OBJECT_GLOBAL && o->origin && ((const IrGlobal *)o->origin)->is_var;
}

// What holds nothing but itself has a size only once it is complete.
static bool is_complete(const Type *t) {
    while (t->kind == TYPE_ARRAY || t->kind == TYPE_OPTIONAL || t->kind == TYPE_ERROR_UNION) t = t->element;
    return (t->kind != TYPE_STRUCT && t->kind != TYPE_ENUM) || t->state == 2;
}

// `size` bytes that are there, with values.
static bool is_readable(Eval *e, Thread *t, Value address, uint64_t size) {
    Object *o = address.object;
    if ((o->flags & OBJECT_UNLOADED) && !machine_load(t, o)) {
        e->end->is_unknown = t->failure.kind == INTERP_FAIL_UNSUPPORTED;
        eval_refuse(e, "%s", t->failure.message);
        return false;
    }
    uint64_t at = address.bits - o->base;
    return at <= o->size && o->size - at >= size && o->bytes;
}

static ConstValue *promote(Eval *e, Object *o, ConstValue *value, Global **out) {
    if (!value) return NULL;
    *out = e->how->promote ? e->how->promote(e->how->context, value) : NULL;
    if (!*out) return eval_refuse_unknown(e, "the result points into the evaluation");
    if (o) map_put(e->m->arena, &e->promoted, o, *out);
    return value;
}

static ConstValue *address_of(Eval *e, Type *t, Global *global, uint64_t offset) {
    ConstValue *c = new_const(e, t, CONST_GLOBAL);
    c->global = global;
    c->bits = offset;
    return c;
}

static ConstValue *read_func_address(Eval *e, Type *t, Value v) {
    FuncInst *func = v.object->kind == OBJECT_FUNC ? ((const Func *)v.object->origin)->ir->inst : NULL;
    if (!func || func->type != t)
        return eval_refuse_unknown(e, "this `%s` is not the address of such a function", text_of(e, t));
    ConstValue *c = new_const(e, t, CONST_FUNC);
    c->func = func;
    return c;
}

// In something of the program: the whole, or a part that fields and elements lead to.
static ConstValue *read_known_pointer(Eval *e, Type *type, Global *global, uint64_t offset) {
    bool exists = is_complete(type->element) && type_has_part(types_of(e), global->type, offset, type->element);
    if (!exists)
        return eval_refuse_unknown(e, "nothing at this place of `%s` is a `%s`",
                                   global->decl ? decl_name(global->decl)->text : global->symbol,
                                   text_of(e, type->element));
    return address_of(e, type, global, offset);
}

// What a temporary holds becomes a constant as a whole, whatever part of it is asked for, and only once.
static Global *promote_whole(Eval *e, Object *o, uint32_t depth) {
    Global *global = map_get(&e->promoted, o);
    if (global) return global;
    Types *types = types_of(e);
    Type *whole = o->kind == OBJECT_SLOT     ? ((const IrInst *)o->origin)->slot.type_arg
                  : o->kind == OBJECT_GLOBAL ? ((const IrGlobal *)o->origin)->type
                  : o->kind == OBJECT_STRING ? type_array(types, type_primitive(types, TYPE_U8), o->full_size)
                                             : NULL;
    if (!whole) return eval_refuse_unknown(e, "the result points into the evaluation");
    return promote(e, o, read_back(e, whole, o, 0, depth + 1), &global) ? global : NULL;
}

static ConstValue *read_pointer(Eval *e, Thread *t, Type *type, Value v, uint32_t depth) {
    Object *o = v.object;
    if (o->kind <= OBJECT_FUNC) return eval_refuse_unknown(e, "this `%s` leads nowhere", text_of(e, type));
    Global *global = source_of(o);
    if (!type->is_const && !(global && global->is_var)) return refuse_outliving(e, type);
    if (!global) {
        if (!is_readable(e, t, v, 0)) return e->end->message ? NULL : refuse_outliving(e, type);
        if (o->kind == OBJECT_SLOT && !o->size) return refuse_outliving(e, type);
        global = promote_whole(e, o, depth);
    }
    return global ? read_known_pointer(e, type, global, v.bits - o->base) : NULL;
}

static ConstValue *slice_of(Eval *e, Type *t, Global *global, uint64_t index, uint64_t count) {
    ConstValue *c = new_const(e, t, CONST_SLICE);
    c->global = global;
    c->index = (uint32_t)index;
    c->count = count;
    return c;
}

// The program's own array, or the part of it.
static ConstValue *read_known_slice(Eval *e, Type *t, Value v, uint64_t count) {
    const Object *o = v.object;
    Global *global = source_of(o);
    if (!global || global->type->kind != TYPE_ARRAY || global->type->element != t->element) return NULL;
    if (!global->is_var && !t->is_const) return NULL;
    uint64_t size = type_size(types_of(e), t->element), at = v.bits - o->base, index = size ? at / size : 0;
    if ((size && at % size) || index > UINT32_MAX || index > global->type->length ||
        count > global->type->length - index)
        return NULL;
    return slice_of(e, t, global, index, count);
}

static ConstValue *read_text(Eval *e, Type *t, Value v, uint64_t count) {
    Object *o = v.object;
    uint64_t at = v.bits - o->base;
    if (count && !memory_defined(o, at, count)) return refuse_partial(e);
    ConstValue *c = new_const(e, t, CONST_STR);
    c->count = count;
    if (!count) return c;
    Str bytes = {(const char *)o->bytes + at, count};
    e->steps_of_result += count;
    if (e->steps_of_result > e->how->step_limit) return eval_refuse(e, "the texts of the result are too long");
    c->bytes = str_copy(e->how->arena, bytes);
    return c;
}

static ConstValue *read_slice(Eval *e, Thread *t, Type *type, Value v, Value len, uint32_t depth) {
    if (value_is_undefined_address(v) && len.undefined == 0xff) return new_const(e, type, CONST_UNDEFINED);
    if (value_is_undefined_address(v) || len.undefined) return refuse_partial(e);
    bool is_text = type == type_str(types_of(e));
    uint64_t count = len.bits, size = is_complete(type->element) ? type_size(types_of(e), type->element) : 0;
    ConstValue *known = is_text && !is_variable(v.object) ? NULL : read_known_slice(e, type, v, count);
    if (known) return known;
    if (is_variable(v.object)) return eval_refuse_unknown(e, "a slice of a part of a variable cannot be a constant");
    if (!type->is_const) return refuse_outliving(e, type);
    if (count && size > UINT64_MAX / count) size = TYPE_SIZE_LIMIT;
    if (count && v.object->kind == OBJECT_SLOT && !v.object->size) return refuse_outliving(e, type);
    if (count && !is_readable(e, t, v, count * size)) return e->end->message ? NULL : refuse_outliving(e, type);
    if (is_text) return read_text(e, type, v, count);
    Global *global;
    ConstValue *array = new_const(e, type_array(types_of(e), type->element, count), CONST_ARRAY);
    if (count) array = read_back(e, array->type, v.object, v.bits - v.object->base, depth + 1);
    return promote(e, NULL, array, &global) ? slice_of(e, type, global, 0, count) : NULL;
}

// ---- values ------------------------------------------------------------------------------------------------------------

static ConstValue *read_number(Eval *e, Type *t, Value v) {
    if (v.undefined) {
        uint64_t all = (UINT64_C(1) << shape_of(e->p, t).size) - 1;
        return (v.undefined & all) == all ? new_const(e, t, CONST_UNDEFINED) : refuse_partial(e);
    }
    if (shape_of(e->p, t).is_checked && !value_exists(e->p, t, v.bits))
        return eval_refuse(e, "no `%s` is %llu", text_of(e, t), (unsigned long long)v.bits);
    ConstValue *c = new_const(e, t, type_is_float(t) ? CONST_FLOAT : CONST_INT);
    if (t->kind == TYPE_F64) {
        memcpy(&c->real, &v.bits, sizeof c->real);
    } else if (t->kind == TYPE_F32) {
        float narrow;
        memcpy(&narrow, &v.bits, sizeof narrow);
        c->real = (double)narrow;
    } else {
        c->bits = v.bits;
    }
    return c;
}

static ConstValue *read_value(Eval *e, Thread *t, Type *type, Value v, Value len, uint32_t depth) {
    if (type->kind == TYPE_SLICE) return read_slice(e, t, type, v, len, depth);
    if (!shape_of(e->p, type).is_address) return read_number(e, type, v);
    if (value_is_undefined_address(v)) return new_const(e, type, CONST_UNDEFINED);
    bool is_optional = type->kind == TYPE_OPTIONAL;
    if (is_optional && v.bits == 0) return new_const(e, type, CONST_NULL);
    Type *held = is_optional ? type->element : type;
    ConstValue *address = held->kind == TYPE_FUNC ? read_func_address(e, held, v) : read_pointer(e, t, held, v, depth);
    return is_optional ? wrap(e, type, CONST_SOME, address) : address;
}

static ConstValue *read_scalar(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth) {
    Thread *thread = e->m->threads.items[0];
    Shape s = shape_of(e->p, t);
    if (!s.is_slice && !s.is_address)
        return read_value(e, thread, t, memory_load(e->m, NULL, o, at, s), (Value){0}, depth);
    uint64_t mask = memory_undefined_mask(o, at, 8);
    if (mask && mask != 0xff) return refuse_partial(e);
    Value len = {0};
    if (s.is_slice) {
        memcpy(&len.bits, o->bytes + at + 8, 8);
        len.undefined = memory_undefined_mask(o, at + 8, 8);
    }
    return read_value(e, thread, t, memory_load_address(e->m, NULL, o, at), len, depth);
}

static ConstValue *read_items(Eval *e, ConstValue *c, Object *o, uint64_t at, const Field *fields, uint32_t count,
                              const uint64_t *offsets, uint32_t depth) {
    if (!count_items(e, count)) return NULL;
    c->count = count;
    c->items = ARENA_ARRAY(e->how->arena, ConstValue *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        if (!(c->items[i] = read_back(e, fields[i].type, o, at + offsets[i], depth + 1))) return NULL;
    return c;
}

// Large arrays of one value are written as that.
static bool is_repeated(const Object *o, uint64_t at, uint64_t stride, uint64_t count) {
    uint64_t rest = stride * (count - 1);
    if (o->targets || !memory_defined(o, at, stride * count)) return false;
    return memcmp(o->bytes + at, o->bytes + at + stride, rest) == 0;
}

static ConstValue *read_array(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth) {
    uint64_t stride = type_size(types_of(e), t->element), count = t->length;
    bool repeated = count > REPEAT_FROM && (!stride || is_repeated(o, at, stride, count));
    ConstValue *c = new_const(e, t, repeated ? CONST_REPEAT : CONST_ARRAY);
    uint64_t different = repeated ? 1 : count;
    if (!count_items(e, different)) return NULL;
    c->count = count;
    c->items = ARENA_ARRAY(e->how->arena, ConstValue *, different + 1);
    for (uint64_t i = 0; i < different; i++)
        if (!(c->items[i] = read_back(e, t->element, o, at + i * stride, depth + 1))) return NULL;
    return c;
}

static bool read_tag(Eval *e, const Object *o, uint64_t at, uint32_t size, uint64_t *tag) {
    *tag = 0;
    if (!memory_defined(o, at, size)) return refuse_partial(e), false;
    memcpy(tag, o->bytes + at, size);
    return true;
}

static ConstValue *read_optional(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth) {
    const Layout *layout = type_layout(types_of(e), t);
    uint64_t tag;
    if (!read_tag(e, o, at + layout->tag_offset, 1, &tag)) return NULL;
    if (!tag) return new_const(e, t, CONST_NULL);
    return wrap(e, t, CONST_SOME, read_back(e, t->element, o, at + layout->payload_offset, depth + 1));
}

static ConstValue *read_enum(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth) {
    const Layout *layout = type_layout(types_of(e), t);
    uint64_t tag;
    if (!read_tag(e, o, at + layout->tag_offset, layout->tag_size, &tag)) return NULL;
    uint64_t mask = layout->tag_size < 8 ? (UINT64_C(1) << layout->tag_size * 8) - 1 : UINT64_MAX;
    for (uint32_t v = 0; v < t->variant_count; v++) {
        if (((uint64_t)t->variants[v].discriminant & mask) != tag) continue;
        ConstValue *c = new_const(e, t, CONST_ENUM);
        c->index = v;
        return read_items(e, c, o, at, t->variants[v].fields, t->variants[v].field_count, layout->variant_offsets[v],
                          depth);
    }
    return eval_refuse(e, "the result is no variant of its enum");
}

static ConstValue *read_back(Eval *e, Type *t, Object *o, uint64_t at, uint32_t depth) {
    if (depth > DEPTH_LIMIT) return eval_refuse(e, "the result nests more than %d levels deep", DEPTH_LIMIT);
    if (t->kind == TYPE_VOID) return new_const(e, t, CONST_VOID);
    if (!count_items(e, 1)) return NULL;
    if (type_is_scalar(t)) return read_scalar(e, t, o, at, depth);
    const Layout *layout = type_layout(types_of(e), t);
    if (is_undefined(o, at, layout->size)) return new_const(e, t, CONST_UNDEFINED);
    switch (t->kind) {
    case TYPE_STRUCT:
        return read_items(e, new_const(e, t, CONST_STRUCT), o, at, t->fields, t->field_count, layout->field_offsets,
                          depth);
    case TYPE_ARRAY: return read_array(e, t, o, at, depth);
    case TYPE_OPTIONAL: return read_optional(e, t, o, at, depth);
    case TYPE_ENUM: return read_enum(e, t, o, at, depth);
    default: return eval_refuse_unknown(e, "a `%s` cannot be a constant", text_of(e, t));
    }
}

ConstValue *eval_read_result(Eval *e, Thread *t, Type *type, Object *place) {
    if (type->kind == TYPE_VOID) return new_const(e, type, CONST_VOID);
    if (place) return read_back(e, type, place, 0, 0);
    const Frame *frame = &t->frames[0];
    const Value *result = t->regs + frame->regs + frame->at->a;
    ConstValue *c = read_value(e, t, type, result[0], type->kind == TYPE_SLICE ? result[1] : (Value){0}, 0);
    return c && c->kind == CONST_UNDEFINED ? eval_refuse(e, "the value is undefined") : c;
}
