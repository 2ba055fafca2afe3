// The port of the read models: keeps the collections' rows, answers queries, and takes changes with a checkpoint in one
// transaction. Every query names a tenant; there is no other way to ask (the directory's few look-ups are in directory.h).
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "projections/collection.h"

namespace nova::projections {

// How far the asker reaches inside the tenant: everything, or what they own or are assigned.
struct Reach {
    bool whole_tenant = false;
    std::string user;                 // own items: owner or assignee is this one
    std::vector<std::string> teams;   // and items of these teams
};

// A column of the collection, or `customFields.<key>` (equals) where the collection has a column of free-form JSON of
// that name. Texts for a folded column, any_of and all_of come as typed; the store folds them.
struct Filter {
    std::string column;
    Match match = Match::equals;
    std::vector<Value> values;        // equals (NULL: without a value), any_of, all_of; present: one integer 0 or 1
    std::optional<Value> from, to;    // range, both inclusive
};

// The id breaks ties, in the direction of the last column.
struct Sort {
    std::string column;               // or "id"
    bool descending = false;
};

struct Query {
    Query(TenantId of, Reach by) : tenant(of), reach(std::move(by)) {}
    TenantId tenant;
    Reach reach;
    std::vector<Filter> filters;
    std::string search;               // as typed; folded by the store
    std::vector<Sort> sort;           // empty: the collection's default
    std::uint32_t page = 1, limit = 20;
    std::string cursor;               // opaque; replaces page
};

struct Page {
    std::string items;                // the documents, comma-separated, without brackets
    std::uint32_t count = 0;          // of items
    std::uint64_t total = 0;          // of the whole list
    std::string next_cursor;          // empty: the last page
};

// The read models cannot be written or read just now (a busy or full disk); the same may succeed later.
struct NotNow : std::runtime_error { using std::runtime_error::runtime_error; };
struct BadCursor : std::runtime_error { using std::runtime_error::runtime_error; };

// One row as it shall be from now on; without a document the row goes.
struct RowChange {
    const CollectionInfo* collection;
    RowKey key;
    std::shared_ptr<const void> view;   // nullptr: remove
    bool fresh = false;                 // it is certain that there is no such row yet
};

struct Checkpoint {
    std::uint32_t partition = 0;
    std::uint64_t next = 0;             // offset of the first event not applied
    eventstore::Hash last{};            // of the event before it: the next one's prevhash
};

class ViewStore {
public:
    virtual ~ViewStore() = default;
    // Queries; thread-safe.
    virtual Page list(const CollectionInfo&, const Query&) const = 0;                 // throws BadCursor
    virtual std::optional<std::string> get(const CollectionInfo&, const RowKey&,
                                           const Reach&) const = 0;  // the document
    virtual std::uint64_t count(const CollectionInfo&, TenantId) const = 0;

    // For the runner alone (one thread).
    virtual std::optional<Checkpoint> checkpoint(const CollectionInfo&) const = 0;    // none: empty, build from zero
    virtual std::shared_ptr<void> load(const CollectionInfo&, const RowKey&) const = 0;  // nullptr: no such row
    virtual void apply(const std::vector<RowChange>&, const std::vector<const CollectionInfo*>& collections,
                       const Checkpoint&) = 0;
    // Visits every row of a collection, in no order.
    virtual void each(const CollectionInfo&,
                      const std::function<void(const RowKey&, std::string_view document)>&) const = 0;

    // Building a collection anew beside the live one: rows go to tables of their own until `switch_over`.
    virtual std::unique_ptr<ViewStore> begin_rebuild(const CollectionInfo&) = 0;  // tables without secondary indexes
    virtual void finish_rebuild(const CollectionInfo&) = 0;                           // indexes made
    virtual void switch_over(const CollectionInfo&) = 0;                              // one transaction
    // Drops what nobody reads any more: the old tables after a switch, those of a rebuild that was given up. May take long.
    virtual void discard_unused(const CollectionInfo&) = 0;
};

struct SqliteViewOptions {
    std::string file;                                   // views.db
    std::vector<const CollectionInfo*> collections;
    std::size_t search_bytes = 256u << 20;  // folded texts kept in memory for search, of all tenants together
    std::size_t readers = 8;                            // connections that queries share
};
// Opens or makes the file; a damaged or foreign one is moved aside and rebuilt (it is derived). Throws std::runtime_error.
std::unique_ptr<ViewStore> open_sqlite_views(SqliteViewOptions);

}  // namespace nova::projections
