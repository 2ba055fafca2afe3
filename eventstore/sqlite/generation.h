// What the index has been told and has not written yet. Lookups ask it before they ask the file.
#pragma once
#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/chain.h"
#include "eventstore/index.h"

namespace nova::eventstore::sqlite {

// Where an event lies and how to know it again; stored as these 32 bytes, little-endian.
struct Entry {
    std::uint64_t offset = 0;
    std::uint32_t begin = 0, length = 0;  // in its block
    ShortLeaf leaf{};
};
static_assert(sizeof(Entry) == 32);

struct IndexedEvent {
    std::string stream;
    std::uint64_t version = 0;
    Entry entry;
    std::uint32_t command = 0;
    std::vector<ClaimSet> claims;
    std::optional<RepeatKey> repeat;
};

// A committed block as the index sees it.
struct IndexedBlock {
    std::uint32_t partition = 0;
    std::uint64_t next = 0;  // offset behind the block
    Hash last{};
    Instant time{};
    std::vector<IndexedEvent> events;
};

struct TextHash {
    using is_transparent = void;
    using is_avalanching = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};
// Not std::unordered_map: it hashes again what it passes on the way, which costs more here than all else around it.
template <class Value>
using ByText = boost::unordered_flat_map<std::string, Value, TextHash, std::equal_to<>>;

// Two texts as one key. The zero byte occurs in neither: events are JSON and keys are cleaned text.
std::string pair_key(std::string_view first, std::string_view second);

struct Generation {
    struct Grown {
        std::uint64_t first_version = 0;
        boost::container::small_vector<Entry, 1> entries;
        std::uint64_t version() const { return first_version + entries.size() - 1; }
    };
    ByText<Grown> streams;
    ByText<ClaimSet> claims;                        // of stream, space: the last set
    ByText<std::vector<std::string>> claimants;     // of space, key: streams that claimed it, if only for a while
    ByText<Remembered> repeats;                     // of scope, key
    ByText<Snapshot> snapshots;
    std::uint64_t events = 0;
    std::size_t snapshot_bytes = 0;
    std::uint64_t next = 0;                         // the log up to here is in this generation or an earlier one
    Hash last{};
    Instant time{};

    bool empty() const { return events == 0 && snapshots.empty(); }
    void add(IndexedBlock&&);

private:
    void add_repeat(const IndexedBlock&, std::size_t first);
};

}  // namespace nova::eventstore::sqlite
