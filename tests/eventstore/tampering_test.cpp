// Someone with the disk in hand changes what is stored. Each change must be found, by the verification, by a reader, at
// start where it is near the end, and the first bad position must be named.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "tests/eventstore/events.h"

using namespace nova;
using namespace nova::eventstore;
using namespace nova::eventstore::test;

namespace {

void sql(const std::filesystem::path& folder, const std::string& text, const char* file = "log.db") {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / file).c_str(), &db) == SQLITE_OK);
    char* error = nullptr;
    const int code = sqlite3_exec(db, text.c_str(), nullptr, nullptr, &error);
    CHECK_MESSAGE(code == SQLITE_OK, (error ? error : ""));
    sqlite3_free(error);
    sqlite3_close(db);
}

// 40 blocks of 5 events: block n begins at offset 5n.
void write_log(const std::filesystem::path& folder, std::size_t text_bytes = 100, std::uint64_t blocks = 40) {
    const auto log = open_log(folder);
    for (std::uint64_t block = 0; block < blocks; ++block) {
        std::vector<Given> events;
        for (std::uint64_t i = 0; i < 5; ++i)
            events.push_back(
                {"a-" + std::to_string(i), block + 1, std::string(text_bytes, static_cast<char>('a' + block % 26))});
        REQUIRE(put(*log, events, Instant{1'000 + static_cast<std::int64_t>(block)}).outcome == Outcome::done);
    }
}

void check_found(const std::filesystem::path& folder, const std::string& position) {
    const Verified verified = verify_log(folder, {});
    CHECK(!verified.ok);
    CHECK_MESSAGE(verified.problem.find(position) != std::string::npos, verified.problem);
    CHECK(verified.problem.find('\n') == std::string::npos);
    CHECK(verified.problem.back() == '.');
    // A reader gives out what lies before, and stops there.
    const auto log = SqliteLog::open_to_read(folder);
    const auto reader = log->read(0, 0);
    std::uint64_t read = 0;
    std::string why = sentence_of<Damaged>([&] {
        while (const auto commit = reader->next()) read = commit->next();
    });
    CHECK(why == verified.problem);
    CHECK(read == verified.events);
    CHECK_THROWS_AS(reader->next(), Damaged);  // and stays there
}

}  // namespace

TEST_CASE("tampering: every kind of change is found, and its position named") {
    Folder folder;
    write_log(folder.path());
    REQUIRE(verify_log(folder.path(), {}).ok);
    REQUIRE(verify_log(folder.path(), {}).events == 200);
    const auto change = [&](const std::string& text, const std::string& position) {
        CAPTURE(text);
        Folder copy;
        std::filesystem::copy(folder.path(), copy.path(), std::filesystem::copy_options::recursive);
        sql(copy.path(), text);
        check_found(copy.path(), position);
    };
    const auto edit = [](const std::string& expression, int offset) {
        return "update commits set block = cast(" + expression + " as blob) where first = " + std::to_string(offset);
    };
    SUBCASE("an edited byte") { change(edit("replace(block, 'ddd', 'dXd')", 15), "0:15"); }
    SUBCASE("one bit of the very first event") { change(edit("'z' || substr(block, 2)", 0), "0:0"); }
    SUBCASE("a block cut in the middle of an event") {
        change(edit("substr(block, 1, length(block) - 40)", 100), "0:100");
    }
    SUBCASE("a block cut between events") { change(edit("substr(block, 1, instr(block, x'0a'))", 100), "0:100"); }
    SUBCASE("an empty block") { change(edit("''", 100), "0:100"); }
    SUBCASE("an event more in a block") { change(edit("block || '{}' || x'0a'", 100), "0:100"); }
    SUBCASE("line feeds alone") { change(edit("x'0a0a0a0a0a'", 100), "0:100"); }
    SUBCASE("a row removed") { change("delete from commits where first = 50", "0:50"); }
    SUBCASE("the first row removed") { change("delete from commits where first = 0", "0:0"); }
    SUBCASE("a row removed and the others moved up") {
        change(
            "delete from commits where first = 50; update commits set id = id - 5, first = first - 5 where first > 50",
            "0:50");
    }
    SUBCASE("a row doubled") {
        change(
            "update commits set id = -id - 5, first = first + 5 where first > 50; update commits set id = -id where id "
            "< 0;"
            "insert into commits select id + 5, partition, first + 5, count, time, last, block from commits where "
            "first = 50",
            "0:55");
    }
    SUBCASE("a row slipped in between two") {
        change(
            "insert into commits select id + 2, partition, first + 2, count, time, last, block from commits where "
            "first = 50",
            "0:52");
    }
    SUBCASE("a row slipped in where a batch of the reader ends") {
        change("insert into commits select id + 1, partition, first + 1, count, time, last, block from commits", "0:1");
    }
    SUBCASE("two blocks exchanged") {
        change(
            "create table t as select first, block from commits where first in (60, 65);"
            "update commits set block = (select block from t where t.first = 125 - commits.first) where first in (60, "
            "65); drop table t",
            "0:60");
    }
    SUBCASE("two rows exchanged whole") {
        change("update commits set id = -1 where first = 60; update commits set id = 60, first = 60 where first = 65;"
               "update commits set id = 65, first = 65 where id = -1", "0:60");
    }
    SUBCASE("a count") { change("update commits set count = 4 where first = 75", "0:75"); }
    SUBCASE("a count of nothing") { change("update commits set count = 0 where first = 75", "0:75"); }
    SUBCASE("a hash") { change("update commits set last = zeroblob(32) where first = 75", "0:75"); }
    SUBCASE("a hash of another length") { change("update commits set last = x'00' where first = 75", "0:75"); }
    SUBCASE("a first that is not the row's") { change("update commits set first = 76 where first = 75", "0:75"); }
    SUBCASE("a partition") { change("update commits set partition = 1 where first = 75", "0:75"); }
    SUBCASE("a time before its neighbours'") { change("update commits set time = 1 where first = 75", "0:75"); }
    SUBCASE("another log's id") { change("update meta set value = 'x' where name = 'log_id'", "0:0"); }
}

TEST_CASE("tampering: rows that no reader comes to") {
    Folder folder;
    write_log(folder.path());
    for (const char* id : {"-7", "281474976710656", "9223372036854775807"}) {
        sql(folder.path(), std::string("insert into commits select ") + id +
                               ", partition, first, count, time, last, block from commits where id = 0");
        const auto verified = verify_log(folder.path(), {});
        CHECK(!verified.ok);
        CHECK(verified.problem.find(id) != std::string::npos);
        sql(folder.path(), std::string("delete from commits where id = ") + id);
    }
    CHECK(verify_log(folder.path(), {}).ok);
}

TEST_CASE("tampering: the end is proven at start, the rest soon after, single events when they are read") {
    Folder folder;
    write_log(folder.path(), 100, 400);  // the first blocks lie before what is proven at start
    SUBCASE("near the end") {
        sql(folder.path(),
            "update commits set block = cast(replace(block, '\"text\":\"', '\"text\":\"Z') as blob) where first = "
            "1990");
        CHECK(sentence_of<Damaged>([&] { open_log(folder.path()); }).find("0:1990") != std::string::npos);
    }
    SUBCASE("far from the end") {
        sql(folder.path(), "update commits set block = cast(replace(block, 'bbbb', 'bXbb') as blob) where first = 5");
        const auto log = open_log(folder.path());
        CHECK(sentence_of<Damaged>([&] { log->read_stream("a-2", 2, 2); }).find("0:5") != std::string::npos);
        CHECK(sentence_of<Damaged>([&] { log->read_one({0, 7}); }).find("0:5") != std::string::npos);
        CHECK(log->read_stream("a-2", 3, 4).size() == 2);
        for (int i = 0; i < 500 && !log->damage(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        REQUIRE(log->damage());
        CHECK(log->damage()->find("0:5") != std::string::npos);
    }
    SUBCASE("nowhere") {
        const auto log = open_log(folder.path());
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        CHECK(!log->damage());
    }
}

TEST_CASE("tampering: bytes of the file itself, anywhere, are found or do not matter") {
    Folder folder;
    write_log(folder.path(), 3'000, 60);
    const auto file = folder.path() / "log.db";
    const auto size = std::filesystem::file_size(file);
    std::string whole(size, '\0');
    std::ifstream(file, std::ios::binary).read(whole.data(), static_cast<std::streamsize>(size));
    const Verified sound = verify_log(folder.path(), {});
    REQUIRE(sound.ok);
    int found = 0, harmless = 0;
    for (std::size_t at = 24; at < size; at += 4'999) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        Folder copy;
        std::ofstream(copy.path() / "log.db", std::ios::binary)
            .write(changed.data(), static_cast<std::streamsize>(size));
        try {
            const auto verified = verify_log(copy.path(), {});
            if (!verified.ok) ++found;
            else if (verified.events == sound.events && verified.last == sound.last)
                ++harmless;  // a free byte of a page
            else FAIL_CHECK("byte " << at << " changed what the log says, unseen");
        } catch (const Unavailable&) {
            ++found;  // no log any more, or one of another format
        }
    }
    CHECK(found > harmless);
    MESSAGE(found << " found, " << harmless << " without effect");
}

TEST_CASE("tampering: a file cut short is found") {
    Folder folder;
    write_log(folder.path(), 3'000, 60);
    std::filesystem::resize_file(folder.path() / "log.db", std::filesystem::file_size(folder.path() / "log.db") / 2);
    bool found = false;
    try {
        found = !verify_log(folder.path(), {}).ok;
    } catch (const std::runtime_error&) {
        found = true;
    }
    CHECK(found);
    CHECK_THROWS(open_log(folder.path()));
}
