// Lowering: small typed trees built by hand become QTJIR that the verifier accepts, and whose text shows what matters:
// where cleanups run, what is checked, what becomes a switch, what is not copied.
#include "unit.h"

#include "qtjir/lower/internal.h"

typedef struct World {
    Arena *arena;
    NameTable *names;
    SourceMap sources;
    Diags diags;
    Types *types;
    Lowerer *p;
    uint32_t locals;
    Type *i32, *u8, *usize, *boolean, *nothing, *never, *str;
} World;

static int setup(void **state) {
    Arena *arena = arena_create();
    World *w = ARENA_NEW(arena, World);
    w->arena = arena;
    w->names = names_create(arena);
    sources_init(&w->sources, arena);
    diags_init(&w->diags, arena, &w->sources);
    w->types = types_create(arena, w->names);
    w->p = lowerer_create(arena, w->types, w->names, &w->sources, &w->diags);
    const Name *empty = name_intern_c(w->names, ""), *found = name_intern_c(w->names, "NotFound");
    VEC_PUSH(arena, &w->p->module->error_names, empty);
    VEC_PUSH(arena, &w->p->module->error_names, found);
    w->i32 = type_primitive(w->types, TYPE_I32);
    w->u8 = type_primitive(w->types, TYPE_U8);
    w->usize = type_primitive(w->types, TYPE_USIZE);
    w->boolean = type_primitive(w->types, TYPE_BOOL);
    w->nothing = type_primitive(w->types, TYPE_VOID);
    w->never = type_primitive(w->types, TYPE_NEVER);
    w->str = type_str(w->types);
    *state = w;
    return 0;
}

static int teardown(void **state) {
    World *w = *state;
    types_destroy(w->types);
    names_destroy(w->names);
    arena_destroy(w->arena);
    return 0;
}

// ---- trees

static TExpr *node(World *w, TExprKind kind, Type *type) {
    TExpr *e = ARENA_NEW(w->arena, TExpr);
    e->kind = kind;
    e->type = type;
    return e;
}

static TExpr *unary(World *w, TExprKind kind, Type *type, TExpr *operand) {
    TExpr *e = node(w, kind, type);
    e->unary.operand = operand;
    return e;
}

static ConstValue *int_const(World *w, Type *type, uint64_t bits) {
    ConstValue *c = ARENA_NEW(w->arena, ConstValue);
    *c = (ConstValue){.kind = CONST_INT, .type = type, .bits = bits};
    return c;
}

static TExpr *constant(World *w, ConstValue *c) {
    TExpr *e = node(w, TEXPR_CONST, c->type);
    e->constant = c;
    return e;
}

static TExpr *integer(World *w, Type *type, uint64_t bits) { return constant(w, int_const(w, type, bits)); }

static TExpr *text(World *w, const char *bytes) {
    ConstValue *c = ARENA_NEW(w->arena, ConstValue);
    *c = (ConstValue){.kind = CONST_STR, .type = w->str, .bytes = str_from(bytes)};
    return constant(w, c);
}

static Local *local(World *w, const char *name, Type *type) {
    Local *l = ARENA_NEW(w->arena, Local);
    *l = (Local){.name = name_intern_c(w->names, name), .type = type, .id = w->locals++, .is_var = true};
    return l;
}

static TExpr *place(World *w, Local *l) {
    TExpr *e = node(w, TEXPR_LOCAL, l->type);
    e->local = l;
    e->is_mutable = l->is_var;
    return e;
}

static TExpr *load(World *w, TExpr *p) { return unary(w, TEXPR_LOAD, p->type, p); }
static TExpr *read_local(World *w, Local *l) { return load(w, place(w, l)); }

static TExpr *binary(World *w, BinaryOp op, TExpr *a, TExpr *b) {
    TExpr *e = node(w, TEXPR_BINARY, a->type);
    e->op2.op = op;
    e->op2.left = a;
    e->op2.right = b;
    return e;
}

static TExpr *compare(World *w, CompareOp op, TExpr *a, TExpr *b) {
    TExpr *e = node(w, TEXPR_COMPARE, w->boolean);
    e->compare.op = op;
    e->compare.left = a;
    e->compare.right = b;
    return e;
}

