// The table of types. Every constructor looks its type up before making it, so equal types are one object and are
// compared with ==. The key of a type is everything a constructor is given; what is learnt later (fields, variants,
// layout) is not part of it. Ids count creations, so anything ordered by id is the same in every run.
#include "sema/types.h"

#include "base/hostile.h"
#include "base/memory.h"

struct Types {
    Arena *arena;
    NameTable *names;
    Type *primitives[TYPE_KIND_COUNT];
    Type **slots; // open addressing; NULL is free
    uint32_t slot_count, used;
    uint32_t next_id;
#ifdef JANUS_FAULTS
    Fault fault;
#endif
};

#ifdef JANUS_FAULTS
void types_set_fault(Types *types, Fault fault) { types->fault = fault; }
Fault types_fault(const Types *types) { return types->fault; }
#endif

typedef struct PrimitiveInfo {
    uint32_t bits;
    bool is_primitive, is_signed;
} PrimitiveInfo;

static const PrimitiveInfo PRIMITIVES[TYPE_KIND_COUNT] = {
#define PRIMITIVE(kind, name, bits, is_signed) [TYPE_##kind] = {bits, true, is_signed},
#define TYPE(kind) [TYPE_##kind] = {0, false, false},
#include "sema/types.def"
};

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

static uint64_t mix_pointer(uint64_t hash, const void *pointer) { return mix(hash, (uint64_t)(uintptr_t)pointer); }

static uint64_t type_hash(const Type *t) {
    uint64_t hash = mix(t->kind, t->is_const);
    hash = mix_pointer(hash, t->element);
    hash = mix_pointer(hash, t->errors);
    hash = mix(hash, t->length);
    hash = mix_pointer(hash, t->length_param);
    hash = mix_pointer(hash, t->decl);
    hash = mix_pointer(hash, t->name);
    hash = mix(hash, (uint64_t)t->value);
    for (uint32_t i = 0; i < t->param_count; i++) hash = mix_pointer(hash, t->params[i]);
    return mix(hash, t->param_count);
}

static bool type_same_key(const Type *a, const Type *b) {
    return a->kind == b->kind && a->is_const == b->is_const && a->element == b->element && a->errors == b->errors &&
           a->length == b->length && a->length_param == b->length_param && a->decl == b->decl && a->name == b->name &&
           a->value == b->value && a->param_count == b->param_count &&
           (a->param_count == 0 || memcmp(a->params, b->params, a->param_count * sizeof(Type *)) == 0);
}

static void types_grow(Types *types) {
    uint32_t old_count = types->slot_count;
    Type **old = types->slots;
    if (old_count > UINT32_MAX / 4) ICE("more types than the table can hold");
    types->slot_count = old_count ? old_count * 2 : 256;
    types->slots = memory_acquire(types->slot_count * sizeof(Type *));
    memset(types->slots, 0, types->slot_count * sizeof(Type *));
    for (uint32_t i = 0; i < old_count; i++) {
        if (!old[i]) continue;
        uint32_t at = hash_slot(type_hash(old[i]), types->slot_count);
        while (types->slots[at]) at = (at + 1) & (types->slot_count - 1);
        types->slots[at] = old[i];
    }
    if (old) memory_release(old);
}

static bool mentions_param(const Type *t) {
    if (t->kind == TYPE_PARAM) return true;
    if ((t->element && t->element->has_param) || (t->errors && t->errors->has_param)) return true;
    if (t->length_param && t->length_param->has_param) return true;
    for (uint32_t i = 0; i < t->param_count; i++)
        if (t->params[i]->has_param) return true;
    return false;
}

// The one type equal to `key`, made now if it is new.
static Type *type_intern(Types *types, const Type *key) {
    if (types->used * 2 >= types->slot_count) types_grow(types);
    uint32_t at = hash_slot(type_hash(key), types->slot_count);
    for (; types->slots[at]; at = (at + 1) & (types->slot_count - 1))
        if (type_same_key(types->slots[at], key)) return types->slots[at];
    Type *t = arena_copy(types->arena, key, sizeof(*key));
    if (key->param_count) t->params = arena_copy(types->arena, key->params, key->param_count * sizeof(Type *));
    t->id = types->next_id++;
    t->has_param = mentions_param(key);
    bool holds_element = t->kind == TYPE_ARRAY || t->kind == TYPE_OPTIONAL || t->kind == TYPE_ERROR_UNION;
    t->is_unique = holds_element && t->element->is_unique;
    types->slots[at] = t;
    types->used++;
    return t;
}

Types *types_create(Arena *arena, NameTable *names) {
    Types *types = ARENA_NEW(arena, Types);
    types->arena = arena;
    types->names = names;
    static const TypeKind SIMPLE[] = {TYPE_INT_LITERAL, TYPE_FLOAT_LITERAL, TYPE_ERROR};
    for (int kind = 0; kind < TYPE_KIND_COUNT; kind++)
        if (PRIMITIVES[kind].is_primitive)
            types->primitives[kind] = type_intern(types, &(Type){.kind = (TypeKind)kind});
    for (size_t i = 0; i < ARRAY_LEN(SIMPLE); i++)
        types->primitives[SIMPLE[i]] = type_intern(types, &(Type){.kind = SIMPLE[i]});
    return types;
}

