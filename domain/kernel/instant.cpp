#include "domain/kernel/instant.h"

namespace nova {
namespace {

struct Civil {
    int year, month, day;
};

// Both directions count in eras of 400 years whose years start in March, so that a leap day is the last of its year
// (Howard Hinnant, "chrono-compatible low-level date algorithms").
constexpr std::int32_t days_of(Civil date) {
    const int year = date.year - (date.month <= 2 ? 1 : 0);
    const int era = (year >= 0 ? year : year - 399) / 400;
    const unsigned year_of_era = static_cast<unsigned>(year - era * 400);
    const unsigned month_from_march = static_cast<unsigned>(date.month + (date.month > 2 ? -3 : 9));
    const unsigned day_of_year = (153 * month_from_march + 2) / 5 + static_cast<unsigned>(date.day) - 1;
    const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + static_cast<std::int32_t>(day_of_era) - 719468;
}

constexpr Civil civil_of(std::int64_t days) {
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const unsigned day_of_era = static_cast<unsigned>(days - era * 146097);
    const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned month_from_march = (5 * day_of_year + 2) / 153;
    const int day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    const int month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    const int year = static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0);
    return {year, month, day};
}

static_assert(days_of({1970, 1, 1}) == 0 && days_of({2000, 3, 1}) == 11017 && days_of({1, 1, 1}) == -719162);

constexpr std::int64_t first_ms = std::int64_t{days_of({1, 1, 1})} * day_ms;
constexpr std::int64_t end_ms = (std::int64_t{days_of({9999, 12, 31})} + 1) * day_ms;

constexpr bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int days_in(int year, int month) {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

constexpr std::int64_t floor_days(std::int64_t ms) { return ms >= 0 ? ms / day_ms : (ms - (day_ms - 1)) / day_ms; }

void write_number(int value, int width, char* to) {
    for (int i = width - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

constexpr std::size_t date_length = 10, instant_length = 24;

void write_date(std::int64_t days, char* to) {
    const Civil date = civil_of(days);
    write_number(date.year, 4, to);
    to[4] = to[7] = '-';
    write_number(date.month, 2, to + 5);
    write_number(date.day, 2, to + 8);
}

void write_instant(Instant at, char* to) {
    const std::int64_t days = floor_days(at.ms);
    const int of_day = static_cast<int>(at.ms - days * day_ms);
    write_date(days, to);
    to[10] = 'T';
    write_number(of_day / static_cast<int>(hour_ms), 2, to + 11);
    write_number(of_day / static_cast<int>(minute_ms) % 60, 2, to + 14);
    write_number(of_day / static_cast<int>(second_ms) % 60, 2, to + 17);
    write_number(of_day % static_cast<int>(second_ms), 3, to + 20);
    to[13] = to[16] = ':';
    to[19] = '.';
    to[23] = 'Z';
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Exactly `width` digits at `at`; -1 if they are not there.
int read_number(std::string_view text, std::size_t at, std::size_t width) {
    if (text.size() < at + width) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + width; ++i) {
        if (!is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

constexpr std::int64_t no_offset = INT64_MIN;

// "Z" or "+03:00", which must be all that is left.
std::int64_t read_offset_ms(std::string_view rest) {
    if (rest == "Z" || rest == "z") return 0;
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return no_offset;
    const int hours = read_number(rest, 1, 2), minutes = read_number(rest, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return no_offset;
    const std::int64_t offset = hours * hour_ms + minutes * minute_ms;
    return rest[0] == '+' ? offset : -offset;
}

// The milliseconds of ".123456789"; `at` moves behind it. -1 if there is a point without 1–9 digits.
int read_fraction_ms(std::string_view text, std::size_t& at) {
    if (at >= text.size() || text[at] != '.') return 0;
    const std::size_t start = ++at;
    int ms = 0;
    for (; at < text.size() && is_digit(text[at]); ++at)
        if (at - start < 3) ms = ms * 10 + (text[at] - '0');
    const std::size_t digits = at - start;
    if (digits == 0 || digits > 9) return -1;
    for (std::size_t i = digits; i < 3; ++i) ms *= 10;
    return ms;
}

}  // namespace

std::string to_text(Instant at) {
    std::string out(instant_length, '\0');
    write_instant(at, out.data());
    return out;
}

void append_text(Instant at, std::string& out) {
    char text[instant_length];
    write_instant(at, text);
    out.append(text, instant_length);
}

std::optional<Instant> parse_instant(std::string_view text) {
    if (text.size() < 20 || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':') return std::nullopt;
    const auto date = parse_date(text.substr(0, date_length));
    const int hour = read_number(text, 11, 2), minute = read_number(text, 14, 2), second = read_number(text, 17, 2);
    // A leap second (…:60) is refused: no clock of ours ever shows one and milliseconds since 1970 cannot say it.
    if (!date || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
    std::size_t at = 19;
    const int fraction_ms = read_fraction_ms(text, at);
    if (fraction_ms < 0) return std::nullopt;
    const std::int64_t offset_ms = read_offset_ms(text.substr(at));
    if (offset_ms == no_offset) return std::nullopt;
    const std::int64_t of_day_ms = hour * hour_ms + minute * minute_ms + second * second_ms + fraction_ms;
    const std::int64_t ms = date->days * day_ms + of_day_ms - offset_ms;
    // An offset can push a time of the first or last day out of the years that can be written.
    if (ms < first_ms || ms >= end_ms) return std::nullopt;
    return Instant{ms};
}

std::string to_text(Date date) {
    std::string out(date_length, '\0');
    write_date(date.days, out.data());
    return out;
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != date_length || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int year = read_number(text, 0, 4), month = read_number(text, 5, 2), day = read_number(text, 8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return std::nullopt;
    return Date{days_of({year, month, day})};
}

Date date_of(Instant at) { return {static_cast<std::int32_t>(floor_days(at.ms))}; }

}  // namespace nova
