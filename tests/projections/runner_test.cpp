// The live runner on a real log: each event exactly once, in order, never past a gap; who waits is answered.
#include <sqlite3.h>

#include <thread>

#include "tests/projections/runner_world.h"

using namespace runner_test;

TEST_CASE("runner: events become rows, once, whether offered, caught up or replayed") {
    World world;
    world.log.add(1, offer_stream(1), opened("شقة"))
        .add(1, offer_stream(1), Renamed{"فيلا"})
        .add(2, offer_stream(2), opened("theirs"));
    world.log.commit();
    world.start();
    CHECK(world.runner->applied_next() == 3);
    CHECK(world.view(1).title == "فيلا");
    CHECK(world.view(1).notes == "note of شقة");   // personal, opened
    CHECK(world.view(1).version == 2);
    world.log.add(1, offer_stream(1), Priced{{7}}).add(1, offer_stream(3), opened("third"));
    world.commit_and_offer();
    CHECK(world.wait_for_all());
    CHECK(world.view(1).price == 7);
    CHECK(world.views->count(world.info, tenant(1)) == 2);
    const std::string live = world.all();
    CHECK(world.replayed() == live);
    world.close();
    world.start();
    CHECK(world.all() == live);
    CHECK(world.runner->lag_events() == 0);
}

TEST_CASE("runner: events of other streams change rows, make none, and a removed row stays away") {
    World world;
    world.start();
    world.log.add(1, offer_stream(1), opened("a"))
        .add(1, offer_stream(2), opened("b"))
        .add(1, offer_stream(3), opened("c"));
    world.commit_and_offer();
    world.log.add(1, "visitor-1", Visited{{offer_id(1), offer_id(2), offer_id(1), offer_id(77)}})
        .add(1, offer_stream(2), Removed{})
        .add(1, offer_stream(4), opened("d"))
        .add(1, offer_stream(4), Removed{})
        .add(1, "visitor-1", Visited{{offer_id(2), offer_id(3)}});
    world.commit_and_offer();
    CHECK(world.wait_for_all());
    CHECK(world.view(1).visits == 2);
    CHECK(world.view(3).visits == 1);
    CHECK(!world.exists(2));
    CHECK(!world.exists(4));
    CHECK(!world.exists(77));
    CHECK(world.views->count(world.info, tenant(1)) == 2);
    CHECK(world.replayed() == world.all());
}

TEST_CASE("runner: a batch that was never offered is read from the log, and a repeated one is not applied again") {
    World world;
    world.start();
    world.log.add(1, offer_stream(1), opened("a"));
    const auto first = world.commit_and_offer();
    world.log.add(1, "visitor-1", Visited{{offer_id(1)}});
    world.log.commit();   // not offered
    world.log.add(1, "visitor-1", Visited{{offer_id(1)}});
    world.log.commit();   // nor this
    world.log.add(1, "visitor-1", Visited{{offer_id(1)}});
    const auto last = world.commit_and_offer();
    world.runner->offer(first.commit, first.events);
    world.runner->offer(last.commit, last.events);
    CHECK(world.wait_for_all());
    CHECK(world.view(1).visits == 3);
    CHECK(!world.runner->failed());
}

TEST_CASE("runner: a hash that does not follow stops it loudly") {
    World world;
    std::promise<std::string> told;
    RunnerOptions options = world.options();
    options.on_failure = [&](const std::string& why) { told.set_value(why); };
    world.start(options);
    world.log.add(1, offer_stream(1), opened("a"));
    world.commit_and_offer();
    REQUIRE(world.wait_for_all());
    world.log.add(1, offer_stream(1), Renamed{"b"});
    DecodedCommit next = world.log.commit();
    auto forged = std::make_shared<eventstore::Commit>(*next.commit);
    forged->previous[0] ^= 1;
    world.runner->offer(forged, next.events);
    CHECK(!world.wait(forged->next()));
    std::string why;
    REQUIRE(world.runner->failed(&why));
    CHECK(why.find("does not follow") != std::string::npos);
    CHECK(told.get_future().get() == why);
    CHECK(world.view(1).title == "a");
    CHECK(world.runner->lag_events() == 1);
    world.runner->offer(next.commit, next.events);   // it does not go on as if nothing had happened
    CHECK(!world.wait(next.commit->next(), 50ms));
    // A new process reads the log, which is sound.
    world.close();
    world.start();
    CHECK(world.view(1).title == "b");
}

