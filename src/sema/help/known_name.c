// Names of other languages, and of earlier Janus, that programs here use without declaring them, with what to write
// instead. Only asked about a name that is declared nowhere, and only taken for what the place wants: `string` is a type
// where a type stands, and a variable somebody forgot where a value does. What to write is certain when it means the same
// wherever the name comes from; otherwise it is likely, or a note.
#include "sema/help/help.h"

enum {
    VALUE = NAME_VALUE,
    CALL = NAME_FUNC,
    TYPE = NAME_TYPE,
    ANY = NAME_VALUE | NAME_FUNC | NAME_TYPE | NAME_TRAIT | NAME_MODULE,
};

#define SAME(word, places, ours) {word, places, ours, FIX_CERTAIN, NULL, NULL}
#define NEAR(word, places, ours) {word, places, ours, FIX_LIKELY, NULL, NULL}
#define SAYS(word, places, note, modules) {word, places, NULL, FIX_LIKELY, note, modules}

#define SIZED "integers say their size: "
#define NO_HEAP "nothing allocates by itself; "
#define INTERPOLATED "text is formatted where it is written: `$\"{x}\"`"
#define BYTES "text is a slice of bytes: a loop over them, `==`, `[a..<b]` and `.len` are what there is"

static const KnownName KNOWN[] = {
    // ---- values
    SAME("nil", VALUE, "null"),
    SAME("NULL", VALUE, "null"),
    SAME("nullptr", VALUE, "null"),
    NEAR("None", VALUE, "null"),
    NEAR("Nothing", VALUE, "null"),
    SAME("True", VALUE, "true"),
    SAME("False", VALUE, "false"),
    SAME("TRUE", VALUE, "true"),
    SAME("FALSE", VALUE, "false"),
    NEAR("YES", VALUE, "true"),
    NEAR("NO", VALUE, "false"),
    SAME("this", VALUE, "self"),
    SAYS("pass", VALUE, "an empty body is `do end`; nothing stands for it", NULL),
    SAYS("std", ANY, "a module is bound before it is named: `use a.b` binds `b`", NULL),
    SAYS("super", ANY, "a type has no parent; a module is named by its whole path: `use a.b`", NULL),
    SAYS("crate", ANY, "a module is named by its whole path: `use a.b`", NULL),
    SAYS("console", VALUE, "text is printed with `println(…)`", NULL),
    SAYS("cout", VALUE, "text is printed with `println(…)`", NULL),
    SAYS("System", VALUE, "text is printed with `println(…)`", NULL),
    SAYS("fmt", VALUE, "text is printed with `println(…)`", "fmt"),
    SAYS("main", ANY, "a program begins with `func main() do … end`", NULL),
    SAYS("loop", ANY, "a loop without end is `while true do … end`", NULL),
    SAYS("errno", VALUE, "a function that may fail returns an error union, `T ! E`", NULL),
    // ---- types
    SAME("string", TYPE, "str"),
    NEAR("String", TYPE, "str"),
    SAME("boolean", TYPE, "bool"),
    NEAR("Bool", TYPE, "bool"),
    NEAR("byte", TYPE, "u8"),
    NEAR("char", TYPE, "u8"),
    NEAR("rune", TYPE, "u32"),
    NEAR("float", TYPE, "f64"),
    SAME("double", TYPE, "f64"),
    NEAR("Float", TYPE, "f64"),
    NEAR("Double", TYPE, "f64"),
    SAME("float32", TYPE, "f32"),
    SAME("float64", TYPE, "f64"),
    SAME("size_t", TYPE, "usize"),
    SAME("ssize_t", TYPE, "isize"),
    SAME("uintptr_t", TYPE, "usize"),
    SAME("intptr_t", TYPE, "isize"),
    SAME("int8", TYPE, "i8"),
    SAME("int16", TYPE, "i16"),
    SAME("int32", TYPE, "i32"),
    SAME("int64", TYPE, "i64"),
    SAME("uint8", TYPE, "u8"),
    SAME("uint16", TYPE, "u16"),
    SAME("uint32", TYPE, "u32"),
    SAME("uint64", TYPE, "u64"),
    SAME("int8_t", TYPE, "i8"),
    SAME("int16_t", TYPE, "i16"),
    SAME("int32_t", TYPE, "i32"),
    SAME("int64_t", TYPE, "i64"),
    SAME("uint8_t", TYPE, "u8"),
    SAME("uint16_t", TYPE, "u16"),
    SAME("uint32_t", TYPE, "u32"),
    SAME("uint64_t", TYPE, "u64"),
    SAYS("int", TYPE, SIZED "`i32`, `i64` (what a literal is by itself), or `usize` for lengths", NULL),
    SAYS("Int", TYPE, SIZED "`i32`, `i64` (what a literal is by itself), or `usize` for lengths", NULL),
    SAYS("uint", TYPE, SIZED "`u32`, `u64`, or `usize` for lengths", NULL),
    SAYS("UInt", TYPE, SIZED "`u32`, `u64`, or `usize` for lengths", NULL),
    SAYS("long", TYPE, SIZED "`i64`", NULL),
    SAYS("Long", TYPE, SIZED "`i64`", NULL),
    SAYS("short", TYPE, SIZED "`i16`", NULL),
    SAYS("unsigned", TYPE, SIZED "`u32`", NULL),
    SAYS("i128", TYPE, "the widest integer has 64 bits: `i64`", NULL),
    SAYS("u128", TYPE, "the widest integer has 64 bits: `u64`", NULL),
    SAYS("f16", TYPE, "floating-point numbers are `f32` and `f64`", NULL),
    SAYS("f128", TYPE, "floating-point numbers are `f32` and `f64`", NULL),
    SAYS("comptime_int", TYPE, "a constant has the type of its use; write a sized integer type", NULL),
    SAYS("anytype", TYPE, "any type is a generic parameter: `func f[T](x: T)`", NULL),
    SAYS("anyopaque", TYPE, "memory of no type is bytes: `*u8` or `[]u8`", NULL),
    SAYS("Any", TYPE, "any type is a generic parameter: `func f[T](x: T)`", NULL),
    SAYS("any", TYPE, "any type is a generic parameter: `func f[T](x: T)`", NULL),
    SAYS("object", TYPE, "any type is a generic parameter: `func f[T](x: T)`", NULL),
    SAYS("auto", TYPE, "leave the type out and it is that of the value: `let x = 1`", NULL),
    SAYS("Unit", TYPE, "a function without a result has no `->`", NULL),
    SAYS("Void", TYPE, "a function without a result has no `->`", NULL),
    NEAR("Never", TYPE, "never"),
    NEAR("noreturn", TYPE, "never"),
    SAYS("Option", TYPE, "an optional is written `?T`", NULL),
    SAYS("Optional", TYPE, "an optional is written `?T`", NULL),
    SAYS("Maybe", TYPE, "an optional is written `?T`", NULL),
    SAYS("Result", TYPE, "what may fail has the type `T ! E`, with `error E { … }`", NULL),
    SAYS("Either", TYPE, "what is one of several things is an `enum` whose variants carry them", NULL),
    SAYS("Tuple", TYPE, "there are no tuples; a struct holds several values", NULL),
    SAYS("Box", TYPE, NO_HEAP "hold a pointer `*T` to memory that somebody owns", "mem arena buddy"),
    SAYS("Rc", TYPE, NO_HEAP "hold a pointer `*T` to memory that somebody owns", "mem arena buddy"),
    SAYS("Arc", TYPE, NO_HEAP "hold a pointer `*T` to memory that somebody owns", "mem arena buddy"),
    SAYS("unique_ptr", TYPE, NO_HEAP "hold a pointer `*T` to memory that somebody owns", "mem arena buddy"),
    SAYS("shared_ptr", TYPE, NO_HEAP "hold a pointer `*T` to memory that somebody owns", "mem arena buddy"),
    SAYS("Vec", TYPE, NO_HEAP "an array `[N]T` or a slice `[]T` of it holds several values", "list array_list vec"),
    SAYS("vector", TYPE, NO_HEAP "an array `[N]T` or a slice `[]T` of it holds several values", "list array_list vec"),
    SAYS("List", TYPE, NO_HEAP "an array `[N]T` or a slice `[]T` of it holds several values", "list array_list vec"),
    SAYS("list", TYPE, NO_HEAP "an array `[N]T` or a slice `[]T` of it holds several values", "list array_list vec"),
    SAYS("Array", TYPE, "an array is written `[N]T`, a slice of one `[]T`", NULL),
    SAYS("ArrayList", TYPE, NO_HEAP "an array `[N]T` or a slice `[]T` of it holds several values",
         "list array_list vec"),
    SAYS("Slice", TYPE, "a slice is written `[]T`, or `[]const T` when it is only read", NULL),
    SAYS("HashMap", TYPE, "a map is a type like any other; no form of the language makes one", "hash_map map skiplist"),
    SAYS("Map", TYPE, "a map is a type like any other; no form of the language makes one", "hash_map map skiplist"),
    SAYS("map", TYPE, "a map is a type like any other; no form of the language makes one", "hash_map map skiplist"),
    SAYS("dict", TYPE, "a map is a type like any other; no form of the language makes one", "hash_map map skiplist"),
    SAYS("unordered_map", TYPE, "a map is a type like any other; no form of the language makes one",
         "hash_map map skiplist"),
    // ---- calls
    SAME("puts", CALL, "println"),
    SAME("echo", CALL, "println"),
    SAME("Println", CALL, "println"),
    SAYS("printf", CALL, "text is printed with `println($\"n = {n}\")`", NULL),
    SAYS("Ok", CALL, "success is the value itself: `return value`", NULL),
    SAYS("thread", ANY, "threads are started by functions, not by a form of the language", "thread"),
    SAYS("Err", CALL, "an error is returned with `fail E.Name`", NULL),
    SAYS("Error", CALL, "an error is returned with `fail E.Name`, of a set `error E { … }`", NULL),
    SAYS("len", CALL, "a length is a field: `xs.len`", NULL),
    SAYS("strlen", CALL, "a length is a field: `xs.len`", NULL),
    SAYS("sizeof", CALL, "the size of a type is `@size_of[T]()`", NULL),
    SAYS("size_of", CALL, "the size of a type is `@size_of[T]()`", NULL),
    SAYS("alignof", CALL, "the alignment of a type is `@align_of[T]()`", NULL),
    SAYS("typeof", CALL, "types are known where they are written; a generic parameter names one", NULL),
    SAYS("range", CALL, "a range is written `0..<n`, without the end, or `0..n`, with it", NULL),
    SAYS("enumerate", CALL, "a loop with an index is written `for x, i in xs do`", NULL),
    SAYS("make", CALL, NO_HEAP "memory comes from an array or an allocator", "mem arena buddy"),
    SAYS("append", CALL, NO_HEAP "memory comes from an array or an allocator", "mem arena buddy"),
    SAYS("malloc", CALL, NO_HEAP "memory comes from an array or an allocator", "mem arena buddy"),
    SAYS("calloc", CALL, NO_HEAP "memory comes from an array or an allocator", "mem arena buddy"),
    SAYS("realloc", CALL, NO_HEAP "memory comes from an array or an allocator", "mem arena buddy"),
    SAYS("free", CALL, "memory is given back to the allocator it came from", "mem arena buddy"),
    SAYS("drop", CALL, "a value is closed by `using`, or by its own `close`", NULL),
    SAYS("exit", CALL, "`main` ends the program; `-> u8` gives its exit code", NULL),
    SAYS("format", CALL, INTERPOLATED, NULL),
    SAYS("sprintf", CALL, INTERPOLATED, NULL),
    SAYS("to_string", CALL, INTERPOLATED, NULL),
    SAYS("asm", CALL, "there is no inline assembly; declare what is written in assembly with `extern func`", NULL),
    SAYS("super", CALL, "a type has no parent; call the function by its name", NULL),
    SAYS("str_equals", CALL, BYTES, NULL),
    SAYS("str_compare", CALL, BYTES, NULL),
    SAYS("str_length", CALL, BYTES, NULL),
    SAYS("str_is_empty", CALL, BYTES, NULL),
    SAYS("str_contains", CALL, BYTES, NULL),
    SAYS("str_starts_with", CALL, BYTES, NULL),
    SAYS("str_ends_with", CALL, BYTES, NULL),
    SAYS("str_index_of", CALL, BYTES, NULL),
};

