#include "projections/fold_batch.h"

namespace nova::projections {

FoldBatch::FoldBatch(ViewStore& store, std::vector<const CollectionInfo*> collections, std::size_t cached_views)
    : store_(store), collections_(std::move(collections)), cached_views_(cached_views) {
    for (std::size_t i = 0; i < collections_.size(); ++i) {
        bool by_stream = true;
        for (const auto& [type, subscription] : collections_[i]->subscriptions) {
            subscribers_[type].push_back({i, &subscription});
            by_stream = by_stream && !subscription.rows;
        }
        by_stream_.push_back(by_stream);
    }
}

FoldBatch::Entry& FoldBatch::entry(std::size_t collection, RowKey&& row, bool surely_new) {
    const auto [at, added] = known_.try_emplace(Key{collection, std::move(row)});
    if (!added) {
        entries_.splice(entries_.begin(), entries_, at->second);
        return *at->second;
    }
    entries_.push_front({&at->first, nullptr});
    at->second = entries_.begin();
    Entry& entry = entries_.front();
    // The first event of a stream begins its row, unless events of other streams may have begun it.
    if (!surely_new) entry.view = store_.load(*collections_[collection], at->first.row);
    entry.stored = entry.view != nullptr;
    return entry;
}

void FoldBatch::take(const schemas::DecodedEvent& event, eventstore::Position position) {
    const auto found = subscribers_.find(event.envelope.type);
    if (found == subscribers_.end() || !event.event.type) return;
    const Meta meta{event.envelope, position};
    for (const Subscriber& subscriber : found->second) {
        if (!subscriber.subscription->rows) {
            fold_into(subscriber, row_of_stream(meta), event, position);
            continue;
        }
        for (RowKey& row : subscriber.subscription->rows(event.event, meta))
            fold_into(subscriber, std::move(row), event, position);
    }
}

void FoldBatch::fold_into(const Subscriber& subscriber, RowKey&& row, const schemas::DecodedEvent& event,
                          eventstore::Position position) {
    const std::size_t collection = subscriber.collection;
    Entry& changing = entry(collection, std::move(row), by_stream_[collection] && event.envelope.stream_version == 1);
    const bool fresh = !changing.view;
    std::shared_ptr<void> view = fresh ? collections_[collection]->make() : changing.view;
    const bool stays = subscriber.subscription->apply(view.get(), event.event, Meta{event.envelope, position, fresh});
    if (!stays && fresh) return;
    changing.view = stays ? std::move(view) : nullptr;
    if (!std::exchange(changing.changed, true)) changed_.push_back(&changing);
}

void FoldBatch::flush(const Checkpoint& checkpoint) {
    std::vector<RowChange> changes;
    changes.reserve(changed_.size());
    for (const Entry* entry : changed_)
        if (entry->view || entry->stored)
            changes.push_back({collections_[entry->key->collection], entry->key->row, entry->view, !entry->stored});
    store_.apply(changes, collections_, checkpoint);
    for (Entry* entry : changed_) entry->changed = false, entry->stored = entry->view != nullptr;
    changed_.clear();
    while (entries_.size() > cached_views_) {
        known_.erase(*entries_.back().key);
        entries_.pop_back();
    }
}

void FoldBatch::forget(const CollectionInfo& info) {
    for (auto it = entries_.begin(); it != entries_.end();) {
        if (collections_[it->key->collection]->name != info.name) { ++it; continue; }
        known_.erase(*it->key);
        it = entries_.erase(it);
    }
}

}  // namespace nova::projections