void types_destroy(Types *types) {
    if (!types) return;
    memory_release(types->slots);
    types->slots = NULL;
    types->slot_count = types->used = 0;
}

Arena *types_arena(Types *types) { return types->arena; }

Type *type_primitive(Types *types, TypeKind kind) {
    ENSURE(kind < TYPE_KIND_COUNT && types->primitives[kind]);
    return types->primitives[kind];
}

Type *type_ptr(Types *types, Type *element, bool is_const) {
    return type_intern(types, &(Type){.kind = TYPE_PTR, .element = element, .is_const = is_const});
}

Type *type_slice(Types *types, Type *element, bool is_const) {
    return type_intern(types, &(Type){.kind = TYPE_SLICE, .element = element, .is_const = is_const});
}

Type *type_str(Types *types) { return type_slice(types, type_primitive(types, TYPE_U8), true); }

Type *type_array(Types *types, Type *element, uint64_t length) {
    return type_intern(types, &(Type){.kind = TYPE_ARRAY, .element = element, .length = length});
}

Type *type_array_param(Types *types, Type *element, Type *length_param) {
    if (length_param->kind == TYPE_VALUE) return type_array(types, element, (uint64_t)length_param->value);
    return type_intern(types, &(Type){.kind = TYPE_ARRAY, .element = element, .length_param = length_param});
}

Type *type_optional(Types *types, Type *element) {
    return type_intern(types, &(Type){.kind = TYPE_OPTIONAL, .element = element});
}

Type *type_error_union(Types *types, Type *payload, Type *errors) {
    return type_intern(types, &(Type){.kind = TYPE_ERROR_UNION, .element = payload, .errors = errors});
}

Type *type_func(Types *types, Type **params, uint32_t count, Type *result) {
    return type_intern(types, &(Type){.kind = TYPE_FUNC, .params = params, .param_count = count, .element = result});
}

Type *type_nominal(Types *types, TypeKind kind, Decl *decl, Type **args, uint32_t count) {
    ENSURE(kind == TYPE_STRUCT || kind == TYPE_ENUM || kind == TYPE_ERROR_SET);
    return type_intern(types, &(Type){.kind = kind, .decl = decl, .params = args, .param_count = count});
}

Type *type_named(Types *types, TypeKind kind, const Name *name) {
    ENSURE(kind == TYPE_STRUCT || kind == TYPE_ENUM || kind == TYPE_ERROR_SET);
    return type_intern(types, &(Type){.kind = kind, .name = name});
}

Type *type_param(Types *types, Decl *param) { return type_intern(types, &(Type){.kind = TYPE_PARAM, .decl = param}); }

Type *type_value(Types *types, Type *of, int64_t value) {
    return type_intern(types, &(Type){.kind = TYPE_VALUE, .element = of, .value = value});
}

Type *type_any_error(Types *types) { return type_intern(types, &(Type){.kind = TYPE_ERROR_SET, .state = STAGE_DONE}); }

// ---- questions -------------------------------------------------------------------------------------------------------

bool type_is_int(const Type *t) { return t->kind >= TYPE_I8 && t->kind <= TYPE_USIZE; }
bool type_is_signed(const Type *t) { return PRIMITIVES[t->kind].is_signed; }
uint32_t type_bits(const Type *t) { return PRIMITIVES[t->kind].bits; }
bool type_is_float(const Type *t) { return t->kind == TYPE_F32 || t->kind == TYPE_F64; }
bool type_is_error(const Type *t) { return t->kind == TYPE_ERROR; }

bool type_is_numeric(const Type *t) {
    return type_is_int(t) || type_is_float(t) || t->kind == TYPE_INT_LITERAL || t->kind == TYPE_FLOAT_LITERAL;
}

const Variant *type_variant_numbered(const Type *t, int64_t number) {
    // Where nobody chose the numbers they are positions.
    if (number >= 0 && number < t->variant_count && t->variants[number].discriminant == number)
        return &t->variants[number];
    for (uint32_t i = 0; i < t->variant_count; i++)
        if (t->variants[i].discriminant == number) return &t->variants[i];
    return NULL;
}

bool type_is_nominal(const Type *t) {
    return t->kind == TYPE_STRUCT || t->kind == TYPE_ENUM || t->kind == TYPE_ERROR_SET;
}

bool type_is_scalar(const Type *t) {
    switch (t->kind) {
    case TYPE_PTR:
    case TYPE_FUNC:
    case TYPE_SLICE:
    case TYPE_ERROR_SET:
    case TYPE_BOOL: return true;
    case TYPE_ENUM: return t->is_plain_enum;
    case TYPE_OPTIONAL: return t->element->kind == TYPE_PTR || t->element->kind == TYPE_FUNC;
    default: return type_is_int(t) || type_is_float(t);
    }
}

bool type_is_zero_sized(const Type *t) {
    if (t->layout) return t->layout->size == 0;
    switch (t->kind) {
    case TYPE_VOID:
    case TYPE_NEVER: return true;
    case TYPE_ARRAY: return !t->length_param && (t->length == 0 || type_is_zero_sized(t->element));
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < t->field_count; i++)
            if (!type_is_zero_sized(t->fields[i].type)) return false;
        return true;
    default: return false;
    }
}
