#include "api/health.h"

#include <sodium.h>

#include <cstdio>

#include "api/http/metrics.h"
#include "api/http/problem.h"

namespace nova::api {
namespace {

constexpr double views_late_s = 5.0;

struct Wellness {
    bool log = true, projections = true, behind = false;
    bool well() const { return log && projections; }
};

Wellness examine(const HealthSources& s) {
    Wellness w;
    w.log = !s.log.damage() && !s.log.trouble();
    w.projections = !s.services.runner.failed();
    w.behind = s.services.runner.lag_seconds() > views_late_s;
    return w;
}

const char* word(bool healthy) { return healthy ? "\"healthy\"" : "\"unhealthy\""; }

Response health(const HealthSources& s) {
    const Wellness w = examine(s);
    const Instant now = s.services.clock();
    char uptime[32];
    std::snprintf(uptime, sizeof uptime, "%.2f", static_cast<double>(now.ms - s.started.ms) / 1000.0);
    std::string body = "{\"status\":";
    body += w.well() ? "\"ok\"" : "\"degraded\"";
    body += ",\"timestamp\":\"" + to_text(now) + "\",\"uptime\":" + uptime + ",\"checks\":{\"database\":";
    body += word(w.well());
    // On a single node live fan-out and counters are in memory: what Redis did is well as long as the process is.
    body += ",\"redis\":\"healthy\",\"log\":";
    body += word(w.log);
    body += ",\"projections\":";
    body += word(w.projections);
    body += ",\"storage\":\"unknown\",\"timers\":\"unknown\",\"deliveries\":\"unknown\"}}";
    return Response{w.well() ? 200u : 503u, std::move(body)};
}

Response ready(const HealthSources& s) {
    const Wellness w = examine(s);
    std::string reasons;
    const auto add = [&](bool applies, const char* reason) {
        if (applies) reasons += (reasons.empty() ? "\"" : ",\"") + std::string(reason) + "\"";
    };
    add(s.stopping(), "shutting_down");
    add(!w.log, s.log.damage() ? "log_damaged" : "log_not_writable");
    add(!w.projections, "projections_failed");
    add(w.behind, "projections_behind");
    if (reasons.empty()) return Response{200, R"({"ready":true})"};
    return Response{503, "{\"ready\":false,\"reasons\":[" + reasons + "]}"};
}

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

bool may_see_metrics(const HealthSources& s, const Request& request) {
    if (s.metrics_token.empty()) return is_loopback(request.address);
    const std::string expected = "Bearer " + s.metrics_token;
    const std::string_view given = request.header("authorization");
    return given.size() == expected.size() && sodium_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

Route open_route(std::string path, std::string summary, Handler handle, std::string schema) {
    Route route{.method = Method::GET,
                .pattern = "/api" + std::move(path),
                .summary = std::move(summary),
                .tag = "Operations",
                .handle = std::move(handle)};
    route.is_public = true;
    route.limit = LimitGroup::none;
    route.outside_api = true;
    route.answers = {{200, std::move(schema)}};
    return route;
}

}  // namespace

void add_health_routes(Router& router, const HealthSources& sources) {
    const std::string object = R"({"type":"object"})";
    Route route = open_route(
        "/health", "Whether the node and its parts are well.",
        [sources](const RequestPtr&, const ReplyPtr& reply) { reply->send(health(sources)); },
        R"({"type":"object","required":["status","timestamp","uptime","checks"]})");
    route.answers.push_back({503, object});
    router.add(route);
    route = open_route(
        "/health/ready", "Whether commands and queries can be served now.",
        [sources](const RequestPtr&, const ReplyPtr& reply) { reply->send(ready(sources)); },
        R"({"type":"object","required":["ready"]})");
    route.answers.push_back({503, object});
    router.add(route);
    router.add(open_route("/health/live", "Answers while the process does.",
                          [](const RequestPtr&, const ReplyPtr& reply) { reply->send(Response{200, R"({"alive":true})"}); },
                          R"({"type":"object","required":["alive"]})"));
    route = open_route(
        "/metrics", "Numbers for Prometheus; for loopback addresses, or with METRICS_TOKEN.",
        [sources](const RequestPtr& request, const ReplyPtr& reply) {
            if (!may_see_metrics(sources, *request)) return reply->send(problem(*request, Rejection::forbidden()));
            Response response{200, metrics().text()};
            response.content_type = "text/plain; version=0.0.4; charset=utf-8";
            reply->send(std::move(response));
        },
        "");
    route.refusals = {{403, "forbidden"}};
    router.add(route);
}

}  // namespace nova::api
