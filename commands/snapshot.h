// A long stream's state as it was at some version, so that it is not folded from its first event each time it is needed.
// Kept in the index, sealed with the key of the stream's person: forgetting the person takes the snapshot with it.
#pragma once
#include "commands/batch.h"

namespace nova::commands {

// Events read since the last snapshot after which a new one is worth its while.
constexpr std::uint64_t snapshot_after_events = 64;

// False: there is none that this binary can use, and `held` is as it was.
bool resume(const eventstore::Index&, RingSealer&, const AggregateType&, const ItemFold*, const std::string& stream,
            Held& held);
void keep(eventstore::Index&, RingSealer&, const AggregateType&, const ItemFold*, const std::string& stream,
          const Held& held);

}  // namespace nova::commands
