/* Start code and thread entry of a program that links libc: the counterpart of the freestanding assembly. `janus build --libc`
   hands this file to the C compiler together with the program's object, with the same sanitizer. */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a program of Janus has, and a library of it in a program of C has not: that has a `main` of its own. */
void __janus_start(const size_t *stack) __attribute__((noreturn, weak));
void __janus_init(const size_t *stack) __attribute__((weak));
int32_t __janus_main(void) __attribute__((weak));
int main(int argc, char **argv) __attribute__((weak));
/* std/rt/watch.jan, where it is part of the program. */
void __janus_watch(const size_t *stack) __attribute__((weak));
void __janus_watch_thread(void) __attribute__((weak));

/* The kernel puts the argument count right below the arguments, and libc passes that very array on. Returning from main,
   instead of leaving by a system call, lets libc and the sanitizers finish their work. */
int main(int argc, char **argv) {
    (void)argc;
    const size_t *stack = (const size_t *)argv - 1;
    if (__janus_watch) __janus_watch(stack);
    if (!__janus_init) __janus_start(stack);
    __janus_init(stack);
    return __janus_main();
}

typedef struct Start {
    void (*entry)(unsigned char *);
    unsigned char *arg;
    uint32_t *tid;
} Start;

/* Like the kernel at the end of a thread made with CLONE_CHILD_CLEARTID: clears the word and wakes who waits for it. The thread
   that waits may free the word at once, so the wake-up may name memory that is gone; the kernel only compares addresses. */
static void *run(void *raw) {
    Start start = *(Start *)raw;
    free(raw);
    if (__janus_watch_thread) __janus_watch_thread();
    start.entry(start.arg);
    __atomic_store_n(start.tid, 0, __ATOMIC_RELEASE);
    syscall(SYS_futex, start.tid, FUTEX_WAKE, 1, NULL, NULL, 0);
    return NULL;
}

/* The signature of the assembly routine. libc brings the stack, because its thread-local data lives there. */
ptrdiff_t __janus_thread_clone(size_t flags, unsigned char *stack_top, uint32_t *parent_tid, uint32_t *child_tid,
                               void (*entry)(unsigned char *), unsigned char *arg) {
    (void)flags, (void)stack_top;
    Start *start = malloc(sizeof *start);
    if (!start) return -12; /* ENOMEM */
    *start = (Start){entry, arg, child_tid};
    __atomic_store_n(parent_tid, 1, __ATOMIC_RELAXED); /* anything but 0: it runs */
    pthread_t thread;
    int failed = pthread_create(&thread, NULL, run, start);
    if (failed) {
        __atomic_store_n(parent_tid, 0, __ATOMIC_RELAXED);
        free(start);
        return -failed;
    }
    pthread_detach(thread);
    return 1;
}

/* Where a signal handler returns to when its action names it as restorer: see the freestanding assembly. */
__asm__(".text\n.globl __janus_sigreturn\n.type __janus_sigreturn, %function\n__janus_sigreturn:\n"
#ifdef __aarch64__
        "mov x8, #139\nsvc #0\n"
#else
        "movl $15, %eax\nsyscall\n"
#endif
        ".size __janus_sigreturn, . - __janus_sigreturn\n");
