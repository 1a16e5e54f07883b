// Several checks in one process: what they are made with, and the texts that stand in memory in place of files, an editor's or
// those of a tool that tries something.
#ifndef JANUS_DRIVER_WORKSPACE_H
#define JANUS_DRIVER_WORKSPACE_H

#include "driver/session.h"

typedef struct Workspace Workspace;

Workspace *workspace_create(const BuildSettings *build, const ReportSettings *report);
void workspace_destroy(Workspace *w);
// From now on a copy of `text` stands for the file. `path` is resolved, so that every module that uses the file finds it.
void workspace_put_text(Workspace *w, const char *path, Str text);
// A session whose modules are read from the workspace as it is now; it must end before a text changes, and the workspace after it.
Session *workspace_open(Workspace *w);

#endif
