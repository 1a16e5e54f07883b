// Str, StrBuf and edit distance.
#include "unit.h"

static void compares(void **state) {
    (void)state;
    assert_true(str_equal(STR("abc"), str_from("abc")));
    assert_false(str_equal(STR("abc"), STR("abd")));
    assert_false(str_equal(STR("ab"), STR("abc")));
    assert_true(str_equal((Str){NULL, 0}, STR("")));
    assert_true(str_equal_c(STR("x"), "x"));
    assert_true(str_starts_with(STR("abc"), "ab"));
    assert_true(str_starts_with(STR("abc"), ""));
    assert_false(str_starts_with(STR("a"), "ab"));
    assert_true(str_ends_with(STR("main.jan"), ".jan"));
    assert_false(str_ends_with(STR("jan"), ".jan"));
}

static void copies_are_terminated(void **state) {
    (void)state;
    Arena *arena = arena_create();
    Str copy = str_copy(arena, (Str){"abcdef", 3});
    assert_string_equal(copy.ptr, "abc");
    assert_int_equal(copy.len, 3);
    assert_string_equal(str_c(arena, (Str){NULL, 0}), "");
    assert_string_equal(arena_printf(arena, "%s-%d", "a", 42), "a-42");
    arena_destroy(arena);
}

static void buffer_grows(void **state) {
    (void)state;
    StrBuf buffer = {0};
    assert_string_equal(strbuf_str(&buffer).ptr, "");
    for (int i = 0; i < 1000; i++) strbuf_printf(&buffer, "%d,", i);
    assert_int_equal(buffer.len, 10 * 2 + 90 * 3 + 900 * 4);
    assert_int_equal(strlen(buffer.data), buffer.len);
    assert_memory_equal(buffer.data, "0,1,2,3,", 8);
    strbuf_clear(&buffer);
    assert_string_equal(buffer.data, "");
    strbuf_putc(&buffer, 'x');
    strbuf_puts(&buffer, "yz");
    strbuf_append(&buffer, "123", 2);
    assert_string_equal(strbuf_str(&buffer).ptr, "xyz12");
    strbuf_free(&buffer);
    assert_null(buffer.data);
}

static void long_formats_fit(void **state) {
    (void)state;
    StrBuf buffer = {0};
    strbuf_printf(&buffer, "%05000d", 7);
    assert_int_equal(buffer.len, 5000);
    assert_int_equal(buffer.data[4999], '7');
    strbuf_free(&buffer);
}

static void edit_distance_counts_edits(void **state) {
    (void)state;
    assert_int_equal(str_edit_distance(STR("write"), STR("write")), 0);
    assert_int_equal(str_edit_distance(STR("write"), STR("wirte")), 1);
    assert_int_equal(str_edit_distance(STR("write"), STR("writ")), 1);
    assert_int_equal(str_edit_distance(STR("write"), STR("wrote")), 1);
    assert_int_equal(str_edit_distance(STR("kitten"), STR("sitting")), 3);
    assert_int_equal(str_edit_distance(STR(""), STR("abc")), 3);
    assert_int_equal(str_edit_distance(STR("abc"), STR("")), 3);
}

static void edit_distance_of_long_texts_is_their_length(void **state) {
    (void)state;
    char a[4000], b[4000];
    memset(a, 'a', sizeof a);
    memset(b, 'a', sizeof b);
    b[0] = 'b';
    assert_int_equal(str_edit_distance((Str){a, sizeof a}, (Str){b, sizeof b}), 4000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares),
        cmocka_unit_test(copies_are_terminated),
        cmocka_unit_test(buffer_grows),
        cmocka_unit_test(long_formats_fit),
        cmocka_unit_test(edit_distance_counts_edits),
        cmocka_unit_test(edit_distance_of_long_texts_is_their_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
