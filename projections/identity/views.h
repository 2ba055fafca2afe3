// Users, sessions, tenants and accesses as they are read, and how their events make them. The collections on disk and
// the directory in memory are made by the same folds.
#pragma once
#include <boost/describe.hpp>
#include <vector>

#include "domain/identity/access.h"
#include "domain/identity/session.h"
#include "domain/identity/tenant.h"
#include "domain/identity/user.h"
#include "projections/meta.h"

namespace nova::projections {

struct UserView : identity::Profile {
    UserId id;
    Email email;
    std::optional<Phone> phone;
    Role role = Role::BROKER;              // in the tenant whose row it is
    identity::user::Status status{};       // there: SUSPENDED as well where only the access is
    bool is_active = true;
    bool email_verified = false, phone_verified = false;
    std::optional<std::string> avatar_url;
    bool two_factor_enabled = false;
    std::optional<Instant> last_login, locked_until;
    Instant created_at, updated_at;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(UserView, (identity::Profile),
                      (id, email, phone, role, status, is_active, email_verified, phone_verified, avatar_url,
                       two_factor_enabled, last_login, locked_until, created_at, updated_at, version))

// A user's row in one tenant: the two reasons for which they may be suspended there.
struct MemberView : UserView {
    bool user_suspended = false, access_suspended = false;
};
BOOST_DESCRIBE_STRUCT(MemberView, (UserView), (user_suspended, access_suspended))

struct SignInFailure {
    Instant at;
    std::string address;
};
BOOST_DESCRIBE_STRUCT(SignInFailure, (), (at, address))

// A person on the whole platform, deleted ones too: names in histories outlive their bearers' accounts.
struct PersonView : UserView {
    std::vector<SignInFailure> recent_failures;   // since the last success; bounded
};
BOOST_DESCRIBE_STRUCT(PersonView, (UserView), (recent_failures))

struct SessionView : identity::session::Whose {
    SessionId id;
    std::optional<identity::session::DeviceName> device_name;
    std::string user_agent, address;
    std::vector<std::string> amr;
    Instant started_at, last_seen_at, expires_at;
    std::optional<Instant> stepped_up_at;
};
BOOST_DESCRIBE_STRUCT(SessionView, (identity::session::Whose),
                      (id, device_name, user_agent, address, amr, started_at, last_seen_at, expires_at, stepped_up_at))

struct TenantView : identity::tenant::TenantNames, identity::tenant::LegalDetails {
    TenantId id;
    identity::tenant::Kind kind{};
    identity::tenant::Status status{};
    UserId owner_id;
    std::optional<std::string> logo_url;
    identity::tenant::Settings settings;
    Instant created_at, updated_at;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(TenantView, (identity::tenant::TenantNames, identity::tenant::LegalDetails),
                      (id, kind, status, owner_id, logo_url, settings, created_at, updated_at, version))

struct AccessView : identity::access::Pair {
    AccessId id;
    Role role = Role::BROKER;
    identity::access::Status status{};
    Instant granted_at;
};
BOOST_DESCRIBE_STRUCT(AccessView, (identity::access::Pair), (id, role, status, granted_at))

// The id in the name of the event's stream.
Uuid id_of_stream(const Meta&);

// Each takes any event of its stream; false: the item is gone after it.
bool fold_user(UserView&, const schemas::AnyEvent&, const Meta&);
bool fold_person(PersonView&, const schemas::AnyEvent&, const Meta&);    // never gone
bool fold_member(MemberView&, const schemas::AnyEvent&, const Meta&);    // of the user's stream and of the access's
bool fold_session(SessionView&, const schemas::AnyEvent&, const Meta&);
bool fold_tenant(TenantView&, const schemas::AnyEvent&, const Meta&);
bool fold_access(AccessView&, const schemas::AnyEvent&, const Meta&);    // never gone

}  // namespace nova::projections
