// Mutations that keep most of a text well formed, for the fuzzers that want to get past the parser. A text is cut into
// words (names, numbers, strings, punctuation; white space sticks to the word before it); ranges of words, lines and
// bracketed groups are removed, doubled, moved, exchanged or taken from another input, and single words are exchanged
// for words of the language, of the same input, or wrapped into a larger expression. One time in eight the fuzzer's own
// byte-wise mutations run instead.
//
// With FUZZ_QTJIR defined the words are those of QTJIR text, else those of Janus.
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two, size_t two_size, uint8_t *out,
                                 size_t max_size, unsigned int seed);

// clang-format off
#ifdef FUZZ_QTJIR
static const char *const WORDS[] = {
#define OP(kind, text, operands, has_result, class) text,
#include "qtjir/ops.def"
#undef OP
    "i8", "u8", "i32", "u32", "i64", "u64", "usize", "isize", "f32", "f64", "bool", "void", "never", "str", "*u8", "*const u8", "?u8",
    "?*u8", "[3]u8", "[]u8", "[]const u8", "[2][2]u32", "u8 ! error", "func(i32) -> u8", "b0", "b1", "b2", "b3", "%0", "%1", "%2", "%3",
    "unchecked", "align", "enum", "plain", "struct", "opaque", "error", "global", "var", "extern", "export", "inline", "cold", "flags",
    "relaxed", "acquire", "release", "acq_rel", "seq_cst", "weak", "lt", "le", "gt", "ge", "eq", "ne", "add", "undefined", "some", "null",
    "repeat", "0", "1", "-1", "255", "4294967295", "18446744073709551615", "9223372036854775808", "-9223372036854775808", "0.5", "nan", "inf",
};
static const char *const WRAPS[][2] = {{"?", ""}, {"*", ""}, {"[4]", ""}, {"[]", ""}, {"\"", "\""}, {"", " unchecked"}};
#else
static const char *const WORDS[] = {
#define TOKEN(kind, text)
#define KEYWORD(kind, text) text,
#define PUNCT(kind, text) text,
#include "syntax/tokens.def"
#undef TOKEN
#undef KEYWORD
#undef PUNCT
    "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "usize", "isize", "f32", "f64", "bool", "void", "never", "str", "*u8", "?u8",
    "*const u8", "[]u8", "[3]u8", "[]const u8", "?(?u8)", "!u8", "!void", "[0]void", "func(u8) -> u8", "?*u8", "T", "_", "Some", "None",
    "0", "1", "2", "255", "256", "0x7fffffffffffffff", "0x8000000000000000", "18446744073709551615", "1.5", "1e300", "'a'", "\"text\"", "$\"{1}\"",
    "\"\"", "[]", "[1, 2]", "[0; 4]", "()", "println", "print", "assert", "panic", "unreachable", "Display", "Ord", "Close", "Copy",
    "AtomicEligible", ".len", ".ptr", ".*", "..defaults", "{.align: 16.}", "{.must_use.}", "profile :kernel", "use std.fmt", "use std.sync.chan",
    "use std.sync.mutex", "use std.sync.atomics", "use std.thread", "use target", "@size_of[u8]()", "@align_of[u8]()", "@offset_of", "@ptr_cast", "@int_from_ptr",
    "@ptr_from_int", "@slice", "@copy", "@fill", "@truncate[u8]", "@bitcast[u32]", "@popcount", "@clz", "@ctz", "@byte_swap", "@add_overflow",
    "@sub_overflow", "@mul_overflow", "@syscall", "@spin_hint()", "@prefetch_write", "@crc32c", "@has_crc32c()", "@volatile_load", "@volatile_store", "@trap()", "@src()", "@type_name[u8]()", "@atomic_load", "@atomic_store",
    "@atomic_rmw", "@atomic_cmpxchg", "@fence", ".relaxed", ".acquire", ".release", ".seq_cst", "comptime if", "if let Some(x) =",
    "while let Some(x) =", "for x in", "catch |e|", "let x =", "var x =", "defer", "using g =", "match x {", "else =>", "\n", "end\n", "do\n",
};
static const char *const WRAPS[][2] = {
    {"(", ")"}, {"Some(", ")"}, {"&", ""}, {"", ".*"}, {"", ".?"}, {"", "?"}, {"-", ""}, {"not ", ""}, {"~", ""}, {"", " as u8"}, {"[", "]"},
    {"", "[0]"}, {"", "[1..]"}, {"", " ?? 0"}, {"", " catch 1"}, {"", ".len"}, {"", "()"}, {"$\"{", "}\""}, {"?", ""}, {"*", ""}, {"[]", ""},
    {"[2]", ""}, {"!", ""}, {"do ", " end"}, {"comptime ", ""}, {"", " |> f"}, {"", " + 1"}, {"", " == 1"}, {"", "[T]"}, {"{", "}"},
};
#endif
// clang-format on

