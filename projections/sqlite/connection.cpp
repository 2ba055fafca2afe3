#include "projections/sqlite/connection.h"

#include <sqlite3.h>

#include <cstring>

#include "projections/view_store.h"

namespace nova::projections::sqlite {
namespace {

constexpr std::size_t kept_statements = 400;

std::string_view bytes_of(const Uuid& id) { return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}; }

[[noreturn]] void fail(sqlite3* db, int code) {
    std::string why = "views.db: " + std::string(db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
    switch (code & 0xff) {
        case SQLITE_CORRUPT: case SQLITE_NOTADB: throw Unusable(std::move(why));
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            throw NotNow(std::move(why));
    }
    throw std::runtime_error(std::move(why));
}

}  // namespace

Statement::~Statement() {
    sqlite3_reset(statement_);
    prepared_.in_use = false;
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_), code);
}

Statement& Statement::bind(std::int64_t number) {
    return check(sqlite3_bind_int64(statement_, next_++, number)), *this;
}
Statement& Statement::bind(double number) { return check(sqlite3_bind_double(statement_, next_++, number)), *this; }
Statement& Statement::bind(std::string_view text) {
    // A null pointer would bind NULL, and an empty view may have one.
    const char* data = text.data() ? text.data() : "";
    return check(sqlite3_bind_text64(statement_, next_++, data, text.size(), SQLITE_STATIC, SQLITE_UTF8)), *this;
}
Statement& Statement::bind_blob(std::string_view bytes) {
    return check(sqlite3_bind_blob64(statement_, next_++, bytes.data(), bytes.size(), SQLITE_TRANSIENT)), *this;
}
Statement& Statement::bind(const TenantId& tenant) { return bind_blob(bytes_of(tenant.value)); }
Statement& Statement::bind(const RowSet* rows) {
    return check(sqlite3_bind_pointer(statement_, next_++, const_cast<RowSet*>(rows), row_set_tag, nullptr)), *this;
}
Statement& Statement::bind(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return bind(*number);
    if (const auto* real = std::get_if<double>(&value)) return bind(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return bind(std::string_view(*text));
    return check(sqlite3_bind_null(statement_, next_++)), *this;
}
Statement& Statement::bind_id(std::string_view id) {
    if (id.empty()) return check(sqlite3_bind_null(statement_, next_++)), *this;
    if (const auto uuid = parse_uuid(id)) return bind_blob(bytes_of(*uuid));
    return check(sqlite3_bind_text64(statement_, next_++, id.data(), id.size(), SQLITE_TRANSIENT, SQLITE_UTF8)), *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fail(sqlite3_db_handle(statement_), code);
    return false;
}

void Statement::again() {
    sqlite3_reset(statement_);
    next_ = 1;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
std::string_view Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
std::string_view Statement::blob(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
bool Statement::null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Value Statement::value(int column) const {
    switch (sqlite3_column_type(statement_, column)) {
        case SQLITE_INTEGER: return integer(column);
        case SQLITE_FLOAT: return sqlite3_column_double(statement_, column);
        case SQLITE_TEXT: return std::string(text(column));
        case SQLITE_BLOB: return id(column);
    }
    return {};
}

std::string Statement::id(int column) const {
    if (sqlite3_column_type(statement_, column) != SQLITE_BLOB) return std::string(text(column));
    Uuid uuid;
    const std::string_view bytes = blob(column);
    std::memcpy(uuid.bytes.data(), bytes.data(), std::min(bytes.size(), uuid.bytes.size()));
    return to_text(uuid);
}

TenantId Statement::tenant(int column) const {
    TenantId tenant;
    const std::string_view bytes = blob(column);
    std::memcpy(tenant.value.bytes.data(), bytes.data(), std::min(bytes.size(), tenant.value.bytes.size()));
    return tenant;
}

bool Statement::equals(int column, const Value& value) const {
    switch (sqlite3_column_type(statement_, column)) {
        case SQLITE_INTEGER: {
            const auto* number = std::get_if<std::int64_t>(&value);
            return number && *number == integer(column);
        }
        case SQLITE_TEXT: {
            const auto* expected = std::get_if<std::string>(&value);
            return expected && *expected == text(column);
        }
        case SQLITE_NULL: return value.index() == 0;
        case SQLITE_FLOAT: {
            const auto* real = std::get_if<double>(&value);
            return real && *real == sqlite3_column_double(statement_, column);
        }
    }
    return false;
}

bool Statement::equals_id(int column, std::string_view expected) const {
    if (expected.empty()) return null(column);
    if (sqlite3_column_type(statement_, column) == SQLITE_TEXT) return text(column) == expected;
    const auto uuid = parse_uuid(expected);
    return uuid && blob(column) == bytes_of(*uuid);
}

Connection::Connection(const std::string& file, Use use) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (use == Use::write ? SQLITE_OPEN_CREATE : 0);
    if (const int code = sqlite3_open_v2(file.c_str(), &db_, flags, nullptr); code != SQLITE_OK) {
        const std::string why = "views.db: " + std::string(sqlite3_errmsg(db_));
        sqlite3_close(db_);
        throw std::runtime_error(why + " (" + file + ")");
    }
    try {
        sqlite3_busy_timeout(db_, busy_ms_max);
        run("PRAGMA mmap_size=68719476736; PRAGMA temp_store=MEMORY");
        if (use == Use::write) {
            // What was deleted is overwritten, so that an erased person's fields do not stay in free pages.
            run("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=ON;"
                "PRAGMA cache_size=-65536");
        } else {
            run("PRAGMA query_only=ON; PRAGMA cache_size=-8192");
            add_row_sets(db_);
        }
    } catch (...) {
        sqlite3_close(db_);
        throw;
    }
}

Connection::~Connection() {
    forget_statements();
    sqlite3_close(db_);
}

Statement Connection::prepare(const std::string& sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) {
        if (found->second.in_use) throw std::logic_error("a statement is used twice at a time: " + sql);
        return Statement(found->second);
    }
    // When there are too many all go that are not in use; shapes in daily use come back at once.
    if (statements_.size() >= kept_statements)
        std::erase_if(statements_, [](const auto& kept) {
            if (kept.second.in_use) return false;
            sqlite3_finalize(kept.second.statement);
            return true;
        });
    sqlite3_stmt* statement = nullptr;
    const int length = static_cast<int>(sql.size());
    const int code = sqlite3_prepare_v3(db_, sql.data(), length, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) fail(db_, code);
    return Statement(statements_.emplace(sql, Prepared{statement}).first->second);
}

void Connection::run(const std::string& sql) {
    if (const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK) fail(db_, code);
}

void Connection::forget_statements() {
    for (auto& [sql, prepared] : statements_) sqlite3_finalize(prepared.statement);
    statements_.clear();
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
    connection_.prepare("BEGIN IMMEDIATE").run();
}
Transaction::~Transaction() {
    if (!open_) return;
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}
void Transaction::commit() {
    connection_.prepare("COMMIT").run();
    open_ = false;
}

}  // namespace nova::projections::sqlite
