// Divides a large module into units that LLVM works on in parallel. The division depends on the module and the mode
// alone, never on the number of threads, so that the executable's bytes don't either. Globals, and the runtime's
// assembly, go to unit 0.
//
// Optimised code loses what LLVM could have inlined across the border, hence the higher limit there (and the copies
// that emit.c makes of small functions).
#include "backend/llvm/units.h"

// In QTJIR instructions. Below the first no module is divided; the second is the aim for one unit.
enum { DEBUG_LIMIT = 60000, DEBUG_UNIT = 40000, OPTIMISED_LIMIT = 300000, OPTIMISED_UNIT = 150000 };

static uint64_t module_size(const IrModule *module) {
    uint64_t size = 0;
    for (uint32_t i = 0; i < module->funcs.len; i++)
        if (module->funcs.items[i]->entry) size += module->funcs.items[i]->inst_count;
    return size;
}

static uint32_t count_units(uint64_t size, const BackendOptions *options) {
    if (options->emit != EMIT_OBJECT || !options->may_split || options->sanitize) return 1;
    bool debug = options->mode == MODE_DEBUG;
    if (size < (debug ? DEBUG_LIMIT : OPTIMISED_LIMIT)) return 1;
    uint64_t units = size / (debug ? DEBUG_UNIT : OPTIMISED_UNIT) + 1;
    return units < BACKEND_MOST_OBJECTS ? (uint32_t)units : BACKEND_MOST_OBJECTS;
}

// What the functions refer to, found in one walk over their code: that is too large to be read often.
typedef struct Reference {
    const IrFunc *func; // or else
    const IrGlobal *global;
} Reference;

typedef struct References {
    VEC(Reference) items; // by function, in the order of the code
    uint32_t *starts; // by position of the function in the module; at the end, the number of items
} References;

static void find_references(References *r, Arena *arena, const IrModule *module) {
    r->starts = ARENA_ARRAY(arena, uint32_t, module->funcs.len + 1);
    for (uint32_t i = 0; i < module->funcs.len; i++) {
        r->starts[i] = r->items.len;
        for (const IrBlock *b = module->funcs.items[i]->entry; b; b = b->next) {
            for (const IrInst *inst = b->first; inst; inst = inst->next) {
                if (inst->op == IR_CALL || inst->op == IR_FUNC_ADDR)
                    VEC_PUSH(arena, &r->items, ((Reference){inst->func, NULL}));
                else if (inst->op == IR_GLOBAL_ADDR)
                    VEC_PUSH(arena, &r->items, ((Reference){NULL, inst->global}));
            }
        }
    }
    r->starts[module->funcs.len] = r->items.len;
}

static uint32_t position_of(const UnitPlan *plan, const IrFunc *f) { return (uint32_t)(func_plan(f) - plan->funcs); }

typedef struct Walk {
    uint32_t at, end; // the references still to be followed
} Walk;

typedef struct Assignment {
    const UnitPlan *plan;
    const References *references;
    uint64_t size, before; // of the module, and of the functions that have been assigned
} Assignment;

static Walk assign_unit(Assignment *a, const IrFunc *f) {
    FuncPlan *plan = func_plan(f);
    plan->unit = (uint32_t)(a->before * a->plan->unit_count / (a->size + 1));
    plan->assigned = true;
    if (f->entry) a->before += f->inst_count;
    uint32_t position = position_of(a->plan, f);
    return (Walk){a->references->starts[position], a->references->starts[position + 1]};
}

// Units are consecutive parts of a depth-first walk over the calls, so that callers and callees are mostly together.
static void assign_units(const UnitPlan *plan, const References *references, Arena *arena, const IrModule *module,
                         uint64_t size) {
    Assignment assignment = {plan, references, size, 0};
    VEC(Walk) stack = {0};
    for (uint32_t i = 0; i < module->funcs.len; i++) {
        if (plan->funcs[i].assigned) continue;
        VEC_PUSH(arena, &stack, assign_unit(&assignment, module->funcs.items[i]));
        while (stack.len) {
            Walk *top = &VEC_LAST(&stack);
            const IrFunc *callee = top->at < top->end ? references->items.items[top->at].func : NULL;
            if (top->at++ >= top->end)
                stack.len--;
            else if (callee && !func_plan(callee)->assigned)
                VEC_PUSH(arena, &stack, assign_unit(&assignment, callee));
        }
    }
}

static void mark_shared(UnitPlan *plan, const References *references, const IrModule *module) {
    for (uint32_t i = 0; i < module->funcs.len; i++) {
        uint32_t unit = plan->funcs[i].unit;
        for (uint32_t at = references->starts[i]; at < references->starts[i + 1]; at++) {
            const Reference *r = &references->items.items[at];
            if (r->func && func_plan(r->func)->unit != unit) func_plan(r->func)->shared = true;
            if (r->global && unit != 0) global_plan(r->global)->shared = true;
        }
    }
}

