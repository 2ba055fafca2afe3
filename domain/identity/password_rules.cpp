#include "domain/identity/password_rules.h"

#include <algorithm>
#include <unordered_set>

#include "domain/identity/common_passwords.h"
#include "domain/kernel/text.h"

namespace nova::identity {
namespace {

constexpr std::size_t shortest = 8, longest = 128, identity_shortest = 6;

bool contains(const std::string& folded_password, std::string_view part) {
    const std::string needle = folded(part);
    return length_in_characters(needle) >= identity_shortest && folded_password.find(needle) != std::string::npos;
}

}  // namespace

bool is_common_password(std::string_view password) {
    static const std::unordered_set<std::string_view> common = [] {
        std::unordered_set<std::string_view> words;
        words.reserve(10000);
        std::string_view all = common_passwords;
        while (!all.empty()) {
            const std::size_t end = std::min(all.find(' '), all.size());
            words.insert(all.substr(0, end));
            all.remove_prefix(std::min(end + 1, all.size()));
        }
        return words;
    }();
    return common.contains(password);
}

void check_password(std::string_view password, std::string_view email, std::string_view name, const std::string& path,
                    Violations& wrong) {
    const auto any = [&](auto is) { return std::any_of(password.begin(), password.end(), is); };
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const std::size_t length = length_in_characters(password);
    if (length < shortest) wrong.add(path, "too_short", "A password has at least 8 characters.");
    if (length > longest) wrong.add(path, "too_long", "A password has at most 128 characters.");
    if (!any(upper)) wrong.add(path, "no_upper", "A password has a capital letter.");
    if (!any(lower)) wrong.add(path, "no_lower", "A password has a small letter.");
    if (!any(digit)) wrong.add(path, "no_digit", "A password has a digit.");
    if (!any([&](char c) { return !upper(c) && !lower(c) && !digit(c); }))
        wrong.add(path, "no_special", "A password has a character that is neither letter nor digit.");
    if (is_common_password(password)) wrong.add(path, "too_common", "This password is among the commonest.");
    const std::string plain = folded(password);
    if (contains(plain, email.substr(0, email.find('@'))) || contains(plain, name))
        wrong.add(path, "contains_identity", "A password does not contain the e-mail's local part or the name.");
}

}  // namespace nova::identity
