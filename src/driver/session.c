// A compilation's state and where the standard library is: $JANUS_STD, or `std` next to the folder of the executable
// (the source tree), or `share/janus/std` there (an installation).
#define _GNU_SOURCE
#include "driver/session.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "interp/consteval.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static const char *find_std(Arena *arena) {
    const char *given = getenv("JANUS_STD");
    if (given && *given) return str_c(arena, str_from(given));
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len <= 0) return NULL;
    path[len] = '\0';
    const char *prefix = path_dirname(arena, path_dirname(arena, path));
    const char *const places[] = {"std", "share/janus/std"};
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        const char *place = path_join(arena, prefix, places[i]);
        if (dir_exists(place)) return place;
    }
    return NULL;
}

Session *session_create(const BuildSettings *build, const ReportSettings *report) {
    Arena *arena = arena_create();
    Session *s = ARENA_NEW(arena, Session);
    s->build = build;
    s->report = report;
    s->arena = arena;
    s->names = names_create(arena);
    sources_init(&s->sources, arena);
    diags_init(&s->diags, arena, &s->sources);
    s->std_root = find_std(arena);
    s->phase_start = now();
    return s;
}

void session_destroy(Session *s) {
    if (s->sema) sema_destroy(s->sema);
    names_destroy(s->names);
    arena_destroy(s->arena); // the session itself is in it
}

static SemaOptions sema_options(const Session *s, bool with_tests) {
    return (SemaOptions){.std_root = s->std_root ? s->std_root : "std",
                         .libc = s->build->libc,
                         .freestanding = s->build->freestanding,
                         .arch = s->build->target->arch,
                         .with_tests = with_tests,
                         .files = s->files,
                         .evaluator = &interp_evaluator};
}

// Before anything is checked: a layout that exists already would be a right one.
static void arm_fault(Sema *sema) {
#ifdef JANUS_FAULTS
    Fault fault = fault_find(getenv("JANUS_FAULT"));
    if (fault == FAULT_COUNT) ICE("there is no such fault: %s", getenv("JANUS_FAULT"));
    types_set_fault(sema_types(sema), fault);
#else
    (void)sema;
#endif
}

Sema *session_open_sema(Session *s, bool with_tests) {
    SemaOptions options = sema_options(s, with_tests);
    s->sema = sema_create(s->arena, s->names, &s->sources, &s->diags, &options);
    arm_fault(s->sema);
    return s->sema;
}

void session_end_phase(Session *s, const char *name) {
    double t = now();
    VEC_PUSH(s->arena, &s->phases, ((Phase){name, t - s->phase_start, false}));
    s->phase_start = t;
}

void session_note_part(Session *s, const char *name, double milliseconds) {
    VEC_PUSH(s->arena, &s->phases, ((Phase){name, milliseconds, true}));
}

void session_end_check(Session *s) {
    session_end_phase(s, "check");
    if (s->sema) session_note_part(s, "parse", sema_parse_milliseconds(s->sema));
}

static bool wants_colour(void) {
    const char *no_colour = getenv("NO_COLOR");
    return !(no_colour && *no_colour) && isatty(STDERR_FILENO);
}

bool session_report(Session *s) {
    if (s->report->json)
        diags_render_json(&s->diags, stderr);
    else
        diags_render_text(&s->diags, stderr, wants_colour());
    return s->diags.error_count == 0;
}

void session_print_phases(const Session *s) {
    if (!s->report->time) return;
    double total = 0;
    VEC_EACH (Phase, p, &s->phases) {
        if (p->is_part)
            fprintf(stderr, "  %-16s %8.1f ms\n", p->name, p->milliseconds);
        else
            fprintf(stderr, "%-18s %8.1f ms\n", p->name, p->milliseconds);
        if (!p->is_part) total += p->milliseconds;
    }
    fprintf(stderr, "%-18s %8.1f ms\n", "total", total);
}
