// The reference interpreter of QTJIR: it runs a verified module and stops at whatever machine code would be free to do
// anything with.
//
// Three things, from the immutable to the short-lived. An `Interp` is a program: decoded functions and the images of
// its constants and globals. An `InterpMachine` is one execution: memory, threads, virtual time. An `InterpThread` is
// stepped: it runs until its next *visible operation*, one that another thread could notice, and waits there. Whoever
// drives the threads looks at the operation, decides what a read yields (normally what memory holds) and commits it,
// which carries the operation out. A thread is deterministic given the values committed: neither the host's addresses,
// nor time, nor the other threads reach it in any other way.
//
// While a machine has had one thread only, memory accesses and fences are not visible, for there is nobody to notice.
// Memory that never escaped its thread makes no visible operation at any time; memory escapes when its address is
// stored where others can read it, is handed to a new thread, or is recovered from an integer by another thread.
//
// Addresses are integers that are never used twice in one execution: they depend on the thread that allocates and on
// how much it had allocated before, so two executions in which a thread is given the same values agree on them.
#ifndef JANUS_INTERP_INTERP_H
#define JANUS_INTERP_INTERP_H

#include "qtjir/ir.h"

typedef struct Interp Interp;
typedef struct InterpMachine InterpMachine;
typedef struct InterpThread InterpThread;
typedef struct InterpObject InterpObject; // an allocation: slot, global, string, pages

typedef enum UndefinedKind {
#define UNDEFINED(kind, text) UNDEFINED_##kind,
#include "interp/undefined.def"
#undef UNDEFINED
    UNDEFINED_KIND_COUNT
} UndefinedKind;
const char *interp_undefined_text(UndefinedKind kind);

// A scalar. Integers are extended to 64 bits as their type says; floats are their bits; an address is an integer and
// the object it points into.
typedef struct InterpValue {
    uint64_t bits;
    union {
        InterpObject *object; // of an address
        uint64_t undefined; // of anything else: bit i is set when byte i is undefined
    };
} InterpValue;

// ---- programs --------------------------------------------------------------------------------------------------------
// The module must be verified and must outlive the Interp.
Interp *interp_create(const IrModule *module);
void interp_destroy(Interp *interp);
// Of a module that is lowered while it runs. Each answers NULL when what was asked for is there, else why it is not,
// and the thread fails with that. Other machines of the program may run in between.
typedef struct InterpSource {
    const char *(*body)(void *context, IrFunc *func); // before its first call
    const char *(*initial)(void *context, IrGlobal *global); // before its first access: of a constant
    void *context;
} InterpSource;
Interp *interp_create_growing(const IrModule *module, const InterpSource *source);

// ---- machines --------------------------------------------------------------------------------------------------------
typedef struct InterpLimits {
    uint64_t memory; // bytes of all objects with their shadows; 0: 1 GiB
    uint64_t frames; // of one thread; 0: 100,000
    uint32_t threads; // in one execution; 0: 1,000 (which is also the most)
} InterpLimits;

// `pure` machines evaluate constants: variables of the program cannot be reached.
InterpMachine *interp_machine_create(Interp *interp, const InterpLimits *limits, bool pure);
// Everything as after creation, but for the numbers of threads: a thread is known by its parent and by how many that
// one had started before it.
void interp_machine_reset(InterpMachine *m);
void interp_machine_destroy(InterpMachine *m);
const Interp *interp_machine_program(const InterpMachine *m);

// ---- threads ---------------------------------------------------------------------------------------------------------
typedef enum InterpStatus {
    INTERP_RUNNING, // the budget is used up
    INTERP_AT_OP, // interp_op says what it is about to do
    INTERP_BLOCKED, // interp_block was called, interp_commit has not been yet
    INTERP_DONE,
    INTERP_FAILED, // interp_failure says how
} InterpStatus;

typedef enum InterpOpKind {
    INTERP_OP_READ, // of `size` bytes; atomic or not
    INTERP_OP_WRITE, // atomic: of `value`
    INTERP_OP_RMW, // atomic: `rmw` with `value`
    INTERP_OP_CMPXCHG, // atomic: `expected` to `value`
    INTERP_OP_FENCE,
    INTERP_OP_FUTEX_WAIT, // while the word at `address` is `expected`, until `deadline`
    INTERP_OP_FUTEX_WAKE, // at most `value` sleepers
    INTERP_OP_JOIN, // a wait on the word that the end of thread `thread` clears
    INTERP_OP_SPAWN, // interp_spawn makes the thread
    INTERP_OP_EXIT, // of this thread, with its result in `value`; where `size` is not 0, the commit clears a word: a release store
    INTERP_OP_SYSCALL,
    INTERP_OP_YIELD, // a spin hint or a yield
    INTERP_OP_FREE, // the end of shared memory: a write to all of it
} InterpOpKind;

