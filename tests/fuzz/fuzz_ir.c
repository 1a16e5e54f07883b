// Any text read as QTJIR is refused with a message or gives a module. A module prints to text that reads back as the
// same text, verified or not; one that the verifier accepts stays acceptable through the passes of every mode.
#include <stdio.h>

#include "qtjir/ir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Reader {
    Arena *arena;
    SourceMap sources;
    Diags diags;
    NameTable *names;
    Types *types[2];
    uint32_t count;
} Reader;

static IrModule *read_module(Reader *r, Str text) {
    Source *source = sources_add(&r->sources, "fuzz.qir", text);
    Types *types = r->types[r->count++] = types_create(r->arena, r->names);
    IrModule *module = ir_parse(r->arena, types, r->names, &r->sources, &r->diags, source);
    ENSURE(module || r->diags.error_count);
    return module;
}

static bool is_verified(const IrModule *module) {
    StrBuf errors = {0};
    bool ok = ir_verify_module(module, "parsing", &errors);
    ENSURE(ok || errors.len);
    strbuf_free(&errors);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Reader r = {.arena = arena_create()};
    sources_init(&r.sources, r.arena);
    diags_init(&r.diags, r.arena, &r.sources);
    r.names = names_create(r.arena);
    IrModule *module = read_module(&r, str_copy(r.arena, (Str){(const char *)data, size}));
    if (module) {
        bool verified = is_verified(module);
        StrBuf first = {0}, second = {0};
        ir_print_module(&first, module);
        IrModule *again = read_module(&r, strbuf_str(&first));
        if (!again) ICE("printed QTJIR is refused: %s\n%s", r.diags.all.items[0]->message, first.data);
        ir_print_module(&second, again);
        if (!str_equal(strbuf_str(&first), strbuf_str(&second)))
            ICE("printed QTJIR reads back as another text\n---- first\n%s\n---- second\n%s", first.data, second.data);
        if (is_verified(again) != verified) ICE("printed QTJIR is verified differently\n%s", first.data);
        if (verified) {
            ir_run_passes(module, MODE_RELEASE, NULL, NULL);
            ir_run_passes(again, MODE_FAST, NULL, NULL);
            strbuf_clear(&first);
            ir_print_module(&first, module);
        }
        strbuf_free(&first);
        strbuf_free(&second);
    }
    for (uint32_t i = 0; i < r.count; i++) types_destroy(r.types[i]);
    names_destroy(r.names);
    arena_destroy(r.arena);
    return 0;
}
