// The disk that loses power: the exact sets of trees after each call of small scripts, read from tests/sim/disks.tsv or
// from the table that DISK_TABLE names, and properties of scripts made from a seed.
//
// A script is calls separated by `; `: `init PATH [TEXT]` and `initdir PATH` are there before it begins; `creat H PATH`,
// `open H PATH`, `opentrunc H PATH` (to no bytes), `close H`; `pwrite H OFFSET TEXT`, `append H TEXT`, `dpwrite` and
// `dappend` (synchronous); `truncate H SIZE`, `fallocate`, `fallockeep` and `punch H OFFSET SIZE`; `fsync`, `fdatasync`,
// `failfsync` (it answers an error) and `srange H` (promises nothing); `fsyncdir`, `failfsyncdir PATH`, `sync`;
// `rename`, `link A B`, `unlink`, `mkdir`, `rmdir PATH`; `sector N` and `block N` before all else.
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/disk/disk.h"

enum { MOST_WORDS = 8, MOST_HANDLES = 64, MOST_WAYS = 4000000 };

typedef struct Handle {
    char name[16];
    DiskNode node;
} Handle;

typedef struct Player {
    Disk *disk;
    DiskOptions options;
    Handle handles[MOST_HANDLES];
    uint32_t handle_count;
    bool started;
} Player;

typedef struct Line {
    Str words[MOST_WORDS];
    uint32_t count;
} Line;

// ---- scripts

static Line split_words(Str text) {
    Line line = {0};
    for (size_t at = 0; at < text.len;) {
        while (at < text.len && text.ptr[at] == ' ') at++;
        size_t begin = at;
        while (at < text.len && text.ptr[at] != ' ') at++;
        if (at > begin && line.count < MOST_WORDS) line.words[line.count++] = (Str){text.ptr + begin, at - begin};
    }
    return line;
}

static bool is(Str word, const char *text) { return str_equal_c(word, text); }

static uint64_t number(Str word) {
    uint64_t n = 0;
    for (size_t i = 0; i < word.len; i++) n = n * 10 + (uint64_t)(word.ptr[i] - '0');
    return n;
}

typedef struct Place {
    DiskNode folder;
    Str name; // empty: the folder itself
} Place;

static Place walk(const Disk *disk, Str path) {
    Place p = {DISK_ROOT, {path.ptr, 0}};
    for (size_t at = 0; at < path.len;) {
        size_t begin = at;
        while (at < path.len && path.ptr[at] != '/') at++;
        Str part = {path.ptr + begin, at - begin};
        at++;
        if (!part.len || is(part, ".")) continue;
        if (p.name.len) p.folder = disk_find(disk, p.folder, p.name);
        p.name = part;
    }
    return p;
}

static DiskNode find(const Disk *disk, Str path) {
    Place p = walk(disk, path);
    return p.name.len ? disk_find(disk, p.folder, p.name) : p.folder;
}

static DiskNode *handle(Player *p, Str name) {
    for (uint32_t i = 0; i < p->handle_count; i++)
        if (is(name, p->handles[i].name)) return &p->handles[i].node;
    assert_true(p->handle_count < MOST_HANDLES && name.len < sizeof p->handles[0].name);
    Handle *h = &p->handles[p->handle_count++];
    memcpy(h->name, name.ptr, name.len);
    h->name[name.len] = 0;
    return &h->node;
}

static void open_handle(Player *p, Str name, DiskNode node) {
    DiskNode *h = handle(p, name);
    disk_hold(p->disk, node);
    if (*h) disk_drop(p->disk, *h);
    *h = node;
}

// `_` is a zero byte.
static void write_text(Disk *disk, DiskNode file, uint64_t offset, Str text) {
    uint8_t bytes[256];
    assert_true(text.len <= sizeof bytes);
    for (size_t i = 0; i < text.len; i++) bytes[i] = text.ptr[i] == '_' ? 0 : (uint8_t)text.ptr[i];
    assert_int_equal(disk_write(disk, file, offset, bytes, text.len), text.len);
}

static bool prepare(Player *p, const Line *l) {
    const Str *w = l->words;
    if (is(w[0], "sector")) return p->options.sector = (uint32_t)number(w[1]), true;
    if (is(w[0], "block")) return p->options.block = (uint32_t)number(w[1]), true;
    if (!p->disk) p->disk = disk_create(&p->options);
    if (is(w[0], "initdir") || is(w[0], "init")) {
        Place at = walk(p->disk, w[1]);
        if (is(w[0], "initdir"))
            disk_make_folder(p->disk, at.folder, at.name);
        else
            write_text(p->disk, disk_make_file(p->disk, at.folder, at.name), 0, l->count > 2 ? w[2] : (Str){"", 0});
        return true;
    }
    if (!p->started) disk_settle(p->disk);
    p->started = true;
    return false;
}

