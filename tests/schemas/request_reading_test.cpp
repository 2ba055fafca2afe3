#include <doctest/doctest.h>

#include "sample.h"

using namespace nova;
using namespace nova::schemas;
using sample::body;

namespace {

// "path code" of every violation, in order.
template <class T>
std::vector<std::string> read(const std::string& json, T& out) {
    Violations violations;
    const bool good = read_request(json, object(out), violations);
    CHECK(good == violations.empty());
    std::vector<std::string> found;
    for (const Violation& violation : violations.all()) {
        CHECK(!violation.message.empty());
        found.push_back(violation.path + " " + violation.code);
    }
    return found;
}
std::vector<std::string> faults(const std::string& json) {
    sample::Person person;
    return read(json, person);
}
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("request: every kind of member is read") {
    sample::Person p;
    REQUIRE(read(body(R"("teamId":"0192F3A4-5B6C-7D8E-9F01-23456789ABCD","grade":"IN_PERSON","financingNeeded":false,
        "budgetMin":0,"budgetMax":9007199254740991,"locationLat":-24.5,"lastContact":"2026-11-20T12:30:00.5+03:00",
        "born":"2000-02-29","preferredCities":[" الرياض ","<b>جدة</b>"],"lines":[{"product":"a","quantity":3},{"quantity":1,"product":"b"}],
        "preferredContactTime":{"days":[0,6],"from":"09:00"},"customFields":{"b":1.0,"a":"x"},"notes":"","phone":"0551234567",
        "email":" Sara@Example.com ","whatsapp":"same","firstName":null)"),
                 p) == Faults{});
    CHECK(p.name.value == "Sara");
    CHECK(!p.first_name);
    CHECK(to_text(p.user_id) == sample::user);
    CHECK(to_text(*p.team_id) == sample::user);
    CHECK(*p.grade == sample::Grade::IN_PERSON);
    CHECK(p.is_vip);
    CHECK(*p.financing_needed == false);
    CHECK(p.budget_min->value == 0);
    CHECK(p.budget_max->value == 9007199254740991);
    CHECK(p.location_lat->value == -24.5);
    CHECK(to_text(*p.last_contact) == "2026-11-20T09:30:00.500Z");
    CHECK(to_text(*p.born) == "2000-02-29");
    REQUIRE(p.preferred_cities.values.size() == 2);
    CHECK(p.preferred_cities.values[0].value == "الرياض");
    CHECK(p.preferred_cities.values[1].value == "جدة");
    REQUIRE(p.lines.size() == 2);
    CHECK(p.lines[1].product.value == "b");
    CHECK(p.lines[0].quantity.value == 3);
    CHECK(p.preferred_contact_time->days->values[1].value == 6);
    CHECK(p.preferred_contact_time->from->value == "09:00");
    CHECK(!p.preferred_contact_time->to);
    CHECK(p.custom_fields.text == R"({"a":"x","b":1})");
    CHECK(p.notes->value.empty());
    CHECK(p.phone->e164 == "+966551234567");
    CHECK(p.email->text == "Sara@Example.com");
    CHECK(p.whatsapp->same_as_phone);
}

TEST_CASE("request: each broken rule has its code and its path") {
    const std::string huge = "1" + std::string(400, '0');
    const struct {
        std::string members;
        Faults expected;
    } table[] = {
        {R"("nick":1)", {"nick unknown_member"}},
        {R"("nick":{"a":[1,{"b":null}]},"nick":2)", {"nick unknown_member", "nick unknown_member"}},
        {R"("isVip":true)", {"isVip duplicate_member"}},
        {R"("is\u0056ip":true)", {"isVip duplicate_member"}},
        {R"("firstName":"","lastName":" \n ")", {"firstName too_short", "lastName too_short"}},
        {R"("firstName":"<i></i>")", {"firstName too_short"}},
        {R"("firstName":")" + std::string(101, 'x') + '"', {"firstName too_long"}},
        {R"("firstName":")" + std::string(300, ' ') + "x\"", {}},
        {R"("firstName":"a\u0000b")", {"firstName control_character"}},
        {R"("firstName":"a\u202eb")", {"firstName control_character"}},
        {R"("firstName":"\ud800x")", {"firstName invalid_utf8"}},
        {R"("firstName":"\udc00\ud800")", {"firstName invalid_utf8"}},
        {R"("firstName":"\ud83d\ude00")", {}},
        {R"("first\ud800Name":"x")", {" unknown_member"}},
        {R"("firstName":7,"notes":[1,"x"],"lastName":{"a":{}})",
         {"firstName wrong_type", "notes wrong_type", "lastName wrong_type"}},
        {R"("financingNeeded":"true")", {"financingNeeded wrong_type"}},
        {R"("financingNeeded":0)", {"financingNeeded wrong_type"}},
        {R"("budgetMin":"5")", {"budgetMin wrong_type"}},
        {R"("budgetMin":1.0)", {"budgetMin not_whole"}},
        {R"("budgetMin":1e2)", {"budgetMin not_whole"}},
        {R"("budgetMin":-0)", {}},
        {R"("budgetMin":-1)", {"budgetMin too_small"}},
        {R"("budgetMin":-99999999999999999999)", {"budgetMin too_small"}},
        {R"("budgetMin":9007199254740992)", {"budgetMin too_large"}},
        {R"("budgetMin":18446744073709551617)", {"budgetMin too_large"}},
        {R"("budgetMin":)" + huge, {"budgetMin too_large"}},
        {R"("locationLat":90.0000001)", {"locationLat too_large"}},
        {R"("locationLat":-91)", {"locationLat too_small"}},
        {R"("locationLat":1e400)", {"locationLat too_large"}},
        {R"("locationLat":-)" + huge, {"locationLat too_small"}},
        {R"("locationLat":1e-400)", {}},
        {R"("locationLat":"12")", {"locationLat wrong_type"}},
        {R"("grade":"gold")", {"grade unknown_value"}},
        {R"("grade":"")", {"grade unknown_value"}},
        {R"("grade":1)", {"grade wrong_type"}},
        {R"("grade":"DELETE")", {}},
        {R"("teamId":"")", {"teamId invalid_id"}},
        {R"("teamId":"0192f3a4-5b6c-7d8e-9f01-23456789abcg")", {"teamId invalid_id"}},
        {R"("teamId":" 0192f3a4-5b6c-7d8e-9f01-23456789abcd")", {"teamId invalid_id"}},
        {R"("teamId":17)", {"teamId wrong_type"}},
        {R"("lastContact":"2026-02-30T00:00:00Z")", {"lastContact invalid_time"}},
        {R"("lastContact":"2026-11-20")", {"lastContact invalid_time"}},
        {R"("born":"2026-02-29")", {"born invalid_date"}},
        {R"("born":"2026-2-1")", {"born invalid_date"}},
        {R"("phone":"12")", {"phone invalid_phone"}},
        {R"("phone":"")", {"phone invalid_phone"}},
        {R"("phone":")" + std::string(41, '5') + '"', {"phone too_long"}},
        {R"("whatsapp":"SAME")", {"whatsapp invalid_phone"}},
        {R"("email":"sara")", {"email invalid_email"}},
        {R"("email":"a@b.c\u0007")", {"email control_character"}},
        {R"("preferredCities":["a","",7,null])",
         {"preferredCities[1] too_short", "preferredCities[2] wrong_type", "preferredCities too_many"}},
        {R"("preferredCities":"a")", {"preferredCities wrong_type"}},
        {R"("preferredCities":null)", {"preferredCities wrong_type"}},
        {R"("preferredCities":[null])", {"preferredCities[0] required"}},
        {R"("lines":[{"product":"a","quantity":0},{"quantity":2.5,"x":1},7])",
         {"lines[0].quantity too_small", "lines[1].quantity not_whole", "lines[1].x unknown_member",
          "lines[1].product required", "lines[2] wrong_type"}},
        {R"("preferredContactTime":{"from":"9:00","days":[1,7,"x"],"until":1})",
         {"preferredContactTime.from too_short", "preferredContactTime.days[1] too_large",
          "preferredContactTime.days[2] wrong_type", "preferredContactTime.until unknown_member"}},
        {R"("preferredContactTime":[])", {"preferredContactTime wrong_type"}},
        {R"("customFields":[])", {"customFields wrong_type"}},
        {R"("customFields":null)", {"customFields wrong_type"}},
        {R"("customFields":{"__proto__":1,"ok":{"constructor":[{"prototype":2}]}})",
         {"customFields.__proto__ invalid_key", "customFields.ok.constructor invalid_key",
          "customFields.ok.constructor[0].prototype invalid_key"}},
        {R"("customFields":{"a":1,"\u0061":2})", {"customFields.a duplicate_member"}},
        {R"("customFields":{"":1," ":2})",
         {"customFields. invalid_key", "customFields. invalid_key", "customFields. duplicate_member"}},
        {R"("customFields":{"a":"\u0001","b":["\ud800"],"c":9007199254740993,"d":1e300})",
         {"customFields.a control_character", "customFields.b[0] invalid_utf8", "customFields.c too_large",
          "customFields.d too_large"}},
        {R"("customFields":{"a":")" + std::string(200, 'x') + "\"}", {"customFields too_long"}},
    };
    for (const auto& row : table) {
        CAPTURE(row.members);
        CHECK(faults(body(row.members)) == row.expected);
    }
}

