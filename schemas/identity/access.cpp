#include "domain/identity/access.h"

#include "schemas/identity/identity.h"

namespace nova::schemas {

AggregateContract access_contract() {
    using namespace identity::access;
    AggregateContract c("identity", "access-");
    c.event<Granted>("{actor} gave access with the role {role}", "منح {actor} صلاحية الدخول بدور {role}");
    c.event<RoleChanged>("{actor} changed the role from {previousRole} to {role}",
                         "غيّر {actor} الدور من {previousRole} إلى {role}");
    c.event<Suspended>("{actor} suspended the access: {reason}", "أوقف {actor} صلاحية الدخول: {reason}")
        .personal("reason")
        .of_user("userId");
    c.event<Restored>("{actor} restored the access", "أعاد {actor} صلاحية الدخول");
    c.event<Revoked>("{actor} took the access away: {reason}", "سحب {actor} صلاحية الدخول: {reason}")
        .personal("reason")
        .of_user("userId");
    return c;
}

}  // namespace nova::schemas
