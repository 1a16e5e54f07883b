// A disk that loses power. It keeps a tree of folders and files as programs see it, and beside that what is durable and
// what is pending: folder operations in their order, for each file the steps of its size, for each sector every value
// that it had since it was last durable. Nothing is decided before a crash; then each pending thing is kept or not, one
// `choose` at a time, and what is left is all there is.
//
// `weak` promises what POSIX does: sectors, sizes and folder operations reach the disk in any order, but those on one
// entry and the sizes of one file in theirs. `ordered` is a journal of all metadata that is kept as a prefix, and a
// sector that was new behind a step that was lost does not show. Of a `safe` disk everything is durable at once: it keeps
// no account of what is pending, for runs in which the power never goes.
//
// Nodes are files and folders; numbers of nodes are not used again. Whoever calls has looked: an entry that is to be made
// is not there, one that is to be taken away is.
#ifndef JANUS_SIM_DISK_DISK_H
#define JANUS_SIM_DISK_DISK_H

#include "base/base.h"

typedef enum DiskModel { DISK_WEAK, DISK_ORDERED, DISK_SAFE } DiskModel;

typedef struct DiskOptions {
    DiskModel model;
    uint32_t sector; // bytes that are written whole or not at all; 0: 512
    uint32_t block; // sectors in a block of the file system; 0: 8
    uint64_t capacity; // bytes of all sectors; 0: 1 TiB
} DiskOptions;

typedef struct Disk Disk;
typedef uint32_t DiskNode; // 0: none
enum { DISK_ROOT = 1 };
static const uint64_t DISK_FILE_LIMIT = UINT64_C(1) << 36; // bytes; who writes behind it is told so before

Disk *disk_create(const DiskOptions *options);
void disk_destroy(Disk *disk);

// ---- names: what programs see -------------------------------------------------------------------------------------------
bool disk_is_folder(const Disk *disk, DiskNode node);
DiskNode disk_parent(const Disk *disk, DiskNode folder); // of the root: itself
uint32_t disk_links(const Disk *disk, DiskNode node);
uint32_t disk_mode(const Disk *disk, DiskNode node); // the last that was set; it has no part in crashes
void disk_set_mode(Disk *disk, DiskNode node, uint32_t mode);
DiskNode disk_find(const Disk *disk, DiskNode folder, Str name);
uint32_t disk_entry_count(const Disk *disk, DiskNode folder);
// In the order they were made. `cookie` is of the entry alone and grows along that order.
DiskNode disk_entry(const Disk *disk, DiskNode folder, uint32_t index, Str *name, uint64_t *cookie);
DiskNode disk_make_file(Disk *disk, DiskNode folder, Str name);
DiskNode disk_make_folder(Disk *disk, DiskNode folder, Str name);
void disk_link(Disk *disk, DiskNode file, DiskNode folder, Str name);
void disk_unlink(Disk *disk, DiskNode folder, Str name); // a file, or a folder that is empty
// One step, also over an entry that is there: a file, or an empty folder over a folder.
void disk_rename(Disk *disk, DiskNode folder, Str name, DiskNode to, Str to_name);
void disk_exchange(Disk *disk, DiskNode folder, Str name, DiskNode to, Str to_name);
// A node without names lives as long as somebody holds it.
void disk_hold(Disk *disk, DiskNode node);
void disk_drop(Disk *disk, DiskNode node);

// ---- contents ---------------------------------------------------------------------------------------------------------------
uint64_t disk_size(const Disk *disk, DiskNode file);
uint64_t disk_file_sectors(const Disk *disk, DiskNode file); // that it takes
uint64_t disk_used(const Disk *disk); // bytes
uint64_t disk_capacity(const Disk *disk);
void disk_set_capacity(Disk *disk, uint64_t bytes); // what is there stays; no less than it takes
uint64_t disk_read(const Disk *disk, DiskNode file, uint64_t offset, uint8_t *bytes, uint64_t size);
// How many were written: fewer when the disk is full.
uint64_t disk_write(Disk *disk, DiskNode file, uint64_t offset, const uint8_t *bytes, uint64_t size);
void disk_truncate(Disk *disk, DiskNode file, uint64_t size);
// Room for [offset, offset + size), which reads as before, or as zeros. False, and nothing done, when the disk is full.
bool disk_allocate(Disk *disk, DiskNode file, uint64_t offset, uint64_t size, bool keep_size);
void disk_punch(Disk *disk, DiskNode file, uint64_t offset, uint64_t size); // zeros, and no room

// ---- what is durable ----------------------------------------------------------------------------------------------------------
void disk_sync_file(Disk *disk, DiskNode file, bool data_only);
void disk_sync_written(Disk *disk, DiskNode file, uint64_t offset, uint64_t size); // as a synchronous write does
void disk_sync_folder(Disk *disk, DiskNode folder);
void disk_sync(Disk *disk); // everything
void disk_settle(Disk *disk); // the same, and as if it had always been there: for what a run begins with
// A sync that answers an error: what it would have forced stays uncertain and is not forced by a later one.
void disk_fail_sync_file(Disk *disk, DiskNode file);
void disk_fail_sync_folder(Disk *disk, DiskNode folder);
// The cache gives back what needs no sync: after one that failed the file shows what is durable, for good.
void disk_evict(Disk *disk, DiskNode file);

// ---- crashes ---------------------------------------------------------------------------------------------------------------
typedef enum DiskChoice {
    DISK_CHOICE_FOLDER, // one operation, 0 lost, 1 kept; under `ordered` how many of all metadata are kept
    DISK_CHOICE_SIZE, // how many of a file's steps are kept
    DISK_CHOICE_SECTOR, // which value, from the oldest to the newest
} DiskChoice;
typedef struct DiskChooser {
    uint32_t (*choose)(void *context, uint32_t count, DiskChoice what); // 0 … count - 1; only asked when count > 1
    void *context;
} DiskChooser;
// The power goes: what is left is durable, and nobody holds anything.
void disk_crash(Disk *disk, const DiskChooser *chooser);
// What a crash with these answers would leave, as `{path=bytes folder/ …}`, sorted; a zero byte is `_`.
void disk_crash_text(const Disk *disk, const DiskChooser *chooser, StrBuf *out);
void disk_text(const Disk *disk, StrBuf *out); // the tree that programs see

// Every tree that a crash may leave, each once, sorted. False when there are more than `limit` ways to choose.
typedef struct DiskTrees {
    char **texts;
    uint32_t count, room;
} DiskTrees;
bool disk_crash_trees(const Disk *disk, uint64_t limit, DiskTrees *out);
void disk_trees_free(DiskTrees *trees);

// All ways to answer the questions of crashes that find the same, one after the other: `disk_walk_next` goes on to the next
// way, and is false after the last. Holds the answers so far and how many there were to choose from.
typedef struct DiskWalk {
    uint32_t *answers, *counts;
    uint32_t len, room, at;
} DiskWalk;
uint32_t disk_walk_choose(void *walk, uint32_t count, DiskChoice what);
bool disk_walk_next(DiskWalk *walk);
void disk_walk_free(DiskWalk *walk);

// Draws answers from a seed. With even odds everything is practically never kept, so each crash has a bias.
typedef enum DiskBias { DISK_BIAS_EVEN, DISK_BIAS_ALL, DISK_BIAS_NONE, DISK_BIAS_NEWEST } DiskBias;
typedef struct DiskDraw {
    uint64_t state;
    DiskBias bias;
} DiskDraw;
DiskDraw disk_draw(uint64_t seed); // the bias is drawn as well
uint32_t disk_draw_choose(void *draw, uint32_t count, DiskChoice what);

#endif
