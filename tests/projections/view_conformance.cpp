#include "tests/projections/view_conformance.h"

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "schemas/json.h"
#include "tests/projections/offers_model.h"

namespace conformance {

using namespace model;
using namespace nova::projections;

namespace {

const Reach everything{true, {}, {}};
const CollectionInfo& offers() {
    static const CollectionInfo info = sample::offers();
    return info;
}

// A store with the given offers of tenant 1, numbered from 1, and their model.
struct World {
    explicit World(const MakeHome& make) : home(make()), store(home->open({&offers()})) {}
    void put(int tenant_number, int number, const sample::OfferView& view) {
        const RowKey key{tenant(tenant_number), offer_id(number)};
        rows[key] = view, rows[key].id = key.id;
        changes.push_back(model::put(offers(), key, rows[key]));
    }
    void drop(int tenant_number, int number) {
        const RowKey key{tenant(tenant_number), offer_id(number)};
        rows.erase(key);
        changes.push_back(model::drop(offers(), key));
    }
    void apply() {
        store->apply(changes, {&offers()}, checkpoint(++next));
        changes.clear();
    }
    void reopen() {
        store.reset();
        store = home->open({&offers()});
    }
    std::unique_ptr<Home> home;
    std::unique_ptr<ViewStore> store;
    Rows rows;
    std::vector<RowChange> changes;
    std::uint64_t next = 0;
};

std::string text_of(const Query& q) {
    std::string text = "tenant " + to_text(q.tenant) + " search '" + q.search + "' filters";
    for (const Filter& f : q.filters) text += " " + f.column + ":" + std::to_string(static_cast<int>(f.match));
    text += " sort";
    for (const Sort& s : q.sort) text += std::string(s.descending ? " -" : " ") + s.column;
    return text + (q.reach.whole_tenant ? "" : " limited to " + q.reach.user);
}

// The list by pages and by cursors, each against the model.
void check_list(World& world, Query query) {
    const Answer expected = whole_list(offers(), world.rows, query);
    INFO(text_of(query));
    std::vector<std::string> by_page, by_cursor;
    for (query.page = 1; query.page < 1000; ++query.page) {
        const Page page = world.store->list(offers(), query);
        REQUIRE(page.total == expected.total);
        const auto documents = split(page.items);
        REQUIRE(documents.size() == page.count);
        by_page.insert(by_page.end(), documents.begin(), documents.end());
        CHECK(page.next_cursor.empty() == (by_page.size() >= page.total));
        if (documents.empty() || by_page.size() >= page.total) break;
    }
    CHECK(by_page == expected.documents);
    query.page = 1;
    for (int turn = 0; turn < 1000; ++turn) {
        const Page page = world.store->list(offers(), query);
        const auto documents = split(page.items);
        by_cursor.insert(by_cursor.end(), documents.begin(), documents.end());
        if (page.next_cursor.empty()) break;
        query.cursor = page.next_cursor;
    }
    CHECK(by_cursor == expected.documents);
}

std::vector<std::vector<Sort>> every_sort() {
    std::vector<std::vector<Sort>> sorts{{}, {{"id", false}}, {{"id", true}}};
    for (const bool down : {false, true}) {
        for (const char* column : {"title", "city", "price", "discount", "closedAt", "createdAt"}) sorts.push_back({{column, down}});
        sorts.push_back({{"city", down}, {"price", !down}});
        sorts.push_back({{"discount", down}, {"closedAt", !down}, {"title", down}});
    }
    return sorts;
}

std::vector<std::vector<Filter>> every_filter() {
    const auto text = [](const char* t) { return Value(std::string(t)); };
    const auto number = [](std::int64_t n) { return Value(n); };
    return {
        {},
        {{"status", Match::equals, {text("OPEN")}, {}, {}}},
        {{"status", Match::equals, {text("CLOSED"), text("WITHDRAWN")}, {}, {}}},
        {{"city", Match::equals, {text("riyadh")}, {}, {}}},
        {{"assignee", Match::equals, {Value{}}, {}, {}}},
        {{"assignee", Match::equals, {Value{}, Value(to_text(user(1)))}, {}, {}}},
        {{"tags", Match::any_of, {text("VIP"), text("sea view")}, {}, {}}},
        {{"tags", Match::all_of, {text("vip"), text("x")}, {}, {}}},
        {{"price", Match::range, {}, number(2), number(5)}},
        {{"discount", Match::range, {}, number(1), {}}},
        {{"createdAt", Match::range, {}, {}, number(1010)}},
        {{"closedAt", Match::present, {number(1)}, {}, {}}},
        {{"closedAt", Match::present, {number(0)}, {}, {}}},
        {{"customFields.colour", Match::equals, {text("red")}, {}, {}}},
        {{"customFields.size", Match::equals, {text("5")}, {}, {}}},
        {{"customFields.new", Match::equals, {text("true")}, {}, {}}},
        {{"customFields.none", Match::equals, {text("x' OR 1=1 --")}, {}, {}}},
        {{"status", Match::equals, {text("OPEN")}, {}, {}}, {"discount", Match::range, {}, number(0), number(2)}, {"tags", Match::any_of, {text("vip")}, {}, {}}},
        {{"city", Match::equals, {text("nowhere")}, {}, {}}},
        {{"tags", Match::any_of, {}, {}, {}}},
    };
}

void fill(World& world, std::mt19937& random, int tenants, int offers_each) {
    for (int t = 1; t <= tenants; ++t)
        for (int i = 1; i <= offers_each; ++i) world.put(t, i, any_offer(random, i));   // the same ids in every tenant
    world.apply();
}

}  // namespace

void tenants_never_see_each_other(const MakeHome& make) {
    World world(make);
    std::mt19937 random(7);
    fill(world, random, 2, 40);
    for (int t = 1; t <= 3; ++t) {
        for (const auto& filters : every_filter())
            for (const char* search : {"", "الرياض", "villa"}) {
                Query query(tenant(t), everything);
                query.filters = filters, query.search = search, query.limit = 7;
                check_list(world, query);
            }
    }
    CHECK(world.store->get(offers(), {tenant(1), offer_id(1)}, everything) == schemas::to_json(world.rows[{tenant(1), offer_id(1)}]));
    CHECK(world.store->get(offers(), {tenant(2), offer_id(1)}, everything) == schemas::to_json(world.rows[{tenant(2), offer_id(1)}]));
    CHECK(!world.store->get(offers(), {tenant(3), offer_id(1)}, everything));
    CHECK(world.store->count(offers(), tenant(3)) == 0);
    // A cursor made in one tenant opens nothing of another.
    Query query(tenant(1), everything);
    query.limit = 5;
    query.cursor = world.store->list(offers(), query).next_cursor;
    Query other(tenant(3), everything);
    other.cursor = query.cursor;
    CHECK(world.store->list(offers(), other).count == 0);
}

void paging_covers_each_row_once(const MakeHome& make) {
    World world(make);
    std::mt19937 random(11);
    fill(world, random, 1, 60);
    for (const auto& sort : every_sort())
        for (const std::uint32_t limit : {1u, 7u, 60u, 200u}) {
            Query query(tenant(1), everything);
            query.sort = sort, query.limit = limit;
            check_list(world, query);
        }
    Query beyond(tenant(1), everything);
    beyond.page = 10'000'000, beyond.limit = 200;
    CHECK(world.store->list(offers(), beyond).total == 60);
    CHECK(world.store->list(offers(), beyond).items.empty());
}

void totals_are_right(const MakeHome& make) {
    World world(make);
    std::mt19937 random(5);
    fill(world, random, 2, 10);
    CHECK(world.store->count(offers(), tenant(1)) == 10);
    world.drop(1, 1), world.drop(1, 1), world.drop(1, 99);          // gone is gone, unknown is nothing
    world.put(1, 2, any_offer(random, 2));
    world.put(1, 11, any_offer(random, 11)), world.drop(1, 11);     // came and went in one batch
    world.put(1, 12, any_offer(random, 12)), world.put(1, 12, any_offer(random, 12));
    world.apply();
    CHECK(world.store->count(offers(), tenant(1)) == 10);
    CHECK(world.store->count(offers(), tenant(2)) == 10);
    check_list(world, Query(tenant(1), everything));
}

void filters_select(const MakeHome& make) {
    World world(make);
    std::mt19937 random(13);
    fill(world, random, 1, 80);
    for (const auto& filters : every_filter())
        for (const auto& sort : {std::vector<Sort>{}, {{"title", false}}, {{"price", true}}}) {
            Query query(tenant(1), everything);
            query.filters = filters, query.sort = sort, query.limit = 9;
            check_list(world, query);
        }
    Query quoted(tenant(1), everything);
    quoted.filters = {{"customFields.a\"b", Match::equals, {Value(std::string("q"))}, {}, {}}};
    std::uint64_t with_quote = 0;
    for (const auto& [key, view] : world.rows) with_quote += view.custom_fields.text == R"({"a\"b":"q"})";
    CHECK(with_quote > 0);
    CHECK(world.store->list(offers(), quoted).total == with_quote);
    Query wrong(tenant(1), everything);
    wrong.filters = {{"password", Match::equals, {Value(std::int64_t{1})}, {}, {}}};
    CHECK_THROWS_AS(world.store->list(offers(), wrong), std::logic_error);
    wrong.filters.clear(), wrong.sort = {{"doc", false}};
    CHECK_THROWS_AS(world.store->list(offers(), wrong), std::logic_error);
}

