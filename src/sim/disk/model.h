// What the files of the disk share: its nodes, its pending operations, and the histories of sectors.
//
// Metadata has one row of numbers, `log`: each folder operation and each explicit step of a file takes the next. A prefix
// of it up to `forced` is durable under `ordered`.
#ifndef JANUS_SIM_DISK_MODEL_H
#define JANUS_SIM_DISK_MODEL_H

#include "sim/disk/disk.h"

enum { CHUNK_SECTORS = 64 };

typedef struct Entry {
    char *name; // owned
    uint32_t len;
    DiskNode node;
    uint64_t cookie;
} Entry;

typedef struct Entries { // in the order they were made
    Entry *items;
    uint32_t count, room;
} Entries;

// A value that a sector had in the cache. Without bytes: zeros, and when it is a cut, the cut itself.
typedef struct Version {
    uint8_t *bytes; // owned
    bool is_cut;
    bool is_new; // the sector had no room before
    uint64_t tick, at; // when; how long the row of metadata was
} Version;

typedef struct History { // of one sector since it was durable; the first may be on the disk, the last is in the cache
    Version *items;
    uint32_t count, room;
} History;

typedef struct Chunk {
    uint64_t mapped, reserved, dirty; // a bit a sector; reserved: has room without having been written
    uint8_t *bytes; // NULL: zeros. What lies behind the file's size is zero
    History *histories; // NULL: none; one of no versions: what is in the cache is durable
} Chunk;

// One size that a file passed through. What is cut with it is in the histories, under its tick.
typedef struct Step {
    uint64_t size, tick, at;
    bool is_explicit; // of truncate, fallocate or punch: it has a place in the row of metadata
} Step;

typedef struct Node {
    bool is_folder;
    uint32_t links, mode;
    uint32_t references; // of entries, durable and not, pending operations and holders; 0: the node is gone
    DiskNode parent; // of a folder
    Entries entries, durable; // of a folder
    DiskNode *named_in; // of a folder: in which its name was made or moved since the last crash, each once
    uint32_t named_in_count;
    bool is_visited; // while what gives a folder its name is collected
    uint64_t size, durable_size;
    Chunk **chunks; // NULL: zeros
    uint64_t chunk_count;
    Step *steps;
    uint32_t step_count, step_room;
    uint64_t made, named; // length of the row when it was made, and after the last operation on a name of it
} Node;

typedef struct Change {
    DiskNode folder, node; // node 0: the entry goes
    char *name; // owned
    uint32_t len;
    uint64_t cookie;
} Change;

// A pending folder operation: its changes are made together or not at all.
typedef struct Operation {
    Change changes[2];
    uint32_t change_count;
    uint64_t at; // its number in the row
    uint64_t *needs; // numbers of operations without which it cannot be kept
    uint32_t need_count, need_room;
    bool is_stuck; // a sync of its folder failed
} Operation;

struct Disk {
    DiskOptions options;
    Node *nodes; // by number
    uint32_t node_count, node_room;
    Operation *operations; // pending, in order
    uint32_t operation_count, operation_room;
    uint64_t log, forced;
    uint64_t ticks, cookies;
    uint64_t used_sectors;
};

static inline Node *disk_node(const Disk *disk, DiskNode number) { return &disk->nodes[number]; }

// ---- names.c
Entry *entries_find(const Entries *entries, Str name);
void entries_set(Entries *entries, Str name, DiskNode node, uint64_t cookie); // node 0: none
void entries_copy(Entries *to, const Entries *from);
void entries_free(Entries *entries);
void node_forget_names(Node *node); // it is where it always was
void node_refer(Disk *disk, DiskNode number);
void node_release(Disk *disk, DiskNode number); // it goes with the last that refers to it
void operation_make_durable(Disk *disk, uint32_t index); // those after it move up
void operations_drop(Disk *disk); // whatever they refer to

// ---- data.c
History *file_history(const Node *file, uint64_t sector); // NULL: what is in the cache is durable
const uint8_t *file_sector(const Disk *disk, const Node *file, uint64_t sector); // in the cache; NULL: zeros
uint8_t *file_make_sector(Disk *disk, Node *file, uint64_t sector); // the same, to be written
void file_unmap(Disk *disk, Node *file, uint64_t sector); // no room, zeros
void history_keep(History *history, uint32_t index, bool as_zeros); // forgets what was before that version
void history_clear(History *history);
void file_settle(Node *file); // what is in the cache is durable
void file_free(Disk *disk, Node *file);

#endif
