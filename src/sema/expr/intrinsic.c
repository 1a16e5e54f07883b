// Intrinsics, checked exactly: every one has its rule here or, for those that access a cell, in atomic.c. What is known at
// compile time (sizes, names, source positions) becomes a constant on the spot; everything else is an INTRINSIC node.
#include "sema/expr/intrinsic.h"

static const struct {
    const char *name;
    int generics, args;
} INTRINSICS[] = {
#define INTRINSIC(kind, name, generics, args) {name, generics, args},
#include "sema/intrinsics.def"
};

TExpr *intrinsic_misuse(IntrinsicCall *call, Span span, const char *fmt, ...) {
    StrBuf text = {0};
    va_list args;
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    context_error(call->c, DIAG_E2027, span, "%s", str_c(call->c->sema->arena, strbuf_str(&text)));
    strbuf_free(&text);
    return texpr_error(call->c, call->node->span);
}

Type *intrinsic_type(IntrinsicCall *call, uint32_t index, bool may_infer, bool *ok) {
    Node *node = call->generics->items[index];
    *ok = true;
    if (node->kind == NODE_NAME && node->name.name == call->c->sema->n.underscore) {
        if (may_infer) return NULL;
        intrinsic_misuse(call, node->span, "`@%s` needs its type written out", call->name);
        *ok = false;
        return NULL;
    }
    Type *type = resolve_type(call->c, node);
    if (type_is_error(type) || !type_complete(call->c->sema, type, node->span)) *ok = false;
    return *ok ? type : NULL;
}

TExpr *intrinsic_value(IntrinsicCall *call, uint32_t index) {
    return default_literal(call->c, check_value(call->c, call->args->items[index], NULL));
}

TExpr *intrinsic_node(IntrinsicCall *call, Type *type, TExpr **args, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (is_error(args[i])) return texpr_error(call->c, call->node->span);
    TExpr *e = texpr_new(call->c, TEXPR_INTRINSIC, type, call->node->span);
    e->intrinsic.kind = call->kind;
    e->intrinsic.args = args;
    e->intrinsic.arg_count = count;
    return e;
}

TExpr **intrinsic_args(IntrinsicCall *call, TExpr *a, TExpr *b, TExpr *c) {
    TExpr **args = ARENA_ARRAY(call->c->sema->arena, TExpr *, 3);
    args[0] = a;
    args[1] = b;
    args[2] = c;
    return args;
}

static bool is_address(const Type *t) { return t->kind == TYPE_PTR || t->kind == TYPE_FUNC; }

// ---- What is known at compile time -------------------------------------------------------------------------------------
static TExpr *check_size(IntrinsicCall *call) {
    bool ok;
    Type *type = intrinsic_type(call, 0, false, &ok);
    if (!ok) return texpr_error(call->c, call->node->span);
    Types *types = call->c->sema->types;
    uint64_t value = call->kind == INTRINSIC_SIZE_OF ? type_size(types, type) : type_align(types, type);
    return texpr_int(call->c, prim(call->c, TYPE_USIZE), value, call->node->span);
}

static TExpr *check_offset(IntrinsicCall *call) {
    bool ok;
    Type *type = intrinsic_type(call, 0, false, &ok);
    if (!ok) return texpr_error(call->c, call->node->span);
    Node *name = skip_parens(call->args->items[0]);
    if (type->kind != TYPE_STRUCT)
        return intrinsic_misuse(call, call->generics->items[0]->span, "`@offset_of` needs a struct, not `%s`",
                                show(call->c, type));
    if (name->kind != NODE_STRING)
        return intrinsic_misuse(call, name->span, "`@offset_of` needs the field's name as a string");
    for (uint32_t i = 0; i < type->field_count; i++) {
        const Field *field = &type->fields[i];
        if (!field->name || !str_equal(name_str(field->name), name->string.bytes)) continue;
        if (!field_visible(call->c, type, field)) {
            Diag *d = context_error(call->c, DIAG_E1004, name->span, "field `%s` of `%s` is private", field->name->text,
                                    show(call->c, type));
            diag_note(call->c->sema->diags, d, field->span, "declared here without `pub`");
            return texpr_error(call->c, call->node->span);
        }
        return texpr_int(call->c, prim(call->c, TYPE_USIZE), type_layout(call->c->sema->types, type)->field_offsets[i],
                         call->node->span);
    }
    context_error(call->c, DIAG_E1007, name->span, "`%s` has no field `" STR_FMT "`", show(call->c, type),
                  STR_ARG(name->string.bytes));
    return texpr_error(call->c, call->node->span);
}