void reach_limits(const MakeHome& make) {
    World world(make);
    std::mt19937 random(17);
    fill(world, random, 2, 60);
    const std::vector<Reach> reaches{{false, to_text(user(1)), {}},
                                     {false, to_text(user(1)), {to_text(team(0)), to_text(team(1))}},
                                     {false, "", {to_text(team(0))}},
                                     {false, to_text(user(9)), {}},
                                     {false, "", {}}};
    for (const Reach& reach : reaches)
        for (const auto& filters : every_filter())
            for (const char* search : {"", "شقة"}) {
                Query query(tenant(1), reach);
                query.filters = filters, query.search = search, query.limit = 6;
                check_list(world, query);
            }
    for (const auto& [key, view] : world.rows) {
        Query one(key.tenant, reaches[0]);
        const bool readable = view.owner == user(1) || view.assignee == user(1);
        CHECK(world.store->get(offers(), key, reaches[0]).has_value() == readable);
    }
}

void search_folds_arabic(const MakeHome& make) {
    World world(make);
    const auto titled = [&](int number, const char* title, const char* notes = "") {
        sample::OfferView view;
        view.title = title, view.notes = notes;
        world.put(1, number, view);
    };
    titled(1, "أحمد الْعُمَرِيّ", "جوال +966551234567");
    titled(2, "احمد بالرياض");
    titled(3, "وللرياض مكة المكرّمة");
    titled(4, "Sea View VILLA ٢٠٢٥");
    titled(5, "بحمد");
    world.apply();
    const auto found = [&](const char* search) {
        Query query(tenant(1), everything);
        query.search = search, query.sort = {{"id", false}};
        std::string numbers;
        for (const std::string& document : split(world.store->list(offers(), query).items))
            for (int i = 1; i <= 6; ++i)
                if (document.find(offer_id(i)) != std::string::npos) numbers += static_cast<char>('0' + i);
        return numbers;
    };
    CHECK(found("احمد") == "12");
    CHECK(found("إحمد العمري") == "1");
    CHECK(found("عمر") == "1");          // behind the article
    CHECK(found("مري") == "");           // not in the middle of a word
    CHECK(found("رياض") == "23");
    CHECK(found("الرياض") == "2");
    CHECK(found("مكه") == "3");
    CHECK(found("villa") == "4");
    CHECK(found("ea") == "");
    CHECK(found("view sea 2025") == "4");
    CHECK(found("view land") == "");
    CHECK(found("0551234") == "1");      // a part of the number in another form
    CHECK(found("055 123 4567") == "1");
    CHECK(found("٠٥٥١٢٣٤") == "1");
    CHECK(found("   ") == "12345");
    CHECK(found("%") == "");
    // What changes is found under its new text at once, and not under the old.
    titled(1, "سعد");
    world.drop(1, 2);
    titled(6, "احمد");
    world.apply();
    CHECK(found("احمد") == "6");
    CHECK(found("سعد") == "1");
    world.reopen();
    CHECK(found("احمد") == "6");
    CHECK(found("سعد") == "1");
}

