#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <random>
#include <stdexcept>

#include "sample.h"

using namespace nova;
using namespace nova::schemas;

namespace {

std::string number(double value) {
    std::string out;
    write_number(value, out);
    return out;
}
std::string text(std::string_view value) {
    std::string out;
    write_string(value, out);
    return out;
}

}  // namespace

TEST_CASE("numbers are written as ECMAScript writes them (RFC 8785, appendix B)") {
    const struct {
        std::uint64_t bits;
        const char* expected;
    } table[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    };
    for (const auto& row : table) CHECK(number(std::bit_cast<double>(row.bits)) == row.expected);
    CHECK(number(24.5) == "24.5");
    CHECK(number(-100) == "-100");
    CHECK_THROWS_AS(number(NAN), std::logic_error);
    CHECK_THROWS_AS(number(INFINITY), std::logic_error);
}

TEST_CASE("integers beyond 2^53 are never written") {
    std::string out;
    write_number(max_exact, out);
    CHECK(out == "9007199254740991");
    CHECK_THROWS_AS(write_number(max_exact + 1, out), std::logic_error);
    CHECK_THROWS_AS(write_number(-max_exact - 1, out), std::logic_error);
}

TEST_CASE("texts have the fewest escapes") {
    CHECK(text("€$\x0f\nA'B\"\\\\\"/") == R"("€$\u000f\nA'B\"\\\\\"/")");
    CHECK(text(std::string_view("\0\b\t\f\r\x1f\x7f", 7)) == "\"\\u0000\\b\\t\\f\\r\\u001f\x7f\"");
    CHECK(text("سارة 😀") == "\"سارة 😀\"");
    for (std::size_t length = 0; length < 40; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            std::string given(length, 'x');
            given[at] = '"';
            CHECK(text(given) == '"' + std::string(at, 'x') + "\\\"" + std::string(length - at - 1, 'x') + '"');
            CHECK(unescaped(text(given)) == given);
        }
    }
}

TEST_CASE("an object has all its members, sorted, and null where there is no value") {
    sample::Person person;
    person.name.value = "Sara \"S\"";
    person.grade = sample::Grade::delete_;
    person.email = Email{"\"a\"@b.sa"};
    person.lines.push_back({});
    CHECK(to_json(person) ==
          R"({"born":null,"budgetMax":null,"budgetMin":null,"customFields":{},"email":"\"a\"@b.sa","financingNeeded":null,)"
          R"("firstName":null,"grade":"DELETE","isVip":false,"lastContact":null,"lastName":null,)"
          R"("lines":[{"product":"","quantity":1}],"locationLat":null,"name":"Sara \"S\"","notes":null,"phone":null,)"
          R"("preferredCities":[],"preferredContactTime":null,"teamId":null,"userId":"00000000-0000-0000-0000-000000000000",)"
          R"("whatsapp":null})");
}

TEST_CASE("free JSON becomes canonical") {
    // The examples of RFC 8785, 3.2.2 and 3.2.3.
    CHECK(
        canonical(R"({ "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] })") ==
        R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"})");
    CHECK(
        canonical("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}") ==
        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\uFB33\":3}");
    CHECK(canonical(" [ ] ") == "[]");
    CHECK(canonical("-0.0") == "0");
    CHECK(canonical("{\"b\":{\"d\":1,\"c\":[{}]},\"a\":\"\"}") == "{\"a\":\"\",\"b\":{\"c\":[{}],\"d\":1}}");
    for (const char* wrong : {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "\"\\ud800\"", "1e999", "\"\xFF\"", "1 2", "nul"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(canonical(wrong), CorruptRecord);
    }
    CHECK_THROWS_AS(canonical(std::string(1000, '[') + std::string(1000, ']')), CorruptRecord);
}

TEST_CASE("names of members and enumerators") {
    CHECK(camel_case("preferred_contact_time") == "preferredContactTime");
    CHECK(camel_case("name") == "name");
    CHECK(camel_case("is_2fa_on") == "is2faOn");
    CHECK(camel_case("delete_") == "delete");
    CHECK(type_of<sample::Grade>().enumerators ==
          std::vector<std::string>{"GOLD", "IN_PERSON", "LOWER_CASE", "CAMEL_CASE", "DELETE"});
    CHECK(type_of<sample::Person>().name == "Person");
    CHECK(type_of<sample::Grade>().name == "Grade");
    CHECK(type_of<sample::Person>().members.front().name == "name");
    CHECK(type_of<sample::Person>().find("whatsapp")->name == "whatsapp");
    CHECK(type_of<sample::Person>().find("nobody") == nullptr);
}
