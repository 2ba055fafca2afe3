// How the index follows the log: what it is told of is pending until its thread has written it.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "eventstore/sqlite/sqlite_index.h"

namespace nova::eventstore::sqlite {
namespace {

using std::chrono::milliseconds;

constexpr auto gather = milliseconds(25);               // rows in larger transactions cost a fraction
constexpr std::uint64_t enough_events = 4'096;          // this many are not gathered longer
constexpr std::uint64_t enough_when_catching_up = 131'072;
constexpr std::uint64_t soft_limit = 16'384, hard_limit = 131'072;  // events pending
constexpr auto longest_delay = std::chrono::microseconds(15'000);
constexpr auto writeback_interval = milliseconds(500);
constexpr auto retry_interval = milliseconds(500);

}  // namespace

void SqliteIndex::publish(IndexedBlock&& block) {
    std::unique_lock lock(mutex_);
    if (!catching_up_)
        for (const IndexedEvent& event : block.events) cache_version(event.stream, event.version);
    const std::uint64_t enough = catching_up_ ? enough_when_catching_up : enough_events, before = active_->events;
    active_->add(std::move(block));
    ++published_;
    // The thread is woken to begin gathering and to end it, not for every commit between.
    if (before == 0 || (before < enough && active_->events >= enough)) work_.notify_one();
    const std::uint64_t pending = active_->events + (flushing_ ? flushing_->events : 0);
    if (pending <= soft_limit && !catching_up_) return;
    wait_for_thread(lock);
}

// In proportion to how far the file is behind: a hard limit alone would let commits run and then stand.
void SqliteIndex::wait_for_thread(std::unique_lock<std::mutex>& lock) {
    const auto pending = [this] { return active_->events + (flushing_ ? flushing_->events : 0); };
    const std::uint64_t hard = catching_up_ ? 3 * enough_when_catching_up : hard_limit;
    if (!catching_up_) {
        const auto excess = std::min(pending(), hard) - soft_limit;
        const auto delay =
            longest_delay * static_cast<std::int64_t>(excess) / static_cast<std::int64_t>(hard_limit - soft_limit);
        progress_.wait_for(lock, delay, [&] { return pending() <= soft_limit || failure_ || stopping_; });
    }
    progress_.wait(lock, [&] { return pending() <= hard || failure_ || stopping_; });
}

void SqliteIndex::run() {
    auto written_back = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    for (;;) {
        work_.wait(lock, [this] { return stopping_ || !active_->empty() || flushing_; });
        if (!flushing_) {
            if (active_->empty()) break;  // stopping, and all is written
            work_.wait_for(lock, catching_up_ ? 20 * gather : gather, [this] {
                return stopping_ || active_->events >= (catching_up_ ? enough_when_catching_up : enough_events);
            });
            auto next = std::make_shared<Generation>();
            next->next = active_->next;
            flushing_ = std::exchange(active_, std::move(next));
        }
        lock.unlock();
        const bool written = write_flushing();
        if (const auto now = std::chrono::steady_clock::now(); now - written_back > writeback_interval) {
            // Left to itself the kernel writes half a minute's pages at once, and commits of the log stand behind them.
            if (writeback_descriptor_ >= 0) ::sync_file_range(writeback_descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE);
            written_back = now;
        }
        lock.lock();
        progress_.notify_all();
        if (!written && (stopping_ || work_.wait_for(lock, retry_interval, [this] { return stopping_; }))) break;
    }
}

bool SqliteIndex::write_flushing() {
    try {
        writer_->write(*flushing_);
    } catch (const Failure& failure) {
        if (failure.corrupt()) mark_damaged();
        const std::lock_guard lock(mutex_);
        failure_ = failure.what();
        corrupt_ = failure.corrupt();
        return false;
    }
    const std::lock_guard lock(mutex_);
    flushing_.reset();
    ++flushes_;
    failure_.reset();
    return true;
}

void SqliteIndex::stop_thread() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    work_.notify_all();
    progress_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void SqliteIndex::close() {
    if (!writer_) return;
    stop_thread();
    readers_->close();
    const bool whole = !failure_;
    if (whole) writer_->close_cleanly();
    writer_.reset();
    // Only now: while a connection is open, closing another descriptor of the file would drop SQLite's locks.
    if (writeback_descriptor_ >= 0) ::close(std::exchange(writeback_descriptor_, -1));
}

}  // namespace nova::eventstore::sqlite
