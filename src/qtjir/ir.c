// Construction of QTJIR: modules, functions, blocks and the list of instructions of each block. Nothing is checked here
// beyond what would corrupt the lists; the verifier judges the result. Instructions are linked both ways inside their
// block; their ids count creations within the function and are never reused before ir_func_renumber.
#include "qtjir/ir.h"

static const char *const OP_TEXTS[IR_OP_COUNT] = {
#define OP(kind, text, operands, has_result, class) [IR_##kind] = text,
#include "qtjir/ops.def"
#undef OP
};

typedef enum OpClass { ORDINARY, TERMINATOR } OpClass;

static const OpClass OP_CLASSES[IR_OP_COUNT] = {
#define OP(kind, text, operands, has_result, class) [IR_##kind] = class,
#include "qtjir/ops.def"
#undef OP
};

static const char *const TRAP_TEXTS[TRAP_KIND_COUNT] = {
#define TRAP(kind, text) [TRAP_##kind] = text,
#include "qtjir/traps.def"
#undef TRAP
};

const char *ir_op_text(IrOp op) {
    ENSURE(op < IR_OP_COUNT);
    return OP_TEXTS[op];
}

bool ir_op_is_terminator(IrOp op) {
    ENSURE(op < IR_OP_COUNT);
    return OP_CLASSES[op] == TERMINATOR;
}

uint64_t ir_value_count(const ConstValue *v) {
    if (v->kind == CONST_REPEAT || v->kind == CONST_SOME) return 1;
    return v->kind == CONST_STRUCT || v->kind == CONST_ARRAY || v->kind == CONST_ENUM ? v->count : 0;
}

const char *ir_trap_text(TrapKind kind) {
    ENSURE(kind < TRAP_KIND_COUNT);
    return TRAP_TEXTS[kind];
}

bool ir_result_by_address(const Type *func_type) {
    const Type *result = func_type->element;
    return result->kind != TYPE_VOID && result->kind != TYPE_NEVER && !type_is_scalar(result);
}

bool ir_param_by_address(const Type *param_type) { return !type_is_scalar(param_type); }

IrModule *ir_module_create(Arena *arena, Types *types, NameTable *names, SourceMap *sources) {
    IrModule *m = ARENA_NEW(arena, IrModule);
    m->arena = arena;
    m->types = types;
    m->names = names;
    m->sources = sources;
    VEC_PUSH(arena, &m->error_names, name_intern_c(names, ""));
    return m;
}

IrFunc *ir_func_add(IrModule *m, const char *name, Type *type) {
    ENSURE(type->kind == TYPE_FUNC);
    IrFunc *f = ARENA_NEW(m->arena, IrFunc);
    f->name = name;
    f->type = type;
    f->param_count = type->param_count + (ir_result_by_address(type) ? 1 : 0);
    f->no_return = type->element->kind == TYPE_NEVER;
    f->module = m;
    VEC_PUSH(m->arena, &m->funcs, f);
    return f;
}

IrGlobal *ir_global_add(IrModule *m, const char *name, Type *type, ConstValue *initial) {
    IrGlobal *g = ARENA_NEW(m->arena, IrGlobal);
    g->name = name;
    g->type = type;
    g->initial = initial;
    VEC_PUSH(m->arena, &m->globals, g);
    return g;
}

IrBlock *ir_block_add(IrFunc *f) {
    IrBlock *b = ARENA_NEW(f->module->arena, IrBlock);
    b->id = f->block_count++;
    b->func = f;
    if (f->last_block)
        f->last_block->next = b;
    else
        f->entry = b;
    f->last_block = b;
    return b;
}

static IrInst *inst_create(IrBlock *b, IrOp op, Type *type, Span span, IrInst **args, uint32_t arg_count) {
    ENSURE(op < IR_OP_COUNT && type != NULL);
    Arena *arena = b->func->module->arena;
    IrInst *inst = ARENA_NEW(arena, IrInst);
    inst->op = op;
    inst->id = b->func->inst_count++;
    inst->type = type;
    inst->span = span;
    inst->block = b;
    inst->arg_count = arg_count;
    if (arg_count) inst->args = arena_copy(arena, args, arg_count * sizeof(IrInst *));
    return inst;
}

IrInst *ir_append(IrBlock *b, IrOp op, Type *type, Span span, IrInst **args, uint32_t arg_count) {
    IrInst *inst = inst_create(b, op, type, span, args, arg_count);
    inst->prev = b->last;
    if (b->last)
        b->last->next = inst;
    else
        b->first = inst;
    b->last = inst;
    return inst;
}

IrInst *ir_insert_before(IrInst *at, IrOp op, Type *type, Span span, IrInst **args, uint32_t arg_count) {
    IrInst *inst = inst_create(at->block, op, type, span, args, arg_count);
    inst->prev = at->prev;
    inst->next = at;
    if (at->prev)
        at->prev->next = inst;
    else
        at->block->first = inst;
    at->prev = inst;
    return inst;
}

void ir_remove(IrInst *inst) {
    IrBlock *b = inst->block;
    if (inst->prev)
        inst->prev->next = inst->next;
    else
        b->first = inst->next;
    if (inst->next)
        inst->next->prev = inst->prev;
    else
        b->last = inst->prev;
    inst->prev = inst->next = NULL;
    inst->block = NULL;
}

bool ir_block_ended(const IrBlock *b) { return b->last && ir_op_is_terminator(b->last->op); }

uint32_t ir_target_count(const IrInst *terminator) {
    switch (terminator->op) {
    case IR_JUMP: return 1;
    case IR_BRANCH: return 2;
    case IR_SWITCH: return 1 + terminator->jump.case_count;
    default: return 0;
    }
}

IrBlock **ir_target(IrInst *terminator, uint32_t index) {
    if (terminator->op == IR_SWITCH && index > 0) return &terminator->jump.cases[index - 1].target;
    return &terminator->jump.targets[index];
}

void ir_func_renumber(IrFunc *f) {
    f->block_count = f->inst_count = 0;
    for (IrBlock *b = f->entry; b; b = b->next) {
        b->id = f->block_count++;
        for (IrInst *i = b->first; i; i = i->next) i->id = f->inst_count++;
    }
}
