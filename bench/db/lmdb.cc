// LMDB behind the interface of the workloads: a B+ tree in a mapped file, without memtables, filters or compaction. A put is a transaction;
// a store whose puts ask for no sync is opened with MDB_NOSYNC, and one that is larger than memory without read-ahead.
#include "engine.h"
#include <lmdb.h>

namespace {

constexpr size_t MAP_BYTES = (size_t)64 << 30; // of addresses; the file grows as it is written
constexpr unsigned FILE_MODE = 0644;

void check(int code) {
    if (code != 0) fail(std::string("LMDB: ") + mdb_strerror(code));
}

MDB_val value_of(std::string_view text) { return {text.size(), const_cast<char *>(text.data())}; }

class Lmdb : public Engine {
  public:
    Lmdb(const std::string &folder, const Settings &settings) : may_sync(settings.synced) {
        check(mdb_env_create(&env));
        check(mdb_env_set_mapsize(env, MAP_BYTES));
        unsigned flags = (settings.synced ? 0 : MDB_NOSYNC) | (settings.cold ? MDB_NORDAHEAD : 0);
        check(mdb_env_open(env, folder.c_str(), flags, FILE_MODE));
        MDB_txn *txn = begin(0);
        check(mdb_dbi_open(txn, nullptr, 0, &dbi));
        check(mdb_txn_commit(txn));
    }

    ~Lmdb() override {
        if (!may_sync) check(mdb_env_sync(env, 1));
        mdb_env_close(env);
    }

    void put(std::string_view key, std::string_view value, bool synced) override {
        // It syncs all or none: one put without a sync among others with one would damage the file in a crash.
        if (synced != may_sync) fail("LMDB: whether puts are synced is said when the store is opened");
        MDB_txn *txn = begin(0);
        MDB_val k = value_of(key), v = value_of(value);
        check(mdb_put(txn, dbi, &k, &v, 0));
        check(mdb_txn_commit(txn));
    }

    bool get(std::string_view key, std::string *value) override {
        MDB_txn *txn = begin(MDB_RDONLY);
        MDB_val k = value_of(key), v;
        int code = mdb_get(txn, dbi, &k, &v);
        if (code == 0) value->assign(static_cast<char *>(v.mv_data), v.mv_size);
        mdb_txn_abort(txn);
        if (code == MDB_NOTFOUND) return false;
        check(code);
        return true;
    }

    uint64_t scan(std::string_view from, uint64_t most, uint64_t *bytes) override {
        MDB_txn *txn = begin(MDB_RDONLY);
        MDB_cursor *cursor = nullptr;
        check(mdb_cursor_open(txn, dbi, &cursor));
        MDB_val k = value_of(from), v;
        uint64_t count = 0;
        int code = mdb_cursor_get(cursor, &k, &v, from.empty() ? MDB_FIRST : MDB_SET_RANGE);
        while (code == 0) {
            *bytes += k.mv_size + v.mv_size;
            if (++count == most) break;
            code = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
        }
        mdb_cursor_close(cursor);
        mdb_txn_abort(txn);
        if (code != MDB_NOTFOUND) check(code);
        return count;
    }

  private:
    MDB_txn *begin(unsigned flags) {
        MDB_txn *txn = nullptr;
        check(mdb_txn_begin(env, nullptr, flags, &txn));
        return txn;
    }

    MDB_env *env = nullptr;
    MDB_dbi dbi = 0;
    bool may_sync;
};

std::unique_ptr<Engine> open(const std::string &folder, const Settings &settings) {
    return std::make_unique<Lmdb>(folder, settings);
}

} // namespace

Peer lmdb_peer() {
    std::string version = std::to_string(MDB_VERSION_MAJOR) + "." + std::to_string(MDB_VERSION_MINOR) + "." +
                          std::to_string(MDB_VERSION_PATCH);
    return {"lmdb", version, "no memtable, cache or filters; puts without sync under MDB_NOSYNC", 0, open};
}
