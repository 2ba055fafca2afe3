#include "projections/customers/customers.h"

namespace nova::projections {
namespace customer = nova::customers::customer;

// `project` is found by the collection beside the view, so these are static and not in an unnamed namespace.

// Every event moves the item on, whatever else it changes.
static void touch(CustomerView& view, const Meta& meta) {
    view.updated_at = meta.time();
    view.version = meta.version();
}

static void project(CustomerView& view, const customer::Created& event, const Meta& meta) {
    static_cast<customer::Profile&>(view) = event;
    view.id = CustomerId{parse_uuid(row_of_stream(meta).id).value_or(Uuid{})};
    view.user_id = view.created_by = event.user_id;
    view.created_at = meta.time();
    touch(view, meta);
}
static void become(CustomerView& view, customer::Status status, const Meta& meta) {
    view.status = status;
    touch(view, meta);
}
static void project(CustomerView& view, const customer::Archived&, const Meta& meta) {
    become(view, customer::Status::ARCHIVED, meta);
}
static void project(CustomerView& view, const customer::Reactivated&, const Meta& meta) {
    become(view, customer::Status::ACTIVE, meta);
}
static void project(CustomerView& view, const customer::Deactivated&, const Meta& meta) {
    become(view, customer::Status::INACTIVE, meta);
}
static void project(CustomerView& view, const customer::MarkedVip&, const Meta& meta) {
    view.is_vip = true, touch(view, meta);
}
static void project(CustomerView& view, const customer::UnmarkedVip&, const Meta& meta) {
    view.is_vip = false, touch(view, meta);
}
template <class GroupChanged>
static void project(CustomerView& view, const GroupChanged& event, const Meta& meta) {
    customer::replace_group(view, event);
    touch(view, meta);
}

// For `budgetMin=`/`budgetMax=`: ranges that overlap. A range open at one end reaches to that end; without any budget a
// customer is in no range.
static std::optional<std::int64_t> budget_low(const CustomerView& view) {
    if (!view.budget_min && !view.budget_max) return {};
    return view.budget_min ? view.budget_min->value : 0;
}
static std::optional<std::int64_t> budget_high(const CustomerView& view) {
    if (!view.budget_min && !view.budget_max) return {};
    return view.budget_max ? view.budget_max->value : schemas::max_exact;
}
static std::optional<std::int64_t> best_budget(const CustomerView& view) {
    return view.budget_max ? std::optional(view.budget_max->value) : std::nullopt;
}

static void search_text(const CustomerView& view, std::string& out) {
    const auto add = [&](const auto& member) {
        if (member) out += member->value, out += ' ';
    };
    add(view.name), add(view.category), add(view.notes);
    for (const auto& tag : view.tags.values) out += tag.value, out += ' ';
    if (view.email) out += view.email->text, out += ' ';
    const auto add_phone = [&](const Phone& phone) { out += phone.e164, out += ' ', out += phone.text, out += ' '; };
    if (view.phone) add_phone(*view.phone);
    if (view.whatsapp && (!view.phone || view.whatsapp->phone.e164 != view.phone->e164))
        add_phone(view.whatsapp->phone);
}

static CollectionInfo make() {
    using V = CustomerView;
    using namespace customer;
    const auto filter = [](Match match = Match::equals) {
        return Collection<V>::Flags{.filter = true, .match = match};
    };
    Collection<V> c("customers", "customer", 1);
    c.on<Created, Renamed, ContactChanged, Classified, Archived, Reactivated, Deactivated, MarkedVip, UnmarkedVip,
         ContactPreferenceChanged, BudgetChanged, PreferencesChanged, TagsChanged, NotesChanged, CustomFieldsChanged,
         LocationChanged, CreditLimitChanged, Assigned>();
    c.removed_by<Deleted>();
    c.owner(&V::user_id).assignee(&V::assigned_to).team(&V::team_id);
    c.column("status", &V::status, filter());
    c.column("type", [](const V& v) { return v.Classification::type; }, filter());
    c.column("category", &V::category, filter());
    c.column("interestLevel", &V::interest_level, {.filter = true, .sort = true});
    c.column("source", &V::source, filter());
    c.column("isVip", [](const V& v) { return v.is_vip; }, filter());
    c.column("assignedTo", &V::assigned_to, filter());
    c.column("userId", &V::user_id, filter());
    c.column("teamId", &V::team_id, filter());
    c.column("financingNeeded", &V::financing_needed, filter());
    c.column("tags", &V::tags, filter(Match::any_of));
    c.column("preferredCity", &V::preferred_cities, filter(Match::any_of));
    c.column("preferredDistrict", &V::preferred_districts, filter(Match::any_of));
    c.column("propertyType", &V::property_types, filter(Match::any_of));
    c.column("customFields", &V::custom_fields, {});
    c.column("hasPhone", [](const V& v) { return v.phone.has_value(); }, filter());
    c.column("hasEmail", [](const V& v) { return v.email.has_value(); }, filter());
    c.column("budgetLow", budget_low, {});
    c.column("budgetHigh", budget_high, {});
    c.column("budgetMax", best_budget, {.sort = true});
    c.column("createdAt", &V::created_at, {.range = true, .sort = true, .index = true});
    c.column("updatedAt", &V::updated_at, {.range = true, .sort = true});
    c.column("lastContact", &V::last_contact, {.range = true, .sort = true});
    c.column("name", &V::name, {.sort = true, .index = true, .folded = true});
    c.search(search_text);
    return c.build();
}

const CollectionInfo& customers() {
    static const CollectionInfo info = make();
    return info;
}

}  // namespace nova::projections
