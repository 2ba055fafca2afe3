// Everything that index.db derives from the log, as text, to compare two ways of coming to it.
#pragma once
#include <sqlite3.h>

#include <filesystem>
#include <string>

namespace nova::eventstore::test {

inline std::string index_dump(const std::filesystem::path& folder) {
    std::string all;
    sqlite3* db = nullptr;
    sqlite3_open((folder / "index.db").c_str(), &db);
    for (const char* query : {"select stream, chunk, hex(entries) from chunks order by 1, 2",
                              "select space, key, stream, until from claims order by 1, 2, 3",
                              "select * from repeats order by 1, 2", "select log_id, next, hex(last) from holds"}) {
        const auto add = [](void* out, int columns, char** values, char**) {
            for (int i = 0; i < columns; ++i)
                *static_cast<std::string*>(out) += std::string(values[i] ? values[i] : "null") + '|';
            *static_cast<std::string*>(out) += '\n';
            return 0;
        };
        if (sqlite3_exec(db, query, add, &all, nullptr) != SQLITE_OK) all += sqlite3_errmsg(db);
    }
    sqlite3_close(db);
    return all;
}

}  // namespace nova::eventstore::test
