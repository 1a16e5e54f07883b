// deep_call: nests far beyond one stack, comes back in order, and leaves the caller's data alone.
#include "base/base.h"
#include "base/deep.h"
#include "unit.h"

enum { DEPTH = 100000, BYTES = 512 }; // more than six times the usual stack

typedef struct Step {
    DeepStack *stack;
    uint32_t depth, sum;
} Step;

static void descend(void *raw) {
    Step *step = raw;
    volatile unsigned char used[BYTES];
    used[0] = used[BYTES - 1] = (unsigned char)step->depth;
    if (step->depth == 0) return;
    char *before = step->stack->lowest;
    Step inner = {step->stack, step->depth - 1, 0};
    deep_call(step->stack, descend, &inner);
    assert_ptr_equal(step->stack->lowest, before);
    assert_int_equal(used[0], (unsigned char)step->depth);
    assert_int_equal(used[BYTES - 1], (unsigned char)step->depth);
    step->sum = inner.sum + 1;
}

static void test_nests_beyond_one_stack(void **state) {
    (void)state;
    DeepStack stack = {0};
    Step step = {&stack, DEPTH, 0};
    deep_call(&stack, descend, &step);
    assert_int_equal(step.sum, DEPTH);
}

static void test_stays_here_while_there_is_room(void **state) {
    (void)state;
    DeepStack stack = {0};
    Step step = {&stack, 3, 0};
    deep_call(&stack, descend, &step);
    assert_int_equal(step.sum, 3);
    assert_true((uintptr_t)stack.lowest < (uintptr_t)&step);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nests_beyond_one_stack),
        cmocka_unit_test(test_stays_here_while_there_is_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
