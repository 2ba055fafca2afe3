// The bodies of the commands on users. Passwords in them are read raw, beside these structs.
#pragma once
#include <boost/describe.hpp>
#include <optional>

#include "domain/identity/access.h"
#include "domain/identity/user.h"

namespace nova::api {

// A new colleague: the profile as a patch would give it, and what a patch may not change.
struct NewUser : identity::Profile {
    Email email;
    std::optional<Phone> phone;
    std::string password;
    Role role{};
};
BOOST_DESCRIBE_STRUCT(NewUser, (identity::Profile), (email, phone, password, role))

struct SuspendBody {
    identity::Reason reason;
};
BOOST_DESCRIBE_STRUCT(SuspendBody, (), (reason))

struct ActivateBody {
    std::optional<identity::Reason> reason;
};
BOOST_DESCRIBE_STRUCT(ActivateBody, (), (reason))

struct PasswordBody {
    std::optional<std::string> current_password;
    std::string new_password;
};
BOOST_DESCRIBE_STRUCT(PasswordBody, (), (current_password, new_password))

}  // namespace nova::api
