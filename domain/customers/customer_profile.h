// What is known of a customer, in the groups in which it changes: each group is one event, and state, view and requests
// are made of the same groups.
#pragma once
#include <boost/describe.hpp>
#include <optional>

#include "domain/kernel/amount.h"
#include "domain/kernel/contact.h"
#include "domain/kernel/instant.h"
#include "domain/kernel/text.h"
#include "domain/kernel/uuid.h"

namespace nova::customers::customer {

enum class Type { INDIVIDUAL, COMPANY, RETAILER, WHOLESALER, DISTRIBUTOR, OTHER };
BOOST_DESCRIBE_ENUM(Type, INDIVIDUAL, COMPANY, RETAILER, WHOLESALER, DISTRIBUTOR, OTHER)
enum class Status { ACTIVE, INACTIVE, ARCHIVED };
BOOST_DESCRIBE_ENUM(Status, ACTIVE, INACTIVE, ARCHIVED)
enum class ContactMethod { PHONE, WHATSAPP, EMAIL, SMS, IN_PERSON };
BOOST_DESCRIBE_ENUM(ContactMethod, PHONE, WHATSAPP, EMAIL, SMS, IN_PERSON)

using Tag = Text<1, 50>;
using Word = Text<1, 50>;      // of a vocabulary that only suggests
using Place = Text<1, 100>;
using Reason = Text<1, 1000>;

struct Names {
    std::optional<Text<3, 200>> name;
    std::optional<Text<1, 100>> first_name, last_name;
    bool operator==(const Names&) const = default;
};
BOOST_DESCRIBE_STRUCT(Names, (), (name, first_name, last_name))

struct Contact {
    std::optional<Phone> phone;
    std::optional<Email> email;
    std::optional<Whatsapp> whatsapp;
    bool operator==(const Contact&) const = default;
};
BOOST_DESCRIBE_STRUCT(Contact, (), (phone, email, whatsapp))

struct Classification {
    Type type = Type::INDIVIDUAL;
    std::optional<Word> category, interest_level, source;
    bool operator==(const Classification&) const = default;
};
BOOST_DESCRIBE_STRUCT(Classification, (), (type, category, interest_level, source))

struct PreferredTime {
    std::optional<List<Whole<0, 6>, 7>> days;     // 0 is Sunday
    std::optional<Text<5, 5>> from, to;           // HH:MM
    std::optional<Text<1, 10000>> note;
    bool operator==(const PreferredTime&) const = default;
};
BOOST_DESCRIBE_STRUCT(PreferredTime, (), (days, from, to, note))

struct ContactPreference {
    std::optional<ContactMethod> preferred_contact_method;
    std::optional<PreferredTime> preferred_contact_time;
    bool operator==(const ContactPreference&) const = default;
};
BOOST_DESCRIBE_STRUCT(ContactPreference, (), (preferred_contact_method, preferred_contact_time))

struct Budget {
    std::optional<Sar> budget_min, budget_max;
    std::optional<bool> financing_needed;
    bool operator==(const Budget&) const = default;
};
BOOST_DESCRIBE_STRUCT(Budget, (), (budget_min, budget_max, financing_needed))

struct Preferences {
    List<Place, 50> preferred_cities, preferred_districts, property_types;
    bool operator==(const Preferences&) const = default;
};
BOOST_DESCRIBE_STRUCT(Preferences, (), (preferred_cities, preferred_districts, property_types))

struct Tags {
    List<Tag, 50> tags;
    bool operator==(const Tags&) const = default;
};
BOOST_DESCRIBE_STRUCT(Tags, (), (tags))

struct Notes {
    std::optional<Text<1, 10000>> notes;
    bool operator==(const Notes&) const = default;
};
BOOST_DESCRIBE_STRUCT(Notes, (), (notes))

struct CustomFields {
    JsonObject<16384> custom_fields;
    bool operator==(const CustomFields&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomFields, (), (custom_fields))

struct Location {
    std::optional<Text<1, 500>> address;
    std::optional<Decimal<-90, 90>> location_lat;
    std::optional<Decimal<-180, 180>> location_lng;
    Whole<20, 5000> geofence_meters{200};
    bool operator==(const Location&) const = default;
};
BOOST_DESCRIBE_STRUCT(Location, (), (address, location_lat, location_lng, geofence_meters))

struct CreditLimit {
    std::optional<Money> credit_limit;
    bool operator==(const CreditLimit&) const = default;
};
BOOST_DESCRIBE_STRUCT(CreditLimit, (), (credit_limit))

struct Assignment {
    std::optional<UserId> assigned_to;
    std::optional<TeamId> team_id;
    bool operator==(const Assignment&) const = default;
};
BOOST_DESCRIBE_STRUCT(Assignment, (), (assigned_to, team_id))

struct Vip {
    bool is_vip = false;
    bool operator==(const Vip&) const = default;
};
BOOST_DESCRIBE_STRUCT(Vip, (), (is_vip))

struct Profile : Names,
                 Contact,
                 Classification,
                 Vip,
                 ContactPreference,
                 Budget,
                 Preferences,
                 Tags,
                 Notes,
                 CustomFields,
                 Location,
                 CreditLimit,
                 Assignment {};
BOOST_DESCRIBE_STRUCT(Profile,
                      (Names, Contact, Classification, Vip, ContactPreference, Budget, Preferences, Tags, Notes,
                       CustomFields, Location, CreditLimit, Assignment),
                      ())

// An event that is one group takes that group's place in a state or view.
inline void replace_group(Names& to, const Names& by) { to = by; }
inline void replace_group(Contact& to, const Contact& by) { to = by; }
inline void replace_group(Classification& to, const Classification& by) { to = by; }
inline void replace_group(ContactPreference& to, const ContactPreference& by) { to = by; }
inline void replace_group(Budget& to, const Budget& by) { to = by; }
inline void replace_group(Preferences& to, const Preferences& by) { to = by; }
inline void replace_group(Tags& to, const Tags& by) { to = by; }
inline void replace_group(Notes& to, const Notes& by) { to = by; }
inline void replace_group(CustomFields& to, const CustomFields& by) { to = by; }
inline void replace_group(Location& to, const Location& by) { to = by; }
inline void replace_group(CreditLimit& to, const CreditLimit& by) { to = by; }
inline void replace_group(Assignment& to, const Assignment& by) { to = by; }

}  // namespace nova::customers::customer
