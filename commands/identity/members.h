// Looking up who is who while a command is decided: a person's accesses and sessions, a tenant's owners. All of it as it
// is at the command's turn, the commands before it in its batch included.
#pragma once
#include <optional>
#include <vector>

#include "commands/unit_of_work.h"
#include "domain/identity/access.h"
#include "domain/identity/session.h"
#include "domain/identity/tenant.h"
#include "domain/identity/user.h"

namespace nova::commands {

struct Member {
    UserId user;
    AccessId access;
    bool is_owner = false;              // named in tenant.ownerId, or with the role OWNER
    Role role = Role::BROKER;
    std::size_t tenants = 0;            // in how many the person is
    bool stands = false;                // the person and the access are active
    int rank() const;
};

// The person in the tenant; none if they are not of it or deleted.
std::optional<Member> find_member(UnitOfWork&, const TenantId&, const UserId&);

// Accesses of the person that are not revoked, oldest first.
std::vector<AccessId> accesses_of(UnitOfWork&, const UserId&);

// Is there an active owner beside this one?
bool has_other_owner(UnitOfWork&, const TenantId&, const UserId& but);

struct LiveSession {
    SessionId id;
    TenantId tenant;
    Instant started_at;
};
// Oldest first.
std::vector<LiveSession> live_sessions(UnitOfWork&, const UserId&, Instant now);

// Revokes the person's live sessions in `tenant` (nil: everywhere), but not `but` (nil: all).
void revoke_sessions(UnitOfWork&, const Context&, const UserId&, const TenantId& tenant, const SessionId& but,
                     identity::session::RevokeReason);

// The address and the phone are free, or a refusal with `email_taken` and `phone_taken` in its details; `code` names it.
std::optional<Rejection> refuse_taken(UnitOfWork&, const Email&, const std::optional<Phone>&, const std::string& code,
                                      const std::string& message);

}  // namespace nova::commands
