#include <doctest/doctest.h>

#include <type_traits>
#include <unordered_set>

#include "domain/kernel/uuid.h"

using namespace nova;

TEST_CASE("uuid: its text is lower-case and reads back as the same id") {
    const std::string text = "01890a5d-ac96-774b-bcce-b302099a8057";
    const auto id = parse_uuid(text);
    REQUIRE(id);
    CHECK(id->bytes[0] == 0x01);
    CHECK(id->bytes[6] == 0x77);
    CHECK(id->bytes[15] == 0x57);
    CHECK(to_text(*id) == text);
    CHECK(parse_uuid("01890A5D-AC96-774B-BCCE-B302099A8057") == id);
    std::string line = "id=";
    append_text(*id, line);
    CHECK(line == "id=" + text);
    CHECK(to_text(Uuid{}) == "00000000-0000-0000-0000-000000000000");
    CHECK(parse_uuid("ffffffff-ffff-ffff-ffff-ffffffffffff")->bytes[9] == 0xff);
}

TEST_CASE("uuid: nothing but the form of 36 characters is read") {
    for (const char* text : {
             "", "01890a5d", "01890a5dac96774bbcceb302099a8057", "{01890a5d-ac96-774b-bcce-b302099a8057}",
             "01890a5d-ac96-774b-bcce-b302099a805", "01890a5d-ac96-774b-bcce-b302099a80577",
             "01890a5d-ac96-774b-bcce-b302099a805g", "01890a5d-ac96-774b-bcce-b302099a805/",
             "01890a5d_ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcceab302099a8057",
             "-1890a5d-ac96-774b-bcce-b302099a8057", " 1890a5d-ac96-774b-bcce-b302099a8057",
             "0189\xc3\xa9" "5d-ac96-774b-bcce-b302099a8057", "urn:uuid:01890a5d-ac96-774b-bcce-b302",
         }) {
        CAPTURE(text);
        CHECK_FALSE(parse_uuid(text));
    }
}

TEST_CASE("uuid: every byte that is no hexadecimal digit is refused in every place") {
    const std::string good = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (std::size_t place = 0; place < good.size(); ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string text = good;
            text[place] = static_cast<char>(byte);
            const bool dash = good[place] == '-';
            const bool digit = std::string_view("0123456789abcdefABCDEF").find(text[place]) != std::string_view::npos;
            if (parse_uuid(text).has_value() != (dash ? byte == '-' : digit)) FAIL("place ", place, " byte ", byte);
        }
    }
}

TEST_CASE("uuid: ids of different things are different types, are nil until set, order as their bytes and hash") {
    static_assert(!std::is_convertible_v<CustomerId, UserId> && !std::is_same_v<CustomerId, UserId>);
    CHECK(CustomerId{}.is_nil());
    const CustomerId first{*parse_uuid("00000000-0000-7000-8000-000000000001")};
    const CustomerId later{*parse_uuid("00000000-0001-7000-8000-000000000000")};
    CHECK_FALSE(first.is_nil());
    CHECK(first < later);
    CHECK(std::unordered_set<CustomerId>{first, later, first}.size() == 2);
}