static TExpr *coerce(World *w, CoerceKind kind, Type *type, TExpr *operand) {
    TExpr *e = node(w, TEXPR_COERCE, type);
    e->coerce.kind = kind;
    e->coerce.operand = operand;
    return e;
}

static TExpr *let(World *w, Local *l, TExpr *value) {
    TExpr *e = node(w, TEXPR_LET, w->nothing);
    e->let.local = l;
    e->let.value = value;
    return e;
}

static TExpr *assign(World *w, TExpr *p, TExpr *value) {
    TExpr *e = node(w, TEXPR_ASSIGN, w->nothing);
    e->assign.place = p;
    e->assign.value = value;
    return e;
}

static TExpr *give_back(World *w, TExpr *value) {
    TExpr *e = node(w, TEXPR_RETURN, w->never);
    e->ret.value = value;
    return e;
}

static TExpr *branch(World *w, Type *type, TExpr *condition, TExpr *yes, TExpr *no) {
    TExpr *e = node(w, TEXPR_IF, type);
    e->if_expr.condition = condition;
    e->if_expr.then_expr = yes;
    e->if_expr.else_expr = no;
    return e;
}

static TExpr *block(World *w, Type *type, TExpr *result, uint32_t count, TExpr **statements) {
    TExpr *e = node(w, TEXPR_BLOCK, type);
    e->block.result = result;
    for (uint32_t i = 0; i < count; i++) VEC_PUSH(w->arena, &e->block.statements, statements[i]);
    return e;
}
#define BLOCK(w, type, result, ...)                                                                                    \
    block(w, type, result, ARRAY_LEN(((TExpr *[]){__VA_ARGS__})), (TExpr *[]){__VA_ARGS__})

static FuncInst *func(World *w, const char *symbol, Type *result, uint32_t count, Local **params, TExpr *body) {
    FuncInst *inst = ARENA_NEW(w->arena, FuncInst);
    Type **types = ARENA_ARRAY(w->arena, Type *, count + 1);
    for (uint32_t i = 0; i < count; i++) types[i] = params[i]->type;
    inst->symbol = symbol;
    inst->type = type_func(w->types, types, count, result);
    inst->params = params;
    inst->param_count = count;
    inst->body = body;
    inst->is_extern = !body;
    return inst;
}

static TExpr *call(World *w, FuncInst *inst, uint32_t count, TExpr **args) {
    TExpr *e = node(w, TEXPR_CALL, inst->type->element);
    e->call.func = inst;
    e->call.args = arena_copy(w->arena, args, sizeof *args * count);
    e->call.arg_count = count;
    return e;
}

static TExpr *call0(World *w, const char *symbol, Type *result) {
    return call(w, func(w, symbol, result, 0, NULL, NULL), 0, NULL);
}

static Field field(World *w, const char *name, Type *type) {
    return (Field){.name = name_intern_c(w->names, name), .type = type};
}

static Type *pair_type(World *w) {
    Type *t = type_named(w->types, TYPE_STRUCT, name_intern_c(w->names, "Pair"));
    if (t->state == STAGE_DONE) return t;
    t->fields = ARENA_ARRAY(w->arena, Field, 2);
    t->fields[0] = field(w, "name", w->str);
    t->fields[1] = field(w, "n", w->i32);
    t->field_count = 2;
    t->state = STAGE_DONE;
    return t;
}

// enum Command { Put(Pair), Get(i32), Stop }
static Type *command_type(World *w) {
    Type *t = type_named(w->types, TYPE_ENUM, name_intern_c(w->names, "Command"));
    if (t->state == STAGE_DONE) return t;
    const char *names[] = {"Put", "Get", "Stop"};
    t->variants = ARENA_ARRAY(w->arena, Variant, 3);
    t->variant_count = 3;
    for (uint32_t i = 0; i < 3; i++) {
        t->variants[i] = (Variant){.name = name_intern_c(w->names, names[i]), .has_tuple = i < 2, .discriminant = i};
        if (i == 2) continue;
        t->variants[i].fields = ARENA_ARRAY(w->arena, Field, 1);
        t->variants[i].fields[0] = (Field){.type = i ? w->i32 : pair_type(w)};
        t->variants[i].field_count = 1;
    }
    t->tag_type = w->u8;
    t->state = STAGE_DONE;
    return t;
}

