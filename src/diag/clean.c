// Text from outside made safe to show. Control characters could steer a terminal, bidirectional overrides could show a
// line other than the one compiled, and broken UTF-8 would break JSON: each appears as U+FFFD.
#include <utf8proc.h>

#include "diag/render.h"

static const char REPLACEMENT[] = "\xEF\xBF\xBD";
enum { TAB_CELLS = 4 };

static bool code_point_is_unsafe(utf8proc_int32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0x200E || c == 0x200F || c == 0x061C || c == 0x2028 || c == 0x2029;
}

int clean_code_point(StrBuf *out, const char *at, size_t left, size_t *taken) {
    *taken = 1;
    if (*at == '\t') {
        strbuf_append(out, "    ", TAB_CELLS);
        return TAB_CELLS;
    }
    if (*at >= ' ' && *at < 0x7F) {
        strbuf_putc(out, *at);
        return 1;
    }
    utf8proc_int32_t c = 0;
    utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)at, left > 4 ? 4 : (utf8proc_ssize_t)left, &c);
    if (size > 0) *taken = (size_t)size;
    if (size <= 0 || code_point_is_unsafe(c)) {
        strbuf_puts(out, REPLACEMENT);
        return 1;
    }
    strbuf_append(out, at, *taken);
    return utf8proc_charwidth(c);
}

void clean_text(StrBuf *out, const char *text) {
    size_t left = strlen(text), taken = 0;
    for (; left; text += taken, left -= taken) {
        if (*text == '\n') {
            strbuf_putc(out, '\n');
            taken = 1;
        } else {
            clean_code_point(out, text, left, &taken);
        }
    }
}

Span span_clamped(const Source *source, Span span) {
    uint32_t len = (uint32_t)source->text.len;
    if (span.start > len) span.start = len;
    if (span.end > len) span.end = len;
    if (span.end < span.start) span.end = span.start;
    return span;
}
