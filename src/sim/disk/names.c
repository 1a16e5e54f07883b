// Folders as programs see them, and the operations on them that are pending. An operation needs those before it on the
// same entries, and a move between folders needs those that give the target folder its name.
#include "base/memory.h"

#include "sim/disk/model.h"

// ---- entries -------------------------------------------------------------------------------------------------------------

static Str entry_name(const Entry *e) { return (Str){e->name, e->len}; }

static char *copy_name(Str name) {
    char *copy = memory_acquire(name.len + 1);
    memcpy(copy, name.ptr, name.len);
    copy[name.len] = 0;
    return copy;
}

Entry *entries_find(const Entries *entries, Str name) {
    for (uint32_t i = 0; i < entries->count; i++)
        if (str_equal(entry_name(&entries->items[i]), name)) return &entries->items[i];
    return NULL;
}

void entries_set(Entries *entries, Str name, DiskNode node, uint64_t cookie) {
    Entry *e = entries_find(entries, name);
    if (e && node) {
        e->node = node;
        return;
    }
    if (e) {
        memory_release(e->name);
        uint32_t index = (uint32_t)(e - entries->items);
        memmove(e, e + 1, (--entries->count - index) * sizeof *e);
        return;
    }
    if (!node) return;
    if (entries->count == entries->room) {
        entries->room = entries->room ? entries->room * 2 : 8;
        entries->items = memory_resize(entries->items, entries->room * sizeof *entries->items);
    }
    entries->items[entries->count++] = (Entry){copy_name(name), (uint32_t)name.len, node, cookie};
}

void entries_copy(Entries *to, const Entries *from) {
    *to = (Entries){0};
    for (uint32_t i = 0; i < from->count; i++)
        entries_set(to, entry_name(&from->items[i]), from->items[i].node, from->items[i].cookie);
}

void entries_free(Entries *entries) {
    for (uint32_t i = 0; i < entries->count; i++) memory_release(entries->items[i].name);
    memory_release(entries->items);
    *entries = (Entries){0};
}

// ---- nodes ---------------------------------------------------------------------------------------------------------------

static DiskNode node_make(Disk *disk, bool is_folder, DiskNode parent) {
    if (disk->node_count == disk->node_room) {
        disk->node_room = disk->node_room ? disk->node_room * 2 : 16;
        disk->nodes = memory_resize(disk->nodes, disk->node_room * sizeof *disk->nodes);
    }
    disk->nodes[disk->node_count] = (Node){.is_folder = is_folder, .parent = parent};
    return disk->node_count++;
}

void node_refer(Disk *disk, DiskNode number) {
    if (number) disk_node(disk, number)->references++;
}

static void release_entries(Disk *disk, Entries *entries) {
    for (uint32_t i = 0; i < entries->count; i++) node_release(disk, entries->items[i].node);
    entries_free(entries);
}

void node_release(Disk *disk, DiskNode number) {
    Node *node = number ? disk_node(disk, number) : NULL;
    if (!node || --node->references) return;
    release_entries(disk, &node->entries);
    release_entries(disk, &node->durable);
    node_forget_names(node);
    file_free(disk, node);
}

static void set_entry(Disk *disk, Entries *entries, const Change *c) {
    Str name = {c->name, c->len};
    Entry *old = entries_find(entries, name);
    DiskNode gone = old ? old->node : 0;
    node_refer(disk, c->node);
    entries_set(entries, name, c->node, c->cookie);
    node_release(disk, gone);
}

// ---- operations ------------------------------------------------------------------------------------------------------------

static bool touches(const Operation *op, const Change *c) {
    for (uint32_t i = 0; i < op->change_count; i++) {
        const Change *other = &op->changes[i];
        if (other->folder == c->folder && other->len == c->len && !memcmp(other->name, c->name, c->len)) return true;
    }
    return false;
}

static void add_need(Operation *op, uint64_t number) {
    for (uint32_t i = 0; i < op->need_count; i++)
        if (op->needs[i] == number) return;
    if (op->need_count == op->need_room) {
        op->need_room = op->need_room ? op->need_room * 2 : 4;
        op->needs = memory_resize(op->needs, op->need_room * sizeof *op->needs);
    }
    op->needs[op->need_count++] = number;
}

