// An access: what one person may do in one tenant, from the grant to its end. A person may have several.
#pragma once
#include <boost/describe.hpp>
#include <variant>

#include "domain/identity/described_enums.h"
#include "domain/kernel/context.h"
#include "domain/kernel/decision.h"
#include "domain/kernel/text.h"

namespace nova::identity::access {

enum class Source { REGISTRATION, MANAGER, INVITATION, SSO, PLATFORM };
BOOST_DESCRIBE_ENUM(Source, REGISTRATION, MANAGER, INVITATION, SSO, PLATFORM)
enum class Status { ACTIVE, SUSPENDED, REVOKED };
BOOST_DESCRIBE_ENUM(Status, ACTIVE, SUSPENDED, REVOKED)

// Whose access to what: in every event, so that a reader needs no other one.
struct Pair {
    UserId user_id;
    TenantId tenant_id;
    bool operator==(const Pair&) const = default;
};
BOOST_DESCRIBE_STRUCT(Pair, (), (user_id, tenant_id))

// Stored for ever: never rename or drop a member. A new member is optional; a new meaning is a new event.
struct Granted : Pair {
    static constexpr std::string_view type = "nova.access.TenantAccessGranted";
    Role role{};
    std::optional<UserId> granted_by;
    Source source{};
};
BOOST_DESCRIBE_STRUCT(Granted, (Pair), (role, granted_by, source))
struct RoleChanged : Pair {
    static constexpr std::string_view type = "nova.access.TenantAccessRoleChanged";
    Role role{}, previous_role{};
};
BOOST_DESCRIBE_STRUCT(RoleChanged, (Pair), (role, previous_role))
struct Suspended : Pair {
    static constexpr std::string_view type = "nova.access.TenantAccessSuspended";
    std::optional<Text<1, 1000>> reason;
};
BOOST_DESCRIBE_STRUCT(Suspended, (Pair), (reason))
struct Restored : Pair { static constexpr std::string_view type = "nova.access.TenantAccessRestored"; };
BOOST_DESCRIBE_STRUCT(Restored, (Pair), ())
struct Revoked : Pair {
    static constexpr std::string_view type = "nova.access.TenantAccessRevoked";
    std::optional<Text<1, 1000>> reason;
};
BOOST_DESCRIBE_STRUCT(Revoked, (Pair), (reason))

using Event = std::variant<Granted, RoleChanged, Suspended, Restored, Revoked>;

struct Grant {
    UserId user;
    TenantId tenant;
    Role role = Role::BROKER;
    Source source = Source::MANAGER;
};
struct ChangeRole {
    Role role = Role::BROKER;
};
BOOST_DESCRIBE_STRUCT(ChangeRole, (), (role))
struct Suspend {
    std::optional<Text<1, 1000>> reason;
};
struct Restore {};
struct Revoke {
    std::optional<Text<1, 1000>> reason;
};

struct State : Pair {
    enum class Stage { absent, active, suspended, revoked } stage = Stage::absent;
    Role role = Role::BROKER;
    bool stands() const { return stage == Stage::active; }
    bool exists() const { return stage == Stage::active || stage == Stage::suspended; }
};

Decision<Event> decide(const State&, const Grant&, const Context&);
Decision<Event> decide(const State&, const ChangeRole&, const Context&);
Decision<Event> decide(const State&, const Suspend&, const Context&);
Decision<Event> decide(const State&, const Restore&, const Context&);
Decision<Event> decide(const State&, const Revoke&, const Context&);

void evolve(State&, const Granted&);
void evolve(State&, const RoleChanged&);
void evolve(State&, const Suspended&);
void evolve(State&, const Restored&);
void evolve(State&, const Revoked&);

}  // namespace nova::identity::access

namespace nova::identity {

struct Access {
    using State = access::State;
    using Event = access::Event;
    static constexpr std::string_view prefix = "access-";
};

}  // namespace nova::identity
