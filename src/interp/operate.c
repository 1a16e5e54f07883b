// Instructions on memory that take more than a line: tags, copies, comparisons, calls of what is built in, and of the
// kernel.
#include <math.h>
#include <stdio.h>

#include "interp/internal.h"

static Value value_of(uint64_t bits) { return (Value){bits, {0}}; }
static Value shifted(Value address, uint64_t offset) {
    address.bits += offset;
    return address;
}

// ---- tags --------------------------------------------------------------------------------------------------------------

static const char *tag_name(TagKind kind) {
    return kind == TAG_OPTIONAL ? "whether the optional is empty"
           : kind == TAG_ERROR  ? "whether there is an error"
                                : "the enum's variant";
}

static bool tag_exists(const Thread *t, const TagInfo *info, uint64_t value) {
    if (info->kind == TAG_OPTIONAL) return value <= 1;
    if (info->kind == TAG_ERROR) return value < t->m->interp->module->error_names.len;
    return value_exists(t->m->interp, info->type, value);
}

static bool tag_read(Thread *t, const TagInfo *info, Value address, uint64_t *value) {
    const Object *o = address.object;
    uint64_t at = address.bits - o->base, bits = 0;
    if (!memory_defined(o, at, info->tag_size)) return fail_bytes(t, tag_name(info->kind));
    memcpy(&bits, o->bytes + at, info->tag_size);
    *value = number_extend(bits, 64 - info->tag_size * 8, info->is_signed);
    return tag_exists(t, info, *value) ||
           fail_undefined(t, UNDEFINED_VALUE, "%s is told by %llu", tag_name(info->kind), (unsigned long long)*value);
}

bool run_tag_get(Thread *t, const TagInfo *info, Value address, Value *result) {
    address = shifted(address, info->offset);
    *result = value_of(0);
    return memory_access(t, address, info->tag_size, info->log_align, false) &&
           tag_read(t, info, address, &result->bits);
}

// The rest of it has no contents until they are stored.
bool run_tag_set(Thread *t, const TagInfo *info, Value address, uint64_t value) {
    Value tag = shifted(address, info->offset);
    if (!memory_access(t, address, info->size, 0, true) || !memory_check(t, tag, info->tag_size, info->log_align, true))
        return false;
    memory_set_defined(t->m, address.object, address.bits - address.object->base, info->size, false);
    memory_store(t->m, tag.object, tag.bits - tag.object->base, info->tag_size, value_of(value));
    return true;
}

bool run_variant(Thread *t, const TagInfo *info, Value address, Value *result) {
    Value tag = shifted(address, info->offset);
    uint64_t value;
    if (!memory_check(t, tag, info->tag_size, info->log_align, false) || !tag_read(t, info, tag, &value)) return false;
    if (value != info->value) {
        const Name *name = info->type->variants[info->variant].name;
        return fail_undefined(t, UNDEFINED_VARIANT, "the enum does not hold `%s`", name ? name->text : "?");
    }
    *result = shifted(address, info->field_offset);
    return true;
}

// ---- ranges ------------------------------------------------------------------------------------------------------------

bool run_copy(Thread *t, Value to, Value from, uint64_t size, uint8_t log_align, bool may_overlap) {
    if (!size) return true;
    if (!memory_access(t, from, size, log_align, false) || !memory_access(t, to, size, log_align, true)) return false;
    if (to.bits == from.bits) return true;
    uint64_t distance = to.bits > from.bits ? to.bits - from.bits : from.bits - to.bits;
    if (!may_overlap && distance < size)
        return fail_undefined(t, UNDEFINED_OVERLAP, "the places are %llu bytes apart", (unsigned long long)distance);
    memory_copy(t->m, to.object, to.bits - to.object->base, from.object, from.bits - from.object->base, size);
    return true;
}

bool run_equal(Thread *t, Value a, Value b, uint64_t size, Value *result) {
    *result = value_of(1);
    if (!size) return true;
    if (!memory_access(t, a, size, 0, false) || !memory_access(t, b, size, 0, false)) return false;
    uint64_t x = a.bits - a.object->base, y = b.bits - b.object->base;
    if (!memory_defined(a.object, x, size) || !memory_defined(b.object, y, size)) return fail_bytes(t, "a comparison");
    memory_expose_range(t->m, a.object, x, size);
    memory_expose_range(t->m, b.object, y, size);
    result->bits = memcmp(a.object->bytes + x, b.object->bytes + y, size) == 0;
    return true;
}

