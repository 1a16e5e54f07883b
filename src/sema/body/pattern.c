// Patterns: syntax against the type of what is matched. The bindings of a pattern are collected first and declared in
// the current scope at its end, because the alternatives of an or-pattern must bind the same names with the same types
// and share their Locals. A name alone always binds; constants are written as paths (`limits.MAX`, `Color.Red`).
#include "sema/body/body.h"
#include "sema/help/help.h"

typedef struct Bindings {
    VEC(Local *) locals;
} Bindings;

typedef struct Matcher {
    Context *c;
    bool is_fresh; // the subject is a value of its own: a unique part may be moved out of it
    Bindings *bound; // of the alternative being read
    const Bindings *shared; // of the first alternative, while a later one is read
} Matcher;

static TPattern *match_node(Matcher *m, Node *node, Type *subject);

static TPattern *pattern_new(Matcher *m, PatternKind kind, Type *type, Span span) {
    TPattern *p = ARENA_NEW(m->c->sema->arena, TPattern);
    p->kind = kind;
    p->type = type;
    p->span = span;
    return p;
}

static const char *text_of(Matcher *m, const Type *t) { return type_text(m->c->sema->arena, t); }

static Local *bindings_find(const Bindings *b, const Name *name) {
    for (uint32_t i = 0; b && i < b->locals.len; i++)
        if (b->locals.items[i]->name == name) return b->locals.items[i];
    return NULL;
}

// ---- Bindings ----------------------------------------------------------------------------------------------------------
static TPattern *bind_name(Matcher *m, const Name *name, Span span, Type *subject) {
    Context *c = m->c;
    Local *twice = bindings_find(m->bound, name);
    if (twice) {
        Diag *d = context_error(c, DIAG_E1002, span, "`%s` is bound twice in this pattern", name->text);
        diag_note(c->sema->diags, d, twice->span, "first bound here");
        return NULL;
    }
    if (!type_is_error(subject) && !m->is_fresh && !type_is_copyable(c->sema, subject, span)) {
        Diag *d = context_error(c, DIAG_E2011, span, "`%s` would copy a value of unique type `%s`", name->text,
                                text_of(m, subject));
        diag_note(
            c->sema->diags, d, (Span){0},
            "only a fresh value, such as a call's result, can be taken apart; match `_` and use a pointer otherwise");
        VEC_PUSH(c->sema->arena, &m->bound->locals, local_new(c, name, prim(c, TYPE_ERROR), span, false));
        return NULL;
    }
    Local *local = m->shared ? bindings_find(m->shared, name) : NULL;
    if (local && local->type != subject) {
        Diag *d =
            context_error(c, DIAG_E2026, span, "`%s` is of type `%s` here, but of type `%s` in the first alternative",
                          name->text, text_of(m, subject), text_of(m, local->type));
        diag_note(c->sema->diags, d, local->span, "bound here first");
        local = NULL;
    }
    if (!local) {
        local = local_new(c, name, subject, span, false);
        local->origin = LOCAL_BOUND;
    }
    if (m->is_fresh && !type_is_error(subject) && !type_is_copyable(c->sema, subject, span)) {
        local->is_owned = true;
        local->owned_in = c->loops;
    }
    VEC_PUSH(c->sema->arena, &m->bound->locals, local);
    TPattern *p = pattern_new(m, PATTERN_BIND, subject, span);
    p->local = local;
    return p;
}

// What a broken pattern would bind, so that the arm's body gives no follow-up errors.
static void bind_broken(Matcher *m, Node *node) {
    Type *unknown = type_primitive(m->c->sema->types, TYPE_ERROR);
    bool shared_before = m->shared != NULL;
    const Bindings *shared = m->shared;
    m->shared = NULL;
    switch (node->kind) {
    case NODE_PAT_NAME:
        if (!bindings_find(m->bound, node->pat_name.name)) bind_name(m, node->pat_name.name, node->span, unknown);
        break;
    case NODE_PAT_VARIANT:
        for (uint32_t i = 0; i < node->pat_variant.fields.len; i++) {
            Node *field = node->pat_variant.fields.items[i];
            if (field->kind == NODE_PAT_FIELD && !field->pat_field.pattern) {
                if (!bindings_find(m->bound, field->pat_field.name))
                    bind_name(m, field->pat_field.name, field->pat_field.name_span, unknown);
            } else
                bind_broken(m, field->kind == NODE_PAT_FIELD ? field->pat_field.pattern : field);
        }
        break;
    case NODE_PAT_OR:
        for (uint32_t i = 0; i < node->pat_or.alternatives.len; i++) bind_broken(m, node->pat_or.alternatives.items[i]);
        break;
    case NODE_PAREN: bind_broken(m, node->operand.operand); break;
    default: break;
    }
    if (shared_before) m->shared = shared;
}

