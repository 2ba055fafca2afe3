// The bodies of registration and sign-in as they are sent. Passwords in them are read raw, beside these structs.
#pragma once
#include <boost/describe.hpp>
#include <optional>

#include "domain/identity/profile.h"
#include "domain/identity/session.h"
#include "domain/kernel/contact.h"

namespace nova::api {

struct RegisterBody {
    Email email;
    Phone phone;
    std::string password;
    std::optional<identity::FullName> name;
    std::optional<identity::GivenName> first_name, last_name;
    std::optional<Text<1, 200>> company_name;
    std::optional<identity::Place> city, district;
    std::optional<Text<1, 30>> fal_license;
    std::optional<identity::Locale> locale;
    std::optional<Text<1, 30>> role;
};
BOOST_DESCRIBE_STRUCT(RegisterBody, (),
                      (email, phone, password, name, first_name, last_name, company_name, city, district, fal_license,
                       locale, role))

struct LoginBody {
    std::optional<Text<1, 254>> identifier, email, phone;
    std::string password;
    std::optional<TenantId> tenant_id;
    std::optional<identity::session::DeviceName> device_name;
};
BOOST_DESCRIBE_STRUCT(LoginBody, (), (identifier, email, phone, password, tenant_id, device_name))

struct RefreshBody {
    std::string refresh_token;
};
BOOST_DESCRIBE_STRUCT(RefreshBody, (), (refresh_token))

}  // namespace nova::api
