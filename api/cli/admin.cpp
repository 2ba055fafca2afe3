#include "api/cli/admin.h"

#include <cstdio>

#include "api/cli/commands.h"
#include "api/cli/node.h"
#include "api/cli/tell.h"
#include "commands/identity/users.h"

namespace nova::cli {

void grant_admin(Node& node, const std::string& email) {
    const auto address = parse_email(email);
    const auto user = address ? node.identity().directory.user_by_email(address->key()) : std::nullopt;
    if (!user) throw Refused("Nobody has registered as " + email + "; register first, then grant.");
    const auto accesses = node.identity().directory.accesses(*user);
    if (accesses.empty()) throw Refused(email + " is in no tenant any more.");
    if (accesses.front().role == Role::ADMIN) return;
    Actor system;
    system.role = Role::ADMIN;   // nobody gives a rank above their own
    tell(node, "GrantAdmin", {}, accesses.front().tenant_id, system, commands::change_role(*user, {Role::ADMIN}));
}

int admin_grant(const Overrides& overrides, const std::string& email) {
    Node node(load_config(overrides));
    node.start();
    grant_admin(node, email);
    node.stop();
    std::printf("%s is ADMIN; new rights hold at once.\n", email.c_str());
    return 0;
}

}  // namespace nova::cli
