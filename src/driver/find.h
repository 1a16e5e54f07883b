// The files that the arguments of a command name.
#ifndef JANUS_DRIVER_FIND_H
#define JANUS_DRIVER_FIND_H

#include "driver/options.h"

typedef VEC(const char *) Paths;

// Files as they are named, and of a folder all `.jan` files in and below it, by name, that are `wanted` (NULL: all).
// Hidden files are left out and links to folders not followed: they may lead back up. A folder that cannot be looked
// into is reported and added to `unreadable`.
typedef bool (*FileFilter)(Arena *arena, const char *path);
Paths find_files(Arena *arena, const Options *options, FileFilter wanted, Paths *unreadable);

// Does something to each file that the arguments name, in a folder's too. EXIT_OK if it answers so for all and every
// folder could be read, EXIT_ERRORS otherwise.
int for_each_file(const Options *options, int (*act)(const Options *options, const char *path));

#endif
