// The index of an embedded log: told of every commit at once, written to index.db a little later by its own thread.
#pragma once
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "eventstore/index.h"
#include "eventstore/keys.h"
#include "eventstore/sqlite/index_file.h"
#include "eventstore/sqlite/log_file.h"

namespace nova::eventstore::sqlite {

struct IndexOptions {
    std::filesystem::path folder;
    std::string log_id;
    std::shared_ptr<LogReaders> log;
    KeyTable* keys = nullptr;  // for claims_of
    ClaimsOf claims_of;
    RepeatOf repeat_of;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

class SqliteIndex final : public Index {
public:
    explicit SqliteIndex(IndexOptions);  // caught up with the log when it returns
    ~SqliteIndex() override;

    std::uint64_t version(std::string_view stream) const override;
    std::vector<std::string> holders(std::string_view space, std::string_view key, Instant now,
                                     std::size_t at_most) const override;
    std::optional<Remembered> remembered(std::string_view scope, std::string_view key, Instant now) const override;
    std::optional<Snapshot> snapshot(std::string_view stream) const override;
    void keep_snapshot(std::string_view stream, Snapshot) override;
    std::vector<VersionedEntry> entries(std::string_view stream, std::uint64_t from, std::uint64_t to) const;

    // One thread at a time. Takes longer the further the file is behind, and waits when it is too far behind.
    void publish(IndexedBlock&&);
    std::optional<std::string> failure() const;  // why nothing can be written now
    void mark_damaged() const;                   // built anew at the next start
    void close();

private:
    template <class Ask>
    auto ask(Ask) const;
    void open_current();
    void start_over();
    void catch_up(const Holds&);
    IndexedBlock indexed(const Commit&, const std::vector<ShortLeaf>&) const;
    void run();
    bool write_flushing();
    void stop_thread();
    void wait_for_thread(std::unique_lock<std::mutex>&);
    const ClaimSet* pending_set(std::string_view stream, std::string_view space) const;
    void cache_version(std::string_view stream, std::uint64_t version) const;

    IndexOptions options_;
    std::unique_ptr<IndexWriter> writer_;
    std::shared_ptr<IndexReaders> readers_;

    mutable std::mutex mutex_;
    std::condition_variable work_, progress_;
    std::shared_ptr<Generation> active_ = std::make_shared<Generation>();
    std::shared_ptr<const Generation> flushing_;
    // Versions asked for or written lately: two generations, of which the older is dropped when the younger is full.
    mutable ByText<std::uint64_t> heads_, older_heads_;
    std::uint64_t published_ = 0, flushes_ = 0;
    bool stopping_ = false, catching_up_ = false;
    std::optional<std::string> failure_;
    bool corrupt_ = false;  // the failure is that of a file that is not what was written
    std::thread thread_;
    int writeback_descriptor_ = -1;
};

}  // namespace nova::eventstore::sqlite
