// Lists on the wire, with a collection made for the purpose.
#include <doctest/doctest.h>

#include "api/http/list_query.h"
#include "domain/kernel/amount.h"

using namespace nova;
using namespace nova::api;
using projections::Match;
using projections::Value;

namespace {

enum class Stage { OPEN, WON };
BOOST_DESCRIBE_ENUM(Stage, OPEN, WON)

struct DealView {
    Uuid id;
    Text<1, 100> title;
    Stage stage{};
    Sar price;
    std::optional<UserId> assigned_to;
    std::vector<std::string> tags;
    bool hot = false;
    JsonObject<1000> custom_fields;
    Instant created_at;
};
BOOST_DESCRIBE_STRUCT(DealView, (), (id, title, stage, price, assigned_to, tags, hot, custom_fields, created_at))

const projections::CollectionInfo& deals() {
    static const auto info = [] {
        projections::Collection<DealView> c("deals", "deal", 1);
        c.column("title", &DealView::title, {.sort = true, .folded = true});
        c.column("stage", &DealView::stage, {.filter = true});
        c.column("price", &DealView::price, {.filter = true, .range = true, .sort = true});
        c.column("assignedTo", &DealView::assigned_to, {.filter = true});
        c.column("tags", &DealView::tags, {.filter = true, .match = Match::any_of});
        c.column("hot", &DealView::hot, {.filter = true});
        c.column("customFields", &DealView::custom_fields, {});
        c.column("createdAt", &DealView::created_at, {.range = true, .sort = true});
        c.search([](const DealView&, std::string&) {});
        return c.build();
    }();
    return info;
}

ListQuery parsed(std::vector<std::pair<std::string, std::string>> query, Violations& wrong) {
    Request request;
    request.query = std::move(query);
    request.identity.emplace();
    request.identity->actor.user.value.bytes[15] = 9;
    return parse_list_query(request, deals(), {}, {}, {"own"}, wrong);
}

std::string codes(std::vector<std::pair<std::string, std::string>> query) {
    Violations wrong;
    parsed(std::move(query), wrong);
    std::string out;
    for (const auto& v : wrong.all()) out += (out.empty() ? "" : " ") + v.path + ":" + v.code;
    return out;
}

}  // namespace

TEST_CASE("list query: filters, ranges, order, pages and fields") {
    Violations wrong;
    const auto list = parsed({{"stage", "OPEN,WON"},
                              {"tags", "vip"},
                              {"tags", "new"},
                              {"priceMin", "100"},
                              {"priceMax", "200"},
                              {"hot", "true"},
                              {"assignedTo", "me,none"},
                              {"createdFrom", "2026-11-20"},
                              {"createdTo", "2026-11-20"},
                              {"search", "الرياض"},
                              {"sort", "-createdAt,title"},
                              {"page", "3"},
                              {"limit", "50"},
                              {"fields", "id,title"},
                              {"own", "x"},
                              {"customFields.colour", "red"}},
                             wrong);
    CHECK(wrong.empty());
    const auto& q = list.query;
    REQUIRE(q.filters.size() == 7);
    CHECK(q.filters[0].column == "stage");
    CHECK(q.filters[0].values == std::vector<Value>{std::string("OPEN"), std::string("WON")});
    CHECK(q.filters[1].match == Match::any_of);
    CHECK(q.filters[1].values.size() == 2);
    CHECK(q.filters[2].from == Value(std::int64_t{100}));
    CHECK(q.filters[2].to == Value(std::int64_t{200}));
    CHECK(q.filters[3].values == std::vector<Value>{std::int64_t{1}});
    CHECK(q.filters[4].values == std::vector<Value>{std::string("00000000-0000-0000-0000-000000000009"), Value{}});
    // The whole day in Riyadh, three hours ahead of UTC.
    CHECK(q.filters[5].from == Value(parse_instant("2026-11-19T21:00:00Z")->ms));
    CHECK(q.filters[5].to == Value(parse_instant("2026-11-20T20:59:59.999Z")->ms));
    CHECK(q.filters[6].column == "customFields.colour");
    CHECK(q.search == "الرياض");
    REQUIRE(q.sort.size() == 2);
    CHECK(q.sort[0].column == "createdAt");
    CHECK(q.sort[0].descending);
    CHECK_FALSE(q.sort[1].descending);
    CHECK(q.page == 3);
    CHECK(q.limit == 50);
    CHECK(list.fields == std::vector<std::string>{"id", "title"});
}

