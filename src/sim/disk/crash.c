// What is left when the power goes. The order of the questions is fixed: folder operations; then for each file that is
// reachable the number of steps that are kept and the value of each sector below that size.
#include <stdlib.h>

#include "base/memory.h"

#include "sim/disk/model.h"

typedef struct Crash {
    const Disk *disk;
    const DiskChooser *chooser;
    uint64_t row; // ordered: how much metadata is kept
    Entries *folders; // by number of node
    bool *reachable;
} Crash;

static uint32_t choose(const Crash *crash, uint64_t count, DiskChoice what) {
    return count > 1 ? crash->chooser->choose(crash->chooser->context, (uint32_t)count, what) : 0;
}

// ---- folders -----------------------------------------------------------------------------------------------------------------

static void keep_operation(Crash *crash, const Operation *op) {
    for (uint32_t i = 0; i < op->change_count; i++) {
        const Change *c = &op->changes[i];
        entries_set(&crash->folders[c->folder], (Str){c->name, c->len}, c->node, c->cookie);
    }
}

static bool can_be_kept(const Disk *disk, const bool *kept, const Operation *op) {
    for (uint32_t i = 0; i < disk->operation_count; i++)
        for (uint32_t k = 0; !kept[i] && k < op->need_count; k++)
            if (disk->operations[i].at == op->needs[k]) return false;
    return true;
}

static void choose_operations(Crash *crash) {
    const Disk *disk = crash->disk;
    if (disk->options.model == DISK_ORDERED) {
        crash->row = disk->forced + choose(crash, disk->log - disk->forced + 1, DISK_CHOICE_FOLDER);
        for (uint32_t i = 0; i < disk->operation_count && disk->operations[i].at <= crash->row; i++)
            keep_operation(crash, &disk->operations[i]);
        return;
    }
    bool *kept = memory_acquire(disk->operation_count + 1);
    memset(kept, 0, disk->operation_count + 1);
    for (uint32_t i = 0; i < disk->operation_count; i++) {
        const Operation *op = &disk->operations[i];
        kept[i] = can_be_kept(disk, kept, op) && choose(crash, 2, DISK_CHOICE_FOLDER);
        if (kept[i]) keep_operation(crash, op);
    }
    memory_release(kept);
}

static void reach(Crash *crash, DiskNode node) {
    if (crash->reachable[node]) return;
    crash->reachable[node] = true;
    for (uint32_t i = 0; i < crash->folders[node].count; i++) reach(crash, crash->folders[node].items[i].node);
}

static void crash_begin(Crash *crash, const Disk *disk, const DiskChooser *chooser) {
    *crash = (Crash){.disk = disk, .chooser = chooser, .row = UINT64_MAX};
    crash->folders = memory_acquire(disk->node_count * sizeof(Entries));
    crash->reachable = memory_acquire(disk->node_count);
    memset(crash->reachable, 0, disk->node_count);
    for (DiskNode i = 0; i < disk->node_count; i++) entries_copy(&crash->folders[i], &disk_node(disk, i)->durable);
    choose_operations(crash);
    reach(crash, DISK_ROOT);
}

static void crash_end(Crash *crash) {
    for (DiskNode i = 0; i < crash->disk->node_count; i++) entries_free(&crash->folders[i]);
    memory_release(crash->folders);
    memory_release(crash->reachable);
}

// ---- files -------------------------------------------------------------------------------------------------------------------

// How many of its steps are kept. Under `ordered` those behind the row are not, explicit ones before its end are.
static uint32_t choose_steps(const Crash *crash, const Node *file) {
    uint32_t low = 0, high = file->step_count;
    if (crash->disk->options.model == DISK_ORDERED) {
        for (uint32_t i = 0; i < file->step_count; i++)
            if (file->steps[i].is_explicit && file->steps[i].at <= crash->row) low = i + 1;
        for (high = low; high < file->step_count && file->steps[high].at <= crash->row;) high++;
    }
    return low + choose(crash, high - low + 1, DISK_CHOICE_SIZE);
}

static bool same_value(const Disk *disk, const uint8_t *a, const uint8_t *b) {
    if (a && b) return memcmp(a, b, disk->options.sector) == 0;
    for (uint32_t i = 0; (a || b) && i < disk->options.sector; i++)
        if ((a ? a : b)[i]) return false;
    return true;
}

