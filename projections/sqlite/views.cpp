// Opening, closing, and which tables are whose. Queries are in views_read.cpp, changes and rebuilds in views_write.cpp.
#include "projections/sqlite/views.h"

#include <sqlite3.h>

#include <cstring>
#include <set>

#include "projections/sqlite/in_use.h"

namespace nova::projections {
namespace sqlite {
namespace {

constexpr std::int64_t application_id = 0x4e6f5677;   // says that a file is a views.db

std::int64_t number(Connection& db, const std::string& sql) {
    Statement statement = db.prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

}  // namespace

Views::Views(const SqliteViewOptions& options)
    : file_(options.file), readers_(options.file, options.readers), texts_(options.search_bytes) {
    writer_ = std::make_unique<Connection>(file_, Connection::Use::write);
    prepare_file();
    for (const CollectionInfo* info : options.collections) open_collection(*info);
    drop_unknown_tables();
    sqlite3_wal_hook(writer_->handle(), [](void* self, sqlite3*, const char*, int frames) {
        static_cast<Views*>(self)->wal_frames_ = frames;
        return SQLITE_OK;
    }, this);
    upkeep_ = std::make_unique<Upkeep>(file_);
    upkeep_->start(readers_);
}

Views::~Views() {
    upkeep_->stop();
    try {
        readers_.close();
        sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        writer_.reset();
        sync_file(file_);
        note_closed(file_);
    } catch (const std::exception&) {
        // Without the note of a clean close the file is trusted less next time, which is right.
    }
}

void Views::prepare_file() {
    const std::int64_t id = number(*writer_, "PRAGMA application_id");
    const bool empty = number(*writer_, "SELECT count(*) FROM sqlite_master") == 0;
    if (!empty && id != application_id)
        throw Unusable("views.db: the file is another program's database (" + file_ + ")");
    if (empty) {
        writer_->run("PRAGMA application_id=" + std::to_string(application_id));
        writer_->run("CREATE TABLE collections(name TEXT PRIMARY KEY, shape TEXT NOT NULL, generation INTEGER NOT NULL,"
                     " partition INTEGER, next INTEGER, last BLOB)");
    }
    next_generation_ = number(*writer_, "SELECT coalesce(max(generation), 0) FROM collections") + 1;
}

void Views::open_collection(const CollectionInfo& info) {
    Statement known = writer_->prepare("SELECT shape, generation, partition, next, last FROM collections WHERE name=?");
    known.bind(std::string_view(info.name));
    if (known.step() && known.text(0) == shape_of(info)) {
        const std::int64_t generation = known.integer(1);
        std::optional<Checkpoint> checkpoint;
        if (!known.null(3)) {
            checkpoint.emplace();
            checkpoint->partition = static_cast<std::uint32_t>(known.integer(2));
            checkpoint->next = static_cast<std::uint64_t>(known.integer(3));
            const std::string_view last = known.blob(4);
            if (last.size() != checkpoint->last.size()) throw Unusable("views.db: a checkpoint is damaged");
            std::memcpy(checkpoint->last.data(), last.data(), last.size());
        }
        known.again();
        const auto home = std::make_shared<Home>(*writer_, info, generation);
        home->checkpoint = checkpoint;
        live_[info.name] = home;
        return;
    }
    known.again();
    // Of another revision, or new: empty tables until the rebuild switches to full ones. The old ones are dropped as
    // unknown.
    const auto home = make_home(info, next_generation_++, true);
    live_[info.name] = home;
    writer_->prepare("INSERT OR REPLACE INTO collections(name, shape, generation) VALUES(?,?,?)")
        .bind(std::string_view(info.name)).bind(std::string_view(shape_of(info))).bind(home->tables.generation).run();
}

void Views::drop_unknown_tables() {
    std::set<std::string> wanted{"collections"}, unwanted;
    for (const auto& [name, home] : live_)
        wanted.insert(home->tables.name), wanted.insert(home->tables.name + "_totals");
    {
        Statement tables =
            writer_->prepare("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'");
        while (tables.step())
            if (!wanted.count(std::string(tables.text(0)))) unwanted.insert(std::string(tables.text(0)));
    }
    for (const std::string& table : unwanted) writer_->run("DROP TABLE " + quoted(table));
    std::vector<std::string> gone;
    {
        Statement names = writer_->prepare("SELECT name FROM collections");
        while (names.step())
            if (!live_.count(names.text(0))) gone.emplace_back(names.text(0));
    }
    for (const std::string& name : gone)
        writer_->prepare("DELETE FROM collections WHERE name=?").bind(std::string_view(name)).run();
}

std::shared_ptr<Home> Views::make_home(const CollectionInfo& info, std::int64_t generation, bool indexes) {
    Transaction transaction(*writer_);
    const Tables tables(info, generation);
    tables.create(*writer_);
    if (indexes)
        for (const std::string& sql : tables.index_statements()) writer_->run(sql);
    transaction.commit();
    return std::make_shared<Home>(*writer_, info, generation);
}

std::shared_ptr<Home> Views::live(const CollectionInfo& info) const {
    const std::shared_lock lock(homes_lock_);
    const auto found = live_.find(info.name);
    if (found == live_.end()) throw std::logic_error("the view store was opened without the collection " + info.name);
    return found->second;
}

std::shared_ptr<Home> Views::building(const CollectionInfo& info) const {
    const std::shared_lock lock(homes_lock_);
    const auto found = building_.find(info.name);
    if (found == building_.end()) throw std::logic_error("no rebuild of " + info.name + " has begun");
    return found->second;
}

}  // namespace sqlite

std::unique_ptr<ViewStore> open_sqlite_views(SqliteViewOptions options) {
    if (sqlite::survived_power_cut(options.file)) sqlite::remove_database(options.file);
    sqlite::note_in_use(options.file);
    try {
        return std::make_unique<sqlite::Views>(options);
    } catch (const sqlite::Unusable&) {
        sqlite::move_aside(options.file);
        return std::make_unique<sqlite::Views>(options);
    }
}

}  // namespace nova::projections