// What gives `folder` its name and the folders in which that was made or moved theirs, even where it is durable itself.
static void add_names_of(const Disk *disk, Operation *op, DiskNode folder) {
    Node *node = disk_node(disk, folder);
    if (node->is_visited) return;
    node->is_visited = true;
    for (uint32_t i = 0; i < disk->operation_count; i++) {
        const Operation *other = &disk->operations[i];
        for (uint32_t k = 0; k < other->change_count; k++)
            if (other->changes[k].node == folder) add_need(op, other->at);
    }
    for (uint32_t i = 0; i < node->named_in_count; i++) add_names_of(disk, op, node->named_in[i]);
    node->is_visited = false;
}

static void remember_name(Node *node, DiskNode folder) {
    for (uint32_t i = 0; i < node->named_in_count; i++)
        if (node->named_in[i] == folder) return;
    node->named_in = memory_resize(node->named_in, (node->named_in_count + 1) * sizeof *node->named_in);
    node->named_in[node->named_in_count++] = folder;
}

void node_forget_names(Node *node) {
    memory_release(node->named_in);
    node->named_in = NULL;
    node->named_in_count = 0;
}

static void operation_free(Disk *disk, Operation *op) {
    for (uint32_t i = 0; i < op->change_count; i++) {
        node_release(disk, op->changes[i].node);
        node_release(disk, op->changes[i].folder);
        memory_release(op->changes[i].name);
    }
    memory_release(op->needs);
}

void operation_make_durable(Disk *disk, uint32_t index) {
    Operation op = disk->operations[index];
    memmove(&disk->operations[index], &disk->operations[index + 1],
            (--disk->operation_count - index) * sizeof disk->operations[0]);
    for (uint32_t i = 0; i < op.change_count; i++)
        set_entry(disk, &disk_node(disk, op.changes[i].folder)->durable, &op.changes[i]);
    operation_free(disk, &op);
}

void operations_drop(Disk *disk) {
    for (uint32_t i = 0; i < disk->operation_count; i++) {
        const Operation *op = &disk->operations[i];
        for (uint32_t k = 0; k < op->change_count; k++) memory_release(op->changes[k].name);
        memory_release(op->needs);
    }
    disk->operation_count = 0;
}

static Change change(DiskNode folder, Str name, DiskNode node) {
    return (Change){folder, node, copy_name(name), (uint32_t)name.len, 0};
}

// Makes an operation pending and shows it to programs. `moved_to`: a folder that must have its name first; 0: none.
static void operate(Disk *disk, Operation op, DiskNode moved_to, DiskNode also_moved_to) {
    for (uint32_t i = 0; i < op.change_count; i++)
        for (uint32_t k = 0; k < disk->operation_count; k++)
            if (touches(&disk->operations[k], &op.changes[i])) add_need(&op, disk->operations[k].at);
    if (moved_to) add_names_of(disk, &op, moved_to);
    if (also_moved_to) add_names_of(disk, &op, also_moved_to);
    op.at = ++disk->log;
    for (uint32_t i = 0; i < op.change_count; i++) {
        Change *c = &op.changes[i];
        node_refer(disk, c->folder);
        node_refer(disk, c->node);
        c->cookie = ++disk->cookies;
        Entries *entries = &disk_node(disk, c->folder)->entries;
        Entry *old = entries_find(entries, (Str){c->name, c->len});
        if (old) disk_node(disk, old->node)->links--, disk_node(disk, old->node)->named = disk->log;
        if (c->node) disk_node(disk, c->node)->links++, disk_node(disk, c->node)->named = disk->log;
        if (c->node && disk_node(disk, c->node)->is_folder) {
            disk_node(disk, c->node)->parent = c->folder;
            remember_name(disk_node(disk, c->node), c->folder);
        }
        set_entry(disk, entries, c);
    }
    if (disk->operation_count == disk->operation_room) {
        disk->operation_room = disk->operation_room ? disk->operation_room * 2 : 16;
        disk->operations = memory_resize(disk->operations, disk->operation_room * sizeof disk->operations[0]);
    }
    disk->operations[disk->operation_count++] = op;
    if (disk->options.model == DISK_SAFE) operation_make_durable(disk, 0);
}

static DiskNode make(Disk *disk, DiskNode folder, Str name, bool is_folder) {
    ENSURE(!disk_find(disk, folder, name));
    DiskNode node = node_make(disk, is_folder, folder);
    operate(disk, (Operation){.changes = {change(folder, name, node)}, .change_count = 1}, 0, 0);
    disk_node(disk, node)->made = disk->log;
    return node;
}

