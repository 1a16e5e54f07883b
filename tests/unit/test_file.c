// Files and paths.
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

typedef struct Fixture {
    Arena *arena;
    const char *folder;
} Fixture;

static int set_up(void **state) {
    Arena *arena = arena_create();
    Fixture *f = ARENA_NEW(arena, Fixture);
    f->arena = arena;
    const char *base = getenv("TMPDIR");
    char *folder = (char *)(uintptr_t)arena_printf(arena, "%s/janus-unit-XXXXXX", base ? base : "/tmp");
    f->folder = mkdtemp(folder);
    *state = f;
    return f->folder ? 0 : -1;
}

static int tear_down(void **state) {
    Fixture *f = *state;
    static const char *const leaves[] = {"a", "link", "pipe"};
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++) unlink(path_join(f->arena, f->folder, leaves[i]));
    int result = rmdir(f->folder);
    arena_destroy(f->arena);
    return result;
}

static void writes_and_reads_back(void **state) {
    Fixture *f = *state;
    const char *path = path_join(f->arena, f->folder, "a");
    Str text;
    assert_false(file_exists(path));
    assert_true(file_write(path, STR("one\0two")));
    assert_true(file_exists(path));
    assert_true(file_read(f->arena, path, &text));
    assert_true(str_equal(text, STR("one\0two")));
    assert_int_equal(text.ptr[text.len], '\0');
    assert_int_equal(chmod(path, 0640), 0);
    assert_true(file_write(path, STR("")));
    assert_true(file_read(f->arena, path, &text));
    assert_int_equal(text.len, 0);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
}

static void writes_through_links(void **state) {
    Fixture *f = *state;
    const char *path = path_join(f->arena, f->folder, "a"), *link = path_join(f->arena, f->folder, "link");
    Str text;
    assert_true(file_write(path, STR("old")));
    assert_int_equal(symlink("a", link), 0);
    assert_true(file_write(link, STR("new")));
    assert_true(file_read(f->arena, path, &text));
    assert_true(str_equal_c(text, "new"));
}

static void refuses_what_is_no_file(void **state) {
    Fixture *f = *state;
    Str text;
    assert_false(file_read(f->arena, path_join(f->arena, f->folder, "absent"), &text));
    assert_int_equal(errno, ENOENT);
    assert_false(file_read(f->arena, f->folder, &text));
    assert_int_equal(errno, EISDIR);
    assert_true(dir_exists(f->folder));
    assert_false(file_exists(f->folder));
    const char *pipe = path_join(f->arena, f->folder, "pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_false(file_read(f->arena, pipe, &text));
    assert_false(file_read(f->arena, "/dev/zero", &text));
    assert_false(file_write(path_join(f->arena, f->folder, "absent/a"), STR("x")));
}

static void paths_come_apart_and_together(void **state) {
    Fixture *f = *state;
    Arena *a = f->arena;
    assert_string_equal(path_join(a, "x", "y"), "x/y");
    assert_string_equal(path_join(a, "x/", "y"), "x/y");
    assert_string_equal(path_join(a, "", "y"), "y");
    assert_string_equal(path_join(a, ".", "y"), "y");
    assert_string_equal(path_join(a, "x", "/y"), "/y");
    assert_string_equal(path_dirname(a, "a/b/c.jan"), "a/b");
    assert_string_equal(path_dirname(a, "c.jan"), ".");
    assert_string_equal(path_dirname(a, "/c.jan"), "/");
    assert_string_equal(path_dirname(a, "/"), "/");
    assert_string_equal(path_dirname(a, "a//b//"), "a");
    assert_string_equal(path_dirname(a, ""), ".");
    assert_string_equal(path_basename(a, "a/b/c.jan"), "c.jan");
    assert_string_equal(path_basename(a, "a/b/"), "b");
    assert_string_equal(path_basename(a, "/"), "/");
    assert_string_equal(path_basename(a, ""), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_and_reads_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writes_through_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paths_come_apart_and_together, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
