#include <sqlite3.h>

#include <algorithm>
#include <cstring>

#include "eventstore/sqlite/index_file.h"

namespace nova::eventstore::sqlite {

IndexReader::IndexReader(const std::filesystem::path& file)
    : database_(file, Access::read),
      version_(database_, "select chunk, length(entries) from chunks where stream = ?1 order by chunk desc limit 1"),
      entries_(database_,
               "select chunk, entries from chunks where stream = ?1 and chunk between ?2 and ?3 order by chunk"),
      holders_(database_,
               "select stream from claims where space = ?1 and key = ?2 and (until is null or until > ?3) limit ?4"),
      remembered_(database_,
                  "select digest, command_name, command_id, stream, version, partition, offset, time "
                  "from repeats where scope = ?1 and key = ?2"),
      snapshot_(database_, "select version, state from snapshots where stream = ?1") {
    database_.run("pragma mmap_size = 2147418112; pragma query_only = on;");
}

std::uint64_t IndexReader::version(std::string_view stream) {
    const Reading reading(version_);
    if (!version_.text(1, stream).step()) return 0;
    return static_cast<std::uint64_t>(version_.number(0)) * entries_in_chunk +
           static_cast<std::uint64_t>(version_.number(1)) / sizeof(Entry);
}

void IndexReader::entries(std::string_view stream, std::uint64_t from, std::uint64_t to,
                          std::vector<VersionedEntry>& out) {
    const Reading reading(entries_);
    const std::uint64_t last_chunk = std::min<std::uint64_t>((to - 1) / entries_in_chunk, INT64_MAX);
    entries_.text(1, stream).bind(2, (from - 1) / entries_in_chunk).bind(3, last_chunk);
    while (entries_.step()) {
        const std::uint64_t first = static_cast<std::uint64_t>(entries_.number(0)) * entries_in_chunk + 1;
        const std::string_view bytes = entries_.bytes(1);
        for (std::size_t i = 0; i < bytes.size() / sizeof(Entry); ++i) {
            if (first + i < from || first + i > to) continue;
            VersionedEntry& found = out.emplace_back();
            found.version = first + i;
            std::memcpy(&found.entry, bytes.data() + i * sizeof(Entry), sizeof(Entry));
        }
    }
}

std::vector<std::string> IndexReader::holders(std::string_view space, std::string_view key, Instant now,
                                              std::size_t at_most) {
    const Reading reading(holders_);
    holders_.text(1, space).text(2, key).bind(3, now.ms).bind(4, static_cast<std::int64_t>(at_most));
    std::vector<std::string> streams;
    while (holders_.step()) streams.emplace_back(holders_.bytes(0));
    return streams;
}

std::optional<Remembered> IndexReader::remembered(std::string_view scope, std::string_view key) {
    const Reading reading(remembered_);
    Statement& row = remembered_;
    if (!row.text(1, scope).text(2, key).step()) return std::nullopt;
    Remembered kept;
    kept.digest = row.bytes(0);
    kept.command_name = row.bytes(1);
    kept.command_id = row.bytes(2);
    kept.stream = row.bytes(3);
    kept.version = static_cast<std::uint64_t>(row.number(4));
    kept.position = {static_cast<std::uint32_t>(row.number(5)), static_cast<std::uint64_t>(row.number(6))};
    kept.time = {row.number(7)};
    return kept;
}

std::optional<Snapshot> IndexReader::snapshot(std::string_view stream) {
    const Reading reading(snapshot_);
    if (!snapshot_.text(1, stream).step()) return std::nullopt;
    return Snapshot{static_cast<std::uint64_t>(snapshot_.number(0)), std::string(snapshot_.bytes(1))};
}

}  // namespace nova::eventstore::sqlite
