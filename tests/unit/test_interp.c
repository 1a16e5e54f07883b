// The interpreter from inside: stepping, commits, replays and the evaluation of constants, on small modules in QTJIR
// text. What programs see of it is in tests/interp.
#include "unit.h"

#include "interp/interp.h"
#include "sim/disk/disk.h"
#include "sim/sim.h"

typedef struct World {
    Arena *arena;
    NameTable *names;
    SourceMap sources;
    Diags diags;
    Types *types;
    IrModule *m;
    Interp *interp;
    InterpMachine *machine;
} World;

static int setup(void **state) {
    Arena *arena = arena_create();
    World *w = ARENA_NEW(arena, World);
    w->arena = arena;
    w->names = names_create(arena);
    sources_init(&w->sources, arena);
    diags_init(&w->diags, arena, &w->sources);
    w->types = types_create(arena, w->names);
    *state = w;
    return 0;
}

static int teardown(void **state) {
    World *w = *state;
    if (w->machine) interp_machine_destroy(w->machine);
    if (w->interp) interp_destroy(w->interp);
    types_destroy(w->types);
    names_destroy(w->names);
    arena_destroy(w->arena);
    return 0;
}

static void load(World *w, const char *text) {
    Source *source = sources_add(&w->sources, "test.qir", str_from(text));
    w->m = ir_parse(w->arena, w->types, w->names, &w->sources, &w->diags, source);
    if (!w->m) diags_render_text(&w->diags, stderr, false);
    assert_non_null(w->m);
    StrBuf errors = {0};
    bool sound = ir_verify_module(w->m, NULL, &errors);
    if (!sound) fprintf(stderr, "%s", strbuf_str(&errors).ptr);
    strbuf_free(&errors);
    assert_true(sound);
}

static void start_machine(World *w) {
    w->interp = interp_create(w->m);
    w->machine = interp_machine_create(w->interp, NULL, false);
}

static const IrFunc *func_named(World *w, const char *name) {
    for (uint32_t i = 0; i < w->m->funcs.len; i++)
        if (strcmp(w->m->funcs.items[i]->name, name) == 0) return w->m->funcs.items[i];
    return NULL;
}

static InterpValue number(uint64_t bits) { return (InterpValue){bits, {.undefined = 0}}; }

// ---- calls

static const char *const FACTORIAL = "flags\n"
                                     "func \"factorial\" (u64) -> u64 {\n"
                                     "b0:\n"
                                     "    %0 = param u64 0\n"
                                     "    %1 = const.int u64 2\n"
                                     "    %2 = cmp bool lt %0, %1\n"
                                     "    branch %2, b1, b2\n"
                                     "b1:\n"
                                     "    %4 = const.int u64 1\n"
                                     "    ret %4\n"
                                     "b2:\n"
                                     "    %6 = const.int u64 1\n"
                                     "    %7 = sub u64 %0, %6\n"
                                     "    %8 = call u64 \"factorial\"(%7)\n"
                                     "    %9 = mul u64 %0, %8\n"
                                     "    ret %9\n"
                                     "}\n";

static void test_call_and_exit(void **state) {
    World *w = *state;
    load(w, FACTORIAL);
    start_machine(w);
    InterpThread *t = interp_start(w->machine, func_named(w, "factorial"), (InterpValue[]){number(10)}, 1);
    assert_int_equal(interp_step(t, 5), INTERP_RUNNING);
    assert_int_equal(interp_step(t, 100000), INTERP_AT_OP);
    assert_int_equal(interp_op(t)->kind, INTERP_OP_EXIT);
    assert_int_equal(interp_op(t)->value.bits, 3628800);
    assert_int_equal(interp_commit(t, number(0)), INTERP_DONE);
}

static void test_trap(void **state) {
    World *w = *state;
    load(w, FACTORIAL);
    start_machine(w);
    InterpThread *t = interp_start(w->machine, func_named(w, "factorial"), (InterpValue[]){number(21)}, 1);
    assert_int_equal(interp_step(t, 100000), INTERP_FAILED);
    assert_int_equal(interp_failure(t)->kind, INTERP_FAIL_TRAP);
    assert_int_equal(interp_failure(t)->trap, TRAP_OVERFLOW);
    assert_string_equal(interp_failure(t)->message, "integer overflow");
}

