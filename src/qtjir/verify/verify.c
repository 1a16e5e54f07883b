// The verifier: after lowering and after every pass, every function is held against the rules of QTJIR. A broken rule
// is a mistake of the compiler, found before it becomes machine code. The rules, and where they live:
//
//   here                the lists of blocks and instructions are sound and ids unique; every block ends in its one terminator;
//                       jumps stay within the function and never lead to the entry block; operands are values of this
//                       function, as many as ops.def says; a result is a scalar, or there is none; only what traps may be
//                       `unchecked`, and after strip-checks it must be; after prune every block is reachable; names of
//                       functions and globals are unique
//   types.c             types are concrete and, held by value, complete, with a layout that agrees with itself; initial values
//                       have the type of their global
//   memory.c            one rule for each operation on constants, memory, addresses and slices
//   union.c             … on optionals, error unions and enums
//   arith.c             … on numbers and bits, and the checks
//   atomic.c            … on atomics: eligible types, possible orders
//   call.c              … parameters, calls, terminators; a call that does not return is followed by `unreachable`, and
//                       nothing else is
//   facts.c             what surely holds, on every way to an instruction: for the next two
//   fill.c              temporaries and results are written before they are read
//   flow.c              definitions dominate uses; slots are alive where used; cleanup tokens nest on every path
//
// Each rule is a function named after its operation: an operation without a rule does not link. The work is linear in
// the size of the module but for the dominators, which are linear on structured code. Types keep their marks for the
// whole module, everything else lives in an arena that is reset for each function.
#include "qtjir/verify/internal.h"

typedef struct OpInfo {
    bool (*rule)(Verify *v, const IrInst *i);
    int operands;
    bool has_result;
} OpInfo;

static const OpInfo OPS[IR_OP_COUNT] = {
#define OP(kind, text, operands, has_result, class) [IR_##kind] = {rule_##kind, operands, has_result},
#include "qtjir/ops.def"
#undef OP
};

// ---- structure -------------------------------------------------------------------------------------------------------

static bool verify_header(Verify *v) {
    const IrFunc *f = v->f;
    if (!f->name || !f->name[0]) return verify_fail(v, "the function has no name");
    if (!f->type || f->type->kind != TYPE_FUNC) return verify_fail(v, "the function has no function type");
    if (!verify_concrete(v, f->type)) return false;
    if (f->param_count != f->type->param_count + ir_result_by_address(f->type))
        return verify_fail(v, "the number of parameters is not that of the function's type");
    if (f->no_return != (f->type->element->kind == TYPE_NEVER))
        return verify_fail(v, "no_return contradicts the function's type");
    if (f->is_extern && f->entry) return verify_fail(v, "an extern function has a body");
    if (!f->is_extern && !f->entry) return verify_fail(v, "the function has no blocks");
    return true;
}

// The list of one block. Loops in it would show as a wrong back link.
static bool verify_block_list(Verify *v, const IrBlock *b) {
    const IrInst *prev = NULL;
    for (const IrInst *i = b->first; i; prev = i, i = i->next) {
        if (i->prev != prev || i->block != b) return verify_fail(v, "the list of instructions is broken");
        if (i->op >= IR_OP_COUNT || !i->type) return verify_fail(v, "an instruction has no operation or no type");
        if (i->id >= v->f->inst_count || v->defs[i->id])
            return verify_fail(v, "the id of an instruction is not unique");
        v->defs[i->id] = (IrInst *)i;
        v->position[i->id] = prev ? v->position[prev->id] + 1 : 0;
        if (ir_op_is_terminator(i->op) && i->next) {
            v->inst = i;
            return verify_fail(v, "a terminator stands before the end of its block");
        }
    }
    if (b->last != prev) return verify_fail(v, "the list of instructions is broken");
    return ir_block_ended(b) || verify_fail(v, "the block has no terminator");
}

