// The vocabulary of QTJIR text, in both directions. See text.h for the form.
#include "qtjir/text.h"

#include <inttypes.h>

static const OpForm FORMS[IR_OP_COUNT] = {
    [IR_CONST_INT] = FORM_INT,
    [IR_CONST_FLOAT] = FORM_FLOAT,
    [IR_CONST_STR] = FORM_BYTES,
    [IR_FUNC_ADDR] = FORM_FUNC,
    [IR_GLOBAL_ADDR] = FORM_GLOBAL,
    [IR_PARAM] = FORM_INDEX,
    [IR_SLOT] = FORM_SLOT,
    [IR_FIELD_ADDR] = FORM_INDEX,
    [IR_ENUM_SET_TAG] = FORM_VARIANT,
    [IR_VARIANT_FIELD] = FORM_VARIANT_FIELD,
    [IR_CMP] = FORM_COMPARE,
    [IR_CHECK_TRUE] = FORM_TRAP,
    [IR_ATOMIC_LOAD] = FORM_ORDER,
    [IR_ATOMIC_STORE] = FORM_ORDER,
    [IR_ATOMIC_RMW] = FORM_RMW,
    [IR_ATOMIC_CMPXCHG] = FORM_CMPXCHG,
    [IR_FENCE] = FORM_ORDER,
    [IR_COMPILER_FENCE] = FORM_ORDER,
    [IR_CALL] = FORM_CALL,
    [IR_CLEANUP_PUSH] = FORM_INT,
    [IR_CLEANUP_POP] = FORM_INT,
    [IR_JUMP] = FORM_JUMP,
    [IR_BRANCH] = FORM_BRANCH,
    [IR_SWITCH] = FORM_SWITCH,
    [IR_TRAP] = FORM_TRAP,
};

OpForm text_op_form(IrOp op) { return FORMS[op]; }

bool text_op_traps(IrOp op) {
    switch (op) {
    case IR_ADD:
    case IR_SUB:
    case IR_MUL:
    case IR_DIV:
    case IR_REM:
    case IR_NEG:
    case IR_SHL:
    case IR_SHR:
    case IR_INT_CAST:
    case IR_FLOAT_TO_INT: return true;
    default: return false;
    }
}

static const char *const ORDERS[] = {"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
static const char *const RMWS[] = {"xchg", "add", "sub", "and", "or", "xor", "nand", "min", "max"};
static const char *const COMPARES[] = {"eq", "ne", "lt", "le", "gt", "ge"};
static const char *const TRAPS[TRAP_KIND_COUNT] = {
    [TRAP_OVERFLOW] = "overflow", [TRAP_DIV_ZERO] = "div_zero", [TRAP_SHIFT] = "shift",
    [TRAP_CAST] = "cast",         [TRAP_BOUNDS] = "bounds",     [TRAP_SLICE] = "slice",
    [TRAP_NULL] = "null",         [TRAP_ASSERT] = "assert",     [TRAP_UNREACHABLE] = "unreachable",
    [TRAP_COPY] = "copy",         [TRAP_EXPLICIT] = "explicit", [TRAP_UNKNOWN] = "unknown",
    [TRAP_ESCAPE] = "escape",
};

static const char *word_at(const char *const *words, size_t count, size_t index) {
    return index < count && words[index] ? words[index] : "?";
}

static int word_find(const char *const *words, size_t count, Str word) {
    for (size_t i = 0; i < count; i++)
        if (words[i] && str_equal_c(word, words[i])) return (int)i;
    return -1;
}

const char *text_order(MemoryOrder order) { return word_at(ORDERS, ARRAY_LEN(ORDERS), order); }
const char *text_rmw(RmwOp op) { return word_at(RMWS, ARRAY_LEN(RMWS), op); }
const char *text_compare(CompareOp op) { return word_at(COMPARES, ARRAY_LEN(COMPARES), op); }
const char *text_trap(TrapKind kind) { return word_at(TRAPS, ARRAY_LEN(TRAPS), kind); }
int text_find_order(Str word) { return word_find(ORDERS, ARRAY_LEN(ORDERS), word); }
int text_find_rmw(Str word) { return word_find(RMWS, ARRAY_LEN(RMWS), word); }
int text_find_compare(Str word) { return word_find(COMPARES, ARRAY_LEN(COMPARES), word); }
int text_find_trap(Str word) { return word_find(TRAPS, ARRAY_LEN(TRAPS), word); }

int text_find_op(Str word) {
    for (int op = 0; op < IR_OP_COUNT; op++)
        if (str_equal_c(word, ir_op_text((IrOp)op))) return op;
    return -1;
}

void text_quote(StrBuf *out, Str bytes) {
    strbuf_putc(out, '"');
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        if (c == '"' || c == '\\')
            strbuf_printf(out, "\\%c", c);
        else if (c == '\n')
            strbuf_puts(out, "\\n");
        else if (c < 0x20 || c >= 0x7f)
            strbuf_printf(out, "\\x%02x", c);
        else
            strbuf_putc(out, (char)c);
    }
    strbuf_putc(out, '"');
}

