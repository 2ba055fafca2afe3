#include "projections/chain_position.h"

#include "eventstore/position.h"

namespace nova::projections {

Checkpoint beginning(const eventstore::Log& log, std::uint32_t partition) {
    return {partition, 0, eventstore::first_hash(log.id(), partition)};
}

std::optional<std::size_t> first_new(const Checkpoint& at, const eventstore::Commit& commit) {
    if (commit.first >= at.next) return commit.previous == at.last ? std::optional<std::size_t>(0) : std::nullopt;
    if (commit.next() <= at.next) return std::nullopt;
    eventstore::Hash hash = commit.previous;
    const std::size_t known = at.next - commit.first;
    for (std::size_t i = 0; i < known; ++i) hash = eventstore::chained(hash, eventstore::sha256(commit.event(i)));
    return hash == at.last ? std::optional(known) : std::nullopt;
}

void move_past(Checkpoint& at, const eventstore::Commit& commit) { at.next = commit.next(), at.last = commit.last; }

void check_against_tail(const Checkpoint& at, const eventstore::Log& log) {
    const eventstore::Tail tail = log.tail(at.partition);
    const std::string advice = " Views are derived: remove views.db and they are made anew from the log.";
    if (at.next > tail.next)
        throw Broken("The views hold events up to " + eventstore::to_text({at.partition, at.next}) +
                     ", but the log ends at " + eventstore::to_text({at.partition, tail.next}) + "." + advice);
    if (at.next == tail.next && at.next != 0 && at.last != tail.last)
        throw Broken("The last event that the views hold is not the log's event before " +
            eventstore::to_text({at.partition, at.next}) + "." + advice);
}

void refuse_gap(const Checkpoint& at, const eventstore::Commit& commit) {
    throw Broken("The event at " + eventstore::to_text({commit.partition, commit.first}) +
        " does not follow the last one that the views hold, before " +
                 eventstore::to_text({at.partition, at.next}) + ": its prevhash is another.");
}

}  // namespace nova::projections
