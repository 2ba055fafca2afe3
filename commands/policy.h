// Who may do what: one table of roles and rights, and the question every command, list and feed asks of it.
#pragma once
#include <string>

#include "domain/kernel/context.h"
#include "domain/kernel/decision.h"

namespace nova::commands {

enum class Right {
    customers_read, customers_write, customers_delete, customers_assign, customers_export,
    users_read, users_create, users_manage,
    log_read,      // events of the tenant
    platform,      // the platform's own pages
};

// How far a right reaches: none of it, own items (owner or assignee), or the whole tenant. Teams come between later.
enum class Extent { none, own, tenant };

Extent extent(const Actor&, Right);
// AUDITOR 0 · BROKER, TEAM_MEMBER, CSO, AGENT 1 · MANAGER 2 · COMPANY 3 · OWNER 4 · ADMIN 5; the tenant's owner counts as OWNER.
int rank(Role);
int rank(const Actor&);

// For a change of one item: not_found if it may not even be read, forbidden if read but not changed, else nothing.
std::optional<Rejection> refuse_unless(const Actor&, Right read, Right change, const UserId& owner,
                                       const std::optional<UserId>& assignee);

std::string policy_table();  // as `nova policy` prints it

}  // namespace nova::commands
