// LevelDB behind the interface of the workloads. It maps its tables into memory, so that its reads are no calls and cannot be counted.
#include "engine.h"
#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

namespace {

void check(const leveldb::Status &status) {
    if (!status.ok()) fail("LevelDB: " + status.ToString());
}

class LevelDb : public Engine {
  public:
    LevelDb(const std::string &folder, const Settings &settings)
        : filter(leveldb::NewBloomFilterPolicy(10)), cache(leveldb::NewLRUCache(settings.cache)) {
        leveldb::Options options;
        options.create_if_missing = true;
        options.write_buffer_size = settings.memtable;
        options.block_cache = cache.get();
        options.filter_policy = filter.get();
        options.compression = leveldb::kNoCompression;
        leveldb::DB *opened = nullptr;
        check(leveldb::DB::Open(options, folder, &opened));
        db.reset(opened);
    }

    void put(std::string_view key, std::string_view value, bool synced) override {
        leveldb::WriteOptions options;
        options.sync = synced;
        check(db->Put(options, slice(key), slice(value)));
    }

    bool get(std::string_view key, std::string *value) override {
        leveldb::Status status = db->Get(leveldb::ReadOptions(), slice(key), value);
        if (status.IsNotFound()) return false;
        check(status);
        return true;
    }

    uint64_t scan(std::string_view from, uint64_t most, uint64_t *bytes) override {
        std::unique_ptr<leveldb::Iterator> cursor(db->NewIterator(leveldb::ReadOptions()));
        uint64_t count = 0;
        for (cursor->Seek(slice(from)); count < most && cursor->Valid(); cursor->Next(), count++) {
            *bytes += cursor->key().size() + cursor->value().size();
        }
        check(cursor->status());
        return count;
    }

  private:
    static leveldb::Slice slice(std::string_view text) { return leveldb::Slice(text.data(), text.size()); }

    // In this order, as the store uses the other two until it is closed.
    std::unique_ptr<const leveldb::FilterPolicy> filter;
    std::unique_ptr<leveldb::Cache> cache;
    std::unique_ptr<leveldb::DB> db;
};

std::unique_ptr<Engine> open(const std::string &folder, const Settings &settings) {
    return std::make_unique<LevelDb>(folder, settings);
}

} // namespace

Peer leveldb_peer() {
    std::string version = std::to_string(leveldb::kMajorVersion) + "." + std::to_string(leveldb::kMinorVersion);
    return {"leveldb", version,
            "tables mapped into memory, tables of 2 MiB, block checksums not verified by gets (all its defaults)", 2,
            open};
}
