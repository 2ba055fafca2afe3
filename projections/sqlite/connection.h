// One connection to views.db with its prepared statements, each kept under its own text: a query's shape is prepared once.
#pragma once
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "projections/collection.h"

struct sqlite3;
struct sqlite3_stmt;

namespace nova::projections::sqlite {

// The file is no database, not ours, or damaged: it is moved aside and made anew.
struct Unusable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

constexpr int busy_ms_max = 2000;   // how long a statement waits for another connection

using RowSet = std::vector<std::int64_t>;   // ascending row numbers

struct Prepared {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;   // and therefore not to be dropped from the cache
};

// A statement in use: reset when it goes. Texts bound must outlive it, ids need not.
class Statement {
public:
    explicit Statement(Prepared& prepared) : prepared_(prepared), statement_(prepared.statement) {
        prepared.in_use = true;
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    Statement& bind(std::int64_t);
    Statement& bind(double);
    Statement& bind(std::string_view text);
    Statement& bind(const TenantId&);
    Statement& bind(const Value&);
    Statement& bind(const RowSet*);               // for nova_rows and nova_has
    Statement& bind_id(std::string_view id);      // a UUID as its 16 bytes, any other id as text, none as NULL
    Statement& bind_blob(std::string_view bytes);
    bool step();                                  // true: a row. Throws std::runtime_error
    void run() { while (step()) {} }
    void again();                                 // for the next binding and run

    std::int64_t integer(int column) const;
    std::string_view text(int column) const;      // valid until the next step
    std::string_view blob(int column) const;
    bool null(int column) const;
    Value value(int column) const;
    std::string id(int column) const;
    TenantId tenant(int column) const;
    bool equals(int column, const Value&) const;
    bool equals_id(int column, std::string_view id) const;

private:
    void check(int code) const;
    Prepared& prepared_;
    sqlite3_stmt* statement_;
    int next_ = 1;
};

class Connection {
public:
    enum class Use { write, read };
    Connection(const std::string& file, Use);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Statement prepare(const std::string& sql);    // from the cache; throws std::logic_error if the same text is in use
    void run(const std::string& sql);             // not cached; several statements are allowed
    void forget_statements();                     // before a table is dropped
    sqlite3* handle() { return db_; }

private:
    sqlite3* db_ = nullptr;
    std::unordered_map<std::string, Prepared> statements_;
};

// Ends by rolling back unless it was committed.
class Transaction {
public:
    explicit Transaction(Connection&);
    ~Transaction();
    void commit();

private:
    Connection& connection_;
    bool open_ = true;
};

// Makes the table function nova_rows(set) → column `row`, and nova_has(set, row), known to a connection.
void add_row_sets(sqlite3*);
extern const char row_set_tag[];

}  // namespace nova::projections::sqlite