// `print_int` and its kin of earlier Janus, one for each type, each ending its line.
static const KnownName PRINTS[] = {
    SAME("print_", CALL, "println"),
    SAME("println_", CALL, "println"),
    SAME("eprint_", CALL, "eprintln"),
    SAME("eprintln_", CALL, "eprintln"),
};

static bool is_printed_type(Str text) {
    static const char *const TYPES[] = {"int",   "uint",   "i8",  "i16",    "i32",   "i64",  "u8",
                                        "u16",   "u32",    "u64", "isize",  "usize", "f32",  "f64",
                                        "float", "double", "str", "string", "bool",  "char", "byte"};
    for (uint32_t i = 0; i < ARRAY_LEN(TYPES); i++)
        if (str_equal_c(text, TYPES[i])) return true;
    return false;
}

static const KnownName *find_print(Str name) {
    for (uint32_t i = 0; i < ARRAY_LEN(PRINTS); i++) {
        uint32_t len = (uint32_t)strlen(PRINTS[i].word);
        if (name.len > len && memcmp(name.ptr, PRINTS[i].word, len) == 0 &&
            is_printed_type((Str){name.ptr + len, name.len - len}))
            return &PRINTS[i];
    }
    return NULL;
}

const KnownName *known_name_find(const Name *name, uint32_t wanted) {
    const KnownName *print = wanted & CALL ? find_print(name_str(name)) : NULL;
    if (print) return print;
    for (uint32_t i = 0; i < ARRAY_LEN(KNOWN); i++)
        if (wanted & KNOWN[i].places && str_equal_c(name_str(name), KNOWN[i].word)) return &KNOWN[i];
    return NULL;
}
