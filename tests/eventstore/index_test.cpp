#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "tests/eventstore/events.h"
#include "tests/eventstore/index_dump.h"

using namespace nova;
using namespace nova::eventstore;
using namespace nova::eventstore::test;

namespace {

std::filesystem::path index_of(const Folder& folder) { return folder.path() / "index.db"; }

void sql(const std::filesystem::path& file, const std::string& text) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

void write_some(Log& log, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t version = from; version <= to; ++version) {
        const std::string n = std::to_string(version);
        REQUIRE(put(log,
                    {{"long-1", version, n}, {"short-" + n, 1, n, "phone|" + std::to_string(version % 10), "key-" + n}})
                    .outcome == Outcome::done);
    }
}

void check_whole(SqliteLog& log, std::uint64_t count) {
    const auto events = log.read_stream("long-1", 1, UINT64_MAX);
    REQUIRE(events.size() == count);
    for (std::uint64_t i = 0; i < count; ++i) {
        CHECK(events[i].version == i + 1);
        CHECK(member(events[i].bytes, "text") == std::to_string(i + 1));
    }
    CHECK(log.index().version("short-7") == 1);
    CHECK(log.index().holders("phone", "3", {0}, 1'000).size() == (count + 7) / 10);
    CHECK(log.index().remembered("directory,system", "key-5", {1'000'000})->stream == "short-5");
}

}  // namespace

TEST_CASE("index: whatever becomes of index.db, the next start answers the same") {
    Folder folder;
    {
        auto log = open_log(folder.path());
        write_some(*log, 1, 60);
        check_whole(*log, 60);
    }
    const std::string sound = index_dump(folder.path());
    const auto opens_the_same = [&] {
        {
            const auto log = open_log(folder.path());
            check_whole(*log, 60);
        }
        CHECK(index_dump(folder.path()) == sound);
    };
    SUBCASE("kept") { opens_the_same(); }
    SUBCASE("deleted") {
        std::filesystem::remove(index_of(folder));
        opens_the_same();
    }
    SUBCASE("not a database") {
        std::ofstream(index_of(folder)) << std::string(10'000, 'x');
        opens_the_same();
    }
    SUBCASE("empty") {
        std::ofstream(index_of(folder), std::ios::trunc);
        opens_the_same();
    }
    SUBCASE("its tables gone") {
        sql(index_of(folder), "drop table chunks");
        opens_the_same();
    }
    SUBCASE("of another log") {
        sql(index_of(folder), "update holds set log_id = 'x'; delete from chunks");
        opens_the_same();
    }
    SUBCASE("of another version of nova") {
        sql(index_of(folder), "pragma user_version = 99; delete from chunks");
        opens_the_same();
    }
    SUBCASE("ahead of the log") {
        sql(index_of(folder), "update holds set next = next + 2; delete from chunks");
        opens_the_same();
    }
    SUBCASE("of another past of the same log") {
        sql(index_of(folder), "update holds set last = zeroblob(32); delete from chunks");
        opens_the_same();
    }
    SUBCASE("not closed before the machine stopped") {
        sql(index_of(folder),
            "update holds set clean = 0, boot = 'an earlier one'; delete from chunks where stream = 'long-1'");
        opens_the_same();
    }
    SUBCASE("not closed, but the machine ran on") {
        sql(index_of(folder), "update holds set clean = 0");
        opens_the_same();
    }
}

TEST_CASE("index: a start goes on from where the index stopped") {
    Folder folder;
    {
        const auto log = open_log(folder.path());
        write_some(*log, 1, 30);
    }
    std::filesystem::copy_file(index_of(folder), folder.path() / "kept");
    {
        const auto log = open_log(folder.path());
        write_some(*log, 31, 60);
    }
    const std::string sound = index_dump(folder.path());
    std::filesystem::copy_file(folder.path() / "kept", index_of(folder),
                               std::filesystem::copy_options::overwrite_existing);
    std::uint64_t derived = 0;
    auto options = options_for(folder.path());
    options.claims_of = [&](KeyTable&, std::string_view, std::string_view bytes) {
        ++derived;
        return claims_in(member(bytes, "claim"));
    };
    std::uint64_t told = 0, of = 0;
    options.progress = [&](std::uint64_t done, std::uint64_t total) { told = done, of = total; };
    SqliteLog::open(options);
    CHECK(derived == 60);
    CHECK(told == 120);
    CHECK(of == 120);
    CHECK(index_dump(folder.path()) == sound);
}

TEST_CASE("index: a damaged page is found out when it is read, and built anew at the next start") {
    Folder folder;
    {
        const auto log = open_log(folder.path());
        write_some(*log, 1, 400);
    }
    {
        std::fstream file(index_of(folder), std::ios::in | std::ios::out | std::ios::binary);
        const auto pages = std::filesystem::file_size(index_of(folder)) / 4096;
        for (std::uint64_t page = 9; page < pages; ++page) {  // the roots of the tables stay
            file.seekp(static_cast<std::streamoff>(page * 4096));
            file << std::string(4096, '\x55');
        }
    }
    bool found = false;
    try {
        const auto log = open_log(folder.path());
        for (std::uint64_t n = 1; n <= 400; ++n) log->index().holders("phone", std::to_string(n % 10), {0}, 99);
        for (std::uint64_t n = 1; n <= 400; ++n) log->read_stream("short-" + std::to_string(n), 1, 9);
        log->read_stream("long-1", 1, UINT64_MAX);
    } catch (const Unavailable& unavailable) {
        found = std::string(unavailable.what()).find("index.db") != std::string::npos;
    }
    CHECK(found);
    const auto log = open_log(folder.path());
    check_whole(*log, 400);
}

TEST_CASE("index: an entry that leads to another event is found out, and built anew at the next start") {
    Folder folder;
    {
        const auto log = open_log(folder.path());
        write_some(*log, 1, 60);
    }
    SUBCASE("leading elsewhere") {
        sql(index_of(folder), "update chunks set entries = zeroblob(32) where stream = 'short-9'");
    }
    SUBCASE("another stream's") {
        sql(index_of(folder),
            "update chunks set entries = (select entries from chunks where stream = 'short-8') where stream = "
            "'short-9'");
    }
    {
        const auto log = open_log(folder.path());
        CHECK(sentence_of<Unavailable>([&] {
                  log->read_stream("short-9", 1, 1);
              }).find("index.db does not fit the log") != std::string::npos);
        CHECK(log->read_stream("short-10", 1, 1).size() == 1);
    }
    const auto log = open_log(folder.path());
    REQUIRE(log->read_stream("short-9", 1, 1).size() == 1);
    CHECK(member(log->read_stream("short-9", 1, 1)[0].bytes, "text") == "9");
}

TEST_CASE("index: long streams are read in any part, from memory, from the file, and across both") {
    Folder folder;
    auto log = open_log(folder.path());
    std::uint64_t version = 0;
    const auto grow = [&](std::uint64_t count) {
        std::vector<Given> events;
        for (std::uint64_t i = 0; i < count; ++i, ++version)
            events.push_back({"a-1", version + 1, std::to_string(version + 1)});
        REQUIRE(put(*log, events).outcome == Outcome::done);
    };
    const auto check = [&] {
        for (const auto& [from, to] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, UINT64_MAX},
                                                                                           {0, 3},
                                                                                           {255, 258},
                                                                                           {256, 256},
                                                                                           {257, 257},
                                                                                           {version, version},
                                                                                           {version, version + 5},
                                                                                           {3, 2},
                                                                                           {version + 1, UINT64_MAX}}) {
            const auto events = log->read_stream("a-1", from, to);
            const std::uint64_t first = std::max<std::uint64_t>(from, 1), last = std::min(to, version);
            REQUIRE(events.size() == (last < first ? 0 : last - first + 1));
            for (std::size_t i = 0; i < events.size(); ++i)
                CHECK(member(events[i].bytes, "text") == std::to_string(first + i));
        }
    };
    for (const std::uint64_t count : {1, 254, 1, 1, 300, 512, 3, 700}) {
        grow(count);
        check();
        if (count == 300)
            std::this_thread::sleep_for(std::chrono::milliseconds(120));  // part of it is in the file then
        check();
    }
    log.reset();
    log = open_log(folder.path());
    check();
    const std::string followed = index_dump(folder.path());
    log.reset();
    std::filesystem::remove(index_of(folder));
    open_log(folder.path());
    CHECK(followed == index_dump(folder.path()));
}

