// Words that begin, modify or join something elsewhere and mean nothing here. They are met where the grammar has no place
// for the word, or for what follows it: then the message is about the word and what there is instead of it, and not about
// what was expected. A word that the file declares as a name is never taken for one of these.
#include "syntax/foreign/foreign.h"

enum {
    BEGINS = 1, // where a declaration, a statement or a field begins
    BEHIND = 2, // behind a complete expression, type or head of a function
    TYPE = 4, // before a type
};

typedef struct RefusedWord {
    const char *word;
    uint8_t places;
    const char *instead;
} RefusedWord;

#define THREADS                                                                                                        \
    "threads are started with `thread_spawn` of `std.thread`, and hand each other values through `std.sync.chan`"
#define C_FUNCTIONS "a function of C is declared with `extern func`, and its library linked with `--link`"
#define NO_MACROS                                                                                                      \
    "there are no macros: a generic function, or one with `comptime` parameters, is written once for many uses"
#define METHODS "methods stand in `impl Type { … }`, beside the declaration of the type"
#define NO_INHERITANCE                                                                                                 \
    "a type has no parent; what types have in common is a `trait`, implemented with `impl Trait for Type`"
#define CHECKS "what must hold is checked with `assert`"
#define ERRORS "an error is returned with `fail`, passed on with `?` and handled with `catch |e| do … end`"
#define LATER "what is done at the end of a block stands behind `defer`, or in `close` of what `using` binds"
#define OWNERSHIP                                                                                                      \
    "values are passed as they are; a pointer is `*T`, or `*const T` when it only reads; a type that is not copied "   \
    "is declared `unique`"
#define SHARED "what threads share goes through `std.sync`; a module's variable is the same for all of them"
#define GENERIC "traits are resolved at compile time: take any type that has the trait, `func f[T: Trait](x: *const T)`"
#define SIZED "an integer says its size and sign: `i32`, `u32`"
#define NOT_WITH "negate the condition with `not`: `when not …` behind a call or a jump, `if not … do` before a block"
#define JUMPS                                                                                                          \
    "loops are left with `break` and `continue`, with the name of an outer one behind it, and functions with `return`"
#define MATCHES "cases are told apart with `match x { pattern => value, else => value }`"

