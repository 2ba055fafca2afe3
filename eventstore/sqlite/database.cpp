#include "eventstore/sqlite/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <string>

namespace nova::eventstore::sqlite {
namespace {

constexpr int busy_timeout_ms = 10'000;

[[noreturn]] void fail(sqlite3* handle) {
    throw Failure(sqlite3_extended_errcode(handle), sqlite3_errmsg(handle));
}

}  // namespace

bool Failure::corrupt() const {
    // SQLITE_ERROR: SQLite does not understand a statement of ours, so the tables are not those that we made.
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_ERROR;
}
bool Failure::disk_full() const { return (code & 0xff) == SQLITE_FULL; }
bool Failure::busy() const { return (code & 0xff) == SQLITE_BUSY; }

Database::Database(const std::filesystem::path& file, Access access) {
    const bool writes = access == Access::write;
    if (writes && !std::filesystem::exists(file)) {
        // Made here, before SQLite knows it, since SQLite would make it readable for everyone; -wal and -shm follow it.
        const int made = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
        if (made >= 0) ::close(made);
    }
    const int flags =
        SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        const Failure failure(handle_ ? sqlite3_extended_errcode(handle_) : SQLITE_NOMEM,
                              handle_ ? sqlite3_errmsg(handle_) : "no memory");
        sqlite3_close_v2(handle_);
        throw failure;
    }
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, busy_timeout_ms);
}

Database::~Database() { sqlite3_close_v2(handle_); }

void Database::run(const char* sql) {
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle_);
}

std::int64_t Database::number(const char* sql) {
    Statement statement(*this, sql);
    return statement.step() ? statement.number(0) : 0;
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
    if (sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement_, nullptr) != SQLITE_OK)
        fail(database.handle());
}
Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int at, std::int64_t value) {
    sqlite3_bind_int64(statement_, at, value);
    return *this;
}
Statement& Statement::text(int at, std::string_view value) {
    sqlite3_bind_text64(statement_, at, value.data() ? value.data() : "", value.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}
Statement& Statement::blob(int at, std::string_view value) {
    sqlite3_bind_blob64(statement_, at, value.data() ? value.data() : "", value.size(), SQLITE_STATIC);
    return *this;
}
Statement& Statement::null(int at) {
    sqlite3_bind_null(statement_, at);
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    const Failure failure(sqlite3_extended_errcode(database_.handle()), sqlite3_errmsg(database_.handle()));
    sqlite3_reset(statement_);
    throw failure;
}
void Statement::run() {
    while (step()) {}
    sqlite3_reset(statement_);
}
void Statement::reset() { sqlite3_reset(statement_); }

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_, column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::string_view Statement::bytes(int column) const {
    const void* const data = sqlite3_column_blob(statement_, column);
    if (!data) {
        // A null pointer is an empty value, unless a page of it could not be read.
        if (sqlite3_errcode(database_.handle()) == SQLITE_NOMEM) fail(database_.handle());
        return {};
    }
    return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Transaction::Transaction(Database& database) : database_(database) { database.run("begin immediate"); }
Transaction::~Transaction() {
    if (open_ && !sqlite3_get_autocommit(database_.handle()))
        sqlite3_exec(database_.handle(), "rollback", nullptr, nullptr, nullptr);
}
void Transaction::commit() {
    database_.run("commit");
    open_ = false;
}

}  // namespace nova::eventstore::sqlite
