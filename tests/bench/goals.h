// The goals of the benchmark, for two cores shared by server and client, 64 connections, data on an ordinary disk.
// Rates of one machine; where a figure is a promise of the product and not of this machine, it says so.
#pragma once
#include "tests/bench/report.h"

namespace nova::bench::goals {

inline constexpr Goal create_per_s{10'000}, patch_per_s{9'000}, get_per_s{25'000}, list_per_s{8'000},
    search_per_s{1'000};
inline constexpr Goal mixed_per_s{15'000};
inline constexpr Goal p99_ms{25, false};                 // of any of them
inline constexpr Goal stalls{0, false};                  // answers slower than 100 ms in a minute of mixed work
inline constexpr Goal memory_mb_100k_customers{600, false};

// Promises of the product.
inline constexpr Goal replay_events_per_s{50'000};
inline constexpr Goal rebuild_s_per_million{60, false};
inline constexpr Goal start_s_with_a_million{10, false};
inline constexpr Goal health_per_s{1'000};

}  // namespace nova::bench::goals
