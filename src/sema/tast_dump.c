// The typed tree as text, one node a line and two spaces a level, for tests and debugging. Children are listed in the
// order in which they are evaluated. Deep trees are cut at DUMP_DEPTH, so a dump never exhausts the stack.
#include "sema/tast.h"

#include <inttypes.h>

enum { DUMP_DEPTH = 200 };

static const char *const KIND_NAMES[TEXPR_KIND_COUNT] = {
#define TEXPR(kind, name) [TEXPR_##kind] = name,
#include "sema/tast.def"
};

static const bool KIND_IS_PLACE[TEXPR_KIND_COUNT] = {
#define PLACE(kind, name) [TEXPR_##kind] = true,
#define TEXPR(kind, name) [TEXPR_##kind] = false,
#include "sema/tast.def"
};

static const char *const INTRINSIC_NAMES[INTRINSIC_KIND_COUNT] = {
#define INTRINSIC(kind, name, generics, args) [INTRINSIC_##kind] = name,
#include "sema/intrinsics.def"
};

static const char *const UNARY_NAMES[] = {"-", "not", "~", "&"};
static const char *const BINARY_NAMES[] = {"+",  "-",  "*",  "/",  "%", "+%", "-%", "*%", "&",   "|",  "^",
                                           "<<", ">>", "==", "!=", "<", "<=", ">",  ">=", "and", "or", "="};