TEST_CASE("index: events in large blocks are read alone") {
    Folder folder;
    const auto log = open_log(folder.path());
    std::vector<Given> events;
    for (std::uint64_t i = 1; i <= 500; ++i)
        events.push_back({"s-" + std::to_string(i), 1, std::string(500, 'x') + std::to_string(i)});
    REQUIRE(put(*log, events).outcome == Outcome::done);
    for (std::uint64_t i = 1; i <= 500; i += 7) {
        const auto found = log->read_stream("s-" + std::to_string(i), 1, 1);
        REQUIRE(found.size() == 1);
        CHECK(found[0].bytes == bytes_of(events[i - 1]));
    }
}

TEST_CASE("index: claims that change while they are written behind") {
    Folder folder;
    const auto log = open_log(folder.path());
    for (std::uint64_t round = 1; round <= 300; ++round) {
        const std::string key = std::to_string(round);
        REQUIRE(put(*log, {{"a-1", round, "", "phone|" + key}, {"b-1", round, "", "phone|same," + key}}).outcome ==
                Outcome::done);
        auto holders = log->index().holders("phone", key, {0}, 10);
        std::sort(holders.begin(), holders.end());
        REQUIRE(holders == std::vector<std::string>{"a-1", "b-1"});
        REQUIRE(log->index().holders("phone", std::to_string(round - 1), {0}, 10).empty());
        REQUIRE(log->index().holders("phone", "same", {0}, 10) == std::vector<std::string>{"b-1"});
        CHECK(log->index().holders("phone", key, {0}, 1).size() == 1);
    }
}

