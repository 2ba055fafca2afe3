#include "api/http/documentation.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

namespace nova::api {
namespace {

struct Made {
    std::once_flag once;
    std::string openapi, page;
};

Handler described(Router& router, std::shared_ptr<Made> made, bool for_people) {
    return [&router, made, for_people](const RequestPtr&, const ReplyPtr& reply) {
        std::call_once(made->once, [&] {
            made->openapi = openapi(router);
            made->page = documentation_page(router);
        });
        Response response{200, for_people ? made->page : made->openapi};
        if (for_people) response.content_type = "text/html; charset=utf-8";
        reply->send(std::move(response.with("Cache-Control", "public, max-age=300")));
    };
}

}  // namespace

void add_documentation_routes(Router& router) {
    const auto made = std::make_shared<Made>();
    router.add({.method = Method::GET,
                .pattern = "/api/openapi.json",
                .summary = "This description, for programs (OpenAPI 3.1).",
                .tag = "Description",
                .handle = described(router, made, false),
                .is_public = true,
                .answers = {{200, R"({"type":"object"})"}}});
    for (const char* path : {"/api/docs", "/api-docs"})
        router.add({.method = Method::GET,
                    .pattern = path,
                    .summary = "This description, for people (HTML).",
                    .tag = "Description",
                    .handle = described(router, made, true),
                    .is_public = true,
                    .answers = {{200, R"({"type":"string"})"}},
                    .answer_media_type = "text/html"});
}

std::vector<Address> addresses(const Router& router) {
    std::vector<Address> out;
    for (const Route& route : router.routes()) {
        out.push_back({route.pattern, &route});
        if (route.outside_api && route.pattern.starts_with("/api/")) out.push_back({route.pattern.substr(4), &route});
    }
    return out;
}

std::vector<std::string> path_names(std::string_view pattern) {
    std::vector<std::string> names;
    for (auto at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{', at + 1))
        names.emplace_back(pattern.substr(at + 1, pattern.find('}', at) - at - 1));
    return names;
}

std::vector<std::pair<unsigned, std::string>> answers_of(const Route& route) {
    if (!route.answers.empty()) return route.answers;
    return {{200, ""}};
}

std::vector<std::pair<unsigned, std::string>> refusals_of(const Route& route) {
    const bool changes = route.method != Method::GET && route.method != Method::HEAD;
    const bool takes_body = route.body || route.body_media_type != "application/json";
    std::map<unsigned, std::string> all{
        {400, "malformed or invalid input; `details` lists all of it"},
        {404, "there is no such item"},
        {405, "method_not_allowed: the path does not take this method"},
        {408, "request_timeout: the request did not arrive in time"},
        {413, "too_large: the body is larger than the path takes"},
        {431, "header_too_large: the header is larger than the server takes"},
        {500, "internal_error: a mistake of ours; the correlation id finds it"},
        {503, "unavailable: nothing was done, try again after Retry-After"},
    };
    if (!route.is_public) all.emplace(401, "no valid credentials");
    if (!route.is_public) all.emplace(403, "forbidden: the asker may not do this");
    if (changes && !route.is_public) all.emplace(409, "the state of the item forbids it; `code` says which rule");
    if (route.takes_if_match) all.emplace(412, "the item has moved on since the version in If-Match");
    if (takes_body) all.emplace(415, "unsupported_media_type: another type, charset or coding than the path takes");
    if (route.takes_idempotency_key) all.emplace(422, "the Idempotency-Key was used with another body");
    if (route.limit != LimitGroup::none)
        all.emplace(429, "rate_limited: too many requests, try again after Retry-After");
    if (changes) all.emplace(504, "outcome_unknown: repeat it with the same Idempotency-Key");
    for (const auto& [status, codes] : route.refusals) {
        auto& entry = all[status];
        entry = entry.empty() ? codes : codes + "; or " + entry;
    }
    for (const auto& answer : answers_of(route))
        all.erase(answer.first);  // a 503 of health is an answer, not a problem
    return {all.begin(), all.end()};
}

}  // namespace nova::api
