// Runs a program: threads take turns, one visible operation at a time, and who is next comes from a seed. What a read
// finds is what memory holds, so values are those of an interleaving; races are judged by what the orders promise
// (race.c). Time is virtual: it goes on a little with each operation, and jumps to the next moment somebody waits for
// when everybody sleeps.
#include <stdio.h>

#include "base/memory.h"
#include "sim/kernel.h"
#include "sim/random.h"

enum { SLICE = 20000, LONG_SLICE = 4000000, OPERATION_TIME = 50, FRAMES_SHOWN = 16 };
enum { EAGAIN = 11, ETIMEDOUT = 110 };

static void add_thread(SimKernel *k, InterpThread *t) {
    uint32_t index = interp_thread_index(t);
    if (index >= k->state_room) {
        k->state_room = index + 16;
        k->states = memory_resize(k->states, k->state_room * sizeof *k->states);
    }
    while (k->state_count <= index) k->states[k->state_count++] = (ThreadState){0};
    k->states[index] = (ThreadState){.thread = t, .status = interp_status(t)};
}

static uint32_t number_of(const SimKernel *k, const ThreadState *s) { return (uint32_t)(s - k->states); }

static void set_yielded(SimKernel *k, ThreadState *s, bool yielded) {
    k->yield_count += (uint32_t)yielded - (uint32_t)s->yielded;
    s->yielded = yielded;
}

static void clear_yielded(SimKernel *k, const ThreadState *except) {
    bool kept = except && except->yielded;
    if (k->yield_count == kept) return;
    for (uint32_t i = 0; i < k->state_count; i++)
        if (&k->states[i] != except) set_yielded(k, &k->states[i], false);
}

// ---- choosing ------------------------------------------------------------------------------------------------------------

static inline bool is_alive(const ThreadState *s) { return s->thread && s->status != INTERP_DONE; }

static inline bool is_awake(const SimKernel *k, const ThreadState *s) {
    return is_alive(s) && (!s->asleep || s->wake_at <= k->now);
}

static inline bool may_run(const SimKernel *k, const ThreadState *s) { return !s->yielded && is_awake(k, s); }

static uint32_t count_ready(const SimKernel *k) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < k->state_count; i++) n += may_run(k, &k->states[i]);
    return n;
}

static bool sleep_until_next(SimKernel *k) {
    uint64_t next = UINT64_MAX;
    for (uint32_t i = 0; i < k->state_count; i++) {
        const ThreadState *s = &k->states[i];
        if (is_alive(s) && s->asleep && s->wake_at < next) next = s->wake_at;
    }
    if (next == UINT64_MAX) return false;
    if (next > k->now) k->now = next;
    return true;
}

// NULL: nobody will ever run again.
static ThreadState *choose(SimKernel *k) {
    if (!k->concurrent && is_awake(k, &k->states[0])) return &k->states[0];
    uint32_t awake = count_ready(k);
    if (!awake) {
        clear_yielded(k, NULL);
        awake = count_ready(k);
    }
    if (!awake && sleep_until_next(k)) awake = count_ready(k);
    if (!awake) return NULL;
    ThreadState *running = &k->states[k->current];
    if (may_run(k, running) && (awake == 1 || random_next(&k->random) % 8 < k->stay)) return running;
    uint64_t pick = random_next(&k->random) % awake;
    for (uint32_t i = 0;; i++)
        if (may_run(k, &k->states[i]) && pick-- == 0) return &k->states[k->current = i];
}

// ---- operations ------------------------------------------------------------------------------------------------------------

static InterpValue value_of(int64_t result) { return (InterpValue){(uint64_t)result, {.undefined = 0}}; }

static void commit(ThreadState *s, int64_t result) { s->status = interp_commit(s->thread, value_of(result)); }

