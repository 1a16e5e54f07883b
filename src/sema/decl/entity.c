// What a path denotes: names, members of modules and types, generic arguments in brackets. Values are left to the
// expression checker: a path that runs into one ends there. Everything unknown or private is reported here, once.
#include "sema/decl/decl.h"
#include "sema/help/help.h"
#include "sema/load/load.h"

enum { SUGGESTION_LIMIT = 200 };

static Entity entity_error(Span span) { return (Entity){.kind = ENTITY_ERROR, .span = span}; }

const char *entity_describe(const Entity *e) {
    switch (e->kind) {
    case ENTITY_MODULE: return "a module";
    case ENTITY_TYPE: return "a type";
    case ENTITY_GENERIC_TYPE: return "a generic type";
    case ENTITY_TRAIT: return "a trait";
    case ENTITY_FUNC: return "a function";
    case ENTITY_LOCAL: return "a variable";
    case ENTITY_CONST: return e->decl->kind == DECL_GLOBAL ? "a variable" : "a constant";
    case ENTITY_VALUE_PARAM: return "a compile-time value";
    case ENTITY_VARIANT:
    case ENTITY_GENERIC_VARIANT: return "a variant";
    case ENTITY_ERROR_MEMBER: return "an error";
    case ENTITY_BUILTIN: return "a built-in function";
    default: return "a value";
    }
}

// ---- names -------------------------------------------------------------------------------------------------------------

static Decl *param_in(Decl **list, uint32_t count, const Name *name, uint32_t *index) {
    for (uint32_t i = 0; i < count; i++)
        if (list[i]->name == name) {
            *index = i;
            return list[i];
        }
    return NULL;
}

static bool entity_of_generic(Context *c, const Name *name, Span at, Entity *out) {
    uint32_t index;
    Type *arg = NULL;
    Decl *param;
    if (c->instance && c->instance->decl) {
        param = param_in(c->instance->decl->generics, c->instance->decl->generic_count, name, &index);
        if (param) arg = c->instance->args[index];
    } else {
        param = c->decl ? param_in(c->decl->generics, c->decl->generic_count, name, &index) : NULL;
        if (!param && c->impl) param = param_in(c->impl->generics, c->impl->generic_count, name, &index);
        if (param) arg = param->type;
    }
    if (!arg) return false;
    bool is_value = arg->kind == TYPE_VALUE, is_poison = arg->kind == TYPE_ERROR;
    if (arg->kind == TYPE_PARAM) {
        param_resolve_bounds(c->sema, arg->decl);
        is_value = arg->decl->param.value_type != NULL;
        is_poison = arg->decl->is_damaged;
    }
    *out = (Entity){.kind = is_poison  ? ENTITY_ERROR
                            : is_value ? ENTITY_VALUE_PARAM
                                       : ENTITY_TYPE,
                    .type = arg,
                    .written = param->type,
                    .span = at};
    return true;
}

Entity entity_of_decl(Context *c, Decl *decl, Span at) {
    Entity e = {.decl = decl, .span = at, .module = decl->module};
    switch (decl->kind) {
    case DECL_FUNC: e.kind = profile_check_extern(c, decl, at) ? ENTITY_FUNC : ENTITY_ERROR; return e;
    case DECL_STRUCT:
    case DECL_ENUM:
    case DECL_ERROR_SET:
        if (decl->generic_count) {
            e.kind = ENTITY_GENERIC_TYPE;
            return e;
        }
        e.type = decl->kind == DECL_ERROR_SET ? decl->type : nominal_instance(c->sema, decl, NULL, 0, NULL, at);
        e.written = e.type;
        e.kind = e.type->kind == TYPE_ERROR ? ENTITY_ERROR : ENTITY_TYPE;
        return e;
    case DECL_ALIAS:
        if (decl->generic_count) {
            e.kind = ENTITY_GENERIC_TYPE;
            return e;
        }
        e.type = alias_type(c->sema, decl, NULL, 0, NULL, at);
        e.written = e.type;
        e.kind = e.type->kind == TYPE_ERROR ? ENTITY_ERROR : ENTITY_TYPE;
        return e;
    case DECL_TRAIT: e.kind = ENTITY_TRAIT; return e;
    case DECL_CONST:
    case DECL_GLOBAL: e.kind = ENTITY_CONST; return e;
    case DECL_MODULE:
        e.kind = decl->link.target ? ENTITY_MODULE : ENTITY_ERROR;
        e.module = decl->link.target;
        return e;
    case DECL_BUILTIN: e.kind = ENTITY_BUILTIN; return e;
    case DECL_PARAM:
        e.type = decl->type;
        e.kind = decl->param.value_type ? ENTITY_VALUE_PARAM : ENTITY_TYPE;
        return e;
    case DECL_IMPORT:
    case DECL_TEST: break;
    }
    return entity_error(at);
}