static bool is_name_byte(char c, bool first) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (!first && c >= '0' && c <= '9');
}

// The words that begin another type are quoted when a declaration bears their name.
static bool is_reserved(Str name) {
    static const char *const WORDS[] = {"func", "const", "error", "str", "opaque", "unchecked"};
    if (word_find(WORDS, ARRAY_LEN(WORDS), name) >= 0) return true;
#define PRIMITIVE(kind, text, bits, is_signed)                                                                         \
    if (str_equal_c(name, text)) return true;
#define TYPE(kind)
#include "sema/types.def"
    return false;
}

size_t text_bare_name(Str text) {
    size_t at = 0;
    while (at < text.len && is_name_byte(text.ptr[at], at == 0)) at++;
    if (at == 0 || is_reserved((Str){text.ptr, at})) return 0;
    if (at < text.len && text.ptr[at] == '[') {
        size_t depth = 0, end = at;
        do {
            char c = text.ptr[end];
            if (c == '"' || c == '\n' || c == ';' || c == '\\') return 0;
            depth += c == '[';
            depth -= c == ']';
            end++;
        } while (depth && end < text.len);
        if (depth) return 0;
        at = end;
    }
    size_t digits = at + 1;
    while (at < text.len && text.ptr[at] == '#' && digits < text.len && text.ptr[digits] >= '0' &&
           text.ptr[digits] <= '9')
        digits++;
    return digits > at + 1 ? digits : at;
}

void text_int(StrBuf *out, const Type *type, uint64_t bits) {
    const Type *number = type->kind == TYPE_ENUM && type->tag_type ? type->tag_type : type;
    if (type_is_int(number) && type_is_signed(number))
        strbuf_printf(out, "%" PRId64, (int64_t)bits);
    else
        strbuf_printf(out, "%" PRIu64, bits);
}

uint64_t text_const_count(const ConstValue *c) {
    switch (c->kind) {
    case CONST_SOME:
    case CONST_REPEAT: return 1;
    case CONST_STRUCT: return c->type->kind == TYPE_STRUCT ? c->type->field_count : 0;
    case CONST_ARRAY: return c->type->kind == TYPE_ARRAY ? c->type->length : 0;
    case CONST_ENUM:
        return c->type->kind == TYPE_ENUM && c->index < c->type->variant_count ? c->type->variants[c->index].field_count
                                                                               : 0;
    default: return 0;
    }
}

// ---- nominal types ---------------------------------------------------------------------------------------------------

static void type_found(TextTypes *types, Type *t) {
    if (!t || map_get(&types->seen, t)) return;
    map_put(types->arena, &types->seen, t, t);
    VEC_PUSH(types->arena, &types->pending, t);
}

static void type_name_uniquely(TextTypes *types, Type *t) {
    StrBuf text = {0};
    type_print(&text, t);
    const Name *name = name_intern(types->names, text.data, text.len);
    uintptr_t wanted = (uintptr_t)map_get(&types->taken, name) + 1;
    map_put(types->arena, &types->taken, name, (void *)wanted);
    if (wanted > 1) {
        strbuf_printf(&text, "#%" PRIuPTR, wanted);
        name = name_intern(types->names, text.data, text.len);
    }
    map_put(types->arena, &types->texts, t, (void *)(uintptr_t)name);
    strbuf_free(&text);
    VEC_PUSH(types->arena, &types->nominal, t);
}

