// The workloads, written once for all peers. Keys and values are functions of a number, so that every engine in every language gets the
// same ones, and what is read can be checked.
#include "workloads.h"
#include "process.h"
#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>
#include <thread>
#include <vector>

namespace {

// ---- keys, values and the order of reads

// A bijection that scatters: the last step of splitmix64.
uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

constexpr uint64_t KEY_SIZE = 16;

// Key `i`: mix(i) in sixteen digits, so that putting 0, 1, 2, … is putting in random order.
class Key {
  public:
    explicit Key(uint64_t i) {
        uint64_t scattered = mix(i);
        for (uint64_t at = KEY_SIZE; at-- > 0; scattered >>= 4) digits[at] = "0123456789abcdef"[scattered & 15];
    }
    operator std::string_view() const { return {digits, sizeof digits}; }

  private:
    char digits[KEY_SIZE];
};

// Value `i`: the number itself, lowest byte first, then a filling.
class Value {
  public:
    explicit Value(uint64_t length) : bytes(length, '\0') {
        for (uint64_t at = 0; at < length; at++) bytes[at] = (char)(at * 7 + 3);
    }
    std::string_view of(uint64_t i) {
        memcpy(bytes.data(), &i, sizeof i);
        return bytes;
    }
    bool is(uint64_t i, const std::string &found) const {
        return found.size() == bytes.size() && memcmp(found.data(), &i, sizeof i) == 0;
    }

