// The commands of users: making, changing, suspending and deleting the people of a tenant.
#pragma once
#include "commands/bus.h"
#include "domain/identity/access.h"
#include "domain/identity/user.h"

namespace nova::commands {

Handler create_user(identity::user::Create, Role);
Handler change_user(UserId, identity::user::Change);
Handler change_role(UserId, identity::access::ChangeRole);
// Somebody who is in several tenants is only suspended in this one, and so with the two after it.
Handler suspend_user(UserId, identity::user::Suspend);
Handler activate_user(UserId, identity::user::Activate);
Handler delete_user(UserId);
// One's own (the command has the hash that was proven), or another's by who administers the tenant.
Handler change_password(UserId, identity::user::ChangePassword);

}  // namespace nova::commands
