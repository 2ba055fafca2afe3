// A runner between a real log and a real view store.
#pragma once
#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <string>

#include "projections/runner.h"
#include "projections/view_store.h"
#include "schemas/json.h"
#include "tests/projections/folder.h"
#include "tests/projections/log_world.h"

namespace runner_test {

using namespace nova;
using namespace nova::projections;
using namespace sample;
using namespace std::chrono_literals;
using model::offer_id;
using model::tenant;

inline const Reach everything{true, {}, {}};

struct World {
    World() : World(std::make_unique<Folder>()) {}
    explicit World(const std::filesystem::path& there) : path(there), info(offers()), log(path) {}
    explicit World(std::unique_ptr<Folder> own)
        : folder(std::move(own)), path(folder->path()), info(offers()), log(path) {}
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

}  // namespace runner_test
