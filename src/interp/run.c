// The loop that executes decoded functions. Calls push frames, they do not recurse. Before each instruction its place
// is noted, so that whatever stops there knows where it is and an interrupted instruction can be run again from its
// start.
#include "interp/internal.h"

// The common case of an access, inlined: inside an object that nobody else can notice. Anything else is for
// memory_access to judge.
#define ADDRESS(address, width, log_align, is_write)                                                                   \
    Value p = (address);                                                                                               \
    Object *o = p.object;                                                                                              \
    uint64_t at = p.bits - o->base;                                                                                    \
    if (at >= o->size || o->size - at < (width) || (p.bits & ((1u << (log_align)) - 1)) ||                             \
        (o->flags & ((is_write) ? watch_write : watch_read))) {                                                        \
        if (!memory_access(t, p, (width), (log_align), (is_write))) goto stop;                                         \
    } else if (is_write) {                                                                                             \
        o->local_write = t->stamp;                                                                                     \
    } else {                                                                                                           \
        o->local_read = t->stamp;                                                                                      \
    }

#define LOAD(type, width, log_align)                                                                                   \
    {                                                                                                                  \
        ADDRESS(r[c->a], width, log_align, false)                                                                      \
        type loaded;                                                                                                   \
        memcpy(&loaded, o->bytes + at, width);                                                                         \
        if (o->targets) memory_expose_range(m, o, at, width);                                                          \
        r[c->dst] =                                                                                                    \
            (Value){(uint64_t)(int64_t)loaded, {.undefined = o->defined ? memory_undefined_mask(o, at, width) : 0}};   \
        c++;                                                                                                           \
        continue;                                                                                                      \
    }

#define STORE(width, log_align)                                                                                        \
    {                                                                                                                  \
        ADDRESS(r[c->a], width, log_align, true)                                                                       \
        Value v = r[c->b];                                                                                             \
        if (v.undefined || o->targets) {                                                                               \
            memory_store(m, o, at, width, v);                                                                          \
        } else {                                                                                                       \
            memcpy(o->bytes + at, &v.bits, width);                                                                     \
            if (o->defined) set_defined(o, at, (1u << (width)) - 1);                                                   \
        }                                                                                                              \
        c++;                                                                                                           \
        continue;                                                                                                      \
    }

#define NEED(a_)                                                                                                       \
    if (r[a_].undefined) goto undefined_operand
#define NEED_TWO                                                                                                       \
    if (r[c->a].undefined | r[c->b].undefined) goto undefined_operand
#define RESULT(expression)                                                                                             \
    {                                                                                                                  \
        r[c->dst] = (Value){(expression), {.undefined = 0}};                                                           \
        c++;                                                                                                           \
        continue;                                                                                                      \
    }
#define COMPARE(type, op)                                                                                              \
    {                                                                                                                  \
        NEED_TWO;                                                                                                      \
        RESULT((type)r[c->a].bits op(type) r[c->b].bits)                                                               \
    }
// What takes longer than an instruction counts for more than one.
#define CHARGE                                                                                                         \
    {                                                                                                                  \
        left -= t->extra < left ? t->extra : left;                                                                     \
        t->extra = 0;                                                                                                  \
    }
#define HELPER(call)                                                                                                   \
    {                                                                                                                  \
        if (!(call)) goto stop;                                                                                        \
        c++;                                                                                                           \
        continue;                                                                                                      \
    }

static inline void set_defined(Object *o, uint64_t at, uint32_t mask) {
    uint16_t bits;
    memcpy(&bits, o->defined + (at >> 3), sizeof bits);
    bits = (uint16_t)(bits | mask << (at & 7));
    memcpy(o->defined + (at >> 3), &bits, sizeof bits);
}

static uint64_t count_bits(uint64_t v) {
    uint64_t n = 0;
    for (; v; v &= v - 1) n++;
    return n;
}

