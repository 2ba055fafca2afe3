#include <doctest/doctest.h>

#include <string>

#include "domain/kernel/saudi.h"

using namespace nova;

TEST_CASE("Saudi id: ten digits from 1 or 2 whose check digit is right") {
    for (const char* id : {"1000000008", "1012345672", "2000000006", "2123456788", "1111111116"}) {
        CAPTURE(id);
        CHECK(is_saudi_id(id));
    }
    for (const char* id :
         {"", "1000000000", "1000000009", "2000000008", "3000000004", "0000000000", "100000000", "10000000080",
          "100000000a", " 1000000008", "1000000008 ", "+100000008", "١٠٠٠٠٠٠٠٠٨", "1000-00008"}) {
        CAPTURE(id);
        CHECK_FALSE(is_saudi_id(id));
    }
}

TEST_CASE("Saudi id: of ten last digits one is right, and no single wrong digit passes") {
    for (const char* nine : {"100000000", "123456789", "298765432", "255500123"}) {
        int right = 0;
        std::string valid;
        for (char last = '0'; last <= '9'; ++last)
            if (is_saudi_id(nine + std::string(1, last))) ++right, valid = nine + std::string(1, last);
        REQUIRE(right == 1);
        for (std::size_t place = 0; place < 10; ++place)
            for (char digit = '0'; digit <= '9'; ++digit) {
                std::string other = valid;
                other[place] = digit;
                CHECK(is_saudi_id(other) == (other == valid));
            }
    }
}

TEST_CASE("commercial registration: ten digits") {
    CHECK(is_commercial_registration("1010123456"));
    CHECK(is_commercial_registration("4030000001"));
    for (const char* number : {"", "101012345", "10101234567", "101012345x", "1010 12345", "١٠١٠١٢٣٤٥٦"}) {
        CAPTURE(number);
        CHECK_FALSE(is_commercial_registration(number));
    }
}