static void fall_asleep(SimKernel *k, ThreadState *s, uint64_t futex, int64_t nanoseconds) {
    s->asleep = true;
    s->futex = futex;
    s->asleep_since = k->sleeps++;
    s->wake_at = nanoseconds < 0 || (uint64_t)nanoseconds > UINT64_MAX - 1 - k->now ? UINT64_MAX
                                                                                    : k->now + (uint64_t)nanoseconds;
    interp_block(s->thread);
    s->status = INTERP_BLOCKED;
}

static void wake_up(ThreadState *s, int64_t result) {
    s->asleep = false;
    commit(s, result);
}

// First come, first served, as the kernel does.
static int64_t wake_sleepers(SimKernel *k, uint64_t address, uint64_t limit) {
    int64_t woken = 0;
    while ((uint64_t)woken < limit) {
        ThreadState *first = NULL;
        for (uint32_t i = 0; i < k->state_count; i++) {
            ThreadState *s = &k->states[i];
            if (!s->thread || !s->asleep || s->futex != address) continue;
            if (!first || s->asleep_since < first->asleep_since) first = s;
        }
        if (!first) break;
        wake_up(first, 0);
        woken++;
    }
    return woken;
}

static void futex_wait(SimKernel *k, ThreadState *s, const InterpOp *op) {
    uint32_t word;
    if (!interp_futex_word(s->thread, &word)) return;
    if (word != (uint32_t)op->expected.bits) {
        commit(s, -EAGAIN);
        return;
    }
    int64_t left = op->deadline;
    if (op->until_moment && left >= 0) left = (uint64_t)left > k->now ? left - (int64_t)k->now : 0;
    fall_asleep(k, s, op->address, left);
}

static void spawn(SimKernel *k, ThreadState *s) {
    InterpThread *parent = s->thread, *child = interp_spawn(parent);
    if (!child) return;
    races_spawn(k->races, parent, child);
    k->concurrent = true;
    uint32_t number = number_of(k, s);
    add_thread(k, child); // may move the states
    commit(&k->states[number], PROCESS_ID + (int64_t)interp_thread_index(child));
}

// The kernel clears the word it was given for this, and wakes who waits for it.
static void end_thread(SimKernel *k, ThreadState *s, const InterpOp *op) {
    uint64_t word = op->size ? op->address : 0;
    if (!races_operation(k->races, s->thread, op, false)) return;
    commit(s, 0);
    if (word && s->status == INTERP_DONE) wake_sleepers(k, word, 1);
}

static bool end_process(SimOutcome *out, SimEnd end, int64_t code) {
    out->end = end;
    out->exit_code = (int)(code & 0xff);
    return false;
}

static bool system_call(SimKernel *k, ThreadState *s, const InterpOp *op, SimOutcome *out) {
    int64_t result;
    SimSyscallEnd end = sim_syscall(k, s->thread, op, &result);
    if (interp_failure(s->thread)) return true;
    switch (end) {
    case SIM_SYSCALL_DONE: commit(s, result); return true;
    case SIM_SYSCALL_SLEEP: fall_asleep(k, s, 0, result); return true;
    case SIM_SYSCALL_EXIT: return end_process(out, SIM_END_EXIT, result);
    case SIM_SYSCALL_ABORT: return end_process(out, SIM_END_ABORT, 0);
    case SIM_SYSCALL_UNKNOWN: break;
    }
    interp_fail_at(s->thread, INTERP_FAIL_UNSUPPORTED, 0, "system call %llu is not available under the interpreter",
                   (unsigned long long)op->number);
    return true;
}

// What a read finds is what memory holds; a compare-exchange that may fail for no reason sometimes does.
static void access_atomic(SimKernel *k, ThreadState *s, const InterpOp *op) {
    bool finds = op->kind == INTERP_OP_READ || op->kind == INTERP_OP_RMW || op->kind == INTERP_OP_CMPXCHG;
    InterpValue found = finds ? interp_memory_value(s->thread) : value_of(0);
    bool exchanged = op->kind == INTERP_OP_CMPXCHG && interp_exchange_succeeds(op, found);
    bool spurious = exchanged && op->weak && random_next(&k->random) % 16 == 0;
    if (!races_operation(k->races, s->thread, op, exchanged && !spurious)) return;
    s->status = spurious ? interp_commit_spurious(s->thread, found) : interp_commit(s->thread, found);
}

