// How far views have come in one partition, and whether a commit follows from there. Offsets prove nothing on Kafka, so
// it is the hashes that must join.
#pragma once
#include <optional>
#include <stdexcept>

#include "eventstore/log.h"
#include "projections/view_store.h"

namespace nova::projections {

// The views and the log do not join: the views were made from another log, or an event is missing.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

Checkpoint beginning(const eventstore::Log&, std::uint32_t partition);
// The index of the commit's first event that is not applied; nullopt: it does not follow.
std::optional<std::size_t> first_new(const Checkpoint&, const eventstore::Commit&);
void move_past(Checkpoint&, const eventstore::Commit&);
// Throws Broken if the log ends before the checkpoint, or ends there with another event.
void check_against_tail(const Checkpoint&, const eventstore::Log&);
[[noreturn]] void refuse_gap(const Checkpoint&, const eventstore::Commit&);

}  // namespace nova::projections
