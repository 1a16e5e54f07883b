// Spellings that programmers bring from C, Go, Python, Rust and Zig. Each is read as what it stands for there, so that
// nothing after it is disturbed; the message names the Janus form, with the edits that write it when they are certain.
// Invariant: none is looked for in a module that has no mistake without them (`Parser.plain`).
#ifndef JANUS_SYNTAX_FOREIGN_FOREIGN_H
#define JANUS_SYNTAX_FOREIGN_FOREIGN_H

#include "syntax/parser.h"

#define FOREIGN_NO_LAMBDA                                                                                              \
    "functions without a name are not supported; declare one with `func` and give its name"

#define FOREIGN_NO_VARIADIC "the number of parameters is fixed; take a slice, `[]const T`, for many"
#define FOREIGN_NO_MAP "no form of the language makes a map; `std.collections.skiplist` keeps keys and values"
#define FOREIGN_CHANNEL "a channel is a `Chan[T]` of `std.sync.chan`"
#define FOREIGN_NO_TUPLE "there are no tuples; a struct holds several values"
#define FOREIGN_ONE_RESULT "a function has one result, behind `->`; a struct holds several values"
#define FOREIGN_NO_TERNARY "there is no `? :`; a choice between values is `if condition do a else b end`"

// ---- foreign.c: shared
void foreign_remove_tokens(Parser *p, uint32_t at, uint32_t count);
// At `::` before a name: reported, and the current token is a `.` afterwards.
bool foreign_path_separator(Parser *p);
bool foreign_path_root(Parser *p);                  // `::` before the first name of a path, through it

// ---- foreign.c: expressions
bool foreign_arrow(Parser *p);                      // `p->x`: the current token is a `.` afterwards
bool foreign_turbofish(Parser *p, NodeList *args);  // `f::<T>`, through `>`
bool foreign_step(Parser *p, const Node *base);     // `n++`, `n--`, through it
bool foreign_prefix_plus(Parser *p);                // `+n`, `++n`, through the signs
bool foreign_ternary(Parser *p);                    // at `?`; panics
bool foreign_macro_mark(Parser *p, const Node *base); // `name!(`, through `!`
bool foreign_bare_point(Parser *p, const Node *whole); // `1.` or, without `whole`, `.5`: behind the point, through the number
void foreign_range_mark(Parser *p);                 // what follows `..`: `=` or `.`
void foreign_argument_name(Parser *p, uint32_t *named); // `name:` or `name =` before an argument, through it; the list's first is reported
void foreign_spread(Parser *p);                     // `...` before an argument or element, through it
void foreign_argument_end(Parser *p);               // `=>` behind an argument; panics
void foreign_assigned_condition(Parser *p);         // at `=` behind a value in parentheses; panics
void foreign_tuple(Parser *p, uint32_t open);       // at `,` behind the first value in parentheses; panics
bool foreign_string_prefix(Parser *p);              // `f"…"`, through the prefix
bool foreign_word_value(Parser *p);                 // `new`, `await`, `go`, `spawn`: through the word
bool foreign_cast(Parser *p, const Node *paren);    // behind `(i32)`
bool foreign_lambda(Parser *p);                     // `|x| …`; panics
bool foreign_typed_array(Parser *p, const Node *type); // `[]T{1, 2}`, through it
void foreign_map_entry(Parser *p);                  // at `:` behind an element; panics
bool foreign_array_braces(Parser *p);               // `{1, 2}`; panics behind it
void foreign_reference_mut(Parser *p);              // `mut` behind `&`

// ---- foreign.c: if and loops
bool foreign_at_elif(const Parser *p);
void foreign_report_elif(Parser *p);                // the current token is `if` afterwards
void foreign_elif_behind_brace(Parser *p);          // `} elif` becomes `} else if`
bool foreign_else_mark(Parser *p);                  // `else:`, through the colon
bool foreign_loop_without_condition(Parser *p, const char *word);
// At the token behind `for`: false when the head has been given up; `*is_while` when it is a `while`.
bool foreign_for(Parser *p, bool *is_while);

// ---- else.c
bool foreign_else_do(Parser *p);                    // behind `else`, at a `do` that shares the `end` of its `if`: through it
Diag *foreign_report_else_do(Parser *p);            // at such a `do`

// ---- words.c
// Where something was expected: the report that a word of another language stands here, or before. NULL when none does.
Diag *foreign_refused(Parser *p);
bool foreign_is_declared(const Parser *p, Str word); // as a name of the file's own
bool foreign_at_header_word(const Parser *p);       // a word that says more about a function, behind its parameters or result
bool foreign_type_word(Parser *p);                  // `dyn T`, `view T`, `...`; panics