// False when the process has ended.
static bool perform(SimKernel *k, ThreadState *s, SimOutcome *out) {
    const InterpOp *op = interp_op(s->thread);
    k->now += OPERATION_TIME;
    if (!interp_op_stands(s->thread)) return commit(s, 0), true;
    switch (op->kind) {
    case INTERP_OP_READ:
    case INTERP_OP_WRITE:
    case INTERP_OP_RMW:
    case INTERP_OP_CMPXCHG:
    case INTERP_OP_FENCE: access_atomic(k, s, op); return true;
    case INTERP_OP_FREE: break; // an observed one is no operation
    case INTERP_OP_FUTEX_WAIT:
    case INTERP_OP_JOIN:
        if (!k->concurrent || races_operation(k->races, s->thread, op, false)) futex_wait(k, s, op);
        return true;
    case INTERP_OP_FUTEX_WAKE: commit(s, wake_sleepers(k, op->address, op->value.bits)); return true;
    case INTERP_OP_SPAWN: spawn(k, s); return true;
    case INTERP_OP_YIELD:
        set_yielded(k, s, true);
        commit(s, 0);
        return true;
    case INTERP_OP_EXIT:
        if (number_of(k, s) == 0) return end_process(out, SIM_END_EXIT, (int64_t)op->value.bits);
        end_thread(k, s, op);
        return true;
    case INTERP_OP_SYSCALL: return system_call(k, s, op, out);
    }
    return true;
}

static void execute(SimKernel *k, ThreadState *s, SimOutcome *out) {
    uint64_t budget = k->concurrent ? SLICE : LONG_SLICE;
    if (k->run->step_limit) {
        uint64_t left = k->run->step_limit > out->steps ? k->run->step_limit - out->steps : 0;
        if (!left) {
            interp_fail_at(s->thread, INTERP_FAIL_LIMIT, 0, "more than %llu instructions were executed",
                           (unsigned long long)k->run->step_limit);
            return;
        }
        if (budget > left) budget = left;
    }
    s->status = interp_step(s->thread, budget);
    if (s->status == INTERP_RUNNING) clear_yielded(k, s);
}

// False when the process has ended.
static bool step(SimKernel *k, ThreadState *s, SimOutcome *out) {
    if (s->asleep) { // the time it waited for has come
        wake_up(s, s->futex ? -ETIMEDOUT : 0);
        return true;
    }
    if (s->status == INTERP_RUNNING) execute(k, s, out);
    if (s->status != INTERP_AT_OP) return true;
    if (k->concurrent && !s->chosen) { // another thread may come first
        s->chosen = true;
        return true;
    }
    s->chosen = false;
    clear_yielded(k, s);
    return perform(k, s, out);
}

// Plain accesses are judged in place. No thread comes in between: in a program without races nobody could tell.
static bool watch_access(void *context, InterpThread *t, InterpOpKind kind, InterpObject *o, uint64_t offset,
                         uint64_t size) {
    SimKernel *k = context;
    k->now += OPERATION_TIME;
    return races_plain_access(k->races, t, kind, o, offset, size);
}

static void watch_kernel(void *context, InterpThread *t, InterpOpKind kind, InterpObject *o, uint64_t offset,
                         uint64_t size) {
    races_plain_access(((SimKernel *)context)->races, t, kind, o, offset, size);
}

static void watch_death(void *context, InterpObject *o) { races_forget(((SimKernel *)context)->races, o); }

// ---- reports ---------------------------------------------------------------------------------------------------------------

