// What the files of the file system calls share: open files, and places that paths lead to.
#ifndef JANUS_SIM_FILES_TABLE_H
#define JANUS_SIM_FILES_TABLE_H

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "sim/files/files.h"

enum {
    FLAG_CREATE = 0100,
    FLAG_EXCLUSIVE = 0200,
    FLAG_TRUNCATE = 01000,
    FLAG_APPEND = 02000,
    FLAG_DSYNC = 010000,
    FLAG_DIRECT = 040000,
    FLAG_LARGE = 0100000,
    FLAG_FOLDER = 0200000,
    FLAG_CLOEXEC = 02000000,
    FLAG_PATH = 010000000,
    FLAG_NO_NAME = 020000000
};

// Shared by the descriptors that were copied from one another.
typedef struct OpenFile {
    uint32_t descriptors; // 0: free
    int stream; // 0, 1, 2; -1: of the disk
    DiskNode node;
    int flags;
    uint64_t position; // of a folder: the cookie of the last entry that was read
    int lock; // as flock names it: 1 shared, 2 exclusive; 0: none
} OpenFile;

typedef struct Descriptor {
    uint32_t file; // number of an open file, plus one; 0: free
    bool closes_on_exec;
} Descriptor;

enum { MOST_DESCRIPTORS = 1024 };

struct Files {
    Disk *disk;
    OpenFile *open;
    uint32_t open_count;
    Descriptor descriptors[MOST_DESCRIPTORS];
    DiskNode working_folder;
};

// ---- table.c
OpenFile *files_get(const Files *files, int fd); // NULL: EBADF
uint32_t files_take_open(Files *files); // an open file without descriptors, by number
int files_lowest_free(const Files *files, int from); // a descriptor; -1: there is none
void files_set(Files *files, int fd, uint32_t open_file, bool closes_on_exec);

// ---- path.c
typedef enum LastKind { LAST_NAME, LAST_DOT, LAST_DOT_DOT, LAST_ROOT } LastKind;
typedef struct Place {
    DiskNode folder; // in which the last part is
    Str name;
    LastKind last;
    bool wants_folder; // the path ends in a slash
    DiskNode node; // what is there; 0: nothing
    bool is_too_long; // the name: nothing can be there
} Place;
int64_t files_find(const Files *files, int folder, Str path, Place *out); // 0, also when only the last part is missing
int64_t files_find_parent(const Files *files, int folder, Str path, Place *out); // 0, also when its name is too long
bool files_is_gone(const Files *files, DiskNode folder); // it has no name any more: nothing can be made in it
bool files_is_below(const Files *files, DiskNode folder, DiskNode above); // or the same

#endif
