// One compilation: everything it allocates hangs off its Session and goes with it.
#ifndef JANUS_DRIVER_SESSION_H
#define JANUS_DRIVER_SESSION_H

#include "diag/diag.h"
#include "driver/settings.h"
#include "sema/sema.h"

typedef struct Phase {
    const char *name;
    double milliseconds;
    bool is_part;               // of the phase before it; may be a sum over several threads
} Phase;

typedef struct Session {
    const BuildSettings *build;
    const ReportSettings *report;
    const ModuleFiles *files;   // NULL: modules are read from the disk
    Arena *arena;
    NameTable *names;
    SourceMap sources;
    Diags diags;
    Sema *sema;                 // NULL until session_open_sema
    const char *std_root;       // NULL when no standard library was found
    VEC(Phase) phases;          // --time
    double phase_start;
} Session;

Session *session_create(const BuildSettings *build, const ReportSettings *report);
void session_destroy(Session *s);
Sema *session_open_sema(Session *s, bool with_tests);
// Notes the time since the last call under this name.
void session_end_phase(Session *s, const char *name);
void session_end_check(Session *s);             // "check", with its part "parse"
void session_note_part(Session *s, const char *name, double milliseconds);
// Prints what was collected, to standard error. True when there was no error.
bool session_report(Session *s);
void session_print_phases(const Session *s);

#endif
