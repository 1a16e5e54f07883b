// Before anything is printed: the significant tokens with the space between them on one line, the groups they form,
// and which of those cannot stand on one line. Sums over the tokens make every later question about a range cheap.
#include "syntax/format/internal.h"

bool format_is_comment(const Token *token) {
    return token->kind == TOKEN_COMMENT || token->kind == TOKEN_DOC || token->kind == TOKEN_MODULE_DOC;
}

bool format_is_line_comment(const ModuleTree *tree, const Token *token) {
    return token->kind != TOKEN_COMMENT || tree->source->text.ptr[token->start + 1] == '/';
}

uint32_t format_count_newlines(const ModuleTree *tree, uint32_t start, uint32_t end) {
    uint32_t count = 0;
    for (uint32_t i = start; i < end; i++) count += tree->source->text.ptr[i] == '\n';
    return count;
}

// In code points, up to the first newline.
static uint32_t text_width(const Layout *l, const Token *token) {
    uint32_t width = 0;
    for (uint32_t i = token->start; i < token->end && l->tree->source->text.ptr[i] != '\n'; i++)
        width += ((unsigned char)l->tree->source->text.ptr[i] & 0xC0) != 0x80;
    return width;
}

static TokenKind kind_of(const Layout *l, uint32_t sig) { return (TokenKind)layout_token(l, sig)->kind; }

static bool is_keyword(TokenKind kind) { return kind >= TOKEN_AND && kind <= TOKEN_WHILE; }

// Whether a `(` or `[` right behind it belongs to it.
static bool ends_operand(const Layout *l, uint32_t sig) {
    TokenKind kind = kind_of(l, sig);
    if (sig > 0 && is_keyword(kind)) {
        TokenKind before = kind_of(l, sig - 1);
        if (before == TOKEN_DOT || before == TOKEN_QUESTION_DOT) return true;
    }
    switch (kind) {
    case TOKEN_IDENT:
    case TOKEN_INT:
    case TOKEN_FLOAT:
    case TOKEN_CHAR:
    case TOKEN_STRING:
    case TOKEN_STRING_BLOCK:
    case TOKEN_INTERP:
    case TOKEN_INTRINSIC:
    case TOKEN_RPAREN:
    case TOKEN_RBRACKET:
    case TOKEN_RBRACE:
    case TOKEN_END:
    case TOKEN_SELF:
    case TOKEN_SELF_TYPE:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_NULL_KW:
    case TOKEN_UNDEFINED:
    case TOKEN_DOT_STAR:
    case TOKEN_DOT_QUESTION: return true;
    case TOKEN_QUESTION: return !(layout_marks(l, sig) & MARK_PREFIX);
    default: return false;
    }
}

// ---- Groups ------------------------------------------------------------------------------------

static bool opens_bracket(TokenKind kind) {
    return kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET || kind == TOKEN_LBRACE || kind == TOKEN_LATTR;
}

static bool closes_bracket(TokenKind kind) {
    return kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET || kind == TOKEN_RBRACE || kind == TOKEN_RATTR;
}

static GroupKind kind_of_group(const Layout *l, uint32_t sig) {
    uint16_t marks = layout_marks(l, sig);
    bool follows = sig > 0 && !(marks & (MARK_START | MARK_PAREN | MARK_ARRAY)) && !l->sigs.items[sig - 1].comma &&
                   (ends_operand(l, sig - 1) || kind_of(l, sig - 1) == TOKEN_FUNC || kind_of(l, sig - 1) == TOKEN_IMPL);
    switch (kind_of(l, sig)) {
    case TOKEN_LPAREN: return follows ? GROUP_LIST : GROUP_PLAIN;
    case TOKEN_LBRACKET: return follows || marks & MARK_ARRAY ? GROUP_LIST : GROUP_PLAIN;
    case TOKEN_LBRACE: return marks & MARK_MATCH ? GROUP_ARMS : marks & MARK_METHODS ? GROUP_METHODS : GROUP_LIST;
    case TOKEN_LATTR: return GROUP_PLAIN;
    default: return GROUP_BLOCK;
    }
}

