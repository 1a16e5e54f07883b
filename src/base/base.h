// The ground floor: memory, text and containers. Knows nothing of Janus.
//
// Ownership: everything handed out by an Arena lives until the arena is reset or destroyed; nothing is
// freed singly. Running out of memory is an internal error (exit 101): callers never see NULL.
#ifndef JANUS_BASE_BASE_H
#define JANUS_BASE_BASE_H

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))
#else
#define PRINTF_LIKE(fmt, args)
#define NORETURN
#endif

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

// ---- Internal errors ---------------------------------------------------------------------------
// A broken invariant of the compiler itself: prints "internal error: …" and exits 101. Never for user mistakes.
NORETURN void internal_error(const char *file, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);
#define ICE(...) internal_error(__FILE__, __LINE__, __VA_ARGS__)
#define ENSURE(cond) ((cond) ? (void)0 : ICE("invariant broken: %s", #cond))

// ---- Arena -------------------------------------------------------------------------------------
typedef struct Arena Arena;
Arena *arena_create(void);
void arena_destroy(Arena *arena);
void arena_reset(Arena *arena);                    // everything handed out is gone, the memory is kept
void *arena_alloc(Arena *arena, size_t size);      // zeroed, aligned to 16
void *arena_copy(Arena *arena, const void *data, size_t size);
size_t arena_used(const Arena *arena);
#define ARENA_NEW(arena, T) ((T *)arena_alloc((arena), sizeof(T)))
#define ARENA_ARRAY(arena, T, n) ((T *)arena_alloc((arena), sizeof(T) * (size_t)(n)))

// ---- Text --------------------------------------------------------------------------------------
typedef struct Str {
    const char *ptr;
    size_t len;
} Str;
#define STR(literal) ((Str){(literal), sizeof(literal) - 1})
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, (s).ptr
Str str_from(const char *c_string);
bool str_equal(Str a, Str b);
bool str_equal_c(Str a, const char *c_string);
bool str_starts_with(Str s, const char *prefix);
bool str_ends_with(Str s, const char *suffix);
Str str_copy(Arena *arena, Str s);                 // the copy is NUL-terminated
const char *str_c(Arena *arena, Str s);            // NUL-terminated copy
const char *arena_printf(Arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);
// The smallest number of insertions, deletions, replacements and swaps of neighbours; for near-name suggestions.
size_t str_edit_distance(Str a, Str b);

// A growing text on the heap; `data` is NUL-terminated whenever it is read through strbuf_str or data.
typedef struct StrBuf {
    char *data;
    size_t len, cap;
} StrBuf;
void strbuf_free(StrBuf *b);
void strbuf_clear(StrBuf *b);
void strbuf_append(StrBuf *b, const void *bytes, size_t len);
void strbuf_puts(StrBuf *b, const char *c_string);
void strbuf_putc(StrBuf *b, char c);
void strbuf_printf(StrBuf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void strbuf_vprintf(StrBuf *b, const char *fmt, va_list args);
Str strbuf_str(StrBuf *b);                          // a view, valid until the next append

// ---- Interned names ----------------------------------------------------------------------------
// Equal text has one Name, so names are compared with ==.
typedef struct Name {
    uint32_t len;
    uint32_t hash;
    char text[];                                    // NUL-terminated
} Name;
typedef struct NameTable NameTable;
NameTable *names_create(Arena *arena);
void names_destroy(NameTable *table);
const Name *name_intern(NameTable *table, const char *text, size_t len);
const Name *name_intern_c(NameTable *table, const char *c_string);
static inline Str name_str(const Name *n) { return (Str){n->text, n->len}; }

// ---- Vectors -----------------------------------------------------------------------------------
// VEC(T) is an arena-backed growing array: v.items[i], v.len. VEC_PUSH never fails. Old storage stays in the arena,
// so pointers to items taken before a push stay readable but stale: do not write through them.
#define VEC(T)                                                                                                          \
    struct {                                                                                                           \
        T *items;                                                                                                      \
        uint32_t len, cap;                                                                                             \
    }
void *vec_grow(Arena *arena, void *items, uint32_t len, uint32_t *cap, size_t item_size);
#define VEC_PUSH(arena, v, item)                                                                                       \
    do {                                                                                                               \
        if ((v)->len == (v)->cap)                                                                                      \
            (v)->items = vec_grow((arena), (v)->items, (v)->len, &(v)->cap, sizeof(*(v)->items));                      \
        (v)->items[(v)->len++] = (item);                                                                               \
    } while (0)
#define VEC_LAST(v) ((v)->items[(v)->len - 1])
#define VEC_POP(v) ((v)->items[--(v)->len])
// An empty vector has no storage, and nothing may be added to a null pointer, not even zero.
#define VEC_EACH(T, it, v)                                                                                             \
    for (T *it = (v)->items, *it##_end = it ? it + (v)->len : it; it != it##_end; it++)

// ---- Maps --------------------------------------------------------------------------------------
// Open addressing from a pointer (identity) to a pointer. Iteration is in insertion order, so output never depends
// on hash values. Keys are not NULL. `map_get` answers NULL for a missing key.
typedef struct MapEntry {
    const void *key;
    void *value;
} MapEntry;
typedef struct Map {
    MapEntry *entries;                              // insertion order, `len` of them
    uint32_t len, cap;
    uint32_t *slots;                                // index + 1 into entries, 0 is free
    uint32_t slot_count;
} Map;
void *map_get(const Map *map, const void *key);
void map_put(Arena *arena, Map *map, const void *key, void *value);   // replaces

uint64_t hash_bytes(const void *data, size_t len, uint64_t seed);

// ---- Files and paths ---------------------------------------------------------------------------
// Reads a whole regular file. False with errno set when it cannot; files over 1 GiB are refused with EFBIG.
bool file_read(Arena *arena, const char *path, Str *out);
bool file_write(const char *path, Str bytes);       // replaces the file
bool fd_write(int fd, Str bytes);                   // all of them; false with errno set
bool file_exists(const char *path);                 // a regular file
bool dir_exists(const char *path);
const char *path_join(Arena *arena, const char *dir, const char *leaf);
const char *path_dirname(Arena *arena, const char *path);
const char *path_basename(Arena *arena, const char *path);   // without folder; extension kept

#endif
