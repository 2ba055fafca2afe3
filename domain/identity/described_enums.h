// The roles and the other enumerations of the kernel that stand in events of identity, described for readers and writers.
#pragma once
#include <boost/describe.hpp>

#include "domain/kernel/context.h"

namespace nova {
BOOST_DESCRIBE_ENUM(Role, BROKER, TEAM_MEMBER, MANAGER, COMPANY, OWNER, ADMIN, CSO, AGENT, AUDITOR)
BOOST_DESCRIBE_ENUM(DuplicatePolicy, WARN, REFUSE, ALLOW)
}  // namespace nova
