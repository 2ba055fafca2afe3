#include "tests/projections/conformance_world.h"

#include <doctest/doctest.h>

namespace conformance {
namespace {

std::string text_of(const Query& q) {
    std::string text = "tenant " + to_text(q.tenant) + " search '" + q.search + "' filters";
    for (const Filter& f : q.filters) text += " " + f.column + ":" + std::to_string(static_cast<int>(f.match));
    text += " sort";
    for (const Sort& s : q.sort) text += std::string(s.descending ? " -" : " ") + s.column;
    return text + (q.reach.whole_tenant ? "" : " limited to " + q.reach.user);
}

}  // namespace

const CollectionInfo& offers() {
    static const CollectionInfo info = sample::offers();
    return info;
}

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
        for (const char* column : {"title", "city", "price", "discount", "closedAt", "createdAt"})
            sorts.push_back({{column, down}});
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
        {{"status", Match::equals, {text("OPEN")}, {}, {}}, {"discount", Match::range, {}, number(0), number(2)},
            {"tags", Match::any_of, {text("vip")}, {}, {}}},
        {{"city", Match::equals, {text("nowhere")}, {}, {}}},
        {{"tags", Match::any_of, {}, {}, {}}},
    };
}

void fill(World& world, std::mt19937& random, int tenants, int offers_each) {
    for (int t = 1; t <= tenants; ++t)
        for (int i = 1; i <= offers_each; ++i) world.put(t, i, any_offer(random, i));   // the same ids in every tenant
    world.apply();
}

}  // namespace conformance