static void play_on_file(Player *p, Str call, DiskNode file, const Line *l) {
    Disk *d = p->disk;
    const Str *w = l->words;
    if (is(call, "pwrite") || is(call, "dpwrite"))
        write_text(d, file, number(w[2]), w[3]);
    else if (is(call, "append") || is(call, "dappend"))
        write_text(d, file, disk_size(d, file), w[2]);
    else if (is(call, "truncate"))
        disk_truncate(d, file, number(w[2]));
    else if (is(call, "fallocate") || is(call, "fallockeep"))
        assert_true(disk_allocate(d, file, number(w[2]), number(w[3]), is(call, "fallockeep")));
    else if (is(call, "punch"))
        disk_punch(d, file, number(w[2]), number(w[3]));
    else if (is(call, "fsync") || is(call, "fdatasync"))
        disk_sync_file(d, file, is(call, "fdatasync"));
    else if (is(call, "failfsync"))
        disk_fail_sync_file(d, file);
    else if (!is(call, "srange"))
        fail_msg("no such call: %.*s", (int)call.len, call.ptr);
}

static void play(Player *p, const Line *l) {
    Disk *d = p->disk;
    const Str *w = l->words;
    Str call = w[0];
    Place a = l->count > 1 ? walk(d, w[1]) : (Place){0}, b = l->count > 2 ? walk(d, w[2]) : (Place){0};
    if (is(call, "creat"))
        open_handle(p, w[1], disk_make_file(d, b.folder, b.name));
    else if (is(call, "open") || is(call, "opentrunc")) {
        open_handle(p, w[1], find(d, w[2]));
        if (is(call, "opentrunc") && disk_size(d, find(d, w[2]))) disk_truncate(d, find(d, w[2]), 0);
    } else if (is(call, "close")) {
        disk_drop(d, *handle(p, w[1]));
        *handle(p, w[1]) = 0;
    } else if (is(call, "fsyncdir"))
        disk_sync_folder(d, find(d, w[1]));
    else if (is(call, "failfsyncdir"))
        disk_fail_sync_folder(d, find(d, w[1]));
    else if (is(call, "sync"))
        disk_sync(d);
    else if (is(call, "rename"))
        disk_rename(d, a.folder, a.name, b.folder, b.name);
    else if (is(call, "link"))
        disk_link(d, find(d, w[1]), b.folder, b.name);
    else if (is(call, "unlink") || is(call, "rmdir"))
        disk_unlink(d, a.folder, a.name);
    else if (is(call, "mkdir"))
        disk_make_folder(d, a.folder, a.name);
    else
        play_on_file(p, call, *handle(p, w[1]), l);
}

// The second half of a synchronous write.
static void finish_write(Player *p, const Line *l) {
    DiskNode file = *handle(p, l->words[1]);
    uint64_t size = l->words[l->count - 1].len;
    uint64_t offset = is(l->words[0], "dpwrite") ? number(l->words[2]) : disk_size(p->disk, file) - size;
    disk_sync_written(p->disk, file, offset, size);
}

// Calls `each` at the start and after each call with how many calls there were; `inside` a synchronous write as well.
typedef void (*AtPoint)(void *context, const Disk *disk, bool inside);

static void play_script(Str script, DiskModel model, AtPoint each, void *context) {
    Player p = {.options = {.model = model, .sector = 2, .block = 1}};
    for (size_t at = 0; at < script.len;) {
        size_t end = at;
        while (end < script.len && script.ptr[end] != ';') end++;
        Line l = split_words((Str){script.ptr + at, end - at});
        at = end + 1;
        bool was_started = p.started;
        if (!l.count || prepare(&p, &l)) continue;
        if (!was_started) each(context, p.disk, false);
        play(&p, &l);
        if (is(l.words[0], "dpwrite") || is(l.words[0], "dappend")) {
            each(context, p.disk, true);
            finish_write(&p, &l);
        }
        each(context, p.disk, false);
    }
    if (p.disk) disk_destroy(p.disk);
}

// ---- the table

typedef struct Row {
    StrBuf counts, last;
} Row;

