#include <doctest/doctest.h>

#include "random_person.h"

using namespace nova;
using namespace nova::schemas;

TEST_CASE("stored: what was written reads back the same, and is written the same again") {
    sample::Dice dice(1);
    for (int i = 0; i < 3000; ++i) {
        const sample::Person person = dice.person();
        const std::string json = to_json(person);
        sample::Person back;
        read_stored(json, object(back));
        REQUIRE(back == person);
        REQUIRE(to_json(back) == json);
        REQUIRE(canonical(json) == json);
    }
}

TEST_CASE("stored: unknown members are skipped and missing ones keep their default") {
    sample::Line line;
    line.quantity.value = 7;
    read_stored(R"({"a":{"x":["}",{"\"":1}]},"product":"p","z":[],"zz":"\\"})", object(line));
    CHECK(line.product.value == "p");
    CHECK(line.quantity.value == 7);
    read_stored(R"( { "quantity" : 9 , "product" : "q" } )", object(line));  // in another order, and with spaces
    CHECK(line.product.value == "q");
    CHECK(line.quantity.value == 9);
    read_stored(R"({"product":null})", object(line));
    CHECK(line.product.value == "q");
}

TEST_CASE("stored: old values that no rule would let in today are read") {
    sample::Person person;
    read_stored(R"({"phone":"not a phone","email":"nobody","name":"","budgetMin":-5,"preferredCities":["a","b","c","d"]})", object(person));
    CHECK(person.phone->text == "not a phone");
    CHECK(person.phone->e164.empty());
    CHECK(person.email->text == "nobody");
    CHECK(person.budget_min->value == -5);
    CHECK(person.preferred_cities.values.size() == 4);
}

TEST_CASE("stored: damage is told, never guessed around") {
    for (const char* json :
         {"", "{", "[]", "5", R"({"name")", R"({"name":)", R"({"name":"x)", R"({"name":"x\)", R"({"name":"x"}x)", R"({"name":5})", R"({"isVip":1})",
          R"({"isVip":tru})", R"({"budgetMin":1.5})", R"({"budgetMin":"1"})", R"({"budgetMin":99999999999999999999})", R"({"grade":"NEW"})",
          R"({"userId":"x"})", R"({"lastContact":"yesterday"})", R"({"lines":{}})", R"({"lines":[)", R"({"lines":[{}})", R"({"customFields":[]})",
          R"({"customFields":{)", R"({"x":[)", R"({"x":})", R"({"name":"\q"})", R"({"name":"\ud800"})", R"({"name":"\u12"})", R"({"name":nul})"}) {
        CAPTURE(json);
        sample::Person person;
        CHECK_THROWS_AS(read_stored(json, object(person)), CorruptRecord);
    }
}

TEST_CASE("stored: a record cut anywhere is damage") {
    sample::Dice dice(2);
    const std::string json = to_json(dice.person());
    for (std::size_t length = 0; length < json.size(); ++length) {
        const std::string cut = json.substr(0, length);
        sample::Person person;
        CHECK_THROWS_AS(read_stored(cut, object(person)), CorruptRecord);
    }
}

TEST_CASE("stored: a patch reads back what was given") {
    Patch<sample::Person> patch;
    Violations violations;
    REQUIRE(read_request(R"({"notes":null,"isVip":true})", object(patch), violations));
    CHECK(to_json(patch) == R"({"isVip":true,"notes":null})");
    Patch<sample::Person> back;
    read_stored(to_json(patch), object(back));
    CHECK(back.given == patch.given);
    CHECK(back.values.is_vip);
}

TEST_CASE("members of an object, raw") {
    std::string seen;
    for_each_member(
        R"({"a":1,"b" : {"c":[1,2,"}"]} ,"d\u0065":"x\"y", "f":null})",
        [&](std::string_view name, std::string_view raw) { seen.append(name).append("=").append(raw).append(";"); });
    CHECK(seen == R"(a=1;b={"c":[1,2,"}"]};de="x\"y";f=null;)");
    const auto nothing = [](std::string_view, std::string_view) {};
    for_each_member(" {} ", nothing);
    for (const char* wrong : {"", "[]", "{", "{\"a\"}", "{\"a\":1", "{\"a\":1}}", "{\"a\":{}", "{\"a\":\"}", "{a:1}"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(for_each_member(wrong, nothing), CorruptRecord);
    }
    CHECK(unescaped(R"("a\u00e9\ud83d\ude00\/\b\t\n\f\r\\\"")") == "aé😀/\b\t\n\f\r\\\"");
    CHECK_THROWS_AS(unescaped("x"), CorruptRecord);
    CHECK_THROWS_AS(unescaped("\"x\"y"), CorruptRecord);
}
