// Trees, by their dumps: precedence, the line rules, the shared grammar of types and expressions, and recovery.
#include "unit.h"

#include "syntax/ast.h"

typedef struct Fixture {
    Arena *arena;
    SourceMap sources;
    Diags diags;
    NameTable *names;
    ModuleTree *tree;
} Fixture;

static int set_up(void **state) {
    Arena *arena = arena_create();
    Fixture *f = ARENA_NEW(arena, Fixture);
    f->arena = arena;
    sources_init(&f->sources, arena);
    f->names = names_create(arena);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    Fixture *f = *state;
    names_destroy(f->names);
    arena_destroy(f->arena);
    return 0;
}

static const char *parse(Fixture *f, const char *text) {
    diags_init(&f->diags, f->arena, &f->sources);
    Source *source = sources_add(&f->sources, "test.jan", str_copy(f->arena, str_from(text)));
    f->tree = parse_module(f->arena, &f->diags, f->names, source);
    StrBuf out = {0};
    ast_dump_module(&out, f->tree);
    Str dump = strbuf_str(&out);
    while (dump.len > 0 && dump.ptr[dump.len - 1] == '\n') dump.len--;
    const char *copy = str_c(f->arena, dump);
    strbuf_free(&out);
    return copy;
}

// The tree of an expression, which must be without mistakes.
static const char *expr(Fixture *f, const char *text) {
    parse(f, arena_printf(f->arena, "const c = %s", text));
    assert_int_equal(f->diags.error_count, 0);
    StrBuf out = {0};
    ast_dump_node(&out, f->tree->items.items[0]->constant.value);
    const char *copy = str_c(f->arena, strbuf_str(&out));
    strbuf_free(&out);
    return copy;
}

// The statements of a body that must be without mistakes.
static const char *body(Fixture *f, const char *text) {
    parse(f, arena_printf(f->arena, "func f() do\n%s\nend", text));
    assert_int_equal(f->diags.error_count, 0);
    StrBuf out = {0};
    ast_dump_node(&out, f->tree->items.items[0]->func.body);
    const char *copy = str_c(f->arena, strbuf_str(&out));
    strbuf_free(&out);
    return copy;
}

static const char *codes(Fixture *f, const char *text) {
    parse(f, text);
    StrBuf out = {0};
    for (uint32_t i = 0; i < f->diags.all.len; i++) {
        const Diag *d = f->diags.all.items[i];
        strbuf_printf(&out, "%s%s@%u", i ? " " : "", diag_code_name(d->code), d->span.start);
    }
    const char *copy = str_c(f->arena, strbuf_str(&out));
    strbuf_free(&out);
    return copy;
}

static void test_precedence(void **state) {
    Fixture *f = *state;
    assert_string_equal(expr(f, "a + b * c - d"), "(- (+ a (* b c)) d)");
    assert_string_equal(expr(f, "a or b and c ?? d == e | g << h"), "(or a (and b (?\? c (== d (| e (<< g h))))))");
    assert_string_equal(expr(f, "a + b..<c * d"), "(..< (+ a b) (* c d))");
    assert_string_equal(expr(f, "a << b..c"), "(<< a (.. b c))");
    assert_string_equal(expr(f, "-a as u8 * b"), "(* (as (neg a) u8) b)");
    assert_string_equal(expr(f, "not a == b"), "(== (not a) b)");
    assert_string_equal(expr(f, "&a.b[c]"), "(& (at (. a b) c))");
    assert_string_equal(expr(f, "~a & b & c"), "(& (& (~ a) b) c)");
    assert_string_equal(expr(f, "a ?? b ?? c"), "(?\? a (?\? b c))");
    assert_string_equal(expr(f, "a catch b or c"), "(catch a (or b c))");
    assert_string_equal(expr(f, "a as u8 < b"), "(< (as a u8) b)");
    assert_string_equal(expr(f, "a +% b -% c *% d"), "(-% (+% a b) (*% c d))");
}

