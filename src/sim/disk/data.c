// What files hold: bytes as programs see them, and for each sector that is not certain its values since it was durable.
// Files are kept in chunks, so that holes and the rest of large files cost nothing.
#include "base/memory.h"

#include "sim/disk/model.h"

// ---- sectors -------------------------------------------------------------------------------------------------------------

static uint64_t bit_of(uint64_t sector) { return UINT64_C(1) << sector % CHUNK_SECTORS; }

static Chunk *chunk_of(const Node *file, uint64_t sector) {
    uint64_t index = sector / CHUNK_SECTORS;
    return index < file->chunk_count ? file->chunks[index] : NULL;
}

static Chunk *chunk_make(Node *file, uint64_t sector) {
    uint64_t index = sector / CHUNK_SECTORS;
    if (index >= file->chunk_count) {
        uint64_t count = index + 1 + file->chunk_count / 2;
        file->chunks = memory_resize(file->chunks, count * sizeof(Chunk *));
        memset(file->chunks + file->chunk_count, 0, (count - file->chunk_count) * sizeof(Chunk *));
        file->chunk_count = count;
    }
    if (!file->chunks[index]) {
        file->chunks[index] = memory_acquire(sizeof(Chunk));
        *file->chunks[index] = (Chunk){0};
    }
    return file->chunks[index];
}

const uint8_t *file_sector(const Disk *disk, const Node *file, uint64_t sector) {
    const Chunk *chunk = chunk_of(file, sector);
    return chunk && chunk->bytes ? chunk->bytes + sector % CHUNK_SECTORS * disk->options.sector : NULL;
}

static uint8_t *chunk_sector(const Disk *disk, Chunk *chunk, uint64_t sector) {
    if (!chunk->bytes) {
        chunk->bytes = memory_acquire((size_t)CHUNK_SECTORS * disk->options.sector);
        memset(chunk->bytes, 0, (size_t)CHUNK_SECTORS * disk->options.sector);
    }
    return chunk->bytes + sector % CHUNK_SECTORS * disk->options.sector;
}

static void account(Disk *disk, Chunk *chunk, uint64_t mapped, uint64_t reserved) {
    disk->used_sectors += (uint64_t)__builtin_popcountll(mapped | reserved);
    disk->used_sectors -= (uint64_t)__builtin_popcountll(chunk->mapped | chunk->reserved);
    chunk->mapped = mapped;
    chunk->reserved = reserved;
}

uint8_t *file_make_sector(Disk *disk, Node *file, uint64_t sector) {
    Chunk *chunk = chunk_make(file, sector);
    account(disk, chunk, chunk->mapped | bit_of(sector), chunk->reserved);
    return chunk_sector(disk, chunk, sector);
}

void file_unmap(Disk *disk, Node *file, uint64_t sector) {
    Chunk *chunk = chunk_of(file, sector);
    if (!chunk) return;
    account(disk, chunk, chunk->mapped & ~bit_of(sector), chunk->reserved & ~bit_of(sector));
    chunk->dirty &= ~bit_of(sector);
    if (chunk->bytes) memset(chunk_sector(disk, chunk, sector), 0, disk->options.sector);
}

// ---- histories -------------------------------------------------------------------------------------------------------------

History *file_history(const Node *file, uint64_t sector) {
    const Chunk *chunk = chunk_of(file, sector);
    History *history = chunk && chunk->histories ? &chunk->histories[sector % CHUNK_SECTORS] : NULL;
    return history && history->count ? history : NULL;
}

static void history_add(History *history, Version version) {
    if (history->count == history->room) {
        history->room = history->room ? history->room * 2 : 4;
        history->items = memory_resize(history->items, history->room * sizeof *history->items);
    }
    history->items[history->count++] = version;
}

void history_clear(History *history) {
    for (uint32_t i = 0; i < history->count; i++) memory_release(history->items[i].bytes);
    memory_release(history->items);
    *history = (History){0};
}

void history_keep(History *history, uint32_t index, bool as_zeros) {
    for (uint32_t i = 0; i < index; i++) memory_release(history->items[i].bytes);
    history->count -= index;
    memmove(history->items, history->items + index, history->count * sizeof *history->items);
    if (as_zeros) history->items[0] = (Version){.tick = history->items[0].tick};
}

static uint8_t *copy_sector(const Disk *disk, const Node *file, uint64_t sector) {
    const uint8_t *bytes = file_sector(disk, file, sector);
    if (!bytes) return NULL;
    uint8_t *copy = memory_acquire(disk->options.sector);
    memcpy(copy, bytes, disk->options.sector);
    return copy;
}

