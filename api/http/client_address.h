// Whose request it is when proxies stand between: X-Forwarded-For is believed only from the proxies that are trusted.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nova::api {

class TrustedProxies {
public:
    explicit TrustedProxies(const std::vector<std::string>& addresses_or_networks);   // throws std::invalid_argument
    ~TrustedProxies();
    // The nearest address that is not a trusted proxy, seen from here; `peer` when there is no other.
    std::string client(std::string_view peer, std::string_view forwarded_for) const;
    bool none() const;
    bool trusts(std::string_view address) const;

private:
    struct Networks;
    std::unique_ptr<Networks> networks_;
};

// What counts as one address for limits: an IPv4 address, or the /64 network that one IPv6 customer has.
std::string limit_key(std::string_view address);

}  // namespace nova::api