static Type *color_type(World *w) {
    Type *t = type_named(w->types, TYPE_ENUM, name_intern_c(w->names, "Color"));
    if (t->state == STAGE_DONE) return t;
    int64_t values[] = {0, 5, 6};
    const char *names[] = {"Red", "Green", "Blue"};
    t->variants = ARENA_ARRAY(w->arena, Variant, 3);
    t->variant_count = 3;
    for (uint32_t i = 0; i < 3; i++)
        t->variants[i] = (Variant){.name = name_intern_c(w->names, names[i]), .discriminant = values[i]};
    t->is_plain_enum = true;
    t->tag_type = w->u8;
    t->state = STAGE_DONE;
    return t;
}

static Type *store_error(World *w) {
    Type *t = type_named(w->types, TYPE_ERROR_SET, name_intern_c(w->names, "StoreError"));
    t->state = STAGE_DONE;
    return t;
}

// ---- checking

static const char *lowered(World *w, FuncInst *inst) {
    IrFunc *f = lowerer_request_func(w->p, inst);
    lowerer_run(w->p);
    StrBuf out = {0}, errors = {0};
    ir_print_func(&out, f);
    if (!ir_verify_module(w->p->module, "lowering", &errors)) {
        StrBuf whole = {0};
        ir_print_module(&whole, w->p->module);
        print_message("%s\n%s\n", errors.data, whole.data);
        fail_msg("the verifier refused it");
    }
    const char *result = str_c(w->arena, strbuf_str(&out));
    strbuf_free(&out);
    strbuf_free(&errors);
    return result;
}

static uint32_t count_of(const char *haystack, const char *needle) {
    uint32_t count = 0;
    for (const char *at = haystack; (at = strstr(at, needle)); at++) count++;
    return count;
}

#define EXPECT(ir, needle, times)                                                                                      \
    do {                                                                                                               \
        uint32_t found_ = count_of(ir, needle);                                                                        \
        if (found_ != (times)) fail_msg("`%s`: %u times, not %u, in\n%s", needle, found_, (uint32_t)(times), ir);      \
    } while (0)

// ---- tests

static void arithmetic_and_branches(void **state) {
    World *w = *state;
    Local *a = local(w, "a", w->i32), *b = local(w, "b", w->i32);
    TExpr *both = node(w, TEXPR_LOGICAL, w->boolean);
    both->op2.op = BINARY_AND;
    both->op2.left = compare(w, COMPARE_LT, read_local(w, a), read_local(w, b));
    both->op2.right = compare(w, COMPARE_GT, read_local(w, b), integer(w, w->i32, 0));
    TExpr *sum = binary(w, BINARY_ADD, read_local(w, a), read_local(w, b));
    TExpr *value = branch(w, w->i32, both, sum, integer(w, w->i32, (uint64_t)-1));
    const char *ir = lowered(
        w, func(w, "f", w->i32, 2, (Local *[]){a, b}, BLOCK(w, w->i32, value, let(w, local(w, "x", w->i32), sum))));
    EXPECT(ir, " = add i32", 2);
    EXPECT(ir, "branch", 2);
    EXPECT(ir, "ret", 1);
}

static void code_after_the_end_is_not_emitted(void **state) {
    World *w = *state;
    TExpr *body = BLOCK(w, w->never, NULL, give_back(w, integer(w, w->i32, 1)), call0(w, "later", w->nothing));
    const char *ir = lowered(w, func(w, "f", w->i32, 0, NULL, body));
    EXPECT(ir, "later", 0);
    EXPECT(ir, "ret", 1);
}

static TExpr *defer(World *w, const char *symbol) {
    TExpr *e = node(w, TEXPR_DEFER, w->nothing);
    e->defer.body = call0(w, symbol, w->nothing);
    return e;
}