static const RefusedWord WORDS[] = {
    // ---- threads
    {"nursery", BEGINS, THREADS},
    {"spawn", BEGINS, THREADS},
    {"select", BEGINS, "`chan_select` of `std.sync.chan` waits for one of several channels"},
    {"actor", BEGINS, THREADS},
    {"agent", BEGINS, THREADS},
    {"genserver", BEGINS, THREADS},
    {"process", BEGINS, THREADS},
    {"receive", BEGINS, THREADS},
    {"parallel", BEGINS, THREADS},
    {"async", BEGINS | BEHIND, THREADS},
    {"await", BEGINS | BEHIND, "a call returns when the work is done"},
    {"suspend", BEGINS, THREADS},
    {"resume", BEGINS, THREADS},
    {"nosuspend", BEGINS, THREADS},
    {"yield", BEGINS,
     "a loop over values that are made one by one is a `while` around the function that makes the next"},
    {"supervisor", BEGINS, "who starts a thread waits for it, and may start it again"},
    {"message", BEGINS, "what is sent is an `enum` whose variants carry the values"},
    {"timeout", BEGINS, "what waits takes its limit as an argument"},
    {"shared", BEGINS, SHARED},
    {"threadlocal", BEGINS, "what belongs to one thread is passed to it"},
    {"thread_local", BEGINS, "what belongs to one thread is passed to it"},
    {"synchronized", BEGINS, SHARED},
    {"atomic", BEGINS, SHARED},
    {"static", BEGINS, "a variable that outlives its function is a `var` between the functions"},
    {"lock", BEGINS, "a lock is held with `using` and what its `lock` answers"},
    {"free", BEGINS, "memory is given back to the allocator it came from"},
    {"typename", BEGINS, "generic parameters stand in brackets behind the name: `func f[T](x: T)`"},
    // ---- declarations
    {"graft", BEGINS, C_FUNCTIONS},
    {"foreign", BEGINS, C_FUNCTIONS},
    {"import", BEGINS, "modules are named at the beginning of the file, with `use`"},
    {"macro", BEGINS, NO_MACROS},
    {"macro_rules", BEGINS, NO_MACROS},
    {"template", BEGINS, "generic parameters stand in brackets behind the name: `func f[T](x: T)`"},
    {"extension", BEGINS, METHODS},
    {"extend", BEGINS, METHODS},
    {"mixin", BEGINS, NO_INHERITANCE},
    {"object", BEGINS, "a module has functions and variables of its own, and is there once"},
    {"namespace", BEGINS, "a file is a module, named after its path"},
    {"module", BEGINS, "a file is a module, named after its path"},
    {"package", BEGINS, "a file is a module, named after its path"},
    {"operator", BEGINS,
     "operators have one meaning; write a method. `==` and the orderings of a type come from its traits"},
    {"constructor", BEGINS, "a value is written `Type { field: … }`; a function may answer one"},
    {"destructor", BEGINS, LATER},
    {"property", BEGINS, "a field is read as it is; what is computed is a method"},
    {"delegate", BEGINS, "the type of a function is written `func(A) -> B`"},
    {"signal", BEGINS, THREADS},
    {"event", BEGINS, THREADS},
    {"effect", BEGINS | BEHIND, "what a function may do is limited by its module's profile"},
    {"effects", BEGINS | BEHIND, "what a function may do is limited by its module's profile"},
    {"requires", BEGINS | BEHIND, CHECKS},
    {"ensures", BEGINS | BEHIND, CHECKS},
    {"invariant", BEGINS | BEHIND, CHECKS},
    {"precondition", BEGINS | BEHIND, CHECKS},
    {"ghost", BEGINS, CHECKS},
    {"lemma", BEGINS, CHECKS},
    {"global", BEGINS, "a module's variable is declared with `var` between its functions, and assigned to by its name"},
    {"nonlocal", BEGINS, "a variable of an outer block is assigned to by its name"},
    {"val", BEGINS, "a variable is declared with `let`, a module's constant with `const`"},
    {"final", BEGINS, "a variable is declared with `let`, a module's constant with `const`"},
    {"mut", BEGINS | BEHIND, "a variable that changes is declared with `var`"},
    {"abstract", BEGINS, NO_INHERITANCE},
    {"sealed", BEGINS, "what is one of several things is an `enum` whose variants carry them"},
    {"data", BEGINS, "data is declared with `struct`"},
    {"virtual", BEGINS, NO_INHERITANCE},
    {"override", BEGINS | BEHIND, NO_INHERITANCE},
    {"extends", BEHIND, NO_INHERITANCE},
    {"implements", BEHIND, "a trait is implemented with `impl Trait for Type`"},
    {"derive", BEGINS, "a trait is implemented with `impl Trait for Type`"},
    {"deriving", BEGINS | BEHIND, "a trait is implemented with `impl Trait for Type`"},
    {"friend", BEGINS, "what other modules may use is marked with `pub`"},
    {"protected", BEGINS, "what other modules may use is marked with `pub`"},
    {"internal", BEGINS, "what other modules may use is marked with `pub`"},
    {"unsafe", BEGINS, "nothing marks it: what is not checked has a name that says so"},
    {"constexpr", BEGINS, "what is known when the program is compiled is a `const`, or stands behind `comptime`"},
    {"consteval", BEGINS, "what is known when the program is compiled is a `const`, or stands behind `comptime`"},
    {"noinline", BEGINS, "the compiler decides what to inline"},
    {"volatile", BEGINS,
     "memory that a device or another thread changes is read with the operations of `std.sync.atomics`"},
    {"register", BEGINS, "the compiler decides what is kept in registers"},
    {"goto", BEGINS, JUMPS},
    {"throws", BEHIND, "what may fail says so in its result: `-> T ! E`"},
    {"raises", BEHIND, "what may fail says so in its result: `-> T ! E`"},
    {"rethrows", BEHIND, "what may fail says so in its result: `-> T ! E`"},
    {"noexcept", BEHIND, "what may fail says so in its result: `-> T ! E`"},
    {"where", BEHIND, "what a generic type must have stands with its name: `func f[T: Trait](x: T)`"},
    // ---- statements
    {"unless", BEGINS | BEHIND, NOT_WITH},
    {"until", BEGINS | BEHIND,
     "a range without its end is written `a..<b`; the condition of a `while` is negated with `not`"},
    {"guard", BEGINS, "leave early with `return … when not condition`, or `if let … do`"},
    {"with", BEGINS | BEHIND, "what is closed at the end of a block is bound with `using x = … do`"},
    {"try", BEGINS, ERRORS},
    {"except", BEGINS, ERRORS},
    {"rescue", BEGINS | BEHIND, ERRORS},
    {"throw", BEGINS, ERRORS},
    {"raise", BEGINS, ERRORS},
    {"recover", BEGINS, ERRORS},
    {"finally", BEGINS, LATER},
    {"ensure", BEGINS, LATER},
    {"switch", BEGINS, MATCHES},
    {"case", BEGINS, MATCHES},
    {"cond", BEGINS, "a chain of conditions is written `if … do … else if … do … else … end`"},
    {"default", BEGINS, "the arm for everything else is `else =>`"},
    {"fallthrough", BEGINS, "an arm ends where the next begins; several patterns of one arm are joined with `|`"},
    {"repeat", BEGINS, "a loop is written `while condition do … end`, or `for i in 0..<n do … end`"},
    {"forever", BEGINS, "a loop without end is `while true do … end`"},
    {"loop", BEGINS, "a loop without end is `while true do … end`"},
    {"begin", BEGINS, "a block is written `do … end`"},
    {"inline", BEGINS, "the compiler decides what to inline, and which loops to unroll"},
    {"del", BEGINS, "memory is given back to the allocator it came from"},
    {"delete", BEGINS, "memory is given back to the allocator it came from"},
    {"new", BEGINS, "a value is written `Type { field: … }`, and memory comes from an allocator"},
    {"asm", BEGINS, "what is written in assembly is declared with `extern func`"},
    {"__asm__", BEGINS, "what is written in assembly is declared with `extern func`"},
    {"pass", BEGINS, "an empty body is `do end`"},
    {"zig", BEGINS, C_FUNCTIONS},
    {"crate", BEGINS, "a module is named by its whole path: `use a.b`"},
    {"usingnamespace", BEGINS, "names of a module are bound with `use a.b.{x, y}`"},
    {"packed", BEGINS, "the fields of an `extern struct` lie as C lays them"},
    {"opaque", BEGINS, "what only a library knows the inside of is held by pointer, `*u8`"},
    {"capability", BEGINS, "what a function may do is limited by its module's profile, and by what is passed to it"},
    {"lazy", BEGINS, "a value is computed where it stands, and a module's constant when the program is compiled"},
    {"lateinit", BEGINS, "a variable that is set later is `undefined` until then, or an optional"},
    {"pure", BEGINS | BEHIND, "what a function may do is limited by its module's profile"},
    {"uses", BEHIND, "what a function may do is limited by its module's profile, and by what is passed to it"},
    {"needs", BEHIND, "what a function may do is limited by its module's profile, and by what is passed to it"},
    {"move", BEGINS, "a value that is not copied is handed on where it is named; nothing marks it"},
    {"tensor", BEGINS, "an array is written `[N]T`"},
    {"typeof", BEGINS | BEHIND, "a generic parameter names a type"},
    {"lambda", BEGINS | BEHIND,
     "functions without a name are not supported; declare one with `func` and give its name"},
    // ---- behind an expression
    {"instanceof", BEHIND, MATCHES},
    {"isa", BEHIND, MATCHES},
    {"implies", BEHIND, "write `not a or b`"},
    {"otherwise", BEHIND, "write `else`"},
    {"step", BEHIND, "a range counts by one; a loop with other steps is a `while`"},
    {"by", BEHIND, "a range counts by one; a loop with other steps is a `while`"},
    {"downTo", BEHIND, "a range counts up; a loop that counts down is a `while`"},
    {"downto", BEHIND, "a range counts up; a loop that counts down is a `while`"},
};