// A bracket with one index or argument in it is not a list, and elements of up to two tokens may share lines.
static void finish_group(Layout *l, Group *g) {
    TokenKind open = kind_of(l, g->open);
    bool array = layout_marks(l, g->open) & MARK_ARRAY;
    if (open == TOKEN_LBRACKET && !array && g->elements <= 1 && !l->sigs.items[g->close - 1].comma)
        g->kind = GROUP_PLAIN;
    g->single_comma = array && g->elements == 1 && l->sigs.items[g->close - 1].comma;
    if (!g->single_comma) l->sigs.items[g->close - 1].comma = false;
    g->rows = g->kind == GROUP_LIST && (array || open == TOKEN_LBRACE) && g->elements > 0;
    for (uint32_t i = g->open + 1, length = 0; g->rows && i < g->close; i++) {
        const Sig *sig = &l->sigs.items[i];
        length = sig->comma ? 0 : length + 1;
        g->rows = !sig->opens && !sig->closes && length < (sig->comma || i + 1 == g->close ? 3u : 2u);
    }
}

static void add_element(Group *g, uint32_t sig) {
    g->elements++;
    g->last_element = sig;
}

typedef VEC(uint32_t) Stack;

static void open_group(Layout *l, Stack *stack, uint32_t sig) {
    Group group = {.kind = kind_of_group(l, sig), .open = sig};
    group.spaced = group.kind == GROUP_BLOCK ||
                   (kind_of(l, sig) == TOKEN_LBRACE && !(sig > 0 && kind_of(l, sig - 1) == TOKEN_DOT));
    l->sigs.items[sig].opens = l->groups.len;
    VEC_PUSH(l->arena, stack, l->groups.len);
    VEC_PUSH(l->arena, &l->groups, group);
}

// Commas between elements are taken out of the stream: they are written where the layout wants them.
static bool is_separator_comma(const Layout *l, const Stack *stack, uint32_t token) {
    if (l->tree->tokens.tokens.items[token].kind != TOKEN_COMMA || l->marks.bits[token] & MARK_PLAIN_COMMA)
        return false;
    return stack->len > 1 && l->groups.items[VEC_LAST(stack)].kind != GROUP_BLOCK;
}

static void collect(Layout *l) {
    Stack stack = {0};
    VEC_PUSH(l->arena, &stack, 0);
    VEC_PUSH(l->arena, &l->groups, ((Group){.kind = GROUP_TOP, .state = STATE_BROKEN, .continuation = FORMAT_INDENT}));
    uint32_t gap = 0;
    bool newline = false;
    for (uint32_t i = 0; i < l->tree->tokens.tokens.len; i++) {
        const Token *t = &l->tree->tokens.tokens.items[i];
        newline |= t->newline_before;
        if (format_is_comment(t)) continue;
        if (is_separator_comma(l, &stack, i)) {
            if (l->sigs.len) VEC_LAST(&l->sigs).comma = true;
            continue;
        }
        uint32_t sig = l->sigs.len;
        VEC_PUSH(l->arena, &l->sigs, ((Sig){.token = i, .gap = gap, .newline = newline}));
        gap = i + 1;
        newline = false;
        Sig *s = &l->sigs.items[sig];
        s->group = VEC_LAST(&stack);
        Group *g = &l->groups.items[s->group];
        bool closes = stack.len > 1 && (closes_bracket((TokenKind)t->kind) || t->kind == TOKEN_END) &&
                      !(sig > 0 && is_keyword((TokenKind)t->kind) && kind_of(l, sig - 1) == TOKEN_DOT);
        if (closes) {
            s->closes = true;
            g->close = sig;
            (void)VEC_POP(&stack);
            finish_group(l, g);
            Group *outer = &l->groups.items[VEC_LAST(&stack)];
            if (l->marks.bits[i] & MARK_CHOICE_END && outer->kind == GROUP_LIST) s->comma = outer->has_choice = true;
            continue;
        }
        if (g->open + 1 == sig || l->sigs.items[sig - (sig > 0)].comma || l->marks.bits[i] & MARK_START)
            add_element(g, sig);
        bool member = sig > 0 && (kind_of(l, sig - 1) == TOKEN_DOT || kind_of(l, sig - 1) == TOKEN_QUESTION_DOT);
        bool opens_block = t->kind == TOKEN_DO && !member && !(l->marks.bits[i] & MARK_CHAIN);
        if (opens_bracket((TokenKind)t->kind) || opens_block) open_group(l, &stack, sig);
    }
    l->groups.items[0].close = l->sigs.len - 1;
}

// ---- The space before a token on one line ------------------------------------------------------

static bool has_blank_before(const Layout *l, uint32_t sig) {
    return layout_token(l, sig)->start > layout_token(l, sig - 1)->end;
}

