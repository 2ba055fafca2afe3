// Bodies that nobody would write, made the same way in every run. Nothing may crash (the sanitizers watch), and the
// reader and the plain checker must agree on what is JSON.
#include <doctest/doctest.h>

#include "random_person.h"
#include "schemas/json_fault.h"

using namespace nova;
using namespace nova::schemas;

namespace {

bool says(const Violations& violations, std::string_view code) {
    return violations.all().size() == 1 && violations.all()[0].path.empty() && violations.all()[0].code == code;
}

void try_all_readers(const std::string& json) {
    CAPTURE(json);
    sample::Person person;
    Violations violations;
    const bool good = read_request(json, object(person), violations);
    REQUIRE(good == violations.empty());
    const bool is_json = !first_syntax_fault(json) && !first_utf8_fault(json);
    if (says(violations, "too_deep")) return;
    // A lone surrogate in the name of a member also is `invalid_utf8` without a path; it has no byte to name.
    const bool refused =
        says(violations, "malformed_json") ||
        (says(violations, "invalid_utf8") && violations.all()[0].message.find("at byte") != std::string::npos);
    REQUIRE(refused == !is_json);
    if (good) {
        const std::string written = to_json(person);
        sample::Person again;
        read_stored(written, object(again));
        REQUIRE(to_json(again) == written);
        REQUIRE(canonical(written) == written);
    }
    try {
        sample::Person stored;
        read_stored(json, object(stored));
    } catch (const CorruptRecord&) {
    }
    try {
        const std::string once = canonical(json);
        REQUIRE(canonical(once) == once);
        REQUIRE(is_json);
    } catch (const CorruptRecord&) {
    }
    try {
        for_each_member(json, [](std::string_view, std::string_view raw) {
            if (raw.starts_with('"')) unescaped(raw);
        });
    } catch (const CorruptRecord&) {
    }
}

}  // namespace

TEST_CASE("fuzz: right bodies, bent") {
    sample::Dice dice(3);
    static const std::string_view inserts[] = {
        "\"", "\\",  "{",       "}", "[",  "]",    ",",    ":",    "null",      "true",      "1",  "-",  ".",
        "e",  "\\u", "\\ud800", " ", "\n", "\x01", "\xC3", "\xFF", "__proto__", "\"name\":", "{}", "[]", "\"\""};
    for (int i = 0; i < 20000; ++i) {
        std::string json = to_json(dice.person());
        for (std::uint64_t changes = 1 + dice.below(3); changes > 0; --changes) {
            const std::size_t at = dice.below(json.size());
            switch (dice.below(4)) {
                case 0: json.erase(at, 1 + dice.below(5)); break;
                case 1: json.insert(at, inserts[dice.below(std::size(inserts))]); break;
                case 2: json[at] = static_cast<char>(dice.below(256)); break;
                default: json.insert(at, json.substr(dice.below(json.size()), dice.below(40)));
            }
            if (json.empty()) json = "x";
        }
        try_all_readers(json);
    }
}

TEST_CASE("fuzz: tokens without sense") {
    sample::Dice dice(4);
    static const std::string_view tokens[] = {"{",
                                              "}",
                                              "[",
                                              "]",
                                              ",",
                                              ":",
                                              "\"name\"",
                                              "\"isVip\"",
                                              "\"customFields\"",
                                              "\"lines\"",
                                              "\"\\ud800\"",
                                              "true",
                                              "false",
                                              "null",
                                              "1",
                                              "-0.5e3",
                                              "01",
                                              "\"",
                                              " ",
                                              "x"};
    for (int i = 0; i < 20000; ++i) {
        std::string json;
        for (std::uint64_t n = dice.below(10); n > 0; --n) json += tokens[dice.below(std::size(tokens))];
        try_all_readers(json);
        try_all_readers("{\"customFields\":{\"a\":" + json + "}}");
        try_all_readers("{\"preferredCities\":" + json + "}");
        try_all_readers("{\"nick\":" + json + "}");
    }
}

TEST_CASE("fuzz: bytes without sense") {
    sample::Dice dice(5);
    for (int i = 0; i < 20000; ++i) {
        std::string json;
        for (std::uint64_t n = dice.below(60); n > 0; --n) json += static_cast<char>(dice.below(256));
        try_all_readers(json);
    }
}
