#include "api/http/client_address.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <stdexcept>

namespace nova::api {
namespace ip = boost::asio::ip;

struct TrustedProxies::Networks {
    std::vector<ip::network_v4> v4;
    std::vector<ip::network_v6> v6;
};

namespace {

ip::address parsed(std::string_view text, boost::system::error_code& error) {
    auto address = ip::make_address(std::string(text), error);
    if (!error && address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// "10.0.0.1:1234" and "[::1]:1234" are addresses with a port.
std::string_view without_port(std::string_view text) {
    if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
    const auto colon = text.find(':');
    return colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos
               ? text.substr(0, colon)
               : text;
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& given) : networks_(std::make_unique<Networks>()) {
    for (const std::string& text : given) {
        boost::system::error_code error;
        const bool network = text.find('/') != std::string::npos;
        if (text.find(':') == std::string::npos) {
            const auto parsed = ip::make_network_v4(network ? text : text + "/32", error);
            if (!error) networks_->v4.push_back(parsed);
        } else {
            const auto parsed = ip::make_network_v6(network ? text : text + "/128", error);
            if (!error) networks_->v6.push_back(parsed);
        }
        if (error)
            throw std::invalid_argument("TRUSTED_PROXIES: \"" + text + "\" is neither an address nor a network.");
    }
}

TrustedProxies::~TrustedProxies() = default;
bool TrustedProxies::none() const { return networks_->v4.empty() && networks_->v6.empty(); }

bool TrustedProxies::trusts(std::string_view text) const {
    boost::system::error_code error;
    const auto address = parsed(text, error);
    if (error) return false;
    if (address.is_v4()) {
        for (const auto& network : networks_->v4)
            if (network.canonical() == ip::network_v4(address.to_v4(), network.prefix_length()).canonical())
                return true;
        return false;
    }
    for (const auto& network : networks_->v6)
        if (network.canonical() == ip::network_v6(address.to_v6(), network.prefix_length()).canonical()) return true;
    return false;
}

std::string TrustedProxies::client(std::string_view peer, std::string_view forwarded) const {
    std::string client(peer);
    while (!forwarded.empty() && trusts(client)) {
        const auto comma = forwarded.rfind(',');
        const auto last =
            without_port(trimmed(comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1)));
        forwarded = comma == std::string_view::npos ? std::string_view() : forwarded.substr(0, comma);
        boost::system::error_code error;
        const auto address = parsed(last, error);
        if (error) break;
        client = address.to_string();
    }
    return client;
}

std::string limit_key(std::string_view address) {
    if (address.find(':') == std::string_view::npos) return std::string(address);
    boost::system::error_code error;
    const auto parsed_address = parsed(address, error);
    if (error || !parsed_address.is_v6()) return std::string(address);
    return ip::network_v6(parsed_address.to_v6(), 64).canonical().to_string();
}

}  // namespace nova::api