TEST_CASE("index: many holders of one key, most of which gave it up a moment ago") {
    Folder folder;
    const auto log = open_log(folder.path());
    std::vector<Given> claiming, giving_up;
    for (int i = 0; i < 500; ++i) {
        claiming.push_back({"s-" + std::to_string(1000 + i), 1, "", "phone|k"});
        if (i < 490) giving_up.push_back({"s-" + std::to_string(1000 + i), 2, "", "phone|"});
    }
    REQUIRE(put(*log, claiming).outcome == Outcome::done);
    CHECK(log->index().holders("phone", "k", {0}, 1'000).size() == 500);
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    REQUIRE(put(*log, giving_up).outcome == Outcome::done);
    CHECK(log->index().holders("phone", "k", {0}, 5).size() == 5);
    CHECK(log->index().holders("phone", "k", {0}, 100).size() == 10);
}

TEST_CASE("index: snapshots are kept over a restart, and lost with the index") {
    Folder folder;
    auto log = open_log(folder.path());
    REQUIRE(put(*log, {{"a-1", 1}}).outcome == Outcome::done);
    CHECK(!log->index().snapshot("a-1"));
    log->index().keep_snapshot("a-1", {1, std::string("st\0ate", 6)});
    CHECK(log->index().snapshot("a-1")->state == std::string("st\0ate", 6));
    log->index().keep_snapshot("a-1", {2, "later"});
    log.reset();
    log = open_log(folder.path());
    CHECK(log->index().snapshot("a-1")->version == 2);
    CHECK(log->index().snapshot("a-1")->state == "later");
    log.reset();
    std::filesystem::remove(index_of(folder));
    CHECK(!open_log(folder.path())->index().snapshot("a-1"));
}
