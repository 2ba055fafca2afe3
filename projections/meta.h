// What a projection may know of an event beside the event itself.
#pragma once
#include "eventstore/position.h"
#include "schemas/envelope.h"

namespace nova::projections {

struct Meta {
    const schemas::Envelope& envelope;
    eventstore::Position position;
    bool fresh = false;   // the row does not exist yet: this event begins it, or comes after its removal
    Instant time() const { return envelope.time; }
    std::int64_t version() const { return envelope.stream_version; }
};

}  // namespace nova::projections
