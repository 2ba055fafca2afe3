// Applies committed batches to the view store, in order, one transaction per gathered batch with its checkpoint; knows
// nothing of who appended. Queries wait here for the position of their user's last command.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/log.h"
#include "projections/view_store.h"

namespace nova::projections {

// A special projection kept in memory: sees each event after the views of its batch are stored (or at once, `eager`).
class Follower {
public:
    virtual ~Follower() = default;
    virtual void see(const schemas::DecodedEvent&, eventstore::Position) = 0;
};

using DecodedBatch = std::shared_ptr<const std::vector<schemas::DecodedEvent>>;

struct RunnerOptions {
    std::vector<const CollectionInfo*> collections;
    // See every event applied after start() has caught up. What came before they take from the views, in `caught_up`.
    std::vector<Follower*> followers;         // told when the views of the event's batch are stored
    std::vector<Follower*> eager_followers;   // told before that
    std::function<void()> caught_up;          // called by start(), before the thread runs
    std::uint32_t partition = 0;
    std::chrono::milliseconds gather{30};  // events wait at most this long for company, unless a query waits for them
    std::size_t cached_views = 20000;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;   // catching up at start
    std::function<void(const std::string&)> on_trouble;  // the views cannot be written now; it is tried again
    std::function<void(const std::string&)> on_failure;                      // the runner stopped: one sentence
};

class Runner {
public:
    Runner(eventstore::Log&, ViewStore&, const schemas::Catalogue&, schemas::Opener&, RunnerOptions);
    ~Runner();
    // Rebuilds what is missing or of another revision, catches up to the log's tail, then starts the thread. Throws
    // std::runtime_error when the views do not follow from this log.
    void start();
    void stop();                                    // applies what is queued, then ends
    // A committed batch, still decoded; any thread, in log order. Never blocks.
    void offer(std::shared_ptr<const eventstore::Commit>, DecodedBatch);

    std::uint64_t applied_next() const;             // offset of the first event the views do not hold
    std::uint64_t lag_events() const;               // from the head of the log
    double lag_seconds() const;
    double us_per_row() const;                      // smoothed cost of a row, for pacing the writer
    bool failed(std::string* why = nullptr) const;
    // Calls back (on the runner's thread, or at once) when the views hold everything below `next`; false: not within the time.
    void when_applied(std::uint64_t next, std::chrono::milliseconds at_most, std::function<void(bool held)>);
    // Builds the collection anew beside the live one while that goes on serving, then switches. Blocks; any thread but the runner's.
    void rebuild(const CollectionInfo&, const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Folds a stream's events into the view as it was after them: as-of, history, answers of commands.
// `view` is info.make()'s; returns false when the last event removed it.
bool fold(const CollectionInfo&, void* view, const schemas::DecodedEvent&, eventstore::Position);

}  // namespace nova::projections
