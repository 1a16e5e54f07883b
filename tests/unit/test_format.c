// Every program that there is, laid out in narrow lines and wide ones: the result must read back as the same tree, and
// be its own layout. What looks like something else once it is broken shows here.
#define _GNU_SOURCE
#include "unit.h"

#include <ftw.h>

#include "syntax/format.h"

enum { LEAST_FILES = 500, OPEN_FOLDERS = 16 };

static const uint32_t COLUMNS[] = {1, 24, 48, 80, 100};
static uint32_t file_count;

static void lay_out(const char *path, Str text, uint32_t columns) {
    Arena *arena = arena_create();
    NameTable *names = names_create(arena);
    SourceMap sources;
    Diags diags;
    sources_init(&sources, arena);
    diags_init(&diags, arena, &sources);
    Source *source = sources_add(&sources, path, text);
    StrBuf out = {0};
    const char *why = NULL;
    FormatResult result = format_source(arena, &diags, names, source, columns, &out, &why);
    if (result == FORMAT_BROKEN) fail_msg("%s in %u columns: %s:\n%.*s", path, columns, why, (int)out.len,
                                          strbuf_str(&out).ptr);
    strbuf_free(&out);
    names_destroy(names);
    arena_destroy(arena);
}

static int visit(const char *path, const struct stat *status, int kind, struct FTW *where) {
    (void)status;
    (void)where;
    size_t length = strlen(path);
    if (kind != FTW_F || length < 4 || strcmp(path + length - 4, ".jan") != 0) return 0;
    Arena *arena = arena_create();
    Str text;
    assert_true(file_read(arena, path, &text));
    for (uint32_t i = 0; i < ARRAY_LEN(COLUMNS); i++) lay_out(path, text, COLUMNS[i]);
    arena_destroy(arena);
    file_count++;
    return 0;
}

static void test_lines_of_any_width(void **state) {
    (void)state;
    static const char *const FOLDERS[] = {"std", "apps", "examples", "bench", "tests"};
    for (uint32_t i = 0; i < ARRAY_LEN(FOLDERS); i++)
        assert_int_equal(nftw(FOLDERS[i], visit, OPEN_FOLDERS, FTW_PHYS), 0);
    assert_true(file_count > LEAST_FILES);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines_of_any_width)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
