// The writer of one partition: one thread that takes all commands that wait, decides them in order and appends what they
// yield in one batch. While a batch is on its way to disk the next one gathers; that is the whole of the group commit.
#pragma once
#include <chrono>
#include <functional>
#include <memory>

#include "commands/bus.h"
#include "commands/item_fold.h"
#include "eventstore/keys.h"

namespace nova::commands {

using DecodedBatch = std::shared_ptr<const std::vector<schemas::DecodedEvent>>;

// How far the read side is behind, for pacing: an unthrottled writer would let the views fall behind without bound.
struct Lag {
    std::uint64_t events = 0;
    double us_per_row = 0;
};

struct WriterOptions {
    std::uint32_t partition = 0;
    std::size_t queue_max = 8192;       // commands that wait; more are refused with 503
    std::size_t batch_max = 256;        // commands of one append
    std::size_t states_max = 20000;     // aggregates kept in memory
    std::uint64_t lag_soft = 2000, lag_hard = 10000;  // events
    std::function<Instant()> clock;
    std::function<Lag()> lag;                                        // empty: no pacing
    std::function<const ItemFold*(std::string_view prefix)> items;   // empty: answers carry no item
    // A batch is durable: its events, decoded. Called on the writer's thread before any answer is given.
    std::function<void(std::shared_ptr<const eventstore::Commit>, DecodedBatch)> committed;
    std::function<void(const std::string& command, Completion, double seconds)> observed;  // metrics
    std::function<void(const std::string& why)> failed;              // a bug: one sentence for the log
};

class Writer final : public Bus {
public:
    Writer(eventstore::Log&, eventstore::Index&, eventstore::KeyRing&, IdSource&, const DirectoryFacts&, WriterOptions);
    ~Writer() override;
    bool submit(Command) override;
    std::size_t waiting() const;   // commands in the queue, for metrics
    void stop();  // decides and appends what waits, then ends; later commands are not taken

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace nova::commands
