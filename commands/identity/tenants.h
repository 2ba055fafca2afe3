// The commands of tenants, and the making of one as a part of others.
#pragma once
#include <string>

#include "commands/bus.h"
#include "domain/identity/tenant.h"

namespace nova::commands {

// Records a new tenant with a slug that nobody has.
void create_tenant(UnitOfWork&, const Context&, const TenantId&, const std::string& name, const UserId& owner);

Handler change_tenant(TenantId, identity::tenant::Change);

}  // namespace nova::commands
