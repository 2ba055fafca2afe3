#include "eventstore/sqlite/sqlite_index.h"

#include <algorithm>
#include <utility>

namespace nova::eventstore::sqlite {
namespace {

constexpr std::size_t heads_kept = 200'000;

bool holds_at(const ClaimSet& set, std::string_view key, Instant now) {
    return (!set.until || now < *set.until) && std::find(set.keys.begin(), set.keys.end(), key) != set.keys.end();
}

}  // namespace

// What is asked of index.db, with its corruption told in a sentence.
template <class Ask>
auto SqliteIndex::ask(Ask question) const {
    try {
        const auto reader = readers_->lend();
        return question(*reader);
    } catch (const Failure& failure) {
        if (!failure.corrupt()) throw Unavailable(std::string("index.db cannot be read: ") + failure.what() + ".");
        mark_damaged();
        throw Unavailable("index.db is damaged; start again, and it is built anew from the log.");
    }
}

void SqliteIndex::mark_damaged() const { IndexWriter::mark_damaged(options_.folder); }

std::uint64_t SqliteIndex::version(std::string_view stream) const {
    std::uint64_t published;
    {
        const std::lock_guard lock(mutex_);
        if (const auto head = heads_.find(stream); head != heads_.end()) return head->second;
        if (const auto head = older_heads_.find(stream); head != older_heads_.end()) {
            const std::uint64_t version = head->second;
            cache_version(stream, version);
            return version;
        }
        for (const Generation* pending : {static_cast<const Generation*>(active_.get()), flushing_.get()})
            if (pending)
                if (const auto grown = pending->streams.find(stream); grown != pending->streams.end())
                    return grown->second.version();
        published = published_;
    }
    const std::uint64_t version = ask([&](IndexReader& reader) { return reader.version(stream); });
    const std::lock_guard lock(mutex_);
    if (published == published_) cache_version(stream, version);  // else it may be old already
    return version;
}

void SqliteIndex::cache_version(std::string_view stream, std::uint64_t version) const {
    if (heads_.size() >= heads_kept) {
        older_heads_ = std::move(heads_);
        heads_.clear();
    }
    if (const auto head = heads_.find(stream); head != heads_.end()) head->second = version;
    else heads_.emplace(stream, version);
}

std::vector<VersionedEntry> SqliteIndex::entries(std::string_view stream, std::uint64_t from, std::uint64_t to) const {
    from = std::max<std::uint64_t>(from, 1);
    std::vector<VersionedEntry> pending;
    if (to < from) return pending;
    {
        const std::lock_guard lock(mutex_);
        for (const Generation* generation : {flushing_.get(), static_cast<const Generation*>(active_.get())}) {
            if (!generation) continue;
            const auto found = generation->streams.find(stream);
            if (found == generation->streams.end()) continue;
            const auto& grown = found->second;
            for (std::uint64_t version = std::max(from, grown.first_version); version <= std::min(to, grown.version());
                 ++version)
                pending.push_back({version, grown.entries[version - grown.first_version]});
        }
    }
    // The file is asked after what is pending: what was written between is then in both, and never in neither.
    if (!pending.empty() && pending.front().version == from) return pending;
    std::vector<VersionedEntry> all;
    const std::uint64_t file_to = pending.empty() ? to : pending.front().version - 1;
    ask([&](IndexReader& reader) { reader.entries(stream, from, file_to, all); });
    all.insert(all.end(), pending.begin(), pending.end());
    return all;
}

const ClaimSet* SqliteIndex::pending_set(std::string_view stream, std::string_view space) const {
    const std::string key = pair_key(stream, space);
    if (const auto set = active_->claims.find(key); set != active_->claims.end()) return &set->second;
    if (flushing_)
        if (const auto set = flushing_->claims.find(key); set != flushing_->claims.end()) return &set->second;
    return nullptr;
}

std::vector<std::string> SqliteIndex::holders(std::string_view space, std::string_view key, Instant now,
                                              std::size_t at_most) const {
    const std::string claim = pair_key(space, key);
    for (std::size_t limit = at_most + 64;;) {
        std::uint64_t flushes;
        {
            const std::lock_guard lock(mutex_);
            flushes = flushes_;
        }
        const auto written = ask([&](IndexReader& reader) { return reader.holders(space, key, now, limit); });
        const std::lock_guard lock(mutex_);
        if (flushes != flushes_) continue;  // sets that replace what was read may no longer be pending
        std::vector<std::string> found;
        const auto add = [&](const std::string& stream) {
            if (found.size() < at_most && std::find(found.begin(), found.end(), stream) == found.end())
                found.push_back(stream);
        };
        for (const std::string& stream : written)
            if (!pending_set(stream, space)) add(stream);
        for (const Generation* pending : {flushing_.get(), static_cast<const Generation*>(active_.get())}) {
            if (!pending) continue;
            if (const auto streams = pending->claimants.find(claim); streams != pending->claimants.end())
                for (const std::string& stream : streams->second)
                    if (const ClaimSet* set = pending_set(stream, space); set && holds_at(*set, key, now)) add(stream);
        }
        if (found.size() >= at_most || written.size() < limit) return found;
        limit *= 4;  // many of those written have been replaced meanwhile
    }
}

std::optional<Remembered> SqliteIndex::remembered(std::string_view scope, std::string_view key, Instant now) const {
    std::optional<Remembered> kept;
    {
        const std::string both = pair_key(scope, key);
        const std::lock_guard lock(mutex_);
        for (const Generation* pending : {static_cast<const Generation*>(active_.get()), flushing_.get()})
            if (pending && !kept)
                if (const auto found = pending->repeats.find(both); found != pending->repeats.end())
                    kept = found->second;
    }
    if (!kept) kept = ask([&](IndexReader& reader) { return reader.remembered(scope, key); });
    return kept && now < kept->time + repeat_kept_ms ? kept : std::nullopt;
}

std::optional<Snapshot> SqliteIndex::snapshot(std::string_view stream) const {
    {
        const std::lock_guard lock(mutex_);
        for (const Generation* pending : {static_cast<const Generation*>(active_.get()), flushing_.get()})
            if (pending)
                if (const auto found = pending->snapshots.find(stream); found != pending->snapshots.end())
                    return found->second;
    }
    return ask([&](IndexReader& reader) { return reader.snapshot(stream); });
}

void SqliteIndex::keep_snapshot(std::string_view stream, Snapshot snapshot) {
    {
        const std::lock_guard lock(mutex_);
        // Losing one costs a longer load and nothing else, so they are the first to give way when memory runs short.
        if (active_->snapshot_bytes > (std::size_t{64} << 20)) return;
        active_->snapshot_bytes += stream.size() + snapshot.state.size();
        active_->snapshots.insert_or_assign(std::string(stream), std::move(snapshot));
    }
    work_.notify_one();
}

std::optional<std::string> SqliteIndex::failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
}

}  // namespace nova::eventstore::sqlite