void cursors_are_checked(const MakeHome& make) {
    World world(make);
    std::mt19937 random(19);
    fill(world, random, 1, 10);
    Query query(tenant(1), everything);
    query.limit = 3;
    const std::string cursor = world.store->list(offers(), query).next_cursor;
    REQUIRE(!cursor.empty());
    for (const std::string& forged : {std::string("x"), std::string("AAAAAAAAAAAAAAAAAAAAAAAA"), cursor + "A", cursor.substr(0, cursor.size() - 2),
                                      std::string("' OR 1=1"), "B" + cursor.substr(1), std::string(100000, 'A')}) {
        INFO(forged.substr(0, 100));
        if (forged == cursor) continue;
        query.cursor = forged;
        CHECK_THROWS_AS(world.store->list(offers(), query), BadCursor);
    }
    query.cursor = cursor;
    query.sort = {{"price", false}};
    CHECK_THROWS_AS(world.store->list(offers(), query), BadCursor);   // made for another order
}

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
    static const CollectionInfo strange = [] { CollectionInfo info = sample::offers(); info.name = "strange"; return info; }();
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
        shadow->apply({put(offers(), {tenant(1), offer_id(40)}, after[{tenant(1), offer_id(40)}])}, {&offers()}, checkpoint(501));
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
    world.store->begin_rebuild(offers())->apply({put(offers(), {tenant(1), offer_id(1)}, any_offer(random, 1))}, {&offers()}, checkpoint(1));
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
