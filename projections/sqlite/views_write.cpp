#include <algorithm>
#include <thread>

#include "projections/sqlite/views.h"
#include "schemas/json.h"

namespace nova::projections::sqlite {

// A rebuild as a store: rows go to the tables that begin_rebuild made. It is asked nothing but by key.
class Rebuild final : public ViewStore {
public:
    Rebuild(Views& views, std::shared_ptr<Home> home) : views_(views), home_(std::move(home)) {}

    void apply(const std::vector<RowChange>& changes, const std::vector<const CollectionInfo*>&,
               const Checkpoint& checkpoint) override {
        while (views_.live_waiting_ > 0) std::this_thread::yield();
        const std::lock_guard lock(views_.write_);
        views_.write_rows(changes, {home_.get()}, checkpoint, false);
    }
    std::optional<Checkpoint> checkpoint(const CollectionInfo&) const override {
        const std::lock_guard lock(views_.write_);
        return home_->checkpoint;
    }
    std::shared_ptr<void> load(const CollectionInfo&, const RowKey& key) const override {
        return views_.load_from(*home_, key);
    }
    void each(const CollectionInfo&, const std::function<void(const RowKey&, std::string_view)>& visit) const override {
        views_.each_of(*home_, visit);
    }
    Page list(const CollectionInfo&, const Query&) const override { refuse(); }
    std::optional<std::string> get(const CollectionInfo&, const RowKey&, const Reach&) const override { refuse(); }
    std::uint64_t count(const CollectionInfo&, TenantId) const override { refuse(); }
    std::unique_ptr<ViewStore> begin_rebuild(const CollectionInfo&) override { refuse(); }
    void finish_rebuild(const CollectionInfo&) override { refuse(); }
    void switch_over(const CollectionInfo&) override { refuse(); }
    void discard_unused(const CollectionInfo&) override { refuse(); }

private:
    [[noreturn]] static void refuse() { throw std::logic_error("a rebuild is not for queries: it has no indexes yet"); }
    Views& views_;
    std::shared_ptr<Home> home_;
};

std::optional<Checkpoint> Views::checkpoint(const CollectionInfo& info) const {
    const auto home = live(info);
    const std::lock_guard lock(write_);
    return home->checkpoint;
}

std::shared_ptr<void> Views::load_from(const Home& home, const RowKey& key) const {
    const std::lock_guard lock(write_);
    Statement statement = writer_->prepare(home.tables.load_document);
    statement.bind(key.tenant).bind_id(key.id);
    if (!statement.step()) return nullptr;
    std::shared_ptr<void> view = home.tables.info.make();
    schemas::read_stored(statement.text(0), {home.tables.info.view, view.get()});
    return view;
}

std::shared_ptr<void> Views::load(const CollectionInfo& info, const RowKey& key) const {
    return load_from(*live(info), key);
}

void Views::apply(const std::vector<RowChange>& changes, const std::vector<const CollectionInfo*>& collections,
    const Checkpoint& checkpoint) {
    ++live_waiting_;
    const std::lock_guard lock(write_);
    --live_waiting_;
    std::vector<std::shared_ptr<Home>> homes;
    std::vector<Home*> written;
    for (const CollectionInfo* info : collections) homes.push_back(live(*info)), written.push_back(homes.back().get());
    write_rows(changes, written, checkpoint, true);
}

void Views::write_rows(const std::vector<RowChange>& changes, const std::vector<Home*>& homes,
                       const Checkpoint& checkpoint, bool to_live) {
    try {
        Transaction transaction(*writer_);
        const CollectionInfo* last_info = nullptr;
        Home* home = nullptr;
        for (const RowChange& change : changes) {
            if (change.collection != last_info) {
                const auto at = std::find_if(homes.begin(), homes.end(),
                    [&](Home* h) { return h->tables.info.name == change.collection->name; });
                if (at == homes.end())
                    throw std::logic_error("a changed row is of no collection whose checkpoint moves: " +
                                           change.collection->name);
                last_info = change.collection, home = *at;
            }
            home->writer.write(change);
        }
        for (Home* h : homes) {
            h->writer.write_totals();
            if (to_live) save_checkpoint(*h, checkpoint);
        }
        transaction.commit();
    } catch (...) {
        for (Home* h : homes) h->writer.forget();
        throw;
    }
    readers_.committed();
    for (Home* h : homes) {
        h->checkpoint = checkpoint;
        auto texts = h->writer.take_text_changes();
        if (to_live)
            for (auto& [tenant, rows] : texts) texts_.changed(h->tables.name, tenant, std::move(rows));
    }
    upkeep_->after_commit(*writer_, wal_frames_);
}

void Views::save_checkpoint(const Home& home, const Checkpoint& checkpoint) {
    const std::string_view last(reinterpret_cast<const char*>(checkpoint.last.data()), checkpoint.last.size());
    writer_->prepare("UPDATE collections SET partition=?, next=?, last=? WHERE name=?")
        .bind(std::int64_t{checkpoint.partition}).bind(static_cast<std::int64_t>(checkpoint.next)).bind_blob(last)
        .bind(std::string_view(home.tables.info.name)).run();
}

std::unique_ptr<ViewStore> Views::begin_rebuild(const CollectionInfo& info) {
    discard_unused(info);
    const std::lock_guard lock(write_);
    const auto home = make_home(info, next_generation_++, false);
    const std::unique_lock homes(homes_lock_);
    building_[info.name] = home;
    return std::make_unique<Rebuild>(*this, home);
}

// Replaced tables are not kept: nobody would keep them current, and an erased person would live on in them.
void Views::discard_unused(const CollectionInfo& info) {
    for (Homes* homes : {&building_, &replaced_}) {
        std::shared_ptr<Home> home;
        {
            const std::unique_lock lock(homes_lock_);
            const auto found = homes->find(info.name);
            if (found == homes->end()) continue;
            home = found->second;
            homes->erase(found);
        }
        texts_.drop(home->tables.name);
        readers_.hold_all();   // from here on no query reads these tables
        drop_in_slices(home->tables.name);
    }
}

// Index by index, so that the runner gets its turns between them.
void Views::finish_rebuild(const CollectionInfo& info) {
    const auto home = building(info);
    for (const std::string& sql : home->tables.index_statements()) {
        const std::lock_guard lock(write_);
        writer_->run(sql);
        readers_.committed();
        upkeep_->after_commit(*writer_, wal_frames_);
    }
}

void Views::switch_over(const CollectionInfo& info) {
    const auto next = building(info), old = live(info);
    {
        const std::lock_guard lock(write_);
        Transaction transaction(*writer_);
        writer_
            ->prepare("UPDATE collections SET shape=?, generation=?, partition=NULL, next=NULL, last=NULL WHERE name=?")
            .bind(std::string_view(shape_of(info)))
            .bind(next->tables.generation)
            .bind(std::string_view(info.name))
            .run();
        if (next->checkpoint) save_checkpoint(*next, *next->checkpoint);
        transaction.commit();
        const std::unique_lock homes(homes_lock_);
        live_[info.name] = next;
        building_.erase(info.name);
        replaced_[info.name] = old;
    }
    readers_.committed();
}

// In slices, because the runner must not wait for a big table to go.
void Views::drop_in_slices(const std::string& table) {
    std::vector<std::string> indexes;
    {
        const std::lock_guard lock(write_);
        Statement names =
            writer_->prepare("SELECT name FROM sqlite_master WHERE type='index' AND tbl_name=? AND sql IS NOT NULL");
        names.bind(std::string_view(table));
        while (names.step()) indexes.emplace_back(names.text(0));
    }
    for (const std::string& index : indexes) {
        const std::lock_guard lock(write_);
        writer_->run("DROP INDEX " + quoted(index));
        upkeep_->after_commit(*writer_, wal_frames_);
    }
    const std::string slice =
        "DELETE FROM " + quoted(table) + " WHERE n IN (SELECT n FROM " + quoted(table) + " LIMIT 1000) RETURNING 1";
    for (bool more = true; more;) {
        const std::lock_guard lock(write_);
        Statement statement = writer_->prepare(slice);
        more = statement.step();
        while (statement.step()) {}
        statement.again();
        upkeep_->after_commit(*writer_, wal_frames_);
    }
    const std::lock_guard lock(write_);
    writer_->run("DROP TABLE " + quoted(table) + "; DROP TABLE " + quoted(table + "_totals"));
    readers_.committed();
}

}  // namespace nova::projections::sqlite
