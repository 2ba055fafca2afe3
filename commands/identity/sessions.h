// The commands by which people come in and go: registration, sign-in, refresh, sign-out.
#pragma once
#include <memory>
#include <string>

#include "commands/bus.h"
#include "domain/identity/session.h"
#include "domain/identity/user.h"

namespace nova::commands {

// Makes the hash that is kept of a session's refresh token; the token itself is made again from the same secret.
class RefreshSecrets {
public:
    virtual ~RefreshSecrets() = default;
    virtual std::string refresh_hash(const SessionId&, std::int64_t generation) const = 0;
};

// What a new session is to be.
struct NewSession {
    std::optional<identity::session::DeviceName> device_name;
    std::optional<TenantId> tenant;                        // none: the person's first
    std::int64_t idle_life_ms = 7 * day_ms;
};

// Result::extra of the commands below: the session whose tokens are to be answered.
struct OpenedSession {
    SessionId session;
    UserId user;
    TenantId tenant;
    std::int64_t generation = 1;
    std::string refresh_hash;
    Instant expires_at{};
};

// The secrets outlive the command.
Handler register_user(identity::user::Register, const RefreshSecrets&, NewSession);
// `proof` was made outside: its hash is the one that the password was compared with. SignIn::session is chosen here.
Handler sign_in(UserId, identity::user::SignIn proof, const RefreshSecrets&, NewSession);
Handler fail_sign_in(UserId);
Handler refresh_session(SessionId, identity::session::Refresh, const RefreshSecrets&);
Handler end_own_session();                 // the actor's own, the one they came with
Handler end_session(SessionId);            // another of their own; of others by who administers the tenant

}  // namespace nova::commands
