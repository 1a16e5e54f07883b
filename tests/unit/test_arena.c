// Arenas and the vectors that grow in them.
#include "unit.h"

static void hands_out_zeroed_aligned_memory(void **state) {
    (void)state;
    static const unsigned char zeroes[70000];
    Arena *arena = arena_create();
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 70000; size = size * 3 + 1) {
            unsigned char *bytes = arena_alloc(arena, size);
            assert_int_equal((uintptr_t)bytes % 16, 0);
            assert_memory_equal(bytes, zeroes, size);
            memset(bytes, 0xAA, size);
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
}

static void allocations_do_not_overlap(void **state) {
    (void)state;
    enum { COUNT = 5000 };
    Arena *arena = arena_create();
    uint32_t **blocks = ARENA_ARRAY(arena, uint32_t *, COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        size_t words = 1 + (i * 7919u) % 900;
        blocks[i] = ARENA_ARRAY(arena, uint32_t, words);
        for (size_t w = 0; w < words; w++) blocks[i][w] = i;
    }
    for (uint32_t i = 0; i < COUNT; i++)
        for (size_t w = 0; w < 1 + (i * 7919u) % 900; w++) assert_int_equal(blocks[i][w], i);
    arena_destroy(arena);
}

static void empty_requests_have_distinct_addresses(void **state) {
    (void)state;
    Arena *arena = arena_create();
    assert_ptr_not_equal(arena_alloc(arena, 0), arena_alloc(arena, 0));
    arena_destroy(arena);
}

static void reset_reuses_the_memory(void **state) {
    (void)state;
    Arena *arena = arena_create();
    void *small = arena_alloc(arena, 100);
    void *big = arena_alloc(arena, 3 << 20);
    assert_true(arena_used(arena) >= (3u << 20) + 100);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    assert_ptr_equal(arena_alloc(arena, 100), small);
    assert_ptr_equal(arena_alloc(arena, 2 << 20), big);
    arena_destroy(arena);
}

static void copies(void **state) {
    (void)state;
    Arena *arena = arena_create();
    assert_memory_equal(arena_copy(arena, "abc", 4), "abc", 4);
    assert_non_null(arena_copy(arena, NULL, 0));
    arena_destroy(arena);
    arena_destroy(NULL);
}

static void vectors_keep_their_items(void **state) {
    (void)state;
    Arena *arena = arena_create();
    VEC(uint32_t) numbers = {0};
    for (uint32_t i = 0; i < 100000; i++) VEC_PUSH(arena, &numbers, i * 3);
    assert_int_equal(numbers.len, 100000);
    assert_int_equal(VEC_LAST(&numbers), 99999 * 3);
    uint32_t expected = 0;
    VEC_EACH (uint32_t, number, &numbers) {
        assert_int_equal(*number, expected);
        expected += 3;
    }
    assert_int_equal(VEC_POP(&numbers), 99999 * 3);
    assert_int_equal(numbers.len, 99999);
    arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_out_zeroed_aligned_memory),
        cmocka_unit_test(allocations_do_not_overlap),
        cmocka_unit_test(empty_requests_have_distinct_addresses),
        cmocka_unit_test(reset_reuses_the_memory),
        cmocka_unit_test(copies),
        cmocka_unit_test(vectors_keep_their_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
