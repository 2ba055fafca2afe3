#include "projections/sqlite/tables.h"

namespace nova::projections::sqlite {

std::string quoted(const std::string& name) {
    // Names come from the program, never from a person; a quote in one is a bug that must not become SQL.
    if (name.find('"') != std::string::npos)
        throw std::logic_error("a collection or column name holds a quotation mark: " + name);
    return "\"" + name + "\"";
}
std::string column_name(const std::string& declared) { return quoted("c_" + declared); }

std::string shape_of(const CollectionInfo& info) {
    std::string shape = std::to_string(info.revision) + (info.owner ? "o" : "") + (info.assignee ? "a" : "") +
                        (info.team ? "t" : "") + (info.search_text ? "s" : "");
    for (const ColumnInfo& c : info.columns)
        shape +=
            "," + c.name + (c.indexed ? "!" : "") + (c.folded ? "~" : "") + std::to_string(static_cast<int>(c.match));
    return shape;
}

Tables::Tables(const CollectionInfo& collection, std::int64_t gen) : info(collection), generation(gen) {
    name = info.name + "_" + std::to_string(generation);
    rows = quoted(name);
    totals = quoted(name + "_totals");
    columns = "n, tenant, id, owner, assignee, team";
    std::string marks = "?,?,?,?,?,?", compared = "n, owner, assignee, team";
    for (std::size_t i = 0; i < info.columns.size(); ++i) {
        const std::string column = column_name(info.columns[i].name);
        columns += ", " + column, marks += ",?";
        if (info.columns[i].indexed) compared += ", " + column, indexed.push_back(i);
    }
    if (indexed.size() > 40) throw std::logic_error("the collection " + info.name + " has more than 40 indexes");
    columns += ", doc, search", marks += ",?,?";
    select_row = "SELECT " + compared + " FROM " + rows + " INDEXED BY " + key_index() + " WHERE tenant=? AND id=?";
    insert_row = "INSERT INTO " + rows + "(" + columns + ") VALUES(" + marks + ")";
    delete_row = "DELETE FROM " + rows + " WHERE n=?";
    load_document =
        "SELECT doc, owner, assignee, team FROM " + rows + " INDEXED BY " + key_index() + " WHERE tenant=? AND id=?";
    add_total = "INSERT INTO " + totals +
                "(tenant, rows) VALUES(?,?) ON CONFLICT(tenant) DO UPDATE SET rows=rows+excluded.rows";
    read_total = "SELECT rows FROM " + totals + " WHERE tenant=?";
}

std::string Tables::update_row(std::uint64_t changed) const {
    static const char* const reach[] = {"owner", "assignee", "team"};
    std::string sql = "UPDATE " + rows + " SET ";
    for (std::size_t i = 0; i < 3; ++i)
        if (changed >> i & 1) sql += std::string(reach[i]) + "=?, ";
    for (std::size_t i = 0; i < indexed.size(); ++i)
        if (changed >> (3 + i) & 1) sql += column_name(info.columns[indexed[i]].name) + "=?, ";
    for (const ColumnInfo& c : info.columns)
        if (!c.indexed) sql += column_name(c.name) + "=?, ";
    return sql + "doc=?, search=? WHERE n=?";
}

void Tables::create(Connection& db) const {
    std::string sql =
        "CREATE TABLE " + rows + "(n INTEGER PRIMARY KEY, tenant BLOB NOT NULL, id NOT NULL, owner, assignee, team";
    for (const ColumnInfo& c : info.columns) sql += ", " + column_name(c.name);
    sql += ", doc TEXT NOT NULL, search TEXT);";
    sql += "CREATE UNIQUE INDEX " + key_index() + " ON " + rows + "(tenant, id);";
    sql += "CREATE TABLE " + totals + "(tenant BLOB PRIMARY KEY, rows INTEGER NOT NULL)";
    db.run(sql);
}

std::vector<std::string> Tables::index_statements() const {
    std::vector<std::string> sql;
    const auto add = [&](const std::string& name, const std::string& on) {
        sql.push_back("CREATE INDEX " + name + " ON " + rows + on);
    };
    for (const ColumnInfo& c : info.columns)
        if (c.indexed) add(column_index(c), "(tenant, " + column_name(c.name) + ", id)");
    if (info.owner) add(index("owner"), "(tenant, owner)");
    // Most items are assigned to who owns them and belong to no team, so these indexes hold only the others.
    if (info.assignee)
        add(index("assignee"), "(tenant, assignee) WHERE assignee IS NOT NULL AND assignee IS NOT owner");
    if (info.team) add(index("team"), "(tenant, team) WHERE team IS NOT NULL");
    return sql;
}

void Tables::drop(Connection& db, const std::string& name) {
    db.run("DROP TABLE IF EXISTS " + quoted(name) + "; DROP TABLE IF EXISTS " + quoted(name + "_totals"));
}

}  // namespace nova::projections::sqlite