static void test_postfix(void **state) {
    Fixture *f = *state;
    assert_string_equal(expr(f, "a.b.*.c.?.d(e)?"), "(try (call (. (.? (. (.* (. a b)) c)) d) e))");
    assert_string_equal(expr(f, "a?.b ?? c"), "(?\? (?. a b) c)");
    assert_string_equal(expr(f, "x |> g(1)? |> h"), "(|> (try (|> x (call g 1))) (call h))");
    assert_string_equal(expr(f, "f[_, .release, !T, ?u8, T ! E, 1..](x)"),
                        "(call (at f _ .release (! T) (? u8) (! T E) (.. 1 -)) x)");
    assert_string_equal(expr(f, "xs[..<n]"), "(at xs (..< - n))");
    assert_string_equal(expr(f, "@atomic_rmw[T, .and, O](p, v)"), "(@atomic_rmw [T .and O] p v)");
}

static void test_types_and_arrays(void **state) {
    Fixture *f = *state;
    assert_string_equal(expr(f, "[a, b]"), "(array a b)");
    assert_string_equal(expr(f, "[a]"), "(array a)");
    assert_string_equal(expr(f, "[0; n]"), "(repeat 0 n)");
    assert_string_equal(expr(f, "@size_of[[4][2]*const u8]()"), "(@size_of [([n] 4 ([n] 2 (*const u8)))])");
    assert_string_equal(expr(f, "[a][0]"), "(at (array a) 0)");
    assert_string_equal(parse(f, "type A = ?*[]const func(i32, *T) -> T ! E"),
                        "(type A (? (* ([]const (func-type [i32 (* T)] (! T E))))))");
    assert_string_equal(parse(f, "type A = ?\?u8"), "(type A (? (? u8)))");
    assert_string_equal(parse(f, "type A = !a.B[c.D]"), "(type A (! (at (. a B) (. c D))))");
    assert_string_equal(parse(f, "type A =\n    u8"), "(type A u8)");
}

static void test_struct_literals(void **state) {
    Fixture *f = *state;
    assert_string_equal(expr(f, "a.P[T] { x: 1, ..defaults }"), "(new (at (. a P) T) (x 1) ..defaults)");
    assert_string_equal(expr(f, ".Put { k: v }"), "(new .Put (k v))");
    assert_string_equal(body(f, "if P { x: 1 } == q do r() end"), "(do (if (== (new P (x 1)) q) (do (call r))))");
    assert_string_equal(body(f, "match p { .A => 1 }"), "(do (match p (arm (pat .A) 1)))");
    assert_string_equal(body(f, "match (P { x: 1 }) { y => 1 }"), "(do (match (paren (new P (x 1))) (arm $y 1)))");
}

static void test_lines(void **state) {
    Fixture *f = *state;
    assert_string_equal(body(f, "f\n(x)\ng\n[1]"), "(do f (paren x) g (array 1))");
    assert_string_equal(body(f, "a\n.b()\n?? c\nd"), "(do (?\? (call (. a b)) c) d)");
    assert_string_equal(body(f, "a +\nb\n-c"), "(do (+ a b) (neg c))");
    assert_string_equal(body(f, "g(a\n+ b, do x\n-y end)"), "(do (call g (+ a b) (do x (neg y))))");
    assert_string_equal(body(f, "let x = f() // c\n/* d */ y"), "(do (let x (call f)) y)");
    assert_string_equal(body(f, "return\nx"), "(do (return) x)");
}

static void test_match_lines(void **state) {
    Fixture *f = *state;
    assert_string_equal(
        body(f, "match x {\n.A => a\n.B => (b\n.c)\n.D => do d\n.e end\n.F | .G(_) when g\n=> h\nelse => 0 }"),
        "(do (match x (arm (pat .A) a) (arm (pat .B) (paren (. b c))) (arm (pat .D) (do (. d e))) "
        "(arm (| (pat .F) (pat .G tuple _)) when g h) (else 0)))");
}

static void test_patterns(void **state) {
    Fixture *f = *state;
    assert_string_equal(
        body(f, "match x { -1 => a, 'a'..'b' => b, null => c, Some(null) => d, C.R => e, P { q, r: 1, .. } => g }"),
        "(do (match x (arm (neg 1) a) (arm (.. '97' '98') b) (arm null c) (arm (pat Some tuple null) d) "
        "(arm (pat (. C R)) e) (arm (pat P fields (q) (r 1) ..) g)))");
}

