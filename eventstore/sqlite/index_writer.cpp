#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <utility>

#include "eventstore/sqlite/index_file.h"

namespace nova::eventstore::sqlite {
namespace {

// Raised when the tables or what is derived change: an index of another number is built anew.
constexpr std::int64_t index_format = 1;
constexpr const char* damage_mark = "index.damaged";

const char* const tables = R"sql(
create table holds(id integer primary key, log_id text not null, next integer not null, last blob not null,
                   boot text not null, clean integer not null);
create table chunks(stream text, chunk integer, entries blob not null, primary key(stream, chunk)) without rowid;
create table claims(space text, key text, stream text, until integer, primary key(space, key, stream)) without rowid;
create index claims_of on claims(stream, space);
create table repeats(scope text, key text, digest text, command_name text, command_id text, stream text,
                     version integer, partition integer, offset integer, time integer, primary key(scope, key)) without rowid;
create index repeats_by_time on repeats(time);
create table snapshots(stream text primary key, version integer not null, state blob not null);
)sql";

// Changes with every start of the kernel: what was not synced may be lost then, and only then.
std::string boot_id() {
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return id;
}

std::string_view bytes_of(const Entry* entries, std::size_t count) {
    return {reinterpret_cast<const char*>(entries), count * sizeof(Entry)};
}

std::pair<std::string_view, std::string_view> both(std::string_view pair) {
    const auto zero = pair.find('\0');
    return {pair.substr(0, zero), pair.substr(zero + 1)};
}

// In the order of their keys, so that neighbouring rows are written while their page is at hand.
template <class Map>
std::vector<const typename Map::value_type*> in_order(const Map& map) {
    std::vector<const typename Map::value_type*> sorted;
    sorted.reserve(map.size());
    for (const auto& item : map) sorted.push_back(&item);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    return sorted;
}

bool trusted(Database& database, const std::string& log_id) {
    if (database.number("pragma user_version") != index_format) return false;
    Statement find(database, "select log_id, boot, clean from holds where id = 1");
    return find.step() && find.bytes(0) == log_id && (find.number(2) == 1 || find.bytes(1) == boot_id());
}

// Whether index.db may stay. The connection that looks is closed again before the file is thrown away.
bool usable(const std::filesystem::path& folder, const std::string& log_id) {
    if (!std::filesystem::exists(folder / "index.db") || std::filesystem::exists(folder / damage_mark)) return false;
    try {
        Database database(folder / "index.db", Access::write);
        return trusted(database, log_id);
    } catch (const Failure& failure) {
        if (failure.disk_full()) throw;
        return false;
    }
}

std::filesystem::path prepared(const std::filesystem::path& folder, const std::string& log_id) {
    if (!usable(folder, log_id)) IndexWriter::throw_away(folder);
    return folder / "index.db";
}

}  // namespace

void IndexWriter::throw_away(const std::filesystem::path& folder) {
    for (const char* name : {"index.db-wal", "index.db-shm", "index.db", damage_mark})
        std::filesystem::remove(folder / name);
}

void IndexWriter::mark_damaged(const std::filesystem::path& folder) { std::ofstream(folder / damage_mark).put('\n'); }

