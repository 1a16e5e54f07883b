// `$"a {x} b {y:04x}"`: each site makes a struct type of its own that holds its parts and implements `Display` by
// writing the text and showing the parts in turn. Scalars and fresh values are held by value, everything else that lies
// in a place by `*const T`: nothing is allocated, nothing is copied, and formatting happens when the value is
// displayed. The method is written here as a typed body, with an impl that is found like any other.
#include "sema/expr/expr.h"

#include "sema/decl/decl.h"
#include "sema/help/help.h"
#include "sema/load/load.h"

typedef struct Part {
    Str text; // of a text part
    TExpr *value; // NULL for text
    bool by_pointer;
    Str spec;
    uint32_t field;
    Span span;
} Part;

static bool is_shown(Context *c, Type *type, Span span) {
    if (type_implements(c->sema, type, c->sema->trait_display)) return profile_check_display(c, type, span);
    Diag *d =
        context_error(c, DIAG_E3002, span, "`%s` cannot be shown: it does not implement `Display`", show(c, type));
    suggest_display(c->sema, d, type);
    return false;
}

static bool is_str(const Type *t) { return t->kind == TYPE_SLICE && t->is_const && t->element->kind == TYPE_U8; }

// `[0][width][d|x|X|b|o]` for integers, a width for text.
static bool spec_is_known(Str spec, bool is_number) {
    enum { WIDEST = 512 }; // as std.fmt pads
    size_t at = 0;
    for (unsigned width = 0; at < spec.len && spec.ptr[at] >= '0' && spec.ptr[at] <= '9'; at++) {
        width = width * 10 + (unsigned)(spec.ptr[at] - '0');
        if (width > WIDEST) return false;
    }
    if (is_number && at < spec.len && memchr("dxXbo", spec.ptr[at], 5)) at++;
    return at == spec.len;
}

static bool check_part(Context *c, Node *node, Str spec, Part *part) {
    TExpr *e = check_expr(c, node, NULL);
    part->span = node->span;
    part->spec = spec;
    if (!is_error(e) && (is_literal(e) || is_bare_null(e))) e = default_literal(c, e);
    if (is_error(e)) return false;
    Type *type = e->type;
    if (type->kind == TYPE_VOID || type->kind == TYPE_NEVER) {
        context_error(c, DIAG_E2020, node->span, "there is no value here to show");
        return false;
    }
    if (type_is_nominal(type) && !type_complete(c->sema, type, node->span)) return false;
    if (spec.len) {
        if (!type_is_int(type) && !is_str(type)) {
            context_error(c, DIAG_E0016, node->span,
                          "a format after `:` is supported for integers and `str` only, this is `%s`", show(c, type));
            return false;
        }
        if (!spec_is_known(spec, type_is_int(type))) {
            Diag *d = context_error(c, DIAG_E0016, node->span, "the format `" STR_FMT "` is not known", STR_ARG(spec));
            diag_note(c->sema->diags, d, (Span){0},
                      type_is_int(type)
                          ? "for integers it is `[0][width][d|x|X|b|o]` with a width up to 512, as in `{n:04x}`"
                          : "for text it is a width up to 512, as in `{name:10}`");
            return false;
        }
    } else if (!is_shown(c, type, node->span)) {
        return false;
    }
    part->by_pointer = texpr_is_place(e) && e->kind != TEXPR_TEMP && !type_is_scalar(type);
    if (part->by_pointer) {
        TExpr *address = texpr_addr(c, e, node->span);
        part->value = coerce_value(c, address, type_ptr(c->sema->types, type, true), node->span, NULL);
    } else {
        part->value = load_place(c, e);
    }
    return !is_error(part->value);
}