static void test_undefined_argument(void **state) {
    World *w = *state;
    load(w, FACTORIAL);
    start_machine(w);
    InterpThread *t = interp_start(w->machine, func_named(w, "factorial"), (InterpValue[]){{0, {.undefined = 1}}}, 1);
    assert_int_equal(interp_step(t, 100000), INTERP_FAILED);
    assert_int_equal(interp_failure(t)->kind, INTERP_FAIL_UNDEFINED);
    assert_int_equal(interp_failure(t)->undefined, UNDEFINED_BYTES);
}

// ---- threads: the first one starts a second one, which adds to a shared variable; both then read and write it

static const char *const TWO =
    "flags\n"
    "var \"x\" u32 = 0\n"
    "var \"tid\" u32 = 0\n"
    "extern func \"__janus_thread_clone\" (usize, *u8, *u32, *u32, func(*u8), *u8) -> isize\n"
    "func \"second\" (*u8) {\n"
    "b0:\n"
    "    %0 = param *u8 0\n"
    "    %1 = ptr.cast *u32 %0\n"
    "    %2 = const.int u32 5\n"
    "    %3 = atomic.rmw u32 %1, %2, add, relaxed\n"
    "    ret\n"
    "}\n"
    "func \"first\" () -> u32 {\n"
    "b0:\n"
    "    %0 = slot *u32 \"local\"\n"
    "    %1 = const.int u32 1\n"
    "    store %0, %1\n"
    "    %3 = const.int usize 0\n"
    "    %4 = ptr.from_int *u8 %3\n"
    "    %5 = global.addr *u32 \"tid\"\n"
    "    %6 = func.addr func(*u8) \"second\"\n"
    "    %7 = global.addr *u32 \"x\"\n"
    "    %8 = ptr.cast *u8 %7\n"
    "    %9 = call isize \"__janus_thread_clone\"(%3, %4, %5, %5, %6, %8)\n"
    "    %10 = load u32 %0\n"
    "    store %0, %10\n"
    "    %12 = atomic.load u32 %7, acquire\n"
    "    %13 = const.int u32 7\n"
    "    atomic.store %7, %13, release\n"
    "    ret %12\n"
    "}\n";

static InterpThread *start_two(World *w, InterpThread **second) {
    InterpThread *t = interp_start(w->machine, func_named(w, "first"), NULL, 0);
    assert_int_equal(interp_step(t, 1000), INTERP_AT_OP);
    assert_int_equal(interp_op(t)->kind, INTERP_OP_SPAWN);
    *second = interp_spawn(t);
    assert_non_null(*second);
    assert_int_equal(interp_thread_index(*second), 1);
    assert_int_equal(interp_commit(t, number(1001)), INTERP_RUNNING);
    return t;
}

// Accesses to `local`, which never escaped, are not visible; those to the shared variable are, with all that a driver
// has to know.
static void test_visible_operations(void **state) {
    World *w = *state;
    load(w, TWO);
    start_machine(w);
    InterpThread *second, *t = start_two(w, &second);
    assert_int_equal(interp_step(t, 1000), INTERP_AT_OP);
    const InterpOp *op = interp_op(t);
    assert_int_equal(op->kind, INTERP_OP_READ);
    assert_true(op->is_atomic);
    assert_int_equal(op->order, ORDER_ACQUIRE);
    assert_int_equal(op->size, 4);
    uint64_t address = op->address;
    assert_int_equal(interp_step(second, 1000), INTERP_AT_OP);
    const InterpOp *rmw = interp_op(second);
    assert_int_equal(rmw->kind, INTERP_OP_RMW);
    assert_int_equal(rmw->address, address);
    assert_int_equal(interp_rmw_result(rmw, number(3)).bits, 8);
    assert_int_equal(interp_memory_value(second).bits, 0);
    assert_int_equal(interp_commit(second, interp_memory_value(second)), INTERP_RUNNING);
    assert_int_equal(interp_memory_value(t).bits, 5);
    // The driver decides what is read.
    assert_int_equal(interp_commit(t, number(0)), INTERP_RUNNING);
    assert_int_equal(interp_step(t, 1000), INTERP_AT_OP);
    assert_int_equal(interp_op(t)->kind, INTERP_OP_WRITE);
    assert_int_equal(interp_op(t)->value.bits, 7);
    interp_commit(t, number(0));
    assert_int_equal(interp_step(t, 1000), INTERP_AT_OP);
    assert_int_equal(interp_op(t)->kind, INTERP_OP_EXIT);
    assert_int_equal(interp_op(t)->value.bits, 0);
}

