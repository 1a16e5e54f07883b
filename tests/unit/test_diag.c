// Diagnostics: collection, order, the text and the JSON form.
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "unit.h"

#include "diag/diag.h"

typedef struct Fixture {
    Arena *arena;
    SourceMap sources;
    Diags diags;
} Fixture;

static int set_up(void **state) {
    Arena *arena = arena_create();
    Fixture *f = ARENA_NEW(arena, Fixture);
    f->arena = arena;
    sources_init(&f->sources, arena);
    diags_init(&f->diags, arena, &f->sources);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    arena_destroy(((Fixture *)*state)->arena);
    return 0;
}

static const char *read_back(Fixture *f, FILE *file) {
    StrBuf text = {0};
    char block[4096];
    rewind(file);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;) strbuf_append(&text, block, n);
    fclose(file);
    const char *copy = str_c(f->arena, strbuf_str(&text));
    strbuf_free(&text);
    return copy;
}

static const char *text_form(Fixture *f) {
    FILE *file = tmpfile();
    assert_non_null(file);
    diags_render_text(&f->diags, file, false);
    return read_back(f, file);
}

static const char *json_form(Fixture *f) {
    FILE *file = tmpfile();
    assert_non_null(file);
    diags_render_json(&f->diags, file);
    return read_back(f, file);
}

// The span of the first occurrence of `what`.
static Span span_of(const Source *s, const char *what) {
    const char *at = strstr(s->text.ptr, what);
    assert_non_null(at);
    uint32_t start = (uint32_t)(at - s->text.ptr);
    return (Span){s->index, start, start + (uint32_t)strlen(what)};
}

static void shows_line_and_marks(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->sources, "main.jan", STR("func main() do\n    compute()\nend\n"));
    Diag *d = diag_error(&f->diags, DIAG_E2010, span_of(s, "compute()"), "the %s is dropped", "value");
    diag_note(&f->diags, d, (Span){0}, "write `let _ = …` to drop it");
    diag_note(&f->diags, d, span_of(s, "main"), "in this function");
    assert_string_equal(text_form(f), "error[E2010]: the value is dropped\n"
                                      " --> main.jan:2:5\n"
                                      "  |\n"
                                      "2 |     compute()\n"
                                      "  |     ^^^^^^^^^\n"
                                      "note: write `let _ = …` to drop it\n"
                                      "note: in this function\n"
                                      " --> main.jan:1:6\n"
                                      "  |\n"
                                      "1 | func main() do\n"
                                      "  |      ^^^^\n"
                                      "\n"
                                      "1 error\n");
}

static void shows_the_fixed_line(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->sources, "main.jan", STR("fn f() -> i32 do return a && b end\n"));
    Diag *d = diag_error(&f->diags, DIAG_E0010, span_of(s, "&&"), "legacy spelling");
    diag_fix(&f->diags, d, span_of(s, "&&"), "and", "write `and` instead");
    diag_fix(&f->diags, d, span_of(s, "fn"), "func", NULL);
    assert_string_equal(text_form(f), "error[E0010]: legacy spelling\n"
                                      " --> main.jan:1:27\n"
                                      "  |\n"
                                      "1 | fn f() -> i32 do return a && b end\n"
                                      "  |                           ^^\n"
                                      "help: write `and` instead\n"
                                      "  |\n"
                                      "1 | func f() -> i32 do return a and b end\n"
                                      "  | ~~~~                        ~~~\n"
                                      "\n"
                                      "1 error\n");
}

static void shows_fixes_over_several_lines(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->sources, "main.jan", STR("if x {\n    y()\n}\nz()\n"));
    Diag *d = diag_error(&f->diags, DIAG_E0010, span_of(s, "{"), "legacy spelling");
    diag_fix(&f->diags, d, span_of(s, "{"), "do", "write `do … end`");
    diag_fix(&f->diags, d, span_of(s, "}"), "end", NULL);
    assert_string_equal(text_form(f), "error[E0010]: legacy spelling\n"
                                      " --> main.jan:1:6\n"
                                      "  |\n"
                                      "1 | if x {\n"
                                      "  |      ^\n"
                                      "help: write `do … end`\n"
                                      "  |\n"
                                      "1 | if x do\n"
                                      "  |      ~~\n"
                                      "  |\n"
                                      "3 | end\n"
                                      "  | ~~~\n"
                                      "\n"
                                      "1 error\n");
}

