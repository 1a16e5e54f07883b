// The workloads, each of which prints one figure. README.md has what each of them does, step by step.
#pragma once

#include "engine.h"

struct Options {
    std::string folder;
    uint64_t keys = 0, value = 0;     // how many keys the store has, bytes of each value
    uint64_t ops = 0, threads = 1;    // how many operations, by how many threads
    uint64_t memtable = 0, cache = 0; // bytes
    uint64_t milliseconds = 0;        // how long those workloads go on that have no ops
    uint64_t rate = 0;                // bytes a second of puts in the background
    std::string syncs;                // a file whose first eight bytes count the syncs so far, "" for none
};

// Null when there is no workload of that name.
void (*find_workload(const std::string &name))(const Peer &peer, const Options &options);
