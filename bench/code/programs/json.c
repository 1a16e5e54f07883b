// Reads 256 KiB of JSON by recursive descent: every number is added up, every byte of a string hashed.
#include "input.h"

enum { SIZE = 262144 };

static uint8_t text[SIZE + 256];
static size_t text_len;

typedef enum Error : uint16_t { NONE, UNEXPECTED, TOO_DEEP } Error;
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        Error error = (call);                                                                                          \
        if (error) return error;                                                                                       \
    } while (0)

typedef struct Reader {
    const uint8_t *text;
    size_t len, at;
    uint64_t values, sum, hash;
} Reader;

static uint8_t peek(const Reader *r) { return r->at < r->len ? r->text[r->at] : 0; }

static void skip_spaces(Reader *r) {
    while (peek(r) == ' ' || peek(r) == '\n' || peek(r) == '\t') r->at++;
}

static Error expect(Reader *r, uint8_t byte) {
    if (peek(r) != byte) return UNEXPECTED;
    r->at++;
    return NONE;
}

static Error read_word(Reader *r, const char *word, size_t len) {
    for (size_t i = 0; i < len; i++) TRY(expect(r, (uint8_t)word[i]));
    return NONE;
}

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static Error read_number(Reader *r) {
    bool negative = false;
    if (peek(r) == '-') {
        negative = true;
        r->at++;
    }
    if (!is_digit(peek(r))) return UNEXPECTED;
    uint64_t n = 0;
    while (is_digit(peek(r))) {
        n = n * 10 + (uint64_t)(peek(r) - '0');
        r->at++;
    }
    if (peek(r) == '.') {
        r->at++;
        while (is_digit(peek(r))) {
            n = n * 10 + (uint64_t)(peek(r) - '0');
            r->at++;
        }
    }
    r->sum = negative ? r->sum - n : r->sum + n;
    return NONE;
}

static Error read_string(Reader *r) {
    TRY(expect(r, '"'));
    uint64_t hash = r->hash;
    while (peek(r) != '"') {
        uint8_t byte = peek(r);
        if (byte < ' ') return UNEXPECTED;
        r->at++;
        if (byte == '\\') {
            switch (peek(r)) {
            case 'n': byte = '\n'; break;
            case 't': byte = '\t'; break;
            case '"': byte = '"'; break;
            case '\\': byte = '\\'; break;
            default: return UNEXPECTED;
            }
            r->at++;
        }
        hash = (hash ^ byte) * 1099511628211u;
    }
    r->hash = hash;
    r->at++;
    return NONE;
}

static Error read_value(Reader *r, uint32_t depth);

static Error read_members(Reader *r, uint32_t depth) {
    r->at++;
    skip_spaces(r);
    if (peek(r) == '}') {
        r->at++;
        return NONE;
    }
    for (;;) {
        skip_spaces(r);
        TRY(read_string(r));
        skip_spaces(r);
        TRY(expect(r, ':'));
        TRY(read_value(r, depth));
        skip_spaces(r);
        if (peek(r) != ',') return expect(r, '}');
        r->at++;
    }
}

static Error read_items(Reader *r, uint32_t depth) {
    r->at++;
    skip_spaces(r);
    if (peek(r) == ']') {
        r->at++;
        return NONE;
    }
    for (;;) {
        TRY(read_value(r, depth));
        skip_spaces(r);
        if (peek(r) != ',') return expect(r, ']');
        r->at++;
    }
}

static Error read_value(Reader *r, uint32_t depth) {
    if (depth > 100) return TOO_DEEP;
    skip_spaces(r);
    r->values++;
    switch (peek(r)) {
    case '{': return read_members(r, depth + 1);
    case '[': return read_items(r, depth + 1);
    case '"': return read_string(r);
    case 't': return read_word(r, "true", 4);
    case 'f': return read_word(r, "false", 5);
    case 'n': return read_word(r, "null", 4);
    default: return read_number(r);
    }
}

static void add(const char *part) {
    for (; *part; part++) text[text_len++] = (uint8_t)*part;
}

static void add_number(uint64_t number) {
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    add(digits);
}

static void make_text(void) {
    uint64_t seed = 88172645463325252;
    add("[");
    while (text_len < SIZE) {
        uint64_t n = next_number(&seed);
        add("{\"id\": ");
        add_number(n % 100000);
        add(", \"name\": \"the \\\"name\\\" of a thing\", \"price\": -");
        add_number(n >> 40);
        add(".25,\n\t\"tags\": [true, false, null, [], {}, \"a longer piece of text without anything in it\"]}, ");
    }
    add("0]");
}

int main(int argc, char **argv) {
    make_text();
    uint64_t total = 0;
    for (uint64_t n = rounds(argc, argv); n > 0; n--) {
        Reader r = {text, text_len, 0, 0, 0, 14695981039346656037u};
        if (read_value(&r, 0)) abort();
        total = total ^ (r.sum + r.hash + r.values);
        text[text_len - 2] = (uint8_t)('0' + total % 10);
    }
    printf("%llu\n", (unsigned long long)total);
}
