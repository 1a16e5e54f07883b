// Structs, enums and error sets: from declarations to types with fields, variants and codes. A type may be mentioned
// before it is complete, so only what is held by value is completed with it; a type that comes back to itself that way
// has no size and is reported. Bounds of arguments mentioned meanwhile wait until everything in hand is complete.
#include "sema/decl/decl.h"
#include "sema/load/load.h"

static void poison(Type *t) { t->state = STAGE_BROKEN; }

// ---- attributes --------------------------------------------------------------------------------------------------------

uint32_t attr_align(Context *c, const NodeList *attrs, bool *must_use) {
    Sema *s = c->sema;
    uint32_t align = 0;
    for (uint32_t i = 0; i < attrs->len; i++) {
        Node *attr = attrs->items[i];
        if (attr->kind != NODE_ATTR || !attr->attr.name) continue;
        Str name = name_str(attr->attr.name);
        if (must_use && str_equal_c(name, "must_use") && !attr->attr.value) {
            *must_use = true;
        } else if (str_equal_c(name, "align") && attr->attr.value) {
            uint64_t value = 0;
            Node *node = attr->attr.value;
            if (node->kind == NODE_INT)
                value = node->integer.value;
            else if (!const_eval_usize(c, node, &value))
                continue;
            if (value == 0 || value > 4096 || (value & (value - 1)))
                context_error(c, DIAG_E0014, node->span, "an alignment must be a power of two between 1 and 4096");
            else
                align = (uint32_t)value;
        } else {
            Diag *d = context_error(c, DIAG_E0014, attr->attr.name_span, "attribute `%s` is not understood here",
                                    attr->attr.name->text);
            diag_note(s->diags, d, (Span){0},
                      must_use ? "known here: `{.align: 64.}` and `{.must_use.}`" : "known here: `{.align: 64.}`");
        }
    }
    return align;
}

// ---- fields ------------------------------------------------------------------------------------------------------------

static void report_repeated_field(Sema *s, const Map *seen, const Field *field) {
    const Field *first = map_get(seen, field->name);
    Diag *d = diag_error(s->diags, DIAG_E1002, field->span, "field `%s` is already declared", field->name->text);
    if (first) diag_note(s->diags, d, first->span, "first declared here");
}

// In the declaration of something generic, what was not reported and has no type, or no value, waits for the arguments.
static bool waits_for_arguments(const Context *c, uint32_t open_before) {
    return c->instance && instance_is_open(c->instance) && c->open != open_before;
}

static Field *resolve_fields(Context *c, const NodeList *nodes, bool always_pub, uint32_t *count, bool *ok) {
    Sema *s = c->sema;
    Field *fields = ARENA_ARRAY(s->arena, Field, nodes->len ? nodes->len : 1);
    Map seen = {0};
    *count = 0;
    for (uint32_t i = 0; i < nodes->len; i++) {
        Node *node = nodes->items[i];
        if (node->kind != NODE_FIELD_DECL) continue;
        Field *field = &fields[*count];
        field->name = node->item.name;
        field->span = span_known(node->item.name_span) ? node->item.name_span : node->span;
        field->is_pub = always_pub || node->item.is_pub;
        field->default_value = node->field_decl.value;
        uint32_t open = c->open;
        field->type =
            node->field_decl.type ? resolve_type(c, node->field_decl.type) : type_primitive(s->types, TYPE_ERROR);
        field->align = attr_align(c, &node->item.attrs, NULL);
        if (field->type->kind == TYPE_ERROR && !waits_for_arguments(c, open)) *ok = false;
        if (field->name && map_get(&seen, field->name)) {
            report_repeated_field(s, &seen, field);
            continue;
        }
        if (field->name) map_put(s->arena, &seen, field->name, field);
        (*count)++;
    }
    return fields;
}

static uint32_t held_depth(const Type *t) {
    while (t->kind == TYPE_ARRAY || t->kind == TYPE_OPTIONAL || t->kind == TYPE_ERROR_UNION) t = t->element;
    return t->kind == TYPE_STRUCT || t->kind == TYPE_ENUM ? t->depth : 0;
}

// Completes what the fields of `t` hold by value; tells whether one of it is unique.
static bool complete_fields(Sema *s, Type *t, const Field *fields, uint32_t count, bool *unique) {
    bool ok = true;
    for (uint32_t i = 0; i < count; i++) {
        if (fields[i].type->kind == TYPE_ERROR) continue;
        ok &= type_complete(s, fields[i].type, fields[i].span);
        *unique |= fields[i].type->is_unique;
        uint32_t depth = held_depth(fields[i].type) + 1;
        if (depth > t->depth) t->depth = depth;
    }
    return ok;
}

