// Quicksort with the median of three, insertion sort below 16, of 200,000 numbers.
#include "input.h"

enum { COUNT = 200000 };

static uint64_t numbers[COUNT];

static void swap(uint64_t *xs, size_t i, size_t j) {
    uint64_t x = xs[i];
    xs[i] = xs[j];
    xs[j] = x;
}

static void insertion(uint64_t *xs, size_t len) {
    for (size_t i = 1; i < len; i++) {
        uint64_t x = xs[i];
        size_t at = i;
        while (at > 0 && xs[at - 1] > x) {
            xs[at] = xs[at - 1];
            at--;
        }
        xs[at] = x;
    }
}

static size_t partition(uint64_t *xs, size_t len) {
    size_t last = len - 1, middle = len / 2;
    if (xs[middle] < xs[0]) swap(xs, middle, 0);
    if (xs[last] < xs[0]) swap(xs, last, 0);
    if (xs[last] < xs[middle]) swap(xs, last, middle);
    uint64_t pivot = xs[middle];
    size_t low = 0, high = last;
    for (;;) {
        while (xs[low] < pivot) low++;
        while (xs[high] > pivot) high--;
        if (low >= high) return high + 1;
        swap(xs, low, high);
        low++;
        high--;
    }
}

static void sort(uint64_t *xs, size_t len) {
    while (len > 16) {
        size_t at = partition(xs, len);
        if (at < len - at) {
            sort(xs, at);
            xs += at;
            len -= at;
        } else {
            sort(xs + at, len - at);
            len = at;
        }
    }
    if (len > 1) insertion(xs, len);
}

int main(int argc, char **argv) {
    uint64_t seed = 88172645463325252, sum = 0;
    for (uint64_t n = rounds(argc, argv); n > 0; n--) {
        for (size_t i = 0; i < COUNT; i++) numbers[i] = next_number(&seed);
        sort(numbers, COUNT);
        for (size_t i = 1; i < COUNT; i++)
            if (numbers[i - 1] > numbers[i]) abort();
        sum ^= numbers[COUNT / 3];
    }
    printf("%llu\n", (unsigned long long)sum);
}