// ---- operator.c
bool foreign_pair(const Parser *p, TokenKind first, TokenKind second); // the two signs at the current token, side by side
Span foreign_two(const Parser *p);                  // the current token and the next
void foreign_merge(Parser *p, TokenKind kind);      // makes them one
void foreign_operator(Parser *p);                   // words and signs that are operators elsewhere become ours
bool foreign_receive(Parser *p);                    // `<-c`, through the sign
void foreign_send(Parser *p, const Node *statement); // `c <- v`, which has been read as a comparison
void foreign_postfix_condition(Parser *p);          // `if` or `unless` behind a call or a jump becomes `when`
bool foreign_conditional(Parser *p, const Node *value); // `a if c else b`, behind `a`, through `b`

// ---- construct.c: a word with the blocks and clauses that belong to it; reported, and passed over whole
void foreign_begin(Parser *p);                      // once, before the others
Node *foreign_construct_statement(Parser *p);        // what stands for it, or NULL
Node *foreign_construct_value(Parser *p);            // the same
bool foreign_construct_item(Parser *p);
bool foreign_type_behind_brackets(const Parser *p); // at a name before brackets: `map[K]V`
bool foreign_lambda_ahead(const Parser *p);         // a function without a name begins here
bool foreign_ends_line_in_braces(const Parser *p);  // at `{`: its `}` is the last of a line
bool foreign_labelled_block(Parser *p);             // at `:` behind a value: `name: { … }`, through it
bool foreign_let_else(Parser *p);                   // at `else` behind the value of a `let`
bool foreign_skip_else(Parser *p);                  // the same, when it belongs to what has been reported

// ---- stmt.c
// True when `*out` is the whole statement; otherwise parsing goes on at the current token.
bool foreign_statement(Parser *p, Node **out);
bool foreign_double_dash(Parser *p);                // `-- text`, a comment elsewhere, through its line
bool foreign_statement_end(Parser *p, const Node *statement); // where the line should be over; panics

// ---- decl.c: types and declarations
bool foreign_dotted_field(Parser *p);               // `.x = 1` in a literal, through the dot; the `=` is then reported with it
void foreign_field_equals(Parser *p);               // at `=` where `:` is meant
Node *foreign_reference_type(Parser *p);            // at `&`
Node *foreign_type_suffix(Parser *p, Node *type);   // `T?`, `T*`, `T[]`
bool foreign_array_type(Parser *p, uint32_t open, Node *type); // `[T; N]`, `[K: V]`
bool foreign_type_signs(Parser *p);                 // `map[K]V`, `chan<- T`, `<-chan T`; panics
bool foreign_many_pointer(Parser *p);               // `[*]T`, `[*c]T`, `[:0]T` behind `[`, through `]`
void foreign_variant_word(Parser *p);               // `case x` in an enum, through the word
bool foreign_item_word(Parser *p);                  // words before or instead of a keyword become the keyword
bool foreign_attribute_ahead(const Parser *p);      // where an array may stand as well
bool foreign_attribute(Parser *p);                  // `[[nodiscard]]`, through all of them
bool foreign_named_type(Parser *p);                 // `const P = struct`, `type P struct`
bool foreign_module_word(Parser *p);                // through the line
bool foreign_modifier_suffix(Parser *p);            // behind `extern` or `pub`, through the suffix
bool foreign_c_declaration(Parser *p);              // `int main(`, `int x = 1`; panics
bool foreign_self_param(Parser *p, Node *param);    // `self`, `&self`, `&mut self`
void foreign_param_mut(Parser *p);
bool foreign_variadic_param(Parser *p);             // `...xs`, `xs...`, `*xs`; panics
Node *foreign_function_type(Parser *p, Node *type); // `(A) -> B`, behind `(A)`
// `int x` or `x int` where `x: int` is meant, through the first name; false otherwise.
bool foreign_typed_name(Parser *p, const Name **name, Span *span);
bool foreign_result(Parser *p);                     // a result type without `->`
void foreign_results(Parser *p);                    // at `,` behind a result type; panics
TokenKind foreign_open_list(Parser *p, Diag **diag); // `do` for `{`; answers what closes the list
bool foreign_close_list(Parser *p, TokenKind close, Diag *diag);
bool foreign_at_item_end(const Parser *p);          // an `end` where an item's `}` is due
void foreign_close_item(Parser *p, TokenKind close, Diag *diag, uint32_t open, const char *what);
void foreign_use_path(Parser *p);                   // behind `use`; panics at what is no path here
bool foreign_use_separator(Parser *p);              // `/` or `::` in the path of a `use`, through it
bool foreign_impl_colon(Parser *p, Node *impl);     // `impl Type : Trait`
bool foreign_parent(Parser *p);                     // `struct A : B`, `class A extends B`

#endif
