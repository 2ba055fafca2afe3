// What the events of identity claim: unique e-mails, phones and slugs, and the look-ups by which a command finds a
// person's accesses and sessions as they are at its turn.
#pragma once
#include <vector>

#include "eventstore/log.h"
#include "schemas/event_type.h"

namespace nova::commands {

namespace spaces {
constexpr std::string_view user_email = "user.email";        // key: the address in lower case; unique
constexpr std::string_view user_phone = "user.phone";        // key: E.164; unique
constexpr std::string_view tenant_slug = "tenant.slug";      // unique
constexpr std::string_view access_of_user = "access.user";   // key: the user's id
constexpr std::string_view access_owner = "access.owner";    // key: the tenant's id; accesses with the role OWNER
constexpr std::string_view session_of_user = "session.user"; // key: the user's id
}  // namespace spaces

// The claims of the event's stream from this event on; `at` is the event's time. For every stream of identity
// (user-, session-, tenant-, access-); an event of another one claims nothing.
std::vector<eventstore::ClaimSet> user_claims(const schemas::AnyEvent&, Instant at);

}  // namespace nova::commands