static bool entity_of_local(Context *c, const Name *name, Span at, Entity *out) {
    for (const Scope *scope = c->scope; scope; scope = scope->parent) {
        for (uint32_t i = scope->locals.len; i-- > 0;) {
            Local *local = scope->locals.items[i];
            if (local->name != name) continue;
            local->is_used = true;
            *out = (Entity){.kind = local->type->kind == TYPE_ERROR ? ENTITY_ERROR : ENTITY_LOCAL,
                            .local = local,
                            .type = local->type,
                            .span = at};
            return true;
        }
        for (uint32_t i = scope->consts.len; i-- > 0;) {
            if (scope->consts.items[i]->name != name) continue;
            *out = entity_of_decl(c, scope->consts.items[i], at);
            return true;
        }
    }
    return false;
}

static uint32_t kinds_of_type(const Type *type, uint32_t value) {
    return type && type->kind == TYPE_FUNC ? value | NAME_FUNC : value;
}

static uint32_t kinds_of_decl(const Decl *decl) {
    switch (decl->kind) {
    case DECL_FUNC:
    case DECL_BUILTIN: return NAME_FUNC;
    case DECL_STRUCT:
    case DECL_ENUM:
    case DECL_ERROR_SET:
    case DECL_ALIAS: return NAME_TYPE;
    case DECL_TRAIT: return NAME_TRAIT;
    case DECL_CONST:
    case DECL_GLOBAL: return kinds_of_type(decl->type, NAME_VALUE);
    case DECL_MODULE: return NAME_MODULE;
    case DECL_PARAM: return decl->param.value_type ? NAME_VALUE : NAME_TYPE;
    case DECL_IMPORT: return decl->link.found ? kinds_of_decl(decl->link.found) : ~0U;
    case DECL_TEST: return 0;
    }
    return 0;
}

static uint32_t wanted_kinds(const Context *c) { return c->wanted ? c->wanted : NAME_USUAL; }

// Only what the place wants: a type is never offered for a value, nor a function for a type.
static void consider_decl(const Context *c, NearName *near, const Decl *decl) {
    if (kinds_of_decl(decl) & wanted_kinds(c)) near_name_consider(near, decl->name);
}

static void consider_names(const Context *c, NearName *near, const Map *names, bool only_public) {
    for (uint32_t i = 0; i < names->len; i++) {
        const Decl *decl = names->entries[i].value;
        if (!only_public || decl->is_pub) consider_decl(c, near, decl);
    }
}

static void consider_locals(const Context *c, NearName *near) {
    for (const Scope *scope = c->scope; scope; scope = scope->parent) {
        for (uint32_t i = 0; i < scope->locals.len; i++) {
            const Local *local = scope->locals.items[i];
            if (kinds_of_type(local->type, NAME_VALUE) & wanted_kinds(c)) near_name_consider(near, local->name);
        }
        for (uint32_t i = 0; i < scope->consts.len; i++) consider_decl(c, near, scope->consts.items[i]);
    }
}