// Marks that would read as another one when written together: `x? .y`, `? ?T`, `& &x`, `1 .y`.
static bool would_merge(const Layout *l, uint32_t sig) {
    TokenKind before = kind_of(l, sig - 1), kind = kind_of(l, sig);
    switch (before) {
    case TOKEN_QUESTION:
        return kind == TOKEN_DOT || kind == TOKEN_QUESTION || kind == TOKEN_QUESTION_DOT ||
               kind == TOKEN_QUESTION_QUESTION;
    case TOKEN_QUESTION_QUESTION: return kind == TOKEN_DOT;
    case TOKEN_AMP: return kind == TOKEN_AMP;
    case TOKEN_MINUS: return kind == TOKEN_MINUS;
    case TOKEN_INT:
    case TOKEN_FLOAT: return kind == TOKEN_DOT && has_blank_before(l, sig);
    default: return false;
    }
}

static uint8_t space_before_bracket(const Layout *l, uint32_t sig) {
    TokenKind before = kind_of(l, sig - 1), kind = kind_of(l, sig);
    if (layout_marks(l, sig) & (MARK_START | MARK_PAREN | MARK_ARRAY)) return 1;
    if (before == TOKEN_FUNC && kind == TOKEN_LPAREN) return 0;
    if (before == TOKEN_IMPL && kind == TOKEN_LBRACKET) return 0;
    return !ends_operand(l, sig - 1);
}

static uint8_t space_of(const Layout *l, uint32_t sig) {
    const Sig *s = &l->sigs.items[sig], *p = s - 1;
    const Group *g = &l->groups.items[s->group];
    TokenKind kind = kind_of(l, sig), before = kind_of(l, sig - 1);
    if (s->closes) return p->opens && p->opens == s->group && g->kind != GROUP_BLOCK ? 0 : g->spaced;
    if (p->comma) return 1;
    if (p->opens) return l->groups.items[p->opens].spaced;
    if (would_merge(l, sig)) return 1;
    if (layout_marks(l, sig - 1) & MARK_PREFIX || layout_marks(l, sig) & MARK_TIGHT) return 0;
    switch (kind) {
    case TOKEN_COMMA:
    case TOKEN_SEMICOLON:
    case TOKEN_DOT_STAR:
    case TOKEN_DOT_QUESTION:
    case TOKEN_QUESTION_DOT: return 0;
    case TOKEN_COLON: return before == TOKEN_PROFILE;
    case TOKEN_DOT:
    case TOKEN_DOT_DOT:
    case TOKEN_DOT_DOT_LT:
        if (!(layout_marks(l, sig) & MARK_OPERAND)) return 0;
        break;
    case TOKEN_QUESTION:
        if (!(layout_marks(l, sig) & MARK_PREFIX)) return 0;
        break;
    default: break;
    }
    switch (before) {
    case TOKEN_DOT:
    case TOKEN_QUESTION_DOT:
    case TOKEN_DOT_DOT_LT: return 0;
    case TOKEN_DOT_DOT: // what follows a pattern is no end of its range
        return kind == TOKEN_FAT_ARROW || kind == TOKEN_WHEN || kind == TOKEN_PIPE || kind == TOKEN_ASSIGN;
    case TOKEN_COLON: return !(sig >= 2 && kind_of(l, sig - 2) == TOKEN_PROFILE);
    default: break;
    }
    if (kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET) return space_before_bracket(l, sig);
    return 1;
}

// ---- Lines that must end -----------------------------------------------------------------------

bool layout_is_separator(const Layout *l, uint32_t i) {
    const Sig *s = &l->sigs.items[i];
    if (i == 0) return true;
    const Group *g = &l->groups.items[s->group];
    if (s->closes || layout_token(l, i)->kind == TOKEN_EOF) return true;
    switch (g->kind) {
    case GROUP_TOP:
    case GROUP_ARMS:
    case GROUP_METHODS: return layout_marks(l, i) & MARK_START;
    case GROUP_BLOCK:
        return layout_marks(l, i) & MARK_START ||
               (layout_token(l, i)->kind == TOKEN_ELSE && kind_of(l, i - 1) != TOKEN_DOT);
    default: return l->sigs.items[i - 1].comma || g->open + 1 == i;
    }
}

static bool is_operator(const Layout *l, uint32_t i) {
    if (layout_marks(l, i) & MARK_PREFIX) return false;
    TokenKind kind = kind_of(l, i);
    if (is_keyword(kind) && i > 0 && kind_of(l, i - 1) == TOKEN_DOT) return false;
    return (kind >= TOKEN_PLUS && kind <= TOKEN_PIPE_GT) || kind == TOKEN_AND || kind == TOKEN_OR ||
           kind == TOKEN_CATCH || kind == TOKEN_QUESTION_QUESTION;
}