static TExpr *check_source_position(IntrinsicCall *call) {
    Sema *s = call->c->sema;
    Source *source = sources_get(s->sources, call->node->span.file);
    LineColumn at = {0, 0};
    if (source) at = source_position(source, call->node->span.start);
    return texpr_str(call->c,
                     str_from(arena_printf(s->arena, "%s:%u:%u", source ? source->path : "?", at.line, at.column)),
                     call->node->span);
}

// ---- Pointers and memory -----------------------------------------------------------------------------------------------
static TExpr *check_pointer_cast(IntrinsicCall *call) {
    bool ok;
    Type *type = intrinsic_type(call, 0, false, &ok);
    bool from_int = call->kind == INTRINSIC_PTR_FROM_INT;
    TExpr *value =
        from_int ? check_coerced(call->c, call->args->items[0], prim(call->c, TYPE_USIZE)) : intrinsic_value(call, 0);
    if (!ok || is_error(value)) return texpr_error(call->c, call->node->span);
    if (!is_address(type))
        return intrinsic_misuse(call, call->generics->items[0]->span, "`@%s` makes pointers, and `%s` is none",
                                call->name, show(call->c, type));
    if (!from_int && !is_address(value->type))
        return intrinsic_misuse(call, call->args->items[0]->span, "`@ptr_cast` needs a pointer, not `%s`",
                                show(call->c, value->type));
    TExpr *e = intrinsic_node(call, type, intrinsic_args(call, value, NULL, NULL), 1);
    if (e->kind == TEXPR_INTRINSIC) e->intrinsic.type_arg = type;
    return e;
}

static TExpr *check_int_from_pointer(IntrinsicCall *call) {
    TExpr *value = intrinsic_value(call, 0);
    if (is_error(value)) return value;
    if (!is_address(value->type))
        return intrinsic_misuse(call, call->args->items[0]->span, "`@int_from_ptr` needs a pointer, not `%s`",
                                show(call->c, value->type));
    return intrinsic_node(call, prim(call->c, TYPE_USIZE), intrinsic_args(call, value, NULL, NULL), 1);
}

static TExpr *check_prefetch(IntrinsicCall *call) {
    TExpr *value = intrinsic_value(call, 0);
    if (is_error(value)) return value;
    if (value->type->kind != TYPE_PTR)
        return intrinsic_misuse(call, call->args->items[0]->span, "`@prefetch_write` needs a pointer, not `%s`",
                                show(call->c, value->type));
    return intrinsic_node(call, prim(call->c, TYPE_VOID), intrinsic_args(call, value, NULL, NULL), 1);
}

static TExpr *check_slice_make(IntrinsicCall *call) {
    TExpr *pointer = intrinsic_value(call, 0);
    TExpr *length = check_coerced(call->c, call->args->items[1], prim(call->c, TYPE_USIZE));
    if (is_error(pointer) || is_error(length)) return texpr_error(call->c, call->node->span);
    if (pointer->type->kind != TYPE_PTR)
        return intrinsic_misuse(call, call->args->items[0]->span, "`@slice` needs a pointer, not `%s`",
                                show(call->c, pointer->type));
    TExpr *e =
        texpr_new(call->c, TEXPR_SLICE_MAKE,
                  type_slice(call->c->sema->types, pointer->type->element, pointer->type->is_const), call->node->span);
    e->slice_make.pointer = pointer;
    e->slice_make.length = length;
    return e;
}

// A mutable slice, which a pointer to an array also gives.
static TExpr *target_slice(IntrinsicCall *call, Node *node) {
    Context *c = call->c;
    TExpr *value = check_value(c, node, NULL);
    if (is_error(value)) return value;
    if (value->type->kind == TYPE_PTR && value->type->element->kind == TYPE_ARRAY)
        value = coerce_value(c, value, type_slice(c->sema->types, value->type->element->element, value->type->is_const),
                             node->span, NULL);
    if (is_error(value)) return value;
    if (value->type->kind != TYPE_SLICE)
        return intrinsic_misuse(call, node->span, "`@%s` writes to a slice, not to `%s`", call->name,
                                show(c, value->type));
    if (value->type->is_const)
        return intrinsic_misuse(call, node->span, "`@%s` cannot write through `%s`", call->name, show(c, value->type));
    return value;
}