static Entity report_unknown(Context *c, const Name *name, Span at) {
    Sema *s = c->sema;
    if (name == s->n.underscore) {
        context_error(c, DIAG_E1001, at, "`_` only discards; it has no value to read");
        return entity_error(at);
    }
    Decl *owner = c->instance ? c->instance->decl : c->decl;
    if (name == s->n.self) {
        if (!owner || !owner->self_missed)
            context_error(c, DIAG_E1001, at, "there is no `self` here: only methods that declare it have one");
        if (owner) owner->self_missed = true;
        return entity_error(at);
    }
    if (name == s->n.Self) {
        context_error(c, DIAG_E1001, at, "`Self` has a meaning only inside `struct`, `enum`, `impl` and `trait`");
        return entity_error(at);
    }
    if (map_get(&c->module->unknown_names, name)) return entity_error(at);
    bool known;
    Diag *d = suggest_name(c, name, at, &known);
    bool at_name = d->fixes.len > 0 && d->fixes.items[0].span.start == at.start;
    if (known) {
        if (!at_name && d != s->diags->hidden)
            map_put(s->arena, &c->module->unknown_names, name, (void *)(uintptr_t)name);
        return entity_error(at);
    }
    // Looking at every visible name for every unknown one is quadratic: a reader is past suggestions by then.
    if (s->diags->error_count > SUGGESTION_LIMIT) return entity_error(at);
    NearName near = near_name_start(name);
    consider_locals(c, &near);
    for (uint32_t i = 0; owner && i < owner->generic_count; i++) consider_decl(c, &near, owner->generics[i]);
    consider_names(c, &near, &c->module->names, false);
    // What everybody has are types and functions that are called; none of them is a value to pass around.
    if (s->prelude && wanted_kinds(c) != NAME_USUAL) consider_names(c, &near, &s->prelude->names, true);
    if (wanted_kinds(c) != NAME_USUAL) consider_names(c, &near, &s->tables->builtins, false);
    for (uint32_t i = 0; wanted_kinds(c) & NAME_TYPE && i < s->tables->primitives.len; i++)
        near_name_consider(&near, s->tables->primitives.entries[i].key);
    near_name_note(s, d, &near);
    if (d != s->diags->hidden && !near.best)
        map_put(s->arena, &c->module->unknown_names, name, (void *)(uintptr_t)name);
    return entity_error(at);
}

static Entity entity_of_name(Context *c, const Name *name, Span at) {
    Sema *s = c->sema;
    Entity e;
    if (entity_of_local(c, name, at, &e)) return e;
    if (name == s->n.Self && c->self_type)
        return (Entity){.kind = c->self_type->kind == TYPE_ERROR ? ENTITY_ERROR : ENTITY_TYPE,
                        .type = c->self_type,
                        .written = context_written_self(c),
                        .span = at};
    if (entity_of_generic(c, name, at, &e)) return e;
    Decl *decl = module_lookup(s, c->module, name);
    // Builtins come after primitives in lookup order; their names do not meet.
    if (decl) return entity_of_decl(c, decl, at);
    Type *primitive = map_get(&s->tables->primitives, name);
    if (primitive) return (Entity){.kind = ENTITY_TYPE, .type = primitive, .written = primitive, .span = at};
    return report_unknown(c, name, at);
}

// ---- members -----------------------------------------------------------------------------------------------------------

// `chan.send` where the module calls it `chan_send`.
static bool suggest_longer(Context *c, Diag *d, const Module *m, const Name *name, Span at) {
    const Name *found = NULL;
    for (uint32_t i = 0; i < m->names.len; i++) {
        const Name *candidate = m->names.entries[i].key;
        bool ends = candidate->len > name->len + 1 && candidate->text[candidate->len - name->len - 1] == '_' &&
                    memcmp(candidate->text + candidate->len - name->len, name->text, name->len) == 0;
        const Decl *decl = m->names.entries[i].value;
        if (!ends || !decl->is_pub || !(kinds_of_decl(decl) & wanted_kinds(c))) continue;
        // `chan_send` before `try_send`: the one that begins with the module's name.
        const Name *path = m->path;
        uint32_t own = candidate->len - name->len - 1;
        bool named = path->len >= own && memcmp(path->text + path->len - own, candidate->text, own) == 0;
        if (named || !found) found = candidate;
        if (named) break;
    }
    if (found) diag_fix_likely(c->sema->diags, d, at, found->text, "did you mean `%s`?", found->text);
    return found != NULL;
}

