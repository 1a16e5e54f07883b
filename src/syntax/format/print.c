// Prints the significant tokens in order. When a group opens, the column is known and decides its state: on one line if
// it and what must follow it fit, else broken; a group whose last element alone needs lines lets that element break
// instead (it is hugged). Comments stay between the tokens they stood between, on a line of their own or not.
#include "syntax/format/internal.h"

typedef struct Printer {
    Layout *l;
    StrBuf *out;
    uint32_t column, line_indent;
    uint32_t *indents; // of the line each sig was printed on
    uint32_t *sig_of; // by token
    bool line_start; // only indentation has been written since the newline
} Printer;

static const Sig *sig_at(const Printer *p, uint32_t i) { return &p->l->sigs.items[i]; }
static Group *group_at(const Printer *p, uint32_t i) { return &p->l->groups.items[i]; }

static void put_newline(Printer *p, bool blank, uint32_t indent) {
    if (p->out->len > 0) strbuf_puts(p->out, blank ? "\n\n" : "\n");
    p->column = p->line_indent = indent;
    p->line_start = true;
}

// Indentation is written with what follows it, so that no line is made of blanks.
static void put_text(Printer *p, const char *text, size_t len, uint32_t width) {
    for (uint32_t i = 0; p->line_start && i < p->line_indent; i++) strbuf_putc(p->out, ' ');
    p->line_start = false;
    strbuf_append(p->out, text, len);
    p->column += width;
}

static void put_space(Printer *p, uint32_t space) {
    if (space && !p->line_start) put_text(p, " ", 1, 1);
}

// ---- What fits ---------------------------------------------------------------------------------

static bool can_break(const Printer *p, uint32_t group) {
    const Group *g = group_at(p, group);
    return g->kind != GROUP_PLAIN && g->open + 1 != g->close;
}

static bool is_flat(const Printer *p, uint32_t group) { return group_at(p, group)->state == STATE_FLAT; }

// Whether the gap before sig i ends a line by the state of its group.
static bool breaks_at(const Printer *p, uint32_t i) {
    return group_at(p, sig_at(p, i)->group)->state == STATE_BROKEN && layout_is_separator(p->l, i);
}

// Columns that follow sig i up to the first place where a line may end.
static uint32_t tail_after(const Printer *p, uint32_t i) {
    uint32_t width = sig_at(p, i)->comma;
    for (uint32_t k = i + 1; k < p->l->sigs.len && width <= p->l->line; k++) {
        const Sig *s = sig_at(p, k);
        if (s->hard || breaks_at(p, k)) {
            const Group *g = group_at(p, s->group);
            bool adds_comma = s->closes && g->kind == GROUP_LIST && !sig_at(p, k - 1)->comma;
            return width + (adds_comma && breaks_at(p, k));
        }
        width += s->gap_width + s->width;
        if (s->opens && can_break(p, s->opens)) break;
    }
    return width;
}

// Columns of sigs[first..) on the line they begin, up to the first that must end it, at most up to `last`.
static uint32_t head_width(const Printer *p, uint32_t first, uint32_t last) {
    uint32_t width = 0;
    for (uint32_t k = first; k <= last && width <= p->l->line; k++) {
        const Sig *s = sig_at(p, k);
        if (k > first && (s->hard || breaks_at(p, k))) break;
        width += s->gap_width + s->width;
        if ((s->opens && group_at(p, s->opens)->forced) || s->multi_line) break;
    }
    return width;
}

static uint32_t hard_between(const Printer *p, uint32_t first, uint32_t last) {
    return first > last ? 0 : p->l->hards[last + 1] - p->l->hards[first];
}

// A list on one line with its only or last element breaking further in.
static bool can_hug(const Printer *p, const Group *g) {
    if (g->kind != GROUP_LIST) return false;
    uint32_t room = p->l->line - (p->column < p->l->line ? p->column : p->l->line);
    if (hard_between(p, g->open + 1, g->close) > 0) {
        uint32_t first = g->last_element;
        if (hard_between(p, g->open + 1, first - 1) > 0 || sig_at(p, first)->hard) return false;
        return head_width(p, g->open + 1, g->close) <= room;
    }
    const Sig *last = sig_at(p, g->close - 1);
    if (g->elements != 1) return false;
    if (g->last_element + 1 == g->close) return g->base + FORMAT_INDENT + last->width + 1 > p->l->line;
    if (!last->closes || !can_break(p, last->group)) return false;
    uint32_t inner = group_at(p, last->group)->open;
    return p->l->columns[inner + 1] - p->l->columns[g->open + 1] <= room;
}

