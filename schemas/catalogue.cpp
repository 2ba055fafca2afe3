// The aggregates of this product, each in one line. Nothing registers itself: what is not listed here does not exist.
#include "schemas/customers/customer.h"
#include "schemas/event_type.h"
#include "schemas/identity/identity.h"

namespace nova::schemas {

const Catalogue& catalogue() {
    static const Catalogue all = [] {
        std::vector<AggregateContract> contracts;
        contracts.push_back(tenant_contract());
        contracts.push_back(user_contract());
        contracts.push_back(session_contract());
        contracts.push_back(access_contract());
        contracts.push_back(customer_contract());
        return Catalogue(std::move(contracts));
    }();
    return all;
}

}  // namespace nova::schemas
