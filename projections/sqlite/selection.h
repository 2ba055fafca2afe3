// A query as SQL over one collection's tables. Which index leads is decided here and said with INDEXED BY, never left to
// the planner: it knows nothing of how many rows match, and a wrong guess costs a thousandfold.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "projections/order.h"
#include "projections/sqlite/tables.h"

namespace nova::projections::sqlite {

struct Parameter {
    enum class Kind { value, id, tenant, rows } kind = Kind::value;
    Value value;                     // id: its text; tenant: the query's, bound apart
    const RowSet* rows = nullptr;
};

// SQL text with the values of its question marks, in their order.
struct Sql {
    std::string text;
    std::vector<Parameter> parameters;
    Sql& operator+=(std::string_view more) { text += more; return *this; }
    Sql& operator+=(const Sql& more);
    Sql& value(Value v) { return add({Parameter::Kind::value, std::move(v)}); }
    Sql& id(std::string v) { return add({Parameter::Kind::id, std::move(v)}); }
    Sql& tenant() { return add({Parameter::Kind::tenant}); }
    Sql& set(const RowSet* rows) { return add({Parameter::Kind::rows, {}, rows}); }
    void bind_to(Statement&, const TenantId&) const;

private:
    Sql& add(Parameter p) { text += '?'; parameters.push_back(std::move(p)); return *this; }
};

class Selection {
public:
    // `found`: the rows that the search matched; nullptr without one.
    Selection(const Tables&, const Query&, const RowSet* found);

    // Where the rows are taken from; the conditions that the source does not imply are checked row by row.
    struct Source {
        enum class Kind { key, column, reach, found } kind = Kind::key;
        const ColumnInfo* column = nullptr;
        std::uint64_t rows = 0;      // how many it yields, or at least so many
    };
    bool unconditional() const { return conditions_.empty() && !limited_ && !found_; }
    bool found_alone() const { return conditions_.empty() && !limited_ && found_; }
    const std::vector<Sort>& order() const { return order_; }

    // Sources that yield fewer rows than the whole tenant, without their number except `found`.
    std::vector<Source> narrow_sources() const;
    // Counts at most `bound` rows of the source.
    Sql probe(const Source&, std::uint64_t bound) const;
    Sql count(const Source&) const;
    // The source for a page: walking the order's index, if there is one and that touches fewer rows, else `narrowest`.
    Source for_page(const Source& narrowest, std::uint64_t total, std::uint64_t of_tenant,
                    std::uint64_t rows_wanted) const;
    // The parts of the list behind `place`, one after another in order; each a condition that an index can lead. The
    // whole list is the one part without a condition.
    std::vector<Sql> parts_after(const Place&) const;
    // Row number, sort values, id; in order.
    Sql page(const Source&, const Sql& part, std::uint64_t limit, std::uint64_t offset) const;

private:
    void add_filter(const Filter&);
    void add_free_form(const ColumnInfo&, const std::string& key, const Filter&);
    Sql from(const Source&) const;          // FROM … WHERE … of all conditions
    Sql reach_rows() const;                 // the row numbers in reach, each perhaps twice
    Sql reach_condition() const;

    struct Condition {
        const ColumnInfo* column;           // nullptr: free form
        bool leads;                         // equality or range: an index of the column can lead
        Sql sql;
    };
    const Tables& tables_;
    const Query& query_;
    const RowSet* found_;
    bool limited_;
    std::vector<Sort> order_;
    std::vector<Condition> conditions_;
};

}  // namespace nova::projections::sqlite
