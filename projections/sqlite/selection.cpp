#include "projections/sqlite/selection.h"

#include <algorithm>

#include "schemas/json.h"

namespace nova::projections::sqlite {
namespace {

constexpr std::string_view free_form_prefix = "customFields.";

Value folded_value(const ColumnInfo& column, const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text && column.folded ? Value(folded(*text)) : value;
}

std::string order_column(const std::string& column) { return column == "id" ? "id" : column_name(column); }

// status IN (?,?) OR status IS NULL
Sql any_of_these(const ColumnInfo& column, const std::vector<Value>& values) {
    const std::string name = column_name(column.name);
    Sql sql;
    bool none = false;
    std::size_t given = 0;
    for (const Value& value : values) {
        if (value.index() == 0) { none = true; continue; }
        sql += given++ ? "," : name + " IN (";
        sql.value(folded_value(column, value));
    }
    if (given) sql += ")";
    if (none) sql += (given ? " OR " : "") + name + " IS NULL";
    if (!given && !none) sql += "0";
    return sql;
}

Sql in_list(const ColumnInfo& column, const Filter& filter) {
    Sql sql;
    for (const Value& value : filter.values) {
        const auto* text = std::get_if<std::string>(&value);
        const auto* number = std::get_if<std::int64_t>(&value);
        std::string entry = "\n";
        if (text) append_folded(*text, entry);
        else if (number) entry += std::to_string(*number);
        if (!sql.text.empty()) sql += filter.match == Match::all_of ? " AND " : " OR ";
        sql += "instr(" + column_name(column.name) + ", ";
        sql.value(entry + "\n") += ")>0";
    }
    if (sql.text.empty()) sql += filter.match == Match::all_of ? "1" : "0";
    return sql;
}

Sql in_range(const ColumnInfo& column, const Filter& filter) {
    const std::string name = column_name(column.name);
    Sql sql;
    if (filter.from) (sql += name + ">=").value(folded_value(column, *filter.from));
    if (filter.from && filter.to) sql += " AND ";
    if (filter.to) (sql += name + "<=").value(folded_value(column, *filter.to));
    if (sql.text.empty()) sql += "1";
    return sql;
}

}  // namespace

Sql& Sql::operator+=(const Sql& more) {
    text += more.text;
    parameters.insert(parameters.end(), more.parameters.begin(), more.parameters.end());
    return *this;
}

void Sql::bind_to(Statement& statement, const TenantId& tenant) const {
    for (const Parameter& p : parameters) {
        switch (p.kind) {
            case Parameter::Kind::value: statement.bind(p.value); break;
            case Parameter::Kind::id: statement.bind_id(std::get<std::string>(p.value)); break;
            case Parameter::Kind::tenant: statement.bind(tenant); break;
            case Parameter::Kind::rows: statement.bind(p.rows); break;
        }
    }
}

Selection::Selection(const Tables& tables, const Query& query, const RowSet* found)
    : tables_(tables),
      query_(query),
      found_(found),
      limited_(!query.reach.whole_tenant),
      order_(order_of(tables.info, query)) {
    for (const Filter& filter : query.filters) add_filter(filter);
}

void Selection::add_filter(const Filter& filter) {
    const CollectionInfo& info = tables_.info;
    if (filter.column.starts_with(free_form_prefix)) {
        if (const ColumnInfo* column = info.column("customFields"))
            return add_free_form(*column, filter.column.substr(free_form_prefix.size()), filter);
    }
    const ColumnInfo* column = info.column(filter.column);
    if (!column)
        throw std::logic_error("the collection " + info.name + " has no column " + filter.column + " to filter by");
    switch (filter.match) {
        case Match::equals: conditions_.push_back({column, true, any_of_these(*column, filter.values)}); break;
        case Match::range: conditions_.push_back({column, true, in_range(*column, filter)}); break;
        case Match::any_of:
        case Match::all_of: conditions_.push_back({column, false, in_list(*column, filter)}); break;
        case Match::present: {
            const bool wanted = !filter.values.empty() && filter.values.front() != Value(std::int64_t{0});
            conditions_.push_back(
                {column, false, {column_name(column->name) + (wanted ? " IS NOT NULL" : " IS NULL"), {}}});
        }
    }
}

// The column holds the whole object as JSON. A value is compared as JSON text, so that `5` finds 5 and "5" alike.
// json_each compares keys unescaped; a JSON path could not name a key with a quotation mark.
void Selection::add_free_form(const ColumnInfo& column, const std::string& key, const Filter& filter) {
    Sql sql;
    const bool plain = key.find_first_of("\"\\") == std::string::npos &&
                       std::all_of(key.begin(), key.end(), [](unsigned char c) { return c >= ' '; });
    if (plain) (sql += column_name(column.name) + " -> ").value("$.\"" + key + "\"") += " IN (";
    else (sql += "EXISTS (SELECT 1 FROM json_each(" + column_name(column.name) + ") WHERE key=").value(key) +=
            " AND CASE WHEN type IN ('true', 'false') THEN type ELSE json_quote(value) END IN (";
    bool first = true;
    for (const Value& value : filter.values) {
        std::vector<std::string> forms(1);
        if (const auto* text = std::get_if<std::string>(&value)) {
            schemas::write_string(*text, forms[0]);
            const bool literal = !text->empty() && (*text == "true" || *text == "false" ||
                                                    text->find_first_not_of("0123456789.-+eE") == std::string::npos);
            if (literal) forms.push_back(*text);
        } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
            schemas::write_number(*number, forms[0]);
        } else {
            continue;
        }
        for (std::string& form : forms) {
            if (!std::exchange(first, false)) sql += ",";
            sql.value(std::move(form));
        }
    }
    sql += plain ? ")" : "))";
    conditions_.push_back({nullptr, false, std::move(sql)});
}