// What a global's initial value refers to is needed in unit 0.
static void mark_in_value(IrModule *module, const ConstValue *v) {
    if (v->kind == CONST_FUNC) {
        IrFunc *f = map_get(&module->func_by_inst, v->func);
        if (f && func_plan(f)->unit != 0) func_plan(f)->shared = true;
    }
    for (uint64_t i = 0; i < ir_value_count(v); i++) mark_in_value(module, v->items[i]);
}

enum { COPY_LIMIT = 60 }; // QTJIR instructions

bool unit_may_copy(const IrFunc *f, const BackendOptions *options, bool from_copy) {
    if (options->mode == MODE_DEBUG || f->is_cold || f->is_extern || !f->entry) return false;
    return f->inline_hint || (!from_copy && f->inst_count <= COPY_LIMIT);
}

typedef VEC(const IrFunc *) Funcs;

// Whatever a copied body refers to is needed wherever the copy is.
static void mark_from_copies(UnitPlan *plan, const References *references, Arena *arena, Funcs *copied,
                             const BackendOptions *options) {
    while (copied->len) {
        uint32_t position = position_of(plan, VEC_POP(copied));
        for (uint32_t at = references->starts[position]; at < references->starts[position + 1]; at++) {
            const Reference *r = &references->items.items[at];
            if (r->global) global_plan(r->global)->shared = true;
            if (!r->func) continue;
            FuncPlan *callee = func_plan(r->func);
            if (!callee->shared && unit_may_copy(r->func, options, true)) VEC_PUSH(arena, copied, r->func);
            callee->shared = true;
        }
    }
}

static void share_for_copies(UnitPlan *plan, const References *references, Arena *arena, const IrModule *module,
                             const BackendOptions *options) {
    Funcs copied = {0};
    for (uint32_t i = 0; i < module->funcs.len; i++)
        if (plan->funcs[i].shared && unit_may_copy(module->funcs.items[i], options, false))
            VEC_PUSH(arena, &copied, module->funcs.items[i]);
    mark_from_copies(plan, references, arena, &copied, options);
}

static void find_public(UnitPlan *plan, Arena *arena, IrModule *module, bool exports) {
    for (uint32_t i = 0; i < module->funcs.len; i++) {
        IrFunc *f = module->funcs.items[i];
        if (exports ? !f->is_export : !f->is_extern) continue;
        const Name *name = name_intern_c(module->names, f->name);
        if (!map_get(&plan->public_funcs, name)) map_put(arena, &plan->public_funcs, name, f);
    }
}

// Inside a module any name will do, but the public ones are taken.
static const char *choose_symbol(UnitPlan *plan, Arena *arena, IrModule *module, const IrFunc *f) {
    if (f->is_export || f->is_extern) return f->name;
    bool taken = map_get(&plan->public_funcs, name_intern_c(module->names, f->name)) != NULL;
    return taken ? arena_printf(arena, "%s.internal", f->name) : f->name;
}

void units_plan(UnitPlan *plan, Arena *arena, IrModule *module, const BackendOptions *options) {
    *plan = (UnitPlan){0};
    plan->funcs = ARENA_ARRAY(arena, FuncPlan, module->funcs.len + 1);
    plan->globals = ARENA_ARRAY(arena, GlobalPlan, module->globals.len + 1);
    find_public(plan, arena, module, true);
    find_public(plan, arena, module, false);
    for (uint32_t i = 0; i < module->funcs.len; i++) {
        plan->funcs[i].symbol = choose_symbol(plan, arena, module, module->funcs.items[i]);
        module->funcs.items[i]->scratch = &plan->funcs[i];
    }
    for (uint32_t i = 0; i < module->globals.len; i++) module->globals.items[i]->scratch = &plan->globals[i];
    uint64_t size = module_size(module);
    plan->unit_count = count_units(size, options);
    if (plan->unit_count == 1) return;
    References references = {0};
    find_references(&references, arena, module);
    assign_units(plan, &references, arena, module, size);
    mark_shared(plan, &references, module);
    for (uint32_t i = 0; i < module->globals.len; i++)
        if (module->globals.items[i]->initial) mark_in_value(module, module->globals.items[i]->initial);
    share_for_copies(plan, &references, arena, module, options);
}

void units_begin(UnitPlan *plan, const IrModule *module) {
    for (uint32_t i = 0; i < module->funcs.len; i++) {
        plan->funcs[i].value = NULL;
        plan->funcs[i].copied = false;
    }
    for (uint32_t i = 0; i < module->globals.len; i++) plan->globals[i].value = NULL;
}

void units_forget(IrModule *module) {
    for (uint32_t i = 0; i < module->funcs.len; i++) module->funcs.items[i]->scratch = NULL;
    for (uint32_t i = 0; i < module->globals.len; i++) module->globals.items[i]->scratch = NULL;
}
