// The images of constants and globals in one execution. Of a program that grows they are made when they are first
// reached.
#include "base/memory.h"

#include "interp/internal.h"

void static_load(Machine *m, uint32_t index) {
    const Static *s = m->interp->statics.items[index];
    Object *o = m->statics.items[index];
    if (o->flags & OBJECT_OWNS_BYTES) {
        if (s->bytes)
            memcpy(o->bytes, s->bytes, s->size);
        else
            memset(o->bytes, 0, s->size);
    }
    if (o->flags & OBJECT_OWNS_DEFINED) {
        if (s->defined)
            memcpy(o->defined, s->defined, s->size / 8 + 9);
        else
            memset(o->defined, s->is_undefined ? 0 : 0xff, s->size / 8 + 9);
    }
    if (!s->relocations.len) return;
    if (!o->targets) {
        o->targets = memory_zeroed((s->size / 8 + 1) * sizeof(Object *));
        o->flags |= OBJECT_OWNS_TARGETS;
    }
    memset(o->targets, 0, (s->size / 8 + 1) * sizeof(Object *));
    VEC_EACH (Relocation, r, &s->relocations)
        o->targets[r->offset / 8] =
            r->is_func ? &m->interp->funcs.items[r->target]->object : machine_static(m, r->target);
}

// A constant with an image shares it; everything else has bytes of its own.
static void static_create(Machine *m, uint32_t index) {
    const Static *s = m->interp->statics.items[index];
    Object *o = m->statics.items[index];
    *o = (Object){.base = s->base,
                  .size = s->size,
                  .full_size = s->size,
                  .log_align = s->log_align,
                  .bytes = s->bytes,
                  .defined = s->defined,
                  .kind = s->global ? OBJECT_GLOBAL : OBJECT_STRING,
                  .origin = s->global,
                  .flags = s->is_var ? OBJECT_SHARED : OBJECT_READ_ONLY};
    bool owns = s->is_var || !s->bytes,
         fits = s->size <= m->limits.memory && m->memory_used <= m->limits.memory - s->size;
    if (owns && ((s->is_var && m->pure) || !fits)) {
        m->is_too_large |= !m->pure;
        o->size = 0;
        o->bytes = o->defined = NULL;
        o->flags |= OBJECT_FORBIDDEN;
        return;
    }
    if (owns) {
        o->bytes = memory_acquire(s->size + 8);
        o->flags |= OBJECT_OWNS_BYTES;
        m->memory_used += s->size;
    }
    if ((owns && s->defined) || s->is_undefined) {
        o->defined = memory_acquire(s->size / 8 + 9);
        o->flags |= OBJECT_OWNS_DEFINED;
    }
    static_load(m, index);
}

// Of a program that grows, what nobody has looked at yet: a place without bytes.
static void static_announce(Machine *m, uint32_t index) {
    const Static *s = m->interp->statics.items[index];
    *m->statics.items[index] = (Object){.base = s->base,
                                        .full_size = s->size,
                                        .log_align = s->log_align,
                                        .kind = OBJECT_GLOBAL,
                                        .origin = s->global,
                                        .flags = s->is_var ? OBJECT_FORBIDDEN : OBJECT_UNLOADED};
}

Object *machine_static(Machine *m, uint32_t index) {
    while (m->statics.len <= index) {
        uint32_t next = m->statics.len;
        VEC_PUSH(m->thread_arena, &m->statics, ARENA_NEW(m->thread_arena, Object));
        if (m->interp->source && m->interp->statics.items[next]->global)
            static_announce(m, next);
        else
            static_create(m, next);
    }
    return m->statics.items[index];
}

bool machine_load(Thread *t, Object *o) {
    Machine *m = t->m;
    Interp *p = m->interp;
    const IrGlobal *global = o->origin;
    uint32_t index = interp_static_of_global(p, global);
    Static *s = p->statics.items[index];
    if (!s->is_set) {
        const char *why = p->source->initial(p->source->context, (IrGlobal *)global);
        if (why) return fail(t, INTERP_FAIL_UNSUPPORTED, 0, "%s", why);
        if (!image_set(p, s, global->initial))
            return fail(t, INTERP_FAIL_LIMIT, 0, "the constant `%s` is too large", global->name);
        s->is_set = true;
    }
    static_create(m, index);
    if (!(o->flags & OBJECT_FORBIDDEN)) return true;
    o->flags = OBJECT_UNLOADED;
    return fail(t, INTERP_FAIL_LIMIT, 0, "the evaluation needs more than %llu MiB of memory",
                (unsigned long long)(m->limits.memory >> 20));
}
