// The chain of hashes through a block of events, made on writing and proven on reading.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/log.h"

namespace nova::eventstore {

// The part of an event's leaf hash that the index keeps beside where the event lies.
using ShortLeaf = std::array<std::uint8_t, 16>;
ShortLeaf short_leaf(const Hash& leaf);

// Where each event begins; empty if the block is not whole lines.
std::vector<std::uint32_t> begins_of(std::string_view block);

// Hashes the events of `commit` from its `previous` on; `leaves` (may be null) takes each event's short leaf.
Hash chain_through(const Commit& commit, std::vector<ShortLeaf>* leaves = nullptr);

// What is wrong with a block that was read, in one sentence; nullopt if it is as it was written.
std::optional<std::string> fault_of(const Commit& commit, std::uint64_t count_said, const Hash& last_said,
                                    std::vector<ShortLeaf>* leaves = nullptr);

}  // namespace nova::eventstore
