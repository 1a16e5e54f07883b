// Literals of structs, variants and arrays. Fields are given by name, each exactly once; those with defaults may be
// left to `..defaults`. Generic arguments that are not written come from the expected type or from the fields.
#include "sema/expr/expr.h"

#include "sema/help/help.h"
#include "sema/decl/decl.h"

Type *generic_self(Context *c, Decl *decl, Span span) {
    Type **args = ARENA_ARRAY(c->sema->arena, Type *, decl->generic_count);
    for (uint32_t i = 0; i < decl->generic_count; i++)
        args[i] = decl->generics[i]->type ? decl->generics[i]->type : type_param(c->sema->types, decl->generics[i]);
    Type *type = nominal_instance(c->sema, decl, args, decl->generic_count, NULL, span);
    return type->kind != TYPE_ERROR && type_complete(c->sema, type, span) ? type : prim(c, TYPE_ERROR);
}

// ---- variants
static TExpr *new_variant(Context *c, Type *type, uint32_t index, TExpr **fields, Span span) {
    TExpr *e = texpr_new(c, TEXPR_ENUM, type, span);
    e->variant.variant = index;
    e->variant.fields = fields;
    return e;
}

// Does the written form (nothing, or a list of arguments) suit the variant? False after a report.
static bool variant_form_fits(Context *c, const Variant *v, NodeList *args, Span span) {
    Diag *d;
    if (v->has_fields) {
        d = context_error(c, DIAG_E2004, span, "the variant `%s` has named fields", v->name->text);
        diag_note(c->sema->diags, d, (Span){0}, "write `.%s { field: value, … }`", v->name->text);
        return false;
    }
    if (!args && v->has_tuple) {
        d = context_error(c, DIAG_E2004, span, "the variant `%s` carries %s", v->name->text,
                          v->field_count == 1 ? "a value" : "values");
        diag_note(c->sema->diags, d, (Span){0}, "write `.%s(…)`", v->name->text);
        return false;
    }
    if (args && !v->has_tuple) {
        context_error(c, DIAG_E2004, span, "the variant `%s` carries no value", v->name->text);
        return false;
    }
    if (args && args->len != v->field_count) {
        context_error(c, DIAG_E2004, span, "the variant `%s` carries %u value%s, %u given", v->name->text,
                      v->field_count, v->field_count == 1 ? "" : "s", args->len);
        return false;
    }
    return true;
}

static const char *payload_name(Context *c, const Variant *v, uint32_t i) {
    if (v->field_count == 1) return arena_printf(c->sema->arena, "value of `%s`", v->name->text);
    return arena_printf(c->sema->arena, "value %u of `%s`", i + 1, v->name->text);
}

TExpr *make_variant(Context *c, Type *type, uint32_t index, NodeList *args, Span span) {
    if (!type_complete(c->sema, type, span) || index >= type->variant_count) {
        if (args) check_stray_args(c, args);
        return texpr_error(c, span);
    }
    const Variant *v = &type->variants[index];
    if (!variant_form_fits(c, v, args, span)) {
        if (args) check_stray_args(c, args);
        return texpr_error(c, span);
    }
    if (!args) return new_variant(c, type, index, NULL, span);
    TExpr **fields = ARENA_ARRAY(c->sema->arena, TExpr *, v->field_count);
    bool ok = true;
    for (uint32_t i = 0; i < v->field_count; i++) {
        TExpr *value = check_value(c, args->items[i], v->fields[i].type);
        fields[i] = coerce_value(c, value, v->fields[i].type, args->items[i]->span, payload_name(c, v, i));
        ok = ok && !is_error(fields[i]);
    }
    return ok ? new_variant(c, type, index, fields, span) : texpr_error(c, span);
}

static TExpr *slot_coerced(Context *c, const ArgSlot *slot, Type *type) {
    TExpr *value = slot_waits(slot) ? check_value(c, slot->node, type) : slot->value;
    return coerce_value(c, value, type, slot->node->span, slot->what);
}

