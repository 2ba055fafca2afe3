#include "projections/runner.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "projections/catch_up.h"
#include "projections/decoded_log.h"

namespace nova::projections {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t rows_in_transaction = 5000;

std::int64_t now_ns() { return Clock::now().time_since_epoch().count(); }

}  // namespace

struct Runner::Impl {
    struct Queued {
        DecodedCommit decoded;
        Clock::time_point arrived;
    };
    struct Waiter {
        std::uint64_t next;
        Clock::time_point until;
        std::function<void(bool)> tell;
    };

    Impl(eventstore::Log& log, ViewStore& views, const schemas::Catalogue& catalogue, schemas::Opener& opener,
         RunnerOptions given)
        : source{log, given.partition, catalogue, opener}, store(views), options(std::move(given)) {}

    void run();
    void wait_for_work(std::unique_lock<std::mutex>&);
    void apply(std::vector<Queued>&);
    void apply_one(const DecodedCommit&, std::vector<DecodedCommit>& told);
    void close_gap(std::uint64_t up_to, std::vector<DecodedCommit>& told);
    void fold_commit(const DecodedCommit&, std::vector<DecodedCommit>& told);
    void flush();
    void write_out();
    void fail(const std::string& why);
    void answer_waiters();
    bool anyone_waits() const;

    LogSource source;
    ViewStore& store;
    RunnerOptions options;

    mutable std::mutex lock;   // of the queue, the waiters and `why`
    std::condition_variable wake;
    std::deque<Queued> queue;
    std::vector<Waiter> waiters;
    bool ending = false;
    std::string why;

    std::mutex applying;       // held while rows change; a rebuild takes it for its last step
    std::unique_ptr<FoldBatch> batch;
    Checkpoint at;
    std::int64_t busy_since_ns = 0;   // folding for the next flush

    std::atomic<std::uint64_t> applied_next{0}, offered_next{0};
    std::atomic<std::int64_t> oldest_ns{0};   // when the oldest event not applied arrived; 0: all are applied
    std::atomic<double> us_per_row{50};
    std::atomic<bool> has_failed{false};
    std::thread thread;
};

bool Runner::Impl::anyone_waits() const {
    const std::uint64_t applied = applied_next;
    return std::any_of(waiters.begin(), waiters.end(), [&](const Waiter& w) { return w.next > applied; });
}

void Runner::Impl::wait_for_work(std::unique_lock<std::mutex>& held) {
    while (!ending) {
        auto until = Clock::time_point::max();
        const auto now = Clock::now();
        if (!queue.empty()) {
            until = queue.front().arrived + options.gather;
            if (until <= now || anyone_waits()) return;
        }
        for (const Waiter& waiter : waiters) {
            if (waiter.until <= now || waiter.next <= applied_next) return;
            until = std::min(until, waiter.until);
        }
        if (until == Clock::time_point::max()) wake.wait(held);
        else wake.wait_until(held, until);
    }
}

void Runner::Impl::run() {
    std::unique_lock held(lock);
    while (true) {
        wait_for_work(held);
        std::vector<Queued> taken(std::make_move_iterator(queue.begin()), std::make_move_iterator(queue.end()));
        queue.clear();
        const bool last = ending && taken.empty();
        held.unlock();
        if (!taken.empty()) {
            try {
                apply(taken);
            } catch (const std::exception& e) {
                fail(e.what());
            }
        }
        answer_waiters();
        if (last || has_failed) return;
        held.lock();
        oldest_ns = queue.empty() ? 0 : queue.front().arrived.time_since_epoch().count();
    }
}

void Runner::Impl::apply(std::vector<Queued>& taken) {
    std::vector<DecodedCommit> told;
    {
        const std::lock_guard guard(applying);
        busy_since_ns = now_ns();
        for (const Queued& queued : taken) {
            apply_one(queued.decoded, told);
            if (batch->rows() >= rows_in_transaction) flush();
        }
        flush();
    }
    for (const DecodedCommit& decoded : told)
        for (std::size_t i = 0; i < decoded.events->size(); ++i)
            for (Follower* follower : options.followers)
                follower->see((*decoded.events)[i], {decoded.commit->partition, decoded.commit->first + i});
}