DiskNode disk_make_file(Disk *disk, DiskNode folder, Str name) { return make(disk, folder, name, false); }
DiskNode disk_make_folder(Disk *disk, DiskNode folder, Str name) { return make(disk, folder, name, true); }

void disk_link(Disk *disk, DiskNode file, DiskNode folder, Str name) {
    ENSURE(!disk_find(disk, folder, name) && !disk_is_folder(disk, file));
    operate(disk, (Operation){.changes = {change(folder, name, file)}, .change_count = 1}, 0, 0);
}

void disk_unlink(Disk *disk, DiskNode folder, Str name) {
    ENSURE(disk_find(disk, folder, name));
    operate(disk, (Operation){.changes = {change(folder, name, 0)}, .change_count = 1}, 0, 0);
}

void disk_rename(Disk *disk, DiskNode folder, Str name, DiskNode to, Str to_name) {
    DiskNode node = disk_find(disk, folder, name);
    ENSURE(node);
    if (disk_find(disk, to, to_name) == node) return;
    Operation op = {.changes = {change(folder, name, 0), change(to, to_name, node)}, .change_count = 2};
    node_refer(disk, node); // between its names
    operate(disk, op, folder == to ? 0 : to, 0);
    node_release(disk, node);
}

void disk_exchange(Disk *disk, DiskNode folder, Str name, DiskNode to, Str to_name) {
    DiskNode a = disk_find(disk, folder, name), b = disk_find(disk, to, to_name);
    ENSURE(a && b);
    if (a == b) return;
    Operation op = {.changes = {change(folder, name, b), change(to, to_name, a)}, .change_count = 2};
    operate(disk, op, folder == to ? 0 : to, folder == to ? 0 : folder);
}

// ---- what programs see -----------------------------------------------------------------------------------------------------

bool disk_is_folder(const Disk *disk, DiskNode node) { return disk_node(disk, node)->is_folder; }
DiskNode disk_parent(const Disk *disk, DiskNode folder) { return disk_node(disk, folder)->parent; }
uint32_t disk_mode(const Disk *disk, DiskNode node) { return disk_node(disk, node)->mode; }
void disk_set_mode(Disk *disk, DiskNode node, uint32_t mode) { disk_node(disk, node)->mode = mode; }
uint32_t disk_links(const Disk *disk, DiskNode node) { return disk_node(disk, node)->links; }
uint32_t disk_entry_count(const Disk *disk, DiskNode folder) { return disk_node(disk, folder)->entries.count; }

DiskNode disk_find(const Disk *disk, DiskNode folder, Str name) {
    const Entry *e = entries_find(&disk_node(disk, folder)->entries, name);
    return e ? e->node : 0;
}

DiskNode disk_entry(const Disk *disk, DiskNode folder, uint32_t index, Str *name, uint64_t *cookie) {
    const Entry *e = &disk_node(disk, folder)->entries.items[index];
    *name = entry_name(e);
    *cookie = e->cookie;
    return e->node;
}

void disk_hold(Disk *disk, DiskNode node) { node_refer(disk, node); }
void disk_drop(Disk *disk, DiskNode node) { node_release(disk, node); }

// ---- life ------------------------------------------------------------------------------------------------------------------

Disk *disk_create(const DiskOptions *options) {
    Disk *disk = memory_acquire(sizeof *disk);
    *disk = (Disk){.options = *options};
    if (!disk->options.sector) disk->options.sector = 512;
    if (!disk->options.block) disk->options.block = 8;
    if (!disk->options.capacity) disk->options.capacity = UINT64_C(1) << 40;
    node_make(disk, false, 0); // no node has the number 0
    node_make(disk, true, DISK_ROOT);
    node_refer(disk, DISK_ROOT);
    disk_set_mode(disk, DISK_ROOT, 0755);
    return disk;
}

void disk_destroy(Disk *disk) {
    operations_drop(disk);
    for (uint32_t i = 0; i < disk->node_count; i++) {
        Node *node = disk_node(disk, i);
        entries_free(&node->entries);
        entries_free(&node->durable);
        node_forget_names(node);
        file_free(disk, node);
    }
    memory_release(disk->operations);
    memory_release(disk->nodes);
    memory_release(disk);
}
