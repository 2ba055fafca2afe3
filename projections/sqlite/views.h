// The views of the embedded home: every collection's tables in one SQLite file, one writer and a few shared readers.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "projections/sqlite/readers.h"
#include "projections/sqlite/row_writer.h"
#include "projections/sqlite/selection.h"
#include "projections/sqlite/tables.h"
#include "projections/sqlite/upkeep.h"
#include "projections/search.h"
#include "projections/text_memory.h"
#include "projections/view_store.h"

namespace nova::projections::sqlite {

// A collection's tables and their writer; the live ones, or those of a rebuild.
struct Home {
    Home(Connection& db, const CollectionInfo& info, std::int64_t generation)
        : tables(info, generation), writer(db, tables) {}
    Tables tables;
    RowWriter writer;
    std::optional<Checkpoint> checkpoint;
};

class Views final : public ViewStore {
public:
    explicit Views(const SqliteViewOptions&);
    ~Views() override;

    Page list(const CollectionInfo&, const Query&) const override;
    std::optional<std::string> get(const CollectionInfo&, const RowKey&, const Reach&) const override;
    std::uint64_t count(const CollectionInfo&, TenantId) const override;

    std::optional<Checkpoint> checkpoint(const CollectionInfo&) const override;
    std::shared_ptr<void> load(const CollectionInfo&, const RowKey&) const override;
    void apply(const std::vector<RowChange>&, const std::vector<const CollectionInfo*>&, const Checkpoint&) override;
    void each(const CollectionInfo&, const std::function<void(const RowKey&, std::string_view)>&) const override;

    std::unique_ptr<ViewStore> begin_rebuild(const CollectionInfo&) override;
    void finish_rebuild(const CollectionInfo&) override;
    void switch_over(const CollectionInfo&) override;
    void discard_unused(const CollectionInfo&) override;

private:
    friend class Rebuild;
    using Homes = std::map<std::string, std::shared_ptr<Home>, std::less<>>;   // by collection
    void prepare_file();
    void open_collection(const CollectionInfo&);
    void drop_unknown_tables();
    std::shared_ptr<Home> live(const CollectionInfo&) const;
    std::shared_ptr<Home> building(const CollectionInfo&) const;
    std::shared_ptr<Home> make_home(const CollectionInfo&, std::int64_t generation, bool indexes);
    std::shared_ptr<void> load_from(const Home&, const RowKey&) const;
    void each_of(const Home&, const std::function<void(const RowKey&, std::string_view)>&) const;
    // With write_ held. One transaction; a rebuild's checkpoint is kept in memory until the switch.
    void write_rows(const std::vector<RowChange>&, const std::vector<Home*>&, const Checkpoint&, bool to_live);
    void save_checkpoint(const Home&, const Checkpoint&);
    void drop_in_slices(const std::string& table);
    RowSet found_in(const Home&, const TenantId&, const Search&) const;

    std::string file_;
    std::unique_ptr<Upkeep> upkeep_;
    mutable Readers readers_;
    mutable std::mutex write_;            // of everything below but the maps' pointers
    mutable std::unique_ptr<Connection> writer_;
    mutable std::shared_mutex homes_lock_;
    Homes live_, building_, replaced_;
    mutable TextMemory texts_;
    std::int64_t next_generation_ = 1;
    int wal_frames_ = 0;
    std::atomic<int> live_waiting_{0};    // a rebuild lets the runner go first
};

}  // namespace nova::projections::sqlite
