// The passes over QTJIR, in order, and the modes they run in. The verifier follows each of them in every build.
#include "qtjir/ir.h"

typedef struct Pass {
    const char *name;
    void (*run)(IrModule *m);
    unsigned modes;             // bits of BuildMode
} Pass;

enum { IN_DEBUG = 1 << MODE_DEBUG, IN_RELEASE = 1 << MODE_RELEASE, IN_FAST = 1 << MODE_FAST };

static const Pass PASSES[] = {
    {"strip-checks", pass_strip_checks, IN_FAST},
    {"prune", pass_prune, IN_DEBUG | IN_RELEASE | IN_FAST},
    {"mark-cold", pass_mark_cold, IN_RELEASE | IN_FAST},
};

void ir_run_passes(IrModule *m, BuildMode mode, PassDone *done, void *context) {
    for (size_t i = 0; i < ARRAY_LEN(PASSES); i++) {
        if (!(PASSES[i].modes >> mode & 1)) continue;
        PASSES[i].run(m);
        if (done) done(context, PASSES[i].name);
        StrBuf errors = {0};
        if (!ir_verify_module(m, PASSES[i].name, &errors)) ICE("broken QTJIR\n" STR_FMT, STR_ARG(strbuf_str(&errors)));
        strbuf_free(&errors);
        if (done) done(context, "verify");
    }
}
