// The runner at start and beside itself: catching up, building anew, killed and going on; and who follows it.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "tests/projections/runner_world.h"

using namespace runner_test;

TEST_CASE("runner: another revision is built anew at start, with progress") {
    World world;
    for (int i = 1; i <= 300; ++i) world.log.add(1, offer_stream(i), opened("offer " + std::to_string(i), i % 9));
    world.log.commit();
    world.start();
    const std::string before = world.all();
    world.close();
    world.info = offers(2);
    std::uint64_t done = 0, total = 0;
    RunnerOptions options = world.options();
    options.progress = [&](std::uint64_t d, std::uint64_t t) { done = d, total = t; };
    world.start(options);
    CHECK(done == 300);
    CHECK(total == 300);
    CHECK(world.all() == before);
    CHECK(world.views->count(world.info, tenant(1)) == 300);
}

TEST_CASE("runner: a new collection is built and joins the others where they stand") {
    World world;
    world.log.add(1, offer_stream(1), opened("a"));
    world.log.commit();
    world.start();
    world.close();
    world.log.add(1, offer_stream(2), opened("b"));
    world.log.commit();
    CollectionInfo second = offers();
    second.name = "second";
    const auto views = open_sqlite_views({world.path / "views.db", {&world.info, &second}});
    Runner runner(*world.log.log, *views, catalogue(), *world.log.ring, {.collections = {&world.info, &second}});
    runner.start();
    CHECK(runner.applied_next() == 2);
    CHECK(views->count(world.info, tenant(1)) == 2);
    CHECK(views->count(second, tenant(1)) == 2);
    CHECK(views->checkpoint(second)->last == views->checkpoint(world.info)->last);
}

TEST_CASE("runner: a rebuild beside live events comes to the same rows, and the live ones serve on") {
    World world;
    for (int i = 1; i <= 150; ++i) world.log.add(1, offer_stream(i), opened("offer " + std::to_string(i)));
    world.log.commit();
    world.start();
    std::atomic<bool> done{false};
    std::thread writing([&] {
        for (int i = 0; !done; ++i) {
            world.log.add(1, offer_stream(1 + i % 150), Renamed{"name " + std::to_string(i)}).add(1, "visitor-1",
                Visited{{offer_id(1 + i % 7)}});
            world.commit_and_offer();
        }
    });
    while (world.runner->applied_next() <= 150) std::this_thread::sleep_for(1ms);
    std::uint64_t done_events = 0;
    for (int round = 0; round < 3; ++round) {
        world.runner->rebuild(world.info, [&](std::uint64_t d, std::uint64_t) { done_events = d; });
        CHECK(world.views->count(world.info, tenant(1)) == 150);
    }
    done = true;
    writing.join();
    CHECK(done_events > 150);
    CHECK(world.wait_for_all());
    CHECK(!world.runner->failed());
    CHECK(world.replayed() == world.all());
}

TEST_CASE("runner: killed at any moment, the next process goes on and comes to the same rows") {
    Folder folder;
    std::uint64_t before = 0;
    for (int round = 0; round < 4; ++round) {
        int pipe_ends[2];
        REQUIRE(::pipe(pipe_ends) == 0);
        const pid_t child = ::fork();
        if (child == 0) {   // appends and offers for ever, and tells how far its views are
            try {
                const CollectionInfo info = offers();
                LogWorld log(folder.path());
                const auto views = open_sqlite_views({folder.path() / "views.db", {&info}});
                RunnerOptions options{.collections = {&info}};
                options.gather = 2ms;
                Runner runner(*log.log, *views, catalogue(), *log.ring, options);
                runner.start();
                const int base = 1000 * round;
                for (int i = 0;; ++i) {
                    log.add(1, offer_stream(base + i), opened("offer " + std::to_string(i)));
                    log.add(1, offer_stream(base + i / 2), Renamed{"name " + std::to_string(i)}).add(1, "visitor-1",
                        Visited{{offer_id(base + i / 3), offer_id(0)}});
                    const auto decoded = log.commit();
                    runner.offer(decoded.commit, decoded.events);
                    const std::uint64_t applied = runner.applied_next();
                    if (::write(pipe_ends[1], &applied, sizeof applied) != sizeof applied) break;
                }
            } catch (...) {
            }
            ::_exit(1);
        }
        ::close(pipe_ends[1]);
        std::uint64_t applied = 0;
        for (int i = 0; i < 10 + 7 * round; ++i)
            REQUIRE(::read(pipe_ends[0], &applied, sizeof applied) == sizeof applied);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(pipe_ends[0]);
        // The views hold what was told and no more than the log; going on from there gives what the whole log gives.
        World world(folder.path());
        world.open_views();
        REQUIRE(world.views->checkpoint(world.info));
        CHECK(world.views->checkpoint(world.info)->next >= applied);
        CHECK(world.views->checkpoint(world.info)->next <= world.log.log->tail(0).next);
        CHECK(applied >= before);
        before = applied;
        world.start();
        CHECK(world.replayed() == world.all());
    }
    CHECK(before > 0);
}

TEST_CASE("runner: followers see each live event once, after its row is stored") {
    World world;
    struct Watcher final : Follower {
        World& world;
        std::vector<std::uint64_t> seen;
        bool row_was_there = true;
        explicit Watcher(World& w) : world(w) {}
        void see(const schemas::DecodedEvent&, eventstore::Position position) override {
            seen.push_back(position.offset);
            row_was_there = row_was_there && world.runner->applied_next() > position.offset;
        }
    } watcher(world);
    struct Eager final : Follower {
        int seen = 0;
        void see(const schemas::DecodedEvent&, eventstore::Position) override { ++seen; }
    } eager;
    world.log.add(1, offer_stream(1), opened("before"));
    world.log.commit();
    RunnerOptions options = world.options();
    options.followers = {&watcher}, options.eager_followers = {&eager};
    int caught_up = 0;
    options.caught_up = [&] { ++caught_up; };
    world.start(options);
    CHECK(caught_up == 1);
    world.log.add(1, offer_stream(2), opened("a")).add(1, offer_stream(3), opened("b"));
    world.commit_and_offer();
    CHECK(eager.seen == 2);   // told at once
    CHECK(world.wait_for_all());
    world.runner->stop();
    CHECK(watcher.seen == std::vector<std::uint64_t>{1, 2});
    CHECK(watcher.row_was_there);
}

TEST_CASE("fold: the stream's events give the view as it was after each of them") {
    World world;
    world.log.add(1, offer_stream(1), opened("a"))
        .add(1, offer_stream(1), Renamed{"b"})
        .add(1, offer_stream(1), Removed{});
    const auto decoded = world.log.commit();
    OfferView view;
    CHECK(fold(world.info, &view, (*decoded.events)[0], {0, 0}));
    CHECK(view.title == "a");
    CHECK(fold(world.info, &view, (*decoded.events)[1], {0, 1}));
    CHECK(view.title == "b");
    CHECK(view.version == 2);
    CHECK(!fold(world.info, &view, (*decoded.events)[2], {0, 2}));
}