static void marks_stand_under_tabs_and_wide_characters(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->sources, "main.jan", STR("\tlet 漢字 = é + bad\n"));
    diag_error(&f->diags, DIAG_E1001, span_of(s, "bad"), "unknown name");
    diag_warning(&f->diags, DIAG_W0001, span_of(s, "漢字"), "unused local");
    assert_string_equal(text_form(f), "warning[W0001]: unused local\n"
                                      " --> main.jan:1:6\n"
                                      "  |\n"
                                      "1 |     let 漢字 = é + bad\n"
                                      "  |         ^^^^\n"
                                      "\n"
                                      "error[E1001]: unknown name\n"
                                      " --> main.jan:1:15\n"
                                      "  |\n"
                                      "1 |     let 漢字 = é + bad\n"
                                      "  |                    ^^^\n"
                                      "\n"
                                      "1 error, 1 warning\n");
}

static void marks_the_end_of_a_line_and_of_the_file(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->sources, "main.jan", STR("ab\ncd"));
    diag_error(&f->diags, DIAG_E0007, (Span){s->index, 2, 2}, "expected `do`");
    diag_error(&f->diags, DIAG_E0008, (Span){s->index, 900, 901}, "missing `end`");
    assert_string_equal(text_form(f), "error[E0007]: expected `do`\n"
                                      " --> main.jan:1:3\n"
                                      "  |\n"
                                      "1 | ab\n"
                                      "  |   ^\n"
                                      "\n"
                                      "error[E0008]: missing `end`\n"
                                      " --> main.jan:2:3\n"
                                      "  |\n"
                                      "2 | cd\n"
                                      "  |   ^\n"
                                      "\n"
                                      "2 errors\n");
}

static void repetitions_are_dropped(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->sources, "main.jan", STR("abc"));
    Span span = {s->index, 0, 1};
    Diag *first = diag_error(&f->diags, DIAG_E1001, span, "first");
    Diag *second = diag_error(&f->diags, DIAG_E1001, span, "second");
    assert_ptr_not_equal(first, second);
    diag_note(&f->diags, second, span, "not shown");
    diag_fix(&f->diags, second, span, "x", "not shown");
    diag_error(&f->diags, DIAG_E1002, span, "another code");
    diag_error(&f->diags, DIAG_E1001, (Span){s->index, 0, 2}, "another span");
    diag_error(&f->diags, DIAG_E1014, (Span){0}, "cannot read a");
    diag_error(&f->diags, DIAG_E1014, (Span){0}, "cannot read b");
    diag_error(&f->diags, DIAG_E1014, (Span){0}, "cannot read b");
    assert_int_equal(f->diags.error_count, 5);
    const char *text = text_form(f);
    assert_null(strstr(text, "second"));
    assert_null(strstr(text, "not shown"));
    assert_true(str_starts_with(str_from(text), "error[E1014]: cannot read a\n\nerror[E1014]: cannot read b\n\n"
                                                "error[E1001]: first\n"));
}

static void only_a_hundred_are_shown(void **state) {
    Fixture *f = *state;
    char letters[3000];
    memset(letters, 'x', sizeof letters);
    Source *s = sources_add(&f->sources, "main.jan", (Str){letters, sizeof letters});
    for (uint32_t i = 0; i < 2500; i++) diag_error(&f->diags, DIAG_E1001, (Span){s->index, i, i + 1}, "number %u", i);
    assert_int_equal(f->diags.error_count, 2500);
    const char *text = text_form(f);
    assert_non_null(strstr(text, "number 99\n"));
    assert_null(strstr(text, "number 100\n"));
    assert_non_null(strstr(text, "\n2400 more not shown\n2500 errors\n"));
    // The line is cut to a window around its mark, so each takes a few hundred bytes at most.
    assert_true(strlen(text) < 100 * 500);
}

static void warnings_make_room_for_errors(void **state) {
    Fixture *f = *state;
    char letters[2000];
    memset(letters, 'x', sizeof letters);
    Source *s = sources_add(&f->sources, "main.jan", (Str){letters, sizeof letters});
    for (uint32_t i = 0; i < 1500; i++)
        diag_warning(&f->diags, DIAG_W0001, (Span){s->index, i, i + 1}, "warning %u", i);
    for (uint32_t i = 1600; i < 1602; i++) diag_error(&f->diags, DIAG_E1001, (Span){s->index, i, i + 1}, "error %u", i);
    const char *text = text_form(f);
    assert_non_null(strstr(text, "warning 97\n"));
    assert_null(strstr(text, "warning 98\n"));
    assert_non_null(strstr(text, "error 1600\n"));
    assert_non_null(strstr(text, "error 1601\n"));
    assert_non_null(strstr(text, "\n1402 more not shown\n2 errors, 1500 warnings\n"));
}

