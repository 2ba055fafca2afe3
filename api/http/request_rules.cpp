#include "api/http/request_rules.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "api/http/router.h"

namespace nova::api {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

bool same(std::string_view a, std::string_view lower) {
    return a.size() == lower.size() &&
           std::equal(a.begin(), a.end(), lower.begin(), [](unsigned char x, char y) { return std::tolower(x) == y; });
}

// Takes the next part off a list, up to `separator`.
std::string_view next_part(std::string_view& list, char separator) {
    const auto part = list.substr(0, list.find(separator));
    list.remove_prefix(std::min(list.size(), part.size() + 1));
    return trimmed(part);
}

Problem unsupported(std::string message) { return {415, "unsupported_media_type", "", std::move(message)}; }

bool charset_is_utf8(std::string_view parameters) {
    while (!parameters.empty()) {
        auto value = next_part(parameters, ';');
        const auto name = next_part(value, '=');
        if (!same(name, "charset")) continue;
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (!same(value, "utf-8") && !same(value, "utf8")) return false;
    }
    return true;
}

// "customFields.*" is any parameter that begins so.
bool names(const Parameter& known, std::string_view given) {
    const std::string_view name = known.name;
    return name.ends_with(".*") ? given.size() > name.size() - 1 && given.starts_with(name.substr(0, name.size() - 1))
                                : name == given;
}

}  // namespace

std::optional<Problem> wrong_media(const Request& request) {
    const Route& route = *request.route;
    if (request.body.empty()) return std::nullopt;
    if (!route.body && route.body_media_type == "application/json") {
        // Clients that always send an object mean nothing by an empty one.
        const auto body = trimmed(request.body);
        if (body.empty() || body == "{}" || body == "null") return std::nullopt;
        return Problem{400, "unexpected_body", "", "This request takes no body."};
    }
    std::string_view type = request.header("content-type");
    if (!same(next_part(type, ';'), route.body_media_type))
        return unsupported("The body must be " + std::string(route.body_media_type) + ".");
    if (!charset_is_utf8(type)) return unsupported("The body must be in UTF-8.");
    const auto coding = trimmed(request.header("content-encoding"));
    if (!coding.empty() && !same(coding, "identity") && !is_gzip(coding))
        return unsupported("A body may be packed with gzip only.");
    return std::nullopt;
}

Violations wrong_parameters(const Request& request) {
    Violations wrong;
    const auto& known = request.route->parameters;
    for (auto it = request.query.begin(); it != request.query.end(); ++it) {
        const auto& name = it->first;
        const auto at = std::find_if(known.begin(), known.end(), [&](const Parameter& p) { return names(p, name); });
        if (at == known.end()) {
            wrong.add_unless_known(name, "unknown_parameter", "This path has no parameter of this name.");
        } else if (!at->repeated &&
                   std::any_of(request.query.begin(), it, [&](const auto& earlier) { return earlier.first == name; })) {
            wrong.add_unless_known(name, "repeated_parameter", "This parameter may be given once only.");
        }
    }
    return wrong;
}

bool prefers_arabic(std::string_view accepted) {
    double best = 0;
    bool arabic = false;
    while (!accepted.empty()) {
        auto entry = next_part(accepted, ',');
        const auto language = next_part(entry, ';');
        const auto weight_at = entry.find("q=");
        double weight = 1;
        if (weight_at != std::string_view::npos) {
            const std::string text(entry.substr(weight_at + 2, 5));
            weight = std::strtod(text.c_str(), nullptr);
        }
        const bool is_arabic = same(language.substr(0, 2), "ar"), is_english = same(language.substr(0, 2), "en");
        if ((is_arabic || is_english) && weight > best) best = weight, arabic = is_arabic;
    }
    return arabic;
}

bool is_gzip(std::string_view coding) { return same(trimmed(coding), "gzip") || same(trimmed(coding), "x-gzip"); }

bool is_compressible(std::string_view type) {
    return type.starts_with("application/json") || type.starts_with("application/problem+json") ||
           type.starts_with("text/") || type.starts_with("application/openmetrics") ||
           type.starts_with("application/javascript");
}

}  // namespace nova::api
