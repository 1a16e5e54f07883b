// QTJIR built in C: construction, what only broken lists and foreign values can violate (text cannot express it), and
// the passes. The rules of single operations have their cases in tests/verify.
#include "unit.h"

#include "qtjir/ir.h"

typedef struct Fixture {
    Arena *arena;
    NameTable *names;
    Types *types;
    SourceMap sources;
    Diags diags;
    IrModule *m;
    StrBuf errors;
} Fixture;

static const Span NOWHERE = {0, 0, 0};

static int setup(void **state) {
    Arena *arena = arena_create();
    Fixture *f = ARENA_NEW(arena, Fixture);
    f->arena = arena;
    f->names = names_create(arena);
    f->types = types_create(arena, f->names);
    sources_init(&f->sources, arena);
    diags_init(&f->diags, arena, &f->sources);
    f->m = ir_module_create(arena, f->types, f->names, &f->sources);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    Fixture *f = *state;
    strbuf_free(&f->errors);
    types_destroy(f->types);
    names_destroy(f->names);
    arena_destroy(f->arena);
    return 0;
}

static Type *prim(Fixture *f, TypeKind kind) { return type_primitive(f->types, kind); }

static IrFunc *add_func(Fixture *f, const char *name, Type **params, uint32_t count, Type *result) {
    return ir_func_add(f->m, name, type_func(f->types, params, count, result));
}

static IrInst *const_int(Fixture *f, IrBlock *b, TypeKind kind, uint64_t bits) {
    IrInst *i = ir_append(b, IR_CONST_INT, prim(f, kind), NOWHERE, NULL, 0);
    i->imm = bits;
    return i;
}

static IrInst *append_void(Fixture *f, IrBlock *b, IrOp op, IrInst **args, uint32_t count) {
    return ir_append(b, op, prim(f, TYPE_VOID), NOWHERE, args, count);
}

static void jump(Fixture *f, IrBlock *from, IrBlock *to) {
    append_void(f, from, IR_JUMP, NULL, 0)->jump.targets[0] = to;
}

static void check_broken(Fixture *f, const char *rule) {
    assert_false(ir_verify_module(f->m, "test", &f->errors));
    if (!strstr(f->errors.data, rule)) fail_msg("expected \"%s\" in \"%s\"", rule, f->errors.data);
}

static void check_sound(Fixture *f) {
    if (!ir_verify_module(f->m, "test", &f->errors)) fail_msg("%s", f->errors.data);
}

static void check_text(Fixture *f, const char *expected) {
    StrBuf out = {0};
    ir_print_module(&out, f->m);
    if (strcmp(out.data, expected) != 0) fail_msg("expected\n%s\nfound\n%s", expected, out.data);
    strbuf_free(&out);
}

static IrModule *parse(Fixture *f, const char *text) {
    return ir_parse(f->arena, f->types, f->names, &f->sources, &f->diags,
                    sources_add(&f->sources, "text", str_from(text)));
}

// ---- construction ----------------------------------------------------------------------------------------------------

static void instructions_keep_their_order(void **state) {
    Fixture *f = *state;
    IrFunc *func = add_func(f, "f", NULL, 0, prim(f, TYPE_VOID));
    IrBlock *b = ir_block_add(func);
    IrInst *last = const_int(f, b, TYPE_U8, 3);
    IrInst *first = ir_insert_before(last, IR_CONST_INT, prim(f, TYPE_U8), NOWHERE, NULL, 0);
    IrInst *middle = ir_insert_before(last, IR_CONST_INT, prim(f, TYPE_U8), NOWHERE, NULL, 0);
    assert_ptr_equal(b->first, first);
    assert_ptr_equal(first->next, middle);
    assert_ptr_equal(middle->next, last);
    assert_ptr_equal(last->prev, middle);
    ir_remove(middle);
    assert_ptr_equal(first->next, last);
    ir_remove(first);
    assert_ptr_equal(b->first, last);
    assert_false(ir_block_ended(b));
    append_void(f, b, IR_RET, NULL, 0);
    assert_true(ir_block_ended(b));
    check_sound(f);
}

