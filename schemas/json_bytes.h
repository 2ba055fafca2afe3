// Eight bytes of JSON text at a time: where the next quote, backslash or control character is.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>

namespace nova::schemas {

namespace detail {
constexpr std::uint64_t every = 0x0101010101010101u, high = 0x8080808080808080u;
// The lowest set high bit marks the first byte equal to `c` (later ones may be marked wrongly; only the first counts).
constexpr std::uint64_t bytes_equal(std::uint64_t word, unsigned char c) {
    const std::uint64_t x = word ^ (every * c);
    return (x - every) & ~x & high;
}
constexpr std::uint64_t bytes_below_space(std::uint64_t word) { return (word - every * 0x20) & ~word & high; }

template <bool Controls>
inline const char* find_special(const char* at, const char* end) {
    for (; end - at >= 8; at += 8) {
        std::uint64_t word;
        std::memcpy(&word, at, 8);
        std::uint64_t hits = bytes_equal(word, '"') | bytes_equal(word, '\\');
        if constexpr (Controls) hits |= bytes_below_space(word);
        if (hits) return at + (std::countr_zero(hits) >> 3);
    }
    for (; at != end; ++at) {
        const auto c = static_cast<unsigned char>(*at);
        if (c == '"' || c == '\\' || (Controls && c < 0x20)) return at;
    }
    return end;
}
}  // namespace detail

// The first `"` or `\` at or after `at`, else `end`.
inline const char* find_quote_or_backslash(const char* at, const char* end) {
    return detail::find_special<false>(at, end);
}
// The first byte that a JSON string cannot hold as it is, else `end`.
inline const char* find_escape_needed(const char* at, const char* end) { return detail::find_special<true>(at, end); }

static_assert(std::endian::native == std::endian::little);

}  // namespace nova::schemas
