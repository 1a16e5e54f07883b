// The backend, from a module built by hand to a program that ran: every family of operations is emitted, linked without
// libc, and judged by what the program prints and how it exits.
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "backend/backend.h"
#include "driver/link.h"
#include "driver/process.h"

typedef struct Fixture {
    Arena *arena;
    NameTable *names;
    SourceMap sources;
    Types *types;
    IrModule *module;
    Type *void_type, *bool_type, *u8, *i32, *i64, *u64, *usize, *isize, *never;
    IrFunc *func;
    IrBlock *block;
} Fixture;

static const char start_code[] =
    ".text\n.globl _start\n_start:\n xorl %ebp, %ebp\n movq %rsp, %rdi\n andq $-16, %rsp\n call entry\n"
    "movl %eax, %edi\n movl $231, %eax\n syscall\n ud2\n"
    ".globl __janus_trap_at\n__janus_trap_at:\n movq %rsi, %rdx\n movq %rdi, %rsi\n movl $1, %edi\n movl $1, %eax\n syscall\n"
    " movl $231, %eax\n movl $77, %edi\n syscall\n ud2\n"
    ".globl __janus_trap_bounds\n__janus_trap_bounds:\n movl $231, %eax\n movl $78, %edi\n syscall\n ud2\n"
    // Writes line and column as they are in memory.
    ".globl __janus_trap_slice\n__janus_trap_slice:\n leaq 16(%r8), %rsi\n movl $8, %edx\n movl $1, %edi\n"
    " movl $1, %eax\n syscall\n movl $231, %eax\n movl $79, %edi\n syscall\n ud2\n"
    ".globl __janus_trap_bounds_signed\n__janus_trap_bounds_signed:\n movl $231, %eax\n movl $78, %edi\n syscall\n "
    "ud2\n"
    ".section .note.GNU-stack,\"\",@progbits\n.text\n";

static const char program_text[] = "one\ntwo\nthree\n";

static int set_up(void **state) {
    Arena *arena = arena_create();
    Fixture *f = ARENA_NEW(arena, Fixture);
    f->arena = arena;
    f->names = names_create(arena);
    sources_init(&f->sources, arena);
    sources_add(&f->sources, "hand.jan", STR(program_text));
    f->types = types_create(arena, f->names);
    f->module = ir_module_create(arena, f->types, f->names, &f->sources);
    f->void_type = type_primitive(f->types, TYPE_VOID);
    f->never = type_primitive(f->types, TYPE_NEVER);
    f->bool_type = type_primitive(f->types, TYPE_BOOL);
    f->u8 = type_primitive(f->types, TYPE_U8);
    f->i32 = type_primitive(f->types, TYPE_I32);
    f->i64 = type_primitive(f->types, TYPE_I64);
    f->u64 = type_primitive(f->types, TYPE_U64);
    f->usize = type_primitive(f->types, TYPE_USIZE);
    f->isize = type_primitive(f->types, TYPE_ISIZE);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    Fixture *f = *state;
    types_destroy(f->types);
    names_destroy(f->names);
    arena_destroy(f->arena);
    return 0;
}

static const Span here = {1, 4, 7};

static void begin_func(Fixture *f, const char *name, Type **params, uint32_t count, Type *result) {
    f->func = ir_func_add(f->module, name, type_func(f->types, params, count, result));
    f->func->span = here;
    f->block = ir_block_add(f->func);
}

static void begin_entry(Fixture *f) {
    begin_func(f, "entry", NULL, 0, f->i32);
    f->func->is_export = true;
}

static IrInst *op(Fixture *f, IrOp kind, Type *type, uint32_t count, ...) {
    IrInst *args[8];
    va_list list;
    va_start(list, count);
    for (uint32_t i = 0; i < count; i++) args[i] = va_arg(list, IrInst *);
    va_end(list);
    return ir_append(f->block, kind, type, here, args, count);
}

static IrInst *integer(Fixture *f, Type *type, uint64_t bits) {
    IrInst *inst = op(f, IR_CONST_INT, type, 0);
    inst->imm = bits;
    return inst;
}

static IrInst *slot(Fixture *f, Type *type, const char *name) {
    IrInst *inst = op(f, IR_SLOT, type_ptr(f->types, type, false), 0);
    inst->slot.type_arg = type;
    inst->slot.name = name;
    return inst;
}