static bool verify_lists(Verify *v) {
    const IrFunc *f = v->f;
    const IrBlock **blocks = ARENA_ARRAY(v->arena, const IrBlock *, f->block_count);
    v->defs = ARENA_ARRAY(v->arena, IrInst *, f->inst_count);
    v->position = ARENA_ARRAY(v->arena, uint32_t, f->inst_count);
    v->params_seen = ARENA_ARRAY(v->arena, uint8_t, f->param_count);
    const IrBlock *last = NULL;
    for (const IrBlock *b = f->entry; b; last = b, b = b->next) {
        v->block = b;
        v->inst = NULL;
        if (b->func != f || b->id >= f->block_count || blocks[b->id])
            return verify_fail(v, "the list of blocks is broken");
        blocks[b->id] = b;
        if (!verify_block_list(v, b)) return false;
    }
    v->block = NULL;
    if (last != f->last_block) return verify_fail(v, "the list of blocks is broken");
    for (const IrBlock *b = f->entry; b; b = b->next) {
        v->block = b;
        v->inst = b->last;
        for (uint32_t t = 0; t < ir_target_count(b->last); t++) {
            const IrBlock *target = *ir_target(b->last, t);
            if (!target || target->func != f || target->id >= f->block_count || blocks[target->id] != target)
                return verify_fail(v, "a jump leaves the function");
            if (target == f->entry) return verify_fail(v, "a jump leads to the entry block");
        }
    }
    return true;
}

// ---- one instruction -------------------------------------------------------------------------------------------------

static bool verify_operands(Verify *v, const IrInst *i) {
    int expected = OPS[i->op].operands;
    if (expected >= 0 && i->arg_count != (uint32_t)expected)
        return verify_fail(v, "%s takes %d operands, %u are given", ir_op_text(i->op), expected,
                           (unsigned)i->arg_count);
    for (uint32_t k = 0; k < i->arg_count; k++) {
        const IrInst *operand = i->args[k];
        if (!operand || operand->id >= v->f->inst_count || v->defs[operand->id] != operand)
            return verify_fail(v, "operand %u is not a value of this function", k + 1);
        if (operand->type->kind == TYPE_VOID) return verify_fail(v, "operand %u has no value", k + 1);
    }
    return true;
}

static bool verify_result_class(Verify *v, const IrInst *i) {
    bool is_call = i->op == IR_CALL || i->op == IR_CALL_PTR;
    if (i->type->kind == TYPE_VOID)
        return !OPS[i->op].has_result || is_call || verify_fail(v, "%s must have a result", ir_op_text(i->op));
    if (!OPS[i->op].has_result) return verify_fail(v, "%s has no result", ir_op_text(i->op));
    if (!verify_concrete(v, i->type)) return false;
    if (i->type->kind == TYPE_ENUM && !verify_layout(v, i->type)) return false;
    return type_is_scalar(i->type) ||
           verify_fail(v, "`%s` lives in memory and cannot be a value", verify_text(v, i->type));
}

static bool verify_inst(Verify *v, const IrInst *i) {
    if (!verify_operands(v, i) || !verify_result_class(v, i)) return false;
    bool traps = text_op_traps(i->op);
    if (i->unchecked && !traps) return verify_fail(v, "%s does not trap and cannot be unchecked", ir_op_text(i->op));
    // The compiler leaves a check out only where it converts what is known to fit; arithmetic loses its own in fast
    // mode alone.
    bool converts = i->op == IR_INT_CAST || i->op == IR_FLOAT_TO_INT;
    if (i->unchecked && !converts && !v->m->checks_stripped)
        return verify_fail(v, "arithmetic is unchecked although checks were not stripped");
    if (traps && !i->unchecked && v->m->checks_stripped)
        return verify_fail(v, "a check is left although checks were stripped");
    return OPS[i->op].rule(v, i);
}

static bool verify_insts(Verify *v) {
    for (const IrBlock *b = v->f->entry; b; b = b->next)
        for (const IrInst *i = b->first; i; i = i->next) {
            v->block = b;
            v->inst = i;
            if (!verify_inst(v, i)) return false;
        }
    return true;
}

