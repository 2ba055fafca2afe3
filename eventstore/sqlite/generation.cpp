#include "eventstore/sqlite/generation.h"

#include <utility>

namespace nova::eventstore::sqlite {

std::string pair_key(std::string_view first, std::string_view second) {
    std::string key;
    key.reserve(first.size() + 1 + second.size());
    key.append(first).push_back('\0');
    key.append(second);
    return key;
}

void Generation::add(IndexedBlock&& block) {
    for (std::size_t i = 0; i < block.events.size(); ++i)
        if (block.events[i].repeat) add_repeat(block, i);
    for (IndexedEvent& event : block.events) {
        for (ClaimSet& set : event.claims) {
            for (const std::string& key : set.keys) claimants[pair_key(set.space, key)].push_back(event.stream);
            claims.insert_or_assign(pair_key(event.stream, set.space), std::move(set));
        }
        Grown& grown = streams[std::move(event.stream)];
        if (grown.entries.empty()) grown.first_version = event.version;
        grown.entries.push_back(event.entry);
    }
    events += block.events.size();
    next = block.next;
    last = block.last;
    time = block.time;
}

// A command's events lie side by side in one block; the repeat key stands at the first of them.
void Generation::add_repeat(const IndexedBlock& block, std::size_t first) {
    const IndexedEvent& begin = block.events[first];
    Remembered kept{begin.repeat->digest, begin.repeat->command_name, begin.repeat->command_id, begin.stream,
                    begin.version, {}, block.time};
    for (std::size_t i = first; i < block.events.size() && block.events[i].command == begin.command; ++i) {
        if (block.events[i].stream == begin.stream) kept.version = block.events[i].version;
        kept.position = {block.partition, block.events[i].entry.offset};
    }
    repeats.insert_or_assign(pair_key(begin.repeat->scope, begin.repeat->key), std::move(kept));
}

}  // namespace nova::eventstore::sqlite
