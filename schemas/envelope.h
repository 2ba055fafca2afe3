// The CloudEvent around an event: encoded once, canonical, the same bytes in the log, on the wire and in an export.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/kernel/context.h"
#include "domain/kernel/instant.h"
#include "domain/kernel/uuid.h"
#include "schemas/event_type.h"
#include "schemas/sealing.h"

namespace nova::schemas {

// Who, what and why of an event; every attribute that is stored but `data`, `specversion`.
struct Envelope {
    Uuid id{};
    TenantId tenant{};                    // nil: the directory. Stored as `source`
    std::string type;                     // "nova.customer.CustomerCreated"
    std::string stream;                   // `subject`: "customer-0192…"
    Instant time{};
    std::int64_t stream_version = 0;      // from 1
    std::int64_t schema_version = 1;
    ActorType actor_type = ActorType::SYSTEM;
    std::string actor_id;                 // a user's or key's id; "system"
    std::string on_behalf_of;             // empty attributes are left out of the record
    std::string session_id;
    std::string command_id, command_name;
    std::string correlation_id, causation_id;
    std::string client_address, user_agent;  // sealed together as `sealedactor` under the actor's key
    std::string idempotency_key, request_digest;
};

// Appends the canonical CloudEvent of `event`. `event.type` decides what is sealed, and for whom.
void encode_event(const Envelope&, const AnyEvent& event, Sealer&, std::string& out);

struct DecodedEvent {
    Envelope envelope;       // client_address, user_agent only with `open_actor`
    AnyEvent event;          // type is nullptr if this binary does not know the type
};
// Throws CorruptRecord. Personal members are empty values when the key is gone.
DecodedEvent decode_event(std::string_view bytes, const Catalogue&, Opener&, bool open_actor = false);

// The envelope alone, without touching `data`: for indexes, filters and listings.
Envelope decode_envelope(std::string_view bytes);

// The event as an API answer or an export shows it: `data` with opened members (null when erased), secrets "[sealed]".
std::string opened_data(std::string_view bytes, const Catalogue&, Opener&);

}  // namespace nova::schemas
