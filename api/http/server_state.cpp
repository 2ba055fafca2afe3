#include "api/http/server_state.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "domain/kernel/uuid.h"

namespace nova::api {
namespace {

std::unique_ptr<LimitedGroup> limited_group(const std::string& name, const std::string& text) {
    const auto rule = parse_limit(text);
    if (!rule) return nullptr;
    auto& refused =
        metrics().counter("nova_rate_limited_total", "Requests refused by a rate limit.", {{"group", name}});
    return std::make_unique<LimitedGroup>(LimitedGroup{name, rule->policy(), RateLimiter(*rule), refused});
}

}  // namespace

std::int64_t steady_ms() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

Instant wall_clock() {
    return {std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count()};
}

void RouteMetrics::finished(const std::string& route, std::string_view method, unsigned status, double seconds) {
    auto at = std::find_if(finished_.begin(), finished_.end(),
                           [&](const Finished& f) { return f.status == status && f.method == method; });
    if (at == finished_.end()) {
        auto& counter =
            metrics().counter("nova_http_requests_total", "Requests answered.",
                              {{"method", std::string(method)}, {"route", route}, {"status", std::to_string(status)}});
        at = finished_.insert(finished_.end(), {std::string(method), status, &counter});
    }
    at->counter->add();
    if (!seconds_)
        seconds_ = &metrics().histogram("nova_http_request_seconds", "From the last byte of a request to its answer.",
                                        {{"route", route}});
    seconds_->observe(seconds);
}

ServerState::ServerState(ServerOptions given, const Router& table, Guard guards, std::shared_ptr<Loop> runs)
    : options(std::move(given)), router(table), guard(std::move(guards)), loop(std::move(runs)),
      heads(options.origins, options.production), proxies(options.trusted_proxies),
      general_(limited_group("general", options.general_limit)),
      registration_(limited_group("registration", options.registration_limit)),
      route_metrics_(table.routes().size() + 1), random_(std::random_device{}()) {}

RouteMetrics& ServerState::metrics_of(const Route* route) {
    return route ? route_metrics_[static_cast<std::size_t>(route - router.routes().data())] : route_metrics_.back();
}

LimitedGroup* ServerState::group(LimitGroup wanted) {
    switch (wanted) {
        case LimitGroup::none: return nullptr;
        case LimitGroup::registration: return registration_.get();
        // Failed sign-ins are counted from events; what is left to count here is requests.
        case LimitGroup::sign_in:
        case LimitGroup::general: return general_.get();
    }
    return nullptr;
}

std::string ServerState::new_correlation_id() {
    // Version 7: ids of one time stand together in logs and indexes.
    Uuid id;
    const std::uint64_t ms = static_cast<std::uint64_t>(wall_clock().ms), high = random_(), low = random_();
    for (int i = 0; i < 6; ++i) id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    __builtin_memcpy(id.bytes.data() + 6, &high, 2);
    __builtin_memcpy(id.bytes.data() + 8, &low, 8);
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x70);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return to_text(id);
}

void ServerState::forget_old_limits(std::int64_t now_ms) {
    for (auto* group : {general_.get(), registration_.get()})
        if (group) group->limiter.forget_old(now_ms);
}

}  // namespace nova::api