static void cleanups_run_on_every_way_out(void **state) {
    World *w = *state;
    Local *n = local(w, "n", w->i32), *x = local(w, "x", w->i32);
    TLoop *loop = ARENA_NEW(w->arena, TLoop);
    TExpr *leave = node(w, TEXPR_BREAK, w->never), *again = node(w, TEXPR_CONTINUE, w->never);
    leave->jump.loop = again->jump.loop = loop;
    TExpr *is_one = compare(w, COMPARE_EQ, read_local(w, n), integer(w, w->i32, 1));
    TExpr *round = BLOCK(w, w->nothing, NULL, let(w, x, read_local(w, n)), defer(w, "inner"),
                         branch(w, w->nothing, is_one, leave, NULL), branch(w, w->nothing, is_one, again, NULL),
                         branch(w, w->nothing, is_one, give_back(w, read_local(w, x)), NULL));
    TExpr *repeat = node(w, TEXPR_LOOP, w->nothing);
    repeat->loop.loop = loop;
    repeat->loop.condition = compare(w, COMPARE_LT, read_local(w, n), integer(w, w->i32, 10));
    repeat->loop.body = round;
    repeat->loop.step = call0(w, "step", w->nothing);
    TExpr *body = BLOCK(w, w->i32, integer(w, w->i32, 0), defer(w, "outer"), repeat);
    const char *ir = lowered(w, func(w, "f", w->i32, 1, (Local *[]){n}, body));
    EXPECT(ir, "\"inner\"", 4); // break, continue, return, fall through
    EXPECT(ir, "\"outer\"", 2); // return, fall through
    EXPECT(ir, "cleanup.push", 2);
    EXPECT(ir, "cleanup.pop", 6);
    EXPECT(ir, "\"step\"", 1);
}

static void using_closes_and_propagates(void **state) {
    World *w = *state;
    Type *error = store_error(w), *any = type_any_error(w->types);
    Type *narrow = type_error_union(w->types, w->i32, error), *wide = type_error_union(w->types, w->i32, any);
    Local *guard = local(w, "guard", w->i32), *got = local(w, "got", w->i32);
    TExpr *attempt = unary(w, TEXPR_TRY, w->i32, call0(w, "read", narrow));
    TExpr *use = node(w, TEXPR_USING, w->nothing);
    use->using_expr.local = guard;
    use->using_expr.value = call0(w, "lock", w->i32);
    use->using_expr.close = call0(w, "close", w->nothing);
    use->using_expr.body = BLOCK(w, w->nothing, NULL, let(w, got, attempt));
    TExpr *ok = coerce(w, COERCE_OK, wide, integer(w, w->i32, 7));
    const char *ir = lowered(w, func(w, "f", wide, 0, NULL, BLOCK(w, wide, ok, use)));
    EXPECT(ir, "error.widen", 1);
    EXPECT(ir, "error.set_err", 1);
    EXPECT(ir, "error.set_ok", 1);
    EXPECT(ir, "\"close\"", 2);
}

static void catch_and_default(void **state) {
    World *w = *state;
    Type *error = store_error(w), *result = type_error_union(w->types, pair_type(w), error);
    Type *optional = type_optional(w->types, w->i32);
    Local *e = local(w, "e", error), *fallback = local(w, "p", pair_type(w)), *number = local(w, "n", w->i32);
    TExpr *caught = node(w, TEXPR_CATCH, pair_type(w));
    caught->catch_expr.operand = call0(w, "find", result);
    caught->catch_expr.error = e;
    caught->catch_expr.handler = read_local(w, fallback);
    TExpr *other = node(w, TEXPR_ORELSE, w->i32);
    other->orelse.operand = call0(w, "maybe", optional);
    other->orelse.fallback = give_back(w, load(w, place(w, fallback)));
    const char *ir = lowered(
        w, func(w, "f", pair_type(w), 1, (Local *[]){fallback}, BLOCK(w, pair_type(w), caught, let(w, number, other))));
    EXPECT(ir, "error.is", 1);
    EXPECT(ir, "error.code", 1);
    EXPECT(ir, "optional.has", 1);
    EXPECT(ir, "copy", 3);
}

static TPattern *pattern(World *w, PatternKind kind, Type *type, uint32_t index, TPattern *sub) {
    TPattern *p = ARENA_NEW(w->arena, TPattern);
    *p = (TPattern){.kind = kind, .type = type, .index = index};
    if (sub) {
        p->subs = ARENA_ARRAY(w->arena, TPattern *, 1);
        p->subs[p->sub_count++] = sub;
    }
    return p;
}

