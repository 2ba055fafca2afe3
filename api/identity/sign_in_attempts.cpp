#include "api/identity/sign_in_attempts.h"

#include <algorithm>

#include "api/http/client_address.h"

namespace nova::api {

void SignInAttempts::load(const projections::Directory& directory, Instant now) {
    const std::lock_guard lock(mutex_);
    directory.each_failure(now + -limit_.window_ms,
                           [&](const projections::PersonView& person, const projections::SignInFailure& failure) {
                               add(by_account_, to_text(person.id), failure.at, now);
                               if (!failure.address.empty())
                                   add(by_address_, limit_key(failure.address), failure.at, now);
                           });
}

std::optional<Instant> SignInAttempts::blocked(Times& times, Instant now) const {
    std::erase_if(times, [&](Instant t) { return t + limit_.window_ms <= now; });
    if (times.size() < limit_.failures) return {};
    return times[times.size() - limit_.failures] + limit_.window_ms;
}

std::optional<Instant> SignInAttempts::blocked_until(const std::string& account, const std::string& address,
                                                     Instant now) {
    const std::lock_guard lock(mutex_);
    std::optional<Instant> until;
    const auto look = [&](auto& map, const std::string& key) {
        const auto found = map.find(key);
        if (found == map.end()) return;
        if (const auto t = blocked(found->second, now)) until = std::max(until.value_or(*t), *t);
    };
    if (!account.empty()) look(by_account_, account);
    look(by_address_, limit_key(address));
    return until;
}

void SignInAttempts::failed(const std::string& account, const std::string& address, Instant now) {
    const std::lock_guard lock(mutex_);
    ++total_;
    if (!account.empty()) add(by_account_, account, now, now);
    add(by_address_, limit_key(address), now, now);
}

void SignInAttempts::succeeded(const std::string& account) {
    const std::lock_guard lock(mutex_);
    by_account_.erase(account);
}

std::uint64_t SignInAttempts::failures_total() const {
    const std::lock_guard lock(mutex_);
    return total_;
}

void SignInAttempts::add(std::unordered_map<std::string, Times>& map, const std::string& key, Instant at, Instant now) {
    if (map.size() >= keys_max)
        std::erase_if(map, [&](const auto& entry) { return entry.second.back() + limit_.window_ms <= now; });
    // Someone who fails under a hundred thousand names in a quarter of an hour does not make this grow without bound.
    if (map.size() >= keys_max && !map.contains(key)) return;
    Times& times = map[key];
    times.insert(std::upper_bound(times.begin(), times.end(), at), at);
    if (times.size() > 2 * limit_.failures) times.erase(times.begin());
}

}  // namespace nova::api