static void functions_know_their_operands(void **state) {
    Fixture *f = *state;
    Type *optional = type_optional(f->types, prim(f, TYPE_U8));
    IrFunc *by_address = add_func(f, "a", &optional, 1, optional);
    assert_true(ir_result_by_address(by_address->type));
    assert_true(ir_param_by_address(optional));
    assert_int_equal(by_address->param_count, 2);
    IrFunc *never = add_func(f, "n", NULL, 0, prim(f, TYPE_NEVER));
    assert_true(never->no_return);
    assert_false(ir_result_by_address(never->type));
    assert_int_equal(never->param_count, 0);
}

// ---- broken lists ----------------------------------------------------------------------------------------------------

static void value_of_another_function_is_refused(void **state) {
    Fixture *f = *state;
    IrFunc *one = add_func(f, "one", NULL, 0, prim(f, TYPE_VOID));
    IrBlock *a = ir_block_add(one);
    IrInst *value = const_int(f, a, TYPE_U8, 1);
    append_void(f, a, IR_RET, NULL, 0);
    IrBlock *b = ir_block_add(add_func(f, "two", NULL, 0, prim(f, TYPE_U8)));
    const_int(f, b, TYPE_U8, 2);
    append_void(f, b, IR_RET, &value, 1);
    check_broken(f, "operand 1 is not a value of this function");
}

static void removed_value_is_refused(void **state) {
    Fixture *f = *state;
    IrBlock *b = ir_block_add(add_func(f, "f", NULL, 0, prim(f, TYPE_U8)));
    IrInst *value = const_int(f, b, TYPE_U8, 2);
    append_void(f, b, IR_RET, &value, 1);
    ir_remove(value);
    check_broken(f, "operand 1 is not a value of this function");
}

static void operand_without_value_is_refused(void **state) {
    Fixture *f = *state;
    IrBlock *b = ir_block_add(add_func(f, "f", NULL, 0, prim(f, TYPE_U8)));
    IrInst *hint = append_void(f, b, IR_SPIN_HINT, NULL, 0);
    append_void(f, b, IR_RET, &hint, 1);
    check_broken(f, "operand 1 has no value");
}

static void repeated_id_is_refused(void **state) {
    Fixture *f = *state;
    IrBlock *b = ir_block_add(add_func(f, "f", NULL, 0, prim(f, TYPE_VOID)));
    const_int(f, b, TYPE_U8, 2);
    append_void(f, b, IR_RET, NULL, 0)->id = 0;
    check_broken(f, "the id of an instruction is not unique");
}

static void broken_link_is_refused(void **state) {
    Fixture *f = *state;
    IrBlock *b = ir_block_add(add_func(f, "f", NULL, 0, prim(f, TYPE_VOID)));
    const_int(f, b, TYPE_U8, 2);
    append_void(f, b, IR_RET, NULL, 0)->prev = NULL;
    check_broken(f, "the list of instructions is broken");
}

static void repeated_block_is_refused(void **state) {
    Fixture *f = *state;
    IrFunc *func = add_func(f, "f", NULL, 0, prim(f, TYPE_VOID));
    IrBlock *a = ir_block_add(func), *b = ir_block_add(func);
    jump(f, a, b);
    append_void(f, b, IR_RET, NULL, 0);
    b->id = 0;
    check_broken(f, "the list of blocks is broken");
}

static void jump_into_another_function_is_refused(void **state) {
    Fixture *f = *state;
    IrFunc *one = add_func(f, "one", NULL, 0, prim(f, TYPE_VOID));
    IrFunc *two = add_func(f, "two", NULL, 0, prim(f, TYPE_VOID));
    IrBlock *a = ir_block_add(one), *b = ir_block_add(two);
    jump(f, a, b);
    append_void(f, b, IR_RET, NULL, 0);
    check_broken(f, "a jump leaves the function");
}

static void type_of_the_checker_is_refused(void **state) {
    Fixture *f = *state;
    IrBlock *b = ir_block_add(add_func(f, "f", NULL, 0, prim(f, TYPE_VOID)));
    const_int(f, b, TYPE_INT_LITERAL, 2);
    append_void(f, b, IR_RET, NULL, 0);
    check_broken(f, "is not concrete");
}

