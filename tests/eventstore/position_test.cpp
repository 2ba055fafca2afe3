#include <doctest/doctest.h>

#include "eventstore/chain.h"
#include "eventstore/envelope.h"
#include "eventstore/position.h"
#include "tests/eventstore/events.h"

using namespace nova::eventstore;

TEST_CASE("position: text and back, one text per position") {
    CHECK(to_text(Position{0, 4711}) == "0:4711");
    CHECK(parse_position("12:0") == Position{12, 0});
    CHECK(parse_position("0:18446744073709551615") == Position{0, UINT64_MAX});
    for (const char* wrong : {"", ":", "0:", ":1", "0", "0:1 ", " 0:1", "0:-1", "+0:1", "0:01", "00:1", "0:1:2", "a:1",
                              "4294967296:0", "0:18446744073709551616", "0x0:1"})
        CHECK_MESSAGE(!parse_position(wrong), wrong);
}

TEST_CASE("position: hashes are SHA-256, chained as the record format says") {
    CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(stamp("abc") == "ba7816bf8f01cfea");
    CHECK(first_hash("x", 0) == sha256("nova:x:0"));
    CHECK(first_hash("x", 3) == sha256("nova:x:3"));
    const Hash a = sha256("a"), b = sha256("b");
    CHECK(chained(a, b) == sha256(std::string(a.begin(), a.end()) + std::string(b.begin(), b.end())));
}

TEST_CASE("chain: a block is whole lines") {
    CHECK(begins_of("").empty());
    CHECK(begins_of("{}").empty());
    CHECK(begins_of("{}\n") == std::vector<std::uint32_t>{0});
    CHECK(begins_of("ab\nc\n") == std::vector<std::uint32_t>{0, 3});
}

TEST_CASE("envelope: stream, version and command are read past anything that data holds") {
    const std::string bytes =
        R"({"commandid":"c-1","commandname":"X","data":{"a":"}]\"\\","b":[{"subject":"no","streamversion":9},"]"],"subject":"no"},)"
        R"("sealed":{"k":"x\\\\"},"specversion":"1.0","streamversion":17,"subject":"deal-1","time":"t","type":"n"})";
    const auto found = attributes_of(bytes);
    REQUIRE(found);
    CHECK(found->stream == "deal-1");
    CHECK(found->version == 17);
    CHECK(found->command_id == "c-1");
    CHECK(says(bytes, "deal-1", 17));
    CHECK(!says(bytes, "deal-1", 1));
    CHECK(!says(bytes, "deal-1", 170));
    CHECK(!says(bytes, "deal-", 17));
    CHECK(!says(bytes, "deal-11", 17));
    CHECK(!says(bytes, "no", 9));
}

TEST_CASE("envelope: what is no event is none, however it is cut") {
    const std::string bytes = test::bytes_of({"deal-1", 3, "text \\\" with }"});
    REQUIRE(attributes_of(bytes));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const std::string cut(bytes, 0, length);  // its own memory, so that the sanitizer sees a read past the end
        const auto found = attributes_of(cut);
        if (found) CHECK(found->stream == "deal-1");
        says(cut, "deal-1", 3);
    }
    for (const char* wrong : {"", "{", "{}", "[]", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"subject\":\"x\"}",
                              "{\"streamversion\":1}", "null"})
        CHECK_MESSAGE(!attributes_of(wrong), wrong);
}