static void count_trees(void *context, const Disk *disk, bool inside) {
    Row *row = context;
    DiskTrees trees;
    assert_true(disk_crash_trees(disk, MOST_WAYS, &trees));
    strbuf_printf(&row->counts, inside ? "%s(%u)" : "%s%u", row->counts.len ? "," : "", trees.count);
    strbuf_clear(&row->last);
    for (uint32_t i = 0; i < trees.count; i++) strbuf_printf(&row->last, "%s%s", i ? " " : "", trees.texts[i]);
    disk_trees_free(&trees);
}

static bool check_row(const char *name, Str script, DiskModel model, Str counts, Str set) {
    Row row = {0};
    play_script(script, model, count_trees, &row);
    bool ok = str_equal(strbuf_str(&row.counts), counts) && (!set.len || str_equal(strbuf_str(&row.last), set));
    if (!ok)
        fprintf(stderr, "%s, %s:\n  %s\n  %.*s expected\n  %s\n  %.*s expected\n", name,
                model == DISK_WEAK ? "weak" : "ordered", row.counts.data, STR_ARG(counts), row.last.data, STR_ARG(set));
    strbuf_free(&row.counts);
    strbuf_free(&row.last);
    return ok;
}

static Str next_field(Str *rest, char end) {
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != end) len++;
    Str field = {rest->ptr, len};
    size_t skip = len < rest->len ? len + 1 : len;
    *rest = (Str){rest->ptr + skip, rest->len - skip};
    return field;
}

static void test_table(void **state) {
    (void)state;
    Arena *arena = arena_create();
    const char *path = getenv("DISK_TABLE") ? getenv("DISK_TABLE") : "tests/sim/disks.tsv";
    Str text;
    assert_true(file_read(arena, path, &text));
    static const char *const COLUMNS[] = {"name", "script", "weak_counts", "ordered_counts", "weak_set", "ordered_set"};
    uint32_t at[6] = {0}, rows = 0, wrong = 0;
    bool has_head = false;
    while (text.len) {
        Str line = next_field(&text, '\n'), fields[24];
        if (!line.len || line.ptr[0] == '#') continue;
        uint32_t count = 0;
        while (line.len && count < ARRAY_LEN(fields)) fields[count++] = next_field(&line, '\t');
        for (uint32_t i = count; i < ARRAY_LEN(fields); i++) fields[i] = (Str){"", 0};
        if (!has_head) { // a column is known by the beginning of its name
            for (uint32_t c = 0; c < 6; c++)
                for (uint32_t i = 0; i < count; i++)
                    if (str_starts_with(fields[i], COLUMNS[c])) at[c] = i;
            has_head = true;
            continue;
        }
        const char *name = str_c(arena, fields[at[0]]);
        wrong += !check_row(name, fields[at[1]], DISK_WEAK, fields[at[2]], fields[at[4]]);
        wrong += !check_row(name, fields[at[1]], DISK_ORDERED, fields[at[3]], fields[at[5]]);
        rows++;
    }
    arena_destroy(arena);
    assert_true(rows >= 1);
    assert_int_equal(wrong, 0);
}

// ---- scripts made from a seed

typedef struct Script {
    StrBuf text;
    uint64_t state;
} Script;

static uint32_t roll(Script *s, uint32_t sides) {
    s->state = s->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(s->state >> 33) % sides;
}

// Paths of three folders and two names; `d` and `e` are there before the script begins.
static const char *roll_path(Script *s) {
    static const char *const PATHS[] = {"a", "b", "d/a", "d/b", "e/a", "e/b"};
    return PATHS[roll(s, ARRAY_LEN(PATHS))];
}

