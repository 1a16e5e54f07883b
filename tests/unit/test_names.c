// Interned names and pointer maps.
#include <stdio.h>

#include "unit.h"

static void equal_text_has_one_name(void **state) {
    (void)state;
    Arena *arena = arena_create();
    NameTable *table = names_create(arena);
    const Name *a = name_intern(table, "value_more", 5);
    assert_ptr_equal(a, name_intern_c(table, "value"));
    assert_string_equal(a->text, "value");
    assert_int_equal(name_str(a).len, 5);
    assert_ptr_not_equal(a, name_intern_c(table, "values"));
    assert_ptr_equal(name_intern(table, "", 0), name_intern(table, NULL, 0));
    // A NUL is a byte like any other.
    assert_ptr_not_equal(name_intern(table, "a\0b", 3), name_intern(table, "a\0c", 3));
    names_destroy(table);
    arena_destroy(arena);
}

static void many_names_stay_distinct(void **state) {
    (void)state;
    enum { COUNT = 200000 };
    Arena *arena = arena_create();
    NameTable *table = names_create(arena);
    const Name **names = ARENA_ARRAY(arena, const Name *, COUNT);
    char text[32];
    for (int i = 0; i < COUNT; i++) names[i] = name_intern(table, text, (size_t)snprintf(text, sizeof text, "n%d", i));
    for (int i = 0; i < COUNT; i++) {
        snprintf(text, sizeof text, "n%d", i);
        assert_ptr_equal(names[i], name_intern_c(table, text));
    }
    names_destroy(table);
    arena_destroy(arena);
}

static void map_finds_what_was_put(void **state) {
    (void)state;
    static char keys[20];
    Arena *arena = arena_create();
    Map map = {0};
    assert_null(map_get(&map, &keys[0]));
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        map_put(arena, &map, &keys[i], &keys[i]);
        for (size_t k = 0; k < ARRAY_LEN(keys); k++)
            assert_ptr_equal(map_get(&map, &keys[k]), k <= i ? &keys[k] : NULL);
    }
    map_put(arena, &map, &keys[3], &keys[0]);
    assert_int_equal(map.len, ARRAY_LEN(keys));
    assert_ptr_equal(map_get(&map, &keys[3]), &keys[0]);
    arena_destroy(arena);
}

static void map_of_a_million_keeps_insertion_order(void **state) {
    (void)state;
    enum { COUNT = 1000000 };
    Arena *arena = arena_create();
    Map map = {0};
    uint64_t *keys = ARENA_ARRAY(arena, uint64_t, COUNT);
    for (size_t i = 0; i < COUNT; i++) map_put(arena, &map, &keys[i], &keys[COUNT - 1 - i]);
    assert_int_equal(map.len, COUNT);
    bool ok = true;
    for (size_t i = 0; i < COUNT; i++)
        ok = ok && map.entries[i].key == &keys[i] && map_get(&map, &keys[i]) == &keys[COUNT - 1 - i];
    assert_true(ok);
    arena_destroy(arena);
}

static void hash_depends_on_bytes_and_seed(void **state) {
    (void)state;
    assert_true(hash_bytes("abc", 3, 0) == hash_bytes("abc", 3, 0));
    assert_true(hash_bytes("abc", 3, 0) != hash_bytes("abd", 3, 0));
    assert_true(hash_bytes("abc", 3, 0) != hash_bytes("abc", 3, 1));
    assert_true(hash_bytes(NULL, 0, 5) == hash_bytes("", 0, 5));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_text_has_one_name),        cmocka_unit_test(many_names_stay_distinct),
        cmocka_unit_test(map_finds_what_was_put),         cmocka_unit_test(map_of_a_million_keeps_insertion_order),
        cmocka_unit_test(hash_depends_on_bytes_and_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
