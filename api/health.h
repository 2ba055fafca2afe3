// Whether this node is well: for people, for load balancers, for Prometheus.
#pragma once
#include <functional>
#include <string>

#include "api/http/router.h"
#include "api/services.h"
#include "eventstore/sqlite/sqlite_log.h"

namespace nova::api {

struct HealthSources {
    const Services& services;
    const eventstore::SqliteLog& log;
    std::function<bool()> stopping;
    std::string metrics_token;   // empty: /metrics answers to loopback addresses only
    Instant started{};
};

// /health, /health/ready, /health/live, /metrics; each also under /api.
void add_health_routes(Router&, const HealthSources&);

}  // namespace nova::api
