// What every part of the lexer stands on.
#include "syntax/lexer.h"

enum { LEX_ERROR_LIMIT = 100 };

Diag *lexer_error(Lexer *lx, DiagCode code, uint32_t start, uint32_t end, const char *fmt, ...) {
    if (lx->errors++ >= LEX_ERROR_LIMIT) return NULL;
    va_list args;
    va_start(args, fmt);
    StrBuf text = {0};
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    Str s = strbuf_str(&text);
    Diag *diag = diag_error(lx->diags, code, (Span){lx->source->index, start, end}, STR_FMT, STR_ARG(s));
    strbuf_free(&text);
    return diag;
}

uint32_t utf8_read(const char *text, uint32_t pos, uint32_t end, uint32_t *code_point) {
    const unsigned char *s = (const unsigned char *)text + pos;
    uint32_t left = end - pos;
    if (left == 0) return 0;
    if (s[0] < 0x80) {
        *code_point = s[0];
        return 1;
    }
    uint32_t len = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || len > left) return 0;
    uint32_t cp = s[0] & (0x7Fu >> len);
    for (uint32_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80) return 0;
        cp = cp << 6 | (s[i] & 0x3Fu);
    }
    static const uint32_t SMALLEST[] = {0, 0, 0x80, 0x800, 0x10000};
    if (cp < SMALLEST[len] || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) return 0;
    *code_point = cp;
    return len;
}
