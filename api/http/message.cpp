#include "api/http/message.h"

namespace nova::api {

std::string_view to_text(Method method) {
    switch (method) {
        case Method::GET: return "GET";
        case Method::POST: return "POST";
        case Method::PUT: return "PUT";
        case Method::PATCH: return "PATCH";
        case Method::DELETE: return "DELETE";
        case Method::OPTIONS: return "OPTIONS";
        case Method::HEAD: return "HEAD";
    }
    return "GET";
}

std::string_view Request::header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
        if (name == lower_case_name) return value;
    return {};
}

bool Request::has_header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
        if (name == lower_case_name) return true;
    return false;
}

std::optional<std::string_view> Request::parameter(std::string_view wanted) const {
    for (const auto& [name, value] : query)
        if (name == wanted) return value;
    return std::nullopt;
}

std::string user_agent_of(const Request& request) {
    constexpr std::size_t kept_max = 300;
    std::string kept;
    for (const char c : request.header("user-agent").substr(0, kept_max))
        if (c >= ' ' && c <= '~') kept += c;
    return kept;
}

}  // namespace nova::api
