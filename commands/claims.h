// What events claim: unique keys and look-ups that the log's index keeps beside the streams.
#pragma once
#include <optional>
#include <vector>

#include "eventstore/index.h"
#include "eventstore/keys.h"
#include "schemas/envelope.h"

namespace nova::commands {

// The claims of the event's stream from this event on; spaces that it does not mention stay as they are.
std::vector<eventstore::ClaimSet> claims_of(const schemas::DecodedEvent&);

// The same from stored bytes, when an index is built anew.
eventstore::ClaimsOf claims_reader(const eventstore::MasterKey&);
eventstore::RepeatOf repeat_reader();

// Whose repeats an Idempotency-Key recognises: one boundary and actor.
std::string repeat_scope(const TenantId& boundary, std::string_view actor_id);

}  // namespace nova::commands