// One call that can be made on `disk`, whose handle `h` is open.
static void add_call(Script *s, const Disk *disk) {
    static const char *const FOLDERS[] = {".", "d", "e"};
    const char *path = roll_path(s), *other = roll_path(s);
    bool there = find(disk, str_from(path)), other_there = find(disk, str_from(other));
    switch (roll(s, 16)) {
    case 0: strbuf_printf(&s->text, there ? "open h %s" : "creat h %s", path); break;
    case 1: strbuf_printf(&s->text, there ? "opentrunc h %s" : "creat h %s", path); break;
    case 2:
        if (there)
            strbuf_printf(&s->text, "rename %s %s", path, other);
        else
            strbuf_printf(&s->text, "creat h %s", path);
        break;
    case 3:
        if (there && !other_there)
            strbuf_printf(&s->text, "link %s %s", path, other);
        else
            strbuf_printf(&s->text, "append h L%u", roll(s, 9));
        break;
    case 4: strbuf_printf(&s->text, there ? "unlink %s" : "creat h %s", path); break;
    case 5: strbuf_printf(&s->text, "fsyncdir %s", FOLDERS[roll(s, 3)]); break;
    case 6: strbuf_printf(&s->text, "failfsyncdir %s", FOLDERS[roll(s, 3)]); break;
    case 7: strbuf_puts(&s->text, "fsync h"); break;
    case 8: strbuf_puts(&s->text, "fdatasync h"); break;
    case 9: strbuf_puts(&s->text, "failfsync h"); break;
    case 10: strbuf_printf(&s->text, "truncate h %u", roll(s, 6)); break;
    case 11: strbuf_printf(&s->text, "punch h %u %u", roll(s, 5), 1 + roll(s, 3)); break;
    case 12: strbuf_printf(&s->text, "fallocate h %u %u", roll(s, 5), 1 + roll(s, 3)); break;
    case 13: strbuf_printf(&s->text, "dpwrite h %u D%u", roll(s, 5), roll(s, 9)); break;
    case 14: strbuf_printf(&s->text, "append h A%u", roll(s, 9)); break;
    default: strbuf_printf(&s->text, "pwrite h %u W%u%u", roll(s, 5), roll(s, 9), roll(s, 9));
    }
    strbuf_puts(&s->text, "; ");
}

typedef struct Growing {
    Script *script;
    uint32_t calls, wanted;
} Growing;

static void grow(void *context, const Disk *disk, bool inside) {
    Growing *g = context;
    if (!inside && g->calls++ == g->wanted) add_call(g->script, disk);
}

// Grown call by call: each is one that can be made where the script so far has come to.
static Script make_script(uint64_t seed, uint32_t length) {
    Script s = {.state = seed};
    strbuf_puts(&s.text, "initdir d; initdir e; init a OLD; open h a; ");
    for (uint32_t i = 1; i <= length; i++) {
        Growing g = {&s, 0, i};
        StrBuf so_far = {0};
        strbuf_puts(&so_far, s.text.data);
        play_script(strbuf_str(&so_far), DISK_WEAK, grow, &g);
        strbuf_free(&so_far);
    }
    return s;
}

typedef struct Sets {
    DiskTrees trees[100];
    uint32_t count;
} Sets;

static void keep_trees(void *context, const Disk *disk, bool inside) {
    (void)inside;
    Sets *sets = context;
    assert_true(sets->count < ARRAY_LEN(sets->trees));
    assert_true(disk_crash_trees(disk, MOST_WAYS, &sets->trees[sets->count++]));
}

static bool has_tree(const DiskTrees *trees, const char *text) {
    for (uint32_t i = 0; i < trees->count; i++)
        if (strcmp(trees->texts[i], text) == 0) return true;
    return false;
}

// What programs see is what a crash leaves that keeps everything, and what it draws is among the trees.
static void check_crashes(void *context, const Disk *disk, bool inside) {
    (void)inside;
    Sets *sets = context;
    const DiskTrees *trees = &sets->trees[sets->count++];
    StrBuf text = {0}, seen = {0};
    DiskDraw all = {.bias = DISK_BIAS_ALL};
    disk_crash_text(disk, &(DiskChooser){disk_draw_choose, &all}, &text);
    disk_text(disk, &seen);
    assert_string_equal(strbuf_str(&text).ptr, strbuf_str(&seen).ptr);
    assert_true(has_tree(trees, seen.data));
    for (uint64_t seed = 0; seed < 8; seed++) {
        DiskDraw draw = disk_draw(seed);
        strbuf_clear(&text);
        disk_crash_text(disk, &(DiskChooser){disk_draw_choose, &draw}, &text);
        assert_true(has_tree(trees, strbuf_str(&text).ptr));
    }
    strbuf_free(&text);
    strbuf_free(&seen);
}

// Whatever `ordered` may leave, `weak` may leave.
static void test_models(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        Script s = make_script(seed, 7);
        static Sets weak, ordered;
        weak.count = ordered.count = 0;
        play_script(strbuf_str(&s.text), DISK_WEAK, keep_trees, &weak);
        play_script(strbuf_str(&s.text), DISK_ORDERED, keep_trees, &ordered);
        assert_int_equal(weak.count, ordered.count);
        for (uint32_t i = 0; i < weak.count; i++)
            for (uint32_t k = 0; k < ordered.trees[i].count; k++)
                assert_true(has_tree(&weak.trees[i], ordered.trees[i].texts[k]));
        uint32_t count = weak.count;
        weak.count = ordered.count = 0;
        play_script(strbuf_str(&s.text), DISK_WEAK, check_crashes, &weak);
        play_script(strbuf_str(&s.text), DISK_ORDERED, check_crashes, &ordered);
        for (uint32_t i = 0; i < count; i++) disk_trees_free(&weak.trees[i]), disk_trees_free(&ordered.trees[i]);
        strbuf_free(&s.text);
    }
}

