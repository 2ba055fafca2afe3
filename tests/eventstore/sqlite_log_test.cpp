#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <fstream>

#include "tests/eventstore/log_conformance.h"

using namespace nova;
using namespace nova::eventstore;
using namespace nova::eventstore::test;

namespace {

class SqliteHome final : public Home {
public:
    SqliteHome() : log_(open_log(folder_.path())) {}
    Log& log() override { return *log_; }
    Index& index() override { return log_->index(); }
    void restart() override {
        log_.reset();
        log_ = open_log(folder_.path());
    }

private:
    Folder folder_;
    std::unique_ptr<SqliteLog> log_;
};

MasterKey key_of(std::uint8_t byte) {
    MasterKey key;
    key.fill(byte);
    return key;
}

}  // namespace

TEST_CASE("sqlite log: does what every log must do") {
    SqliteHome home;
    SUBCASE("events come back as they were given") { events_come_back_as_they_were_given(home); }
    SUBCASE("a version that is not the next is refused") { a_version_that_is_not_the_next_is_refused(home); }
    SUBCASE("one command decides in one boundary") { one_command_decides_in_one_boundary(home); }
    SUBCASE("malformed appends are refused") { malformed_appends_are_refused(home); }
    SUBCASE("a reader sees everything in order and goes on") { a_reader_sees_everything_in_order_and_goes_on(home); }
    SUBCASE("recorded times never go back") { recorded_times_never_go_back(home); }
    SUBCASE("the index sees each append at once") { the_index_sees_each_append_at_once_and_after_a_restart(home); }
    SUBCASE("repeats are remembered for a day") { repeats_are_remembered_for_a_day(home); }
    SUBCASE("readers on other threads see done appends") { readers_on_other_threads_see_done_appends(home); }
}

TEST_CASE("sqlite log: a second writer is told who writes") {
    Folder folder;
    const auto log = open_log(folder.path());
    const std::string why = sentence_of<Unavailable>([&] { open_log(folder.path()); });
    CHECK(why.find("being written by process " + std::to_string(::getpid())) != std::string::npos);
    log->close();
    CHECK_NOTHROW(open_log(folder.path()));
}

TEST_CASE("sqlite log: the lock ends with its process, however it ends") {
    Folder folder;
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto log = open_log(folder.path());
        [[maybe_unused]] const auto told = ::write(ready[1], "x", 1);
        for (;;) ::pause();
    }
    char byte;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    const std::string why = sentence_of<Unavailable>([&] { open_log(folder.path()); });
    CHECK(why.find("process " + std::to_string(child)) != std::string::npos);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK_NOTHROW(open_log(folder.path()));
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("sqlite log: another process reads beside the writer, which keeps its locks") {
    Folder folder;
    auto log = open_log(folder.path());
    REQUIRE(put(*log, {{"a-1", 1}, {"b-1", 1}}).outcome == Outcome::done);
    const std::string id = log->id();
    const pid_t child = ::fork();
    if (child == 0) {
        const auto beside = SqliteLog::open_to_read(folder.path());
        const bool right = beside->id() == id && beside->tail(0).next == 2 &&
                           beside->read_stream("b-1", 1, 9).size() == 1 && beside->read_one({0, 1}) &&
                           !beside->read_one({0, 2}) && verify_log(folder.path(), {}).ok &&
                           put(*beside, {{"a-1", 2}}).outcome == Outcome::not_done;
        ::_exit(right ? 0 : 1);
    }
    int status = 1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
    {
        // In the writer's own process too, as the server's own verification does.
        const auto beside = SqliteLog::open_to_read(folder.path());
        REQUIRE(put(*log, {{"a-1", 2}}).outcome == Outcome::done);
        CHECK(beside->tail(0).next == 3);
        CHECK(verify_log(folder.path(), {}).events == 3);
    }
    REQUIRE(put(*log, {{"a-1", 3}}).outcome == Outcome::done);
    CHECK(verify_log(folder.path(), {}).last == log->tail(0).last);
    log.reset();
    CHECK(verify_log(folder.path(), {}).events == 4);
    CHECK_THROWS_AS(SqliteLog::open_to_read(folder.path() / "none"), Unavailable);
}