static uint64_t leading_zeros(uint64_t v, uint32_t width) {
    uint64_t n = 0;
    while (n < width && !(v >> (width - 1 - n) & 1)) n++;
    return n;
}

static uint64_t trailing_zeros(uint64_t v, uint32_t width) {
    uint64_t n = 0;
    while (n < width && !(v >> n & 1)) n++;
    return n;
}

static uint32_t switch_target(const SwitchTable *table, uint64_t value) {
    uint32_t low = 0, high = table->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (table->values[middle] == value) return table->targets[middle];
        if (table->values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return table->otherwise;
}

// Bytes of `count` elements; what cannot be in memory stays larger than any object.
static uint64_t total_size(uint64_t count, uint64_t size) {
    return size && count > TYPE_SIZE_LIMIT / size ? TYPE_SIZE_LIMIT : count * size;
}

static bool bulk(Thread *t, const Code *c, Value *r) {
    Machine *m = t->m;
    Value a = r[c->a], b = r[c->b];
    uint64_t size = c->imm;
    t->extra = size >> 6;
    if (c->kind == STEP_COPY) return run_copy(t, a, b, size, c->shift, false);
    if (c->kind == STEP_UNDEF_MEM) {
        if (size && !memory_access(t, a, size, c->shift, true)) return false;
        if (size) memory_set_defined(m, a.object, a.bits - a.object->base, size, false);
        return true;
    }
    if (r[c->dst].undefined) return fail_bytes(t, "the number of elements");
    size = total_size(r[c->dst].bits, size);
    t->extra = size >> 6;
    if (c->kind == STEP_MEM_COPY) return run_copy(t, a, b, size, c->shift, true);
    if (c->kind == STEP_MEM_EQUAL) return run_equal(t, a, b, size, &r[c[1].dst]);
    if (b.undefined) return fail_bytes(t, "a fill");
    if (size && !memory_access(t, a, size, c->shift, true)) return false;
    memory_fill(m, a.object, a.bits - a.object->base, size, (uint8_t)b.bits);
    return true;
}

static bool load_checked(Thread *t, const Code *c, Value *r) {
    Value p = r[c->a];
    uint8_t size = (uint8_t)((64 - c->shift) / 8);
    if (!memory_access(t, p, size, log2_of(size), false)) return false;
    Value v = {0};
    uint64_t at = p.bits - p.object->base;
    memcpy(&v.bits, p.object->bytes + at, size);
    v.bits = number_extend(v.bits, c->shift, c->flags & CODE_SIGNED);
    v.undefined = memory_undefined_mask(p.object, at, size);
    memory_expose_range(t->m, p.object, at, size);
    r[c->dst] = v;
    if (v.undefined || value_exists(t->m->interp, c->ptr, v.bits)) return true;
    StrBuf name = {0};
    type_print(&name, c->ptr);
    fail_undefined(t, UNDEFINED_VALUE, "no `%s` is %llu", strbuf_str(&name).ptr, (unsigned long long)v.bits);
    strbuf_free(&name);
    return false;
}

static bool load_slice(Thread *t, const Code *c, Value *r) {
    Value p = r[c->a];
    if (!memory_access(t, p, 16, 3, false)) return false;
    uint64_t at = p.bits - p.object->base;
    Value first = memory_load_address(t->m, t, p.object, at);
    Value len = {0};
    memcpy(&len.bits, p.object->bytes + at + 8, 8);
    len.undefined = memory_undefined_mask(p.object, at + 8, 8);
    r[c->dst] = first;
    r[c->dst + 1] = len;
    return true;
}

static bool store_slice(Thread *t, const Code *c, Value *r) {
    Value p = r[c->a];
    if (!memory_access(t, p, 16, 3, true)) return false;
    uint64_t at = p.bits - p.object->base;
    memory_store_address(t->m, p.object, at, r[c->b]);
    memory_store(t->m, p.object, at + 8, 8, r[c->b + 1]);
    return true;
}

static bool trap_bounds(Thread *t, uint32_t flags, uint64_t index, uint64_t len) {
    const char *format = flags & CODE_SIGNED ? "index out of range: %lld of %llu" : "index out of range: %llu of %llu";
    fail(t, INTERP_FAIL_TRAP, 0, format, (long long)index, (unsigned long long)len);
    t->failure.trap = TRAP_BOUNDS;
    return false;
}

static bool trap_slice(Thread *t, uint32_t flags, uint64_t low, uint64_t high, uint64_t len) {
    static const char *const FORMATS[] = {
        "slice out of range: %llu..<%llu of %llu",
        "slice out of range: %lld..<%llu of %llu",
        "slice out of range: %llu..<%lld of %llu",
        "slice out of range: %lld..<%lld of %llu",
    };
    fail(t, INTERP_FAIL_TRAP, 0, FORMATS[(flags & CODE_SIGNED ? 1 : 0) + (flags & CODE_SIGNED_HIGH ? 2 : 0)],
         (long long)low, (long long)high, (unsigned long long)len);
    t->failure.trap = TRAP_SLICE;
    return false;
}

static bool check_value(Thread *t, const Code *c, const Value *r) {
    if (r[c->a].undefined || value_exists(t->m->interp, c->ptr, r[c->a].bits)) return true;
    StrBuf name = {0};
    type_print(&name, c->ptr);
    fail_undefined(t, UNDEFINED_VALUE, "no `%s` is %llu", strbuf_str(&name).ptr, (unsigned long long)r[c->a].bits);
    strbuf_free(&name);
    return false;
}

static bool error_name(Thread *t, const Code *c, Value *r) {
    Machine *m = t->m;
    const IrModule *module = m->interp->module;
    if (r[c->a].undefined) return fail_bytes(t, "the name of an error");
    if (r[c->a].bits >= module->error_names.len)
        return fail_undefined(t, UNDEFINED_VALUE, "there is no error %llu", (unsigned long long)r[c->a].bits);
    const Name *name = module->error_names.items[r[c->a].bits];
    Object *text = machine_static(m, interp_static_of_text(m->interp, name ? name_str(name) : STR("")));
    r[c->dst] = (Value){text->base, {text}};
    r[c->dst + 1] = (Value){text->full_size, {0}};
    return true;
}

static bool call_builtin(Thread *t, const Code *c, Func *f, Value *r, const uint32_t *operands) {
    Value args[8] = {0}, result = {0};
    for (uint32_t i = 0; i < c->b && i < ARRAY_LEN(args); i++) args[i] = r[operands[i]];
    if (!run_builtin(t, f, args, &result)) return false;
    r[c->dst] = result;
    return true;
}

// The first call of a function of a program that grows. Meanwhile the program may have grown and other machines may
// have run.
static bool get_body(Thread *t, Func *f) {
    const InterpSource *source = t->m->interp->source;
    const char *why = source->body(source->context, (IrFunc *)f->ir);
    if (why) return fail(t, INTERP_FAIL_UNSUPPORTED, 0, "%s", why);
    f->builtin = BUILTIN_NONE;
    return true;
}

static bool push_call(Thread *t, const Code *c, Func *f) {
    Frame *caller = &t->frames[t->frame_count - 1];
    uint32_t from = caller->regs;
    const uint32_t *operands = c->b ? caller->func->operands + c->a : NULL;
    if (!frame_push(t, f)) return false;
    Value *to = t->regs + t->frames[t->frame_count - 1].regs, *r = t->regs + from;
    for (uint32_t i = 0; i < c->b; i++) to[i] = r[operands[i]];
    return true;
}

// True when the thread goes on in its caller; false at the end of the thread, or when something is visible first.
static bool pop_call(Thread *t, const Code *c) {
    if (t->m->concurrent && !frame_may_end(t)) return false;
    Frame *frame = &t->frames[t->frame_count - 1];
    for (uint32_t i = 0; i < frame->func->slot_count; i++)
        if (frame->slots[i].stack_users && frame->slots[i].size)
            return fail_undefined(t, UNDEFINED_STACK, "the scope of a thread's stack ends before the thread");
    const Value *r = t->regs + frame->regs;
    Value first = c->b ? r[c->a] : (Value){0}, second = c->b > 1 ? r[c->a + 1] : (Value){0};
    if (t->frame_count == 1) {
        if (!thread_may_end(t, first)) return false;
        frame_pop(t);
        t->result = first;
        if (c->b > 1) t->regs[0] = first, t->regs[1] = second;
        t->status = INTERP_DONE;
        return false;
    }
    bool detached = frame->is_detached;
    frame_pop(t);
    if (detached) return true;
    Frame *caller = &t->frames[t->frame_count - 1];
    Value *to = t->regs + caller->regs + caller->at->dst;
    if (c->b) to[0] = first;
    if (c->b > 1) to[1] = second;
    caller->at++;
    return true;
}

// `unreachable` follows a call that does not return or, once checks are gone, stands for one of them.
static const char *why_unreachable(const IrInst *inst) {
    bool after_call = inst->prev && (inst->prev->op == IR_CALL || inst->prev->op == IR_CALL_PTR);
    return after_call ? "the call before this place has returned" : "this place was said never to be reached";
}

// One case for each step: what takes more than a line is a helper that answers false when the thread has to stop there.
InterpStatus thread_run(Thread *t, uint64_t budget) {
    Machine *m = t->m;
    const uint32_t watch_read = m->watch_read, watch_write = m->watch_write;
    uint64_t left = budget;
    Frame *frame = &t->frames[t->frame_count - 1];
    const Code *c = frame->at;
    Value *r = t->regs + frame->regs;
    for (;;) {
        frame->at = c;
        if (left == 0) {
            t->status = INTERP_RUNNING;
            break;
        }
        left--;
        switch ((StepKind)c->kind) {
        case STEP_CONST:
            r[c->dst] = (Value){c->imm, {.undefined = 0}};
            c++;
            continue;
        case STEP_CONST_FUNC: {
            Func *f = (Func *)c->ptr;
            r[c->dst] = (Value){f->object.base, {.object = &f->object}};
            c++;
            continue;
        }
        case STEP_STATIC: {
            Object *o = c->a < m->statics.len ? m->statics.items[c->a] : machine_static(m, c->a);
            r[c->dst] = (Value){o->base, {.object = o}};
            c++;
            continue;
        }
        case STEP_NULL:
            r[c->dst] = (Value){0, {.object = NO_OBJECT}};
            c++;
            continue;
        case STEP_UNDEF:
            r[c->dst] = (Value){0, {.undefined = 0xff}};
            c++;
            continue;
        case STEP_UNDEF_ADDRESS:
            r[c->dst] = (Value){0, {.object = UNDEFINED_OBJECT}};
            c++;
            continue;
        case STEP_MOVE:
            r[c->dst] = r[c->a];
            c++;
            continue;
        case STEP_LIVE:
            slot_begin(t, frame, c->a);
            CHARGE
            c++;
            continue;
        case STEP_DEAD: HELPER(slot_end(t, frame, c->a))

        case STEP_LOAD_U8: LOAD(uint8_t, 1, 0)
        case STEP_LOAD_I8: LOAD(int8_t, 1, 0)
        case STEP_LOAD_U16: LOAD(uint16_t, 2, 1)
        case STEP_LOAD_I16: LOAD(int16_t, 2, 1)
        case STEP_LOAD_U32: LOAD(uint32_t, 4, 2)
        case STEP_LOAD_I32: LOAD(int32_t, 4, 2)
        case STEP_LOAD_64: LOAD(uint64_t, 8, 3)
        case STEP_LOAD_CHECKED: HELPER(load_checked(t, c, r))
        case STEP_LOAD_ADDRESS: {
            ADDRESS(r[c->a], 8, 3, false)
            r[c->dst] = memory_load_address(m, t, o, at);
            c++;
            continue;
        }
        case STEP_LOAD_SLICE: HELPER(load_slice(t, c, r))
        case STEP_STORE_8: STORE(1, 0)
        case STEP_STORE_16: STORE(2, 1)
        case STEP_STORE_32: STORE(4, 2)
        case STEP_STORE_64: STORE(8, 3)
        case STEP_STORE_ADDRESS: {
            ADDRESS(r[c->a], 8, 3, true)
            memory_store_address(m, o, at, r[c->b]);
            c++;
            continue;
        }
        case STEP_STORE_NULL: {
            ADDRESS(r[c->a], 8, 3, true)
            memory_store_address(m, o, at, (Value){0, {.object = NO_OBJECT}});
            c++;
            continue;
        }
        case STEP_STORE_SLICE: HELPER(store_slice(t, c, r))
        case STEP_COPY:
        case STEP_UNDEF_MEM:
        case STEP_MEM_COPY:
        case STEP_MEM_FILL:
        case STEP_MEM_EQUAL:
            if (!bulk(t, c, r)) goto stop;
            CHARGE
            c += c->kind == STEP_MEM_EQUAL ? 2 : 1;
            continue;

        case STEP_OFFSET:
            r[c->dst] = (Value){r[c->a].bits + c->imm, {.object = r[c->a].object}};
            c++;
            continue;
        case STEP_ELEMENT:
            NEED(c->b);
            r[c->dst] = (Value){r[c->a].bits + r[c->b].bits * c->imm, {.object = r[c->a].object}};
            c++;
            continue;
        case STEP_FROM_INT:
            NEED(c->a);
            r[c->dst] = memory_from_int(m, t, r[c->a].bits);
            c++;
            continue;
        case STEP_TO_INT: {
            Value v = r[c->a];
            if (value_is_undefined_address(v)) goto undefined_operand;
            if (m->pure && !m->address_seen) m->address_seen_by = frame->func->origins[c - frame->func->code];
            memory_expose(m, v.object);
            RESULT(v.bits)
        }
        case STEP_NOT_NULL:
            if (value_is_undefined_address(r[c->a])) goto undefined_operand;
            RESULT(r[c->a].bits != 0)

        case STEP_GET_TAG: HELPER(run_tag_get(t, c->ptr, r[c->a], &r[c->dst]))
        case STEP_IS_TAGGED: {
            Value tag;
            if (!run_tag_get(t, c->ptr, r[c->a], &tag)) goto stop;
            RESULT(tag.bits != 0)
        }
        case STEP_SET_TAG: HELPER(run_tag_set(t, c->ptr, r[c->a], ((const TagInfo *)c->ptr)->value))
        case STEP_SET_TAG_FROM: NEED(c->b); HELPER(run_tag_set(t, c->ptr, r[c->a], r[c->b].bits))
        case STEP_VARIANT: HELPER(run_variant(t, c->ptr, r[c->a], &r[c->dst]))
        case STEP_CHECK_VALUE: HELPER(check_value(t, c, r))
        case STEP_ERROR_NAME:
            HELPER(error_name(t, c, r))

            // Narrow operands do not leave 64 bits, so the result is right exactly when it is the extension of itself.
#define NARROW(op)                                                                                                     \
    {                                                                                                                  \
        NEED_TWO;                                                                                                      \
        uint64_t out = r[c->a].bits op r[c->b].bits;                                                                   \
        if (number_extend(out, c->shift, c->flags & CODE_SIGNED) != out) goto overflow;                                \
        RESULT(out)                                                                                                    \
    }
#define WRAPPED(op)                                                                                                    \
    {                                                                                                                  \
        NEED_TWO;                                                                                                      \
        RESULT(number_extend(r[c->a].bits op r[c->b].bits, c->shift, c->flags &CODE_SIGNED))                           \
    }
#define WIDE(op, bad)                                                                                                  \
    {                                                                                                                  \
        NEED_TWO;                                                                                                      \
        uint64_t x = r[c->a].bits, y = r[c->b].bits, out = x op y;                                                     \
        if (bad) goto overflow;                                                                                        \
        RESULT(out)                                                                                                    \
    }
        case STEP_ADD: NARROW(+)
        case STEP_SUB: NARROW(-)
        case STEP_MUL: NARROW(*)
        case STEP_ADD_64: WIDE(+, ((x ^ out) & (y ^ out)) >> 63)
        case STEP_SUB_64: WIDE(-, ((x ^ y) & (x ^ out)) >> 63)
        case STEP_ADD_U64: WIDE(+, out < x)
        case STEP_SUB_U64: WIDE(-, x < y)
        case STEP_MUL_64:
        case STEP_MUL_U64: {
            NEED_TWO;
            uint64_t out;
            if (!number_mul_64(r[c->a].bits, r[c->b].bits, c->kind == STEP_MUL_64, &out)) goto overflow;
            RESULT(out)
        }
        case STEP_ADD_WRAP: WRAPPED(+)
        case STEP_SUB_WRAP: WRAPPED(-)
        case STEP_MUL_WRAP: WRAPPED(*)
        case STEP_DIV:
        case STEP_REM: HELPER(run_divide(t, c, r))
        case STEP_NEG: {
            NEED(c->a);
            uint64_t v = r[c->a].bits;
            bool is_signed = c->flags & CODE_SIGNED;
            if (is_signed ? v == (uint64_t)(INT64_MIN >> c->shift) : v != 0) goto overflow;
            RESULT(number_extend(0 - v, c->shift, is_signed))
        }
        case STEP_NEG_WRAP: NEED(c->a); RESULT(number_extend(0 - r[c->a].bits, c->shift, c->flags & CODE_SIGNED))
        case STEP_SHL:
        case STEP_SHR: HELPER(run_shift(t, c, r))
        case STEP_AND: NEED_TWO; RESULT(r[c->a].bits & r[c->b].bits)
        case STEP_OR: NEED_TWO; RESULT(r[c->a].bits | r[c->b].bits)
        case STEP_XOR: NEED_TWO; RESULT(r[c->a].bits ^ r[c->b].bits)
        case STEP_NOT: NEED(c->a); RESULT(number_extend(~r[c->a].bits, c->shift, c->flags & CODE_SIGNED))
        case STEP_NOT_BOOL: NEED(c->a); RESULT(!r[c->a].bits)
        case STEP_FLOAT: HELPER(run_float(t, frame->func->origins[c - frame->func->code], c, r))
        case STEP_FLOAT_COMPARE: HELPER(run_float_compare(t, frame->func->origins[c - frame->func->code], c, r))
        case STEP_EQ: COMPARE(uint64_t, ==)
        case STEP_NE: COMPARE(uint64_t, !=)
        case STEP_LT: COMPARE(int64_t, <)
        case STEP_LE: COMPARE(int64_t, <=)
        case STEP_GT: COMPARE(int64_t, >)
        case STEP_GE: COMPARE(int64_t, >=)
        case STEP_LT_U: COMPARE(uint64_t, <)
        case STEP_LE_U: COMPARE(uint64_t, <=)
        case STEP_GT_U: COMPARE(uint64_t, >)
        case STEP_GE_U: COMPARE(uint64_t, >=)
        case STEP_EQ_ADDRESS:
        case STEP_NE_ADDRESS:
            if (value_is_undefined_address(r[c->a]) || value_is_undefined_address(r[c->b])) goto undefined_operand;
            RESULT((r[c->a].bits == r[c->b].bits) == (c->kind == STEP_EQ_ADDRESS))
        case STEP_EXTEND:
            r[c->dst] = (Value){number_extend(r[c->a].bits, c->shift, c->flags & CODE_SIGNED),
                                {.undefined = r[c->a].undefined}};
            c++;
            continue;
        case STEP_INT_CAST: HELPER(run_int_cast(t, c, r))
        case STEP_INT_TO_FLOAT:
            run_int_to_float(c, r);
            c++;
            continue;
        case STEP_FLOAT_TO_INT: HELPER(run_float_to_int(t, c, r))
        case STEP_FLOAT_CAST:
            run_float_cast(c, r);
            c++;
            continue;
        case STEP_POPCOUNT:
            NEED(c->a);
            RESULT(number_extend(count_bits(number_extend(r[c->a].bits, c->shift, false)), c->shift,
                                 c->flags & CODE_SIGNED))
        case STEP_CLZ: NEED(c->a); RESULT(leading_zeros(r[c->a].bits, 64u - c->shift))
        case STEP_CTZ: NEED(c->a); RESULT(trailing_zeros(r[c->a].bits, 64u - c->shift))
        case STEP_BYTE_SWAP:
            NEED(c->a);
            RESULT(
                number_extend(number_byte_swap(r[c->a].bits, (64u - c->shift) / 8), c->shift, c->flags & CODE_SIGNED))
        case STEP_CRC32C: NEED_TWO; RESULT(number_crc32c((uint32_t)r[c->a].bits, r[c->b].bits, (uint32_t)c->imm))
        case STEP_HAS_CRC32C:
            if (m->pure) {
                fail(t, INTERP_FAIL_UNSUPPORTED, 0, "what the processor has is not known at compile time");
                goto stop;
            }
            RESULT(1)
        case STEP_OVERFLOW: HELPER(run_overflow(t, frame->func->origins[c - frame->func->code], r, c))

        case STEP_CHECK_BOUNDS:
            NEED_TWO;
            if (r[c->a].bits >= r[c->b].bits) {
                trap_bounds(t, c->flags, r[c->a].bits, r[c->b].bits);
                goto stop;
            }
            c++;
            continue;
        case STEP_CHECK_SLICE:
            NEED_TWO;
            NEED(c->c);
            if (r[c->a].bits > r[c->b].bits || r[c->b].bits > r[c->c].bits) {
                trap_slice(t, c->flags, r[c->a].bits, r[c->b].bits, r[c->c].bits);
                goto stop;
            }
            c++;
            continue;
        case STEP_CHECK_TRUE:
            NEED(c->a);
            if (!r[c->a].bits) {
                fail_trap(t, (TrapKind)c->imm);
                goto stop;
            }
            c++;
            continue;

        case STEP_ATOMIC_LOAD:
        case STEP_ATOMIC_STORE:
        case STEP_ATOMIC_RMW:
        case STEP_ATOMIC_CMPXCHG: HELPER(run_atomic(t, frame->func->origins[c - frame->func->code], c, r))
        case STEP_FENCE: {
            InterpOp op = {.kind = INTERP_OP_FENCE,
                           .is_atomic = true,
                           .order = frame->func->origins[c - frame->func->code]->atomic.order};
            HELPER(!m->concurrent || op.order == ORDER_RELAXED || op_visible(t, &op))
        }
        case STEP_SPIN: {
            InterpOp op = {.kind = INTERP_OP_YIELD};
            HELPER(!m->concurrent || op_visible(t, &op))
        }

        case STEP_VOLATILE: // the access follows
            HELPER(!m->pure || fail(t, INTERP_FAIL_UNSUPPORTED, 0, "a volatile access cannot be made at compile time"))

        case STEP_CALL:
        case STEP_CALL_POINTER: {
            Func *f = c->kind == STEP_CALL ? (Func *)c->ptr : NULL;
            if (!f && !run_check_callee(t, frame->func->origins[c - frame->func->code], r[c->c], &f)) goto stop;
            if (f->builtin == BUILTIN_LATER) {
                if (!get_body(t, f)) goto stop;
            } else if (f->builtin) {
                HELPER(call_builtin(t, c, f, r, c->b ? frame->func->operands + c->a : NULL))
            }
            if (!push_call(t, c, f)) goto stop;
            CHARGE
            frame = &t->frames[t->frame_count - 1];
            r = t->regs + frame->regs;
            c = frame->at;
            continue;
        }
        case STEP_SYSCALL:
            HELPER(run_syscall(t, frame->func->origins[c - frame->func->code], c, r, frame->func->operands + c->a))
        case STEP_JUMP: c = frame->func->code + c->a; continue;
        case STEP_BRANCH:
            NEED(c->dst);
            c = frame->func->code + (r[c->dst].bits ? c->a : c->b);
            continue;
        case STEP_SWITCH:
            NEED(c->a);
            c = frame->func->code + switch_target(c->ptr, r[c->a].bits);
            continue;
        case STEP_RETURN:
            if (!pop_call(t, c)) goto stop;
            frame = &t->frames[t->frame_count - 1];
            r = t->regs + frame->regs;
            c = frame->at;
            continue;
        case STEP_TRAP: fail_trap(t, (TrapKind)c->imm); goto stop;
        case STEP_PANIC: run_panic(t, r[c->a], r[c->a + 1]); goto stop;
        case STEP_UNREACHABLE:
            fail_undefined(t, UNDEFINED_UNREACHABLE, "%s",
                           why_unreachable(frame->func->origins[c - frame->func->code]));
            goto stop;
        case STEP_UNSUPPORTED:
            fail(t, INTERP_FAIL_UNSUPPORTED, 0, "%s is not available under the interpreter", (const char *)c->ptr);
            goto stop;
        case STEP_KIND_COUNT: break;
        }
        ICE("the interpreter has no step %u", c->kind);
    overflow:
        fail_trap(t, TRAP_OVERFLOW);
        goto stop;
    undefined_operand:
        fail_bytes(t, c->kind == STEP_BRANCH || c->kind == STEP_SWITCH || c->kind == STEP_CHECK_TRUE ? "a branch"
                      : c->kind == STEP_ELEMENT                                                      ? "an address"
                                                                                                     : "an operation");
        goto stop;
    }
stop:
    t->steps += budget - left;
    return t->status;
}

InterpStatus interp_step(InterpThread *t, uint64_t budget) {
    return t->status == INTERP_RUNNING ? thread_run(t, budget) : t->status;
}

InterpStatus interp_status(const InterpThread *t) { return t->status; }

const InterpOp *interp_op(const InterpThread *t) {
    return t->status == INTERP_AT_OP || t->status == INTERP_BLOCKED ? &t->op : NULL;
}

void interp_block(InterpThread *t) {
    ENSURE(t->status == INTERP_AT_OP);
    t->status = INTERP_BLOCKED;
}

static InterpStatus commit(Thread *t, Value value, bool spurious) {
    if (t->status == INTERP_FAILED) return t->status;
    ENSURE(t->status == INTERP_AT_OP || t->status == INTERP_BLOCKED);
    if (t->op.is_atomic || t->op.kind >= INTERP_OP_FENCE) t->given = value;
    t->given_spurious = spurious;
    t->granted++;
    t->seen = 0;
    t->status = INTERP_RUNNING;
    thread_run(t, 1);
    if (t->status != INTERP_AT_OP) t->granted = t->seen = 0;
    return t->status;
}

InterpStatus interp_commit(InterpThread *t, InterpValue value) { return commit(t, value, false); }
InterpStatus interp_commit_spurious(InterpThread *t, InterpValue found) { return commit(t, found, true); }
