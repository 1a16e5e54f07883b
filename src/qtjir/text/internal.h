// The parser of QTJIR text: its state and what its files offer each other. The text may be hostile: the first mistake
// is reported (E0007 with its place) and turns the rest of the text into its end, so every loop stops there.
//   parse_lex.c tokens   parse_type.c types and their table   parse_const.c initial values
//   parse_inst.c instructions and blocks   parse.c modules, references resolved last
#ifndef JANUS_QTJIR_TEXT_INTERNAL_H
#define JANUS_QTJIR_TEXT_INTERNAL_H

#include "qtjir/text.h"

typedef enum LexKind {
    LEX_END,
    LEX_NEWLINE,
    LEX_WORD,           // store, const.int, b0
    LEX_VALUE,          // %7: number
    LEX_NUMBER,
    LEX_STRING,         // bytes, decoded
    LEX_ARROW,
    LEX_PUNCT,
} LexKind;

typedef struct Lexeme {
    LexKind kind;
    Span span;
    Str text;
    Str bytes;
    uint32_t number;
    char punct;
} Lexeme;

// What a name of the text stands for is known only once all of it is read.
typedef struct OperandRef {
    IrInst *inst;
    uint32_t index, id;
    Span span;
} OperandRef;

typedef struct BlockRef {
    IrBlock **place;
    uint32_t id;
    Span span;
} BlockRef;

typedef struct SymbolRef {
    const Name *name;
    Span span;
    IrFunc **func;              // one of the four is set
    IrGlobal **global;
    FuncInst *func_const;
    Global *global_const;
} SymbolRef;

typedef struct Definition {
    IrInst *inst;
    uint32_t id;
    Span span;
} Definition;

typedef struct ExplicitLayout {
    Type *type;
    Span span;
    uint64_t size;
    uint32_t align;
    VEC(uint64_t) offsets;      // of all fields, variants after one another
} ExplicitLayout;

typedef struct Parser {
    Arena *arena;               // of the module
    Arena *scratch;             // of the parser
    Diags *diags;
    const Source *source;
    IrModule *module;
    uint32_t at;                // next byte to read
    Lexeme now;
    bool failed;
    Map types;                  // Name → Type
    VEC(ExplicitLayout *) layouts;
    VEC(SymbolRef) symbols;
    // of the current function
    IrFunc *func;
    uint32_t func_start;
    VEC(Definition) values;
    VEC(OperandRef) operands;
    VEC(BlockRef) targets;
    VEC(IrBlock *) blocks;
} Parser;

enum { PARSE_DEPTH = 200 };

void read_error(Parser *p, DiagCode code, Span span, const char *fmt, ...) PRINTF_LIKE(4, 5);
void read_expected(Parser *p, const char *what);
void read_next(Parser *p);
void read_reset(Parser *p);                              // to the start of the text
bool read_at_punct(const Parser *p, char c);
bool read_at_word(const Parser *p, const char *word);
bool read_accept_punct(Parser *p, char c);
bool read_accept_word(Parser *p, const char *word);
void read_punct(Parser *p, char c);
void read_end_of_line(Parser *p);
void read_skip_lines(Parser *p);
uint64_t read_integer(Parser *p);                      // 64 bits, negative ones in two's complement
uint32_t read_small(Parser *p, const char *what);      // 0 … 2^31-1
uint32_t read_align(Parser *p);                        // a power of two up to 2^20
double read_float(Parser *p);
Str read_string(Parser *p, const char *what);
const Name *read_symbol(Parser *p, const char *what);  // a quoted name

Type *read_type(Parser *p);
void read_type_heads(Parser *p);                       // first walk: which nominal types there are
void read_type_definition(Parser *p);                  // after `type`
void read_types_finish(Parser *p);

ConstValue *read_const(Parser *p, Type *type, uint32_t depth);
void read_func_body(Parser *p);

#endif
