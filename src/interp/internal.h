// What the files of the interpreter share.
//
// Memory. An object has bytes and two shadows: a bit per byte that says whether it is defined, and for each aligned
// eight bytes the object that an address stored there points into. Either shadow is absent while it would say nothing
// (all defined; no address). An address in a register is an integer and an object; an access is legal when the integer
// lies in the object. Since addresses are not used twice, an address of a slot that is gone can never lie in whatever
// its object's record was used for next: records of slots form a stack for each thread, are reused at once, and need no
// generation.
//
// Instructions. A visible operation interrupts its instruction before it had any effect; once committed, the
// instruction runs again from its start and passes the operations that are granted (InterpThread.granted). So an
// instruction's checks come before its effects, and an atomic operation is the last of its instruction's.
#ifndef JANUS_INTERP_INTERNAL_H
#define JANUS_INTERP_INTERNAL_H

#include "interp/interp.h"

typedef InterpValue Value;
typedef InterpObject Object;
typedef InterpMachine Machine;
typedef InterpThread Thread;
typedef struct Func Func;

typedef enum StepKind {
#define STEP(kind) STEP_##kind,
#include "interp/codes.def"
    STEP_KIND_COUNT
} StepKind;

// ---- memory ------------------------------------------------------------------------------------------------------------

typedef enum ObjectKind {
    OBJECT_NONE, // of an address that points nowhere
    OBJECT_UNDEFINED, // of an address whose bytes are undefined
    OBJECT_FUNC,
    OBJECT_GLOBAL,
    OBJECT_STRING,
    OBJECT_SLOT,
    OBJECT_PAGES,
    OBJECT_ARGUMENTS
} ObjectKind;

enum {
    OBJECT_SHARED = 1, // other threads can reach it
    OBJECT_READ_ONLY = 2,
    OBJECT_GUARDED = 4, // not all of its pages may be accessed
    OBJECT_FORBIDDEN = 8, // a variable, while a constant is evaluated
    OBJECT_EXPOSED = 16, // its address was seen as an integer
    OBJECT_OWNS_DEFINED = 32,
    OBJECT_OWNS_TARGETS = 64,
    OBJECT_OWNS_BYTES = 128,
    OBJECT_FREED = 256,
    OBJECT_UNLOADED = 512, // a constant of a program that grows, before anybody looked at it
};

struct InterpObject {
    uint64_t base, size; // size: what may be accessed, 0 once it is gone
    uint8_t *bytes;
    uint8_t *defined; // a bit per byte, padded; NULL: all are
    Object **targets; // per aligned 8 bytes; NULL: none
    uint32_t flags;
    uint32_t local_read, local_write; // the owner's stamp at its last accesses before the memory was shared
    uint16_t owner; // thread
    uint8_t kind;
    uint8_t log_align;
    uint32_t stack_users; // running threads that have it as their stack
    uint64_t full_size;
    Object **target_room; // reserved for `targets`
    const void *origin; // IrInst of a slot, IrGlobal, IrFunc
    void *shadow; // the driver's
    uint8_t *page_rights; // per page: bit 0 readable, bit 1 writable; NULL: both
    Object *next_work; // while memory is being shared
};

extern const Object object_none, object_undefined;
#define NO_OBJECT ((Object *)&object_none) // never written: its size is 0
#define UNDEFINED_OBJECT ((Object *)&object_undefined)

enum { PAGE_SIZE = 4096, OBJECT_GAP = 16 };

// ---- programs ----------------------------------------------------------------------------------------------------------

typedef struct Code {
    uint16_t kind;
    uint8_t shift; // of integers: 64 less the width
    uint8_t flags; // CODE_…
    uint32_t dst, a, b;
    union {
        uint64_t imm;
        const void *ptr;
        struct {
            uint32_t c, d;
        };
    };
} Code;

enum {
    CODE_SIGNED = 1,
    CODE_UNCHECKED = 2,
    CODE_F32 = 4,
    CODE_FROM_F32 = 8,
    CODE_WIDE = 16 /* two registers */,
    CODE_FROM_SIGNED = 32,
    CODE_SIGNED_HIGH = 64 // of CHECK_SLICE; CODE_SIGNED is the low end
};