static GroupState choose_state(const Printer *p, const Group *g, uint32_t parent) {
    if (is_flat(p, parent)) return STATE_FLAT;
    if (g->forced) return STATE_BROKEN;
    if (hard_between(p, g->open + 1, g->close) == 0) {
        uint32_t width = p->l->columns[g->close + 1] - p->l->columns[g->open + 1];
        bool empty = g->open + 1 == g->close;
        if (empty || p->column + width + tail_after(p, g->close) <= p->l->line) return STATE_FLAT;
    }
    if (g->kind == GROUP_PLAIN || can_hug(p, g)) return STATE_HUGGED;
    return STATE_BROKEN;
}

static void enter_group(Printer *p, uint32_t index, uint32_t sig) {
    Group *g = group_at(p, index);
    uint32_t anchor = p->l->marks.anchors[sig_at(p, sig)->token];
    g->base = anchor == UINT32_MAX ? p->line_indent : p->indents[p->sig_of[anchor]];
    g->state = choose_state(p, g, sig_at(p, sig)->group);
    g->inner = g->base + FORMAT_INDENT;
    g->continuation = g->state == STATE_BROKEN ? g->inner + FORMAT_INDENT : p->line_indent + FORMAT_INDENT;
}

// ---- Gaps --------------------------------------------------------------------------------------

// Right behind the opening of its group.
static bool is_first(const Printer *p, uint32_t i) { return i > 0 && sig_at(p, i - 1)->opens > 0; }

typedef struct Gap {
    bool newline;
    bool blank; // a blank line of the author may stay
    uint32_t indent; // of the token
    uint32_t comment_indent;
} Gap;

// Behind `=` and `=>` the author's newline stays when the rest would not fit on the line.
static bool keeps_soft_break(const Printer *p, uint32_t i) {
    if (i == 0 || !sig_at(p, i)->newline || is_flat(p, sig_at(p, i)->group)) return false;
    TokenKind before = (TokenKind)layout_token(p->l, i - 1)->kind;
    if (before != TOKEN_FAT_ARROW && !(before >= TOKEN_ASSIGN && before <= TOKEN_SHR_ASSIGN)) return false;
    return p->column + head_width(p, i, p->l->sigs.len - 1) > p->l->line;
}

static Gap gap_of(const Printer *p, uint32_t i) {
    const Sig *s = sig_at(p, i);
    const Group *g = group_at(p, s->group);
    TokenKind kind = (TokenKind)layout_token(p->l, i)->kind;
    bool closing = s->closes || (g->kind == GROUP_BLOCK && kind == TOKEN_ELSE && layout_is_separator(p->l, i));
    Gap gap = {.indent = g->continuation, .comment_indent = g->continuation};
    if (breaks_at(p, i)) {
        gap.newline = true;
        gap.comment_indent = g->inner;
        gap.indent = closing ? g->base : g->inner;
        gap.blank = !closing && i > 0 && !is_first(p, i) && kind != TOKEN_EOF;
        bool shares_line = g->rows && !closing && i > g->open + 1;
        if (shares_line && !s->newline && p->column + s->gap_width + s->width + 1 <= p->l->line)
            gap.newline = false;
        return gap;
    }
    gap.newline = (s->hard && !s->comment_hard) || keeps_soft_break(p, i);
    if (i > 0 && layout_token(p->l, i - 1)->kind == TOKEN_RATTR) gap.indent = gap.comment_indent = p->line_indent;
    return gap;
}

static uint32_t newlines_before(const Printer *p, uint32_t token) {
    const Token *tokens = p->l->tree->tokens.tokens.items;
    uint32_t from = token > 0 ? tokens[token - 1].end : 0;
    return format_count_newlines(p->l->tree, from, tokens[token].start);
}

