#include "eventstore/sqlite/log_file.h"

#include <sodium.h>
#include <sqlite3.h>

#include <chrono>
#include <cstring>

#include "eventstore/chain.h"

namespace nova::eventstore::sqlite {
namespace {

constexpr std::int64_t application_id = 0x4e6f7661;  // "Nova", so that `file` names a log.db
constexpr std::string_view format = "1";
constexpr int growth_bytes = 1 << 20;          // the file grows in such steps: fewer changes of its length to sync
constexpr std::size_t small_block_bytes = 12288;  // up to this, reading a block whole beats opening a handle

const char* const tables = R"sql(
create table meta(name text primary key, value blob not null) without rowid;
create table commits(
  id integer primary key,          -- partition * 2^48 + first
  partition integer not null,
  first integer not null,          -- offset of the block's first event
  count integer not null,
  time integer not null,           -- ms since 1970, UTC: when it was recorded
  last blob not null,              -- hash of the block's last event
  block blob not null              -- the events, each followed by a line feed
);
create table keys(subject text primary key, wrapped blob not null);
)sql";

// A version 7 UUID, as all ids of this product are. The log's own id is the only one that is made here.
std::string new_log_id() {
    Uuid id;
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used: it found no source of randomness.");
    randombytes_buf(id.bytes.data(), id.bytes.size());
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch()).count();
    for (int i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(now >> (40 - 8 * i));
    id.bytes[6] = static_cast<std::uint8_t>(0x70 | (id.bytes[6] & 0x0f));
    id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));
    return to_text(id);
}

std::string_view view(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

Hash hash_from(std::string_view bytes) {
    Hash hash{};
    if (bytes.size() == hash.size()) std::memcpy(hash.data(), bytes.data(), hash.size());
    return hash;  // a hash of another length matches nothing, and the check of the chain says where
}

std::string read_meta(Database& database, std::string_view name) {
    Statement find(database, "select value from meta where name = ?1");
    return find.text(1, name).step() ? std::string(find.bytes(0)) : std::string();
}

void check_format(Database& database, const char* file) {
    const std::string found = read_meta(database, "format");
    if (found != format)
        throw Unavailable(std::string(file) + " is a log of format '" + found +
                          "', which this version of nova does not know.");
}

}  // namespace

