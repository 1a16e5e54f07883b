// What the workloads ask of a storage engine, and the three peers that answer it. Every engine gets the same memtable, the same block
// cache, Bloom filters of 10 bits a key where it has filters, no compression, and syncs exactly those puts that ask for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct Settings {
    uint64_t memtable; // bytes that are collected in memory before they become a table
    uint64_t cache;    // bytes of the block cache
    bool synced;       // whether puts may ask for a sync
    bool cold;         // the store is larger than memory: read single blocks, and count them
};

class Engine {
  public:
    // Closes the store cleanly.
    virtual ~Engine() = default;
    // When `synced`, the write is on the disk when the call returns. Any thread may put.
    virtual void put(std::string_view key, std::string_view value, bool synced) = 0;
    // Whether the key is there; its value is then copied to the caller's memory. Any thread may get.
    virtual bool get(std::string_view key, std::string *value) = 0;
    // Goes over `most` entries from the first key that is not below `from`; answers how many there were. Adds the lengths of
    // keys and values to *bytes.
    virtual uint64_t scan(std::string_view from, uint64_t most, uint64_t *bytes) = 0;
    // How many blocks the thread that opened a cold store has read from its files, or -1: the engine cannot say.
    virtual int64_t blocks_read() { return -1; }
};

struct Peer {
    const char *name;
    std::string version;
    const char *remarks; // settings beside those that all share
    uint64_t memtables;  // how many of them it holds at most, 0: it has neither memtables nor a cache of its own
    std::unique_ptr<Engine> (*open)(const std::string &folder, const Settings &settings);
};

Peer leveldb_peer();
Peer rocksdb_peer();
Peer lmdb_peer();

// Says what went wrong on standard error and ends the program: no figure is better than a wrong one.
[[noreturn]] void fail(const std::string &what);