static void print_gap(Printer *p, uint32_t i) {
    const Sig *s = sig_at(p, i);
    const Token *tokens = p->l->tree->tokens.tokens.items;
    Gap gap = gap_of(p, i);
    bool any = false, must_end = false, own = false, first = is_first(p, i);
    bool open_tight = i == 0 || (sig_at(p, i - 1)->opens && !group_at(p, sig_at(p, i - 1)->opens)->spaced);
    bool separates = breaks_at(p, i);
    for (uint32_t k = s->gap; k < s->token; k++) {
        if (!format_is_comment(&tokens[k])) continue;
        own = tokens[k].newline_before || must_end;
        bool blank = separates && newlines_before(p, k) > 1 && (any || (i > 0 && !first));
        if (own)
            put_newline(p, blank, gap.comment_indent);
        else
            put_space(p, any || !open_tight || format_is_line_comment(p->l->tree, &tokens[k]));
        uint32_t len = tokens[k].end - tokens[k].start;
        put_text(p, p->l->tree->source->text.ptr + tokens[k].start, len, len);
        must_end = format_is_line_comment(p->l->tree, &tokens[k]) ||
                   format_count_newlines(p->l->tree, tokens[k].start, tokens[k].end) > 0;
        any = true;
    }
    bool author = tokens[s->token].newline_before;
    bool newline = any ? must_end || (own && author) || (gap.newline && !own) : gap.newline;
    bool blank = newline && separates && newlines_before(p, s->token) > 1 && (any ? !s->closes : gap.blank) &&
                 gap.indent == gap.comment_indent && tokens[s->token].kind != TOKEN_EOF;
    if (newline)
        put_newline(p, blank && p->out->len > 0, gap.indent);
    else
        put_space(p, s->space);
}

// ---- Tokens ------------------------------------------------------------------------------------

static void print_token(Printer *p, uint32_t i) {
    const Token *t = layout_token(p->l, i);
    const Sig *s = sig_at(p, i);
    const char *text = p->l->tree->source->text.ptr + t->start;
    size_t len = t->end - t->start;
    put_text(p, text, len, s->width - s->comma);
    if (s->multi_line) {
        p->column = 0;
        for (size_t k = len; k > 0 && text[k - 1] != '\n'; k--) p->column++;
    }
    p->indents[i] = p->line_indent;
}

// In a broken list every element ends in a comma, and so does every arm.
static void print_comma(Printer *p, uint32_t i) {
    const Sig *s = sig_at(p, i), *next = sig_at(p, i + 1);
    const Group *g = group_at(p, next->group);
    bool comma = s->comma, ends = g->state == STATE_BROKEN && g->open != i && layout_is_separator(p->l, i + 1);
    if (g->kind == GROUP_METHODS && layout_is_separator(p->l, i + 1)) comma = false;
    if (ends && (g->kind == GROUP_ARMS || (g->kind == GROUP_LIST && next->closes))) comma = true;
    if (comma) put_text(p, ",", 1, 1);
}

// The head of an `else if` goes on further right than the bodies around it.
static void note_chain(Printer *p, uint32_t i) {
    Group *g = group_at(p, sig_at(p, i)->group);
    if (g->kind != GROUP_BLOCK || g->state != STATE_BROKEN || !(layout_marks(p->l, i) & MARK_CHAIN)) return;
    g->continuation = layout_token(p->l, i)->kind == TOKEN_DO ? g->inner + FORMAT_INDENT : g->base + FORMAT_INDENT;
}

void format_print(Layout *l, StrBuf *out) {
    Printer p = {.l = l, .out = out, .line_start = true};
    p.indents = ARENA_ARRAY(l->arena, uint32_t, l->sigs.len);
    p.sig_of = ARENA_ARRAY(l->arena, uint32_t, l->tree->tokens.tokens.len);
    for (uint32_t i = 0; i < l->sigs.len; i++) p.sig_of[l->sigs.items[i].token] = i;
    for (uint32_t i = 0; i + 1 < l->sigs.len; i++) {
        print_gap(&p, i);
        print_token(&p, i);
        note_chain(&p, i);
        if (sig_at(&p, i)->opens) enter_group(&p, sig_at(&p, i)->opens, i);
        print_comma(&p, i);
    }
    print_gap(&p, l->sigs.len - 1);
    if (out->len > 0 && out->data[out->len - 1] != '\n') strbuf_putc(out, '\n');
}
