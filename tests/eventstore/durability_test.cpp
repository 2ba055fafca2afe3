// A process that writes is killed at some moment, again and again: what it had answered for is there afterwards.
#include <doctest/doctest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>

#include "tests/eventstore/events.h"
#include "tests/eventstore/index_dump.h"

using namespace nova;
using namespace nova::eventstore;
using namespace nova::eventstore::test;

namespace {

struct Acked {
    std::uint64_t stream = 0, version = 0;
};

Given event_of(std::uint64_t stream, std::uint64_t version) {
    Given given{"s-" + std::to_string(stream), version, std::string(50 + stream * 37 % 900, 'x')};
    if (version % 3 == 1) given.claim = "phone|" + std::to_string(stream % 5) + "," + std::to_string(version % 7);
    if (version % 4 == 0) given.repeat_key = "key-" + std::to_string(stream) + "-" + std::to_string(version);
    return given;
}

// Appends for ever, from what the index says on; tells of each event only after it was done.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, int acks, unsigned seed) {
    const auto log = open_log(folder);
    std::mt19937 random(seed);
    std::map<std::uint64_t, std::uint64_t> versions;
    for (;;) {
        std::vector<Given> events;
        std::vector<Acked> told;
        for (std::size_t i = 0, count = 1 + random() % 30; i < count; ++i) {
            const std::uint64_t stream = random() % 200;
            if (!versions.contains(stream)) versions[stream] = log->index().version("s-" + std::to_string(stream));
            const std::uint64_t version = ++versions[stream];
            events.push_back(event_of(stream, version));
            told.push_back({stream, version});
        }
        if (put(*log, events).outcome != Outcome::done) ::_exit(1);
        if (::write(acks, told.data(), told.size() * sizeof(Acked)) < 0) ::_exit(2);
    }
}

}  // namespace

TEST_CASE("durability: a kill loses nothing that was answered for, and the index is what a rebuild makes of the log") {
    Folder folder;
    std::mt19937 random(4711);
    std::map<std::uint64_t, std::uint64_t> acked;
    for (unsigned round = 0; round < 12; ++round) {
        int pipe_ends[2];
        REQUIRE(::pipe(pipe_ends) == 0);
        const pid_t child = ::fork();
        if (child == 0) write_until_killed(folder.path(), pipe_ends[1], round);
        ::close(pipe_ends[1]);
        const auto read_acks = [&] {
            Acked one[512];
            const auto length = ::read(pipe_ends[0], one, sizeof one);
            for (std::size_t i = 0; length > 0 && i < static_cast<std::size_t>(length) / sizeof(Acked); ++i)
                acked[one[i].stream] = std::max(acked[one[i].stream], one[i].version);
            return length > 0;
        };
        read_acks();
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(random() % 250);
        while (std::chrono::steady_clock::now() < until && read_acks()) {}
        ::kill(child, SIGKILL);
        while (read_acks()) {}
        ::close(pipe_ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        REQUIRE(WIFSIGNALED(status));

        const auto verified = verify_log(folder.path(), {});
        REQUIRE_MESSAGE(verified.ok, verified.problem);
        const auto log = open_log(folder.path());
        std::uint64_t known = 0;
        for (const auto& [stream, version] : acked) {
            const std::string name = "s-" + std::to_string(stream);
            const auto events = log->read_stream(name, 1, UINT64_MAX);
            REQUIRE(events.size() >= version);
            CHECK(log->index().version(name) == events.size());
            CHECK(events.back().bytes == bytes_of(event_of(stream, events.size())));
            known += events.size();
        }
        CHECK(known <= log->tail(0).next);
    }
    open_log(folder.path());
    const std::string followed = index_dump(folder.path());
    std::filesystem::remove(folder.path() / "index.db");
    open_log(folder.path());
    CHECK(followed.size() > 1'000);
    const std::string rebuilt = index_dump(folder.path());
    const auto differ =
        std::mismatch(followed.begin(), followed.end(), rebuilt.begin(), rebuilt.end()).first - followed.begin();
    CHECK_MESSAGE((followed == rebuilt),
                  "they differ at: " << followed.substr(std::max<std::ptrdiff_t>(differ - 80, 0), 200));
}
