// The endpoints of customers.
#pragma once
#include "api/http/router.h"
#include "api/services.h"

namespace nova::api {
void add_customer_routes(Router&, const Services&);
}