TEST_CASE("request: what is missing or null is named, all of it at once") {
    CHECK(faults("{}") == Faults{"name required", "userId required", "isVip required"});
    CHECK(faults(R"({"name":null,"userId":null,"isVip":null})") == Faults{"name required", "userId required", "isVip required"});
    CHECK(faults(R"({"name":"ab","x":1,"isVip":"no"})") ==
          Faults{"name too_short", "x unknown_member", "isVip wrong_type", "userId required"});
}

TEST_CASE("request: a body that is no object is of the wrong type") {
    for (const char* json : {"null", "true", "5", "\"x\"", "[]", "[{}]", " [1, 2]\n"}) {
        CAPTURE(json);
        CHECK(faults(json) == Faults{" wrong_type"});
    }
}

TEST_CASE("request: a body that is no JSON says where it breaks, and nothing else") {
    const struct {
        std::string json;
        std::size_t byte;
    } table[] = {
        {"", 0},
        {"  ", 2},
        {"{", 1},
        {"}", 0},
        {"{]", 1},
        {"[}", 1},
        {"{}}", 2},
        {"{} {}", 3},
        {"{},{}", 2},
        {"{}][{}", 2},
        {"{},", 2},
        {"]", 0},
        {"][", 0},
        {"{\"name\"}", 7},
        {"{\"name\":}", 8},
        {"{\"name\" \"x\"}", 8},
        {"{\"name\":\"Sara\",}", 15},
        {"{,\"name\":\"Sara\"}", 1},
        {"{\"name\":\"Sara\" \"x\":1}", 15},
        {"{name:1}", 1},
        {"{'name':1}", 1},
        {"{\"name\":nul}", 11},
        {"{\"name\":nulll}", 12},
        {"{\"name\":tru}", 11},
        {"{\"isVip\":truex}", 13},
        {"{\"isVip\":True}", 9},
        {"{\"a\":falsy}", 9},
        {"{\"budgetMin\":01}", 14},
        {"{\"budgetMin\":1.}", 15},
        {"{\"budgetMin\":.5}", 13},
        {"{\"budgetMin\":+1}", 13},
        {"{\"budgetMin\":1e}", 15},
        {"{\"budgetMin\":--1}", 14},
        {"{\"budgetMin\":0x1}", 14},
        {"{\"budgetMin\":1x}", 14},
        {"{\"budgetMin\":NaN}", 13},
        {"{\"budgetMin\":-}", 14},
        {"{\"x\":{\"y\":01}}", 11},
        {"{\"x\":[1,]}", 8},
        {"{\"x\":[,1]}", 6},
        {"{\"x\":[1 2]}", 8},
        {"{\"x\":[1,2}", 9},
        {"{\"x\":{\"y\" 1}}", 10},
        {"{\"x\":[tru]}", 9},
        {"{\"name\":\"a\tb\"}", 10},
        {"{\"name\":\"a\\xb\"}", 11},
        {"{\"name\":\"a\\u12G4\"}", 14},
        {"{\"x\\q\":1}", 4},
        {"{\"x\":\"\\q\"}", 7},
        {"{\"name\":\"Sara}", 14},
        {"{\"name\":\"Sara\\\"}", 16},
        {"// c\n{}", 0},
        {"{} // c", 3},
        {"\xEF\xBB\xBF{}", 0},
        {std::string("{}\0", 3), 2},
        {"{\"customFields\":{\"a\":tru}}", 24},
        {"{\"customFields\":{\"a\":1,}}", 23},
        {"{\"lines\":[{\"product\":\"a\"]}", 24},
        {"{\"name\":\"x\"\"y\"}", 11},
        {"{\"isVip\":true\"y\"}", 13},
        {"{\"budgetMin\":1\"y\"}", 14},
        {"{\"name\":null\"y\"}", 12},
    };
    for (const auto& row : table) {
        CAPTURE(row.json);
        sample::Person person;
        Violations violations;
        CHECK(!read_request(row.json, object(person), violations));
        REQUIRE(violations.all().size() == 1);
        CHECK(violations.all()[0].path.empty());
        CHECK(violations.all()[0].code == "malformed_json");
        CHECK(violations.all()[0].message ==
              "The body is not JSON: it breaks at byte " + std::to_string(row.byte) + ".");
    }
}

