#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "domain/kernel/contact.h"
#include "domain/kernel/text.h"

namespace nova {
namespace {

constexpr std::size_t longest_email = 254, longest_label = 63;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Signs that an address may only hold in quotes, which nobody uses; in a message's header they would begin another
// address.
constexpr bool is_mail_syntax(UChar32 c) {
    return c < 0x80 && std::string_view("<>()[],;:\\\"").find(static_cast<char>(c)) != std::string_view::npos;
}

bool may_stand_in_email(UChar32 c) {
    if (c <= ' ' || c == 0x7f || is_mail_syntax(c)) return false;
    if (c < 0x80) return true;
    // Blanks and line ends break an address; what nobody sees makes two that look like one.
    if (u_isUWhiteSpace(c)) return false;
    const auto kind = u_charType(c);
    return kind != U_CONTROL_CHAR && kind != U_FORMAT_CHAR && kind != U_UNASSIGNED && kind != U_PRIVATE_USE_CHAR;
}

bool all_may_stand_in_email(std::string_view text) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto length = static_cast<std::int64_t>(text.size());
    for (std::int64_t i = 0; i < length;) {
        UChar32 c;
        U8_NEXT(bytes, i, length, c);
        if (c < 0 || !may_stand_in_email(c)) return false;
    }
    return true;
}

bool is_domain_label(std::string_view label) {
    if (label.empty() || label.size() > longest_label || label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(), [](char c) {
        const char lower = static_cast<char>(c | 0x20);
        return static_cast<signed char>(c) < 0 || is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '-';
    });
}

bool is_domain(std::string_view domain) {
    std::size_t labels = 0;
    for (std::size_t start = 0; start <= domain.size(); ++labels) {
        const auto end = std::min(domain.find('.', start), domain.size());
        if (!is_domain_label(domain.substr(start, end - start))) return false;
        start = end + 1;
    }
    return labels >= 2;
}

}  // namespace

std::string Email::key() const {
    std::string lower;
    lower.reserve(text.size());
    bool ascii = true;
    for (const char c : text) {
        ascii &= static_cast<signed char>(c) >= 0;
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    }
    if (ascii) return lower;
    // Two spellings of one accented letter are one address.
    std::string composed, out;
    if (clean_text(lower, composed) != TextFault::none) composed = lower;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(composed.data());
    const auto length = static_cast<std::int64_t>(composed.size());
    for (std::int64_t i = 0; i < length;) {
        UChar32 c;
        U8_NEXT(bytes, i, length, c);
        if (c < 0) continue;
        std::uint8_t encoded[U8_MAX_LENGTH];
        int size = 0;
        U8_APPEND_UNSAFE(encoded, size, u_tolower(c));
        out.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
    }
    return out;
}

std::optional<Email> parse_email(std::string_view text) {
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || text.rfind('@') != at) return std::nullopt;
    if (length_in_characters(text) > longest_email || !all_may_stand_in_email(text)) return std::nullopt;
    const std::string_view local = text.substr(0, at);
    if (local.starts_with('.') || local.ends_with('.')) return std::nullopt;
    if (local.find("..") != std::string_view::npos) return std::nullopt;
    if (!is_domain(text.substr(at + 1))) return std::nullopt;
    return Email{std::string(text)};
}

}  // namespace nova
