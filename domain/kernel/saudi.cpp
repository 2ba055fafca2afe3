#include "domain/kernel/saudi.h"

#include <algorithm>

namespace nova {
namespace {

bool is_ten_digits(std::string_view text) {
    return text.size() == 10 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// From the right every second digit counts double, a sum of two digits as the sum of these.
bool passes_luhn(std::string_view digits) {
    int sum = 0;
    bool twice = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
        const int value = (*digit - '0') * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

}  // namespace

bool is_saudi_id(std::string_view text) {
    return is_ten_digits(text) && (text.front() == '1' || text.front() == '2') && passes_luhn(text);
}

bool is_commercial_registration(std::string_view text) { return is_ten_digits(text); }

}  // namespace nova