// The same values give the same execution: operations, addresses, number of steps.
static void test_replay(void **state) {
    World *w = *state;
    load(w, TWO);
    start_machine(w);
    uint64_t addresses[2], steps[2];
    for (int round = 0; round < 2; round++) {
        InterpThread *second, *t = start_two(w, &second);
        interp_step(t, 1000);
        addresses[round] = interp_op(t)->address;
        interp_commit(t, number(9));
        interp_step(t, 1000);
        interp_commit(t, number(0));
        interp_step(t, 1000);
        assert_int_equal(interp_op(t)->value.bits, 9);
        steps[round] = interp_steps(t);
        interp_machine_reset(w->machine);
        assert_null(interp_thread(w->machine, 1));
    }
    assert_int_equal(addresses[0], addresses[1]);
    assert_int_equal(steps[0], steps[1]);
}

// One thread alone is taken back to its start and given another value.
static void test_thread_reset(void **state) {
    World *w = *state;
    load(w, TWO);
    start_machine(w);
    InterpThread *second, *t = start_two(w, &second);
    interp_step(second, 1000);
    interp_commit(second, number(1));
    assert_int_equal(interp_step(second, 1000), INTERP_AT_OP);
    assert_int_equal(interp_op(second)->kind, INTERP_OP_EXIT);
    interp_thread_reset(second);
    assert_int_equal(interp_step(second, 1000), INTERP_AT_OP);
    assert_int_equal(interp_op(second)->kind, INTERP_OP_RMW);
    interp_commit(second, number(40));
    interp_step(t, 1000);
    assert_int_equal(interp_memory_value(t).bits, 45);
}

static void test_block(void **state) {
    World *w = *state;
    load(w, TWO);
    start_machine(w);
    InterpThread *second, *t = start_two(w, &second);
    interp_step(t, 1000);
    interp_block(t);
    assert_int_equal(interp_step(t, 1000), INTERP_BLOCKED);
    assert_non_null(interp_op(t));
    assert_int_equal(interp_commit(t, number(0)), INTERP_RUNNING);
}

// The end of a thread clears the word that it was given for this, as an operation that says which.
static void test_exit_word(void **state) {
    World *w = *state;
    load(w, TWO);
    start_machine(w);
    InterpThread *second, *t = start_two(w, &second);
    (void)t;
    interp_step(second, 1000);
    interp_commit(second, number(0));
    assert_int_equal(interp_step(second, 1000), INTERP_AT_OP);
    const InterpOp *op = interp_op(second);
    assert_int_equal(op->kind, INTERP_OP_EXIT);
    assert_int_equal(op->size, 4);
    assert_int_equal(op->order, ORDER_RELEASE);
    assert_true(interp_op_stands(second));
    uint64_t word = op->address;
    uint32_t before;
    memcpy(&before, interp_read_memory(second, word, 4), 4);
    assert_int_equal(before, 1001);
    assert_int_equal(interp_commit(second, number(0)), INTERP_DONE);
    assert_int_equal(interp_status(second), INTERP_DONE);
    uint32_t after;
    memcpy(&after, interp_read_memory(interp_thread(w->machine, 0), word, 4), 4);
    assert_int_equal(after, 0);
}

// ---- what a driver is told

typedef struct Watched {
    uint64_t accessed, written;
    int deaths;
    void *shadow;
} Watched;

