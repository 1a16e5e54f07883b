// Generic parameters and the arguments given for them: what a parameter wants (a type with certain traits, or a value),
// and whether an argument list answers that.
#include "sema/decl/decl.h"
#include "sema/help/help.h"

// ---- parameters --------------------------------------------------------------------------------------------------------

static bool may_be_value(Sema *s, Type *t, Span at) {
    if (type_is_int(t) || t->kind == TYPE_BOOL) return true;
    return t->kind == TYPE_ENUM && !t->has_param && type_complete(s, t, at) && t->is_plain_enum;
}

// `[K: K]` with an enum `K` in the module: in its own list the name is the parameter's.
static void report_param_as_bound(Context *c, const Decl *param, const Node *bound, const Decl *named) {
    Sema *s = c->sema;
    Diag *d = named == param
                  ? context_error(c, DIAG_E3009, bound->span, "`%s` in its own bound is the parameter itself",
                                  named->name->text)
                  : context_error(c, DIAG_E3009, bound->span,
                                  "`%s` is another parameter of this list here, and bounds nothing", named->name->text);
    const Decl *hidden = module_lookup(s, c->module, named->name);
    if (hidden)
        diag_note(s->diags, d, hidden->span, "it hides this `%s`; give the parameter another name", named->name->text);
}

static void add_bound(Context *c, Decl *param, Node *bound) {
    Sema *s = c->sema;
    Entity e = entity_resolve_as(c, bound, NAME_TRAIT | NAME_TYPE);
    if (e.kind == ENTITY_TRAIT) {
        param->param.bound_traits[param->param.bound_trait_count++] = e.decl;
        return;
    }
    if (e.kind == ENTITY_TYPE && param->param.bound_count == 1 && may_be_value(s, e.type, bound->span)) {
        param->param.value_type = e.type;
        return;
    }
    param->is_damaged = true;
    if (e.kind == ENTITY_ERROR) return;
    if (e.kind == ENTITY_TYPE && e.type->kind == TYPE_PARAM) {
        report_param_as_bound(c, param, bound, e.type->decl);
        return;
    }
    if (param->param.is_comptime && e.kind == ENTITY_TYPE) {
        Diag *d = context_error(c, DIAG_E3009, bound->span, "a `comptime` parameter cannot have the type `%s`",
                                type_text(s->arena, e.type));
        diag_note(s->diags, d, (Span){0}, "it can have an integer type, `bool` or an enum without payloads");
        return;
    }
    Diag *d = context_error(c, DIAG_E3009, bound->span,
                            e.kind == ENTITY_TYPE ? "`%s` is not a trait, and its values cannot be generic arguments"
                                                  : "`%s` is bounded by something that is not a trait",
                            e.kind == ENTITY_TYPE ? type_text(s->arena, e.type) : param->name->text);
    diag_note(s->diags, d, (Span){0},
              "a parameter is bounded by traits, or is a value of an integer type, `bool` or an enum without payloads");
}

void param_resolve_bounds(Sema *s, Decl *param) {
    if (param->param.bounds_state != STAGE_NEW) return;
    param->param.bounds_state = STAGE_RUNNING;
    Context c = {.sema = s, .module = param->module};
    if (param->param.owner)
        c = context_for_decl(s, param->param.owner, NULL);
    else if (param->impl)
        c = context_for_impl(s, param->impl);
    if (param->param.bound_count) param->param.bound_traits = ARENA_ARRAY(s->arena, Decl *, param->param.bound_count);
    if (resolve_enter(s, param->span)) {
        for (uint32_t i = 0; i < param->param.bound_count; i++) add_bound(&c, param, param->param.bounds[i]);
        resolve_leave(s);
    }
    param->param.bounds_state = STAGE_DONE;
}

// ---- arguments ---------------------------------------------------------------------------------------------------------

static Diag *argument_error(Sema *s, DiagCode code, const Decl *decl, Instance *parent, Span at, const char *message) {
    Diag *d = instance_error(s, parent, code, at, "%s", message);
    if (span_known(decl->span)) diag_note(s->diags, d, decl->span, "`%s` is declared here", decl->name->text);
    diag_add_chain(s, d, parent);
    return d;
}

