// Writes changed rows into one collection's tables, inside the caller's transaction.
#pragma once
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "projections/sqlite/tables.h"
#include "projections/text_memory.h"
#include "projections/view_store.h"

namespace nova::projections::sqlite {

class RowWriter {
public:
    RowWriter(Connection&, const Tables&);   // the tables exist
    void write(const RowChange&);
    // The kept totals; after the batch's rows, in the same transaction.
    void write_totals();
    // What the texts in memory need to know once the transaction is committed.
    std::map<TenantId, std::vector<TextMemory::Change>> take_text_changes() { return std::move(text_changes_); }
    // After a rollback.
    void forget();
    const Tables& tables() const { return tables_; }

private:
    struct Image {             // of the row that shall be
        std::string owner, assignee, team, document, search;
        std::vector<Value> columns;
    };
    void take_image(const void* view);
    void insert(const RowKey&);
    void update(Statement& old, std::int64_t row);
    void remove(const RowKey&);
    void note_text(const TenantId&, std::int64_t row, bool gone);

    Connection& db_;
    const Tables& tables_;
    Image image_;              // kept, so that its memory is used again
    std::string raw_search_;
    std::int64_t next_row_;    // never given twice while the process lives: searches remember row numbers for a moment
    std::unordered_map<std::uint64_t, std::string> updates_;
    std::unordered_map<TenantId, std::int64_t> totals_;
    std::map<TenantId, std::vector<TextMemory::Change>> text_changes_;
};

}  // namespace nova::projections::sqlite