typedef struct SlotInfo {
    const IrInst *inst;
    uint64_t size;
    uint32_t reg;
    uint8_t log_align;
    bool always_live, has_addresses;
    uint64_t bytes_at, defined_at, targets_at; // in the frame's memory
} SlotInfo;

typedef enum TagKind { TAG_OPTIONAL, TAG_ERROR, TAG_ENUM } TagKind;

typedef struct TagInfo {
    TagKind kind;
    const Type *type; // of the whole
    uint64_t size, offset; // of the whole; of the tag
    uint32_t tag_size;
    uint8_t log_align; // of the tag
    bool is_signed;
    uint64_t value; // SET_TAG; VARIANT: what the tag must be
    uint64_t field_offset; // VARIANT
    uint32_t variant;
} TagInfo;

typedef struct SwitchTable {
    uint32_t count, otherwise;
    uint64_t *values; // ascending
    uint32_t *targets;
} SwitchTable;

typedef enum BuiltinKind {
    BUILTIN_NONE,
    BUILTIN_CLONE,
    BUILTIN_COPY,
    BUILTIN_SET,
    BUILTIN_COMPARE,
    BUILTIN_LENGTH,
    BUILTIN_FMOD,
    BUILTIN_FMODF,
    BUILTIN_MISSING,
    BUILTIN_LATER // its body is there once it is called
} BuiltinKind;

struct Func {
    const IrFunc *ir;
    uint32_t index;
    BuiltinKind builtin;
    bool decoded;
    Code *code; // NULL until it is first called
    const IrInst **origins; // per code
    uint32_t code_count, reg_count, param_regs;
    uint32_t *operands; // of calls
    SlotInfo *slots; // those that are memory
    uint32_t slot_count;
    uint64_t frame_bytes;
    Object object; // what the function's address points to
};

typedef struct Relocation {
    uint64_t offset, addend;
    uint32_t target; // static, or function
    bool is_func;
} Relocation;

typedef struct Static { // the image of a global or a string
    const IrGlobal *global; // NULL: a string
    uint64_t base, size;
    uint8_t *bytes, *defined; // NULL: all zero; all defined
    uint8_t log_align;
    bool is_var, is_undefined;
    bool is_set; // of a program that grows: the image was made
    VEC(Relocation) relocations;
} Static;

struct Interp {
    const IrModule *module;
    const InterpSource *source; // NULL: the module is complete
    Arena *arena;
    VEC(Func *) funcs;
    Map func_by_ir; // IrFunc → Func
    Map func_by_name; // Name → Func with a body
    VEC(Static *) statics;
    Map static_by_global; // IrGlobal → index + 1
    Map static_by_text; // Name → index + 1
    uint64_t next_address;
    bool is_too_large; // an initial value cannot be written down
};

Func *interp_func(Interp *p, const IrFunc *ir); // with its body, when another declaration of the symbol has it
uint32_t interp_static_of_text(Interp *p, Str text);
uint32_t interp_static_of_global(Interp *p, const IrGlobal *g);
// static.c
void image_write(Interp *p, Static *image, uint64_t at, const ConstValue *v);
bool image_set(Interp *p, Static *image, const ConstValue *v);
Static *image_create(Interp *p, uint64_t size, uint8_t log_align);
uint8_t log2_of(uint64_t power);
// decode.c
void func_decode(Interp *p, Func *f);
bool type_holds_addresses(const Type *t);

// A scalar's form in a register and in memory.
typedef struct Shape {
    uint8_t size, shift, log_align;
    bool is_signed, is_address, is_slice, is_checked; // checked: not every bit pattern is a value
} Shape;
Shape shape_of(Interp *p, const Type *t);
bool value_exists(const Interp *p, const Type *t, uint64_t bits); // bool, plain enum, error

// ---- machines ----------------------------------------------------------------------------------------------------------

typedef struct Chunk {
    struct Chunk *prev, *next;
    uint64_t size, used;
    uint8_t *bytes;
} Chunk;

typedef struct Slab {
    struct Slab *prev, *next;
    uint32_t size, used;
    Object *objects;
} Slab;

