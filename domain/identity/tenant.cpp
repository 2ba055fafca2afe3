#include "domain/identity/tenant.h"

#include <algorithm>

#include "domain/kernel/saudi.h"

namespace nova::identity::tenant {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }
bool all_upper(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void check(const LegalDetails& details, Violations& wrong) {
    if (details.vat_number) {
        const std::string& number = details.vat_number->value;
        if (number.size() != 15 || !all_digits(number) || number.front() != '3' || number.back() != '3')
            wrong.add("vatNumber", "invalid_vat_number", "A VAT number has 15 digits and begins and ends with 3.");
    }
    if (details.commercial_registration && !is_commercial_registration(details.commercial_registration->value))
        wrong.add("commercialRegistration", "invalid_commercial_registration",
                  "A commercial registration has ten digits.");
    if (!all_upper(details.country.value))
        wrong.add("country", "invalid_country", "A country is an ISO 3166 code of two letters, such as SA.");
}

void check(const Settings& settings, Violations& wrong) {
    if (!all_upper(settings.currency.value))
        wrong.add("settings.currency", "invalid_currency",
                  "A currency is an ISO 4217 code of three letters, such as SAR.");
    if (settings.locale.value != "ar" && settings.locale.value != "en")
        wrong.add("settings.locale", "unknown_value", "The language is one of ar, en.");
}

}  // namespace

bool is_slug(std::string_view slug) {
    return slug.size() >= 3 && slug.size() <= 50 && std::all_of(slug.begin(), slug.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
    });
}

std::optional<std::string> slug_of(std::string_view name) {
    std::string slug;
    bool latin = false;
    for (const char c : name) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        if ((lower >= 'a' && lower <= 'z') || is_digit(lower)) {
            latin = latin || !is_digit(lower);
            slug += lower;
        } else if (!slug.empty() && slug.back() != '-') {
            slug += '-';
        }
        if (slug.size() == 40) break;   // leaves room for a number behind it
    }
    while (!slug.empty() && slug.back() == '-') slug.pop_back();
    if (!latin || slug.size() < 3) return {};
    return slug;
}

Decision<Event> decide(const State& tenant, const Create& command, const Context&) {
    if (tenant.exists) return Rejection::rule("wrong_state", "The company exists already.");
    Settings settings;
    settings.require_phone = command.kind == Kind::BROKERAGE;
    return Created{command.name, command.slug, command.kind, command.owner, settings};
}

Decision<Event> decide(const State& tenant, const Change& change, const Context&) {
    if (!tenant.exists) return Rejection::not_found();
    Violations wrong;
    const TenantNames names = patched<TenantNames>(tenant, change);
    const LegalDetails details = patched<LegalDetails>(tenant, change);
    const Settings settings =
        is_given(change, "settings") ? patched<Settings>(tenant.settings, change.values.settings) : tenant.settings;
    if (is_given(change, "slug") && !is_slug(names.slug.value))
        wrong.add("slug", "invalid_slug", "A slug has 3 to 50 small Latin letters, digits and hyphens.");
    check(details, wrong);
    check(settings, wrong);
    if (!wrong.empty()) return Rejection::invalid(std::move(wrong));

    std::vector<Event> events;
    if (names != static_cast<const TenantNames&>(tenant)) events.emplace_back(Renamed{names});
    if (details != static_cast<const LegalDetails&>(tenant)) events.emplace_back(LegalDetailsChanged{details});
    if (settings != tenant.settings) events.emplace_back(SettingsChanged{settings});
    return events;
}

void evolve(State& tenant, const Created& event) {
    tenant.exists = true;
    tenant.name = event.name, tenant.slug = event.slug;
    tenant.kind = event.kind, tenant.owner = event.owner_id, tenant.settings = event.settings;
}
void evolve(State& tenant, const Renamed& event) { static_cast<TenantNames&>(tenant) = event; }
void evolve(State& tenant, const LegalDetailsChanged& event) { static_cast<LegalDetails&>(tenant) = event; }
void evolve(State& tenant, const SettingsChanged& event) { tenant.settings = event.settings; }

}  // namespace nova::identity::tenant