TEST_CASE("sqlite log: keys are durable with the events or not at all, and destroyed for good") {
    Folder folder;
    auto options = options_for(folder.path());
    options.master_key = key_of(1);
    auto log = SqliteLog::open(options);
    const Uuid event = *parse_uuid("0192f0c1-0000-7000-8000-00000000000a");
    std::string box;
    {
        KeyRing ring(key_of(1), *log);
        ring.seal("customer-1", "Sara", event, box);
        Append append = append_of({{"customer-1", 2}});  // not the next version
        append.new_keys = ring.take_new_keys();
        REQUIRE(append.new_keys.size() == 1);
        const auto keys = append.new_keys;
        CHECK(put(*log, std::move(append)).outcome == Outcome::not_done);
        CHECK(!log->wrapped_key("customer-1"));
        Append right = append_of({{"customer-1", 1}});
        right.new_keys = keys;
        CHECK(put(*log, std::move(right)).outcome == Outcome::done);
        CHECK(log->wrapped_key("customer-1") == keys[0].wrapped);
    }
    log.reset();
    log = SqliteLog::open(options);
    KeyRing ring(key_of(1), *log);
    CHECK(ring.open("customer-1", box, event) == "Sara");
    const std::string wrapped = *log->wrapped_key("customer-1");
    log->destroy_key("customer-1");
    ring.drop_cached("customer-1");
    CHECK(!ring.open("customer-1", box, event));
    for (const char* file : {"log.db", "log.db-wal"}) {
        std::ifstream in(folder.path() / file, std::ios::binary);
        const std::string all(std::istreambuf_iterator<char>(in), {});
        CHECK(all.find(wrapped) == std::string::npos);
    }
    CHECK(put(*log, {{"customer-1", 2}}).outcome == Outcome::done);
}

TEST_CASE("sqlite log: a wrong MASTER_KEY is refused at start") {
    Folder folder;
    auto options = options_for(folder.path());
    options.master_key = key_of(1);
    SqliteLog::open(options);
    CHECK_NOTHROW(SqliteLog::open(options));
    options.master_key = key_of(2);
    CHECK(sentence_of<Unavailable>([&] { SqliteLog::open(options); }).find("MASTER_KEY") != std::string::npos);
    options.master_key = key_of(1);
    CHECK_NOTHROW(SqliteLog::open(options));
}

TEST_CASE("sqlite log: a full disk is not done, and the log goes on when there is room again") {
    Folder folder;
    if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=6m") != 0) {
        MESSAGE("no right to mount: the disk is not filled here");
        return;
    }
    {
        auto log = open_log(folder.path());
        std::uint64_t version = 0;
        const std::string text(20'000, 'x');
        AppendResult result;
        for (; version < 1'000; ++version)
            if ((result = put(*log, {{"a-1", version + 1, text}})).outcome != Outcome::done) break;
        CHECK(result.outcome == Outcome::not_done);
        CHECK(result.why.find("full") != std::string::npos);
        CHECK(version > 50);
        CHECK(log->read_stream("a-1", version, version).size() == 1);
        REQUIRE(::mount("tmpfs", folder.path().c_str(), "tmpfs", MS_REMOUNT, "size=40m") == 0);
        for (int tries = 0; tries < 40 && (result = put(*log, {{"a-1", version + 1, text}})).outcome != Outcome::done;
             ++tries)
            ::usleep(100'000);  // index.db tries again twice a second
        CHECK(result.outcome == Outcome::done);
        log.reset();
        log = open_log(folder.path());
        CHECK(log->read_stream("a-1", 1, UINT64_MAX).size() == version + 1);
        const auto verified = verify_log(folder.path(), {});
        CHECK(verified.ok);
        CHECK(verified.events == version + 1);
    }
    ::umount(folder.path().c_str());
}

TEST_CASE("sqlite log: what a failing disk did with a commit is told as unknown, or as not done") {
    Folder folder;
    const pid_t child = ::fork();
    if (child == 0) {
        // A limit on the length of files stands for a disk that fails in the middle of a write.
        ::signal(SIGXFSZ, SIG_IGN);
        auto log = open_log(folder.path());
        const std::string text(20'000, 'x');
        const rlimit limit{3'000'000, 3'000'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        for (std::uint64_t version = 1; version < 1'000; ++version) {
            const auto result = put(*log, {{"a-1", version, text}});
            if (result.outcome == Outcome::done) continue;
            // Once it is unknown, nothing more is taken: what follows would stand on what may not be there.
            const bool right =
                result.outcome == Outcome::not_done || put(*log, {{"b-1", 1}}).outcome == Outcome::not_done;
            ::_exit(right && version > 10 && !result.why.empty() ? 0 : 1);
        }
        ::_exit(2);
    }
    int status = 1;
    ::waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 0);
    const auto log = open_log(folder.path());
    CHECK(verify_log(folder.path(), {}).ok);
    CHECK(put(*log, {{"b-1", 1}}).outcome == Outcome::done);
}

TEST_CASE("sqlite log: a closed log refuses") {
    Folder folder;
    const auto log = open_log(folder.path());
    REQUIRE(put(*log, {{"a-1", 1}}).outcome == Outcome::done);
    log->close();
    CHECK(put(*log, {{"a-1", 2}}).outcome == Outcome::not_done);
    CHECK_THROWS_AS(log->read_stream("a-1", 1, 9), Unavailable);
    log->close();
}
