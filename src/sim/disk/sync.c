// What a sync forces. Of a file: its sectors and its steps, not its name. Of a folder: the operations on its entries and
// those that they need. Under `ordered`: the row of metadata up to the last that concerns it.
#include "base/memory.h"

#include "sim/disk/model.h"

static uint64_t later(uint64_t a, uint64_t b) { return a > b ? a : b; }

// ---- files -----------------------------------------------------------------------------------------------------------------

// The steps are durable: what they cut can never come back.
static void make_steps_durable(Node *file) {
    if (!file->step_count) return;
    file->durable_size = file->steps[file->step_count - 1].size;
    file->step_count = 0;
    for (uint64_t i = 0; i < file->chunk_count; i++) {
        Chunk *chunk = file->chunks[i];
        for (uint32_t k = 0; chunk && chunk->histories && k < CHUNK_SECTORS; k++) {
            History *history = &chunk->histories[k];
            for (uint32_t v = history->count; v-- > 0;) {
                if (!history->items[v].is_cut) continue;
                history_keep(history, v, true);
                if (history->count == 1) history_clear(history);
                break;
            }
        }
    }
}

static uint64_t last_new_at(const History *history) {
    uint64_t at = 0;
    for (uint32_t v = 0; v < history->count; v++)
        if (history->items[v].is_new) at = later(at, history->items[v].at);
    return at;
}

static void force_row(Disk *disk, uint64_t until) {
    if (until > disk->forced) disk->forced = until;
    if (disk->options.model != DISK_ORDERED) return;
    while (disk->operation_count && disk->operations[0].at <= disk->forced) operation_make_durable(disk, 0);
}

// Dirty sectors in [first, last).
static void sync_sectors(Disk *disk, Node *file, bool data_only, uint64_t first, uint64_t last) {
    uint64_t until = later(file->made, data_only ? 0 : file->named);
    for (uint32_t i = 0; i < file->step_count; i++) until = later(until, file->steps[i].at);
    if (last > file->chunk_count * CHUNK_SECTORS) last = file->chunk_count * CHUNK_SECTORS;
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = first; i < last; i++) {
            Chunk *chunk = file->chunks[i / CHUNK_SECTORS];
            if (!chunk || !chunk->dirty) {
                i |= CHUNK_SECTORS - 1;
                continue;
            }
            if (!(chunk->dirty >> i % CHUNK_SECTORS & 1)) continue;
            History *history = &chunk->histories[i % CHUNK_SECTORS];
            if (round == 0) {
                until = later(until, last_new_at(history));
                continue;
            }
            history_clear(history);
            chunk->dirty &= ~(UINT64_C(1) << i % CHUNK_SECTORS);
        }
        if (round == 0) make_steps_durable(file);
    }
    force_row(disk, until);
}

void disk_sync_file(Disk *disk, DiskNode number, bool data_only) {
    Node *file = disk_node(disk, number);
    sync_sectors(disk, file, data_only, 0, file->chunk_count * CHUNK_SECTORS);
}

void disk_sync_written(Disk *disk, DiskNode number, uint64_t offset, uint64_t size) {
    uint32_t sector = disk->options.sector;
    if (size) sync_sectors(disk, disk_node(disk, number), true, offset / sector, (offset + size - 1) / sector + 1);
}

void disk_fail_sync_file(Disk *disk, DiskNode number) {
    Node *file = disk_node(disk, number);
    for (uint64_t i = 0; i < file->chunk_count; i++)
        if (file->chunks[i]) file->chunks[i]->dirty = 0;
}

void disk_evict(Disk *disk, DiskNode number) {
    Node *file = disk_node(disk, number);
    for (uint64_t i = 0; i < file->chunk_count * CHUNK_SECTORS; i++) {
        const Chunk *chunk = file->chunks[i / CHUNK_SECTORS];
        History *history = file_history(file, i);
        if (!history || chunk->dirty >> i % CHUNK_SECTORS & 1) continue;
        uint8_t *bytes = file_make_sector(disk, file, i);
        const uint8_t *durable = history->items[0].bytes;
        if (durable)
            memcpy(bytes, durable, disk->options.sector);
        else
            memset(bytes, 0, disk->options.sector);
        history_clear(history);
    }
}

// ---- folders ---------------------------------------------------------------------------------------------------------------

static uint32_t find_operation(const Disk *disk, uint64_t number) {
    for (uint32_t i = 0; i < disk->operation_count; i++)
        if (disk->operations[i].at == number) return i;
    return UINT32_MAX;
}

static void force_operation(Disk *disk, uint64_t number) {
    uint32_t index = find_operation(disk, number);
    if (index == UINT32_MAX) return;
    while (disk->operations[index].need_count) {
        force_operation(disk, disk->operations[index].needs[--disk->operations[index].need_count]);
        index = find_operation(disk, number);
    }
    operation_make_durable(disk, index);
}

static bool is_of_folder(const Operation *op, DiskNode folder, bool or_its_name) {
    for (uint32_t i = 0; i < op->change_count; i++)
        if (op->changes[i].folder == folder || (or_its_name && op->changes[i].node == folder)) return true;
    return false;
}

void disk_sync_folder(Disk *disk, DiskNode folder) {
    if (disk->options.model == DISK_ORDERED) {
        uint64_t until = disk->forced;
        for (uint32_t i = 0; i < disk->operation_count; i++) {
            const Operation *op = &disk->operations[i];
            if (!op->is_stuck && is_of_folder(op, folder, true)) until = later(until, op->at);
        }
        force_row(disk, until);
        return;
    }
    uint64_t last = disk->log;
    for (uint32_t i = 0; i < disk->operation_count && disk->operations[i].at <= last;) {
        const Operation *op = &disk->operations[i];
        if (op->is_stuck || !is_of_folder(op, folder, false)) {
            i++;
            continue;
        }
        force_operation(disk, op->at);
        i = 0; // others went with it
    }
}

void disk_fail_sync_folder(Disk *disk, DiskNode folder) {
    for (uint32_t i = 0; i < disk->operation_count; i++)
        if (is_of_folder(&disk->operations[i], folder, false)) disk->operations[i].is_stuck = true;
}

void disk_settle(Disk *disk) {
    disk_sync(disk);
    for (DiskNode i = 1; i < disk->node_count; i++) node_forget_names(disk_node(disk, i));
}

void disk_sync(Disk *disk) {
    for (DiskNode i = 1; i < disk->node_count; i++)
        if (disk_node(disk, i)->references && !disk_is_folder(disk, i)) disk_sync_file(disk, i, false);
    while (disk->operation_count) operation_make_durable(disk, 0);
    force_row(disk, disk->log);
}
