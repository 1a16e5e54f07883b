// Arithmetic that takes more than a line. Integers come extended to 64 bits and go so; floats are their bits.
#include <math.h>

#include "interp/internal.h"

bool number_mul_64(uint64_t a, uint64_t b, bool is_signed, uint64_t *out) {
    *out = a * b;
    if (!is_signed) return a == 0 || *out / a == b;
    int64_t x = (int64_t)a, y = (int64_t)b;
    if (x == 0 || y == 0) return true;
    if ((x == -1 && y == INT64_MIN) || (y == -1 && x == INT64_MIN)) return false;
    return (int64_t)*out / y == x;
}

uint64_t number_byte_swap(uint64_t bits, uint32_t bytes) {
    uint64_t out = 0;
    for (uint32_t i = 0; i < bytes; i++) out |= (bits >> (8 * i) & 0xff) << (8 * (bytes - 1 - i));
    return out;
}

// The polynomial of Castagnoli, its bits the other way round, bit by bit.
uint32_t number_crc32c(uint32_t crc, uint64_t data, uint32_t bytes) {
    uint64_t rest = crc ^ data;
    for (uint32_t i = 0; i < 8 * bytes; i++) rest = rest >> 1 ^ (rest & 1 ? UINT32_C(0x82f63b78) : 0);
    return (uint32_t)rest;
}

static bool undefined_operands(Thread *t, const Code *c, const Value *r, bool two) {
    if (!(r[c->a].undefined | (two ? r[c->b].undefined : 0))) return false;
    fail_bytes(t, "arithmetic");
    return true;
}

bool run_divide(Thread *t, const Code *c, Value *r) {
    if (undefined_operands(t, c, r, true)) return false;
    uint64_t a = r[c->a].bits, b = r[c->b].bits, out;
    bool is_signed = c->flags & CODE_SIGNED, unchecked = c->flags & CODE_UNCHECKED, remainder = c->kind == STEP_REM;
    if (b == 0)
        return unchecked ? fail_undefined(t, UNDEFINED_ARITHMETIC, "division by zero") : fail_trap(t, TRAP_DIV_ZERO);
    if (is_signed) {
        if ((int64_t)b == -1 && a == (uint64_t)(INT64_MIN >> c->shift))
            return unchecked ? fail_undefined(t, UNDEFINED_ARITHMETIC, "the quotient does not fit")
                             : fail_trap(t, TRAP_OVERFLOW);
        out = (uint64_t)(remainder ? (int64_t)a % (int64_t)b : (int64_t)a / (int64_t)b);
    } else {
        out = remainder ? a % b : a / b;
    }
    r[c->dst] = (Value){out, {0}};
    return true;
}

// The amount has a type of its own, whose width is in imm; a negative one is too large as well.
bool run_shift(Thread *t, const Code *c, Value *r) {
    if (undefined_operands(t, c, r, true)) return false;
    uint64_t a = r[c->a].bits, amount = number_extend(r[c->b].bits, (uint32_t)c->imm, false), width = 64 - c->shift;
    if (amount >= width) {
        if (!(c->flags & CODE_UNCHECKED)) return fail_trap(t, TRAP_SHIFT);
        amount &= width - 1;
    }
    bool is_signed = c->flags & CODE_SIGNED;
    if (c->kind == STEP_SHL)
        a = number_extend(a << amount, c->shift, is_signed);
    else
        a = is_signed ? (uint64_t)((int64_t)a >> amount) : a >> amount;
    r[c->dst] = (Value){a, {0}};
    return true;
}

bool run_int_cast(Thread *t, const Code *c, Value *r) {
    if (undefined_operands(t, c, r, false)) return false;
    uint64_t v = r[c->a].bits;
    bool to_signed = c->flags & CODE_SIGNED, from_signed = c->flags & CODE_FROM_SIGNED;
    uint64_t out = number_extend(v, c->shift, to_signed);
    if (out != v || (from_signed != to_signed && (int64_t)v < 0)) return fail_trap(t, TRAP_CAST);
    r[c->dst] = (Value){out, {0}};
    return true;
}

// Writes an optional: the result, or nothing.
bool run_overflow(Thread *t, const IrInst *inst, Value *r, const Code *c) {
    if (undefined_operands(t, c, r, true)) return false;
    uint64_t a = r[c->a].bits, b = r[c->b].bits, out;
    bool is_signed = c->flags & CODE_SIGNED, fits = true;
    if (inst->op == IR_MUL_OVERFLOW) {
        fits = number_mul_64(a, b, is_signed, &out);
    } else if (inst->op == IR_ADD_OVERFLOW) {
        out = a + b;
        if (c->shift == 0) fits = is_signed ? !(((a ^ out) & (b ^ out)) >> 63) : out >= a;
    } else {
        out = a - b;
        if (c->shift == 0) fits = is_signed ? !(((a ^ b) & (a ^ out)) >> 63) : a >= b;
    }
    if (number_extend(out, c->shift, is_signed) != out) fits = false;
    Type *optional = inst->args[0]->type->element;
    const Layout *layout = type_layout(t->m->interp->module->types, optional);
    Value to = r[c->dst];
    if (!memory_access(t, to, layout->size, log2_of(layout->align), true)) return false;
    uint64_t at = to.bits - to.object->base, size = (64 - c->shift) / 8;
    if (fits)
        memory_store(t->m, to.object, at + layout->payload_offset, size, (Value){out, {0}});
    else
        memory_set_defined(t->m, to.object, at + layout->payload_offset, size, false);
    memory_store(t->m, to.object, at + layout->tag_offset, 1, (Value){fits, {0}});
    return true;
}