static TPattern *bind(World *w, Local *l) {
    TPattern *p = pattern(w, PATTERN_BIND, l->type, 0, NULL);
    p->local = l;
    return p;
}

static TExpr *match(World *w, Type *type, TExpr *subject, uint32_t count, TArm *arms) {
    TExpr *e = node(w, TEXPR_MATCH, type);
    e->match.subject = subject;
    e->match.arms = arena_copy(w->arena, arms, sizeof *arms * count);
    e->match.arm_count = count;
    return e;
}

static void match_on_an_enum_switches(void **state) {
    World *w = *state;
    Type *command = command_type(w);
    Local *subject = local(w, "c", command), *put = local(w, "pair", pair_type(w)), *id = local(w, "id", w->i32);
    TPattern *rest = pattern(w, PATTERN_OR, command, 0, NULL);
    rest->subs = ARENA_ARRAY(w->arena, TPattern *, 2);
    rest->sub_count = 2;
    rest->subs[0] = pattern(w, PATTERN_VARIANT, command, 2, NULL);
    rest->subs[1] = pattern(w, PATTERN_VARIANT, command, 1, pattern(w, PATTERN_ANY, w->i32, 0, NULL));
    TExpr *n = node(w, TEXPR_FIELD, w->i32);
    n->field.base = place(w, put);
    n->field.index = 1;
    TArm arms[] = {
        {.pattern = pattern(w, PATTERN_VARIANT, command, 0, bind(w, put)), .body = load(w, n)},
        {.pattern = pattern(w, PATTERN_VARIANT, command, 1, bind(w, id)),
         .guard = compare(w, COMPARE_GT, read_local(w, id), integer(w, w->i32, 0)),
         .body = read_local(w, id)},
        {.pattern = rest, .body = integer(w, w->i32, 9)},
    };
    TExpr *e = match(w, w->i32, place(w, subject), 3, arms);
    const char *ir = lowered(w, func(w, "f", w->i32, 1, (Local *[]){subject}, block(w, w->i32, e, 0, NULL)));
    EXPECT(ir, "switch", 1);
    EXPECT(ir, "variant.field", 2);
}

static void match_in_order(void **state) {
    World *w = *state;
    Type *optional = type_optional(w->types, w->str);
    Local *subject = local(w, "s", optional), *rest = local(w, "rest", w->str);
    TPattern *hello = pattern(w, PATTERN_CONST, w->str, 0, NULL);
    hello->value = text(w, "hello")->constant;
    TArm arms[] = {
        {.pattern = pattern(w, PATTERN_SOME, optional, 0, hello), .body = integer(w, w->i32, 1)},
        {.pattern = pattern(w, PATTERN_NULL, optional, 0, NULL), .body = integer(w, w->i32, 2)},
        {.pattern = pattern(w, PATTERN_SOME, optional, 0, bind(w, rest)),
         .body = coerce(w, COERCE_NEVER, w->i32, give_back(w, integer(w, w->i32, 3)))},
    };
    TExpr *e = match(w, w->i32, place(w, subject), 3, arms);
    const char *ir = lowered(w, func(w, "f", w->i32, 1, (Local *[]){subject}, block(w, w->i32, e, 0, NULL)));
    EXPECT(ir, "\"eq str ", 1);
    EXPECT(ir, "optional.has", 2); // the last arm needs no test
    EXPECT(ir, "trap", 0);
}

static void equality_has_one_function_per_type(void **state) {
    World *w = *state;
    Type *command = command_type(w);
    Type *optional = type_optional(w->types, type_array(w->types, command, 3));
    Local *a = local(w, "a", optional), *b = local(w, "b", optional);
    TExpr *e = node(w, TEXPR_EQUAL, w->boolean);
    e->equal.left = place(w, a);
    e->equal.right = place(w, b);
    TExpr *ne = node(w, TEXPR_EQUAL, w->boolean);
    *ne = *e;
    ne->equal.negate = true;
    Local *x = local(w, "x", w->boolean);
    const char *ir = lowered(w, func(w, "f", w->boolean, 2, (Local *[]){a, b}, BLOCK(w, w->boolean, ne, let(w, x, e))));
    EXPECT(ir, "call", 2);
    EXPECT(ir, " = not", 1);
    uint32_t made = 0;
    for (uint32_t i = 0; i < w->p->module->funcs.len; i++)
        made += strncmp(w->p->module->funcs.items[i]->name, "eq ", 3) == 0;
    assert_int_equal(made, 5); // optional, array, enum, struct, slice
}