static void function_of_another_module_is_refused(void **state) {
    Fixture *f = *state;
    IrModule *other = ir_module_create(f->arena, f->types, f->names, &f->sources);
    IrFunc *callee = ir_func_add(other, "g", type_func(f->types, NULL, 0, prim(f, TYPE_VOID)));
    IrBlock *b = ir_block_add(add_func(f, "f", NULL, 0, prim(f, TYPE_VOID)));
    append_void(f, b, IR_CALL, NULL, 0)->func = callee;
    append_void(f, b, IR_RET, NULL, 0);
    check_broken(f, "the function is not in the module");
}

static void message_names_pass_function_block_and_instruction(void **state) {
    Fixture *f = *state;
    IrBlock *b = ir_block_add(add_func(f, "f", NULL, 0, prim(f, TYPE_VOID)));
    const_int(f, b, TYPE_U8, 256);
    append_void(f, b, IR_RET, NULL, 0);
    check_broken(f, "after test: f: b0: %0 = const.int u8 256: the constant does not fit `u8`\n");
}

static void each_function_reports_its_first_broken_rule(void **state) {
    Fixture *f = *state;
    for (int n = 0; n < 2; n++) {
        IrBlock *b = ir_block_add(add_func(f, n ? "two" : "one", NULL, 0, prim(f, TYPE_VOID)));
        const_int(f, b, TYPE_U8, 256);
        const_int(f, b, TYPE_U8, 257);
        append_void(f, b, IR_RET, NULL, 0);
    }
    check_broken(f, "one: b0");
    assert_non_null(strstr(f->errors.data, "two: b0"));
    assert_null(strstr(f->errors.data, "257"));
}

// ---- text ------------------------------------------------------------------------------------------------------------

// Two types of one name in different modules are told apart.
static void types_of_one_name_are_numbered(void **state) {
    Fixture *f = *state;
    const Name *name = name_intern_c(f->names, "Point");
    Name *again = arena_copy(f->arena, name, sizeof(Name) + name->len + 1);
    Type *types[] = {type_named(f->types, TYPE_STRUCT, name), type_named(f->types, TYPE_STRUCT, again)};
    types[0]->state = types[1]->state = STAGE_DONE;
    add_func(f, "f", types, 2, prim(f, TYPE_VOID))->is_extern = true;
    check_text(f, "type Point = struct size 0 align 1 {\n}\n"
                  "type Point#2 = struct size 0 align 1 {\n}\n"
                  "extern func \"f\" (Point, Point#2)\n");
    StrBuf out = {0};
    ir_print_module(&out, f->m);
    f->m = parse(f, str_c(f->arena, strbuf_str(&out)));
    assert_non_null(f->m);
    check_text(f, out.data);
    strbuf_free(&out);
}

// Once printed, the text is a fixed point; before it may hold comments, other numbers and unused types.
static void printed_text_parses_back_to_itself(void **state) {
    Fixture *f = *state;
    Str text;
    assert_true(file_read(f->arena, "tests/verify/ok/every_op.qir", &text));
    f->m = parse(f, str_c(f->arena, text));
    assert_non_null(f->m);
    check_sound(f);
    for (int passes = 0; passes < 2; passes++) {
        StrBuf out = {0};
        ir_print_module(&out, f->m);
        f->m = parse(f, str_c(f->arena, strbuf_str(&out)));
        assert_non_null(f->m);
        check_text(f, out.data);
        strbuf_free(&out);
        ir_run_passes(f->m, MODE_FAST, NULL, NULL);
    }
}

static void check_refused(Fixture *f, const char *text, const char *message) {
    assert_null(parse(f, text));
    assert_true(f->diags.all.len > 0);
    const Diag *diag = VEC_LAST(&f->diags.all);
    if (!strstr(diag->message, message)) fail_msg("expected \"%s\" in \"%s\"", message, diag->message);
}