static TExpr *check_copy(IntrinsicCall *call) {
    Context *c = call->c;
    Node *from = call->args->items[1];
    TExpr *target = target_slice(call, call->args->items[0]);
    if (is_error(target)) {
        check_expr(c, from, NULL);
        return target;
    }
    Type *element = target->type->element;
    if (!type_is_copyable(c->sema, element, call->node->span)) {
        context_error(c, DIAG_E2011, call->node->span, "this would copy values of the unique type `%s`",
                      show(c, element));
        return texpr_error(c, call->node->span);
    }
    TExpr *source = check_coerced(c, from, type_slice(c->sema->types, element, true));
    return intrinsic_node(call, prim(c, TYPE_VOID), intrinsic_args(call, target, source, NULL), 2);
}

static TExpr *check_fill(IntrinsicCall *call) {
    Context *c = call->c;
    TExpr *target = target_slice(call, call->args->items[0]);
    TExpr *byte = check_coerced(c, call->args->items[1], prim(c, TYPE_U8));
    if (is_error(target) || is_error(byte)) return texpr_error(c, call->node->span);
    return intrinsic_node(call, prim(c, TYPE_VOID), intrinsic_args(call, target, byte, NULL), 2);
}

// ---- Bits --------------------------------------------------------------------------------------------------------------
static TExpr *check_truncate(IntrinsicCall *call) {
    bool ok;
    Type *type = intrinsic_type(call, 0, false, &ok);
    TExpr *value = intrinsic_value(call, 0);
    if (!ok || is_error(value)) return texpr_error(call->c, call->node->span);
    if (!type_is_int(type))
        return intrinsic_misuse(call, call->generics->items[0]->span, "`@truncate` gives integers, and `%s` is none",
                                show(call->c, type));
    if (!type_is_int(value->type))
        return intrinsic_misuse(call, call->args->items[0]->span, "`@truncate` needs an integer, not `%s`",
                                show(call->c, value->type));
    if (type_bits(type) > type_bits(value->type))
        return intrinsic_misuse(call, call->node->span,
                                "`%s` is narrower than `%s`: there is nothing to truncate; widen with `as`",
                                show(call->c, value->type), show(call->c, type));
    TExpr *e = intrinsic_node(call, type, intrinsic_args(call, value, NULL, NULL), 1);
    e->intrinsic.type_arg = type;
    return e;
}

static bool has_plain_bits(const Type *t) {
    switch (t->kind) {
    case TYPE_STRUCT:
    case TYPE_ARRAY: return !t->is_unique;
    default: return type_is_int(t) || type_is_float(t);
    }
}

static TExpr *check_bitcast(IntrinsicCall *call) {
    bool ok;
    Types *types = call->c->sema->types;
    Type *type = intrinsic_type(call, 0, false, &ok);
    TExpr *value = intrinsic_value(call, 0);
    if (!ok || is_error(value)) return texpr_error(call->c, call->node->span);
    if (!has_plain_bits(type))
        return intrinsic_misuse(call, call->generics->items[0]->span, "not every pattern of bits is a `%s`",
                                show(call->c, type));
    if (!has_plain_bits(value->type))
        return intrinsic_misuse(call, call->args->items[0]->span,
                                "`@bitcast` needs a number, a struct or an array, not `%s`",
                                show(call->c, value->type));
    uint64_t from = type_size(types, value->type), to = type_size(types, type);
    if (from != to)
        return intrinsic_misuse(call, call->node->span, "`%s` has %llu bytes, but `%s` has %llu",
                                show(call->c, value->type), (unsigned long long)from, show(call->c, type),
                                (unsigned long long)to);
    TExpr *e = intrinsic_node(call, type, intrinsic_args(call, value, NULL, NULL), 1);
    e->intrinsic.type_arg = type;
    return e;
}

static TExpr *check_bit_count(IntrinsicCall *call) {
    TExpr *value = intrinsic_value(call, 0);
    if (is_error(value)) return value;
    if (!type_is_int(value->type))
        return intrinsic_misuse(call, call->args->items[0]->span, "`@%s` needs an integer, not `%s`", call->name,
                                show(call->c, value->type));
    return intrinsic_node(call, value->type, intrinsic_args(call, value, NULL, NULL), 1);
}

