#include "api/identity/password_pool.h"

#include "commands/unit_of_work.h"
#include "schemas/envelope.h"

namespace nova::api {

const identity::user::State& UserStates::read(const UserId& id) {
    if (kept_.size() >= kept_max && !kept_.contains(id)) kept_.clear();
    Kept& kept = kept_[id];
    const std::string stream = std::string(identity::User::prefix) + to_text(id);
    for (const eventstore::EventRecord& record : log_.read_stream(stream, kept.version + 1, UINT64_MAX)) {
        const schemas::DecodedEvent event = schemas::decode_event(record.bytes, schemas::catalogue(), opener_);
        if (!event.event.type)
            throw schemas::CorruptRecord("this version of nova does not know the event type " + event.envelope.type);
        commands::aggregate_type<identity::User>().evolve(&kept.state, event.event);
        kept.version = record.version;
    }
    return kept.state;
}

}  // namespace nova::api
