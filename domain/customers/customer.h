// A customer: a person or company that a tenant works for, from the first contact to archive or deletion.
#pragma once
#include <optional>
#include <variant>

#include "domain/customers/customer_profile.h"
#include "domain/kernel/context.h"
#include "domain/kernel/decision.h"
#include "domain/kernel/patch.h"

namespace nova::customers::customer {

// Stored for ever: never rename or drop a member. A new member is optional; a new meaning is a new event.
// An event carries the whole group that changed, so the groups of the profile are its bases.
struct Created : Profile {
    static constexpr std::string_view type = "nova.customer.CustomerCreated";
    UserId user_id;
    std::optional<ImportId> import_id;
};
BOOST_DESCRIBE_STRUCT(Created, (Profile), (user_id, import_id))
struct Renamed : Names { static constexpr std::string_view type = "nova.customer.CustomerRenamed"; };
BOOST_DESCRIBE_STRUCT(Renamed, (Names), ())
struct ContactChanged : Contact { static constexpr std::string_view type = "nova.customer.CustomerContactChanged"; };
BOOST_DESCRIBE_STRUCT(ContactChanged, (Contact), ())
struct Classified : Classification { static constexpr std::string_view type = "nova.customer.CustomerClassified"; };
BOOST_DESCRIBE_STRUCT(Classified, (Classification), ())
struct Archived {
    static constexpr std::string_view type = "nova.customer.CustomerArchived";
    std::optional<Reason> reason;
    Status previous_status{};
};
BOOST_DESCRIBE_STRUCT(Archived, (), (reason, previous_status))
struct Reactivated {
    static constexpr std::string_view type = "nova.customer.CustomerReactivated";
    std::optional<Reason> reason;
    Status previous_status{};
};
BOOST_DESCRIBE_STRUCT(Reactivated, (), (reason, previous_status))
struct Deactivated {
    static constexpr std::string_view type = "nova.customer.CustomerDeactivated";
    std::optional<Reason> reason;
    Status previous_status{};
};
BOOST_DESCRIBE_STRUCT(Deactivated, (), (reason, previous_status))
struct MarkedVip { static constexpr std::string_view type = "nova.customer.CustomerMarkedVip"; };
BOOST_DESCRIBE_STRUCT(MarkedVip, (), ())
struct UnmarkedVip { static constexpr std::string_view type = "nova.customer.CustomerUnmarkedVip"; };
BOOST_DESCRIBE_STRUCT(UnmarkedVip, (), ())
struct ContactPreferenceChanged : ContactPreference {
    static constexpr std::string_view type = "nova.customer.CustomerContactPreferenceChanged";
};
BOOST_DESCRIBE_STRUCT(ContactPreferenceChanged, (ContactPreference), ())
struct BudgetChanged : Budget { static constexpr std::string_view type = "nova.customer.CustomerBudgetChanged"; };
BOOST_DESCRIBE_STRUCT(BudgetChanged, (Budget), ())
struct PreferencesChanged : Preferences {
    static constexpr std::string_view type = "nova.customer.CustomerPreferencesChanged";
};
BOOST_DESCRIBE_STRUCT(PreferencesChanged, (Preferences), ())
struct TagsChanged : Tags {
    static constexpr std::string_view type = "nova.customer.CustomerTagsChanged";
    std::vector<Tag> added, removed;
};
BOOST_DESCRIBE_STRUCT(TagsChanged, (Tags), (added, removed))
struct NotesChanged : Notes { static constexpr std::string_view type = "nova.customer.CustomerNotesChanged"; };
BOOST_DESCRIBE_STRUCT(NotesChanged, (Notes), ())
struct CustomFieldsChanged : CustomFields {
    static constexpr std::string_view type = "nova.customer.CustomerCustomFieldsChanged";
};
BOOST_DESCRIBE_STRUCT(CustomFieldsChanged, (CustomFields), ())
struct LocationChanged : Location { static constexpr std::string_view type = "nova.customer.CustomerLocationChanged"; };
BOOST_DESCRIBE_STRUCT(LocationChanged, (Location), ())
struct CreditLimitChanged : CreditLimit {
    static constexpr std::string_view type = "nova.customer.CustomerCreditLimitChanged";
};
BOOST_DESCRIBE_STRUCT(CreditLimitChanged, (CreditLimit), ())
struct Assigned : Assignment {
    static constexpr std::string_view type = "nova.customer.CustomerAssigned";
    std::optional<UserId> previous_assignee;
    std::optional<TeamId> previous_team_id;
    std::optional<Text<1, 10000>> note;
};
BOOST_DESCRIBE_STRUCT(Assigned, (Assignment), (previous_assignee, previous_team_id, note))
struct Deleted {
    static constexpr std::string_view type = "nova.customer.CustomerDeleted";
    std::optional<Reason> reason;
    Instant restorable_until;
};
BOOST_DESCRIBE_STRUCT(Deleted, (), (reason, restorable_until))

using Event = std::variant<Created, Renamed, ContactChanged, Classified, Archived, Reactivated, Deactivated, MarkedVip,
                           UnmarkedVip, ContactPreferenceChanged, BudgetChanged, PreferencesChanged, TagsChanged,
                           NotesChanged, CustomFieldsChanged, LocationChanged, CreditLimitChanged, Assigned, Deleted>;

// Commands; the first two are also the bodies of the API.
using Create = Patch<Profile>;
struct Changes : Profile {
    Status status{};
};
BOOST_DESCRIBE_STRUCT(Changes, (Profile), (status))
using Update = Patch<Changes>;
struct Delete {
    std::optional<Reason> reason;
};

struct State : Profile {
    enum class Stage { absent, present, deleted };
    BOOST_DESCRIBE_NESTED_ENUM(Stage, absent, present, deleted)
    Stage stage = Stage::absent;
    Status status = Status::ACTIVE;
    UserId user_id;
    bool present() const { return stage == Stage::present; }
};
BOOST_DESCRIBE_STRUCT(State, (Profile), (stage, status, user_id))

// What is wrong with a request whatever the customer's state is; every broken rule.
void validate(const Create&, const TenantFacts&, Violations&);
void validate(const Update&, const TenantFacts&, Violations&);

Decision<Event> decide(const State&, const Create&, const Context&);
Decision<Event> decide(const State&, const Update&, const Context&);
Decision<Event> decide(const State&, const Delete&, const Context&);

void evolve(State&, const Created&);
void evolve(State&, const Archived&);
void evolve(State&, const Reactivated&);
void evolve(State&, const Deactivated&);
void evolve(State&, const MarkedVip&);
void evolve(State&, const UnmarkedVip&);
void evolve(State&, const Deleted&);
// Every other event is one group of the profile, which takes its place.
template <class GroupChanged>
void evolve(State& customer, const GroupChanged& event) { replace_group(customer, event); }

}  // namespace nova::customers::customer

namespace nova::customers {

struct Customer {
    using State = customer::State;
    using Event = customer::Event;
    static constexpr std::string_view prefix = "customer-";
};

}  // namespace nova::customers