typedef struct InterpOp {
    InterpOpKind kind;
    bool is_atomic;
    bool is_address; // the value is an address
    bool weak; // CMPXCHG may fail although it found `expected`
    InterpObject *object; // of memory operations, futexes and the word that an end clears
    uint64_t address, offset, size;
    MemoryOrder order, failure_order;
    RmwOp rmw;
    InterpValue value, expected;
    uint64_t number, args[6]; // SYSCALL and futexes
    int64_t deadline; // of FUTEX_WAIT; -1: none
    bool until_moment; // it is a moment of the monotonic clock, and otherwise so many nanoseconds from now
    uint32_t thread; // JOIN
    const IrInst *inst; // where; NULL for the end of a thread
    Span span;
} InterpOp;

typedef enum InterpFailureKind {
    INTERP_FAIL_TRAP, // a failed check of the language: `trap`
    INTERP_FAIL_PANIC,
    INTERP_FAIL_UNDEFINED, // undefined behaviour: `undefined`
    INTERP_FAIL_LIMIT, // memory, frames, threads or steps
    INTERP_FAIL_UNSUPPORTED, // a foreign function or a system call that there is none of
    INTERP_FAIL_DEADLOCK,
} InterpFailureKind;

typedef struct InterpFailure {
    InterpFailureKind kind;
    TrapKind trap;
    UndefinedKind undefined;
    const char *message; // one line, without position; lives as long as the machine is not reset
    Span span;
} InterpFailure;

// The first thread: __janus_main, after __janus_init was given the arguments. NULL when the module has no __janus_main.
InterpThread *interp_start_main(InterpMachine *m, uint32_t argument_count, const char *const *arguments);
// Any function as the first thread. `arguments` are registers: a slice takes two, and a result that is no scalar comes
// first as an address.
InterpThread *interp_start(InterpMachine *m, const IrFunc *func, const InterpValue *arguments, uint32_t count);
// Makes the thread that `parent` is about to start: at an INTERP_OP_SPAWN that is committed with the new thread's
// number afterwards.
InterpThread *interp_spawn(InterpThread *parent);
// Back to its first instruction, with the memory that it allocated gone. What it wrote to the memory of others stays
// written.
void interp_thread_reset(InterpThread *t);

uint32_t interp_thread_count(const InterpMachine *m);
InterpThread *interp_thread(const InterpMachine *m, uint32_t index); // NULL: no such thread in this execution
uint32_t interp_thread_index(const InterpThread *t); // 0 is the first thread