static const char *const COMPARE_NAMES[] = {"==", "!=", "<", "<=", ">", ">="};
static const char *const ORDER_NAMES[] = {"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
static const char *const RMW_NAMES[] = {"xchg", "add", "sub", "and", "or", "xor", "nand", "min", "max"};
static const char *const COERCE_NAMES[] = {"widen", "const pointer", "const slice", "array to slice", "some",
                                           "ok",    "err",           "any error",   "never"};

const char *texpr_kind_name(TExprKind kind) {
    ENSURE(kind < TEXPR_KIND_COUNT);
    return KIND_NAMES[kind];
}

bool texpr_is_place(const TExpr *e) { return KIND_IS_PLACE[e->kind]; }

static void indent(StrBuf *out, uint32_t depth) {
    for (uint32_t i = 0; i < depth; i++) strbuf_puts(out, "  ");
}

static void dump_const(StrBuf *out, const ConstValue *c) {
    switch (c->kind) {
    case CONST_INT: strbuf_printf(out, " %" PRId64, (int64_t)c->bits); break;
    case CONST_FLOAT: strbuf_printf(out, " %.17g", c->real); break;
    case CONST_STR: strbuf_printf(out, " \"" STR_FMT "\"", STR_ARG(c->bytes)); break;
    case CONST_NULL: strbuf_puts(out, " null"); break;
    case CONST_UNDEFINED: strbuf_puts(out, " undefined"); break;
    case CONST_VOID: strbuf_puts(out, " void"); break;
    case CONST_FUNC: strbuf_printf(out, " func %s", c->func->symbol); break;
    case CONST_GLOBAL: strbuf_printf(out, " &%s", c->global->symbol); break;
    case CONST_SLICE: strbuf_printf(out, " %s[%" PRIu32 "..]", c->global->symbol, c->index); break;
    case CONST_SOME:
    case CONST_STRUCT:
    case CONST_ARRAY:
    case CONST_REPEAT:
    case CONST_ENUM: strbuf_puts(out, " composite"); break;
    }
}

static void dump_local(StrBuf *out, const Local *local) {
    if (local) strbuf_printf(out, " %s#%" PRIu32, local->name ? local->name->text : "_", local->id);
}

static void dump_pattern(StrBuf *out, const TPattern *p, uint32_t depth) {
    static const char *const NAMES[] = {"any",    "bind",  "null",  "some",  "variant",
                                        "struct", "const", "range", "error", "or"};
    indent(out, depth);
    if (!p || depth > DUMP_DEPTH) {
        strbuf_puts(out, p ? "pattern ...\n" : "pattern any\n");
        return;
    }
    strbuf_printf(out, "pattern %s", NAMES[p->kind]);
    if (p->kind == PATTERN_BIND) dump_local(out, p->local);
    if (p->kind == PATTERN_VARIANT) strbuf_printf(out, " %" PRIu32, p->index);
    if (p->value) dump_const(out, p->value);
    if (p->kind == PATTERN_RANGE && p->high) {
        strbuf_puts(out, p->inclusive ? " .." : " ..<");
        dump_const(out, p->high);
    }
    strbuf_putc(out, '\n');
    for (uint32_t i = 0; i < p->sub_count; i++) dump_pattern(out, p->subs[i], depth + 1);
}

static void dump_detail(StrBuf *out, const TExpr *e) {
    switch (e->kind) {
    case TEXPR_LOCAL: dump_local(out, e->local); break;
    case TEXPR_GLOBAL: strbuf_printf(out, " %s", e->global->symbol); break;
    case TEXPR_FIELD: strbuf_printf(out, " %" PRIu32, e->field.index); break;
    case TEXPR_PAYLOAD: strbuf_puts(out, e->payload.checked ? " checked" : ""); break;
    case TEXPR_INDEX_ARRAY:
    case TEXPR_INDEX_SLICE: strbuf_puts(out, e->index.checked ? " checked" : ""); break;
    case TEXPR_SLICE_ARRAY:
    case TEXPR_SLICE_SLICE:
        strbuf_printf(out, "%s%s", e->slice.inclusive ? " inclusive" : "", e->slice.checked ? " checked" : "");
        break;
    case TEXPR_CONST: dump_const(out, e->constant); break;
    case TEXPR_FUNC_REF: strbuf_printf(out, " %s", e->func->symbol); break;
    case TEXPR_UNARY: strbuf_printf(out, " %s", UNARY_NAMES[e->op1.op]); break;
    case TEXPR_BINARY:
    case TEXPR_LOGICAL: strbuf_printf(out, " %s", BINARY_NAMES[e->op2.op]); break;
    case TEXPR_ASSIGN_OP: strbuf_printf(out, " %s", BINARY_NAMES[e->assign_op.op]); break;
    case TEXPR_COMPARE: strbuf_printf(out, " %s", COMPARE_NAMES[e->compare.op]); break;
    case TEXPR_EQUAL: strbuf_puts(out, e->equal.negate ? " negated" : ""); break;
    case TEXPR_COERCE: strbuf_printf(out, " %s", COERCE_NAMES[e->coerce.kind]); break;
    case TEXPR_ENUM: strbuf_printf(out, " %" PRIu32, e->variant.variant); break;
    case TEXPR_ERROR_VALUE: strbuf_printf(out, " %s = %" PRIu32, e->error.name->text, e->error.code); break;
    case TEXPR_CALL: strbuf_printf(out, " %s", e->call.func->symbol); break;
    case TEXPR_INTRINSIC: {
        strbuf_printf(out, " @%s", INTRINSIC_NAMES[e->intrinsic.kind]);
        if (e->intrinsic.kind > INTRINSIC_COMPILER_FENCE) break;
        strbuf_printf(out, " %s", ORDER_NAMES[e->intrinsic.order]);
        if (e->intrinsic.kind == INTRINSIC_ATOMIC_RMW) strbuf_printf(out, " %s", RMW_NAMES[e->intrinsic.rmw]);
        if (e->intrinsic.kind == INTRINSIC_ATOMIC_CMPXCHG)
            strbuf_printf(out, " %s%s", ORDER_NAMES[e->intrinsic.failure_order], e->intrinsic.weak ? " weak" : "");
        break;
    }
    case TEXPR_CATCH: dump_local(out, e->catch_expr.error); break;
    case TEXPR_LOOP: strbuf_printf(out, " #%" PRIu32, e->loop.loop->id); break;
    case TEXPR_BREAK:
    case TEXPR_CONTINUE: strbuf_printf(out, " #%" PRIu32, e->jump.loop->id); break;
    case TEXPR_LET: dump_local(out, e->let.local); break;
    case TEXPR_USING: dump_local(out, e->using_expr.local); break;
    default: break;
    }
}

static void dump_at(StrBuf *out, const TExpr *e, uint32_t depth);

static void dump_all(StrBuf *out, TExpr **items, uint32_t count, uint32_t depth) {
    for (uint32_t i = 0; i < count; i++) dump_at(out, items[i], depth);
}

static void dump_children(StrBuf *out, const TExpr *e, uint32_t depth) {
    switch (e->kind) {
    case TEXPR_DEREF:
    case TEXPR_TEMP:
    case TEXPR_LOAD:
    case TEXPR_ADDR:
    case TEXPR_SLICE_LEN:
    case TEXPR_SLICE_PTR:
    case TEXPR_IS_NULL:
    case TEXPR_DISCARD: dump_at(out, e->unary.operand, depth); break;
    case TEXPR_PAYLOAD: dump_at(out, e->payload.operand, depth); break;
    case TEXPR_FIELD: dump_at(out, e->field.base, depth); break;
    case TEXPR_INDEX_ARRAY:
    case TEXPR_INDEX_SLICE: dump_all(out, (TExpr *[]){e->index.base, e->index.index}, 2, depth); break;
    case TEXPR_SLICE_ARRAY:
    case TEXPR_SLICE_SLICE: dump_all(out, (TExpr *[]){e->slice.base, e->slice.low, e->slice.high}, 3, depth); break;
    case TEXPR_SLICE_MAKE: dump_all(out, (TExpr *[]){e->slice_make.pointer, e->slice_make.length}, 2, depth); break;
    case TEXPR_UNARY: dump_at(out, e->op1.operand, depth); break;
    case TEXPR_BINARY:
    case TEXPR_LOGICAL: dump_all(out, (TExpr *[]){e->op2.left, e->op2.right}, 2, depth); break;
    case TEXPR_COMPARE: dump_all(out, (TExpr *[]){e->compare.left, e->compare.right}, 2, depth); break;
    case TEXPR_EQUAL: dump_all(out, (TExpr *[]){e->equal.left, e->equal.right}, 2, depth); break;
    case TEXPR_COERCE: dump_at(out, e->coerce.operand, depth); break;
    case TEXPR_CAST: dump_at(out, e->cast.operand, depth); break;
    case TEXPR_STRUCT: dump_all(out, e->aggregate.fields, e->type->field_count, depth); break;
    case TEXPR_ARRAY: dump_all(out, e->aggregate.fields, (uint32_t)e->type->length, depth); break;
    case TEXPR_ARRAY_REPEAT: dump_at(out, e->repeat.element, depth); break;
    case TEXPR_ENUM: dump_all(out, e->variant.fields, e->type->variants[e->variant.variant].field_count, depth); break;
    case TEXPR_CALL: dump_all(out, e->call.args, e->call.arg_count, depth); break;
    case TEXPR_CALL_INDIRECT:
        dump_at(out, e->call_indirect.callee, depth);
        dump_all(out, e->call_indirect.args, e->call_indirect.arg_count, depth);
        break;
    case TEXPR_INTRINSIC: dump_all(out, e->intrinsic.args, e->intrinsic.arg_count, depth); break;
    case TEXPR_TRY: dump_at(out, e->try_expr.operand, depth); break;
    case TEXPR_CATCH: dump_all(out, (TExpr *[]){e->catch_expr.operand, e->catch_expr.handler}, 2, depth); break;
    case TEXPR_ORELSE: dump_all(out, (TExpr *[]){e->orelse.operand, e->orelse.fallback}, 2, depth); break;
    case TEXPR_PANIC: dump_at(out, e->panic.message, depth); break;
    case TEXPR_ASSERT: dump_all(out, (TExpr *[]){e->assertion.condition, e->assertion.message}, 2, depth); break;
    case TEXPR_BLOCK:
        dump_all(out, e->block.statements.items, e->block.statements.len, depth);
        dump_at(out, e->block.result, depth);
        break;
    case TEXPR_IF:
        dump_all(out, (TExpr *[]){e->if_expr.condition, e->if_expr.then_expr, e->if_expr.else_expr}, 3, depth);
        break;
    case TEXPR_MATCH:
        dump_at(out, e->match.subject, depth);
        for (uint32_t i = 0; i < e->match.arm_count; i++) {
            dump_pattern(out, e->match.arms[i].pattern, depth);
            dump_all(out, (TExpr *[]){e->match.arms[i].guard, e->match.arms[i].body}, 2, depth + 1);
        }
        break;
    case TEXPR_LOOP: dump_all(out, (TExpr *[]){e->loop.condition, e->loop.body, e->loop.step}, 3, depth); break;
    case TEXPR_RETURN: dump_at(out, e->ret.value, depth); break;
    case TEXPR_LET: dump_at(out, e->let.value, depth); break;
    case TEXPR_ASSIGN: dump_all(out, (TExpr *[]){e->assign.value, e->assign.place}, 2, depth); break;
    case TEXPR_ASSIGN_OP: dump_all(out, (TExpr *[]){e->assign_op.place, e->assign_op.value}, 2, depth); break;
    case TEXPR_DEFER: dump_at(out, e->defer.body, depth); break;
    case TEXPR_USING:
        dump_all(out, (TExpr *[]){e->using_expr.value, e->using_expr.body, e->using_expr.close}, 3, depth);
        break;
    default: break;
    }
}

static void dump_at(StrBuf *out, const TExpr *e, uint32_t depth) {
    if (!e) return;
    indent(out, depth);
    if (depth > DUMP_DEPTH) {
        strbuf_puts(out, "...\n");
        return;
    }
    strbuf_puts(out, texpr_kind_name(e->kind));
    dump_detail(out, e);
    if (e->type) {
        strbuf_puts(out, ": ");
        type_print(out, e->type);
    }
    strbuf_putc(out, '\n');
    dump_children(out, e, depth + 1);
}

void texpr_dump(StrBuf *out, const TExpr *e) { dump_at(out, e, 0); }
void pattern_dump(StrBuf *out, const TPattern *p) { dump_pattern(out, p, 0); }
