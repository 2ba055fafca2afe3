// Single events out of the blocks of log.db, each checked against its leaf hash before it is given out.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/sqlite/log_file.h"
#include "eventstore/sqlite/sqlite_index.h"

namespace nova::eventstore::sqlite {

struct StreamReading {
    std::shared_ptr<LogReaders> readers;
    const std::string& log_id;
    const SqliteIndex* index;  // null: there is none, and a stream is found by reading the whole log

    std::vector<EventRecord> stream(std::string_view, std::uint64_t from, std::uint64_t to) const;
    std::optional<EventRecord> one(Position) const;

private:
    std::vector<EventRecord> indexed(std::string_view, std::uint64_t from, std::uint64_t to) const;
    std::vector<EventRecord> scanned(std::string_view, std::uint64_t from, std::uint64_t to) const;
    [[noreturn]] void blame(Position) const;
};

}  // namespace nova::eventstore::sqlite