static TExpr *check_overflow_op(IntrinsicCall *call) {
    Context *c = call->c;
    TExpr *values[2] = {check_value(c, call->args->items[0], NULL), check_value(c, call->args->items[1], NULL)};
    if (is_error(values[0]) || is_error(values[1])) return texpr_error(c, call->node->span);
    Type *type = common_type(c, values, 2, call->node->span);
    if (type->kind == TYPE_INT_LITERAL) type = prim(c, TYPE_I64);
    if (type_is_error(type)) return texpr_error(c, call->node->span);
    if (!type_is_int(type))
        return intrinsic_misuse(call, call->node->span, "`@%s` needs integers, not `%s`", call->name, show(c, type));
    TExpr *left = coerce_value(c, values[0], type, call->args->items[0]->span, NULL),
          *right = coerce_value(c, values[1], type, call->args->items[1]->span, NULL);
    return intrinsic_node(call, type_optional(c->sema->types, type), intrinsic_args(call, left, right, NULL), 2);
}

// ---- The machine -------------------------------------------------------------------------------------------------------
static TExpr *check_syscall(IntrinsicCall *call) {
    Context *c = call->c;
    uint32_t count = call->args->len;
    if (count < 1 || count > 7)
        return intrinsic_misuse(call, call->node->span, "`@syscall` takes a number and up to six arguments, not %u",
                                count);
    TExpr **args = ARENA_ARRAY(c->sema->arena, TExpr *, count);
    bool ok = true;
    for (uint32_t i = 0; i < count; i++) {
        args[i] = intrinsic_value(call, i);
        if (is_error(args[i]))
            ok = false;
        else if (!is_never(args[i]) && !type_is_int(args[i]->type) && args[i]->type->kind != TYPE_PTR) {
            intrinsic_misuse(call, call->args->items[i]->span, "a system call takes integers and pointers, not `%s`",
                             show(c, args[i]->type));
            ok = false;
        }
    }
    if (!ok) return texpr_error(c, call->node->span);
    TExpr *stuck = never_reached(c, args, count, call->node->span);
    if (stuck) return stuck;
    return intrinsic_node(call, prim(c, TYPE_ISIZE), args, count);
}

static TExpr *check_crc32c(IntrinsicCall *call) {
    Context *c = call->c;
    Type *result = prim(c, TYPE_U32);
    TExpr *before = check_coerced(c, call->args->items[0], result), *data = intrinsic_value(call, 1);
    if (is_error(before) || is_error(data)) return texpr_error(c, call->node->span);
    if (!is_never(data) && (!type_is_int(data->type) || type_is_signed(data->type)))
        return intrinsic_misuse(call, call->args->items[1]->span, "`@crc32c` takes in an unsigned integer, not `%s`",
                                show(c, data->type));
    return intrinsic_node(call, result, intrinsic_args(call, before, data, NULL), 2);
}

static TExpr *check_error_name(IntrinsicCall *call) {
    TExpr *value = intrinsic_value(call, 0);
    if (is_error(value)) return value;
    if (value->type->kind != TYPE_ERROR_SET)
        return intrinsic_misuse(call, call->args->items[0]->span, "`@error_name` needs an error, not `%s`",
                                show(call->c, value->type));
    return intrinsic_node(call, type_str(call->c->sema->types), intrinsic_args(call, value, NULL, NULL), 1);
}

static TExpr *check_type_name(IntrinsicCall *call) {
    bool ok;
    Type *type = intrinsic_type(call, 0, false, &ok);
    return ok ? texpr_str(call->c, str_from(show(call->c, type)), call->node->span)
              : texpr_error(call->c, call->node->span);
}

static bool counts_fit(IntrinsicCall *call) {
    int generics = INTRINSICS[call->kind].generics, args = INTRINSICS[call->kind].args;
    if ((int)call->generics->len != generics) {
        intrinsic_misuse(call, call->node->span,
                         generics == 0   ? "`@%s` takes no generic arguments"
                         : generics == 1 ? "`@%s` takes %d generic argument, not %u"
                                         : "`@%s` takes %d generic arguments, not %u",
                         call->name, generics, call->generics->len);
        return false;
    }
    if (args >= 0 && (int)call->args->len != args) {
        intrinsic_misuse(call, call->node->span,
                         args == 1 ? "`@%s` takes %d argument, not %u" : "`@%s` takes %d arguments, not %u", call->name,
                         args, call->args->len);
        return false;
    }
    return true;
}