static void note_misfit(Matcher *m, Diag *d, const char *what, const Type *subject) {
    Diags *diags = m->c->sema->diags;
    if (subject->kind == TYPE_ERROR_UNION)
        diag_note(diags, d, (Span){0}, "this may fail: propagate with `?` or handle with `catch` first");
    else if (strncmp(what, "`Some", 5) == 0)
        diag_note(diags, d, (Span){0}, "the value is there in any case: bind it with `let`");
    else if (subject->kind == TYPE_OPTIONAL)
        diag_note(diags, d, (Span){0}, "the value may be null: match `Some(…)` and `null`");
}

static TPattern *misfit(Matcher *m, Node *node, const char *what, Type *subject) {
    if (!type_is_error(subject))
        note_misfit(m,
                    context_error(m->c, DIAG_E2021, node->span, "%s does not fit a value of type `%s`", what,
                                  text_of(m, subject)),
                    what, subject);
    bind_broken(m, node);
    return NULL;
}

// ---- Constants and ranges ----------------------------------------------------------------------------------------------
static bool is_str_like(const Type *t) { return t->kind == TYPE_SLICE && t->element->kind == TYPE_U8; }

static bool literal_fits(const Node *node, const Type *subject, const char **what) {
    const Node *inner = node->kind == NODE_UNARY ? node->unary.operand : node;
    switch (inner->kind) {
    case NODE_INT:
    case NODE_CHAR: *what = inner->kind == NODE_CHAR ? "a character" : "an integer"; return type_is_numeric(subject);
    case NODE_FLOAT: *what = "a number with a fraction"; return type_is_float(subject);
    case NODE_STRING: *what = "a string"; return is_str_like(subject);
    case NODE_BOOL: *what = "a bool"; return subject->kind == TYPE_BOOL;
    default: *what = "this"; return true;
    }
}

static ConstValue *pattern_constant(Matcher *m, Node *node, Type *subject) {
    Context *c = m->c;
    const char *what;
    while (node->kind == NODE_PAREN) node = node->operand.operand;
    if (!literal_fits(node, subject, &what)) {
        if (!type_is_error(subject))
            context_error(c, DIAG_E2021, node->span, "%s does not fit a value of type `%s`", what, text_of(m, subject));
        return NULL;
    }
    bool in_const = c->in_const;
    c->in_const = true;
    Type *target = is_str_like(subject) ? type_str(c->sema->types) : subject;
    TExpr *value = check_coerced(c, node, target);
    c->in_const = in_const;
    return is_error(value) ? NULL : const_eval(c, value);
}

static TPattern *constant_pattern(Matcher *m, Node *node, Type *subject, ConstValue *value) {
    if (!value) {
        bind_broken(m, node);
        return NULL;
    }
    if (value->kind != CONST_INT && value->kind != CONST_STR && value->kind != CONST_FLOAT)
        return misfit(m, node, "a constant that is no number, text or plain variant", subject);
    TPattern *p = pattern_new(m, PATTERN_CONST, subject, node->span);
    const Variant *variant = subject->kind == TYPE_ENUM ? type_variant_numbered(subject, (int64_t)value->bits) : NULL;
    if (variant) {
        p->kind = PATTERN_VARIANT;
        p->index = (uint32_t)(variant - subject->variants);
        return p;
    }
    if (subject->kind == TYPE_ERROR_SET) p->kind = PATTERN_ERROR;
    p->value = value;
    return p;
}

