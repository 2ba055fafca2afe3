#include "api/http/item.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace nova::api {
namespace {

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Tells two states of one item apart; the same on every node and after every start. No protection against forgery.
std::uint64_t digest_of(std::string_view bytes) {
    constexpr std::uint64_t odd1 = 0x9e3779b97f4a7c15, odd2 = 0xe7037ed1a0b428db;
    std::uint64_t sum = odd1 ^ bytes.size();
    while (!bytes.empty()) {
        std::uint64_t word = 0;
        const auto n = std::min<std::size_t>(8, bytes.size());
        std::memcpy(&word, bytes.data(), n);
        sum = mixed(sum ^ word ^ odd2, odd1 + n);
        bytes.remove_prefix(n);
    }
    return mixed(sum, odd2);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// Calls back for each tag of a list, without W/.
template <class F>
void each_tag(std::string_view list, F&& take) {
    while (!list.empty()) {
        auto tag = trimmed(list.substr(0, list.find(',')));
        list.remove_prefix(
            std::min(list.size(), list.find(',') == std::string_view::npos ? list.size() : list.find(',') + 1));
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        take(tag);
    }
}

bool is_held(std::string_view if_none_match, std::string_view etag) {
    bool held = false;
    each_tag(if_none_match, [&](std::string_view tag) { held = held || tag == "*" || tag == etag; });
    return held;
}

}  // namespace

std::string etag_of(std::string_view item_json, std::uint64_t version) {
    char hex[16];
    const auto end = std::to_chars(hex, hex + sizeof hex, digest_of(item_json), 16).ptr;
    std::string tag = "\"" + std::to_string(version) + "-";
    tag.append(hex, end).append("\"");
    return tag;
}

Response item_response(const Request& request, std::string_view item_name, std::string_view item_json,
                       std::uint64_t version, unsigned status, std::string_view more) {
    Response response;
    response.status = status;
    std::string etag = etag_of(item_json, version);
    const bool reads = request.method == Method::GET || request.method == Method::HEAD;
    if (reads && status == 200 && is_held(request.header("if-none-match"), etag)) {
        response.status = 304;
    } else {
        response.body.reserve(item_name.size() + item_json.size() + more.size() + 6);
        response.body.append("{\"").append(item_name).append("\":").append(item_json).append(more).append("}");
    }
    response.with("ETag", std::move(etag));
    return response;
}

std::optional<std::uint64_t> if_match(const Request& request, Violations& violations) {
    if (!request.has_header("if-match")) return std::nullopt;
    std::string_view tag = trimmed(request.header("if-match"));
    if (tag == "*") return std::nullopt;
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    const auto wrong = [&] {
        violations.add("If-Match", "invalid_if_match", "If-Match is the item's ETag, or its version in quotes: \"7\".");
        return std::nullopt;
    };
    if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') return wrong();
    tag = tag.substr(1, tag.size() - 2);
    std::uint64_t version = 0;
    const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
    if (error != std::errc() || (end != tag.data() + tag.size() && *end != '-')) return wrong();
    const std::string_view rest(end, static_cast<std::size_t>(tag.data() + tag.size() - end));
    if (rest.find_first_of("\", ") != std::string_view::npos) return wrong();
    return version;
}

std::string idempotency_key(const Request& request, Violations& violations) {
    if (!request.has_header("idempotency-key")) return {};
    const auto key = request.header("idempotency-key");
    const bool visible = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (key.empty() || key.size() > 255 || !visible) {
        violations.add("Idempotency-Key", "invalid_idempotency_key",
                       "Idempotency-Key is 1 to 255 visible ASCII characters.");
        return {};
    }
    return std::string(key);
}

}  // namespace nova::api
