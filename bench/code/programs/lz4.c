// The block format of LZ4: 256 KiB of text compressed, decompressed and compared.
#include "input.h"

enum { SIZE = 262144, HASH_BITS = 12, LEAST_MATCH = 4 };
// The last match begins 12 bytes before the end, the last 5 bytes are literals.
enum { END_LITERALS = 5, MATCH_LIMIT = 12 };

static uint8_t text[SIZE], packed[SIZE * 2], unpacked[SIZE];
static uint32_t table[4096];

static uint32_t word_at(const uint8_t *bytes, size_t at) {
    return bytes[at] | ((uint32_t)bytes[at + 1] << 8) | ((uint32_t)bytes[at + 2] << 16) | ((uint32_t)bytes[at + 3] << 24);
}

static size_t hash(uint32_t word) { return (word * 2654435761u) >> (32 - HASH_BITS); }

typedef struct Output {
    uint8_t *bytes;
    size_t len;
} Output;

static void put(Output *out, uint8_t byte) {
    out->bytes[out->len] = byte;
    out->len++;
}

static void put_length(Output *out, size_t length) {
    size_t rest = length;
    while (rest >= 255) {
        put(out, 255);
        rest -= 255;
    }
    put(out, (uint8_t)rest);
}

static void put_sequence(Output *out, const uint8_t *literals, size_t literal_count, size_t offset, size_t match_length) {
    bool long_literals = literal_count >= 15;
    size_t short_match = match_length >= LEAST_MATCH ? match_length - LEAST_MATCH : 0;
    size_t high = long_literals ? 15 : literal_count, low = short_match >= 15 ? 15 : short_match;
    put(out, (uint8_t)(high << 4 | low));
    if (long_literals) put_length(out, literal_count - 15);
    for (size_t i = 0; i < literal_count; i++) put(out, literals[i]);
    if (match_length > 0) {
        put(out, (uint8_t)offset);
        put(out, (uint8_t)(offset >> 8));
        if (short_match >= 15) put_length(out, short_match - 15);
    }
}

static size_t match_length(const uint8_t *source, size_t len, size_t before, size_t at) {
    size_t limit = len - END_LITERALS, n = 0;
    while (at + n < limit && source[before + n] == source[at + n]) n++;
    return n;
}

static size_t compress(const uint8_t *source, size_t len, uint8_t *to) {
    Output out = {to, 0};
    for (size_t i = 0; i < 4096; i++) table[i] = 0;
    size_t anchor = 0, at = 1;
    while (at + MATCH_LIMIT < len) {
        uint32_t word = word_at(source, at);
        size_t slot = hash(word), before = table[slot];
        table[slot] = (uint32_t)at;
        if (before == 0 || at - before > 65535 || word_at(source, before) != word) {
            at++;
        } else {
            size_t length = match_length(source, len, before, at);
            put_sequence(&out, source + anchor, at - anchor, at - before, length);
            at += length;
            anchor = at;
        }
    }
    put_sequence(&out, source + anchor, len - anchor, 0, 0);
    return out.len;
}

// False when the source ends in it.
static bool take_length(const uint8_t *source, size_t len, size_t *at, size_t short_length, size_t *length) {
    *length = short_length;
    if (short_length < 15) return true;
    for (;;) {
        if (*at >= len) return false;
        uint8_t byte = source[*at];
        ++*at;
        *length += byte;
        if (byte != 255) return true;
    }
}

static bool decompress(const uint8_t *source, size_t source_len, uint8_t *to, size_t to_len, size_t *result) {
    size_t at = 0, len = 0;
    while (at < source_len) {
        size_t token = source[at++], literals, length;
        if (!take_length(source, source_len, &at, token >> 4, &literals)) return false;
        if (literals > source_len - at || literals > to_len - len) return false;
        memmove(to + len, source + at, literals);
        at += literals;
        len += literals;
        if (at == source_len) break;
        if (source_len - at < 2) return false;
        size_t offset = source[at] | ((size_t)source[at + 1] << 8);
        at += 2;
        if (!take_length(source, source_len, &at, token & 15, &length)) return false;
        length += LEAST_MATCH;
        if (offset == 0 || offset > len || length > to_len - len) return false;
        for (size_t i = len; i < len + length; i++) to[i] = to[i - offset];
        len += length;
    }
    *result = len;
    return true;
}

int main(int argc, char **argv) {
    uint64_t seed = 88172645463325252;
    for (size_t i = 0; i < SIZE; i++) {
        uint64_t n = next_number(&seed);
        // Mostly repeats of what stands a little before, sometimes a new letter.
        bool repeats = i > 600 && n % 16 != 0;
        text[i] = repeats ? text[i - 37 - (i / 64 % 500)] : (uint8_t)('a' + (uint8_t)(n >> 8) % 26);
    }
    size_t sum = 0;
    for (uint64_t n = rounds(argc, argv); n > 0; n--) {
        size_t len = compress(text, SIZE, packed), back = 0;
        if (!decompress(packed, len, unpacked, SIZE, &back)) back = 0;
        if (back != SIZE || memcmp(unpacked, text, SIZE) != 0) abort();
        sum += len;
        text[sum % SIZE] = (uint8_t)('a' + sum % 26);
    }
    printf("%llu\n", (unsigned long long)sum);
}
