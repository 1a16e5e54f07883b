// Each further stack is a thread that nobody runs beside: its caller waits for it. The kernel hands its pages out as they
// are touched.
#define _GNU_SOURCE // pthread_getattr_np
#include "base/deep.h"

#include <pthread.h>

#include "base/base.h"

enum { ROOM = 6 << 20, SEGMENT = 64 << 20 };

typedef struct Call {
    DeepStack *stack;
    void (*call)(void *context);
    void *context;
} Call;

static char *lowest_of_this_stack(void) {
    pthread_attr_t attributes;
    void *lowest = NULL;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes)) ICE("this thread's stack is not known");
    pthread_attr_getstack(&attributes, &lowest, &size);
    pthread_attr_destroy(&attributes);
    return lowest;
}

static void *run(void *raw) {
    Call *c = raw;
    c->stack->lowest = lowest_of_this_stack();
    c->call(c->context);
    return NULL;
}

static void run_elsewhere(Call *c) {
    pthread_attr_t attributes;
    pthread_t thread;
    char *outer = c->stack->lowest;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, SEGMENT);
    if (pthread_create(&thread, &attributes, run, c)) ICE("out of memory for another stack");
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    c->stack->lowest = outer;
}

void deep_call(DeepStack *stack, void (*call)(void *context), void *context) {
    if (!stack->lowest) stack->lowest = lowest_of_this_stack();
    if ((uintptr_t)__builtin_frame_address(0) - (uintptr_t)stack->lowest > ROOM) {
        call(context);
        return;
    }
    Call c = {stack, call, context};
    run_elsewhere(&c);
}