static bool complete_struct(Context *c, Type *t) {
    Node *node = t->decl->node;
    bool ok = true;
    t->is_extern = t->decl->is_extern;
    t->align = attr_align(c, &node->item.attrs, &t->is_must_use);
    t->fields = resolve_fields(c, &t->decl->members, false, &t->field_count, &ok);
    bool unique = t->decl->is_unique;
    bool complete = complete_fields(c->sema, t, t->fields, t->field_count, &unique);
    t->is_unique = unique;
    return complete && ok;
}

// ---- enums -------------------------------------------------------------------------------------------------------------

static bool literal_value(const Node *node, int64_t *out) {
    bool negative = node->kind == NODE_UNARY && node->unary.op == UNARY_NEG;
    if (negative) node = node->unary.operand;
    if (node->kind != NODE_INT || node->integer.too_large || node->integer.value > INT64_MAX) return false;
    *out = negative ? -(int64_t)node->integer.value : (int64_t)node->integer.value;
    return true;
}

static bool discriminant_value(Context *c, Node *node, int64_t *out) {
    if (literal_value(node, out)) return true;
    if (constant_is_open(c, node)) return false;
    TExpr *value = check_coerced(c, node, prim(c, TYPE_I64));
    if (value->kind == TEXPR_ERROR || value->type->kind == TYPE_ERROR) return false;
    ConstValue *constant = const_eval(c, value);
    if (!constant) return false;
    *out = (int64_t)constant->bits;
    return true;
}

static Type *tag_type_for(Sema *s, int64_t low, int64_t high) {
    if (low >= 0) {
        TypeKind kind = high <= UINT8_MAX    ? TYPE_U8
                        : high <= UINT16_MAX ? TYPE_U16
                        : high <= UINT32_MAX ? TYPE_U32
                                             : TYPE_U64;
        return type_primitive(s->types, kind);
    }
    TypeKind kind = low >= INT8_MIN && high <= INT8_MAX     ? TYPE_I8
                    : low >= INT16_MIN && high <= INT16_MAX ? TYPE_I16
                    : low >= INT32_MIN && high <= INT32_MAX ? TYPE_I32
                                                            : TYPE_I64;
    return type_primitive(s->types, kind);
}

static int compare_discriminants(const void *a, const void *b) {
    int64_t x = (*(const Variant *const *)a)->discriminant, y = (*(const Variant *const *)b)->discriminant;
    return (x > y) - (x < y);
}

// Hostile input has many variants, so equal values are found by sorting: heap sort on pointers, then neighbours.
static void sift_down(const Variant **list, uint32_t root, uint32_t count) {
    for (uint32_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && compare_discriminants(&list[child], &list[child + 1]) < 0) child++;
        if (compare_discriminants(&list[root], &list[child]) >= 0) return;
        const Variant *swap = list[root];
        list[root] = list[child];
        list[child] = swap;
    }
}

static void report_equal_discriminants(Sema *s, const Type *t) {
    uint32_t count = t->variant_count;
    const Variant **list = ARENA_ARRAY(s->arena, const Variant *, count ? count : 1);
    for (uint32_t i = 0; i < count; i++) list[i] = &t->variants[i];
    for (uint32_t i = count / 2; i-- > 0;) sift_down(list, i, count);
    for (uint32_t end = count; end-- > 1;) {
        const Variant *swap = list[0];
        list[0] = list[end];
        list[end] = swap;
        sift_down(list, 0, end);
    }
    for (uint32_t i = 1; i < count; i++) {
        if (list[i - 1]->discriminant != list[i]->discriminant) continue;
        const Variant *first = list[i - 1] < list[i] ? list[i - 1] : list[i],
                      *second = list[i - 1] < list[i] ? list[i] : list[i - 1];
        Diag *d =
            diag_error(s->diags, DIAG_E1002, second->span, "variant `%s` has the value %lld, which `%s` has already",
                       second->name->text, (long long)second->discriminant, first->name->text);
        diag_note(s->diags, d, first->span, "first used here");
        diag_add_chain(s, d, t->instance);
    }
}

