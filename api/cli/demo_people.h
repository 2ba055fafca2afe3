// The people of the demonstration: customers of a brokerage in Riyadh with real cities and districts, the same ones every
// time.
#pragma once
#include <cstdint>
#include <vector>

#include "domain/customers/customer.h"

namespace nova::cli {

struct DemoCustomer {
    customers::customer::Create create;
    std::vector<customers::customer::Update> later;   // what happened to the customer afterwards
};
std::vector<DemoCustomer> demo_customers(std::size_t count);

}  // namespace nova::cli
