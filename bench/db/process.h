// What this process used and did so far, as the kernel counts it, and what it can ask of the kernel's page cache.
#pragma once

#include <cstdint>
#include <string>

struct Usage {
    double wall, cpu;    // seconds; cpu is that of all threads, in user and kernel
    uint64_t written;    // bytes handed over in write calls
    uint64_t read_calls; // calls that read, from files or not
    uint64_t disk_read;  // bytes that had to come from a disk
    uint64_t faults;     // page faults that had to wait for a disk
};

double seconds_now();
Usage usage_now();

// Blocks until this process has neither written nor used a tenth of a processor for half a second; answers what it had used when it
// came to rest. Background work that waits for a disk longer than that would be taken for rest.
Usage wait_for_rest();

// The largest resident memory until now, in bytes.
uint64_t resident_most();

// Bytes that the files of a folder occupy on the disk.
uint64_t folder_bytes(const std::string &folder);

// Writes the folder's files back and takes them out of the page cache, but for pages that a process has mapped.
void drop_page_cache(const std::string &folder);
