#include "projections/sqlite/row_writer.h"

#include "schemas/json.h"

namespace nova::projections::sqlite {

RowWriter::RowWriter(Connection& db, const Tables& tables) : db_(db), tables_(tables) {
    Statement last = db_.prepare("SELECT max(n) FROM " + tables.rows);
    last.step();
    next_row_ = last.integer(0) + 1;
    image_.columns.resize(tables.info.columns.size());
}

void RowWriter::take_image(const void* view) {
    const CollectionInfo& info = tables_.info;
    image_.owner = info.owner ? info.owner(view) : std::string();
    image_.assignee = info.assignee ? info.assignee(view) : std::string();
    image_.team = info.team ? info.team(view) : std::string();
    for (std::size_t i = 0; i < info.columns.size(); ++i) {
        const ColumnInfo& column = info.columns[i];
        image_.columns[i] = column.value(view);
        // Lists are folded already.
        if (column.folded && column.match != Match::any_of && column.match != Match::all_of)
            if (auto* text = std::get_if<std::string>(&image_.columns[i])) *text = folded(*text);
    }
    image_.document.clear(), image_.search.clear();
    schemas::write_json(*info.view, view, image_.document);
    if (info.search_text) {
        raw_search_.clear();
        info.search_text(view, raw_search_);
        append_folded(raw_search_, image_.search);
    }
}

void RowWriter::write(const RowChange& change) {
    if (!change.view) return remove(change.key);
    take_image(change.view.get());
    if (change.fresh) return insert(change.key);
    Statement old = db_.prepare(tables_.select_row);
    old.bind(change.key.tenant).bind_id(change.key.id);
    if (!old.step()) return insert(change.key);
    const std::int64_t row = old.integer(0);
    update(old, row);
    note_text(change.key.tenant, row, false);
}

void RowWriter::insert(const RowKey& key) {
    const std::int64_t row = next_row_++;
    Statement statement = db_.prepare(tables_.insert_row);
    statement.bind(row).bind(key.tenant).bind_id(key.id);
    statement.bind_id(image_.owner).bind_id(image_.assignee).bind_id(image_.team);
    for (const Value& value : image_.columns) statement.bind(value);
    statement.bind(std::string_view(image_.document)).bind(std::string_view(image_.search));
    statement.run();
    ++totals_[key.tenant];
    note_text(key.tenant, row, false);
}

void RowWriter::update(Statement& old, std::int64_t row) {
    const std::string* const reach[] = {&image_.owner, &image_.assignee, &image_.team};
    std::uint64_t changed = 0;
    for (int i = 0; i < 3; ++i)
        if (!old.equals_id(1 + i, *reach[i])) changed |= 1ull << i;
    const std::vector<std::size_t>& indexed = tables_.indexed;
    for (std::size_t i = 0; i < indexed.size(); ++i)
        if (!old.equals(4 + static_cast<int>(i), image_.columns[indexed[i]])) changed |= 1ull << (3 + i);
    old.again();
    std::string& sql = updates_[changed];
    if (sql.empty()) sql = tables_.update_row(changed);
    Statement statement = db_.prepare(sql);
    for (int i = 0; i < 3; ++i)
        if (changed >> i & 1) statement.bind_id(*reach[i]);
    for (std::size_t i = 0; i < indexed.size(); ++i)
        if (changed >> (3 + i) & 1) statement.bind(image_.columns[indexed[i]]);
    for (std::size_t i = 0; i < image_.columns.size(); ++i)
        if (!tables_.info.columns[i].indexed) statement.bind(image_.columns[i]);
    statement.bind(std::string_view(image_.document)).bind(std::string_view(image_.search)).bind(row);
    statement.run();
}

void RowWriter::remove(const RowKey& key) {
    std::int64_t row = 0;
    {
        Statement old = db_.prepare(tables_.select_row);
        old.bind(key.tenant).bind_id(key.id);
        if (!old.step()) return;
        row = old.integer(0);
    }
    db_.prepare(tables_.delete_row).bind(row).run();
    --totals_[key.tenant];
    note_text(key.tenant, row, true);
}

void RowWriter::note_text(const TenantId& tenant, std::int64_t row, bool gone) {
    if (tables_.info.search_text) text_changes_[tenant].push_back({row, gone, gone ? std::string() : image_.search});
}

void RowWriter::write_totals() {
    for (const auto& [tenant, more] : totals_)
        if (more) db_.prepare(tables_.add_total).bind(tenant).bind(more).run();
    totals_.clear();
}

void RowWriter::forget() {
    totals_.clear();
    text_changes_.clear();
}

}  // namespace nova::projections::sqlite
