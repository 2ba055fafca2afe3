// Figures, not checks: NOVA_MEASURE=1 test_eventstore -tc="measure*" prints them. Each is taken beside a bare form of the
// same work in the same run, since only the ratio means something on a shared machine.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tests/eventstore/events.h"

using namespace nova;
using namespace nova::eventstore;
using namespace nova::eventstore::test;

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t event_bytes = 600;
constexpr auto run_time = std::chrono::milliseconds(1500);

bool asked() { return std::getenv("NOVA_MEASURE") != nullptr; }
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

// Processor time of this thread: what a shared machine does not blur.
double cpu_s() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

std::string stream_name(std::uint64_t n) {
    char name[64];
    std::snprintf(name, sizeof name, "customer-0192f0c1-%04x-7000-8000-%012llx", unsigned(n >> 20 & 0xffff),
                  static_cast<unsigned long long>(n));
    return name;
}

Given sized(std::string stream, std::uint64_t version) {
    Given given{std::move(stream), version, ""};
    given.text = std::string(event_bytes - bytes_of(given).size(), 'x');
    return given;
}

// A fifth of the events open a stream, the others go on with one, as a day's work does.
struct Work {
    std::uint64_t made = 0;
    std::vector<std::uint64_t> versions;
    std::vector<Given> next(std::size_t count) {
        std::vector<Given> events;
        for (std::size_t i = 0; i < count; ++i, ++made) {
            if (made % 5 == 0 || versions.empty()) versions.push_back(0);
            const std::uint64_t stream = made % 5 == 0 ? versions.size() - 1 : (made * 2654435761u) % versions.size();
            events.push_back(sized(stream_name(stream), ++versions[stream]));
        }
        return events;
    }
};

// Both forms are given appends that were made before the clock runs, and take turns on the same disk.
std::vector<Append> appends(Work& work, std::size_t size, std::size_t count) {
    std::vector<Append> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(append_of(work.next(size)));
    return made;
}

class Bare {
public:
    explicit Bare(const std::filesystem::path& file) {
        sqlite3_open(file.c_str(), &db_);
        sqlite3_exec(
            db_, "pragma journal_mode=wal; pragma synchronous=full; create table b(id integer primary key, block blob)",
            nullptr, nullptr, nullptr);
        sqlite3_prepare_v2(db_, "insert into b(block) values(?1)", -1, &insert_, nullptr);
    }
    ~Bare() {
        sqlite3_finalize(insert_);
        sqlite3_close(db_);
    }
    void put(const std::string& block) {
        sqlite3_bind_blob64(insert_, 1, block.data(), block.size(), SQLITE_STATIC);
        sqlite3_step(insert_);
        sqlite3_reset(insert_);
    }

private:
    sqlite3* db_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
};

void measure_appends(std::size_t size) {
    Folder folder;
    const auto log = open_log(folder.path());
    Bare bare(folder.path() / "bare.db");
    Work work;
    double bare_s = 0, log_s = 0, bare_cpu = 0, log_cpu = 0;
    std::uint64_t events = 0;
    std::vector<double> each_ms;
    const auto begin = Clock::now();
    while (Clock::now() - begin < 2 * run_time) {
        auto batch = appends(work, size, size == 1 ? 1000 : size == 10 ? 300 : 60);
        events += batch.size() * size;
        auto at = Clock::now();
        double cpu = cpu_s();
        for (const Append& append : batch) bare.put(append.block);
        bare_s += seconds_since(at);
        bare_cpu += cpu_s() - cpu;
        at = Clock::now();
        cpu = cpu_s();
        for (Append& append : batch) {
            const auto one = Clock::now();
            REQUIRE(put(*log, std::move(append)).outcome == Outcome::done);
            each_ms.push_back(seconds_since(one) * 1000);
        }
        log_s += seconds_since(at);
        log_cpu += cpu_s() - cpu;
    }
    std::sort(each_ms.begin(), each_ms.end());
    std::printf(
        "append %3zu events a commit: %8.0f events/s, bare blocks %8.0f, ratio %.2f; commit p50 %.2f ms, p99 %.2f ms; "
        "cpu %.1f us an event, bare %.1f\n",
        size, events / log_s, events / bare_s, bare_s / log_s, each_ms[each_ms.size() / 2],
        each_ms[each_ms.size() * 99 / 100], log_cpu / events * 1e6, bare_cpu / events * 1e6);
}

}  // namespace

TEST_CASE("measure: appends") {
    if (!asked()) return;
    for (const std::size_t size : {1, 10, 100}) measure_appends(size);
}

TEST_CASE("measure: a million events") {
    if (!asked()) return;
    Folder folder;
    constexpr std::uint64_t total = 1'000'000;
    Work work;
    {
        const auto log = open_log(folder.path());
        double taken = 0;
        while (log->tail(0).next < total) {
            auto batch = appends(work, 100, 100);
            const auto begin = Clock::now();
            for (Append& append : batch) REQUIRE(put(*log, std::move(append)).outcome == Outcome::done);
            taken += seconds_since(begin);
        }
        std::printf("a million events, 100 a commit: %.0f events/s\n", total / taken);
        auto begin = Clock::now();
        double cpu = cpu_s();
        const auto reader = log->read(0, 0);
        std::uint64_t bytes = 0;
        while (const auto commit = reader->next()) bytes += commit->block.size();
        const double read_s = seconds_since(begin), read_cpu = cpu_s() - cpu;
        std::printf("read and proven: %.2f M events/s, %.2f GB/s; in cpu time %.2f M events/s, %.2f GB/s\n",
                    total / read_s / 1e6, bytes / read_s / 1e9, total / read_cpu / 1e6, bytes / read_cpu / 1e9);
        cpu = cpu_s();
        begin = Clock::now();
        std::uint64_t found = 0;
        for (std::uint64_t i = 0; i < 20'000; ++i)
            found += log->read_stream(stream_name(i * 7919 % work.versions.size()), 1, UINT64_MAX).size();
        const double streams_s = cpu_s() - cpu;
        std::printf("read_stream: %.1f us of cpu a stream of %.1f events\n", streams_s / 20'000 * 1e6,
                    found / 20'000.0);
        begin = Clock::now();
        cpu = cpu_s();
        for (std::uint64_t i = 0; i < 20'000; ++i) CHECK(log->index().version("customer-new-" + stream_name(i)) == 0);
        std::printf("version of a stream that is not there: %.1f us of cpu\n", (cpu_s() - cpu) / 20'000 * 1e6);
    }
    for (const char* what : {"index.db", "log.db"})
        std::printf("%s: %.0f MB\n", what, std::filesystem::file_size(folder.path() / what) / 1e6);
    auto begin = Clock::now();
    auto log = open_log(folder.path());
    std::printf("start with a current index: %.3f s\n", seconds_since(begin));
    begin = Clock::now();
    log.reset();
    std::printf("close: %.3f s\n", seconds_since(begin));
    std::filesystem::remove(folder.path() / "index.db");
    begin = Clock::now();
    log = open_log(folder.path());
    std::printf("start with no index: %.3f s\n", seconds_since(begin));
    begin = Clock::now();
    const auto verified = verify_log(folder.path(), {});
    std::printf("verify_log: %.3f s, %s\n", seconds_since(begin), verified.ok ? "ok" : verified.problem.c_str());
}
