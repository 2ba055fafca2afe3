// What every home of the log must do. Each function is one promise, tested over the port alone, so that the SQLite file
// and a Kafka topic answer to the same suite.
#pragma once
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "tests/eventstore/events.h"

namespace nova::eventstore::test {

// A log and its index, and the means to close and open it again as a restart would.
class Home {
public:
    virtual ~Home() = default;
    virtual Log& log() = 0;
    virtual Index& index() = 0;
    virtual void restart() = 0;
};

inline void events_come_back_as_they_were_given(Home& home) {
    const std::vector<Given> given{{"customer-1", 1, "a"}, {"deal-1", 1, "b"}, {"customer-1", 2, "ح"}};
    const auto result = put(home.log(), given, {5'000});
    REQUIRE(result.outcome == Outcome::done);
    REQUIRE(result.commit->count() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(result.commit->event(i) == bytes_of(given[i]));
    for (int round = 0; round < 2; ++round, home.restart()) {
        const auto events = home.log().read_stream("customer-1");
        REQUIRE(events.size() == 2);
        CHECK(events[0].bytes == bytes_of(given[0]));
        CHECK(events[1].bytes == bytes_of(given[2]));
        CHECK(events[1].version == 2);
        CHECK(events[1].recorded == Instant{5'000});
        CHECK(events[0].position < events[1].position);
        CHECK(home.log().read_stream("customer-1", 2).size() == 1);
        CHECK(home.log().read_stream("customer-1", 1, 1).size() == 1);
        CHECK(home.log().read_stream("customer-1", 3).empty());
        CHECK(home.log().read_stream("customer-").empty());
        const auto one = home.log().read_one(events[1].position);
        REQUIRE(one);
        CHECK(one->bytes == events[1].bytes);
        CHECK(one->version == 2);
        CHECK(!home.log().read_one({0, events[1].position.offset + 1000}));
    }
}

inline void a_version_that_is_not_the_next_is_refused(Home& home) {
    Log& log = home.log();
    REQUIRE(put(log, {{"a-1", 1}}).outcome == Outcome::done);
    const Tail before = log.tail(0);
    const std::vector<std::vector<Given>> wrong{{{"a-1", 1}},
                                                {{"a-1", 3}},
                                                {{"b-1", 2}},
                                                {{"a-1", 2}, {"a-1", 2}},
                                                {{"a-1", 2}, {"a-1", 4}},
                                                {{"a-1", 2}, {"b-1", 2}}};
    for (const auto& events : wrong) {
        const auto result = put(log, events);
        CHECK(result.outcome == Outcome::not_done);
        CHECK(!result.why.empty());
    }
    CHECK(log.tail(0).next == before.next);
    CHECK(log.tail(0).last == before.last);
    CHECK(put(log, {{"a-1", 2}, {"b-1", 1}, {"a-1", 3}}).outcome == Outcome::done);
    home.restart();
    CHECK(put(home.log(), {{"a-1", 3}}).outcome == Outcome::not_done);
    CHECK(put(home.log(), {{"a-1", 4}}).outcome == Outcome::done);
}

inline void one_command_decides_in_one_boundary(Home& home) {
    const TenantId one{*parse_uuid("0192f0c1-0000-7000-8000-000000000001")},
        two{*parse_uuid("0192f0c1-0000-7000-8000-000000000002")};
    CHECK(put(home.log(), {{"a-1", 1, "", "", "", 7, one}, {"a-2", 1, "", "", "", 7, two}}).outcome ==
          Outcome::not_done);
    CHECK(put(home.log(),
              {{"a-1", 1, "", "", "", 7, one}, {"x-1", 1, "", "", "", 8, two}, {"a-2", 1, "", "", "", 7, two}})
              .outcome == Outcome::not_done);
    CHECK(put(home.log(), {{"a-1", 1, "", "", "", 7, one}, {"a-2", 1, "", "", "", 8, two}}).outcome == Outcome::done);
}

inline void malformed_appends_are_refused(Home& home) {
    CHECK(put(home.log(), Append{}).outcome == Outcome::not_done);
    const auto spoilt = [&](auto spoil) {
        Append append = append_of({{"a-1", 1}, {"a-2", 1}});
        spoil(append);
        return put(home.log(), std::move(append)).outcome;
    };
    CHECK(spoilt([](Append& a) { a.events[1].stream = "a-3"; }) == Outcome::not_done);
    CHECK(spoilt([](Append& a) { a.events[0].length = 1'000'000; }) == Outcome::not_done);
    CHECK(spoilt([](Append& a) { a.events[1].begin -= 1; }) == Outcome::not_done);
    CHECK(spoilt([](Append& a) { a.block += "more\n"; }) == Outcome::not_done);
    CHECK(spoilt([](Append& a) { a.block[3] = '\n'; }) == Outcome::not_done);
    CHECK(spoilt([](Append& a) { a.events[0].begin = SIZE_MAX; }) == Outcome::not_done);
    CHECK(spoilt([](Append&) {}) == Outcome::done);
}

inline void a_reader_sees_everything_in_order_and_goes_on(Home& home) {
    Log& log = home.log();
    const auto from_start = log.read(0, 0);
    CHECK(from_start->next() == nullptr);
    std::vector<std::string> written;
    const auto write = [&](std::uint64_t first, std::uint64_t count) {
        std::vector<Given> events;
        for (std::uint64_t i = first; i < first + count; ++i) events.push_back({"a-1", i, "text " + std::to_string(i)});
        REQUIRE(put(log, events).outcome == Outcome::done);
        for (const Given& event : events) written.push_back(bytes_of(event));
    };
    std::vector<std::string> read;
    Hash last = first_hash(log.id(), 0);
    const auto read_on = [&](Reader& reader) {
        while (const auto commit = reader.next())
            for (std::size_t i = 0; i < commit->count(); ++i) {
                read.emplace_back(commit->event(i));
                last = chained(last, sha256(commit->event(i)));
            }
    };
    for (std::uint64_t round = 0; round < 50; ++round) {
        write(round * 7 + 1, 7);
        if (round % 5 == 0) read_on(*from_start);
    }
    read_on(*from_start);
    CHECK(read == written);
    CHECK(last == log.tail(0).last);
    home.restart();
    // From the middle of a block on: the whole block comes.
    const auto events = home.log().read_stream("a-1", 100, 100);
    REQUIRE(events.size() == 1);
    const auto commit = home.log().read(0, events[0].position.offset)->next();
    REQUIRE(commit);
    CHECK(commit->first <= events[0].position.offset);
    CHECK(events[0].position.offset < commit->next());
    const auto at_end = home.log().read(0, home.log().tail(0).next);
    CHECK(at_end->next() == nullptr);
}

inline void recorded_times_never_go_back(Home& home) {
    const auto first = put(home.log(), {{"a-1", 1}}, {9'000});
    home.restart();
    const auto second = put(home.log(), {{"a-1", 2}}, {4'000});
    REQUIRE(second.outcome == Outcome::done);
    CHECK(second.commit->time == Instant{9'000});
}

inline void the_index_sees_each_append_at_once_and_after_a_restart(Home& home) {
    const auto check = [&](std::string_view space, std::string_view key, std::vector<std::string> expected,
                           Instant now = {0}) { CHECK(home.index().holders(space, key, now, 10) == expected); };
    REQUIRE(put(home.log(), {{"user-1", 1, "", "user.email|a@x.sa"}, {"user-2", 1, "", "user.email|b@x.sa,c@x.sa"}})
                .outcome == Outcome::done);
    check("user.email", "a@x.sa", {"user-1"});
    check("user.phone", "a@x.sa", {});
    home.restart();
    check("user.email", "c@x.sa", {"user-2"});
    REQUIRE(put(home.log(), {{"user-2", 2, "", "user.email|d@x.sa"}}).outcome == Outcome::done);  // replaces both
    for (int round = 0; round < 2; ++round, home.restart()) {
        check("user.email", "b@x.sa", {});
        check("user.email", "c@x.sa", {});
        check("user.email", "d@x.sa", {"user-2"});
        CHECK(home.index().version("user-2") == 2);
        CHECK(home.index().version("user-3") == 0);
    }
    REQUIRE(put(home.log(), {{"user-1", 2, "", "user.email|a@x.sa|5000"}, {"user-2", 3, "", "user.email|"}}).outcome ==
            Outcome::done);
    for (int round = 0; round < 2; ++round, home.restart()) {
        check("user.email", "a@x.sa", {"user-1"}, {4'999});
        check("user.email", "a@x.sa", {}, {5'000});
        check("user.email", "d@x.sa", {});
    }
}

inline void repeats_are_remembered_for_a_day(Home& home) {
    const Instant then{1'700'000'000'000};
    REQUIRE(put(home.log(),
                {{"x-1", 1},
                 {"deal-1", 1, "", "", "key-1", 3},
                 {"task-1", 1, "", "", "", 3},
                 {"deal-1", 2, "", "", "", 3},
                 {"deal-1", 3, "", "", "key-2", 4}},
                then)
                .outcome == Outcome::done);
    const std::uint64_t first = home.log().tail(0).next - 5;
    for (int round = 0; round < 2; ++round, home.restart()) {
        const auto kept = home.index().remembered("directory,system", "key-1", then + (day_ms - 1));
        REQUIRE(kept);
        CHECK(kept->digest == "digest of key-1");
        CHECK(kept->command_name == "Test");
        CHECK(kept->command_id == "command-3");
        CHECK(kept->stream == "deal-1");
        CHECK(kept->version == 2);
        CHECK(kept->position.offset == first + 3);
        CHECK(kept->time == then);
        CHECK(home.index().remembered("directory,system", "key-2", then)->version == 3);
        CHECK(!home.index().remembered("directory,system", "key-1", then + day_ms));
        CHECK(!home.index().remembered("directory,other", "key-1", then));
    }
    REQUIRE(put(home.log(), {{"x-1", 2}}, then + (day_ms + 1)).outcome == Outcome::done);
    home.restart();
    CHECK(!home.index().remembered("directory,system", "key-1", then));  // really gone
}

inline void readers_on_other_threads_see_done_appends(Home& home) {
    Log& log = home.log();
    std::atomic<std::uint64_t> done{0};
    std::atomic<bool> stop{false};
    std::atomic<int> wrong{0};
    const auto read = [&] {
        while (!stop) {
            const std::uint64_t known = done;
            if (known == 0) continue;
            const auto events = log.read_stream("a-1", known, known);
            if (events.size() != 1 || events[0].bytes != bytes_of({"a-1", known, "n"})) ++wrong;
            if (home.index().version("a-1") < known) ++wrong;
            if (home.index().holders("n", "k" + std::to_string(known % 5), {0}, 9) !=
                std::vector<std::string>{"s-" + std::to_string(known % 5)})
                ++wrong;
        }
    };
    std::thread one(read), two(read);
    const auto reader = log.read(0, 0);
    std::uint64_t followed = 0;
    for (std::uint64_t version = 1; version <= 600; ++version) {
        std::vector<Given> events{{"a-1", version, "n"}};
        if (version <= 5)
            events.push_back({"s-" + std::to_string(version % 5), 1, "", "n|k" + std::to_string(version % 5)});
        if (put(log, events).outcome != Outcome::done) ++wrong;
        if (version >= 5) done = version;
        if (const auto commit = reader->next()) followed += commit->count();
    }
    stop = true;
    one.join();
    two.join();
    CHECK(wrong == 0);
    CHECK(followed == log.tail(0).next);
}

}  // namespace nova::eventstore::test
