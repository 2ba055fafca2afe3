#include "api/http/router.h"

#include <algorithm>
#include <stdexcept>

namespace nova::api {
namespace {

// Takes the next segment off `rest`; empty when there is none.
std::string_view next_segment(std::string_view& rest) {
    while (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    return segment;
}

constexpr auto by_name = [](const auto& child, std::string_view name) { return std::string_view(child.first) < name; };

}  // namespace

bool Router::Node::ends_here() const {
    return std::any_of(routes.begin(), routes.end(), [](auto r) { return r >= 0; });
}

std::int32_t Router::Node::route_for(Method method) const {
    const auto own = routes[static_cast<std::size_t>(method)];
    if (own >= 0) return own;
    if (method == Method::PUT) return routes[static_cast<std::size_t>(Method::PATCH)];
    if (method == Method::HEAD) return routes[static_cast<std::size_t>(Method::GET)];
    return -1;
}

void Router::add(Route route) {
    const auto index = static_cast<std::int32_t>(routes_.size());
    insert(route.pattern, route.method, index);
    if (route.outside_api && route.pattern.starts_with("/api/"))
        insert(std::string_view(route.pattern).substr(4), route.method, index);
    routes_.push_back(std::move(route));
}

void Router::insert(std::string_view pattern, Method method, std::int32_t route) {
    std::uint32_t node = 0;
    std::string_view rest = pattern;
    for (auto segment = next_segment(rest); !segment.empty(); segment = next_segment(rest)) {
        const bool takes_any = segment.front() == '{';
        auto& literals = nodes_[node].literals;
        const auto at = std::lower_bound(literals.begin(), literals.end(), segment, by_name);
        if (takes_any && nodes_[node].any) {
            node = nodes_[node].any;
        } else if (!takes_any && at != literals.end() && at->first == segment) {
            node = at->second;
        } else {
            const auto child = static_cast<std::uint32_t>(nodes_.size());
            if (takes_any) nodes_[node].any = child;
            else literals.insert(at, {std::string(segment), child});
            nodes_.emplace_back();
            node = child;
        }
    }
    auto& slot = nodes_[node].routes[static_cast<std::size_t>(method)];
    if (slot >= 0)
        throw std::logic_error("two routes for " + std::string(to_text(method)) + " " + std::string(pattern));
    slot = route;
}

const Router::Node* Router::walk(std::uint32_t at, std::string_view rest, std::vector<std::string_view>& values) const {
    const Node& node = nodes_[at];
    const auto segment = next_segment(rest);
    if (segment.empty()) return node.ends_here() ? &node : nullptr;
    const auto literal = std::lower_bound(node.literals.begin(), node.literals.end(), segment, by_name);
    if (literal != node.literals.end() && literal->first == segment)
        if (const Node* found = walk(literal->second, rest, values)) return found;
    if (!node.any) return nullptr;
    values.push_back(segment);
    const Node* found = walk(node.any, rest, values);
    if (!found) values.pop_back();
    return found;
}

Router::Found Router::find(Method method, std::string_view path) const {
    std::string without_version;
    if (path.starts_with("/api/v1/") || path == "/api/v1") {
        without_version = "/api" + std::string(path.substr(7));
        path = without_version;
    }
    Found found;
    std::vector<std::string_view> values;
    if (path.find("//") != std::string_view::npos) return found;
    const Node* node = walk(0, path, values);
    if (!node) return found;
    if (const auto route = node->route_for(method); route >= 0) {
        found.route = &routes_[static_cast<std::size_t>(route)];
        found.path_values.assign(values.begin(), values.end());
        return found;
    }
    for (const Method m : {Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE})
        if (node->route_for(m) >= 0) found.allow.append(to_text(m)).append(", ");
    found.allow.append("OPTIONS");
    return found;
}

}  // namespace nova::api
