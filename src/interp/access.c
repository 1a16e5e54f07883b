// Whether an access is legal, and in which words it is refused: inside an object that is there, aligned, allowed. Then,
// where another thread could notice it, whether it is granted.
#include "interp/internal.h"
#include "sema/sema.h"

static const char *verb(bool is_write) { return is_write ? "written" : "read"; }

static void describe_object(Thread *t, StrBuf *text, const Object *o) { interp_describe(text, t->m->interp, o); }

static bool fail_access(Thread *t, UndefinedKind kind, const Object *o, const char *fmt, ...) PRINTF_LIKE(4, 5);
static bool fail_access(Thread *t, UndefinedKind kind, const Object *o, const char *fmt, ...) {
    StrBuf text = {0};
    va_list args;
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    if (o) describe_object(t, &text, o);
    fail_undefined(t, kind, "%s", strbuf_str(&text).ptr);
    strbuf_free(&text);
    return false;
}

static bool fail_outside(Thread *t, Value v, uint64_t size, bool is_write) {
    const Object *o = v.object;
    uint64_t offset = v.bits - o->base;
    const char *done = verb(is_write);
    if (o->flags & OBJECT_FORBIDDEN) {
        const Global *source = ((const IrGlobal *)o->origin)->source;
        const char *name = source && source->decl ? decl_name(source->decl)->text : ((const IrGlobal *)o->origin)->name;
        return fail(t, INTERP_FAIL_UNSUPPORTED, 0, "`%s` is a variable: it has no value at compile time", name);
    }
    if (o->kind == OBJECT_UNDEFINED)
        return fail_undefined(t, UNDEFINED_BYTES, "memory is %s through an address that is undefined", done);
    if (o->kind == OBJECT_FUNC)
        return fail_undefined(t, UNDEFINED_POINTER, "memory is %s through the address of a function", done);
    if (o->kind == OBJECT_NONE)
        return fail_undefined(t, UNDEFINED_POINTER,
                              v.bits ? "memory is %s at 0x%llx, where nothing is that this address was made of"
                                     : "memory is %s through a null address",
                              done, (unsigned long long)v.bits);
    bool reused = o->kind == OBJECT_SLOT && v.bits < o->base;
    if (reused) return fail_undefined(t, UNDEFINED_SCOPE, "a variable is %s whose scope has ended", done);
    if (o->size == 0 && o->full_size && offset < o->full_size) {
        if (o->kind == OBJECT_SLOT)
            return fail_access(t, UNDEFINED_SCOPE, o, "its scope has ended, but what is %s is ", done);
        return fail_access(t, UNDEFINED_FREED, o, "it was given back, but what is %s is in ", done);
    }
    return fail_access(t, UNDEFINED_BOUNDS, o, "%llu byte%s %s at offset %lld of the %llu of ",
                       (unsigned long long)size, size == 1 ? " is" : "s are", done, (long long)offset,
                       (unsigned long long)o->full_size);
}

static bool pages_allow(const Object *o, uint64_t offset, uint64_t size, bool is_write) {
    for (uint64_t page = offset / PAGE_SIZE; page <= (offset + size - 1) / PAGE_SIZE; page++)
        if (!(o->page_rights[page] & (is_write ? 2 : 1))) return false;
    return true;
}

bool memory_check(Thread *t, Value v, uint64_t size, uint8_t log_align, bool is_write) {
    Object *o = v.object;
    uint64_t offset = v.bits - o->base;
    if ((o->flags & OBJECT_UNLOADED) && !machine_load(t, o)) return false;
    if (offset >= o->size || o->size - offset < size || !o->bytes) return fail_outside(t, v, size, is_write);
    uint64_t align = UINT64_C(1) << log_align;
    if (v.bits & (align - 1))
        return fail_access(t, UNDEFINED_MISALIGNED, o, "offset %llu needs an alignment of %llu in ",
                           (unsigned long long)offset, (unsigned long long)align);
    if (is_write && (o->flags & OBJECT_READ_ONLY)) return fail_access(t, UNDEFINED_READ_ONLY, o, "what is written is ");
    if ((o->flags & OBJECT_GUARDED) && !pages_allow(o, offset, size, is_write))
        return fail_access(t, UNDEFINED_PROTECTED, o, "what is %s is in ", verb(is_write));
    if (t->m->concurrent && (o->flags & OBJECT_SHARED)) return true;
    if (is_write)
        o->local_write = t->stamp;
    else
        o->local_read = t->stamp;
    return true;
}

bool memory_access(Thread *t, Value v, uint64_t size, uint8_t log_align, bool is_write) {
    if (!memory_check(t, v, size, log_align, is_write)) return false;
    Object *o = v.object;
    if (!t->m->concurrent || !(o->flags & OBJECT_SHARED) || (o->flags & OBJECT_READ_ONLY)) return true;
    return plain_accesses(t, is_write ? INTERP_OP_WRITE : INTERP_OP_READ, o, v.bits - o->base, size);
}