bool run_panic(Thread *t, Value text, Value len) {
    if (value_is_undefined_address(text) || len.undefined) return fail_bytes(t, "the message of a panic");
    if (len.bits && (!memory_check(t, text, len.bits, 0, false) ||
                     !memory_defined(text.object, text.bits - text.object->base, len.bits)))
        return t->status == INTERP_FAILED ? false : fail_bytes(t, "the message of a panic");
    const char *bytes = len.bits ? (const char *)text.object->bytes + (text.bits - text.object->base) : "";
    StrBuf message = {0};
    strbuf_append(&message, bytes, len.bits);
    fail(t, INTERP_FAIL_PANIC, 0, "%s", "");
    t->failure.message = str_c(t->m->arena, strbuf_str(&message));
    strbuf_free(&message);
    return false;
}

// ---- calls -------------------------------------------------------------------------------------------------------------

static bool same_shape(Interp *p, const Type *a, const Type *b) {
    if (a == b) return true;
    if (!type_is_scalar(a) || !type_is_scalar(b)) return false;
    Shape x = shape_of(p, a), y = shape_of(p, b);
    if (x.is_slice || y.is_slice) return x.is_slice && y.is_slice && a->element == b->element;
    return x.is_address && y.is_address;
}

bool run_check_callee(Thread *t, const IrInst *inst, Value callee, Func **f) {
    const Object *o = callee.object;
    if (value_is_undefined_address(callee)) return fail_bytes(t, "the function that is called");
    if (o->kind != OBJECT_FUNC || callee.bits != o->base)
        return fail_undefined(t, UNDEFINED_POINTER, "the address that is called is not that of a function");
    *f = (Func *)o->origin;
    const Type *wanted = inst->args[0]->type, *actual = (*f)->ir->type;
    bool same = wanted->param_count == actual->param_count &&
                (wanted->element == actual->element || same_shape(t->m->interp, wanted->element, actual->element));
    for (uint32_t i = 0; same && i < wanted->param_count; i++)
        same = same_shape(t->m->interp, wanted->params[i], actual->params[i]);
    if (same) return true;
    StrBuf text = {0};
    type_print(&text, actual);
    strbuf_puts(&text, "` and is called as `");
    type_print(&text, wanted);
    fail_undefined(t, UNDEFINED_FUNC_TYPE, "`%s` is `%s`", (*f)->ir->name, strbuf_str(&text).ptr);
    strbuf_free(&text);
    return false;
}

// clone(flags, stack top, parent tid, child tid, entry, argument). The kernel has written the number before the new
// thread runs.
static bool call_clone(Thread *t, const Value *args, Value *result) {
    Value entry = args[4], word = args[2];
    for (uint32_t i = 0; i < 6; i++)
        if (i == 0 ? args[i].undefined != 0 : value_is_undefined_address(args[i]))
            return fail_bytes(t, "the start of a thread");
    if (entry.object->kind != OBJECT_FUNC || entry.bits != entry.object->base)
        return fail_undefined(t, UNDEFINED_POINTER, "a thread is started at an address that is not that of a function");
    const Type *type = ((const Func *)entry.object->origin)->ir->type;
    if (type->param_count != 1 || type->params[0]->kind != TYPE_PTR || ir_result_by_address(type) ||
        ((const Func *)entry.object->origin)->builtin)
        return fail_undefined(t, UNDEFINED_FUNC_TYPE,
                              "a thread is started with a function that does not take one address");
    if (!memory_check(t, word, 4, 2, true) || !memory_check(t, args[3], 4, 2, true)) return false;
    memory_expose(t->m, word.object);
    memory_expose(t->m, args[3].object);
    InterpOp op = {.kind = INTERP_OP_SPAWN, .value = args[5], .expected = entry, .address = word.bits};
    for (uint32_t i = 0; i < 4; i++) op.args[i] = args[i].bits;
    if (!op_visible(t, &op)) return false;
    *result = t->given;
    if ((int64_t)t->given.bits > 0)
        memory_store(t->m, word.object, word.bits - word.object->base, 4, value_of(t->given.bits));
    return true;
}

static bool call_set(Thread *t, const Value *args, Value *result) {
    if (args[1].undefined | args[2].undefined) return fail_bytes(t, "a fill");
    *result = args[0];
    if (!args[2].bits) return true;
    if (!memory_access(t, args[0], args[2].bits, 0, true)) return false;
    memory_fill(t->m, args[0].object, args[0].bits - args[0].object->base, args[2].bits, (uint8_t)args[1].bits);
    return true;
}

