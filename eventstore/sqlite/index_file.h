// index.db: its tables, and what the index's thread writes to them and others read from them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/sqlite/database.h"
#include "eventstore/sqlite/generation.h"
#include "eventstore/sqlite/lending.h"

namespace nova::eventstore::sqlite {

constexpr std::uint64_t entries_in_chunk = 256;
constexpr std::int64_t repeat_kept_ms = day_ms;

struct Holds {  // up to where the index knows the log
    std::uint64_t next = 0;
    Hash last{};
};

// The one connection that writes. Nothing here is synced: after a power cut the file is thrown away.
class IndexWriter {
public:
    // Opens what is there if it can be trusted to be what was written, and belongs to this log; else begins anew.
    IndexWriter(const std::filesystem::path& folder, const std::string& log_id);
    Holds holds();
    void write(const Generation&);
    void close_cleanly();  // synced and marked so that it outlives the boot

    static void throw_away(const std::filesystem::path& folder);  // with no connection open
    // The next start is to throw the file away. A file of its own says so, since index.db cannot be relied on.
    static void mark_damaged(const std::filesystem::path& folder);

private:
    void make(const std::string& log_id);
    void open_up();  // not clean from now on
    void write_stream(std::string_view stream, const Generation::Grown&);
    void write_claims(std::string_view stream_and_space, const ClaimSet&, bool new_stream);
    void write_repeat(std::string_view scope_and_key, const Remembered&);

    Database database_;
    std::optional<Statement> add_chunk_, grow_chunk_, drop_claims_, add_claim_, add_repeat_, drop_repeats_,
        add_snapshot_, hold_;
};

struct VersionedEntry {
    std::uint64_t version = 0;
    Entry entry;
};

class IndexReader {
public:
    explicit IndexReader(const std::filesystem::path& file);
    std::uint64_t version(std::string_view stream);
    void entries(std::string_view stream, std::uint64_t from, std::uint64_t to, std::vector<VersionedEntry>& out);
    std::vector<std::string> holders(std::string_view space, std::string_view key, Instant now, std::size_t at_most);
    std::optional<Remembered> remembered(std::string_view scope, std::string_view key);
    std::optional<Snapshot> snapshot(std::string_view stream);

private:
    Database database_;
    Statement version_, entries_, holders_, remembered_, snapshot_;
};
using IndexReaders = Lending<IndexReader>;

}  // namespace nova::eventstore::sqlite