// Where a line may go on: behind an operator, or before one or before a member.
static bool keeps_break(const Layout *l, uint32_t i) {
    TokenKind kind = kind_of(l, i);
    bool catch_mark = kind == TOKEN_PIPE && kind_of(l, i - 1) == TOKEN_CATCH;
    if (catch_mark || layout_marks(l, i) & MARK_TIGHT || kind_of(l, i - 1) == TOKEN_CATCH) return false;
    if (is_operator(l, i - 1) && !(kind_of(l, i - 1) == TOKEN_PIPE && layout_marks(l, i - 1) & MARK_TIGHT)) return true;
    if (is_operator(l, i) || kind_of(l, i - 1) == TOKEN_RATTR) return true;
    return kind == TOKEN_DOT_STAR || kind == TOKEN_DOT_QUESTION || kind == TOKEN_QUESTION_DOT ||
           (kind == TOKEN_DOT && !(layout_marks(l, i) & MARK_OPERAND));
}

static void measure(Layout *l, uint32_t i) {
    Sig *s = &l->sigs.items[i];
    const Token *tokens = l->tree->tokens.tokens.items, *t = &tokens[s->token];
    s->space = i > 0 ? space_of(l, i) : 0;
    s->width = t->kind == TOKEN_EOF ? 0 : text_width(l, t) + s->comma;
    s->multi_line = format_count_newlines(l->tree, t->start, t->kind == TOKEN_EOF ? t->start : t->end) > 0;
    bool comment = false, tight = i == 0 || (l->sigs.items[i - 1].opens && !s->space);
    for (uint32_t k = s->gap; k < s->token; k++) {
        if (!format_is_comment(&tokens[k])) continue;
        s->comment_hard |= tokens[k].newline_before || format_is_line_comment(l->tree, &tokens[k]) ||
                           format_count_newlines(l->tree, tokens[k].start, tokens[k].end) > 0;
        s->gap_width += text_width(l, &tokens[k]) + (comment || !tight);
        comment = true;
    }
    if (comment && !(s->closes && !l->groups.items[s->group].spaced)) s->space = 1;
    s->gap_width += s->space;
    s->hard = s->comment_hard || (i > 0 && s->newline && !layout_is_separator(l, i) && keeps_break(l, i));
}

static void sum_up(Layout *l) {
    for (uint32_t i = 0; i < l->sigs.len; i++) {
        const Sig *s = &l->sigs.items[i];
        bool forced = s->opens && l->groups.items[s->opens].forced;
        l->columns[i + 1] = l->columns[i] + s->gap_width + s->width;
        l->newlines[i + 1] = l->newlines[i] + s->newline;
        l->hards[i + 1] = l->hards[i] + s->hard + s->multi_line + forced;
    }
}

// A block that the author wrote over several lines stays one; a list does if a line ends behind its bracket.
static void force_groups(Layout *l) {
    for (uint32_t i = 1; i < l->groups.len; i++) {
        Group *g = &l->groups.items[i];
        uint32_t first = g->open + 1;
        bool empty = first == g->close;
        bool edge_comment = l->sigs.items[first].comment_hard || l->sigs.items[g->close].comment_hard;
        switch (g->kind) {
        case GROUP_BLOCK:
        case GROUP_ARMS:
        case GROUP_METHODS:
            g->forced =
                empty ? edge_comment
                      : l->newlines[g->close + 1] > l->newlines[first] || l->hards[g->close + 1] > l->hards[first];
            break;
        case GROUP_LIST:
            g->forced |= edge_comment || (!empty && l->sigs.items[first].newline) ||
                         (g->has_choice && l->newlines[g->close + 1] > l->newlines[first]);
            break;
        default:
            g->forced = layout_token(l, g->open)->kind != TOKEN_LATTR &&
                        (edge_comment || (!empty && l->sigs.items[first].newline));
        }
    }
}

void format_layout(Layout *l) {
    collect(l);
    l->columns = ARENA_ARRAY(l->arena, uint32_t, l->sigs.len + 1);
    l->newlines = ARENA_ARRAY(l->arena, uint32_t, l->sigs.len + 1);
    l->hards = ARENA_ARRAY(l->arena, uint32_t, l->sigs.len + 1);
    for (uint32_t i = 0; i < l->sigs.len; i++) {
        measure(l, i);
        Group *g = &l->groups.items[l->sigs.items[i].group];
        if (l->sigs.items[i].comment_hard && g->kind == GROUP_LIST) g->forced = true;
    }
    sum_up(l);
    force_groups(l);
    sum_up(l);
}
