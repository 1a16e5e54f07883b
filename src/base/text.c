// Str, a view of bytes that need not be NUL-terminated, and StrBuf, a growing text on the heap. Nothing here knows
// about encodings: text is bytes.
#include <stdio.h>

#include "base/base.h"
#include "base/memory.h"

Str str_from(const char *c_string) { return (Str){c_string, strlen(c_string)}; }

bool str_equal(Str a, Str b) { return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0); }

bool str_equal_c(Str a, const char *c_string) { return str_equal(a, str_from(c_string)); }

bool str_starts_with(Str s, const char *prefix) {
    size_t len = strlen(prefix);
    return len == 0 || (s.len >= len && memcmp(s.ptr, prefix, len) == 0);
}

bool str_ends_with(Str s, const char *suffix) {
    size_t len = strlen(suffix);
    return len == 0 || (s.len >= len && memcmp(s.ptr + s.len - len, suffix, len) == 0);
}

Str str_copy(Arena *arena, Str s) { return (Str){str_c(arena, s), s.len}; }

const char *str_c(Arena *arena, Str s) {
    char *copy = arena_alloc(arena, s.len + 1);
    if (s.len) memcpy(copy, s.ptr, s.len);
    return copy;
}

const char *arena_printf(Arena *arena, const char *fmt, ...) {
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0) ICE("bad format \"%s\"", fmt);
    char *text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}

// ---- Edit distance -----------------------------------------------------------------------------

enum { EDIT_DISTANCE_LONGEST = 128 };

static size_t min_of(size_t a, size_t b) { return a < b ? a : b; }

// Texts beyond EDIT_DISTANCE_LONGEST bytes are never suggested for one another: they count as wholly different.
size_t str_edit_distance(Str a, Str b) {
    if (str_equal(a, b)) return 0;
    if (a.len > EDIT_DISTANCE_LONGEST || b.len > EDIT_DISTANCE_LONGEST) return a.len > b.len ? a.len : b.len;
    // What both begin and end with costs nothing, and names that are compared have much in common.
    while (a.len && b.len && a.ptr[0] == b.ptr[0]) a.ptr++, a.len--, b.ptr++, b.len--;
    while (a.len && b.len && a.ptr[a.len - 1] == b.ptr[b.len - 1]) a.len--, b.len--;
    // rows[k][j] is the distance between the first i-k bytes of a and the first j of b; a swap of neighbours looks two
    // rows back.
    size_t storage[3][EDIT_DISTANCE_LONGEST + 1];
    size_t *before = storage[0], *above = storage[1], *row = storage[2];
    for (size_t j = 0; j <= b.len; j++) {
        before[j] = 0;
        above[j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t replaced = above[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
            row[j] = min_of(replaced, min_of(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1])
                row[j] = min_of(row[j], before[j - 2] + 1);
        }
        size_t *recycled = before;
        before = above;
        above = row;
        row = recycled;
    }
    return above[b.len];
}

// ---- StrBuf ------------------------------------------------------------------------------------

// Leaves room for `extra` more bytes and the terminator.
static void strbuf_reserve(StrBuf *b, size_t extra) {
    if (extra > PTRDIFF_MAX / 2 || b->len > PTRDIFF_MAX / 2) ICE("text of more than %zu bytes", b->len);
    size_t needed = b->len + extra + 1;
    if (needed <= b->cap) return;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < needed) cap *= 2;
    b->data = memory_resize(b->data, cap);
    b->cap = cap;
}

void strbuf_free(StrBuf *b) {
    memory_release(b->data);
    *b = (StrBuf){0};
}

void strbuf_clear(StrBuf *b) {
    b->len = 0;
    if (b->data) b->data[0] = '\0';
}

void strbuf_append(StrBuf *b, const void *bytes, size_t len) {
    strbuf_reserve(b, len);
    if (len) memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void strbuf_puts(StrBuf *b, const char *c_string) { strbuf_append(b, c_string, strlen(c_string)); }

void strbuf_putc(StrBuf *b, char c) { strbuf_append(b, &c, 1); }

void strbuf_printf(StrBuf *b, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    strbuf_vprintf(b, fmt, args);
    va_end(args);
}

void strbuf_vprintf(StrBuf *b, const char *fmt, va_list args) {
    va_list again;
    va_copy(again, args);
    strbuf_reserve(b, 0);
    size_t room = b->cap - b->len;
    int len = vsnprintf(b->data + b->len, room, fmt, args);
    if (len < 0) ICE("bad format \"%s\"", fmt);
    if ((size_t)len >= room) {
        strbuf_reserve(b, (size_t)len);
        vsnprintf(b->data + b->len, (size_t)len + 1, fmt, again);
    }
    b->len += (size_t)len;
    va_end(again);
}

Str strbuf_str(StrBuf *b) {
    if (!b->data) strbuf_append(b, "", 0);
    return (Str){b->data, b->len};
}