static void aggregates_are_built_in_place(void **state) {
    World *w = *state;
    Type *pair = pair_type(w), *array = type_array(w->types, pair, 6), *optional = type_optional(w->types, pair);
    Local *n = local(w, "n", w->i32), *xs = local(w, "xs", array), *some = local(w, "some", optional),
          *p = local(w, "p", pair);
    TExpr *literal = node(w, TEXPR_STRUCT, pair);
    literal->aggregate.fields = ARENA_ARRAY(w->arena, TExpr *, 2);
    literal->aggregate.fields[0] = text(w, "x");
    literal->aggregate.fields[1] = read_local(w, n);
    TExpr *repeat = node(w, TEXPR_ARRAY_REPEAT, array);
    repeat->repeat.element = literal;
    Local *zeros = local(w, "zeros", type_array(w->types, w->i32, 100));
    TExpr *fill = node(w, TEXPR_ARRAY_REPEAT, zeros->type);
    fill->repeat.element = integer(w, w->i32, 0);
    Local *taken = local(w, "taken", pair);
    TExpr *use = call(w, func(w, "use", w->nothing, 1, (Local *[]){taken}, NULL), 1, (TExpr *[]){literal});
    TExpr *body = BLOCK(w, w->nothing, NULL, let(w, xs, repeat), let(w, zeros, fill),
                        let(w, some, coerce(w, COERCE_SOME, optional, literal)), let(w, p, literal),
                        assign(w, place(w, p), literal), use);
    const char *ir = lowered(w, func(w, "f", w->nothing, 1, (Local *[]){n}, body));
    EXPECT(ir, "mem.fill", 1);
    EXPECT(ir, "optional.set_some", 1);
    EXPECT(ir, " copy ", 2); // in the repeat's loop; the assignment, whose literal might read the old value
}

static TExpr *intrinsic(World *w, IntrinsicKind kind, Type *type, uint32_t count, TExpr **args) {
    TExpr *e = node(w, TEXPR_INTRINSIC, type);
    e->intrinsic.kind = kind;
    e->intrinsic.order = ORDER_SEQ_CST;
    e->intrinsic.failure_order = ORDER_RELAXED;
    e->intrinsic.args = arena_copy(w->arena, args, sizeof *args * count);
    e->intrinsic.arg_count = count;
    return e;
}

