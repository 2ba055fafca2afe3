#include "eventstore/sqlite/stream_reading.h"

#include <utility>

#include "eventstore/envelope.h"
#include "eventstore/sqlite/chain_reader.h"

namespace nova::eventstore::sqlite {
namespace {

Damaged unreadable(Position at, const Failure& failure) {
    return Damaged("The log cannot be read at " + to_text(at) + ": " + failure.what() + ".");
}

struct EndOfParts {
    LogReader& reader;
    ~EndOfParts() { reader.done_with_parts(); }
};

}  // namespace

std::vector<EventRecord> StreamReading::stream(std::string_view stream, std::uint64_t from, std::uint64_t to) const {
    return index ? indexed(stream, from, to) : scanned(stream, from, to);
}

std::vector<EventRecord> StreamReading::indexed(std::string_view stream, std::uint64_t from, std::uint64_t to) const {
    const auto entries = index->entries(stream, from, to);
    std::vector<EventRecord> events;
    if (entries.empty()) return events;
    events.reserve(entries.size());
    const auto reader = readers->lend();
    const EndOfParts end{*reader};
    std::optional<BlockRow> row;
    for (const auto& [version, entry] : entries) {
        const Position position{0, entry.offset};
        EventRecord event{position, version, {}, {}};
        bool found = false;
        try {
            if (!row || entry.offset < row->first || entry.offset >= row->next())
                row = reader->holding(0, entry.offset);
            found = row && entry.offset < row->next() && reader->part(*row, entry.begin, entry.length, event.bytes);
        } catch (const Failure& failure) {
            throw unreadable(position, failure);
        }
        if (!found || short_leaf(sha256(event.bytes)) != entry.leaf || !says(event.bytes, stream, version))
            blame(position);
        event.recorded = row->time;
        events.push_back(std::move(event));
    }
    return events;
}

// Log and index disagree. The chain tells which of them is wrong.
void StreamReading::blame(Position position) const {
    ChainReader(readers, log_id, position.partition, position.offset).next();  // throws Damaged if it is the log
    index->mark_damaged();
    throw Unavailable("index.db does not fit the log at " + to_text(position) + "; start again, and it is built anew.");
}

std::vector<EventRecord> StreamReading::scanned(std::string_view stream, std::uint64_t from, std::uint64_t to) const {
    std::vector<EventRecord> events;
    ChainReader reader(readers, log_id, 0, 0);
    while (const auto commit = reader.next())
        for (std::size_t i = 0; i < commit->count(); ++i) {
            const auto attributes = attributes_of(commit->event(i));
            if (!attributes || attributes->stream != stream || attributes->version < from || attributes->version > to)
                continue;
            events.push_back(
                {{0, commit->first + i}, attributes->version, commit->time, std::string(commit->event(i))});
        }
    return events;
}

std::optional<EventRecord> StreamReading::one(Position position) const {
    ChainReader reader(readers, log_id, position.partition, position.offset);
    const auto commit = reader.next();
    if (!commit || position.offset < commit->first || position.offset >= commit->next()) return std::nullopt;
    const std::string_view bytes = commit->event(position.offset - commit->first);
    const auto attributes = attributes_of(bytes);
    return EventRecord{position, attributes ? attributes->version : 0, commit->time, std::string(bytes)};
}

}  // namespace nova::eventstore::sqlite