static void hostile_text_is_made_harmless(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->sources, "a\x1b[31m.jan", STR("a\x1b[2J \xff \xE2\x80\xAE bad\r\n"));
    diag_error(&f->diags, DIAG_E1001, span_of(s, "bad"), "unknown \x07\xC0 name");
    const char *text = text_form(f);
    assert_null(strchr(text, '\x1b'));
    assert_null(strchr(text, '\x07'));
    assert_null(strchr(text, '\r'));
    assert_null(strstr(text, "\xE2\x80\xAE"));
    json_t *object = json_loads(json_form(f), 0, NULL);
    assert_non_null(object);
    json_decref(object);
}

static void json_has_every_part(void **state) {
    Fixture *f = *state;
    Source *s = sources_add(&f->sources, "main.jan", STR("let é = bad\nfn\n"));
    Diag *d = diag_error(&f->diags, DIAG_E1001, span_of(s, "bad"), "unknown name");
    diag_note(&f->diags, d, span_of(s, "let"), "here");
    diag_note(&f->diags, d, (Span){0}, "nowhere");
    diag_fix(&f->diags, d, span_of(s, "fn"), "func", "write `func`");
    diag_warning(&f->diags, DIAG_W0002, span_of(s, "fn"), "unreachable code");
    const char *text = json_form(f);
    const char *newline = strchr(text, '\n');
    assert_non_null(newline);
    assert_int_equal(newline[1], '{');
    json_t *object = json_loadb(text, (size_t)(newline - text), 0, NULL);
    assert_non_null(object);
    const char *code, *severity, *message, *file, *replacement, *help;
    int line, column, end_line, end_column, note_line, start, end;
    assert_int_equal(json_unpack(object, "{s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:[{s:i},{}],s:[{s:s,s:i,s:i}],s:s}", "code",
                                 &code, "severity", &severity, "message", &message, "file", &file, "line", &line,
                                 "column", &column, "end_line", &end_line, "end_column", &end_column, "notes", "line",
                                 &note_line, "fixes", "replacement", &replacement, "start", &start, "end", &end, "help",
                                 &help),
                     0);
    assert_string_equal(code, "E1001");
    assert_string_equal(severity, "error");
    assert_string_equal(message, "unknown name");
    assert_string_equal(file, "main.jan");
    assert_int_equal(line, 1);
    assert_int_equal(column, 9);
    assert_int_equal(end_line, 1);
    assert_int_equal(end_column, 12);
    assert_int_equal(note_line, 1);
    assert_string_equal(replacement, "func");
    assert_int_equal(start, 13);
    assert_int_equal(end, 15);
    assert_string_equal(help, "write `func`");
    json_decref(object);
}

static void colour_only_when_asked(void **state) {
    Fixture *f = *state;
    diag_error(&f->diags, DIAG_E1012, (Span){0}, "no main");
    assert_null(strchr(text_form(f), '\x1b'));
    FILE *file = tmpfile();
    diags_render_text(&f->diags, file, true);
    assert_non_null(strchr(read_back(f, file), '\x1b'));
}

static void nothing_said_without_diagnostics(void **state) {
    Fixture *f = *state;
    assert_string_equal(text_form(f), "");
    assert_string_equal(json_form(f), "");
}

static void codes_have_names_and_titles(void **state) {
    (void)state;
    assert_string_equal(diag_code_name(DIAG_E2010), "E2010");
    assert_string_equal(diag_code_title(DIAG_E2010), "value dropped silently");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(shows_line_and_marks),
        TEST(shows_the_fixed_line),
        TEST(shows_fixes_over_several_lines),
        TEST(marks_stand_under_tabs_and_wide_characters),
        TEST(marks_the_end_of_a_line_and_of_the_file),
        TEST(repetitions_are_dropped),
        TEST(only_a_hundred_are_shown),
        TEST(warnings_make_room_for_errors),
        TEST(hostile_text_is_made_harmless),
        TEST(json_has_every_part),
        TEST(colour_only_when_asked),
        TEST(nothing_said_without_diagnostics),
        cmocka_unit_test(codes_have_names_and_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
