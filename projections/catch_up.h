// Brings views from where they stand to the log's end, or builds them from its beginning beside the live ones.
#pragma once
#include <functional>
#include <vector>

#include "projections/chain_position.h"
#include "projections/fold_batch.h"
#include "schemas/sealing.h"

namespace nova::projections {

struct LogSource {
    eventstore::Log& log;
    std::uint32_t partition;
    const schemas::Catalogue& catalogue;
    schemas::Opener& opener;
};
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Folds what lies between `at` and `up_to` and flushes it; `at` moves along. Throws Broken where the chain does not join.
void catch_up(const LogSource&, Checkpoint& at, std::uint64_t up_to, const std::vector<FoldBatch*>&, const Progress&);

// One collection, or several in one pass over the log, built in tables of their own from the first event on.
class Building {
public:
    Building(const LogSource&, ViewStore&, std::vector<const CollectionInfo*>);
    ~Building();                                                // discards what was not switched to
    void advance(std::uint64_t up_to, const Progress&);         // events below
    void make_indexes();
    void switch_over();
    const Checkpoint& at() const { return at_; }

private:
    LogSource source_;
    ViewStore& store_;
    std::vector<const CollectionInfo*> collections_;
    std::vector<std::unique_ptr<ViewStore>> shadows_;
    std::vector<std::unique_ptr<FoldBatch>> batches_;
    Checkpoint at_;
};

// Every collection to one and the same position at the log's tail; missing ones are built.
Checkpoint bring_to_tail(const LogSource&, ViewStore&, const std::vector<const CollectionInfo*>&,
                         std::size_t cached_views, const Progress&);

}  // namespace nova::projections