static void test_statements(void **state) {
    Fixture *f = *state;
    assert_string_equal(body(f, "o: while a do break o when b end"), "(do (while o: a (do (when b (break o)))))");
    assert_string_equal(body(f, "for *x, i in xs do end"), "(do (for *x i xs (do)))");
    assert_string_equal(body(f, "using g = h() do k end"), "(do (using g (call h) (do k)))");
    assert_string_equal(body(f, "a += 1\n_ = b()"), "(do (+= a 1) (= _ (call b)))");
    assert_string_equal(body(f, "defer do a end\ndefer b()"), "(do (defer (do a)) (defer (call b)))");
    assert_string_equal(body(f, "let x = r() catch |e| do return e end"),
                        "(do (let x (catch (call r) |e| (do (return e)))))");
    assert_string_equal(body(f, "let x = r() catch return 1"), "(do (let x (catch (call r) (return 1))))");
    assert_string_equal(body(f, "if a do b else if c do d else e end"), "(do (if a (do b) (if c (do d) (do e))))");
    assert_string_equal(body(f, "if a do b else\nif c do d end end"), "(do (if a (do b) (do (if c (do d)))))");
    assert_string_equal(body(f, "comptime if a do b end"), "(do (comptime-if a (do b)))");
}

static void test_interpolation(void **state) {
    Fixture *f = *state;
    assert_string_equal(expr(f, "$\"a{b + 1:04x}{c}{{\""), "(interp \"a\" (+ b 1):04x \"\" c \"{\")");
    assert_string_equal(expr(f, "$\"{$\"{x}\"}\""), "(interp \"\" (interp \"\" x \"\") \"\")");
    const Node *interp = f->tree->items.items[0]->constant.value;
    const Node *hole = interp->interp.parts.items[1]->interp.parts.items[1];
    assert_int_equal(hole->span.start, 16);
    assert_int_equal(hole->span.end, 17);
    assert_int_equal(hole->first_token, interp->first_token);
}

static void test_documentation(void **state) {
    Fixture *f = *state;
    parse(f, "//! Module.\n\n/// One.\n///  Two.\npub func f() do end\nstruct S {\n    /// Field.\n    a: u8, /// not "
             "for b\n    b: u8 }");
    assert_int_equal(f->diags.error_count, 0);
    assert_string_equal(str_c(f->arena, f->tree->doc), "Module.");
    assert_string_equal(str_c(f->arena, f->tree->items.items[0]->item.doc), "One.\n Two.");
    const NodeList *fields = &f->tree->items.items[1]->struct_decl.fields;
    assert_string_equal(str_c(f->arena, fields->items[0]->item.doc), "Field.");
    assert_int_equal(fields->items[1]->item.doc.len, 0);
}

static void test_spans(void **state) {
    Fixture *f = *state;
    parse(f, "const c = a + (b * d) // e\n");
    const Node *value = f->tree->items.items[0]->constant.value;
    assert_int_equal(value->span.start, 10);
    assert_int_equal(value->span.end, 21);
    assert_int_equal(value->binary.right->span.start, 14);
    assert_int_equal(value->last_token - value->first_token, 6);
    assert_int_equal(f->tree->items.items[0]->first_token, 0);
}

static void test_recovery(void **state) {
    Fixture *f = *state;
    assert_string_equal(codes(f, "func f() do\nlet a = 1 +\nlet b = (2\nlet c = 3\nend\n"), "E0007@22 E0007@33");
    assert_string_equal(codes(f, "func f() do\nif a do\nend\nfunc g() do end"), "E0008@0");
    assert_string_equal(codes(f, "func f( do end end\nfunc g() do ) end"), "E0007@8 E0007@15 E0007@31");
    assert_string_equal(codes(f, "struct S { a b: u8, c: u8 }"), "E0007@13");
    assert_string_equal(codes(f, "const a = b < c < d\nconst e = f | g & h"), "E0012@16 E0011@36");
    assert_string_equal(parse(f, "func f() do ) end\nfunc g() do end"), "(func f [] - (do <bad>))\n(func g [] - (do))");
}