static Entity member_of_module(Context *c, Module *m, const Node *node) {
    const Name *name = node->member.name;
    bool is_private;
    Decl *decl = module_member(c->sema, m, name, c->module, &is_private);
    if (decl) return entity_of_decl(c, decl, node->span);
    if (is_private) {
        Diag *d = context_error(c, DIAG_E1004, node->member.name_span, "`%s` is private to module `%s`", name->text,
                                m->path->text);
        diag_note(c->sema->diags, d, ((Decl *)map_get(&m->names, name))->span, "declared here without `pub`");
        return entity_error(node->span);
    }
    if (m->lost_names) return entity_error(node->span); // a syntax error there may have swallowed it
    Diag *d =
        context_error(c, DIAG_E1005, node->member.name_span, "module `%s` has no `%s`", m->path->text, name->text);
    if (suggest_longer(c, d, m, name, node->member.name_span)) return entity_error(node->span);
    NearName near = near_name_start(name);
    consider_names(c, &near, &m->names, true);
    near_name_note(c->sema, d, &near);
    return entity_error(node->span);
}

static Entity method_of_type(Context *c, const Entity *base, const Node *node, Entity none) {
    const Name *name = node->member.name;
    Type *type = base->type;
    Method m = method_of_bound(c, type, base->written, name);
    if (!m.decl) m = method_find(c, type, name);
    if (!m.decl) return none;
    if (method_reject(c, &m, node->member.name_span)) return entity_error(node->span);
    Entity e = {.kind = ENTITY_FUNC,
                .decl = m.decl,
                .type = type,
                .impl = m.decl->impl,
                .module = m.decl->module,
                .span = node->span};
    if (m.decl->generic_count) {
        e.args = ARENA_ARRAY(c->sema->arena, Type *, m.decl->generic_count);
        for (uint32_t i = 0; i < m.impl_arg_count; i++) e.args[i] = m.impl_args[i];
    }
    return e;
}

static Entity report_no_member(Context *c, const Node *node, const Type *type) {
    const Name *name = node->member.name;
    bool has_variants = type->kind == TYPE_ENUM || type->kind == TYPE_ERROR_SET;
    Diag *d = context_error(c, has_variants ? DIAG_E1008 : DIAG_E1009, node->member.name_span, "%s `%s` has no %s `%s`",
                            type->kind == TYPE_ENUM        ? "enum"
                            : type->kind == TYPE_ERROR_SET ? "error set"
                                                           : "type",
                            show(c, type),
                            type->kind == TYPE_ENUM ? "variant or method"
                            : has_variants          ? "member"
                                                    : "method",
                            name->text);
    NearName near = near_name_start(name);
    for (uint32_t i = 0; has_variants && i < type->variant_count; i++)
        near_name_consider(&near, type->variants[i].name);
    near_name_consider_methods(c->sema, &near, type_head(type), c->module);
    near_name_note(c->sema, d, &near);
    return entity_error(node->span);
}

static Entity member_of_type(Context *c, const Entity *base, const Node *node) {
    Type *type = base->type;
    const Name *name = node->member.name;
    Entity none = {.kind = ENTITY_NOT_PATH};
    if (type->kind == TYPE_ERROR_SET) {
        const Variant *member = error_set_member(type, name);
        if (member)
            return (Entity){
                .kind = ENTITY_ERROR_MEMBER, .type = type, .code = (uint32_t)member->discriminant, .span = node->span};
    }
    if (type->kind == TYPE_ENUM) {
        if (!type_complete(c->sema, type, node->span)) return entity_error(node->span);
        for (uint32_t i = 0; i < type->variant_count; i++)
            if (type->variants[i].name == name)
                return (Entity){
                    .kind = ENTITY_VARIANT, .decl = type->decl, .type = type, .index = i, .span = node->span};
    }
    Entity method = method_of_type(c, base, node, none);
    return method.kind == ENTITY_NOT_PATH ? report_no_member(c, node, type) : method;
}

