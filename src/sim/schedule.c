// Runs a program: threads take turns, one visible operation at a time, and who is next comes from a seed. What a read
// finds is what memory holds, so values are those of an interleaving; races are judged by what the orders promise
// (race.c). Time is virtual: it goes on a little with each operation, and jumps to the next moment somebody waits for
// when everybody sleeps.
#include <stdio.h>

#include "base/memory.h"
#include "interp/internal.h"
#include "sim/kernel.h"

enum { SLICE = 20000, LONG_SLICE = 4000000, OPERATION_TIME = 50, FRAMES_SHOWN = 16 };
enum { EAGAIN = 11, ETIMEDOUT = 110 };

static uint64_t random_next(InterpKernel *k) {
    uint64_t z = k->random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

// There is a state for each thread that the machine knows of, started in this execution or not.
static void make_states(InterpKernel *k) {
    uint32_t count = interp_thread_count(k->m);
    if (count <= k->state_count) return;
    count += 16;
    k->states = memory_resize(k->states, count * sizeof *k->states);
    memset(k->states + k->state_count, 0, (count - k->state_count) * sizeof *k->states);
    k->state_count = count;
}

static inline ThreadState *state_of(InterpKernel *k, uint32_t thread) { return &k->states[thread]; }

static void set_yielded(InterpKernel *k, uint32_t thread, bool yielded) {
    ThreadState *s = state_of(k, thread);
    k->yield_count += (uint32_t)yielded - (uint32_t)s->yielded;
    s->yielded = yielded;
}

static void clear_yielded(InterpKernel *k, uint32_t except) {
    bool kept = except < k->state_count && state_of(k, except)->yielded;
    if (k->yield_count == kept) return;
    for (uint32_t i = 0; i < interp_thread_count(k->m); i++)
        if (i != except) set_yielded(k, i, false);
}

// ---- choosing ------------------------------------------------------------------------------------------------------------

// Asked of every thread at every step.
static inline bool is_awake(InterpKernel *k, uint32_t index) {
    const InterpThread *t = k->m->threads.items[index];
    const ThreadState *s = state_of(k, index);
    return t->started && t->status != INTERP_DONE && (!s->asleep || s->wake_at <= k->now);
}

static inline bool may_run(InterpKernel *k, uint32_t index) {
    return !state_of(k, index)->yielded && is_awake(k, index);
}

static uint32_t count_ready(InterpKernel *k) {
    uint32_t n = 0, count = k->m->threads.len;
    for (uint32_t i = 0; i < count; i++) n += may_run(k, i);
    return n;
}

static bool sleep_until_next(InterpKernel *k) {
    uint64_t next = UINT64_MAX;
    for (uint32_t i = 0; i < interp_thread_count(k->m); i++) {
        const InterpThread *t = interp_thread(k->m, i);
        if (t && t->status != INTERP_DONE && state_of(k, i)->asleep && state_of(k, i)->wake_at < next)
            next = state_of(k, i)->wake_at;
    }
    if (next == UINT64_MAX) return false;
    if (next > k->now) k->now = next;
    return true;
}

// NULL: nobody will ever run again.
static InterpThread *choose(InterpKernel *k) {
    if (!k->m->concurrent && is_awake(k, 0)) return interp_thread(k->m, 0);
    uint32_t awake = count_ready(k);
    if (!awake) {
        clear_yielded(k, UINT32_MAX);
        awake = count_ready(k);
    }
    if (!awake && sleep_until_next(k)) awake = count_ready(k);
    if (!awake) return NULL;
    if (may_run(k, k->current) && (awake == 1 || random_next(k) % 8 < k->stay)) return interp_thread(k->m, k->current);
    uint64_t pick = random_next(k) % awake;
    for (uint32_t i = 0;; i++)
        if (may_run(k, i) && pick-- == 0) return interp_thread(k->m, k->current = i);
}

// ---- operations ------------------------------------------------------------------------------------------------------------

static InterpValue value_of(int64_t result) { return (InterpValue){(uint64_t)result, {.undefined = 0}}; }

static void fall_asleep(InterpKernel *k, InterpThread *t, uint64_t futex, int64_t nanoseconds) {
    ThreadState *s = state_of(k, t->index);
    s->asleep = true;
    s->futex = futex;
    s->asleep_since = k->sleeps++;
    s->wake_at = nanoseconds < 0 || (uint64_t)nanoseconds > UINT64_MAX - 1 - k->now ? UINT64_MAX
                                                                                    : k->now + (uint64_t)nanoseconds;
    interp_block(t);
}

static InterpStatus wake_up(InterpKernel *k, InterpThread *t, int64_t result) {
    state_of(k, t->index)->asleep = false;
    return interp_commit(t, value_of(result));
}

// First come, first served, as the kernel does.
static int64_t wake_sleepers(InterpKernel *k, uint64_t address, uint64_t limit) {
    int64_t woken = 0;
    while ((uint64_t)woken < limit) {
        InterpThread *first = NULL;
        for (uint32_t i = 0; i < interp_thread_count(k->m); i++) {
            const ThreadState *s = state_of(k, i);
            InterpThread *t = interp_thread(k->m, i);
            if (!t || !s->asleep || s->futex != address) continue;
            if (!first || s->asleep_since < state_of(k, first->index)->asleep_since) first = t;
        }
        if (!first) break;
        wake_up(k, first, 0);
        woken++;
    }
    return woken;
}

static InterpStatus futex_wait(InterpKernel *k, InterpThread *t, const InterpOp *op) {
    uint32_t word;
    memcpy(&word, op->object->bytes + op->offset, sizeof word);
    if (!memory_defined(op->object, op->offset, 4)) return fail_bytes(t, "a futex"), t->status;
    if (word != (uint32_t)op->expected.bits) return interp_commit(t, value_of(-EAGAIN));
    int64_t left = op->deadline;
    if (op->until_moment && left >= 0) left = (uint64_t)left > k->now ? left - (int64_t)k->now : 0;
    fall_asleep(k, t, op->address, left);
    return t->status;
}

static InterpStatus spawn(InterpKernel *k, InterpThread *t) {
    InterpThread *child = interp_spawn(t);
    if (!child) return t->status;
    races_spawn(k->races, t, child);
    make_states(k);
    set_yielded(k, child->index, false);
    *state_of(k, child->index) = (ThreadState){0};
    return interp_commit(t, value_of(1000 + (int64_t)child->index));
}

// The kernel clears the word it was given for this and wakes who waits for it.
static InterpStatus end_thread(InterpKernel *k, InterpThread *t) {
    uint64_t word = t->index ? t->tid_word : 0;
    if (word) {
        Value v = memory_from_int(k->m, t, word);
        if (!memory_check(t, v, 4, 2, true)) return t->status;
        if (!races_exit(k->races, t, v.object, word - v.object->base)) return t->status;
        memory_store(k->m, v.object, word - v.object->base, 4, value_of(0));
    }
    interp_commit(t, value_of(0));
    if (t->stack) t->stack->stack_users--;
    t->stack = NULL;
    if (word) wake_sleepers(k, word, 1);
    return t->status;
}

static bool end_process(InterpOutcome *out, InterpEnd end, int64_t code) {
    out->end = end;
    out->exit_code = (int)(code & 0xff);
    return false;
}

static bool system_call(InterpKernel *k, InterpThread *t, InterpOutcome *out) {
    int64_t result;
    InterpOp op = t->op;
    InterpSyscallEnd end = interp_syscall(k, t, &op, &result);
    if (interp_failure(t)) return true;
    switch (end) {
    case INTERP_SYSCALL_DONE: interp_commit(t, value_of(result)); return true;
    case INTERP_SYSCALL_SLEEP: fall_asleep(k, t, 0, result); return true;
    case INTERP_SYSCALL_EXIT: return end_process(out, INTERP_END_EXIT, result);
    case INTERP_SYSCALL_ABORT: return end_process(out, INTERP_END_ABORT, 0);
    case INTERP_SYSCALL_UNKNOWN: break;
    }
    fail(t, INTERP_FAIL_UNSUPPORTED, 0, "system call %llu is not available under the interpreter",
         (unsigned long long)op.number);
    return true;
}

// False when the process has ended.
static bool perform(InterpKernel *k, InterpThread *t, InterpOutcome *out) {
    InterpOp op = t->op;
    k->now += OPERATION_TIME;
    switch (op.kind) {
    case INTERP_OP_READ:
    case INTERP_OP_WRITE:
    case INTERP_OP_RMW:
    case INTERP_OP_CMPXCHG:
    case INTERP_OP_FENCE:
    case INTERP_OP_FREE: {
        bool finds =
            op.is_atomic && (op.kind == INTERP_OP_READ || op.kind == INTERP_OP_RMW || op.kind == INTERP_OP_CMPXCHG);
        InterpValue found = finds ? interp_memory_value(t) : value_of(0);
        bool exchanged = op.kind == INTERP_OP_CMPXCHG && interp_exchange_succeeds(&op, found);
        bool spurious = exchanged && op.weak && random_next(k) % 16 == 0;
        if (!races_operation(k->races, t, &op, exchanged && !spurious)) return true;
        if (spurious)
            interp_commit_spurious(t, found);
        else
            interp_commit(t, found);
        return true;
    }
    case INTERP_OP_FUTEX_WAIT:
    case INTERP_OP_JOIN:
        if (!k->m->concurrent || races_operation(k->races, t, &op, false)) futex_wait(k, t, &op);
        return true;
    case INTERP_OP_FUTEX_WAKE: interp_commit(t, value_of(wake_sleepers(k, op.address, op.value.bits))); return true;
    case INTERP_OP_SPAWN: spawn(k, t); return true;
    case INTERP_OP_YIELD:
        set_yielded(k, t->index, true);
        interp_commit(t, value_of(0));
        return true;
    case INTERP_OP_EXIT:
        if (t->index == 0) return end_process(out, INTERP_END_EXIT, (int64_t)op.value.bits);
        end_thread(k, t);
        return true;
    case INTERP_OP_SYSCALL: return system_call(k, t, out);
    }
    return true;
}

// Where another thread may come first. A plain access need not be: in a program without races nobody can tell.
static bool is_turning_point(const InterpOp *op) {
    return op->is_atomic || (op->kind >= INTERP_OP_FUTEX_WAIT && op->kind != INTERP_OP_FREE);
}

static bool step(InterpKernel *k, InterpThread *t, InterpOutcome *out) {
    ThreadState *s = state_of(k, t->index);
    if (s->asleep) { // the time it waited for has come
        wake_up(k, t, s->futex ? -ETIMEDOUT : 0);
        return true;
    }
    if (t->status == INTERP_RUNNING) {
        bool alone = !k->m->concurrent;
        uint64_t budget = alone ? LONG_SLICE : SLICE;
        if (k->run->step_limit) {
            uint64_t left = k->run->step_limit > out->steps ? k->run->step_limit - out->steps : 0;
            if (!left) {
                fail(t, INTERP_FAIL_LIMIT, 0, "more than %llu instructions were executed",
                     (unsigned long long)k->run->step_limit);
                return true;
            }
            if (budget > left) budget = left;
        }
        uint64_t before = t->steps;
        interp_step(t, budget);
        out->steps += t->steps - before;
    }
    if (t->status != INTERP_AT_OP) return true;
    if (k->m->concurrent && is_turning_point(&t->op) && !s->chosen) {
        s->chosen = true;
        return true;
    }
    s->chosen = false;
    clear_yielded(k, t->index);
    uint64_t before = t->steps;
    bool goes_on = perform(k, t, out);
    out->steps += t->steps - before;
    return goes_on;
}

// ---- reports ---------------------------------------------------------------------------------------------------------------

static void write_text(const InterpRun *run, StrBuf *text) {
    Str s = strbuf_str(text);
    if (run->write) run->write(run->context, 2, (const uint8_t *)s.ptr, s.len);
    strbuf_free(text);
}

static void report_deadlock(InterpKernel *k) {
    StrBuf text = {0};
    strbuf_puts(&text, "deadlock: every thread sleeps\n");
    for (uint32_t i = 0; i < interp_thread_count(k->m); i++) {
        const InterpThread *t = interp_thread(k->m, i);
        if (!t || t->status == INTERP_DONE) continue;
        strbuf_printf(&text, "thread %u waits\n", i);
        interp_print_frames(&text, t, FRAMES_SHOWN);
    }
    if (k->m->concurrent) strbuf_printf(&text, "seed %llu\n", (unsigned long long)k->run->seed);
    write_text(k->run, &text);
}

static void report_failure(InterpKernel *k, const InterpThread *t) {
    const InterpFailure *f = interp_failure(t);
    StrBuf text = {0};
    bool of_language = f->kind == INTERP_FAIL_TRAP || f->kind == INTERP_FAIL_PANIC;
    if (of_language)
        strbuf_printf(&text, "panic: %s", f->message);
    else if (f->kind == INTERP_FAIL_UNDEFINED)
        strbuf_printf(&text, "undefined behaviour: %s: %s", interp_undefined_text(f->undefined), f->message);
    else
        strbuf_printf(&text, "stopped: %s", f->message);
    strbuf_puts(&text, "\n  at ");
    interp_print_position(&text, k->m->interp, f->span);
    strbuf_putc(&text, '\n');
    if (!of_language) interp_print_frames(&text, t, FRAMES_SHOWN);
    if (k->m->concurrent) strbuf_printf(&text, "thread %u, seed %llu\n", t->index, (unsigned long long)k->run->seed);
    write_text(k->run, &text);
}

static void finish(InterpKernel *k, const InterpThread *t, InterpOutcome *out) {
    out->end = INTERP_END_FAILED;
    if (!t) {
        out->failure = INTERP_FAIL_DEADLOCK;
        report_deadlock(k);
        return;
    }
    out->failure = t->failure.kind;
    out->undefined = t->failure.undefined;
    report_failure(k, t);
}

void interp_run_main(InterpMachine *m, const InterpRun *run, InterpOutcome *out) {
    *out = (InterpOutcome){0};
    interp_machine_reset(m);
    InterpKernel k = {.m = m,
                      .run = run,
                      .arena = arena_create(),
                      .races = races_create(m),
                      .random = run->seed * 0x2545F4914F6CDD1D + 1,
                      .now = 1000000000,
                      .stay = (uint32_t)(run->seed * 3 % 7)};
    InterpThread *t = interp_start_main(m, run->argument_count, run->arguments);
    ENSURE(t);
    make_states(&k);
    for (bool goes_on = true; goes_on && t;) {
        if (t->status != INTERP_FAILED) goes_on = step(&k, t, out);
        if (t->status == INTERP_FAILED) {
            finish(&k, t, out);
            break;
        }
        t = goes_on ? choose(&k) : t;
        if (!t) finish(&k, NULL, out);
    }
    out->concurrent = m->concurrent;
    races_destroy(k.races);
    memory_release(k.states);
    arena_destroy(k.arena);
}

int interp_exit_code(const InterpOutcome *out) {
    if (out->end == INTERP_END_EXIT) return out->exit_code;
    if (out->end == INTERP_END_ABORT) return INTERP_EXIT_ABORT;
    if (out->failure == INTERP_FAIL_TRAP || out->failure == INTERP_FAIL_PANIC) return INTERP_EXIT_ABORT;
    return out->failure == INTERP_FAIL_UNDEFINED || out->failure == INTERP_FAIL_DEADLOCK ? INTERP_EXIT_UNDEFINED
                                                                                         : INTERP_EXIT_LIMIT;
}