static bool verify_reachable(Verify *v) {
    if (!v->m->unreachable_removed) return true;
    v->inst = NULL;
    for (const IrBlock *b = v->f->entry; b; b = b->next) {
        v->block = b;
        if (!cfg_reachable(v->cfg, b))
            return verify_fail(v, "the block cannot be reached although such blocks were removed");
    }
    return true;
}

static bool verify_func(Verify *v, const IrFunc *f) {
    arena_reset(v->arena);
    v->f = f;
    v->block = NULL;
    v->inst = NULL;
    v->failed = false;
    if (!verify_header(v)) return false;
    if (!f->entry) return true;
    if (!verify_lists(v) || !verify_insts(v)) return false;
    v->cfg = cfg_build(v->arena, f);
    return verify_reachable(v) && verify_dominance(v) && verify_slots(v) && verify_fill(v) && verify_cleanups(v);
}

// ---- modules ---------------------------------------------------------------------------------------------------------

static void note_globals(Verify *v) {
    const IrModule *m = v->m;
    for (; v->globals_noted < m->globals.len; v->globals_noted++)
        map_put(v->module_arena, &v->globals, m->globals.items[v->globals_noted], m->globals.items[v->globals_noted]);
}

static void verify_begin(Verify *v, const IrModule *m, const char *after_pass, StrBuf *errors) {
    *v = (Verify){.m = m, .types = m->types, .after_pass = after_pass, .errors = errors};
    v->module_arena = arena_create();
    v->arena = arena_create();
    v->ready.arena = v->module_arena;
    note_globals(v);
}

static void verify_end(Verify *v) {
    arena_destroy(v->arena);
    arena_destroy(v->module_arena);
}

// Functions and globals share one name space, that of the object file.
static bool verify_names(Verify *v) {
    Map taken = {0};
    NameTable *names = v->m->names;
    v->f = NULL;
    v->failed = false;
    for (uint32_t i = 0; i < v->m->funcs.len + v->m->globals.len; i++) {
        bool is_func = i < v->m->funcs.len;
        const char *text = is_func ? v->m->funcs.items[i]->name : v->m->globals.items[i - v->m->funcs.len]->name;
        const Name *name = name_intern_c(names, text ? text : "");
        if (map_get(&taken, name)) return verify_fail(v, "the name `%s` is taken twice", name->text);
        map_put(v->module_arena, &taken, name, (void *)(uintptr_t)name);
    }
    return true;
}

bool ir_verify_module(const IrModule *m, const char *after_pass, StrBuf *errors) {
    Verify v;
    verify_begin(&v, m, after_pass, errors);
    bool sound = verify_names(&v);
    for (uint32_t i = 0; i < m->globals.len; i++) {
        v.failed = false;
        sound &= verify_global(&v, m->globals.items[i]);
    }
    for (uint32_t i = 0; i < m->funcs.len; i++) sound &= verify_func(&v, m->funcs.items[i]);
    verify_end(&v);
    return sound;
}

// ---- modules that grow -----------------------------------------------------------------------------------------------

struct IrVerifier {
    Verify v;
};

IrVerifier *ir_verifier_create(const IrModule *m, const char *after_pass) {
    Verify v;
    verify_begin(&v, m, after_pass, NULL);
    IrVerifier *verifier = ARENA_NEW(v.module_arena, IrVerifier);
    verifier->v = v;
    return verifier;
}

void ir_verifier_destroy(IrVerifier *verifier) {
    Verify v = verifier->v;
    verify_end(&v);
}

bool ir_verifier_func(IrVerifier *verifier, const IrFunc *f, StrBuf *errors) {
    verifier->v.errors = errors;
    note_globals(&verifier->v);
    return verify_func(&verifier->v, f);
}

bool ir_verifier_global(IrVerifier *verifier, const IrGlobal *g, StrBuf *errors) {
    Verify *v = &verifier->v;
    v->errors = errors;
    v->f = NULL;
    v->block = NULL;
    v->inst = NULL;
    v->failed = false;
    note_globals(v);
    return verify_global(v, g);
}
