// A struct with a member of every kind, much like a customer, for the tests of this layer.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "domain/kernel/amount.h"
#include "schemas/json.h"

namespace sample {

using namespace nova;

enum class Grade { GOLD, IN_PERSON, lower_case, CamelCase, delete_ };
BOOST_DESCRIBE_ENUM(Grade, GOLD, IN_PERSON, lower_case, CamelCase, delete_)

struct Hours {
    std::optional<List<Whole<0, 6>, 7>> days;
    std::optional<Text<5, 5>> from, to;
    bool operator==(const Hours&) const = default;
};
BOOST_DESCRIBE_STRUCT(Hours, (), (days, from, to))

struct Line {
    Text<1, 20> product;
    Whole<1, 1000> quantity{1};
    bool operator==(const Line&) const = default;
};
BOOST_DESCRIBE_STRUCT(Line, (), (product, quantity))

struct Names {
    Text<3, 200> name;
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

struct Person : Names, Contact {
    UserId user_id;
    std::optional<TeamId> team_id;
    std::optional<Grade> grade;
    bool is_vip = false;
    std::optional<bool> financing_needed;
    std::optional<Sar> budget_min, budget_max;
    std::optional<Decimal<-90, 90>> location_lat;
    std::optional<Instant> last_contact;
    std::optional<Date> born;
    List<Text<1, 10>, 3> preferred_cities;
    std::vector<Line> lines;
    std::optional<Hours> preferred_contact_time;
    JsonObject<200> custom_fields;
    std::optional<Text<0, 10000>> notes;
    bool operator==(const Person&) const = default;
};
BOOST_DESCRIBE_STRUCT(Person, (Names, Contact),
                      (user_id, team_id, grade, is_vip, financing_needed, budget_min, budget_max, location_lat,
                       last_contact, born, preferred_cities, lines, preferred_contact_time, custom_fields, notes))

inline constexpr const char* user = "0192f3a4-5b6c-7d8e-9f01-23456789abcd";

// The shortest body that is right, with further members in front.
inline std::string body(const std::string& more = "") {
    return "{" + more + (more.empty() ? "" : ",") + R"("name":"Sara","userId":")" + user + R"(","isVip":true})";
}

}  // namespace sample