static void resolve_variant(Context *c, Type *t, Variant *v, Node *node, int64_t *next, bool *full, bool *ok) {
    v->name = node->item.name;
    v->span = node->item.name_span;
    v->has_tuple = node->variant.has_tuple;
    v->has_fields = node->variant.has_fields;
    NodeList fields = {0};
    *ok &= members_choose(c->sema, &node->variant.fields, &fields);
    v->fields = resolve_fields(c, &fields, true, &v->field_count, ok);
    if (v->has_tuple || v->has_fields) t->is_plain_enum = false;
    if (node->variant.discriminant) {
        *full = false;
        uint32_t open = c->open;
        if (!discriminant_value(c, node->variant.discriminant, next) && !waits_for_arguments(c, open)) *ok = false;
    } else if (*full) {
        context_error(c, DIAG_E2002, v->span, "the value of `%s` would be beyond an `i64`", v->name->text);
        *ok = false;
    }
    v->discriminant = *next;
    *full = *next == INT64_MAX;
    if (!*full) (*next)++;
}

static void resolve_variants(Context *c, Type *t, const NodeList *nodes, bool *ok) {
    Sema *s = c->sema;
    t->variants = ARENA_ARRAY(s->arena, Variant, nodes->len ? nodes->len : 1);
    t->is_plain_enum = true;
    Map seen = {0};
    int64_t next = 0, low = 0, high = 0;
    bool full = false;
    const Node *discriminant = NULL;
    for (uint32_t i = 0; i < nodes->len; i++) {
        Node *node = nodes->items[i];
        if (node->kind != NODE_VARIANT || !node->item.name) continue;
        Variant *v = &t->variants[t->variant_count];
        resolve_variant(c, t, v, node, &next, &full, ok);
        if (node->variant.discriminant && !discriminant) discriminant = node->variant.discriminant;
        Variant *first = map_get(&seen, v->name);
        if (first) {
            Diag *d = diag_error(s->diags, DIAG_E1002, v->span, "variant `%s` is already declared", v->name->text);
            diag_note(s->diags, d, first->span, "first declared here");
            memset(v, 0, sizeof *v);
            continue;
        }
        map_put(s->arena, &seen, v->name, v);
        if (v->discriminant < low) low = v->discriminant;
        if (v->discriminant > high) high = v->discriminant;
        t->variant_count++;
    }
    t->tag_type = tag_type_for(s, low, high);
    if (discriminant && !t->is_plain_enum)
        context_error(c, DIAG_E0016, discriminant->span,
                      "values for the variants of an enum with payloads are not supported");
    if (*ok && !t->has_param) report_equal_discriminants(s, t);
}

static bool complete_enum(Context *c, Type *t) {
    Node *node = t->decl->node;
    bool ok = true;
    t->align = attr_align(c, &node->item.attrs, &t->is_must_use);
    resolve_variants(c, t, &t->decl->members, &ok);
    bool unique = t->decl->is_unique;
    for (uint32_t i = 0; i < t->variant_count; i++)
        ok &= complete_fields(c->sema, t, t->variants[i].fields, t->variants[i].field_count, &unique);
    t->is_unique = unique;
    return ok;
}

// ---- completion --------------------------------------------------------------------------------------------------------

// Of a complete type. Parameters and literals have no layout yet; what they become is looked at again.
static bool size_fits(Sema *s, Type *t, Span at) {
    const Type *held = t;
    while (!held->layout && (held->kind == TYPE_ARRAY || held->kind == TYPE_OPTIONAL || held->kind == TYPE_ERROR_UNION))
        held = held->element;
    bool known = held->layout || type_is_nominal(held) || held->kind == TYPE_PTR || held->kind == TYPE_SLICE ||
                 held->kind == TYPE_FUNC || type_bits(held);
    if (!known || t->has_param || type_layout(s->types, t)->size < TYPE_SIZE_LIMIT) return true;
    diag_error(s->diags, DIAG_E2002, at, "a value of type `%s` would need %llu bytes or more", type_text(s->arena, t),
               (unsigned long long)TYPE_SIZE_LIMIT);
    return false;
}

typedef struct Completion {
    Sema *sema;
    Type *type;
    bool ok;
} Completion;

static void complete_nested(void *context) {
    Completion *completion = context;
    Type *t = completion->type;
    Context c = context_for_decl(completion->sema, t->decl, t->instance);
    completion->ok = t->kind == TYPE_STRUCT ? complete_struct(&c, t) : complete_enum(&c, t);
}

