#include "domain/identity/profile.h"

#include <algorithm>

#include "domain/kernel/saudi.h"

namespace nova::identity {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Country/City in letters; whether the zone exists is known to the clients' own tables, not to the domain.
bool is_zone_name(std::string_view zone) {
    return !zone.empty() && is_letter(zone.front()) && std::all_of(zone.begin(), zone.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
    });
}

void check_licences(const Profile& person, Violations& wrong) {
    if (person.commercial_registration && !is_commercial_registration(person.commercial_registration->value))
        wrong.add("commercialRegistration", "invalid_commercial_registration",
                  "A commercial registration has ten digits.");
    if (person.fal_license) {
        const std::string& licence = person.fal_license->value;
        if (!std::all_of(licence.begin(), licence.end(),
                         [](char c) { return is_digit(c) || is_letter(c) || c == '-'; }))
            wrong.add("falLicense", "invalid_fal_license", "A FAL licence has only letters, digits and hyphens.");
    }
}

}  // namespace

void check(const Profile& person, Instant now, Violations& wrong) {
    check_licences(person, wrong);
    if (person.id_number && !is_saudi_id(person.id_number->value))
        wrong.add("idNumber", "invalid_id_number",
                  "A Saudi identity number has ten digits, begins with 1 or 2 and has a right check digit.");
    if (person.date_of_birth &&
        (*person.date_of_birth < *parse_date("1900-01-01") || *person.date_of_birth >= date_of(now)))
        wrong.add("dateOfBirth", "invalid_date_of_birth", "A date of birth lies between 1900-01-01 and yesterday.");
    if (person.locale.value != "ar" && person.locale.value != "en")
        wrong.add_unless_known("locale", "unknown_value", "The language is one of ar, en.");
    if (!is_zone_name(person.timezone.value))
        wrong.add_unless_known("timezone", "invalid_timezone", "A time zone is an IANA name such as Asia/Riyadh.");
}

std::optional<Names> completed(const std::optional<FullName>& name, const std::optional<GivenName>& first,
                               const std::optional<GivenName>& last) {
    Names names{{}, first, last};
    if (first && last) {
        names.name.value = first->value + " " + last->value;
        return names;
    }
    if (!name) return {};
    names.name = *name;
    if (first || last) return names;
    const std::size_t blank = name->value.find(' ');
    names.first_name = GivenName{name->value.substr(0, blank)};
    if (blank != std::string::npos) {
        const std::size_t rest = name->value.find_first_not_of(' ', blank);
        if (rest != std::string::npos) names.last_name = GivenName{name->value.substr(rest)};
    }
    return names;
}

Names completed(const Names& now, const Patch<Profile>& patch) {
    if (!touches<Names>(patch)) return now;
    const bool parts = is_given(patch, "first_name") || is_given(patch, "last_name");
    if (!parts) return *completed(patch.values.name, {}, {});
    const Names next = patched<Names>(now, patch);
    return completed(next.name, next.first_name, next.last_name).value_or(next);
}

}  // namespace nova::identity
