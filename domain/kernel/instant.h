// Points of time: an Instant (milliseconds, UTC) and a calendar Date. Nothing here reads a clock.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nova {

struct Instant {
    std::int64_t ms = 0;  // since 1970-01-01T00:00:00Z
    auto operator<=>(const Instant&) const = default;
    Instant operator+(std::int64_t more_ms) const { return {ms + more_ms}; }
};

constexpr std::int64_t second_ms = 1000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;

// RFC 3339 in UTC with milliseconds: 2026-11-20T09:30:00.000Z.
std::string to_text(Instant);
void append_text(Instant, std::string& out);
// RFC 3339 with any offset and 0–9 fractional digits (cut to milliseconds); years 0001–9999.
std::optional<Instant> parse_instant(std::string_view);

struct Date {
    std::int32_t days = 0;  // since 1970-01-01
    auto operator<=>(const Date&) const = default;
};
std::string to_text(Date);  // YYYY-MM-DD
std::optional<Date> parse_date(std::string_view);  // only dates that exist
Date date_of(Instant);  // in UTC

}  // namespace nova
