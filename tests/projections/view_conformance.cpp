// What every store answers: the part of the suite that asks.
#include "tests/projections/view_conformance.h"

#include <doctest/doctest.h>

#include "schemas/json.h"
#include "tests/projections/conformance_world.h"

namespace conformance {

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
    CHECK(world.store->get(offers(), {tenant(1), offer_id(1)}, everything) ==
          schemas::to_json(world.rows[{tenant(1), offer_id(1)}]));
    CHECK(world.store->get(offers(), {tenant(2), offer_id(1)}, everything) ==
          schemas::to_json(world.rows[{tenant(2), offer_id(1)}]));
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
    for (const std::string& forged : {std::string("x"), std::string("AAAAAAAAAAAAAAAAAAAAAAAA"), cursor + "A",
        cursor.substr(0, cursor.size() - 2),
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

}  // namespace conformance