static void watch_kernel(void *context, InterpThread *t, InterpOpKind kind, InterpObject *o, uint64_t offset,
                         uint64_t size) {
    Watched *watched = context;
    (void)t, (void)o, (void)offset;
    *(kind == INTERP_OP_WRITE ? &watched->written : &watched->accessed) += size;
}

static void watch_death(void *context, InterpObject *o) {
    Watched *watched = context;
    watched->deaths++;
    watched->shadow = *interp_object_shadow(o);
}

static void test_observer(void **state) {
    World *w = *state;
    load(w, TWO);
    start_machine(w);
    Watched watched = {0};
    interp_observe(w->machine,
                   &(InterpObserver){.context = &watched, .kernel_access = watch_kernel, .death = watch_death});
    InterpThread *second, *t = start_two(w, &second);
    interp_step(second, 1000);
    InterpObject *x = interp_op(second)->object;
    assert_int_equal(interp_object_size(x), 4);
    assert_null(*interp_object_shadow(x));
    *interp_object_shadow(x) = &watched;
    // It was not touched before it was shared; pages of one's own are not watched, shared memory is.
    assert_int_equal(interp_object_past(x).written, 0);
    uint64_t pages = interp_map_pages(t, 4096);
    assert_non_null(interp_write_memory(t, pages, 16));
    assert_int_equal(watched.written, 0);
    assert_non_null(interp_read_memory(second, pages, 16));
    assert_int_equal(watched.accessed, 16);
    assert_int_equal(watched.deaths, 0);
    interp_machine_reset(w->machine);
    assert_int_equal(watched.deaths, 1);
    assert_ptr_equal(watched.shadow, &watched);
    assert_null(*interp_object_shadow(x));
    interp_observe(w->machine, NULL);
}

static void test_charge(void **state) {
    World *w = *state;
    load(w, TWO);
    start_machine(w);
    uint64_t limit = interp_memory_limit(w->machine);
    assert_false(interp_charge(w->machine, limit + 1));
    assert_true(interp_charge(w->machine, limit / 2));
    assert_false(interp_charge(w->machine, limit / 2 + 1));
    interp_discharge(w->machine, limit / 2);
    assert_true(interp_charge(w->machine, limit / 2 + 1));
}

// ---- memory

static const char *const WILD = "flags\n"
                                "func \"wild\" (*u32) -> u32 {\n"
                                "b0:\n"
                                "    %0 = param *u32 0\n"
                                "    %1 = load u32 %0\n"
                                "    ret %1\n"
                                "}\n"
                                "func \"gone\" () -> *u32 {\n"
                                "b0:\n"
                                "    %0 = slot *u32 \"x\"\n"
                                "    %1 = const.int u32 1\n"
                                "    store %0, %1\n"
                                "    %3 = ptr.cast *u32 %0\n"
                                "    ret %3\n"
                                "}\n"
                                "func \"main\" () -> u32 {\n"
                                "b0:\n"
                                "    %0 = call *u32 \"gone\"()\n"
                                "    %1 = call u32 \"wild\"(%0)\n"
                                "    ret %1\n"
                                "}\n";

static void test_dangling(void **state) {
    World *w = *state;
    load(w, WILD);
    start_machine(w);
    InterpThread *t = interp_start(w->machine, func_named(w, "main"), NULL, 0);
    assert_int_equal(interp_step(t, 1000), INTERP_FAILED);
    assert_int_equal(interp_failure(t)->undefined, UNDEFINED_SCOPE);
    StrBuf frames = {0};
    interp_print_frames(&frames, t, 8);
    assert_non_null(strstr(strbuf_str(&frames).ptr, "in wild"));
    assert_non_null(strstr(strbuf_str(&frames).ptr, "in main"));
    strbuf_free(&frames);
}

