// What this machine can do at all, measured in the same run: an HTTP server that decides nothing, a log that keeps
// nothing but bytes. A figure of Nova means something only beside these.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace nova::bench {

// A Boost.Beast server in a process of its own, one thread, that parses each request and answers with a few fixed bytes.
class EmptyServer {
public:
    EmptyServer();
    ~EmptyServer();
    EmptyServer(const EmptyServer&) = delete;
    EmptyServer& operator=(const EmptyServer&) = delete;
    std::uint16_t port() const { return port_; }

private:
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

struct CommitSize {
    double events = 1;       // per commit
    double bytes = 1000;     // per commit
};
// How the server's own log.db was written: read after it has stopped. Throws std::runtime_error.
CommitSize observed_commits(const std::filesystem::path& log_file);
// Commits per second of blocks of that size into an SQLite file of its own: WAL, synchronous=FULL, one row each.
double bare_commits_per_second(const std::filesystem::path& folder, const CommitSize&, std::chrono::milliseconds lasts);
// Events per second of Nova's own log at that commit size: chained, each with a new person's key, indexed.
double log_events_per_second(const std::filesystem::path& folder, const CommitSize&, std::chrono::milliseconds lasts);
// Events per second of reading all blocks of a log in order, without looking into them. `events`: how many it holds.
double bare_read_events_per_second(const std::filesystem::path& log_file, std::uint64_t events);

}  // namespace nova::bench