// The value of an uncertain sector, when the steps up to `tick` are kept; NULL: zeros. Nothing from before a kept cut
// shows; under `ordered` nothing from behind a lost one, and no new sector from behind the row.
static const uint8_t *choose_value(const Crash *crash, const History *history, uint64_t tick) {
    bool is_ordered = crash->disk->options.model == DISK_ORDERED;
    uint32_t first = 0, count = 0;
    for (uint32_t i = 1; i < history->count; i++)
        if (history->items[i].is_cut && history->items[i].tick <= tick) first = i;
    const uint8_t **values = memory_acquire(history->count * sizeof *values);
    for (uint32_t i = first; i < history->count; i++) {
        const Version *v = &history->items[i];
        if (i > first && v->is_cut && is_ordered) break;
        if (i > first && v->is_cut) continue;
        if (i > first && is_ordered && v->is_new && v->at > crash->row) break;
        uint32_t kept = 0;
        for (uint32_t k = 0; k < count; k++)
            if (!same_value(crash->disk, values[k], v->bytes)) values[kept++] = values[k];
        values[kept] = v->bytes;
        count = kept + 1;
    }
    const uint8_t *value = values[choose(crash, count, DISK_CHOICE_SECTOR)];
    memory_release(values);
    return value;
}

static uint64_t size_after(const Node *file, uint32_t steps) {
    return steps ? file->steps[steps - 1].size : file->durable_size;
}

static uint64_t tick_after(const Node *file, uint32_t steps) { return steps ? file->steps[steps - 1].tick : 0; }

// ---- as text -----------------------------------------------------------------------------------------------------------------

static void append_bytes(StrBuf *out, const uint8_t *bytes, uint64_t size) {
    for (uint64_t i = 0; i < size; i++) strbuf_putc(out, bytes && bytes[i] ? (char)bytes[i] : '_');
}

static void append_file(const Crash *crash, const Node *file, StrBuf *out) {
    uint32_t steps = choose_steps(crash, file), sector = crash->disk->options.sector;
    uint64_t size = size_after(file, steps), tick = tick_after(file, steps);
    for (uint64_t at = 0, i = 0; at < size; at += sector, i++) {
        const History *history = file_history(file, i);
        const uint8_t *value = history ? choose_value(crash, history, tick) : file_sector(crash->disk, file, i);
        append_bytes(out, value, size - at < sector ? size - at : sector);
    }
}

static int compare_entries(const void *a, const void *b) {
    return strcmp((*(Entry *const *)a)->name, (*(Entry *const *)b)->name);
}

static void append_folder(const Entries *folders, const StrBuf *files, DiskNode folder, const char *prefix,
                          StrBuf *out) {
    const Entries *entries = &folders[folder];
    Entry **sorted = memory_acquire((entries->count + 1) * sizeof *sorted);
    for (uint32_t i = 0; i < entries->count; i++) sorted[i] = &entries->items[i];
    qsort(sorted, entries->count, sizeof *sorted, compare_entries);
    for (uint32_t i = 0; i < entries->count; i++) {
        const Entry *e = sorted[i];
        if (out->len > 1) strbuf_putc(out, ' ');
        strbuf_puts(out, prefix);
        strbuf_puts(out, e->name);
        if (files[e->node].data) {
            strbuf_append(out, files[e->node].data, files[e->node].len);
            continue;
        }
        strbuf_putc(out, '/');
        StrBuf below = {0};
        strbuf_printf(&below, "%s%s/", prefix, e->name);
        append_folder(folders, files, e->node, strbuf_str(&below).ptr, out);
        strbuf_free(&below);
    }
    memory_release(sorted);
}

static void append_tree(const Disk *disk, const Entries *folders, StrBuf *files, StrBuf *out) {
    strbuf_putc(out, '{');
    append_folder(folders, files, DISK_ROOT, "", out);
    strbuf_putc(out, '}');
    for (DiskNode i = 0; i < disk->node_count; i++) strbuf_free(&files[i]);
    memory_release(files);
}

static StrBuf *make_texts(const Disk *disk) {
    StrBuf *files = memory_acquire(disk->node_count * sizeof *files);
    memset(files, 0, disk->node_count * sizeof *files);
    return files;
}

