// The tables of one collection: their names, columns and indexes. A rebuild makes a new generation beside the live one.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "projections/collection.h"
#include "projections/sqlite/connection.h"

namespace nova::projections::sqlite {

// Columns of a row before and after the declared ones. The document stands before the search text, which may be long
// and is read only when a tenant's texts are loaded.
//   n INTEGER PRIMARY KEY, tenant, id, owner, assignee, team, "c_…" …, doc, search
struct Tables {
    Tables(const CollectionInfo&, std::int64_t generation);

    const CollectionInfo& info;
    std::int64_t generation;
    std::string name;         // customers_3
    std::string rows;         // "customers_3", quoted
    std::string totals;       // "customers_3_totals": rows of each tenant
    std::string columns;      // all of a row, in order, n first

    std::string index(const std::string& of) const { return "\"" + name + "_by_" + of + "\""; }
    std::string key_index() const { return index("key"); }
    std::string column_index(const ColumnInfo& c) const { return index("c_" + c.name); }

    void create(Connection&) const;            // with the key's index: changes find their row by it
    std::vector<std::string> index_statements() const;   // the others
    static void drop(Connection&, const std::string& name);

    std::string select_row, insert_row, delete_row, load_document, add_total, read_total;
    // Sets the columns without an index, and of owner, assignee, team (bits 0–2) and the indexed ones (bit 3 + i for
    // the i-th of them) only what changed: SQLite rewrites the entry of every index whose column is named.
    std::string update_row(std::uint64_t changed) const;
    std::vector<std::size_t> indexed;   // columns of the description, by number
};

std::string quoted(const std::string& name);
std::string column_name(const std::string& declared);   // "c_createdAt", quoted
// Changes whenever tables made for one description cannot serve another.
std::string shape_of(const CollectionInfo&);

}  // namespace nova::projections::sqlite