// ---- floats ------------------------------------------------------------------------------------------------------------

static float to_f32(Value v) {
    float f;
    uint32_t bits = (uint32_t)v.bits;
    memcpy(&f, &bits, sizeof f);
    return f;
}

static double to_f64(Value v) {
    double f;
    memcpy(&f, &v.bits, sizeof f);
    return f;
}

static Value from_f32(float f) {
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    return (Value){bits, {0}};
}

static Value from_f64(double f) {
    Value v = {0};
    memcpy(&v.bits, &f, sizeof f);
    return v;
}

static Value float_32(IrOp op, float a, float b) {
    switch (op) {
    case IR_FADD: return from_f32(a + b);
    case IR_FSUB: return from_f32(a - b);
    case IR_FMUL: return from_f32(a * b);
    case IR_FDIV: return from_f32(a / b);
    case IR_FREM: return from_f32(fmodf(a, b));
    default: return from_f32(-a);
    }
}

static Value float_64(IrOp op, double a, double b) {
    switch (op) {
    case IR_FADD: return from_f64(a + b);
    case IR_FSUB: return from_f64(a - b);
    case IR_FMUL: return from_f64(a * b);
    case IR_FDIV: return from_f64(a / b);
    case IR_FREM: return from_f64(fmod(a, b));
    default: return from_f64(-a);
    }
}

bool run_float(Thread *t, const IrInst *inst, const Code *c, Value *r) {
    bool two = inst->op != IR_FNEG;
    if (undefined_operands(t, c, r, two)) return false;
    Value a = r[c->a], b = two ? r[c->b] : a;
    r[c->dst] =
        c->flags & CODE_F32 ? float_32(inst->op, to_f32(a), to_f32(b)) : float_64(inst->op, to_f64(a), to_f64(b));
    return true;
}

// f32 widens to f64 exactly, so one comparison serves both.
bool run_float_compare(Thread *t, const IrInst *inst, const Code *c, Value *r) {
    if (undefined_operands(t, c, r, true)) return false;
    double a = c->flags & CODE_F32 ? (double)to_f32(r[c->a]) : to_f64(r[c->a]);
    double b = c->flags & CODE_F32 ? (double)to_f32(r[c->b]) : to_f64(r[c->b]);
    bool out = false;
    switch (inst->compare) {
    case COMPARE_EQ: out = a == b; break;
    case COMPARE_NE: out = a != b; break;
    case COMPARE_LT: out = a < b; break;
    case COMPARE_LE: out = a <= b; break;
    case COMPARE_GT: out = a > b; break;
    case COMPARE_GE: out = a >= b; break;
    }
    r[c->dst] = (Value){out, {0}};
    return true;
}

void run_int_to_float(const Code *c, Value *r) {
    uint64_t v = r[c->a].bits, undefined = r[c->a].undefined;
    bool is_signed = c->flags & CODE_FROM_SIGNED;
    if (c->flags & CODE_F32)
        r[c->dst] = from_f32(is_signed ? (float)(int64_t)v : (float)v);
    else
        r[c->dst] = from_f64(is_signed ? (double)(int64_t)v : (double)v);
    r[c->dst].undefined = undefined;
}

void run_float_cast(const Code *c, Value *r) {
    Value v = r[c->a];
    double wide = c->flags & CODE_FROM_F32 ? (double)to_f32(v) : to_f64(v);
    r[c->dst] = c->flags & CODE_F32 ? from_f32((float)wide) : from_f64(wide);
    r[c->dst].undefined = v.undefined;
}

// Towards zero; NaN and what is out of range have no result.
bool run_float_to_int(Thread *t, const Code *c, Value *r) {
    if (undefined_operands(t, c, r, false)) return false;
    double v = trunc(c->flags & CODE_FROM_F32 ? (double)to_f32(r[c->a]) : to_f64(r[c->a]));
    uint32_t width = 64u - c->shift;
    bool is_signed = c->flags & CODE_SIGNED;
    double high = ldexp(1, (int)(is_signed ? width - 1 : width)), low = is_signed ? -high : 0;
    if (!(v >= low && v < high))
        return c->flags & CODE_UNCHECKED ? fail_undefined(t, UNDEFINED_ARITHMETIC, "the number has no such integer")
                                         : fail_trap(t, TRAP_CAST);
    r[c->dst] = (Value){is_signed ? (uint64_t)(int64_t)v : (uint64_t)v, {0}};
    return true;
}