TExpr *make_generic_variant(Context *c, Decl *decl, uint32_t index, NodeList *args, Type *expected, Span span) {
    Type *core = expected_core(expected);
    if (core && core->kind == TYPE_ENUM && core->decl == decl) return make_variant(c, core, index, args, span);
    Type *self = generic_self(c, decl, span);
    if (self->kind == TYPE_ERROR || index >= self->variant_count) {
        if (args) check_stray_args(c, args);
        return texpr_error(c, span);
    }
    const Variant *v = &self->variants[index];
    if (!variant_form_fits(c, v, args, span)) {
        if (args) check_stray_args(c, args);
        return texpr_error(c, span);
    }
    Inference inf;
    infer_init(&inf, c, decl->generics, decl->generic_count);
    uint32_t count = args ? args->len : 0;
    ArgSlot *slots = ARENA_ARRAY(c->sema->arena, ArgSlot, count);
    for (uint32_t i = 0; i < count; i++)
        slots[i] = (ArgSlot){.node = args->items[i], .pattern = v->fields[i].type, .what = payload_name(c, v, i)};
    infer_args(&inf, slots, count);
    if (!infer_finish(&inf, decl->name, span) || inf.failed) return texpr_error(c, span);
    Type *type = nominal_instance(c->sema, decl, inf.args, inf.count, c->instance, span);
    if (type->kind == TYPE_ERROR || !type_complete(c->sema, type, span)) return texpr_error(c, span);
    TExpr **fields = count ? ARENA_ARRAY(c->sema->arena, TExpr *, count) : NULL;
    bool ok = true;
    for (uint32_t i = 0; i < count; i++) {
        fields[i] = slot_coerced(c, &slots[i], type->variants[index].fields[i].type);
        ok = ok && !is_error(fields[i]);
    }
    return ok ? new_variant(c, type, index, fields, span) : texpr_error(c, span);
}

// ---- fields by name, of structs and of variants
typedef struct FieldSet {
    Type *owner; // with PARAMs when generic arguments are inferred
    Field *fields;
    uint32_t count;
    bool is_variant; // its fields are as visible as the variant
    const char *name; // "`Point`"
} FieldSet;

static int64_t field_index(const FieldSet *set, const Name *name) {
    for (uint32_t i = 0; i < set->count; i++)
        if (set->fields[i].name == name) return i;
    return -1;
}

static void stray_fields(Context *c, Node *lit) {
    for (uint32_t i = 0; i < lit->struct_lit.fields.len; i++) {
        Node *init = lit->struct_lit.fields.items[i];
        if (init->kind == NODE_FIELD_INIT && init->field_init.value && !node_needs_expected(init->field_init.value))
            check_expr(c, init->field_init.value, NULL);
    }
}

// Matches the written fields to the declared ones. slot_of[field] is 1 + the slot, 0 when it was not given.
static bool match_fields(Context *c, Node *lit, const FieldSet *set, ArgSlot *slots, uint32_t *slot_of,
                         uint32_t *slot_count) {
    bool ok = true;
    Diags *diags = c->sema->diags;
    for (uint32_t i = 0; i < lit->struct_lit.fields.len; i++) {
        Node *init = lit->struct_lit.fields.items[i];
        if (init->kind != NODE_FIELD_INIT || !init->field_init.name) {
            ok = false;
            continue;
        }
        const Name *name = init->field_init.name;
        int64_t index = field_index(set, name);
        Node *value = init->field_init.value;
        if (index < 0) {
            Diag *d =
                context_error(c, DIAG_E1007, init->field_init.name_span, "%s has no field `%s`", set->name, name->text);
            NearName near = near_name_start(name);
            for (uint32_t k = 0; k < set->count; k++)
                if (set->fields[k].name) near_name_consider(&near, set->fields[k].name);
            near_name_note(c->sema, d, &near);
        } else if (slot_of[index]) {
            context_error(c, DIAG_E2008, init->field_init.name_span, "the field `%s` is given twice", name->text);
        } else if (!set->is_variant && !field_visible(c, set->owner, &set->fields[index])) {
            Diag *d = context_error(c, DIAG_E1004, init->field_init.name_span, "field `%s` of %s is private",
                                    name->text, set->name);
            diag_note(diags, d, set->fields[index].span, "declared here without `pub`");
            slot_of[index] = UINT32_MAX;
        } else if (!value) {
            ok = false;
        } else {
            slots[*slot_count] = (ArgSlot){.node = value,
                                           .pattern = set->fields[index].type,
                                           .what = arena_printf(c->sema->arena, "field `%s`", name->text)};
            slot_of[index] = ++*slot_count;
            continue;
        }
        ok = false;
        if (value && !node_needs_expected(value)) check_expr(c, value, NULL);
    }
    return ok;
}

