// What is known of a person, in the groups in which it changes: each group is one event, and state, view and requests
// are made of the same groups.
#pragma once
#include <boost/describe.hpp>
#include <optional>

#include "domain/kernel/contact.h"
#include "domain/kernel/instant.h"
#include "domain/kernel/patch.h"
#include "domain/kernel/text.h"
#include "domain/kernel/violation.h"

namespace nova::identity {

using Place = Text<1, 100>;
using GivenName = Text<1, 100>;
using FullName = Text<2, 200>;
using Reason = Text<1, 1000>;
using Locale = Text<2, 2>;
using TimeZone = Text<1, 64>;

struct Names {
    FullName name;
    std::optional<GivenName> first_name, last_name;
    bool operator==(const Names&) const = default;
};
BOOST_DESCRIBE_STRUCT(Names, (), (name, first_name, last_name))

struct Business {
    std::optional<Text<1, 200>> company_name;
    std::optional<Text<1, 20>> commercial_registration;
    std::optional<Date> commercial_expiry;
    bool operator==(const Business&) const = default;
};
BOOST_DESCRIBE_STRUCT(Business, (), (company_name, commercial_registration, commercial_expiry))

struct FalLicense {
    std::optional<Text<1, 30>> fal_license;
    std::optional<Date> fal_expiry;
    bool operator==(const FalLicense&) const = default;
};
BOOST_DESCRIBE_STRUCT(FalLicense, (), (fal_license, fal_expiry))

struct Papers {
    std::optional<Text<1, 20>> id_number;
    std::optional<Date> date_of_birth;
    bool operator==(const Papers&) const = default;
};
BOOST_DESCRIBE_STRUCT(Papers, (), (id_number, date_of_birth))

struct Location {
    std::optional<Place> city, district;
    Locale locale{"ar"};
    TimeZone timezone{"Asia/Riyadh"};
    bool operator==(const Location&) const = default;
};
BOOST_DESCRIBE_STRUCT(Location, (), (city, district, locale, timezone))

struct Position {
    std::optional<Place> title;
    std::optional<Text<1, 50>> employee_no;
    bool operator==(const Position&) const = default;
};
BOOST_DESCRIBE_STRUCT(Position, (), (title, employee_no))

struct Preferences {
    JsonObject<16384> preferences;
    bool operator==(const Preferences&) const = default;
};
BOOST_DESCRIBE_STRUCT(Preferences, (), (preferences))

struct NotificationSettings {
    JsonObject<16384> notification_settings{
        R"({"channels":{"email":true,"inApp":true,"sms":false},"types":{)"
        R"("APPOINTMENT":{"email":true,"inApp":true,"sms":true},"CUSTOMER":{"email":true,"inApp":true,"sms":false},)"
        R"("SMART_MATCH":{"email":true,"inApp":true,"sms":false},"SYSTEM":{"email":true,"inApp":true,"sms":false},)"
        R"("TASK":{"email":true,"inApp":true,"sms":false}}})"};
    bool operator==(const NotificationSettings&) const = default;
};
BOOST_DESCRIBE_STRUCT(NotificationSettings, (), (notification_settings))

struct Profile : Names, Business, FalLicense, Papers, Location, Position, Preferences, NotificationSettings {};
BOOST_DESCRIBE_STRUCT(Profile,
                      (Names, Business, FalLicense, Papers, Location, Position, Preferences, NotificationSettings), ())

// An event that is one group takes that group's place in a state or view.
inline void replace_group(Names& to, const Names& by) { to = by; }
inline void replace_group(Business& to, const Business& by) { to = by; }
inline void replace_group(FalLicense& to, const FalLicense& by) { to = by; }
inline void replace_group(Papers& to, const Papers& by) { to = by; }
inline void replace_group(Location& to, const Location& by) { to = by; }
inline void replace_group(Position& to, const Position& by) { to = by; }
inline void replace_group(Preferences& to, const Preferences& by) { to = by; }
inline void replace_group(NotificationSettings& to, const NotificationSettings& by) { to = by; }

// The rules that a member's type does not say: Saudi formats, dates that may be, known languages.
void check(const Profile&, Instant now, Violations&);

// Names as they are kept: first and last make the name; a name alone is divided at its first blank. None if neither is there.
std::optional<Names> completed(const std::optional<FullName>& name, const std::optional<GivenName>& first,
                               const std::optional<GivenName>& last);
// The same for a change: a first or last name alone goes with the other one as it is.
Names completed(const Names& now, const Patch<Profile>&);

}  // namespace nova::identity
