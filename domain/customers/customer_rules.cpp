#include "domain/customers/customer_rules.h"

#include <unordered_set>

namespace nova::customers::customer {
namespace {

template <class Members>
Names completed_by(const Names& now, const Patch<Members>& patch) {
    Names next = patched<Names>(now, patch);
    const bool name_given = is_given(patch, "name");
    const bool parts_given = is_given(patch, "first_name") || is_given(patch, "last_name");
    if (!name_given && parts_given && next.first_name && next.last_name)
        next.name = Text<3, 200>{next.first_name->value + " " + next.last_name->value};
    if (name_given && !parts_given && next.name != now.name) next.first_name.reset(), next.last_name.reset();
    return next;
}

bool is_time_of_day(std::string_view text) {
    const auto digit = [&](int i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return false;
    return text.substr(0, 2) < "24" && text.substr(3) < "60";
}

void check_preferred_time(const PreferredTime& time, Violations& wrong) {
    const auto check = [&](const auto& member, const char* path) {
        if (member && !is_time_of_day(member->value))
            wrong.add_unless_known(path, "invalid_time", "A time of day reads HH:MM, from 00:00 to 23:59.");
    };
    check(time.from, "preferredContactTime.from");
    check(time.to, "preferredContactTime.to");
    if (time.from && time.to && time.from->value >= time.to->value)
        wrong.add_unless_known("preferredContactTime.from", "from_after_to", "`from` must be before `to`.");
}

// The rules that hold for any request, whole or partial.
template <class Members>
void check_given(const Patch<Members>& patch, Violations& wrong) {
    const Profile& values = patch.values;
    if (values.preferred_contact_time) check_preferred_time(*values.preferred_contact_time, wrong);
    if (values.credit_limit)
        for (char c : values.credit_limit->currency.value)
            if (c < 'A' || c > 'Z') {
                wrong.add_unless_known("creditLimit.currency", "invalid_currency",
                                       "A currency is an ISO 4217 code such as SAR.");
                break;
            }
    const bool name_emptied = is_given(patch, "name") && !values.name && !(values.first_name && values.last_name);
    if (name_emptied) wrong.add_unless_known("name", "required", "A customer needs a name.");
    if (values.first_name && values.last_name && !values.name &&
        length_in_characters(values.first_name->value) + length_in_characters(values.last_name->value) < 2)
        wrong.add_unless_known("name", "too_short", "First and last name together need at least 3 characters.");
}

// A list without entries that are the same when folded; the first spelling stays.
template <class T>
void drop_repeats(std::vector<T>& values) {
    std::unordered_set<std::string> seen;
    std::erase_if(values, [&](const T& value) { return !seen.insert(folded(value.value)).second; });
}

}  // namespace

Names completed(const Names& now, const Create& create) { return completed_by(now, create); }
Names completed(const Names& now, const Update& change) { return completed_by(now, change); }

void resolve_whatsapp(Contact& contact) {
    if (!contact.whatsapp || !contact.whatsapp->same_as_phone) return;
    if (contact.phone) contact.whatsapp = Whatsapp{*contact.phone, false};
    else contact.whatsapp.reset();
}

void check_reachable(const Contact& contact, const TenantFacts& settings, Violations& wrong) {
    if (settings.require_phone && !contact.phone)
        wrong.add_unless_known("phone", "required", "A phone number is required.");
    else if (!contact.phone && !contact.email)
        wrong.add_unless_known("phone", "required", "A phone number or an e-mail address is required.");
}

void check_budget(const Budget& budget, Violations& wrong) {
    if (budget.budget_min && budget.budget_max && *budget.budget_min > *budget.budget_max)
        wrong.add_unless_known("budgetMin", "min_above_max", "budgetMin must not be above budgetMax.");
}

void check_coordinates(const Location& location, Violations& wrong) {
    if (location.location_lat.has_value() == location.location_lng.has_value()) return;
    wrong.add_unless_known(location.location_lat ? "locationLng" : "locationLat", "coordinates_incomplete",
                           "Give both coordinates or none.");
}

bool holds(const std::vector<Tag>& tags, std::string_view tag) {
    const std::string wanted = folded(tag);
    for (const Tag& other : tags)
        if (folded(other.value) == wanted) return true;
    return false;
}

void without_repeats(std::vector<Tag>& tags) { drop_repeats(tags); }
void without_repeats(Preferences& preferences) {
    drop_repeats(preferences.preferred_cities.values);
    drop_repeats(preferences.preferred_districts.values);
    drop_repeats(preferences.property_types.values);
}

Tags merged_spelling(const Tags& now, Tags next) {
    without_repeats(next.tags.values);
    for (Tag& tag : next.tags.values)
        for (const Tag& kept : now.tags.values)
            if (folded(kept.value) == folded(tag.value)) tag = kept;
    return next;
}

void validate(const Create& create, const TenantFacts& settings, Violations& wrong) {
    check_given(create, wrong);
    const Profile& values = create.values;
    if (!values.name && !(values.first_name && values.last_name))
        wrong.add_unless_known("name", "required", "Give `name`, or `firstName` and `lastName` together.");
    check_reachable(values, settings, wrong);
    check_budget(values, wrong);
    check_coordinates(values, wrong);
}

void validate(const Update& change, const TenantFacts&, Violations& wrong) {
    check_given(change, wrong);
    if (is_given(change, "budget_min") && is_given(change, "budget_max")) check_budget(change.values, wrong);
    if (is_given(change, "location_lat") && is_given(change, "location_lng")) check_coordinates(change.values, wrong);
}

}  // namespace nova::customers::customer