IndexWriter::IndexWriter(const std::filesystem::path& folder, const std::string& log_id)
    : database_(prepared(folder, log_id), Access::write) {
    database_.run("pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -32768;"
                  "pragma secure_delete = on;");
    if (database_.number("pragma user_version") == 0) make(log_id);
    open_up();
    database_.run("pragma synchronous = off");
    add_chunk_.emplace(database_, "insert into chunks(stream, chunk, entries) values(?1, ?2, ?3)");
    grow_chunk_.emplace(database_, "update chunks set entries = cast(entries || ?3 as blob) "
                                   "where stream = ?1 and chunk = ?2 and length(entries) = ?4");
    drop_claims_.emplace(database_, "delete from claims where stream = ?1 and space = ?2");
    add_claim_.emplace(database_, "insert or replace into claims(space, key, stream, until) values(?1, ?2, ?3, ?4)");
    add_repeat_.emplace(database_, "insert or replace into repeats values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    drop_repeats_.emplace(database_, "delete from repeats where time <= ?1");
    add_snapshot_.emplace(database_, "insert or replace into snapshots(stream, version, state) values(?1, ?2, ?3)");
    hold_.emplace(database_, "update holds set next = ?1, last = ?2 where id = 1");
}

void IndexWriter::make(const std::string& log_id) {
    Transaction made(database_);
    database_.run(tables);
    const std::string nothing(32, '\0');
    Statement(database_, "insert into holds values(1, ?1, 0, ?2, '', 0)").text(1, log_id).blob(2, nothing).run();
    database_.run(("pragma user_version = " + std::to_string(index_format)).c_str());
    made.commit();
}

void IndexWriter::open_up() {
    const std::string boot = boot_id();
    Statement(database_, "update holds set clean = 0, boot = ?1 where id = 1").text(1, boot).run();
}

Holds IndexWriter::holds() {
    Statement find(database_, "select next, last from holds where id = 1");
    Holds holds;
    if (!find.step()) return holds;
    holds.next = static_cast<std::uint64_t>(find.number(0));
    if (const auto last = find.bytes(1); last.size() == holds.last.size())
        std::memcpy(holds.last.data(), last.data(), last.size());
    return holds;
}

void IndexWriter::write(const Generation& generation) {
    Transaction all(database_);
    for (const auto* stream : in_order(generation.streams)) write_stream(stream->first, stream->second);
    for (const auto* claim : in_order(generation.claims)) {
        const auto grown = generation.streams.find(both(claim->first).first);
        write_claims(claim->first, claim->second,
                     grown != generation.streams.end() && grown->second.first_version == 1);
    }
    for (const auto* repeat : in_order(generation.repeats)) write_repeat(repeat->first, repeat->second);
    for (const auto* snapshot : in_order(generation.snapshots))
        add_snapshot_->text(1, snapshot->first).bind(2, snapshot->second.version).blob(3, snapshot->second.state).run();
    if (generation.events > 0) {
        drop_repeats_->bind(1, generation.time.ms - repeat_kept_ms).run();
        const std::string_view last(reinterpret_cast<const char*>(generation.last.data()), generation.last.size());
        hold_->bind(1, generation.next).blob(2, last).run();
    }
    all.commit();
}

void IndexWriter::write_stream(std::string_view stream, const Generation::Grown& grown) {
    const Entry* entries = grown.entries.data();
    std::uint64_t version = grown.first_version;
    for (std::size_t left = grown.entries.size(); left > 0;) {
        const std::uint64_t chunk = (version - 1) / entries_in_chunk, before = (version - 1) % entries_in_chunk;
        const std::size_t count = std::min<std::size_t>(left, entries_in_chunk - before);
        if (before == 0) {
            add_chunk_->text(1, stream).bind(2, chunk).blob(3, bytes_of(entries, count)).run();
        } else {
            grow_chunk_->text(1, stream)
                .bind(2, chunk)
                .blob(3, bytes_of(entries, count))
                .bind(4, before * sizeof(Entry))
                .run();
            if (sqlite3_changes(database_.handle()) != 1)
                throw Failure(SQLITE_CORRUPT, "the stream " + std::string(stream) + " is not there up to its version");
        }
        entries += count;
        version += count;
        left -= count;
    }
}

void IndexWriter::write_claims(std::string_view stream_and_space, const ClaimSet& set, bool new_stream) {
    const auto [stream, space] = both(stream_and_space);
    if (!new_stream) drop_claims_->text(1, stream).text(2, space).run();
    for (const std::string& key : set.keys) {
        add_claim_->text(1, space).text(2, key).text(3, stream);
        (set.until ? add_claim_->bind(4, set.until->ms) : add_claim_->null(4)).run();
    }
}

void IndexWriter::write_repeat(std::string_view scope_and_key, const Remembered& kept) {
    const auto [scope, key] = both(scope_and_key);
    add_repeat_->text(1, scope).text(2, key).text(3, kept.digest).text(4, kept.command_name).text(5, kept.command_id);
    add_repeat_->text(6, kept.stream).bind(7, kept.version).bind(8, std::int64_t{kept.position.partition});
    add_repeat_->bind(9, kept.position.offset).bind(10, kept.time.ms).run();
}

void IndexWriter::close_cleanly() {
    // The contents first: a mark that reached the disk before them would vouch for what is not there.
    database_.run("pragma synchronous = full; pragma wal_checkpoint(truncate);");
    database_.run("update holds set clean = 1 where id = 1; pragma wal_checkpoint(truncate);");
}

}  // namespace nova::eventstore::sqlite