TEST_CASE("request: bytes that are no UTF-8 are refused wherever they are") {
    for (const std::string bytes : {"\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xFF"}) {
        CHECK(faults(body("\"firstName\":\"" + bytes + '"')) == Faults{" invalid_utf8"});
        CHECK(faults(body("\"" + bytes + "\":1")) == Faults{" invalid_utf8"});
    }
}

TEST_CASE("request: 32 levels are read, 33 are too deep, a million are no danger") {
    const auto nested = [](int levels) { return std::string(levels, '[') + std::string(levels, ']'); };
    CHECK(faults(body("\"x\":" + nested(31))) == Faults{"x unknown_member"});
    CHECK(faults(body("\"x\":" + nested(32))) == Faults{" too_deep"});
    CHECK(faults(body("\"customFields\":{\"a\":" + nested(30) + "}")) == Faults{});
    CHECK(faults(body("\"customFields\":{\"a\":" + nested(31) + "}")) == Faults{" too_deep"});
    CHECK(faults(body("\"x\":" + nested(500000))) == Faults{" too_deep"});
    CHECK(faults(std::string(1000000, '[')) == Faults{" too_deep"});
    CHECK(faults(std::string(500000, '[') + std::string(500000, ']')) == Faults{" too_deep"});
}

TEST_CASE("request: a patch knows what was given") {
    Patch<sample::Person> patch;
    REQUIRE(read(R"({"firstName":null,"preferredCities":["a"]})", patch) == Faults{});
    CHECK(is_given(patch, "first_name"));
    CHECK(is_given(patch, "preferred_cities"));
    CHECK(!is_given(patch, "name"));
    CHECK(!patch.values.first_name);
    Patch<sample::Person> wrong;
    CHECK(read(R"({"name":null,"lines":[{}],"x":1})", wrong) ==
          Faults{"name required", "lines[0].product required", "lines[0].quantity required", "x unknown_member"});
}