static bool call_compare(Thread *t, const Value *args, Value *result) {
    Value equal;
    if (args[2].undefined) return fail_bytes(t, "a comparison");
    if (!run_equal(t, args[0], args[1], args[2].bits, &equal)) return false;
    *result = value_of(0);
    if (equal.bits) return true;
    const uint8_t *a = args[0].object->bytes + (args[0].bits - args[0].object->base),
                  *b = args[1].object->bytes + (args[1].bits - args[1].object->base);
    result->bits = memcmp(a, b, args[2].bits) < 0 ? UINT64_MAX : 1;
    return true;
}

static bool call_length(Thread *t, const Value *args, Value *result) {
    *result = value_of(0);
    for (Value at = args[0];; at.bits++, result->bits++) {
        if (!memory_check(t, at, 1, 0, false)) return false;
        uint64_t offset = at.bits - at.object->base;
        if (!memory_defined(at.object, offset, 1)) return fail_bytes(t, "the length of a text");
        if (!at.object->bytes[offset]) return true;
    }
}

static bool call_fmod(Thread *t, const Value *args, bool narrow, Value *result) {
    if (args[0].undefined | args[1].undefined) return fail_bytes(t, "arithmetic");
    *result = value_of(0);
    if (narrow) {
        float x, y;
        memcpy(&x, &args[0].bits, sizeof x);
        memcpy(&y, &args[1].bits, sizeof y);
        x = fmodf(x, y);
        memcpy(&result->bits, &x, sizeof x);
    } else {
        double x, y;
        memcpy(&x, &args[0].bits, sizeof x);
        memcpy(&y, &args[1].bits, sizeof y);
        x = fmod(x, y);
        memcpy(&result->bits, &x, sizeof x);
    }
    return true;
}

bool run_builtin(Thread *t, Func *f, const Value *args, Value *result) {
    static const uint8_t counts[] = {
        [BUILTIN_CLONE] = 6,  [BUILTIN_COPY] = 3, [BUILTIN_SET] = 3,   [BUILTIN_COMPARE] = 3,
        [BUILTIN_LENGTH] = 1, [BUILTIN_FMOD] = 2, [BUILTIN_FMODF] = 2, [BUILTIN_MISSING] = 0};
    if (f->builtin == BUILTIN_MISSING || f->ir->param_count != counts[f->builtin])
        return fail(t, INTERP_FAIL_UNSUPPORTED, 0, "the foreign function `%s` is not available under the interpreter",
                    f->ir->name);
    switch (f->builtin) {
    case BUILTIN_CLONE: return call_clone(t, args, result);
    case BUILTIN_COPY:
        *result = args[0];
        if (args[2].undefined) return fail_bytes(t, "a copy");
        return run_copy(t, args[0], args[1], args[2].bits, 0, true);
    case BUILTIN_SET: return call_set(t, args, result);
    case BUILTIN_COMPARE: return call_compare(t, args, result);
    case BUILTIN_LENGTH: return call_length(t, args, result);
    case BUILTIN_FMOD: return call_fmod(t, args, false, result);
    case BUILTIN_FMODF: return call_fmod(t, args, true, result);
    default: return false;
    }
}

// ---- the kernel --------------------------------------------------------------------------------------------------------

enum {
    SYS_SCHED_YIELD = 24,
    SYS_FUTEX = 202,
    FUTEX_WAIT = 0,
    FUTEX_WAKE = 1,
    FUTEX_WAIT_BITSET = 9,
    FUTEX_COMMAND = 127,
    FUTEX_PRIVATE = 128
};

// Whether that thread has ended already makes no difference: what an operation is must not depend on the order.
static uint32_t thread_of_word(const Machine *m, uint64_t address) {
    for (uint32_t i = m->threads.len; i-- > 1;)
        if (m->threads.items[i]->started && m->threads.items[i]->tid_word == address) return i;
    return 0;
}

static bool futex_deadline(Thread *t, uint64_t address, int64_t *out) {
    *out = -1;
    if (!address) return true;
    const uint8_t *time = interp_read_memory(t, address, 16);
    if (!time) return false;
    int64_t seconds, nanoseconds;
    memcpy(&seconds, time, 8);
    memcpy(&nanoseconds, time + 8, 8);
    if (seconds > INT64_MAX / 1000000000 - 1) seconds = INT64_MAX / 1000000000 - 1;
    *out = seconds < 0 ? 0 : seconds * 1000000000 + nanoseconds;
    return true;
}

// A wait for some bits only, or until a moment of the wall clock, needs what this kernel does not keep.
static bool futex_waits(const InterpOp *op, uint64_t command) {
    if (command == FUTEX_WAIT) return true;
    return (op->args[1] & ~(uint64_t)FUTEX_PRIVATE) == FUTEX_WAIT_BITSET && (uint32_t)op->args[5] == UINT32_MAX;
}

