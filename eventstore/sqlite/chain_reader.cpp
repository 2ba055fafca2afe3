#include "eventstore/sqlite/chain_reader.h"

#include <iterator>
#include <utility>

namespace nova::eventstore::sqlite {
namespace {

// Enough to make one query worth while; little, since the statement's snapshot must not stay open for long and what was
// read must still be in the processor's cache when it is hashed.
constexpr std::size_t read_ahead_bytes = 256 * 1024;

Damaged unreadable(std::uint32_t partition, std::uint64_t offset, const Failure& failure) {
    return Damaged("The log cannot be read at " + to_text(Position{partition, offset}) + ": " + failure.what() + ".");
}

}  // namespace

ChainReader::ChainReader(std::shared_ptr<LogReaders> readers, const std::string& log_id, std::uint32_t partition,
                         std::uint64_t offset)
    : readers_(std::move(readers)), partition_(partition) {
    try {
        start(*readers_->lend(), log_id, offset);
    } catch (const Failure& failure) {
        throw unreadable(partition, offset, failure);
    }
}

void ChainReader::start(LogReader& reader, const std::string& log_id, std::uint64_t offset) {
    next_row_ = row_of(partition_, 0);
    previous_ = first_hash(log_id, partition_);
    const auto row = offset == 0 ? std::nullopt : reader.holding(partition_, offset);
    if (!row) return;
    if (offset >= row->next()) {  // the end, or the gap in front of a row that is not the next one, which next() finds
        next_row_ = row->row + 1;
        next_offset_ = row->next();
        previous_ = row->last;
        return;
    }
    next_row_ = row->row;
    next_offset_ = row->first;
    if (const auto before = reader.hash_before(partition_, row->first)) previous_ = *before;
}

std::shared_ptr<const Commit> ChainReader::next(std::vector<ShortLeaf>* leaves) {
    if (read_.empty()) {
        try {
            auto blocks = readers_->lend()->blocks(partition_, next_row_, read_ahead_bytes);
            read_.assign(std::make_move_iterator(blocks.begin()), std::make_move_iterator(blocks.end()));
        } catch (const Failure& failure) {
            throw unreadable(partition_, next_offset_, failure);
        }
        if (read_.empty()) return nullptr;
    }
    ReadBlock block = std::move(read_.front());
    block.commit->previous = previous_;
    block.commit->last = block.last_said;
    if (auto why = fault(block, leaves)) {
        read_.front() = std::move(block);  // asked again, it says the same again
        throw Damaged(*why);
    }
    read_.pop_front();
    next_row_ = block.row + 1;
    next_offset_ = block.commit->next();
    previous_ = block.last_said;
    time_ = block.commit->time;
    return std::move(block.commit);
}

std::optional<std::string> ChainReader::fault(const ReadBlock& block, std::vector<ShortLeaf>* leaves) const {
    const Commit& commit = *block.commit;
    const std::string here = to_text(Position{partition_, next_offset_});
    const std::string there = to_text(Position{commit.partition, commit.first});
    if (block.row != row_of(commit.partition, commit.first) || commit.partition != partition_)
        return "The log is damaged at " + here + ": the row there says that it begins at " + there + ".";
    if (commit.first > next_offset_)
        return "The log is damaged at " + here + ": the events from there to " + there + " are missing.";
    if (commit.first < next_offset_)
        return "The log is damaged at " + there + ": a block lies there that does not belong between its neighbours.";
    if (commit.time < time_)
        return "The log is damaged at " + here + ": its time lies before that of the block before it.";
    return fault_of(commit, block.count_said, block.last_said, leaves);
}

}  // namespace nova::eventstore::sqlite
