#include "commands/writer.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "commands/batch.h"
#include "commands/claims.h"
#include "schemas/json.h"

namespace nova::commands {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Waiting {
    Command command;
    SteadyClock::time_point since;
};

struct Decided {
    Waiting waiting;
    Completed completed;
    std::uint64_t events_so_far = 0;   // of the batch, the command's own included
};

}  // namespace

struct Writer::Impl {
    Impl(eventstore::Log& log, eventstore::Index& index, eventstore::KeyRing& ring, IdSource& ids,
         const DirectoryFacts& directory, WriterOptions options)
        : log(log),
          ring(ring),
          ids(ids),
          directory(directory),
          options(std::move(options)),
          sealer(ring),
          source(log, index, sealer, this->options.items, this->options.states_max),
          thread([this] { run(); }) {}

    eventstore::Log& log;
    eventstore::KeyRing& ring;
    IdSource& ids;
    const DirectoryFacts& directory;
    WriterOptions options;
    RingSealer sealer;
    StateSource source;

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Waiting> queue;
    bool stopping = false;
    Instant last_time{};
    std::thread thread;   // last: runs on all of the above

    void run() {
        std::vector<Waiting> taken;
        while (take(taken)) {
            pace(taken.size());
            std::vector<Decided> decided;
            try {
                write(taken, decided);
            } catch (const std::exception& e) {
                return break_down(decided, taken, e.what());
            }
            taken.clear();
        }
    }