static void bad_text_is_refused_with_a_reason(void **state) {
    Fixture *f = *state;
    check_refused(f, "func", "expected the name of a function, found the end of the text");
    check_refused(f, "func \"f\" () {\nb0:\n    frobnicate %1\n}\n", "expected an operation, found `frobnicate`");
    check_refused(f, "func \"f\" () {\nb0:\n    jump b7\n}\n", "block b7 is not defined in this function");
    check_refused(f, "func \"f\" () {\nb0:\n    call \"g\"()\n    ret\n}\n", "function `g` is not in this module");
    check_refused(f, "func \"f\" () {\nb0:\n    %4000000 = const.int u8 1\n    ret\n}\n", "out of proportion");
    check_refused(f, "func \"f\" () {\nb0:\n    %1 = const.int u8 1\n    %1 = const.int u8 1\n    ret\n}\n",
                  "%1 is defined twice");
    check_refused(f, "func \"f\" () {\nb0:\n    ret\nb0:\n    ret\n}\n", "block b0 is defined twice");
    check_refused(f, "var \"g\" Missing\n", "type `Missing` has no definition");
    check_refused(f, "var \"g\" u8 = {1}\n", "needs a type of that shape");
    check_refused(f, "var \"g\" [2]u8 = [1]\n", "expected 2 items");
    check_refused(f, "var \"g\" u64 = 18446744073709551616\n", "expected an integer of 64 bits");
    check_refused(f, "global \"g\" str = \"abc\n", "does not end on its line");
    check_refused(f, "type A = struct align 3 {\n}\n", "expected `{`");
    check_refused(f, "type A = struct size 0 align 3 {\n}\n", "power of two");
    check_refused(f, "error 2 \"X\"\n", "listed in order");
}

static void deep_text_is_refused(void **state) {
    Fixture *f = *state;
    StrBuf text = {0};
    strbuf_puts(&text, "var \"g\" ");
    for (int i = 0; i < 100000; i++) strbuf_putc(&text, '*');
    strbuf_puts(&text, "u8\n");
    check_refused(f, str_c(f->arena, strbuf_str(&text)), "types nest too deep");
    strbuf_free(&text);
}

// ---- passes ----------------------------------------------------------------------------------------------------------

static void check_pass(Fixture *f, void (*pass)(IrModule *), const char *before, const char *after) {
    f->m = parse(f, before);
    assert_non_null(f->m);
    check_sound(f);
    pass(f->m);
    check_sound(f);
    check_text(f, after);
}

static void prune_threads_joins_and_removes(void **state) {
    check_pass(*state, pass_prune,
               "func \"f\" (bool) -> u8 {\n"
               "b0:\n    %0 = param bool 0\n    jump b5\n"
               "b5:\n    branch %0, b1, b2\n"
               "b1:\n    jump b3\n"
               "b3:\n    jump b4\n"
               "b2:\n    %9 = const.int u8 1\n    ret %9\n"
               "b7:\n    jump b7\n"
               "b4:\n    %5 = const.int u8 2\n    jump b6\n"
               "b6:\n    ret %5\n"
               "}\n",
               "flags unreachable_removed\n"
               "func \"f\" (bool) -> u8 {\n"
               "b0:\n    %0 = param bool 0\n    branch %0, b2, b1\n"
               "b1:\n    %2 = const.int u8 1\n    ret %2\n"
               "b2:\n    %4 = const.int u8 2\n    ret %4\n"
               "}\n");
}

static void prune_turns_a_branch_to_one_place_into_a_jump(void **state) {
    check_pass(*state, pass_prune,
               "func \"f\" (bool) {\n"
               "b0:\n    %0 = param bool 0\n    branch %0, b1, b2\n"
               "b1:\n    jump b3\n"
               "b2:\n    jump b3\n"
               "b3:\n    ret\n"
               "}\n",
               "flags unreachable_removed\n"
               "func \"f\" (bool) {\n"
               "b0:\n    %0 = param bool 0\n    ret\n"
               "}\n");
}

static void prune_keeps_endless_loops(void **state) {
    check_pass(*state, pass_prune,
               "func \"f\" () -> never {\n"
               "b0:\n    jump b1\n"
               "b1:\n    jump b2\n"
               "b2:\n    jump b3\n"
               "b3:\n    jump b2\n"
               "}\n",
               "flags unreachable_removed\n"
               "func \"f\" () -> never {\n"
               "b0:\n    jump b1\n"
               "b1:\n    jump b1\n"
               "}\n");
}