// `LockResult.Locked`, `Pair.new`: the arguments are inferred later.
static Entity member_of_generic(Context *c, Decl *decl, const Node *node) {
    const Name *name = node->member.name;
    if (decl->kind == DECL_ALIAS) {
        context_error(c, DIAG_E3010, node->member.base->span, "`%s` needs its generic arguments here",
                      decl->name->text);
        return entity_error(node->span);
    }
    Decl *method = method_of_generic(c->sema, decl, name);
    if (method) {
        if (!method->is_pub && method->module != c->module) {
            Diag *d =
                context_error(c, DIAG_E1004, node->member.name_span, "method `%s` of `%s` is private to module `%s`",
                              name->text, decl->name->text, method->module->path->text);
            diag_note(c->sema->diags, d, method->span, "declared here without `pub`");
            return entity_error(node->span);
        }
        return (Entity){.kind = ENTITY_FUNC,
                        .decl = method,
                        .impl = method->impl,
                        .module = method->module,
                        .span = node->span,
                        .args = ARENA_ARRAY(c->sema->arena, Type *, method->generic_count)};
    }
    NearName near = near_name_start(name);
    const NodeList *variants = decl->kind == DECL_ENUM ? &decl->members : NULL;
    for (uint32_t i = 0; variants && i < variants->len; i++) {
        const Node *variant = variants->items[i];
        if (variant->kind != NODE_VARIANT) continue;
        if (variant->item.name == name)
            return (Entity){
                .kind = ENTITY_GENERIC_VARIANT, .decl = decl, .module = decl->module, .index = i, .span = node->span};
        near_name_consider(&near, variant->item.name);
    }
    Diag *d = context_error(c, variants ? DIAG_E1008 : DIAG_E1009, node->member.name_span, "%s `%s` has no %s `%s`",
                            variants ? "enum" : "type", decl->name->text, variants ? "variant or method" : "method",
                            name->text);
    near_name_consider_methods(c->sema, &near, decl, c->module);
    near_name_note(c->sema, d, &near);
    return entity_error(node->span);
}

static Entity member_of_trait(Context *c, Decl *trait, const Node *node) {
    for (uint32_t i = 0; i < trait->contract.method_count; i++) {
        Decl *method = trait->contract.methods[i];
        if (method->name == node->member.name)
            return (Entity){.kind = ENTITY_FUNC,
                            .decl = method,
                            .module = trait->module,
                            .span = node->span,
                            .args = ARENA_ARRAY(c->sema->arena, Type *, method->generic_count)};
    }
    Diag *d = context_error(c, DIAG_E1009, node->member.name_span, "trait `%s` has no method `%s`", trait->name->text,
                            node->member.name->text);
    NearName near = near_name_start(node->member.name);
    for (uint32_t i = 0; i < trait->contract.method_count; i++)
        near_name_consider(&near, trait->contract.methods[i]->name);
    near_name_note(c->sema, d, &near);
    return entity_error(node->span);
}

// Before a dot stands what has members.
static Entity entity_of_base(Context *c, Node *base) {
    bool type_place = c->wanted && !(c->wanted & (NAME_VALUE | NAME_FUNC));
    uint32_t wanted = NAME_TYPE | NAME_MODULE | (type_place ? 0 : NAME_VALUE | NAME_TRAIT);
    return entity_resolve_as(c, base, wanted);
}

static Entity entity_of_member(Context *c, Node *node) {
    Entity base = entity_of_base(c, node->member.base);
    if (!node->member.name) return entity_error(node->span);
    switch (base.kind) {
    case ENTITY_ERROR: return entity_error(node->span);
    case ENTITY_MODULE: return member_of_module(c, base.module, node);
    case ENTITY_TYPE: return member_of_type(c, &base, node);
    case ENTITY_GENERIC_TYPE: return member_of_generic(c, base.decl, node);
    case ENTITY_TRAIT: return member_of_trait(c, base.decl, node);
    default: return (Entity){.kind = ENTITY_VALUE_MEMBER, .span = node->span};
    }
}

// ---- brackets ----------------------------------------------------------------------------------------------------------

static Entity report_argument_count(Context *c, const Node *node, const Decl *decl, uint32_t wanted) {
    Diag *d = wanted ? context_error(c, DIAG_E3001, node->span, "`%s` takes %u generic argument%s, %u given",
                                     decl->name->text, wanted, wanted == 1 ? "" : "s", node->bracket.args.len)
                     : context_error(c, DIAG_E3001, node->span, "`%s` has no generic parameters", decl->name->text);
    if (span_known(decl->span)) diag_note(c->sema->diags, d, decl->span, "declared here");
    return entity_error(node->span);
}