TEST_CASE("runner: a fold that throws stops it loudly and leaves nothing of its batch") {
    World world;
    world.start();
    world.log.add(1, offer_stream(1), opened("a"));
    world.commit_and_offer();
    REQUIRE(world.wait_for_all());
    world.log.add(1, offer_stream(1), Renamed{"b"}).add(1, offer_stream(1), Poisoned{});
    world.commit_and_offer();
    CHECK(!world.wait_for_all());
    std::string why;
    REQUIRE(world.runner->failed(&why));
    CHECK(why.find("this fold is broken") != std::string::npos);
    CHECK(world.view(1).title == "a");
    CHECK(world.runner->applied_next() == 1);
}

TEST_CASE("runner: views of another log are refused") {
    Folder views;
    {
        World world;
        world.views = open_sqlite_views({views.path() / "views.db", {&world.info}});
        world.log.add(1, offer_stream(1), opened("a"));
        world.log.commit();
        world.start();
    }
    World other;
    other.log.add(1, offer_stream(2), opened("b"));
    other.log.commit();
    other.views = open_sqlite_views({views.path() / "views.db", {&other.info}});
    CHECK_THROWS_WITH_AS(other.start(), doctest::Contains("remove views.db"), std::runtime_error);
}

TEST_CASE("runner: who waits is answered when the views hold it, at once if they do, and not beyond the time") {
    World world;
    RunnerOptions options = world.options();
    options.gather = 500ms;
    world.start(options);
    CHECK(world.wait(0));
    world.log.add(1, offer_stream(1), opened("a"));
    const auto begun = std::chrono::steady_clock::now();
    world.commit_and_offer();
    CHECK(world.wait(1));
    CHECK(std::chrono::steady_clock::now() - begun < 400ms);   // nobody who waits waits for company
    CHECK(!world.wait(99, 30ms));
    world.log.add(1, offer_stream(2), opened("b"));
    world.commit_and_offer();
    CHECK(world.runner->lag_events() == 1);
    std::this_thread::sleep_for(20ms);
    CHECK(world.runner->lag_seconds() > 0.01);
    std::this_thread::sleep_for(700ms);
    CHECK(world.runner->applied_next() == 2);
    CHECK(world.runner->lag_seconds() == 0);
    // What is queued is applied before the end.
    world.log.add(1, offer_stream(3), opened("c"));
    world.commit_and_offer();
    world.runner->stop();
    CHECK(world.exists(3));
    CHECK(world.runner->us_per_row() > 0);
}

TEST_CASE("runner: views that cannot be written for a while are written afterwards, with nothing lost") {
    World world;
    std::atomic<int> troubles{0};
    RunnerOptions options = world.options();
    options.on_trouble = [&](const std::string&) { ++troubles; };
    world.start(options);
    sqlite3* curious = nullptr;
    REQUIRE(sqlite3_open((world.path / "views.db").c_str(), &curious) == SQLITE_OK);
    REQUIRE(sqlite3_exec(curious, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    world.log.add(1, offer_stream(1), opened("a"));
    world.commit_and_offer();
    for (int i = 0; i < 100 && troubles == 0; ++i) std::this_thread::sleep_for(50ms);
    CHECK(troubles == 1);
    world.log.add(1, offer_stream(2), opened("b"));
    world.commit_and_offer();
    sqlite3_exec(curious, "ROLLBACK", nullptr, nullptr, nullptr);
    CHECK(world.wait(world.log.log->tail(0).next, 10000ms));
    CHECK(!world.runner->failed());
    CHECK(world.exists(1));
    CHECK(world.exists(2));
    sqlite3_close(curious);
}
