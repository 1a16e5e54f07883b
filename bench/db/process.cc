// What this process used and did so far: getrusage, /proc/self/io and /proc/self/status.
#include "process.h"
#include "engine.h"
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr auto LOOK_EVERY = std::chrono::milliseconds(50);
constexpr int QUIET_LOOKS = 10;
constexpr double QUIET_CPU = 0.005; // seconds between two looks: what others on the machine may make of the look itself

// The number behind `name:` in a file of /proc.
uint64_t number_in(const char *path, const std::string &name) {
    std::ifstream file(path);
    std::string word;
    uint64_t number = 0;
    while (file >> word) {
        if (word == name && file >> number) return number;
    }
    fail(std::string(path) + " has no " + name);
}

double seconds_of(const timeval &time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

} // namespace

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Usage usage_now() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const char *io = "/proc/self/io";
    return {seconds_now(),
            seconds_of(used.ru_utime) + seconds_of(used.ru_stime),
            number_in(io, "wchar:"),
            number_in(io, "syscr:"),
            number_in(io, "read_bytes:"),
            (uint64_t)used.ru_majflt};
}

Usage wait_for_rest() {
    Usage rest = usage_now(), before = rest;
    for (int quiet = 0; quiet < QUIET_LOOKS;) {
        std::this_thread::sleep_for(LOOK_EVERY);
        Usage now = usage_now();
        bool busy = now.written != before.written || now.cpu - before.cpu > QUIET_CPU;
        quiet = busy ? 0 : quiet + 1;
        if (busy) rest = now;
        before = now;
    }
    return rest;
}

uint64_t resident_most() { return number_in("/proc/self/status", "VmHWM:") * 1024; }

uint64_t folder_bytes(const std::string &folder) {
    uint64_t bytes = 0;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        struct stat status{};
        if (entry.is_regular_file() && stat(entry.path().c_str(), &status) == 0)
            bytes += (uint64_t)status.st_blocks * 512;
    }
    return bytes;
}

void drop_page_cache(const std::string &folder) {
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        int file = open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        // Dirty pages stay where they are.
        if (file < 0 || fsync(file) != 0 || posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) != 0) {
            fail("cannot drop " + entry.path().string() + " from the page cache");
        }
        close(file);
    }
}
