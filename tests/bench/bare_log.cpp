#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "tests/bench/ceilings.h"

namespace nova::bench {
namespace {

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

Database open(const std::filesystem::path& file, int flags) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
    Database database(raw, &sqlite3_close);
    if (code != SQLITE_OK) throw std::runtime_error("SQLite cannot open " + file.string());
    return database;
}

void run(const Database& database, const char* sql) {
    if (sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(database.get()));
}

Statement prepare(const Database& database, const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &raw, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(database.get()) + " in " + sql);
    return Statement(raw, &sqlite3_finalize);
}

double seconds_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

CommitSize observed_commits(const std::filesystem::path& log_file) {
    const Database database = open(log_file, SQLITE_OPEN_READONLY);
    const Statement sums = prepare(database, "SELECT count(*), sum(count), sum(length(block)) FROM commits");
    if (sqlite3_step(sums.get()) != SQLITE_ROW) throw std::runtime_error("the log holds no commits table");
    const double commits = std::max(1.0, sqlite3_column_double(sums.get(), 0));
    return {sqlite3_column_double(sums.get(), 1) / commits, sqlite3_column_double(sums.get(), 2) / commits};
}

double bare_commits_per_second(const std::filesystem::path& folder, const CommitSize& size,
                               std::chrono::milliseconds lasts) {
    const std::filesystem::path file = folder / "bare.db";
    double commits = 0, seconds = 0;
    {
        const Database database = open(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        run(database,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE commits(id INTEGER PRIMARY KEY, first INTEGER, count INTEGER, time INTEGER, hash BLOB, block "
            "BLOB)");
        const Statement insert =
            prepare(database, "INSERT INTO commits(first,count,time,hash,block) VALUES(?,?,?,?,?)");
        const std::string hash(32, 'h'), block(static_cast<std::size_t>(size.bytes), 'b');
        const auto began = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - began < lasts) {
            sqlite3_bind_int64(insert.get(), 1, static_cast<sqlite3_int64>(commits * size.events));
            sqlite3_bind_int64(insert.get(), 2, static_cast<sqlite3_int64>(size.events));
            sqlite3_bind_int64(insert.get(), 3, 0);
            sqlite3_bind_blob(insert.get(), 4, hash.data(), static_cast<int>(hash.size()), SQLITE_STATIC);
            sqlite3_bind_blob(insert.get(), 5, block.data(), static_cast<int>(block.size()), SQLITE_STATIC);
            if (sqlite3_step(insert.get()) != SQLITE_DONE) throw std::runtime_error("SQLite refused a commit");
            sqlite3_reset(insert.get());
            ++commits;
        }
        seconds = seconds_since(began);
    }
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
    return commits / seconds;
}

double bare_read_events_per_second(const std::filesystem::path& log_file, std::uint64_t events) {
    const Database database = open(log_file, SQLITE_OPEN_READONLY);
    const Statement blocks = prepare(database, "SELECT block FROM commits ORDER BY rowid");
    const auto began = std::chrono::steady_clock::now();
    std::uint64_t touched = 0;
    while (sqlite3_step(blocks.get()) == SQLITE_ROW) {
        // A byte of each page is touched, so that what is only mapped is read too.
        const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(blocks.get(), 0));
        for (int at = 0; at < sqlite3_column_bytes(blocks.get(), 0); at += 4096) touched += bytes[at];
    }
    if (touched == 0) throw std::runtime_error("the log holds no blocks");
    return static_cast<double>(events) / seconds_since(began);
}

}  // namespace nova::bench