TExpr *check_intrinsic(Context *c, Node *node, Type *expected) {
    (void)expected;
    IntrinsicCall call = {.c = c,
                          .node = node,
                          .name = node->intrinsic.name->text,
                          .generics = &node->intrinsic.generics,
                          .args = &node->intrinsic.args};
    uint32_t kind = 0;
    while (kind < ARRAY_LEN(INTRINSICS) && strcmp(INTRINSICS[kind].name, call.name) != 0) kind++;
    if (kind == ARRAY_LEN(INTRINSICS)) {
        check_stray_args(c, call.args);
        Diag *d = context_error(c, DIAG_E2027, node->span, "there is no intrinsic `@%s`", call.name);
        bool module = strcmp(call.name, "import") == 0 || strcmp(call.name, "cImport") == 0;
        if (module) diag_note(c->sema->diags, d, (Span){0}, "a module is named before all else, with `use a.b`");
        for (uint32_t i = 0; !module && i < ARRAY_LEN(INTRINSICS); i++)
            if (str_edit_distance(name_str(node->intrinsic.name), str_from(INTRINSICS[i].name)) <= 2) {
                diag_note(c->sema->diags, d, (Span){0}, "did you mean `@%s`?", INTRINSICS[i].name);
                break;
            }
        return texpr_error(c, node->span);
    }
    call.kind = (IntrinsicKind)kind;
    if (!counts_fit(&call)) {
        check_stray_args(c, call.args);
        return texpr_error(c, node->span);
    }
    switch (call.kind) {
    case INTRINSIC_ATOMIC_LOAD:
    case INTRINSIC_ATOMIC_STORE:
    case INTRINSIC_ATOMIC_RMW:
    case INTRINSIC_ATOMIC_CMPXCHG:
    case INTRINSIC_FENCE:
    case INTRINSIC_COMPILER_FENCE: return check_atomic(&call);
    case INTRINSIC_VOLATILE_LOAD:
    case INTRINSIC_VOLATILE_STORE: return check_volatile(&call);
    case INTRINSIC_SIZE_OF:
    case INTRINSIC_ALIGN_OF: return check_size(&call);
    case INTRINSIC_OFFSET_OF: return check_offset(&call);
    case INTRINSIC_PTR_CAST:
    case INTRINSIC_PTR_FROM_INT: return check_pointer_cast(&call);
    case INTRINSIC_INT_FROM_PTR: return check_int_from_pointer(&call);
    case INTRINSIC_SLICE: return check_slice_make(&call);
    case INTRINSIC_COPY: return check_copy(&call);
    case INTRINSIC_FILL: return check_fill(&call);
    case INTRINSIC_TRUNCATE: return check_truncate(&call);
    case INTRINSIC_BITCAST: return check_bitcast(&call);
    case INTRINSIC_POPCOUNT:
    case INTRINSIC_CLZ:
    case INTRINSIC_CTZ:
    case INTRINSIC_BYTE_SWAP: return check_bit_count(&call);
    case INTRINSIC_ADD_OVERFLOW:
    case INTRINSIC_SUB_OVERFLOW:
    case INTRINSIC_MUL_OVERFLOW: return check_overflow_op(&call);
    case INTRINSIC_SYSCALL: return check_syscall(&call);
    case INTRINSIC_SPIN_HINT: return intrinsic_node(&call, prim(c, TYPE_VOID), NULL, 0);
    case INTRINSIC_PREFETCH_WRITE: return check_prefetch(&call);
    case INTRINSIC_CRC32C: return check_crc32c(&call);
    case INTRINSIC_HAS_CRC32C: return intrinsic_node(&call, prim(c, TYPE_BOOL), NULL, 0);
    case INTRINSIC_TRAP: return intrinsic_node(&call, prim(c, TYPE_NEVER), NULL, 0);
    case INTRINSIC_SRC: return check_source_position(&call);
    case INTRINSIC_TYPE_NAME: return check_type_name(&call);
    case INTRINSIC_ERROR_NAME: return check_error_name(&call);
    case INTRINSIC_KIND_COUNT: break;
    }
    ICE("intrinsic `@%s` has no rule", call.name);
}
