// The atomic and volatile intrinsics, which access one cell, and fences. Orderings and read-modify-write operations are
// taken by the name of an enum's variant, so the standard library declares the enum and the compiler need not know it.
// An ordering an operation cannot have is reported here, inside the instance; the chain of instances leads the reader to
// the call that asked for it.
#include "sema/expr/intrinsic.h"

static const char *const ORDER_NAMES[] = {"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
static const char *const RMW_NAMES[] = {"xchg", "add", "sub", "and", "or", "xor", "nand", "min", "max"};

// The variant's name a generic argument stands for: `.acquire`, `Ordering.acquire`, a constant, or a parameter. NULL
// after a report.
static const Name *variant_name(IntrinsicCall *call, Node *node, const char *what) {
    Context *c = call->c;
    node = skip_parens(node);
    if (node->kind == NODE_DOT_NAME) return node->name.name;
    Entity e = entity_resolve(c, node);
    Type *type = NULL;
    int64_t discriminant = 0;
    switch (e.kind) {
    case ENTITY_ERROR: return NULL;
    case ENTITY_VARIANT: return e.type->variants[e.index].name;
    case ENTITY_VALUE_PARAM:
        if (e.type->kind != TYPE_VALUE) return NULL;
        type = e.type->element;
        discriminant = e.type->value;
        break;
    case ENTITY_CONST: {
        ConstValue *value = e.decl->kind == DECL_CONST ? const_of_decl(c->sema, e.decl, node->span) : NULL;
        if (!value) break;
        type = value->type;
        discriminant = (int64_t)value->bits;
        break;
    }
    default: break;
    }
    const Variant *variant = NULL;
    if (type && type->kind == TYPE_ENUM && type_complete(c->sema, type, node->span))
        variant = type_variant_numbered(type, discriminant);
    if (variant) return variant->name;
    intrinsic_misuse(call, node->span, "%s is expected here", what);
    return NULL;
}

static bool read_order(IntrinsicCall *call, uint32_t index, MemoryOrder *out) {
    Node *node = call->generics->items[index];
    const Name *name = variant_name(call, node, "a memory ordering such as `.acquire`");
    if (!name) return false;
    for (uint32_t i = 0; i < ARRAY_LEN(ORDER_NAMES); i++)
        if (str_equal_c(name_str(name), ORDER_NAMES[i])) {
            *out = (MemoryOrder)i;
            return true;
        }
    intrinsic_misuse(call, node->span,
                     "`%s` is no memory ordering; there are relaxed, consume, acquire, release, acq_rel and seq_cst",
                     name->text);
    return false;
}

static bool read_rmw(IntrinsicCall *call, uint32_t index, RmwOp *out) {
    Node *node = call->generics->items[index];
    const Name *name = variant_name(call, node, "an operation such as `.add`");
    if (!name) return false;
    for (uint32_t i = 0; i < ARRAY_LEN(RMW_NAMES); i++)
        if (str_equal_c(name_str(name), RMW_NAMES[i])) {
            *out = (RmwOp)i;
            return true;
        }
    intrinsic_misuse(call, node->span,
                     "`%s` is no operation; there are xchg, add, sub, and, or, xor, nand, min and max", name->text);
    return false;
}

static bool read_weak(IntrinsicCall *call, uint32_t index, bool *out) {
    Node *node = skip_parens(call->generics->items[index]);
    if (node->kind == NODE_BOOL) {
        *out = node->boolean.value;
        return true;
    }
    Entity e = entity_resolve(call->c, node);
    if (e.kind == ENTITY_ERROR) return false;
    if (e.kind == ENTITY_VALUE_PARAM && e.type->kind == TYPE_VALUE && e.type->element->kind == TYPE_BOOL) {
        *out = e.type->value != 0;
        return true;
    }
    intrinsic_misuse(call, node->span, "`true` for a weak exchange or `false` for a strong one is expected here");
    return false;
}

static bool order_allowed(IntrinsicCall *call, uint32_t index, MemoryOrder order, bool is_load, bool is_store) {
    bool releases = order == ORDER_RELEASE || order == ORDER_ACQ_REL;
    bool acquires = order == ORDER_ACQUIRE || order == ORDER_ACQ_REL || order == ORDER_CONSUME;
    if (!(is_load && releases) && !(is_store && acquires)) return true;
    const char *what = call->kind == INTRINSIC_ATOMIC_CMPXCHG ? "the load of a failed exchange"
                       : is_load                              ? "a load"
                                                              : "a store";
    Diag *d = context_error(call->c, DIAG_E4004, call->generics->items[index]->span, "%s cannot have the ordering `%s`",
                            what, ORDER_NAMES[order]);
    diag_note(call->c->sema->diags, d, (Span){0},
              is_load ? "a load can be relaxed, consume, acquire or seq_cst"
                      : "a store can be relaxed, release or seq_cst");
    return false;
}

static TExpr *check_fence(IntrinsicCall *call) {
    MemoryOrder order;
    if (!read_order(call, 0, &order)) return texpr_error(call->c, call->node->span);
    if (order == ORDER_RELAXED) {
        Diag *d = context_error(call->c, DIAG_E4004, call->generics->items[0]->span,
                                "a fence cannot have the ordering `relaxed`");
        diag_note(call->c->sema->diags, d, (Span){0}, "a relaxed fence would order nothing");
        return texpr_error(call->c, call->node->span);
    }
    TExpr *e = intrinsic_node(call, prim(call->c, TYPE_VOID), NULL, 0);
    e->intrinsic.order = order;
    return e;
}

// The address argument. Gives the type of the cell through `*type`, which may be NULL before (`_`).
static TExpr *cell_pointer(IntrinsicCall *call, Type **type) {
    Context *c = call->c;
    Node *node = call->args->items[0];
    bool is_load = call->kind == INTRINSIC_ATOMIC_LOAD || call->kind == INTRINSIC_VOLATILE_LOAD;
    TExpr *pointer =
        *type ? check_value(c, node, type_ptr(c->sema->types, *type, is_load)) : check_value(c, node, NULL);
    if (is_error(pointer)) return pointer;
    if (pointer->type->kind != TYPE_PTR)
        return intrinsic_misuse(call, node->span, "`@%s` needs a pointer to the cell, not `%s`", call->name,
                                show(c, pointer->type));
    if (!*type) *type = pointer->type->element;
    return coerce_value(c, pointer, type_ptr(c->sema->types, *type, is_load), node->span, "address");
}

static bool rmw_allowed(RmwOp op, const Type *t) {
    switch (op) {
    case RMW_XCHG: return true;
    case RMW_AND:
    case RMW_OR:
    case RMW_XOR: return type_is_int(t) || t->kind == TYPE_BOOL;
    default: return type_is_int(t);
    }
}

// The address with its type known and complete, or the error expression; the other arguments were looked at by then.
static TExpr *complete_cell(IntrinsicCall *call, Type **type) {
    Context *c = call->c;
    TExpr *pointer = cell_pointer(call, type);
    if (is_error(pointer) || !*type) {
        for (uint32_t i = 1; i < call->args->len; i++)
            if (!node_needs_expected(call->args->items[i])) check_expr(c, call->args->items[i], NULL);
        return texpr_error(c, call->node->span);
    }
    return type_complete(c->sema, *type, call->node->span) ? pointer : texpr_error(c, call->node->span);
}

// What a device register may be taken for: one access of the machine, and any bits in it are a value. (A bool is any
// bits but zero.)
static bool is_register(Types *types, Type *t) {
    bool is_address = t->kind == TYPE_PTR || t->kind == TYPE_FUNC ||
                      (t->kind == TYPE_OPTIONAL && (t->element->kind == TYPE_PTR || t->element->kind == TYPE_FUNC));
    return is_address || t->kind == TYPE_BOOL || (type_is_int(t) && type_size(types, t) <= 8);
}

TExpr *check_volatile(IntrinsicCall *call) {
    Context *c = call->c;
    bool ok, is_load = call->kind == INTRINSIC_VOLATILE_LOAD;
    Type *type = intrinsic_type(call, 0, true, &ok);
    TExpr *pointer = complete_cell(call, &type);
    if (is_error(pointer)) return pointer;
    if (!is_register(c->sema->types, type)) {
        TExpr *error = intrinsic_misuse(call, call->node->span,
                                        "`@%s` accesses integers of up to 8 bytes, `bool` and pointers, not `%s`",
                                        call->name, show(c, type));
        for (uint32_t i = 1; i < call->args->len; i++) check_expr(c, call->args->items[i], type);
        return error;
    }
    TExpr *value = is_load ? NULL : check_coerced(c, call->args->items[1], type);
    if (!ok) return texpr_error(c, call->node->span);
    TExpr *e = intrinsic_node(call, is_load ? type : prim(c, TYPE_VOID), intrinsic_args(call, pointer, value, NULL),
                              call->args->len);
    if (e->kind == TEXPR_INTRINSIC) e->intrinsic.type_arg = type;
    return e;
}

TExpr *check_atomic(IntrinsicCall *call) {
    Context *c = call->c;
    if (call->kind == INTRINSIC_FENCE || call->kind == INTRINSIC_COMPILER_FENCE) return check_fence(call);
    bool ok, weak = false;
    MemoryOrder order = ORDER_SEQ_CST, failure = ORDER_SEQ_CST;
    RmwOp rmw = RMW_XCHG;
    Type *type = intrinsic_type(call, 0, true, &ok);
    bool is_exchange = call->kind == INTRINSIC_ATOMIC_CMPXCHG, is_rmw = call->kind == INTRINSIC_ATOMIC_RMW;
    if (is_rmw && !read_rmw(call, 1, &rmw)) ok = false;
    uint32_t order_index = is_rmw ? 2 : 1;
    if (!read_order(call, order_index, &order))
        ok = false;
    else if (!order_allowed(call, order_index, order, call->kind == INTRINSIC_ATOMIC_LOAD,
                            call->kind == INTRINSIC_ATOMIC_STORE))
        ok = false;
    if (is_exchange) {
        if (!read_order(call, 2, &failure))
            ok = false;
        else if (!order_allowed(call, 2, failure, true, false))
            ok = false;
        if (!read_weak(call, 3, &weak)) ok = false;
    }
    TExpr *pointer = complete_cell(call, &type);
    if (is_error(pointer)) return pointer;
    if (c->sema->trait_atomic_eligible && !type_implements(c->sema, type, c->sema->trait_atomic_eligible)) {
        context_error(c, DIAG_E3002, call->node->span, "`%s` cannot be accessed atomically: it is not `AtomicEligible`",
                      show(c, type));
        return texpr_error(c, call->node->span);
    }
    TExpr **args = intrinsic_args(call, pointer, NULL, NULL);
    for (uint32_t i = 1; i < call->args->len; i++) args[i] = check_coerced(c, call->args->items[i], type);
    if (is_rmw && !rmw_allowed(rmw, type))
        return intrinsic_misuse(call, call->node->span, "`%s` is not defined for `%s`", RMW_NAMES[rmw], show(c, type));
    if (!ok) return texpr_error(c, call->node->span);
    Type *result = call->kind == INTRINSIC_ATOMIC_STORE ? prim(c, TYPE_VOID)
                   : is_exchange                        ? type_optional(c->sema->types, type)
                                                        : type;
    TExpr *e = intrinsic_node(call, result, args, call->args->len);
    if (e->kind != TEXPR_INTRINSIC) return e;
    e->intrinsic.type_arg = type;
    e->intrinsic.order = order;
    e->intrinsic.failure_order = failure;
    e->intrinsic.rmw = rmw;
    e->intrinsic.weak = weak;
    return e;
}
