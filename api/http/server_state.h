// What all connections of one server share. It belongs to the I/O thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

#include "api/http/client_address.h"
#include "api/http/loop.h"
#include "api/http/metrics.h"
#include "api/http/rate_limit.h"
#include "api/http/response_head.h"
#include "api/http/server.h"

namespace nova::api {

class Connection;

// Milliseconds of a clock that only goes forward, a few milliseconds coarse: good for limits of time.
std::int64_t steady_ms();
Instant wall_clock();

// Counters of one route, found once and kept.
class RouteMetrics {
public:
    void finished(const std::string& route, std::string_view method, unsigned status, double seconds);

private:
    Histogram* seconds_ = nullptr;
    struct Finished {
        std::string method;
        unsigned status;
        Counter* counter;
    };
    std::vector<Finished> finished_;   // a handful
};

struct LimitedGroup {
    std::string name, policy;
    RateLimiter limiter;
    Counter& refused;
};

struct ServerState {
    ServerState(ServerOptions, const Router&, Guard, std::shared_ptr<Loop>);

    RouteMetrics& metrics_of(const Route*);
    LimitedGroup* group(LimitGroup);            // nullptr: not limited
    std::string new_correlation_id();
    void forget_old_limits(std::int64_t now_ms);

    ServerOptions options;
    const Router& router;
    Guard guard;
    std::shared_ptr<Loop> loop;
    ResponseHeads heads;
    TrustedProxies proxies;
    std::atomic<bool> stopping{false};
    std::unordered_set<std::shared_ptr<Connection>> connections;

private:
    std::unique_ptr<LimitedGroup> general_, registration_;
    std::vector<RouteMetrics> route_metrics_;   // by the route's place in the table; the last one is for none
    std::mt19937_64 random_;
};

}  // namespace nova::api