static void intrinsics(void **state) {
    World *w = *state;
    Type *bytes = type_slice(w->types, w->u8, false), *pointer = type_ptr(w->types, w->i32, false);
    Type *optional = type_optional(w->types, w->i32), *niche = type_optional(w->types, pointer);
    Local *to = local(w, "to", bytes), *from = local(w, "from", w->str), *cell = local(w, "cell", pointer);
    Local *slot = local(w, "slot", type_ptr(w->types, pointer, false));
    TExpr *one = integer(w, w->i32, 1);
    TExpr *body = BLOCK(
        w, w->nothing, NULL,
        intrinsic(w, INTRINSIC_COPY, w->nothing, 2, (TExpr *[]){read_local(w, to), read_local(w, from)}),
        intrinsic(w, INTRINSIC_FILL, w->nothing, 2, (TExpr *[]){read_local(w, to), integer(w, w->u8, 255)}),
        let(w, local(w, "old", w->i32),
            intrinsic(w, INTRINSIC_ATOMIC_RMW, w->i32, 2, (TExpr *[]){read_local(w, cell), one})),
        let(w, local(w, "seen", optional),
            intrinsic(w, INTRINSIC_ATOMIC_CMPXCHG, optional, 3, (TExpr *[]){read_local(w, cell), one, one})),
        let(w, local(w, "swapped", niche),
            intrinsic(w, INTRINSIC_ATOMIC_CMPXCHG, niche, 3,
                      (TExpr *[]){read_local(w, slot), read_local(w, cell), read_local(w, cell)})),
        let(w, local(w, "sum", optional), intrinsic(w, INTRINSIC_ADD_OVERFLOW, optional, 2, (TExpr *[]){one, one})),
        let(w, local(w, "low", w->u8), intrinsic(w, INTRINSIC_TRUNCATE, w->u8, 1, (TExpr *[]){one})),
        let(w, local(w, "ones", w->i32), intrinsic(w, INTRINSIC_POPCOUNT, w->i32, 1, (TExpr *[]){one})),
        let(w, local(w, "bits", type_primitive(w->types, TYPE_F32)),
            intrinsic(w, INTRINSIC_BITCAST, type_primitive(w->types, TYPE_F32), 1, (TExpr *[]){one})),
        intrinsic(w, INTRINSIC_FENCE, w->nothing, 0, NULL), intrinsic(w, INTRINSIC_TRAP, w->never, 0, NULL));
    const char *ir = lowered(w, func(w, "f", w->nothing, 4, (Local *[]){to, from, cell, slot}, body));
    EXPECT(ir, "mem.copy", 1);
    EXPECT(ir, "check.true", 1);
    EXPECT(ir, "atomic.cmpxchg", 2);
    EXPECT(ir, "trap", 1);
}

static void slices_and_indices(void **state) {
    World *w = *state;
    Type *array = type_array(w->types, w->i32, 8), *slice = type_slice(w->types, w->i32, false);
    Local *xs = local(w, "xs", array), *part = local(w, "part", slice), *n = local(w, "n", w->i32);
    TExpr *cut = node(w, TEXPR_SLICE_ARRAY, slice);
    cut->slice.base = place(w, xs);
    cut->slice.low = read_local(w, n);
    cut->slice.high = integer(w, w->usize, 6);
    cut->slice.inclusive = cut->slice.checked = true;
    TExpr *known = node(w, TEXPR_INDEX_ARRAY, w->i32);
    known->index.base = place(w, xs);
    known->index.index = integer(w, w->usize, 7);
    known->index.checked = true;
    TExpr *element = node(w, TEXPR_INDEX_SLICE, w->i32);
    element->index.base = read_local(w, part);
    element->index.index = read_local(w, n);
    element->index.checked = true;
    TExpr *body = BLOCK(w, w->i32, load(w, element), let(w, xs, node(w, TEXPR_UNDEFINED, array)), let(w, part, cut),
                        assign(w, known, integer(w, w->i32, 3)));
    const char *ir = lowered(w, func(w, "f", w->i32, 1, (Local *[]){n}, body));
    EXPECT(ir, "check.slice", 2); // the included end itself, and what it makes of it
    EXPECT(ir, "check.bounds", 1); // not for the constant index
    EXPECT(ir, "bitcast", 2); // the bits of a negative index are kept: the bounds check catches it
}

static void casts_to_an_enum_are_checked(void **state) {
    World *w = *state;
    Local *n = local(w, "n", w->i32);
    TExpr *cast = unary(w, TEXPR_CAST, color_type(w), read_local(w, n));
    TExpr *back = unary(w, TEXPR_CAST, w->i32, cast);
    const char *ir = lowered(w, func(w, "f", w->i32, 1, (Local *[]){n}, block(w, w->i32, back, 0, NULL)));
    EXPECT(ir, "cmp", 3); // 0, and 5 to 6
    EXPECT(ir, "check.true", 1);
    EXPECT(ir, "enum.from_int", 1);
    EXPECT(ir, "int.widen", 1);
}

