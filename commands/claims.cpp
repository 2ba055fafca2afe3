#include "commands/claims.h"

#include "commands/batch.h"
#include "commands/customers/customer.h"
#include "commands/identity/user_claims.h"
#include "domain/identity/access.h"
#include "domain/identity/session.h"
#include "domain/identity/tenant.h"
#include "domain/identity/user.h"

namespace nova::commands {

std::vector<eventstore::ClaimSet> claims_of(const schemas::DecodedEvent& event) {
    if (event.envelope.stream.starts_with(customers::Customer::prefix))
        return customer_claims(event.event, event.envelope.tenant);
    return user_claims(event.event, event.envelope.time);
}

eventstore::ClaimsOf claims_reader(const eventstore::MasterKey& master_key) {
    // The ring is made at the first call and kept: a rebuild opens every person's contact.
    auto ring = std::make_shared<std::unique_ptr<eventstore::KeyRing>>();
    return [master_key, ring](eventstore::KeyTable& keys, std::string_view, std::string_view bytes) {
        if (!*ring) *ring = std::make_unique<eventstore::KeyRing>(master_key, keys);
        RingSealer opener(**ring);
        return claims_of(schemas::decode_event(bytes, schemas::catalogue(), opener));
    };
}

eventstore::RepeatOf repeat_reader() {
    return [](std::string_view bytes) -> std::optional<eventstore::RepeatKey> {
        // Most events carry no key: the member's name is looked for before anything is parsed.
        if (bytes.find("\"idempotencykey\":") == std::string_view::npos) return {};
        const schemas::Envelope e = schemas::decode_envelope(bytes);
        if (e.idempotency_key.empty()) return {};
        return eventstore::RepeatKey{repeat_scope(e.tenant, e.actor_id), e.idempotency_key, e.request_digest,
                                     e.command_name};
    };
}

std::string repeat_scope(const TenantId& boundary, std::string_view actor_id) {
    std::string scope = boundary.is_nil() ? "directory" : to_text(boundary);
    scope += ' ';
    scope += actor_id;
    return scope;
}

}  // namespace nova::commands
