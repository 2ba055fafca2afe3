// How many requests a user or an address may send: a window that slides in sixtieths of its length, in memory.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nova::api {

struct LimitRule {
    std::uint32_t requests = 100;
    std::int64_t window_ms = 900'000;
    std::string policy() const;                 // "100;w=900"
};
// "100/15m", "5/1h", "20/30s"; "off" is no rule. Throws std::invalid_argument with one sentence.
std::optional<LimitRule> parse_limit(std::string_view);

// Not thread-safe: it belongs to the I/O thread.
class RateLimiter {
public:
    explicit RateLimiter(LimitRule rule) : rule_(rule) {}

    struct Verdict {
        bool allowed = true;
        std::uint32_t limit = 0, remaining = 0;
        std::uint32_t reset_s = 0;              // until the oldest counted requests are forgotten, at least 1
    };
    // Counts one request of `key`, unless it is refused: who waits as long as we say is let in.
    Verdict count(std::string_view key, std::int64_t now_ms);
    void forget_old(std::int64_t now_ms);       // keys that have nothing in the window
    std::size_t keys() const { return windows_.size(); }
    const LimitRule& rule() const { return rule_; }

private:
    static constexpr std::int64_t slots = 60;
    static constexpr std::size_t keys_max = 200'000;
    struct Window {
        std::int64_t newest = 0;                // number of the newest slot since the epoch
        std::uint32_t total = 0;
        std::array<std::uint32_t, slots> counts{};
        void advance(std::int64_t slot);
        std::int64_t oldest() const;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::int64_t slot_ms() const { return rule_.window_ms / slots > 0 ? rule_.window_ms / slots : 1; }

    LimitRule rule_;
    std::unordered_map<std::string, Window, Hash, std::equal_to<>> windows_;
};

}  // namespace nova::api