void Runner::Impl::apply_one(const DecodedCommit& decoded, std::vector<DecodedCommit>& told) {
    const eventstore::Commit& commit = *decoded.commit;
    if (commit.next() <= at.next) return;   // caught up from the log already
    if (!first_new(at, commit)) close_gap(commit.first, told);
    fold_commit(decoded, told);
}

// What was never offered is read from the log. It must follow, and the offered commit after it, or the runner stops.
void Runner::Impl::close_gap(std::uint64_t up_to, std::vector<DecodedCommit>& told) {
    DecodedLog log(source.log, source.partition, at.next, up_to, source.catalogue, source.opener);
    for (auto commits = log.next(); !commits.empty(); commits = log.next())
        for (const DecodedCommit& decoded : commits) {
            if (decoded.commit->next() <= at.next) continue;
            for (std::size_t i = 0; i < decoded.events->size(); ++i)
                for (Follower* follower : options.eager_followers)
                    follower->see((*decoded.events)[i], {decoded.commit->partition, decoded.commit->first + i});
            fold_commit(decoded, told);
            if (batch->rows() >= rows_in_transaction) flush();
        }
}

void Runner::Impl::fold_commit(const DecodedCommit& decoded, std::vector<DecodedCommit>& told) {
    const eventstore::Commit& commit = *decoded.commit;
    const auto start = first_new(at, commit);
    if (!start) refuse_gap(at, commit);
    for (std::size_t i = *start; i < decoded.events->size(); ++i)
        batch->take((*decoded.events)[i], {commit.partition, commit.first + i});
    move_past(at, commit);
    if (!options.followers.empty()) told.push_back(decoded);
}

// A full or busy disk passes: the batch is kept and tried again, while the writer is slowed by the growing lag. Only the
// end of the process, or a fault that does not pass, stops the projections.
void Runner::Impl::write_out() {
    bool said = false;
    for (auto pause = std::chrono::milliseconds(50);; pause = std::min(2 * pause, std::chrono::milliseconds(2000))) {
        try {
            return batch->flush(at);
        } catch (const NotNow& e) {
            const std::lock_guard guard(lock);
            if (ending) throw;
            if (!std::exchange(said, true) && options.on_trouble) options.on_trouble(e.what());
        }
        std::this_thread::sleep_for(pause);
    }
}

void Runner::Impl::flush() {
    if (at.next == applied_next) return;
    const std::size_t rows = batch->rows();
    write_out();
    applied_next = at.next;
    const std::int64_t begun = std::exchange(busy_since_ns, now_ns());
    if (rows) {
        const double us = static_cast<double>(busy_since_ns - begun) / 1000.0 / static_cast<double>(rows);
        // Large transactions say more about the pace than small ones.
        const double weight = std::min(0.5, 0.02 * static_cast<double>(rows));
        us_per_row = us_per_row * (1 - weight) + us * weight;
    }
    answer_waiters();
}

void Runner::Impl::fail(const std::string& reason) {
    {
        const std::lock_guard guard(lock);
        why = reason;
        queue.clear();
    }
    has_failed = true;
    if (options.on_failure) options.on_failure(reason);
}

void Runner::Impl::answer_waiters() {
    std::vector<std::pair<std::function<void(bool)>, bool>> answers;
    {
        const std::lock_guard guard(lock);
        const auto now = Clock::now();
        const bool over = has_failed || (ending && queue.empty());
        std::erase_if(waiters, [&](Waiter& waiter) {
            const bool held = waiter.next <= applied_next;
            if (!held && !over && waiter.until > now) return false;
            answers.emplace_back(std::move(waiter.tell), held);
            return true;
        });
    }
    for (auto& [tell, held] : answers) tell(held);
}