// ---- randomness and words

typedef struct Random {
    uint64_t state;
} Random;

static uint32_t random_below(Random *r, uint32_t limit) {
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;
    return limit ? (uint32_t)((r->state >> 11) % limit) : 0;
}

typedef struct Word {
    uint32_t start, end, after; // `after` includes the white space that follows
} Word;

enum { WORDS_LARGEST = 8192 };

typedef struct Words {
    const uint8_t *text;
    uint32_t size, len;
    Word items[WORDS_LARGEST];
} Words;

static bool is_name(uint8_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_space(uint8_t c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

static uint32_t word_end(const uint8_t *text, uint32_t at, uint32_t size) {
    uint8_t c = text[at++];
    if (is_name(c) || c == '@' || c == '%') {
        while (at < size && is_name(text[at])) at++;
    } else if (c == '"') {
        while (at < size && text[at] != '"' && text[at] != '\n') at += text[at] == '\\' && at + 1 < size ? 2 : 1;
        if (at < size && text[at] == '"') at++;
    } else if (c == '/' && at < size && text[at] == '/') {
        while (at < size && text[at] != '\n') at++;
    } else if (at < size && strchr("=<>.*+-|&?!", c) && text[at] && strchr("=<>.*+-|&?", text[at])) {
        at++;
    }
    return at;
}

static Words *words_split(const uint8_t *text, size_t size) {
    Words *words = malloc(sizeof *words);
    if (!words) abort();
    words->text = text;
    words->size = (uint32_t)size;
    words->len = 0;
    uint32_t at = 0;
    while (at < size && is_space(text[at])) at++;
    while (at < size && words->len < WORDS_LARGEST) {
        Word *word = &words->items[words->len++];
        word->start = at;
        at = word->end = word_end(text, at, words->size);
        while (at < size && is_space(text[at])) at++;
        word->after = at;
    }
    return words;
}

static bool word_is(const Words *words, uint32_t index, const char *text) {
    const Word *word = &words->items[index];
    size_t len = strlen(text);
    return word->end - word->start == len && memcmp(words->text + word->start, text, len) == 0;
}

static int word_depth(const Words *words, uint32_t index) {
    static const char *const opens[] = {"(", "[", "{", "do"}, *const closes[] = {")", "]", "}", "end"};
    for (size_t i = 0; i < ARRAY_LEN(opens); i++) {
        if (word_is(words, index, opens[i])) return 1;
        if (word_is(words, index, closes[i])) return -1;
    }
    return 0;
}

// Words [first, last).
typedef struct Range {
    uint32_t first, last;
} Range;

// A few words, a whole line, a few lines, or a bracketed group.
static Range range_choose(Random *r, const Words *words) {
    uint32_t at = random_below(r, words->len);
    Range range = {at, at + 1};
    switch (random_below(r, 4)) {
    case 0: range.last += random_below(r, 8); break;
    case 1:
    case 2: {
        uint32_t lines = 1 + (random_below(r, 3) == 0 ? random_below(r, 8) : 0);
        while (range.first > 0 && !memchr(words->text + words->items[range.first - 1].end, '\n',
                                          words->items[range.first - 1].after - words->items[range.first - 1].end))
            range.first--;
        for (range.last = at; range.last < words->len && lines; range.last++) {
            const Word *word = &words->items[range.last];
            lines -= memchr(words->text + word->end, '\n', word->after - word->end) != NULL;
        }
        break;
    }
    default: {
        while (range.first > 0 && word_depth(words, range.first) <= 0 && at - range.first < 32) range.first--;
        int depth = 0;
        for (range.last = range.first; range.last < words->len;) {
            depth += word_depth(words, range.last++);
            if (depth <= 0) break;
        }
    }
    }
    if (range.last > words->len) range.last = words->len;
    return range;
}

// ---- output

typedef struct Out {
    uint8_t *bytes;
    size_t len, cap;
} Out;

static void out_bytes(Out *out, const void *bytes, size_t len) {
    if (len > out->cap - out->len) len = out->cap - out->len;
    if (len) memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

static void out_text(Out *out, const char *text) { out_bytes(out, text, strlen(text)); }

static void out_space(Out *out) {
    if (out->len && is_name(out->bytes[out->len - 1])) out_text(out, " ");
}

static void out_range(Out *out, const Words *words, Range range) {
    if (range.first >= range.last) return;
    uint32_t start = words->items[range.first].start, end = words->items[range.last - 1].after;
    out_space(out);
    out_bytes(out, words->text + start, end - start);
}

static void out_head(Out *out, const Words *words, uint32_t before) { out_range(out, words, (Range){0, before}); }

static void out_tail(Out *out, const Words *words, uint32_t from) { out_range(out, words, (Range){from, words->len}); }

// ---- mutations

// A word of the input that is a name, if one is found quickly.
static Range range_name(Random *r, const Words *words) {
    uint32_t at = 0;
    for (int tries = 0; tries < 8; tries++) {
        at = random_below(r, words->len);
        uint8_t c = words->text[words->items[at].start];
        if (is_name(c) || c == '%') break;
    }
    return (Range){at, at + 1};
}

static void mutate(Random *r, const Words *words, Out *out) {
    Range a = range_choose(r, words), b = range_choose(r, words);
    switch (random_below(r, 10)) {
    case 0: // remove
        out_head(out, words, a.first);
        out_tail(out, words, a.last);
        return;
    case 1: // double, elsewhere
        out_head(out, words, b.first);
        out_range(out, words, a);
        out_tail(out, words, b.first);
        return;
    case 2: // exchange one for a copy of the other
        out_head(out, words, b.first);
        out_range(out, words, a);
        out_tail(out, words, b.last);
        return;
    case 3: // swap
        if (a.first > b.first) {
            Range t = a;
            a = b;
            b = t;
        }
        if (a.last > b.first) a.last = b.first;
        out_head(out, words, a.first);
        out_range(out, words, b);
        out_range(out, words, (Range){a.last, b.first});
        out_range(out, words, a);
        out_tail(out, words, b.last);
        return;
    case 4:
    case 5: // one name for another
        a = range_name(r, words);
        b = range_name(r, words);
        out_head(out, words, b.first);
        out_range(out, words, a);
        out_space(out);
        out_tail(out, words, b.last);
        return;
    case 6:
    case 7: // a word of the language instead of one, or before it
        a = (Range){random_below(r, words->len), 0};
        out_head(out, words, a.first);
        out_space(out);
        out_text(out, WORDS[random_below(r, ARRAY_LEN(WORDS))]);
        out_text(out, " ");
        out_tail(out, words, a.first + random_below(r, 2));
        return;
    default: { // wrap
        if (random_below(r, 2)) {
            a.first = random_below(r, words->len);
            a.last = a.first + 1;
        }
        const char *const *wrap = WRAPS[random_below(r, ARRAY_LEN(WRAPS))];
        const Word *last = &words->items[a.last - 1];
        out_head(out, words, a.first);
        out_space(out);
        out_text(out, wrap[0]);
        out_bytes(out, words->text + words->items[a.first].start, last->end - words->items[a.first].start);
        out_text(out, wrap[1]);
        out_bytes(out, words->text + last->end, last->after - last->end);
        out_tail(out, words, a.last);
    }
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed) {
    Random r = {seed * 0x9e3779b97f4a7c15ull + 1};
    for (int i = 0; i < 4; i++) random_below(&r, 2);
    uint32_t rounds = 1 + (random_below(&r, 3) == 0 ? random_below(&r, 4) : 0);
    for (uint32_t round = 0; round < rounds; round++) {
        if (size == 0 || random_below(&r, 8) == 0) {
            size = LLVMFuzzerMutate(data, size, max_size);
            continue;
        }
        Words *words = words_split(data, size);
        Out out = {malloc(max_size), 0, max_size};
        if (!out.bytes) abort();
        if (words->len) mutate(&r, words, &out);
        if (out.len) {
            size = out.len;
            memcpy(data, out.bytes, size);
        }
        free(out.bytes);
        free(words);
    }
    return size;
}

// A range of the second input is put into the first, instead of another range or between two words.
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two, size_t two_size, uint8_t *out,
                                 size_t max_size, unsigned int seed) {
    Random r = {seed * 0x9e3779b97f4a7c15ull + 1};
    for (int i = 0; i < 4; i++) random_below(&r, 2);
    Words *a = words_split(one, one_size), *b = words_split(two, two_size);
    Out result = {out, 0, max_size};
    if (a->len && b->len) {
        Range to = range_choose(&r, a), from = range_choose(&r, b);
        out_head(&result, a, to.first);
        out_range(&result, b, from);
        out_tail(&result, a, random_below(&r, 2) ? to.first : to.last);
    }
    free(a);
    free(b);
    return result.len;
}
