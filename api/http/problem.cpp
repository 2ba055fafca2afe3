#include "api/http/problem.h"

#include <array>
#include <utility>

#include "api/http/log.h"
#include "api/http/problem_text.h"
#include "api/http/router.h"
#include "schemas/json.h"

namespace nova::api {
namespace {

constexpr std::string_view problem_type = "application/problem+json; charset=utf-8";

unsigned status_of(Rejection::Kind kind) {
    switch (kind) {
        case Rejection::Kind::invalid: return 400;
        case Rejection::Kind::unauthenticated: return 401;
        case Rejection::Kind::forbidden: return 403;
        case Rejection::Kind::not_found: return 404;
        case Rejection::Kind::rule: return 409;
        case Rejection::Kind::version_mismatch: return 412;
        case Rejection::Kind::key_reused: return 422;
        case Rejection::Kind::too_many: return 429;
    }
    return 500;
}

void member(std::string_view name, std::string_view value, std::string& out) {
    out.append("\"").append(name).append("\":");
    schemas::write_string(value, out);
}

std::string_view in_language(bool arabic, std::string_view code, std::string_view english) {
    if (!arabic) return english;
    const auto sentence = arabic_of(code);
    return sentence.empty() ? english : sentence;
}

void write_details(const Violations& violations, bool arabic, std::string& out) {
    out += ",\"details\":[";
    bool first = true;
    for (const Violation& v : violations.all()) {
        out += first ? "{" : ",{";
        first = false;
        member("path", v.path, out);
        out += ',';
        member("code", v.code, out);
        out += ',';
        member("message", in_language(arabic, v.code, v.message), out);
        out += '}';
    }
    out += ']';
}

std::string type_of(std::string_view code) {
    std::string type = "/api/errors/";
    for (const char c : code) type += c == '_' ? '-' : c;
    return type;
}

}  // namespace

std::string title_of(std::string_view code) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> special{{
        {"user_exists", "User already exists"},
        {"not_found", "Not found"},
        {"no_such_path", "No such path"},
        {"rate_limited", "Too many requests"},
        {"malformed_json", "Malformed JSON"},
        {"invalid_utf8", "Invalid UTF-8"},
        {"invalid_id", "Invalid ID"},
        {"invalid_otp", "Invalid OTP"},
    }};
    for (const auto& [known, title] : special)
        if (known == code) return std::string(title);
    std::string words;
    for (const char c : code) words += c == '_' ? ' ' : c;
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
}

Response problem(const Request& request, Problem p) {
    if (p.title.empty()) p.title = title_of(p.code);
    Response response;
    response.status = p.status;
    response.content_type = problem_type;
    std::string& out = response.body;
    out.reserve(512);
    out += '{';
    member("type", type_of(p.code), out);
    out += ',';
    member("title", p.title, out);
    out.append(",\"status\":").append(std::to_string(p.status)).append(",");
    member("code", p.code, out);
    out += ',';
    member("error", p.title, out);
    out += ',';
    member("message", in_language(request.arabic, p.code, p.message), out);
    write_details(p.details, request.arabic, out);
    out += ',';
    member("correlationId", request.correlation_id, out);
    out += ',';
    member("path", request.path, out);
    out += ',';
    member("timestamp", to_text(request.received), out);
    out += p.more;
    out += '}';
    if (p.status == 401) response.with("WWW-Authenticate", "Bearer");
    response.error_code = std::move(p.code);
    return response;
}

Response problem(const Request& request, const Rejection& why) {
    auto response = problem(request, {status_of(why.kind), why.code, "", why.message, why.details});
    if (why.kind == Rejection::Kind::too_many)
        response.with("Retry-After", std::to_string(why.retry_after_s > 0 ? why.retry_after_s : 1));
    return response;
}

Response invalid(const Request& request, Violations violations) {
    return problem(request, Rejection::invalid(std::move(violations)));
}

Response unavailable(const Request& request, const std::string& why) {
    return problem(request, {503, "unavailable", "Temporarily unavailable", why}).with("Retry-After", "1");
}

Response outcome_unknown(const Request& request) {
    return problem(request, {504, "outcome_unknown", "",
                             "It is not known yet whether this was done. Repeat it with the same Idempotency-Key."});
}

Response failure(const Request& request, const std::string& what) {
    log(Level::error, "a request failed",
        {{"correlationId", request.correlation_id},
         {"path", request.route ? std::string_view(request.route->pattern) : "-"},
         {"error", what}});
    return problem(
        request,
        Problem{500, "internal_error", "Internal error", "Something went wrong; tell us the correlation id.", {}});
}

}  // namespace nova::api
