// Inside the formatter. It works on significant tokens, with three kinds of knowledge about them:
//   marks   what only the tree knows: where statements begin, which `-` is a sign, which `{` holds arms (mark.c);
//   groups  brackets and `do … end`, nested, with what the author wrote in them (layout.c);
//   states  whether a group stands on one line, decided while printing, when the column is known (print.c).
//
// A newline is only ever put where the author had one or where a bracket or block makes it meaningless, and only those
// are taken away that end no statement, so the tree stays the same; format.c checks that it did.
#ifndef JANUS_SYNTAX_FORMAT_INTERNAL_H
#define JANUS_SYNTAX_FORMAT_INTERNAL_H

#include "syntax/format.h"

enum { FORMAT_INDENT = 4 };

typedef enum Mark {
    MARK_START = 1 << 0,        // begins an item, a statement, an arm or a method
    MARK_PREFIX = 1 << 1,       // no space behind it
    MARK_TIGHT = 1 << 2,        // no space before it
    MARK_OPERAND = 1 << 3,      // a `.` that begins a variant's name, a `..` that begins a pattern
    MARK_ARRAY = 1 << 4,        // `[` of an array literal
    MARK_MATCH = 1 << 5,        // `{` before arms
    MARK_METHODS = 1 << 6,      // `{` before methods
    MARK_PAREN = 1 << 7,        // `(` around one expression or type
    MARK_CHAIN = 1 << 8,        // `if` and `do` of an `else if`
    MARK_PLAIN_COMMA = 1 << 9,  // of `for x, i in`
    MARK_CHOICE_END = 1 << 10,  // `end` of a `comptime if` between fields or variants
} Mark;

typedef struct Marks {
    uint16_t *bits;             // by index in the module's TokenList
    uint32_t *anchors;          // of `do` and `{`: the token whose line the closing word lines up with; UINT32_MAX: itself
} Marks;

typedef enum GroupKind {
    GROUP_TOP,                  // the module
    GROUP_BLOCK,                // `do … end`, with all its `else`
    GROUP_ARMS,
    GROUP_METHODS,
    GROUP_LIST,                 // elements separated by `,`; one a line with a trailing comma when it is broken
    GROUP_PLAIN,                // brackets around one thing
} GroupKind;

typedef enum GroupState {
    STATE_FLAT,                 // on one line, and so is everything in it
    STATE_BROKEN,
    STATE_HUGGED,               // opens and closes in the lines of its contents
} GroupState;

typedef struct Group {
    GroupKind kind;
    uint32_t open, close;       // as Sig indices
    uint32_t last_element;      // where it begins
    uint32_t elements;
    bool forced;                // cannot stand on one line
    bool rows;                  // of atoms, several a line: `1, 2, 3,`
    bool single_comma;          // `[x,]` keeps its comma
    bool has_choice;            // one of the elements is a `comptime if`
    bool spaced;                // `{ x }`
    GroupState state;
    uint32_t base, inner, continuation;     // indentation
} Group;

typedef struct Sig {
    uint32_t token;             // index in the TokenList
    uint32_t gap;               // index of the first token, comments and dropped commas, before it
    uint32_t group;             // the group around it; of a closing token, its own
    uint32_t opens;             // index of the group it opens, or 0
    bool closes;
    bool comma;                 // a comma that separates elements follows
    bool newline;               // the author had one before it
    bool hard;                  // a line ends before it in any layout
    bool comment_hard;          // and that is because of a comment
    bool multi_line;            // a string over several lines
    uint8_t space;              // before it, on one line
    uint32_t gap_width;         // `space` and comments
    uint32_t width;
} Sig;

typedef struct Layout {
    Arena *arena;
    const ModuleTree *tree;
    uint32_t line;              // how many columns one should have at most
    Marks marks;
    VEC(Sig) sigs;              // ends in TOKEN_EOF
    VEC(Group) groups;          // [0] is the module
    // Sums over sigs[0..i): columns on one line, lines the author began, lines that must end.
    uint32_t *columns, *newlines, *hards;
} Layout;

static inline const Token *layout_token(const Layout *l, uint32_t sig) {
    return &l->tree->tokens.tokens.items[l->sigs.items[sig].token];
}
static inline uint16_t layout_marks(const Layout *l, uint32_t sig) { return l->marks.bits[l->sigs.items[sig].token]; }

bool format_is_comment(const Token *token);
bool format_is_line_comment(const ModuleTree *tree, const Token *token);
uint32_t format_count_newlines(const ModuleTree *tree, uint32_t start, uint32_t end);

void format_mark(Arena *arena, const ModuleTree *tree, Marks *out);
void format_layout(Layout *l);
// Whether the gap before sigs[i] is one that a broken group puts a newline into.
bool layout_is_separator(const Layout *l, uint32_t i);
void format_print(Layout *l, StrBuf *out);

#endif
