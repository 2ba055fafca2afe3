// The runner on a real log: exactly once, in order, never past a gap; catching up, rebuilding, waiting.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <thread>

#include "projections/runner.h"
#include "projections/view_store.h"
#include "schemas/json.h"
#include "tests/projections/folder.h"
#include "tests/projections/log_world.h"

using namespace nova;
using namespace nova::projections;
using namespace sample;
using namespace std::chrono_literals;
using model::offer_id;
using model::tenant;

namespace {

const Reach everything{true, {}, {}};

struct World {
    World() : World(std::make_unique<Folder>()) {}
    explicit World(const std::filesystem::path& there) : path(there), info(offers()), log(path) {}
    explicit World(std::unique_ptr<Folder> own) : folder(std::move(own)), path(folder->path()), info(offers()), log(path) {}
    void open_views() { views = open_sqlite_views({path / "views.db", {&info}}); }
    RunnerOptions options() { return {.collections = {&info}}; }
    void start(RunnerOptions given) {
        if (!views) open_views();
        runner = std::make_unique<Runner>(*log.log, *views, catalogue(), *log.ring, std::move(given));
        runner->start();
    }
    void start() { start(options()); }
    DecodedCommit commit_and_offer() {
        DecodedCommit decoded = log.commit();
        runner->offer(decoded.commit, decoded.events);
        return decoded;
    }
    bool wait(std::uint64_t next, std::chrono::milliseconds at_most = 2000ms) {
        std::promise<bool> held;
        runner->when_applied(next, at_most, [&](bool yes) { held.set_value(yes); });
        return held.get_future().get();
    }
    bool wait_for_all() { return wait(log.log->tail(0).next); }
    std::string all(int tenant_number = 1) {
        Query query(tenant(tenant_number), everything);
        query.limit = 200, query.sort = {{"id", false}};
        return views->list(info, query).items;
    }
    OfferView view(int number, int tenant_number = 1) {
        OfferView out;
        const auto document = views->get(info, {tenant(tenant_number), offer_id(number)}, everything);
        REQUIRE(document);
        schemas::read_stored(*document, schemas::object(out));
        return out;
    }
    bool exists(int number) { return views->get(info, {tenant(1), offer_id(number)}, everything).has_value(); }
    void close() { runner.reset(), views.reset(); }
    // What a fresh process makes of the log alone.
    std::string replayed() {
        Folder other;
        const auto store = open_sqlite_views({other.path() / "views.db", {&info}});
        Runner again(*log.log, *store, catalogue(), *log.ring, options());
        again.start();
        Query query(tenant(1), everything);
        query.limit = 200, query.sort = {{"id", false}};
        return store->list(info, query).items;
    }

    std::unique_ptr<Folder> folder;
    std::filesystem::path path;
    CollectionInfo info;
    LogWorld log;
    std::unique_ptr<ViewStore> views;
    std::unique_ptr<Runner> runner;
};

}  // namespace

TEST_CASE("runner: events become rows, once, whether offered, caught up or replayed") {
    World world;
    world.log.add(1, offer_stream(1), opened("شقة")).add(1, offer_stream(1), Renamed{"فيلا"}).add(2, offer_stream(2), opened("theirs"));
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
    world.log.add(1, offer_stream(1), opened("a")).add(1, offer_stream(2), opened("b")).add(1, offer_stream(3), opened("c"));
    world.commit_and_offer();
    world.log.add(1, "visitor-1", Visited{{offer_id(1), offer_id(2), offer_id(1), offer_id(77)}}).add(1, offer_stream(2), Removed{})
        .add(1, offer_stream(4), opened("d")).add(1, offer_stream(4), Removed{}).add(1, "visitor-1", Visited{{offer_id(2), offer_id(3)}});
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
            world.log.add(1, offer_stream(1 + i % 150), Renamed{"name " + std::to_string(i)}).add(1, "visitor-1", Visited{{offer_id(1 + i % 7)}});
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
                    log.add(1, offer_stream(base + i / 2), Renamed{"name " + std::to_string(i)}).add(1, "visitor-1", Visited{{offer_id(base + i / 3), offer_id(0)}});
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
        for (int i = 0; i < 10 + 7 * round; ++i) REQUIRE(::read(pipe_ends[0], &applied, sizeof applied) == sizeof applied);
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
    world.log.add(1, offer_stream(1), opened("a")).add(1, offer_stream(1), Renamed{"b"}).add(1, offer_stream(1), Removed{});
    const auto decoded = world.log.commit();
    OfferView view;
    CHECK(fold(world.info, &view, (*decoded.events)[0], {0, 0}));
    CHECK(view.title == "a");
    CHECK(fold(world.info, &view, (*decoded.events)[1], {0, 1}));
    CHECK(view.title == "b");
    CHECK(view.version == 2);
    CHECK(!fold(world.info, &view, (*decoded.events)[2], {0, 2}));
}