static TPattern *match_range(Matcher *m, Node *node, Type *subject) {
    if (!type_is_int(subject)) return misfit(m, node, "a range", subject);
    Node *low_node = node->pat_range.low, *high_node = node->pat_range.high;
    unsigned bits = type_bits(subject);
    bool is_signed = type_is_signed(subject);
    uint64_t smallest = is_signed ? ~(uint64_t)0 << (bits - 1) : 0;
    uint64_t largest = is_signed ? ~smallest : bits == 64 ? ~(uint64_t)0 : ((uint64_t)1 << bits) - 1;
    ConstValue *low = low_node ? pattern_constant(m, low_node, subject) : const_int(m->c->sema, subject, smallest);
    ConstValue *high = high_node ? pattern_constant(m, high_node, subject) : const_int(m->c->sema, subject, largest);
    if (!low || !high) return NULL;
    bool inclusive = node->pat_range.inclusive || !high_node;
    bool ordered = is_signed ? (int64_t)low->bits <= (int64_t)high->bits : low->bits <= high->bits;
    if (!ordered || (!inclusive && low->bits == high->bits)) {
        context_error(m->c, DIAG_E2021, node->span, "this range holds no value");
        return NULL;
    }
    TPattern *p = pattern_new(m, PATTERN_RANGE, subject, node->span);
    p->value = low;
    p->high = high;
    p->inclusive = inclusive;
    return p;
}

// ---- Variants and structs ----------------------------------------------------------------------------------------------
static bool match_tuple(Matcher *m, Node *node, TPattern *p, const Field *fields, uint32_t count, const char *name) {
    uint32_t given = node->pat_variant.fields.len;
    if (given != count && !(node->pat_variant.has_rest && given < count)) {
        context_error(m->c, DIAG_E2021, node->span, "`%s` holds %u value%s, but the pattern has %u", name, count,
                      count == 1 ? "" : "s", given);
        bind_broken(m, node);
        return false;
    }
    bool ok = true;
    for (uint32_t i = 0; i < given; i++) {
        p->subs[i] = match_node(m, node->pat_variant.fields.items[i], fields[i].type);
        if (!p->subs[i]) ok = false;
    }
    return ok;
}

static bool match_fields(Matcher *m, Node *node, TPattern *p, const Field *fields, uint32_t count, const char *name,
                         bool check_privacy) {
    Context *c = m->c;
    bool ok = true;
    Module *owner = p->type->decl ? p->type->decl->module : NULL;
    for (uint32_t k = 0; k < node->pat_variant.fields.len; k++) {
        Node *field = node->pat_variant.fields.items[k];
        if (field->kind != NODE_PAT_FIELD) {
            context_error(c, DIAG_E2021, field->span, "the fields of `%s` are named: write `%s { … }`", name, name);
            bind_broken(m, field);
            ok = false;
            continue;
        }
        uint32_t i = 0;
        while (i < count && fields[i].name != field->pat_field.name) i++;
        Type *type = i < count ? fields[i].type : prim(c, TYPE_ERROR);
        if (i == count) {
            Diag *d = context_error(c, DIAG_E1007, field->pat_field.name_span, "`%s` has no field `%s`", name,
                                    field->pat_field.name->text);
            NearName near = near_name_start(field->pat_field.name);
            for (uint32_t n = 0; n < count; n++)
                if (fields[n].name) near_name_consider(&near, fields[n].name);
            bool binds = field->pat_field.pattern == NULL; // under the name written, which goes on to be used
            near_name_note_with(c->sema, d, &near,
                                binds ? arena_printf(c->sema->arena, ": %s", field->pat_field.name->text) : "");
            ok = false;
        } else if (check_privacy && !fields[i].is_pub && owner && owner != c->module) {
            Diag *d = context_error(c, DIAG_E1004, field->pat_field.name_span,
                                    "field `%s` of `%s` is private to its module", fields[i].name->text, name);
            diag_note(c->sema->diags, d, fields[i].span, "declared here");
            ok = false;
        }
        if (i < count && p->subs[i]) {
            context_error(c, DIAG_E2008, field->pat_field.name_span, "field `%s` is matched twice",
                          fields[i].name->text);
            ok = false;
            continue;
        }
        TPattern *sub = field->pat_field.pattern
                            ? match_node(m, field->pat_field.pattern, type)
                            : bind_name(m, field->pat_field.name, field->pat_field.name_span, type);
        if (i < count) p->subs[i] = sub;
        if (!sub) ok = false;
    }
    if (!ok || node->pat_variant.has_rest) return ok;
    for (uint32_t i = 0; i < count; i++) {
        if (p->subs[i] || !fields[i].name) continue;
        context_error(c, DIAG_E2021, node->span,
                      "the pattern does not mention field `%s`; end it with `..` to leave fields out",
                      fields[i].name->text);
        return false;
    }
    return true;
}