    bool take(std::vector<Waiting>& taken) {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return stopping || !queue.empty(); });
        while (!queue.empty() && taken.size() < options.batch_max) {
            taken.push_back(std::move(queue.front()));
            queue.pop_front();
        }
        return !taken.empty();
    }

    // The views are the narrow place: the writer slows down in proportion to how far they are behind, so that the lag
    // stays bounded without a limit that would stop commands altogether.
    void pace(std::size_t commands) {
        if (!options.lag) return;
        const Lag lag = options.lag();
        if (lag.events <= options.lag_soft) return;
        const double share = static_cast<double>(lag.events - options.lag_soft) /
                             static_cast<double>(options.lag_hard - options.lag_soft);
        const double delay_us = std::min(15000.0, static_cast<double>(commands) * lag.us_per_row * share);
        std::this_thread::sleep_for(std::chrono::microseconds(static_cast<std::int64_t>(delay_us)));
    }

    Instant now() {
        last_time = std::max(last_time, options.clock());  // inside a partition times never go back
        return last_time;
    }

    void write(std::vector<Waiting>& taken, std::vector<Decided>& decided) {
        Batch batch(source, sealer, ids, options.partition);
        decided.reserve(taken.size());
        std::deque<Waiting> again;
        for (Waiting& waiting : taken) {
            const Command& c = waiting.command;
            if (!c.idempotency_key.empty() &&
                batch.repeats_in_batch(repeat_scope(c.boundary, actor_id_of(c.actor)), c.idempotency_key)) {
                again.push_back(
                    std::move(waiting));  // its first try lies in this very batch: answered from it, afterwards
                continue;
            }
            Completed completed = decide(c, batch);
            decided.push_back({std::move(waiting), std::move(completed), batch.events()});
        }
        const std::uint64_t first = log.tail(options.partition).next;
        const eventstore::AppendResult result = append(batch);
        settle(batch, result, decided, first);
        decided.clear();
        source.cache().trim();
        if (again.empty()) return;
        std::lock_guard lock(mutex);
        queue.insert(queue.begin(), std::make_move_iterator(again.begin()), std::make_move_iterator(again.end()));
    }

    Completed decide(const Command& command, Batch& batch) {
        Completed completed;
        try {
            if (auto known = repeated(command)) return *known;
            const Instant at = now();
            BatchWork work(batch, command.boundary, at, ids);
            const Context context{at, command.tenant, command.actor, work.ids(), directory};
            completed.result = command.handle(work, context);
            const auto& refusal = completed.result.refusal;
            if (auto moved = version_mismatch(command, work, refusal)) {
                completed.how = Completion::refused;
                completed.refusal = std::move(moved);
                return completed;
            }
            batch.take(command, at, work.staged());
            completed.how = refusal ? Completion::refused : Completion::accepted;
            completed.refusal = refusal;
            show_item(completed);
        } catch (const eventstore::Damaged& e) {
            completed.how = Completion::unavailable, completed.why = e.what();
        } catch (const eventstore::Unavailable& e) {
            completed.how = Completion::unavailable, completed.why = e.what();
        } catch (const std::exception& e) {
            completed.how = Completion::failed, completed.why = e.what();
        }
        return completed;
    }

    std::optional<Completed> repeated(const Command& command) {
        if (command.idempotency_key.empty()) return {};
        auto first = source.index().remembered(repeat_scope(command.boundary, actor_id_of(command.actor)),
                                               command.idempotency_key, now());
        if (!first) return {};
        Completed completed;
        if (first->digest == command.request_digest) {
            completed.how = Completion::repeated;
            completed.position = first->position;
        } else {
            completed.how = Completion::refused;
            completed.refusal =
                Rejection{Rejection::Kind::key_reused, "idempotency_key_reused",
                          "This Idempotency-Key was used for another request; use a new key for a new request."};
        }
        completed.first = std::move(first);
        return completed;
    }

    // Whether the item is there, and whether the actor may change it, is told before whether it has moved on.
    static std::optional<Rejection> version_mismatch(const Command& command, BatchWork& work,
                                                     const std::optional<Rejection>& refusal) {
        if (!command.if_match || command.target.size() <= 36) return {};
        if (refusal && refusal->kind != Rejection::Kind::rule && refusal->kind != Rejection::Kind::invalid) return {};
        const std::size_t at = command.target.size() - 36;
        const auto id = parse_uuid(std::string_view(command.target).substr(at));
        const std::uint64_t version = id ? work.version(std::string_view(command.target).substr(0, at), *id) : 0;
        if (version == 0 || version == *command.if_match) return {};
        return Rejection{
            Rejection::Kind::version_mismatch, "version_mismatch",
            "The item has moved on to version " + std::to_string(version) + "; read it again and repeat the change."};
    }

    void show_item(Completed& completed) {
        if (completed.how != Completion::accepted || completed.result.stream.empty()) return;
        const Held* held = source.cache().find(completed.result.stream);
        if (!held) return;
        completed.version = held->version;
        completed.item_gone = held->item_gone;
        const ItemFold* fold = source.item_fold(completed.result.stream);
        if (fold && held->item && !held->item_gone) schemas::write_json(*fold->type, held->item.get(), completed.item);
    }

    eventstore::AppendResult append(Batch& batch) {
        if (batch.empty()) return {eventstore::Outcome::done, false, nullptr, {}};
        eventstore::Append append = batch.take_append(now());
        append.new_keys = ring.take_new_keys();
        const std::vector<eventstore::WrappedKey> keys = append.new_keys;
        std::promise<eventstore::AppendResult> promise;
        log.append(std::move(append), [&](eventstore::AppendResult result) { promise.set_value(std::move(result)); });
        eventstore::AppendResult result = promise.get_future().get();
        if (result.outcome != eventstore::Outcome::done) {
            batch.drop_touched();
            ring.forget_new(keys);
        }
        return result;
    }

    void settle(Batch& batch, const eventstore::AppendResult& result, std::vector<Decided>& decided,
                std::uint64_t first) {
        const bool done = result.outcome == eventstore::Outcome::done;
        if (done && result.commit) options.committed(result.commit, batch.decoded());
        for (Decided& d : decided) {
            Completed& c = d.completed;
            if (!done && (c.how == Completion::accepted || c.how == Completion::refused)) {
                c.how = result.outcome == eventstore::Outcome::unknown ? Completion::unknown : Completion::unavailable;
                c.why = result.why;
                c.refusal.reset();
            }
            // The last event of the command, or of all before it where it wrote none: what its asker has seen.
            const std::uint64_t next = first + d.events_so_far;
            if (c.how == Completion::accepted || c.how == Completion::refused)
                c.position = {options.partition, next > 0 ? next - 1 : 0};
            if (options.observed)
                options.observed(d.waiting.command.name, c.how,
                                 std::chrono::duration<double>(SteadyClock::now() - d.waiting.since).count());
            answer(d.waiting.command, std::move(c));
        }
    }

    // What an answer throws is its own affair: the batch is durable, and the others wait.
    void answer(const Command& command, Completed completed) {
        try {
            if (command.done) command.done(std::move(completed));
        } catch (const std::exception& e) {
            if (options.failed) options.failed(std::string("the answer of ") + command.name + " failed: " + e.what());
        }
    }

    // The thread must not end in an exception, and after one nobody knows what was done: the commands at work are answered
    // so, and no others are taken. A restart finds in the log what is true.
    void break_down(std::vector<Decided>& decided, std::vector<Waiting>& taken, const std::string& why) {
        std::deque<Waiting> left;
        {
            std::lock_guard lock(mutex);
            stopping = true;
            left.swap(queue);
        }
        if (options.failed) options.failed("the writer has stopped: " + why);
        Completed unknown;
        unknown.how = Completion::unknown, unknown.why = why;
        for (Decided& d : decided) answer(d.waiting.command, unknown);
        for (Waiting& waiting : taken) answer(waiting.command, unknown);
        unknown.how = Completion::unavailable;
        for (Waiting& waiting : left) answer(waiting.command, unknown);
    }
};

Writer::Writer(eventstore::Log& log, eventstore::Index& index, eventstore::KeyRing& ring, IdSource& ids,
               const DirectoryFacts& directory, WriterOptions options)
    : impl_(std::make_unique<Impl>(log, index, ring, ids, directory, std::move(options))) {}

Writer::~Writer() { stop(); }

bool Writer::submit(Command command) {
    {
        std::lock_guard lock(impl_->mutex);
        if (impl_->stopping || impl_->queue.size() >= impl_->options.queue_max) return false;
        impl_->queue.push_back({std::move(command), SteadyClock::now()});
    }
    impl_->wake.notify_one();
    return true;
}

std::size_t Writer::waiting() const {
    std::lock_guard lock(impl_->mutex);
    return impl_->queue.size();
}

void Writer::stop() {
    {
        std::lock_guard lock(impl_->mutex);
        impl_->stopping = true;
    }
    impl_->wake.notify_one();
    if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace nova::commands
