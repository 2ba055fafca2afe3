// What a decision may know beside the state: who asks, when, and facts of other boundaries (which may be a moment
// old). Everything random or timed comes from here, so a decision made twice is the same decision.
#pragma once
#include <optional>
#include <string>

#include "domain/kernel/instant.h"
#include "domain/kernel/uuid.h"

namespace nova {

enum class Role { BROKER, TEAM_MEMBER, MANAGER, COMPANY, OWNER, ADMIN, CSO, AGENT, AUDITOR };
enum class ActorType { USER, APIKEY, SYSTEM };

// Who issued a command, as the guard has proven it.
struct Actor {
    ActorType type = ActorType::SYSTEM;
    UserId user{};
    SessionId session{};
    Role role = Role::BROKER;
    bool owns_tenant = false;   // named in tenant.ownerId: counts as OWNER whatever the role
    std::string address;        // of the client; personal
    std::string user_agent;     // personal
};

enum class DuplicatePolicy { WARN, REFUSE, ALLOW };

// The settings of a tenant that rules depend on.
struct TenantFacts {
    DuplicatePolicy duplicate_policy = DuplicatePolicy::WARN;
    bool require_phone = true;
};

// Facts of the directory that a tenant's rules ask for.
class DirectoryFacts {
public:
    virtual ~DirectoryFacts() = default;
    virtual TenantFacts tenant(const TenantId&) const = 0;
    virtual bool is_active_member(const TenantId&, const UserId&) const = 0;
};

struct Context {
    Instant now;
    TenantId tenant{};  // nil in the directory's own commands before sign-in
    Actor actor;
    IdSource& ids;
    const DirectoryFacts& directory;
};

}  // namespace nova
