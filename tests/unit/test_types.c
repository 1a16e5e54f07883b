// The table of types: equal types are one object, and types print as the user writes them.
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

static void equal_types_are_one_object(void **state) {
    Fixture *f = *state;
    Type *u8 = type_primitive(f->types, TYPE_U8);
    assert_ptr_equal(u8, type_primitive(f->types, TYPE_U8));
    assert_ptr_equal(type_ptr(f->types, u8, false), type_ptr(f->types, u8, false));
    assert_ptr_not_equal(type_ptr(f->types, u8, false), type_ptr(f->types, u8, true));
    assert_ptr_equal(type_str(f->types), type_slice(f->types, u8, true));
    assert_ptr_equal(type_array(f->types, u8, 4), type_array(f->types, u8, 4));
    assert_ptr_not_equal(type_array(f->types, u8, 4), type_array(f->types, u8, 5));
    Type *params[] = {u8, type_str(f->types)};
    Type *swapped[] = {type_str(f->types), u8};
    assert_ptr_equal(type_func(f->types, params, 2, u8), type_func(f->types, params, 2, u8));
    assert_ptr_not_equal(type_func(f->types, params, 2, u8), type_func(f->types, swapped, 2, u8));
    assert_ptr_not_equal(type_func(f->types, params, 2, u8), type_func(f->types, params, 1, u8));
    assert_ptr_equal(type_any_error(f->types), type_any_error(f->types));
}

static void table_survives_growth(void **state) {
    Fixture *f = *state;
    Type *u8 = type_primitive(f->types, TYPE_U8);
    Type *made[3000];
    for (uint64_t i = 0; i < ARRAY_LEN(made); i++) made[i] = type_array(f->types, u8, i);
    for (uint64_t i = 0; i < ARRAY_LEN(made); i++) assert_ptr_equal(made[i], type_array(f->types, u8, i));
}

static void length_value_makes_a_plain_array(void **state) {
    Fixture *f = *state;
    Type *length = type_value(f->types, type_primitive(f->types, TYPE_USIZE), 7);
    Type *u8 = type_primitive(f->types, TYPE_U8);
    assert_ptr_equal(type_array_param(f->types, u8, length), type_array(f->types, u8, 7));
}

static void scalars_are_what_registers_hold(void **state) {
    Fixture *f = *state;
    Type *u8 = type_primitive(f->types, TYPE_U8);
    Type *pointer = type_ptr(f->types, u8, false);
    assert_true(type_is_scalar(u8));
    assert_true(type_is_scalar(pointer));
    assert_true(type_is_scalar(type_str(f->types)));
    assert_true(type_is_scalar(type_optional(f->types, pointer)));
    assert_false(type_is_scalar(type_optional(f->types, u8)));
    assert_false(type_is_scalar(type_optional(f->types, type_optional(f->types, pointer))));
    assert_false(type_is_scalar(type_array(f->types, u8, 1)));
    assert_false(type_is_scalar(type_error_union(f->types, u8, type_any_error(f->types))));
    assert_false(type_is_scalar(type_primitive(f->types, TYPE_VOID)));
}

static void check_text(Fixture *f, Type *type, const char *expected) {
    assert_string_equal(type_text(f->arena, type), expected);
}

static void types_print_as_written(void **state) {
    Fixture *f = *state;
    Types *types = f->types;
    Type *u8 = type_primitive(types, TYPE_U8), *none = type_primitive(types, TYPE_VOID);
    Type *pair = type_named(types, TYPE_STRUCT, name_intern_c(f->names, "Pair[u8, str]"));
    Type *any = type_any_error(types);
    check_text(f, type_optional(types, type_ptr(types, pair, true)), "?*const Pair[u8, str]");
    check_text(f, type_optional(types, type_optional(types, u8)), "?(?u8)");
    check_text(f, type_array(types, type_slice(types, u8, false), 3), "[3][]u8");
    check_text(f, type_slice(types, pair, true), "[]const Pair[u8, str]");
    Type *failing = type_error_union(types, none, any);
    check_text(f, failing, "!void");
    check_text(f, type_ptr(types, failing, false), "*(!void)");
    check_text(f, type_error_union(types, failing, any), "!(!void)");
    Type *params[] = {u8, pair};
    Type *callback = type_func(types, params, 2, failing);
    check_text(f, callback, "func(u8, Pair[u8, str]) -> !void");
    check_text(f, type_func(types, NULL, 0, none), "func()");
    check_text(f, type_error_union(types, type_func(types, NULL, 0, u8), any), "!func() -> u8");
}

// Each step doubles the text; forty of them would fill the machine.
static void text_of_shared_types_is_cut(void **state) {
    Fixture *f = *state;
    Type *t = type_primitive(f->types, TYPE_U8);
    for (int i = 0; i < 40; i++) {
        Type *both[] = {t, t};
        t = type_func(f->types, both, 2, t);
    }
    assert_true(strlen(type_text(f->arena, t)) < 4000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(equal_types_are_one_object, setup, teardown),
        cmocka_unit_test_setup_teardown(table_survives_growth, setup, teardown),
        cmocka_unit_test_setup_teardown(length_value_makes_a_plain_array, setup, teardown),
        cmocka_unit_test_setup_teardown(scalars_are_what_registers_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(types_print_as_written, setup, teardown),
        cmocka_unit_test_setup_teardown(text_of_shared_types_is_cut, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