static TPattern *match_variant_index(Matcher *m, Node *node, Type *subject, uint32_t index) {
    const Variant *v = &subject->variants[index];
    TPattern *p = pattern_new(m, PATTERN_VARIANT, subject, node->span);
    p->index = index;
    p->sub_count = v->field_count;
    p->subs = ARENA_ARRAY(m->c->sema->arena, TPattern *, v->field_count ? v->field_count : 1);
    if (node->kind != NODE_PAT_VARIANT || (!node->pat_variant.has_tuple && !node->pat_variant.has_fields)) {
        if (v->field_count == 0) return p;
        const char *rest = v->has_fields ? " { .. }" : "(_";
        for (uint32_t i = 1; !v->has_fields && i < v->field_count; i++)
            rest = arena_printf(m->c->sema->arena, "%s, _", rest);
        context_error(m->c, DIAG_E2021, node->span, "`%s` holds values: write `.%s%s%s`", v->name->text, v->name->text,
                      rest, v->has_fields ? "" : ")");
        return NULL;
    }
    if (node->pat_variant.has_tuple != v->has_tuple && (v->has_fields || v->has_tuple)) {
        context_error(m->c, DIAG_E2021, node->span,
                      v->has_fields ? "the fields of `%s` are named: write `.%s { … }`"
                                    : "the values of `%s` have no names: write `.%s(…)`",
                      v->name->text, v->name->text);
        bind_broken(m, node);
        return NULL;
    }
    bool ok = node->pat_variant.has_fields ? match_fields(m, node, p, v->fields, v->field_count, v->name->text, false)
                                           : match_tuple(m, node, p, v->fields, v->field_count, v->name->text);
    return ok ? p : NULL;
}

static TPattern *match_struct(Matcher *m, Node *node, Type *subject) {
    const char *name = subject->decl ? subject->decl->name->text : "the struct";
    TPattern *p = pattern_new(m, PATTERN_STRUCT, subject, node->span);
    p->sub_count = subject->field_count;
    p->subs = ARENA_ARRAY(m->c->sema->arena, TPattern *, subject->field_count ? subject->field_count : 1);
    if (!node->pat_variant.has_fields) {
        context_error(m->c, DIAG_E2021, node->span, "a struct pattern names fields: write `%s { … }`", name);
        bind_broken(m, node);
        return NULL;
    }
    return match_fields(m, node, p, subject->fields, subject->field_count, name, true) ? p : NULL;
}

static TPattern *match_some(Matcher *m, Node *node, Type *subject) {
    if (subject->kind != TYPE_OPTIONAL) return misfit(m, node, "`Some(…)`", subject);
    if (!node->pat_variant.has_tuple || node->pat_variant.fields.len != 1) {
        context_error(m->c, DIAG_E2021, node->span, "`Some` holds one value: write `Some(_)`");
        bind_broken(m, node);
        return NULL;
    }
    TPattern *p = pattern_new(m, PATTERN_SOME, subject, node->span);
    p->sub_count = 1;
    p->subs = ARENA_ARRAY(m->c->sema->arena, TPattern *, 1);
    p->subs[0] = match_node(m, node->pat_variant.fields.items[0], subject->element);
    return p->subs[0] ? p : NULL;
}

static TPattern *match_error(Matcher *m, Node *node, Node *path, Type *subject) {
    if (node->kind == NODE_PAT_VARIANT && (node->pat_variant.has_tuple || node->pat_variant.has_fields)) {
        context_error(m->c, DIAG_E2021, node->span, "an error holds no values");
        bind_broken(m, node);
        return NULL;
    }
    TExpr *value = check_value(m->c, path, subject);
    if (value->kind == TEXPR_COERCE && value->coerce.kind == COERCE_ERROR_SET) value = value->coerce.operand;
    if (is_error(value)) return NULL;
    if (value->type->kind != TYPE_ERROR_SET || (value->type != subject && subject != type_any_error(m->c->sema->types)))
        return misfit(m, node, "this", subject);
    TPattern *p = pattern_new(m, PATTERN_ERROR, subject, node->span);
    if (value->kind == TEXPR_ERROR_VALUE)
        p->value = const_int(m->c->sema, value->type, value->error.code);
    else
        p->value = const_eval(m->c, value);
    return p->value ? p : NULL;
}

