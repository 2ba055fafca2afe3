// What the endpoints of identity work with, beside what all endpoints do. Wired once, in cli/node.
#pragma once
#include <functional>
#include <optional>

#include "api/http/router.h"
#include "api/http/server.h"
#include "api/identity/password_pool.h"
#include "api/identity/sign_in_attempts.h"
#include "api/identity/tokens.h"
#include "api/services.h"
#include "projections/identity/collections.h"
#include "projections/identity/directory.h"

namespace nova::api {

struct IdentityServices {
    const Services& common;
    projections::Directory& directory;
    const projections::IdentityCollections& collections;
    Tokens& tokens;
    PasswordPool& passwords;
    SignInAttempts& attempts;
    IdSource& ids;   // thread-safe; ids of tokens
    // How many open items a person has in a tenant, who must be asked for before they are deleted; empty: nobody has any.
    std::function<std::uint64_t(const TenantId&, const UserId&)> open_items{};
};

// Proves who asks: a bearer token that is ours and has not expired, of a session that lives, whose user is active and
// whose access stands.
Guard make_guard(const IdentityServices&);

// Of bodies that come before anybody is known, packed or not: nothing that is needed then is larger.
constexpr std::size_t sign_in_body_bytes_max = 16 << 10;

// Registration, sign-in, sessions; users; tenants.
void add_identity_routes(Router&, const IdentityServices&);
void add_auth_routes(Router&, const IdentityServices&);
void add_session_routes(Router&, const IdentityServices&);
void add_user_routes(Router&, const IdentityServices&);
void add_tenant_routes(Router&, const IdentityServices&);

// A person's name as it is now, for those who share the tenant.
std::optional<std::string> name_in_tenant(const projections::Directory&, const TenantId&, const UserId&);

}  // namespace nova::api