static bool is_safe(const Disk *disk) { return disk->options.model == DISK_SAFE; }

// Before the sector changes: what is in the cache is durable still, when there is no history yet.
static History *begin_history(const Disk *disk, Node *file, uint64_t sector) {
    Chunk *chunk = chunk_make(file, sector);
    if (!chunk->histories) {
        chunk->histories = memory_acquire(CHUNK_SECTORS * sizeof(History));
        memset(chunk->histories, 0, CHUNK_SECTORS * sizeof(History));
    }
    History *history = &chunk->histories[sector % CHUNK_SECTORS];
    if (!history->count) history_add(history, (Version){.bytes = copy_sector(disk, file, sector)});
    return history;
}

void file_settle(Node *file) {
    file->durable_size = file->size;
    file->step_count = 0;
    for (uint64_t i = 0; i < file->chunk_count; i++) {
        Chunk *chunk = file->chunks[i];
        if (!chunk) continue;
        chunk->dirty = 0;
        for (uint32_t k = 0; chunk->histories && k < CHUNK_SECTORS; k++) history_clear(&chunk->histories[k]);
    }
}

void file_free(Disk *disk, Node *file) {
    for (uint64_t i = 0; i < file->chunk_count; i++) {
        Chunk *chunk = file->chunks[i];
        if (!chunk) continue;
        account(disk, chunk, 0, 0);
        for (uint32_t k = 0; chunk->histories && k < CHUNK_SECTORS; k++) history_clear(&chunk->histories[k]);
        memory_release(chunk->histories);
        memory_release(chunk->bytes);
        memory_release(chunk);
    }
    memory_release(file->chunks);
    memory_release(file->steps);
    *file = (Node){0};
}

// ---- reading and writing -----------------------------------------------------------------------------------------------------

uint64_t disk_size(const Disk *disk, DiskNode file) { return disk_node(disk, file)->size; }
uint64_t disk_capacity(const Disk *disk) { return disk->options.capacity; }

void disk_set_capacity(Disk *disk, uint64_t bytes) {
    uint64_t used = disk_used(disk);
    disk->options.capacity = bytes > used ? bytes : used;
}
uint64_t disk_used(const Disk *disk) { return disk->used_sectors * disk->options.sector; }

uint64_t disk_file_sectors(const Disk *disk, DiskNode number) {
    const Node *file = disk_node(disk, number);
    uint64_t count = 0;
    for (uint64_t i = 0; i < file->chunk_count; i++)
        if (file->chunks[i])
            count += (uint64_t)__builtin_popcountll(file->chunks[i]->mapped | file->chunks[i]->reserved);
    return count;
}

uint64_t disk_read(const Disk *disk, DiskNode number, uint64_t offset, uint8_t *bytes, uint64_t size) {
    const Node *file = disk_node(disk, number);
    uint32_t sector = disk->options.sector;
    if (offset >= file->size) return 0;
    if (size > file->size - offset) size = file->size - offset;
    for (uint64_t done = 0, part; done < size; done += part) {
        uint64_t at = offset + done;
        part = sector - at % sector < size - done ? sector - at % sector : size - done;
        const uint8_t *from = file_sector(disk, file, at / sector);
        if (from)
            memcpy(bytes + done, from + at % sector, part);
        else
            memset(bytes + done, 0, part);
    }
    return size;
}

static void add_step(const Disk *disk, Node *file, Step step) {
    file->size = step.size;
    if (is_safe(disk)) {
        file->durable_size = step.size;
        return;
    }
    if (file->step_count == file->step_room) {
        file->step_room = file->step_room ? file->step_room * 2 : 8;
        file->steps = memory_resize(file->steps, file->step_room * sizeof *file->steps);
    }
    file->steps[file->step_count++] = step;
}

static bool has_room(const Disk *disk, uint64_t sectors) {
    return sectors <= (disk->options.capacity / disk->options.sector) - disk->used_sectors;
}

// One sector of a write. False: the disk is full.
static bool write_sector(Disk *disk, Node *file, uint64_t sector, uint64_t from, const uint8_t *bytes, uint64_t size) {
    const Chunk *chunk = chunk_of(file, sector);
    bool is_new = !chunk || !(chunk->mapped & bit_of(sector));
    bool needs_room = is_new && (!chunk || !(chunk->reserved & bit_of(sector)));
    if (needs_room && !has_room(disk, 1)) return false;
    History *history = is_safe(disk) ? NULL : begin_history(disk, file, sector);
    memcpy(file_make_sector(disk, file, sector) + from, bytes, size);
    if (!history) return true;
    chunk_of(file, sector)->dirty |= bit_of(sector);
    history_add(history, (Version){copy_sector(disk, file, sector), false, is_new, disk->ticks, disk->log});
    return true;
}

