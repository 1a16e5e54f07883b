// What the printer and the parser of QTJIR text share: how each operation is written, the words for orders, comparisons
// and traps, quoting, and the names of nominal types within one module.
//
// The form of a module, in this order (`;` starts a comment, one instruction a line, source positions are not written):
//
//   flags checks_stripped unreachable_removed
//   error 1 "NotFound"
//   type Pair[u8, str] = struct size 24 align 8 {
//       first u8 @0
//       second str @8
//   }
//   type Color = plain enum u8 size 1 align 1 {
//       Red = 0
//   }
//   type Command = enum u8 size 40 align 8 {
//       Put = 0 { key str @8, value str @24 }
//       Get = 1 ( u64 @8 )
//       Stop = 2
//   }
//   type StoreError = error
//   type Far = opaque struct
//   global "limit" usize = 4096
//   var "count" u32 align 64 = 0
//   extern func "write" (i32, *const u8, usize) -> isize
//   export inline cold func "f" (i32, Pair[u8, str]) -> u32 {
//   b0:
//       %0 = param i32 0
//       %7 = add unchecked i32 %5, %6
//       store %1, %7
//       %9 = call u32 "g"(%7)
//       switch %9, b1 [3: b2, 4: b3]
//   }
//
// An instruction with a result is `%id = op type operands, extras`; one without has neither `%id =` nor a type.
#ifndef JANUS_QTJIR_TEXT_H
#define JANUS_QTJIR_TEXT_H

#include "qtjir/ir.h"

// What is written besides the operands.
typedef enum OpForm {
    FORM_PLAIN,
    FORM_INT,           // const.int i32 5, cleanup.push 5
    FORM_FLOAT,         // const.float f64 0.5
    FORM_BYTES,         // const.str str "text"
    FORM_FUNC,          // func.addr func(i32) "name"
    FORM_GLOBAL,        // global.addr *u32 "name"
    FORM_SLOT,          // slot *u32 "name" align 16
    FORM_INDEX,         // param i32 0, field.addr *u8 %1, 2
    FORM_VARIANT,       // enum.set_tag %1, 2
    FORM_VARIANT_FIELD, // variant.field *u8 %1, 2, 0
    FORM_COMPARE,       // cmp bool lt %1, %2
    FORM_TRAP,          // check.true %1, assert
    FORM_ORDER,         // atomic.load u8 %1, acquire
    FORM_RMW,           // atomic.rmw u8 %1, %2, add, relaxed
    FORM_CMPXCHG,       // atomic.cmpxchg %1, %2, %3, %4, acq_rel, acquire, weak
    FORM_CALL,          // call u8 "name"(%1)
    FORM_JUMP,          // jump b1
    FORM_BRANCH,        // branch %1, b1, b2
    FORM_SWITCH,        // switch %1, b1 [5: b2]
} OpForm;

OpForm text_op_form(IrOp op);
bool text_op_traps(IrOp op);                    // may be `unchecked`

// Words by enumerator, and back: -1 when there is none.
const char *text_order(MemoryOrder order);
const char *text_rmw(RmwOp op);
const char *text_compare(CompareOp op);
const char *text_trap(TrapKind kind);
int text_find_order(Str word);
int text_find_rmw(Str word);
int text_find_compare(Str word);
int text_find_trap(Str word);
int text_find_op(Str word);

void text_quote(StrBuf *out, Str bytes);
// Bytes of the nominal type's name at the start of `text` that need no quotes: `Pair[u8, str]#2`. 0: none.
size_t text_bare_name(Str text);
void text_int(StrBuf *out, const Type *type, uint64_t bits);    // signed as the type is

// Items of a constant, from its type: 1 for SOME and REPEAT, 0 for what has none.
uint64_t text_const_count(const ConstValue *c);

// The nominal types that a module mentions, in order of discovery, each under a name of its own.
typedef struct TextTypes {
    Arena *arena;
    NameTable *names;
    Types *types;
    VEC(Type *) pending;        // also the list of everything seen
    uint32_t done;
    VEC(Type *) nominal;
    Map seen;                   // Type → Type
    Map texts;                  // nominal Type → const Name
    Map taken;                  // Name → number of types that wanted it
    Map ready;                  // Type → whether its layout may be asked for
} TextTypes;

void text_types_collect(TextTypes *types, const IrModule *m);
bool text_type_ready(TextTypes *types, Type *t);                // everything it holds by value is complete
void text_type(StrBuf *out, TextTypes *types, const Type *t);   // `types` may be NULL: plain type_print

void text_print_types(StrBuf *out, TextTypes *types);
void text_print_inst(StrBuf *out, TextTypes *types, const IrInst *inst);

#endif
