// One workload on one of the peers: peers ENGINE WORKLOAD FOLDER --keys N --value BYTES …; README.md has the options and what is printed.
#include "workloads.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>

void fail(const std::string &what) {
    fprintf(stderr, "peers: %s\n", what.c_str());
    // Not exit: other threads may be inside of an engine.
    _Exit(1);
}

static uint64_t parse_number(const char *option, const char *text) {
    char *end = nullptr;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0') fail(std::string(option) + " wants a number, not " + text);
    return number;
}

static Options parse_options(int count, char **words) {
    Options options;
    struct {
        const char *name;
        uint64_t *place;
    } numbers[] = {{"--keys", &options.keys},         {"--value", &options.value},
                   {"--ops", &options.ops},           {"--threads", &options.threads},
                   {"--memtable", &options.memtable}, {"--cache", &options.cache},
                   {"--rate", &options.rate},         {"--milliseconds", &options.milliseconds}};
    for (int at = 0; at < count; at += 2) {
        std::string name = words[at];
        if (at + 1 == count) fail(name + " wants a value");
        bool known = name == "--syncs";
        if (known) options.syncs = words[at + 1];
        for (const auto &number : numbers) {
            if (name == number.name) *number.place = parse_number(number.name, words[at + 1]), known = true;
        }
        if (!known) fail("there is no option " + name);
    }
    if (options.value < 8 || options.threads == 0) fail("--value is at least 8, --threads at least 1");
    return options;
}

int main(int count, char **words) {
    if (count < 4) fail("peers ENGINE WORKLOAD FOLDER --keys N --value BYTES …");
    for (const Peer &peer : {leveldb_peer(), rocksdb_peer(), lmdb_peer()}) {
        if (strcmp(words[1], peer.name) != 0) continue;
        auto run = find_workload(words[2]);
        if (!run) fail(std::string("there is no workload ") + words[2]);
        Options options = parse_options(count - 4, words + 4);
        options.folder = words[3];
        printf("engine %s %s; %s\n", peer.name, peer.version.c_str(), peer.remarks);
        run(peer, options);
        return 0;
    }
    fail(std::string("there is no engine ") + words[1]);
}
