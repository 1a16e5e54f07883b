// Debug information: one compile unit, functions, lines, variables. Every named slot and every parameter passed by
// address is a variable of its function. Instructions that only set a function up (receiving parameters, making slots)
// carry no line, so that a debugger stops behind them, where parameters are readable.
#include "backend/llvm/emit.h"

static bool enabled(const Emitter *e) { return e->debug.builder != NULL; }

static void add_module_flag(Emitter *e, const char *name, unsigned value) {
    LLVMMetadataRef flag = LLVMValueAsMetadata(LLVMConstInt(e->i32, value, false));
    LLVMAddModuleFlag(e->module, LLVMModuleFlagBehaviorWarning, name, strlen(name), flag);
}

void debug_init(Emitter *e) {
    if (!e->options->debug_info) return;
    DebugInfo *d = &e->debug;
    d->builder = LLVMCreateDIBuilder(e->module);
    d->ready.arena = e->arena;
    d->files = ARENA_ARRAY(e->arena, LLVMMetadataRef, e->ir->sources->sources.len + 1);
    add_module_flag(e, "Debug Info Version", LLVMDebugMetadataVersion());
    // Not 5: gdb 13 finds no function of an optimised program through the name index that LLVM adds to version 5.
    add_module_flag(e, "Dwarf Version", 4);
    // The first source is the entry file.
    LLVMMetadataRef file = debug_file(e, e->ir->sources->sources.len > 1 ? 1 : 0);
    Str producer = STR("janus");
    // gdb's C rules fit how Janus writes members, indices and numbers.
    d->unit = LLVMDIBuilderCreateCompileUnit(d->builder, LLVMDWARFSourceLanguageC11, file, producer.ptr, producer.len,
                                             e->options->mode != MODE_DEBUG, "", 0, 0, "", 0, LLVMDWARFEmissionFull, 0,
                                             true, false, "", 0, "", 0);
}

void debug_finish(Emitter *e) {
    if (!enabled(e)) return;
    LLVMDIBuilderFinalize(e->debug.builder);
    LLVMDisposeDIBuilder(e->debug.builder);
    e->debug.builder = NULL;
}

// The part of a symbol that the user wrote: behind the module path, generic arguments included.
static Str short_name(const char *symbol) {
    size_t start = 0, depth = 0;
    for (size_t i = 0; symbol[i]; i++) {
        if (symbol[i] == '[') depth++;
        if (symbol[i] == ']' && depth) depth--;
        if (symbol[i] == '.' && depth == 0) start = i + 1;
    }
    return str_from(symbol + start);
}

static LineColumn position_of(Emitter *e, Span span) {
    return source_position(sources_get(e->ir->sources, span.file), span.start);
}

static bool is_nothing(const Type *t) { return t->kind == TYPE_VOID || t->kind == TYPE_NEVER; }

// Result first, then the parameters, as the source has them.
static LLVMMetadataRef signature(Emitter *e, const Type *func_type, LLVMMetadataRef file) {
    LLVMMetadataRef *types = ARENA_ARRAY(e->arena, LLVMMetadataRef, func_type->param_count + 1);
    types[0] = is_nothing(func_type->element) ? NULL : debug_type(e, func_type->element);
    for (uint32_t i = 0; i < func_type->param_count; i++) types[i + 1] = debug_type(e, func_type->params[i]);
    return LLVMDIBuilderCreateSubroutineType(e->debug.builder, file, types, func_type->param_count + 1, LLVMDIFlagZero);
}

void debug_enter_func(Emitter *e, IrFunc *f) {
    if (!enabled(e)) return;
    DebugInfo *d = &e->debug;
    d->subprogram = NULL;
    d->file_scopes = (Map){0};
    d->last_location = NULL;
    if (!span_known(f->span)) return;
    LLVMMetadataRef file = debug_file(e, f->span.file);
    unsigned line = position_of(e, f->span).line;
    // No linkage name: a debugger would show and accept only that, and `break main` would not work.
    Str name = short_name(f->name);
    d->subprogram = LLVMDIBuilderCreateFunction(d->builder, file, name.ptr, name.len, "", 0, file, line,
                                                signature(e, f->type, file), !f->is_export, true, line,
                                                LLVMDIFlagPrototyped, e->options->mode != MODE_DEBUG);
    d->subprogram_file = f->span.file;
    LLVMSetSubprogram(e->llvm_func, d->subprogram);
}

void debug_leave_func(Emitter *e) {
    e->debug.subprogram = NULL;
    debug_clear_location(e);
}

void debug_clear_location(Emitter *e) { LLVMSetCurrentDebugLocation2(e->builder, NULL); }

// Code of another file (a field's default value, say) sits in a block of that file inside the function.
static LLVMMetadataRef scope_in_file(Emitter *e, uint32_t file) {
    DebugInfo *d = &e->debug;
    if (file == d->subprogram_file) return d->subprogram;
    const Source *source = sources_get(e->ir->sources, file);
    LLVMMetadataRef scope = map_get(&d->file_scopes, source);
    if (!scope) {
        scope = LLVMDIBuilderCreateLexicalBlockFile(d->builder, d->subprogram, debug_file(e, file), 0);
        map_put(e->arena, &d->file_scopes, source, scope);
    }
    return scope;
}