static TPattern *match_dot_name(Matcher *m, Node *node, Node *path, Type *subject) {
    if (subject->kind == TYPE_ERROR_SET) return match_error(m, node, path, subject);
    const Name *name = path->name.name;
    if (subject->kind != TYPE_ENUM) {
        if (!type_is_error(subject))
            context_error(m->c, DIAG_E2021, node->span, "a value of type `%s` has no variants such as `.%s`",
                          text_of(m, subject), name->text);
        bind_broken(m, node);
        return NULL;
    }
    for (uint32_t i = 0; i < subject->variant_count; i++)
        if (subject->variants[i].name == name) return match_variant_index(m, node, subject, i);
    Diag *d = context_error(m->c, DIAG_E1008, path->span, "`%s` has no variant `%s`", text_of(m, subject), name->text);
    NearName near = near_name_start(name);
    for (uint32_t i = 0; i < subject->variant_count; i++) near_name_consider(&near, subject->variants[i].name);
    near_name_note(m->c->sema, d, &near);
    bind_broken(m, node);
    return NULL;
}

static TPattern *match_path(Matcher *m, Node *node, Node *path, Type *subject) {
    Context *c = m->c;
    while (path->kind == NODE_PAREN) path = path->operand.operand;
    if (path->kind == NODE_DOT_NAME) return match_dot_name(m, node, path, subject);
    if (path->kind == NODE_NAME && path->name.name == c->sema->n.Some) return match_some(m, node, subject);
    Entity e = entity_resolve_as(c, path, NAME_TYPE | NAME_VARIANT);
    bool has_parts = node->kind == NODE_PAT_VARIANT && (node->pat_variant.has_tuple || node->pat_variant.has_fields);
    switch (e.kind) {
    case ENTITY_ERROR: bind_broken(m, node); return NULL;
    case ENTITY_VARIANT:
        if (e.type != subject)
            return misfit(m, node, arena_printf(c->sema->arena, "a variant of `%s`", text_of(m, e.type)), subject);
        return match_variant_index(m, node, subject, e.index);
    case ENTITY_GENERIC_VARIANT:
        if (subject->kind != TYPE_ENUM || e.decl != subject->decl)
            return misfit(m, node, arena_printf(c->sema->arena, "a variant of `%s`", e.decl->name->text), subject);
        return match_variant_index(m, node, subject, e.index);
    case ENTITY_ERROR_MEMBER:
        if (subject->kind != TYPE_ERROR_SET) return misfit(m, node, "an error", subject);
        return match_error(m, node, path, subject);
    case ENTITY_TYPE:
        if (e.type != subject || subject->kind != TYPE_STRUCT)
            return misfit(m, node, arena_printf(c->sema->arena, "a pattern of type `%s`", text_of(m, e.type)), subject);
        return match_struct(m, node, subject);
    case ENTITY_GENERIC_TYPE:
        if (subject->kind != TYPE_STRUCT || e.decl != subject->decl)
            return misfit(m, node, arena_printf(c->sema->arena, "a pattern of type `%s`", e.decl->name->text), subject);
        return match_struct(m, node, subject);
    case ENTITY_BUILTIN:
        if (e.decl && e.decl->builtin == BUILTIN_SOME) return match_some(m, node, subject);
        break;
    case ENTITY_CONST:
    case ENTITY_VALUE_PARAM:
        if (has_parts || (e.decl && e.decl->kind == DECL_GLOBAL)) break;
        return constant_pattern(m, node, subject, pattern_constant(m, path, subject));
    default: break;
    }
    return misfit(m, node, "this", subject);
}

// ---- Alternatives ------------------------------------------------------------------------------------------------------
static TPattern *match_or(Matcher *m, Node *node, Type *subject) {
    Context *c = m->c;
    uint32_t count = node->pat_or.alternatives.len;
    TPattern *p = pattern_new(m, PATTERN_OR, subject, node->span);
    p->subs = ARENA_ARRAY(c->sema->arena, TPattern *, count ? count : 1);
    p->sub_count = count;
    Bindings *outer = m->bound;
    const Bindings *outer_shared = m->shared;
    Bindings first = {0};
    bool ok = true;
    for (uint32_t i = 0; i < count; i++) {
        Node *alternative = node->pat_or.alternatives.items[i];
        Bindings own = {0};
        m->bound = &own;
        if (i > 0) m->shared = &first;
        p->subs[i] = match_node(m, alternative, subject);
        if (!p->subs[i]) ok = false;
        if (i == 0) {
            first = own;
            continue;
        }
        if (!p->subs[i] || !p->subs[0]) continue;
        const Name *odd = NULL;
        for (uint32_t k = 0; k < own.locals.len && !odd; k++)
            if (!bindings_find(&first, own.locals.items[k]->name)) odd = own.locals.items[k]->name;
        bool missing = false;
        for (uint32_t k = 0; k < first.locals.len && !odd; k++)
            if (!bindings_find(&own, first.locals.items[k]->name)) odd = first.locals.items[k]->name, missing = true;
        if (odd) {
            Diag *d = context_error(c, DIAG_E2026, alternative->span,
                                    missing ? "`%s` is not bound in this alternative"
                                            : "`%s` is bound in this alternative only",
                                    odd->text);
            diag_note(c->sema->diags, d, node->pat_or.alternatives.items[0]->span, "the first alternative");
            ok = false;
        }
    }
    m->bound = outer;
    m->shared = outer_shared;
    for (uint32_t k = 0; k < first.locals.len; k++) {
        Local *local = first.locals.items[k];
        Local *twice = bindings_find(m->bound, local->name);
        if (twice) {
            Diag *d =
                context_error(c, DIAG_E1002, local->span, "`%s` is bound twice in this pattern", local->name->text);
            diag_note(c->sema->diags, d, twice->span, "first bound here");
            ok = false;
        } else
            VEC_PUSH(c->sema->arena, &m->bound->locals, local);
    }
    return ok ? p : NULL;
}

