// The commands of customers: who may issue them, what they look up beside the customer, what they answer.
#pragma once
#include "commands/bus.h"
#include "domain/customers/customer.h"

namespace nova::commands {

Handler create_customer(customers::customer::Create);
Handler update_customer(CustomerId, customers::customer::Update);
Handler delete_customer(CustomerId, customers::customer::Delete);

// Phones (WhatsApp included) and e-mails, to find duplicates by: spaces "customer.phone" and "customer.email".
std::vector<eventstore::ClaimSet> customer_claims(const schemas::AnyEvent&, const TenantId&);

}  // namespace nova::commands
