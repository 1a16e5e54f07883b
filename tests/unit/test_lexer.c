// Tokens: kinds, spans, lines, literals and their values, and what is reported about malformed ones.
#include "unit.h"

#include "syntax/lexer.h"

typedef struct Fixture {
    Arena *arena;
    SourceMap sources;
    Diags diags;
    Source *source;
    TokenList list;
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

static void lex_bytes(Fixture *f, const char *text, size_t len) {
    f->source = sources_add(&f->sources, "test.jan", str_copy(f->arena, (Str){text, len}));
    f->list = (TokenList){0};
    diags_init(&f->diags, f->arena, &f->sources);
    lex_source(f->arena, &f->diags, f->source, &f->list);
}

static void lex(Fixture *f, const char *text) { lex_bytes(f, text, strlen(text)); }

// The kinds of all tokens but EOF, as their texts.
static const char *kinds(Fixture *f, const char *text) {
    lex(f, text);
    StrBuf out = {0};
    for (uint32_t i = 0; i + 1 < f->list.tokens.len; i++)
        strbuf_printf(&out, "%s%s", i ? " " : "", token_kind_text((TokenKind)f->list.tokens.items[i].kind));
    const char *copy = str_c(f->arena, strbuf_str(&out));
    strbuf_free(&out);
    return copy;
}

static void assert_report(Fixture *f, const char *text, DiagCode code, uint32_t start, uint32_t end) {
    lex(f, text);
    assert_int_equal(f->diags.all.len, 1);
    assert_string_equal(diag_code_name(f->diags.all.items[0]->code), diag_code_name(code));
    assert_int_equal(f->diags.all.items[0]->span.start, start);
    assert_int_equal(f->diags.all.items[0]->span.end, end);
}

static void test_spellings(void **state) {
    Fixture *f = *state;
    assert_string_equal(kinds(f, "func Self self selfish _ end1"), "func Self self name name name");
    assert_string_equal(kinds(f, "a..<b a..b 1.5 1..2 1.x"),
                        "name ..< name name .. name number integer .. integer integer . name");
    assert_string_equal(kinds(f, "a+%=b *% -%= +% >>= << <= ||"), "name +%= name *% -%= +% >>= << <= ||");
    assert_string_equal(kinds(f, "x.* x.? x?.y x?.* x ?? y |> z"),
                        "name .* name .? name ?. name name ? .* name ?? name |> name");
    assert_string_equal(kinds(f, "p -> q => ! != := :"), "name -> name => ! != := :");
    assert_string_equal(kinds(f, "@size_of 'a' \"s\" $\"i\" \"\"\"b\"\"\""),
                        "intrinsic character string interpolated string multi-line string");
}

// Every keyword and every sign of tokens.def, each a token of its own kind; the suite `house` holds this list against that one.
static void test_every_spelling(void **state) {
    Fixture *f = *state;
    static const char *const every[] = {
        "and as break catch comptime const continue defer do else end enum error export extern fail false for func if "
        "impl in let",
        "match not null or profile pub return self Self struct test trait true type undefined unique use using var "
        "when while",
        "( ) [ ] { } .} , : ; . .* .? ? ?? .. ..< -> => ! = += -= *= /= %= +%= -%= *%= &= |= ^= <<= >>=",
        "+ - * / % +% -% *% & | ^ ~ << >> == != < <= > >= |> && || :=",
    };
    for (size_t i = 0; i < sizeof every / sizeof *every; i++) assert_string_equal(kinds(f, every[i]), every[i]);
    // Only before a name, and only before an attribute.
    assert_string_equal(kinds(f, "a?.b"), "name ?. name");
    assert_string_equal(kinds(f, "{.must_use.}"), "{. name .}");
}

static void test_attributes(void **state) {
    Fixture *f = *state;
    assert_string_equal(kinds(f, "{.align: 64.}"), "{. name : integer .}");
    assert_string_equal(kinds(f, "{.must_use.}"), "{. name .}");
    assert_string_equal(kinds(f, "{.a, .b: 1.}"), "{. name , . name : integer .}");
    assert_string_equal(kinds(f, "{.Put => x}"), "{ . name => name }");
    assert_string_equal(kinds(f, "{.Put(x)}"), "{ . name ( name ) }");
    assert_string_equal(kinds(f, "a.{b}"), "name . { name }");
}

static void test_spans_and_lines(void **state) {
    Fixture *f = *state;
    lex(f, "ab  cd\r\n\n  ef // x\r\ngh");
    const Token *t = f->list.tokens.items;
    assert_int_equal(f->list.tokens.len, 6);
    assert_int_equal(t[0].start, 0);
    assert_int_equal(t[0].end, 2);
    assert_true(t[0].newline_before);
    assert_false(t[1].newline_before);
    assert_int_equal(t[2].start, 11);
    assert_true(t[2].newline_before);
    assert_int_equal(t[3].kind, TOKEN_COMMENT);
    assert_int_equal(t[3].end - t[3].start, 4);
    assert_true(t[4].newline_before);
    assert_int_equal(t[5].kind, TOKEN_EOF);
    assert_int_equal(t[5].start, f->source->text.len);
}

static void test_comments(void **state) {
    Fixture *f = *state;
    assert_string_equal(kinds(f, "// a\n/// b\n//! c\n//// d\n/* e * / */ x"),
                        "comment documentation comment module documentation comment comment name");
    lex(f, "a /* x\n */ b");
    assert_true(f->list.tokens.items[2].newline_before);
    assert_report(f, "a /* b", DIAG_E0003, 2, 4);
}

static void test_integers(void **state) {
    Fixture *f = *state;
    bool too_large;
    (void)f;
    assert_int_equal(literal_int(STR("1_000"), &too_large), 1000);
    assert_int_equal(literal_int(STR("0xFf_0"), &too_large), 0xFF0);
    assert_int_equal(literal_int(STR("0o17"), &too_large), 15);
    assert_int_equal(literal_int(STR("0b1010"), &too_large), 10);
    assert_true(literal_int(STR("18446744073709551615"), &too_large) == UINT64_MAX);
    assert_false(too_large);
    literal_int(STR("18446744073709551616"), &too_large);
    assert_true(too_large);
    assert_true(literal_float(STR("2_0.5e-1")) == 2.05);
}

static void test_malformed_numbers(void **state) {
    Fixture *f = *state;
    assert_report(f, "x 0x y", DIAG_E0004, 2, 4);
    assert_report(f, "0b12", DIAG_E0004, 0, 4);
    assert_report(f, "1__0", DIAG_E0004, 0, 4);
    assert_report(f, "1_", DIAG_E0004, 0, 2);
    assert_report(f, "12ab", DIAG_E0004, 0, 4);
    assert_report(f, "1e+", DIAG_E0004, 0, 3);
    assert_report(f, "1e999", DIAG_E0004, 0, 5);
}

static uint64_t char_value(Fixture *f, const char *text) {
    lex(f, text);
    assert_int_equal(f->diags.all.len, 0);
    assert_int_equal(f->list.tokens.items[0].kind, TOKEN_CHAR);
    return literal_char(f->source, f->list.tokens.items[0].start, f->list.tokens.items[0].end);
}

static void test_characters(void **state) {
    Fixture *f = *state;
    assert_int_equal(char_value(f, "'a'"), 'a');
    assert_int_equal(char_value(f, "'\\n'"), '\n');
    assert_int_equal(char_value(f, "'\\''"), '\'');
    assert_int_equal(char_value(f, "'\\xff'"), 0xFF);
    assert_int_equal(char_value(f, "'\\u{1F600}'"), 0x1F600);
    assert_int_equal(char_value(f, "'\xC3\xA9'"), 0xE9);
    assert_report(f, "''", DIAG_E0005, 0, 2);
    assert_report(f, "'ab' x", DIAG_E0005, 0, 4);
    assert_report(f, "'\\q'", DIAG_E0005, 1, 3);
    assert_report(f, "'a x", DIAG_E0005, 0, 2);
}

static void assert_string_value(Fixture *f, const char *text, const char *value) {
    lex(f, text);
    assert_int_equal(f->diags.all.len, 0);
    const Token *t = &f->list.tokens.items[0];
    Str s = t->kind == TOKEN_STRING_BLOCK ? literal_string_block(f->arena, f->source, t->start, t->end)
                                          : literal_string(f->arena, f->source, t->start, t->end);
    assert_string_equal(str_c(f->arena, s), value);
}

static void test_strings(void **state) {
    Fixture *f = *state;
    assert_string_value(f, "\"a\\tb\\\\\\\"\"", "a\tb\\\"");
    assert_string_value(f, "\"\\x41\\u{e9}\"", "A\xC3\xA9");
    assert_report(f, "\"abc\nx", DIAG_E0002, 0, 4);
    assert_report(f, "\"a\\qb\"", DIAG_E0005, 2, 4);
    assert_report(f, "\"\\u{D800}\"", DIAG_E0005, 1, 9);
    assert_string_equal(kinds(f, "\"abc\nx"), "unreadable text name");
}

static void test_block_strings(void **state) {
    Fixture *f = *state;
    assert_string_value(f, "\"\"\"one\"\"\"", "one");
    assert_string_value(f, "\"\"\"\n    a\n      b\n\n    c\n    \"\"\"", "a\n  b\n\nc\n");
    assert_string_value(f, "\"\"\"\n    a\n  \"\"\"", "  a\n");
    assert_string_value(f, "\"\"\"\n  a\n  b\"\"\"", "a\nb");
    assert_string_value(f, "\"\"\"\r\n  a\\n \"q\"\r\n  \"\"\"", "a\n \"q\"\n");
    assert_string_value(f, "\"\"\"first\n  a\n  b\"\"\"", "first\na\nb");
    assert_report(f, "x \"\"\"a\nb", DIAG_E0002, 2, 5);
}

static void test_interpolation(void **state) {
    Fixture *f = *state;
    assert_string_equal(kinds(f, "$\"a {f(\"x\", {1})} {{b}} {c:04x}\" d"), "interpolated string name");
    lex(f, "$\"a{b:>4}\\u{41}{{{c}\"");
    InterpPiece piece;
    uint32_t end = f->list.tokens.items[0].end - 1;
    assert_true(literal_interp_piece(f->source, 2, end, &piece));
    assert_int_equal(piece.text_end, 3);
    assert_int_equal(piece.hole_start, 4);
    assert_int_equal(piece.hole_end, 5);
    assert_int_equal(piece.spec_start, 6);
    assert_int_equal(piece.spec_end, 8);
    assert_true(literal_interp_piece(f->source, piece.next, end, &piece));
    assert_true(piece.has_hole && !piece.has_spec);
    InterpText whole = literal_interp_whole(f->source, 0, end + 1);
    assert_int_equal(whole.end, end);
    Str text = literal_interp_text(f->arena, f->source, &whole, piece.text_start, piece.text_end);
    assert_string_equal(str_c(f->arena, text), "A{");
    assert_false(literal_interp_piece(f->source, piece.next, end, &piece));
    assert_report(f, "$\"a {b\" c", DIAG_E0002, 0, 9);
    assert_report(f, "$\"a } b\"", DIAG_E0005, 4, 5);
}

static void test_interpolated_block(void **state) {
    Fixture *f = *state;
    lex(f, "$\"\"\"\n  a {b}\n    c {{d}}\n  \"\"\" e");
    InterpText whole = literal_interp_whole(f->source, 0, f->list.tokens.items[0].end);
    assert_true(whole.is_block);
    InterpPiece piece;
    assert_true(literal_interp_piece(f->source, whole.start, whole.end, &piece));
    assert_true(piece.has_hole);
    Str text = literal_interp_text(f->arena, f->source, &whole, piece.text_start, piece.text_end);
    assert_string_equal(str_c(f->arena, text), "a ");
    assert_true(literal_interp_piece(f->source, piece.next, whole.end, &piece));
    assert_false(piece.has_hole);
    text = literal_interp_text(f->arena, f->source, &whole, piece.text_start, piece.text_end);
    assert_string_equal(str_c(f->arena, text), "\n  c {d}\n");
    assert_string_equal(kinds(f, "$\"\"\"\n\"a\" {x[\"}\"]}\n\"\"\" d"), "interpolated string name");
    assert_string_equal(kinds(f, "$\"\"\"\"\"\" d"), "interpolated string name");
    assert_report(f, "$\"\"\"a\nb {c}", DIAG_E0002, 0, 4);
    assert_report(f, "$\"\"\"a {b\n} c\"\"\"", DIAG_E0002, 6, 7);
    assert_report(f, "$\"\"\"\n } b\"\"\"", DIAG_E0005, 6, 7);
}

static void test_unexpected(void **state) {
    Fixture *f = *state;
    assert_report(f, "a ## b", DIAG_E0001, 2, 4);
    assert_report(f, "a \xC3\xA9\xC3\xA9 b", DIAG_E0001, 2, 6);
    assert_report(f, "@ x", DIAG_E0001, 0, 1);
    assert_report(f, "$x", DIAG_E0001, 0, 1);
    assert_report(f, "a \x01 b", DIAG_E0001, 2, 3);
    lex_bytes(f, "a \0 b", 5);
    assert_int_equal(f->diags.all.len, 1);
}

static void test_utf8(void **state) {
    Fixture *f = *state;
    assert_report(f, "// caf\xE9 \xFF\nx", DIAG_E0006, 6, 7);
    lex(f, "\xEF\xBB\xBFx");
    assert_int_equal(f->diags.all.len, 0);
    assert_int_equal(f->list.tokens.items[0].start, 3);
    uint32_t cp;
    assert_int_equal(utf8_read("\xED\xA0\x80", 0, 3, &cp), 0);
    assert_int_equal(utf8_read("\xC0\x80", 0, 2, &cp), 0);
    assert_int_equal(utf8_read("\xF4\x90\x80\x80", 0, 4, &cp), 0);
    assert_int_equal(utf8_read("\xF0\x9F\x98\x80", 0, 4, &cp), 4);
    assert_int_equal(cp, 0x1F600);
}

static void test_error_limit(void **state) {
    Fixture *f = *state;
    StrBuf text = {0};
    for (int i = 0; i < 1000; i++) strbuf_puts(&text, "` ");
    Str s = strbuf_str(&text);
    lex_bytes(f, s.ptr, s.len);
    assert_int_equal(f->diags.all.len, 100);
    strbuf_free(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_spellings),  TEST(test_every_spelling), TEST(test_attributes),        TEST(test_spans_and_lines),
        TEST(test_comments),   TEST(test_integers),       TEST(test_malformed_numbers), TEST(test_characters),
        TEST(test_strings),    TEST(test_block_strings),  TEST(test_interpolation),     TEST(test_interpolated_block),
        TEST(test_unexpected), TEST(test_utf8),           TEST(test_error_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