uint64_t disk_write(Disk *disk, DiskNode number, uint64_t offset, const uint8_t *bytes, uint64_t size) {
    Node *file = disk_node(disk, number);
    uint32_t sector = disk->options.sector;
    uint64_t done = 0;
    disk->ticks++;
    for (uint64_t part; done < size; done += part) {
        uint64_t at = offset + done;
        part = sector - at % sector < size - done ? sector - at % sector : size - done;
        if (!write_sector(disk, file, at / sector, at % sector, bytes + done, part)) break;
        if (at + part <= file->size) continue;
        add_step(disk, file, (Step){at + part, disk->ticks, disk->log, false});
    }
    return done;
}

// ---- steps -------------------------------------------------------------------------------------------------------------------

static uint64_t file_end(const Node *file) { return file->chunk_count * CHUNK_SECTORS; }

// Bytes [from, to) of one sector become zero: all of it is cut, a part is rewritten as data.
static void cut_sector(Disk *disk, Node *file, uint64_t sector, uint64_t from, uint64_t to, uint64_t at) {
    uint64_t size = disk->options.sector, first = sector * size, end = first + size;
    bool is_mapped = chunk_of(file, sector)->mapped & bit_of(sector), is_whole = from <= first && to >= end;
    if (!is_mapped && !(is_whole && file_history(file, sector))) {
        if (is_whole) file_unmap(disk, file, sector);
        return;
    }
    History *history = is_safe(disk) ? NULL : begin_history(disk, file, sector);
    if (is_whole && history) {
        // The tail of a block is zeroed in place before the block's own room is given back.
        uint64_t block = (uint64_t)disk->options.block * size;
        if (is_mapped && from % block && first / block == from / block)
            history_add(history, (Version){.tick = disk->ticks, .at = at});
        history_add(history, (Version){.is_cut = true, .tick = disk->ticks, .at = at});
    }
    if (is_whole) {
        file_unmap(disk, file, sector);
        return;
    }
    uint64_t low = from > first ? from - first : 0, high = to < end ? to - first : size;
    memset(file_make_sector(disk, file, sector) + low, 0, high - low);
    if (!history) return;
    chunk_of(file, sector)->dirty |= bit_of(sector);
    history_add(history, (Version){copy_sector(disk, file, sector), false, false, disk->ticks, at});
}

// One explicit step: [from, to) becomes zero and the size `size`.
static void cut(Disk *disk, Node *file, uint64_t from, uint64_t to, uint64_t size) {
    uint32_t sector = disk->options.sector;
    uint64_t at = disk->log, last = to / sector + (to % sector != 0);
    disk->ticks++;
    if (last > file_end(file)) last = file_end(file);
    for (uint64_t i = from / sector; i < last; i++) {
        if (chunk_of(file, i))
            cut_sector(disk, file, i, from, to, at);
        else
            i |= CHUNK_SECTORS - 1;
    }
    add_step(disk, file, (Step){size, disk->ticks, ++disk->log, true});
}

void disk_truncate(Disk *disk, DiskNode number, uint64_t size) {
    cut(disk, disk_node(disk, number), size, UINT64_MAX, size);
}

void disk_punch(Disk *disk, DiskNode number, uint64_t offset, uint64_t size) {
    Node *file = disk_node(disk, number);
    cut(disk, file, offset, size > UINT64_MAX - offset ? UINT64_MAX : offset + size, file->size);
}

static uint64_t missing_room(const Node *file, uint64_t first, uint64_t last) {
    uint64_t count = 0;
    for (uint64_t i = first; i < last; i++) {
        const Chunk *chunk = chunk_of(file, i);
        count += !chunk || !((chunk->mapped | chunk->reserved) & bit_of(i));
    }
    return count;
}

bool disk_allocate(Disk *disk, DiskNode number, uint64_t offset, uint64_t size, bool keep_size) {
    Node *file = disk_node(disk, number);
    uint32_t sector = disk->options.sector;
    uint64_t end = offset + size, first = offset / sector, last = (end + sector - 1) / sector;
    if (!has_room(disk, missing_room(file, first, last))) return false;
    for (uint64_t i = first; i < last; i++) {
        Chunk *chunk = chunk_make(file, i);
        account(disk, chunk, chunk->mapped, chunk->reserved | bit_of(i));
    }
    if (!keep_size) cut(disk, file, 0, 0, end > file->size ? end : file->size);
    return true;
}
