// The backend's entry: plans the units, builds one after the other and finishes them, optimisation and machine code, on
// several threads. This thread builds, because building reads the module and all tables behind it; whenever enough
// built units wait, and at the end, it finishes units too. So no more than a few units are in memory at a time, and
// with one job there is no other thread at all.
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>

#include "backend/llvm/emit.h"

typedef struct Unit {
    Emitter *emitter;
    StrBuf error;
    bool ok;
    double build_ms, optimise_ms, code_ms;
} Unit;

typedef struct Pool {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    Unit *units;
    uint32_t built, taken; // units before these positions have been
    bool all_built;
} Pool;

enum { MOST_THREADS = 64, STACK_SIZE = 16 << 20, KEPT_UNITS = 4 };

// Taking a module apart takes LLVM a sixth of the time that emission takes, so what little is left at the end of the
// process stays for the kernel. A leak checker would object.
static bool leaves_memory(const Emitter *e) {
#if defined(__SANITIZE_ADDRESS__)
    return false;
#else
    return e->options->is_last && e->plan->unit_count - e->unit <= KEPT_UNITS;
#endif
}

static void finish_unit(Unit *unit) {
    Emitter *e = unit->emitter;
    unit->ok = pipeline_finish(e, &unit->error);
    unit->build_ms = e->build_ms;
    unit->optimise_ms = e->optimise_ms;
    unit->code_ms = e->code_ms;
    if (!leaves_memory(e)) emitter_destroy(e);
}

// The next built unit; with `wait`, NULL means that there will be no more.
static Unit *take_unit(Pool *pool, bool wait) {
    pthread_mutex_lock(&pool->lock);
    while (wait && pool->taken == pool->built && !pool->all_built) pthread_cond_wait(&pool->changed, &pool->lock);
    Unit *unit = pool->taken < pool->built ? &pool->units[pool->taken++] : NULL;
    pthread_mutex_unlock(&pool->lock);
    return unit;
}

static void *work(void *raw) {
    Pool *pool = raw;
    for (Unit *unit; (unit = take_unit(pool, true));) finish_unit(unit);
    return NULL;
}

// Answers how many started; with fewer, or none, the work is still done.
static uint32_t start_threads(Pool *pool, pthread_t *threads, uint32_t wanted) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    uint32_t count = 0;
    while (count < wanted && count < MOST_THREADS && pthread_create(&threads[count], &attributes, work, pool) == 0)
        count++;
    pthread_attr_destroy(&attributes);
    return count;
}

// Answers how many built units wait.
static uint32_t hand_over(Pool *pool, bool last) {
    pthread_mutex_lock(&pool->lock);
    pool->built++;
    pool->all_built = last;
    uint32_t waiting = pool->built - pool->taken;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    return waiting;
}

static void emit_units(Pool *pool, UnitPlan *plan, IrModule *module, const BackendOptions *options) {
    pthread_t threads[MOST_THREADS];
    uint32_t jobs = options->jobs ? options->jobs : 1;
    if (jobs > plan->unit_count) jobs = plan->unit_count;
    uint32_t thread_count = start_threads(pool, threads, jobs - 1);
    for (uint32_t i = 0; i < plan->unit_count; i++) {
        Unit *unit = &pool->units[i];
        unit->emitter = emitter_create(plan, i, module, options);
        bool built = emitter_build(unit->emitter, &unit->error);
        if (!built) {
            emitter_destroy(unit->emitter);
            *unit = (Unit){.error = unit->error};
            pthread_mutex_lock(&pool->lock);
            pool->all_built = true;
            pthread_cond_broadcast(&pool->changed);
            pthread_mutex_unlock(&pool->lock);
            break;
        }
        uint32_t waiting = hand_over(pool, i + 1 == plan->unit_count);
        Unit *mine = waiting > thread_count ? take_unit(pool, false) : NULL;
        if (mine) finish_unit(mine);
    }
    work(pool);
    for (uint32_t i = 0; i < thread_count; i++) pthread_join(threads[i], NULL);
}

static bool collect(const Pool *pool, const UnitPlan *plan, BackendReport *report, StrBuf *error) {
    bool ok = true;
    *report = (BackendReport){.object_count = plan->unit_count};
    for (uint32_t i = 0; i < plan->unit_count; i++) {
        Unit *unit = &pool->units[i];
        if (ok && !unit->ok) strbuf_append(error, unit->error.data, unit->error.len); // the first says it
        ok = ok && unit->ok;
        strbuf_free(&unit->error);
        report->build_ms += unit->build_ms;
        report->optimise_ms += unit->optimise_ms;
        report->code_ms += unit->code_ms;
    }
    return ok;
}

// LLVM allocates and frees the same megabytes for each unit: kept by the process they are not faulted in again.
static void tune_heap(void) {
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 32 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

// The shared module's one entry, found by name: see backend/load.c.
bool janus_llvm_emit(IrModule *module, const BackendOptions *options, StrBuf *error);
bool janus_llvm_emit(IrModule *module, const BackendOptions *options, StrBuf *error) {
    tune_heap();
    Arena *arena = arena_create();
    UnitPlan plan;
    units_plan(&plan, arena, module, options);
    Pool pool = {.units = ARENA_ARRAY(arena, Unit, plan.unit_count)};
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.changed, NULL);
    emit_units(&pool, &plan, module, options);
    pthread_cond_destroy(&pool.changed);
    pthread_mutex_destroy(&pool.lock);
    BackendReport report;
    bool ok = collect(&pool, &plan, options->report ? options->report : &report, error);
    units_forget(module);
    arena_destroy(arena);
    return ok;
}
