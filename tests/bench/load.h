// The load generator: many kept connections, one thread, one request at a time on each, as fast as answers come.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "tests/bench/latencies.h"

namespace nova::bench {

struct Load {
    std::uint16_t port = 0;
    unsigned connections = 64;
    std::chrono::milliseconds lasts{10'000};
    std::uint64_t requests_max = UINT64_MAX;   // ends earlier than `lasts` when so many have been answered
};

struct Answer {
    unsigned status = 0;
    std::string_view head, body;
};

// Puts the next request's bytes into the string, which is empty.
using NextRequest = std::function<void(std::string&)>;
// Sees each answer; may be empty.
using OnAnswer = std::function<void(const Answer&)>;

struct Outcome {
    std::uint64_t answers = 0;
    std::uint64_t refused = 0;        // answers other than 2xx
    std::string first_refusal;        // the first of them, whole
    double seconds = 0;
    Latencies latencies;
    double per_second() const { return seconds > 0 ? static_cast<double>(answers) / seconds : 0; }
};

// Throws std::runtime_error when the server cannot be reached or closes a connection.
Outcome run_load(const Load&, const NextRequest&, const OnAnswer& = {});

}  // namespace nova::bench