// ---- the type
static Type *new_struct(Context *c, Part *parts, uint32_t count, uint32_t field_count, Span span) {
    Sema *s = c->sema;
    Decl *decl = ARENA_NEW(s->arena, Decl);
    decl->kind = DECL_STRUCT;
    decl->name = name_intern_c(s->names, arena_printf(s->arena, "interpolation%u", s->anonymous_count++));
    decl->span = span;
    decl->module = c->module;
    decl->state = STAGE_DONE;
    Type *type = type_nominal(s->types, TYPE_STRUCT, decl, NULL, 0);
    type->fields = ARENA_ARRAY(s->arena, Field, field_count);
    type->field_count = field_count;
    type->is_interpolation = true;
    for (uint32_t i = 0; i < count; i++) {
        if (!parts[i].value) continue;
        Field *field = &type->fields[parts[i].field];
        field->name = name_intern_c(s->names, arena_printf(s->arena, "part%u", parts[i].field));
        field->type = parts[i].value->type;
        field->span = parts[i].span;
        field->is_pub = true;
        type->is_unique |= !type_is_copyable(s, field->type, parts[i].span);
    }
    type->state = STAGE_DONE;
    decl->type = type;
    return type;
}

// ---- the method
typedef struct Writing {
    Context *c;
    TExpr *body;
    Local *self, *writer;
    Type *type;
} Writing;

static void emit(Writing *w, TExpr *call) {
    if (call->type->kind != TYPE_VOID && call->type->kind != TYPE_NEVER)
        call = texpr_unary(w->c, TEXPR_DISCARD, prim(w->c, TYPE_VOID), call, call->span);
    VEC_PUSH(w->c->sema->arena, &w->body->block.statements, call);
}

static TExpr *writer_value(Writing *w, Span span) { return texpr_load(w->c, texpr_local(w->c, w->writer, span)); }

static TExpr *field_place(Writing *w, const Part *part) {
    TExpr *self = texpr_load(w->c, texpr_local(w->c, w->self, part->span));
    TExpr *place = texpr_field(w->c, texpr_deref(w->c, self, part->span), part->field, part->span);
    return part->by_pointer ? texpr_deref(w->c, texpr_load(w->c, place), part->span) : place;
}

static void emit_display(Writing *w, TExpr *place, Span span) {
    Context *c = w->c;
    Sema *s = c->sema;
    Method m = method_of_trait(s, place->type, s->trait_display, s->n.display);
    if (!m.decl) return;
    FuncInst *func = func_instance(s, m.decl, m.impl_args, m.impl_arg_count, c->instance, span);
    TExpr *args[] = {texpr_addr(c, place, span), writer_value(w, span)};
    emit(w, make_call(c, func, args, 2, span));
}

static void emit_text(Writing *w, Str text, Span span) {
    TExpr *value = texpr_str(w->c, text, span);
    emit_display(w, texpr_unary(w->c, TEXPR_TEMP, value->type, value, span), span);
}

// The helper of std.fmt, or NULL after a report.
static FuncInst *fmt_helper(Context *c, const char *name, Span span) {
    Sema *s = c->sema;
    Module *fmt = map_get(&s->module_by_path, name_intern_c(s->names, "std.fmt"));
    Decl *decl = fmt ? module_lookup(s, fmt, name_intern_c(s->names, name)) : NULL;
    if (decl && decl->kind == DECL_FUNC && decl->generic_count == 0)
        return func_instance(s, decl, NULL, 0, c->instance, span);
    context_error(c, DIAG_E0016, span, "formats after `:` need `%s` of `std.fmt`", name);
    return NULL;
}

static TExpr *wrap_subtract(Context *c, TExpr *value, Span span) {
    TExpr *e = texpr_new(c, TEXPR_BINARY, value->type, span);
    e->op2.op = BINARY_SUB_WRAP;
    e->op2.left = texpr_int(c, value->type, 0, span);
    e->op2.right = value;
    return e;
}