enum { NESTED_DEFAULTS_LIMIT = 10000 };

// A default is checked where the struct was declared, with the arguments of this instance. One that asks for the
// defaults of others twice doubles at every step, so those that lie in each other are counted.
static TExpr *default_field(Context *c, Type *owner, const Field *field, Span span) {
    Sema *s = c->sema;
    if (s->default_depth == 0) s->default_count = 0;
    if (s->default_depth && s->default_count++ >= NESTED_DEFAULTS_LIMIT) {
        if (s->default_count == NESTED_DEFAULTS_LIMIT + 1)
            context_error(c, DIAG_E0009, span, "the defaults that `..defaults` stands for lead to more than %d others",
                          NESTED_DEFAULTS_LIMIT);
        return texpr_error(c, span);
    }
    s->default_depth++;
    Context inner = context_for_decl(c->sema, owner->decl, owner->instance);
    inner.func = c->func;
    inner.in_const = c->in_const;
    TExpr *value = check_coerced(&inner, field->default_value, field->type);
    s->default_depth--;
    return value;
}

static bool complete_fields(Context *c, Node *lit, const FieldSet *set, const uint32_t *slot_of, Span span) {
    StrBuf missing = {0}, defaulted = {0};
    for (uint32_t i = 0; i < set->count; i++) {
        if (slot_of[i] || (set->fields[i].default_value && lit->struct_lit.has_defaults)) continue;
        StrBuf *list = set->fields[i].default_value ? &defaulted : &missing;
        strbuf_printf(list, "%s`%s`", list->len ? ", " : "", set->fields[i].name ? set->fields[i].name->text : "_");
    }
    bool ok = missing.len == 0 && defaulted.len == 0;
    if (missing.len) {
        context_error(c, DIAG_E2007, span, "%s also needs %s", set->name, missing.data);
    } else if (defaulted.len) {
        Diag *d = context_error(c, DIAG_E2007, span, "%s also has %s", set->name, defaulted.data);
        diag_note(c->sema->diags, d, (Span){0}, "end the literal with `..defaults` to take the default");
    }
    strbuf_free(&missing);
    strbuf_free(&defaulted);
    return ok;
}

// Values are computed as they are written, defaults last. NULL when that is the order of the fields.
static uint32_t *written_order(Arena *arena, const uint32_t *slot_of, uint32_t count, uint32_t given) {
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, count ? count : 1), next = given;
    bool sorted = true;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = slot_of[i] ? slot_of[i] - 1 : next++;
        order[at] = i;
        sorted = sorted && at == i;
    }
    return sorted ? NULL : order;
}

// The values of all fields in order, or NULL after a report. `*type` is the literal's type once it is known.
static TExpr **build_fields(Context *c, Node *lit, const FieldSet *set, Decl *generic, Type *expected, Type **type,
                            int64_t variant, uint32_t **order) {
    Arena *arena = c->sema->arena;
    uint32_t given = lit->struct_lit.fields.len, count = 0;
    ArgSlot *slots = ARENA_ARRAY(arena, ArgSlot, given);
    uint32_t *slot_of = ARENA_ARRAY(arena, uint32_t, set->count);
    bool ok = match_fields(c, lit, set, slots, slot_of, &count);
    Inference inf;
    infer_init(&inf, c, generic ? generic->generics : NULL, generic ? generic->generic_count : 0);
    if (generic) infer_hint(&inf, set->owner, expected);
    infer_args(&inf, slots, count);
    if (ok)
        ok = complete_fields(c, lit, set, slot_of, lit->struct_lit.type->span);
    else
        inf.failed = true;
    Field *fields = set->fields;
    if (generic) {
        bool failed = inf.failed;
        inf.failed |= !ok; // what is missing could have told the arguments
        if (!infer_finish(&inf, generic->name, lit->struct_lit.type->span) || failed) return NULL;
        *type = nominal_instance(c->sema, generic, inf.args, inf.count, c->instance, lit->span);
        if ((*type)->kind == TYPE_ERROR || !type_complete(c->sema, *type, lit->span)) return NULL;
        fields = variant < 0 ? (*type)->fields : (*type)->variants[variant].fields;
    }
    TExpr **values = ARENA_ARRAY(arena, TExpr *, set->count);
    for (uint32_t i = 0; i < set->count; i++) {
        if (slot_of[i] == UINT32_MAX) continue;
        if (slot_of[i]) {
            values[i] = slot_coerced(c, &slots[slot_of[i] - 1], fields[i].type);
        } else if (ok) {
            values[i] = default_field(c, *type, &fields[i], lit->span);
        }
        ok = ok && values[i] && !is_error(values[i]);
    }
    if (!ok) return NULL;
    *order = written_order(arena, slot_of, set->count, count);
    return values;
}

