// The table of descriptors and what is open behind them.
#define _GNU_SOURCE
#include "base/memory.h"

#include "sim/files/table.h"

OpenFile *files_get(const Files *files, int fd) {
    if (fd < 0 || fd >= MOST_DESCRIPTORS || !files->descriptors[fd].file) return NULL;
    return &files->open[files->descriptors[fd].file - 1];
}

int files_stream(const Files *files, int fd) {
    const OpenFile *f = files_get(files, fd);
    return f ? f->stream : -1;
}

uint32_t files_take_open(Files *files) {
    uint32_t i = 0;
    while (i < files->open_count && files->open[i].descriptors) i++;
    if (i == files->open_count) files->open = memory_resize(files->open, ++files->open_count * sizeof *files->open);
    files->open[i] = (OpenFile){.stream = -1};
    return i;
}

int files_lowest_free(const Files *files, int from) {
    while (from < MOST_DESCRIPTORS && files->descriptors[from].file) from++;
    return from < MOST_DESCRIPTORS ? from : -1;
}

void files_set(Files *files, int fd, uint32_t file, bool closes_on_exec) {
    files->descriptors[fd] = (Descriptor){file + 1, closes_on_exec};
    files->open[file].descriptors++;
}

Files *files_create(Disk *disk) {
    Files *files = memory_acquire(sizeof *files);
    *files = (Files){.disk = disk, .working_folder = DISK_ROOT};
    for (int i = 0; i < 3; i++) {
        uint32_t file = files_take_open(files);
        files->open[file].stream = i;
        files->open[file].flags = i ? O_WRONLY : O_RDONLY;
        files_set(files, i, file, false);
    }
    return files;
}

int64_t files_close(Files *files, int fd) {
    OpenFile *f = files_get(files, fd);
    if (!f) return -EBADF;
    files->descriptors[fd].file = 0;
    if (--f->descriptors == 0 && f->node) disk_drop(files->disk, f->node);
    return 0;
}

void files_destroy(Files *files) {
    for (int i = 0; i < MOST_DESCRIPTORS; i++) files_close(files, i);
    memory_release(files->open);
    memory_release(files);
}