static void write_text(Fixture *f, IrInst *text) {
    IrInst *pointer = op(f, IR_SLICE_PTR, type_ptr(f->types, f->u8, true), 1, text);
    IrInst *length = op(f, IR_SLICE_LEN, f->usize, 1, text);
    op(f, IR_SYSCALL, f->isize, 4, integer(f, f->isize, 1), integer(f, f->isize, 1), pointer, length);
}

static IrInst *text_constant(Fixture *f, const char *text) {
    IrInst *inst = op(f, IR_CONST_STR, type_str(f->types), 0);
    inst->bytes = str_from(text);
    return inst;
}

static const BuildMode modes[] = {MODE_DEBUG, MODE_RELEASE, MODE_FAST};

static bool write_object(void *path, uint32_t number, Str bytes, StrBuf *error) {
    (void)error;
    return number == 0 && file_write(path, bytes);
}

// Builds and runs the module in one mode; the exit code of the program, its output in `printed`.
static int build_and_run(Fixture *f, BuildMode mode, StrBuf *printed) {
    char object[] = "/tmp/janus-test-backend.XXXXXX", program[] = "/tmp/janus-test-backend.XXXXXX";
    close(mkstemp(object));
    close(mkstemp(program));
    BackendOptions options = {.target = "x86_64-linux",
                              .mode = mode,
                              .debug_info = mode != MODE_FAST,
                              .working_dir = "/tmp",
                              .runtime_assembly = STR(start_code),
                              .emit = EMIT_OBJECT,
                              .write = write_object,
                              .write_context = object};
    StrBuf error = {0};
    if (!backend_emit(f->module, &options, &error)) fail_msg("%s", strbuf_str(&error).ptr);
    BuildSettings link_options = {.mode = mode, .target = target_named("x86_64-linux")};
    int interrupted;
    assert_true(
        link_executable(f->arena, &link_options, NULL, (const char *const[]){object}, 1, program, &interrupted));
    ProcessPool *pool = process_pool_create(f->arena, 10);
    const char *argv[] = {program, NULL};
    assert_true(process_pool_start(pool, argv, 0));
    ProcessResult result = process_pool_wait(pool, printed);
    process_pool_destroy(pool);
    unlink(object);
    unlink(program);
    return process_exit_code(result.end);
}

static void expect(Fixture *f, int exit_code, const char *printed) {
    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        StrBuf output = {0};
        assert_int_equal(build_and_run(f, modes[i], &output), exit_code);
        assert_string_equal(output.len ? strbuf_str(&output).ptr : "", printed);
        strbuf_free(&output);
    }
}

static void ret(Fixture *f, IrInst *value) { op(f, IR_RET, f->void_type, value ? 1 : 0, value); }

static void ret_int(Fixture *f, uint64_t code) { ret(f, integer(f, f->i32, code)); }

static void test_prints_by_system_call(void **state) {
    Fixture *f = *state;
    begin_entry(f);
    write_text(f, text_constant(f, "hello\n"));
    ret_int(f, 3);
    expect(f, 3, "hello\n");
}

// A checked addition in a function of its own, so that nothing is folded while building.
static void test_overflow_traps(void **state) {
    Fixture *f = *state;
    Type *params[] = {f->i32, f->i32};
    begin_func(f, "add", params, 2, f->i32);
    IrFunc *add = f->func;
    IrInst *a = op(f, IR_PARAM, f->i32, 0), *b = op(f, IR_PARAM, f->i32, 0);
    b->path.index = 1;
    ret(f, op(f, IR_ADD, f->i32, 2, a, b));
    begin_entry(f);
    IrInst *call = op(f, IR_CALL, f->i32, 2, integer(f, f->i32, 0x7fffffff), integer(f, f->i32, 1));
    call->func = add;
    ret(f, call);
    expect(f, 77, "integer overflow");
}

static void test_division_traps(void **state) {
    Fixture *f = *state;
    begin_entry(f);
    IrInst *zero = slot(f, f->i32, "zero");
    op(f, IR_STORE, f->void_type, 2, zero, integer(f, f->i32, 0));
    IrInst *divisor = op(f, IR_LOAD, f->i32, 1, zero);
    ret(f, op(f, IR_DIV, f->i32, 2, integer(f, f->i32, 8), divisor));
    expect(f, 77, "division by zero");
}

