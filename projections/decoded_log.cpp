#include "projections/decoded_log.h"

namespace nova::projections {
namespace {

constexpr std::size_t events_together = 1000;   // handed over at once
constexpr std::size_t ahead_max = 8;            // so many times

}  // namespace

DecodedBatch decode(const eventstore::Commit& commit, const schemas::Catalogue& catalogue, schemas::Opener& opener) {
    auto events = std::make_shared<std::vector<schemas::DecodedEvent>>();
    events->reserve(commit.count());
    for (std::size_t i = 0; i < commit.count(); ++i)
        events->push_back(schemas::decode_event(commit.event(i), catalogue, opener));
    return events;
}

DecodedLog::DecodedLog(eventstore::Log& log, std::uint32_t partition, std::uint64_t from, std::uint64_t up_to,
    const schemas::Catalogue& catalogue,
                       schemas::Opener& opener)
    : thread_([this, &log, partition, from, up_to, &catalogue, &opener] {
          try {
              run(log, partition, from, up_to, catalogue, opener);
          } catch (...) {
              const std::lock_guard guard(lock_);
              failure_ = std::current_exception();
          }
          const std::lock_guard guard(lock_);
          finished_ = true;
          changed_.notify_all();
      }) {}

DecodedLog::~DecodedLog() {
    {
        const std::lock_guard guard(lock_);
        unwanted_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void DecodedLog::run(eventstore::Log& log, std::uint32_t partition, std::uint64_t from, std::uint64_t up_to,
    const schemas::Catalogue& catalogue,
                     schemas::Opener& opener) {
    if (from >= up_to) return;
    const auto reader = log.read(partition, from);
    std::vector<DecodedCommit> together;
    std::size_t events = 0;
    while (const auto commit = reader->next()) {
        if (commit->first >= up_to) break;
        events += commit->count();
        together.push_back({commit, decode(*commit, catalogue, opener)});
        if (events < events_together) continue;
        if (!hand_over(std::move(together))) return;
        together.clear(), events = 0;
    }
    if (!together.empty()) hand_over(std::move(together));
}

bool DecodedLog::hand_over(std::vector<DecodedCommit>&& commits) {
    std::unique_lock lock(lock_);
    changed_.wait(lock, [this] { return unwanted_ || ready_.size() < ahead_max; });
    if (unwanted_) return false;
    ready_.push_back(std::move(commits));
    changed_.notify_all();
    return true;
}

std::vector<DecodedCommit> DecodedLog::next() {
    std::unique_lock lock(lock_);
    changed_.wait(lock, [this] { return finished_ || !ready_.empty(); });
    if (ready_.empty()) {
        if (failure_) std::rethrow_exception(failure_);
        return {};
    }
    std::vector<DecodedCommit> commits = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return commits;
}

}  // namespace nova::projections