static void play_all(Player *p, Str script) {
    while (script.len) {
        Line l = split_words(next_field(&script, ';'));
        if (l.count && !prepare(p, &l)) play(p, &l);
    }
}

// A crash leaves what its text says, and nothing of it is uncertain.
static void crash_and_check(Disk *disk, uint64_t seed) {
    DiskDraw draw = disk_draw(seed), again = draw;
    StrBuf said = {0}, left = {0};
    disk_crash_text(disk, &(DiskChooser){disk_draw_choose, &draw}, &said);
    disk_crash(disk, &(DiskChooser){disk_draw_choose, &again});
    disk_text(disk, &left);
    assert_string_equal(strbuf_str(&said).ptr, strbuf_str(&left).ptr);
    DiskTrees trees;
    assert_true(disk_crash_trees(disk, MOST_WAYS, &trees));
    assert_int_equal(trees.count, 1);
    assert_string_equal(trees.texts[0], left.data);
    disk_trees_free(&trees);
    strbuf_free(&said);
    strbuf_free(&left);
}

// Lives of a disk that end with the power; each begins with what the last one left.
static void test_crash(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        Script s = make_script(seed, 6);
        Player p = {.options = {.model = seed % 2 ? DISK_WEAK : DISK_ORDERED, .sector = 2, .block = 2}};
        play_all(&p, strbuf_str(&s.text));
        for (uint64_t life = 0; life < 4; life++) {
            crash_and_check(p.disk, seed * 10 + life);
            p.handle_count = 0;
            if (!find(p.disk, STR("a"))) disk_make_file(p.disk, DISK_ROOT, STR("a"));
            open_handle(&p, STR("h"), find(p.disk, STR("a")));
            for (int i = 0; i < 6; i++) {
                strbuf_clear(&s.text);
                add_call(&s, p.disk);
                play_all(&p, strbuf_str(&s.text));
            }
        }
        disk_destroy(p.disk);
        strbuf_free(&s.text);
    }
}

// Of a safe disk a crash loses nothing.
static void check_safe(void *context, const Disk *disk, bool inside) {
    (void)context, (void)inside;
    DiskTrees trees;
    StrBuf seen = {0};
    disk_text(disk, &seen);
    assert_true(disk_crash_trees(disk, 1, &trees));
    assert_string_equal(trees.texts[0], strbuf_str(&seen).ptr);
    disk_trees_free(&trees);
    strbuf_free(&seen);
}

static void test_safe(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        Script s = make_script(seed, 12);
        play_script(strbuf_str(&s.text), DISK_SAFE, check_safe, NULL);
        strbuf_free(&s.text);
    }
}

// A disk that is full: a write stops where there is no room, room that was asked for stays, and what is given back counts.
static void test_capacity(void **state) {
    (void)state;
    Disk *d = disk_create(&(DiskOptions){.sector = 4, .capacity = 40});
    DiskNode a = disk_make_file(d, DISK_ROOT, STR("a")), b = disk_make_file(d, DISK_ROOT, STR("b"));
    const uint8_t bytes[64] = "0123456789012345678901234567890123456789012345678901234567890";
    assert_true(disk_allocate(d, b, 0, 16, true));
    assert_int_equal(disk_used(d), 16);
    assert_int_equal(disk_write(d, a, 2, bytes, 64), 22);
    assert_int_equal(disk_size(d, a), 24);
    assert_int_equal(disk_write(d, a, 24, bytes, 1), 0);
    assert_int_equal(disk_write(d, a, 4, bytes, 8), 8);
    assert_int_equal(disk_write(d, b, 0, bytes, 17), 16);
    assert_false(disk_allocate(d, b, 16, 1, false));
    disk_truncate(d, a, 9);
    assert_int_equal(disk_used(d), 28);
    assert_int_equal(disk_file_sectors(d, a), 3);
    disk_hold(d, b);
    disk_unlink(d, DISK_ROOT, STR("b"));
    disk_sync(d);
    assert_int_equal(disk_used(d), 28);
    disk_drop(d, b);
    assert_int_equal(disk_used(d), 12);
    disk_destroy(d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table), cmocka_unit_test(test_models),   cmocka_unit_test(test_crash),
        cmocka_unit_test(test_safe),  cmocka_unit_test(test_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