// A temporary made in one branch lives from before the branch, so that its end holds on every path.
static void conditional_temporaries_verify(void **state) {
    World *w = *state;
    Type *pair = pair_type(w), *pointer = type_ptr(w->types, pair, true);
    Local *c = local(w, "c", w->boolean), *given = local(w, "p", pointer);
    TExpr *fresh = unary(w, TEXPR_ADDR, pointer, unary(w, TEXPR_TEMP, pair, call0(w, "make", pair)));
    TExpr *other = unary(w, TEXPR_ADDR, pointer, unary(w, TEXPR_TEMP, pair, call0(w, "make2", pair)));
    TExpr *chosen = branch(w, pointer, read_local(w, c), fresh, other);
    TExpr *use = call(w, func(w, "look", w->boolean, 1, (Local *[]){given}, NULL), 1, (TExpr *[]){chosen});
    TLoop *loop = ARENA_NEW(w->arena, TLoop);
    TExpr *repeat = node(w, TEXPR_LOOP, w->nothing);
    repeat->loop.loop = loop;
    repeat->loop.condition = use;
    repeat->loop.body = unary(w, TEXPR_DISCARD, w->nothing, use);
    const char *ir = lowered(w, func(w, "f", w->nothing, 1, (Local *[]){c}, BLOCK(w, w->nothing, NULL, repeat)));
    EXPECT(ir, "\"look\"", 2);
    EXPECT(ir, "live", 6);
    EXPECT(ir, "dead", 9); // three after the body, three on each way out of the condition
}

static void deep_trees_are_refused(void **state) {
    World *w = *state;
    TExpr *e = integer(w, w->i32, 1);
    for (int i = 0; i < 100000; i++) e = binary(w, BINARY_ADD, e, integer(w, w->i32, 1));
    lowerer_request_func(w->p, func(w, "f", w->i32, 0, NULL, block(w, w->i32, e, 0, NULL)));
    lowerer_run(w->p);
    assert_int_equal(w->diags.error_count, 1);
    assert_int_equal(w->diags.all.items[0]->code, DIAG_E0009);
}

static void main_reports_its_error(void **state) {
    World *w = *state;
    Type *result = type_error_union(w->types, w->u8, type_any_error(w->types));
    FuncInst *start =
        func(w, "main", result, 0, NULL, block(w, result, coerce(w, COERCE_OK, result, integer(w, w->u8, 3)), 0, NULL));
    lower_entry(w->p, start, NULL, 0);
    const char *ir = lowered(w, start);
    EXPECT(ir, "error.set_ok", 1);
    StrBuf out = {0};
    ir_print_func(&out, lowerer_find_func(w->p, "__janus_main"));
    EXPECT(out.data, "\"__janus_main_error\"", 1);
    EXPECT(out.data, "ret", 2);
    strbuf_free(&out);
}

static void tests_are_chosen_by_number(void **state) {
    World *w = *state;
    FuncInst *tests[2];
    for (int i = 0; i < 2; i++)
        tests[i] = func(w, i ? "t1" : "t0", w->nothing, 0, NULL, block(w, w->nothing, NULL, 0, NULL));
    lower_entry(w->p, NULL, tests, 2);
    lowered(w, tests[0]);
    StrBuf out = {0};
    ir_print_func(&out, lowerer_find_func(w->p, "__janus_main"));
    EXPECT(out.data, "switch", 1);
    EXPECT(out.data, "ret", 3);
    strbuf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(arithmetic_and_branches, setup, teardown),
        cmocka_unit_test_setup_teardown(code_after_the_end_is_not_emitted, setup, teardown),
        cmocka_unit_test_setup_teardown(cleanups_run_on_every_way_out, setup, teardown),
        cmocka_unit_test_setup_teardown(using_closes_and_propagates, setup, teardown),
        cmocka_unit_test_setup_teardown(catch_and_default, setup, teardown),
        cmocka_unit_test_setup_teardown(match_on_an_enum_switches, setup, teardown),
        cmocka_unit_test_setup_teardown(match_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(equality_has_one_function_per_type, setup, teardown),
        cmocka_unit_test_setup_teardown(aggregates_are_built_in_place, setup, teardown),
        cmocka_unit_test_setup_teardown(intrinsics, setup, teardown),
        cmocka_unit_test_setup_teardown(slices_and_indices, setup, teardown),
        cmocka_unit_test_setup_teardown(casts_to_an_enum_are_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(conditional_temporaries_verify, setup, teardown),
        cmocka_unit_test_setup_teardown(deep_trees_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(main_reports_its_error, setup, teardown),
        cmocka_unit_test_setup_teardown(tests_are_chosen_by_number, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