TEST_CASE("request: a flood of faults is cut, and names of strangers are too") {
    std::string flood = "{";
    for (int i = 0; i < 5000; ++i) flood += "\"x" + std::to_string(i) + "\":1,";
    flood.back() = '}';
    CHECK(faults(flood).size() == 200);
    const Faults found = faults(body("\"" + std::string(99, 'x') + "ééé\":1"));
    REQUIRE(found.size() == 1);
    CHECK(found[0] == std::string(99, 'x') + "… unknown_member");
}

TEST_CASE("text value: query parameters are held to the same rules") {
    const auto value = [](auto into, std::string_view given) {
        Violations violations;
        const bool good = read_text_value(given, type_of<decltype(into)>(), &into, "q", violations);
        CHECK(good == violations.empty());
        return good ? std::string("ok") : violations.all()[0].path + " " + violations.all()[0].code;
    };
    CHECK(value(Text<1, 3>{}, "abc") == "ok");
    CHECK(value(Text<1, 3>{}, "abcd") == "q too_long");
    CHECK(value(Text<1, 3>{}, std::string_view("a\0b", 3)) == "q control_character");
    CHECK(value(Text<1, 3>{}, "\xFF") == "q invalid_utf8");
    CHECK(value(Whole<1, 200>{}, "20") == "ok");
    CHECK(value(Whole<1, 200>{}, "201") == "q too_large");
    CHECK(value(Whole<1, 200>{}, "+20") == "q wrong_type");
    CHECK(value(Whole<1, 200>{}, "") == "q wrong_type");
    CHECK(value(Whole<1, 200>{}, "2.0") == "q not_whole");
    CHECK(value(Decimal<0, 1>{}, "0.5") == "ok");
    CHECK(value(false, "true") == "ok");
    CHECK(value(false, "TRUE") == "q wrong_type");
    CHECK(value(sample::Grade{}, "CAMEL_CASE") == "ok");
    CHECK(value(sample::Grade{}, "CamelCase") == "q unknown_value");
    CHECK(value(std::optional<UserId>{}, sample::user) == "ok");
    CHECK(value(std::optional<UserId>{}, "me") == "q invalid_id");
}