static void strip_checks_keeps_assertions(void **state) {
    check_pass(
        *state, pass_strip_checks,
        "func \"f\" (usize, bool) -> usize {\n"
        "b0:\n    %0 = param usize 0\n    %1 = param bool 1\n"
        "    check.bounds %0, %0\n    check.slice %0, %0, %0\n    check.true %1, null\n    check.true %1, assert\n"
        "    %2 = add usize %0, %0\n    %3 = add.wrap usize %2, %0\n    ret %3\n"
        "}\n",
        "flags checks_stripped\n"
        "func \"f\" (usize, bool) -> usize {\n"
        "b0:\n    %0 = param usize 0\n    %1 = param bool 1\n"
        "    check.true %1, assert\n"
        "    %2 = add unchecked usize %0, %0\n    %3 = add.wrap usize %2, %0\n    ret %3\n"
        "}\n");
}

static void cold_is_what_only_cold_code_reaches(void **state) {
    check_pass(*state, pass_mark_cold,
               "cold func \"fail\" () -> never {\n"
               "b0:\n    call \"only_here\"()\n    call \"here_too\"()\n    trap explicit\n"
               "}\n"
               "func \"only_here\" () {\nb0:\n    call \"behind\"()\n    ret\n}\n"
               "func \"behind\" () {\nb0:\n    ret\n}\n"
               "func \"here_too\" () {\nb0:\n    ret\n}\n"
               "func \"unnamed\" () -> never {\n"
               "b0:\n    call \"here_too\"()\n    call \"fail\"()\n    unreachable\n"
               "}\n",
               "cold func \"fail\" () -> never {\n"
               "b0:\n    call \"only_here\"()\n    call \"here_too\"()\n    trap explicit\n"
               "}\n"
               "cold func \"only_here\" () {\nb0:\n    call \"behind\"()\n    ret\n}\n"
               "cold func \"behind\" () {\nb0:\n    ret\n}\n"
               "func \"here_too\" () {\nb0:\n    ret\n}\n"
               "func \"unnamed\" () -> never {\n"
               "b0:\n    call \"here_too\"()\n    call \"fail\"()\n    unreachable\n"
               "}\n");
}

static void every_mode_verifies(void **state) {
    Fixture *f = *state;
    static const BuildMode MODES[] = {MODE_DEBUG, MODE_RELEASE, MODE_FAST};
    for (size_t i = 0; i < ARRAY_LEN(MODES); i++) {
        f->m = parse(f, "func \"f\" (u8) -> u8 {\nb0:\n    %0 = param u8 0\n    %1 = add u8 %0, %0\n    jump b1\nb1:\n "
                        "   ret %1\n}\n");
        assert_non_null(f->m);
        ir_run_passes(f->m, MODES[i], NULL, NULL);
        assert_int_equal(f->m->checks_stripped, MODES[i] == MODE_FAST);
        assert_true(f->m->unreachable_removed);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(instructions_keep_their_order),
        TEST(functions_know_their_operands),
        TEST(value_of_another_function_is_refused),
        TEST(removed_value_is_refused),
        TEST(operand_without_value_is_refused),
        TEST(repeated_id_is_refused),
        TEST(broken_link_is_refused),
        TEST(repeated_block_is_refused),
        TEST(jump_into_another_function_is_refused),
        TEST(type_of_the_checker_is_refused),
        TEST(function_of_another_module_is_refused),
        TEST(message_names_pass_function_block_and_instruction),
        TEST(each_function_reports_its_first_broken_rule),
        TEST(types_of_one_name_are_numbered),
        TEST(printed_text_parses_back_to_itself),
        TEST(bad_text_is_refused_with_a_reason),
        TEST(deep_text_is_refused),
        TEST(prune_threads_joins_and_removes),
        TEST(prune_turns_a_branch_to_one_place_into_a_jump),
        TEST(prune_keeps_endless_loops),
        TEST(strip_checks_keeps_assertions),
        TEST(cold_is_what_only_cold_code_reaches),
        TEST(every_mode_verifies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