// Runs for at most `budget` instructions.
InterpStatus interp_step(InterpThread *t, uint64_t budget);
InterpStatus interp_status(const InterpThread *t);
const InterpOp *interp_op(const InterpThread *t);
const InterpFailure *interp_failure(const InterpThread *t);
// Whether the memory of the pending operation is there still: others may have ended it since. When it is not, the operation
// can only be committed, which fails the thread.
bool interp_op_stands(const InterpThread *t);
// What memory holds where the pending read, read-modify-write or compare-exchange looks.
InterpValue interp_memory_value(const InterpThread *t);
// The word of the pending futex wait or join. False after failing the thread, when it was never written.
bool interp_futex_word(InterpThread *t, uint32_t *word);
// Whether a CMPXCHG stores when it finds `found`, and what an RMW leaves.
bool interp_exchange_succeeds(const InterpOp *op, InterpValue found);
InterpValue interp_rmw_result(const InterpOp *op, InterpValue found);
// Carries the pending operation out: `value` is what a read finds, the result of a system call, futex operation or
// spawn, and nothing otherwise. Non-atomic accesses always find what memory holds. The thread is stepped on by
// interp_step.
InterpStatus interp_commit(InterpThread *t, InterpValue value);
// A weak CMPXCHG that fails although it found `found`.
InterpStatus interp_commit_spurious(InterpThread *t, InterpValue found);
// The thread sleeps in its futex operation: interp_step answers INTERP_BLOCKED until the commit.
void interp_block(InterpThread *t);
// Makes the thread fail where it is: for what only the driver can know (a race, a deadlock, a system call there is none
// of).
InterpStatus interp_fail_at(InterpThread *t, InterpFailureKind kind, UndefinedKind undefined, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
const IrInst *interp_thread_inst(const InterpThread *t); // the one it is at; NULL: before its first, after its last
// Where it is: a line for each frame, innermost first, at most `limit`.
void interp_print_frames(StrBuf *out, const InterpThread *t, uint32_t limit);
void interp_print_position(StrBuf *out, const Interp *interp, Span span); // file:line:column
uint64_t interp_steps(const InterpThread *t); // taken so far

// ---- memory, as the kernel sees it -------------------------------------------------------------------------------------
// Bytes by integer address: of exposed memory, in bounds, accessible, and, where they are read, defined. NULL after
// failing `t`.
const uint8_t *interp_read_memory(InterpThread *t, uint64_t address, uint64_t size);
uint8_t *interp_write_memory(InterpThread *t, uint64_t address, uint64_t size);
// The bytes before the first zero; `limit` of them when none of those is a zero. `ptr` is NULL after failing `t`.
Str interp_read_text(InterpThread *t, uint64_t address, uint64_t limit);
// Writes a scalar of 1, 2, 4 or 8 bytes, for drivers that keep memory themselves.
void interp_poke(InterpObject *object, uint64_t offset, uint64_t size, InterpValue value, bool is_address);
// Fresh zeroed pages of the thread; 0 when the memory limit does not allow it.
uint64_t interp_map_pages(InterpThread *t, uint64_t size);
// False when the range is not made of whole mappings; fails the thread when a running thread's stack lies in it.
bool interp_unmap_pages(InterpThread *t, uint64_t address, uint64_t size);
bool interp_protect_pages(InterpThread *t, uint64_t address, uint64_t size, bool readable, bool writable);
void interp_describe(StrBuf *out, const Interp *interp,
                     const InterpObject *object); // "`counter`", "the slot `x` (file:1:2)"

// ---- memory, as a driver watches it ------------------------------------------------------------------------------------
// Memory is shared once another thread may reach it. What its owner did with it before then was not visible; of that an
// object keeps the owner's stamp at its last read and its last write. Stamps are the driver's, to tell what came when; a
// thread begins with 1.
void interp_thread_stamp(InterpThread *t, uint32_t stamp); // of what it does from now on
typedef struct InterpPast {
    uint32_t owner; // thread
    uint32_t read, written; // stamps; 0: never
} InterpPast;
InterpPast interp_object_past(const InterpObject *o);
uint64_t interp_object_size(const InterpObject *o); // bytes it had when it began
// A word of the driver's for each object, NULL as long as the driver leaves it. An object that ends with another value is
// reported by `death`, and so is every one that has one when the machine is reset; a new life begins with NULL.
void **interp_object_shadow(InterpObject *o);
// Who is told of what a driver does not commit. Functions may be NULL.
typedef struct InterpObserver {
    void *context;
    // A plain access to shared memory, while there are several threads, or the end of such memory (FREE), just before it is
    // carried out: it is no visible operation then, and the thread goes on. False: the observer made the thread fail.
    bool (*plain_access)(void *context, InterpThread *t, InterpOpKind kind, InterpObject *o, uint64_t offset, uint64_t size);
    // The kernel reads or writes shared memory for `t`, while there are several threads: interp_read_memory,
    // interp_write_memory, and interp_unmap_pages as a write to all of it. The observer may make the thread fail.
    void (*kernel_access)(void *context, InterpThread *t, InterpOpKind kind, InterpObject *o, uint64_t offset, uint64_t size);
    void (*death)(void *context, InterpObject *o);
} InterpObserver;
void interp_observe(InterpMachine *m, const InterpObserver *observer); // instead of the last one; NULL: nobody
// A driver's own memory counts against the machine's limit as the program's does. False: `size` bytes more would be too
// much; they are not counted then.
bool interp_charge(InterpMachine *m, uint64_t size);
void interp_discharge(InterpMachine *m, uint64_t size);
uint64_t interp_memory_limit(const InterpMachine *m);

// ---- constants -------------------------------------------------------------------------------------------------------
// Calls a function without parameters on a pure machine, which is reset first, and answers its result as a constant, or
// NULL with the reason: a failure of any kind, a system call, a variable, a result that means nothing once the
// evaluation is over. A pointer to a constant or variable of the program stays one; what the function's own frame holds
// becomes a constant if the pointer does not let it be written.
typedef struct InterpEval {
    Arena *arena; // of the result and of messages
    uint64_t step_limit;
    uint32_t item_limit; // parts of the result
    // A constant of its own, for what a pointer in the result leads to; NULL: there are none.
    Global *(*promote)(void *context, ConstValue *value);
    void *context;
} InterpEval;
typedef struct InterpEvalEnd {
    uint64_t steps; // taken, the parts of the result included
    const char *message; // NULL after a result
    bool is_unknown; // not a mistake of the program: it asks for what there is not at compile time
    InterpFailureKind failure; // when the function did not come to its end …
    TrapKind trap; // … in a trap
    bool is_over_limit; // … because of step_limit
    Span span; // where that was; unknown when the result is at fault
    const IrFunc *func; // in which function of the program; NULL: in the one that was called
} InterpEvalEnd;
ConstValue *interp_eval(InterpMachine *m, const IrFunc *func, const InterpEval *how, InterpEvalEnd *end);

#endif