// Before a type, or the one it stands for.
static const RefusedWord TYPE_WORDS[] = {
    {"dyn", TYPE, GENERIC},
    {"impl", TYPE, GENERIC},
    {"any", TYPE, GENERIC},
    {"some", TYPE, GENERIC},
    {"view", TYPE, OWNERSHIP},
    {"ref", TYPE, OWNERSHIP},
    {"mut", TYPE, OWNERSHIP},
    {"inout", TYPE, OWNERSHIP},
    {"out", TYPE, OWNERSHIP},
    {"own", TYPE, OWNERSHIP},
    {"owned", TYPE, OWNERSHIP},
    {"borrow", TYPE, OWNERSHIP},
    {"borrowed", TYPE, OWNERSHIP},
    {"box", TYPE, OWNERSHIP},
    {"move", TYPE, OWNERSHIP},
    {"sink", TYPE, OWNERSHIP},
    {"lent", TYPE, OWNERSHIP},
    {"iso", TYPE, OWNERSHIP},
    {"linear", TYPE, OWNERSHIP},
    {"affine", TYPE, OWNERSHIP},
    {"restrict", TYPE, OWNERSHIP},
    {"readonly", TYPE, OWNERSHIP},
    {"immutable", TYPE, OWNERSHIP},
    {"shared", TYPE, SHARED},
    {"atomic", TYPE, SHARED},
    {"volatile", TYPE, SHARED},
    {"chan", TYPE, FOREIGN_CHANNEL},
    {"unsigned", TYPE, SIZED},
    {"signed", TYPE, SIZED},
    {"long", TYPE, SIZED},
    {"short", TYPE, SIZED},
    {"typename", TYPE, "generic parameters stand in brackets behind the name: `func f[T](x: T)`"},
    {"map", TYPE, FOREIGN_NO_MAP},
    {"lazy", TYPE, "a value is computed where it stands"},
};

