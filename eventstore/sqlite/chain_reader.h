// Reads a partition of log.db block by block and proves each block against the one before it.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eventstore/chain.h"
#include "eventstore/sqlite/log_file.h"

namespace nova::eventstore::sqlite {

class ChainReader final : public Reader {
public:
    // From the block that holds `offset`, or from the end if none does. The hash before that block is believed.
    ChainReader(std::shared_ptr<LogReaders>, const std::string& log_id, std::uint32_t partition, std::uint64_t offset);

    std::shared_ptr<const Commit> next() override { return next(nullptr); }
    std::shared_ptr<const Commit> next(std::vector<ShortLeaf>* leaves);

private:
    void start(LogReader&, const std::string& log_id, std::uint64_t offset);
    std::optional<std::string> fault(const ReadBlock&, std::vector<ShortLeaf>* leaves) const;

    std::shared_ptr<LogReaders> readers_;
    std::uint32_t partition_;
    std::int64_t next_row_ = 0;        // every row is looked at, also one that was slipped in between two
    std::uint64_t next_offset_ = 0;
    Hash previous_{};
    Instant time_{};
    std::deque<ReadBlock> read_;       // and not given out yet
};

}  // namespace nova::eventstore::sqlite
