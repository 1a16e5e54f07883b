// Source files and the way from byte offsets to lines and columns. Line starts are found once, when the file is added.
// Offsets past the end are read as the end, so a span at the end of the file is always printable.
#include "base/source.h"

static uint32_t count_lines(Str text) {
    uint32_t count = 1;
    const char *at = text.ptr, *end = text.ptr + text.len;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        count++;
        at++;
    }
    return count;
}

static bool text_is_ascii(Str text) {
    unsigned char seen = 0;
    for (size_t i = 0; i < text.len; i++) seen |= (unsigned char)text.ptr[i];
    return seen < 0x80;
}

void sources_init(SourceMap *map, Arena *arena) {
    *map = (SourceMap){.arena = arena};
    sources_add(map, "", STR(""));
}

Source *sources_add(SourceMap *map, const char *path, Str text) {
    if (text.len >= UINT32_MAX) ICE("source file of %zu bytes", text.len);
    Source *source = ARENA_NEW(map->arena, Source);
    source->path = str_c(map->arena, str_from(path));
    // A copy, because the lexer relies on the NUL past the end and the caller's text need not have one.
    source->text = str_copy(map->arena, text);
    source->index = map->sources.len;
    source->is_ascii = text_is_ascii(text);
    source->line_count = count_lines(text);
    source->line_starts = ARENA_ARRAY(map->arena, uint32_t, source->line_count);
    uint32_t line = 1;
    for (uint32_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n') source->line_starts[line++] = i + 1;
    VEC_PUSH(map->arena, &map->sources, source);
    return source;
}

Source *sources_get(const SourceMap *map, uint32_t index) {
    ENSURE(index < map->sources.len);
    return map->sources.items[index];
}

// The index, from 0, of the last line that starts at or before the offset.
static uint32_t line_index_of(const Source *source, uint32_t offset) {
    uint32_t low = 0, high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

LineColumn source_position(const Source *source, uint32_t offset) {
    if (offset > source->text.len) offset = (uint32_t)source->text.len;
    uint32_t line = line_index_of(source, offset);
    uint32_t start = source->line_starts[line], column = 1;
    if (source->is_ascii) {
        column += offset - start;
    } else {
        // Every byte that does not continue a UTF-8 sequence begins a code point.
        for (uint32_t i = start; i < offset; i++) column += ((unsigned char)source->text.ptr[i] & 0xC0) != 0x80;
    }
    return (LineColumn){line + 1, column};
}

Str source_line(const Source *source, uint32_t line) {
    if (line == 0 || line > source->line_count) return STR("");
    size_t start = source->line_starts[line - 1];
    size_t end = line < source->line_count ? source->line_starts[line] - 1 : source->text.len;
    if (end > start && source->text.ptr[end - 1] == '\r') end--;
    return (Str){source->text.ptr + start, end - start};
}

Span span_join(Span a, Span b) {
    if (!span_known(a)) return b;
    if (!span_known(b) || a.file != b.file) return a;
    return (Span){a.file, a.start, b.end > a.start ? b.end : a.end};
}