Sql Selection::reach_condition() const {
    const CollectionInfo& info = tables_.info;
    Sql sql;
    const auto add = [&](const char* column) -> Sql& {
        return sql += (sql.text.empty() ? "" : " OR ") + std::string(column);
    };
    if (info.owner && !query_.reach.user.empty()) (add("owner") += "=").id(query_.reach.user);
    if (info.assignee && !query_.reach.user.empty()) (add("assignee") += "=").id(query_.reach.user);
    if (info.team)
        for (const std::string& team : query_.reach.teams)
            if (!team.empty()) (add("team") += "=").id(team);
    if (sql.text.empty()) sql += "0";   // no way to own anything here: nothing is in reach
    return sql;
}

Sql Selection::reach_rows() const {
    const CollectionInfo& info = tables_.info;
    Sql sql;
    const auto add = [&](const char* column, const std::string& id, std::string_view only) {
        if (id.empty()) return;
        if (!sql.text.empty()) sql += " UNION ALL ";
        sql += "SELECT n FROM " + tables_.rows + " INDEXED BY " + tables_.index(column) + " WHERE tenant=";
        sql.tenant() += " AND " + std::string(column) + "=";
        sql.id(id) += only;
    };
    if (info.owner) add("owner", query_.reach.user, "");
    if (info.assignee) add("assignee", query_.reach.user, " AND assignee IS NOT NULL AND assignee IS NOT owner");
    if (info.team)
        for (const std::string& team : query_.reach.teams) add("team", team, " AND team IS NOT NULL");
    if (sql.text.empty()) sql += "SELECT n FROM " + tables_.rows + " WHERE 0";
    return sql;
}

std::vector<Selection::Source> Selection::narrow_sources() const {
    std::vector<Source> sources;
    if (found_) sources.push_back({Source::Kind::found, nullptr, found_->size()});
    for (const Condition& c : conditions_)
        if (c.leads && c.column && c.column->indexed) sources.push_back({Source::Kind::column, c.column});
    if (limited_) sources.push_back({Source::Kind::reach});
    return sources;
}

Sql Selection::probe(const Source& source, std::uint64_t bound) const {
    Sql sql{"SELECT count(*) FROM (", {}};
    if (source.kind == Source::Kind::reach) {
        sql += reach_rows();
    } else {
        sql +=
            "SELECT 1 FROM " + tables_.rows + " INDEXED BY " + tables_.column_index(*source.column) + " WHERE tenant=";
        sql.tenant();
        for (const Condition& c : conditions_)
            if (c.column == source.column && c.leads) ((sql += " AND (") += c.sql) += ")";
    }
    (sql += " LIMIT ").value(static_cast<std::int64_t>(bound)) += ")";
    return sql;
}