// Behind a word that declares one, or before the colon of a field or parameter.
bool foreign_is_declared(const Parser *p, Str word) {
    for (uint32_t i = 0; i + 1 < p->s.len; i++) {
        const SigToken *t = &p->s.items[i];
        if (t->kind != TOKEN_IDENT || !str_equal(parser_text(p, t), word)) continue;
        if (p->s.items[i + 1].kind == TOKEN_COLON || p->s.items[i + 1].kind == TOKEN_COLON_ASSIGN) return true;
        switch (i > 0 ? p->s.items[i - 1].kind : TOKEN_EOF) {
        case TOKEN_LET:
        case TOKEN_VAR:
        case TOKEN_CONST:
        case TOKEN_FUNC:
        case TOKEN_STRUCT:
        case TOKEN_ENUM:
        case TOKEN_TRAIT:
        case TOKEN_TYPE:
        case TOKEN_ERROR_KW:
        case TOKEN_FOR:
        case TOKEN_USING:
        case TOKEN_USE:
        case TOKEN_AS:
        case TOKEN_PIPE: return true;
        default: break;
        }
    }
    return false;
}

static const RefusedWord *find_in(const RefusedWord *words, uint32_t count, Str text, uint32_t place) {
    for (uint32_t i = 0; i < count; i++)
        if (words[i].places & place && str_equal_c(text, words[i].word)) return &words[i];
    return NULL;
}

static const RefusedWord *find_word(const Parser *p, const SigToken *token, uint32_t place) {
    return token->kind == TOKEN_IDENT ? find_in(WORDS, ARRAY_LEN(WORDS), parser_text(p, token), place) : NULL;
}

const char *foreign_instead(Str word) {
    const RefusedWord *found = find_in(WORDS, ARRAY_LEN(WORDS), word, BEGINS);
    return found ? found->instead : NULL;
}