static void test_kernel_memory(void **state) {
    World *w = *state;
    load(w, FACTORIAL);
    start_machine(w);
    InterpThread *t = interp_start(w->machine, func_named(w, "factorial"), (InterpValue[]){number(1)}, 1);
    uint64_t pages = interp_map_pages(t, 100);
    assert_true(pages % 4096 == 0 && pages != 0);
    uint8_t *to = interp_write_memory(t, pages + 8, 4);
    assert_non_null(to);
    memcpy(to, "abcd", 4);
    assert_memory_equal(interp_read_memory(t, pages + 8, 4), "abcd", 4);
    assert_true(interp_protect_pages(t, pages, 4096, true, false));
    assert_non_null(interp_read_memory(t, pages, 1));
    assert_false(interp_unmap_pages(t, pages + 4096, 4096));
    assert_true(interp_unmap_pages(t, pages, 4096));
    assert_null(interp_read_memory(t, pages, 1));
    assert_int_equal(interp_failure(t)->undefined, UNDEFINED_POINTER);
}

// ---- constants

static ConstValue *eval(World *w, const char *name, uint64_t step_limit, InterpEvalEnd *end) {
    if (!w->interp) {
        w->interp = interp_create(w->m);
        w->machine = interp_machine_create(w->interp, NULL, true);
    }
    InterpEval how = {.arena = w->arena, .step_limit = step_limit, .item_limit = 1000};
    return interp_eval(w->machine, func_named(w, name), &how, end);
}

static const char *const CALLS_OF_FACTORIAL = "func \"of_5\" () -> u64 {\n"
                                              "b0:\n"
                                              "    %0 = const.int u64 5\n"
                                              "    %1 = call u64 \"factorial\"(%0)\n"
                                              "    ret %1\n"
                                              "}\n"
                                              "func \"of_30\" () -> u64 {\n"
                                              "b0:\n"
                                              "    %0 = const.int u64 30\n"
                                              "    %1 = call u64 \"factorial\"(%0)\n"
                                              "    ret %1\n"
                                              "}\n";

static void test_eval(void **state) {
    World *w = *state;
    load(w, arena_printf(w->arena, "%s%s", FACTORIAL, CALLS_OF_FACTORIAL));
    InterpEvalEnd end;
    ConstValue *c = eval(w, "of_5", 10000, &end);
    assert_non_null(c);
    assert_int_equal(c->kind, CONST_INT);
    assert_int_equal(c->bits, 120);
    assert_null(eval(w, "of_30", 10000, &end));
    assert_string_equal(end.message, "integer overflow");
    assert_int_equal(end.failure, INTERP_FAIL_TRAP);
    assert_false(end.is_unknown);
    assert_null(eval(w, "of_5", 10, &end));
    assert_string_equal(end.message, "this takes more than 10 steps to evaluate");
    assert_true(end.is_over_limit);
    // A machine that stopped anywhere is as good as new.
    c = eval(w, "of_5", 10000, &end);
    assert_non_null(c);
    assert_int_equal(c->bits, 120);
}

