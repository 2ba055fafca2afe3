// `nova replay`: the log as a stream of CloudEvents, and how fast it can be read.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "api/cli/commands.h"
#include "eventstore/sqlite/sqlite_log.h"
#include "schemas/envelope.h"

namespace nova::cli {
namespace {

using eventstore::SqliteLog;

std::atomic<bool> interrupted{false};

bool matches(std::string_view type, std::string_view pattern) {
    if (!pattern.empty() && pattern.back() == '*') return type.starts_with(pattern.substr(0, pattern.size() - 1));
    return type == pattern;
}

bool is_wanted(const ReplayOptions& options, std::string_view bytes) {
    if (options.types.empty() && options.tenant.empty()) return true;
    const schemas::Envelope e = schemas::decode_envelope(bytes);
    if (!options.tenant.empty() && options.tenant != (e.tenant.is_nil() ? std::string("directory") : to_text(e.tenant)))
        return false;
    if (options.types.empty()) return true;
    const std::string_view full = e.type, name = full.substr(full.rfind('.') + 1);
    for (const std::string& pattern : options.types)
        if (matches(name, pattern) || matches(full, pattern)) return true;
    return false;
}

bool print(const ReplayOptions& options, const eventstore::Commit& commit) {
    for (std::size_t i = 0; i < commit.count(); ++i) {
        const std::uint64_t offset = commit.first + i;
        if (options.from && offset < *options.from) continue;
        if (options.to && offset > *options.to) return false;
        const std::string_view bytes = commit.event(i);
        if (!is_wanted(options, bytes)) continue;
        if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size() || std::fputc('\n', stdout) == EOF)
            return false;
    }
    return true;
}

// Decodes every event of [from, to) into its C++ struct, personal members left sealed.
std::uint64_t decode_range(SqliteLog& log, std::uint64_t from, std::uint64_t to) {
    schemas::LeaveSealed sealed;
    const auto reader = log.read(0, from);
    std::uint64_t decoded = 0;
    while (const auto commit = reader->next())
        for (std::size_t i = 0; i < commit->count(); ++i) {
            const std::uint64_t offset = commit->first + i;
            if (offset < from) continue;
            if (offset >= to) return decoded;
            decoded += schemas::decode_event(commit->event(i), schemas::catalogue(), sealed).event.type != nullptr;
        }
    return decoded;
}

int measure(SqliteLog& log) {
    const std::uint64_t end = log.tail(0).next;
    const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    std::vector<std::uint64_t> decoded(cores);
    const auto begun = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (unsigned core = 0; core < cores; ++core)
        threads.emplace_back(
            [&, core] { decoded[core] = decode_range(log, end * core / cores, end * (core + 1) / cores); });
    for (std::thread& thread : threads) thread.join();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    std::uint64_t total = 0;
    for (const std::uint64_t count : decoded) total += count;
    std::printf("replay events=%llu seconds=%.3f events_per_second=%.0f threads=%u\n",
                static_cast<unsigned long long>(total), seconds, static_cast<double>(total) / seconds, cores);
    return 0;
}

}  // namespace

int replay(const ReplayOptions& options) {
    const auto log = SqliteLog::open_to_read(options.folder);
    if (options.measure) return measure(*log);
    std::signal(SIGINT, [](int) { interrupted = true; });
    std::signal(SIGTERM, [](int) { interrupted = true; });
    const auto reader = log->read(0, options.from.value_or(0));
    for (;;) {
        const auto commit = reader->next();
        if (commit && !print(options, *commit)) break;
        if (commit) continue;
        std::fflush(stdout);
        if (!options.follow || interrupted) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    std::fflush(stdout);
    return 0;
}

}  // namespace nova::cli
