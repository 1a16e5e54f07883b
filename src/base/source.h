// Source files and positions. A Span is 12 bytes and names its file by index, so it can be stored everywhere.
#ifndef JANUS_BASE_SOURCE_H
#define JANUS_BASE_SOURCE_H

#include "base/base.h"

typedef struct Span {
    uint32_t file;          // index into SourceMap.sources; 0 is "no source"
    uint32_t start, end;    // byte offsets, half open
} Span;

typedef struct Source {
    const char *path;       // as shown to the user
    Str text;               // NUL-terminated past its end
    uint32_t index;
    uint32_t *line_starts;  // offset of each line's first byte
    uint32_t line_count;
    bool is_ascii;          // then columns are plain offsets
} Source;

typedef struct SourceMap {
    Arena *arena;
    VEC(Source *) sources;  // [0] is a placeholder for "no source"
} SourceMap;

typedef struct LineColumn {
    uint32_t line, column;  // from 1; the column counts code points
} LineColumn;

void sources_init(SourceMap *map, Arena *arena);
Source *sources_add(SourceMap *map, const char *path, Str text);
Source *sources_get(const SourceMap *map, uint32_t index);
LineColumn source_position(const Source *source, uint32_t offset);
Str source_line(const Source *source, uint32_t line);     // without its newline
Span span_join(Span a, Span b);                           // from a's start to b's end
static inline bool span_known(Span s) { return s.file != 0; }

#endif
