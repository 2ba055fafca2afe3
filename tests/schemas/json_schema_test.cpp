#include <doctest/doctest.h>

#include "schemas/json_schema.h"
#include "toy_contract.h"

using namespace nova;
using namespace nova::schemas;

namespace {

// The schema of one member of the sample, as it stands in `schema`.
std::string member(const std::string& schema, std::string_view name) {
    std::string found;
    for_each_member(schema, [&](std::string_view keyword, std::string_view raw) {
        if (keyword == "properties")
            for_each_member(raw, [&](std::string_view n, std::string_view r) {
                if (n == name) found = r;
            });
    });
    return found;
}
std::string keyword(const std::string& schema, std::string_view name) {
    std::string found;
    for_each_member(schema, [&](std::string_view n, std::string_view raw) { if (n == name) found = raw; });
    return found;
}

}  // namespace

TEST_CASE("request schema: says what is read") {
    const std::string schema = request_schema(type_of<sample::Person>());
    CHECK_NOTHROW(canonical(schema));
    CHECK(keyword(schema, "required") == R"(["name","userId","isVip"])");
    CHECK(keyword(schema, "additionalProperties") == "false");
    CHECK(member(schema, "isVip") == R"({"type":"boolean"})");
    CHECK(member(schema, "financingNeeded") == R"({"type":["boolean","null"]})");
    CHECK(member(schema, "budgetMin") == R"({"type":["integer","null"],"minimum":0,"maximum":9007199254740991})");
    CHECK(member(schema, "locationLat") == R"({"type":["number","null"],"minimum":-90,"maximum":90})");
    CHECK(member(schema, "grade") ==
          R"({"type":["string","null"],"enum":["GOLD","IN_PERSON","LOWER_CASE","CAMEL_CASE","DELETE",null]})");
    CHECK(keyword(member(schema, "userId"), "format") == R"("uuid")");
    CHECK(keyword(member(schema, "userId"), "pattern").size() > 10);
    CHECK(keyword(member(schema, "userId"), "example") == R"("0192f3a4-5b6c-7d8e-9f01-23456789abcd")");
    CHECK(member(schema, "phone") == R"({"type":["string","null"],"format":"phone","maxLength":40,"example":"0551234567"})");
    CHECK(keyword(member(schema, "name"), "minLength") == "3");
    CHECK(keyword(member(schema, "name"), "maxLength") == "200");
    CHECK(keyword(member(schema, "preferredCities"), "maxItems") == "3");
    CHECK(keyword(keyword(member(schema, "lines"), "items"), "required") == R"(["product","quantity"])");
    CHECK(keyword(request_schema(type_of<Patch<sample::Person>>()), "required").empty());
    CHECK(keyword(request_schema(type_of<Patch<sample::Person>>()), "additionalProperties") == "false");
}

TEST_CASE("answer schema: every member is there") {
    const std::string schema = answer_schema(type_of<sample::Line>());
    CHECK(schema == R"({"type":"object","properties":{"product":{"type":"string"},"quantity":{"type":"integer"}},"required":["product","quantity"]})");
}

TEST_CASE("event schema: says whose members are personal and which are secret") {
    CHECK(event_schema(toy::catalogue().of<toy::Created>()) == R"({
  "title": "nova.toy.ToyCreated",
  "description": "{actor} made {name}",
  "x-version": 1,
  "type": "object",
  "properties": {
    "name": {"type":"string","x-personal":true,"x-subject":"stream"},
    "notes": {"type":["string","null"],"x-personal":true,"x-subject":"stream"},
    "price": {"type":"integer"},
    "zone": {"type":"string"},
    "pinHash": {"type":"string","x-secret":true,"x-subject":"stream"}
  },
  "required": ["name", "price", "zone", "pinHash"]
})");
    CHECK(event_schema(toy::catalogue().of<toy::Lent>()).find(R"("x-personal":true,"x-subject":"userId")") != std::string::npos);
    CHECK_NOTHROW(canonical(event_schema(toy::catalogue().of<toy::Broken>())));
}

TEST_CASE("golden sample: every member is filled, and the rules of a request allow it") {
    CHECK(golden_sample(toy::catalogue().of<toy::Created>()) ==
          R"({"name":"نص text","notes":"نص text","pinHash":"نص text","price":42,"zone":"نص text"})");
    for (const EventType* type : catalogue().all()) {
        CAPTURE(type->name);
        const std::shared_ptr<void> value = type->make();
        Violations violations;
        const std::string sample = golden_sample(*type);
        CHECK(sample == canonical(sample));
        // Texts of a form that only their aggregate knows (HH:MM) are texts here.
        CHECK(read_request(sample, {type->data, value.get()}, violations));
        for (const Violation& violation : violations.all()) MESSAGE(violation.path, " ", violation.code);
    }
}

TEST_CASE("breaking changes: what other programs rely on may only grow") {
    const std::string before =
        R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string","enum":["X","Y"]},
        "c":{"type":"array","items":{"type":"object","properties":{"d":{"type":"integer"}},"required":["d"]}},
        "p":{"type":"string","x-personal":true,"x-subject":"stream"},"u":{"type":"string","format":"uuid"}},"required":["a"]})";
    const auto after = [&](std::string_view from, std::string_view to) {
        std::string now = before;
        const std::size_t at = now.find(from);
        REQUIRE(at != std::string::npos);
        return breaking_changes(before, now.replace(at, from.size(), to));
    };
    CHECK(breaking_changes(before, before).empty());
    CHECK(breaking_changes(before, canonical(before)).empty());
    CHECK(after(R"("a":{)", R"("new":{"type":["string","null"]},"a":{)").empty());
    CHECK(after(R"({"d":{)", R"({"e":{"type":["string","null"]},"d":{)").empty());
    CHECK(after(R"("a":{"type":"string"})", R"("z":{"type":"string"})") == std::vector<std::string>{"a: the member was removed or renamed"});
    CHECK(after(R"("a":{"type":"string"})", R"("a":{"type":["string","null"]})").size() == 1);
    CHECK(after(R"("type":"integer")", R"("type":"number")") ==
          std::vector<std::string>{R"(c[].d: its type was "integer" and is "number")"});
    CHECK(after(R"("Y"])", R"("Z"])").size() == 2);
    CHECK(after(R"("required":["a"])", R"("required":["a","b"])") == std::vector<std::string>{R"(the event: the member "b" is required now)"});
    CHECK(after(R"("required":["a"])", R"("required":[])").size() == 1);
    CHECK(after(R"(,"x-personal":true)", "").size() == 1);
    CHECK(after(R"("stream")", R"("userId")").size() == 1);
    CHECK(after(R"(,"format":"uuid")", "").size() == 1);
    CHECK(after(R"("type":"array","items")", R"("type":"array","was")").size() >= 1);
}