static bool futex_op(Thread *t, InterpOp *op) {
    uint64_t command = op->args[1] & FUTEX_COMMAND;
    op->address = op->args[0];
    if (command == FUTEX_WAKE) {
        op->kind = INTERP_OP_FUTEX_WAKE;
        op->value = value_of(op->args[2]);
        op->object = memory_from_int(t->m, t, op->address).object;
        return true;
    }
    if (!futex_waits(op, command))
        return fail(t, INTERP_FAIL_UNSUPPORTED, 0, "futex command %llu is not available under the interpreter",
                    (unsigned long long)command);
    Value word = memory_from_int(t->m, t, op->address);
    if (!memory_check(t, word, 4, 2, false)) return false;
    op->object = word.object;
    op->offset = word.bits - word.object->base;
    op->size = 4;
    op->kind = INTERP_OP_FUTEX_WAIT;
    op->expected = value_of((uint32_t)op->args[2]);
    op->thread = thread_of_word(t->m, op->address);
    if (op->thread) op->kind = INTERP_OP_JOIN;
    op->until_moment = command == FUTEX_WAIT_BITSET;
    return futex_deadline(t, op->args[3], &op->deadline);
}

bool run_syscall(Thread *t, const IrInst *inst, const Code *c, Value *r, const uint32_t *operands) {
    InterpOp op = {.kind = INTERP_OP_SYSCALL};
    for (uint32_t i = 0; i < c->b; i++) {
        Value v = r[operands[i]];
        bool is_address = inst->args[i]->type->kind == TYPE_PTR;
        if (is_address ? value_is_undefined_address(v) : v.undefined != 0) return fail_bytes(t, "a system call");
        if (is_address) memory_expose(t->m, v.object);
        if (i == 0)
            op.number = v.bits;
        else
            op.args[i - 1] = v.bits;
    }
    if (op.number == SYS_SCHED_YIELD) op.kind = INTERP_OP_YIELD;
    if (op.number == SYS_FUTEX && !futex_op(t, &op)) return false;
    if (!op_visible(t, &op)) return false;
    r[c->dst] = value_of(t->given.bits);
    return true;
}

bool interp_futex_word(InterpThread *t, uint32_t *word) {
    const InterpOp *op = &t->op;
    if (!memory_defined(op->object, op->offset, sizeof *word)) return fail_bytes(t, "a futex");
    memcpy(word, op->object->bytes + op->offset, sizeof *word);
    return true;
}

// ---- memory for drivers --------------------------------------------------------------------------------------------------

static Value kernel_access(Thread *t, uint64_t address, uint64_t size, bool is_write) {
    Value v = memory_from_int(t->m, t, address);
    if (!memory_check(t, v, size, 0, is_write)) return (Value){0, {NULL}};
    kernel_accesses(t, is_write ? INTERP_OP_WRITE : INTERP_OP_READ, v.object, v.bits - v.object->base, size);
    return v;
}

const uint8_t *interp_read_memory(InterpThread *t, uint64_t address, uint64_t size) {
    static const uint8_t nothing;
    if (!size) return &nothing;
    Value v = kernel_access(t, address, size, false);
    if (!v.object || t->status == INTERP_FAILED) return NULL;
    uint64_t offset = v.bits - v.object->base;
    if (!memory_defined(v.object, offset, size)) return fail_bytes(t, "a system call"), NULL;
    memory_expose_range(t->m, v.object, offset, size);
    return v.object->bytes + offset;
}

Str interp_read_text(InterpThread *t, uint64_t address, uint64_t limit) {
    Value v = memory_from_int(t->m, t, address);
    uint64_t len = 0;
    for (; len < limit; len++) {
        if (!memory_check(t, shifted(v, len), 1, 0, false)) return (Str){NULL, 0};
        if (!v.object->bytes[v.bits - v.object->base + len]) break;
    }
    const uint8_t *bytes = interp_read_memory(t, address, len < limit ? len + 1 : limit);
    return (Str){(const char *)bytes, bytes ? len : 0};
}

uint8_t *interp_write_memory(InterpThread *t, uint64_t address, uint64_t size) {
    if (!size) return NULL;
    Value v = kernel_access(t, address, size, true);
    if (!v.object || t->status == INTERP_FAILED) return NULL;
    uint64_t offset = v.bits - v.object->base;
    memory_set_defined(t->m, v.object, offset, size, false);
    memory_set_defined(t->m, v.object, offset, size, true);
    return v.object->bytes + offset;
}
