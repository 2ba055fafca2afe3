// log.db: its tables, and what one connection writes to them and reads from them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/log.h"
#include "eventstore/sqlite/database.h"
#include "eventstore/sqlite/lending.h"

struct sqlite3_blob;

namespace nova::eventstore::sqlite {

// The row id of a commit is its partition and the offset of its first event, so that rows lie in the order of the
// log, "the block that holds this offset" is one step in the table's own tree, and no second index is written.
constexpr int offset_bits = 48;
constexpr std::int64_t row_of(std::uint32_t partition, std::uint64_t offset) {
    return static_cast<std::int64_t>(std::uint64_t{partition} << offset_bits | offset);
}

// A row without its block.
struct BlockRow {
    std::int64_t row = 0;
    std::uint64_t first = 0, count = 0;
    Instant time{};
    Hash last{};
    std::uint64_t bytes = 0;
    std::uint64_t next() const { return first + count; }
};

// A block as it was read, with what its row says of it, which is not proven yet.
struct ReadBlock {
    std::shared_ptr<Commit> commit;  // `previous` and `last` are not set
    std::int64_t row = 0;
    std::uint64_t count_said = 0;
    Hash last_said{};
};

// The one connection that writes.
class LogWriter {
public:
    explicit LogWriter(const std::filesystem::path& file);  // makes the tables of a new log
    const std::string& id() const { return id_; }
    std::optional<std::string> meta(std::string_view name);
    void set_meta(std::string_view name, std::string_view value);

    void begin();
    void insert(const Commit&);
    void insert_key(const WrappedKey&);
    void commit();      // throws Failure; whether it was done is then for the caller to judge
    void roll_back();   // nothing happens if SQLite did it already
    void delete_key(std::string_view subject);
    Database& database() { return database_; }

private:
    Database database_;
    std::string id_;
    std::optional<Statement> begin_, insert_, insert_key_, commit_, delete_key_;
};

// A connection that reads.
class LogReader {
public:
    explicit LogReader(const std::filesystem::path& file);
    ~LogReader() { done_with_parts(); }
    std::string id();
    std::optional<BlockRow> holding(std::uint32_t partition, std::uint64_t offset);  // or the last before it
    std::optional<BlockRow> last(std::uint32_t partition) {
        return holding(partition, (std::uint64_t{1} << offset_bits) - 1);
    }
    std::optional<Hash> hash_before(std::uint32_t partition, std::uint64_t first);   // of the row before
    // Rows of the partition from `row` on, at least one if there is one, until `bytes_enough` are read.
    std::vector<ReadBlock> blocks(std::uint32_t partition, std::int64_t row, std::size_t bytes_enough);
    // A part of the block in `row`. False: there is no such part. Of a large block only that part is read; the handle for
    // it stays open for the next one until `done_with_parts`, and with it the snapshot.
    bool part(const BlockRow&, std::uint32_t begin, std::uint32_t length, std::string& out);
    void done_with_parts();
    std::optional<std::string> wrapped_key(std::string_view subject);
    std::optional<std::string> any_key_subject();
    std::vector<std::int64_t> lowest_rows();  // of each partition there is, and of what is none

private:
    Database database_;
    Statement holding_, blocks_, block_, key_;
    sqlite3_blob* large_ = nullptr;
};

using LogReaders = Lending<LogReader>;

}  // namespace nova::eventstore::sqlite