static void test_bounds_trap(void **state) {
    Fixture *f = *state;
    begin_entry(f);
    op(f, IR_CHECK_BOUNDS, f->void_type, 2, integer(f, f->usize, 3), integer(f, f->usize, 3));
    ret_int(f, 0);
    expect(f, 78, "");
}

// Line and column reach the runtime also where they need more bits than nearly all do.
static void test_place_of_a_trap(void **state) {
    Fixture *f = *state;
    enum { LONG = 5000, LINES = (1 << 20) + 7 }; // two lines of LONG columns, the second and the last
    StrBuf text = {0};
    for (int line = 1; line <= LINES; line++) {
        for (int i = 0; (line == 2 || line == LINES) && i < LONG; i++) strbuf_puts(&text, " ");
        strbuf_puts(&text, "\n");
    }
    uint32_t file = sources_add(&f->sources, "long.jan", strbuf_str(&text))->index;
    const uint32_t last = (uint32_t)text.len - LONG - 1;
    const struct {
        uint32_t offset, line, column;
    } places[] = {
        {0, 1, 1},
        {1, 2, 1},
        {4095, 2, 4095},
        {4096, 2, 4096},
        {5000, 2, 5000},
        {last, LINES, 1},
        {last + 4999, LINES, 5000},
    };
    for (size_t i = 0; i < ARRAY_LEN(places) * 2; i++) {
        uint32_t start = places[i / 2].offset, expected[] = {places[i / 2].line, places[i / 2].column};
        f->module = ir_module_create(f->arena, f->types, f->names, &f->sources);
        begin_entry(f);
        IrInst *one = integer(f, f->usize, 1), *two = integer(f, f->usize, 2);
        op(f, IR_CHECK_SLICE, f->void_type, 3, two, one, one)->span = (Span){file, start, start + 1};
        ret_int(f, 0);
        StrBuf printed = {0};
        assert_int_equal(build_and_run(f, i % 2 ? MODE_RELEASE : MODE_DEBUG, &printed), 79);
        assert_int_equal(printed.len, sizeof expected);
        assert_memory_equal(strbuf_str(&printed).ptr, expected, sizeof expected);
        strbuf_free(&printed);
    }
    strbuf_free(&text);
}

// A non-scalar goes in by address and comes out through the result operand; a slice goes both ways in two registers.
static void test_calls(void **state) {
    Fixture *f = *state;
    Type *array = type_array(f->types, f->i64, 3), *optional = type_optional(f->types, f->i64),
         *text = type_str(f->types);
    Type *params[] = {array, text};
    begin_func(f, "pick", params, 2, optional);
    IrFunc *pick = f->func;
    IrInst *to = op(f, IR_PARAM, type_ptr(f->types, optional, false), 0);
    IrInst *from = op(f, IR_PARAM, type_ptr(f->types, array, true), 0);
    IrInst *name = op(f, IR_PARAM, text, 0);
    from->path.index = 1;
    name->path.index = 2;
    write_text(f, name);
    IrInst *element = op(f, IR_ELEM_ADDR, type_ptr(f->types, f->i64, true), 2, from, integer(f, f->usize, 2));
    IrInst *value = op(f, IR_LOAD, f->i64, 1, element);
    IrInst *payload = op(f, IR_OPTIONAL_SET_SOME, type_ptr(f->types, f->i64, false), 1, to);
    op(f, IR_STORE, f->void_type, 2, payload, value);
    ret(f, NULL);

    begin_entry(f);
    IrInst *items = slot(f, array, "items"), *picked = slot(f, optional, "picked");
    for (uint64_t i = 0; i < 3; i++) {
        IrInst *at = op(f, IR_ELEM_ADDR, type_ptr(f->types, f->i64, false), 2, items, integer(f, f->usize, i));
        op(f, IR_STORE, f->void_type, 2, at, integer(f, f->i64, 40 + i));
    }
    op(f, IR_CALL, f->void_type, 3, picked, items, text_constant(f, "picking\n"))->func = pick;
    IrInst *has = op(f, IR_OPTIONAL_HAS, f->bool_type, 1, picked);
    op(f, IR_CHECK_TRUE, f->void_type, 1, has)->trap = TRAP_NULL;
    IrInst *result =
        op(f, IR_LOAD, f->i64, 1, op(f, IR_OPTIONAL_PAYLOAD, type_ptr(f->types, f->i64, false), 1, picked));
    ret(f, op(f, IR_INT_CAST, f->i32, 1, result));
    expect(f, 42, "picking\n");
}