static const char *const AGGREGATES = "flags\n"
                                      "type Pair = struct size 24 align 8 {\n"
                                      "    first ?u8 @0\n"
                                      "    second []const u8 @8\n"
                                      "}\n"
                                      "var \"x\" u32 = 0\n"
                                      "func \"pair\" (u8) -> Pair {\n"
                                      "b0:\n"
                                      "    %0 = param *Pair 0\n"
                                      "    %1 = param u8 1\n"
                                      "    %2 = field.addr *?u8 %0, 0\n"
                                      "    %3 = optional.set_some *u8 %2\n"
                                      "    store %3, %1\n"
                                      "    %5 = field.addr *[]const u8 %0, 1\n"
                                      "    %6 = const.str []const u8 \"text\"\n"
                                      "    store %5, %6\n"
                                      "    ret\n"
                                      "}\n"
                                      "func \"second\" (Pair) -> usize {\n"
                                      "b0:\n"
                                      "    %0 = param *const Pair 0\n"
                                      "    %1 = field.addr *const []const u8 %0, 1\n"
                                      "    %2 = load []const u8 %1\n"
                                      "    %3 = slice.len usize %2\n"
                                      "    ret %3\n"
                                      "}\n"
                                      "func \"pair_of_5\" () -> Pair {\n"
                                      "b0:\n"
                                      "    %0 = param *Pair 0\n"
                                      "    %1 = const.int u8 5\n"
                                      "    call \"pair\"(%0, %1)\n"
                                      "    ret\n"
                                      "}\n"
                                      "func \"second_of_pair\" () -> usize {\n"
                                      "b0:\n"
                                      "    %0 = slot *Pair\n"
                                      "    %1 = const.int u8 5\n"
                                      "    call \"pair\"(%0, %1)\n"
                                      "    %3 = ptr.cast *const Pair %0\n"
                                      "    %4 = call usize \"second\"(%3)\n"
                                      "    ret %4\n"
                                      "}\n"
                                      "func \"half_a_pair\" () -> Pair {\n"
                                      "b0:\n"
                                      "    %0 = param *Pair 0\n"
                                      "    undef.mem %0\n"
                                      "    %2 = field.addr *[]const u8 %0, 1\n"
                                      "    %3 = const.str []const u8 \"text\"\n"
                                      "    store %2, %3\n"
                                      "    %5 = ptr.cast *[2]u64 %2\n"
                                      "    %6 = const.int usize 1\n"
                                      "    %7 = elem.addr *u64 %5, %6\n"
                                      "    %8 = undef u64\n"
                                      "    store %7, %8\n"
                                      "    ret\n"
                                      "}\n"
                                      "func \"number\" () -> usize {\n"
                                      "b0:\n"
                                      "    %0 = slot *u32\n"
                                      "    %1 = int.from_ptr usize %0\n"
                                      "    ret %1\n"
                                      "}\n"
                                      "func \"address\" () -> *u32 {\n"
                                      "b0:\n"
                                      "    %0 = slot *u32\n"
                                      "    %1 = ptr.cast *u32 %0\n"
                                      "    ret %1\n"
                                      "}\n"
                                      "func \"reads\" () -> u32 {\n"
                                      "b0:\n"
                                      "    %0 = global.addr *u32 \"x\"\n"
                                      "    %1 = load u32 %0\n"
                                      "    ret %1\n"
                                      "}\n"
                                      "func \"calls\" () -> isize {\n"
                                      "b0:\n"
                                      "    %0 = const.int usize 39\n"
                                      "    %1 = syscall isize %0\n"
                                      "    ret %1\n"
                                      "}\n";

static void test_eval_aggregates(void **state) {
    World *w = *state;
    load(w, AGGREGATES);
    InterpEvalEnd end;
    ConstValue *pair = eval(w, "pair_of_5", 1000, &end);
    assert_non_null(pair);
    assert_int_equal(pair->kind, CONST_STRUCT);
    assert_int_equal(pair->items[0]->kind, CONST_SOME);
    assert_int_equal(pair->items[0]->items[0]->bits, 5);
    assert_int_equal(pair->items[1]->kind, CONST_STR);
    assert_true(str_equal_c(pair->items[1]->bytes, "text"));
    ConstValue *len = eval(w, "second_of_pair", 1000, &end);
    assert_non_null(len);
    assert_int_equal(len->bits, 4);
    assert_null(eval(w, "half_a_pair", 1000, &end));
    assert_string_equal(end.message, "the result is undefined in part");
}

static void test_eval_is_pure(void **state) {
    World *w = *state;
    load(w, AGGREGATES);
    InterpEvalEnd end;
    assert_null(eval(w, "reads", 1000, &end));
    assert_string_equal(end.message, "`x` is a variable: it has no value at compile time");
    assert_true(end.is_unknown);
    assert_null(eval(w, "calls", 1000, &end));
    assert_string_equal(end.message, "a system call cannot be made at compile time");
    assert_true(end.is_unknown);
    assert_null(eval(w, "number", 1000, &end));
    assert_string_equal(end.message, "the number of an address is not known at compile time");
    assert_null(eval(w, "address", 1000, &end));
    assert_string_equal(end.message, "a `*u32` to memory of the evaluation would outlive it");
}

// ---- the kernel's table