static bool complete_nominal(Sema *s, Type *t, Span at) {
    if (t->state == STAGE_DONE) return true;
    if (t->state == STAGE_BROKEN) return false;
    if (t->state == STAGE_RUNNING) {
        Diag *d = diag_error(s->diags, DIAG_E2023, t->decl->span,
                             "type `%s` contains itself by value, so it has no size", type_text(s->arena, t));
        if (span_known(at)) diag_note(s->diags, d, at, "it is held by value here");
        diag_note(s->diags, d, (Span){0}, "hold it through a pointer instead");
        poison(t);
        return false;
    }
    if (!t->decl->node) return false;
    if (t->decl->is_damaged) {
        poison(t);
        return false;
    }
    if (!resolve_enter(s, at)) {
        poison(t);
        return false;
    }
    t->state = STAGE_RUNNING;
    s->tables->hold_bounds++;
    Completion completion = {.sema = s, .type = t};
    resolve_nested(s, complete_nested, &completion);
    bool ok = completion.ok;
    s->tables->hold_bounds--;
    resolve_leave(s);
    if (ok && t->depth > HELD_DEPTH_LIMIT) {
        diag_error(s->diags, DIAG_E0009, t->decl->span, "more than %d types hold each other by value in `%s`",
                   HELD_DEPTH_LIMIT, type_text(s->arena, t));
        poison(t);
        ok = false;
    }
    if (t->state == STAGE_RUNNING) t->state = ok ? STAGE_DONE : STAGE_BROKEN;
    if (t->state == STAGE_DONE && !size_fits(s, t, t->decl->span)) poison(t);
    bounds_flush(s);
    return t->state == STAGE_DONE;
}

bool type_complete(Sema *s, Type *t, Span used_at) {
    switch (t->kind) {
    case TYPE_ERROR: return false;
    case TYPE_STRUCT:
    case TYPE_ENUM: return complete_nominal(s, t, used_at);
    case TYPE_ARRAY:
    case TYPE_OPTIONAL:
    case TYPE_ERROR_UNION: {
        // What has a layout is complete all the way down; long chains of types are asked about again and again.
        bool ok = t->layout || type_complete(s, t->element, used_at);
        t->is_unique = t->element->is_unique;
        return ok && size_fits(s, t, used_at);
    }
    default: return true;
    }
}

bool type_is_copyable(Sema *s, Type *t, Span used_at) {
    type_complete(s, t, used_at);
    return !t->is_unique;
}

void bounds_flush(Sema *s) {
    DeclTables *tables = s->tables;
    while (tables->hold_bounds == 0 && tables->pending.len) {
        PendingBounds p = VEC_POP(&tables->pending);
        generic_args_satisfy(s, p.decl, p.args, p.parent, p.at);
    }
}

void nominal_check_generic(Sema *s, Decl *decl) {
    Type **args = ARENA_ARRAY(s->arena, Type *, decl->generic_count ? decl->generic_count : 1);
    for (uint32_t i = 0; i < decl->generic_count; i++) args[i] = decl->generics[i]->type;
    Type *t = nominal_instance(s, decl, args, decl->generic_count, NULL, decl->span);
    type_complete(s, t, decl->span);
}

// ---- error sets --------------------------------------------------------------------------------------------------------

void error_set_declare(Sema *s, Decl *decl) {
    Node *node = decl->node;
    Type *t = type_nominal(s->types, TYPE_ERROR_SET, decl, NULL, 0);
    t->variants = ARENA_ARRAY(s->arena, Variant, node->error_set.members.len ? node->error_set.members.len : 1);
    Map seen = {0};
    for (uint32_t i = 0; i < node->error_set.members.len; i++) {
        const Name *name = node->error_set.members.items[i];
        Span span = node->error_set.member_spans.items[i];
        if (!name) continue;
        Variant *first = map_get(&seen, name);
        if (first) {
            Diag *d = diag_error(s->diags, DIAG_E1002, span, "error `%s` is already declared", name->text);
            diag_note(s->diags, d, first->span, "first declared here");
            continue;
        }
        if (s->error_names.len > UINT16_MAX) {
            diag_error(s->diags, DIAG_E0016, span, "more than %d errors in one program are not supported", UINT16_MAX);
            break;
        }
        Variant *v = &t->variants[t->variant_count++];
        *v = (Variant){.name = name, .span = span, .discriminant = s->error_names.len};
        VEC_PUSH(s->arena, &s->error_names, name);
        map_put(s->arena, &seen, name, v);
    }
    t->state = STAGE_DONE;
    decl->type = t;
    decl->state = STAGE_DONE;
}

const Variant *error_set_member(const Type *set, const Name *name) {
    for (uint32_t i = 0; i < set->variant_count; i++)
        if (set->variants[i].name == name) return &set->variants[i];
    return NULL;
}