static bool argument_fits(Sema *s, Decl *decl, Decl *param, Type *arg, Instance *parent, Span at) {
    Type *given = arg->kind == TYPE_VALUE ? arg->element : NULL;
    if (arg->kind == TYPE_PARAM) {
        param_resolve_bounds(s, arg->decl);
        given = arg->decl->param.value_type;
    }
    if (given == param->param.value_type) return true;
    const char *wanted = param->param.value_type ? arena_printf(s->arena, "a value of type `%s`",
                                                                type_text(s->arena, param->param.value_type))
                                                 : "a type";
    argument_error(s, DIAG_E3007, decl, parent, at,
                   arena_printf(s->arena, "`%s` takes %s for `%s`, not `%s`", decl->name->text, wanted,
                                param->name->text, type_text(s->arena, arg)));
    return false;
}

bool generic_args_fit(Sema *s, Decl *decl, Type **args, uint32_t count, Instance *parent, Span at) {
    if (count != decl->generic_count) {
        argument_error(s, DIAG_E3001, decl, parent, at,
                       arena_printf(s->arena, "`%s` takes %u generic argument%s, %u given", decl->name->text,
                                    decl->generic_count, decl->generic_count == 1 ? "" : "s", count));
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        param_resolve_bounds(s, decl->generics[i]);
        if (decl->generics[i]->is_damaged) return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!args[i]) {
            argument_error(s, DIAG_E3003, decl, parent, at,
                           arena_printf(s->arena, "generic argument `%s` of `%s` cannot be inferred",
                                        decl->generics[i]->name->text, decl->name->text));
            return false;
        }
        if (args[i]->kind == TYPE_ERROR) return false;
    }
    for (uint32_t i = 0; i < count; i++)
        if (!argument_fits(s, decl, decl->generics[i], args[i], parent, at)) return false;
    return true;
}

static void note_why(Sema *s, Diag *d, const Decl *trait) {
    if (trait->contract.builtin == TRAIT_ATOMIC_ELIGIBLE)
        diag_note(
            s->diags, d, (Span){0},
            "eligible are integers of up to 8 bytes, `bool`, pointers, optional ones too, and enums without payloads");
    else if (trait->contract.builtin == TRAIT_COPY)
        diag_note(s->diags, d, (Span){0}, "it is unique, or contains something unique");
}

bool generic_args_satisfy(Sema *s, Decl *decl, Type **args, Instance *parent, Span at) {
    bool ok = true;
    for (uint32_t i = 0; i < decl->generic_count; i++) {
        Decl *param = decl->generics[i];
        param_resolve_bounds(s, param);
        for (uint32_t k = 0; k < param->param.bound_trait_count; k++) {
            Decl *trait = param->param.bound_traits[k];
            if (type_implements(s, args[i], trait)) continue;
            bool prints = trait == s->trait_display && decl->module == s->prelude;
            if (prints && args[i]->kind == TYPE_VOID) {
                diag_add_chain(s, instance_error(s, parent, DIAG_E2020, at, "there is no value here to print"), parent);
                ok = false;
                break;
            }
            Diag *d = instance_error(s, parent, DIAG_E3002, at,
                                     prints ? "`%s` cannot be printed: it does not implement `%s`"
                                            : "`%s` does not implement `%s`",
                                     type_text(s->arena, args[i]), trait->name->text);
            note_why(s, d, trait);
            if (trait == s->trait_display) suggest_display(s, d, args[i]);
            if (span_known(param->span) && !prints)
                diag_note(s->diags, d, param->span, "`%s` of `%s` is bounded here", param->name->text,
                          decl->name->text);
            diag_add_chain(s, d, parent);
            ok = false;
            break;
        }
    }
    return ok;
}

// Counts the nodes of types as if written out, and stops at the limit: shared parts make them exponential.
static bool weigh(const Type *t, uint32_t *left) {
    if (*left == 0) return false;
    (*left)--;
    if (t->element && !weigh(t->element, left)) return false;
    for (uint32_t i = 0; i < t->param_count; i++)
        if (!weigh(t->params[i], left)) return false;
    return true;
}

bool generic_args_too_large(Type **args, uint32_t count) {
    uint32_t left = ARGUMENT_WEIGHT_LIMIT;
    for (uint32_t i = 0; i < count; i++)
        if (!weigh(args[i], &left)) return true;
    return false;
}