typedef struct Frame {
    Func *func;
    const Code *at; // the running or next instruction; of a caller: its call
    uint32_t regs; // first register
    Object *slots;
    Chunk *chunk; // the stack of frame memory before this frame
    uint64_t chunk_used;
    Slab *slab;
    uint32_t slab_used;
    bool is_detached; // no call of the frame below: that goes on where it is
} Frame;

struct InterpThread {
    Machine *m;
    uint32_t index, parent, ordinal, children;
    InterpStatus status;
    bool started; // in this execution
    const Func *entry;
    Value entry_args[8];
    uint32_t entry_count;
    bool is_main; // runs __janus_init before its entry
    Value *regs;
    uint32_t reg_cap;
    Frame *frames;
    uint32_t frame_count, frame_cap;
    Chunk *chunk;
    Slab *slab;
    uint64_t next_slot, slot_end, next_pages, pages_end; // addresses
    VEC(Object *) pages; // every mapping, in order of address
    uint32_t stamp; // of its accesses to memory of its own
    uint32_t granted, seen; // operations of the running instruction: committed; met in this pass
    Value given; // by the commit of an atomic operation or a call of the kernel
    bool given_spurious;
    InterpOp op;
    InterpFailure failure;
    uint64_t steps;
    uint64_t extra; // what the running instruction counts for beyond one
    uint64_t tid_word; // cleared and woken at the end; 0: none
    Object *stack; // the memory the program gave it
    Value result;
};

struct InterpMachine {
    Interp *interp;
    InterpLimits limits;
    bool pure;
    bool is_too_large; // the globals alone exceed the memory limit
    bool concurrent; // more than one thread was started
    uint32_t watch_read, watch_write; // flags of objects whose accesses need a closer look
    uint64_t memory_used;
    Arena *arena; // of one execution
    VEC(Object *) statics; // in the order of the program's; of one that grows, those that were reached
    bool address_seen; // something may depend on the number of an address …
    const IrInst *address_seen_by; // … that this made; NULL: what read its bytes
    Object arguments;
    VEC(Thread *) threads; // by index; kept over resets
    Arena *thread_arena; // of what is kept over resets
    Object **exposed; // alive, exposed, by address
    uint32_t exposed_count, exposed_cap;
    InterpObserver observer;
};

// ---- static.c
Object *machine_static(Machine *m, uint32_t index);
void static_load(Machine *m, uint32_t index); // as the program's image says, at a reset
bool machine_load(Thread *t, Object *o); // an OBJECT_UNLOADED