// Counts to ten through an atomic, with a loop over blocks.
static void test_loop_and_atomics(void **state) {
    Fixture *f = *state;
    begin_entry(f);
    IrInst *counter = slot(f, f->u64, "counter");
    IrInst *found = slot(f, type_optional(f->types, f->u64), "found");
    op(f, IR_STORE, f->void_type, 2, counter, integer(f, f->u64, 0));
    IrBlock *head = ir_block_add(f->func), *done = ir_block_add(f->func);
    op(f, IR_JUMP, f->void_type, 0)->jump.targets[0] = head;
    f->block = head;
    IrInst *before = op(f, IR_ATOMIC_RMW, f->u64, 2, counter, integer(f, f->u64, 1));
    before->atomic.order = ORDER_ACQ_REL;
    before->atomic.rmw = RMW_ADD;
    IrInst *more = op(f, IR_CMP, f->bool_type, 2, before, integer(f, f->u64, 9));
    more->compare = COMPARE_LT;
    IrInst *branch = op(f, IR_BRANCH, f->void_type, 1, more);
    branch->jump.targets[0] = head;
    branch->jump.targets[1] = done;
    f->block = done;
    IrInst *total = op(f, IR_ATOMIC_LOAD, f->u64, 1, counter);
    total->atomic.order = ORDER_SEQ_CST;
    IrInst *exchange =
        op(f, IR_ATOMIC_CMPXCHG, f->void_type, 4, found, counter, integer(f, f->u64, 3), integer(f, f->u64, 4));
    exchange->atomic.order = ORDER_SEQ_CST;
    exchange->atomic.failure_order = ORDER_RELAXED;
    IrInst *refused = op(f, IR_OPTIONAL_HAS, f->bool_type, 1, found);
    IrInst *bit = op(f, IR_BOOL_TO_INT, f->u64, 1, refused);
    ret(f, op(f, IR_INT_TRUNC, f->i32, 1, op(f, IR_ADD_WRAP, f->u64, 2, total, bit)));
    expect(f, 11, "");
}

static void test_casts_trap(void **state) {
    Fixture *f = *state;
    begin_entry(f);
    IrInst *big = slot(f, f->i64, "big");
    op(f, IR_STORE, f->void_type, 2, big, integer(f, f->i64, (uint64_t)-1));
    IrInst *value = op(f, IR_LOAD, f->i64, 1, big);
    op(f, IR_INT_CAST, f->u8, 1, value);
    ret_int(f, 0);
    expect(f, 77, "value does not fit");
}

// An aggregate constant with text and padding reads back through its layout.
static void test_constants(void **state) {
    Fixture *f = *state;
    Type *text = type_str(f->types), *array = type_array(f->types, text, 2);
    ConstValue words[2] = {{.kind = CONST_STR, .type = text, .bytes = STR("first\n")},
                           {.kind = CONST_STR, .type = text, .bytes = STR("second\n")}};
    ConstValue *items[] = {&words[0], &words[1]};
    ConstValue both = {.kind = CONST_ARRAY, .type = array, .items = items, .count = 2};
    IrGlobal *global = ir_global_add(f->module, "words", array, &both);
    begin_entry(f);
    IrInst *base = op(f, IR_GLOBAL_ADDR, type_ptr(f->types, array, true), 0);
    base->global = global;
    IrInst *second = op(f, IR_ELEM_ADDR, type_ptr(f->types, text, true), 2, base, integer(f, f->usize, 1));
    write_text(f, op(f, IR_LOAD, text, 1, second));
    ret_int(f, 0);
    expect(f, 0, "second\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_prints_by_system_call, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_overflow_traps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_division_traps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bounds_trap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_place_of_a_trap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_calls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_loop_and_atomics, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_casts_trap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_constants, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
