// What every store keeps: the part of the suite that changes, rebuilds, reopens and reads meanwhile.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "schemas/json.h"
#include "tests/projections/conformance_world.h"

namespace conformance {

void changes_persist_with_their_checkpoint(const MakeHome& make) {
    World world(make);
    CHECK(!world.store->checkpoint(offers()));
    std::mt19937 random(23);
    fill(world, random, 2, 20);
    world.store->apply({}, {&offers()}, checkpoint(77));
    REQUIRE(world.store->checkpoint(offers()));
    CHECK(world.store->checkpoint(offers())->next == 77);
    world.reopen();
    REQUIRE(world.store->checkpoint(offers()));
    CHECK(world.store->checkpoint(offers())->next == 77);
    CHECK(world.store->checkpoint(offers())->last == checkpoint(77).last);
    check_list(world, Query(tenant(2), everything));
    const RowKey key{tenant(1), offer_id(3)};
    const auto view = std::static_pointer_cast<sample::OfferView>(world.store->load(offers(), key));
    REQUIRE(view);
    CHECK(schemas::to_json(*view) == schemas::to_json(world.rows[key]));
    CHECK(!world.store->load(offers(), {tenant(3), offer_id(3)}));
    std::size_t visited = 0;
    world.store->each(offers(), [&](const RowKey& row, std::string_view document) {
        REQUIRE(world.rows.count(row));
        CHECK(document == schemas::to_json(world.rows[row]));
        ++visited;
    });
    CHECK(visited == 40);
    // All or nothing: the batch with a bad row leaves no trace.
    static const CollectionInfo strange = [] {
        CollectionInfo info = sample::offers();
        info.name = "strange";
        return info;
    }();
    world.put(1, 50, any_offer(random, 50));
    auto batch = std::move(world.changes);
    world.changes.clear(), world.rows.erase({tenant(1), offer_id(50)});
    batch.push_back(put(strange, key, *view));
    CHECK_THROWS(world.store->apply(batch, {&offers()}, checkpoint(78)));
    CHECK(world.store->checkpoint(offers())->next == 77);
    check_list(world, Query(tenant(1), everything));
}

void rebuild_switches(const MakeHome& make) {
    World world(make);
    std::mt19937 random(29);
    fill(world, random, 2, 30);
    const Rows before = world.rows;
    {
        const auto shadow = world.store->begin_rebuild(offers());
        std::vector<RowChange> changes;
        Rows after;
        for (int i = 1; i <= 45; ++i) {
            const RowKey key{tenant(1), offer_id(i)};
            after[key] = any_offer(random, i);
            changes.push_back(put(offers(), key, after[key]));
        }
        shadow->apply(changes, {&offers()}, checkpoint(500));
        check_list(world, Query(tenant(1), everything));     // the live one serves on
        REQUIRE(shadow->load(offers(), {tenant(1), offer_id(40)}));
        after[{tenant(1), offer_id(40)}].title = "changed";
        shadow->apply({put(offers(), {tenant(1), offer_id(40)}, after[{tenant(1), offer_id(40)}])}, {&offers()},
                      checkpoint(501));
        world.store->finish_rebuild(offers());
        world.drop(1, 30), world.apply();
        check_list(world, Query(tenant(1), everything));
        world.store->switch_over(offers());
        world.rows = after;
        check_list(world, Query(tenant(1), everything));
        world.store->discard_unused(offers());
    }
    CHECK(world.store->checkpoint(offers())->next == 501);
    CHECK(world.store->count(offers(), tenant(2)) == 0);
    for (int turn = 0; turn < 2; ++turn) {
        Query query(tenant(1), everything);
        check_list(world, query);
        query.search = "شقة";
        check_list(world, query);
        query.sort = {{"title", true}};
        check_list(world, query);
        CHECK(world.store->checkpoint(offers())->next == 501);
        world.put(1, 46, any_offer(random, 46)), world.next = 500, world.apply();
        world.reopen();
    }
    // One that was given up leaves nothing behind.
    world.store->begin_rebuild(offers())->apply({put(offers(), {tenant(1), offer_id(1)}, any_offer(random, 1))},
                                                {&offers()}, checkpoint(1));
    world.store->discard_unused(offers());
    world.store->begin_rebuild(offers());
    world.reopen();
    check_list(world, Query(tenant(1), everything));
    CHECK(world.store->checkpoint(offers())->next == 501);
}

void revision_empties(const MakeHome& make) {
    World world(make);
    std::mt19937 random(31);
    fill(world, random, 1, 5);
    world.store.reset();
    const CollectionInfo second = sample::offers(2);
    {
        const auto store = world.home->open({&second});
        CHECK(!store->checkpoint(second));
        CHECK(store->list(second, Query(tenant(1), everything)).total == 0);
        store->apply({put(second, {tenant(1), offer_id(1)}, any_offer(random, 1))}, {&second}, checkpoint(9));
    }
    const auto store = world.home->open({&second});
    CHECK(store->checkpoint(second)->next == 9);
    CHECK(store->count(second, tenant(1)) == 1);
}

void agrees_with_a_model(const MakeHome& make, unsigned seed, int steps) {
    World world(make);
    std::mt19937 random(seed);
    const auto pick = [&](std::size_t below) { return random() % below; };
    const auto sorts = every_sort();
    const auto filters = every_filter();
    static const char* const searches[] = {"", "", "رياض", "vil", "sea view", "جده", "ارض شقه", "vip", "zzz"};
    for (int step = 0; step < steps; ++step) {
        for (std::size_t i = 0, count = 1 + pick(step % 10 ? 5 : 40); i < count; ++i) {
            const int t = 1 + static_cast<int>(pick(2)), number = 1 + static_cast<int>(pick(70));
            if (pick(4) == 0) world.drop(t, number);
            else world.put(t, number, any_offer(random, number));
        }
        world.apply();
        if (pick(40) == 0) world.reopen();
        Query query(tenant(1 + static_cast<int>(pick(2))), everything);
        if (pick(2)) query.reach = {false, to_text(user(static_cast<int>(pick(4)))), {}};
        if (!query.reach.whole_tenant && pick(2)) query.reach.teams = {to_text(team(0))};
        if (pick(2)) query.filters = filters[pick(filters.size())];
        if (pick(4) == 0)
            for (const Filter& f : filters[pick(filters.size())]) query.filters.push_back(f);
        query.search = searches[pick(9)];
        query.sort = sorts[pick(sorts.size())];
        query.limit = static_cast<std::uint32_t>(1 + pick(20));
        check_list(world, query);
    }
}

// Every list that a reader gets is one that was true at some moment: rows are written in pairs, so none shows half.
void readers_run_beside_the_writer(const MakeHome& make) {
    World world(make);
    std::mt19937 random(37);
    std::atomic<bool> done{false};
    std::atomic<int> broken{0}, lists{0};
    const auto read = [&] {
        while (!done) {
            Query query(tenant(1), everything);
            query.limit = 200;
            query.filters = {{"price", Match::range, {}, Value(std::int64_t{0}), {}}};
            const Page page = world.store->list(offers(), query);
            if (page.total % 2 || page.count != std::min<std::uint64_t>(200, page.total)) ++broken;
            query.search = "villa";
            world.store->list(offers(), query);
            if (world.store->count(offers(), tenant(1)) % 2) ++broken;
            ++lists;
        }
    };
    std::thread first(read), second(read);
    for (int i = 1; i <= 200; ++i) {
        world.put(1, 2 * i, any_offer(random, 2 * i)), world.put(1, 2 * i + 1, any_offer(random, 2 * i + 1));
        if (i % 5 == 0) world.drop(1, i), world.drop(1, i ^ 1);
        world.apply();
        if (i == 100) {
            const auto shadow = world.store->begin_rebuild(offers());
            std::vector<RowChange> changes;
            for (const auto& [key, view] : world.rows) changes.push_back(model::put(offers(), key, view));
            shadow->apply(changes, {&offers()}, checkpoint(world.next));
            world.store->finish_rebuild(offers());
            world.store->switch_over(offers());
            world.store->discard_unused(offers());
        }
    }
    done = true;
    first.join(), second.join();
    CHECK(broken == 0);
    CHECK(lists > 0);
    Query query(tenant(1), everything);
    query.search = "villa";
    check_list(world, query);
}

}  // namespace conformance
