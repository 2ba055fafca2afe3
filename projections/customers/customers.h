// The customers as screens read them: list, search and single items.
#pragma once
#include <boost/describe.hpp>

#include "domain/customers/customer.h"
#include "projections/collection.h"

namespace nova::projections {

struct CustomerCounts {
    std::int64_t activities = 0, documents = 0, requests = 0, properties = 0, appointments = 0, open_tasks = 0,
                 orders = 0, inquiries = 0;
};
BOOST_DESCRIBE_STRUCT(CustomerCounts, (),
                      (activities, documents, requests, properties, appointments, open_tasks, orders, inquiries))

struct CustomerView : customers::customer::Profile {
    CustomerId id;
    UserId user_id, created_by;   // the same; the hub's clients know it as createdBy
    customers::customer::Status status{};
    std::optional<Instant> last_contact;
    CustomerCounts counts;
    Instant created_at, updated_at;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(CustomerView, (customers::customer::Profile),
                      (id, user_id, created_by, status, last_contact, counts, created_at, updated_at, version))

const CollectionInfo& customers();

}  // namespace nova::projections
