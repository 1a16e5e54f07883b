// RocksDB behind the interface of the workloads.
#include "engine.h"
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/table.h>
#include <rocksdb/version.h>

namespace {

void check(const rocksdb::Status &status) {
    if (!status.ok()) fail("RocksDB: " + status.ToString());
}

class RocksDb : public Engine {
  public:
    RocksDb(const std::string &folder, const Settings &settings) {
        rocksdb::BlockBasedTableOptions table;
        table.block_cache = rocksdb::NewLRUCache(settings.cache);
        table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
        rocksdb::Options options;
        options.create_if_missing = true;
        options.write_buffer_size = settings.memtable;
        options.compression = rocksdb::kNoCompression;
        options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
        // It would wake to write them to its log, which looks like work that is not done yet.
        options.stats_dump_period_sec = 0;
        options.stats_persist_period_sec = 0;
        if (settings.cold) rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
        rocksdb::DB *opened = nullptr;
        check(rocksdb::DB::Open(options, folder, &opened));
        db.reset(opened);
    }

    ~RocksDb() override { check(db->Close()); }

    void put(std::string_view key, std::string_view value, bool synced) override {
        rocksdb::WriteOptions options;
        options.sync = synced;
        check(db->Put(options, slice(key), slice(value)));
    }

    bool get(std::string_view key, std::string *value) override {
        rocksdb::Status status = db->Get(rocksdb::ReadOptions(), slice(key), value);
        if (status.IsNotFound()) return false;
        check(status);
        return true;
    }

    uint64_t scan(std::string_view from, uint64_t most, uint64_t *bytes) override {
        std::unique_ptr<rocksdb::Iterator> cursor(db->NewIterator(rocksdb::ReadOptions()));
        uint64_t count = 0;
        for (cursor->Seek(slice(from)); count < most && cursor->Valid(); cursor->Next(), count++) {
            *bytes += cursor->key().size() + cursor->value().size();
        }
        check(cursor->status());
        return count;
    }

    int64_t blocks_read() override { return (int64_t)rocksdb::get_perf_context()->block_read_count; }

  private:
    static rocksdb::Slice slice(std::string_view text) { return rocksdb::Slice(text.data(), text.size()); }

    std::unique_ptr<rocksdb::DB> db;
};

std::unique_ptr<Engine> open(const std::string &folder, const Settings &settings) {
    return std::make_unique<RocksDb>(folder, settings);
}

} // namespace

Peer rocksdb_peer() {
    std::string version =
        std::to_string(ROCKSDB_MAJOR) + "." + std::to_string(ROCKSDB_MINOR) + "." + std::to_string(ROCKSDB_PATCH);
    return {"rocksdb", version,
            "two memtables, indexes and filters outside of the cache, block checksums verified (all its defaults)", 2,
            open};
}
