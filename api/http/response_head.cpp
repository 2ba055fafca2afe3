#include "api/http/response_head.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace nova::api {
namespace {

std::string_view status_line(unsigned status) {
    switch (status) {
        case 200: return "HTTP/1.1 200 OK\r\n";
        case 201: return "HTTP/1.1 201 Created\r\n";
        case 202: return "HTTP/1.1 202 Accepted\r\n";
        case 204: return "HTTP/1.1 204 No Content\r\n";
        case 206: return "HTTP/1.1 206 Partial Content\r\n";
        case 302: return "HTTP/1.1 302 Found\r\n";
        case 304: return "HTTP/1.1 304 Not Modified\r\n";
        case 308: return "HTTP/1.1 308 Permanent Redirect\r\n";
        case 400: return "HTTP/1.1 400 Bad Request\r\n";
        case 401: return "HTTP/1.1 401 Unauthorized\r\n";
        case 403: return "HTTP/1.1 403 Forbidden\r\n";
        case 404: return "HTTP/1.1 404 Not Found\r\n";
        case 405: return "HTTP/1.1 405 Method Not Allowed\r\n";
        case 408: return "HTTP/1.1 408 Request Timeout\r\n";
        case 409: return "HTTP/1.1 409 Conflict\r\n";
        case 410: return "HTTP/1.1 410 Gone\r\n";
        case 412: return "HTTP/1.1 412 Precondition Failed\r\n";
        case 413: return "HTTP/1.1 413 Content Too Large\r\n";
        case 415: return "HTTP/1.1 415 Unsupported Media Type\r\n";
        case 416: return "HTTP/1.1 416 Range Not Satisfiable\r\n";
        case 417: return "HTTP/1.1 417 Expectation Failed\r\n";
        case 422: return "HTTP/1.1 422 Unprocessable Content\r\n";
        case 429: return "HTTP/1.1 429 Too Many Requests\r\n";
        case 431: return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
        case 500: return "HTTP/1.1 500 Internal Server Error\r\n";
        case 503: return "HTTP/1.1 503 Service Unavailable\r\n";
        case 504: return "HTTP/1.1 504 Gateway Timeout\r\n";
        default: return {};
    }
}

std::string standard_headers(const std::vector<std::string>& origins, bool production) {
    std::string connect = "'self'";
    if (!origins.empty()) connect += " " + origins.front();
    std::string csp =
        "default-src 'self';style-src 'self' 'unsafe-inline';script-src 'self';img-src 'self' data: "
        "https:;connect-src " +
        connect +
        ";font-src 'self' https: data:;object-src 'none';media-src 'self';frame-src 'none';base-uri 'self';"
        "form-action 'self';frame-ancestors 'none';script-src-attr 'none'";
    if (production) csp += ";upgrade-insecure-requests";
    return "Content-Security-Policy: " + csp +
           "\r\nCross-Origin-Embedder-Policy: require-corp\r\nCross-Origin-Opener-Policy: same-origin\r\n"
           "Cross-Origin-Resource-Policy: cross-origin\r\nOrigin-Agent-Cluster: ?1\r\n"
           "Referrer-Policy: strict-origin-when-cross-origin\r\n"
           "Strict-Transport-Security: max-age=15552000; includeSubDomains\r\nX-Content-Type-Options: nosniff\r\n"
           "X-DNS-Prefetch-Control: off\r\nX-Download-Options: noopen\r\nX-Frame-Options: DENY\r\n"
           "X-Permitted-Cross-Domain-Policies: none\r\nX-XSS-Protection: 0\r\nVary: Origin, Accept-Encoding\r\n";
}

constexpr std::string_view exposed_headers =
    "ETag, Location, Nova-Position, X-Correlation-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
    "RateLimit-Policy, Retry-After, Content-Disposition";
constexpr std::string_view allowed_headers =
    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Correlation-Id, X-CSRF-Token, X-API-Key, "
    "X-Act-For, X-Envelope, X-Auth-Mode, Nova-Position, Last-Event-ID";

// No input becomes a header of its own: a line end inside a value would start one.
void append_value(std::string_view value, std::string& out) {
    const auto start = out.size();
    out += value;
    for (auto i = start; i < out.size(); ++i)
        if (static_cast<unsigned char>(out[i]) < 0x20 || out[i] == 0x7f) out[i] = ' ';
}

bool equals_ignoring_case(std::string_view a, std::string_view lower) {
    return a.size() == lower.size() &&
           std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) { return (x | 0x20) == y || x == y; });
}

}  // namespace

ResponseHeads::ResponseHeads(const std::vector<std::string>& origins, bool production)
    : origins_(origins), standard_(standard_headers(origins, production)) {}

bool ResponseHeads::allows(std::string_view origin) const {
    return std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void ResponseHeads::add_preflight(Response& response) const {
    response.with("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS")
        .with("Access-Control-Allow-Headers", std::string(allowed_headers))
        .with("Access-Control-Max-Age", "600");
}

std::string_view ResponseHeads::date() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != date_s_) {
        date_s_ = now.tv_sec;
        std::tm utc{};
        const std::time_t seconds = now.tv_sec;
        gmtime_r(&seconds, &utc);
        char text[64];
        date_.assign(text, std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc));
    }
    return date_;
}

void ResponseHeads::write(const Response& response, const HeadFacts& facts, std::string& out) {
    out.reserve(out.size() + standard_.size() + facts.content_length + 512);
    if (const auto line = status_line(response.status); !line.empty()) out += line;
    else fmt::format_to(std::back_inserter(out), FMT_COMPILE("HTTP/1.1 {} Status\r\n"), response.status);
    out += date();
    const bool bodyless = response.status == 204 || response.status == 304;
    if (!bodyless) {
        out.append("Content-Type: ").append(response.content_type).append("\r\nContent-Length: ");
        out.append(fmt::format_int(facts.content_length).c_str()).append("\r\n");
        if (facts.packed) out += "Content-Encoding: gzip\r\n";
    }
    out.append("X-Correlation-Id: ").append(facts.correlation_id).append("\r\n").append(standard_);
    bool cached = false;
    for (const auto& [name, value] : response.headers) {
        cached = cached || equals_ignoring_case(name, "cache-control");
        out.append(name).append(": ");
        append_value(value, out);
        out += "\r\n";
    }
    if (!cached) out += "Cache-Control: no-store\r\n";
    if (facts.limit) {
        fmt::format_to(
            std::back_inserter(out),
            FMT_COMPILE(
                "RateLimit-Limit: {}\r\nRateLimit-Remaining: {}\r\nRateLimit-Reset: {}\r\nRateLimit-Policy: {}\r\n"),
            facts.limit->limit, facts.limit->remaining, facts.limit->reset_s, facts.limit_policy);
    }
    if (!facts.origin.empty() && allows(facts.origin)) {
        out.append("Access-Control-Allow-Origin: ").append(facts.origin);
        out.append("\r\nAccess-Control-Allow-Credentials: true\r\nAccess-Control-Expose-Headers: ")
            .append(exposed_headers)
            .append("\r\n");
    }
    if (!facts.keep_alive) out += "Connection: close\r\n";
    else if (facts.old_version) out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

}  // namespace nova::api