static SimSyscallEnd answer(SimKernel *kernel, InterpThread *t, const uint64_t args[6], int64_t *result) {
    (void)t, (void)args;
    ++*(int *)sim_kernel_context(kernel);
    *result = 17;
    return SIM_SYSCALL_DONE;
}

static const char *const ASKS = "flags\n"
                                "export func \"__janus_main\" () -> i32 {\n"
                                "b0:\n"
                                "    %0 = const.int usize 39\n"
                                "    %1 = syscall isize %0\n"
                                "    %2 = int.cast i32 %1\n"
                                "    ret %2\n"
                                "}\n";

static void test_replaced_syscall(void **state) {
    World *w = *state;
    load(w, ASKS);
    start_machine(w);
    int calls = 0;
    SimSyscall table[] = {{39, answer}};
    SimRun run = {.syscalls = table, .syscall_count = 1, .context = &calls};
    SimOutcome outcome;
    sim_run_main(w->machine, &run, &outcome);
    assert_int_equal(outcome.end, SIM_END_EXIT);
    assert_int_equal(outcome.exit_code, 17);
    assert_int_equal(calls, 1);
    assert_false(outcome.concurrent);
}

// Opens /f, writes two bytes, and syncs the file but not the folder.
static const char *const WRITES = "flags\n"
                                  "export func \"__janus_main\" () -> i32 {\n"
                                  "b0:\n"
                                  "    %0 = const.str []const u8 \"/f\\x00\"\n"
                                  "    %1 = slice.ptr *const u8 %0\n"
                                  "    %2 = const.int usize 257\n"
                                  "    %3 = const.int isize -100\n"
                                  "    %4 = const.int usize 66\n"
                                  "    %5 = const.int usize 384\n"
                                  "    %6 = syscall isize %2, %3, %1, %4, %5\n"
                                  "    %7 = const.int usize 1\n"
                                  "    %8 = const.int usize 2\n"
                                  "    %9 = syscall isize %7, %6, %1, %8\n"
                                  "    %10 = const.int usize 74\n"
                                  "    %11 = syscall isize %10, %6\n"
                                  "    %12 = add isize %9, %11\n"
                                  "    %13 = int.cast i32 %12\n"
                                  "    ret %13\n"
                                  "}\n";

// A run's files are on the disk it was given, and a crash of that leaves what the program's syncs allow.
static void test_disk_of_run(void **state) {
    World *w = *state;
    load(w, WRITES);
    start_machine(w);
    Disk *disk = disk_create(&(DiskOptions){.model = DISK_WEAK});
    SimOutcome outcome;
    sim_run_main(w->machine, &(SimRun){.disk = disk}, &outcome);
    assert_int_equal(outcome.exit_code, 2);
    DiskTrees trees;
    assert_true(disk_crash_trees(disk, 1000, &trees));
    assert_int_equal(trees.count, 2);
    assert_string_equal(trees.texts[0], "{f=/f}");
    assert_string_equal(trees.texts[1], "{}");
    disk_trees_free(&trees);
    disk_destroy(disk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_call_and_exit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_trap, setup, teardown),
        cmocka_unit_test_setup_teardown(test_undefined_argument, setup, teardown),
        cmocka_unit_test_setup_teardown(test_visible_operations, setup, teardown),
        cmocka_unit_test_setup_teardown(test_replay, setup, teardown),
        cmocka_unit_test_setup_teardown(test_thread_reset, setup, teardown),
        cmocka_unit_test_setup_teardown(test_block, setup, teardown),
        cmocka_unit_test_setup_teardown(test_exit_word, setup, teardown),
        cmocka_unit_test_setup_teardown(test_observer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_charge, setup, teardown),
        cmocka_unit_test_setup_teardown(test_dangling, setup, teardown),
        cmocka_unit_test_setup_teardown(test_kernel_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(test_eval, setup, teardown),
        cmocka_unit_test_setup_teardown(test_eval_aggregates, setup, teardown),
        cmocka_unit_test_setup_teardown(test_eval_is_pure, setup, teardown),
        cmocka_unit_test_setup_teardown(test_replaced_syscall, setup, teardown),
        cmocka_unit_test_setup_teardown(test_disk_of_run, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