bool foreign_at_header_word(const Parser *p) {
    return parser_is_word(p, parser_token(p), "then") || find_word(p, parser_token(p), BEHIND);
}

static bool ends_value(const SigToken *token) {
    return token->kind == TOKEN_IDENT || token->kind == TOKEN_INT || token->kind == TOKEN_CHAR ||
           token->kind == TOKEN_STRING || token->kind == TOKEN_RPAREN || token->kind == TOKEN_RBRACKET;
}

// Signs and keywords of ours in places where others have them, too.
static const char *sign_instead(const Parser *p) {
    const SigToken *token = parser_token(p);
    bool first = p->s.pos == p->element_start, behind = !first && !token->newline && ends_value(parser_previous(p));
    switch (token->kind) {
    case TOKEN_INTRINSIC: return first ? "an attribute is written `{.name.}` before a declaration" : NULL;
    case TOKEN_IN:
        return behind ? "a slice is searched in a loop, and a range compared with at both of its ends" : NULL;
    case TOKEN_FOR: return behind ? "values are put together in a loop, `for x in xs do … end`" : NULL;
    case TOKEN_IF: return behind ? "a condition behind a call or a jump is written `when`" : NULL;
    case TOKEN_TYPE:
        return parser_previous(p)->kind == TOKEN_COLON ? "any type is a generic parameter: `func f[T](x: T)`" : NULL;
    case TOKEN_BANG: return behind ? "what an optional holds is `x.?`, and an error is passed on with `?`" : NULL;
    default: return NULL;
    }
}

static Diag *refuse_word(Parser *p, const SigToken *token, const char *instead) {
    return parser_soft(p, DIAG_E0016, parser_span(p, token), "there is no `" STR_FMT "` here; %s",
                       STR_ARG(parser_text(p, token)), instead);
}

// The word before the current token, when it stands where a value or a statement begins.
static const RefusedWord *find_before(const Parser *p) {
    if (p->s.pos == 0 || parser_token(p)->newline) return NULL;
    bool member = p->s.pos > 1 && p->s.items[p->s.pos - 2].kind == TOKEN_DOT;
    return member ? NULL : find_word(p, parser_previous(p), BEGINS);
}

Diag *foreign_refused(Parser *p) {
    const SigToken *token = parser_token(p);
    bool first = p->s.pos == p->element_start;
    const RefusedWord *word = first ? NULL : find_before(p);
    if (word)
        token = parser_previous(p);
    else if (first || !token->newline)
        word = find_word(p, token, first ? BEGINS : BEHIND);
    if (word) return foreign_is_declared(p, parser_text(p, token)) ? NULL : refuse_word(p, token, word->instead);
    const char *instead = sign_instead(p);
    return instead ? refuse_word(p, token, instead) : NULL;
}

bool foreign_type_word(Parser *p) {
    if (p->panic) return false;
    const SigToken *token = parser_token(p), *next = parser_peek(p, 1);
    // What follows is looked at first: that costs no comparison of texts, and every type of a program comes through here.
    bool before_type = token->kind == TOKEN_IDENT && !next->newline &&
                       (next->kind == TOKEN_IDENT || next->kind == TOKEN_STAR) &&
                       parser_peek(p, 2)->kind != TOKEN_COLON;
    const RefusedWord *word =
        before_type ? find_in(TYPE_WORDS, ARRAY_LEN(TYPE_WORDS), parser_text(p, token), TYPE) : NULL;
    if (word && !find_word(p, next, BEHIND)) {
        refuse_word(p, token, word->instead);
    } else if (next->kind == TOKEN_LBRACE && parser_is_word(p, token, "interface")) {
        refuse_word(p, token, GENERIC);
    } else if (parser_at(p, TOKEN_DOT_DOT)) {
        parser_soft(p, DIAG_E0016, parser_here(p), FOREIGN_NO_VARIADIC);
    } else {
        return false;
    }
    p->panic = true;
    return true;
}