static void test_legacy(void **state) {
    Fixture *f = *state;
    assert_string_equal(parse(f, "fn f() { x := 1; if !x && y { g() } else { h() } }"),
                        "(func f [] - (do (let x 1) (if (and (not x) y) (do (call g)) (do (call h)))))");
    assert_int_equal(f->diags.error_count, 7);
    for (uint32_t i = 0; i < f->diags.all.len; i++) {
        assert_string_equal(diag_code_name(f->diags.all.items[i]->code), "E0010");
        assert_true(f->diags.all.items[i]->fixes.len > 0);
    }
    assert_string_equal(parse(f, "const a: A<B<u8>> = 1"), "(const a (at A (at B u8)) 1)");
    assert_string_equal(parse(f, "{.profile: kernel.}"), "(profile kernel)");
}

static const char *repeat(Fixture *f, const char *start, const char *part, int count) {
    StrBuf out = {0};
    strbuf_puts(&out, start);
    for (int i = 0; i < count; i++) strbuf_puts(&out, part);
    const char *copy = str_c(f->arena, strbuf_str(&out));
    strbuf_free(&out);
    return copy;
}

static void test_depth(void **state) {
    Fixture *f = *state;
    static const char *const PARTS[] = {"(",    "[",     "-",   "1+", "a.b(",           "match x { .A => ",
                                        "$\"{", "a ?? ", "do ", "?",  "if a do 1 else "};
    for (size_t i = 0; i < ARRAY_LEN(PARTS); i++) {
        parse(f, repeat(f, "const c = ", PARTS[i], 5000));
        assert_int_equal(f->diags.error_count, 1);
        assert_string_equal(diag_code_name(f->diags.all.items[0]->code), "E0009");
    }
    parse(f, repeat(f, "const c = 1", " + 1", 900));
    assert_int_equal(f->diags.error_count, 0);
}

static void test_error_limit(void **state) {
    Fixture *f = *state;
    parse(f, repeat(f, "", "enum\n", 5000));
    assert_int_equal(f->diags.error_count, 100);
}

// Whatever is reported at the limit: the mistake that stops the parser may be one whose tokens are then rewritten.
static void test_error_limit_at_each_rewriting(void **state) {
    Fixture *f = *state;
    static const char *const MISTAKES[] = {
        "if a do\nelif b do\nend",
        "p->x()",
        "for x of xs do\nend",
        "for i = 0 to 3 do\nend",
        "loop do\nend",
        "match x do\n1 => 2\nend",
        "g<Array<u8>>(x)",
        "if a then\nend",
        "a <> b",
        "x = a && b || !c",
        "int x = 3",
        "until a do\nend",
        "while a:\nend",
        "a === b",
        "class A { x: u8 }",
        "type A = struct { x: u8 }",
        "function g() do\nend",
        "fn g(u8 x) { }",
        "let x: Array<u8> = y",
        "switch x { 1 => 2 }",
    };
    for (size_t i = 0; i < ARRAY_LEN(MISTAKES); i++) {
        for (int inside = 0; inside < 2; inside++) {
            for (int before = 95; before <= 100; before++) {
                StrBuf text = {0};
                strbuf_puts(&text, "func f() do\n");
                for (int k = 0; k < before; k++) strbuf_puts(&text, "g();\n");
                if (!inside) strbuf_puts(&text, "end\n");
                strbuf_puts(&text, MISTAKES[i]);
                parse(f, str_c(f->arena, strbuf_str(&text)));
                assert_in_range(f->diags.error_count, 95, 100);
                strbuf_free(&text);
            }
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_precedence),
        TEST(test_postfix),
        TEST(test_types_and_arrays),
        TEST(test_struct_literals),
        TEST(test_lines),
        TEST(test_match_lines),
        TEST(test_patterns),
        TEST(test_statements),
        TEST(test_interpolation),
        TEST(test_documentation),
        TEST(test_spans),
        TEST(test_recovery),
        TEST(test_legacy),
        TEST(test_depth),
        TEST(test_error_limit),
        TEST(test_error_limit_at_each_rewriting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
