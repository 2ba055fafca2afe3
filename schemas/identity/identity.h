// The contracts of the events of users, sessions, tenants and accesses.
#pragma once
#include "schemas/event_type.h"

namespace nova::schemas {
AggregateContract user_contract();
AggregateContract session_contract();
AggregateContract tenant_contract();
AggregateContract access_contract();
}  // namespace nova::schemas
