// Modules of QTJIR text: the items of the top level, and the names of functions and globals, which are resolved when
// all of the text is read because they may be used before their definition.
#include "qtjir/text/internal.h"

static void read_flags(Parser *p) {
    while (!p->failed && p->now.kind == LEX_WORD) {
        if (read_accept_word(p, "checks_stripped"))
            p->module->checks_stripped = true;
        else if (read_accept_word(p, "unreachable_removed"))
            p->module->unreachable_removed = true;
        else
            read_expected(p, "a flag of the module");
    }
    read_end_of_line(p);
}

static void read_error_name(Parser *p) {
    Span span = p->now.span;
    uint32_t code = read_small(p, "error code");
    if (!p->failed && code != p->module->error_names.len)
        read_error(p, DIAG_E0007, span, "error codes are listed in order from 1");
    const Name *name = read_symbol(p, "the name of an error");
    VEC_PUSH(p->arena, &p->module->error_names, name);
    read_end_of_line(p);
}

static void read_global(Parser *p, bool is_var) {
    Span span = p->now.span;
    const Name *name = read_symbol(p, "the name of a global");
    Type *type = read_type(p);
    if (p->failed) return;
    IrGlobal *g = ir_global_add(p->module, name->text, type, NULL);
    g->is_var = is_var;
    g->span = span;
    if (read_accept_word(p, "align")) g->align = read_align(p);
    if (read_accept_punct(p, '=')) g->initial = read_const(p, type, 0);
    read_end_of_line(p);
}

static void read_func(Parser *p, bool is_extern, bool is_export) {
    bool is_inline = read_accept_word(p, "inline");
    bool is_cold = read_accept_word(p, "cold");
    if (!read_accept_word(p, "func")) read_expected(p, "`func`");
    Span span = p->now.span;
    const Name *name = read_symbol(p, "the name of a function");
    VEC(Type *) params = {0};
    read_punct(p, '(');
    while (!p->failed && !read_at_punct(p, ')')) {
        Type *param = read_type(p);
        VEC_PUSH(p->scratch, &params, param);
        if (!read_accept_punct(p, ',')) break;
    }
    read_punct(p, ')');
    Type *result = type_primitive(p->module->types, TYPE_VOID);
    if (p->now.kind == LEX_ARROW) {
        read_next(p);
        result = read_type(p);
    }
    if (p->failed) return;
    IrFunc *f = ir_func_add(p->module, name->text, type_func(p->module->types, params.items, params.len, result));
    f->is_extern = is_extern;
    f->is_export = is_export;
    f->inline_hint = is_inline;
    f->is_cold = is_cold;
    f->span = span;
    p->func = f;
    if (read_accept_punct(p, '{'))
        read_func_body(p);
    else
        read_end_of_line(p);
}

static void read_item(Parser *p) {
    if (read_accept_word(p, "flags")) {
        read_flags(p);
    } else if (read_accept_word(p, "error")) {
        read_error_name(p);
    } else if (read_accept_word(p, "type")) {
        read_type_definition(p);
    } else if (read_accept_word(p, "global")) {
        read_global(p, false);
    } else if (read_accept_word(p, "var")) {
        read_global(p, true);
    } else if (p->now.kind == LEX_WORD) {
        bool is_extern = read_accept_word(p, "extern");
        read_func(p, is_extern, read_accept_word(p, "export"));
    } else {
        read_expected(p, "an item of the module");
    }
    read_skip_lines(p);
}

// Functions and globals by name; the verifier refuses a name that is taken twice.
typedef struct Symbols {
    Map funcs, globals;
} Symbols;

static void resolve_symbol(Parser *p, const Symbols *symbols, const SymbolRef *ref) {
    IrFunc *f = map_get(&symbols->funcs, ref->name);
    IrGlobal *g = map_get(&symbols->globals, ref->name);
    bool wants_func = ref->func || ref->func_const;
    if (wants_func ? !f : !g) {
        read_error(p, DIAG_E0007, ref->span, "%s `%.60s` is not in this module", wants_func ? "function" : "global",
                   ref->name->text);
        return;
    }
    if (ref->func) *ref->func = f;
    if (ref->global) *ref->global = g;
    if (ref->func_const) {
        ref->func_const->type = f->type;
        ref->func_const->is_extern = f->is_extern;
        ref->func_const->is_export = f->is_export;
        map_put(p->arena, &p->module->func_by_inst, ref->func_const, f);
    }
    if (ref->global_const) {
        ref->global_const->type = g->type;
        ref->global_const->is_var = g->is_var;
        ref->global_const->align = g->align;
        map_put(p->arena, &p->module->global_by_source, ref->global_const, g);
    }
}

static void resolve_symbols(Parser *p) {
    Symbols symbols = {0};
    NameTable *names = p->module->names;
    for (uint32_t i = 0; i < p->module->funcs.len; i++) {
        IrFunc *f = p->module->funcs.items[i];
        map_put(p->scratch, &symbols.funcs, name_intern_c(names, f->name), f);
    }
    for (uint32_t i = 0; i < p->module->globals.len; i++) {
        IrGlobal *g = p->module->globals.items[i];
        map_put(p->scratch, &symbols.globals, name_intern_c(names, g->name), g);
    }
    for (uint32_t i = 0; !p->failed && i < p->symbols.len; i++) resolve_symbol(p, &symbols, &p->symbols.items[i]);
}

IrModule *ir_parse(Arena *arena, Types *types, NameTable *names, SourceMap *sources, Diags *diags,
                   const Source *source) {
    Parser p = {.arena = arena, .scratch = arena_create(), .diags = diags, .source = source};
    p.module = ir_module_create(arena, types, names, sources);
    if (source->text.len > INT32_MAX)
        read_error(&p, DIAG_E0015, (Span){source->index, 0, 0}, "the text is larger than 2 GiB");
    read_type_heads(&p);
    read_reset(&p);
    read_skip_lines(&p);
    while (!p.failed && p.now.kind != LEX_END) read_item(&p);
    if (!p.failed) read_types_finish(&p);
    if (!p.failed) resolve_symbols(&p);
    arena_destroy(p.scratch);
    return p.failed ? NULL : p.module;
}
