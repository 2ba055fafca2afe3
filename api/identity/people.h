// How people are shown: to themselves, to who administers their tenant, to colleagues.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "api/http/message.h"
#include "projections/identity/directory.h"

namespace nova::api {

struct UsersTenant {
    TenantId id;
    std::string name;
    Role role{};
    bool is_default = false;
};
BOOST_DESCRIBE_STRUCT(UsersTenant, (), (id, name, role, is_default))

struct SubscriptionOfUser {
    std::string plan = "none", status = "none";
    std::optional<Instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(SubscriptionOfUser, (), (plan, status, expires_at))

struct UserAnswer : projections::UserView {
    bool is_tenant_owner = false;
    std::optional<std::vector<UsersTenant>> tenants;       // for oneself only
    std::optional<SubscriptionOfUser> subscription;        // for oneself and who administers the tenant
};
BOOST_DESCRIBE_STRUCT(UserAnswer, (projections::UserView), (is_tenant_owner, tenants, subscription))

// What brokers see of others.
struct ColleagueAnswer {
    UserId id;
    identity::FullName name;
    Role role{};
    std::optional<std::string> avatar_url;
    std::optional<identity::Place> title;
    Instant created_at, updated_at;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(ColleagueAnswer, (), (id, name, role, avatar_url, title, created_at, updated_at, version))

// How much the asker sees of this person.
enum class Sight { whole, without_papers, as_colleague };
Sight sight_of(const Identity& asker, const UserId&);

// The person as JSON, as the asker may see them; `view` is their row in the asker's tenant.
std::string shown_user(const projections::Directory&, const projections::UserView& view, const TenantId& tenant, Sight,
                       bool self);

// The same from the directory, for answers to commands; empty: nobody of the tenant.
std::string shown_user_now(const projections::Directory&, const UserId&, const TenantId&, Sight, bool self);

// The row as the directory has it: the person with role and status in the tenant.
std::optional<projections::UserView> member_now(const projections::Directory&, const UserId&, const TenantId&);

}  // namespace nova::api