Runner::Runner(eventstore::Log& log, ViewStore& store, const schemas::Catalogue& catalogue, schemas::Opener& opener,
               RunnerOptions options)
    : impl_(std::make_unique<Impl>(log, store, catalogue, opener, std::move(options))) {}

Runner::~Runner() { stop(); }

void Runner::start() {
    Impl& r = *impl_;
    r.at = bring_to_tail(r.source, r.store, r.options.collections, r.options.cached_views, r.options.progress);
    r.applied_next = r.at.next;
    r.offered_next = std::max(r.offered_next.load(), r.at.next);
    r.batch = std::make_unique<FoldBatch>(r.store, r.options.collections, r.options.cached_views);
    if (r.options.caught_up) r.options.caught_up();
    r.thread = std::thread([&r] { r.run(); });
}

void Runner::stop() {
    Impl& r = *impl_;
    {
        const std::lock_guard guard(r.lock);
        r.ending = true;
    }
    r.wake.notify_all();
    if (r.thread.joinable()) r.thread.join();
    r.answer_waiters();
}

void Runner::offer(std::shared_ptr<const eventstore::Commit> commit, DecodedBatch events) {
    Impl& r = *impl_;
    for (Follower* follower : r.options.eager_followers)
        for (std::size_t i = 0; i < events->size(); ++i)
            follower->see((*events)[i], {commit->partition, commit->first + i});
    const auto now = Clock::now();
    bool first;
    {
        const std::lock_guard guard(r.lock);
        r.offered_next = std::max(r.offered_next.load(), commit->next());
        if (r.has_failed || r.ending) return;
        first = r.queue.empty();
        r.queue.push_back({{std::move(commit), std::move(events)}, now});
        std::int64_t none = 0;
        r.oldest_ns.compare_exchange_strong(none, now.time_since_epoch().count());
        first = first || !r.waiters.empty();
    }
    // The thread waits for the first one's time; the others are found when it comes.
    if (first) r.wake.notify_one();
}

std::uint64_t Runner::applied_next() const { return impl_->applied_next; }

std::uint64_t Runner::lag_events() const {
    const std::uint64_t applied = impl_->applied_next;
    const std::uint64_t head =
        std::max(impl_->offered_next.load(), impl_->source.log.tail(impl_->source.partition).next);
    return head > applied ? head - applied : 0;
}

double Runner::lag_seconds() const {
    const std::int64_t oldest = impl_->oldest_ns;
    return oldest ? static_cast<double>(now_ns() - oldest) / 1e9 : 0;
}

double Runner::us_per_row() const { return impl_->us_per_row; }

bool Runner::failed(std::string* why) const {
    if (!impl_->has_failed) return false;
    const std::lock_guard guard(impl_->lock);
    if (why) *why = impl_->why;
    return true;
}

void Runner::when_applied(std::uint64_t next, std::chrono::milliseconds at_most, std::function<void(bool)> tell) {
    Impl& r = *impl_;
    if (r.applied_next >= next) return tell(true);
    bool over = false;
    {
        const std::lock_guard guard(r.lock);
        over = r.has_failed || r.ending;
        if (!over) r.waiters.push_back({next, Clock::now() + at_most, tell});
    }
    if (over) return tell(false);
    r.wake.notify_one();
}

void Runner::rebuild(const CollectionInfo& info, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    Impl& r = *impl_;
    constexpr std::uint64_t short_rest = 2000;   // events that the runner waits for
    Building building(r.source, r.store, {&info});
    building.advance(r.applied_next, progress);
    building.make_indexes();
    for (int round = 0; round < 10 && r.applied_next - building.at().next > short_rest; ++round)
        building.advance(r.applied_next, progress);
    const std::lock_guard guard(r.applying);
    building.advance(r.at.next, progress);
    if (building.at().next != r.at.next || building.at().last != r.at.last)
        throw Broken("The rebuild of " + info.name + " came to another event than the live views.");
    building.switch_over();
    if (r.batch) r.batch->forget(info);
}

}  // namespace nova::projections
