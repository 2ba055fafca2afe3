#include <algorithm>

#include "projections/sqlite/views.h"

namespace nova::projections::sqlite {
namespace {

constexpr std::uint64_t first_bound = 1000;   // rows counted of each source, before it is counted further

std::uint64_t number(Connection& db, const Sql& sql, const TenantId& tenant) {
    Statement statement = db.prepare(sql.text);
    sql.bind_to(statement, tenant);
    return statement.step() ? static_cast<std::uint64_t>(statement.integer(0)) : 0;
}

std::uint64_t kept_total(Connection& db, const Tables& tables, const TenantId& tenant) {
    Statement statement = db.prepare(tables.read_total);
    statement.bind(tenant);
    return statement.step() ? static_cast<std::uint64_t>(statement.integer(0)) : 0;
}

// The narrowest of the sources that lead to the selected rows. Each is counted a little way, and further only while
// none has come to its end: so finding it costs no more than a few times using it.
Selection::Source narrowest(Connection& db, const Selection& selection, const TenantId& tenant,
                            std::uint64_t of_tenant) {
    using Source = Selection::Source;
    std::vector<Source> sources = selection.narrow_sources();
    if (sources.size() == 1) return sources[0];
    if (sources.empty()) return {Source::Kind::key, nullptr, of_tenant};
    const auto fewer = [](const Source& a, const Source& b) { return a.rows < b.rows; };
    for (std::uint64_t bound = first_bound;; bound *= 8) {
        for (Source& source : sources)
            if (source.kind != Source::Kind::found) source.rows = number(db, selection.probe(source, bound), tenant);
        const auto best = std::min_element(sources.begin(), sources.end(), fewer);
        if (best->rows < bound || best->kind == Source::Kind::found) return *best;
    }
}

bool in_reach(const Statement& row, int first, const Reach& reach) {
    if (reach.whole_tenant) return true;
    if (!reach.user.empty() && (row.equals_id(first, reach.user) || row.equals_id(first + 1, reach.user))) return true;
    for (const std::string& team : reach.teams)
        if (!team.empty() && row.equals_id(first + 2, team)) return true;
    return false;
}

// Row numbers of the page in order, and the place of its last row if others follow it.
struct Rows {
    RowSet numbers;
    Place last;
    bool more = false;
};

Rows rows_of(Connection& db, const Selection& selection, const Selection::Source& source, const Query& query,
             const std::vector<Sql>& parts, std::uint64_t offset) {
    Rows rows;
    const int sorts = static_cast<int>(selection.order().size());
    for (const Sql& part : parts) {
        const Sql sql = selection.page(source, part, query.limit + 1 - rows.numbers.size(), offset);
        Statement statement = db.prepare(sql.text);
        sql.bind_to(statement, query.tenant);
        while (statement.step()) {
            if (rows.numbers.size() == query.limit) return rows.more = true, rows;
            rows.numbers.push_back(statement.integer(0));
            if (rows.numbers.size() < query.limit) continue;
            for (int i = 0; i < sorts; ++i) rows.last.values.push_back(statement.value(1 + i));
            rows.last.id = statement.id(1 + sorts);
        }
    }
    return rows;
}

void append_documents(Connection& db, const Tables& tables, const TenantId& tenant, const RowSet& rows, Page& page) {
    Statement statement = db.prepare("SELECT doc FROM " + tables.rows + " WHERE n=? AND tenant=?");
    for (const std::int64_t row : rows) {
        statement.bind(row).bind(tenant);
        if (statement.step()) {
            if (page.count++) page.items += ',';
            page.items += statement.text(0);
        }
        statement.again();
    }
}

}  // namespace

RowSet Views::found_in(const Home& home, const TenantId& tenant, const Search& search) const {
    return texts_.find(home.tables.name, tenant, search, [&](TextIndex& texts) {
        const auto reader = readers_.lease();
        const std::uint64_t rows = kept_total(*reader, home.tables, tenant);
        texts.reserve(rows, rows * 96);
        Statement statement = reader->prepare("SELECT n, search FROM " + home.tables.rows + " INDEXED BY " +
                                              home.tables.key_index() + " WHERE tenant=?");
        statement.bind(tenant);
        while (statement.step()) texts.set(statement.integer(0), statement.text(1));
    });
}

Page Views::list(const CollectionInfo& info, const Query& query) const {
    if (query.limit == 0) throw std::logic_error("a list of no items was asked for");
    const Search search(query.search);
    while (true) {
        // The texts are searched before the snapshot is taken, since loading them takes one of its own.
        const std::shared_ptr<Home> home = live(info);
        std::optional<RowSet> found;
        if (!search.empty()) found = found_in(*home, query.tenant, search);
        const auto reader = readers_.lease();
        if (live(info) != home) continue;   // a rebuild was switched to meanwhile

        const Selection selection(home->tables, query, found ? &*found : nullptr);
        const std::uint64_t offset =
            query.cursor.empty() ? (std::uint64_t{query.page ? query.page : 1} - 1) * query.limit : 0;
        std::vector<Sql> parts(1);
        if (!query.cursor.empty()) parts = selection.parts_after(place_of(info, selection.order(), query.cursor));

        Page page;
        const std::uint64_t of_tenant = kept_total(*reader, home->tables, query.tenant);
        Selection::Source source{Selection::Source::Kind::key, nullptr, of_tenant};
        if (!selection.unconditional()) source = narrowest(*reader, selection, query.tenant, of_tenant);
        page.total = selection.unconditional() ? of_tenant
                     : selection.found_alone() ? found->size()
                                               : number(*reader, selection.count(source), query.tenant);
        if (page.total == 0 || offset >= page.total) return page;
        source = selection.for_page(source, page.total, of_tenant, offset + query.limit);
        const Rows rows = rows_of(*reader, selection, source, query, parts, offset);
        append_documents(*reader, home->tables, query.tenant, rows.numbers, page);
        if (rows.more) page.next_cursor = cursor_of(info, selection.order(), rows.last);
        return page;
    }
}

std::optional<std::string> Views::get(const CollectionInfo& info, const RowKey& key, const Reach& reach) const {
    const auto reader = readers_.lease();
    const std::shared_ptr<Home> home = live(info);
    Statement statement = reader->prepare(home->tables.load_document);
    statement.bind(key.tenant).bind_id(key.id);
    if (!statement.step() || !in_reach(statement, 1, reach)) return std::nullopt;
    return std::string(statement.text(0));
}

std::uint64_t Views::count(const CollectionInfo& info, TenantId tenant) const {
    const auto reader = readers_.lease();
    return kept_total(*reader, live(info)->tables, tenant);
}

void Views::each_of(const Home& home, const std::function<void(const RowKey&, std::string_view)>& visit) const {
    // On a connection of its own: a visit may take long, and the visitor may ask the store for more.
    Connection reader(file_, Connection::Use::read);
    Statement statement = reader.prepare("SELECT tenant, id, doc FROM " + home.tables.rows);
    while (statement.step()) visit({statement.tenant(0), statement.id(1)}, statement.text(2));
}

void Views::each(const CollectionInfo& info, const std::function<void(const RowKey&, std::string_view)>& visit) const {
    each_of(*live(info), visit);
}

}  // namespace nova::projections::sqlite
