#include "domain/customers/customer.h"

#include "domain/customers/customer_rules.h"

namespace nova::customers::customer {
namespace {

constexpr std::int64_t restorable_ms = 30 * day_ms;

// Adds the event `Changed` if the patch makes its group something else than it is.
template <class Changed, class Group>
void revise(std::vector<Event>& events, const State& customer, const Group& next) {
    if (static_cast<const Group&>(customer) == next) return;
    Changed event;
    static_cast<Group&>(event) = next;
    events.emplace_back(std::move(event));
}

std::optional<Rejection> move_to(Status next, const State& customer, std::vector<Event>& events) {
    if (next == customer.status) return {};
    if (next == Status::ARCHIVED) events.emplace_back(Archived{{}, customer.status});
    else if (next == Status::ACTIVE) events.emplace_back(Reactivated{{}, customer.status});
    else if (customer.status == Status::ACTIVE) events.emplace_back(Deactivated{{}, customer.status});
    else return Rejection::rule("wrong_state", "An archived customer must be made active before it can be inactive.");
    return {};
}

std::optional<Rejection> check_assignment(const Assignment& assignment, const Context& context) {
    if (assignment.assigned_to && !context.directory.is_active_member(context.tenant, *assignment.assigned_to))
        return Rejection::rule("assignee_not_member", "Customers are assigned to active members of the tenant only.");
    if (assignment.team_id) {
        Rejection unknown = Rejection::rule("reference_not_found", "The team does not exist.");
        unknown.details.add("teamId", "reference_not_found", "There is no such team.");
        return unknown;
    }
    return {};
}

TagsChanged retagged(const State& customer, const Tags& next) {
    TagsChanged event{next, {}, {}};
    for (const Tag& tag : next.tags.values)
        if (!holds(customer.tags.values, tag.value)) event.added.push_back(tag);
    for (const Tag& tag : customer.tags.values)
        if (!holds(next.tags.values, tag.value)) event.removed.push_back(tag);
    return event;
}

// The groups of the patch in the order in which their events are stored.
void revise_groups(std::vector<Event>& events, const State& customer, const Update& change) {
    revise<ContactPreferenceChanged>(events, customer, patched<ContactPreference>(customer, change));
    revise<BudgetChanged>(events, customer, patched<Budget>(customer, change));
    if (touches<Preferences>(change)) {
        Preferences next = patched<Preferences>(customer, change);
        without_repeats(next);
        revise<PreferencesChanged>(events, customer, next);
    }
    if (touches<Tags>(change)) {
        const Tags next = merged_spelling(customer, patched<Tags>(customer, change));
        if (next != static_cast<const Tags&>(customer)) events.emplace_back(retagged(customer, next));
    }
    revise<NotesChanged>(events, customer, patched<Notes>(customer, change));
    revise<CustomFieldsChanged>(events, customer, patched<CustomFields>(customer, change));
    revise<LocationChanged>(events, customer, patched<Location>(customer, change));
    revise<CreditLimitChanged>(events, customer, patched<CreditLimit>(customer, change));
}

}  // namespace

Decision<Event> decide(const State& customer, const Create& create, const Context& context) {
    if (customer.stage != State::Stage::absent) return Rejection::rule("wrong_state", "The customer exists already.");
    Violations wrong;
    validate(create, context.directory.tenant(context.tenant), wrong);
    if (!wrong.empty()) return Rejection::invalid(std::move(wrong));

    Created created;
    static_cast<Profile&>(created) = create.values;
    static_cast<Names&>(created) = completed(Names{}, create);
    resolve_whatsapp(created);
    without_repeats(static_cast<Preferences&>(created));
    without_repeats(created.tags.values);
    if (!is_given(create, "assigned_to") && context.actor.type == ActorType::USER)
        created.assigned_to = context.actor.user;
    if (auto refused = check_assignment(created, context)) return *refused;
    created.user_id = context.actor.user;
    return created;
}

Decision<Event> decide(const State& customer, const Update& change, const Context& context) {
    if (!customer.present()) return Rejection::not_found();
    Violations wrong;
    validate(change, context.directory.tenant(context.tenant), wrong);
    Contact contact = patched<Contact>(customer, change);
    resolve_whatsapp(contact);
    if (touches<Contact>(change)) check_reachable(contact, context.directory.tenant(context.tenant), wrong);
    check_budget(patched<Budget>(customer, change), wrong);
    check_coordinates(patched<Location>(customer, change), wrong);
    if (!wrong.empty()) return Rejection::invalid(std::move(wrong));

    std::vector<Event> events;
    revise<Renamed>(events, customer, completed(customer, change));
    revise<ContactChanged>(events, customer, contact);
    revise<Classified>(events, customer, patched<Classification>(customer, change));
    const std::size_t before_status = events.size();
    if (is_given(change, "status"))
        if (auto refused = move_to(change.values.status, customer, events)) return *refused;
    const bool only_status = events.size() - before_status;
    if (is_given(change, "is_vip") && change.values.is_vip != customer.is_vip) {
        if (change.values.is_vip) events.emplace_back(MarkedVip{});
        else events.emplace_back(UnmarkedVip{});
    }
    revise_groups(events, customer, change);
    if (const Assignment next = patched<Assignment>(customer, change);
        next != static_cast<const Assignment&>(customer)) {
        if (auto refused = check_assignment(next, context)) return *refused;
        events.emplace_back(Assigned{next, customer.assigned_to, customer.team_id, {}});
    }
    if (customer.status == Status::ARCHIVED && events.size() > std::size_t{only_status})
        return Rejection::rule("customer_archived", "The customer is archived; only its status may change.");
    return events;
}

Decision<Event> decide(const State& customer, const Delete& command, const Context& context) {
    if (!customer.present()) return Rejection::not_found();
    return Deleted{command.reason, context.now + restorable_ms};
}

void evolve(State& customer, const Created& event) {
    static_cast<Profile&>(customer) = event;
    customer.user_id = event.user_id;
    customer.stage = State::Stage::present;
}
void evolve(State& customer, const Archived&) { customer.status = Status::ARCHIVED; }
void evolve(State& customer, const Reactivated&) { customer.status = Status::ACTIVE; }
void evolve(State& customer, const Deactivated&) { customer.status = Status::INACTIVE; }
void evolve(State& customer, const MarkedVip&) { customer.is_vip = true; }
void evolve(State& customer, const UnmarkedVip&) { customer.is_vip = false; }
void evolve(State& customer, const Deleted&) { customer.stage = State::Stage::deleted; }

}  // namespace nova::customers::customer