LogWriter::LogWriter(const std::filesystem::path& file) : database_(file, Access::write) {
    database_.run("pragma page_size = 4096; pragma journal_mode = wal; pragma synchronous = full;"
                  "pragma secure_delete = on; pragma wal_autocheckpoint = 0; pragma journal_size_limit = 67108864;");
    int step = growth_bytes;
    sqlite3_file_control(database_.handle(), "main", SQLITE_FCNTL_CHUNK_SIZE, &step);
    if (database_.number("select count(*) from sqlite_master where name = 'commits'") == 0) {
        Transaction made(database_);
        database_.run(tables);
        database_.run(("pragma application_id = " + std::to_string(application_id)).c_str());
        set_meta("log_id", new_log_id());
        set_meta("format", format);
        made.commit();
    }
    check_format(database_, file.c_str());
    id_ = read_meta(database_, "log_id");
    begin_.emplace(database_, "begin immediate");
    commit_.emplace(database_, "commit");
    insert_.emplace(
        database_,
        "insert into commits(id, partition, first, count, time, last, block) values(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    insert_key_.emplace(database_, "insert into keys(subject, wrapped) values(?1, ?2)");
    delete_key_.emplace(database_, "delete from keys where subject = ?1");
}

std::optional<std::string> LogWriter::meta(std::string_view name) {
    Statement find(database_, "select value from meta where name = ?1");
    if (!find.text(1, name).step()) return std::nullopt;
    return std::string(find.bytes(0));
}
void LogWriter::set_meta(std::string_view name, std::string_view value) {
    Statement(database_, "insert or replace into meta(name, value) values(?1, ?2)").text(1, name).blob(2, value).run();
}

void LogWriter::begin() { begin_->run(); }
void LogWriter::insert(const Commit& commit) {
    insert_->bind(1, row_of(commit.partition, commit.first))
        .bind(2, std::int64_t{commit.partition})
        .bind(3, commit.first);
    insert_->bind(4, commit.count()).bind(5, commit.time.ms).blob(6, view(commit.last)).blob(7, commit.block).run();
}
void LogWriter::insert_key(const WrappedKey& key) { insert_key_->text(1, key.subject).blob(2, key.wrapped).run(); }
void LogWriter::commit() { commit_->run(); }
void LogWriter::roll_back() {
    if (!sqlite3_get_autocommit(database_.handle()))
        sqlite3_exec(database_.handle(), "rollback", nullptr, nullptr, nullptr);
}
void LogWriter::delete_key(std::string_view subject) { delete_key_->text(1, subject).run(); }

LogReader::LogReader(const std::filesystem::path& file)
    : database_(file, Access::read),
      holding_(database_,
               "select id, first, count, time, last, length(block) from commits where id between ?1 and ?2 order by id "
               "desc limit 1"),
      blocks_(
          database_,
          "select id, first, count, time, last, block, partition from commits where id between ?1 and ?2 order by id"),
      block_(database_, "select block from commits where id = ?1"),
      key_(database_, "select wrapped from keys where subject = ?1") {
    database_.run("pragma mmap_size = 2147418112; pragma query_only = on;");
}

std::string LogReader::id() {
    check_format(database_, "log.db");
    return read_meta(database_, "log_id");
}

std::optional<BlockRow> LogReader::holding(std::uint32_t partition, std::uint64_t offset) {
    const Reading reading(holding_);
    holding_.bind(1, row_of(partition, 0)).bind(2, row_of(partition, offset));
    if (!holding_.step()) return std::nullopt;
    BlockRow row;
    row.row = holding_.number(0);
    row.first = static_cast<std::uint64_t>(holding_.number(1));
    row.count = static_cast<std::uint64_t>(holding_.number(2));
    row.time = {holding_.number(3)};
    row.last = hash_from(holding_.bytes(4));
    row.bytes = static_cast<std::uint64_t>(holding_.number(5));
    return row;
}

std::optional<Hash> LogReader::hash_before(std::uint32_t partition, std::uint64_t first) {
    if (first == 0) return std::nullopt;
    const auto row = holding(partition, first - 1);
    return row ? std::optional(row->last) : std::nullopt;
}

std::vector<ReadBlock> LogReader::blocks(std::uint32_t partition, std::int64_t row, std::size_t bytes_enough) {
    const Reading reading(blocks_);
    blocks_.bind(1, row).bind(2, row_of(partition + 1, 0) - 1);
    std::vector<ReadBlock> blocks;
    for (std::size_t bytes = 0; bytes < bytes_enough && blocks_.step();) {
        ReadBlock read;
        read.commit = std::make_shared<Commit>();
        read.row = blocks_.number(0);
        read.commit->first = static_cast<std::uint64_t>(blocks_.number(1));
        read.count_said = static_cast<std::uint64_t>(blocks_.number(2));
        read.commit->time = {blocks_.number(3)};
        read.last_said = hash_from(blocks_.bytes(4));
        read.commit->block = blocks_.bytes(5);
        read.commit->partition = static_cast<std::uint32_t>(blocks_.number(6));
        read.commit->begins = begins_of(read.commit->block);
        bytes += read.commit->block.size() + 64;
        blocks.push_back(std::move(read));
    }
    return blocks;
}

bool LogReader::part(const BlockRow& row, std::uint32_t begin, std::uint32_t length, std::string& out) {
    if (std::uint64_t{begin} + length > row.bytes) return false;
    if (row.bytes <= small_block_bytes) {
        const Reading reading(block_);
        if (!block_.bind(1, row.row).step()) return false;
        out = block_.bytes(0).substr(begin, length);
        return out.size() == length;
    }
    int code = large_ ? sqlite3_blob_reopen(large_, row.row)
                      : sqlite3_blob_open(database_.handle(), "main", "commits", "block", row.row, 0, &large_);
    if (code == SQLITE_OK) {
        out.resize(length);
        code = sqlite3_blob_read(large_, out.data(), static_cast<int>(length), static_cast<int>(begin));
    }
    if (code == SQLITE_OK) return true;
    const Failure failure(code, sqlite3_errmsg(database_.handle()));
    done_with_parts();
    throw failure;
}

void LogReader::done_with_parts() {
    sqlite3_blob_close(large_);
    large_ = nullptr;
}

std::optional<std::string> LogReader::wrapped_key(std::string_view subject) {
    const Reading reading(key_);
    if (!key_.text(1, subject).step()) return std::nullopt;
    return std::string(key_.bytes(0));
}

std::optional<std::string> LogReader::any_key_subject() {
    Statement any(database_, "select subject from keys limit 1");
    if (!any.step()) return std::nullopt;
    return std::string(any.bytes(0));
}

std::vector<std::int64_t> LogReader::lowest_rows() {
    Statement next(database_, "select id from commits where id >= ?1 order by id limit 1");
    std::vector<std::int64_t> found;
    for (std::int64_t from = INT64_MIN; next.bind(1, from).step(); next.reset()) {
        found.push_back(next.number(0));
        const std::int64_t partition = found.back() >> offset_bits;
        if (partition == INT64_MAX >> offset_bits) break;
        from = (partition + 1) * (std::int64_t{1} << offset_bits);
    }
    return found;
}

}  // namespace nova::eventstore::sqlite
