// Where an event lies in the log: partition and offset, `0:4711` in text.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nova::eventstore {

struct Position {
    std::uint32_t partition = 0;
    std::uint64_t offset = 0;
    auto operator<=>(const Position&) const = default;
};
std::string to_text(Position);
std::optional<Position> parse_position(std::string_view);

using Hash = std::array<std::uint8_t, 32>;
std::string to_hex(const Hash&);
std::string stamp(std::string_view bytes);  // first 16 hex digits of SHA-256: digests of requests and bodies

// The chain: leaf = SHA-256(stored bytes); hash = SHA-256(prevhash ‖ leaf). The first prevhash is first_hash.
Hash sha256(std::string_view bytes);
Hash chained(const Hash& previous, const Hash& leaf);
Hash first_hash(std::string_view log_id, std::uint32_t partition);  // SHA-256 of nova:<log id>:<partition>

}  // namespace nova::eventstore