void disk_crash_text(const Disk *disk, const DiskChooser *chooser, StrBuf *out) {
    Crash crash;
    crash_begin(&crash, disk, chooser);
    StrBuf *files = make_texts(disk);
    for (DiskNode i = 0; i < disk->node_count; i++) {
        if (!crash.reachable[i] || disk_is_folder(disk, i)) continue;
        strbuf_putc(&files[i], '=');
        append_file(&crash, disk_node(disk, i), &files[i]);
    }
    append_tree(disk, crash.folders, files, out);
    crash_end(&crash);
}

void disk_text(const Disk *disk, StrBuf *out) {
    StrBuf *files = make_texts(disk);
    Entries *folders = memory_acquire(disk->node_count * sizeof *folders);
    for (DiskNode i = 0; i < disk->node_count; i++) {
        const Node *node = disk_node(disk, i);
        folders[i] = node->entries;
        if (node->is_folder || !node->links) continue;
        strbuf_putc(&files[i], '=');
        for (uint64_t at = 0, k = 0; at < node->size; at += disk->options.sector, k++)
            append_bytes(&files[i], file_sector(disk, node, k),
                         node->size - at < disk->options.sector ? node->size - at : disk->options.sector);
    }
    append_tree(disk, folders, files, out);
    memory_release(folders);
}

// ---- in place ----------------------------------------------------------------------------------------------------------------

static void settle_sector(Disk *disk, const Crash *crash, Node *file, uint64_t sector, uint64_t size, uint64_t tick) {
    uint64_t at = sector * disk->options.sector;
    if (at >= size) {
        file_unmap(disk, file, sector);
        return;
    }
    const History *history = file_history(file, sector);
    const uint8_t *value = history ? choose_value(crash, history, tick) : NULL;
    if (history && value)
        memcpy(file_make_sector(disk, file, sector), value, disk->options.sector);
    else if (history)
        memset(file_make_sector(disk, file, sector), 0, disk->options.sector);
    if (size - at < disk->options.sector && file_sector(disk, file, sector))
        memset(file_make_sector(disk, file, sector) + (size - at), 0, disk->options.sector - (size - at));
}

static void settle_file(Disk *disk, const Crash *crash, Node *file) {
    uint32_t steps = choose_steps(crash, file);
    uint64_t size = size_after(file, steps), tick = tick_after(file, steps);
    for (uint64_t i = 0; i < file->chunk_count * CHUNK_SECTORS; i++) {
        if (file->chunks[i / CHUNK_SECTORS])
            settle_sector(disk, crash, file, i, size, tick);
        else
            i |= CHUNK_SECTORS - 1;
    }
    file->size = size;
    file_settle(file);
}

static void settle_tree(Disk *disk, const Crash *crash) {
    for (DiskNode i = 0; i < disk->node_count; i++) {
        Node *node = disk_node(disk, i);
        node->links = node->references = 0;
    }
    disk_node(disk, DISK_ROOT)->references = 1;
    for (DiskNode i = 0; i < disk->node_count; i++) {
        for (uint32_t k = 0; crash->reachable[i] && k < crash->folders[i].count; k++) {
            const Entry *e = &crash->folders[i].items[k];
            Node *node = disk_node(disk, e->node);
            node->links++;
            node->references += 2; // of the entry that programs see, and of the durable one
            if (node->is_folder) node->parent = i;
        }
        if (!crash->reachable[i]) continue;
        entries_copy(&disk_node(disk, i)->entries, &crash->folders[i]);
        entries_copy(&disk_node(disk, i)->durable, &crash->folders[i]);
    }
}

void disk_crash(Disk *disk, const DiskChooser *chooser) {
    Crash crash;
    crash_begin(&crash, disk, chooser);
    for (DiskNode i = 0; i < disk->node_count; i++) {
        entries_free(&disk_node(disk, i)->entries);
        entries_free(&disk_node(disk, i)->durable);
        node_forget_names(disk_node(disk, i));
        if (!crash.reachable[i])
            file_free(disk, disk_node(disk, i));
        else if (!disk_is_folder(disk, i))
            settle_file(disk, &crash, disk_node(disk, i));
    }
    operations_drop(disk);
    settle_tree(disk, &crash);
    disk->forced = disk->log;
    crash_end(&crash);
}