// Fills args from `first` on; false after a report.
static bool resolve_arguments(Context *c, const Node *node, const Decl *decl, Type **args, uint32_t first,
                              bool may_infer) {
    bool ok = true;
    for (uint32_t i = 0; i < node->bracket.args.len; i++) {
        Node *arg = node->bracket.args.items[i];
        args[first + i] = resolve_generic_arg(c, arg, decl->generics[first + i]);
        if (!args[first + i] && !may_infer) {
            context_error(c, DIAG_E3003, arg->span, "generic argument `%s` of `%s` cannot be inferred here",
                          decl->generics[first + i]->name->text, decl->name->text);
            ok = false;
        }
        if (args[first + i] && args[first + i]->kind == TYPE_ERROR) ok = false;
    }
    return ok;
}

static Entity instantiate_type(Context *c, const Node *node, Decl *decl) {
    if (node->bracket.args.len != decl->generic_count) return report_argument_count(c, node, decl, decl->generic_count);
    Type **args = ARENA_ARRAY(c->sema->arena, Type *, decl->generic_count);
    if (!resolve_arguments(c, node, decl, args, 0, false)) return entity_error(node->span);
    Type *type = decl->kind == DECL_ALIAS
                     ? alias_type(c->sema, decl, args, decl->generic_count, c->instance, node->span)
                     : nominal_instance(c->sema, decl, args, decl->generic_count, c->instance, node->span);
    return (Entity){
        .kind = type->kind == TYPE_ERROR ? ENTITY_ERROR : ENTITY_TYPE, .type = type, .decl = decl, .span = node->span};
}

static Entity instantiate_func(Context *c, const Node *node, Entity e) {
    uint32_t first = e.decl->impl ? e.decl->impl->generic_count : e.decl->trait ? 1 : 0;
    uint32_t own = e.decl->generic_count - first - e.decl->func.comptime_count;
    if (node->bracket.args.len != own || own == 0) return report_argument_count(c, node, e.decl, own);
    Type **args = ARENA_ARRAY(c->sema->arena, Type *, e.decl->generic_count);
    if (e.args) memcpy(args, e.args, sizeof(*args) * first);
    if (!resolve_arguments(c, node, e.decl, args, first, true)) return entity_error(node->span);
    e.args = args;
    e.span = node->span;
    return e;
}

static Entity entity_of_bracket(Context *c, Node *node) {
    Entity base = entity_resolve(c, node->bracket.base);
    switch (base.kind) {
    case ENTITY_ERROR: return entity_error(node->span);
    case ENTITY_GENERIC_TYPE: return instantiate_type(c, node, base.decl);
    case ENTITY_FUNC: return instantiate_func(c, node, base);
    case ENTITY_TYPE:
        context_error(c, DIAG_E3001, node->span, "type `%s` has no generic parameters", show(c, base.type));
        return entity_error(node->span);
    case ENTITY_TRAIT:
    case ENTITY_VARIANT:
    case ENTITY_GENERIC_VARIANT:
    case ENTITY_ERROR_MEMBER:
    case ENTITY_BUILTIN:
    case ENTITY_MODULE:
        context_error(c, DIAG_E3001, node->span, "%s takes no generic arguments", entity_describe(&base));
        return entity_error(node->span);
    default: return (Entity){.kind = ENTITY_NOT_PATH, .span = node->span};
    }
}

Entity entity_resolve_as(Context *c, Node *node, uint32_t wanted) {
    uint32_t outer = c->wanted;
    c->wanted = wanted;
    Entity e = entity_resolve(c, node);
    c->wanted = outer;
    return e;
}

Entity entity_resolve(Context *c, Node *node) {
    switch (node->kind) {
    case NODE_NAME: return node->name.name ? entity_of_name(c, node->name.name, node->span) : entity_error(node->span);
    case NODE_MEMBER: return entity_of_member(c, node);
    case NODE_BRACKET: return entity_of_bracket(c, node);
    case NODE_TYPE_PTR:
    case NODE_TYPE_SLICE:
    case NODE_TYPE_ARRAY:
    case NODE_TYPE_OPTIONAL:
    case NODE_TYPE_ERROR_UNION:
    case NODE_TYPE_FUNC: {
        Type *type = resolve_type(c, node);
        return (Entity){
            .kind = type->kind == TYPE_ERROR ? ENTITY_ERROR : ENTITY_TYPE, .type = type, .span = node->span};
    }
    case NODE_BAD: return entity_error(node->span);
    default: return (Entity){.kind = ENTITY_NOT_PATH, .span = node->span};
    }
}
