#include "domain/kernel/contact.h"

#include "domain/kernel/international_phone.h"
#include "domain/kernel/text.h"

namespace nova {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_separator(char c) { return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')'; }

// No country gives out longer numbers, and "00" may stand before one.
constexpr std::size_t longest_number = 15, longest_typed = longest_number + 2;

// What is left of a typed number: ASCII digits, with a '+' before them or not. Empty if it holds anything but these,
// separators and blanks.
std::string digits_of(std::string_view typed) {
    std::string ascii = with_ascii_digits(typed);
    std::string digits;
    for (std::size_t i = 0; i < ascii.size(); ++i) {
        const char c = ascii[i];
        if (is_digit(c) || (c == '+' && digits.empty())) {
            digits += c;
        } else if (ascii.compare(i, 2, "\xc2\xa0") == 0) {  // a no-break space, as web pages put between groups
            ++i;
        } else if (!is_separator(c)) {
            return {};
        }
    }
    const std::size_t count = digits.size() - (digits.starts_with('+') ? 1 : 0);
    return count == 0 || count > longest_typed ? std::string{} : digits;
}

// The number behind +966, "5XXXXXXXX", in any of the Saudi forms; empty if it is in none of them.
std::string_view saudi_mobile(std::string_view digits) {
    std::string_view rest = digits;
    for (const std::string_view prefix : {"+966", "00966", "966", "0"}) {
        if (!rest.starts_with(prefix)) continue;
        rest.remove_prefix(prefix.size());
        break;
    }
    return rest.size() == 9 && rest.starts_with('5') ? rest : std::string_view{};
}

// "+" and digits for a number in international form; empty for one without its country.
std::string international(std::string_view digits) {
    if (digits.starts_with("00")) return "+" + std::string(digits.substr(2));
    return digits.starts_with('+') ? std::string(digits) : std::string{};
}

using Reading = std::optional<std::string> (*)(const std::string&);

std::optional<std::string> e164_of(std::string_view typed, Reading foreign) {
    const std::string digits = digits_of(typed);
    if (const auto mobile = saudi_mobile(digits); !mobile.empty()) return "+966" + std::string(mobile);
    const std::string number = international(digits);
    if (number.empty() || number.size() > longest_number + 1) return std::nullopt;
    return foreign(number);
}

std::string_view without_blanks_around(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view{}
                                             : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::optional<Phone> parse_phone(std::string_view typed) {
    const std::string_view text = without_blanks_around(typed);
    auto e164 = e164_of(text, valid_e164);
    if (!e164) return std::nullopt;
    return Phone{std::string(text), std::move(*e164)};
}

Phone stored_phone(std::string_view text) {
    // Whether the number can exist was asked when it came in; the library's answer may have changed since.
    return {std::string(text), e164_of(text, readable_e164).value_or("")};
}

std::string phone_search_digits(std::string_view typed) {
    std::string digits = digits_of(typed);
    const std::size_t typed_digits = digits.size() - (digits.starts_with('+') ? 1 : 0);
    if (typed_digits < 3) return {};
    if (digits.starts_with('+')) return digits.substr(1);
    if (digits.starts_with("05")) return "966" + digits.substr(1);
    // No country's number begins with 0, so what stands behind "00" must be a country, or the zeros are in the middle.
    if (digits.starts_with("00") && digits.size() >= 5 && digits[2] != '0') return digits.substr(2);
    return digits;
}

}  // namespace nova