static void type_visit(TextTypes *types, Type *t) {
    bool any_error = t->kind == TYPE_ERROR_SET && !t->decl && !t->name;
    if (type_is_nominal(t) && !any_error) type_name_uniquely(types, t);
    type_found(types, t->element);
    type_found(types, t->errors);
    if (t->kind == TYPE_FUNC)
        for (uint32_t i = 0; i < t->param_count; i++) type_found(types, t->params[i]);
    if (t->kind == TYPE_STRUCT && t->state == STAGE_DONE)
        for (uint32_t i = 0; i < t->field_count; i++) type_found(types, t->fields[i].type);
    if (t->kind == TYPE_ENUM && t->state == STAGE_DONE)
        for (uint32_t v = 0; v < t->variant_count; v++)
            for (uint32_t i = 0; i < t->variants[v].field_count; i++) type_found(types, t->variants[v].fields[i].type);
}

void text_types_collect(TextTypes *types, const IrModule *m) {
    for (uint32_t i = 0; i < m->globals.len; i++) type_found(types, m->globals.items[i]->type);
    for (uint32_t i = 0; i < m->funcs.len; i++) {
        const IrFunc *f = m->funcs.items[i];
        type_found(types, f->type);
        for (const IrBlock *b = f->entry; b; b = b->next)
            for (const IrInst *inst = b->first; inst; inst = inst->next) type_found(types, inst->type);
    }
    while (types->done < types->pending.len) type_visit(types, types->pending.items[types->done++]);
}

// Complete by itself; deeper than this a chain of types held by value is shown as opaque.
enum { READY_DEPTH = 1000 };

static bool ready_at(TextTypes *types, Type *t, uint32_t depth) {
    static const char YES, NO;
    if (t->layout) return true;
    if (depth > READY_DEPTH) return false;
    const void *known = map_get(&types->ready, t);
    if (known) return known == &YES;
    map_put(types->arena, &types->ready, t, (void *)(uintptr_t)&NO); // meeting it again below: it contains itself
    bool ready = true;
    switch (t->kind) {
    case TYPE_ARRAY:
    case TYPE_OPTIONAL:
    case TYPE_ERROR_UNION:
        ready = !t->length_param && (type_is_scalar(t) || ready_at(types, t->element, depth + 1));
        break;
    case TYPE_STRUCT:
        ready = t->state == STAGE_DONE;
        for (uint32_t i = 0; ready && i < t->field_count; i++) ready = ready_at(types, t->fields[i].type, depth + 1);
        break;
    case TYPE_ENUM:
        ready = t->state == STAGE_DONE && t->tag_type;
        for (uint32_t v = 0; ready && v < t->variant_count; v++)
            for (uint32_t i = 0; ready && i < t->variants[v].field_count; i++)
                ready = ready_at(types, t->variants[v].fields[i].type, depth + 1);
        break;
    case TYPE_INT_LITERAL:
    case TYPE_FLOAT_LITERAL:
    case TYPE_PARAM:
    case TYPE_VALUE: ready = false; break;
    default: break;
    }
    map_put(types->arena, &types->ready, t, (void *)(uintptr_t)(ready ? &YES : &NO));
    return ready;
}

bool text_type_ready(TextTypes *types, Type *t) { return ready_at(types, t, 0); }

static void type_namer(void *context, StrBuf *out, const Type *t) {
    TextTypes *types = context;
    const Name *name = types ? map_get(&types->texts, t) : NULL;
    if (!name) {
        type_print(out, t);
        return;
    }
    if (text_bare_name(name_str(name)) == name->len)
        strbuf_puts(out, name->text);
    else
        text_quote(out, name_str(name));
}

void text_type(StrBuf *out, TextTypes *types, const Type *t) {
    enum { LIMIT = 1 << 20 };
    if (types)
        type_print_named(out, t, type_namer, types, LIMIT);
    else
        type_print(out, t);
}
