// A connection to a SQLite file and its statements, as little around sqlite3 as owning and errors need. One thread uses
// a connection at a time. Never open a SQLite file by other means in a process that writes it: closing any descriptor of
// the file drops the locks of the whole process.
#pragma once
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace nova::eventstore::sqlite {

// What SQLite said. `code` is the extended result code.
struct Failure : std::runtime_error {
    Failure(int code, const std::string& why) : std::runtime_error(why), code(code) {}
    int code;
    bool corrupt() const;    // the file is not what SQLite wrote
    bool disk_full() const;
    bool busy() const;
};

enum class Access { write, read };

class Database {
public:
    // WAL; waits 10 s for other processes' locks. Makes the file with mode 0600 when it writes.
    Database(const std::filesystem::path& file, Access);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void run(const char* sql);
    std::int64_t number(const char* sql);  // of the first column of the first row, 0 without one
    sqlite3* handle() const { return handle_; }

private:
    sqlite3* handle_ = nullptr;
};

// A prepared statement. Texts and blobs bound must live until the next reset.
class Statement {
public:
    Statement(Database&, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int at, std::int64_t);
    Statement& bind(int at, std::uint64_t value) { return bind(at, static_cast<std::int64_t>(value)); }
    Statement& text(int at, std::string_view);
    Statement& blob(int at, std::string_view);
    Statement& null(int at);

    bool step();  // a row is there; throws Failure
    void run();   // steps to the end and resets
    void reset();

    std::int64_t number(int column) const;
    bool is_null(int column) const;
    std::string_view bytes(int column) const;  // of a text or a blob, until the next step or reset

private:
    Database& database_;
    sqlite3_stmt* statement_ = nullptr;
};

// Resets a statement when the reading of its rows ends, by return or by exception: one left open holds its snapshot,
// and the WAL behind it can never be reset.
class Reading {
public:
    explicit Reading(Statement& statement) : statement_(statement) {}
    ~Reading() { statement_.reset(); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

private:
    Statement& statement_;
};

// BEGIN IMMEDIATE … COMMIT; rolls back when it is left without commit().
class Transaction {
public:
    explicit Transaction(Database&);
    ~Transaction();
    void commit();

private:
    Database& database_;
    bool open_ = true;
};

}  // namespace nova::eventstore::sqlite