  private:
    std::string bytes;
};

// The `j`th number that thread `t` draws, below `below`.
uint64_t drawn(uint64_t t, uint64_t j, uint64_t below) { return mix(((uint64_t)1 << 63) + (t << 32) + j) % below; }

uint64_t entry_size(const Options &options) { return KEY_SIZE + options.value; }

constexpr uint64_t WARMING = 1000, BACKGROUND = 1001; // draw as threads that no workload has

// ---- what is printed

void print_figure(const char *name, uint64_t ops, const Usage &from, const Usage &to, const std::string &more = "") {
    printf("figure %s ops=%llu wall=%.6f cpu=%.6f%s\n", name, (unsigned long long)ops, to.wall - from.wall,
           to.cpu - from.cpu, more.c_str());
}

std::string column(const char *name, uint64_t value) { return std::string(" ") + name + "=" + std::to_string(value); }

std::string column(const char *name, double value) {
    char text[64];
    snprintf(text, sizeof text, " %s=%.6f", name, value);
    return text;
}

// ---- steps that several workloads have

std::unique_ptr<Engine> open_store(const Peer &peer, const Options &options, bool synced = false, bool cold = false) {
    return peer.open(options.folder, {options.memtable, options.cache, synced, cold});
}

void put_all(Engine &engine, const Options &options) {
    Value value(options.value);
    for (uint64_t i = 0; i < options.keys; i++) engine.put(Key(i), value.of(i), false);
}

void put_again(Engine &engine, const Options &options, uint64_t count) {
    Value value(options.value);
    for (uint64_t j = 0; j < count; j++) {
        uint64_t i = drawn(0, j, options.keys);
        engine.put(Key(i), value.of(i), false);
    }
}

void get_drawn(Engine &engine, const Options &options, uint64_t thread, uint64_t count) {
    Value value(options.value);
    std::string found;
    for (uint64_t j = 0; j < count; j++) {
        uint64_t i = drawn(thread, j, options.keys);
        if (!engine.get(Key(i), &found) || !value.is(i, found)) fail("a key is not there or has another value");
    }
}

void get_all(Engine &engine, const Options &options) {
    std::string found;
    for (uint64_t i = 0; i < options.keys; i++) {
        if (!engine.get(Key(i), &found)) fail("a key is not there");
    }
}

// Runs body(t) in `count` threads.
template <class Body> void in_threads(uint64_t count, Body body) {
    std::vector<std::thread> threads;
    for (uint64_t t = 0; t < count; t++) threads.emplace_back(body, t);
    for (std::thread &thread : threads) thread.join();
}

// ---- workloads

void run_put(const Peer &peer, const Options &options) {
    auto engine = open_store(peer, options);
    Usage from = usage_now();
    put_all(*engine, options);
    double put = seconds_now();
    print_figure("put", options.keys, from, wait_for_rest(), column("put_wall", put - from.wall));
}

void run_get(const Peer &peer, const Options &options) {
    auto engine = open_store(peer, options);
    get_all(*engine, options);
    wait_for_rest();
    Usage from = usage_now();
    in_threads(options.threads, [&](uint64_t t) { get_drawn(*engine, options, t, options.ops / options.threads); });
    print_figure("get", options.ops / options.threads * options.threads, from, usage_now());
}

void run_miss(const Peer &peer, const Options &options) {
    auto engine = open_store(peer, options);
    get_all(*engine, options);
    wait_for_rest();
    std::string found;
    Usage from = usage_now();
    for (uint64_t j = 0; j < options.ops; j++) {
        if (engine->get(Key(options.keys + j), &found)) fail("a key is there that was never put");
    }
    print_figure("miss", options.ops, from, usage_now());
}

void run_seek(const Peer &peer, const Options &options) {
    constexpr uint64_t ENTRIES = 100;
    auto engine = open_store(peer, options);
    uint64_t bytes = 0, count = 0;
    if (engine->scan("", options.keys + 1, &bytes) != options.keys) fail("a scan does not meet every key once");
    wait_for_rest();
    Usage from = usage_now();
    for (uint64_t j = 0; j < options.ops; j++) count += engine->scan(Key(drawn(0, j, options.keys)), ENTRIES, &bytes);
    print_figure("seek", options.ops, from, usage_now(), column("entries", count));
}

void run_cold(const Peer &peer, const Options &options) {
    drop_page_cache(options.folder);
    auto engine = open_store(peer, options, false, true);
    // Indexes and filters come in, which are read once however long the store is open.
    get_drawn(*engine, options, WARMING, options.ops);
    wait_for_rest();
    drop_page_cache(options.folder);
    int64_t blocks = engine->blocks_read();
    Usage from = usage_now();
    get_drawn(*engine, options, 0, options.ops);
    Usage to = usage_now();
    std::string more = column("read_calls", to.read_calls - from.read_calls) +
                       column("disk_read", to.disk_read - from.disk_read) + column("faults", to.faults - from.faults);
    if (blocks >= 0) more += column("blocks", (uint64_t)(engine->blocks_read() - blocks));
    print_figure("cold", options.ops, from, to, more);
}

uint64_t syncs_counted(const Options &options) {
    uint64_t count = 0;
    std::ifstream file(options.syncs, std::ios::binary);
    if (!file.read(reinterpret_cast<char *>(&count), sizeof count)) fail("cannot read " + options.syncs);
    return count;
}

// Puts keys that are new, each with a sync, for the stated time; answers how long each took, in microseconds and in ascending order.
std::vector<uint32_t> put_durably(Engine &engine, const Options &options) {
    std::vector<std::vector<uint32_t>> took(options.threads);
    double until = seconds_now() + (double)options.milliseconds / 1e3;
    in_threads(options.threads, [&](uint64_t t) {
        Value value(options.value);
        double now = seconds_now();
        for (uint64_t i = options.keys + t; now < until; i += options.threads) {
            double begun = now;
            engine.put(Key(i), value.of(i), true);
            now = seconds_now();
            took[t].push_back((uint32_t)((now - begun) * 1e6));
        }
    });
    std::vector<uint32_t> all;
    for (const auto &one : took) all.insert(all.end(), one.begin(), one.end());
    if (all.empty()) fail("no put was done in the time that was given");
    std::sort(all.begin(), all.end());
    return all;
}

std::string latencies(const std::vector<uint32_t> &sorted) {
    auto at = [&](double part) {
        return (uint64_t)sorted[std::min(sorted.size() - 1, (size_t)((double)sorted.size() * part))];
    };
    return column("p50_us", at(0.5)) + column("p99_us", at(0.99)) + column("most_us", at(1.0));
}

void run_durable(const Peer &peer, const Options &options) {
    auto engine = open_store(peer, options, true);
    uint64_t syncs = options.syncs.empty() ? 0 : syncs_counted(options);
    Usage from = usage_now();
    std::vector<uint32_t> took = put_durably(*engine, options);
    Usage to = usage_now();
    std::string more = latencies(took);
    if (!options.syncs.empty()) more += column("syncs", syncs_counted(options) - syncs);
    print_figure("durable", took.size(), from, to, more);
}

void run_paced(const Peer &peer, const Options &options) {
    auto engine = open_store(peer, options, true);
    put_all(*engine, options);
    wait_for_rest(); // what is measured is a store that keeps up, not one that has to catch up
    std::atomic<bool> done{false};
    uint64_t behind = 0;
    Usage from = usage_now();
    std::thread background([&] {
        Value value(options.value);
        double each = (double)options.rate / (double)entry_size(options); // a second
        while (!done.load()) {
            uint64_t due = (uint64_t)((seconds_now() - from.wall) * each);
            for (; behind < due && !done.load(); behind++) {
                uint64_t i = drawn(BACKGROUND, behind, options.keys);
                engine->put(Key(i), value.of(i), false);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    std::vector<uint32_t> took = put_durably(*engine, options);
    done.store(true);
    background.join();
    Usage to = usage_now();
    uint64_t put = entry_size(options) * (behind + took.size());
    print_figure("paced", took.size(), from, to,
                 latencies(took) + column("written", to.written - from.written) + column("put", put));
}

void run_amplification(const Peer &peer, const Options &options) {
    uint64_t entry = entry_size(options);
    auto engine = open_store(peer, options);
    Usage from = usage_now();
    put_all(*engine, options);
    put_again(*engine, options, options.keys);
    Usage to = wait_for_rest();
    // What is in the log only becomes tables, for the engines that read their log back into one.
    engine.reset();
    engine = open_store(peer, options);
    wait_for_rest();
    engine.reset();
    print_figure("amplification", options.keys * 2, from, to,
                 column("written", to.written - from.written) + column("put", options.keys * 2 * entry) +
                     column("disk", folder_bytes(options.folder)) + column("live", options.keys * entry));
}

void run_open(const Peer &peer, const Options &options) {
    drop_page_cache(options.folder);
    std::string found;
    Usage from = usage_now();
    auto engine = open_store(peer, options);
    Usage to = usage_now();
    if (!engine->get(Key(0), &found)) fail("a key is not there");
    print_figure("open", 1, from, to,
                 column("first_get", seconds_now() - to.wall) + column("disk", folder_bytes(options.folder)));
}

void run_memory(const Peer &peer, const Options &options) {
    auto engine = open_store(peer, options);
    Usage from = usage_now();
    put_all(*engine, options);
    get_drawn(*engine, options, 0, options.ops);
    uint64_t bytes = 0;
    engine->scan("", options.keys, &bytes);
    Usage to = wait_for_rest();
    std::string more = column("resident", resident_most());
    if (peer.memtables > 0) more += column("budget", peer.memtables * options.memtable + options.cache);
    print_figure("memory", options.keys + options.ops, from, to, more);
}

const struct {
    const char *name;
    void (*run)(const Peer &peer, const Options &options);
} WORKLOADS[] = {
    {"put", run_put},   {"get", run_get},         {"miss", run_miss},   {"seek", run_seek},
    {"cold", run_cold}, {"durable", run_durable}, {"paced", run_paced}, {"amplification", run_amplification},
    {"open", run_open}, {"memory", run_memory},
};

} // namespace

void (*find_workload(const std::string &name))(const Peer &peer, const Options &options) {
    for (const auto &workload : WORKLOADS) {
        if (name == workload.name) return workload.run;
    }
    return nullptr;
}