TEST_CASE("list query: everything that is wrong is listed") {
    CHECK(codes({{"foo", "1"},
                 {"stage", "LOST"},
                 {"sort", "password"},
                 {"limit", "201"},
                 {"page", "0"},
                 {"fields", "secret"}}) ==
          "foo:unknown_parameter stage:unknown_value sort:unknown_value limit:too_large page:too_small "
          "fields:unknown_value");
    CHECK(codes({{"limit", "x"},
                 {"page", "99999999999999"},
                 {"hot", "maybe"},
                 {"assignedTo", "you"},
                 {"createdFrom", "yesterday"}}) ==
          "limit:wrong_type page:too_large hot:wrong_type assignedTo:invalid_id createdFrom:invalid_time");
    CHECK(codes({{"priceMin", "2"}, {"priceMax", "1"}}) == "priceMin:invalid_range");
    CHECK(codes({{"price", "1.5"}, {"priceMin", "-1"}, {"priceMax", "9007199254740992"}}) ==
          "price:wrong_type priceMin:too_small priceMax:too_large");
    CHECK(codes({{"title", "x"}, {"createdAt", "2026-11-20"}, {"tagsMin", "1"}, {"customFields.", "1"}})
              .find("customFields.:") == std::string::npos);
    CHECK(codes({{"title", "x"}}) == "title:unknown_parameter");
    std::string long_search;
    for (int i = 0; i < 201; ++i) long_search += "س";
    CHECK(codes({{"search", long_search}}) == "search:too_long");
    CHECK(codes({{"search", long_search.substr(0, 400)}}).empty());
}

TEST_CASE("list query: the route's parameters are the ones that are read") {
    for (const auto& parameter : list_parameters_of(deals())) {
        const std::string name = parameter.name == "customFields.*" ? "customFields.x" : parameter.name;
        CHECK(codes({{name, "1"}}).find("unknown_parameter") == std::string::npos);
    }
}

TEST_CASE("list answer: documents are passed on, or trimmed to the fields asked for") {
    Request request;
    Violations wrong;
    projections::Page page;
    page.items = R"({"id":"1","n":{"id":"x","l":[1,{"a":"}"}]},"title":"a\"},{"},{"id":"2","n":null,"title":"b"})";
    page.count = 2, page.total = 41, page.next_cursor = "c\"1";
    CHECK(list_response(request, deals(), parsed({}, wrong), page).body ==
          R"({"deals":[)" + page.items + R"(],"total":41,"page":1,"pages":3,"limit":20,"nextCursor":"c\"1"})");
    CHECK(list_response(request, deals(), parsed({{"fields", "id,title"}, {"cursor", "c"}}, wrong), page).body ==
          R"({"deals":[{"id":"1","title":"a\"},{"},{"id":"2","title":"b"}],"total":41,"page":null,"pages":3,"limit":20,"nextCursor":"c\"1"})");
    CHECK(with_fields(page.items, {"n"}) == R"({"n":{"id":"x","l":[1,{"a":"}"}]}},{"n":null})");
    CHECK(with_fields("", {"n"}).empty());
    CHECK(with_fields("{}", {"n"}) == "{}");
    projections::Page none;
    CHECK(list_response(request, deals(), parsed({}, wrong), none).body == R"({"deals":[],"total":0,"page":1,"pages":0,"limit":20,"nextCursor":null})");
}
