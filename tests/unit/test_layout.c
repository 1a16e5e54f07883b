// Sizes, alignments, offsets and niches.
#include "unit.h"

#include "sema/types.h"

typedef struct Fixture {
    Arena *arena;
    NameTable *names;
    Types *types;
} Fixture;

static int setup(void **state) {
    Arena *arena = arena_create();
    Fixture *f = ARENA_NEW(arena, Fixture);
    f->arena = arena;
    f->names = names_create(arena);
    f->types = types_create(arena, f->names);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    Fixture *f = *state;
    types_destroy(f->types);
    names_destroy(f->names);
    arena_destroy(f->arena);
    return 0;
}

static Type *prim(Fixture *f, TypeKind kind) { return type_primitive(f->types, kind); }

static Type *make_struct(Fixture *f, const char *name, Field *fields, uint32_t count) {
    Type *t = type_named(f->types, TYPE_STRUCT, name_intern_c(f->names, name));
    t->fields = arena_copy(f->arena, fields, sizeof(Field) * count);
    t->field_count = count;
    t->state = STAGE_DONE;
    return t;
}

static void check_size(Fixture *f, Type *t, uint64_t size, uint32_t align) {
    const Layout *layout = type_layout(f->types, t);
    assert_int_equal(layout->size, size);
    assert_int_equal(layout->align, align);
}

static void scalars(void **state) {
    Fixture *f = *state;
    check_size(f, prim(f, TYPE_BOOL), 1, 1);
    check_size(f, prim(f, TYPE_U16), 2, 2);
    check_size(f, prim(f, TYPE_F32), 4, 4);
    check_size(f, prim(f, TYPE_USIZE), 8, 8);
    check_size(f, prim(f, TYPE_VOID), 0, 1);
    check_size(f, type_ptr(f->types, prim(f, TYPE_U8), true), 8, 8);
    check_size(f, type_str(f->types), 16, 8);
    check_size(f, type_any_error(f->types), 2, 2);
}

static void structs_keep_field_order(void **state) {
    Fixture *f = *state;
    Field fields[] = {{.type = prim(f, TYPE_U8)}, {.type = prim(f, TYPE_U64)}, {.type = prim(f, TYPE_U16)}};
    Type *t = make_struct(f, "A", fields, 3);
    check_size(f, t, 24, 8);
    const Layout *layout = type_layout(f->types, t);
    assert_int_equal(layout->field_offsets[0], 0);
    assert_int_equal(layout->field_offsets[1], 8);
    assert_int_equal(layout->field_offsets[2], 16);
    check_size(f, make_struct(f, "Empty", NULL, 0), 0, 1);
}

static void alignment_is_raised(void **state) {
    Fixture *f = *state;
    Field fields[] = {{.type = prim(f, TYPE_U8)}, {.type = prim(f, TYPE_U32), .align = 64}};
    Type *t = make_struct(f, "B", fields, 2);
    check_size(f, t, 128, 64);
    assert_int_equal(type_layout(f->types, t)->field_offsets[1], 64);
    Type *line = type_named(f->types, TYPE_STRUCT, name_intern_c(f->names, "Line"));
    line->align = 64;
    check_size(f, line, 0, 64);
}

static void optionals(void **state) {
    Fixture *f = *state;
    Type *pointer = type_ptr(f->types, prim(f, TYPE_U8), false);
    assert_true(type_layout(f->types, type_optional(f->types, pointer))->has_niche);
    check_size(f, type_optional(f->types, pointer), 8, 8);
    check_size(f, type_optional(f->types, type_optional(f->types, pointer)), 16, 8);
    Type *t = type_optional(f->types, prim(f, TYPE_U32));
    check_size(f, t, 8, 4);
    assert_int_equal(type_layout(f->types, t)->tag_offset, 4);
    check_size(f, type_optional(f->types, prim(f, TYPE_VOID)), 1, 1);
    check_size(f, type_optional(f->types, type_str(f->types)), 24, 8);
}

static void error_unions(void **state) {
    Fixture *f = *state;
    Type *any = type_any_error(f->types);
    Type *t = type_error_union(f->types, prim(f, TYPE_U8), any);
    check_size(f, t, 4, 2);
    assert_int_equal(type_layout(f->types, t)->tag_offset, 2);
    check_size(f, type_error_union(f->types, prim(f, TYPE_VOID), any), 2, 2);
    check_size(f, type_error_union(f->types, prim(f, TYPE_U64), any), 16, 8);
}

static void enums(void **state) {
    Fixture *f = *state;
    Field put[] = {{.type = type_str(f->types)}, {.type = type_str(f->types)}};
    Field get[] = {{.type = prim(f, TYPE_U8)}, {.type = prim(f, TYPE_U32)}};
    Variant variants[] = {{.field_count = 2, .fields = put, .has_fields = true},
                          {.field_count = 2, .fields = get, .has_tuple = true, .discriminant = 1},
                          {.discriminant = 2}};
    Type *t = type_named(f->types, TYPE_ENUM, name_intern_c(f->names, "Command"));
    t->tag_type = prim(f, TYPE_U8);
    t->variants = variants;
    t->variant_count = 3;
    check_size(f, t, 40, 8);
    const Layout *layout = type_layout(f->types, t);
    assert_int_equal(layout->payload_offset, 8);
    assert_int_equal(layout->variant_offsets[0][1], 24);
    assert_int_equal(layout->variant_offsets[1][0], 8);
    assert_int_equal(layout->variant_offsets[1][1], 12);
    Type *plain = type_named(f->types, TYPE_ENUM, name_intern_c(f->names, "Color"));
    plain->is_plain_enum = true;
    plain->tag_type = prim(f, TYPE_U16);
    check_size(f, plain, 2, 2);
}

static void huge_arrays_saturate(void **state) {
    Fixture *f = *state;
    Type *row = type_array(f->types, prim(f, TYPE_U64), UINT64_MAX);
    assert_int_equal(type_size(f->types, row), TYPE_SIZE_LIMIT);
    assert_int_equal(type_size(f->types, type_array(f->types, row, UINT64_MAX)), TYPE_SIZE_LIMIT);
    Field fields[] = {{.type = row}, {.type = row}};
    assert_int_equal(type_size(f->types, make_struct(f, "Huge", fields, 2)), TYPE_SIZE_LIMIT);
    check_size(f, type_array(f->types, prim(f, TYPE_VOID), UINT64_MAX), 0, 1);
}

static void long_chains_need_no_call_depth(void **state) {
    Fixture *f = *state;
    Type *t = prim(f, TYPE_U8);
    for (int i = 0; i < 200000; i++) t = type_array(f->types, t, 1);
    check_size(f, t, 1, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(scalars, setup, teardown),
        cmocka_unit_test_setup_teardown(structs_keep_field_order, setup, teardown),
        cmocka_unit_test_setup_teardown(alignment_is_raised, setup, teardown),
        cmocka_unit_test_setup_teardown(optionals, setup, teardown),
        cmocka_unit_test_setup_teardown(error_unions, setup, teardown),
        cmocka_unit_test_setup_teardown(enums, setup, teardown),
        cmocka_unit_test_setup_teardown(huge_arrays_saturate, setup, teardown),
        cmocka_unit_test_setup_teardown(long_chains_need_no_call_depth, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