static void write_text(const SimRun *run, StrBuf *text) {
    Str s = strbuf_str(text);
    if (run->write) run->write(run->context, 2, (const uint8_t *)s.ptr, s.len);
    strbuf_free(text);
}

static void report_deadlock(const SimKernel *k) {
    StrBuf text = {0};
    strbuf_puts(&text, "deadlock: every thread sleeps\n");
    for (uint32_t i = 0; i < k->state_count; i++) {
        if (!is_alive(&k->states[i])) continue;
        strbuf_printf(&text, "thread %u waits\n", i);
        interp_print_frames(&text, k->states[i].thread, FRAMES_SHOWN);
    }
    if (k->concurrent) strbuf_printf(&text, "seed %llu\n", (unsigned long long)k->run->seed);
    write_text(k->run, &text);
}

static void report_failure(const SimKernel *k, const InterpThread *t) {
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
    interp_print_position(&text, interp_machine_program(k->m), f->span);
    strbuf_putc(&text, '\n');
    if (!of_language) interp_print_frames(&text, t, FRAMES_SHOWN);
    if (k->concurrent)
        strbuf_printf(&text, "thread %u, seed %llu\n", interp_thread_index(t), (unsigned long long)k->run->seed);
    write_text(k->run, &text);
}

// NULL: every thread sleeps.
static void finish(const SimKernel *k, const InterpThread *failed, SimOutcome *out) {
    out->end = SIM_END_FAILED;
    out->failure = failed ? interp_failure(failed)->kind : INTERP_FAIL_DEADLOCK;
    if (!failed) {
        report_deadlock(k);
        return;
    }
    out->undefined = interp_failure(failed)->undefined;
    report_failure(k, failed);
}

static void run_threads(SimKernel *k, SimOutcome *out) {
    for (ThreadState *s = &k->states[0]; s; s = choose(k)) {
        InterpThread *t = s->thread;
        uint64_t before = interp_steps(t);
        bool goes_on = step(k, s, out);
        out->steps += interp_steps(t) - before;
        if (interp_failure(t)) {
            finish(k, t, out);
            return;
        }
        if (!goes_on) return;
    }
    finish(k, NULL, out);
}

void sim_run_main(InterpMachine *m, const SimRun *run, SimOutcome *out) {
    *out = (SimOutcome){0};
    interp_machine_reset(m);
    SimKernel k = {.m = m,
                   .run = run,
                   .races = races_create(m),
                   .random = run->seed * 0x2545F4914F6CDD1D + 1,
                   .random_bytes = ~run->seed,
                   .now = 1000000000,
                   .stay = (uint32_t)(run->seed * 3 % 7),
                   .power = {.stop_at = UINT64_MAX, .fail_at = UINT64_MAX}};
    interp_observe(
        m, &(InterpObserver){
               .context = &k, .plain_access = watch_access, .kernel_access = watch_kernel, .death = watch_death});
    InterpThread *t = interp_start_main(m, run->argument_count, run->arguments);
    ENSURE(t);
    add_thread(&k, t);
    run_threads(&k, out);
    out->concurrent = k.concurrent;
    interp_machine_reset(m); // before what watches it goes
    interp_observe(m, NULL);
    races_destroy(k.races);
    if (k.files) files_destroy(k.files);
    if (k.own_disk) disk_destroy(k.own_disk);
    kernel_power_end(&k);
    memory_release(k.states);
}

int sim_exit_code(const SimOutcome *out) {
    if (out->end == SIM_END_EXIT) return out->exit_code;
    if (out->end == SIM_END_ABORT) return SIM_EXIT_ABORT;
    if (out->failure == INTERP_FAIL_TRAP || out->failure == INTERP_FAIL_PANIC) return SIM_EXIT_ABORT;
    return out->failure == INTERP_FAIL_UNDEFINED || out->failure == INTERP_FAIL_DEADLOCK ? SIM_EXIT_UNDEFINED
                                                                                         : SIM_EXIT_LIMIT;
}
