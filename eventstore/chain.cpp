#include "eventstore/chain.h"

#include <cstring>

namespace nova::eventstore {

ShortLeaf short_leaf(const Hash& leaf) {
    ShortLeaf part;
    std::memcpy(part.data(), leaf.data(), part.size());
    return part;
}

std::vector<std::uint32_t> begins_of(std::string_view block) {
    std::vector<std::uint32_t> begins;
    if (block.empty() || block.back() != '\n' || block.size() > UINT32_MAX) return begins;
    begins.reserve(block.size() / 400 + 1);
    const char* const start = block.data();
    const char* const end = start + block.size();
    for (const char* at = start; at < end;) {
        begins.push_back(static_cast<std::uint32_t>(at - start));
        at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at))) + 1;
    }
    return begins;
}

Hash chain_through(const Commit& commit, std::vector<ShortLeaf>* leaves) {
    Hash hash = commit.previous;
    if (leaves) leaves->reserve(commit.count());
    for (std::size_t i = 0; i < commit.count(); ++i) {
        const Hash leaf = sha256(commit.event(i));
        if (leaves) leaves->push_back(short_leaf(leaf));
        hash = chained(hash, leaf);
    }
    return hash;
}

std::optional<std::string> fault_of(const Commit& commit, std::uint64_t count_said, const Hash& last_said,
                                    std::vector<ShortLeaf>* leaves) {
    const std::string from = to_text(Position{commit.partition, commit.first});
    if (commit.count() != count_said || count_said == 0)
        return "The log is damaged at " + from + ": the block there should hold " + std::to_string(count_said) +
               " events and holds " + std::to_string(commit.count()) + ".";
    if (chain_through(commit, leaves) != last_said)
        return "The log is damaged at " + from + ": the hash chain breaks in the block of " +
               std::to_string(count_said) + " events that begins there.";
    return std::nullopt;
}

}  // namespace nova::eventstore