static TExpr *to_bits(Context *c, TExpr *value, Span span) {
    Type *type = prim(c, TYPE_U64);
    TExpr *e = texpr_new(c, TEXPR_INTRINSIC, type, span);
    e->intrinsic.kind = INTRINSIC_BITCAST;
    e->intrinsic.type_arg = type;
    e->intrinsic.args = ARENA_ARRAY(c->sema->arena, TExpr *, 1);
    e->intrinsic.args[0] = value;
    e->intrinsic.arg_count = 1;
    return e;
}

static TExpr *wide(Writing *w, const Part *part, TypeKind kind) {
    TExpr *value = texpr_load(w->c, field_place(w, part));
    Type *type = prim(w->c, kind);
    if (value->type == type) return value;
    if (type_bits(value->type) < type_bits(type)) return texpr_coerce(w->c, COERCE_INT_WIDEN, type, value);
    TExpr *cast = texpr_new(w->c, TEXPR_CAST, type, part->span); // isize and usize, of the same width
    cast->cast.operand = value;
    return cast;
}

static void emit_spec(Writing *w, const Part *part) {
    Context *c = w->c;
    TExpr *spec = texpr_str(c, part->spec, part->span);
    Type *type = w->type->fields[part->field].type;
    if (!type_is_int(type)) {
        FuncInst *func = fmt_helper(c, "write_str_spec", part->span);
        TExpr *args[] = {writer_value(w, part->span), texpr_load(c, field_place(w, part)), spec};
        if (func) emit(w, make_call(c, func, args, 3, part->span));
        return;
    }
    FuncInst *func = fmt_helper(c, "write_int_spec", part->span);
    if (!func) return;
    TExpr *magnitude, *negative;
    if (type_is_signed(type)) {
        negative = texpr_new(c, TEXPR_COMPARE, prim(c, TYPE_BOOL), part->span);
        negative->compare.op = COMPARE_LT;
        negative->compare.left = wide(w, part, TYPE_I64);
        negative->compare.right = texpr_int(c, prim(c, TYPE_I64), 0, part->span);
        magnitude = texpr_new(c, TEXPR_IF, prim(c, TYPE_U64), part->span);
        magnitude->if_expr.condition = negative;
        magnitude->if_expr.then_expr = to_bits(c, wrap_subtract(c, wide(w, part, TYPE_I64), part->span), part->span);
        magnitude->if_expr.else_expr = to_bits(c, wide(w, part, TYPE_I64), part->span);
        TExpr *again = texpr_new(c, TEXPR_COMPARE, prim(c, TYPE_BOOL), part->span);
        again->compare = negative->compare;
        again->compare.left = wide(w, part, TYPE_I64);
        negative = again;
    } else {
        magnitude = wide(w, part, TYPE_U64);
        negative = texpr_bool(c, false, part->span);
    }
    TExpr *args[] = {writer_value(w, part->span), magnitude, negative, spec};
    emit(w, make_call(c, func, args, 4, part->span));
}

static FuncInst *new_method(Context *c, Type *type, Type *signature, Part *parts, uint32_t count, Span span) {
    Sema *s = c->sema;
    FuncInst *func = ARENA_NEW(s->arena, FuncInst);
    func->type = signature;
    func->span = span;
    func->state = STAGE_DONE;
    func->symbol = arena_printf(s->arena, "%s.interpolation.%u.display", c->module->path->text, s->anonymous_count++);
    Context inner = {.sema = s,
                     .module = c->module,
                     .instance = c->instance,
                     .self_type = type,
                     .func = func,
                     .result = signature->element};
    Writing w = {.c = &inner, .type = type};
    w.body = texpr_new(&inner, TEXPR_BLOCK, prim(c, TYPE_VOID), span);
    w.self = local_new(&inner, s->n.self, signature->params[0], span, false);
    w.writer = local_new(&inner, name_intern_c(s->names, "w"), signature->params[1], span, false);
    func->params = ARENA_ARRAY(s->arena, Local *, 2);
    func->param_count = 2;
    func->params[0] = w.self;
    func->params[1] = w.writer;
    w.self->is_param = w.writer->is_param = true;
    for (uint32_t i = 0; i < count; i++) {
        if (!parts[i].value)
            emit_text(&w, parts[i].text, parts[i].span);
        else if (parts[i].spec.len)
            emit_spec(&w, &parts[i]);
        else
            emit_display(&w, field_place(&w, &parts[i]), parts[i].span);
    }
    func->body = w.body;
    VEC_PUSH(s->arena, &s->all_funcs, func);
    return func;
}