Sql Selection::from(const Source& source) const {
    Sql sql{" FROM ", {}};
    switch (source.kind) {
        case Source::Kind::key: sql += tables_.rows + " AS t INDEXED BY " + tables_.key_index() + " WHERE "; break;
        case Source::Kind::column:
            sql += tables_.rows + " AS t INDEXED BY " + tables_.column_index(*source.column) + " WHERE ";
            break;
        case Source::Kind::reach:
            ((sql += tables_.rows + " AS t NOT INDEXED WHERE n IN (") += reach_rows()) += ") AND ";
            break;
        case Source::Kind::found: (sql += "nova_rows(").set(found_) += ") AS f CROSS JOIN " + tables_.rows +
            " AS t ON t.n=f.row WHERE "; break;
    }
    (sql += "tenant=").tenant();
    for (const Condition& c : conditions_) ((sql += " AND (") += c.sql) += ")";
    if (limited_ && source.kind != Source::Kind::reach) ((sql += " AND (") += reach_condition()) += ")";
    if (found_ && source.kind != Source::Kind::found) (sql += " AND nova_has(").set(found_) += ", n)";
    return sql;
}

Sql Selection::count(const Source& source) const {
    Sql sql{"SELECT count(*)", {}};
    if (source.kind != Source::Kind::reach || !conditions_.empty() || found_) return sql += from(source);
    // The reach alone is counted in its indexes. Owner and assignee never name a row twice, but teams may.
    sql += query_.reach.teams.empty() ? " FROM (" : " FROM (SELECT DISTINCT n FROM (";
    return (sql += reach_rows()) += query_.reach.teams.empty() ? ")" : "))";
}

Selection::Source Selection::for_page(const Source& narrowest, std::uint64_t total, std::uint64_t of_tenant,
    std::uint64_t rows_wanted) const {
    if (order_.size() != 1) return narrowest;
    Source walk{Source::Kind::key};
    if (order_[0].column != "id") {
        walk = {Source::Kind::column, tables_.info.column(order_[0].column)};
        if (!walk.column->indexed) return narrowest;
        if (narrowest.column == walk.column) return walk;
    }
    // Matching rows lie evenly in the order, as far as one knows.
    walk.rows = total ? std::min(rows_wanted * of_tenant / total, of_tenant) : of_tenant;
    return walk.rows <= std::max(narrowest.rows, total) ? walk : narrowest;
}

std::vector<Sql> Selection::parts_after(const Place& place) const {
    std::vector<Sql> parts;
    const auto same = [](const Sort& s, const Value& value) {
        Sql sql{order_column(s.column), {}};
        if (value.index() == 0) return sql += " IS NULL";
        sql += "=";
        return s.column == "id" ? sql.id(std::get<std::string>(value)) : sql.value(value);
    };
    std::vector<Sort> order = order_;
    std::vector<Value> values = place.values;
    order.push_back({"id", order_.empty() ? false : order_.back().descending});
    values.push_back(place.id);
    for (std::size_t depth = order.size(); depth-- > 0;) {
        Sql equal;
        for (std::size_t i = 0; i < depth; ++i) (equal += " AND ") += same(order[i], values[i]);
        const std::string name = order_column(order[depth].column);
        const Value& value = values[depth];
        const bool id = order[depth].column == "id", none = value.index() == 0;
        // NULL sorts below every value: in ascending order values follow it, in descending order it follows them.
        if (none && !order[depth].descending) parts.push_back(Sql(equal) += " AND " + name + " IS NOT NULL");
        if (none) continue;
        Sql beyond = Sql(equal) += " AND " + name + (order[depth].descending ? "<" : ">");
        parts.push_back(id ? beyond.id(std::get<std::string>(value)) : beyond.value(value));
        if (order[depth].descending && !id) parts.push_back(Sql(equal) += " AND " + name + " IS NULL");
    }
    return parts;
}

Sql Selection::page(const Source& source, const Sql& part, std::uint64_t limit, std::uint64_t offset) const {
    Sql sql{"SELECT n", {}};
    std::string by;
    for (const Sort& s : order_) {
        sql += ", " + order_column(s.column);
        by += order_column(s.column) + (s.descending ? " DESC, " : ", ");
    }
    sql += ", id";
    ((sql += from(source)) += part) +=
        " ORDER BY " + by + (!order_.empty() && order_.back().descending ? "id DESC" : "id");
    (sql += " LIMIT ").value(static_cast<std::int64_t>(limit));
    if (offset) (sql += " OFFSET ").value(static_cast<std::int64_t>(offset));
    return sql;
}

}  // namespace nova::projections::sqlite
