// Sources, positions and spans.
#include "unit.h"

#include "base/source.h"

typedef struct Fixture {
    Arena *arena;
    SourceMap map;
} Fixture;

static int set_up(void **state) {
    Arena *arena = arena_create();
    Fixture *f = ARENA_NEW(arena, Fixture);
    f->arena = arena;
    sources_init(&f->map, arena);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    arena_destroy(((Fixture *)*state)->arena);
    return 0;
}

static void assert_position(const Source *s, uint32_t offset, uint32_t line, uint32_t column) {
    LineColumn at = source_position(s, offset);
    assert_int_equal(at.line, line);
    assert_int_equal(at.column, column);
}

static void assert_line(const Source *s, uint32_t line, const char *text) {
    Str actual = source_line(s, line);
    assert_true(str_equal_c(actual, text));
}

static void index_zero_is_no_source(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->map, "a.jan", STR("x"));
    assert_int_equal(s->index, 1);
    assert_ptr_equal(sources_get(&f->map, 1), s);
    assert_non_null(sources_get(&f->map, 0));
    assert_false(span_known((Span){0}));
    assert_true(span_known((Span){1, 0, 0}));
}

static void finds_lines_and_columns(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->map, "a.jan", STR("ab\n\ncde\n"));
    assert_int_equal(s->line_count, 4);
    assert_position(s, 0, 1, 1);
    assert_position(s, 2, 1, 3);
    assert_position(s, 3, 2, 1);
    assert_position(s, 4, 3, 1);
    assert_position(s, 6, 3, 3);
    assert_position(s, 8, 4, 1);
    assert_position(s, 4000, 4, 1);
    assert_line(s, 1, "ab");
    assert_line(s, 2, "");
    assert_line(s, 3, "cde");
    assert_line(s, 4, "");
    assert_line(s, 0, "");
    assert_line(s, 5, "");
}

static void columns_count_code_points(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->map, "a.jan", STR("aé漢😀b\nx"));
    assert_position(s, 1, 1, 2);
    assert_position(s, 3, 1, 3);
    assert_position(s, 6, 1, 4);
    assert_position(s, 10, 1, 5);
    assert_position(s, 12, 2, 1);
}

static void windows_line_ends_are_not_text(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->map, "a.jan", STR("ab\r\ncd\r\n"));
    assert_line(s, 1, "ab");
    assert_line(s, 2, "cd");
    assert_position(s, 4, 2, 1);
}

static void empty_source_has_one_line(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->map, "a.jan", STR(""));
    assert_int_equal(s->line_count, 1);
    assert_position(s, 0, 1, 1);
    assert_int_equal(s->text.ptr[0], '\0');
}

static void text_is_terminated_and_independent(void **state) {
    Fixture *f = *state;
    char text[] = {'a', 'b', 'c'};
    Source *s = sources_add(&f->map, "a.jan", (Str){text, sizeof text});
    text[0] = 'x';
    assert_string_equal(s->text.ptr, "abc");
}

static void joins_spans(void **state) {
    (void)state;
    Span joined = span_join((Span){1, 5, 7}, (Span){1, 10, 12});
    assert_int_equal(joined.start, 5);
    assert_int_equal(joined.end, 12);
    assert_int_equal(span_join((Span){0}, (Span){1, 10, 12}).start, 10);
    assert_int_equal(span_join((Span){1, 5, 7}, (Span){0}).end, 7);
    assert_int_equal(span_join((Span){1, 5, 7}, (Span){2, 10, 12}).end, 7);
    // Never an end before the start, whatever it is given.
    assert_int_equal(span_join((Span){1, 10, 12}, (Span){1, 5, 7}).end, 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(index_zero_is_no_source, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_lines_and_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(columns_count_code_points, set_up, tear_down),
        cmocka_unit_test_setup_teardown(windows_line_ends_are_not_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(empty_source_has_one_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(text_is_terminated_and_independent, set_up, tear_down),
        cmocka_unit_test(joins_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
