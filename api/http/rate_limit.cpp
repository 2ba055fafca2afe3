#include "api/http/rate_limit.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace nova::api {

std::string LimitRule::policy() const { return std::to_string(requests) + ";w=" + std::to_string(window_ms / 1000); }

std::optional<LimitRule> parse_limit(std::string_view text) {
    if (text == "off") return std::nullopt;
    const auto wrong = [&] {
        return std::invalid_argument("\"" + std::string(text) + "\" is no rate limit such as 100/15m, 5/1h or off");
    };
    LimitRule rule;
    const char* const end = text.data() + text.size();
    auto [p, error] = std::from_chars(text.data(), end, rule.requests);
    if (error != std::errc() || p == end || *p != '/' || rule.requests == 0) throw wrong();
    std::int64_t length = 0;
    const auto parsed = std::from_chars(p + 1, end, length);
    if (parsed.ec != std::errc() || parsed.ptr + 1 != end || length < 1 || length > 1'000'000) throw wrong();
    switch (*parsed.ptr) {
        case 's': rule.window_ms = length * 1000; break;
        case 'm': rule.window_ms = length * 60'000; break;
        case 'h': rule.window_ms = length * 3'600'000; break;
        case 'd': rule.window_ms = length * 86'400'000; break;
        default: throw wrong();
    }
    return rule;
}

void RateLimiter::Window::advance(std::int64_t slot) {
    if (slot <= newest) return;
    const auto gone = std::min(slot - newest, slots);
    for (std::int64_t i = 1; i <= gone && total; ++i) {
        auto& count = counts[static_cast<std::size_t>((newest + i) % slots)];
        total -= count;
        count = 0;
    }
    newest = slot;
}

std::int64_t RateLimiter::Window::oldest() const {
    for (std::int64_t slot = newest - slots + 1; slot < newest; ++slot)
        if (slot >= 0 && counts[static_cast<std::size_t>(slot % slots)]) return slot;
    return newest;
}

RateLimiter::Verdict RateLimiter::count(std::string_view key, std::int64_t now_ms) {
    auto at = windows_.find(key);
    if (at == windows_.end()) {
        if (windows_.size() >= keys_max) forget_old(now_ms);
        // Better to forget than to fill the memory when very many addresses come at once.
        if (windows_.size() >= keys_max) windows_.clear();
        at = windows_.try_emplace(std::string(key)).first;
    }
    Window& window = at->second;
    window.advance(now_ms / slot_ms());
    Verdict verdict;
    verdict.limit = rule_.requests;
    verdict.allowed = window.total < rule_.requests;
    if (verdict.allowed) {
        ++window.total;
        ++window.counts[static_cast<std::size_t>(window.newest % slots)];
    }
    verdict.remaining = rule_.requests - window.total;
    const std::int64_t wait_ms = (window.oldest() + slots) * slot_ms() - now_ms;
    verdict.reset_s = static_cast<std::uint32_t>(std::max<std::int64_t>(1, (wait_ms + 999) / 1000));
    return verdict;
}

void RateLimiter::forget_old(std::int64_t now_ms) {
    const auto slot = now_ms / slot_ms();
    std::erase_if(windows_, [&](const auto& entry) { return slot - entry.second.newest >= slots; });
}

}  // namespace nova::api
