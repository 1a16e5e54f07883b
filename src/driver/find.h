// The files that the arguments of a command name.
#ifndef JANUS_DRIVER_FIND_H
#define JANUS_DRIVER_FIND_H

#include "base/base.h"

typedef VEC(const char *) Paths;

// Files as they are named, and of a folder all `.jan` files in and below it, by name, that are `wanted` (NULL: all).
// Hidden files are left out and links to folders not followed: they may lead back up. A folder that cannot be looked
// into is reported and added to `unreadable`.
typedef bool (*FileFilter)(Arena *arena, const char *path);
Paths find_files(Arena *arena, char *const *named, uint32_t count, FileFilter wanted, Paths *unreadable);

// Does something to each of the files that are named, in a folder too. True if it answers so for all and every folder could be
// read.
bool for_each_file(char *const *named, uint32_t count, bool (*act)(void *context, const char *path), void *context);

#endif
