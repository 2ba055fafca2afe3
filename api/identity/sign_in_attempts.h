// Counts failed sign-ins by account and by address, also of people who do not exist, so that guessing ends after five.
// The account's count is exact while this runs; after a restart it begins with what the log has recorded.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/kernel/instant.h"
#include "projections/identity/directory.h"

namespace nova::api {

struct AttemptLimit {
    std::size_t failures = 5;
    std::int64_t window_ms = 15 * minute_ms;
};

class SignInAttempts {
public:
    explicit SignInAttempts(AttemptLimit limit = {}) : limit_(limit) {}
    // The failures of the last quarter of an hour that the log knows.
    void load(const projections::Directory&, Instant now);

    // When the next attempt may be made; none: now. `account` is a user's id, or what was typed where it names nobody.
    std::optional<Instant> blocked_until(const std::string& account, const std::string& address, Instant now);
    void failed(const std::string& account, const std::string& address, Instant now);
    void succeeded(const std::string& account);
    std::uint64_t failures_total() const;

private:
    using Times = std::vector<Instant>;   // oldest first
    std::optional<Instant> blocked(Times&, Instant now) const;
    void add(std::unordered_map<std::string, Times>&, const std::string& key, Instant at, Instant now);

    static constexpr std::size_t keys_max = 100'000;
    const AttemptLimit limit_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Times> by_account_, by_address_;
    std::uint64_t total_ = 0;
};

}  // namespace nova::api
