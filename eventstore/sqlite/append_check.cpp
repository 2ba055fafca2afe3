#include "eventstore/sqlite/append_check.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "eventstore/envelope.h"
#include "eventstore/sqlite/generation.h"

namespace nova::eventstore::sqlite {
namespace {

constexpr std::size_t block_bytes_max = std::size_t{256} << 20;

// Heads of the streams as they are after the events of this append so far.
class Heads {
public:
    Heads(const Index& index, std::size_t events) : index_(index) { overlay_.reserve(events); }
    std::uint64_t& of(std::string_view stream) {
        const auto [at, fresh] = overlay_.try_emplace(stream, 0);
        if (fresh) at->second = index_.version(stream);
        return at->second;
    }

private:
    const Index& index_;
    boost::unordered_flat_map<std::string_view, std::uint64_t, TextHash> overlay_;
};

// Commands come numbered upwards as a rule, so a new one is known without a search.
class Boundaries {
public:
    bool admits(std::uint32_t command, const TenantId& boundary) {
        if (seen_.empty() || command > highest_) {
            highest_ = command;
            seen_.emplace_back(command, &boundary);
            return true;
        }
        const auto known =
            std::find_if(seen_.rbegin(), seen_.rend(), [&](const auto& one) { return one.first == command; });
        if (known != seen_.rend()) return *known->second == boundary;
        seen_.emplace_back(command, &boundary);
        return true;
    }

private:
    std::uint32_t highest_ = 0;
    std::vector<std::pair<std::uint32_t, const TenantId*>> seen_;
};

bool is_line(std::string_view block, const PendingEvent& event) {
    if (event.length == 0 || event.begin >= block.size() || event.length >= block.size() - event.begin) return false;
    const char* const begin = block.data() + event.begin;
    return std::memchr(begin, '\n', event.length + 1) == begin + event.length;
}

std::string name_of(const PendingEvent& event) {
    return "Version " + std::to_string(event.version) + " of " + event.stream;
}

}  // namespace

std::optional<std::string> refusal_of(const Append& append, const Index& index) {
    if (append.partition != 0) return "An embedded log has partition 0 only.";
    if (append.events.empty()) return "An append without events was refused.";
    if (append.block.size() > block_bytes_max) return "The events of one append are larger than 256 MB.";
    Heads heads(index, append.events.size());
    Boundaries boundaries;
    std::size_t expected_begin = 0;
    for (const PendingEvent& event : append.events) {
        if (event.begin != expected_begin || !is_line(append.block, event))
            return name_of(event) + " is not one line of its block.";
        expected_begin = event.begin + event.length + 1;
        const std::string_view bytes(append.block.data() + event.begin, event.length);
        if (!says(bytes, event.stream, event.version)) return name_of(event) + " is not what its own bytes say.";
        std::uint64_t& head = heads.of(event.stream);
        if (event.version != head + 1)
            return name_of(event) + " is not the next: the stream is at " + std::to_string(head) + ".";
        head = event.version;
        if (!boundaries.admits(event.command, event.boundary))
            return "The events of one command lie in two boundaries.";
    }
    if (expected_begin != append.block.size()) return "The block holds more than its events.";
    return std::nullopt;
}

}  // namespace nova::eventstore::sqlite
