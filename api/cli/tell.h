// A command of the program itself, not of a request: submitted, and waited for.
#pragma once
#include <string>

#include "api/cli/node.h"

namespace nova::cli {

// Throws Refused with the reason when it is not accepted.
commands::Completed tell(Node&, std::string name, const TenantId& boundary, const TenantId& tenant, const Actor&,
                         commands::Handler);

}  // namespace nova::cli
