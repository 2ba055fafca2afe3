// Folds events into views and gathers the rows they change: each row once, however many events changed it. Views that
// were used lately stay decoded.
#pragma once
#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "projections/view_store.h"
#include "schemas/envelope.h"

namespace nova::projections {

class FoldBatch {
public:
    FoldBatch(ViewStore&, std::vector<const CollectionInfo*>, std::size_t cached_views);
    // Whatever a fold throws comes out; the batch is then good for nothing.
    void take(const schemas::DecodedEvent&, eventstore::Position);
    std::size_t rows() const { return changed_.size(); }
    // One transaction with the checkpoint, also without rows.
    void flush(const Checkpoint&);
    // A collection's rows were replaced behind this cache.
    void forget(const CollectionInfo&);

private:
    struct Key {
        std::size_t collection;
        RowKey row;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept {
            return std::hash<std::string_view>{}(key.row.id) ^ std::hash<TenantId>{}(key.row.tenant) * 31 ^
                   key.collection;
        }
    };
    struct Entry {
        const Key* key;
        std::shared_ptr<void> view;   // nullptr: there is no such row
        bool stored = false;          // the store has the row
        bool changed = false;
    };
    using Entries = std::list<Entry>;   // the most recently used one first
    struct Subscriber {
        std::size_t collection;
        const Subscription* subscription;
    };
    Entry& entry(std::size_t collection, RowKey&&, bool surely_new);
    void fold_into(const Subscriber&, RowKey&&, const schemas::DecodedEvent&, eventstore::Position);

    ViewStore& store_;
    std::vector<const CollectionInfo*> collections_;
    std::vector<bool> by_stream_;       // every row is changed by its own stream alone
    std::unordered_map<std::string_view, std::vector<Subscriber>> subscribers_;
    std::size_t cached_views_;
    Entries entries_;
    std::unordered_map<Key, Entries::iterator, KeyHash> known_;
    std::vector<Entry*> changed_;
};

}  // namespace nova::projections