// Columns would double the line table and with it the time that LLVM spends on it; debuggers step by lines.
static LLVMMetadataRef location_of(Emitter *e, Span span) {
    DebugInfo *d = &e->debug;
    if (!span_known(span)) return LLVMDIBuilderCreateDebugLocation(e->ctx, 0, 0, d->subprogram, NULL);
    if (d->last_location && d->last_file == span.file && d->last_start <= span.start && span.start < d->last_end)
        return d->last_location;
    const Source *source = sources_get(e->ir->sources, span.file);
    uint32_t line = source_position(source, span.start).line;
    d->last_file = span.file;
    d->last_start = source->line_starts[line - 1];
    d->last_end = line < source->line_count ? source->line_starts[line] : UINT32_MAX;
    d->last_location = LLVMDIBuilderCreateDebugLocation(e->ctx, line, 0, scope_in_file(e, span.file), NULL);
    return d->last_location;
}

void debug_set_location(Emitter *e, Span span) {
    if (!enabled(e) || !e->debug.subprogram) return;
    LLVMSetCurrentDebugLocation2(e->builder, location_of(e, span));
}

// The number of a parameter among the function's parameters, from 1; 0 for a local variable.
static unsigned param_number(const IrFunc *f, const Local *local) {
    if (!local || !local->is_param || !f->inst) return 0;
    for (uint32_t i = 0; i < f->inst->param_count; i++)
        if (f->inst->params[i] == local) return i + 1;
    return 0;
}

static void declare(Emitter *e, const char *name, unsigned number, Type *type, Span span, LLVMValueRef storage,
                    bool indirect) {
    DebugInfo *d = &e->debug;
    if (!span_known(span)) span = e->func->span;
    LLVMMetadataRef scope = scope_in_file(e, span.file), file = debug_file(e, span.file);
    unsigned line = position_of(e, span).line;
    bool keep = e->options->mode == MODE_DEBUG;
    LLVMMetadataRef described = debug_type(e, type), variable;
    if (number)
        variable = LLVMDIBuilderCreateParameterVariable(d->builder, scope, name, strlen(name), number, file, line,
                                                        described, keep, LLVMDIFlagZero);
    else
        variable = LLVMDIBuilderCreateAutoVariable(d->builder, scope, name, strlen(name), file, line, described, keep,
                                                   LLVMDIFlagZero, 0);
    uint64_t dereference = 0x06; // DW_OP_deref
    LLVMMetadataRef expression = LLVMDIBuilderCreateExpression(d->builder, &dereference, indirect ? 1 : 0);
    LLVMDIBuilderInsertDeclareRecordAtEnd(d->builder, storage, variable, expression, location_of(e, span),
                                          LLVMGetInsertBlock(e->builder));
}

void debug_declare_slot(Emitter *e, IrInst *slot, LLVMValueRef storage) {
    if (!enabled(e) || !e->debug.subprogram || !slot->slot.name) return;
    const Local *local = slot->slot.local;
    Span span = local ? local->span : slot->span;
    declare(e, slot->slot.name, param_number(e->func, local), slot->slot.type_arg, span, storage, false);
}

// The address arrives in a register that is soon used for something else: it is kept in a slot for the debugger.
void debug_declare_param(Emitter *e, IrInst *param, LLVMValueRef address) {
    if (!enabled(e) || !e->debug.subprogram || !e->func->inst) return;
    uint32_t skip = ir_result_by_address(e->func->type) ? 1 : 0;
    if (param->path.index < skip) return;
    uint32_t index = param->path.index - skip;
    if (index >= e->func->inst->param_count || !ir_param_by_address(e->func->type->params[index])) return;
    const Local *local = e->func->inst->params[index];
    if (!local->name) return;
    LLVMValueRef kept = LLVMBuildAlloca(e->builder, e->ptr, "");
    LLVMBuildStore(e->builder, address, kept);
    declare(e, local->name->text, index + 1, local->type, local->span, kept, true);
}

void debug_declare_global(Emitter *e, IrGlobal *g, LLVMValueRef global) {
    if (!enabled(e) || !g->is_var || !span_known(g->span)) return;
    DebugInfo *d = &e->debug;
    Str name = short_name(g->name);
    LLVMMetadataRef file = debug_file(e, g->span.file);
    LLVMMetadataRef expression = LLVMDIBuilderCreateExpression(d->builder, NULL, 0);
    LLVMMetadataRef variable = LLVMDIBuilderCreateGlobalVariableExpression(
        d->builder, file, name.ptr, name.len, "", 0, file, position_of(e, g->span).line, debug_type(e, g->type), true,
        expression, NULL, 0);
    LLVMGlobalSetMetadata(global, LLVMGetMDKindIDInContext(e->ctx, "dbg", 3), variable);
}
