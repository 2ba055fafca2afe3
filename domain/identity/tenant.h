// A tenant: the company inside which people work; a person who registers alone gets one of their own.
#pragma once
#include <boost/describe.hpp>
#include <variant>

#include "domain/identity/described_enums.h"
#include "domain/kernel/amount.h"
#include "domain/kernel/context.h"
#include "domain/kernel/decision.h"
#include "domain/kernel/patch.h"
#include "domain/kernel/text.h"

namespace nova::identity::tenant {

enum class Kind { BROKERAGE, SALES, FIELD, SERVICE };
BOOST_DESCRIBE_ENUM(Kind, BROKERAGE, SALES, FIELD, SERVICE)
enum class Status { ACTIVE, SUSPENDED, CLOSED };
BOOST_DESCRIBE_ENUM(Status, ACTIVE, SUSPENDED, CLOSED)
enum class PublishRules { STRICT, WARN };
BOOST_DESCRIBE_ENUM(PublishRules, STRICT, WARN)

using Slug = Text<3, 50>;

struct TenantNames {
    Text<2, 200> name;
    std::optional<Text<2, 200>> name_ar;
    Slug slug;
    bool operator==(const TenantNames&) const = default;
};
BOOST_DESCRIBE_STRUCT(TenantNames, (), (name, name_ar, slug))

struct LegalDetails {
    std::optional<Text<1, 20>> vat_number, commercial_registration;
    std::optional<Text<1, 500>> address;
    std::optional<Text<1, 100>> city;
    Text<2, 2> country{"SA"};
    bool operator==(const LegalDetails&) const = default;
};
BOOST_DESCRIBE_STRUCT(LegalDetails, (), (vat_number, commercial_registration, address, city, country))

struct Settings {
    Text<3, 3> currency{"SAR"};
    Text<1, 64> timezone{"Asia/Riyadh"};
    Text<2, 2> locale{"ar"};
    DuplicatePolicy duplicate_policy = DuplicatePolicy::WARN;
    bool require_phone = true;
    PublishRules publish_rules = PublishRules::STRICT;
    bool strict_hours = false;
    Decimal<0, 100> approve_discount_over{10};
    std::optional<Sar> approve_total_over;
    bool operator==(const Settings&) const = default;
};
BOOST_DESCRIBE_STRUCT(Settings, (),
                      (currency, timezone, locale, duplicate_policy, require_phone, publish_rules, strict_hours,
                       approve_discount_over, approve_total_over))

// Stored for ever: never rename or drop a member. A new member is optional; a new meaning is a new event.
struct Created {
    static constexpr std::string_view type = "nova.tenant.TenantCreated";
    Text<2, 200> name;
    Slug slug;
    Kind kind{};
    UserId owner_id;
    Settings settings;
};
BOOST_DESCRIBE_STRUCT(Created, (), (name, slug, kind, owner_id, settings))
struct Renamed : TenantNames { static constexpr std::string_view type = "nova.tenant.TenantRenamed"; };
BOOST_DESCRIBE_STRUCT(Renamed, (TenantNames), ())
struct LegalDetailsChanged : LegalDetails {
    static constexpr std::string_view type = "nova.tenant.TenantLegalDetailsChanged";
};
BOOST_DESCRIBE_STRUCT(LegalDetailsChanged, (LegalDetails), ())
struct SettingsChanged {
    static constexpr std::string_view type = "nova.tenant.TenantSettingsChanged";
    Settings settings;
};
BOOST_DESCRIBE_STRUCT(SettingsChanged, (), (settings))

using Event = std::variant<Created, Renamed, LegalDetailsChanged, SettingsChanged>;

struct Create {
    Text<2, 200> name;
    Slug slug;
    Kind kind = Kind::BROKERAGE;
    UserId owner;
};
// The settings are merged by key: those not given stay as they are.
struct Changes : TenantNames, LegalDetails {
    Patch<Settings> settings;
};
BOOST_DESCRIBE_STRUCT(Changes, (TenantNames, LegalDetails), (settings))
using Change = Patch<Changes>;

struct State : TenantNames, LegalDetails {
    bool exists = false;
    Kind kind{};
    UserId owner;
    Settings settings;
};

Decision<Event> decide(const State&, const Create&, const Context&);
Decision<Event> decide(const State&, const Change&, const Context&);

// Lower-case Latin letters and digits of the name with hyphens between; none if fewer than three remain.
std::optional<std::string> slug_of(std::string_view name);
bool is_slug(std::string_view);

void evolve(State&, const Created&);
void evolve(State&, const Renamed&);
void evolve(State&, const LegalDetailsChanged&);
void evolve(State&, const SettingsChanged&);

}  // namespace nova::identity::tenant

namespace nova::identity {

struct Tenant {
    using State = tenant::State;
    using Event = tenant::Event;
    static constexpr std::string_view prefix = "tenant-";
};

}  // namespace nova::identity