// ---- failures: each answers false ----------------------------------------------------------------------------------------
bool fail(Thread *t, InterpFailureKind kind, UndefinedKind undefined, const char *fmt, ...) PRINTF_LIKE(4, 5);
bool fail_undefined(Thread *t, UndefinedKind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool fail_trap(Thread *t, TrapKind trap);
bool fail_bytes(Thread *t, const char *where); // undefined bytes used in …
const IrInst *frame_origin(const Frame *frame); // where the frame is; NULL before its first instruction
const IrInst *thread_origin(const Thread *t); // of the running instruction

// ---- access.c --------------------------------------------------------------------------------------------------------
// Whether an access is legal and, where it is visible, granted. The fast path of the run loop has these checks inlined.
bool memory_access(Thread *t, Value address, uint64_t size, uint8_t log_align, bool is_write);
// The same without making the access visible: for what is read or written by the way.
bool memory_check(Thread *t, Value address, uint64_t size, uint8_t log_align, bool is_write);

// ---- memory.c --------------------------------------------------------------------------------------------------------
bool memory_defined(const Object *o, uint64_t offset, uint64_t size);
uint64_t memory_undefined_mask(const Object *o, uint64_t offset, uint64_t size); // of at most 8 bytes
void memory_set_defined(Machine *m, Object *o, uint64_t offset, uint64_t size, bool defined);
void memory_store(Machine *m, Object *o, uint64_t offset, uint64_t size, Value v); // no address
void memory_store_address(Machine *m, Object *o, uint64_t offset, Value v);
Value memory_load(Machine *m, Thread *t, Object *o, uint64_t offset, Shape shape);
Value memory_load_address(Machine *m, Thread *t, Object *o, uint64_t offset);
void memory_copy(Machine *m, Object *to, uint64_t to_at, Object *from, uint64_t from_at, uint64_t size);
void memory_fill(Machine *m, Object *o, uint64_t offset, uint64_t size, uint8_t byte);
void memory_expose(Machine *m, Object *o);
void memory_expose_range(Machine *m, Object *o, uint64_t offset, uint64_t size); // what addresses stored there point to
void memory_share(Machine *m, Object *o);
Value memory_from_int(Machine *m, Thread *t, uint64_t address); // t may be NULL
bool memory_reserve(Thread *t, uint64_t size); // against the limit
void memory_release_reserved(Machine *m, uint64_t size);
void *memory_zeroed(uint64_t size);
void object_end(Machine *m, Object *o); // it is gone
void object_reset(Machine *m, Object *o); // frees what it owns, at a reset
void object_release_targets(Machine *m, Object *o); // what its bytes point to is forgotten
static inline bool value_is_undefined_address(Value v) { return v.object == &object_undefined; }

// ---- watch.c: what the driver is told ----------------------------------------------------------------------------------
void object_forget_shadow(Machine *m, Object *o);
void kernel_accesses(Thread *t, InterpOpKind kind, Object *o, uint64_t offset, uint64_t size);
bool plain_accesses(Thread *t, InterpOpKind kind, Object *o, uint64_t offset, uint64_t size); // of shared memory

// ---- thread.c --------------------------------------------------------------------------------------------------------
bool frame_push(Thread *t, Func *f); // the caller fills the registers of its parameters
void frame_pop(Thread *t);
void thread_release_chunks(Thread *t, bool all); // of a thread without frames; a first one of the usual size stays unless `all`
bool frame_may_end(Thread *t); // the ends of its shared slots, as visible operations
bool thread_may_end(Thread *t, Value result); // its end, as a visible operation
void slot_begin(Thread *t, Frame *frame, uint32_t slot);
bool slot_end(Thread *t, Frame *frame, uint32_t slot);
Object *thread_add_pages(Thread *t, uint64_t size);

// ---- run.c and its helpers: each runs one instruction and answers false when it did not come to its end ------------------
InterpStatus thread_run(Thread *t, uint64_t budget);
// True when the operation was granted; else it is what the thread now waits at.
bool op_visible(Thread *t, const InterpOp *op);
bool run_atomic(Thread *t, const IrInst *inst, const Code *c, Value *r);
bool run_syscall(Thread *t, const IrInst *inst, const Code *c, Value *r, const uint32_t *operands);
bool run_builtin(Thread *t, Func *f, const Value *args, Value *result);
bool run_tag_get(Thread *t, const TagInfo *info, Value address, Value *result);
bool run_variant(Thread *t, const TagInfo *info, Value address, Value *result);
bool run_tag_set(Thread *t, const TagInfo *info, Value address, uint64_t value);
bool run_copy(Thread *t, Value to, Value from, uint64_t size, uint8_t log_align, bool may_overlap);
bool run_equal(Thread *t, Value a, Value b, uint64_t size, Value *result);
bool run_float(Thread *t, const IrInst *inst, const Code *c, Value *r);
bool run_float_compare(Thread *t, const IrInst *inst, const Code *c, Value *r);
bool run_int_cast(Thread *t, const Code *c, Value *r);
bool run_float_to_int(Thread *t, const Code *c, Value *r);
void run_int_to_float(const Code *c, Value *r);
void run_float_cast(const Code *c, Value *r);
bool run_divide(Thread *t, const Code *c, Value *r);
bool run_shift(Thread *t, const Code *c, Value *r);
bool run_overflow(Thread *t, const IrInst *inst, Value *r, const Code *c);
bool run_panic(Thread *t, Value text, Value len);
bool run_check_callee(Thread *t, const IrInst *inst, Value callee, Func **f);
uint64_t number_byte_swap(uint64_t bits, uint32_t bytes);
uint32_t number_crc32c(uint32_t crc, uint64_t data, uint32_t bytes);
bool number_mul_64(uint64_t a, uint64_t b, bool is_signed, uint64_t *out); // false on overflow

static inline uint64_t number_extend(uint64_t bits, uint32_t shift, bool is_signed) {
    if (is_signed) return (uint64_t)((int64_t)(bits << shift) >> shift);
    return bits << shift >> shift;
}

#endif
