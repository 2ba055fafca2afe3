// The contract of a customer's events.
#pragma once
#include "schemas/event_type.h"

namespace nova::schemas {
AggregateContract customer_contract();
}
