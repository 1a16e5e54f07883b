// Products of matrices of 192 by 192 floats.
#include "input.h"

enum { SIZE = 192 };

static double a[SIZE * SIZE], b[SIZE * SIZE], c[SIZE * SIZE];

static void multiply(double *to, const double *x, const double *y, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double *row = to + i * n;
        for (size_t j = 0; j < n; j++) row[j] = 0;
        for (size_t k = 0; k < n; k++) {
            double factor = x[i * n + k];
            const double *other = y + k * n;
            for (size_t j = 0; j < n; j++) row[j] = row[j] + factor * other[j];
        }
    }
}

int main(int argc, char **argv) {
    uint64_t seed = 88172645463325252;
    for (size_t i = 0; i < SIZE * SIZE; i++) {
        a[i] = (double)(next_number(&seed) % 1000) / 1000.0;
        b[i] = (double)(next_number(&seed) % 1000) / 1000.0;
    }
    double trace = 0;
    for (uint64_t n = rounds(argc, argv); n > 0; n--) {
        multiply(c, a, b, SIZE);
        for (size_t i = 0; i < SIZE; i++) {
            trace += c[i * SIZE + i];
            a[i] = a[i] + 0.001;
        }
    }
    printf("%llu\n", (unsigned long long)(trace * 1000.0));
}