// Makes the method findable: an impl of Display for the type, and the method's one instance.
static void implement(Context *c, Type *type, Part *parts, uint32_t count, Type *writer, Span span) {
    Sema *s = c->sema;
    Type *params[] = {type_ptr(s->types, type, true), writer};
    Type *signature = type_func(s->types, params, 2, prim(c, TYPE_VOID));
    Impl *impl = ARENA_NEW(s->arena, Impl);
    Decl *decl = ARENA_NEW(s->arena, Decl);
    decl->kind = DECL_FUNC;
    decl->name = s->n.display;
    decl->span = span;
    decl->module = c->module;
    decl->is_pub = decl->func.has_self = true;
    decl->impl = impl;
    decl->type = signature;
    decl->state = STAGE_DONE;
    impl->module = c->module;
    impl->trait = s->trait_display;
    impl->target = type;
    impl->state = STAGE_DONE;
    impl->methods = ARENA_ARRAY(s->arena, Decl *, 1);
    impl->methods[0] = decl;
    impl->method_count = 1;
    Instance *instance = ARENA_NEW(s->arena, Instance);
    instance->decl = decl;
    instance->self_type = type;
    instance->type = signature;
    instance->func = new_method(c, type, signature, parts, count, span);
    instance->func->decl = decl;
    instance->func->instance = instance;
    map_put(s->arena, &decl->instances, type_func(s->types, NULL, 0, prim(c, TYPE_VOID)), instance);
    impl_register(s, impl);
}

TExpr *check_interp(Context *c, Node *node) {
    Sema *s = c->sema;
    Decl *display = NULL;
    for (uint32_t i = 0; s->trait_display && i < s->trait_display->contract.method_count; i++)
        if (s->trait_display->contract.methods[i]->name == s->n.display)
            display = s->trait_display->contract.methods[i];
    Type *shape = display ? decl_signature(s, display) : NULL;
    if (!shape || shape->kind != TYPE_FUNC || shape->param_count != 2 || shape->params[1]->has_param) {
        context_error(c, DIAG_E0016, node->span, "interpolation needs the trait `Display` of the prelude");
        return texpr_error(c, node->span);
    }
    uint32_t count = node->interp.parts.len, fields = 0;
    Part *parts = ARENA_ARRAY(s->arena, Part, count);
    bool ok = true;
    for (uint32_t i = 0; i < count; i++) {
        Node *part = node->interp.parts.items[i];
        bool is_text = i % 2 == 0 && part->kind == NODE_STRING;
        if (is_text) {
            parts[i].text = part->string.bytes;
            parts[i].span = part->span;
            continue;
        }
        Str spec = i < node->interp.specs.len ? node->interp.specs.items[i] : (Str){NULL, 0};
        ok = check_part(c, part, spec, &parts[i]) && ok;
        parts[i].field = fields++;
    }
    if (!ok) return texpr_error(c, node->span);
    // Empty text writes nothing.
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (parts[i].value || parts[i].text.len) parts[kept++] = parts[i];
    Type *type = new_struct(c, parts, kept, fields, node->span);
    implement(c, type, parts, kept, shape->params[1], node->span);
    TExpr *e = texpr_new(c, TEXPR_STRUCT, type, node->span);
    e->aggregate.fields = ARENA_ARRAY(s->arena, TExpr *, fields);
    for (uint32_t i = 0; i < kept; i++)
        if (parts[i].value) e->aggregate.fields[parts[i].field] = parts[i].value;
    return e;
}
