#include <doctest/doctest.h>

#include <cstdio>
#include <utility>

#include "domain/kernel/instant.h"

using namespace nova;

namespace {
struct Sample {
    const char* text;
    std::int64_t ms;
};
}  // namespace

TEST_CASE("instant: what is written reads back as the same millisecond") {
    for (const auto& [text, ms] : {
             Sample{"1970-01-01T00:00:00.000Z", 0},
             Sample{"1970-01-01T00:00:00.001Z", 1},
             Sample{"1969-12-31T23:59:59.999Z", -1},
             Sample{"2026-11-20T09:30:00.000Z", 1795167000000},
             Sample{"2000-02-29T12:00:00.500Z", 951825600500},
             Sample{"1900-03-01T00:00:00.000Z", -2203891200000},
             Sample{"0001-01-01T00:00:00.000Z", -62135596800000},
             Sample{"9999-12-31T23:59:59.999Z", 253402300799999},
         }) {
        CAPTURE(text);
        CHECK(parse_instant(text) == Instant{ms});
        CHECK(to_text(Instant{ms}) == text);
    }
    std::string line = "at ";
    append_text(Instant{0}, line);
    CHECK(line == "at 1970-01-01T00:00:00.000Z");
}

TEST_CASE("instant: offsets, and fractions of up to nine digits cut to milliseconds") {
    for (const auto& [text, utc] : {
             std::pair{"2026-11-20T12:30:00+03:00", "2026-11-20T09:30:00.000Z"},
             std::pair{"2026-11-20T00:00:00-05:30", "2026-11-20T05:30:00.000Z"},
             std::pair{"2026-01-01T02:59:59+03:00", "2025-12-31T23:59:59.000Z"},
             std::pair{"2024-03-01T01:00:00+03:00", "2024-02-29T22:00:00.000Z"},
             std::pair{"2026-11-20T09:30:00-00:00", "2026-11-20T09:30:00.000Z"},
             std::pair{"2026-11-20T09:30:00+23:59", "2026-11-19T09:31:00.000Z"},
             std::pair{"2026-11-20t09:30:00z", "2026-11-20T09:30:00.000Z"},
             std::pair{"2026-11-20T09:30:00.1Z", "2026-11-20T09:30:00.100Z"},
             std::pair{"2026-11-20T09:30:00.12Z", "2026-11-20T09:30:00.120Z"},
             std::pair{"2026-11-20T09:30:00.1239Z", "2026-11-20T09:30:00.123Z"},
             std::pair{"2026-11-20T09:30:00.999999999+00:00", "2026-11-20T09:30:00.999Z"},
             std::pair{"1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"},
         }) {
        CAPTURE(text);
        const auto at = parse_instant(text);
        REQUIRE(at);
        CHECK(to_text(*at) == utc);
    }
}

TEST_CASE("instant: what is no RFC 3339 time of the years 0001 to 9999 is refused") {
    for (const char* text : {
             "",
             "2026-11-20",
             "2026-11-20T09:30:00",
             "2026-11-20 09:30:00Z",
             "2026-11-20T09:30Z",
             "2026-11-20T24:00:00Z",
             "2026-11-20T09:60:00Z",
             "2026-11-20T09:30:60Z",
             "2026-12-31T23:59:60Z",
             "2026-11-31T09:30:00Z",
             "2023-02-29T00:00:00Z",
             "1900-02-29T00:00:00Z",
             "2026-00-10T00:00:00Z",
             "2026-13-10T00:00:00Z",
             "2026-11-00T00:00:00Z",
             "0000-01-01T00:00:00Z",
             "10000-01-01T00:00:00Z",
             "-001-01-01T00:00:00Z",
             "2026-11-20T09:30:00.Z",
             "2026-11-20T09:30:00.1234567890Z",
             "2026-11-20T09:30:00,5Z",
             "2026-11-20T09:30:00+3:00",
             "2026-11-20T09:30:00+0300",
             "2026-11-20T09:30:00+03",
             "2026-11-20T09:30:00+24:00",
             "2026-11-20T09:30:00+03:60",
             "2026-11-20T09:30:00Z ",
             " 2026-11-20T09:30:00Z",
             "2026-11-20T09:30:00ZZ",
             "2026-11-20T09:30:00.000",
             "+026-11-20T09:30:00Z",
             "2026-11-20T09:30:0:Z",
             "2026-1١-20T09:30:00Z",
             // In range as written, out of it in UTC.
             "0001-01-01T00:00:00+00:01",
             "9999-12-31T23:59:59.999-00:01",
         }) {
        CAPTURE(text);
        CHECK_FALSE(parse_instant(text));
    }
    CHECK(parse_instant("0001-01-01T00:00:00-00:01"));
    CHECK(parse_instant("9999-12-31T23:59:59+00:01"));
}

TEST_CASE("date: only days that exist") {
    for (const char* text :
         {"2026-11-20", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "1969-12-31", "0004-02-29"}) {
        CAPTURE(text);
        const auto date = parse_date(text);
        REQUIRE(date);
        CHECK(to_text(*date) == text);
    }
    for (const char* text :
         {"2026-02-29", "2100-02-29",  "1900-02-29", "2026-04-31", "2026-06-31", "2026-09-31", "2026-11-31",
          "2026-01-32", "2026-00-01",  "2026-01-00", "2026-13-01", "0000-12-31", "2026-1-01",  "26-01-01",
          "2026/01/01", "2026-01-01T", "20260101",   "",           "2026-01-0a", "٢٠٢٦-٠١-٠١"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_date(text));
    }
}

TEST_CASE("date: every day from 0001 to 9999 follows the one before it and reads back") {
    std::int32_t days = parse_date("0001-01-01")->days;
    int year = 1, month = 1, day = 1;
    for (const std::int32_t last = parse_date("9999-12-31")->days; days <= last; ++days) {
        char text[11];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        if (to_text(Date{days}) != text || parse_date(text) != Date{days}) FAIL("day ", days, " is not ", text);
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        if (++day > lengths[month - 1]) day = 1, ++month;
        if (month > 12) month = 1, ++year;
    }
    CHECK(year == 10000);
}

TEST_CASE("date: of an instant, in UTC, also before 1970") {
    CHECK(date_of(Instant{0}) == Date{0});
    CHECK(date_of(Instant{day_ms - 1}) == Date{0});
    CHECK(date_of(Instant{day_ms}) == Date{1});
    CHECK(date_of(Instant{-1}) == Date{-1});
    CHECK(date_of(Instant{-day_ms}) == Date{-1});
    CHECK(date_of(Instant{-day_ms - 1}) == Date{-2});
    CHECK(to_text(date_of(*parse_instant("2026-11-20T23:30:00+03:00"))) == "2026-11-20");
    CHECK(to_text(date_of(*parse_instant("2026-11-20T01:30:00+03:00"))) == "2026-11-19");
}

TEST_CASE("instant: comparing and adding") {
    CHECK(Instant{5} < Instant{6});
    CHECK(Instant{5} + hour_ms == Instant{3600005});
    CHECK(Instant{day_ms} + -day_ms == Instant{0});
}