static TExpr *struct_value(Context *c, Node *node, Type *type, Decl *generic, Type *expected) {
    const char *shown = generic ? generic->name->text : show(c, type);
    FieldSet set = {type, type->fields, type->field_count, false, arena_printf(c->sema->arena, "`%s`", shown)};
    Type *final = type;
    uint32_t *order;
    TExpr **fields = build_fields(c, node, &set, generic, expected, &final, -1, &order);
    if (!fields) return texpr_error(c, node->span);
    TExpr *e = texpr_new(c, TEXPR_STRUCT, final, node->span);
    e->aggregate.fields = fields;
    e->aggregate.order = order;
    if (!generic) e->aggregate.written = written_node(c, node->struct_lit.type, final);
    return e;
}

static TExpr *variant_value(Context *c, Node *node, Type *type, uint32_t index, Decl *generic, Type *expected) {
    const Variant *v = &type->variants[index];
    if (!v->has_fields) {
        Diag *d = context_error(c, DIAG_E2004, node->struct_lit.type->span, "the variant `%s` has no named fields",
                                v->name->text);
        diag_note(c->sema->diags, d, (Span){0}, v->has_tuple ? "write `.%s(…)`" : "write `.%s`", v->name->text);
        stray_fields(c, node);
        return texpr_error(c, node->span);
    }
    FieldSet set = {type, v->fields, v->field_count, true, arena_printf(c->sema->arena, "`.%s`", v->name->text)};
    Type *final = type;
    uint32_t *order;
    TExpr **fields = build_fields(c, node, &set, generic, expected, &final, index, &order);
    if (!fields) return texpr_error(c, node->span);
    TExpr *e = new_variant(c, final, index, fields, node->span);
    e->variant.order = order;
    return e;
}

static TExpr *literal_error(Context *c, Node *node) {
    stray_fields(c, node);
    return texpr_error(c, node->span);
}

static TExpr *dot_literal(Context *c, Node *node, Type *expected) {
    Node *path = node->struct_lit.type;
    Type *core = expected_core(expected);
    if (core && core->kind == TYPE_ENUM) {
        int64_t index = variant_find(c, core, path->name.name, path->span);
        if (index >= 0) return variant_value(c, node, core, (uint32_t)index, NULL, expected);
        error_no_variant(c, core, path->name.name, path->span);
        return literal_error(c, node);
    }
    check_expr(c, path, core && core->kind == TYPE_ERROR ? core : expected); // reports
    if (core && core->kind == TYPE_ERROR_SET) context_error(c, DIAG_E2001, node->span, "an error carries no fields");
    return literal_error(c, node);
}

TExpr *check_struct_literal(Context *c, Node *node, Type *expected) {
    Node *path = node->struct_lit.type;
    if (!path) {
        context_error(c, DIAG_E2019, node->span, "a literal with fields needs the name of its type");
        return literal_error(c, node);
    }
    if (path->kind == NODE_DOT_NAME) return dot_literal(c, node, expected);
    Entity e = entity_resolve_as(c, path, NAME_TYPE | NAME_VARIANT);
    switch (e.kind) {
    case ENTITY_ERROR: return literal_error(c, node);
    case ENTITY_TYPE:
        if (e.type->kind != TYPE_STRUCT) break;
        if (!type_complete(c->sema, e.type, path->span)) return literal_error(c, node);
        return struct_value(c, node, e.type, NULL, expected);
    case ENTITY_GENERIC_TYPE: {
        if (e.decl->kind == DECL_ALIAS) {
            context_error(c, DIAG_E3010, path->span, "`%s` needs its generic arguments here", e.decl->name->text);
            return literal_error(c, node);
        }
        if (e.decl->kind != DECL_STRUCT) break;
        Type *self = generic_self(c, e.decl, path->span);
        return self->kind == TYPE_ERROR ? literal_error(c, node) : struct_value(c, node, self, e.decl, expected);
    }
    case ENTITY_VARIANT:
        if (!type_complete(c->sema, e.type, path->span)) return literal_error(c, node);
        return variant_value(c, node, e.type, e.index, NULL, expected);
    case ENTITY_GENERIC_VARIANT: {
        Type *core = expected_core(expected);
        if (core && core->kind == TYPE_ENUM && core->decl == e.decl && type_complete(c->sema, core, path->span))
            return variant_value(c, node, core, e.index, NULL, expected);
        Type *self = generic_self(c, e.decl, path->span);
        return self->kind == TYPE_ERROR ? literal_error(c, node)
                                        : variant_value(c, node, self, e.index, e.decl, expected);
    }
    default: break;
    }
    context_error(c, DIAG_E2019, path->span, "only structs and variants are made with `{ … }`");
    return literal_error(c, node);
}