// A lone name binds whatever the value is; one that is spelled like a variant was meant to be that.
static bool report_variant_name(Matcher *m, Node *node, const Type *subject) {
    const Name *name = node->pat_name.name;
    Diags *diags = m->c->sema->diags;
    if (subject->kind == TYPE_OPTIONAL && (str_equal_c(name_str(name), "None") || str_equal_c(name_str(name), "nil"))) {
        Diag *d =
            context_error(m->c, DIAG_E2021, node->span,
                          "`%s` would be a new name for every value here; the empty optional is `null`", name->text);
        diag_fix(diags, d, node->span, "null", "write `null`");
        return true;
    }
    bool known = false;
    for (uint32_t i = 0; (subject->kind == TYPE_ENUM || subject->kind == TYPE_ERROR_SET) && i < subject->variant_count;
         i++)
        known |= subject->variants[i].name == name;
    if (!known) return false;
    Diag *d = context_error(m->c, DIAG_E2021, node->span,
                            "`%s` would be a new name for every value here; the variant is written `.%s`", name->text,
                            name->text);
    diag_fix(diags, d, (Span){node->span.file, node->span.start, node->span.start}, ".", "write `.%s`", name->text);
    return true;
}

static TPattern *match_node(Matcher *m, Node *node, Type *subject) {
    if (!type_is_error(subject)) type_complete(m->c->sema, subject, node->span);
    switch (node->kind) {
    case NODE_PAT_WILDCARD: return pattern_new(m, PATTERN_ANY, subject, node->span);
    case NODE_PAT_NAME:
        if (report_variant_name(m, node, subject)) return NULL;
        return bind_name(m, node->pat_name.name, node->span, subject);
    case NODE_PAT_NULL:
        if (subject->kind != TYPE_OPTIONAL) return misfit(m, node, "`null`", subject);
        return pattern_new(m, PATTERN_NULL, subject, node->span);
    case NODE_PAT_VALUE: {
        Node *value = node->pat_value.value;
        if (type_is_error(subject)) return NULL;
        if (value->kind == NODE_MEMBER || value->kind == NODE_DOT_NAME || value->kind == NODE_BRACKET ||
            value->kind == NODE_NAME)
            return match_path(m, node, value, subject);
        return constant_pattern(m, node, subject, pattern_constant(m, value, subject));
    }
    case NODE_PAT_RANGE: return match_range(m, node, subject);
    case NODE_PAT_VARIANT: return match_path(m, node, node->pat_variant.path, subject);
    case NODE_PAT_OR: return match_or(m, node, subject);
    case NODE_PAREN: return match_node(m, node->operand.operand, subject);
    case NODE_BAD: return NULL;
    default:
        context_error(m->c, DIAG_E0016, node->span, "%s is not supported as a pattern", node_kind_name(node->kind));
        return NULL;
    }
}

TPattern *check_pattern(Context *c, Node *node, const TExpr *subject, bool subject_is_fresh) {
    Bindings bound = {0};
    Matcher m = {.c = c, .is_fresh = subject_is_fresh, .bound = &bound};
    TPattern *p = match_node(&m, node, subject->type);
    if (written_matters(c)) written_pattern(c, p, written_type(c, subject));
    for (uint32_t i = 0; i < bound.locals.len; i++) {
        Local *local = bound.locals.items[i];
        if (!p) local->is_used = true;
        scope_declare(c, local);
    }
    return p;
}
