// Types are hash-consed: two types are equal exactly when their pointers are. Layout is computed in layout.c and
// nowhere else. A type may be mentioned before its declaration's fields are known; ask types_complete before looking
// inside.
#ifndef JANUS_SEMA_TYPES_H
#define JANUS_SEMA_TYPES_H

#include "base/fault.h"
#include "base/source.h"

typedef enum TypeKind {
#define TYPE(kind) TYPE_##kind,
#include "sema/types.def"
    TYPE_KIND_COUNT
} TypeKind;

// How far something has been found out. What is broken was reported, and stays silent from then on.
typedef enum Stage { STAGE_NEW, STAGE_RUNNING, STAGE_DONE, STAGE_BROKEN } Stage;

typedef struct Type Type;
typedef struct Decl Decl;
typedef struct ConstValue ConstValue;
typedef VEC(Type *) TypeList;

typedef struct Field {
    const Name *name;           // NULL in tuples
    Type *type;
    Span span;
    bool is_pub;
    uint32_t align;             // from {.align.}; 0: natural
    struct Node *default_value; // NULL when it has none
} Field;

typedef struct Variant {
    const Name *name;
    Span span;
    bool has_tuple, has_fields;
    Field *fields;
    uint32_t field_count;
    int64_t discriminant;
} Variant;

typedef struct Layout {
    uint64_t size;              // a multiple of align
    uint32_t align;
    uint64_t *field_offsets;    // STRUCT: per field
    uint64_t payload_offset;    // OPTIONAL without niche, ERROR_UNION: where the payload is; ENUM with payloads: where the largest-aligned
                                // payload area begins
    uint64_t tag_offset;        // OPTIONAL without niche: the one-byte flag; ERROR_UNION: the two-byte code, 0 is success; ENUM: the tag
    uint32_t tag_size;          // bytes of the tag; 0 for a niche
    uint64_t **variant_offsets; // ENUM with payloads: [variant][field], from the start of the enum
    bool has_niche;             // OPTIONAL of a pointer or function: null is the empty value
} Layout;

struct Type {
    TypeKind kind;
    uint32_t id;                // in order of creation: deterministic
    bool is_const;              // PTR, SLICE
    bool has_param;             // mentions a PARAM somewhere
    bool is_unique;             // valid once complete
    Stage state;                // nominal types: of the fields
    Type *element;              // PTR SLICE ARRAY OPTIONAL: element; ERROR_UNION: payload; FUNC: result; VALUE: its type
    Type *errors;               // ERROR_UNION: the ERROR_SET
    uint64_t length;            // ARRAY (when length_param is NULL)
    Type *length_param;         // ARRAY whose length is a PARAM
    Type **params;              // FUNC: parameters; STRUCT/ENUM: generic arguments (types and VALUEs)
    uint32_t param_count;
    Decl *decl;                 // STRUCT ENUM ERROR_SET PARAM
    const Name *name;           // STRUCT ENUM ERROR_SET of parsed QTJIR, which has no declarations
    int64_t value;              // VALUE: an integer, a bool or an enum's discriminant
    Field *fields;              // STRUCT, once complete
    uint32_t field_count;
    Variant *variants;          // ENUM, once complete
    uint32_t variant_count;
    bool is_plain_enum;         // ENUM without any payload: a scalar
    Type *tag_type;             // ENUM: the integer type of its tag
    uint32_t depth;             // STRUCT ENUM, once complete: how many of them lie in each other by value, itself included
    bool is_extern;             // STRUCT with C layout
    bool is_must_use;
    bool is_interpolation;      // STRUCT made for one `$"…"`
    uint32_t align;             // nominal {.align.}; 0: natural
    const Layout *layout;       // layout.c's cache
    void *instance;             // STRUCT/ENUM: the Instance that made it (sema/sema.h), with its chain
};

typedef struct Types Types;     // the table
Types *types_create(Arena *arena, NameTable *names);
void types_destroy(Types *types);
Type *type_primitive(Types *types, TypeKind kind);
Type *type_ptr(Types *types, Type *element, bool is_const);
Type *type_slice(Types *types, Type *element, bool is_const);
Type *type_str(Types *types);                                   // []const u8
Type *type_array(Types *types, Type *element, uint64_t length);
Type *type_array_param(Types *types, Type *element, Type *length_param);
Type *type_optional(Types *types, Type *element);
Type *type_error_union(Types *types, Type *payload, Type *errors);
Type *type_func(Types *types, Type **params, uint32_t count, Type *result);
Type *type_nominal(Types *types, TypeKind kind, Decl *decl, Type **args, uint32_t count); // STRUCT ENUM ERROR_SET
Type *type_param(Types *types, Decl *param);
Type *type_value(Types *types, Type *of, int64_t value);
// A nominal type that is known by its text alone (parsed QTJIR); the caller completes it.
Type *type_named(Types *types, TypeKind kind, const Name *name);
// `any error`: the open set of a `!T` result; every error set converts to it. An ERROR_SET with decl NULL.
Type *type_any_error(Types *types);

bool type_is_int(const Type *t);                // i8…usize, not literals
bool type_is_signed(const Type *t);
uint32_t type_bits(const Type *t);              // of an integer, float or bool
bool type_is_float(const Type *t);
bool type_is_numeric(const Type *t);            // ints, floats and their literals
bool type_is_error(const Type *t);
bool type_is_nominal(const Type *t);
const Variant *type_variant_numbered(const Type *t, int64_t number); // ENUM, ERROR_SET, once complete: by discriminant; NULL
// Held in a register in QTJIR: integers, floats, bool, pointers, functions, slices, plain enums, error sets, niche
// optionals. Everything else (struct, array, payload enum, other optionals, error unions) lives in memory.
bool type_is_scalar(const Type *t);
bool type_is_zero_sized(const Type *t);         // void, never and what holds nothing else
void type_print(StrBuf *out, const Type *t);    // as the user writes it: `?*const Pair[u8, str]`
// The same with nominal types named by the caller, cut only after `limit` bytes.
typedef void (*TypeNamer)(void *context, StrBuf *out, const Type *nominal);
void type_print_named(StrBuf *out, const Type *t, TypeNamer namer, void *context, size_t limit);
const char *type_text(Arena *arena, const Type *t);

// Sizes saturate here; whoever declares a type of this size or more reports it.
#define TYPE_SIZE_LIMIT (UINT64_C(1) << 47)
// What one variable may need, and all variables of modules together: code reaches them through 32-bit distances.
#define VARIABLE_SIZE_LIMIT (UINT64_C(1) << 30)
// Layout of a complete type without PARAMs. The one place where sizes, alignments, offsets and niches are decided.
const Layout *type_layout(Types *types, Type *t);
uint64_t type_size(Types *types, Type *t);
uint32_t type_align(Types *types, Type *t);
Arena *types_arena(Types *types);
// From a struct or an array to the field or element that the byte at *offset belongs to: its type, its index, and
// *offset within it. NULL when there is none.
Type *type_part_at(Types *types, Type *whole, uint64_t *offset, uint64_t *index);
bool type_has_part(Types *types, Type *whole, uint64_t offset, const Type *part);   // some steps lead to it; none when it is the whole

#endif