// ---- arrays
static Type *element_hint(Type *expected) {
    Type *core = expected_core(expected);
    return core && (core->kind == TYPE_ARRAY || core->kind == TYPE_SLICE) ? core->element : NULL;
}

TExpr *check_array_literal(Context *c, Node *node, Type *expected) {
    NodeList *elements = &node->array_lit.elements;
    Type *hint = element_hint(expected);
    Arena *arena = c->sema->arena;
    TExpr **values = ARENA_ARRAY(arena, TExpr *, elements->len);
    if (elements->len == 0 && !hint) {
        if (expected && expected->kind == TYPE_ERROR) return texpr_error(c, node->span);
        context_error(c, DIAG_E2018, node->span, "cannot tell the element type of an empty array; write the type");
        return texpr_error(c, node->span);
    }
    bool ok = true, fits = hint != NULL;
    Type *sibling = hint;
    for (uint32_t i = 0; i < elements->len; i++) {
        values[i] = check_value(c, elements->items[i], sibling);
        ok = ok && !is_error(values[i]);
        fits = fits && coerce_possible(c, values[i], hint);
        if (!sibling && !is_error(values[i]) && !is_literal(values[i]) && !is_bare_null(values[i]) &&
            values[i]->type->kind != TYPE_NEVER)
            sibling = values[i]->type;
    }
    if (!ok) return texpr_error(c, node->span);
    Type *element = hint;
    if (!hint) element = common_type(c, values, elements->len, node->span);
    if (element->kind == TYPE_ERROR) return texpr_error(c, node->span);
    if (element->kind == TYPE_VOID || element->kind == TYPE_NEVER) {
        context_error(c, DIAG_E2020, node->span, "the elements have no value");
        return texpr_error(c, node->span);
    }
    for (uint32_t i = 0; i < elements->len; i++) {
        values[i] = coerce_value(c, values[i], element, elements->items[i]->span, "element");
        ok = ok && !is_error(values[i]);
    }
    if (!ok) return texpr_error(c, node->span);
    Type *type = type_array(c->sema->types, element, elements->len);
    if (!type_complete(c->sema, type, node->span)) return texpr_error(c, node->span);
    TExpr *e = texpr_new(c, TEXPR_ARRAY, type, node->span);
    e->aggregate.fields = values;
    return e;
}

TExpr *check_array_repeat(Context *c, Node *node, Type *expected) {
    Type *hint = element_hint(expected);
    TExpr *element = check_value(c, node->array_repeat.element, hint);
    uint64_t count;
    if (!const_eval_usize(c, node->array_repeat.count, &count) || is_error(element)) return texpr_error(c, node->span);
    if (hint)
        element = coerce_value(c, element, hint, node->array_repeat.element->span, "element");
    else
        element = default_literal(c, element);
    if (is_error(element)) return element;
    if (element->type->kind == TYPE_VOID || element->type->kind == TYPE_NEVER) {
        context_error(c, DIAG_E2020, node->array_repeat.element->span, "the element has no value");
        return texpr_error(c, node->span);
    }
    if (count > 1 && type_complete(c->sema, element->type, node->span) &&
        !type_is_copyable(c->sema, element->type, node->span)) {
        context_error(c, DIAG_E2011, node->array_repeat.element->span,
                      "this would copy a value of the unique type `%s`", show(c, element->type));
        return texpr_error(c, node->span);
    }
    Type *type = type_array(c->sema->types, element->type, count);
    if (!type_complete(c->sema, type, node->span)) return texpr_error(c, node->span);
    TExpr *e = texpr_new(c, TEXPR_ARRAY_REPEAT, type, node->span);
    e->repeat.element = element;
    return e;
}
